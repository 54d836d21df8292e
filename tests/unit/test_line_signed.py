"""Every event of the line is recordable: to signed data and back without a change."""

from typing import get_args

import pytest
from line_values import (
    CALL_REF,
    CHIEF,
    CONTENT,
    DIRECTOR,
    DUTY,
    GREEN,
    account,
    at,
    given,
    placed,
    ref,
    words,
)

from crosstell.codecs.values import from_signed, to_signed
from crosstell.core.altitude import Altitude, Datum, Unbounded
from crosstell.core.ids import AlertId, CallId, TrackId
from crosstell.core.instant import Window
from crosstell.core.line.acknowledgement import (
    AcknowledgementEvent,
    CallActedOn,
    CallDelivered,
    CallPassedOn,
    CallReadBack,
    CallReceived,
    SummaryConfirmed,
)
from crosstell.core.line.answer import (
    Answer,
    AnswerCorrected,
    AnswerEvent,
    AnswerGiven,
    AnswerId,
    AnswerKind,
)
from crosstell.core.line.content import (
    AboutAlert,
    AboutCall,
    AboutNotice,
    AboutTrack,
    CallContent,
    Hop,
    Node,
    Radio,
    Relay,
    compare,
)
from crosstell.core.line.escalation import (
    DraftPrepared,
    IncomingCall,
    LadderEnd,
    LadderEnded,
    LadderEvent,
    LadderOpened,
    Matter,
    MatterKind,
    OwnCall,
    RaisedAlert,
    Rung,
    RungReached,
)
from crosstell.core.line.health import (
    LineEvent,
    LineKey,
    LineReported,
    LineSample,
    Medium,
    Occasion,
    Report,
)
from crosstell.core.line.message import (
    CallClosed,
    CallCorrected,
    CallDisregarded,
    CallerEvent,
    CallKind,
    CallPlaced,
    Closing,
    Precedence,
    ReadBackChecked,
    ReadBackResult,
    Reality,
    StopLifted,
    StopRenewed,
    SummaryProposed,
    summary_digest,
)
from crosstell.core.line.watch.broadcast import (
    BroadcastEvent,
    BroadcastHeard,
    BroadcastId,
    BroadcastSent,
)
from crosstell.core.line.watch.duress import DuressHeard
from crosstell.core.line.watch.relief import WatchEvent, WatchRelieved, WatchTaken
from crosstell.core.line.watch.voice import (
    Authentication,
    AuthenticationMethod,
    AuthenticationResult,
    VoiceEvent,
    VoiceLogCorrected,
    VoiceLogged,
    VoiceLogId,
)
from crosstell.core.picture.party import Scope

C1, V1, B1 = CallId("c-1"), VoiceLogId("v-1"), BroadcastId("b-1")
BAND = CallContent(
    subjects=CONTENT.subjects,
    place=CONTENT.place,
    altitude_lower=Unbounded(),
    altitude_upper=Altitude(value_m=5_500.5, datum=Datum.MSL_EGM96),
    window=Window(start=at(0), end=at(60)),
    remarks=words(),
)
MATTERS = (
    Matter(kind=MatterKind.STOP_EXPIRING, subject=OwnCall(call=C1), mark=at(60)),
    Matter(kind=MatterKind.CALL_NOT_RECEIVED, subject=IncomingCall(call=CALL_REF)),
    Matter(kind=MatterKind.ALERT_UNACKNOWLEDGED, subject=RaisedAlert(alert=AlertId("al"))),
)
ABOUT = (
    AboutNotice(notice=ref("green", 3)),
    AboutCall(call=CALL_REF),
    AboutTrack(party=GREEN, track=TrackId("t-1")),
    AboutAlert(party=GREEN, alert=AlertId("al")),
)
HOPS = Relay(hops=(Hop(who="embassy", received_at=at(5)), Hop(who="centre")))
FULL_ACCOUNT = account(
    carriage=HOPS,
    message=BAND,
    read_back=CONTENT,
    answer=Answer(kind=AnswerKind.STAND_BY, until=at(400)),
    authentication=Authentication(
        method=AuthenticationMethod.CALL_BACK, result=AuthenticationResult.VERIFIED, done_at=at(9)
    ),
)
LINE = LineKey(party=GREEN, role=DUTY, medium=Medium.TELEPHONE)

