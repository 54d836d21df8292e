"""What was only said in a run: broadcasts, hearings, told tracks, voice logs, relayed calls."""

from dataclasses import replace
from datetime import datetime

from replay_example import RESULT, RUN, at
from test_replay_adherence import PLACE, A, B, Made, finding

from crosstell.core.detection.alert import AlertChanged, AlertRaised
from crosstell.core.ids import CallId, ComponentId, NoticeId, RoleId, TrackId
from crosstell.core.line.acknowledgement import CallDelivered
from crosstell.core.line.answer import Answer, AnswerKind
from crosstell.core.line.content import CallContent, Danger, FreeText, Hop, Radio, Relay, Telephone
from crosstell.core.line.message import CallKind, CallPlaced, Precedence, Reality
from crosstell.core.line.watch.broadcast import BroadcastHeard, BroadcastId, BroadcastSent
from crosstell.core.line.watch.voice import Direction, VoiceAccount, VoiceLogged, VoiceLogId
from crosstell.core.picture.notice import NoticeFiled
from crosstell.core.picture.party import Scope
from crosstell.core.picture.status import StatedStatus, StatusStated
from crosstell.core.picture.track import TrackReported
from crosstell.core.picture.wording import WITHOUT_PREJUDICE
from crosstell.replay.found.calls import calls_of
from crosstell.replay.found.notices import notices_of
from crosstell.replay.found.timeline import timeline_of
from crosstell.replay.found.told.spoken import broadcasts_of, told_of, voice_claims_of
from crosstell.replay.page import render_page
from crosstell.replay.result import RunResult
from crosstell.replay.text import print_text

ROLE = RoleId("duty-officer")
GUARD = Radio(frequency_hz=243_000_000)


def shown(made: Made) -> tuple[str, str]:
    """The text and the page of a run that holds just this, the text on one line."""
    run: RunResult = replace(
        RUN,
        broadcasts=broadcasts_of(made.trace),
        told=told_of(made.trace),
        voice=voice_claims_of(made.trace),
        calls=calls_of(made.trace),
        timeline=timeline_of(made.trace),
    )
    result = replace(RESULT, runs=(run,))
    return " ".join(print_text(result).split()), render_page(result)


def broadcast(made: Made) -> None:
    sent = BroadcastSent(
        broadcast=BroadcastId("guard-1"),
        reality=Reality.EXERCISE,
        radio=GUARD,
        addressed="unknown aircraft",
        text=FreeText(text="turn south", language="en"),
        sent_at=(at(4, 19), at(4, 19, 30)),
    )
    heard = BroadcastHeard(
        broadcast=BroadcastId("guard-1"), heard_by="a third crew", source="its spokesman"
    )
    made.add(A, sent, B)
    made.add(A, heard, B)


def test_rep_066_a_broadcast_stands_with_its_frequency_times_text_and_hearers() -> None:
    made = Made()
    broadcast(made)
    (one,) = broadcasts_of(made.trace)
    assert (one.frequency, one.text, one.addressed) == (
        "243.000 MHz",
        "turn south",
        "unknown aircraft",
    )
    assert one.sent_at == (at(4, 19), at(4, 19, 30))
    (said,) = one.heard
    assert (said.heard_by, said.source, said.told_by) == (
        "a third crew",
        "its spokesman",
        "a duty-officer",
    )
    text, page = shown(made)
    for words in ("243.000 MHz", "sent 04:19:00Z, 04:19:30Z", "turn south"):
        assert words in text
        assert words in page
    assert "said to have been heard by “a third crew”, on the word of “its spokesman”" in text


def test_rep_067_an_entry_at_a_node_is_no_hearing() -> None:
    made = Made()
    broadcast(made)
    text, page = shown(made)
    assert text.count("[entry at b's node 04:20:") == 2
    assert "not a hearing]" in text
    assert "held by b" not in text
    assert "not a hearing" in page


def test_rep_066_a_told_track_stands_in_its_reporters_words() -> None:
    made = Made()
    report = TrackReported(
        track=TrackId("trk-9"),
        reporter="crew of the second aircraft",
        source="told by radio",
        received_at=at(4, 20),
        text="one aircraft two kilometres inside",
    )
    made.add(A, report)
    (one,) = told_of(made.trace)
    assert (one.reporter, one.source, one.text, one.position) == (
        "crew of the second aircraft",
        "told by radio",
        "one aircraft two kilometres inside",
        "none given",
    )
    text, page = shown(made)
    for words in ("crew of the second aircraft", "told by radio", "two kilometres inside"):
        assert words in text
        assert words in page


def call(carriage: Relay | Radio) -> CallPlaced:
    return CallPlaced(
        call=CallId("c-1"),
        kind=CallKind.WARN,
        precedence=Precedence.FLASH,
        reality=Reality.EXERCISE,
        from_role=ROLE,
        to_party=B,
        to_role=ROLE,
        carriage=carriage,
        language="en",
        content=CallContent(danger=Danger.ZONE_ENTERED),
    )


def test_rep_067_a_relayed_call_is_not_delivered_by_its_entry() -> None:
    hop = Hop(who="a third party", received_at=at(4, 1), passed_at=at(4, 9))
    made = Made()
    ref = made.add(A, call(Relay(hops=(hop,))), B)
    made.add(B, CallDelivered(call=ref), A)
    (one,) = calls_of(made.trace)
    assert one.delivered is None
    assert one.copied is not None
    assert [(h.who, h.received_at, h.passed_at) for h in one.hops] == [
        ("a third party", at(4, 1), at(4, 9))
    ]
    text, page = shown(made)
    through = "by relay through “a third party” (received 04:01:00Z, passed on 04:09:00Z)"
    assert through in text
    assert through in page
    assert "not a call]" in text
    drawn = page.split('class="wide seq"')[1].split("</svg>")[0]
    assert through in drawn
    assert "delivered" not in drawn


