"""The lists in a scenario's files: entries that a run may take or leave, with forms in them.

Implements REP-003, REP-009.
"""

from dataclasses import dataclass

from crosstell.codecs.document import from_document
from crosstell.codecs.yaml_document import (
    Document,
    DocumentFault,
    DocumentRefused,
    Listing,
    Mapping,
    Mark,
    Node,
    Scalar,
)
from crosstell.replay.given.coherence import condition_faults
from crosstell.replay.given.forms import Rewriter, Setting
from crosstell.replay.given.scenario import Condition, Scenario

ITEMS_MAX = 2_000


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


def lists_of(document: Document, names: tuple[str, ...]) -> dict[str, Listing]:
    """The named lists at the top of a document; a list that is not there is empty."""
    root = document.root
    if not isinstance(root, Mapping):
        raise refused(document.name, root.mark, f"write the keys {', '.join(names)}")
    found = {name: Listing((), root.mark) for name in names}
    for key, value in root.entries:
        if key.text not in names:
            raise refused(
                document.name, key.mark, f"unknown key {key.text!r}; write {', '.join(names)}"
            )
        if not isinstance(value, Listing):
            raise refused(document.name, value.mark, f"{key.text} is not a list; write one")
        if len(value.items) > ITEMS_MAX:
            raise refused(document.name, value.mark, f"more than {ITEMS_MAX} items; thin them")
        found[key.text] = value
    return found


def items_of(document: Document, listing: Listing, scenario: Scenario) -> tuple[Item, ...]:
    """Every entry of a list, its conditions checked."""
    return tuple(
        split_item(document.name, node, scenario, index) for index, node in enumerate(listing.items)
    )


def split_item(name: str, node: Node, scenario: Scenario, index: int) -> Item:
    """A list entry with its `when` taken off and checked."""
    if not isinstance(node, Mapping):
        raise refused(name, node.mark, "is not a mapping; write its keys")
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
                    raise refused(name, value.mark, f"when: {fault.text}")
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


def refused(name: str, mark: Mark, text: str) -> DocumentRefused:
    """One fault of a file, ready to be raised."""
    return DocumentRefused((DocumentFault(name, mark, "", text),))
