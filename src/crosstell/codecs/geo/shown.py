"""A position in the forms that a person reads out or types elsewhere.

Units: metres and degrees. Each form is read back by `parse_places` as a place that holds the
position within its accuracy. Implements PLC-070, PLC-071.
"""

from collections.abc import Callable
from dataclasses import dataclass

from crosstell.codecs.geo.grid import write_grid
from crosstell.core.geometry.position import E7, Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One position in every form: a grid square of 1 m, seconds and minutes and degrees."""

    mgrs: str
    degrees_minutes_seconds: str
    decimal_minutes: str
    decimal_degrees: str


def show(position: Position) -> Shown:
    """The position to 1 m, 0.1 second, 0.001 minute and 0.00001 degree."""
    return Shown(
        mgrs=write_grid(position),
        degrees_minutes_seconds=_both(position, _seconds),
        decimal_minutes=_both(position, _minutes),
        decimal_degrees=_both(position, _degrees),
    )


def _both(position: Position, write: Callable[[int, int], str]) -> str:
    lat_e7, lon_e7 = round(position.lat_deg * E7), round(position.lon_deg * E7)
    lat, lon = write(abs(lat_e7), 2), write(abs(lon_e7), 3)
    return f"{lat}{'S' if lat_e7 < 0 else 'N'} {lon}{'W' if lon_e7 < 0 else 'E'}"


def _rounded(size_e7: int, per_degree: int) -> int:
    """The size in units of which there are `per_degree`, rounded; whole numbers carry."""
    return (2 * size_e7 * per_degree + E7) // (2 * E7)


def _seconds(size_e7: int, digits: int) -> str:
    whole, tenths = divmod(_rounded(size_e7, 36_000), 10)
    minutes, seconds = divmod(whole, 60)
    degrees, minutes = divmod(minutes, 60)
    return f"{degrees:0{digits}}°{minutes:02}'{seconds:02}.{tenths}\""


def _minutes(size_e7: int, digits: int) -> str:
    degrees, thousandths = divmod(_rounded(size_e7, 60_000), 60_000)
    return f"{degrees:0{digits}}°{thousandths // 1_000:02}.{thousandths % 1_000:03}'"


def _degrees(size_e7: int, digits: int) -> str:
    degrees, rest = divmod(_rounded(size_e7, 100_000), 100_000)
    return f"{degrees:0{digits}}.{rest:05}°"
