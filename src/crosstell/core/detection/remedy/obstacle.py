"""What a plan is checked against: declared volumes, each under one rule and reading.

A blackout is an obstacle too: its footprint at every height, for each of its windows.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from crosstell.core.altitude import NO_ALTITUDE_DATA, AltitudeData
from crosstell.core.detection.finding import Assessed, Criterion
from crosstell.core.detection.pair.plan import Overlap, pairing
from crosstell.core.geometry.volume import Volume
from crosstell.core.instant import seconds_between


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """One declared volume under one rule and reading; `what` names it for a person.

    `data` converts altitudes there. An overlap of at most `dwell_s` is allowed by the rule.
    """

    what: str
    volume: Volume
    criterion: Criterion
    data: AltitudeData = NO_ALTITUDE_DATA
    dwell_s: float = 0.0

    def meets(self, part: Volume) -> Overlap | None:
        """How the part and this do not clear each other; None if they do."""
        overlap = pairing(part, self.volume, self.criterion, self.data)
        if overlap.assessed is Assessed.CLEAR or overlap.window is None:
            return None
        lasts_s = seconds_between(overlap.window.start, overlap.window.end)
        return overlap if lasts_s > self.dwell_s else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanConflict:
    """One part of a plan (from 0) that does not clear an obstacle, and how the two stand."""

    part: int
    obstacle: Obstacle
    overlap: Overlap


def conflicts(
    parts: tuple[Volume, ...], obstacles: tuple[Obstacle, ...]
) -> tuple[PlanConflict, ...]:
    """Every part of the plan against every obstacle that it does not clear, exactly.

    What cannot be ruled out is a conflict, with its reasons. Implements RMD-001.
    """
    return tuple(_conflicts(parts, obstacles))


def clears(parts: tuple[Volume, ...], obstacles: tuple[Obstacle, ...]) -> bool:
    """Whether the plan clears every obstacle."""
    return next(_conflicts(parts, obstacles), None) is None


def _conflicts(
    parts: tuple[Volume, ...], obstacles: tuple[Obstacle, ...]
) -> Iterator[PlanConflict]:
    for number, part in enumerate(parts):
        for obstacle in obstacles:
            overlap = obstacle.meets(part)
            if overlap is not None:
                yield PlanConflict(part=number, obstacle=obstacle, overlap=overlap)
