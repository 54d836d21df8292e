"""What a turn could do beside the course, case by case."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crosstell.core.altitude import Altitude, Datum, Unbounded
from crosstell.core.detection.finding import Assessed, Criterion, Encounter, Manoeuvre, Reason
from crosstell.core.detection.pair.reach import (
    LARGE_DRONE,
    SMALL_DRONE,
    earliest_by_manoeuvre_s,
    manoeuvre_margin_m,
)
from crosstell.core.detection.pair.zone import pairing
from crosstell.core.geometry.footprint import Circle, Polygon
from crosstell.core.geometry.geodesic import destination
from crosstell.core.geometry.motion import Motion, Velocity
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.volume import Volume
from crosstell.core.ids import RuleId
from crosstell.core.instant import Window, later

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
CENTRE = Position(lat_deg=36.5, lon_deg=40.75)
RADIUS_M = 5_000.0
TURN = Manoeuvre(horizon_s=30.0, speed_mps_max=40.0, acceleration_mps2_max=10.0, climb_mps_max=10.0)
RULE = Criterion(
    rule=RuleId("standoff"),
    reading=None,
    lateral_m=1_000.0,
    vertical_m=300.0,
    horizon_s=600.0,
    unknown_accuracy_m=500.0,
    unknown_speed_mps=50.0,
    stale_after_s=60.0,
    manoeuvre=TURN,
)


def msl(value_m: float) -> Altitude:
    return Altitude(value_m=value_m, datum=Datum.MSL_EGM96)


ZONE = Volume(
    footprint=Circle(centre=CENTRE, radius_m=RADIUS_M),
    lower=msl(1_000.0),
    upper=msl(3_000.0),
    window=Window(start=NOW - timedelta(hours=1), end=NOW + timedelta(hours=1)),
)


def seen(gap_m: float, track_deg: float, speed_mps: float = 40.0) -> Motion:
    """South of the zone, `gap_m` outside the limit; north leads in."""
    place = destination(CENTRE, track_deg=180.0, travel_m=RADIUS_M + RULE.lateral_m + gap_m)
    return Motion(
        position=place,
        at=NOW,
        altitude=msl(2_000.0),
        velocity=Velocity(track_deg=track_deg, speed_mps=speed_mps, climb_mps=0.0),
        position_accuracy_m=0.0,
        altitude_accuracy_m=0.0,
    )


def reached(motion: Motion, volume: Volume = ZONE, rule: Criterion = RULE) -> float | None:
    return earliest_by_manoeuvre_s(motion, volume, rule, NOW)


def judged(motion: Motion, volume: Volume = ZONE, rule: Criterion = RULE) -> Encounter:
    return pairing(motion, volume, rule, NOW)


def test_heading_away_it_must_first_come_to_a_stop() -> None:
    """TRU-040: 40 m/s away, 10 m/s2: back where it was after 8 s, 100 m further at 10.5 s."""
    assert reached(seen(100.0, 180.0)) == pytest.approx(10.5, abs=0.02)


def test_heading_in_it_can_only_keep_its_speed() -> None:
    """TRU-040: no turn is sooner than straight on at the greatest speed."""
    assert reached(seen(400.0, 0.0)) == pytest.approx(10.0, abs=0.01)
    slow = reached(seen(400.0, 0.0, speed_mps=0.0))  # from rest: 4 s to 40 m/s, 80 m; then 8 s
    assert slow == pytest.approx(12.0, abs=0.01)


def test_no_turn_at_all_is_the_course_or_less_speed() -> None:
    """TRU-040: with nothing to turn by, heading away reaches nothing in the horizon."""
    straight = replace(RULE, manoeuvre=replace(TURN, acceleration_mps2_max=0.0))
    assert reached(seen(100.0, 180.0), rule=straight) is None


def test_a_reported_speed_above_the_bound_counts() -> None:
    """TRU-041."""
    assert reached(seen(1_000.0, 0.0, speed_mps=100.0)) == pytest.approx(10.0, abs=0.01)


def test_the_turn_may_have_begun_at_the_observation() -> None:
    """TRU-041: seen 10 s ago, heading away; it may be about to enter now."""
    old = replace(seen(100.0, 180.0), at=later(NOW, by_s=-10.0))
    assert reached(old) == pytest.approx(0.5, abs=0.02)
    older = replace(old, at=later(NOW, by_s=-30.0))
    assert reached(older) == 0.0


def test_a_clock_that_is_ahead_only_widens() -> None:
    """TRU-041."""
    ahead = reached(replace(seen(100.0, 180.0), at=later(NOW, by_s=2.0)))
    assert ahead is not None
    assert ahead < 10.5


def test_accuracy_brings_it_nearer() -> None:
    """TRU-041: an unknown one as the rule assumes."""
    exact = seen(800.0, 0.0)
    assert reached(exact) == pytest.approx(20.0, abs=0.01)
    assert reached(replace(exact, position_accuracy_m=400.0)) == pytest.approx(10.0, abs=0.01)
    assert reached(replace(exact, position_accuracy_m=None)) == pytest.approx(7.5, abs=0.01)


@pytest.mark.parametrize(
    "motion",
    [
        replace(seen(0.5, 90.0), velocity=None),
        replace(seen(0.5, 90.0), at=later(NOW, by_s=-60.001)),
    ],
)
def test_without_a_course_there_is_nothing_to_turn_from(motion: Motion) -> None:
    """TRU-042: the pairing takes every direction already."""
    assert reached(motion) is None
    assert Reason.MANOEUVRE not in judged(motion).reasons


def test_beyond_its_horizon_no_manoeuvre_is_looked_at() -> None:
    """TRU-042: 30 s at 40 m/s are 1200 m."""
    assert reached(seen(1_190.0, 0.0)) == pytest.approx(29.75, abs=0.01)
    assert reached(seen(1_210.0, 0.0)) is None
    assert reached(replace(seen(0.0, 0.0), position=Position(lat_deg=-30.0, lon_deg=7.0))) is None


def test_window_and_band_bound_it() -> None:
    """TRU-041: the window half-open, the height at the greatest climb, up or down."""
    inside = seen(-100.0, 90.0)
    soon = Window(start=later(NOW, by_s=20.0), end=later(NOW, by_s=40.0))
    assert reached(inside, replace(ZONE, window=soon)) == 20.0
    past = Window(start=later(NOW, by_s=-20.0), end=NOW)
    assert reached(inside, replace(ZONE, window=past)) is None
    below = replace(inside, altitude=msl(500.0))
    assert reached(below) == pytest.approx(20.0, abs=0.001)
    assert reached(replace(below, altitude=msl(300.0))) is None
    open_zone = replace(ZONE, lower=Unbounded(), upper=Unbounded())
    assert reached(replace(below, altitude=None), open_zone) == 0.0


def test_polygons_are_reached_the_same_way() -> None:
    """TRU-040."""
    corners = tuple(
        destination(CENTRE, track_deg=a, travel_m=5_000.0) for a in (45.0, 135.0, 225.0, 315.0)
    )
    square = replace(ZONE, footprint=Polygon(vertices=corners))
    edge_m = 5_000.0 * 0.5**0.5
    place = destination(CENTRE, track_deg=180.0, travel_m=edge_m + 1_000.0 + 100.0)
    away = replace(seen(0.0, 180.0), position=place)
    assert reached(away, square) == pytest.approx(10.5, abs=0.05)


def test_flying_alongside_cannot_be_ruled_out() -> None:
    """DET-014, TRU-045: the course is clear, a turn is not."""
    beside = destination(CENTRE, track_deg=180.0, travel_m=RADIUS_M + 1_300.0)
    found = judged(replace(seen(0.0, 90.0), position=beside))
    assert (found.assessed, found.reasons) == (
        Assessed.CANNOT_BE_RULED_OUT,
        (Reason.MANOEUVRE,),
    )
    assert found.nominal_in_s is None
    assert 7.5 <= found.infringement_in_s < 12.0  # straight across at 40 m/s takes 7.5 s
    assert found.margin_m == pytest.approx(5.0 * found.infringement_in_s**2, rel=0.01)
    plain = judged(replace(seen(0.0, 90.0), position=beside), rule=replace(RULE, manoeuvre=None))
    assert plain.assessed is Assessed.CLEAR


def test_what_the_course_says_sooner_stands_alone() -> None:
    """TRU-045: predicted within the manoeuvre's horizon: nothing is added."""
    motion = seen(800.0, 0.0, speed_mps=32.0)  # predicted at 25 s, by a burst of speed at 20.6 s
    assert judged(motion) == judged(motion, rule=replace(RULE, manoeuvre=None))


