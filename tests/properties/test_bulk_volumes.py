"""ORA-003. Volumes over arrays against the exact pairing of every two (BLV-010, BLV-020 and on)."""

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import combinations

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sampling import seeds
from track_scenes import motion
from volume_scenes import ANYTIME, DATA, NOW, PLACES, criterion, ring, volume

from crosstell.core.altitude import Datum
from crosstell.core.detection.bulk.columns import TrackColumns
from crosstell.core.detection.bulk.entry.entering import SAME_S
from crosstell.core.detection.bulk.gaps import flat_to_ring
from crosstell.core.detection.bulk.kernel import KERNEL, Kernel
from crosstell.core.detection.bulk.plans import CODES, PlanPairs, overlaps
from crosstell.core.detection.bulk.volumes import VolumeColumns, volume_columns
from crosstell.core.detection.bulk.zones import Tuning, ZoneEntries, entries
from crosstell.core.detection.finding import Criterion
from crosstell.core.detection.pair.plan import pairing
from crosstell.core.detection.pair.reach import SMALL_DRONE
from crosstell.core.detection.pair.zone import pairing as zone_pairing
from crosstell.core.geometry.approach import signed_distance_m
from crosstell.core.geometry.cartesian import RADIUS_M, SLACK_SHARE, ecef
from crosstell.core.geometry.footprint import Circle, Footprint, Polygon
from crosstell.core.geometry.geodesic import destination
from crosstell.core.geometry.motion import Motion, Velocity
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.volume import Volume
from crosstell.core.instant import Window

EARTH = Geodesic.WGS84
Aimed = tuple[list[Motion], Volume, Criterion]
PATHS = [None] if KERNEL is None else [None, KERNEL]


def scene(seed: int, count: int = 14) -> tuple[list[Volume], list[int], Criterion]:
    """Some volumes near one place, their parties, and a rule."""
    rng = random.Random(seed)
    place = rng.choice(PLACES)
    widest_m = rng.choice((300.0, 5_000.0, 60_000.0))
    volumes = [
        volume(rng, place, 4.0 * widest_m, widest_m * rng.choice((0.02, 0.3, 1.0)))
        for _ in range(count)
    ]
    parties = [rng.randint(-1, 4) for _ in range(count)]
    return volumes, parties, criterion(rng.choice((0.0, 100.0, 9_260.0)), rng.choice((0.0, 30.0)))


def columns(volumes: Sequence[Volume], parties: Sequence[int]) -> VolumeColumns:
    return volume_columns(volumes, parties=parties, datum=Datum.MSL_EGM96, data=DATA)


def told(pairs: PlanPairs) -> dict[tuple[int, int], int]:
    """The verdict of every pair that is not clear."""
    rows = zip(pairs.first.tolist(), pairs.second.tolist(), strict=True)
    return dict(zip(rows, pairs.assessed.tolist(), strict=True))


def brute(
    volumes: Sequence[Volume], parties: Sequence[int], rule: Criterion
) -> dict[tuple[int, int], int]:
    """The same by the exact pairing of every two."""
    found = {}
    for i, j in combinations(range(len(volumes)), 2):
        if parties[i] < 0 or parties[i] != parties[j]:
            code = CODES[pairing(volumes[i], volumes[j], rule, DATA).assessed]
            if code:
                found[i, j] = code
    return found


@pytest.mark.parametrize("kernel", PATHS)
@settings(max_examples=12, deadline=None, derandomize=True)
@given(st.integers(0, 2**32))
def test_every_pair_is_judged_as_the_exact_pairing_judges_it(
    kernel: Kernel | None, seed: int
) -> None:
    """BLV-010: none missed, none invented, the same verdict, on both paths."""
    volumes, parties, rule = scene(seed)
    assert told(overlaps(columns(volumes, parties), rule, kernel=kernel)) == brute(
        volumes, parties, rule
    )


def flown(seed: int, count: int = 12) -> tuple[list[Motion], list[Volume], Criterion]:
    """Some motions among some volumes near one place, and a rule; every third with a manoeuvre."""
    rng = random.Random(seed)
    place = rng.choice(PLACES)
    size_m = rng.choice((300.0, 3_000.0, 30_000.0))
    volumes = [
        volume(rng, place, 4.0 * size_m, size_m * rng.choice((0.05, 0.3, 1.0)))
        for _ in range(count)
    ]
    speed_mps = rng.choice((15.0, 60.0, 250.0))
    motions = [motion(rng, place, 5.0 * size_m, speed_mps=speed_mps) for _ in range(count)]
    lateral_m, vertical_m = rng.choice((0.0, 0.0, 100.0, 9_260.0)), rng.choice((0.0, 30.0))
    rule = criterion(lateral_m, vertical_m, rng.choice((60.0, 600.0)))
    if seed % 3 == 0:
        rule = replace(rule, manoeuvre=replace(SMALL_DRONE, speed_mps_max=speed_mps))
    return motions, volumes, rule


