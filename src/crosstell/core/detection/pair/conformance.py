"""How a party's own track keeps to its own activity: inside, early, late, or off by how far.

Units: metres, seconds. Judged where and when the object was observed: nothing is extrapolated.
Footprint and band are closed, windows half-open; what equals a tolerance is within it.

The volumes of an activity are places that it may be in, each in its own window: an object
conforms if it is in one of them while that one's window lasts. Where one window ends and the next
begins, only the next counts; where windows overlap, either will do; between windows none will.
"""

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from crosstell.core.altitude import (
    GRAIN_M,
    NO_ALTITUDE_DATA,
    Altitude,
    AltitudeData,
    AltitudeLimit,
    Datum,
    DatumDataMissing,
)
from crosstell.core.detection.finding import Assessed, Criterion, Encounter, Reason
from crosstell.core.geometry.approach import TIE_M, chord_bound_m, signed_distance_m
from crosstell.core.geometry.motion import Motion
from crosstell.core.geometry.volume import Volume
from crosstell.core.instant import Window, later, seconds_between
from crosstell.core.protocol.rules.traffic import Tolerance

GRAIN_S = 1e-6  # a half-open window ends one microsecond before its end
_GRAIN = timedelta(microseconds=1)


class Keeping(StrEnum):
    """Whether the object is where its party said."""

    INSIDE = "inside"
    OUTSIDE = "outside"
    NOT_TESTABLE = "not-testable"  # never the same as inside


