"""The verdict on pairs of swept tracks with NumPy: the plain twin of `native/closing.c`.

Units: metres, seconds. Symbols and reasoning are those of `native/closing.c`, step by step, and the
proof that no step passes an entry is in `pair/closing.py`. Each line here works on all pairs left.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from crosstell.core.detection.bulk.columns import Floats
from crosstell.core.detection.bulk.pairing.grid import Ints
from crosstell.core.detection.bulk.sweep import (
    BEND,
    BOW,
    CLIMB,
    DRIFT,
    DRIFT_UP,
    ERROR,
    FAR,
    FLAGS,
    HEIGHT,
    PLACE,
    SPEED,
    STALE,
    TURN_2,
    UNKNOWN_ALTITUDE,
    UNKNOWN_VELOCITY,
    VELOCITY,
    WIDE,
    WIDE_UP,
    Swept,
)
from crosstell.core.detection.pair.band import TIE_M
from crosstell.core.detection.pair.closing import POLAR_RADIUS_M
from crosstell.core.detection.pair.traffic import ANY_HEIGHT_M
from crosstell.core.geometry.cartesian import RADIUS_M

Truths = NDArray[np.bool_]
Lines = tuple[Floats, Floats]

STEPS_MAX = 60
HEIGHT_GUARD_M = 1e-6
ERROR_M = 0.001
SLOPE_SHARE = 2e-6
NEAR_M_MAX = 500_000.0
_CURVE = 24.0 * RADIUS_M * RADIUS_M


class Verdict(IntEnum):
    """The codes of `native/closing.h`."""

    CLEAR = 0
    INFRINGES = 1
    CANNOT_BE_RULED_OUT = 2
    WITHIN_GUARD = 3


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """The verdict on each pair and its times; NaN where there is none."""

    verdict: Ints
    infringement_in_s: Floats
    nominal_in_s: Floats
    exit_in_s: Floats
    nearest_in_s: Floats
    nearest_m: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Both:
    """The states of both tracks of each pair, and the criterion."""

    a: Floats
    b: Floats
    limits: Floats

    @property
    def end_s(self) -> float:
        """The horizon."""
        return float(self.limits[2])

    @property
    def flags(self) -> Ints:
        """What is unknown of either."""
        return self.a[:, FLAGS].astype(np.int64) | self.b[:, FLAGS].astype(np.int64)

    def total(self, column: int) -> Floats:
        """A column of the first and the second, added."""
        return self.a[:, column] + self.b[:, column]

    def take(self, where: Truths | Ints) -> "Both":
        """The pairs at `where`."""
        return Both(self.a[where], self.b[where], self.limits)


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """A limit that may grow, and when the band is possibly and surely met."""

    limit_m: Floats
    growth_mps: Floats
    possible: Lines
    sure: Lines

    def take(self, where: Truths | Ints) -> "Question":
        """The questions at `where`."""
        return Question(
            self.limit_m[where],
            self.growth_mps[where],
            (self.possible[0][where], self.possible[1][where]),
            (self.sure[0][where], self.sure[1][where]),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Sights:
    """Chord, arc and its slope; r . r', r' . r', r . r''."""

    chord_m: Floats
    distance_m: Floats
    slope_mps: Floats
    rate: Floats
    speed_2: Floats
    bend: Floats


def _dot(a: Floats, b: Floats) -> Floats:
    """The scalar products of rows."""
    product: Floats = np.einsum("ij,ij->i", a, b)
    return product


def _parts(state: Floats, t: Floats) -> tuple[Floats, Floats]:
    """How far the track has moved since now, and its velocity, at `t`."""
    u = state[:, TURN_2] * t * t
    along = (t * (1.0 - u / 6.0 * (1.0 - u / 20.0)))[:, None]
    across = (0.5 * t * t * (1.0 - u / 12.0 * (1.0 - u / 30.0)))[:, None]
    face = (1.0 - u * 0.5 * (1.0 - u / 12.0))[:, None]
    velocity, bend = state[:, VELOCITY], state[:, BEND]
    return velocity * along + bend * across, velocity * face + bend * along


