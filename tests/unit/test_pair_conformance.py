"""A track against its own activity, case by case."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crosstell.core.altitude import Altitude, AltitudeData, Datum, Shift, Unbounded
from crosstell.core.detection.finding import Assessed, Criterion, Manoeuvre, Reason
from crosstell.core.detection.pair.conformance import (
    Conformity,
    Keeping,
    Terms,
    along_plan,
    as_encounter,
    conformance,
)
from crosstell.core.detection.pair.plan import pairing as between
from crosstell.core.detection.pair.zone import pairing
from crosstell.core.geometry.footprint import Circle
from crosstell.core.geometry.geodesic import destination, distance_m
from crosstell.core.geometry.motion import Motion, Velocity
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.volume import Volume
from crosstell.core.ids import RuleId
from crosstell.core.instant import Window, later
from crosstell.core.protocol.rules.traffic import Tolerance

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
START = Position(lat_deg=36.5, lon_deg=40.75)
RADIUS_M = 2_000.0
STEP_M, STEP_S = 10_000.0, 100.0  # one volume after another to the east, 100 s each
INSIDE, OUTSIDE, UNTESTED = Keeping.INSIDE, Keeping.OUTSIDE, Keeping.NOT_TESTABLE
TERMS = Terms(
    tolerance=Tolerance(lateral_m=100.0, early_s=5.0, late_s=10.0, vertical_m=50.0),
    unknown_accuracy_m=300.0,
    stale_after_s=60.0,
)
STRICT = replace(TERMS, tolerance=Tolerance(lateral_m=0.0, early_s=0.0, late_s=0.0, vertical_m=0.0))


def msl(value_m: float) -> Altitude:
    return Altitude(value_m=value_m, datum=Datum.MSL_EGM96)


def centre(number: float) -> Position:
    return destination(START, track_deg=90.0, travel_m=STEP_M * number)


def volume(number: int) -> Volume:
    return Volume(
        footprint=Circle(centre=centre(number), radius_m=RADIUS_M),
        lower=msl(1_000.0),
        upper=msl(2_000.0),
        window=Window(
            start=later(NOW, by_s=STEP_S * number), end=later(NOW, by_s=STEP_S * (number + 1))
        ),
    )


PLAN = tuple(volume(number) for number in range(4))


def seen(at_s: float, place: Position, height_m: float = 1_500.0) -> Motion:
    return Motion(
        position=place,
        at=later(NOW, by_s=at_s),
        altitude=msl(height_m),
        velocity=Velocity(track_deg=90.0, speed_mps=100.0, climb_mps=0.0),
        position_accuracy_m=0.0,
        altitude_accuracy_m=0.0,
    )


def kept(motion: Motion, plan: tuple[Volume, ...] = PLAN, terms: Terms = TERMS) -> Conformity:
    return conformance(motion, plan, terms, motion.at)


@pytest.mark.parametrize("number", [0, 1, 2, 3])
def test_it_is_inside_the_volume_of_its_time(number: int) -> None:
    """CNF-001, CNF-002: and says which."""
    found = kept(seen(STEP_S * number + 50.0, centre(number)))
    assert (found.keeping, found.volume, found.reasons) == (INSIDE, number, ())
    assert (found.early_s, found.late_s, found.sideways_m, found.height_m) == (0.0, 0.0, 0.0, 0.0)


def test_early_and_late_say_by_how_much() -> None:
    """CNF-005: at the place of the third volume, whose window is [200 s, 300 s)."""
    early = kept(seen(160.0, centre(2)))
    assert (early.keeping, early.volume, early.early_s, early.late_s) == (OUTSIDE, 2, 40.0, 0.0)
    late = kept(seen(340.0, centre(2)))
    assert (late.keeping, late.volume, late.early_s) == (OUTSIDE, 2, 0.0)
    assert late.late_s == pytest.approx(40.0, abs=1e-5)
    assert kept(replace(seen(0, centre(2)), at=later(NOW, by_s=340.0 - late.late_s))).keeping is (
        INSIDE
    )


@pytest.mark.parametrize(
    ("at_s", "keeping"), [(195.0, INSIDE), (194.999, OUTSIDE), (310.0, INSIDE), (310.001, OUTSIDE)]
)
def test_what_equals_the_tolerance_in_time_is_within_it(at_s: float, keeping: Keeping) -> None:
    """CNF-003, CNF-005: 5 s early, 10 s late."""
    assert kept(seen(at_s, centre(2))).keeping is keeping


def test_windows_are_half_open() -> None:
    """CNF-003, CNF-004: where one window ends, only the next counts."""
    assert kept(seen(200.0, centre(1)), terms=STRICT).keeping is OUTSIDE
    assert kept(seen(199.999999, centre(1)), terms=STRICT).keeping is INSIDE
    assert kept(seen(200.0, centre(2)), terms=STRICT).volume == 2
    ended = kept(seen(200.0, centre(1)), terms=STRICT)
    assert (ended.volume, ended.late_s) == (1, 1e-6)


@pytest.mark.parametrize(
    ("away_m", "keeping"),
    [(2_099.98, INSIDE), (2_100.02, OUTSIDE), (2_500.0, OUTSIDE), (90_000.0, OUTSIDE)],
)
def test_off_sideways_is_a_geodesic_distance(away_m: float, keeping: Keeping) -> None:
    """CNF-006: from the footprint."""
    found = kept(seen(50.0, destination(centre(0), track_deg=180.0, travel_m=away_m)))
    assert (found.keeping, found.volume) == (keeping, 0)
    assert found.sideways_m == pytest.approx(away_m - RADIUS_M, abs=0.02)


def test_a_distance_equal_to_the_tolerance_is_within_it() -> None:
    """CNF-003: to the millimetre."""
    place = destination(centre(0), track_deg=200.0, travel_m=2_345.0)
    away_m = round(distance_m(centre(0), place) - RADIUS_M, 3)
    for tie_m, keeping in ((away_m, INSIDE), (away_m - 0.001, OUTSIDE), (away_m + 0.001, INSIDE)):
        terms = replace(TERMS, tolerance=replace(TERMS.tolerance, lateral_m=tie_m))
        assert kept(seen(50.0, place), terms=terms).keeping is keeping


@pytest.mark.parametrize(
    ("height_m", "keeping", "off_m"),
    [
        (2_050.0, INSIDE, 50.0),
        (2_050.001, OUTSIDE, 50.001),
        (950.0, INSIDE, -50.0),
        (900.0, OUTSIDE, -100.0),
        (1_000.0, INSIDE, 0.0),
    ],
)
def test_off_in_height_has_a_sign_and_a_datum(
    height_m: float, keeping: Keeping, off_m: float
) -> None:
    """CNF-003, CNF-007."""
    found = kept(seen(50.0, centre(0), height_m))
    assert found.keeping is keeping
    assert found.height_m == pytest.approx(off_m, abs=1e-6)
    assert found.datum is Datum.MSL_EGM96


def test_of_the_volumes_in_force_the_nearest_is_told() -> None:
    """CNF-008: windows that overlap; either will do."""
    side = replace(PLAN[0], footprint=Circle(centre=centre(0.5), radius_m=RADIUS_M))
    found = kept(seen(50.0, destination(centre(0.5), track_deg=0.0, travel_m=5_000.0)),
                 (PLAN[0], side))  # fmt: skip
    assert (found.keeping, found.volume) == (OUTSIDE, 1)
    assert found.sideways_m == pytest.approx(3_000.0, abs=0.02)
    assert kept(seen(50.0, centre(0.5)), (PLAN[0], side)).volume == 1


def test_between_windows_none_is_in_force() -> None:
    """CNF-004, CNF-008: told by the volume that is nearest in time."""
    gap = (PLAN[0], PLAN[3])
    found = kept(seen(250.0, centre(1.5)), gap)
    assert (found.keeping, found.volume, found.early_s) == (OUTSIDE, 1, 50.0)
    assert found.sideways_m == pytest.approx(13_000.0, abs=0.1)


def test_without_volumes_it_is_outside() -> None:
    """CNF-008."""
    assert kept(seen(0.0, START), ()) == Conformity(keeping=OUTSIDE)


def test_heights_that_are_not_compared() -> None:
    """CNF-007: no figure in the rule, or no limit in the volume."""
    loose = replace(TERMS, tolerance=replace(TERMS.tolerance, vertical_m=None))
    found = kept(seen(50.0, centre(0), 9_000.0), terms=loose)
    assert (found.keeping, found.height_m) == (INSIDE, None)
    free = tuple(replace(each, lower=Unbounded(), upper=Unbounded()) for each in PLAN)
    assert kept(replace(seen(50.0, centre(0)), altitude=None), free).keeping is INSIDE


def test_without_an_altitude_it_is_not_testable() -> None:
    """CNF-010: but for what is off whatever its height."""
    motion = replace(seen(50.0, centre(0)), altitude=None)
    found = kept(motion)
    assert (found.keeping, found.reasons) == (UNTESTED, (Reason.ALTITUDE_UNKNOWN,))
    aside = replace(motion, position=centre(0.9))
    off = kept(aside)
    assert (off.keeping, off.reasons) == (OUTSIDE, (Reason.ALTITUDE_UNKNOWN,))
    assert kept(replace(seen(160.0, centre(2)), altitude=None)).early_s == 40.0


def test_another_datum_needs_its_data() -> None:
    """CNF-010, CNF-011: and the conversion's uncertainty may leave it open."""
    over = replace(
        seen(50.0, centre(0)), altitude=Altitude(value_m=2_090.0, datum=Datum.WGS84_ELLIPSOID)
    )
    found = kept(over)
    assert (found.keeping, found.reasons) == (UNTESTED, (Reason.ALTITUDE_DATUM,))

    def with_shift(add_m: float, uncertainty_m: float) -> Conformity:
        shift = Shift(add_m=add_m, uncertainty_m=uncertainty_m)
        return conformance(over, PLAN, TERMS, over.at, AltitudeData(undulation=shift))

    known = with_shift(43.6, 0.5)
    assert known.keeping is INSIDE
    assert known.height_m == pytest.approx(46.4)
    assert with_shift(20.0, 0.5).keeping is OUTSIDE
    wide = with_shift(20.0, 40.0)
    assert wide.keeping is UNTESTED
    assert Reason.ALTITUDE_CONVERSION in wide.reasons


