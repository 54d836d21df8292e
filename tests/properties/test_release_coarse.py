"""What is made coarser contains what is exact: by geodesics, and by what detection makes of both.

The oracle of containment walks the exact outline and measures each of its points to the centre of
the coarse circle with geographiclib; it knows no chord and no bound.
"""

import math
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from sampling import examples
from shape_brute import MAKERS, make_scene
from test_detection_zone_pairing import NOW, pairs
from volume_scenes import PLACES, criterion, volume

from crosstell.core.altitude import Altitude, AltitudeData, Datum, Unbounded
from crosstell.core.detection.finding import Assessed, Criterion
from crosstell.core.detection.pair.plan import pairing as plans
from crosstell.core.detection.pair.zone import pairing
from crosstell.core.geometry.cartesian import ecef
from crosstell.core.geometry.footprint import Circle, Footprint
from crosstell.core.geometry.motion import Motion
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.shape.coarse import coarse_circle, geodesic_of_chord_m
from crosstell.core.geometry.shape.drawn import outline_lonlat
from crosstell.core.geometry.volume import Volume
from crosstell.core.instant import Window, to_us
from crosstell.core.picture.releasing.coarse import Coarsening, coarse_volume, coarse_window

EARTH = Geodesic.WGS84
EPOCH = datetime(2023, 6, 1, tzinfo=UTC)
steps_m = st.sampled_from([100.0, 500.0, 1_000.0, 5_000.0, 20_000.0, 100_000.0])
steps_s = st.sampled_from([60.0, 300.0, 900.0, 3_600.0, 86_400.0])


def farthest_m(footprint: Footprint, centre: Position) -> float:
    """How far the outline of the footprint goes from the centre, along geodesics."""
    return max(
        float(
            EARTH.Inverse(lat, (lon + 180.0) % 360.0 - 180.0, centre.lat_deg, centre.lon_deg)["s12"]
        )
        for ring in outline_lonlat(footprint, points=48)
        for lon, lat in ring
    )


@given(st.sampled_from(sorted(MAKERS)), st.integers(0, 2**32), steps_m)
def test_a_coarser_area_contains_the_exact_one(kind: str, seed: int, step_m: float) -> None:
    """REL-020: every shape, anywhere; the radius and the node tell whole steps alone."""
    footprint = make_scene(random.Random(seed), kind).footprint
    try:
        circle = coarse_circle(footprint, step_m=step_m)
    except ValueError as fault:
        assert "split the area" in str(fault)  # noqa: PT017 - refused, and for that alone
        return
    assert farthest_m(footprint, circle.centre) <= circle.radius_m
    assert round(circle.radius_m * 1_000) % round(step_m * 1_000) == 0


@given(
    st.floats(-90.0, 90.0),
    st.floats(-180.0, 180.0),
    st.floats(1.0, 400_000.0),
    steps_m,
)
@example(90.0, 0.0, 10.0, 100.0)
@example(-90.0, 17.0, 5_000.0, 100_000.0)
@example(0.0, 180.0, 10.0, 5_000.0)
@example(12.0, -179.9999999, 10.0, 100_000.0)
def test_a_circle_anywhere_lies_in_its_coarser_one(
    lat_deg: float, lon_deg: float, radius_m: float, step_m: float
) -> None:
    """REL-020: also at the poles and at the antimeridian, by the ranges of two centres."""
    exact = Circle(centre=Position(lat_deg=lat_deg, lon_deg=lon_deg), radius_m=radius_m)
    coarse = coarse_circle(exact, step_m=step_m)
    apart = EARTH.Inverse(
        exact.centre.lat_deg, exact.centre.lon_deg, coarse.centre.lat_deg, coarse.centre.lon_deg
    )["s12"]
    assert apart + exact.radius_m <= coarse.radius_m + 0.001
    slack_m = 0.05 + 0.002 * radius_m + (0.6 * radius_m if radius_m > 240_000.0 else 0.0)
    assert coarse.radius_m <= radius_m + 2.2 * step_m + slack_m, "coarse, and not beyond reason"


@given(st.floats(-90, 90), st.floats(0, 360), st.floats(1.0, 19_000_000.0), st.floats(-90, 90))
def test_no_geodesic_is_longer_than_its_chord_says(
    lat: float, azimuth: float, travel_m: float, lon: float
) -> None:
    """REL-020: the bound on which containment rests, over the globe."""
    end = EARTH.Direct(lat, lon, azimuth, travel_m)
    shortest = EARTH.Inverse(lat, lon, end["lat2"], end["lon2"])["s12"]
    chord = math.dist(ecef(lat, lon), ecef(end["lat2"], end["lon2"]))
    assert shortest <= geodesic_of_chord_m(chord)


def test_neighbours_are_told_alike() -> None:
    """REL-020: places in one cell of the grid give one circle; that is what a step is for."""
    at = [
        coarse_circle(
            Circle(centre=Position(lat_deg=36.5 + k * 1e-4, lon_deg=40.7), radius_m=100.0),
            step_m=20_000.0,
        )
        for k in range(50)
    ]
    assert len(set(at)) <= 2


