"""Two pictures of one made-up truth, for the tests of registration and discrepancy.

Written apart from the code under test: places are laid out by geodesics about a centre, and the
second picture's faults (shift, turn, lateness, drop-outs, false tracks, tails) are put in here.
Units: metres, degrees, seconds. `Truth` is in polar coordinates about the centre, so that the same
scene can stand anywhere on the globe.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np
from geographiclib.geodesic import Geodesic
from numpy.typing import NDArray

from crosstell.core.altitude import Altitude, Datum
from crosstell.core.assessment.stated import (
    RADIUS_SIGMAS,
    Coverage,
    Source,
    StatedPicture,
    StatedTrack,
)
from crosstell.core.geometry.motion import Motion, Velocity
from crosstell.core.geometry.position import Position
from crosstell.core.ids import TrackId
from crosstell.core.picture.track import Hint

Floats = NDArray[np.float64]

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
EARTH = Geodesic.WGS84
HERE = (47.0, 8.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """Where objects are about the centre, and how they move there."""

    east_m: Floats
    north_m: Floats
    course_deg: Floats
    speed_mps: Floats
    height_m: Floats

    def __len__(self) -> int:
        return len(self.east_m)

    def after(self, seconds: float) -> "Truth":
        """The same objects later, on straight ways."""
        course = np.radians(self.course_deg)
        return Truth(
            east_m=self.east_m + self.speed_mps * np.sin(course) * seconds,
            north_m=self.north_m + self.speed_mps * np.cos(course) * seconds,
            course_deg=self.course_deg,
            speed_mps=self.speed_mps,
            height_m=self.height_m,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """How one picture sees the truth: what it is off, how noisy, what it lacks and invents."""

    name: str = "a"
    shift_m: tuple[float, float] = (0.0, 0.0)  # east, north
    turn_deg: float = 0.0  # clockwise, about the centre
    late_s: float = 0.0
    height_m: float = 0.0
    sigma_m: float = 70.0
    stated_sigma_m: float | None = None  # None: as it is
    velocity_sigma_mps: float = 3.0
    height_sigma_m: float = 10.0
    stated_height_sigma_m: float | None = None
    tails_dof: float | None = None  # None: normal noise
    dropped: float = 0.0
    false: int = 0
    datum: Datum = Datum.STANDARD_PRESSURE
    hints: dict[int, tuple[Hint, ...]] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()
    coverage: Coverage | None = None
    without: frozenset[int] = frozenset()
    age_s: float = 0.0


def spread(count: int, seed: int, *, extent_m: float = 150_000.0) -> Truth:
    """Objects all over a square, each on its own course."""
    draw = np.random.default_rng(seed)
    return Truth(
        east_m=draw.uniform(-extent_m, extent_m, count),
        north_m=draw.uniform(-extent_m, extent_m, count),
        course_deg=draw.uniform(0.0, 360.0, count),
        speed_mps=draw.uniform(120.0, 260.0, count),
        height_m=np.round(draw.uniform(2_000.0, 11_000.0, count)),
    )


def picture(
    truth: Truth,
    seen: Seen,
    seed: int,
    *,
    centre: tuple[float, float] = HERE,
    at: datetime = AT,
) -> StatedPicture:
    """The picture at `at`; track `a00007` of picture a and `b00007` of picture b are one object."""
    draw = np.random.default_rng([seed, *seen.name.encode()])
    if seen.false:
        more = spread(seen.false, int(draw.integers(1 << 30)))
        truth = Truth(
            **{
                name: np.concatenate([getattr(truth, name), getattr(more, name)])
                for name in Truth.__dataclass_fields__
            }
        )
    count = len(truth)
    scale = np.ones((count, 1))
    if seen.tails_dof is not None:
        scale = np.sqrt(seen.tails_dof / draw.chisquare(seen.tails_dof, (count, 1)))
    noise = draw.normal(0.0, 1.0, (count, 2)) * seen.sigma_m * scale
    velocity_noise = draw.normal(0.0, 1.0, (count, 2)) * seen.velocity_sigma_mps
    height_noise = draw.normal(0.0, 1.0, count) * seen.height_sigma_m
    kept = draw.random(count) >= seen.dropped
    tracks = tuple(
        _track(
            number,
            truth,
            seen,
            (noise[number], velocity_noise[number], float(height_noise[number])),
            (centre, at),
        )
        for number in range(count)
        if kept[number] and number not in seen.without
    )
    return StatedPicture(name=seen.name, tracks=tracks, coverage=seen.coverage)


def _track(
    number: int,
    truth: Truth,
    seen: Seen,
    noise: tuple[Floats, Floats, float],
    where: tuple[tuple[float, float], datetime],
) -> StatedTrack:
    centre, at = where
    course = np.radians(truth.course_deg[number])
    ahead = np.array([np.sin(course), np.cos(course)]) * truth.speed_mps[number]
    turn = np.radians(-seen.turn_deg)
    turned = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    place = np.array([truth.east_m[number], truth.north_m[number]])
    place = (
        turned @ (place - ahead * (seen.late_s + seen.age_s)) + np.array(seen.shift_m) + noise[0]
    )
    ahead = turned @ ahead + noise[1]
    bearing = float(np.degrees(np.arctan2(place[0], place[1])))
    line = EARTH.Direct(*centre, bearing, float(np.hypot(*place)))
    heading = float(np.degrees(np.arctan2(ahead[0], ahead[1]))) + line["azi2"] - bearing
    stated = seen.sigma_m if seen.stated_sigma_m is None else seen.stated_sigma_m
    motion = Motion(
        position=Position(lat_deg=line["lat2"], lon_deg=line["lon2"]),
        at=at - timedelta(seconds=seen.age_s),
        altitude=Altitude(
            value_m=float(truth.height_m[number]) + seen.height_m + noise[2], datum=seen.datum
        ),
        velocity=Velocity(
            track_deg=(heading + 360.0) % 360.0, speed_mps=float(np.hypot(*ahead)), climb_mps=0.0
        ),
        position_accuracy_m=stated * RADIUS_SIGMAS,
        altitude_accuracy_m=1.96 * (seen.stated_height_sigma_m or max(seen.height_sigma_m, 1.0)),
    )
    return StatedTrack(
        track=TrackId(f"{seen.name}{number:05d}"),
        motion=motion,
        hints=seen.hints.get(number, ()),
        sources=seen.sources,
    )


def right_share(pairs: list[tuple[str, str]]) -> float:
    """The share of pairs that are of one object, by the numbers in their ids."""
    return sum(one[1:] == other[1:] for one, other in pairs) / max(1, len(pairs))
