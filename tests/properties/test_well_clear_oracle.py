"""Intervals of violation against the instantaneous definition, sampled (WCL-010 to WCL-013).

The oracle is written from the definition as the literature words it, with tau, co-altitude and
closest approach as times by division; it shares no code with what it tests. Thresholds are widened
or narrowed by a hair, so that rounding at a boundary cannot decide.
"""

import math
import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crosstell.core.detection.pair.band import Span
from crosstell.core.detection.well_clear.alerting import assess
from crosstell.core.detection.well_clear.arrays import Floats, RelativeStates, assess_all
from crosstell.core.detection.well_clear.exact import EnuState, violates, violation
from crosstell.core.detection.well_clear.thresholds import (
    ALERT_SETS,
    NON_COOPERATIVE,
    PHASE_I,
    Thresholds,
    WellClearLevel,
)
from crosstell.core.detection.well_clear.worst import level_worst, reach_m, upright_worst

HAIR = 1e-7  # by which thresholds and times are widened or narrowed
END_S = 180.0
FEWER = 100  # examples, where each takes many probes

STILL = EnuState(east_m=0.0, north_m=0.0, up_m=0.0, east_mps=0.0, north_mps=0.0, up_mps=0.0)


def well_clear_is_lost(state: EnuState, volume: Thresholds, hair: float) -> bool:
    """The definition at one instant, each threshold moved outwards by `hair` of itself."""
    dthr, zthr = volume.distance_m * (1.0 + hair), volume.height_m * (1.0 + hair)
    tthr, tcoa = volume.tau_s * (1.0 + hair) + hair, volume.coaltitude_s * (1.0 + hair) + hair
    upright = abs(state.up_m) <= zthr
    if not upright and state.up_mps != 0.0:
        upright = 0.0 <= -state.up_m / state.up_mps <= tcoa
    return upright and _level_is_lost(state, dthr, tthr)


def _level_is_lost(state: EnuState, dthr: float, tthr: float) -> bool:
    range_m = math.hypot(state.east_m, state.north_m)
    if range_m <= dthr:
        return True
    closing = state.east_m * state.east_mps + state.north_m * state.north_mps
    speed_2 = state.east_mps**2 + state.north_mps**2
    if closing >= 0.0 or speed_2 == 0.0:
        return False
    tcpa_s = -closing / speed_2
    hmd_m = math.hypot(
        state.east_m + tcpa_s * state.east_mps, state.north_m + tcpa_s * state.north_mps
    )
    tau_s = (dthr * dthr - range_m * range_m) / closing
    return hmd_m <= dthr and tau_s <= tthr


@st.composite
def volumes(draw: st.DrawFn) -> Thresholds:
    chosen = draw(st.sampled_from([PHASE_I.alerts[0].volume, NON_COOPERATIVE.alerts[0].volume]))
    if draw(st.booleans()):
        return chosen
    return Thresholds(
        distance_m=draw(st.sampled_from([1.0, 150.0, 500.0, 1_852.0])),
        height_m=draw(st.sampled_from([30.0, 100.0])),
        tau_s=draw(st.sampled_from([0.0, 10.0, 60.0])),
        coaltitude_s=draw(st.sampled_from([0.0, 20.0])),
    )


def numbers(most: float, grain: float) -> st.SearchStrategy[float]:
    """Any number, and whole multiples of a grain, where ties and stillness are."""
    steps = round(most / grain)
    whole = st.integers(-steps, steps).map(lambda k: k * grain)
    return st.one_of(st.floats(-most, most, allow_subnormal=False), whole)


@st.composite
def states(draw: st.DrawFn) -> EnuState:
    """Anywhere near; every other one on a course that passes close by."""
    east_mps, north_mps = draw(numbers(250.0, 50.0)), draw(numbers(250.0, 50.0))
    up_m, up_mps = draw(numbers(600.0, 50.0)), draw(numbers(20.0, 5.0))
    if draw(st.booleans()):
        away = draw(numbers(15_000.0, 500.0)), draw(numbers(15_000.0, 500.0))
    else:
        nearest_s = draw(numbers(150.0, 30.0))
        aside = draw(numbers(1_500.0, 500.0)), draw(numbers(1_500.0, 500.0))
        away = aside[0] - nearest_s * east_mps, aside[1] - nearest_s * north_mps
        up_m -= nearest_s * up_mps
    return EnuState(
        east_m=away[0],
        north_m=away[1],
        up_m=up_m,
        east_mps=east_mps,
        north_mps=north_mps,
        up_mps=up_mps,
    )


