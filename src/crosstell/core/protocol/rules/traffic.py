"""Rules between what moves: separation, well clear, and a track against its own activity.

Units: metres to the millimetre, seconds to the millisecond. Implements PRO-074 to PRO-077.
"""

from dataclasses import dataclass
from enum import StrEnum

from crosstell.core.ids import RuleId
from crosstell.core.protocol.grain import LATERAL_M_MAX, VERTICAL_M_MAX, figure, span_s
from crosstell.core.protocol.rules.minima import Minima
from crosstell.core.protocol.rules.words import (
    AlertLevel,
    Certainty,
    Concerned,
    MeasuredFrom,
    NamedActivity,
    OnUnknown,
    check_rule,
)


class WellClearVolume(StrEnum):
    """Which well-clear volume holds (RTCA DO-365B); its parameters are detection's."""

    PHASE_I = "phase-i"
    PHASE_II = "phase-ii"
    NON_COOPERATIVE = "non-cooperative"


@dataclass(frozen=True, slots=True, kw_only=True)
class Separation:
    """The minima between objects of different parties; an unknown owner may be anyone.

    `between` tracks: two tracks. Activities: two filed activities. Both: these, and a track with
    another party's activity. `activities` narrows which activities; empty means every one.
    """

    id: RuleId
    text: str
    source: str
    certainty: Certainty
    minima: Minima
    between: Concerned = Concerned.TRACKS
    activities: tuple[NamedActivity, ...] = ()
    on_unknown: OnUnknown = OnUnknown.ALERT
    level_max: AlertLevel = AlertLevel.CRITICAL

    def __post_init__(self) -> None:
        """Refuse a rule without words, source or distance."""
        check_rule(self)
        if self.minima.lateral_m == 0.0:
            raise ValueError("minima.lateral_m is 0; a separation has a distance")
        if self.minima.measured_from is not MeasuredFrom.EDGE:
            raise ValueError(
                "minima.measured_from is centre; what moves has none, leave measured_from out"
            )
        if self.activities and self.between is Concerned.TRACKS:
            raise ValueError(
                "activities are named, but between is tracks; write activities or both in between"
            )

    @property
    def concerned(self) -> Concerned:
        """What the rule is about."""
        return self.between


@dataclass(frozen=True, slots=True, kw_only=True)
class WellClear:
    """Two tracks of different parties stay well clear of each other (RTCA DO-365B)."""

    id: RuleId
    text: str
    source: str
    certainty: Certainty
    volume: WellClearVolume
    on_unknown: OnUnknown = OnUnknown.ALERT
    level_max: AlertLevel = AlertLevel.CRITICAL

    def __post_init__(self) -> None:
        """Refuse a rule without words or source."""
        check_rule(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerance:
    """How far a track may be from what was filed for it; what equals a figure is within it.

    `lateral_m` from the footprint, `vertical_m` from the band, `early_s` before the window's
    start, `late_s` from its end on. `vertical_m` absent: heights are not compared.
    """

    lateral_m: float
    early_s: float
    late_s: float
    vertical_m: float | None = None

    def __post_init__(self) -> None:
        """Refuse negative and absurd figures; quantise."""
        lateral_m = figure(self.lateral_m, what="lateral_m", least=0.0, most=LATERAL_M_MAX)
        object.__setattr__(self, "lateral_m", lateral_m)
        for name in ("early_s", "late_s"):
            rounded = span_s(getattr(self, name), what=name, least=0.0)
            object.__setattr__(self, name, rounded)
        if self.vertical_m is not None:
            vertical_m = figure(self.vertical_m, what="vertical_m", least=0.0, most=VERTICAL_M_MAX)
            object.__setattr__(self, "vertical_m", vertical_m)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conformance:
    """A party's own track keeps to its own filed activity; told at the filer's own desk only.

    The other party's plan is not ours to police: no track of another party is tested, and the
    level is advisory.
    """

    id: RuleId
    text: str
    source: str
    certainty: Certainty
    tolerance: Tolerance
    activities: tuple[NamedActivity, ...] = ()
    on_unknown: OnUnknown = OnUnknown.ALERT
    level_max: AlertLevel = AlertLevel.ADVISORY

    def __post_init__(self) -> None:
        """Refuse a rule without words or source, or louder than advisory."""
        check_rule(self)
        if self.level_max is not AlertLevel.ADVISORY:
            raise ValueError(
                f"level_max is {self.level_max}; conformance is for the filer's own desk, "
                "write advisory or leave it out"
            )
