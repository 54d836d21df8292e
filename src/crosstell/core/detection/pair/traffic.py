"""Whether two tracks infringe a rule between them: the pairing of one motion with another.

Units: metres; seconds after now. The horizon is closed. Both ground points move along the
geodesics of their courses at constant speed, altitudes are linear in time. The pair infringes if at
one instant the geodesic distance is at most the lateral limit and the vertical gap at most the
vertical limit, both to the millimetre. The uncertainties of the two add: nothing says that they
cancel. What is unknown of one track is treated as in `zone.py`.

The verdict depends on the two motions, not on their order: they are put in one order first.
"""

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crosstell.core.altitude import (
    GRAIN_M,
    NO_ALTITUDE_DATA,
    AltitudeData,
    Datum,
    DatumDataMissing,
    Shift,
)
from crosstell.core.detection.finding import Assessed, Criterion, Encounter, Reason
from crosstell.core.detection.pair import uncertain
from crosstell.core.detection.pair.band import ALWAYS, TIE_M, Band, Span
from crosstell.core.detection.pair.closing import Two, first_parting, first_within, nearest
from crosstell.core.detection.pair.reach import earliest_together_s, is_said, turned
from crosstell.core.geometry.approach import Course, Undecided
from crosstell.core.geometry.motion import Motion

ANY_HEIGHT_M = 1_000_000.0  # a vertical limit from here up holds at any height, a known one or not
_SECOND = timedelta(seconds=1)
_SAME_S = 0.001  # times are told to the millisecond
_LEVEL = Shift(add_m=0.0, uncertainty_m=0.0)


@dataclass(frozen=True, slots=True)
class Mover:
    """One of the two: its course, or its last place where no velocity holds (speed 0, growing)."""

    way: Course
    age_s: float
    wide_m: float
    drift_mps: float
    reasons: tuple[Reason, ...]

    @property
    def is_followed(self) -> bool:
        """Whether the values as reported say where it will be."""
        return Reason.STALE not in self.reasons and Reason.VELOCITY_UNKNOWN not in self.reasons


@dataclass(frozen=True, slots=True)
class Sideways:
    """The two, sideways."""

    two: Two
    movers: tuple[Mover, Mover]
    limit_m: float

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """What is unknown of either."""
        return tuple(dict.fromkeys((*self.movers[0].reasons, *self.movers[1].reasons)))

    @property
    def is_followed(self) -> bool:
        """Whether both courses hold."""
        return self.movers[0].is_followed and self.movers[1].is_followed

    def earliest(self, span: Span) -> float | Undecided | None:
        """The first time in `span` that cannot be excluded."""
        return first_within(
            self.two,
            limit_m=self.limit_m + self.movers[0].wide_m + self.movers[1].wide_m,
            growth_mps=self.movers[0].drift_mps + self.movers[1].drift_mps,
            start_s=span.start_s,
            end_s=span.end_s,
        )

    def reported(self, span: Span) -> float | Undecided | None:
        """The first time in `span` by the values as reported; a lost course says only now."""
        if Reason.STALE in self.reasons:
            return None
        if not self.is_followed:
            span = span.within(Span(0.0, 0.0))
        if span.is_empty:
            return None
        return first_within(
            self.two, limit_m=self.limit_m, growth_mps=0.0, start_s=span.start_s, end_s=span.end_s
        )

    def margin_m(self, time_s: float) -> float:
        """By how much uncertainty widens the limit at `time_s`."""
        wide_m = self.movers[0].wide_m + self.movers[1].wide_m
        return wide_m + (self.movers[0].drift_mps + self.movers[1].drift_mps) * time_s


@dataclass(frozen=True, slots=True)
class Rise:
    """How an altitude develops: reported now, its rate, its uncertainty now and that one's rate."""

    value_m: float
    climb_mps: float
    wide_m: float
    drift_mps: float
    reasons: tuple[Reason, ...]


def pairing(
    first: Motion,
    second: Motion,
    criterion: Criterion,
    now: datetime,
    data: AltitudeData = NO_ALTITUDE_DATA,
) -> Encounter:
    """How two motions stand to each other under `criterion` at `now`: verdict, why, when, how near.

    `data` are the local altitude conversions; without them another datum cannot be ruled out.
    Where the criterion states a manoeuvre, what a turn of either or both could do is said where the
    courses are clear for as long. Implements TRF-001 to TRF-009, TRF-015.
    """
    if _order(second) < _order(first):
        first, second = second, first
    shift: Shift | None = _LEVEL
    if first.altitude is not None and second.altitude is not None:
        one, other = first.altitude.datum, second.altitude.datum
        if one is not other:
            shift = _converted(data, one, other)
    return judged(first, second, criterion, now, shift)


