"""The smallest shifts of a plan that clear every obstacle, each verified before it is offered.

Units: seconds, metres, degrees true. In time and in height the barred shifts are spans with known
ends, so the smallest is found, not searched; it is rounded away from zero (to a second, a metre)
where that is free too. In place it is the shortest found on a stated set of bearings and
distances: a shorter one between them is not excluded, and is not claimed.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from crosstell.core.altitude import GRAIN_M, Altitude, AltitudeLimit, Datum, DatumDataMissing
from crosstell.core.altitude import Shift as DatumShift
from crosstell.core.detection.conversion import disc_of
from crosstell.core.detection.pair.band import TIE_M as TIE_HEIGHT_M
from crosstell.core.detection.pair.plan import shared_window
from crosstell.core.detection.remedy.looking import LOOKS_MAX, Looking, Pair, Spent
from crosstell.core.detection.remedy.obstacle import NO_CONVERSIONS, Obstacle, clears
from crosstell.core.detection.remedy.shift import HeightShift, PlaceShift, Shift, TimeShift
from crosstell.core.detection.remedy.spans import Barred, nearest_free
from crosstell.core.geometry.geoid import Conversions
from crosstell.core.geometry.volume import Volume
from crosstell.core.instant import Window
from crosstell.core.protocol.rules.duration import stretches

_US = timedelta(microseconds=1)
SECOND_US = 1_000_000.0
METRE_M = 1.0
MILLIMETRE_M = 0.001
HEIGHT_M_MAX = 50_000.0
HEIGHT_M_MIN = -1_000.0
BEARINGS = 24
TRAVEL_GRAIN_M = 50.0
TRAVEL_GROWTH = 1.25  # each distance tried is this much further than the one before
AWAY_TIMES = 4.0  # the other way is offered up to so many times the shortest


class Way(StrEnum):
    """In what a plan is moved."""

    TIME = "time"
    HEIGHT = "height"
    PLACE = "place"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How far a plan may be moved: starts not before `earliest`, and no further than the rest.

    `conversions` say where the ground is; without it nothing is lowered. `looks_max` bounds the
    work of each way.
    """

    earliest: datetime
    conversions: Conversions = NO_CONVERSIONS
    shift_s_max: float = 86_400.0
    height_m_max: float = 10_000.0
    travel_m_max: float = 100_000.0
    looks_max: int = LOOKS_MAX


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedies:
    """Shifts that clear, each verified. In the ways of `unfinished` the search ended at its bound.

    Of an unfinished way nothing, or not the smallest, may be offered though there is one.
    """

    shifts: tuple[Shift, ...] = ()
    unfinished: tuple[Way, ...] = ()


def remedies(
    parts: tuple[Volume, ...],
    obstacles: tuple[Obstacle, ...],
    bounds: Bounds,
) -> Remedies:
    """The smallest shifts that clear: later, earlier, higher, lower, and to the side.

    Empty where the plan clears already, or no shift within the bounds clears it. Every shift was
    tested against every obstacle as it is offered. Implements RMD-002 to RMD-009.
    """
    if clears(parts, obstacles):
        return Remedies()
    offered: list[Shift] = []
    unfinished: list[Way] = []
    for way, search in _SEARCHES:
        looking = Looking(parts=parts, obstacles=obstacles, left=bounds.looks_max)
        try:
            offered.extend(search(looking, bounds))
        except Spent:
            unfinished.append(way)
    verified = tuple(shift for shift in offered if clears(shift.applied(parts), obstacles))
    return Remedies(shifts=verified, unfinished=tuple(unfinished))


def _in_time(looking: Looking, bounds: Bounds) -> Iterator[TimeShift]:
    """The spans follow from the windows; whether a pair meets is asked where its span matters."""
    start = min(part.window.start for part in looking.parts)
    least_us = (bounds.earliest - start) / _US
    barred = [*_barred_times(looking), *_barred_stays(looking)]
    for sign in (1, -1):
        by_us = nearest_free(
            barred,
            sign=sign,
            coarse=SECOND_US,
            fine=1.0,
            least=max(0.0, sign * least_us) if sign > 0 else 0.0,
            holds=lambda span: _meets(looking, span.pair),
        )
        if by_us is None or abs(by_us) > bounds.shift_s_max * SECOND_US or by_us < least_us:
            continue
        yield TimeShift(by=timedelta(microseconds=by_us))


