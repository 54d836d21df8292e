"""What waits for a person of our own side, and how far its ladder has climbed.

The open matters are a function of the state and the time; each gets a ladder, and a ladder whose
matter is no longer open is ended. Computed anew each time, so that nothing is forgotten after a
crash and nothing rings twice. Implements MEC-040 to MEC-046.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from crosstell.core.detection.alert import Attention, shown_alert
from crosstell.core.instant import later
from crosstell.core.line.acknowledgement import Stage
from crosstell.core.line.call import Call, stop_stands
from crosstell.core.line.content import FreeText
from crosstell.core.line.escalation import (
    DraftPrepared,
    IncomingCall,
    Ladder,
    LadderEnd,
    LadderEnded,
    LadderEvent,
    LadderOpened,
    LadderState,
    Matter,
    MatterKind,
    OwnCall,
    RaisedAlert,
    Rung,
    due,
    matter_key,
)
from crosstell.core.line.message import CallKind
from crosstell.core.mechanism.calls import (
    acknowledgement_of,
    answers_of,
    is_over,
    is_settled,
    stand_by_until,
)
from crosstell.core.mechanism.drafting import brief_of, draft_about
from crosstell.core.protocol.rule import AlertLevel
from crosstell.core.state.state import State

STOP_WARNING_S = 120.0  # how long before a stop expires its caller is told; our own choice
_AWAITED = (Stage.UNSEEN, Stage.DELIVERED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """A matter that waits, and since when. Its ladder counts from then."""

    matter: Matter
    since: datetime


def ladder_events(state: State, now: datetime) -> tuple[LadderEvent, ...]:
    """What is to be recorded of the ladders at `now`: opened, ended, the next rung reached."""
    waiting = {matter_key(one.matter): one for one in open_matters(state, now)}
    ladders = state.journal.ladders
    found: list[LadderEvent] = []
    for key in sorted(ladders):
        ladder = ladders[key]
        if ladder.state is LadderState.ENDED:
            continue
        if key not in waiting:
            matter = ladder.opened.matter
            found.append(LadderEnded(matter=matter, end=_end(state, matter)))
            continue
        found += _climbed(state, ladder, now)
    found += [
        _opened(state, one, now) for key, one in sorted(waiting.items()) if key not in ladders
    ]
    return tuple(found)


def open_matters(state: State, now: datetime) -> tuple[Open, ...]:
    """Everything that waits for a person of our side at `now`."""
    return (*_own_calls(state, now), *_incoming(state), *_alerts(state))


def next_waiting_at(state: State, now: datetime) -> datetime | None:
    """The next instant after `now` at which a matter opens or a rung is due."""
    times = [
        ladder.next_due_at
        for ladder in state.journal.ladders.values()
        if ladder.next_due_at is not None
    ]
    for call in state.own.calls.values():
        if is_over(call):
            continue
        until = stand_by_until(state, call)
        if call.placed.kind is not CallKind.TEST and not is_settled(state, call):
            answer_by = call.placed.answer_by
            assert answer_by is not None, "every placed call has an answer clock"
            times.append(answer_by if until is None else until)
        if call.expires_at is not None and stop_stands(call, at=now):
            times += [later(call.expires_at, by_s=-STOP_WARNING_S), call.expires_at]
    return min((time for time in times if time > now), default=None)


def _own_calls(state: State, now: datetime) -> Iterator[Open]:
    for call in state.own.calls.values():
        if is_over(call) or call.placed.kind is CallKind.TEST:
            continue
        subject = OwnCall(call=call.placed.call)
        if call.expires_at is not None and stop_stands(call, at=now):
            since = later(call.expires_at, by_s=-STOP_WARNING_S)
            if since <= now:
                mark = call.expires_at
                matter = Matter(kind=MatterKind.STOP_EXPIRING, subject=subject, mark=mark)
                yield Open(matter=matter, since=since)
        if call.lifted is not None or is_settled(state, call):
            continue
        until = stand_by_until(state, call)
        if until is not None and until <= now:
            yield Open(
                matter=Matter(kind=MatterKind.STAND_BY_EXPIRED, subject=subject), since=until
            )
        answer_by = call.placed.answer_by
        assert answer_by is not None, "every placed call has an answer clock"
        if until is None and answer_by <= now:
            yield Open(
                matter=Matter(kind=MatterKind.CALL_UNANSWERED, subject=subject), since=answer_by
            )


def _incoming(state: State) -> Iterator[Open]:
    for feed in state.others():
        for call in feed.calls.values():
            if call.placed.to_party != state.setting.party or is_over(call):
                continue
            held = acknowledgement_of(state, call)
            if held is None or held.stage not in _AWAITED:
                continue
            subject = IncomingCall(call=call.placed_stamp.ref)
            matter = Matter(kind=MatterKind.CALL_NOT_RECEIVED, subject=subject)
            yield Open(matter=matter, since=held.marks[0][0].at)


def _alerts(state: State) -> Iterator[Open]:
    """Alerts that ring, above advisory. A rung ladder of an alert goes on while it rings."""
    rung = {
        ladder.opened.matter.subject: ladder.opened.matter
        for ladder in state.journal.ladders.values()
        if ladder.state is not LadderState.ENDED
    }
    for alert in state.journal.alerts.values():
        if not shown_alert(alert) or alert.attention is not Attention.RINGING:
            continue
        assert alert.shown is not None
        subject = RaisedAlert(alert=alert.shown.alert)
        running = rung.get(subject)
        if running is None and alert.shown.level is AlertLevel.ADVISORY:
            continue
        since = alert.shown.level_since
        kind = MatterKind.ALERT_UNACKNOWLEDGED
        yield Open(matter=running or Matter(kind=kind, subject=subject, mark=since), since=since)


def _opened(state: State, one: Open, now: datetime) -> LadderOpened:
    rungs = tuple(
        Rung(role=rung.role, after_s=rung.after_s)
        for rung in state.setting.protocol.escalation.rungs
    )
    roles = [rung.role for rung in rungs]
    rings = roles.index(state.setting.ring_limit) + 1
    if _is_test(state, one.matter):
        rungs, rings = rungs[:1], 1
    since = min(one.since, now)
    return LadderOpened(matter=one.matter, opened_at=since, rungs=rungs, rings=rings)


def _is_test(state: State, matter: Matter) -> bool:
    """Whether the matter is a line test: it rings the first rung and climbs no further."""
    if not isinstance(matter.subject, IncomingCall):
        return False
    call = state.call_at(matter.subject.call)
    return call is not None and call.placed.kind is CallKind.TEST


def _climbed(state: State, ladder: Ladder, now: datetime) -> tuple[LadderEvent, ...]:
    asked = due(ladder, now=now)
    if asked is None:
        return ()
    if not isinstance(asked, int):
        return (asked,)
    matter, role = ladder.opened.matter, ladder.opened.rungs[asked].role
    draft = draft_about(state, matter, role)
    brief = FreeText(text=brief_of(state, matter, now), language="en")
    if draft is None:
        return (DraftPrepared(matter=matter, rung=asked, brief=brief, from_role=role),)
    return (
        DraftPrepared(
            matter=matter,
            rung=asked,
            brief=brief,
            from_role=role,
            to_party=draft.to_party,
            to_role=draft.to_role,
            kind=draft.kind,
            precedence=draft.precedence,
            content=draft.content,
        ),
    )


def _end(state: State, matter: Matter) -> LadderEnd:
    """Why the matter is no longer open."""
    match matter.subject:
        case RaisedAlert(alert=name):
            alert = state.alert(name)
            seen = alert is not None and alert.attention is Attention.ACKNOWLEDGED
            return LadderEnd.ACKNOWLEDGED if seen else LadderEnd.ALERT_ENDED
        case IncomingCall(call=ref):
            call = state.call_at(ref)
            return LadderEnd.CALL_ENDED if call is None or is_over(call) else LadderEnd.RECEIVED
        case OwnCall(call=name):
            return _own_end(state, state.own.calls[name], matter)


def _own_end(state: State, call: Call, matter: Matter) -> LadderEnd:
    if matter.kind is MatterKind.STOP_EXPIRING:
        return LadderEnd.STOP_ENDED
    if is_over(call):
        return LadderEnd.CALL_ENDED
    if call.lifted is not None:
        return LadderEnd.STOP_ENDED
    return LadderEnd.HEARD_BY_CALLER if answers_of(state, call) is None else LadderEnd.ANSWERED
