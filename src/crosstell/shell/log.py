"""One log as the node holds it in memory: verified up to its last entry, with its root at any size.

Heads in other parties' entries name our sizes and roots; both sides of that comparison are here.
"""

from dataclasses import dataclass, field

from crosstell.core.ids import FeedId
from crosstell.core.record.entry import Body, Entry
from crosstell.core.record.feed import FeedHead, follow, parse_next
from crosstell.core.record.keys import KEY_TYPES
from crosstell.core.record.signing import VerifierOf
from crosstell.core.record.tree import EMPTY_ROOT
from crosstell.shell.store.contract import StoredEntry


@dataclass(slots=True)
class Log:
    """A feed's verified head, and its root after each entry."""

    feed: FeedId
    head: FeedHead | None = None
    roots: list[bytes] = field(default_factory=lambda: [EMPTY_ROOT])

    @property
    def size(self) -> int:
        """How many entries are verified."""
        return len(self.roots) - 1

    def root_at(self, size: int) -> bytes | None:
        """The root of the first `size` entries, as far as they are held."""
        return self.roots[size] if size < len(self.roots) else None

    def put(self, head: FeedHead) -> None:
        """One more entry is verified; `head` is the feed with it."""
        assert head.size == self.size + 1, "a log grows by one entry at a time"
        self.head = head
        self.roots.append(head.tree.root())

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
