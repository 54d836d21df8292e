"""The accounts that a party holds, side by side, and what in them calls for a second look."""

from collections.abc import Mapping

from crosstell.core.assessment.account.consistency import Finding, queries
from crosstell.core.assessment.account.side_by_side import HeldClaim, TopicSide, side_by_side
from crosstell.core.assessment.account.stance import Disputes
from crosstell.core.ids import EntryRef
from crosstell.core.picture.content import volumes_of
from crosstell.core.state.state import State


def claims_of(state: State) -> tuple[HeldClaim, ...]:
    """Every claim that this party holds: of all feeds, and its own that stay at home."""
    own = state.setting.party
    held = [
        HeldClaim(recorded_by=party, claim=claim)
        for party in sorted(state.feeds)
        for claim in state.feeds[party].claims.values()
    ]
    at_home = state.journal.claims.values()
    return (*held, *(HeldClaim(recorded_by=own, claim=claim) for claim in at_home))


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
