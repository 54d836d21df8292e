"""How many pairs one core judges in a second: well-clear alert and times to violation.

Run: python benchmarks/well_clear.py [pairs]. Each figure is the best of five, in CPU seconds, and
includes the check that every value is a number. Two pools: dense (within 3 km, one pair in twenty
alerts) and wide (within 30 km, one in four hundred).
"""

import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from crosstell.core.detection.bulk.kernel import KERNEL, Kernel
from crosstell.core.detection.well_clear.alerting import assess
from crosstell.core.detection.well_clear.arrays import ROWS, Floats, RelativeStates, assess_all
from crosstell.core.detection.well_clear.exact import EnuState
from crosstell.core.detection.well_clear.thresholds import ALERT_SETS, AlertSet

RUNS = 5
ALONE = 5_000


def pool(pairs: int, within_m: float) -> Floats:
    """Relative states drawn evenly, with one seed."""
    draw = np.random.default_rng(365)
    rows = np.empty((6, pairs))
    rows[:2] = draw.uniform(-within_m, within_m, (2, pairs))
    rows[2] = draw.uniform(-1_500.0, 1_500.0, pairs)
    rows[3:5] = draw.uniform(-250.0, 250.0, (2, pairs))
    rows[5] = draw.uniform(-15.0, 15.0, pairs)
    return rows


def best_s(work: Callable[[], object]) -> float:
    """The least CPU time of the runs."""
    taken = []
    for _ in range(RUNS):
        begin = time.process_time()
        work()
        taken.append(time.process_time() - begin)
    return min(taken)


def together(rows: Floats, alerts: AlertSet, kernel: Kernel | None) -> float:
    """Pairs a second over arrays."""
    taken_s = best_s(lambda: assess_all(RelativeStates(rows), alerts, kernel=kernel))
    return float(rows.shape[1] / taken_s)


def alone(rows: Floats, alerts: AlertSet) -> float:
    """Pairs a second, one by one, in Python."""
    states = [
        EnuState(**dict(zip(ROWS, map(float, rows[:, pair]), strict=True)))
        for pair in range(min(ALONE, rows.shape[1]))
    ]
    return len(states) / best_s(lambda: [assess(state, alerts) for state in states])


def main() -> None:
    """Print one line for each pool and alert set."""
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    print(f"python {platform.python_version()}, numpy {np.__version__}, {platform.machine()}")
    print(f"kernel: {KERNEL.name if KERNEL is not None else 'none for this machine'}")
    print(f"{pairs} pairs; million pairs a second on one core")
    print(f"{'pool':<8}{'alert set':<18}{'alerts':>8}{'one by one':>12}{'NumPy':>9}{'kernel':>9}")
    for name, within_m in (("dense", 3_000.0), ("wide", 30_000.0)):
        rows = pool(pairs, within_m)
        for alerts in ALERT_SETS.values():
            share = np.count_nonzero(assess_all(RelativeStates(rows), alerts).levels) / pairs
            figures = [alone(rows, alerts), together(rows, alerts, None)]
            if KERNEL is not None:
                figures.append(together(rows, alerts, KERNEL))
            one, *many = (figure / 1e6 for figure in figures)
            text = "".join(f"{figure:>9.1f}" for figure in many)
            print(f"{name:<8}{alerts.name:<18}{share:>8.2%}{one:>12.3f}{text}")


if __name__ == "__main__":
    main()
