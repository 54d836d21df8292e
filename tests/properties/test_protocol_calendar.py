"""Calendars, lead times, durations and boundaries against plain oracles, over all inputs.

The oracle of a calendar asks, for one day after another as a person would, whether the rows close
it, and then lays half hour beside half hour. It shares no code with `rules.blackout`.
"""

from calendar import isleap
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from crosstell.core.ids import PartyId
from crosstell.core.instant import Window
from crosstell.core.protocol.rules.blackout import closed_windows, first_closed
from crosstell.core.protocol.rules.boundary import FromSide, Side, side_of
from crosstell.core.protocol.rules.calendar import (
    Calendar,
    Closed,
    Dates,
    EachWeek,
    EachYear,
    Hours,
    NamedDate,
    Weekday,
)
from crosstell.core.protocol.rules.duration import too_long_by_s
from crosstell.core.protocol.rules.lead import days_ahead, late_by_s
from crosstell.core.protocol.times import LeadCount, LeadTime, NoticeKind

HALF_HOUR = timedelta(minutes=30)
DAY = timedelta(days=1)
BASE = datetime(2023, 6, 25, tzinfo=UTC)

month_days = st.dates(date(2024, 1, 1), date(2024, 12, 31)).map(lambda day: f"{day:%m-%d}")
given_days = st.dates(date(2023, 12, 20), date(2024, 3, 5))
times = st.integers(0, 47).map(lambda n: f"{n // 2:02}:{n % 2 * 30:02}")
hours = (
    st.tuples(times, times | st.just("24:00"))
    .filter(lambda pair: pair[0] != pair[1])
    .map(lambda pair: Hours(start=pair[0], end=pair[1]))
)
days = (
    st.builds(EachYear, first=month_days, last=month_days)
    | st.builds(EachYear, first=st.just("02-29"), last=month_days)
    | st.builds(EachYear, first=month_days, last=st.just("02-29"))
    | st.lists(given_days, min_size=1, max_size=3, unique=True).map(
        lambda found: Dates(
            dates=tuple(NamedDate(date=one.isoformat(), name="feast") for one in found)
        )
    )
    | st.lists(st.sampled_from(Weekday), min_size=1, max_size=3, unique=True).map(
        lambda found: EachWeek(weekdays=tuple(found))
    )
)
rows = st.builds(Closed, days=days, hours=st.none() | hours)
calendars = st.builds(
    Calendar,
    utc_offset_s=st.integers(-28, 28).map(lambda n: n * 1_800.0),
    rows=st.lists(rows, min_size=1, max_size=3).map(tuple),
)
halves = st.integers(0, 48 * 80)
STARTS = st.sampled_from(
    [datetime(y, m, d, tzinfo=UTC) for y, m, d in ((2023, 12, 10), (2024, 2, 1), (2023, 2, 1))]
)


def one_range(begin: int, first: str, last: str) -> set[date]:
    """The days of the range that begins in that year."""
    over = begin + (last < first)
    if first == last == "02-29" and not isleap(begin):
        return set()
    open_first = "03-01" if first == "02-29" and not isleap(begin) else first
    open_last = "02-28" if last == "02-29" and not isleap(over) else last
    day, found = date.fromisoformat(f"{begin}-{open_first}"), set()
    while day <= date.fromisoformat(f"{over}-{open_last}"):
        found.add(day)
        day += DAY
    return found


def the_days_of(row: Closed, year: int) -> set[date]:
    """Every day of the row that a person would tick in a wall calendar from `year` on, by hand."""
    found: set[date] = set()
    match row.days:
        case Dates(dates=dates):
            found = {date.fromisoformat(one.date) for one in dates}
        case EachWeek(weekdays=weekdays):
            names = {one.value for one in weekdays}
            day = date(year, 1, 1)
            while day.year < year + 3:
                if f"{day:%A}".lower() in names:
                    found.add(day)
                day += DAY
        case EachYear(first=first, last=last):
            for begin in range(year, year + 3):
                found |= one_range(begin, first, last)
    return found


