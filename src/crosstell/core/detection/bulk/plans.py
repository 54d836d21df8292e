"""Which of many volumes come within a rule's limits of each other: plan with plan, over arrays.

Units: metres, microseconds since 1970 UTC; windows half-open. The answer is that of
`pair/plan.pairing` for every pair of rows, those of one party left out. A hashed grid of the
middles, level by level of size, finds candidates; windows and heights (held to the millimetre) are
decided here; footprints are decided here where the fast gap is surely on one side of the limit,
and by the exact pairing otherwise. The kernel and the plain path differ in speed alone.
"""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crosstell.core.detection.bulk import gaps
from crosstell.core.detection.bulk.kernel import ARRAY, COUNT, KERNEL, Kernel, address
from crosstell.core.detection.bulk.volumes import Floats, Ints, VolumeColumns
from crosstell.core.detection.finding import Assessed, Criterion
from crosstell.core.detection.pair.band import TIE_M as TIE_HEIGHT_M
from crosstell.core.detection.pair.plan import pairing
from crosstell.core.geometry.approach import TIE_M

LEVELS_MAX = 15  # each four times the one before: from metres to the globe
CELL_M_MIN = 40.0
PAD_M = 0.01  # what rounding may take from a reach
CHUNK = 2_000_000  # pairs looked at in one go by the plain path
SURE, OPEN = gaps.SURE, gaps.OPEN
CODES = {Assessed.CLEAR: 0, Assessed.INFRINGES: 1, Assessed.CANNOT_BE_RULED_OUT: 2}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlanPairs:
    """The pairs of rows that are not clear, in order; `first` < `second`.

    `assessed` is 1 (infringes) or 2 (cannot be ruled out); the overlap of the windows is
    `[start_us, end_us)`; `is_exact` says that the exact pairing decided.
    """

    first: NDArray[np.int32]
    second: NDArray[np.int32]
    assessed: NDArray[np.int8]
    start_us: Ints
    end_us: Ints
    is_exact: NDArray[np.bool_]

    def __len__(self) -> int:
        """The number of pairs."""
        return len(self.first)


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """How rows are put into cells: reach, level, and rows by the start of their windows."""

    reach_m: Floats
    level: NDArray[np.int8]
    order: NDArray[np.int32]
    cell_m: Floats
    widest_m: Floats


class _Plans(ctypes.Structure):
    """What the kernel reads; the same order as in native/plans.c."""

    _fields_ = (
        ("count", COUNT),
        *[(name, ARRAY) for name in ("middle", "reach", "bound", "radius")],
        *[(name, ARRAY) for name in ("lower", "upper", "pieces", "start", "end", "piece_at")],
        *[(name, ARRAY) for name in ("party", "order", "kind", "level", "is_sure")],
        ("lateral", ctypes.c_double),
        ("vertical", ctypes.c_double),
        ("levels", COUNT),
        ("cell", ctypes.c_double * 16),
        ("widest", ctypes.c_double * 16),
    )


SLOT = np.dtype((np.void, 88))  # native/plans.c: Slot


def overlaps(
    volumes: VolumeColumns,
    criterion: Criterion,
    *,
    kernel: Kernel | None = KERNEL,
    cell_m: float | None = None,
    capacity: int | None = None,
) -> PlanPairs:
    """Every pair of rows that is not clear under `criterion`, judged as the exact pairing does.

    `kernel` None takes the plain path. `cell_m` and `capacity` (room for pairs, grown where it
    is too small) change the time it takes, not the answer. Implements BLV-010 to BLV-013.
    """
    layout = layout_of(volumes, criterion, cell_m=cell_m)
    if kernel is None:
        first, second, state = _plain_pairs(volumes, layout, criterion)
    else:
        room = len(volumes) // 2 + 1024 if capacity is None else capacity
        first, second, state = _fast_pairs(volumes, layout, criterion, kernel, room)
    order = np.lexsort((second, first))
    return _decided(volumes, criterion, (first[order], second[order], state[order]))


def layout_of(volumes: VolumeColumns, criterion: Criterion, *, cell_m: float | None) -> Layout:
    """The cells that suit these volumes: most lie in the lowest level, in cells of four reaches."""
    reach_m = volumes.bound_m + (criterion.lateral_m + TIE_M) / 2.0 + PAD_M
    if cell_m is None:
        typical_m = float(np.quantile(reach_m, 0.75)) if len(volumes) else CELL_M_MIN
        cell_m = 4.0 * typical_m
    cell_m = max(
        cell_m, CELL_M_MIN, 4.0 * float(reach_m.max(initial=0.0)) / 4.0 ** (LEVELS_MAX - 1)
    )
    cells_m = cell_m * 4.0 ** np.arange(LEVELS_MAX)
    level = np.searchsorted(cells_m / 4.0, reach_m).astype(np.int8)
    widest_m = np.zeros(LEVELS_MAX)
    np.maximum.at(widest_m, level, reach_m)
    used = int(level.max(initial=0)) + 1
    order = np.argsort(volumes.start_us, kind="stable").astype(np.int32)
    return Layout(reach_m, level, order, np.asarray(cells_m[:used]), widest_m[:used])


