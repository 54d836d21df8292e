"""Understandings: a party's signed reading attached to a rule, and the readings detection asks.

The protocol's own text stays as signed; a reading stands beside it under its party's name, and
detection says under whose reading it is a conflict. Implements PRO-060 to PRO-066, PRO-126.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import overload

from crosstell.core.ids import PartyId, RuleId, check_id
from crosstell.core.protocol.digest import ProtocolDigest, check_digest
from crosstell.core.protocol.grain import require_text
from crosstell.core.protocol.rule import (
    Boundary,
    ContactLevels,
    Duty,
    Frequencies,
    JudgedRule,
    Minima,
    MinimaRule,
    Phrases,
    Rule,
    Separation,
    Standoff,
    ZoneEntry,
)
from crosstell.core.protocol.rules.figures import (
    Caution,
    Figure,
    FigureRule,
    kind_of_figure,
    own_figure,
    word_of_figure,
)
from crosstell.core.protocol.times import LeadTime


def _check_reading(rule: RuleId, text: str, minima: Minima | None, figure: Figure | None) -> None:
    check_id(rule, what="rule")
    require_text(text, what="text")
    if minima is not None and figure is not None:
        raise ValueError("minima and figure are both given; a rule has one of them, keep it")


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderstandingStated:
    """How the author's party reads a rule; replaces what it stated of that rule before.

    `minima`, where given, is the whole of its figures, for a rule with minima; `figure` is so for
    every other rule and for a lead time. Without either it is words only.
    """

    protocol: ProtocolDigest
    rule: RuleId
    text: str
    minima: Minima | None = None
    figure: Figure | None = None

    def __post_init__(self) -> None:
        """Refuse a reading without words, and one with two kinds of figures."""
        check_digest(self.protocol)
        _check_reading(self.rule, self.text, self.minima, self.figure)


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
    """A party's standing reading of a rule: stated in its feed, or annexed to the document."""

    party: PartyId
    rule: RuleId
    text: str
    minima: Minima | None = None
    figure: Figure | None = None

    def __post_init__(self) -> None:
        """Refuse a reading without words, and one with two kinds of figures."""
        check_id(self.party, what="party")
        _check_reading(self.rule, self.text, self.minima, self.figure)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The minima of a rule as one party reads them; `party` None is the protocol's own text."""

    party: PartyId | None
    minima: Minima


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureReading:
    """The figure of a rule as one party reads it; `party` None is the protocol's own text."""

    party: PartyId | None
    figure: Figure


def together(
    annexed: Iterable[Understanding], stated: Iterable[Understanding]
) -> tuple[Understanding, ...]:
    """What was annexed to the document, but where its party has stated that rule anew."""
    newer = tuple(stated)
    replaced = {(one.party, one.rule) for one in newer}
    return (*(one for one in annexed if (one.party, one.rule) not in replaced), *newer)


@overload
def readings(rule: MinimaRule, understandings: Iterable[Understanding]) -> tuple[Reading, ...]: ...
@overload
def readings(
    rule: FigureRule, understandings: Iterable[Understanding]
) -> tuple[FigureReading, ...]: ...
@overload
def readings(
    rule: Rule | LeadTime, understandings: Iterable[Understanding]
) -> tuple[Reading, ...] | tuple[FigureReading, ...]: ...
def readings(
    rule: Rule | LeadTime, understandings: Iterable[Understanding]
) -> tuple[Reading, ...] | tuple[FigureReading, ...]:
    """The protocol's own figures first, then each party's, by party id; none for a duty.

    Of a boundary each version is a reading, and there is no other: with its party's caution, if
    that party understands it otherwise.
    """
    stated = sorted(
        (one for one in understandings if one.rule == rule.id), key=lambda one: one.party
    )
    match rule:
        case Duty() | ContactLevels() | Frequencies() | Phrases():
            return ()
        case Standoff() | ZoneEntry() | Separation():
            return _of_minima(rule, stated)
        case Boundary():
            return _of_boundary(rule, stated)
        case _:
            return _of_figure(rule, stated)


def unread(rule: Rule | LeadTime, stated: Understanding) -> str | None:
    """Why figures that a party stated of this rule give no reading; None where they do, or none.

    To be told to the party when it states them: words stay words, but a figure that nothing
    evaluates must not look as if something did.
    """
    if stated.minima is None and stated.figure is None:
        return None
    if isinstance(rule, JudgedRule):
        what = "a duty" if isinstance(rule, Duty) else "one"
        return f"rule {rule.id} is {what} that a person judges; its figures are not evaluated"
    if isinstance(rule, Standoff | ZoneEntry | Separation):
        return None if stated.minima is not None else f"rule {rule.id} has minima; state minima"
    if not isinstance(stated.figure, kind_of_figure(rule)):
        return f"rule {rule.id} is read by its {word_of_figure(rule)}; state that as its figure"
    if isinstance(rule, Boundary) and stated.party not in {v.party for v in rule.versions}:
        return f"rule {rule.id} has no version of {stated.party}, so its caution is not evaluated"
    return None


def _of_minima(rule: MinimaRule, stated: list[Understanding]) -> tuple[Reading, ...]:
    own = Reading(party=None, minima=rule.minima)
    parties = (
        Reading(party=one.party, minima=one.minima) for one in stated if one.minima is not None
    )
    return (own, *parties)


def _of_figure(rule: FigureRule, stated: list[Understanding]) -> tuple[FigureReading, ...]:
    own = own_figure(rule)
    found = [] if own is None else [FigureReading(party=None, figure=own)]
    kind = kind_of_figure(rule)
    found += [
        FigureReading(party=one.party, figure=one.figure)
        for one in stated
        if isinstance(one.figure, kind) and one.figure is not None
    ]
    return tuple(found)


def _of_boundary(rule: Boundary, stated: list[Understanding]) -> tuple[FigureReading, ...]:
    own = Caution(caution_m=rule.caution_m)
    understood = {one.party: one.figure for one in stated if isinstance(one.figure, Caution)}
    return tuple(
        FigureReading(party=version.party, figure=understood.get(version.party, own))
        for version in sorted(rule.versions, key=lambda version: version.party)
    )
