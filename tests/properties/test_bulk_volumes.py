"""Volumes over arrays against the exact pairing of every two (BLV-010 to BLV-018)."""

import random
from collections.abc import Sequence
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from volume_scenes import DATA, PLACES, criterion, volume

from crosstell.core.altitude import Datum
from crosstell.core.detection.bulk.kernel import KERNEL, Kernel
from crosstell.core.detection.bulk.plans import CODES, PlanPairs, overlaps
from crosstell.core.detection.bulk.volumes import VolumeColumns, volume_columns
from crosstell.core.detection.finding import Criterion
from crosstell.core.detection.pair.plan import pairing
from crosstell.core.geometry.volume import Volume

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
@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.integers(0, 2**32))
def test_every_pair_is_judged_as_the_exact_pairing_judges_it(
    kernel: Kernel | None, seed: int
) -> None:
    """BLV-010: none missed, none invented, the same verdict, on both paths."""
    volumes, parties, rule = scene(seed)
    assert told(overlaps(columns(volumes, parties), rule, kernel=kernel)) == brute(
        volumes, parties, rule
    )
