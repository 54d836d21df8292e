"""The health of a line, its measured chain, and the call-by."""

from typing import Any

import pytest
from line_values import (
    CALL_REF,
    DUTY,
    GREEN,
    account,
    acknowledge,
    at,
    code_of,
    node_stamp,
    open_call,
    stamp,
    words,
)

from crosstell.core.instant import format_instant
from crosstell.core.line.acknowledgement import CallDelivered, CallReceived
from crosstell.core.line.answer import Answer, AnswerKind
from crosstell.core.line.chain import (
    Basis,
    CallByStanding,
    Chain,
    ChainPart,
    Offer,
    StepFigure,
    call_by,
    measure,
    percentile_90,
    view,
)
from crosstell.core.line.health import (
    SAMPLES_MAX,
    ChainStep,
    Line,
    LineEvent,
    LineKey,
    LineReported,
    LineSample,
    LineState,
    Occasion,
    Report,
    StepTime,
    advance,
    step_times,
)
from crosstell.core.line.view import CallSides
from crosstell.core.line.watch.sample import call_sample, voice_sample
from crosstell.core.line.watch.standing import LineRules, NoTest, OpenTest, Standing, next_test_at
from crosstell.core.line.watch.standing import view as line_view
from crosstell.core.line.watch.voice import Timed

KEY = LineKey(party=GREEN, role=DUTY)
FIGURES = tuple(
    StepFigure(step=step, figure_s=60.0 if step is ChainStep.ANSWER else 30.0) for step in ChainStep
)
CAP_S = 600.0
RULES = LineRules(answer_s=60, test_interval_s=600, untested_after_s=1_200)
DOWN = LineReported(line=KEY, report=Report.DOWN, since=at(0), reason=words("cable cut"))
UP = LineReported(line=KEY, report=Report.UP, since=at(50))


def sample(
    placed_s: float,
    answered_after_s: float | None = None,
    **more: Any,  # noqa: ANN401 - further instants
) -> LineSample:
    answered_at = None if answered_after_s is None else at(placed_s + answered_after_s)
    return LineSample(
        line=KEY, occasion=Occasion.TEST, placed_at=at(placed_s), answered_at=answered_at, **more
    )


def line(*events: LineEvent) -> Line:
    held: Line | None = None
    for number, event in enumerate(events):
        new = advance(held, event, stamp(seq=number))
        assert isinstance(new, Line), new
        held = new
    assert held is not None
    return held


def stands(held: Line | None, after_s: float) -> Standing:
    return line_view(held, rules=RULES, first_at=at(0), now=at(after_s)).standing


def test_line_100_a_line_keeps_the_last_samples_and_the_last_times_of_each_step() -> None:
    slow = sample(0, 5, read_back_at=at(25))
    held = line(slow, *(sample(100.0 * n, 10) for n in range(1, SAMPLES_MAX + 3)))
    assert len(held.samples) == SAMPLES_MAX
    assert slow not in held.samples
    assert StepTime(step=ChainStep.READ_BACK, took_s=20.0) in held.times
    answers = [t for t in held.times if t.step is ChainStep.ANSWER]
    assert [t.took_s for t in answers] == [10.0] * SAMPLES_MAX


def test_line_100_a_repeat_of_a_sample_is_not_counted_twice() -> None:
    held = line(sample(0, 5))
    assert code_of(advance(held, sample(0, 5), stamp(seq=4))) == "repeat"


def test_line_101_a_line_reported_down_stays_down_until_answered_or_reported_up() -> None:
    down = line(sample(0, 5), DOWN, sample(60))
    assert down.state is LineState.REPORTED_DOWN
    assert stands(down, 61) is Standing.DOWN
    assert stands(line(sample(0, 5), DOWN, sample(60, 5)), 70) is Standing.UP
    assert stands(line(sample(0, 5), DOWN, UP), 70) is Standing.UP
    assert code_of(advance(down, DOWN, stamp(seq=9))) == "repeat"
    assert code_of(advance(down, UP, node_stamp(seq=9))) == "not-owner"


@pytest.mark.parametrize(
    ("held", "after_s", "want"),
    [
        (None, 0, Standing.UNTESTED),
        (line(UP), 60, Standing.UNTESTED),
        (line(sample(0, 5)), 600, Standing.UP),
        (line(sample(0, 5)), 601, Standing.DOUBTFUL),
        (line(sample(0, 5)), 1_201, Standing.UNTESTED),
        (line(sample(0, 60)), 90, Standing.UP),
        (line(sample(0, 61)), 90, Standing.DOUBTFUL),
        (line(sample(0, 5), sample(10)), 90, Standing.DOUBTFUL),
        (line(sample(0), sample(10)), 90, Standing.DOUBTFUL),
        (line(sample(0), sample(10), sample(20)), 90, Standing.DOWN),
        (line(sample(0), sample(10), sample(20)), 9_000, Standing.DOWN),
        (line(sample(0), sample(10), sample(20), sample(30, 5)), 90, Standing.UP),
    ],
)
def test_line_102_up_doubtful_down_untested(
    held: Line | None, after_s: float, want: Standing
) -> None:
    assert stands(held, after_s) is want


