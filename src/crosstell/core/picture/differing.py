"""Where two components of one party state differently of one subject: shown, never resolved.

Rules of this file
- A party may be right in both: an object can be one service's and not another's. It is shown all
  the same, since the other side must not act on the half that it heard.
- Only statements that stand count, and only definite ones: *checking* and *unanswered* take no
  side. Which of the two holds is for the party to say, by an expressed correction.
- A status is of one version; statements of two versions are not set against each other.
"""

from dataclasses import dataclass
from datetime import datetime

from crosstell.core.ids import ComponentId, EntryRef, PartyId
from crosstell.core.picture.notice import Notice
from crosstell.core.picture.ownership import (
    OwnershipRow,
    OwnershipState,
    OwnTrack,
    PartyOwnership,
    ownership_matrix,
)
from crosstell.core.picture.party import Speaker
from crosstell.core.picture.status import PartyStatuses, StatusRow, StatusState, status_matrix

OWNERSHIP_SIDES = (
    frozenset({OwnershipState.OURS}),
    frozenset({OwnershipState.NOT_OURS, OwnershipState.DISPUTED}),
)
STATUS_SIDES = (
    frozenset({StatusState.RECEIVED, StatusState.OBSERVED_IN_PRACTICE}),
    frozenset({StatusState.CONTESTED}),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentSaid:
    """What one component (None: all that were not named) states, when and by whom it was said."""

    component: ComponentId | None
    says: str
    stated_at: datetime
    by: Speaker | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedDifferently:
    """Components of one party that state differently of one subject, in the order of the matrix.

    `subject` is the entry or the track that is spoken of. Every definite statement is in `said`.
    """

    party: PartyId
    subject: EntryRef | OwnTrack
    said: tuple[ComponentSaid, ...]

    @property
    def text(self) -> str:
        """Who states what, in one line."""
        return f"two components of {self.party} state differently: " + "; ".join(
            one.text for one in self.said
        )


def differing_ownership(held: PartyOwnership) -> StatedDifferently | None:
    """What one party's components say of whose an object is, where it differs. CTR-060, CTR-062."""
    if held.ownership is None:
        return None
    said = [
        _said(row, row.answer)
        for row in ownership_matrix((held,))
        if row.answer in OWNERSHIP_SIDES[0] | OWNERSHIP_SIDES[1]
    ]
    words = {one.says for one in said}
    if not all(words & side for side in OWNERSHIP_SIDES):
        return None
    return StatedDifferently(party=held.party, subject=held.ownership.subject, said=tuple(said))


def differing_status(notice: Notice, held: PartyStatuses) -> StatedDifferently | None:
    """What one party's components say of the standing version, where it differs. CTR-061."""
    said = [
        _said(row, row.status)
        for row in status_matrix(notice, (held,))
        if row.status in STATUS_SIDES[0] | STATUS_SIDES[1]
    ]
    words = {one.says for one in said}
    if not all(words & side for side in STATUS_SIDES):
        return None
    subject = notice.latest.stamp.ref
    return StatedDifferently(party=held.party, subject=subject, said=tuple(said))


def _said(row: OwnershipRow | StatusRow, says: str) -> ComponentSaid:
    """The row as a statement; what is definite was stated at some time."""
    assert row.stated_at is not None, "only what was stated takes a side"
    return ComponentSaid(
        component=row.component, says=says, stated_at=row.stated_at, by=row.by, text=row.text
    )
