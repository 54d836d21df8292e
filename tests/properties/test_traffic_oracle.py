"""Two tracks, exactly, against brute force on the geodesic (TRF-001 to TRF-014, ORA-002)."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sampling import seeds
from traffic_values import NOW, Brute, aimed, criterion, motion

from crosstell.core.detection.finding import Assessed, Criterion, Encounter
from crosstell.core.detection.pair.traffic import pairing
from crosstell.core.geometry.motion import Motion
from crosstell.core.geometry.position import Position

SLACK_M = 0.003  # of search and oracle together; nearer to a limit nothing is compared
SAME_S = 0.1  # a tenth of a millimetre at a closing speed of a millimetre a second
RULES = (
    criterion(),
    criterion(lateral_m=1_222.0, vertical_m=137.0),
    criterion(lateral_m=50.0, vertical_m=20.0, horizon_s=60.0),
    criterion(lateral_m=9_260.0, vertical_m=1_000_000.0, horizon_s=1_200.0),
    criterion(lateral_m=150_000.0, vertical_m=500.0, horizon_s=1_200.0),
)


def agrees(pair: tuple[Motion, Motion], rule: Criterion) -> Encounter:
    """Compare with the oracle, unless it stands on a limit; returns the encounter."""
    found = pairing(*pair, rule, NOW)
    worst, nominal = Brute(pair, rule, is_worst=True), Brute(pair, rule, is_worst=False)
    if rule.vertical_m >= 1_000_000.0:
        flat = tuple(motion_at_any_height(each) for each in pair)
        worst = Brute((flat[0], flat[1]), rule, is_worst=True)
        nominal = Brute((flat[0], flat[1]), rule, is_worst=False)
    (over_m, early_s), (nominal_m, nominal_s) = worst.first(), nominal.first()
    if abs(over_m) < SLACK_M or abs(nominal_m) < SLACK_M:
        return found
    expected = Assessed.CLEAR
    if early_s is not None:
        expected = Assessed.CANNOT_BE_RULED_OUT if nominal_s is None else Assessed.INFRINGES
    assert found.assessed is expected, (pair, rule, over_m, nominal_m)
    if early_s is not None:
        near_time(worst, found.infringement_in_s, early_s)
    if nominal_s is not None:
        assert found.nominal_in_s is not None
        near_time(nominal, found.nominal_in_s, nominal_s)
        leaves_as_told(nominal, found)
    return found


def motion_at_any_height(one: Motion) -> Motion:
    """The motion at one fixed height, for a rule that has no vertical limit."""
    velocity = one.velocity
    age_s = (NOW - one.at).total_seconds()
    return motion(
        one.position.lat_deg,
        one.position.lon_deg,
        track_deg=velocity.track_deg if velocity else 0.0,
        speed_mps=velocity.speed_mps if velocity else None,
        accuracy_m=one.position_accuracy_m,
        age_s=age_s,
    )


def near_time(brute: Brute, told_s: float, expected_s: float) -> None:
    """The two times are the same, or the pair hardly moves between them."""
    if abs(told_s - expected_s) > 0.005:
        assert abs(brute.over_m(told_s)) < SLACK_M
        assert told_s < expected_s + 0.005 or brute.over_m(expected_s) > -SLACK_M


def leaves_as_told(nominal: Brute, found: Encounter) -> None:
    """Within the limits until the exit, not just after it (TRF-013)."""
    assert found.nominal_in_s is not None
    end_s = nominal.rule.horizon_s
    until_s = end_s if found.exit_in_s is None else found.exit_in_s
    if len(nominal.instants()) == 1:
        assert found.exit_in_s is None
        return
    for share in (0.05, 0.3, 0.6, 0.95):
        inside_s = found.nominal_in_s + share * (until_s - found.nominal_in_s)
        assert nominal.over_m(inside_s) < SLACK_M
    if found.exit_in_s is not None and found.exit_in_s < end_s:
        lowest_m = min(abs(nominal.over_m(found.exit_in_s)), abs(nominal.over_m(until_s + 0.01)))
        assert lowest_m < 5.0
    assert found.nearest_m is not None
    assert found.nearest_in_s is not None
    assert abs(nominal.distance_m(found.nearest_in_s) - found.nearest_m) < SLACK_M
    assert all(nominal.distance_m(each) > found.nearest_m - SLACK_M for each in nominal.instants())


@pytest.mark.parametrize("seed", seeds(40, few=4))
def test_the_pairing_agrees_with_brute_force(seed: int) -> None:
    """TRF-001 to TRF-013."""
    rng = random.Random(f"traffic:{seed}")
    rule = RULES[seed % len(RULES)]
    for known in (1.0, 0.97, 0.8):
        agrees(aimed(rng, rule, known=known), rule)


def test_the_scenes_hold_every_verdict() -> None:
    rng = random.Random("verdicts")
    verdicts = [pairing(*aimed(rng, RULES[0]), RULES[0], NOW).assessed for _ in range(60)]
    assert set(verdicts) == set(Assessed)
    assert verdicts.count(Assessed.INFRINGES) > 8


@pytest.mark.long
@pytest.mark.parametrize("seed", range(24))
def test_many_pairings_agree_with_brute_force(seed: int) -> None:
    """TRF-001 to TRF-014, 2,000 scenes."""
    rng = random.Random(f"traffic-long:{seed}")
    rule = RULES[seed % len(RULES)]
    for _ in range(84):
        agrees(aimed(rng, rule, known=rng.choice((1.0, 0.97, 0.8))), rule)


@given(seed=st.integers(0, 2**32))
@example(seed=0)
def test_the_order_does_not_matter(seed: int) -> None:
    """TRF-009: the same encounter, number by number."""
    rng = random.Random(seed)
    rule = rng.choice(RULES)
    one, other = aimed(rng, rule, known=0.85)
    assert pairing(one, other, rule, NOW) == pairing(other, one, rule, NOW)


@given(seed=st.integers(0, 2**32))
def test_a_turn_in_longitude_and_a_shift_in_time_change_nothing(seed: int) -> None:
    """TRF-008."""
    rng = random.Random(seed)
    rule = rng.choice(RULES)
    pair = aimed(rng, rule)
    here = pairing(*pair, rule, NOW)
    by_deg = rng.choice((90.0, -170.0))
    turned = [turn(each, by_deg) for each in pair]
    there = pairing(turned[0], turned[1], rule, NOW + timedelta(days=40))
    assert there.assessed is here.assessed
    assert abs(there.infringement_in_s - here.infringement_in_s) < 0.01
    assert abs(there.distance_m - here.distance_m) < 0.01


def turn(one: Motion, by_deg: float) -> Motion:
    """The motion, 40 days later, further east."""
    lon = (one.position.lon_deg + by_deg + 180.0) % 360.0 - 180.0
    return replace(
        one,
        position=Position(lat_deg=one.position.lat_deg, lon_deg=lon),
        at=one.at + timedelta(days=40),
    )


@given(seed=st.integers(0, 2**32), grow=st.floats(1.0, 3.0))
def test_larger_limits_and_a_longer_horizon_lose_nothing(seed: int, grow: float) -> None:
    """TRF-007."""
    rng = random.Random(seed)
    rule = RULES[0]
    pair = aimed(rng, rule)
    here = pairing(*pair, rule, NOW)
    for wider in (
        criterion(lateral_m=rule.lateral_m * grow),
        criterion(vertical_m=rule.vertical_m * grow),
        criterion(horizon_s=rule.horizon_s * grow),
    ):
        there = pairing(*pair, wider, NOW)
        if here.assessed is not Assessed.CLEAR:
            assert there.assessed is not Assessed.CLEAR
            assert there.infringement_in_s <= here.infringement_in_s + SAME_S
        if here.assessed is Assessed.INFRINGES:
            assert there.assessed is Assessed.INFRINGES
            assert (there.nominal_in_s or 0.0) <= (here.nominal_in_s or 0.0) + SAME_S
