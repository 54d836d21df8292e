"""A receipt out of a store or an export: the holder's first entry that names the call's feed.

Takes the earliest entry of the holder that shows it held the call, and the smallest checkpoint
that covers it, a cosigned one before a bare one. Implements ARC-035 to ARC-037.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from crosstell.codecs.archive.files import (
    Kind,
    bodies_path,
    checkpoint_path,
    parse_bodies,
    tile_path,
)
from crosstell.core.errors import CallerError, PartyError
from crosstell.core.ids import FeedId
from crosstell.core.record.checkpoint import parse_checkpoint
from crosstell.core.record.entry import Body, Entry, parse
from crosstell.core.record.keys import KEY_TYPES, FeedKeys, admit
from crosstell.core.record.note import Note, lines_of, parse_note
from crosstell.core.record.receipt import KeyTrail, Receipt, check_receipt
from crosstell.core.record.tree import (
    ENTRIES,
    inclusion_proof,
    nodes_of,
    parse_bundle_data,
    tiles_between,
)
from crosstell.shell.archive.export import body_of, text_in
from crosstell.shell.archive.sealed import SealedFolder
from crosstell.shell.signing import verifier_of
from crosstell.shell.store.contract import Store
from crosstell.shell.store.names import OWN_JOURNAL, checkpoint_name, cosigned_prefix


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldFeed:
    """A feed in memory: entries, the bodies held, its checkpoints by size."""

    entries: tuple[Entry, ...]
    bodies: tuple[Body | None, ...]
    notes: tuple[Note, ...]

    def path(self, *, index: int, size: int) -> tuple[bytes, ...]:
        """The inclusion proof of an entry."""
        read = nodes_of([entry.hash for entry in self.entries])
        return inclusion_proof(index=index, size=size, read=read)

    def trail(self) -> KeyTrail:
        """The key entries with their public bodies."""
        return KeyTrail(
            entries=tuple(
                (entry.leaf, body)
                for entry, body in zip(self.entries, self.bodies, strict=True)
                if entry.header.type in KEY_TYPES and body is not None
            )
        )

    def keys(self) -> FeedKeys:
        """The keys that the trail states."""
        keys: FeedKeys | None = None
        for leaf, body in self.trail().entries:
            keys = admit(keys, parse(leaf), verifier_of, body=body)
        if keys is None:
            raise PartyError("the feed's founding entry or its public body is missing; ask for it")
        return keys


def held_in_store(store: Store) -> dict[FeedId, HeldFeed]:
    """All feeds of a store but the private journal."""
    journal = text_in(store, OWN_JOURNAL)
    return {feed: _from_store(store, feed) for feed in store.feeds() if feed != journal}


def _from_store(store: Store, feed: FeedId) -> HeldFeed:
    """One feed of a store."""
    rows = tuple(store.entries(feed))
    newest = store.blob(checkpoint_name(feed))
    values = [put.value for put in store.blobs(cosigned_prefix(feed))]
    return HeldFeed(
        entries=tuple(parse(row.leaf) for row in rows),
        bodies=tuple(body_of(row) for row in rows),
        notes=tuple(parse_note(value) for value in [*values, *([newest] if newest else [])]),
    )


def held_in_export(source: SealedFolder) -> dict[FeedId, HeldFeed]:
    """All feeds of an export that was verified before."""
    feeds = sorted({path.feed for path in source.paths(Kind.CHECKPOINT) if path.feed})
    return {feed: _from_export(source, feed) for feed in feeds}


def _from_export(source: SealedFolder, feed: FeedId) -> HeldFeed:
    """One feed of an export."""
    newest = parse_note(source.take(checkpoint_path(feed)))
    earlier = [
        parse_note(source.take(path.print()))
        for path in source.paths(Kind.EARLIER_CHECKPOINT)
        if path.feed == feed
    ]
    entries: list[Entry] = []
    bodies: list[Body | None] = []
    for tile in tiles_between(0, parse_checkpoint(newest.text).size):
        if tile.level == ENTRIES:
            leaves = parse_bundle_data(tile, source.take(tile_path(feed, tile)))
            shown = source.take_if_listed(bodies_path(feed, tile))
            entries += [parse(leaf) for leaf in leaves]
            bodies += parse_bodies(tile.width, shown) if shown is not None else [None] * tile.width
    return HeldFeed(entries=tuple(entries), bodies=tuple(bodies), notes=(*earlier, newest))


class CallBody(StrEnum):
    """Whether a receipt discloses what the call said; a person decides."""

    SHOWN = "shown"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The call of which a receipt is wanted, of whom, and whether its body is disclosed in it."""

    feed: FeedId
    seq: int
    holder: FeedId | None = None
    body: CallBody = CallBody.WITHHELD


