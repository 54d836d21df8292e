"""The calls to us that no person here received, and what their ladders are owed.

Worked out once for as long as the state's maps are the same, and brought up to date by what
differs in them, as the alerts that are held are: a step costs as much as changed, however many
calls are open. Implements MEC-045, NOD-563, NOD-564.
"""

from collections.abc import Iterable, Mapping
from itertools import chain
from operator import is_
from typing import Any

from crosstell.core.ids import EntryRef, FeedId
from crosstell.core.line.call import Call
from crosstell.core.line.ended import has_ended
from crosstell.core.line.escalation import IncomingCall, Matter, MatterKind
from crosstell.core.line.watch.queue import Wait, incoming_call_wait
from crosstell.core.mechanism.assess.alerted import changed_in
from crosstell.core.mechanism.assess.picturing import NODES_KEPT_MAX
from crosstell.core.state.state import State

ACKNOWLEDGED, LADDERS, ENDED = 0, 1, 2  # places of the maps; behind them the calls of each other


class HeldCalls:
    """The calls to one node.

    `unopened` are those that wait and never had a ladder, `gone` the matters of ladders that run
    and wait no longer. `untold` are the calls of which our node has yet to say that they are
    delivered.
    """

    def __init__(self) -> None:
        """Of no call."""
        self._maps: tuple[Mapping[Any, Any], ...] = ()
        self.unopened: dict[EntryRef, Wait] = {}
        self.gone: dict[EntryRef, Matter] = {}
        self.untold: dict[EntryRef, None] = {}

    def follow(self, state: State) -> None:
        """This is the state."""
        maps = _maps_of(state)
        if len(maps) == len(self._maps) and all(map(is_, maps, self._maps)):
            return
        changed = _changed(maps, self._maps)
        if changed is None:
            self.unopened, self.gone, self.untold = {}, {}, {}
            every = (_named(place, held, held) for place, held in enumerate(maps))
            changed = dict.fromkeys(chain.from_iterable(every))
        for ref in changed:
            self._judge(state, ref)
        self._maps = maps

    def _judge(self, state: State, ref: EntryRef) -> None:
        matter = Matter(kind=MatterKind.CALL_NOT_RECEIVED, subject=IncomingCall(call=ref))
        call = None if ref.feed == state.setting.feed else state.call_at(ref)
        wait = None if call is None else _wait_of(state, call)
        self.unopened.pop(ref, None)
        self.gone.pop(ref, None)
        self.untold.pop(ref, None)
        is_to_us = call is not None and call.placed.to_party == state.setting.party
        if is_to_us and ref not in state.own.acknowledgements:
            self.untold[ref] = None
        if matter in state.journal.ladders:
            if wait is None:
                self.gone[ref] = matter
        elif wait is not None and not has_ended(state.journal.ended, matter):
            self.unopened[ref] = wait


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
        if keys is None and place == LADDERS:  # one ended: which there are is all that counts
            keys = now.keys() ^ past.keys()
        if keys is None:
            return None
        found |= dict.fromkeys(_named(place, now, keys))
    return found


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
