"""Side by side: what each voice states of one topic, how the statements differ, what is open.

Nothing is merged or weighed. One voice alone is stated by one; no difference found is no
agreement.
"""

from dataclasses import dataclass
from datetime import datetime

from crosstell.core.assessment.account.claim import Confidence, SourceKind
from crosstell.core.assessment.account.difference import Relation
from crosstell.core.assessment.account.side_by_side import HeldClaim, TopicSide
from crosstell.core.assessment.account.topic import ClaimKind
from crosstell.core.assessment.account.wording import claim_words, difference_words, query_words
from crosstell.core.ids import ClaimId, EntryRef, PartyId
from crosstell.core.line.watch.broadcast import Broadcast, BroadcastHeard, BroadcastSent
from crosstell.core.mechanism.after.accounts import accounts_of, queries_of
from crosstell.core.mechanism.after.review import AgendaItem, agenda
from crosstell.core.state.state import State

TOPICS_MAX = 200
BROADCASTS_MAX = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimSide:
    """One claim in its column: whose voice, who entered it, on what, its words.

    `column` is the party whose words it holds, or None.
    """

    voice: str
    column: PartyId | None
    recorded_by: PartyId
    claim: ClaimId
    entry: EntryRef
    version: int
    stated_at: datetime
    source: SourceKind
    confidence: Confidence
    standing: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SidesDiffer:
    """How two claims of one topic stand to each other."""

    first: EntryRef
    second: EntryRef
    relation: Relation
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicShown:
    """One topic with every claim of it; `voices` are those whose claims stand."""

    matter: str
    kind: ClaimKind
    names: tuple[str, ...]
    voices: tuple[str, ...]
    claims: tuple[ClaimSide, ...]
    compared: tuple[SidesDiffer, ...]
    not_compared: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BroadcastShown:
    """A broadcast as its sender recorded it, and who is said to have heard it."""

    party: PartyId
    ref: EntryRef
    sent: BroadcastSent
    heard: tuple[BroadcastHeard, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """The claims side by side, what calls for a second look, and the agenda of what is open."""

    topics: tuple[TopicShown, ...]
    second_look: tuple[str, ...]
    agenda: tuple[AgendaItem, ...]
    left_out: int


def accounts_shown(state: State, now: datetime) -> Accounts:
    """The accounts that this party holds. Implements SCR-060, SCR-061."""
    topics = accounts_of(state)
    return Accounts(
        topics=tuple(_topic(one) for one in topics[:TOPICS_MAX]),
        second_look=tuple(query_words(one) for one in queries_of(state)),
        agenda=agenda(state, now),
        left_out=max(0, len(topics) - TOPICS_MAX),
    )


def _topic(side: TopicSide) -> TopicShown:
    return TopicShown(
        matter=side.topic.matter,
        kind=side.topic.kind,
        names=side.topic.names,
        voices=side.voices,
        claims=tuple(_claim(one) for one in side.claims),
        compared=tuple(
            SidesDiffer(
                first=one.first,
                second=one.second,
                relation=one.difference.relation,
                text=difference_words(one.difference),
            )
            for one in side.compared
        ),
        not_compared=side.not_compared,
    )


def _claim(held: HeldClaim) -> ClaimSide:
    event = held.latest.event
    return ClaimSide(
        voice=held.voice,
        column=held.claim.stated.voice.party,
        recorded_by=held.recorded_by,
        claim=held.claim.stated.claim,
        entry=held.entry,
        version=len(held.claim.versions),
        stated_at=held.latest.stamp.at,
        source=event.source.kind,
        confidence=event.confidence,
        standing=held.claim.state.value,
        text=claim_words(held),
    )


def broadcasts_of(state: State) -> tuple[BroadcastShown, ...]:
    """The newest broadcasts of every party, by their first time in the air. Implements SCR-022."""
    held: list[tuple[PartyId, Broadcast]] = [
        (party, one) for party in sorted(state.feeds) for one in _sent_by(state, party)
    ]
    held.sort(key=lambda one: (one[1].sent.sent_at[0], one[0], one[1].sent.broadcast))
    return tuple(
        BroadcastShown(
            party=party,
            ref=one.sent_stamp.ref,
            sent=one.sent,
            heard=tuple(event for _, event in one.heard),
        )
        for party, one in held[-BROADCASTS_MAX:]
    )


def _sent_by(state: State, party: PartyId) -> tuple[Broadcast, ...]:
    return tuple(state.feeds[party].broadcasts.values())