EVENTS: tuple[object, ...] = (
    placed(about=ABOUT, content=BAND, on_behalf=Scope(), carriage=Node()),
    placed(CallKind.STOP, carriage=Radio(frequency_hz=121_500_000)),
    placed(CallKind.QUERY, carriage=HOPS),
    CallCorrected(call=C1, content=BAND, reason=words()),
    CallDisregarded(call=C1),
    StopRenewed(call=C1, expires_at=at(9)),
    StopLifted(call=C1, reason=words()),
    ReadBackChecked(
        call=C1,
        read_back=ref("green", 1),
        content=CALL_REF,
        findings=compare(CONTENT, BAND),
        result=ReadBackResult.DIFFERS,
    ),
    SummaryProposed(call=C1, summary=words(), digest=summary_digest(words())),
    CallClosed(call=C1, closing=Closing.ON_SUMMARY),
    CallDelivered(call=CALL_REF),
    CallReceived(call=CALL_REF),
    CallReadBack(call=CALL_REF, content=CALL_REF, read_back=BAND),
    CallPassedOn(call=CALL_REF, scope=Scope(), note=words()),
    CallActedOn(call=CALL_REF, scope=Scope()),
    SummaryConfirmed(call=CALL_REF, digest="0" * 64),
    given(AnswerKind.STAND_BY, until=at(300)),
    AnswerCorrected(
        call=CALL_REF,
        answer_id=AnswerId("a-2"),
        corrects=AnswerId("a-1"),
        answer=Answer(kind=AnswerKind.WILL_NOT, reason=words()),
    ),
    VoiceLogged(log=V1, account=FULL_ACCOUNT, call=CALL_REF),
    VoiceLogCorrected(log=V1, account=account(), reason=words()),
    BroadcastSent(
        broadcast=B1,
        reality=Reality.EXERCISE,
        radio=Radio(frequency_hz=243_000_000),
        addressed="aircraft heading south",
        text=words(),
        sent_at=(at(0), at(30)),
        about=ABOUT,
    ),
    BroadcastHeard(broadcast=B1, heard_by="tower", source="its log", heard_at=at(1)),
    WatchTaken(role=DUTY, watch="1"),
    WatchRelieved(role=DUTY, from_watch="1", to_watch="2", briefed=("call c-1",)),
    DuressHeard(log=V1, heard_at=at(3)),
    LadderOpened(
        matter=MATTERS[0],
        opened_at=at(0),
        rungs=(Rung(role=DUTY, after_s=0.0), Rung(role=CHIEF, after_s=90.5)),
        rings=2,
    ),
    RungReached(matter=MATTERS[1], rung=0),
    DraftPrepared(
        matter=MATTERS[2],
        rung=2,
        brief=words(),
        from_role=DIRECTOR,
        to_party=GREEN,
        to_role=DIRECTOR,
        kind=CallKind.WARN,
        precedence=Precedence.FLASH,
        content=CONTENT,
    ),
    LadderEnded(matter=MATTERS[0], end=LadderEnd.ACKNOWLEDGED),
    LineSample(line=LINE, occasion=Occasion.TEST, placed_at=at(0), answered_at=at(5)),
    LineReported(line=LINE, report=Report.DOWN, since=at(0), reason=words()),
)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_line_001_an_event_is_the_same_after_signing_and_reading(event: object) -> None:
    assert from_signed(type(event), to_signed(event)) == event


def test_line_001_every_event_class_of_the_line_is_tried_here() -> None:
    unions = (
        CallerEvent,
        AcknowledgementEvent,
        AnswerEvent,
        VoiceEvent,
        BroadcastEvent,
        WatchEvent,
        LadderEvent,
        LineEvent,
    )
    classes = {event for union in unions for event in get_args(union)} | {DuressHeard}
    assert {CallPlaced, AnswerGiven} < classes
    assert classes == {type(event) for event in EVENTS}
