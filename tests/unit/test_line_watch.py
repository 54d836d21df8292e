"""Voice logs and their matching, broadcasts, relief, duress."""

from dataclasses import fields
from datetime import timedelta
from typing import get_args

import pytest
from line_values import (
    BLUE,
    CALL_REF,
    CONTENT,
    DUTY,
    GREEN,
    account,
    at,
    code_of,
    node_stamp,
    open_call,
    stamp,
    taken,
    voice_log,
    words,
)

from crosstell.core.line.acknowledgement import AcknowledgementEvent
from crosstell.core.line.answer import Answer, AnswerEvent, AnswerKind
from crosstell.core.line.content import Finding, Radio, Telephone
from crosstell.core.line.message import CallerEvent, Reality
from crosstell.core.line.watch.broadcast import (
    Broadcast,
    BroadcastEvent,
    BroadcastHeard,
    BroadcastId,
    BroadcastSent,
    BroadcastState,
)
from crosstell.core.line.watch.broadcast import advance as advance_broadcast
from crosstell.core.line.watch.duress import Duress, DuressHeard
from crosstell.core.line.watch.duress import advance as advance_duress
from crosstell.core.line.watch.episode import broadcast_item, episodes
from crosstell.core.line.watch.matching import (
    AccountField,
    LogMatch,
    MatchStanding,
    PartyLogs,
    compare_accounts,
    match_voice_logs,
)
from crosstell.core.line.watch.relief import Watch, WatchRelieved, WatchTaken
from crosstell.core.line.watch.relief import advance as advance_watch
from crosstell.core.line.watch.voice import (
    Authentication,
    AuthenticationMethod,
    AuthenticationResult,
    VoiceEvent,
    VoiceLog,
    VoiceLogCorrected,
    VoiceLogged,
    VoiceLogId,
)
from crosstell.core.line.watch.voice import advance as advance_voice

V1 = VoiceLogId("v-1")


def test_line_060_a_log_is_corrected_and_every_account_is_kept() -> None:
    log = voice_log("blue", "v-1", account())
    fix = VoiceLogCorrected(log=V1, account=account(ended_at=at(200)), reason=words("tape"))
    new = advance_voice(log, fix, stamp(seq=81))
    assert isinstance(new, VoiceLog)
    assert new.account.ended_at == at(200)
    assert new.logged.account.ended_at == at(90)
    assert code_of(advance_voice(new, fix, stamp(seq=82))) == "repeat"
    assert code_of(advance_voice(None, fix, stamp(seq=81))) == "unknown-object"
    assert code_of(advance_voice(new, fix, node_stamp(seq=83))) == "not-owner"


def test_line_019_a_log_id_is_used_once() -> None:
    log = voice_log("blue", "v-1", account())
    again = VoiceLogged(log=V1, account=account())
    other = VoiceLogged(log=V1, account=account(ended_at=at(91)))
    assert code_of(advance_voice(log, again, stamp(seq=82))) == "repeat"
    assert code_of(advance_voice(log, other, stamp(seq=82))) == "already-used"


@pytest.mark.parametrize(
    ("method", "result"),
    [
        (AuthenticationMethod.NONE, AuthenticationResult.VERIFIED),
        (AuthenticationMethod.CALL_BACK, AuthenticationResult.NOT_DONE),
    ],
)
def test_line_061_an_authentication_has_method_and_result_or_neither(
    method: AuthenticationMethod, result: AuthenticationResult
) -> None:
    with pytest.raises(ValueError, match="neither"):
        Authentication(method=method, result=result)
    good = Authentication(
        method=AuthenticationMethod.CHALLENGE_REPLY, result=AuthenticationResult.FAILED
    )
    assert account(authentication=good).authentication == good