def test_what_its_accuracy_leaves_open_is_not_testable() -> None:
    """CNF-011: 300 m outside as reported, known to 250 m (or not known: 300 m assumed)."""
    aside = seen(50.0, destination(centre(0), track_deg=180.0, travel_m=2_300.0))
    assert kept(aside).keeping is OUTSIDE
    found = kept(replace(aside, position_accuracy_m=250.0))
    assert (found.keeping, found.reasons) == (UNTESTED, (Reason.POSITION_ACCURACY,))
    assert found.sideways_m == pytest.approx(300.0, abs=0.02)
    unknown = kept(replace(aside, position_accuracy_m=None))
    assert (unknown.keeping, unknown.reasons) == (UNTESTED, (Reason.POSITION_ACCURACY_UNKNOWN,))
    high = seen(50.0, centre(0), 2_200.0)
    for accuracy_m, why in (
        (200.0, Reason.ALTITUDE_ACCURACY),
        (None, Reason.ALTITUDE_ACCURACY_UNKNOWN),
    ):
        found = kept(replace(high, altitude_accuracy_m=accuracy_m))
        assert (found.keeping, found.reasons) == (UNTESTED, (why,))  # fmt: skip


def test_an_old_observation_tests_nothing() -> None:
    """CNF-012: nor one from after now; never *inside* by silence."""
    motion = seen(50.0, centre(0))
    old = conformance(motion, PLAN, TERMS, later(NOW, by_s=110.001))
    assert (old.keeping, old.reasons) == (UNTESTED, (Reason.STALE,))
    assert conformance(motion, PLAN, TERMS, later(NOW, by_s=110.0)).keeping is INSIDE
    ahead = conformance(motion, PLAN, TERMS, later(NOW, by_s=-10.001))
    assert (ahead.keeping, ahead.reasons) == (UNTESTED, (Reason.TIME_AHEAD,))


