"""Motion: where an object was seen, and where its last course and speed would take it.

Units: metres, metres per second, degrees true. Frame: WGS-84 (see `position`); the ground point
moves along the geodesic that starts at `track_deg`, at constant `speed_mps` on the ellipsoid;
the altitude changes by `climb_mps`. None means unknown, never zero.
"""

import math
from dataclasses import dataclass
from datetime import datetime

from crosstell.core.altitude import Altitude, Datum
from crosstell.core.geometry.geodesic import destination
from crosstell.core.geometry.position import E7, Position
from crosstell.core.instant import require_utc, seconds_between

SPEED_MPS_MAX = 12_000.0  # above the escape velocity of anything that we track
ACCURACY_M_MAX = 1_000_000.0


def _grain(value: float) -> float:
    """`value` rounded to a thousandth."""
    return round(value * 1_000) / 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Velocity:
    """A course over ground in [0, 360), a ground speed, and a climb (None: unknown)."""

    track_deg: float
    speed_mps: float
    climb_mps: float | None

    def __post_init__(self) -> None:
        """Refuse what is not a course or a speed; quantise."""
        if not math.isfinite(self.track_deg) or not -360.0 <= self.track_deg <= 360.0:
            raise ValueError(f"track {self.track_deg} degrees: give a true course from 0 to 360")
        if not math.isfinite(self.speed_mps) or not 0.0 <= self.speed_mps <= SPEED_MPS_MAX:
            raise ValueError(f"speed {self.speed_mps} m/s is outside 0 to {SPEED_MPS_MAX} m/s")
        object.__setattr__(self, "track_deg", round(self.track_deg * E7) % (360 * E7) / E7)
        object.__setattr__(self, "speed_mps", _grain(self.speed_mps))
        if self.climb_mps is None:
            return
        if not math.isfinite(self.climb_mps) or abs(self.climb_mps) > SPEED_MPS_MAX:
            raise ValueError(f"climb {self.climb_mps} m/s is not within {SPEED_MPS_MAX} m/s")
        object.__setattr__(self, "climb_mps", _grain(self.climb_mps))


@dataclass(frozen=True, slots=True, kw_only=True)
class Motion:
    """One object as last observed at `at`; every None is unknown and is treated as such.

    `position_accuracy_m` is the radius within which the source states the object to be,
    `altitude_accuracy_m` half the height of its band; detection takes both as bounds.
    `pressure_altitude_m` is above standard pressure, where the source gives it beside `altitude`.
    Implements ALT-030.
    """

    position: Position
    at: datetime
    altitude: Altitude | None
    velocity: Velocity | None
    position_accuracy_m: float | None
    altitude_accuracy_m: float | None
    pressure_altitude_m: float | None = None

    def __post_init__(self) -> None:
        """Refuse a naive time and an accuracy that is not one; quantise."""
        require_utc(self.at, what="motion: time of observation")
        if self.pressure_altitude_m is not None:
            held = Altitude(value_m=self.pressure_altitude_m, datum=Datum.STANDARD_PRESSURE)
            object.__setattr__(self, "pressure_altitude_m", held.value_m)
        for name in ("position_accuracy_m", "altitude_accuracy_m"):
            value = getattr(self, name)
            if value is None:
                continue
            if not math.isfinite(value) or not 0.0 <= value <= ACCURACY_M_MAX:
                raise ValueError(
                    f"motion: {name} {value} is outside 0 to {ACCURACY_M_MAX} m; "
                    "leave it out if it is unknown"
                )
            object.__setattr__(self, name, _grain(value))

    def position_at(self, instant: datetime) -> Position | None:
        """Where the last course and speed lead by `instant`; None if the velocity is unknown."""
        if self.velocity is None:
            return None
        travel_m = self.velocity.speed_mps * seconds_between(self.at, instant)
        return destination(self.position, track_deg=self.velocity.track_deg, travel_m=travel_m)
