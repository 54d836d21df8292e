"""What follows from a shape's fields alone: worked out once, never compared, told or recorded."""

import math
from collections.abc import Callable
from typing import Any, TypeVar, cast

KeptT = TypeVar("KeptT")


class Kept:
    """Room beside the fields; a copy made without construction works it out again."""

    __slots__ = ("_kept",)
    _kept: Any

    def _once(self, make: Callable[[], KeptT]) -> KeptT:
        """What `make` makes, at the first call; the same object after."""
        try:
            return cast(KeptT, self._kept)
        except AttributeError:
            kept = make()
            object.__setattr__(self, "_kept", kept)
            return kept


def length_of(value_m: float, *, what: str, most_m: float) -> float:
    """`value_m` to the millimetre; ValueError unless it is above 0 and at most `most_m`."""
    if not math.isfinite(value_m) or not 0.0 < value_m <= most_m:
        raise ValueError(f"{what} {value_m} m is outside 0 to {most_m} m")
    held_m = round(value_m * 1_000) / 1_000
    if held_m == 0.0:
        raise ValueError(f"{what} is under half a millimetre; give it in metres")
    return held_m
