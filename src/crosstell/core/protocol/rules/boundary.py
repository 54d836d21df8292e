"""A boundary of which each party has its own version, and what follows where versions differ.

No version is the right one. A version is the area that its party holds to be its side. Units:
metres to the millimetre. Implements PRO-092 to PRO-096.

What holds of a track of which party T is the owner (unknown: it may be anyone's), at one place:
- Under the version of P, it is of no interest if T is P.
- It infringes under the version of P inside P's side, farther than `caution_m` from every edge
  of every version, and inside no other party's side.
- It is a caution under the version of P, an advisory at most, inside P's side where one of these
  does not hold, and outside P's side within `caution_m` of its edge.
- It is clear under the version of P everywhere else. Where no version reaches, no version speaks.
A distance equal to `caution_m` is within it, and an edge belongs to its side.
"""

from dataclasses import dataclass
from enum import StrEnum

from crosstell.core.geometry.footprint import Footprint
from crosstell.core.ids import PartyId, RuleId, check_id
from crosstell.core.protocol.grain import LATERAL_M_MAX, figure
from crosstell.core.protocol.rules.words import AlertLevel, Certainty, OnUnknown, check_rule

VERSIONS_MAX = 20
SIDES_MAX = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundaryVersion:
    """The area that `party` holds to be its side: every place in one of the footprints.

    Every footprint's edge is an edge, a seam between two of them too: draw one where one will do.
    """

    party: PartyId
    side: tuple[Footprint, ...]

    def __post_init__(self) -> None:
        """Refuse a version without party or area."""
        check_id(self.party, what="party")
        if not 1 <= len(self.side) <= SIDES_MAX:
            raise ValueError(f"side has {len(self.side)} footprints; give 1 to {SIDES_MAX}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Boundary:
    """Tracks of others keep out of each party's side, each version being that party's reading."""

    id: RuleId
    text: str
    source: str
    certainty: Certainty
    versions: tuple[BoundaryVersion, ...]
    caution_m: float = 0.0
    on_unknown: OnUnknown = OnUnknown.ALERT
    level_max: AlertLevel = AlertLevel.CRITICAL

    def __post_init__(self) -> None:
        """Refuse a rule without words or source, and fewer than two versions; quantise."""
        check_rule(self)
        caution_m = figure(self.caution_m, what="caution_m", least=0.0, most=LATERAL_M_MAX)
        object.__setattr__(self, "caution_m", caution_m)
        if not 2 <= len(self.versions) <= VERSIONS_MAX:
            raise ValueError(
                f"versions has {len(self.versions)}; a boundary rule has 2 to {VERSIONS_MAX}, "
                "one for each party that draws it; if all draw the same line, each draws its side"
            )
        parties = [version.party for version in self.versions]
        twice = next((party for party in parties if parties.count(party) > 1), None)
        if twice is not None:
            raise ValueError(f"versions: {twice} has two; put all footprints in its one side")


class Side(StrEnum):
    """What a version says of a place."""

    INFRINGES = "infringes"
    CAUTION = "caution"  # advisory at most
    CLEAR = "clear"


@dataclass(frozen=True, slots=True, kw_only=True)
class FromSide:
    """How far a place is from the edge of one version's side; negative inside."""

    party: PartyId
    distance_m: float


def side_of(
    reading: PartyId, distances: tuple[FromSide, ...], *, owner: PartyId | None, caution_m: float
) -> Side:
    """What the version of `reading` says of a track of `owner`, by its distances from all sides.

    `owner` None is unknown. `caution_m` is as `reading` understands it. Raises ValueError if
    `reading` has no distance: a version that was not measured says nothing.
    """
    own = [one.distance_m for one in distances if one.party == reading]
    if not own:
        raise ValueError(f"the version of {reading} was not measured; give its distance")
    others = [one.distance_m for one in distances if one.party != reading]
    if owner == reading:
        return Side.CLEAR
    if own[0] > 0.0:
        return Side.CAUTION if own[0] <= caution_m else Side.CLEAR
    near = any(abs(distance_m) <= caution_m for distance_m in (own[0], *others))
    contested = any(distance_m <= 0.0 for distance_m in others)
    return Side.CAUTION if near or contested else Side.INFRINGES


def level_at(side: Side, *, level_max: AlertLevel) -> AlertLevel | None:
    """The highest level of an alert there; None where there is none."""
    match side:
        case Side.INFRINGES:
            return level_max
        case Side.CAUTION:
            return AlertLevel.ADVISORY
        case Side.CLEAR:
            return None
