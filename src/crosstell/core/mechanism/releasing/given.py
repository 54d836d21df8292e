"""What parties gave to each other, version by version, and the copies that we made of it.

Pure views, computed when asked for. What a version says is not told here: who looks for it opens
its entry, and who held it from when is told beside that.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from crosstell.core.assessment.account.claim import ClaimStated
from crosstell.core.ids import EntryRef, PartyId
from crosstell.core.incident.paper import PaperFiled
from crosstell.core.picture.notice import NoticeFiled
from crosstell.core.picture.releasing.coarse import Coarsening
from crosstell.core.picture.releasing.copies import Copy
from crosstell.core.picture.releasing.release import ItemKind, Release
from crosstell.core.state.state import FeedState, State
from crosstell.core.table import Stamp


class GivenStanding(StrEnum):
    """Whether a version counts now."""

    STANDS = "stands"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionGiven:
    """One version that a party gave to others. `purpose` is at home alone: none of another party's.

    Of what was filed for others at once no purpose is on record either.
    """

    by: PartyId
    kind: ItemKind
    item: str
    version: int
    to: tuple[PartyId, ...]
    marking: str
    coarsened: Coarsening | None
    purpose: str | None
    standing: GivenStanding
    entry: EntryRef
    at: datetime


def versions_given(state: State, most: int) -> tuple[tuple[VersionGiven, ...], int]:
    """The newest versions held of what parties gave to others, and how many more there are.

    Newest first; what for is looked up for those that are told alone. Implements API-451, API-458.
    """
    found = [one for feed in (state.own, *state.others()) for one in _of_feed(feed)]
    newest = sorted(found, key=_given_at, reverse=True)[:most]
    released: dict[tuple[ItemKind, str], list[Release]] = {}
    for one in state.journal.releases.values():
        released.setdefault((one.event.kind, one.event.under), []).append(one)
    own = state.setting.party
    told = tuple(
        _told(one, released.get((one.kind, one.item), ()) if one.by == own else ())
        for one in newest
    )
    return told, len(found) - len(told)


def copies_made(state: State) -> tuple[Copy, ...]:
    """Every copy that a person of ours made, newest first."""
    made = state.journal.copies
    return tuple(made[number] for number in sorted(made, reverse=True))


class _Version(NamedTuple):
    """One version as its entry says it."""

    by: PartyId
    kind: ItemKind
    item: str
    number: int
    terms: NoticeFiled | ClaimStated | PaperFiled
    stamp: Stamp
    standing: GivenStanding


def _given_at(one: _Version) -> tuple[datetime, str, int]:
    return one.stamp.at, one.stamp.ref.feed, one.stamp.ref.seq


def _of_feed(feed: FeedState) -> Iterator[_Version]:
    by = feed.party
    for _, notice in sorted(feed.notices.items()):
        noticed = [(one.event, one.stamp) for one in notice.versions]
        is_gone = notice.withdrawal is not None
        yield from _versions(by, ItemKind.NOTICE, notice.notice, noticed, is_gone=is_gone)
    for _, claim in sorted(feed.claims.items()):
        claimed = [(claim.stated, one.stamp) for one in claim.versions]
        is_gone = claim.withdrawn is not None
        yield from _versions(by, ItemKind.CLAIM, claim.stated.claim, claimed, is_gone=is_gone)
    for _, paper in sorted(feed.papers.items()):
        filed = [(one.event, one.stamp) for one in paper.versions]
        is_gone = not paper.stands
        yield from _versions(by, ItemKind.PAPER, paper.paper, filed, is_gone=is_gone)


def _versions(
    by: PartyId,
    kind: ItemKind,
    item: str,
    said: Sequence[tuple[NoticeFiled | ClaimStated | PaperFiled, Stamp]],
    *,
    is_gone: bool,
) -> Iterator[_Version]:
    for number, (terms, stamp) in enumerate(said, 1):
        standing = _standing(is_gone=is_gone, is_last=number == len(said))
        yield _Version(by, kind, item, number, terms, stamp, standing)


def _standing(*, is_gone: bool, is_last: bool) -> GivenStanding:
    if not is_last:
        return GivenStanding.SUPERSEDED
    return GivenStanding.WITHDRAWN if is_gone else GivenStanding.STANDS


def _told(one: _Version, released: Iterable[Release]) -> VersionGiven:
    return VersionGiven(
        by=one.by,
        kind=one.kind,
        item=one.item,
        version=one.number,
        to=one.terms.releasable_to,
        marking=one.terms.marking,
        coarsened=one.terms.coarsened if isinstance(one.terms, NoticeFiled) else None,
        purpose=_purpose(released, one.stamp),
        standing=one.standing,
        entry=one.stamp.ref,
        at=one.stamp.at,
    )


def _purpose(released: Iterable[Release], made: Stamp) -> str | None:
    """What a version of ours was released for: by the newest release before it under its id."""
    before = (one for one in released if one.stamp.at <= made.at)
    newest = max(before, key=lambda one: one.stamp.ref.seq, default=None)
    return None if newest is None else newest.event.purpose
