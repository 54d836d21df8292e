"""What a notice can declare. Every kind of content is a value of its own.

Units: metres. Areas and windows are `Volume` (geodesic edges, altitudes with datum, half-open
window). Nothing here can name a target: own-force locations, sites and zones are types that no
request to engage shares. Names of field types: `docs/spec/picture.md`; a label alone is not a
duty, because services read the same label differently, so a zone states its duty in words.
"""

import math
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from crosstell.core.geometry.volume import Volume
from crosstell.core.instant import require_utc
from crosstell.core.picture.wording import (
    NOTHING_TO_COMPUTE,
    SITE_LAW,
    WITHOUT_PREJUDICE,
    check_text,
)

VOLUMES_MAX = 200
STANDOFF_M_MAX = 1_000_000.0


class FieldType(StrEnum):
    """What the declaring authority itself calls the zone; kept, never translated.

    Airspace areas and corridors of MIL-STD-2525D table H-XIII, the area fire measures, and the
    ICAO areas. Lines (FSCL, CFL, RFL, IFF on and off) are no areas and are not zones.
    """

    CORRIDOR = "corridor"
    LLTR = "lltr"  # low-level transit route
    MRR = "mrr"  # minimum-risk route
    SAFE_LANE = "sl"
    SAAFR = "saafr"  # standard use army aircraft flight route
    TRANSIT_CORRIDOR = "tc"
    UA_ROUTE = "ua-route"
    BDZ = "bdz"  # base defence zone
    HIDACZ = "hidacz"  # high-density airspace control zone
    ROZ = "roz"  # restricted operating (or operations) zone
    AAR_ROZ = "aar-roz"  # air-to-air refuelling
    UA_ROZ = "ua-roz"
    WEZ = "wez"  # weapon engagement zone
    FEZ = "fez"
    JEZ = "jez"
    MEZ = "mez"
    LOMEZ = "lomez"
    HIMEZ = "himez"
    SHORADEZ = "shoradez"
    WFZ = "wfz"  # weapons free zone
    ACA = "aca"  # airspace coordination area
    FFA = "ffa"  # free fire area
    NFA = "nfa"  # no-fire area
    RFA = "rfa"  # restrictive fire area
    DANGER_AREA = "danger-area"
    RESTRICTED_AREA = "restricted-area"
    PROHIBITED_AREA = "prohibited-area"
    TEMPORARY_RESTRICTION = "temporary-restriction"
    OTHER = "other"


class ActivityKind(StrEnum):
    """What is done inside an activity's volumes, as far as the filer says."""

    CREWED_FLIGHT = "crewed-flight"
    UNCREWED_FLIGHT = "uncrewed-flight"
    LIVE_FIRE = "live-fire"
    GROUND_MOVEMENT = "ground-movement"
    AT_SEA = "at-sea"
    MEDICAL_EVACUATION = "medical-evacuation"
    SEARCH_AND_RESCUE = "search-and-rescue"
    EXERCISE = "exercise"
    NOT_STATED = "not-stated"


class Emergency(StrEnum):
    """Whether the filer declares an emergency (ASTM F3548-21: contingent)."""

    NOT_DECLARED = "not-declared"
    DECLARED = "declared"