def _barred_times(looking: Looking) -> Iterator[Barred]:
    """When the windows of each pair share an instant, where no stay is allowed."""
    for pair, part, other in looking.pairs():
        if other.dwell_s == 0.0:
            window, theirs = part.window, other.volume.window
            low_us, high_us = (theirs.start - window.end) / _US, (theirs.end - window.start) / _US
            yield Barred(low_us, high_us, pair)


def _barred_stays(looking: Looking) -> Iterator[Barred]:
    """When a stay is longer than its rule allows: parts that follow one another are one stay."""
    allowing = [pair for pair, _, other in looking.pairs() if other.dwell_s > 0.0]
    met = [pair for pair in allowing if _meets(looking, pair)]
    for pairs in looking.by_group(met).values():
        dwell_s = looking.obstacles[pairs[0][1]].dwell_s
        own = stretches(looking.parts[number].window for number in {pair[0] for pair in pairs})
        theirs = stretches(
            looking.obstacles[index].volume.window for index in {pair[1] for pair in pairs}
        )
        for one in own:
            for other in theirs:
                yield from _barred_stay(one, other, dwell_s, pairs[0])


def _barred_stay(part: Window, other: Window, dwell_s: float, pair: Pair) -> Iterator[Barred]:
    dwell = timedelta(seconds=dwell_s)
    if min(part.end - part.start, other.end - other.start) > dwell:
        low, high = other.start - part.end + dwell, other.end - part.start - dwell
        yield Barred(low / _US, high / _US, pair)


def _meets(looking: Looking, pair: Pair) -> bool:
    return looking.meets_in_place(pair) and looking.meets_in_height(pair)


def _in_height(looking: Looking, bounds: Bounds) -> Iterator[HeightShift]:
    limits = [limit for part in looking.parts for limit in (part.lower, part.upper)]
    heights_m = [limit.value_m for limit in limits if isinstance(limit, Altitude)]
    if len(heights_m) < len(limits):
        return
    barred = [
        _barred_heights(looking, pair)
        for pair, part, other in looking.pairs()
        if shared_window(part.window, other.volume.window) is not None
        and looking.meets_in_place(pair)
    ]
    barred = [barred[place] for place in _counting(looking, [span.pair for span in barred])]
    for sign in (1, -1):
        by_m = nearest_free(barred, sign=sign, coarse=METRE_M, fine=MILLIMETRE_M)
        if by_m is None or abs(by_m) > bounds.height_m_max:
            continue
        if max(heights_m) + by_m > HEIGHT_M_MAX or min(heights_m) + by_m < HEIGHT_M_MIN:
            continue
        shift = HeightShift(by_m=round(by_m, 3))
        if sign > 0 or all(_over_ground(one, bounds) for one in shift.applied(looking.parts)):
            yield shift


def _counting(looking: Looking, pairs: list[Pair]) -> list[int]:
    """The places of the pairs that count: all, but for those whose stay together is allowed."""
    kept: set[Pair] = set()
    for members in looking.by_group(pairs).values():
        shared = {pair: _shared(looking, pair) for pair in members}
        long = [
            stay
            for stay in stretches(shared.values())
            if (stay.end - stay.start).total_seconds() > looking.obstacles[members[0][1]].dwell_s
        ]
        kept.update(
            pair
            for pair, window in shared.items()
            if any(stay.start <= window.start < stay.end for stay in long)
        )
    return [place for place, pair in enumerate(pairs) if pair in kept]


def _shared(looking: Looking, pair: Pair) -> Window:
    window = shared_window(looking.parts[pair[0]].window, looking.obstacles[pair[1]].volume.window)
    assert window is not None, "pairs that share no instant are left out"
    return window


