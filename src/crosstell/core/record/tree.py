"""The Merkle tree of a feed (RFC 6962, section 2.1) and its layout as tiles (C2SP tlog-tiles).

Hashes are 32-byte SHA-256: a leaf is `H(0x00 || leaf)`, a node `H(0x01 || left || right)`, the
empty tree `H()`. Sizes count leaves; ranges are half-open `[low, high)`. A *node reader* gives the
hash of the complete subtree `index` of height `level`, which holds the leaves
`[index << level, (index + 1) << level)`.
Implements REC-020 to REC-025.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from crosstell.core.errors import PartyError

HASH_SIZE = 32
SIZE_LIMIT = 2**53  # exclusive; a size is a JCS-int integer
TILE_WIDTH = 256  # hashes in a full tile: height 8
ENTRIES = -1  # the level of an entry bundle
LEVEL_MAX = 63
LEAF_SIZE_MAX = 65_535  # bytes; the length prefix of a bundle is a uint16

NodeReader: TypeAlias = Callable[[int, int], bytes]


def leaf_hash(leaf: bytes) -> bytes:
    """RFC 6962 hash of a leaf: `SHA-256(0x00 || leaf)`."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """RFC 6962 hash of an inner node: `SHA-256(0x01 || left || right)`."""
    return hashlib.sha256(b"\x01" + left + right).digest()


EMPTY_ROOT = hashlib.sha256(b"").digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class CompactRange:
    """A tree reduced to its complete subtrees, left to right: all that appending needs."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a number of peaks that does not belong to the size."""
        if not 0 <= self.size < SIZE_LIMIT or self.size.bit_count() != len(self.peaks):
            raise ValueError(
                f"tree of size {self.size} with {len(self.peaks)} peaks cannot exist; rebuild it"
            )
        if any(len(peak) != HASH_SIZE for peak in self.peaks):
            raise ValueError(f"tree: a peak is not {HASH_SIZE} bytes; rebuild it from the leaves")

    def append(self, leaf: bytes) -> "CompactRange":
        """The tree with one more leaf, given by its leaf hash."""
        nodes = self.completed(leaf)
        kept = self.peaks[: len(self.peaks) - (len(nodes) - 1)]
        return CompactRange(size=self.size + 1, peaks=(*kept, nodes[-1][2]))

    def extended(
        self, leaves: Sequence[bytes]
    ) -> tuple["CompactRange", tuple[Sequence[bytes], ...]]:
        """The tree with these leaf hashes more, and the nodes that they complete, by level.

        As `append` for each of them, at once; the first level is the leaves themselves.
        """
        kept = list(self.peaks)
        peaks: list[bytes] = []
        completed: list[Sequence[bytes]] = []
        nodes, level = list(leaves), 0
        while nodes or self.size >> level:
            completed.append(nodes)
            row = [kept.pop(), *nodes] if self.size >> level & 1 else nodes
            if len(row) & 1:
                peaks.append(row[-1])
            pairs = zip(row[::2], row[1::2], strict=False)
            nodes = [node_hash(left, right) for left, right in pairs]
            level += 1
        size = self.size + len(leaves)
        return CompactRange(size=size, peaks=tuple(reversed(peaks))), tuple(completed)

    def completed(self, leaf: bytes) -> tuple[tuple[int, int, bytes], ...]:
        """The nodes that appending this leaf hash completes, as (level, index, hash), leaf first.

        A store that keeps them can serve every proof through a node reader.
        """
        found = [(0, self.size, leaf)]
        level, size, node = 0, self.size, leaf
        while size & 1:
            node = node_hash(self.peaks[-1 - level], node)
            level, size = level + 1, size >> 1
            found.append((level, size, node))
        return tuple(found)

    def root(self) -> bytes:
        """The root of the tree."""
        if not self.peaks:
            return EMPTY_ROOT
        node = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            node = node_hash(peak, node)
        return node


def nodes_of(leaves: Sequence[bytes]) -> NodeReader:
    """A node reader over leaf hashes held in memory; complete levels are hashed once."""
    levels = [list(leaves)]
    while len(levels[-1]) > 1:
        low = levels[-1]
        levels.append([node_hash(low[i], low[i + 1]) for i in range(0, len(low) - 1, 2)])
    return lambda level, index: levels[level][index]


