"""Which places a track may come near at all: a cheap bound before the exact test.

Units: metres, Earth-centred. Straight lines are never longer than geodesics, so nothing that the
exact test could find is left out (GEO-012).
"""

import math
from dataclasses import dataclass, replace
from datetime import datetime

from crosstell.core.detection.conversion import extent_of_motion
from crosstell.core.detection.finding import Criterion
from crosstell.core.detection.pair.trust import Basis
from crosstell.core.detection.pair.trust import Judged as JudgedMotion
from crosstell.core.geometry.approach import TIE_M
from crosstell.core.geometry.cartesian import Vector, ecef
from crosstell.core.geometry.volume import Volume


@dataclass(frozen=True, slots=True)
class Ball:
    """Where one motion may lead until the horizon, the rule's distance added."""

    middle: Vector
    reach_m: float

    def meets(self, volume: Volume) -> bool:
        """Whether the volume's footprint is not surely farther away."""
        footprint = volume.footprint
        return math.dist(self.middle, footprint.middle) <= self.reach_m + footprint.bound_m


def balls_of(
    motions: tuple[JudgedMotion, ...], criterion: Criterion, now: datetime
) -> tuple[Ball, ...]:
    """One ball for each motion that the track is judged by. Implements MEC-084."""
    found = []
    for one in motions:
        motion = one.motion
        radius_m = extent_of_motion(motion, criterion, now).radius_m
        if one.basis is not Basis.REPORTED:  # the course of a doubted motion does not hold
            adrift = replace(motion, velocity=None)
            radius_m = max(radius_m, extent_of_motion(adrift, criterion, now).radius_m)
        here = ecef(motion.position.lat_deg, motion.position.lon_deg)
        found.append(Ball(here, radius_m + criterion.lateral_m + TIE_M))
    return tuple(found)
