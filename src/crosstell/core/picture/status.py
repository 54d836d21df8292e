"""What a party states of another party's notice: received, observed in practice, contested.

Rules of this file
- One owner: the feed of the party that states. The filer's notice is never changed by it.
- A status is of one version: the entry that filed it. A later version has its own statuses.
- A status holds for the components in its scope; the latest statement that covers a component
  stands for it. Every statement may be followed by any other: a party corrects itself.
- *Unanswered* is the absence of a statement. It is never recorded and silence is no consent.
- *Received* confirms receipt only. *Observed in practice* is without prejudice.
- A person states it, and never of the own party's notice.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from crosstell.core.errors import Duplicate, RefusalCode, Refused
from crosstell.core.ids import ComponentId, EntryRef, ForeignRef, PartyId
from crosstell.core.picture.notice import Notice, NoticeState
from crosstell.core.picture.party import Scope, Speaker
from crosstell.core.picture.scoped import (
    ANY_OTHER,
    latest_for,
    row_name,
    rows_for,
    still_standing,
)
from crosstell.core.picture.wording import WITHOUT_PREJUDICE, check_text, quoted
from crosstell.core.table import Stamp, Table


class StatedStatus(StrEnum):
    """What can be stated of another party's notice."""

    RECEIVED = "received"
    OBSERVED_IN_PRACTICE = "observed-in-practice"
    CONTESTED = "contested"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusStated:
    """What the components in `scope` state of the notice version that `notice` names.

    Implements PIC-010.
    """

    notice: ForeignRef
    status: StatedStatus
    scope: Scope
    text: str | None = None

    def __post_init__(self) -> None:
        """Refuse an empty text."""
        if self.text is not None:
            check_text(self.text, what="status: text")


class StatusState(StrEnum):
    """Where one component stands towards one notice version."""

    UNANSWERED = "unanswered"
    RECEIVED = "received"
    OBSERVED_IN_PRACTICE = "observed-in-practice"
    CONTESTED = "contested"


_AFTER: dict[StatedStatus, StatusState] = {
    StatedStatus.RECEIVED: StatusState.RECEIVED,
    StatedStatus.OBSERVED_IN_PRACTICE: StatusState.OBSERVED_IN_PRACTICE,
    StatedStatus.CONTESTED: StatusState.CONTESTED,
}

STATUS_TABLE: Table[StatusState, StatedStatus] = Table(
    name="status",
    states=StatusState,
    events=StatedStatus,
    rows={(state, event): _AFTER[event] for state in StatusState for event in StatedStatus},
)


_WORDS: dict[StatedStatus, str] = {
    StatedStatus.RECEIVED: "received (receipt only, no acceptance)",
    StatedStatus.OBSERVED_IN_PRACTICE: f"observed in practice ({WITHOUT_PREJUDICE})",
    StatedStatus.CONTESTED: "contested",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """One statement with the entry that made it."""

    event: StatusStated
    stamp: Stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """One party's standing statements about one notice version, in the order of its feed."""

    notice: EntryRef
    statements: tuple[Stated, ...]


def advance(
    status: Status | None, event: StatusStated, stamp: Stamp
) -> Status | Refused | Duplicate:
    """The party's status after its statement. Implements PIC-010 to PIC-013."""
    if stamp.by is None:
        return Refused(
            code=RefusalCode.NOT_OWNER,
            text="a status is stated by a person; say which role and watch",
        )
    if not isinstance(event.notice, EntryRef):
        return Refused(
            code=RefusalCode.UNKNOWN_OBJECT,
            text=f"status: notice {event.notice.id} of {event.notice.party} is not held here",
        )
    if event.notice.feed == stamp.ref.feed:
        return Refused(
            code=RefusalCode.OUT_OF_SCOPE,
            text="a party states no status towards its own notice; supersede or withdraw it",
        )
    if status is None:
        return Status(notice=event.notice, statements=(Stated(event=event, stamp=stamp),))
    if status.statements[-1].event == event:
        return Duplicate(text=f"status {event.status} is already stated, in the same words")
    said = (*status.statements, Stated(event=event, stamp=stamp))
    return replace(status, statements=still_standing(said, scope_of=_scope))


def state_for(status: Status | None, component: ComponentId) -> StatusState:
    """Where `component` stands: its statements, run through the table."""
    state = StatusState.UNANSWERED
    for stated in status.statements if status is not None else ():
        if stated.event.scope.covers(component):
            after = STATUS_TABLE.next(state, stated.event.status)
            assert isinstance(after, StatusState)
            state = after
    return state


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyStatuses:
    """What one other party has stated, with the components that are known of it."""

    party: PartyId
    components: tuple[ComponentId, ...]
    statuses: tuple[Status, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusRow:
    """One line of the matrix: one component of one other party.

    `status` is towards the version that stands: unanswered if only an earlier one was answered.
    `stated_of` is the version the status was stated of; `text` says it exactly. `component` is
    None for the rest of a party of which no components are known.
    """

    party: PartyId
    component: ComponentId | None
    status: StatusState
    stated_of: int | None
    stated_at: datetime | None
    by: Speaker | None
    text: str


def status_matrix(notice: Notice, parties: tuple[PartyStatuses, ...]) -> tuple[StatusRow, ...]:
    """Every component of every other party, known or named, and where it stands towards `notice`.

    For each component the statement about the highest version counts; a status of an earlier
    version says so and is not carried over. Implements PIC-012, PIC-014.
    """
    rows: list[StatusRow] = []
    for held in parties:
        scopes = [said.event.scope for status in held.statuses for said in status.statements]
        components = rows_for(held.components, scopes)
        for component in components:
            who = row_name(held.party, component, is_only=len(components) == 1)
            rows.append(_row(notice, held, component, who))
    return tuple(rows)


def _row(notice: Notice, held: PartyStatuses, component: ComponentId | None, who: str) -> StatusRow:
    best: tuple[int, Stated] | None = None
    for status in held.statuses:
        version = notice.version_of(status.notice)
        stated = latest_for(status.statements, component or ANY_OTHER, scope_of=_scope)
        if version is not None and stated is not None and (best is None or version > best[0]):
            best = (version, stated)
    if best is None:
        return StatusRow(
            party=held.party,
            component=component,
            status=StatusState.UNANSWERED,
            stated_of=None,
            stated_at=None,
            by=None,
            text=f"{who}: unanswered; silence is not consent",
        )
    version, stated = best
    return StatusRow(
        party=held.party,
        component=component,
        status=(
            _AFTER[stated.event.status]
            if version == notice.latest.event.version
            else StatusState.UNANSWERED
        ),
        stated_of=version,
        stated_at=stated.stamp.at,
        by=stated.stamp.by,
        text=f"{who}: {_words(stated.event)}{_version_words(notice, version)}",
    )


def _words(event: StatusStated) -> str:
    words = _WORDS[event.status]
    return words if event.text is None else f"{words}: {quoted(event.text)}"


def _version_words(notice: Notice, version: int) -> str:
    standing = notice.latest.event.version
    if notice.state is NoticeState.WITHDRAWN:
        return f", stated of version {version}; the notice is withdrawn"
    if version != standing:
        return f", stated of version {version}; version {standing} stands, unanswered"
    return f", stated of version {version}"


def _scope(stated: Stated) -> Scope:
    return stated.event.scope
