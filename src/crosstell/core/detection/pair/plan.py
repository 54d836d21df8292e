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
    first_within,
    signed_distance_m,
)
from crosstell.core.geometry.cartesian import ecef
from crosstell.core.geometry.footprint import (
    Circle,
    Corridor,
    Ellipse,
    Footprint,
    Orbit,
    Polygon,
    RadarArc,
)
from crosstell.core.geometry.geodesic import LatLon, edge_from, reached
from crosstell.core.geometry.pieces import Lines
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.volume import Volume
from crosstell.core.instant import Window, seconds_between

HALVED_M = 0.000_1
Lined = Polygon | Ellipse | Corridor | Orbit


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
    known = not isinstance(gap_m, Undecided)
    least_m = gap_m if not isinstance(gap_m, Undecided) else max(near_m, gap_m.at_s)
    if least_m > limit_m + TIE_M:
        return _clear(window, least_m, rise)
    return Overlap(
        assessed=rise.assessed if known else Assessed.CANNOT_BE_RULED_OUT,
        reasons=rise.reasons if known else (Reason.SEARCH_BOUND, *rise.reasons),
        window=window,
        lateral_m=least_m,
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
    return math.dist(first.middle, second.middle) - (first.bound_m + second.bound_m)


def footprint_gap_m(first: Footprint, second: Footprint) -> float | Undecided:
    """The least geodesic distance between two footprints; 0 where they meet.

    Undecided says that a search reached its bound; its figure is then a lower bound.
    Implements PLN-004, PLN-005.
    """
    if repr(second) < repr(first):  # one order for both: the answer is the same to the last bit
        first, second = second, first
    if isinstance(first, Circle) or isinstance(second, Circle):
        circle, other = (first, second) if isinstance(first, Circle) else (second, first)
        assert isinstance(circle, Circle)
        return max(0.0, signed_distance_m(circle.centre, other) - circle.radius_m)
    if isinstance(first, RadarArc) or isinstance(second, RadarArc):
        return _gap_with_arc_m(first, second)
    apart_m = min(_least_m(first, second), _least_m(second, first))
    if apart_m <= TIE_M:
        return 0.0
    met = _meets(first, second, 0.0)
    if isinstance(met, Undecided):
        return Undecided(0.0)
    return 0.0 if met else apart_m


def _meets(shape: Lined, other: Footprint, gap_m: float) -> bool | Undecided:
    """Whether some edge of `shape`, with its width, comes within `gap_m` of `other`."""
    lines, half_m = _lines(shape)
    for here, there in lines.ends:
        line, length_m = edge_from(here, there)
        start = Position(lat_deg=here[0], lon_deg=here[1])
        way = Course(start, line, 1.0, 0.0)
        met = first_within(way, other, limit_m=half_m + gap_m, start_s=0.0, end_s=length_m)
        if isinstance(met, Undecided):
            return met
        if met is not None:
            return True
    return False


def _lines(shape: Lined) -> tuple[Lines, float]:
    """The geodesic edges of a shape, and how far it reaches beyond them."""
    if isinstance(shape, Corridor | Orbit):
        return shape.lines, shape.half_width_m
    return shape.outline.lines, 0.0


def _signed_m(here: LatLon, shape: Lined) -> float:
    """The signed distance of a point, off the grain of positions too."""
    if isinstance(shape, Corridor | Orbit):
        return shape.lines.nearest(here, ecef(*here))[0] - shape.half_width_m
    return shape.outline.signed_m(here)


def _corners(shape: Lined) -> tuple[LatLon, ...]:
    """The ends of its edges, each once."""
    return tuple(dict.fromkeys(end for ends in _lines(shape)[0].ends for end in ends))


def _least_m(first: Lined, second: Lined) -> float:
    """The least distance between `second` and the ends of the edges of `first`, less its width."""
    half_m = _lines(first)[1]
    least_m = math.inf
    for corner in _corners(first):
        if math.dist(ecef(*corner), second.middle) - second.bound_m - half_m < least_m:
            least_m = min(least_m, _signed_m(corner, second) - half_m)
    return least_m


def _gap_with_arc_m(first: Lined | RadarArc, second: Lined | RadarArc) -> float | Undecided:
    """The gap where one of the two, or both, are radar arcs."""
    if isinstance(first, RadarArc) and isinstance(second, RadarArc):
        one_m = signed_distance_m(first.centre, second) - first.outer_radius_m
        other_m = signed_distance_m(second.centre, first) - second.outer_radius_m
        return Undecided(max(0.0, one_m, other_m))  # at least that from the other's whole disc
    arc, shape = (first, second) if isinstance(first, RadarArc) else (second, first)
    assert isinstance(arc, RadarArc)
    assert not isinstance(shape, RadarArc)
    return _arc_gap_m(shape, arc)


def _arc_gap_m(shape: Lined, arc: RadarArc) -> float | Undecided:
    """The gap to a radar arc, whose round edge no vertex need be nearest to: by halving."""
    half_m = _lines(shape)[1]
    near_m, far_m = 0.0, min(arc.signed_m(corner) for corner in _corners(shape)) - half_m
    tip = reached(
        (arc.centre.lat_deg, arc.centre.lon_deg),
        track_deg=arc.from_bearing_deg,
        travel_m=arc.outer_radius_m,
    )
    if far_m <= TIE_M or _signed_m(tip, shape) <= TIE_M:
        return 0.0
    met = _meets(shape, arc, 0.0)
    if met is True:
        return 0.0
    while far_m - near_m > HALVED_M and not isinstance(met, Undecided):
        middle_m = (near_m + far_m) / 2.0
        met = _meets(shape, arc, middle_m)
        near_m, far_m = (near_m, middle_m) if met else (middle_m, far_m)
    return Undecided(near_m) if isinstance(met, Undecided) else far_m
