"""A pair's findings as arrays, so that the sweep may judge them again under other figures."""

from dataclasses import dataclass, replace

import numpy as np
from benchmarks.alert_load.columns import Floats, Ints
from benchmarks.alert_load.judge import Pair
from benchmarks.alert_load.policy import ENDED_AFTER_S
from benchmarks.alert_load.story import Line, Showing, replayed
from benchmarks.alert_load.truth import Spell

from crosstell.core.detection.finding import Assessed, Finding
from crosstell.core.detection.m_of_n import AlertTerms
from crosstell.core.protocol.times import CriticalRaises, Horizons


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """One pair of one rule: every finding, and what happened.

    `in_s` is the earliest infringement that cannot be excluded (infinite: clear), `nominal_s` the
    one by the values as reported (infinite: none). Well clear has times of its own for each level:
    its ranks are those of its alert set, possible and as reported, whatever the horizons.
    """

    rule: str
    name: str
    time_s: Floats
    in_s: Floats
    nominal_s: Floats
    infringed: tuple[Spell, ...]
    known: tuple[Spell, ...]
    fixed: tuple[Ints, Ints] | None = None

    def ranks(self, horizons: Horizons, *, unknown_alerts: bool = True) -> Ints:
        """The rank of each finding (`severity_of`, over arrays)."""
        if self.fixed is not None:
            return self.fixed[0] if unknown_alerts else self.fixed[1]
        ahead = self.in_s if unknown_alerts else self.nominal_s
        limits = (horizons.advisory_s, horizons.urgent_s, horizons.critical_s)
        found: Ints = np.sum([ahead <= limit for limit in limits], axis=0, dtype=np.int64)
        return found

    def with_ranks(self, possible: Ints, reported: Ints) -> "Tested":
        """The same pair with ranks of its own."""
        return replace(self, fixed=(possible, reported))

    def thinned(self, least_s: float) -> "Tested":
        """The same pair, had its track been used no more often than this."""
        keep, last_s = [], -np.inf
        for row, time_s in enumerate(self.time_s.tolist()):
            if time_s - last_s >= least_s:
                keep.append(row)
                last_s = time_s
        return Tested(
            rule=self.rule,
            name=self.name,
            time_s=self.time_s[keep],
            in_s=self.in_s[keep],
            nominal_s=self.nominal_s[keep],
            infringed=self.infringed,
            known=self.known,
            fixed=None if self.fixed is None else (self.fixed[0][keep], self.fixed[1][keep]),
        )

    def shown(self, terms: AlertTerms, *, first_waits: bool = False) -> list[Showing]:
        """What a person is shown under these terms.

        `first_waits` is a trial: the first observation of a pair, or the first after its track had
        ended, raises nothing alone, since no move can be tested by it.
        """
        ranks = self.ranks(terms.horizons, unknown_alerts=terms.unknown_level_max is not None)
        at_once = np.zeros(len(ranks), dtype=bool)
        if terms.critical_raises is CriticalRaises.AT_ONCE:
            at_once = self.ranks(terms.horizons, unknown_alerts=False) == 3
        if first_waits:
            at_once &= np.diff(self.time_s, prepend=-np.inf) <= ENDED_AFTER_S
        return replayed(self.time_s.tolist(), ranks.tolist(), terms, at_once.tolist())

    def pair(self, terms: AlertTerms, *, first_waits: bool = False) -> Pair:
        """The pair, to be judged."""
        showings = self.shown(terms, first_waits=first_waits)
        return Pair(showings=tuple(showings), infringed=self.infringed, known=self.known)


def tested(
    rule: str, name: str, line: list[Line], infringed: tuple[Spell, ...], known: tuple[Spell, ...]
) -> Tested:
    """The arrays of a pair's findings."""
    return Tested(
        rule=rule,
        name=name,
        time_s=np.array([time_s for time_s, _ in line]),
        in_s=np.array([_ahead_s(finding) for _, finding in line]),
        nominal_s=np.array([_nominal_s(finding) for _, finding in line]),
        infringed=infringed,
        known=known,
    )


def _ahead_s(finding: Finding) -> float:
    return np.inf if finding.assessed is Assessed.CLEAR else finding.infringement_in_s


def _nominal_s(finding: Finding) -> float:
    return np.inf if finding.nominal_in_s is None else finding.nominal_in_s
