"""Which of many notices can meet at all: boxes about each, before the exact test.

Units: metres, Earth-centred. The straight line between two footprints is never longer than the
geodesic, and it is no shorter than what lies between their boxes along one axis, so nothing that
the exact test could find is left out (GEO-012).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from crosstell.core.geometry.volume import Volume


@dataclass(frozen=True, slots=True)
class Box:
    """All volumes of one notice: from `low` to `high` on each axis, and from when until when."""

    low: tuple[float, ...]
    high: tuple[float, ...]
    start: datetime
    end: datetime

    def meets(self, other: "Box", reach_m: float) -> bool:
        """Whether neither the windows nor an axis keep the two apart."""
        if self.end <= other.start or other.end <= self.start:
            return False
        return all(
            low - reach_m <= top and bottom - reach_m <= high
            for low, high, bottom, top in zip(
                self.low, self.high, other.low, other.high, strict=True
            )
        )


def box_of(volumes: tuple[Volume, ...]) -> Box:
    """The box about these; there is one at least."""
    shapes = [volume.footprint for volume in volumes]
    return Box(
        low=tuple(min(one.middle[axis] - one.bound_m for one in shapes) for axis in range(3)),
        high=tuple(max(one.middle[axis] + one.bound_m for one in shapes) for axis in range(3)),
        start=min(volume.window.start for volume in volumes),
        end=max(volume.window.end for volume in volumes),
    )


def rows_near(
    boxes: tuple[Box, ...], changed: Iterable[int], reach_m: float
) -> set[tuple[int, int]]:
    """Each changed row with every other that is not surely apart, the lower first. MEC-091."""
    order = sorted(range(len(boxes)), key=lambda row: boxes[row].low[0])
    lows_m = [boxes[row].low[0] for row in order]
    widest_m = max((box.high[0] - box.low[0] for box in boxes), default=0.0)
    found = set()
    for row in changed:
        box = boxes[row]
        first = bisect_left(lows_m, box.low[0] - reach_m - widest_m)
        last = bisect_right(lows_m, box.high[0] + reach_m)
        for other in order[first:last]:
            if other != row and box.meets(boxes[other], reach_m):
                found.add((min(row, other), max(row, other)))
    return found
