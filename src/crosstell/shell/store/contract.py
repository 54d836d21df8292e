"""The store's contract, in words: what every back end owes the node, and what it may not do.

- **Durable on return.** When `commit` returns, the whole batch survives the loss of power. When it
  raises, either the whole batch is durable or nothing of it: never a part.
- **Who retries.** The store never retries. After *any* exception from `commit` the caller discards
  what it believes, reloads from the store, and then decides; a batch that turns out to be durable
  may be committed again, which changes nothing.
- **One writer.** One object writes to a store at a time. Readers may look on.
- **Nothing is rewritten.** A row `(feed, seq)` keeps its leaf for ever. Its salt and body may come
  later than the leaf (a body goes only to its audience), may be erased once, and never come back.
- **No meaning.** The store knows feeds, numbers and bytes. It checks no signature and no hash;
  the node does, each time it loads. The private journal is one more feed name.
- **Who is at fault.** `CallerError`: the file named is not a store, or not one we may use.
  `Unavailable`: the disk or lock failed; the message says whether the write is doubtful.
  `Fatal`: the write would leave a gap or change what is recorded, or the file is damaged.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from crosstell.core.errors import Unavailable
from crosstell.core.ids import FeedId

LEAF_SIZE_MAX = 65_535  # C2SP tlog-tiles: an entry's length is two bytes
BODY_SIZE_MAX = 250_000  # bytes; 256 of them still fit one file of an export
VALUE_SIZE_MAX = 16 * 1024 * 1024
NAME_LENGTH_MAX = 255
_PRINTABLE = re.compile(r"[!-~]+")


def _check_name(name: str, *, what: str) -> None:
    """Raise ValueError unless `name` is 1 to 255 printable ASCII characters without spaces."""
    if not 0 < len(name) <= NAME_LENGTH_MAX or _PRINTABLE.fullmatch(name) is None:
        raise ValueError(
            f"{what} {name!r}: use 1 to {NAME_LENGTH_MAX} printable ASCII characters, no spaces"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEntry:
    """One row of a log: entry number `seq` (from 0) of `feed`.

    `leaf` is the signed header; `salt` and `body` are absent together: not addressed to us, not
    yet arrived, or erased.
    """

    feed: FeedId
    seq: int
    leaf: bytes
    salt: bytes | None = None
    body: bytes | None = None

    def __post_init__(self) -> None:
        """Refuse a row that no feed could hold."""
        _check_name(self.feed, what="feed")
        if self.seq < 0:
            raise ValueError(f"feed {self.feed}: entry number {self.seq} is below 0")
        if not 0 < len(self.leaf) <= LEAF_SIZE_MAX:
            raise ValueError(
                f"feed {self.feed}, entry {self.seq}: the leaf has {len(self.leaf)} bytes; "
                f"it must have 1 to {LEAF_SIZE_MAX}"
            )
        if (self.salt is None) != (self.body is None):
            raise ValueError(
                f"feed {self.feed}, entry {self.seq}: salt and body are held together or not at all"
            )
        if self.body is not None and len(self.body) > BODY_SIZE_MAX:
            raise ValueError(
                f"feed {self.feed}, entry {self.seq}: the body has {len(self.body)} bytes; "
                f"at most {BODY_SIZE_MAX}"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """A small named value, replaced as a whole: a checkpoint, evidence, a high-water mark."""

    name: str
    value: bytes

    def __post_init__(self) -> None:
        """Refuse a name that could not be listed or a value that is not small."""
        _check_name(self.name, what="name")
        if len(self.value) > VALUE_SIZE_MAX:
            raise ValueError(f"{self.name}: {len(self.value)} bytes; at most {VALUE_SIZE_MAX}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Erase:
    """Salt and body of one row are gone for good once committed; the leaf stays."""

    feed: FeedId
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What becomes durable together. Entries first, in their order; then puts; then erasures."""

    entries: tuple[StoredEntry, ...] = ()
    puts: tuple[Put, ...] = ()
    erasures: tuple[Erase, ...] = ()

    def __post_init__(self) -> None:
        """Refuse two values for one name: which one holds would depend on the back end."""
        names = [put.name for put in self.puts]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"batch puts {twice[0]!r} twice; put one value for each name")


class Outcome(StrEnum):
    """What is durable after a failed write."""

    NOTHING = "nothing was written"
    DOUBTFUL = "all of that write is durable, or nothing: which of both is not known"


class InDoubt(Unavailable):
    """A failed write of which nobody knows whether it is durable."""


def write_failed(cause: str, outcome: Outcome) -> Unavailable:
    """The error of a failed commit: cause, what is durable, what comes next. RUN-472, RUN-551."""
    kind = InDoubt if outcome is Outcome.DOUBTFUL else Unavailable
    return kind(
        f"store: {cause}; {outcome.value}. The node drops what is in memory and reads the store "
        "again before the next write; if this stays, make room on the disk or mend it"
    )


class Store(Protocol):
    """The durable logs and named values of one node."""

    def commit(self, batch: Batch) -> None:
        """The whole batch is durable.

        A row that is already held, byte for byte, is accepted and changes nothing; so is one
        without salt and body for a row that has them; so is a body for an erased row, which
        stays erased. A body for a row held without one is kept. Raises Fatal for a gap, for other
        bytes at a held number and for an erasure of a row not held; then nothing was written.
        """
        ...

    def size(self, feed: FeedId) -> int:
        """How many entries of `feed` are held; 0 for a feed never seen."""
        ...

    def feeds(self) -> tuple[FeedId, ...]:
        """Every feed with at least one entry, sorted."""
        ...

    def entries(
        self, feed: FeedId, start: int = 0, count: int | None = None
    ) -> Iterator[StoredEntry]:
        """Entries of `feed` in order from number `start`, at most `count` of them (None: all)."""
        ...

    def arrivals(
        self, after: int = 0, count: int | None = None
    ) -> Iterator[tuple[int, StoredEntry]]:
        """Entries of every feed in the order in which this store came to hold them.

        Each with its local number, from 1 and without a gap; those after number `after`. A body
        that came later keeps the number of its entry.
        """
        ...

    def last_arrival(self) -> int:
        """The local number of the newest entry; 0 while none is held."""
        ...

    def leaves(
        self, feed: FeedId, start: int = 0, count: int | None = None
    ) -> Iterator[tuple[bytes, bool]]:
        """As `entries`: of each its leaf, and whether its body is held; quicker for many."""
        ...

    def blob(self, name: str) -> bytes | None:
        """The value last put under `name`, or None."""
        ...

    def blobs(self, prefix: str, after: str = "", count: int | None = None) -> tuple[Put, ...]:
        """Every named value whose name begins with `prefix`, sorted by name.

        Of those behind the name `after` alone, and at most `count`; no others are read.
        """
        ...

    def integrity(self) -> tuple[str, ...]:
        """What the back end finds wrong with itself, one sentence each; empty when sound."""
        ...

    def close(self) -> None:
        """Nothing is held open. A second close changes nothing."""
        ...
