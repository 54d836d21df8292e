"""The queue, in three parts: what needs a person now, what waits on the counterpart, what to watch.

A matter is in one part. It needs us now until a person of our own has done the next thing: seen
it and, where it is urgent, called about it. Silence moves nothing: acknowledging stops the sound
and leaves the alert where its clock is seen until a call is out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crosstell.core.detection.alert import Attention
from crosstell.core.ids import AlertId, CallId, EntryRef, FeedId, NoticeId, PartyId
from crosstell.core.instant import later
from crosstell.core.line.acknowledgement import Stage
from crosstell.core.line.call import CallState
from crosstell.core.line.chain import CallByStanding
from crosstell.core.line.ended import has_ended
from crosstell.core.line.escalation import Matter, MatterKind, OwnVoiceLog
from crosstell.core.line.message import CallKind, Precedence
from crosstell.core.line.view import AnswerStanding, StopStanding
from crosstell.core.line.watch.voice import VoiceLogId
from crosstell.core.mechanism.line.waiting import STOP_WARNING_S
from crosstell.core.mechanism.screen.alerts import ScreenAlert, Words
from crosstell.core.mechanism.screen.calls import Direction, ScreenCall
from crosstell.core.mechanism.screen.former import missing_of_former
from crosstell.core.mechanism.screen.notices import Kept, ScreenNotice
from crosstell.core.mechanism.screen.said.phrase import (
    ArgKind,
    CodedText,
    figure,
    instant,
    named,
    phrase,
    word,
)
from crosstell.core.picture.notice import NoticeState, NoticeTime
from crosstell.core.picture.status import StatusState
from crosstell.core.protocol.rule import AlertLevel
from crosstell.core.state.state import State
from crosstell.core.table import Stamp


class Part(StrEnum):
    """Where in the queue a matter stands."""

    NEEDS_YOU = "needs-you"
    WAITING = "waiting"
    MONITORING = "monitoring"


class ItemKind(StrEnum):
    """What a matter is."""

    DURESS = "duress"
    ALERT = "alert"
    CALL = "call"
    NOTICE = "notice"
    SUSPENSION = "suspension"
    FORMER_FEED = "former-feed"


class DueOf(StrEnum):
    """What the clock of a matter counts to."""

    CALL_BY = "call-by"
    INFRINGEMENT = "infringement"
    RECEIVE_BY = "receive-by"
    ANSWER_BY = "answer-by"
    STAND_BY_ENDS = "stand-by-ends"
    STOP_EXPIRES = "stop-expires"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueItem:
    """One matter: where it stands, why, and what its clock counts to. `rank` 0 goes first.

    One of alert, call (with the party that placed it), notice (with its party) and log names it; of
    a suspension of the protocol, the party that declared it; of a former feed, the feed, whose it
    was, and whom to `ask` or tell about it.
    """

    key: str
    part: Part
    kind: ItemKind
    rank: int
    why: CodedText
    due_at: datetime | None = None
    due_of: DueOf | None = None
    level: AlertLevel | None = None
    party: PartyId | None = None
    alert: AlertId | None = None
    call: EntryRef | None = None
    notice: NoticeId | None = None
    log: VoiceLogId | None = None
    feed: FeedId | None = None
    ask: tuple[PartyId, ...] = ()


_LEVEL_RANK = {AlertLevel.CRITICAL: 2, AlertLevel.URGENT: 3, AlertLevel.ADVISORY: 5}
_PRECEDENCE_RANK = {
    Precedence.FLASH: 2,
    Precedence.IMMEDIATE: 3,
    Precedence.PRIORITY: 4,
    Precedence.ROUTINE: 5,
}
_STOP, _SUSPENDED, _LATE, _LAST = 1, 2, 3, 6


def queue_of(
    state: State,
    alerts: tuple[ScreenAlert, ...],
    calls: tuple[ScreenCall, ...],
    notices: tuple[ScreenNotice, ...],
    now: datetime,
) -> tuple[QueueItem, ...]:
    """Every open matter once, in the order of the parts, then rank, then clock. SCR-080 to 084."""
    ours = [one for one in calls if one.party == state.setting.party and not _over(one)]
    open_calls = {one.call: one.clock.standing in _OWED for one in ours}
    found = [
        *_duress(state),
        *_suspended(state),
        *_former(state, now),
        *(_alert(one, open_calls) for one in alerts),
        *(item for one in calls if (item := _call(one, now)) is not None),
        *(item for one in notices if (item := _notice(state, one)) is not None),
    ]
    return tuple(sorted(found, key=_order))


def _order(item: QueueItem) -> tuple[int, int, int, str, str]:
    due = "" if item.due_at is None else item.due_at.isoformat()
    return list(Part).index(item.part), item.rank, item.due_at is None, due, item.key


def _duress(state: State) -> Iterator[QueueItem]:
    """A duress word needs us until a person takes it, and stays on top: nothing takes it back."""
    for log in sorted(state.journal.duress):
        heard = instant("at", state.journal.duress[log].heard.heard_at)
        part, code = Part.NEEDS_YOU, "queue.duress"
        text = "A duress word was heard in this voice call. Say nothing on the line."
        heard_in = Matter(kind=MatterKind.DURESS_HEARD, subject=OwnVoiceLog(log=log))
        if has_ended(state.journal.ended, heard_in):
            part, code = Part.MONITORING, "queue.duress-taken"
            text = "A duress word was heard in this voice call; a person of ours has taken it."
        yield QueueItem(
            key=f"duress {log}",
            part=part,
            kind=ItemKind.DURESS,
            rank=0,
            why=phrase(code, text, named("log", log), heard),
            log=log,
        )


def _suspended(state: State) -> Iterator[QueueItem]:
    """Another party's suspension needs us until we have called it, or said a word. CON-552."""
    own, digest = state.setting.party, state.setting.digest
    for party in sorted(state.feeds):
        said = state.feeds[party].adherence.get(digest)
        if said is None or said.suspended is None:
            continue
        at = said.suspended.stamp.at
        if party == own:
            code, text = "queue.protocol-suspended-own", "We have suspended the protocol."
        elif _spoken_since(state, party, _came_at(state, said.suspended.stamp)):
            code, text = "queue.protocol-suspended-spoken", "Our side has spoken to it since."
        else:
            code = "queue.protocol-suspended"
            text = (
                "Do not count on what it owes; this node goes on as before. Ask what still holds."
            )
        needs = code == "queue.protocol-suspended"
        yield QueueItem(
            key=f"suspension {party}",
            part=Part.NEEDS_YOU if needs else Part.MONITORING,
            kind=ItemKind.SUSPENSION,
            rank=_SUSPENDED if needs else _LAST,
            why=phrase(code, text, named("party", party), instant("at", at)),
            party=party,
        )