RULE = Criterion(
    rule=RuleId("plan"),
    reading=None,
    lateral_m=0.0,
    vertical_m=0.0,
    horizon_s=250.0,
    unknown_accuracy_m=500.0,
    unknown_speed_mps=50.0,
    stale_after_s=60.0,
)


def test_as_detection_answers() -> None:
    """CNF-014: inside is clear, outside infringes now, not testable cannot be ruled out."""
    inside = as_encounter(kept(seen(50.0, centre(0))), RULE)
    assert (inside.assessed, inside.infringement_in_s) == (Assessed.CLEAR, 250.0)
    outside = as_encounter(kept(seen(50.0, centre(0.5))), RULE)
    assert (outside.assessed, outside.nominal_in_s) == (Assessed.INFRINGES, 0.0)
    assert outside.distance_m == pytest.approx(3_000.0, abs=0.02)
    unsure = as_encounter(kept(replace(seen(50.0, centre(0)), altitude=None)), RULE)
    assert (unsure.assessed, unsure.nominal_in_s) == (Assessed.CANNOT_BE_RULED_OUT, None)
    assert unsure.reasons == (Reason.ALTITUDE_UNKNOWN,)


def test_the_plan_ahead_in_time_order() -> None:
    """CNF-020, CNF-021: cut to the horizon; what is over is left out."""
    motion = seen(150.0, centre(1))
    ahead = along_plan(motion, tuple(reversed(PLAN)), RULE, motion.at)
    assert [each.footprint for each in ahead] == [each.footprint for each in PLAN[1:]]
    assert ahead[0].window == Window(start=motion.at, end=later(NOW, by_s=200.0))
    assert (ahead[0].lower, ahead[0].upper) == (PLAN[1].lower, PLAN[1].upper)
    short = along_plan(motion, PLAN, replace(RULE, horizon_s=120.0), motion.at)
    assert [each.window.end for each in short] == [
        later(NOW, by_s=200.0),
        later(NOW, by_s=270.000001),
    ]


