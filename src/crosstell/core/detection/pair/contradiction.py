"""Whether two states told of one object can both be true, aspect by aspect.

Units: metres, seconds, metres per second. Symbols: t the time between the two states; s the slack
of both times together; w the width, what accuracies and the kind's bounds allow between them.

Both can be true only if each of these holds, whatever the object did (the kind's bounds: greatest
speed V, change of velocity A, climb), so each that fails is a contradiction by itself:
- the places are no further apart than w + V (t + s);
- where the stated velocity of the earlier leads in t is no further from the later place than
  w + v s + c (t + s) + A (t + s)^2 / 2, v the stated speed, c what a velocity may be wrong by;
  so is where the later one's leads back. Geodesics part no faster than lines on the plane, for the
  ellipsoid curves positively (H. Karcher, Riemannian comparison constructions, 1989).
Accuracies add: errors of two sources may go in opposite directions, and nothing says that they
are independent.

A verdict here is about what was told, not about intent: one identity may be two objects, a wrong
address, a copy, a late feed or a wrong datum. Nothing says which of the two is right.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from crosstell.core.altitude import (
    GRAIN_M,
    NO_ALTITUDE_DATA,
    Altitude,
    AltitudeData,
    DatumDataMissing,
)
from crosstell.core.detection.identity.keys import shared_kinds
from crosstell.core.detection.pair.kind import MotionLimits
from crosstell.core.geometry.cartesian import RADIUS_M, Vector, ecef, heading
from crosstell.core.geometry.geodesic import along, course, distance_m, polar
from crosstell.core.geometry.motion import Motion, Velocity
from crosstell.core.geometry.position import Position
from crosstell.core.instant import seconds_between
from crosstell.core.picture.track import Hint

TIE_M = 0.000_5  # what equals its width, to the millimetre, can be true
TIE_MPS = 0.000_5
LED_M = 0.02  # a position is held to 1e-7 degree
STANDING_MPS = 5.0  # slower than this a difference in place says nothing of time
BENT = 1.6  # a right angle over the chord that spans it is 1.11; the rest is flattening and turn


class Consistency(StrEnum):
    """Whether two states of one object can both be true in one aspect."""

    CONTRADICTS = "contradicts"
    CONSISTENT = "consistent"  # both can be true; not that they are the same, nor that either is
    NOT_TESTABLE = "not-testable"  # never the same as consistent


class Aspect(StrEnum):
    """In what two states are compared."""

    POSITION = "position"
    TIME = "time"
    ALTITUDE = "altitude"
    VELOCITY = "velocity"
    IDENTITY = "identity"


class Untestable(StrEnum):
    """Why an aspect cannot be tested."""

    POSITION_ACCURACY_UNKNOWN = "position-accuracy-unknown"
    ALTITUDE_UNKNOWN = "altitude-unknown"
    ALTITUDE_ACCURACY_UNKNOWN = "altitude-accuracy-unknown"
    ALTITUDE_DATUM = "altitude-datum"
    VELOCITY_UNKNOWN = "velocity-unknown"
    VELOCITY_ACCURACY_UNKNOWN = "velocity-accuracy-unknown"
    APART_IN_TIME = "apart-in-time"
    STANDING = "standing"  # too slow for a place to tell a time
    NOT_BY_TIME = "not-by-time"  # off the course: no difference in time explains it
    NOTHING_IN_COMMON = "nothing-in-common"  # no kind of lasting identity given by both


class Assumed(StrEnum):
    """A figure that stands for one that nobody stated."""

    POSITION_ACCURACY = "position-accuracy"
    ALTITUDE_ACCURACY = "altitude-accuracy"
    VELOCITY_ACCURACY = "velocity-accuracy"
    TIME_ACCURACY = "time-accuracy"
    KIND_BOUNDS = "kind-bounds"


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What is allowed before two states contradict each other.

    `limits` are the bounds of the object's kind, and what stands for what is not stated. Stated
    accuracies are taken `accuracy_times` times, since a source states a level and not a bound.
    States further apart in time than `apart_s` are never found consistent: almost any two are.
    """

    limits: MotionLimits
    accuracy_times: float = 2.0
    apart_s: float = 60.0

    def __post_init__(self) -> None:
        """Refuse what would shrink an accuracy."""
        if not math.isfinite(self.accuracy_times) or self.accuracy_times < 1.0:
            raise ValueError(f"accuracy times {self.accuracy_times}: give a number from 1 up")
        if not math.isfinite(self.apart_s) or self.apart_s < 0.0:
            raise ValueError(f"apart by {self.apart_s} s: give seconds from 0 up")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One state as it was told; `conversion_m` is what its altitude was widened by before."""

    motion: Motion
    hints: tuple[Hint, ...] = ()
    conversion_m: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One aspect of two states: the verdict, why it is not testable, what was assumed for it.

    `off` is by how much the two differ at one instant: metres for position and altitude, seconds
    for time (above 0: the second is ahead along its course), metres per second for velocity;
    `least` and `most` are the least and the most that it may be. None: not compared.
    """

    verdict: Consistency
    because: tuple[Untestable, ...] = ()
    assumed: tuple[Assumed, ...] = ()
    off: float | None = None
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """How two states told of one object stand to each other, in every aspect."""

    position: Compared
    time: Compared
    altitude: Compared
    velocity: Compared
    identity: Compared

    def of(self, aspect: Aspect) -> Compared:
        """What was found in that aspect."""
        found: Compared = getattr(self, aspect.value)
        return found

    @property
    def contradicts(self) -> tuple[Aspect, ...]:
        """The aspects in which both cannot be true."""
        return tuple(
            aspect for aspect in Aspect if self.of(aspect).verdict is Consistency.CONTRADICTS
        )


