"""The calls to us that no person here received, what their ladders are owed, which are of one kind.

Worked out once for as long as the state's maps are the same, and brought up to date by what
differs in them, as the alerts that are held are: a step costs as much as changed, however many
calls are open. Implements MEC-045, NOD-563.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from operator import is_
from typing import Any

from crosstell.core.ids import EntryRef, FeedId, PartyId
from crosstell.core.line.call import Call
from crosstell.core.line.ended import has_ended
from crosstell.core.line.escalation import IncomingCall, Ladder, Matter, MatterKind
from crosstell.core.line.message import CallKind, Precedence, Reality
from crosstell.core.line.watch.queue import Wait, incoming_call_wait
from crosstell.core.mechanism.assess.alerted import changed_in
from crosstell.core.mechanism.assess.picturing import NODES_KEPT_MAX
from crosstell.core.mechanism.line.sides import caller_of
from crosstell.core.state.state import State

ACKNOWLEDGED, LADDERS, ENDED = 0, 1, 2  # places of the maps; behind them the calls of each other


ALWAYS_ALONE = (CallKind.STOP, CallKind.WARN)
MAY_WAIT = (Precedence.PRIORITY, Precedence.ROUTINE)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Group:
    """Calls that may be told together: no real one among exercises, no priority among routine."""

    party: PartyId
    reality: Reality
    precedence: Precedence

    @property
    def text(self) -> str:
        """What they are, for a person."""
        return f"{self.reality} {self.precedence} calls of {self.party}"


def group_of(state: State, call: Call) -> Group | None:
    """The group of a call to us; None where it always rings by itself. Implements NOD-548."""
    placed = call.placed
    if placed.kind in ALWAYS_ALONE or placed.precedence not in MAY_WAIT:
        return None
    party = caller_of(state, call)
    return Group(party=party, reality=placed.reality, precedence=placed.precedence)


class HeldCalls:
    """The calls to one node.

    `unopened` are those that wait and never had a ladder, `gone` the matters of ladders that run
    and wait no longer. `groups` are the ladders that run and reached a rung, of one kind of calls.
    `untold` are the calls of which our node has yet to say that they are delivered.
    """

    def __init__(self) -> None:
        """Of no call."""
        self._maps: tuple[Mapping[Any, Any], ...] = ()
        self.unopened: dict[EntryRef, Wait] = {}
        self.gone: dict[EntryRef, Matter] = {}
        self.groups: dict[Group, dict[EntryRef, Ladder]] = {}
        self.untold: dict[EntryRef, None] = {}

    def follow(self, state: State) -> None:
        """This is the state."""
        maps = _maps_of(state)
        if len(maps) == len(self._maps) and all(map(is_, maps, self._maps)):
            return
        changed = _changed(maps, self._maps)
        if changed is None:
            self.unopened, self.gone, self.groups, self.untold = {}, {}, {}, {}
            every = (_named(place, held, held) for place, held in enumerate(maps))
            changed = dict.fromkeys(chain.from_iterable(every))
        for ref in changed:
            self._judge(state, ref)
        self._maps = maps

    def _judge(self, state: State, ref: EntryRef) -> None:
        matter = Matter(kind=MatterKind.CALL_NOT_RECEIVED, subject=IncomingCall(call=ref))
        call = None if ref.feed == state.setting.feed else state.call_at(ref)
        wait = None if call is None else _wait_of(state, call)
        ladder = state.journal.ladders.get(matter)
        self.unopened.pop(ref, None)
        self.gone.pop(ref, None)
        self.untold.pop(ref, None)
        is_to_us = call is not None and call.placed.to_party == state.setting.party
        if is_to_us and ref not in state.own.acknowledgements:
            self.untold[ref] = None
        if ladder is not None:
            if wait is None:
                self.gone[ref] = matter
        elif wait is not None and not has_ended(state.journal.ended, matter):
            self.unopened[ref] = wait
        group = None if call is None else group_of(state, call)
        if group is not None:
            held = self.groups.setdefault(group, {})
            held.pop(ref, None)
            if ladder is not None and ladder.reached > 0:
                held[ref] = ladder


def _wait_of(state: State, call: Call) -> Wait | None:
    """That the call waits, if it is to us and our node has said that it holds it."""
    ref = call.placed_stamp.ref
    held = state.own.acknowledgements.get(ref)
    if held is None or call.placed.to_party != state.setting.party:
        return None
    return incoming_call_wait(call, held, ref=ref, held_since=held.marks[0][0].at)


def _maps_of(state: State) -> tuple[Mapping[Any, Any], ...]:
    """All that it rests on: what we acknowledged, the ladders, and the calls of each other."""
    journal = state.journal
    calls = (feed.calls for feed in state.others())
    return (state.own.acknowledgements, journal.ladders, journal.ended, *calls)


def _changed(
    maps: tuple[Mapping[Any, Any], ...], before: tuple[Mapping[Any, Any], ...]
) -> dict[EntryRef, None] | None:
    """The calls about which anything differs; None where that is not sure."""
    if len(maps) != len(before):
        return None
    found: dict[EntryRef, None] = {}
    for place, (now, past) in enumerate(zip(maps, before, strict=True)):
        keys = () if now is past else changed_in(now, past)
        if keys is None and place == LADDERS:  # one ended
            keys = _differing(now, past)
        if keys is None:
            return None
        found |= dict.fromkeys(_named(place, now, keys))
    return found


def _differing(now: Mapping[Matter, Ladder], past: Mapping[Matter, Ladder]) -> list[Matter]:
    """What came, went or is another object, and perhaps more; by what stands where, unhashed."""
    found: list[Matter] = []
    here = iter(now.items())
    key, ladder = next(here, (None, None))
    for was, held in past.items():
        if was is not key:
            found.append(was)
            continue
        if ladder is not held:
            found.append(was)
        key, ladder = next(here, (None, None))
    return [*found, *([] if key is None else [key]), *(one for one, _ in here)]


def _named(place: int, held: Mapping[Any, Any], keys: Iterable[Any]) -> Iterable[EntryRef]:
    """The calls that these keys of the map at that place are about."""
    if place == ACKNOWLEDGED:
        return keys
    if place in (LADDERS, ENDED):
        return (one.subject.call for one in keys if isinstance(one.subject, IncomingCall))
    return (held[key].placed_stamp.ref for key in keys)


_KEPT: dict[FeedId, HeldCalls] = {}  # by the name of a node's journal, the last used last


def held_calls(state: State) -> HeldCalls:
    """The calls of this state. Valid until it is asked for another state."""
    kept = _KEPT.pop(state.setting.journal, None) or HeldCalls()
    while len(_KEPT) >= NODES_KEPT_MAX:
        del _KEPT[next(iter(_KEPT))]
    kept.follow(state)
    _KEPT[state.setting.journal] = kept
    return kept
