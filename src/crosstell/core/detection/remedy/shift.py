"""A plan moved as a whole: in time, in height, or in place.

Units: seconds, metres, degrees true. A plan is moved in one way at a time and keeps its form.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from crosstell.core.altitude import Altitude
from crosstell.core.detection.conversion import disc_of
from crosstell.core.geometry.geodesic import destination
from crosstell.core.geometry.moved import moved
from crosstell.core.geometry.volume import Volume
from crosstell.core.instant import Window

Mover = Callable[[Volume], Volume]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeShift:
    """Later by `by`; earlier where it is negative."""

    by: timedelta

    def mover(self, _parts: tuple[Volume, ...]) -> Mover:
        """What moves one part's window."""

        def move(part: Volume) -> Volume:
            window = Window(start=part.window.start + self.by, end=part.window.end + self.by)
            return replace(part, window=window)

        return move

    def applied(self, parts: tuple[Volume, ...]) -> tuple[Volume, ...]:
        """The plan with every window moved."""
        return tuple(map(self.mover(parts), parts))


@dataclass(frozen=True, slots=True, kw_only=True)
class HeightShift:
    """Higher by `by_m`; lower where it is negative. Every part has both its limits stated."""

    by_m: float

    def mover(self, _parts: tuple[Volume, ...]) -> Mover:
        """What moves one part's limits."""

        def move(part: Volume) -> Volume:
            lower, upper = part.lower, part.upper
            assert isinstance(lower, Altitude), "only a plan with its limits is moved in height"
            assert isinstance(upper, Altitude), "only a plan with its limits is moved in height"
            return replace(
                part,
                lower=replace(lower, value_m=lower.value_m + self.by_m),
                upper=replace(upper, value_m=upper.value_m + self.by_m),
            )

        return move

    def applied(self, parts: tuple[Volume, ...]) -> tuple[Volume, ...]:
        """The plan with every limit moved."""
        return tuple(map(self.mover(parts), parts))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceShift:
    """Moved by `travel_m` towards `track_deg`, true, without turning.

    `travel_m` is how far the first part's middle travels; far from it, where meridians converge,
    another part may travel more or less.
    """

    track_deg: float
    travel_m: float

    def mover(self, parts: tuple[Volume, ...]) -> Mover:
        """What moves one part of this plan, about the middle of its first part.

        Raises ValueError where a footprint cannot be what it is in the place it comes to.
        """
        anchor = disc_of(parts[0].footprint)[0]
        to = destination(anchor, track_deg=self.track_deg, travel_m=self.travel_m)

        def move(part: Volume) -> Volume:
            return replace(part, footprint=moved(part.footprint, anchor=anchor, to=to))

        return move

    def applied(self, parts: tuple[Volume, ...]) -> tuple[Volume, ...]:
        """The plan with every footprint moved, all about the first one's middle."""
        return tuple(map(self.mover(parts), parts))


Shift = TimeShift | HeightShift | PlaceShift
