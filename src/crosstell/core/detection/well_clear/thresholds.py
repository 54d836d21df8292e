"""The well-clear volumes of RTCA DO-365B and the times of their alerts, as values.

Units: metres and seconds. Symbols of the literature: DTHR horizontal distance, ZTHR height,
TTHR modified tau, TCOA time to co-altitude. Not rounded: results are compared with the reference
implementation, so a threshold is the exact conversion of its published figure.

Sources. The shape of the volume: A. Narkawicz, C. Munoz et al., A Family of Well-Clear Boundary
Models for the Integration of UAS in the NAS, AIAA 2014-2412. The figures: the configuration
DO_365B_no_SUM.conf of NASA's DAIDALUS V-2.0.4, which was read. The standard itself is sold and
was not read, so its text is `press` here, not `verified`.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType

from crosstell.core.protocol.rules.traffic import WellClearVolume
from crosstell.core.protocol.rules.words import AlertLevel, Certainty
from crosstell.core.quantity import feet_to_m, nautical_miles_to_m

SOURCE = "RTCA DO-365B, figures as in DO_365B_no_SUM.conf of NASA DAIDALUS V-2.0.4"
LOOKAHEAD_S = 180.0  # lookahead_time of the same configuration


class WellClearLevel(IntEnum):
    """How loud, numbered as by the reference implementation; 0 is no alert."""

    NONE = 0
    PREVENTIVE = 1
    CORRECTIVE = 2
    WARNING = 3

    @property
    def severity(self) -> AlertLevel | None:
        """Our level: preventive is advisory, corrective urgent, warning critical. WCL-005."""
        return None if self is WellClearLevel.NONE else tuple(AlertLevel)[self - 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """One volume: DTHR `distance_m`, ZTHR `height_m`, TTHR `tau_s`, TCOA `coaltitude_s`.

    Implements WCL-001.
    """

    distance_m: float
    height_m: float
    tau_s: float
    coaltitude_s: float

    def __post_init__(self) -> None:
        """Refuse what bounds no volume."""
        for name in ("distance_m", "height_m"):
            value = getattr(self, name)
            if not math.isfinite(value) or value <= 0.0:
                raise ValueError(f"well-clear volume: {name} is {value}; give a number above 0")
        for name in ("tau_s", "coaltitude_s"):
            value = getattr(self, name)
            if not math.isfinite(value) or value < 0.0:
                raise ValueError(f"well-clear volume: {name} is {value}; give a number from 0 up")


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One level: its volume, when it alerts, and when while it is held (hysteresis on)."""

    level: WellClearLevel
    volume: Thresholds
    alert_s: float
    early_s: float

    def __post_init__(self) -> None:
        """Refuse no level and times that are not in order."""
        if self.level is WellClearLevel.NONE:
            raise ValueError("alert of level none; name preventive, corrective or warning")
        if not 0.0 <= self.alert_s <= self.early_s < math.inf:
            raise ValueError(
                f"{self.level.name.lower()} alert: alert_s {self.alert_s}, early_s "
                f"{self.early_s}; give 0 <= alert_s <= early_s"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertSet:
    """The levels of one kind of traffic, mildest first, with source and certainty. WCL-002."""

    name: WellClearVolume
    alerts: tuple[Alert, ...]
    source: str
    certainty: Certainty

    def __post_init__(self) -> None:
        """Refuse levels that are missing, doubled or out of order."""
        levels = tuple(int(alert.level) for alert in self.alerts)
        if levels != tuple(range(1, len(levels) + 1)) or not levels:
            raise ValueError(f"alert set {self.name}: levels {levels}; give 1 up, each once")

    def alert(self, level: WellClearLevel) -> Alert:
        """The alert of that level; raises ValueError if the set has none."""
        if not 1 <= level <= len(self.alerts):
            raise ValueError(f"alert set {self.name} has no level {level}")
        return self.alerts[level - 1]


def _alerts(
    volumes: tuple[Thresholds, Thresholds, Thresholds],
    alert_s: tuple[float, float, float],
    early_s: tuple[float, float, float],
) -> tuple[Alert, ...]:
    levels = (WellClearLevel.PREVENTIVE, WellClearLevel.CORRECTIVE, WellClearLevel.WARNING)
    return tuple(
        Alert(level=level, volume=volume, alert_s=at_s, early_s=early)
        for level, volume, at_s, early in zip(levels, volumes, alert_s, early_s, strict=True)
    )


def _volume(*, distance_m: float, height_ft: float, tau_s: float) -> Thresholds:
    height_m = feet_to_m(height_ft)
    return Thresholds(distance_m=distance_m, height_m=height_m, tau_s=tau_s, coaltitude_s=0.0)


_EN_ROUTE_M = nautical_miles_to_m(0.66)
_EN_ROUTE = _volume(distance_m=_EN_ROUTE_M, height_ft=450.0, tau_s=35.0)
_EN_ROUTE_PREVENTIVE = _volume(distance_m=_EN_ROUTE_M, height_ft=700.0, tau_s=35.0)
_TERMINAL = _volume(distance_m=feet_to_m(1500.0), height_ft=450.0, tau_s=0.0)
_NON_COOPERATIVE = _volume(distance_m=feet_to_m(2200.0), height_ft=450.0, tau_s=0.0)

PHASE_I = AlertSet(
    name=WellClearVolume.PHASE_I,
    alerts=_alerts(
        (_EN_ROUTE_PREVENTIVE, _EN_ROUTE, _EN_ROUTE), (55.0, 55.0, 25.0), (75.0, 75.0, 55.0)
    ),
    source=f"{SOURCE}, alerter DWC_Phase_I",
    certainty=Certainty.PRESS,
)
PHASE_II = AlertSet(
    name=WellClearVolume.PHASE_II,
    alerts=_alerts((_TERMINAL, _TERMINAL, _TERMINAL), (45.0, 45.0, 45.0), (75.0, 75.0, 75.0)),
    source=f"{SOURCE}, alerter DWC_Phase_II",
    certainty=Certainty.PRESS,
)
NON_COOPERATIVE = AlertSet(
    name=WellClearVolume.NON_COOPERATIVE,
    alerts=_alerts(
        (_NON_COOPERATIVE, _NON_COOPERATIVE, _NON_COOPERATIVE),
        (55.0, 55.0, 25.0),
        (110.0, 110.0, 90.0),
    ),
    source=f"{SOURCE}, alerter DWC_Non_Coop",
    certainty=Certainty.PRESS,
)
ALERT_SETS: Mapping[WellClearVolume, AlertSet] = MappingProxyType(
    {chosen.name: chosen for chosen in (PHASE_I, PHASE_II, NON_COOPERATIVE)}
)
