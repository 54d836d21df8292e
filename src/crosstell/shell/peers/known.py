"""What one counterpart's node is known to hold, and what was sent to it and when.

What is unconfirmed is sent again once patience is over, counted from the oldest of it: what is sent
later does not put that off. A peer that speaks, and still lacks what was sent a while before, has
lost it: it gets it at once, each time after twice the while, so that a peer that never takes it
is not talked to all the time. Implements NOD-014, NOD-029.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from crosstell.core.ids import FeedId, PartyId
from crosstell.core.instant import later, seconds_between

RESEND_S = 30.0  # after this long without word of what we sent, it is sent again
RESEND_S_MAX = 240.0  # a line that is down for long is asked this often
TRIES_COUNTED = 8
GAP_S = 2.0  # a word that a peer sends this long after ours has seen ours, if ours arrived


@dataclass(slots=True)
class Peer:
    """One counterpart.

    `has` lacks a feed while nothing is known of it: then the peer is asked. `owed` says that it
    must have a word from us, whether or not there are entries for it. `since` is when the oldest
    of what is unconfirmed was sent; `spoke`, that a word came after which nothing was sent yet.
    """

    party: PartyId
    feed: FeedId
    founding: str
    has: dict[FeedId, int] = field(default_factory=dict)
    sent: dict[FeedId, int] = field(default_factory=dict)
    sent_at: datetime | None = None
    owed: bool = True
    tries: int = 0
    had: dict[FeedId, int] = field(default_factory=dict)
    since: datetime | None = None
    spoke: bool = False
    gaps: int = 0

    def heard(self, have: Iterable[tuple[FeedId, int]], *, owed: bool) -> None:
        """It says that it holds this. `owed`: it gave us something, and is answered."""
        for feed, size in have:
            if size < self.has.get(feed, size + 1):
                self.sent.pop(feed, None)  # asked, or it lost its end: sent from there at once
            self.has[feed] = size
        self.owed = self.owed or owed
        self.tries = 0
        self.spoke = True

    def patience_ends_at(self) -> datetime | None:
        """When what is unconfirmed is sent again; None if nothing was sent."""
        if self.since is None:
            return None
        wait_s = self._patience_s()
        if self.spoke and self.lacks():
            wait_s = min(wait_s, self._gap_s())
        return later(self.since, by_s=wait_s)

    def look(self, now: datetime, *, unconfirmed: bool) -> None:
        """Before anything is sent: whether to begin again from what it has."""
        if self.has != self.had:
            self.had, self.gaps = dict(self.has), 0
            self.since = now
        if not unconfirmed:
            self.since = None
        if self._is_past(now, after_s=self._patience_s()):
            self.tries, self.owed = self.tries + 1, True
        elif not self.lacks():
            self.spoke = False
            return
        elif self.spoke and self._is_past(now, after_s=self._gap_s()):
            self.gaps += 1
        else:
            return  # its word may have crossed with ours; if it did not, it has a gap in a while
        self.sent, self.since, self.spoke = dict(self.has), now, False

    def was_sent(self, now: datetime, *, after: bool) -> None:
        """Something goes to it now. `after`: rows sent before are still on their way."""
        if self.since is None or not after:
            self.since = now
        self.sent_at, self.owed = now, False

    def lacks(self) -> bool:
        """Whether rows were sent that it has not confirmed."""
        return any(size > self.has.get(feed, 0) for feed, size in self.sent.items())

    def _is_past(self, now: datetime, *, after_s: float) -> bool:
        """Whether so long has passed; a clock that was set back counts as long."""
        return self.since is not None and not 0.0 <= seconds_between(self.since, now) < after_s

    def _patience_s(self) -> float:
        """How long to wait for word of what was sent: doubled each time, up to a bound."""
        return min(RESEND_S * 2.0 ** min(self.tries, TRIES_COUNTED), RESEND_S_MAX)

    def _gap_s(self) -> float:
        return min(GAP_S * 2.0 ** min(self.gaps, TRIES_COUNTED), RESEND_S_MAX)
