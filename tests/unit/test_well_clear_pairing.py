"""Two tracks under a well-clear rule: levels, verdicts, times and reasons (WCL-040, WCL-050 up).

The usual scene: two aircraft on one meridian, head on at 100 m/s each, non-cooperative volume
(D = 670.56 m, Z = 137.16 m, tau 0), so that times are distances over 200 m/s.
"""

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
)
from crosstell.core.detection.finding import Assessed, Criterion, Reason
from crosstell.core.detection.well_clear.pairing import WellClearEncounter, pairing
from crosstell.core.detection.well_clear.thresholds import (
    NON_COOPERATIVE,
    PHASE_I,
    WellClearLevel,
)
from crosstell.core.geometry.geodesic import along, course, destination
from crosstell.core.geometry.motion import Motion, Velocity
from crosstell.core.geometry.position import Position
from crosstell.core.ids import RuleId
from crosstell.core.protocol.rules.words import AlertLevel

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HERE = Position(lat_deg=36.6, lon_deg=40.7)
NONE, PREVENTIVE, CORRECTIVE, WARNING = WellClearLevel
D_M = 670.56
CRITERION = Criterion(
    rule=RuleId("well-clear"),
    reading=None,
    lateral_m=0.0,
    vertical_m=0.0,
    horizon_s=180.0,
    unknown_accuracy_m=200.0,
    unknown_speed_mps=150.0,
    stale_after_s=30.0,
)
UNDULATION = Shift(add_m=20.0, uncertainty_m=1.0)


def msl(value_m: float) -> Altitude:
    return Altitude(value_m=value_m, datum=Datum.MSL_EGM96)


def northbound(**other: object) -> Motion:
    motion = Motion(
        position=HERE,
        at=NOW,
        altitude=msl(1_000.0),
        velocity=Velocity(track_deg=0.0, speed_mps=100.0, climb_mps=0.0),
        position_accuracy_m=0.0,
        altitude_accuracy_m=0.0,
    )
    return replace(motion, **other)  # type: ignore[arg-type]


def oncoming(away_m: float, **other: object) -> Motion:
    there = destination(HERE, track_deg=0.0, travel_m=away_m)
    velocity = Velocity(track_deg=180.0, speed_mps=100.0, climb_mps=0.0)
    return northbound(**{"position": there, "velocity": velocity, **other})


def meet(first: Motion, second: Motion, **other: object) -> WellClearEncounter:
    """Under the non-cooperative set, either way round alike."""
    one = pairing(first, second, NON_COOPERATIVE, CRITERION, NOW, **other)  # type: ignore[arg-type]
    two = pairing(second, first, NON_COOPERATIVE, CRITERION, NOW, **other)  # type: ignore[arg-type]
    assert one == two
    return one


def test_head_on_infringes_with_its_times() -> None:
    """WCL-054, WCL-055: entry, exit, nearest approach, distance now, and no reason."""
    found = meet(northbound(), oncoming(D_M + 200.0 * 40.0))
    assert (found.reported, found.possible) == (CORRECTIVE, CORRECTIVE)
    assert found.severity is AlertLevel.URGENT
    answer = found.encounter
    assert answer.assessed is Assessed.INFRINGES
    assert answer.nominal_in_s == pytest.approx(40.0, abs=0.001)
    assert answer.exit_in_s == pytest.approx(40.0 + 2.0 * D_M / 200.0, abs=0.001)
    assert answer.distance_m == pytest.approx(D_M + 8_000.0, abs=0.02)
    assert answer.nearest_in_s == pytest.approx((D_M + 8_000.0) / 200.0, abs=0.001)
    assert answer.nearest_m == pytest.approx(0.0, abs=0.1)
    # What the level frame may leave out is a fraction of a metre here, that is milliseconds.
    assert 0.0 < answer.margin_m < 0.5
    assert answer.nominal_in_s is not None
    assert 0.0 <= answer.nominal_in_s - answer.infringement_in_s < 0.005


