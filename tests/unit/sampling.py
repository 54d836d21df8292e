"""How many examples a property is tried with.

`make test` takes a share of them, the same each time; the long suite and the planted bugs take all.
"""

from collections.abc import Iterable

import pytest
from _pytest.mark.structures import ParameterSet
from hypothesis import settings

SHARE = 8  # `make test` tries one of so many
LEAST = 5
CHECK = "check"


def register() -> None:
    """The profiles, by name; no deadline: a shared machine pauses, and slow is not wrong."""
    settings.register_profile(
        CHECK, derandomize=True, max_examples=100 // SHARE, deadline=None, print_blob=True
    )
    settings.register_profile(
        "whole", derandomize=True, max_examples=100, deadline=None, print_blob=True
    )
    settings.register_profile("nightly", max_examples=1_000, deadline=None, print_blob=True)
    settings.load_profile(CHECK)


def examples(whole: int) -> int:
    """Of so many examples, those that this run takes."""
    if settings.get_current_profile_name() != CHECK:
        return whole
    return max(min(whole, LEAST), whole // SHARE)


def thinned(rows: Iterable[object], *, every: int) -> list[ParameterSet]:
    """The rows as parameters: the first of every so many, the others in the long suite alone."""
    return [
        pytest.param(
            *(row if isinstance(row, tuple) else (row,)),
            marks=[pytest.mark.long] if number % every else [],
        )
        for number, row in enumerate(rows)
    ]


def seeds(count: int, *, few: int) -> list[ParameterSet]:
    """The seeds below `count` as parameters; from `few` on in the long suite alone."""
    return [
        pytest.param(seed, marks=[pytest.mark.long] if seed >= few else []) for seed in range(count)
    ]
