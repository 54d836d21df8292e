"""The own side's ladder over one open matter: who is rung, when, up to where.

Rules of this file:
- Journal only; machines are keyed by `Matter`. Each party climbs its own ladder.
- The rungs are recorded when the ladder is opened: role and seconds after the opening, rising.
  A later change of the protocol moves no running ladder.
- The node rings by itself up to the ring limit (default: the watch chief's rung). Above it the
  node only prepares a draft, and a person decides.
- A ladder that climbs has exactly one next due instant; a ladder at its top or ended has none.
- An ended ladder never rings again and is never opened again. Relief of the watch is no event
  of this machine.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from crosstell.core.errors import Duplicate, RefusalCode, Refused
from crosstell.core.ids import AlertId, CallId, EntryRef, PartyId, RoleId, check_id
from crosstell.core.instant import format_instant, later, require_utc
from crosstell.core.line.content import CallContent, FreeText
from crosstell.core.line.message import CallKind, Precedence
from crosstell.core.line.verdict import decide, need_person
from crosstell.core.line.watch.voice import VoiceLogId
from crosstell.core.table import Stamp, Table, Verdict

RUNGS_MAX = 12
AFTER_S_MAX = 30 * 86_400.0
AGAIN = "an ended matter never rings again"


class MatterKind(StrEnum):
    """What is left open."""

    CALL_UNANSWERED = "call-unanswered"  # our own call has no settling answer
    CALL_NOT_RECEIVED = "call-not-received"  # an incoming call no person has received
    ALERT_UNACKNOWLEDGED = "alert-unacknowledged"
    STAND_BY_EXPIRED = "stand-by-expired"
    STOP_EXPIRING = "stop-expiring"
    DURESS_HEARD = "duress-heard"  # known to our own side alone


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCall:
    """A call this party placed."""

    call: CallId

    def __post_init__(self) -> None:
        """Refuse what is not an id."""
        check_id(self.call, what="call")


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingCall:
    """A call placed by another party, by the entry that placed it."""

    call: EntryRef


@dataclass(frozen=True, slots=True, kw_only=True)
class RaisedAlert:
    """An alert this node raised."""

    alert: AlertId

    def __post_init__(self) -> None:
        """Refuse what is not an id."""
        check_id(self.alert, what="alert")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnVoiceLog:
    """This party's own log of a voice call."""

    log: VoiceLogId

    def __post_init__(self) -> None:
        """Refuse what is not an id."""
        check_id(self.log, what="voice log")


