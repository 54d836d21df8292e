"""Registration of two pictures: the offset they share and which tracks are of one object.

Units: metres, radians, seconds. A refusal is a value with its reason. It comes before every test
of a single object, because an offset that is locked on wrongly makes every object look wrong.

The search alternates: pairs that are each other's best under the offset, the offset that these
pairs give, and so on, while the gate narrows from the coarse guess to what the accuracies allow.
The last pairs come from an exact assignment. The pattern found is then set against the best one
that can be made of the pairs it leaves unused: what nearly as many pairs support may be true too.
"""

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from crosstell.core.assessment.registration.aligned import Aligned, Floats, Ints
from crosstell.core.assessment.registration.assignment import TooCrowded, assign
from crosstell.core.assessment.registration.candidates import Candidates, Search, candidates
from crosstell.core.assessment.registration.estimate import Fit, fitted, inflation, residuals
from crosstell.core.assessment.registration.vote import starts

GATE = 18.5  # chi-square with four degrees of freedom (place and velocity) at 99.9 %
MATCHES_MIN = 5  # two components each; four parameters leave six to judge them by
SHARE_MIN = 0.35  # of the smaller picture; fewer matches are what chance gives in a crowd
RIVAL_SHARE_MAX = 0.5  # of the best pattern's worth
INFLATION_MAX = 25.0  # five times the stated sigma: what is stated says nothing then
NARROWINGS = 7
POLISHES_MAX = 6
KNOWN_TIMES = 3.0  # by data alone, each direction this much surer than the prior
MARGIN = 6.0  # a rival for one track that is worse by less cannot be told from its match


class Refusal(StrEnum):
    """Why two pictures are not registered."""

    TOO_FEW_TRACKS = "too-few-tracks"
    TOO_FEW_MATCHES = "too-few-matches"
    AMBIGUOUS = "ambiguous"
    PARALLEL_TRACKS = "parallel-tracks"
    ONE_SPOT = "one-spot"
    RESIDUALS_TOO_LARGE = "residuals-too-large"
    BEYOND_SEARCH = "beyond-search"
    TOO_CROWDED = "too-crowded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """No registration: why, and how far it got."""

    reason: Refusal
    matches: int
    tracks: tuple[int, int]
    rival_share: float = 0.0  # worth of the second-best pattern over that of the best


@dataclass(frozen=True, slots=True, kw_only=True)
class Offset:
    """What the second picture is off the first, with its covariance, about the plane's middle.

    Order in `covariance`: east and north in metres, rotation in radians (counter-clockwise is
    positive), time in seconds (positive: the second is late).
    """

    east_m: float
    north_m: float
    rotation_rad: float
    time_s: float
    covariance: tuple[tuple[float, ...], ...]

    @property
    def matrix(self) -> Floats:
        """The covariance as an array."""
        return np.array(self.covariance)

    @property
    def value(self) -> Floats:
        """The four as one vector."""
        return np.array([self.east_m, self.north_m, self.rotation_rad, self.time_s])

    def sigmas(self) -> tuple[float, float, float, float]:
        """The standard deviation of each."""
        east, north, turn, late = np.sqrt(np.diag(self.matrix)).tolist()
        return east, north, turn, late


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Registered:
    """The offset, and one row for each pair of tracks taken as one object.

    `inflation` is how many times the stated variances the residuals show; `doubtful` marks pairs
    for which another partner is nearly as good.
    """

    offset: Offset
    pairs: Candidates
    doubtful: tuple[bool, ...]
    inflation: float
    tracks: tuple[int, int]
    rival_share: float


@dataclass(frozen=True, slots=True, eq=False)
class _Pattern:
    """One way to lay the pictures on each other."""

    value: Floats
    rows: Ints
    worth: float
    scale: float
    fit: Fit | None = None


def register(one: Aligned, other: Aligned, search: Search) -> Registered | Refused:
    """How `other` lies on `one`, or why that is not said. Implements DIS-013 to DIS-019.

    Where heights that differ leave too few matches, a whole picture's heights may be wrong: then
    once more without them.
    """
    found = _registered(one, other, search, heights=True)
    if not (isinstance(found, Refused) and found.reason is Refusal.TOO_FEW_MATCHES):
        return found
    again = _registered(one, other, search, heights=False)
    return again if isinstance(again, Registered) else found


def _registered(
    one: Aligned, other: Aligned, search: Search, *, heights: bool
) -> Registered | Refused:
    """The registration, or the first reason against it."""
    tracks = (len(one), len(other))
    if min(tracks) < MATCHES_MIN:
        return Refused(reason=Refusal.TOO_FEW_TRACKS, matches=0, tracks=tracks)
    try:
        pairs = candidates(one, other, search, heights=heights)
        best = _best(pairs, search)
        if best is None:
            return Refused(reason=Refusal.TOO_FEW_MATCHES, matches=0, tracks=tracks)
        best = _settled(pairs, best, search)
    except TooCrowded:
        return Refused(reason=Refusal.TOO_CROWDED, matches=0, tracks=tracks)
    rival = _rival_share(pairs, best, search)
    reason = _against(best, search, fewer=min(tracks), rival=rival)
    if reason is not None:
        return Refused(
            reason=reason, matches=len(best.rows), tracks=tracks, rival_share=round(rival, 3)
        )
    assert best.fit is not None, "it was settled"
    covariance = np.linalg.inv(best.fit.information) * max(1.0, best.scale)
    east, north, turn, late = best.value.tolist()
    return Registered(
        offset=Offset(
            east_m=east,
            north_m=north,
            rotation_rad=turn,
            time_s=late,
            covariance=tuple(map(tuple, covariance.tolist())),
        ),
        pairs=pairs.taken(best.rows),
        doubtful=_doubtful(pairs, best),
        inflation=best.scale,
        tracks=tracks,
        rival_share=round(rival, 3),
    )


def _best(pairs: Candidates, search: Search) -> _Pattern | None:
    """The pattern of most worth from any of the starts."""
    found = [_narrowed(pairs, start.value, start.cell_m, search) for start in starts(pairs, search)]
    usable = [pattern for pattern in found if len(pattern.rows) >= 2]
    return max(usable, key=lambda pattern: pattern.worth, default=None)


def _narrowed(pairs: Candidates, value: Floats, cell_m: float, search: Search) -> _Pattern:
    """The pattern that a start leads to, by pairs that are each other's best."""
    rows = np.zeros(0, dtype=np.int64)
    for step in range(NARROWINGS):
        spread = (cell_m * 0.5 ** (step + 1)) ** 2 if step < NARROWINGS - 1 else 0.0
        rows = _mutual(pairs, _costs(pairs, value, spread))
        if len(rows) < 2:
            break
        taken = pairs.taken(rows)
        value = fitted(taken, value, taken.variance_m2 + spread, search).value
    return _Pattern(value, rows, _worth(_costs(pairs, value, 0.0)[rows]), 1.0)


