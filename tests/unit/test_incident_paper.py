"""Papers of the aftermath: their life, who signs, who acts, and what is said to be agreed."""

from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from account_values import BLUE, BRIEFING, RED
from picture_values import at, by_node, ref, stamp

from crosstell.core.assessment.account.stance import AgreedThat, Disputes
from crosstell.core.errors import Duplicate, RefusalCode, Refused
from crosstell.core.ids import PaperId, PartyId
from crosstell.core.incident import corrective_action, joint_text, paper
from crosstell.core.incident.corrective_action import (
    ACTION_TABLE,
    ActionDeclined,
    ActionDone,
    ActionDueMoved,
    ActionEvent,
    ActionState,
    ActionStep,
    ActionUndertaken,
    Undertaking,
    action_standing,
)
from crosstell.core.incident.joint_text import (
    POSITION_TABLE,
    JointEvent,
    JointPosition,
    JointStanding,
    JointTextDeclined,
    JointTextSigned,
    PositionState,
    PositionStep,
    joint_standing,
)
from crosstell.core.incident.paper import (
    PAPER_TABLE,
    ActionProposal,
    FromRecord,
    IncidentFile,
    JointText,
    Paper,
    PaperContent,
    PaperEvent,
    PaperFiled,
    PaperState,
    PaperStep,
    PaperWithdrawn,
    Readout,
    View,
)
from crosstell.core.table import Verdict

GREEN = PartyId("green")
TEXT = JointText(
    incident="inc",
    language="en",
    parties=(BLUE, RED),
    sentences=("Both use the established channels.", "The line is tested daily."),
)
ACTION = ActionProposal(incident="inc", text="staff the line at night", owner=RED, due=at(1_000))
FILE = IncidentFile(
    title="a meeting over the sea", parties=(BLUE, RED), matters=("meeting",), start=at(0)
)
READOUT = Readout(
    incident="inc",
    occasion="call of the ministers",
    language="en",
    sentences=(FromRecord(text="A call was placed.", entries=(ref(3),)), View(text="It helped.")),
)


def filed(content: PaperContent, version: int = 1, name: str = "p") -> PaperFiled:
    why = None if version == 1 else "a sentence was added"
    return PaperFiled(
        paper=PaperId(name), version=version, content=content, marking="TEST", reason=why
    )


def papers_after(*events: PaperEvent) -> Paper:
    held: Paper | None = None
    for seq, event in enumerate(events):
        answer = paper.advance(held, event, stamp(seq))
        assert isinstance(answer, Paper), answer
        held = answer
    assert held is not None
    return held


def gone(version: int = 1) -> PaperWithdrawn:
    return PaperWithdrawn(paper=PaperId("p"), version=version, reason="overtaken")


def test_a_paper_is_filed_by_a_person_version_by_version() -> None:
    """INC-001."""
    longer = replace(TEXT, sentences=(*TEXT.sentences, "A third."))
    held = papers_after(filed(TEXT), filed(longer, 2))
    assert [one.event.version for one in held.versions] == [1, 2]
    assert held.versions[0].event.content == TEXT
    assert isinstance(paper.advance(None, filed(TEXT), by_node()), Refused)
    assert isinstance(paper.advance(held, filed(TEXT, 4), stamp(3)), Refused)
    assert isinstance(paper.advance(held, filed(longer, 2), stamp(3)), Duplicate)
    with pytest.raises(ValueError, match="gives no reason"):
        replace(filed(TEXT), version=2)


def test_a_paper_keeps_its_kind() -> None:
    """INC-002."""
    answer = paper.advance(papers_after(filed(TEXT)), filed(ACTION, 2), stamp(1))
    assert isinstance(answer, Refused)
    assert "keeps its kind" in answer.text


def test_nobody_gets_a_paper_unless_it_says_so() -> None:
    """INC-003."""
    assert filed(FILE).releasable_to == ()