Subject = OwnCall | IncomingCall | RaisedAlert | OwnVoiceLog


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """One thing that waits for a person.

    `mark` tells repeats of one kind apart: the expiry that a stop is about to reach, the moment
    an answer was taken back. None where there is only one.
    """

    kind: MatterKind
    subject: Subject
    mark: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse a naive or foreign-zone mark."""
        if self.mark is not None:
            require_utc(self.mark, what="matter")


def matter_key(matter: Matter) -> str:
    """One matter as text, the same on every run: to sort by, and to name in a briefing."""
    mark = "" if matter.mark is None else f" {format_instant(matter.mark)}"
    return f"{matter.kind} {_subject_key(matter.subject)}{mark}"


def _subject_key(subject: Subject) -> str:
    """The matter's subject as text."""
    match subject:
        case OwnCall(call=own):
            return f"call {own}"
        case IncomingCall(call=placed):
            return f"entry {placed.feed}/{placed.seq}/{placed.hash[:16]}"
        case RaisedAlert(alert=alert):
            return f"alert {alert}"
        case OwnVoiceLog(log=log):
            return f"log {log}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """A role of the own side and how long after the opening it is reached, in seconds."""

    role: RoleId
    after_s: float

    def __post_init__(self) -> None:
        """Refuse a bad role or wait; quantise to the millisecond."""
        check_id(self.role, what="rung")
        if not 0.0 <= self.after_s <= AFTER_S_MAX:
            raise ValueError(f"rung {self.role}: {self.after_s} s is outside 0 to {AFTER_S_MAX} s")
        object.__setattr__(self, "after_s", round(self.after_s * 1_000) / 1_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderOpened:
    """A matter is open since `opened_at`; these rungs count from then. Journal.

    The first `rings` rungs are rung by the node; above them it prepares drafts.
    """

    matter: Matter
    opened_at: datetime
    rungs: tuple[Rung, ...]
    rings: int

    def __post_init__(self) -> None:
        """Refuse an empty ladder, rungs that do not rise, a ring limit off the ladder."""
        require_utc(self.opened_at, what="ladder opened at")
        if not 1 <= len(self.rungs) <= RUNGS_MAX:
            raise ValueError(f"ladder: give 1 to {RUNGS_MAX} rungs; found {len(self.rungs)}")
        waits = [rung.after_s for rung in self.rungs]
        if waits != sorted(set(waits)):
            raise ValueError(f"ladder: rungs rise in time; found {waits} s")
        if not 0 <= self.rings <= len(self.rungs):
            raise ValueError(f"ladder: ring limit {self.rings} of {len(self.rungs)} rungs")


@dataclass(frozen=True, slots=True, kw_only=True)
class RungReached:
    """Rung `rung` (from 0) is due and the node rings that role. Journal, by the node."""

    matter: Matter
    rung: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftPrepared:
    """Rung `rung` (from 0) is above the ring limit: a brief and a call to the like role, unsent.

    Journal, by the node. A person decides whether to ring the own role, and whether to place
    the call. `to_role` is the counterpart's like role, None where it has none.
    """

    matter: Matter
    rung: int
    brief: FreeText
    from_role: RoleId
    to_party: PartyId | None = None
    to_role: RoleId | None = None
    kind: CallKind | None = None
    precedence: Precedence | None = None
    content: CallContent | None = None


class LadderEnd(StrEnum):
    """Why a ladder ends."""

    ACKNOWLEDGED = "acknowledged"  # a person of the own side took the matter
    ANSWERED = "answered"
    STAND_BY = "stand-by"  # heard from; the stand-by has its own time
    HEARD_BY_CALLER = "heard-by-caller"  # an answer by voice, in the caller's own log
    RECEIVED = "received"
    CALL_ENDED = "call-ended"
    STOP_ENDED = "stop-ended"  # renewed, lifted or expired
    ALERT_ACKNOWLEDGED = "alert-acknowledged"  # a person saw it, by an entry of its own
    ALERT_ENDED = "alert-ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderEnded:
    """The matter no longer waits. It never rings again. Journal."""

    matter: Matter
    end: LadderEnd


LadderEvent = LadderOpened | RungReached | DraftPrepared | LadderEnded


class LadderState(StrEnum):
    """How a ladder stands."""

    UNOPENED = "unopened"
    CLIMBING = "climbing"
    AT_TOP = "at-top"
    ENDED = "ended"


class LadderStep(StrEnum):
    """What can happen to a ladder."""

    OPEN = "open"
    REACH = "reach"
    REACH_TOP = "reach-top"
    END = "end"


_NO, _AGAIN = Verdict.REFUSED, Verdict.DUPLICATE
_S, _E = LadderState, LadderStep

LADDER_TABLE: Table[LadderState, LadderStep] = Table(
    name="ladder",
    states=LadderState,
    events=LadderStep,
    rows={
        (_S.UNOPENED, _E.OPEN): _S.CLIMBING,
        (_S.UNOPENED, _E.REACH): _NO,
        (_S.UNOPENED, _E.REACH_TOP): _NO,
        (_S.UNOPENED, _E.END): _NO,
        (_S.CLIMBING, _E.OPEN): _AGAIN,
        (_S.CLIMBING, _E.REACH): _S.CLIMBING,
        (_S.CLIMBING, _E.REACH_TOP): _S.AT_TOP,
        (_S.CLIMBING, _E.END): _S.ENDED,
        (_S.AT_TOP, _E.OPEN): _AGAIN,
        (_S.AT_TOP, _E.REACH): _AGAIN,
        (_S.AT_TOP, _E.REACH_TOP): _AGAIN,
        (_S.AT_TOP, _E.END): _S.ENDED,
        (_S.ENDED, _E.OPEN): _NO,
        (_S.ENDED, _E.REACH): _NO,
        (_S.ENDED, _E.REACH_TOP): _NO,
        (_S.ENDED, _E.END): _AGAIN,
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """A ladder over one matter. `reached` counts the rungs reached; `next_due_at` is the next.

    `next_due_at` is set exactly while it climbs.
    """

    state: LadderState
    opened: LadderOpened
    reached: int
    next_due_at: datetime | None
    steps: tuple[tuple[Stamp, LadderEvent], ...]

    def __post_init__(self) -> None:
        """Tie the deadline and the rung to the state."""
        climbing = self.state is LadderState.CLIMBING
        assert climbing == (self.next_due_at is not None), "a climbing ladder has one deadline"
        assert 0 <= self.reached <= len(self.opened.rungs)
        if climbing:
            assert self.next_due_at == rung_due_at(self.opened, self.reached)


def rung_due_at(opened: LadderOpened, rung: int) -> datetime | None:
    """When that rung (from 0) is due; None beyond the last."""
    if rung >= len(opened.rungs):
        return None
    return later(opened.opened_at, by_s=opened.rungs[rung].after_s)


def due(ladder: Ladder, *, now: datetime) -> RungReached | int | None:
    """What the ladder asks for at `now`: a rung to ring, the number of one to draft, or nothing.

    One rung at a time, in order, however late: nothing is skipped. Implements LINE-093.
    """
    if ladder.next_due_at is None or now < ladder.next_due_at:
        return None
    if ladder.reached < ladder.opened.rings:
        return RungReached(matter=ladder.opened.matter, rung=ladder.reached)
    return ladder.reached


def advance(held: Ladder | None, event: LadderEvent, stamp: Stamp) -> Ladder | Refused | Duplicate:
    """The ladder after the journal's next entry. Implements LINE-090 to LINE-096."""
    now = LadderState.UNOPENED if held is None else held.state
    state = decide(LADDER_TABLE, now, step_of(held, event), remedy=AGAIN)
    if not isinstance(state, LadderState):
        return state
    if isinstance(event, LadderOpened):
        return Ladder(
            state=state,
            opened=event,
            reached=0,
            next_due_at=rung_due_at(event, 0),
            steps=((stamp, event),),
        )
    assert held is not None
    assert held.opened.matter == event.matter, "a machine is handed only its own matter"
    steps = (*held.steps, (stamp, event))
    if isinstance(event, LadderEnded):
        by_person = event.end is LadderEnd.ACKNOWLEDGED
        refused = need_person(stamp, what="taking a matter") if by_person else None
        if refused is not None:
            return refused
        return replace(held, state=state, next_due_at=None, steps=steps)
    no = _guard(held, event, stamp)
    if no is not None:
        return no
    reached = event.rung + 1
    return replace(
        held,
        state=state,
        reached=reached,
        next_due_at=rung_due_at(held.opened, reached),
        steps=steps,
    )


