"""Altitudes with their datum. Two datums do not compare.

Units: metres, held to the millimetre. A conversion returns its uncertainty and raises without
its data; the vertical test widens by it.
"""

import math
from dataclasses import dataclass
from enum import StrEnum


class Datum(StrEnum):
    """What an altitude is measured from."""

    WGS84_ELLIPSOID = "wgs84-ellipsoid"
    MSL_EGM96 = "msl-egm96"
    STANDARD_PRESSURE = "standard-pressure"
    ABOVE_GROUND = "above-ground"


@dataclass(frozen=True, slots=True, kw_only=True)
class Altitude:
    """A height above `datum`, rounded to the millimetre."""

    value_m: float
    datum: Datum

    def __post_init__(self) -> None:
        """Refuse what no aircraft, ship or zone has; quantise."""
        if not math.isfinite(self.value_m) or not -1_000.0 <= self.value_m <= 100_000.0:
            raise ValueError(f"altitude {self.value_m} m is outside -1000 m to 100 km")
        object.__setattr__(self, "value_m", round(self.value_m * 1_000) / 1_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unbounded:
    """No limit on this side: from the surface, or without ceiling."""


AltitudeLimit = Altitude | Unbounded
