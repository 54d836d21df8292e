"""MGRS references: a square of a grid, whose centre is the position.

Units: metres and degrees. A reference names a square by truncation, so what is meant lies anywhere
in it: the centre stands for it, within half the diagonal. Implements PLC-010 to PLC-013.
"""

import math
import re
from dataclasses import dataclass

from mgrs import MGRS
from mgrs.core import MGRSError

from crosstell.codecs.geo.places import Unreadable
from crosstell.core.geometry.position import Position

DIGITS_MAX = 5  # of each half: 1 m
SCALE = 1.007  # ground over grid: UPS at the pole is 1 / 0.994, UTM at its meridian 1 / 0.9996
GRAIN_M = 0.02  # rounding to 1e-7 degree

_LIBRARY = MGRS()
_REFERENCE = re.compile(
    r"(?P<zone>(?:0?[1-9]|[1-5][0-9]|60)\s*[C-HJ-NP-X]|[ABYZ])\s*"
    r"(?P<square>[A-HJ-NP-Z]{2})\s*(?P<digits>[0-9 ]*)",
    re.IGNORECASE,
)
_LOOKS = re.compile(r"\s*(?:[0-9]{1,2}\s*)?[A-Z]\s*[A-Z]{2}\s*[0-9 ]*", re.IGNORECASE)
_LOCAL = re.compile(r"\s*[A-HJ-NP-Z]{2}\s*[0-9]{2,5}\s*[0-9]{2,5}\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Square:
    """One square of the grid: its reference without blanks, middle, side and half diagonal."""

    reference: str
    position: Position
    side_m: float
    accuracy_m: float
    doubts: tuple[str, ...]


def looks_like_grid(text: str) -> bool:
    """Whether the text can only be meant as a grid reference, a faulty one included."""
    return _LOOKS.fullmatch(text) is not None or _LOCAL.fullmatch(text) is not None


def read_grid(text: str) -> Square:
    """The square that a reference names; Unreadable says what is wrong with it."""
    match = _REFERENCE.fullmatch(text.strip())
    if match is None:
        raise Unreadable(_why_not(text))
    digits = _digits(match["digits"])
    zone = re.sub(r"\s", "", match["zone"]).upper()
    zone = zone if zone.isalpha() or len(zone) == 3 else "0" + zone
    reference = zone + match["square"].upper() + digits
    half = len(digits) // 2
    try:
        lat_deg, lon_deg = _LIBRARY.toLatLon(reference)
    except MGRSError as refused:
        raise Unreadable(
            f"{reference}: there is no such square in zone {zone}; check the letters of the zone "
            "and of the 100 km square"
        ) from refused
    side_m = 10.0 ** (DIGITS_MAX - half)
    return Square(
        reference=reference,
        position=Position(lat_deg=lat_deg, lon_deg=lon_deg),
        side_m=side_m,
        accuracy_m=math.ceil((side_m * math.sqrt(0.5) * SCALE + GRAIN_M) * 1_000) / 1_000,
        doubts=tuple(_doubts(reference, half, lat_deg, lon_deg)),
    )


def write_grid(position: Position, *, side_m: float = 1.0) -> str:
    """The square of this side that holds `position`, in groups: 37S FV 8712 4567."""
    half = DIGITS_MAX - round(math.log10(side_m))
    if not 0 <= half <= DIGITS_MAX or 10.0 ** (DIGITS_MAX - half) != side_m:
        raise ValueError(f"side {side_m} m: give 1, 10, 100, 1000, 10000 or 100000 m")
    found = _LIBRARY.toMGRS(position.lat_deg, position.lon_deg, MGRSPrecision=half)
    digits = found[len(found) - 2 * half :] if half else ""
    head = found[: len(found) - 2 * half]
    parts = (head[:-2], head[-2:], digits[:half], digits[half:])
    return " ".join(part for part in parts if part)


def size_words(side_m: float) -> str:
    """The side of a square as a person says it."""
    return f"{side_m:.0f} m" if side_m < 1_000.0 else f"{side_m / 1_000:.0f} km"


def _digits(written: str) -> str:
    """Easting and northing without blanks, of equal length."""
    groups = written.split()
    digits = "".join(groups)
    if len(groups) == 2 and len(groups[0]) != len(groups[1]):
        raise Unreadable(
            f"easting {groups[0]} and northing {groups[1]} have different numbers of digits; "
            "write both with the same"
        )
    if len(digits) % 2:
        raise Unreadable(
            f"{len(digits)} digits ({digits}): easting and northing have equal numbers; one is "
            "missing or too many"
        )
    if len(digits) > 2 * DIGITS_MAX:
        raise Unreadable(f"{len(digits)} digits: write {2 * DIGITS_MAX} at most, a square of 1 m")
    return digits


def _why_not(text: str) -> str:
    if _LOCAL.fullmatch(text):
        return (
            f"{text.strip()}: the grid zone is missing, so the place repeats over the globe; write "
            "it in front, as in 37S FV 8712 4567"
        )
    return (
        f"{text.strip()}: not a grid reference; write zone (1 to 60 and a letter C to X, without "
        "I and O), two letters, then easting and northing, as in 37S FV 8712 4567"
    )


def _doubts(reference: str, half: int, lat_deg: float, lon_deg: float) -> list[str]:
    found = []
    if half < 2:
        found.append(f"the reference names a square of {size_words(10.0 ** (5 - half))}")
    regular = _LIBRARY.toMGRS(lat_deg, lon_deg, MGRSPrecision=half)
    if regular != reference:
        found.append(
            f"the middle of {reference} lies beyond the edge of its grid zone, where it is "
            f"{regular}; check zone and letters"
        )
    return found
