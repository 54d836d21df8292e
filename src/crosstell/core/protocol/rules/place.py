"""Rules about declared places: standoff, zone entry, overflight.

Units: metres to the millimetre. Implements PRO-011, PRO-012, PRO-072, PRO-073.
"""

from dataclasses import dataclass, field

from crosstell.core.altitude import AltitudeLimit, Unbounded
from crosstell.core.ids import RuleId
from crosstell.core.protocol.grain import LATERAL_M_MAX, figure
from crosstell.core.protocol.rules.minima import Minima
from crosstell.core.protocol.rules.words import (
    AlertLevel,
    Certainty,
    Concerned,
    KeptFrom,
    OnUnknown,
    Overflown,
    TracksConcerned,
    check_rule,
    check_zones,
)

INSIDE = Minima(lateral_m=0.0, vertical_m=0.0)
ANY_HEIGHT = Unbounded()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standoff:
    """Keep away from declared places by the minima.

    `applies_to` tracks is absent when signed, as in documents from before there was the word.
    """

    id: RuleId
    text: str
    source: str
    certainty: Certainty
    minima: Minima
    kept_from: tuple[KeptFrom, ...] = (KeptFrom.OWN_FORCE_LOCATION, KeptFrom.AVOIDANCE_PLACE)
    tracks: TracksConcerned = TracksConcerned.OF_OTHERS
    on_unknown: OnUnknown = OnUnknown.ALERT
    level_max: AlertLevel = AlertLevel.CRITICAL
    applies_to: Concerned = field(default=Concerned.TRACKS, metadata={"signed": "unless-default"})

    def __post_init__(self) -> None:
        """Refuse a rule without words, source, distance or object."""
        check_rule(self)
        if not self.kept_from:
            raise ValueError("kept_from is empty; name at least one kind of place")
        if self.minima.lateral_m == 0.0:
            raise ValueError("minima.lateral_m is 0; a standoff has a distance")

    @property
    def concerned(self) -> Concerned:
        """What the rule is about; tracks, unless it says."""
        return self.applies_to


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneEntry:
    """Inside a declared zone, or nearer than the minima, during its window.

    `zones` are field types (ROZ, NFA, ...); empty means every declared zone. `applies_to`
    tracks is absent when signed, as in documents from before there was the word.
    """

    id: RuleId
    text: str
    source: str
    certainty: Certainty
    zones: tuple[str, ...] = ()
    minima: Minima = INSIDE
    tracks: TracksConcerned = TracksConcerned.OF_OTHERS
    on_unknown: OnUnknown = OnUnknown.ALERT
    level_max: AlertLevel = AlertLevel.CRITICAL
    applies_to: Concerned = field(default=Concerned.TRACKS, metadata={"signed": "unless-default"})

    def __post_init__(self) -> None:
        """Refuse a rule without words or source."""
        check_rule(self)
        check_zones(self.zones)

    @property
    def concerned(self) -> Concerned:
        """What the rule is about; tracks, unless it says."""
        return self.applies_to


@dataclass(frozen=True, slots=True, kw_only=True)
class Overhead:
    """What counts as over a place: within `margin_m` of its footprint, at or below `ceiling`.

    From the ground up; `Unbounded` means at any height. Both edges belong to it.
    """

    margin_m: float = 0.0
    ceiling: AltitudeLimit = ANY_HEIGHT

    def __post_init__(self) -> None:
        """Refuse a negative or absurd margin; quantise."""
        margin_m = figure(self.margin_m, what="margin_m", least=0.0, most=LATERAL_M_MAX)
        object.__setattr__(self, "margin_m", margin_m)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overflight:
    """Over a declared place or zone during its window; the place's own heights do not count.

    `zones` are field types and narrow the word `zone` in `over`; empty means every zone.
    """

    id: RuleId
    text: str
    source: str
    certainty: Certainty
    over: tuple[Overflown, ...] = (Overflown.OWN_FORCE_LOCATION, Overflown.AVOIDANCE_PLACE)
    zones: tuple[str, ...] = ()
    overhead: Overhead = Overhead()
    applies_to: Concerned = Concerned.TRACKS
    tracks: TracksConcerned = TracksConcerned.OF_OTHERS
    on_unknown: OnUnknown = OnUnknown.ALERT
    level_max: AlertLevel = AlertLevel.CRITICAL

    def __post_init__(self) -> None:
        """Refuse a rule without words, source or place."""
        check_rule(self)
        check_zones(self.zones)
        if not self.over:
            raise ValueError("over is empty; name at least one kind of place, or zone")
        if self.zones and Overflown.ZONE not in self.over:
            raise ValueError("zones are named, but over has no zone; add zone to over")

    @property
    def concerned(self) -> Concerned:
        """What the rule is about."""
        return self.applies_to