def _costs(pairs: Candidates, value: Floats, spread: float, scale: float = 1.0) -> Floats:
    """How badly each pair fits: place and velocity by their variances, and what identities say."""
    place = (residuals(pairs, value) ** 2).sum(axis=1) / (pairs.variance_m2 * scale + spread)
    speed = (pairs.apart_mps**2).sum(axis=1) / pairs.velocity_variance
    return np.asarray(place + speed + pairs.favour)


def _worth(costs: Floats) -> float:
    """What a pattern is worth: one for a pair that fits, less for one that hardly does."""
    return float(np.clip((GATE - costs) / GATE, 0.0, 1.0).sum())


def _mutual(pairs: Candidates, costs: Floats) -> Ints:
    """Pairs within the gate of which each track is the other's cheapest."""
    rows = np.flatnonzero(costs < GATE)
    rows = rows[np.argsort(costs[rows], kind="stable")]
    _, by_one = np.unique(pairs.one[rows], return_index=True)
    _, by_other = np.unique(pairs.other[rows], return_index=True)
    return np.sort(rows[np.intersect1d(by_one, by_other, assume_unique=True)])


def _settled(pairs: Candidates, best: _Pattern, search: Search) -> _Pattern:
    """The pattern by exact assignment, at the scale that its own residuals show."""
    value, rows, scale = best.value, best.rows, 1.0
    fit: Fit | None = None
    for _ in range(POLISHES_MAX):
        if len(rows) < 2:
            break
        taken = pairs.taken(rows)
        scale = min(max(1.0, inflation(taken, value)), INFLATION_MAX)
        fit = fitted(taken, value, taken.variance_m2 * scale, search)
        value = fit.value
        costs = _costs(pairs, value, 0.0, scale)
        again = assign(pairs.one, pairs.other, costs, limit=GATE)
        if np.array_equal(again, rows):
            break
        rows = again
    scale = inflation(pairs.taken(rows), value) if len(rows) else 1.0
    if fit is not None and len(rows) >= 2:
        taken = pairs.taken(rows)
        fit = fitted(taken, value, taken.variance_m2, search)
        value = fit.value
    return _Pattern(
        value, rows, _worth(_costs(pairs, value, 0.0, max(1.0, scale))[rows]), scale, fit
    )


def _rival_share(pairs: Candidates, best: _Pattern, search: Search) -> float:
    """What the best pattern of unused pairs is worth, over the best. Implements DIS-016."""
    unused = np.setdiff1d(np.arange(len(pairs)), best.rows, assume_unique=True)
    left = pairs.taken(unused)
    rival = _best(left, search)
    if rival is None or best.worth <= 0.0:
        return 0.0
    return rival.worth / best.worth


def _against(best: _Pattern, search: Search, *, fewer: int, rival: float) -> Refusal | None:
    """Why the pattern is not accepted; None if it is."""
    if best.fit is None or len(best.rows) < max(MATCHES_MIN, math.ceil(SHARE_MIN * fewer)):
        return Refusal.TOO_FEW_MATCHES
    if rival >= RIVAL_SHARE_MAX:
        return Refusal.AMBIGUOUS
    if best.scale >= INFLATION_MAX:
        return Refusal.RESIDUALS_TOO_LARGE
    scaled = best.fit.from_data * np.outer(search.prior_sigmas, search.prior_sigmas)
    known, directions = np.linalg.eigh(scaled / max(1.0, best.scale))
    if known[0] < KNOWN_TIMES**2:
        turned = abs(directions[2, 0]) > abs(directions[3, 0])
        return Refusal.ONE_SPOT if turned else Refusal.PARALLEL_TRACKS
    if (np.abs(best.value) > 1.1 * search.bounds).any():
        return Refusal.BEYOND_SEARCH
    return None


def _doubtful(pairs: Candidates, best: _Pattern) -> tuple[bool, ...]:
    """For each pair taken, whether another pair with either track costs nearly as little."""
    costs = _costs(pairs, best.value, 0.0, max(1.0, best.scale))
    free = np.ones(len(pairs), dtype=np.bool_)
    free[best.rows] = False
    one = np.full(int(pairs.one.max()) + 1, np.inf)
    other = np.full(int(pairs.other.max()) + 1, np.inf)
    np.minimum.at(one, pairs.one[free], costs[free])
    np.minimum.at(other, pairs.other[free], costs[free])
    rival = np.minimum(one[pairs.one[best.rows]], other[pairs.other[best.rows]])
    return tuple((rival < np.minimum(costs[best.rows] + MARGIN, GATE)).tolist())
