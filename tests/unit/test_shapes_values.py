"""Shapes: what is refused and how it says so, what is rounded, and what is recorded."""

import copy
import math
import pickle
from dataclasses import fields, replace
from itertools import pairwise

import pytest
import shapely
from geographiclib.geodesic import Geodesic

from crosstell.codecs.values import SignedFault, from_signed, to_signed_as
from crosstell.core.geometry.approach import signed_distance_m
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
from crosstell.core.geometry.moved import moved
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.shape.drawn import outline_lonlat
from crosstell.replay.found.sketch import _points as sketch_points

EARTH = Geodesic.WGS84
HERE = Position(lat_deg=36.5, lon_deg=40.75)
THERE = Position(lat_deg=36.9, lon_deg=41.5)
AFTER = Position(lat_deg=36.5, lon_deg=42.5)


def positions(*corners: tuple[float, float]) -> tuple[Position, ...]:
    return tuple(Position(lat_deg=lat, lon_deg=lon) for lat, lon in corners)


SQUARE = positions((0, 0), (0, 4), (4, 4), (4, 0))
HOLE = positions((1, 1), (1, 2), (2, 2), (2, 1))
OTHER = positions((3, 3), (3, 3.5), (3.5, 3))
SHAPES: dict[str, Footprint] = {
    "circle": Circle(centre=HERE, radius_m=5_000.0),
    "polygon": Polygon(vertices=SQUARE, holes=(HOLE, OTHER)),
    "corridor": Corridor(points=(HERE, THERE, AFTER), half_width_m=9_260.0),
    "orbit": Orbit(first=HERE, second=THERE, width_m=20_000.0, side=OrbitSide.LEFT),
    "ellipse": Ellipse(
        centre=HERE, semi_major_m=9_000.0, semi_minor_m=4_000.0, orientation_deg=30.0
    ),
    "radar_arc": RadarArc(
        centre=HERE,
        inner_radius_m=10_000.0,
        outer_radius_m=90_000.0,
        from_bearing_deg=300.0,
        to_bearing_deg=40.0,
    ),
}


@pytest.mark.parametrize(
    ("holes", "message"),
    [
        ((HOLE[:2],), "hole 1 has 2 vertices"),
        ((HOLE, (*OTHER, OTHER[0])), "hole 2: vertex 4 repeats vertex 1"),
        ((positions((1, 1), (2, 2), (1, 2), (2, 1)),), "edge 1 of hole 1 meets edge 3 of hole 1"),
        ((positions((1, 1), (3, 1), (2, 1)),), "runs back along"),
        ((positions((1, 1), (1, 5), (2, 1)),), "edge 2 meets edge 1 of hole 1|edge 2 meets edge 2"),
        ((positions((0, 1), (1, 1), (1, 2)),), "edge 1 meets edge . of hole 1; a hole lies inside"),
        ((positions((5, 5), (5, 6), (6, 5)),), "hole 1 lies outside the ring"),
        ((positions((5, 170), (5, 171), (6, 170)),), "hole 1 lies outside the ring"),
        ((HOLE, positions((1.5, 1.5), (1.5, 3), (3, 3))), "of hole 1 meets edge . of hole 2"),
        ((HOLE, positions((1.2, 1.2), (1.2, 1.5), (1.5, 1.2))), "hole 2 lies inside hole 1"),
        ((HOLE, HOLE), "of hole 1 meets edge . of hole 2"),
        ((tuple(positions(*((1 + k / 1e3, 1.0) for k in range(997)))),), "1001 vertices"),
    ],
    ids=[
        "two",
        "repeat",
        "bow tie",
        "flat",
        "crosses",
        "touches",
        "outside",
        "far",
        "overlap",
        "nested",
        "twice",
        "too many",
    ],
)
def test_a_hole_that_is_none_is_refused_by_name(
    holes: tuple[tuple[Position, ...], ...], message: str
) -> None:
    """GEO-020, GEO-021, GEO-026: the message names the hole, its vertex or its edges."""
    with pytest.raises(ValueError, match=message):
        Polygon(vertices=SQUARE, holes=holes)


