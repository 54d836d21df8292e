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
class Slot:
    """Where a log keeps one sort of machine, which events advance it, and how one is found.

    `key` is given the event and the machines held, since some events name their machine by an
    id that only the machine knows.
    """

    name: str
    events: tuple[type, ...]
    key: Callable[[Any, Machines], Hashable]
    advance: Advance


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


def turn(held: Machines, slot: Slot, event: object, stamp: Stamp) -> Machines | Refused | Duplicate:
    """The machines with the event's own advanced, or why nothing changed."""
    key = slot.key(event, held)
    after = slot.advance(held.get(key), event, stamp)
    if isinstance(after, Refused | Duplicate):
        return after
    return MappingProxyType({**held, key: after})
