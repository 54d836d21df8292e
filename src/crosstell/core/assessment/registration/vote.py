"""Where the search for the offset begins: the shifts on which most pairs agree.

Units: metres, radians, seconds. For each of a few rotations and times every candidate pair votes
for the cell of the shift that would explain it; a pair that has many rivals counts less. Votes of
four neighbouring cells count together, so that no border cuts a heap in two.
"""

import math
from dataclasses import dataclass
from itertools import product

import numpy as np

from crosstell.core.assessment.registration.aligned import Floats
from crosstell.core.assessment.registration.candidates import Candidates, Search
from crosstell.core.assessment.registration.estimate import moved

STEPS = 4  # rotations and times to either side of none
CELL_SIGMAS = 4.0
CELLS_MAX = 60  # to either side of no shift
STARTS_MAX = 4
VOTES_SHARE_MIN = 0.5  # of the most votes; with fewer a guess is not followed
PEAKS = 3  # looked at for each rotation and time
VOTERS_MAX = 4_000  # pairs; of more, those with the fewest rivals


@dataclass(frozen=True, slots=True, eq=False)
class Start:
    """A place to begin: parameters, the votes for them, and how coarse a guess it is."""

    value: Floats
    votes: float
    cell_m: float


def starts(pairs: Candidates, search: Search) -> tuple[Start, ...]:
    """The best guesses that differ, best first; none without pairs. Implements DIS-012."""
    if len(pairs) == 0:
        return ()
    rivals = np.bincount(pairs.one)[pairs.one] * np.bincount(pairs.other)[pairs.other]
    weight = 1.0 / np.sqrt(rivals) * np.where(pairs.favour < 0.0, 2.0, 1.0)
    if len(pairs) > VOTERS_MAX:
        kept = np.sort(np.argsort(-weight, kind="stable")[:VOTERS_MAX])
        pairs, weight = pairs.taken(kept), weight[kept]
    lever_m = math.sqrt(float((pairs.here_m**2).sum(axis=1).mean()))
    speed_mps = math.sqrt(float((pairs.velocity_mps**2).sum(axis=1).mean()))
    shift_m, _, turn, time_s = search.bounds.tolist()
    coarse_m = max(turn * lever_m, time_s * speed_mps) / STEPS
    sigma_m = math.sqrt(float(np.median(pairs.variance_m2)))
    cell_m = max(CELL_SIGMAS * sigma_m, coarse_m, shift_m / CELLS_MAX)
    turns = _steps(turn, lever_m, cell_m)
    times = _steps(time_s, speed_mps, cell_m)
    found = [
        Start(np.array([*shift, rotation, late_s]), votes, cell_m)
        for rotation, late_s in product(turns, times)
        for shift, votes in _peaks(pairs, weight, (rotation, late_s), (shift_m, cell_m))
    ]
    found.sort(key=lambda start: (-round(start.votes, 6), *np.abs(start.value).round(9).tolist()))
    return _distinct(found, pairs)


def _steps(bound: float, arm: float, cell_m: float) -> list[float]:
    """Guesses from -bound to bound, such that half a step moves the picture by half a cell."""
    count = min(STEPS, math.ceil(bound * arm / cell_m))
    return [0.0] if count == 0 else [bound * step / count for step in range(-count, count + 1)]


def _peaks(
    pairs: Candidates, weight: Floats, guess: tuple[float, float], cells: tuple[float, float]
) -> list[tuple[tuple[float, float], float]]:
    """The fullest cells under one rotation and time, with their votes."""
    shift_m, cell_m = cells
    off = pairs.there_m - moved(pairs.here_m, pairs.velocity_mps, np.array([0.0, 0.0, *guess]))
    half = math.ceil(shift_m / cell_m) + 1
    wide = 2 * half + 2
    at = np.floor(off / cell_m).astype(np.int64) + half
    inside = ((at >= 0) & (at < wide)).all(axis=1)
    flat = at[inside, 0] * wide + at[inside, 1]
    votes = np.bincount(flat, weights=weight[inside], minlength=wide * wide).reshape(wide, wide)
    four = votes[:-1, :-1] + votes[1:, :-1] + votes[:-1, 1:] + votes[1:, 1:]
    best = np.argsort(-four, axis=None, kind="stable")[:PEAKS]
    found = []
    for number in best.tolist():
        x, y = divmod(number, wide - 1)
        middle = ((x + 1 - half) * cell_m, (y + 1 - half) * cell_m)
        found.append((middle, float(four[x, y])))
    return found


def _distinct(found: list[Start], pairs: Candidates) -> tuple[Start, ...]:
    """The first few that put the picture in different places, by two cells or more."""
    kept: list[tuple[Start, Floats]] = []
    for start in found:
        put = moved(pairs.here_m, pairs.velocity_mps, start.value)
        if start.votes < VOTES_SHARE_MIN * found[0].votes:
            break
        away = [np.sqrt(((put - held) ** 2).sum(axis=1).mean()) for _, held in kept]
        if all(metres > 2.0 * start.cell_m for metres in away):
            kept.append((start, put))
        if len(kept) == STARTS_MAX:
            break
    return tuple(start for start, _ in kept)
