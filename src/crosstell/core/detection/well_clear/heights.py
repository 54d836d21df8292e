"""How two tracks stand in height, as reported and at worst, whatever their datums.

Units: metres; seconds after now. Heights in one datum are compared as they are, except heights
above ground: two places have two grounds, so these differ by as much as the ground may.
"""

from dataclasses import dataclass

from crosstell.core.altitude import (
    GRAIN_M,
    Altitude,
    AltitudeData,
    Datum,
    DatumDataMissing,
    Shift,
)
from crosstell.core.detection.finding import Criterion, Reason
from crosstell.core.detection.pair import uncertain
from crosstell.core.geometry.motion import Motion


@dataclass(frozen=True, slots=True, kw_only=True)
class Rising:
    """One track's height now: value, climb, uncertainty and its growth, and what is unknown."""

    up_m: float
    climb_mps: float
    wide_m: float
    drift_mps: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heights:
    """The first track's height less the second's now; `known` False: it may be any height."""

    known: bool
    up_m: float
    climb_mps: float
    wide_m: float
    drift_mps: float
    reasons: tuple[Reason, ...]


def heights_of(
    first: Motion,
    second: Motion,
    criterion: Criterion,
    ages_s: tuple[float, float],
    data: AltitudeData,
) -> Heights:
    """How the heights of the two compare now. Implements WCL-052 and WCL-053."""
    if first.altitude is None or second.altitude is None:
        return _any(Reason.ALTITUDE_UNKNOWN)
    try:
        shift, converted = _shift(second.altitude.datum, first.altitude.datum, data)
    except DatumDataMissing:
        return _any(Reason.ALTITUDE_DATUM)
    own = _rising(first, first.altitude, criterion, ages_s[0])
    other = _rising(second, second.altitude, criterion, ages_s[1])
    return Heights(
        known=True,
        up_m=own.up_m - (other.up_m + shift.add_m),
        climb_mps=own.climb_mps - other.climb_mps,
        wide_m=own.wide_m + other.wide_m + shift.uncertainty_m,
        drift_mps=own.drift_mps + other.drift_mps,
        reasons=tuple(dict.fromkeys((*own.reasons, *other.reasons, *converted))),
    )


def _any(reason: Reason) -> Heights:
    return Heights(
        known=False,
        up_m=0.0,
        climb_mps=0.0,
        wide_m=0.0,
        drift_mps=0.0,
        reasons=(reason,),
    )


def _shift(start: Datum, to: Datum, data: AltitudeData) -> tuple[Shift, tuple[Reason, ...]]:
    """From one track's datum to the other's, and the reason that this adds."""
    if start is not to:
        shift = data.shift(start, to=to)
        wide_m = shift.uncertainty_m + GRAIN_M
        return Shift(add_m=shift.add_m, uncertainty_m=wide_m), (Reason.ALTITUDE_CONVERSION,)
    if start is not Datum.ABOVE_GROUND:
        return Shift(add_m=0.0, uncertainty_m=0.0), ()
    if data.ground is None:
        raise DatumDataMissing("two heights above ground compare with bounds of the ground only")
    ground = data.ground.shift()
    return Shift(add_m=0.0, uncertainty_m=2.0 * ground.uncertainty_m), (Reason.ALTITUDE_CONVERSION,)


def _rising(motion: Motion, altitude: Altitude, criterion: Criterion, age_s: float) -> Rising:
    wide_m, climb_mps, reasons = uncertain.upwards(motion, criterion)
    drift_mps = 0.0
    if climb_mps is None:
        climb_mps, drift_mps = 0.0, criterion.unknown_speed_mps
    elif abs(age_s) > criterion.stale_after_s:
        climb_mps, drift_mps = 0.0, max(criterion.unknown_speed_mps, abs(climb_mps))
    wide_m += 2.0 * abs(climb_mps) * max(0.0, -age_s) + drift_mps * abs(age_s)
    return Rising(
        up_m=altitude.value_m + climb_mps * age_s,
        climb_mps=climb_mps,
        wide_m=wide_m,
        drift_mps=drift_mps,
        reasons=tuple(reasons),
    )
