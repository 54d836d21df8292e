"""Calendars: which days, and hours of them, are closed; and the UTC windows that follow.

Days and times of day are those of one stated offset from UTC; an offset does not follow summer
time, so a document whose closed days move with it writes a rule for each part of the year.
Windows are half-open. A calendar is the union of its rows. Moving feasts are not computed: each
is written as a date, with its name. Implements PRO-080 to PRO-085.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from crosstell.core.protocol.grain import offset_s, require_text

_Day = date  # the type, where a field is called date

ROWS_MAX = 100
DATES_MAX = 1_000
LEAP_YEAR = 2_000
_MONTH_DAY = re.compile(r"(\d{2})-(\d{2})", re.ASCII)
_TIME = re.compile(r"(\d{2}):(\d{2})", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MIDNIGHT_MIN = 24 * 60


class Weekday(StrEnum):
    """A day of the week, Monday first (ISO 8601)."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"

    @property
    def number(self) -> int:
        """0 for Monday, as `datetime.date.weekday`."""
        return tuple(Weekday).index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class EachYear:
    """From `first` to `last` of each year, both included, as month-day: 07-01 to 09-01.

    A last day before the first is in the next year. In a year without 29 February a range that
    begins on it begins on 1 March, one that ends on it ends on 28 February, and one of that day
    alone has no day.
    """

    first: str
    last: str

    def __post_init__(self) -> None:
        """Refuse what is no day of any year."""
        for name in ("first", "last"):
            _month_day(getattr(self, name), what=name)

    @property
    def months_days(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """Month and day of the first and of the last day."""
        return _month_day(self.first, what="first"), _month_day(self.last, what="last")

    @property
    def wraps(self) -> bool:
        """Whether the range goes over new year."""
        first, last = self.months_days
        return last < first


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedDate:
    """One date of one year and what it is, such as a feast; written `"2026-03-20"`, in quotes."""

    date: str
    name: str

    def __post_init__(self) -> None:
        """Refuse what is no date, or has no name."""
        require_text(self.name, what="name", length_max=200)
        if not _DATE.fullmatch(self.date) or _as_date(self.date) is None:
            raise ValueError(
                f'date {self.date!r} is no date; write year-month-day in quotes: "2026-03-20"'
            )

    @property
    def day(self) -> _Day:
        """The date."""
        return _Day.fromisoformat(self.date)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """Given dates, each with its name."""

    dates: tuple[NamedDate, ...]

    def __post_init__(self) -> None:
        """Refuse an empty or overlong list, and a date listed twice."""
        if not 1 <= len(self.dates) <= DATES_MAX:
            raise ValueError(f"dates has {len(self.dates)} dates; write 1 to {DATES_MAX}")
        seen: set[str] = set()
        for one in self.dates:
            if one.date in seen:
                raise ValueError(f"dates: {one.date} is listed twice; keep one")
            seen.add(one.date)


@dataclass(frozen=True, slots=True, kw_only=True)
class EachWeek:
    """The same days of every week."""

    weekdays: tuple[Weekday, ...]

    def __post_init__(self) -> None:
        """Refuse an empty list and a day named twice."""
        if not self.weekdays or len(set(self.weekdays)) != len(self.weekdays):
            raise ValueError("weekdays is empty or names a day twice; name each day once")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """From `start` to before `end` of a day, as HH:MM in quotes; `end` may be "24:00".

    An end before the start is on the next day: the hours belong to the day on which they start.
    """

    start: str
    end: str

    def __post_init__(self) -> None:
        """Refuse what is no time of day, and hours without length."""
        for name in ("start", "end"):
            if _minutes(getattr(self, name)) is None:
                raise ValueError(
                    f"{name} {getattr(self, name)!r} is no time of day; "
                    'write hours and minutes in quotes: "06:30"'
                )
        if self.start == "24:00":
            raise ValueError('start is 24:00; write "00:00" and the day after')
        if self.start == self.end:
            raise ValueError("start and end are the same; leave hours out to mean the whole day")

    @property
    def minutes(self) -> tuple[int, int]:
        """Start and end in minutes from the day's midnight; past 1440, the end is on the next."""
        start, end = _minutes(self.start) or 0, _minutes(self.end) or 0
        return start, end if end > start else end + _MIDNIGHT_MIN


Days = EachYear | Dates | EachWeek


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """One row of a calendar: some days, whole or during some hours."""

    days: Days
    hours: Hours | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The union of its rows, on days that begin `utc_offset_s` before midnight UTC.

    `utc_offset_s` is what local time is ahead of UTC: `utc_offset_hours: 3` for UTC+3.
    """

    utc_offset_s: float
    rows: tuple[Closed, ...]

    def __post_init__(self) -> None:
        """Refuse a calendar without rows, and offsets that no place has."""
        object.__setattr__(self, "utc_offset_s", offset_s(self.utc_offset_s))
        if not 1 <= len(self.rows) <= ROWS_MAX:
            raise ValueError(f"rows has {len(self.rows)} rows; write 1 to {ROWS_MAX}")


def day_of(instant: datetime, *, utc_offset_s: float) -> date:
    """The day at that offset; within a day of either end of time, the end's own day."""
    try:
        return (instant + timedelta(seconds=utc_offset_s)).date()
    except OverflowError:
        return instant.date()


def start_of_day(day: date, *, utc_offset_s: float) -> datetime:
    """When that day begins at that offset, in UTC; clipped to the years that have instants."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    try:
        return midnight - timedelta(seconds=utc_offset_s)
    except OverflowError:
        return midnight


def _month_day(text: str, *, what: str) -> tuple[int, int]:
    match = _MONTH_DAY.fullmatch(text)
    if match is None or _as_date(f"{LEAP_YEAR}-{text}") is None:
        raise ValueError(f"{what} {text!r} is no day of a year; write month-day: 07-01 for 1 July")
    return int(match[1]), int(match[2])


def _as_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _minutes(text: str) -> int | None:
    """Minutes from midnight, 0 to 1440; None for what is no time of day."""
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    minutes = int(match[1]) * 60 + int(match[2])
    return minutes if int(match[2]) < 60 and minutes <= _MIDNIGHT_MIN else None
