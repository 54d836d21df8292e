"""Understandings: a party's signed reading attached to a rule, and the readings detection asks.

The protocol's own text stays as signed; a reading stands beside it under its party's name, and
detection says under whose reading it is a conflict. Implements PRO-060 to PRO-063.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from crosstell.core.ids import PartyId, RuleId, check_id
from crosstell.core.protocol.digest import ProtocolDigest, check_digest
from crosstell.core.protocol.grain import require_text
from crosstell.core.protocol.rule import Duty, Minima, Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderstandingStated:
    """How the author's party reads a rule; replaces what it stated of that rule before.

    `minima`, where given, is the whole of its figures; without them it is words only.
    """

    protocol: ProtocolDigest
    rule: RuleId
    text: str
    minima: Minima | None = None

    def __post_init__(self) -> None:
        """Refuse a reading without words."""
        check_digest(self.protocol)
        check_id(self.rule, what="rule")
        require_text(self.text, what="text")


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderstandingWithdrawn:
    """The author's party no longer reads the rule in its own way."""

    protocol: ProtocolDigest
    rule: RuleId

    def __post_init__(self) -> None:
        """Refuse what names nothing."""
        check_digest(self.protocol)
        check_id(self.rule, what="rule")


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """A party's standing reading of a rule."""

    party: PartyId
    rule: RuleId
    text: str
    minima: Minima | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The figures of a rule as one party reads them; `party` None is the protocol's own text."""

    party: PartyId | None
    minima: Minima


def readings(rule: Rule, understandings: Iterable[Understanding]) -> tuple[Reading, ...]:
    """The protocol's own figures first, then each party's, by party id; none for a duty."""
    if isinstance(rule, Duty):
        return ()
    own = Reading(party=None, minima=rule.minima)
    parties = sorted(
        (
            Reading(party=stated.party, minima=stated.minima)
            for stated in understandings
            if stated.rule == rule.id and stated.minima is not None
        ),
        key=lambda reading: reading.party or "",
    )
    return (own, *parties)