@pytest.mark.parametrize(
    ("held", "after_s", "want"),
    [
        (None, 110, Standing.UNTESTED),
        (None, 160, Standing.DOUBTFUL),
        (line(sample(0, 5)), 110, Standing.UP),
        (line(sample(0, 5)), 659, Standing.UP),
        (line(sample(0, 5)), 160, Standing.DOUBTFUL),
        (line(sample(0), sample(10)), 110, Standing.DOUBTFUL),
        (line(sample(0), sample(10)), 160, Standing.DOWN),
        (line(sample(0), sample(10), sample(20)), 110, Standing.DOWN),
    ],
)
def test_nod_496_a_test_that_is_out_counts_once_its_time_is_over(
    held: Line | None, after_s: float, want: Standing
) -> None:
    """Sent at 100 s, awaited until 160 s; at 659 s of one sent late no test is overdue."""
    sent_s = 100.0 if after_s < 600 else 610.0
    out = OpenTest(sample=sample(sent_s), answer_by=at(sent_s + 60))
    shown = line_view(held, rules=RULES, first_at=at(0), now=at(after_s), test=out)
    assert shown.standing is want
    assert (shown.test_sent_at, shown.test_answer_by) == (at(sent_s), at(sent_s + 60))
    waits = f"waits for its answer until {format_instant(at(sent_s + 60))}" in shown.why
    assert waits is (after_s < sent_s + 60)


@pytest.mark.parametrize("after_s", [10, 70, 700, 1_300])
@pytest.mark.parametrize("silent", [False, True])
def test_line_106_a_line_on_which_no_test_runs_says_why_however_it_stands(
    after_s: float, *, silent: bool
) -> None:
    held = line(sample(0, None if silent else 5))
    why = NoTest(why="bravo has no node in this protocol")
    for each in (held, None):
        shown = line_view(each, rules=RULES, first_at=why, now=at(after_s))
        assert "no test runs: bravo has no node" in shown.why
        assert shown.next_test_at is None


def test_line_103_a_line_shows_by_which_role_it_was_last_answered() -> None:
    answered = LineSample(
        line=KEY,
        occasion=Occasion.CALL,
        placed_at=at(0),
        answered_at=at(5),
        answered_by=DUTY,
    )
    shown = line_view(line(answered, sample(60)), rules=RULES, first_at=at(0), now=at(70))
    assert (shown.answered_by, shown.last_answered_at) == (DUTY, at(5))
    assert shown.last_sample_at == at(60)


def test_line_104_the_next_test_is_one_interval_after_the_last_test_or_call() -> None:
    assert next_test_at(None, first_at=at(30), interval_s=600) == at(30)
    held = line(sample(100, 5), sample(50, 5))
    assert next_test_at(held, first_at=at(30), interval_s=600) == at(700)


def test_line_105_a_call_by_node_gives_a_sample_and_no_step_is_negative() -> None:
    held = acknowledge(CallDelivered(call=CALL_REF), CallReceived(call=CALL_REF))
    got = call_sample(CallSides(call=open_call(), acknowledgement=held), line=KEY)
    assert (got.placed_at, got.received_at, got.answered_at) == (at(0), at(20), at(21))
    assert got.answered_by == DUTY
    silent = call_sample(CallSides(call=open_call()), line=KEY)
    assert silent.answered_at is None
    fast = call_sample(
        CallSides(call=open_call(), acknowledgement=acknowledge(CallReceived(call=CALL_REF))),
        line=KEY,
    )
    assert all((t.took_s or 0) >= 0 for t in step_times(fast))


def test_line_105_a_voice_call_gives_a_sample_if_its_log_tells_when_a_person_came_on() -> None:
    silent = voice_sample(account(), line=KEY)
    assert silent is not None
    assert silent.answered_at is None
    reached = voice_sample(account(reached_at=at(8), read_back_at=at(30)), line=KEY)
    assert reached is not None
    assert [t.took_s for t in step_times(reached)] == [8.0, 22.0]
    assert voice_sample(account(answer=Answer(kind=AnswerKind.NOTED)), line=KEY) is None
    for timed, is_sample in ((None, True), (Timed.STAMPED, True), (Timed.STATED_LATER, False)):
        told = account(reached_at=at(8), timed=timed)  # LINE-341: what a person states later
        assert (voice_sample(told, line=KEY) is not None) is is_sample


