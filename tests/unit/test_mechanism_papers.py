"""The aftermath through real nodes: who may sign and act, what crosses, what is drafted."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from node_pair import (
    ALPHA,
    BRAVO,
    CHARLIE,
    START,
    World,
    answered,
    call,
    received,
    roz,
)
from test_mechanism_claims import moment, stated

from crosstell.core.assessment.account.stance import AgreedThat, Disputes
from crosstell.core.errors import RefusalCode
from crosstell.core.ids import Named, NoticeId, PaperId, PartyId
from crosstell.core.incident.agreement import AgreedStanding
from crosstell.core.incident.corrective_action import (
    ActionDone,
    ActionState,
    ActionUndertaken,
)
from crosstell.core.incident.joint_text import JointTextDeclined, JointTextSigned
from crosstell.core.incident.paper import (
    ActionProposal,
    FromRecord,
    IncidentFile,
    JointText,
    PaperContent,
    PaperFiled,
    PaperWithdrawn,
    Readout,
    View,
)
from crosstell.core.line.answer import AnswerKind
from crosstell.core.line.content import Danger, FreeText
from crosstell.core.line.message import CallCorrected
from crosstell.core.mechanism.after.drafting import readout_draft
from crosstell.core.mechanism.after.papers import (
    HeldPaper,
    actions_of,
    agreements_of,
    joint_texts_of,
    ledger_of,
    papers_of,
    precedents_of,
    readouts_of,
)
from crosstell.core.mechanism.after.review import AgendaPoint, agenda, senior_page
from crosstell.core.picture.party import Scope
from crosstell.core.picture.status import StatedStatus, StatusStated

WORDS = "Both use the established channels."
TEXT = JointText(
    incident="inc", language="en", parties=(ALPHA, BRAVO), sentences=(WORDS, "A second.")
)
FILE = IncidentFile(
    title="a meeting over the sea", parties=(ALPHA, BRAVO), matters=("meeting",), start=START
)


def filed(content: PaperContent, *to: PartyId, name: str = "p-1", version: int = 1) -> PaperFiled:
    return PaperFiled(
        paper=PaperId(name),
        version=version,
        content=content,
        marking="TEST",
        releasable_to=to,
        reason=None if version == 1 else "changed",
    )


def paper(name: str = "p-1", party: PartyId = ALPHA) -> Named:
    return Named(party=party, id=name)


def action(owner: PartyId) -> ActionProposal:
    return ActionProposal(
        incident="inc", text="staff the line", owner=owner, due=START + timedelta(hours=1)
    )


def test_papers_stay_at_home_until_they_are_released() -> None:
    """INC-003, MEC-113."""
    world = World(names=(ALPHA, BRAVO, CHARLIE), seed="papers")
    world.settle(ALPHA, filed(FILE, name="inc"))
    world.settle(ALPHA, filed(TEXT, BRAVO))
    world.settle(ALPHA, filed(replace(TEXT, language="tr"), BRAVO, version=2))
    held = {
        party: [one.paper.paper for one in papers_of(world.state(party))]
        for party in (ALPHA, BRAVO, CHARLIE)
    }
    assert held == {ALPHA: ["p-1", "inc"], BRAVO: ["p-1"], CHARLIE: []}
    refused = world.act(ALPHA, filed(TEXT, version=3)).refused
    assert refused is not None
    assert refused.code is RefusalCode.NOT_RELEASED
    withdrawn = PaperWithdrawn(paper=PaperId("p-1"), version=2, reason="overtaken")
    world.settle(ALPHA, withdrawn)
    assert joint_texts_of(world.state(BRAVO)) == ()
    assert not papers_of(world.state(BRAVO))[0].paper.stands
    world.no_irregular()


def test_a_joint_text_is_joint_at_both_nodes_once_both_have_signed() -> None:
    """INC-010, INC-013, MEC-111: and a claim that it was agreed rests on it then, not before."""
    world = World()
    world.settle(ALPHA, filed(TEXT, BRAVO))
    said = AgreedThat(text=WORDS, parties=(ALPHA, BRAVO), joint=paper())
    world.settle(BRAVO, stated(said, ALPHA, name="c-1", by=BRAVO))
    for signer, is_joint in ((ALPHA, False), (BRAVO, True)):
        world.settle(signer, JointTextSigned(paper=paper()))
        for party in (ALPHA, BRAVO):
            (text,) = joint_texts_of(world.state(party))
            assert text.standing.is_joint == is_joint
            (agreed,) = agreements_of(world.state(party))
            assert (agreed.standing is AgreedStanding.SIGNED_BY_ALL) == is_joint
    world.no_irregular()


def test_a_later_version_has_signatures_of_its_own() -> None:
    """INC-010: what was signed stays signed, and the new version is signed by nobody yet."""
    world = World()
    world.settle(ALPHA, filed(TEXT, BRAVO))
    world.settle(BRAVO, JointTextSigned(paper=paper()))
    world.settle(ALPHA, filed(replace(TEXT, sentences=("Other.",)), BRAVO, version=2))
    old, new = joint_texts_of(world.state(BRAVO))
    assert (old.standing.signed, old.is_latest) == ((BRAVO,), False)
    assert (new.standing.signed, new.is_latest) == ((), True)


def test_who_is_not_named_and_what_does_not_stand_is_refused() -> None:
    """INC-012, INC-020."""
    world = World(names=(ALPHA, BRAVO, CHARLIE), seed="papers")
    world.settle(ALPHA, filed(TEXT, BRAVO, CHARLIE))
    world.settle(ALPHA, filed(action(BRAVO), BRAVO, CHARLIE, name="a-1"))
    for party, body, words in (
        (CHARLIE, JointTextSigned(paper=paper()), "not charlie"),
        (CHARLIE, ActionUndertaken(paper=paper("a-1"), due=START), "for bravo to undertake"),
        (ALPHA, ActionDone(paper=paper("a-1"), evidence="x"), "for bravo to undertake"),
        (BRAVO, JointTextSigned(paper=paper("a-1")), "this act needs a joint text"),
        (BRAVO, JointTextSigned(paper=paper("nothing")), "names nothing"),
    ):
        refused = world.act(party, body).refused
        assert refused is not None
        assert words in refused.text
    world.settle(ALPHA, PaperWithdrawn(paper=PaperId("p-1"), version=1, reason="overtaken"))
    refused = world.act(BRAVO, JointTextSigned(paper=paper())).refused
    assert refused is not None
    assert "withdrawn" in refused.text


def test_a_paper_that_names_no_keeper_is_refused_where_only_another_keeps_the_file() -> None:
    """INC-341: it would be about a file that nobody keeps, and stand on nobody's page."""
    world = World()
    world.settle(ALPHA, filed(FILE, BRAVO, name="inc"))
    refused = world.act(BRAVO, filed(TEXT, ALPHA)).refused
    assert refused is not None
    assert "bravo keeps no file inc" in refused.text
    assert "held of: alpha" in refused.text
    world.settle(BRAVO, filed(replace(TEXT, kept_by=ALPHA), ALPHA))
    world.settle(BRAVO, filed(replace(TEXT, incident="told-of-by-voice"), ALPHA, name="p-2"))
    world.settle(BRAVO, filed(FILE, name="inc"))
    world.settle(BRAVO, filed(TEXT, name="p-3"))


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (START, None, None),
        (START.replace(year=2019), START.replace(year=2020), None),  # a precedent
        (START + timedelta(seconds=30), None, None),  # a console's clock, half a minute ahead
        (START.replace(year=2099), None, "still to come"),
        (START, START.replace(year=2099), "or leave its end open"),
        (START.replace(year=1990), None, "20 years before this protocol"),
    ],
)
def test_api_461_a_file_is_of_what_was_and_of_no_other_century(
    start: datetime, end: datetime | None, words: str | None
) -> None:
    world = World()
    refused = world.act(ALPHA, filed(replace(FILE, start=start, end=end), name="inc")).refused
    if words is None:
        assert refused is None
        return
    assert refused is not None
    assert refused.code is RefusalCode.BAD_TIME
    assert words in refused.text


