"""From track columns to what the pair test works with: a state and a swept box for each track.

Units: metres, seconds. Frame: Earth-centred. The layout of a state is that of `native/sweep.h`, and
so is the reasoning about errors (`native/sweep.c`); this module is its plain twin. A swept box
holds everywhere the track may be, sideways and in height, within the horizon, with half of each
limit: two tracks whose boxes do not overlap are clear.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crosstell.core.detection.bulk.columns import Floats, TrackColumns
from crosstell.core.detection.bulk.kernel import ARRAY, COUNT, KERNEL, address
from crosstell.core.detection.bulk.pairing.grid import Boxes
from crosstell.core.detection.finding import Criterion
from crosstell.core.detection.pair.traffic import ANY_HEIGHT_M
from crosstell.core.geometry.cartesian import ECCENTRICITY_2, RADIUS_M, SEMI_MAJOR_M

COLUMNS: Final = (
    "lat_deg",
    "lon_deg",
    "track_deg",
    "speed_mps",
    "climb_mps",
    "altitude_m",
    "position_accuracy_m",
    "altitude_accuracy_m",
    "age_s",
    "conversion_m",
)
PLACE, VELOCITY, BEND = slice(0, 3), slice(3, 6), slice(6, 9)
TURN_2, SPEED, WIDE, DRIFT = 9, 10, 11, 12
HEIGHT, CLIMB, WIDE_UP, DRIFT_UP, ERROR, BOW, FLAGS, PARTY, STATE = range(13, 22)
UNKNOWN_VELOCITY, STALE, UNKNOWN_ALTITUDE, FAR = 1, 2, 4, 8

CUBIC = 0.016 / (6.0 * RADIUS_M * RADIUS_M)
PAD_M = 1.5  # boxes are single precision: half a metre at the Earth's radius
WHOLE_M = 7.0e6
BOX_M_MAX = 2.0e6
BENT_M = 6_335_000.0  # no course is bent more than with this radius
TRAVEL_M_MAX = 1.0e6  # beyond it the exact test decides

if KERNEL is not None:
    _sweep = KERNEL.function("crosstell_sweep", (COUNT, ARRAY, ARRAY, ARRAY, ARRAY, ARRAY), None)


@dataclass(frozen=True, slots=True, eq=False)
class Swept:
    """States and boxes by row, and the criterion's limits in the kernel's order."""

    states: Floats
    boxes: Boxes
    limits: Floats


def limits_of(criterion: Criterion) -> Floats:
    """The criterion's figures in the order of `native/sweep.h`."""
    return np.array(
        [
            criterion.lateral_m,
            criterion.vertical_m,
            criterion.horizon_s,
            criterion.unknown_accuracy_m,
            criterion.unknown_speed_mps,
            criterion.stale_after_s,
        ],
        dtype=np.float64,
    )


def swept_fast(tracks: TrackColumns, criterion: Criterion) -> Swept:
    """The states and boxes, by the kernel."""
    boxes = np.empty((len(tracks), 8), dtype=np.float32)
    states = _swept_fast(tracks, criterion, address(boxes, np.float32))
    return Swept(states, boxes, limits_of(criterion))


def swept_plain(tracks: TrackColumns, criterion: Criterion) -> Swept:
    """The states and boxes, with NumPy."""
    states = _swept_plain(tracks, criterion)
    return Swept(states, _boxes(states, criterion), limits_of(criterion))


def states_of(tracks: TrackColumns, criterion: Criterion, *, is_fast: bool) -> Floats:
    """The states alone, by the kernel or with NumPy."""
    return _swept_fast(tracks, criterion, None) if is_fast else _swept_plain(tracks, criterion)


