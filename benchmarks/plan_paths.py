"""How long every pair of plan volumes takes: the kernel and the plain path, with their memory.

Run: python benchmarks/plan_paths.py [ROWS ...]; 10,000, 100,000 and 1,000,000 without. 60 % circles
and 40 % rectangles, ten to an operation, 40 parties, 24 hours, a square of 600 km; an assumption
about traffic, not a recording. CPU seconds of one thread, best of three, columns given.
"""

import math
import platform
import resource
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from crosstell.core.altitude import Datum
from crosstell.core.detection.bulk.kernel import KERNEL, Kernel
from crosstell.core.detection.bulk.plans import PlanPairs, overlaps
from crosstell.core.detection.bulk.volumes import VolumeArrays, VolumeColumns, volume_columns_of
from crosstell.core.detection.finding import Criterion
from crosstell.core.ids import RuleId

SIDE_M = 600_000.0
LAT_DEG, LON_DEG, DEGREE_M = 36.5, 40.0, 111_000.0
START_US = 1_780_272_000_000_000
PLAIN_ROWS_MAX = 100_000
RULE = Criterion(
    rule=RuleId("plans"),
    reading=None,
    lateral_m=0.0,
    vertical_m=0.0,
    horizon_s=600.0,
    unknown_accuracy_m=500.0,
    unknown_speed_mps=60.0,
    stale_after_s=60.0,
)


def plans(rows: int, seed: int = 1) -> VolumeArrays:
    """Operations of ten volumes each, one behind the other along a straight way."""
    draw = np.random.default_rng(seed)
    count = rows // 10
    each = np.repeat(np.arange(count), 10)
    step = np.tile(np.arange(10), count)
    heading = draw.uniform(0.0, 2.0 * math.pi, count)[each]
    x = draw.uniform(-SIDE_M / 2, SIDE_M / 2, count)[each] + np.cos(heading) * step * 1_500.0
    y = draw.uniform(-SIDE_M / 2, SIDE_M / 2, count)[each] + np.sin(heading) * step * 1_500.0
    start_s = draw.uniform(0.0, 86_400.0, count)[each] + step * 120.0
    end_s = start_s + draw.uniform(120.0, 900.0, rows)
    lower_m = draw.uniform(0.0, 500.0, count)[each]
    circle = draw.random(rows) < 0.6
    corners = np.where(circle, 1, 4)
    corner_at = np.concatenate((np.zeros(1, np.int64), np.cumsum(corners)))
    row = np.repeat(np.arange(rows), corners)
    corner = np.arange(corner_at[-1]) - corner_at[row]
    half_m = draw.uniform(150.0, 750.0, rows)[row], draw.uniform(50.0, 300.0, rows)[row]
    ahead = np.where(
        circle[row], 0.0, np.where((corner == 1) | (corner == 2), 1.0, -1.0) * half_m[0]
    )
    aside = np.where(circle[row], 0.0, np.where(corner < 2, -1.0, 1.0) * half_m[1])
    cos, sin = np.cos(heading[row]), np.sin(heading[row])
    lat_deg = LAT_DEG + (y[row] + sin * ahead + cos * aside) / DEGREE_M
    east_m = x[row] + cos * ahead - sin * aside
    lon_deg = LON_DEG + east_m / (DEGREE_M * np.cos(np.radians(lat_deg)))
    return VolumeArrays(
        corner_at=corner_at,
        corner_deg=np.column_stack((lat_deg, lon_deg)),
        radius_m=np.where(circle, draw.uniform(100.0, 800.0, rows), 0.0),
        lower_m=np.round(lower_m, 3),
        upper_m=np.round(lower_m + draw.uniform(30.0, 150.0, rows), 3),
        start_us=START_US + (start_s * 1e6).astype(np.int64),
        end_us=START_US + (end_s * 1e6).astype(np.int64),
        party=draw.integers(0, 40, count)[each].astype(np.int32),
        datum=Datum.MSL_EGM96,
    )


def measure(columns: VolumeColumns, kernel: Kernel | None) -> PlanPairs:
    """Print one line."""
    best_s = math.inf
    for _ in range(3):
        begun_s = time.process_time()
        found = overlaps(columns, RULE, kernel=kernel)
        best_s = min(best_s, time.process_time() - begun_s)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000
    name = "plain" if kernel is None else "kernel"
    print(
        f"{len(columns):9,} {name:7} {best_s:8.3f} s {len(found):8,} pairs, "
        f"{int(found.is_exact.sum()):5,} exactly; process peak {peak_mb:6.0f} MB"
    )
    return found


def main() -> None:
    """Print the table; both paths must find the same pairs."""
    print(f"Python {platform.python_version()}, {platform.machine()}, CPU time, one thread")
    for rows in map(int, sys.argv[1:] or ("10000", "100000", "1000000")):
        columns = volume_columns_of(plans(rows))
        fast = measure(columns, KERNEL)
        if KERNEL is not None and rows <= PLAIN_ROWS_MAX:
            plain = measure(columns, None)
            assert (fast.first == plain.first).all()
            assert (fast.second == plain.second).all()


if __name__ == "__main__":
    main()