def test_a_signature_reaches_everyone_who_holds_the_paper() -> None:
    """MEC-111."""
    world = World(names=(ALPHA, BRAVO, CHARLIE), seed="papers")
    world.settle(ALPHA, filed(TEXT, BRAVO, CHARLIE))
    world.settle(BRAVO, JointTextDeclined(paper=paper(), reason="the second sentence"))
    for party in (ALPHA, BRAVO, CHARLIE):
        (text,) = joint_texts_of(world.state(party))
        assert text.standing.declined == ((BRAVO, "the second sentence"),)


def test_an_action_of_ours_that_stays_at_home_is_done_at_home() -> None:
    """MEC-111: what is ours alone never leaves, its completion included."""
    world = World()
    world.settle(ALPHA, filed(action(ALPHA), name="a-1"))
    world.settle(ALPHA, ActionDone(paper=paper("a-1"), evidence="roster"))
    (held,) = actions_of(world.state(ALPHA), world.now)
    assert held.standing.state is ActionState.DONE
    assert actions_of(world.state(BRAVO), world.now) == ()
    assert world.state(BRAVO).feeds[ALPHA].size == world.state(ALPHA).own.size
    assert world.state(ALPHA).own.undertakings == {}


def test_an_undertaking_holds_for_the_words_that_were_undertaken() -> None:
    """MEC-112, INC-023: a later version is unanswered, whatever was said of the one before."""
    world = World()
    world.settle(ALPHA, filed(action(BRAVO), BRAVO, name="a-1"))
    late = START + timedelta(hours=2)
    world.settle(BRAVO, ActionUndertaken(paper=paper("a-1"), due=late))
    changed = replace(action(BRAVO), text="pay damages and admit fault", due=None)
    world.settle(ALPHA, filed(changed, BRAVO, name="a-1", version=2))
    for party in (ALPHA, BRAVO):
        first, second = actions_of(world.state(party), START + timedelta(hours=1, minutes=30))
        assert (first.proposal.text, first.standing.state) == (
            "staff the line",
            ActionState.UNDERTAKEN,
        )
        assert not first.is_latest
        assert (second.proposal, second.standing.state) == (changed, ActionState.UNANSWERED)
        assert second.is_latest
    world.settle(BRAVO, ActionDone(paper=paper("a-1"), evidence="roster"))
    _, held = actions_of(world.state(ALPHA), late + timedelta(hours=9))
    assert held.standing.state is ActionState.DONE


