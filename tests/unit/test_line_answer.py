"""Answers, and the caller's clock over them."""

from datetime import datetime

import pytest
from line_values import (
    CALL_REF,
    GREEN,
    account,
    answer,
    at,
    code_of,
    given,
    node_stamp,
    open_call,
    placed,
    stamp,
    taken,
    voice_log,
    words,
)

from crosstell.core.ids import ComponentId, Named
from crosstell.core.line.answer import (
    REASON_NEEDED,
    Answer,
    AnswerCorrected,
    AnswerGiven,
    AnswerId,
    AnswerKind,
    Answers,
    AnswerState,
    advance,
    in_force,
    settles,
)
from crosstell.core.line.view import AnswerStanding, CallSides, Source, answer_clock, answers_shown
from crosstell.core.line.watch.queue import own_call_waits
from crosstell.core.line.watch.voice import VoiceLog, VoiceLogCorrected, VoiceLogId
from crosstell.core.line.watch.voice import advance as advance_voice
from crosstell.core.picture.party import Scope

WILL_COMPLY = given(AnswerKind.WILL_COMPLY)
CHECKING = given(AnswerKind.CHECKING, "a-0")
STAND_BY = given(AnswerKind.STAND_BY, "a-2", until=at(600))


def corrected(
    kind: AnswerKind, *, name: str, corrects: str, until: datetime | None = None
) -> AnswerCorrected:
    return AnswerCorrected(
        call=CALL_REF,
        answer_id=AnswerId(name),
        corrects=AnswerId(corrects),
        answer=Answer(kind=kind, until=until),
    )


def test_line_040_an_answer_says_whom_it_cannot_speak_for() -> None:
    forces, agency = ComponentId("armed-forces"), ComponentId("agency")
    scope = Scope(speaks_for=(forces,), cannot_speak_for=(agency,))
    held = answer(given(AnswerKind.NOT_OURS, scope=scope))
    shown = answers_shown(CallSides(call=open_call(), answers=held))[0]
    assert shown.answer.scope.covers(forces)
    assert not shown.answer.scope.covers(agency)


@pytest.mark.parametrize("kind", sorted(REASON_NEEDED))
def test_line_041_a_refusal_gives_its_reason(kind: AnswerKind) -> None:
    with pytest.raises(ValueError, match="reason"):
        Answer(kind=kind)
    assert Answer(kind=kind, reason=words("crew has no fuel")).kind is kind


def test_line_042_stand_by_has_a_time_and_no_other_answer_has() -> None:
    with pytest.raises(ValueError, match="has a time"):
        Answer(kind=AnswerKind.STAND_BY)
    with pytest.raises(ValueError, match="has a time"):
        Answer(kind=AnswerKind.OURS, until=at(60))
    late = given(AnswerKind.STAND_BY, until=at(5))
    assert code_of(advance(None, late, stamp("green", after_s=5))) == "bad-time"


def test_line_043_stand_by_is_said_once_and_before_the_answer() -> None:
    again = given(AnswerKind.STAND_BY, "a-3", until=at(900))
    for held in (answer(STAND_BY), answer(WILL_COMPLY), answer(STAND_BY, CHECKING)):
        assert code_of(advance(held, again, stamp("green", 70, after_s=90))) == "wrong-state"
    longer = corrected(AnswerKind.STAND_BY, name="a-4", corrects="a-2", until=at(900))
    held = answer(STAND_BY)
    assert code_of(advance(held, longer, stamp("green", 70, after_s=90))) == "wrong-state"


def test_line_044_a_correction_keeps_both_and_the_latest_is_in_force() -> None:
    held = answer(WILL_COMPLY, corrected(AnswerKind.OURS, name="a-9", corrects="a-1"))
    assert [e.answer.kind for _, e in held.given] == [AnswerKind.WILL_COMPLY, AnswerKind.OURS]
    assert [e.answer.kind for _, e in in_force(held)] == [AnswerKind.OURS]


def test_line_045_only_an_answer_in_force_is_corrected() -> None:
    first = corrected(AnswerKind.OURS, name="a-9", corrects="a-1")
    assert code_of(advance(None, first, stamp("green"))) == "wrong-state"
    second = corrected(AnswerKind.NOTED, name="a-10", corrects="a-1")
    held = answer(WILL_COMPLY, first)
    assert code_of(advance(held, second, stamp("green", 70))) == "unknown-object"


def test_line_019_025_a_repeat_changes_nothing_and_an_id_is_used_once() -> None:
    held = answer(WILL_COMPLY)
    assert code_of(advance(held, WILL_COMPLY, stamp("green", 71))) == "repeat"
    other = given(AnswerKind.NOTED)
    assert code_of(advance(held, other, stamp("green", 71))) == "already-used"


def test_line_005_004_an_answer_is_a_persons_and_names_its_call_by_the_entry() -> None:
    assert code_of(advance(None, WILL_COMPLY, node_stamp("green"))) == "not-owner"
    loose = AnswerGiven(
        call=Named(party=GREEN, id="c-1"), answer_id=AnswerId("a-1"), answer=WILL_COMPLY.answer
    )
    assert code_of(advance(None, loose, stamp("green"))) == "unknown-object"