def sights(both: Both, t: Floats) -> Sights:
    """How each pair stands at its `t`."""
    a, b = both.a, both.b
    (gone_a, velocity_a), (gone_b, velocity_b) = _parts(a, t), _parts(b, t)
    r = (b[:, PLACE] - a[:, PLACE]) + (gone_b - gone_a)
    w = velocity_b - velocity_a
    c_2 = _dot(r, r)
    chord = np.sqrt(c_2)
    rate = _dot(r, w)
    near_2 = np.minimum(c_2, NEAR_M_MAX**2) / _CURVE
    slope = np.where(chord > 0.0, rate / np.where(chord > 0.0, chord, 1.0), 0.0)
    return Sights(
        chord_m=chord,
        distance_m=chord * (1.0 + near_2),
        slope_mps=slope * (1.0 + 3.0 * near_2),
        rate=rate,
        speed_2=_dot(w, w),
        bend=_dot(r, b[:, BEND] - a[:, BEND]),
    )


def _arc_error(d: Floats) -> Floats:
    """How far the arc may be from the geodesic."""
    cube = d * d * d / _CURVE
    return 0.02 * cube + cube * (d / RADIUS_M) ** 2


def _between(apart: Floats, rate: Floats, room: Floats, drift: Floats, end_s: float) -> Lines:
    """When `room + drift t` holds `apart + rate t` either way, within the horizon."""
    low, high = np.zeros_like(apart), np.full_like(apart, end_s)
    for sign in (-1.0, 1.0):
        have, gain = sign * apart + room, sign * rate + drift
        at = -have / np.where(gain == 0.0, 1.0, gain)
        low = np.where(gain > 0.0, np.maximum(low, at), low)
        high = np.where(gain < 0.0, np.minimum(high, at), high)
        high = np.where((gain == 0.0) & (have < 0.0), -1.0, high)
    return low, high


def _heights(both: Both, *, worst: bool) -> tuple[Lines, Lines]:
    """When the vertical gap is possibly, and surely, within its limit."""
    limit_m, end_s = float(both.limits[1]), both.end_s
    room, drift = np.full(len(both.a), limit_m + TIE_M), np.zeros(len(both.a))
    if worst:
        room, drift = room + both.total(WIDE_UP), both.total(DRIFT_UP)
    apart = both.b[:, HEIGHT] - both.a[:, HEIGHT]
    rate = both.b[:, CLIMB] - both.a[:, CLIMB]
    any_height = (both.flags & UNKNOWN_ALTITUDE) != 0
    any_height |= limit_m >= ANY_HEIGHT_M
    spans = []
    for guard_m in (HEIGHT_GUARD_M, -HEIGHT_GUARD_M):
        low, high = _between(apart, rate, room + guard_m, drift, end_s)
        spans.append((np.where(any_height, 0.0, low), np.where(any_height, end_s, high)))
    return spans[0], spans[1]


def _passes_by(both: Both, question: Question) -> Truths:
    """The chord along the tangents, less all that they leave out, against the limit."""
    a, b, end = both.a, both.b, question.possible[1]
    r, w = b[:, PLACE] - a[:, PLACE], b[:, VELOCITY] - a[:, VELOCITY]
    q = b[:, BEND] - a[:, BEND]
    reach = question.limit_m + question.growth_mps * end + both.total(ERROR) + ERROR_M
    reach = reach + both.total(BOW) + 0.5 * np.sqrt(_dot(q, q)) * end * end
    speed_2 = _dot(w, w)
    t = np.where(speed_2 > 0.0, -_dot(r, w) / np.where(speed_2 > 0.0, speed_2, 1.0), 0.0)
    r = r + w * np.minimum(np.maximum(t, question.possible[0]), end)[:, None]
    return np.asarray(_dot(r, r) > reach * reach)


def _safe_step(both: Both, seen: Sights, gap: Floats, growth: Floats, left: Floats) -> Floats:
    """A step that cannot pass the first time within the limit."""
    speeds = both.total(SPEED)
    closing = speeds + growth
    moving = closing > 0.0
    step = np.where(moving, gap / np.where(moving, closing, 1.0), np.inf)
    far = seen.distance_m + left * speeds
    bent = moving & (far <= 2.0 * NEAR_M_MAX)
    slack = closing * (0.02 * (seen.distance_m / RADIUS_M) ** 2 + SLOPE_SHARE)
    slope = seen.slope_mps - growth - slack - 3.0 * both.total(ERROR) / max(both.end_s, 1e-9)
    squares = both.a[:, SPEED] ** 2 + both.b[:, SPEED] ** 2
    angle = np.where(bent, far, 0.0) / (2.0 * POLAR_RADIUS_M)
    bend = 1.05 * squares / POLAR_RADIUS_M * np.tan(angle)
    below = np.sqrt(slope * slope + 2.0 * bend * gap) - slope
    root = np.where(below > 0.0, 2.0 * gap / np.where(below > 0.0, below, 1.0), np.inf)
    return np.where(bent, np.maximum(step, root), step)


