"""One track against one volume, case by case: verdict, reasons, times."""

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crosstell.core.altitude import (
    Altitude,
    AltitudeData,
    Datum,
    GroundBounds,
    Shift,
    Unbounded,
)
from crosstell.core.detection.about import NoticeOf, TrackAtNotice
from crosstell.core.detection.finding import Assessed, Criterion, Encounter, Reason
from crosstell.core.detection.pair.zone import pairing
from crosstell.core.geometry import approach
from crosstell.core.geometry.footprint import Circle
from crosstell.core.geometry.geodesic import destination
from crosstell.core.geometry.motion import Motion, Velocity
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.volume import Volume
from crosstell.core.ids import NoticeId, PartyId, RuleId, TrackId
from crosstell.core.instant import Window, later

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
CENTRE = Position(lat_deg=36.5, lon_deg=40.75)
RADIUS_M = 5_000.0
INFRINGES, UNSURE, CLEAR = Assessed.INFRINGES, Assessed.CANNOT_BE_RULED_OUT, Assessed.CLEAR


def msl(value_m: float) -> Altitude:
    return Altitude(value_m=value_m, datum=Datum.MSL_EGM96)


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
ZONE = Volume(
    footprint=Circle(centre=CENTRE, radius_m=RADIUS_M),
    lower=msl(1_000.0),
    upper=msl(3_000.0),
    window=Window(start=NOW - timedelta(hours=1), end=NOW + timedelta(hours=1)),
)
OPEN = replace(ZONE, lower=Unbounded(), upper=Unbounded())
LEVEL = Velocity(track_deg=0.0, speed_mps=100.0, climb_mps=0.0)
AWAY = Velocity(track_deg=180.0, speed_mps=100.0, climb_mps=0.0)


def at_gap(gap_m: float) -> Position:
    """The position south of the zone that is `gap_m` outside the lateral limit."""
    travel_m = RADIUS_M + RULE.lateral_m + gap_m
    return destination(CENTRE, track_deg=180.0, travel_m=travel_m)


def seen(gap_m: float = 10_000.0, velocity: Velocity | None = LEVEL) -> Motion:
    """An exact observation, so that each test adds one doubt."""
    return Motion(
        position=at_gap(gap_m),
        at=NOW,
        altitude=msl(2_000.0),
        velocity=velocity,
        position_accuracy_m=0.0,
        altitude_accuracy_m=0.0,
    )


def judged(motion: Motion, volume: Volume = ZONE, rule: Criterion = RULE) -> Encounter:
    return pairing(motion, volume, rule, NOW)


def test_heading_in_infringes_at_the_crossing() -> None:
    """DET-001, DET-006: 10 km at 100 m/s; no doubt, no reasons."""
    found = judged(seen())
    assert (found.assessed, found.reasons) == (INFRINGES, ())
    assert found.nominal_in_s == pytest.approx(100.0, abs=0.001)
    assert found.infringement_in_s == found.nominal_in_s
    assert found.distance_m == pytest.approx(11_000.0, abs=0.02)
    assert found.margin_m == 0.0


def test_heading_away_is_clear() -> None:
    """DET-003, DET-006: nothing before the horizon."""
    found = judged(seen(velocity=AWAY))
    assert (found.assessed, found.reasons) == (CLEAR, ())
    assert (found.infringement_in_s, found.nominal_in_s) == (RULE.horizon_s, None)


def test_already_inside_is_zero_seconds() -> None:
    """DET-001, DET-006: the distance is negative inside."""
    found = judged(seen(-6_000.0))
    assert (found.assessed, found.infringement_in_s, found.nominal_in_s) == (INFRINGES, 0.0, 0.0)
    assert found.distance_m == pytest.approx(-5_000.0, abs=0.02)


def test_far_away_is_clear_with_a_lower_bound() -> None:
    """DET-031."""
    found = judged(replace(seen(), position=Position(lat_deg=-30.0, lon_deg=-140.0)))
    assert found.assessed is CLEAR
    assert 1e6 < found.distance_m < 1.7e7


@pytest.mark.parametrize(
    ("value_m", "assessed"),
    [(3_300.0, INFRINGES), (3_300.001, CLEAR), (700.0, INFRINGES), (699.999, CLEAR)],
)
def test_a_vertical_gap_equal_to_its_limit_infringes(value_m: float, assessed: Assessed) -> None:
    """DET-004: above and below alike; one millimetre more does not."""
    assert judged(replace(seen(), altitude=msl(value_m))).assessed is assessed


def test_exact_thousand_feet_infringe_on_both_sides() -> None:
    """DET-004: the tie that other detectors see from one side only (304.8 m)."""
    rule = replace(RULE, vertical_m=304.8)
    for altitude_m in (3_304.8, 695.2):
        assert judged(replace(seen(), altitude=msl(altitude_m)), rule=rule).assessed is INFRINGES