windows = st.tuples(st.integers(0, 10**9), st.integers(1, 10**8)).map(
    lambda pair: Window(
        start=EPOCH + timedelta(milliseconds=pair[0]),
        end=EPOCH + timedelta(milliseconds=pair[0] + pair[1]),
    )
)


@given(windows, steps_s)
def test_a_coarser_window_contains_the_exact_one_and_no_step_more(
    window: Window, step_s: float
) -> None:
    """REL-021: whole steps since 1970, each of which shares an instant with the exact window."""
    coarse = coarse_window(window, step_s=step_s)
    assert coarse.start <= window.start < window.end <= coarse.end
    step = timedelta(seconds=step_s)
    assert coarse.start + step > window.start
    assert coarse.end - step < window.end
    assert to_us(coarse.start) % round(step_s * 1e6) == 0 == to_us(coarse.end) % round(step_s * 1e6)


heights = st.floats(-1_000.0, 100_000.0)


@given(heights, heights, st.sampled_from([10.0, 100.0, 304.8, 500.0, 20_000.0]))
def test_a_coarser_band_contains_the_exact_one(low: float, high: float, step_m: float) -> None:
    """REL-022: in its own datum; what no altitude can be becomes no limit."""
    low, high = sorted((low, high))
    exact = Volume(
        footprint=Circle(centre=Position(lat_deg=0, lon_deg=0), radius_m=10.0),
        lower=Altitude(value_m=low, datum=Datum.MSL_EGM96),
        upper=Altitude(value_m=high, datum=Datum.MSL_EGM96),
        window=Window(start=EPOCH, end=EPOCH + timedelta(hours=1)),
    )
    coarse = coarse_volume(exact, Coarsening(altitude_m=step_m))
    assert isinstance(exact.lower, Altitude)
    assert isinstance(exact.upper, Altitude)
    assert isinstance(coarse.lower, Unbounded) or coarse.lower <= exact.lower
    assert isinstance(coarse.upper, Unbounded) or coarse.upper >= exact.upper
    assert (coarse.footprint, coarse.window) == (exact.footprint, exact.window)


coarsenings = st.builds(
    Coarsening,
    area_m=st.none() | steps_m,
    time_s=st.none() | steps_s,
    altitude_m=st.just(500.0) | st.just(100.0),
)


@settings(max_examples=examples(120))
@given(pairs(), coarsenings)
def test_detection_of_the_coarser_loses_no_conflict(
    scene: tuple[Motion, Volume, Criterion, AltitudeData], coarsening: Coarsening
) -> None:
    """REL-025: what infringes the exact, or may, infringes the coarser or may; and no later."""
    motion, place, rule, data = scene
    exact = pairing(motion, place, rule, now=NOW, data=data)
    assume(exact.assessed is not Assessed.CLEAR)
    wider = coarse_volume(place, coarsening)
    coarse = pairing(motion, wider, rule, now=NOW, data=data)
    assert coarse.assessed is not Assessed.CLEAR
    if exact.assessed is Assessed.INFRINGES:
        assert coarse.assessed is Assessed.INFRINGES


@settings(max_examples=examples(50))
@given(st.integers(0, 2**32), coarsenings, st.sampled_from([0.0, 500.0, 9_260.0]))
def test_two_plans_in_conflict_are_so_when_one_is_coarser(
    seed: int, coarsening: Coarsening, lateral_m: float
) -> None:
    """REL-025: between notices too, whichever of the two was made coarser."""
    rng = random.Random(seed)
    first, second = (volume(rng, PLACES[0], 4_000.0, 3_000.0) for _ in range(2))
    rule = criterion(lateral_m, 100.0)
    exact = plans(first, second, rule)
    assume(exact.assessed is not Assessed.CLEAR)
    for wider in (
        plans(coarse_volume(first, coarsening), second, rule),
        plans(first, coarse_volume(second, coarsening), rule),
    ):
        assert wider.assessed is not Assessed.CLEAR
        if exact.assessed is Assessed.INFRINGES and Assessed.INFRINGES is not wider.assessed:
            assert wider.reasons, "what is not sure says why"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({}, "names no step"),
        ({"area_m": 5.0}, "area_m 5.0 is outside"),
        ({"time_s": float("nan")}, "time_s nan is outside"),
        ({"altitude_m": 1e9}, "altitude_m 1000000000.0 is outside"),
    ],
)
def test_a_step_is_in_bounds(wrong: dict[str, float], words: str) -> None:
    """REL-023."""
    with pytest.raises(ValueError, match=words):
        Coarsening(**wrong)
    text = Coarsening(area_m=5_000.0, time_s=900.0).text
    assert text == "coarsened to: area to 5000 m, time to 900 s; it contains the exact one"
    assert replace(Coarsening(area_m=5_000.0), altitude_m=100.0).altitude_m == 100.0
