"""When an object is within an altitude band, as reported and at worst.

Units: metres; seconds after now. Each limit allows a half line of time (altitude is linear in
time, and its uncertainty grows linearly), so the times allowed are one closed span.
"""

import math
from dataclasses import dataclass

from crosstell.core.altitude import (
    GRAIN_M,
    Altitude,
    AltitudeData,
    AltitudeLimit,
    DatumDataMissing,
    Shift,
    Unbounded,
)
from crosstell.core.detection.finding import Criterion, Reason
from crosstell.core.detection.pair import uncertain
from crosstell.core.geometry.motion import Motion

TIE_M = 0.000_5  # altitudes are compared to the millimetre; equal to the limit infringes


@dataclass(frozen=True, slots=True)
class Span:
    """The times from `start_s` to `end_s`, both included; empty if they are reversed."""

    start_s: float
    end_s: float

    def within(self, other: "Span") -> "Span":
        """The times in both."""
        return Span(max(self.start_s, other.start_s), min(self.end_s, other.end_s))

    @property
    def is_empty(self) -> bool:
        """Whether it holds no time."""
        return self.start_s > self.end_s


ALWAYS = Span(-math.inf, math.inf)


@dataclass(frozen=True, slots=True)
class Band:
    """When the band is met: as reported (None: nothing reported says so), at worst, and why."""

    nominal: Span | None
    widest: Span
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Height:
    """How an altitude develops: reported at `age_s` before now, then climbing, then drifting."""

    altitude: Altitude
    climb_mps: float
    age_s: float
    wide_m: float
    drift_mps: float

    def span(self, limit: AltitudeLimit, sign: float, gap_m: float, shift: Shift) -> Span:
        """When the altitude is within `gap_m` of the right side of `limit`, as reported."""
        if not isinstance(limit, Altitude):
            return ALWAYS
        value_m = self.altitude.value_m + self.climb_mps * self.age_s + shift.add_m
        room_m = sign * (value_m - limit.value_m) + gap_m
        return _while_positive(room_m + TIE_M, sign * self.climb_mps)

    def widest(self, limit: AltitudeLimit, sign: float, gap_m: float, shift: Shift) -> Span:
        """When the altitude may be within `gap_m` of the right side of `limit`."""
        if not isinstance(limit, Altitude):
            return ALWAYS
        value_m = self.altitude.value_m + self.climb_mps * self.age_s + shift.add_m
        room_m = sign * (value_m - limit.value_m) + gap_m
        room_m += self.wide_m + shift.uncertainty_m + self.drift_mps * abs(self.age_s)
        return _while_positive(room_m + TIE_M, sign * self.climb_mps + self.drift_mps)


def _while_positive(room_m: float, rate_mps: float) -> Span:
    """When `room_m + rate_mps * t` is not negative."""
    if rate_mps > 0.0:
        return Span(-room_m / rate_mps, math.inf)
    if rate_mps < 0.0:
        return Span(-math.inf, room_m / -rate_mps)
    return ALWAYS if room_m >= 0.0 else Span(math.inf, -math.inf)


def band_of(
    motion: Motion,
    limits: tuple[AltitudeLimit, AltitudeLimit],
    criterion: Criterion,
    data: AltitudeData,
    *,
    age_s: float,
    loose: bool,
) -> Band:
    """When `motion` is between `limits` (lower, upper), widened by the criterion's gap.

    `loose` says that the last velocity no longer holds (stale). Implements DET-020 to DET-026.
    """
    if limits == (Unbounded(), Unbounded()):
        return Band(ALWAYS, ALWAYS, ())
    reason = _why_any_height(motion.altitude, *limits, data)
    if reason is not None:
        return Band(None, ALWAYS, (reason,))
    assert motion.altitude is not None
    height, reasons = _height(motion, motion.altitude, criterion, age_s=age_s, loose=loose)
    nominal: Span | None = ALWAYS
    widest = ALWAYS
    for limit, sign in zip(limits, (1.0, -1.0), strict=True):
        if not isinstance(limit, Altitude):
            continue
        try:
            shift = data.shift(motion.altitude.datum, to=limit.datum)
        except DatumDataMissing:
            nominal = None
            reasons.append(Reason.ALTITUDE_DATUM)
            continue
        if limit.datum is not motion.altitude.datum:
            shift = Shift(add_m=shift.add_m, uncertainty_m=shift.uncertainty_m + GRAIN_M)
            reasons.append(Reason.ALTITUDE_CONVERSION)
        gap_m = criterion.vertical_m
        widest = widest.within(height.widest(limit, sign, gap_m, shift))
        if nominal is not None:
            nominal = nominal.within(height.span(limit, sign, gap_m, shift))
    return Band(nominal, widest, tuple(dict.fromkeys(reasons)))


def _why_any_height(
    altitude: Altitude | None, lower: AltitudeLimit, upper: AltitudeLimit, data: AltitudeData
) -> Reason | None:
    """Why no height can be ruled out: unknown, or limits that are upside down for certain."""
    if altitude is None:
        return Reason.ALTITUDE_UNKNOWN
    if not (isinstance(lower, Altitude) and isinstance(upper, Altitude)):
        return None
    try:
        shift = data.shift(lower.datum, to=upper.datum)
    except DatumDataMissing:
        return None
    lowest_m = lower.value_m + shift.add_m - shift.uncertainty_m
    return Reason.ALTITUDE_LIMITS_REVERSED if lowest_m > upper.value_m + GRAIN_M else None


def _height(
    motion: Motion, altitude: Altitude, criterion: Criterion, *, age_s: float, loose: bool
) -> tuple[Height, list[Reason]]:
    """How the altitude develops at worst, and what is unknown about it."""
    wide_m, climb_mps, reasons = uncertain.upwards(motion, criterion)
    if climb_mps is None:
        return Height(altitude, 0.0, age_s, wide_m, criterion.unknown_speed_mps), reasons
    if loose:
        drift_mps = max(criterion.unknown_speed_mps, abs(climb_mps))
        return Height(altitude, 0.0, age_s, wide_m, drift_mps), reasons
    wide_m += 2.0 * abs(climb_mps) * max(0.0, -age_s)
    return Height(altitude, climb_mps, age_s, wide_m, 0.0), reasons
