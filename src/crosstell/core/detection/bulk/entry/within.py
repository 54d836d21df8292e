"""When tracks are within a distance of footprints: the plain twin of native/within.c.

Units: metres. Times are told as u = (2 / w) tan(w t / 2), w the angular speed of the course: in u
every limit is met between the roots of a quadratic. Each line here works on all pairs; `owner`
says of which pair a piece of a ring is. A set of times is an array (k, n) of begins and one of
ends: for each of n rows, up to k stretches, those that end before they begin being none.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crosstell.core.detection.bulk import sweep
from crosstell.core.detection.bulk.columns import Floats
from crosstell.core.detection.bulk.gaps import SIGHT, crossings
from crosstell.core.detection.bulk.volumes import Kind, VolumeColumns, pictures
from crosstell.core.geometry.approach import TIE_M
from crosstell.core.geometry.cartesian import LOCAL_M_MAX, RADIUS_M, SLACK_M, SLACK_SHARE
from crosstell.core.geometry.outline import SIDE_M

SOME_S = 1e-6  # nothing happens in less
Rows = NDArray[np.int64]
Truths = NDArray[np.bool_]
Times = tuple[Floats, Floats]


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Pairs of a track's state and a zone's row."""

    states: Floats
    zone: Rows
    volumes: VolumeColumns

    def take(self, where: Truths | Rows) -> "Pairs":
        """Those at `where`."""
        return Pairs(self.states[where], self.zone[where], self.volumes)

    def pieces(self) -> tuple[Rows, Floats]:
        """For each piece of each pair's ring or lines, whose it is, and the piece."""
        begin, end = self.volumes.piece_at[self.zone], self.volumes.piece_at[self.zone + 1]
        count = end - begin
        owner = np.repeat(np.arange(len(self.zone)), count)
        spot = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
        return owner, self.volumes.pieces[np.repeat(begin, count) + spot]


@dataclass(frozen=True, slots=True, eq=False)
class Stay:
    """The first stretch within the limit, in u, where one is `found`; whether that is in doubt."""

    enters: Floats
    leaves: Floats
    found: Truths
    in_doubt: Truths


def u_of(states: Floats, time_s: Floats) -> Floats:
    """The u of each time."""
    w = np.sqrt(states[:, sweep.TURN_2])
    turning = w > 0.0
    safe = np.where(turning, w, 1.0)
    return np.where(turning, 2.0 / safe * np.tan(0.5 * safe * time_s), time_s)


def time_of(states: Floats, u: Floats) -> Floats:
    """The time of each u."""
    w = np.sqrt(states[:, sweep.TURN_2])
    turning = w > 0.0
    safe = np.where(turning, w, 1.0)
    return np.where(turning, 2.0 / safe * np.arctan(0.5 * safe * u), u)


def place_at(states: Floats, u: Floats) -> Floats:
    """Where each track is at its u."""
    share = 1.0 / (1.0 + 0.25 * states[:, sweep.TURN_2] * u * u)
    moved = states[:, sweep.VELOCITY] * (u * share)[:, None]
    return states[:, sweep.PLACE] + moved + states[:, sweep.BEND] * (0.5 * u * u * share)[:, None]


def _dot(a: Floats, b: Floats) -> Floats:
    product: Floats = np.einsum("ij,ij->i", a, b)
    return product


def _below(a: Floats, b: Floats, c: Floats) -> Times:
    """Where a u^2 + b u + c <= 0."""
    square = b * b - 4.0 * a * c
    q = -0.5 * (b + np.where(b < 0.0, -1.0, 1.0) * np.sqrt(np.maximum(square, 0.0)))
    edge = np.where(b < 0.0, np.inf, -np.inf)
    with np.errstate(over="ignore"):
        one = np.where(a == 0.0, edge, q / np.where(a == 0.0, 1.0, a))
        other = np.where(q == 0.0, one, c / np.where(q == 0.0, 1.0, q))
    low, high = np.minimum(one, other), np.maximum(one, other)
    flat, inside = (a == 0.0) & (b == 0.0), a >= 0.0
    begins = np.stack((np.where(inside, low, -np.inf), np.where(inside, np.inf, high)))
    ends = np.stack((np.where(inside, high, low), np.where(inside, -np.inf, np.inf)))
    whole = np.where(flat, c <= 0.0, (square < 0.0) & (a < 0.0))
    plain = ~flat & (square >= 0.0)
    begins[0] = np.where(plain, begins[0], np.where(whole, -np.inf, np.inf))
    ends[0] = np.where(plain, ends[0], np.where(whole, np.inf, -np.inf))
    begins[1], ends[1] = np.where(plain, begins[1], np.inf), np.where(plain, ends[1], -np.inf)
    return begins, ends


def _both(one: Times, other: Times) -> Times:
    """What is in both."""
    shape = len(one[0]) * len(other[0]), one[0].shape[1]
    begins = np.maximum(one[0][:, None], other[0][None]).reshape(shape)
    ends = np.minimum(one[1][:, None], other[1][None]).reshape(shape)
    some = (begins <= ends).any(axis=1)
    return begins[some], ends[some]


