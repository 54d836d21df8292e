"""LocaRDS: where an aircraft says it is, beside where five receivers' clocks put it.

Units: metres, seconds. Multilateration: least squares over place and time of sending, at the
height that the aircraft states, from the receivers alone; the aircraft's own place is not used. So
the two are independent in place, not in height.
"""

import csv
import gzip
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from crosstell.core.assessment.registration.aligned import Floats, ecef_of, plane_about
from crosstell.core.assessment.registration.candidates import Candidates, Search
from crosstell.core.assessment.registration.estimate import fitted, inflation
from crosstell.core.assessment.registration.register import Offset

DATA = Path(__file__).parent / "data"
SETS = (1, 2, 3, 4)
AIR_MPS = 299_792_458.0 / 1.0003  # of light, in air
RANGE_SIGMA_M = 30.0  # assumption, as one might take it from a data sheet
STEPS_MAX = 30
FIT_STEPS = 12
APART_S_MIN, APART_S_MAX = 0.5, 120.0  # between two places that give a velocity
STEP_M_MAX = 50_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """One message: both places, and the covariance that multilateration states of its own.

    `apart_m` (east, north) is the aircraft's own claim less multilateration.
    """

    aircraft: str
    at_s: float
    set: int
    lat_deg: float
    lon_deg: float
    apart_m: Floats
    covariance: Floats

    @property
    def nees(self) -> float:
        """The squared difference over the stated covariance."""
        return float(self.apart_m @ np.linalg.solve(self.covariance, self.apart_m))


def located(sets: tuple[int, ...] = SETS) -> list[Located]:
    """Every message of the sets for which multilateration has a solution, in order."""
    sensors = {
        row["serial"]: (float(row["latitude"]), float(row["longitude"]), float(row["height"]))
        for row in _rows("sensors")
    }
    found: list[Located] = []
    for number in sets:
        for row in _rows(f"set_{number}"):
            one = _located(row, number, sensors)
            if one is not None:
                found.append(one)
    return found


