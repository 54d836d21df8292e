"""The search for a first entry against brute force by geographiclib alone (GEO-012, GEO-013).

The oracle shares no code with the search: it samples the course densely, measures each sample by
geodesics to the centre or to every edge (golden section along it), inside by the winding of
azimuths, and closes in on the lowest stretch by golden section over time.
"""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from geographiclib.geodesic import Geodesic
from geographiclib.geodesicline import GeodesicLine
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sampling import examples

from crosstell.core.geometry.approach import EDGE_M, TIE_M, Course, first_within, signed_distance_m
from crosstell.core.geometry.footprint import Circle, Footprint, Polygon
from crosstell.core.geometry.position import Position

EARTH = Geodesic.WGS84
SAMPLES = 48
GOLDEN = (math.sqrt(5) - 1) / 2
NOISE_M = 0.000_01  # of the oracle: golden section and geodesics


@dataclass(frozen=True)
class Scene:
    """One course against one footprint."""

    start: Position
    track_deg: float
    speed_mps: float
    footprint: Footprint
    limit_m: float
    end_s: float


def reach_point(lat: float, lon: float, azimuth: float, travel_m: float) -> tuple[float, float]:
    end = EARTH.Direct(lat, lon, azimuth, travel_m)
    return end["lat2"], end["lon2"]


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


class Brute:
    """Signed distance to a footprint, measured the slow way."""

    def __init__(self, footprint: Footprint) -> None:
        self.footprint = footprint
        self.edges = []
        if isinstance(footprint, Polygon):
            ring = footprint.vertices
            for a, b in zip(ring, (*ring[1:], ring[0]), strict=True):
                self.edges.append(EARTH.InverseLine(a.lat_deg, a.lon_deg, b.lat_deg, b.lon_deg))

    def signed_m(self, lat: float, lon: float, *, steps: int = 60) -> float:
        """The signed distance; an edge is searched unless the triangle inequality excludes it."""
        if isinstance(self.footprint, Circle):
            centre = self.footprint.centre
            ends = EARTH.Inverse(lat, lon, centre.lat_deg, centre.lon_deg)
            return float(ends["s12"] - self.footprint.radius_m)
        assert isinstance(self.footprint, Polygon)
        seen = [EARTH.Inverse(lat, lon, v.lat_deg, v.lon_deg) for v in self.footprint.vertices]
        turn, best_m = 0.0, float(min(view["s12"] for view in seen))
        bounds = []
        for k, line in enumerate(self.edges):
            here, there = seen[k], seen[(k + 1) % len(seen)]
            turn += (there["azi1"] - here["azi1"] + 180.0) % 360.0 - 180.0
            bounds.append(((here["s12"] + there["s12"] - line.s13) / 2, k))
        for bound_m, k in sorted(bounds):
            if bound_m < best_m:
                best_m = min(best_m, self.edge_m(lat, lon, self.edges[k], steps))
        return -best_m if abs(turn) > 180.0 else best_m

    @staticmethod
    def edge_m(lat: float, lon: float, line: GeodesicLine, steps: int) -> float:
        """The distance to an edge is convex along it: golden section finds the least."""

        def range_m(mark: float) -> float:
            point = line.Position(mark)
            return float(EARTH.Inverse(lat, lon, point["lat2"], point["lon2"])["s12"])

        return lowest(range_m, 0.0, line.s13, steps)[1]


def check(scene: Scene) -> bool:
    """Assert that the search neither misses nor invents an entry; whether there is one."""
    way = Course.of(scene.start, track_deg=scene.track_deg, speed_mps=scene.speed_mps, lead_s=0.0)
    found = first_within(
        way, scene.footprint, limit_m=scene.limit_m, start_s=0.0, end_s=scene.end_s
    )
    assert found is None or isinstance(found, float), f"{scene}: search gave up: {found}"
    brute = Brute(scene.footprint)
    line = EARTH.Line(scene.start.lat_deg, scene.start.lon_deg, scene.track_deg)

    def gap_m(time_s: float, *, steps: int = 60) -> float:
        point = line.Position(scene.speed_mps * time_s)
        return brute.signed_m(point["lat2"], point["lon2"], steps=steps) - scene.limit_m

    if found is not None:
        assert gap_m(found) <= TIE_M + EDGE_M + NOISE_M, (
            f"{scene}: false entry at {found}, gap {gap_m(found)}"
        )
    until_s = scene.end_s if found is None else found
    if until_s <= 0.0:
        return found is not None
    times = [until_s * k / SAMPLES for k in range(SAMPLES + (found is None))]
    gaps = [gap_m(time_s, steps=12) for time_s in times]
    least_m = min(gaps)
    dips = [k for k in range(len(gaps)) if gaps[k] == min(gaps[max(0, k - 1) : k + 2])]
    if found is not None and dips[-1] == len(gaps) - 1:
        dips.pop()  # the way down to the entry itself
    for k in dips:
        low, high = times[max(0, k - 1)], times[min(len(times) - 1, k + 1)]
        if gaps[k] < scene.speed_mps * (high - low):
            least_m = min(least_m, lowest(gap_m, low, high, 30)[1])
    assert least_m > TIE_M - NOISE_M, f"{scene}: {found} misses a gap of {least_m} m"
    return found is not None


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