def probes(span: Span | None) -> list[float]:
    """Instants all over the look-ahead, and close to both ends of the span."""
    at = [END_S * k / 90 for k in range(91)]
    for mark in () if span is None else (span.start_s, span.end_s):
        at += [mark + step for step in (-1.0, -0.01, -1e-5, 0.0, 1e-5, 0.01, 1.0)]
    return [t for t in at if 0.0 <= t <= END_S]


@given(states(), volumes())
@example(replace(STILL, east_m=1_222.32), PHASE_I.alerts[1].volume)
@example(replace(STILL, east_mps=1e-13), PHASE_I.alerts[1].volume)
@example(
    replace(STILL, east_m=9_000.0, north_m=1_222.32, east_mps=-200.0), PHASE_I.alerts[1].volume
)
def test_the_interval_holds_all_violations_and_nothing_else(
    state: EnuState, volume: Thresholds
) -> None:
    span = violation(state, volume, end_s=END_S)
    for at_s in probes(span):
        then = state.after(at_s)
        if span is not None and span.start_s <= at_s <= span.end_s:
            assert well_clear_is_lost(then, volume, HAIR), f"{at_s} of {span}"
        elif span is None or not span.start_s - HAIR <= at_s <= span.end_s + HAIR:
            assert not well_clear_is_lost(then, volume, -HAIR), f"{at_s} outside {span}"
    assert violates(state, volume) == (span is not None and span.start_s == 0.0)


@settings(max_examples=FEWER)
@given(states(), volumes())
def test_either_aircraft_may_be_the_first(state: EnuState, volume: Thresholds) -> None:
    """WCL-015: to the bit."""
    turned = STILL.less(state)
    assert violation(turned, volume, end_s=END_S) == violation(state, volume, end_s=END_S)
    for alerts in ALERT_SETS.values():
        assert assess(turned, alerts) == assess(state, alerts)


def close(one: Span | None, other: Span | None, *, shift_s: float = 0.0) -> bool:
    """Whether two spans are the same but for rounding; a bare touch may come and go."""
    if one is None or other is None:
        found = one or other
        return found is None or found.end_s - found.start_s < 1e-3
    return abs(one.start_s - other.start_s - shift_s) < 1e-6 + 1e-3 * (
        one.end_s - one.start_s < 1e-2
    ) and abs(one.end_s - other.end_s - shift_s) < 1e-6 + 1e-3 * (one.end_s - one.start_s < 1e-2)


def well_conditioned(state: EnuState, volume: Thresholds) -> bool:
    """Whether a hair of the state does not move the interval by much: not slow, not grazing."""
    speed = math.hypot(state.east_mps, state.north_mps)
    if speed < 1.0 or (0.0 < abs(state.up_mps) < 0.1):
        return False
    offset = abs(state.east_m * state.north_mps - state.north_m * state.east_mps) / speed
    beside = abs(offset - volume.distance_m) > 1e-3 * volume.distance_m
    level = state.up_mps != 0.0 or abs(abs(state.up_m) - volume.height_m) > 1e-6
    return beside and level


@settings(max_examples=FEWER)
@given(states(), volumes(), st.floats(0.0, 2.0 * math.pi))
def test_a_turned_frame_gives_the_same(state: EnuState, volume: Thresholds, turn: float) -> None:
    """WCL-015: east and north are a convention."""
    if not well_conditioned(state, volume):
        return
    cos, sin = math.cos(turn), math.sin(turn)
    turned = replace(
        state,
        east_m=cos * state.east_m - sin * state.north_m,
        north_m=sin * state.east_m + cos * state.north_m,
        east_mps=cos * state.east_mps - sin * state.north_mps,
        north_mps=sin * state.east_mps + cos * state.north_mps,
    )
    assert close(violation(turned, volume, end_s=END_S), violation(state, volume, end_s=END_S))


