"""The order and the time bracket of an entry: what it commits to, and who committed to it.

Read from the signed headers that are held, a page at a time, so that the node's own work goes on.
What is not found is not shown: that a party is not named is no proof that it holds nothing.
Implements API-048.
"""

from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import datetime
from functools import partial

from crosstell.codecs import entry_body
from crosstell.codecs.api.traced import Bound, Traced
from crosstell.core.ids import EntryRef, FeedId, PartyId
from crosstell.core.instant import from_us
from crosstell.core.record.cosignature import COSIGNER_PREFIX, check_cosignatures
from crosstell.core.record.entry import Entry, parse
from crosstell.core.record.note import NoteKey, parse_note
from crosstell.core.state.events import JournalCommitted
from crosstell.core.state.setting import Setting
from crosstell.shell.api.serving import Serving
from crosstell.shell.exchange import AT_MS_MAX
from crosstell.shell.node import Node
from crosstell.shell.signing import verifier_of
from crosstell.shell.store.contract import Store
from crosstell.shell.store.names import cosigned_prefix

PAGE = 2_000
ENTRIES_MAX = 100_000  # of a feed that are looked through; an export has the brackets of all
NOTES_MAX = 64  # cosigned checkpoints that are looked at
COMMITTED = entry_body.kind_of(JournalCommitted(size=1, root="0" * 64))


async def traced(serving: Serving, feed: FeedId, seq: int) -> Traced:
    """The bracket of one entry that is held."""
    setting = serving.state.setting
    if feed == setting.journal:
        committed = await _committed(serving, setting, seq)
        return Traced(made_after=(), held_by=(), committed=committed)
    parties = {name: party for party, name in setting.feeds}
    others = {name: party for name, party in parties.items() if name != feed}
    after = await _made_after(serving, (feed, seq), others)
    held = [await _first_holding(serving, (feed, seq), other) for other in others.items()]
    signed = await _cosigned(serving, (feed, seq), others)
    bounds = sorted((one for one in (*held, *signed) if one is not None), key=_order)
    return Traced(made_after=after, held_by=tuple(bounds), committed=None)


def _order(one: Bound) -> tuple[str, datetime, bool]:
    return one.party, one.at, one.entry is None


def bound_of(party: PartyId, entry: Entry, size: int) -> Bound:
    """The bound that rests on that entry."""
    header = entry.header
    return Bound(
        party=party,
        at=from_us(min(header.hlc.ms, AT_MS_MAX) * 1_000),
        entry=EntryRef(feed=header.feed, seq=header.seq, hash=entry.hash.hex()),
        size=size,
    )


def _leaves(store: Store, feed: FeedId, at: int, _node: Node, _now: datetime) -> list[bytes]:
    return [leaf for leaf, _ in store.leaves(feed, at, PAGE)]


async def _forward(serving: Serving, feed: FeedId) -> AsyncIterator[list[bytes]]:
    """The signed headers of a feed, from its first."""
    store = serving.settings.store
    for start in range(0, ENTRIES_MAX, PAGE):
        page = await serving.look(partial(_leaves, store, feed, start))
        if page:
            yield page
        if len(page) < PAGE:
            return


def _mentions(leaf: bytes, feed: FeedId) -> bool:
    """Whether the bytes name the feed at all: a header is read only where they do."""
    return f'"{feed}":['.encode("ascii") in leaf


def _naming(leaves: Iterable[bytes], feed: FeedId, over: int) -> tuple[Entry, int] | None:
    """The first of these entries whose head of `feed` covers number `over`, and its size."""
    for leaf in leaves:
        if _mentions(leaf, feed):
            entry = parse(leaf)
            for head in entry.header.heads:
                if head.feed == feed and head.size > over:
                    return entry, head.size
    return None


async def _first_holding(
    serving: Serving, of: tuple[FeedId, int], other: tuple[FeedId, PartyId]
) -> Bound | None:
    feed, seq = of
    async for page in _forward(serving, other[0]):
        found = await serving.aside(_naming, page, feed, seq)
        if found is not None:
            return bound_of(other[1], *found)
    return None


