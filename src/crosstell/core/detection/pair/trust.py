"""Whether a track's positions can be trusted: moves that no such object can make.

Units: metres, seconds. Cheap vectors in the Earth-centred frame: a chord is never longer than the
way, so it accuses nobody falsely. Not a judgement of intent: a jump is as well a fault, two
emitters under one id, or an id that was given away.

Rules of this file
- One step per observation, whatever the length of the track: `advanced` keeps the last motion of
  each way that the claims follow, at most PATHS_MAX.
- While positions are not trusted, what was last trusted stands; every claim stands beside it.
- Trust is regained by moves that fit one another, of one way alone, from a place to which the
  object could have come since it was last trusted.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from crosstell.core.detection.finding import Assessed, Criterion, Encounter, Reason
from crosstell.core.detection.pair.kind import MotionLimits
from crosstell.core.geometry.cartesian import RADIUS_M, Vector, ecef, heading
from crosstell.core.geometry.motion import Motion
from crosstell.core.instant import seconds_between

PATHS_MAX = 4
SWITCHES_MIN = 3  # changes between two ways that make them two ways and not an outlier
_STILL: Vector = (0.0, 0.0, 0.0)


class Standing(StrEnum):
    """Whether the positions of a track can be used as reported."""

    TRUSTWORTHY = "trustworthy"
    NOT_TRUSTWORTHY = "not-trustworthy"
    NOT_TESTABLE = "not-testable"  # one motion alone shows no move


class Implausible(StrEnum):
    """What no such object does."""

    SPEED = "speed"  # the way between two fixes, or the stated speed, is too fast
    TOO_SLOW_ALOFT = "too-slow-aloft"  # at this height it cannot be this slow
    ACCELERATION = "acceleration"  # the stated velocity changes too fast (a turn included)
    CLIMB = "climb"
    DISPLACEMENT = "displacement"  # it is not where its stated velocity leads
    FROZEN = "frozen"  # the position stands still at a stated speed
    ALTERNATING = "alternating"  # two ways in turn: ids swapped, or two emitters under one
    TIME_BACK = "time-back"


class Basis(StrEnum):
    """As what a motion is judged."""

    REPORTED = "reported"
    LAST_TRUSTED = "last-trusted"  # in every direction from there, never as reported
    CLAIMED = "claimed"  # cannot be ruled out, never infringes


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """One way that the claims follow: its newest motion, and the one that first stood there."""

    latest: Motion
    anchor: Motion
    moves: int
    from_trusted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """What is held of one track's trustworthiness; `paths` with the one last followed first.

    `since` is the time of the first motion that was not believed, `because` what was seen since.
    `run` counts the fitting moves of the first path since the last fault or change of path.
    """

    standing: Standing
    last_trusted: Motion
    paths: tuple[Path, ...]
    because: tuple[Implausible, ...] = ()
    since: datetime | None = None
    run: int = 0
    switches: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One motion that detection evaluates for a track, and as what."""

    motion: Motion
    basis: Basis


@dataclass(frozen=True, slots=True)
class _Place:
    """A motion as vectors, made once for all comparisons."""

    motion: Motion
    point: Vector
    velocity: Vector | None = field(default=None)

    @classmethod
    def of(cls, motion: Motion) -> "_Place":
        here, velocity = motion.position, motion.velocity
        point = ecef(here.lat_deg, here.lon_deg)
        if velocity is None:
            return cls(motion, point)
        level = heading(here.lat_deg, here.lon_deg, velocity.track_deg)
        speed = velocity.speed_mps
        return cls(motion, point, (level[0] * speed, level[1] * speed, level[2] * speed))


def begun(motion: Motion) -> Trust:
    """The first motion of a track: nothing to compare it with."""
    path = Path(latest=motion, anchor=motion, moves=0, from_trusted=True)
    return Trust(standing=Standing.NOT_TESTABLE, last_trusted=motion, paths=(path,))


def trust_of(history: Iterable[Motion], limits: MotionLimits) -> Trust:
    """The trust after these motions, in order of arrival; at least one. Implements TRU-001."""
    trust: Trust | None = None
    for motion in history:
        trust = begun(motion) if trust is None else advanced(trust, motion, limits)
    assert trust is not None, "a track without motion has no trust; ask for one that has"
    return trust