def window(start_s: float, end_s: float) -> Volume:
    return replace(ZONE, window=Window(start=later(NOW, by_s=start_s), end=later(NOW, by_s=end_s)))


@pytest.mark.parametrize(
    ("start_s", "end_s", "nominal_s"),
    [
        (200.0, 300.0, 200.0),
        (0.0, 101.0, 100.0),
        (0.0, 99.0, None),
        (160.0, 161.0, 160.0),
        (221.0, 400.0, None),
        (-100.0, 0.0, None),
        (-200.0, -100.0, None),
        (601.0, 900.0, None),
    ],
)
def test_the_window_bounds_the_infringement(
    start_s: float, end_s: float, nominal_s: float | None
) -> None:
    """DET-001, DET-005: the crossing lasts from 100 s to 220 s."""
    found = judged(seen(), window(start_s, end_s))
    assert found.nominal_in_s == (nominal_s and pytest.approx(nominal_s, abs=0.001))
    assert found.assessed is (CLEAR if nominal_s is None else INFRINGES)


def test_the_window_is_half_open() -> None:
    """DET-005: standing inside, a start now counts and an end now does not."""
    still = seen(-6_000.0, Velocity(track_deg=0.0, speed_mps=0.0, climb_mps=0.0))
    assert judged(still, window(0.0, 1.0)).assessed is INFRINGES
    assert judged(still, window(-1.0, 0.0)).assessed is CLEAR
    assert judged(still, window(-1.0, 0.000_001)).assessed is INFRINGES
    assert judged(still, window(600.0, 700.0)).nominal_in_s == 600.0
    assert judged(still, window(600.000_001, 700.0)).assessed is CLEAR


def test_stated_accuracy_widens_the_limit() -> None:
    """DET-002, DET-010: passing 200 m beside the limit, known to 300 m or to 100 m."""
    beside = destination(at_gap(10_000.0), track_deg=90.0, travel_m=6_200.0)
    passing = replace(seen(), position=beside)
    near = judged(replace(passing, position_accuracy_m=300.0))
    assert (near.assessed, near.reasons) == (UNSURE, (Reason.POSITION_ACCURACY,))
    assert (near.nominal_in_s, near.margin_m) == (None, 300.0)
    assert judged(replace(passing, position_accuracy_m=100.0)).assessed is CLEAR


def test_unknown_accuracy_takes_the_rules_figure() -> None:
    """DET-010: 500 m, so earlier by 5 s; the reason stands beside the infringement."""
    found = judged(replace(seen(), position_accuracy_m=None))
    assert found.assessed is INFRINGES
    assert found.nominal_in_s == pytest.approx(100.0, abs=0.001)
    assert found.infringement_in_s == pytest.approx(95.0, abs=0.001)
    assert found.reasons == (Reason.POSITION_ACCURACY_UNKNOWN,)
    assert found.margin_m == 500.0


@pytest.mark.parametrize(
    ("gap_m", "assessed", "early_s"),
    [(29_999.0, UNSURE, 599.98), (30_001.0, CLEAR, 600.0), (2_000.0, UNSURE, 40.0)],
)
def test_unknown_velocity_reaches_at_the_assumed_speed(
    gap_m: float, assessed: Assessed, early_s: float
) -> None:
    """DET-011, DET-003: 50 m/s over 600 s is 30 km."""
    found = judged(seen(gap_m, None), OPEN)
    assert (found.assessed, found.nominal_in_s) == (assessed, None)
    assert found.infringement_in_s == pytest.approx(early_s, abs=0.001)
    assert (Reason.VELOCITY_UNKNOWN in found.reasons) is (assessed is UNSURE)


def test_unknown_velocity_inside_infringes_as_reported() -> None:
    """DET-011: the last place counts, now; in a window to come it does not."""
    inside = seen(-500.0, None)
    assert judged(inside, OPEN).assessed is INFRINGES
    coming = replace(OPEN, window=Window(start=later(NOW, by_s=9), end=later(NOW, by_s=99)))
    assert judged(inside, coming).assessed is UNSURE


def test_age_counts_for_unknown_velocity() -> None:
    """DET-011: seen 40 s ago, the object has had 40 s more."""
    old = replace(seen(2_000.0, None), at=later(NOW, by_s=-40.0))
    found = judged(old, OPEN)
    assert found.assessed is UNSURE
    assert found.infringement_in_s == pytest.approx(0.0, abs=0.001)


