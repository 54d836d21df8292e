"""A readout drafted from the record: one sentence for each thing that entries show, tied to them.

A draft for a person to shorten, order and add views to. It says what was recorded and by whom; it
says nothing of why, and nothing that no entry states. Times are their authors' claims.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from crosstell.core.ids import EntryRef, PartyId, RoleId
from crosstell.core.incident.paper import LIST_MAX, FromRecord, IncidentFile
from crosstell.core.instant import format_instant
from crosstell.core.line.acknowledgement import (
    Acknowledgement,
    AcknowledgementEvent,
    CallActedOn,
    CallPassedOn,
)
from crosstell.core.line.answer import AnswerKind, Answers, in_force
from crosstell.core.line.call import Call, CallState
from crosstell.core.line.content import CallContent, said_in
from crosstell.core.line.view import CallSides
from crosstell.core.line.watch.broadcast import Broadcast
from crosstell.core.line.watch.voice import Timed, VoiceLog
from crosstell.core.mechanism.line.sides import sides_of
from crosstell.core.picture.content import Content, volumes_of
from crosstell.core.picture.notice import Notice
from crosstell.core.picture.party import Speaker
from crosstell.core.picture.scoped import scope_text
from crosstell.core.picture.status import Status
from crosstell.core.picture.wording import NOT_CLEAR_TO_ENGAGE, quoted, thing_words
from crosstell.core.state.state import FeedState, State
from crosstell.core.table import Stamp

WORDS_MAX = 300  # of somebody's own words in one sentence of a draft
_STAGES = {
    "CallDelivered": "a node of {who} held it",
    "CallReceived": "a person of {who} received it",
    "CallReadBack": "{who} read it back",
    "SummaryConfirmed": "{who} confirmed its summary",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """The sentences in order of time; `left_out` counts those beyond what a readout may hold."""

    sentences: tuple[FromRecord, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence in the making: an instant, its words, the entries that it is read from."""

    at: datetime
    text: str
    entries: tuple[EntryRef, ...]


def readout_draft(state: State, incident: IncidentFile) -> Drafted:
    """What this party's record shows of the incident's time and parties. Implements INC-060.

    Half-open in time; an incident without end goes on.
    """
    return _drafted(said_of(state, incident))


def calls_of_role(state: State, incident: IncidentFile, role: RoleId) -> Drafted:
    """Of the draft, what it has of calls that this role placed, or that were placed to it. INC-073.

    A call by other means, of which nothing is recorded, is not in it.
    """
    calls = {
        call.placed_stamp.ref
        for feed in state.feeds.values()
        for call in feed.calls.values()
        if role in (call.placed.to_role, _role(call.placed_stamp))
    }
    return _drafted([one for one in said_of(state, incident) if calls & set(one.entries)])


def notices_told(state: State, incident: IncidentFile) -> Drafted:
    """Of the draft, what it has of notices and of what was stated of them. INC-071."""
    filed = {
        stamp.ref
        for feed in state.feeds.values()
        for stamp in (
            *(version.stamp for one in feed.notices.values() for version in one.versions),
            *(one.withdrawal.stamp for one in feed.notices.values() if one.withdrawal),
            *(stated.stamp for one in feed.statuses.values() for stated in one.statements),
        )
    }
    return _drafted([one for one in said_of(state, incident) if one.entries[0] in filed])


def _role(stamp: Stamp) -> RoleId | None:
    by: Speaker | None = stamp.by
    return None if by is None else by.role


def said_of(state: State, incident: IncidentFile) -> list[Said]:
    """Everything that entries show of the incident's time and parties, in order of time."""
    told = [
        one
        for party in sorted(set(incident.parties) & state.feeds.keys())
        for one in _of_feed(state, state.feeds[party])
        if incident.start <= one.at and (incident.end is None or one.at < incident.end)
    ]
    told.sort(key=lambda one: one.at)  # stable: a stage stays behind its call
    return told


