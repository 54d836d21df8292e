"""Which well-clear alert holds for a pair, and when each of its volumes is violated.

Units: seconds. The alert is that of the loudest level whose violation within the look-ahead begins
within its alerting time (Munoz et al., DAIDALUS: Detect and Avoid Alerting Logic for Unmanned
Systems, DASC 2015). No memory: what holds over time is `hysteresis`.
"""

import math
import struct
from dataclasses import dataclass
from enum import StrEnum

from crosstell.core.detection.pair.band import Span
from crosstell.core.detection.well_clear.exact import EnuState, violation
from crosstell.core.detection.well_clear.thresholds import (
    LOOKAHEAD_S,
    Alert,
    AlertSet,
    WellClearLevel,
)

ALIKE_STEPS = 16_348  # floats apart at most, that the reference implementation counts as equal
ALIKE_S = 1e-13  # the same beside 0


class Ties(StrEnum):
    """What counts at equality. They differ only there, within rounding."""

    CLOSED = "closed"  # a touch is a violation, and one at the alerting time alerts
    OPEN = "open"  # neither does, nor what is within rounding of it: the reference implementation


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerting:
    """The alert level and, for each level of the set, when its volume is violated (or None)."""

    level: WellClearLevel
    violations: tuple[Span | None, ...]

    def of(self, level: WellClearLevel) -> Span | None:
        """When the volume of `level` is violated; None if not within the look-ahead."""
        return self.violations[level - 1]

    def time_to_s(self, level: WellClearLevel) -> float:
        """Seconds until the volume of `level` is violated: 0 if it is, infinity if never."""
        found = self.of(level)
        return math.inf if found is None else found.start_s

    def is_violated(self, level: WellClearLevel) -> bool:
        """Whether the volume of `level` is violated now, within rounding."""
        return self.time_to_s(level) < ALIKE_S


def assess(
    relative: EnuState,
    alerts: AlertSet,
    *,
    horizon_s: float = LOOKAHEAD_S,
    ties: Ties = Ties.CLOSED,
    held: WellClearLevel = WellClearLevel.NONE,
) -> Alerting:
    """The alert of the pair and the violation of each level within `horizon_s`.

    `held` is the level shown so far: that level alerts by its early time. Implements WCL-020 to
    WCL-022.
    """
    violations = tuple(_within(relative, alert, horizon_s, ties) for alert in alerts.alerts)
    level = WellClearLevel.NONE
    for alert, found in zip(alerts.alerts, violations, strict=True):
        by_s = alert.early_s if alert.level is held else alert.alert_s
        if found is not None and begins_by(found.start_s, by_s, ties):
            level = alert.level
    return Alerting(level=level, violations=violations)


def begins_by(start_s: float, by_s: float, ties: Ties) -> bool:
    """Whether a violation that begins at `start_s` alerts; one that is now always does."""
    return start_s <= by_s if ties is Ties.CLOSED else start_s == 0.0 or is_before(start_s, by_s)


def is_before(one_s: float, other_s: float) -> bool:
    """Whether a time from 0 up is before another by more than rounding. WCL-022."""
    if not one_s < other_s:
        return False
    return other_s >= ALIKE_S if one_s == 0.0 else _steps(other_s) - _steps(one_s) > ALIKE_STEPS


def _steps(time_s: float) -> int:
    """How many floats lie from 0 to a time that is not negative."""
    return int(struct.unpack("<q", struct.pack("<d", time_s))[0])


def _within(relative: EnuState, alert: Alert, horizon_s: float, ties: Ties) -> Span | None:
    found = violation(relative, alert.volume, end_s=horizon_s)
    if found is not None and ties is Ties.OPEN and not is_before(found.start_s, found.end_s):
        return None
    return found
