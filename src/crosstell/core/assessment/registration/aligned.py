"""Both pictures at one instant, in one plane.

Units: metres, metres per second, seconds. Frame: a plane about the middle of all positions, x
east, y north, distances from the middle true to scale; across them the scale is 0.4 % off at
1,000 km, which only matters to differences, not to positions. No longitude is ever compared, so
antimeridian and poles are places like others; near a pole "north" is that of the middle.
Each statement is carried to the instant along its stated velocity, and grows less sure by it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from crosstell.core.altitude import Datum
from crosstell.core.assessment.stated import (
    BAND_SIGMAS,
    RADIUS_SIGMAS,
    Noise,
    NotTestable,
    StatedPicture,
    StatedTrack,
)
from crosstell.core.geometry.cartesian import ECCENTRICITY_2, RADIUS_M, SEMI_MAJOR_M
from crosstell.core.ids import TrackId
from crosstell.core.instant import seconds_between
from crosstell.core.picture.track import HintKind

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

REACH_M_MAX = 1_000_000.0
DATUMS = tuple(Datum)
NO_DATUM = -1
# What tells one object from all others. A call sign or a squawk is given away and reused.
KEYS = (HintKind.ICAO_ADDRESS, HintKind.MMSI, HintKind.SERIAL_NUMBER)


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """A tangent plane: its middle, and east, north and up there, Earth-centred."""

    middle: Floats
    axes: Floats  # rows: east, north, up

    def flat(self, points: Floats) -> tuple[Floats, Mask]:
        """Points in the plane, and which of them lie within reach of it."""
        local = (points - self.middle) @ self.axes.T
        level = np.hypot(local[:, 0], local[:, 1])
        near = (level < REACH_M_MAX) & (local[:, 2] > -REACH_M_MAX)
        sine = np.clip(level / RADIUS_M, 1e-12, 1.0)
        return local[:, :2] * (np.arcsin(sine) / sine)[:, None], near


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Aligned:
    """The testable tracks of one picture at the instant, one row each, in order of their ids.

    `variance_m2` and `velocity_variance` hold for each of the two components. NaN is unknown.
    """

    tracks: tuple[StatedTrack, ...]
    place_m: Floats
    velocity_mps: Floats
    variance_m2: Floats
    velocity_variance: Floats
    altitude_m: Floats
    altitude_variance_m2: Floats
    datum: Ints
    key: tuple[str, ...]  # empty: no identity that tells it from all others

    def __len__(self) -> int:
        """How many tracks can be tested."""
        return len(self.tracks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Untestable:
    """One track that cannot be put to the test, and why."""

    picture: str
    track: TrackId
    reason: NotTestable


def key_of(track: StatedTrack) -> str:
    """The identity that the track is stated under; empty if it has none of its own."""
    for kind in KEYS:
        for hint in track.hints:
            if hint.kind is kind:
                return f"{kind}:{hint.value.lower()}"
    return ""


def reason_against(track: StatedTrack, at: datetime, noise: Noise) -> NotTestable | None:
    """Why a track cannot be tested at `at`; None if it can. Implements DIS-002."""
    motion = track.motion
    age_s = seconds_between(motion.at, at)
    if age_s > noise.stale_s:
        return NotTestable.STALE
    if age_s < -noise.ahead_s:
        return NotTestable.TIME_AHEAD
    if motion.position_accuracy_m is None:
        return NotTestable.POSITION_ACCURACY_UNKNOWN
    return NotTestable.VELOCITY_UNKNOWN if motion.velocity is None else None


def align(
    pictures: tuple[StatedPicture, StatedPicture], at: datetime, noise: Noise
) -> tuple[tuple[Aligned, Aligned], tuple[Untestable, ...]]:
    """Both pictures at `at`, and what of them cannot be tested. Implements DIS-001 to DIS-004."""
    kept: list[list[StatedTrack]] = []
    left: list[Untestable] = []
    for picture in pictures:
        kept.append([])
        for track in picture.tracks:
            reason = reason_against(track, at, noise)
            if reason is None:
                kept[-1].append(track)
            else:
                left.append(Untestable(picture=picture.name, track=track.track, reason=reason))
    points = [_points(tracks) for tracks in kept]
    plane = plane_about(np.vstack(points))
    sides: list[Aligned] = []
    for picture, tracks, here in zip(pictures, kept, points, strict=True):
        flat, near = plane.flat(here)
        left += [
            Untestable(picture=picture.name, track=track.track, reason=NotTestable.TOO_FAR)
            for track, is_near in zip(tracks, near.tolist(), strict=True)
            if not is_near
        ]
        within = [track for track, is_near in zip(tracks, near.tolist(), strict=True) if is_near]
        sides.append(_aligned(within, flat[near], plane, (at, noise)))
    return (sides[0], sides[1]), tuple(left)


def plane_about(points: Floats) -> Plane:
    """The plane that touches the ellipsoid below the middle of the points."""
    mean = points.mean(axis=0) if len(points) else np.array([SEMI_MAJOR_M, 0.0, 0.0])
    if np.linalg.norm(mean) < 1_000.0:  # all round the globe: no middle, nearly all too far
        mean = points[0]
    lat = math.atan2(mean[2], (1.0 - ECCENTRICITY_2) * math.hypot(mean[0], mean[1]))
    lon = math.atan2(mean[1], mean[0])
    lat_sin, lat_cos, lon_sin, lon_cos = math.sin(lat), math.cos(lat), math.sin(lon), math.cos(lon)
    axes = np.array(
        [
            [-lon_sin, lon_cos, 0.0],
            [-lat_sin * lon_cos, -lat_sin * lon_sin, lat_cos],
            [lat_cos * lon_cos, lat_cos * lon_sin, lat_sin],
        ]
    )
    return Plane(
        middle=ecef_of(np.array([math.degrees(lat)]), np.array([math.degrees(lon)]))[0], axes=axes
    )


def _points(tracks: Sequence[StatedTrack]) -> Floats:
    places = [track.motion.position for track in tracks]
    return ecef_of(
        np.array([place.lat_deg for place in places], dtype=np.float64),
        np.array([place.lon_deg for place in places], dtype=np.float64),
    )


def ecef_of(lat_deg: Floats, lon_deg: Floats) -> Floats:
    """As `cartesian.ecef`, for many."""
    lat, lon = np.radians(lat_deg), np.radians(lon_deg)
    normal_m = SEMI_MAJOR_M / np.sqrt(1.0 - ECCENTRICITY_2 * np.sin(lat) ** 2)
    across_m = normal_m * np.cos(lat)
    return np.column_stack(
        [
            across_m * np.cos(lon),
            across_m * np.sin(lon),
            normal_m * (1.0 - ECCENTRICITY_2) * np.sin(lat),
        ]
    )


def _aligned(
    tracks: list[StatedTrack], flat: Floats, plane: Plane, then: tuple[datetime, Noise]
) -> Aligned:
    """The columns, carried to the instant."""
    at, noise = then
    rows = np.array([_row(track, at) for track in tracks], dtype=np.float64).reshape(-1, 10)
    lat_deg, lon_deg, course_deg, speed, climb, age_s, wide_m, height_m, high_m, datum = rows.T
    velocity = _flat_velocity(plane, (lat_deg, lon_deg, course_deg), speed)
    grown = (noise.manoeuvre_mps2**2) * np.abs(age_s) ** 3 / 3.0
    velocity_variance = noise.velocity_sigma_mps**2 + noise.manoeuvre_mps2**2 * np.abs(age_s)
    known_climb = np.nan_to_num(climb)
    climb_sigma = np.where(np.isnan(climb), 10.0, noise.climb_sigma_mps)  # assumption: 2000 ft/min
    return Aligned(
        tracks=tuple(tracks),
        place_m=flat + velocity * age_s[:, None],
        velocity_mps=velocity,
        variance_m2=(wide_m / RADIUS_SIGMAS) ** 2 + (noise.velocity_sigma_mps * age_s) ** 2 + grown,
        velocity_variance=velocity_variance,
        altitude_m=height_m + known_climb * age_s,
        altitude_variance_m2=(high_m / BAND_SIGMAS) ** 2 + (climb_sigma * age_s) ** 2 + grown,
        datum=datum.astype(np.int64),
        key=tuple(key_of(track) for track in tracks),
    )


def _row(track: StatedTrack, at: datetime) -> tuple[float, ...]:
    motion = track.motion
    velocity, altitude = motion.velocity, motion.altitude
    assert velocity is not None, "it was asked before"
    assert motion.position_accuracy_m is not None, "it was asked before"
    high_m, climb = motion.altitude_accuracy_m, velocity.climb_mps
    return (
        motion.position.lat_deg,
        motion.position.lon_deg,
        velocity.track_deg,
        velocity.speed_mps,
        math.nan if climb is None else climb,
        seconds_between(motion.at, at),
        motion.position_accuracy_m,
        math.nan if altitude is None else altitude.value_m,
        math.nan if high_m is None else high_m,
        NO_DATUM if altitude is None else DATUMS.index(altitude.datum),
    )


def _flat_velocity(plane: Plane, courses: tuple[Floats, Floats, Floats], speed: Floats) -> Floats:
    """Velocities in the plane: each course from its own place's north, at its full speed."""
    lat, lon, course = (np.radians(each) for each in courses)
    east, north = np.sin(course), np.cos(course)
    ahead = np.column_stack(
        [
            -np.sin(lon) * east - np.sin(lat) * np.cos(lon) * north,
            np.cos(lon) * east - np.sin(lat) * np.sin(lon) * north,
            np.cos(lat) * north,
        ]
    )
    level = ahead @ plane.axes[:2].T
    length = np.maximum(np.hypot(level[:, 0], level[:, 1]), 1e-9)
    return np.asarray(level * (speed / length)[:, None])
