"""Steps that cannot pass the first time a distance exceeds a limit. The proof: `approach`.

Units: metres. Symbols: L reach (limit and tolerance), h headroom (reach less distance), y distance
to a geodesic edge, y' its slope over travel, k^2 the greatest curvature of the ellipsoid.
"""

import math
from dataclasses import dataclass

from crosstell.core.geometry.cartesian import LOCAL_M_MAX, RADIUS_M, dot, ecef
from crosstell.core.geometry.geodesic import LatLon, edge_from, polar, range_and_course
from crosstell.core.geometry.pieces import Lines, Near
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.search.course import (
    EDGE_M,
    POLAR_RADIUS_M,
    SLOPE_SLACK,
    STRIDE_M,
    TIE_M,
    Spot,
    bend_at,
    out_of_disc,
    sharper,
    slope_error,
)
from crosstell.core.geometry.search.towards import convex_step, lines_step
from crosstell.core.geometry.shape.radar_arc import RadarArc

OUT_M = TIE_M + 3 * EDGE_M  # so that what has just entered has not yet left
OVERLAP_M = 4 * EDGE_M  # so that along a radial edge one of two steps is always long
ON_EDGE_M = 0.000_01  # nearer to an edge, the side is not told
AT_END_M = 0.01  # nearer to a vertex, the fast direction away from it is not trusted
FOOT_M = 0.001  # how far the fast foot on a short edge may be from the true one, beside it
ONWARD = 1e-3  # a course that leans this much along an edge moves its foot that way only


def disc_stay(spot: Spot, centre: Position, reach_m: float) -> float:
    """A step that cannot pass the first time the range to `centre` is over `reach_m`; else 0."""
    range_m, bearing = range_and_course(*spot.here, centre)
    if reach_m + OUT_M - range_m <= EDGE_M:
        return 0.0
    slope = min(1.0, SLOPE_SLACK - math.cos(math.radians(bearing - spot.track_deg)))
    return out_of_disc(range_m, slope, reach_m + OUT_M)


@dataclass(frozen=True, slots=True)
class _Held:
    """An edge that is within reach: how far at least and at most, and how fast that may grow."""

    near: Near
    least_m: float
    most_m: float
    slope: float
    error: float  # of the slope

    def end_stay(self, reach_m: float) -> float:
        """The step while which the nearest point itself stays within reach."""
        if self.most_m < AT_END_M:
            return reach_m - self.most_m
        slope = min(1.0, self.slope + self.error)
        return min(out_of_disc(range_m, slope, reach_m) for range_m in (self.least_m, self.most_m))

    def edge_stay(self, spot: Spot, reach_m: float) -> float:
        """The step while which the edge stays within reach, its foot moving along with us."""
        if self.slope > -self.error:
            root_m = (reach_m - self.most_m) / (self.slope + self.error)
        else:  # to the edge, across it, and out to the other side
            fall = min(1.0, self.error - self.slope + bend_at(self.most_m) * STRIDE_M)
            root_m = (reach_m + self.least_m) / fall
        piece = self.near.piece
        behind_m = piece.start_m + self.near.x_m
        ahead_m = piece.edge_m - behind_m
        lean = dot(piece.u, spot.level)
        free_m = min(ahead_m, behind_m)
        if abs(lean) >= ONWARD:
            free_m = ahead_m if lean > 0.0 else behind_m
        arc_m = piece.length_m**3 / (24.0 * RADIUS_M * RADIUS_M)  # over its chord
        free_m -= FOOT_M + arc_m + piece.length_m * slope_error(self.most_m)
        return min(root_m, free_m * math.cos(reach_m / POLAR_RADIUS_M), STRIDE_M)


