"""Distances, polygons and the search, over all the globe."""

import math
import random
from dataclasses import replace

import pytest
import shapely
from geographiclib.geodesic import Geodesic
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from sampling import examples
from test_detection_zone_oracle import Brute, Scene, make_scene

from crosstell.core.geometry import approach
from crosstell.core.geometry.approach import (
    EDGE_M,
    TIE_M,
    Course,
    Undecided,
    chord_bound_m,
    first_within,
    signed_distance_m,
)
from crosstell.core.geometry.cartesian import LOCAL_M_MAX, ecef
from crosstell.core.geometry.footprint import Circle, Footprint, Polygon
from crosstell.core.geometry.position import Position

EARTH = Geodesic.WGS84
seeds = st.integers(0, 2**32)


def turned(position: Position, by_deg: float) -> Position:
    lon = (position.lon_deg + by_deg + 180.0) % 360.0 - 180.0
    return Position(lat_deg=position.lat_deg, lon_deg=lon)


def search(scene: Scene) -> float | None:
    way = Course.of(scene.start, track_deg=scene.track_deg, speed_mps=scene.speed_mps, lead_s=0.0)
    found = first_within(
        way, scene.footprint, limit_m=scene.limit_m, start_s=0.0, end_s=scene.end_s
    )
    assert not isinstance(found, Undecided)
    return found


@settings(max_examples=examples(120))
@given(seeds, st.floats(0.0, 600_000.0))
def test_fast_distances_keep_their_slack(seed: int, far_m: float) -> None:
    """GEO-010: against geographiclib, beside and beyond the ends of every piece."""
    rng = random.Random(seed)
    polygon = make_scene(rng, polygon=True, wide_m=60_000.0).footprint
    assert isinstance(polygon, Polygon)
    corner = rng.choice(polygon.vertices)
    here = EARTH.Direct(corner.lat_deg, corner.lon_deg, rng.uniform(0, 360), far_m)
    at = (here["lat2"], here["lon2"])
    nears = list(polygon.outline.near(ecef(*at)))
    for near in rng.sample(nears, min(3, len(nears))):
        piece = near.piece
        a, b = (
            polygon.vertices[piece.edge],
            polygon.vertices[(piece.edge + 1) % len(polygon.vertices)],
        )
        line = EARTH.InverseLine(a.lat_deg, a.lon_deg, b.lat_deg, b.lon_deg)
        marks = (piece.start_m, min(line.s13, piece.start_m + piece.length_m * 1.000_001))
        exact_m = least_on(line, marks, at)
        assert near.distance_m - near.slack_m <= exact_m
        if near.distance_m < LOCAL_M_MAX:
            assert abs(near.distance_m - exact_m) <= near.slack_m


def least_on(line: object, marks: tuple[float, float], at: tuple[float, float]) -> float:
    """The distance to a stretch of a geodesic, by ternary search."""
    low, high = marks

    def range_m(mark: float) -> float:
        point = line.Position(mark)  # type: ignore[attr-defined]
        return float(EARTH.Inverse(*at, point["lat2"], point["lon2"])["s12"])

    for _ in range(50):
        third = (high - low) / 3
        if range_m(low + third) < range_m(high - third):
            high -= third
        else:
            low += third
    return range_m(low)


@given(seeds, st.booleans())
def test_the_chord_never_exceeds_the_distance(seed: int, polygon: bool) -> None:
    """GEO-012: near and at the other end of the world."""
    rng = random.Random(seed)
    scene = make_scene(rng, polygon=polygon, wide_m=900_000.0)
    lat, lon = math.degrees(math.asin(rng.uniform(-1, 1))), rng.uniform(-180, 180)
    for here in (scene.start, Position(lat_deg=lat, lon_deg=lon)):
        bound_m = chord_bound_m(here, scene.footprint)
        assert bound_m <= signed_distance_m(here, scene.footprint) + 1e-6


@settings(max_examples=examples(100))
@given(seeds, st.booleans(), st.floats(-360.0, 360.0))
@example(0, False, 180.0)
def test_turning_the_globe_changes_nothing(seed: int, polygon: bool, by_deg: float) -> None:
    """GEO-016: the same scene anywhere in longitude has the same entry."""
    by_deg = round(by_deg, 7)
    scene = make_scene(random.Random(seed), polygon=polygon)
    shape: Footprint
    if isinstance(scene.footprint, Circle):
        shape = replace(scene.footprint, centre=turned(scene.footprint.centre, by_deg))
    else:
        assert isinstance(scene.footprint, Polygon)
        shape = Polygon(vertices=tuple(turned(v, by_deg) for v in scene.footprint.vertices))
    moved = replace(scene, start=turned(scene.start, by_deg), footprint=shape)
    before, after = search(scene), search(moved)
    if before is None or after is None:
        assert before is after or is_graze(scene, before, after)
    else:
        assert abs(before - after) < 1e-6 or is_graze(scene, before, after)


