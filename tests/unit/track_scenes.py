"""Motions near volumes for tests: aimed, grazing, loose, stale, unknown; anywhere on the globe."""

import random
from datetime import timedelta

from volume_scenes import NOW

from crosstell.core.altitude import Altitude, Datum
from crosstell.core.geometry.geodesic import destination
from crosstell.core.geometry.motion import Motion, Velocity
from crosstell.core.geometry.position import Position


def motion(rng: random.Random, place: Position, spread_m: float, *, speed_mps: float) -> Motion:
    """A motion that starts within `spread_m` of `place`; about one in four lacks something."""
    position = destination(place, track_deg=rng.uniform(0, 360), travel_m=rng.uniform(0, spread_m))
    velocity = Velocity(
        track_deg=rng.uniform(0, 360),
        speed_mps=rng.choice((0.0, speed_mps, speed_mps, speed_mps)),
        climb_mps=rng.choice((None, 0.0, 0.0, 5.0, -5.0)),
    )
    datum = rng.choice((*[Datum.MSL_EGM96] * 6, Datum.WGS84_ELLIPSOID, Datum.STANDARD_PRESSURE))
    height = Altitude(value_m=50.0 * rng.randint(0, 10), datum=datum)
    ages = (0.0, 2.5, 10.0, 59.0, -3.0, 90.0)
    return Motion(
        position=position,
        at=NOW - timedelta(seconds=rng.choice(ages)),
        altitude=None if rng.random() < 0.1 else height,
        velocity=None if rng.random() < 0.1 else velocity,
        position_accuracy_m=rng.choice((None, 0.0, 0.0, 30.0, 200.0)),
        altitude_accuracy_m=rng.choice((None, 0.0, 0.0, 20.0)),
    )
