"""What parties gave to each other, version by version, and the copies that we made of it.

Pure views, computed when asked for. What a version says is not told here: who looks for it opens
its entry, and who held it from when is told beside that.
"""

from collections.abc import Iterator
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


def versions_given(state: State) -> tuple[VersionGiven, ...]:
    """Every version that is held of what a party gave to others, newest first. API-451."""
    found = [one for feed in (state.own, *state.others()) for one in _of_feed(state, feed)]
    return tuple(sorted(found, key=lambda one: (one.at, one.entry.feed, one.entry.seq)))[::-1]


def copies_made(state: State) -> tuple[Copy, ...]:
    """Every copy that a person of ours made, newest first."""
    made = state.journal.copies
    return tuple(made[number] for number in sorted(made, reverse=True))


def _of_feed(state: State, feed: FeedState) -> Iterator[VersionGiven]:
    for _, notice in sorted(feed.notices.items()):
        yield from _versions(
            state,
            (feed.party, ItemKind.NOTICE, notice.notice),
            [_Said(one.event, one.stamp, one.event.coarsened) for one in notice.versions],
            is_gone=notice.withdrawal is not None,
        )
    for _, claim in sorted(feed.claims.items()):
        yield from _versions(
            state,
            (feed.party, ItemKind.CLAIM, claim.stated.claim),
            [_Said(claim.stated, one.stamp) for one in claim.versions],
            is_gone=claim.withdrawn is not None,
        )
    for _, paper in sorted(feed.papers.items()):
        yield from _versions(
            state,
            (feed.party, ItemKind.PAPER, paper.paper),
            [_Said(one.event, one.stamp) for one in paper.versions],
            is_gone=not paper.stands,
        )


class _Said(NamedTuple):
    """One version: under which terms, by which entry."""

    terms: NoticeFiled | ClaimStated | PaperFiled
    stamp: Stamp
    coarsened: Coarsening | None = None


def _versions(
    state: State,
    of: tuple[PartyId, ItemKind, str],
    said: list[_Said],
    *,
    is_gone: bool,
) -> Iterator[VersionGiven]:
    party, kind, item = of
    for version, one in enumerate(said, 1):
        yield VersionGiven(
            by=party,
            kind=kind,
            item=item,
            version=version,
            to=one.terms.releasable_to,
            marking=one.terms.marking,
            coarsened=one.coarsened,
            purpose=_purpose(state, of, one.stamp),
            standing=_standing(is_gone=is_gone, is_last=version == len(said)),
            entry=one.stamp.ref,
            at=one.stamp.at,
        )


def _standing(*, is_gone: bool, is_last: bool) -> GivenStanding:
    if not is_last:
        return GivenStanding.SUPERSEDED
    return GivenStanding.WITHDRAWN if is_gone else GivenStanding.STANDS


def _purpose(state: State, of: tuple[PartyId, ItemKind, str], made: Stamp) -> str | None:
    """What a version of ours was released for: by the newest release before it under its id."""
    if of[0] != state.setting.party:
        return None
    found: list[Release] = [
        one
        for one in state.journal.releases.values()
        if (one.event.kind, one.event.under) == of[1:] and one.stamp.at <= made.at
    ]
    newest = max(found, key=lambda one: one.stamp.ref.seq, default=None)
    return None if newest is None else newest.event.purpose
