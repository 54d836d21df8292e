"""What had not ended of what a party said in a feed, when that party went on in another.

Nothing of it is in any picture (KEY-037): it is kept so that a person is told how much is to be
asked about, and sees where it was. Times are ends of half-open UTC windows.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from crosstell.core.ids import CallId, FeedId, NoticeId, PartyId
from crosstell.core.instant import require_utc
from crosstell.core.picture.content import Content, volumes_of
from crosstell.core.picture.notice import Filed, Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerNotice:
    """A notice that was not withdrawn, and when its last window ends; None: it has no time.

    `filed` is its newest version as it stood in that feed; None where it is not kept.
    """

    notice: NoticeId
    ends: datetime | None = None
    filed: Filed | None = None

    def __post_init__(self) -> None:
        """Refuse an end of another zone."""
        if self.ends is not None:
            require_utc(self.ends, what="end of a notice of a former feed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Former:
    """What `party` had said in `feed` that had not ended when its next feed was followed here.

    `placed`: its calls that were not closed; `taken`: the numbers of the entries of our feed
    `ours` that placed calls which it had received or answered. Our feed had `said` entries then:
    what is later, a person said since.
    """

    party: PartyId
    feed: FeedId
    ours: FeedId
    said: int
    notices: tuple[FormerNotice, ...] = ()
    placed: tuple[CallId, ...] = ()
    taken: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a negative size."""
        if self.said < 0:
            raise ValueError(f"former feed: {self.said} entries; a size is 0 or more")


def is_filed_anew(one: FormerNotice, held: Iterable[Notice]) -> bool:
    """Whether the party said the same anew, in the feed in which it goes on.

    By the same id, whatever it says now; or by the same kind of content with the very same areas
    and heights, whatever its windows. What merely overlaps is another notice. NOD-491.
    """
    before = None if one.filed is None else one.filed.event.content
    return any(
        notice.notice == one.notice
        or (before is not None and _is_same_place(before, notice.latest.event.content))
        for notice in held
    )


def _is_same_place(before: Content, now: Content) -> bool:
    if type(before) is not type(now):
        return False
    places = [{(v.footprint, v.lower, v.upper) for v in volumes_of(one)} for one in (before, now)]
    return bool(places[0]) and places[0] == places[1]
