"""Steps that cannot pass the first time a distance falls to a limit. The proof: `approach`.

Units: metres. Symbols: f gap (distance less limit), f' its slope over travel, K its bend.
"""

import math

from crosstell.core.geometry.cartesian import LOCAL_M_MAX, dot
from crosstell.core.geometry.geodesic import polar, range_and_course
from crosstell.core.geometry.pieces import Lines, Near
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.search.course import (
    CONVEX_M,
    EDGE_M,
    SLOPE_SLACK,
    STRIDE_M,
    TIE_M,
    Spot,
    bend_at,
    out_of_disc,
    sharper,
    slope_error,
)
from crosstell.core.geometry.shape.radar_arc import RadarArc


def disc_step(spot: Spot, centre: Position, reach_m: float) -> float:
    """A step that cannot pass the first time the range to `centre` is `reach_m`; 0 is there."""
    range_m, bearing = range_and_course(*spot.here, centre)
    gap_m = range_m - reach_m - TIE_M
    if gap_m <= EDGE_M:
        return 0.0
    return convex_step(range_m, -math.cos(math.radians(bearing - spot.track_deg)), gap_m)


def convex_step(range_m: float, slope: float, gap_m: float) -> float:
    """Newton's step on a range, which is convex; never less than the gap."""
    convex_m = CONVEX_M - range_m
    if convex_m <= gap_m:
        return gap_m
    slope -= SLOPE_SLACK
    return max(gap_m, min(gap_m / -slope, convex_m)) if slope < 0.0 else convex_m


def lines_step(spot: Spot, lines: Lines, reach_m: float) -> float:
    """A step that cannot pass the first time an edge is `reach_m` away; 0 is there."""
    step_m = math.inf
    for near in lines.near(spot.p):
        gap_m = near.distance_m - near.slack_m - reach_m - TIE_M
        if gap_m > step_m:
            continue
        slope = dot(near.pull, spot.level), slope_error(near.distance_m)
        if gap_m <= EDGE_M:
            exact_m, _, away_deg = lines.exact(spot.here, near)
            gap_m = exact_m - reach_m - TIE_M
            if gap_m <= EDGE_M:
                return 0.0
            slope = sharper(slope, exact_m, away_deg - spot.track_deg)
        safe_m = gap_m
        if near.distance_m < LOCAL_M_MAX:
            safe_m = max(gap_m, _bent_step(gap_m, slope[0] - slope[1], near))
        step_m = min(step_m, safe_m)
    return step_m


def _bent_step(gap_m: float, slope: float, near: Near) -> float:
    """The root of f + f' x - K x^2 / 2, with slope and K taken against us."""
    stride_m = STRIDE_M + near.distance_m
    bend = bend_at(near.distance_m + stride_m)
    root_m = 2.0 * gap_m / (math.sqrt(slope * slope + 2.0 * bend * gap_m) - slope)
    return min(root_m, stride_m)


def sector_step(spot: Spot, arc: RadarArc, limit_m: float) -> float:
    """A step that cannot pass the first time a radar arc is `limit_m` away; 0 is there."""
    range_m, bearing, from_centre = polar(*spot.here, arc.centre)
    slope = -math.cos(math.radians(bearing - spot.track_deg))
    gap_m = range_m - arc.outer_radius_m - limit_m - TIE_M
    if gap_m > EDGE_M:  # nothing is met before the outer circle is
        return convex_step(range_m, slope, gap_m)
    hole_m = arc.hole_m - limit_m - TIE_M
    if hole_m - range_m > EDGE_M:  # nothing is met before the inner circle is
        return out_of_disc(range_m, min(1.0, slope + SLOPE_SLACK), hole_m)
    if arc.spans(from_centre):
        return 0.0
    return _beside_step(spot, arc, (range_m, slope, limit_m))


def _beside_step(spot: Spot, arc: RadarArc, found: tuple[float, float, float]) -> float:
    """The step outside the bearings, between the circles: to an edge, or into the hole."""
    range_m, slope, limit_m = found
    edge_m = min(lines_step(spot, arc.lines, limit_m), CONVEX_M - range_m)
    into_m = range_m - (arc.hole_m - limit_m - TIE_M)
    if edge_m == 0.0 or arc.hole_m <= limit_m + TIE_M:
        return edge_m
    fast_m = min(near.distance_m - near.slack_m for near in arc.lines.near(spot.p))
    hole_step_m = 0.0 if into_m <= 0.0 and slope < 0.0 else convex_step(range_m, slope, into_m)
    return max(EDGE_M, fast_m - limit_m - TIE_M, min(edge_m, hole_step_m))
