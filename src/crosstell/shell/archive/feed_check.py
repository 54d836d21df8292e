"""One feed of an export, entry by entry: rules, tiles, bodies, checkpoints, cosignatures.

Nothing here believes the exporter: keys come from the feed's own entries, the tree from the
leaves, and a tile is right only if it is the one that the leaves give.
"""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from crosstell.codecs.archive.files import (
    Kind,
    bodies_path,
    checkpoint_path,
    earlier_checkpoint_path,
    parse_bodies,
    tile_path,
)
from crosstell.core.errors import PartyError
from crosstell.core.ids import FeedId
from crosstell.core.record.checkpoint import check_checkpoint, parse_checkpoint
from crosstell.core.record.cosignature import Cosigned, check_cosignatures
from crosstell.core.record.entry import Body, Entry, Head, check_body
from crosstell.core.record.feed import FeedHead, follow, parse_next
from crosstell.core.record.note import Note, NoteKey, lines_of, parse_note
from crosstell.core.record.signing import VerifierOf
from crosstell.core.record.tree import ENTRIES, Tile, parse_bundle_data, tiles_between
from crosstell.shell.archive.sealed import SealedFolder, at_file
from crosstell.shell.archive.tiles import FeedTiles


@dataclass(frozen=True, slots=True)
class EntrySeen:
    """One entry, as far as its bracket needs it."""

    kind: str
    time_ms: int
    hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSeen:
    """A feed that holds up to its exported checkpoint. `with_new_heads` has each head once.

    `entries` is empty where nobody asked for each of them.
    """

    head: FeedHead
    note: Note
    tiles: FeedTiles
    first_ms: int
    entries: Sequence[EntrySeen]
    bodies_shown: int
    with_new_heads: tuple[Entry, ...]
    earlier: tuple[Note, ...]

    @property
    def feed(self) -> FeedId:
        """The feed's name."""
        return self.head.feed

    @property
    def root(self) -> str:
        """The root of the whole feed as exported, in hex."""
        return self.head.tree.root().hex()

    def root_at(self, size: int) -> bytes | None:
        """The root at `size`, or None beyond what was exported."""
        return self.tiles.root_at(size)


@dataclass(slots=True)
class _Walk:
    """A feed as far as it has been read. `listed`: each entry is asked for."""

    tiles: FeedTiles
    listed: bool
    head: FeedHead | None = None
    first_ms: int = 0
    entries: list[EntrySeen] = field(default_factory=list)
    bodies_shown: int = 0
    with_new_heads: list[Entry] = field(default_factory=list)

    def step(self, leaf: bytes, body: Body | None, verifier_of: VerifierOf) -> bytes:
        """The walk with one more entry, and its hash; PartyError if it breaks a rule."""
        before: tuple[Head, ...] = self.head.heads if self.head is not None else ()
        entry = parse_next(self.head, leaf)
        if self.head is None:
            self.first_ms = entry.header.hlc.ms
        self.head = follow(self.head, entry, verifier_of, body=body)
        if body is not None:
            check_body(entry, body)
            self.bodies_shown += 1
        if self.listed:
            kind, time_ms = entry.header.type, entry.header.hlc.ms
            self.entries.append(EntrySeen(sys.intern(kind), time_ms, entry.hash))
        if not set(entry.header.heads) <= set(before):
            self.with_new_heads.append(entry)
        return entry.hash


def check_feed(
    source: SealedFolder, feed: FeedId, verifier_of: VerifierOf, *, listed: bool = False
) -> FeedSeen:
    """The feed as exported, everything in it checked. Raises PartyError at the first fault.

    `listed`: each entry is kept, with what bounds its time.
    """
    path = checkpoint_path(feed)
    with at_file(source.folder, path):
        note = parse_note(source.take(path))
        size = parse_checkpoint(note.text).size
        if size == 0:
            raise PartyError("is of an empty feed; an export holds feeds with entries")
        _check_listed(source, feed, size)
    tiles = FeedTiles(source=source, feed=feed)
    walk = _Walk(tiles=tiles, listed=listed)
    for bundle in (tile for tile in tiles_between(0, size) if tile.level == ENTRIES):
        _walk_bundle(source, feed, bundle, walk, verifier_of)
    tiles.end()
    assert walk.head is not None, "a feed with entries has a head"
    with at_file(source.folder, path):
        _check_note(note, walk.head, tiles, verifier_of)
    return FeedSeen(
        head=walk.head,
        note=note,
        tiles=tiles,
        first_ms=walk.first_ms,
        entries=walk.entries,
        bodies_shown=walk.bodies_shown,
        with_new_heads=tuple(walk.with_new_heads),
        earlier=_check_earlier(source, walk.head, tiles, verifier_of),
    )


