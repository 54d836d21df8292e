"""Live detection between tracks: separation, and well clear after RTCA DO-365B, exactly.

What a node does with the tracks seen at an instant against all that it holds, for a whole
recording. The exact pairings decide whatever the bound of `meetings` does not leave out.
"""

import random
from dataclasses import dataclass
from enum import StrEnum

from benchmarks.alert_load.columns import Columns, Ints, Mask, instant
from benchmarks.alert_load.meetings import Meetings, possible
from benchmarks.alert_load.policy import (
    PRESENT,
    STALE_AFTER_S,
    UNKNOWN_ACCURACY_M,
    UNKNOWN_SPEED_MPS,
    UNKNOWN_VERTICAL_ACCURACY_M,
)

from crosstell.core.detection.finding import Assessed, Criterion, Encounter
from crosstell.core.detection.pair.traffic import pairing as separation_of
from crosstell.core.detection.well_clear.pairing import pairing as well_clear_of
from crosstell.core.detection.well_clear.thresholds import PHASE_I, WellClearLevel
from crosstell.core.ids import RuleId
from crosstell.core.quantity import feet_to_m, nautical_miles_to_m

AUDIT = 200  # meetings that the bound leaves out, put before the exact pairing
CLEAR_LATE_S = 180.0  # within tau of the volume the nearest approach is sooner than this, or inside


class Between(StrEnum):
    """Which rule two tracks are under."""

    SEPARATION = "separation"
    WELL_CLEAR = "well-clear"


@dataclass(frozen=True, slots=True, kw_only=True)
class Minima:
    """What the rule keeps apart, sideways and in height."""

    rule: Between
    lateral_m: float
    vertical_m: float
    horizon_s: float
    late_s: float = 0.0

    @property
    def criterion(self) -> Criterion:
        """The rule as detection needs it."""
        return Criterion(
            rule=RuleId(self.rule),
            reading=None,
            lateral_m=self.lateral_m,
            vertical_m=self.vertical_m,
            horizon_s=self.horizon_s,
            unknown_accuracy_m=UNKNOWN_ACCURACY_M,
            unknown_vertical_accuracy_m=UNKNOWN_VERTICAL_ACCURACY_M,
            unknown_speed_mps=UNKNOWN_SPEED_MPS,
            stale_after_s=STALE_AFTER_S,
        )


SEPARATION = Minima(
    rule=Between.SEPARATION,
    lateral_m=nautical_miles_to_m(5.0),
    vertical_m=feet_to_m(1_000.0),
    horizon_s=PRESENT.horizons.advisory_s,
)
_MILDEST = PHASE_I.alert(WellClearLevel.PREVENTIVE)
WELL_CLEAR = Minima(
    rule=Between.WELL_CLEAR,
    lateral_m=_MILDEST.volume.distance_m,
    vertical_m=_MILDEST.volume.height_m,
    horizon_s=_MILDEST.alert_s,
    late_s=CLEAR_LATE_S,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What detection said of one meeting: an encounter, and its rank possible and as reported."""

    encounter: Encounter
    rank: int
    nominal_rank: int


def judged(columns: Columns, pairs: Meetings, number: int, minima: Minima) -> Found:
    """One meeting by the definition. The rank is that of well clear; separation has none (0)."""
    now = instant(float(pairs.time_s[number]))
    first = columns.motion(int(pairs.first[number]))
    second = columns.motion(int(pairs.second[number]))
    if minima.rule is Between.SEPARATION:
        encounter = separation_of(first, second, minima.criterion, now)
        return Found(encounter=encounter, rank=0, nominal_rank=0)
    told = well_clear_of(first, second, PHASE_I, minima.criterion, now)
    return Found(encounter=told.encounter, rank=int(told.possible), nominal_rank=int(told.reported))


def is_clear(found: Found, minima: Minima) -> bool:
    """Whether it can raise nothing."""
    if minima.rule is Between.WELL_CLEAR:
        return found.rank == 0
    return found.encounter.assessed is Assessed.CLEAR


def candidates(columns: Columns, pairs: Meetings, minima: Minima) -> Mask:
    """Which meetings the exact pairing has to judge."""
    return possible(columns, pairs, minima.criterion, late_s=minima.late_s)


def audited(
    columns: Columns, pairs: Meetings, minima: Minima, left_out: Ints, picking: random.Random
) -> int:
    """How many of the meetings picked from those left out are not clear; it must be 0."""
    picked = picking.sample(left_out.tolist(), min(AUDIT, len(left_out)))
    return sum(not is_clear(judged(columns, pairs, one, minima), minima) for one in picked)