def lines_stay(spot: Spot, lines: Lines, reach_m: float) -> float:
    """A step while which some edge stays within `reach_m`; 0 if none is, by more than EDGE_M."""
    reach_m += OUT_M
    step_m = 0.0
    close: list[Near] = []
    for near in lines.near(spot.p):
        high_m = near.distance_m + near.slack_m
        if near.distance_m < LOCAL_M_MAX and reach_m - high_m > EDGE_M:
            step_m = max(step_m, _fast_stay(spot, near, reach_m))
        elif near.distance_m - near.slack_m < reach_m:
            close.append(near)
    if step_m > 0.0:
        return step_m
    for near in close:
        found = lines.exact(spot.here, near)
        if reach_m - found[0] > EDGE_M:
            step_m = max(step_m, _exact_stay(spot, near, found, reach_m))
    return step_m


def _fast_stay(spot: Spot, near: Near, reach_m: float) -> float:
    """The step from a fast distance."""
    least_m, most_m = near.distance_m - near.slack_m, near.distance_m + near.slack_m
    slope, error = dot(near.pull, spot.level), slope_error(most_m)
    if not _is_beside(near):
        return _Held(near, max(0.0, least_m), most_m, slope, error).end_stay(reach_m)
    if least_m <= 0.0:  # which side of the edge is not known
        least_m, slope = 0.0, abs(slope)
    held = _Held(near, least_m, most_m, slope, error)
    return max(held.end_stay(reach_m), held.edge_stay(spot, reach_m))


def _exact_stay(spot: Spot, near: Near, found: tuple[float, float, float], reach_m: float) -> float:
    """The step from a geodesic distance, the side of the edge, and the course away from it."""
    exact_m, side, away_deg = found
    error = slope_error(exact_m)
    on_edge = exact_m < ON_EDGE_M
    if _is_beside(near) and (on_edge or side != 0.0):
        slope = dot(near.piece.m, spot.level)
        slope = abs(slope) if on_edge else slope * math.copysign(1.0, side)
        sharp = sharper((slope, error), exact_m, away_deg - spot.track_deg)
        held = _Held(near, exact_m, exact_m, *sharp)
        return max(held.end_stay(reach_m), held.edge_stay(spot, reach_m))
    if side == 0.0 and not _is_beside(near):
        sharp = sharper((dot(near.pull, spot.level), error), exact_m, away_deg - spot.track_deg)
        return _Held(near, exact_m, exact_m, *sharp).end_stay(reach_m)
    return reach_m - exact_m


def _is_beside(near: Near) -> bool:
    """Whether the nearest point of the piece is none of its ends."""
    return 0.0 <= near.x_m <= near.piece.length_m


def sector_stay(spot: Spot, arc: RadarArc, limit_m: float) -> float:
    """A step that cannot pass the first time a radar arc is farther than `limit_m`; 0 is there."""
    step_m = lines_stay(spot, arc.lines, limit_m)
    range_m, bearing, from_centre = polar(*spot.here, arc.centre)
    if not arc.spans(from_centre):
        return step_m
    most_m = limit_m + OUT_M
    head_m = min(arc.outer_radius_m + most_m - range_m, range_m - arc.hole_m + most_m)
    if head_m <= EDGE_M:
        return step_m
    slope = -math.cos(math.radians(bearing - spot.track_deg))
    free_m = out_of_disc(range_m, min(1.0, slope + SLOPE_SLACK), arc.outer_radius_m + most_m)
    if arc.hole_m > most_m:
        free_m = min(free_m, convex_step(range_m, slope, range_m - arc.hole_m + most_m))
    free_m = min(free_m, lines_step(spot, arc.lines, most_m - OVERLAP_M - TIE_M))
    for corner in arc.corners:  # between the overlap and the reach, only a corner can be passed
        free_m = min(free_m, _corner_step(spot, corner, most_m, free_m))
    return max(step_m, free_m, min(head_m, most_m))


def _corner_step(spot: Spot, corner: LatLon, reach_m: float, free_m: float) -> float:
    """A step that cannot pass the first time a corner is `reach_m` away; `free_m` if far."""
    if math.dist(spot.p, ecef(*corner)) - reach_m >= free_m:
        return free_m
    line, range_m = edge_from(spot.here, corner)
    if range_m - reach_m <= EDGE_M:
        return 0.0
    slope = -math.cos(math.radians(line.azi1 - spot.track_deg))
    return convex_step(range_m, slope, range_m - reach_m)
