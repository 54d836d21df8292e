"""Which tracks may come near which volumes: the plain path's candidates, by NumPy alone.

Units: metres; seconds after now. A pair is left out where the windows do not meet, where the
height surely never meets the band, or where the track's whole way stays out of the volume's ball.
"""

import numpy as np
from numpy.typing import NDArray

from crosstell.core.detection.bulk import sweep
from crosstell.core.detection.bulk.columns import Floats
from crosstell.core.detection.bulk.volumes import VolumeColumns
from crosstell.core.detection.finding import Criterion

PAD_M = 2.0
CHUNK = 4_000_000
Rows = NDArray[np.int64]


def candidates(
    states: Floats,
    turn_m: Floats,
    volumes: VolumeColumns,
    criterion: Criterion,
    now_us: int,
) -> tuple[Rows, Rows]:
    """Rows of tracks and volumes that may not be clear; a superset of those that are not.

    Volumes and tracks are put in order along x; of a track only the volumes whose reach along x
    meets its own are looked at, some tracks at a time.
    """
    begin_s, end_s = (volumes.start_us - now_us) / 1e6, (volumes.end_us - now_us) / 1e6
    active = np.flatnonzero((begin_s <= criterion.horizon_s) & (end_s > 0.0))
    low_m, high_m = _swept(states, turn_m, criterion)
    reach_m = volumes.bound_m[active] + criterion.lateral_m + PAD_M
    edge_m = volumes.middle_m[active, 0]
    order = np.argsort(edge_m - reach_m)
    active, reach_m, edge_m = active[order], reach_m[order], edge_m[order]
    last = np.searchsorted(edge_m - reach_m, high_m[:, 0], side="right")
    widest_m = 2.0 * float(reach_m.max(initial=0.0))
    first = np.searchsorted(edge_m - reach_m, low_m[:, 0] - widest_m)
    parts = [np.zeros((2, 0), np.int64)]
    lengths = np.maximum(last - first, 0)
    cuts = np.searchsorted(np.cumsum(lengths), np.arange(CHUNK, lengths.sum() + CHUNK, CHUNK)) + 1
    begin = 0
    for end in cuts:
        size = lengths[begin:end]
        track = np.repeat(np.arange(begin, begin + len(size)), size)
        shift = np.arange(len(track)) - np.repeat(np.cumsum(size) - size, size)
        spot = np.repeat(first[begin:end], size) + shift
        centre_m = volumes.middle_m[active[spot]]
        near = np.ones(len(track), np.bool_)
        for axis in range(3):
            near &= centre_m[:, axis] - reach_m[spot] <= high_m[track, axis]
            near &= centre_m[:, axis] + reach_m[spot] >= low_m[track, axis]
        track, zone = track[near], active[spot[near]]
        keep = _may_meet(states, volumes, criterion, track, zone)
        keep |= turn_m[track] > 0.0
        parts.append(np.stack((track[keep], zone[keep])))
        begin = int(end)
    found = np.concatenate(parts, axis=1)
    return found[0], found[1]


def _swept(states: Floats, turn_m: Floats, criterion: Criterion) -> tuple[Floats, Floats]:
    """The corners of the box that holds all that a track may reach."""
    end_s = criterion.horizon_s
    angle = np.sqrt(states[:, sweep.TURN_2]) * end_s
    turning = angle > 0.0
    safe, turn_2 = np.where(turning, angle, 1.0), np.where(turning, states[:, sweep.TURN_2], 1.0)
    along = np.where(turning, np.sin(safe) / safe * end_s, end_s)[:, None]
    across = np.where(turning, (1.0 - np.cos(safe)) / turn_2, 0.0)[:, None]
    here = states[:, sweep.PLACE]
    there = here + states[:, sweep.VELOCITY] * along + states[:, sweep.BEND] * across
    travel_m = states[:, sweep.SPEED] * end_s
    rim_m = states[:, sweep.WIDE] + states[:, sweep.DRIFT] * end_s + states[:, sweep.ERROR]
    rim_m = np.maximum(rim_m + travel_m * travel_m / (8.0 * 6_335_000.0), turn_m) + PAD_M
    far = (states[:, sweep.FLAGS].astype(np.int64) & sweep.FAR) != 0
    rim_m = np.where(far, 2.0 * sweep.WHOLE_M, rim_m)[:, None]
    return np.minimum(here, there) - rim_m, np.maximum(here, there) + rim_m


def _may_meet(
    states: Floats, volumes: VolumeColumns, criterion: Criterion, track: Rows, zone: Rows
) -> NDArray[np.bool_]:
    """Whether heights may meet: at its greatest climb, drift and uncertainty over the horizon."""
    flags = states[track, sweep.FLAGS].astype(np.int64)
    height_m, end_s = states[track, sweep.HEIGHT], criterion.horizon_s
    later_m = height_m + states[track, sweep.CLIMB] * end_s
    wide_m = states[track, sweep.WIDE_UP] + states[track, sweep.DRIFT_UP] * end_s
    wide_m = wide_m + volumes.height_wide_m[zone] + criterion.vertical_m + PAD_M
    meets: NDArray[np.bool_] = np.minimum(height_m, later_m) - wide_m <= volumes.upper_m[zone]
    meets &= np.maximum(height_m, later_m) + wide_m >= volumes.lower_m[zone]
    meets |= (flags & sweep.UNKNOWN_ALTITUDE) != 0
    return meets
