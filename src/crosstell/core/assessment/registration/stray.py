"""Tracks left over that are still of one object, though something about them is off.

Units: metres, metres per second. What differs too much is no match under the common offset, and it
is just what must be told. So of the tracks left over two are taken together if both state one
identity, wherever they are; or if each is the other's only choice: alike in velocity and height
within STRAY_M_MAX, or at one place whatever else they state.
"""

import numpy as np

from crosstell.core.assessment.registration.aligned import Aligned, Ints
from crosstell.core.assessment.registration.assignment import TooCrowded
from crosstell.core.assessment.registration.candidates import (
    SIGMAS,
    favours,
    high_alike,
    near_pairs,
)
from crosstell.core.assessment.registration.estimate import moved
from crosstell.core.assessment.registration.register import Registered

STRAY_M_MAX = 3_000.0
PLACE_GATE = 13.8  # chi-square with two degrees of freedom at 99.9 %

Rows = tuple[tuple[int, int], ...]


def strays(one: Aligned, other: Aligned, found: Registered) -> Rows:
    """Rows of both pictures taken together, in order. Implements DIS-024."""
    lone = np.setdiff1d(np.arange(len(one)), found.pairs.one)
    alone = np.setdiff1d(np.arange(len(other)), found.pairs.other)
    keyed = _keyed(one, other, (lone, alone))
    lone = np.setdiff1d(lone, np.array([i for i, _ in keyed], dtype=np.int64))
    alone = np.setdiff1d(alone, np.array([j for _, j in keyed], dtype=np.int64))
    put = moved(one.place_m, one.velocity_mps, found.offset.value)
    try:
        i, j = near_pairs(put[lone], other.place_m[alone], STRAY_M_MAX)
    except TooCrowded:  # nothing in such a crowd has a single choice
        return tuple(keyed)
    i, j = lone[i], alone[j]
    apart = np.linalg.norm(other.place_m[j] - put[i], axis=1)
    spread = (one.variance_m2[i] + other.variance_m2[j]) * max(1.0, found.inflation)
    quicker = np.linalg.norm(other.velocity_mps[j] - one.velocity_mps[i], axis=1)
    speeds = one.velocity_variance[i] + other.velocity_variance[j]
    alike = (quicker <= SIGMAS * np.sqrt(speeds)) & high_alike(one, other, (i, j))
    here = apart**2 <= PLACE_GATE * spread
    contrary = favours(one, other, (i, j)) > 0.0
    usable = (apart <= STRAY_M_MAX) & (alike | here) & ~contrary
    i, j = i[usable], j[usable]
    single = (np.bincount(i)[i] == 1) & (np.bincount(j)[j] == 1) if len(i) else usable[usable]
    pairs = zip(i[single].tolist(), j[single].tolist(), strict=True)
    return tuple(sorted([*keyed, *pairs]))


def _keyed(one: Aligned, other: Aligned, left: tuple[Ints, Ints]) -> list[tuple[int, int]]:
    """Tracks left over that state one identity, if one of each picture does."""
    holders: list[dict[str, list[int]]] = [{}, {}]
    for side, (aligned, rows) in enumerate(zip((one, other), left, strict=True)):
        for row in rows.tolist():
            if aligned.key[row]:
                holders[side].setdefault(aligned.key[row], []).append(row)
    return [
        (rows[0], holders[1][key][0])
        for key, rows in sorted(holders[0].items())
        if len(rows) == 1 and len(holders[1].get(key, ())) == 1
    ]
