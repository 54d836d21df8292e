"""Which tracks may come near which volumes: the plain path's candidates, by NumPy alone.

Units: metres; seconds after now. The same grid as the kernel's (native/zones.c): a volume lies in
every cell that its ball, widened by the limit and half a step, reaches; a track is looked up at
every step of its chord. Tracks are taken in classes of like uncertainty, each with a grid of its
own. A pair is left out where windows or heights never meet, or where the chord, widened by its bow
and what is uncertain, stays out of the ball (native/glance.h).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crosstell.core.detection.bulk import sweep
from crosstell.core.detection.bulk.columns import Floats
from crosstell.core.detection.bulk.volumes import VolumeColumns
from crosstell.core.detection.finding import Criterion

PAD_M = 2.0
STEPS = 8  # a track of usual speed is looked up at no more places than this
CLASS_GROWTH = 16.0  # one class of tracks is up to so many times as uncertain as the one before
RIM_M_MAX = 200_000.0  # what is less certain is compared with all
LEVEL_GROWTH = 4.0
OFFSET_M = 1e8  # cells are numbered from here, below all that can be
CHUNK = 1_000_000  # pairs, cells or steps looked at in one go: bounds the memory
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """The chord of each track's course, how far the track may be from it, and its heights."""

    start_m: Floats
    along_m: Floats
    rim_m: Floats
    low_m: Floats
    high_m: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Balls:
    """The volumes whose windows are met: rows, and the balls and bands that the limits widen."""

    row: Rows
    middle_m: Floats
    reach_m: Floats
    low_m: Floats
    high_m: Floats


def candidates(
    states: Floats,
    turn_m: Floats,
    volumes: VolumeColumns,
    criterion: Criterion,
    now_us: int,
) -> Iterator[tuple[Rows, Rows]]:
    """Rows of tracks and volumes, each pair once, that hold all that are not clear; in parts."""
    ways = _ways(states, turn_m, criterion)
    balls = _balls(volumes, criterion, now_us)
    if not len(ways.rim_m) or not len(balls.row):
        return
    low_m, high_m = -1.0, float(np.median(ways.rim_m)) * 2.0
    while low_m < RIM_M_MAX:
        high_m = min(high_m, RIM_M_MAX)
        tracks = np.flatnonzero((ways.rim_m > low_m) & (ways.rim_m <= high_m))
        if len(tracks):
            yield from _of_class(tracks, ways, balls, high_m)
        low_m, high_m = high_m, max(high_m * CLASS_GROWTH, 1.0)
    everywhere = np.flatnonzero(~(ways.rim_m <= RIM_M_MAX))
    for track in everywhere.tolist():
        ball = np.arange(len(balls.row))
        first, second = _may_meet(ways, balls, np.full(len(ball), track), ball)
        yield first, balls.row[second]


def _ways(states: Floats, turn_m: Floats, criterion: Criterion) -> Ways:
    """The ways of all tracks."""
    end_s, flags = criterion.horizon_s, states[:, sweep.FLAGS].astype(np.int64)
    turned = states[:, sweep.TURN_2] * end_s * end_s
    ahead_s = end_s * (1.0 - turned / 6.0 * (1.0 - turned / 20.0))
    aside_s2 = 0.5 * end_s * end_s * (1.0 - turned / 12.0 * (1.0 - turned / 30.0))
    along_m = states[:, sweep.VELOCITY] * ahead_s[:, None]
    along_m = along_m + states[:, sweep.BEND] * aside_s2[:, None]
    travel_m = states[:, sweep.SPEED] * end_s
    rim_m = states[:, sweep.WIDE] + states[:, sweep.DRIFT] * end_s + states[:, sweep.ERROR]
    rim_m = np.maximum(rim_m + travel_m * travel_m / (8.0 * sweep.BENT_M), turn_m) + PAD_M
    rim_m[(flags & sweep.FAR) != 0] = np.inf
    height_m, wide_m = states[:, sweep.HEIGHT], states[:, sweep.WIDE_UP] + PAD_M
    wide_m = wide_m + states[:, sweep.DRIFT_UP] * end_s
    wide_m[(turn_m > 0.0) | ((flags & sweep.UNKNOWN_ALTITUDE) != 0)] = np.inf
    later_m = height_m + states[:, sweep.CLIMB] * end_s
    return Ways(
        states[:, sweep.PLACE],
        along_m,
        rim_m,
        np.minimum(height_m, later_m) - wide_m,
        np.maximum(height_m, later_m) + wide_m,
    )


def _balls(volumes: VolumeColumns, criterion: Criterion, now_us: int) -> Balls:
    """The balls of the volumes whose windows are met within the horizon."""
    begin_s, end_s = (volumes.start_us - now_us) / 1e6, (volumes.end_us - now_us) / 1e6
    row = np.flatnonzero((begin_s <= criterion.horizon_s) & (end_s > 0.0))
    gap_m = criterion.vertical_m + volumes.height_wide_m[row] + PAD_M
    return Balls(
        row,
        volumes.middle_m[row],
        volumes.bound_m[row] + criterion.lateral_m + PAD_M,
        volumes.lower_m[row] - gap_m,
        volumes.upper_m[row] + gap_m,
    )


