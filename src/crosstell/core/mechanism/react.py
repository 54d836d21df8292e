"""What follows at once from an entry that is now in the record: our own, or another party's.

Effects follow from recorded entries only, so none leaves before its entry is durable, and each
can be asked for again after a crash (`again`).
"""

from datetime import datetime

from crosstell.core.detection.alert import (
    AlertChanged,
    AlertCleared,
    AlertHeld,
    AlertLastKnown,
    AlertRaised,
    AlertWatched,
    shown_alert,
)
from crosstell.core.ids import EntryRef, PartyId
from crosstell.core.line.acknowledgement import AcknowledgementEvent, CallDelivered
from crosstell.core.line.answer import AnswerEvent
from crosstell.core.line.call import Call, stop_stands
from crosstell.core.line.escalation import (
    DraftPrepared,
    IncomingCall,
    Ladder,
    LadderEnded,
    OwnCall,
    RungReached,
    Subject,
    matter_key,
)
from crosstell.core.line.health import LineSample
from crosstell.core.line.message import CallClosed, CallerEvent, CallKind, CallPlaced, Reality
from crosstell.core.mechanism.effects import (
    DraftReady,
    Effect,
    Ring,
    RingRank,
    ShowAlert,
    ShowCall,
    StopRinging,
)
from crosstell.core.mechanism.line.drafting import alert_words, brief_of
from crosstell.core.mechanism.line.incoming import held_calls
from crosstell.core.mechanism.line.testing import sample_of
from crosstell.core.picture.track import Observation, ObservationFaulty
from crosstell.core.protocol.adherence import SuspensionCame
from crosstell.core.state.events import Event
from crosstell.core.state.held import Held, OfRecord, Unreadable
from crosstell.core.state.state import State

QUIET = (Observation, ObservationFaulty, AlertWatched, AlertHeld)


def is_quiet(held: Held) -> bool:
    """Whether nothing follows from this entry by itself, so that it may be folded with the next."""
    return isinstance(held.body, QUIET)


def consequences(state: State, held: Held) -> tuple[Event, ...]:
    """What our node records because this entry is held; `state` has it folded in."""
    body = held.body
    if isinstance(body, CallClosed) and held.ref.feed == state.setting.feed:
        call = state.own.calls.get(body.call)
        return () if call is None else _new_sample(state, call)
    return ()


def delivered(state: State) -> tuple[CallDelivered, ...]:
    """What our node has yet to say of the calls to us that it holds. Implements MEC-011.

    What could not be signed when the call came is said later. By party, then as they were placed.
    """
    untold = held_calls(state).untold
    order = {feed.feed: number for number, feed in enumerate(state.others())}
    found = sorted(untold, key=lambda ref: (order[ref.feed], ref.seq))
    return tuple(CallDelivered(call=ref) for ref in found)


def suspensions_come(state: State) -> tuple[SuspensionCame, ...]:
    """What our node has yet to note of the suspensions of others that it holds. CON-610."""
    digest = state.setting.digest
    said = (feed.adherence.get(digest) for feed in state.others())
    return tuple(
        SuspensionCame(suspension=one.suspended.stamp.ref)
        for one in said
        if one is not None
        and one.suspended is not None
        and one.suspended.stamp.ref not in state.journal.suspensions
    )


def effects_of(state: State, held: Held) -> tuple[Effect, ...]:
    """What the shell is to do because this entry is held; `state` has it folded in."""
    if is_quiet(held) or isinstance(held.body, Unreadable | OfRecord):
        return ()
    if held.ref.feed == state.setting.journal:
        return _of_journal(state, held.body, held)
    party = state.setting.party_of(held.ref.feed)
    if party is None or party == state.setting.party:
        return ()
    return _of_other(state, party, held)