def make_receipt(held: Mapping[FeedId, HeldFeed], wanted: Wanted) -> bytes:
    """The receipt, verified. CallerError says what is missing; that is never proof of absence."""
    call_feed = held.get(wanted.feed)
    if call_feed is None or not 0 <= wanted.seq < len(call_feed.entries):
        raise CallerError(
            f"entry {wanted.seq} of feed {wanted.feed} is not held here; name a feed and number "
            f"that is. Feeds: {', '.join(held) or 'none'}"
        )
    holder = _holder(held, wanted)
    following, size = _first_entry_holding(held[holder], holder, wanted)
    note = _covering(held[holder], holder, following.header.seq)
    shown = call_feed.bodies[wanted.seq] if wanted.body is CallBody.SHOWN else None
    if wanted.body is CallBody.SHOWN and shown is None:
        raise CallerError(
            f"the body of entry {wanted.seq} of feed {wanted.feed} is not held here; make the "
            "receipt without it"
        )
    draft = Receipt(
        call=call_feed.entries[wanted.seq].leaf,
        call_body=shown,
        held_path=call_feed.path(index=wanted.seq, size=size),
        next_entry=following.leaf,
        listed_path=held[holder].path(
            index=following.header.seq, size=parse_checkpoint(note.text).size
        ),
        checkpoint=note,
        trails=(call_feed.trail(), held[holder].trail()),
    )
    return _encode(draft, held, (wanted.feed, holder))


def _holder(held: Mapping[FeedId, HeldFeed], wanted: Wanted) -> FeedId:
    """Whose receipt it is: the one named, or the only other feed."""
    caller = held[wanted.feed].keys().root_key
    others = [feed for feed, found in held.items() if found.keys().root_key != caller]
    if wanted.holder is not None and wanted.holder in others:
        return wanted.holder
    if wanted.holder is None and len(others) == 1:
        return others[0]
    raise CallerError(
        f"name the party that held the call with --holder, as one of: {', '.join(others) or 'none'}"
    )


def _first_entry_holding(holder: HeldFeed, name: FeedId, wanted: Wanted) -> tuple[Entry, int]:
    """The holder's first entry whose head of the call's feed covers the call, and that size."""
    for entry in holder.entries:
        for named in entry.header.heads:
            if named.feed == wanted.feed and named.size > wanted.seq:
                return entry, named.size
    raise CallerError(
        f"no entry of feed {name} held here names feed {wanted.feed} beyond entry {wanted.seq}, "
        "so there is no receipt yet. This does not show that it was not received"
    )


def _covering(holder: HeldFeed, name: FeedId, seq: int) -> Note:
    """The smallest checkpoint over the entry that counts, a cosigned one before a bare one."""
    keys = holder.keys()
    by_text: dict[str, Note] = {}
    for note in holder.notes:
        size = parse_checkpoint(note.text).size
        counts = not keys.is_void(size) and lines_of(note, keys.log_key_at(size))
        if seq < size <= len(holder.entries) and counts:
            whole = by_text.setdefault(note.text, note)
            for line in note.signatures:
                whole = whole.with_signature(line)
            by_text[note.text] = whole
    if not by_text:
        raise CallerError(
            f"no checkpoint of feed {name} held here covers its entry {seq}; fetch a newer "
            "checkpoint from that party, then make the receipt"
        )
    return min(
        by_text.values(),
        key=lambda note: (len(note.signatures) < 2, parse_checkpoint(note.text).size),
    )


def _encode(
    draft: Receipt, held: Mapping[FeedId, HeldFeed], parties: tuple[FeedId, FeedId]
) -> bytes:
    """The file, with the cosignatures of others if they fit, else with the caller's alone."""
    roots = {held[feed].keys().root_key for feed in parties}
    others = []  # a party's further feeds do not vouch for it
    for feed, found in held.items():
        root = found.keys().root_key
        if root not in roots:
            roots.add(root)
            others.append(feed)
    smaller = CallerError("receipt: no form of it fits")
    for extra in (others, []):
        full = _signed_by(draft, held, parties, extra)
        try:
            data = full.encode()
        except CallerError as error:
            smaller = error
            continue
        check_receipt(data, verifier_of)
        return data
    raise smaller


def _signed_by(
    draft: Receipt,
    held: Mapping[FeedId, HeldFeed],
    parties: tuple[FeedId, FeedId],
    extra: Sequence[FeedId],
) -> Receipt:
    """The receipt whose checkpoint carries only lines by keys shown in it."""
    caller, holder = parties
    size = parse_checkpoint(draft.checkpoint.text).size
    log = held[holder].keys().log_key_at(size).id
    ids = {feed: {key.id for key in held[feed].keys().cosigner_keys()} for feed in (caller, *extra)}
    used = [
        feed
        for feed in extra
        if any(line.key_id in ids[feed] for line in draft.checkpoint.signatures)
    ]
    known = {log, *ids[caller], *(key for feed in used for key in ids[feed])}
    lines = tuple(line for line in draft.checkpoint.signatures if line.key_id in known)
    return replace(
        draft,
        checkpoint=Note(text=draft.checkpoint.text, signatures=lines),
        trails=(*draft.trails, *(held[feed].trail() for feed in used)),
    )