def is_graze(scene: Scene, first: float | None, second: float | None) -> bool:
    """Whether the earlier of two answers is a contact within rounding of the limit."""
    time_s = min(t for t in (first, second) if t is not None)
    line = EARTH.Line(scene.start.lat_deg, scene.start.lon_deg, scene.track_deg)
    point = line.Position(scene.speed_mps * time_s)
    gap_m = Brute(scene.footprint).signed_m(point["lat2"], point["lon2"]) - scene.limit_m
    return abs(gap_m - TIE_M) <= 2 * EDGE_M


@settings(max_examples=examples(100))
@given(seeds, st.integers(0, 8), st.booleans())
def test_where_a_ring_starts_and_which_way_it_runs_is_the_same(
    seed: int, shift: int, back: bool
) -> None:
    """GEO-016."""
    scene = make_scene(random.Random(seed), polygon=True)
    assert isinstance(scene.footprint, Polygon)
    corners = scene.footprint.vertices
    shift %= len(corners)
    other = corners[shift:] + corners[:shift]
    again = Polygon(vertices=other[::-1] if back else other)
    assert signed_distance_m(scene.start, again) == pytest.approx(
        signed_distance_m(scene.start, scene.footprint), abs=1e-6
    )
    before, after = search(scene), search(replace(scene, footprint=again))
    if before is None or after is None:
        assert before is after or is_graze(scene, before, after)
    else:
        assert abs(before - after) < 1e-3 or is_graze(scene, before, after)


@settings(max_examples=examples(100))
@given(seeds, st.booleans(), st.floats(0.0, 20_000.0), st.floats(1.0, 3.0))
def test_more_limit_and_more_time_never_lose(
    seed: int, polygon: bool, wider_m: float, longer: float
) -> None:
    """GEO-017."""
    scene = make_scene(random.Random(seed), polygon=polygon)
    before = search(scene)
    assume(before is not None)
    assert before is not None
    more = search(replace(scene, limit_m=scene.limit_m + wider_m, end_s=scene.end_s * longer))
    assert more is not None
    assert more <= before + 1e-9 or (wider_m < 2 * EDGE_M and more < before + 1.0)


@pytest.mark.parametrize(("beyond_m", "within"), [(0.0, True), (0.000_4, True), (0.002, False)])
def test_a_distance_equal_to_the_limit_is_within(beyond_m: float, within: bool) -> None:
    """GEO-014: an exact tie, standing still and passing along the limit."""
    centre = Position(lat_deg=0.0, lon_deg=0.0)
    start = Position(lat_deg=0.0, lon_deg=-1.0)
    away_m = EARTH.Inverse(0.0, -1.0, 0.0, 0.0)["s12"]
    circle = Circle(centre=centre, radius_m=100_000.0)
    still = Scene(start, 90.0, 0.0, circle, away_m - beyond_m - circle.radius_m, 60.0)
    assert (search(still) is not None) is within
    moving = replace(still, track_deg=0.0, speed_mps=100.0)  # square to it: nearest at the start
    assert (search(moving) is not None) is within


def test_a_search_that_reaches_its_bound_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """GEO-015."""
    monkeypatch.setattr(approach, "STEPS_MAX", 1)
    way = Course.of(Position(lat_deg=0.0, lon_deg=0.0), track_deg=80.0, speed_mps=100.0, lead_s=0.0)
    circle = Circle(centre=Position(lat_deg=0.0, lon_deg=1.0), radius_m=50_000.0)
    found = first_within(way, circle, limit_m=0.0, start_s=0.0, end_s=3_600.0)
    assert isinstance(found, Undecided)
    assert 0.0 < found.at_s < 3_600.0


@settings(max_examples=examples(300))
@given(
    st.lists(
        st.tuples(st.integers(-40, 40), st.integers(-40, 40)), min_size=3, max_size=7, unique=True
    ),
    st.sampled_from([(0.0, 0.0), (36.5, 40.7), (-51.7, 179.998), (10.0, -180.0)]),
)
@example([(0, 0), (4, 4), (4, 0), (0, 4)], (0.0, 0.0))
def test_validity_is_that_of_shapely(
    corners: list[tuple[int, int]], place: tuple[float, float]
) -> None:
    """GEO-022, GEO-023: on a grid of 10 m, no three vertices in one line."""
    flat = shapely.Polygon(corners)
    assume(not nearly_valid(corners))
    assert is_taken(corners, place) is flat.is_valid


