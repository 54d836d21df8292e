"""One log as the node holds it in memory: verified up to its last entry, with its root at any size.

Heads in other parties' entries name our sizes and roots; both sides of that comparison are here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from crosstell.core.ids import FeedId
from crosstell.core.record.entry import Body, Entry
from crosstell.core.record.feed import FeedHead, follow, parse_next
from crosstell.core.record.keys import KEY_TYPES
from crosstell.core.record.signing import VerifierOf
from crosstell.core.record.tree import EMPTY_ROOT, HASH_SIZE, CompactRange, root_of
from crosstell.core.state.setting import Setting
from crosstell.shell.store.contract import StoredEntry


@dataclass(slots=True)
class Log:
    """A feed's verified head, and the tree that gives its root at any size.

    `is_named` is false of the journal: nobody else names its sizes, so no hashes are kept for that.
    """

    feed: FeedId
    head: FeedHead | None = None
    is_named: bool = True
    nodes: list[bytearray] = field(default_factory=list)  # complete subtrees, by level

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

    def put(self, head: FeedHead) -> None:
        """One more entry is verified; `head` is the feed with it."""
        assert head.size == self.size + 1, "a log grows by one entry at a time"
        if self.is_named:
            tree = CompactRange() if self.head is None else self.head.tree
            found = tree.completed(bytes.fromhex(head.last_hash))
            self.keep([[node] for _, _, node in found])
        self.head = head

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
        self.put(follow(self.head, entry, verifier_of, body=public))
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
