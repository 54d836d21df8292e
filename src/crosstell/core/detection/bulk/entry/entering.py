"""The verdict on pairs of a track and a zone, with its times: the plain twin of native/entry.c.

Units: metres; seconds after now. Every search is made twice, with the limit widened by what the
arithmetic may be wrong by, and narrowed by it. Where both find the same, to SAME_S, that is the
answer; the rest is OPEN, and the exact pairing decides: so are tracks without a course that holds.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from crosstell.core.detection.bulk import sweep
from crosstell.core.detection.bulk.columns import Floats
from crosstell.core.detection.bulk.entry.within import (
    Pairs,
    Rows,
    Times,
    Truths,
    time_of,
    u_of,
    within,
)
from crosstell.core.detection.finding import Criterion
from crosstell.core.geometry.approach import TIE_M

SAME_S = 0.1
EPSILON_S = 1e-6
LAST_S = 1e-6  # a half-open window ends one microsecond before its end


class Told(IntEnum):
    """The codes of native/zones.h."""

    CLEAR = 0
    SURE = 1
    UNSURE = 2
    OPEN = 3


@dataclass(frozen=True, slots=True, eq=False)
class Verdicts:
    """The verdict on each pair and its times; NaN where there is none."""

    told: Rows
    infringement_in_s: Floats
    nominal_in_s: Floats
    exit_in_s: Floats


@dataclass(frozen=True, slots=True, eq=False)
class First:
    """A first time and the end of its stretch, at best and at worst; NaN where not `found`."""

    early_s: Floats
    late_s: Floats
    out_early_s: Floats
    out_late_s: Floats
    found: Truths
    is_open: Truths


def judged(pairs: Pairs, turn_m: Floats, criterion: Criterion, now_us: int) -> Verdicts:
    """The verdict on each pair; `turn_m` is how far a turn may lead each track."""
    count, volumes = len(pairs.zone), pairs.volumes
    none = np.full(count, np.nan)
    answer = Verdicts(np.full(count, int(Told.CLEAR)), none, none.copy(), none.copy())
    flags = pairs.states[:, sweep.FLAGS].astype(np.int64)
    loose = (flags & (sweep.UNKNOWN_VELOCITY | sweep.STALE)) != 0
    left_open = loose | ((flags & sweep.FAR) != 0)
    answer.told[left_open] = Told.OPEN
    followed = np.flatnonzero(~left_open)
    _judge_courses(pairs.take(followed), criterion, now_us, followed, answer)
    converted = volumes.height_wide_m[pairs.zone] > 0.0
    answer.told[(answer.told != Told.CLEAR) & converted] = Told.OPEN
    if criterion.manoeuvre is not None:
        away_m = pairs.states[:, sweep.PLACE] - volumes.middle_m[pairs.zone]
        away_m = np.linalg.norm(away_m, axis=1) - volumes.bound_m[pairs.zone]
        turns = away_m - criterion.lateral_m - 2.0 * TIE_M <= turn_m
        later = ~(answer.infringement_in_s <= criterion.manoeuvre.horizon_s - SAME_S)
        answer.told[(turn_m > 0.0) & turns & later] = Told.OPEN
    return answer


def _judge_courses(
    pairs: Pairs, criterion: Criterion, now_us: int, rows: Rows, answer: Verdicts
) -> None:
    """Write the verdicts on pairs whose course holds, `rows` of the answer."""
    nominal, widest, known = _bands(pairs, criterion)
    window = _windows(pairs, criterion, now_us)
    begin, end = np.maximum(window[0], widest[0]), np.minimum(window[1], widest[1])
    some = np.flatnonzero((window[1] >= window[0]) & (end >= begin - EPSILON_S))
    met, begin, end = pairs.take(some), begin[some], end[some]
    limit_m = criterion.lateral_m + met.states[:, sweep.WIDE]
    worst = _first_within(met, limit_m, (begin, begin), np.maximum(begin, end))
    touching = worst.found & (end < begin + EPSILON_S)
    is_open = worst.is_open | touching
    answer.told[rows[some[is_open]]] = Told.OPEN
    sure = worst.found & ~is_open
    early_s, late_s = worst.early_s[sure], worst.late_s[sure]
    some, met = some[sure], met.take(sure)
    out = rows[some]
    answer.infringement_in_s[out] = 0.5 * (early_s + late_s)
    answer.told[out] = Told.UNSURE
    begin = np.maximum(np.maximum(window[0], nominal[0])[some], early_s)
    late = np.maximum(np.maximum(window[0], nominal[0])[some], late_s)
    end = np.minimum(window[1], nominal[1])[some]
    asked = known[some] & (end >= begin - EPSILON_S)
    brief = asked & (end < late + EPSILON_S)
    answer.told[out[brief]] = Told.OPEN
    asked &= ~brief
    _judge_nominal(
        met.take(asked), criterion, (begin[asked], late[asked], end[asked]), out[asked], answer
    )


def _judge_nominal(
    pairs: Pairs,
    criterion: Criterion,
    span: tuple[Floats, Floats, Floats],
    rows: Rows,
    answer: Verdicts,
) -> None:
    """Write what the values as reported say: entry and exit."""
    early, late, end = span
    lateral_m = np.full(len(rows), criterion.lateral_m)
    first = _first_within(pairs, lateral_m, (early, late), end)
    answer.told[rows[first.is_open]] = Told.OPEN
    found = first.found & ~first.is_open
    stays = first.out_early_s >= end - EPSILON_S
    unclear = found & ~stays & (first.out_late_s - first.out_early_s > SAME_S)
    answer.told[rows[unclear]] = Told.OPEN
    sure = found & ~unclear
    out = rows[sure]
    answer.told[out] = Told.SURE
    entry_s = 0.5 * (first.early_s + first.late_s)[sure]
    answer.nominal_in_s[out] = np.maximum(answer.infringement_in_s[out], entry_s)
    leaves_s = np.where(stays, end, 0.5 * (first.out_early_s + first.out_late_s))
    leaves_s[stays & (end >= criterion.horizon_s)] = np.nan
    answer.exit_in_s[out] = leaves_s[sure]


def _first_within(pairs: Pairs, limit_m: Floats, begin: Times, end: Floats) -> First:
    """The first time within the limit from `begin` (at best, at worst) to `end`."""
    states, count = pairs.states, len(pairs.zone)
    last = u_of(states, end)
    may = within(pairs, limit_m, 1.0, (u_of(states, begin[0]), last))
    asked = np.flatnonzero(may.found & ~may.in_doubt)
    some, late = pairs.take(asked), u_of(states, begin[1])
    must = within(some, limit_m[asked], -1.0, (late[asked], last[asked]))
    times = [np.full(count, np.nan) for _ in range(4)]
    times[0][asked], times[3][asked] = may.enters[asked], may.leaves[asked]
    times[1][asked], times[2][asked] = must.enters, must.leaves
    early_s, late_s, out_early_s, out_late_s = (time_of(states, u) for u in times)
    is_open, found = may.in_doubt.copy(), np.zeros(count, np.bool_)
    found[asked] = must.found & ~must.in_doubt
    is_open[asked] = ~found[asked] | (late_s[asked] - early_s[asked] > SAME_S)
    return First(early_s, late_s, out_early_s, out_late_s, found, is_open)


def _windows(pairs: Pairs, criterion: Criterion, now_us: int) -> Times:
    """When the window is open within the horizon, the last instant included."""
    begin_s = (pairs.volumes.start_us[pairs.zone] - now_us) / 1e6
    end_s = (pairs.volumes.end_us[pairs.zone] - now_us) / 1e6 - LAST_S
    return np.maximum(begin_s, 0.0), np.minimum(end_s, criterion.horizon_s)


def _bands(pairs: Pairs, criterion: Criterion) -> tuple[Times, Times, Truths]:
    """When the band is met as reported and at worst, and whether the height is known."""
    states, volumes, zone = pairs.states, pairs.volumes, pairs.zone
    lower_m, upper_m = volumes.lower_m[zone], volumes.upper_m[zone]
    wide_m = states[:, sweep.WIDE_UP] + volumes.height_wide_m[zone]
    height_m, climb = states[:, sweep.HEIGHT], states[:, sweep.CLIMB]
    drift, gap_m = states[:, sweep.DRIFT_UP], criterion.vertical_m + TIE_M
    any_height = np.isinf(volumes.height_wide_m[zone]) | (np.isinf(lower_m) & np.isinf(upper_m))
    unknown = (states[:, sweep.FLAGS].astype(np.int64) & sweep.UNKNOWN_ALTITUDE) != 0
    always = any_height | unknown
    bands = []
    for more_m, gain in ((np.zeros(len(zone)), np.zeros(len(zone))), (wide_m, drift)):
        span = np.full(len(zone), -np.inf), np.full(len(zone), np.inf)
        for room_m, rate in ((height_m - lower_m, climb), (upper_m - height_m, -climb)):
            span = _narrowed(span, room_m + gap_m + more_m, rate + gain)
        bands.append((np.where(always, -np.inf, span[0]), np.where(always, np.inf, span[1])))
    return bands[0], bands[1], any_height | ~unknown


def _narrowed(span: Times, room_m: Floats, rate: Floats) -> Times:
    """The part of the span in which room + rate t is not negative; without end, always."""
    with np.errstate(invalid="ignore", over="ignore"):
        at = -room_m / np.where(rate == 0.0, 1.0, rate)
    bounded = np.isfinite(room_m)
    begin = np.where(bounded & (rate > 0.0), np.maximum(span[0], at), span[0])
    end = np.where(bounded & (rate < 0.0), np.minimum(span[1], at), span[1])
    return begin, np.where(bounded & (rate == 0.0) & ~(room_m >= 0.0), -np.inf, end)