def _check_listed(source: SealedFolder, feed: FeedId, size: int) -> None:
    """Refuse a size that the listed bundles cannot fill, before any work is done for it."""
    bundles = sum(1 for path in source.paths(Kind.BUNDLE) if path.feed == feed)
    if bundles != -(-size // 256):
        raise PartyError(
            f"is of size {size}, which fills {-(-size // 256)} entry bundles; the export has "
            f"{bundles}: entries were dropped or added"
        )


def _walk_bundle(
    source: SealedFolder, feed: FeedId, bundle: Tile, walk: _Walk, verifier_of: VerifierOf
) -> None:
    """All entries of one bundle, with the bodies shown beside it."""
    path = tile_path(feed, bundle)
    with at_file(source.folder, path):
        leaves = parse_bundle_data(bundle, source.take(path))
    beside = bodies_path(feed, bundle)
    shown = source.take_if_listed(beside)
    bodies: Sequence[Body | None] = (None,) * bundle.width
    if shown is not None:
        with at_file(source.folder, beside):
            bodies = parse_bodies(bundle.width, shown)
    with at_file(source.folder, path):
        hashes = [
            walk.step(leaf, body, verifier_of) for leaf, body in zip(leaves, bodies, strict=True)
        ]
    walk.tiles.grow(hashes)


def _check_note(note: Note, head: FeedHead, tiles: FeedTiles, verifier_of: VerifierOf) -> None:
    """Raise PartyError unless the note is the feed's signed checkpoint over these entries."""
    size = parse_checkpoint(note.text).size
    if not 0 < size <= head.size:
        raise PartyError(f"is of size {size}, the feed has {head.size} entries here")
    keys = head.keys.log_keys_at(size)
    signed_by = next((key for key in keys if lines_of(note, key)), keys[0])
    point = check_checkpoint(note, signed_by, verifier_of)
    if point.root != tiles.root_at(size):
        raise PartyError(
            f"its root at size {size} is not that of the entries; one of them was changed, or the "
            "feed is forked"
        )


def _check_earlier(
    source: SealedFolder, head: FeedHead, tiles: FeedTiles, verifier_of: VerifierOf
) -> tuple[Note, ...]:
    """The earlier checkpoints of the feed, each over a beginning of the same entries."""
    found: list[Note] = []
    for path in source.paths(Kind.EARLIER_CHECKPOINT):
        if path.feed != head.feed:
            continue
        with at_file(source.folder, path.print()):
            note = parse_note(source.take(path.print()))
            size = parse_checkpoint(note.text).size
            if earlier_checkpoint_path(head.feed, size) != path.print():
                raise PartyError(f"is of size {size}, not of the size in its name")
            _check_note(note, head, tiles, verifier_of)
        found.append(note)
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Witnessed:
    """What others stated of a feed's checkpoints, smallest first, and the lines left aside.

    `own` lines are by further keys of the feed's owner, `unknown` by keys not in the export.
    """

    cosigned: tuple[Cosigned, ...]
    own: int
    unknown: int


def check_witnesses(
    source: SealedFolder, seen: FeedSeen, feeds: Sequence[FeedSeen], verifier_of: VerifierOf
) -> Witnessed:
    """All cosignatures on the feed's checkpoints by the owners of the other feeds in the export.

    Who stands under the feed's own root is its owner, and nobody vouches for himself.
    """
    root = seen.head.keys.root_key
    others = _cosigners(feed for feed in feeds if feed.head.keys.root_key != root)
    own = _cosigners(feed for feed in feeds if feed.head.keys.root_key == root)
    own_ids = {key.id for key in own}
    other_ids = {key.id for key in others}
    cosigned: list[Cosigned] = []
    aside = unknown = 0
    for note in (*seen.earlier, seen.note):
        size = parse_checkpoint(note.text).size
        newest = note is seen.note
        path = checkpoint_path(seen.feed) if newest else earlier_checkpoint_path(seen.feed, size)
        with at_file(source.folder, path):
            cosigned += _distinct_keys(note, others, verifier_of)
        log_ids = {key.id for key in seen.head.keys.log_keys_at(size)}
        ids = [line.key_id for line in note.signatures if line.key_id not in other_ids | log_ids]
        aside += sum(key_id in own_ids for key_id in ids)
        unknown += sum(key_id not in own_ids for key_id in ids)
    return Witnessed(cosigned=tuple(cosigned), own=aside, unknown=unknown)


def _cosigners(feeds: Iterable[FeedSeen]) -> tuple[NoteKey, ...]:
    """The cosigning keys of these feeds that count."""
    return tuple(key for feed in feeds for key in feed.head.keys.cosigner_keys())


def _distinct_keys(
    note: Note, keys: Sequence[NoteKey], verifier_of: VerifierOf
) -> tuple[Cosigned, ...]:
    """Every cosignature by one of `keys`, checked; a key under two names counts once."""
    found: dict[bytes, tuple[Cosigned, ...]] = {}
    for key in keys:
        stated = check_cosignatures(note, (key,), verifier_of)
        if stated:
            found.setdefault(key.public_key, stated)
    return tuple(one for stated in found.values() for one in stated)