@pytest.mark.parametrize("velocity", [LEVEL, AWAY, None])
def test_a_stale_track_is_never_clear_within_its_reach(velocity: Velocity | None) -> None:
    """DET-012: whichever way it flew; inside its last place it does not infringe either."""
    for gap_m in (1_000.0, -6_000.0):
        old = replace(seen(gap_m, velocity), at=later(NOW, by_s=-61.0))
        found = judged(old)
        assert (found.assessed, found.nominal_in_s) == (UNSURE, None)
        assert Reason.STALE in found.reasons
    fresh = replace(seen(-6_000.0, LEVEL), at=later(NOW, by_s=-60.0))
    assert judged(fresh).assessed is INFRINGES


def test_a_stale_track_reaches_at_the_higher_speed() -> None:
    """DET-012: 100 m/s (its own) for 61 s and 600 s; beyond that it is clear."""
    for gap_m, assessed in ((66_000.0, UNSURE), (66_200.0, CLEAR)):
        old = replace(seen(gap_m, AWAY), at=later(NOW, by_s=-61.0))
        assert judged(old, OPEN).assessed is assessed


def test_an_observation_from_the_future_is_named() -> None:
    """DET-013: 2 s ahead at 100 m/s widens by 200 m."""
    beside = destination(at_gap(10_000.0), track_deg=90.0, travel_m=6_150.0)
    ahead = replace(seen(), position=beside, at=later(NOW, by_s=2.0))
    found = judged(ahead)
    assert (found.assessed, found.reasons) == (UNSURE, (Reason.TIME_AHEAD,))
    assert found.margin_m == pytest.approx(200.0)
    assert judged(replace(ahead, at=later(NOW, by_s=1.0))).assessed is CLEAR
    long_ahead = judged(replace(seen(-6_000.0), at=later(NOW, by_s=61.0)))
    assert (long_ahead.assessed, Reason.STALE in long_ahead.reasons) == (UNSURE, True)


def test_time_ahead_counts_though_the_horizon_is_nothing() -> None:
    """DET-013: 8 s ahead at 100 m/s reaches 800 m back and is unsure by 800 m more."""
    ahead = replace(seen(1_500.0, AWAY), at=later(NOW, by_s=8.0))
    found = judged(ahead, rule=replace(RULE, horizon_s=0.0))
    assert (found.assessed, found.reasons) == (UNSURE, (Reason.TIME_AHEAD,))


def test_unknown_altitude_cannot_be_ruled_out() -> None:
    """DET-021, DET-007: the reason is height alone."""
    found = judged(replace(seen(), altitude=None, position_accuracy_m=None))
    assert (found.assessed, found.reasons) == (UNSURE, (Reason.ALTITUDE_UNKNOWN,))


@pytest.mark.parametrize(
    ("accuracy_m", "assessed", "reasons"),
    [
        (150.0, UNSURE, (Reason.ALTITUDE_ACCURACY,)),
        (50.0, CLEAR, ()),
        (None, UNSURE, (Reason.ALTITUDE_ACCURACY_UNKNOWN,)),
    ],
)
def test_altitude_accuracy_widens_the_band(
    accuracy_m: float | None, assessed: Assessed, reasons: tuple[Reason, ...]
) -> None:
    """DET-022, DET-007: 100 m above the limit."""
    high = replace(seen(), altitude=msl(3_400.0), altitude_accuracy_m=accuracy_m)
    found = judged(high)
    assert (found.assessed, found.reasons) == (assessed, reasons)


def test_both_doubts_together_name_both() -> None:
    """DET-007: neither alone suffices."""
    beside = destination(at_gap(10_000.0), track_deg=90.0, travel_m=6_200.0)
    found = judged(
        replace(
            seen(),
            position=beside,
            position_accuracy_m=300.0,
            altitude=msl(3_400.0),
            altitude_accuracy_m=150.0,
        )
    )
    assert found.reasons == (Reason.POSITION_ACCURACY, Reason.ALTITUDE_ACCURACY)


@pytest.mark.parametrize(
    ("climb_mps", "assessed", "early_s"),
    [
        (-10.0, INFRINGES, 170.0),
        (-25.0 / 3, INFRINGES, 204.0),
        (-5.0, CLEAR, 600.0),
        (10.0, CLEAR, 600.0),
        (None, UNSURE, 100.0),
    ],
)
def test_climb_is_followed(climb_mps: float | None, assessed: Assessed, early_s: float) -> None:
    """DET-023: 1700 m above the limit; inside sideways from 100 s to 220 s."""
    velocity = replace(LEVEL, climb_mps=climb_mps)
    found = judged(replace(seen(velocity=velocity), altitude=msl(5_000.0)))
    assert found.assessed is assessed
    assert found.infringement_in_s == pytest.approx(early_s, abs=0.01)
    if climb_mps is None:
        assert found.reasons == (Reason.CLIMB_UNKNOWN,)


