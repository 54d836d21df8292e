"""Status: each other party's own word on a notice version, per component."""

from itertools import product

import pytest
from picture_values import AGENCY, ARMY, NAVY, by_node, ref, scope, speaker, stamp, zone

from crosstell.core.errors import Duplicate, RefusalCode, Refused
from crosstell.core.ids import ComponentId, EntryRef, ForeignRef, Named, NoticeId, PartyId
from crosstell.core.picture.notice import Notice, NoticeFiled, NoticeWithdrawn
from crosstell.core.picture.notice import advance as advance_notice
from crosstell.core.picture.party import Scope
from crosstell.core.picture.status import (
    STATUS_TABLE,
    PartyStatuses,
    StatedStatus,
    Status,
    StatusRow,
    StatusState,
    StatusStated,
    advance,
    state_for,
    status_matrix,
)

RED = PartyId("red")
WHOLE = Scope()


def said(
    status: StatedStatus,
    scope_: Scope = WHOLE,
    *,
    of: ForeignRef | None = None,
    text: str | None = None,
) -> StatusStated:
    return StatusStated(notice=of or ref(1), status=status, scope=scope_, text=text)


def after(*events: StatusStated) -> Status:
    status: Status | None = None
    for seq, event in enumerate(events):
        answer = advance(status, event, stamp(seq, feed="feed-red", by=speaker(party="red")))
        assert isinstance(answer, Status)
        status = answer
    assert status is not None
    return status


def roz(versions: int = 1) -> Notice:
    notice: Notice | None = None
    for version in range(1, versions + 1):
        event = NoticeFiled(
            notice=NoticeId("roz"), version=version, content=zone(), marking="restricted"
        )
        answer = advance_notice(notice, event, stamp(version))
        assert isinstance(answer, Notice)
        notice = answer
    assert notice is not None
    return notice


def matrix(
    notice: Notice, *statuses: Status, components: tuple[ComponentId, ...] = (ARMY, AGENCY)
) -> tuple[StatusRow, ...]:
    return status_matrix(
        notice, (PartyStatuses(party=RED, components=components, statuses=statuses),)
    )


@pytest.mark.parametrize("own", [True, False])
def test_nobody_states_a_status_of_the_own_notice(own: bool) -> None:
    """PIC-010."""
    of = ref(1, "feed-red") if own else ref(1)
    answer = advance(None, said(StatedStatus.RECEIVED, of=of), stamp(2, feed="feed-red"))
    assert isinstance(answer, Refused) == own


def test_a_node_states_nothing_and_an_unknown_notice_is_named() -> None:
    """PIC-010."""
    answer = advance(None, said(StatedStatus.RECEIVED), by_node())
    assert isinstance(answer, Refused)
    assert answer.code is RefusalCode.NOT_OWNER
    unknown = Named(party=PartyId("blue"), id="roz")
    answer = advance(None, said(StatedStatus.RECEIVED, of=unknown), stamp(feed="feed-red"))
    assert isinstance(answer, Refused)
    assert answer.code is RefusalCode.UNKNOWN_OBJECT
    assert "roz of blue" in answer.text


@pytest.mark.parametrize(("first", "second"), list(product(StatedStatus, StatedStatus)))
def test_any_statement_may_follow_any_other(first: StatedStatus, second: StatedStatus) -> None:
    """PIC-011."""
    status = after(said(first), said(second, text="again"))
    assert state_for(status, ARMY) == StatusState(second)
    assert len(status.statements) == 1


def test_the_table_refuses_no_pair_and_never_unanswers() -> None:
    """PIC-011, PIC-012."""
    assert all(isinstance(answer, StatusState) for answer in STATUS_TABLE.rows.values())
    assert StatusState.UNANSWERED not in STATUS_TABLE.rows.values()


def test_the_same_words_again_are_a_duplicate() -> None:
    """PIC-011."""
    status = after(said(StatedStatus.RECEIVED))
    answer = advance(status, said(StatedStatus.RECEIVED), stamp(4, feed="feed-red"))
    assert isinstance(answer, Duplicate)


