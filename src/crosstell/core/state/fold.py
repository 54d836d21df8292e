"""One log, folded: every machine that its author owns, advanced entry by entry.

A machine is advanced by the entries of one log only, in that log's order. So the state of
several feeds does not depend on how their entries were interleaved on arrival: it is a function
of the set of entries. What needs two feeds is a view, computed when asked for.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from crosstell.core.errors import Duplicate, Refused
from crosstell.core.ids import EntryRef
from crosstell.core.table import Stamp

Machines = Mapping[Any, Any]
Advance = Callable[[Any, Any, Stamp], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """Where what is left of a machine that is over goes, out of the way of those that run.

    `again` says, by the map `ended`, why an event of a machine that is over changes nothing;
    `lay_by` puts what is left of one into the maps `lately` and `ended`.
    """

    lately: str
    ended: str
    again: Callable[[Machines, Any], Refused | Duplicate | None]
    is_over: Callable[[Any], bool]
    lay_by: Callable[[dict[Any, Any], dict[Any, Any], Any], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """Where a log keeps one sort of machine, which events advance it, and how one is found.

    `key` is given the event and the machines held, since some events name their machine by an
    id that only the machine knows. With a `past`, machines that are over are kept there.
    """

    name: str
    events: tuple[type, ...]
    key: Callable[[Any, Machines], Hashable]
    advance: Advance
    past: Past | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Irregular:
    """An entry that its author's own tables forbid: kept, shown, without effect."""

    ref: EntryRef
    kind: str
    refused: Refused


def by_event(slots: tuple[Slot, ...]) -> Mapping[type, Slot]:
    """The slot of each event; an event advances one sort of machine only."""
    found: dict[type, Slot] = {}
    for slot in slots:
        for event in slot.events:
            assert event not in found, f"{event.__name__} advances two machines"
            found[event] = slot
    return MappingProxyType(found)


def turn(
    machines: Callable[[str], Machines], slot: Slot, event: object, stamp: Stamp
) -> tuple[Hashable, object] | Refused | Duplicate:
    """The key of the event's own machine and the machine advanced, or why nothing changes."""
    if slot.past is not None:
        no = slot.past.again(machines(slot.past.ended), event)
        if no is not None:
            return no
    held = machines(slot.name)
    key = slot.key(event, held)
    after = slot.advance(held.get(key), event, stamp)
    return after if isinstance(after, Refused | Duplicate) else (key, after)


class Folding:
    """The machines of one log while entries are folded in, each sort copied at most once.

    To copy a map for each entry would cost its whole size each time. Nothing that was handed out
    is changed: `changes` gives new maps.
    """

    def __init__(self, machines: Callable[[str], Machines]) -> None:
        """Nothing is changed yet; `machines` gives what is held of each sort."""
        self._machines = machines
        self._open: dict[str, dict[Any, Any]] = {}

    def turn(self, slot: Slot, event: object, stamp: Stamp) -> Refused | Duplicate | None:
        """The event's own machine is advanced, or why nothing changed."""
        after = turn(self._held, slot, event, stamp)
        if isinstance(after, Refused | Duplicate):
            return after
        key, machine = after
        held, past = self._opened(slot.name), slot.past
        if past is not None and past.is_over(machine):
            del held[key]
            past.lay_by(self._opened(past.lately), self._opened(past.ended), machine)
        else:
            held[key] = machine
        return None

    def _held(self, name: str) -> Machines:
        held = self._open.get(name)
        return self._machines(name) if held is None else held

    def _opened(self, name: str) -> dict[Any, Any]:
        held = self._open.get(name)
        if held is None:
            held = self._open[name] = copied(self._machines(name))
        return held

    def changes(self) -> dict[str, Machines]:
        """The sorts that changed, as they are now; this folding is over."""
        found: dict[str, Machines] = {
            name: MappingProxyType(held) for name, held in self._open.items()
        }
        self._open = {}
        return found


def copied(held: Machines) -> dict[Any, Any]:
    """The same in a map of its own. What we fold is copied as a whole, not key by key."""
    return held.copy() if isinstance(held, MappingProxyType | dict) else dict(held)
