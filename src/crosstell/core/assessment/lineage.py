"""From which sources two statements come: whether agreement confirms anything."""

from collections.abc import Iterable
from enum import StrEnum

from crosstell.core.assessment.stated import SELF_REPORTED, Source, SourceKind


class Confirmation(StrEnum):
    """What the agreement of two statements is worth."""

    INDEPENDENT = "independent"
    SHARED_SOURCE = "shared-source"  # agreement confirms nothing: both repeat one source
    UNKNOWN = "lineage-unknown"


def confirmation(one: Iterable[Source], other: Iterable[Source]) -> Confirmation:
    """Whether two lineages of one object are apart. Implements DIS-040, DIS-041."""
    ours, theirs = _origins(one), _origins(other)
    if not ours or not theirs:
        return Confirmation.UNKNOWN
    return Confirmation.SHARED_SOURCE if ours & theirs else Confirmation.INDEPENDENT


def distinct_sources(*lineages: Iterable[Source]) -> int:
    """How many sources speak in all, each counted once."""
    return len(frozenset[tuple[SourceKind, str]]().union(*map(_origins, lineages)))


def _origins(sources: Iterable[Source]) -> frozenset[tuple[SourceKind, str]]:
    """Where each comes from: what an object says of itself has one origin, whoever receives it.

    A TIS-B track repeats what others measured, so it may hide any of them.
    """
    held = frozenset(sources)
    if any(source.kind is SourceKind.TIS_B for source in held):
        return frozenset()
    return frozenset(
        (source.kind, "" if source.kind in SELF_REPORTED else source.station) for source in held
    )