def closed_halves(calendar: Calendar, within: Window) -> set[datetime]:
    """The start of every half hour inside `within` that some row closes."""
    shift = timedelta(seconds=calendar.utc_offset_s)
    found: set[datetime] = set()
    for row in calendar.rows:
        for day in the_days_of(row, within.start.year - 2) | the_days_of(row, within.start.year):
            midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) - shift
            if not within.start - 3 * DAY <= midnight <= within.end + DAY:
                continue
            begin, end = 0, 48
            if row.hours is not None:
                begin = int(row.hours.start[:2]) * 2 + (row.hours.start[3] == "3")
                end = int(row.hours.end[:2]) * 2 + (row.hours.end[3] == "3")
                end += 48 * (end <= begin)
            found |= {midnight + n * HALF_HOUR for n in range(begin, end)}
    return {half for half in found if within.start <= half < within.end}


def as_halves(windows: tuple[Window, ...]) -> set[datetime]:
    found: set[datetime] = set()
    for window in windows:
        here = window.start
        while here < window.end:
            found.add(here)
            here += HALF_HOUR
    return found


NEW_YEAR = Calendar(
    utc_offset_s=10_800.0, rows=(Closed(days=EachYear(first="12-31", last="01-01")),)
)
LEAP = Calendar(utc_offset_s=0.0, rows=(Closed(days=EachYear(first="02-29", last="02-29")),))
NIGHTS = Calendar(
    utc_offset_s=-3_600.0,
    rows=(
        Closed(days=EachWeek(weekdays=tuple(Weekday)), hours=Hours(start="22:00", end="06:00")),
        Closed(days=EachYear(first="06-15", last="02-29")),
    ),
)


@example(calendar=NEW_YEAR, start=datetime(2023, 12, 10, tzinfo=UTC), skip=0, length=48 * 40)
@example(calendar=LEAP, start=datetime(2024, 2, 1, tzinfo=UTC), skip=0, length=48 * 40)
@example(calendar=LEAP, start=datetime(2023, 2, 1, tzinfo=UTC), skip=0, length=48 * 40)
@example(calendar=NIGHTS, start=datetime(2023, 2, 1, tzinfo=UTC), skip=3, length=48 * 40)
@given(calendar=calendars, start=STARTS, skip=st.integers(0, 200), length=halves)
def test_the_windows_are_those_of_a_wall_calendar(
    calendar: Calendar, start: datetime, skip: int, length: int
) -> None:
    """PRO-080 to PRO-085, PRO-087, PRO-088."""
    begin = start + skip * HALF_HOUR
    within = Window(start=begin, end=begin + (length + 1) * HALF_HOUR)
    windows = closed_windows(calendar, within)
    assert as_halves(windows) == closed_halves(calendar, within)
    for one, other in pairwise(windows):
        assert one.end < other.start, "in order, apart"
    assert first_closed(calendar, within) == (windows[0] if windows else None)


@given(calendar=calendars, cut=st.integers(1, 48 * 60 - 1))
def test_asking_in_two_parts_gives_the_same(calendar: Calendar, cut: int) -> None:
    """PRO-087. Metamorphic: a window cut in two closes the same time."""
    start = datetime(2024, 1, 5, tzinfo=UTC)
    end, middle = start + 60 * DAY, start + cut * HALF_HOUR
    whole = closed_windows(calendar, Window(start=start, end=end))
    parts = (
        *closed_windows(calendar, Window(start=start, end=middle)),
        *closed_windows(calendar, Window(start=middle, end=end)),
    )
    assert as_halves(whole) == as_halves(parts)


instants = st.integers(0, 90 * 24 * 60).map(lambda n: BASE + timedelta(minutes=n))


