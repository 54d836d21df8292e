"""Outputs of the reference implementation, run by hand: inputs and what it said (WCL-044).

The head of each file says what was run. Flags and levels are equal; times are equal to 10
microseconds, in the reference's open ties, by the exact function, by NumPy and by the kernel.
"""

import csv
import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from crosstell.core.detection.bulk.kernel import KERNEL
from crosstell.core.detection.well_clear.alerting import Ties, assess, is_before
from crosstell.core.detection.well_clear.arrays import Floats, RelativeStates, assess_all
from crosstell.core.detection.well_clear.exact import EnuState, violation
from crosstell.core.detection.well_clear.hysteresis import Memory, read
from crosstell.core.detection.well_clear.orthographic import (
    GEODETIC_ROWS,
    GeodeticState,
    relative_as_reference,
    relative_as_reference_all,
)
from crosstell.core.detection.well_clear.thresholds import (
    NON_COOPERATIVE,
    PHASE_I,
    PHASE_II,
    AlertSet,
    Thresholds,
    WellClearLevel,
)

FOLDER = Path(__file__).parent / "well_clear"
NEAR_S = 1e-5
SETS = (
    (PHASE_I, "level_phase_i"),
    (PHASE_II, "level_phase_ii"),
    (NON_COOPERATIVE, "level_non_cooperative"),
)
SPANS = (
    (PHASE_I, WellClearLevel.PREVENTIVE, "preventive_i"),
    (PHASE_I, WellClearLevel.CORRECTIVE, "corrective_i"),
    (PHASE_I, WellClearLevel.WARNING, "corrective_i"),
    (PHASE_II, WellClearLevel.CORRECTIVE, "corrective_ii"),
    (NON_COOPERATIVE, WellClearLevel.CORRECTIVE, "corrective_non_coop"),
)
Row = dict[str, str]


def rows_of(name: str) -> list[Row]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


PAIRS, GEODETIC, VOLUMES = rows_of("pairs.csv"), rows_of("geodetic.csv"), rows_of("volumes.csv")
OVER_TIME = rows_of("over_time.csv")


def numbers(row: Row, prefix: str, names: tuple[str, ...]) -> list[float]:
    return [float(row[prefix + name]) for name in names]


def enu(row: Row, prefix: str) -> EnuState:
    place = numbers(row, prefix, ("east_m", "north_m", "up_m"))
    return EnuState.of(place, numbers(row, prefix, ("east_mps", "north_mps", "up_mps")))


def geodetic(row: Row, prefix: str) -> GeodeticState:
    return GeodeticState(
        **dict(zip(GEODETIC_ROWS, numbers(row, prefix, GEODETIC_ROWS), strict=True))
    )


def differences(row: Row, relative: EnuState) -> Iterator[str]:
    """What the exact function says otherwise than the reference."""
    for alerts, column in SETS:
        if assess(relative, alerts, ties=Ties.OPEN).level != int(row[column]):
            yield column
    for alerts, level, name in SPANS:
        found = assess(relative, alerts, ties=Ties.OPEN)
        span = found.of(level)
        ours = (math.inf, -math.inf) if span is None else (span.start_s, span.end_s)
        wanted = numbers(row, "", (f"in_s_{name}", f"out_s_{name}"))
        if ours != pytest.approx(wanted, rel=0.0, abs=NEAR_S):
            yield f"{name}: {ours}"
        if found.is_violated(level) != (row[f"now_{name}"] == "1"):
            yield f"now_{name}"


def check_arrays(rows: list[Row], relative: RelativeStates, alerts: AlertSet, column: str) -> None:
    for kernel in (None, KERNEL):
        found = assess_all(relative, alerts, ties=Ties.OPEN, kernel=kernel)
        assert found.levels.tolist() == [int(row[column]) for row in rows]
        for of, level, name in SPANS:
            if of is alerts:
                for key, ours in (("in", found.starts_s(level)), ("out", found.ends_s(level))):
                    wanted = [float(row[f"{key}_s_{name}"]) for row in rows]
                    assert ours.tolist() == pytest.approx(wanted, rel=0.0, abs=NEAR_S)


