"""Two states of one identity, case by case: what of both cannot be true (CTR-001 and on)."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import permutations

import pytest

from crosstell.core.altitude import Altitude, AltitudeData, Datum, Shift
from crosstell.core.detection.identity.keys import identity_keys
from crosstell.core.detection.pair.contradiction import (
    Allowance,
    Aspect,
    Assumed,
    Consistency,
    Contradiction,
    Told,
    Untestable,
    contradiction,
)
from crosstell.core.detection.pair.kind import AEROPLANE, UNKNOWN_KIND
from crosstell.core.geometry.geodesic import destination
from crosstell.core.geometry.motion import Motion, Velocity
from crosstell.core.geometry.position import Position
from crosstell.core.instant import later
from crosstell.core.picture.track import Hint, HintKind

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
HERE = Position(lat_deg=36.5, lon_deg=40.75)
PLANE = Allowance(limits=AEROPLANE)
NO, YES, UNTESTED = Consistency.CONTRADICTS, Consistency.CONSISTENT, Consistency.NOT_TESTABLE
SPEED_MPS = 200.0


def msl(value_m: float) -> Altitude:
    return Altitude(value_m=value_m, datum=Datum.MSL_EGM96)


def state(east_m: float = 0.0, at_s: float = 0.0, *, north_m: float = 0.0) -> Motion:
    """Flying east at 200 m/s and 5000 m, with every accuracy stated."""
    place = destination(HERE, track_deg=90.0, travel_m=east_m)
    return Motion(
        position=destination(place, track_deg=0.0, travel_m=north_m),
        at=later(NOW, by_s=at_s),
        altitude=msl(5_000.0),
        velocity=Velocity(track_deg=90.0, speed_mps=SPEED_MPS, climb_mps=0.0),
        position_accuracy_m=30.0,
        altitude_accuracy_m=20.0,
    )


def compared(first: Motion, second: Motion, allowed: Allowance = PLANE) -> Contradiction:
    return contradiction(Told(motion=first), Told(motion=second), allowed)


def test_two_states_on_one_way_can_both_be_true() -> None:
    """CTR-001, CTR-006: consistent in all that both state the accuracy of."""
    found = compared(state(), state(2_000.0, 10.0))
    verdicts = {aspect: found.of(aspect).verdict for aspect in Aspect}
    assert verdicts == {
        Aspect.POSITION: YES,
        Aspect.TIME: YES,
        Aspect.ALTITUDE: YES,
        Aspect.VELOCITY: UNTESTED,
        Aspect.IDENTITY: UNTESTED,
    }
    assert found.contradicts == ()
    assert found.position.off == pytest.approx(0.0, abs=0.5)


def test_what_no_such_object_can_do_contradicts_with_an_interval() -> None:
    """CTR-002, CTR-004, CTR-013: 20 km aside; accuracies twice, 4 s of slack at 240 m/s, a turn."""
    found = compared(state(), state(0.0, 0.0, north_m=20_000.0))
    width_m = 2 * 30.0 + 2 * 30.0 + 4.0 * (SPEED_MPS + 40.0) + 0.5 * 9.807 * 16.0 + 0.02
    assert found.position.verdict is NO
    assert found.position.off == pytest.approx(20_000.0, abs=0.05)
    assert found.position.least == pytest.approx(20_000.0 - width_m, abs=0.05)
    assert found.position.most == pytest.approx(20_000.0 + width_m, abs=0.05)
    assert found.position.because == ()


@pytest.mark.parametrize(("off_m", "verdict"), [(1_158.4, YES), (1_158.6, NO)])
def test_what_equals_its_width_can_be_true(off_m: float, verdict: Consistency) -> None:
    """CTR-002: 120 + 800 + 160 + 78.456 + 0.02 = 1158.476 m at one instant."""
    assert compared(state(), state(north_m=off_m)).position.verdict is verdict


def test_the_greatest_speed_bounds_it_where_no_velocity_is_stated() -> None:
    """CTR-002, CTR-003: 400 m/s for ten seconds and four of slack, accuracies beside it."""
    first = replace(state(), velocity=None)
    for far_m, verdict in ((5_715.0, YES), (5_725.0, NO)):
        second = replace(state(far_m, 10.0), velocity=None)
        assert compared(first, second).position.verdict is verdict


def test_a_longer_time_between_allows_more() -> None:
    """CTR-003: the same miss of 3 km: not at once, but with 20 s in which to turn."""
    assert compared(state(), state(north_m=3_000.0)).position.verdict is NO
    assert compared(state(), state(20 * SPEED_MPS, 20.0, north_m=3_000.0)).position.verdict is YES


def test_unknown_accuracy_is_never_consistent_and_what_is_assumed_is_named() -> None:
    """CTR-005, CTR-006: within the assumed 300 m nothing is said, beyond it something."""
    blind = replace(state(), position_accuracy_m=None, altitude_accuracy_m=None)
    near = compared(blind, state())
    assert near.position.verdict is near.altitude.verdict is UNTESTED
    assert near.position.because == (Untestable.POSITION_ACCURACY_UNKNOWN,)
    assert near.altitude.because == (Untestable.ALTITUDE_ACCURACY_UNKNOWN,)
    assert Assumed.POSITION_ACCURACY in near.position.assumed
    assert Assumed.ALTITUDE_ACCURACY in near.altitude.assumed
    far = compared(blind, state(north_m=2_000.0))
    assert far.position.verdict is NO
    assert Assumed.POSITION_ACCURACY in far.position.assumed
    assert Assumed.POSITION_ACCURACY not in compared(state(), state()).position.assumed


def test_states_far_apart_in_time_are_not_found_consistent() -> None:
    """CTR-007: after 61 s almost anything can be true; what cannot is still said."""
    late = compared(state(), state(61.0 * SPEED_MPS, 61.0))
    assert (late.position.verdict, late.position.because) == (UNTESTED, (Untestable.APART_IN_TIME,))
    assert late.altitude.because == (Untestable.APART_IN_TIME,)
    assert compared(state(), state(90_000.0, 61.0)).position.verdict is NO
    assert compared(state(), state(60.0 * SPEED_MPS, 60.0)).position.verdict is YES


def test_a_late_feed_is_told_as_a_difference_in_time() -> None:
    """CTR-008: 6 km behind on the same course is 30 s; aside of it no time explains it."""
    found = compared(state(), state(-6_000.0))
    assert (found.position.verdict, found.time.verdict) == (NO, NO)
    assert found.time.off == pytest.approx(-30.0, abs=0.01)
    assert found.time.least is not None
    assert found.time.most is not None
    assert found.time.least < -30.0 < found.time.most < -4.0
    turned = compared(state(-6_000.0), state())
    assert turned.time.off == pytest.approx(30.0, abs=0.01)
    aside = compared(state(), state(-6_000.0, north_m=6_000.0))
    assert (aside.time.verdict, aside.time.because) == (UNTESTED, (Untestable.NOT_BY_TIME,))
    assert aside.position.verdict is NO


def test_without_way_no_time_is_told() -> None:
    """CTR-008: no velocity, or one that stands."""
    no_way = compared(replace(state(), velocity=None), replace(state(), velocity=None))
    assert no_way.time.because == (Untestable.VELOCITY_UNKNOWN,)
    still = Velocity(track_deg=0.0, speed_mps=4.0, climb_mps=0.0)
    stands = compared(replace(state(), velocity=still), state())
    assert stands.time.because == (Untestable.STANDING,)


def test_heights_contradict_beyond_accuracy_and_climb() -> None:
    """CTR-010: level flight: twice 20 m, twice, and what may be climbed in four seconds."""
    width_m = 80.0 + 4.0 * 40.0 + 0.5 * 9.807 * 16.0
    for up_m, verdict in ((width_m - 0.1, YES), (width_m + 0.1, NO)):
        other = replace(state(), altitude=msl(5_000.0 + up_m))
        assert compared(state(), other).altitude.verdict is verdict
    far = compared(state(), replace(state(), altitude=msl(8_000.0))).altitude
    assert far.off == 3_000.0
    assert far.least == pytest.approx(3_000.0 - width_m)


def test_heights_in_two_datums_need_their_data_and_widen_by_it() -> None:
    """CTR-011."""
    first, second = Told(motion=state()), Told(motion=state())
    over = replace(state(), altitude=Altitude(value_m=5_190.0, datum=Datum.WGS84_ELLIPSOID))
    second = Told(motion=over)
    blind = contradiction(first, second, PLANE).altitude
    assert (blind.verdict, blind.because) == (UNTESTED, (Untestable.ALTITUDE_DATUM,))
    for add_m, wide_m, verdict in ((25.0, 0.5, YES), (-150.0, 10.0, NO), (-150.0, 30.0, YES)):
        data = AltitudeData(undulation=Shift(add_m=add_m, uncertainty_m=wide_m))
        assert contradiction(first, second, PLANE, data).altitude.verdict is verdict
    unknown = compared(replace(state(), altitude=None), state()).altitude
    assert (unknown.verdict, unknown.because) == (UNTESTED, (Untestable.ALTITUDE_UNKNOWN,))


def test_velocities_contradict_or_are_not_testable_and_never_consistent() -> None:
    """CTR-012: opposite courses at one place; no source states how good its velocity is."""
    back = Velocity(track_deg=270.0, speed_mps=SPEED_MPS, climb_mps=0.0)
    found = compared(state(), replace(state(), velocity=back)).velocity
    assert found.verdict is NO
    assert found.off == pytest.approx(400.0)
    same = compared(state(), state()).velocity
    assert (same.verdict, same.because) == (UNTESTED, (Untestable.VELOCITY_ACCURACY_UNKNOWN,))
    none = compared(replace(state(), velocity=None), state()).velocity
    assert (none.verdict, none.because) == (UNTESTED, (Untestable.VELOCITY_UNKNOWN,))


def hint(kind: HintKind, value: str) -> Hint:
    return Hint(kind=kind, value=value)


def test_one_address_with_two_registrations_contradicts_in_identity() -> None:
    """CTR-015: it may be two objects; a call sign that changed says nothing."""
    address = hint(HintKind.ICAO_ADDRESS, "4B1814")
    one = Told(motion=state(), hints=(address, hint(HintKind.REGISTRATION, "HB-JCA")))
    for other, verdict in (
        ((address, hint(HintKind.REGISTRATION, "hbjca")), YES),
        ((address, hint(HintKind.REGISTRATION, "HB-JCB")), NO),
        ((address, hint(HintKind.CALL_SIGN, "OTHER")), YES),
        ((hint(HintKind.SQUAWK, "7000"),), UNTESTED),
    ):
        found = contradiction(one, Told(motion=state(), hints=other), PLANE)
        assert found.identity.verdict is verdict


def test_what_nobody_set_is_no_identity() -> None:
    """CTR-020, CTR-021: nor is what changes."""
    unset = (hint(HintKind.ICAO_ADDRESS, "000000"), hint(HintKind.MMSI, "123456789"))
    changing = (hint(HintKind.SQUAWK, "1200"), hint(HintKind.CALL_SIGN, "A1"))
    typed = (hint(HintKind.OBJECT_TYPE, "C130"),)
    assert identity_keys((*unset, *changing, *typed)) == ()
    both = (hint(HintKind.MMSI, "211 331 640"), hint(HintKind.ICAO_ADDRESS, "4B18 14"))
    for order in permutations(both):
        assert identity_keys(order) == (
            (HintKind.ICAO_ADDRESS, "4b1814"),
            (HintKind.MMSI, "211331640"),
        )


def test_neither_state_comes_first() -> None:
    """CTR-009: the same to the last bit, but for the sign of the time."""
    first, second = state(), state(-6_000.0, north_m=300.0)
    for later_s in (0.0, 3.0):
        moved = replace(second, at=later(second.at, by_s=later_s))
        one, other = compared(first, moved), compared(moved, first)
        assert (one.position, one.altitude, one.velocity) == (
            other.position,
            other.altitude,
            other.velocity,
        )
        assert one.time.off is not None
        assert other.time.off == -one.time.off


def test_a_wider_kind_and_accuracies_taken_more_often_contradict_less() -> None:
    """CTR-004: and less than once is refused."""
    far = state(north_m=1_300.0)
    assert compared(state(), far).position.verdict is NO
    assert compared(state(), far, Allowance(limits=UNKNOWN_KIND)).position.verdict is YES
    loose = Allowance(limits=AEROPLANE, accuracy_times=6.0)
    assert compared(state(), far, loose).position.verdict is YES
    with pytest.raises(ValueError, match="give a number from 1 up"):
        Allowance(limits=AEROPLANE, accuracy_times=0.5)
    with pytest.raises(ValueError, match="give seconds from 0 up"):
        Allowance(limits=AEROPLANE, apart_s=-1.0)
