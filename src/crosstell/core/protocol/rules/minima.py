"""Minima: one distance or the other is to be kept, and how long both may be undercut.

Units: metres to the millimetre, seconds to the millisecond. Implements PRO-070, PRO-071.
"""

from dataclasses import dataclass

from crosstell.core.protocol.grain import LATERAL_M_MAX, VERTICAL_M_MAX, figure, span_s
from crosstell.core.protocol.rules.words import MeasuredFrom


@dataclass(frozen=True, slots=True, kw_only=True)
class Minima:
    """Lateral AND vertical must both be undercut to infringe: keep one OR the other.

    `vertical_m` absent means at any height, so that only the lateral distance keeps the rule.
    `dwell_s` is how long both may be undercut at a stretch ("inside both minima at most
    3 minutes"): it is an advisory from entry and infringes once the time inside exceeds it.
    Absent, entry infringes.
    """

    lateral_m: float
    vertical_m: float | None = None
    measured_from: MeasuredFrom = MeasuredFrom.EDGE
    dwell_s: float | None = None

    def __post_init__(self) -> None:
        """Refuse negative and absurd figures; quantise."""
        lateral_m = figure(self.lateral_m, what="lateral_m", least=0.0, most=LATERAL_M_MAX)
        object.__setattr__(self, "lateral_m", lateral_m)
        if self.vertical_m is not None:
            vertical_m = figure(self.vertical_m, what="vertical_m", least=0.0, most=VERTICAL_M_MAX)
            object.__setattr__(self, "vertical_m", vertical_m)
        if self.dwell_s is not None:
            object.__setattr__(self, "dwell_s", span_s(self.dwell_s, what="dwell_s"))
