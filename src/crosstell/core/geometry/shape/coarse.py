"""A coarser area that contains a footprint: a circle about a node of a grid.

Units: degrees and metres; WGS-84. Symbols: c straight chord, d geodesic distance, m the footprint's
`middle`, b its `bound_m`, g the node.

Every point p of the footprint is within b of m in a straight line, so within |g - m| + b of g: a
chord, and no geodesic is longer than `geodesic_of_chord_m` says. The node depends on the middle
only to within a step of the grid, and the radius is rounded up to whole steps: neither tells more.
"""

import math

from crosstell.core.geometry.cartesian import (
    ECCENTRICITY_2,
    LOCAL_M_MAX,
    RADIUS_M,
    Vector,
    ecef,
    slack_m,
)
from crosstell.core.geometry.footprint import Footprint
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.shape.circle import RADIUS_M_MAX, Circle

STEP_M_MIN = 100.0
STEP_M_MAX = 200_000.0
FAR_SHARE = 1.6  # over half a great circle by its diameter, pi / 2, and the flattening
DEGREE_M = 111_320.0
COS_MIN = 0.01  # nearer to a pole the steps in longitude are this wide all the same
ROUNDING_M = 0.1  # of a position to its grain, and of the figures here


def coarse_circle(footprint: Footprint, *, step_m: float) -> Circle:
    """A circle that contains the footprint and tells no more than steps of `step_m`. REL-020.

    Raises ValueError for a step out of bounds, and for a footprint that no circle may hold.
    """
    if not math.isfinite(step_m) or not STEP_M_MIN <= step_m <= STEP_M_MAX:
        raise ValueError(
            f"coarser area: {step_m} m is no step; give {STEP_M_MIN:.0f} to {STEP_M_MAX:.0f} m"
        )
    node = _node(footprint.middle, step_m)
    chord_m = math.dist(ecef(node.lat_deg, node.lon_deg), footprint.middle) + footprint.bound_m
    steps = max(1, math.ceil((geodesic_of_chord_m(chord_m) + ROUNDING_M) / step_m))
    if steps * step_m > RADIUS_M_MAX:
        raise ValueError(
            f"coarser area: a circle about it has {steps * step_m / 1_000:.0f} km radius, at most "
            f"{RADIUS_M_MAX / 1_000:.0f} km; split the area, or take a smaller step"
        )
    return Circle(centre=node, radius_m=steps * step_m)


def geodesic_of_chord_m(chord_m: float) -> float:
    """No two points of the ellipsoid with this chord have a longer geodesic."""
    if chord_m > LOCAL_M_MAX:
        return FAR_SHARE * chord_m
    near_m = chord_m + chord_m**3 / (24.0 * RADIUS_M * RADIUS_M)
    return near_m + slack_m(near_m)


def _node(middle: Vector, step_m: float) -> Position:
    """The node of the grid that is about nearest to the point of the surface above `middle`."""
    across = math.hypot(middle[0], middle[1])
    lat_deg = math.degrees(math.atan2(middle[2], across * (1.0 - ECCENTRICITY_2)))
    lon_deg = math.degrees(math.atan2(middle[1], middle[0]))
    lat_step = step_m / DEGREE_M
    lat_deg = min(90.0, max(-90.0, round(lat_deg / lat_step) * lat_step))
    lon_step = lat_step / max(COS_MIN, math.cos(math.radians(lat_deg)))
    lon_deg = round(lon_deg / lon_step) * lon_step
    return Position(lat_deg=lat_deg, lon_deg=lon_deg + 360.0 if lon_deg < -180.0 else lon_deg)
