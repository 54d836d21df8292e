"""The protocol's longest stand-by holds, whoever says it and by whatever way."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from line_values import account, answer, at, open_call, voice_log
from line_values import given as said
from node_pair import ALPHA, BRAVO, World, answered, call, received
from sampling import examples

from crosstell.core.errors import RefusalCode, Refused
from crosstell.core.line.answer import Answer, AnswerKind
from crosstell.core.line.view import AnswerStanding, CallSides, answer_clock, answers_shown
from crosstell.core.mechanism import unfit

SECONDS = st.integers(1, 4_000)
STAND_BY = "stand-by-expired"


def waits_on(now_s: int, said_s: float, until_s: int, most_s: int) -> bool:
    """A plain second reading: the caller is told to be patient, and may still have to be."""
    return all(second < until_s and second < said_s + most_s for second in range(now_s + 1))


@given(until=st.integers(61, 4_000), most=SECONDS, now=SECONDS, by_voice=st.booleans())
def test_line_261_no_stand_by_counts_beyond_the_longest(
    until: int, most: int, now: int, *, by_voice: bool
) -> None:
    asked = Answer(kind=AnswerKind.STAND_BY, until=at(until))
    if by_voice:
        said_s = 5.0
        told = account(answer=asked, answered_at=at(said_s))
        log = voice_log("blue", "v-1", told)
        sides = CallSides(call=open_call(), caller_logs=(log,), stand_by_s_max=float(most))
    else:
        held = answer(said(AnswerKind.STAND_BY, until=at(until)))
        said_s = (held.given[0][0].at - at(0)).total_seconds()
        sides = CallSides(call=open_call(), answers=held, stand_by_s_max=float(most))
    standing = answer_clock(sides, now=at(now)).standing
    patient = waits_on(now, said_s, until, most)
    assert (standing is AnswerStanding.STANDING_BY) is patient
    assert (standing is AnswerStanding.STAND_BY_EXPIRED) is not patient
    (shown,) = answers_shown(sides)
    assert shown.answer.until == at(until), "it is kept as it was said"
    assert (shown.counts_until is not None) is (until > said_s + most)
    assert ("the protocol's longest" in shown.label) is (shown.counts_until is not None)


@settings(max_examples=examples(25))
@given(extra_s=st.floats(-300.0, 4_000.0))
def test_line_260_a_longer_one_is_refused_where_the_act_is_decided(extra_s: float) -> None:
    """Recorded if and only if it is within 300 s; a no says until when it may be."""
    world = World()
    world.settle(ALPHA, call())
    world.settle(BRAVO, received())
    lasts_s = round(300.0 + extra_s, 3)
    until = world.now + timedelta(seconds=1.0 + lasts_s)
    no = world.act(BRAVO, answered(AnswerKind.STAND_BY, until=until)).no
    if lasts_s <= 0.0:
        assert isinstance(no, Refused)
    elif lasts_s <= 300.0:
        assert no is None
    else:
        last = (world.now + timedelta(seconds=300.0)).isoformat()[:16]
        assert isinstance(no, Refused)
        assert no.code is RefusalCode.BAD_TIME
        assert "the protocol's longest is 300 s" in no.text
        assert last in no.text
        assert not world.state(BRAVO).own.answers


def test_line_261_a_node_that_lets_it_pass_gains_its_party_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An hour was said; after 300 s the caller's ladder climbs, and both sides say so."""
    world = World()
    world.settle(ALPHA, call())
    with monkeypatch.context() as careless:
        careless.setattr(unfit, "_stands_by_too_long", lambda *_: None)
        until = world.now + timedelta(hours=1)
        world.settle(BRAVO, answered(AnswerKind.STAND_BY, until=until))
    said_at = world.now
    world.pass_time(299.0)
    assert world.rings(ALPHA, STAND_BY) == []
    world.pass_time(5.0)
    assert [rung for _, _, rung in world.rings(ALPHA, STAND_BY)] == [0]
    (ladder,) = world.state(ALPHA).journal.ladders.values()
    assert (ladder.opened.opened_at - said_at).total_seconds() == 300.0
    world.no_irregular()
