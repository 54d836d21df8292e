"""The conflicts of a plan under every rule and reading, and the shifts that would clear it.

The check files nothing and asks nobody. A plan that does not clear may be filed like any other.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from crosstell.core.altitude import Unbounded
from crosstell.core.detection.conversion import disc_of
from crosstell.core.detection.remedy.obstacle import Obstacle, PlanConflict, conflicts
from crosstell.core.detection.remedy.search import Bounds, Way, remedies
from crosstell.core.detection.remedy.shift import Shift
from crosstell.core.geometry.approach import signed_distance_m
from crosstell.core.geometry.footprint import Footprint
from crosstell.core.geometry.geoid import Conversions
from crosstell.core.geometry.volume import Volume
from crosstell.core.instant import Window
from crosstell.core.mechanism.assess.judged import Judged, tests_judged
from crosstell.core.mechanism.assess.pairs.plans import bearing_of, measured_volumes, name_of
from crosstell.core.mechanism.concern import (
    Bearing,
    Subject,
    bears_on_notice,
    bears_on_track_at,
    of_others_only,
)
from crosstell.core.mechanism.plan.untested import PlanUntested, called, plan_untested
from crosstell.core.picture.content import Activity, volumes_of
from crosstell.core.picture.picture import StandingNotice
from crosstell.core.protocol.document import Protocol
from crosstell.core.protocol.rule import Blackout, MaximumDuration, MeasuredFrom, Separation
from crosstell.core.protocol.rules.blackout import closed_windows
from crosstell.core.protocol.rules.calendar import Calendar
from crosstell.core.protocol.rules.duration import too_long_by_s
from crosstell.core.protocol.rules.figures import Longest
from crosstell.core.protocol.rules.lead import Ahead, late_by_s
from crosstell.core.protocol.times import LeadTime
from crosstell.core.protocol.understanding import FigureReading, Understanding

REMARK_LATE, REMARK_LONG = "late", "too-long"


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """Everything a plan is checked against: document, readings, standing notices, conversions."""

    protocol: Protocol
    understandings: tuple[Understanding, ...]
    notices: tuple[StandingNotice, ...]
    conversions: Conversions


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What no shift of one plan against others clears: filed late, or lasting too long."""

    rule: str
    reading: str | None
    kind: str
    by_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanChecked:
    """What was found; `remedies` are verified against every obstacle that was checked.

    `unfinished` are the ways in which the search for them ended at its bound. `outside` are the
    parts (from 0) that may reach beyond the protocol's area. `untested` are notices that stand and
    that no rule tests it against: that there is no conflict says nothing of them. Of those that
    lie apart from the plan as stated there is the number alone, `untested_clear`.
    """

    conflicts: tuple[PlanConflict, ...]
    remarks: tuple[Remark, ...]
    remedies: tuple[Shift, ...]
    unfinished: tuple[Way, ...]
    outside: tuple[int, ...]
    obstacles: int
    untested: tuple[PlanUntested, ...]
    untested_clear: int


def check_plan(plan: StandingNotice, declared: Declared, *, now: datetime) -> PlanChecked:
    """The plan as if it were filed at `now`, in place of its own earlier version if it has one.

    What is over by `now` is no obstacle. Raises TypeError for what is no activity.
    Implements RMD-010 to RMD-015.
    """
    if not isinstance(plan.content, Activity):
        raise TypeError(f"notice {plan.notice} is no activity; check what your side is to do")
    parts = volumes_of(plan.content)
    area = declared.protocol.area.footprint
    outside = tuple(number for number, part in enumerate(parts) if not _is_within(part, area))
    conversions = declared.conversions
    if outside:  # what the protocol says of its area's ground says nothing of theirs
        conversions = replace(conversions, handed=replace(conversions.handed, ground=None))
    bounds = Bounds(earliest=now, conversions=conversions)
    obstacles = tuple(_obstacles(plan, parts, declared, bounds))
    found = remedies(parts, obstacles, bounds)
    tested = {one.what for one in obstacles}
    untested, clear = plan_untested(plan, declared.notices, tested, conversions, now)
    return PlanChecked(
        conflicts=conflicts(parts, obstacles),
        remarks=tuple(_remarks(plan, parts, declared, now)),
        remedies=found.shifts,
        unfinished=found.unfinished,
        outside=outside,
        obstacles=len(obstacles),
        untested=untested,
        untested_clear=clear,
    )


def _is_within(part: Volume, area: Footprint) -> bool:
    """Whether a disc about the part lies in the area."""
    centre, radius_m = disc_of(part.footprint)
    return signed_distance_m(centre, area) + radius_m <= 0.0


