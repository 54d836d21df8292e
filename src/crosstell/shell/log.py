"""One log as the node holds it in memory: verified up to its last entry, with its root at any size.

Heads in other parties' entries name our sizes and roots; both sides of that comparison are here,
and so is where in the log they stand, so that nobody looks through it for them.
"""

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from crosstell.codecs import entry_body
from crosstell.core.ids import FeedId
from crosstell.core.record.entry import Body, Entry, Header
from crosstell.core.record.feed import FeedHead, follow, parse_next
from crosstell.core.record.keys import KEY_TYPES
from crosstell.core.record.signing import VerifierOf
from crosstell.core.record.tree import (
    EMPTY_ROOT,
    HASH_SIZE,
    CompactRange,
    inclusion_proof,
    root_of,
)
from crosstell.core.state.events import JournalCommitted
from crosstell.core.state.setting import Setting
from crosstell.shell.store.contract import StoredEntry

COMMITS = entry_body.kind_of(JournalCommitted(size=1, root="0" * 64))
_NO_HEADS = b'"heads":{}'
_HEADS = re.compile(rb'"heads":{([^}]+)}')
_HEAD = re.compile(rb'"([^"]+)":\[(\d+),')
_COMMITS_END = f'"type":"{COMMITS}","v":1}}'.encode("ascii")


def _numbers() -> "array[int]":
    return array("Q")


@dataclass(slots=True)
class Namings:
    """Which entries of a log name another feed, and how much of it: neither ever shrinks."""

    places: "array[int]" = field(default_factory=_numbers)
    sizes: "array[int]" = field(default_factory=_numbers)

    def put(self, place: int, size: int) -> None:
        """The entry of that number names so much."""
        self.places.append(place)
        self.sizes.append(size)

    def first_over(self, number: int) -> tuple[int, int] | None:
        """The first entry that names more than so many, and how many."""
        found = bisect_right(self.sizes, number)
        return None if found == len(self.sizes) else (self.places[found], self.sizes[found])

    def size_at(self, place: int) -> int:
        """How much is named by that entry or, at the latest, before it; 0: nothing."""
        found = bisect_right(self.places, place)
        return 0 if found == 0 else self.sizes[found - 1]


@dataclass(slots=True)
class Log:
    """A feed's verified head, and the tree that gives its root at any size.

    `is_named` is false of the journal: nobody else names its sizes, so no hashes are kept for that.
    """

    feed: FeedId
    head: FeedHead | None = None
    is_named: bool = True
    nodes: list[bytearray] = field(default_factory=list)  # complete subtrees, by level
    names: dict[FeedId, Namings] = field(default_factory=dict)
    commits: "array[int]" = field(default_factory=_numbers)  # where it states its journal's root

    @property
    def size(self) -> int:
        """How many entries are verified."""
        return 0 if self.head is None else self.head.size

    @property
    def root(self) -> bytes:
        """The root of all that is verified."""
        return EMPTY_ROOT if self.head is None else self.head.tree.root()

    def root_at(self, size: int) -> bytes | None:
        """The root of the first `size` entries, as far as they are held."""
        if size >= self.size:
            return self.root if size == self.size else None
        assert self.is_named, f"log {self.feed}: who asks for a root of the past?"
        return root_of(size, self._node)

    def proof(self, index: int, size: int) -> tuple[bytes, ...]:
        """The proof that entry `index` is among the first `size`, which are held."""
        assert self.is_named, f"log {self.feed}: who asks for its proofs?"
        assert index < size <= self.size, f"log {self.feed}: no such proof"
        return inclusion_proof(index=index, size=size, read=self._node)

    def names_of(self, feed: FeedId) -> Namings:
        """What it says of that other feed."""
        return self.names.get(feed) or Namings()

    def put(self, head: FeedHead, header: Header) -> None:
        """One more entry is verified, with that header; `head` is the feed with it."""
        assert head.size == self.size + 1, "a log grows by one entry at a time"
        if self.is_named:
            tree = CompactRange() if self.head is None else self.head.tree
            found = tree.completed(bytes.fromhex(head.last_hash))
            self.keep([[node] for _, _, node in found])
            self._note(header.seq, ((named.feed, named.size) for named in header.heads))
            if header.type == COMMITS:
                self.commits.append(header.seq)
        self.head = head

    def recall(self, seq: int, leaf: bytes) -> None:
        """The next entry was verified before: what its header names, from its bytes."""
        if not self.is_named:
            return
        if _NO_HEADS not in leaf and (heads := _HEADS.search(leaf)) is not None:
            found = _HEAD.findall(heads[1])
            self._note(seq, ((FeedId(name.decode("ascii")), int(size)) for name, size in found))
        if leaf.endswith(_COMMITS_END):
            self.commits.append(seq)

    def _note(self, seq: int, heads: Iterable[tuple[FeedId, int]]) -> None:
        for feed, size in heads:
            self.names.setdefault(feed, Namings()).put(seq, size)

    def keep(self, completed: Sequence[Sequence[bytes]]) -> None:
        """These subtrees, by level, are complete; what gives roots of the past is kept."""
        if self.is_named:
            self.nodes += [bytearray() for _ in range(len(completed) - len(self.nodes))]
            for level, found in enumerate(completed):
                self.nodes[level] += b"".join(found)

    def _node(self, level: int, index: int) -> bytes:
        start = index * HASH_SIZE
        return bytes(self.nodes[level][start : start + HASH_SIZE])

    def verify(self, row: StoredEntry, verifier_of: VerifierOf) -> Entry:
        """The row's entry, every rule of its own feed checked and the log one longer.

        What it says of other feeds is compared apart (`Exchange.compare_heads`).
        """
        entry = parse_next(self.head, row.leaf)
        public = body_of(row) if entry.header.type in KEY_TYPES else None
        self.put(follow(self.head, entry, verifier_of, body=public), entry.header)
        return entry


def body_of(row: StoredEntry) -> Body | None:
    """The body with its salt, if the row holds them."""
    if row.salt is None or row.body is None:
        return None
    return Body(salt=row.salt, content=row.body)


def empty_logs(setting: Setting) -> dict[FeedId, Log]:
    """Every party's feed and our journal, nothing verified yet."""
    feeds = {feed: Log(feed=feed) for _, feed in setting.feeds}
    return {**feeds, setting.journal: Log(feed=setting.journal, is_named=False)}
