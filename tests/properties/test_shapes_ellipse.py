"""An ellipse is tested as a polygon around it: against the figure itself, by its definition.

The true figure is drawn in range and bearing about the centre. Its distance is measured by
geographiclib to points of its rim, closed in on by golden section over the eccentric angle.
"""

import math
import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sampling import examples
from shape_brute import EARTH, LatLon, a_place, at, lowest, range_m, reach_point, spot_of

from crosstell.core.geometry.approach import (
    EDGE_M,
    OUT_M,
    TIE_M,
    Course,
    first_beyond,
    first_within,
    signed_at,
)
from crosstell.core.geometry.footprint import Circle, Ellipse

GRAIN_M = 0.000_1
MARKS = 48
seeds = st.integers(0, 2**32)


def make_ellipse(rng: random.Random) -> Ellipse:
    """Any size from 5 m to 500 km, any thinness, anywhere."""
    semi_m = math.exp(rng.uniform(math.log(5.0), math.log(500_000.0)))
    share = rng.choice((1.0, rng.random(), rng.random() ** 4))
    return Ellipse(
        centre=spot_of(a_place(rng)),
        semi_major_m=semi_m,
        semi_minor_m=max(5.0, semi_m * share),
        orientation_deg=rng.uniform(0.0, 180.0),
    )


def rim_point(shape: Ellipse, turn: float, *, wider_m: float = 0.0) -> LatLon:
    """A point of the true figure's rim, at an eccentric angle."""
    ahead_m = (shape.semi_major_m + wider_m) * math.cos(turn)
    aside_m = (shape.semi_minor_m + wider_m) * math.sin(turn)
    bearing = shape.orientation_deg + math.degrees(math.atan2(aside_m, ahead_m))
    return reach_point(at(shape.centre), bearing, math.hypot(ahead_m, aside_m))


def true_m(shape: Ellipse, here: LatLon) -> float:
    """The signed distance to the true figure."""
    polar = EARTH.Inverse(*at(shape.centre), *here)
    angle = math.radians(polar["azi1"] - shape.orientation_deg)
    ahead_m, aside_m = polar["s12"] * math.cos(angle), polar["s12"] * math.sin(angle)
    share = math.hypot(ahead_m / shape.semi_major_m, aside_m / shape.semi_minor_m)
    start = math.atan2(aside_m / shape.semi_minor_m, ahead_m / shape.semi_major_m)

    def far_m(turn: float) -> float:
        return range_m(here, rim_point(shape, turn))

    marks = [start + 2 * math.pi * k / MARKS for k in range(MARKS)]
    wide = 2 * math.pi / MARKS
    best = sorted(marks, key=far_m)[:4]  # both sides of a thin one
    rim_m = min(lowest(far_m, mark - wide, mark + wide, 40)[1] for mark in best)
    return -rim_m if share < 1.0 else rim_m


@settings(max_examples=examples(25), deadline=None)
@given(seeds)
@example(1_347_882_674)
def test_the_polygon_holds_the_figure_and_little_more(seed: int) -> None:
    """GEO-043: every point of the rim is inside; no corner is farther out than the excess."""
    rng = random.Random(seed)
    shape = make_ellipse(rng)
    for _ in range(12):
        assert signed_at(rim_point(shape, rng.uniform(0, 2 * math.pi)), shape) <= 0.0
    corners = shape.corners
    for number in rng.sample(range(len(corners)), 2):
        a, b = corners[number - 1], corners[number]
        edge = EARTH.InverseLine(*a, *b)
        point = edge.Position(edge.s13 * rng.choice((0.0, 0.5, rng.random())))
        far_m = true_m(shape, (point["lat2"], point["lon2"]))
        assert 0.0 < far_m <= shape.excess_m


def test_the_excess_is_what_is_stated() -> None:
    """GEO-043: 0.1 m and a ten thousandth of the semi-major axis."""
    shape = make_ellipse(random.Random(1))
    assert shape.excess_m == pytest.approx(0.1 + shape.semi_major_m / 10_000)


@settings(max_examples=examples(30), deadline=None)
@given(seeds)
def test_an_ellipse_with_equal_axes_is_a_circle(seed: int) -> None:
    """GEO-043: within the excess."""
    rng = random.Random(seed)
    shape = make_ellipse(rng)
    size_m = shape.semi_minor_m
    shape = Ellipse(
        centre=shape.centre, semi_major_m=size_m, semi_minor_m=size_m, orientation_deg=0.0
    )
    circle = Circle(centre=shape.centre, radius_m=size_m)
    here = reach_point(at(shape.centre), rng.uniform(0, 360), rng.uniform(0.5, 2.0) * size_m)
    more_m = signed_at(here, circle) - signed_at(here, shape)
    assert -1e-6 <= more_m <= shape.excess_m


def check(rng: random.Random) -> tuple[bool, bool]:
    """Entry and exit against the figure itself: no miss, and early by no more than the excess."""
    shape = make_ellipse(rng)
    limit_m = rng.choice((0.0, 926.0, rng.uniform(0.0, 20_000.0)))
    turn = rng.uniform(0, 2 * math.pi)
    via = rim_point(shape, turn, wider_m=limit_m + rng.uniform(-0.5, 0.1) * shape.semi_minor_m)
    track = rng.uniform(0, 360)
    speed_mps, end_s = 250.0, 8.0 * shape.semi_major_m / 250.0
    start = spot_of(reach_point(via, track + 180.0, 0.5 * end_s * speed_mps * rng.random()))
    way = Course.of(start, track_deg=track, speed_mps=speed_mps, lead_s=0.0)

    def gap_m(time_s: float) -> float:
        return true_m(shape, reach_point(at(start), track, speed_mps * time_s)) - limit_m

    entry = first_within(way, shape, limit_m=limit_m, start_s=0.0, end_s=end_s)
    assert entry is None or isinstance(entry, float)
    until_s = end_s if entry is None else entry
    times = [until_s * k / 24 for k in range(24)]
    gaps = [gap_m(time_s) for time_s in times]
    low = min(range(24), key=lambda k: gaps[k])
    least_m = gaps[low]
    if entry is None or low < 23:
        span = times[max(0, low - 1)], min(until_s, times[low] + until_s / 24)
        least_m = min(least_m, lowest(gap_m, *span, 24)[1])
    assert until_s == 0.0 or least_m > TIE_M - GRAIN_M, (shape, start, track, limit_m, entry)
    if entry is None:
        return False, False
    assert gap_m(entry) <= TIE_M + EDGE_M + shape.excess_m + GRAIN_M
    leave = first_beyond(way, shape, limit_m=limit_m, start_s=entry, end_s=end_s)
    assert leave is None or isinstance(leave, float)
    assert leave is None or gap_m(leave) >= OUT_M - EDGE_M - GRAIN_M
    return True, leave is not None


def test_entries_into_ellipses_are_those_into_the_figure() -> None:
    """GEO-013, GEO-043, GEO-047: never later, and early by no more than the excess."""
    rng = random.Random("ellipse")
    found = [check(rng) for _ in range(3)]
    assert any(entered for entered, _ in found)


@pytest.mark.long
def test_a_campaign_of_ellipses() -> None:
    """GEO-013, GEO-043, GEO-047: thirty more, with a fixed seed."""
    rng = random.Random("ellipses")
    found = [check(rng) for _ in range(30)]
    assert sum(entered for entered, _ in found) > 12
    assert sum(left for _, left in found) > 12
