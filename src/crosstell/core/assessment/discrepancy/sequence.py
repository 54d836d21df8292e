"""One measure over time: from evidence to a standing, with hysteresis.

Rules of this file
- Evidence for a difference is summed and never falls below zero (a cumulative sum, after Page);
  so is the evidence against it. If there is no difference, samples are independent and the law
  holds, the sum passes h in at most a share e^-h of samples. The bar is the logarithm of measures
  tested times samples an hour over the alarms an hour that are borne, for all measures together.
- Samples nearer in time than `thin_s` are one sample: errors of a filter persist.
- A discrepancy ends only by evidence against it (hysteresis), or once it has not been testable for
  `hold_s`: then it is not testable, never "no discrepancy".
- Without calibration, what rests on a stated accuracy is suspected at most.
"""

import math
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum

from crosstell.core.assessment.discrepancy.measured import OF_ACCURACY, Measured, Untested
from crosstell.core.assessment.registration.register import Refusal
from crosstell.core.assessment.stated import NotTestable
from crosstell.core.instant import seconds_between
from crosstell.core.table import Table

HELD_MAX = 12  # samples kept, from which the magnitude is told
SUM_MAX_OVER = 5.0  # the sum goes no further above its bar, so that an end is seen in time


class State(StrEnum):
    """How one measure stands."""

    NOT_TESTABLE = "not-testable"
    NONE_FOUND = "no-discrepancy-found"
    SUSPECTED = "discrepancy-suspected"
    DISCREPANCY = "discrepancy"


class Level(StrEnum):
    """What the sums say."""

    UNTESTED = "untested"  # for longer than the hold
    OPEN = "open"  # neither way
    AGAINST = "against"  # enough against a difference
    HIGH = "high"
    SURE = "sure"


def _row(untested: State, undecided: State, high: State) -> tuple[State, ...]:
    """Answers in order of the levels; evidence against, and sure evidence, always say the same."""
    return (untested, undecided, State.NONE_FOUND, high, State.DISCREPANCY)


_ANSWERS = {
    State.NOT_TESTABLE: _row(State.NOT_TESTABLE, State.NOT_TESTABLE, State.SUSPECTED),
    State.NONE_FOUND: _row(State.NOT_TESTABLE, State.NONE_FOUND, State.SUSPECTED),
    State.SUSPECTED: _row(State.NOT_TESTABLE, State.SUSPECTED, State.SUSPECTED),
    State.DISCREPANCY: _row(State.NOT_TESTABLE, State.DISCREPANCY, State.DISCREPANCY),
}
STANDINGS: Table[State, Level] = Table(
    name="discrepancy",
    states=State,
    events=Level,
    rows={
        (state, level): answer
        for state, row in _ANSWERS.items()
        for level, answer in zip(Level, row, strict=True)
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How much evidence it takes. The figures are assumptions, to be set by the parties."""

    thin_s: float = 10.0
    hold_s: float = 60.0
    false_discrepancies_per_hour: float = 0.01  # over all measures together
    false_suspicions_per_hour: float = 1.0
    against: float = 4.6  # a hundred times likelier without the difference

    def __post_init__(self) -> None:
        """Refuse what is not a positive number, and a suspicion rarer than a discrepancy."""
        for each in fields(self):
            value = getattr(self, each.name)
            if not math.isfinite(value) or value <= 0.0:
                raise ValueError(f"policy: {each.name} is {value}; give a number above 0")
        if self.false_suspicions_per_hour < self.false_discrepancies_per_hour:
            raise ValueError("policy: fewer false suspicions than discrepancies; swap them")

    def bars(self, measures: int) -> tuple[float, float]:
        """The sums from which on a difference is suspected, and is one. Implements DIS-061."""
        samples = max(1, measures) * 3_600.0 / self.thin_s
        return (
            max(1.0, math.log(samples / self.false_suspicions_per_hour)),
            max(2.0, math.log(samples / self.false_discrepancies_per_hour)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One measure so far. `since` is when the evidence that stands began to gather.

    `held` are the newest samples used; `reason` says why it is not testable.
    """

    state: State = State.NOT_TESTABLE
    summed: float = 0.0
    opposed: float = 0.0
    since: datetime | None = None
    samples: int = 0
    held: tuple[Measured, ...] = ()
    last_at: datetime | None = None
    reason: NotTestable | Refusal | None = NotTestable.TOO_FEW_SAMPLES


def advanced(
    standing: Standing,
    outcome: Measured | Untested,
    at: datetime,
    policy: Policy,
    context: tuple[int, bool],
) -> Standing:
    """The standing after one more outcome; `context`: measures tested now, and if calibrated.

    Implements DIS-060 to DIS-064.
    """
    if isinstance(outcome, Untested):
        return _untested(standing, outcome.reason, at, policy)
    if standing.last_at is not None and seconds_between(standing.last_at, at) < policy.thin_s:
        return standing
    measures, calibrated = context
    suspect, sure = policy.bars(measures)
    summed = min(max(0.0, standing.summed + outcome.evidence), sure + SUM_MAX_OVER)
    opposed = min(max(0.0, standing.opposed - outcome.evidence), policy.against + SUM_MAX_OVER)
    is_capped = outcome.subject.measure in OF_ACCURACY and not calibrated
    level = _level((summed, opposed), (suspect, sure, policy.against))
    if level is Level.SURE and is_capped:
        level = Level.HIGH
    if level is Level.AGAINST:
        summed = 0.0
    state = STANDINGS.next(standing.state, level)
    assert isinstance(state, State), "the table refuses nothing"
    since = standing.since if summed > 0.0 and standing.since is not None else at
    return Standing(
        state=state,
        summed=summed,
        opposed=opposed,
        since=since if summed > 0.0 else None,
        samples=standing.samples + 1,
        held=(*standing.held, outcome)[-HELD_MAX:],
        last_at=at,
        reason=NotTestable.TOO_FEW_SAMPLES if state is State.NOT_TESTABLE else None,
    )


def _level(sums: tuple[float, float], bars: tuple[float, float, float]) -> Level:
    summed, opposed = sums
    suspect, sure, against = bars
    if opposed >= against:
        return Level.AGAINST
    if summed >= sure:
        return Level.SURE
    return Level.HIGH if summed >= suspect else Level.OPEN


def _untested(
    standing: Standing, reason: NotTestable | Refusal, at: datetime, policy: Policy
) -> Standing:
    """Kept as it is for the hold; then not testable, and everything begins anew."""
    last_at = standing.last_at
    if last_at is not None and seconds_between(last_at, at) <= policy.hold_s:
        return standing
    state = STANDINGS.next(standing.state, Level.UNTESTED)
    assert isinstance(state, State), "the table refuses nothing"
    return replace(Standing(reason=reason), state=state)
