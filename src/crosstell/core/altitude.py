"""Altitudes with their datum. Two datums do not compare.

Units: metres, held to the millimetre. A conversion returns its uncertainty and raises without
its data; the vertical test widens by it. The data are local and handed in: the undulation N
(ellipsoid height h = H + N over mean sea level H), the offset of pressure altitude, the bounds
of the ground.
"""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from crosstell.core.errors import CallerError

GRAIN_M = 0.002  # what rounding to the millimetre may take away over a conversion


class Datum(StrEnum):
    """What an altitude is measured from."""

    WGS84_ELLIPSOID = "wgs84-ellipsoid"
    MSL_EGM96 = "msl-egm96"
    STANDARD_PRESSURE = "standard-pressure"
    ABOVE_GROUND = "above-ground"


class DatumMismatch(CallerError):
    """Two altitudes of different datums were put in order; convert one first."""


class DatumDataMissing(CallerError):
    """A conversion between datums lacks its data; hand it in or show the altitude as unknown."""


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

    def _same(self, other: Self) -> Self:
        """`other`, if it has this altitude's datum; raises DatumMismatch otherwise."""
        if self.datum is not other.datum:
            raise DatumMismatch(
                f"altitudes {self.value_m} m ({self.datum}) and {other.value_m} m "
                f"({other.datum}) do not compare; convert one with its uncertainty first"
            )
        return other

    def __lt__(self, other: Self) -> bool:
        """Below, in the same datum."""
        return self.value_m < self._same(other).value_m

    def __le__(self, other: Self) -> bool:
        """Not above, in the same datum."""
        return self.value_m <= self._same(other).value_m

    def __gt__(self, other: Self) -> bool:
        """Above, in the same datum."""
        return self.value_m > self._same(other).value_m

    def __ge__(self, other: Self) -> bool:
        """Not below, in the same datum."""
        return self.value_m >= self._same(other).value_m


@dataclass(frozen=True, slots=True, kw_only=True)
class Unbounded:
    """No limit on this side: from the surface, or without ceiling."""


AltitudeLimit = Altitude | Unbounded


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """What to add to an altitude to change its datum, and how far that may be wrong."""

    add_m: float
    uncertainty_m: float

    def __post_init__(self) -> None:
        """Refuse what is not a number, and an uncertainty below zero; quantise."""
        if not math.isfinite(self.add_m) or abs(self.add_m) > 100_000.0:
            raise ValueError(f"datum shift {self.add_m} m is not within 100 km")
        if not math.isfinite(self.uncertainty_m) or self.uncertainty_m < 0.0:
            raise ValueError(f"uncertainty {self.uncertainty_m} m: give a number from 0 up")
        object.__setattr__(self, "add_m", round(self.add_m * 1_000) / 1_000)
        object.__setattr__(self, "uncertainty_m", round(self.uncertainty_m * 1_000) / 1_000)

    def back(self) -> "Shift":
        """The same shift in the other direction."""
        return Shift(add_m=-self.add_m, uncertainty_m=self.uncertainty_m)

    def then(self, other: "Shift") -> "Shift":
        """Both shifts, one after the other; uncertainties add, since nothing says they cancel."""
        return Shift(
            add_m=self.add_m + other.add_m,
            uncertainty_m=self.uncertainty_m + other.uncertainty_m,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundBounds:
    """The ground in a notice or an area lies between `lower` and `upper`, both in one datum."""

    lower: Altitude
    upper: Altitude

    def __post_init__(self) -> None:
        """Refuse reversed bounds and datums that cannot hold the ground."""
        if self.lower.datum not in (Datum.WGS84_ELLIPSOID, Datum.MSL_EGM96):
            raise ValueError(
                f"ground bounds in {self.lower.datum}; give them above the ellipsoid or MSL"
            )
        if self.upper < self.lower:
            raise ValueError(
                f"ground upper bound {self.upper.value_m} m is below lower {self.lower.value_m} m"
            )

    def shift(self) -> Shift:
        """From above ground to the bounds' datum."""
        low_m, high_m = self.lower.value_m, self.upper.value_m
        return Shift(add_m=(low_m + high_m) / 2, uncertainty_m=(high_m - low_m) / 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class AltitudeData:
    """What is known here and now for conversions; None means no data, never zero.

    `undulation` leads from MSL (EGM96) to the ellipsoid; `pressure` from standard pressure
    altitude to MSL (QNH and temperature of the day); `ground` bounds the terrain.
    """

    undulation: Shift | None = None
    pressure: Shift | None = None
    ground: GroundBounds | None = None

    def _links(self) -> list[tuple[Datum, Datum, Shift]]:
        """Each known shift in both directions."""
        known: list[tuple[Datum, Datum, Shift]] = []
        if self.undulation is not None:
            known.append((Datum.MSL_EGM96, Datum.WGS84_ELLIPSOID, self.undulation))
        if self.pressure is not None:
            known.append((Datum.STANDARD_PRESSURE, Datum.MSL_EGM96, self.pressure))
        if self.ground is not None:
            known.append((Datum.ABOVE_GROUND, self.ground.lower.datum, self.ground.shift()))
        return known + [(to, start, shift.back()) for start, to, shift in known]

    def shift(self, start: Datum, *, to: Datum) -> Shift:
        """From `start` to `to`, over as many known shifts as it takes.

        Raises DatumDataMissing if the known shifts do not lead there.
        """
        reached = {start: Shift(add_m=0.0, uncertainty_m=0.0)}
        links = self._links()
        for _ in Datum:  # a path visits each datum once at most
            for here, there, step in links:
                if here in reached and there not in reached:
                    reached[there] = reached[here].then(step)
        if to not in reached:
            raise DatumDataMissing(
                f"no data to convert an altitude from {start} to {to}; hand in "
                f"{_NEEDED[frozenset((start, to))]}"
            )
        return reached[to]


_NEEDED = {
    frozenset((Datum.MSL_EGM96, Datum.WGS84_ELLIPSOID)): "the undulation",
    frozenset((Datum.MSL_EGM96, Datum.STANDARD_PRESSURE)): "the local pressure offset",
    frozenset((Datum.WGS84_ELLIPSOID, Datum.STANDARD_PRESSURE)): (
        "the undulation and the local pressure offset"
    ),
    frozenset((Datum.MSL_EGM96, Datum.ABOVE_GROUND)): "ground bounds above MSL",
    frozenset((Datum.WGS84_ELLIPSOID, Datum.ABOVE_GROUND)): "ground bounds above the ellipsoid",
    frozenset((Datum.STANDARD_PRESSURE, Datum.ABOVE_GROUND)): (
        "the local pressure offset and ground bounds above MSL"
    ),
}

NO_ALTITUDE_DATA = AltitudeData()


def convert(altitude: Altitude, *, to: Datum, data: AltitudeData) -> tuple[Altitude, float]:
    """The altitude in datum `to` and the conversion's uncertainty in metres, rounding included.

    Raises DatumDataMissing if `data` does not lead there: an altitude is never passed through.
    """
    if altitude.datum is to:
        return altitude, 0.0
    shift = data.shift(altitude.datum, to=to)
    converted = Altitude(value_m=altitude.value_m + shift.add_m, datum=to)
    return converted, shift.uncertainty_m + GRAIN_M
