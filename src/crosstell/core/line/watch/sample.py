"""What one call tells of its line: a sample, from the machines of a call or from a voice log."""

from datetime import datetime

from crosstell.core.ids import RoleId
from crosstell.core.line.acknowledgement import STEP_OF, Acknowledgement, StageStep
from crosstell.core.line.health import LineKey, LineSample, Occasion
from crosstell.core.line.message import CallKind
from crosstell.core.line.view import CallSides
from crosstell.core.line.watch.voice import AuthenticationResult, Direction, Timed, VoiceAccount


def call_sample(sides: CallSides, *, line: LineKey) -> LineSample:
    """The line sample of a finished call by node. Implements LINE-105.

    The instants are each side's own claims. One that is claimed earlier than the step before it
    (clocks differ) is taken as that step's, so no step is ever negative. Answered means: a
    person received it, whatever they then said.
    """
    reached: dict[StageStep, datetime] = {}
    held = sides.acknowledgement
    for stamp, event in () if held is None else held.marks:
        reached.setdefault(STEP_OF[type(event)], stamp.at)
    read_back_at = reached.get(StageStep.READ_BACK)
    claimed = (
        reached.get(StageStep.DELIVER),
        reached.get(StageStep.RECEIVE, read_back_at),
        read_back_at,
        reached.get(StageStep.PASS_ON),
        reached.get(StageStep.ACT),
    )
    placed_at = sides.call.placed_stamp.at
    rising = _rising(placed_at, claimed)
    return LineSample(
        line=line,
        occasion=_occasion(sides.call.placed.kind),
        placed_at=placed_at,
        received_at=rising[0],
        answered_at=rising[1],
        read_back_at=rising[2],
        passed_on_at=rising[3],
        acted_at=rising[4],
        answered_by=_receiver(held),
    )


def voice_sample(account: VoiceAccount, *, line: LineKey) -> LineSample | None:
    """The line sample of a voice call by its caller's log; None if it does not tell enough.

    A call on which nobody came is a sample; one that was answered at an unknown time is not, nor
    one whose voice failed its check: whoever it was, it was not shown to be this role. LINE-067.
    Times that a person stated afterwards measure nothing: LINE-341.
    """
    if account.authentication.result is AuthenticationResult.FAILED:
        return None
    if account.timed is Timed.STATED_LATER:
        return None
    spoken = (account.message, account.read_back, account.answer)
    if account.direction is not Direction.PLACED:
        return None
    if account.reached_at is None and any(said is not None for said in spoken):
        return None
    later_steps = (account.reached_at, account.authentication.done_at, account.read_back_at)
    rising = _rising(account.started_at, later_steps)
    return LineSample(
        line=line,
        occasion=_occasion(account.kind),
        placed_at=account.started_at,
        answered_at=rising[0],
        authenticated_at=rising[1] if rising[0] else None,
        read_back_at=rising[2] if rising[0] else None,
        answered_by=account.counterpart_role if rising[0] else None,
    )


def _occasion(kind: CallKind) -> Occasion:
    """A test or a call."""
    return Occasion.TEST if kind is CallKind.TEST else Occasion.CALL


def _receiver(held: Acknowledgement | None) -> RoleId | None:
    """The role of the first person who had the call."""
    marks = () if held is None else held.marks
    return next((stamp.by.role for stamp, _ in marks if stamp.by is not None), None)


def _rising(start: datetime, claimed: tuple[datetime | None, ...]) -> tuple[datetime | None, ...]:
    """The claimed instants, none before `start` or the one before it; None stays None."""
    rising: list[datetime | None] = []
    for instant in claimed:
        start = start if instant is None else max(start, instant)
        rising.append(None if instant is None else start)
    return tuple(rising)
