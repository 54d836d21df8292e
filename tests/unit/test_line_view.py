"""What needs both sides: read-back, stop, summary, one matter, what waits."""

from dataclasses import replace
from typing import Any

import pytest
from line_values import (
    BLUE,
    CALL_REF,
    CHIEF,
    CONTENT,
    DIRECTOR,
    DUTY,
    GREEN,
    acknowledge,
    answer,
    at,
    given,
    go_on,
    open_call,
    placed,
    ref,
    stamp,
    words,
)

from crosstell.core.ids import AlertId, CallId, EpisodeId, TrackId
from crosstell.core.line.acknowledgement import (
    CallActedOn,
    CallReadBack,
    CallReceived,
    Stage,
    StageStep,
    SummaryConfirmed,
)
from crosstell.core.line.answer import AnswerGiven, AnswerKind
from crosstell.core.line.call import Call, advance
from crosstell.core.line.content import AboutCall, AboutNotice, AboutTrack, compare
from crosstell.core.line.escalation import (
    Ladder,
    LadderEnd,
    LadderOpened,
    Matter,
    MatterKind,
    OwnCall,
    RaisedAlert,
    Rung,
)
from crosstell.core.line.escalation import advance as climb
from crosstell.core.line.message import (
    CallClosed,
    CallCorrected,
    CallDisregarded,
    CallKind,
    Closing,
    Precedence,
    ReadBackChecked,
    ReadBackResult,
    Reality,
    StopLifted,
    SummaryProposed,
    summary_digest,
)
from crosstell.core.line.view import (
    AnswerStanding,
    CallSides,
    ReadBackStanding,
    StopStanding,
    SummaryStanding,
    call_view,
    read_back_view,
    stop_standing,
    summary_standing,
)
from crosstell.core.line.watch.episode import call_item, count_stops, episodes
from crosstell.core.line.watch.queue import (
    Wait,
    call_order,
    incoming_call_wait,
    interrupts,
    next_due_at,
    own_call_waits,
    prepare_draft,
    to_end,
    unopened,
    why_own_call_ended,
)
from crosstell.core.picture.party import Scope

C1 = CallId("c-1")
RECEIVED = CallReceived(call=CALL_REF)
READ = CallReadBack(call=CALL_REF, content=CALL_REF, read_back=CONTENT)


def check(result: ReadBackResult) -> ReadBackChecked:
    return ReadBackChecked(
        call=C1, read_back=ref("green", 0), content=CALL_REF, findings=(), result=result
    )


def test_line_032_a_correction_voids_the_read_back_of_the_older_version() -> None:
    call, held = open_call(), acknowledge(READ)
    assert read_back_view(CallSides(call=call)).standing is ReadBackStanding.NONE
    unchecked = read_back_view(CallSides(call=call, acknowledgement=held))
    assert unchecked.standing is ReadBackStanding.UNCHECKED
    for result, standing in zip(
        ReadBackResult, (ReadBackStanding.MATCHES, ReadBackStanding.DIFFERS), strict=True
    ):
        checked = CallSides(call=go_on(call, check(result)), acknowledgement=held)
        assert read_back_view(checked).standing is standing
    corrected = go_on(
        go_on(call, check(ReadBackResult.MATCHES)),
        CallCorrected(call=C1, content=replace(CONTENT, act=None)),
        seq=2,
    )
    void = read_back_view(CallSides(call=corrected, acknowledgement=held))
    assert void.standing is ReadBackStanding.VOID


def test_line_030_the_differing_fields_are_shown_before_anyone_checks() -> None:
    wrong = replace(READ, read_back=replace(CONTENT, danger=None))
    view = read_back_view(CallSides(call=open_call(), acknowledgement=acknowledge(wrong)))
    assert view.differing == ("danger",)
    assert compare(CONTENT, wrong.read_back) != compare(CONTENT, CONTENT)


def test_line_031_a_check_that_names_no_field_cannot_talk_a_difference_away() -> None:
    wrong = replace(READ, read_back=replace(CONTENT, danger=None))
    call = go_on(open_call(), check(ReadBackResult.MATCHES))
    view = read_back_view(CallSides(call=call, acknowledgement=acknowledge(wrong)))
    assert (view.standing, view.differing) == (ReadBackStanding.DIFFERS, ("danger",))


