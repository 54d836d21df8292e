"""A plan that does not clear is offered the smallest shifts that do, each of them verified."""

from dataclasses import replace
from datetime import timedelta

import pytest
from picture_values import at

from crosstell.core.altitude import (
    NO_ALTITUDE_DATA,
    Altitude,
    AltitudeData,
    AltitudeLimit,
    Datum,
    GroundBounds,
    Unbounded,
)
from crosstell.core.detection.finding import Criterion
from crosstell.core.detection.remedy.obstacle import Obstacle, clears, conflicts
from crosstell.core.detection.remedy.search import TRAVEL_GRAIN_M, Bounds, remedies
from crosstell.core.detection.remedy.shift import HeightShift, PlaceShift, Shift, TimeShift
from crosstell.core.detection.remedy.spans import Barred, nearest_free
from crosstell.core.geometry.footprint import Circle
from crosstell.core.geometry.geoid import Conversions, NoGeoid
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.volume import Volume
from crosstell.core.ids import RuleId
from crosstell.core.instant import Window
from crosstell.shell.shipped.geoid import geoid_at_start

RULE = Criterion(
    rule=RuleId("apart"),
    reading=None,
    lateral_m=1_000.0,
    vertical_m=300.0,
    horizon_s=600.0,
    unknown_accuracy_m=0.0,
    unknown_speed_mps=0.0,
    stale_after_s=60.0,
)
GROUND_MSL = Altitude(value_m=400.0, datum=Datum.MSL_EGM96)
GROUND = AltitudeData(ground=GroundBounds(lower=GROUND_MSL, upper=GROUND_MSL))
BOUNDS = Bounds(earliest=at(0))


def msl(value_m: float) -> Altitude:
    return Altitude(value_m=value_m, datum=Datum.MSL_EGM96)


def volume(
    lat_deg: float = 36.0,
    *,
    lower: AltitudeLimit | None = None,
    upper: AltitudeLimit | None = None,
    start_s: float = 3_600,
    end_s: float = 7_200,
) -> Volume:
    return Volume(
        footprint=Circle(centre=Position(lat_deg=lat_deg, lon_deg=40.0), radius_m=5_000.0),
        lower=lower or msl(1_000.0),
        upper=upper or msl(2_000.0),
        window=Window(start=at(start_s), end=at(end_s)),
    )


def against(*volumes: Volume, dwell_s: float = 0.0) -> tuple[Obstacle, ...]:
    return tuple(
        Obstacle(what=f"zone-{number}", volume=one, criterion=RULE, dwell_s=dwell_s)
        for number, one in enumerate(volumes)
    )


def offered(
    plan: Volume, *others: Volume, data: AltitudeData = GROUND, bounds: Bounds = BOUNDS
) -> tuple[Shift, ...]:
    ground = Conversions(geoid=NoGeoid(why="a test"), handed=data)
    found = remedies((plan,), against(*others), replace(bounds, conversions=ground)).shifts
    for shift in found:
        assert clears(shift.applied((plan,)), against(*others))
    return found


def times(found: tuple[Shift, ...]) -> list[float]:
    return [one.by / timedelta(seconds=1) for one in found if isinstance(one, TimeShift)]


def heights(found: tuple[Shift, ...]) -> list[float]:
    return [one.by_m for one in found if isinstance(one, HeightShift)]


def test_every_conflict_is_told_with_its_part_and_obstacle() -> None:
    """RMD-001."""
    plan = (volume(30.0), volume())
    (found,) = conflicts(plan, against(volume(), volume(20.0)))
    assert (found.part, found.obstacle.what) == (1, "zone-0")
    assert found.overlap.window == plan[1].window


def test_a_plan_that_clears_is_offered_nothing() -> None:
    """RMD-002."""
    assert offered(volume(), volume(20.0)) == ()


def test_time_shifts_end_where_the_windows_touch() -> None:
    """RMD-003: half-open windows that touch do not overlap; both directions are offered."""
    assert times(offered(volume(), volume(start_s=4_000, end_s=5_000))) == [1_400.0, -3_200.0]


def test_an_overlap_as_long_as_the_rule_allows_clears() -> None:
    """RMD-003: at most two minutes inside both minima are allowed, and so is a shift to there."""
    plan, obstacles = volume(), against(volume(start_s=4_000, end_s=5_000), dwell_s=120.0)
    found = remedies((plan,), obstacles, BOUNDS).shifts
    assert times(found) == [1_280.0, -3_080.0]
    assert clears((plan,), against(volume(start_s=4_000, end_s=4_120), dwell_s=120.0))
    assert not clears((plan,), against(volume(start_s=4_000, end_s=4_121), dwell_s=120.0))


