"""How soon an object could come to a place if it turned at once: manoeuvres beside the course.

Units: metres, seconds, metres per second (and per second squared). Symbols: C(s) where the
course leads in s seconds; A the bound on the change of velocity over ground, V on speed; L the
limit with the stated accuracy; d the signed geodesic distance to the footprint.

No feasible way comes sooner. Let x be any way with the reported place and velocity at 0.
- x(s) lies within A s^2 / 2 of C(s). On the plane: twice the integral of what A allows. On the
  ellipsoid, whose curvature is positive, neighbouring geodesics part no faster than on the plane
  (Rauch comparison: H. Karcher, Riemannian comparison constructions, 1989), so no more, well
  within a quarter of the globe.
- After s it moves at most V a second. So x(t) within L of the footprint, and s <= t, imply
  d(C(s)) <= L + A s^2 / 2 + V (t - s): t >= s + (d(C(s)) - L - A s^2 / 2) / V for each s <= t.
The search takes the greatest of a few such bounds. Fewer make the answer earlier, never later:
it may include what no turn reaches, and excludes nothing that one does.
"""

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crosstell.core.altitude import NO_ALTITUDE_DATA, AltitudeData
from crosstell.core.detection.finding import Criterion, Manoeuvre
from crosstell.core.detection.pair.band import Span, band_of
from crosstell.core.geometry.approach import TIE_M, Course, chord_bound_m, signed_distance_m
from crosstell.core.geometry.footprint import Footprint
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
    """V, A and L, and what a clock that is ahead by `ahead_s` adds to them."""

    speed_mps: float
    turn_mps2: float
    limit_m: float
    ahead_s: float

    def free_m(self, after_s: float) -> float:
        """How far from the course the object may be after `after_s`, limit included."""
        loose_m = (self.speed_mps + self.turn_mps2 * after_s) * self.ahead_s
        return self.limit_m + loose_m + 0.5 * self.turn_mps2 * after_s * after_s


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
    since_s = max(0.0, age_s)
    span = Span(
        max(0.0, (volume.window.start - now) / _SECOND),
        min(manoeuvre.horizon_s, (volume.window.end - now) / _SECOND - _LAST_S),
    )
    chord_m = chord_bound_m(motion.position, volume.footprint)
    if chord_m - bounds.free_m(0.0) > bounds.speed_mps * (span.end_s + since_s):
        return None
    span = span.within(_height_span(motion, volume, criterion, data, age_s))
    if span.is_empty:
        return None
    way = Course.of(
        motion.position, track_deg=velocity.track_deg, speed_mps=velocity.speed_mps, lead_s=0.0
    )
    reached = _search(
        way, volume.footprint, bounds, Span(span.start_s + since_s, span.end_s + since_s)
    )
    return None if reached is None else max(span.start_s, reached - since_s)


def manoeuvre_margin_m(motion: Motion, criterion: Criterion, after_s: float) -> float:
    """By how much accuracy and manoeuvre widen the limit `after_s` after the observation."""
    assert criterion.manoeuvre is not None, "ask only where a manoeuvre is stated"
    bounds = _bounds(motion, criterion, criterion.manoeuvre, ahead_s=max(0.0, -after_s))
    after_s = max(0.0, after_s)
    least_m = min(bounds.free_m(after_s), bounds.limit_m + 2.0 * bounds.speed_mps * after_s)
    return least_m - criterion.lateral_m - TIE_M - GRAIN_M


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


def _search(way: Course, footprint: Footprint, bounds: _Bounds, span: Span) -> float | None:
    """The greatest bound found within `span` (seconds after the observation); None: beyond it.

    Heading straight away, the best s is where A s reaches V plus the speed away: `turned_s`.
    """
    if bounds.speed_mps == 0.0:
        here_m = signed_distance_m(way.start, footprint)
        return span.start_s if here_m <= bounds.free_m(0.0) else None
    turned_s = math.inf
    if bounds.turn_mps2 > 0.0:
        turned_s = (bounds.speed_mps + way.speed_mps) / bounds.turn_mps2
    tried_s, reached_s = 0.0, span.start_s
    for _ in range(STEPS_MAX):
        gap_m = signed_distance_m(way.position(tried_s), footprint) - bounds.free_m(tried_s)
        bound_s = tried_s + gap_m / bounds.speed_mps
        if bound_s > span.end_s:
            return None
        is_settled = bound_s <= reached_s + _SAME_S and tried_s > 0.0
        reached_s = max(reached_s, bound_s)
        after_s = min(reached_s, turned_s)
        if is_settled or after_s <= tried_s:
            break
        tried_s = after_s
    return reached_s
