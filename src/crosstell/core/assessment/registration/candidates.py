"""Which track of one picture could be which of the other, before any offset is known.

Units: metres, metres per second, radians, seconds. Over-includes: what lies within the search's
bounds and its own accuracy is kept; velocities and heights that cannot be of one object are not.
"""

import math
from dataclasses import dataclass, fields

import numpy as np

from crosstell.core.assessment.registration.aligned import NO_DATUM, Aligned, Floats, Ints
from crosstell.core.assessment.registration.assignment import TooCrowded

SIGMAS = 4.0
HEIGHTS_APART_M = 500.0  # assumption: offset of heights between two pictures, of one datum
DATUMS_APART_M = 1_500.0  # as detection's: what two datums may differ by, with room
PAIRS_MAX = 2_000_000  # pairs near each other in place


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """How far two pictures may be off each other: bounds, and what is likely within them.

    The standard deviations of the prior are the bounds over 2. Assumptions, twice what was
    injected into recorded traffic when the method was chosen.
    """

    shift_m_max: float = 2_000.0
    rotation_deg_max: float = 0.8
    time_s_max: float = 6.0

    def __post_init__(self) -> None:
        """Refuse what is not a bound."""
        for each in fields(self):
            value = getattr(self, each.name)
            if not math.isfinite(value) or value <= 0.0:
                raise ValueError(f"search: {each.name} is {value}; give a number above 0")
        if self.rotation_deg_max > 5.0:
            raise ValueError("search: more than 5 degrees of rotation are not looked for")

    @property
    def bounds(self) -> Floats:
        """Shift east, shift north, rotation in radians, time."""
        turn = math.radians(self.rotation_deg_max)
        return np.array([self.shift_m_max, self.shift_m_max, turn, self.time_s_max])

    @property
    def prior_sigmas(self) -> Floats:
        """The standard deviations of the prior, in the same order."""
        return self.bounds / 2.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Candidates:
    """Pairs that could be of one object, one row each: where, how fast, how sure."""

    one: Ints
    other: Ints
    here_m: Floats  # in the first picture
    there_m: Floats  # in the second
    velocity_mps: Floats  # the mean of both
    apart_mps: Floats
    variance_m2: Floats  # of both places together, for each component
    velocity_variance: Floats
    favour: Floats  # what one identity takes off a pair's cost, and two add to it

    def __len__(self) -> int:
        """How many pairs there are."""
        return len(self.one)

    def taken(self, rows: Ints) -> "Candidates":
        """These rows only."""
        return Candidates(**{each.name: getattr(self, each.name)[rows] for each in fields(self)})


FAVOUR = 6.0  # assumption: an identity is wrong less often than once in e^6 tracks


def candidates(one: Aligned, other: Aligned, search: Search, *, heights: bool) -> Candidates:
    """Every pair within the search's bounds. Raises TooCrowded above PAIRS_MAX.

    Without `heights` those are not looked at.
    """
    reach_m = _reach(one, search) + SIGMAS * math.sqrt(_largest(one) + _largest(other))
    first, second = near_pairs(one.place_m, other.place_m, float(reach_m.max(initial=1.0)))
    d = other.place_m[second] - one.place_m[first]
    keep = np.hypot(d[:, 0], d[:, 1]) <= reach_m[first]
    first, second = first[keep], second[keep]
    favour = favours(one, other, (first, second))
    apart = other.velocity_mps[second] - one.velocity_mps[first]
    spread = one.velocity_variance[first] + other.velocity_variance[second]
    turned = math.radians(search.rotation_deg_max) * np.linalg.norm(one.velocity_mps[first], axis=1)
    alike = np.linalg.norm(apart, axis=1) <= SIGMAS * np.sqrt(spread) + turned
    if heights:
        alike &= high_alike(one, other, (first, second))
    keep = alike | (favour < 0.0)
    first, second = first[keep], second[keep]
    return Candidates(
        one=first,
        other=second,
        here_m=one.place_m[first],
        there_m=other.place_m[second],
        velocity_mps=(one.velocity_mps[first] + other.velocity_mps[second]) / 2.0,
        apart_mps=apart[keep],
        variance_m2=one.variance_m2[first] + other.variance_m2[second],
        velocity_variance=spread[keep],
        favour=favour[keep],
    )