def test_a_proposer_takes_nothing_back_from_what_all_have_signed() -> None:
    """INC-014: a signature is not unsaid, by anybody."""
    world = World()
    world.settle(ALPHA, filed(TEXT, BRAVO))
    said = AgreedThat(text=WORDS, parties=(ALPHA, BRAVO), joint=paper())
    world.settle(BRAVO, stated(said, ALPHA, name="c-1", by=BRAVO))
    for party in (ALPHA, BRAVO):
        world.settle(party, JointTextSigned(paper=paper()))
    world.settle(ALPHA, PaperWithdrawn(paper=PaperId("p-1"), version=1, reason="we think again"))
    for party in (ALPHA, BRAVO):
        (text,) = joint_texts_of(world.state(party))
        assert text.standing.is_joint
        assert text.is_withdrawn
        (agreed,) = agreements_of(world.state(party))
        assert agreed.standing is AgreedStanding.SIGNED_BY_ALL


def test_a_dispute_names_a_claim_whatever_else_has_its_name() -> None:
    """INC-031: a call and a claim may have one id."""
    world = World()
    world.settle(ALPHA, call("x-1"))
    said = AgreedThat(text=WORDS, parties=(ALPHA, BRAVO))
    world.settle(ALPHA, stated(said, BRAVO, name="x-1"))
    no = Disputes(claim=Named(party=ALPHA, id="x-1"), text="no such thing")
    world.settle(BRAVO, stated(no, ALPHA, name="y-1", by=BRAVO))
    (agreed,) = agreements_of(world.state(ALPHA))
    assert agreed.standing is AgreedStanding.CONTRADICTED


def test_a_draft_tells_what_a_call_was_corrected_to_and_cuts_long_words() -> None:
    """INC-060: and a remark of any length makes no sentence that cannot be filed."""
    world = World()
    long = FreeText(text="\\" * 2_000, language="en")
    placed = call()
    world.settle(ALPHA, replace(placed, content=replace(placed.content, remarks=long)))
    wanted = replace(placed.content, danger=Danger.COLLISION)
    world.settle(ALPHA, CallCorrected(call=placed.call, content=wanted))
    draft = readout_draft(world.state(BRAVO), FILE)
    words = [sentence.text for sentence in draft.sentences]
    assert "(cut; the entry has it all)" in words[0]
    assert any("alpha corrected warn c-1: " in line for line in words)


def test_a_readout_is_drafted_from_entries_and_from_nothing_else() -> None:
    """INC-060: every sentence names entries that are held, and says what they say."""
    world = World()
    world.settle(ALPHA, roz("roz-1", BRAVO))
    world.settle(ALPHA, call())
    world.settle(BRAVO, received())
    world.settle(BRAVO, answered(AnswerKind.NOT_OURS))
    status = StatusStated(
        notice=Named(party=ALPHA, id="roz-1"), status=StatedStatus.CONTESTED, scope=Scope()
    )
    world.settle(BRAVO, status)
    draft = readout_draft(world.state(ALPHA), FILE)
    words = [sentence.text for sentence in draft.sentences]
    assert draft.left_out == 0
    assert [line.split(": ", maxsplit=1)[1].split(" ")[0] for line in words] == [
        "alpha",
        "alpha",
        "warn",
        "warn",
        "warn",
        "bravo",
    ]
    assert "filed roz-1 (zone), version 1" in words[0]
    assert "a person" not in words[2]
    assert "a person of bravo duty-officer received it" in words[3]
    assert "answered: not ours" in words[4]
    assert not any("'" in line.replace("'not ours' is not", "") for line in words), "INC-072"
    assert "not clear to engage" in words[4]
    assert "contested" in words[5]
    held = {filed.stamp.ref for filed in world.state(ALPHA).own.notices[NoticeId("roz-1")].versions}
    assert set(draft.sentences[0].entries) == held
    assert all(sentence.entries for sentence in draft.sentences)
    earlier = replace(FILE, start=START - timedelta(hours=2), end=START - timedelta(hours=1))
    assert readout_draft(world.state(ALPHA), earlier).sentences == ()
    alone = replace(FILE, parties=(BRAVO,))
    assert len(readout_draft(world.state(ALPHA), alone).sentences) == 1


