"""How the figures of M of N, hold and clear change load, nuisance and warning.

Findings are made once; each choice replays them. One figure or pair of figures changes at a time,
the rest stay as they were, so each effect can be read by itself; sets are replayed whole. Cadence:
a track used less often gives the same findings, only fewer.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from multiprocessing import get_context

from benchmarks.alert_load.between_tracks import Between
from benchmarks.alert_load.judge import Load, load_of
from benchmarks.alert_load.policy import BEFORE, PRESENT, WELL_CLEAR_HORIZONS, Choice
from benchmarks.alert_load.tested import Tested

from crosstell.core.detection.m_of_n import AlertTerms
from crosstell.core.protocol.times import CriticalRaises, Horizons

M_OF_N = ((1, 1), (2, 2), (2, 3), (2, 4), (3, 3), (3, 4), (3, 5), (4, 5), (5, 8), (8, 10))
COUNTS = (1, 3, 5, 8)
HOLD_S = (0.0, 30.0, 60.0, 120.0, 180.0)
CLEAR_AFTER_S = (0.0, 60.0, 120.0, 180.0, 300.0, 600.0)
ADVISORY_S = (240.0, 300.0, 420.0, 600.0, 900.0)
CADENCE_S = (10.0, 20.0, 30.0, 60.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One choice in one recording."""

    family: str
    label: str
    load: Load


def families() -> dict[str, tuple[Choice, ...]]:
    """Every choice, by the figure that it changes."""
    return {
        "M of N": tuple(_choice(f"{m} of {n}", hits_needed=m, hits_window=n) for m, n in M_OF_N),
        "M of N, critical at once": tuple(
            _choice(f"{m} of {n}", AT_ONCE, hits_needed=m, hits_window=n) for m, n in M_OF_N
        ),
        "fall after (findings)": tuple(_choice(f"{count}", fall_after=count) for count in COUNTS),
        "hold (s)": tuple(_choice(f"{hold_s:g}", hold_s=hold_s) for hold_s in HOLD_S),
        "clear after (findings)": tuple(_choice(f"{count}", clear_after=count) for count in COUNTS),
        "clear after (s)": tuple(
            _choice(f"{wait_s:g}", clear_after_s=wait_s, hold_s=min(BEFORE.hold_s, wait_s))
            for wait_s in CLEAR_AFTER_S
        ),
        "advisory horizon (s)": tuple(
            replace(_choice(f"{ahead_s:g}"), terms=replace(BEFORE, horizons=_horizons(ahead_s)))
            for ahead_s in ADVISORY_S
        ),
        "whole": WHOLE,
    }


AT_ONCE = replace(BEFORE, critical_raises=CriticalRaises.AT_ONCE)
AT_PRESENT = Choice(label="present", terms=PRESENT)
PREVIOUS = Choice(label="before", terms=BEFORE)
REPORTED = Choice(label="present, as reported", terms=replace(PRESENT, unknown_level_max=None))
WHOLE = (
    PREVIOUS,
    Choice(
        label="before, with the present hold and clear times",
        terms=replace(BEFORE, hold_s=PRESENT.hold_s, clear_after_s=PRESENT.clear_after_s),
    ),
    AT_PRESENT,
    Choice(label="present, a first observation waits", terms=PRESENT, first_waits=True),
    REPORTED,
)


def _choice(label: str, terms: AlertTerms = BEFORE, **figures: float) -> Choice:
    return Choice(label=label, terms=replace(terms, **figures))  # type: ignore[arg-type]


def _horizons(advisory_s: float) -> Horizons:
    held = PRESENT.horizons
    urgent_s = min(held.urgent_s, advisory_s / 2.0)
    return Horizons(
        advisory_s=advisory_s, urgent_s=urgent_s, critical_s=min(held.critical_s, urgent_s - 1.0)
    )


def load_under(pairs: Iterable[Tested], choice: Choice) -> Load:
    """What these pairs, all of one rule, amount to under one choice."""
    held = list(pairs)
    horizons = choice.terms.horizons
    if held and held[0].rule == Between.WELL_CLEAR:
        horizons = WELL_CLEAR_HORIZONS
    judged = (pair.pair(choice.terms, first_waits=choice.first_waits) for pair in held)
    return load_of(judged, horizons)


_HELD: dict[str, Sequence[Tested]] = {}
_Job = tuple[str, Choice, float]


def swept(pairs: Sequence[Tested], workers: int = 1) -> list[Point]:
    """Every choice, and the present and former ones with tracks used less often."""
    jobs: list[_Job] = [
        (family, choice, 0.0) for family, choices in families().items() for choice in choices
    ]
    jobs += [
        ("cadence", replace(choice, label=f"{choice.label}, {cadence_s:g} s"), cadence_s)
        for cadence_s in CADENCE_S
        for choice in (PREVIOUS, AT_PRESENT)
    ]
    _HELD["now"] = pairs
    if workers > 1:
        with get_context("fork").Pool(workers) as pool:
            return pool.map(_point, jobs, chunksize=1)
    return [_point(job) for job in jobs]


def _point(job: _Job) -> Point:
    family, choice, cadence_s = job
    pairs = _HELD["now"]
    if cadence_s:
        pairs = [pair.thinned(cadence_s) for pair in pairs]
    return Point(family=family, label=choice.label, load=load_under(pairs, choice))
