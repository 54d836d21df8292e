"""How wide around its last report an object may be, and what is unknown about that report.

One reading of a motion for every test that sets it against something: a zone, another track, a
well-clear volume. Metres on the WGS 84 ellipsoid sideways, metres of altitude upwards.
"""

from crosstell.core.detection.finding import Criterion, Reason
from crosstell.core.geometry.motion import Motion


def sideways(motion: Motion, criterion: Criterion, age_s: float) -> tuple[float, list[Reason]]:
    """The radius in metres at the time of the report, and what is unknown, in the order told.

    `age_s` is the report's age in seconds; below 0 it is of a time ahead.
    """
    wide_m, reasons = _accuracy(
        motion.position_accuracy_m,
        criterion.unknown_accuracy_m,
        stated=Reason.POSITION_ACCURACY,
        unknown=Reason.POSITION_ACCURACY_UNKNOWN,
    )
    if age_s < 0.0:
        reasons.append(Reason.TIME_AHEAD)
    if abs(age_s) > criterion.stale_after_s:
        reasons.append(Reason.STALE)
    if motion.velocity is None:
        reasons.append(Reason.VELOCITY_UNKNOWN)
    return wide_m, reasons


def upwards(motion: Motion, criterion: Criterion) -> tuple[float, float | None, list[Reason]]:
    """Half the height in metres at the time of the report, the rate of climb in m/s as reported or
    None, and what is unknown, in the order told.
    """
    wide_m, reasons = _accuracy(
        motion.altitude_accuracy_m,
        criterion.high_accuracy_m,
        stated=Reason.ALTITUDE_ACCURACY,
        unknown=Reason.ALTITUDE_ACCURACY_UNKNOWN,
    )
    climb_mps = None if motion.velocity is None else motion.velocity.climb_mps
    if climb_mps is None:
        reasons.append(Reason.CLIMB_UNKNOWN)
    return wide_m, climb_mps, reasons


def _accuracy(
    accuracy_m: float | None, assumed_m: float, *, stated: Reason, unknown: Reason
) -> tuple[float, list[Reason]]:
    """The source's own figure, or what the criterion assumes where it states none."""
    if accuracy_m is None:
        return assumed_m, [unknown]
    return accuracy_m, [stated] if accuracy_m > 0.0 else []
