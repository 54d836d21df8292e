"""A corridor along a geodesic polyline. Units: degrees and metres; WGS-84."""

from dataclasses import dataclass
from itertools import pairwise

from crosstell.core.geometry.cartesian import Vector
from crosstell.core.geometry.geodesic import distance_m
from crosstell.core.geometry.pieces import Lines, average
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.shape.kept import Kept, length_of

POINTS_MAX = 1_000
HALF_WIDTH_M_MAX = 200_000.0
LEG_M_MAX = 5_000_000.0  # beyond, which geodesic is meant is no longer plain on a map
LENGTH_M_MAX = 20_000_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Corridor(Kept):
    """All points within `half_width_m` of the line from point to point; so its ends are round.

    The line may cross itself or return to its start.
    """

    points: tuple[Position, ...]
    half_width_m: float

    def __post_init__(self) -> None:
        """Refuse a line without length or without bound; quantise to the millimetre."""
        if not 2 <= len(self.points) <= POINTS_MAX:
            raise ValueError(f"corridor has {len(self.points)} points; give 2 to {POINTS_MAX}")
        half_m = length_of(self.half_width_m, what="corridor half-width", most_m=HALF_WIDTH_M_MAX)
        object.__setattr__(self, "half_width_m", half_m)
        whole_m = 0.0
        for number, (here, there) in enumerate(pairwise(self.points), start=1):
            if here == there:
                raise ValueError(
                    f"corridor: point {number + 1} repeats point {number}; leave one out"
                )
            leg_m = distance_m(here, there)
            whole_m += leg_m
            if leg_m > LEG_M_MAX:
                raise ValueError(
                    f"corridor: leg {number} is {leg_m / 1_000:.0f} km long, at most "
                    f"{LEG_M_MAX / 1_000:.0f} km; give a point between"
                )
        if whole_m > LENGTH_M_MAX:
            raise ValueError(
                f"corridor is {whole_m / 1_000:.0f} km long, at most {LENGTH_M_MAX / 1_000:.0f} "
                "km; split it"
            )

    def _made(self) -> Lines:
        spots = tuple((point.lat_deg, point.lon_deg) for point in self.points)
        return Lines.of(tuple(pairwise(spots)), average(spots))

    @property
    def lines(self) -> Lines:
        """The line as short pieces, worked out once."""
        return self._once(self._made)

    @property
    def middle(self) -> Vector:
        """The mean of its points, Earth-centred."""
        return self.lines.middle

    @property
    def bound_m(self) -> float:
        """Every point of the corridor is within this of `middle`, in a straight line."""
        return self.lines.bound_m + self.half_width_m