def test_each_sentence_rests_on_entries_or_is_a_view() -> None:
    """INC-004."""
    with pytest.raises(ValueError, match="entries"):
        FromRecord(text="A call was placed.", entries=())
    with pytest.raises(ValueError, match="sentences"):
        replace(READOUT, sentences=())


def test_withdrawn_is_final_and_names_what_stood() -> None:
    """INC-005."""
    held = papers_after(filed(READOUT), gone())
    assert not held.stands
    assert held.content == READOUT
    assert isinstance(paper.advance(held, filed(READOUT, 2), stamp(2)), Refused)
    assert isinstance(paper.advance(held, gone(), stamp(2)), Duplicate)
    two = papers_after(filed(READOUT), filed(replace(READOUT, language="tr"), 2))
    assert isinstance(paper.advance(two, gone(1), stamp(2)), Refused)
    assert isinstance(paper.advance(None, gone(), stamp(0)), Refused)


@pytest.mark.parametrize(
    ("table", "refused"),
    [
        (PAPER_TABLE, {("absent", "withdraw"), ("withdrawn", "file")}),
        (POSITION_TABLE, {("signed", "decline")}),
        (
            ACTION_TABLE,
            {
                ("unanswered", "move"),
                ("undertaken", "undertake"),
                ("declined", "move"),
                ("done", "undertake"),
                ("done", "decline"),
                ("done", "move"),
            },
        ),
    ],
    ids=lambda one: getattr(one, "name", ""),
)
def test_the_refused_pairs_by_name(table: Any, refused: set[tuple[str, str]]) -> None:  # noqa: ANN401
    """INC-005, INC-011, INC-022: all else is allowed, or ignored as a duplicate."""
    pairs = product(table.states, table.events)
    assert {(str(s), str(e)) for s, e in pairs if table.next(s, e) is Verdict.REFUSED} == refused
    assert len({PaperState, PositionState, ActionState, PaperStep, PositionStep, ActionStep}) == 6


SIGNED = JointTextSigned(paper=ref(1))
DECLINED = JointTextDeclined(paper=ref(1), reason="the second sentence")


def position(*events: JointEvent) -> JointPosition | Refused | Duplicate:
    held: JointPosition | None = None
    answer: JointPosition | Refused | Duplicate | None = None
    for seq, event in enumerate(events):
        answer = joint_text.advance(held, event, stamp(seq, feed="feed-red"))
        held = answer if isinstance(answer, JointPosition) else held
    assert answer is not None
    return answer


def test_a_signature_is_a_persons_and_is_not_unsaid() -> None:
    """INC-010, INC-011."""
    assert isinstance(joint_text.advance(None, SIGNED, by_node()), Refused)
    assert isinstance(position(SIGNED, DECLINED), Refused)
    assert isinstance(position(SIGNED, SIGNED), Duplicate)
    late = position(DECLINED, SIGNED)
    assert isinstance(late, JointPosition)
    assert late.state is PositionState.SIGNED


def test_a_text_is_joint_once_all_that_it_names_have_signed() -> None:
    """INC-013: not by one, not by strangers, not by silence."""
    yes, no = position(SIGNED), position(DECLINED)
    assert isinstance(yes, JointPosition)
    assert isinstance(no, JointPosition)
    for positions, is_joint in (
        ({BLUE: yes, RED: yes}, True),
        ({BLUE: yes}, False),
        ({BLUE: yes, RED: None, GREEN: yes}, False),
        ({BLUE: yes, RED: no}, False),
        ({}, False),
    ):
        assert joint_standing(TEXT, positions).is_joint == is_joint
    half = joint_standing(TEXT, {BLUE: yes, RED: no})
    assert half == JointStanding(
        signed=(BLUE,), declined=((RED, "the second sentence"),), unanswered=()
    )


UNDERTAKEN = ActionUndertaken(paper=ref(1), due=at(2_000))
MOVED = ActionDueMoved(paper=ref(1), due=at(3_000), reason="the night shift is not trained yet")
DONE = ActionDone(paper=ref(1), evidence="roster of November", entries=(ref(5),))
NOT = ActionDeclined(paper=ref(1), reason="nobody to staff it")


