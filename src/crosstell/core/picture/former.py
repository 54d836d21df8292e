"""What had not ended of what a party said in a feed, when that party went on in another.

Nothing of it is in any picture (KEY-037): it is kept so that a person is told how much is to be
asked about. Times are ends of half-open UTC windows; None: without an end.
"""

from dataclasses import dataclass
from datetime import datetime

from crosstell.core.ids import CallId, FeedId, NoticeId, PartyId
from crosstell.core.instant import require_utc


@dataclass(frozen=True, slots=True, kw_only=True)
class Former:
    """What `party` had said in `feed` that had not ended when its next feed was followed here.

    `notices` with the end of the last window of each; `placed`: its calls that were not closed;
    `taken`: the numbers of the entries of our feed `ours` that placed calls which it had received
    or answered. Our feed had `said` entries then: what is later, a person said since.
    """

    party: PartyId
    feed: FeedId
    ours: FeedId
    said: int
    notices: tuple[tuple[NoticeId, datetime | None], ...] = ()
    placed: tuple[CallId, ...] = ()
    taken: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a negative size, and an end of another zone."""
        if self.said < 0:
            raise ValueError(f"former feed: {self.said} entries; a size is 0 or more")
        for _, ends in self.notices:
            if ends is not None:
                require_utc(ends, what="end of a notice of a former feed")

    def standing_at(self, now: datetime) -> int:
        """How many of the notices have not ended by `now`."""
        return sum(ends is None or now < ends for _, ends in self.notices)