def _of_class(tracks: Rows, ways: Ways, balls: Balls, rim_m: float) -> Iterator[tuple[Rows, Rows]]:
    """The candidates of the tracks that are no less certain than `rim_m`."""
    reach_m = balls.reach_m + rim_m
    travel_m = np.linalg.norm(ways.along_m[tracks], axis=1)
    cell_m = max(2.0 * float(np.quantile(reach_m, 0.75)), float(np.median(travel_m)) / STEPS)
    level = np.ceil(np.log(reach_m / (2.0 * cell_m)) / np.log(LEVEL_GROWTH)).clip(min=0.0)
    for number in np.unique(level).tolist():
        here = np.flatnonzero(level == number)
        size_m = cell_m * LEVEL_GROWTH**number
        keys, ball = _spread(balls.middle_m[here], reach_m[here] + 0.51 * size_m + PAD_M, size_m)
        ball = here[ball]
        for some in shares((travel_m / size_m).astype(np.int64) + 2, CHUNK):
            track, key = _steps(tracks[some], ways, size_m)
            yield from _looked_up(ways, balls, (track, key), (keys, ball))


def _looked_up(
    ways: Ways, balls: Balls, asked: tuple[Rows, Rows], held: tuple[Rows, Rows]
) -> Iterator[tuple[Rows, Rows]]:
    """The candidates in the cells that the tracks were in, some tracks at a time."""
    (track, key), (keys, ball) = asked, held
    begin = np.searchsorted(keys, key, side="left")
    counts = np.searchsorted(keys, key, side="right") - begin
    change = np.flatnonzero(np.diff(track, prepend=-1))
    edges = np.append(change, len(track))
    for part in shares(np.add.reduceat(counts, change), CHUNK):
        some = slice(int(edges[part.start]), int(edges[part.stop]))
        size = counts[some]
        flown = np.repeat(track[some], size)
        spot = np.arange(len(flown)) - np.repeat(np.cumsum(size) - size, size)
        first, second = _may_meet(ways, balls, flown, ball[np.repeat(begin[some], size) + spot])
        pair = np.unique(first * len(balls.row) + second)
        yield pair // len(balls.row), balls.row[pair % len(balls.row)]


def _spread(middle_m: Floats, reach_m: Floats, size_m: float) -> tuple[Rows, Rows]:
    """The keys of all cells that each ball reaches, in rising order, and whose ball it is."""
    keys, balls = [], []
    width = int(2.0 * float(reach_m.max()) / size_m) + 2
    steps = np.stack(np.meshgrid(*[np.arange(width)] * 3, indexing="ij"), axis=-1).reshape(-1, 3)
    part = max(1, CHUNK // len(steps))
    for begin in range(0, len(middle_m), part):
        middle = middle_m[begin : begin + part, None]
        reach = reach_m[begin : begin + part, None]
        cell = np.floor((middle - reach[:, None] + OFFSET_M) / size_m) + steps
        low = cell * size_m - OFFSET_M
        away = np.maximum(0.0, np.maximum(low - middle, middle - low - size_m))
        there = np.einsum("ijk,ijk->ij", away, away) <= reach * reach
        keys.append(_keys(cell[there].astype(np.int64)))
        balls.append(np.nonzero(there)[0] + begin)
    key, ball = np.concatenate(keys), np.concatenate(balls)
    order = np.argsort(key, kind="stable")
    return key[order], ball[order]


def _steps(tracks: Rows, ways: Ways, size_m: float) -> tuple[Rows, Rows]:
    """Tracks and the keys of the cells at every step of their chords, by rising track."""
    size = (np.linalg.norm(ways.along_m[tracks], axis=1) / size_m).astype(np.int64) + 2
    track = np.repeat(tracks, size)
    step = np.arange(len(track)) - np.repeat(np.cumsum(size) - size, size)
    share = (step / np.repeat(size - 1, size))[:, None]
    place_m = ways.start_m[track] + share * ways.along_m[track]
    key = _keys(np.floor((place_m + OFFSET_M) / size_m).astype(np.int64))
    new = np.ones(len(key), np.bool_)
    new[1:] = (key[1:] != key[:-1]) | (track[1:] != track[:-1])
    return track[new], key[new]


def _keys(cell: Rows) -> Rows:
    """One number for each cell; two cells may share one, which costs time and loses nothing."""
    keys: Rows = (cell[..., 0] << 42) ^ (cell[..., 1] << 21) ^ cell[..., 2]
    return keys


def shares(sizes: Rows, most: int) -> Iterator[slice]:
    """Slices of the sizes, each of one or of a sum of at most `most`."""
    total = np.cumsum(sizes)
    begin = 0
    while begin < len(sizes):
        before = int(total[begin - 1]) if begin else 0
        end = max(begin + 1, int(np.searchsorted(total, before + most, side="right")))
        yield slice(begin, end)
        begin = end


def _may_meet(ways: Ways, balls: Balls, track: Rows, ball: Rows) -> tuple[Rows, Rows]:
    """The pairs of a track and a ball that are not surely clear."""
    level = (ways.low_m[track] <= balls.high_m[ball]) & (ways.high_m[track] >= balls.low_m[ball])
    track, ball = track[level], ball[level]
    away_m, along_m = balls.middle_m[ball] - ways.start_m[track], ways.along_m[track]
    square = np.einsum("ij,ij->i", along_m, along_m)
    share = np.einsum("ij,ij->i", away_m, along_m) / np.where(square > 0.0, square, 1.0)
    away_m = away_m - np.clip(share, 0.0, 1.0)[:, None] * along_m
    reach_m = ways.rim_m[track] + balls.reach_m[ball]
    near = np.einsum("ij,ij->i", away_m, away_m) <= reach_m * reach_m
    return track[near], ball[near]
