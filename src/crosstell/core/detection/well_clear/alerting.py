"""Which well-clear alert holds for a pair, and when each of its volumes is violated.

Units: seconds. The alert is that of the loudest level whose violation within the look-ahead begins
within its alerting time (Munoz et al., DAIDALUS: Detect and Avoid Alerting Logic for Unmanned
Systems, DASC 2015). No memory: what holds over time is `hysteresis`.
"""

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


class Ties(StrEnum):
    """What counts at equality. They differ only there, on a set of measure zero."""

    CLOSED = "closed"  # a touch is a violation, and one at the alerting time alerts
    OPEN = "open"  # neither does, as in the reference implementation


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerting:
    """The alert level and, for each level of the set, when its volume is violated (or None)."""

    level: WellClearLevel
    violations: tuple[Span | None, ...]

    def of(self, level: WellClearLevel) -> Span | None:
        """When the volume of `level` is violated; None if not within the look-ahead."""
        return self.violations[level - 1]


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
    return start_s <= by_s if ties is Ties.CLOSED else start_s == 0.0 or start_s < by_s


def _within(relative: EnuState, alert: Alert, horizon_s: float, ties: Ties) -> Span | None:
    found = violation(relative, alert.volume, end_s=horizon_s)
    if found is not None and ties is Ties.OPEN and found.start_s >= found.end_s:
        return None
    return found