async def _made_after(
    serving: Serving, of: tuple[FeedId, int], others: Mapping[FeedId, PartyId]
) -> tuple[Bound, ...]:
    """The newest entry of each other feed that this one, or one before it, commits to."""
    feed, seq = of
    store = serving.settings.store
    sizes: dict[FeedId, int] = {}
    end = seq + 1
    while end > max(0, seq + 1 - ENTRIES_MAX) and len(sizes) < len(others):
        start = max(0, end - PAGE)
        page = await serving.look(partial(_leaves, store, feed, start))
        sizes = await serving.aside(_sizes, page[: end - start], others) | sizes
        end = start
    found = []
    for other, size in sorted(sizes.items()):
        held = await serving.look(partial(_leaves, store, other, size - 1))
        if held:
            found.append(bound_of(others[other], parse(held[0]), size))
    return tuple(found)


def _sizes(leaves: Iterable[bytes], others: Mapping[FeedId, PartyId]) -> dict[FeedId, int]:
    """The last size of each other feed that these entries name."""
    found: dict[FeedId, int] = {}
    for leaf in leaves:
        if any(_mentions(leaf, other) for other in others):
            heads = parse(leaf).header.heads
            found |= {head.feed: head.size for head in heads if head.feed in others}
    return found


async def _cosigned(
    serving: Serving, of: tuple[FeedId, int], others: Mapping[FeedId, PartyId]
) -> tuple[Bound, ...]:
    """The first cosignature of each other party over the entry."""
    feed, seq = of
    store = serving.settings.store

    def read(node: Node, _now: datetime) -> tuple[list[bytes], tuple[NoteKey, ...]]:
        puts = store.blobs(cosigned_prefix(feed))
        notes = [put.value for put in puts if int(put.name.rpartition("/")[2]) > seq]
        heads = [node.rebuilt.log(other).head for other in others]
        keys = [key for head in heads if head is not None for key in head.keys.cosigner_keys()]
        return notes[:NOTES_MAX], tuple(keys)

    notes, keys = await serving.look(read)
    return await serving.aside(_first_cosigned, notes, keys, others)


def _first_cosigned(
    notes: Iterable[bytes], keys: tuple[NoteKey, ...], others: Mapping[FeedId, PartyId]
) -> tuple[Bound, ...]:
    """The earliest of each cosigner, each signature checked again."""
    earliest: dict[PartyId, Bound] = {}
    for data in notes:
        for one in check_cosignatures(parse_note(data), keys, verifier_of):
            party = others[FeedId(one.key.name.removeprefix(COSIGNER_PREFIX))]
            at = from_us(min(one.time_s * 1_000, AT_MS_MAX) * 1_000)
            if party not in earliest or at < earliest[party].at:
                size = one.checkpoint.size
                earliest[party] = Bound(party=party, at=at, entry=None, size=size)
    return tuple(earliest.values())


async def _committed(serving: Serving, setting: Setting, seq: int) -> Bound | None:
    """The first entry of our own feed that states the journal's root over that entry of it."""
    kind = f'"type":"{COMMITTED}"'.encode("ascii")
    start = 0
    async for page in _forward(serving, setting.feed):
        for number in (at for at, leaf in enumerate(page) if kind in leaf):
            size = await serving.look(
                partial(_journal_size, serving.settings.store, setting.feed, start + number)
            )
            if size > seq:
                return bound_of(setting.party, parse(page[number]), size)
        start += len(page)
    return None


def _journal_size(store: Store, feed: FeedId, at: int, _node: Node, _now: datetime) -> int:
    """How much of the journal that entry commits to; 0 where its body is not held."""
    for row in store.entries(feed, at, 1):
        if row.body is not None:
            said = entry_body.decode(COMMITTED, row.body).body
            if isinstance(said, JournalCommitted):
                return said.size
    return 0
