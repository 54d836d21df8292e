"""Many tracks at once against the exact pairing of every pair, and what changes no answer."""

import itertools
import math
import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import given, settings
from hypothesis import strategies as st
from sampling import examples, seeds
from traffic_values import NOW, Brute, criterion, crowd

from crosstell.core.altitude import Datum
from crosstell.core.detection.bulk.columns import TrackColumns
from crosstell.core.detection.bulk.kernel import KERNEL
from crosstell.core.detection.bulk.pairing.grid import candidates_plain, grid_fast
from crosstell.core.detection.bulk.pairing.verdict import NEAR_M_MAX, _arc_error, _parts
from crosstell.core.detection.bulk.sweep import ERROR, swept_fast, swept_plain
from crosstell.core.detection.bulk.traffic import (
    VERDICTS,
    Pairs,
    Path,
    Threads,
    encounters,
    exact,
)
from crosstell.core.detection.finding import Assessed, Criterion
from crosstell.core.detection.pair.traffic import pairing
from crosstell.core.geometry.motion import Motion

EARTH = Geodesic.WGS84
PATHS = (Path.PLAIN, Path.FAST) if KERNEL is not None else (Path.PLAIN,)
TIMES = ("infringement_in_s", "nominal_in_s", "exit_in_s")
SAME_S = 0.05
SAME_M = 0.05  # of the distance from the limit at a time that differs by more
RULES = (
    criterion(),
    criterion(lateral_m=1_222.32, vertical_m=137.16),
    criterion(lateral_m=50.0, vertical_m=20.0, horizon_s=60.0),
    criterion(lateral_m=9_260.0, vertical_m=1_000_000.0, horizon_s=1_200.0),
    criterion(lateral_m=100_000.0, vertical_m=500.0, horizon_s=900.0),
    criterion(lateral_m=0.0, vertical_m=0.0, horizon_s=0.0),
)


def columns(motions: list[Motion], party: list[int] | None = None) -> TrackColumns:
    return TrackColumns.from_motions(motions, NOW, datum=Datum.MSL_EGM96, party=party)


def as_table(pairs: Pairs) -> dict[tuple[int, int], int]:
    keys = zip(pairs.first.tolist(), pairs.second.tolist(), strict=True)
    return dict(zip(keys, pairs.verdict.tolist(), strict=True))


def exactly(motions: list[Motion], rule: Criterion) -> dict[tuple[int, int], int]:
    """Every pair, one by one, by the exact function."""
    found = {}
    for i, j in itertools.combinations(range(len(motions)), 2):
        answer = pairing(motions[i], motions[j], rule, NOW).assessed
        if answer is not Assessed.CLEAR:
            found[i, j] = int(VERDICTS[answer])
    return found


def times_agree(motions: list[Motion], rule: Criterion, pairs: Pairs) -> None:
    """BLK-033: the same times, or the same distance from the limit."""
    for row in range(len(pairs)):
        one, other = motions[pairs.first[row]], motions[pairs.second[row]]
        answer = pairing(one, other, rule, NOW)
        same_m = SAME_M + circle_slack_m(one, rule) + circle_slack_m(other, rule)
        for name in TIMES:
            told, expected = float(getattr(pairs, name)[row]), getattr(answer, name)
            if expected is None or math.isnan(told):
                last = expected if expected is not None else told
                assert math.isnan(told) == (expected is None) or last > rule.horizon_s - SAME_S
            elif abs(told - expected) > SAME_S:
                brute = Brute((one, other), rule, is_worst=name == "infringement_in_s")
                assert abs(brute.over_m(told) - brute.over_m(expected)) < same_m
        if answer.nearest_m is not None:
            assert abs(pairs.nearest_m[row] - answer.nearest_m) < same_m
        else:
            assert math.isnan(pairs.nearest_m[row])


@pytest.mark.parametrize("seed", seeds(18, few=4))
def test_both_paths_decide_as_the_exact_pairing_does(seed: int) -> None:
    """BLK-020, BLK-021, BLK-030, BLK-033: poles, antimeridian, equator, ties, unknowns."""
    rng = random.Random(f"bulk:{seed}")
    rule = RULES[seed % len(RULES)]
    motions = crowd(rng, rule, 24, known=rng.choice((1.0, 0.97, 0.85)))
    expected = exactly(motions, rule)
    for path in PATHS:
        pairs = encounters(columns(motions), rule, path=path)
        assert as_table(pairs) == expected
        assert list(as_table(pairs)) == sorted(expected)
    times_agree(motions, rule, encounters(columns(motions), rule))


