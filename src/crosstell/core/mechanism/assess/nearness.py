"""Which notices and which tracks a track may come near at all, out of all that are held.

An index names the few; the exact test decides them. What it leaves out is surely clear, for every
motion that the track is judged by and every reading. What is kept from step to step follows from
the maps of the state and is brought up to date by what differs in them (decision 22).
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from crosstell.core.detection.bulk.index.tracks import TrackIndex
from crosstell.core.detection.finding import Criterion
from crosstell.core.detection.pair.trust import Basis, judged_by
from crosstell.core.detection.pair.trust import Judged as JudgedMotion
from crosstell.core.geometry.cartesian import Vector, ecef
from crosstell.core.geometry.motion import Motion
from crosstell.core.geometry.volume import Volume
from crosstell.core.ids import FeedId, TrackId
from crosstell.core.mechanism.assess.alerted import changed_in
from crosstell.core.mechanism.assess.picturing import NODES_KEPT_MAX, Place, Standing, standing_of
from crosstell.core.picture.track import Track, TrackState
from crosstell.core.state.fold import copied
from crosstell.core.state.state import State

Motions = tuple[JudgedMotion, ...]


def motions_of(track: Track, now: datetime) -> Motions:
    """The newest motion, and what its moves and its stated kind make doubtful. MEC-074."""
    assert track.trust is not None, f"track {track.track} has no motion to be judged by"
    return judged_by(track.trust, now)


@dataclass(slots=True)
class Moving:
    """The tracks of one test at `now`, each with what it is judged by, worked out once."""

    tracks: Mapping[TrackId, Track]
    now: datetime
    _judged: dict[TrackId, Motions] = field(default_factory=dict, init=False)

    def is_held(self, name: TrackId) -> bool:
        """Whether the track has a position and has not ended."""
        track = self.tracks.get(name)
        return track is not None and track.state is TrackState.HELD

    def motions(self, name: TrackId) -> Motions:
        """The motions that a held track is judged by."""
        found = self._judged.get(name)
        if found is None:
            found = self._judged[name] = motions_of(self.tracks[name], self.now)
        return found


def widest(criteria: Iterable[Criterion]) -> Criterion:
    """The criterion of all that reaches furthest sideways; the protocol's figures are one."""
    return max(criteria, key=lambda one: one.lateral_m)


def places_near(state: State, motions: Motions, criterion: Criterion, now: datetime) -> set[Place]:
    """The notices that the track may come near by the horizon. Implements MEC-084."""
    index = standing_of(state).index
    return {
        place
        for motion, rule in ways(motions, criterion)
        for place, _ in index.of_motion(motion, rule, now)
    }


def been_at(track: Track) -> list[Vector]:
    """The places of the track's history, Earth-centred, the newest last."""
    here = [seen.motion.position for seen in track.history]
    return [ecef(one.lat_deg, one.lon_deg) for one in here]


def places_been_at(standing: Standing, points: list[Vector]) -> list[Place]:
    """The notices in one of whose footprints these may lie, in order; most near the last."""
    span_m = max(math.dist(points[-1], point) for point in points)
    return sorted({place for place, _ in standing.index.of_ball(points[-1], span_m)})


def places_beside(
    standing: Standing, volumes: Iterable[Volume], criterion: Criterion
) -> set[Place]:
    """The notices that may come within the limits of one of these volumes."""
    return {
        place
        for footprint in dict.fromkeys(volume.footprint for volume in volumes)
        for place, _ in standing.index.of_ball(
            footprint.middle, footprint.bound_m + criterion.lateral_m
        )
    }


def ways(motions: Motions, criterion: Criterion) -> Iterator[tuple[Motion, Criterion]]:
    """Every way that each motion may take; from a doubted one every direction besides its course.

    Then at its own speed, where that is more than what the rule assumes (`trust.encounter_of`).
    """
    for one in motions:
        yield one.motion, criterion
        if one.basis is not Basis.REPORTED and (velocity := one.motion.velocity) is not None:
            free_mps = max(velocity.speed_mps, criterion.unknown_speed_mps)
            rule = replace(criterion, unknown_speed_mps=free_mps)
            yield replace(one.motion, velocity=None), rule


class HeldTracks:
    """The held tracks of one node in an index, each by all motions that it is judged by.

    By how a track is judged at an instant it is found at every later one: as time goes by some
    motions are left out, and none comes in before the track changes. So what was worked out holds
    until the clock goes back.
    """

    def __init__(self, criterion: Criterion, since: datetime) -> None:
        """Of no track. `criterion` has the widest limits that are asked about."""
        self.criterion = criterion
        self.latest = since
        self._held: dict[TrackId, Track] = {}
        self._counts: dict[TrackId, int] = {}
        self._index = TrackIndex[tuple[str, int]](criterion)

    def follow(self, moving: Moving) -> None:
        """These are the tracks."""
        self.latest = moving.now
        tracks = copied(moving.tracks)
        changed = changed_in(tracks, self._held)
        if changed is None:
            for name in self._held.keys() - tracks.keys():
                self._put(name, ())
            changed = (name for name, track in tracks.items() if self._held.get(name) is not track)
        for name in changed:
            track = tracks[name]
            if self._held.get(name) != track:
                is_held = track.state is TrackState.HELD
                self._put(name, moving.motions(name) if is_held else ())
        self._held = tracks

    def near(self, motions: Motions, now: datetime) -> frozenset[TrackId]:
        """The tracks that may come within the limits of one judged by these, itself among them.

        A claim goes by its own course as well as in every direction: it may turn, too.
        """
        return frozenset(
            TrackId(name)
            for one in motions
            for is_adrift in ((False, True) if _is_adrift(one) else (False,))
            for name, _ in self._index.of_motion(one.motion, now, is_adrift=is_adrift)
        )

    def _put(self, name: TrackId, motions: Motions) -> None:
        for number in range(len(motions), self._counts.get(name, 0)):
            self._index.remove((name, number))
        for number, one in enumerate(motions):
            self._index.put((name, number), one.motion, is_adrift=_is_adrift(one))
        self._counts[name] = len(motions)


_KEPT: dict[FeedId, HeldTracks] = {}  # by the name of a node's journal, the last used last


def held_tracks(state: State, moving: Moving, criterion: Criterion) -> HeldTracks:
    """The index of these tracks. Valid until it is asked for others of the same node."""
    kept = _KEPT.pop(state.setting.journal, None)
    if kept is None or kept.criterion != criterion or moving.now < kept.latest:
        kept = HeldTracks(criterion, moving.now)
    while len(_KEPT) >= NODES_KEPT_MAX:
        del _KEPT[next(iter(_KEPT))]
    kept.follow(moving)
    _KEPT[state.setting.journal] = kept
    return kept


def _is_adrift(one: JudgedMotion) -> bool:
    """Whether the course of a motion does not hold: it may have gone anywhere since."""
    return one.basis is not Basis.REPORTED
