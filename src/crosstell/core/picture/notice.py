"""A notice over its life: filed, superseded by its next version, withdrawn.

Rules of this file
- One owner: the feed of the filer. Version n+1 supersedes version n; nothing is ever edited.
- A notice keeps its kind: a zone does not become an activity.
- Withdrawn is final. *Expired* is a view (the window has ended), never a state.
- An own-force location or a notified site needs two persons: `second` differs from the speaker
  in role or watch, and is of the same party.
- Filed by a person: a node files nothing by itself.
- Releasable to nobody unless it says so.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from crosstell.core.errors import Duplicate, RefusalCode, Refused
from crosstell.core.ids import EntryRef, NoticeId, PartyId, check_id
from crosstell.core.instant import Window
from crosstell.core.picture.content import Content, NotifiedSite, OwnForceLocation, volumes_of
from crosstell.core.picture.party import Speaker
from crosstell.core.picture.releasing.coarse import Coarsening
from crosstell.core.picture.wording import MARKING_LENGTH_MAX, check_text
from crosstell.core.table import Stamp, Table, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFiled:
    """Version `version` (from 1) of a notice, whole; it supersedes the version before.

    `marking` is the filer's own; `releasable_to` names the parties that may hold the body, none
    by default. `reason` says why a later version was filed, `coarsened` that the areas or times are
    wider than what the filer holds at home. Implements PIC-001, PIC-005.
    """

    notice: NoticeId
    version: int
    content: Content
    marking: str
    releasable_to: tuple[PartyId, ...] = ()
    reason: str | None = None
    second: Speaker | None = None
    coarsened: Coarsening | None = None

    def __post_init__(self) -> None:
        """Refuse a version below 1, an empty marking, a party named twice."""
        check_id(self.notice, what="notice")
        if self.version < 1:
            raise ValueError(f"notice {self.notice}: version {self.version}; versions begin at 1")
        check_text(
            self.marking, what=f"notice {self.notice}: marking", length_max=MARKING_LENGTH_MAX
        )
        for party in self.releasable_to:
            check_id(party, what=f"notice {self.notice}: releasable to")
        if len(set(self.releasable_to)) != len(self.releasable_to):
            raise ValueError(f"notice {self.notice}: releasable to names a party twice")
        if self.reason is not None:
            check_text(self.reason, what=f"notice {self.notice}: reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeWithdrawn:
    """The notice, whose standing version is `version`, no longer holds. Implements PIC-003."""

    notice: NoticeId
    version: int
    reason: str

    def __post_init__(self) -> None:
        """Refuse a withdrawal without reason."""
        check_id(self.notice, what="notice")
        check_text(self.reason, what=f"notice {self.notice}: reason")


NoticeEvent = NoticeFiled | NoticeWithdrawn


class NoticeState(StrEnum):
    """Where a notice stands."""

    ABSENT = "absent"  # nothing filed under this id
    FILED = "filed"  # its first version stands
    SUPERSEDED = "superseded"  # a later version stands, the earlier ones are kept
    WITHDRAWN = "withdrawn"  # none stands


class NoticeStep(StrEnum):
    """What the filer can do."""

    FILE = "file"
    WITHDRAW = "withdraw"


NOTICE_TABLE: Table[NoticeState, NoticeStep] = Table(
    name="notice",
    states=NoticeState,
    events=NoticeStep,
    rows={
        (NoticeState.ABSENT, NoticeStep.FILE): NoticeState.FILED,
        (NoticeState.ABSENT, NoticeStep.WITHDRAW): Verdict.REFUSED,
        (NoticeState.FILED, NoticeStep.FILE): NoticeState.SUPERSEDED,
        (NoticeState.FILED, NoticeStep.WITHDRAW): NoticeState.WITHDRAWN,
        (NoticeState.SUPERSEDED, NoticeStep.FILE): NoticeState.SUPERSEDED,
        (NoticeState.SUPERSEDED, NoticeStep.WITHDRAW): NoticeState.WITHDRAWN,
        (NoticeState.WITHDRAWN, NoticeStep.FILE): Verdict.REFUSED,
        (NoticeState.WITHDRAWN, NoticeStep.WITHDRAW): Verdict.DUPLICATE,
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """One version with the entry that filed it."""

    event: NoticeFiled
    stamp: Stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """The withdrawal with its entry."""

    event: NoticeWithdrawn
    stamp: Stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """All versions of one notice, in order, and its withdrawal if there is one.

    As many versions as its filer's feed holds: a later version is never dropped for room.
    """

    notice: NoticeId
    state: NoticeState
    versions: tuple[Filed, ...]
    withdrawal: Withdrawal | None = None

    def __post_init__(self) -> None:
        """A notice holds its versions without a gap; it is withdrawn by its withdrawal only."""
        assert [filed.event.version for filed in self.versions] == list(
            range(1, len(self.versions) + 1)
        )
        assert (self.state is NoticeState.WITHDRAWN) == (self.withdrawal is not None)

    @property
    def latest(self) -> Filed:
        """The newest version, standing unless the notice is withdrawn."""
        return self.versions[-1]

    def version_of(self, ref: EntryRef) -> int | None:
        """The version that this entry filed, or None if it filed none of them."""
        for filed in self.versions:
            if filed.stamp.ref == ref:
                return filed.event.version
        return None


def advance(
    notice: Notice | None, event: NoticeEvent, stamp: Stamp
) -> Notice | Refused | Duplicate:
    """The notice after the filer's event. Implements PIC-001 to PIC-006."""
    match event:
        case NoticeFiled():
            return _file(notice, event, stamp)
        case NoticeWithdrawn():
            return _withdraw(notice, event, stamp)


