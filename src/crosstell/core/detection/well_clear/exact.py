"""When two aircraft on straight courses violate a well-clear volume, in closed form.

Units: metres, seconds. Frame: any level Euclidean frame, such as local east-north-up; only the
relative state counts. Symbols: s = first less second, v likewise, D T Z C the thresholds DTHR TTHR
ZTHR TCOA, a = v.v, b = s.v, g = s.s - D^2, x = s x v, q = D^2 a - x^2 (not negative where the
nearest approach is within D).

Level part: |s| <= D, or closing, nearest approach within D, and modified tau -g / b <= T, that is
g + T b <= 0. Along the course that is one closed interval of time: from the smaller root of
a t^2 + (2 b + T a) t + g + T b to the larger root of a t^2 + 2 b t + g. Its smaller root over the
sum -b - h + sqrt(q + h^2), h = T a / 2, loses no digits far away. Inside, where g is not positive,
b^2 - a g is q without loss of digits. Outside, whether q is negative is read from the products, as
in `violates`; how large it is, from its factors D |v| - |x| and D |v| + |x|: a touch lasts no time.
Upright part: |sz| <= Z, or closing and reaching co-altitude within C: from |sz| = max(Z, C |vz|)
before to |sz| = Z after. The violation is where both hold.

Source: Narkawicz, Munoz et al., A Family of Well-Clear Boundary Models, AIAA 2014-2412. Every
bound is closed: equal is a violation. The operations and their order are those of `arrays` and of
native/well_clear.c, so that all three give the same bits.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields

from crosstell.core.detection.pair.band import Span
from crosstell.core.detection.well_clear.thresholds import Thresholds

STILL_MPS = 1e-13  # slower is taken as still: under a tenth of a nanometre in a quarter of an hour
STILL_2 = STILL_MPS * STILL_MPS
LINGERS_2 = 1e-13  # slower, squared, who is within DTHR stays there: 60 micrometres in 180 s
METRES_MAX = 1e9  # a state beyond is a mistake; within, nothing overflows
MPS_MAX = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class EnuState:
    """Where an aircraft is and how it moves in a local frame: east, north, up. Not rounded."""

    east_m: float
    north_m: float
    up_m: float
    east_mps: float
    north_mps: float
    up_mps: float

    def __post_init__(self) -> None:
        """Refuse what is not a finite number, by name. WCL-014."""
        for field in fields(self):
            value = getattr(self, field.name)
            most = METRES_MAX if field.name.endswith("_m") else MPS_MAX
            if not abs(value) <= most:
                raise ValueError(f"state: {field.name} is {value}; give a number within {most:g}")

    @classmethod
    def of(cls, place_m: Sequence[float], velocity_mps: Sequence[float]) -> "EnuState":
        """From two vectors of three numbers: east, north, up. Implements WCL-017."""
        for name, vector in (("place_m", place_m), ("velocity_mps", velocity_mps)):
            if len(vector) != 3:
                raise ValueError(f"state: {name} has {len(vector)} numbers; give east, north, up")
        (east_m, north_m, up_m), (east_mps, north_mps, up_mps) = place_m, velocity_mps
        return cls(
            east_m=float(east_m),
            north_m=float(north_m),
            up_m=float(up_m),
            east_mps=float(east_mps),
            north_mps=float(north_mps),
            up_mps=float(up_mps),
        )

    def less(self, other: "EnuState") -> "EnuState":
        """This state relative to `other`, of the same frame and instant."""
        return EnuState(
            east_m=self.east_m - other.east_m,
            north_m=self.north_m - other.north_m,
            up_m=self.up_m - other.up_m,
            east_mps=self.east_mps - other.east_mps,
            north_mps=self.north_mps - other.north_mps,
            up_mps=self.up_mps - other.up_mps,
        )

    def after(self, time_s: float) -> "EnuState":
        """This state `time_s` later, straight on."""
        return EnuState(
            east_m=self.east_m + self.east_mps * time_s,
            north_m=self.north_m + self.north_mps * time_s,
            up_m=self.up_m + self.up_mps * time_s,
            east_mps=self.east_mps,
            north_mps=self.north_mps,
            up_mps=self.up_mps,
        )


def violates(relative: EnuState, volume: Thresholds) -> bool:
    """Whether the volume is violated now. Implements WCL-010 and WCL-011."""
    return _violates_level(relative, volume) and _violates_upright(relative, volume)


def violation(
    relative: EnuState, volume: Thresholds, *, end_s: float, start_s: float = 0.0
) -> Span | None:
    """From when until when the volume is violated within the closed [start_s, end_s]; or None.

    A touch is a violation that lasts no time. Implements WCL-012 and WCL-013.
    """
    if not (math.isfinite(start_s) and math.isfinite(end_s) and start_s <= end_s):
        raise ValueError(f"violation from {start_s} s to {end_s} s: give finite times in order")
    if start_s != 0.0:
        found = violation(relative.after(start_s), volume, end_s=end_s - start_s)
        return _moved(found, start_s, end_s)
    level = level_span(relative, volume)
    if level is None:
        return None
    upright = upright_span(relative, volume)
    if upright is None:
        return None
    both = level.within(upright).within(Span(0.0, end_s))
    return None if both.is_empty else both


def time_to_violation(relative: EnuState, volume: Thresholds, *, end_s: float) -> float | None:
    """Seconds until the volume is violated, 0 if it is; None if not by `end_s`."""
    found = violation(relative, volume, end_s=end_s)
    return None if found is None else found.start_s


def level_span(relative: EnuState, volume: Thresholds) -> Span | None:
    """From now on: when the level part is violated, its end unbounded only if still; or None."""
    sx, sy, vx, vy = relative.east_m, relative.north_m, relative.east_mps, relative.north_mps
    distance_2 = volume.distance_m * volume.distance_m
    a = vx * vx + vy * vy
    g = (sx * sx + sy * sy) - distance_2
    b = sx * vx + sy * vy
    if g <= 0.0:
        return Span(0.0, _end_inside(a, b, g))
    x = abs(sx * vy - sy * vx)
    if a < STILL_2 or b >= 0.0 or distance_2 * a - x * x < 0.0:
        return None
    along = volume.distance_m * math.sqrt(a)
    q = max(0.0, (along - x) * (along + x))
    end_s = (math.sqrt(q) - b) / a
    c = g + volume.tau_s * b
    if c <= 0.0:
        return Span(0.0, end_s)
    h = 0.5 * volume.tau_s * a
    sum_ = (-b - h) + math.sqrt(q + h * h)
    return Span(min(c / sum_, end_s) if sum_ > 0.0 else 0.0, end_s)


def _end_inside(a: float, b: float, g: float) -> float:
    """When one that is within DTHR leaves it."""
    if a < LINGERS_2:
        return math.inf
    root = math.sqrt(b * b - a * g)
    return (root - b) / a if b <= 0.0 else -g / (b + root)


def upright_span(relative: EnuState, volume: Thresholds) -> Span | None:
    """From now on: when the upright part is violated; or None."""
    speed_mps = abs(relative.up_mps)
    if speed_mps < STILL_MPS:
        return Span(0.0, math.inf) if abs(relative.up_m) <= volume.height_m else None
    along_m = relative.up_m if relative.up_mps > 0.0 else -relative.up_m
    reach_m = max(volume.height_m, speed_mps * volume.coaltitude_s)
    end_s = (volume.height_m - along_m) / speed_mps
    return Span(max(0.0, (-along_m - reach_m) / speed_mps), end_s) if end_s >= 0.0 else None


def _violates_level(relative: EnuState, volume: Thresholds) -> bool:
    sx, sy, vx, vy = relative.east_m, relative.north_m, relative.east_mps, relative.north_mps
    distance_2 = volume.distance_m * volume.distance_m
    g = (sx * sx + sy * sy) - distance_2
    if g <= 0.0:
        return True
    a = vx * vx + vy * vy
    b = sx * vx + sy * vy
    x = sx * vy - sy * vx
    closing = a >= STILL_2 and b < 0.0
    return closing and distance_2 * a - x * x >= 0.0 and g + volume.tau_s * b <= 0.0


def _violates_upright(relative: EnuState, volume: Thresholds) -> bool:
    gap_m, speed_mps = abs(relative.up_m), abs(relative.up_mps)
    if gap_m <= volume.height_m:
        return True
    closing = speed_mps >= STILL_MPS and (relative.up_m > 0.0) != (relative.up_mps > 0.0)
    return closing and gap_m <= speed_mps * volume.coaltitude_s


def _moved(found: Span | None, start_s: float, end_s: float) -> Span | None:
    """The span counted from `start_s` earlier, never past `end_s`."""
    if found is None:
        return None
    return Span(min(found.start_s + start_s, end_s), min(found.end_s + start_s, end_s))
