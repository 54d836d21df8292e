"""What a ceremony works on, and how it writes an entry to a log beside the node.

A ceremony is done by the one who may write to the store: with the node stopped, or in the thread
that owns it, which then hands the node its new keys (`Node.take_keys`). A new key is on disk before
an entry names it, and takes its place after that entry is durable; `settle` brings a ceremony that
was cut off to one end or the other.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from crosstell.core.errors import CallerError, Fatal, PartyError
from crosstell.core.ids import FeedId
from crosstell.core.instant import to_us
from crosstell.core.record.checkpoint import sign_checkpoint
from crosstell.core.record.entry import SALT_SIZE, Body, seal
from crosstell.core.record.feed import FeedHead
from crosstell.core.record.signing import Signer, fingerprint
from crosstell.shell.archive.export import text_in
from crosstell.shell.archive.far import Tell, untold
from crosstell.shell.founding import Keys
from crosstell.shell.high_water import HighWater
from crosstell.shell.keys import COSIGNING, ONLINE, KeyFolder
from crosstell.shell.log import Log
from crosstell.shell.signing import verifier_of
from crosstell.shell.store.contract import Batch, Erase, Put, Store, StoredEntry
from crosstell.shell.store.names import OWN_FEED, OWN_JOURNAL, checkpoint_name
from crosstell.shell.store.unmarked import first_unmarked
from crosstell.shell.writer import Draw, Writer

ONLINE_NEXT: Final = "online-next"
COSIGNING_NEXT: Final = "cosigning-next"
_NEXT: Final = ((ONLINE_NEXT, ONLINE), (COSIGNING_NEXT, COSIGNING))


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One party's store, the folder of its keys, the second path, and where bytes are drawn."""

    store: Store
    keys: KeyFolder
    high_water: HighWater
    draw: Draw


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What a ceremony recorded, and the fingerprint of the online key that holds from now on."""

    entries: tuple[tuple[FeedId, int], ...]
    online: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLogs:
    """Our feed and our journal, verified from entry 0."""

    feed: Log
    journal: Log

    @property
    def both(self) -> tuple[Log, Log]:
        """The feed, then the journal."""
        return self.feed, self.journal


def held_keys(desk: Desk) -> Keys:
    """The keys that the node signs with, a ceremony that was cut off settled first."""
    settle(desk)
    return Keys(online=desk.keys.load(ONLINE), cosigning=desk.keys.load(COSIGNING))


def own_logs(desk: Desk) -> OwnLogs:
    """Both logs of ours, whole. CallerError where less is held than was ever signed. KEY-006."""
    found = []
    for name in (OWN_FEED, OWN_JOURNAL):
        feed = text_in(desk.store, name)
        if feed is None or desk.store.size(feed) == 0:
            raise CallerError(
                "the store holds no logs of its own; name the store of a founded node"
            )
        log = verified(desk.store, feed)
        if log.size < desk.high_water.read(feed):
            raise CallerError(
                f"feed {feed}: the store holds {log.size} entries, but "
                f"{desk.high_water.read(feed)} were signed; let the other parties give them back "
                "first, or resume. Nothing was written"
            )
        found.append(log)
    return OwnLogs(feed=found[0], journal=found[1])


def check_signed_here(desk: Desk, log: Log, before: int = 0) -> None:
    """Refuse to go on over entries under our name that this node never signed. KEY-038.

    Only what takes the keys back from the first of them on, or from `before` it, may follow.
    """
    feed = log.feed
    marks = {feed: desk.high_water.read(feed)}
    first = first_unmarked(desk.store, head_of(log).keys, marks)
    if first is not None and not 0 < before <= first:
        raise CallerError(
            f"feed {feed}: entry {first} was signed with our key, and not by this node; first take "
            f"the keys back from it on (crosstell node revoke FOLDER --root ROOT-FOLDER --from "
            f"{first}). If the marks are an old copy, mount the original ones. Nothing was written"
        )


def verified(store: Store, feed: FeedId, tell: Tell = untold) -> Log:
    """The log as the store holds it, every entry verified; Fatal where one does not."""
    log, size = Log(feed=feed), store.size(feed)
    for row in store.entries(feed):
        try:
            log.verify(row, verifier_of)
        except PartyError as error:
            raise Fatal(
                f"store: entry {row.seq} of {feed} does not verify ({error}); restore the newest "
                "copy. Nothing was written"
            ) from error
        tell(row.seq + 1, size)
    return log


def head_of(log: Log) -> FeedHead:
    """The verified end of a log that is founded."""
    assert log.head is not None, "a log of ours is founded"
    return log.head


def next_entry(
    log: Log, given: tuple[str, bytes], signer: Signer, desk: Desk, now: datetime
) -> StoredEntry:
    """The log one public entry of this kind and content longer, and its row.

    The clock is checked as for any entry (Fatal), and our own entry as if another had sent it.
    """
    head, (kind, content) = head_of(log), given
    writer = Writer(signer=signer, feeds={}, own=head.feed, draw=desk.draw)
    writer.check_clock(head, now)
    body = Body(salt=desk.draw(SALT_SIZE), content=content)
    hlc = head.hlc.next(wall_ms=to_us(now) // 1_000, seen=())
    entry = seal(head.next_header(kind=kind, body=body.commitment(), hlc=hlc), signer)
    row = StoredEntry(
        feed=head.feed, seq=head.size, leaf=entry.leaf, salt=body.salt, body=body.content
    )
    try:
        log.verify(row, verifier_of)
    except PartyError as error:
        raise CallerError(f"{error}. Nothing was written") from error
    return row


def checkpoint(log: Log, signer: Signer) -> Put:
    """The checkpoint of the whole log, under the key that holds at its size."""
    note = sign_checkpoint(head_of(log).checkpoint(), signer)
    return Put(name=checkpoint_name(log.feed), value=note.print())


def keep(desk: Desk, logs: OwnLogs, batch: Batch) -> None:
    """The batch is durable, and so is how far our logs are now signed."""
    desk.store.commit(batch)
    sizes: Mapping[FeedId, int] = {log.feed: log.size for log in logs.both}
    desk.high_water.raise_all(sizes)


def settle(desk: Desk) -> None:
    """No key waits: one that an entry names has its place, one that none names is gone. KEY-005."""
    waiting = [pair for pair in _NEXT if pair[0] in desk.keys.names()]
    feed = text_in(desk.store, OWN_FEED)
    if not waiting or feed is None or desk.store.size(feed) == 0:
        return
    period = head_of(verified(desk.store, feed)).keys.periods[-1]
    for name, over in waiting:
        public = desk.keys.load(name).public_key()
        if public in (period.key, period.cosign_key):
            desk.keys.promote(name, over=over)
        else:
            desk.keys.discard(name)


def check_holds(log: Log, online: Signer) -> None:
    """Refuse a key under which no other party would accept what is signed. Implements KEY-006."""
    head = head_of(log)
    if head.keys.key_at(head.size) != online.public_key():
        raise CallerError(
            f"the online key in the folder is not the one that holds for feed {head.feed}; give "
            "the folder with its keys. Nothing was written"
        )


def erase_in(feed: FeedId, seq: int) -> tuple[Erase, ...]:
    """The erasure of one row."""
    return (Erase(feed=feed, seq=seq),)


def changed(rows: tuple[StoredEntry, ...], online: Signer) -> Changed:
    """What is told of a ceremony."""
    return Changed(
        entries=tuple((row.feed, row.seq) for row in rows), online=fingerprint(online.public_key())
    )
