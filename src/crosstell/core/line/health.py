"""The line to one role of one party: samples of tests and calls, and what people report of it.

Rules of this file:
- Journal only; machines are keyed by `LineKey`. Samples are kept in the journal's order: the
  last `SAMPLES_MAX` of the line, and the last `SAMPLES_MAX` times of each step of the chain.
- A sample is one test or call from beginning to end; an instant that was not reached is None.
- A person may report a line down, or up again. Down as reported holds until a sample is
  answered or a person reports it up: what was measured later beats what was said before.
- The state shown (up, doubtful, down, untested) is a view, `watch/standing.py`.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from crosstell.core.errors import Duplicate, Refused
from crosstell.core.ids import PartyId, RoleId, check_id
from crosstell.core.instant import require_utc, seconds_between
from crosstell.core.line.content import FreeText
from crosstell.core.line.verdict import decide, need_person
from crosstell.core.table import Stamp, Table, Verdict

SAMPLES_MAX = 20


class Medium(StrEnum):
    """By what the line runs."""

    NODE = "node"
    TELEPHONE = "telephone"
    RADIO = "radio"
    RELAY = "relay"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class LineKey:
    """A line: the counterpart's role, and by what it is reached."""

    party: PartyId
    role: RoleId
    medium: Medium = Medium.NODE

    def __post_init__(self) -> None:
        """Refuse what is not an id."""
        check_id(self.party, what="party")
        check_id(self.role, what="role")


class Occasion(StrEnum):
    """What gave the sample."""

    TEST = "test"
    CALL = "call"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSample:
    """One test or call over a line, with the instants that were reached. Journal.

    Instants never fall in the order of the fields; None means not reached or not done.
    """

    line: LineKey
    occasion: Occasion
    placed_at: datetime
    received_at: datetime | None = None
    answered_at: datetime | None = None
    authenticated_at: datetime | None = None
    interpreted_at: datetime | None = None
    read_back_at: datetime | None = None
    owner_found_at: datetime | None = None
    passed_on_at: datetime | None = None
    acted_at: datetime | None = None
    answered_by: RoleId | None = None

    def __post_init__(self) -> None:
        """Refuse instants that fall, and anything after a silence."""
        instants = sample_instants(self)
        for instant in instants:
            require_utc(instant, what="line sample")
        if list(instants) != sorted(instants):
            raise ValueError("line sample: its instants fall; correct them")
        if self.answered_at is None and len(instants) > 1 + (self.received_at is not None):
            raise ValueError("line sample: nothing follows a call nobody answered")
        if self.answered_by is not None:
            check_id(self.answered_by, what="answered by")


def sample_instants(sample: LineSample) -> tuple[datetime, ...]:
    """The instants that were reached, in the chain's order."""
    steps = (
        sample.placed_at,
        sample.received_at,
        sample.answered_at,
        sample.authenticated_at,
        sample.interpreted_at,
        sample.read_back_at,
        sample.owner_found_at,
        sample.passed_on_at,
        sample.acted_at,
    )
    return tuple(instant for instant in steps if instant is not None)


class ChainStep(StrEnum):
    """The steps from placing a call to the act asked for, in order."""

    ANSWER = "answer"
    AUTHENTICATE = "authenticate"
    INTERPRET = "interpret"
    READ_BACK = "read-back"
    FIND_OWNER = "find-owner"
    PASS_ON = "pass-on"  # noqa: S105 - a step of the chain, not a secret
    ACT = "act"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTime:
    """How long one step took in one sample, in seconds; None: nobody answered."""

    step: ChainStep
    took_s: float | None


def step_times(sample: LineSample) -> tuple[StepTime, ...]:
    """What one sample tells of each step that was reached, in the chain's order.

    A step is measured from the last instant reached before it (the first from the placing); a
    step that was not done gives no time. A call nobody answered gives an unending answer.
    Implements LINE-110.
    """
    if sample.answered_at is None:
        return (StepTime(step=ChainStep.ANSWER, took_s=None),)
    reached = (
        (ChainStep.ANSWER, sample.answered_at),
        (ChainStep.AUTHENTICATE, sample.authenticated_at),
        (ChainStep.INTERPRET, sample.interpreted_at),
        (ChainStep.READ_BACK, sample.read_back_at),
        (ChainStep.FIND_OWNER, sample.owner_found_at),
        (ChainStep.PASS_ON, sample.passed_on_at),
        (ChainStep.ACT, sample.acted_at),
    )
    times: list[StepTime] = []
    last = sample.placed_at
    for step, instant in reached:
        if instant is not None:
            times.append(StepTime(step=step, took_s=round(seconds_between(last, instant), 3)))
            last = instant
    return tuple(times)


