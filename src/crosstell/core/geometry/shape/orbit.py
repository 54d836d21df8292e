"""An orbit (racetrack): a stadium beside or about two points. Units: degrees, metres; WGS-84.

Assumed, since no text of the message standard (USMTF air control means, AORBIT) was read: the
width is that of the whole pattern, the turns are half circles beyond the anchor points, and the
side is that of the leg from the first anchor to the second on which the pattern lies. The open
source NASA WorldWind draws its Orbit so.
"""

from dataclasses import dataclass
from enum import StrEnum

from crosstell.core.geometry.cartesian import Vector
from crosstell.core.geometry.geodesic import LatLon, distance_m, range_and_course, reached
from crosstell.core.geometry.pieces import Lines, average
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.shape.corridor import HALF_WIDTH_M_MAX, LEG_M_MAX
from crosstell.core.geometry.shape.kept import Kept, length_of

WIDTH_M_MAX = 2 * HALF_WIDTH_M_MAX


class OrbitSide(StrEnum):
    """On which side of the leg from the first anchor to the second the pattern lies."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


_TURN_DEG = {OrbitSide.LEFT: -90.0, OrbitSide.RIGHT: 90.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Orbit(Kept):
    """All points within half of `width_m` of the axis, a geodesic; so its ends are round.

    With `side` centre the axis leads from `first` to `second`; otherwise each of its ends lies half
    the width from its anchor, square to the leg, to that side.
    """

    first: Position
    second: Position
    width_m: float
    side: OrbitSide

    def __post_init__(self) -> None:
        """Refuse anchors that are one point or too far apart; quantise to the millimetre."""
        width_m = length_of(self.width_m, what="orbit width", most_m=WIDTH_M_MAX)
        object.__setattr__(self, "width_m", width_m)
        if self.first == self.second:
            raise ValueError("orbit: both anchors are one point; give a circle instead")
        leg_m = distance_m(self.first, self.second)
        if leg_m > LEG_M_MAX:
            raise ValueError(
                f"orbit: the anchors are {leg_m / 1_000:.0f} km apart, at most "
                f"{LEG_M_MAX / 1_000:.0f} km"
            )

    @property
    def half_width_m(self) -> float:
        """Half the width."""
        return self.width_m / 2.0

    @property
    def axis(self) -> tuple[LatLon, LatLon]:
        """The ends of the axis."""
        here = (self.first.lat_deg, self.first.lon_deg)
        there = (self.second.lat_deg, self.second.lon_deg)
        if self.side is OrbitSide.CENTRE:
            return here, there
        turn_deg = _TURN_DEG[self.side]
        out_deg = range_and_course(*here, self.second)[1] + turn_deg
        back_deg = range_and_course(*there, self.first)[1] - turn_deg
        return (
            reached(here, track_deg=out_deg, travel_m=self.half_width_m),
            reached(there, track_deg=back_deg, travel_m=self.half_width_m),
        )

    def _made(self) -> Lines:
        axis = self.axis
        return Lines.of((axis,), average(axis))

    @property
    def lines(self) -> Lines:
        """The axis as short pieces, worked out once."""
        return self._once(self._made)

    @property
    def middle(self) -> Vector:
        """The middle of the axis's chord, Earth-centred."""
        return self.lines.middle

    @property
    def bound_m(self) -> float:
        """Every point of the orbit is within this of `middle`, in a straight line."""
        return self.lines.bound_m + self.half_width_m