def test_a_hole_is_outside() -> None:
    """GEO-027: whichever way the rings run; its edge belongs to the polygon."""
    for ring in (SQUARE, SQUARE[::-1]):
        for hole in (HOLE, HOLE[::-1]):
            area = Polygon(vertices=ring, holes=(hole,))
            middle = Position(lat_deg=1.5, lon_deg=1.5)
            north_m = EARTH.Inverse(1.5, 1.5, 2.0, 1.5)["s12"]
            assert signed_distance_m(middle, area) == pytest.approx(north_m, abs=10.0)
            assert signed_distance_m(Position(lat_deg=0.5, lon_deg=0.5), area) < -50_000.0
            assert abs(signed_distance_m(HOLE[0], area)) < 1e-6


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"points": (HERE,)}, "1 points; give 2 to 1000"),
        ({"points": (HERE, HERE)}, "point 2 repeats point 1"),
        ({"points": positions((0, 0), (0, 90))}, "leg 1 is 10019 km long"),
        ({"points": positions(*((0, 44 * k % 360) for k in range(6)))}, "corridor is 24490 km"),
        ({"half_width_m": 0.0}, "corridor half-width"),
        ({"half_width_m": 200_001.0}, "corridor half-width"),
        ({"half_width_m": math.nan}, "corridor half-width"),
        ({"half_width_m": 0.000_4}, "half a millimetre"),
    ],
)
def test_a_corridor_has_a_line_and_a_width(change: dict[str, object], message: str) -> None:
    """GEO-040."""
    with pytest.raises(ValueError, match=message):
        replace(SHAPES["corridor"], **change)  # type: ignore[arg-type]


def test_a_corridor_has_round_ends_and_may_return() -> None:
    """GEO-040, GEO-041: beyond its last point the rim is a half circle; a closed line is taken."""
    line = Corridor(points=positions((0, 0), (0, 1)), half_width_m=10_000.0)
    for bearing in (90.0, 45.0, 0.0):
        end = EARTH.Direct(0.0, 1.0, bearing, 15_000.0)
        here = Position(lat_deg=end["lat2"], lon_deg=end["lon2"])
        assert signed_distance_m(here, line) == pytest.approx(5_000.0, abs=0.02)
    back = Corridor(points=(*SQUARE, SQUARE[0]), half_width_m=1_000.0)
    assert signed_distance_m(Position(lat_deg=2.0, lon_deg=2.0), back) > 200_000.0
    assert signed_distance_m(Position(lat_deg=0.0, lon_deg=2.0), back) == pytest.approx(-1_000.0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"second": HERE}, "both anchors are one point"),
        ({"second": Position(lat_deg=-36.5, lon_deg=-139.0)}, "km apart"),
        ({"width_m": -1.0}, "orbit width"),
        ({"width_m": 400_001.0}, "orbit width"),
    ],
)
def test_an_orbit_has_two_anchors_and_a_width(change: dict[str, object], message: str) -> None:
    """GEO-042."""
    with pytest.raises(ValueError, match=message):
        replace(SHAPES["orbit"], **change)  # type: ignore[arg-type]


def test_the_side_of_an_orbit_is_that_of_its_first_leg() -> None:
    """GEO-042: eastwards along the equator, left is north."""
    first, second = positions((0, 0), (0, 1))
    north, south = positions((0.05, 0.5), (-0.05, 0.5))
    for side, inside in (
        (OrbitSide.LEFT, {north}),
        (OrbitSide.RIGHT, {south}),
        (OrbitSide.CENTRE, {north, south}),
    ):
        shape = Orbit(first=first, second=second, width_m=20_000.0, side=side)
        assert {p for p in (north, south) if signed_distance_m(p, shape) <= 0.0} == inside
        if side is not OrbitSide.CENTRE:
            assert abs(signed_distance_m(first, shape)) < 0.01
    wide = Orbit(first=first, second=second, width_m=20_000.0, side=OrbitSide.CENTRE)
    same = Corridor(points=(first, second), half_width_m=10_000.0)
    assert signed_distance_m(THERE, wide) == signed_distance_m(THERE, same)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"semi_minor_m": 9_001.0}, "exceeds semi-major"),
        ({"semi_minor_m": 4.9}, "under 5.0 m"),
        ({"semi_major_m": 500_001.0}, "ellipse semi-major axis"),
        ({"semi_major_m": math.inf}, "ellipse semi-major axis"),
        ({"orientation_deg": math.nan}, "orientation"),
        ({"orientation_deg": 361.0}, "orientation"),
    ],
)
def test_an_ellipse_has_two_axes_and_an_orientation(change: dict[str, float], message: str) -> None:
    """GEO-043."""
    with pytest.raises(ValueError, match=message):
        replace(SHAPES["ellipse"], **change)  # type: ignore[arg-type]