@settings(max_examples=FEWER)
@given(states(), states(), volumes())
def test_a_moved_frame_gives_the_same(state: EnuState, base: EnuState, volume: Thresholds) -> None:
    """WCL-015: a common place and a common motion do not count."""
    if not well_conditioned(state, volume):
        return
    whole = replace(base, **{name: float(round(getattr(base, name))) for name in base.__slots__})
    first = STILL.less(STILL.less(whole).less(state))
    assert close(
        violation(first.less(whole), volume, end_s=END_S), violation(state, volume, end_s=END_S)
    )


@settings(max_examples=FEWER)
@given(states(), volumes(), st.floats(0.0, 60.0))
def test_later_is_sooner(state: EnuState, volume: Thresholds, wait_s: float) -> None:
    """WCL-015: after some seconds every time is that much less, down to now."""
    if not well_conditioned(state, volume):
        return
    span = violation(state, volume, start_s=wait_s, end_s=END_S)
    later = violation(state.after(wait_s), volume, end_s=END_S - wait_s)
    assert close(span, later, shift_s=wait_s)
    whole = violation(state, volume, end_s=END_S)
    cut = None if whole is None else whole.within(Span(wait_s, END_S))
    assert close(span, None if cut is None or cut.is_empty else cut)


@settings(max_examples=FEWER)
@given(states(), volumes(), st.sampled_from(Thresholds.__slots__), st.floats(0.0, 50.0))
def test_a_larger_threshold_never_loses_a_violation(
    state: EnuState, volume: Thresholds, name: str, more: float
) -> None:
    """WCL-016: each threshold, and the horizon."""
    span = violation(state, volume, end_s=END_S)
    larger = violation(state, replace(volume, **{name: getattr(volume, name) + more}), end_s=END_S)
    if span is not None:
        assert larger is not None
        assert larger.start_s <= span.start_s + 1e-9
        assert larger.end_s >= span.end_s - 1e-9
        longer = violation(state, volume, end_s=END_S + more)
        assert longer is not None
        assert longer.start_s == span.start_s


@settings(max_examples=FEWER)
@given(
    states(),
    volumes(),
    st.sampled_from([0.0, 100.0, 2_000.0]),
    st.one_of(st.just(1.0), st.floats(0.0, 1.0)),
    st.one_of(st.just(0.0), st.floats(0.0, 2.0 * math.pi)),
)
@example(
    replace(STILL, east_m=-20_000.0, east_mps=200.0), PHASE_I.alerts[1].volume, 2_000.0, 1.0, 0.0
)
def test_the_worst_case_holds_every_displaced_violation(
    state: EnuState, volume: Thresholds, wide_m: float, share: float, turn: float
) -> None:
    """WCL-050: also ahead, where adding the uncertainty to D alone would lose some."""
    worst = level_worst(state, volume, wide_m=wide_m)
    bearing = math.atan2(state.north_mps, state.east_mps) + turn
    off = replace(
        state,
        east_m=state.east_m + share * wide_m * math.cos(bearing),
        north_m=state.north_m + share * wide_m * math.sin(bearing),
        up_m=0.0,
        up_mps=0.0,
    )
    for at_s in probes(violation(off, volume, end_s=END_S)):
        if well_clear_is_lost(off.after(at_s), volume, -HAIR):
            assert worst is not None
            assert worst.start_s - HAIR <= at_s <= worst.end_s + HAIR


@settings(max_examples=FEWER)
@given(
    states(),
    volumes(),
    st.floats(0.0, 200.0),
    st.one_of(st.just(0.0), st.floats(0.0, 20.0)),
    st.floats(-1.0, 1.0),
)
def test_the_worst_case_holds_every_drifting_height(
    state: EnuState, volume: Thresholds, wide_m: float, drift_mps: float, share: float
) -> None:
    """WCL-052: an offset within the uncertainty, and a climb within the drift."""
    worst = upright_worst(state, volume, wide_m=wide_m, drift_mps=drift_mps)
    true = replace(
        state,
        east_m=0.0,
        north_m=0.0,
        up_m=state.up_m + share * wide_m,
        up_mps=state.up_mps + share * drift_mps,
    )
    for at_s in [END_S * k / 90 for k in range(91)]:
        if well_clear_is_lost(true.after(at_s), volume, -HAIR):
            assert worst is not None
            assert worst.start_s - HAIR <= at_s <= worst.end_s + HAIR