def _former(state: State, now: datetime) -> Iterator[QueueItem]:
    """A feed that its party left needs us until it is asked about, then is watched. NOD-470."""
    for one in missing_of_former(state, now):
        is_own = one.party == state.setting.party
        left = f"{len(one.notices)} notices that had not ended and {one.calls} open calls"
        code = "queue.former-feed"
        text = f"{left} stand in no picture here: ask by telephone what still holds, and log it."
        if is_own:
            code = "queue.former-feed-own"
            text = f"{left} stand in no picture: file again what still holds, and tell the others."
        elif not one.ask:
            code = "queue.former-feed-spoken"
            text = f"Our side has spoken with it since; {left} stand in no picture here."
        figures = {"notices": len(one.notices), "calls": one.calls, "filed": one.filed}
        args = (figure(name, ArgKind.NUMBER, value) for name, value in figures.items())
        yield QueueItem(
            key=f"former-feed {one.feed}",
            part=Part.NEEDS_YOU if one.ask else Part.MONITORING,
            kind=ItemKind.FORMER_FEED,
            rank=_SUSPENDED if one.ask else _LAST,
            why=phrase(code, text, named("party", one.party), *args),
            party=one.party,
            feed=one.feed,
            ask=one.ask,
        )


def _came_at(state: State, suspension: Stamp) -> datetime:
    """When we held it, by our own clock: what we said before was said without it. CON-610."""
    came = state.journal.suspensions.get(suspension.ref)
    return suspension.at if came is None else came.at


