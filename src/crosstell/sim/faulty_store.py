"""A store whose writes fail by plan: before anything is written, or after all of it is.

The second is the one that bites: the caller sees an error, and the batch is durable.
"""

from collections.abc import Callable, Iterator
from enum import StrEnum

from crosstell.core.ids import FeedId
from crosstell.shell.store.contract import (
    Batch,
    Outcome,
    Put,
    Store,
    StoredEntry,
    write_failed,
)


class Fault(StrEnum):
    """How a planned write fails."""

    FAILS = "fails"
    FAILS_BUT_PERSISTS = "fails-but-persists"


class FaultyStore:
    """Any store, with commits that fail as `plan` says for their number (from 0; None: works)."""

    def __init__(self, inner: Store, plan: Callable[[int], Fault | None]) -> None:
        """Wrap `inner`; no commit has been tried."""
        self._inner = inner
        self._plan = plan
        self.commits = 0

    def commit(self, batch: Batch) -> None:
        """Commit, or fail as planned; both failures read the same to the caller."""
        fault = self._plan(self.commits)
        self.commits += 1
        if fault is not Fault.FAILS:
            self._inner.commit(batch)
        if fault is not None:
            raise write_failed(f"write {self.commits - 1} failed as planned", Outcome.DOUBTFUL)

    def size(self, feed: FeedId) -> int:
        """As the wrapped store."""
        return self._inner.size(feed)

    def feeds(self) -> tuple[FeedId, ...]:
        """As the wrapped store."""
        return self._inner.feeds()

    def entries(
        self, feed: FeedId, start: int = 0, count: int | None = None
    ) -> Iterator[StoredEntry]:
        """As the wrapped store."""
        return self._inner.entries(feed, start, count)

    def arrivals(
        self, after: int = 0, count: int | None = None
    ) -> Iterator[tuple[int, StoredEntry]]:
        """As the wrapped store."""
        return self._inner.arrivals(after, count)

    def last_arrival(self) -> int:
        """As the wrapped store."""
        return self._inner.last_arrival()

    def leaves(
        self, feed: FeedId, start: int = 0, count: int | None = None
    ) -> Iterator[tuple[bytes, bool]]:
        """As the wrapped store."""
        return self._inner.leaves(feed, start, count)

    def blob(self, name: str) -> bytes | None:
        """As the wrapped store."""
        return self._inner.blob(name)

    def blobs(self, prefix: str, after: str = "", count: int | None = None) -> tuple[Put, ...]:
        """As the wrapped store."""
        return self._inner.blobs(prefix, after, count)

    def integrity(self) -> tuple[str, ...]:
        """As the wrapped store."""
        return self._inner.integrity()

    def close(self) -> None:
        """As the wrapped store."""
        self._inner.close()
