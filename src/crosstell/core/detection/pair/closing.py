"""When two points that move along geodesics come within a distance of each other, and part again.

Units: metres, metres per second, seconds after now. Symbols: d geodesic distance, d' its slope
over time, v1 and v2 the speeds, w the length of the relative velocity (one velocity carried along
the connecting geodesic to the other), k^2 the greatest curvature of the ellipsoid.

No sampling. From each instant the search takes a step that cannot jump over what it looks for:
- d falls by at most v1 + v2 a second, so (d - limit) / (v1 + v2) is always a safe step;
- d'' is the index form of the variation through connecting geodesics. On a surface of curvature
  at most k^2 it is at least that of the sphere of that curvature (index comparison; H. Karcher,
  Riemannian comparison constructions, 1989): with a and b the velocities across the geodesic,
  d'' >= k ((a^2 + b^2) cos(k d) - 2 a b) / sin(k d) >= -k (v1^2 + v2^2) tan(k d / 2) = -B.
  So the root of f + f' x - B x^2 / 2, with f the distance less the limit, is a safe step. A limit
  that grows linearly changes f' and nothing else;
- where the curvature is not negative, the field that joins the velocities linearly gives
  d'' <= (a - b)^2 / d, and so (d^2)'' <= 2 w^2. While the points are within a limit L, w changes
  by at most k^2 L v1 v2 / cos(k L / 2) a second (the area that the geodesic sweeps, times the
  curvature). So the root of d^2 + (d^2)' x + w^2 x^2 = L^2, with the greatest w, never passes the
  first parting.
A distance equal to the limit, to the millimetre (TIE_M), is within it.
"""

import math
from dataclasses import dataclass

from geographiclib.geodesic import Geodesic

from crosstell.core.geometry.approach import EDGE_M, TIE_M, Course, Undecided
from crosstell.core.geometry.cartesian import ecef

_EARTH = Geodesic.WGS84
_ENDS = Geodesic.DISTANCE | Geodesic.AZIMUTH
STEPS_MAX = 400
CONVEX_M = 9_900_000.0  # well under pi / k: the bound on d'' holds nearer than this
POLAR_RADIUS_M = 6_356_752.0  # 1 / k is at least this
STRIDE_M = 50_000.0  # step limit, so that B holds over the whole step
SLOPE_SHARE = 1e-6  # of the speeds: what rounding does to a slope
NOISE_M = 1e-8  # of a geodesic's ends: what it does to the course between them
NEAREST_STEPS_MAX = 30


@dataclass(frozen=True, slots=True)
class Sight:
    """How one point sees the other at an instant; `speed_mps` is that of the relative velocity."""

    distance_m: float
    slope_mps: float
    speed_mps: float


@dataclass(frozen=True, slots=True)
class Two:
    """Two courses, for the search."""

    first: Course
    second: Course

    @property
    def speeds_mps(self) -> float:
        """The sum of the two speeds."""
        return self.first.speed_mps + self.second.speed_mps

    def sight(self, time_s: float) -> Sight:
        """Distance, its slope and the relative speed at `time_s`."""
        lat, lon, track = self.first.at(time_s)
        there_lat, there_lon, there_track = self.second.at(time_s)
        ends = _EARTH.Inverse(lat, lon, there_lat, there_lon, _ENDS)
        one, other = self.first.speed_mps, self.second.speed_mps
        here = math.radians(track - ends["azi1"])
        there = math.radians(there_track - ends["azi2"])
        half = math.sin((there - here) / 2.0)
        return Sight(
            distance_m=float(ends["s12"]),
            slope_mps=other * math.cos(there) - one * math.cos(here),
            speed_mps=math.sqrt((one - other) ** 2 + 4.0 * one * other * half * half),
        )

    def chord_m(self) -> float:
        """The straight line between the two places of observation."""
        one, other = self.first.start, self.second.start
        return math.dist(ecef(one.lat_deg, one.lon_deg), ecef(other.lat_deg, other.lon_deg))


