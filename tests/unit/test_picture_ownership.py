"""Whose it is: claims side by side, corrected in words, never a clearance."""

import pytest
from picture_values import AGENCY, ARMY, NAVY, by_node, ref, scope, speaker, stamp

from crosstell.core.errors import Duplicate, RefusalCode, Refused
from crosstell.core.ids import ComponentId, Latest, PartyId, TrackId
from crosstell.core.picture.ownership import (
    OWNERSHIP_TABLE,
    Ownership,
    OwnershipAnswer,
    OwnershipCorrected,
    OwnershipEvent,
    OwnershipSaid,
    OwnershipState,
    OwnershipStated,
    OwnTrack,
    PartyOwnership,
    advance,
    ownership_matrix,
    state_for,
)
from crosstell.core.picture.party import Scope
from crosstell.core.table import Verdict

WHOLE = Scope()
DEFINITE = (OwnershipAnswer.OURS, OwnershipAnswer.NOT_OURS, OwnershipAnswer.DISPUTED)


def states(answer: OwnershipAnswer, scope_: Scope = WHOLE) -> OwnershipStated:
    return OwnershipStated(subject=ref(7), answer=answer, scope=scope_)


def corrects(answer: OwnershipAnswer, scope_: Scope = WHOLE) -> OwnershipCorrected:
    return OwnershipCorrected(
        subject=ref(7), answer=answer, scope=scope_, reason="a second service has answered"
    )


def after(*events: OwnershipEvent) -> Ownership:
    ownership: Ownership | None = None
    for seq, event in enumerate(events):
        answer = advance(ownership, event, stamp(seq, by=speaker(party="red")))
        assert isinstance(answer, Ownership), answer
        ownership = answer
    assert ownership is not None
    return ownership


def rows(
    ownership: Ownership | None, *components: ComponentId
) -> dict[str, tuple[OwnershipState, str]]:
    held = PartyOwnership(party=PartyId("red"), components=components, ownership=ownership)
    return {str(row.component): (row.answer, row.text) for row in ownership_matrix((held,))}


def test_the_latest_that_covers_a_component_stands() -> None:
    """PIC-030: the ministry speaks for the armed forces and not for the agency."""
    ownership = after(
        states(OwnershipAnswer.NOT_OURS, scope(cannot=(AGENCY,))),
        states(OwnershipAnswer.CHECKING, scope(AGENCY)),
    )
    assert state_for(ownership, ARMY) is OwnershipState.NOT_OURS
    assert state_for(ownership, AGENCY) is OwnershipState.CHECKING
    assert state_for(None, ARMY) is OwnershipState.UNANSWERED


def test_a_person_states_it_of_what_is_held() -> None:
    """PIC-030."""
    answer = advance(None, states(OwnershipAnswer.OURS), by_node())
    assert isinstance(answer, Refused)
    assert answer.code is RefusalCode.NOT_OWNER
    named = OwnershipStated(
        subject=Latest(party=PartyId("blue"), id="call-1"), answer=OwnershipAnswer.OURS, scope=WHOLE
    )
    answer = advance(None, named, stamp())
    assert isinstance(answer, Refused)
    assert "call-1 of blue" in answer.text


def test_an_own_track_may_be_the_subject() -> None:
    """PIC-030."""
    own = OwnershipStated(
        subject=OwnTrack(track=TrackId("t1")), answer=OwnershipAnswer.OURS, scope=WHOLE
    )
    ownership = advance(None, own, stamp())
    assert isinstance(ownership, Ownership)
    assert ownership.subject == own.subject


@pytest.mark.parametrize("answer", DEFINITE)
def test_checking_gives_way_to_any_answer(answer: OwnershipAnswer) -> None:
    """PIC-031."""
    ownership = after(states(OwnershipAnswer.CHECKING), states(answer))
    assert state_for(ownership, ARMY) is OwnershipState(answer)


@pytest.mark.parametrize("first", DEFINITE)
@pytest.mark.parametrize("second", list(OwnershipAnswer))
def test_a_definite_answer_changes_by_correction_only(
    first: OwnershipAnswer, second: OwnershipAnswer
) -> None:
    """PIC-031."""
    ownership = after(states(first))
    plain = advance(ownership, states(second), stamp(5))
    correction = advance(ownership, corrects(second), stamp(5))
    if first is second:
        assert isinstance(plain, Duplicate)
        assert isinstance(correction, Duplicate)
        return
    assert isinstance(plain, Refused)
    assert f"the party has stated '{first}'" in plain.text
    assert isinstance(correction, Ownership)
    assert state_for(correction, NAVY) is OwnershipState(second)


def test_nothing_stated_cannot_be_corrected() -> None:
    """PIC-031."""
    answer = advance(None, corrects(OwnershipAnswer.OURS), stamp())
    assert isinstance(answer, Refused)
    assert "nothing that could be corrected" in answer.text
    refused = [pair for pair, v in OWNERSHIP_TABLE.rows.items() if v is Verdict.REFUSED]
    assert len(refused) == 4 + 3 * 3


def test_refused_for_one_component_changes_nothing_for_any() -> None:
    """PIC-032."""
    ownership = after(states(OwnershipAnswer.OURS, scope(AGENCY)))
    answer = advance(ownership, states(OwnershipAnswer.NOT_OURS), stamp(2))
    assert isinstance(answer, Refused)
    assert answer.text.startswith("ownership: agency has stated 'ours'")
    assert state_for(ownership, ARMY) is OwnershipState.UNANSWERED


def test_the_matrix_has_every_known_component() -> None:
    """PIC-033."""
    shown = rows(after(states(OwnershipAnswer.DISPUTED, scope(ARMY))), ARMY, AGENCY)
    assert shown["army"] == (OwnershipState.DISPUTED, "red army: says disputed")
    assert shown["agency"] == (OwnershipState.UNANSWERED, "red agency: unanswered")
    assert rows(None) == {"None": (OwnershipState.UNANSWERED, "red: unanswered")}


def test_an_ours_of_a_component_that_nobody_listed_is_shown() -> None:
    """PIC-033: the agency's 'ours' is what the caller most needs to see."""
    shown = rows(after(states(OwnershipAnswer.OURS, scope(AGENCY))), ARMY)
    assert shown["agency"] == (OwnershipState.OURS, "red agency: says ours")
    shown = rows(after(states(OwnershipAnswer.NOT_OURS, scope(cannot=(AGENCY,)))))
    assert shown["agency"] == (OwnershipState.UNANSWERED, "red agency: unanswered")
    assert shown["None"][1].startswith("red, all others: says not ours; ")


@pytest.mark.parametrize("event", ["stated", "corrected"])
def test_not_ours_is_never_shown_without_its_warning(event: str) -> None:
    """PIC-034."""
    said = (
        after(states(OwnershipAnswer.NOT_OURS))
        if event == "stated"
        else after(states(OwnershipAnswer.OURS), corrects(OwnershipAnswer.NOT_OURS))
    )
    text = rows(said, ARMY)["army"][1]
    assert text.endswith("'not ours' is not clear to engage and lowers no alert")


def test_statements_keep_their_entries() -> None:
    """PIC-030."""
    ownership = after(states(OwnershipAnswer.OURS))
    assert ownership.statements == (
        OwnershipSaid(event=states(OwnershipAnswer.OURS), stamp=stamp(0, by=speaker(party="red"))),
    )