def test_a_stay_of_several_parts_counts_whole() -> None:
    """RMD-008: three parts of a minute each follow one another; two minutes are allowed."""
    parts = tuple(volume(start_s=60 * n, end_s=60 * n + 60) for n in range(60, 63))
    obstacle = against(volume(start_s=0, end_s=9_000), dwell_s=120.0)
    assert [one.part for one in conflicts(parts, obstacle)] == [0, 1, 2]
    assert conflicts((parts[0], parts[2]), obstacle) == ()
    later = times(remedies(parts, obstacle, BOUNDS).shifts)
    assert later == [9_000.0 - 120.0 - 3_600.0]
    two = (volume(start_s=0, end_s=3_660), volume(start_s=3_660, end_s=9_000))
    of_one = tuple(replace(each, what="zone") for each in against(*two, dwell_s=120.0))
    three_minutes = (volume(start_s=3_600, end_s=3_780),)
    assert len(conflicts(three_minutes, of_one)) == 2
    assert conflicts(three_minutes, against(*two, dwell_s=120.0)) == ()


def test_a_part_shorter_than_the_allowed_stay_bars_nothing() -> None:
    """RMD-008: the short part may stay where it is; the long one sets the shift."""
    parts = (volume(start_s=3_600, end_s=3_660), volume(20.0, start_s=3_600, end_s=7_200))
    obstacles = against(volume(start_s=0, end_s=20_000), dwell_s=120.0)
    others = against(volume(20.0, start_s=7_000, end_s=8_000))
    assert times(remedies(parts, (*obstacles, *others), BOUNDS).shifts) == [4_400.0, -200.0]


def test_altitudes_are_converted_where_each_part_is() -> None:
    """RMD-010: the first part is far away, where the geoid lies otherwise."""
    far = Volume(
        footprint=Circle(centre=Position(lat_deg=4.0, lon_deg=78.0), radius_m=10.0),
        lower=msl(1_000.0),
        upper=msl(1_300.0),
        window=volume().window,
    )
    above = Altitude(value_m=1_250.0, datum=Datum.WGS84_ELLIPSOID)
    zone = volume(lower=above, upper=replace(above, value_m=1_400.0))
    geoid = geoid_at_start()
    given = Conversions(geoid=geoid, handed=NO_ALTITUDE_DATA)
    rule = replace(RULE, vertical_m=0.0)
    one = Obstacle(what="zone", volume=zone, criterion=rule, conversions=given)
    near = volume(lower=msl(1_000.0), upper=msl(1_300.0))
    found = conflicts((far, near), (one,))
    assert [each.part for each in found] == [1]
    assert found == tuple(replace(each, part=1) for each in conflicts((near,), (one,)))


def test_a_circle_is_measured_from_its_centre_where_the_rule_says_so() -> None:
    """RMD-010: 8 km between the centres, 1 km between a point and the edge of the other."""
    plan, other = volume(36.06), against(volume(36.0))[0]
    assert conflicts((plan,), (other,)) != ()
    point = Circle(centre=Position(lat_deg=36.0, lon_deg=40.0), radius_m=0.001)
    measured = replace(other, volume=replace(other.volume, footprint=point), from_centre=True)
    assert conflicts((plan,), (measured,)) == ()


def test_the_work_is_bounded_and_that_is_said() -> None:
    """RMD-009: with a handful of looks nothing is found, and each way says that it ended early."""
    few = replace(BOUNDS, looks_max=1)
    found = remedies((volume(), volume(20.0)), against(volume()), few)
    assert found.shifts == ()
    assert [way.value for way in found.unfinished] == ["time", "height", "place"]


def test_a_plan_that_has_begun_is_not_moved_within_the_past() -> None:
    """RMD-003: ten seconds later would clear it, and would still begin before now."""
    late = replace(BOUNDS, earliest=at(3_700))
    found = offered(volume(), volume(start_s=1_000, end_s=3_610), bounds=late)
    assert times(found) == [100.0]


def test_a_shift_into_the_past_is_not_offered() -> None:
    """RMD-003."""
    late = replace(BOUNDS, earliest=at(1_000))
    assert times(offered(volume(), volume(start_s=4_000, end_s=5_000), bounds=late)) == [1_400.0]


