"""When a point that moves along a geodesic comes within a distance of a footprint, and leaves it.

Units: metres, seconds. Symbols: s travel, f gap (distance less limit), f' its slope over travel.

No sampling. From each point the search takes a step that cannot jump over an entry:
- f falls by at most 1 m per metre (it is a distance), so f is always a safe step;
- along a geodesic the distance to a point is convex within a quarter of the globe, so the
  tangent never passes the first entry: for a circle the safe step is Newton's;
- the distance to a geodesic edge bends down by at most K = k tan(k d), k^2 the greatest
  curvature of the ellipsoid (Hessian comparison: H. Karcher, Riemannian comparison
  constructions, 1989), so the root of f + f' x - K x^2 / 2 is a safe step;
- a polygon is entered through an edge of its ring or of a hole; an ellipse is a polygon;
- the distance to a corridor or an orbit is that to its line less the half-width (a shortest way
  to it goes on to the line), so they are a line with a wider limit;
- a radar arc lies between two circles, so nothing is met before the outer one from outside (the
  circle's step) nor before the inner one from within the hole (out of the hole no sooner than in
  the plane: Toponogov). Between them and outside its bearings it is met at a radial edge (a way
  that turns into the bearings crosses the edge or passes its end, within the limit of it), or
  through the hole: no step passes the hole's rim. A range that leaves the outer circle never
  comes back, for it is convex.

Nor over an exit, the first time that f is positive:
- f rises by at most 1 m per metre, so -f is always a safe step;
- the range to a fixed point grows no faster than in the plane (Toponogov's comparison, for the
  curvature is positive everywhere), so a disc is left no sooner than in the plane; the nearest
  point of any shape is such a point;
- beside a geodesic edge y'' <= 0 (the same comparison), so y stays under its tangent while its foot
  is on the edge; the foot moves at most 1 / cos(k y) metres per metre. Across the edge y falls
  no faster than y' - K s and then rises no faster than it fell;
- to leave an area from within, an edge must be met first: the step towards it;
- to leave a radar arc from within its bearings, one of its circles must be passed, or the reach of
  a radial edge be entered.
What comes nearer than EDGE_M to OUT_M beyond the limit counts as having left; OUT_M is over what
counts as within, so nothing leaves in the instant in which it enters.

Where the fast distance cannot tell entry from near miss (`slack_m`), the geodesic decides.
A distance equal to the limit, to the millimetre (TIE_M), infringes; the search may take up to
EDGE_M more for it.
"""

import math
from typing import assert_never

from crosstell.core.geometry.cartesian import LOCAL_M_MAX, SLACK_M, Vector, ecef
from crosstell.core.geometry.footprint import (
    Circle,
    Corridor,
    Ellipse,
    Footprint,
    Orbit,
    Polygon,
    RadarArc,
)
from crosstell.core.geometry.geodesic import LatLon, range_and_course
from crosstell.core.geometry.outline import SIDE_M, Outline
from crosstell.core.geometry.pieces import Lines
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.search.away import OUT_M, disc_stay, lines_stay, sector_stay
from crosstell.core.geometry.search.course import EDGE_M, TIE_M, Course, Spot, Undecided
from crosstell.core.geometry.search.towards import disc_step, lines_step, sector_step

STEPS_MAX = 400

__all__ = [
    "EDGE_M",
    "OUT_M",
    "STEPS_MAX",
    "TIE_M",
    "Course",
    "Undecided",
    "chord_bound_m",
    "first_beyond",
    "first_within",
    "is_within",
    "signed_at",
    "signed_distance_m",
]


def signed_distance_m(here: Position, footprint: Footprint) -> float:
    """The geodesic distance from `here` to the footprint; inside, minus that to its edge.

    Inside a corridor or an orbit: minus what the distance to the line lacks of the half-width,
    which beside a bend may be nearer than the edge. Implements GEO-011.
    """
    return signed_at((here.lat_deg, here.lon_deg), footprint)


def signed_at(at: LatLon, footprint: Footprint) -> float:
    """The signed distance of a point that is not rounded."""
    match footprint:
        case Circle():
            return range_and_course(*at, footprint.centre)[0] - footprint.radius_m
        case Polygon() | Ellipse():
            return footprint.outline.signed_m(at)
        case Corridor() | Orbit():
            return footprint.lines.nearest(at, ecef(*at))[0] - footprint.half_width_m
        case RadarArc():
            return footprint.signed_m(at)
        case _:
            assert_never(footprint)


def is_within(here: Position, footprint: Footprint, *, limit_m: float) -> bool:
    """Whether the signed distance is at most `limit_m`, which is 0 or more. Implements GEO-051.

    By the chord, or the fast distance with its slack, where that is sure; else by the geodesic.
    """
    p = ecef(here.lat_deg, here.lon_deg)
    if math.dist(p, footprint.middle) - footprint.bound_m - SLACK_M > limit_m:
        return False
    match footprint:
        case Corridor() | Orbit():
            sure = _lines_within(footprint.lines, p, footprint.half_width_m + limit_m)
        case Polygon() | Ellipse():
            outline = footprint.outline
            beside = _lines_within(outline.lines, p, max(limit_m, SIDE_M))
            sure = outline.holds(p) if beside is False else None
        case _:
            sure = None
    return signed_distance_m(here, footprint) <= limit_m if sure is None else sure


