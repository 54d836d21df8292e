"""The caller's call: placed, corrected, checked, renewed, lifted, disregarded, closed.

Rules of this file:
- The caller alone advances a call, by entries of its own feed; machines are keyed by `CallId`.
- The answer clock starts when the call is placed. Nothing restarts it: no repeat, no correction,
  no relief of the watch.
- A correction is a new version; older versions are kept, a read-back of them is void (view).
- A stop names danger, place and act, expires unless renewed before it expires, and is lifted by
  its caller. While it stands the call cannot be closed over it.
- A disregarded or closed call takes no further event.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from crosstell.core.errors import Duplicate, RefusalCode, Refused
from crosstell.core.ids import EntryRef, ForeignRef
from crosstell.core.instant import format_instant
from crosstell.core.line.content import About, AboutCall, AboutNotice, CallContent
from crosstell.core.line.message import (
    CallClosed,
    CallCorrected,
    CallDisregarded,
    CallerEvent,
    CallKind,
    CallPlaced,
    Closing,
    ReadBackChecked,
    SentBy,
    StopLifted,
    StopRenewed,
    SummaryProposed,
    check_stop_content,
)
from crosstell.core.line.verdict import decide, need_person, need_resolved
from crosstell.core.table import Stamp, Table, Verdict

VERSIONS_MAX = 100


class CallState(StrEnum):
    """How far the caller's call has come."""

    NOT_PLACED = "not-placed"
    OPEN = "open"
    LIFTED = "lifted"
    SUMMARY_PROPOSED = "summary-proposed"
    CLOSED = "closed"
    DISREGARDED = "disregarded"


class CallStep(StrEnum):
    """What the caller can do with a call."""

    PLACE = "place"
    CORRECT = "correct"
    CHECK_READ_BACK = "check-read-back"
    RENEW = "renew"
    LIFT = "lift"
    PROPOSE_SUMMARY = "propose-summary"
    CLOSE_ON_SUMMARY = "close-on-summary"
    CLOSE_WITHOUT = "close-without-summary"
    DISREGARD = "disregard"


_NO, _AGAIN = Verdict.REFUSED, Verdict.DUPLICATE
_S, _E = CallState, CallStep

