"""The caller's call: clock, stop, versions, ends."""

from dataclasses import replace
from typing import Any

import pytest
from line_values import (
    CALL_REF,
    CONTENT,
    DUTY,
    GREEN,
    at,
    code_of,
    go_on,
    node_stamp,
    open_call,
    placed,
    ref,
    stamp,
    words,
)

from crosstell.core.geometry.position import Position
from crosstell.core.ids import CallId, Named
from crosstell.core.line.call import Call, CallState, advance, stop_stands
from crosstell.core.line.content import (
    AboutCall,
    CallContent,
    ContentField,
    FieldFinding,
    Finding,
    Hop,
    Relay,
    RequestedAct,
)
from crosstell.core.line.message import (
    CallClosed,
    CallCorrected,
    CallDisregarded,
    CallerEvent,
    CallKind,
    Closing,
    ReadBackChecked,
    ReadBackResult,
    SentBy,
    StopLifted,
    StopRenewed,
    SummaryProposed,
    summary_digest,
)

C1 = CallId("c-1")
TURNED = replace(CONTENT, act=RequestedAct.TURN_AWAY)
CLOSE = CallClosed(call=C1, closing=Closing.WITHOUT_SUMMARY)
PROPOSE = SummaryProposed(call=C1, summary=words("seen"), digest=summary_digest(words("seen")))


def test_line_010_a_call_without_an_answer_time_is_refused() -> None:
    assert code_of(advance(None, placed(answer_by=None), stamp())) == "bad-content"


def test_line_010_a_repeat_changes_nothing_and_a_correction_does_not_move_the_clock() -> None:
    call = open_call()
    assert code_of(advance(call, placed(), stamp(seq=9, after_s=900))) == "repeat"
    corrected = go_on(call, CallCorrected(call=C1, content=CallContent()))
    assert corrected.placed.answer_by == at(120)


def test_line_019_an_id_is_used_once() -> None:
    other = placed(to_role=GREEN)
    assert code_of(advance(open_call(), other, stamp(seq=4))) == "already-used"


def test_line_005_a_call_is_a_persons_unless_its_party_let_the_node_send_it() -> None:
    assert code_of(advance(None, placed(), node_stamp())) == "not-owner"
    test = placed(CallKind.TEST, sent_by=SentBy.PRE_AUTHORISED)
    call = advance(None, test, node_stamp())
    assert isinstance(call, Call)
    ended = advance(call, CLOSE, node_stamp(seq=1))
    assert isinstance(ended, Call)
    assert ended.state is CallState.CLOSED
    assert code_of(advance(open_call(), CLOSE, node_stamp(seq=1))) == "not-owner"


@pytest.mark.parametrize("gone", ["danger", "place", "act"])
def test_line_011_a_stop_names_danger_place_and_act(gone: str) -> None:
    lost: dict[str, Any] = {gone: None}
    content = replace(CONTENT, **lost)
    with pytest.raises(ValueError, match=gone):
        placed(CallKind.STOP, content=content)
    correction = CallCorrected(call=C1, content=content)
    assert code_of(advance(open_call(CallKind.STOP), correction, stamp(seq=1))) == "bad-content"


def test_line_011_a_stop_expires_and_no_other_call_does() -> None:
    with pytest.raises(ValueError, match="expires_at"):
        placed(CallKind.STOP, expires_at=None)
    with pytest.raises(ValueError, match="only a stop expires"):
        placed(CallKind.WARN, expires_at=at(60))
    assert code_of(advance(None, placed(CallKind.STOP, expires_at=at(0)), stamp())) == "bad-time"


def test_line_012_a_stop_stands_until_it_expires_half_open() -> None:
    stop = open_call(CallKind.STOP)
    assert stop_stands(stop, at=at(3_599))
    assert not stop_stands(stop, at=at(3_600))


@pytest.mark.parametrize(
    ("event", "after_s", "code"),
    [
        (StopRenewed(call=C1, expires_at=at(7_200)), 3_599, "allowed"),
        (StopRenewed(call=C1, expires_at=at(7_200)), 3_600, "bad-time"),
        (StopRenewed(call=C1, expires_at=at(3_600)), 10, "bad-time"),
        (StopLifted(call=C1), 10, "allowed"),
        (StopLifted(call=C1), 3_600, "bad-time"),
        (CLOSE, 10, "wrong-state"),
        (CLOSE, 3_600, "allowed"),
        (PROPOSE, 10, "wrong-state"),
        (CallCorrected(call=C1, content=TURNED), 3_600, "bad-time"),
    ],
)
def test_line_012_013_what_a_stop_allows_depends_on_whether_it_stands(
    event: CallerEvent, after_s: float, code: str
) -> None:
    stop = open_call(CallKind.STOP)
    assert code_of(advance(stop, event, stamp(seq=1, after_s=after_s))) == code


