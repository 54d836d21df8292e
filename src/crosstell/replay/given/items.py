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


def claim_items(
    document: Document, listing: Listing, scenario: Scenario, first: int
) -> tuple[Item, ...]:
    """Claims entered together, each as the input that states it. Implements REP-075.

    `all` is what they share, `each` the claims; what a claim says itself stands before what they
    share. The items are numbered on from `first`.
    """
    found: list[Item] = []
    for node in listing.items:
        together = split_item(document.name, node, scenario, 0)
        each, rest = take(together.body, "each")
        shared, head = take(rest, "all")
        if not isinstance(each, Listing) or not isinstance(shared, Mapping | None):
            text = "write at, by, all (a mapping of what the claims share) and each (their list)"
            raise refused(document.name, node.mark, text)
        if len(found) + len(each.items) > ITEMS_MAX:
            raise refused(document.name, each.mark, f"more than {ITEMS_MAX} claims; thin them")
        for claim in each.items:
            body = _one_claim(document.name, head, shared, claim)
            found.append(Item(when=together.when, body=body, index=first + len(found)))
    return tuple(found)


def _one_claim(name: str, head: Mapping, shared: Mapping | None, claim: Node) -> Mapping:
    """`{at, input: {act: {by, body: {claim_stated: ...}}}}`, at the claim's own place."""
    if not isinstance(claim, Mapping):
        raise refused(name, claim.mark, "is not a mapping; write the keys of a claim")
    mark = claim.mark
    own = {key.text for key, _ in claim.entries}
    common = () if shared is None else shared.entries
    stated = (*claim.entries, *(entry for entry in common if entry[0].text not in own))
    by, rest = take(head, "by")
    body = _under("body", _under("claim_stated", Mapping(stated, mark)))
    act = body if by is None else Mapping((*_under("by", by).entries, *body.entries), mark)
    return Mapping((*rest.entries, *_under("input", _under("act", act)).entries), mark)


def _under(key: str, value: Node) -> Mapping:
    return Mapping(((Scalar(key, plain=True, mark=value.mark), value),), value.mark)


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
