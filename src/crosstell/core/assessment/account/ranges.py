"""Stated ranges: checked by name, and held to the thousandth that signed data has."""

import math
from enum import StrEnum

WORDS_LENGTH_MAX = 200
FIGURE_MAX = 1e12
UNLESS_DEFAULT = {"signed": "unless-default"}


# Nobody states how far "about" goes. Where a check needs it, it is taken as a tenth of the figure
# either way: an assumption, and told as one beside every figure that rests on it.
ABOUT_SHARE = 0.1


class Exactness(StrEnum):
    """How the source tells a time or a figure: by itself, or with "about" or a like word."""

    EXACT = "exact"
    ABOUT = "about"


def widened(
    at_least: float | None, at_most: float | None, told: Exactness
) -> tuple[float | None, float | None]:
    """The range with the assumed tolerance of "about"; as it is where the figure is exact."""
    if told is Exactness.EXACT:
        return at_least, at_most
    return (
        None if at_least is None else at_least * (1 - ABOUT_SHARE),
        None if at_most is None else at_most * (1 + ABOUT_SHARE),
    )


def check_range(
    at_least: float | None, at_most: float | None, *, what: str, below_zero: bool = False
) -> None:
    """Refuse what is no number, below zero, reversed, or without any bound."""
    for value in (at_least, at_most):
        if value is not None and not _is_figure(value, below_zero=below_zero):
            raise ValueError(f"{what}: {value} is no figure; give a number from 0 up")
    if at_least is None and at_most is None:
        raise ValueError(f"{what}: neither at least nor at most; state one")
    if at_least is not None and at_most is not None and at_most < at_least:
        raise ValueError(f"{what}: at most {at_most} is less than at least {at_least}; swap them")


def to_grain(stated: object, *names: str) -> None:
    """Round these fields, where they are stated, to the thousandth that signed data holds."""
    for name in names:
        value = getattr(stated, name)
        if value is not None:
            object.__setattr__(stated, name, round(value * 1_000) / 1_000)


def _is_figure(value: float, *, below_zero: bool) -> bool:
    """Whether it is a number that can be signed; a whole number has no size of its own."""
    least = -FIGURE_MAX if below_zero else 0
    return least <= value <= FIGURE_MAX and math.isfinite(value)
