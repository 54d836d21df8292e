"""One measure over time: the sums, the bars, hysteresis, and what a false alarm costs."""

import math
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from picture_scenes import AT
from sampling import thinned

from crosstell.core.assessment.discrepancy.measured import (
    COMPONENT_OF,
    Measure,
    Measured,
    Subject,
    Untested,
    beyond,
    evidence,
)
from crosstell.core.assessment.discrepancy.sequence import (
    STANDINGS,
    Level,
    Policy,
    Standing,
    State,
    advanced,
)
from crosstell.core.assessment.lineage import Confirmation
from crosstell.core.assessment.stated import NotTestable

PLACE = Subject(measure=Measure.PLACE, one="a1", other="b1")
POLICY = Policy()
MANY = (100, True)  # measures tested at a time, and calibrated


def sample(spoken: float, value: float = 0.0) -> Measured:
    return Measured(
        subject=PLACE,
        values=(value, 0.0),
        sigmas=(10.0, 10.0),
        evidence=spoken,
        confirms=Confirmation.UNKNOWN,
    )


def run(
    spoken: list[float], *, start: Standing | None = None, context: tuple[int, bool] = MANY
) -> list[Standing]:
    """The standings after samples 10 s apart, the first 10 s after the last one of `start`."""
    standing = start if start is not None else Standing()
    first = standing.last_at if standing.last_at is not None else AT
    found = []
    for number, each in enumerate(spoken, start=1):
        at = first + timedelta(seconds=10 * number)
        standing = advanced(standing, sample(each), at, POLICY, context)
        found.append(standing)
    return found


def test_dis_060_evidence_adds_up_from_not_testable_to_discrepancy() -> None:
    found = run([4.0] * 6)
    assert [each.state for each in found] == [
        State.NOT_TESTABLE,  # 4: too few samples to say anything
        State.NOT_TESTABLE,
        State.SUSPECTED,  # 12, over ln(100 measures x 360 samples an hour / 1) = 10.5
        State.DISCREPANCY,  # 16, over ln(100 x 360 / 0.01) = 15.1
        State.DISCREPANCY,
        State.DISCREPANCY,
    ]
    assert found[0].reason is NotTestable.TOO_FEW_SAMPLES
    assert found[-1].since == found[0].last_at


def test_dis_060_samples_nearer_than_the_thinning_are_one() -> None:
    standing = run([4.0])[0]
    again = advanced(standing, sample(4.0), AT + timedelta(seconds=19), POLICY, MANY)
    assert again == standing
    assert advanced(standing, sample(4.0), AT + timedelta(seconds=20), POLICY, MANY).samples == 2


def test_dis_061_the_bars_rise_with_what_is_tested() -> None:
    suspect, sure = POLICY.bars(1)
    assert suspect == pytest.approx(math.log(360.0))
    assert sure == pytest.approx(math.log(360.0 / 0.01))
    assert POLICY.bars(1_000)[1] == pytest.approx(sure + math.log(1_000.0))
    with pytest.raises(ValueError, match="fewer false suspicions"):
        Policy(false_suspicions_per_hour=0.001)
    with pytest.raises(ValueError, match="thin_s"):
        Policy(thin_s=0.0)


@pytest.mark.parametrize(
    ("components", "dof"),
    thinned([(2, 1.25), (1, 4.0), (2, 4.0), (1, 1_000.0)], every=4),
)
def test_dis_061_false_alarms_keep_within_the_stated_bound(components: int, dof: float) -> None:
    """Under the law without a difference, the sum passes h in at most e^-h of samples.

    4,000 measures over 250 samples, from a seed; drawn by NumPy, not by the code's own formulas.
    """
    draw = np.random.default_rng(20)
    normal = draw.normal(size=(4_000, 250, components))
    scale = draw.chisquare(dof, size=(4_000, 250)) / dof
    squared = (normal**2).sum(axis=2) / scale
    spoken = np.vectorize(lambda each: evidence(each, components=components, dof=dof))(squared)
    summed, alarms = np.zeros(4_000), 0
    bar = 6.0
    for column in spoken.T:
        summed = np.maximum(0.0, summed + column)
        alarms += int((summed >= bar).sum())
        summed[summed >= bar] = 0.0
    assert alarms <= 1_000_000 * math.exp(-bar)


def test_dis_061_no_single_outlier_is_proof() -> None:
    assert evidence(1e12, components=2, dof=4.0) < 2.0 * math.log(9.0) + 1e-6
    assert evidence(1e12, components=2, dof=4.0) < POLICY.bars(1)[0]
    assert evidence(0.0, components=2, dof=4.0) == pytest.approx(-math.log(9.0))
    assert beyond(0.0, 5.0) == 0.0
    assert beyond(10.0, 5.0) == 0.5


def test_dis_062_a_discrepancy_ends_only_by_evidence_against_it() -> None:
    found = run([9.0] * 3)[-1]
    assert found.state is State.DISCREPANCY
    going = run([-1.0] * 5, start=found)
    assert [each.state for each in going] == [State.DISCREPANCY] * 4 + [State.NONE_FOUND]
    assert going[-1].since is None
    wavering = run([-2.0, 2.0] * 20, start=found)
    assert {each.state for each in wavering} == {State.DISCREPANCY}


def test_dis_062_every_pair_of_state_and_level_is_decided() -> None:
    said = {
        (state.value, level.value): STANDINGS.next(state, level)
        for state in State
        for level in Level
    }
    assert all(said[state, "untested"] is State.NOT_TESTABLE for state in State)
    assert all(said[state, "against"] is State.NONE_FOUND for state in State)
    assert all(said[state, "sure"] is State.DISCREPANCY for state in State)
    assert [said[state, "open"] for state in State] == list(State)
    assert [said[state, "high"] for state in State] == [State.SUSPECTED] * 3 + [State.DISCREPANCY]


def test_dis_063_what_cannot_be_tested_is_held_for_a_while_and_then_not_testable() -> None:
    found = run([9.0] * 3)[-1]
    assert found.last_at is not None
    gone = Untested(subject=PLACE, reason=NotTestable.STALE)
    soon = advanced(found, gone, found.last_at + timedelta(seconds=60), POLICY, MANY)
    assert soon.state is State.DISCREPANCY
    later = advanced(found, gone, found.last_at + timedelta(seconds=61), POLICY, MANY)
    assert later == Standing(reason=NotTestable.STALE)
    assert later.state is State.NOT_TESTABLE
    fine = run([-1.0] * 6)[-1]
    assert fine.state is State.NONE_FOUND
    assert fine.last_at is not None
    later = advanced(fine, gone, fine.last_at + timedelta(seconds=61), POLICY, MANY)
    assert later.state is State.NOT_TESTABLE


def test_dis_064_uncalibrated_accuracies_make_a_suspicion_at_most() -> None:
    assert run([9.0] * 8, context=(100, False))[-1].state is State.SUSPECTED
    assert run([9.0] * 8, context=(100, True))[-1].state is State.DISCREPANCY
    lone = replace(sample(9.0), subject=Subject(measure=Measure.PRESENCE, one="a1"))
    standing = Standing()
    for number in range(8):
        at = AT + timedelta(seconds=10 * number)
        standing = advanced(standing, lone, at, POLICY, (100, False))
    assert standing.state is State.DISCREPANCY  # it rests on no stated accuracy


def test_every_measure_belongs_to_a_component() -> None:
    assert set(COMPONENT_OF) == set(Measure)