@dataclass(frozen=True, slots=True)
class _Gap:
    """How far apart by one of the bounds, and how far they may be."""

    off_m: float
    width_m: float

    @property
    def beyond_m(self) -> float:
        return self.off_m - self.width_m


@dataclass(frozen=True, slots=True)
class _Between:
    """Two states in time order, and what is allowed between them."""

    old: Told
    new: Told
    allowed: Allowance

    @property
    def gap_s(self) -> float:
        return seconds_between(self.old.motion.at, self.new.motion.at)

    @property
    def slack_s(self) -> float:
        """Both times may be wrong, by two clocks."""
        return 2.0 * self.allowed.limits.time_slack_s

    @property
    def is_apart(self) -> bool:
        return self.gap_s > self.allowed.apart_s

    def width_m(self, known: Callable[[Motion], float | None], unknown_m: float) -> float:
        """Both accuracies, at the level that is allowed for; the assumed one where unknown."""
        stated = (known(self.old.motion), known(self.new.motion))
        times = self.allowed.accuracy_times
        return sum(unknown_m if one is None else times * one for one in stated)

    @property
    def place_m(self) -> float:
        """What both positions may be wrong by."""
        assumed_m = self.allowed.limits.position_slack_m
        return self.width_m(lambda each: each.position_accuracy_m, assumed_m)

    def drift_m(self, speed_mps: float) -> float:
        """How far an object may get from where a stated speed leads."""
        limits, freely_s = self.allowed.limits, self.gap_s + self.slack_s
        turned_m = 0.5 * limits.acceleration_mps2_max * freely_s * freely_s
        return speed_mps * self.slack_s + limits.velocity_slack_mps * freely_s + turned_m


def contradiction(
    first: Told, second: Told, allowed: Allowance, data: AltitudeData = NO_ALTITUDE_DATA
) -> Contradiction:
    """How two states told of one object stand to each other: what of both cannot be true.

    `data` converts altitudes at their place. The answer is the same when the two change places,
    but for the sign of the difference in time. Implements CTR-001 to CTR-013, CTR-015.
    """
    backwards = _order(second) < _order(first)
    between = _Between(*((second, first) if backwards else (first, second)), allowed)
    position = _position(between)
    return Contradiction(
        position=position,
        time=_time(between, position, sign=-1.0 if backwards else 1.0),
        altitude=_altitude(between, data),
        velocity=_velocity(between),
        identity=_identity(first.hints, second.hints),
    )


def _identity(first: tuple[Hint, ...], second: tuple[Hint, ...]) -> Compared:
    """Whether the kinds of lasting identity that both give differ."""
    shared = shared_kinds(first, second)
    if not shared:
        why = (Untestable.NOTHING_IN_COMMON,)
        return Compared(verdict=Consistency.NOT_TESTABLE, because=why)
    is_same = all(shared.values())
    return Compared(verdict=Consistency.CONSISTENT if is_same else Consistency.CONTRADICTS)


