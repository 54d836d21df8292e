"""A footprint moved over the ellipsoid without turning.

Units: metres, degrees true. Every point keeps its range and its true bearing from an anchor that
travels along a geodesic, so the form is kept as a chart by range and bearing keeps it. Over
hundreds of kilometres edges change a little: who moves a footprint tests it as it has become.
"""

from dataclasses import replace

from crosstell.core.geometry.footprint import (
    Circle,
    Corridor,
    Ellipse,
    Footprint,
    Orbit,
    Polygon,
    RadarArc,
)
from crosstell.core.geometry.geodesic import destination, range_and_course
from crosstell.core.geometry.position import Position


def moved(footprint: Footprint, *, anchor: Position, to: Position) -> Footprint:
    """The footprint with each of its points as far and in the bearing from `to` as from `anchor`.

    Implements GEO-050.
    """

    def there(point: Position) -> Position:
        range_m, track_deg = range_and_course(anchor.lat_deg, anchor.lon_deg, point)
        return destination(to, track_deg=track_deg, travel_m=range_m)

    def ring(points: tuple[Position, ...]) -> tuple[Position, ...]:
        return tuple(there(point) for point in points)

    match footprint:
        case Circle() | Ellipse() | RadarArc():
            return replace(footprint, centre=there(footprint.centre))
        case Polygon():
            holes = tuple(ring(hole) for hole in footprint.holes)
            return replace(footprint, vertices=ring(footprint.vertices), holes=holes)
        case Corridor():
            return replace(footprint, points=ring(footprint.points))
        case Orbit():
            return replace(footprint, first=there(footprint.first), second=there(footprint.second))
