"""Stages on the recipient's side, and the read-back."""

from dataclasses import replace

import pytest
from line_values import CALL_REF, CONTENT, GREEN, acknowledge, code_of, node_stamp, stamp, words

from crosstell.core.geometry.position import Position
from crosstell.core.ids import ComponentId, Latest
from crosstell.core.line.acknowledgement import (
    AcknowledgementEvent,
    CallActedOn,
    CallDelivered,
    CallPassedOn,
    CallReadBack,
    CallReceived,
    Stage,
    SummaryConfirmed,
    advance,
)
from crosstell.core.line.content import (
    CallContent,
    ContentField,
    Finding,
    Subject,
    SubjectKind,
    compare,
    differences,
)
from crosstell.core.picture.party import Scope

DELIVERED, RECEIVED = CallDelivered(call=CALL_REF), CallReceived(call=CALL_REF)
READ_BACK = CallReadBack(call=CALL_REF, content=CALL_REF, read_back=CONTENT)
AIR = Scope(speaks_for=(ComponentId("air-force"),))
AGENCY = Scope(speaks_for=(ComponentId("agency"),))
PASSED = CallPassedOn(call=CALL_REF, scope=AIR)
ACTED = CallActedOn(call=CALL_REF, scope=AIR)
CONFIRMED = SummaryConfirmed(call=CALL_REF, digest="0" * 64)


@pytest.mark.parametrize("event", [RECEIVED, READ_BACK, PASSED, ACTED, CONFIRMED])
def test_line_020_no_machine_says_a_persons_stage(event: AcknowledgementEvent) -> None:
    held = acknowledge(RECEIVED)
    assert code_of(advance(None, event, node_stamp("green"))) == "not-owner"
    assert code_of(advance(held, event, node_stamp("green"))) == "not-owner"


def test_line_020_a_node_says_delivered() -> None:
    assert code_of(advance(None, DELIVERED, node_stamp("green"))) == "allowed"


def test_line_021_the_stage_rises_and_a_late_read_back_does_not_lower_it() -> None:
    assert acknowledge(DELIVERED).stage is Stage.DELIVERED
    assert acknowledge(DELIVERED, RECEIVED, READ_BACK, PASSED, ACTED).stage is Stage.ACTED_ON
    held = acknowledge(RECEIVED, ACTED, READ_BACK, PASSED)
    assert held.stage is Stage.ACTED_ON
    assert len(held.marks) == 4


@pytest.mark.parametrize("event", [PASSED, ACTED, CONFIRMED])
def test_line_022_024_nothing_of_a_person_precedes_receipt(event: AcknowledgementEvent) -> None:
    assert code_of(advance(None, event, stamp("green"))) == "wrong-state"
    assert code_of(advance(acknowledge(DELIVERED), event, stamp("green"))) == "wrong-state"


def test_line_022_a_read_back_shows_a_person_without_a_separate_receipt() -> None:
    assert acknowledge(DELIVERED, READ_BACK).stage is Stage.READ_BACK


def test_line_023_passed_on_is_true_of_each_component_once() -> None:
    held = acknowledge(RECEIVED, PASSED)
    assert code_of(advance(held, PASSED, stamp("green", 9))) == "repeat"
    other = CallPassedOn(call=CALL_REF, scope=AGENCY)
    assert code_of(advance(held, other, stamp("green", 9))) == "allowed"


def test_line_025_a_repeat_moves_no_time() -> None:
    held = acknowledge(DELIVERED, RECEIVED)
    for event in (DELIVERED, RECEIVED):
        assert code_of(advance(held, event, stamp("green", 9, after_s=999))) == "repeat"


def test_line_004_the_version_read_back_is_named_by_its_entry() -> None:
    loose = CallReadBack(call=CALL_REF, content=Latest(party=GREEN, id="c-1"), read_back=CONTENT)
    assert code_of(advance(None, loose, stamp("green"))) == "unknown-object"


def test_line_024_a_summary_is_confirmed_by_a_digest() -> None:
    assert acknowledge(RECEIVED, CONFIRMED).stage is Stage.RECEIVED
    with pytest.raises(ValueError, match="64"):
        SummaryConfirmed(call=CALL_REF, digest="seen and agreed")


@pytest.mark.parametrize(
    ("field", "second", "finding"),
    [
        (ContentField.PLACE, replace(CONTENT, place=None), Finding.STATED_BY_FIRST),
        (
            ContentField.PLACE,
            replace(CONTENT, place=Position(lat_deg=36.6, lon_deg=40.4)),
            Finding.DIFFER,
        ),
        (ContentField.REMARKS, replace(CONTENT, remarks=words()), Finding.STATED_BY_SECOND),
        (ContentField.WINDOW, CONTENT, Finding.STATED_BY_NEITHER),
        (ContentField.ACT, CONTENT, Finding.AGREE),
    ],
)
def test_line_030_each_field_is_compared(
    field: ContentField, second: CallContent, finding: Finding
) -> None:
    found = {f.field: f.finding for f in compare(CONTENT, second)}
    assert set(found) == set(ContentField)
    assert found[field] is finding


def test_line_030_other_words_are_for_a_person_and_do_not_block() -> None:
    first = replace(CONTENT, remarks=words("Leave  the zone"))
    assert differences(compare(first, replace(CONTENT, remarks=words("leave the ZONE")))) == ()
    found = compare(first, replace(CONTENT, remarks=words("go north")))
    assert found[-1].finding is Finding.WORDING_DIFFERS
    assert differences(found) == ()


def test_line_030_subjects_compare_as_a_set() -> None:
    pair = tuple(Subject(kind=SubjectKind.AIRCRAFT, label=name) for name in ("one", "two"))
    forward, back = replace(CONTENT, subjects=pair), replace(CONTENT, subjects=pair[::-1])
    assert differences(compare(forward, back)) == ()
    assert differences(compare(forward, replace(CONTENT, subjects=pair[:1])))[0].finding is (
        Finding.DIFFER
    )
