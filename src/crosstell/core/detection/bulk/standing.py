"""One changed observation against all tracks that stand: without pairing the others again.

Units: metres; seconds after now. The tracks that stand are prepared once for a `now`; until they
are prepared again, each observation is judged at that now. Verdicts are those of
`pair/traffic.py`, as in `traffic.py`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crosstell.core.altitude import Shift
from crosstell.core.detection.bulk.columns import TrackColumns
from crosstell.core.detection.bulk.kernel import ARRAY, COUNT, KERNEL, address
from crosstell.core.detection.bulk.pairing.grid import overlaps
from crosstell.core.detection.bulk.pairing.turning import turning_against, with_turns
from crosstell.core.detection.bulk.sweep import Swept, swept_fast, swept_plain
from crosstell.core.detection.bulk.traffic import (
    ROW,
    THEN,
    Pairs,
    Path,
    Rows,
    decided,
    pairs_of,
    rows_plain,
)
from crosstell.core.detection.finding import Criterion, Encounter
from crosstell.core.detection.pair.traffic import judged

_ROOM = 256

if KERNEL is not None:
    _against = KERNEL.function(
        "crosstell_traffic_against",
        (COUNT, ARRAY, ARRAY, COUNT, ARRAY, ARRAY, ARRAY, ARRAY, COUNT, ARRAY),
        COUNT,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """Tracks that stand, prepared for one criterion and one now."""

    tracks: TrackColumns
    criterion: Criterion
    path: Path
    swept: Swept

    @classmethod
    def of(
        cls, tracks: TrackColumns, criterion: Criterion, *, path: Path = Path.BEST
    ) -> "Standing":
        """The tracks, prepared. Raises LookupError as `encounters` does."""
        if path is Path.FAST and KERNEL is None:
            raise LookupError("the kernel is not loaded; ask for Path.BEST or Path.PLAIN")
        path = Path.PLAIN if path is Path.PLAIN or KERNEL is None else Path.FAST
        sweep = swept_plain if path is Path.PLAIN else swept_fast
        return cls(tracks, criterion, path, sweep(tracks, criterion))

    def against(self, one: TrackColumns, *, in_place_of: int = -1) -> Pairs:
        """The pairs of the single row of `one` with every row that stands and is not clear of it.

        `in_place_of` is the row of the same object's last observation, which is left out (-1:
        none). In the answer `first` is the row that stands, rising, and `second` is 0. Implements
        BLK-027, BLK-040 and BLK-041.
        """
        if len(one) != 1 or one.datum is not self.tracks.datum:
            raise ValueError(
                f"one observation: {len(one)} rows in {one.datum}; give one row in "
                f"{self.tracks.datum}, the datum of the tracks that stand"
            )
        tallies = np.zeros(3, dtype=np.int64)
        if self.path is Path.PLAIN:
            rows = self._plain(one, in_place_of, tallies)
        else:
            rows = self._fast(one, in_place_of, tallies)
        rows = self._turning(rows, one, in_place_of, tallies)
        return pairs_of(decided(rows, lambda first, _: self._exact(first, one)), tallies)

    def _turning(
        self, rows: Rows, one: TrackColumns, left_out: int, tallies: NDArray[np.int64]
    ) -> Rows:
        """The rows, with those that a turn may bring together left to the exact test."""
        if self.criterion.manoeuvre is None:
            return rows
        sweep = swept_plain if self.path is Path.PLAIN else swept_fast
        swept = (self.swept, sweep(one, self.criterion))
        near = turning_against((self.tracks, one), swept, self.criterion)
        if left_out >= 0:
            near[left_out] = False
        first = np.flatnonzero(near)
        horizon_s = self.criterion.manoeuvre.horizon_s
        return with_turns(rows, (first, np.zeros_like(first)), horizon_s, tallies)

    def _exact(self, row: int, one: TrackColumns) -> Encounter:
        """The exact pairing of a row that stands with the observation."""
        wide_m = float(self.tracks.conversion_m[row] + one.conversion_m[0])
        shift = Shift(add_m=0.0, uncertainty_m=wide_m)
        return judged(self.tracks.row(row, THEN), one.row(0, THEN), self.criterion, THEN, shift)

    def _fast(self, one: TrackColumns, left_out: int, tallies: NDArray[np.int64]) -> Rows:
        """The pairs that are not surely clear, by the kernel."""
        new = swept_fast(one, self.criterion)
        room = _ROOM
        while True:
            rows = np.empty(room, dtype=ROW)
            tallies.fill(0)
            found = _against(
                len(self.tracks),
                address(self.swept.states, np.float64),
                address(self.swept.boxes, np.float32),
                left_out,
                address(new.states, np.float64),
                address(new.boxes, np.float32),
                address(new.limits, np.float64),
                rows.ctypes.data,
                room,
                address(tallies, np.int64),
            )
            if found <= room:
                return rows[:found]
            room = found

    def _plain(self, one: TrackColumns, left_out: int, tallies: NDArray[np.int64]) -> Rows:
        """The pairs that are not surely clear, with NumPy."""
        new = swept_plain(one, self.criterion)
        count, boxes = len(self.tracks), self.swept.boxes
        hit = overlaps(boxes, np.broadcast_to(new.boxes, boxes.shape))
        if left_out >= 0:
            hit[left_out] = False
        party = int(one.party[0])
        if party >= 0:
            hit &= self.tracks.party != party
        near = np.flatnonzero(hit)
        both = Swept(
            np.concatenate((self.swept.states[near], new.states)), boxes[:0], self.swept.limits
        )
        tallies[0] += count
        rows = rows_plain(both, np.arange(len(near)), np.full(len(near), len(near)), tallies)
        rows["first"], rows["second"] = near[rows["first"]], 0
        return rows