def advanced(trust: Trust, motion: Motion, limits: MotionLimits) -> Trust:
    """The trust after one more motion. Implements TRU-002 to TRU-015."""
    front = trust.paths[0]
    behind_s = seconds_between(motion.at, front.latest.at)
    if behind_s > limits.time_slack_s:
        return _lost(trust, (Implausible.TIME_BACK,), motion, trust.paths)
    if behind_s > 0.0 or motion == front.latest:
        return trust
    new = _Place.of(motion)
    own = (*_alone(new, limits), *_frozen(front, new, limits))
    tried = [_place_faults(path, new, limits) for path in trust.paths]
    fits = [(miss_m, index) for index, (faults, miss_m) in enumerate(tried) if not faults]
    if not fits:
        path = Path(latest=motion, anchor=motion, moves=0, from_trusted=False)
        faults = (*tried[0][0], *_state_faults(front, new, limits), *own)
        return _lost(trust, faults, motion, (path, *trust.paths)[:PATHS_MAX])
    chosen = min(fits)[1]
    followed = trust.paths[chosen]
    faults = (*_state_faults(followed, new, limits), *own)
    path = _followed(followed, motion)
    paths = (path, *trust.paths[:chosen], *trust.paths[chosen + 1 :])
    if faults:
        return _lost(trust, faults, motion, paths)
    if trust.standing is not Standing.NOT_TRUSTWORTHY:
        return _trusted(path)
    return _weighed(replace(trust, paths=paths), changed=chosen > 0, limits=limits)


def judged(trust: Trust, limits: MotionLimits, now: datetime) -> tuple[Judged, ...]:
    """The motions that detection evaluates, the newest first. Implements TRU-020 to TRU-022.

    Trusted: the newest as reported. Not trusted: the newest of every way as claimed, and the
    last trusted one, from which the object may have gone anywhere. Those older than
    `limits.claim_s` are left out, but the newest: of the rest the last word was long ago.
    """
    front = trust.paths[0].latest
    if trust.standing is not Standing.NOT_TRUSTWORTHY:
        return (Judged(motion=front, basis=Basis.REPORTED),)
    recent = (
        path.latest
        for path in trust.paths[1:]
        if seconds_between(path.latest.at, now) <= limits.claim_s
    )
    claims = [Judged(motion=motion, basis=Basis.CLAIMED) for motion in (front, *recent)]
    last = trust.last_trusted
    if seconds_between(last.at, now) > limits.claim_s:
        return tuple(claims)
    kept = [claim for claim in claims if claim.motion != last]
    return (*kept, Judged(motion=last, basis=Basis.LAST_TRUSTED))


def judged_motions(
    history: Iterable[Motion], limits: MotionLimits, now: datetime
) -> tuple[Judged, ...]:
    """The same, from a track's motions in time order. Implements TRU-020."""
    return judged(trust_of(history, limits), limits, now)


def encounter_of(
    motions: tuple[Judged, ...],
    criterion: Criterion,
    pair: Callable[[Motion, Criterion], Encounter],
) -> Encounter:
    """How a track stands, whatever it is judged by: `pair` of each motion, all together.

    What is not trusted cannot be ruled out (not-trustworthy), and never infringes: the earliest
    of all counts, with every reason. Clear only if all are. Implements TRU-024 to TRU-026.
    """
    assert motions, "a track is judged by one motion at least"
    if motions[0].basis is Basis.REPORTED:
        return pair(motions[0].motion, criterion)
    found = [_doubted(pair(*_as_judged(one, criterion))) for one in motions]
    first = min(found, key=lambda each: (each.assessed is Assessed.CLEAR, each.infringement_in_s))
    reasons = tuple(dict.fromkeys(reason for each in found for reason in each.reasons))
    return replace(first, reasons=reasons)


def _as_judged(one: Judged, criterion: Criterion) -> tuple[Motion, Criterion]:
    """A last trusted motion may have gone anywhere since, at its own or the assumed speed."""
    velocity = one.motion.velocity
    if one.basis is not Basis.LAST_TRUSTED or velocity is None:
        return one.motion, criterion
    speed_mps = max(velocity.speed_mps, criterion.unknown_speed_mps)
    return replace(one.motion, velocity=None), replace(criterion, unknown_speed_mps=speed_mps)


def _doubted(encounter: Encounter) -> Encounter:
    """The same of a motion that is not trusted; where it is clear, that is said too."""
    if encounter.assessed is Assessed.CLEAR:
        return replace(encounter, reasons=(Reason.NOT_TRUSTWORTHY,))
    return replace(
        encounter,
        assessed=Assessed.CANNOT_BE_RULED_OUT,
        reasons=(*encounter.reasons, Reason.NOT_TRUSTWORTHY),
        nominal_in_s=None,
        exit_in_s=None,
        nearest_in_s=None,
        nearest_m=None,
    )


def _trusted(path: Path) -> Trust:
    path = replace(path, from_trusted=True)
    return Trust(standing=Standing.TRUSTWORTHY, last_trusted=path.latest, paths=(path,))


def _followed(path: Path, motion: Motion) -> Path:
    """The path one move further. A standing position at a stated speed keeps its first time."""
    velocity = motion.velocity
    stands = motion.position == path.anchor.position
    kept = stands and velocity is not None and velocity.speed_mps > 0.0
    anchor = path.anchor if kept else motion
    return replace(path, latest=motion, anchor=anchor, moves=path.moves + 1)