def test_line_110_a_step_counts_from_the_last_instant_reached() -> None:
    full = sample(0, 10, read_back_at=at(40), acted_at=at(100))
    assert [(t.step, t.took_s) for t in step_times(full)] == [
        (ChainStep.ANSWER, 10.0),
        (ChainStep.READ_BACK, 30.0),
        (ChainStep.ACT, 60.0),
    ]
    with pytest.raises(ValueError, match="nobody answered"):
        LineSample(line=KEY, occasion=Occasion.CALL, placed_at=at(0), acted_at=at(9))
    with pytest.raises(ValueError, match="fall"):
        sample(10, -5)


def test_line_111_the_nearest_rank_of_twenty_is_the_eighteenth() -> None:
    assert percentile_90(tuple(float(n) for n in range(1, 21))) == 18.0
    assert percentile_90((7.0,)) == 7.0
    assert percentile_90(tuple(float(n) for n in range(1, 11))) == 9.0


def answer_part(held: Line | None) -> ChainPart:
    return measure(held, FIGURES, cap_s=CAP_S).parts[0]


def test_line_113_under_five_samples_the_protocols_figure_stands() -> None:
    for held in (None, line(*(sample(100.0 * n, 5) for n in range(4)))):
        part = answer_part(held)
        assert (part.took_s, part.basis) == (60.0, Basis.PROTOCOL)
    fifth = answer_part(line(*(sample(100.0 * n, 5) for n in range(5))))
    assert (fifth.took_s, fifth.basis, fifth.samples) == (5.0, Basis.MEASURED, 5)


def test_line_110_a_slow_line_counts_as_slow_and_a_silent_one_says_so() -> None:
    slow = answer_part(line(*(sample(100.0 * n, 90) for n in range(5))))
    assert (slow.took_s, slow.basis) == (90.0, Basis.MEASURED)
    silent = answer_part(line(*(sample(100.0 * n) for n in range(5))))
    assert (silent.took_s, silent.basis) == (60.0, Basis.SILENT)
    slow_ones = (sample(100.0 * n, 90) for n in range(2, 6))
    both = answer_part(line(sample(0), sample(100), *slow_ones))
    assert (both.took_s, both.basis) == (90.0, Basis.SILENT)
    one_of_ten = answer_part(line(sample(0), *(sample(100.0 * n, 5) for n in range(1, 10))))
    assert (one_of_ten.took_s, one_of_ten.basis) == (5.0, Basis.MEASURED)


def test_line_114_the_call_by_is_the_infringement_less_the_chain() -> None:
    value = call_by(infringement_at=at(1_000), chain=measure(None, FIGURES, cap_s=CAP_S))
    assert value.chain.total_s == 240.0
    assert value.at == at(760)
    assert [p.step for p in value.chain.parts] == list(ChainStep)
    with pytest.raises(ValueError, match="every step"):
        measure(None, FIGURES[1:], cap_s=CAP_S)
    with pytest.raises(ValueError, match="every step"):
        Chain(parts=value.chain.parts[1:], cap_s=CAP_S)


def test_line_115_from_the_call_by_on_stop_and_broadcast_are_offered_together() -> None:
    value = call_by(infringement_at=at(1_000), chain=measure(None, FIGURES, cap_s=CAP_S))
    before, on_time = view(value, now=at(759)), view(value, now=at(760))
    assert (before.standing, before.offers) == (CallByStanding.IN_TIME, (Offer.CALL,))
    assert on_time.standing is CallByStanding.PAST
    assert on_time.offers == (Offer.STOP, Offer.BROADCAST)
    assert "can no longer close" in on_time.text
    silent = measure(line(*(sample(100.0 * n) for n in range(5))), FIGURES, cap_s=CAP_S)
    text = view(call_by(infringement_at=at(1_000), chain=silent), now=at(0)).text
    assert "Calls on this line went unanswered" in text
    assert "Capped" not in text


def test_line_112_the_cap_holds_for_the_whole_chain_and_is_shown() -> None:
    chain = measure(line(*(sample(100.0 * n, 90) for n in range(5))), FIGURES, cap_s=250.0)
    assert (chain.steps_s, chain.total_s) == (270.0, 250.0)
    value = call_by(infringement_at=at(1_000), chain=chain)
    assert value.at == at(750)
    text = "Capped by the protocol at 250 s; this line takes 270 s."
    assert text in view(value, now=at(0)).text
