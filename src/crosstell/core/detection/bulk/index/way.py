"""Where a motion may be until the horizon, as a stretch with room about it.

Units: metres, Earth-centred; seconds. A course leaves its tangent by at most s^2 / 2 R in s metres
(R the least radius of curvature), so it is followed as a straight stretch, widened by as much.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from crosstell.core.detection.bulk.columns import Floats
from crosstell.core.detection.finding import Criterion
from crosstell.core.geometry.cartesian import Vector, ecef, heading
from crosstell.core.geometry.motion import Motion
from crosstell.core.instant import seconds_between

RADIUS_M_MIN = 6_335_000.0
PAD_M = 2.0


class _Key(Protocol):
    """What an index names things by: it can be looked up, and put in order."""

    def __hash__(self) -> int: ...
    def __lt__(self, other: Any, /) -> bool: ...  # noqa: ANN401 - another key of its kind


KeyT = TypeVar("KeyT", bound=_Key)


@dataclass(frozen=True, slots=True)
class Way:
    """Where a motion may be from now to the horizon: a stretch along `ahead`, so far around it.

    It leads from `from_m` to `to_m` along `ahead` from `place`; `around_m` holds for the whole
    stretch, `about_m` for the place alone (what any direction, or a manoeuvre, may reach).
    """

    place: Vector
    ahead: Vector
    from_m: float
    to_m: float
    around_m: float
    about_m: float

    @property
    def is_anywhere(self) -> bool:
        """Whether no course holds: it may have gone in any direction."""
        return self.ahead == (0.0, 0.0, 0.0)

    @property
    def reach_m(self) -> float:
        """How far from the place it may be at all."""
        return max(max(abs(self.from_m), abs(self.to_m)) + self.around_m, self.about_m)


def way_of(motion: Motion, criterion: Criterion, now: datetime) -> Way:
    """The way of this motion; a velocity that is unknown or stale leads everywhere."""
    age_s = seconds_between(motion.at, now)
    wide_m = motion.position_accuracy_m
    wide_m = (criterion.unknown_accuracy_m if wide_m is None else wide_m) + PAD_M
    velocity, end_s = motion.velocity, criterion.horizon_s
    speed_mps = velocity.speed_mps if velocity is not None else 0.0
    lat_deg, lon_deg = motion.position.lat_deg, motion.position.lon_deg
    place = ecef(lat_deg, lon_deg)
    if velocity is None or abs(age_s) > criterion.stale_after_s:
        speed_mps = max(speed_mps, criterion.unknown_speed_mps)
        about_m = wide_m + speed_mps * (abs(age_s) + end_s)
        return Way(place, (0.0, 0.0, 0.0), 0.0, 0.0, about_m, about_m)
    about_m, manoeuvre = 0.0, criterion.manoeuvre
    if manoeuvre is not None:
        free_mps = max(speed_mps, manoeuvre.speed_mps_max)
        free_mps += manoeuvre.acceleration_mps2_max * max(0.0, -age_s)
        about_m = wide_m + free_mps * (manoeuvre.horizon_s + 3.0 * abs(age_s))
    from_m, to_m = speed_mps * age_s, speed_mps * (age_s + end_s)
    bow_m = max(from_m * from_m, to_m * to_m) / (2.0 * RADIUS_M_MIN)
    around_m = wide_m + speed_mps * max(0.0, -age_s) + bow_m
    ahead = heading(lat_deg, lon_deg, velocity.track_deg)
    return Way(place, ahead, from_m, to_m, around_m, about_m)


def dot(rows: Floats, vector: Vector) -> Floats:
    """Each row with the vector; not `@`, which may wake a pool of threads for so little."""
    found: Floats = rows[:, 0] * vector[0] + rows[:, 1] * vector[1] + rows[:, 2] * vector[2]
    return found


def square(rows: Floats) -> Floats:
    """The squared length of each row."""
    found: Floats = np.einsum("ij,ij->i", rows, rows)
    return found


def near_way(way: Way, middle_m: Floats, reach_m: Floats) -> NDArray[np.bool_]:
    """Whether each ball is touched by the way."""
    out = middle_m - np.array(way.place)
    ahead = np.array(way.ahead)
    along = np.clip(dot(out, way.ahead), way.from_m, way.to_m)
    near: NDArray[np.bool_] = square(out - along[:, None] * ahead) <= (reach_m + way.around_m) ** 2
    if way.about_m > 0.0:
        near |= square(out) <= (reach_m + way.about_m) ** 2
    return near


def grown(array: NDArray[Any], room: int) -> NDArray[Any]:
    """The same values with room for `room` rows, the new ones zero."""
    larger = np.zeros((room, *array.shape[1:]), array.dtype)
    larger[: len(array)] = array
    return larger
