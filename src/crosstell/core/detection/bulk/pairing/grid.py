"""A hashed grid over boxes: which boxes may meet, each pair once, none lost.

Units: metres. Frame: Earth-centred x, y, z and height. A box is 8 single-precision numbers: the
least x, y, z, height, then the greatest. Cells are cubes in x, y, z, so there is no seam at the
antimeridian and no pole. A box lies in every cell that it touches; boxes that would fill more than
CELLS_MAX cells are kept apart (`large`) and compared with all. Two boxes that overlap are taken in
the cell of their overlap's least corner only.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from crosstell.core.detection.bulk.kernel import ARRAY, BITS, COUNT, KERNEL, METRES, address

Boxes = NDArray[np.float32]
Ints = NDArray[np.int64]

CELLS_MAX = 512
SAMPLE, SAMPLE_MIN, SAMPLE_SHARE = 256, 24, 40  # a large sample would cost more than it saves
ENTRY_COST = 25.0  # in comparisons of two boxes, by the kernel; measured
ENTRY_COST_PLAIN = 10.0  # with NumPy
CELL_M_MIN = 100.0
CELL_M_MAX = 4_000_000.0
_HEIGHT_M = 1_000_000.0  # boxes reach no further, or anywhere
CHUNK = 2_000_000  # pairs at a time in the plain path: bounds its memory

if KERNEL is not None:
    _count = KERNEL.function(
        "crosstell_grid_count",
        (COUNT, ARRAY, METRES, COUNT, BITS, ARRAY, ARRAY, ARRAY),
        COUNT,
    )
    _fill = KERNEL.function(
        "crosstell_grid_fill",
        (COUNT, ARRAY, METRES, BITS, ARRAY, ARRAY, ARRAY, ARRAY, ARRAY),
        None,
    )


def cell_size_m(boxes: Boxes, *, is_plain: bool) -> float:
    """The cell for which entries and comparisons together are expected to cost least.

    From a sample: two boxes whose overlap along an axis is o (below 0: a gap) share about
    max(0, 1 + o / c) cells along it, and a box of extent e lies in about 1 + e / c.
    """
    sample = min(SAMPLE, SAMPLE_MIN + len(boxes) // SAMPLE_SHARE)
    rows = boxes[:: max(1, len(boxes) // sample)][:sample].astype(np.float64)
    if len(rows) < 2:
        return CELL_M_MAX
    least, greatest = rows[:, :3], rows[:, 4:7]
    extent = greatest - least
    i, j = np.triu_indices(len(rows), 1)
    level = (rows[i, 3] <= rows[j, 7]) & (rows[j, 3] <= rows[i, 7])  # compared by height first
    i, j = i[level], j[level]
    shared = np.minimum(greatest[i], greatest[j]) - np.maximum(least[i], least[j])
    typical_m = float(np.median(extent.max(axis=1)))
    shared = shared[(shared > -4.0 * typical_m).all(axis=1)]
    cells_m = np.clip(typical_m * 2.0 ** (np.arange(-4, 5) / 2.0), CELL_M_MIN, CELL_M_MAX)
    each = np.maximum(1.0 + shared[None] / cells_m[:, None, None], 0.0)
    compared = (len(boxes) / len(rows)) ** 2 * each.prod(axis=2).sum(axis=1)
    entries = len(boxes) * (1.0 + extent[None] / cells_m[:, None, None]).prod(axis=2).mean(axis=1)
    cost = (ENTRY_COST_PLAIN if is_plain else ENTRY_COST) * entries + compared
    return float(cells_m[np.argmin(cost)])


@dataclass(frozen=True, slots=True)
class Grid:
    """Entries by bucket: those of bucket b are `entries[starts[b]:starts[b + 1]]`.

    Within a bucket they lie by rising least height.
    """

    cell_m: float
    mask: int
    starts: Ints
    entries: NDArray[np.int32]
    large: NDArray[np.int32]

    @property
    def fullest(self) -> int:
        """How many entries the fullest bucket has."""
        return int(np.diff(self.starts).max(initial=0))

    def shares(self, parts: int) -> list[tuple[int, int]]:
        """Bucket ranges of about equal work."""
        work = np.cumsum(np.diff(self.starts).astype(np.float64) ** 2)
        cuts = np.searchsorted(work, work[-1] * np.arange(1, parts) / parts).tolist()
        bounds = [0, *cuts, self.mask + 1]
        return list(pairwise(bounds))


def grid_fast(boxes: Boxes, cell_m: float) -> Grid:
    """The grid, by the kernel."""
    assert KERNEL is not None
    rows = len(boxes)
    extent = np.prod(1.0 + (boxes[:, 4:7] - boxes[:, :3]) / np.float32(cell_m), axis=1)
    wanted = float(extent[extent <= CELLS_MAX].sum())
    mask = (1 << max(10, int(np.ceil(np.log2(max(wanted, 1.0)))))) - 1
    mask = min(mask, (1 << 24) - 1)
    starts = np.zeros(mask + 2, dtype=np.int64)
    last = np.full(mask + 1, -1, dtype=np.int32)
    large = np.empty(rows, dtype=np.uint8)
    where, marks = address(boxes, np.float32), address(large, np.uint8)
    entries = np.empty(
        _count(
            rows,
            where,
            1.0 / cell_m,
            CELLS_MAX,
            mask,
            address(starts, np.int64) + 8,
            address(last, np.int32),
            marks,
        ),
        dtype=np.int32,
    )
    np.cumsum(starts, out=starts)
    last.fill(-1)
    cursor = starts[:-1].copy()
    order = np.argsort(boxes[:, 3])
    _fill(
        rows,
        where,
        1.0 / cell_m,
        mask,
        marks,
        address(order, np.int64),
        address(cursor, np.int64),
        address(last, np.int32),
        address(entries, np.int32),
    )
    return Grid(cell_m, mask, starts, entries, np.flatnonzero(large).astype(np.int32))


def candidates_plain(boxes: Boxes, cell_m: float) -> Iterator[tuple[Ints, Ints]]:
    """Every pair of rows whose boxes overlap, once, the lower row first, in chunks; with NumPy."""
    per_m = 1.0 / cell_m
    first = np.floor(boxes[:, :3].astype(np.float64) * per_m).astype(np.int64)
    last = np.floor(boxes[:, 4:7].astype(np.float64) * per_m).astype(np.int64)
    spans = last - first + 1
    count = np.prod(spans.astype(np.float64), axis=1)
    is_large = count > CELLS_MAX
    yield from _large_plain(boxes, is_large)
    rows = np.flatnonzero(~is_large)
    if len(rows) < 2:
        return
    counts = count[rows].astype(np.int64)
    owner = np.repeat(rows, counts)
    offset = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    wide = spans[owner]
    cell = first[owner]
    cell[:, 2] += offset % wide[:, 2]
    cell[:, 1] += offset // wide[:, 2] % wide[:, 1]
    cell[:, 0] += offset // (wide[:, 2] * wide[:, 1])
    key = ((cell[:, 0] + 2**20) << 42) | ((cell[:, 1] + 2**20) << 21) | (cell[:, 2] + 2**20)
    low = np.clip(boxes[owner, 3], -_HEIGHT_M, _HEIGHT_M).astype(np.float64)
    order = np.lexsort((low, key))
    owner, key, low = owner[order], key[order], low[order]
    rank = np.cumsum(np.diff(key, prepend=key[0]) != 0) * (4.0 * _HEIGHT_M)
    high = np.clip(boxes[owner, 7], -_HEIGHT_M, _HEIGHT_M).astype(np.float64)
    # later in its cell, and beginning below its top; adding rounds, but keeps the order
    after = np.searchsorted(rank + low, rank + high, side="right") - np.arange(len(key)) - 1
    for begin, end in _chunks(after):
        left = np.repeat(np.arange(begin, end), after[begin:end])
        jump = np.arange(len(left)) - np.repeat(
            np.cumsum(after[begin:end]) - after[begin:end], after[begin:end]
        )
        i, j = owner[left], owner[left + 1 + jump]
        hit = overlaps(boxes[i], boxes[j])
        i, j, at = i[hit], j[hit], key[left[hit]]
        meet = np.floor(np.maximum(boxes[i, :3], boxes[j, :3]).astype(np.float64) * per_m)
        meet_key = meet.astype(np.int64) + 2**20
        mine = ((meet_key[:, 0] << 42) | (meet_key[:, 1] << 21) | meet_key[:, 2]) == at
        yield np.minimum(i[mine], j[mine]), np.maximum(i[mine], j[mine])


def _chunks(after: Ints) -> Iterator[tuple[int, int]]:
    """Stretches of entries with at most about CHUNK pairs each."""
    total = np.cumsum(after)
    begin = 0
    while begin < len(after):
        before = int(total[begin - 1]) if begin else 0
        end = max(begin + 1, int(np.searchsorted(total, before + CHUNK, side="right")))
        yield begin, end
        begin = end


def overlaps(a: Boxes, b: Boxes) -> NDArray[np.bool_]:
    """Whether the boxes of each pair of rows overlap; height, the most selective, first."""
    hit: NDArray[np.bool_] = (a[:, 3] <= b[:, 7]) & (b[:, 3] <= a[:, 7])
    level = np.flatnonzero(hit)
    a, b = a[level], b[level]
    hit[level] = ((a[:, :3] <= b[:, 4:7]) & (b[:, :3] <= a[:, 4:7])).all(axis=1)
    return hit


def _large_plain(boxes: Boxes, is_large: NDArray[np.bool_]) -> Iterator[tuple[Ints, Ints]]:
    """The pairs of the boxes that are kept apart."""
    for row in np.flatnonzero(is_large).tolist():
        others = np.flatnonzero(~is_large | (np.arange(len(boxes)) > row))
        others = others[overlaps(boxes[others], np.broadcast_to(boxes[row], (len(others), 8)))]
        yield np.minimum(others, row), np.maximum(others, row)