def judged(
    first: Motion, second: Motion, criterion: Criterion, now: datetime, shift: Shift | None
) -> Encounter:
    """The pairing, with `shift` from the first altitude's datum to the second's (None: no data).

    For altitudes that were brought to one datum before: a shift of nothing, with the uncertainty
    of what was done.
    """
    movers = (_mover(first, criterion, now), _mover(second, criterion, now))
    side = Sideways(Two(movers[0].way, movers[1].way), movers, criterion.lateral_m)
    predicted = _predicted(first, second, side, criterion, shift)
    manoeuvre = criterion.manoeuvre
    if manoeuvre is None or is_said(predicted, manoeuvre):
        return predicted
    ages_s = (movers[0].age_s, movers[1].age_s)
    band = _band((first, second), criterion, ages_s, shift, free_mps=manoeuvre.climb_mps_max)
    span = Span(0.0, manoeuvre.horizon_s).within(band.widest)
    early = earliest_together_s((first, second), criterion, now, span)
    if early is None:
        return predicted
    near_s, near_m = _nearest(side, early[0], Span(0.0, criterion.horizon_s))
    return replace(
        turned(predicted, early_s=early[0], margin_m=early[1]),
        distance_m=side.two.sight(0.0).distance_m,
        nearest_in_s=near_s,
        nearest_m=near_m,
    )


def _predicted(
    first: Motion, second: Motion, side: Sideways, criterion: Criterion, shift: Shift | None
) -> Encounter:
    """The same by their courses alone, or (no course) by every direction from the last place."""
    movers = side.movers
    bound_m = side.two.chord_m() - sum(each.way.speed_mps * abs(each.age_s) for each in movers)
    reach_m = (side.two.speeds_mps + movers[0].drift_mps + movers[1].drift_mps) * (
        criterion.horizon_s
    )
    if bound_m - reach_m > criterion.lateral_m + side.margin_m(0.0) + TIE_M:
        return _clear(criterion, bound_m)
    band = _band((first, second), criterion, (movers[0].age_s, movers[1].age_s), shift)
    return _weigh(side, band, criterion)


def _order(motion: Motion) -> tuple[object, ...]:
    """A key under which motions that differ in anything that matters differ."""
    velocity, altitude = motion.velocity, motion.altitude
    return (
        motion.position.lat_deg,
        motion.position.lon_deg,
        motion.at,
        () if altitude is None else (altitude.datum.value, altitude.value_m),
        ()
        if velocity is None
        else (velocity.track_deg, velocity.speed_mps, _known(velocity.climb_mps)),
        _known(motion.position_accuracy_m),
        _known(motion.altitude_accuracy_m),
    )


def _known(value: float | None) -> tuple[float, ...]:
    """The value, so that it can be put in order with one that is unknown."""
    return () if value is None else (value,)


def _converted(data: AltitudeData, start: Datum, to: Datum) -> Shift | None:
    """The shift between two datums, rounding included; None without its data."""
    try:
        shift = data.shift(start, to=to)
    except DatumDataMissing:
        return None
    return Shift(add_m=shift.add_m, uncertainty_m=shift.uncertainty_m + GRAIN_M)


def _mover(motion: Motion, criterion: Criterion, now: datetime) -> Mover:
    """Where the object may be, and what is unknown about it."""
    age_s = (now - motion.at) / _SECOND
    wide_m, reasons = uncertain.sideways(motion, criterion, age_s)
    velocity = motion.velocity
    if velocity is None or abs(age_s) > criterion.stale_after_s:
        drift_mps = max(criterion.unknown_speed_mps, velocity.speed_mps if velocity else 0.0)
        way = Course.of(motion.position, track_deg=0.0, speed_mps=0.0, lead_s=0.0)
        return Mover(way, age_s, wide_m + drift_mps * abs(age_s), drift_mps, tuple(reasons))
    way = Course.of(
        motion.position, track_deg=velocity.track_deg, speed_mps=velocity.speed_mps, lead_s=age_s
    )
    wide_m += velocity.speed_mps * max(0.0, -age_s)
    return Mover(way, age_s, wide_m, 0.0, tuple(reasons))


def _band(
    motions: tuple[Motion, Motion],
    criterion: Criterion,
    ages_s: tuple[float, float],
    shift: Shift | None,
    free_mps: float | None = None,
) -> Band:
    """When the vertical gap is within its limit, as reported and at worst, and why.

    With `free_mps` either may climb or sink as fast as that from its last height.
    """
    first, second = motions
    if criterion.vertical_m >= ANY_HEIGHT_M:
        return Band(ALWAYS, ALWAYS, ())
    if first.altitude is None or second.altitude is None:
        return Band(None, ALWAYS, (Reason.ALTITUDE_UNKNOWN,))
    if shift is None:
        return Band(None, ALWAYS, (Reason.ALTITUDE_DATUM,))
    one = _rise(first, first.altitude.value_m, criterion, ages_s[0], free_mps)
    other = _rise(second, second.altitude.value_m, criterion, ages_s[1], free_mps)
    apart_m = other.value_m - one.value_m - shift.add_m
    rate_mps = other.climb_mps - one.climb_mps
    room_m = criterion.vertical_m + TIE_M
    wide_m = one.wide_m + other.wide_m + shift.uncertainty_m
    drift_mps = one.drift_mps + other.drift_mps
    reasons = (*one.reasons, *other.reasons)
    if shift.uncertainty_m > 0.0:
        reasons = (*reasons, Reason.ALTITUDE_CONVERSION)
    return Band(
        _between(apart_m, rate_mps, room_m, 0.0),
        _between(apart_m, rate_mps, room_m + wide_m, drift_mps),
        tuple(dict.fromkeys(reasons)),
    )


