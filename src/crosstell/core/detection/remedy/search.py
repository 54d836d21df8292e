"""The smallest shifts of a plan that clear every obstacle, each verified before it is offered.

Units: seconds, metres, degrees true. In time and in height the barred shifts are spans with known
ends, so the smallest is found, not searched; it is rounded away from zero (to a second, a metre)
where that is free too. In place it is the smallest found on a stated set of bearings and
distances: a smaller one between them is not excluded, and is not claimed.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from crosstell.core.altitude import (
    NO_ALTITUDE_DATA,
    Altitude,
    AltitudeData,
    AltitudeLimit,
    Datum,
    DatumDataMissing,
    convert,
)
from crosstell.core.detection.finding import Assessed
from crosstell.core.detection.pair.plan import (
    chord_gap_m,
    footprint_gap_m,
    rise_between,
    shared_window,
)
from crosstell.core.detection.remedy.obstacle import Obstacle, clears
from crosstell.core.detection.remedy.shift import HeightShift, PlaceShift, Shift, TimeShift
from crosstell.core.detection.remedy.spans import Barred, nearest_free
from crosstell.core.geometry.approach import TIE_M, Undecided
from crosstell.core.geometry.volume import Volume

_US = timedelta(microseconds=1)
SECOND_US = 1_000_000.0
METRE_M = 1.0
MILLIMETRE_M = 0.001
HEIGHT_M_MAX = 50_000.0
BEARINGS = 24
TRAVEL_GRAIN_M = 50.0
TRAVEL_GROWTH = 1.25  # each distance tried is this much further than the one before


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How far a plan may be moved: starts not before `earliest`, and no further than the rest.

    `ground` says where the ground is; without it nothing is lowered.
    """

    earliest: datetime
    ground: AltitudeData = NO_ALTITUDE_DATA
    shift_s_max: float = 86_400.0
    height_m_max: float = 10_000.0
    travel_m_max: float = 100_000.0


def remedies(
    parts: tuple[Volume, ...],
    obstacles: tuple[Obstacle, ...],
    bounds: Bounds,
) -> tuple[Shift, ...]:
    """The smallest shifts that clear: later, earlier, higher, lower, and to the side.

    Empty where the plan clears already, or no shift within the bounds clears it. Every shift was
    tested against every obstacle as it is offered. Implements RMD-002 to RMD-007.
    """
    if clears(parts, obstacles):
        return ()
    offered: tuple[Shift, ...] = (
        *_in_time(parts, obstacles, bounds),
        *_in_height(parts, obstacles, bounds),
        *_in_place(parts, obstacles, bounds),
    )
    return tuple(shift for shift in offered if clears(shift.applied(parts), obstacles))


def _in_time(
    parts: tuple[Volume, ...],
    obstacles: tuple[Obstacle, ...],
    bounds: Bounds,
) -> Iterator[TimeShift]:
    barred = [
        Barred(
            (other.volume.window.start - part.window.end) / _US + other.dwell_s * SECOND_US,
            (other.volume.window.end - part.window.start) / _US - other.dwell_s * SECOND_US,
        )
        for part in parts
        for other in obstacles
        if _meet_in_height(part, other) and _meet_in_place(part, other)
    ]
    for sign in (1, -1):
        by_us = nearest_free(barred, sign=sign, coarse=SECOND_US, fine=1.0)
        if by_us is None or abs(by_us) > bounds.shift_s_max * SECOND_US:
            continue
        by = timedelta(microseconds=by_us)
        if by > timedelta(0) or min(one.window.start for one in parts) + by >= bounds.earliest:
            yield TimeShift(by=by)


def _in_height(
    parts: tuple[Volume, ...],
    obstacles: tuple[Obstacle, ...],
    bounds: Bounds,
) -> Iterator[HeightShift]:
    limits = [limit for part in parts for limit in (part.lower, part.upper)]
    heights_m = [limit.value_m for limit in limits if isinstance(limit, Altitude)]
    if len(heights_m) < len(limits):
        return
    barred = [
        _barred_heights(part, other)
        for part in parts
        for other in obstacles
        if shared_window(part.window, other.volume.window) is not None
        and _meet_in_place(part, other)
    ]
    for sign in (1, -1):
        by_m = nearest_free(barred, sign=sign, coarse=METRE_M, fine=MILLIMETRE_M)
        if by_m is None or abs(by_m) > bounds.height_m_max:
            continue
        if max(heights_m) + by_m > HEIGHT_M_MAX or min(heights_m) + by_m < 0.0:
            continue
        shift = HeightShift(by_m=by_m)
        if sign > 0 or all(_over_ground(one, bounds.ground) for one in shift.applied(parts)):
            yield shift