CALL_TABLE: Table[CallState, CallStep] = Table(
    name="call",
    states=CallState,
    events=CallStep,
    rows={
        (_S.NOT_PLACED, _E.PLACE): _S.OPEN,
        (_S.NOT_PLACED, _E.CORRECT): _NO,
        (_S.NOT_PLACED, _E.CHECK_READ_BACK): _NO,
        (_S.NOT_PLACED, _E.RENEW): _NO,
        (_S.NOT_PLACED, _E.LIFT): _NO,
        (_S.NOT_PLACED, _E.PROPOSE_SUMMARY): _NO,
        (_S.NOT_PLACED, _E.CLOSE_ON_SUMMARY): _NO,
        (_S.NOT_PLACED, _E.CLOSE_WITHOUT): _NO,
        (_S.NOT_PLACED, _E.DISREGARD): _NO,
        (_S.OPEN, _E.PLACE): _AGAIN,
        (_S.OPEN, _E.CORRECT): _S.OPEN,
        (_S.OPEN, _E.CHECK_READ_BACK): _S.OPEN,
        (_S.OPEN, _E.RENEW): _S.OPEN,
        (_S.OPEN, _E.LIFT): _S.LIFTED,
        (_S.OPEN, _E.PROPOSE_SUMMARY): _S.SUMMARY_PROPOSED,
        (_S.OPEN, _E.CLOSE_ON_SUMMARY): _NO,
        (_S.OPEN, _E.CLOSE_WITHOUT): _S.CLOSED,
        (_S.OPEN, _E.DISREGARD): _S.DISREGARDED,
        (_S.LIFTED, _E.PLACE): _AGAIN,
        (_S.LIFTED, _E.CORRECT): _NO,
        (_S.LIFTED, _E.CHECK_READ_BACK): _S.LIFTED,
        (_S.LIFTED, _E.RENEW): _NO,
        (_S.LIFTED, _E.LIFT): _AGAIN,
        (_S.LIFTED, _E.PROPOSE_SUMMARY): _S.SUMMARY_PROPOSED,
        (_S.LIFTED, _E.CLOSE_ON_SUMMARY): _NO,
        (_S.LIFTED, _E.CLOSE_WITHOUT): _S.CLOSED,
        (_S.LIFTED, _E.DISREGARD): _S.DISREGARDED,
        (_S.SUMMARY_PROPOSED, _E.PLACE): _AGAIN,
        (_S.SUMMARY_PROPOSED, _E.CORRECT): _S.OPEN,
        (_S.SUMMARY_PROPOSED, _E.CHECK_READ_BACK): _S.SUMMARY_PROPOSED,
        (_S.SUMMARY_PROPOSED, _E.RENEW): _NO,
        (_S.SUMMARY_PROPOSED, _E.LIFT): _NO,
        (_S.SUMMARY_PROPOSED, _E.PROPOSE_SUMMARY): _S.SUMMARY_PROPOSED,
        (_S.SUMMARY_PROPOSED, _E.CLOSE_ON_SUMMARY): _S.CLOSED,
        (_S.SUMMARY_PROPOSED, _E.CLOSE_WITHOUT): _S.CLOSED,
        (_S.SUMMARY_PROPOSED, _E.DISREGARD): _S.DISREGARDED,
        (_S.CLOSED, _E.PLACE): _AGAIN,
        (_S.CLOSED, _E.CORRECT): _NO,
        (_S.CLOSED, _E.CHECK_READ_BACK): _NO,
        (_S.CLOSED, _E.RENEW): _NO,
        (_S.CLOSED, _E.LIFT): _NO,
        (_S.CLOSED, _E.PROPOSE_SUMMARY): _NO,
        (_S.CLOSED, _E.CLOSE_ON_SUMMARY): _AGAIN,
        (_S.CLOSED, _E.CLOSE_WITHOUT): _AGAIN,
        (_S.CLOSED, _E.DISREGARD): _NO,
        (_S.DISREGARDED, _E.PLACE): _AGAIN,
        (_S.DISREGARDED, _E.CORRECT): _NO,
        (_S.DISREGARDED, _E.CHECK_READ_BACK): _NO,
        (_S.DISREGARDED, _E.RENEW): _NO,
        (_S.DISREGARDED, _E.LIFT): _NO,
        (_S.DISREGARDED, _E.PROPOSE_SUMMARY): _NO,
        (_S.DISREGARDED, _E.CLOSE_ON_SUMMARY): _NO,
        (_S.DISREGARDED, _E.CLOSE_WITHOUT): _NO,
        (_S.DISREGARDED, _E.DISREGARD): _AGAIN,
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentVersion:
    """One version of what is said, with the entry that holds it."""

    ref: EntryRef
    at: datetime
    content: CallContent


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call as its caller recorded it. `expires_at` is set for a stop and only for a stop.

    `placed` holds the first content; `versions` all of them, oldest first. `answer_by` in
    `placed` is the answer clock and never changes.
    """

    state: CallState
    placed: CallPlaced
    placed_stamp: Stamp
    versions: tuple[ContentVersion, ...]
    expires_at: datetime | None
    checks: tuple[tuple[Stamp, ReadBackChecked], ...] = ()
    renewals: tuple[Stamp, ...] = ()
    lifted: Stamp | None = None
    summary: tuple[Stamp, SummaryProposed] | None = None
    ended: tuple[Stamp, CallClosed | CallDisregarded] | None = None

    def __post_init__(self) -> None:
        """Hold the invariants that tie times to the state."""
        assert self.placed.answer_by is not None, "every placed call has an answer clock"
        is_stop = self.placed.kind is CallKind.STOP
        assert is_stop == (self.expires_at is not None), "a stop, and only a stop, expires"
        over = self.state in (CallState.CLOSED, CallState.DISREGARDED)
        assert over == (self.ended is not None), "an ended call says how"
        assert 1 <= len(self.versions) <= VERSIONS_MAX


def stop_stands(call: Call, *, at: datetime) -> bool:
    """Whether the caller's stop is in force at `at`: placed, not ended or lifted, not expired.

    Half-open: a stop that expires at t does not stand at t. Implements LINE-012.
    """
    if call.expires_at is None or call.lifted is not None or call.ended is not None:
        return False
    return at < call.expires_at


def _refuse(code: RefusalCode, text: str) -> Refused:
    return Refused(code=code, text=text)


def _step_of(event: CallerEvent) -> CallStep:
    """The table's word for an event."""
    match event:
        case CallClosed(closing=Closing.ON_SUMMARY):
            return CallStep.CLOSE_ON_SUMMARY
        case _:
            return _STEPS[type(event)]


_STEPS: dict[type[CallerEvent], CallStep] = {
    CallPlaced: CallStep.PLACE,
    CallCorrected: CallStep.CORRECT,
    CallDisregarded: CallStep.DISREGARD,
    StopRenewed: CallStep.RENEW,
    StopLifted: CallStep.LIFT,
    ReadBackChecked: CallStep.CHECK_READ_BACK,
    SummaryProposed: CallStep.PROPOSE_SUMMARY,
    CallClosed: CallStep.CLOSE_WITHOUT,
}


def advance(call: Call | None, event: CallerEvent, stamp: Stamp) -> Call | Refused | Duplicate:
    """The call after its caller's next entry, or why not. Implements LINE-010 to LINE-019."""
    if isinstance(event, CallPlaced):
        return _place(call, event, stamp)
    if call is None:
        text = f"call {event.call} was not placed; check the id, or place it first"
        return _refuse(RefusalCode.UNKNOWN_OBJECT, text)
    assert call.placed.call == event.call, "a machine is handed only events of its own call"
    state = decide(
        CALL_TABLE, call.state, _step_of(event), remedy=f"see how call {event.call} stands"
    )
    if not isinstance(state, CallState):
        return state
    return _repeat(call, event) or _guard(call, event, stamp) or _apply(call, event, stamp, state)


def _repeat(call: Call, event: CallerEvent) -> Duplicate | None:
    """The same thing said again: a correction to what already stands must void no read-back."""
    match event:
        case CallCorrected(content=content):
            again = content == call.versions[-1].content
        case StopRenewed(expires_at=expires_at):
            again = bool(call.renewals) and expires_at == call.expires_at
        case ReadBackChecked():
            again = event in [check for _, check in call.checks]
        case SummaryProposed():
            again = call.summary is not None and call.summary[1] == event
        case _:
            again = False
    return Duplicate(text=f"call {event.call} already says so") if again else None


def _place(call: Call | None, event: CallPlaced, stamp: Stamp) -> Call | Refused | Duplicate:
    """A new call, a repeat of the same one, or a refusal."""
    if call is not None and call.placed != event:
        text = f"call id {event.call} was used for another call; mint a new id"
        return _refuse(RefusalCode.ALREADY_USED, text)
    now = CallState.NOT_PLACED if call is None else call.state
    state = decide(CALL_TABLE, now, CallStep.PLACE, remedy="its clock runs on")
    if not isinstance(state, CallState):
        return state
    refused = _guard_placing(event, stamp) or need_resolved(*_refs(event.about))
    if refused is not None:
        return refused
    first = ContentVersion(ref=stamp.ref, at=stamp.at, content=event.content)
    return Call(
        state=state,
        placed=event,
        placed_stamp=stamp,
        versions=(first,),
        expires_at=event.expires_at,
    )


def _refs(about: tuple[About, ...]) -> tuple[ForeignRef, ...]:
    """The references to entries among what a call is about."""
    calls = tuple(a.call for a in about if isinstance(a, AboutCall))
    return calls + tuple(a.notice for a in about if isinstance(a, AboutNotice))


def _guard_placing(event: CallPlaced, stamp: Stamp) -> Refused | None:
    """Refuse a call without an answer clock, one that no person sent, one already expired."""
    if event.answer_by is None:
        text = f"call {event.call} has no answer time; fill answer_by from the protocol"
        return _refuse(RefusalCode.BAD_CONTENT, text)
    if event.sent_by is SentBy.PERSON:
        refused = need_person(stamp, what=f"call {event.call}")
        if refused is not None:
            return refused
    if event.expires_at is not None and event.expires_at <= stamp.at:
        text = f"stop {event.call} has already expired; give a later expires_at"
        return _refuse(RefusalCode.BAD_TIME, text)
    return None


def _guard(call: Call, event: CallerEvent, stamp: Stamp) -> Refused | None:
    """What the table cannot see: who speaks, whether it is a stop, whether the stop stands."""
    automatic = call.placed.kind is CallKind.TEST and isinstance(event, CallClosed)
    refused = None if automatic else need_person(stamp, what=f"call {event.call}")
    if refused is not None:
        return refused
    match event:
        case ReadBackChecked(read_back=read_back, content=content):
            return need_resolved(read_back, content) or _guard_check(call, content)
        case StopRenewed() | StopLifted():
            return _guard_stop(call, event, stamp)
        case CallCorrected(content=content):
            return _guard_correction(call, content, stamp)
        case CallClosed() | SummaryProposed() if stop_stands(call, at=stamp.at):
            text = f"stop {event.call} still stands; lift it, or let it expire, before closing"
            return _refuse(RefusalCode.WRONG_STATE, text)
        case _:
            return None


def _guard_check(call: Call, content: ForeignRef) -> Refused | None:
    """Refuse the check of a read-back of something that was never said in this call."""
    if content in {version.ref for version in call.versions}:
        return None
    text = f"call {call.placed.call}: the read-back is of no version of this call; check the entry"
    return _refuse(RefusalCode.UNKNOWN_OBJECT, text)


def _guard_stop(call: Call, event: StopRenewed | StopLifted, stamp: Stamp) -> Refused | None:
    """Refuse what only a standing stop allows, and a renewal that would not lengthen it."""
    if call.expires_at is None:
        text = f"call {event.call} is not a stop; only a stop is renewed or lifted"
        return _refuse(RefusalCode.BAD_CONTENT, text)
    if not stop_stands(call, at=stamp.at):
        text = (
            f"stop {event.call} expired {format_instant(call.expires_at)}; place a new stop "
            "if the danger is still there"
        )
        return _refuse(RefusalCode.BAD_TIME, text)
    if isinstance(event, StopRenewed) and event.expires_at <= call.expires_at:
        text = (
            f"stop {event.call} already lasts until {format_instant(call.expires_at)}; renew it "
            "to a later time, or lift it"
        )
        return _refuse(RefusalCode.BAD_TIME, text)
    return None


def _guard_correction(call: Call, content: CallContent, stamp: Stamp) -> Refused | None:
    """Refuse a stop's correction that drops danger, place or act, or comes after its end."""
    if len(call.versions) >= VERSIONS_MAX:
        text = f"call {call.placed.call} has {VERSIONS_MAX} versions; place a new call"
        return _refuse(RefusalCode.BAD_CONTENT, text)
    if call.expires_at is None:
        return None
    if not stop_stands(call, at=stamp.at):
        text = f"stop {call.placed.call} no longer stands; place a new stop"
        return _refuse(RefusalCode.BAD_TIME, text)
    try:
        check_stop_content(call.placed.call, content)
    except ValueError as fault:
        return _refuse(RefusalCode.BAD_CONTENT, str(fault))
    return None


def _apply(call: Call, event: CallerEvent, stamp: Stamp, state: CallState) -> Call:
    """The call with the event in it. The tables and guards have allowed it."""
    match event:
        case CallCorrected(content=content):
            version = ContentVersion(ref=stamp.ref, at=stamp.at, content=content)
            return replace(call, state=state, versions=(*call.versions, version), summary=None)
        case ReadBackChecked():
            return replace(call, state=state, checks=(*call.checks, (stamp, event)))
        case StopRenewed(expires_at=expires_at):
            renewals = (*call.renewals, stamp)
            return replace(call, state=state, expires_at=expires_at, renewals=renewals)
        case StopLifted():
            return replace(call, state=state, lifted=stamp)
        case SummaryProposed():
            return replace(call, state=state, summary=(stamp, event))
        case CallClosed() | CallDisregarded():
            return replace(call, state=state, ended=(stamp, event))
        case CallPlaced():
            raise AssertionError("placing never reaches here")
