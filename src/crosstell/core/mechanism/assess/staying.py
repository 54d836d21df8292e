"""Rules that allow a stay: inside both minima at most so long.

It advises from entry, since the stay may last, and infringes once the stay exceeds its limit.
How long it has lasted already is carried from finding to finding, so it is known from the record
alone. Units: seconds. Implements MEC-070 to MEC-073.
"""

from dataclasses import replace
from datetime import datetime

from crosstell.core.detection.alert import Alert
from crosstell.core.detection.finding import Assessed, Encounter, Reason
from crosstell.core.instant import seconds_between


def stayed(encounter: Encounter, dwell_s: float | None, inside_for_s: float) -> Encounter:
    """The encounter under a rule that allows a stay of `dwell_s` (None: no stay at all).

    `inside_for_s` is how long the object has been within the limits before now; it counts only
    if it still is.
    """
    if dwell_s is None or encounter.assessed is Assessed.CLEAR:
        return encounter
    reported_s = encounter.nominal_in_s
    is_inside = reported_s == 0.0
    before_s = inside_for_s if is_inside else 0.0
    earliest_s = max(0.0, encounter.infringement_in_s + dwell_s - before_s)
    told = replace(
        encounter,
        infringement_in_s=earliest_s,
        inside_for_s=before_s if is_inside else None,
    )
    if reported_s is not None:
        due_s = max(0.0, reported_s + dwell_s - before_s)
        if encounter.exit_in_s is None or encounter.exit_in_s > due_s:
            return replace(told, nominal_in_s=due_s)
    return replace(
        told,
        assessed=Assessed.CANNOT_BE_RULED_OUT,
        nominal_in_s=None,
        reasons=(Reason.DWELL, *encounter.reasons),
    )


def inside_for_s(alert: Alert | None, now: datetime) -> float:
    """How long the object has been inside without a break, by the alert's last finding."""
    if alert is None or alert.shown is None or alert.shown.cleared_at is not None:
        return 0.0
    before_s = alert.shown.finding.inside_for_s
    if before_s is None:
        return 0.0
    return before_s + seconds_between(alert.shown.finding_at, now)