@example(filed_at=BASE, starts_at=BASE + 3 * DAY, days=3, offset=0)
@example(filed_at=BASE + DAY, starts_at=BASE + 3 * DAY, days=3, offset=0)
@given(
    filed_at=instants, starts_at=instants, days=st.integers(1, 45), offset=st.integers(-840, 840)
)
def test_calendar_days_are_counted_on_the_wall(
    filed_at: datetime, starts_at: datetime, days: int, offset: int
) -> None:
    """PRO-097, PRO-098. In time if, and only if, at least that many midnights lie between."""
    lead = LeadTime(
        notice=NoticeKind.ACTIVITY,
        ahead_s=days * 86_400.0,
        counted=LeadCount.CALENDAR_DAYS,
        utc_offset_s=offset * 60.0,
    )
    shift = timedelta(minutes=offset)
    filed_day, start_day = (filed_at + shift).date(), (starts_at + shift).date()
    midnights, step = 0, DAY if filed_day <= start_day else -DAY
    day = filed_day
    while day != start_day:
        day += step
        midnights += 1 if step > timedelta(0) else -1
    assert days_ahead(filed_at, starts_at, utc_offset_s=offset * 60.0) == midnights
    late_s = late_by_s(lead, filed_at, starts_at)
    assert (late_s == 0.0) == (midnights >= days)
    if late_s:
        before = filed_at - timedelta(seconds=late_s)
        assert late_by_s(lead, before, starts_at) == 0.0
        assert late_by_s(lead, before + timedelta(microseconds=1), starts_at) > 0.0


@given(filed_at=instants, starts_at=instants, minutes=st.integers(0, 20_000))
def test_elapsed_time_is_a_difference(
    filed_at: datetime, starts_at: datetime, minutes: int
) -> None:
    """PRO-097, PRO-098."""
    lead = LeadTime(notice=NoticeKind.ZONE, ahead_s=minutes * 60.0)
    ahead_s = (starts_at - filed_at).total_seconds()
    assert late_by_s(lead, filed_at, starts_at) == max(0.0, minutes * 60.0 - ahead_s)


spans = st.tuples(st.integers(0, 60), st.integers(1, 20))


@given(found=st.lists(spans, max_size=6), longest=st.integers(0, 40))
def test_the_longest_stretch_is_that_of_ticked_minutes(
    found: list[tuple[int, int]], longest: int
) -> None:
    """PRO-089, PRO-090."""
    ticked = {minute for start, length in found for minute in range(start, start + length)}
    most = run = 0
    for minute in range(100):
        run = run + 1 if minute in ticked else 0
        most = max(most, run)
    windows = [
        Window(start=BASE + timedelta(minutes=start), end=BASE + timedelta(minutes=start + length))
        for start, length in found
    ]
    assert too_long_by_s(windows, longest_s=longest * 60.0) == max(0, most - longest) * 60.0


A, B = PartyId("alpha"), PartyId("bravo")
metres = st.integers(-5, 5).map(float)


@given(own=metres, other=metres, caution=st.integers(0, 3).map(float))
def test_a_boundary_is_loud_only_where_it_is_not_in_doubt(
    own: float, other: float, caution: float
) -> None:
    """PRO-093 to PRO-096. Against the words of the rule, one after another."""
    sides = (FromSide(party=A, distance_m=own), FromSide(party=B, distance_m=other))
    for owner in (B, PartyId("charlie"), None):
        found = side_of(A, sides, owner=owner, caution_m=caution)
        inside, theirs = own <= 0, other <= 0
        in_doubt = theirs or abs(own) <= caution or abs(other) <= caution
        assert (found is Side.INFRINGES) == (inside and not in_doubt)
        assert (found is Side.CLEAR) == (not inside and own > caution)
        assert found is side_of(A, sides[::-1], owner=owner, caution_m=caution)
    assert side_of(A, sides, owner=A, caution_m=caution) is Side.CLEAR
