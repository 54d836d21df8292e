"""A plan moved as a whole: in time, in height, or in place.

Units: seconds, metres, degrees true. A plan is moved in one way at a time and keeps its form.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from crosstell.core.altitude import Altitude
from crosstell.core.detection.conversion import disc_of
from crosstell.core.geometry.geodesic import destination
from crosstell.core.geometry.moved import moved
from crosstell.core.geometry.volume import Volume
from crosstell.core.instant import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeShift:
    """Later by `by`; earlier where it is negative."""

    by: timedelta

    def applied(self, parts: tuple[Volume, ...]) -> tuple[Volume, ...]:
        """The plan with every window moved."""
        return tuple(
            replace(
                part,
                window=Window(start=part.window.start + self.by, end=part.window.end + self.by),
            )
            for part in parts
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class HeightShift:
    """Higher by `by_m`; lower where it is negative. Every part has both its limits stated."""

    by_m: float

    def applied(self, parts: tuple[Volume, ...]) -> tuple[Volume, ...]:
        """The plan with every limit moved."""
        return tuple(self._one(part) for part in parts)

    def _one(self, part: Volume) -> Volume:
        lower, upper = part.lower, part.upper
        assert isinstance(lower, Altitude), "only a plan with its limits is moved in height"
        assert isinstance(upper, Altitude), "only a plan with its limits is moved in height"
        return replace(
            part,
            lower=replace(lower, value_m=lower.value_m + self.by_m),
            upper=replace(upper, value_m=upper.value_m + self.by_m),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceShift:
    """Moved by `travel_m` towards `track_deg`, true, without turning."""

    track_deg: float
    travel_m: float

    def applied(self, parts: tuple[Volume, ...]) -> tuple[Volume, ...]:
        """The plan with every footprint moved, all about the first one's middle."""
        anchor = disc_of(parts[0].footprint)[0]
        to = destination(anchor, track_deg=self.track_deg, travel_m=self.travel_m)
        return tuple(
            replace(part, footprint=moved(part.footprint, anchor=anchor, to=to)) for part in parts
        )


Shift = TimeShift | HeightShift | PlaceShift
