"""Whether an entry tells where somebody is, so that a copy of it takes two persons.

Rules of this file
- Decided by what the entry's object holds, not by its kind: an object that holds a position
  anywhere tells it, whichever of its entries is copied.
- Of a notice, a claim and a paper each version is told apart, as where one is released.
- What is not known to tell no place may tell one: of the journal everything else, and an entry that
  no object here holds (irregular, repeated, unread, or given way to a later one).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from types import UnionType
from typing import Any

from crosstell.core.assessment.account.claim import Claim
from crosstell.core.assessment.account.content import Place
from crosstell.core.geometry.position import Position
from crosstell.core.ids import EntryRef
from crosstell.core.incident.paper import IncidentFile, Paper
from crosstell.core.line.call import ContentVersion
from crosstell.core.picture.notice import Notice, needs_second_person
from crosstell.core.state.state import FeedState, JournalState, State
from crosstell.core.table import Stamp

_BY_VERSION = ("notices", "claims", "papers")


def may_tell_a_place(state: State, refs: Iterable[EntryRef]) -> bool:
    """Whether two persons must let these entries out. Implements REL-051, REL-056."""
    unknown = set(refs)
    logs: tuple[FeedState | JournalState, ...] = (*state.feeds.values(), state.journal)
    for log in logs:
        if any(ref.feed == log.feed for ref in unknown):
            unknown.difference_update(_without_place(log, frozenset(unknown)))
    return bool(unknown)


def _without_place(log: FeedState | JournalState, asked: frozenset[EntryRef]) -> Iterator[EntryRef]:
    """Those entries of this log that are known to tell no place; a withdrawal tells none."""
    for name in _BY_VERSION:
        for held in getattr(log, name).values():
            yield from (one.stamp.ref for one in held.versions if not _tells(one.event.content))
            yield from _withdrawals(held)
    if isinstance(log, FeedState):
        yield from _of_objects(log, asked)


def _tells(content: Any) -> bool:  # noqa: ANN401 - of a notice, a claim or a paper
    if isinstance(content, IncidentFile):
        return content.place is not None or content.reference is not None
    return isinstance(content, Place) or needs_second_person(content)


def _withdrawals(held: Notice | Claim | Paper) -> tuple[EntryRef, ...]:
    """The entry that withdrew it, if one did."""
    if isinstance(held, Notice):
        return () if held.withdrawal is None else (held.withdrawal.stamp.ref,)
    return () if held.withdrawn is None else (held.withdrawn[1].ref,)


def _of_objects(log: FeedState, asked: frozenset[EntryRef]) -> Iterator[EntryRef]:
    """Those entries asked for that moved an object of the feed which holds no position."""
    for field in fields(log):
        machines = getattr(log, field.name)
        if field.name in _BY_VERSION or not isinstance(machines, Mapping):
            continue
        for held in machines.values():
            moved = {part.ref for part in _parts(held, Stamp | ContentVersion)} & asked
            if moved and not any(True for _ in _parts(held, Position)):
                yield from moved


def _parts(value: object, kinds: type | UnionType) -> Iterator[Any]:
    """Every part of a recorded value that is of these kinds, however deep."""
    if isinstance(value, kinds):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _parts(item, kinds)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _parts(getattr(value, field.name), kinds)
