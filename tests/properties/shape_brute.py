"""Signed distances to shapes, measured the slow way by geographiclib alone, and scenes around them.

Shares no code with the product's search: edges by golden section along them, inside by the winding
of azimuths or by the definition of the shape.
"""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from geographiclib.geodesic import Geodesic
from geographiclib.geodesicline import GeodesicLine

from crosstell.core.geometry.footprint import (
    Circle,
    Corridor,
    Ellipse,
    Footprint,
    Orbit,
    OrbitSide,
    Polygon,
    RadarArc,
)
from crosstell.core.geometry.position import Position

EARTH = Geodesic.WGS84
GOLDEN = (math.sqrt(5) - 1) / 2
LatLon = tuple[float, float]

REGIONS = (
    (0.0, 10.0),
    (0.001, 180.0),
    (10.0, 179.95),
    (36.5, 40.7),
    (-52.0, -60.0),
    (70.0, -179.99),
    (88.5, 20.0),
    (89.995, -75.0),
    (-89.7, 130.0),
    (-90.0, 0.0),
)


def reach_point(start: LatLon, azimuth: float, travel_m: float) -> LatLon:
    end = EARTH.Direct(*start, azimuth, travel_m)
    return end["lat2"], end["lon2"]


def range_m(here: LatLon, there: LatLon) -> float:
    return float(EARTH.Inverse(*here, *there)["s12"])


def azimuth(here: LatLon, there: LatLon) -> float:
    return float(EARTH.Inverse(*here, *there)["azi1"])


def at(position: Position) -> LatLon:
    return position.lat_deg, position.lon_deg


def lowest(
    value: Callable[[float], float], low: float, high: float, steps: int
) -> tuple[float, float]:
    """Golden section: the place and size of the least value between low and high."""
    c, d = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
    at_c, at_d = value(c), value(d)
    for _ in range(steps):
        if at_c < at_d:
            high, d, at_d = d, c, at_c
            c = high - GOLDEN * (high - low)
            at_c = value(c)
        else:
            low, c, at_c = c, d, at_d
            d = low + GOLDEN * (high - low)
            at_d = value(d)
    return (c, at_c) if at_c < at_d else (d, at_d)


def edge_m(here: LatLon, line: GeodesicLine, steps: int) -> float:
    """The distance to an edge is convex along it: golden section finds the least."""

    def far_m(mark: float) -> float:
        point = line.Position(mark)
        return range_m(here, (point["lat2"], point["lon2"]))

    return lowest(far_m, 0.0, line.s13, steps)[1]


def nearest_m(here: LatLon, lines: list[GeodesicLine], steps: int) -> float:
    """The distance to the nearest of some edges, unless the triangle inequality excludes one."""
    best_m, bounds = math.inf, []
    for k, line in enumerate(lines):
        first, last = line.Position(0.0), line.Position(line.s13)
        a_m = range_m(here, (first["lat2"], first["lon2"]))
        b_m = range_m(here, (last["lat2"], last["lon2"]))
        best_m = min(best_m, a_m, b_m)
        bounds.append(((a_m + b_m - line.s13) / 2, k))
    for bound_m, k in sorted(bounds):
        if bound_m < best_m:
            best_m = min(best_m, edge_m(here, lines[k], steps))
    return best_m


def between(here: LatLon, there: LatLon) -> GeodesicLine:
    return EARTH.InverseLine(*here, *there)


def turns_around(here: LatLon, ring: tuple[LatLon, ...]) -> bool:
    """Whether a ring winds around a point."""
    seen = [azimuth(here, vertex) for vertex in ring]
    turn = sum((b - a + 180.0) % 360.0 - 180.0 for a, b in pairwise((*seen, seen[0])))
    return abs(turn) > 180.0


class Brute:
    """Signed distance to a footprint, measured the slow way."""

    def __init__(self, footprint: Footprint) -> None:
        self.footprint = footprint
        self.rings: list[tuple[LatLon, ...]] = []
        self.lines: list[GeodesicLine] = []
        self.half_m = 0.0
        match footprint:
            case Polygon():
                self.rings = [tuple(map(at, r)) for r in (footprint.vertices, *footprint.holes)]
                for ring in self.rings:
                    self.lines += [between(a, b) for a, b in pairwise((*ring, ring[0]))]
            case Corridor():
                self.lines = [between(at(a), at(b)) for a, b in pairwise(footprint.points)]
                self.half_m = footprint.half_width_m
            case Orbit():
                self.lines = [between(*axis_of(footprint))]
                self.half_m = footprint.width_m / 2
            case RadarArc() if (footprint.from_bearing_deg, footprint.to_bearing_deg) != (0, 360):
                for bearing in (footprint.from_bearing_deg, footprint.to_bearing_deg):
                    self.lines.append(radial(footprint, bearing))

    def signed_m(self, here: LatLon, *, steps: int = 60) -> float:
        """The signed distance; inside a corridor or an orbit, from its line."""
        match self.footprint:
            case Circle(centre=centre, radius_m=radius_m):
                return range_m(here, at(centre)) - radius_m
            case Polygon():
                far_m = nearest_m(here, self.lines, steps)
                inside = turns_around(here, self.rings[0]) and not any(
                    turns_around(here, hole) for hole in self.rings[1:]
                )
                return -far_m if inside else far_m
            case Corridor() | Orbit():
                return nearest_m(here, self.lines, steps) - self.half_m
            case RadarArc():
                return self._arc_m(self.footprint, here, steps)
            case Ellipse():
                raise TypeError("an ellipse has an oracle of its own")

    def _arc_m(self, arc: RadarArc, here: LatLon, steps: int) -> float:
        ends = EARTH.Inverse(*at(arc.centre), *here)
        sides_m = nearest_m(here, self.lines, steps) if self.lines else math.inf
        if not in_bearings(arc, ends["azi1"]):
            return sides_m
        past_m = ends["s12"] - arc.outer_radius_m
        short_m = arc.inner_radius_m - ends["s12"]
        if max(past_m, short_m) > 0.0:
            return float(max(past_m, short_m))
        rims = [past_m, -sides_m] + ([short_m] if arc.inner_radius_m > 0.0 else [])
        return float(max(rims))


