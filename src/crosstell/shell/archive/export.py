"""What goes into an export, from a store: feeds under their checkpoints, chosen bodies, keys.

The exporter checks every entry again on the way, so that a damaged store does not become an
export. A feed reaches as far as a signed checkpoint of it does; of the party's own feed and
journal the export signs one over all that is stored. Implements ARC-015 to ARC-019.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from crosstell.codecs.archive.files import (
    KEYS,
    Purpose,
    bodies_path,
    checkpoint_path,
    earlier_checkpoint_path,
    fork_path,
    print_bodies,
    seal_of,
    tile_path,
)
from crosstell.codecs.archive.keys import print_keys
from crosstell.core.errors import CallerError, Fatal
from crosstell.core.ids import FeedId
from crosstell.core.record.checkpoint import origin_of, parse_checkpoint, sign_checkpoint
from crosstell.core.record.entry import Body
from crosstell.core.record.feed import FeedHead, follow, parse_next
from crosstell.core.record.keys import KEY_TYPES
from crosstell.core.record.note import Note, parse_note, sign_text
from crosstell.core.record.signing import Signer
from crosstell.core.record.tree import (
    ENTRIES,
    TILE_WIDTH,
    Tile,
    bundle_data,
    nodes_of,
    tile_data,
    tiles_between,
)
from crosstell.shell.archive.far import Tell, untold
from crosstell.shell.archive.folder import write_folder
from crosstell.shell.signing import verifier_of
from crosstell.shell.store.contract import Store, StoredEntry
from crosstell.shell.store.names import (
    FORKS,
    FOUNDINGS,
    OWN_FEED,
    OWN_JOURNAL,
    checkpoint_name,
    cosigned_prefix,
)


class Bodies(StrEnum):
    """Which bodies an export shows, beside the public ones of key entries."""

    NONE = "none"
    OWN = "own"  # those of the party's own feed
    HELD = "held"  # all that the party holds, the other parties' words to it included


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a person chose to let out."""

    purpose: Purpose = Purpose.SHARED
    bodies: Bodies = Bodies.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What an export holds: feeds with their sizes, and how many stored entries it leaves out."""

    sizes: tuple[tuple[FeedId, int], ...]
    beyond: tuple[tuple[FeedId, int], ...]


@dataclass(slots=True)
class _Contents:
    """An export in the making."""

    store: Store
    choice: Choice
    signer: Signer
    own: FeedId
    tell: Tell
    heads: dict[FeedId, FeedHead] = field(default_factory=dict)

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Every file but the list and the manifest."""
        feeds = self.feeds()
        of = sum(self.store.size(feed) for feed in feeds)
        for feed in feeds:
            yield from self._feed(feed, of)
        yield KEYS, print_keys([head.keys for head in self.heads.values()], self._compared())
        for put in self.store.blobs(FORKS):
            feed = FeedId(put.name.removeprefix(FORKS).partition("/")[0])
            if self.choice.purpose is Purpose.OWN_USE or feed != text_in(self.store, OWN_JOURNAL):
                yield fork_path(feed, put.value), put.value

    def feeds(self) -> tuple[FeedId, ...]:
        """The feeds that the export holds: those with a checkpoint, and our own."""
        journal = text_in(self.store, OWN_JOURNAL)
        mine = {self.own, journal} if self.choice.purpose is Purpose.OWN_USE else {self.own}
        return tuple(
            feed
            for feed in self.store.feeds()
            if feed in mine
            or (feed != journal and self.store.blob(checkpoint_name(feed)) is not None)
        )

    def _compared(self) -> frozenset[FeedId]:
        """The feeds whose root fingerprint was compared, as the store says."""
        names = (put.name.removeprefix(FOUNDINGS) for put in self.store.blobs(FOUNDINGS))
        return frozenset(FeedId(name) for name in names) | {self.own}

    def _feed(self, feed: FeedId, of: int) -> Iterator[tuple[str, bytes]]:
        """The files of one feed; `of`: how many entries the feeds of the export have together."""
        note = self._stored_note(feed)
        size = self.store.size(feed) if note is None else parse_checkpoint(note.text).size
        if size > self.store.size(feed):
            raise CallerError(
                f"feed {feed}: its checkpoint is of size {size}, the store holds "
                f"{self.store.size(feed)} entries; fetch the rest, or restore the newest copy"
            )
        hashes: list[bytes] = []
        head: FeedHead | None = None
        for tile in (tile for tile in tiles_between(0, size) if tile.level == ENTRIES):
            rows = tuple(self.store.entries(feed, tile.index * TILE_WIDTH, tile.width))
            kinds: list[str] = []
            for row in rows:
                entry = parse_next(head, row.leaf)
                head = follow(head, entry, verifier_of, body=body_of(row))
                hashes.append(entry.hash)
                kinds.append(entry.header.type)
            self.tell(sum(one.size for one in self.heads.values()) + len(hashes), of)
            yield tile_path(feed, tile), bundle_data([row.leaf for row in rows])
            yield from self._bodies(feed, tile, tuple(zip(rows, kinds, strict=True)))
        assert head is not None, "a stored feed has an entry"
        self.heads[feed] = head
        read = nodes_of(hashes)
        for tile in (tile for tile in tiles_between(0, size) if tile.level != ENTRIES):
            yield tile_path(feed, tile), tile_data(tile, read)
        yield checkpoint_path(feed), (note or self._sign(head)).print()
        yield from self._earlier(feed, size)

    def _stored_note(self, feed: FeedId) -> Note | None:
        """The newest checkpoint held, if the export must or may use it."""
        stored = self.store.blob(checkpoint_name(feed))
        note = None if stored is None else parse_note(stored)
        mine = feed in (self.own, text_in(self.store, OWN_JOURNAL))
        if mine and note is not None:
            full = parse_checkpoint(note.text).size == self.store.size(feed)
            return note if full else None
        return note

    def _sign(self, head: FeedHead) -> Note:
        """A checkpoint of the party's own over all that is stored."""
        self._check_key(head)
        return sign_checkpoint(head.checkpoint(), self.signer)

    def _check_key(self, head: FeedHead) -> None:
        """Refuse a key under which no reader would accept what is signed."""
        if self.signer.public_key() != head.keys.key_at(head.size):
            raise CallerError(
                f"the key given is not the online key of feed {head.feed}; give the folder with "
                "its keys. Nothing was written"
            )

    def _earlier(self, feed: FeedId, size: int) -> Iterator[tuple[str, bytes]]:
        """Earlier checkpoints of the feed, kept for the cosignatures on them."""
        newest = self.store.blob(checkpoint_name(feed))
        held = [put.value for put in self.store.blobs(cosigned_prefix(feed))]
        notes = [*held, *([newest] if newest is not None else [])]
        by_size = {parse_checkpoint(parse_note(note).text).size: note for note in notes}
        for earlier, note in sorted(by_size.items()):
            if 0 < earlier < size:
                yield earlier_checkpoint_path(feed, earlier), note

    def _bodies(
        self, feed: FeedId, tile: Tile, rows: Sequence[tuple[StoredEntry, str]]
    ) -> Iterator[tuple[str, bytes]]:
        """The bodies shown beside one entry bundle, if any; `rows` has each row with its kind."""
        shown = [body_of(row) if self._shows(row, kind) else None for row, kind in rows]
        if any(body is not None for body in shown):
            yield bodies_path(feed, tile), print_bodies(shown)

    def _shows(self, row: StoredEntry, kind: str) -> bool:
        """Whether the person who exports lets this body out."""
        if row.body is None:
            return False
        own = row.feed in (self.own, text_in(self.store, OWN_JOURNAL))
        chosen = self.choice.bodies
        if chosen is Bodies.HELD or (chosen is Bodies.OWN and own):
            return True
        return kind in KEY_TYPES

    def seal(self, count: int, listing: bytes) -> bytes:
        """The manifest, signed by the online key of the party's own feed."""
        self._check_key(self.heads[self.own])
        text = seal_of(
            exporter=self.own, purpose=self.choice.purpose, count=count, listing=listing
        ).text()
        line = sign_text(text, name=origin_of(self.own), signer=self.signer)
        return Note(text=text, signatures=(line,)).print()


