"""What waits for a person of our own side, and how far its ladder has climbed.

The waits are a function of the state and the time; each gets a ladder when its moment has come,
and a ladder whose wait is gone is ended. Computed anew each time, so that nothing is forgotten
after a crash and nothing rings twice. Implements MEC-040 to MEC-046.
"""

from collections.abc import Iterator
from datetime import datetime

from crosstell.core.detection.alert import Attention, shown_alert
from crosstell.core.ids import PartyId, RoleId
from crosstell.core.line.call import stop_stands
from crosstell.core.line.content import CallContent
from crosstell.core.line.escalation import (
    IncomingCall,
    Ladder,
    LadderEnd,
    LadderEnded,
    LadderEvent,
    LadderOpened,
    Matter,
    MatterKind,
    OwnCall,
    OwnVoiceLog,
    RaisedAlert,
    Rung,
    due,
    matter_key,
)
from crosstell.core.line.message import CallKind
from crosstell.core.line.watch.queue import (
    Wait,
    incoming_call_wait,
    next_due_at,
    own_call_waits,
    prepare_draft,
    to_end,
    unopened,
    why_own_call_ended,
)
from crosstell.core.mechanism.line.drafting import draft_for_alert
from crosstell.core.mechanism.line.secretly import duress_rungs, duress_waits
from crosstell.core.mechanism.line.sides import acknowledgement_of, sides_of
from crosstell.core.protocol.rule import AlertLevel
from crosstell.core.state.state import State

STOP_WARNING_S = 120.0  # how long before a stop expires its caller is told; our own choice


def ladder_events(state: State, now: datetime) -> tuple[LadderEvent, ...]:
    """What is to be recorded of the ladders at `now`: ended, opened, the next rung reached."""
    waiting = waits(state, now)
    ladders = state.journal.ladders
    gone = to_end(waiting, ladders)
    found: list[LadderEvent] = [
        LadderEnded(matter=matter, end=_end(state, matter, now)) for matter in gone
    ]
    for matter in sorted(set(ladders) - set(gone), key=matter_key):
        found += _climbed(state, ladders[matter], now)
    to_come = unopened(waiting, ladders, state.journal.ended)
    found += [_opened(state, wait) for wait in to_come if wait.opens_at <= now]
    return tuple(found)


def next_waiting_at(state: State, now: datetime) -> datetime | None:
    """The next instant at which a ladder opens, a rung is due or a stop ends; None: none."""
    ends = [
        call.expires_at
        for call in state.own.calls.values()
        if call.expires_at is not None and stop_stands(call, at=now)
    ]
    ladders = state.journal.ladders
    due_at = next_due_at(unopened(waits(state, now), ladders, state.journal.ended), ladders)
    return min([*ends, *([] if due_at is None else [due_at])], default=None)


def waits(state: State, now: datetime) -> tuple[Wait, ...]:
    """Everything that waits, or will, for a person of our side, as seen at `now`."""
    return (*_own_calls(state, now), *_incoming(state), *_alerts(state), *duress_waits(state))


def _own_calls(state: State, now: datetime) -> Iterator[Wait]:
    for call in state.own.calls.values():
        if call.ended is None:
            yield from own_call_waits(sides_of(state, call), now=now, stop_lead_s=STOP_WARNING_S)


def _incoming(state: State) -> Iterator[Wait]:
    for feed in state.others():
        for call in feed.calls.values():
            held = acknowledgement_of(state, call)
            if call.placed.to_party != state.setting.party or held is None:
                continue
            since = held.marks[0][0].at
            wait = incoming_call_wait(call, held, ref=call.placed_stamp.ref, held_since=since)
            if wait is not None:
                yield wait


def _alerts(state: State) -> Iterator[Wait]:
    """Alerts that ring, above advisory. While one rings, a change of level keeps its ladder."""
    running = {matter.subject: ladder for matter, ladder in state.journal.ladders.items()}
    for alert in state.journal.alerts.values():
        if not shown_alert(alert) or alert.attention is not Attention.RINGING:
            continue
        assert alert.shown is not None
        subject = RaisedAlert(alert=alert.shown.alert)
        if (ladder := running.get(subject)) is not None:
            yield Wait(matter=ladder.opened.matter, opens_at=ladder.opened.opened_at)
        elif alert.shown.level is not AlertLevel.ADVISORY:
            since = alert.shown.level_since
            kind = MatterKind.ALERT_UNACKNOWLEDGED
            yield Wait(matter=Matter(kind=kind, subject=subject, mark=since), opens_at=since)


def _opened(state: State, wait: Wait) -> LadderOpened:
    escalation = state.setting.protocol.escalation
    rungs = tuple(Rung(role=rung.role, after_s=rung.after_s) for rung in escalation.rungs)
    rings = [rung.role for rung in rungs].index(state.setting.ring_limit) + 1
    if _is_test(state, wait.matter):
        rungs, rings = rungs[:1], 1
    if isinstance(wait.matter.subject, OwnVoiceLog):
        rungs, rings = duress_rungs(state, wait.matter.subject.log, rungs, rings)
    return LadderOpened(matter=wait.matter, opened_at=wait.opens_at, rungs=rungs, rings=rings)


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
    role = ladder.opened.rungs[asked].role
    to_party, content = _to_say(state, ladder.opened.matter, role)
    draft = prepare_draft(
        ladder,
        rung=asked,
        to_party=to_party,
        like_roles=tuple((one.id, one.id) for one in state.setting.protocol.roles),
        content=content,
    )
    return (draft,)


def _to_say(
    state: State, matter: Matter, role: RoleId
) -> tuple[PartyId | None, CallContent | None]:
    """Whom a draft about this matter would call, and with what words."""
    match matter.subject:
        case OwnCall(call=name):
            own = state.own.calls.get(name)
            return (None, None) if own is None else (own.placed.to_party, own.versions[-1].content)
        case IncomingCall() | OwnVoiceLog():
            return None, None  # our own people are to take it; nobody else need be called
        case RaisedAlert(alert=name):
            alert = state.alert(name)
            draft = None if alert is None else draft_for_alert(state, alert, role)
            return (None, None) if draft is None else (draft.to_party, draft.content)


def _end(state: State, matter: Matter, now: datetime) -> LadderEnd:
    """Why the matter no longer waits."""
    match matter.subject:
        case OwnVoiceLog():
            return LadderEnd.CALL_ENDED  # it waits until a person takes it, unless it was erased
        case RaisedAlert(alert=name):
            alert = state.alert(name)
            seen = alert is not None and alert.attention is Attention.ACKNOWLEDGED
            return LadderEnd.ALERT_ACKNOWLEDGED if seen else LadderEnd.ALERT_ENDED
        case IncomingCall(call=ref):
            call = state.call_at(ref)
            over = call is None or call.ended is not None
            return LadderEnd.CALL_ENDED if over else LadderEnd.RECEIVED
        case OwnCall(call=name):
            own = state.own.calls.get(name)  # a feed whose end is not yet given back
            if own is None:
                return LadderEnd.CALL_ENDED
            return why_own_call_ended(sides_of(state, own), matter, now=now)
