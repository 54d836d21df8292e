"""Small values for the tests of the picture and of alerts."""

from datetime import UTC, datetime, timedelta

from crosstell.core.altitude import Altitude, Datum, Unbounded
from crosstell.core.geometry.footprint import Circle
from crosstell.core.geometry.motion import Motion
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.volume import Volume
from crosstell.core.ids import ComponentId, EntryRef, FeedId, PartyId, RoleId
from crosstell.core.instant import Window
from crosstell.core.picture.content import FieldType, Zone
from crosstell.core.picture.party import Scope, Speaker
from crosstell.core.table import Stamp

START = datetime(2023, 10, 5, 4, 0, tzinfo=UTC)
HERE = Position(lat_deg=36.5, lon_deg=40.7)
ARMY, AGENCY, NAVY = ComponentId("army"), ComponentId("agency"), ComponentId("navy")


def at(seconds: float) -> datetime:
    """That many seconds after the tests' first instant."""
    return START + timedelta(seconds=seconds)


def speaker(role: str = "duty-officer", watch: str = "w1", party: str = "blue") -> Speaker:
    return Speaker(party=PartyId(party), role=RoleId(role), watch=watch)


def ref(seq: int, feed: str = "feed-blue") -> EntryRef:
    return EntryRef(feed=FeedId(feed), seq=seq, hash=f"{seq:064x}")


def stamp(seq: int = 0, *, feed: str = "feed-blue", by: Speaker | None = None) -> Stamp:
    """Entry `seq`, one second after the one before, by the duty officer unless said."""
    return Stamp(ref=ref(seq, feed), at=at(seq), by=by or speaker())


def by_node(seq: int = 0) -> Stamp:
    return Stamp(ref=ref(seq), at=at(seq))


def volume(start_s: float = 0, end_s: float = 3_600) -> Volume:
    return Volume(
        footprint=Circle(centre=HERE, radius_m=5_000.0),
        lower=Unbounded(),
        upper=Altitude(value_m=3_000.0, datum=Datum.MSL_EGM96),
        window=Window(start=at(start_s), end=at(end_s)),
    )


def zone(start_s: float = 0, end_s: float = 3_600) -> Zone:
    return Zone(
        field_type=FieldType.ROZ,
        declaring_authority="air component",
        volume=volume(start_s, end_s),
        duty="stay out unless coordinated",
    )


def motion(seconds: float, lat_deg: float = 36.5) -> Motion:
    return Motion(
        position=Position(lat_deg=lat_deg, lon_deg=40.7),
        at=at(seconds),
        altitude=None,
        velocity=None,
        position_accuracy_m=50.0,
        altitude_accuracy_m=None,
    )


def scope(*speaks_for: ComponentId, cannot: tuple[ComponentId, ...] = ()) -> Scope:
    return Scope(speaks_for=speaks_for, cannot_speak_for=cannot)