def test_line_064_a_duress_word_has_no_place_in_any_shared_event() -> None:
    shared = (CallerEvent, AcknowledgementEvent, AnswerEvent, VoiceEvent, BroadcastEvent)
    for union in shared:
        assert DuressHeard not in get_args(union)
        for event in get_args(union):
            assert not [f.name for f in fields(event) if "duress" in f.name]
    words_said = {value for kind in (AuthenticationMethod, AuthenticationResult) for value in kind}
    assert not [value for value in words_said if "duress" in value]


def test_line_064_a_duress_word_is_a_persons_and_said_once() -> None:
    heard = DuressHeard(log=V1, heard_at=at(5))
    assert code_of(advance_duress(None, heard, node_stamp())) == "not-owner"
    held = advance_duress(None, heard, stamp())
    assert isinstance(held, Duress)
    assert code_of(advance_duress(held, heard, stamp(seq=1))) == "repeat"


# Matching.


def standings(ours: list[VoiceLog], theirs: list[VoiceLog]) -> list[tuple[str, str]]:
    found = match_voice_logs(
        PartyLogs(party=BLUE, logs=tuple(ours)),
        PartyLogs(party=GREEN, logs=tuple(theirs)),
        tolerance_s=120,
    )
    return [(m.log, m.standing.value) for m in found]


def test_line_062_two_logs_match_by_party_direction_reality_and_start() -> None:
    ours = voice_log("blue", "b-1", account())
    near = voice_log("green", "g-1", taken(started_at=at(120), ended_at=at(200)))
    assert standings([ours], [near]) == [("b-1", "matched"), ("g-1", "matched")]
    misses = [
        taken(started_at=at(120) + timedelta(microseconds=1), ended_at=at(200)),
        account(counterpart=BLUE),
        taken(reality=Reality.EXERCISE),
        taken(counterpart="yellow"),
    ]
    for miss in misses:
        alone = [("b-1", "alone"), ("g-1", "alone")]
        assert standings([ours], [voice_log("green", "g-1", miss)]) == alone


def test_line_062_a_log_that_fits_two_is_not_matched_and_says_so() -> None:
    ours = [voice_log("blue", "b-1", account())]
    theirs = [
        voice_log("green", "g-1", taken(started_at=at(30))),
        voice_log("green", "g-2", taken(started_at=at(60))),
    ]
    found = match_voice_logs(
        PartyLogs(party=BLUE, logs=tuple(ours)),
        PartyLogs(party=GREEN, logs=tuple(theirs)),
        tolerance_s=120,
    )
    assert found[0] == LogMatch(
        party=BLUE,
        log=VoiceLogId("b-1"),
        standing=MatchStanding.AMBIGUOUS,
        candidates=(VoiceLogId("g-1"), VoiceLogId("g-2")),
    )
    assert [m.standing for m in found[1:]] == [MatchStanding.AMBIGUOUS] * 2


def test_line_062_logs_that_name_one_entry_match_whatever_their_times() -> None:
    ours = [voice_log("blue", "b-1", account(), CALL_REF), voice_log("blue", "b-2", account())]
    far = taken(started_at=at(5_000), ended_at=at(5_100))
    theirs = [voice_log("green", "g-1", far, CALL_REF), voice_log("green", "g-2", taken())]
    assert standings(ours, theirs) == [(n, "matched") for n in ("b-1", "b-2", "g-1", "g-2")]


def test_line_063_two_accounts_are_compared_field_by_field() -> None:
    ours = account(message=CONTENT, answer=Answer(kind=AnswerKind.WILL_COMPLY))
    theirs = taken(
        started_at=at(60),
        ended_at=at(900),
        message=CONTENT,
        answer=Answer(kind=AnswerKind.NOTED),
        answered_at=at(70),
        counterpart_role=None,
    )
    found = {(f.field, f.part): f.finding for f in compare_accounts(ours, theirs, tolerance_s=120)}
    assert found[AccountField.STARTED, None] is Finding.AGREE
    assert found[AccountField.ENDED, None] is Finding.DIFFER
    assert found[AccountField.ANSWER, None] is Finding.DIFFER
    assert found[AccountField.ANSWERED, None] is Finding.STATED_BY_SECOND
    assert found[AccountField.CALLING_ROLE, None] is Finding.STATED_BY_FIRST
    assert found[AccountField.CALLED_ROLE, None] is Finding.AGREE
    assert found[AccountField.READ_BACK, None] is Finding.STATED_BY_NEITHER
    message = [f for (field, part), f in found.items() if field is AccountField.MESSAGE and part]
    assert len(message) == 8
    assert Finding.DIFFER not in message


