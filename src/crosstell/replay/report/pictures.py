"""Two pictures of one traffic, set against each other: what differs, or why nothing can be said.

What each party's own sources observed is one picture; each is taken as it was observed, at one
instant after another. A replay holds both; of a node's record there are two only where another
party's observations are in it. Units: seconds, metres. Implements REP-110 to REP-113.
"""

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from crosstell.core.assessment.discrepancy.compare import Comparison
from crosstell.core.assessment.discrepancy.measured import Measure, Measured
from crosstell.core.assessment.discrepancy.sequence import Policy, State
from crosstell.core.assessment.discrepancy.settings import Settings
from crosstell.core.assessment.discrepancy.watch import Finding, Watch, findings, watched
from crosstell.core.assessment.discrepancy.wording import (
    datum_sentence,
    frozen_sentence,
    refusal_sentence,
    sentence,
    suspicion_sentence,
)
from crosstell.core.assessment.registration.register import Refused
from crosstell.core.assessment.stated import StatedPicture, StatedTrack
from crosstell.core.geometry.geoid import Conversions
from crosstell.core.ids import PartyId
from crosstell.core.instant import format_instant, later, seconds_between
from crosstell.core.picture.track import Observation
from crosstell.papers.speech.figures import counted
from crosstell.replay.played.trace import Trace

