"""The tiles of one feed of an export, checked as its entries are read, and read again for roots.

No hash of an entry is kept: a tile is compared when it is full, and what it holds is asked of its
file later, which the manifest still names. So what a verification takes of memory does not grow
with the number of entries. Implements ARC-280.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from crosstell.codecs.archive.files import tile_path
from crosstell.core.errors import PartyError
from crosstell.core.ids import FeedId
from crosstell.core.record.tree import (
    TILE_WIDTH,
    Tile,
    nodes_of,
    parse_tile_data,
    root_of,
)
from crosstell.shell.archive.sealed import SealedFolder, at_file

HEIGHT = 8  # levels of the tree in a tile
TILES_KEPT = 64  # of a feed, those asked for last


@dataclass(slots=True)
class FeedTiles:
    """The tiles of a feed as far as its entries have been read."""

    source: SealedFolder
    feed: FeedId
    size: int = 0
    _open: list[list[bytes]] = field(default_factory=list)  # the last tile of each level
    _full: list[int] = field(default_factory=list)  # how many of each level are full
    _kept: dict[Tile, tuple[bytes, ...]] = field(default_factory=dict)

    def grow(self, leaves: Sequence[bytes]) -> None:
        """These leaf hashes more; PartyError for a tile, now full, that does not hold its own."""
        self.size += len(leaves)
        self._put(0, leaves)

    def end(self) -> None:
        """There are no more entries: the tiles that are not full hold what is left."""
        for level, hashes in enumerate(self._open):
            if hashes:
                self._check(Tile(level=level, index=self._full[level], width=len(hashes)), hashes)

    def root_at(self, size: int) -> bytes | None:
        """The root of the first `size` entries, or None beyond what was exported."""
        return root_of(size, self.read) if size <= self.size else None

    def read(self, level: int, index: int) -> bytes:
        """The hash of a complete subtree, from the tile below it."""
        row, height = divmod(level, HEIGHT)
        tile_index, at = divmod(index << height, TILE_WIDTH)
        width = min(TILE_WIDTH, (self.size >> row * HEIGHT) - tile_index * TILE_WIDTH)
        hashes = self._hashes(Tile(level=row, index=tile_index, width=width))
        return root_of(1 << height, nodes_of(hashes[at : at + (1 << height)]))

    def _put(self, level: int, hashes: Sequence[bytes]) -> None:
        if level == len(self._open):
            self._open.append([])
            self._full.append(0)
        for one in hashes:
            held = self._open[level]
            held.append(one)
            if len(held) == TILE_WIDTH:
                self._check(Tile(level=level, index=self._full[level]), held)
                self._open[level], self._full[level] = [], self._full[level] + 1
                self._put(level + 1, (root_of(TILE_WIDTH, nodes_of(held)),))

    def _check(self, tile: Tile, hashes: Sequence[bytes]) -> None:
        path = tile_path(self.feed, tile)
        with at_file(self.source.folder, path):
            if self.source.take(path) != b"".join(hashes):
                raise PartyError("does not hold the hashes of the entries below it")

    def _hashes(self, tile: Tile) -> tuple[bytes, ...]:
        found = self._kept.pop(tile, None)
        if found is None:
            path = tile_path(self.feed, tile)
            with at_file(self.source.folder, path):
                found = parse_tile_data(tile, self.source.again(path))
        self._kept[tile] = found  # the newest stands last
        if len(self._kept) > TILES_KEPT:
            del self._kept[next(iter(self._kept))]
        return found