def _drafted(told: list[Said]) -> Drafted:
    sentences = tuple(
        FromRecord(text=f"{format_instant(one.at)}: {one.text}", entries=one.entries)
        for one in told[:LIST_MAX]
    )
    return Drafted(sentences=sentences, left_out=len(told) - len(sentences))


def _of_feed(state: State, feed: FeedState) -> Iterator[Said]:
    for notice in feed.notices.values():
        yield from _notice(feed.party, notice)
    for status in feed.statuses.values():
        yield from _status(state, feed.party, status)
    for call in feed.calls.values():
        yield from _call(feed.party, sides_of(state, call))
    for log in feed.voice_logs.values():
        yield _voice(feed.party, log)
    for sent in feed.broadcasts.values():
        yield _broadcast(feed.party, sent)


def _notice(party: PartyId, notice: Notice) -> Iterator[Said]:
    for filed in notice.versions:
        event = filed.event
        what = thing_words(event.content).lower()
        text = (
            f"{_who(party, filed.stamp)} filed {event.notice} ({what}), version {event.version}"
            f"{_window(event.content)}{_reason(event.reason)}"
        )
        yield Said(filed.stamp.at, text, (filed.stamp.ref,))
    if notice.withdrawal is not None:
        stamp = notice.withdrawal.stamp
        text = f"{_who(party, stamp)} withdrew {notice.notice}"
        yield Said(stamp.at, text, (stamp.ref,))


def _window(content: Content) -> str:
    """The time that the notice is for, from the first of its windows to the last."""
    windows = [volume.window for volume in volumes_of(content)]
    if not windows:
        return ""
    start, end = min(one.start for one in windows), max(one.end for one in windows)
    return f", for {format_instant(start)} until before {format_instant(end)}"


def _reason(reason: str | None) -> str:
    return "" if reason is None else f"; reason: {_cut(reason)}"


def _status(state: State, party: PartyId, status: Status) -> Iterator[Said]:
    for stated in status.statements:
        name = _notice_name(state, status.notice)
        text = (
            f"{_who(party, stated.stamp)} stated of {name}: "
            f"{stated.event.status.replace('-', ' ')}, {scope_text(stated.event.scope)}"
        )
        yield Said(stated.stamp.at, text, (stated.stamp.ref, status.notice))


def _notice_name(state: State, ref: EntryRef) -> str:
    for feed in state.feeds.values():
        for notice in feed.notices.values():
            version = notice.version_of(ref)
            if version is not None:
                return f"{notice.notice}, version {version}"
    return f"entry {ref.seq} of another feed, not held here"


def _call(caller: PartyId, sides: CallSides) -> Iterator[Said]:
    call, placed = sides.call, sides.call.placed
    name = f"{placed.kind.value} {placed.call}"
    error = "; it was later disregarded, as sent in error" if _in_error(call) else ""
    text = (
        f"{_who(caller, call.placed_stamp)} placed {name} ({placed.precedence.value}, "
        f"{placed.reality.value}) to {placed.to_party} {placed.to_role}"
        f"{_said(placed.content)}{error}"
    )
    yield Said(call.placed_stamp.at, text, (call.placed_stamp.ref,))
    for version in call.versions[1:]:
        said = f"{caller} corrected {name}{_said(version.content)}"
        yield Said(version.at, said, (version.ref, call.placed_stamp.ref))
    if call.lifted is not None:
        lifted = f"{_who(caller, call.lifted)} lifted {name}"
        yield Said(call.lifted.at, lifted, (call.lifted.ref, call.placed_stamp.ref))
    if sides.acknowledgement is not None:
        yield from _stages(placed.to_party, name, call, sides.acknowledgement)
    if sides.answers is not None:
        yield from _answers(placed.to_party, name, call, sides.answers)


def _said(content: CallContent) -> str:
    """The typed words of the call and its remarks, if it has any."""
    said = "; ".join(_words(content))
    return f": {said}" if said else ""