def _first_possible(both: Both, question: Question) -> Floats:
    """The first time at which the distance may be within the limit; -1 if there is none."""
    time = question.possible[0].copy()
    left = np.arange(len(time))
    for _ in range(STEPS_MAX):
        here, asked, t = both.take(left), question.take(left), time[left]
        seen = sights(here, t)
        gap = seen.distance_m - asked.limit_m - asked.growth_mps * t
        gap = gap - here.total(ERROR) - ERROR_M - _arc_error(seen.distance_m)
        open_ = gap > 0.0
        left, t = left[open_], t[open_]
        if not len(left):
            break
        here, asked = here.take(open_), asked.take(open_)
        seen = sights(here, t)
        end = asked.possible[1]
        t = t + _safe_step(here, seen, gap[open_], asked.growth_mps, end - t)
        time[left] = np.where(t <= end, t, -1.0)
        left = left[t <= end]
    return time


def _surely_within(both: Both, question: Question, t: Floats) -> Truths:
    """Whether the distance is under the limit by more than the guard at `t`, in the sure band."""
    seen = sights(both, t)
    guard = both.total(ERROR) + ERROR_M + _arc_error(seen.distance_m)
    near = seen.distance_m + guard <= question.limit_m + question.growth_mps * t
    return np.asarray(near & (t >= question.sure[0]) & (t <= question.sure[1]))


def _answer(both: Both, question: Question) -> tuple[Ints, Floats]:
    """CLEAR, INFRINGES or WITHIN_GUARD for each pair, and when."""
    verdict = np.full(len(both.a), int(Verdict.CLEAR))
    at = np.full(len(both.a), np.nan)
    time = np.full(len(both.a), -1.0)
    some = np.flatnonzero(question.possible[0] <= question.possible[1])
    time[some] = _first_possible(both.take(some), question.take(some))
    found = np.flatnonzero(time >= 0.0)
    here, asked, t = both.take(found), question.take(found), time[found]
    seen = sights(here, t)
    growth = asked.growth_mps
    over = seen.distance_m - asked.limit_m - growth * t
    closing = (over > 0.0) & (seen.slope_mps < growth)
    later = t + over / np.where(closing, growth - seen.slope_mps, 1.0)
    at[found] = np.where(closing, np.minimum(later, asked.possible[1]), t)
    low, high = asked.sure
    moving = seen.speed_2 > 0.0
    lowest = t - np.where(moving, seen.rate / np.where(moving, seen.speed_2, 1.0), 0.0)
    lowest = np.minimum(np.maximum(lowest, low), high)
    begin = np.minimum(np.maximum(t, low), high)
    sure = _surely_within(here, asked, begin) | _surely_within(here, asked, lowest)
    seen = sights(here, lowest)
    gain = seen.speed_2 + seen.bend
    lowest = lowest - np.where(gain > 0.0, seen.rate / np.where(gain > 0.0, gain, 1.0), 0.0)
    lowest = np.minimum(np.maximum(lowest, begin), high)
    sure |= _surely_within(here, asked, lowest) | _surely_within(here, asked, high)
    verdict[found] = np.where(sure, int(Verdict.INFRINGES), int(Verdict.WITHIN_GUARD))
    return verdict, at


def _nearest(both: Both) -> Lines:
    """When the two are nearest within the horizon, and how near."""
    end = both.end_s
    t = np.zeros(len(both.a))
    for step in range(4):
        seen = sights(both, t)
        gain = seen.speed_2 + (seen.bend if step else 0.0)
        moving = gain > 1e-9
        ahead = t - seen.rate / np.where(moving, gain, 1.0)
        t = np.where(moving, np.minimum(np.maximum(ahead, 0.0), end), t)
    best, when = np.full(len(t), np.inf), np.zeros(len(t))
    for at in (np.zeros(len(t)), t, np.full(len(t), end)):
        d = sights(both, at).distance_m
        nearer = d < best - 1e-6
        best, when = np.where(nearer, d, best), np.where(nearer, at, when)
    return when, best


