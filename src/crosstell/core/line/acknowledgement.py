"""How far a call has got on the recipient's side: delivered, received, read back, passed, acted.

Rules of this file:
- The recipient alone advances it, by entries of its own feed; machines are keyed by the entry
  that placed the call.
- Each stage is recorded when it is true. Only 'delivered' is said by a node; every other stage
  is a person's, and no machine says it for one.
- The stage never falls. A stage may be skipped (a person may act before reading back), but
  nothing comes before a person has received the call, except delivery and a read-back, which
  itself shows a person.
- Receipt is not reach: passed on and acted on name the components they are true of.
- A stage confirms itself only: no acceptance of content, zone, position or liability.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from crosstell.core.errors import Duplicate, Refused
from crosstell.core.ids import ForeignRef
from crosstell.core.line.content import CallContent, FreeText
from crosstell.core.line.verdict import decide, need_person, need_resolved
from crosstell.core.picture.party import Scope
from crosstell.core.table import Stamp, Table, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class CallDelivered:
    """The recipient's node holds the call. Said by the node; means no person yet."""

    call: ForeignRef


@dataclass(frozen=True, slots=True, kw_only=True)
class CallReceived:
    """A person on watch has the call before them."""

    call: ForeignRef


@dataclass(frozen=True, slots=True, kw_only=True)
class CallReadBack:
    """A person read one version of the content back, as they understood it."""

    call: ForeignRef
    content: ForeignRef
    read_back: CallContent


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPassedOn:
    """The call was passed to those concerned: the components in `scope`. Not: they acted."""

    call: ForeignRef
    scope: Scope
    note: FreeText | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallActedOn:
    """The components in `scope` have acted on the call, says the recipient."""

    call: ForeignRef
    scope: Scope
    note: FreeText | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryConfirmed:
    """The recipient confirms the summary whose text has this SHA-256 (hex)."""

    call: ForeignRef
    digest: str

    def __post_init__(self) -> None:
        """Refuse what is not a digest."""
        if len(self.digest) != 64 or set(self.digest) - set("0123456789abcdef"):
            raise ValueError(f"summary digest {self.digest!r}: write 64 lower-case hex digits")


AcknowledgementEvent = (
    CallDelivered | CallReceived | CallReadBack | CallPassedOn | CallActedOn | SummaryConfirmed
)


class Stage(StrEnum):
    """The highest stage reached, in rising order."""

    UNSEEN = "unseen"
    DELIVERED = "delivered"
    RECEIVED = "received"
    READ_BACK = "read-back"
    PASSED_ON = "passed-on"
    ACTED_ON = "acted-on"


class StageStep(StrEnum):
    """What the recipient can record."""

    DELIVER = "deliver"
    RECEIVE = "receive"
    READ_BACK = "read-back"
    PASS_ON = "pass-on"  # noqa: S105 - a stage of a call, not a secret
    ACT = "act"
    CONFIRM_SUMMARY = "confirm-summary"


_NO, _AGAIN = Verdict.REFUSED, Verdict.DUPLICATE
_S, _E = Stage, StageStep

