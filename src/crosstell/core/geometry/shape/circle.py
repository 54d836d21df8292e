"""A circle on the ellipsoid. Units: degrees and metres; WGS-84."""

from dataclasses import dataclass

from crosstell.core.geometry.cartesian import Vector, ecef
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.shape.kept import Kept, length_of

RADIUS_M_MAX = 1_000_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle(Kept):
    """All points within `radius_m` of `centre` along the geodesic."""

    centre: Position
    radius_m: float

    def __post_init__(self) -> None:
        """Refuse an empty or absurd circle; quantise to the millimetre."""
        radius_m = length_of(self.radius_m, what="circle radius", most_m=RADIUS_M_MAX)
        object.__setattr__(self, "radius_m", radius_m)

    @property
    def middle(self) -> Vector:
        """The centre, Earth-centred; worked out once."""
        return self._once(lambda: ecef(self.centre.lat_deg, self.centre.lon_deg))

    @property
    def bound_m(self) -> float:
        """Every point of the circle is within this of `middle`, in a straight line."""
        return self.radius_m
