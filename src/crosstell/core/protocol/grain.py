"""Figures of a protocol, checked and rounded to the grain that signed data has.

Units: metres, seconds and metres per second, all held to a thousandth.
"""

import math
import unicodedata

DAY_S = 86_400.0
SPAN_S_MAX = 366 * DAY_S
LATERAL_M_MAX = 1_000_000.0
VERTICAL_M_MAX = 100_000.0
SPEED_MPS_MAX = 3_000.0
OFFSET_S_MAX = 14 * 3_600.0  # UTC+14, the furthest that any place uses
_REORDERING = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))


def figure(value: float, *, what: str, least: float, most: float) -> float:
    """`value` to a thousandth; ValueError unless it lies in `[least, most]`."""
    if not math.isfinite(value) or not least <= value <= most:
        raise ValueError(f"{what} is {value:g}; write a number from {least:g} to {most:,.0f}")
    return round(value * 1_000) / 1_000


def span_s(value: float, *, what: str, least: float = 0.001) -> float:
    """A time in seconds: more than zero unless `least` says otherwise, at most 366 days."""
    return figure(value, what=what, least=least, most=SPAN_S_MAX)


def offset_s(value: float) -> float:
    """What local time is ahead of UTC, in seconds: whole minutes, at most 14 hours either way."""
    rounded = figure(value, what="utc_offset_s", least=-OFFSET_S_MAX, most=OFFSET_S_MAX)
    if rounded % 60:
        raise ValueError(f"utc_offset_s is {rounded:g}; write whole minutes")
    return rounded


def require_text(text: str, *, what: str, length_max: int = 2_000) -> None:
    """Raise ValueError unless `text` says something and fits."""
    if not text.strip() or len(text) > length_max:
        raise ValueError(f"{what} is empty or longer than {length_max} characters; write it out")
    hidden = next((char for char in text if _is_hidden(char)), None)
    if hidden is not None:
        raise ValueError(
            f"{what} holds the unseen character U+{ord(hidden):04X}; remove it, because what is "
            "signed must be what is read"
        )


def _is_hidden(char: str) -> bool:
    """Control characters (but line ends and tabs) and those that reverse the order of reading."""
    return (unicodedata.category(char) == "Cc" and char not in "\n\t") or char in _REORDERING
