"""How late a notice is for its lead time.

Units: seconds; instants in UTC. A late notice is filed like any other and shown as late, whatever
the force of the lead time. Implements PRO-097 to PRO-099.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from crosstell.core.instant import seconds_between
from crosstell.core.protocol.grain import DAY_S, span_s
from crosstell.core.protocol.rules.calendar import day_of, start_of_day
from crosstell.core.protocol.times import LeadCount, LeadTime

_GRAIN = timedelta(microseconds=1)  # the grain of instants: a day ends with its last microsecond


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """How long before the start, as a party understands it; counted as the lead time counts."""

    ahead_s: float

    def __post_init__(self) -> None:
        """Refuse a time that is not one; quantise."""
        object.__setattr__(self, "ahead_s", span_s(self.ahead_s, what="ahead_s", least=0.0))


def latest_filing(lead: LeadTime, starts_at: datetime, *, ahead_s: float | None = None) -> datetime:
    """The last instant at which a notice that starts then is in time.

    Elapsed: `ahead_s` before the start. Calendar days: the end of the day that many days before
    the day of the start; part of a day counts as a day. `ahead_s` stands for the lead time's own
    where a party reads it otherwise.
    """
    needed_s = lead.ahead_s if ahead_s is None else ahead_s
    try:
        if lead.counted is not LeadCount.CALENDAR_DAYS or lead.utc_offset_s is None:
            return starts_at - timedelta(seconds=needed_s)
        days = -int(-needed_s // DAY_S)
        day = day_of(starts_at, utc_offset_s=lead.utc_offset_s) - timedelta(days=days - 1)
        return start_of_day(day, utc_offset_s=lead.utc_offset_s) - _GRAIN
    except OverflowError:  # a start in the first years that have instants at all
        return datetime.min.replace(tzinfo=UTC)


def late_by_s(
    lead: LeadTime, filed_at: datetime, starts_at: datetime, *, ahead_s: float | None = None
) -> float:
    """How long after the last instant in time it was filed; 0 if in time, late if above 0."""
    last = latest_filing(lead, starts_at, ahead_s=ahead_s)
    return max(0.0, seconds_between(last, filed_at))


def days_ahead(filed_at: datetime, starts_at: datetime, *, utc_offset_s: float) -> int:
    """Whole calendar days from the day of filing to the day of the start; negative after it."""
    start = day_of(starts_at, utc_offset_s=utc_offset_s)
    return (start - day_of(filed_at, utc_offset_s=utc_offset_s)).days