def _reach(one: Aligned, search: Search) -> Floats:
    """How far the other picture may have each track from where this one has it."""
    lever_m = np.linalg.norm(one.place_m, axis=1)
    speed_mps = np.linalg.norm(one.velocity_mps, axis=1)
    shift, _, turn, time_s = search.bounds.tolist()
    return np.asarray(shift + turn * lever_m + time_s * speed_mps)


def _largest(one: Aligned) -> float:
    """The usual variance, so that one doubtful track does not widen the search for all."""
    return float(np.median(one.variance_m2)) if len(one) else 0.0


def near_pairs(here: Floats, there: Floats, reach_m: float) -> tuple[Ints, Ints]:
    """Pairs of points less than `reach_m` apart, and some that are further: by a grid of cells."""
    if len(here) == 0 or len(there) == 0:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    wide = 1 << 31
    cell, place = (np.floor(each / reach_m).astype(np.int64) for each in (here, there))
    key = place[:, 0] * wide + place[:, 1]
    order = np.argsort(key, kind="stable")
    key = key[order]
    first: list[Ints] = []
    second: list[Ints] = []
    total = 0
    for aside in (-1, 0, 1):
        at = (cell[:, 0] + aside) * wide + cell[:, 1]
        start = np.searchsorted(key, at - 1, side="left")
        count = np.searchsorted(key, at + 1, side="right") - start
        total += int(count.sum())
        if total > PAIRS_MAX:
            raise TooCrowded(f"more than {PAIRS_MAX} pairs lie within {reach_m:.0f} m")
        rows = np.repeat(np.arange(len(here)), count)
        step = np.arange(len(rows)) - np.repeat(np.cumsum(count) - count, count)
        first.append(rows)
        second.append(order[np.repeat(start, count) + step])
    rows, columns = np.concatenate(first), np.concatenate(second)
    by_row = np.lexsort((columns, rows))
    return rows[by_row], columns[by_row]


def favours(one: Aligned, other: Aligned, pairs: tuple[Ints, Ints]) -> Floats:
    """Below 0 where both state one identity, above where they state two of a kind."""
    first, second = pairs
    known: dict[str, int] = {"": 0}
    mine = np.array([known.setdefault(key, len(known)) for key in one.key], dtype=np.int64)
    theirs = np.array([known.setdefault(key, len(known)) for key in other.key], dtype=np.int64)
    kinds = np.array([_kind(key) for key in known], dtype=np.str_)
    a, b = mine[first], theirs[second]
    stated = (a > 0) & (b > 0)
    contrary = stated & (a != b) & (kinds[a] == kinds[b])
    return np.where(stated & (a == b), -FAVOUR, np.where(contrary, FAVOUR, 0.0))


def _kind(key: str) -> str:
    return key.partition(":")[0]


def high_alike(one: Aligned, other: Aligned, pairs: tuple[Ints, Ints]) -> Floats:
    """Whether heights do not forbid that both are one object; unknown ones forbid nothing."""
    first, second = pairs
    apart = np.abs(other.altitude_m[second] - one.altitude_m[first])
    spread = np.nan_to_num(one.altitude_variance_m2[first]) + np.nan_to_num(
        other.altitude_variance_m2[second]
    )
    same = one.datum[first] == other.datum[second]
    room = np.where(same, HEIGHTS_APART_M, DATUMS_APART_M) + SIGMAS * np.sqrt(spread)
    unknown = (one.datum[first] == NO_DATUM) | (other.datum[second] == NO_DATUM)
    return np.asarray(unknown | (apart <= room))
