"""Footprints: shapes on the ellipsoid. Edges are WGS-84 geodesics; a circle is geodesic too.

Units: degrees and metres. Frame: WGS-84 (see `position`).
"""

import math
from dataclasses import dataclass

from crosstell.core.geometry.position import Position

VERTICES_MAX = 1_000
RADIUS_M_MAX = 1_000_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """All points within `radius_m` of `centre` along the geodesic."""

    centre: Position
    radius_m: float

    def __post_init__(self) -> None:
        """Refuse an empty or absurd circle; quantise to the millimetre."""
        if not math.isfinite(self.radius_m) or not 0.0 < self.radius_m <= RADIUS_M_MAX:
            raise ValueError(f"circle radius {self.radius_m} m is outside 0 to {RADIUS_M_MAX} m")
        object.__setattr__(self, "radius_m", round(self.radius_m * 1_000) / 1_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Polygon:
    """The area inside a simple ring of geodesic edges; the first vertex is not repeated."""

    vertices: tuple[Position, ...]


Footprint = Circle | Polygon
