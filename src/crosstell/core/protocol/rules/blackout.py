"""Blackouts: the rule, and the windows that its calendar closes.

Units: seconds; instants in UTC; windows half-open `[start, end)`. A blackout permits and forbids
nothing by itself: an activity filed into it is filed, and shown. Implements PRO-086 to PRO-088.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from crosstell.core.geometry.footprint import Footprint
from crosstell.core.ids import RuleId
from crosstell.core.instant import Window
from crosstell.core.protocol.rules.calendar import (
    Calendar,
    Closed,
    Dates,
    Days,
    EachWeek,
    EachYear,
    day_of,
    start_of_day,
)
from crosstell.core.protocol.rules.duration import stretches
from crosstell.core.protocol.rules.words import (
    AlertLevel,
    Certainty,
    NamedActivity,
    OnUnknown,
    check_rule,
)

WITHIN_DAYS_MAX = 36_600  # a hundred years: no document looks further, and the answer is bounded
AROUND_MIN = 2 * 24 * 60  # hours of a day may reach into the next
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Blackout:
    """No activity of these kinds (none named: of any kind) in the place while the calendar closes.

    The place is `footprint`, or the protocol's area where none is stated.
    """

    id: RuleId
    text: str
    source: str
    certainty: Certainty
    calendar: Calendar
    activities: tuple[NamedActivity, ...] = ()
    footprint: Footprint | None = None
    on_unknown: OnUnknown = OnUnknown.ALERT
    level_max: AlertLevel = AlertLevel.CRITICAL

    def __post_init__(self) -> None:
        """Refuse a rule without words or source."""
        check_rule(self)


def blackout_windows(rule: Blackout, within: Window) -> tuple[Window, ...]:
    """The closed windows of the rule inside `within`, as its own text has them."""
    return closed_windows(rule.calendar, within)


def closed_windows(calendar: Calendar, within: Window) -> tuple[Window, ...]:
    """The closed windows inside `within`: in order, cut to it, those that touch joined.

    Past the first hundred years only around given dates: anybody may file a window that long, and
    what returns each week or year has been told by then. To know whether there is one, and when
    the first begins, ask `first_closed`: it makes no list.
    """
    near = _near(within)
    found = list(_joined(calendar, near))
    for around in _far(calendar, near, within):
        found += _joined(calendar, around)
    return stretches(found)


def first_closed(calendar: Calendar, within: Window) -> Window | None:
    """The first closed window inside `within`, cut to it; None if there is none.

    Its end is where the calendar opens, or at most a hundred years after the start of `within`.
    """
    near = _near(within)
    found = next(_joined(calendar, near), None)
    far = _far(calendar, near, within) if found is None else ()
    return next((window for around in far for window in _joined(calendar, around)), found)


def _near(within: Window) -> Window:
    """The first hundred years of `within`."""
    longest = timedelta(days=WITHIN_DAYS_MAX)
    if within.end - within.start <= longest:
        return within
    return Window(start=within.start, end=within.start + longest)


def _far(calendar: Calendar, near: Window, within: Window) -> Iterator[Window]:
    """The days around each given date that lies after `near`, in order."""
    for day in sorted(_given(calendar)):
        if near.end <= day < within.end:
            yield Window(start=day, end=min(_later(day, AROUND_MIN), within.end))


def last_given(calendar: Calendar) -> datetime:
    """An instant by which its last given date is over; the first there is if it gives none."""
    last = max(_given(calendar), default=datetime.min.replace(tzinfo=UTC))
    return _later(last, AROUND_MIN)


def _given(calendar: Calendar) -> list[datetime]:
    """When each of the calendar's given dates begins."""
    return [
        start_of_day(one.day, utc_offset_s=calendar.utc_offset_s)
        for row in calendar.rows
        if isinstance(row.days, Dates)
        for one in row.days.dates
    ]


def _joined(calendar: Calendar, within: Window) -> Iterator[Window]:
    """Closed windows in order, made day by day only as far as they are asked for."""
    open_from: datetime | None = None
    open_to = within.start
    for start, end in _spans(calendar, within):
        if end <= within.start:
            continue
        if start >= within.end:
            break
        if open_from is not None and start > open_to:
            yield Window(start=open_from, end=open_to)
            open_from = None
        if open_from is None:
            open_from, open_to = max(start, within.start), min(end, within.end)
        else:
            open_to = max(open_to, min(end, within.end))
    if open_from is not None:
        yield Window(start=open_from, end=open_to)


def _spans(calendar: Calendar, within: Window) -> Iterator[tuple[datetime, datetime]]:
    """What each day closes, by start; from the day before, whose hours may reach into `within`."""
    offset_s = calendar.utc_offset_s
    rows = [(_holds(row.days), *_minutes(row)) for row in calendar.rows]
    day = day_of(within.start, utc_offset_s=offset_s)
    day = day - _DAY if day > date.min else day
    last = day_of(within.end, utc_offset_s=offset_s)
    while day <= last:
        midnight = start_of_day(day, utc_offset_s=offset_s)
        for start, end in sorted((start, end) for holds, start, end in rows if holds(day)):
            yield _later(midnight, start), _later(midnight, end)
        if day == date.max:
            break
        day += _DAY


def _minutes(row: Closed) -> tuple[int, int]:
    return (0, 24 * 60) if row.hours is None else row.hours.minutes


def _later(instant: datetime, minutes: int) -> datetime:
    try:
        return instant + timedelta(minutes=minutes)
    except OverflowError:
        return datetime.max.replace(tzinfo=instant.tzinfo)


def _holds(days: Days) -> Callable[[date], bool]:
    """Whether a row closes (some hours of) a day."""
    match days:
        case EachYear():
            return _in_span(days)
        case EachWeek(weekdays=weekdays):
            numbers = frozenset(one.number for one in weekdays)
            return lambda day: day.weekday() in numbers
        case Dates(dates=dates):
            given = frozenset(one.day for one in dates)
            return lambda day: day in given


def _in_span(span: EachYear) -> Callable[[date], bool]:
    """Whether month and day lie in the range.

    29 February as a bound needs nothing more: in a year without it, the first day at or after it
    is 1 March, the last at or before it 28 February, and no day is it.
    """
    first, last = span.months_days
    if span.wraps:
        return lambda day: (day.month, day.day) >= first or (day.month, day.day) <= last
    return lambda day: first <= (day.month, day.day) <= last