def _order(told: Told) -> tuple[object, str]:
    return told.motion.at, repr(told)


def _position(between: _Between) -> Compared:
    """The bound that fails by most is told; if none fails, the one that leaves least room."""
    limits, old, new = between.allowed.limits, between.old.motion, between.new.motion
    width_m = between.place_m
    reach_m = limits.speed_mps_max * (between.gap_s + between.slack_s)
    gaps = [_Gap(distance_m(old.position, new.position), width_m + reach_m)]
    for here, there, sign in ((old, new, 1.0), (new, old, -1.0)):
        velocity = here.velocity
        if velocity is None:
            continue
        led, _ = _led(here, velocity, sign * between.gap_s)
        drift_m = between.drift_m(velocity.speed_mps)
        gaps.append(_Gap(distance_m(led, there.position), width_m + drift_m + LED_M))
    assumed = [Assumed.TIME_ACCURACY, Assumed.KIND_BOUNDS]
    if len(gaps) > 1:
        assumed.append(Assumed.VELOCITY_ACCURACY)
    is_stated = None not in (old.position_accuracy_m, new.position_accuracy_m)
    unknown = () if is_stated else (Untestable.POSITION_ACCURACY_UNKNOWN,)
    if unknown:
        assumed.append(Assumed.POSITION_ACCURACY)
    return _compared(between, gaps, unknown, tuple(assumed))


def _compared(
    between: _Between,
    gaps: list[_Gap],
    unknown: tuple[Untestable, ...],
    assumed: tuple[Assumed, ...],
) -> Compared:
    """The verdict by the bound that fails by most, or fails least."""
    worst = max(gaps, key=lambda gap: gap.beyond_m)
    because = (*unknown, *((Untestable.APART_IN_TIME,) if between.is_apart else ()))
    verdict: Consistency = Consistency.NOT_TESTABLE if because else Consistency.CONSISTENT
    if worst.beyond_m > TIE_M:
        verdict, because = Consistency.CONTRADICTS, ()
    return Compared(
        verdict=verdict,
        because=because,
        assumed=assumed,
        off=worst.off_m,
        least=max(0.0, worst.beyond_m),
        most=worst.off_m + worst.width_m,
    )


def _led(motion: Motion, velocity: Velocity, after_s: float) -> tuple[Position, float]:
    """Where a stated velocity leads, and the course there."""
    way = course(motion.position, track_deg=velocity.track_deg)
    lat_deg, lon_deg, track_deg = along(way, velocity.speed_mps * after_s)
    return Position(lat_deg=lat_deg, lon_deg=lon_deg), track_deg


def _time(between: _Between, position: Compared, *, sign: float) -> Compared:
    """Whether a difference in time alone would explain that the positions contradict."""
    if position.verdict is Consistency.NOT_TESTABLE:
        return Compared(verdict=Consistency.NOT_TESTABLE, because=position.because)
    old, new = between.old.motion, between.new.motion
    velocity = old.velocity if old.velocity is not None else new.velocity
    if velocity is None or velocity.speed_mps < STANDING_MPS:
        why = Untestable.VELOCITY_UNKNOWN if velocity is None else Untestable.STANDING
        return Compared(verdict=Consistency.NOT_TESTABLE, because=(why,))
    is_old = old.velocity is not None
    here, there = (old, new) if is_old else (new, old)
    led, track_deg = _led(here, velocity, between.gap_s if is_old else -between.gap_s)
    range_m, _, bearing_deg = polar(there.position.lat_deg, there.position.lon_deg, led)
    angle = math.radians(bearing_deg - track_deg)
    along_m, aside_m = range_m * math.cos(angle), abs(range_m * math.sin(angle))
    width_m = between.place_m + between.drift_m(velocity.speed_mps)
    wide_m = width_m - velocity.speed_mps * between.slack_s
    verdict: Consistency = position.verdict
    because: tuple[Untestable, ...] = ()
    is_explained = aside_m <= wide_m and abs(along_m) > width_m
    if verdict is Consistency.CONTRADICTS and not is_explained:
        verdict, because = Consistency.NOT_TESTABLE, (Untestable.NOT_BY_TIME,)
    ahead_s = along_m / velocity.speed_mps * (sign if is_old else -sign)
    wide_s = wide_m / velocity.speed_mps
    return Compared(
        verdict=verdict,
        because=because,
        assumed=position.assumed,
        off=ahead_s,
        least=ahead_s - wide_s,
        most=ahead_s + wide_s,
    )


