"""A scenario's folder, read and checked whole before anything runs.

`scenario.yaml`, `protocol.yaml`, `people.yaml` (unless scenario.yaml says `people: none`), and for
each party `<party>/inputs.yaml`. Every fault is told by file, line and column with its remedy;
nothing is written. Implements REP-001, REP-009.
"""

import difflib
import os
import re
from collections.abc import Mapping as MappingLike
from dataclasses import dataclass
from pathlib import Path

from crosstell.codecs.document import from_document
from crosstell.codecs.protocol_file import read_protocol
from crosstell.codecs.yaml_document import (
    SIZE_BYTES_MAX,
    Document,
    DocumentFault,
    DocumentRefused,
    Mark,
    read_yaml,
)
from crosstell.core.errors import CallerError
from crosstell.core.ids import PartyId
from crosstell.core.protocol.document import Protocol
from crosstell.replay.given.acting import mark_of
from crosstell.replay.given.checking import (
    given_faults,
    hidden_faults,
    protocol_faults,
    range_faults,
)
from crosstell.replay.given.items import (
    PartyFile,
    PeopleFile,
    claim_items,
    items_of,
    lists_of,
    refused,
)
from crosstell.replay.given.scenario import PeopleGiven, Scenario

_NAMES = ("scenario.yaml", "protocol.yaml", "people.yaml", "inputs.yaml")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


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
    written = _read(_named(folder, "scenario.yaml"))
    scenario = _scenario_of(written)
    protocol = read_protocol(_named(folder, "protocol.yaml"))
    faults = tuple(protocol_faults(written, scenario, protocol))
    if faults:
        raise DocumentRefused(faults)
    parties = {
        party.id: _party_file(_named(folder, f"{party.id}/inputs.yaml"), scenario)
        for party in scenario.parties
    }
    people = _people_file(folder, written, scenario)
    faults = tuple(given_faults(scenario, protocol, parties, people))
    if faults:
        raise DocumentRefused(faults)
    return Loaded(
        folder=folder, scenario=scenario, protocol=protocol, parties=parties, people=people
    )


def _scenario_of(written: Document) -> Scenario:
    """The scenario; a value outside its range is told in the unit that its author wrote."""
    ranges = tuple(range_faults(written))
    try:
        return from_document(Scenario, written)
    except DocumentRefused as error:
        told = tuple(fault.path for fault in ranges)
        others = tuple(fault for fault in error.faults if fault.path not in told)
        raise DocumentRefused((*ranges, *others)) from error


def _read(path: Path) -> Document:
    """The file's tree, all of whose characters can be seen. Implements REP-086."""
    try:
        document = read_yaml(path)
    except DocumentRefused as error:
        placed = _control_fault(path) if "control characters" in str(error) else None
        raise error if placed is None else DocumentRefused((placed,)) from error
    faults = tuple(hidden_faults(document))
    if faults:
        raise DocumentRefused(faults)
    return document


def _control_fault(path: Path) -> DocumentFault | None:
    """The place of the first character that YAML does not take; its reader does not tell it."""
    before = path.read_bytes()[:SIZE_BYTES_MAX].decode("utf-8", "replace")
    for line, text in enumerate(before.split("\n"), start=1):
        found = _CONTROL.search(text)
        if found is not None:
            said = f"holds the character U+{ord(found[0]):04X}; remove it"
            return DocumentFault(str(path), Mark(line, found.start() + 1), "", said)
    return None


def _named(folder: Path, name: str) -> Path:
    """The file's path; one that is not there at all is refused, with the nearest name there is."""
    path = folder / name
    if os.path.lexists(path):
        return path  # what is there and cannot be read is told by `read_yaml`
    there = [each.name for each in path.parent.iterdir()] if path.parent.is_dir() else []
    there = [name for name in there if name not in _NAMES]
    near = difflib.get_close_matches(path.name, there, n=1)
    meant = f"; is it {near[0]!r}? rename it" if near else "; a scenario has it (docs/scenarios.md)"
    if name == PeopleGiven.IN_FILE.value:
        meant += "; where nobody answers, write 'people: none' in scenario.yaml"
    raise CallerError(f"{path}:1:1: this file is missing{meant}")


def _people_file(folder: Path, written: Document, scenario: Scenario) -> PeopleFile:
    """The habits; none only where scenario.yaml says `people: none`. Implements REP-081."""
    path = folder / PeopleGiven.IN_FILE.value
    if scenario.people is PeopleGiven.NONE:
        if os.path.lexists(path):
            mark = mark_of(written.root, "people")
            text = f"people: is none, but {path} is there; remove one of them"
            raise refused(written.name, mark, text)
        return PeopleFile(name=str(path), habits=())
    document = _read(_named(folder, path.name))
    lists = lists_of(document, ("habits",))
    if not any(key.text == "habits" for key, _ in getattr(document.root, "entries", ())):
        text = "habits is missing; write the list, or habits: [] if nobody answers"
        raise refused(document.name, document.root.mark, text)
    return PeopleFile(name=document.name, habits=items_of(document, lists["habits"], scenario))


def _party_file(path: Path, scenario: Scenario) -> PartyFile:
    document = _read(path)
    lists = lists_of(document, ("inputs", "claims", "legs"))
    inputs = items_of(document, lists["inputs"], scenario)
    return PartyFile(
        name=document.name,
        inputs=(*inputs, *claim_items(document, lists["claims"], scenario, len(inputs))),
        legs=items_of(document, lists["legs"], scenario),
    )
