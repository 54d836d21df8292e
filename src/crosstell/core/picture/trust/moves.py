"""Moves that no such object can make: one motion against the way that it may follow.

Units: metres, seconds. Cheap vectors in the Earth-centred frame: a chord is never longer than the
way, so it accuses nobody falsely. Each bound holds forwards and backwards in time alike, so a
measurement that reached us late is judged as well as one in time. Not a judgement of intent: a
jump is as well a fault, two emitters under one id, or an id that was given away.
"""

import math
from dataclasses import dataclass, replace
from enum import StrEnum

from crosstell.core.geometry.cartesian import RADIUS_M, Vector, ecef, heading
from crosstell.core.geometry.motion import Motion
from crosstell.core.instant import later, seconds_between
from crosstell.core.picture.trust.kind import MotionLimits

_STILL: Vector = (0.0, 0.0, 0.0)


class Implausible(StrEnum):
    """What no such object does."""

    SPEED = "speed"  # the way between two fixes, or the stated speed, is too fast
    TOO_SLOW_ALOFT = "too-slow-aloft"  # at this height it cannot be this slow
    ACCELERATION = "acceleration"  # the stated velocity changes too fast (a turn included)
    CLIMB = "climb"
    DISPLACEMENT = "displacement"  # it is not where its stated velocity leads
    FROZEN = "frozen"  # the position stands still at a stated speed
    ALTERNATING = "alternating"  # two ways in turn: ids swapped, or two emitters under one
    TIME_BACK = "time-back"  # an older time, and not where it was then
    KIND_CHANGED = "kind-changed"  # it is said to be an object of another kind than before


class Known(StrEnum):
    """Whether a way goes on from what was trusted, or only claims do."""

    TRUSTED = "trusted"
    CLAIMED = "claimed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """One way that the claims follow: its newest motion, and the one that first stood there."""

    latest: Motion
    anchor: Motion
    moves: int
    known: Known


@dataclass(frozen=True, slots=True)
class Place:
    """A motion as vectors, made once for all comparisons."""

    motion: Motion
    point: Vector
    velocity: Vector | None = None

    @classmethod
    def of(cls, motion: Motion) -> "Place":
        """The motion's place and velocity in the Earth-centred frame."""
        here, velocity = motion.position, motion.velocity
        point = ecef(here.lat_deg, here.lon_deg)
        if velocity is None:
            return cls(motion, point)
        level = heading(here.lat_deg, here.lon_deg, velocity.track_deg)
        speed = velocity.speed_mps
        return cls(motion, point, (level[0] * speed, level[1] * speed, level[2] * speed))


def place_faults(
    path: Path, new: Place, limits: MotionLimits
) -> tuple[tuple[Implausible, ...], float]:
    """Why `new` is no place on the way of `path`, and how far it misses its course."""
    anchor = Place.of(_as_first_seen(path, limits))
    faults = []
    if too_fast_m(anchor, new, limits) > 0.0:
        faults.append(Implausible.SPEED)
    miss_m, allowed_m = _miss(anchor, new, limits)
    stands = new.motion.position == path.anchor.position  # frozen or not is told by `frozen`
    if miss_m > allowed_m and not stands:
        faults.append(Implausible.DISPLACEMENT)
    return tuple(faults), miss_m


def state_faults(path: Path, new: Place, limits: MotionLimits) -> tuple[Implausible, ...]:
    """Why the velocity or height of `new` cannot follow those of `path`; its place may."""
    old = Place.of(path.latest)
    since_s = _gap_s(old, new) + limits.time_slack_s
    faults = []
    if old.velocity is not None and new.velocity is not None:
        change_mps = math.dist(old.velocity, new.velocity)
        if change_mps > limits.acceleration_mps2_max * since_s + limits.velocity_slack_mps:
            faults.append(Implausible.ACCELERATION)
    if _climbed_m(old.motion, new.motion, limits) > limits.climb_mps_max * since_s:
        faults.append(Implausible.CLIMB)
    return tuple(faults)


