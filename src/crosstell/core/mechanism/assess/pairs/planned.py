"""Where a declared activity may lead a track: beside its course, never instead of it.

Nothing links a track to an activity, so a track counts as on those that its history has led it
into, as for an own track's conformance (`own.py`). A track that we state to be ours is held
against our own activities only, one that we state is not ours against those of others, any other
against all. Another party's word changes nothing: "ours" does not say on which activity, and
"not ours" lowers no alert.

What the plan alone says cannot be ruled out, and has no higher level than advisory: a plan says
where an object may be, and a rule that is about activities told the overlap of the two notices
when the second was filed. A line of text must neither ring a watch again and again nor buy
silence: so a plan lowers no level either.
Implements CNF-020 to CNF-032.
"""

import math
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from crosstell.core.altitude import AltitudeData
from crosstell.core.detection.about import NoticeOf
from crosstell.core.detection.finding import Assessed, Criterion, Encounter, Reason
from crosstell.core.detection.m_of_n import Severity, severity_of
from crosstell.core.detection.pair.conformance import Keeping, Terms, along_plan, conformance
from crosstell.core.detection.pair.plan import chord_gap_m, pairing
from crosstell.core.detection.pair.trust import Judged as JudgedMotion
from crosstell.core.geometry.approach import TIE_M, is_within
from crosstell.core.geometry.cartesian import Vector
from crosstell.core.geometry.footprint import Corridor, Orbit
from crosstell.core.geometry.motion import Motion
from crosstell.core.geometry.volume import Volume
from crosstell.core.ids import FeedId, TrackId
from crosstell.core.mechanism.assess.heights import Heights
from crosstell.core.mechanism.assess.judged import Judged, Tested
from crosstell.core.mechanism.assess.ownership import is_ours, is_stated_not_ours
from crosstell.core.mechanism.assess.picturing import NODES_KEPT_MAX
from crosstell.core.mechanism.concern import of_others_only
from crosstell.core.picture.content import Activity, volumes_of
from crosstell.core.picture.picture import StandingNotice
from crosstell.core.picture.track import Track
from crosstell.core.protocol.rule import AlertLevel
from crosstell.core.protocol.rules.traffic import Tolerance
from crosstell.core.state.state import State

