"""Figures of a protocol, checked and rounded to the grain that signed data has.

Units: metres, seconds and metres per second, all held to a thousandth.
"""

import math

DAY_S = 86_400.0
SPAN_S_MAX = 366 * DAY_S
LATERAL_M_MAX = 1_000_000.0
VERTICAL_M_MAX = 100_000.0
SPEED_MPS_MAX = 3_000.0


def figure(value: float, *, what: str, least: float, most: float) -> float:
    """`value` to a thousandth; ValueError unless it lies in `[least, most]`."""
    if not math.isfinite(value) or not least <= value <= most:
        raise ValueError(f"{what} is {value:g}; write a number from {least:g} to {most:g}")
    return round(value * 1_000) / 1_000


def span_s(value: float, *, what: str, least: float = 0.001) -> float:
    """A time in seconds: more than zero unless `least` says otherwise, at most 366 days."""
    return figure(value, what=what, least=least, most=SPAN_S_MAX)


def require_text(text: str, *, what: str, length_max: int = 2_000) -> None:
    """Raise ValueError unless `text` says something and fits."""
    if not text.strip() or len(text) > length_max:
        raise ValueError(f"{what} is empty or longer than {length_max} characters; write it out")
