"""Which conversions hold for a pair: at its own place and heights, for both sides."""

from dataclasses import replace
from datetime import timedelta

import pytest
from altitude_values import HERE, NOW, conversions, grid, motion, undulation_at

from crosstell.core.altitude import Altitude, AltitudeLimit, Datum, Unbounded
from crosstell.core.detection.conversion import (
    disc_of,
    extent_of_motion,
    extent_of_volume,
    local_data,
)
from crosstell.core.detection.finding import Criterion, Manoeuvre
from crosstell.core.detection.pressure import PressureSample, Samples
from crosstell.core.geometry.footprint import Circle, Footprint, Polygon
from crosstell.core.geometry.geodesic import destination, distance_m
from crosstell.core.geometry.motion import Motion, Velocity
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.volume import Volume
from crosstell.core.ids import RuleId, TrackId
from crosstell.core.instant import Window, later

RULE = Criterion(
    rule=RuleId("r"),
    reading=None,
    lateral_m=1_000.0,
    vertical_m=150.0,
    horizon_s=600.0,
    unknown_accuracy_m=500.0,
    unknown_speed_mps=300.0,
    stale_after_s=60.0,
)
FAR = destination(HERE, track_deg=90.0, travel_m=120_000.0)
LEVEL = Velocity(track_deg=90.0, speed_mps=250.0, climb_mps=0.0)


def fl(value_m: float) -> Altitude:
    return Altitude(value_m=value_m, datum=Datum.STANDARD_PRESSURE)


def msl(value_m: float) -> Altitude:
    return Altitude(value_m=value_m, datum=Datum.MSL_EGM96)


def zone(lower: AltitudeLimit, upper: AltitudeLimit, footprint: Footprint | None = None) -> Volume:
    return Volume(
        footprint=footprint or Circle(centre=FAR, radius_m=5_000.0),
        lower=lower,
        upper=upper,
        window=Window(start=NOW, end=NOW + timedelta(hours=1)),
    )


def flying(altitude: Altitude, velocity: Velocity | None = LEVEL) -> Motion:
    return replace(motion(altitude), velocity=velocity)


def weather(at: Position) -> Samples:
    """Aircraft about `at` every 500 m of height; the offset is a tenth of half the height."""
    return Samples.of(
        PressureSample(
            object=f"o{height}-{number}",
            source="s",
            track=TrackId(f"t-{height}-{number}"),
            position=at,
            at=NOW,
            pressure_altitude_m=float(height),
            offset_m=height / 20.0,
            conversion_m=0.0,
        )
        for height in range(0, 12_001, 500)
        for number in range(3)
    )


def test_a_small_zone_is_asked_about_at_its_own_place() -> None:
    """ALT-024: the undulation there, over the zone and the rule's distance, no more."""
    sides = (
        extent_of_motion(flying(msl(900.0)), RULE, NOW),
        extent_of_volume(zone(msl(0), msl(9))),
    )
    data = local_data(conversions(), sides, RULE, NOW)
    assert data.undulation == grid().shift(FAR, reach_m=6_000.0)
    assert data.undulation is not None
    assert abs(data.undulation.add_m - undulation_at(HERE)) > 0.3


def test_the_rules_distance_widens_the_place() -> None:
    """ALT-024: an object beside the zone is measured where it is."""
    wide = replace(RULE, lateral_m=60_000.0)
    sides = (
        extent_of_motion(flying(msl(900.0)), RULE, NOW),
        extent_of_volume(zone(msl(0), msl(9))),
    )
    undulation = local_data(conversions(), sides, wide, NOW).undulation
    assert undulation == grid().shift(FAR, reach_m=65_000.0)
    assert undulation != grid().shift(FAR, reach_m=5_000.0)


def test_a_large_zone_is_asked_about_where_the_object_can_come() -> None:
    """ALT-024: at its speed over the horizon, from where it may be."""
    wide = zone(msl(0.0), msl(9.0), Circle(centre=FAR, radius_m=900_000.0))
    sides = (extent_of_motion(flying(msl(900.0)), RULE, NOW), extent_of_volume(wide))
    data = local_data(conversions(), sides, RULE, NOW)
    assert data.undulation == grid().shift(HERE, reach_m=10.0 + 250.0 * 600.0 + 1_000.0)


@pytest.mark.parametrize(
    ("velocity", "manoeuvre", "age_s", "radius_m"),
    [
        (LEVEL, None, 0.0, 150_010.0),
        (LEVEL, None, 40.0, 160_010.0),
        (None, None, 0.0, 180_010.0),
        (replace(LEVEL, speed_mps=100.0), None, 61.0, 300.0 * 661.0 + 10.0),
        (
            replace(LEVEL, speed_mps=10.0),
            Manoeuvre(
                horizon_s=30.0, speed_mps_max=40.0, acceleration_mps2_max=9.0, climb_mps_max=5.0
            ),
            0.0,
            24_010.0,
        ),
    ],
)
def test_the_reach_of_an_object(
    velocity: Velocity | None, manoeuvre: Manoeuvre | None, age_s: float, radius_m: float
) -> None:
    """ALT-024: as reported, else as assumed; with what a manoeuvre may add."""
    seen = replace(flying(msl(900.0), velocity), at=later(NOW, by_s=-age_s))
    rule = replace(RULE, manoeuvre=manoeuvre)
    assert extent_of_motion(seen, rule, NOW).radius_m == pytest.approx(radius_m)