def _swept_fast(tracks: TrackColumns, criterion: Criterion, boxes: int | None) -> Floats:
    """The states; the boxes are written where `boxes` says, if it does."""
    limits = limits_of(criterion)
    states = np.empty((len(tracks), STATE), dtype=np.float64)
    columns = {name: getattr(tracks, name) for name in COLUMNS}
    up_m = tracks.altitude_accuracy_m  # filled in here: the kernel knows one figure for both
    columns["altitude_accuracy_m"] = np.where(np.isnan(up_m), criterion.high_accuracy_m, up_m)
    table = np.array([address(columns[name], np.float64) for name in COLUMNS], dtype=np.uint64)
    _sweep(
        len(tracks),
        address(table, np.uint64),
        address(tracks.party, np.int32),
        address(limits, np.float64),
        address(states, np.float64),
        boxes,
    )
    return states


def _swept_plain(tracks: TrackColumns, criterion: Criterion) -> Floats:
    """The states, with NumPy."""
    states = np.zeros((len(tracks), STATE), dtype=np.float64)
    flags = _sideways(tracks, criterion, states)
    _course(tracks, criterion, states)
    flags |= _upwards(tracks, criterion, flags, states)
    travel_m = states[:, SPEED] * (np.abs(tracks.age_s) + criterion.horizon_s)
    flags |= np.where(travel_m > TRAVEL_M_MAX, FAR, 0)
    states[:, FLAGS] = flags
    states[:, PARTY] = tracks.party
    return states


def _sideways(tracks: TrackColumns, criterion: Criterion, states: Floats) -> NDArray[np.int64]:
    """Uncertainty sideways, its growth, and the speed that holds; returns the flags."""
    age_s, known = tracks.age_s, ~np.isnan(tracks.speed_mps)
    speed_mps = np.where(known, tracks.speed_mps, 0.0)
    flags = np.where(known, 0, UNKNOWN_VELOCITY)
    flags |= np.where(np.abs(age_s) > criterion.stale_after_s, STALE, 0)
    wide_m = np.where(
        np.isnan(tracks.position_accuracy_m),
        criterion.unknown_accuracy_m,
        tracks.position_accuracy_m,
    )
    drift_mps = np.where(flags != 0, np.maximum(criterion.unknown_speed_mps, speed_mps), 0.0)
    states[:, SPEED] = np.where(flags != 0, 0.0, speed_mps)
    states[:, DRIFT] = drift_mps
    states[:, WIDE] = wide_m + np.where(
        flags != 0, drift_mps * np.abs(age_s), speed_mps * np.maximum(0.0, -age_s)
    )
    return flags


def _course(tracks: TrackColumns, criterion: Criterion, states: Floats) -> None:
    """The circle that the ground point follows."""
    phi, lam = np.radians(tracks.lat_deg), np.radians(tracks.lon_deg)
    sin_phi, cos_phi, sin_lam, cos_lam = np.sin(phi), np.cos(phi), np.sin(lam), np.cos(lam)
    root = 1.0 - ECCENTRICITY_2 * sin_phi * sin_phi
    normal_m = SEMI_MAJOR_M / np.sqrt(root)
    up = np.stack((cos_phi * cos_lam, cos_phi * sin_lam, sin_phi), axis=1)
    states[:, PLACE] = normal_m[:, None] * up
    states[:, 2] *= 1.0 - ECCENTRICITY_2
    speed = states[:, SPEED]
    track = np.radians(np.where(speed > 0.0, tracks.track_deg, 0.0))
    east, north = np.sin(track), np.cos(track)
    ahead = np.stack(
        (
            -sin_lam * east - sin_phi * cos_lam * north,
            cos_lam * east - sin_phi * sin_lam * north,
            cos_phi * north,
        ),
        axis=1,
    )
    curvature = north * north * root / (normal_m * (1.0 - ECCENTRICITY_2)) + east * east / normal_m
    turn = speed * curvature
    sin_0, cos_0 = np.sin(turn * tracks.age_s)[:, None], np.cos(turn * tracks.age_s)[:, None]
    states[:, PLACE] += (ahead * sin_0 - up * (1.0 - cos_0)) / curvature[:, None]
    states[:, VELOCITY] = speed[:, None] * (ahead * cos_0 - up * sin_0)
    states[:, BEND] = -(speed * turn)[:, None] * (ahead * sin_0 + up * cos_0)
    states[:, TURN_2] = turn * turn
    states[:, ERROR] = CUBIC * (speed * (np.abs(tracks.age_s) + criterion.horizon_s)) ** 3
    angle = turn * criterion.horizon_s
    states[:, BOW] = (angle**3 / 5.0 + angle**4 / 20.0) * RADIUS_M


