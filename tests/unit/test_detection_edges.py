"""Where a conflict could be lost in silence: poles, antimeridian, great distances, bad limits."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crosstell.core.altitude import (
    NO_ALTITUDE_DATA,
    Altitude,
    AltitudeData,
    Datum,
    GroundBounds,
    Unbounded,
)
from crosstell.core.detection.bulk.columns import TrackColumns
from crosstell.core.detection.bulk.traffic import Path, encounters
from crosstell.core.detection.finding import Assessed, Criterion, Encounter, Reason
from crosstell.core.detection.pair.traffic import pairing as between
from crosstell.core.detection.pair.zone import pairing
from crosstell.core.geometry.footprint import Circle, Footprint, Polygon
from crosstell.core.geometry.geodesic import destination
from crosstell.core.geometry.motion import Motion, Velocity
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.volume import Volume
from crosstell.core.ids import RuleId
from crosstell.core.instant import Window, later

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
INFRINGES, UNSURE, CLEAR = Assessed.INFRINGES, Assessed.CANNOT_BE_RULED_OUT, Assessed.CLEAR
RULE = Criterion(
    rule=RuleId("standoff"),
    reading=None,
    lateral_m=0.0,
    vertical_m=0.0,
    horizon_s=3_600.0,
    unknown_accuracy_m=500.0,
    unknown_speed_mps=50.0,
    stale_after_s=60.0,
)
STILL = Velocity(track_deg=0.0, speed_mps=0.0, climb_mps=0.0)


def place(lat_deg: float, lon_deg: float) -> Position:
    return Position(lat_deg=lat_deg, lon_deg=lon_deg)


def seen(where: Position, velocity: Velocity | None = STILL, height_m: float = 100.0) -> Motion:
    return Motion(
        position=where,
        at=NOW,
        altitude=Altitude(value_m=height_m, datum=Datum.MSL_EGM96),
        velocity=velocity,
        position_accuracy_m=0.0,
        altitude_accuracy_m=0.0,
    )


def zone(footprint: Footprint) -> Volume:
    hours = timedelta(hours=2)
    window = Window(start=NOW - hours, end=NOW + hours)
    return Volume(footprint=footprint, lower=Unbounded(), upper=Unbounded(), window=window)


def judged(
    motion: Motion, volume: Volume, data: AltitudeData = NO_ALTITUDE_DATA, *, lateral_m: float = 0.0
) -> Encounter:
    return pairing(motion, volume, replace(RULE, lateral_m=lateral_m), NOW, data)


ROUND_THE_POLE = Polygon(vertices=tuple(place(85.0, lon) for lon in (-180.0, -90.0, 0.0, 90.0)))
ACROSS_180 = Polygon(
    vertices=(place(10.0, 179.0), place(10.0, -179.0), place(11.0, -179.0), place(11.0, 179.0))
)


@pytest.mark.parametrize(
    ("footprint", "where", "assessed"),
    [
        (ROUND_THE_POLE, place(90.0, 0.0), INFRINGES),
        (ROUND_THE_POLE, place(89.9, 137.0), INFRINGES),
        (ROUND_THE_POLE, place(84.0, 45.0), CLEAR),
        (ROUND_THE_POLE, place(-90.0, 0.0), CLEAR),
        (ACROSS_180, place(10.5, 180.0), INFRINGES),
        (ACROSS_180, place(10.5, -179.5), INFRINGES),
        (ACROSS_180, place(10.5, 178.5), CLEAR),
        (ACROSS_180, place(10.5, 0.0), CLEAR),
        (ACROSS_180, place(10.0, 179.0), INFRINGES),
        (Circle(centre=place(90.0, 0.0), radius_m=1_000_000.0), place(82.0, 77.0), INFRINGES),
    ],
)
def test_an_object_at_rest_is_judged_where_it_is(
    footprint: Footprint, where: Position, assessed: Assessed
) -> None:
    """DET-001, DET-003: the pole, longitude 180, a vertex itself, the largest circle."""
    assert judged(seen(where), zone(footprint)).assessed is assessed


def test_over_the_pole_and_down_the_other_side() -> None:
    """DET-001: the course turns by 180 degrees at the pole; the path does not."""
    target = Circle(centre=place(88.0, 180.0), radius_m=1_000.0)
    north = Velocity(track_deg=0.0, speed_mps=250.0, climb_mps=0.0)
    found = judged(seen(place(88.0, 0.0), north), zone(target))
    assert found.assessed is INFRINGES
    assert found.nominal_in_s == pytest.approx((2 * 223_388.0 - 1_000.0) / 250.0, abs=1.0)


@pytest.mark.parametrize("beside_m", [-1.0, 1.0])
@pytest.mark.parametrize("limit_m", [400_000.0, 600_000.0, 3_000_000.0])
def test_a_standoff_beyond_the_fast_distance_is_exact(limit_m: float, beside_m: float) -> None:
    """DET-004: past 500 km the geodesic alone decides."""
    centre = place(36.5, 40.0)
    away_m = 50_000.0 + limit_m + beside_m
    where = destination(centre, track_deg=300.0, travel_m=away_m)
    circle = zone(Circle(centre=centre, radius_m=50_000.0))
    expected = INFRINGES if beside_m < 0.0 else CLEAR
    assert judged(seen(where), circle, lateral_m=limit_m).assessed is expected


def test_no_speed_with_a_climb_comes_into_the_band_from_below() -> None:
    """DET-023: a balloon or a helicopter straight up."""
    here = place(36.5, 40.0)
    lower = Altitude(value_m=1_100.0, datum=Datum.MSL_EGM96)
    above = replace(zone(Circle(centre=here, radius_m=100.0)), lower=lower)
    up = Velocity(track_deg=0.0, speed_mps=0.0, climb_mps=5.0)
    found = judged(seen(here, up), above)
    assert found.assessed is INFRINGES
    assert found.nominal_in_s == pytest.approx(200.0, abs=0.001)


def test_a_volume_without_limits_is_met_at_any_altitude() -> None:
    """DET-020."""
    here = place(36.5, 40.0)
    unknown = replace(seen(here), altitude=None)
    found = judged(unknown, zone(Circle(centre=here, radius_m=100.0)))
    assert found.assessed is INFRINGES


def test_in_and_out_again_before_the_window_opens_is_clear_and_after_it_is_not() -> None:
    """DET-005: what counts is inside and within the window at one instant."""
    here = place(0.0, 40.0)
    east = Velocity(track_deg=90.0, speed_mps=100.0, climb_mps=0.0)
    start = destination(here, track_deg=270.0, travel_m=10_000.0)
    circle = zone(Circle(centre=here, radius_m=1_000.0))  # inside from 90 s to 110 s
    for opens_s, assessed in ((111.0, CLEAR), (109.0, INFRINGES)):
        window = Window(start=later(NOW, by_s=opens_s), end=later(NOW, by_s=999.0))
        assert judged(seen(start, east), replace(circle, window=window)).assessed is assessed


@pytest.mark.parametrize("where", [place(36.5, 40.0), place(-36.5, -140.0)])
def test_an_accuracy_that_holds_everything_cannot_be_ruled_out(where: Position) -> None:
    """DET-010: a source that states 1,000 km is believed, near; far off it is still bounded."""
    vague = replace(seen(where), position_accuracy_m=1_000_000.0)
    near = judged(vague, zone(Circle(centre=place(41.0, 40.0), radius_m=100.0)))
    assert near.assessed is (UNSURE if where.lat_deg > 0.0 else CLEAR)


GROUND = AltitudeData(
    ground=GroundBounds(
        lower=Altitude(value_m=900.0, datum=Datum.MSL_EGM96),
        upper=Altitude(value_m=1_100.0, datum=Datum.MSL_EGM96),
    )
)


@pytest.mark.parametrize(
    ("upper_m", "assessed", "reason"),
    [
        (1_399.0, UNSURE, Reason.ALTITUDE_LIMITS_REVERSED),  # under the lowest possible lower limit
        (1_450.0, UNSURE, Reason.ALTITUDE_CONVERSION),  # reversed over some of the ground
        (2_000.0, INFRINGES, None),
    ],
)
def test_limits_that_are_upside_down_once_converted_do_not_empty_a_zone(
    upper_m: float, assessed: Assessed, reason: Reason | None
) -> None:
    """DET-026: "from 500 m above ground to 1300 m" over ground at 1000 m alerted nobody."""
    here = place(36.5, 40.0)
    limits = replace(
        zone(Circle(centre=here, radius_m=100.0)),
        lower=Altitude(value_m=500.0, datum=Datum.ABOVE_GROUND),
        upper=Altitude(value_m=upper_m, datum=Datum.MSL_EGM96),
    )
    found = judged(seen(here, height_m=min(1_450.0, upper_m)), limits, GROUND)
    if reason is None:
        found = judged(seen(here, height_m=1_800.0), limits, GROUND)
    assert found.assessed is assessed
    assert reason is None or reason in found.reasons


@pytest.mark.parametrize(
    ("sideways_m", "up_m", "assessed"),
    [
        (0.0, 250.0, UNSURE),  # 200 m below a limit, good to 250 m
        (0.0, 150.0, CLEAR),
        (1_000.0, 150.0, CLEAR),  # a figure sideways says nothing of heights
        (1_000.0, None, UNSURE),  # a rule with one figure means it for both
    ],
)
def test_heights_have_an_accuracy_of_their_own(
    sideways_m: float, up_m: float | None, assessed: Assessed
) -> None:
    """DET-027: at a place, between tracks, and by arrays."""
    rule = replace(
        RULE, vertical_m=50.0, unknown_accuracy_m=sideways_m, unknown_vertical_accuracy_m=up_m
    )
    here = place(52.0, 4.0)
    low = replace(seen(here, height_m=100.0), altitude_accuracy_m=None)
    floor = Altitude(value_m=350.0, datum=Datum.MSL_EGM96)
    above = replace(zone(Circle(centre=here, radius_m=100.0)), lower=floor)
    assert pairing(low, above, rule, NOW).assessed is assessed
    high = seen(here, height_m=350.0)
    assert between(low, high, rule, NOW).assessed is assessed
    tracks = TrackColumns.from_motions([low, high], NOW, datum=Datum.MSL_EGM96)
    for path in (Path.PLAIN, Path.BEST):
        assert (len(encounters(tracks, rule, path=path)) == 0) == (assessed is CLEAR)


def test_an_accuracy_of_heights_does_not_widen_sideways() -> None:
    """DET-027: 300 m outside, position accuracy unknown."""
    rule = replace(RULE, unknown_accuracy_m=200.0, unknown_vertical_accuracy_m=5_000.0)
    here = place(52.0, 4.0)
    outside = destination(here, track_deg=90.0, travel_m=400.0)
    beside = replace(seen(outside), position_accuracy_m=None)
    assert pairing(beside, zone(Circle(centre=here, radius_m=100.0)), rule, NOW).assessed is CLEAR
    nearer = replace(rule, unknown_accuracy_m=310.0)
    found = pairing(beside, zone(Circle(centre=here, radius_m=100.0)), nearer, NOW)
    assert found.assessed is UNSURE


def test_a_negative_accuracy_of_heights_is_refused() -> None:
    """DET-027."""
    with pytest.raises(ValueError, match="unknown_vertical_accuracy_m is -1"):
        replace(RULE, unknown_vertical_accuracy_m=-1.0)
