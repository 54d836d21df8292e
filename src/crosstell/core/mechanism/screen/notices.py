"""Every notice that is held: own and others', kept at home or released, with each one's status."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crosstell.core.ids import EntryRef, NoticeId, PartyId
from crosstell.core.instant import seconds_between
from crosstell.core.picture.content import (
    Activity,
    AvoidanceRequest,
    Content,
    NotifiedMovement,
    NotifiedSite,
    OwnForceLocation,
    Zone,
    standing_phrase,
    volumes_of,
)
from crosstell.core.picture.notice import (
    Notice,
    NoticeState,
    NoticeTime,
    needs_second_person,
    time_of,
)
from crosstell.core.picture.party import Speaker
from crosstell.core.picture.releasing.coarse import Coarsening
from crosstell.core.picture.status import PartyStatuses, StatusRow, status_matrix
from crosstell.core.protocol.times import NoticeKind
from crosstell.core.state.state import State

OVER_SHOWN_S = 86_400.0  # how long a notice that is over stays on screen; the record holds it
NOTICES_MAX = 2_000

KINDS: dict[type[Content], NoticeKind] = {
    Activity: NoticeKind.ACTIVITY,
    Zone: NoticeKind.ZONE,
    OwnForceLocation: NoticeKind.OWN_FORCE_LOCATION,
    AvoidanceRequest: NoticeKind.AVOIDANCE_REQUEST,
    NotifiedSite: NoticeKind.NOTIFIED_SITE,
    NotifiedMovement: NoticeKind.NOTIFIED_MOVEMENT,
}


class Kept(StrEnum):
    """Where the notice is held."""

    HOME = "home"  # our own journal: nobody else has it
    SHARED = "shared"  # a party's feed


class Persons(StrEnum):
    """How many persons a change of it needs."""

    ONE = "one"
    TWO = "two"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenNotice:
    """One notice: its version that stands, by whom, for whom, when, and each party's status.

    `starts` and `ends` are of all its windows; None for a notice without time. `law` is the
    phrase that must stand beside its kind. `ref` is the entry that filed the version. `kind` is
    None for a general notice. `coarsened` says how much coarser it is than what its filer holds.
    """

    party: PartyId
    notice: NoticeId
    kind: NoticeKind | None
    version: int
    ref: EntryRef
    kept: Kept
    state: NoticeState
    time: NoticeTime
    content: Content
    marking: str
    releasable_to: tuple[PartyId, ...]
    filed_at: datetime
    by: Speaker | None
    second: Speaker | None
    reason: str | None
    coarsened: Coarsening | None
    persons: Persons
    starts: datetime | None
    ends: datetime | None
    statuses: tuple[StatusRow, ...]
    law: str | None
    withdrawn_at: datetime | None = None
    withdrawn_because: str | None = None


def notices_of(state: State, now: datetime) -> tuple[ScreenNotice, ...]:
    """The notices that stand or were over of late, by party and id. Implements SCR-040 to SCR-042.

    Those that stand come first where there are more than the screen holds.
    """
    found = [_screen_notice(state, party, one, kept, now) for party, one, kept in _held(state)]
    found = [one for one in found if not _is_long_over(one, now)]
    found.sort(key=lambda one: (_is_over(one), one.party, one.notice))
    return tuple(sorted(found[:NOTICES_MAX], key=lambda one: (one.party, one.notice)))


def _held(state: State) -> Iterator[tuple[PartyId, Notice, Kept]]:
    for party in sorted(state.feeds):
        for notice in state.feeds[party].notices.values():
            yield party, notice, Kept.SHARED
    for notice in state.journal.notices.values():
        yield state.setting.party, notice, Kept.HOME


def _is_over(one: ScreenNotice) -> bool:
    return one.time is NoticeTime.EXPIRED or one.state is NoticeState.WITHDRAWN


def _is_long_over(one: ScreenNotice, now: datetime) -> bool:
    ends = [at for at in (one.withdrawn_at, one.ends) if at is not None]
    return _is_over(one) and bool(ends) and seconds_between(min(ends), now) > OVER_SHOWN_S


def _screen_notice(
    state: State, party: PartyId, notice: Notice, kept: Kept, now: datetime
) -> ScreenNotice:
    event, stamp = notice.latest.event, notice.latest.stamp
    windows = [volume.window for volume in volumes_of(event.content)]
    gone = notice.withdrawal
    return ScreenNotice(
        party=party,
        notice=notice.notice,
        kind=KINDS.get(type(event.content)),
        version=event.version,
        ref=stamp.ref,
        kept=kept,
        state=notice.state,
        time=time_of(event.content, now),
        content=event.content,
        marking=event.marking,
        releasable_to=event.releasable_to,
        filed_at=stamp.at,
        by=stamp.by,
        second=event.second,
        reason=event.reason,
        coarsened=event.coarsened,
        persons=Persons.TWO if needs_second_person(event.content) else Persons.ONE,
        starts=min((one.start for one in windows), default=None),
        ends=max((one.end for one in windows), default=None),
        statuses=_statuses(state, party, notice) if kept is Kept.SHARED else (),
        law=standing_phrase(event.content),
        withdrawn_at=None if gone is None else gone.stamp.at,
        withdrawn_because=None if gone is None else gone.event.reason,
    )


def _statuses(state: State, filer: PartyId, notice: Notice) -> tuple[StatusRow, ...]:
    """Where each other party stands that holds it: those it was released to, and we."""
    holders = {state.setting.party, *notice.latest.event.releasable_to} - {filer}
    rows = []
    for party in sorted(holders & set(state.feeds)):
        listed = state.setting.protocol.party(party)
        entries = [filed.stamp.ref for filed in notice.versions]
        held = state.feeds[party].statuses
        rows.append(
            PartyStatuses(
                party=party,
                components=() if listed is None else tuple(c.id for c in listed.components),
                statuses=tuple(held[ref] for ref in entries if ref in held),
            )
        )
    return status_matrix(notice, tuple(rows))