def test_an_ellipse_turned_by_half_a_circle_is_the_same() -> None:
    """GEO-043."""
    shape = SHAPES["ellipse"]
    assert isinstance(shape, Ellipse)
    for turned in (210.0, -150.0, -330.0):
        assert replace(shape, orientation_deg=turned) == shape
    assert replace(shape, orientation_deg=180.0).orientation_deg == 0.0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"inner_radius_m": 90_000.0}, "is not below outer radius"),
        ({"inner_radius_m": -1.0}, "inner radius"),
        ({"outer_radius_m": 1_000_001.0}, "outer radius"),
        ({"outer_radius_m": math.nan}, "outer radius"),
        ({"to_bearing_deg": 300.0}, "both 300.0 degrees; give 0 to 360"),
        ({"from_bearing_deg": 360.0, "to_bearing_deg": 0.0}, "both 0.0 degrees"),
        ({"from_bearing_deg": 0.0, "to_bearing_deg": 0.000_000_01}, "both 0.0 degrees"),
        ({"to_bearing_deg": 361.0}, "outside 0 to 360"),
        ({"from_bearing_deg": -1.0}, "outside 0 to 360"),
    ],
)
def test_a_radar_arc_has_radii_and_bearings(change: dict[str, float], message: str) -> None:
    """GEO-044."""
    with pytest.raises(ValueError, match=message):
        replace(SHAPES["radar_arc"], **change)  # type: ignore[arg-type]


def test_the_bearings_of_a_radar_arc_run_clockwise() -> None:
    """GEO-044: 300 to 40 goes through north; 0 to 360 is all around; 360 is north."""
    arc = SHAPES["radar_arc"]
    assert isinstance(arc, RadarArc)
    ring = replace(arc, from_bearing_deg=0.0, to_bearing_deg=360.0)
    for bearing, inside in ((0.0, True), (350.0, True), (180.0, False), (41.0, False)):
        end = EARTH.Direct(HERE.lat_deg, HERE.lon_deg, bearing, 50_000.0)
        here = Position(lat_deg=end["lat2"], lon_deg=end["lon2"])
        assert (signed_distance_m(here, arc) < 0.0) is inside
        assert signed_distance_m(here, ring) == pytest.approx(-40_000.0, abs=0.02)
    assert signed_distance_m(HERE, ring) == pytest.approx(10_000.0)
    half = replace(arc, from_bearing_deg=90.0, to_bearing_deg=360.0)
    assert half.to_bearing_deg == 0.0


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_every_shape_can_be_recorded(name: str) -> None:
    """GEO-048: decode(encode(x)) is x, from rounded fields; the tag is the shape's name."""
    signed = to_signed_as(Footprint, SHAPES[name])
    assert isinstance(signed, dict)
    assert list(signed) == [name]
    assert from_signed(Footprint, signed) == SHAPES[name]


def test_what_is_finer_than_the_grain_is_rounded() -> None:
    """GEO-048: metres to the millimetre, degrees to 1e-7."""
    shapes: tuple[Footprint, ...] = (
        Corridor(points=(HERE, THERE), half_width_m=100.000_41),
        Orbit(first=HERE, second=THERE, width_m=100.000_51, side=OrbitSide.RIGHT),
        Ellipse(centre=HERE, semi_major_m=9.000_4, semi_minor_m=9.000_3, orientation_deg=1e-8),
        RadarArc(
            centre=HERE,
            inner_radius_m=0.000_1,
            outer_radius_m=7.000_1,
            from_bearing_deg=1 / 3,
            to_bearing_deg=2 / 3,
        ),
    )
    for shape in shapes:
        assert from_signed(Footprint, to_signed_as(Footprint, shape)) == shape


def test_a_recorded_shape_that_breaks_a_rule_names_its_path() -> None:
    """GEO-048: what another party recorded is checked like anything else."""
    signed = to_signed_as(Footprint, SHAPES["corridor"])
    signed["corridor"]["half_width_mm"] = 0  # type: ignore[index, call-overload]
    with pytest.raises(SignedFault, match="corridor: corridor half-width"):
        from_signed(Footprint, signed)


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_what_is_kept_beside_a_shape_is_no_part_of_it(name: str) -> None:
    """GEO-048: equality, copies and pickles know the fields alone."""
    shape = SHAPES[name]
    middle = shape.middle
    for again in (copy.copy(shape), copy.deepcopy(shape), pickle.loads(pickle.dumps(shape))):  # noqa: S301
        assert again == shape
        assert hash(again) == hash(shape)
        assert again.middle == middle
        assert again.bound_m == shape.bound_m
    assert all(not field.name.startswith("_") for field in fields(shape))


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_what_is_drawn_is_the_shape(name: str) -> None:
    """GEO-049: every point lies on the edge; the area is to the left of each ring."""
    shape = SHAPES[name]
    rings = outline_lonlat(shape, points=64)
    slack_m = 5_000.0 if name == "corridor" else 0.02  # beside a bend the ring is inside
    for ring in rings:
        for lon, lat in ring:
            far_m = signed_distance_m(Position(lat_deg=lat, lon_deg=lon), shape)
            assert -slack_m * (name == "corridor") - 0.02 <= far_m <= 0.02
    if name != "corridor":
        area = shapely.Polygon(rings[0], rings[1:])
        assert area.is_valid
        assert area.exterior.is_ccw
        assert not any(hole.is_ccw for hole in area.interiors)