def test_the_files_hold_every_level_and_ties_of_each_kind() -> None:
    """What is compared is not empty: all levels of each set, and cases that are ties by intent."""
    assert {row["level_phase_i"] for row in PAIRS} == {"0", "1", "2", "3"}
    assert {row["level_phase_ii"] for row in PAIRS} == {"0", "3"}
    assert {row["level_non_cooperative"] for row in PAIRS} == {"0", "2", "3"}
    assert {row["level_phase_i"] for row in OVER_TIME} == {"0", "1", "2", "3"}
    kinds = [row["case"] for row in PAIRS]
    assert kinds.count("tie of time") == kinds.count("tie of threshold") == 60
    assert (len(PAIRS), len(GEODETIC), len(VOLUMES), len(OVER_TIME)) == (314, 80, 70, 576)


@pytest.mark.parametrize(
    "row", PAIRS, ids=(f"{number}, {row['case']}" for number, row in enumerate(PAIRS))
)
def test_a_pair_in_a_local_frame(row: Row) -> None:
    """WCL-022, WCL-044: flag, level, time in and time out."""
    assert not list(differences(row, enu(row, "own_").less(enu(row, "intruder_"))))


@pytest.mark.parametrize(("alerts", "column"), SETS, ids=lambda value: str(value)[:20])
def test_all_pairs_over_arrays(alerts: AlertSet, column: str) -> None:
    """WCL-030, WCL-044: by NumPy and by the kernel."""
    blocks = [block(PAIRS, prefix) for prefix in ("own_", "intruder_")]
    check_arrays(PAIRS, RelativeStates.of(*blocks), alerts, column)


def block(rows: list[Row], prefix: str) -> Floats:
    names = tuple(key for key in rows[0] if key.startswith(prefix))
    return np.array([numbers(row, "", names) for row in rows]).T


@pytest.mark.parametrize("row", GEODETIC, ids=(str(number) for number in range(len(GEODETIC))))
def test_a_pair_by_latitude_and_longitude(row: Row) -> None:
    """WCL-041, WCL-044: the projection too, to two micrometres."""
    relative = relative_as_reference(geodetic(row, "own_"), geodetic(row, "intruder_"))
    wanted = enu(row, "relative_")
    for name in EnuState.__slots__:
        assert getattr(relative, name) == pytest.approx(getattr(wanted, name), abs=2e-6)
    assert not list(differences(row, relative))


@pytest.mark.parametrize(("alerts", "column"), SETS, ids=lambda value: str(value)[:20])
def test_all_geodetic_pairs_over_arrays(alerts: AlertSet, column: str) -> None:
    """WCL-043, WCL-044."""
    blocks = [block(GEODETIC, prefix) for prefix in ("own_", "intruder_")]
    check_arrays(GEODETIC, relative_as_reference_all(*blocks), alerts, column)


@pytest.mark.parametrize("row", VOLUMES, ids=(str(number) for number in range(len(VOLUMES))))
def test_a_volume_of_any_size_in_a_window(row: Row) -> None:
    """WCL-012, WCL-044: with time to co-altitude, and windows that begin later."""
    volume = Thresholds(**{name: float(row[name]) for name in Thresholds.__slots__})
    start_s, end_s = float(row["start_s"]), float(row["end_s"])
    span = violation(enu(row, ""), volume, start_s=start_s, end_s=end_s)
    if span is not None and not is_before(span.start_s, span.end_s):
        span = None
    ours = (math.inf, -math.inf) if span is None else (span.start_s, span.end_s)
    assert ours == pytest.approx(numbers(row, "", ("in_s", "out_s")), rel=0.0, abs=NEAR_S)


@pytest.mark.parametrize(("alerts", "column"), SETS, ids=lambda value: str(value)[:20])
def test_the_level_shown_over_time(alerts: AlertSet, column: str) -> None:
    """WCL-023, WCL-044: M of N, persistence, early times, gaps and readings out of order."""
    memories: dict[str, Memory] = {}
    for row in OVER_TIME:
        known = memories.get(row["encounter"])
        memory, _ = read(known, enu(row, ""), alerts, at_s=float(row["at_s"]))
        memories[row["encounter"]] = memory
        assert memory.shown == int(row[column]), row