def _between(apart_m: float, rate_mps: float, room_m: float, drift_mps: float) -> Span:
    """When `apart_m + rate_mps t` is within `room_m + drift_mps t` of 0."""
    span = ALWAYS
    for sign in (1.0, -1.0):
        have_m, gain_mps = sign * apart_m + room_m, sign * rate_mps + drift_mps
        if gain_mps > 0.0:
            span = span.within(Span(-have_m / gain_mps, math.inf))
        elif gain_mps < 0.0:
            span = span.within(Span(-math.inf, have_m / -gain_mps))
        elif have_m < 0.0:
            span = Span(math.inf, -math.inf)
    return span


def _rise(
    motion: Motion, value_m: float, criterion: Criterion, age_s: float, free_mps: float | None
) -> Rise:
    """How the altitude develops, and what is unknown about it; as in `band.py`."""
    wide_m, climb_mps, reasons = uncertain.upwards(motion, criterion)
    is_lost = climb_mps is None or abs(age_s) > criterion.stale_after_s
    if climb_mps is None or is_lost or free_mps is not None:
        drift_mps = max(criterion.unknown_speed_mps if is_lost else 0.0, abs(climb_mps or 0.0))
        drift_mps = max(drift_mps, free_mps or 0.0)
        return Rise(value_m, 0.0, wide_m + drift_mps * abs(age_s), drift_mps, tuple(reasons))
    wide_m += 2.0 * abs(climb_mps) * max(0.0, -age_s)
    return Rise(value_m + climb_mps * age_s, climb_mps, wide_m, 0.0, tuple(reasons))


def _clear(criterion: Criterion, distance_m: float) -> Encounter:
    """Nothing before the horizon."""
    return Encounter(
        assessed=Assessed.CLEAR,
        reasons=(),
        infringement_in_s=criterion.horizon_s,
        nominal_in_s=None,
        distance_m=distance_m,
        margin_m=0.0,
    )


def _weigh(side: Sideways, band: Band, criterion: Criterion) -> Encounter:
    """The verdict: as reported, at worst, or not even so."""
    span = Span(0.0, criterion.horizon_s)
    widest = span.within(band.widest)
    earliest = None if widest.is_empty else side.earliest(widest)
    distance_m = side.two.sight(0.0).distance_m
    if earliest is None:
        return _clear(criterion, distance_m)
    nominal: float | Undecided | None = None
    if band.nominal is not None and not isinstance(earliest, Undecided):
        later = Span(earliest, span.end_s)  # never earlier than the worst case
        nominal = side.reported(later.within(band.nominal))
    early_s = earliest.at_s if isinstance(earliest, Undecided) else earliest
    reported_s = None if isinstance(nominal, Undecided) else nominal
    if isinstance(earliest, Undecided) or isinstance(nominal, Undecided):
        reasons: tuple[Reason, ...] = (Reason.SEARCH_BOUND,)
    elif reported_s is not None and reported_s - early_s <= _SAME_S:
        reasons = ()
    else:
        reasons = _why(side, band, span, is_reported=reported_s is not None)
    near_s, near_m = _nearest(side, early_s, span)
    return Encounter(
        assessed=Assessed.CANNOT_BE_RULED_OUT if reported_s is None else Assessed.INFRINGES,
        reasons=reasons,
        infringement_in_s=early_s,
        nominal_in_s=reported_s,
        distance_m=distance_m,
        margin_m=side.margin_m(early_s),
        exit_in_s=_exit(side, band, span, reported_s),
        nearest_in_s=near_s,
        nearest_m=near_m,
    )


def _nearest(side: Sideways, begin_s: float, span: Span) -> tuple[float | None, float | None]:
    """The closest approach sideways as reported; none if a course is not known to hold."""
    if not side.is_followed:
        return None, None
    return nearest(side.two, begin_s=min(begin_s, span.end_s), end_s=span.end_s)


def _exit(side: Sideways, band: Band, span: Span, nominal_s: float | None) -> float | None:
    """When the infringement as reported ends; None if there is none, or not within `span`."""
    if nominal_s is None or band.nominal is None or not side.is_followed:
        return None
    last_s = min(band.nominal.end_s, span.end_s)
    parting_s = first_parting(side.two, limit_m=side.limit_m, start_s=nominal_s, end_s=last_s)
    if parting_s is not None:
        return parting_s
    return last_s if last_s < span.end_s else None


def _why(side: Sideways, band: Band, span: Span, *, is_reported: bool) -> tuple[Reason, ...]:
    """The reasons that matter: sideways if they alone suffice, else of height, else both."""
    if not is_reported:
        level = Span(0.0, -1.0) if band.nominal is None else span.within(band.nominal)
        if not level.is_empty and side.earliest(level) is not None:
            return side.reasons
        if side.reported(span.within(band.widest)) is not None:
            return band.reasons
    return tuple(dict.fromkeys((*side.reasons, *band.reasons)))
