"""Which rows of a batch change the store; the same rule for every back end.

Reads what is held through two functions, so that no back end has rules of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from crosstell.core.errors import Fatal
from crosstell.core.ids import FeedId
from crosstell.shell.store.contract import Batch, Erase, StoredEntry


class Body(StrEnum):
    """What is known of a held row's salt and body."""

    ABSENT = "absent"
    HELD = "held"
    ERASED = "erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row as a back end keeps it: the entry, and whether its body was erased."""

    entry: StoredEntry
    body: Body

    def __post_init__(self) -> None:
        """A row says it holds a body exactly when it does."""
        assert (self.body is Body.HELD) == (self.entry.body is not None)


def _fresh(entry: StoredEntry) -> Row:
    """The row for an entry seen for the first time."""
    return Row(entry=entry, body=Body.ABSENT if entry.body is None else Body.HELD)


def _again(held: Row, entry: StoredEntry) -> Row:
    """The row after `entry` arrives at a number already held; Fatal if it would change it."""
    where = f"store: feed {entry.feed}, entry {entry.seq}"
    if held.entry.leaf != entry.leaf:
        raise Fatal(
            f"{where} is already held with other bytes; nothing was written. If both are signed, "
            "the feed is forked: keep both as fork evidence and stop accepting from it"
        )
    if entry.body is None or held.body is Body.ERASED:
        return held
    if held.body is Body.ABSENT:
        return _fresh(entry)
    if (held.entry.salt, held.entry.body) != (entry.salt, entry.body):
        raise Fatal(
            f"{where} is already held with another salt or body; nothing was written. "
            "Check the body against the commitment in its header before it is stored"
        )
    return held


def _erased(row: Row) -> Row:
    """The row without salt and body, for good."""
    bare = StoredEntry(feed=row.entry.feed, seq=row.entry.seq, leaf=row.entry.leaf)
    return Row(entry=bare, body=Body.ERASED)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """A batch under examination: what it changes so far, over what is held."""

    size_of: Callable[[FeedId], int]
    row_at: Callable[[FeedId, int], Row]
    sizes: dict[FeedId, int] = field(default_factory=dict)
    changed: dict[tuple[FeedId, int], Row] = field(default_factory=dict)

    def size(self, feed: FeedId) -> int:
        """The feed's size with the batch so far."""
        if feed not in self.sizes:
            self.sizes[feed] = self.size_of(feed)
        return self.sizes[feed]

    def row(self, feed: FeedId, seq: int) -> Row:
        """The row with the batch so far."""
        return self.changed.get((feed, seq)) or self.row_at(feed, seq)

    def add(self, entry: StoredEntry) -> None:
        """`entry` is part of the draft, or Fatal."""
        size = self.size(entry.feed)
        if entry.seq > size:
            raise Fatal(
                f"store: feed {entry.feed}: entry {entry.seq} would leave a gap, {size} entries "
                f"are held; nothing was written. Fetch entries {size} to {entry.seq - 1} first"
            )
        if entry.seq == size:
            self.changed[entry.feed, entry.seq] = _fresh(entry)
            self.sizes[entry.feed] = size + 1
            return
        before = self.row(entry.feed, entry.seq)
        after = _again(before, entry)
        if after is not before:
            self.changed[entry.feed, entry.seq] = after

    def erase(self, erasure: Erase) -> None:
        """The erasure is part of the draft, or Fatal."""
        size = self.size(erasure.feed)
        if not 0 <= erasure.seq < size:
            raise Fatal(
                f"store: feed {erasure.feed}: entry {erasure.seq} cannot be erased, {size} entries "
                "are held; nothing was written. Erase an entry that is held"
            )
        row = self.row(erasure.feed, erasure.seq)
        if row.body is not Body.ERASED:
            self.changed[erasure.feed, erasure.seq] = _erased(row)


def admit(
    batch: Batch,
    size_of: Callable[[FeedId], int],
    row_at: Callable[[FeedId, int], Row],
) -> tuple[Row, ...]:
    """The rows that `batch` adds or changes, in its order; raises Fatal, or nothing.

    `row_at` is asked only for numbers below `size_of`.
    """
    draft = _Draft(size_of=size_of, row_at=row_at)
    for entry in batch.entries:
        draft.add(entry)
    for erasure in batch.erasures:
        draft.erase(erasure)
    return tuple(draft.changed.values())