@pytest.mark.parametrize(
    ("gap_s", "level", "severity"),
    [
        (20.0, WARNING, AlertLevel.CRITICAL),
        (26.0, CORRECTIVE, AlertLevel.URGENT),
        (54.0, CORRECTIVE, AlertLevel.URGENT),
        (56.0, NONE, None),
    ],
)
def test_levels_are_those_of_the_alerting_times(
    gap_s: float, level: WellClearLevel, severity: AlertLevel | None
) -> None:
    """WCL-056: and mapped to advisory, urgent, critical."""
    found = meet(northbound(), oncoming(D_M + 200.0 * gap_s))
    assert found.reported is level
    assert found.severity is severity
    assert found.severity_possible is severity
    assert len(found.encounters) == 3


def test_preventive_is_advisory() -> None:
    """WCL-056: Phase I, 500 ft above: outside 450 ft, inside 700 ft."""
    above = oncoming(3_000.0, altitude=msl(1_000.0 + 500 * 0.3048))
    found = pairing(northbound(), above, PHASE_I, CRITERION, NOW)
    assert found.reported is PREVENTIVE
    assert found.severity is AlertLevel.ADVISORY
    assert found.encounters[1].assessed is Assessed.CLEAR


def test_nothing_is_clear() -> None:
    """WCL-055: passing by, above, or too late."""
    beside = northbound(position=destination(HERE, track_deg=90.0, travel_m=2_000.0))
    above = oncoming(3_000.0, altitude=msl(1_137.162))
    for other in (beside, above, oncoming(D_M + 200.0 * 181.0)):
        found = meet(northbound(), other)
        assert (found.reported, found.possible) == (NONE, NONE)
        assert found.encounter.assessed is Assessed.CLEAR
        assert found.encounter.infringement_in_s == CRITERION.horizon_s
        assert found.encounter.reasons == ()


def test_equal_to_the_millimetre_infringes() -> None:
    """WCL-057: at exactly 450 ft, however the difference rounds."""
    for base_m in (0.0, 1_000.0, 3_333.333, 12_345.678):
        tie = pairing(
            northbound(altitude=msl(base_m)),
            oncoming(2_000.0, altitude=msl(base_m + 137.16)),
            NON_COOPERATIVE,
            CRITERION,
            NOW,
        )
        assert tie.reported is WARNING
        beyond = pairing(
            northbound(altitude=msl(base_m)),
            oncoming(2_000.0, altitude=msl(base_m + 137.161)),
            NON_COOPERATIVE,
            CRITERION,
            NOW,
        )
        assert beyond.possible is NONE


def test_a_stated_accuracy_widens() -> None:
    """WCL-050, WCL-058: sideways, so it cannot be ruled out, and why."""
    beside = destination(HERE, track_deg=90.0, travel_m=D_M + 90.0)
    other = oncoming(0.0, position=beside, position_accuracy_m=60.0)
    found = meet(northbound(position_accuracy_m=40.0), other)
    assert (found.reported, found.possible) == (NONE, WARNING)
    assert found.severity is None
    assert found.severity_possible is AlertLevel.CRITICAL
    answer = found.encounter
    assert answer.assessed is Assessed.CANNOT_BE_RULED_OUT
    assert answer.reasons == (Reason.POSITION_ACCURACY,)
    assert answer.infringement_in_s == 0.0
    assert answer.nominal_in_s is None
    assert 100.0 < answer.margin_m < 100.5
    nearer = replace(other, position_accuracy_m=40.0)
    assert meet(northbound(position_accuracy_m=40.0), nearer).possible is NONE


def test_an_accuracy_not_stated_is_assumed() -> None:
    """WCL-050: 200 m each."""
    beside = destination(HERE, track_deg=90.0, travel_m=D_M + 390.0)
    found = meet(
        northbound(position_accuracy_m=None),
        oncoming(0.0, position=beside, position_accuracy_m=None),
    )
    assert found.encounter.reasons == (Reason.POSITION_ACCURACY_UNKNOWN,)
    found = meet(northbound(position_accuracy_m=None), oncoming(0.0, position=beside))
    assert found.possible is NONE


