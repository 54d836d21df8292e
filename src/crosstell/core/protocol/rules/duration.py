"""How long an activity, a zone or a stay may last, and by how much one lasts longer.

Units: seconds to the millisecond. Windows are half-open and a window that lasts exactly the limit
keeps it. Implements PRO-089 to PRO-091.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from crosstell.core.ids import RuleId
from crosstell.core.instant import Window, seconds_between
from crosstell.core.protocol.grain import span_s
from crosstell.core.protocol.rules.words import (
    AlertLevel,
    Certainty,
    NamedActivity,
    OnUnknown,
    TracksConcerned,
    check_rule,
    check_zones,
)


class Lasting(StrEnum):
    """What a maximum duration is about."""

    ACTIVITY = "activity"  # the windows of one filed activity
    ZONE = "zone"  # the window of one declared zone
    STAY = "stay"  # the time that one track spends inside one declared zone


@dataclass(frozen=True, slots=True, kw_only=True)
class MaximumDuration:
    """None of these lasts longer than `longest_s`.

    Without `longest_s` the text gives no figure ("long periods"): only what parties understand
    by it is evaluated. `activities` and `zones` (field types) narrow; empty means every one.
    """

    id: RuleId
    text: str
    source: str
    certainty: Certainty
    lasting: tuple[Lasting, ...]
    longest_s: float | None = None
    activities: tuple[NamedActivity, ...] = ()
    zones: tuple[str, ...] = ()
    tracks: TracksConcerned = TracksConcerned.OF_OTHERS
    on_unknown: OnUnknown = OnUnknown.ALERT
    level_max: AlertLevel = AlertLevel.CRITICAL

    def __post_init__(self) -> None:
        """Refuse a rule without words, source or object; quantise."""
        check_rule(self)
        check_zones(self.zones)
        if not self.lasting:
            raise ValueError("lasting is empty; name activity, zone or stay")
        if self.longest_s is not None:
            object.__setattr__(self, "longest_s", span_s(self.longest_s, what="longest_s"))
        if self.activities and Lasting.ACTIVITY not in self.lasting:
            raise ValueError("activities are named, but lasting has no activity; add it")
        if self.zones and not {Lasting.ZONE, Lasting.STAY} & set(self.lasting):
            raise ValueError("zones are named, but lasting has neither zone nor stay; add one")


def stretches(windows: Iterable[Window]) -> tuple[Window, ...]:
    """The windows in order, those that overlap or touch joined into one; a gap ends a stretch."""
    found: list[Window] = []
    for window in sorted(windows, key=lambda one: (one.start, one.end)):
        if found and window.start <= found[-1].end:
            end = max(found[-1].end, window.end)
            found[-1] = Window(start=found[-1].start, end=end)
        else:
            found.append(window)
    return tuple(found)


def too_long_by_s(windows: Iterable[Window], *, longest_s: float) -> float:
    """By how much the longest unbroken stretch of the windows exceeds the limit; 0 if kept."""
    lasted_s = (seconds_between(one.start, one.end) for one in stretches(windows))
    return max(0.0, max(lasted_s, default=0.0) - longest_s)
