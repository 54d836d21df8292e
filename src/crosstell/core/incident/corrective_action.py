"""A corrective action as its owner undertakes it: declined, undertaken, moved, done.

Rules of this file
- One owner: the feed of the party that is to act. Whoever proposed it owns the proposal
  (`paper`), and cannot undertake it for another.
- Done names what shows it: words, and entries where there are any. Whether that is enough is for
  the other side to say, as a claim of its own.
- A due date is moved with its reason, and every date that was set stays in the record.
- *Overdue* is a view. Nothing here counts against anybody.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from crosstell.core.errors import Duplicate, RefusalCode, Refused
from crosstell.core.ids import EntryRef, ForeignRef
from crosstell.core.incident.paper import LIST_MAX, ActionProposal
from crosstell.core.instant import require_utc
from crosstell.core.picture.wording import check_text
from crosstell.core.table import Stamp, Table, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionUndertaken:
    """The owner undertakes the proposed action by `due`."""

    paper: ForeignRef
    due: datetime

    def __post_init__(self) -> None:
        """Refuse a date in another zone."""
        require_utc(self.due, what="action: due")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionDeclined:
    """The owner does not undertake it, and says why."""

    paper: ForeignRef
    reason: str

    def __post_init__(self) -> None:
        """Refuse to decline without reason."""
        check_text(self.reason, what="action: reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionDueMoved:
    """The owner moves the date of what it has undertaken."""

    paper: ForeignRef
    due: datetime
    reason: str

    def __post_init__(self) -> None:
        """Refuse a move without reason."""
        require_utc(self.due, what="action: due")
        check_text(self.reason, what="action: reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionDone:
    """The owner states that it is done, and what shows it."""

    paper: ForeignRef
    evidence: str
    entries: tuple[ForeignRef, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a completion that nothing shows."""
        check_text(self.evidence, what="action: evidence")
        if len(self.entries) > LIST_MAX:
            raise ValueError(f"action: {len(self.entries)} entries; name at most {LIST_MAX}")


ActionEvent = ActionUndertaken | ActionDeclined | ActionDueMoved | ActionDone


class ActionState(StrEnum):
    """Where the owner stands to the action."""

    UNANSWERED = "unanswered"
    UNDERTAKEN = "undertaken"
    DECLINED = "declined"
    DONE = "done"


class ActionStep(StrEnum):
    """What the owner can do."""

    UNDERTAKE = "undertake"
    DECLINE = "decline"
    MOVE = "move"
    COMPLETE = "complete"


_S, _E, _V = ActionState, ActionStep, Verdict

ACTION_TABLE: Table[ActionState, ActionStep] = Table(
    name="corrective action",
    states=ActionState,
    events=ActionStep,
    rows={
        (_S.UNANSWERED, _E.UNDERTAKE): _S.UNDERTAKEN,
        (_S.UNANSWERED, _E.DECLINE): _S.DECLINED,
        (_S.UNANSWERED, _E.MOVE): _V.REFUSED,
        (_S.UNANSWERED, _E.COMPLETE): _S.DONE,
        (_S.UNDERTAKEN, _E.UNDERTAKE): _V.REFUSED,
        (_S.UNDERTAKEN, _E.DECLINE): _S.DECLINED,
        (_S.UNDERTAKEN, _E.MOVE): _S.UNDERTAKEN,
        (_S.UNDERTAKEN, _E.COMPLETE): _S.DONE,
        (_S.DECLINED, _E.UNDERTAKE): _S.UNDERTAKEN,
        (_S.DECLINED, _E.DECLINE): _V.DUPLICATE,
        (_S.DECLINED, _E.MOVE): _V.REFUSED,
        (_S.DECLINED, _E.COMPLETE): _S.DONE,
        (_S.DONE, _E.UNDERTAKE): _V.REFUSED,
        (_S.DONE, _E.DECLINE): _V.REFUSED,
        (_S.DONE, _E.MOVE): _V.REFUSED,
        (_S.DONE, _E.COMPLETE): _V.DUPLICATE,
    },
)


_NOT_NOW = {
    ActionStep.UNDERTAKE: "it is undertaken already, or done; move its date if that has changed",
    ActionStep.DECLINE: "it cannot be declined any more",
    ActionStep.MOVE: "only the date of what is undertaken is moved; undertake it first",
    ActionStep.COMPLETE: "it is done already",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Undertaking:
    """What the owner has said of one proposed action, in order."""

    paper: EntryRef
    state: ActionState
    said: tuple[tuple[ActionEvent, Stamp], ...]

    @property
    def due(self) -> datetime | None:
        """The date that the owner set last, if it set one."""
        dates = [e.due for e, _ in self.said if isinstance(e, ActionUndertaken | ActionDueMoved)]
        return dates[-1] if dates else None


def advance(
    undertaking: Undertaking | None, event: ActionEvent, stamp: Stamp
) -> Undertaking | Refused | Duplicate:
    """The undertaking after its owner's event. Implements INC-020 to INC-022."""
    if stamp.by is None:
        text = "a corrective action is undertaken by a person; say which role and watch"
        return Refused(code=RefusalCode.NOT_OWNER, text=text)
    if not isinstance(event.paper, EntryRef):
        text = f"action {event.paper.id} of {event.paper.party} is not held here"
        return Refused(code=RefusalCode.UNKNOWN_OBJECT, text=text)
    if undertaking is not None and undertaking.said[-1][0] == event:
        return Duplicate(text="this is said of the action already")
    state = ActionState.UNANSWERED if undertaking is None else undertaking.state
    after = ACTION_TABLE.next(state, _step(event))
    if after is Verdict.DUPLICATE:
        return Duplicate(text=f"the action is already {state}")
    if isinstance(after, Verdict):
        text = f"the action is {state}: {_NOT_NOW[_step(event)]}"
        return Refused(code=RefusalCode.WRONG_STATE, text=text)
    said = () if undertaking is None else undertaking.said
    if undertaking is None:
        return Undertaking(paper=event.paper, state=after, said=((event, stamp),))
    return replace(undertaking, state=after, said=(*said, (event, stamp)))


def _step(event: ActionEvent) -> ActionStep:
    match event:
        case ActionUndertaken():
            return ActionStep.UNDERTAKE
        case ActionDeclined():
            return ActionStep.DECLINE
        case ActionDueMoved():
            return ActionStep.MOVE
        case ActionDone():
            return ActionStep.COMPLETE


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionStanding:
    """Where an action stands at an instant: whose date counts, and whether it is past."""

    state: ActionState
    due: datetime | None
    is_overdue: bool


def action_standing(
    proposal: ActionProposal, undertaking: Undertaking | None, now: datetime
) -> ActionStanding:
    """The owner's own date counts; until it sets one, the proposed one. Implements INC-023.

    What is declined or done is not overdue; what was never answered is, once its date is past.
    """
    state = ActionState.UNANSWERED if undertaking is None else undertaking.state
    due = (undertaking.due if undertaking is not None else None) or proposal.due
    is_open = state in (ActionState.UNANSWERED, ActionState.UNDERTAKEN)
    return ActionStanding(
        state=state, due=due, is_overdue=is_open and due is not None and due < now
    )
