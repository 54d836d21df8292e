"""One notice by itself: filed late, in a blackout, or lasting too long.

No finding holds a notice back. A late notice is a notice, and so is one in a blackout. Lateness
is shown with the notice; it is over and done, so it raises no alert.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from crosstell.core.altitude import Unbounded
from crosstell.core.detection.about import NoticeOf, OneNotice
from crosstell.core.detection.finding import Assessed, Encounter, Finding
from crosstell.core.detection.pair.plan import pairing
from crosstell.core.geometry.volume import Volume
from crosstell.core.instant import Window, later, seconds_between
from crosstell.core.mechanism.assess.judged import Judged, Tested, judged_tests, loudest
from crosstell.core.mechanism.assess.pairs.plans import (
    clear,
    name_of,
    of_unstated_kind,
    within_span,
)
from crosstell.core.mechanism.assess.picturing import notices_standing
from crosstell.core.mechanism.concern import Bearing, Subject, bears_on_notice
from crosstell.core.picture.content import volumes_of
from crosstell.core.picture.picture import StandingNotice
from crosstell.core.protocol.rule import Blackout
from crosstell.core.protocol.rules.blackout import first_closed
from crosstell.core.protocol.rules.calendar import Calendar
from crosstell.core.protocol.rules.duration import stretches, too_long_by_s
from crosstell.core.protocol.rules.figures import Caution, Longest, WellClearRead
from crosstell.core.protocol.rules.lead import Ahead, late_by_s
from crosstell.core.protocol.rules.place import Overhead
from crosstell.core.protocol.rules.traffic import Tolerance
from crosstell.core.protocol.times import LeadTime
from crosstell.core.protocol.understanding import FigureReading
from crosstell.core.state.state import State


def alone(state: State, changed: frozenset[NoticeOf], now: datetime) -> Iterator[Tested]:
    """What is found of each notice that changed, by itself, in one order: what may alert."""
    tests = judged_tests(state, Subject.NOTICE)
    alerting = tuple(one for one in tests if not isinstance(one.rule, LeadTime))
    if alerting:
        notices = (one for one in notices_standing(state, now) if name_of(one) in changed)
        yield from _all_tested(state, notices, alerting, now)


def lateness(state: State, now: datetime) -> tuple[Finding, ...]:
    """Which standing notices were filed late, under which reading: shown, never alerted."""
    tests = judged_tests(state, Subject.NOTICE)
    times = tuple(one for one in tests if isinstance(one.rule, LeadTime))
    found = _all_tested(state, notices_standing(state, now), times, now)
    return tuple(one.finding for one in found if one.finding.assessed is not Assessed.CLEAR)


def _all_tested(
    state: State, notices: Iterable[StandingNotice], tests: tuple[Judged, ...], now: datetime
) -> Iterator[Tested]:
    for notice in notices:
        for judged in tests:
            bearing = bears_on_notice(judged.rule, notice.content)
            if bearing is not Bearing.NOT:
                yield _tested(state, notice, judged, bearing, now)


def _tested(
    state: State, notice: StandingNotice, judged: Judged, bearing: Bearing, now: datetime
) -> Tested:
    about, versions = OneNotice(notice=name_of(notice)), (notice.version,)
    found = []
    for encounter in _encounters(state, notice, judged, now):
        told = of_unstated_kind(encounter) if bearing is Bearing.MAY_BEAR else encounter
        told = within_span(told)
        finding = told.finding(judged.criterion, about=about, versions=versions)
        found.append(Tested(finding=finding, terms=judged.terms))
    return loudest(found)


def _encounters(
    state: State, notice: StandingNotice, judged: Judged, now: datetime
) -> Iterator[Encounter]:
    """One answer at least."""
    yield clear(judged)
    assert isinstance(judged.reading, FigureReading), "rules about a notice alone have figures"
    windows = tuple(volume.window for volume in volumes_of(notice.content))
    match judged.reading.figure:
        case Calendar() as calendar:
            yield from _blacked_out(state, notice, judged, calendar, now)
        case Longest(longest_s=longest_s):
            if too_long_by_s(windows, longest_s=longest_s) > 0.0:
                yield _since(_exceeds_at(windows, longest_s), now)
        case Ahead(ahead_s=ahead_s):
            assert isinstance(judged.rule, LeadTime), "only a lead time has a time ahead"
            starts_at = min(window.start for window in windows)
            filed_at = _filed_at(state, notice)
            if late_by_s(judged.rule, filed_at, starts_at, ahead_s=ahead_s) > 0.0:
                yield _since(filed_at, now)
        case WellClearRead() | Overhead() | Caution() | Tolerance():
            raise AssertionError(f"rule {judged.criterion.rule} is not about a notice alone")


def _blacked_out(
    state: State, notice: StandingNotice, judged: Judged, calendar: Calendar, now: datetime
) -> Iterator[Encounter]:
    """Each volume against the place when the calendar next closes in what is left of its window."""
    assert isinstance(judged.rule, Blackout), "only a blackout has a calendar"
    place = judged.rule.footprint or state.setting.protocol.area.footprint
    for volume in volumes_of(notice.content):
        window = next_closed(calendar, volume.window, now)
        if window is None:
            continue
        closed = Volume(footprint=place, lower=Unbounded(), upper=Unbounded(), window=window)
        yield pairing(volume, closed, judged.criterion).seen_from(now, judged.criterion)


def next_closed(calendar: Calendar, window: Window, now: datetime) -> Window | None:
    """The first closed window in `window` that is not over by `now`. Implements MEC-094."""
    if window.end <= now:
        return None
    return first_closed(calendar, Window(start=max(window.start, now), end=window.end))


def _exceeds_at(windows: tuple[Window, ...], longest_s: float) -> datetime:
    """When the first stretch that is too long exceeds the limit."""
    return min(
        later(one.start, by_s=longest_s)
        for one in stretches(windows)
        if seconds_between(one.start, one.end) > longest_s
    )


def _filed_at(state: State, notice: StandingNotice) -> datetime:
    """When this version was filed: each version is a declaration of its own."""
    held = state.notice(notice.party, notice.notice)
    assert held is not None, "it stands, so it is held"
    return held.latest.stamp.at


def _since(instant: datetime, now: datetime) -> Encounter:
    """An infringement from `instant` on."""
    in_s = max(0.0, seconds_between(now, instant))
    return Encounter(
        assessed=Assessed.INFRINGES,
        reasons=(),
        infringement_in_s=in_s,
        nominal_in_s=in_s,
        distance_m=0.0,
        margin_m=0.0,
    )
