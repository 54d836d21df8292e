"""How long all tracks against all zones take, and one changed observation against the live index.

Run: python benchmarks/zone_paths.py [TRACKS ZONES]; 100,000 and 10,000 without. Zones: 60 %
circles, polygons of 4 to 39 vertices, 0.5 to 20 km, bands and windows, in a square of 3000 km.
Tracks: mixed (20 % fast, 30 % light, 50 % drones) or en route; horizon 180 s. Assumptions, not a
recording. CPU seconds of one thread, best of three.
"""

import math
import platform
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from crosstell.core.altitude import Datum
from crosstell.core.detection.bulk.columns import TrackColumns
from crosstell.core.detection.bulk.index.tracks import TrackIndex
from crosstell.core.detection.bulk.index.zones import ZoneIndex
from crosstell.core.detection.bulk.kernel import KERNEL, Kernel
from crosstell.core.detection.bulk.volumes import VolumeArrays, VolumeColumns, volume_columns_of
from crosstell.core.detection.bulk.zones import Tuning, ZoneEntries, entries
from crosstell.core.detection.finding import Criterion
from crosstell.core.detection.pair.zone import pairing
from crosstell.core.ids import RuleId
from crosstell.core.instant import to_us

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SIDE_M = 3_000_000.0
LAT_DEG, LON_DEG, DEGREE_M = 36.5, 40.0, 111_000.0
HOUR_US = 3_600_000_000
RULE = Criterion(
    rule=RuleId("zones"),
    reading=None,
    lateral_m=0.0,
    vertical_m=0.0,
    horizon_s=180.0,
    unknown_accuracy_m=500.0,
    unknown_speed_mps=60.0,
    stale_after_s=60.0,
)


def zones(rows: int, draw: np.random.Generator) -> VolumeArrays:
    """Zones of many sizes; about half of them have a window open now."""
    x, y = draw.uniform(-SIDE_M / 2, SIDE_M / 2, (2, rows))
    circle = draw.random(rows) < 0.6
    corners = np.where(circle, 1, draw.integers(4, 40, rows))
    corner_at = np.concatenate((np.zeros(1, np.int64), np.cumsum(corners)))
    row = np.repeat(np.arange(rows), corners)
    corner = np.arange(corner_at[-1]) - corner_at[row]
    size_m = np.exp(draw.uniform(math.log(500.0), math.log(20_000.0), rows))
    turn = 2.0 * math.pi * (corner + draw.uniform(0.1, 0.9, len(corner))) / corners[row]
    away_m = np.where(circle[row], 0.0, size_m[row] * draw.uniform(0.5, 1.0, len(corner)))
    lat_deg = LAT_DEG + (y[row] + away_m * np.sin(turn)) / DEGREE_M
    east_m = x[row] + away_m * np.cos(turn)
    lower_m = np.round(draw.uniform(0.0, 6_000.0, rows))
    start_us = to_us(NOW) + (draw.uniform(-6.0, 6.0, rows) * HOUR_US).astype(np.int64)
    return VolumeArrays(
        corner_at=corner_at,
        corner_deg=np.column_stack(
            (lat_deg, LON_DEG + east_m / (DEGREE_M * np.cos(np.radians(lat_deg))))
        ),
        radius_m=np.where(circle, size_m, 0.0),
        lower_m=lower_m,
        upper_m=lower_m + np.round(draw.uniform(300.0, 6_000.0, rows)),
        start_us=start_us,
        end_us=start_us + (draw.uniform(1.0, 8.0, rows) * HOUR_US).astype(np.int64),
        party=np.full(rows, -1, np.int32),
        datum=Datum.MSL_EGM96,
    )


def tracks(rows: int, draw: np.random.Generator, *, mixed: bool) -> TrackColumns:
    """Tracks up to 5 s old, known to 30 m."""
    x, y = draw.uniform(-SIDE_M / 2, SIDE_M / 2, (2, rows))
    lat_deg = LAT_DEG + y / DEGREE_M
    kind = draw.random(rows) if mixed else np.zeros(rows)
    light = np.where(kind < 0.5, draw.uniform(40.0, 80.0, rows), draw.uniform(5.0, 30.0, rows))
    return TrackColumns(
        lat_deg=lat_deg,
        lon_deg=LON_DEG + x / (DEGREE_M * np.cos(np.radians(lat_deg))),
        track_deg=draw.uniform(0.0, 360.0, rows),
        speed_mps=np.where(kind < 0.2, draw.uniform(150.0, 250.0, rows), light),
        climb_mps=draw.choice([0.0, 0.0, 0.0, 5.0, -5.0], rows),
        altitude_m=draw.uniform(0.0, 12_000.0, rows),
        position_accuracy_m=np.full(rows, 30.0),
        altitude_accuracy_m=np.full(rows, 30.0),
        age_s=draw.uniform(0.0, 5.0, rows),
        conversion_m=np.zeros(rows),
        party=np.full(rows, -1),
        datum=Datum.MSL_EGM96,
    )


def measure(
    name: str, flown: TrackColumns, places: VolumeColumns, kernel: Kernel | None
) -> ZoneEntries:
    """Print one line."""
    best_s = math.inf
    for _ in range(3):
        begun_s = time.process_time()
        found = entries(flown, places, RULE, NOW, tuning=Tuning(kernel=kernel))
        best_s = min(best_s, time.process_time() - begun_s)
    path = "plain" if kernel is None else "kernel"
    print(
        f"{name:9} {path:7} {len(flown):,} x {len(places):,}: {best_s:8.4f} s, "
        f"{len(found):,} pairs, {int(found.is_exact.sum()):,} exactly"
    )
    return found


def live(flown: TrackColumns, places: VolumeColumns) -> None:
    """One changed observation after another: both indexes, and each zone named exactly."""
    by_place, by_track = ZoneIndex(), TrackIndex(RULE)
    volumes = [places.volume_at(row) for row in range(len(places))]
    by_place.put("all", volumes)
    motions = [flown.row(row, NOW) for row in range(len(flown))]
    for row, motion in enumerate(motions):
        by_track.put(str(row), motion)
    by_track.of_motion(motions[0], NOW)
    spent_s = []
    for row in range(0, len(motions), max(1, len(motions) // 500)):
        begun_s = time.thread_time()
        by_track.put(str(row), motions[row])
        by_track.of_motion(motions[row], NOW, but=str(row))
        for _, number in by_place.of_motion(motions[row], RULE, NOW):
            pairing(motions[row], volumes[number], RULE, NOW)
        spent_s.append(time.thread_time() - begun_s)
    median_s, most_s = np.quantile(spent_s, (0.5, 0.95))
    print(f"one observation: median {median_s * 1e3:.2f} ms, 95 % under {most_s * 1e3:.2f} ms")


def main() -> None:
    """Print the table; both paths must find the same pairs."""
    print(f"Python {platform.python_version()}, {platform.machine()}, CPU time, one thread")
    track_count, zone_count = map(int, sys.argv[1:3] or ("100000", "10000"))
    draw = np.random.default_rng(1)
    places = volume_columns_of(zones(zone_count, draw))
    for name in ("mixed", "en route"):
        flown = tracks(track_count, draw, mixed=name == "mixed")
        fast, plain = (measure(name, flown, places, kernel) for kernel in (KERNEL, None))
        assert (fast.track == plain.track).all()
        assert (fast.zone == plain.zone).all()
        assert (fast.assessed == plain.assessed).all()
        if name == "mixed":
            live(flown, places)


if __name__ == "__main__":
    main()