def _altitude(between: _Between, data: AltitudeData) -> Compared:
    """Climb bound and, where a climb is stated, where it leads; each in the later one's datum."""
    old, new = between.old.motion, between.new.motion
    if old.altitude is None or new.altitude is None:
        why = (Untestable.ALTITUDE_UNKNOWN,)
        return Compared(verdict=Consistency.NOT_TESTABLE, because=why)
    try:
        rise_m, wide_m = _rise(old.altitude, new.altitude, data)
    except DatumDataMissing:
        why = (Untestable.ALTITUDE_DATUM,)
        return Compared(verdict=Consistency.NOT_TESTABLE, because=why)
    limits, gap_s = between.allowed.limits, between.gap_s
    wide_m += between.old.conversion_m + between.new.conversion_m
    wide_m += between.width_m(lambda each: each.altitude_accuracy_m, limits.altitude_slack_m)
    gaps = [_Gap(abs(rise_m), wide_m + limits.climb_mps_max * (gap_s + between.slack_s))]
    for motion in (old, new):
        climb_mps = motion.velocity.climb_mps if motion.velocity is not None else None
        if climb_mps is not None:
            off_m = abs(rise_m - climb_mps * gap_s)
            gaps.append(_Gap(off_m, wide_m + between.drift_m(abs(climb_mps))))
    assumed = [Assumed.TIME_ACCURACY, Assumed.KIND_BOUNDS]
    if len(gaps) > 1:
        assumed.append(Assumed.VELOCITY_ACCURACY)
    is_stated = None not in (old.altitude_accuracy_m, new.altitude_accuracy_m)
    unknown = () if is_stated else (Untestable.ALTITUDE_ACCURACY_UNKNOWN,)
    if unknown:
        assumed.append(Assumed.ALTITUDE_ACCURACY)
    return _compared(between, gaps, unknown, tuple(assumed))


def _rise(old: Altitude, new: Altitude, data: AltitudeData) -> tuple[float, float]:
    """From the one height up to the other, and what the conversion may be wrong by."""
    shift = data.shift(old.datum, to=new.datum)
    wide_m = 0.0 if old.datum is new.datum else shift.uncertainty_m + GRAIN_M
    return new.value_m - old.value_m - shift.add_m, wide_m


def _velocity(between: _Between) -> Compared:
    """The vectors over ground; no source states an accuracy for them, so none is consistent."""
    old, new, limits = between.old.motion, between.new.motion, between.allowed.limits
    if old.velocity is None or new.velocity is None:
        why = (Untestable.VELOCITY_UNKNOWN,)
        return Compared(verdict=Consistency.NOT_TESTABLE, because=why)
    off_mps = math.dist(_vector(old.position, old.velocity), _vector(new.position, new.velocity))
    here, there = (ecef(one.lat_deg, one.lon_deg) for one in (old.position, new.position))
    bent_mps = min(old.velocity.speed_mps, new.velocity.speed_mps)
    bent_mps *= BENT * math.dist(here, there) / RADIUS_M  # level here is not level there
    freely_s = between.gap_s + between.slack_s
    bent_mps += BENT * limits.speed_mps_max**2 * freely_s / RADIUS_M  # nor on the way
    width_mps = limits.acceleration_mps2_max * freely_s
    width_mps += 2.0 * limits.velocity_slack_mps + bent_mps
    differs = off_mps - width_mps > TIE_MPS
    return Compared(
        verdict=Consistency.CONTRADICTS if differs else Consistency.NOT_TESTABLE,
        because=() if differs else (Untestable.VELOCITY_ACCURACY_UNKNOWN,),
        assumed=(Assumed.TIME_ACCURACY, Assumed.KIND_BOUNDS, Assumed.VELOCITY_ACCURACY),
        off=off_mps,
        least=max(0.0, off_mps - width_mps),
        most=off_mps + width_mps,
    )


def _vector(position: Position, velocity: Velocity) -> Vector:
    level = heading(position.lat_deg, position.lon_deg, velocity.track_deg)
    speed = velocity.speed_mps
    return (level[0] * speed, level[1] * speed, level[2] * speed)
