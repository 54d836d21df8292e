"""What is said to have been agreed, set against the signatures and against what others state.

"Agreed" is said of a text only where every party that it names has signed a joint text that holds
it word for word. Otherwise it is stated by one, or by several each on its own, or contradicted.
Silence in another's readout is told as silence: it is neither.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from crosstell.core.assessment.account.claim import SourceKind
from crosstell.core.assessment.account.side_by_side import HeldClaim
from crosstell.core.assessment.account.stance import AgreedThat, Disputes
from crosstell.core.assessment.account.topic import Topic
from crosstell.core.ids import EntryRef, PartyId
from crosstell.core.incident.joint_text import JointStanding
from crosstell.core.incident.paper import JointText
from crosstell.core.picture.wording import quoted


class AgreedStanding(StrEnum):
    """What a statement that something was agreed rests on."""

    SIGNED_BY_ALL = "signed-by-all"
    CONTRADICTED = "contradicted"  # not signed by all, and another voice states otherwise
    STATED_BY_SEVERAL = "stated-by-several"  # each on its own, in the same words
    STATED_BY_ONE = "stated-by-one"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """One text that is said to have been agreed, and by whom.

    `stated_by` are the voices that state it, `disputed_by` those that state otherwise, with their
    words; `silent` are readouts about the same matter, by other voices, that do not state it as
    they were entered here.
    """

    matter: str
    text: str
    parties: tuple[PartyId, ...]
    standing: AgreedStanding
    stated_by: tuple[str, ...]
    disputed_by: tuple[tuple[str, str], ...]
    silent: tuple[str, ...]
    claims: tuple[EntryRef, ...]


def agreements(
    claims: Iterable[HeldClaim], joint: Mapping[EntryRef, tuple[JointText, JointStanding]]
) -> tuple[Agreed, ...]:
    """Every text said to have been agreed, in order. Implements INC-030 to INC-033.

    `joint` are the versions of joint texts that are held, by entry, with how each stands.
    """
    standing = sorted((one for one in claims if one.stands), key=lambda one: (one.voice, one.entry))
    by_topic: dict[Topic, list[HeldClaim]] = {}
    for held in standing:
        if isinstance(held.latest.content, AgreedThat):
            by_topic.setdefault(held.topic, []).append(held)
    return tuple(_agreed(by_topic[topic], standing, joint) for topic in sorted(by_topic))


def _agreed(
    stating: list[HeldClaim],
    standing: list[HeldClaim],
    joint: Mapping[EntryRef, tuple[JointText, JointStanding]],
) -> Agreed:
    content = stating[0].latest.content
    assert isinstance(content, AgreedThat), "grouped by it"
    voices = tuple(dict.fromkeys(one.voice for one in stating))
    own_words = {one.own_word for one in stating if one.own_word is not None}
    disputed = _disputed(stating, standing)
    if any(_is_signed(one.latest.content, joint) for one in stating):
        word = AgreedStanding.SIGNED_BY_ALL
    elif disputed:
        word = AgreedStanding.CONTRADICTED
    else:
        several = len(own_words) > 1
        word = AgreedStanding.STATED_BY_SEVERAL if several else AgreedStanding.STATED_BY_ONE
    return Agreed(
        matter=stating[0].topic.matter,
        text=content.text,
        parties=tuple(sorted(content.parties)),
        standing=word,
        stated_by=voices,
        disputed_by=disputed,
        silent=_silent(stating, standing, {*voices, *(voice for voice, _ in disputed)}),
        claims=tuple(one.entry for one in stating),
    )


def _is_signed(content: object, joint: Mapping[EntryRef, tuple[JointText, JointStanding]]) -> bool:
    """Whether a joint text that all have signed holds these words, for these parties."""
    assert isinstance(content, AgreedThat), "grouped by it"
    held = joint.get(content.joint) if isinstance(content.joint, EntryRef) else None
    if held is None:
        return False
    text, standing = held
    sentences = {" ".join(sentence.split()) for sentence in text.sentences}
    says_so = " ".join(content.text.split()) in sentences
    return says_so and standing.is_joint and set(content.parties) <= set(text.parties)


def _disputed(stating: list[HeldClaim], standing: list[HeldClaim]) -> tuple[tuple[str, str], ...]:
    """Who states otherwise than one of these claims, whichever version they name."""
    voices = {v.stamp.ref: one.voice for one in stating for v in one.claim.versions}
    found = []
    for held in standing:
        content = held.latest.content
        if isinstance(content, Disputes) and isinstance(content.claim, EntryRef):
            voice = voices.get(content.claim)
            if voice is not None and voice != held.voice:
                found.append((held.voice, content.text))
    return tuple(dict.fromkeys(found))  # a home claim and its released form say it once


def _silent(
    stating: list[HeldClaim], standing: list[HeldClaim], speaking: set[str]
) -> tuple[str, ...]:
    """Readouts about the matter by voices that neither state nor dispute it."""
    matter = stating[0].topic.matter
    return tuple(
        dict.fromkeys(
            f"{held.voice}: {quoted(held.latest.event.source.words)}"
            for held in standing
            if held.topic.matter == matter
            and held.voice not in speaking
            and held.latest.event.source.kind is SourceKind.READOUT
        )
    )


_STANDING_WORDS = {
    AgreedStanding.SIGNED_BY_ALL: "signed by all that it names",
    AgreedStanding.CONTRADICTED: "stated, and contradicted; not signed by all",
    AgreedStanding.STATED_BY_SEVERAL: "stated by several, each on its own; not signed by all",
    AgreedStanding.STATED_BY_ONE: "stated by one; not signed by all",
}


def agreed_words(agreed: Agreed) -> tuple[str, ...]:
    """The statement and what it rests on, one line each. Implements INC-034."""
    parties, standing = " and ".join(agreed.parties), _STANDING_WORDS[agreed.standing]
    signed = agreed.standing is AgreedStanding.SIGNED_BY_ALL
    verb = "joint text of" if signed else "said to have been agreed by"
    lines = [f"{verb} {parties}: {quoted(agreed.text)} [{standing}]"]
    lines.append(f"stated by {', '.join(agreed.stated_by)}")
    lines += [f"{voice} states otherwise: {quoted(text)}" for voice, text in agreed.disputed_by]
    lines += [f"not mentioned, as entered here, in {readout}" for readout in agreed.silent]
    return tuple(lines)