def acted(*events: ActionEvent) -> Undertaking:
    held: Undertaking | None = None
    for seq, event in enumerate(events):
        answer = corrective_action.advance(held, event, stamp(seq, feed="feed-red"))
        assert isinstance(answer, Undertaking), answer
        held = answer
    assert held is not None
    return held


def test_an_action_is_a_persons_of_its_owner() -> None:
    """INC-020."""
    answer = corrective_action.advance(None, UNDERTAKEN, by_node())
    assert isinstance(answer, Refused)
    assert answer.code is RefusalCode.NOT_OWNER


def test_every_date_and_what_shows_completion_stay() -> None:
    """INC-021."""
    held = acted(UNDERTAKEN, MOVED, DONE)
    assert [event for event, _ in held.said] == [UNDERTAKEN, MOVED, DONE]
    assert held.due == at(3_000)
    with pytest.raises(ValueError, match="evidence"):
        ActionDone(paper=ref(1), evidence=" ")


@pytest.mark.parametrize(
    ("events", "now_s", "state", "is_overdue"),
    [
        ((), 999, ActionState.UNANSWERED, False),
        ((), 1_001, ActionState.UNANSWERED, True),
        ((UNDERTAKEN,), 1_500, ActionState.UNDERTAKEN, False),
        ((UNDERTAKEN,), 2_001, ActionState.UNDERTAKEN, True),
        ((UNDERTAKEN, MOVED), 2_001, ActionState.UNDERTAKEN, False),
        ((UNDERTAKEN, DONE), 9_999, ActionState.DONE, False),
        ((NOT,), 9_999, ActionState.DECLINED, False),
        ((NOT, UNDERTAKEN), 9_999, ActionState.UNDERTAKEN, True),
    ],
)
def test_overdue_is_what_is_open_past_the_owners_date(
    events: tuple[ActionEvent, ...], now_s: float, state: ActionState, is_overdue: bool
) -> None:
    """INC-022, INC-023."""
    standing = action_standing(ACTION, acted(*events) if events else None, at(now_s))
    assert (standing.state, standing.is_overdue) == (state, is_overdue)


def test_an_owner_may_come_back_to_what_it_said_before() -> None:
    """INC-022: undertaken again by the same date; a date moved there and back."""
    again = acted(UNDERTAKEN, NOT, UNDERTAKEN)
    assert again.state is ActionState.UNDERTAKEN
    later_ = replace(MOVED, due=at(4_000))
    assert acted(UNDERTAKEN, MOVED, later_, MOVED).due == at(3_000)
    same = corrective_action.advance(acted(UNDERTAKEN), UNDERTAKEN, stamp(1, feed="feed-red"))
    assert isinstance(same, Duplicate)


def test_what_is_done_stays_done() -> None:
    """INC-022."""
    for event in (UNDERTAKEN, NOT, MOVED):
        answer = corrective_action.advance(acted(DONE), event, stamp(4, feed="feed-red"))
        assert isinstance(answer, Refused)


@pytest.mark.parametrize(
    "make",
    [
        lambda: replace(TEXT, parties=(BLUE,)),
        lambda: replace(TEXT, sentences=()),
        lambda: replace(TEXT, sentences=(" ",)),
        lambda: replace(FILE, end=at(0)),
        lambda: replace(FILE, parties=(BLUE, BLUE)),
        lambda: replace(READOUT, language="English"),
        lambda: AgreedThat(text="x", parties=(BLUE,)),
        lambda: Disputes(claim=ref(1), text=""),
        lambda: replace(BRIEFING, words=""),
    ],
)
def test_what_says_nothing_is_refused(make: Any) -> None:  # noqa: ANN401
    """INC-001."""
    with pytest.raises(ValueError, match=r".+"):
        make()