def root_of(size: int, read: NodeReader) -> bytes:
    """The root of the first `size` leaves."""
    return EMPTY_ROOT if size == 0 else _range_hash(0, size, read)


def inclusion_proof(*, index: int, size: int, read: NodeReader) -> tuple[bytes, ...]:
    """The audit path of leaf `index` in the tree of `size` leaves, lowest sibling first."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}; ask for one below {size}")
    path: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(_range_hash(middle, high, read))
            high = middle
        else:
            path.append(_range_hash(low, middle, read))
            low = middle
    return tuple(reversed(path))


def consistency_proof(*, old: int, new: int, read: NodeReader) -> tuple[bytes, ...]:
    """The proof that the first `old` leaves of the tree of `new` leaves are the old tree."""
    if not 0 <= old <= new:
        raise ValueError(f"no tree of {old} inside a tree of {new}; give the smaller one first")
    if old in (0, new):
        return ()
    path: list[bytes] = []
    low, high, known = 0, new, True
    while high != old:
        middle = low + _split(high - low)
        if old <= middle:
            path.append(_range_hash(middle, high, read))
            high = middle
        else:
            path.append(_range_hash(low, middle, read))
            low, known = middle, False
    if not known:
        path.append(_range_hash(low, high, read))
    return tuple(reversed(path))


def check_inclusion(
    *, leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> None:
    """Raise PartyError unless `proof` shows the leaf hash at `index` under `root` of `size`.

    `size` must come from the same signature as `root`: a root alone does not fix it.
    """
    if not 0 <= index < size < SIZE_LIMIT:
        raise PartyError(f"inclusion proof: no entry {index} in a tree of {size}")
    node, at, last = leaf, index, size - 1
    for sibling in proof:
        if last == 0:
            raise PartyError(f"inclusion proof of entry {index} in {size}: too many hashes")
        if at & 1 or at == last:
            node = node_hash(sibling, node)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            node = node_hash(node, sibling)
        at, last = at >> 1, last >> 1
    if last != 0 or node != root:
        raise PartyError(
            f"inclusion proof of entry {index} in a tree of {size} does not lead to its root; "
            "the entry is not under this checkpoint, or a byte was changed"
        )


def check_consistency(
    *, old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Raise PartyError unless `proof` shows that the new tree continues the old one."""
    fault = PartyError(
        f"consistency proof from {old} to {new} does not hold: the feed was rewritten, forked, "
        "or a byte was changed; keep both checkpoints"
    )
    if not 0 <= old <= new < SIZE_LIMIT:
        raise fault
    if old in (0, new):
        ends = EMPTY_ROOT if old == 0 else new_root
        if proof or old_root != ends:
            raise fault
        return
    path = list(proof)
    if old & (old - 1) == 0:
        path.insert(0, old_root)
    if not path or _follow(path, old, new) != (old_root, new_root):
        raise fault


def _follow(path: Sequence[bytes], old: int, new: int) -> tuple[bytes, bytes] | None:
    """The two roots that a consistency path leads to (RFC 9162, 2.1.4.2), None if misfit."""
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    older = newer = path[0]
    for sibling in path[1:]:
        if last == 0:
            return None
        if at & 1 or at == last:
            older, newer = node_hash(sibling, older), node_hash(sibling, newer)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            newer = node_hash(newer, sibling)
        at, last = at >> 1, last >> 1
    return (older, newer) if last == 0 else None


def _split(size: int) -> int:
    """The largest power of two below `size` (RFC 6962, 2.1)."""
    return 1 << ((size - 1).bit_length() - 1)


