"""Spans of numbers that are barred, and the nearest number to zero that is not."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Barred:
    """The numbers between `low` and `high`; the ends themselves are free."""

    low: float
    high: float
    pair: tuple[int, int] = (0, 0)  # whose span it is, for who asks whether it holds

    def turned(self) -> "Barred":
        """The same with the sign of every number turned."""
        return Barred(-self.high, -self.low, self.pair)


def nearest_free(
    barred: Iterable[Barred],
    *,
    sign: int,
    coarse: float,
    fine: float,
    least: float = 0.0,
    holds: Callable[[Barred], bool] = lambda _span: True,
) -> float | None:
    """The free number nearest to zero on the side of `sign` (1 or -1), at least `least` from it.

    Rounded away from zero to a whole multiple of `coarse`, or of `fine` where the coarse one is
    barred. None if nothing on that side is free. A span counts if it `holds`; that is asked only
    of spans that stand in the way.
    """
    turned = (one if sign > 0 else one.turned() for one in barred)
    spans = sorted(
        (one for one in turned if one.low < one.high), key=lambda one: (one.low, one.high)
    )
    at = least
    for _ in range(len(spans) + 1):  # each turn leaves one more span behind
        at = _free_from(at, spans, holds)
        if math.isinf(at):
            return None
        wholes = [math.ceil(at / grain) * grain for grain in (coarse, fine)]
        for whole in wholes:
            if _free_from(whole, spans, holds) == whole:
                return sign * whole
        at = wholes[-1]
    return None


def _free_from(at: float, spans: list[Barred], holds: Callable[[Barred], bool]) -> float:
    """The first free number from `at` up; `spans` are in order."""
    for span in spans:
        if span.low >= at:
            return at
        if at < span.high and holds(span):
            at = span.high
    return at
