"""When bodies that came late are read: what they say belongs before what followed them.

So the whole record is read again, and the node does nothing else meanwhile. A peer that gives its
bodies one by one, each late, must not keep it at that: a small part of the time goes into it, and
what comes in between waits, stored. Implements NOD-031.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from crosstell.core.ids import FeedId
from crosstell.core.instant import later
from crosstell.core.record.entry import parse
from crosstell.core.record.keys import REVOKE
from crosstell.shell.exchange import Exchange
from crosstell.shell.store.contract import StoredEntry
from crosstell.shell.store.failing import PAUSE_S_PER_ENTRY


@dataclass(slots=True)
class Late:
    """What is stored and not read is due at `due_at`; before `next_at` nothing is read again."""

    due_at: datetime | None = None
    next_at: datetime | None = None
    revoked: set[FeedId] = field(default_factory=set)

    def came(self, rows: Iterable[StoredEntry], exchange: Exchange, now: datetime) -> bool:
        """Whether these, just stored, are read now.

        At once where it was the last of our own whose lack keeps us from signing, and where an
        entry makes others void: the first of each feed, since its author may sign one after the
        other; what it makes void after that waits for the pause like what comes late.
        """
        rows, lacked = tuple(rows), bool(exchange.hollow)
        exchange.hollow -= {row.seq for row in rows if row.feed == exchange.own}
        revoking = {row.feed for row in rows if _is_revoking(row)} - self.revoked
        self.revoked |= revoking
        is_pressing = (lacked and not exchange.hollow) or bool(revoking)
        if is_pressing or not self._rests(exchange, now):
            self._read(exchange, now)
            return True
        self.due_at = self.next_at
        return False

    def is_due(self, exchange: Exchange, now: datetime) -> bool:
        """Whether what waits is to be read now; it then waits no longer."""
        if self.due_at is None or self._rests(exchange, now):
            return False
        self._read(exchange, now)
        return True

    def _rests(self, exchange: Exchange, now: datetime) -> bool:
        """Whether the pause goes on; one that would last longer is of a clock that was set back."""
        return self.next_at is not None and now < self.next_at <= _paused(exchange, now)

    def _read(self, exchange: Exchange, now: datetime) -> None:
        self.due_at, self.next_at = None, _paused(exchange, now)


def _paused(exchange: Exchange, now: datetime) -> datetime:
    entries = sum(log.size for log in exchange.logs.values())
    return later(now, by_s=PAUSE_S_PER_ENTRY * entries)


def _is_revoking(row: StoredEntry) -> bool:
    return parse(row.leaf).header.type == REVOKE
