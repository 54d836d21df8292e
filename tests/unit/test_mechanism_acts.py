"""What a person may have recorded: refused in words and on record, never hindered by others."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from node_pair import (
    ALPHA,
    BRAVO,
    CHARLIE,
    CHIEF,
    DIRECTOR,
    DUTY,
    START,
    World,
    answered,
    call,
    named,
    received,
    roz,
)
from test_mechanism_release import EXAMPLES
from test_told_in_turkish import lacking

from crosstell.codecs import entry_body
from crosstell.core.errors import Duplicate, RefusalCode, Refused
from crosstell.core.ids import (
    CallId,
    ComponentId,
    EntryRef,
    Latest,
    Named,
    NoticeId,
    PartyId,
    RoleId,
)
from crosstell.core.line.acknowledgement import CallDelivered, CallReadBack, CallReceived
from crosstell.core.line.answer import AnswerKind
from crosstell.core.line.content import AboutNotice
from crosstell.core.line.health import LineKey, LineReported, Report
from crosstell.core.line.message import CallClosed, CallKind, Closing, SentBy, StopRenewed
from crosstell.core.mechanism.inputs import Act
from crosstell.core.picture.notice import NoticeWithdrawn
from crosstell.core.picture.party import Scope, Speaker
from crosstell.core.picture.roles import RoleDeclared
from crosstell.core.picture.status import StatedStatus, StatusStated
from crosstell.core.protocol.adherence import ProtocolSigned, ProtocolSuspended
from crosstell.core.protocol.digest import ProtocolDigest
from crosstell.core.state.events import HOME_EVENTS, CommandRefused, Event, JournalCommitted
from crosstell.shell.node import Outcome

FORCES, AGENCY = ComponentId("alpha-forces"), ComponentId("alpha-agency")


def refusal(world: World, outcome: Outcome) -> Refused:
    """The refusal, which must be the one entry recorded, with its words, in our journal."""
    assert outcome.refused is not None, "it was not refused"
    (ref,) = outcome.recorded
    party = next(p for p in world.parties.values() if p.setting.journal == ref.feed)
    (row,) = party.store.entries(ref.feed, ref.seq, 1)
    assert row.body is not None
    said = entry_body.decode("command_refused", row.body)
    assert isinstance(said.body, CommandRefused)
    assert said.by is not None
    assert (said.body.code, said.body.text) == (outcome.refused.code, outcome.refused.text)
    return outcome.refused


def test_nothing_is_recorded_for_another_party() -> None:
    """MEC-030, MEC-031: refused in words, and the refusal is in the journal, by whom."""
    world = World()
    by = Speaker(party=BRAVO, role=DUTY, watch="1")
    refused = refusal(world, world.give(ALPHA, Act(by=by, body=roz())))
    assert refused.code is RefusalCode.NOT_OWNER
    assert "of alpha; it records nothing for bravo" in refused.text
    assert world.state(ALPHA).journal.notices == {}


def test_an_unknown_role_is_told_which_there_are() -> None:
    """MEC-031."""
    world = World()
    refused = refusal(world, world.act(ALPHA, roz(), role=RoleId("cook")))
    assert "speak as one of: duty-officer, watch-chief, director" in refused.text


NODE_ALONE = [
    one
    for one in HOME_EVENTS
    if one.__name__.startswith(
        ("Alert", "Observation", "Ladder", "Rung", "Draft", "LineSample", "Suspension")
    )
    and one.__name__ != "AlertAcknowledged"
] + [CommandRefused, CallDelivered, JournalCommitted]


@pytest.mark.parametrize("event_class", NODE_ALONE, ids=lambda one: one.__name__)
def test_no_person_records_what_a_node_records_of_itself(event_class: type[Event]) -> None:
    """MEC-032: neither an alert, nor a rung, nor that a call was delivered."""
    world = World()
    event: Any = EXAMPLES[event_class]
    refused = refusal(world, world.act(ALPHA, event))
    assert refused.code in (RefusalCode.NOT_OWNER, RefusalCode.WRONG_STATE)


def test_a_call_goes_to_a_role_of_a_counterpart() -> None:
    """MEC-033."""
    world = World()
    for placed, words in (
        (call(to=PartyId("delta")), "call one of: bravo"),
        (call(to=ALPHA), "call one of: bravo"),
        (call(to_role=RoleId("cook")), "cook is no role of this protocol"),
    ):
        refused = refusal(world, world.act(ALPHA, placed))
        assert refused.code is RefusalCode.UNKNOWN_OBJECT
        assert words in refused.text


def test_only_the_called_party_says_how_far_a_call_has_got() -> None:
    """MEC-033: of three parties the third holds the header only, and cannot answer for another."""
    world = World(names=(ALPHA, BRAVO, CHARLIE), seed="three")
    world.settle(ALPHA, call())
    ref = world.state(ALPHA).own.calls[CallId("c-1")].placed_stamp.ref
    refused = refusal(world, world.act(ALPHA, CallReceived(call=ref)))
    assert refused.code is RefusalCode.NOT_ADDRESSED
    assert "is to bravo, not to us" in refused.text
    refused = refusal(world, world.act(CHARLIE, CallReceived(call=ref)))
    assert refused.code is RefusalCode.UNKNOWN_OBJECT
    refused = refusal(world, world.act(CHARLIE, received()))
    assert "names nothing that is held here" in refused.text


@pytest.mark.parametrize(
    "body",
    [
        received("c-9"),
        answered(name="c-9"),
        call(about=(AboutNotice(notice=named("roz-9", BRAVO)),)),
        StatusStated(
            notice=named("roz-9", BRAVO), status=StatedStatus.CONTESTED, scope=Scope(), text="no"
        ),
        received("c-1", PartyId("delta")),
    ],
    ids=["received", "answer", "about", "status", "party"],
)
def test_a_name_that_names_nothing_held_is_refused(body: Event) -> None:
    """MEC-034."""
    world = World()
    refused = refusal(world, world.act(BRAVO, body))
    assert refused.code is RefusalCode.UNKNOWN_OBJECT
    assert "check the id, or wait" in refused.text


def test_names_become_entries_and_a_field_says_which_of_two_is_meant() -> None:
    """MEC-007: a call and a notice of one id are told apart; Latest is the newest version."""
    world = World()
    world.settle(ALPHA, roz("x-1", BRAVO))
    world.settle(ALPHA, call("x-1"))
    alpha = world.state(ALPHA).own
    notice, placed = alpha.notices[NoticeId("x-1")], alpha.calls[CallId("x-1")]
    world.settle(
        BRAVO,
        StatusStated(
            notice=named("x-1"), status=StatedStatus.CONTESTED, scope=Scope(), text="not agreed"
        ),
    )
    world.settle(BRAVO, received("x-1"))
    read = CallReadBack(
        call=named("x-1"), content=Latest(party=ALPHA, id="x-1"), read_back=placed.placed.content
    )
    world.settle(BRAVO, read)
    bravo = world.state(ALPHA).feeds[BRAVO]
    assert set(bravo.statuses) == {notice.latest.stamp.ref}
    assert set(bravo.acknowledgements) == {placed.placed_stamp.ref}
    last = bravo.acknowledgements[placed.placed_stamp.ref].marks[-1][1]
    assert isinstance(last, CallReadBack)
    assert last.content == placed.versions[-1].ref
    world.no_irregular()


def test_a_call_on_behalf_of_another_component_is_refused_and_any_other_call_is_not() -> None:
    """MEC-035: a duty officer of the forces does not call for the agency; nothing else delays."""
    world = World()
    for_agency = call("a-1", on_behalf=Scope(speaks_for=(AGENCY,)))
    assert refusal(world, world.act(ALPHA, for_agency)).code is RefusalCode.OUT_OF_SCOPE
    world.settle(ALPHA, call("a-2", on_behalf=Scope(speaks_for=(FORCES,))))
    world.settle(ALPHA, call("a-3"))


def test_a_role_speaks_within_its_scope() -> None:
    """MEC-035: the protocol's scope of the role, or the one that its party declared."""
    world = World()
    world.settle(BRAVO, call("b-1", ALPHA))
    beyond = answered(AnswerKind.NOT_OURS, "b-1")
    refused = refusal(world, world.act(ALPHA, _of_bravo(beyond)))
    assert refused.code is RefusalCode.OUT_OF_SCOPE
    assert "narrow the statement's scope" in refused.text
    within = answered(
        AnswerKind.NOT_OURS,
        "b-1",
        scope=Scope(speaks_for=(FORCES,), cannot_speak_for=(AGENCY,)),
    )
    world.settle(ALPHA, _of_bravo(within))
    world.settle(ALPHA, RoleDeclared(role=CHIEF, title="Chief", scope=Scope(speaks_for=(AGENCY,))))
    other = answered(AnswerKind.OURS, "b-1", answer_id="a-2", scope=Scope(speaks_for=(FORCES,)))
    out = refusal(world, world.act(ALPHA, _of_bravo(other), role=CHIEF))
    assert out.code is RefusalCode.OUT_OF_SCOPE
    world.settle(ALPHA, _of_bravo(other), role=DIRECTOR)  # of whom nothing limits the scope