def test_the_agenda_lists_what_is_open() -> None:
    """INC-070, MEC-113."""
    world = World()
    world.settle(ALPHA, filed(FILE, BRAVO, name="inc"))
    world.settle(ALPHA, filed(TEXT, BRAVO))
    world.settle(ALPHA, filed(action(BRAVO), BRAVO, name="a-1"))
    world.settle(ALPHA, stated(moment(0.0), BRAVO))
    world.settle(BRAVO, stated(moment(12 * 3_600.0), ALPHA, name="c-2", by=BRAVO))
    said = AgreedThat(text=WORDS, parties=(ALPHA, BRAVO))
    world.settle(BRAVO, stated(said, ALPHA, name="c-3", by=BRAVO))
    points = [one.point for one in agenda(world.state(ALPHA), world.now)]
    assert points == [
        AgendaPoint.ACTION_OPEN,
        AgendaPoint.JOINT_TEXT_OPEN,
        AgendaPoint.ACCOUNTS_DIFFER,
        AgendaPoint.SECOND_LOOK,
        AgendaPoint.AGREED_BY_ONE,
        AgendaPoint.INCIDENT,
    ]
    late = agenda(world.state(ALPHA), START + timedelta(days=1))
    assert late[0].point is AgendaPoint.ACTION_OVERDUE
    assert ledger_of(world.state(ALPHA)) == ()


def test_a_principals_page_calls_agreed_only_what_all_have_signed() -> None:
    """INC-071."""
    world = World()
    world.settle(ALPHA, filed(FILE, BRAVO, name="inc"))
    world.settle(ALPHA, filed(TEXT, BRAVO))
    world.settle(ALPHA, call())
    readout = Readout(
        incident="inc",
        occasion="call of the ministers",
        language="en",
        sentences=(
            FromRecord(text="A call was placed.", entries=(Named(party=ALPHA, id="c-1"),)),
            View(text="It helped."),
        ),
    )
    world.settle(ALPHA, filed(readout, BRAVO, name="r-1"))
    world.settle(ALPHA, stated(moment(0.0), BRAVO))
    incident = HeldPaper(of=ALPHA, paper=world.state(ALPHA).own.papers[PaperId("inc")])
    page = senior_page(world.state(ALPHA), incident)
    assert page.agreed == ()
    said = [(one.text, bool(one.entries), one.is_view) for one in page.said_in_readouts]
    assert said == [
        ("alpha: “A call was placed.”", True, False),
        ("alpha (its view): “It helped.”", False, True),
    ]
    (question,) = page.open_questions
    assert question.text == "meeting: time: stated by party alpha alone"
    assert page.stated[0].text.startswith("“spokesman of alpha”: ")
    assert question.entries == page.stated[0].entries
    for party in (ALPHA, BRAVO):
        world.settle(party, JointTextSigned(paper=paper()))
    (agreed,) = senior_page(world.state(ALPHA), incident).agreed
    assert agreed.text.startswith(f"of alpha and bravo: “{' '.join(TEXT.sentences)}” [")
    assert len(agreed.entries) == 3, "the text and both signatures"
    assert [party for party, _ in readouts_of(world.state(BRAVO), incident.file)] == [ALPHA]
    assert precedents_of(world.state(ALPHA), incident.paper) == ()


@pytest.mark.parametrize("party", [ALPHA, BRAVO])
def test_both_parties_see_the_same_where_all_was_released(party: PartyId) -> None:
    """MEC-113."""
    world = World()
    world.settle(ALPHA, filed(TEXT, BRAVO))
    world.settle(ALPHA, filed(action(BRAVO), BRAVO, name="a-1"))
    world.settle(BRAVO, ActionUndertaken(paper=paper("a-1"), due=START + timedelta(days=1)))
    state = world.state(party)
    assert joint_texts_of(state) == joint_texts_of(world.state(ALPHA))
    assert actions_of(state, world.now) == actions_of(world.state(ALPHA), world.now)
