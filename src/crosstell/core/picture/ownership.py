"""Whose an object is, as each party states it: ours, not ours, checking, disputed.

Rules of this file
- One owner: the feed (or journal) of the party that states. Claims stand side by side.
- An answer holds for the components in its scope; the latest that covers a component stands.
- *Checking* gives way to any answer. A definite answer changes by an expressed correction only,
  with its reason; the record keeps both.
- Nobody can state it for a component that the scope says it cannot speak for.
- *Not ours* lowers no alert and is never shown as clear to engage.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from crosstell.core.errors import Duplicate, RefusalCode, Refused
from crosstell.core.ids import ComponentId, EntryRef, Latest, Named, PartyId, TrackId, check_id
from crosstell.core.picture.party import Scope, Speaker
from crosstell.core.picture.scoped import (
    ANY_OTHER,
    latest_for,
    named_in,
    row_name,
    rows_for,
    scope_text,
    still_standing,
)
from crosstell.core.picture.wording import NOT_CLEAR_TO_ENGAGE, check_text, quoted
from crosstell.core.table import Stamp, Table, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTrack:
    """A track of our own picture. It never leaves the journal."""

    track: TrackId

    def __post_init__(self) -> None:
        """Refuse what is not an id."""
        check_id(self.track, what="track")


Subject = EntryRef | Named | Latest | OwnTrack  # the entry that speaks of the object, or our track


class OwnershipAnswer(StrEnum):
    """What a party can say of an object."""

    OURS = "ours"
    NOT_OURS = "not-ours"
    CHECKING = "checking"
    DISPUTED = "disputed"  # that the object is there, or is what the other says, is disputed


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnershipStated:
    """What the components in `scope` say of the object. Implements PIC-030."""

    subject: Subject
    answer: OwnershipAnswer
    scope: Scope
    text: str | None = None

    def __post_init__(self) -> None:
        """Refuse an empty text."""
        if self.text is not None:
            check_text(self.text, what="ownership: text")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnershipCorrected:
    """The components in `scope` take back what stood and say `answer`. Implements PIC-031."""

    subject: Subject
    answer: OwnershipAnswer
    scope: Scope
    reason: str

    def __post_init__(self) -> None:
        """Refuse a correction without reason."""
        check_text(self.reason, what="ownership: reason of the correction")


OwnershipEvent = OwnershipStated | OwnershipCorrected


class OwnershipState(StrEnum):
    """What one component has said of one object."""

    UNANSWERED = "unanswered"
    OURS = "ours"
    NOT_OURS = "not-ours"
    CHECKING = "checking"
    DISPUTED = "disputed"


class OwnershipStep(StrEnum):
    """What can be said: an answer, or an answer as a correction."""

    OURS = "ours"
    NOT_OURS = "not-ours"
    CHECKING = "checking"
    DISPUTED = "disputed"
    CORRECT_TO_OURS = "correct-to-ours"
    CORRECT_TO_NOT_OURS = "correct-to-not-ours"
    CORRECT_TO_CHECKING = "correct-to-checking"
    CORRECT_TO_DISPUTED = "correct-to-disputed"


_S, _E, _V = OwnershipState, OwnershipStep, Verdict

OWNERSHIP_TABLE: Table[OwnershipState, OwnershipStep] = Table(
    name="ownership",
    states=OwnershipState,
    events=OwnershipStep,
    rows={
        (_S.UNANSWERED, _E.OURS): _S.OURS,
        (_S.UNANSWERED, _E.NOT_OURS): _S.NOT_OURS,
        (_S.UNANSWERED, _E.CHECKING): _S.CHECKING,
        (_S.UNANSWERED, _E.DISPUTED): _S.DISPUTED,
        (_S.UNANSWERED, _E.CORRECT_TO_OURS): _V.REFUSED,
        (_S.UNANSWERED, _E.CORRECT_TO_NOT_OURS): _V.REFUSED,
        (_S.UNANSWERED, _E.CORRECT_TO_CHECKING): _V.REFUSED,
        (_S.UNANSWERED, _E.CORRECT_TO_DISPUTED): _V.REFUSED,
        (_S.CHECKING, _E.OURS): _S.OURS,
        (_S.CHECKING, _E.NOT_OURS): _S.NOT_OURS,
        (_S.CHECKING, _E.CHECKING): _V.DUPLICATE,
        (_S.CHECKING, _E.DISPUTED): _S.DISPUTED,
        (_S.CHECKING, _E.CORRECT_TO_OURS): _S.OURS,
        (_S.CHECKING, _E.CORRECT_TO_NOT_OURS): _S.NOT_OURS,
        (_S.CHECKING, _E.CORRECT_TO_CHECKING): _V.DUPLICATE,
        (_S.CHECKING, _E.CORRECT_TO_DISPUTED): _S.DISPUTED,
        (_S.OURS, _E.OURS): _V.DUPLICATE,
        (_S.OURS, _E.NOT_OURS): _V.REFUSED,
        (_S.OURS, _E.CHECKING): _V.REFUSED,
        (_S.OURS, _E.DISPUTED): _V.REFUSED,
        (_S.OURS, _E.CORRECT_TO_OURS): _V.DUPLICATE,
        (_S.OURS, _E.CORRECT_TO_NOT_OURS): _S.NOT_OURS,
        (_S.OURS, _E.CORRECT_TO_CHECKING): _S.CHECKING,
        (_S.OURS, _E.CORRECT_TO_DISPUTED): _S.DISPUTED,
        (_S.NOT_OURS, _E.OURS): _V.REFUSED,
        (_S.NOT_OURS, _E.NOT_OURS): _V.DUPLICATE,
        (_S.NOT_OURS, _E.CHECKING): _V.REFUSED,
        (_S.NOT_OURS, _E.DISPUTED): _V.REFUSED,
        (_S.NOT_OURS, _E.CORRECT_TO_OURS): _S.OURS,
        (_S.NOT_OURS, _E.CORRECT_TO_NOT_OURS): _V.DUPLICATE,
        (_S.NOT_OURS, _E.CORRECT_TO_CHECKING): _S.CHECKING,
        (_S.NOT_OURS, _E.CORRECT_TO_DISPUTED): _S.DISPUTED,
        (_S.DISPUTED, _E.OURS): _V.REFUSED,
        (_S.DISPUTED, _E.NOT_OURS): _V.REFUSED,
        (_S.DISPUTED, _E.CHECKING): _V.REFUSED,
        (_S.DISPUTED, _E.DISPUTED): _V.DUPLICATE,
        (_S.DISPUTED, _E.CORRECT_TO_OURS): _S.OURS,
        (_S.DISPUTED, _E.CORRECT_TO_NOT_OURS): _S.NOT_OURS,
        (_S.DISPUTED, _E.CORRECT_TO_CHECKING): _S.CHECKING,
        (_S.DISPUTED, _E.CORRECT_TO_DISPUTED): _V.DUPLICATE,
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnershipSaid:
    """One statement with the entry that made it."""

    event: OwnershipEvent
    stamp: Stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Ownership:
    """One party's standing statements about one object, in the order of its feed."""

    subject: EntryRef | OwnTrack
    statements: tuple[OwnershipSaid, ...]


