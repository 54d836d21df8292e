"""One latitude or longitude as the field writes it: degrees, minutes, seconds or decimals.

Units: degrees, and the grain of what was written in degrees: one unit of its last digit.
Implements PLC-020 to PLC-024.
"""

import re
from dataclasses import dataclass
from fractions import Fraction

from crosstell.codecs.geo.places import Form, Unreadable

DIGITS_MAX = 15

_NUMBER = r"[0-9]{1,15}(?:\.[0-9]{0,15})?"
_MARKED = re.compile(
    rf"(?P<d>{_NUMBER})(?:\s*°\s*|[\s:-]\s*|$)"
    rf"(?:(?P<m>{_NUMBER})(?:\s*'\s*|[\s:-]\s*|$)"
    rf"(?:(?P<s>{_NUMBER})\s*\"?)?)?"
)
_DOTTED = re.compile(r"(?P<d>[0-9]{1,3})\.(?P<m>[0-9]{1,2})\.(?P<s>[0-9]{1,2})")
_COMPACT = re.compile(r"(?P<whole>[0-9]{4,7})(?P<rest>\.[0-9]{1,15})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Angle:
    """The size of an angle without its sign, the unit of its last digit, and how it was written."""

    size_deg: Fraction
    grain_deg: Fraction
    form: Form


def read_angle(text: str, *, most_deg: int) -> Angle:
    """The angle in `text`, at most `most_deg`; Unreadable says what is wrong."""
    body = text.strip()
    if body.endswith(("-", ":")):
        raise Unreadable(f"{body!r} ends in a dash or colon; write the rest of the angle")
    match = _DOTTED.fullmatch(body) or _MARKED.fullmatch(body)
    compact = _COMPACT.fullmatch(body)
    if compact is not None:
        found = _compact(compact["whole"], compact["rest"] or "", most_deg)
    elif match is not None:
        found = _parts(match["d"], match["m"], match["s"])
    else:
        raise Unreadable(
            f"{body!r} is no angle; write 36°30'12\", 36 30.2, 36-30-12 or 36.503 with N, S, E or W"
        )
    if found.size_deg > most_deg:
        raise Unreadable(f"{body}: more than {most_deg} degrees; check which number is which")
    return found


def _compact(whole: str, rest: str, most_deg: int) -> Angle:
    """DDMM, DDMMSS for latitude, DDDMM, DDDMMSS for longitude; the last with decimals."""
    degrees = 2 if most_deg == 90 else 3
    after = len(whole) - degrees
    if after not in (2, 4):
        form = "DDMM or DDMMSS" if degrees == 2 else "DDDMM or DDDMMSS"
        raise Unreadable(f"{whole}: {len(whole)} digits in a row; write {form}, with leading zeros")
    d, m = whole[:degrees], whole[degrees : degrees + 2]
    if after == 2:
        return _parts(d, m + rest, None)
    return _parts(d, m, whole[degrees + 2 :] + rest)


def _parts(d: str, m: str | None, s: str | None) -> Angle:
    written = [part for part in (d, m, s) if part is not None]
    for whole in written[:-1]:
        if "." in whole:
            raise Unreadable(
                f"{whole}: only the last part of an angle has decimals; check the point"
            )
    for part, name in ((m, "minutes"), (s, "seconds")):
        if part is not None and Fraction(part) >= 60:
            raise Unreadable(f"{part} {name}: write less than 60")
    sizes = [Fraction(part) for part in written]
    per = 60 ** (len(written) - 1)
    decimals = len(written[-1].partition(".")[2])
    forms = (Form.DECIMAL_DEGREES, Form.DECIMAL_MINUTES, Form.DEGREES_MINUTES_SECONDS)
    return Angle(
        size_deg=sum((size / 60**place for place, size in enumerate(sizes)), Fraction(0)),
        grain_deg=Fraction(1, per * 10**decimals),
        form=forms[len(written) - 1],
    )
