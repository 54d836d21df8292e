"""The figures that alerts are judged by here, and where they come from.

`PRESENT` is the policy of the kept scenario (`scenarios/2023-10-05-hasakah/protocol.yaml`) with the
counts of `core/detection/m_of_n.py`. The sweep changes one or two of its figures at a time.
`BEFORE` is what held until this was measured.
"""

from dataclasses import dataclass, replace

from crosstell.core.detection.m_of_n import CLEAR_AFTER, FALL_AFTER, AlertTerms
from crosstell.core.protocol.rule import AlertLevel
from crosstell.core.protocol.times import CriticalRaises, Horizons

STALE_AFTER_S = 180.0
ENDED_AFTER_S = 300.0  # assumed: a receiver's gateway says that what it no longer hears has ended
UNKNOWN_ACCURACY_M = 500.0
UNKNOWN_VERTICAL_ACCURACY_M = 300.0
UNKNOWN_SPEED_MPS = 70.0

PRESENT = AlertTerms(
    hits_needed=3,
    hits_window=5,
    hold_s=120.0,
    clear_after_s=300.0,
    horizons=Horizons(advisory_s=900.0, urgent_s=420.0, critical_s=120.0),
    level_max=AlertLevel.CRITICAL,
    unknown_level_max=AlertLevel.CRITICAL,
    critical_raises=CriticalRaises.AT_ONCE,
    fall_after=FALL_AFTER,
    clear_after=CLEAR_AFTER,
)
BEFORE = replace(
    PRESENT,
    hits_needed=2,
    hits_window=3,
    hold_s=60.0,
    clear_after_s=180.0,
    critical_raises=CriticalRaises.AS_COUNTED,
)
# A well-clear alert is judged by the late end of its own alerting times (DO-365B, Phase I).
WELL_CLEAR_HORIZONS = Horizons(advisory_s=75.0, urgent_s=74.999, critical_s=55.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One point of the sweep. `first_waits` is a trial: one first observation raises nothing."""

    label: str
    terms: AlertTerms
    first_waits: bool = False