def test_a_shift_may_have_to_leap_over_a_second_obstacle() -> None:
    """RMD-003: 1,400 s would run into the next window; the gap between the two is too short."""
    found = offered(
        volume(), volume(start_s=4_000, end_s=5_000), volume(start_s=6_000, end_s=9_000)
    )
    assert times(found)[0] == 5_400.0


def test_height_shifts_keep_the_rule_to_the_millimetre() -> None:
    """RMD-004: a gap equal to the limit infringes, so the next whole metre is offered."""
    assert heights(offered(volume(), volume())) == [1_301.0]
    high = volume(lower=msl(3_000.0), upper=msl(3_500.0))
    other = volume(lower=msl(2_400.0), upper=msl(3_100.0))
    assert heights(offered(high, other)) == [401.0, -1_401.0]


def test_nothing_is_lowered_towards_ground_that_is_not_known() -> None:
    """RMD-005."""
    high = volume(lower=msl(3_000.0), upper=msl(3_500.0))
    other = volume(lower=msl(2_400.0), upper=msl(3_100.0))
    assert heights(offered(high, other, data=NO_ALTITUDE_DATA)) == [401.0]
    low = replace(BOUNDS, height_m_max=3_000.0)
    assert heights(offered(high, volume(lower=msl(500.0), upper=msl(3_100.0)), bounds=low)) == [
        401.0
    ]


def test_without_a_limit_or_a_common_datum_no_height_is_offered() -> None:
    """RMD-005."""
    assert heights(offered(volume(upper=Unbounded()), volume())) == []
    pressure = Altitude(value_m=9_000.0, datum=Datum.STANDARD_PRESSURE)
    other = volume(lower=pressure, upper=replace(pressure, value_m=10_000.0))
    assert heights(offered(volume(), other)) == []
    assert times(offered(volume(), other)) == [3_600.0, -3_600.0]


def test_a_place_shift_clears_and_a_shorter_one_that_way_does_not() -> None:
    """RMD-006."""
    plan, other = volume(36.02), volume()
    places = [one for one in offered(plan, other) if isinstance(one, PlaceShift)]
    assert len(places) == 2
    first, second = places
    assert first.travel_m <= second.travel_m
    away_deg = abs((first.track_deg - second.track_deg + 180.0) % 360.0 - 180.0)
    assert away_deg >= 90.0
    assert first.track_deg in (0.0, 345.0, 15.0)  # north, where the plan already leans
    assert 11_000.0 - 2_219.0 <= first.travel_m <= 11_000.0 - 2_219.0 + 2 * TRAVEL_GRAIN_M
    for one in places:
        shorter = replace(one, travel_m=one.travel_m - TRAVEL_GRAIN_M)
        assert not clears(shorter.applied((plan,)), against(other))


def test_an_obstacle_that_nothing_clears_leaves_nothing_to_offer() -> None:
    """RMD-007."""
    whole = Volume(
        footprint=Circle(centre=Position(lat_deg=36.0, lon_deg=40.0), radius_m=900_000.0),
        lower=Unbounded(),
        upper=Unbounded(),
        window=Window(start=at(-100_000), end=at(400_000)),
    )
    assert offered(volume(), whole) == ()


@pytest.mark.parametrize(
    ("barred", "sign", "free"),
    [
        ([], 1, 0.0),
        ([Barred(0.0, 5.0)], 1, 0.0),
        ([Barred(-1.0, 5.0)], 1, 5.0),
        ([Barred(-1.0, 5.0)], -1, -1.0),
        ([Barred(-1.0, 4.2)], 1, 5.0),
        ([Barred(-1.0, 4.2), Barred(4.4, 9.0)], 1, 4.2),
        ([Barred(-1.0, 4.2), Barred(4.2, 9.0)], 1, 4.2),
        ([Barred(-1.0, 4.2), Barred(4.1, 9.0)], 1, 9.0),
        ([Barred(4.1, 9.0), Barred(-1.0, 4.2)], 1, 9.0),
        ([Barred(-1.0, float("inf"))], 1, None),
    ],
)
def test_the_nearest_free_number(barred: list[Barred], sign: int, free: float | None) -> None:
    """RMD-003: an obstacle's ends are free; a whole number is taken where it is free."""
    found = nearest_free(barred, sign=sign, coarse=1.0, fine=0.1)
    assert found == (free if free is None else pytest.approx(free))
