"""Whether a text is joint: signed by every party that it names, each in its own feed.

Rules of this file
- One owner: the feed of the party that signs or declines. Nobody signs for another; whoever
  proposed the text signs it like the others.
- A signature is of one version, by its entry: its bytes cannot change under it. A later version
  has its own signatures.
- A signature is given once and not unsaid. Who declined may sign later.
- Until all have signed, the text is said by nobody jointly, whatever a readout says.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from crosstell.core.errors import Duplicate, RefusalCode, Refused
from crosstell.core.ids import EntryRef, ForeignRef, PartyId
from crosstell.core.incident.paper import JointText
from crosstell.core.picture.wording import check_text
from crosstell.core.table import Stamp, Table, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class JointTextSigned:
    """The author's party signs the version of the joint text that `paper` names."""

    paper: ForeignRef


@dataclass(frozen=True, slots=True, kw_only=True)
class JointTextDeclined:
    """The author's party does not sign that version, and says why."""

    paper: ForeignRef
    reason: str

    def __post_init__(self) -> None:
        """Refuse to decline without reason."""
        check_text(self.reason, what="joint text: reason")


JointEvent = JointTextSigned | JointTextDeclined


class PositionState(StrEnum):
    """Where one party stands to one version of a joint text."""

    UNANSWERED = "unanswered"
    SIGNED = "signed"
    DECLINED = "declined"


class PositionStep(StrEnum):
    """What it can do."""

    SIGN = "sign"
    DECLINE = "decline"


POSITION_TABLE: Table[PositionState, PositionStep] = Table(
    name="joint text",
    states=PositionState,
    events=PositionStep,
    rows={
        (PositionState.UNANSWERED, PositionStep.SIGN): PositionState.SIGNED,
        (PositionState.UNANSWERED, PositionStep.DECLINE): PositionState.DECLINED,
        (PositionState.SIGNED, PositionStep.SIGN): Verdict.DUPLICATE,
        (PositionState.SIGNED, PositionStep.DECLINE): Verdict.REFUSED,
        (PositionState.DECLINED, PositionStep.SIGN): PositionState.SIGNED,
        (PositionState.DECLINED, PositionStep.DECLINE): Verdict.DUPLICATE,
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class JointPosition:
    """What one party has said of one version, with the entry that said it."""

    paper: EntryRef
    state: PositionState
    event: JointEvent
    stamp: Stamp


def advance(
    position: JointPosition | None, event: JointEvent, stamp: Stamp
) -> JointPosition | Refused | Duplicate:
    """The party's position after its event. Implements INC-010 to INC-012."""
    if stamp.by is None:
        text = "a joint text is signed by a person; say which role and watch"
        return Refused(code=RefusalCode.NOT_OWNER, text=text)
    if not isinstance(event.paper, EntryRef):
        text = f"joint text {event.paper.id} of {event.paper.party} is not held here"
        return Refused(code=RefusalCode.UNKNOWN_OBJECT, text=text)
    state = PositionState.UNANSWERED if position is None else position.state
    step = PositionStep.SIGN if isinstance(event, JointTextSigned) else PositionStep.DECLINE
    after = POSITION_TABLE.next(state, step)
    if after is Verdict.DUPLICATE:
        return Duplicate(text=f"the joint text is already {state}")
    if isinstance(after, Verdict):
        text = "the joint text is signed, and a signature is not unsaid; propose another version"
        return Refused(code=RefusalCode.WRONG_STATE, text=text)
    return JointPosition(paper=event.paper, state=after, event=event, stamp=stamp)


@dataclass(frozen=True, slots=True, kw_only=True)
class JointStanding:
    """Who signed one version, who declined it and why, and who has said nothing.

    In the order in which the text names them.
    """

    signed: tuple[PartyId, ...]
    declined: tuple[tuple[PartyId, str], ...]
    unanswered: tuple[PartyId, ...]

    @property
    def is_joint(self) -> bool:
        """Whether every party that it names has signed it."""
        return not self.declined and not self.unanswered


def joint_standing(
    text: JointText, positions: Mapping[PartyId, JointPosition | None]
) -> JointStanding:
    """How one version stands, by each party's own position towards it. Implements INC-013.

    What a party that the text does not name has said counts for nothing.
    """
    signed, declined, unanswered = [], [], []
    for party in text.parties:
        position = positions.get(party)
        if position is None:
            unanswered.append(party)
        elif isinstance(position.event, JointTextDeclined):
            declined.append((party, position.event.reason))
        else:
            signed.append(party)
    return JointStanding(
        signed=tuple(signed), declined=tuple(declined), unanswered=tuple(unanswered)
    )
