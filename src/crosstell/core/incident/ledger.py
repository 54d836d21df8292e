"""The ledger of alleged violations: by whose count, under which definition, on what evidence.

Counts of two definitions are of two things, so nothing is added up: not across definitions, not
across parties, not across times. There is no total.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from crosstell.core.assessment.account.side_by_side import HeldClaim
from crosstell.core.assessment.account.stance import Alleged
from crosstell.core.ids import EntryRef, ForeignRef, PartyId, RuleId


@dataclass(frozen=True, slots=True, kw_only=True)
class Allegation:
    """One count as one voice states it; a revised count keeps its earlier ones in `before`."""

    rule: RuleId
    against: PartyId
    definition: str
    since: datetime
    until: datetime
    at_least: int | None
    at_most: int | None
    voice: str
    source: str
    evidence: tuple[ForeignRef, ...]
    claim: EntryRef
    before: tuple[Alleged, ...]


def ledger(claims: Iterable[HeldClaim]) -> tuple[Allegation, ...]:
    """Every standing allegation: by rule, definition, time, then voice. Implements INC-040."""
    return tuple(sorted((_row(*one) for one in _standing(claims)), key=_in_order))


def _standing(claims: Iterable[HeldClaim]) -> Iterable[tuple[HeldClaim, Alleged]]:
    for held in claims:
        content = held.latest.content
        if held.counts and isinstance(content, Alleged):
            yield held, content


def _row(held: HeldClaim, content: Alleged) -> Allegation:
    source = held.latest.event.source
    earlier = (version.content for version in held.claim.versions[:-1])
    return Allegation(
        rule=content.rule,
        against=content.against,
        definition=content.definition,
        since=content.since,
        until=content.until,
        at_least=content.at_least,
        at_most=content.at_most,
        voice=held.voice,
        source=source.words,
        evidence=source.entries,
        claim=held.entry,
        before=tuple(one for one in earlier if isinstance(one, Alleged)),
    )


def _in_order(row: Allegation) -> tuple[str, str, datetime, datetime, str, EntryRef]:
    return (row.rule, row.definition, row.since, row.until, row.voice, row.claim)