def _obstacles(
    plan: StandingNotice, parts: tuple[Volume, ...], declared: Declared, bounds: Bounds
) -> Iterator[Obstacle]:
    """Each declared volume under each rule and reading that is about it and the plan.

    Rules about tracks count too: an object that keeps to the plan will be a track there.
    """
    protocol, stated = declared.protocol, declared.understandings
    plans = tests_judged(protocol, stated, Subject.TWO_NOTICES)
    tracks = tests_judged(protocol, stated, Subject.TRACK_AT_NOTICE)
    tests = (*plans, *(one for one in tracks if one.rule not in [each.rule for each in plans]))
    for notice in declared.notices:
        if name_of(notice) == name_of(plan):
            continue
        for judged in tests:
            bearing = _bearing(judged, plan, notice)
            if bearing is not Bearing.NOT:
                for volume in measured_volumes(notice.content, judged):
                    obstacle = _obstacle(
                        called(notice), volume, judged, bearing, declared.conversions
                    )
                    yield from _from(obstacle, bounds.earliest)
    yield from _blackouts(plan, parts, declared, bounds)


def _bearing(judged: Judged, plan: StandingNotice, notice: StandingNotice) -> Bearing:
    """Whether the rule is about the two as notices, or about a track of the one at the other."""
    between = bearing_of(judged, plan, notice)
    if between is not Bearing.NOT:
        return between
    if notice.party == plan.party and of_others_only(judged.rule):
        return Bearing.NOT
    return bears_on_track_at(judged.rule, notice.content)


def _obstacle(
    what: str, volume: Volume, judged: Judged, bearing: Bearing, conversions: Conversions
) -> Obstacle:
    centred = judged.minima.measured_from is MeasuredFrom.CENTRE
    return Obstacle(
        what=what,
        volume=volume,
        criterion=judged.criterion,
        conversions=conversions,
        dwell_s=judged.minima.dwell_s or 0.0,
        from_centre=centred and isinstance(judged.rule, Separation),
        kind_is_open=bearing is Bearing.MAY_BEAR,
    )


def _from(obstacle: Obstacle, now: datetime) -> Iterator[Obstacle]:
    """What of it lies ahead; a stay that has begun already counts whole."""
    window = obstacle.volume.window
    if window.end <= now:
        return
    if window.start < now and obstacle.dwell_s == 0.0:
        ahead = replace(obstacle.volume, window=Window(start=now, end=window.end))
        obstacle = replace(obstacle, volume=ahead)
    yield obstacle


def _blackouts(
    plan: StandingNotice, parts: tuple[Volume, ...], declared: Declared, bounds: Bounds
) -> Iterator[Obstacle]:
    """The place of each blackout at every height, while its calendar is closed near the plan."""
    far = timedelta(seconds=bounds.shift_s_max)
    start, end = (min(p.window.start for p in parts), max(p.window.end for p in parts))
    for judged in _alone(declared):
        rule, figure = judged.rule, _figure(judged)
        if not isinstance(rule, Blackout) or not isinstance(figure, Calendar):
            continue
        bearing = bears_on_notice(rule, plan.content)
        if bearing is Bearing.NOT:
            continue
        place = rule.footprint or declared.protocol.area.footprint
        for window in closed_windows(figure, _widened(start, end, far)):
            volume = Volume(footprint=place, lower=Unbounded(), upper=Unbounded(), window=window)
            what = f"blackout {rule.id}"
            obstacle = _obstacle(what, volume, judged, bearing, declared.conversions)
            yield from _from(obstacle, bounds.earliest)


def _widened(start: datetime, end: datetime, far: timedelta) -> Window:
    """From `far` before to `far` after, as far as there are instants."""
    first, last = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    return Window(
        start=start - far if start - first > far else first,
        end=end + far if last - end > far else last,
    )


def _remarks(
    plan: StandingNotice, parts: tuple[Volume, ...], declared: Declared, now: datetime
) -> Iterator[Remark]:
    windows = tuple(part.window for part in parts)
    for judged in _alone(declared):
        if bears_on_notice(judged.rule, plan.content) is Bearing.NOT:
            continue
        name, reading, kind, by_s = judged.criterion.rule, judged.party, "", 0.0
        match judged.rule, _figure(judged):
            case LeadTime() as lead, Ahead(ahead_s=ahead_s):
                starts_at = min(window.start for window in windows)
                kind, by_s = REMARK_LATE, late_by_s(lead, now, starts_at, ahead_s=ahead_s)
            case MaximumDuration(), Longest(longest_s=longest_s):
                kind, by_s = REMARK_LONG, too_long_by_s(windows, longest_s=longest_s)
            case _:
                pass
        if by_s > 0.0:
            yield Remark(rule=name, reading=reading, kind=kind, by_s=by_s)


def _alone(declared: Declared) -> tuple[Judged, ...]:
    return tests_judged(declared.protocol, declared.understandings, Subject.NOTICE)


def _figure(judged: Judged) -> object:
    return judged.reading.figure if isinstance(judged.reading, FigureReading) else None
