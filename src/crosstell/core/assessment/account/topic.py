"""What a claim is about, so that claims about one thing stand side by side.

Two claims share a topic only if they were entered about the same matter and name the same thing
in the same words (case and spacing apart). Whether "the drone" and "the aircraft" are one object
is for a person: nothing is matched by guess.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from crosstell.core.assessment.account.content import (
    Belongs,
    Casualties,
    ClockReading,
    Count,
    Distance,
    Duration,
    Height,
    HeightWithoutDatum,
    Identity,
    InArea,
    Judgement,
    Moment,
    Place,
    Speed,
    Stated,
    Told,
    Transponder,
    ZoneStatus,
)
from crosstell.core.assessment.account.stance import (
    AgreedThat,
    Alleged,
    Disputes,
    disputed_words,
)
from crosstell.core.assessment.account.warned import WarningsReceived, WarningsSent
from crosstell.core.ids import EntryRef
from crosstell.core.instant import format_instant
from crosstell.core.picture.wording import quoted


class ClaimKind(StrEnum):
    """What sort of thing is stated. Warnings sent and received are one: they answer each other."""

    TIME = "time"
    DURATION = "duration"
    PLACE = "place"
    AREA = "area"
    DISTANCE = "distance"
    HEIGHT = "height"
    SPEED = "speed"
    COUNT = "count"
    IDENTITY = "identity"
    OWNERSHIP = "ownership"
    WARNINGS = "warnings"
    TOLD = "told"
    TRANSPONDER = "transponder"
    ZONE_STATUS = "zone-status"
    CASUALTIES = "casualties"
    JUDGEMENT = "judgement"
    AGREEMENT = "agreement"
    DISPUTE = "dispute"
    ALLEGATION = "allegation"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Topic:
    """A matter, a kind, and the names that tell two of that kind apart."""

    matter: str
    kind: ClaimKind
    names: tuple[str, ...]


def topic_of(matter: str, content: Stated) -> Topic:
    """The topic of a claim about `matter` with this content. Implements ACC-010."""
    kind, names = _kind_and_names(content)
    return Topic(
        matter=matter, kind=kind, names=tuple(" ".join(n.casefold().split()) for n in names)
    )


def names_of(content: Stated) -> tuple[str, ...]:
    """The names of its topic as this claim writes them, for a heading. Implements INC-470.

    What somebody typed stands in quotation marks; ids, times and words of ours do not.
    """
    _, names = _kind_and_names(content)
    match content:
        case Disputes():
            return (disputed_words(content),)
        case AgreedThat() | Identity():
            return (quoted(names[0]), *names[1:])
        case Alleged(definition=definition):
            return tuple(quoted(name) if name == definition else name for name in names)
        case _:
            return tuple(quoted(name) for name in names)


def is_same_question(first: Stated, later: Stated) -> bool:
    """Whether `later` can be a revision of `first`. Implements ACC-005.

    A clock reading may become a moment once its zone is known, and a height may get its datum.
    """
    if topic_of("m", first) != topic_of("m", later):
        return False
    return type(first) is type(later) or not isinstance(first, WarningsSent | WarningsReceived)


def _kind_and_names(content: Stated) -> tuple[ClaimKind, tuple[str, ...]]:
    match content:
        case Moment() | ClockReading():
            return ClaimKind.TIME, ()
        case Judgement() | AgreedThat() | Disputes() | Alleged():
            return _of_words(content)
        case WarningsSent() | WarningsReceived():
            return ClaimKind.WARNINGS, (content.addressed,)
        case ZoneStatus():
            return ClaimKind.ZONE_STATUS, (content.zone,)
        case Casualties():
            return ClaimKind.CASUALTIES, (content.among,)
        case _:
            return _of_something(content)


def _of_words(
    content: Judgement | AgreedThat | Disputes | Alleged,
) -> tuple[ClaimKind, tuple[str, ...]]:
    """Counts by two definitions, or over two times, are two topics: none is set on the other."""
    match content:
        case Judgement():
            return ClaimKind.JUDGEMENT, ()
        case AgreedThat():
            return ClaimKind.AGREEMENT, (content.text, *sorted(content.parties))
        case Disputes(claim=claim):
            named = (claim.feed, str(claim.seq)) if isinstance(claim, EntryRef) else (claim.id,)
            return ClaimKind.DISPUTE, named
        case Alleged():
            times = (format_instant(content.since), format_instant(content.until))
            return ClaimKind.ALLEGATION, (
                content.rule,
                content.against,
                content.definition,
                *times,
            )


def _of_something(
    content: Duration
    | Place
    | InArea
    | Distance
    | Height
    | HeightWithoutDatum
    | Speed
    | Count
    | Identity
    | Belongs
    | Told
    | Transponder,
) -> tuple[ClaimKind, tuple[str, ...]]:
    what = content.of_what
    match content:
        case InArea():
            return ClaimKind.AREA, (what, content.area)
        case Distance():
            return ClaimKind.DISTANCE, (what, content.reference)
        case Height() | HeightWithoutDatum():
            return ClaimKind.HEIGHT, (what,)
        case Identity():
            return ClaimKind.IDENTITY, (what, content.kind)
        case Belongs():
            return ClaimKind.OWNERSHIP, (what, content.whose)
        case Told():
            return ClaimKind.TOLD, (what, content.to_whom)
        case Duration() | Place() | Speed() | Count() | Transponder():
            return _PLAIN[type(content)], (what,)
        case _:
            assert_never(content)


_PLAIN: dict[type, ClaimKind] = {
    Duration: ClaimKind.DURATION,
    Place: ClaimKind.PLACE,
    Speed: ClaimKind.SPEED,
    Count: ClaimKind.COUNT,
    Transponder: ClaimKind.TRANSPONDER,
}