def is_taken(corners: list[tuple[int, int]], place: tuple[float, float]) -> bool:
    """Whether the ring, laid out in 1e-4 degree from `place`, is a polygon to us."""
    ring = tuple(
        turned(Position(lat_deg=place[0] + y * 1e-4, lon_deg=0.0), place[1] + x * 1e-4)
        for x, y in corners
    )
    try:
        Polygon(vertices=ring)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize(
    ("corners", "valid"),
    [
        ([(0, 0), (10, 0), (5, 0)], False),
        ([(0, 0), (0, 8), (0, 4), (5, 4)], False),
        ([(0, 0), (0, 4), (0, 8), (5, 4)], True),
        ([(0, 0), (0, 4), (4, 4), (0, 2), (4, 0)], False),
    ],
    ids=["flat", "spike", "vertex in line", "touching vertex"],
)
def test_three_in_line_on_a_meridian(corners: list[tuple[int, int]], valid: bool) -> None:
    """GEO-022, GEO-023: where rounding cannot hide it; shapely says the same."""
    assert shapely.Polygon(corners).is_valid is valid
    assert is_taken(corners, (0.0, 0.0)) is valid


def nearly_valid(corners: list[tuple[int, int]]) -> bool:
    """Whether three vertices lie in one line: there a grain of the position decides."""
    return any(
        (b[0] - a[0]) * (c[1] - a[1]) == (b[1] - a[1]) * (c[0] - a[0])
        for i, a in enumerate(corners)
        for j, b in enumerate(corners[:i])
        for c in corners[:j]
    )


def test_long_edges_are_geodesics() -> None:
    """GEO-025: the great northern arc of a 60 degree edge, not the parallel, is the edge."""
    polygon = Polygon(
        vertices=(
            Position(lat_deg=50.0, lon_deg=-30.0),
            Position(lat_deg=50.0, lon_deg=30.0),
            Position(lat_deg=20.0, lon_deg=0.0),
        )
    )
    top = EARTH.InverseLine(50.0, -30.0, 50.0, 30.0)
    point = top.Position(top.s13 / 2)
    assert point["lat2"] > 53.0
    for lat, inside in ((point["lat2"] - 0.001, True), (point["lat2"] + 0.001, False)):
        here = Position(lat_deg=lat, lon_deg=point["lon2"])
        assert (signed_distance_m(here, polygon) < 0.0) is inside
        assert abs(signed_distance_m(here, polygon)) == pytest.approx(111.3, abs=0.3)


def test_signed_distance_has_known_values() -> None:
    """GEO-011: one degree of the equator is a / 57.29..., and a pole lies inside its cap."""
    circle = Circle(centre=Position(lat_deg=0.0, lon_deg=179.5), radius_m=1_000.0)
    there = Position(lat_deg=0.0, lon_deg=-179.5)
    assert signed_distance_m(there, circle) == pytest.approx(110_319.490_8, abs=1e-3)
    cap = Polygon(
        vertices=tuple(Position(lat_deg=89.0, lon_deg=lon) for lon in (0.0, 90.0, 180.0, -90.0))
    )
    pole = Position(lat_deg=90.0, lon_deg=0.0)
    assert signed_distance_m(pole, cap) == pytest.approx(-78_984.0, abs=50.0)
    assert signed_distance_m(Position(lat_deg=-90.0, lon_deg=0.0), cap) > 1.9e7


def test_beside_an_edge_the_geodesic_decides_the_side() -> None:
    """GEO-011, GEO-013: within centimetres of the middle of an edge, where the picture errs."""
    corners = ((45.0, 10.0), (45.0, 10.25), (44.9, 10.25), (44.9, 10.0))
    square = Polygon(vertices=tuple(Position(lat_deg=a, lon_deg=b) for a, b in corners))
    brute = Brute(square)
    top = EARTH.InverseLine(45.0, 10.0, 45.0, 10.25)
    middle = top.Position(top.s13 / 2)
    sides = set()
    for k in range(-40, 41):
        here = Position(lat_deg=middle["lat2"] + k * 1e-7, lon_deg=middle["lon2"])
        exact_m = brute.signed_m(here.lat_deg, here.lon_deg, steps=80)
        assert signed_distance_m(here, square) == pytest.approx(exact_m, abs=1e-5)
        still = Scene(here, 0.0, 0.0, square, 0.0, 60.0)
        assert (search(still) is not None) is (exact_m <= TIE_M)
        sides.add(exact_m <= TIE_M)
    assert sides == {True, False}
