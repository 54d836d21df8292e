"""Nothing is told as agreed that not all have signed, whoever states, signs and declines what.

The oracle is written from the signatures alone: it looks at no standing that the code works out.
Proves INC-035.
"""

from dataclasses import dataclass, replace

from account_values import BLUE, RED, after, stated
from hypothesis import given, settings
from hypothesis import strategies as st
from picture_values import ref
from sampling import examples
from test_incident_paper import GREEN, SIGNED, position

from crosstell.core.assessment.account.claim import Source, SourceKind
from crosstell.core.assessment.account.side_by_side import HeldClaim
from crosstell.core.assessment.account.stance import AgreedThat, Disputes
from crosstell.core.ids import EntryRef, PaperId, PartyId
from crosstell.core.incident.agreement import agreed_words, agreements
from crosstell.core.incident.joint_text import JointStanding, JointTextDeclined, joint_standing
from crosstell.core.incident.paper import JointText
from crosstell.core.mechanism.after.papers import HeldJointText
from crosstell.core.mechanism.after.wording import joint_words
from crosstell.papers.speech.speech import text_speech

PARTIES = (BLUE, RED, GREEN)
WORDS = ("one thing", "another thing", "one  thing")
PAIRS = ((BLUE, RED), (BLUE, GREEN), (RED, GREEN), PARTIES)
# What may stand before words that are not signed by all, in each language; nothing else may.
UNSIGNED = {
    "en": ("said to have been agreed by ", "not signed by all"),
    "tr": ("mutabık kaldıkları söylenen ", "herkes imzalamadı"),
}
JOINT = {"en": "joint text of ", "tr": " ortak metni: "}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A joint text, who signed it and who declined it."""

    text: JointText
    signers: frozenset[PartyId]
    decliners: frozenset[PartyId]

    @property
    def standing(self) -> JointStanding:
        said = {one: position(SIGNED) for one in self.signers}
        no = JointTextDeclined(paper=ref(1), reason="no")
        said |= {one: position(no) for one in self.decliners - self.signers}
        return joint_standing(self.text, said)  # type: ignore[arg-type]


texts = st.builds(
    Proposed,
    text=st.builds(
        JointText,
        incident=st.just("inc"),
        language=st.just("en"),
        parties=st.sampled_from(PAIRS),
        sentences=st.lists(st.sampled_from(WORDS), min_size=1, max_size=2).map(tuple),
    ),
    signers=st.frozensets(st.sampled_from(PARTIES)),
    decliners=st.frozensets(st.sampled_from(PARTIES)),
)
claims = st.tuples(
    st.sampled_from(PARTIES),  # whose words
    st.sampled_from(PARTIES),  # who entered them
    st.sampled_from(SourceKind).filter(lambda kind: kind is not SourceKind.OWN_RECORD),
    st.sampled_from(WORDS),
    st.sampled_from(PAIRS),
    st.one_of(st.none(), st.integers(min_value=0, max_value=2)),  # which joint text it names
)


def held(number: int, of: tuple[PartyId, PartyId, SourceKind], content: object) -> HeldClaim:
    by, keeper, kind = of
    event = stated(content, f"c-{number}", by=by, matter="call")  # type: ignore[arg-type]
    event = replace(event, source=Source(kind=kind, words="a source"))
    return HeldClaim(recorded_by=keeper, claim=after(event, seq=number, feed=f"feed-{keeper}"))


def all_signed(proposed: Proposed, words: str, parties: tuple[PartyId, ...]) -> bool:
    """By the signatures: every party named by the text signed it, and it holds these words."""
    named = set(proposed.text.parties)
    said = [" ".join(one.split()) for one in proposed.text.sentences]
    signed = named <= proposed.signers
    return signed and set(parties) <= named and " ".join(words.split()) in said


@settings(max_examples=examples(60))
@given(st.lists(texts, max_size=3), st.lists(claims, min_size=1, max_size=5), st.booleans())
def test_inc_035_only_what_all_signed_is_told_as_joint(
    proposed: list[Proposed],
    said: list[tuple[PartyId, PartyId, SourceKind, str, tuple[PartyId, ...], int | None]],
    disputed: bool,
) -> None:
    joint = {ref(100 + n): (one.text, one.standing) for n, one in enumerate(proposed)}
    named: list[tuple[str, tuple[PartyId, ...], EntryRef | None]] = []
    entered = []
    for number, (by, keeper, kind, words, parties, of) in enumerate(said):
        entry = ref(100 + of) if of is not None and of < len(proposed) else None
        content = AgreedThat(text=words, parties=parties, joint=entry)
        entered.append(held(number, (by, keeper, kind), content))
        named.append((words, parties, entry))
    if disputed:
        no = Disputes(claim=entered[0].entry, text="not so")
        entered.append(held(60, (RED, RED, SourceKind.OWN_STATEMENT), no))
    for found in agreements(entered, joint):
        signed = any(
            all_signed(proposed[entry.seq - 100], words, parties)
            for words, parties, entry in named
            if entry is not None
            and " ".join(words.split()) == " ".join(found.text.split())
            and tuple(sorted(parties)) == found.parties
        )
        for language, (before, behind) in UNSIGNED.items():
            speech = text_speech(language)
            first, *rest = (speech.tell(line, "agreed") for line in agreed_words(found))
            assert (JOINT[language] in first) is signed, first
            assert (before in first and behind in first) is not signed, first
            assert not any(JOINT[language] in line for line in rest)


@settings(max_examples=examples(60))
@given(texts)
def test_inc_035_a_text_says_signed_by_all_only_where_all_signed(proposed: Proposed) -> None:
    line = HeldJointText(
        proposed_by=BLUE,
        paper=PaperId("p-1"),
        entry=ref(1),
        text=proposed.text,
        standing=proposed.standing,
        is_latest=True,
        is_withdrawn=False,
    )
    signed = set(proposed.text.parties) <= proposed.signers
    for language, words in (("en", "signed by all that it names"), ("tr", "herkes imzaladı")):
        told = text_speech(language).tell(joint_words(line), "papers")
        assert (words in told) is signed, told