def export(
    store: Store,
    target: Path,
    choice: Choice,
    signer: Signer,
    tell: Tell = untold,
) -> Exported:
    """The export stands at `target`, whole; on any error nothing does.

    Meanwhile `tell` is told how many entries of how many are done.
    """
    own = text_in(store, OWN_FEED)
    if own is None or store.size(own) == 0:
        raise CallerError("the store holds no feed of its own; name the store of a founded party")
    contents = _Contents(store=store, choice=choice, signer=signer, own=own, tell=tell)
    write_folder(target, contents.files(), contents.seal)
    sizes = tuple((feed, head.size) for feed, head in contents.heads.items())
    return Exported(
        sizes=sizes,
        beyond=tuple(
            (feed, store.size(feed) - size) for feed, size in sizes if store.size(feed) > size
        ),
    )


def text_in(store: Store, name: str) -> FeedId | None:
    """The feed that a named text of the store names."""
    value = store.blob(name)
    try:
        return None if value is None else FeedId(value.decode("ascii"))
    except UnicodeDecodeError as error:
        raise Fatal(
            f"store: the value {name} is not text; the store is damaged. Keep it and restore the "
            "newest copy beside it"
        ) from error


def body_of(row: StoredEntry) -> Body | None:
    """The body of a stored row, if it is held."""
    if row.salt is None or row.body is None:
        return None
    try:
        return Body(salt=row.salt, content=row.body)
    except ValueError as error:
        raise Fatal(
            f"store: feed {row.feed}, entry {row.seq}: {error}; the store is damaged. Keep it and "
            "restore the newest copy beside it"
        ) from error
