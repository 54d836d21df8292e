"""A footprint as rings of points for a map: for the eye, never for a decision.

Units: degrees, longitude first. Frame: WGS-84. The area lies to the left of every ring, holes too
(as in GeoJSON, RFC 7946, 3.1.6); the first point is not repeated. A ring's longitudes do not jump
at the antimeridian: they run on from its first point, beyond 180 where need be. Sides longer than
SIDE_M are cut.
"""

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import assert_never

from crosstell.core.geometry.footprint import (
    Circle,
    Corridor,
    Ellipse,
    Footprint,
    Orbit,
    Polygon,
    RadarArc,
)
from crosstell.core.geometry.geodesic import LatLon, along, edge_from, reached
from crosstell.core.geometry.position import Position

SIDE_M = 100_000.0
POINTS_MIN = 8

LonLat = tuple[float, float]


def outline_lonlat(footprint: Footprint, *, points: int) -> tuple[tuple[LonLat, ...], ...]:
    """The outer ring, then holes; a full circle gets `points` points. Implements GEO-049.

    Beside a sharp bend the ring of a corridor crosses itself, within the corridor.
    """
    if points < POINTS_MIN:
        raise ValueError(f"outline: {points} points to a circle; give {POINTS_MIN} or more")
    step_deg = 360.0 / points
    match footprint:
        case Circle():
            rings = [_arc(footprint.centre, footprint.radius_m, (0.0, 360.0), step_deg)[::-1]]
        case Polygon():
            rings = _area(footprint)
        case Corridor():
            rings = [_band(_spots(footprint.points), footprint.half_width_m, step_deg)]
        case Orbit():
            rings = [_band(list(footprint.axis), footprint.half_width_m, step_deg)]
        case Ellipse():
            rings = [list(footprint.corners[::-1])]
        case RadarArc():
            rings = _sector(footprint, step_deg)
        case _:
            assert_never(footprint)
    return tuple(tuple(_unrolled(ring)) for ring in rings)


def _spots(positions: tuple[Position, ...]) -> list[LatLon]:
    return [(position.lat_deg, position.lon_deg) for position in positions]


def _unrolled(ring: list[LatLon]) -> Iterator[LonLat]:
    before_deg = ring[0][1]
    for lat, lon in ring:
        before_deg += (lon - before_deg + 180.0) % 360.0 - 180.0
        yield before_deg, lat


def _area(polygon: Polygon) -> list[list[LatLon]]:
    """Every ring, turned so that the area is to its left."""
    found = []
    edge = 0
    for ring in (polygon.vertices, *polygon.holes):
        way = 1 if polygon.outline.left[edge] else -1
        found.append(_sides(_spots(ring[::way])))
        edge += len(ring)
    return found


def _sides(ring: list[LatLon]) -> list[LatLon]:
    """The ring with points between the ends of long sides."""
    found = []
    for here, there in pairwise((*ring, ring[0])):
        found += _cut(here, there)
    return found


def _cut(here: LatLon, there: LatLon) -> list[LatLon]:
    """A side from its first end up to, not with, its last."""
    line, length_m = edge_from(here, there)
    cuts = math.ceil(length_m / SIDE_M)
    return [here] + [along(line, length_m * k / cuts)[:2] for k in range(1, cuts)]


def _turn(
    start: LatLon, radius_m: float, span: tuple[float, float], step_deg: float
) -> list[LatLon]:
    """Points around `start` from one bearing to another, both told."""
    first, last = span
    count = max(1, math.ceil(abs(last - first) / step_deg))
    return [
        reached(start, track_deg=first + (last - first) * k / count, travel_m=radius_m)
        for k in range(count + 1)
    ]


def _arc(
    centre: Position, radius_m: float, span: tuple[float, float], step_deg: float
) -> list[LatLon]:
    found = _turn((centre.lat_deg, centre.lon_deg), radius_m, span, step_deg)
    return found[:-1] if span[1] - span[0] == 360.0 else found


def _band(line: list[LatLon], half_m: float, step_deg: float) -> list[LatLon]:
    """Along the right side, around the end, back along the other side, around the start."""
    spots = [spot for here, there in pairwise(line) for spot in _cut(here, there)] + [line[-1]]
    found: list[LatLon] = []
    for way in (spots, spots[::-1]):
        leaving = [edge_from(here, there)[0].azi1 for here, there in pairwise(way)]
        arriving = [edge_from(there, here)[0].azi1 + 180.0 for here, there in pairwise(way)]
        found.append(reached(way[0], track_deg=leaving[0] + 90.0, travel_m=half_m))
        for spot, came, goes in zip(way[1:-1], arriving, leaving[1:], strict=False):
            bend = (goes - came + 180.0) % 360.0 - 180.0
            found += _turn(spot, half_m, (came + 90.0, came + 90.0 + bend), step_deg)
        found += _turn(way[-1], half_m, (arriving[-1] + 90.0, arriving[-1] - 90.0), step_deg)
    return found


def _sector(arc: RadarArc, step_deg: float) -> list[list[LatLon]]:
    """A sector's one ring; all around, its circles."""
    first, last = arc.from_bearing_deg, arc.to_bearing_deg
    last = first + ((last - first) % 360.0 or 360.0)
    outer = _arc(arc.centre, arc.outer_radius_m, (first, last), step_deg)[::-1]
    if arc.inner_radius_m == 0.0:
        return [outer if arc.is_round else [*outer, (arc.centre.lat_deg, arc.centre.lon_deg)]]
    inner = _arc(arc.centre, arc.inner_radius_m, (first, last), step_deg)
    return [outer, inner] if arc.is_round else [outer + inner]