def make_scene(rng: random.Random, *, polygon: bool, wide_m: float = 300_000.0) -> Scene:
    """A footprint anywhere on the globe and a course that passes near its edge."""
    lat, lon = rng.choice(REGIONS)
    if rng.random() < 0.3:
        lat, lon = math.degrees(math.asin(rng.uniform(-1, 1))), rng.uniform(-180, 180)
    size_m = math.exp(rng.uniform(math.log(20.0), math.log(wide_m)))
    limit_m = rng.choice((0.0, 0.0, 1.0, 926.0, 9_260.0, rng.uniform(0.0, 60_000.0)))
    centre = Position(lat_deg=lat, lon_deg=lon)
    footprint: Footprint
    if polygon:
        count = rng.randint(3, 9)
        slots = [(k + rng.uniform(0.05, 0.95)) * 360.0 / count for k in range(count)]
        corners = [
            reach_point(centre.lat_deg, centre.lon_deg, a, size_m * rng.uniform(0.3, 1.0))
            for a in slots
        ]
        if rng.random() < 0.5:
            corners.reverse()
        footprint = Polygon(vertices=tuple(Position(lat_deg=a, lon_deg=b) for a, b in corners))
        aim = rng.choice(footprint.vertices)
    else:
        footprint = Circle(centre=centre, radius_m=size_m)
        rim = reach_point(centre.lat_deg, centre.lon_deg, rng.uniform(0, 360), size_m)
        aim = Position(lat_deg=rim[0], lon_deg=rim[1])
    out = EARTH.Inverse(centre.lat_deg, centre.lon_deg, aim.lat_deg, aim.lon_deg)["azi2"]
    shift_m = limit_m + rng.choice(
        (0.0, rng.uniform(-1, 1), rng.uniform(-50, 50), rng.uniform(-2, 0.5) * size_m)
    )
    via = reach_point(aim.lat_deg, aim.lon_deg, out, shift_m)
    turn = rng.choice((90.0, -90.0, rng.uniform(-180, 180), rng.uniform(60, 120)))
    speed_mps = rng.choice((0.0, 15.0, 60.0, 250.0, 680.0))
    end_s = rng.choice((60.0, 600.0, 1_800.0))
    back = EARTH.Inverse(centre.lat_deg, centre.lon_deg, *via)["azi2"] + turn + 180.0
    begin = EARTH.Direct(*via, back, speed_mps * end_s * rng.uniform(0.0, 1.1))
    return Scene(
        Position(lat_deg=begin["lat2"], lon_deg=begin["lon2"]),
        begin["azi2"] + 180.0,
        speed_mps,
        footprint,
        limit_m,
        end_s,
    )


@settings(max_examples=examples(150), deadline=None, derandomize=True)
@given(st.integers(0, 2**32))
@example(0)
def test_circle_entries_equal_brute_force(seed: int) -> None:
    """GEO-012, GEO-013: no miss and no false entry beyond a tenth of a millimetre."""
    check(make_scene(random.Random(seed), polygon=False))


@settings(max_examples=examples(40), deadline=None, derandomize=True)
@given(st.integers(0, 2**32))
@example(0)
def test_polygon_entries_equal_brute_force(seed: int) -> None:
    """GEO-012, GEO-013: the same for polygons, their vertices grazed included."""
    check(make_scene(random.Random(seed), polygon=True))


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("polygon", [False, True])
def test_signed_distance_equals_brute_force(region: tuple[float, float], polygon: bool) -> None:
    """GEO-011: signed geodesic distance, negative inside, at poles and antimeridian alike."""
    rng = random.Random(f"{region}{polygon}")
    for _ in range(4):
        scene = make_scene(rng, polygon=polygon)
        brute = Brute(scene.footprint).signed_m(scene.start.lat_deg, scene.start.lon_deg)
        assert signed_distance_m(scene.start, scene.footprint) == pytest.approx(brute, abs=1e-4)


@pytest.mark.long
@pytest.mark.parametrize("polygon", [False, True])
def test_a_campaign_of_entries_equals_brute_force(polygon: bool) -> None:
    """GEO-013: thousands of random scenes with a fixed seed."""
    rng = random.Random(f"campaign:{polygon}")
    entered = sum(check(make_scene(rng, polygon=polygon)) for _ in range(2_000))
    assert entered > 500
