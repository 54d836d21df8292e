"""What a party says of words and acts: that something was agreed, is disputed, or broke a rule.

Each is a claim like any other, with its voice and source. That a text was agreed is only ever
*stated*: whether all have signed it, the joint texts say. Counts of alleged violations belong to
the definition that they were counted by, and are never added up across definitions.
"""

from dataclasses import dataclass
from datetime import datetime

from crosstell.core.assessment.account.ranges import WORDS_LENGTH_MAX, check_range
from crosstell.core.ids import EntryRef, ForeignRef, PartyId, RuleId, check_id
from crosstell.core.instant import require_utc
from crosstell.core.picture.wording import check_text

PARTIES_MAX = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedThat:
    """The voice states that these parties agreed that `text`.

    `joint` names the version of the joint text in which it stands, where there is one.
    """

    text: str
    parties: tuple[PartyId, ...]
    joint: ForeignRef | None = None

    def __post_init__(self) -> None:
        """Refuse an agreement of one."""
        check_text(self.text, what="agreed that")
        if not 2 <= len(set(self.parties)) == len(self.parties) <= PARTIES_MAX:
            raise ValueError(f"agreed that: name 2 to {PARTIES_MAX} parties, each once")
        for party in self.parties:
            check_id(party, what="agreed that: party")


@dataclass(frozen=True, slots=True, kw_only=True)
class Disputes:
    """The voice states otherwise than the claim that `claim` names, in these words."""

    claim: ForeignRef
    text: str

    def __post_init__(self) -> None:
        """Refuse a dispute without words."""
        check_text(self.text, what="disputes")


def disputed_words(content: Disputes) -> str:
    """Which claim is disputed, as a reader finds it: its number in its feed, or its own name."""
    claim = content.claim
    if isinstance(claim, EntryRef):
        return f"entry {claim.seq} of feed {claim.feed[:8]}"
    return f"claim {claim.id} of {claim.party}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alleged:
    """So many times within the half-open time `against` is said to have broken `rule`.

    `definition` says what was counted as one; without it a count means nothing.
    """

    rule: RuleId
    against: PartyId
    definition: str
    since: datetime
    until: datetime
    at_least: int | None
    at_most: int | None

    def __post_init__(self) -> None:
        """Refuse a count without definition, and a time that ends before it begins."""
        check_id(self.rule, what="alleged: rule")
        check_id(self.against, what="alleged: against")
        check_text(self.definition, what="alleged: definition", length_max=5 * WORDS_LENGTH_MAX)
        check_range(self.at_least, self.at_most, what="alleged")
        require_utc(self.since, what="alleged: since")
        require_utc(self.until, what="alleged: until")
        if self.until <= self.since:
            raise ValueError("alleged: until is not after since; swap or correct them")
