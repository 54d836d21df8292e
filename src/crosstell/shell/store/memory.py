"""The store in memory: the contract without a disk, for tests and for the simulator.

"Durable" here means: survives the node object, not the process.
"""

from collections.abc import Iterator
from itertools import islice

from crosstell.core.ids import FeedId
from crosstell.shell.store.admission import Row, admit
from crosstell.shell.store.contract import Batch, Put, StoredEntry


class MemoryStore:
    """Logs and named values in dictionaries. Implements the contract of contract.py."""

    def __init__(self) -> None:
        """An empty store."""
        self._logs: dict[FeedId, list[Row]] = {}
        self._blobs: dict[str, bytes] = {}
        self._arrived: list[tuple[FeedId, int]] = []

    def commit(self, batch: Batch) -> None:
        """The whole batch is held; on Fatal nothing changed."""
        for row in admit(batch, self.size, lambda feed, seq: self._logs[feed][seq]):
            log = self._logs.setdefault(row.entry.feed, [])
            if row.entry.seq == len(log):
                log.append(row)
                self._arrived.append((row.entry.feed, row.entry.seq))
            else:
                log[row.entry.seq] = row
        for put in batch.puts:
            self._blobs[put.name] = put.value

    def size(self, feed: FeedId) -> int:
        """How many entries of `feed` are held."""
        return len(self._logs.get(feed, ()))

    def feeds(self) -> tuple[FeedId, ...]:
        """Every feed with at least one entry, sorted."""
        return tuple(sorted(self._logs))

    def entries(
        self, feed: FeedId, start: int = 0, count: int | None = None
    ) -> Iterator[StoredEntry]:
        """Entries in order from number `start`, at most `count`."""
        stop = None if count is None else start + count
        return (row.entry for row in islice(tuple(self._logs.get(feed, ())), start, stop))

    def arrivals(
        self, after: int = 0, count: int | None = None
    ) -> Iterator[tuple[int, StoredEntry]]:
        """Entries of every feed in the order in which they came, with their local numbers."""
        stop = None if count is None else after + count
        for number, (feed, seq) in enumerate(self._arrived[after:stop], after + 1):
            yield number, self._logs[feed][seq].entry

    def last_arrival(self) -> int:
        """The local number of the newest entry."""
        return len(self._arrived)

    def leaves(
        self, feed: FeedId, start: int = 0, count: int | None = None
    ) -> Iterator[tuple[bytes, bool]]:
        """The leaf of each entry, and whether its body is held."""
        for entry in self.entries(feed, start, count):
            yield entry.leaf, entry.body is not None

    def blob(self, name: str) -> bytes | None:
        """The value last put under `name`, or None."""
        return self._blobs.get(name)

    def blobs(self, prefix: str, after: str = "", count: int | None = None) -> tuple[Put, ...]:
        """Named values whose name begins with `prefix` and is behind `after`, sorted by name."""
        names = sorted(name for name in self._blobs if name.startswith(prefix) and name > after)
        return tuple(Put(name=name, value=self._blobs[name]) for name in names[:count])

    def integrity(self) -> tuple[str, ...]:
        """Nothing can be wrong with it but the program."""
        return ()

    def close(self) -> None:
        """Nothing is held open; the values stay, as on a disk."""
