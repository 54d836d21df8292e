"""When each entry of a feed was made, as far as others bound it: never a minute, by whose clock.

Not before: the latest time that another party signed into an entry which this one, or one before
it, commits to through `heads`. Not after: the earliest cosignature of a checkpoint that holds it.
With two parties both bounds are by the other's clock. Implements ARC-038.
"""

from collections.abc import Mapping, Sequence

from crosstell.codecs.archive.verification import EntryTime
from crosstell.core.ids import FeedId
from crosstell.core.record.cosignature import TimeClaim, bracket
from crosstell.shell.archive.feed_check import FeedSeen, Witnessed


def entry_times(
    seen: FeedSeen, witnessed: Witnessed, feeds: Mapping[FeedId, FeedSeen]
) -> tuple[EntryTime, ...]:
    """The bracket of every entry of the feed, in order."""
    covering = _covering(seen.head.size, witnessed)
    commits = {named.header.seq: named.header.heads for named in seen.with_new_heads}
    root = seen.head.keys.root_key
    committed: dict[FeedId, TimeClaim] = {}
    found: list[EntryTime] = []
    for seq, entry in enumerate(seen.entries):
        for named in commits.get(seq, ()):
            other = feeds.get(named.feed)
            if other is not None and other.head.keys.root_key != root:
                last = min(named.size, other.head.size) - 1
                by, time_s = f"feed {named.feed}", other.entries[last].time_ms // 1000
                committed[named.feed] = TimeClaim(by=by, time_s=time_s)
        limits = bracket(committed=tuple(committed.values()), covering=covering[seq])
        found.append(
            EntryTime(
                feed=seen.feed,
                number=seq,
                hash=entry.hash.hex(),
                kind=entry.kind,
                ms=entry.time_ms,
                limits=limits,
            )
        )
    return tuple(found)


def _covering(size: int, witnessed: Witnessed) -> Sequence[tuple[TimeClaim, ...]]:
    """For each entry, the earliest time at which each cosigner saw a checkpoint that holds it."""
    at_size: dict[int, list[TimeClaim]] = {}
    for stated in witnessed.cosigned:
        claim = TimeClaim(by=stated.key.name, time_s=stated.time_s)
        at_size.setdefault(stated.checkpoint.size, []).append(claim)
    earliest: dict[str, TimeClaim] = {}
    rows: list[tuple[TimeClaim, ...]] = []
    for number in range(size, 0, -1):
        for claim in at_size.get(number, ()):
            before = earliest.get(claim.by)
            if before is None or claim.time_s < before.time_s:
                earliest[claim.by] = claim
        rows.append(tuple(earliest.values()))
    return rows[::-1]