def step_of(held: Ladder | None, event: LadderEvent) -> LadderStep:
    """The table's word for an event."""
    match event:
        case LadderOpened():
            return LadderStep.OPEN
        case LadderEnded():
            return LadderStep.END
        case RungReached(rung=rung) | DraftPrepared(rung=rung):
            top = held is not None and rung == len(held.opened.rungs) - 1
            return LadderStep.REACH_TOP if top else LadderStep.REACH


def _guard(
    held: Ladder, event: RungReached | DraftPrepared, stamp: Stamp
) -> Refused | Duplicate | None:
    """Refuse a rung out of order, before its time, or by the wrong means."""
    if event.rung < held.reached:
        return Duplicate(text=f"rung {event.rung} was already reached")
    if event.rung > held.reached:
        text = f"rung {event.rung} comes after {held.reached}; climb one rung at a time"
        return Refused(code=RefusalCode.WRONG_STATE, text=text)
    assert held.next_due_at is not None
    if stamp.at < held.next_due_at:
        text = f"rung {event.rung} is due {format_instant(held.next_due_at)}; wait for it"
        return Refused(code=RefusalCode.BAD_TIME, text=text)
    rings = event.rung < held.opened.rings
    if rings == isinstance(event, RungReached):
        return None
    text = f"rung {event.rung}: ring up to rung {held.opened.rings - 1}, above it draft"
    return Refused(code=RefusalCode.OUT_OF_SCOPE, text=text)
