"""The screen never calls a pair clear that the rule would not (WCL-060)."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic

from crosstell.core.altitude import Altitude, Datum
from crosstell.core.detection.bulk.columns import TrackColumns
from crosstell.core.detection.finding import Assessed, Criterion
from crosstell.core.detection.well_clear.pairing import pairing
from crosstell.core.detection.well_clear.screen import may_violate
from crosstell.core.detection.well_clear.thresholds import ALERT_SETS, NON_COOPERATIVE
from crosstell.core.geometry.motion import Motion, Velocity
from crosstell.core.geometry.position import Position
from crosstell.core.ids import RuleId

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
CRITERION = Criterion(
    rule=RuleId("well-clear"),
    reading=None,
    lateral_m=0.0,
    vertical_m=0.0,
    horizon_s=180.0,
    unknown_accuracy_m=200.0,
    unknown_speed_mps=60.0,
    stale_after_s=30.0,
)
REGIONS = ((0.0, 0.0), (10.0, 179.9), (36.5, 40.7), (-60.0, -60.0), (89.9, 20.0), (-89.999, 0.0))


def fleet(rng: random.Random, region: tuple[float, float], count: int) -> list[Motion]:
    """Tracks two by two: both pass near one place at one time, as they were seen some time before.

    One track in seven has something unknown, is stale or ahead of time.
    """
    found = []
    for _ in range(count // 2):
        place = direct(*region, rng.uniform(0.0, 360.0), rng.uniform(0.0, 60_000.0))
        meet_s, height_m = rng.uniform(-20.0, 220.0), rng.uniform(1_500.0, 6_000.0)
        found += [passing(rng, place, meet_s, height_m) for _ in range(2)]
    return found


def direct(lat: float, lon: float, azimuth: float, away_m: float) -> tuple[float, float]:
    end = Geodesic.WGS84.Direct(lat, lon, azimuth, away_m)
    return end["lat2"], end["lon2"]


def passing(
    rng: random.Random, place: tuple[float, float], meet_s: float, height_m: float
) -> Motion:
    """A track that is within 2 km and 250 m of the place at `meet_s`."""
    speed, climb = rng.choice([0.0, rng.uniform(0.0, 300.0)]), rng.uniform(-8.0, 8.0)
    age_s = rng.choice([-3.0, 45.0]) if rng.random() < 0.05 else rng.uniform(0.0, 25.0)
    near = direct(*place, rng.uniform(0.0, 360.0), rng.uniform(0.0, 2_000.0))
    back = Geodesic.WGS84.Direct(*near, rng.uniform(0.0, 360.0), speed * (meet_s + age_s))
    seen_m = height_m + rng.uniform(-250.0, 250.0) - climb * (meet_s + age_s)
    velocity = Velocity(
        track_deg=(back["azi2"] + 180.0) % 360.0,
        speed_mps=speed,
        climb_mps=None if rng.random() < 0.03 else climb,
    )
    return Motion(
        position=Position(lat_deg=back["lat2"], lon_deg=back["lon2"]),
        at=NOW - timedelta(seconds=age_s),
        altitude=None
        if rng.random() < 0.03
        else Altitude(value_m=max(seen_m, -900.0), datum=Datum.MSL_EGM96),
        velocity=None if rng.random() < 0.03 else velocity,
        position_accuracy_m=rng.choice([None, 0.0, 0.0, 30.0, 300.0]),
        altitude_accuracy_m=rng.choice([None, 0.0, 0.0, 10.0, 50.0]),
    )


def checked(
    rng: random.Random, region: tuple[float, float], count: int
) -> Iterator[tuple[bool, bool]]:
    """Of each pair: whether the rule would not call it clear, and whether the screen keeps it."""
    motions = fleet(rng, region, count)
    columns = TrackColumns.from_motions(motions, NOW, datum=Datum.MSL_EGM96)
    meeting = [(row, row + 1) for row in range(0, count, 2)]
    others = [tuple(rng.sample(range(count), 2)) for _ in meeting]
    pairs = np.array(meeting + others)
    for alerts in ALERT_SETS.values():
        kept = may_violate(columns, pairs[:, 0], pairs[:, 1], alerts, CRITERION)
        for (one, two), keeps in zip(pairs.tolist(), kept.tolist(), strict=True):
            found = pairing(motions[one], motions[two], alerts, CRITERION, NOW)
            open_ = any(each.assessed is not Assessed.CLEAR for each in found.encounters)
            assert keeps or not open_, (motions[one], motions[two], found)
            yield open_, keeps


@pytest.mark.parametrize("size", [100, pytest.param(10_000, marks=pytest.mark.long)])
def test_no_pair_is_lost_and_few_are_kept(size: int) -> None:
    """WCL-060: and what is kept in vain is a small share of what is to be judged."""
    rng = random.Random("well-clear screen")
    seen = [found for region in REGIONS for found in checked(rng, region, size)]
    open_ = sum(1 for was, _ in seen if was)
    kept = sum(1 for _, keeps in seen if keeps)
    assert len(seen) // 10 < open_ < len(seen) // 2
    assert open_ <= kept < 1.1 * open_


def test_heights_above_ground_exclude_nothing() -> None:
    """WCL-053, WCL-060."""
    velocity = Velocity(track_deg=0.0, speed_mps=0.0, climb_mps=0.0)
    low, high = (
        Motion(
            position=Position(lat_deg=10.0, lon_deg=10.0),
            at=NOW,
            altitude=Altitude(value_m=value_m, datum=Datum.ABOVE_GROUND),
            velocity=velocity,
            position_accuracy_m=0.0,
            altitude_accuracy_m=0.0,
        )
        for value_m in (100.0, 3_000.0)
    )
    columns = TrackColumns.from_motions([low, high], NOW, datum=Datum.ABOVE_GROUND)
    rows = np.array([0]), np.array([1])
    for alerts in ALERT_SETS.values():
        assert may_violate(columns, *rows, alerts, CRITERION).tolist() == [True]


def test_a_height_that_drifted_before_now_is_kept() -> None:
    """WCL-060: 60 m/s for 20 s before and 170 s after."""
    low = Motion(
        position=Position(lat_deg=10.0, lon_deg=10.0),
        at=NOW - timedelta(seconds=20),
        altitude=Altitude(value_m=0.0, datum=Datum.MSL_EGM96),
        velocity=Velocity(track_deg=0.0, speed_mps=0.0, climb_mps=None),
        position_accuracy_m=0.0,
        altitude_accuracy_m=0.0,
    )
    for above_m, kept in ((137.0 + 190.0 * 60.0, True), (138.0 + 200.0 * 60.0, False)):
        high = replace(low, altitude=Altitude(value_m=above_m, datum=Datum.MSL_EGM96), at=NOW)
        high = replace(high, velocity=Velocity(track_deg=0.0, speed_mps=0.0, climb_mps=0.0))
        found = pairing(low, high, NON_COOPERATIVE, CRITERION, NOW)
        assert (found.encounter.assessed is not Assessed.CLEAR) == kept
        columns = TrackColumns.from_motions([low, high], NOW, datum=Datum.MSL_EGM96)
        rows = np.array([0]), np.array([1])
        assert may_violate(columns, *rows, NON_COOPERATIVE, CRITERION).tolist() == [kept]


def test_far_apart_only_what_is_fast_enough_is_kept() -> None:
    """WCL-060: over the horizon of a plane, by the distance alone."""
    velocity = Velocity(track_deg=90.0, speed_mps=6_000.0, climb_mps=0.0)
    here = Motion(
        position=Position(lat_deg=0.0, lon_deg=0.0),
        at=NOW,
        altitude=Altitude(value_m=50_000.0, datum=Datum.MSL_EGM96),
        velocity=velocity,
        position_accuracy_m=0.0,
        altitude_accuracy_m=0.0,
    )
    for lon_deg, kept in ((10.0, True), (40.0, False), (179.0, False)):
        there = Motion(
            position=Position(lat_deg=0.0, lon_deg=lon_deg),
            at=NOW,
            altitude=here.altitude,
            velocity=Velocity(track_deg=270.0, speed_mps=1_000.0, climb_mps=0.0),
            position_accuracy_m=0.0,
            altitude_accuracy_m=0.0,
        )
        columns = TrackColumns.from_motions([here, there], NOW, datum=Datum.MSL_EGM96)
        for alerts in ALERT_SETS.values():
            found = may_violate(columns, np.array([0]), np.array([1]), alerts, CRITERION)
            assert found.tolist() == [kept]
