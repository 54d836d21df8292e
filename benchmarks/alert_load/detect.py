"""Live detection of a whole recording: every rule, every pair, and what happened to it.

The findings of a pair are made once; each showing by the core's own machine under the present
figures, and those before, is compared here with the fast replay that the sweep uses.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing import get_context

from benchmarks.alert_load.at_places import audited, found_at
from benchmarks.alert_load.columns import Columns, Ints
from benchmarks.alert_load.places import Place
from benchmarks.alert_load.policy import BEFORE, PRESENT
from benchmarks.alert_load.story import Line, told
from benchmarks.alert_load.tested import Tested, tested
from benchmarks.alert_load.truth import Fine, fine, infringed

from crosstell.core.detection.about import NoticeOf, TrackAtNotice
from crosstell.core.detection.finding import Assessed, Criterion, Encounter
from crosstell.core.detection.m_of_n import AlertTerms
from crosstell.core.ids import NoticeId, PartyId, TrackId

PARTY = PartyId("declaring-party")
AUDIT = 200  # pairs that the bound leaves out, put before `pairing`, at each place


@dataclass(slots=True)
class Detected:
    """One recording: the pairs worth telling, and how much was tested."""

    columns: Columns
    path: Fine
    rows: list[Ints]
    pairs: list[Tested] = field(default_factory=list)
    examined: int = 0
    audited: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AtPlace:
    """What one place gave."""

    pairs: tuple[Tested, ...]
    examined: int
    audited: int


class Disagreement(Exception):
    """The fast replay or the bound does not do what the core does: nothing here can be trusted."""


_HELD: dict[str, tuple[Detected, str, tuple[AlertTerms, ...]]] = {}


def detected(
    columns: Columns,
    places: Sequence[Place],
    *,
    seed: str,
    workers: int,
    compared: tuple[AlertTerms, ...] = (BEFORE, PRESENT),
) -> Detected:
    """Every track of the recording at every place."""
    found = Detected(columns=columns, path=fine(columns), rows=columns.rows_of())
    _HELD["now"] = (found, seed, compared)
    if workers > 1:
        with get_context("fork").Pool(workers) as pool:
            parts = pool.map(_at_place, places, chunksize=1)
    else:
        parts = [_at_place(place) for place in places]
    for part in parts:
        found.pairs += part.pairs
        found.examined += part.examined
        found.audited += part.audited
    return found


def _at_place(place: Place) -> AtPlace:
    held, seed, compared = _HELD["now"]
    columns = held.columns
    found = found_at(columns, place)
    lost = audited(columns, place, seed=seed, count=AUDIT)
    if lost:
        raise Disagreement(f"{place.name}: the bound leaves out {lost} pairs that are not clear")
    truth = infringed(held.path, place)
    tracks = sorted({int(columns.track[row]) for row in found.encounters} | set(truth))
    clear = clear_of(found.criterion)
    pairs = []
    for track in tracks:
        about = TrackAtNotice(
            track=TrackId(columns.names[track]),
            notice=NoticeOf(party=PARTY, notice=NoticeId(place.name)),
        )
        line: list[Line] = [
            (
                float(columns.time_s[row]),
                found.encounters.get(row, clear).finding(
                    found.criterion, about=about, versions=(1,)
                ),
            )
            for row in held.rows[track].tolist()
        ]
        name = f"{place.name} {columns.names[track]}"
        pair = tested(str(place.rule), name, line, truth.get(track, ()), held.path.known[track])
        agree(pair, line, compared)
        pairs.append(pair)
    return AtPlace(pairs=tuple(pairs), examined=found.examined, audited=AUDIT)


def agree(pair: Tested, line: list[Line], compared: tuple[AlertTerms, ...]) -> None:
    """Raise Disagreement unless the core's machine and the fast replay show the same."""
    for terms in compared:
        if told(line, terms) != pair.shown(terms):
            raise Disagreement(f"{pair.name}: the fast replay differs from the core's machine")


def clear_of(criterion: Criterion) -> Encounter:
    """What `pairing` says of a pair that the bound leaves out."""
    return Encounter(
        assessed=Assessed.CLEAR,
        reasons=(),
        infringement_in_s=criterion.horizon_s,
        nominal_in_s=None,
        distance_m=0.0,
        margin_m=0.0,
    )
