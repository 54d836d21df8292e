"""Well-clear alerts over arrays: the plain path and the kernel give the bits of one pair.

The kernel is the packaged one; where a compiler is at hand, its source is compiled and tested too.
"""

import ctypes
import math
import shutil
import subprocess
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from sampling import thinned

from crosstell.core.detection.bulk import native
from crosstell.core.detection.bulk.kernel import KERNEL, Kernel
from crosstell.core.detection.well_clear.alerting import Ties, assess
from crosstell.core.detection.well_clear.arrays import (
    CHUNK,
    ROWS,
    Floats,
    RelativeStates,
    assess_all,
)
from crosstell.core.detection.well_clear.exact import EnuState
from crosstell.core.detection.well_clear.thresholds import ALERT_SETS, PHASE_I, WellClearLevel
from crosstell.core.protocol.rules.traffic import WellClearVolume

LEVELS = tuple(WellClearLevel)[1:]


@pytest.fixture(scope="module", params=["plain", "packaged", "compiled"])
def path(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Kernel | None]:
    if request.param == "plain":
        yield None
        return
    if request.param == "packaged":
        if KERNEL is None:
            pytest.skip("no packaged kernel for this machine")
        yield KERNEL
        return
    compiler = shutil.which("gcc")
    if compiler is None:
        pytest.skip("no compiler")
    source = Path(native.__path__[0]) / "well_clear.c"
    library = tmp_path_factory.mktemp("kernel") / "well_clear.so"
    flags = ["-std=c11", "-O3", "-ffp-contract=off", "-fPIC", "-shared", "-Wall", "-Werror"]
    subprocess.run([compiler, *flags, str(source), "-o", str(library), "-lm"], check=True)
    yield Kernel("compiled for the test", ctypes.CDLL(str(library)))


def mixed_rows(count: int, seed: int) -> Floats:
    """Pairs near and far, and a third of them on whole numbers, where ties and stillness are."""
    draw = np.random.default_rng(seed)
    rows = np.empty((6, count))
    rows[:2] = draw.uniform(-12_000.0, 12_000.0, (2, count))
    rows[2] = draw.uniform(-400.0, 400.0, count)
    rows[3:5] = draw.uniform(-250.0, 250.0, (2, count))
    rows[5] = draw.uniform(-15.0, 15.0, count)
    third = count // 3
    grain = np.array([[1_222.32 / 4]] * 2 + [[137.16 / 2]] + [[50.0]] * 2 + [[5.0]])
    rows[:, :third] = np.round(rows[:, :third] / grain) * grain
    rows[:, third : third + 500] = np.round(draw.uniform(-2.0, 2.0, (6, 500)))
    return rows


def test_rows_for_ties_are_as_meant() -> None:
    rows = mixed_rows(3_000, 1)
    assert np.isfinite(rows).all()
    assert (rows[3:, 1_000:1_500] == 0.0).sum() > 100


@pytest.mark.parametrize(("name", "ties"), thinned(product(WellClearVolume, Ties), every=4))
def test_every_path_gives_the_bits_of_one_pair(
    path: Kernel | None, name: WellClearVolume, ties: Ties
) -> None:
    """WCL-030, WCL-031."""
    alerts = ALERT_SETS[name]
    states = RelativeStates(mixed_rows(3_000, 7))
    found = assess_all(states, alerts, ties=ties, kernel=path)
    for pair in range(states.rows.shape[1]):
        fields = dict(zip(ROWS, map(float, states.rows[:, pair]), strict=True))
        one = assess(EnuState(**fields), alerts, ties=ties)
        assert found.levels[pair] == one.level, fields
        for level in LEVELS:
            span = one.of(level)
            expected = (math.inf, -math.inf) if span is None else (span.start_s, span.end_s)
            got = (float(found.starts_s(level)[pair]), float(found.ends_s(level)[pair]))
            assert got == expected, (fields, level)


def test_every_path_gives_the_same_for_many(path: Kernel | None) -> None:
    """WCL-031: over more than one chunk, and none of them empty of alerts."""
    states = RelativeStates(mixed_rows(3 * CHUNK + 17, 11))
    found = assess_all(states, PHASE_I, kernel=path)
    plain = assess_all(states, PHASE_I, kernel=None)
    assert np.array_equal(found.levels, plain.levels)
    assert np.array_equal(found.spans, plain.spans)
    assert set(found.levels.tolist()) == {0, 1, 2, 3}


def test_no_pairs_and_strange_layouts(path: Kernel | None) -> None:
    """WCL-032: nothing in, nothing out; a view is copied once, not misread."""
    assert assess_all(RelativeStates(np.empty((6, 0))), PHASE_I, kernel=path).levels.size == 0
    rows = mixed_rows(3_000, 3)
    turned = RelativeStates(np.asfortranarray(rows)[:, ::2])
    expected = assess_all(RelativeStates(rows[:, ::2].copy()), PHASE_I, kernel=path)
    assert np.array_equal(assess_all(turned, PHASE_I, kernel=path).levels, expected.levels)


def test_what_is_not_a_number_is_refused_by_row_and_pair() -> None:
    """WCL-032: named; nothing is dropped in silence."""
    rows = mixed_rows(3_000, 3)
    for row, value in ((0, math.nan), (4, math.inf), (5, -math.inf), (2, 1e12)):
        faulty = rows.copy()
        faulty[row, 1_234] = value
        with pytest.raises(ValueError, match=f"pair 1234: {ROWS[row]} is"):
            RelativeStates(faulty)
    with pytest.raises(ValueError, match="6 rows"):
        RelativeStates(rows[:5])
    for horizon_s in (math.nan, -1.0, math.inf):
        with pytest.raises(ValueError, match="look-ahead"):
            assess_all(RelativeStates(rows), PHASE_I, horizon_s=horizon_s)


def test_absolute_states_are_taken_column_against_column() -> None:
    """WCL-032."""
    own, other = mixed_rows(3_000, 5), mixed_rows(3_000, 6)
    assert np.array_equal(RelativeStates.of(own, other).rows, own - other)


def test_levels_with_one_volume_share_memory() -> None:
    """WCL-033: corrective and warning of Phase I are one volume, told once."""
    found = assess_all(RelativeStates(mixed_rows(3_000, 5)), PHASE_I)
    assert len(found.spans) == 2
    corrective = found.starts_s(WellClearLevel.CORRECTIVE)
    assert np.shares_memory(corrective, found.starts_s(WellClearLevel.WARNING))
