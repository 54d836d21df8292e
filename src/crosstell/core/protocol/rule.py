"""The rules of a protocol: those with figures, and duties that a person judges.

No rule permits, forbids or delays a notice: a rule ends in an alert, a call or an entry. Every
rule states its source and how sure we are of its text. Each kind has its module in `rules`.
Implements PRO-010 to PRO-014.
"""

from dataclasses import dataclass

from crosstell.core.ids import RuleId
from crosstell.core.protocol.rules.blackout import Blackout
from crosstell.core.protocol.rules.boundary import Boundary
from crosstell.core.protocol.rules.duration import MaximumDuration
from crosstell.core.protocol.rules.minima import Minima
from crosstell.core.protocol.rules.place import Overflight, Standoff, ZoneEntry
from crosstell.core.protocol.rules.traffic import Conformance, Separation, WellClear
from crosstell.core.protocol.rules.words import (
    AlertLevel,
    Certainty,
    Concerned,
    KeptFrom,
    MeasuredFrom,
    NamedActivity,
    OnUnknown,
    Overflown,
    TracksConcerned,
    check_rule,
)

__all__ = [
    "AlertLevel",
    "Blackout",
    "Boundary",
    "Certainty",
    "Concerned",
    "Conformance",
    "Duty",
    "KeptFrom",
    "MaximumDuration",
    "MeasuredFrom",
    "Minima",
    "MinimaRule",
    "NamedActivity",
    "NumericRule",
    "OnUnknown",
    "Overflight",
    "Overflown",
    "PlaceRule",
    "Rule",
    "Separation",
    "Standoff",
    "TracksConcerned",
    "WellClear",
    "ZoneEntry",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """A duty without figures; a person judges whether it was met."""

    id: RuleId
    text: str
    source: str
    certainty: Certainty

    def __post_init__(self) -> None:
        """Refuse a duty without words or source."""
        check_rule(self)


PlaceRule = Standoff | ZoneEntry  # minima from a declared place
MinimaRule = PlaceRule | Separation
NumericRule = (
    Standoff
    | ZoneEntry
    | Separation
    | WellClear
    | Overflight
    | Blackout
    | MaximumDuration
    | Boundary
    | Conformance
)
Rule = (
    Standoff
    | ZoneEntry
    | Duty
    | Separation
    | WellClear
    | Overflight
    | Blackout
    | MaximumDuration
    | Boundary
    | Conformance
)
