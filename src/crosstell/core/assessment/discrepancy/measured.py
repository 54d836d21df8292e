"""What one comparison says of one measure: tested with its evidence, or not tested and why.

Symbols: squared is d' S^-1 d of a difference d beyond its tolerance; evidence the logarithm of
how much likelier it is if the difference is there (variance WIDER times as large) than if not.
Signs: every value is of the second picture less the first.
"""

import math
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

from crosstell.core.assessment.lineage import Confirmation
from crosstell.core.assessment.registration.register import Refusal
from crosstell.core.assessment.stated import NotTestable

WIDER = 9.0  # a difference worth naming: three times what the accuracies allow


class Component(StrEnum):
    """In what two assessments can differ."""

    EXISTENCE = "existence"
    POSITION = "position"
    ALTITUDE = "altitude"
    TIME = "time"
    FROZEN = "frozen"
    MOTION = "motion"
    IDENTITY = "identity"
    GEOMETRY = "geometry"


class Measure(StrEnum):
    """What is tested; the first four are of whole pictures, the others of one object."""

    SHIFT = "shift"
    ROTATION = "rotation"
    TIME_OFFSET = "time-offset"
    HEIGHT_OFFSET = "height-offset"
    PRESENCE = "presence"
    PLACE = "place"
    HEIGHT = "height"
    VELOCITY = "velocity"
    IDENTITY = "identity"


COMPONENT_OF = {
    Measure.SHIFT: Component.POSITION,
    Measure.ROTATION: Component.POSITION,
    Measure.TIME_OFFSET: Component.TIME,
    Measure.HEIGHT_OFFSET: Component.ALTITUDE,
    Measure.PRESENCE: Component.EXISTENCE,
    Measure.PLACE: Component.POSITION,
    Measure.HEIGHT: Component.ALTITUDE,
    Measure.VELOCITY: Component.MOTION,
    Measure.IDENTITY: Component.IDENTITY,
}
OF_ACCURACY = frozenset(set(Measure) - {Measure.PRESENCE, Measure.IDENTITY})


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Subject:
    """What a measure is of: a track of either picture, of both, or (no track) both pictures."""

    measure: Measure
    one: str = ""
    other: str = ""

    def mirrored(self) -> Self:
        """The same from the other side."""
        return replace(self, one=self.other, other=self.one)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One tested measure: the difference by component with its sigmas, and the evidence.

    A place's values are along and across the course, a shift's east and north. `confirms` says
    what an agreement is worth.
    """

    subject: Subject
    values: tuple[float, ...]
    sigmas: tuple[float, ...]
    evidence: float
    confirms: Confirmation

    def mirrored(self) -> Self:
        """The same from the other side."""
        return replace(
            self,
            subject=self.subject.mirrored(),
            values=tuple(0.0 - value for value in self.values),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Untested:
    """One measure that was not tested. This is not agreement."""

    subject: Subject
    reason: NotTestable | Refusal

    def mirrored(self) -> Self:
        """The same from the other side."""
        return replace(self, subject=self.subject.mirrored())


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """How far stated variances are believed: what they are multiplied by, and the tails' degrees.

    `velocity_inflation` is of what is assumed of velocities, by the scatter of all pairs.
    """

    inflation: float
    velocity_inflation: float
    dof: float


def evidence(squared: float, *, components: int, dof: float) -> float:
    """How a squared difference speaks for a difference, under a t law with `dof`.

    It has a bound, (dof / 2) ln WIDER, however large the difference: one outlier proves nothing.
    """
    normal = squared / dof
    wide = squared / (dof * WIDER)
    tails = math.log1p(normal) - math.log1p(wide)
    return (dof + components) / 2.0 * tails - components / 2.0 * math.log(WIDER)


def beyond(size: float, tolerance: float) -> float:
    """The share of a difference that is beyond what nobody minds."""
    return max(0.0, size - tolerance) / size if size > 0.0 else 0.0