def _spoken_since(state: State, party: PartyId, at: datetime) -> bool:
    """Whether a person of ours called that party since, or stated anything of the protocol.

    A call by voice counts by when it ended, and not by when it was logged. What is recorded here
    after a suspension came is never timed before it, but may have its time. CON-588.
    """
    ours = state.own.adherence.get(state.setting.digest)
    said = () if ours is None else (ours.suspended, ours.used)
    calls = (
        one.placed_stamp.at
        for one in state.own.calls.values()
        if one.placed.to_party == party and one.placed.kind is not CallKind.TEST
    )
    logs = (
        one.account.ended_at
        for one in state.own.voice_logs.values()
        if one.account.counterpart == party and one.account.kind is not CallKind.TEST
    )
    words = (one.stamp.at for one in said if one is not None)
    return any(when >= at for when in (*calls, *logs, *words))


def _alert(one: ScreenAlert, open_calls: dict[CallId, bool]) -> QueueItem:
    """`open_calls`: those of ours that are not over, and of each whether its answer is owed."""
    due_at, due_of = _alert_due(one)
    owed = [open_calls[call] for call in one.calls if call in open_calls]
    part, code, text = _alert_part(one, owed)
    return QueueItem(
        key=f"alert {one.alert}",
        part=part,
        kind=ItemKind.ALERT,
        rank=_LAST if one.words is Words.CLEARED else _LEVEL_RANK[one.level],
        why=phrase(code, text, word("level", one.level)),
        due_at=due_at,
        due_of=due_of,
        level=one.level,
        alert=one.alert,
    )


def _alert_part(one: ScreenAlert, owed: list[bool]) -> tuple[Part, str, str]:
    if one.attention is Attention.UNACKNOWLEDGED:
        text = "It cleared before anybody acknowledged it."
        return Part.NEEDS_YOU, "queue.alert-cleared-unseen", text
    if one.words is Words.CLEARED:
        return Part.MONITORING, "queue.alert-cleared", "It has cleared."
    if one.attention is Attention.RINGING:
        return Part.NEEDS_YOU, "queue.alert-ringing", "Nobody has acknowledged it."
    if any(owed):
        text = "A call about it is open, and its answer is owed."
        return Part.WAITING, "queue.alert-waiting", text
    if owed:
        return Part.MONITORING, "queue.alert-called", "A call about it is open."
    if one.level is not AlertLevel.ADVISORY and one.call_by:
        text = "Acknowledged, and no call about it is out."
        return Part.NEEDS_YOU, "queue.alert-uncalled", text
    if one.words is Words.LAST_KNOWN:
        return Part.MONITORING, "queue.alert-last-known", "Acknowledged; last known, not seen now."
    return Part.MONITORING, "queue.alert-seen", "Acknowledged: seen, not settled."


def _alert_due(one: ScreenAlert) -> tuple[datetime | None, DueOf | None]:
    if one.words is Words.CLEARED:
        return None, None
    if one.call_by and one.call_by[0].standing is CallByStanding.IN_TIME:
        return one.call_by[0].at, DueOf.CALL_BY
    return one.infringement_at, DueOf.INFRINGEMENT


_OWED = (
    AnswerStanding.OWED,
    AnswerStanding.CHECKING,
    AnswerStanding.STANDING_BY,
    AnswerStanding.STAND_BY_EXPIRED,
)


def _over(call: ScreenCall) -> bool:
    return call.state in (CallState.CLOSED, CallState.DISREGARDED)


def _call(one: ScreenCall, now: datetime) -> QueueItem | None:
    """An open call of ours or to us; none for an ended one, and none for a test of our own."""
    if _over(one) or one.direction is Direction.BETWEEN_OTHERS:
        return None
    if one.direction is Direction.TAKEN:
        return _incoming(one)
    return None if one.kind is CallKind.TEST else _outgoing(one, now)


def _item(one: ScreenCall, part: Part, rank: int, why: CodedText) -> QueueItem:
    return QueueItem(
        key=f"call {one.party}/{one.call}",
        part=part,
        kind=ItemKind.CALL,
        rank=rank,
        why=why,
        party=one.party,
        call=one.ref,
    )


def _with_due(item: QueueItem, due_at: datetime | None, due_of: DueOf) -> QueueItem:
    if due_at is None:
        return item
    fields = {name: getattr(item, name) for name in QueueItem.__slots__}
    return QueueItem(**(fields | {"due_at": due_at, "due_of": due_of}))


