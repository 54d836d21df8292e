"""Which earlier incidents have something in common: the same parties, a same rule, a same place.

A suggestion for a person, with what it rests on. No likeness is scored.
"""

from dataclasses import dataclass
from enum import StrEnum

from crosstell.core.geometry.geodesic import distance_m
from crosstell.core.ids import EntryRef
from crosstell.core.incident.paper import IncidentFile


class Shared(StrEnum):
    """What two incidents have in common."""

    PARTIES = "parties"  # two parties of it at least
    RULE = "rule"
    PLACE = "place"  # the two circles touch


@dataclass(frozen=True, slots=True, kw_only=True)
class Precedent:
    """An earlier incident and what it shares; `named` where the file itself names it."""

    incident: EntryRef
    title: str
    shares: tuple[Shared, ...]
    is_named: bool


def precedents(
    incident: IncidentFile, others: tuple[tuple[tuple[EntryRef, ...], IncidentFile], ...]
) -> tuple[Precedent, ...]:
    """Earlier incidents with something in common, or named, the newest first. Implements INC-050.

    Each comes with the entries of all its versions, the newest last; a file that names an earlier
    version names the incident. One that began later is no precedent, unless it is named.
    """
    found = []
    for refs, other in others:
        ref, named = refs[-1], not set(refs).isdisjoint(incident.precedents)
        shares = _shares(incident, other)
        if named or (shares and other.start < incident.start):
            found.append(
                (
                    other.start,
                    Precedent(incident=ref, title=other.title, shares=shares, is_named=named),
                )
            )
    found.sort(key=lambda one: (one[0], one[1].incident), reverse=True)
    return tuple(precedent for _, precedent in found)


def _shares(one: IncidentFile, other: IncidentFile) -> tuple[Shared, ...]:
    found = []
    if len(set(one.parties) & set(other.parties)) >= 2:
        found.append(Shared.PARTIES)
    if set(one.rules) & set(other.rules):
        found.append(Shared.RULE)
    if one.place is not None and other.place is not None:
        apart_m = distance_m(one.place.centre, other.place.centre)
        if apart_m <= one.place.radius_m + other.place.radius_m:
            found.append(Shared.PLACE)
    return tuple(found)
