"""How people of a party notice what its node does: what rings and shows, then what came in.

Between noticing and acting time passes: what stands by then is looked up again (`as_of`). Pure:
from a state, what the node asked to be done, and the entries that it came to hold.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from crosstell.core.detection.about import tracks_of
from crosstell.core.detection.alert import Alert, shown_alert
from crosstell.core.detection.alert_table import AlertState
from crosstell.core.ids import AlertId, CallId, EntryRef, PartyId, TrackId
from crosstell.core.line.call import Call
from crosstell.core.line.content import ABOUT_MAX, AboutAlert
from crosstell.core.line.message import CallPlaced
from crosstell.core.mechanism.assess.ownership import is_ours
from crosstell.core.mechanism.effects import DraftReady, Effect, Ring, ShowAlert
from crosstell.core.mechanism.view import to_call
from crosstell.core.state.state import State
from crosstell.replay.given.habits import CallSeen, Sight
from crosstell.replay.played import trace
from crosstell.sim.people import (
    AlertOnScreen,
    CallBeforeUs,
    DraftOnScreen,
    EntryHeld,
    Happening,
    Rung,
    Trigger,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """What happened, for the habits, and what the person has before them."""

    happening: Happening
    sight: Sight


def noticed(
    state: State, effects: Iterable[Effect], sights: Iterable[trace.Sight], now: datetime
) -> Iterator[Noticed]:
    """What people of the state's party notice at `now`, in order."""
    for effect in effects:
        yield from _of_effect(state, effect, now)
    for sight in sights:
        yield from _of_entry(state, sight, now)


def as_of(state: State, sight: Sight, now: datetime, number: int) -> Sight:
    """What the person who noticed it has before them once they act."""
    alerts = () if sight.alert is None else _alerts_beside(state, sight.alert)
    about = tuple(AboutAlert(party=state.setting.party, alert=one) for one in alerts)
    return replace(sight, at=now, number=number, about=about)


def _alerts_beside(state: State, name: AlertId) -> tuple[AlertId, ...]:
    """This alert, and those that a call about it settles too, the oldest first.

    They stand about an object of it that is not ours, and whoever may be called about it is one
    to call about them. Implements REP-136, REP-137.
    """
    noticed = state.alert(name)
    objects = set() if noticed is None else _objects(state, noticed)
    called = set() if noticed is None else set(to_call(state, noticed))
    beside = sorted(
        (shown.raised_at, shown.ordinal, shown.alert)
        for alert in state.journal.alerts.values()
        if (shown := alert.shown) is not None
        and shown.alert != name
        and shown_alert(alert)
        and objects & _objects(state, alert)
        and called <= set(to_call(state, alert))
    )
    return (name, *(found for _, _, found in beside))[:ABOUT_MAX]


def _objects(state: State, alert: Alert) -> set[TrackId]:
    """What it is about, but for what our own party has stated to be ours."""
    tracks = state.journal.tracks
    named = tracks_of(alert.key.about)
    return {one for one in named if one not in tracks or not is_ours(state, tracks[one])}


def _of_effect(state: State, effect: Effect, now: datetime) -> Iterator[Noticed]:
    party = state.setting.party
    match effect:
        case Ring(matter=matter, role=role):
            what = Rung(role=role, matter=matter)
            yield _notice(party, what, matter, Sight(what=what, at=now))
        case DraftReady(matter=matter, role=role):
            draft = DraftOnScreen(role=role)
            yield _notice(party, draft, matter, Sight(what=draft, at=now))
        case ShowAlert(alert=name):
            alert = state.alert(name)
            if alert is None or alert.shown is None or alert.state is not AlertState.SHOWN:
                return
            shown = alert.shown
            screen = AlertOnScreen(level=shown.level)
            sight = Sight(what=screen, at=now, alert=name, level=shown.level)
            yield _notice(party, screen, f"{name} {shown.returns}", sight)
        case _:
            return


def _of_entry(state: State, sight: trace.Sight, now: datetime) -> Iterator[Noticed]:
    party = state.setting.party
    call = _call_of(state, sight)
    seen = None
    if call is not None:
        seen = CallSeen(
            party=_caller(state, call),
            call=call.placed.call,
            content=call.versions[-1].content,
        )
    matter = f"{sight.ref.feed} {sight.ref.seq}"
    body = sight.body
    if isinstance(body, CallPlaced) and body.to_party == party and seen is not None:
        before = CallBeforeUs(kinds=(body.kind.value,), to_role=body.to_role)
        here = Sight(what=before, at=now, call=seen, entry=sight.ref)
        yield _notice(party, before, matter, here)
    held = EntryHeld(of=sight.of, kind=sight.kind)
    yield _notice(party, held, matter, Sight(what=held, at=now, call=seen, entry=sight.ref))


def _notice(party: PartyId, what: Trigger, matter: str, sight: Sight) -> Noticed:
    return Noticed(happening=Happening(party=party, what=what, matter=matter), sight=sight)


def _call_of(state: State, sight: trace.Sight) -> Call | None:
    """The call that an entry is about, by its reference or by its caller's own id."""
    named = getattr(sight.body, "call", None)
    if isinstance(named, EntryRef):
        return state.call_at(named)
    if isinstance(named, str) and sight.of in state.feeds:
        return state.feeds[sight.of].calls.get(CallId(named))
    return None


def _caller(state: State, call: Call) -> PartyId:
    party = state.setting.party_of(call.placed_stamp.ref.feed)
    assert party is not None, "a held call is of a feed of this protocol"
    return party