def log(name: str, direction: Direction, started: datetime, danger: Danger | None) -> VoiceLogged:
    placed = direction is Direction.PLACED
    answer = Answer(kind=AnswerKind.NOTED, scope=Scope(speaks_for=(ComponentId("cell"),)))
    return VoiceLogged(
        log=VoiceLogId(name),
        account=VoiceAccount(
            direction=direction,
            counterpart=B if placed else A,
            counterpart_role=ROLE,
            own_role=ROLE,
            carriage=Telephone(),
            started_at=started,
            ended_at=at(4, 30),
            kind=CallKind.WARN,
            reality=Reality.EXERCISE,
            language="en",
            message=None if danger is None else CallContent(danger=danger),
            answer=None if placed else answer,
        ),
    )


def test_rep_067_two_logs_of_one_call_are_two_claims_compared() -> None:
    made = Made()
    made.add(A, log("a-1", Direction.PLACED, at(4, 20), Danger.ZONE_ENTERED), B)
    made.add(B, log("b-1", Direction.TAKEN, at(4, 20, 40), Danger.FIRE_IN_PROGRESS), A)
    made.add(A, log("a-2", Direction.PLACED, at(4, 28), None), B)
    pair, alone = voice_claims_of(made.trace)
    assert (pair.logs, pair.standing) == (("a a-1", "b b-1"), "matched")
    fields = {one.field: one.finding for one in pair.fields}
    assert fields["started"] == "alike"
    assert fields["message: danger"] == "differ"
    assert fields["answer"] == "stated by b only"
    assert (alone.logs, alone.standing, alone.fields) == (("a a-2",), "alone", ())
    text, page = shown(made)
    assert "a a-1 | b b-1: matched" in text
    assert "message: danger: differ" in text
    assert "stated by b only" in page


def test_rep_067_a_log_of_one_side_stands_alone() -> None:
    made = Made()
    made.add(A, log("a-1", Direction.PLACED, at(4, 20), None), B)
    (one,) = voice_claims_of(made.trace)
    assert (one.logs, one.standing) == (("a a-1",), "alone")


PARTS = {B: (ComponentId("cell"), ComponentId("operator"))}


def shown_notices(made: Made) -> tuple[str, str]:
    run = replace(
        RUN, notices=notices_of(made.trace, PARTS), timeline=timeline_of(made.trace), alerts=()
    )
    result = replace(RESULT, runs=(run,))
    return " ".join(print_text(result).split()), render_page(result)


def filed(version: int = 1) -> NoticeFiled:
    return NoticeFiled(
        notice=NoticeId("place"),
        version=version,
        content=PLACE,
        marking="test",
        releasable_to=(B,),
        reason=None if version == 1 else "moved",
    )


def test_rep_069_an_avoidance_request_never_stands_without_its_phrase() -> None:
    made = Made()
    made.add(A, filed(), B)
    text, page = shown_notices(made)
    for out in (text, page):
        assert out.count("Avoidance request place") == out.count("Avoidance request")
        after = out.split("Avoidance request place")[1:]
        assert len(after) >= 2, "in the timeline and among the notices"
        assert all(WITHOUT_PREJUDICE in rest[:300] for rest in after)


def test_rep_070_each_component_stands_for_itself_towards_a_notice() -> None:
    made = Made()
    first = made.add(A, filed(), B)
    scope = Scope(speaks_for=(ComponentId("cell"),), cannot_speak_for=(ComponentId("operator"),))
    said = StatusStated(notice=first, status=StatedStatus.RECEIVED, scope=scope)
    made.add(B, said, A)
    (one,) = notices_of(made.trace, PARTS)
    assert one.phrase == WITHOUT_PREJUDICE
    cell, operator = one.statuses
    assert cell.startswith("b cell: received")
    assert operator == "b operator: unanswered; silence is not consent"
    text, page = shown_notices(made)
    for out in (text, page):
        assert "b operator: unanswered; silence is not consent" in out
    made.add(A, filed(2), B)
    old, new = notices_of(made.trace, PARTS)
    assert old.statuses == ("version 2 stands in its place",)
    assert "stated of version 1; version 2 stands, unanswered" in new.statuses[0]


def test_rep_070_a_notice_that_was_not_released_has_nobodys_status() -> None:
    made = Made()
    made.place()
    (one,) = notices_of(made.trace, PARTS)
    assert one.statuses == ()


def test_rep_093_a_returned_alert_says_that_it_is_back() -> None:
    made = Made()
    made.found(finding(500.0, 0.0, 0.0))
    first = next(sight.body for sight in made.trace.sights if isinstance(sight.body, AlertRaised))
    for again in (1, 2):
        made.add(B, replace(first, returns=again, at=at(5, 20, again)))
    made.add(
        B,
        AlertChanged(
            key=first.key,
            alert=first.alert,
            level=first.level,
            severity=first.severity,
            finding=first.finding,
            at=at(6, 20),
            returns=3,
        ),
    )
    told = [item.what for item in timeline_of(made.trace) if ", rule " in item.what]
    assert [what.partition(":")[0] for what in told] == [
        "URGENT raised",
        "URGENT raised, back",
        "URGENT raised, back, 2 times by now",
        "URGENT now, back, 3 times by now",
    ]