def test_api_471_an_answer_for_a_component_that_nobody_named_is_refused() -> None:
    """Of a role that nothing limits; a call on behalf of one is placed all the same."""
    world = World()
    world.settle(BRAVO, call("b-1", ALPHA))
    nonsense = Scope(speaks_for=(ComponentId("nonsense"),))
    no = answered(AnswerKind.OURS, "b-1", scope=nonsense)
    refused = refusal(world, world.act(ALPHA, _of_bravo(no), role=DIRECTOR))
    assert refused.code is RefusalCode.OUT_OF_SCOPE
    assert refused.text.startswith("no component nonsense is named by the protocol")
    assert f"(named are: {AGENCY}, {FORCES})" in refused.text
    assert lacking(iter([("refusals", refused.text)])) == []
    world.settle(ALPHA, call("a-1", on_behalf=nonsense), role=DIRECTOR)
    declared = RoleDeclared(role=DIRECTOR, title="Director", scope=nonsense)
    world.settle(ALPHA, declared, role=DIRECTOR)
    world.settle(ALPHA, _of_bravo(no), role=DIRECTOR)


def _of_bravo(event: Any) -> Event:  # noqa: ANN401
    changed: Event = replace(event, call=Named(party=BRAVO, id="b-1"))
    return changed


def test_a_duplicate_says_so_and_records_nothing() -> None:
    """MEC-036."""
    world = World()
    world.settle(ALPHA, roz())
    world.settle(ALPHA, call())
    again = world.act(ALPHA, roz())
    assert isinstance(again.no, Duplicate)
    assert again.recorded == ()
    world.settle(BRAVO, received())
    again = world.act(BRAVO, received())
    assert isinstance(again.no, Duplicate)
    assert "already" in again.no.text or "stays" in again.no.text
    assert again.recorded == ()


