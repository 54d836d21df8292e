"""What one side says it said and heard by voice: a log, one claim about one call.

Rules of this file:
- Each side logs a voice call in its own shared feed and nobody else corrects it; machines are
  keyed by the log's id. The other side's log of the same call is another claim (`matching`).
- A log is a person's. It may be corrected by a new version; every version is kept.
- What is recorded of an authentication is its method and result. A duress word is never here:
  the shared result reads the same, and the journal alone holds `DuressHeard`.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NewType

from crosstell.core.errors import Duplicate, RefusalCode, Refused
from crosstell.core.ids import FeedId, ForeignRef, PartyId, RoleId, check_id
from crosstell.core.instant import require_utc
from crosstell.core.line.answer import Answer
from crosstell.core.line.content import (
    CallContent,
    FreeText,
    Interpreter,
    Radio,
    Relay,
    Telephone,
)
from crosstell.core.line.message import CallKind, Reality
from crosstell.core.line.verdict import decide, need_held, need_person, need_resolved
from crosstell.core.picture.wording import check_language
from crosstell.core.table import Stamp, Table, Verdict

VoiceLogId = NewType("VoiceLogId", str)


class Direction(StrEnum):
    """Who called, as this side says."""

    PLACED = "placed"
    TAKEN = "taken"


class AuthenticationMethod(StrEnum):
    """How the voice was checked."""

    NONE = "none"
    CHALLENGE_REPLY = "challenge-reply"
    CALL_BACK = "call-back"


class AuthenticationResult(StrEnum):
    """What the check gave."""

    NOT_DONE = "not-done"
    VERIFIED = "verified"
    FAILED = "failed"


class Timed(StrEnum):
    """How this side came by the times of its log."""

    STAMPED = "stamped"  # by a clock, while the call ran
    STATED_LATER = "stated-later"  # by a person, after it


@dataclass(frozen=True, slots=True, kw_only=True)
class Authentication:
    """How the other voice was checked and with what result; never the words themselves."""

    method: AuthenticationMethod = AuthenticationMethod.NONE
    result: AuthenticationResult = AuthenticationResult.NOT_DONE
    done_at: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse a result without a method and a method without a result."""
        if self.done_at is not None:
            require_utc(self.done_at, what="authentication")
        done = self.method is not AuthenticationMethod.NONE
        if done != (self.result is not AuthenticationResult.NOT_DONE):
            raise ValueError(
                f"authentication: method {self.method} with result {self.result}; give both "
                "a method and its result, or neither"
            )


NOT_AUTHENTICATED = Authentication()


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceAccount:
    """One side's account of a voice call. None: not stated by this side.

    `message` is what the caller said, `read_back` what was read back, `answer` what was
    answered, each as this side said or heard it. Times are this side's: `started_at` the first
    ring or call, `reached_at` when a person of the other side came on (None: nobody, or unknown),
    and `timed` says how this side came by them. `about_feed`: the call was about what still holds
    of that feed, which its party left.
    """

    direction: Direction
    counterpart: PartyId
    counterpart_role: RoleId | None
    own_role: RoleId
    carriage: Telephone | Radio | Relay
    started_at: datetime
    ended_at: datetime
    reached_at: datetime | None = None
    kind: CallKind
    reality: Reality
    language: str
    interpreter: Interpreter = Interpreter.NOT_NEEDED
    message: CallContent | None = None
    read_back: CallContent | None = None
    read_back_at: datetime | None = None
    answer: Answer | None = None
    answered_at: datetime | None = None
    authentication: Authentication = NOT_AUTHENTICATED
    notes: FreeText | None = None
    timed: Timed | None = None
    about_feed: FeedId | None = None

    def __post_init__(self) -> None:
        """Refuse a reversed time and what is not an id."""
        check_id(self.counterpart, what="counterpart")
        check_id(self.own_role, what="own role")
        if self.counterpart_role is not None:
            check_id(self.counterpart_role, what="counterpart's role")
        if self.about_feed is not None:
            check_id(self.about_feed, what="feed that the call was about")
        check_language(self.language, what="language of the call")
        times = (
            self.started_at,
            self.ended_at,
            self.reached_at,
            self.read_back_at,
            self.answered_at,
        )
        for instant in times:
            if instant is not None:
                require_utc(instant, what="time in a voice log")
        if self.ended_at < self.started_at:
            raise ValueError("voice log: the call ends before it starts; correct the times")


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceLogged:
    """A voice call, as this side says it was. Feed: each side's own.

    All of it goes to the counterpart, the notes too: write there what they may read.
    `call` names the placed entry if the call was placed on record too.
    """

    log: VoiceLogId
    account: VoiceAccount
    call: ForeignRef | None = None

    def __post_init__(self) -> None:
        """Refuse what is not an id."""
        check_id(self.log, what="voice log")


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceLogCorrected:
    """This side's later account of the same call; the earlier one is kept."""

    log: VoiceLogId
    account: VoiceAccount
    reason: FreeText


