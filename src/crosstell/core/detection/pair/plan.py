"""Whether two volumes come within a rule's limits of each other: the pairing of plan with plan.

Units: metres and UTC instants. It serves activity with activity, and activity with zone, location
or site. Footprints and bands are closed, windows half-open. Neither volume comes first: the answer
is the same, to the last bit, when they change places.

Symbols: g the gap between two footprints. Between rings that do not cross, g is measured at a
vertex of one of them: at a common perpendicular of two geodesics the distance is no minimum, since
the ellipsoid curves positively everywhere (second variation of length: M. P. do Carmo, Riemannian
geometry, 1992, chapter 9). Whether they cross is decided by running each edge of one as a course
of 1 m/s against the other.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from crosstell.core.altitude import (
    GRAIN_M,
    NO_ALTITUDE_DATA,
    Altitude,
    AltitudeData,
    AltitudeLimit,
    DatumDataMissing,
    Shift,
    Unbounded,
)
from crosstell.core.detection.finding import Assessed, Criterion, Encounter, Reason
from crosstell.core.detection.pair.band import TIE_M as TIE_HEIGHT_M
from crosstell.core.geometry.approach import (
    TIE_M,
    Course,
    Undecided,
    chord_bound_m,
    first_within,
    signed_distance_m,
)
from crosstell.core.geometry.footprint import Circle, Footprint, Polygon
from crosstell.core.geometry.geodesic import edge_between
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.volume import Volume
from crosstell.core.instant import Window, seconds_between


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """How two volumes stand to each other.

    `window` holds the instants that are in both windows (None: there are none). `lateral_m` is
    the least gap between the footprints, 0 where they meet, and a lower bound of it for a pair
    that is clear by its windows, bands or straight chord alone. `vertical_m` is the gap between
    the bands as stated (None: it cannot be told), `margin_m` by how much conversion between
    datums widened it.
    """

    assessed: Assessed
    reasons: tuple[Reason, ...]
    window: Window | None
    lateral_m: float
    vertical_m: float | None
    margin_m: float

    def seen_from(self, now: datetime, criterion: Criterion) -> Encounter:
        """The same as seconds after `now`; an overlap that is over by `now` is clear.

        Plans are judged as far ahead as they go, not only to the horizon.
        Implements PLN-013.
        """
        window = self.window
        if self.assessed is Assessed.CLEAR or window is None or window.end <= now:
            return Encounter(
                assessed=Assessed.CLEAR,
                reasons=(),
                infringement_in_s=criterion.horizon_s,
                nominal_in_s=None,
                distance_m=self.lateral_m,
                margin_m=0.0,
            )
        begin_s = max(0.0, seconds_between(now, window.start))
        reported = self.assessed is Assessed.INFRINGES
        return Encounter(
            assessed=self.assessed,
            reasons=self.reasons,
            infringement_in_s=begin_s,
            nominal_in_s=begin_s if reported else None,
            distance_m=self.lateral_m,
            margin_m=self.margin_m,
            exit_in_s=seconds_between(now, window.end) if reported else None,
        )


def pairing(
    first: Volume, second: Volume, criterion: Criterion, data: AltitudeData = NO_ALTITUDE_DATA
) -> Overlap:
    """How two volumes stand to each other under `criterion`: verdict, why, when, how near.

    Of `criterion` the lateral and the vertical limit count; both are closed. `data` are the
    local altitude conversions; without them another datum cannot be ruled out.
    Implements PLN-001 to PLN-012.
    """
    window = shared_window(first.window, second.window)
    limit_m = criterion.lateral_m
    near_m = max(0.0, chord_gap_m(first.footprint, second.footprint))
    rise = rise_between(first, second, criterion.vertical_m, data)
    if window is None or near_m > limit_m + TIE_M or rise.assessed is Assessed.CLEAR:
        return _clear(window, near_m, rise)
    gap_m = footprint_gap_m(first.footprint, second.footprint)
    if isinstance(gap_m, Undecided):
        reasons = (Reason.SEARCH_BOUND, *rise.reasons)
        near_m = max(near_m, gap_m.at_s)
        unsure = Assessed.CANNOT_BE_RULED_OUT
        return Overlap(
            assessed=unsure,
            reasons=reasons,
            window=window,
            lateral_m=near_m,
            vertical_m=rise.gap_m,
            margin_m=rise.margin_m,
        )
    if gap_m > limit_m + TIE_M:
        return _clear(window, gap_m, rise)
    return Overlap(
        assessed=rise.assessed,
        reasons=rise.reasons,
        window=window,
        lateral_m=gap_m,
        vertical_m=rise.gap_m,
        margin_m=rise.margin_m,
    )


def _clear(window: Window | None, lateral_m: float, rise: "Rise") -> Overlap:
    """The two do not come within the limits."""
    return Overlap(
        assessed=Assessed.CLEAR,
        reasons=(),
        window=window,
        lateral_m=lateral_m,
        vertical_m=rise.gap_m,
        margin_m=0.0,
    )


def shared_window(first: Window, second: Window) -> Window | None:
    """The instants in both windows; None if they only touch, or do not meet."""
    start, end = max(first.start, second.start), min(first.end, second.end)
    return Window(start=start, end=end) if start < end else None


@dataclass(frozen=True, slots=True)
class Rise:
    """How two bands stand to each other: the verdict on height alone.

    `gap_m` is the gap as stated (0: they meet; None: unknown), `margin_m` its uncertainty.
    """

    assessed: Assessed
    reasons: tuple[Reason, ...]
    gap_m: float | None
    margin_m: float


def rise_between(first: Volume, second: Volume, limit_m: float, data: AltitudeData) -> Rise:
    """Whether the bands of two volumes come within `limit_m`, as stated and at worst.

    Implements PLN-006 to PLN-010.
    """
    if _is_whole(first) or _is_whole(second):
        return Rise(Assessed.INFRINGES, (), 0.0, 0.0)
    if _is_reversed(first, data) or _is_reversed(second, data):
        wrong = (Reason.ALTITUDE_LIMITS_REVERSED,)
        return Rise(Assessed.CANNOT_BE_RULED_OUT, wrong, None, 0.0)
    steps = [_step(first.lower, second.upper, data), _step(second.lower, first.upper, data)]
    worst_m = max(step.over_m - step.wide_m for step in steps)
    margin_m = max((step.wide_m for step in steps if step.wide_m < math.inf), default=0.0)
    known = all(step.wide_m < math.inf for step in steps)
    gap_m = max(0.0, *(step.over_m for step in steps)) if known else None
    if worst_m > limit_m + TIE_HEIGHT_M:
        return Rise(Assessed.CLEAR, (), gap_m, margin_m)
    if gap_m is not None and gap_m <= limit_m + TIE_HEIGHT_M:
        return Rise(Assessed.INFRINGES, (), gap_m, margin_m)
    told = tuple(sorted({step.reason for step in steps if step.reason is not None}))
    return Rise(Assessed.CANNOT_BE_RULED_OUT, told, gap_m, margin_m)


@dataclass(frozen=True, slots=True)
class _Step:
    """By how much a lower limit lies over an upper one, and how far that may be wrong."""

    over_m: float
    wide_m: float
    reason: Reason | None


def _step(lower: AltitudeLimit, upper: AltitudeLimit, data: AltitudeData) -> _Step:
    """The step from `upper` up to `lower`; without data to compare them it may be any."""
    if not (isinstance(lower, Altitude) and isinstance(upper, Altitude)):
        return _Step(-math.inf, 0.0, None)
    try:
        shift = _shift(lower, upper, data)
    except DatumDataMissing:
        return _Step(0.0, math.inf, Reason.ALTITUDE_DATUM)
    reason = None if lower.datum is upper.datum else Reason.ALTITUDE_CONVERSION
    return _Step(lower.value_m + shift.add_m - upper.value_m, shift.uncertainty_m, reason)


def _is_whole(volume: Volume) -> bool:
    """Whether the volume has no altitude limit at all."""
    return volume.lower == Unbounded() and volume.upper == Unbounded()


def _is_reversed(volume: Volume, data: AltitudeData) -> bool:
    """Whether its limits, in two datums, are upside down for certain once converted."""
    if not (isinstance(volume.lower, Altitude) and isinstance(volume.upper, Altitude)):
        return False
    try:
        shift = _shift(volume.lower, volume.upper, data)
    except DatumDataMissing:
        return False
    return volume.lower.value_m + shift.add_m - shift.uncertainty_m > volume.upper.value_m


def _shift(lower: Altitude, upper: Altitude, data: AltitudeData) -> Shift:
    """From the datum of a lower limit to that of an upper one, rounding included."""
    shift = data.shift(lower.datum, to=upper.datum)
    if lower.datum is upper.datum:
        return shift
    return Shift(add_m=shift.add_m, uncertainty_m=shift.uncertainty_m + GRAIN_M)


def chord_gap_m(first: Footprint, second: Footprint) -> float:
    """A straight-line lower bound of the gap between two footprints; negative if it says nothing.

    Implements PLN-012.
    """
    return max(_chord_gap_m(first, second), _chord_gap_m(second, first))


def footprint_gap_m(first: Footprint, second: Footprint) -> float | Undecided:
    """The least geodesic distance between two footprints; 0 where they meet.

    Undecided says that a search reached its bound; its figure is then a lower bound.
    Implements PLN-004, PLN-005.
    """
    if repr(second) < repr(first):  # one order for both: the answer is the same to the last bit
        first, second = second, first
    if isinstance(first, Circle):
        return max(0.0, signed_distance_m(first.centre, second) - first.radius_m)
    if isinstance(second, Circle):
        return max(0.0, signed_distance_m(second.centre, first) - second.radius_m)
    apart_m = min(_least_m(first, second), _least_m(second, first))
    if apart_m <= TIE_M:
        return 0.0
    for way, length_m in _edges(first):
        met = first_within(way, second, limit_m=0.0, start_s=0.0, end_s=length_m)
        if isinstance(met, Undecided):
            return Undecided(0.0)
        if met is not None:
            return 0.0
    return apart_m


def _chord_gap_m(first: Footprint, second: Footprint) -> float:
    """A chord bound from the middle of a circle, or between the balls that hold two rings."""
    if isinstance(first, Circle):
        return chord_bound_m(first.centre, second) - first.radius_m
    here = first.vertices[0]
    return chord_bound_m(here, second) - 2.0 * first.outline.bound_m


def _rings(polygon: Polygon) -> tuple[tuple[Position, ...], ...]:
    """Every ring of the polygon."""
    return (polygon.vertices,)


def _least_m(first: Polygon, second: Polygon) -> float:
    """The least signed distance of the vertices of `first` from `second`."""
    least_m = math.inf
    for vertex in (vertex for ring in _rings(first) for vertex in ring):
        if chord_bound_m(vertex, second) < least_m:
            least_m = min(least_m, signed_distance_m(vertex, second))
    return least_m


def _edges(polygon: Polygon) -> Iterator[tuple[Course, float]]:
    """Each edge as a course of 1 m/s, and its length."""
    for ring in _rings(polygon):
        for here, there in zip(ring, (*ring[1:], ring[0]), strict=True):
            line, length_m = edge_between(here, there)
            yield Course(here, line, 1.0, 0.0), length_m
