"""The accounts that a party holds, side by side, and what in them calls for a second look."""

from collections.abc import Iterable, Mapping

from crosstell.core.assessment.account.claim import Claim, ClaimState
from crosstell.core.assessment.account.consistency import Finding, queries
from crosstell.core.assessment.account.side_by_side import HeldClaim, TopicSide, side_by_side
from crosstell.core.assessment.account.stance import Disputes
from crosstell.core.ids import ClaimId, EntryRef, ForeignRef, PartyId
from crosstell.core.picture.content import volumes_of
from crosstell.core.picture.releasing.release import ItemKind
from crosstell.core.state.state import State


def claims_of(state: State) -> tuple[HeldClaim, ...]:
    """Every claim that this party holds: of all feeds, and its own that stay at home."""
    own, repeated = state.setting.party, _repeated(state)
    held = [(party, claim) for party in sorted(state.feeds) for claim in _claims(state, party)]
    held += [(own, claim) for claim in state.journal.claims.values()]
    return tuple(
        HeldClaim(recorded_by=party, claim=claim, repeats=repeated.get(claim.latest.stamp.ref))
        for party, claim in held
    )


def _claims(state: State, party: PartyId) -> Iterable[Claim]:
    return state.feeds[party].claims.values()


def _repeated(state: State) -> Mapping[EntryRef, EntryRef]:
    """Of each claim of ours that another one states for it: its newest version, and that one's.

    Of a version and what was released of it, the first of those in our feed counts: it is what
    others hold. One that was revised since says something of its own. Implements ACC-610.
    """
    made_of = {}
    for release in state.journal.releases.values():
        form = state.own.claims.get(ClaimId(release.event.under))
        if form is not None and release.event.kind is ItemKind.CLAIM:
            made_of[form.first_entry] = release.event.item
    said: dict[ForeignRef, EntryRef] = {}
    found: dict[EntryRef, EntryRef] = {}
    for claim in (*_claims(state, state.setting.party), *state.journal.claims.values()):
        if claim.state is ClaimState.WITHDRAWN:
            continue
        newest = claim.latest.stamp.ref
        first: ForeignRef = newest
        while isinstance(first, EntryRef) and first in made_of:
            first = made_of[first]
        if said.setdefault(first, newest) != newest:
            found[newest] = said[first]
    return found


def accounts_of(state: State) -> tuple[TopicSide, ...]:
    """The accounts side by side, as this party holds them. Implements MEC-110."""
    return side_by_side(claims_of(state), state.setting.conversions)


def queries_of(state: State) -> tuple[Finding, ...]:
    """What in the accounts calls for a second look. Implements MEC-110."""
    held = [notice for feed in state.feeds.values() for notice in feed.notices.values()]
    areas = {
        filed.stamp.ref: volumes_of(filed.event.content)
        for notice in (*held, *state.journal.notices.values())
        for filed in notice.versions
    }
    return queries(claims_of(state), state.setting.conversions, areas)


Disputed = Mapping[EntryRef, tuple[HeldClaim, ...]]  # by the version of a claim that they name


def disputes_of(state: State) -> Disputed:
    """Every claim, of whatever matter, that states otherwise than another one."""
    found: dict[EntryRef, tuple[HeldClaim, ...]] = {}
    for one in claims_of(state):
        content = one.latest.content
        if isinstance(content, Disputes) and isinstance(content.claim, EntryRef):
            found[content.claim] = (*found.get(content.claim, ()), one)
    return found


def disputing(held: HeldClaim, disputes: Disputed) -> tuple[HeldClaim, ...]:
    """Those that name a version of this claim, by version."""
    return tuple(
        one for version in held.claim.versions for one in disputes.get(version.stamp.ref, ())
    )
