"""Entries that others hold of our own feed, and that no mark of ours covers.

Our marks say how far this node ever signed. What comes back from below them was ours and is taken
as such; what comes from beyond was signed with our key elsewhere: by a thief, by a second node
under one key, or by this one, where the marks are an old copy. It is kept, and the number of the
first is noted in the batch that keeps it. Implements NOD-540, NOD-541, NOD-544.
"""

from collections.abc import Mapping

from crosstell.core.ids import FeedId
from crosstell.core.record.keys import FeedKeys
from crosstell.shell.store.contract import Put, Store
from crosstell.shell.store.names import UNMARKED, unmarked_name


def note_of(feed: FeedId, seq: int) -> Put:
    """What is kept of it beside the entry."""
    return Put(name=unmarked_name(feed, seq), value=b"")


def noted(store: Store, feed: FeedId) -> tuple[int, ...]:
    """Every entry of our feed that was ever noted so, in the order of their numbers."""
    return tuple(int(put.name.rpartition("/")[2]) for put in store.blobs(f"{UNMARKED}{feed}/"))


def first_unmarked(store: Store, keys: FeedKeys, marks: Mapping[FeedId, int]) -> int | None:
    """The first that the marks do not cover yet, and that no revocation took back. NOD-544."""
    mark, numbers = marks.get(keys.feed, 0), noted(store, keys.feed)
    return next((seq for seq in numbers if seq >= mark and not keys.is_void(seq)), None)