def test_line_014_a_declined_stop_still_stands_as_a_request() -> None:
    stop = open_call(CallKind.STOP)
    assert stop_standing(CallSides(call=open_call()), now=at(1)) is None
    assert stop_standing(CallSides(call=stop), now=at(1)) is StopStanding.STANDS
    no = answer(given(AnswerKind.WILL_NOT, reason=words("own forces under fire")))
    declined = CallSides(call=stop, answers=no)
    assert stop_standing(declined, now=at(1)) is StopStanding.DECLINED
    assert stop_standing(declined, now=at(3_600)) is StopStanding.EXPIRED
    lifted = go_on(stop, StopLifted(call=C1))
    assert stop_standing(CallSides(call=lifted), now=at(99)) is StopStanding.LIFTED
    error = go_on(stop, CallDisregarded(call=C1))
    assert stop_standing(CallSides(call=error), now=at(99)) is StopStanding.ENDED


def test_line_015_stops_are_counted_for_both_sides_by_one_rule() -> None:
    stop = CallSides(call=open_call(CallKind.STOP))
    back = CallSides(call=open_call(CallKind.STOP, to_party=BLUE))
    drill = CallSides(call=open_call(CallKind.STOP, reality=Reality.EXERCISE))
    warn = CallSides(call=open_call())
    calls = ((BLUE, stop), (GREEN, back), (BLUE, drill), (BLUE, warn), (BLUE, stop))
    counts = count_stops(calls, now=at(1))
    assert [(c.by, c.to, c.reality, c.asked, c.stands) for c in counts] == [
        (BLUE, GREEN, Reality.EXERCISE, 1, 1),
        (BLUE, GREEN, Reality.REAL, 2, 2),
        (GREEN, BLUE, Reality.REAL, 1, 1),
    ]
    after = count_stops(calls, now=at(3_600))
    assert [(c.stands, c.expired) for c in after] == [(0, 1), (0, 2), (0, 1)]


def test_line_016_a_standing_stop_goes_first_and_interrupts() -> None:
    stop = open_call(CallKind.STOP, precedence=Precedence.ROUTINE)
    flash, routine = open_call(), open_call(precedence=Precedence.ROUTINE)
    queue = sorted([routine, flash, stop], key=lambda c: call_order(c, now=at(1)))
    assert queue == [stop, flash, routine]
    assert interrupts(stop, flash, now=at(1))
    assert not interrupts(flash, routine, now=at(1))
    assert not interrupts(stop, stop, now=at(1))
    assert not interrupts(stop, flash, now=at(3_600))


def test_line_051_a_summary_is_both_sides_only_if_the_digest_was_confirmed() -> None:
    summary = words("drone left at 05:10Z")
    propose = SummaryProposed(call=C1, summary=summary, digest=summary_digest(summary))
    call = go_on(open_call(), propose)
    other = acknowledge(RECEIVED, SummaryConfirmed(call=CALL_REF, digest="0" * 64))
    same = acknowledge(RECEIVED, SummaryConfirmed(call=CALL_REF, digest=propose.digest))
    closed = go_on(call, CallClosed(call=C1, closing=Closing.ON_SUMMARY), seq=2)
    without = go_on(call, CallClosed(call=C1, closing=Closing.WITHOUT_SUMMARY), seq=2)
    cases = [
        (CallSides(call=open_call()), SummaryStanding.NONE),
        (CallSides(call=call), SummaryStanding.STATED_BY_CALLER),
        (CallSides(call=call, acknowledgement=other), SummaryStanding.STATED_BY_CALLER),
        (CallSides(call=call, acknowledgement=same), SummaryStanding.CONFIRMED_BY_BOTH),
        (CallSides(call=closed, acknowledgement=other), SummaryStanding.CLOSED_STATED_BY_CALLER),
        (CallSides(call=closed, acknowledgement=same), SummaryStanding.CLOSED_CONFIRMED_BY_BOTH),
        (CallSides(call=without, acknowledgement=same), SummaryStanding.CLOSED_WITHOUT),
    ]
    assert [summary_standing(sides) for sides, _ in cases] == [want for _, want in cases]


