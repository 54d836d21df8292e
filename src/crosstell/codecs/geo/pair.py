"""A position written as two angles, with letters that say which is which, or a choice that does.

Units: degrees and metres. What was written is taken as rounded: the truth lies within half a unit
of the last digit of each. Implements PLC-020 to PLC-027.
"""

import math
import re
from dataclasses import dataclass
from fractions import Fraction

from crosstell.codecs.geo.angles import Angle, read_angle
from crosstell.codecs.geo.places import Form, Needs, Order, Unreadable
from crosstell.core.geometry.position import Position

DEGREE_M_MAX = 111_700.0  # of latitude at the pole; of longitude at the equator 111,320
LENGTH_MAX = 100
GRAIN_M = 0.01  # rounding to 1e-7 degree

# North, south, east, west. Both letters come from one row: D is east in one, degrees in another.
LETTERS = {
    "English": "NSEW",
    "Turkish": "KGDB",
    "Russian": "СЮВЗ",
}
HEMISPHERES = "".join(LETTERS.values())
# As code points, since the signs are hard to tell apart: minute, second, degree, minus.
_SIGNS = str.maketrans(
    {
        **dict.fromkeys((0x2019, 0x2032, 0x02B9, 0x2018, 0x00B4, 0x0060), "'"),
        **dict.fromkeys((0x201D, 0x2033, 0x201C, 0x02BA, 0x201E), '"'),
        **dict.fromkeys((0x00BA, 0x02DA), "\u00b0"),
        **dict.fromkeys((0x2212, 0x2013, 0x2014, 0x2010, 0x2011), "-"),
        **dict.fromkeys((0x200E, 0x200F, 0xFEFF), None),  # marks of direction
    }
)
_BODY = r"[-+0-9.,°'\":\s]+?"
_TRAILING = re.compile(rf"({_BODY})\s*([{HEMISPHERES}])[\s,;/]*({_BODY})\s*([{HEMISPHERES}])")
_LEADING = re.compile(rf"([{HEMISPHERES}])\s*({_BODY})[\s,;/]*([{HEMISPHERES}])\s*({_BODY})")
_WORDS = re.compile(
    r"LAT(?:ITUDE)?\s*[:=]?\s*(?P<lat>[-+]?[0-9.]+)°?[\s,;/]*"
    r"LON(?:G(?:ITUDE)?)?\s*[:=]?\s*(?P<lon>[-+]?[0-9.]+)°?"
)
_BARE = re.compile(
    r"([-+]?[0-9]{1,3}(?:\.[0-9]{0,15})?)°?(?:\s*[,;/]\s*|\s+)([-+]?[0-9]{1,3}(?:\.[0-9]{0,15})?)°?"
)
_MARKED = re.compile(r"([-+]?[^,;/]+?[°'\"])[\s,;/]*([-+]?[0-9][^,;/]*[°'\"])")
_COMMA = re.compile(r"(?<=[0-9]),(?=[0-9]+\s*(?:[°'\"]|$))")
_DECIMALS = re.compile(r"[0-9],[0-9]")
_HUNDREDTHS = re.compile(r"[0-9]{1,3}\.[0-5][0-9]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A position, how it was written, how well, and every doubt."""

    position: Position
    form: Form
    accuracy_m: float
    doubts: tuple[str, ...]


def plain_signs(text: str) -> str:
    """The text with one sign for each of degree, minute, second and minus, in capitals."""
    return " ".join(text.translate(_SIGNS).replace("''", '"').upper().split())


def read_pair(text: str, order: Order | None) -> Pair:
    """The position in `text` (as `plain_signs` leaves it); Unreadable says what is wrong."""
    if len(text) > LENGTH_MAX:
        raise Unreadable(f"{text[:40]!r}... is too long for one position; write one to a line")
    trailing, leading = _TRAILING.fullmatch(text), _LEADING.fullmatch(text)
    if trailing is not None:
        first, second = (trailing[1], trailing[2]), (trailing[3], trailing[4])
        return _lettered(first, second)
    if leading is not None:
        first, second = (leading[2], leading[1]), (leading[4], leading[3])
        return _lettered(first, second)
    words = _WORDS.fullmatch(text)
    if words is not None:
        return _signed(words["lat"], words["lon"], Order.LAT_LON)
    bare = _BARE.fullmatch(text) or _MARKED.fullmatch(text)
    if bare is None and _DECIMALS.search(text):
        raise Unreadable(
            f"a comma in {text!r} parts decimals only where letters say which number is which; "
            "write 36.503N 40.749E"
        )
    if bare is None:
        raise Unreadable(
            f"{text!r} is no position that is known; write it as 37S FV 8712 4567, "
            "36°30'12\"N 040°44'58\"E, 36-30.2N 040-44.9E or 36.503N 40.749E"
        )
    return _unlettered(bare[1], bare[2], order)


def _lettered(first: tuple[str, str], second: tuple[str, str]) -> Pair:
    """Two bodies with their letters."""
    letters = first[1] + second[1]
    row = next((row for row in LETTERS.values() if set(letters) <= set(row)), None)
    if row is None:
        raise Unreadable(
            f"letters {first[1]} and {second[1]} are of two languages; write N or S and E or W"
        )
    sides = [row.index(letter) for letter in letters]
    if (sides[0] < 2) == (sides[1] < 2):
        kind = "latitudes" if sides[0] < 2 else "longitudes"
        raise Unreadable(f"{letters[0]} and {letters[1]} are both {kind}; write one of each")
    bodies = [
        (side, _COMMA.sub(".", body))
        for side, body in zip(sides, (first[0], second[0]), strict=True)
    ]
    angles = {}
    for side, body in bodies:
        if body.strip().startswith(("-", "+")):
            raise Unreadable(
                f"{body.strip()} has a sign and a letter; leave one of them out, since they may "
                "say opposite things"
            )
        angle = read_angle(body.strip(" ,"), most_deg=90 if side < 2 else 180)
        angles["lat" if side < 2 else "lon"] = (angle, -1 if side in (1, 3) else 1)
    doubts = _doubts([body for _, body in bodies])
    return _pair(angles["lat"], angles["lon"], doubts)


def _unlettered(first: str, second: str, order: Order | None) -> Pair:
    """Two numbers: the order is chosen, or one of them can only be a longitude."""
    if order is None:
        sizes = [_signed_angle(part, 180)[0].size_deg for part in (first, second)]
        if sizes[1] > 90 >= sizes[0]:
            order = Order.LAT_LON
        elif sizes[0] > 90 >= sizes[1]:
            order = Order.LON_LAT
        else:
            raise Unreadable(
                f"{first} and {second}: nothing says which is the latitude; add N or S and E or W, "
                "or say whether latitude or longitude comes first",
                needs=Needs.ORDER,
            )
    return _signed(first, second, order)


def _signed(first: str, second: str, order: Order) -> Pair:
    lat, lon = (first, second) if order is Order.LAT_LON else (second, first)
    return _pair(_signed_angle(lat, 90), _signed_angle(lon, 180), ())


def _signed_angle(text: str, most_deg: int) -> tuple[Angle, int]:
    sign = -1 if text.startswith("-") else 1
    return read_angle(text.lstrip("+-"), most_deg=most_deg), sign


def _pair(lat: tuple[Angle, int], lon: tuple[Angle, int], doubts: tuple[str, ...]) -> Pair:
    lat_deg, lon_deg = (float(angle.size_deg * sign) for angle, sign in (lat, lon))
    coarser = max(lat[0], lon[0], key=lambda angle: angle.grain_deg)
    return Pair(
        position=Position(lat_deg=lat_deg, lon_deg=lon_deg),
        form=coarser.form,
        accuracy_m=_accuracy_m(lat_deg, lat[0].grain_deg, lon[0].grain_deg),
        doubts=(*doubts, *_coarse(lat[0], lon[0])),
    )


def _accuracy_m(lat_deg: float, lat_grain_deg: Fraction, lon_grain_deg: Fraction) -> float:
    """Half a unit of each last digit on the ground, both together; longitude where it is widest."""
    half_deg = float(lat_grain_deg) / 2
    widest_deg = max(0.0, abs(lat_deg) - half_deg)
    north_m = half_deg * DEGREE_M_MAX
    east_m = float(lon_grain_deg) / 2 * DEGREE_M_MAX * math.cos(math.radians(widest_deg))
    return math.ceil((math.hypot(north_m, east_m) + GRAIN_M) * 1_000) / 1_000


def _coarse(lat: Angle, lon: Angle) -> tuple[str, ...]:
    if max(lat.grain_deg, lon.grain_deg) < Fraction(1, 60) and (
        max(lat.grain_deg, lon.grain_deg) <= 60 * min(lat.grain_deg, lon.grain_deg)
    ):
        return ()
    return ("one of the two angles is written to a minute or coarser; see the accuracy",)


def _doubts(bodies: list[str]) -> tuple[str, ...]:
    if all(_HUNDREDTHS.fullmatch(body.strip(" ,°")) for body in bodies):
        return (
            "read as decimal degrees; if the two digits after the points are minutes, write "
            f"{bodies[0].strip(' ,°').replace('.', '-')} instead",
        )
    return ()
