"""Tracks as columns: one row for each track, one NumPy array for each field of a motion.

Units: degrees, metres, metres per second, seconds, as in `geometry/motion.py`; `age_s` is how long
before now the row was observed (below 0: after now). NaN is unknown, and only where a motion's
field may be None. All altitudes are in one datum; `conversion_m` is the uncertainty of having been
brought to it, 0 where it was reported in it. Two rows of one `party` (a number from 0 up) are not
paired; -1 is an unknown owner and is paired with all.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from crosstell.core.altitude import (
    NO_ALTITUDE_DATA,
    Altitude,
    AltitudeData,
    Datum,
    DatumDataMissing,
    convert,
)
from crosstell.core.geometry.motion import ACCURACY_M_MAX, SPEED_MPS_MAX, Motion, Velocity
from crosstell.core.geometry.position import E7, Position

Floats = NDArray[np.float64]

ROWS_MAX = 2**31 - 1
AGE_S_MAX = 1e7
UNKNOWN_PARTY = -1
_SECOND = timedelta(seconds=1)

# Name, least, greatest, grains to one, whether it may be unknown.
_LIMITS: tuple[tuple[str, float, float, int, bool], ...] = (
    ("lat_deg", -90.0, 90.0, E7, False),
    ("lon_deg", -180.0, 360.0, E7, False),
    ("track_deg", -360.0, 360.0, E7, True),
    ("speed_mps", 0.0, SPEED_MPS_MAX, 1_000, True),
    ("climb_mps", -SPEED_MPS_MAX, SPEED_MPS_MAX, 1_000, True),
    ("altitude_m", -1_000.0, 100_000.0, 1_000, True),
    ("position_accuracy_m", 0.0, ACCURACY_M_MAX, 1_000, True),
    ("altitude_accuracy_m", 0.0, ACCURACY_M_MAX, 1_000, True),
    ("age_s", -AGE_S_MAX, AGE_S_MAX, 1_000_000, False),
    ("conversion_m", 0.0, 100_000.0, 1_000, False),
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrackColumns:
    """Tracks in rows; quantised to the grain of `Motion`. Implements BLK-010 to BLK-012."""

    lat_deg: Floats
    lon_deg: Floats
    track_deg: Floats
    speed_mps: Floats
    climb_mps: Floats
    altitude_m: Floats
    position_accuracy_m: Floats
    altitude_accuracy_m: Floats
    age_s: Floats
    conversion_m: Floats
    party: NDArray[np.int32]
    datum: Datum

    def __post_init__(self) -> None:
        """Refuse, by name and row, what no motion may be; quantise."""
        rows = len(self.lat_deg)
        if rows > ROWS_MAX:
            raise ValueError(f"track columns: {rows} rows, at most {ROWS_MAX}")
        for field in fields(self):
            if field.name == "datum":
                continue
            column = np.asarray(getattr(self, field.name))
            if column.ndim != 1 or len(column) != rows:
                raise ValueError(
                    f"track columns: {field.name} has shape {column.shape}, lat_deg has {rows} "
                    "rows; give every column one value for each row"
                )
        for name, least, greatest, grains, may_be_unknown in _LIMITS:
            column = np.asarray(getattr(self, name), dtype=np.float64)
            _check_range(column, name, (least, greatest), may_be_unknown=may_be_unknown)
            object.__setattr__(self, name, np.rint(column * grains) / grains)
        _wrap(self.lon_deg, self.lon_deg >= 180.0, -360.0)
        _wrap(self.track_deg, self.track_deg < 0.0, 360.0)
        _wrap(self.track_deg, self.track_deg >= 360.0, -360.0)
        _check_velocity(self)
        party = np.asarray(self.party)
        if party.dtype.kind not in "iu":
            raise ValueError(f"track columns: party is of {party.dtype}; give whole numbers")
        _refuse(party < UNKNOWN_PARTY, party, "party", "give -1 for unknown, or 0 and up")
        _refuse(party > ROWS_MAX, party, "party", f"give a number up to {ROWS_MAX}")
        object.__setattr__(self, "party", np.ascontiguousarray(party, dtype=np.int32))

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.lat_deg)

    @classmethod
    def from_motions(
        cls,
        motions: Sequence[Motion],
        now: datetime,
        *,
        datum: Datum,
        data: AltitudeData | Sequence[AltitudeData] = NO_ALTITUDE_DATA,
        party: Sequence[int] | None = None,
    ) -> "TrackColumns":
        """The motions as rows, seen at `now`, their altitudes brought to `datum`.

        `data` holds for all, or one for each motion. An altitude that it cannot convert is
        unknown. Without `party` every owner is unknown.
        """
        heights = [
            _height(motion, datum, data if isinstance(data, AltitudeData) else data[index])
            for index, motion in enumerate(motions)
        ]
        moving = [motion.velocity for motion in motions]
        return cls(
            lat_deg=np.array([each.position.lat_deg for each in motions], dtype=np.float64),
            lon_deg=np.array([each.position.lon_deg for each in motions], dtype=np.float64),
            track_deg=_column([None if each is None else each.track_deg for each in moving]),
            speed_mps=_column([None if each is None else each.speed_mps for each in moving]),
            climb_mps=_column([None if each is None else each.climb_mps for each in moving]),
            altitude_m=_column([height for height, _ in heights]),
            position_accuracy_m=_column([each.position_accuracy_m for each in motions]),
            altitude_accuracy_m=_column([each.altitude_accuracy_m for each in motions]),
            age_s=np.array([(now - each.at) / _SECOND for each in motions], dtype=np.float64),
            conversion_m=np.array([wide for _, wide in heights], dtype=np.float64),
            party=np.array(
                [UNKNOWN_PARTY] * len(motions) if party is None else party, dtype=np.int64
            ),
            datum=datum,
        )

    def row(self, index: int, now: datetime) -> Motion:
        """The motion in row `index`; its conversion's uncertainty is not in it."""
        altitude_m = _known(self.altitude_m[index])
        speed_mps = _known(self.speed_mps[index])
        velocity = None
        if speed_mps is not None:
            velocity = Velocity(
                track_deg=float(self.track_deg[index]),
                speed_mps=speed_mps,
                climb_mps=_known(self.climb_mps[index]),
            )
        return Motion(
            position=Position(
                lat_deg=float(self.lat_deg[index]), lon_deg=float(self.lon_deg[index])
            ),
            at=now - timedelta(seconds=float(self.age_s[index])),
            altitude=None if altitude_m is None else Altitude(value_m=altitude_m, datum=self.datum),
            velocity=velocity,
            position_accuracy_m=_known(self.position_accuracy_m[index]),
            altitude_accuracy_m=_known(self.altitude_accuracy_m[index]),
        )