def test_line_027_one_value_shows_the_whole_call() -> None:
    scope = Scope()
    held = acknowledge(RECEIVED, CallActedOn(call=CALL_REF, scope=scope))
    view = call_view(
        CallSides(
            call=open_call(), acknowledgement=held, answers=answer(given(AnswerKind.WILL_COMPLY))
        ),
        now=at(200),
    )
    assert view.stage is Stage.ACTED_ON
    assert [(s.stage, s.at, s.scope) for s in view.stages] == [
        (StageStep.RECEIVE, at(20), None),
        (StageStep.ACT, at(21), scope),
    ]
    assert view.clock.standing is AnswerStanding.ANSWERED
    assert view.read_back.standing is ReadBackStanding.NONE
    assert view.stop is None


# One matter.


def placed_as(party: str, seq: int, after_s: float, **changes: Any) -> Call:  # noqa: ANN401 - any field of the value
    event = placed(call=CallId(f"c-{party}-{seq}"), **changes)
    call = advance(None, event, stamp(party, seq, after_s=after_s))
    assert isinstance(call, Call)
    return call


def test_line_052_calls_that_cross_about_one_notice_are_one_episode() -> None:
    about = (AboutNotice(notice=ref("green", 3)),)
    ours = placed_as("blue", 5, 60, about=about, episode=EpisodeId("evening"))
    theirs = placed_as("green", 9, 30, about=about, to_party=BLUE)
    apart = placed_as("blue", 6, 10, about=(AboutTrack(party=BLUE, track=TrackId("t-2")),))
    items = tuple(call_item(c) for c in (ours, theirs, apart))
    found = episodes(items)
    assert [e.items for e in found] == [
        (apart.placed_stamp.ref,),
        (theirs.placed_stamp.ref, ours.placed_stamp.ref),
    ]
    assert episodes(items[::-1]) == found


def test_line_053_the_earliest_item_names_the_episode_and_a_later_one_does_not() -> None:
    first = placed_as("blue", 5, 0)
    follow = placed_as(
        "blue", 6, 60, about=(AboutCall(call=first.placed_stamp.ref),), episode=EpisodeId("late")
    )
    alone = episodes((call_item(first),))[0].name
    together = episodes((call_item(follow), call_item(first)))
    assert [e.name for e in together] == [alone]


def test_line_053_a_call_sent_in_error_joins_nothing() -> None:
    about = (AboutNotice(notice=ref("green", 3)), AboutNotice(notice=ref("green", 4)))
    a = placed_as("blue", 5, 0, about=about[:1])
    b = placed_as("blue", 6, 1, about=about[1:])
    joins = placed_as("blue", 7, 2, about=about)
    assert len(episodes(tuple(call_item(c) for c in (a, b, joins)))) == 1
    gone = go_on(joins, CallDisregarded(call=joins.placed.call), seq=8)
    assert len(episodes(tuple(call_item(c) for c in (a, b, gone)))) == 3


# What waits.


def kinds(sides: CallSides, after_s: float) -> list[tuple[MatterKind, object]]:
    waits = own_call_waits(sides, now=at(after_s), stop_lead_s=300)
    return [(w.matter.kind, w.opens_at) for w in waits]


