"""The level frame of the reference implementation for many pairs at once.

Units, frame and source as in `orthographic`, which is the definition; NumPy's sines differ from the
standard library's in the last bit, so positions agree to a micrometre, not to the bit (tested).
"""

import numpy as np
from numpy.typing import NDArray

from crosstell.core.detection.well_clear.arrays import Floats, RelativeStates
from crosstell.core.detection.well_clear.orthographic import SPHERE_M, STEP_S

GEODETIC_ROWS = ("lat_deg", "lon_deg", "altitude_m", "track_deg", "speed_mps", "climb_mps")


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
    first = _projected(own, sine_0, cosine_0, lambda_0)
    return RelativeStates.of(first, _projected(intruder, sine_0, cosine_0, lambda_0))


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


def _projected(rows: Floats, sine_0: Floats, cosine_0: Floats, lambda_0: Floats) -> Floats:
    """Six rows of east, north, up and their speeds in each pair's plane."""
    phi, turn, track = np.radians(rows[0]), np.radians(rows[1]) - lambda_0, np.radians(rows[3])
    sine, cosine = np.sin(phi), np.cos(phi)
    arc = rows[4] * STEP_S / SPHERE_M
    sine_arc, cosine_arc = np.sin(arc), np.cos(arc)
    sine_then = np.clip(sine * cosine_arc + cosine * sine_arc * np.cos(track), -1.0, 1.0)
    cosine_then = np.sqrt(1.0 - sine_then * sine_then)
    ahead = np.arctan2(np.sin(track) * sine_arc * cosine, cosine_arc - sine * sine_then)
    plane = (sine_0, cosine_0)
    east, north = _plane(sine, cosine, turn, plane)
    east_then, north_then = _plane(sine_then, cosine_then, turn + ahead, plane)
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


def _plane(
    sine: Floats, cosine: Floats, turn: Floats, plane: tuple[Floats, Floats]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """East and north in metres; raises ValueError past 90 degrees."""
    sine_0, cosine_0 = plane
    across = cosine * np.cos(turn)
    beyond = sine_0 * sine + cosine_0 * across < 0.0
    if beyond.any():
        raise ValueError(f"pair {int(np.argmax(beyond))}: beyond the horizon of the own aircraft")
    return SPHERE_M * (cosine * np.sin(turn)), SPHERE_M * (cosine_0 * sine - sine_0 * across)
