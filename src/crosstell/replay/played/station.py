"""One party's node in a run, and how people there notice what it does."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from crosstell.core.detection.alert_table import AlertState
from crosstell.core.ids import AlertId, CallId, EntryRef, FeedId, PartyId
from crosstell.core.line.call import Call
from crosstell.core.line.message import CallPlaced
from crosstell.core.mechanism.effects import DraftReady, Effect, Ring, ShowAlert
from crosstell.core.mechanism.view import alert_view
from crosstell.core.state.state import State
from crosstell.replay.given.habits import CallSeen, Sight
from crosstell.replay.played import trace
from crosstell.shell.node import Node
from crosstell.sim.people import (
    AlertOnScreen,
    CallBeforeUs,
    DraftOnScreen,
    EntryHeld,
    Happening,
    Rung,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """What happened, for the habits, and what the person has before them."""

    happening: Happening
    sight: Sight


@dataclass(slots=True)
class Station:
    """A node with what it keeps, and how far each of its logs has been looked at."""

    party: PartyId
    node: Node
    desk: trace.Desk
    owners: dict[FeedId, tuple[PartyId, str]]
    looked: dict[FeedId, int] = field(default_factory=dict)
    tick_at: datetime | None = None

    def new_sights(self, reader: trace.Reader, now: datetime) -> tuple[trace.Sight, ...]:
        """The entries that the node has come to hold since the last look, by log."""
        found = []
        for feed in sorted(self.owners, key=lambda name: self.owners[name]):
            start = self.looked.get(feed, 0)
            if self.desk.store.size(feed) == start:
                continue
            of, home = self.owners[feed]
            for row in self.desk.store.entries(feed, start):
                kind, by, body, ref = reader.read(row)
                found.append(
                    trace.Sight(
                        at=now,
                        held_by=self.party,
                        of=of,
                        home=home,
                        ref=ref,
                        kind=kind,
                        by=by,
                        body=body,
                    )
                )
            self.looked[feed] = start + sum(1 for s in found if s.ref.feed == feed)
        return tuple(found)

    def call_by(self, name: AlertId) -> datetime | None:
        """By when one must call, as the node shows it to a person with this alert."""
        state = self.node.state
        alert = state.alert(name)
        if alert is None or alert.shown is None:
            return None
        shown = alert_view(state, alert, alert.shown.finding_at)
        return None if shown is None else shown.call_by

    def noticed(
        self, effects: tuple[Effect, ...], sights: tuple[trace.Sight, ...], now: datetime
    ) -> Iterator[Noticed]:
        """What people of this party notice of it: what rang and showed, then what came in."""
        for effect in effects:
            yield from self._of_effect(effect, now)
        for sight in sights:
            yield from self._of_entry(sight, now)

    def _of_effect(self, effect: Effect, now: datetime) -> Iterator[Noticed]:
        state = self.node.state
        match effect:
            case Ring(matter=matter, role=role):
                what = Rung(role=role, matter=matter)
                yield self._notice(what, matter, Sight(what=what, at=now))
            case DraftReady(matter=matter, role=role):
                draft = DraftOnScreen(role=role)
                yield self._notice(draft, matter, Sight(what=draft, at=now))
            case ShowAlert(alert=name):
                alert = state.alert(name)
                if alert is None or alert.shown is None or alert.state is not AlertState.SHOWN:
                    return
                shown = alert.shown
                screen = AlertOnScreen(level=shown.level)
                sight = Sight(what=screen, at=now, alert=name, level=shown.level)
                yield self._notice(screen, f"{name} {shown.returns}", sight)
            case _:
                return

    def _of_entry(self, sight: trace.Sight, now: datetime) -> Iterator[Noticed]:
        call = _call_of(self.node.state, sight)
        seen = None
        if call is not None:
            seen = CallSeen(
                party=_caller(self.node.state, call),
                call=call.placed.call,
                content=call.versions[-1].content,
            )
        matter = f"{sight.ref.feed} {sight.ref.seq}"
        body = sight.body
        if isinstance(body, CallPlaced) and body.to_party == self.party and seen is not None:
            before = CallBeforeUs(kinds=(body.kind.value,), to_role=body.to_role)
            yield self._notice(
                before, matter, Sight(what=before, at=now, call=seen, entry=sight.ref)
            )
        held = EntryHeld(of=sight.of, kind=sight.kind)
        yield self._notice(held, matter, Sight(what=held, at=now, call=seen, entry=sight.ref))

    def _notice(self, what: object, matter: str, sight: Sight) -> Noticed:
        happening = Happening(party=self.party, what=what, matter=matter)  # type: ignore[arg-type]
        return Noticed(happening=happening, sight=sight)


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