ACKNOWLEDGEMENT_TABLE: Table[Stage, StageStep] = Table(
    name="acknowledgement",
    states=Stage,
    events=StageStep,
    rows={
        (_S.UNSEEN, _E.DELIVER): _S.DELIVERED,
        (_S.UNSEEN, _E.RECEIVE): _S.RECEIVED,
        (_S.UNSEEN, _E.READ_BACK): _S.READ_BACK,
        (_S.UNSEEN, _E.PASS_ON): _NO,
        (_S.UNSEEN, _E.ACT): _NO,
        (_S.UNSEEN, _E.CONFIRM_SUMMARY): _NO,
        (_S.DELIVERED, _E.DELIVER): _AGAIN,
        (_S.DELIVERED, _E.RECEIVE): _S.RECEIVED,
        (_S.DELIVERED, _E.READ_BACK): _S.READ_BACK,
        (_S.DELIVERED, _E.PASS_ON): _NO,
        (_S.DELIVERED, _E.ACT): _NO,
        (_S.DELIVERED, _E.CONFIRM_SUMMARY): _NO,
        (_S.RECEIVED, _E.DELIVER): _AGAIN,
        (_S.RECEIVED, _E.RECEIVE): _AGAIN,
        (_S.RECEIVED, _E.READ_BACK): _S.READ_BACK,
        (_S.RECEIVED, _E.PASS_ON): _S.PASSED_ON,
        (_S.RECEIVED, _E.ACT): _S.ACTED_ON,
        (_S.RECEIVED, _E.CONFIRM_SUMMARY): _S.RECEIVED,
        (_S.READ_BACK, _E.DELIVER): _AGAIN,
        (_S.READ_BACK, _E.RECEIVE): _AGAIN,
        (_S.READ_BACK, _E.READ_BACK): _S.READ_BACK,
        (_S.READ_BACK, _E.PASS_ON): _S.PASSED_ON,
        (_S.READ_BACK, _E.ACT): _S.ACTED_ON,
        (_S.READ_BACK, _E.CONFIRM_SUMMARY): _S.READ_BACK,
        (_S.PASSED_ON, _E.DELIVER): _AGAIN,
        (_S.PASSED_ON, _E.RECEIVE): _AGAIN,
        (_S.PASSED_ON, _E.READ_BACK): _S.PASSED_ON,
        (_S.PASSED_ON, _E.PASS_ON): _S.PASSED_ON,
        (_S.PASSED_ON, _E.ACT): _S.ACTED_ON,
        (_S.PASSED_ON, _E.CONFIRM_SUMMARY): _S.PASSED_ON,
        (_S.ACTED_ON, _E.DELIVER): _AGAIN,
        (_S.ACTED_ON, _E.RECEIVE): _AGAIN,
        (_S.ACTED_ON, _E.READ_BACK): _S.ACTED_ON,
        (_S.ACTED_ON, _E.PASS_ON): _S.ACTED_ON,
        (_S.ACTED_ON, _E.ACT): _S.ACTED_ON,
        (_S.ACTED_ON, _E.CONFIRM_SUMMARY): _S.ACTED_ON,
    },
)

STEP_OF: dict[type[AcknowledgementEvent], StageStep] = {
    CallDelivered: StageStep.DELIVER,
    CallReceived: StageStep.RECEIVE,
    CallReadBack: StageStep.READ_BACK,
    CallPassedOn: StageStep.PASS_ON,
    CallActedOn: StageStep.ACT,
    SummaryConfirmed: StageStep.CONFIRM_SUMMARY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    """What one recipient recorded about one call, in its feed's order."""

    stage: Stage
    marks: tuple[tuple[Stamp, AcknowledgementEvent], ...]


def advance(
    held: Acknowledgement | None, event: AcknowledgementEvent, stamp: Stamp
) -> Acknowledgement | Refused | Duplicate:
    """The acknowledgement after the recipient's next entry. Implements LINE-020 to LINE-025."""
    refused = need_resolved(event.call)
    if refused is None and isinstance(event, CallReadBack):
        refused = need_resolved(event.content)
    if refused is None and not isinstance(event, CallDelivered):
        refused = need_person(stamp, what="this stage")
    if refused is not None:
        return refused
    now = Stage.UNSEEN if held is None else held.stage
    stage = decide(
        ACKNOWLEDGEMENT_TABLE, now, STEP_OF[type(event)], remedy="record first that it was received"
    )
    if not isinstance(stage, Stage):
        return stage
    if held is None:
        return Acknowledgement(stage=stage, marks=((stamp, event),))
    if event in [said for _, said in held.marks]:
        return Duplicate(text=f"this was already recorded; the call stays {now}")
    return replace(held, stage=stage, marks=(*held.marks, (stamp, event)))