def test_line_047_the_time_of_a_stand_by_is_part_of_its_state() -> None:
    held = answer(STAND_BY, CHECKING)
    assert held.state is AnswerState.STANDING_BY
    assert held.stand_by_until == at(600)
    assert answer(STAND_BY, WILL_COMPLY).stand_by_until is None
    with pytest.raises(AssertionError, match="stand-by"):
        Answers(state=AnswerState.STANDING_BY, given=held.given)


@pytest.mark.parametrize(
    ("answers", "now", "standing", "due"),
    [
        (None, at(500), AnswerStanding.OWED, at(120)),
        (answer(CHECKING), at(500), AnswerStanding.CHECKING, at(120)),
        (answer(STAND_BY), at(599), AnswerStanding.STANDING_BY, at(600)),
        (answer(STAND_BY), at(600), AnswerStanding.STAND_BY_EXPIRED, at(600)),
        (answer(STAND_BY, WILL_COMPLY), at(900), AnswerStanding.ANSWERED, None),
        (answer(CHECKING, given(AnswerKind.NOTED)), at(70), AnswerStanding.ANSWERED, None),
    ],
)
def test_line_048_the_caller_waits_until_a_settling_answer(
    answers: Answers | None, now: datetime, standing: AnswerStanding, due: datetime | None
) -> None:
    clock = answer_clock(CallSides(call=open_call(), answers=answers), now=now)
    assert (clock.standing, clock.due_at) == (standing, due)


def test_line_048_an_answer_taken_back_is_owed_from_then_on() -> None:
    back = corrected(AnswerKind.CHECKING, name="a-9", corrects="a-1")
    held = answer(WILL_COMPLY)
    new = advance(held, back, stamp("green", 70, after_s=400))
    assert isinstance(new, Answers)
    clock = answer_clock(CallSides(call=open_call(), answers=new), now=at(401))
    assert clock.standing is AnswerStanding.CHECKING
    assert clock.due_at == clock.taken_back_at == at(400)


def test_line_048_an_answer_struck_from_the_callers_log_is_owed_from_then_on() -> None:
    heard = account(answer=Answer(kind=AnswerKind.WILL_COMPLY), answered_at=at(40))
    log = voice_log("blue", "v-1", heard)
    fix = VoiceLogCorrected(log=VoiceLogId("v-1"), account=account(), reason=words("misheard"))
    new = advance_voice(log, fix, stamp(seq=81, after_s=500))
    assert isinstance(new, VoiceLog)
    sides = CallSides(call=open_call(), caller_logs=(new,))
    clock = answer_clock(sides, now=at(501))
    assert (clock.standing, clock.due_at) == (AnswerStanding.OWED, at(500))
    before = own_call_waits(CallSides(call=open_call()), now=at(1), stop_lead_s=0)
    after = own_call_waits(sides, now=at(501), stop_lead_s=0)
    assert before[0].matter != after[0].matter, "it rings again, as another matter"


def test_line_046_not_ours_settles_the_clock_and_says_that_it_clears_nothing() -> None:
    assert settles(AnswerKind.NOT_OURS)
    shown = answers_shown(CallSides(call=open_call(), answers=answer(given(AnswerKind.NOT_OURS))))
    assert "lowers no alert" in shown[0].label
    assert "is not clear to engage" in shown[0].label


def test_line_065_an_answer_heard_by_voice_counts_and_is_labelled() -> None:
    heard = account(answer=Answer(kind=AnswerKind.WILL_COMPLY), answered_at=at(40))
    sides = CallSides(call=open_call(), caller_logs=(voice_log("blue", "v-1", heard),))
    assert answer_clock(sides, now=at(50)).standing is AnswerStanding.HEARD_BY_CALLER
    shown = answers_shown(sides)[0]
    assert shown.source is Source.HEARD_BY_CALLER
    assert shown.at == at(40)
    assert "heard by the caller" in shown.label
    both = CallSides(call=open_call(), answers=answer(WILL_COMPLY), caller_logs=sides.caller_logs)
    assert answer_clock(both, now=at(50)).standing is AnswerStanding.ANSWERED


def test_line_065_what_the_recipient_logs_as_said_is_not_heard_by_the_caller() -> None:
    said = account(answer=Answer(kind=AnswerKind.WILL_COMPLY))
    sides = CallSides(call=open_call(), recipient_logs=(voice_log("green", "v-1", said),))
    assert answer_clock(sides, now=at(50)).standing is AnswerStanding.OWED
    assert placed().answer_by == answer_clock(sides, now=at(50)).due_at
    ours = taken(counterpart=GREEN, answer=Answer(kind=AnswerKind.NOTED))
    back = CallSides(call=open_call(), caller_logs=(voice_log("blue", "v-2", ours),))
    assert answers_shown(back) == (), "in a call taken, the answer was ours"
