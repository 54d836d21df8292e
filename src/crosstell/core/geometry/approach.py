"""When a point that moves along a geodesic first comes within a distance of a footprint.

Units: metres, seconds. Symbols: s travel, f gap (distance less limit), f' its slope over travel.

No sampling. From each point the search takes a step that cannot jump over an entry:
- f falls by at most 1 m per metre (it is a distance), so f is always a safe step;
- along a geodesic the distance to a point is convex within a quarter of the globe, so the
  tangent never passes the first entry: for a circle the safe step is Newton's;
- the distance to a geodesic edge bends down by at most K = k tan(k d), k^2 the greatest
  curvature of the ellipsoid (Hessian comparison: H. Karcher, Riemannian comparison
  constructions, 1989), so the root of f + f' x - K x^2 / 2 is a safe step.
Where the fast distance cannot tell entry from near miss (`slack_m`), the geodesic decides.
A distance equal to the limit, to the millimetre (TIE_M), infringes; the search may take up to
EDGE_M more for it.
"""

import math
from dataclasses import dataclass

from geographiclib.geodesicline import GeodesicLine

from crosstell.core.geometry.cartesian import LOCAL_M_MAX, RADIUS_M, ecef, heading
from crosstell.core.geometry.footprint import Circle, Footprint, Polygon
from crosstell.core.geometry.geodesic import along, course, distance_m, range_and_course
from crosstell.core.geometry.outline import SIDE_M, Near, Outline
from crosstell.core.geometry.position import Position

TIE_M = 0.000_5  # distances are compared to the millimetre
EDGE_M = 0.000_1
STEPS_MAX = 400
CONVEX_M = 9_900_000.0  # under pi / 2 k: distance to a point is convex nearer than this
POLAR_RADIUS_M = 6_356_752.0  # 1 / k is at least this (curvature is greatest at the equator)
STRIDE_M = 50_000.0  # step limit, so that K holds over the whole step
SLOPE_SLACK = 1e-6


@dataclass(frozen=True, slots=True)
class Undecided:
    """The search reached its bound at `at_s`: no entry before, nothing known after."""

    at_s: float


def signed_distance_m(here: Position, footprint: Footprint) -> float:
    """The geodesic distance from `here` to the footprint's edge; negative inside."""
    if isinstance(footprint, Circle):
        return distance_m(here, footprint.centre) - footprint.radius_m
    return footprint.outline.signed_m((here.lat_deg, here.lon_deg))


def chord_bound_m(here: Position, footprint: Footprint) -> float:
    """A straight-line lower bound of the signed distance."""
    p = ecef(here.lat_deg, here.lon_deg)
    if isinstance(footprint, Circle):
        return math.dist(p, footprint.middle) - footprint.radius_m
    outline = footprint.outline
    return math.dist(p, outline.middle) - outline.bound_m


@dataclass(frozen=True, slots=True)
class Course:
    """A motion for the search: at `lead_s` before time 0 at `start`, `speed_mps` along `line`."""

    start: Position
    line: GeodesicLine
    speed_mps: float
    lead_s: float

    @classmethod
    def of(cls, start: Position, *, track_deg: float, speed_mps: float, lead_s: float) -> "Course":
        """The course from `start`."""
        return cls(start, course(start, track_deg=track_deg), speed_mps, lead_s)

    def at(self, time_s: float) -> tuple[float, float, float]:
        """Latitude, longitude and track, in degrees, at `time_s`."""
        return along(self.line, self.speed_mps * (self.lead_s + time_s))

    def position(self, time_s: float) -> Position:
        """The position at `time_s`, to its grain."""
        lat, lon, _ = self.at(time_s)
        return Position(lat_deg=lat, lon_deg=lon)


def first_within(
    way: Course, footprint: Footprint, *, limit_m: float, start_s: float, end_s: float
) -> float | Undecided | None:
    """The first time in `[start_s, end_s]` with signed distance at most `limit_m`; None if none.

    `limit_m` is 0 or more. Implements GEO-013.
    """
    assert limit_m >= 0.0, "a limit inside the footprint is another search"
    time_s = start_s
    if isinstance(footprint, Polygon) and _begins_inside(way, footprint.outline, start_s):
        return start_s
    for _ in range(STEPS_MAX):
        lat, lon, track = way.at(time_s)
        if isinstance(footprint, Circle):
            step_m = _circle_step(lat, lon, track, footprint, limit_m)
        else:
            step_m = _outline_step(lat, lon, track, footprint.outline, limit_m)
        if step_m == 0.0:
            return time_s
        if way.speed_mps * (end_s - time_s) < step_m:
            return None
        time_s += step_m / way.speed_mps
    return Undecided(time_s)


def _circle_step(lat: float, lon: float, track: float, circle: Circle, limit_m: float) -> float:
    """A step in metres that cannot pass the first entry; 0 is entry."""
    range_m, bearing = range_and_course(lat, lon, circle.centre)
    gap_m = range_m - circle.radius_m - limit_m - TIE_M
    if gap_m <= EDGE_M:
        return 0.0
    convex_m = CONVEX_M - range_m
    if convex_m <= gap_m:
        return gap_m
    slope = -math.cos(math.radians(bearing - track)) - SLOPE_SLACK
    return min(gap_m / -slope, convex_m) if slope < 0.0 else convex_m


def _outline_step(lat: float, lon: float, track: float, outline: Outline, limit_m: float) -> float:
    """A step in metres that cannot pass the first contact with the ring; 0 is contact."""
    p = ecef(lat, lon)
    level = heading(lat, lon, track)
    step_m = math.inf
    for near in outline.near(p):
        gap_m = near.distance_m - near.slack_m - limit_m - TIE_M
        if gap_m > step_m:
            continue
        if gap_m <= EDGE_M:
            gap_m = outline.exact((lat, lon), near)[0] - limit_m - TIE_M
            if gap_m <= EDGE_M:
                return 0.0
        safe_m = gap_m
        if near.distance_m < LOCAL_M_MAX:
            pull = near.pull
            slope = pull[0] * level[0] + pull[1] * level[1] + pull[2] * level[2]
            safe_m = max(gap_m, _bent_step(gap_m, slope, near))
        step_m = min(step_m, safe_m)
    return step_m


def _bent_step(gap_m: float, slope: float, near: Near) -> float:
    """The root of f + f' x - K x^2 / 2, with slope and K taken against us."""
    turn = near.distance_m / RADIUS_M
    slope -= SLOPE_SLACK + turn * turn
    stride_m = STRIDE_M + near.distance_m
    k = 1.0 / POLAR_RADIUS_M
    bend = k * math.tan(k * (near.distance_m + stride_m))
    root_m = 2.0 * gap_m / (math.sqrt(slope * slope + 2.0 * bend * gap_m) - slope)
    return min(root_m, stride_m)


def _begins_inside(way: Course, outline: Outline, time_s: float) -> bool:
    """Whether the course is inside the outline at `time_s`; beside an edge the geodesic decides."""
    lat, lon, _ = way.at(time_s)
    p = ecef(lat, lon)
    if math.dist(p, outline.middle) > outline.bound_m:
        return False
    if min(near.distance_m for near in outline.near(p)) > SIDE_M:
        return outline.holds(p)
    return outline.signed_m((lat, lon)) <= TIE_M
