"""What a person is shown: from a pair's findings, in order, to showings.

Two ways to the same answer. `told` uses the core itself: `decide` and `advance` with findings, and
`not_tested` where the track is stale or has ended. `replayed` is a short replay of the same rules
over ranks, some fifty times as fast, for the sweep; the benchmark compares the two on every pair
under the figures before and at present, and stops if they differ.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from benchmarks.alert_load.columns import EPOCH, instant
from benchmarks.alert_load.policy import ENDED_AFTER_S, STALE_AFTER_S

from crosstell.core.detection.alert import (
    Alert,
    AlertChanged,
    AlertCleared,
    AlertDecision,
    AlertRaised,
    ClearedBecause,
    advance,
)
from crosstell.core.detection.decision import NotTestedBecause, decide, not_tested
from crosstell.core.detection.finding import Finding
from crosstell.core.detection.m_of_n import RANK, AlertTerms, severity_of
from crosstell.core.ids import EntryRef, FeedId
from crosstell.core.table import Stamp

STALE_GRAIN_S = 0.001
JOURNAL = FeedId("0" * 32)


@dataclass(slots=True)
class Showing:
    """One spell in which an alert is shown. `levels` are its rank at the raise, then each change.

    `returns` 0 is the first of its alert. `ended` says that it went because the track ended.
    """

    raised_s: float
    returns: int
    levels: list[tuple[float, int]]
    cleared_s: float | None = None
    ended: bool = False

    @property
    def highest(self) -> int:
        """The highest rank it had."""
        return max(rank for _, rank in self.levels)

    @property
    def rings(self) -> int:
        """How often it rang: once when it was raised, and at each rise."""
        ranks = [rank for _, rank in self.levels]
        return 1 + sum(b > a for a, b in pairwise(ranks))

    def first_at(self, rank: int) -> float | None:
        """When it first had this rank or more."""
        return next((at for at, held in self.levels if held >= rank), None)


Line = tuple[float, Finding]


def told(findings: list[Line], terms: AlertTerms) -> list[Showing]:
    """The showings of one pair by the core's own machine."""
    alert: Alert | None = None
    showings: list[Showing] = []
    for number, (time_s, finding) in enumerate(findings):
        now = instant(time_s)
        alert = _recorded(alert, decide(alert, finding, terms, at=now), now, showings)
        next_s = findings[number + 1][0] if number + 1 < len(findings) else None
        for at_s, because in _silence(time_s, next_s):
            if alert is not None:
                decision = not_tested(alert, because, at=instant(at_s))
                alert = _recorded(alert, decision, instant(at_s), showings)
    return showings


def _silence(time_s: float, next_s: float | None) -> Iterator[tuple[float, NotTestedBecause]]:
    """What happens until the next observation of the track."""
    if next_s is None or next_s - time_s > STALE_AFTER_S + STALE_GRAIN_S:
        yield time_s + STALE_AFTER_S + STALE_GRAIN_S, NotTestedBecause.TRACK_STALE
    if next_s is None or next_s - time_s > ENDED_AFTER_S:
        yield time_s + ENDED_AFTER_S, NotTestedBecause.TRACK_ENDED


def _recorded(
    alert: Alert | None, decision: AlertDecision | None, now: datetime, showings: list[Showing]
) -> Alert | None:
    """The alert after the decision; what a person sees of it is added to `showings`."""
    if decision is None:
        return alert
    stamp = Stamp(ref=EntryRef(feed=JOURNAL, seq=0, hash=""), at=now)
    after = advance(alert, decision, stamp)
    assert isinstance(after, Alert), f"the machine refuses its own decision: {after}"
    time_s = (now - EPOCH).total_seconds()
    match decision:
        case AlertRaised():
            rank = RANK[decision.level]
            showings.append(Showing(time_s, decision.returns, [(time_s, rank)]))
        case AlertChanged():
            rank = RANK[decision.level]
            if rank != showings[-1].levels[-1][1]:  # else it is shown again, after it was stale
                showings[-1].levels.append((time_s, rank))
        case AlertCleared():
            showings[-1].cleared_s = time_s
            showings[-1].ended = decision.because is ClearedBecause.TRACK_ENDED
        case _:
            pass
    return after


def rank_of(finding: Finding, terms: AlertTerms) -> int:
    """0 to 3: none, advisory, urgent, critical."""
    return RANK[severity_of(finding, terms)]


@dataclass(slots=True)
class _Replay:
    """One pair's alert as a few numbers."""

    terms: AlertTerms
    recent: deque[int]
    last_s: list[float] = field(default_factory=lambda: [float("-inf")] * 4)
    level: int = 0  # 0 while nothing is shown
    below: deque[int] = field(default_factory=deque)  # findings since one at the level
    missed: int = 0
    cleared_s: float | None = None
    returns: int = 0
    showings: list[Showing] = field(default_factory=list)

    def take(self, time_s: float, rank: int, *, at_once: bool) -> None:
        """One finding; `at_once` raises the alert whatever M of N says."""
        self.recent.append(rank)
        for held in range(1, rank + 1):
            self.last_s[held] = time_s
        self.missed = 0 if rank else self.missed + 1
        if not self.level:
            hits = sum(1 for held in self.recent if held)
            if rank and (at_once or hits >= self.terms.hits_needed):
                self._raise(time_s, rank)
            return
        after = self._after(time_s, rank)
        if after == 0:
            self.clear(time_s, ended=False)
        elif after != self.level:
            self.level = after
            self.showings[-1].levels.append((time_s, after))
            while self.below and max(self.below) >= after:
                self.below.popleft()

    def _after(self, time_s: float, rank: int) -> int:
        terms = self.terms
        if rank >= self.level:
            self.below.clear()
            return rank
        self.below.append(rank)
        wait_s = max(terms.hold_s, terms.clear_after_s)
        if self.missed >= terms.clear_after and time_s - self.last_s[1] >= wait_s:
            return 0
        since_s = time_s - self.last_s[self.level]
        if len(self.below) < terms.fall_after or since_s < terms.hold_s:
            return self.level
        return max(1, *list(self.below)[-terms.fall_after :])

    def _raise(self, time_s: float, rank: int) -> None:
        gone_s = self.cleared_s
        back = gone_s is not None and time_s - gone_s <= self.terms.return_within_s
        self.returns = self.returns + 1 if back else 0
        self.level = rank
        self.below.clear()
        self.showings.append(Showing(time_s, self.returns, [(time_s, rank)]))

    def clear(self, time_s: float, *, ended: bool) -> None:
        """The alert is no longer shown."""
        self.showings[-1].cleared_s = time_s
        self.showings[-1].ended = ended
        self.cleared_s = time_s
        self.level, self.missed = 0, 0
        self.recent.clear()
        self.below.clear()
        self.last_s = [float("-inf")] * 4


def replayed(
    times_s: list[float], ranks: list[int], terms: AlertTerms, at_once: list[bool] | None = None
) -> list[Showing]:
    """The showings of one pair, from the rank of each of its findings."""
    replay = _Replay(terms=terms, recent=deque(maxlen=terms.hits_window))
    for number, (time_s, rank) in enumerate(zip(times_s, ranks, strict=True)):
        replay.take(time_s, rank, at_once=at_once is not None and at_once[number])
        last = number + 1 == len(times_s)
        gap_s = float("inf") if last else times_s[number + 1] - time_s
        if replay.level and gap_s > ENDED_AFTER_S:
            replay.clear(time_s + ENDED_AFTER_S, ended=True)
    return replay.showings