def entered(
    motions: Sequence[Motion], volumes: Sequence[Volume], rule: Criterion, tuning: Tuning
) -> ZoneEntries:
    return entries(
        TrackColumns.from_motions(motions, NOW, datum=Datum.MSL_EGM96, data=DATA),
        volume_columns(volumes, datum=Datum.MSL_EGM96, data=DATA),
        rule,
        NOW,
        motions=motions,
        tuning=tuning,
    )


def verdicts(found: ZoneEntries) -> dict[tuple[int, int], int]:
    rows = zip(found.track.tolist(), found.zone.tolist(), strict=True)
    return dict(zip(rows, found.assessed.tolist(), strict=True))


@pytest.mark.parametrize("kernel", PATHS)
@settings(max_examples=14, deadline=None, derandomize=True)
@given(st.integers(0, 2**32))
@example(186)  # a window that opens at the very end of the horizon
@example(1128)
def test_every_entry_is_that_of_the_exact_pairing(kernel: Kernel | None, seed: int) -> None:
    """BLV-020, BLV-021, BLV-024: verdicts equal; times of entry and exit within a tenth second."""
    motions, volumes, rule = flown(seed)
    found = entered(motions, volumes, rule, Tuning(kernel=kernel, capacity=1))
    exact = {
        (i, j): encounter
        for i, one in enumerate(motions)
        for j, place in enumerate(volumes)
        if CODES[(encounter := zone_pairing(one, place, rule, NOW, DATA)).assessed]
    }
    assert verdicts(found) == {pair: CODES[told.assessed] for pair, told in exact.items()}
    for name in ("infringement_in_s", "nominal_in_s", "exit_in_s"):
        said = [getattr(told, name) for told in exact.values()]
        numbers = np.array([np.nan if value is None else value for value in said], np.float64)
        np.testing.assert_allclose(getattr(found, name), numbers, atol=SAME_S)


def aimed(rng: random.Random) -> Aimed:
    """Motions that pass a circle or polygon about where its limit lies, from near or far."""
    place = rng.choice(PLACES)
    size_m = math.exp(rng.uniform(math.log(30.0), math.log(100_000.0)))
    shape: Footprint = Circle(centre=place, radius_m=size_m)
    if rng.random() < 0.6:
        shape = ring(rng, place, size_m, rng.choice((3, 4, 6, 12)))
    rule = criterion(rng.choice((0.0, 0.0, 500.0, 9_260.0)), 0.0, rng.choice((180.0, 900.0)))
    motions = []
    for _ in range(12):
        track_deg = rng.uniform(0, 360)
        rim = destination(place, track_deg=track_deg, travel_m=size_m)
        if isinstance(shape, Polygon):
            rim = rng.choice(shape.vertices)
        out_deg = EARTH.Inverse(place.lat_deg, place.lon_deg, rim.lat_deg, rim.lon_deg)["azi2"]
        shift_m = rule.lateral_m + rng.choice((0.0, 0.004, rng.uniform(-1, 1), rng.uniform(-50, 5)))
        via = EARTH.Direct(rim.lat_deg, rim.lon_deg, out_deg, shift_m)
        turn_deg = out_deg + rng.choice((90.0, -90.0, rng.uniform(60, 120)))
        speed_mps = rng.choice((8.0, 60.0, 250.0))
        travel_m = -speed_mps * rule.horizon_s * rng.uniform(0.0, 1.0)
        start = EARTH.Direct(via["lat2"], via["lon2"], turn_deg, travel_m)
        course_deg = start["azi2"] % 360.0
        velocity = Velocity(track_deg=course_deg, speed_mps=speed_mps, climb_mps=0.0)
        motions.append(
            Motion(
                position=Position(lat_deg=start["lat2"], lon_deg=start["lon2"]),
                at=NOW,
                altitude=None,
                velocity=velocity,
                position_accuracy_m=rng.choice((0.0, 0.0, 25.0)),
                altitude_accuracy_m=None,
            )
        )
    return motions, replace(ANYTIME, footprint=shape), rule