def test_a_drawn_ring_does_not_jump_at_the_antimeridian() -> None:
    """GEO-049."""
    circle = Circle(centre=Position(lat_deg=10.0, lon_deg=179.9), radius_m=90_000.0)
    ((first, *rest),) = outline_lonlat(circle, points=32)
    assert all(abs(a[0] - b[0]) < 1.0 for a, b in pairwise((first, *rest, first)))
    with pytest.raises(ValueError, match="give 8 or more"):
        outline_lonlat(circle, points=7)


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_a_moved_shape_keeps_ranges_and_bearings(name: str) -> None:
    """GEO-050: from the anchor to every point that states it."""
    to = Position(lat_deg=-12.0, lon_deg=179.5)
    shape = SHAPES[name]
    if name == "polygon":
        shape = Polygon(
            vertices=positions((36, 40), (36, 42), (38, 41)),
            holes=(positions((36.5, 40.8), (36.5, 41.2), (37, 41)),),
        )
    before, after = stated_points(shape), stated_points(moved(shape, anchor=HERE, to=to))
    assert len(before) == len(after)
    for old, new in zip(before, after, strict=True):
        was = EARTH.Inverse(HERE.lat_deg, HERE.lon_deg, old.lat_deg, old.lon_deg)
        now = EARTH.Inverse(to.lat_deg, to.lon_deg, new.lat_deg, new.lon_deg)
        assert now["s12"] == pytest.approx(was["s12"], abs=0.02)
        if was["s12"] > 1.0:
            assert abs((now["azi1"] - was["azi1"] + 180.0) % 360.0 - 180.0) < 1e-4


def stated_points(shape: Footprint) -> tuple[Position, ...]:
    match shape:
        case Polygon():
            return (*shape.vertices, *(vertex for hole in shape.holes for vertex in hole))
        case Corridor():
            return shape.points
        case Orbit():
            return (shape.first, shape.second)
        case Circle() | Ellipse() | RadarArc():
            return (shape.centre,)


def test_a_sector_is_drawn_with_its_centre_or_its_hole() -> None:
    """GEO-049: four kinds of ring."""
    arc = SHAPES["radar_arc"]
    assert isinstance(arc, RadarArc)
    wedge = replace(arc, inner_radius_m=0.0)
    ring = replace(arc, from_bearing_deg=0.0, to_bearing_deg=360.0)
    disc = replace(ring, inner_radius_m=0.0)
    rings = [outline_lonlat(shape, points=36) for shape in (arc, wedge, ring, disc)]
    assert [len(found) for found in rings] == [1, 1, 2, 1]
    assert rings[1][0][-1] == pytest.approx((HERE.lon_deg, HERE.lat_deg))
    for found in rings:
        area = shapely.Polygon(found[0], found[1:])
        assert area.is_valid
        assert area.exterior.is_ccw
        assert not any(hole.is_ccw for hole in area.interiors)


def test_a_map_shows_a_hole_by_a_cut() -> None:
    """GEO-049: one ring with the hole's area left out; a plain ring is drawn as it is."""
    shape = Polygon(vertices=SQUARE, holes=(HOLE,))
    drawn = [(spot.lon_deg, spot.lat_deg) for spot in sketch_points(shape)]
    whole, hole = (shapely.Polygon((v.lon_deg, v.lat_deg) for v in r) for r in (SQUARE, HOLE))
    area = sum(a[0] * b[1] - a[1] * b[0] for a, b in pairwise((*drawn, drawn[0]))) / 2
    assert area == pytest.approx(whole.area - hole.area, rel=1e-3)
    plain = sketch_points(Polygon(vertices=SQUARE))
    assert [(spot.lat_deg, spot.lon_deg) for spot in plain] == [
        (vertex.lat_deg, vertex.lon_deg) for vertex in SQUARE
    ]
    centre = sketch_points(SHAPES["circle"])
    assert [(spot.lat_deg, spot.lon_deg) for spot in centre] == [(HERE.lat_deg, HERE.lon_deg)]