def test_line_066_carriage_is_compared_with_its_frequency() -> None:
    guard = Radio(frequency_hz=121_500_000)
    for second, finding in ((guard, Finding.AGREE), (Telephone(), Finding.DIFFER)):
        found = compare_accounts(account(carriage=guard), taken(carriage=second), tolerance_s=1)
        by_field = {f.field: f.finding for f in found}
        assert by_field[AccountField.CARRIAGE] is finding


# Broadcasts and relief.

B1 = BroadcastId("b-1")
SENT = BroadcastSent(
    broadcast=B1,
    reality=Reality.REAL,
    radio=Radio(frequency_hz=121_500_000),
    addressed="aircraft 36.60 north 40.40 east heading south",
    text=words("you approach coalition forces, turn north"),
    sent_at=(at(0), at(30), at(60)),
)


def test_line_070_a_broadcast_has_an_addressee_a_frequency_and_rising_times() -> None:
    for times in ((), (at(30), at(0)), (at(0), at(0))):
        with pytest.raises(ValueError, match="time"):
            BroadcastSent(
                broadcast=B1,
                reality=Reality.REAL,
                radio=SENT.radio,
                addressed=SENT.addressed,
                text=SENT.text,
                sent_at=times,
            )


def test_line_071_who_heard_a_broadcast_is_a_statement_with_its_source() -> None:
    heard = BroadcastHeard(broadcast=B1, heard_by="coalition tower", source="its own log")
    assert code_of(advance_broadcast(None, heard, stamp())) == "wrong-state"
    held = advance_broadcast(None, SENT, stamp())
    assert isinstance(held, Broadcast)
    new = advance_broadcast(held, heard, stamp(seq=1))
    assert isinstance(new, Broadcast)
    assert new.state is BroadcastState.SAID_HEARD
    assert not [state for state in BroadcastState if "ack" in state]
    assert code_of(advance_broadcast(new, heard, stamp(seq=2))) == "repeat"
    assert code_of(advance_broadcast(new, SENT, stamp(seq=2))) == "repeat"
    assert code_of(advance_broadcast(None, SENT, node_stamp())) == "not-owner"
    assert episodes((broadcast_item(new),))[0].items == (new.sent_stamp.ref,)


def test_line_080_a_watch_is_relieved_from_the_watch_that_holds_it() -> None:
    take = WatchTaken(role=DUTY, watch="1")
    relieve = WatchRelieved(role=DUTY, from_watch="1", to_watch="2", briefed=("call c-1",))
    assert code_of(advance_watch(None, relieve, stamp())) == "wrong-state"
    held = advance_watch(None, take, stamp())
    assert isinstance(held, Watch)
    new = advance_watch(held, relieve, stamp(seq=1))
    assert isinstance(new, Watch)
    assert new.watch == "2"
    assert code_of(advance_watch(new, relieve, stamp(seq=2))) == "repeat"
    third = WatchRelieved(role=DUTY, from_watch="1", to_watch="3")
    assert code_of(advance_watch(new, third, stamp(seq=2))) == "wrong-state"
    other = WatchTaken(role=DUTY, watch="9")
    assert code_of(advance_watch(new, other, stamp(seq=2))) == "wrong-state"
    assert open_call().placed.answer_by == at(120)