def _lost(
    trust: Trust, faults: tuple[Implausible, ...], motion: Motion, paths: tuple[Path, ...]
) -> Trust:
    """Not trusted, or still not: these faults were seen."""
    return replace(
        trust,
        standing=Standing.NOT_TRUSTWORTHY,
        because=tuple(dict.fromkeys((*trust.because, *faults))),
        since=trust.since if trust.since is not None else motion.at,
        paths=paths,
        run=0,
    )


def _weighed(trust: Trust, *, changed: bool, limits: MotionLimits) -> Trust:
    """Not trusted, and a move that fits the first path: whether trust is regained by it."""
    run = 1 if changed else trust.run + 1
    switches = trust.switches + changed
    because = trust.because
    front = trust.paths[0]
    two_ways = len(trust.paths) > 1 and min(path.moves for path in trust.paths[:2]) >= 2
    if switches >= SWITCHES_MIN and two_ways:
        because = tuple(dict.fromkeys((*because, Implausible.ALTERNATING)))
    returns = front.from_trusted and Implausible.ALTERNATING not in because
    needed = limits.return_moves if returns else limits.regain_moves
    if run >= needed and _within_reach(trust.last_trusted, front.latest, limits):
        return _trusted(front)
    return replace(trust, because=because, run=run, switches=switches)


def _within_reach(last: Motion, motion: Motion, limits: MotionLimits) -> bool:
    """Whether the object could have come here since it was last trusted."""
    return _too_fast_m(_Place.of(last), _Place.of(motion), limits) <= 0.0


def _too_fast_m(old: _Place, new: _Place, limits: MotionLimits) -> float:
    """By how much the way between two places is longer than the greatest speed allows."""
    gap_s = abs(seconds_between(old.motion.at, new.motion.at)) + limits.time_slack_s
    slack_m = _accuracy_m(old.motion, limits) + _accuracy_m(new.motion, limits)
    return math.dist(old.point, new.point) - slack_m - limits.speed_mps_max * gap_s


def _accuracy_m(motion: Motion, limits: MotionLimits) -> float:
    known_m = motion.position_accuracy_m
    return limits.position_slack_m if known_m is None else known_m


def _place_faults(
    path: Path, new: _Place, limits: MotionLimits
) -> tuple[tuple[Implausible, ...], float]:
    """Why `new` is no place on the way of `path`, and how far it misses its course."""
    anchor = _Place.of(path.anchor)
    faults = []
    if _too_fast_m(anchor, new, limits) > 0.0:
        faults.append(Implausible.SPEED)
    miss_m, allowed_m = _miss(anchor, new, limits)
    is_held = new.motion.position == path.anchor.position  # frozen or not is told by `_frozen`
    if miss_m > allowed_m and not is_held:
        faults.append(Implausible.DISPLACEMENT)
    return tuple(faults), miss_m


def _state_faults(path: Path, new: _Place, limits: MotionLimits) -> tuple[Implausible, ...]:
    """Why the velocity or height of `new` cannot follow those of `path`; its place may."""
    old = _Place.of(path.latest)
    since_s = seconds_between(old.motion.at, new.motion.at) + limits.time_slack_s
    faults = []
    if old.velocity is not None and new.velocity is not None:
        change_mps = math.dist(old.velocity, new.velocity)
        if change_mps > limits.acceleration_mps2_max * since_s + limits.velocity_slack_mps:
            faults.append(Implausible.ACCELERATION)
    if _climbed_m(old.motion, new.motion, limits) > limits.climb_mps_max * since_s:
        faults.append(Implausible.CLIMB)
    return tuple(faults)


def _miss(old: _Place, new: _Place, limits: MotionLimits) -> tuple[float, float]:
    """How far `new` is from where the velocity of `old` leads, and how far it may be."""
    gap_s = seconds_between(old.motion.at, new.motion.at)
    vx, vy, vz = old.velocity or _STILL
    x, y, z = old.point
    led = (x + vx * gap_s, y + vy * gap_s, z + vz * gap_s)
    miss_m = math.dist(led, new.point)
    if old.velocity is None:
        return miss_m, math.inf
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


def _alone(new: _Place, limits: MotionLimits) -> tuple[Implausible, ...]:
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


def _frozen(path: Path, new: _Place, limits: MotionLimits) -> tuple[Implausible, ...]:
    """Whether the position has stood for too long at the speed that it states."""
    anchor, velocity = path.anchor, new.motion.velocity
    if velocity is None or new.motion.position != anchor.position:
        return ()
    stood_s = seconds_between(anchor.at, new.motion.at)
    slack_m = 2.0 * _accuracy_m(new.motion, limits)
    is_frozen = stood_s >= limits.frozen_s and velocity.speed_mps * stood_s > slack_m
    return (Implausible.FROZEN,) if is_frozen else ()
