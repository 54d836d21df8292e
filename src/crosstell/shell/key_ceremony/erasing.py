"""What an entry said is erased here, and an entry of the journal says that it was.

The leaf stays, so the log stays whole and provable; the body and its salt go for good, out of the
store and with the next start out of memory. What other parties hold is not erased by it. Implements
KEY-020 to KEY-022.
"""

from collections.abc import Callable
from datetime import datetime

from crosstell.core.errors import CallerError
from crosstell.core.ids import EntryRef, FeedId
from crosstell.core.mechanism.outgoing import Outgoing
from crosstell.core.mechanism.release import HOME
from crosstell.core.picture.party import Speaker
from crosstell.core.record.entry import parse
from crosstell.core.record.keys import KEY_TYPES
from crosstell.core.state.events import BodyErased
from crosstell.shell.key_ceremony.desk import (
    Desk,
    check_signed_here,
    erase_in,
    held_keys,
    keep,
    own_logs,
)
from crosstell.shell.store.contract import Batch, Put
from crosstell.shell.store.names import SNAPSHOT, erased_name
from crosstell.shell.writer import Writer


def nothing_beside() -> None:
    """What the entry said stands in the store alone."""


def erase(  # noqa: PLR0913 - what is erased, who says so and when, and what goes with it
    desk: Desk,
    feed: FeedId,
    seq: int,
    *,
    by: Speaker,
    reason: str,
    now: datetime,
    beside: Callable[[], None] = nothing_beside,
) -> EntryRef:
    """The body of that entry is gone from the store; the entry of the journal that says so.

    A snapshot that may hold it goes too. CallerError for what is not held, or is of the keys.
    `beside` takes out what said it elsewhere: last before the store, and not where it is refused.
    """
    row = next(iter(desk.store.entries(feed, seq, 1)), None) if seq >= 0 else None
    if row is None or row.body is None:
        raise CallerError(f"feed {feed}: the body of entry {seq} is not held; nothing was written")
    entry = parse(row.leaf)
    if entry.header.type in KEY_TYPES:
        raise CallerError(
            f"feed {feed}: entry {seq} states keys; without it nothing of the feed could be "
            "verified. Nothing was written"
        )
    keys, logs = held_keys(desk), own_logs(desk)
    check_signed_here(desk, logs.feed)
    event = Outgoing(body=BodyErased(entry=entry.ref, reason=reason), to=HOME, by=by)
    writer = Writer(signer=keys.online, feeds={}, own=logs.feed.feed, draw=desk.draw)
    sealed = writer.seal(event, logs.journal, (), now)
    said = sealed.held.ref
    puts = (
        Put(name=erased_name(feed, seq), value=f"{said.feed}/{said.seq}".encode("ascii")),
        Put(name=SNAPSHOT, value=b""),
    )
    beside()
    keep(desk, logs, Batch(entries=(sealed.row,), puts=puts, erasures=erase_in(feed, seq)))
    return said