def advance(
    ownership: Ownership | None, event: OwnershipEvent, stamp: Stamp
) -> Ownership | Refused | Duplicate:
    """The party's statements after one more. Implements PIC-030 to PIC-032.

    The table is asked for every component that any statement names and for all others together.
    If it refuses for one, nothing changes; if it changes nothing for all, it is a duplicate.
    """
    if stamp.by is None:
        return Refused(
            code=RefusalCode.NOT_OWNER,
            text="whose an object is, is stated by a person; say which role and watch",
        )
    subject = event.subject
    if isinstance(subject, Named | Latest):
        return Refused(
            code=RefusalCode.UNKNOWN_OBJECT,
            text=f"ownership: {subject.id} of {subject.party} is not held here",
        )
    said = ownership.statements if ownership is not None else ()
    changes = False
    scopes = (*(one.event.scope for one in said), event.scope)
    for component in (*named_in(scopes), ANY_OTHER):
        if not event.scope.covers(component):
            continue
        before = state_for(ownership, component)
        after = OWNERSHIP_TABLE.next(before, _step(event))
        if after is Verdict.REFUSED:
            return _refusal(component, before, event)
        changes = changes or after is not Verdict.DUPLICATE
    if not changes:
        return Duplicate(text=f"'{event.answer}' already stands {scope_text(event.scope)}")
    kept = still_standing((*said, OwnershipSaid(event=event, stamp=stamp)), scope_of=_scope)
    if ownership is None:
        return Ownership(subject=subject, statements=kept)
    return replace(ownership, statements=kept)