VoiceEvent = VoiceLogged | VoiceLogCorrected


class VoiceState(StrEnum):
    """Whether there is an account, and whether it was changed."""

    UNLOGGED = "unlogged"
    LOGGED = "logged"
    CORRECTED = "corrected"


class VoiceStep(StrEnum):
    """What a side can do with its log."""

    LOG = "log"
    CORRECT = "correct"


VOICE_TABLE: Table[VoiceState, VoiceStep] = Table(
    name="voice-log",
    states=VoiceState,
    events=VoiceStep,
    rows={
        (VoiceState.UNLOGGED, VoiceStep.LOG): VoiceState.LOGGED,
        (VoiceState.UNLOGGED, VoiceStep.CORRECT): Verdict.REFUSED,
        (VoiceState.LOGGED, VoiceStep.LOG): Verdict.DUPLICATE,
        (VoiceState.LOGGED, VoiceStep.CORRECT): VoiceState.CORRECTED,
        (VoiceState.CORRECTED, VoiceStep.LOG): Verdict.DUPLICATE,
        (VoiceState.CORRECTED, VoiceStep.CORRECT): VoiceState.CORRECTED,
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceLog:
    """One side's log of one voice call: its first entry and its latest account."""

    state: VoiceState
    logged: VoiceLogged
    logged_stamp: Stamp
    account: VoiceAccount
    corrections: tuple[tuple[Stamp, VoiceLogCorrected], ...] = ()


def advance(
    held: VoiceLog | None, event: VoiceEvent, stamp: Stamp
) -> VoiceLog | Refused | Duplicate:
    """The log after its author's next entry. Implements LINE-060, LINE-061."""
    refused = need_person(stamp, what="a voice log")
    if refused is None and isinstance(event, VoiceLogged):
        refused = need_resolved(event.call)
    if refused is not None:
        return refused
    now = VoiceState.UNLOGGED if held is None else held.state
    step = VoiceStep.LOG if isinstance(event, VoiceLogged) else VoiceStep.CORRECT
    state = decide(VOICE_TABLE, now, step, remedy="log the call first")
    if isinstance(event, VoiceLogged):
        return _log(held, event, stamp)
    refused = need_held(held, what=f"voice log {event.log}")
    if refused is not None:
        return refused
    assert held is not None
    assert isinstance(state, VoiceState)
    if event in [said for _, said in held.corrections]:
        return Duplicate(text=f"voice log {event.log} was already corrected so")
    corrections = (*held.corrections, (stamp, event))
    return replace(held, state=state, account=event.account, corrections=corrections)


def _log(held: VoiceLog | None, event: VoiceLogged, stamp: Stamp) -> VoiceLog | Refused | Duplicate:
    """A new log, a repeat, or a used id."""
    if held is None:
        return VoiceLog(
            state=VoiceState.LOGGED, logged=event, logged_stamp=stamp, account=event.account
        )
    if held.logged == event:
        return Duplicate(text=f"voice log {event.log} is already recorded")
    return Refused(
        code=RefusalCode.ALREADY_USED,
        text=f"voice log id {event.log} was used for another call; mint a new id",
    )