def _leaves(both: Both, limit_m: float, t: Floats) -> Floats:
    """When the chord first grows past the limit's; infinity if it does not."""
    c = limit_m - limit_m**3 / _CURVE
    for _ in range(12):
        seen = sights(both, np.where(np.isfinite(t), t, 0.0))
        have, rate = seen.chord_m**2 - c * c, 2.0 * seen.rate
        gain = seen.speed_2 + seen.bend
        inner = rate * rate - 4.0 * gain * have
        stays = (gain <= 0.0) & ((inner < 0.0) | (rate <= 0.0))
        root = np.sqrt(np.maximum(inner, 0.0))
        grows = rate > 0.0
        step = np.where(
            grows,
            -2.0 * have / np.where(grows, rate + root, 1.0),
            (root - rate) / np.where(gain > 0.0, 2.0 * gain, 1.0),
        )
        t = np.where(stays | (t + step > 2.0 * both.end_s + 1.0), np.inf, t + step)
    return t


def _reported(both: Both, worst_s: Floats) -> tuple[Ints, Floats, Floats]:
    """The verdict by the values as reported, when, and until when."""
    flags, lateral_m = both.flags, float(both.limits[0])
    unfollowed = (flags & UNKNOWN_VELOCITY) != 0
    possible, sure = _heights(both, worst=False)
    leave_s = possible[1]
    cap = np.where(unfollowed, 0.0, np.inf)
    start = np.where(unfollowed, 0.0, worst_s)
    count = len(both.a)
    question = Question(
        np.full(count, lateral_m + TIE_M),
        np.zeros(count),
        (np.maximum(possible[0], start), np.minimum(possible[1], cap)),
        (sure[0], np.minimum(sure[1], cap)),
    )
    verdict, at = _answer(both, question)
    lost = (flags & STALE) != 0
    if float(both.limits[1]) < ANY_HEIGHT_M:
        lost |= (flags & UNKNOWN_ALTITUDE) != 0
    verdict = np.where(lost | (verdict == Verdict.CLEAR), int(Verdict.CANNOT_BE_RULED_OUT), verdict)
    infringes = verdict == Verdict.INFRINGES
    until = np.full(count, np.nan)
    told = np.flatnonzero(infringes & ~unfollowed)
    begin = np.maximum(at[told], question.sure[0][told])
    side = np.maximum(at[told], _leaves(both.take(told), lateral_m + TIE_M, begin))
    ends = leave_s[told] < both.end_s
    until_told = np.where(ends, np.minimum(side, leave_s[told]), side)
    until[told] = np.where(until_told <= both.end_s, until_told, np.nan)
    return verdict, np.where(infringes, at, np.nan), until


def judge_plain(swept: Swept, first: Ints, second: Ints) -> Answer:
    """The verdict on each pair of rows, and its times."""
    both = Both(swept.states[first], swept.states[second], swept.limits)
    count = len(first)
    verdict = np.full(count, int(Verdict.CLEAR))
    times = {name: np.full(count, np.nan) for name in ("worst", "nominal", "exit", "when", "near")}
    possible, sure = _heights(both, worst=True)
    limit_m = float(swept.limits[0]) + TIE_M + both.total(WIDE)
    question = Question(limit_m, both.total(DRIFT), possible, sure)
    level = possible[0] <= possible[1]
    far = (both.flags & FAR) != 0
    verdict[level & far] = int(Verdict.WITHIN_GUARD)
    some = np.flatnonzero(level & ~far)
    some = some[~_passes_by(both.take(some), question.take(some))]
    verdict[some], times["worst"][some] = _answer(both.take(some), question.take(some))
    some = some[verdict[some] == Verdict.INFRINGES]
    here = both.take(some)
    verdict[some], times["nominal"][some], times["exit"][some] = _reported(
        here, times["worst"][some]
    )
    followed = (here.flags & (UNKNOWN_VELOCITY | STALE)) == 0
    when, near = _nearest(here.take(followed))
    times["when"][some[followed]], times["near"][some[followed]] = when, near
    return Answer(
        verdict, times["worst"], times["nominal"], times["exit"], times["when"], times["near"]
    )
