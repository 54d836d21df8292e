"""An ellipse on the ellipsoid. Units: degrees and metres; WGS-84.

The true figure: all points whose bearing and geodesic range from the centre, drawn on a plane
(azimuthal equidistant), lie in the plane ellipse of these axes. It is tested as a polygon around
it: in the plane the polygon's edges touch a slightly larger ellipse, so it contains the figure; a
geodesic between its vertices bows outwards from the plane's straight edge (the ellipsoid is
curved positively everywhere), so the geodesic polygon contains it too. It exceeds the figure by no
more than EXCESS_M + EXCESS_SHARE of the semi-major axis a: the corners of n edges exceed it by
a (1 / cos(pi / n) - 1) at most, the bow by (2/3) (a / R^2) e^2 / 8 for edges of length e, two
decimetres at the greatest size.
"""

import math
from dataclasses import dataclass

from crosstell.core.geometry.cartesian import Vector
from crosstell.core.geometry.geodesic import LatLon, reached
from crosstell.core.geometry.outline import Outline
from crosstell.core.geometry.position import E7, Position
from crosstell.core.geometry.shape.kept import Kept, length_of

SEMI_AXIS_M_MAX = 500_000.0
SEMI_AXIS_M_MIN = 5.0  # a thinner one has vertices nearer to each other than positions are told
EXCESS_M = 0.1
EXCESS_SHARE = 1e-4
CORNER_SHARE = 0.8  # of the excess; the rest is for the pad and the bow
PAD_M = 0.001
CORNERS_MIN = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Ellipse(Kept):
    """The ellipse about `centre` whose semi-major axis points along `orientation_deg` (true).

    The orientation is held in [0, 180): an ellipse turned by half a circle is the same.
    """

    centre: Position
    semi_major_m: float
    semi_minor_m: float
    orientation_deg: float

    def __post_init__(self) -> None:
        """Refuse what is no ellipse; quantise."""
        for name in ("semi_major", "semi_minor"):
            what = f"ellipse {name.replace('_', '-')} axis"
            held_m = length_of(getattr(self, f"{name}_m"), what=what, most_m=SEMI_AXIS_M_MAX)
            if held_m < SEMI_AXIS_M_MIN:
                raise ValueError(
                    f"{what} {held_m} m is under {SEMI_AXIS_M_MIN} m; give a circle or a corridor"
                )
            object.__setattr__(self, f"{name}_m", held_m)
        if self.semi_minor_m > self.semi_major_m:
            raise ValueError(
                f"ellipse: semi-minor axis {self.semi_minor_m} m exceeds semi-major axis "
                f"{self.semi_major_m} m; swap them and turn the orientation by 90 degrees"
            )
        if not math.isfinite(self.orientation_deg) or not -360.0 <= self.orientation_deg <= 360.0:
            raise ValueError(
                f"ellipse: orientation {self.orientation_deg} degrees: give a true bearing"
            )
        grains = round(self.orientation_deg * E7) % (180 * E7)
        object.__setattr__(self, "orientation_deg", grains / E7)

    @property
    def excess_m(self) -> float:
        """No point of the polygon is farther than this from the true figure."""
        return EXCESS_M + EXCESS_SHARE * self.semi_major_m

    @property
    def corners(self) -> tuple[LatLon, ...]:
        """The vertices of the polygon, clockwise."""
        a, b = self.semi_major_m + PAD_M, self.semi_minor_m + PAD_M
        corner_m = CORNER_SHARE * self.excess_m
        count = max(CORNERS_MIN, math.ceil(math.pi * math.sqrt(a / (2.0 * corner_m))))
        wide = 1.0 / math.cos(math.pi / count)
        start = (self.centre.lat_deg, self.centre.lon_deg)
        found = []
        for number in range(count):
            turn = 2.0 * math.pi * (number + 0.5) / count
            ahead_m, aside_m = a * wide * math.cos(turn), b * wide * math.sin(turn)
            track_deg = self.orientation_deg + math.degrees(math.atan2(aside_m, ahead_m))
            travel_m = math.hypot(ahead_m, aside_m)
            found.append(reached(start, track_deg=track_deg, travel_m=travel_m))
        return tuple(found)

    def _made(self) -> Outline:
        return Outline.around((self.corners,))

    @property
    def outline(self) -> Outline:
        """The polygon around it as short pieces, worked out once."""
        return self._once(self._made)

    @property
    def middle(self) -> Vector:
        """A point near the middle, Earth-centred; it lies below the ground."""
        return self.outline.middle

    @property
    def bound_m(self) -> float:
        """Every point of the ellipse is within this of `middle`, in a straight line."""
        return self.outline.bound_m
