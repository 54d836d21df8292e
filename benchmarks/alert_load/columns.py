"""Recorded observations as columns in time order, and one of them as the core's `Motion`.

Units: seconds since 1970 (UTC), degrees, metres, metres per second; NaN is unknown. Altitudes of
the recordings are barometric, on the standard pressure; ships have none and are at MSL 0.
"""

import math
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from crosstell.core.altitude import Altitude, Datum
from crosstell.core.geometry.motion import Motion, Velocity
from crosstell.core.geometry.position import Position

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def instant(time_s: float) -> datetime:
    """The instant so many seconds after 1970."""
    return EPOCH + timedelta(seconds=time_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What the gateway states of every observation; None: the source does not say."""

    position_m: float | None
    altitude_m: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Observations in time order. `track` is an index into `names` and `operators`."""

    name: str
    time_s: Floats
    track: Ints
    lat_deg: Floats
    lon_deg: Floats
    altitude_m: Floats
    speed_mps: Floats
    course_deg: Floats
    climb_mps: Floats
    names: tuple[str, ...]
    operators: tuple[str, ...]
    datum: Datum
    stated: Stated

    def __len__(self) -> int:
        """How many observations there are."""
        return len(self.time_s)

    def rows_of(self) -> list[Ints]:
        """The row numbers of each track, in time order."""
        order = np.argsort(self.track, kind="stable")
        ends = np.searchsorted(self.track[order], np.arange(len(self.names) + 1))
        return [order[a:b] for a, b in pairwise(ends)]

    def taken(self, rows: Ints | Mask) -> "Columns":
        """These rows only."""
        return Columns(
            **{
                name: getattr(self, name)[rows] if name in _ARRAYS else getattr(self, name)
                for name in self.__dataclass_fields__
            }
        )

    def named(self) -> "Columns":
        """Without the names of tracks that have no observation here."""
        kept = np.unique(self.track)
        return replace(
            self,
            track=np.searchsorted(kept, self.track),
            names=tuple(self.names[number] for number in kept),
            operators=tuple(self.operators[number] for number in kept),
        )

    def first_hours(self, hours: float) -> "Columns":
        """The observations of its first hours."""
        return self.taken(self.time_s < self.time_s[0] + hours * 3_600.0)

    def thinned(self, least_s: float) -> "Columns":
        """Without those that follow the last one used of their track by less than `least_s`."""
        keep = np.zeros(len(self), dtype=np.bool_)
        for rows in self.rows_of():
            last_s = -math.inf
            for row, time_s in zip(rows, self.time_s[rows], strict=True):
                if time_s - last_s >= least_s:
                    keep[row] = True
                    last_s = float(time_s)
        return self.taken(keep)

    def motion(self, row: int) -> Motion:
        """One observation as detection takes it."""
        altitude_m, climb_mps = float(self.altitude_m[row]), float(self.climb_mps[row])
        speed_mps, course_deg = float(self.speed_mps[row]), float(self.course_deg[row])
        known = math.isfinite(speed_mps) and math.isfinite(course_deg)
        return Motion(
            position=Position(lat_deg=float(self.lat_deg[row]), lon_deg=float(self.lon_deg[row])),
            at=instant(float(self.time_s[row])),
            altitude=(
                Altitude(value_m=altitude_m, datum=self.datum)
                if math.isfinite(altitude_m)
                else None
            ),
            velocity=(
                Velocity(
                    track_deg=course_deg % 360.0,
                    speed_mps=speed_mps,
                    climb_mps=climb_mps if math.isfinite(climb_mps) else None,
                )
                if known
                else None
            ),
            position_accuracy_m=self.stated.position_m,
            altitude_accuracy_m=self.stated.altitude_m if math.isfinite(altitude_m) else None,
        )

    @property
    def hours(self) -> float:
        """Hours from the first observation to the last, without spells in which nothing flies."""
        gaps_s = np.diff(self.time_s)
        return float(np.sum(gaps_s[gaps_s <= 1_800.0])) / 3_600.0


_ARRAYS = (
    "time_s",
    "track",
    "lat_deg",
    "lon_deg",
    "altitude_m",
    "speed_mps",
    "course_deg",
    "climb_mps",
)
