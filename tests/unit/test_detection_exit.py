"""When an infringement ends, case by case."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crosstell.core.altitude import Altitude, Datum
from crosstell.core.detection.finding import Criterion, Encounter
from crosstell.core.detection.pair import zone
from crosstell.core.detection.pair.zone import pairing
from crosstell.core.geometry.approach import Undecided
from crosstell.core.geometry.footprint import Circle
from crosstell.core.geometry.geodesic import destination
from crosstell.core.geometry.motion import Motion, Velocity
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.volume import Volume
from crosstell.core.ids import RuleId
from crosstell.core.instant import Window, later

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
CENTRE = Position(lat_deg=36.5, lon_deg=40.75)
RULE = Criterion(
    rule=RuleId("standoff"),
    reading=None,
    lateral_m=1_000.0,
    vertical_m=300.0,
    horizon_s=600.0,
    unknown_accuracy_m=500.0,
    unknown_speed_mps=50.0,
    stale_after_s=60.0,
)


def msl(value_m: float) -> Altitude:
    return Altitude(value_m=value_m, datum=Datum.MSL_EGM96)


ZONE = Volume(
    footprint=Circle(centre=CENTRE, radius_m=5_000.0),
    lower=msl(1_000.0),
    upper=msl(3_000.0),
    window=Window(start=NOW - timedelta(hours=1), end=NOW + timedelta(hours=1)),
)
COMING = Motion(
    position=destination(CENTRE, track_deg=180.0, travel_m=16_000.0),
    at=NOW,
    altitude=msl(2_000.0),
    velocity=Velocity(track_deg=0.0, speed_mps=100.0, climb_mps=0.0),
    position_accuracy_m=0.0,
    altitude_accuracy_m=0.0,
)


def judged(motion: Motion = COMING, volume: Volume = ZONE, rule: Criterion = RULE) -> Encounter:
    return pairing(motion, volume, rule, NOW)


def test_it_leaves_on_the_far_side() -> None:
    """DET-015: in at 100 s, 12 km later out."""
    found = judged()
    assert found.nominal_in_s == pytest.approx(100.0, abs=0.001)
    assert found.exit_in_s == pytest.approx(220.0, abs=0.001)


def test_it_climbs_out() -> None:
    """DET-015: 10 m/s: 1300 m higher after 130 s."""
    climbing = replace(COMING, velocity=Velocity(track_deg=0.0, speed_mps=100.0, climb_mps=10.0))
    assert judged(climbing).exit_in_s == pytest.approx(130.0, abs=0.001)


def test_the_window_ends_it() -> None:
    """DET-015: half-open, to the millisecond."""
    closing = replace(ZONE, window=Window(start=NOW, end=later(NOW, by_s=150.0)))
    assert judged(volume=closing).exit_in_s == pytest.approx(150.0, abs=0.001)


def test_beyond_the_horizon_it_is_not_said() -> None:
    """DET-015: examined for 200 s; and at rest it never ends."""
    assert judged(rule=replace(RULE, horizon_s=200.0)).exit_in_s is None
    assert judged(rule=replace(RULE, horizon_s=220.1)).exit_in_s is not None
    still = replace(
        COMING,
        position=CENTRE,
        velocity=Velocity(track_deg=0.0, speed_mps=0.0, climb_mps=0.0),
    )
    assert (judged(still).nominal_in_s, judged(still).exit_in_s) == (0.0, None)


def test_without_an_infringement_as_reported_there_is_no_end() -> None:
    """DET-015: clear, cannot be ruled out, or without a course."""
    away = replace(COMING, velocity=Velocity(track_deg=180.0, speed_mps=100.0, climb_mps=0.0))
    assert judged(away).exit_in_s is None
    assert judged(replace(COMING, altitude=None)).exit_in_s is None
    inside = replace(COMING, position=CENTRE, velocity=None)
    assert (judged(inside).nominal_in_s, judged(inside).exit_in_s) == (0.0, None)


def test_a_search_that_gives_up_says_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """DET-015, DET-009."""
    monkeypatch.setattr(zone, "first_beyond", lambda *_, **__: Undecided(7.0))
    assert judged().exit_in_s is None
