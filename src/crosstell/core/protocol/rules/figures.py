"""The figure of each kind of rule that has no minima: what a party can read otherwise.

Units last in names; metres to the millimetre, seconds to the millisecond. Implements PRO-064.
"""

from dataclasses import dataclass

from crosstell.core.protocol.grain import LATERAL_M_MAX, figure, span_s
from crosstell.core.protocol.rule import (
    Blackout,
    Boundary,
    Conformance,
    MaximumDuration,
    Overflight,
    WellClear,
)
from crosstell.core.protocol.rules.calendar import Calendar
from crosstell.core.protocol.rules.lead import Ahead
from crosstell.core.protocol.rules.place import Overhead
from crosstell.core.protocol.rules.traffic import Tolerance, WellClearVolume
from crosstell.core.protocol.times import LeadTime


@dataclass(frozen=True, slots=True, kw_only=True)
class WellClearRead:
    """Which well-clear volume holds."""

    volume: WellClearVolume


@dataclass(frozen=True, slots=True, kw_only=True)
class Longest:
    """How long something lasts at most."""

    longest_s: float

    def __post_init__(self) -> None:
        """Refuse a time that is not one; quantise."""
        object.__setattr__(self, "longest_s", span_s(self.longest_s, what="longest_s"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Caution:
    """How near to an edge of a boundary's versions the place is in doubt."""

    caution_m: float

    def __post_init__(self) -> None:
        """Refuse a negative or absurd distance; quantise."""
        caution_m = figure(self.caution_m, what="caution_m", least=0.0, most=LATERAL_M_MAX)
        object.__setattr__(self, "caution_m", caution_m)


Figure = WellClearRead | Overhead | Calendar | Longest | Caution | Tolerance | Ahead
FigureRule = WellClear | Overflight | Blackout | MaximumDuration | Boundary | Conformance | LeadTime

_KIND: dict[type[FigureRule], type[Figure]] = {
    WellClear: WellClearRead,
    Overflight: Overhead,
    Blackout: Calendar,
    MaximumDuration: Longest,
    Boundary: Caution,
    Conformance: Tolerance,
    LeadTime: Ahead,
}

_WORD: dict[type[Figure], str] = {
    WellClearRead: "well_clear_read",
    Overhead: "overhead",
    Calendar: "calendar",
    Longest: "longest",
    Caution: "caution",
    Tolerance: "tolerance",
    Ahead: "ahead",
}


def kind_of_figure(rule: FigureRule) -> type[Figure]:
    """The class of figure that an understanding of this rule has."""
    return _KIND[type(rule)]


def word_of_figure(rule: FigureRule) -> str:
    """The word by which documents name that class."""
    return _WORD[_KIND[type(rule)]]


def own_figure(rule: FigureRule) -> Figure | None:
    """The figure of the rule's own text; None where it gives none."""
    match rule:
        case WellClear():
            return WellClearRead(volume=rule.volume)
        case Overflight():
            return rule.overhead
        case Blackout():
            return rule.calendar
        case MaximumDuration():
            return None if rule.longest_s is None else Longest(longest_s=rule.longest_s)
        case Boundary():
            return Caution(caution_m=rule.caution_m)
        case Conformance():
            return rule.tolerance
        case LeadTime():
            return Ahead(ahead_s=rule.ahead_s)