def test_an_unknown_height_may_be_any() -> None:
    """WCL-053."""
    found = meet(northbound(altitude=None), oncoming(3_000.0))
    assert (found.reported, found.possible) == (NONE, WARNING)
    assert found.encounter.reasons == (Reason.ALTITUDE_UNKNOWN,)
    assert found.encounter.assessed is Assessed.CANNOT_BE_RULED_OUT


def test_heights_in_two_datums_compare_after_conversion() -> None:
    """WCL-053: widened by its uncertainty; without data it cannot be ruled out."""
    ellipsoid = Altitude(value_m=1_158.0, datum=Datum.WGS84_ELLIPSOID)  # 1138 m above MSL
    second = oncoming(3_000.0, altitude=ellipsoid)
    found = meet(northbound(), second)
    assert found.encounter.reasons == (Reason.ALTITUDE_DATUM,)
    converted = meet(northbound(), second, data=AltitudeData(undulation=UNDULATION))
    assert converted.encounter.reasons == (Reason.ALTITUDE_CONVERSION,)
    assert converted.encounter.assessed is Assessed.CANNOT_BE_RULED_OUT
    higher = replace(ellipsoid, value_m=1_159.0)
    clear = meet(
        northbound(),
        oncoming(3_000.0, altitude=higher),
        data=AltitudeData(undulation=UNDULATION),
    )
    assert clear.possible is NONE


def test_two_heights_above_ground_have_two_grounds() -> None:
    """WCL-053: equal heights above ground are not equal heights."""
    ground = GroundBounds(lower=msl(400.0), upper=msl(500.0))
    first = northbound(altitude=Altitude(value_m=100.0, datum=Datum.ABOVE_GROUND))
    second = oncoming(3_000.0, altitude=Altitude(value_m=335.0, datum=Datum.ABOVE_GROUND))
    assert meet(first, second).encounter.reasons == (Reason.ALTITUDE_DATUM,)
    found = meet(first, second, data=AltitudeData(ground=ground))
    assert found.encounter.reasons == (Reason.ALTITUDE_CONVERSION,)
    higher = replace(second, altitude=Altitude(value_m=338.0, datum=Datum.ABOVE_GROUND))
    assert meet(first, higher, data=AltitudeData(ground=ground)).possible is NONE


def test_an_unknown_climb_counts_as_level_and_as_any() -> None:
    """WCL-052: level as reported; at worst up to the assumed speed."""
    unknown = Velocity(track_deg=180.0, speed_mps=100.0, climb_mps=None)
    level = meet(northbound(), oncoming(3_000.0, velocity=unknown))
    assert level.reported is WARNING
    above = meet(northbound(), oncoming(3_000.0, velocity=unknown, altitude=msl(2_000.0)))
    assert above.reported is NONE
    assert above.encounter.reasons == (Reason.CLIMB_UNKNOWN,)
    far_above = oncoming(3_000.0, velocity=unknown, altitude=msl(20_000.0))
    assert meet(northbound(), far_above).possible is NONE


def test_without_a_course_every_place_counts_that_it_reaches() -> None:
    """WCL-051: 250 m/s between them; the last place itself counts as reported, now."""
    at_s = 20.0
    found = meet(northbound(), oncoming(D_M + 250.0 * at_s, velocity=None))
    assert found.reported is NONE
    assert found.possible is WARNING
    assert found.encounter.infringement_in_s == pytest.approx(at_s, abs=0.02)
    # Without a velocity the climb is unknown too, but sideways alone suffices.
    assert found.encounter.reasons == (Reason.VELOCITY_UNKNOWN,)
    assert found.encounter.nearest_in_s is None
    here = meet(northbound(), oncoming(600.0, velocity=None))
    assert here.reported is WARNING
    assert here.encounter.assessed is Assessed.INFRINGES
    assert here.encounter.exit_in_s is None


