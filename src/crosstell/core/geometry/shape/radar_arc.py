"""A sector of a ring about a centre (radar arc). Units: degrees and metres; WGS-84.

Symbols: r range and bearing from the centre. Within the bearings the distance to an arc is the
difference of ranges: by Gauss's lemma the radial geodesic meets the arc at a right angle, and the
triangle inequality leaves none shorter. Outside the bearings the nearest point is on a radial edge.
"""

import math
from dataclasses import dataclass

from crosstell.core.geometry.cartesian import Vector, ecef
from crosstell.core.geometry.geodesic import LatLon, polar, reached
from crosstell.core.geometry.pieces import Lines
from crosstell.core.geometry.position import E7, Position
from crosstell.core.geometry.shape.circle import RADIUS_M_MAX
from crosstell.core.geometry.shape.kept import Kept, length_of

ROUND = 360 * E7


@dataclass(frozen=True, slots=True, kw_only=True)
class RadarArc(Kept):
    """All points from `inner_radius_m` to `outer_radius_m` of `centre`, within the bearings.

    The bearings are true, at the centre, and run clockwise from `from_bearing_deg` to
    `to_bearing_deg`. All around is written 0 to 360; no other pair may be one direction. The inner
    radius may be 0; the centre then belongs to it.
    """

    centre: Position
    inner_radius_m: float
    outer_radius_m: float
    from_bearing_deg: float
    to_bearing_deg: float

    def __post_init__(self) -> None:
        """Refuse an empty or ambiguous sector; quantise."""
        outer_m = length_of(self.outer_radius_m, what="radar arc outer radius", most_m=RADIUS_M_MAX)
        if not math.isfinite(self.inner_radius_m) or self.inner_radius_m < 0.0:
            raise ValueError(f"radar arc inner radius {self.inner_radius_m} m: give 0 or more")
        inner_m = round(self.inner_radius_m * 1_000) / 1_000
        if inner_m >= outer_m:
            raise ValueError(
                f"radar arc: inner radius {inner_m} m is not below outer radius {outer_m} m; "
                "swap or correct them"
            )
        object.__setattr__(self, "inner_radius_m", inner_m)
        object.__setattr__(self, "outer_radius_m", outer_m)
        start, end = (self._grains(name) for name in ("from_bearing_deg", "to_bearing_deg"))
        if (start, end) != (0, ROUND):
            start, end = start % ROUND, end % ROUND
        if start == end:
            raise ValueError(
                f"radar arc: from and to bearing are both {start / E7} degrees; give 0 to 360 for "
                "all around"
            )
        object.__setattr__(self, "from_bearing_deg", start / E7)
        object.__setattr__(self, "to_bearing_deg", end / E7)

    def _grains(self, name: str) -> int:
        value: float = getattr(self, name)
        if not math.isfinite(value) or not 0.0 <= value <= 360.0:
            raise ValueError(f"radar arc: {name} {value} is outside 0 to 360 degrees")
        return round(value * E7)

    @property
    def is_round(self) -> bool:
        """Whether it goes all around and so has no radial edges."""
        return self.to_bearing_deg == 360.0

    @property
    def hole_m(self) -> float:
        """Range of its inner edge; minus infinity if it has none."""
        return -math.inf if self.is_round and self.inner_radius_m == 0.0 else self.inner_radius_m

    def spans(self, bearing_deg: float) -> bool:
        """Whether a bearing is within its bearings."""
        if self.is_round:
            return True
        width_deg = (self.to_bearing_deg - self.from_bearing_deg) % 360.0
        return (bearing_deg - self.from_bearing_deg) % 360.0 <= width_deg

    def _made(self) -> Lines:
        middle = self._middle()
        if self.is_round:
            return Lines.of((), middle)
        start = (self.centre.lat_deg, self.centre.lon_deg)
        edges = []
        for bearing_deg in (self.from_bearing_deg, self.to_bearing_deg):
            near, far = (
                reached(start, track_deg=bearing_deg, travel_m=radius_m)
                for radius_m in (self.inner_radius_m, self.outer_radius_m)
            )
            edges.append((near, far))
        return Lines.of(tuple(edges), middle)

    @property
    def lines(self) -> Lines:
        """The radial edges as short pieces, worked out once; none if it goes all around."""
        return self._once(self._made)

    @property
    def corners(self) -> tuple[LatLon, ...]:
        """The ends of its radial edges."""
        return tuple(corner for edge in self.lines.ends for corner in edge)

    def signed_m(self, here: LatLon) -> float:
        """The geodesic distance from a latitude and longitude to the edge; negative inside."""
        range_m, _, bearing_deg = polar(*here, self.centre)
        edges_m = self.lines.nearest(here, ecef(*here))[0]
        if not self.spans(bearing_deg):
            return edges_m
        radial_m = max(range_m - self.outer_radius_m, self.hole_m - range_m)
        return radial_m if radial_m > 0.0 else max(radial_m, -edges_m)

    def _middle(self) -> Vector:
        return ecef(self.centre.lat_deg, self.centre.lon_deg)

    @property
    def middle(self) -> Vector:
        """The centre, Earth-centred."""
        return self.lines.middle

    @property
    def bound_m(self) -> float:
        """Every point of the radar arc is within this of `middle`, in a straight line."""
        return self.outer_radius_m
