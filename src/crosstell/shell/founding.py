"""The founding of a party's logs: entry 0 of its feed and of its journal, under fresh names.

A feed's name is random and fixed at founding. A party that lost its end of a feed founds a new
one that *resumes* the old: it names the branch it stands by, under the same offline root.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from crosstell.core.ids import FeedId
from crosstell.core.instant import to_us
from crosstell.core.record.entry import SALT_SIZE, Body, Head, HybridTime, seal
from crosstell.core.record.feed import founding_header
from crosstell.core.record.keys import FOUNDING, RESUME, founding_body
from crosstell.core.record.signing import Signer
from crosstell.shell.store.contract import Put, StoredEntry
from crosstell.shell.store.names import OWN_FEED, OWN_JOURNAL

NAME_SIZE = 16  # bytes of a feed's random name, in hex


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """The two keys that a node holds. The offline root founds, resumes and revokes."""

    online: Signer
    cosigning: Signer


def draw_name(draw: Callable[[int], bytes]) -> FeedId:
    """A name that nobody used before."""
    return FeedId(draw(NAME_SIZE).hex())


def found(
    feed: FeedId,
    keys: Keys,
    root: Signer,
    *,
    draw: Callable[[int], bytes],
    now: datetime,
    branch: Head | None = None,
) -> StoredEntry:
    """Entry 0 of `feed`: a founding, or a resume of the feed whose branch is given."""
    content = founding_body(
        feed=feed, signer=keys.online, cosigner=keys.cosigning, root=root, branch=branch
    )
    body = Body(salt=draw(SALT_SIZE), content=content)
    header = founding_header(
        feed=feed,
        kind=FOUNDING if branch is None else RESUME,
        body=body.commitment(),
        hlc=HybridTime(ms=to_us(now) // 1_000),
    )
    entry = seal(header, keys.online)
    return StoredEntry(feed=feed, seq=0, leaf=entry.leaf, salt=body.salt, body=body.content)


def name_logs(own: FeedId, journal: FeedId) -> tuple[Put, ...]:
    """The names by which tools find our own logs in the store."""
    return (
        Put(name=OWN_FEED, value=own.encode("ascii")),
        Put(name=OWN_JOURNAL, value=journal.encode("ascii")),
    )
