"""Where a moving point is, and the bounds that every safe step rests on.

Units: metres, seconds, degrees. Symbols: d range, f' slope of the range over travel, k^2 the
greatest curvature of the ellipsoid.
"""

import math
from dataclasses import dataclass

from geographiclib.geodesicline import GeodesicLine

from crosstell.core.geometry.cartesian import RADIUS_M, Vector, ecef, heading
from crosstell.core.geometry.geodesic import FOOT_M, LatLon, along, course
from crosstell.core.geometry.position import Position

TIE_M = 0.000_5  # distances are compared to the millimetre
EDGE_M = 0.000_1
CONVEX_M = 9_900_000.0  # under pi / 2 k: distance to a point is convex nearer than this
POLAR_RADIUS_M = 6_356_752.0  # 1 / k is at least this (curvature is greatest at the equator)
STRIDE_M = 50_000.0  # step limit, so that the bend holds over the whole step
SLOPE_SLACK = 1e-6


@dataclass(frozen=True, slots=True)
class Undecided:
    """The search reached its bound at `at_s`: nothing found before, nothing known after."""

    at_s: float


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


@dataclass(frozen=True, slots=True)
class Spot:
    """One instant of a course: where, which way, and both Earth-centred."""

    here: LatLon
    track_deg: float
    p: Vector
    level: Vector

    @classmethod
    def of(cls, way: Course, time_s: float) -> "Spot":
        """Where `way` is at `time_s`."""
        lat, lon, track = way.at(time_s)
        return cls((lat, lon), track, ecef(lat, lon), heading(lat, lon, track))


def slope_error(distance_m: float) -> float:
    """How far a fast slope at this distance may be from the true one."""
    turn = distance_m / RADIUS_M
    return SLOPE_SLACK + turn * turn


def sharper(fast: tuple[float, float], range_m: float, turn_deg: float) -> tuple[float, float]:
    """A slope and its error: the fast one, or by the geodesic whose course away is `turn_deg` off.

    The fast one is better near an edge, where its foot is not known well enough for a course.
    """
    error = SLOPE_SLACK + 2.0 * math.sqrt(2.0 * FOOT_M / range_m) if range_m > 0.0 else math.inf
    return (math.cos(math.radians(turn_deg)), error) if error < fast[1] else fast


def bend_at(distance_m: float) -> float:
    """The most by which the distance to a geodesic bends down, at up to this distance."""
    k = 1.0 / POLAR_RADIUS_M
    return k * math.tan(k * distance_m)


def out_of_disc(range_m: float, slope: float, reach_m: float) -> float:
    """The least travel after which the range to a fixed point can exceed `reach_m`.

    By Toponogov's comparison with the plane: where the curvature is nowhere negative, two sides
    and the angle between them span no more than in the plane. `range_m` is at most `reach_m`.
    """
    aside = range_m * range_m * (1.0 - slope * slope)
    return max(math.sqrt(reach_m * reach_m - aside) - range_m * slope, reach_m - range_m)