def again(state: State) -> tuple[Effect, ...]:
    """Everything that stands, for a shell that may have lost it. Implements MEC-013.

    Rings and drafts, the alerts that are shown, the calls to us that no person has received. What
    is not among them has ended.
    """
    found: list[Effect] = [
        ShowAlert(alert=alert.shown.alert, text=alert_words(alert))
        for alert in state.journal.alerts.values()
        if alert.shown is not None and shown_alert(alert)
    ]
    for matter in sorted(state.journal.ladders, key=matter_key):
        ladder = state.journal.ladders[matter]
        if ladder.reached > 0:
            found.append(_standing(state, ladder))
    return tuple(found)


def _new_sample(state: State, call: Call) -> tuple[LineSample, ...]:
    sample = sample_of(state, call)
    if sample is None:
        return ()
    line = state.journal.lines.get(sample.line)
    known = line is not None and any(s.placed_at == sample.placed_at for s in line.samples)
    return () if known else (sample,)


def _of_journal(state: State, body: Event, held: Held) -> tuple[Effect, ...]:
    match body:
        case RungReached(matter=matter, rung=rung):
            ladder = state.journal.ladders.get(matter)
            if ladder is None:
                return ()  # irregular: what ended never rings
            return (_ring(state, ladder, rung, held.at),)
        case DraftPrepared(matter=matter, brief=brief, from_role=role):
            return (DraftReady(matter=matter_key(matter), role=role, text=brief.text),)
        case LadderEnded(matter=matter, end=end):
            return (StopRinging(matter=matter_key(matter), text=f"ended: {end}"),)
        case AlertRaised() | AlertChanged() | AlertLastKnown() | AlertCleared():
            return _of_alert(state, body)
        case _:
            return ()


def _of_alert(
    state: State, body: AlertRaised | AlertChanged | AlertLastKnown | AlertCleared
) -> tuple[Effect, ...]:
    alert = state.journal.alerts[body.key]
    word = "" if not isinstance(body, AlertCleared) else f"cleared ({body.because}): "
    return (ShowAlert(alert=body.alert, text=word + alert_words(alert)),)


def _of_other(state: State, party: PartyId, held: Held) -> tuple[Effect, ...]:
    body = held.body
    if isinstance(body, CallerEvent):
        call = state.feeds[party].calls.get(body.call)
        if call is None or call.placed.to_party != state.setting.party:
            return ()
        first = call.placed.kind is CallKind.STOP and isinstance(body, CallPlaced)
        text = ("STOP, interrupts: " if first else "") + held.kind.replace("_", " ")
        return (ShowCall(party=party, call=body.call, text=text),)
    if isinstance(body, AcknowledgementEvent | AnswerEvent):
        ours = state.call_at(body.call) if isinstance(body.call, EntryRef) else None
        if ours is None:
            return ()
        text = held.kind.replace("_", " ")
        return (ShowCall(party=state.setting.party, call=ours.placed.call, text=text),)
    return ()


def _ring(state: State, ladder: Ladder, rung: int, at: datetime) -> Ring:
    matter = ladder.opened.matter
    return Ring(
        matter=matter_key(matter),
        role=ladder.opened.rungs[rung].role,
        rung=rung,
        text=brief_of(state, matter, at),
        rank=RingRank.STOP if _is_stop(state, matter.subject, at) else RingRank.OTHER,
    )


def _standing(state: State, ladder: Ladder) -> Effect:
    rung, matter = ladder.reached - 1, ladder.opened.matter
    assert ladder.steps, "a ladder has at least its opening"
    at = ladder.steps[-1][0].at
    if rung < ladder.opened.rings:
        return _ring(state, ladder, rung, at)
    role = ladder.opened.rungs[rung].role
    return DraftReady(matter=matter_key(matter), role=role, text=brief_of(state, matter, at))


def _is_stop(state: State, subject: Subject, at: datetime) -> bool:
    """Whether it is about a stop that stands and is real. Implements NOD-552."""
    call: Call | None = None
    if isinstance(subject, OwnCall):
        call = state.own.calls.get(subject.call)
    elif isinstance(subject, IncomingCall):
        call = state.call_at(subject.call)
    return call is not None and call.placed.reality is Reality.REAL and stop_stands(call, at=at)
