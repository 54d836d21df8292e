"""What was read from pasted text: each place, how it was written, how well, and every doubt.

Units: metres and degrees. A doubt is for a person to look at; a fault means that nothing was read,
because reading on would be a guess. Lines are counted from 1.
"""

import math
from dataclasses import dataclass, field
from enum import StrEnum

from crosstell.core.altitude import Altitude
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.shape.corridor import HALF_WIDTH_M_MAX, Corridor
from crosstell.core.geometry.shape.polygon import Polygon
from crosstell.core.instant import Window

TEXT_BYTES_MAX = 1_048_576
LINES_MAX = 20_000
LINE_LENGTH_MAX = 10_000  # of written positions; GeoJSON and KML come in one line
PLACES_MAX = 1_000
POINTS_MAX = 50_000  # of all places together
FAULTS_MAX = 50
NAME_LENGTH_MAX = 200


class Form(StrEnum):
    """How a place was written."""

    MGRS = "mgrs"
    DEGREES_MINUTES_SECONDS = "degrees-minutes-seconds"
    DECIMAL_MINUTES = "decimal-minutes"
    DECIMAL_DEGREES = "decimal-degrees"
    GEOJSON = "geojson"
    KML = "kml"


class Order(StrEnum):
    """Which of two numbers without letters comes first."""

    LAT_LON = "lat-lon"
    LON_LAT = "lon-lat"


class Figure(StrEnum):
    """What several written points are to be: each its own, the corners of an area, a way."""

    POINTS = "points"
    AREA = "area"
    WAY = "way"


class Needs(StrEnum):
    """The choice that would mend a fault."""

    ORDER = "order"
    WIDTH = "width"
    FIGURE = "figure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the person who pastes says beside the text. `width_m` is the whole width of a way."""

    order: Order | None = None
    width_m: float | None = None
    figure: Figure | None = None

    def __post_init__(self) -> None:
        """Refuse a width that no way has."""
        if self.width_m is None:
            return
        if not math.isfinite(self.width_m) or not 0.001 <= self.width_m <= 2 * HALF_WIDTH_M_MAX:
            raise ValueError(
                f"width {self.width_m} m is outside 1 mm to {2 * HALF_WIDTH_M_MAX:.0f} m; "
                "give the whole width of the way in metres"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A point. What was written lies within `accuracy_m` of it; None: the text does not say.

    A grid reference names a square of `side_m`: the point is its middle.
    """

    position: Position
    accuracy_m: float | None = None
    side_m: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A polygon with geodesic edges that contains what was drawn; it is `widened_m` wider at most.

    Its corners were written within `accuracy_m`, by which it is not widened.
    """

    polygon: Polygon
    widened_m: float = 0.0
    accuracy_m: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A corridor that contains what was drawn, `widened_m` wider on each side at most."""

    corridor: Corridor
    widened_m: float = 0.0
    accuracy_m: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heights:
    """The lowest and the highest height that was written for the points of a place."""

    lowest: Altitude
    highest: Altitude


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One thing read, where it stands in the text, as it was written, and every doubt about it."""

    line: int
    form: Form
    text: str
    figure: Spot | Area | Way
    name: str | None = None
    heights: Heights | None = None
    window: Window | None = None
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Everything that the text says, in its order."""

    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceFault:
    """Why a line was not read, and what to do about it."""

    line: int
    text: str
    needs: Needs | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacesRefused:
    """Nothing was taken from the text: a place left out or guessed would be worse."""

    faults: tuple[PlaceFault, ...]


class Unreadable(ValueError):
    """Raised inside this package for one fault; `parse_places` turns it into a value."""

    def __init__(self, text: str, *, line: int = 1, needs: Needs | None = None) -> None:
        """Keep the fault beside the message."""
        super().__init__(text)
        self.fault = PlaceFault(line=line, text=text, needs=needs)


def shortened(text: str) -> str:
    """`text` on one line, cut to what a name may hold."""
    flat = " ".join(text.split())
    return flat if len(flat) <= NAME_LENGTH_MAX else flat[: NAME_LENGTH_MAX - 1] + "…"


@dataclass(slots=True)
class Reading:
    """What has been read so far of a text that holds geometries, within the bounds of one paste."""

    choices: Choices
    places: list[Place] = field(default_factory=list)
    faults: list[PlaceFault] = field(default_factory=list)
    points: int = 0

    def need_place(self) -> None:
        """Refuse one place more than a paste may have."""
        if len(self.places) >= PLACES_MAX:
            raise Unreadable(f"over {PLACES_MAX} places; paste fewer")

    def count_points(self, count: int) -> None:
        """Refuse more positions than a paste may have, all places together."""
        self.points += count
        if self.points > POINTS_MAX:
            raise Unreadable(f"over {POINTS_MAX} positions; paste fewer")
