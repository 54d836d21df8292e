"""Whether an act can be meant as it is written: who speaks, and which parties and roles it names.

A node would refuse some of these when they happen; then the replay would show a silence that
nobody wrote. Implements REP-085.
"""

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, is_dataclass
from typing import get_args, get_type_hints

from crosstell.codecs.shape import Many, OneOf, Shape, fields_of, remembered, tag_of
from crosstell.codecs.yaml_document import (
    DocumentFault,
    DocumentRefused,
    Listing,
    Mapping,
    Mark,
    Node,
)
from crosstell.core.ids import PartyId, RoleId
from crosstell.core.mechanism.inputs import Act
from crosstell.core.protocol.fault import Step
from crosstell.core.protocol.times import CallKind
from crosstell.core.state.events import EVENTS
from crosstell.sim.people import CallBeforeUs, EntryHeld, Habit

Path = tuple[Step, ...]
_FORM_WORDS = ("assumed", "the")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The ids that the protocol has."""

    parties: tuple[str, ...]
    roles: tuple[str, ...]


def mark_of(node: Node, *path: Step) -> Mark:
    """Where the value at the path begins; where the path ends early, what it ends at."""
    return _reached(node, path)[0].mark


def _reached(node: Node, path: Path) -> tuple[Node, int]:
    """The node at the path, or the last on the way to it; and how many steps were left."""
    left = len(path)
    for step in path:
        found: Node | None = None
        if isinstance(node, Mapping):
            found = next((value for key, value in node.entries if key.text == step), None)
        elif isinstance(node, Listing) and isinstance(step, int) and step < len(node.items):
            found = node.items[step]
        if found is None:
            break
        node, left = found, left - 1
    return node, left


def check_body(file: str, root: Node, *path: Step) -> None:
    """Refuse a body that is no event, with the nearest names instead of all of them."""
    body, left = _reached(root, path)
    known = [tag_of(event) for event in EVENTS]
    if left or not isinstance(body, Mapping) or len(body.entries) != 1:
        return  # the reader tells it better
    tag = body.entries[0][0]
    if tag.text in known or tag.text in _FORM_WORDS:
        return
    near = difflib.get_close_matches(tag.text[:100], known, n=3)
    offer = f"is it {' or '.join(near)}? " if near else ""
    shown = tag.text if len(tag.text) <= 40 else tag.text[:40] + "..."
    text = f"there is no body {shown!r}; {offer}docs/scenarios.md lists the bodies"
    raise DocumentRefused((DocumentFault(file, tag.mark, _dotted(path), text),))


def act_faults(
    file: str, root: Node, act: Act, party: PartyId, known: Known, path: Path
) -> Iterator[DocumentFault]:
    """An act that speaks for another party, or names a party or role that the protocol has not."""
    if act.by.party != party and act.by.party in known.parties:
        text = (
            f"this is an act of {act.by.party!r}, but the node is of {party!r}, which records "
            f"nothing for others; write {party!r}, or move it to the other party"
        )
        where = (*path, "by", "party")
        yield DocumentFault(file, mark_of(root, *where), _dotted(where), text)
    yield from _names(file, root, act, known, path)


def habit_faults(file: str, head: Node, habit: Habit, known: Known) -> Iterator[DocumentFault]:
    """A habit of nobody, or one that waits for what cannot happen."""
    yield from _names(file, head, habit, known, ())
    match habit.on:
        case EntryHeld(kind=kind):
            kinds = [tag_of(event) for event in EVENTS]
            where: Path = ("on", "entry_held", "kind")
            yield from _one_of(file, head, kind, kinds, "kind of entry", where)
        case CallBeforeUs(kinds=kinds, to_role=to_role):
            words = [kind.value for kind in CallKind]
            for index, kind in enumerate(kinds):
                where = ("on", "call_before_us", "kinds", index)
                yield from _one_of(file, head, kind, words, "kind of call", where)
            if to_role:
                where = ("on", "call_before_us", "to_role")
                yield from _one_of(file, head, to_role, known.roles, "role", where)
        case _:
            return


def _names(
    file: str, root: Node, value: object, known: Known, path: Path
) -> Iterator[DocumentFault]:
    """Every party and role anywhere in the value that the protocol has not."""
    hints = _hints(type(value))
    for field in fields_of(type(value)):
        found = getattr(value, field.name)
        for name, where in _parts(field.shape, found, (*path, field.name)):
            if isinstance(name, str):
                kinds = {hints[field.name], *get_args(hints[field.name])}
                if PartyId in kinds:
                    yield from _one_of(file, root, name, known.parties, "party", where)
                elif RoleId in kinds:
                    yield from _one_of(file, root, name, known.roles, "role", where)
            else:
                yield from _names(file, root, name, known, where)


@remembered
def _hints(kind: type) -> dict[str, object]:
    return get_type_hints(kind)


def _parts(shape: Shape, value: object, path: Path) -> Iterator[tuple[object, Path]]:
    """The texts and values of a field, each with its place in the document."""
    match shape:
        case Many(item=item) if isinstance(value, tuple):
            for index, each in enumerate(value):
                yield from _parts(item, each, (*path, index))
        case OneOf() if value is not None and fields_of(type(value)):
            yield value, (*path, tag_of(type(value)))
        case _ if isinstance(value, str) or (is_dataclass(value) and not isinstance(value, type)):
            yield value, path
        case _:
            return


def _one_of(
    file: str, root: Node, name: str, known: Iterable[str], what: str, where: Path
) -> Iterator[DocumentFault]:
    words = tuple(known)
    if name in words:
        return
    near = difflib.get_close_matches(name, words, n=3)
    offer = " or ".join(near) if near else ", ".join(words[:12])
    text = f"there is no {what} {name!r}; {'is it' if near else 'there are'} {offer}"
    yield DocumentFault(file, mark_of(root, *where), _dotted(where), text)


def _dotted(path: Path) -> str:
    words = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(words).lstrip(".")
