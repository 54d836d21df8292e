"""When a well-clear volume may be violated, at worst: what is unknown widens each part.

Units: metres, seconds. Symbols as in `exact`, with V = |v|, h = T V / 2, w the uncertainty of the
relative position, y the offset of the course.

Level part. In the frame of the course the volume is, ahead, the disc of radius r = sqrt(D^2 + h^2)
round a point h ahead of the other aircraft, cut to offsets within D, and behind, the disc of radius
D. Adding w to D alone would lose violations, since the front of the first disc moves by less than
w. Grown by w, the volume lies within the disc of radius r + w cut to offsets within D + w, and the
disc of radius D + w: these two are used.
"""

import math

from crosstell.core.detection.pair.band import Span
from crosstell.core.detection.well_clear.exact import LINGERS_2, STILL_2, STILL_MPS, EnuState
from crosstell.core.detection.well_clear.thresholds import Thresholds


def reach_m(volume: Thresholds, *, closing_mps: float) -> float:
    """The farthest apart that two can violate the level part at a relative speed up to this.

    For a search of candidates: farther apart, at any instant, there is no violation. WCL-059.
    """
    h = 0.5 * volume.tau_s * closing_mps
    return h + math.hypot(volume.distance_m, h)


def level_worst(relative: EnuState, volume: Thresholds, *, wide_m: float) -> Span | None:
    """From now on: when the level part may be violated if the place is known to `wide_m`; or None.

    Implements WCL-050.
    """
    sx, sy, vx, vy = relative.east_m, relative.north_m, relative.east_mps, relative.north_mps
    distance_m = volume.distance_m + wide_m
    speed_2 = vx * vx + vy * vy
    if speed_2 < LINGERS_2 and math.hypot(sx, sy) <= distance_m:
        return Span(0.0, math.inf)
    if speed_2 < STILL_2:
        return None
    speed_mps = math.sqrt(speed_2)
    offset_m = abs(sx * vy - sy * vx) / speed_mps
    if offset_m > distance_m:
        return None
    ahead_m = -(sx * vx + sy * vy) / speed_mps
    h = 0.5 * volume.tau_s * speed_mps
    front_m = h + _chord(math.hypot(volume.distance_m, h) + wide_m, offset_m)
    end_s = (ahead_m + _chord(distance_m, offset_m)) / speed_mps
    return Span(max(0.0, (ahead_m - front_m) / speed_mps), end_s) if end_s >= 0.0 else None


def level_adrift(
    distance_m: float, volume: Thresholds, *, wide_m: float, drift_mps: float
) -> Span | None:
    """The same where a course is unknown: the distance may change at up to `drift_mps`.

    The volume reaches farthest straight ahead of a course at that speed. Implements WCL-051.
    """
    gap_m = distance_m - wide_m - reach_m(volume, closing_mps=drift_mps)
    if gap_m <= 0.0:
        return Span(0.0, math.inf)
    return Span(gap_m / drift_mps, math.inf) if drift_mps > STILL_MPS else None


def upright_worst(
    relative: EnuState, volume: Thresholds, *, wide_m: float, drift_mps: float
) -> Span | None:
    """From now on: when the upright part may be violated; `wide_m` grows by `drift_mps`; or None.

    Implements WCL-052.
    """
    climb_mps = abs(relative.up_mps)
    along_m = relative.up_m if relative.up_mps > 0.0 else -relative.up_m
    reach_m = max(volume.height_m, (climb_mps + drift_mps) * volume.coaltitude_s) + wide_m
    start_s = _until(-along_m - reach_m, climb_mps + drift_mps)
    if start_s is None:
        return None
    room_m = (reach_m if drift_mps > 0.0 else volume.height_m + wide_m) - along_m
    if climb_mps - drift_mps > STILL_MPS:
        end_s = room_m / (climb_mps - drift_mps)
    elif drift_mps - climb_mps > STILL_MPS and room_m < 0.0:
        start_s = max(start_s, -room_m / (drift_mps - climb_mps))
        end_s = math.inf
    else:
        end_s = math.inf if room_m >= 0.0 else -math.inf
    return Span(start_s, end_s) if end_s >= start_s else None


def _until(gap_m: float, rate_mps: float) -> float | None:
    """When a gap that closes at `rate_mps` is closed; None if never."""
    if gap_m <= 0.0:
        return 0.0
    return gap_m / rate_mps if rate_mps > STILL_MPS else None


def _chord(radius_m: float, offset_m: float) -> float:
    """Half the chord of a circle at `offset_m` from its centre."""
    return math.sqrt(max(0.0, (radius_m - offset_m) * (radius_m + offset_m)))
