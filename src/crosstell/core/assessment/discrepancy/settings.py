"""What a comparison is told beside the two pictures: bounds, tolerances, calibration, heights."""

import math
from dataclasses import dataclass, field, fields
from datetime import datetime

from crosstell.core.assessment.calibration import Calibration
from crosstell.core.assessment.registration.candidates import Search
from crosstell.core.assessment.stated import Noise
from crosstell.core.detection.pressure import NO_SAMPLES, Samples
from crosstell.core.geometry.geoid import Conversions
from crosstell.core.instant import seconds_between

UNCALIBRATED_DOF = 4.0  # tails as heavy as the recordings showed, until a calibration says better
CALIBRATION_S_MAX = 30 * 86_400.0  # assumption: an older one says little of the feed of today


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerance:
    """Differences that nobody minds: assumptions, to be set by the parties."""

    shift_m: float = 30.0
    rotation_deg: float = 0.01
    time_s: float = 0.05
    height_offset_m: float = 15.0
    place_m: float = 50.0
    height_m: float = 30.0
    velocity_mps: float = 5.0

    def __post_init__(self) -> None:
        """Refuse what is no tolerance."""
        for each in fields(self):
            value = getattr(self, each.name)
            if not math.isfinite(value) or value < 0.0:
                raise ValueError(f"tolerance: {each.name} is {value}; give a number from 0 up")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that a comparison depends on but the pictures and the instant.

    Without `conversions` heights above different datums are not tested. Without a `calibration` of
    these two feeds nothing that rests on a stated accuracy goes beyond suspected.
    """

    noise: Noise = field(default_factory=Noise)
    search: Search = field(default_factory=Search)
    tolerance: Tolerance = field(default_factory=Tolerance)
    calibration: Calibration | None = None
    conversions: Conversions | None = None
    samples: Samples = NO_SAMPLES

    def calibrated(self, feeds: tuple[str, str], at: datetime) -> Calibration | None:
        """The calibration, if it is of these feeds and not too old."""
        held = self.calibration
        if held is None or held.feeds != (min(feeds), max(feeds)):
            return None
        age_s = seconds_between(held.taken_at, at)
        return held if abs(age_s) <= CALIBRATION_S_MAX else None
