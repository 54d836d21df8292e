"""Footprints: shapes on the ellipsoid. Edges are WGS-84 geodesics; a circle is geodesic too.

Units: degrees and metres. Frame: WGS-84 (see `position`). A footprint is closed: its edge
belongs to it. Every shape has a `middle` (Earth-centred) and a `bound_m`: no point of it is farther
from the middle, in a straight line. An ellipse is held as stated and tested as a polygon around it.
"""

from crosstell.core.geometry.shape.circle import RADIUS_M_MAX, Circle
from crosstell.core.geometry.shape.corridor import Corridor
from crosstell.core.geometry.shape.ellipse import Ellipse
from crosstell.core.geometry.shape.orbit import Orbit, OrbitSide
from crosstell.core.geometry.shape.polygon import VERTICES_MAX, Polygon
from crosstell.core.geometry.shape.radar_arc import RadarArc

Footprint = Circle | Polygon | Corridor | Orbit | Ellipse | RadarArc

__all__ = [
    "RADIUS_M_MAX",
    "VERTICES_MAX",
    "Circle",
    "Corridor",
    "Ellipse",
    "Footprint",
    "Orbit",
    "OrbitSide",
    "Polygon",
    "RadarArc",
]