def _barred_heights(part: Volume, other: Obstacle) -> Barred:
    """The shifts at which the two bands cannot be told apart, conversions at their worst."""
    limit_m = other.criterion.vertical_m + TIE_M
    up_m = _over_m(part.lower, other.volume.upper, other.data)
    down_m = _over_m(other.volume.lower, part.upper, other.data)
    return Barred(down_m - limit_m, limit_m - up_m)


def _over_m(lower: AltitudeLimit, upper: AltitudeLimit, data: AltitudeData) -> float:
    """By how much `lower` lies over `upper` at worst; minus infinity if it cannot be told."""
    if not (isinstance(lower, Altitude) and isinstance(upper, Altitude)):
        return -math.inf
    try:
        there, wide_m = convert(lower, to=upper.datum, data=data)
    except DatumDataMissing:
        return -math.inf
    return there.value_m - wide_m - upper.value_m


def _over_ground(part: Volume, data: AltitudeData) -> bool:
    """Whether the lower limit is above the highest ground known here; unknown ground: no."""
    lower = part.lower
    assert isinstance(lower, Altitude), "a part that is moved in height has its limits"
    try:
        above, wide_m = convert(lower, to=Datum.ABOVE_GROUND, data=data)
    except DatumDataMissing:
        return False
    return above.value_m - wide_m >= 0.0


def _in_place(
    parts: tuple[Volume, ...],
    obstacles: tuple[Obstacle, ...],
    bounds: Bounds,
) -> Iterator[PlaceShift]:
    """The shortest found of all bearings, and the shortest of those on the other side of it."""
    near = tuple(other for other in obstacles if _may_meet(parts, other, bounds))
    ways = [(360.0 * k / BEARINGS, math.inf) for k in range(BEARINGS)]
    best_m = math.inf
    found: list[tuple[float, float]] = []
    for track_deg, _ in ways:
        travel_m = _least_travel_m(parts, near, track_deg, min(bounds.travel_m_max, best_m))
        if travel_m is not None:
            found.append((travel_m, track_deg))
            best_m = min(best_m, 4.0 * travel_m)
    found.sort()
    for travel_m, track_deg in found[:1]:
        yield PlaceShift(track_deg=track_deg, travel_m=travel_m)
        for further_m, other_deg in found[1:]:
            if abs((other_deg - track_deg + 180.0) % 360.0 - 180.0) >= 90.0:
                yield PlaceShift(track_deg=other_deg, travel_m=further_m)
                return


def _least_travel_m(
    parts: tuple[Volume, ...],
    obstacles: tuple[Obstacle, ...],
    track_deg: float,
    travel_m_max: float,
) -> float | None:
    """The shortest travel found that clears on this bearing, to TRAVEL_GRAIN_M; None: none."""

    def free(steps: int) -> bool:
        shift = PlaceShift(track_deg=track_deg, travel_m=steps * TRAVEL_GRAIN_M)
        return clears(shift.applied(parts), obstacles)

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


def _meet_in_height(part: Volume, other: Obstacle) -> bool:
    rise = rise_between(part, other.volume, other.criterion.vertical_m, other.data)
    return rise.assessed is not Assessed.CLEAR


def _meet_in_place(part: Volume, other: Obstacle) -> bool:
    limit_m = other.criterion.lateral_m + TIE_M
    if chord_gap_m(part.footprint, other.volume.footprint) > limit_m:
        return False
    gap_m = footprint_gap_m(part.footprint, other.volume.footprint)
    return isinstance(gap_m, Undecided) or gap_m <= limit_m


def _may_meet(parts: tuple[Volume, ...], other: Obstacle, bounds: Bounds) -> bool:
    """Whether a plan moved in place could come to this obstacle at all."""
    far_m = bounds.travel_m_max * 1.01 + other.criterion.lateral_m + TIE_M
    return any(
        shared_window(part.window, other.volume.window) is not None
        and _meet_in_height(part, other)
        and chord_gap_m(part.footprint, other.volume.footprint) <= far_m
        for part in parts
    )
