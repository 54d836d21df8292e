"""Two pictures made of one recording: each with its own noise and drop-outs, one put off.

Units: metres, radians, seconds. The truth is known, because the offset was put in by hand: the
second picture is shifted, turned about the middle and late. Both state places with independent
errors of NOISE_M, and say so truly; identities are withheld. What is injected does not come from
the code under test: places are put off by geodesics.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random

import numpy as np
from benchmarks.alert_load.columns import Columns, Floats, Ints, instant

from crosstell.core.altitude import Altitude
from crosstell.core.assessment.stated import RADIUS_SIGMAS, StatedPicture, StatedTrack
from crosstell.core.geometry.geodesic import destination, distance_m, range_and_course
from crosstell.core.geometry.motion import Motion, Velocity
from crosstell.core.geometry.position import Position
from crosstell.core.ids import TrackId

NOISE_M = 70.0  # for each component
VELOCITY_NOISE_MPS = 3.0
DROPPED = 0.15
FRESH_S = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """What the second picture is off the first."""

    shift_m: float = 900.0
    turn_deg: float = 0.34
    late_s: float = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Two pictures at an instant; a track of one and of the other with one number is one object."""

    at: datetime
    one: StatedPicture
    other: StatedPicture

    @property
    def common(self) -> frozenset[str]:
        """The numbers of the objects that both hold."""
        ours = {track.track[1:] for track in self.one.tracks}
        return frozenset(ours & {track.track[1:] for track in self.other.tracks})


def rows_at(columns: Columns, time_s: float) -> Ints:
    """The newest row of each track that is fresh at an instant and has all that a track needs."""
    end = int(np.searchsorted(columns.time_s, time_s, side="right"))
    start = int(np.searchsorted(columns.time_s, time_s - FRESH_S))
    newest = {int(columns.track[row]): row for row in range(start, end)}
    usable = (
        np.isfinite(columns.speed_mps)
        & np.isfinite(columns.course_deg)
        & np.isfinite(columns.altitude_m)
    )
    return np.array(sorted(row for row in newest.values() if usable[row]), dtype=np.int64)


def snapshots(columns: Columns, count: int) -> Iterator[tuple[float, Ints]]:
    """As many instants, evenly over the recording, each with its rows."""
    first, last = float(columns.time_s[0]), float(columns.time_s[-1])
    for number in range(count):
        time_s = first + (last - first) * (number + 1) / (count + 1)
        yield time_s, rows_at(columns, time_s)


def pooled(columns: Columns, objects: int, seed: int) -> tuple[float, Ints]:
    """Real tracks of many instants laid into one, until there are as many as asked."""
    random = Random(f"{seed}:pool")
    first, last = float(columns.time_s[0]), float(columns.time_s[-1])
    rows: list[int] = []
    while len(rows) < objects:
        rows += rows_at(columns, random.uniform(first, last)).tolist()
    rows = sorted(random.sample(rows, objects))
    return last, np.array(rows, dtype=np.int64)


def parted(made: Scene, shared: float, seed: int) -> Scene:
    """The scene with only a share of the objects in both pictures, the others in one alone."""
    random = Random(f"{seed}:parted")
    numbers = sorted({track.track[1:] for track in (*made.one.tracks, *made.other.tracks)})
    where = {
        number: "both" if random.random() < shared else random.choice(("one", "other"))
        for number in numbers
    }
    sides = [
        replace(
            picture,
            tracks=tuple(
                track
                for track in picture.tracks
                if where[track.track[1:]] in ("both", picture.name)
            ),
        )
        for picture in (made.one, made.other)
    ]
    return Scene(at=made.at, one=sides[0], other=sides[1])


def scene(columns: Columns, rows: Ints, time_s: float, put: Put, seed: int) -> Scene:
    """The two pictures of these rows: all carried as if stated at one instant."""
    draw = np.random.default_rng(seed)
    at = instant(time_s)
    bearing_deg = float(draw.uniform(0.0, 360.0))
    middle = Position(
        lat_deg=float(columns.lat_deg[rows].mean()), lon_deg=float(columns.lon_deg[rows].mean())
    )
    pictures = []
    for name, off in (("one", None), ("other", (put, middle, bearing_deg))):
        held = draw.random(len(rows)) >= DROPPED
        noise = draw.normal(0.0, NOISE_M, (len(rows), 2))
        speed = draw.normal(0.0, VELOCITY_NOISE_MPS, (len(rows), 2))
        tracks = tuple(
            _track(
                f"{name[0]}{number:05d}",
                (columns, int(row), at),
                off,
                (noise[number], speed[number]),
            )
            for number, row in enumerate(rows.tolist())
            if held[number]
        )
        pictures.append(StatedPicture(name=name, tracks=tracks))
    return Scene(at=at, one=pictures[0], other=pictures[1])


def _track(
    name: str,
    row: tuple[Columns, int, datetime],
    off: tuple[Put, Position, float] | None,
    noise: tuple[Floats, Floats],
) -> StatedTrack:
    columns, number, at = row
    course = math.radians(float(columns.course_deg[number]))
    speed = float(columns.speed_mps[number])
    place = Position(lat_deg=float(columns.lat_deg[number]), lon_deg=float(columns.lon_deg[number]))
    if off is not None:
        place = put_off(place, (math.degrees(course), speed), off)
        course += math.radians(off[0].turn_deg)
    place = destination(
        place,
        track_deg=math.degrees(math.atan2(noise[0][0], noise[0][1])),
        travel_m=float(np.hypot(*noise[0])),
    )
    east = speed * math.sin(course) + float(noise[1][0])
    north = speed * math.cos(course) + float(noise[1][1])
    motion = Motion(
        position=place,
        at=at,
        altitude=Altitude(value_m=float(columns.altitude_m[number]), datum=columns.datum),
        velocity=Velocity(
            track_deg=math.degrees(math.atan2(east, north)),
            speed_mps=math.hypot(east, north),
            climb_mps=None,
        ),
        position_accuracy_m=NOISE_M * RADIUS_SIGMAS,
        altitude_accuracy_m=38.0,
    )
    return StatedTrack(track=TrackId(name), motion=motion)


def put_off(
    place: Position, going: tuple[float, float], off: tuple[Put, Position, float]
) -> Position:
    """Where the second picture states an object that goes at a course (degrees) and a speed.

    `off` is what it is off, about which middle it is turned, and towards where it is shifted.
    """
    put, middle, bearing_deg = off
    course_deg, speed = going
    place = destination(place, track_deg=course_deg, travel_m=-speed * put.late_s)
    place = _turned(place, middle, put.turn_deg)
    return destination(place, track_deg=bearing_deg, travel_m=put.shift_m)


def _turned(place: Position, middle: Position, turn_deg: float) -> Position:
    """The place turned clockwise about the middle."""
    if distance_m(place, middle) < 1.0:
        return place
    range_m, course_deg = range_and_course(middle.lat_deg, middle.lon_deg, place)
    return destination(middle, track_deg=course_deg + turn_deg, travel_m=range_m)
