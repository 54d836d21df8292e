"""The level frame of the reference implementation, for comparing results number by number.

Units: degrees, metres, seconds. Frame: orthographic projection on the plane that touches, at the
first aircraft, a sphere on which a minute of arc is a nautical mile; altitudes are left as they
are. A velocity is the projected displacement over the next ten seconds along the great circle.
Source: the reference manual of NASA DAIDALUS V-2.0.x ("orthogonal projection ... onto a plane
tangent to the projected ownship position"), and its source for the sphere and the ten seconds;
checked against its published regression outputs (tests). Our own pairing does not use this frame:
see `geodesic_frame`.
"""

import math
from dataclasses import dataclass, fields

import numpy as np

from crosstell.core.detection.well_clear.arrays import Floats, RelativeStates
from crosstell.core.detection.well_clear.exact import EnuState
from crosstell.core.quantity import NAUTICAL_MILE_M

SPHERE_M = 360.0 * 60.0 * NAUTICAL_MILE_M / (2.0 * math.pi)
STEP_S = 10.0
GEODETIC_ROWS = ("lat_deg", "lon_deg", "altitude_m", "track_deg", "speed_mps", "climb_mps")


@dataclass(frozen=True, slots=True, kw_only=True)
class GeodeticState:
    """An aircraft by latitude, longitude and true track. Not rounded, unlike `Motion`."""

    lat_deg: float
    lon_deg: float
    altitude_m: float
    track_deg: float
    speed_mps: float
    climb_mps: float

    def __post_init__(self) -> None:
        """Refuse what is not a finite number or not on the globe, by name."""
        for field in fields(self):
            if not math.isfinite(getattr(self, field.name)):
                raise ValueError(
                    f"state: {field.name} is {getattr(self, field.name)}; give a finite number"
                )
        if abs(self.lat_deg) > 90.0:
            raise ValueError(f"state: lat_deg is {self.lat_deg}; give -90 to 90")


def projected(state: GeodeticState, *, lat_deg: float, lon_deg: float) -> EnuState:
    """`state` in the plane that touches at `lat_deg`, `lon_deg`; raises ValueError past 90 degrees.

    Implements WCL-041.
    """
    here = _plane(state.lat_deg, state.lon_deg, lat_deg, lon_deg)
    next_lat, next_lon = _great_circle(state, state.speed_mps * STEP_S)
    then = _plane(next_lat, next_lon, lat_deg, lon_deg)
    return EnuState(
        east_m=here[0],
        north_m=here[1],
        up_m=state.altitude_m,
        east_mps=(then[0] - here[0]) / STEP_S,
        north_mps=(then[1] - here[1]) / STEP_S,
        up_mps=state.climb_mps,
    )


def relative_as_reference(own: GeodeticState, intruder: GeodeticState) -> EnuState:
    """`own` less `intruder`, projected as the reference implementation does it."""
    at = {"lat_deg": own.lat_deg, "lon_deg": own.lon_deg}
    return projected(own, **at).less(projected(intruder, **at))


def _plane(lat: float, lon: float, lat_0: float, lon_0: float) -> tuple[float, float]:
    phi, phi_0, turn = math.radians(lat), math.radians(lat_0), math.radians(lon - lon_0)
    if math.sin(phi_0) * math.sin(phi) + math.cos(phi_0) * math.cos(phi) * math.cos(turn) < 0.0:
        raise ValueError(f"position {lat}, {lon} is beyond the horizon of {lat_0}, {lon_0}")
    east = math.cos(phi) * math.sin(turn)
    north = math.cos(phi_0) * math.sin(phi) - math.sin(phi_0) * math.cos(phi) * math.cos(turn)
    return SPHERE_M * east, SPHERE_M * north


