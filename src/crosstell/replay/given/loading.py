"""A scenario's folder, read and checked whole before anything runs.

`scenario.yaml`, `protocol.yaml`, `people.yaml` (unless scenario.yaml says `people: none`), and for
each party `<party>/inputs.yaml`. Every fault is told by file, line and column with its remedy;
nothing is written. Implements REP-001, REP-009.
"""

import difflib
import os
from collections.abc import Mapping as MappingLike
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from crosstell.codecs.document import from_document
from crosstell.codecs.protocol_file import read_protocol
from crosstell.codecs.yaml_document import (
    Document,
    DocumentFault,
    DocumentRefused,
    Listing,
    Mapping,
    Mark,
    Node,
    Scalar,
    read_yaml,
)
from crosstell.core.errors import CallerError
from crosstell.core.ids import PartyId
from crosstell.core.protocol.document import Protocol
from crosstell.replay.given.checking import mark_of, protocol_faults
from crosstell.replay.given.coherence import condition_faults
from crosstell.replay.given.forms import Rewriter, Setting
from crosstell.replay.given.scenario import Condition, PeopleGiven, Scenario

ITEMS_MAX = 2_000
_NOTHING = Mark(1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry of a list that a run may take or leave: its conditions and what it holds."""

    when: tuple[Condition, ...]
    body: Mapping
    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyFile:
    """A party's inputs as written: single inputs, and legs of objects that its sources see."""

    name: str
    inputs: tuple[Item, ...]
    legs: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleFile:
    """The habits as written; `acts` of each are decoded when they happen."""

    name: str
    habits: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A scenario's folder in memory."""

    folder: Path
    scenario: Scenario
    protocol: Protocol
    parties: MappingLike[PartyId, PartyFile]
    people: PeopleFile


def load(folder: Path) -> Loaded:
    """The folder's files; DocumentRefused or CallerError names every fault found."""
    if not os.path.isdir(folder):
        raise CallerError(f"{folder}: is not a folder; name the folder of a scenario")
    written = read_yaml(_named(folder, "scenario.yaml"))
    scenario = from_document(Scenario, written)
    protocol = read_protocol(_named(folder, "protocol.yaml"))
    faults = tuple(protocol_faults(written, scenario, protocol))
    if faults:
        raise DocumentRefused(faults)
    parties = {
        party.id: _party_file(_named(folder, f"{party.id}/inputs.yaml"), scenario)
        for party in scenario.parties
    }
    people = _people_file(folder, written, scenario)
    return Loaded(
        folder=folder, scenario=scenario, protocol=protocol, parties=parties, people=people
    )


def _named(folder: Path, name: str) -> Path:
    """The file's path; one that is not there at all is refused, with the nearest name there is."""
    path = folder / name
    if os.path.lexists(path):
        return path  # what is there and cannot be read is told by `read_yaml`
    there = [each.name for each in path.parent.iterdir()] if path.parent.is_dir() else []
    near = difflib.get_close_matches(path.name, there, n=1)
    meant = f"; is it {near[0]!r}? rename it" if near else "; a scenario has it (docs/scenarios.md)"
    if name == PeopleGiven.IN_FILE.value:
        meant += "; where nobody answers, write 'people: none' in scenario.yaml"
    raise CallerError(f"{path}:1:1: this file is missing{meant}")


def _people_file(folder: Path, written: Document, scenario: Scenario) -> PeopleFile:
    """The habits; none only where scenario.yaml says `people: none`. Implements REP-071."""
    path = folder / PeopleGiven.IN_FILE.value
    if scenario.people is PeopleGiven.NONE:
        if os.path.lexists(path):
            mark = mark_of(written.root, "people")
            text = f"people: is none, but {path} is there; remove one of them"
            raise _refused(written.name, mark, text)
        return PeopleFile(name=str(path), habits=())
    document = read_yaml(_named(folder, path.name))
    lists = _lists(document, ("habits",))
    if not any(key.text == "habits" for key, _ in getattr(document.root, "entries", ())):
        text = "habits is missing; write the list, or habits: [] if nobody answers"
        raise _refused(document.name, document.root.mark, text)
    return PeopleFile(name=document.name, habits=_items(document, lists["habits"], scenario))


def _party_file(path: Path, scenario: Scenario) -> PartyFile:
    document = read_yaml(path)
    lists = _lists(document, ("inputs", "legs"))
    return PartyFile(
        name=document.name,
        inputs=_items(document, lists["inputs"], scenario),
        legs=_items(document, lists["legs"], scenario),
    )


def _lists(document: Document, names: tuple[str, ...]) -> dict[str, Listing]:
    """The named lists at the top of a document; a list that is not there is empty."""
    root = document.root
    if not isinstance(root, Mapping):
        raise _refused(document.name, root.mark, f"write the keys {', '.join(names)}")
    found = {name: Listing((), root.mark) for name in names}
    for key, value in root.entries:
        if key.text not in names:
            raise _refused(
                document.name, key.mark, f"unknown key {key.text!r}; write {', '.join(names)}"
            )
        if not isinstance(value, Listing):
            raise _refused(document.name, value.mark, f"{key.text} is not a list; write one")
        if len(value.items) > ITEMS_MAX:
            raise _refused(document.name, value.mark, f"more than {ITEMS_MAX} items; thin them")
        found[key.text] = value
    return found


def _items(document: Document, listing: Listing, scenario: Scenario) -> tuple[Item, ...]:
    return tuple(
        split_item(document.name, node, scenario, index) for index, node in enumerate(listing.items)
    )


def split_item(name: str, node: Node, scenario: Scenario, index: int) -> Item:
    """A list entry with its `when` taken off and checked."""
    if not isinstance(node, Mapping):
        raise _refused(name, node.mark, "is not a mapping; write its keys")
    when: tuple[Condition, ...] = ()
    rest = []
    for key, value in node.entries:
        if key.text == "when":
            when = from_document(
                _Conditions,
                Document(
                    name, Mapping(((Scalar("all", plain=True, mark=key.mark), value),), key.mark)
                ),
            ).all
            for condition in when:
                for fault in condition_faults(scenario, condition, ()):
                    raise _refused(name, value.mark, f"when: {fault.text}")
        else:
            rest.append((key, value))
    return Item(when=when, body=Mapping(tuple(rest), node.mark), index=index)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Conditions:
    """The list under `when`."""

    all: tuple[Condition, ...]


def rewritten(name: str, node: Node, setting: Setting) -> Document:
    """The node with its forms replaced, as a document of its own; DocumentRefused for a fault."""
    rewriter = Rewriter(name, setting)
    plain = rewriter.rewrite(node)
    if rewriter.faults:
        raise DocumentRefused(tuple(rewriter.faults))
    return Document(name, plain)


def take(body: Mapping, key: str) -> tuple[Node | None, Mapping]:
    """The value under `key`, and the mapping without it."""
    value = next((v for k, v in body.entries if k.text == key), None)
    rest = tuple((k, v) for k, v in body.entries if k.text != key)
    return value, Mapping(rest, body.mark)


def _refused(name: str, mark: Mark, text: str) -> DocumentRefused:
    return DocumentRefused((DocumentFault(name, mark, "", text),))


EARLIEST = datetime(1950, 1, 1, tzinfo=UTC)