def beside(rng: random.Random) -> Aimed:
    """Motions that stand within metres of an edge or a corner now, or cut a corner by as much."""
    place = rng.choice(PLACES)
    shape = ring(rng, place, rng.choice((100.0, 5_000.0, 40_000.0)), rng.choice((3, 5, 9)))
    motions, corners = [], shape.vertices
    for _ in range(10):
        number = rng.randrange(len(corners))
        here, there = corners[number - 1], corners[number]
        edge = EARTH.Inverse(here.lat_deg, here.lon_deg, there.lat_deg, there.lon_deg)
        along_m = rng.choice((0.0, rng.uniform(0.0, 3.0), rng.uniform(0.0, edge["s12"])))
        foot = EARTH.Direct(here.lat_deg, here.lon_deg, edge["azi1"], along_m)
        away_m = rng.choice((0.0, rng.uniform(-0.01, 0.01), rng.uniform(-3.0, 3.0)))
        start = EARTH.Direct(foot["lat2"], foot["lon2"], foot["azi2"] + 90.0, away_m)
        track_deg = rng.choice((foot["azi2"], foot["azi2"] + 90.0, rng.uniform(0.0, 360.0)))
        motions.append(
            Motion(
                position=Position(lat_deg=start["lat2"], lon_deg=start["lon2"]),
                at=NOW - timedelta(seconds=rng.choice((0.0, 4.0))),
                altitude=None,
                velocity=Velocity(
                    track_deg=track_deg % 360.0, speed_mps=rng.choice((5.0, 250.0)), climb_mps=0.0
                ),
                position_accuracy_m=rng.choice((0.0, 0.0, 1.5, 30.0)),
                altitude_accuracy_m=None,
            )
        )
    rule = criterion(rng.choice((0.0, 0.0, 2.0)), 0.0, 180.0)
    return motions, replace(ANYTIME, footprint=shape), rule


def check_aimed(
    seed: int, kernel: Kernel | None, make: Callable[[random.Random], Aimed] = aimed
) -> int:
    """Assert that verdicts and times are the exact ones; how many are not clear."""
    motions, place, rule = make(random.Random(f"aimed{seed}"))
    found = entered(motions, [place], rule, Tuning(kernel=kernel))
    exact = [zone_pairing(one, place, rule, NOW, DATA) for one in motions]
    codes = {(row, 0): CODES[told.assessed] for row, told in enumerate(exact)}
    assert verdicts(found) == {pair: code for pair, code in codes.items() if code}, seed
    for name in ("infringement_in_s", "nominal_in_s", "exit_in_s"):
        said = [getattr(told, name) for told in exact if CODES[told.assessed]]
        numbers = np.array([np.nan if value is None else value for value in said], np.float64)
        np.testing.assert_allclose(getattr(found, name), numbers, atol=SAME_S, err_msg=f"{seed}")
    return len(found)


@pytest.mark.parametrize("kernel", PATHS)
def test_entries_aimed_at_the_limit_are_those_of_the_exact_pairing(kernel: Kernel | None) -> None:
    """BLV-020, BLV-021: grazing a rim or a corner, up to 200 km ahead."""
    assert sum(check_aimed(seed, kernel) for seed in range(10)) > 30


@pytest.mark.parametrize("kernel", PATHS)
def test_entries_beside_an_edge_are_those_of_the_exact_pairing(kernel: Kernel | None) -> None:
    """BLV-020, BLV-021: where a picture cannot tell inside from outside."""
    assert sum(check_aimed(seed, kernel, beside) for seed in range(8)) > 30


@pytest.mark.long
@pytest.mark.parametrize("kernel", PATHS)
def test_a_campaign_of_entries_aimed_at_the_limit(kernel: Kernel | None) -> None:
    """BLV-020, BLV-021: thousands of them, with fixed seeds."""
    assert sum(check_aimed(seed, kernel) for seed in range(100, 1_100)) > 2_000
    assert sum(check_aimed(seed, kernel, beside) for seed in range(100, 400)) > 1_000


def test_the_fast_distance_to_a_ring_is_within_its_slack() -> None:
    """BLV-016: the slack of native/ring.h is many times what the arithmetic is wrong by."""
    rng = random.Random("slack")
    for _ in range(300):
        lat_deg = math.degrees(math.asin(rng.uniform(-1, 1)))
        middle = Position(lat_deg=lat_deg, lon_deg=rng.uniform(-180, 180))
        size_m = math.exp(rng.uniform(math.log(300.0), math.log(200_000.0)))
        shape = ring(rng, middle, size_m, rng.choice((3, 4, 8)))
        away_m = math.exp(rng.uniform(0.0, math.log(200_000.0)))
        here = destination(shape.vertices[0], track_deg=rng.uniform(0, 360), travel_m=away_m)
        pieces = volume_columns([replace(ANYTIME, footprint=shape)]).pieces
        point_m = np.array([ecef(here.lat_deg, here.lon_deg)])
        flat_m = float(flat_to_ring(point_m, pieces)[0])
        exact_m = abs(signed_distance_m(here, shape))
        cube_m = flat_m**3 / RADIUS_M**2
        share_m = SLACK_SHARE * exact_m**3 / (6.0 * RADIUS_M**2)
        assert flat_m + cube_m / 24.0 - share_m - 1e-5 < exact_m
        assert exact_m < flat_m + cube_m / 6.0 + share_m + 1e-5