def needs_second_person(content: Content) -> bool:
    """Whether two persons must file this kind: where own forces are, and notified sites."""
    return isinstance(content, OwnForceLocation | NotifiedSite)


class NoticeTime(StrEnum):
    """How a notice's windows lie to an instant; a view, never recorded."""

    NOT_YET = "not-yet"
    IN_WINDOW = "in-window"
    BETWEEN = "between"  # between two of its windows
    EXPIRED = "expired"
    WITHOUT_TIME = "without-time"


def time_of(content: Content, at: datetime) -> NoticeTime:
    """How the content's half-open windows lie to `at`. Implements PIC-004."""
    windows: tuple[Window, ...] = tuple(volume.window for volume in volumes_of(content))
    if not windows:
        return NoticeTime.WITHOUT_TIME
    if any(window.holds(at) for window in windows):
        return NoticeTime.IN_WINDOW
    if all(at < window.start for window in windows):
        return NoticeTime.NOT_YET
    if all(window.end <= at for window in windows):
        return NoticeTime.EXPIRED
    return NoticeTime.BETWEEN


def _file(notice: Notice | None, event: NoticeFiled, stamp: Stamp) -> Notice | Refused | Duplicate:
    if notice is not None and any(filed.event == event for filed in notice.versions):
        return Duplicate(text=f"notice {event.notice}: version {event.version} is already filed")
    refusal = _unfit(event, stamp) or _out_of_turn(notice, event)
    if refusal is not None:
        return refusal
    state = notice.state if notice is not None else NoticeState.ABSENT
    after = NOTICE_TABLE.next(state, NoticeStep.FILE)
    if isinstance(after, Verdict):
        return Refused(
            code=RefusalCode.WRONG_STATE,
            text=f"notice {event.notice} is withdrawn; file a new notice under a new id",
        )
    filed = Filed(event=event, stamp=stamp)
    if notice is None:
        return Notice(notice=event.notice, state=after, versions=(filed,))
    return replace(notice, state=after, versions=(*notice.versions, filed))


def _withdraw(
    notice: Notice | None, event: NoticeWithdrawn, stamp: Stamp
) -> Notice | Refused | Duplicate:
    if notice is None:
        return Refused(
            code=RefusalCode.UNKNOWN_OBJECT,
            text=f"notice {event.notice} was never filed; there is nothing to withdraw",
        )
    after = NOTICE_TABLE.next(notice.state, NoticeStep.WITHDRAW)
    if isinstance(after, Verdict):
        return Duplicate(text=f"notice {event.notice} is already withdrawn")
    if stamp.by is None:
        return _by_nobody(event.notice, what="withdrawn")
    standing = notice.latest.event.version
    if event.version != standing:
        return Refused(
            code=RefusalCode.BAD_CONTENT,
            text=f"notice {event.notice}: version {event.version} is not the one that stands; "
            f"withdraw version {standing}",
        )
    return replace(notice, state=after, withdrawal=Withdrawal(event=event, stamp=stamp))


def _unfit(event: NoticeFiled, stamp: Stamp) -> Refused | None:
    first = stamp.by
    if first is None:
        return _by_nobody(event.notice, what="filed")
    if not needs_second_person(event.content):
        return None
    second = event.second
    if second is None:
        why = "needs a second person; name the role and watch who checked it"
    elif second.party != first.party:
        why = f"second person is of {second.party}; both must be of {first.party}"
    elif (second.role, second.watch) == (first.role, first.watch):
        why = f"second person is the first again ({first.role} {first.watch}); name another"
    else:
        return None
    return Refused(code=RefusalCode.NOT_RELEASED, text=f"notice {event.notice}: {why}")


def _out_of_turn(notice: Notice | None, event: NoticeFiled) -> Refused | None:
    due = 1 if notice is None else notice.latest.event.version + 1
    if notice is not None and notice.state is NoticeState.WITHDRAWN:
        return None  # the table says it better
    if event.version < due:
        return Refused(
            code=RefusalCode.ALREADY_USED,
            text=f"notice {event.notice}: version {event.version} was filed with other content; "
            f"file version {due}",
        )
    if event.version > due:
        return Refused(
            code=RefusalCode.BAD_CONTENT,
            text=f"notice {event.notice}: version {event.version} leaves a gap; file version {due}",
        )
    if notice is not None and type(notice.latest.event.content) is not type(event.content):
        return Refused(
            code=RefusalCode.BAD_CONTENT,
            text=f"notice {event.notice} keeps its kind; withdraw it and file a new notice",
        )
    return None


def _by_nobody(notice: NoticeId, *, what: str) -> Refused:
    return Refused(
        code=RefusalCode.NOT_OWNER,
        text=f"notice {notice}: a notice is {what} by a person; say which role and watch",
    )