class Coordinates(StrEnum):
    """How far the coordinates of a site have been checked, by the filer's own word."""

    AS_NOTIFIED = "as-notified"
    CHECKED_BY_FILER = "checked-by-filer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """An area with a duty, declared by one authority (ASTM F3548-21: constraint).

    `duty` says in words what is asked of others. Declared is not agreed: what each other party
    says of it is that party's status.
    """

    field_type: FieldType
    declaring_authority: str
    volume: Volume
    duty: str

    def __post_init__(self) -> None:
        """Refuse a zone that names no authority or asks nothing."""
        check_text(self.declaring_authority, what="zone: declaring authority", length_max=200)
        check_text(self.duty, what="zone: duty")


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """What the filer will do, where and when (ASTM F3548-21: operational intent)."""

    kind: ActivityKind
    volumes: tuple[Volume, ...]
    emergency: Emergency = Emergency.NOT_DECLARED
    text: str | None = None

    def __post_init__(self) -> None:
        """Refuse an activity without, or with too many, volumes."""
        check_volumes(self.volumes, what="activity")
        _check_optional(self.text, what="activity: text")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnForceLocation:
    """Where forces of the filer are. Shared per object, by two persons, for one purpose.

    `standoff_m` is the distance that the filer asks others to keep; what infringes is the
    protocol's rule.
    """

    volume: Volume
    standoff_m: float | None = None
    text: str | None = None

    def __post_init__(self) -> None:
        """Refuse an absurd standoff; quantise to the millimetre."""
        _check_optional(self.text, what="own-force location: text")
        if self.standoff_m is None:
            return
        if not math.isfinite(self.standoff_m) or not 0.0 < self.standoff_m <= STANDOFF_M_MAX:
            raise ValueError(
                f"own-force location: standoff {self.standoff_m} m is outside 0 to "
                f"{STANDOFF_M_MAX} m; leave it out if none is asked"
            )
        object.__setattr__(self, "standoff_m", round(self.standoff_m * 1_000) / 1_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class AvoidanceRequest:
    """A place to be avoided, for forces associated with the filer, without saying whose.

    Always without prejudice to status, recognition or attribution (`WITHOUT_PREJUDICE`); there
    is no field for who is there.
    """

    volume: Volume
    asked: str

    def __post_init__(self) -> None:
        """Refuse a request that asks nothing."""
        check_text(self.asked, what="avoidance request: asked")


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifiedSite:
    """A protected site, as its notifier gave it. Filed by two persons.

    The law protects a site, not the list (`SITE_LAW`).
    """

    notifier: str
    volume: Volume
    what: str
    coordinates: Coordinates = Coordinates.AS_NOTIFIED

    def __post_init__(self) -> None:
        """Refuse a site without notifier or description."""
        check_text(self.notifier, what="notified site: notifier", length_max=200)
        check_text(self.what, what="notified site: what")


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifiedMovement:
    """A protected movement, as its notifier gave it: volumes along its way."""

    notifier: str
    volumes: tuple[Volume, ...]
    what: str

    def __post_init__(self) -> None:
        """Refuse a movement without notifier, description or volumes."""
        check_text(self.notifier, what="notified movement: notifier", length_max=200)
        check_text(self.what, what="notified movement: what")
        check_volumes(self.volumes, what="notified movement")


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneralNotice:
    """A statement without area, height or time, as public statements are.

    `source` says where it was made; `stated_at` when, if that is known. Nothing is computed on
    it (`NOTHING_TO_COMPUTE`).
    """

    text: str
    source: str
    stated_at: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse a statement without words or source."""
        check_text(self.text, what="general notice: text")
        check_text(self.source, what="general notice: source", length_max=400)
        if self.stated_at is not None:
            require_utc(self.stated_at, what="general notice: stated at")


Content = (
    Zone
    | Activity
    | OwnForceLocation
    | AvoidanceRequest
    | NotifiedSite
    | NotifiedMovement
    | GeneralNotice
)


def check_volumes(volumes: tuple[Volume, ...], *, what: str) -> None:
    """Raise ValueError unless there are 1 to `VOLUMES_MAX` volumes."""
    if not volumes:
        raise ValueError(f"{what}: no volume; give at least one area with altitudes and window")
    if len(volumes) > VOLUMES_MAX:
        raise ValueError(f"{what}: {len(volumes)} volumes; split it, {VOLUMES_MAX} at most")


def volumes_of(content: Content) -> tuple[Volume, ...]:
    """Every volume the content declares, in its order; none for a general notice."""
    match content:
        case Activity() | NotifiedMovement():
            return content.volumes
        case Zone() | OwnForceLocation() | AvoidanceRequest() | NotifiedSite():
            return (content.volume,)
        case GeneralNotice():
            return ()
        case _:
            assert_never(content)


def standing_phrase(content: Content) -> str | None:
    """The phrase that must be shown with this kind of content, if it has one."""
    match content:
        case AvoidanceRequest():
            return WITHOUT_PREJUDICE
        case NotifiedSite() | NotifiedMovement():
            return SITE_LAW
        case GeneralNotice():
            return NOTHING_TO_COMPUTE
        case _:
            return None


def _check_optional(text: str | None, *, what: str) -> None:
    if text is not None:
        check_text(text, what=what)
