"""How far two feeds' stated accuracies are from what their differences show.

Units: normalised estimation error squared (NEES): a difference of places, squared, over the
variance that both feeds state; with two components. If both state truly, its mean is 2. From two
feeds alone only their sum can be judged, never whose sigma is wrong: the value is one of a pair.

Model: NEES is `inflation` times that of a t law with `dof` degrees of freedom, whose share beyond
y is (1 + y / (inflation dof)) ^ (-dof / 2) for two components. Small `dof`: heavy tails.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crosstell.core.ids import check_id
from crosstell.core.instant import require_utc

PAIRS_MIN = 50
OBJECTS_MIN = 10  # one object seen often errs in one way
DOFS = (1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0, 8.0, 12.0, 20.0, 50.0, 1_000.0)
INFLATION_MIN, INFLATION_MAX = 1e-3, 1e3
HALVINGS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """What the differences of two feeds showed, over how much, and when it was taken."""

    feeds: tuple[str, str]  # in order of their names: it is one and the same from either side
    inflation: float
    dof: float
    pairs: int
    objects: int
    mean_nees: float  # as stated, before any correction
    taken_at: datetime

    def __post_init__(self) -> None:
        """Refuse what is no calibration; put the feeds in order."""
        for feed in self.feeds:
            check_id(feed, what="calibrated feed")
        require_utc(self.taken_at, what="calibration")
        if not 0.0 < self.inflation < math.inf or not self.dof >= 1.0:
            raise ValueError(
                f"calibration: inflation {self.inflation}, dof {self.dof}: no such law"
            )
        object.__setattr__(self, "feeds", (min(self.feeds), max(self.feeds)))

    def share_beyond(self, nees: float) -> float:
        """The share of differences that exceed `nees`, by this calibration."""
        return float((1.0 + nees / (self.inflation * self.dof)) ** (-self.dof / 2.0))

    def gate(self, share: float) -> float:
        """The NEES that only `share` of differences exceed."""
        return float(self.inflation * self.dof * (share ** (-2.0 / self.dof) - 1.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class NotCalibrated:
    """Too little to say how far stated accuracies can be believed."""

    pairs: int
    objects: int


def calibrate(
    feeds: tuple[str, str], differences: Sequence[tuple[str, float]], taken_at: datetime
) -> Calibration | NotCalibrated:
    """The law that makes what was seen most likely; from object and NEES of each difference.

    The order of the differences does not matter. Implements DIS-050, DIS-051.
    """
    seen = sorted(nees for _, nees in differences)
    objects = len({name for name, _ in differences})
    if any(not math.isfinite(nees) or nees < 0.0 for nees in seen):
        raise ValueError("calibration: a NEES is not a number from 0 up; leave that pair out")
    if len(seen) < PAIRS_MIN or objects < OBJECTS_MIN:
        return NotCalibrated(pairs=len(seen), objects=objects)
    fits = [(dof, _inflation(seen, dof)) for dof in DOFS]
    dof, inflation = max(fits, key=lambda fit: _likelihood(seen, *fit))
    return Calibration(
        feeds=feeds,
        inflation=inflation,
        dof=dof,
        pairs=len(seen),
        objects=objects,
        mean_nees=math.fsum(seen) / len(seen),
        taken_at=taken_at,
    )


def _inflation(seen: list[float], dof: float) -> float:
    """The likeliest inflation: where the weighted NEES is as large as it should be."""
    low, high = math.log(INFLATION_MIN), math.log(INFLATION_MAX)
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        scale = math.exp(middle)
        mean = math.fsum(nees * (dof + 2.0) / (dof * scale + nees) for nees in seen) / len(seen)
        low, high = (middle, high) if mean > 2.0 else (low, middle)
    return math.exp((low + high) / 2.0)


def _likelihood(seen: list[float], dof: float, inflation: float) -> float:
    """Logarithm, but for a constant."""
    tails = math.fsum(math.log1p(nees / (inflation * dof)) for nees in seen)
    return -len(seen) * math.log(inflation) - (dof + 2.0) / 2.0 * tails