def test_unknown_climb_counts_as_level_as_reported() -> None:
    """DET-023."""
    found = judged(seen(velocity=replace(LEVEL, climb_mps=None)))
    assert found.assessed is INFRINGES
    assert found.nominal_in_s == pytest.approx(100.0, abs=0.001)


@pytest.mark.parametrize(("age_s", "assessed"), [(20.0, UNSURE), (10.0, CLEAR)])
def test_unknown_climb_has_had_the_age_of_the_observation(age_s: float, assessed: Assessed) -> None:
    """DET-023: 900 m above the limit take 18 s at the assumed speed; the horizon is now."""
    velocity = Velocity(track_deg=0.0, speed_mps=0.0, climb_mps=None)
    high = replace(seen(-6_000.0, velocity), altitude=msl(4_200.0), at=later(NOW, by_s=-age_s))
    assert judged(high, rule=replace(RULE, horizon_s=0.0)).assessed is assessed


def test_another_datum_without_data_cannot_be_ruled_out() -> None:
    """DET-025: far above by its number, but of another datum."""
    high = replace(seen(), altitude=Altitude(value_m=9_000.0, datum=Datum.STANDARD_PRESSURE))
    found = judged(high)
    assert (found.assessed, found.reasons) == (UNSURE, (Reason.ALTITUDE_DATUM,))


def test_one_limit_known_is_enough_to_be_clear() -> None:
    """DET-025: the floor in another datum is open, the ceiling decides."""
    mixed = replace(ZONE, lower=Altitude(value_m=100.0, datum=Datum.ABOVE_GROUND))
    assert judged(replace(seen(), altitude=msl(9_000.0)), mixed).assessed is CLEAR
    assert judged(seen(), mixed).assessed is UNSURE


@pytest.mark.parametrize(
    ("value_m", "assessed", "reasons"),
    [
        (3_343.0, INFRINGES, ()),
        (3_345.0, UNSURE, (Reason.ALTITUDE_CONVERSION,)),
        (3_350.0, CLEAR, ()),
    ],
)
def test_another_datum_is_converted_and_widened(
    value_m: float, assessed: Assessed, reasons: tuple[Reason, ...]
) -> None:
    """DET-024: ceiling 3300 m MSL with its gap, undulation 43.6 m known to 2 m."""
    data = AltitudeData(undulation=Shift(add_m=43.6, uncertainty_m=2.0))
    high = replace(seen(), altitude=Altitude(value_m=value_m, datum=Datum.WGS84_ELLIPSOID))
    found = pairing(high, ZONE, RULE, NOW, data)
    assert (found.assessed, found.reasons) == (assessed, reasons)


def test_ground_bounds_serve_limits_above_ground() -> None:
    """DET-024: 500 m above ground of 300 to 500 m is a ceiling between 800 and 1000 m MSL."""
    low = replace(ZONE, lower=Unbounded(), upper=Altitude(value_m=500.0, datum=Datum.ABOVE_GROUND))
    data = AltitudeData(ground=GroundBounds(lower=msl(300.0), upper=msl(500.0)))
    rule = replace(RULE, vertical_m=0.0)
    for value_m, assessed in ((850.0, INFRINGES), (950.0, UNSURE), (1_050.0, CLEAR)):
        motion = replace(seen(), altitude=msl(value_m))
        assert pairing(motion, low, rule, NOW, data).assessed is assessed


def test_a_search_at_its_bound_cannot_be_ruled_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """DET-009."""
    monkeypatch.setattr(approach, "STEPS_MAX", 1)
    found = judged(seen())
    assert (found.assessed, found.reasons) == (UNSURE, (Reason.SEARCH_BOUND,))


def test_a_finding_is_held_to_its_grain() -> None:
    """DET-030: the finding carries the rule, the reading and the notice it was made under."""
    finding = judged(seen()).finding(
        replace(RULE, reading=PartyId("red")),
        about=TrackAtNotice(
            track=TrackId("t1"), notice=NoticeOf(party=PartyId("blue"), notice=NoticeId("n1"))
        ),
        versions=(2,),
    )
    assert (finding.rule, finding.reading, finding.versions) == ("standoff", "red", (2,))
    assert finding.nominal_in_s is not None
    for value in (finding.nominal_in_s, finding.infringement_in_s, finding.distance_m):
        assert value == round(value, 3)
    with pytest.raises(ValueError, match="not a finite number"):
        replace(finding, distance_m=math.nan)


@pytest.mark.parametrize("value", [math.nan, math.inf, -1.0])
@pytest.mark.parametrize("name", ["lateral_m", "horizon_s", "unknown_speed_mps", "stale_after_s"])
def test_a_criterion_has_limits(name: str, value: float) -> None:
    """DET-030."""
    with pytest.raises(ValueError, match="give a number from 0 up"):
        replace(RULE, **{name: value})  # type: ignore[arg-type]
