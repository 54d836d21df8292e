"""Every pair of tracks that infringes a rule between them, or may: all tracks at once.

Units: metres; seconds after now. The verdicts are those of `pair/traffic.py`, which decides every
pair that stands within the guard (BLK-030): the fast path (the kernel) and the plain path (NumPy)
therefore decide alike. The times told agree with the exact ones within BLK-033.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from crosstell.core.altitude import Shift
from crosstell.core.detection.bulk.columns import Floats, TrackColumns
from crosstell.core.detection.bulk.kernel import (
    ARRAY,
    BITS,
    COUNT,
    KERNEL,
    METRES,
    address,
)
from crosstell.core.detection.bulk.pairing.grid import (
    Grid,
    Ints,
    candidates_plain,
    cell_size_m,
    grid_fast,
)
from crosstell.core.detection.bulk.pairing.turning import turning_pairs, with_turns
from crosstell.core.detection.bulk.pairing.verdict import Verdict, judge_plain
from crosstell.core.detection.bulk.sweep import Swept, swept_fast, swept_plain
from crosstell.core.detection.finding import Assessed, Criterion, Encounter
from crosstell.core.detection.pair.traffic import judged

ROW = np.dtype(
    [
        ("first", np.int32),
        ("second", np.int32),
        ("verdict", np.int64),
        ("infringement_in_s", np.float64),
        ("nominal_in_s", np.float64),
        ("exit_in_s", np.float64),
        ("nearest_in_s", np.float64),
        ("nearest_m", np.float64),
    ]
)
Rows = NDArray[np.void]
ROOM = 8  # rows for each track at first; more are found by a second run with the room needed
BATCH = 25_000  # pairs at a time in the plain path: what a processor's cache holds
THEN = datetime(2000, 1, 1, tzinfo=UTC)  # any instant: only ages count

Part = tuple[int, int]
Run = Callable[[Callable[[Part], Rows], Iterable[Part]], Iterable[Rows]]

if KERNEL is not None:
    _traffic = KERNEL.function(
        "crosstell_traffic",
        (
            *(ARRAY, ARRAY, ARRAY, ARRAY, COUNT, COUNT, BITS, METRES),
            *(ARRAY, ARRAY, ARRAY, COUNT, ARRAY),
        ),
        COUNT,
    )
    _chosen = KERNEL.function(
        "crosstell_traffic_chosen",
        (COUNT, ARRAY, ARRAY, ARRAY, COUNT, ARRAY, ARRAY, ARRAY, COUNT, ARRAY),
        COUNT,
    )
    _sort = KERNEL.function("crosstell_traffic_sort", (COUNT, COUNT, ARRAY, ARRAY, ARRAY), None)


class Path(StrEnum):
    """By what the pairs are found; the verdicts are the same."""

    BEST = "best"  # the kernel where it is loaded
    PLAIN = "plain"  # NumPy
    FAST = "fast"  # the kernel, or CallerError


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pairs:
    """The pairs that are not clear, by rising (`first`, `second`), both rows of the columns.

    `verdict` holds Verdict.INFRINGES or Verdict.CANNOT_BE_RULED_OUT. NaN: there is none, as None
    in `Encounter`. `compared` boxes, `judged` pairs and the `guarded` among them, which the exact
    test decided, are counted for measurement.
    """

    first: NDArray[np.int32]
    second: NDArray[np.int32]
    verdict: NDArray[np.int8]
    infringement_in_s: Floats
    nominal_in_s: Floats
    exit_in_s: Floats
    nearest_in_s: Floats
    nearest_m: Floats
    compared: int
    judged: int
    guarded: int

    def __len__(self) -> int:
        """How many pairs there are."""
        return len(self.first)


def one_after_another(work: Callable[[Part], Rows], parts: Iterable[Part]) -> Iterable[Rows]:
    """The parts, in this thread."""
    return map(work, parts)


@dataclass(frozen=True, slots=True)
class Threads:
    """How the kernel's work is shared: `run` is `map`, or that of a pool of `count` threads."""

    count: int
    run: Run


ONE_THREAD = Threads(1, one_after_another)