class Report(StrEnum):
    """What a person reports of a line."""

    DOWN = "down"
    UP = "up"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineReported:
    """A person reports the line down, or up again, as of `since`. Journal."""

    line: LineKey
    report: Report
    since: datetime
    reason: FreeText | None = None

    def __post_init__(self) -> None:
        """Refuse a naive or foreign-zone time."""
        require_utc(self.since, what="line reported since")


LineEvent = LineSample | LineReported


class LineState(StrEnum):
    """What the journal holds of a line."""

    UNTESTED = "untested"
    SAMPLED = "sampled"
    REPORTED_DOWN = "reported-down"
    REPORTED_UP = "reported-up"


class LineStep(StrEnum):
    """What can be recorded of a line."""

    SAMPLE_ANSWERED = "sample-answered"
    SAMPLE_UNANSWERED = "sample-unanswered"
    REPORT_DOWN = "report-down"
    REPORT_UP = "report-up"


_AGAIN = Verdict.DUPLICATE
_S, _E = LineState, LineStep

LINE_TABLE: Table[LineState, LineStep] = Table(
    name="line",
    states=LineState,
    events=LineStep,
    rows={
        (_S.UNTESTED, _E.SAMPLE_ANSWERED): _S.SAMPLED,
        (_S.UNTESTED, _E.SAMPLE_UNANSWERED): _S.SAMPLED,
        (_S.UNTESTED, _E.REPORT_DOWN): _S.REPORTED_DOWN,
        (_S.UNTESTED, _E.REPORT_UP): _S.REPORTED_UP,
        (_S.SAMPLED, _E.SAMPLE_ANSWERED): _S.SAMPLED,
        (_S.SAMPLED, _E.SAMPLE_UNANSWERED): _S.SAMPLED,
        (_S.SAMPLED, _E.REPORT_DOWN): _S.REPORTED_DOWN,
        (_S.SAMPLED, _E.REPORT_UP): _S.REPORTED_UP,
        (_S.REPORTED_DOWN, _E.SAMPLE_ANSWERED): _S.SAMPLED,
        (_S.REPORTED_DOWN, _E.SAMPLE_UNANSWERED): _S.REPORTED_DOWN,
        (_S.REPORTED_DOWN, _E.REPORT_DOWN): _AGAIN,
        (_S.REPORTED_DOWN, _E.REPORT_UP): _S.REPORTED_UP,
        (_S.REPORTED_UP, _E.SAMPLE_ANSWERED): _S.SAMPLED,
        (_S.REPORTED_UP, _E.SAMPLE_UNANSWERED): _S.SAMPLED,
        (_S.REPORTED_UP, _E.REPORT_DOWN): _S.REPORTED_DOWN,
        (_S.REPORTED_UP, _E.REPORT_UP): _AGAIN,
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What is known of one line: the last samples, and the last times per step, oldest first."""

    key: LineKey
    state: LineState
    samples: tuple[LineSample, ...] = ()
    times: tuple[StepTime, ...] = ()
    reported: LineReported | None = None


def advance(held: Line | None, event: LineEvent, stamp: Stamp) -> Line | Refused | Duplicate:
    """The line after the journal's next entry. Implements LINE-100, LINE-101."""
    line = Line(key=event.line, state=LineState.UNTESTED) if held is None else held
    assert line.key == event.line, "a machine is handed only its own line"
    if isinstance(event, LineReported):
        refused = need_person(stamp, what="a report of the line")
        if refused is not None:
            return refused
    if isinstance(event, LineSample) and event in line.samples:
        return Duplicate(text="this sample of the line is already held")
    state = decide(LINE_TABLE, line.state, _step_of(event), remedy="see how the line stands")
    if not isinstance(state, LineState):
        return state
    if isinstance(event, LineReported):
        return replace(line, state=state, reported=event)
    samples = (*line.samples, event)[-SAMPLES_MAX:]
    reported = line.reported if state is LineState.REPORTED_DOWN else None
    times = _last_per_step((*line.times, *step_times(event)))
    return replace(line, state=state, samples=samples, times=times, reported=reported)


def _last_per_step(times: tuple[StepTime, ...]) -> tuple[StepTime, ...]:
    """The last `SAMPLES_MAX` times of each step, still in the order they came."""
    kept: list[StepTime] = []
    counts = dict.fromkeys(ChainStep, 0)
    for time in reversed(times):
        counts[time.step] += 1
        if counts[time.step] <= SAMPLES_MAX:
            kept.append(time)
    return tuple(reversed(kept))


def _step_of(event: LineEvent) -> LineStep:
    """The table's word for an event."""
    if isinstance(event, LineReported):
        return LineStep.REPORT_DOWN if event.report is Report.DOWN else LineStep.REPORT_UP
    return LineStep.SAMPLE_UNANSWERED if event.answered_at is None else LineStep.SAMPLE_ANSWERED
