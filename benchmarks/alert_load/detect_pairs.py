"""Live detection between all tracks of a recording, as `detect` does it at places."""

import random
from multiprocessing import get_context

import numpy as np
from benchmarks.alert_load.between_tracks import (
    AUDIT,
    Between,
    Found,
    Minima,
    audited,
    candidates,
    is_clear,
    judged,
)
from benchmarks.alert_load.columns import Columns, Ints
from benchmarks.alert_load.detect import Detected, Disagreement, agree, clear_of
from benchmarks.alert_load.meetings import Meetings, meetings
from benchmarks.alert_load.pair_truth import PairSpells, both_known, infringed_between
from benchmarks.alert_load.policy import BEFORE, PRESENT
from benchmarks.alert_load.story import Line
from benchmarks.alert_load.tested import Tested, tested
from benchmarks.alert_load.truth import Spell

from crosstell.core.detection.about import TwoTracks
from crosstell.core.detection.m_of_n import AlertTerms
from crosstell.core.ids import TrackId

_HELD: dict[str, tuple[Columns, Meetings, Minima]] = {}
PARTS = 64


def detected_between(
    found: Detected,
    minima: Minima,
    *,
    seed: str,
    workers: int,
    compared: tuple[AlertTerms, ...] = (BEFORE, PRESENT),
) -> list[Tested]:
    """Every two tracks of different operators under the rule; added to what `found` counts."""
    columns = found.columns
    pairs = meetings(columns)
    mask = candidates(columns, pairs, minima)
    picking = random.Random(f"{seed}:{minima.rule}")
    lost = audited(columns, pairs, minima, np.flatnonzero(~mask), picking)
    if lost:
        raise Disagreement(f"{minima.rule}: the bound leaves out {lost} pairs that are not clear")
    numbers = np.flatnonzero(mask)
    found.examined += len(numbers)
    found.audited += AUDIT
    answers = _answers(columns, pairs, minima, numbers, workers)
    truth = infringed_between(found.path, columns, minima)
    return _lines(found, pairs, minima, (answers, truth), compared)


def _answers(
    columns: Columns, pairs: Meetings, minima: Minima, numbers: Ints, workers: int
) -> dict[int, Found]:
    """The answers that are not clear, by the number of the meeting."""
    _HELD["now"] = (columns, pairs, minima)
    parts = [part for part in np.array_split(numbers, PARTS) if len(part)]
    if workers > 1 and parts:
        with get_context("fork").Pool(workers) as pool:
            told = pool.map(_judge, parts, chunksize=1)
    else:
        told = [_judge(part) for part in parts]
    return {number: answer for part in told for number, answer in part}


def _judge(numbers: Ints) -> list[tuple[int, Found]]:
    columns, pairs, minima = _HELD["now"]
    told = ((number, judged(columns, pairs, number, minima)) for number in numbers.tolist())
    return [(number, answer) for number, answer in told if not is_clear(answer, minima)]


def _lines(
    found: Detected,
    pairs: Meetings,
    minima: Minima,
    known: tuple[dict[int, Found], PairSpells],
    compared: tuple[AlertTerms, ...],
) -> list[Tested]:
    """Every pair that was ever not clear, or infringed by the recording."""
    answers, truth = known
    columns = found.columns
    count = len(columns.names)
    owner = columns.track[pairs.first] * count + columns.track[pairs.second]
    alerted = {int(owner[number]) for number in answers}
    wanted = alerted | {one * count + other for one, other in truth}
    order = np.argsort(owner, kind="stable")
    ordered = owner[order]
    told = []
    for key in sorted(wanted):
        low, high = np.searchsorted(ordered, [key, key + 1])
        rows = order[low:high].tolist()
        one, other = divmod(key, count)
        spells = both_known(found.path.known[one], found.path.known[other])
        times = [float(pairs.time_s[row]) for row in rows]
        lined = [(at, answers.get(row)) for at, row in zip(times, rows, strict=True)]
        about = TwoTracks(first=TrackId(columns.names[one]), second=TrackId(columns.names[other]))
        told.append(_tested(minima, about, lined, (truth.get((one, other), ()), spells), compared))
    return told


def _tested(
    minima: Minima,
    about: TwoTracks,
    lined: list[tuple[float, Found | None]],
    spells: tuple[tuple[Spell, ...], tuple[Spell, ...]],
    compared: tuple[AlertTerms, ...],
) -> Tested:
    clear = clear_of(minima.criterion)
    line: list[Line] = [
        (at, (clear if answer is None else answer.encounter).finding(minima.criterion, about=about))
        for at, answer in lined
    ]
    name = f"{about.first} {about.second}"
    pair = tested(str(minima.rule), name, line, spells[0], spells[1])
    if minima.rule is Between.SEPARATION:
        agree(pair, line, compared)
        return pair
    ranks = np.array([0 if answer is None else answer.rank for _, answer in lined], dtype=int)
    nominal = np.array(
        [0 if answer is None else answer.nominal_rank for _, answer in lined], dtype=int
    )
    return pair.with_ranks(ranks, nominal)
