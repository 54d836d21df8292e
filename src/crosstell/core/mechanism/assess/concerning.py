"""Which tracks a filed notice may concern, out of all that are held.

Of every other track nothing that is decided rests on the notice, so it need not be tested anew.
Units: metres. All versions of the notice count: who was led by an earlier one is asked again.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from crosstell.core.detection.about import NoticeOf, notices_of, tracks_of
from crosstell.core.detection.bulk.index.way import PAD_M, way_of
from crosstell.core.detection.bulk.index.zones import ZoneIndex
from crosstell.core.detection.finding import Criterion
from crosstell.core.geometry.cartesian import Vector, ecef
from crosstell.core.geometry.volume import Volume
from crosstell.core.ids import TrackId
from crosstell.core.mechanism.assess.judged import judged_tests
from crosstell.core.mechanism.assess.nearness import (
    Motions,
    Moving,
    ways,
    widest,
)
from crosstell.core.mechanism.assess.picturing import Place, standing_of
from crosstell.core.mechanism.concern import Subject
from crosstell.core.picture.content import Activity, volumes_of
from crosstell.core.picture.track import Track
from crosstell.core.state.state import State


@dataclass(slots=True)
class _Zones:
    """A few volumes, with a ball about each to look at first."""

    index: ZoneIndex[Place] = field(default_factory=ZoneIndex)
    balls: list[tuple[Vector, float]] = field(default_factory=list)

    def put(self, place: Place, volumes: tuple[Volume, ...]) -> None:
        """These are the volumes of that notice."""
        self.index.put(place, volumes)
        self.balls += {(one.footprint.middle, one.footprint.bound_m) for one in volumes}

    def may_reach(self, motions: Motions, criterion: Criterion, now: datetime) -> bool:
        """Whether one of these motions may come near one of them by the horizon. MEC-084."""
        for motion, rule in ways(motions, criterion):
            way = way_of(motion, rule, now)
            limit_m = way.reach_m + rule.lateral_m + PAD_M
            if any(math.dist(way.place, at) <= limit_m + wide_m for at, wide_m in self.balls) and (
                self.index.of_motion(motion, rule, now)
            ):
                return True
        return False

    def may_have_held(self, track: Track, margin_m: float) -> bool:
        """Whether the track's history may have been within so much of one of them, at any time."""
        here = [seen.motion.position for seen in track.history]
        lats_deg = [one.lat_deg for one in here]
        low_m, high_m = ecef(min(lats_deg), 0.0)[2], ecef(max(lats_deg), 0.0)[2]
        if not any(
            low_m - wide_m - margin_m - PAD_M <= at[2] <= high_m + wide_m + margin_m + PAD_M
            for at, wide_m in self.balls
        ):
            return False
        points = [ecef(one.lat_deg, one.lon_deg) for one in here]
        span_m = max(math.dist(points[-1], point) for point in points)
        return bool(self.index.of_ball(points[-1], span_m + margin_m))


def concerned(state: State, new: frozenset[NoticeOf], now: datetime) -> frozenset[TrackId]:
    """The held tracks that these notices may concern. Implements MEC-014.

    Those of which an alert with one of them is held; those that may come near one; those whose
    history may have led them into one, or into an activity that leads near one.
    """
    tests = judged_tests(state, Subject.TRACK_AT_NOTICE)
    keeping = judged_tests(state, Subject.TRACK_OF_ACTIVITY)
    criteria = [judged.criterion for judged in (*tests, *keeping)]
    if not criteria:
        return frozenset()
    reach, found = widest(criteria), set(_alerted(state, new))
    filed, led = _Zones(), _Zones()
    volumes_by_place = dict(_filed(state, new))
    for place, volumes in volumes_by_place.items():
        filed.put(place, volumes)
    for place, volumes in (dict(_leading(state, filed, reach)) | volumes_by_place).items():
        led.put(place, volumes)
    moving = Moving(state.journal.tracks, now)
    for name in moving.tracks.keys() - found:
        if not moving.is_held(name):
            continue
        track, motions = moving.tracks[name], moving.motions(name)
        if filed.may_reach(motions, reach, now) or led.may_have_held(
            track, _margin_m(track, reach, is_kept_to=bool(keeping))
        ):
            found.add(name)
    return frozenset(name for name in found if moving.is_held(name))


def _alerted(state: State, new: frozenset[NoticeOf]) -> Iterator[TrackId]:
    """The tracks of which an alert with one of these notices is held, shown or not."""
    for key in state.journal.alerts:
        if not new.isdisjoint(notices_of(key.about)):
            yield from tracks_of(key.about)


def _filed(state: State, new: Iterable[NoticeOf]) -> Iterator[tuple[Place, tuple[Volume, ...]]]:
    """The volumes of every version of these notices."""
    for one in new:
        notice = state.notice(one.party, one.notice)
        if notice is not None:
            every = (
                volume for filed in notice.versions for volume in volumes_of(filed.event.content)
            )
            yield (one.party, one.notice), tuple(every)


def _leading(
    state: State, filed: _Zones, reach: Criterion
) -> Iterator[tuple[Place, tuple[Volume, ...]]]:
    """The activities that may lead a track near one of these."""
    standing = standing_of(state)
    for at, wide_m in filed.balls:
        for place in {place for place, _ in standing.index.of_ball(at, wide_m + reach.lateral_m)}:
            one = standing.get(place)
            if one is not None and isinstance(one.content, Activity):
                yield place, volumes_of(one.content)


def _margin_m(track: Track, reach: Criterion, *, is_kept_to: bool) -> float:
    """Within how much of an activity it counts as on it: as a track that is held to it, more."""
    if not is_kept_to:
        return 0.0
    stated = (seen.motion.position_accuracy_m for seen in track.history)
    unknown_m = reach.unknown_accuracy_m
    return reach.lateral_m + max(unknown_m if one is None else one for one in stated)