def test_the_latest_that_covers_a_component_stands() -> None:
    """PIC-011."""
    status = after(
        said(StatedStatus.CONTESTED, scope(AGENCY)),
        said(StatedStatus.RECEIVED, scope(cannot=(AGENCY,))),
    )
    assert state_for(status, AGENCY) is StatusState.CONTESTED
    assert state_for(status, ARMY) is StatusState.RECEIVED


def test_unanswered_is_what_nobody_said() -> None:
    """PIC-012: one component has it, the other has not, as on 5 October 2023."""
    assert "unanswered" not in {str(one) for one in StatedStatus}
    army, agency = matrix(roz(), after(said(StatedStatus.RECEIVED, scope(ARMY))))
    assert army.status is StatusState.RECEIVED
    assert army.text == "red army: received (receipt only, no acceptance), stated of version 1"
    assert agency.status is StatusState.UNANSWERED
    assert agency.text == "red agency: unanswered; silence is not consent"
    assert agency.stated_of is None


def test_what_stands_for_nobody_is_dropped() -> None:
    """PIC-013."""
    status = after(
        said(StatedStatus.RECEIVED, scope(ARMY)),
        said(StatedStatus.CONTESTED, scope(NAVY)),
        said(StatedStatus.OBSERVED_IN_PRACTICE, scope(ARMY)),
    )
    assert [one.event.status for one in status.statements] == ["contested", "observed-in-practice"]


def test_a_status_is_not_carried_over_to_a_later_version() -> None:
    """PIC-014."""
    status = after(said(StatedStatus.OBSERVED_IN_PRACTICE, scope(ARMY)))
    army = matrix(roz(2), status)[0]
    assert army.status is StatusState.UNANSWERED
    assert army.stated_of == 1
    assert army.text == (
        "red army: observed in practice (without prejudice to status, recognition or "
        "attribution), stated of version 1; version 2 stands, unanswered"
    )


def test_the_highest_version_counts_and_other_notices_do_not() -> None:
    """PIC-014."""
    first = after(said(StatedStatus.CONTESTED, text="no such zone is recognised"))
    second = after(said(StatedStatus.RECEIVED, of=ref(2)))
    elsewhere = after(said(StatedStatus.CONTESTED, of=EntryRef(feed=ref(1).feed, seq=9, hash="x")))
    row = matrix(roz(2), elsewhere, second, first)[0]
    assert (row.stated_of, row.status) == (2, StatusState.RECEIVED)
    row = matrix(roz(1), first)[0]
    assert row.text == "red army: contested: “no such zone is recognised”, stated of version 1"


def test_a_status_for_a_component_that_nobody_listed_is_shown() -> None:
    """PIC-014: what the navy contests is not lost because the list names army and agency."""
    status = after(said(StatedStatus.CONTESTED, scope(NAVY)))
    rows = matrix(roz(), status)
    assert [(row.component, row.status) for row in rows] == [
        (ARMY, StatusState.UNANSWERED),
        (AGENCY, StatusState.UNANSWERED),
        (NAVY, StatusState.CONTESTED),
    ]
    navy, others = matrix(roz(), status, components=())
    assert (navy.component, navy.status) == (NAVY, StatusState.CONTESTED)
    assert others.text == "red, all others: unanswered; silence is not consent"


def test_a_withdrawn_notice_and_a_party_without_known_components() -> None:
    """PIC-014."""
    withdrawal = NoticeWithdrawn(notice=NoticeId("roz"), version=1, reason="over")
    notice = advance_notice(roz(), withdrawal, stamp(5))
    assert isinstance(notice, Notice)
    (row,) = matrix(notice, after(said(StatedStatus.RECEIVED)), components=())
    assert row.component is None
    assert row.text.endswith("stated of version 1; the notice is withdrawn")