ANSWERS_KEPT = 2**17  # for 10,000 tracks, some 13 places each
_Name = tuple[TrackId, NoticeOf, int]  # a track, an activity, the number of its place
AT_ITS_PLACE = Tolerance(lateral_m=0.0, early_s=0.0, late_s=0.0, vertical_m=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnActivity:
    """An activity that a track is on, with those of its places that say something of its way.

    An area that it has been in says only that it may be anywhere in it: its course, and what a
    turn could do, say more. A corridor or an orbit is a way, and counts while it is on it.
    Implements CNF-032.
    """

    activity: NoticeOf
    ahead: tuple[Volume, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Led:
    """One place that a track's activity declares, from when the track can be there."""

    activity: NoticeOf
    place: Volume

    def may_meet(self, volumes: tuple[Volume, ...], criterion: Criterion) -> bool:
        """Whether one of these is not surely too far from it."""
        limit_m = criterion.lateral_m + TIE_M
        footprint = self.place.footprint
        return any(chord_gap_m(footprint, one.footprint) <= limit_m for one in volumes)


def activities_of(
    state: State,
    track: Track,
    points: Sequence[Vector],
    notices: Iterable[StandingNotice],
    criterion: Criterion,
) -> tuple[OnActivity, ...]:
    """The activities that the track counts as being on: led into by its history. CNF-025.

    `points` are the places of its history, Earth-centred.
    """
    own, ours = state.setting.party, is_ours(state, track)
    not_ours = is_stated_not_ours(state, track)
    asked = [
        one
        for one in notices
        if isinstance(one.content, Activity)
        and not (ours and one.party != own)
        and not (not_ours and one.party == own)
    ]
    if not asked:
        return ()
    span_m = max(math.dist(points[-1], point) for point in points) + TIE_M
    asks = _Asks(state, criterion, track, points)

    def has_been_in(name: NoticeOf, number: int, volume: Volume) -> bool:
        far_m = span_m + volume.footprint.bound_m + TIE_M
        if math.dist(points[-1], volume.footprint.middle) > far_m:
            return False
        return asks.has_been_in(volume, (track.track, name, number))

    found = []
    for one in asked:
        volumes = volumes_of(one.content)
        name = NoticeOf(party=one.party, notice=one.notice)
        been_in = [each for number, each in enumerate(volumes) if has_been_in(name, number, each)]
        if been_in:
            ahead = tuple(each for each in volumes if _is_way(each) or each not in been_in)
            found.append(OnActivity(activity=name, ahead=ahead))
    return tuple(found)


def _is_way(volume: Volume) -> bool:
    """Whether the place says where in it an object goes: a line, and not an area."""
    return isinstance(volume.footprint, Corridor | Orbit)


class _Asks:
    """Whether a node's track has been in declared places, under one criterion.

    A history is asked again at every observation, and differs by one motion. So of each track and
    place it is kept up to which motion was asked, and the newest of them that was in: by the very
    objects, since to compare them by value would take longer. The oldest answers are forgotten.
    """

    def __init__(
        self, state: State, criterion: Criterion, track: Track, points: Sequence[Vector]
    ) -> None:
        """Of this track of the node, its history at these points, under the node's conversions."""
        self._node = state.setting.journal
        self._motions = [seen.motion for seen in track.history]
        self._points = points
        terms = Terms(
            tolerance=AT_ITS_PLACE,
            unknown_accuracy_m=criterion.unknown_accuracy_m,
            unknown_vertical_accuracy_m=criterion.high_accuracy_m,
            stale_after_s=criterion.stale_after_s,
        )
        self._under = _under(terms, state.setting.conversions)

    def has_been_in(self, volume: Volume, under: _Name) -> bool:
        """Whether some motion of its history was in the place in its time.

        `under` names the track and the place.
        """
        motions = self._motions
        key = (self._node, under)
        kept, asked = _ANSWERS.get(key), 0
        if kept is not None and kept.volume is volume and kept.under is self._under:
            if kept.was_in is not None and _place_of(kept.was_in, motions) >= 0:
                return True
            asked = _place_of(kept.newest, motions) + 1
        middle, bound_m = volume.footprint.middle, volume.footprint.bound_m + TIE_M
        was_in = None
        for number in range(len(motions) - 1, asked - 1, -1):
            is_near = math.dist(self._points[number], middle) <= bound_m
            if is_near and self._is_in(motions[number], volume):
                was_in = motions[number]
                break
        _ANSWERS.pop(key, None)
        _ANSWERS[key] = _Answer(volume, self._under, motions[-1], was_in)
        if len(_ANSWERS) > ANSWERS_KEPT:
            _ANSWERS.popitem(last=False)
        return was_in is not None

    def _is_in(self, motion: Motion, volume: Volume) -> bool:
        """Whether it was in the declared place in its time; a height untold may be any."""
        if not volume.window.holds(motion.at):
            return False
        if not is_within(motion.position, volume.footprint, limit_m=TIE_M):
            return False
        terms, data = self._under
        found = conformance(motion, (volume,), terms, motion.at, data)
        if found.keeping is Keeping.INSIDE:
            return True
        is_there = found.sideways_m == 0.0 and found.height_m is None
        return found.keeping is Keeping.NOT_TESTABLE and is_there


def _place_of(motion: Motion, motions: Sequence[Motion]) -> int:
    """Where this very motion stands among these; -1: it does not."""
    for number in range(len(motions) - 1, -1, -1):
        if motions[number] is motion:
            return number
    return -1


@lru_cache(maxsize=NODES_KEPT_MAX)
def _under(terms: Terms, data: AltitudeData) -> tuple[Terms, AltitudeData]:
    """The same pair for the same two, so that it can be compared by identity."""
    return terms, data


class _Answer(NamedTuple):
    """What was asked of one track and place: up to which motion, and the newest that was in."""

    volume: Volume
    under: tuple[Terms, AltitudeData]
    newest: Motion
    was_in: Motion | None


_ANSWERS: OrderedDict[tuple[FeedId, _Name], _Answer] = OrderedDict()


def places_led(
    motions: tuple[JudgedMotion, ...],
    activities: Iterable[OnActivity],
    judged: Judged,
    now: datetime,
) -> tuple[Led, ...]:
    """Every place that these activities declare, for each motion that the track is judged by.

    A rule that allows a stay judges the track's own stay: no place is told for it. CNF-029.
    """
    if judged.minima.dwell_s is not None:
        return ()
    return tuple(
        Led(activity=one.activity, place=place)
        for one in activities
        for each in motions
        for place in along_plan(each.motion, one.ahead, judged.criterion, now)
    )


def beside_course(
    course: Tested,
    led: Iterable[Led],
    notice: StandingNotice,
    measured: Volume,
    judged: Judged,
    heights: Heights,
) -> Tested:
    """The course's finding, with what the plan adds to it. CNF-023, CNF-026 to CNF-028."""
    by_plan = _by_plan(led, notice, measured, judged, heights)
    finding = course.finding
    if by_plan is None:
        return course
    is_clear = finding.assessed is Assessed.CLEAR
    if not is_clear and by_plan.infringement_in_s >= finding.infringement_in_s:
        return course
    reasons = by_plan.reasons if is_clear else finding.reasons
    told = replace(
        finding,
        assessed=Assessed.CANNOT_BE_RULED_OUT if is_clear else finding.assessed,
        reasons=tuple(dict.fromkeys((*reasons, Reason.DECLARED_PLAN))),
        infringement_in_s=by_plan.infringement_in_s,
        margin_m=by_plan.margin_m,
    )
    unknown = course.terms.unknown_level_max
    if unknown is not None:
        severity = severity_of(finding, course.terms)
        level = AlertLevel.ADVISORY if severity is Severity.NONE else AlertLevel(severity)
        unknown = min(unknown, level, key=lambda one: one.rank)
    return Tested(finding=told, terms=replace(course.terms, unknown_level_max=unknown))


def _by_plan(
    led: Iterable[Led],
    notice: StandingNotice,
    measured: Volume,
    judged: Judged,
    heights: Heights,
) -> Encounter | None:
    """The soonest that a declared place comes within the limits of the volume; None: none does.

    A party's activity at its own place is left out where its own objects are.
    """
    criterion, found = judged.criterion, []
    for one in led:
        is_same = one.activity == NoticeOf(party=notice.party, notice=notice.notice)
        is_its_own = one.activity.party == notice.party and of_others_only(judged.rule)
        if is_same or is_its_own or not one.may_meet((measured,), criterion):
            continue
        data = heights.of_plans(one.place, measured, criterion)
        overlap = pairing(one.place, measured, criterion, data)
        encounter = overlap.seen_from(heights.now, criterion)
        if encounter.assessed is not Assessed.CLEAR:
            found.append(encounter)
    return min(found, key=lambda each: each.infringement_in_s, default=None)