def _fast_pairs(
    volumes: VolumeColumns, layout: Layout, criterion: Criterion, kernel: Kernel, room: int
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int8]]:
    """The kernel's pairs; asked again with the room it needs where `room` is too small."""
    index = kernel.function("crosstell_plan_index", (ARRAY, COUNT, ARRAY, ARRAY), None)
    pairs = kernel.function(
        "crosstell_plan_pairs", (ARRAY, COUNT, ARRAY, ARRAY, ARRAY, ARRAY, ARRAY, COUNT), COUNT
    )
    held, plans = _handed(volumes, layout, criterion)
    mask = (1 << max(4, (2 * len(volumes)).bit_length())) - 1
    buckets = np.empty(mask + 2, np.int64)
    slots = np.empty(len(volumes), SLOT)
    where = (ctypes.addressof(plans), mask, address(buckets, np.int64), address(slots, SLOT))
    index(*where)
    while True:
        first, second = np.empty(room, np.int32), np.empty(room, np.int32)
        state = np.empty(room, np.int8)
        out = (address(first, np.int32), address(second, np.int32), address(state, np.int8))
        found = pairs(*where, *out, room)
        if found <= room:
            assert held, "the arrays that the kernel read are alive"
            return first[:found], second[:found], state[:found]
        room = found


def _plain_pairs(
    volumes: VolumeColumns, layout: Layout, criterion: Criterion
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int8]]:
    """The same pairs without the kernel."""
    cells = _Cells.of(volumes, layout)
    limits_m = widened(volumes)
    parts = [
        _met(volumes, layout, limits_m, criterion.vertical_m, near)
        for level in range(len(layout.cell_m))
        for near in cells.near(volumes, layout, level)
    ]
    first, second = np.concatenate([*parts, np.zeros((2, 0), np.int64)], axis=1)
    state = gaps.states(volumes, first, second, criterion.lateral_m)
    converted = volumes.height_wide_m > 0.0
    state[(state == SURE) & (converted[first] | converted[second])] = OPEN
    keep = state > 0
    return first[keep].astype(np.int32), second[keep].astype(np.int32), state[keep]


@dataclass(frozen=True, slots=True, eq=False)
class _Cells:
    """Rows by the key of their cell and, in a cell, by rank: the place in order of start.

    `place` is cell number times n plus rank, in rising order, and `row` whose it is.
    """

    keys: Ints
    place: Ints
    row: Ints
    rank: Ints
    ends: Ints  # per row, the rank of the first that starts at or after its end

    @classmethod
    def of(cls, volumes: VolumeColumns, layout: Layout) -> "_Cells":
        count = len(volumes)
        rank = np.empty(count, np.int64)
        rank[layout.order] = np.arange(count)
        cell = np.floor((volumes.middle_m + 8.0e6) / layout.cell_m[layout.level][:, None])
        key, number = np.unique(_keys(cell.astype(np.int64), layout.level), return_inverse=True)
        place = number * count + rank
        row = np.argsort(place)
        ends = np.searchsorted(volumes.start_us[layout.order], volumes.end_us)
        return cls(key, place[row], row, rank, ends)

    def near(self, volumes: VolumeColumns, layout: Layout, level: int) -> Iterator[Ints]:
        """Pairs (2, n) of a row of this level or below, and one of this level near it."""
        rows = np.flatnonzero(layout.level <= level)
        count, cell_m = len(volumes), layout.cell_m[level]
        reach_m = (layout.reach_m[rows] + layout.widest_m[level])[:, None]
        middle_m = volumes.middle_m[rows] + 8.0e6
        low = np.floor((middle_m - reach_m) / cell_m).astype(np.int64)
        high = np.floor((middle_m + reach_m) / cell_m).astype(np.int64)
        after = np.where(layout.level[rows] == level, self.rank[rows] + 1, 0)
        for step in product((0, 1), repeat=3):
            cell = low + step
            there = (cell <= high).all(axis=1)
            key = _keys(cell[there], level)
            number = np.minimum(np.searchsorted(self.keys, key), len(self.keys) - 1)
            known = self.keys[number] == key
            asked, number = np.flatnonzero(there)[known], number[known] * count
            begin = np.searchsorted(self.place, number + after[asked])
            end = np.searchsorted(self.place, number + self.ends[rows[asked]])
            for some in _shares(np.maximum(end - begin, 0)):
                lengths = np.maximum(end[some] - begin[some], 0)
                shift = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
                found = self.row[np.repeat(begin[some], lengths) + shift]
                yield np.stack((np.repeat(rows[asked[some]], lengths), found))


