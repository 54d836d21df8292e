"""The ladder: when it rings, where it stops, that it never rings again."""

import pytest
from line_values import CHIEF, DIRECTOR, DUTY, at, code_of, node_stamp, stamp, words

from crosstell.core.ids import AlertId
from crosstell.core.line.escalation import (
    DraftPrepared,
    Ladder,
    LadderEnd,
    LadderEnded,
    LadderEvent,
    LadderOpened,
    LadderState,
    Matter,
    MatterKind,
    RaisedAlert,
    Rung,
    RungReached,
    advance,
    due,
    matter_key,
)

MATTER = Matter(kind=MatterKind.ALERT_UNACKNOWLEDGED, subject=RaisedAlert(alert=AlertId("al-1")))
RUNGS = (
    Rung(role=DUTY, after_s=0.0),
    Rung(role=CHIEF, after_s=60.0),
    Rung(role=DIRECTOR, after_s=300.0),
)
OPENED = LadderOpened(matter=MATTER, opened_at=at(0), rungs=RUNGS, rings=2)
DRAFT = DraftPrepared(matter=MATTER, rung=2, brief=words("alert open"), from_role=DIRECTOR)
TAKEN = LadderEnded(matter=MATTER, end=LadderEnd.ACKNOWLEDGED)


def rung(number: int) -> RungReached:
    return RungReached(matter=MATTER, rung=number)


def run(*steps: tuple[LadderEvent, float]) -> Ladder:
    held: Ladder | None = None
    for event, after_s in steps:
        new = advance(held, event, stamp(after_s=after_s))
        assert isinstance(new, Ladder), new
        held = new
    assert held is not None
    return held


def test_line_090_rungs_count_from_the_opening_of_the_matter() -> None:
    ladder = run((OPENED, 40))
    assert ladder.next_due_at == at(0)
    assert run((OPENED, 40), (rung(0), 40)).next_due_at == at(60)


def test_line_092_a_ladder_at_its_top_or_ended_has_no_deadline() -> None:
    top = run((OPENED, 0), (rung(0), 0), (rung(1), 60), (DRAFT, 300))
    assert (top.state, top.next_due_at) == (LadderState.AT_TOP, None)
    ended = run((OPENED, 0), (TAKEN, 5))
    assert (ended.state, ended.next_due_at) == (LadderState.ENDED, None)


@pytest.mark.parametrize(
    ("event", "after_s", "code"),
    [
        (rung(0), 0, "repeat"),
        (rung(1), 59, "bad-time"),
        (rung(1), 60, "allowed"),
        (rung(1), 9_999, "allowed"),
        (DRAFT, 300, "wrong-state"),
        (OPENED, 60, "repeat"),
    ],
)
def test_line_093_rungs_come_in_order_none_early_none_twice(
    event: LadderEvent, after_s: float, code: str
) -> None:
    ladder = run((OPENED, 0), (rung(0), 0))
    assert code_of(advance(ladder, event, node_stamp(after_s=after_s))) == code


def test_line_095_the_node_rings_up_to_the_ring_limit_and_drafts_above() -> None:
    high = run((OPENED, 0), (rung(0), 0), (rung(1), 60))
    assert due(high, now=at(299)) is None
    assert due(high, now=at(300)) == 2
    assert code_of(advance(high, rung(2), node_stamp(after_s=300))) == "out-of-scope"
    low = run((OPENED, 0))
    assert due(low, now=at(0)) == rung(0)
    early = DraftPrepared(matter=MATTER, rung=0, brief=words("early"), from_role=DUTY)
    assert code_of(advance(low, early, node_stamp(after_s=0))) == "out-of-scope"


def test_line_096_an_acknowledged_matter_never_rings_again() -> None:
    ended = run((OPENED, 0), (rung(0), 0), (TAKEN, 5))
    assert due(ended, now=at(9_999)) is None
    for event in (rung(1), DRAFT, OPENED):
        assert code_of(advance(ended, event, node_stamp(after_s=9_999))) == "wrong-state"
    assert code_of(advance(ended, TAKEN, stamp(after_s=6))) == "repeat"


def test_line_096_acknowledging_is_a_persons() -> None:
    ladder = run((OPENED, 0))
    assert code_of(advance(ladder, TAKEN, node_stamp(after_s=5))) == "not-owner"
    over = LadderEnded(matter=MATTER, end=LadderEnd.ALERT_ENDED)
    assert code_of(advance(ladder, over, node_stamp(after_s=5))) == "allowed"


def test_line_090_a_ladder_whose_rungs_do_not_rise_cannot_be_opened() -> None:
    with pytest.raises(ValueError, match="rise"):
        LadderOpened(matter=MATTER, opened_at=at(0), rungs=RUNGS[::-1], rings=2)
    with pytest.raises(ValueError, match="ring limit"):
        LadderOpened(matter=MATTER, opened_at=at(0), rungs=RUNGS, rings=4)


def test_line_096_repeats_of_one_kind_are_told_apart_by_their_mark() -> None:
    again = Matter(kind=MATTER.kind, subject=MATTER.subject, mark=at(60))
    assert matter_key(again) != matter_key(MATTER)
    assert matter_key(MATTER) == "alert-unacknowledged alert al-1"
