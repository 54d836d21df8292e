"""The tiles of a feed, checked as its entries come and read again, against the whole tree."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sampling import examples

from crosstell.codecs.archive.files import tile_path
from crosstell.core.errors import PartyError
from crosstell.core.ids import FeedId
from crosstell.core.record.tree import (
    ENTRIES,
    TILE_WIDTH,
    leaf_hash,
    nodes_of,
    root_of,
    tile_data,
    tiles_between,
)
from crosstell.shell.archive.tiles import TILES_KEPT, FeedTiles

FEED = FeedId("alpha")
MANY = 70_000  # a tree of three levels of tiles
LEAVES = [leaf_hash(b"%d" % number) for number in range(MANY)]


@dataclass
class Export:
    """An export of one feed, in memory: what was taken, and how often a file was read again."""

    files: dict[str, bytes]
    left: set[str] = field(init=False)
    again_count: int = 0
    path: Path = Path("export")

    def __post_init__(self) -> None:
        self.left = set(self.files)

    @property
    def folder(self) -> "Export":
        return self

    def take(self, path: str) -> bytes:
        self.left.remove(path)
        return self.files[path]

    def again(self, path: str) -> bytes:
        assert path not in self.left, "read again before it was checked"
        self.again_count += 1
        return self.files[path]


def export_of(size: int) -> Export:
    read = nodes_of(LEAVES[:size])
    tiles = (tile for tile in tiles_between(0, size) if tile.level != ENTRIES)
    return Export(files={tile_path(FEED, tile): tile_data(tile, read) for tile in tiles})


def grown(export: Export, size: int, step: int) -> FeedTiles:
    tiles = FeedTiles(source=export, feed=FEED)  # type: ignore[arg-type]
    for start in range(0, size, step):
        tiles.grow(LEAVES[start : min(size, start + step)])
    tiles.end()
    return tiles


@settings(max_examples=examples(40), deadline=None)
@given(st.integers(1, 1_500), st.integers(1, 300), st.data())
def test_every_tile_is_taken_and_gives_every_root(
    size: int, step: int, data: st.DataObject
) -> None:
    """ARC-280: as the whole tree in memory would."""
    export = export_of(size)
    tiles = grown(export, size, step)
    assert export.left == set()
    asked = data.draw(st.integers(0, size))
    assert tiles.root_at(asked) == root_of(asked, nodes_of(LEAVES[:size]))
    assert tiles.root_at(size + 1) is None


@settings(max_examples=examples(30), deadline=None)
@given(st.integers(1, 1_500), st.data())
def test_a_tile_with_another_byte_is_refused(size: int, data: st.DataObject) -> None:
    """ARC-280: whichever it is, and the message names it."""
    export = export_of(size)
    path = data.draw(st.sampled_from(sorted(export.files)))
    held = bytearray(export.files[path])
    held[data.draw(st.integers(0, len(held) - 1))] ^= 1
    export.files[path] = bytes(held)
    with pytest.raises(PartyError, match=path.rpartition("/")[2]):
        grown(export, size, 256)


def test_what_is_held_does_not_grow_with_the_record() -> None:
    """ARC-280: some tiles, and the last of each level, however many entries there are."""
    export = export_of(MANY)
    tiles = grown(export, MANY, 256)
    for size in range(1, MANY, 997):
        assert tiles.root_at(size) is not None
        assert len(tiles._kept) <= TILES_KEPT
    assert sum(map(len, tiles._open)) < TILE_WIDTH * len(tiles._open)
    assert tiles.root_at(65_537) == root_of(65_537, nodes_of(LEAVES))
