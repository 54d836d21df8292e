"""How long all tracks against all tracks take, by the kernel and by NumPy, and how many pairs need
the exact test.

Run: python benchmarks/traffic_paths.py [--large]. Synthetic scenes over 3000 by 3000 km round
45 N 10 E, 180 s ahead: en route (100 to 250 m/s), mixed (20 % airliners, 30 % light aircraft, 50 %
drones round 400 towns), clustered (70 % round 60 hubs, sigma 30 km). CPU time of one thread, with
the check and preparation of the columns. Peak memory is that of the process so far.
"""

import math
import platform
import resource
import sys
import time
from pathlib import Path as File

import numpy as np

sys.path.insert(0, str(File(__file__).parents[1] / "src"))

from crosstell.core.altitude import Datum
from crosstell.core.detection.bulk.columns import Floats, TrackColumns
from crosstell.core.detection.bulk.standing import Standing
from crosstell.core.detection.bulk.traffic import Pairs, Path, encounters
from crosstell.core.detection.finding import Criterion
from crosstell.core.ids import RuleId

HALF_DEG = 1_500.0 / 111.2
KM_DEG = 1.0 / 111.2
LATITUDE_DEG = 45.0
ROUNDS = 4


def criterion(lateral_m: float, vertical_m: float) -> Criterion:
    """A separation rule, 180 s ahead."""
    return Criterion(
        rule=RuleId("separation"),
        reading=None,
        lateral_m=lateral_m,
        vertical_m=vertical_m,
        horizon_s=180.0,
        unknown_accuracy_m=500.0,
        unknown_speed_mps=60.0,
        stale_after_s=60.0,
    )


RULES = {
    "en route": criterion(9_260.0, 304.8),
    "mixed": criterion(1_222.32, 137.16),
    "clustered": criterion(9_260.0, 304.8),
}


def gathered(
    rng: np.random.Generator, places: Floats, some: np.ndarray, hubs: int, sigma_km: float
) -> None:
    """Move the chosen places round `hubs` hubs."""
    centres = rng.uniform(-HALF_DEG, HALF_DEG, (hubs, 2))
    count = int(some.sum())
    spread = rng.normal(0.0, sigma_km * KM_DEG, (count, 2))
    places[some] = centres[rng.integers(0, hubs, count)] + spread


def scene(kind: str, count: int) -> dict[str, Floats]:
    """The columns of one scene."""
    rng = np.random.default_rng(count)
    places = rng.uniform(-HALF_DEG, HALF_DEG, (count, 2))
    speed, climb = rng.uniform(100.0, 250.0, count), rng.uniform(-5.0, 5.0, count)
    altitude = rng.uniform(0.0, 12_000.0, count)
    if kind == "clustered":
        gathered(rng, places, rng.random(count) < 0.7, 60, 30.0)
    if kind == "mixed":
        share = rng.random(count)
        light, drone = (share > 0.2) & (share <= 0.5), share > 0.5
        speed[light], altitude[light] = speed[light] / 3.0, 200.0 + altitude[light] / 4.0
        speed[drone], altitude[drone] = speed[drone] / 10.0, altitude[drone] / 80.0
        climb[drone] = 0.0
        gathered(rng, places, drone, 400, 10.0)
    return {
        "lat_deg": LATITUDE_DEG + places[:, 0],
        "lon_deg": 10.0 + places[:, 1] / math.cos(math.radians(LATITUDE_DEG)),
        "track_deg": rng.uniform(0.0, 360.0, count),
        "speed_mps": speed,
        "climb_mps": climb,
        "altitude_m": altitude,
        "position_accuracy_m": np.zeros(count),
        "altitude_accuracy_m": np.zeros(count),
        "age_s": np.zeros(count),
        "conversion_m": np.zeros(count),
    }


def tracks(values: dict[str, Floats]) -> TrackColumns:
    """The columns, checked; every owner unknown."""
    party = np.full(len(values["lat_deg"]), -1)
    return TrackColumns(**values, party=party, datum=Datum.MSL_EGM96)


def measure(kind: str, count: int, path: Path) -> None:
    """Print one line."""
    values = scene(kind, count)
    best_s, pairs = math.inf, None
    for _ in range(ROUNDS if count <= 100_000 and path is Path.FAST else 1):
        begun_s = time.process_time()
        pairs = encounters(tracks(values), RULES[kind], path=path)
        best_s = min(best_s, time.process_time() - begun_s)
    assert isinstance(pairs, Pairs)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024
    print(
        f"{kind:10} {count:9,} {path:6} {best_s:9.4f} s {len(pairs):10,} pairs "
        f"{pairs.compared:12,} compared {pairs.judged:11,} judged {pairs.guarded:5} exact "
        f"{peak_mb:7.0f} MB"
    )


def one_observation() -> None:
    """Print how long one changed observation takes against 100,000 tracks."""
    values = scene("en route", 100_000)
    standing = Standing.of(tracks(values), RULES["en route"])
    begun_s = time.process_time()
    for row in range(200):
        one = tracks({name: column[row : row + 1] for name, column in values.items()})
        standing.against(one, in_place_of=row)
    each_ms = (time.process_time() - begun_s) / 200 * 1e3
    print(f"one observation against 100,000 tracks: {each_ms:.2f} ms")


def main() -> None:
    """Print the table."""
    print(f"Python {platform.python_version()}, {platform.machine()}, CPU time, one thread")
    for kind in RULES:
        for count in (1_000, 10_000, 100_000):
            measure(kind, count, Path.FAST)
    for kind in RULES:
        measure(kind, 10_000, Path.PLAIN)
    one_observation()
    if "--large" in sys.argv:
        measure("en route", 100_000, Path.PLAIN)
        measure("en route", 1_000_000, Path.FAST)


if __name__ == "__main__":
    main()
