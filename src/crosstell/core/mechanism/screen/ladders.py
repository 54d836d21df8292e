"""What waits for our own side and how far its ladder has climbed; who is on watch."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crosstell.core.ids import AlertId, CallId, EntryRef, PartyId, RoleId
from crosstell.core.line.content import CallContent
from crosstell.core.line.escalation import (
    DraftPrepared,
    IncomingCall,
    Ladder,
    LadderEnded,
    LadderState,
    Matter,
    MatterKind,
    OwnCall,
    OwnVoiceLog,
    RaisedAlert,
    matter_key,
    rung_due_at,
)
from crosstell.core.line.message import CallKind, Precedence
from crosstell.core.line.watch.voice import VoiceLogId
from crosstell.core.state.state import State


class Means(StrEnum):
    """What the node does at a rung."""

    RING = "ring"
    DRAFT = "draft"  # above the ring limit: a person decides


class Reached(StrEnum):
    """Whether a rung was reached."""

    REACHED = "reached"
    NEXT = "next"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderRung:
    """One rung: whom, when, by what means, and whether it was reached."""

    role: RoleId
    due_at: datetime
    means: Means
    reached: Reached


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedDraft:
    """What a rung above the ring limit holds ready: a brief, and a call that a person may send."""

    role: RoleId
    brief: str
    prepared_at: datetime
    to_party: PartyId | None = None
    to_role: RoleId | None = None
    kind: CallKind | None = None
    precedence: Precedence | None = None
    content: CallContent | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderView:
    """One matter of our own side. Exactly one of alert, call, entry and log says what it is about.

    `key` is the matter as text, `matter` the value by which a person takes it up.
    """

    key: str
    matter: Matter
    kind: MatterKind
    state: LadderState
    opened_at: datetime
    next_due_at: datetime | None
    rungs: tuple[LadderRung, ...]
    drafts: tuple[PreparedDraft, ...]
    alert: AlertId | None = None
    call: CallId | None = None
    entry: EntryRef | None = None
    log: VoiceLogId | None = None
    ended: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchView:
    """The watch that holds a role, since when, and what it was told at relief."""

    role: RoleId
    watch: str
    since: datetime
    briefed: tuple[str, ...]


def ladders_of(state: State) -> tuple[LadderView, ...]:
    """The running ladders by their opening, then those that ended last. Implements SCR-030."""
    running = sorted(state.journal.ladders.values(), key=_order)
    ended = sorted(state.journal.ended_lately.values(), key=_order)
    return tuple(_ladder(one) for one in (*running, *ended))


def watches_of(state: State) -> tuple[WatchView, ...]:
    """Every role that has a watch, by role. Implements SCR-031."""
    found = []
    for role in sorted(state.journal.watches):
        held = state.journal.watches[role]
        stamp, event = held.reliefs[-1]
        briefed = getattr(event, "briefed", ())
        found.append(WatchView(role=role, watch=held.watch, since=stamp.at, briefed=briefed))
    return tuple(found)


def _order(ladder: Ladder) -> tuple[datetime, str]:
    return ladder.opened.opened_at, matter_key(ladder.opened.matter)


def _ladder(ladder: Ladder) -> LadderView:
    opened = ladder.opened
    last = ladder.steps[-1][1]
    subject = opened.matter.subject
    return LadderView(
        key=matter_key(opened.matter),
        matter=opened.matter,
        kind=opened.matter.kind,
        state=ladder.state,
        opened_at=opened.opened_at,
        next_due_at=ladder.next_due_at,
        rungs=tuple(_rung(ladder, number) for number in range(len(opened.rungs))),
        drafts=tuple(
            PreparedDraft(
                role=event.from_role,
                brief=event.brief.text,
                prepared_at=stamp.at,
                to_party=event.to_party,
                to_role=event.to_role,
                kind=event.kind,
                precedence=event.precedence,
                content=event.content,
            )
            for stamp, event in ladder.steps
            if isinstance(event, DraftPrepared)
        ),
        alert=subject.alert if isinstance(subject, RaisedAlert) else None,
        call=subject.call if isinstance(subject, OwnCall) else None,
        entry=subject.call if isinstance(subject, IncomingCall) else None,
        log=subject.log if isinstance(subject, OwnVoiceLog) else None,
        ended=last.end.value if isinstance(last, LadderEnded) else None,
    )


def _rung(ladder: Ladder, number: int) -> LadderRung:
    opened = ladder.opened
    due_at = rung_due_at(opened, number)
    assert due_at is not None, "a rung of the ladder has its time"
    reached = Reached.REACHED if number < ladder.reached else Reached.AHEAD
    if number == ladder.reached and ladder.state is LadderState.CLIMBING:
        reached = Reached.NEXT
    return LadderRung(
        role=opened.rungs[number].role,
        due_at=due_at,
        means=Means.RING if number < opened.rings else Means.DRAFT,
        reached=reached,
    )