@pytest.mark.parametrize(
    ("seen", "volume", "height_m"),
    [
        (fl(6_000.0), zone(msl(5_000.0), msl(7_000.0)), 6_000.0),
        (msl(6_300.0), zone(fl(0.0), fl(12_000.0)), 6_000.0),
        (fl(6_000.0), zone(Unbounded(), msl(7_000.0)), 6_000.0),
    ],
)
def test_the_pressure_offset_is_that_at_the_heights_of_the_pair(
    seen: Altitude, volume: Volume, height_m: float
) -> None:
    """ALT-025: of weather whose offset is a twentieth of the height."""
    sides = (extent_of_motion(flying(seen), RULE, NOW), extent_of_volume(volume))
    for both in (sides, sides[::-1]):
        data = local_data(conversions(), both, RULE, NOW, weather(FAR))
        assert data.pressure is not None
        assert abs(data.pressure.add_m - height_m / 20.0) <= 30.0
        assert abs(data.pressure.add_m - height_m / 20.0) <= data.pressure.uncertainty_m
        assert data.pressure.uncertainty_m < 170.0


def test_a_climbing_object_is_asked_about_at_the_heights_of_the_band() -> None:
    """ALT-025: it passes them, and the rule's vertical limit, which are told in another datum."""
    climbing = flying(fl(3_000.0), replace(LEVEL, climb_mps=10.0))
    for low_m, high_m in ((7_000.0, 7_100.0), (3_500.0, 3_600.0)):
        band = zone(msl(low_m), msl(high_m))
        sides = (extent_of_motion(climbing, RULE, NOW), extent_of_volume(band))
        pressure = local_data(conversions(), sides, RULE, NOW, weather(FAR)).pressure
        assert pressure is not None
        for above_sea_m in (low_m - RULE.vertical_m, high_m + RULE.vertical_m):
            there_m = above_sea_m - above_sea_m / 1.05  # pressure altitude is H / 1.05 here
            assert abs(pressure.add_m - there_m) <= 40.0
            assert abs(pressure.add_m - there_m) <= pressure.uncertainty_m < 200.0


def test_a_pair_in_one_datum_needs_no_pressure_offset() -> None:
    """ALT-025: nor one whose altitude is unknown or of two geometric datums."""
    for seen, volume in (
        (fl(6_000.0), zone(fl(5_000.0), fl(7_000.0))),
        (msl(6_000.0), zone(Altitude(value_m=0.0, datum=Datum.WGS84_ELLIPSOID), Unbounded())),
    ):
        sides = (extent_of_motion(flying(seen), RULE, NOW), extent_of_volume(volume))
        assert local_data(conversions(), sides, RULE, NOW, weather(FAR)).pressure is None


@pytest.mark.parametrize(("hours", "is_known"), [(0.25, True), (2.0, True), (24.0, False)])
def test_two_plans_are_converted_for_as_long_as_both_last(hours: float, is_known: bool) -> None:
    """ALT-025: an offset seen now says little of the afternoon, and nothing of tomorrow."""
    until = Window(start=NOW, end=later(NOW, by_s=hours * 3_600.0))
    one = replace(zone(msl(5_900.0), msl(6_000.0)), window=until)
    other = replace(zone(fl(5_500.0), fl(5_700.0)), window=until)
    for sides in ((one, other), (other, one)):
        both = (extent_of_volume(sides[0]), extent_of_volume(sides[1]))
        pressure = local_data(conversions(), both, RULE, NOW, weather(FAR)).pressure
        assert (pressure is not None) == is_known
        if pressure is not None:
            assert pressure.uncertainty_m > 25.0 + 54.0 * hours


def test_an_altitude_above_ground_may_be_at_any_height_of_ground() -> None:
    """ALT-025: 100 m above ground is not 100 m above the sea."""
    low = flying(Altitude(value_m=100.0, datum=Datum.ABOVE_GROUND))
    extent = extent_of_motion(low, RULE, NOW)
    assert extent.lowest_m == 100.0 - 500.0 - 45.0
    assert extent.highest_m == 100.0 + 9_000.0 + 45.0


def test_a_pair_without_samples_near_it_has_no_pressure_offset() -> None:
    """ALT-025: it then cannot be ruled out (DET-025); zero is never put in its place."""
    sides = (
        extent_of_motion(flying(fl(6_000.0)), RULE, NOW),
        extent_of_volume(zone(msl(0.0), msl(7_000.0))),
    )
    elsewhere = destination(HERE, track_deg=270.0, travel_m=900_000.0)
    assert local_data(conversions(), sides, RULE, NOW, weather(elsewhere)).pressure is None
    assert local_data(conversions(), sides, RULE, NOW).pressure is None


def test_two_objects_meet_where_the_slower_can_come() -> None:
    """ALT-024: any two sides will do, and their order does not matter."""
    slow = flying(msl(900.0), replace(LEVEL, speed_mps=20.0))
    fast = replace(flying(msl(900.0)), position=FAR)
    sides = (extent_of_motion(slow, RULE, NOW), extent_of_motion(fast, RULE, NOW))
    data = local_data(conversions(), sides, RULE, NOW)
    assert data.undulation == grid().shift(HERE, reach_m=10.0 + 12_000.0 + 1_000.0)
    assert local_data(conversions(), sides[::-1], RULE, NOW) == data


@pytest.mark.parametrize("lat_deg", [0.0, 51.0, -89.5])
def test_a_disc_holds_its_polygon(lat_deg: float) -> None:
    """ALT-024: poles included."""
    middle = Position(lat_deg=lat_deg, lon_deg=179.9)
    corners = tuple(
        destination(middle, track_deg=track, travel_m=travel)
        for track, travel in ((10.0, 90_000.0), (130.0, 40_000.0), (250.0, 150_000.0))
    )
    centre, radius_m = disc_of(Polygon(vertices=corners))
    furthest_m = max(distance_m(centre, corner) for corner in corners)
    assert furthest_m <= radius_m <= 1.6 * furthest_m
