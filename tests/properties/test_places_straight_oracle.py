"""Drawn straight in longitude and latitude, read with geodesic edges: nothing drawn is lost.

The oracle samples what was drawn and asks geographiclib, through the outline's own exact distance.
"""

import math
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sampling import examples

from crosstell.codecs.geo.places import Area, Unreadable
from crosstell.codecs.geo.straight import LonLat, area_of, deviation_m, way_of
from crosstell.core.geometry.geodesic import edge_from, foot
from crosstell.core.geometry.position import Position

SAMPLES = 13


def sampled(line: tuple[LonLat, ...]) -> list[LonLat]:
    """Points along the straight lines, corners included."""
    found = []
    for (lon, lat), (to_lon, to_lat) in pairwise(line):
        found += [
            (lon + (to_lon - lon) * k / SAMPLES, lat + (to_lat - lat) * k / SAMPLES)
            for k in range(SAMPLES + 1)
        ]
    return found


def apart_m(point: LonLat, line: tuple[LonLat, ...]) -> float:
    """About how far a point is from the straight lines: the nearest of many short chords."""
    best_m = math.inf
    for (lon, lat), (to_lon, to_lat) in pairwise(line):
        dlon, dlat = to_lon - lon, to_lat - lat
        scale = math.cos(math.radians(point[1]))
        x, y = (point[0] - lon) * scale, point[1] - lat
        ux, uy = dlon * scale, dlat
        share = min(1.0, max(0.0, (x * ux + y * uy) / (ux * ux + uy * uy)))
        best_m = min(best_m, math.hypot(x - share * ux, y - share * uy) * 111_700.0)
    return best_m


@st.composite
def rings(draw: st.DrawFn, size_m_max: float) -> tuple[LonLat, ...]:
    """A star about a middle anywhere but near the poles, either way round."""
    lat = draw(st.floats(-80.0, 80.0))
    lon = draw(st.floats(-180.0, 180.0))
    size_deg = 10 ** draw(st.floats(1.0, math.log10(size_m_max))) / 111_000.0
    count = draw(st.integers(3, 9))
    turn = draw(st.floats(0.0, 1.0))
    shares = [draw(st.floats(0.4, 1.0)) for _ in range(count)]
    points = [
        (
            round(lon + size_deg * share * math.cos(angle) / math.cos(math.radians(lat)), 9),
            round(lat + size_deg * share * math.sin(angle), 9),
        )
        for share, angle in zip(
            shares, ((k + turn) * 2 * math.pi / count for k in range(count)), strict=True
        )
    ]
    assume(max(abs(y) for _, y in points) < 88.0)
    return tuple(points if draw(st.booleans()) else points[::-1])


def read(drawn: tuple[tuple[LonLat, ...], ...], *, cuts: bool) -> Area:
    """The area; a ring so narrow that its edges meet when it is widened is no example."""
    try:
        return area_of(drawn, cuts=cuts)[0]
    except Unreadable as refused:
        said = str(refused)
    assume(not any(one in said for one in ("run into each other", "meets", "crosses")))
    raise AssertionError(said)


@settings(max_examples=examples(40))
@given(rings(size_m_max=500_000.0))
def test_plc_040_041_all_that_was_drawn_lies_inside(ring: tuple[LonLat, ...]) -> None:
    area = read((ring,), cuts=True)
    for lon, lat in sampled((*ring, ring[0])):
        assert area.polygon.outline.signed_m((lat, lon)) < 0.0


@settings(max_examples=examples(40))
@given(rings(size_m_max=60_000.0))
def test_plc_061_both_ways_of_drawing_lie_inside(ring: tuple[LonLat, ...]) -> None:
    area = read((ring,), cuts=False)
    outline = area.polygon.outline
    for lon, lat in sampled((*ring, ring[0])):
        assert outline.signed_m((lat, lon)) < 0.0
    for here, there in pairwise((*ring, ring[0])):
        line, length_m = edge_from(here[::-1], there[::-1])
        for k in range(SAMPLES + 1):
            point = line.Position(length_m * k / SAMPLES)
            assert outline.signed_m((point["lat2"], point["lon2"])) < 0.0


