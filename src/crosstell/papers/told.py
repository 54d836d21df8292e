"""What a party holds of the accounts, in words: claims, topics, incidents, agreements; and feeds.

Each stands with who said it; none is a fact of the record beyond having been said.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeTold:
    """A dispute of a claim, in words, and its entry."""

    text: str
    ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimTold:
    """One claim as its newest version states it, in words, and the entry of that version.

    `text` is the whole: `who`, a colon, `stated`, and `rests` in brackets. `party` is whose words
    they are ("" where they are no party's of this protocol). `disputed` is who states otherwise.
    """

    text: str
    who: str
    party: str
    stated: str
    rests: str
    standing: str
    ref: str
    disputed: tuple[DisputeTold, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicTold:
    """The claims about one thing, and how those of different voices stand to each other.

    `alone` names the voice where one alone states it; else it is empty. `kind` is the sort of
    thing that is stated, and `names` what tells two of a kind apart.
    """

    matter: str
    topic: str
    kind: str
    names: tuple[str, ...]
    claims: tuple[ClaimTold, ...]
    differences: tuple[str, ...]
    alone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentTold:
    """An incident's file as its keeper holds it, and how far stated places are from its point.

    `marking` is the file's own. Readouts, joint texts and actions are those about this file, and
    `precedents` what it shares with earlier ones.
    """

    paper: str
    kept_by: str
    marking: str
    title: str
    parties: tuple[str, ...]
    matters: tuple[str, ...]
    rules: tuple[str, ...]
    start: datetime
    end: datetime | None
    from_point: tuple[str, ...]
    readouts: tuple[str, ...]
    joint_texts: tuple[str, ...]
    actions: tuple[str, ...]
    precedents: tuple[str, ...]
    ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedTold:
    """Something that is said to have been agreed, and what that rests on, line by line."""

    matter: str
    standing: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Aftermath:
    """What these parties hold alike of the accounts and of what follows, at the end of a run."""

    held_by: tuple[str, ...]
    incidents: tuple[IncidentTold, ...]
    topics: tuple[TopicTold, ...]
    questions: tuple[str, ...]
    agreed: tuple[AgreedTold, ...]
    readouts: tuple[str, ...]
    joint_texts: tuple[str, ...]
    actions: tuple[str, ...]
    allegations: tuple[str, ...]
    precedents: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedVerified:
    """What the verifier states about one feed of this run, and what the statement rests on."""

    party: str
    feed: str
    entries: int
    root: str
    sound: str
    statements: tuple[str, ...]