def own_faults(new: Place, limits: MotionLimits) -> tuple[Implausible, ...]:
    """What one motion says of itself that cannot be."""
    velocity, altitude = new.motion.velocity, new.motion.altitude
    if velocity is None:
        return ()
    faults = []
    if velocity.speed_mps > limits.speed_mps_max:
        faults.append(Implausible.SPEED)
    is_aloft = altitude is not None and altitude.value_m >= limits.aloft_m
    if is_aloft and velocity.speed_mps < limits.aloft_mps_min:
        faults.append(Implausible.TOO_SLOW_ALOFT)
    if abs(velocity.climb_mps or 0.0) > limits.climb_mps_max:
        faults.append(Implausible.CLIMB)
    return tuple(faults)


def frozen(path: Path, new: Place, limits: MotionLimits) -> tuple[Implausible, ...]:
    """Whether the position has stood for too long at the speed that it states."""
    velocity = new.motion.velocity
    if velocity is None or not is_held(path, new.motion, limits):
        return ()
    stood_s = seconds_between(path.anchor.at, new.motion.at)
    slack_m = 2.0 * _accuracy_m(new.motion, limits)
    is_frozen = stood_s >= limits.frozen_s and velocity.speed_mps * stood_s > slack_m
    return (Implausible.FROZEN,) if is_frozen else ()


def is_held(path: Path, motion: Motion, limits: MotionLimits) -> bool:
    """Whether it is where the path stood before, though it says that it moves."""
    velocity = motion.velocity
    moves = velocity is not None and velocity.speed_mps > limits.still_mps
    return moves and motion.position == path.anchor.position


def _as_first_seen(path: Path, limits: MotionLimits) -> Motion:
    """The motion that first stood where the path is, but not of longer ago than a gap can be.

    A source may hold an old position over a gap. If it has stood for longer and is not frozen, the
    object was within its accuracy of there all the time: that excuses no farther move.
    """
    stood_s = seconds_between(path.anchor.at, path.latest.at)
    if stood_s <= limits.frozen_s:
        return path.anchor
    return replace(path.anchor, at=later(path.latest.at, by_s=-limits.frozen_s))


def too_fast_m(old: Place, new: Place, limits: MotionLimits) -> float:
    """By how much the way between two places is longer than the greatest speed allows."""
    gap_s = _gap_s(old, new) + limits.time_slack_s
    slack_m = _accuracy_m(old.motion, limits) + _accuracy_m(new.motion, limits)
    return math.dist(old.point, new.point) - slack_m - limits.speed_mps_max * gap_s


def _gap_s(old: Place, new: Place) -> float:
    return abs(seconds_between(old.motion.at, new.motion.at))


def _accuracy_m(motion: Motion, limits: MotionLimits) -> float:
    known_m = motion.position_accuracy_m
    return limits.position_slack_m if known_m is None else known_m


def _miss(old: Place, new: Place, limits: MotionLimits) -> tuple[float, float]:
    """How far `new` is from where the velocity of `old` leads, and how far it may be."""
    after_s = seconds_between(old.motion.at, new.motion.at)
    vx, vy, vz = old.velocity or _STILL
    x, y, z = old.point
    led = (x + vx * after_s, y + vy * after_s, z + vz * after_s)
    miss_m = math.dist(led, new.point)
    if old.velocity is None:
        return miss_m, math.inf
    gap_s = abs(after_s)
    slack_s = gap_s + limits.time_slack_s
    speed_mps = math.hypot(vx, vy, vz)
    allowed_m = _accuracy_m(old.motion, limits) + _accuracy_m(new.motion, limits)
    allowed_m += speed_mps * limits.time_slack_s + limits.velocity_slack_mps * gap_s
    allowed_m += 0.5 * limits.acceleration_mps2_max * slack_s * slack_s
    allowed_m += (speed_mps * gap_s) ** 2 / (2.0 * RADIUS_M)  # straight on leaves the ground
    return miss_m, allowed_m


def _climbed_m(old: Motion, new: Motion, limits: MotionLimits) -> float:
    """The change of altitude beyond its accuracy; 0 where it cannot be told."""
    if old.altitude is None or new.altitude is None or old.altitude.datum != new.altitude.datum:
        return 0.0
    slack_m = 0.0
    for motion in (old, new):
        known_m = motion.altitude_accuracy_m
        slack_m += limits.altitude_slack_m if known_m is None else known_m
    return abs(new.altitude.value_m - old.altitude.value_m) - slack_m