def test_a_document_that_is_not_held_is_not_signed() -> None:
    """MEC-034: one digit mistyped is a digest too; nobody would ever see what it signed."""
    world = World()
    digest = world.parties[ALPHA].setting.digest
    mistyped = ProtocolDigest(digest[:-1] + ("0" if digest[-1] != "0" else "1"))
    no = world.act(ALPHA, ProtocolSigned(protocol=mistyped)).no
    assert isinstance(no, Refused)
    assert no.code is RefusalCode.UNKNOWN_OBJECT
    assert digest in no.text
    assert world.act(ALPHA, ProtocolSigned(protocol=digest)).no is None


def test_nothing_blocks_a_notice() -> None:
    """MEC-037: no signature, a suspension, a line that is down, a peer that never answers."""
    world = World()
    world.down = {(ALPHA, BRAVO), (BRAVO, ALPHA)}
    assert world.act(ALPHA, roz("roz-1", BRAVO)).no is None  # nobody has signed anything
    world.sign()
    suspended = ProtocolSuspended(protocol=world.parties[ALPHA].setting.digest, text="suspended")
    assert world.act(ALPHA, suspended).no is None
    line = LineKey(party=BRAVO, role=DUTY)
    world.act(ALPHA, LineReported(line=line, report=Report.DOWN, since=world.now))
    assert world.act(ALPHA, roz("roz-2", BRAVO)).no is None
    assert set(world.state(ALPHA).own.notices) == {"roz-1", "roz-2"}
    world.down.clear()
    world.pass_time(120.0)
    assert set(world.state(BRAVO).feeds[ALPHA].notices) == {"roz-1", "roz-2"}


