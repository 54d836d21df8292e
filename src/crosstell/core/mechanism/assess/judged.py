"""One test of one rule under one reading, with what it is judged by."""

from dataclasses import dataclass

from crosstell.core.detection.finding import Criterion, Finding
from crosstell.core.detection.m_of_n import RANK, AlertTerms, severity_of, terms_of
from crosstell.core.mechanism.rules import Test, criterion, tests_of
from crosstell.core.state.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One test with what it is judged by, made once for all of its pairs."""

    test: Test
    criterion: Criterion
    terms: AlertTerms


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """One finding, and the terms under which it alerts."""

    finding: Finding
    terms: AlertTerms


def judged_tests(state: State) -> tuple[Judged, ...]:
    """Every test of the protocol's numeric rules, in the order of `tests_of`."""
    return tuple(_judged(state, test) for test in tests_of(state))


def _judged(state: State, test: Test) -> Judged:
    protocol = state.setting.protocol
    return Judged(
        test=test,
        criterion=criterion(protocol, test.rule, test.reading.party, test.reading.minima),
        terms=terms_of(protocol.alerts, test.rule),
    )


def urgency(finding: Finding, terms: AlertTerms) -> tuple[int, float]:
    """The loudest first; of equally loud ones the soonest. So no volume can hide another."""
    return (RANK[severity_of(finding, terms)], -finding.infringement_in_s)