def test_what_it_cannot_reach_is_no_possible_place() -> None:
    """CNF-022: 18 km less the radius at 100 m/s: not before 160 s."""
    motion = replace(seen(0.0, START), position_accuracy_m=0.0)
    far = replace(PLAN[0], footprint=Circle(centre=centre(1.8), radius_m=RADIUS_M))
    assert along_plan(motion, (far,), RULE, NOW) == ()
    longer = replace(far, window=Window(start=NOW, end=later(NOW, by_s=200.0)))
    (place,) = along_plan(motion, (longer,), RULE, NOW)
    assert place.window.start == pytest.approx(
        later(NOW, by_s=160.0), abs=NOW - later(NOW, by_s=-0.1)
    )
    fast = Manoeuvre(
        horizon_s=10.0, speed_mps_max=400.0, acceleration_mps2_max=1.0, climb_mps_max=1.0
    )
    (sooner,) = along_plan(motion, (far,), replace(RULE, manoeuvre=fast), NOW)
    assert sooner.window.start < later(NOW, by_s=41.0)
    still = replace(motion, velocity=None)
    assert along_plan(still, (longer,), replace(RULE, unknown_speed_mps=0.0), NOW) == ()


def test_a_clock_that_is_ahead_does_not_delay_it() -> None:
    """CNF-022: observed 10 s after now; it may have been nearer by as much, twice."""
    far = replace(
        PLAN[0],
        footprint=Circle(centre=centre(1.0), radius_m=RADIUS_M),
        window=Window(start=NOW, end=later(NOW, by_s=200.0)),
    )
    (place,) = along_plan(seen(10.0, START), (far,), RULE, NOW)
    assert place.window.start < later(NOW, by_s=70.1)


def test_a_declared_place_may_be_a_conflict_before_the_course_is() -> None:
    """CNF-023, CNF-024: the course misses the zone; the plan turns into it, kept to or not."""
    turn = replace(PLAN[1], footprint=Circle(centre=zone_place(), radius_m=RADIUS_M))
    zone = replace(PLAN[1], footprint=Circle(centre=zone_place(), radius_m=500.0))
    for motion in (seen(0.0, START), seen(0.0, START, 4_000.0)):
        course = pairing(motion, zone, RULE, NOW)
        assert course.assessed is Assessed.CLEAR
        (place,) = along_plan(motion, (turn,), RULE, NOW)
        assert between(place, zone, RULE).assessed is not Assessed.CLEAR


def zone_place() -> Position:
    return destination(START, track_deg=0.0, travel_m=8_000.0)