STEP_S = 15.0  # longer than a turn of a civil radar, and as far apart as samples must be to count
STEPS_MAX = 120
STALE_S = STEP_S  # each observation counts once: carried on, it would be the same error again
LINES_MAX = 40
_TOLD = (State.DISCREPANCY, State.SUSPECTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What the second picture is off the first at one instant; None where it was refused."""

    at: datetime
    late_s: float | None
    late_sigma_s: float
    east_m: float
    north_m: float
    matches: int
    tracks: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """How far apart the two pictures have one object at the last instant, the offset taken away."""

    track: str
    partner: str
    along_m: float
    across_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Two parties' pictures over time: what was found, and what the plots are made of.

    `found` counts the discrepancies, suspected ones too; `lines` says them, and what was not found.
    """

    one: str
    other: str
    found: int
    lines: tuple[str, ...]
    not_testable: tuple[str, ...]
    steps: tuple[Step, ...]
    left: tuple[Left, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PicturesTold:
    """Every two pictures that there are. `headline` is the line of the summary."""

    headline: str
    not_testable: tuple[str, ...]
    compared: tuple[Compared, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """What was found, of every two pictures."""
        return tuple(line for one in self.compared for line in one.lines)


_Seen = Mapping[PartyId, list[Observation]]


def pictures_of(trace: Trace, conversions: Conversions | None = None) -> PicturesTold:
    """The pictures of every two parties that observed anything, or why there are none."""
    seen = _observed(trace)
    if len(seen) < 2:
        why = _alone(seen)
        headline = f"Two pictures of one traffic: not testable, {why}."
        return PicturesTold(headline=headline, not_testable=(f"Not testable: {why}.",), compared=())
    compared = tuple(
        _compared(one, other, seen, conversions) for one, other in combinations(sorted(seen), 2)
    )
    found = sum(one.found for one in compared)
    refused = sum(step.late_s is None for one in compared for step in one.steps)
    steps = sum(len(one.steps) for one in compared)
    headline = (
        f"Two pictures of one traffic, at {counted(steps, 'instant')}: discrepancies told or "
        f"suspected: {found}; instants at which they could not be laid on each other: {refused}."
    )
    untested = tuple(line for one in compared for line in one.not_testable)
    return PicturesTold(headline=headline, not_testable=untested, compared=compared)


def _alone(seen: _Seen) -> str:
    if not seen:
        return "no side observed any object"
    (only,) = seen
    return f"only {only} observed any object, and one picture is set against nothing"


def _observed(trace: Trace) -> dict[PartyId, list[Observation]]:
    """What each party's own sources observed, in order of time."""
    found: dict[PartyId, list[Observation]] = {}
    for sight in trace.sights:
        if sight.held_by == sight.of and isinstance(sight.body, Observation):
            found.setdefault(sight.of, []).append(sight.body)
    return {
        party: sorted(seen, key=lambda one: (one.motion.at, one.track))
        for party, seen in found.items()
    }


def _compared(
    one: PartyId, other: PartyId, seen: _Seen, conversions: Conversions | None
) -> Compared:
    settings, policy, watch = Settings(conversions=conversions), Policy(), Watch()
    steps: list[Step] = []
    refusals: Counter[str] = Counter()
    for at in _instants(seen[one], seen[other]):
        pictures = (_picture(one, seen[one], at), _picture(other, seen[other], at))
        if not all(picture.tracks for picture in pictures):
            continue  # nobody looked; nothing to be refused either
        watch = watched(watch, pictures, at, settings, policy)
        assert watch.comparison is not None, "a watch that was advanced has one"
        steps.append(_step(watch.comparison))
        refusals[refusal_sentence(watch.comparison)] += 1
    del refusals[""]
    return Compared(
        one=one,
        other=other,
        found=len(_told(watch)),
        lines=tuple(_lines(watch))[:LINES_MAX],
        not_testable=tuple(
            f"{text} At {number} of {counted(len(steps), 'instant')}."
            for text, number in sorted(refusals.items())
        ),
        steps=tuple(steps),
        left=() if watch.comparison is None else tuple(_left(watch.comparison)),
    )


def _instants(one: list[Observation], other: list[Observation]) -> Iterator[datetime]:
    """Every `STEP_S` while both observe, at most so many; the last of a longer time."""
    start = max(one[0].motion.at, other[0].motion.at)
    end = min(one[-1].motion.at, other[-1].motion.at)
    number = math.ceil(seconds_between(start, end) / STEP_S) + 1 if end >= start else 0
    for step in range(max(0, number - STEPS_MAX), number):
        yield later(start, by_s=step * STEP_S)


def _picture(party: PartyId, seen: list[Observation], at: datetime) -> StatedPicture:
    """The newest observation of each object in the step that ends then. Implements REP-112."""
    newest: dict[str, Observation] = {}
    for one in seen:
        if 0.0 <= seconds_between(one.motion.at, at) < STALE_S:
            newest[one.track] = one
    return StatedPicture(
        name=party,
        tracks=tuple(
            StatedTrack(track=one.track, motion=one.motion, hints=one.hints)
            for one in newest.values()
        ),
    )


def _step(comparison: Comparison) -> Step:
    offset = comparison.offset
    if isinstance(offset, Refused):
        return Step(
            at=comparison.at,
            late_s=None,
            late_sigma_s=0.0,
            east_m=0.0,
            north_m=0.0,
            matches=offset.matches,
            tracks=offset.tracks,
        )
    return Step(
        at=comparison.at,
        late_s=offset.time_s,
        late_sigma_s=offset.sigmas()[3],
        east_m=offset.east_m,
        north_m=offset.north_m,
        matches=len(comparison.matches),
        tracks=(len(comparison.matches), len(comparison.matches)),
    )


def _told(watch: Watch) -> list[Finding]:
    """The discrepancies that stand, suspected ones too, the whole pictures' first."""
    if watch.comparison is None:
        return []
    told = [one for state in _TOLD for one in findings(watch, watch.comparison.one, state)]
    return sorted(told, key=lambda one: (bool(one.subject.one or one.subject.other), one.subject))


def _lines(watch: Watch) -> Iterator[str]:
    """What stands at the end, in words, the whole pictures first."""
    comparison = watch.comparison
    if comparison is None:
        return
    yield from (sentence(one) for one in _told(watch))
    yield from (frozen_sentence(one) for one in watch.frozen)
    yield from (suspicion_sentence(one) for one in comparison.suspicions)
    datums = datum_sentence(comparison)
    if datums:
        yield datums
    for state in (State.NONE_FOUND, State.NOT_TESTABLE):
        for one in findings(watch, comparison.one, state):
            if not (one.subject.one or one.subject.other):
                yield sentence(one)
    matched = len(comparison.matches)
    yield (
        f"At {format_instant(comparison.at)} {counted(matched, 'object')} were taken as one in "
        "both pictures; who is off whom is not told."
    )


def _left(comparison: Comparison) -> Iterator[Left]:
    for outcome in comparison.outcomes:
        if isinstance(outcome, Measured) and outcome.subject.measure is Measure.PLACE:
            along, across = outcome.values
            yield Left(
                track=outcome.subject.one,
                partner=outcome.subject.other,
                along_m=round(along, 1),
                across_m=round(across, 1),
            )