def in_bearings(arc: RadarArc, bearing: float) -> bool:
    start, end = arc.from_bearing_deg, arc.to_bearing_deg
    bearing %= 360.0
    if start < end:
        return start <= bearing <= end
    return bearing >= start or bearing <= end


def radial(arc: RadarArc, bearing: float) -> GeodesicLine:
    """A radial edge, from the inner to the outer radius."""
    near = EARTH.Direct(*at(arc.centre), bearing, arc.inner_radius_m)
    line = EARTH.Line(near["lat2"], near["lon2"], near["azi2"])
    line.SetDistance(arc.outer_radius_m - arc.inner_radius_m)
    return line


def axis_of(orbit: Orbit) -> tuple[LatLon, LatLon]:
    """The axis by its definition."""
    a, b = at(orbit.first), at(orbit.second)
    if orbit.side is OrbitSide.CENTRE:
        return a, b
    leg = EARTH.Inverse(*a, *b)
    turn = -90.0 if orbit.side is OrbitSide.LEFT else 90.0
    half_m = orbit.width_m / 2
    return reach_point(a, leg["azi1"] + turn, half_m), reach_point(b, leg["azi2"] + turn, half_m)


@dataclass(frozen=True)
class Scene:
    """One course against one footprint."""

    start: Position
    track_deg: float
    speed_mps: float
    footprint: Footprint
    limit_m: float
    end_s: float

    def place(self, time_s: float) -> LatLon:
        return reach_point(at(self.start), self.track_deg, self.speed_mps * time_s)


@dataclass(frozen=True)
class Aim:
    """A point of a shape's edge and the direction out of it."""

    spot: LatLon
    out_deg: float


def spot_of(here: LatLon) -> Position:
    return Position(lat_deg=here[0], lon_deg=(here[1] + 180.0) % 360.0 - 180.0)


def a_place(rng: random.Random) -> LatLon:
    lat, lon = rng.choice(REGIONS)
    if rng.random() < 0.3:
        lat, lon = math.degrees(math.asin(rng.uniform(-1, 1))), rng.uniform(-180, 180)
    return at(Position(lat_deg=lat, lon_deg=lon))


def a_size(rng: random.Random, *, wide_m: float = 200_000.0) -> float:
    return math.exp(rng.uniform(math.log(50.0), math.log(wide_m)))


def ring_about(
    rng: random.Random, centre: LatLon, size_m: float, count: int, *, low: float
) -> tuple[Position, ...]:
    slots = [(k + rng.uniform(0.25, 0.75)) * 360.0 / count for k in range(count)]
    ring = [spot_of(reach_point(centre, a, size_m * rng.uniform(low, 1.0))) for a in slots]
    if rng.random() < 0.5:
        ring.reverse()
    return tuple(ring)


def circle(rng: random.Random) -> tuple[Circle, Aim]:
    """A circle, and a point of its rim."""
    shape = Circle(centre=spot_of(a_place(rng)), radius_m=a_size(rng, wide_m=900_000.0))
    end = EARTH.Direct(*at(shape.centre), rng.uniform(0, 360), shape.radius_m)
    return shape, Aim((end["lat2"], end["lon2"]), end["azi2"])


def holed(rng: random.Random) -> tuple[Polygon, Aim]:
    """A polygon with one or two holes, and a vertex of one of its rings."""
    centre, size_m = a_place(rng), a_size(rng)
    outer = ring_about(rng, centre, size_m, rng.randint(6, 9), low=0.8)
    holes = []
    for side in range(rng.randint(1, 2)):
        middle = reach_point(centre, 180.0 * side + rng.uniform(-20, 20), 0.28 * size_m)
        holes.append(ring_about(rng, middle, 0.18 * size_m, rng.randint(3, 5), low=0.4))
    ring = rng.choice((outer, *holes))
    vertex = at(rng.choice(ring))
    out = azimuth(vertex, centre) + 180.0
    return Polygon(vertices=outer, holes=tuple(holes)), Aim(vertex, out)


