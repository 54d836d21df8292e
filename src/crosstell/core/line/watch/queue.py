"""What waits for the watch, since when, and which call goes first.

Pure views over the machines of several feeds. A *wait* is a matter with the moment it opens; it
is there from the beginning, so that the next moment to look is known, and it is gone when it no
longer waits. The mechanism opens a ladder when the moment has come and none exists, and ends a
ladder whose wait is gone. A test call that nobody answers opens no matter: the line shows it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from crosstell.core.ids import EntryRef, PartyId, RoleId
from crosstell.core.instant import format_instant, later
from crosstell.core.line.acknowledgement import Acknowledgement, Stage
from crosstell.core.line.call import Call, stop_stands
from crosstell.core.line.content import CallContent, FreeText
from crosstell.core.line.ended import EndedMatters, has_ended
from crosstell.core.line.escalation import (
    DraftPrepared,
    IncomingCall,
    Ladder,
    LadderEnd,
    Matter,
    MatterKind,
    OwnCall,
    matter_key,
    rung_due_at,
)
from crosstell.core.line.message import CallKind, Precedence
from crosstell.core.line.view import AnswerStanding, CallSides, answer_clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """A matter and the moment from which it waits for a person; the moment may lie ahead."""

    matter: Matter
    opens_at: datetime


def own_call_waits(sides: CallSides, *, now: datetime, stop_lead_s: float) -> tuple[Wait, ...]:
    """What one of our own calls leaves waiting at `now`, or will. Implements LINE-091.

    The answer from the answer time on, and again from when one is taken back; an expired
    stand-by from its time on; a standing stop from `stop_lead_s` before it expires.
    """
    call = sides.call
    if call.placed.kind is CallKind.TEST:
        return ()
    subject = OwnCall(call=call.placed.call)
    waits = []
    clock = answer_clock(sides, now=now)
    if clock.due_at is not None:
        by_time = clock.standing in (AnswerStanding.OWED, AnswerStanding.CHECKING)
        kind = MatterKind.CALL_UNANSWERED if by_time else MatterKind.STAND_BY_EXPIRED
        matter = Matter(kind=kind, subject=subject, mark=clock.taken_back_at)
        waits.append(Wait(matter=matter, opens_at=clock.due_at))
    if call.expires_at is not None and stop_stands(call, at=now):
        matter = Matter(kind=MatterKind.STOP_EXPIRING, subject=subject, mark=call.expires_at)
        opens_at = max(later(call.expires_at, by_s=-stop_lead_s), call.placed_stamp.at)
        waits.append(Wait(matter=matter, opens_at=opens_at))
    return tuple(waits)


def incoming_call_wait(
    call: Call, held: Acknowledgement | None, *, ref: EntryRef, held_since: datetime
) -> Wait | None:
    """An incoming call that no person here has received, from when this node held it.

    `ref` is the entry that placed it. None once a person received it, or its caller ended it.
    """
    received = held is not None and held.stage not in (Stage.UNSEEN, Stage.DELIVERED)
    if received or call.ended is not None:
        return None
    matter = Matter(kind=MatterKind.CALL_NOT_RECEIVED, subject=IncomingCall(call=ref))
    return Wait(matter=matter, opens_at=held_since)


def unopened(
    waits: tuple[Wait, ...], ladders: Mapping[Matter, Ladder], ended: EndedMatters
) -> tuple[Wait, ...]:
    """The waits that never had a ladder, in order."""
    found = (w for w in waits if w.matter not in ladders and not has_ended(ended, w.matter))
    return in_order(found)


def to_end(waits: tuple[Wait, ...], ladders: Mapping[Matter, Ladder]) -> tuple[Matter, ...]:
    """The matters of running ladders that no longer wait, in order of their keys."""
    waiting = {wait.matter for wait in waits}
    return tuple(sorted(ladders.keys() - waiting, key=matter_key))


def next_due_at(to_come: tuple[Wait, ...], ladders: Mapping[Matter, Ladder]) -> datetime | None:
    """The next moment at which a ladder opens or a rung is reached; None: never.

    `to_come` are the waits that never had a ladder. Implements LINE-094.
    """
    openings = [w.opens_at for w in to_come]
    rungs = [held.next_due_at for held in ladders.values() if held.next_due_at is not None]
    return min(openings + rungs, default=None)


def in_order(waits: Iterable[Wait]) -> tuple[Wait, ...]:
    """By moment, then by key."""
    return tuple(sorted(waits, key=_order))


def _order(wait: Wait) -> tuple[datetime, str]:
    return wait.opens_at, matter_key(wait.matter)


def why_own_call_ended(sides: CallSides, matter: Matter, *, now: datetime) -> LadderEnd:
    """Why a matter of one of our own calls no longer waits."""
    if sides.call.ended is not None:
        return LadderEnd.CALL_ENDED
    if matter.kind is MatterKind.STOP_EXPIRING or sides.call.lifted is not None:
        return LadderEnd.STOP_ENDED
    standing = answer_clock(sides, now=now).standing
    if standing is AnswerStanding.HEARD_BY_CALLER:
        return LadderEnd.HEARD_BY_CALLER
    stood_by = (AnswerStanding.STANDING_BY, AnswerStanding.STAND_BY_EXPIRED)
    return LadderEnd.STAND_BY if standing in stood_by else LadderEnd.ANSWERED


# Above the ring limit: a brief and a draft, like speaks to like.


def prepare_draft(
    ladder: Ladder,
    *,
    rung: int,
    to_party: PartyId | None,
    like_roles: tuple[tuple[RoleId, RoleId], ...],
    content: CallContent | None,
) -> DraftPrepared:
    """The draft for a rung above the ring limit: a brief, and a call to the like role, unsent.

    `like_roles` pairs own roles with the counterpart's. Without a like role, or without a
    party, there is a brief and no call. Implements LINE-095.
    """
    own = ladder.opened.rungs[rung].role
    to_role = dict(like_roles).get(own)
    place_call = to_party is not None and to_role is not None
    stop = ladder.opened.matter.kind is MatterKind.STOP_EXPIRING
    return DraftPrepared(
        matter=ladder.opened.matter,
        rung=rung,
        brief=FreeText(text=_brief(ladder, rung), language="en"),
        from_role=own,
        to_party=to_party if place_call else None,
        to_role=to_role if place_call else None,
        kind=(CallKind.WARN if not stop else CallKind.STOP) if place_call else None,
        precedence=Precedence.FLASH if place_call else None,
        content=content if place_call else None,
    )


def _brief(ladder: Ladder, rung: int) -> str:
    """What a person above the ring limit needs to know first."""
    opened = ladder.opened
    lines = [
        f"{opened.rungs[rung].role}: {matter_key(opened.matter)}.",
        f"Open since {format_instant(opened.opened_at)}.",
    ]
    for number in range(min(rung, ladder.reached)):
        due_at = rung_due_at(opened, number)
        assert due_at is not None
        means = "rung" if number < opened.rings else "draft prepared"
        lines.append(f"{opened.rungs[number].role}: {means}, due {format_instant(due_at)}.")
    if opened.matter.kind is MatterKind.DURESS_HEARD:
        lines.append("Say nothing on the line.")
    lines.append("Nothing was sent. A person decides.")
    return " ".join(lines)


# Which call goes first.

_PRECEDENCE = {precedence: rank for rank, precedence in enumerate(Precedence)}


def call_order(call: Call, *, now: datetime) -> tuple[int, int, datetime, EntryRef]:
    """A sort key: standing stops, then by precedence, then the older first. Implements LINE-016."""
    stop = 0 if stop_stands(call, at=now) else 1
    stamp = call.placed_stamp
    return stop, _PRECEDENCE[call.placed.precedence], stamp.at, stamp.ref


def interrupts(call: Call, other: Call, *, now: datetime) -> bool:
    """Whether `call` is put before the operator at once, over `other`: a standing stop over
    any call that is not one.
    """
    return stop_stands(call, at=now) and not stop_stands(other, at=now)
