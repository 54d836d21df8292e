"""The parcels that wait for one party: bounded, in order, the newest always among them.

A parcel counts as sent once it is here. What is lost from here is not lost: the node sends again
what its peer has not confirmed (NOD-014). So where there is no room the newest stays, which names
everything that the node holds, and the rest goes. Implements PEER-020, PEER-021, PEER-029.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Condition

from crosstell.codecs.parcels.aging import FRESH_S, aged
from crosstell.codecs.parcels.merging import merged
from crosstell.core.errors import PartyError
from crosstell.core.instant import seconds_between

PARCELS_MAX = 64
BYTES_MAX = 8 * 1024 * 1024


@dataclass(slots=True)
class Waiting:
    """A queue between the node's thread, the pusher's and the port's."""

    now: Callable[[], datetime]
    fresh_s: float = FRESH_S
    turn: Condition = field(init=False, default_factory=Condition)
    put_in: int = field(init=False, default=0)
    dropped: int = field(init=False, default=0)
    _queue: deque[tuple[datetime, bytes]] = field(init=False, default_factory=deque)

    def put(self, parcel: bytes) -> None:
        """One more waits; it never blocks."""
        with self.turn:
            room = len(self._queue) < PARCELS_MAX
            if not room or self._size() + len(parcel) > BYTES_MAX:
                self.dropped += len(self._queue)
                self._queue.clear()
            self._queue.append((self.now(), parcel))
            self.put_in += 1
            self.turn.notify_all()

    def first(self) -> bytes | None:
        """The one that waits longest, as one with those behind it, without what may not leave."""
        with self.turn:
            if not self._queue:
                return None
            since = self._queue[0][0]
            parcel, count = merged(parcel for _, parcel in self._queue)
            if seconds_between(since, self.now()) > self.fresh_s:
                parcel = _aged(parcel)
            if count > 1 or parcel is not self._queue[0][1]:
                for _ in range(count):
                    self._queue.popleft()
                self._queue.appendleft((since, parcel))
            return parcel

    def carried(self, parcel: bytes) -> None:
        """That one has arrived, or will never be taken."""
        with self.turn:
            if self._queue and self._queue[0][1] is parcel:
                self._queue.popleft()

    def take(self, *, parcels_max: int, bytes_max: int, least: int = 1) -> tuple[bytes, ...]:
        """As many as an answer holds; they wait no longer. The first `least` of whatever size."""
        taken: list[bytes] = []
        with self.turn:
            while len(taken) < parcels_max and (parcel := self.first()) is not None:
                bytes_max -= len(parcel)
                if len(taken) >= least and bytes_max < 0:
                    break
                taken.append(parcel)
                self._queue.popleft()
        return tuple(taken)

    def backlog(self) -> tuple[int, int, datetime | None]:
        """How many wait, of how many bytes, since when."""
        with self.turn:
            since = self._queue[0][0] if self._queue else None
            return len(self._queue), self._size(), since

    def _size(self) -> int:
        return sum(len(parcel) for _, parcel in self._queue)


def _aged(parcel: bytes) -> bytes:
    try:
        return aged(parcel)
    except PartyError:
        return parcel  # no parcel: whoever gets it refuses it
