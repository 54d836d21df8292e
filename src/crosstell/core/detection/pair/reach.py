"""How soon an object could come to a place, or to another, if it turned at once.

Units: metres, seconds, metres per second (and per second squared). Symbols: C(s) where the
course leads in s seconds; A the bound on the change of velocity over ground, V on speed; L the
limit with the stated accuracy; d the signed geodesic distance to the footprint, or between two.

No feasible way comes sooner. Let x be any way with the reported place and velocity at 0.
- x(s) lies within A s^2 / 2 of C(s). On the plane: twice the integral of what A allows. On the
  ellipsoid, whose curvature is positive, neighbouring geodesics part no faster than on the plane
  (Rauch comparison: H. Karcher, Riemannian comparison constructions, 1989), so no more, well
  within a quarter of the globe.
- After s it moves at most V a second. So x(t) within L of the footprint, and s <= t, imply
  d(C(s)) <= L + A s^2 / 2 + V (t - s): t >= s + (d(C(s)) - L - A s^2 / 2) / V for each s <= t.
- Of two objects both turn. The way from C1(s) over x1(s), x1(t), x2(t) and x2(s) to C2(s) is no
  shorter than d(C1(s), C2(s)), so the same holds with the sum of the two A s^2 / 2, each s from
  its own observation, and of the two V. One without a course is a circle that grows at V.
The search takes the greatest of a few such bounds. Fewer make the answer earlier, never later:
it may include what no turn reaches, and excludes nothing that one does.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crosstell.core.altitude import NO_ALTITUDE_DATA, AltitudeData
from crosstell.core.detection.finding import (
    Assessed,
    Criterion,
    Encounter,
    Manoeuvre,
    Reason,
)
from crosstell.core.detection.pair.band import Span, band_of
from crosstell.core.detection.pair.closing import Two
from crosstell.core.geometry.approach import TIE_M, Course, chord_bound_m, signed_distance_m
from crosstell.core.geometry.motion import Motion
from crosstell.core.geometry.volume import Volume

STEPS_MAX = 8
GRAIN_M = 0.02  # a position on the course is held to 1e-7 degree
_SAME_S = 0.001
_LAST_S = 1e-6  # a half-open window ends one microsecond before its end
_SECOND = timedelta(seconds=1)

# Speed: 14 CFR 107.51(a), 100 miles per hour over ground (the legal limit of a small unmanned
# aircraft in the United States). Assumptions: 45 degrees of bank or tilt, g tan 45; climb.
SMALL_DRONE = Manoeuvre(
    horizon_s=30.0, speed_mps_max=44.704, acceleration_mps2_max=9.807, climb_mps_max=10.0
)
# All assumptions, for a drone of the medium-altitude, long-endurance kind: 240 knots over ground,
# 30 degrees of bank (g tan 30), 3000 feet a minute.
LARGE_DRONE = Manoeuvre(
    horizon_s=60.0, speed_mps_max=123.467, acceleration_mps2_max=5.662, climb_mps_max=15.24
)


@dataclass(frozen=True, slots=True)
class _Bounds:
    """V, A and L, and what a clock that is ahead by `ahead_s` adds to them.

    `growth_mps` is V where there is no course: then it may be anywhere within V s of its place.
    """

    speed_mps: float
    turn_mps2: float
    limit_m: float
    ahead_s: float
    growth_mps: float = 0.0

    def free_m(self, after_s: float) -> float:
        """How far from the course the object may be after `after_s`, limit included."""
        loose_m = (self.speed_mps + self.turn_mps2 * after_s) * self.ahead_s
        loose_m += self.growth_mps * after_s
        return self.limit_m + loose_m + 0.5 * self.turn_mps2 * after_s * after_s

    def margin_m(self, after_s: float) -> float:
        """The same, but no more than its speed allows: how much of it is uncertainty."""
        return min(self.free_m(after_s), self.limit_m + 2.0 * self.speed_mps * after_s)


@dataclass(frozen=True, slots=True)
class _Object:
    """One of two: its course, for how long it may have turned by now, and its bounds."""

    way: Course
    since_s: float
    bounds: _Bounds

    def free_m(self, time_s: float) -> float:
        """How far from its course it may be `time_s` after now, its accuracy included."""
        return self.bounds.free_m(time_s + self.since_s)


def is_said(predicted: Encounter, manoeuvre: Manoeuvre) -> bool:
    """Whether a turn adds nothing: the course says something within its horizon. TRU-045."""
    is_clear = predicted.assessed is Assessed.CLEAR
    return not is_clear and predicted.infringement_in_s <= manoeuvre.horizon_s


def turned(predicted: Encounter, *, early_s: float, margin_m: float) -> Encounter:
    """The prediction, with what a turn could do at `early_s`. Implements TRU-045."""
    is_clear = predicted.assessed is Assessed.CLEAR
    return replace(
        predicted,
        assessed=Assessed.CANNOT_BE_RULED_OUT if is_clear else predicted.assessed,
        reasons=(*predicted.reasons, Reason.MANOEUVRE),
        infringement_in_s=early_s,
        margin_m=margin_m,
    )


def earliest_by_manoeuvre_s(
    motion: Motion,
    volume: Volume,
    criterion: Criterion,
    now: datetime,
    data: AltitudeData = NO_ALTITUDE_DATA,
) -> float | None:
    """A time before which no manoeuvre brings `motion` within the limits of `volume`.

    Seconds after `now`; None: no manoeuvre does within the manoeuvre's horizon, or there is no
    course to turn from (velocity unknown, stale): then the pairing takes every direction already.
    The turn may have begun when the object was observed. `criterion.manoeuvre` is set.
    Implements TRU-040 to TRU-043.
    """
    manoeuvre, velocity = criterion.manoeuvre, motion.velocity
    assert manoeuvre is not None, "ask only where a manoeuvre is stated"
    age_s = (now - motion.at) / _SECOND
    if velocity is None or abs(age_s) > criterion.stale_after_s:
        return None
    bounds = _bounds(motion, criterion, manoeuvre, ahead_s=max(0.0, -age_s))
    footprint = volume.footprint
    since_s = max(0.0, age_s)
    span = Span(
        max(0.0, (volume.window.start - now) / _SECOND),
        min(manoeuvre.horizon_s, (volume.window.end - now) / _SECOND - _LAST_S),
    )
    chord_m = chord_bound_m(motion.position, footprint)
    if chord_m - bounds.free_m(0.0) > bounds.speed_mps * (span.end_s + since_s):
        return None
    span = span.within(_height_span(motion, volume, criterion, data, age_s))
    if span.is_empty:
        return None
    way = Course.of(
        motion.position, track_deg=velocity.track_deg, speed_mps=velocity.speed_mps, lead_s=0.0
    )
    turned_s = math.inf
    if bounds.turn_mps2 > 0.0:
        turned_s = (bounds.speed_mps + way.speed_mps) / bounds.turn_mps2

    def gap_m(after_s: float) -> float:
        here_m = signed_distance_m(way.position(after_s), footprint)
        return here_m - bounds.free_m(after_s)

    after = Span(span.start_s + since_s, span.end_s + since_s)
    reached = _search(gap_m, bounds.speed_mps, after, first_s=0.0, turned_s=turned_s)
    return None if reached is None else max(span.start_s, reached - since_s)


def earliest_together_s(
    motions: tuple[Motion, Motion], criterion: Criterion, now: datetime, span: Span
) -> tuple[float, float] | None:
    """A time before which no manoeuvre of either brings two within the lateral limit, in `span`.

    Seconds after `now`, and by how much all uncertainty then widens the limit. None: no manoeuvre
    does, or neither has a course to turn from. `criterion.manoeuvre` is set; `span` is when their
    heights allow it, within its horizon. Implements TRU-047.
    """
    objects = [_object(motion, criterion, now) for motion in motions]
    if span.is_empty or all(each.bounds.growth_mps == each.bounds.speed_mps for each in objects):
        return None
    two = Two(objects[0].way, objects[1].way)
    limit_m = criterion.lateral_m
    speed_mps = sum(each.bounds.speed_mps for each in objects)
    travel_m = sum(each.bounds.speed_mps * (span.end_s + each.since_s) for each in objects)
    if two.chord_m() - limit_m - sum(each.bounds.free_m(0.0) for each in objects) > travel_m:
        return None

    def gap_m(time_s: float) -> float:
        apart_m = two.sight(time_s).distance_m
        return apart_m - limit_m - sum(each.free_m(time_s) for each in objects)

    turn_mps2 = sum(each.bounds.turn_mps2 for each in objects)
    turned_s = math.inf
    if turn_mps2 > 0.0:
        before_mps = sum(each.bounds.turn_mps2 * each.since_s for each in objects)
        turned_s = (speed_mps + two.speeds_mps - before_mps) / turn_mps2
    first_s = -min(each.since_s for each in objects)
    early_s = _search(gap_m, speed_mps, span, first_s=first_s, turned_s=turned_s)
    if early_s is None:
        return None
    return early_s, sum(each.bounds.margin_m(early_s + each.since_s) for each in objects)


def manoeuvre_margin_m(motion: Motion, criterion: Criterion, after_s: float) -> float:
    """By how much accuracy and manoeuvre widen the limit `after_s` after the observation."""
    assert criterion.manoeuvre is not None, "ask only where a manoeuvre is stated"
    bounds = _bounds(motion, criterion, criterion.manoeuvre, ahead_s=max(0.0, -after_s))
    return bounds.margin_m(max(0.0, after_s)) - criterion.lateral_m - TIE_M - GRAIN_M


def _object(motion: Motion, criterion: Criterion, now: datetime) -> _Object:
    """One of two; without a velocity, or stale, it may go in every direction from its place."""
    manoeuvre, velocity = criterion.manoeuvre, motion.velocity
    assert manoeuvre is not None, "ask only where a manoeuvre is stated"
    age_s = (now - motion.at) / _SECOND
    bounds = _bounds(motion, replace(criterion, lateral_m=0.0), manoeuvre, ahead_s=0.0)
    if velocity is None or abs(age_s) > criterion.stale_after_s:
        free_mps = max(criterion.unknown_speed_mps, velocity.speed_mps if velocity else 0.0)
        way = Course.of(motion.position, track_deg=0.0, speed_mps=0.0, lead_s=0.0)
        adrift = replace(bounds, speed_mps=free_mps, turn_mps2=0.0, growth_mps=free_mps)
        return _Object(way, abs(age_s), adrift)
    since_s = max(0.0, age_s)
    way = Course.of(
        motion.position, track_deg=velocity.track_deg, speed_mps=velocity.speed_mps, lead_s=since_s
    )
    return _Object(way, since_s, replace(bounds, ahead_s=max(0.0, -age_s)))


def _bounds(
    motion: Motion, criterion: Criterion, manoeuvre: Manoeuvre, *, ahead_s: float
) -> _Bounds:
    """The bounds of this object: a reported speed above the stated one counts."""
    reported_mps = motion.velocity.speed_mps if motion.velocity is not None else 0.0
    wide_m = motion.position_accuracy_m
    if wide_m is None:
        wide_m = criterion.unknown_accuracy_m
    return _Bounds(
        speed_mps=max(manoeuvre.speed_mps_max, reported_mps),
        turn_mps2=manoeuvre.acceleration_mps2_max,
        limit_m=criterion.lateral_m + wide_m + TIE_M + GRAIN_M,
        ahead_s=ahead_s,
    )


def _height_span(
    motion: Motion, volume: Volume, criterion: Criterion, data: AltitudeData, age_s: float
) -> Span:
    """When it may be within the band: from its last height at the greatest climb, up or down."""
    assert criterion.manoeuvre is not None
    climb_mps = criterion.manoeuvre.climb_mps_max
    if motion.velocity is None or motion.velocity.climb_mps is None:
        climb_mps = max(climb_mps, criterion.unknown_speed_mps)
    free = replace(criterion, unknown_speed_mps=climb_mps)
    limits = (volume.lower, volume.upper)
    return band_of(motion, limits, free, data, age_s=age_s, loose=True).widest


def _search(
    gap_m: Callable[[float], float],
    speed_mps: float,
    span: Span,
    *,
    first_s: float,
    turned_s: float,
) -> float | None:
    """The greatest bound found within `span`, of s from `first_s` on; None: beyond it.

    `gap_m` is d(C(s)) less what is free by then. Heading straight away, the best s is where A s
    reaches V plus the speed away: `turned_s`.
    """
    if speed_mps == 0.0:
        return span.start_s if gap_m(first_s) <= 0.0 else None
    tried_s, reached_s = first_s, span.start_s
    for _ in range(STEPS_MAX):
        bound_s = tried_s + gap_m(tried_s) / speed_mps
        if bound_s > span.end_s:
            return None
        is_settled = bound_s <= reached_s + _SAME_S and tried_s > first_s
        reached_s = max(reached_s, bound_s)
        after_s = min(reached_s, turned_s)
        if is_settled or after_s <= tried_s:
            break
        tried_s = after_s
    return reached_s