def test_line_012_a_lifted_stop_no_longer_stands_and_can_be_closed() -> None:
    stop = go_on(open_call(CallKind.STOP), StopLifted(call=C1))
    assert not stop_stands(stop, at=at(11))
    assert go_on(stop, CLOSE, seq=2).state is CallState.CLOSED


def test_line_012_only_a_stop_is_renewed_or_lifted() -> None:
    assert code_of(advance(open_call(), StopLifted(call=C1), stamp(seq=1))) == "bad-content"


def test_line_017_every_version_is_kept_and_a_correction_takes_the_summary_back() -> None:
    call = go_on(open_call(), PROPOSE)
    call = go_on(call, CallCorrected(call=C1, content=CallContent()), seq=2)
    assert [v.content for v in call.versions] == [CONTENT, CallContent()]
    assert [v.ref for v in call.versions] == [CALL_REF, ref("blue", 2)]
    assert call.state is CallState.OPEN
    assert call.summary is None


def test_line_025_the_same_thing_said_again_changes_nothing() -> None:
    renew = StopRenewed(call=C1, expires_at=at(7_200))
    stop = go_on(open_call(CallKind.STOP), renew)
    assert code_of(advance(stop, renew, stamp(seq=2, after_s=20))) == "repeat"
    same = CallCorrected(call=C1, content=CONTENT)
    assert code_of(advance(stop, same, stamp(seq=2, after_s=20))) == "repeat"
    check = ReadBackChecked(
        call=C1,
        read_back=ref("green", 1),
        content=CALL_REF,
        findings=(),
        result=ReadBackResult.MATCHES,
    )
    for event in (check, PROPOSE):
        call = go_on(open_call(), event)
        assert code_of(advance(call, event, stamp(seq=2, after_s=20))) == "repeat"


@pytest.mark.parametrize("end", [CLOSE, CallDisregarded(call=C1)])
def test_line_018_nothing_follows_the_end_of_a_call(end: CallerEvent) -> None:
    ended = go_on(open_call(), end)
    for event in (CallCorrected(call=C1, content=TURNED), PROPOSE, StopLifted(call=C1)):
        assert code_of(advance(ended, event, stamp(seq=2))) == "wrong-state"
    assert code_of(advance(ended, end, stamp(seq=3))) == "repeat"


def test_line_050_a_call_closes_on_a_summary_only_if_one_was_proposed() -> None:
    on_summary = CallClosed(call=C1, closing=Closing.ON_SUMMARY)
    assert code_of(advance(open_call(), on_summary, stamp(seq=1))) == "wrong-state"
    call = go_on(open_call(), PROPOSE)
    assert go_on(call, on_summary, seq=2).state is CallState.CLOSED


def test_line_050_the_digest_is_that_of_the_text() -> None:
    with pytest.raises(ValueError, match="digest"):
        SummaryProposed(call=C1, summary=words("other"), digest=PROPOSE.digest)


def test_line_004_a_name_that_was_not_resolved_is_refused() -> None:
    about = (AboutCall(call=Named(party=GREEN, id="c-7")),)
    assert code_of(advance(None, placed(about=about), stamp())) == "unknown-object"


def test_line_031_a_check_does_not_say_matches_over_a_difference() -> None:
    differs = (FieldFinding(field=ContentField.PLACE, finding=Finding.DIFFER),)
    with pytest.raises(ValueError, match="place"):
        ReadBackChecked(
            call=C1,
            read_back=ref("green", 1),
            content=CALL_REF,
            findings=differs,
            result=ReadBackResult.MATCHES,
        )


def test_line_031_a_check_is_of_a_version_of_this_call() -> None:
    check = ReadBackChecked(
        call=C1,
        read_back=ref("green", 1),
        content=ref("blue", 5),
        findings=(),
        result=ReadBackResult.MATCHES,
    )
    assert code_of(advance(open_call(), check, stamp(seq=1))) == "unknown-object"


def test_line_002_an_event_of_a_call_that_was_not_placed_is_refused() -> None:
    assert code_of(advance(None, CLOSE, stamp())) == "unknown-object"


def test_line_066_a_relay_names_its_hops_with_their_times() -> None:
    relay = Relay(hops=(Hop(who="embassy", received_at=at(5), passed_at=at(9)), Hop(who=DUTY)))
    assert open_call(carriage=relay).placed.carriage == relay
    with pytest.raises(ValueError, match="before it received"):
        Hop(who="embassy", received_at=at(9), passed_at=at(5))
    with pytest.raises(ValueError, match="hops"):
        Relay(hops=())


def test_line_011_a_place_is_never_a_bearing_in_words_alone() -> None:
    with pytest.raises(ValueError, match="place"):
        placed(
            CallKind.STOP,
            content=CallContent(danger=CONTENT.danger, act=CONTENT.act, remarks=words("9 km SW")),
        )
    point = replace(CONTENT, place=Position(lat_deg=36.6, lon_deg=40.4))
    assert open_call(CallKind.STOP, content=point).state is CallState.OPEN
