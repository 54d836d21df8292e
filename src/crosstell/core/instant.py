"""Instants and windows. Every instant is an aware UTC datetime with microseconds.

Windows are half-open: `[start, end)`. A naive time or another zone is refused, never guessed.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
YEAR_FIRST, YEAR_LAST = 1685, 2254  # whole years within 2**53 microseconds of 1970
_SECOND, _MICROSECOND = timedelta(seconds=1), timedelta(microseconds=1)
_RFC3339 = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?[Zz]")


def require_utc(instant: datetime, *, what: str) -> None:
    """Raise ValueError unless `instant` is aware and in UTC."""
    if instant.tzinfo is UTC:
        return
    if instant.tzinfo is None:
        raise ValueError(f"{what}: {instant.isoformat()} has no time zone; write it in UTC, with Z")
    if instant.utcoffset() != timedelta(0):
        raise ValueError(
            f"{what}: {instant.isoformat()} is not UTC; convert it and write it with Z"
        )


def parse_instant(text: str) -> datetime:
    """An instant from RFC 3339 text that ends in Z; seconds may be left out.

    Raises ValueError for anything else, a local offset included: the writer converts, not we. So
    it does for an instant that no record could hold exactly. Implements COD-033, API-480.
    """
    if _RFC3339.fullmatch(text) is None:
        raise ValueError(
            f"{text!r} is not a UTC time; write it like 2023-10-05T08:40:00Z (with the Z)"
        )
    try:
        instant = datetime.fromisoformat(text.upper().replace("Z", "+00:00"))
    except ValueError as error:
        raise ValueError(
            f"{text!r} is no instant of the calendar; write a day that there is, hours to 23, "
            "minutes and seconds to 59"
        ) from error
    if not YEAR_FIRST <= instant.year <= YEAR_LAST:
        raise ValueError(
            f"{text!r} is beyond what a record holds; write a time of the years {YEAR_FIRST} to "
            f"{YEAR_LAST}"
        )
    return instant


def format_instant(instant: datetime) -> str:
    """RFC 3339 in UTC with Z; fractions only where there are any."""
    require_utc(instant, what="instant")
    text = instant.isoformat(timespec="microseconds" if instant.microsecond else "seconds")
    return text.replace("+00:00", "Z")


def to_us(instant: datetime) -> int:
    """Whole microseconds since 1970-01-01T00:00:00Z."""
    require_utc(instant, what="instant")
    return (instant - _EPOCH) // _MICROSECOND


def from_us(time_us: int) -> datetime:
    """The instant that many microseconds after 1970-01-01T00:00:00Z."""
    return _EPOCH + timedelta(microseconds=time_us)


def seconds_between(start: datetime, end: datetime) -> float:
    """Seconds from `start` to `end`; negative if `end` comes first."""
    return (end - start) / _SECOND


def later(instant: datetime, *, by_s: float) -> datetime:
    """The instant `by_s` seconds after `instant` (before it, if negative)."""
    return instant + timedelta(seconds=by_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A half-open span of time `[start, end)`; it holds at least one microsecond."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        """Refuse naive, foreign-zone and reversed windows."""
        require_utc(self.start, what="window start")
        require_utc(self.end, what="window end")
        if self.end <= self.start:
            raise ValueError(
                f"window ends {format_instant(self.end)}, not after its start "
                f"{format_instant(self.start)}; swap or correct them"
            )

    def holds(self, instant: datetime) -> bool:
        """Whether `instant` lies in `[start, end)`."""
        return self.start <= instant < self.end

    def overlaps(self, other: Self) -> bool:
        """Whether the two windows share an instant; windows that only touch do not."""
        return self.start < other.end and other.start < self.end
