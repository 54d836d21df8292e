"""How a line stands, as a person sees it: up, doubtful, down or untested, and why.

A view of what the journal holds of the line (`health`) and of the test that is out on it.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crosstell.core.ids import RoleId
from crosstell.core.instant import format_instant, later, seconds_between
from crosstell.core.line.health import SAMPLES_MAX, Line, LineSample, LineState


class Standing(StrEnum):
    """Whether the line can be relied on."""

    UP = "up"
    DOUBTFUL = "doubtful"
    DOWN = "down"
    UNTESTED = "untested"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRules:
    """What the protocol says of tests: seconds, and how many silences make a line down."""

    answer_s: float
    test_interval_s: float
    untested_after_s: float
    down_after: int = 3

    def __post_init__(self) -> None:
        """Refuse rules under which no line could ever be up."""
        if not 0.0 < self.answer_s <= self.test_interval_s <= self.untested_after_s:
            raise ValueError(
                f"line rules: answer {self.answer_s} s, test every {self.test_interval_s} s, "
                f"untested after {self.untested_after_s} s; these rise, from above 0"
            )
        if not 1 <= self.down_after <= SAMPLES_MAX:
            raise ValueError(f"line rules: down after {self.down_after}; 1 to {SAMPLES_MAX}")


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """How a line stands now, why, and how old that is. None: never; of the test: none is out."""

    standing: Standing
    why: str
    last_sample_at: datetime | None
    last_answered_at: datetime | None
    answered_by: RoleId | None
    next_test_at: datetime | None
    test_sent_at: datetime | None = None
    test_answer_by: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTest:
    """A test that nobody has taken yet: as a sample it would be unanswered; until when it waits."""

    sample: LineSample
    answer_by: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoTest:
    """That no test runs on a line, and why."""

    why: str


def next_test_at(line: Line | None, *, first_at: datetime, interval_s: float) -> datetime:
    """When the next test is due: `first_at`, then `interval_s` after the last test or call.

    A call tests the line as well as a test does. Implements LINE-104.
    """
    if line is None or not line.samples:
        return first_at
    return later(max(s.placed_at for s in line.samples), by_s=interval_s)


def view(
    line: Line | None,
    *,
    rules: LineRules,
    first_at: datetime | NoTest,
    now: datetime,
    test: OpenTest | None = None,
) -> LineView:
    """How the line stands at `now`; age counts from placing. A line on which no test runs says why
    none does. A test that waits past its time counts as unanswered at once, and
    until then changes nothing. Implements LINE-102, LINE-103, LINE-106, NOD-496.
    """
    samples = () if line is None else line.samples
    waits = test is not None and now < test.answer_by
    if test is not None and not waits:
        samples = (*samples, test.sample)
    standing, why = _stand(line, samples, rules, now, waits=waits)
    if test is not None and waits:
        why = f"{why}; a test waits for its answer until {format_instant(test.answer_by)}"
    if isinstance(first_at, NoTest):
        why = f"{why}; no test runs: {first_at.why}"
    answered = [s for s in samples if s.answered_at is not None]
    last = max(answered, key=lambda s: s.placed_at, default=None)
    return LineView(
        standing=standing,
        why=why,
        last_sample_at=max((s.placed_at for s in samples), default=None),
        last_answered_at=None if last is None else last.answered_at,
        answered_by=None if last is None else last.answered_by,
        next_test_at=None
        if isinstance(first_at, NoTest)
        else next_test_at(line, first_at=first_at, interval_s=rules.test_interval_s),
        test_sent_at=None if test is None else test.sample.placed_at,
        test_answer_by=None if test is None else test.answer_by,
    )


def _stand(
    line: Line | None,
    samples: tuple[LineSample, ...],
    rules: LineRules,
    now: datetime,
    *,
    waits: bool,
) -> tuple[Standing, str]:
    """The first rule that holds, in the order down, untested, doubtful, up."""
    if line is not None and line.state is LineState.REPORTED_DOWN:
        assert line.reported is not None
        return Standing.DOWN, f"reported down since {format_instant(line.reported.since)}"
    if not samples:
        return Standing.UNTESTED, "no test or call has ended yet"
    latest = tuple(sorted(samples, key=lambda s: s.placed_at))
    silent = [s.answered_at is None for s in latest[-rules.down_after :]]
    if len(silent) == rules.down_after and all(silent):
        return Standing.DOWN, f"the last {rules.down_after} were not answered"
    return _stand_by_last(latest[-1], rules, now, waits=waits)


def _stand_by_last(
    last: LineSample, rules: LineRules, now: datetime, *, waits: bool
) -> tuple[Standing, str]:
    """What the latest sample says, and its age."""
    age_s = seconds_between(last.placed_at, now)
    if age_s > rules.untested_after_s:
        return Standing.UNTESTED, f"last test or call {format_instant(last.placed_at)}"
    if last.answered_at is None:
        return Standing.DOUBTFUL, "the last one was not answered"
    took_s = seconds_between(last.placed_at, last.answered_at)
    if took_s > rules.answer_s:
        late = f"answered in {took_s:g} s, after the protocol's {rules.answer_s:g} s"
        return Standing.DOUBTFUL, late
    if age_s > rules.test_interval_s and not waits:
        return Standing.DOUBTFUL, "a test is overdue"
    return Standing.UP, f"answered in {took_s:g} s"