def test_line_091_what_an_own_call_leaves_waiting() -> None:
    stop = open_call(CallKind.STOP)
    unanswered = (MatterKind.CALL_UNANSWERED, at(120))
    assert kinds(CallSides(call=open_call()), 1) == [unanswered]
    assert kinds(CallSides(call=stop), 1) == [
        unanswered,
        (MatterKind.STOP_EXPIRING, at(3_300)),
    ]
    assert kinds(CallSides(call=stop), 3_600) == [unanswered]
    by = answer(given(AnswerKind.STAND_BY, until=at(600)))
    standing_by = CallSides(call=open_call(), answers=by)
    assert kinds(standing_by, 100) == [(MatterKind.STAND_BY_EXPIRED, at(600))]
    assert kinds(CallSides(call=open_call(CallKind.TEST)), 500) == []
    lifted = CallSides(call=go_on(stop, StopLifted(call=C1)))
    assert kinds(lifted, 3_500) == []
    expiring = Matter(kind=MatterKind.CALL_UNANSWERED, subject=OwnCall(call=C1))
    assert why_own_call_ended(lifted, expiring, now=at(200)) is LadderEnd.STOP_ENDED
    done = go_on(open_call(), CallDisregarded(call=C1))
    assert kinds(CallSides(call=done), 500) == []


def test_line_091_an_incoming_call_waits_until_a_person_receives_it() -> None:
    call = open_call()
    wait = incoming_call_wait(call, None, ref=CALL_REF, held_since=at(4))
    assert wait is not None
    assert wait.opens_at == at(4)
    received = acknowledge(RECEIVED)
    assert incoming_call_wait(call, received, ref=CALL_REF, held_since=at(4)) is None
    ended = go_on(call, CallDisregarded(call=C1))
    assert incoming_call_wait(ended, None, ref=CALL_REF, held_since=at(4)) is None


RUNGS = (
    Rung(role=DUTY, after_s=0),
    Rung(role=CHIEF, after_s=60),
    Rung(role=DIRECTOR, after_s=300),
)


def open_ladder(matter: Matter) -> Ladder:
    event = LadderOpened(matter=matter, opened_at=at(120), rungs=RUNGS, rings=2)
    ladder = climb(None, event, stamp(seq=90, after_s=120))
    assert isinstance(ladder, Ladder)
    return ladder


def test_line_094_096_ladders_open_when_due_and_end_when_nothing_waits() -> None:
    sides = CallSides(call=open_call())
    waits = (
        *own_call_waits(sides, now=at(1), stop_lead_s=0),
        Wait(
            matter=Matter(
                kind=MatterKind.ALERT_UNACKNOWLEDGED, subject=RaisedAlert(alert=AlertId("al-1"))
            ),
            opens_at=at(30),
        ),
    )
    assert next_due_at(waits, {}) == at(30)
    assert [w.opens_at for w in unopened(waits, {}, {})] == [at(30), waits[0].opens_at]
    matter = waits[0].matter
    ladders = {matter: open_ladder(matter)}
    assert unopened(waits[:1], ladders, {}) == unopened(waits[:1], {}, {matter: matter}) == ()
    assert next_due_at((), ladders) == at(120)
    assert to_end(waits, ladders) == ()
    assert to_end((), ladders) == (matter,)


@pytest.mark.parametrize(
    ("answered", "end"),
    [
        (given(AnswerKind.NOTED), LadderEnd.ANSWERED),
        (given(AnswerKind.STAND_BY, until=at(600)), LadderEnd.STAND_BY),
    ],
)
def test_line_096_a_ladder_says_why_it_ended(answered: AnswerGiven, end: LadderEnd) -> None:
    matter = Matter(kind=MatterKind.CALL_UNANSWERED, subject=OwnCall(call=C1))
    sides = CallSides(call=open_call(), answers=answer(answered))
    assert why_own_call_ended(sides, matter, now=at(200)) is end


def test_line_095_above_the_ring_limit_a_draft_goes_to_the_like_role() -> None:
    matter = Matter(kind=MatterKind.CALL_UNANSWERED, subject=OwnCall(call=C1))
    draft = prepare_draft(
        open_ladder(matter),
        rung=2,
        to_party=GREEN,
        like_roles=((DIRECTOR, CHIEF),),
        content=CONTENT,
    )
    assert (draft.from_role, draft.to_party, draft.to_role) == (DIRECTOR, GREEN, CHIEF)
    assert "Nothing was sent" in draft.brief.text
    unlike = prepare_draft(
        open_ladder(matter), rung=2, to_party=GREEN, like_roles=(), content=CONTENT
    )
    assert (unlike.to_party, unlike.to_role, unlike.kind) == (None, None, None)