def circle_slack_m(one: Motion, rule: Criterion) -> float:
    """What BLK-031 states for one track."""
    speed = one.velocity.speed_mps if one.velocity else 0.0
    travel_m = speed * (abs((NOW - one.at).total_seconds()) + rule.horizon_s)
    return 0.016 * travel_m**3 / (6 * 6_371_008.8**2)


def near_misses(seed: int, count: int, rule: Criterion) -> int:
    """Compare every pair that is within a little more than the limits; returns the conflicts."""
    rng = random.Random(f"near:{seed}")
    tracks = columns(crowd(rng, rule, count, known=rng.choice((1.0, 0.98))))
    wider = criterion(
        lateral_m=rule.lateral_m + 50.0, vertical_m=rule.vertical_m + 5.0, horizon_s=rule.horizon_s
    )
    fast, plain = encounters(tracks, rule), encounters(tracks, rule, path=Path.PLAIN)
    assert as_table(fast) == as_table(plain)
    table = as_table(fast)
    around = as_table(encounters(tracks, wider))
    assert table.keys() <= around.keys()
    for i, j in around:
        answer = VERDICTS[exact(tracks, i, j, rule).assessed]
        assert table.get((i, j), 0) == answer, (seed, i, j, rule)
    return len(table)


@pytest.mark.parametrize("seed", seeds(6, few=2))
def test_pairs_just_outside_the_limits_are_decided_alike(seed: int) -> None:
    """BLK-030."""
    assert near_misses(seed, 160, RULES[seed % 2]) > 0


@settings(max_examples=examples(40))
@given(seed=st.integers(0, 2**32))
def test_the_order_of_rows_does_not_matter(seed: int) -> None:
    """BLK-022."""
    rng = random.Random(seed)
    motions = crowd(rng, RULES[1], 40)
    order = list(range(len(motions)))
    rng.shuffle(order)
    here = as_table(encounters(columns(motions), RULES[1]))
    there = as_table(encounters(columns([motions[k] for k in order]), RULES[1]))
    back = {tuple(sorted((order[i], order[j]))): verdict for (i, j), verdict in there.items()}
    assert back == here


@settings(max_examples=examples(25))
@given(seed=st.integers(0, 2**32), cell_m=st.floats(200.0, 3e6))
def test_cells_threads_and_paths_do_not_matter(seed: int, cell_m: float) -> None:
    """BLK-023, BLK-024, BLK-032: any cell, small or large, any number of threads."""
    rng = random.Random(seed)
    rule = RULES[seed % len(RULES)]
    tracks = columns(crowd(rng, rule, 40))
    here = as_table(encounters(tracks, rule))
    for path in PATHS:
        assert as_table(encounters(tracks, rule, path=path, cell_m=cell_m)) == here
    with ThreadPoolExecutor(3) as pool:
        shared = encounters(tracks, rule, threads=Threads(3, pool.map), cell_m=cell_m)
    assert as_table(shared) == here


@settings(max_examples=examples(40))
@given(seed=st.integers(0, 2**32), turns=st.sampled_from((1, 2, 3)))
def test_a_turn_of_the_globe_and_a_shift_in_time_change_nothing(seed: int, turns: int) -> None:
    """BLK-025. Quarter turns keep every bit of what is turned."""
    rng = random.Random(seed)
    motions = crowd(rng, RULES[1], 30)
    here = columns(motions)
    fields = {name: getattr(here, name) for name in here.__slots__}
    fields["lon_deg"] = (here.lon_deg + 180.0 + 90.0 * turns) % 360.0 - 180.0
    there = as_table(encounters(TrackColumns(**fields), RULES[1]))
    assert there == as_table(encounters(here, RULES[1]))
    later = TrackColumns.from_motions(
        [shifted(each) for each in motions], NOW + timedelta(days=3), datum=Datum.MSL_EGM96
    )
    assert as_table(encounters(later, RULES[1])) == there


def shifted(one: Motion) -> Motion:
    return replace(one, at=one.at + timedelta(days=3))


@settings(max_examples=examples(40))
@given(seed=st.integers(0, 2**32), grow=st.floats(1.0, 4.0))
def test_larger_limits_and_a_longer_horizon_lose_no_pair(seed: int, grow: float) -> None:
    """BLK-026."""
    rng = random.Random(seed)
    tracks = columns(crowd(rng, RULES[0], 40))
    here = encounters(tracks, RULES[0])
    sure = {pair for pair, verdict in as_table(here).items() if verdict == 1}
    for wider in (
        criterion(lateral_m=9_260.0 * grow),
        criterion(vertical_m=304.8 * grow),
        criterion(horizon_s=180.0 * grow),
    ):
        there = as_table(encounters(tracks, wider))
        assert as_table(here).keys() <= there.keys()
        assert {pair for pair in sure if there[pair] != 1} == set()


