"""One feed of an export, entry by entry: rules, tiles, bodies, checkpoints, cosignatures.

Nothing here believes the exporter: keys come from the feed's own entries, the tree from the
leaves, and a tile is right only if it is the one that the leaves give.
"""

from collections.abc import Sequence
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
from crosstell.core.record.entry import Body, Entry, Head, check_body, parse
from crosstell.core.record.feed import FeedHead, extend
from crosstell.core.record.note import Note, NoteKey, parse_note
from crosstell.core.record.signing import VerifierOf
from crosstell.core.record.tree import (
    ENTRIES,
    NodeReader,
    Tile,
    nodes_of,
    parse_bundle_data,
    root_of,
    tile_data,
    tiles_between,
)
from crosstell.shell.archive.sealed import SealedFolder, at_file


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSeen:
    """A feed that holds up to its exported checkpoint. `with_new_heads` has each head once."""

    head: FeedHead
    note: Note
    read: NodeReader
    first_ms: int
    bodies_shown: int
    with_new_heads: tuple[Entry, ...]
    earlier: tuple[Note, ...]

    @property
    def feed(self) -> FeedId:
        """The feed's name."""
        return self.head.feed

    def root_at(self, size: int) -> bytes | None:
        """The root at `size`, or None beyond what was exported."""
        return root_of(size, self.read) if size <= self.head.size else None


@dataclass(slots=True)
class _Walk:
    """A feed as far as it has been read."""

    head: FeedHead | None = None
    hashes: list[bytes] = field(default_factory=list)
    first_ms: int = 0
    bodies_shown: int = 0
    with_new_heads: list[Entry] = field(default_factory=list)

    def step(self, leaf: bytes, body: Body | None, verifier_of: VerifierOf) -> None:
        """The walk with one more entry; PartyError if it breaks a rule."""
        before: tuple[Head, ...] = self.head.heads if self.head is not None else ()
        self.head = extend(self.head, leaf, verifier_of, body=body)
        entry = parse(leaf)
        if body is not None:
            check_body(entry, body)
            self.bodies_shown += 1
        if not self.hashes:
            self.first_ms = entry.header.hlc.ms
        self.hashes.append(entry.hash)
        if not set(entry.header.heads) <= set(before):
            self.with_new_heads.append(entry)


def check_feed(source: SealedFolder, feed: FeedId, verifier_of: VerifierOf) -> FeedSeen:
    """The feed as exported, everything in it checked. Raises PartyError at the first fault."""
    path = checkpoint_path(feed)
    with at_file(source.folder, path):
        note = parse_note(source.take(path))
        size = parse_checkpoint(note.text).size
        if size == 0:
            raise PartyError("is of an empty feed; an export holds feeds with entries")
        _check_listed(source, feed, size)
    walk = _Walk()
    tiles = tiles_between(0, size)
    for bundle in (tile for tile in tiles if tile.level == ENTRIES):
        _walk_bundle(source, feed, bundle, walk, verifier_of)
    assert walk.head is not None, "a feed with entries has a head"
    read = nodes_of(walk.hashes)
    for tile in (tile for tile in tiles if tile.level != ENTRIES):
        with at_file(source.folder, tile_path(feed, tile)):
            if source.take(tile_path(feed, tile)) != tile_data(tile, read):
                raise PartyError("does not hold the hashes of the entries below it")
    with at_file(source.folder, path):
        _check_note(note, walk.head, read, verifier_of)
    return FeedSeen(
        head=walk.head,
        note=note,
        read=read,
        first_ms=walk.first_ms,
        bodies_shown=walk.bodies_shown,
        with_new_heads=tuple(walk.with_new_heads),
        earlier=_check_earlier(source, walk.head, read, verifier_of),
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
        for leaf, body in zip(leaves, bodies, strict=True):
            walk.step(leaf, body, verifier_of)


def _check_note(note: Note, head: FeedHead, read: NodeReader, verifier_of: VerifierOf) -> None:
    """Raise PartyError unless the note is the feed's signed checkpoint over these entries."""
    size = parse_checkpoint(note.text).size
    if not 0 < size <= head.size:
        raise PartyError(f"is of size {size}, the feed has {head.size} entries here")
    point = check_checkpoint(note, head.keys.log_key_at(size), verifier_of)
    if point.root != root_of(size, read):
        raise PartyError(
            f"its root at size {size} is not that of the entries; one of them was changed, or the "
            "feed is forked"
        )


def _check_earlier(
    source: SealedFolder, head: FeedHead, read: NodeReader, verifier_of: VerifierOf
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
            _check_note(note, head, read, verifier_of)
        found.append(note)
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Witnessed:
    """What others stated of a feed's checkpoints; `unknown` lines are by keys not in the export."""

    cosigned: tuple[Cosigned, ...]
    unknown: int


def check_witnesses(
    source: SealedFolder, seen: FeedSeen, others: Sequence[NoteKey], verifier_of: VerifierOf
) -> Witnessed:
    """All cosignatures on the feed's checkpoints by keys of the other feeds in the export."""
    cosigned: list[Cosigned] = []
    unknown = 0
    for note in (*seen.earlier, seen.note):
        size = parse_checkpoint(note.text).size
        path = (
            checkpoint_path(seen.feed)
            if note is seen.note
            else earlier_checkpoint_path(seen.feed, size)
        )
        lines = {line.key_id for line in note.signatures}
        # A party's feed and its journal name one cosigning key; it signs under one of the names.
        named = [key for key in others if key.id in lines]
        with at_file(source.folder, path):
            found = check_cosignatures(note, named, verifier_of)
        own = {key.id for key in (seen.head.keys.log_key_at(size),)}
        known = own | {key.id for key in others}
        unknown += sum(line.key_id not in known for line in note.signatures)
        cosigned += found
    return Witnessed(cosigned=tuple(cosigned), unknown=unknown)