def test_without_a_course_the_front_of_the_volume_counts_too() -> None:
    """WCL-051: at 250 m/s the front of Phase I is 4375 + sqrt(D^2 + 4375^2) m ahead."""
    front_m = 4_375.0 + math.hypot(0.66 * 1_852.0, 4_375.0)
    second = oncoming(front_m + 250.0 * 20.0, velocity=None)
    found = pairing(northbound(), second, PHASE_I, CRITERION, NOW)
    assert found.encounter.infringement_in_s == pytest.approx(20.0, abs=0.02)
    assert found.possible is WARNING


def test_a_stale_track_never_infringes() -> None:
    """WCL-051: its last place does not count as reported; it cannot be ruled out."""
    late = NOW - timedelta(seconds=31)
    found = meet(northbound(), oncoming(600.0, at=late))
    assert found.reported is NONE
    assert found.encounter.assessed is Assessed.CANNOT_BE_RULED_OUT
    assert Reason.STALE in found.encounter.reasons
    fresh = meet(northbound(), oncoming(600.0, at=NOW - timedelta(seconds=1)))
    assert fresh.reported is WARNING


def test_a_stale_track_has_drifted_since() -> None:
    """WCL-051: forty seconds at 150 m/s, then 250 m/s between the two."""
    late = NOW - timedelta(seconds=40)
    found = meet(northbound(), oncoming(D_M + 40.0 * 150.0 + 250.0 * 20.0, at=late))
    assert found.encounter.infringement_in_s == pytest.approx(20.0, abs=0.02)
    assert found.encounter.margin_m == pytest.approx(6_000.0 + 5_000.0, abs=5.0)


def test_each_track_is_brought_to_now_by_its_own_age() -> None:
    """WCL-054: ten seconds at 100 m/s is a kilometre."""
    early = NOW - timedelta(seconds=10)
    found = meet(northbound(), oncoming(D_M + 200.0 * 40.0 + 1_000.0, at=early))
    assert found.encounter.nominal_in_s == pytest.approx(40.0, abs=0.001)


def test_an_observation_from_ahead_is_widened_and_named() -> None:
    """WCL-051: one of two clocks is wrong by some seconds."""
    ahead = NOW + timedelta(seconds=5)
    found = meet(northbound(), oncoming(D_M + 200.0 * 20.0, at=ahead))
    answer = found.encounter
    assert Reason.TIME_AHEAD in answer.reasons
    assert answer.nominal_in_s is not None
    # The place moves on by 500 m, and 500 m of doubt at 200 m/s are two and a half seconds.
    assert answer.nominal_in_s - answer.infringement_in_s == pytest.approx(2.5, abs=0.01)


@pytest.mark.parametrize(
    "here",
    [
        Position(lat_deg=0.0, lon_deg=179.99),
        Position(lat_deg=89.99, lon_deg=10.0),
        Position(lat_deg=-89.999, lon_deg=-120.0),
        Position(lat_deg=60.0, lon_deg=-180.0),
    ],
)
@pytest.mark.parametrize("track_deg", [0.0, 90.0, 200.0])
def test_anywhere_on_the_globe_it_is_the_same(here: Position, track_deg: float) -> None:
    """WCL-040: poles and antimeridian; both fly along one geodesic, towards each other."""
    lat, lon, ahead = along(course(here, track_deg=track_deg), D_M + 200.0 * 40.0)
    first = northbound(
        position=here, velocity=Velocity(track_deg=track_deg, speed_mps=100.0, climb_mps=0.0)
    )
    second = northbound(
        position=Position(lat_deg=lat, lon_deg=lon),
        velocity=Velocity(track_deg=(ahead + 180.0) % 360.0, speed_mps=100.0, climb_mps=0.0),
    )
    found = pairing(first, second, NON_COOPERATIVE, CRITERION, NOW)
    assert found.encounter.nominal_in_s == pytest.approx(40.0, abs=0.001)