@pytest.mark.parametrize("seed", seeds(8, few=2))
def test_the_grid_loses_no_pair_of_boxes(seed: int) -> None:
    """BLK-023: its candidates are the overlapping pairs, each once, whatever the cell."""
    rng = np.random.default_rng(seed)
    low = rng.uniform(-2e5, 2e5, (120, 4))
    high = low + rng.choice([10.0, 1e3, 5e4, 3e5], (120, 1)) * rng.random((120, 4))
    boxes = np.concatenate((low, high), axis=1).astype(np.float32)
    expected = {
        (i, j)
        for i, j in itertools.combinations(range(120), 2)
        if (boxes[i, :4] <= boxes[j, 4:]).all() and (boxes[j, :4] <= boxes[i, 4:]).all()
    }
    for cell_m in (500.0, 2e4, 1e6):
        found = [
            pair
            for i, j in candidates_plain(boxes, cell_m)
            for pair in zip(i.tolist(), j.tolist(), strict=True)
        ]
        assert len(found) == len(set(found))
        assert set(found) == expected
        if KERNEL is not None:
            grid = grid_fast(boxes, cell_m)
            together: set[tuple[int, int]] = set()
            for start, end in itertools.pairwise(grid.starts.tolist()):
                together |= set(itertools.combinations(sorted(grid.entries[start:end].tolist()), 2))
            large = set(grid.large.tolist())
            assert {pair for pair in expected if not large & set(pair)} <= together


def test_the_circle_stays_within_its_stated_error() -> None:
    """BLK-031: of every place, course and travel; both paths, and their boxes hold the place."""
    rng = random.Random("circle")
    worst = 0.0
    for horizon_s in (60.0, 600.0, 2_000.0):
        rule = criterion(horizon_s=horizon_s)
        motions = [each for each in crowd(rng, rule, 150, known=1.0) if each.velocity]
        tracks = columns(motions)
        for swept in (swept_plain(tracks, rule), swept_fast(tracks, rule))[: len(PATHS)]:
            for time_s in (0.0, horizon_s / 3, horizon_s):
                for row, one in enumerate(motions):
                    worst = max(worst, circle_error(swept.states, swept.boxes, row, one, time_s))
    assert 0.1 < worst <= 1.0


def circle_error(
    states: np.ndarray, boxes: np.ndarray, row: int, one: Motion, time_s: float
) -> float:
    """How far the kernel's place is from the geodesic's, as a share of what is stated."""
    here = states[row : row + 1]
    place = here[0, :3] + _parts(here, np.array([time_s]))[0][0]
    lat, lon = Brute((one, one), criterion(), is_worst=False).place(one, time_s)
    true = np.array(ecef(lat, lon))
    assert (boxes[row, :3] <= true).all()
    assert (true <= boxes[row, 4:7]).all()
    stated = here[0, ERROR] + 1e-6
    return float(np.linalg.norm(place - true) / stated)


def ecef(lat: float, lon: float) -> tuple[float, float, float]:
    """Written again here: the oracle shares nothing."""
    a, f = 6_378_137.0, 1 / 298.257223563
    phi, lam = math.radians(lat), math.radians(lon)
    n = a / math.sqrt(1 - f * (2 - f) * math.sin(phi) ** 2)
    across = n * math.cos(phi)
    return across * math.cos(lam), across * math.sin(lam), n * (1 - f) ** 2 * math.sin(phi)


def test_the_arc_stays_within_its_stated_error() -> None:
    """BLK-031: chord and arc against the geodesic, up to 1000 km."""
    rng = random.Random("arc")
    curve = 24.0 * 6_371_008.8**2
    worst = 0.0
    for _ in range(2_000):
        lat, lon = math.degrees(math.asin(rng.uniform(-1, 1))), rng.uniform(-180, 180)
        true = 10 ** rng.uniform(0, math.log10(NEAR_M_MAX))
        end = EARTH.Direct(lat, lon, rng.uniform(0, 360), true)
        c = math.dist(ecef(lat, lon), ecef(end["lat2"], end["lon2"]))
        off = abs(c * (1 + c * c / curve) - true)
        worst = max(worst, off / (float(_arc_error(np.array([true]))[0]) + 1e-7))
    assert 0.1 < worst <= 1.0