def state_for(ownership: Ownership | None, component: ComponentId) -> OwnershipState:
    """What stands for `component`."""
    statements = ownership.statements if ownership is not None else ()
    latest = latest_for(statements, component, scope_of=_scope)
    return OwnershipState.UNANSWERED if latest is None else OwnershipState(latest.event.answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyOwnership:
    """What one party has stated of an object, with the components that are known of it."""

    party: PartyId
    components: tuple[ComponentId, ...]
    ownership: Ownership | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnershipRow:
    """One line of the matrix: one component of one party (None: the rest, none being known)."""

    party: PartyId
    component: ComponentId | None
    answer: OwnershipState
    stated_at: datetime | None
    by: Speaker | None
    text: str


def ownership_matrix(parties: tuple[PartyOwnership, ...]) -> tuple[OwnershipRow, ...]:
    """Every component of every party, known or named, and what it says of the object.

    Implements PIC-033, PIC-034.
    """
    rows: list[OwnershipRow] = []
    for held in parties:
        said = held.ownership.statements if held.ownership is not None else ()
        components = rows_for(held.components, (one.event.scope for one in said))
        for component in components:
            who = row_name(held.party, component, is_only=len(components) == 1)
            rows.append(_row(held, component, who))
    return tuple(rows)


def _row(held: PartyOwnership, component: ComponentId | None, who: str) -> OwnershipRow:
    statements = held.ownership.statements if held.ownership is not None else ()
    said = latest_for(statements, component or ANY_OTHER, scope_of=_scope)
    if said is None:
        return OwnershipRow(
            party=held.party,
            component=component,
            answer=OwnershipState.UNANSWERED,
            stated_at=None,
            by=None,
            text=f"{who}: unanswered",
        )
    return OwnershipRow(
        party=held.party,
        component=component,
        answer=OwnershipState(said.event.answer),
        stated_at=said.stamp.at,
        by=said.stamp.by,
        text=f"{who}: {answer_words(said.event)}",
    )


def answer_words(event: OwnershipEvent) -> str:
    """What it says, with what must stand beside it. Implements PIC-034."""
    words = f"says {event.answer.replace('-', ' ')}"
    match event:
        case OwnershipCorrected():
            words = f"{words}, as a correction: {quoted(event.reason)}"
        case OwnershipStated():
            words = words if event.text is None else f"{words}: {quoted(event.text)}"
    if event.answer is OwnershipAnswer.NOT_OURS:
        words = f"{words}; {NOT_CLEAR_TO_ENGAGE}"
    return words


def _step(event: OwnershipEvent) -> OwnershipStep:
    match event:
        case OwnershipStated():
            return OwnershipStep(event.answer)
        case OwnershipCorrected():
            return OwnershipStep(f"correct-to-{event.answer}")


def _refusal(component: ComponentId, before: OwnershipState, event: OwnershipEvent) -> Refused:
    whom = component or "the party"
    if before is OwnershipState.UNANSWERED:
        text = f"{whom} has stated nothing that could be corrected; state '{event.answer}'"
    else:
        text = (
            f"{whom} has stated '{before}'; to say '{event.answer}' state it as a correction, "
            "with its reason"
        )
    return Refused(code=RefusalCode.WRONG_STATE, text=f"ownership: {text}")


def _scope(said: OwnershipSaid) -> Scope:
    return said.event.scope
