"""Spans of numbers that are barred, and the nearest number to zero that is not."""

import math
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Barred:
    """The numbers between `low` and `high`; the ends themselves are free."""

    low: float
    high: float


def nearest_free(
    barred: Iterable[Barred], *, sign: int, coarse: float, fine: float
) -> float | None:
    """The free number nearest to zero on the side of `sign` (1 or -1), zero included.

    Rounded away from zero to a whole multiple of `coarse`, or of `fine` where the coarse one is
    barred. None if nothing on that side is free.
    """
    spans = sorted((one.low, one.high) if sign > 0 else (-one.high, -one.low) for one in barred)
    at = 0.0
    for _ in range(len(spans) + 1):  # each turn leaves one more span behind
        at = _free_from(at, spans)
        if math.isinf(at):
            return None
        wholes = [math.ceil(at / grain) * grain for grain in (coarse, fine)]
        for whole in wholes:
            if _free_from(whole, spans) == whole:
                return sign * whole
        at = wholes[-1]
    return None


def _free_from(at: float, spans: list[tuple[float, float]]) -> float:
    """The first free number from `at` up; `spans` are in order."""
    for low, high in spans:
        if low < at < high:
            at = high
    return at
