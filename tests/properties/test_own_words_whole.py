"""Whatever somebody wrote, no part of it comes back in the voice of the node.

The oracle looks at the voices alone: the node's own sentence is that of the same call with a plain
word in the place of what was written. Proves INC-430, REP-430.
"""

from dataclasses import replace
from functools import cache

from hypothesis import example, given, settings
from hypothesis import strategies as st
from node_pair import ALPHA, BRAVO, CONTENT, World, answered, call, received
from test_mechanism_papers import FILE

from crosstell.codecs.api.told import SentenceAsked
from crosstell.core.line.answer import AnswerKind
from crosstell.core.line.content import CallContent, FreeText, Subject, SubjectKind
from crosstell.core.line.message import CallPlaced
from crosstell.core.mechanism.after.drafting import readout_draft
from crosstell.core.picture.wording import quoted
from crosstell.papers.speech.parts import put_over
from crosstell.papers.speech.speech import text_speech

DISREGARDED = "hold fire; it was later disregarded, as sent in error"
PLACE = "; at 36.50000 40.70000"
letters = st.characters(exclude_categories=("Cs", "Cc", "Cf", "Zl", "Zp"))
words = st.one_of(
    st.lists(
        st.sampled_from(
            [
                "hold fire",
                "; ",
                ": ",
                ", ",
                "“",
                "”",
                DISREGARDED,
                PLACE,
                "collision",
                "“a”",
                "\U000f0000",
            ]
        ),
        min_size=1,
        max_size=6,
    ).map("".join),
    st.text(letters, min_size=1, max_size=40),
).filter(lambda text: bool(text.strip()))


def placed(remark: str, label: str) -> CallPlaced:
    content: CallContent = replace(
        CONTENT,
        subjects=(Subject(kind=SubjectKind.AIRCRAFT, label=label),),
        remarks=FreeText(text=remark, language="en"),
    )
    return call(content=content)


def voices(remark: str, label: str) -> tuple[list[str], list[str]]:
    """What the draft of such a call says in Turkish as the node, and as somebody."""
    world = World()
    world.settle(ALPHA, placed(remark, label))
    sentence = readout_draft(world.state(BRAVO), FILE).sentences[0].text
    (parts,) = put_over("tr", (SentenceAsked(section="drafted", text=sentence),))
    ours = [part.text for part in parts if part.voice != "as-entered"]
    return ours, [part.text for part in parts if part.voice == "as-entered"]


@cache
def plainly() -> list[str]:
    return voices("word", "word")[0]


@given(remark=words, label=words)
@example(remark=DISREGARDED, label="X-1")
@example(remark="a" + PLACE, label="X-1")
@example(remark="36.5 40.7", label="7")
@example(remark="”; collision; “", label="”; collision; remarks: “")
@settings(max_examples=15, deadline=None)
def test_inc_430_no_part_of_a_remark_or_a_label_is_the_nodes_voice(remark: str, label: str) -> None:
    plain = plainly()
    ours, theirs = voices(remark, label)
    assert ours == plain
    assert len(theirs) == 2


@given(said=words)
def test_inc_430_nothing_that_is_quoted_ends_its_quotation(said: str) -> None:
    whole = quoted(said)
    assert (whole[0], whole[-1]) == ("“", "”")
    assert not {"“", "”"} & set(whole[1:-1])
    assert len(whole) == len(said) + 2


def test_rep_430_a_reason_is_taken_whole_and_what_the_node_adds_stays_its_own() -> None:
    world = World()
    world.settle(ALPHA, call())
    world.settle(BRAVO, received())
    said = FreeText(text="ours; corrected later", language="en")
    world.settle(BRAVO, answered(AnswerKind.UNABLE, reason=said))
    draft = readout_draft(world.state(ALPHA), FILE)
    (line,) = [one.text for one in draft.sentences if "answered: unable" in one.text]
    (parts,) = put_over("tr", (SentenceAsked(section="drafted", text=line),))
    assert [one.text for one in parts if one.voice == "as-entered"] == ["“ours; corrected later”"]
    assert "sonradan düzeltildi" not in "".join(one.text for one in parts)


def test_rep_430_a_sentence_of_more_quotations_than_are_looked_at_stays_as_it_is() -> None:
    sentence = "alpha withdrew " + "“a”" * 1_025
    assert text_speech("tr").tell(sentence, "clauses") == f"{sentence} [İng.]"
