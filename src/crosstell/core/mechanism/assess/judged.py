"""One test of one rule under one reading, with what it is judged by.

Plans and notices are judged when they change, not again and again, so one finding raises their
alert and one ends it; they are judged as far ahead as they go.
"""

from dataclasses import dataclass, field, replace

from crosstell.core.detection.finding import Criterion, Finding
from crosstell.core.detection.m_of_n import RANK, AlertTerms, severity_of, terms_of
from crosstell.core.ids import FeedId, PartyId
from crosstell.core.mechanism.assess.picturing import NODES_KEPT_MAX
from crosstell.core.mechanism.concern import FiguresRule, Subject
from crosstell.core.mechanism.rules import criterion, overhead_minima, tests_about, understandings
from crosstell.core.protocol.document import Protocol
from crosstell.core.protocol.grain import SPAN_S_MAX
from crosstell.core.protocol.rule import AlertLevel, Minima, OnUnknown
from crosstell.core.protocol.rules.figures import Caution, Longest
from crosstell.core.protocol.rules.place import Overhead
from crosstell.core.protocol.rules.traffic import Tolerance
from crosstell.core.protocol.times import AlertPolicy, Horizons, LeadTime
from crosstell.core.protocol.understanding import FigureReading, Reading, Understanding
from crosstell.core.state.state import State

SPEND_S = 1.0  # an order between the three horizons is required even where all is one
INSIDE = Minima(lateral_m=0.0, vertical_m=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One test with what it is judged by, made once for all that it is about."""

    rule: FiguresRule
    reading: Reading | FigureReading
    criterion: Criterion
    terms: AlertTerms

    @property
    def party(self) -> PartyId | None:
        """Whose reading it is; None is the protocol's own text."""
        return self.reading.party

    @property
    def minima(self) -> Minima:
        """The distances that the reading comes to."""
        return _minima(self.reading)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """One finding, and the terms under which it alerts."""

    finding: Finding
    terms: AlertTerms


def judged_tests(state: State, subject: Subject) -> tuple[Judged, ...]:
    """Every test of such a subject: rules in the document's order, readings by party."""
    protocol, stated = state.setting.protocol, understandings(state)
    kept = _KEPT.pop(state.setting.journal, None)
    if kept is None or kept.protocol is not protocol or kept.stated != stated:
        kept = _Kept(protocol=protocol, stated=stated)
    while len(_KEPT) >= NODES_KEPT_MAX:
        del _KEPT[next(iter(_KEPT))]
    _KEPT[state.setting.journal] = kept
    if subject not in kept.by_subject:
        kept.by_subject[subject] = tests_judged(protocol, stated, subject)
    return kept.by_subject[subject]


@dataclass(slots=True, eq=False)
class _Kept:
    """The tests under one set of readings, as far as they were asked for."""

    protocol: Protocol
    stated: tuple[Understanding, ...]
    by_subject: dict[Subject, tuple[Judged, ...]] = field(default_factory=dict)


_KEPT: dict[FeedId, _Kept] = {}  # by the name of a node's journal, the last used last


def tests_judged(
    protocol: Protocol, stated: tuple[Understanding, ...], subject: Subject
) -> tuple[Judged, ...]:
    """The same under these understandings, for a protocol without a node around it."""
    found = []
    for test in tests_about(protocol, stated, subject):
        rule = test.rule
        minima = _minima(test.reading)
        found.append(
            Judged(
                rule=rule,
                reading=test.reading,
                criterion=criterion(protocol, rule, test.reading.party, minima),
                terms=_from_entry(_terms(protocol.alerts, rule, subject), minima.dwell_s),
            )
        )
    return tuple(found)


def urgency(finding: Finding, terms: AlertTerms) -> tuple[int, float]:
    """The loudest first; of equally loud ones the soonest. So none can hide another."""
    return (RANK[severity_of(finding, terms)], -finding.infringement_in_s)


def loudest(tested: list[Tested]) -> Tested:
    """The one that alerts loudest, then soonest."""
    return max(tested, key=lambda one: urgency(one.finding, one.terms))


def _minima(reading: Reading | FigureReading) -> Minima:
    if isinstance(reading, Reading):
        return reading.minima
    match reading.figure:
        case Overhead() as overhead:
            return overhead_minima(overhead)
        case Longest(longest_s=longest_s):
            return replace(INSIDE, dwell_s=longest_s)
        case Caution(caution_m=caution_m):
            return Minima(lateral_m=caution_m)
        case Tolerance(lateral_m=lateral_m, vertical_m=vertical_m):
            return Minima(lateral_m=lateral_m, vertical_m=vertical_m)
        case _:
            return INSIDE


def _terms(policy: AlertPolicy, rule: FiguresRule, subject: Subject) -> AlertTerms:
    if isinstance(rule, LeadTime):
        return at_once(policy, level_max=AlertLevel.ADVISORY, on_unknown=OnUnknown.ALERT)
    if subject in (Subject.NOTICE, Subject.TWO_NOTICES):
        return at_once(policy, level_max=rule.level_max, on_unknown=rule.on_unknown)
    return terms_of(policy, rule)


def _from_entry(terms: AlertTerms, dwell_s: float | None) -> AlertTerms:
    """Terms under which a stay is told from its entry, however long it is allowed to last.

    Only what is told is counted on from finding to finding. Implements MEC-070.
    """
    if dwell_s is None or dwell_s <= terms.horizons.advisory_s:
        return terms
    return replace(terms, horizons=replace(terms.horizons, advisory_s=dwell_s))


def at_once(policy: AlertPolicy, *, level_max: AlertLevel, on_unknown: OnUnknown) -> AlertTerms:
    """Terms under which one finding raises an alert and one ends it, however far ahead."""
    return AlertTerms(
        hits_needed=1,
        hits_window=1,
        hold_s=0.0,
        clear_after_s=0.0,
        horizons=replace(policy.horizons, advisory_s=SPAN_S_MAX),
        level_max=level_max,
        unknown_level_max=level_max if on_unknown is OnUnknown.ALERT else None,
        fall_after=1,
        clear_after=1,
    )


def at_level(terms: AlertTerms, level: AlertLevel, possible: AlertLevel) -> AlertTerms:
    """Terms under which a finding has this level as reported and that one at worst, at any time."""
    horizon_s = SPAN_S_MAX - 2.0 * SPEND_S
    capped = min(level, terms.level_max, key=_rank)
    unknown = terms.unknown_level_max
    return replace(
        terms,
        horizons=Horizons(
            critical_s=horizon_s, urgent_s=horizon_s + SPEND_S, advisory_s=SPAN_S_MAX
        ),
        level_max=capped,
        unknown_level_max=None if unknown is None else min(possible, unknown, key=_rank),
    )


def _rank(level: AlertLevel) -> int:
    return level.rank
