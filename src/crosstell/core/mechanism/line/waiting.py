"""What waits for a person of our own side, and how far its ladder has climbed.

The waits are a function of the state and the time; each gets a ladder when its moment has come,
and a ladder whose wait is gone is ended. Computed anew each time, so that nothing is forgotten
after a crash and nothing rings twice. Implements MEC-040 to MEC-046.
"""

from collections.abc import Iterator, Mapping
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
    in_order,
    next_due_at,
    own_call_waits,
    prepare_draft,
    to_end,
    unopened,
    why_own_call_ended,
)
from crosstell.core.mechanism.line.drafting import draft_for_alert
from crosstell.core.mechanism.line.incoming import held_calls
from crosstell.core.mechanism.line.secretly import duress_rungs, duress_waits
from crosstell.core.mechanism.line.sides import sides_of
from crosstell.core.protocol.rule import AlertLevel
from crosstell.core.state.state import State

STOP_WARNING_S = 120.0  # how long before a stop expires its caller is told; our own choice


def ladder_events(state: State, now: datetime) -> tuple[LadderEvent, ...]:
    """What is to be recorded of the ladders at `now`: ended, opened, the next rung reached."""
    ladders, calls, others = state.journal.ladders, held_calls(state), _other_ladders(state)
    waiting = waits(state, others, now)
    gone = sorted((*to_end(waiting, others), *calls.gone.values()), key=matter_key)
    found: list[LadderEvent] = [
        LadderEnded(matter=matter, end=_end(state, matter, now)) for matter in gone
    ]
    climbing = [matter for matter, ladder in ladders.items() if due(ladder, now=now) is not None]
    for matter in sorted(set(climbing).difference(gone), key=matter_key):
        found += _climbed(state, ladders[matter], now)
    to_come = (*unopened(waiting, others, state.journal.ended), *calls.unopened.values())
    found += [_opened(state, wait) for wait in in_order(to_come) if wait.opens_at <= now]
    return tuple(found)


def next_waiting_at(state: State, now: datetime) -> datetime | None:
    """The next instant at which a ladder opens, a rung is due or a stop ends; None: none."""
    ends = [
        call.expires_at
        for call in state.own.calls.values()
        if call.expires_at is not None and stop_stands(call, at=now)
    ]
    others = _other_ladders(state)
    to_come = unopened(waits(state, others, now), others, state.journal.ended)
    to_come = (*to_come, *held_calls(state).unopened.values())
    due_at = next_due_at(to_come, state.journal.ladders)
    return min([*ends, *([] if due_at is None else [due_at])], default=None)


def waits(state: State, ladders: Mapping[Matter, Ladder], now: datetime) -> tuple[Wait, ...]:
    """Everything but calls to us that waits, or will, for a person of our side, as seen at `now`.

    `ladders` are those that run about any of it.
    """
    return (*_own_calls(state, now), *_alerts(state, ladders), *duress_waits(state))


def _other_ladders(state: State) -> dict[Matter, Ladder]:
    """Those that run about anything but calls to us."""
    return {
        matter: ladder
        for matter, ladder in state.journal.ladders.items()
        if not isinstance(matter.subject, IncomingCall)
    }


def _own_calls(state: State, now: datetime) -> Iterator[Wait]:
    for call in state.own.calls.values():
        if call.ended is None:
            yield from own_call_waits(sides_of(state, call), now=now, stop_lead_s=STOP_WARNING_S)


def _alerts(state: State, ladders: Mapping[Matter, Ladder]) -> Iterator[Wait]:
    """Alerts that ring, above advisory. While one rings, a change of level keeps its ladder."""
    running = {matter.subject: ladder for matter, ladder in ladders.items()}
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
