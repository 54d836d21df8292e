"""Intervals of violation against rational arithmetic without rounding (WCL-011 to WCL-013).

The oracle reads each input float as the fraction that it is, and solves the definition exactly;
only square roots are rounded, at 60 digits. So it can say what is right where floats tie or graze.
It shares no code and no formula with what it tests: the level part is cut from two quadratics.
"""

import math
import random
from collections.abc import Callable
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest

from crosstell.core.detection.well_clear.exact import EnuState, violates, violation
from crosstell.core.detection.well_clear.thresholds import (
    NON_COOPERATIVE,
    PHASE_I,
    PHASE_II,
    Thresholds,
    WellClearLevel,
)

END_S = 180
NEAR_S = 1e-9
BUFFERED = Thresholds(distance_m=1852.0, height_m=228.6, tau_s=35.0, coaltitude_s=20.0)
VOLUMES = (
    PHASE_I.alert(WellClearLevel.PREVENTIVE).volume,
    *(
        chosen.alert(WellClearLevel.WARNING).volume
        for chosen in (PHASE_I, PHASE_II, NON_COOPERATIVE)
    ),
    BUFFERED,
)
Interval = tuple[Fraction, Fraction]


def root_of(value: Fraction) -> Fraction:
    with localcontext() as context:
        context.prec = 60
        return Fraction((Decimal(value.numerator) / Decimal(value.denominator)).sqrt())


def where_not_positive(a: Fraction, b: Fraction, c: Fraction) -> Interval | None:
    """The times at which a t^2 + b t + c <= 0, a > 0."""
    inside = b * b - 4 * a * c
    if inside < 0:
        return None
    return (-b - root_of(inside)) / (2 * a), (-b + root_of(inside)) / (2 * a)


def level_part(state: list[Fraction], volume: Thresholds) -> Interval | None:
    """Within DTHR, or before that within TTHR by modified tau while the two pass within DTHR."""
    x, y, _, u, v, _ = state
    dthr, tthr = Fraction(volume.distance_m), Fraction(volume.tau_s)
    speed_2, closing, apart = u * u + v * v, x * u + y * v, x * x + y * y - dthr * dthr
    if speed_2 == 0:
        return (Fraction(0), Fraction(END_S)) if apart <= 0 else None
    disc = where_not_positive(speed_2, 2 * closing, apart)
    if disc is None:
        return None
    by_tau = where_not_positive(speed_2, 2 * closing + tthr * speed_2, apart + tthr * closing)
    begin = disc[0] if by_tau is None else min(disc[0], by_tau[0])
    return begin, disc[1]


def upright_part(state: list[Fraction], volume: Thresholds) -> Interval | None:
    """Within ZTHR, or before that within TCOA of co-altitude."""
    z, w = state[2], state[5]
    zthr, tcoa = Fraction(volume.height_m), Fraction(volume.coaltitude_s)
    if w == 0:
        return (Fraction(0), Fraction(END_S)) if abs(z) <= zthr else None
    ends = sorted(((-zthr - z) / w, (zthr - z) / w))
    return min(ends[0], -z / w - tcoa), ends[1]


def exact(state: EnuState, volume: Thresholds) -> Interval | None:
    numbers = [Fraction(getattr(state, name)) for name in EnuState.__slots__]
    level, upright = level_part(numbers, volume), upright_part(numbers, volume)
    if level is None or upright is None:
        return None
    begin = max(level[0], upright[0], Fraction(0))
    end = min(level[1], upright[1], Fraction(END_S))
    return (begin, end) if begin <= end else None


def anywhere(rng: random.Random, volume: Thresholds) -> EnuState:
    """A pair that passes within some DTHR at some time, often level, sometimes slow."""
    fast = rng.choice([0.5, 20.0, 250.0])
    u, v = rng.uniform(-fast, fast), rng.uniform(-fast, fast)
    w = rng.choice([0.0, rng.uniform(-15.0, 15.0)])
    meet_s, reach = rng.uniform(-20.0, 200.0), 1.5 * volume.distance_m
    return EnuState.of(
        (
            rng.uniform(-reach, reach) - u * meet_s,
            rng.uniform(-reach, reach) - v * meet_s,
            rng.uniform(-1.5, 1.5) * volume.height_m - w * meet_s,
        ),
        (u, v, w),
    )


def tied(rng: random.Random, volume: Thresholds) -> EnuState:
    """On a threshold, or a float beside it: at rest, along the edge, at its height, leaving."""
    beside: Callable[[float], float] = rng.choice(
        [float, lambda value: math.nextafter(value, 0.0), lambda value: math.nextafter(value, 1e9)]
    )
    out, up = beside(volume.distance_m), beside(volume.height_m)
    speed, climb = rng.choice([1.0, 5.0, 100.0]), rng.choice([0.0, 1.0, 5.0])
    place, velocity = rng.choice(
        [
            ((out, 0.0, 0.0), (0.0, 0.0, 0.0)),
            ((0.0, 0.0, up), (0.0, 0.0, 0.0)),
            ((out, 0.0, 0.0), (0.0, speed, 0.0)),
            ((out, 0.0, 0.0), (speed, 0.0, 0.0)),
            ((out, 0.0, 0.0), (-speed, 0.0, climb)),
            ((0.0, 0.0, -up), (0.0, 0.0, climb)),
            ((100.0, 0.0, up), (-speed, 0.0, climb)),
        ]
    )
    return EnuState.of(place, velocity)


@pytest.mark.parametrize("count", [1_500, pytest.param(60_000, marks=pytest.mark.long)])
def test_times_without_rounding(count: int) -> None:
    """WCL-012: to a nanosecond, but for a course that grazes the edge to a millionth of DTHR."""
    rng = random.Random("well clear, rational")
    seen = 0
    for _ in range(count):
        volume = rng.choice(VOLUMES)
        state = anywhere(rng, volume)
        wanted, found = exact(state, volume), violation(state, volume, end_s=float(END_S))
        if grazes(state, volume):
            continue
        assert (wanted is None) == (found is None), (state, volume)
        if wanted is not None and found is not None:
            seen += 1
            assert float(wanted[0]) == pytest.approx(found.start_s, rel=0.0, abs=NEAR_S)
            assert float(wanted[1]) == pytest.approx(found.end_s, rel=0.0, abs=NEAR_S)
    assert seen > count // 5


def grazes(state: EnuState, volume: Thresholds) -> bool:
    cross = state.east_m * state.north_mps - state.north_m * state.east_mps
    speed = math.hypot(state.east_mps, state.north_mps)
    return abs(abs(cross) / speed / volume.distance_m - 1.0) < 1e-6


def test_ties_without_rounding() -> None:
    """WCL-013: on a threshold and a float beside it, whether and how long: to ten microseconds."""
    rng = random.Random("well clear, ties")
    touches = 0
    for _ in range(3_000):
        volume = rng.choice(VOLUMES)
        state = tied(rng, volume)
        wanted, found = exact(state, volume), violation(state, volume, end_s=float(END_S))
        assert violates(state, volume) == (wanted is not None and wanted[0] == 0), (state, volume)
        assert (wanted is None) == (found is None), (state, volume)
        if wanted is not None and found is not None:
            touches += wanted[0] == wanted[1]
            assert float(wanted[0]) == pytest.approx(found.start_s, rel=0.0, abs=1e-5)
            assert float(wanted[1]) == pytest.approx(found.end_s, rel=0.0, abs=1e-5)
    assert touches > 100