def encounters(
    tracks: TrackColumns,
    criterion: Criterion,
    *,
    path: Path = Path.BEST,
    threads: Threads = ONE_THREAD,
    cell_m: float | None = None,
) -> Pairs:
    """Every pair of rows, of two parties, that is not clear under `criterion` within its horizon.

    Where a turn may bring two together (`criterion.manoeuvre`), the exact pairing decides.
    `cell_m` is the size of the grid's cells; None chooses it from the data. It changes the time
    taken, not the answer. Raises LookupError if the fast path is asked for and no kernel is
    loaded. Implements BLK-020 to BLK-027, BLK-030 to BLK-034.
    """
    if path is Path.FAST and KERNEL is None:
        raise LookupError("the kernel is not loaded; ask for Path.BEST or Path.PLAIN")
    tallies = np.zeros(3, dtype=np.int64)
    if path is Path.PLAIN or KERNEL is None:
        swept = swept_plain(tracks, criterion)
        rows = _plain(tracks, swept, cell_m, tallies)
    else:
        swept = swept_fast(tracks, criterion)
        rows = _fast(swept, cell_m, threads, tallies)
    if criterion.manoeuvre is not None:
        turning = turning_pairs(tracks, swept, criterion)
        rows = with_turns(rows, turning, criterion.manoeuvre.horizon_s, tallies)
    rows = decided(rows, lambda first, second: exact(tracks, first, second, criterion))
    return pairs_of(rows, tallies)


def pairs_of(rows: Rows, tallies: NDArray[np.int64]) -> Pairs:
    """The decided rows as columns."""
    return Pairs(
        first=np.ascontiguousarray(rows["first"]),
        second=np.ascontiguousarray(rows["second"]),
        verdict=rows["verdict"].astype(np.int8),
        infringement_in_s=np.ascontiguousarray(rows["infringement_in_s"]),
        nominal_in_s=np.ascontiguousarray(rows["nominal_in_s"]),
        exit_in_s=np.ascontiguousarray(rows["exit_in_s"]),
        nearest_in_s=np.ascontiguousarray(rows["nearest_in_s"]),
        nearest_m=np.ascontiguousarray(rows["nearest_m"]),
        compared=int(tallies[0]),
        judged=int(tallies[1]),
        guarded=int(tallies[2]),
    )


def exact(tracks: TrackColumns, first: int, second: int, criterion: Criterion) -> Encounter:
    """The exact pairing of two rows, with the uncertainty of their conversions."""
    wide_m = float(tracks.conversion_m[first] + tracks.conversion_m[second])
    return judged(
        tracks.row(first, THEN),
        tracks.row(second, THEN),
        criterion,
        THEN,
        Shift(add_m=0.0, uncertainty_m=wide_m),
    )