def first_within(
    two: Two, *, limit_m: float, growth_mps: float, start_s: float, end_s: float
) -> float | Undecided | None:
    """The first time in `[start_s, end_s]` at which they are within `limit_m + growth_mps t`.

    None if there is none. Implements TRF-010 and TRF-012.
    """
    time_s = start_s
    for _ in range(STEPS_MAX):
        seen = two.sight(time_s)
        gap_m = seen.distance_m - limit_m - growth_mps * time_s - TIE_M
        if gap_m <= EDGE_M:
            return time_s
        step_s = _safe_step(two, seen, gap_m, growth_mps)
        if end_s - time_s < step_s:
            return None
        time_s += step_s
    return Undecided(time_s)


def _safe_step(two: Two, seen: Sight, gap_m: float, growth_mps: float) -> float:
    """A step in seconds that cannot pass the first time within the limit."""
    speeds = two.speeds_mps
    if speeds + growth_mps == 0.0:
        return math.inf
    plain_s = gap_m / (speeds + growth_mps)
    far_m = 2.0 * seen.distance_m + STRIDE_M
    if far_m > CONVEX_M:
        return plain_s
    slope = seen.slope_mps - growth_mps - speeds * (SLOPE_SHARE + NOISE_M / seen.distance_m)
    squares = two.first.speed_mps**2 + two.second.speed_mps**2
    bend = squares / POLAR_RADIUS_M * math.tan(far_m / (2.0 * POLAR_RADIUS_M))
    below = math.sqrt(slope * slope + 2.0 * bend * gap_m) - slope
    root_s = 2.0 * gap_m / below if below > 0.0 else math.inf
    stride_s = (STRIDE_M + seen.distance_m) / speeds if speeds > 0.0 else math.inf
    return max(plain_s, min(root_s, stride_s))


def first_parting(two: Two, *, limit_m: float, start_s: float, end_s: float) -> float | None:
    """The first time in `[start_s, end_s]` at which they, within the limit at first, are not.

    None if they stay within it, or if the search reaches its bound. Implements TRF-013.
    """
    out_m = limit_m + TIE_M + 3.0 * EDGE_M
    one, other = two.first.speed_mps, two.second.speed_mps
    turning = out_m / POLAR_RADIUS_M**2 * one * other / math.cos(out_m / (2.0 * POLAR_RADIUS_M))
    time_s = start_s
    for _ in range(STEPS_MAX):
        seen = two.sight(time_s)
        if seen.distance_m >= out_m - EDGE_M:
            return time_s
        left_s = end_s - time_s
        speed = seen.speed_mps + turning * left_s + SLOPE_SHARE * two.speeds_mps
        if speed == 0.0:
            return None
        rate = seen.distance_m * (seen.slope_mps + SLOPE_SHARE * two.speeds_mps)
        have = out_m * out_m - seen.distance_m * seen.distance_m
        step_s = have / (rate + math.sqrt(rate * rate + speed * speed * have))
        if step_s > left_s:
            return None
        time_s += step_s
    return None


def nearest(two: Two, *, begin_s: float, end_s: float) -> tuple[float, float]:
    """When they are nearest within `[0, end_s]`, and how near, going downhill from `begin_s`.

    Each step goes to the lowest point of a parabola that lies above d^2, so the distance never
    rises; the two ends are looked at as well. The earlier of two equal approaches is told.
    """
    time_s = begin_s
    seen = two.sight(time_s)
    for _ in range(NEAREST_STEPS_MAX):
        if seen.speed_mps <= SLOPE_SHARE * two.speeds_mps:
            break
        step_s = -seen.distance_m * seen.slope_mps / seen.speed_mps**2
        next_s = min(max(time_s + step_s, 0.0), end_s)
        if abs(next_s - time_s) * seen.speed_mps < EDGE_M:
            break
        time_s, seen = next_s, two.sight(next_s)
    best = (seen.distance_m, time_s)
    for end in (0.0, end_s):
        distance_m = two.sight(end).distance_m
        if distance_m < best[0] - EDGE_M or (distance_m <= best[0] + EDGE_M and end < best[1]):
            best = (distance_m, end)
    return best[1], best[0]
