"""Plain values for the tests of the line: two parties, one evening, a drone near a post."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from crosstell.core.errors import Duplicate, Refused
from crosstell.core.geometry.footprint import Circle
from crosstell.core.geometry.position import Position
from crosstell.core.ids import CallId, EntryRef, FeedId, PartyId, RoleId
from crosstell.core.line.acknowledgement import Acknowledgement, AcknowledgementEvent
from crosstell.core.line.acknowledgement import advance as advance_acknowledgement
from crosstell.core.line.answer import (
    Answer,
    AnswerEvent,
    AnswerGiven,
    AnswerId,
    AnswerKind,
    Answers,
)
from crosstell.core.line.answer import advance as advance_answers
from crosstell.core.line.call import Call, advance
from crosstell.core.line.content import (
    CallContent,
    Danger,
    FreeText,
    RequestedAct,
    Subject,
    SubjectKind,
    Telephone,
)
from crosstell.core.line.message import CallerEvent, CallKind, CallPlaced, Precedence, Reality
from crosstell.core.line.watch.voice import (
    Direction,
    VoiceAccount,
    VoiceLog,
    VoiceLogged,
    VoiceLogId,
)
from crosstell.core.line.watch.voice import advance as advance_voice
from crosstell.core.picture.party import Speaker
from crosstell.core.table import Stamp

BLUE, GREEN = PartyId("blue"), PartyId("green")
DUTY, CHIEF, DIRECTOR = RoleId("duty-officer"), RoleId("watch-chief"), RoleId("director")
START = datetime(2023, 10, 5, 4, 30, tzinfo=UTC)


def at(after_s: float) -> datetime:
    return START + timedelta(seconds=after_s)


def ref(party: str, seq: int) -> EntryRef:
    digest = sha256(f"{party}/{seq}".encode()).hexdigest()
    return EntryRef(feed=FeedId(f"feed-{party}"), seq=seq, hash=digest)


def stamp(party: str = "blue", seq: int = 0, *, after_s: float = 0.0, watch: str = "1") -> Stamp:
    by = Speaker(party=PartyId(party), role=DUTY, watch=watch)
    return Stamp(ref=ref(party, seq), at=at(after_s), by=by)


def node_stamp(party: str = "blue", seq: int = 0, *, after_s: float = 0.0) -> Stamp:
    return Stamp(ref=ref(party, seq), at=at(after_s))


def words(text: str = "leave the zone") -> FreeText:
    return FreeText(text=text, language="en")


CONTENT = CallContent(
    subjects=(Subject(kind=SubjectKind.UNCREWED_AIRCRAFT, label="drone north of the post"),),
    place=Circle(centre=Position(lat_deg=36.6, lon_deg=40.4), radius_m=2_000.0),
    danger=Danger.OWN_FORCES_ENDANGERED,
    act=RequestedAct.LEAVE,
)


def placed(kind: CallKind = CallKind.WARN, **changes: Any) -> CallPlaced:  # noqa: ANN401 - any field of the value
    fields: dict[str, Any] = {
        "call": CallId("c-1"),
        "kind": kind,
        "precedence": Precedence.FLASH,
        "reality": Reality.REAL,
        "from_role": DUTY,
        "to_party": GREEN,
        "to_role": DUTY,
        "carriage": Telephone(),
        "content": CONTENT,
        "language": "en",
        "answer_by": at(120),
        "expires_at": at(3_600) if kind is CallKind.STOP else None,
    }
    return CallPlaced(**(fields | changes))


def open_call(kind: CallKind = CallKind.WARN, **changes: Any) -> Call:  # noqa: ANN401 - any field of the value
    call = advance(None, placed(kind, **changes), stamp())
    assert isinstance(call, Call)
    return call


def go_on(call: Call, event: CallerEvent, *, seq: int = 1, after_s: float = 10.0) -> Call:
    new = advance(call, event, stamp(seq=seq, after_s=after_s))
    assert isinstance(new, Call), new
    return new


CALL_REF = ref("blue", 0)


def acknowledge(*events: AcknowledgementEvent) -> Acknowledgement:
    held: Acknowledgement | None = None
    for number, event in enumerate(events):
        new = advance_acknowledgement(held, event, stamp("green", number, after_s=20.0 + number))
        assert isinstance(new, Acknowledgement), new
        held = new
    assert held is not None
    return held


def given(kind: AnswerKind, name: str = "a-1", **fields: Any) -> AnswerGiven:  # noqa: ANN401 - any field of the value
    answer = Answer(kind=kind, **fields)
    return AnswerGiven(call=CALL_REF, answer_id=AnswerId(name), answer=answer)


def answer(*events: AnswerEvent) -> Answers:
    held: Answers | None = None
    for number, event in enumerate(events):
        new = advance_answers(held, event, stamp("green", 50 + number, after_s=60.0 + number))
        assert isinstance(new, Answers), new
        held = new
    assert held is not None
    return held


def account(**changes: Any) -> VoiceAccount:  # noqa: ANN401 - any field of the value
    fields: dict[str, Any] = {
        "direction": Direction.PLACED,
        "counterpart": GREEN,
        "counterpart_role": DUTY,
        "own_role": DUTY,
        "carriage": Telephone(),
        "started_at": at(0),
        "ended_at": at(90),
        "kind": CallKind.WARN,
        "reality": Reality.REAL,
        "language": "en",
    }
    return VoiceAccount(**(fields | changes))


def taken(**changes: Any) -> VoiceAccount:  # noqa: ANN401 - any field of the value
    return account(**({"direction": Direction.TAKEN, "counterpart": BLUE} | changes))


def voice_log(party: str, name: str, told: VoiceAccount, call: EntryRef | None = None) -> VoiceLog:
    event = VoiceLogged(log=VoiceLogId(name), account=told, call=call)
    log = advance_voice(None, event, stamp(party, 80))
    assert isinstance(log, VoiceLog)
    return log


def code_of(value: object) -> str:
    """The refusal's code, or 'repeat', or 'allowed'."""
    if isinstance(value, Refused):
        assert value.text
        return value.code.value
    return "repeat" if isinstance(value, Duplicate) else "allowed"