def corridor(rng: random.Random) -> tuple[Corridor, Aim]:
    """A corridor of one to five legs with any turns, and a point of its rim."""
    size_m = a_size(rng)
    spots, heading = [a_place(rng)], rng.uniform(0, 360)
    for _ in range(rng.randint(1, 5)):
        heading = azimuth(spots[-1], spots[-2]) + 180.0 if len(spots) > 1 else heading
        heading += rng.uniform(-150, 150)
        spots.append(reach_point(spots[-1], heading, size_m * rng.uniform(0.2, 1.5)))
    half_m = min(200_000.0, size_m * math.exp(rng.uniform(math.log(0.01), math.log(1.0))))
    shape = Corridor(points=tuple(map(spot_of, spots)), half_width_m=half_m)
    leg = rng.randrange(len(spots) - 1)
    return shape, beside_leg(rng, spots[leg], spots[leg + 1], shape.half_width_m)


def beside_leg(rng: random.Random, a: LatLon, b: LatLon, half_m: float) -> Aim:
    line = between(a, b)
    point = line.Position(line.s13 * rng.choice((0.0, rng.random(), 1.0)))
    out = point["azi2"] + rng.choice((90.0, -90.0, rng.uniform(0, 360)))
    end = EARTH.Direct(point["lat2"], point["lon2"], out, half_m)
    return Aim((end["lat2"], end["lon2"]), end["azi2"])


def orbit(rng: random.Random) -> tuple[Orbit, Aim]:
    """A racetrack, and a point of its rim."""
    centre, size_m = a_place(rng), a_size(rng)
    shape = Orbit(
        first=spot_of(centre),
        second=spot_of(reach_point(centre, rng.uniform(0, 360), size_m)),
        width_m=size_m * rng.uniform(0.05, 1.5),
        side=rng.choice(list(OrbitSide)),
    )
    return shape, beside_leg(rng, *axis_of(shape), shape.width_m / 2)


def radar_arc(rng: random.Random) -> tuple[RadarArc, Aim]:
    """A sector, and a point of one of its edges."""
    centre, outer_m = a_place(rng), a_size(rng, wide_m=400_000.0)
    inner_m = rng.choice((0.0, outer_m * rng.uniform(0.02, 0.98)))
    start = rng.uniform(0, 360)
    wide = rng.choice((rng.uniform(1, 90), rng.uniform(90, 359)))
    bearings = (start, (start + wide) % 360.0) if rng.random() < 0.85 else (0.0, 360.0)
    shape = RadarArc(
        centre=spot_of(centre),
        inner_radius_m=inner_m,
        outer_radius_m=outer_m,
        from_bearing_deg=bearings[0],
        to_bearing_deg=bearings[1],
    )
    bearing = rng.choice((*bearings, start + wide * rng.random()))
    radius_m, turn = rng.choice(
        (
            (shape.outer_radius_m, 0.0),
            (shape.inner_radius_m, 180.0),
            (rng.uniform(shape.inner_radius_m, shape.outer_radius_m), rng.choice((-90.0, 90.0))),
        )
    )
    end = EARTH.Direct(*at(shape.centre), bearing, radius_m)
    return shape, Aim((end["lat2"], end["lon2"]), end["azi2"] + turn)


MAKERS: dict[str, Callable[[random.Random], tuple[Footprint, Aim]]] = {
    "circle": circle,
    "holed": holed,
    "corridor": corridor,
    "orbit": orbit,
    "radar-arc": radar_arc,
}


def make_scene(rng: random.Random, kind: str) -> Scene:
    """A shape anywhere on the globe and a course that passes near its edge, often grazing it."""
    footprint, aim = MAKERS[kind](rng)
    limit_m = rng.choice((0.0, 0.0, 1.0, 926.0, 9_260.0, rng.uniform(0.0, 60_000.0)))
    size_m = 2.0 * footprint.bound_m
    shift_m = limit_m + rng.choice(
        (0.0, rng.uniform(-1, 1), rng.uniform(-50, 50), rng.uniform(-0.5, 0.2) * size_m)
    )
    via = EARTH.Direct(*aim.spot, aim.out_deg, shift_m)
    turn = rng.choice((90.0, -90.0, rng.uniform(-180, 180), rng.uniform(60, 120)))
    speed_mps = rng.choice((0.0, 15.0, 60.0, 250.0, 680.0))
    end_s = rng.choice((60.0, 600.0, 1_800.0))
    before_m = speed_mps * end_s * rng.uniform(0.0, 1.1)
    begin = EARTH.Direct(via["lat2"], via["lon2"], via["azi2"] + turn + 180.0, before_m)
    start = spot_of((begin["lat2"], begin["lon2"]))
    return Scene(start, begin["azi2"] + 180.0, speed_mps, footprint, limit_m, end_s)
