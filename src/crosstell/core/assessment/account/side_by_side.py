"""Claims side by side, topic by topic: who states what, on what, and how the voices differ.

A view: nothing is merged, summed or weighed, and the order is by name, not by trust. Where one
voice alone speaks, that is said; it is no agreement of the others.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from crosstell.core.altitude import AltitudeData
from crosstell.core.assessment.account.claim import Claim, ClaimState, SourceKind, Version
from crosstell.core.assessment.account.content import Place
from crosstell.core.assessment.account.difference import Difference, Gap, GapUnit, between
from crosstell.core.assessment.account.topic import Topic, topic_of
from crosstell.core.geometry.geodesic import distance_m
from crosstell.core.geometry.position import Position
from crosstell.core.ids import EntryRef, PartyId
from crosstell.core.picture.wording import quoted

_OWN_WORD = (SourceKind.OWN_RECORD, SourceKind.OWN_STATEMENT, SourceKind.READOUT)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldClaim:
    """A claim as one party recorded it. Whose words it holds, its voice says.

    `repeats` is the newest entry of another claim of that party which says the same for it: what
    was released of it, or of what it was released.
    """

    recorded_by: PartyId
    claim: Claim
    repeats: EntryRef | None = None

    @property
    def voice(self) -> str:
        """Who speaks, told apart by who wrote it down and by what it rests on.

        A party speaks for itself only in its own log and from its own statements: what another
        enters as its words, or what the press tells of it, is a voice of its own.
        """
        if self.own_word is not None:
            return f"party {self.own_word}"
        voice = self.claim.stated.voice
        if voice.party is None:
            return f"{quoted(voice.words)}, as entered by party {self.recorded_by}"
        if voice.party != self.recorded_by:
            return f"party {voice.party}, as entered by party {self.recorded_by}"
        return f"party {voice.party}, by {self.latest.event.source.kind.replace('-', ' ')}"

    @property
    def own_word(self) -> PartyId | None:
        """The party whose own word this is, in its own log; None if it is another's, or hearsay."""
        party = self.claim.stated.voice.party
        own = party == self.recorded_by and self.latest.event.source.kind in _OWN_WORD
        return party if own else None

    @property
    def stands(self) -> bool:
        """Whether it is not withdrawn."""
        return self.claim.state is not ClaimState.WITHDRAWN

    @property
    def counts(self) -> bool:
        """Whether it is set against others: it stands, and no other claim says it for it."""
        return self.stands and self.repeats is None

    @property
    def latest(self) -> Version:
        """What it states now, or stated last."""
        return self.claim.latest

    @property
    def topic(self) -> Topic:
        """What it is about."""
        return topic_of(self.claim.stated.matter, self.claim.stated.content)

    @property
    def entry(self) -> EntryRef:
        """The entry of its newest version."""
        return self.latest.stamp.ref


COMPARED_MAX = 64  # claims of one topic set against each other, the newest; a person reads no more


def newest(claims: Iterable[HeldClaim]) -> list[HeldClaim]:
    """At most COMPARED_MAX of them, the last recorded, in one order. Implements ACC-024."""
    ordered = sorted(claims, key=lambda one: (one.latest.stamp.at, one.entry))
    return sorted(ordered[-COMPARED_MAX:], key=_in_order)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Two claims of one topic by two voices, by the entries of their newest versions."""

    first: EntryRef
    second: EntryRef
    difference: Difference


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicSide:
    """One topic: every claim of it, withdrawn ones too, and how those that count differ.

    `voices` are those whose claims stand. With one, nothing is compared: stated by one.
    `not_compared` counts claims that count and are beyond what is set against each other.
    """

    topic: Topic
    claims: tuple[HeldClaim, ...]
    voices: tuple[str, ...]
    compared: tuple[Compared, ...]
    not_compared: int


def side_by_side(claims: Iterable[HeldClaim], heights: AltitudeData) -> tuple[TopicSide, ...]:
    """Every topic in order, with its claims by voice. Implements ACC-020 to ACC-022, ACC-610."""
    by_topic: dict[Topic, list[HeldClaim]] = {}
    for held in claims:
        by_topic.setdefault(held.topic, []).append(held)
    return tuple(_side(topic, by_topic[topic], heights) for topic in sorted(by_topic))


def _side(topic: Topic, held: list[HeldClaim], heights: AltitudeData) -> TopicSide:
    ordered = tuple(sorted(held, key=_in_order))
    standing = [one for one in ordered if one.stands]
    counting = [one for one in standing if one.counts]
    asked = newest(counting)
    return TopicSide(
        topic=topic,
        claims=ordered,
        voices=tuple(dict.fromkeys(one.voice for one in standing)),
        compared=tuple(
            Compared(
                first=one.entry,
                second=other.entry,
                difference=between(one.latest.content, other.latest.content, heights),
            )
            for one, other in combinations(asked, 2)
            if one.voice != other.voice
        ),
        not_compared=len(counting) - len(asked),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FromReference:
    """How far one stated place is from the point that the file names.

    The gap is between the points where the claim states no accuracy (`accuracy_stated` False).
    """

    claim: HeldClaim
    gap: Gap
    accuracy_stated: bool


def from_reference(reference: Position, claims: Iterable[HeldClaim]) -> tuple[FromReference, ...]:
    """The geodesic distance to the file's point by each side's own stated places. ACC-023.

    So that two sides which each measured to a point of their own can be read by one measure.
    """
    found = []
    for held in sorted(claims, key=_in_order):
        place = held.latest.content
        if held.counts and isinstance(place, Place):
            apart_m = distance_m(reference, place.position)
            around_m = place.within_m or 0.0
            gap = Gap(
                unit=GapUnit.METRES,
                at_least=max(0.0, apart_m - around_m),
                at_most=apart_m + around_m,
            )
            stated = place.within_m is not None
            found.append(FromReference(claim=held, gap=gap, accuracy_stated=stated))
    return tuple(found)


def _in_order(held: HeldClaim) -> tuple[str, str, str, EntryRef]:
    return (held.voice, held.recorded_by, held.claim.stated.claim, held.claim.first_entry)
