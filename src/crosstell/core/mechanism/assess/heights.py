"""What altitudes are converted by, pair by pair: geoid, local pressure, declared ground.

The offset of pressure altitude is estimated from our own tracks, and they are asked only where a
pressure altitude is to be compared with another.
"""

from dataclasses import dataclass, field
from datetime import datetime

from crosstell.core.altitude import Altitude, AltitudeData, Datum
from crosstell.core.detection.conversion import (
    Extent,
    extent_of_motion,
    extent_of_volume,
    local_data,
)
from crosstell.core.detection.finding import Criterion
from crosstell.core.detection.pressure import NO_SAMPLES, Samples, samples_of
from crosstell.core.geometry.motion import Motion
from crosstell.core.geometry.volume import Volume
from crosstell.core.state.state import State


def needs_conversion(motion: Motion, volume: Volume) -> bool:
    """Whether the two have altitudes in more than one datum."""
    limits = (motion.altitude, volume.lower, volume.upper)
    return len({one.datum for one in limits if isinstance(one, Altitude)}) > 1


@dataclass(slots=True)
class Heights:
    """The conversions of one node at one instant; what its tracks show is gathered once."""

    state: State
    now: datetime
    samples: Samples | None = field(default=None, init=False)

    def at_place(self, motion: Motion, volume: Volume, criterion: Criterion) -> AltitudeData:
        """Between a moving object and a volume."""
        moving = extent_of_motion(motion, criterion, self.now)
        return self._between(moving, extent_of_volume(volume), criterion)

    def of_two(self, first: Motion, second: Motion, criterion: Criterion) -> AltitudeData:
        """Between two moving objects."""
        one = extent_of_motion(first, criterion, self.now)
        other = extent_of_motion(second, criterion, self.now)
        return self._between(one, other, criterion)

    def of_plans(self, first: Volume, second: Volume, criterion: Criterion) -> AltitudeData:
        """Between two volumes."""
        return self._between(extent_of_volume(first), extent_of_volume(second), criterion)

    def _between(self, one: Extent, other: Extent, criterion: Criterion) -> AltitudeData:
        datums = one.datums | other.datums
        if len(datums) < 2:
            return self.state.setting.conversions
        samples = self._gathered() if Datum.STANDARD_PRESSURE in datums else NO_SAMPLES
        conversions = self.state.setting.local_conversions
        return local_data(conversions, (one, other), criterion, self.now, samples)

    def _gathered(self) -> Samples:
        if self.samples is None:
            tracks, conversions = self.state.journal.tracks, self.state.setting.local_conversions
            named = (tracks[name] for name in sorted(tracks))
            self.samples = Samples.of(samples_of(named, conversions, at=self.now))
        return self.samples