@given(states(), volumes())
def test_beyond_its_reach_a_volume_is_not_violated(state: EnuState, volume: Thresholds) -> None:
    """WCL-059: at the front, straight ahead, the two meet."""
    speed_mps = math.hypot(state.east_mps, state.north_mps)
    front_m = reach_m(volume, closing_mps=speed_mps)
    beyond = replace(state, up_m=0.0, up_mps=0.0)
    if math.hypot(state.east_m, state.north_m) > front_m * (1.0 + HAIR):
        assert not well_clear_is_lost(beyond, volume, -HAIR)
    ahead = replace(STILL, east_m=front_m, east_mps=-speed_mps)
    assert well_clear_is_lost(ahead, volume, HAIR)


def sampled_first(rows: Floats, volume: Thresholds, times: Floats) -> Floats:
    """When each pair is first sampled in violation; +inf if never. For many pairs at once."""
    first = np.full(rows.shape[1], np.inf)
    for at_s in times[::-1]:
        x, y, z = rows[:3] + rows[3:] * at_s
        vx, vy, _ = rows[3:]
        range_2 = x * x + y * y
        closing = x * vx + y * vy
        with np.errstate(divide="ignore", invalid="ignore"):
            tcpa = -closing / (vx * vx + vy * vy)
            hmd_2 = (x + tcpa * vx) ** 2 + (y + tcpa * vy) ** 2
            tau = (volume.distance_m**2 - range_2) / closing
        ahead = (closing < 0.0) & (hmd_2 <= volume.distance_m**2) & (tau <= volume.tau_s)
        lost = (np.abs(z) <= volume.height_m) & ((range_2 <= volume.distance_m**2) | ahead)
        first[lost] = at_s
    return first


@pytest.mark.parametrize("pairs", [2_000, pytest.param(200_000, marks=pytest.mark.long)])
def test_random_pairs_against_dense_sampling(pairs: int) -> None:
    """WCL-012, WCL-020, WCL-031: entry to within one step of the sampling, levels equal."""
    draw = np.random.default_rng(random.Random("well clear").randrange(2**32))
    rows = np.empty((6, pairs))
    rows[:2] = draw.uniform(-15_000.0, 15_000.0, (2, pairs))
    rows[2] = draw.uniform(-500.0, 500.0, pairs)
    rows[3:5] = draw.uniform(-200.0, 200.0, (2, pairs))
    rows[5] = draw.uniform(-10.0, 10.0, pairs)
    times = np.arange(0.0, END_S + 0.25, 0.5)
    for alerts in ALERT_SETS.values():
        found = assess_all(RelativeStates(rows), alerts)
        level = np.zeros(pairs, dtype=int)
        undecided = np.zeros(pairs, dtype=bool)
        for alert in alerts.alerts:
            sampled = sampled_first(rows, alert.volume, times)
            starts, ends = found.starts_s(alert.level), found.ends_s(alert.level)
            seen = np.isfinite(sampled)
            assert (starts[seen] <= sampled[seen] + 1e-9).all()
            assert (sampled[seen] - starts[seen] <= 0.5 + 1e-9).all()
            assert (
                ends[~seen & np.isfinite(starts)] - starts[~seen & np.isfinite(starts)] < 0.5
            ).all()
            level[seen & (sampled <= alert.alert_s)] = alert.level
            undecided |= np.isfinite(starts) & (np.abs(starts - alert.alert_s) <= 0.5)
            undecided |= np.isfinite(starts) & ~seen
        assert (found.levels[~undecided] == level[~undecided]).all()
        assert (found.levels > 0).sum() > pairs // 500
        assert found.levels.max() == WellClearLevel.WARNING
        assert undecided.sum() < pairs // 20