def _barred_heights(looking: Looking, pair: Pair) -> Barred:
    """The shifts at which the two bands cannot be told apart, conversions at their worst."""
    part, other = looking.parts[pair[0]], looking.obstacles[pair[1]]
    limit_m = other.criterion.vertical_m + TIE_HEIGHT_M
    shift = _conversion(other, part)
    up_m = _over_m(part.lower, other.volume.upper, shift)
    down_m = _over_m(other.volume.lower, part.upper, shift)
    return Barred(down_m - limit_m, limit_m - up_m, pair)


def _conversion(other: Obstacle, part: Volume) -> Callable[[Datum, Datum], DatumShift]:
    data = other.data(other.measured(part))
    return lambda start, to: data.shift(start, to=to)


def _over_m(
    lower: AltitudeLimit, upper: AltitudeLimit, shift: Callable[[Datum, Datum], DatumShift]
) -> float:
    """By how much `lower` lies over `upper` at worst; minus infinity if it cannot be told."""
    if not (isinstance(lower, Altitude) and isinstance(upper, Altitude)):
        return -math.inf
    try:
        between = shift(lower.datum, upper.datum)
    except DatumDataMissing:
        return -math.inf
    wide_m = 0.0 if lower.datum is upper.datum else between.uncertainty_m + GRAIN_M
    return lower.value_m + between.add_m - wide_m - upper.value_m


def _over_ground(part: Volume, bounds: Bounds) -> bool:
    """Whether the lower limit is above the highest ground known here; unknown ground: no."""
    lower = part.lower
    assert isinstance(lower, Altitude), "a part that is moved in height has its limits"
    centre, radius_m = disc_of(part.footprint)
    data = bounds.conversions.at(centre, reach_m=radius_m)
    try:
        between = data.shift(lower.datum, to=Datum.ABOVE_GROUND)
    except DatumDataMissing:
        return False
    wide_m = 0.0 if lower.datum is Datum.ABOVE_GROUND else between.uncertainty_m + GRAIN_M
    return lower.value_m + between.add_m - wide_m >= 0.0


def _in_place(looking: Looking, bounds: Bounds) -> Iterator[PlaceShift]:
    """The shortest found of all bearings, and the shortest of those on the other side of it."""
    near = looking.may_meet_elsewhere()
    found: list[PlaceShift] = []
    spent = False
    best_m = math.inf
    for step in range(BEARINGS):
        shift = PlaceShift(track_deg=360.0 * step / BEARINGS, travel_m=0.0)
        try:
            travel_m = _least_travel_m(
                looking, near, shift, min(bounds.travel_m_max, AWAY_TIMES * best_m)
            )
        except Spent:
            spent = True
            break
        if travel_m is not None:
            found.append(replace(shift, travel_m=travel_m))
            best_m = min(best_m, travel_m)
    yield from _two_ways(sorted(found, key=lambda one: (one.travel_m, one.track_deg)))
    if spent:
        raise Spent


def _two_ways(found: list[PlaceShift]) -> Iterator[PlaceShift]:
    """The first, and the next that leads at least a right angle away and not much further."""
    for first in found[:1]:
        yield first
        for other in found[1:]:
            away_deg = abs((other.track_deg - first.track_deg + 180.0) % 360.0 - 180.0)
            if away_deg >= 90.0 and other.travel_m <= AWAY_TIMES * first.travel_m:
                yield other
                return


def _least_travel_m(
    looking: Looking, near: tuple[Pair, ...], shift: PlaceShift, travel_m_max: float
) -> float | None:
    """The shortest travel found that clears on this bearing, to TRAVEL_GRAIN_M; None: none."""

    def free(steps: int) -> bool:
        return looking.is_free(replace(shift, travel_m=steps * TRAVEL_GRAIN_M), near)

    most = int(travel_m_max // TRAVEL_GRAIN_M)
    low, high = 0, 1
    while not free(min(high, most)):
        if high >= most:
            return None
        low, high = high, max(high + 1, math.ceil(high * TRAVEL_GROWTH))
    high = min(high, most)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if free(middle) else (middle, high)
    return high * TRAVEL_GRAIN_M


_SEARCHES: tuple[tuple[Way, Callable[[Looking, Bounds], Iterator[Shift]]], ...] = (
    (Way.TIME, _in_time),
    (Way.HEIGHT, _in_height),
    (Way.PLACE, _in_place),
)
