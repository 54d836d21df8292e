"""The order and the time bracket of an entry: what it commits to, and who committed to it.

Where each log names the others is known in memory (shell/log.py), so some entries are read and
none looked through. What is not found is not shown: that a party is not named is no proof that it
holds nothing. Implements API-048, API-281.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from crosstell.codecs import entry_body
from crosstell.codecs.api.traced import Bound, Traced
from crosstell.core.errors import PartyError
from crosstell.core.ids import EntryRef, FeedId, PartyId
from crosstell.core.instant import from_us
from crosstell.core.record.cosignature import COSIGNER_PREFIX, Cosigned, check_cosignatures
from crosstell.core.record.entry import parse
from crosstell.core.record.note import NoteKey, parse_note
from crosstell.core.state.events import JournalCommitted
from crosstell.shell.exchange import AT_MS_MAX
from crosstell.shell.log import COMMITS
from crosstell.shell.node import Node
from crosstell.shell.signing import verifier_of
from crosstell.shell.store.contract import Store
from crosstell.shell.store.names import cosigned_name, cosigned_prefix

NOTES_MAX = 64  # cosigned checkpoints that are looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """An entry that bounds another: whose it is, its signed header, how much it commits to."""

    party: PartyId
    leaf: bytes
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What the node holds of the order of one entry; no signature is checked yet."""

    made_after: tuple[Stated, ...] = ()
    held_by: tuple[Stated, ...] = ()
    notes: tuple[bytes, ...] = ()
    keys: tuple[NoteKey, ...] = ()
    others: Mapping[FeedId, PartyId]
    committed: Stated | None = None


def gathered(node: Node, store: Store, feed: FeedId, seq: int) -> Gathered:
    """It, read in the owner's thread: so many entries as there are parties, and some notes."""
    setting = node.state.setting
    others = {name: party for party, name in setting.feeds if name != feed}
    if feed == setting.journal:
        return Gathered(others=others, committed=_committed(node, store, seq))
    notes = store.blobs(cosigned_prefix(feed), cosigned_name(feed, seq), NOTES_MAX)
    heads = [node.rebuilt.log(other).head for other in others]
    keys = [key for head in heads if head is not None for key in head.keys.cosigner_keys()]
    return Gathered(
        made_after=tuple(_made_after(node, store, (feed, seq), others)),
        held_by=tuple(_held_by(node, store, (feed, seq), others)),
        notes=tuple(put.value for put in notes),
        keys=tuple({key.public_key: key for key in keys}.values()),  # one counts once
        others=others,
    )


def traced(found: Gathered) -> Traced:
    """The bracket, in any thread; each cosignature is checked again."""
    signed = _first_cosigned(found.notes, found.keys, found.others)
    bounds = sorted((*map(_bound_of, found.held_by), *signed), key=_order)
    return Traced(
        made_after=tuple(map(_bound_of, found.made_after)),
        held_by=tuple(bounds),
        committed=None if found.committed is None else _bound_of(found.committed),
    )


def _order(one: Bound) -> tuple[str, datetime, bool]:
    return one.party, one.at, one.entry is None


def _bound_of(one: Stated) -> Bound:
    """The bound that rests on that entry."""
    entry = parse(one.leaf)
    header = entry.header
    return Bound(
        party=one.party,
        at=from_us(min(header.hlc.ms, AT_MS_MAX) * 1_000),
        entry=EntryRef(feed=header.feed, seq=header.seq, hash=entry.hash.hex()),
        size=one.size,
    )


def _leaf(store: Store, feed: FeedId, at: int) -> bytes | None:
    return next((leaf for leaf, _ in store.leaves(feed, at, 1)), None)


def _made_after(
    node: Node, store: Store, of: tuple[FeedId, int], others: Mapping[FeedId, PartyId]
) -> Iterator[Stated]:
    """The newest entry of each other feed that this one, or one before it, commits to."""
    feed, seq = of
    log = node.rebuilt.log(feed)
    for other, party in sorted(others.items()):
        size = log.names_of(other).size_at(seq)
        leaf = _leaf(store, other, size - 1) if size > 0 else None
        if leaf is not None:
            yield Stated(party=party, leaf=leaf, size=size)


def _held_by(
    node: Node, store: Store, of: tuple[FeedId, int], others: Mapping[FeedId, PartyId]
) -> Iterator[Stated]:
    """The first entry of each other feed that commits to this one."""
    feed, seq = of
    for other, party in others.items():
        found = node.rebuilt.log(other).names_of(feed).first_over(seq)
        leaf = None if found is None else _leaf(store, other, found[0])
        if found is not None and leaf is not None:
            yield Stated(party=party, leaf=leaf, size=found[1])


def _first_cosigned(
    notes: Iterable[bytes], keys: tuple[NoteKey, ...], others: Mapping[FeedId, PartyId]
) -> tuple[Bound, ...]:
    """The earliest of each cosigner, each signature checked again."""
    earliest: dict[PartyId, Bound] = {}
    for data in notes:
        for one in _stated_in(data, keys):
            party = others[FeedId(one.key.name.removeprefix(COSIGNER_PREFIX))]
            at = from_us(min(one.time_s * 1_000, AT_MS_MAX) * 1_000)
            if party not in earliest or at < earliest[party].at:
                size = one.checkpoint.size
                earliest[party] = Bound(party=party, at=at, entry=None, size=size)
    return tuple(earliest.values())


def _stated_in(data: bytes, keys: tuple[NoteKey, ...]) -> tuple[Cosigned, ...]:
    """What the cosigners stated in that note; what does not verify shows nothing. NOD-525."""
    try:
        return check_cosignatures(parse_note(data), keys, verifier_of)
    except PartyError:
        return ()


def _committed(node: Node, store: Store, seq: int) -> Stated | None:
    """The first entry of our own feed that states the journal's root over that entry of it."""
    own = node.rebuilt.own
    low, high = 0, len(own.commits)
    found: Stated | None = None
    while low < high:
        middle = (low + high) // 2
        stated = _stated(store, node.state.setting.party, own.feed, own.commits[middle])
        if stated is not None and stated.size > seq:
            found, high = stated, middle
        else:
            low = middle + 1
    return found


def _stated(store: Store, party: PartyId, feed: FeedId, at: int) -> Stated | None:
    """How much of the journal that entry commits to; None where its body is not held."""
    for row in store.entries(feed, at, 1):
        if row.body is not None:
            said = entry_body.decode(COMMITS, row.body).body
            if isinstance(said, JournalCommitted):
                return Stated(party=party, leaf=row.leaf, size=said.size)
    return None
