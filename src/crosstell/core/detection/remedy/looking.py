"""One plan among its obstacles: which pairs can meet at all, what was looked at, and how much.

The work of a search is counted in looks, not in seconds, so that it ends at the same place on
every machine.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from crosstell.core.detection.finding import Assessed
from crosstell.core.detection.pair.plan import (
    footprint_gap_m,
    rise_between,
    shared_window,
)
from crosstell.core.detection.remedy.obstacle import (
    Group,
    Obstacle,
    PlanConflict,
    group_of,
    too_long,
)
from crosstell.core.detection.remedy.shift import Shift
from crosstell.core.geometry.approach import TIE_M, Undecided
from crosstell.core.geometry.volume import Volume

LOOKS_MAX = 3_000_000  # some seconds on one core of a small machine
HEIGHT_LOOKS = 20
EXACT_LOOKS = 300  # an exact gap of two footprints takes as long as so many straight chords

Pair = tuple[int, int]


class Spent(Exception):
    """The search has looked as often as it may."""


@dataclass(slots=True)
class Looking:
    """The parts and obstacles of one search, and how many looks are left.

    A pair is a part and an obstacle by their numbers. What two footprints are to each other is
    kept, since shifts in time and height leave it as it is.
    """

    parts: tuple[Volume, ...]
    obstacles: tuple[Obstacle, ...]
    left: int = LOOKS_MAX
    near: dict[tuple[int, int, float, bool], bool] = field(default_factory=dict, init=False)
    shapes: list[int] = field(default_factory=list, init=False)
    last: Pair | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        """Number the obstacles' footprints: days of one calendar follow each other with one."""
        for index, other in enumerate(self.obstacles):
            before = self.obstacles[index - 1].volume.footprint if index else None
            is_same = other.volume.footprint is before
            self.shapes.append(self.shapes[-1] if is_same else index)

    def spend(self, looks: int) -> None:
        """Count these looks; raises Spent if there are none left."""
        if looks > self.left:
            raise Spent
        self.left -= looks

    def pairs(self) -> Iterator[tuple[Pair, Volume, Obstacle]]:
        """Every part with every obstacle."""
        self.spend(len(self.parts) * len(self.obstacles))
        for number, part in enumerate(self.parts):
            for index, other in enumerate(self.obstacles):
                yield (number, index), part, other

    def meets_in_place(self, pair: Pair) -> bool:
        """Whether the two footprints cannot be told to be far enough apart."""
        part, other = self.parts[pair[0]], self.obstacles[pair[1]]
        if not other.may_be_near(part):
            return False
        limit_m = other.criterion.lateral_m + TIE_M
        key = (pair[0], self.shapes[pair[1]], limit_m, other.from_centre)
        if key not in self.near:
            self.spend(EXACT_LOOKS)
            footprint = other.measured(part).footprint
            gap_m = footprint_gap_m(footprint, other.volume.footprint)
            self.near[key] = isinstance(gap_m, Undecided) or gap_m <= limit_m
        return self.near[key]

    def meets_in_height(self, pair: Pair) -> bool:
        """Whether the two bands cannot be told apart."""
        self.spend(HEIGHT_LOOKS)
        return self.obstacles[pair[1]].meets_in_height(self.parts[pair[0]])

    def by_group(self, pairs: Iterable[Pair]) -> dict[Group, list[Pair]]:
        """Pairs by the notice, rule and reading under which stays are counted together."""
        found: dict[Group, list[Pair]] = {}
        for pair in pairs:
            found.setdefault(group_of(self.obstacles[pair[1]]), []).append(pair)
        return found

    def may_meet_elsewhere(self) -> tuple[Pair, ...]:
        """The pairs that a shift in place could bring together: by their windows and heights."""
        return tuple(
            pair
            for pair, part, other in self.pairs()
            if shared_window(part.window, other.volume.window) is not None
            and (other.converts(part) or _stated_heights_meet(part, other))
        )

    def is_free(self, shift: Shift, pairs: Iterable[Pair]) -> bool:
        """Whether none of these pairs is a conflict once the plan is moved; the last one first."""
        try:
            move = shift.mover(self.parts)
            return self._is_free(move, pairs)
        except ValueError:  # a footprint that cannot be what it is in the place it comes to
            return False

    def _is_free(self, move: Callable[[Volume], Volume], pairs: Iterable[Pair]) -> bool:
        if self.last is not None and self._conflict(self.last, move(self.parts[self.last[0]])):
            return False
        found: list[PlanConflict] = []
        number, part = -1, self.parts[0]
        for pair in pairs:
            if pair[0] != number:
                number = pair[0]
                part = move(self.parts[number])
                self.spend(EXACT_LOOKS)
            conflict = self._conflict(pair, part)
            if conflict is None:
                continue
            if conflict.obstacle.dwell_s == 0.0:
                self.last = pair
                return False
            found.append(conflict)
        return not too_long(found)

    def _conflict(self, pair: Pair, part: Volume) -> PlanConflict | None:
        obstacle = self.obstacles[pair[1]]
        self.spend(1)
        if not obstacle.may_overlap(part):
            return None
        self.spend(EXACT_LOOKS)
        overlap = obstacle.overlap(part)
        if overlap is None:
            return None
        return PlanConflict(part=pair[0], obstacle=obstacle, overlap=overlap)


def _stated_heights_meet(part: Volume, other: Obstacle) -> bool:
    """Whether the bands meet as they are stated, where nothing is converted."""
    rise = rise_between(part, other.volume, other.criterion.vertical_m, other.data(part))
    return rise.assessed is not Assessed.CLEAR
