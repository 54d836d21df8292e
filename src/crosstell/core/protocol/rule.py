"""The rules of a protocol: those that are tested, and those that a person judges.

No rule permits, forbids or delays a notice: a rule ends in an alert, a call or an entry. Every
rule states its source and how sure we are of its text. Each kind has its module in `rules` or
`judged`.
Implements PRO-010 to PRO-014.
"""

from crosstell.core.protocol.judged.contact import ContactLevels
from crosstell.core.protocol.judged.duty import Duty
from crosstell.core.protocol.judged.frequencies import Frequencies
from crosstell.core.protocol.judged.phrases import Phrases
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
)

__all__ = [
    "AlertLevel",
    "Blackout",
    "Boundary",
    "Certainty",
    "Concerned",
    "Conformance",
    "ContactLevels",
    "Duty",
    "Frequencies",
    "JudgedRule",
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
    "Phrases",
    "PlaceRule",
    "Rule",
    "Separation",
    "Standoff",
    "TracksConcerned",
    "WellClear",
    "ZoneEntry",
]


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
JudgedRule = Duty | ContactLevels | Frequencies | Phrases  # no test decides them
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
    | ContactLevels
    | Frequencies
    | Phrases
)
