"""How many pairs of a track and a volume one core judges in a second.

Run: python benchmarks/detection_zone.py. Three kinds of pairs, for circles and polygons of 12
vertices: far (the chord excludes), near (examined, clear), entering (infringes in the horizon).
"""

import math
import platform
import random
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from crosstell.core.altitude import Altitude, Datum, Unbounded
from crosstell.core.detection.finding import Assessed, Criterion
from crosstell.core.detection.pair.zone import pairing
from crosstell.core.geometry.footprint import Circle, Footprint, Polygon
from crosstell.core.geometry.geodesic import destination
from crosstell.core.geometry.motion import Motion, Velocity
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.volume import Volume
from crosstell.core.ids import RuleId
from crosstell.core.instant import Window

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
CENTRE = Position(lat_deg=36.5, lon_deg=40.75)
RULE = Criterion(
    rule=RuleId("standoff"),
    reading=None,
    lateral_m=9_260.0,
    vertical_m=300.0,
    horizon_s=600.0,
    unknown_accuracy_m=500.0,
    unknown_speed_mps=60.0,
    stale_after_s=60.0,
)


def volume(footprint: Footprint) -> Volume:
    """The footprint up to 5000 m, for two hours."""
    return Volume(
        footprint=footprint,
        lower=Unbounded(),
        upper=Altitude(value_m=5_000.0, datum=Datum.MSL_EGM96),
        window=Window(start=NOW - timedelta(hours=1), end=NOW + timedelta(hours=1)),
    )


def motion(rng: random.Random, away_m: float, turn_deg: float) -> Motion:
    """An object `away_m` from the centre, its course `turn_deg` off the way to it."""
    azimuth = rng.uniform(0.0, 360.0)
    return Motion(
        position=destination(CENTRE, track_deg=azimuth, travel_m=away_m),
        at=NOW - timedelta(seconds=rng.uniform(0.0, 10.0)),
        altitude=Altitude(value_m=3_000.0, datum=Datum.MSL_EGM96),
        velocity=Velocity(
            track_deg=(azimuth + 180.0 + turn_deg) % 360.0, speed_mps=60.0, climb_mps=0.0
        ),
        position_accuracy_m=100.0,
        altitude_accuracy_m=50.0,
    )


def measure(name: str, motions: list[Motion], zone: Volume, rounds: int) -> None:
    """Print pairs a second and microseconds a pair, best of three."""
    best_s = math.inf
    for _ in range(3):
        begun_s = time.process_time()
        for _ in range(rounds):
            verdicts = [pairing(one, zone, RULE, NOW).assessed for one in motions]
        best_s = min(best_s, time.process_time() - begun_s)
    pairs = rounds * len(motions)
    share = sum(v is not Assessed.CLEAR for v in verdicts) / len(verdicts)
    print(
        f"{name:24} {pairs / best_s:12,.0f} pairs/s {best_s / pairs * 1e6:9.1f} us "
        f"{share:6.0%} not clear"
    )


def main() -> None:
    """Print the table."""
    rng = random.Random("detection_zone")
    ring = tuple(
        destination(CENTRE, track_deg=30.0 * k, travel_m=rng.uniform(4_000.0, 10_000.0))
        for k in range(12)
    )
    print(f"Python {platform.python_version()}, {platform.machine()}, CPU time, one thread")
    shapes = (
        ("circle", Circle(centre=CENTRE, radius_m=8_000.0)),
        ("polygon", Polygon(vertices=ring)),
    )
    for name, shape in shapes:
        zone = volume(shape)
        far = [motion(rng, rng.uniform(1e5, 1e7), rng.uniform(0, 360)) for _ in range(1_000)]
        near = [motion(rng, rng.uniform(24e3, 40e3), 180.0) for _ in range(200)]
        entering = [motion(rng, rng.uniform(24e3, 40e3), rng.uniform(-15, 15)) for _ in range(200)]
        measure(f"{name}, far", far, zone, 20)
        measure(f"{name}, near", near, zone, 2)
        measure(f"{name}, entering", entering, zone, 2)


if __name__ == "__main__":
    main()
