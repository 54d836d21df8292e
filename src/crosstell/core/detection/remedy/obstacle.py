"""What a plan is checked against: declared volumes, each under one rule and reading.

A blackout is an obstacle too: its footprint at every height, for each of its windows.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from crosstell.core.altitude import AltitudeData
from crosstell.core.detection.finding import Assessed, Criterion
from crosstell.core.detection.pair.plan import Overlap, pairing
from crosstell.core.geometry.volume import Volume


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """One declared volume under one rule and reading; `what` names it for a person."""

    what: str
    volume: Volume
    criterion: Criterion


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanConflict:
    """One part of a plan (from 0) that does not clear an obstacle, and how the two stand."""

    part: int
    obstacle: Obstacle
    overlap: Overlap


def conflicts(
    parts: tuple[Volume, ...], obstacles: tuple[Obstacle, ...], data: AltitudeData
) -> tuple[PlanConflict, ...]:
    """Every part of the plan against every obstacle that it does not clear, exactly.

    What cannot be ruled out is a conflict, with its reasons. Implements RMD-001.
    """
    return tuple(_conflicts(parts, obstacles, data))


def clears(parts: tuple[Volume, ...], obstacles: tuple[Obstacle, ...], data: AltitudeData) -> bool:
    """Whether the plan clears every obstacle."""
    return next(_conflicts(parts, obstacles, data), None) is None


def _conflicts(
    parts: tuple[Volume, ...], obstacles: tuple[Obstacle, ...], data: AltitudeData
) -> Iterator[PlanConflict]:
    for number, part in enumerate(parts):
        for obstacle in obstacles:
            overlap = pairing(part, obstacle.volume, obstacle.criterion, data)
            if overlap.assessed is not Assessed.CLEAR:
                yield PlanConflict(part=number, obstacle=obstacle, overlap=overlap)