def _rows(name: str) -> Iterator[dict[str, str]]:
    with gzip.open(DATA / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _located(
    row: dict[str, str], number: int, sensors: dict[str, tuple[float, float, float]]
) -> Located | None:
    heard = json.loads(row["measurements"])
    places = np.array([sensors[str(serial)] for serial, _, _ in heard])
    arrived_ns = np.array([time_ns for _, time_ns, _ in heard])
    seconds = (arrived_ns - arrived_ns.min()) * 1e-9
    height_m = float(row["geoAltitude"])
    solved = _multilaterated(places, seconds, height_m)
    if solved is None:
        return None
    lat_deg, lon_deg, covariance = solved
    stated = (float(row["latitude"]), float(row["longitude"]))
    here = _raised(np.array([lat_deg, stated[0]]), np.array([lon_deg, stated[1]]), height_m)
    return Located(
        aircraft=row["aircraft"],
        at_s=float(row["timeAtServer"]),
        set=number,
        lat_deg=stated[0],
        lon_deg=stated[1],
        apart_m=_level(lat_deg, lon_deg) @ (here[1] - here[0]),
        covariance=covariance,
    )


def _multilaterated(
    places: Floats, seconds: Floats, height_m: float
) -> tuple[float, float, Floats] | None:
    """Latitude, longitude and covariance (east, north); None where nothing converges.

    Two places may fit the same arrivals nearly as well, so the search begins at the middle of the
    receivers and towards each of them, beyond it too; the best fit is taken.
    """
    stations = _raised(places[:, 0], places[:, 1], places[:, 2])
    middle = places[:, :2].mean(axis=0)
    starts = [middle, *(middle + share * (places[:, :2] - middle) for share in (0.7, 1.5))]
    fits = _descended(stations, seconds, height_m, np.vstack(starts))
    if not fits:
        return None
    _, lat_deg, lon_deg, inverse = min(fits, key=lambda fit: fit[0])
    return lat_deg, lon_deg, inverse[:2, :2] * RANGE_SIGMA_M**2


def _descended(
    stations: Floats, seconds: Floats, height_m: float, starts: Floats
) -> list[tuple[float, float, float, Floats]]:
    """What is left, latitude, longitude and inverse information, where a start converges.

    All starts (n, 2; degrees) go down together; each stops where its own step is small.
    """
    places, fits = starts, []
    for _ in range(STEPS_MAX):
        here = _raised(places[:, 0], places[:, 1], height_m)
        away = here[:, None, :] - stations
        ranges = np.linalg.norm(away, axis=2)
        level = np.array([_level(*place) for place in places.tolist()])
        along = away / ranges[:, :, None] @ level.transpose(0, 2, 1)
        changes = np.concatenate([along, np.ones((*ranges.shape, 1))], axis=2)
        late = seconds * AIR_MPS - ranges
        step = (np.linalg.pinv(changes) @ late[:, :, None])[:, :, 0]
        length = np.hypot(step[:, 0], step[:, 1])
        step[:, :2] *= np.minimum(1.0, STEP_M_MAX / np.maximum(1.0, length))[:, None]
        lat_deg = places[:, 0] + np.degrees(step[:, 1] / 6_371_000.0)
        around_m = 6_371_000.0 * np.cos(np.radians(lat_deg))
        places = np.column_stack([lat_deg, places[:, 1] + np.degrees(step[:, 0] / around_m)])
        on_globe = np.abs(lat_deg) <= 89.0
        arrived = on_globe & (length < 0.01)
        for one in np.flatnonzero(arrived):
            left = late[one] - changes[one] @ step[one]
            inverse = np.linalg.inv(changes[one].T @ changes[one])
            fits.append((float(left @ left), *places[one].tolist(), inverse))
        places = places[on_globe & ~arrived]
        if not len(places):
            break
    return fits


def _raised(lat_deg: Floats, lon_deg: Floats, height_m: Floats | float) -> Floats:
    """Earth-centred points at a height above the ellipsoid."""
    lat, lon = np.radians(lat_deg), np.radians(lon_deg)
    up = np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    return np.asarray(ecef_of(lat_deg, lon_deg) + up * np.reshape(height_m, (-1, 1)))


def _level(lat_deg: float, lon_deg: float) -> Floats:
    """Rows: east and north at a place."""
    lat, lon = math.radians(lat_deg), math.radians(lon_deg)
    return np.array(
        [
            [-math.sin(lon), math.cos(lon), 0.0],
            [-math.sin(lat) * math.cos(lon), -math.sin(lat) * math.sin(lon), math.cos(lat)],
        ]
    )


def moving(found: list[Located]) -> tuple[list[Located], Floats]:
    """The messages whose aircraft stated another place within APART_S_MAX, and its velocity.

    East and north, from the two places that the aircraft stated; of both sides, so one without the
    other has no part in it.
    """
    by_aircraft: dict[tuple[int, str], list[Located]] = {}
    for one in found:
        by_aircraft.setdefault((one.set, one.aircraft), []).append(one)
    kept: list[Located] = []
    velocities: list[Floats] = []
    for seen in by_aircraft.values():
        seen.sort(key=lambda one: one.at_s)
        for before, after in pairwise(seen):
            apart_s = after.at_s - before.at_s
            if not APART_S_MIN <= apart_s <= APART_S_MAX:
                continue
            places = ecef_of(
                np.array([before.lat_deg, after.lat_deg]), np.array([before.lon_deg, after.lon_deg])
            )
            velocity = _level(before.lat_deg, before.lon_deg) @ (places[1] - places[0]) / apart_s
            kept += [before, after]
            velocities += [velocity, velocity]
    return kept, np.array(velocities)


def fitted_offset(found: list[Located]) -> tuple[Offset, int]:
    """What the aircraft's own places are off multilateration, over all, and over how many.

    Each aircraft is known here, so nothing is associated: only the estimate is used.
    """
    kept, velocity = moving(found)
    points = ecef_of(
        np.array([one.lat_deg for one in kept]), np.array([one.lon_deg for one in kept])
    )
    there, _ = plane_about(points).flat(points)
    apart = np.array([one.apart_m for one in kept])
    variance = np.array([float(np.trace(one.covariance)) / 2.0 for one in kept])
    count = len(kept)
    pairs = Candidates(
        one=np.arange(count),
        other=np.arange(count),
        here_m=there - apart,
        there_m=there,
        velocity_mps=velocity,
        apart_mps=np.zeros((count, 2)),
        variance_m2=variance,
        velocity_variance=np.ones(count),
        favour=np.zeros(count),
    )
    value, scale = np.zeros(4), 1.0
    for _ in range(FIT_STEPS):
        value = fitted(pairs, value, variance * scale, Search()).value
        scale = max(1.0, inflation(pairs, value))
    fit = fitted(pairs, value, variance * scale, Search())
    east, north, turn, late = value.tolist()
    offset = Offset(
        east_m=east,
        north_m=north,
        rotation_rad=turn,
        time_s=late,
        covariance=tuple(map(tuple, np.linalg.inv(fit.information).tolist())),
    )
    return offset, count