_ASSESSED = {
    Keeping.INSIDE: Assessed.CLEAR,
    Keeping.OUTSIDE: Assessed.INFRINGES,
    Keeping.NOT_TESTABLE: Assessed.CANNOT_BE_RULED_OUT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is allowed, and what stands for what is not stated."""

    tolerance: Tolerance
    unknown_accuracy_m: float
    stale_after_s: float
    unknown_vertical_accuracy_m: float | None = None  # the same as sideways


@dataclass(frozen=True, slots=True, kw_only=True)
class Conformity:
    """How one motion keeps to one activity: by which of its volumes, and by how much it is off.

    `volume` numbers the volumes from 0: the one that it is in, else the one that it is nearest to
    keeping. `early_s` is by how much a later time, `late_s` an earlier time, would put it into
    that window; `sideways_m` is the geodesic distance outside the footprint; `height_m` above
    the upper limit, negative below the lower one, in `datum`; None is unknown or not compared.
    Distances are from the volume itself: the tolerance is in the verdict, not in them.
    """

    keeping: Keeping
    reasons: tuple[Reason, ...] = ()
    volume: int | None = None
    early_s: float = 0.0
    late_s: float = 0.0
    sideways_m: float | None = None
    height_m: float | None = None
    datum: Datum | None = None


@dataclass(frozen=True, slots=True)
class _Height:
    """The height against a band: off by how much, and whether it is (may be) within tolerance."""

    off_m: float | None
    datum: Datum | None
    is_kept: bool
    may_be_kept: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class _Against:
    """One motion against one volume. `sideways_m` None: further than any accuracy explains."""

    number: int
    bound_m: float
    early_s: float
    late_s: float
    is_on_time: bool
    sideways_m: float | None
    is_beside: bool
    may_be_beside: bool
    height: _Height

    @property
    def is_there(self) -> bool:
        return self.is_beside and self.height.is_kept

    @property
    def may_be_there(self) -> bool:
        return self.may_be_beside and self.height.may_be_kept

    @property
    def off_s(self) -> float:
        return self.early_s + self.late_s


def conformance(
    motion: Motion,
    volumes: tuple[Volume, ...],
    terms: Terms,
    now: datetime,
    data: AltitudeData = NO_ALTITUDE_DATA,
) -> Conformity:
    """How `motion`, of an own track, keeps to the `volumes` of its own activity.

    At its own place and time as reported, it is inside; surely in none, outside; otherwise not
    testable, and why. Implements CNF-001 to CNF-008, CNF-010 to CNF-013.
    """
    age_s = seconds_between(motion.at, now)
    if abs(age_s) > terms.stale_after_s:
        why = Reason.STALE if age_s > 0.0 else Reason.TIME_AHEAD
        return Conformity(keeping=Keeping.NOT_TESTABLE, reasons=(why,))
    seen = [_against(motion, number, volume, terms, data) for number, volume in enumerate(volumes)]
    in_time = [each for each in seen if each.is_on_time]
    inside = [each for each in in_time if each.is_there]
    if inside:
        return _told(Keeping.INSIDE, min(inside, key=lambda each: (each.off_s, each.number)))
    perhaps = [each for each in in_time if each.may_be_there]
    if perhaps:
        return _unsure(min(perhaps, key=_sideways_then_number), motion, terms)
    return _off(motion, volumes, seen)


def as_encounter(conformity: Conformity, criterion: Criterion) -> Encounter:
    """The same as detection answers of any pair: outside infringes now. Implements CNF-014."""
    is_outside = conformity.keeping is Keeping.OUTSIDE
    is_inside = conformity.keeping is Keeping.INSIDE
    return Encounter(
        assessed=_ASSESSED[conformity.keeping],
        reasons=() if is_inside else conformity.reasons,
        infringement_in_s=criterion.horizon_s if is_inside else 0.0,
        nominal_in_s=0.0 if is_outside else None,
        distance_m=conformity.sideways_m or 0.0,
        margin_m=0.0,
    )


def along_plan(
    motion: Motion, volumes: tuple[Volume, ...], criterion: Criterion, now: datetime
) -> tuple[Volume, ...]:
    """Where an object that keeps to its activity may be, within the horizon: places, in time order.

    Each declared volume with its window cut to the horizon, and to when the object can be there
    at the earliest (a straight line at the higher of its own and the assumed speeds); those that
    it cannot reach in their window are left out. These stand beside its course, never instead of
    it. Implements CNF-020 to CNF-024.
    """
    own_mps = motion.velocity.speed_mps if motion.velocity is not None else 0.0
    free_mps = criterion.manoeuvre.speed_mps_max if criterion.manoeuvre is not None else 0.0
    speed_mps = max(own_mps, free_mps, criterion.unknown_speed_mps)
    wide_m = _accuracy_m(motion.position_accuracy_m, criterion.unknown_accuracy_m)
    last = later(now, by_s=criterion.horizon_s) + _GRAIN  # the horizon is closed
    slack_s = max(0.0, 2.0 * seconds_between(now, motion.at)) + GRAIN_S  # a clock ahead: DET-013
    found = []
    for volume in sorted(volumes, key=lambda each: (each.window.start, each.window.end)):
        start = max(volume.window.start, now)
        end = min(volume.window.end, last)
        gap_m = chord_bound_m(motion.position, volume.footprint) - wide_m - TIE_M
        if gap_m > 0.0:
            reach_s = gap_m / speed_mps - slack_s if speed_mps > 0.0 else math.inf
            if reach_s >= seconds_between(motion.at, end):
                continue
            start = max(start, later(motion.at, by_s=reach_s))
        if start < end:
            found.append(replace(volume, window=Window(start=start, end=end)))
    return tuple(found)


def _accuracy_m(stated_m: float | None, assumed_m: float) -> float:
    return assumed_m if stated_m is None else stated_m


def _against(
    motion: Motion, number: int, volume: Volume, terms: Terms, data: AltitudeData
) -> _Against:
    """One volume: the chord first, the geodesic only where it matters."""
    early_s = max(0.0, seconds_between(motion.at, volume.window.start))
    after_s = seconds_between(volume.window.end, motion.at)
    allowed = terms.tolerance
    in_time = after_s < 0.0 or 0.0 < allowed.late_s >= after_s
    bound_m = max(0.0, chord_bound_m(motion.position, volume.footprint))
    wide_m = _accuracy_m(motion.position_accuracy_m, terms.unknown_accuracy_m)
    limit_m = allowed.lateral_m + TIE_M
    sideways_m = None
    if bound_m <= limit_m + wide_m:
        sideways_m = max(0.0, signed_distance_m(motion.position, volume.footprint))
    return _Against(
        number=number,
        bound_m=bound_m,
        early_s=early_s,
        late_s=after_s + GRAIN_S if after_s >= 0.0 else 0.0,
        is_on_time=early_s <= allowed.early_s and in_time,
        sideways_m=sideways_m,
        is_beside=sideways_m is not None and sideways_m <= limit_m,
        may_be_beside=sideways_m is not None and sideways_m <= limit_m + wide_m,
        height=_height(motion, volume, terms, data),
    )


def _height(motion: Motion, volume: Volume, terms: Terms, data: AltitudeData) -> _Height:
    """The height against both limits, each in its own datum."""
    allowed_m, altitude = terms.tolerance.vertical_m, motion.altitude
    limits = [(volume.upper, 1.0), (volume.lower, -1.0)]
    bounded = [(limit, sign) for limit, sign in limits if isinstance(limit, Altitude)]
    if allowed_m is None or not bounded:
        return _Height(None, None, is_kept=True, may_be_kept=True, reasons=())
    if altitude is None:
        reasons = (Reason.ALTITUDE_UNKNOWN,)
        return _Height(None, None, is_kept=False, may_be_kept=True, reasons=reasons)
    worst = _Height(0.0, altitude.datum, is_kept=True, may_be_kept=True, reasons=())
    unknown_m = terms.unknown_vertical_accuracy_m
    unknown_m = terms.unknown_accuracy_m if unknown_m is None else unknown_m
    wide_m = _accuracy_m(motion.altitude_accuracy_m, unknown_m)
    for limit, sign in bounded:
        worst = _higher(worst, _beyond(altitude, limit, sign, (allowed_m, wide_m), data))
    return worst


def _beyond(
    altitude: Altitude,
    limit: AltitudeLimit,
    sign: float,
    room_m: tuple[float, float],
    data: AltitudeData,
) -> _Height:
    """The height against one limit; `sign` 1 above, -1 below; `room_m` tolerance and accuracy."""
    assert isinstance(limit, Altitude)
    allowed_m, wide_m = room_m
    try:
        shift = data.shift(altitude.datum, to=limit.datum)
    except DatumDataMissing:
        reasons: tuple[Reason, ...] = (Reason.ALTITUDE_DATUM,)
        return _Height(None, None, is_kept=False, may_be_kept=True, reasons=reasons)
    over_m = sign * (altitude.value_m + shift.add_m - limit.value_m)
    reasons = ()
    if limit.datum is not altitude.datum:
        wide_m += shift.uncertainty_m + GRAIN_M
        reasons = (Reason.ALTITUDE_CONVERSION,)
    kept = over_m <= allowed_m + TIE_M
    may = over_m <= allowed_m + wide_m + TIE_M
    return _Height(
        max(0.0, over_m) * sign, limit.datum, is_kept=kept, may_be_kept=may, reasons=reasons
    )


def _higher(one: _Height, other: _Height) -> _Height:
    """Both limits together: the one that is off, or unknown, is told."""
    known = one.off_m is not None and other.off_m is not None
    told = other if not known or abs(other.off_m or 0.0) > abs(one.off_m or 0.0) else one
    return _Height(
        told.off_m if known else None,
        told.datum if known else None,
        is_kept=one.is_kept and other.is_kept,
        may_be_kept=one.may_be_kept and other.may_be_kept,
        reasons=tuple(dict.fromkeys((*one.reasons, *other.reasons))),
    )


def _sideways_then_number(each: _Against) -> tuple[float, int]:
    return (each.bound_m if each.sideways_m is None else each.sideways_m, each.number)


def _told(keeping: Keeping, each: _Against, *, sideways_m: float | None = None) -> Conformity:
    height = each.height
    unknown = height.reasons if height.off_m is None else ()
    return Conformity(
        keeping=keeping,
        reasons=unknown,
        volume=each.number,
        early_s=each.early_s,
        late_s=each.late_s,
        sideways_m=each.sideways_m if sideways_m is None else sideways_m,
        height_m=height.off_m,
        datum=height.datum,
    )


def _unsure(each: _Against, motion: Motion, terms: Terms) -> Conformity:
    """It may be inside, by its accuracy or for want of a height; not as reported."""
    reasons: list[Reason] = []
    if not each.is_beside:
        stated = motion.position_accuracy_m is not None
        reasons.append(Reason.POSITION_ACCURACY if stated else Reason.POSITION_ACCURACY_UNKNOWN)
    if not each.height.is_kept:
        reasons.extend(each.height.reasons)
        if each.height.off_m is not None:
            known = motion.altitude_accuracy_m is not None
            reasons.append(Reason.ALTITUDE_ACCURACY if known else Reason.ALTITUDE_ACCURACY_UNKNOWN)
    assert reasons, f"inside as reported, and yet not testable: {terms}"
    return replace(_told(Keeping.NOT_TESTABLE, each), reasons=tuple(reasons))


def _off(motion: Motion, volumes: tuple[Volume, ...], seen: list[_Against]) -> Conformity:
    """Surely in none: early or late if it is at the place of one; else off that nearest in time.

    Of those at their place the least shift in time counts; of those in their time the least
    distance; of the others the least shift, then the lower number.
    """
    there = [each for each in seen if each.is_there] or [each for each in seen if each.may_be_there]
    if there:
        nearest = min(there, key=lambda each: (each.off_s, each.number))
        return _told(Keeping.OUTSIDE, nearest)
    if not seen:
        return Conformity(keeping=Keeping.OUTSIDE)
    in_time = [each for each in seen if each.is_on_time]
    if not in_time:
        nearest = min(seen, key=lambda each: (each.off_s, each.number))
        in_time = [nearest]
    best: tuple[float, int, float] | None = None
    for each in sorted(in_time, key=lambda each: (each.bound_m, each.number)):
        if best is not None and each.bound_m > best[0]:
            break
        exact_m = max(0.0, signed_distance_m(motion.position, volumes[each.number].footprint))
        off_m = math.hypot(exact_m, each.height.off_m or 0.0)
        if best is None or (off_m, each.number) < best[:2]:
            best = (off_m, each.number, exact_m)
    assert best is not None, "at least one volume is nearest"
    return _told(Keeping.OUTSIDE, seen[best[1]], sideways_m=best[2])