def test_a_notice_keeps_its_audience() -> None:
    """MEC-026: who holds a part holds the rest; other parties need a new id, and it says so."""
    world = World(names=(ALPHA, BRAVO, CHARLIE), seed="three")
    world.settle(ALPHA, roz("roz-1", BRAVO))
    for changed in (
        roz("roz-1", version=2),
        roz("roz-1", CHARLIE, version=2),
        roz("roz-1", BRAVO, CHARLIE, version=2),
    ):
        refused = refusal(world, world.act(ALPHA, changed))
        assert refused.code is RefusalCode.NOT_RELEASED
        assert "file it under a new id" in refused.text
    assert "who is no party" in refusal(world, world.act(ALPHA, roz("x", PartyId("brvo")))).text
    world.settle(ALPHA, roz("roz-1", BRAVO, version=2))
    world.settle(ALPHA, NoticeWithdrawn(notice=NoticeId("roz-1"), version=2, reason="over"))
    assert world.state(BRAVO).feeds[ALPHA].notices[NoticeId("roz-1")].withdrawal is not None
    world.no_irregular()


def test_what_would_reach_nobody_is_refused() -> None:
    """MEC-033: a status of our own notice would go home in silence."""
    world = World()
    world.settle(ALPHA, roz("roz-1", BRAVO))
    ours = world.state(ALPHA).own.notices[NoticeId("roz-1")].latest.stamp.ref
    stated = StatusStated(
        notice=ours, status=StatedStatus.OBSERVED_IN_PRACTICE, scope=Scope(speaks_for=(FORCES,))
    )
    assert "would reach nobody" in refusal(world, world.act(ALPHA, stated)).text
    nowhere = EntryRef(feed=ours.feed[::-1], seq=1, hash=ours.hash)  # type: ignore[arg-type]
    assert "placed no call" in refusal(world, world.act(ALPHA, CallReceived(call=nowhere))).text


def test_the_protocol_fills_the_answer_clock_and_the_sender_is_a_person() -> None:
    """MEC-038: 60 s for a flash call; a caller's own clock is kept; no person sends as a node."""
    world = World()
    world.settle(ALPHA, call(sent_by=SentBy.PRE_AUTHORISED))
    placed = world.state(ALPHA).own.calls[CallId("c-1")].placed
    assert placed.answer_by == START + timedelta(seconds=61)
    assert placed.sent_by is SentBy.PERSON
    own = START + timedelta(seconds=500)
    world.settle(ALPHA, call("c-2", answer_by=own))
    assert world.state(ALPHA).own.calls[CallId("c-2")].placed.answer_by == own


def test_what_the_tables_forbid_is_refused_and_recorded() -> None:
    """MEC-030: a call that was never placed cannot be closed."""
    world = World()
    closed = CallClosed(call=CallId("c-7"), closing=Closing.WITHOUT_SUMMARY)
    refused = refusal(world, world.act(ALPHA, closed))
    assert refused.code is RefusalCode.UNKNOWN_OBJECT


def test_an_act_is_judged_at_the_time_that_its_entry_will_have() -> None:
    """MEC-039: the other side's clock is ahead, and by its time our stop is over."""
    world = World()
    until = world.now + timedelta(seconds=60)
    stop = call(kind=CallKind.STOP, expires_at=until)
    world.settle(ALPHA, stop)
    ours = world.now
    world.wait(90.0)
    world.act(BRAVO, received())
    world.now = ours
    world.deliver()
    renewed = StopRenewed(call=stop.call, expires_at=until + timedelta(seconds=60))
    refused = refusal(world, world.act(ALPHA, renewed))
    assert refused.code is RefusalCode.BAD_TIME
    assert world.state(ALPHA).own.irregular == ()
