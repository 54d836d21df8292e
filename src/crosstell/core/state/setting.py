"""What a node is told once and does not learn: who it is, between whom, under which document."""

from dataclasses import dataclass, replace

from crosstell.core.altitude import NO_ALTITUDE_DATA, AltitudeData, GroundBounds
from crosstell.core.geometry.geoid import Conversions, Geoid, NoGeoid
from crosstell.core.ids import FeedId, PartyId, RoleId
from crosstell.core.line.message import Reality
from crosstell.core.picture.former import Former
from crosstell.core.protocol.digest import ProtocolDigest
from crosstell.core.protocol.document import Protocol

NO_GEOID = NoGeoid(why="no grid of the geoid was handed in")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One party's place in one protocol.

    `feeds` names every party's feed, our own among them; `former` those in which a party spoke
    before it resumed in another: nothing of them is read, but what names them is meant for that
    party; `left` says what of some of them had not ended. `ring_limit` is the highest role that
    our node rings by itself. `thin_s` is the least time between two observations of one track
    that are recorded and judged; those between are not used. `test_role` places line tests.
    `altitude_data` was stated by a person for the whole area; `geoid` is the grid, or why there
    is none.
    """

    party: PartyId
    feeds: tuple[tuple[PartyId, FeedId], ...]
    journal: FeedId
    protocol: Protocol
    digest: ProtocolDigest
    ring_limit: RoleId
    test_role: RoleId
    reality: Reality
    language: str = "en"
    thin_s: float = 1.0
    altitude_data: AltitudeData = NO_ALTITUDE_DATA
    geoid: Geoid | NoGeoid = NO_GEOID
    former: tuple[tuple[PartyId, FeedId], ...] = ()
    left: tuple[Former, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a setting that names our own party nowhere, or one feed twice."""
        names = [feed for _, feed in (*self.feeds, *self.former)]
        if self.party not in dict(self.feeds):
            raise ValueError(f"setting: {self.party} has no feed; name one for every party")
        if len(set(names)) != len(names) or self.journal in names:
            raise ValueError("setting: two logs have one name; give each its own")

    @property
    def conversions(self) -> AltitudeData:
        """What is known for the whole area: as stated, with the area's ground bounds."""
        if self.altitude_data.ground is not None:
            return self.altitude_data
        declared = self.protocol.area.ground
        bounds = GroundBounds(lower=declared.lowest, upper=declared.highest)
        return replace(self.altitude_data, ground=bounds)

    @property
    def local_conversions(self) -> Conversions:
        """The same, to be asked place by place: with the undulation there."""
        return Conversions(geoid=self.geoid, handed=self.conversions)

    @property
    def feed(self) -> FeedId:
        """The name of our own shared feed."""
        return dict(self.feeds)[self.party]

    @property
    def parties(self) -> dict[FeedId, PartyId]:
        """Whose each feed is, those of before a resume among them. Implements KEY-037."""
        return {feed: party for party, feed in (*self.feeds, *self.former)}

    def party_of(self, feed: FeedId) -> PartyId | None:
        """Whose feed it is; None for a feed that is not of this protocol, or our journal."""
        for party, name in self.feeds:
            if name == feed:
                return party
        return None
