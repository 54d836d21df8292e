"""What the recipient answers: with a scope each, correctable, nothing undertaken by silence.

Rules of this file:
- The recipient alone answers, by entries of its own feed; machines are keyed by the entry that
  placed the call, answers in it by the id minted at the edge.
- An answer is a person's. Each names the components it speaks for, and those it cannot.
- 'Stand by' is said once per call, before any settling answer, and until a stated time. Past
  that time it is expired: the answer is owed again, and the caller's ladder acts on it.
- The protocol's longest stand-by holds for both sides: a longer one is not said from here, and
  one that came counts no longer than that.
- 'Checking' promises no time: the answer stays owed.
- 'Unable', 'will not' and 'disputed' give a reason.
- A correction keeps both; what was corrected is never removed.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from crosstell.core.errors import Duplicate, RefusalCode, Refused
from crosstell.core.ids import ForeignRef, check_id
from crosstell.core.instant import format_instant, later, require_utc
from crosstell.core.line.content import WHOLE_PARTY, FreeText
from crosstell.core.line.verdict import decide, need_person, need_resolved
from crosstell.core.picture.party import Scope
from crosstell.core.table import Stamp, Table, Verdict

AnswerId = NewType("AnswerId", str)

ANSWERS_MAX = 100


class AnswerKind(StrEnum):
    """What is answered."""

    WILL_COMPLY = "will-comply"
    NOTED = "noted"  # no undertaking
    UNABLE = "unable"
    WILL_NOT = "will-not"
    STAND_BY = "stand-by"
    OURS = "ours"
    NOT_OURS = "not-ours"  # lowers no alert; never clear to engage
    CHECKING = "checking"
    DISPUTED = "disputed"


REASON_NEEDED = frozenset({AnswerKind.UNABLE, AnswerKind.WILL_NOT, AnswerKind.DISPUTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer: what, for whom, why. `until` belongs to stand-by alone."""

    kind: AnswerKind
    scope: Scope = WHOLE_PARTY
    until: datetime | None = None
    reason: FreeText | None = None

    def __post_init__(self) -> None:
        """Refuse a stand-by without a time, a time elsewhere, and a refusal without reason."""
        if (self.kind is AnswerKind.STAND_BY) != (self.until is not None):
            raise ValueError(f"answer {self.kind}: 'stand by' has a time, and no other has")
        if self.until is not None:
            require_utc(self.until, what="stand-by until")
        if self.kind in REASON_NEEDED and self.reason is None:
            raise ValueError(f"answer {self.kind}: give the reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerGiven:
    """An answer to a call. Feed: the recipient's."""

    call: ForeignRef
    answer_id: AnswerId
    answer: Answer

    def __post_init__(self) -> None:
        """Refuse what is not an id."""
        check_id(self.answer_id, what="answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerCorrected:
    """Another answer in place of `corrects`; both are kept."""

    call: ForeignRef
    answer_id: AnswerId
    corrects: AnswerId
    answer: Answer

    def __post_init__(self) -> None:
        """Refuse what is not an id, and an answer that corrects itself."""
        check_id(self.answer_id, what="answer")
        check_id(self.corrects, what="corrected answer")
        if self.answer_id == self.corrects:
            raise ValueError(f"answer {self.answer_id} corrects itself; mint a new id")


AnswerEvent = AnswerGiven | AnswerCorrected


class AnswerState(StrEnum):
    """Whether an answer has been given, in rising order."""

    NONE = "none"
    CHECKING = "checking"
    STANDING_BY = "standing-by"
    ANSWERED = "answered"


class AnswerStep(StrEnum):
    """What the recipient can say."""

    CHECK = "check"
    STAND_BY = "stand-by"
    SETTLE = "settle"
    CORRECT_TO_CHECK = "correct-to-check"
    CORRECT_TO_STAND_BY = "correct-to-stand-by"
    CORRECT_TO_SETTLE = "correct-to-settle"


_NO = Verdict.REFUSED
_S, _E = AnswerState, AnswerStep

ANSWER_TABLE: Table[AnswerState, AnswerStep] = Table(
    name="answer",
    states=AnswerState,
    events=AnswerStep,
    rows={
        (_S.NONE, _E.CHECK): _S.CHECKING,
        (_S.NONE, _E.STAND_BY): _S.STANDING_BY,
        (_S.NONE, _E.SETTLE): _S.ANSWERED,
        (_S.NONE, _E.CORRECT_TO_CHECK): _NO,
        (_S.NONE, _E.CORRECT_TO_STAND_BY): _NO,
        (_S.NONE, _E.CORRECT_TO_SETTLE): _NO,
        (_S.CHECKING, _E.CHECK): _S.CHECKING,
        (_S.CHECKING, _E.STAND_BY): _S.STANDING_BY,
        (_S.CHECKING, _E.SETTLE): _S.ANSWERED,
        (_S.CHECKING, _E.CORRECT_TO_CHECK): _S.CHECKING,
        (_S.CHECKING, _E.CORRECT_TO_STAND_BY): _NO,
        (_S.CHECKING, _E.CORRECT_TO_SETTLE): _S.ANSWERED,
        (_S.STANDING_BY, _E.CHECK): _S.STANDING_BY,
        (_S.STANDING_BY, _E.STAND_BY): _NO,
        (_S.STANDING_BY, _E.SETTLE): _S.ANSWERED,
        (_S.STANDING_BY, _E.CORRECT_TO_CHECK): _S.STANDING_BY,
        (_S.STANDING_BY, _E.CORRECT_TO_STAND_BY): _NO,
        (_S.STANDING_BY, _E.CORRECT_TO_SETTLE): _S.ANSWERED,
        (_S.ANSWERED, _E.CHECK): _S.ANSWERED,
        (_S.ANSWERED, _E.STAND_BY): _NO,
        (_S.ANSWERED, _E.SETTLE): _S.ANSWERED,
        (_S.ANSWERED, _E.CORRECT_TO_CHECK): _S.ANSWERED,
        (_S.ANSWERED, _E.CORRECT_TO_STAND_BY): _NO,
        (_S.ANSWERED, _E.CORRECT_TO_SETTLE): _S.ANSWERED,
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Everything one recipient answered to one call, in its feed's order.

    `stand_by_until` is set exactly in the state standing by.
    """

    state: AnswerState
    given: tuple[tuple[Stamp, AnswerEvent], ...]
    stand_by_until: datetime | None = None

    def __post_init__(self) -> None:
        """Tie the deadline to the state."""
        standing = self.state is AnswerState.STANDING_BY
        assert standing == (self.stand_by_until is not None), "a stand-by has its time"


def settles(kind: AnswerKind) -> bool:
    """Whether this answer ends the caller's waiting. Stand-by and checking do not."""
    return kind not in (AnswerKind.STAND_BY, AnswerKind.CHECKING)


def counted_until(answer: Answer, at: datetime, most_s: float | None) -> datetime | None:
    """Until when a stand-by that was said at `at` counts: its own time, or `most_s` if sooner.

    `most_s` None: no protocol is at hand. None for any other answer. Implements LINE-261.
    """
    if answer.until is None or most_s is None:
        return answer.until
    return min(answer.until, later(at, by_s=most_s))


def in_force(answers: Answers) -> tuple[tuple[Stamp, AnswerEvent], ...]:
    """The answers that no later one corrects, in the order given."""
    corrected = {e.corrects for _, e in answers.given if isinstance(e, AnswerCorrected)}
    return tuple((s, e) for s, e in answers.given if e.answer_id not in corrected)


def _step_of(event: AnswerEvent) -> AnswerStep:
    """The table's word for an event."""
    corrects, kind = isinstance(event, AnswerCorrected), event.answer.kind
    if kind is AnswerKind.CHECKING:
        return AnswerStep.CORRECT_TO_CHECK if corrects else AnswerStep.CHECK
    if kind is AnswerKind.STAND_BY:
        return AnswerStep.CORRECT_TO_STAND_BY if corrects else AnswerStep.STAND_BY
    return AnswerStep.CORRECT_TO_SETTLE if corrects else AnswerStep.SETTLE


def advance(
    held: Answers | None, event: AnswerEvent, stamp: Stamp
) -> Answers | Refused | Duplicate:
    """The answers after the recipient's next entry. Implements LINE-040 to LINE-047."""
    repeat = _repeat(held, event)
    if repeat is not None:
        return repeat
    refused = (
        need_resolved(event.call)
        or need_person(stamp, what="an answer")
        or _guard(held, event, stamp)
    )
    if refused is not None:
        return refused
    now = AnswerState.NONE if held is None else held.state
    remedy = "stand by is said once, before the answer; answer, or place a call of your own"
    state = decide(ANSWER_TABLE, now, _step_of(event), remedy=remedy)
    if not isinstance(state, AnswerState):
        return state
    until = None
    if state is AnswerState.STANDING_BY:
        until = event.answer.until or (held.stand_by_until if held is not None else None)
    given = () if held is None else held.given
    return Answers(state=state, given=(*given, (stamp, event)), stand_by_until=until)


def _repeat(held: Answers | None, event: AnswerEvent) -> Refused | Duplicate | None:
    """The same answer again, or another under a used id."""
    for _, said in () if held is None else held.given:
        if said == event:
            return Duplicate(text=f"answer {event.answer_id} was already given")
        if said.answer_id == event.answer_id:
            return Refused(
                code=RefusalCode.ALREADY_USED,
                text=f"answer id {event.answer_id} was used for another answer; mint a new id",
            )
    return None


def _guard(held: Answers | None, event: AnswerEvent, stamp: Stamp) -> Refused | None:
    """Refuse a stand-by into the past, a correction of nothing, and answers without end."""
    until = event.answer.until
    if until is not None and until <= stamp.at:
        text = f"stand-by until {format_instant(until)} is already over; give a later time"
        return Refused(code=RefusalCode.BAD_TIME, text=text)
    if held is not None and len(held.given) >= ANSWERS_MAX:
        text = f"{ANSWERS_MAX} answers were given to this call; go on in a new one"
        return Refused(code=RefusalCode.BAD_CONTENT, text=text)
    if isinstance(event, AnswerCorrected) and held is not None:
        standing = {e.answer_id for _, e in in_force(held)}
        if event.corrects not in standing:
            text = f"answer {event.corrects} is not in force; correct the latest one"
            return Refused(code=RefusalCode.UNKNOWN_OBJECT, text=text)
    return None
