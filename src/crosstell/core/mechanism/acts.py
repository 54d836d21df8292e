"""What a person may have recorded, and what the mechanism fills in.

A person asks for the very event that is to be recorded. Here it is judged: is it theirs to say,
does it name what is held, is it addressed to us, do the tables allow it. No rule blocks a notice
or waits for another party.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from crosstell.core.detection.alert import AlertAcknowledged
from crosstell.core.errors import Duplicate, RefusalCode, Refused
from crosstell.core.ids import EntryRef
from crosstell.core.instant import later
from crosstell.core.line.acknowledgement import AcknowledgementEvent, CallDelivered
from crosstell.core.line.answer import AnswerEvent
from crosstell.core.line.escalation import LadderEnd, LadderEnded
from crosstell.core.line.health import LineReported
from crosstell.core.line.message import CallPlaced, SentBy
from crosstell.core.line.watch.duress import DuressHeard
from crosstell.core.line.watch.relief import WatchRelieved, WatchTaken
from crosstell.core.mechanism.inputs import Act
from crosstell.core.mechanism.naming import resolve
from crosstell.core.mechanism.outgoing import Outgoing, Step
from crosstell.core.mechanism.release import HOME, Destination, Home, destination
from crosstell.core.picture.party import Scope, Speaker
from crosstell.core.picture.roles import out_of_scope
from crosstell.core.picture.track import TrackEnded, TrackReported
from crosstell.core.state.events import HOME_EVENTS, CommandRefused, Event, JournalCommitted
from crosstell.core.state.held import Held
from crosstell.core.state.state import State, judge

_BY_NODE_ALONE = (CallDelivered, JournalCommitted)
_HOME_ACTS = (
    AlertAcknowledged,
    DuressHeard,
    LadderEnded,
    LineReported,
    TrackEnded,
    TrackReported,
    WatchRelieved,
    WatchTaken,
)


def act(state: State, asked: Act, now: datetime) -> Step:
    """The step that follows from a person's act. Implements MEC-030 to MEC-037."""
    misplaced = _misplaced(state, asked)
    if misplaced is not None:
        return _refusal(state, asked, misplaced)
    resolved = resolve(state, asked.body)
    if isinstance(resolved, Refused):
        return _refusal(state, asked, resolved)
    body = _filled(state, resolved, now)
    refused = _not_ours_to_say(state, body) or _beyond_scope(state, body, asked.by)
    if refused is not None:
        return _refusal(state, asked, refused)
    to = destination(state, body)
    answer = judge(state, _provisional(state, body, asked.by, to, now))
    if isinstance(answer, Duplicate):
        return Step(state=state, no=answer)
    if isinstance(answer, Refused):
        return _refusal(state, asked, answer)
    return Step(state=state, events=(Outgoing(body=body, to=to, by=asked.by),))


def _refusal(state: State, asked: Act, refused: Refused) -> Step:
    noted = CommandRefused(asked=type(asked.body).__name__, code=refused.code, text=refused.text)
    return Step(state=state, events=(Outgoing(body=noted, to=HOME, by=asked.by),), no=refused)


def _misplaced(state: State, asked: Act) -> Refused | None:
    """Refuse what is not said by our own party, by a role of the protocol, or by any person."""
    setting = state.setting
    if asked.by.party != setting.party:
        text = f"this node is of {setting.party}; it records nothing for {asked.by.party}"
        return Refused(code=RefusalCode.NOT_OWNER, text=text)
    if setting.protocol.role(asked.by.role) is None:
        names = ", ".join(role.id for role in setting.protocol.roles)
        text = f"{asked.by.role} is no role of this protocol; speak as one of: {names}"
        return Refused(code=RefusalCode.NOT_OWNER, text=text)
    body = asked.body
    taken = isinstance(body, LadderEnded) and body.end is LadderEnd.ACKNOWLEDGED
    by_person = taken or not isinstance(body, LadderEnded)
    home_only = isinstance(body, HOME_EVENTS) and not isinstance(body, _HOME_ACTS)
    if home_only or not by_person or isinstance(body, _BY_NODE_ALONE):
        text = f"{type(body).__name__} is what a node records of itself; no person records it"
        return Refused(code=RefusalCode.NOT_OWNER, text=text)
    return None


def _filled(state: State, body: Event, now: datetime) -> Event:
    """The event with what the protocol says filled in where the person left it out."""
    if isinstance(body, CallPlaced):
        return with_answer_time(state, replace(body, sent_by=SentBy.PERSON), now)
    return body


def with_answer_time(state: State, placed: CallPlaced, now: datetime) -> CallPlaced:
    """The call with its answer clock: the protocol's, unless its caller set one."""
    if placed.answer_by is not None:
        return placed
    row = state.setting.protocol.answer_time(placed.kind, placed.precedence)
    return replace(placed, answer_by=later(now, by_s=row.answer_s))


def _not_ours_to_say(state: State, body: Event) -> Refused | None:
    """Refuse a call to nobody we share a protocol with, and words about a call not made to us."""
    if isinstance(body, CallPlaced):
        if body.to_party in state.feeds and body.to_party != state.setting.party:
            return None
        names = ", ".join(other.party for other in state.others())
        text = f"call {body.call}: {body.to_party} is no counterpart here; call one of: {names}"
        return Refused(code=RefusalCode.UNKNOWN_OBJECT, text=text)
    if not isinstance(body, AcknowledgementEvent | AnswerEvent):
        return None
    assert isinstance(body.call, EntryRef), "resolved above"
    found = state.call_at(body.call)
    if found is None:
        text = f"entry {body.call.seq} of feed {body.call.feed} placed no call; name the call's id"
        return Refused(code=RefusalCode.UNKNOWN_OBJECT, text=text)
    if found.placed.to_party != state.setting.party:
        text = f"call {found.placed.call} is to {found.placed.to_party}, not to us"
        return Refused(code=RefusalCode.NOT_ADDRESSED, text=text)
    return None


def _beyond_scope(state: State, body: Any, by: Speaker) -> Refused | None:  # noqa: ANN401
    """Refuse a statement for a component that the speaker's declared role cannot speak for."""
    scope = getattr(body, "scope", None) or getattr(getattr(body, "answer", None), "scope", None)
    role = state.own.roles.get(by.role)
    if role is None or not isinstance(scope, Scope):
        return None
    return out_of_scope(role, scope)


def _provisional(state: State, body: Event, by: Speaker, to: Destination, now: datetime) -> Held:
    """The entry as it would be, for the tables to judge; its hash is not yet known."""
    log = state.journal if isinstance(to, Home) else state.own
    ref = EntryRef(feed=log.feed, seq=log.size, hash="")
    return Held(ref=ref, kind=type(body).__name__, at=now, audience=(), by=by, body=body)
