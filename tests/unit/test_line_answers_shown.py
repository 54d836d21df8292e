"""The words that go with an answer at 3 a.m.: for whom, of which content, on whose voice."""

from dataclasses import replace

import pytest
from line_values import (
    CONTENT,
    DUTY,
    GREEN,
    account,
    answer,
    at,
    given,
    go_on,
    open_call,
    stamp,
    voice_log,
    words,
)

from crosstell.core.ids import CallId, ComponentId
from crosstell.core.line.answer import Answer, AnswerKind
from crosstell.core.line.call import Call
from crosstell.core.line.health import LineKey, Medium
from crosstell.core.line.message import CallCorrected, CallKind
from crosstell.core.line.view import (
    AnswerStanding,
    CallSides,
    StopStanding,
    answer_clock,
    answers_shown,
    stop_standing,
)
from crosstell.core.line.watch.sample import voice_sample
from crosstell.core.line.watch.voice import (
    Authentication,
    AuthenticationMethod,
    AuthenticationResult,
    VoiceLog,
    VoiceLogCorrected,
    VoiceLogId,
    advance,
)
from crosstell.core.picture.party import Scope
from crosstell.core.picture.wording import NOT_CLEAR_TO_ENGAGE

ARMY, AGENCY = ComponentId("army"), ComponentId("agency")
WILL_COMPLY = Answer(kind=AnswerKind.WILL_COMPLY)
FAILED = Authentication(
    method=AuthenticationMethod.CHALLENGE_REPLY, result=AuthenticationResult.FAILED
)
VERIFIED = replace(FAILED, result=AuthenticationResult.VERIFIED)


def heard(authentication: Authentication, said: Answer = WILL_COMPLY) -> CallSides:
    told = account(answer=said, answered_at=at(40), authentication=authentication)
    return CallSides(call=open_call(), caller_logs=(voice_log("blue", "v-1", told),))


def corrected(call: Call, *, after_s: float) -> Call:
    event = CallCorrected(call=CallId("c-1"), content=replace(CONTENT, act=None))
    return go_on(call, event, seq=2, after_s=after_s)


def test_line_049_an_answer_is_shown_with_whom_it_speaks_for_and_whom_it_cannot() -> None:
    """5 October 2023: the armed forces' 'not ours' said nothing of the agency's drones."""
    scope = Scope(speaks_for=(ARMY,), cannot_speak_for=(AGENCY,))
    sides = CallSides(call=open_call(), answers=answer(given(AnswerKind.NOT_OURS, scope=scope)))
    (shown,) = answers_shown(sides)
    assert shown.label == (
        f"says it is not theirs; {NOT_CLEAR_TO_ENGAGE} (for army; cannot speak for agency)"
    )
    whole = CallSides(call=open_call(), answers=answer(given(AnswerKind.WILL_COMPLY)))
    assert answers_shown(whole)[0].label == "will comply (for the whole party)"


def test_line_042_a_stand_by_is_shown_with_its_time() -> None:
    sides = CallSides(call=open_call(), answers=answer(given(AnswerKind.STAND_BY, until=at(300))))
    assert answers_shown(sides)[0].label.startswith(
        "stand by until 2023-10-05T04:35:00Z; the answer is still owed"
    )


def test_line_054_an_answer_to_the_content_before_its_correction_says_so() -> None:
    """'Will comply' with the old place is no answer about the new one."""
    sides = CallSides(call=open_call(), answers=answer(given(AnswerKind.WILL_COMPLY)))
    assert "before the content" not in answers_shown(sides)[0].label
    after = replace(sides, call=corrected(sides.call, after_s=61.0))
    assert answers_shown(after)[0].label.endswith(
        "; given before the content was corrected at 2023-10-05T04:31:01Z"
    )
    before = replace(sides, call=corrected(sides.call, after_s=60.0))
    assert "before the content" not in answers_shown(before)[0].label
    log = replace(heard(VERIFIED), call=corrected(open_call(), after_s=41.0))
    assert "before the content" in answers_shown(log)[0].label


@pytest.mark.parametrize(
    ("authentication", "says"),
    [
        (Authentication(), "; voice not checked"),
        (VERIFIED, "; voice checked"),
        (FAILED, "; THE VOICE FAILED ITS CHECK, counts for nothing"),
    ],
)
def test_line_065_an_answer_heard_says_how_the_voice_was_checked(
    authentication: Authentication, says: str
) -> None:
    label = answers_shown(heard(authentication))[0].label
    assert label.endswith(f"(heard by the caller, not recorded by them{says})")


def test_line_067_an_answer_of_a_voice_that_failed_its_check_counts_for_nothing() -> None:
    """An unknown voice that says 'will comply' must stop no ladder and decline no stop."""
    for authentication in (Authentication(), VERIFIED):
        clock = answer_clock(heard(authentication), now=at(50))
        assert clock.standing is AnswerStanding.HEARD_BY_CALLER
    assert answer_clock(heard(FAILED), now=at(50)).standing is AnswerStanding.OWED
    stand_by = Answer(kind=AnswerKind.STAND_BY, until=at(3_000))
    clock = answer_clock(heard(FAILED, stand_by), now=at(50))
    assert (clock.standing, clock.due_at) == (AnswerStanding.OWED, at(120))
    will_not = Answer(kind=AnswerKind.WILL_NOT, reason=words())
    stop = replace(heard(FAILED, will_not), call=open_call(CallKind.STOP))
    assert stop_standing(stop, now=at(50)) is StopStanding.STANDS
    declined = replace(heard(VERIFIED, will_not), call=open_call(CallKind.STOP))
    assert stop_standing(declined, now=at(50)) is StopStanding.DECLINED


def test_line_067_a_check_that_is_later_said_to_have_failed_takes_the_answer_back() -> None:
    log = heard(VERIFIED).caller_logs[0]
    event = VoiceLogCorrected(
        log=VoiceLogId("v-1"),
        account=replace(log.account, authentication=FAILED),
        reason=words("the reply was wrong"),
    )
    after = advance(log, event, stamp("blue", 90, after_s=500.0))
    assert isinstance(after, VoiceLog)
    clock = answer_clock(CallSides(call=open_call(), caller_logs=(after,)), now=at(600))
    assert clock.standing is AnswerStanding.OWED
    assert (clock.due_at, clock.taken_back_at) == (at(500), at(500))


def test_line_067_a_voice_that_failed_its_check_does_not_show_the_line_as_answered() -> None:
    line = LineKey(party=GREEN, role=DUTY, medium=Medium.TELEPHONE)
    told = account(reached_at=at(10), authentication=FAILED)
    assert voice_sample(told, line=line) is None
    sample = voice_sample(replace(told, authentication=VERIFIED), line=line)
    assert sample is not None
    assert sample.answered_at == at(10)