def _range_hash(low: int, high: int, read: NodeReader) -> bytes:
    """The hash of the leaves `[low, high)` of a range that RFC 6962 splits off."""
    size = high - low
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return read(level, low >> level)
    middle = low + _split(size)
    return node_hash(_range_hash(low, middle, read), _range_hash(middle, high, read))


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Tile:
    """The name of one tile: `level` (or ENTRIES), `index` within it, `width` 1 to 256."""

    level: int
    index: int
    width: int = TILE_WIDTH

    def __post_init__(self) -> None:
        """Refuse what tlog-tiles does not name."""
        good_level = ENTRIES <= self.level <= LEVEL_MAX
        if not good_level or not 0 <= self.index < SIZE_LIMIT or not 1 <= self.width <= TILE_WIDTH:
            raise ValueError(
                f"tile level {self.level}, index {self.index}, width {self.width} cannot exist; "
                f"levels 0 to {LEVEL_MAX}, widths 1 to {TILE_WIDTH}"
            )

    def path(self) -> str:
        """The resource path, as `tile/0/x001/234` or `tile/entries/000.p/17`."""
        groups = f"{self.index:03d}"
        groups = groups.zfill(-(-len(groups) // 3) * 3)
        parts = [groups[i : i + 3] for i in range(0, len(groups), 3)]
        name = "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])
        level = "entries" if self.level == ENTRIES else str(self.level)
        return f"tile/{level}/{name}" + ("" if self.width == TILE_WIDTH else f".p/{self.width}")


_TILE_PATH = re.compile(
    r"tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?"
)


def parse_tile_path(path: str) -> Tile:
    """The tile that `path` names; ValueError unless it is written exactly as `Tile.path`."""
    match = _TILE_PATH.fullmatch(path)
    if match is None:
        raise ValueError(f"{path[:80]!r} is not a tile path; it looks like tile/0/x001/234.p/17")
    level = ENTRIES if match[1] == "entries" else int(match[1])
    index = int(match[2].replace("x", "").replace("/", ""))
    tile = Tile(level=level, index=index, width=int(match[3] or TILE_WIDTH))
    if tile.path() != path:
        raise ValueError(f"{path[:80]!r} has needless digits; its tile is {tile.path()}")
    return tile


def tiles_between(old: int, new: int) -> tuple[Tile, ...]:
    """The tiles and bundles that exist at size `new` and did not at size `old`, in order."""
    if not 0 <= old <= new < SIZE_LIMIT:
        raise ValueError(f"tiles from size {old} to {new}: a feed only grows")
    return tuple(
        tile
        for level in range(ENTRIES, LEVEL_MAX + 1)
        for tile in _level_tiles(level, old >> 8 * max(level, 0), new >> 8 * max(level, 0))
    )


def _level_tiles(level: int, old: int, new: int) -> Iterator[Tile]:
    """The new tiles of one level whose row grows from `old` to `new` hashes."""
    if new == old:
        return
    for index in range(old // TILE_WIDTH, new // TILE_WIDTH):
        yield Tile(level=level, index=index)
    if new % TILE_WIDTH:
        yield Tile(level=level, index=new // TILE_WIDTH, width=new % TILE_WIDTH)


def tile_data(tile: Tile, read: NodeReader) -> bytes:
    """The bytes of a hash tile: its hashes, left to right."""
    if tile.level == ENTRIES:
        raise ValueError("an entry bundle holds leaves, not hashes; use bundle_data")
    first = tile.index * TILE_WIDTH
    return b"".join(read(8 * tile.level, first + i) for i in range(tile.width))


def parse_tile_data(tile: Tile, data: bytes) -> tuple[bytes, ...]:
    """The hashes of a hash tile; PartyError unless it has exactly its width of them."""
    if len(data) != tile.width * HASH_SIZE:
        raise PartyError(f"{tile.path()}: has {len(data)} bytes, not {tile.width * HASH_SIZE}")
    return tuple(data[i : i + HASH_SIZE] for i in range(0, len(data), HASH_SIZE))


def bundle_data(leaves: Sequence[bytes]) -> bytes:
    """An entry bundle: each leaf behind its length as a big-endian uint16."""
    if not 1 <= len(leaves) <= TILE_WIDTH:
        raise ValueError(f"a bundle holds 1 to {TILE_WIDTH} leaves, not {len(leaves)}")
    if any(len(leaf) > LEAF_SIZE_MAX for leaf in leaves):
        raise ValueError(f"a leaf is longer than {LEAF_SIZE_MAX} bytes; it cannot be bundled")
    return b"".join(len(leaf).to_bytes(2, "big") + leaf for leaf in leaves)


def parse_bundle_data(tile: Tile, data: bytes) -> tuple[bytes, ...]:
    """The leaves of an entry bundle; PartyError unless it holds exactly its width of them."""
    leaves: list[bytes] = []
    at = 0
    while at < len(data) and len(leaves) < tile.width:
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        leaves.append(data[at + 2 : end])
        at = end
    if at != len(data) or len(leaves) != tile.width:
        raise PartyError(f"{tile.path()}: is cut or has more than its {tile.width} entries")
    return tuple(leaves)
