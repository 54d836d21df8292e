"""Rules of a protocol: numeric (standoff, zone entry), or a duty that a person judges.

Units: metres, held to the millimetre. No rule permits, forbids or delays a notice: a rule ends
in an alert, a call or an entry. Every rule states its source and how sure we are of its text.
Implements PRO-010 to PRO-014.
"""

from dataclasses import dataclass
from enum import StrEnum

from crosstell.core.ids import RuleId, check_id
from crosstell.core.protocol.grain import LATERAL_M_MAX, VERTICAL_M_MAX, figure, require_text


class Certainty(StrEnum):
    """How sure we are that the rule reads so in the real arrangement."""

    VERIFIED = "verified"  # the text was read
    PRESS = "press"  # reported, the text is not public
    RECALLED = "recalled"  # said by people who worked under it
    ASSUMED = "assumed"  # set by the author of the document


class AlertLevel(StrEnum):
    """How loud an alert is; the order is advisory, urgent, critical."""

    ADVISORY = "advisory"
    URGENT = "urgent"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for advisory, 1 for urgent, 2 for critical."""
        return tuple(AlertLevel).index(self)


class OnUnknown(StrEnum):
    """What happens where the rule can be neither shown infringed nor shown kept."""

    ALERT = "alert"
    SHOW = "show"  # on the map and in the list, without a sound


class MeasuredFrom(StrEnum):
    """Where a distance from a declared place begins."""

    EDGE = "edge"  # the nearest edge of its footprint; inside it the distance is zero
    CENTRE = "centre"  # the centre of its circle; a polygon is measured from its edge


class TracksConcerned(StrEnum):
    """Whose tracks a rule applies to. A track without a known owner may be anyone's."""

    OF_OTHERS = "of-others"  # not known to be of the party that declared the place
    ALL = "all"


class KeptFrom(StrEnum):
    """Kinds of declared place that a standoff rule keeps tracks away from."""

    OWN_FORCE_LOCATION = "own-force-location"
    AVOIDANCE_PLACE = "avoidance-place"
    NOTIFIED_SITE = "notified-site"
    NOTIFIED_MOVEMENT = "notified-movement"


@dataclass(frozen=True, slots=True, kw_only=True)
class Minima:
    """Both distances must be undercut to infringe; `vertical_m` absent means at any height."""

    lateral_m: float
    vertical_m: float | None = None
    measured_from: MeasuredFrom = MeasuredFrom.EDGE

    def __post_init__(self) -> None:
        """Refuse negative and absurd distances; quantise."""
        lateral_m = figure(self.lateral_m, what="lateral_m", least=0.0, most=LATERAL_M_MAX)
        object.__setattr__(self, "lateral_m", lateral_m)
        if self.vertical_m is not None:
            vertical_m = figure(self.vertical_m, what="vertical_m", least=0.0, most=VERTICAL_M_MAX)
            object.__setattr__(self, "vertical_m", vertical_m)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standoff:
    """Keep tracks away from declared places by the minima."""

    id: RuleId
    text: str
    source: str
    certainty: Certainty
    minima: Minima
    kept_from: tuple[KeptFrom, ...] = (KeptFrom.OWN_FORCE_LOCATION, KeptFrom.AVOIDANCE_PLACE)
    tracks: TracksConcerned = TracksConcerned.OF_OTHERS
    on_unknown: OnUnknown = OnUnknown.ALERT
    level_max: AlertLevel = AlertLevel.CRITICAL

    def __post_init__(self) -> None:
        """Refuse a rule without words, source, distance or object."""
        _check_rule(self)
        if not self.kept_from:
            raise ValueError("kept_from is empty; name at least one kind of place")
        if self.minima.lateral_m == 0.0:
            raise ValueError("minima.lateral_m is 0; a standoff has a distance")


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneEntry:
    """Tracks inside a declared zone, or nearer than the minima, during its window.

    `zones` are field types (ROZ, NFA, ...); empty means every declared zone.
    """

    id: RuleId
    text: str
    source: str
    certainty: Certainty
    zones: tuple[str, ...] = ()
    minima: Minima = Minima(lateral_m=0.0, vertical_m=0.0)
    tracks: TracksConcerned = TracksConcerned.OF_OTHERS
    on_unknown: OnUnknown = OnUnknown.ALERT
    level_max: AlertLevel = AlertLevel.CRITICAL

    def __post_init__(self) -> None:
        """Refuse a rule without words or source."""
        _check_rule(self)
        for zone in self.zones:
            require_text(zone, what="zones", length_max=100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """A duty without figures; a person judges whether it was met."""

    id: RuleId
    text: str
    source: str
    certainty: Certainty

    def __post_init__(self) -> None:
        """Refuse a duty without words or source."""
        _check_rule(self)


Rule = Standoff | ZoneEntry | Duty
NumericRule = Standoff | ZoneEntry


def _check_rule(rule: Rule) -> None:
    check_id(rule.id, what="id")
    require_text(rule.text, what="text")
    require_text(rule.source, what="source")