@pytest.mark.parametrize("kernel", PATHS)
@pytest.mark.parametrize("seed", seeds(4, few=2))
def test_the_answer_does_not_depend_on_the_cells_nor_on_the_order(
    kernel: Kernel | None, seed: int
) -> None:
    """BLV-012, BLV-022: cell size, room, and the order of rows change nothing."""
    volumes, parties, rule = scene(seed, 30)
    told_once = told(overlaps(columns(volumes, parties), rule, kernel=kernel))
    assert told_once, "a scene without a pair shows nothing"
    for cell_m in (60.0, 4_000.0, 900_000.0):
        again = overlaps(columns(volumes, parties), rule, kernel=kernel, cell_m=cell_m, capacity=1)
        assert told(again) == told_once
    order = random.Random(seed).sample(range(30), 30)
    turned = columns([volumes[k] for k in order], [parties[k] for k in order])
    mapped = {
        (min(order[i], order[j]), max(order[i], order[j])): code
        for (i, j), code in told(overlaps(turned, rule, kernel=kernel)).items()
    }
    assert mapped == told_once
    motions, places, rule = flown(seed)
    before = verdicts(entered(motions, places, rule, Tuning(kernel=kernel)))
    for cell_m in (60.0, 900_000.0):
        tuning = Tuning(kernel=kernel, cell_m=cell_m, capacity=1)
        assert verdicts(entered(motions, places, rule, tuning)) == before


def turned_footprint(shape: Footprint, by_deg: float) -> Footprint:
    """A circle or polygon turned about the axis of the Earth."""
    if isinstance(shape, Circle):
        return replace(shape, centre=_east(shape.centre, by_deg))
    assert isinstance(shape, Polygon)
    return Polygon(vertices=tuple(_east(vertex, by_deg) for vertex in shape.vertices))


def _east(position: Position, by_deg: float) -> Position:
    lon_deg = (position.lon_deg + by_deg + 180.0) % 360.0 - 180.0
    return Position(lat_deg=position.lat_deg, lon_deg=lon_deg)


@pytest.mark.parametrize("kernel", PATHS)
@pytest.mark.parametrize("seed", range(3))
def test_plans_turn_with_the_globe_and_shift_with_time(kernel: Kernel | None, seed: int) -> None:
    """BLV-013: turned in longitude, or shifted in time, the same pairs."""
    rng = random.Random(f"turn{seed}")
    place = PLACES[seed]
    volumes = [volume(rng, place, 4_000.0, 1_500.0, others=False) for _ in range(30)]
    rule = criterion(200.0, 30.0)
    before = told(overlaps(columns(volumes, ()), rule, kernel=kernel))
    assert before
    later = timedelta(days=300, seconds=7)
    moved = [
        replace(
            one,
            footprint=turned_footprint(one.footprint, 137.25),
            window=Window(start=one.window.start + later, end=one.window.end + later),
        )
        for one in volumes
    ]
    assert told(overlaps(columns(moved, ()), rule, kernel=kernel)) == before


@pytest.mark.parametrize("kernel", PATHS)
@pytest.mark.parametrize("seed", seeds(4, few=2))
def test_wider_limits_lose_no_pair(kernel: Kernel | None, seed: int) -> None:
    """BLV-014: a larger lateral or vertical limit, or horizon, keeps every pair."""
    volumes, parties, rule = scene(seed, 30)
    wider = replace(rule, lateral_m=rule.lateral_m + 500.0, vertical_m=rule.vertical_m + 20.0)
    near, far = (
        set(told(overlaps(columns(volumes, parties), one, kernel=kernel))) for one in (rule, wider)
    )
    assert near <= far
    motions, places, rule = flown(3 * seed + 1)
    wider = replace(rule, lateral_m=rule.lateral_m + 500.0, horizon_s=rule.horizon_s + 60.0)
    tuning = Tuning(kernel=kernel)
    before, after = (verdicts(entered(motions, places, one, tuning)) for one in (rule, wider))
    assert set(before) <= set(after)


@pytest.mark.long
@pytest.mark.parametrize("kernel", PATHS)
def test_a_campaign_of_scenes_equals_the_exact_pairing(kernel: Kernel | None) -> None:
    """BLV-010, BLV-020: hundreds of scenes with fixed seeds."""
    for seed in range(300):
        volumes, parties, rule = scene(10_000 + seed)
        pairs = overlaps(columns(volumes, parties), rule, kernel=kernel)
        assert told(pairs) == brute(volumes, parties, rule), seed
        motions, places, rule = flown(10_000 + seed)
        exact = {
            (i, j): code
            for i, one in enumerate(motions)
            for j, place in enumerate(places)
            if (code := CODES[zone_pairing(one, place, rule, NOW, DATA).assessed])
        }
        assert verdicts(entered(motions, places, rule, Tuning(kernel=kernel))) == exact, seed
