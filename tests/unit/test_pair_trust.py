"""Moves that no such object can make, and what detection uses then."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crosstell.core.altitude import Altitude, Datum, Unbounded
from crosstell.core.detection.finding import Assessed, Criterion, Encounter, Reason
from crosstell.core.detection.pair.trust import Basis, Judged, encounter_of, judged
from crosstell.core.detection.pair.zone import pairing
from crosstell.core.geometry.footprint import Circle
from crosstell.core.geometry.geodesic import destination
from crosstell.core.geometry.motion import Motion, Velocity
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.volume import Volume
from crosstell.core.ids import RuleId
from crosstell.core.instant import Window, later
from crosstell.core.picture.trust.kind import (
    AEROPLANE,
    ROTORCRAFT,
    SHIP,
    SMALL_DRONE_KIND,
    UNKNOWN_KIND,
    VEHICLE,
    MotionLimits,
)
from crosstell.core.picture.trust.moves import Implausible
from crosstell.core.picture.trust.standing import PATHS_MAX, Standing, Trust, advanced

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
HERE = Position(lat_deg=36.5, lon_deg=40.75)
THERE = destination(HERE, track_deg=45.0, travel_m=60_000.0)
TRUSTED, LOST = Standing.TRUSTWORTHY, Standing.NOT_TRUSTWORTHY


def seen(
    at_s: float, place: Position, *, speed_mps: float = 200.0, height_m: float = 8_000.0
) -> Motion:
    return Motion(
        position=place,
        at=later(NOW, by_s=at_s),
        altitude=Altitude(value_m=height_m, datum=Datum.STANDARD_PRESSURE),
        velocity=Velocity(track_deg=90.0, speed_mps=speed_mps, climb_mps=0.0),
        position_accuracy_m=50.0,
        altitude_accuracy_m=20.0,
    )


def flown(start_s: int, count: int, origin: Position = HERE) -> list[Motion]:
    """East at 200 m/s, one fix a second, as if it were over `origin` at 0 s."""
    return [
        seen(at, destination(origin, track_deg=90.0, travel_m=200.0 * at))
        for at in range(start_s, start_s + count)
    ]


def after(motions: list[Motion], limits: MotionLimits = AEROPLANE) -> Trust:
    trust: Trust | None = None
    for motion in motions:
        trust = advanced(trust, motion, limits)
    assert trust is not None
    return trust


def judged_of(motions: list[Motion], at_s: float) -> tuple[Judged, ...]:
    return judged(after(motions), AEROPLANE, later(NOW, by_s=at_s))


def test_one_motion_shows_no_move() -> None:
    """TRU-001: not testable is not trusted, and is judged as reported."""
    trust = after(flown(0, 1))
    assert (trust.standing, trust.because, trust.since) == (Standing.NOT_TESTABLE, (), None)
    assert judged(trust, AEROPLANE, NOW)[0].basis is Basis.REPORTED


def test_a_steady_flight_is_trusted() -> None:
    """TRU-001, TRU-020: judged by its newest motion, as reported."""
    motions = flown(0, 30)
    trust = after(motions)
    assert (trust.standing, trust.because, trust.run) == (TRUSTED, (), 0)
    (only,) = judged(trust, AEROPLANE, NOW)
    assert (only.motion, only.basis) == (motions[-1], Basis.REPORTED)


def test_a_jump_is_named_and_dated() -> None:
    """TRU-002, TRU-006: 60 km in a second, and not where its velocity leads."""
    trust = after([*flown(0, 5), *flown(5, 1, THERE)])
    assert trust.standing is LOST
    assert set(trust.because) == {Implausible.SPEED, Implausible.DISPLACEMENT}
    assert trust.since == later(NOW, by_s=5.0)
    assert trust.last_trusted == flown(4, 1)[0]


def test_a_jump_below_the_greatest_speed_is_still_not_its_course() -> None:
    """TRU-006: 3 km aside in 10 s is slower than 400 m/s, but no turn leads there."""
    aside = destination(flown(4, 1)[0].position, track_deg=180.0, travel_m=3_500.0)
    trust = after([*flown(0, 5), seen(14.0, aside)])
    assert trust.because == (Implausible.DISPLACEMENT,)


def test_without_velocity_only_the_greatest_speed_can_be_tested() -> None:
    """TRU-006."""
    first = replace(flown(4, 1)[0], velocity=None)
    aside = destination(first.position, track_deg=180.0, travel_m=3_500.0)
    assert after([first, seen(14.0, aside)]).standing is TRUSTED
    far = destination(first.position, track_deg=180.0, travel_m=6_000.0)
    assert after([first, seen(14.0, far)]).because == (Implausible.SPEED,)


def stated(track_deg: float, speed_mps: float, climb_mps: float) -> Motion:
    velocity = Velocity(track_deg=track_deg, speed_mps=speed_mps, climb_mps=climb_mps)
    return replace(flown(5, 1)[0], velocity=velocity)


@pytest.mark.parametrize(
    ("last", "why"),
    [
        (stated(270.0, 200.0, 0.0), Implausible.ACCELERATION),
        (seen(5.0, flown(5, 1)[0].position, height_m=8_900.0), Implausible.CLIMB),
        (stated(90.0, 200.0, 140.0), Implausible.CLIMB),
        (stated(90.0, 450.0, 0.0), Implausible.SPEED),
    ],
)
def test_a_velocity_or_height_that_cannot_be(last: Motion, why: Implausible) -> None:
    """TRU-003, TRU-004, TRU-005: the place alone would do."""
    trust = after([*flown(0, 5), last])
    assert trust.standing is LOST
    assert why in trust.because
    assert len(trust.paths) == 1


def test_heights_in_two_datums_are_not_compared() -> None:
    """TRU-005."""
    other = replace(flown(5, 1)[0], altitude=Altitude(value_m=2_000.0, datum=Datum.WGS84_ELLIPSOID))
    assert after([*flown(0, 5), other]).standing is TRUSTED
    assert after([*flown(0, 5), replace(other, altitude=None)]).standing is TRUSTED


def test_too_slow_to_fly_at_that_height() -> None:
    """TRU-007: 26 m/s at 11,600 m, as in the spoofed recording; a balloon may."""
    slow = [seen(float(at), HERE, speed_mps=26.0, height_m=11_600.0) for at in (0, 1)]
    assert Implausible.TOO_SLOW_ALOFT in after(slow).because
    assert after(slow, UNKNOWN_KIND).standing is TRUSTED


def test_a_frozen_position_that_claims_to_move() -> None:
    """TRU-008: it stands for 20 s and says 200 m/s; a parked one says nothing."""
    still = [seen(float(at), HERE) for at in range(22)]
    assert after(still[:15]).standing is TRUSTED
    assert after(still).because == (Implausible.FROZEN,)
    parked = [seen(float(at), HERE, speed_mps=0.0, height_m=500.0) for at in range(200)]
    assert after(parked).standing is TRUSTED


def test_a_gap_filled_with_old_positions_is_not_a_jump_after_it() -> None:
    """TRU-008: the way is measured from when the position was first seen."""
    held = [seen(float(at), HERE) for at in range(15)]
    assert after([*held, *flown(15, 5)]).standing is TRUSTED


def test_what_stands_at_a_speed_of_noise_is_not_frozen_and_may_jump_no_farther_for_it() -> None:
    """TRU-008: a ship at its berth for an hour; then it is said to be 60 km away in a minute."""
    berth = [seen(60.0 * at, HERE, speed_mps=0.05, height_m=0.0) for at in range(60)]
    assert after(berth).standing is TRUSTED
    trust = after([*berth, seen(3_600.0, THERE, height_m=0.0)])
    assert Implausible.SPEED in trust.because
    assert trust.last_trusted == berth[-1]


def test_a_held_position_excuses_no_more_than_a_gap() -> None:
    """TRU-008: at 1 m/s it may stand for 100 s; the next move is measured from 20 s back."""
    held = [seen(float(at), HERE, speed_mps=1.0) for at in range(0, 100, 10)]
    for travel_m, expected in ((4_000.0, TRUSTED), (20_000.0, LOST)):
        place = destination(HERE, track_deg=90.0, travel_m=travel_m)
        assert after([*held, seen(100.0, place, speed_mps=100.0)]).standing is expected


def test_two_emitters_under_one_id_are_told_from_an_outlier() -> None:
    """TRU-009: each way fits itself; neither is preferred."""
    mixed = [
        each
        for at in range(0, 24, 2)
        for each in (*flown(at, 1), *flown(at + 1, 1, THERE))
    ]  # fmt: skip
    trust = after(mixed)
    assert trust.standing is LOST
    assert Implausible.ALTERNATING in trust.because
    bases = [each.basis for each in judged(trust, AEROPLANE, later(NOW, by_s=24.0))]
    assert bases == [Basis.CLAIMED, Basis.CLAIMED, Basis.LAST_TRUSTED]
    outlier = after([*flown(0, 5), *flown(5, 1, THERE), *flown(6, 2)])
    assert Implausible.ALTERNATING not in outlier.because


def test_what_comes_late_changes_nothing_where_it_was_on_the_way() -> None:
    """TRU-010: however late; a line that delays is no move of an object."""
    for late in (1, 3):
        assert after([*flown(0, 5), *flown(late, 1)]) == after(flown(0, 5))
    minutes_ago = seen(-600.0, destination(HERE, track_deg=270.0, travel_m=120_000.0))
    assert after([*flown(0, 5), minutes_ago]) == after(flown(0, 5))


@pytest.mark.parametrize(("at_s", "is_back"), [(4, False), (3, False), (1, True)])
def test_what_comes_late_from_elsewhere_is_a_way_of_its_own(at_s: int, is_back: bool) -> None:
    """TRU-010: at the same instant, a little and much before; the first one hides no second."""
    elsewhere = seen(float(at_s), THERE)
    trust = after([*flown(0, 5), elsewhere])
    assert trust.standing is LOST
    assert Implausible.SPEED in trust.because
    assert (Implausible.TIME_BACK in trust.because) is is_back
    assert [path.latest for path in trust.paths] == [elsewhere, flown(4, 1)[0]]


def test_of_two_emitters_the_one_whose_clock_is_behind_is_claimed_too() -> None:
    """TRU-009, TRU-010: each of its positions is older than the last of the other."""
    mixed = [
        each
        for at in range(20, 40)
        for each in (*flown(at, 1), *flown(at - 10, 1, THERE))
    ]  # fmt: skip
    trust = after(mixed)
    assert trust.standing is LOST
    assert {Implausible.ALTERNATING, Implausible.TIME_BACK} <= set(trust.because)
    assert {path.latest for path in trust.paths} == {mixed[-1], mixed[-2]}


def test_an_outlier_is_forgiven_by_the_way_it_left() -> None:
    """TRU-012, TRU-014: three moves that fit; what was seen is forgotten with the loss."""
    start = [*flown(0, 5), *flown(5, 1, THERE)]
    assert after([*start, *flown(6, 2)]).standing is LOST
    trust = after([*start, *flown(6, 3)])
    assert (trust.standing, trust.because, trust.since) == (TRUSTED, (), None)
    assert trust.last_trusted == flown(8, 1)[0]


def test_a_new_way_regains_trust_once_it_could_be_reached() -> None:
    """TRU-013: ten moves are not enough while 60 km away is out of reach; 400 m/s takes minutes."""
    jumped = [*flown(0, 5), *flown(5, 100, THERE)]
    assert after(jumped).standing is LOST
    later_on = after([*jumped, *flown(105, 200, THERE)])
    assert later_on.standing is TRUSTED
    assert later_on.last_trusted == flown(304, 1, THERE)[0]
    near = destination(HERE, track_deg=0.0, travel_m=4_000.0)
    assert after([*flown(0, 5), *flown(5, 10, near)]).standing is LOST
    assert after([*flown(0, 5), *flown(5, 16, near)]).standing is TRUSTED


def test_a_fault_begins_the_count_anew() -> None:
    """TRU-012: two moves that fit, an outlier, two moves again."""
    motions = [*flown(0, 5), *flown(5, 1, THERE), *flown(6, 2), *flown(8, 1, THERE), *flown(9, 2)]
    trust = after(motions)
    assert trust.standing is LOST
    assert trust.since == later(NOW, by_s=5.0)


def test_no_more_ways_are_kept_than_stated() -> None:
    """TRU-015: the newest."""
    places = [destination(HERE, track_deg=40.0 * k, travel_m=90_000.0) for k in range(8)]
    motions = [*flown(0, 3), *(seen(3.0 + k, place) for k, place in enumerate(places))]
    trust = after(motions)
    assert len(trust.paths) == PATHS_MAX
    assert [path.latest for path in trust.paths] == motions[:-5:-1]
    assert trust.last_trusted == motions[2]


def test_the_same_fix_again_changes_nothing() -> None:
    """TRU-018: not even with a velocity and a height that the source has renewed since."""
    last = flown(4, 1)[0]
    turned = replace(last, velocity=Velocity(track_deg=0.0, speed_mps=150.0, climb_mps=0.0))
    climbed = replace(last, altitude=Altitude(value_m=9_000.0, datum=Datum.STANDARD_PRESSURE))
    for again in (last, turned, climbed):
        assert after([*flown(0, 5), again]) == after(flown(0, 5))
    moved = replace(turned, at=later(last.at, by_s=1.0))
    assert after([*flown(0, 5), moved]).standing is LOST


def test_old_claims_are_no_longer_judged() -> None:
    """TRU-022: the newest always is; the rest 120 s."""
    motions = [*flown(0, 5), *flown(5, 1, THERE)]
    soon = judged_of(motions, 10.0)
    assert [each.basis for each in soon] == [Basis.CLAIMED, Basis.LAST_TRUSTED]
    assert [each.motion for each in soon] == [motions[5], motions[4]]
    late = judged_of(motions, 200.0)
    assert [(each.motion, each.basis) for each in late] == [(motions[5], Basis.CLAIMED)]


RULE = Criterion(
    rule=RuleId("standoff"),
    reading=None,
    lateral_m=1_000.0,
    vertical_m=300.0,
    horizon_s=60.0,
    unknown_accuracy_m=500.0,
    unknown_speed_mps=50.0,
    stale_after_s=60.0,
)


def zone(centre: Position) -> Volume:
    return Volume(
        footprint=Circle(centre=centre, radius_m=3_000.0),
        lower=Unbounded(),
        upper=Unbounded(),
        window=Window(start=NOW, end=later(NOW, by_s=3_600.0)),
    )


def stands(motions: list[Motion], place: Position, at_s: float) -> Encounter:
    now = later(NOW, by_s=at_s)
    return encounter_of(
        judged_of(motions, at_s),
        RULE,
        lambda motion, rule: pairing(motion, zone(place), rule, now),
    )


def test_a_trusted_track_stands_as_reported() -> None:
    """TRU-020: nothing is added."""
    motions = flown(0, 5)
    now = later(NOW, by_s=4.0)
    assert stands(motions, HERE, 4.0) == pairing(motions[-1], zone(HERE), RULE, now)
    assert stands(motions, HERE, 4.0).assessed is Assessed.INFRINGES


def test_a_jump_into_a_zone_does_not_infringe() -> None:
    """TRU-024, TRU-025: it cannot be ruled out, and says why."""
    found = stands([*flown(0, 5), *flown(5, 1, THERE)], THERE, 5.0)
    assert found.assessed is Assessed.CANNOT_BE_RULED_OUT
    assert Reason.NOT_TRUSTWORTHY in found.reasons
    assert (found.infringement_in_s, found.nominal_in_s) == (0.0, None)


def test_a_jump_out_of_a_zone_does_not_silence_it() -> None:
    """TRU-024, TRU-026: where it was last trusted still counts."""
    found = stands([*flown(0, 5), *flown(5, 1, THERE)], HERE, 5.0)
    assert found.assessed is Assessed.CANNOT_BE_RULED_OUT
    assert Reason.NOT_TRUSTWORTHY in found.reasons
    assert found.infringement_in_s == 0.0


def test_the_last_trusted_place_grows_at_its_own_speed() -> None:
    """TRU-021: 200 m/s in every direction, not the 50 m/s that the rule assumes."""
    beyond = destination(flown(4, 1)[0].position, track_deg=270.0, travel_m=12_000.0)
    motions = [*flown(0, 5), *flown(5, 1, THERE)]
    found = stands(motions, beyond, 5.0)
    assert found.assessed is Assessed.CANNOT_BE_RULED_OUT
    assert found.infringement_in_s == pytest.approx((12_000.0 - 4_050.0) / 200.0 - 1.0, abs=0.1)
    unknown = [*(replace(each, velocity=None) for each in motions[:5]), motions[5]]
    assert stands(unknown, beyond, 5.0).assessed is Assessed.CLEAR


def test_far_from_every_place_it_is_clear() -> None:
    """TRU-026: and it says that this rests on positions that are not trusted."""
    far = destination(HERE, track_deg=200.0, travel_m=300_000.0)
    found = stands([*flown(0, 5), *flown(5, 1, THERE)], far, 5.0)
    assert (found.assessed, found.reasons) == (Assessed.CLEAR, (Reason.NOT_TRUSTWORTHY,))


@pytest.mark.parametrize(
    "kind", [UNKNOWN_KIND, AEROPLANE, ROTORCRAFT, SMALL_DRONE_KIND, SHIP, VEHICLE]
)
def test_bounds_are_numbers(kind: MotionLimits) -> None:
    """TRU-017: and trust is not regained sooner on a new way than on the old."""
    with pytest.raises(ValueError, match="speed_mps_max is -1"):
        replace(kind, speed_mps_max=-1.0)
    with pytest.raises(ValueError, match="time_slack_s is nan"):
        replace(kind, time_slack_s=float("nan"))
    with pytest.raises(ValueError, match="return_moves"):
        replace(kind, return_moves=11)
    assert kind.speed_mps_max <= UNKNOWN_KIND.speed_mps_max