def _upwards(
    tracks: TrackColumns, criterion: Criterion, flags: NDArray[np.int64], states: Floats
) -> NDArray[np.int64]:
    """Height, climb and their uncertainty; returns the flag of unknown altitudes."""
    known = ~np.isnan(tracks.altitude_m)
    age_s, level = tracks.age_s, np.isnan(tracks.climb_mps)
    climb_mps = np.where(level, 0.0, tracks.climb_mps)
    loose = level | ((flags & STALE) != 0)
    drift_mps = np.where(loose, np.maximum(criterion.unknown_speed_mps, np.abs(climb_mps)), 0.0)
    wide_m = np.where(
        np.isnan(tracks.altitude_accuracy_m),
        criterion.high_accuracy_m,
        tracks.altitude_accuracy_m,
    )
    wide_m = wide_m + np.where(
        loose, drift_mps * np.abs(age_s), 2.0 * np.abs(climb_mps) * np.maximum(0.0, -age_s)
    )
    climb_mps = np.where(loose, 0.0, climb_mps)
    states[:, HEIGHT] = np.where(known, tracks.altitude_m + climb_mps * age_s, 0.0)
    states[:, CLIMB] = np.where(known, climb_mps, 0.0)
    states[:, WIDE_UP] = np.where(known, wide_m + tracks.conversion_m, 0.0)
    states[:, DRIFT_UP] = np.where(known, drift_mps, 0.0)
    return np.where(known, 0, UNKNOWN_ALTITUDE)


def _boxes(states: Floats, criterion: Criterion) -> Boxes:
    """The swept boxes."""
    flags = states[:, FLAGS].astype(np.int64)
    end_s = criterion.horizon_s
    travel_m = states[:, SPEED] * end_s
    rim_m = criterion.lateral_m / 2.0 + states[:, WIDE] + states[:, DRIFT] * end_s
    rim_m = rim_m + states[:, ERROR] + PAD_M + travel_m * travel_m / (8.0 * BENT_M)
    angle = np.sqrt(states[:, TURN_2]) * end_s
    turning = angle > 0.0
    safe = np.where(turning, angle, 1.0)
    along = np.where(turning, np.sin(safe) / safe * end_s, end_s)[:, None]
    turn_2 = np.where(turning, states[:, TURN_2], 1.0)
    across = np.where(turning, (1.0 - np.cos(safe)) / turn_2, 0.0)[:, None]
    here = states[:, PLACE]
    there = here + states[:, VELOCITY] * along + states[:, BEND] * across
    boxes = np.empty((len(states), 8), dtype=np.float32)
    boxes[:, :3] = np.minimum(here, there) - rim_m[:, None]
    boxes[:, 4:7] = np.maximum(here, there) + rim_m[:, None]
    whole = rim_m + travel_m > BOX_M_MAX
    boxes[whole, :3], boxes[whole, 4:7] = -WHOLE_M, WHOLE_M
    height = states[:, HEIGHT]
    later = height + states[:, CLIMB] * end_s
    half_m = criterion.vertical_m / 2.0 + states[:, WIDE_UP] + states[:, DRIFT_UP] * end_s + PAD_M
    any_height = ((flags & UNKNOWN_ALTITUDE) != 0) | (criterion.vertical_m >= ANY_HEIGHT_M)
    boxes[:, 3] = np.where(any_height, -np.inf, np.minimum(height, later) - half_m)
    boxes[:, 7] = np.where(any_height, np.inf, np.maximum(height, later) + half_m)
    return boxes
