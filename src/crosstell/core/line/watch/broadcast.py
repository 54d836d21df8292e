"""Broadcasts on guard: what was sent into the air, and who is said to have heard it.

Rules of this file:
- Shared feed of the sender; machines are keyed by the broadcast's id. A person's act.
- No acknowledgement of a broadcast exists. 'Heard' is somebody's statement, with its source,
  and silence says nothing.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NewType

from crosstell.core.errors import Duplicate, RefusalCode, Refused
from crosstell.core.ids import EpisodeId, check_id
from crosstell.core.instant import require_utc
from crosstell.core.line.content import (
    ABOUT_MAX,
    LABEL_LENGTH_MAX,
    About,
    AboutCall,
    AboutNotice,
    FreeText,
    Radio,
)
from crosstell.core.line.message import Reality
from crosstell.core.line.verdict import decide, need_person, need_resolved
from crosstell.core.picture.wording import check_text
from crosstell.core.table import Stamp, Table, Verdict

BroadcastId = NewType("BroadcastId", str)

TIMES_MAX = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class BroadcastSent:
    """One text, sent on one frequency at these times, in order."""

    broadcast: BroadcastId
    reality: Reality
    radio: Radio
    addressed: str
    text: FreeText
    sent_at: tuple[datetime, ...]
    episode: EpisodeId | None = None
    about: tuple[About, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a broadcast to nobody, at no time, or at times out of order."""
        check_id(self.broadcast, what="broadcast")
        check_text(self.addressed, what="addressed as", length_max=LABEL_LENGTH_MAX)
        if not 1 <= len(self.sent_at) <= TIMES_MAX or len(self.about) > ABOUT_MAX:
            raise ValueError(f"broadcast {self.broadcast}: give 1 to {TIMES_MAX} times")
        for instant in self.sent_at:
            require_utc(instant, what=f"broadcast {self.broadcast}")
        if list(self.sent_at) != sorted(set(self.sent_at)):
            raise ValueError(f"broadcast {self.broadcast}: times rise; put them in order")


@dataclass(frozen=True, slots=True, kw_only=True)
class BroadcastHeard:
    """Somebody is said to have heard the broadcast, by this source. No acknowledgement."""

    broadcast: BroadcastId
    heard_by: str
    source: str
    heard_at: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse a hearer or a source without a name."""
        check_text(self.heard_by, what="heard by", length_max=LABEL_LENGTH_MAX)
        check_text(self.source, what="source", length_max=LABEL_LENGTH_MAX)
        if self.heard_at is not None:
            require_utc(self.heard_at, what="heard at")


BroadcastEvent = BroadcastSent | BroadcastHeard


class BroadcastState(StrEnum):
    """Whether anything was sent. There is no 'acknowledged'."""

    UNSENT = "unsent"
    SENT = "sent"
    SAID_HEARD = "said-heard"


class BroadcastStep(StrEnum):
    """What can be recorded of a broadcast."""

    SEND = "send"
    REPORT_HEARD = "report-heard"


BROADCAST_TABLE: Table[BroadcastState, BroadcastStep] = Table(
    name="broadcast",
    states=BroadcastState,
    events=BroadcastStep,
    rows={
        (BroadcastState.UNSENT, BroadcastStep.SEND): BroadcastState.SENT,
        (BroadcastState.UNSENT, BroadcastStep.REPORT_HEARD): Verdict.REFUSED,
        (BroadcastState.SENT, BroadcastStep.SEND): Verdict.DUPLICATE,
        (BroadcastState.SENT, BroadcastStep.REPORT_HEARD): BroadcastState.SAID_HEARD,
        (BroadcastState.SAID_HEARD, BroadcastStep.SEND): Verdict.DUPLICATE,
        (BroadcastState.SAID_HEARD, BroadcastStep.REPORT_HEARD): BroadcastState.SAID_HEARD,
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Broadcast:
    """A broadcast and who is said to have heard it."""

    state: BroadcastState
    sent: BroadcastSent
    sent_stamp: Stamp
    heard: tuple[tuple[Stamp, BroadcastHeard], ...] = ()


def advance(
    held: Broadcast | None, event: BroadcastEvent, stamp: Stamp
) -> Broadcast | Refused | Duplicate:
    """The broadcast after its sender's next entry. Implements LINE-070, LINE-071."""
    refused = need_person(stamp, what=f"broadcast {event.broadcast}")
    if refused is not None:
        return refused
    if isinstance(event, BroadcastSent):
        return _send(held, event, stamp)
    now = BroadcastState.UNSENT if held is None else held.state
    state = decide(BROADCAST_TABLE, now, BroadcastStep.REPORT_HEARD, remedy="record it as sent")
    if not isinstance(state, BroadcastState):
        return state
    assert held is not None
    if event in [said for _, said in held.heard]:
        return Duplicate(text=f"broadcast {event.broadcast}: this hearing is already recorded")
    return replace(held, state=state, heard=(*held.heard, (stamp, event)))


def _send(
    held: Broadcast | None, event: BroadcastSent, stamp: Stamp
) -> Broadcast | Refused | Duplicate:
    """A new broadcast, a repeat, or a used id."""
    calls = tuple(a.call for a in event.about if isinstance(a, AboutCall))
    refused = need_resolved(*calls, *(a.notice for a in event.about if isinstance(a, AboutNotice)))
    if refused is not None:
        return refused
    now = BroadcastState.UNSENT if held is None else held.state
    state = decide(BROADCAST_TABLE, now, BroadcastStep.SEND, remedy="mint a new id")
    if isinstance(state, BroadcastState):
        return Broadcast(state=state, sent=event, sent_stamp=stamp)
    if held is not None and held.sent != event:
        text = f"broadcast id {event.broadcast} was used for another text; mint a new id"
        return Refused(code=RefusalCode.ALREADY_USED, text=text)
    return state