def _fast(swept: Swept, cell_m: float | None, threads: Threads, tallies: NDArray[np.int64]) -> Rows:
    """The pairs that are not surely clear, by the kernel, in order."""
    count = len(swept.states)
    grid = grid_fast(
        swept.boxes, cell_size_m(swept.boxes, is_plain=False) if cell_m is None else cell_m
    )

    def work(part: Part) -> Rows:
        mine = np.zeros(3, dtype=np.int64)
        rows = _hunt(swept, grid, part, mine, room=ROOM * count // threads.count + 1024)
        np.add(tallies, mine, out=tallies)
        return rows

    found = list(threads.run(work, grid.shares(threads.count)))
    if len(grid.large):
        found.append(_hunt_large(swept, grid, tallies))
    rows = found[0] if len(found) == 1 else np.concatenate(found)
    ordered = np.empty_like(rows)
    room = np.empty(count + 1, dtype=np.int64)
    _sort(
        count,
        len(rows),
        rows.ctypes.data,
        address(room, np.int64),
        ordered.ctypes.data,
    )
    return ordered


def _hunt(swept: Swept, grid: Grid, part: Part, tallies: NDArray[np.int64], *, room: int) -> Rows:
    """The rows of one range of buckets; run again with the room needed if it was too small."""
    scratch = np.empty(8 * max(grid.fullest, 1), dtype=np.float32)
    while True:
        rows = np.empty(room, dtype=ROW)
        tallies.fill(0)
        found = _traffic(
            address(swept.states, np.float64),
            address(swept.boxes, np.float32),
            address(grid.entries, np.int32),
            address(grid.starts, np.int64),
            *part,
            grid.mask,
            1.0 / grid.cell_m,
            address(swept.limits, np.float64),
            address(scratch, np.float32),
            rows.ctypes.data,
            room,
            address(tallies, np.int64),
        )
        if found <= room:
            return rows[:found]
        room = found


def _hunt_large(swept: Swept, grid: Grid, tallies: NDArray[np.int64]) -> Rows:
    """The rows of the boxes that the grid kept apart, against all."""
    marked = np.zeros(len(swept.boxes), dtype=np.uint8)
    marked[grid.large] = 1
    room = 1024
    before = tallies.copy()
    while True:
        rows = np.empty(room, dtype=ROW)
        tallies[:] = before
        found = _chosen(
            len(swept.boxes),
            address(swept.states, np.float64),
            address(swept.boxes, np.float32),
            address(grid.large, np.int32),
            len(grid.large),
            address(marked, np.uint8),
            address(swept.limits, np.float64),
            rows.ctypes.data,
            room,
            address(tallies, np.int64),
        )
        if found <= room:
            return rows[:found]
        room = found


def _plain(
    tracks: TrackColumns, swept: Swept, cell_m: float | None, tallies: NDArray[np.int64]
) -> Rows:
    """The pairs that are not surely clear, with NumPy, in order."""
    size_m = cell_size_m(swept.boxes, is_plain=True) if cell_m is None else cell_m
    found = [np.empty(0, dtype=ROW)]
    for i, j in candidates_plain(swept.boxes, size_m):
        strangers = (tracks.party[i] != tracks.party[j]) | (tracks.party[i] < 0)
        one, other = i[strangers], j[strangers]
        tallies[0] += len(i)
        for start in range(0, len(one), BATCH):
            batch = slice(start, start + BATCH)
            found.append(rows_plain(swept, one[batch], other[batch], tallies))
    rows = np.concatenate(found)
    return rows[np.lexsort((rows["second"], rows["first"]))]


def rows_plain(swept: Swept, first: Ints, second: Ints, tallies: NDArray[np.int64]) -> Rows:
    """The pairs that are not surely clear, of those given, with NumPy."""
    answer = judge_plain(swept, first, second)
    tallies[1] += len(first)
    tallies[2] += int((answer.verdict == Verdict.WITHIN_GUARD).sum())
    kept = answer.verdict != Verdict.CLEAR
    rows = np.empty(int(kept.sum()), dtype=ROW)
    rows["first"], rows["second"] = first[kept], second[kept]
    for name in ROW.names or ():
        if name not in ("first", "second"):
            rows[name] = getattr(answer, name)[kept]
    return rows


def decided(rows: Rows, decide: Callable[[int, int], Encounter]) -> Rows:
    """The rows with every pair within the guard decided by the exact test; clear ones left out."""
    guarded = np.flatnonzero(rows["verdict"] == Verdict.WITHIN_GUARD)
    for index in guarded.tolist():
        row = rows[index]
        answer = decide(int(row["first"]), int(row["second"]))
        row["verdict"] = VERDICTS[answer.assessed]
        row["infringement_in_s"] = answer.infringement_in_s
        for name in ("nominal_in_s", "exit_in_s", "nearest_in_s", "nearest_m"):
            value = getattr(answer, name)
            row[name] = np.nan if value is None else value
    if len(guarded) and (rows["verdict"][guarded] == Verdict.CLEAR).any():
        rows = np.delete(rows, guarded[rows["verdict"][guarded] == Verdict.CLEAR])
    return rows


VERDICTS = {
    Assessed.CLEAR: Verdict.CLEAR,
    Assessed.INFRINGES: Verdict.INFRINGES,
    Assessed.CANNOT_BE_RULED_OUT: Verdict.CANNOT_BE_RULED_OUT,
}