def _words(content: CallContent) -> tuple[str, ...]:
    """The typed words of the call, then its remarks, cut where they are long."""
    remarks = () if content.remarks is None else (f"remarks: {_cut(content.remarks.text)}",)
    return (*said_in(content), *remarks)


def _cut(words: str) -> str:
    """Somebody's own words, quoted, and cut where they are long."""
    plain = " ".join(words.split())
    if len(plain) <= WORDS_MAX:
        return quoted(plain)
    return f"{quoted(plain[:WORDS_MAX])} (cut; the entry has it all)"


def _in_error(call: Call) -> bool:
    return call.state is CallState.DISREGARDED


def _voice(party: PartyId, log: VoiceLog) -> Said:
    """A voice call as one side logged it; the other side's log is a sentence of its own."""
    account = log.account
    how = type(account.carriage).__name__.lower()
    answer = "" if account.answer is None else f", answered: {_field(account.answer.kind)}"
    typed = [] if account.message is None else list(_words(account.message))
    if account.timed is Timed.STATED_LATER:
        when = format_instant(log.logged_stamp.at)
        typed.insert(0, f"times stated later, when it was logged, {when}")
    said = f": {'; '.join(typed)}" if typed else ""
    text = (
        f"{_who(party, log.logged_stamp)} logged a call, {account.kind.value}, by {how} with "
        f"{account.counterpart}, {account.direction.value}, from "
        f"{format_instant(account.started_at)} to {format_instant(account.ended_at)}{answer}{said}"
    )
    return Said(account.started_at, text, (log.logged_stamp.ref,))


def _broadcast(party: PartyId, broadcast: Broadcast) -> Said:
    """A broadcast as its sender recorded it, and how many are said to have heard it."""
    sent = broadcast.sent
    text = (
        f"{_who(party, broadcast.sent_stamp)} recorded a broadcast to {_cut(sent.addressed)}: "
        f"{_cut(sent.text.text)}; {len(broadcast.heard)} said to have heard it"
    )
    entries = (broadcast.sent_stamp.ref, *(stamp.ref for stamp, _ in broadcast.heard))
    return Said(sent.sent_at[0], text, entries[:LIST_MAX])


def _stages(party: PartyId, name: str, call: Call, held: Acknowledgement) -> Iterator[Said]:
    for stamp, event in held.marks:
        text = f"{name}: {_stage_words(_who(party, stamp), event)}"
        yield Said(stamp.at, text, (stamp.ref, call.placed_stamp.ref))


def _stage_words(who: str, event: AcknowledgementEvent) -> str:
    match event:
        case CallPassedOn():
            return f"{who} stated that it was passed on {scope_text(event.scope)}"
        case CallActedOn():
            return f"{who} stated that it was acted on {scope_text(event.scope)}"
        case _:
            return _STAGES[type(event).__name__].format(who=who)


def _answers(party: PartyId, name: str, call: Call, answers: Answers) -> Iterator[Said]:
    standing = {event.answer_id for _, event in in_force(answers)}
    for stamp, event in answers.given:
        answer = event.answer
        lines = f"; {NOT_CLEAR_TO_ENGAGE}" if answer.kind.value == "not-ours" else ""
        later = "" if event.answer_id in standing else "; corrected later"
        until = "" if answer.until is None else f" until {format_instant(answer.until)}"
        reason = "" if answer.reason is None else answer.reason.text
        text = (
            f"{name}: {_who(party, stamp)} answered: {_field(answer.kind)}{until}, "
            f"{scope_text(answer.scope)}{_reason(reason or None)}{lines}{later}"
        )
        yield Said(stamp.at, text, (stamp.ref, call.placed_stamp.ref))


def _field(kind: AnswerKind) -> str:
    """The answer in the field's own word, in no quotation marks: nobody said it so. INC-072."""
    word = kind.value.replace("-", " ")
    return "noted (no undertaking)" if kind is AnswerKind.NOTED else word


def _who(party: PartyId, stamp: Stamp) -> str:
    by: Speaker | None = stamp.by
    return str(party) if by is None else f"{party} {by.role}"
