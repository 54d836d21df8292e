"""The level frame of our own pairing: along the geodesic that joins the two aircraft.

Units: degrees, metres, seconds. Frame: WGS-84. The first axis points along the geodesic from the
first aircraft to the second, the other to its left; each velocity is laid out by its angle to that
geodesic, which carries a direction from one end to the other without turning it. So the distance
now is the geodesic distance, wherever on the globe; what is lost is the curvature of the ground
over the way flown: at most `bend_m`.

`bend_m` is (d + 2 w) (w / R)^2 with d the distance now, w the longer way flown, R the mean radius:
twice the second-order term, (d + 2 w) w^2 / 2 R^2, of the distance between two geodesics; tested
against geodesics over the whole globe.
"""

import math
from dataclasses import dataclass

from geographiclib.geodesic import Geodesic

from crosstell.core.detection.well_clear.exact import EnuState
from crosstell.core.geometry.cartesian import RADIUS_M
from crosstell.core.geometry.geodesic import along, course
from crosstell.core.geometry.position import Position

_ENDS = Geodesic.DISTANCE | Geodesic.AZIMUTH


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A point of the ground, and the course and speed there (0 where none is known)."""

    lat_deg: float
    lon_deg: float
    track_deg: float
    speed_mps: float


def placed(position: Position, *, track_deg: float, speed_mps: float, lead_s: float) -> Placed:
    """Where the geodesic from `position` leads in `lead_s` (negative: where it came from)."""
    lat, lon, track = along(course(position, track_deg=track_deg), speed_mps * lead_s)
    return Placed(lat_deg=lat, lon_deg=lon, track_deg=track, speed_mps=speed_mps)


def relative(first: Placed, second: Placed) -> tuple[EnuState, float]:
    """`first` less `second` in the level frame, heights 0, and the geodesic distance in metres.

    Implements WCL-040.
    """
    ends = Geodesic.WGS84.Inverse(
        first.lat_deg, first.lon_deg, second.lat_deg, second.lon_deg, _ENDS
    )
    distance_m = float(ends["s12"])
    ahead_1, left_1 = _along_and_left(first, float(ends["azi1"]))
    ahead_2, left_2 = _along_and_left(second, float(ends["azi2"]))
    state = EnuState(
        east_m=-distance_m,
        north_m=0.0,
        up_m=0.0,
        east_mps=ahead_1 - ahead_2,
        north_mps=left_1 - left_2,
        up_mps=0.0,
    )
    return state, distance_m


def bend_m(distance_m: float, way_m: float) -> float:
    """How far the level frame may be from the ellipsoid after each has flown up to `way_m`."""
    turn = way_m / RADIUS_M
    return (distance_m + 2.0 * way_m) * turn * turn


def _along_and_left(at: Placed, azimuth_deg: float) -> tuple[float, float]:
    angle = math.radians(at.track_deg - azimuth_deg)
    return at.speed_mps * math.cos(angle), -at.speed_mps * math.sin(angle)
