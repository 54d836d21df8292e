"""A duress word was heard in a voice call: known to the own side alone.

Rules of this file:
- Journal only; machines are keyed by the own log of the voice call. No shared value has a place
  for it, and no shared value changes because of it.
- It is a person's statement, said once; it is not taken back.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crosstell.core.errors import Duplicate, Refused
from crosstell.core.ids import check_id
from crosstell.core.instant import require_utc
from crosstell.core.line.content import FreeText
from crosstell.core.line.verdict import decide, need_person
from crosstell.core.line.watch.voice import VoiceLogId
from crosstell.core.table import Stamp, Table, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class DuressHeard:
    """The counterpart's voice in this call gave the agreed duress word. Journal."""

    log: VoiceLogId
    heard_at: datetime
    note: FreeText | None = None

    def __post_init__(self) -> None:
        """Refuse a bad id or time."""
        check_id(self.log, what="voice log")
        require_utc(self.heard_at, what="duress word heard")


class DuressState(StrEnum):
    """Whether a duress word was heard."""

    NOT_HEARD = "not-heard"
    HEARD = "heard"


class DuressStep(StrEnum):
    """What can be recorded."""

    HEAR = "hear"


DURESS_TABLE: Table[DuressState, DuressStep] = Table(
    name="duress",
    states=DuressState,
    events=DuressStep,
    rows={
        (DuressState.NOT_HEARD, DuressStep.HEAR): DuressState.HEARD,
        (DuressState.HEARD, DuressStep.HEAR): Verdict.DUPLICATE,
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Duress:
    """That a duress word was heard, and by whom recorded."""

    heard: DuressHeard
    stamp: Stamp


def advance(held: Duress | None, event: DuressHeard, stamp: Stamp) -> Duress | Refused | Duplicate:
    """What the own side knows of duress in one voice call. Implements LINE-064."""
    refused = need_person(stamp, what="duress")
    if refused is not None:
        return refused
    now = DuressState.NOT_HEARD if held is None else DuressState.HEARD
    state = decide(DURESS_TABLE, now, DuressStep.HEAR, remedy="nothing is left to do")
    if not isinstance(state, DuressState):
        return state
    return Duress(heard=event, stamp=stamp)