def _in_disc(states: Floats, away_m: Floats, flat_m: Floats, within: Times) -> Times:
    """When the place, `away_m` from a point now, is within `flat_m` of it in a straight line."""
    velocity = states[:, sweep.VELOCITY]
    c = _dot(away_m, away_m) - flat_m * flat_m
    a = 0.25 * c * states[:, sweep.TURN_2] + _dot(away_m, states[:, sweep.BEND])
    return _both(within, _below(a + _dot(velocity, velocity), 2.0 * _dot(away_m, velocity), c))


def _on_side(states: Floats, away_m: Floats, axis: Floats, limit_m: Floats, sign: float) -> Times:
    """When the coordinate along `axis` is at most the limit (sign 1), or at least (-1)."""
    c = sign * (_dot(away_m, axis) - limit_m)
    a = 0.25 * c * states[:, sweep.TURN_2] + sign * 0.5 * _dot(states[:, sweep.BEND], axis)
    return _below(a, sign * _dot(states[:, sweep.VELOCITY], axis), c)


def _in_strip(states: Floats, piece: Floats, flat_m: Floats, within: Times) -> Times:
    """When the place is beside a piece, within `flat_m`."""
    away_m = states[:, sweep.PLACE] - piece[:, 0:3]
    along, across, length_m = piece[:, 3:6], piece[:, 6:9], piece[:, 9]
    times = _both(within, _on_side(states, away_m, across, flat_m, 1.0))
    times = _both(times, _on_side(states, away_m, across, -flat_m, -1.0))
    times = _both(times, _on_side(states, away_m, along, np.zeros(len(piece)), -1.0))
    return _both(times, _on_side(states, away_m, along, length_m, 1.0))


@dataclass(frozen=True, slots=True, eq=False)
class Stretches:
    """Stretches of pairs, by pair and rising begin; `reached` is the last end so far."""

    owner: Rows
    begin: Floats
    end: Floats
    reached: Floats
    is_first: Truths

    @classmethod
    def of(cls, owner: Rows, begin: Floats, end: Floats) -> "Stretches":
        """Put in order."""
        order = np.lexsort((begin, owner))
        owner, begin, end = owner[order], begin[order], end[order]
        is_first = np.diff(owner, prepend=-1) != 0
        base = end.min(initial=0.0)
        number = np.cumsum(is_first) * (end.max(initial=0.0) - base + 1.0)
        reached = np.maximum.accumulate(end - base + number) - number + base
        return cls(owner, begin, end, reached, is_first)

    def first_joined(self, count: int) -> tuple[Floats, Floats, Truths]:
        """Of each of `count` pairs the first stretch, with all that touch it."""
        starts = np.flatnonzero(self.is_first)
        pairs = self.owner[starts]
        before = np.concatenate(([0.0], self.reached[:-1]))
        breaks = ~self.is_first & (self.begin > before + SOME_S)
        breaks_so_far = np.cumsum(breaks)
        at_start = np.repeat(breaks_so_far[starts], np.diff(np.append(starts, len(breaks))))
        joined = np.where(breaks_so_far == at_start, self.end, -np.inf)
        enters, leaves = np.full(count, np.nan), np.full(count, np.nan)
        found = np.zeros(count, np.bool_)
        if len(starts):
            enters[pairs], found[pairs] = self.begin[starts], True
            leaves[pairs] = np.maximum.reduceat(joined, starts)
        return enters, leaves, found


def _listed(times: Times, owner: Rows) -> tuple[Rows, Floats, Floats]:
    """The stretches of a set one by one, and whose they are."""
    some = times[0] <= times[1]
    return np.broadcast_to(owner, some.shape)[some], times[0][some], times[1][some]


def within(pairs: Pairs, limit_m: Floats, sign: float, span: Times) -> Stay:
    """When in `span` (in u) each track is first surely within its limit (sign < 0), or may be."""
    volumes, zone, count = pairs.volumes, pairs.zone, len(pairs.zone)
    error_m, kind = pairs.states[:, sweep.ERROR], volumes.kind[pairs.zone]
    whole_m = limit_m + volumes.radius_m[zone] + TIE_M
    slack_m = SLACK_M + SLACK_SHARE * whole_m**3 / (6.0 * RADIUS_M * RADIUS_M) + error_m
    far = (whole_m > LOCAL_M_MAX) | (kind == Kind.BALL)
    is_circle = ~far & (kind == Kind.CIRCLE)
    chord_m = _chord_of(whole_m) + sign * slack_m
    ball_m = volumes.bound_m[zone] + np.where(far, limit_m + TIE_M + error_m, whole_m + slack_m)
    flat_m = np.where(is_circle, chord_m, ball_m)
    away_m = pairs.states[:, sweep.PLACE] - volumes.middle_m[zone]
    times = _in_disc(pairs.states, away_m, flat_m, (span[0][None], span[1][None]))
    owner, begin, end = _listed(times, np.arange(count))
    real = flat_m[owner] >= 0.0
    enters, leaves, found = Stretches.of(owner[real], begin[real], end[real]).first_joined(count)
    met = Stay(enters, leaves, found, far & found)
    rings = np.flatnonzero(~far & ~is_circle & found)
    if not len(rings):
        return met
    last = np.full(count, -np.inf)
    np.maximum.at(last, owner[real], end[real])
    cube_m = whole_m**3 / (6.0 * RADIUS_M * RADIUS_M)
    flat_m = whole_m + slack_m if sign > 0 else whole_m - slack_m - cube_m
    span = enters[rings], last[rings]
    inner = _within_rings(pairs.take(rings), flat_m[rings], span, is_possible=sign > 0.0)
    for name in ("enters", "leaves", "found", "in_doubt"):
        getattr(met, name)[rings] = getattr(inner, name)
    return met