def _known(value: np.float64) -> float | None:
    """The number; None if it is unknown."""
    return None if np.isnan(value) else float(value)


def _column(values: Sequence[float | None]) -> Floats:
    """An array with NaN for None."""
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _height(motion: Motion, datum: Datum, data: AltitudeData) -> tuple[float | None, float]:
    """The altitude in `datum` and the conversion's uncertainty; None if it is not known."""
    if motion.altitude is None:
        return None, 0.0
    try:
        altitude, wide_m = convert(motion.altitude, to=datum, data=data)
    except DatumDataMissing:
        return None, 0.0
    return altitude.value_m, wide_m


def _refuse(bad: NDArray[np.bool_], column: NDArray[np.generic], name: str, hint: str) -> None:
    """Raise ValueError naming the first bad row, if there is one."""
    if bad.any():
        row = int(bad.argmax())
        raise ValueError(f"track columns: row {row}: {name} is {column[row]}; {hint}")


def _check_range(
    column: Floats, name: str, limits: tuple[float, float], *, may_be_unknown: bool
) -> None:
    """Raise ValueError at the first row that is out of range, or unknown where it may not be."""
    within = (column >= limits[0]) & (column <= limits[1])
    if may_be_unknown:
        within |= np.isnan(column)
    hint = f"give {limits[0]} to {limits[1]}"
    _refuse(~within, column, name, f"{hint}, or NaN if it is unknown" if may_be_unknown else hint)


def _wrap(column: Floats, where: NDArray[np.bool_], turn_deg: float) -> None:
    """Turn the marked rows by a whole turn, to their grain, in place."""
    if where.any():
        column[where] = np.rint((column[where] + turn_deg) * E7) / E7


def _check_velocity(columns: TrackColumns) -> None:
    """Raise ValueError where a velocity is half known: course and speed come together."""
    still = np.isnan(columns.speed_mps)
    hint = "course and speed are known together or not at all"
    _refuse(still != np.isnan(columns.track_deg), columns.track_deg, "track_deg", hint)
    _refuse(
        still & ~np.isnan(columns.climb_mps),
        columns.climb_mps,
        "climb_mps",
        "a climb needs a speed; give NaN",
    )