def _great_circle(state: GeodeticState, travel_m: float) -> tuple[float, float]:
    """Latitude and longitude after `travel_m` on the sphere."""
    phi, track, arc = (
        math.radians(state.lat_deg),
        math.radians(state.track_deg),
        travel_m / SPHERE_M,
    )
    sin_there = math.sin(phi) * math.cos(arc) + math.cos(phi) * math.sin(arc) * math.cos(track)
    there = math.asin(min(1.0, max(-1.0, sin_there)))
    turn = math.atan2(
        math.sin(track) * math.sin(arc) * math.cos(phi),
        math.cos(arc) - math.sin(phi) * sin_there,
    )
    return math.degrees(there), state.lon_deg + math.degrees(turn)


def relative_as_reference_all(own: Floats, intruder: Floats) -> RelativeStates:
    """Own less intruder, column against column, each projected at its own aircraft.

    Both are blocks of six rows, see GEODETIC_ROWS; one column of `own` may stand for all.
    Implements WCL-043.
    """
    for who, rows in (("own", own), ("intruder", intruder)):
        _check(who, rows)
    columns = max(own.shape[1], intruder.shape[1])
    own = np.broadcast_to(own, (len(GEODETIC_ROWS), columns))
    intruder = np.broadcast_to(intruder, (len(GEODETIC_ROWS), columns))
    phi_0, lambda_0 = np.radians(own[0]), np.radians(own[1])
    sine_0, cosine_0 = np.sin(phi_0), np.cos(phi_0)
    first = _projected_all(own, sine_0, cosine_0, lambda_0)
    return RelativeStates.of(first, _projected_all(intruder, sine_0, cosine_0, lambda_0))


def _check(who: str, rows: Floats) -> None:
    """Refuse another shape and what is not a finite number or not on the globe, by row and pair."""
    if rows.ndim != 2 or len(rows) != len(GEODETIC_ROWS):
        raise ValueError(f"{who} of shape {rows.shape}; give 6 rows: {GEODETIC_ROWS}")
    wrong = ~np.isfinite(rows)
    wrong[0] |= ~(np.abs(rows[0]) <= 90.0)
    if wrong.any():
        pair, row = np.argwhere(wrong.T)[0]
        raise ValueError(
            f"{who} {pair}: {GEODETIC_ROWS[row]} is {rows[row, pair]}; give a number on the globe"
        )


def _projected_all(rows: Floats, sine_0: Floats, cosine_0: Floats, lambda_0: Floats) -> Floats:
    """Six rows of east, north, up and their speeds in each pair's plane."""
    phi, turn, track = np.radians(rows[0]), np.radians(rows[1]) - lambda_0, np.radians(rows[3])
    sine, cosine = np.sin(phi), np.cos(phi)
    arc = rows[4] * STEP_S / SPHERE_M
    sine_arc, cosine_arc = np.sin(arc), np.cos(arc)
    sine_then = np.clip(sine * cosine_arc + cosine * sine_arc * np.cos(track), -1.0, 1.0)
    cosine_then = np.sqrt(1.0 - sine_then * sine_then)
    ahead = np.arctan2(np.sin(track) * sine_arc * cosine, cosine_arc - sine * sine_then)
    plane = (sine_0, cosine_0)
    east, north = _planes(sine, cosine, turn, plane)
    east_then, north_then = _planes(sine_then, cosine_then, turn + ahead, plane)
    return np.stack(
        [
            east,
            north,
            rows[2],
            (east_then - east) / STEP_S,
            (north_then - north) / STEP_S,
            rows[5],
        ]
    )


def _planes(
    sine: Floats, cosine: Floats, turn: Floats, plane: tuple[Floats, Floats]
) -> tuple[Floats, Floats]:
    """East and north in metres; raises ValueError past 90 degrees."""
    sine_0, cosine_0 = plane
    across = cosine * np.cos(turn)
    beyond = sine_0 * sine + cosine_0 * across < 0.0
    if beyond.any():
        raise ValueError(f"pair {int(np.argmax(beyond))}: beyond the horizon of the own aircraft")
    return SPHERE_M * (cosine * np.sin(turn)), SPHERE_M * (cosine_0 * sine - sine_0 * across)
