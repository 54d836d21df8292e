"""Geodesics on the WGS-84 ellipsoid, by geographiclib: the test that decides.

Units: degrees and metres. Frame: WGS-84 geodetic (see `position`). Source: C. F. F. Karney,
Algorithms for geodesics, J. Geodesy 87 (2013) 43-55; errors are some nanometres.
"""

import math

from geographiclib.geodesic import Geodesic
from geographiclib.geodesicline import GeodesicLine

from crosstell.core.geometry.position import Position

_EARTH = Geodesic.WGS84
_WHERE = Geodesic.LATITUDE | Geodesic.LONGITUDE
_POINT = _WHERE | Geodesic.AZIMUTH | Geodesic.DISTANCE_IN
_ENDS = Geodesic.DISTANCE | Geodesic.AZIMUTH
FOOT_STEPS_MAX = 12
FOOT_M = 1e-6  # the distance is stationary at the foot: x beside it errs by x^2 / 2 d

LatLon = tuple[float, float]  # degrees, not rounded


def distance_m(here: Position, there: Position) -> float:
    """Length of the shortest geodesic between two positions."""
    line = _EARTH.Inverse(
        here.lat_deg, here.lon_deg, there.lat_deg, there.lon_deg, Geodesic.DISTANCE
    )
    return float(line["s12"])


def destination(start: Position, *, track_deg: float, travel_m: float) -> Position:
    """The position reached after `travel_m` along the geodesic that starts at `track_deg`."""
    end = _EARTH.Direct(start.lat_deg, start.lon_deg, track_deg, travel_m, _WHERE)
    return Position(lat_deg=end["lat2"], lon_deg=end["lon2"])


def course(start: Position, *, track_deg: float) -> GeodesicLine:
    """The geodesic that starts at `track_deg`, for many positions along it."""
    return _EARTH.Line(start.lat_deg, start.lon_deg, track_deg, _POINT)


def along(line: GeodesicLine, travel_m: float) -> tuple[float, float, float]:
    """Latitude, longitude and course, in degrees, after `travel_m` along `line`."""
    point = line.Position(travel_m, Geodesic.LATITUDE | Geodesic.LONGITUDE | Geodesic.AZIMUTH)
    return float(point["lat2"]), float(point["lon2"]), float(point["azi2"])


def edge_from(here: LatLon, there: LatLon) -> tuple[GeodesicLine, float]:
    """The shortest geodesic between two points and its length in metres."""
    ends = _EARTH.Inverse(*here, *there, _ENDS)
    line = _EARTH.Line(*here, ends["azi1"], _POINT)
    return line, float(ends["s12"])


def reached(start: LatLon, *, track_deg: float, travel_m: float) -> LatLon:
    """The point reached after `travel_m` along the geodesic that starts at `track_deg`."""
    end = _EARTH.Direct(*start, track_deg, travel_m, _WHERE)
    return float(end["lat2"]), float(end["lon2"])


def polar(lat_deg: float, lon_deg: float, centre: Position) -> tuple[float, float, float]:
    """Range from a point to `centre`, the course there at the point, and its bearing from it.

    The bearing is the course at `centre` of the geodesic from `centre` to the point.
    """
    ends = _EARTH.Inverse(lat_deg, lon_deg, centre.lat_deg, centre.lon_deg, _ENDS)
    return float(ends["s12"]), float(ends["azi1"]), (float(ends["azi2"]) + 180.0) % 360.0


def range_and_course(lat_deg: float, lon_deg: float, there: Position) -> tuple[float, float]:
    """Length of the shortest geodesic from a point to `there`, and its course at the point."""
    ends = _EARTH.Inverse(lat_deg, lon_deg, there.lat_deg, there.lon_deg, _ENDS)
    return float(ends["s12"]), float(ends["azi1"])


def foot(
    lat_deg: float, lon_deg: float, line: GeodesicLine, length_m: float, *, guess_m: float
) -> tuple[float, float, float]:
    """The distance from a point to the first `length_m` of `line`, the side, and the course away.

    The side is positive to the right of the line, negative to its left, and 0 where the nearest
    point is an end. The course, in degrees at the point, leads straight away from the nearest
    point, but for sqrt(2 FOOT_M / distance) radians. `guess_m` is about where along the line that
    lies.
    """
    at_m = min(max(guess_m, 0.0), length_m)
    range_m, side, away_deg = math.inf, 0.0, 0.0
    for _ in range(FOOT_STEPS_MAX):
        lat, lon, azi = along(line, at_m)
        ends = _EARTH.Inverse(lat, lon, lat_deg, lon_deg, _ENDS)
        angle = math.radians(ends["azi1"] - azi)
        if ends["s12"] <= range_m:
            range_m = float(ends["s12"])
            side = math.sin(angle) if 0.0 < at_m < length_m else 0.0
            away_deg = float(ends["azi2"])
        next_m = min(max(at_m + ends["s12"] * math.cos(angle), 0.0), length_m)
        if (next_m - at_m) ** 2 <= 2.0 * FOOT_M * ends["s12"]:
            break
        at_m = next_m
    return range_m, side, away_deg
