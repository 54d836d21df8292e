"""The conflicts of a plan under every rule and reading, and the shifts that would clear it.

The check files nothing and asks nobody. A plan that does not clear may be filed like any other.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from crosstell.core.altitude import Unbounded
from crosstell.core.detection.conversion import extent_of_volume, local_data
from crosstell.core.detection.remedy.obstacle import Obstacle, PlanConflict, conflicts
from crosstell.core.detection.remedy.search import Bounds, remedies
from crosstell.core.detection.remedy.shift import Shift
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
from crosstell.core.picture.content import volumes_of
from crosstell.core.picture.picture import StandingNotice
from crosstell.core.protocol.document import Protocol
from crosstell.core.protocol.rule import Blackout, MaximumDuration
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
    """What was found; `remedies` are verified against every obstacle that was checked."""

    conflicts: tuple[PlanConflict, ...]
    remarks: tuple[Remark, ...]
    remedies: tuple[Shift, ...]
    obstacles: int


def check_plan(plan: StandingNotice, declared: Declared, *, now: datetime) -> PlanChecked:
    """The plan as if it were filed at `now`, in place of its own earlier version if it has one.

    Implements RMD-010 to RMD-014.
    """
    parts = volumes_of(plan.content)
    bounds = Bounds(earliest=now, ground=declared.conversions.handed)
    obstacles = tuple(_obstacles(plan, parts, declared, bounds))
    return PlanChecked(
        conflicts=conflicts(parts, obstacles),
        remarks=tuple(_remarks(plan, parts, declared, now)),
        remedies=remedies(parts, obstacles, bounds),
        obstacles=len(obstacles),
    )


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
            if not _is_about(judged, plan, notice):
                continue
            what = f"{notice.notice} of {notice.party}, version {notice.version}"
            for volume in measured_volumes(notice.content, judged):
                yield _obstacle(what, volume, judged, parts, declared)
    yield from _blackouts(plan, parts, declared, bounds)


def _is_about(judged: Judged, plan: StandingNotice, notice: StandingNotice) -> bool:
    if bearing_of(judged, plan, notice) is not Bearing.NOT:
        return True
    if notice.party == plan.party and of_others_only(judged.rule):
        return False
    return bears_on_track_at(judged.rule, notice.content) is not Bearing.NOT


def _obstacle(
    what: str, volume: Volume, judged: Judged, parts: tuple[Volume, ...], declared: Declared
) -> Obstacle:
    part = min(parts, key=lambda one: one.footprint.bound_m)
    sides = (extent_of_volume(part), extent_of_volume(volume))
    data = local_data(declared.conversions, sides, judged.criterion, volume.window.start)
    return Obstacle(
        what=what,
        volume=volume,
        criterion=judged.criterion,
        data=data,
        dwell_s=judged.minima.dwell_s or 0.0,
    )


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
        if bears_on_notice(rule, plan.content) is Bearing.NOT:
            continue
        place = rule.footprint or declared.protocol.area.footprint
        for window in closed_windows(figure, Window(start=start - far, end=end + far)):
            volume = Volume(footprint=place, lower=Unbounded(), upper=Unbounded(), window=window)
            yield Obstacle(what=f"blackout {rule.id}", volume=volume, criterion=judged.criterion)


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