@settings(max_examples=examples(40))
@given(rings(size_m_max=300_000.0))
def test_plc_040_it_is_wider_by_no_more_than_it_says(ring: tuple[LonLat, ...]) -> None:
    area = read((ring,), cuts=True)
    assert area.widened_m <= 0.25 or len(area.polygon.vertices) > 200
    drawn = (*ring, ring[0])
    middle = sum(x for x, _ in ring) / len(ring)
    for vertex in area.polygon.vertices:
        lon = vertex.lon_deg + 360.0 * round((middle - vertex.lon_deg) / 360.0)
        assert apart_m((lon, vertex.lat_deg), drawn) <= area.widened_m * 1.01 + 0.02


@settings(max_examples=examples(40))
@given(rings(size_m_max=200_000.0), st.floats(0.05, 0.6))
def test_plc_042_nothing_outside_a_hole_is_lost_to_it(
    ring: tuple[LonLat, ...], share: float
) -> None:
    x0, y0 = (sum(point[i] for point in ring) / len(ring) for i in (0, 1))
    hole = tuple(
        (round(x0 + share * (x - x0), 9), round(y0 + share * (y - y0), 9)) for x, y in ring
    )
    area = read((ring, hole), cuts=True)
    for lon, lat in sampled((*hole, hole[0])):
        assert area.polygon.outline.signed_m((lat, lon)) < 0.0


@settings(max_examples=examples(12))
@given(rings(size_m_max=200_000.0))
def test_plc_040_a_way_holds_all_within_its_width(ring: tuple[LonLat, ...]) -> None:
    way = way_of(ring, width_m=100.0)
    half_m = way.corridor.half_width_m
    assert half_m == pytest.approx(50.0 + way.widened_m)
    points = way.corridor.points
    for lon, lat in sampled(ring)[:: SAMPLES // 4]:
        assert min(_off_m((lat, lon), a, b) for a, b in pairwise(points)) <= half_m - 50.0


def _off_m(point: tuple[float, float], a: Position, b: Position) -> float:
    line, length_m = edge_from((a.lat_deg, a.lon_deg), (b.lat_deg, b.lon_deg))
    return foot(*point, line, length_m, guess_m=length_m / 2)[0]


@given(st.floats(-88.0, 88.0), st.floats(-4.0, 4.0), st.floats(-4.0, 4.0), st.floats(0.0, 1.0))
def test_plc_041_the_bound_of_an_edge_holds(
    lat: float, dlat: float, dlon: float, share: float
) -> None:
    assume(abs(lat + dlat) < 88.0 and math.hypot(dlat, dlon) > 1e-4)
    bound_m = deviation_m((10.0, lat), (10.0 + dlon, lat + dlat))
    line, length_m = edge_from((lat, 10.0), (lat + dlat, 10.0 + dlon))
    at = (lat + share * dlat, 10.0 + share * dlon)
    off_m, _, _ = foot(*at, line, length_m, guess_m=share * length_m)
    assert off_m <= bound_m + 1e-3


def test_plc_042_a_hole_too_small_is_filled_and_doubted() -> None:
    ring = ((40.0, 36.0), (41.0, 36.0), (41.0, 37.0), (40.0, 37.0))
    hole = tuple((40.5 + x * 1e-7, 36.5 + y * 1e-7) for x, y in ((0, 0), (5, 0), (5, 5), (0, 5)))
    area, doubts = area_of((ring, hole))
    assert area.polygon.holes == ()
    assert any("hole 1" in doubt for doubt in doubts)


@pytest.mark.parametrize(
    ("ring", "said"),
    [
        (((170.0, 36.0), (-170.0, 36.0), (-170.0, 37.0)), "antimeridian"),
        (((40.0, 36.0), (41.0, 89.5), (42.0, 36.0)), "pole"),
        (((40.0, 36.0), (41.0, 36.0)), "3 or more"),
        (tuple((40.0 + k / 1e4, 36.0 + (k % 2) / 1e2) for k in range(1_100)), "split it"),
        (
            ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.5 + 1e-7, 1.0), (0.5, 0.5), (0.5 - 1e-7, 1.0)),
            "run into each other|meets|crosses",
        ),
    ],
)
def test_plc_043_044_what_cannot_be_widened_is_refused(ring: tuple[LonLat, ...], said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        area_of((ring,))


def test_plc_040_across_the_antimeridian_with_longitudes_that_run_on() -> None:
    area, _ = area_of((((170.0, 36.0), (190.0, 36.0), (190.0, 40.0), (170.0, 40.0)),))
    assert area.polygon.outline.signed_m((38.0, -175.0)) < 0.0
