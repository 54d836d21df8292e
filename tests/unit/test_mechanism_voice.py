"""A voice log through a real node: what a person may log of, and how it is told afterwards."""

from dataclasses import replace
from datetime import timedelta

import pytest
from node_pair import ALPHA, BRAVO, DUTY, START, World
from test_mechanism_papers import FILE

from crosstell.core.errors import RefusalCode
from crosstell.core.line.content import CallContent, FreeText, Subject, SubjectKind, Telephone
from crosstell.core.line.message import CallKind, Reality
from crosstell.core.line.watch.voice import (
    Direction,
    Timed,
    VoiceAccount,
    VoiceLogCorrected,
    VoiceLogged,
    VoiceLogId,
)
from crosstell.core.mechanism.after.drafting import readout_draft


def logged(world: World, *, begun_s: float, ended_s: float, timed: Timed | None) -> VoiceLogged:
    """A log of a call that began and ended so many seconds before, or after, now."""
    account = VoiceAccount(
        direction=Direction.PLACED,
        counterpart=BRAVO,
        counterpart_role=DUTY,
        own_role=DUTY,
        carriage=Telephone(),
        started_at=world.now + timedelta(seconds=begun_s),
        ended_at=world.now + timedelta(seconds=ended_s),
        kind=CallKind.INFORM,
        reality=Reality.REAL,
        language="en",
        message=CallContent(subjects=(Subject(kind=SubjectKind.AIRCRAFT, label="one"),)),
        timed=timed,
    )
    return VoiceLogged(log=VoiceLogId("v-1"), account=account)


@pytest.mark.parametrize(
    ("begun_s", "ended_s", "words"),
    [
        (-600.0, -300.0, None),
        (-60.0, 30.0, None),  # a console's clock, half a minute ahead
        (-60.0, 120.0, "still to come"),
        (-40 * 365 * 86_400.0, -300.0, "before this protocol"),
    ],
)
def test_line_340_a_call_is_logged_of_what_was_and_under_its_protocol(
    begun_s: float, ended_s: float, words: str | None
) -> None:
    world = World()
    body = logged(world, begun_s=begun_s, ended_s=ended_s, timed=Timed.STATED_LATER)
    refused = world.act(ALPHA, body).refused
    if words is None:
        assert refused is None
        return
    assert refused is not None
    assert refused.code is RefusalCode.BAD_TIME
    assert words in refused.text
    world.settle(ALPHA, logged(world, begun_s=-60.0, ended_s=-30.0, timed=None))
    corrected = VoiceLogCorrected(
        log=body.log, account=body.account, reason=FreeText(text="again", language="en")
    )
    assert world.act(ALPHA, corrected).refused is not None, "nor corrected to such a time"


def test_line_341_times_that_were_stated_later_are_told_as_such() -> None:
    """And those that a clock stamped, or of which nothing is said, are told as before."""
    texts = {}
    for timed in (None, Timed.STAMPED, Timed.STATED_LATER):
        world = World()
        world.wait(900.0)
        world.settle(ALPHA, logged(world, begun_s=-600.0, ended_s=-300.0, timed=timed))
        incident = replace(FILE, start=START - timedelta(hours=1))
        (sentence,) = readout_draft(world.state(BRAVO), incident).sentences
        texts[timed] = sentence.text
    assert texts[None] == texts[Timed.STAMPED]
    assert "times stated later" not in texts[None]
    assert (
        ": times stated later, when it was logged, 2023-06-01T00:15:01Z; aircraft: “one”"
        in (texts[Timed.STATED_LATER])
    )
