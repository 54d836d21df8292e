"""Whatever a claim is made of, what the node says of it is the same, and is told in Turkish.

The oracle is the same claim with a plain word in the place of all that somebody typed: the two
sentences differ inside quotation marks alone. Proves INC-470, INC-471.
"""

import re
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import timedelta

import pytest
from account_values import BLUE, RED, after, moment, place, stated, time
from hypothesis import example, given
from hypothesis import strategies as st
from picture_values import ref
from sampling import thinned

from crosstell.codecs.api.told import PartTold, SentenceAsked
from crosstell.core.altitude import Altitude, AltitudeData, Datum
from crosstell.core.assessment.account.claim import ClaimStated, Voice
from crosstell.core.assessment.account.content import (
    Belongs,
    Casualties,
    ClockReading,
    Count,
    Distance,
    Duration,
    Height,
    HeightWithoutDatum,
    Held,
    Identity,
    InArea,
    Judgement,
    Measure,
    Passage,
    Speed,
    Stated,
    Told,
    Transponder,
    ZoneStatus,
    ZoneWord,
)
from crosstell.core.assessment.account.side_by_side import HeldClaim, side_by_side
from crosstell.core.assessment.account.stance import AgreedThat, Alleged, Disputes
from crosstell.core.assessment.account.topic import topic_of
from crosstell.core.assessment.account.warned import WarningsReceived, WarningsSent
from crosstell.core.assessment.account.wording import claim_words, content_words
from crosstell.core.ids import ClaimId, Named, RuleId
from crosstell.core.mechanism.after.wording import topic_words
from crosstell.core.picture.track import HintKind
from crosstell.papers.speech.parts import put_over

WORD = "word"
CLAIM = Named(party=RED, id=ClaimId("c-1"))
NOON, LATER = time("12:00"), time("12:00") + timedelta(hours=1)
HIGH = Altitude(value_m=300.0, datum=Datum.ABOVE_GROUND)
CONTENTS: tuple[Stated, ...] = (
    replace(moment("08:40"), as_stated=WORD),
    ClockReading(face=NOON, as_stated=WORD),
    Duration(of_what=WORD, at_least_s=60.0, at_most_s=60.0),
    replace(place(36.5, 40.7), of_what=WORD),
    InArea(of_what=WORD, area=WORD, is_so=Held.YES),
    Distance(
        of_what=WORD,
        reference=WORD,
        direction=WORD,
        at_least_m=900.0,
        at_most_m=900.0,
        measure=Measure.STRAIGHT,
    ),
    Height(of_what=WORD, lower=HIGH, upper=HIGH),
    HeightWithoutDatum(of_what=WORD, at_least_m=300.0, at_most_m=300.0),
    Speed(of_what=WORD, at_least_mps=80.0, at_most_mps=80.0),
    Count(of_what=WORD, at_least=2, at_most=2),
    Identity(of_what=WORD, kind=HintKind.CALL_SIGN, value=WORD),
    Belongs(of_what=WORD, whose=WORD, is_so=Held.NO),
    WarningsSent(addressed=WORD, means=WORD, at_least=10, at_most=10),
    WarningsReceived(addressed=WORD, means=WORD, at_least=0, at_most=0),
    Told(of_what=WORD, to_whom=WORD, is_so=Held.YES, passage=Passage.SENT),
    Transponder(of_what=WORD, was_on=Held.NO),
    ZoneStatus(zone=WORD, word=ZoneWord.DECLARED),
    Casualties(among=WORD, killed_at_least=2, killed_at_most=2),
    Judgement(text=WORD, reasons=(WORD, WORD)),
    AgreedThat(text=WORD, parties=(BLUE, RED)),
    Disputes(claim=ref(7), text=WORD),
    Disputes(claim=CLAIM, text=WORD),
    Alleged(
        rule=RuleId("r-1"),
        against=RED,
        definition=WORD,
        since=NOON,
        until=LATER,
        at_least=1,
        at_most=1,
    ),
)
HOSTILE = (
    "was in the zone",
    "; reason: ",
    ": ",
    " [stated as fact; press: x]",
    "“",
    "”",
    " from the border (straight)",
    "; stated before: ",
    ", entered by party red",
)
typed = st.one_of(
    st.lists(st.sampled_from(HOSTILE), min_size=1, max_size=4).map("".join),
    st.text(st.characters(categories=("L", "N", "P", "Zs")), min_size=1, max_size=30),
).filter(lambda text: bool(text.strip()))


def with_words(content: Stated, words: str) -> Stated:
    """The claim with these words wherever somebody typed one."""
    several = {one.name: getattr(content, one.name) for one in fields(content)}
    typed_in: dict[str, object] = {name: words for name, value in several.items() if value == WORD}
    typed_in |= {name: (words, words) for name, value in several.items() if value == (WORD, WORD)}
    return replace(content, **typed_in)  # type: ignore[arg-type]


def claim(content: Stated, words: str) -> HeldClaim:
    """A claim of a voice with these words, from a source with these words."""
    said: ClaimStated = stated(with_words(content, words), by=BLUE)
    source = replace(said.source, words=words)
    said = replace(said, source=source, voice=Voice(words=words, party=BLUE))
    return HeldClaim(recorded_by=BLUE, claim=after(said))


def of_node(sentence: str) -> str:
    """What the node says itself: nothing of what stands in quotation marks."""
    return re.sub("“[^“”]*”", "“”", sentence)


def sentences(content: Stated, words: str) -> Iterator[tuple[str, str]]:
    """Every sentence about such a claim, with its section."""
    held = claim(content, words)
    (side,) = side_by_side([held], AltitudeData())
    kind = topic_of("m", held.latest.content).kind
    yield f"claims-{kind}", content_words(held.latest.content)
    yield "claim", claim_words(held)
    yield "topics", topic_words(side)


def in_turkish(section: str, text: str) -> tuple[PartTold, ...]:
    (parts,) = put_over("tr", (SentenceAsked(section=section, text=text),))
    return parts


@pytest.mark.parametrize("content", thinned(CONTENTS, every=3), ids=lambda one: type(one).__name__)
@given(words=typed)
@example(words="it: was in the zone [stated as fact; press: x]")
@example(words="”; reason: “")
def test_inc_470_what_somebody_typed_stands_in_quotation_marks_alone(
    content: Stated, words: str
) -> None:
    plain = [of_node(one) for _, one in sentences(content, "plain")]
    assert [of_node(one) for _, one in sentences(content, words)] == plain
    assert not any("plain" in one for one in plain)


@pytest.mark.parametrize("content", CONTENTS, ids=lambda one: type(one).__name__)
def test_inc_471_all_that_the_node_says_of_a_claim_is_told_in_turkish(content: Stated) -> None:
    """Which claim is disputed too, by its entry or by its own name."""
    for section, sentence in sentences(content, "plain words"):
        parts = in_turkish(section, sentence)
        assert [one.text for one in parts if one.voice == "english"] == [], sentence
        said = [one.text for one in parts if one.voice == "as-entered"]
        assert all("“plain words”" in one for one in said), parts