def _keys(cell: Ints, level: NDArray[np.int8] | int) -> Ints:
    """One number for each cell."""
    deep = np.asarray(level, np.int64) << 60
    keys: Ints = deep | cell[:, 0] << 40 | cell[:, 1] << 20 | cell[:, 2]
    return keys


def _shares(lengths: Ints) -> Iterator[slice]:
    """Slices of about CHUNK each, so that memory stays bounded."""
    total = np.cumsum(lengths)
    cuts = np.searchsorted(total, np.arange(CHUNK, int(total[-1]) if len(total) else 0, CHUNK))
    edges = [0, *dict.fromkeys(int(cut) + 1 for cut in cuts), len(lengths)]
    yield from (slice(low, high) for low, high in pairwise(edges) if low < high)


def _met(
    volumes: VolumeColumns,
    layout: Layout,
    limits_m: tuple[Floats, Floats],
    vertical_m: float,
    near: Ints,
) -> Ints:
    """Those of the pairs whose windows, bands and balls meet, the lower row first."""
    first, second = near
    party = volumes.party
    keep = volumes.end_us[second] > volumes.start_us[first]
    keep &= (party[first] < 0) | (party[first] != party[second])
    first, second = first[keep], second[keep]
    lower_m, upper_m = limits_m
    height_m = vertical_m + TIE_HEIGHT_M
    keep = ~(lower_m[first] - upper_m[second] > height_m)
    keep &= ~(lower_m[second] - upper_m[first] > height_m)
    first, second = first[keep], second[keep]
    apart_m = volumes.middle_m[first] - volumes.middle_m[second]
    reach_m = layout.reach_m[first] + layout.reach_m[second]
    keep = np.einsum("ij,ij->i", apart_m, apart_m) <= reach_m * reach_m
    first, second = first[keep], second[keep]
    return np.stack((np.minimum(first, second), np.maximum(first, second)))


def _handed(
    volumes: VolumeColumns, layout: Layout, criterion: Criterion
) -> tuple[list[NDArray[Any]], _Plans]:
    """The kernel's view of the columns, and the arrays that must outlive it."""
    lower_m, upper_m = widened(volumes)
    is_sure = (volumes.height_wide_m == 0.0).astype(np.int8)
    arrays: dict[str, NDArray[Any]] = {
        "middle": volumes.middle_m,
        "reach": layout.reach_m,
        "bound": volumes.bound_m,
        "radius": volumes.radius_m,
        "lower": lower_m,
        "upper": upper_m,
        "pieces": volumes.pieces,
        "start": volumes.start_us,
        "end": volumes.end_us,
        "piece_at": volumes.piece_at,
        "party": volumes.party,
        "order": layout.order,
        "kind": volumes.kind,
        "level": layout.level,
        "is_sure": is_sure,
    }
    plans = _Plans(count=len(volumes), levels=len(layout.cell_m))
    for name, array in arrays.items():
        setattr(plans, name, address(array, array.dtype))
    plans.lateral, plans.vertical = criterion.lateral_m, criterion.vertical_m
    for level, (cell_m, widest_m) in enumerate(zip(layout.cell_m, layout.widest_m, strict=True)):
        plans.cell[level], plans.widest[level] = cell_m, widest_m
    return list(arrays.values()), plans


def widened(volumes: VolumeColumns) -> tuple[Floats, Floats]:
    """Lower and upper limits at worst; those that were not converted stay as they are."""
    wide_m = volumes.height_wide_m
    wide_m = np.where(wide_m > 0.0, wide_m + PAD_M, 0.0)
    return volumes.lower_m - wide_m, volumes.upper_m + wide_m


def _decided(
    volumes: VolumeColumns,
    criterion: Criterion,
    found: tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int8]],
) -> PlanPairs:
    """The pairs with their verdicts: what the fast test leaves open is decided exactly."""
    first, second, state = found
    assessed = (state == SURE).astype(np.int8)
    for pair in np.flatnonzero(state == OPEN):
        one, other = volumes.volume_at(int(first[pair])), volumes.volume_at(int(second[pair]))
        assessed[pair] = CODES[pairing(one, other, criterion, volumes.data).assessed]
    keep = assessed > 0
    first, second = first[keep], second[keep]
    return PlanPairs(
        first=first,
        second=second,
        assessed=assessed[keep],
        start_us=np.maximum(volumes.start_us[first], volumes.start_us[second]),
        end_us=np.minimum(volumes.end_us[first], volumes.end_us[second]),
        is_exact=state[keep] == OPEN,
    )