_STANDS = (StopStanding.STANDS, StopStanding.DECLINED)


def _incoming(one: ScreenCall) -> QueueItem | None:
    who = (named("party", one.party), word("kind", one.kind))
    rank = _STOP if one.stop in _STANDS else _PRECEDENCE_RANK[one.precedence]
    if one.stage in (Stage.UNSEEN, Stage.DELIVERED):
        text = "No person here has received it."
        why = phrase("queue.call-not-received", text, *who)
        return _with_due(_item(one, Part.NEEDS_YOU, rank, why), one.receive_by, DueOf.RECEIVE_BY)
    if one.kind is CallKind.TEST:
        return None
    standing = one.clock.standing
    if standing in (AnswerStanding.OWED, AnswerStanding.CHECKING, AnswerStanding.STAND_BY_EXPIRED):
        why = phrase(f"queue.answer-{standing}", "Our answer is owed.", *who)
        return _with_due(_item(one, Part.NEEDS_YOU, rank, why), one.clock.due_at, DueOf.ANSWER_BY)
    if standing is AnswerStanding.STANDING_BY:
        why = phrase("queue.answer-standing-by", "We said stand by; the answer is owed.", *who)
        return _with_due(
            _item(one, Part.NEEDS_YOU, rank + 1, why), one.clock.due_at, DueOf.STAND_BY_ENDS
        )
    why = phrase("queue.call-answered", "Answered; its caller has not closed it.", *who)
    return _item(one, Part.MONITORING, rank, why)


def _outgoing(one: ScreenCall, now: datetime) -> QueueItem:
    who = (named("party", one.to_party), word("kind", one.kind))
    standing, due_at = one.clock.standing, one.clock.due_at
    rank = _PRECEDENCE_RANK[one.precedence]
    if one.stop in _STANDS and one.expires_at is not None:
        ends = one.expires_at
        if later(ends, by_s=-STOP_WARNING_S) <= now:
            why = phrase("queue.stop-expiring", "Our stop expires: renew it or lift it.", *who)
            return _with_due(_item(one, Part.NEEDS_YOU, _STOP, why), ends, DueOf.STOP_EXPIRES)
    if due_at is not None and due_at <= now:
        code = f"queue.own-{standing}-late"
        text = "Their time is over and no answer has come: call again, or by another line."
        why = phrase(code, text, *who)
        return _with_due(_item(one, Part.NEEDS_YOU, _LATE, why), due_at, DueOf.ANSWER_BY)
    if due_at is not None:
        due_of = DueOf.ANSWER_BY
        if standing is AnswerStanding.STANDING_BY:
            due_of = DueOf.STAND_BY_ENDS
        why = phrase(f"queue.own-{standing}", "Their answer is owed.", *who)
        return _with_due(_item(one, Part.WAITING, rank, why), due_at, due_of)
    why = phrase(f"queue.own-{standing}", "Answered; it can be closed.", *who)
    item = _item(one, Part.MONITORING, rank, why)
    return item if one.expires_at is None else _with_due(item, one.expires_at, DueOf.STOP_EXPIRES)


def _notice(state: State, one: ScreenNotice) -> QueueItem | None:
    """A notice that nobody has answered: ours waits on them, theirs is for us to look at."""
    if one.state is NoticeState.WITHDRAWN or one.time is NoticeTime.EXPIRED:
        return None
    silent = [row.party for row in one.statuses if row.status is StatusState.UNANSWERED]
    if not silent or one.kept is Kept.HOME:
        return None
    is_ours = one.party == state.setting.party
    if not is_ours and state.setting.party not in silent:
        return None
    code = "queue.notice-unanswered" if is_ours else "queue.notice-without-our-status"
    text = "No status stated; silence is not consent." if is_ours else "We have stated no status."
    return QueueItem(
        key=f"notice {one.party}/{one.notice}",
        part=Part.WAITING if is_ours else Part.MONITORING,
        kind=ItemKind.NOTICE,
        rank=_LAST,
        why=phrase(code, text, named("party", one.party), named("notice", one.notice)),
        party=one.party,
        notice=one.notice,
    )
