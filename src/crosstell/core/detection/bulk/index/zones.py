"""Volumes by key, asked which may not be clear of one motion, volume or ball."""

from collections.abc import Iterable
from datetime import datetime
from typing import Generic

import numpy as np
from numpy.typing import NDArray

from crosstell.core.detection.bulk.index.way import (
    PAD_M,
    KeyT,
    grown,
    near_way,
    square,
    way_of,
)
from crosstell.core.detection.finding import Criterion
from crosstell.core.geometry.cartesian import Vector
from crosstell.core.geometry.motion import Motion
from crosstell.core.geometry.volume import Volume
from crosstell.core.instant import to_us

NEVER_US = -(2**62)


class ZoneIndex(Generic[KeyT]):
    """Volumes by key (a notice), added, replaced and removed one key at a time.

    Implements BLV-030, BLV-031.
    """

    def __init__(self) -> None:
        """Without a volume."""
        self._rows: dict[KeyT, tuple[int, ...]] = {}
        self._owner: list[tuple[KeyT, int] | None] = []
        self._free: list[int] = []
        self._middle_m = np.zeros((3, 0))
        self._bound_m = np.zeros(0)
        self._start_us = np.zeros(0, np.int64)
        self._end_us = np.zeros(0, np.int64)
        self._by_x: NDArray[np.int64] | None = None  # rows in the order of x; None: to be sorted
        self._x_m = np.zeros(0)
        self._bound_m_max = 0.0

    def __len__(self) -> int:
        """The number of volumes."""
        return sum(map(len, self._rows.values()))

    def put(self, key: KeyT, volumes: Iterable[Volume]) -> None:
        """The volumes of `key` are these, and no others."""
        self.remove(key)
        self._by_x = None
        rows = []
        for number, volume in enumerate(volumes):
            row = self._free.pop() if self._free else self._new_row()
            rows.append(row)
            self._owner[row] = (key, number)
            self._middle_m[:, row] = volume.footprint.middle
            self._bound_m[row] = volume.footprint.bound_m
            self._start_us[row] = to_us(volume.window.start)
            self._end_us[row] = to_us(volume.window.end)
        self._rows[key] = tuple(rows)

    def remove(self, key: KeyT) -> None:
        """`key` has no volume; one that is not held is not missed."""
        for row in self._rows.pop(key, ()):
            self._owner[row] = None
            self._end_us[row] = NEVER_US
            self._free.append(row)

    def of_motion(
        self, motion: Motion, criterion: Criterion, now: datetime
    ) -> tuple[tuple[KeyT, int], ...]:
        """Keys and numbers of the volumes that may not be clear of this motion, in order."""
        way = way_of(motion, criterion, now)
        rows = self._about(way.place, way.reach_m + criterion.lateral_m)
        begin_us, end_us = to_us(now), to_us(now) + round(criterion.horizon_s * 1e6)
        rows = rows[(self._end_us[rows] > begin_us) & (self._start_us[rows] <= end_us)]
        reach_m = self._bound_m[rows] + criterion.lateral_m
        return self._named(rows[near_way(way, self._middle_m[:, rows].T, reach_m)])

    def of_volume(self, volume: Volume, criterion: Criterion) -> tuple[tuple[KeyT, int], ...]:
        """Keys and numbers of the volumes that may not be clear of this one, in order."""
        footprint = volume.footprint
        rows = self._about(footprint.middle, footprint.bound_m + criterion.lateral_m + PAD_M)
        begin_us, end_us = to_us(volume.window.start), to_us(volume.window.end)
        rows = rows[(self._end_us[rows] > begin_us) & (self._start_us[rows] < end_us)]
        out = self._middle_m[:, rows].T - np.array(footprint.middle)
        reach_m = self._bound_m[rows] + (footprint.bound_m + criterion.lateral_m + PAD_M)
        return self._named(rows[square(out) <= reach_m**2])

    def of_ball(self, middle: Vector, reach_m: float) -> tuple[tuple[KeyT, int], ...]:
        """Keys and numbers of the volumes that may come as near, at any time, in order."""
        return self._named(self._about(middle, reach_m + PAD_M))

    def _about(self, place: Vector, reach_m: float) -> NDArray[np.int64]:
        """Rows whose ball may come within `reach_m` of the place along every axis."""
        if self._by_x is None:
            self._by_x = np.argsort(self._middle_m[0])
            self._x_m = self._middle_m[0][self._by_x]
            self._bound_m_max = float(self._bound_m.max(initial=0.0))
        far_m = reach_m + self._bound_m_max + PAD_M
        first, last = self._x_m.searchsorted((place[0] - far_m, place[0] + far_m))
        rows = self._by_x[first:last]
        for axis in (0, 1, 2):
            away_m = np.abs(self._middle_m[axis].take(rows) - place[axis])
            rows = rows[away_m <= self._bound_m.take(rows) + reach_m]
        return rows

    def _named(self, rows: NDArray[np.int64]) -> tuple[tuple[KeyT, int], ...]:
        owners = (self._owner[row] for row in rows[rows < len(self._owner)])
        return tuple(sorted(owner for owner in owners if owner is not None))

    def _new_row(self) -> int:
        """A row at the end; room doubles when it is used up."""
        row = len(self._owner)
        self._owner.append(None)
        if row == len(self._bound_m):
            room = max(64, 2 * row)
            self._middle_m = np.ascontiguousarray(grown(self._middle_m.T, room).T)
            self._bound_m = grown(self._bound_m, room)
            self._start_us = grown(self._start_us, room)
            self._end_us = grown(self._end_us, room)
        return row