def _lines_within(lines: Lines, p: Vector, limit_m: float) -> bool | None:
    """Whether some line is within `limit_m` of `p`, as far as the fast distance tells."""
    is_sure = True
    for near in lines.near(p):
        if near.distance_m <= LOCAL_M_MAX and near.distance_m + near.slack_m <= limit_m:
            return True
        is_sure = is_sure and near.distance_m - near.slack_m > limit_m
    return False if is_sure else None


def chord_bound_m(here: Position, footprint: Footprint) -> float:
    """A straight-line lower bound of the signed distance; at 0 or less it says nothing."""
    return math.dist(ecef(here.lat_deg, here.lon_deg), footprint.middle) - footprint.bound_m


def first_within(
    way: Course, footprint: Footprint, *, limit_m: float, start_s: float, end_s: float
) -> float | Undecided | None:
    """The first time in `[start_s, end_s]` with signed distance at most `limit_m`; None if none.

    `limit_m` is 0 or more. Implements GEO-013.
    """
    assert limit_m >= 0.0, "a limit inside the footprint is another search"
    time_s = start_s
    for number in range(STEPS_MAX):
        spot = Spot.of(way, time_s)
        if number == 0 and _begins_inside(spot, footprint):
            return start_s
        step_m = _step_towards(spot, footprint, limit_m)
        if step_m == 0.0:
            return time_s
        if way.speed_mps * (end_s - time_s) < step_m:
            return None
        time_s += step_m / way.speed_mps
    return Undecided(time_s)


def _begins_inside(spot: Spot, footprint: Footprint) -> bool:
    """Whether the spot is inside an area, whose edges alone do not tell."""
    return isinstance(footprint, Polygon | Ellipse) and is_inside(spot, footprint.outline)


def _step_towards(spot: Spot, footprint: Footprint, limit_m: float) -> float:
    """A step in metres that cannot pass the first entry; 0 is entry."""
    match footprint:
        case Circle():
            return disc_step(spot, footprint.centre, footprint.radius_m + limit_m)
        case Polygon() | Ellipse():
            return lines_step(spot, footprint.outline.lines, limit_m)
        case Corridor() | Orbit():
            return lines_step(spot, footprint.lines, footprint.half_width_m + limit_m)
        case RadarArc():
            return sector_step(spot, footprint, limit_m)
        case _:
            assert_never(footprint)


def first_beyond(
    way: Course, footprint: Footprint, *, limit_m: float, start_s: float, end_s: float
) -> float | Undecided | None:
    """The first time in `[start_s, end_s]` with signed distance above `limit_m`; None if none.

    `limit_m` is 0 or more. Above means by 0.7 to 0.8 mm (OUT_M). Implements GEO-047.
    """
    assert limit_m >= 0.0, "a limit inside the footprint is another search"
    time_s = start_s
    for _ in range(STEPS_MAX):
        step_m = _step_staying(Spot.of(way, time_s), footprint, limit_m)
        if step_m == 0.0:
            return time_s
        if way.speed_mps * (end_s - time_s) < step_m:
            return None
        time_s += step_m / way.speed_mps
    return Undecided(time_s)


def _step_staying(spot: Spot, footprint: Footprint, limit_m: float) -> float:
    """A step in metres that cannot pass the first exit; 0 is exit."""
    match footprint:
        case Circle():
            return disc_stay(spot, footprint.centre, footprint.radius_m + limit_m)
        case Polygon() | Ellipse():
            return _area_stay(spot, footprint.outline, limit_m)
        case Corridor() | Orbit():
            return lines_stay(spot, footprint.lines, footprint.half_width_m + limit_m)
        case RadarArc():
            return sector_stay(spot, footprint, limit_m)
        case _:
            assert_never(footprint)


def _area_stay(spot: Spot, outline: Outline, limit_m: float) -> float:
    """The step while near an edge; else, inside, the step to the nearest edge."""
    step_m = lines_stay(spot, outline.lines, limit_m)
    if step_m > 0.0 or not is_inside(spot, outline):
        return step_m
    return lines_step(spot, outline.lines, -TIE_M)


def is_inside(spot: Spot, outline: Outline) -> bool:
    """Whether the spot is inside the outline; beside an edge the geodesic decides."""
    if math.dist(spot.p, outline.middle) > outline.bound_m:
        return False
    if min(near.distance_m for near in outline.near(spot.p)) > SIDE_M:
        return outline.holds(spot.p)
    return outline.signed_m(spot.here) <= TIE_M