def _chord_of(far_m: Floats) -> Floats:
    """The chord of a geodesic."""
    share = far_m * far_m / (RADIUS_M * RADIUS_M)
    return far_m - far_m * share / 24.0 + far_m * share * share * 3.0 / 576.0


def _within_rings(pairs: Pairs, flat_m: Floats, span: Times, *, is_possible: bool) -> Stay:
    """The same for rings and lines, in the span; `is_possible`: where it may be."""
    count, (begin, end) = len(pairs.zone), span
    owner, piece = pairs.pieces()
    states, size_m = pairs.states[owner], np.abs(flat_m)[owner]
    asked = begin[owner][None], end[owner][None]
    corner_m = states[:, sweep.PLACE] - piece[:, 0:3]
    tip_m = corner_m - piece[:, 9:10] * piece[:, 3:6]
    parts = [
        _listed(_in_disc(states, corner_m, size_m, asked), owner),
        _listed(_in_disc(states, tip_m, size_m, asked), owner),
        _listed(_in_strip(states, piece, size_m, asked), owner),
    ]
    is_ring = pairs.volumes.kind[pairs.zone] == Kind.RING
    kept = [np.concatenate(column) for column in zip(*parts, strict=True)]
    real = is_ring[kept[0]] | (flat_m[kept[0]] >= 0.0)
    near = Stretches.of(kept[0][real], kept[1][real], kept[2][real])
    gap_owner, gap_begin, gap_end = _gaps(near, begin, end, np.flatnonzero(is_ring))
    middle = 0.5 * (gap_begin + gap_end)
    inside = _inside(pairs.take(gap_owner), middle, is_possible=is_possible)
    outer = flat_m[near.owner] >= 0.0
    enters, leaves, found = Stretches.of(
        np.concatenate((near.owner[outer], gap_owner[inside])),
        np.concatenate((near.begin[outer], gap_begin[inside])),
        np.concatenate((near.end[outer], gap_end[inside])),
    ).first_joined(count)
    return Stay(enters, leaves, found, np.zeros(count, np.bool_))


def _gaps(near: Stretches, begin: Floats, end: Floats, rings: Rows) -> tuple[Rows, Floats, Floats]:
    """The stretches of the rings' spans that are not near an edge, and whose they are."""
    before = np.where(near.is_first, begin[near.owner], np.concatenate(([0.0], near.reached[:-1])))
    is_last = np.append(near.is_first[1:], np.ones(min(len(near.owner), 1), np.bool_))
    untouched = np.setdiff1d(rings, near.owner)
    last = near.owner[is_last]
    owner = np.concatenate((near.owner, last, untouched))
    opens = np.concatenate((before, near.reached[is_last], begin[untouched]))
    closes = np.concatenate((near.begin, end[last], end[untouched]))
    keep = closes - opens > SOME_S
    keep[len(near.owner) + len(last) :] = True
    keep &= np.isin(owner, rings)
    return owner[keep], opens[keep], closes[keep]


def _inside(pairs: Pairs, u: Floats, *, is_possible: bool) -> Truths:
    """Whether each track is inside its ring at `u`; `is_possible` where an edge is too near."""
    place_m = place_at(pairs.states, u)
    owner, piece = pairs.pieces()
    if not len(owner):
        return np.zeros(len(u), np.bool_)
    starts = np.flatnonzero(np.diff(owner, prepend=-1))
    away_m = place_m[owner] - piece[:, 0:3]
    x, y = _dot(away_m, piece[:, 3:6]), _dot(away_m, piece[:, 6:9])
    tip_m = np.linalg.norm(away_m - piece[:, 9:10] * piece[:, 3:6], axis=1)
    beside_m = np.where(x <= piece[:, 9], np.abs(y), tip_m)
    flat_m = np.where(x < 0.0, np.linalg.norm(away_m, axis=1), beside_m)
    doubt = np.minimum.reduceat(flat_m, starts) < 2.0 * SIDE_M + pairs.states[:, sweep.ERROR]
    middle_m = pairs.volumes.middle_m[pairs.zone]
    doubt |= _dot(place_m, middle_m) <= SIGHT * np.linalg.norm(middle_m, axis=1)
    flat = pictures(place_m, middle_m)[owner]
    crossed = crossings(piece, flat[:, 0], flat[:, 1]).astype(np.int64)
    return np.where(doubt, is_possible, np.add.reduceat(crossed, starts) % 2 == 1)