def test_what_the_course_says_later_keeps_its_verdict() -> None:
    """TRU-045: an infringement in 80 s, which a burst of speed could bring to 21.1 s."""
    found = judged(seen(800.0, 0.0, speed_mps=10.0))
    assert found.assessed is Assessed.INFRINGES
    assert found.nominal_in_s == pytest.approx(80.0, abs=0.001)
    assert 20.0 < found.infringement_in_s <= 21.125
    assert found.reasons == (Reason.MANOEUVRE,)


def test_heading_away_far_enough_is_clear() -> None:
    """TRU-045: alert load: only what a turn reaches within its horizon is said."""
    assert judged(seen(900.0, 180.0)).assessed is Assessed.CLEAR


def test_the_margin_is_what_the_manoeuvre_adds() -> None:
    """TRU-045: half of A t^2, at most what speed allows; a clock ahead adds."""
    motion = seen(0.0, 0.0)
    assert manoeuvre_margin_m(motion, RULE, 2.0) == pytest.approx(20.0, abs=0.001)
    assert manoeuvre_margin_m(motion, RULE, 100.0) == pytest.approx(8_000.0, abs=0.1)
    assert manoeuvre_margin_m(motion, RULE, -1.0) == pytest.approx(0.0, abs=0.001)


def test_an_object_that_cannot_move_is_where_it_is() -> None:
    """TRU-040: no speed at all."""
    still = replace(RULE, manoeuvre=replace(TURN, speed_mps_max=0.0, acceleration_mps2_max=0.0))
    assert reached(seen(1.0, 0.0, speed_mps=0.0), rule=still) is None
    assert reached(seen(-1.0, 0.0, speed_mps=0.0), rule=still) == 0.0


def test_bounds_and_horizons_are_checked() -> None:
    """TRU-046: a bound is a number from 0 up, the horizon no longer than the rule's."""
    with pytest.raises(ValueError, match="give them no more"):
        replace(RULE, horizon_s=20.0)
    for name in ("horizon_s", "speed_mps_max", "acceleration_mps2_max", "climb_mps_max"):
        with pytest.raises(ValueError, match=name):
            replace(TURN, **{name: -1.0})
        with pytest.raises(ValueError, match=name):
            replace(TURN, **{name: float("nan")})
    assert SMALL_DRONE.horizon_s <= LARGE_DRONE.horizon_s
