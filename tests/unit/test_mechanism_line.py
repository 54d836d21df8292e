"""Tests of the line on schedule, samples of every call that ended, and what a person is shown."""

from dataclasses import replace
from datetime import timedelta

from node_pair import (
    ALPHA,
    BRAVO,
    CHARLIE,
    DUTY,
    SEA,
    START,
    World,
    answered,
    call,
    named,
    received,
    roz,
)

from crosstell.core.altitude import Altitude, Datum, convert
from crosstell.core.detection.alert import Alert
from crosstell.core.ids import CallId, EntryRef, FeedId
from crosstell.core.line.acknowledgement import CallPassedOn, Stage
from crosstell.core.line.answer import AnswerKind
from crosstell.core.line.call import CallState
from crosstell.core.line.chain import Basis, Offer
from crosstell.core.line.content import AboutNotice, CallContent, Danger, RequestedAct
from crosstell.core.line.health import (
    Line,
    LineKey,
    LineSample,
    LineState,
    Medium,
    Occasion,
    advance,
)
from crosstell.core.line.message import CallClosed, CallKind, Closing, SentBy, StopLifted
from crosstell.core.line.view import AnswerStanding
from crosstell.core.mechanism.effects import DraftReady, Ring
from crosstell.core.mechanism.view import (
    alert_view,
    call_view,
    chain_to,
    episodes_of,
    stops_of,
)
from crosstell.core.picture.party import Standing
from crosstell.core.protocol.adherence import ProtocolSigned
from crosstell.core.protocol.document import Protocol
from crosstell.core.state.state import State
from crosstell.core.table import Stamp

HOUR_S = 3_600.0

STAMP = Stamp(ref=EntryRef(feed=FeedId("journal"), seq=1, hash=""), at=START)


def line_tests(world: World, party: str) -> list[tuple[float, str, CallState]]:
    """Every test that party placed: seconds since START, to whom, how it stands."""
    return sorted(
        (
            (one.placed_stamp.at - START).total_seconds(),
            str(one.placed.to_party),
            one.state,
        )
        for one in world.state(party).own.calls.values()  # type: ignore[arg-type]
        if one.placed.kind is CallKind.TEST
    )


def samples(world: World, party: str, other: str) -> tuple[LineSample, ...]:
    key = LineKey(party=other, role=DUTY)  # type: ignore[arg-type]
    line = world.state(party).journal.lines.get(key)  # type: ignore[arg-type]
    return () if line is None else line.samples


def test_a_line_is_tested_only_while_the_protocol_is_in_force() -> None:
    """MEC-050: not before the second signature, each hour after, not once the protocol is over."""
    world = World()
    world.settle(ALPHA, ProtocolSigned(protocol=world.parties[ALPHA].setting.digest))
    world.pass_time(2 * HOUR_S)
    assert line_tests(world, ALPHA) == line_tests(world, BRAVO) == []
    world.settle(BRAVO, ProtocolSigned(protocol=world.parties[ALPHA].setting.digest))
    signed_s = (world.now - START).total_seconds()
    world.pass_time(2 * HOUR_S + 600.0)
    for party in (ALPHA, BRAVO):
        assert [at for at, _, _ in line_tests(world, party)] == [
            signed_s,
            signed_s + HOUR_S,
            signed_s + 2 * HOUR_S,
        ]
    count = len(line_tests(world, ALPHA))
    world.now = START + timedelta(days=300)  # the protocol ends with the year
    world.tick()
    world.deliver()
    world.pass_time(3 * HOUR_S)
    assert len(line_tests(world, ALPHA)) == count


def test_a_third_party_is_not_tested_before_it_signed() -> None:
    """MEC-050: in force is a matter of two."""
    world = World(names=(ALPHA, BRAVO, CHARLIE), seed="three")
    digest = world.parties[ALPHA].setting.digest
    for name in (ALPHA, BRAVO):
        world.settle(name, ProtocolSigned(protocol=digest))
    world.pass_time(600.0)
    assert [to for _, to, _ in line_tests(world, ALPHA)] == [BRAVO]
    world.settle(CHARLIE, ProtocolSigned(protocol=digest))
    world.pass_time(600.0)
    assert [to for _, to, _ in line_tests(world, ALPHA)] == [BRAVO, CHARLIE]


def test_a_test_ends_when_it_was_received_or_its_time_is_over_and_climbs_nowhere() -> None:
    """MEC-046, MEC-051, MEC-052, MEC-053: alpha's is received after 20 s, bravo's by nobody."""
    world = World()
    world.sign()
    (name,) = (one.placed.call for one in world.state(ALPHA).own.calls.values())
    placed = world.state(ALPHA).own.calls[name].placed
    assert placed.sent_by is SentBy.PRE_AUTHORISED
    world.wait(19.0)
    world.settle(BRAVO, received(name))
    assert [state for _, _, state in line_tests(world, ALPHA)] == [CallState.CLOSED]
    assert [state for _, _, state in line_tests(world, BRAVO)] == [CallState.OPEN]
    world.pass_time(59.0)
    assert [state for _, _, state in line_tests(world, BRAVO)] == [CallState.CLOSED]
    (mine,), (theirs,) = samples(world, ALPHA, BRAVO), samples(world, BRAVO, ALPHA)
    assert mine.occasion is theirs.occasion is Occasion.TEST
    assert mine.answered_at is not None
    assert (mine.answered_at - mine.placed_at).total_seconds() == 20.0
    assert mine.answered_by == DUTY
    assert theirs.answered_at is None
    for party in (ALPHA, BRAVO):
        assert [rung for _, _, rung in world.rings(party)] == [0]
        assert not any(isinstance(e, DraftReady) for e in world.effects(party))


def test_a_call_that_ended_leaves_its_sample_once() -> None:
    """MEC-052: with the time of every step that the other side recorded."""
    world = World()
    world.settle(ALPHA, call())
    world.settle(BRAVO, received())
    world.settle(BRAVO, answered(AnswerKind.OURS))
    world.settle(BRAVO, CallPassedOn(call=named(), scope=answered().answer.scope))
    assert samples(world, ALPHA, BRAVO) == ()
    world.settle(ALPHA, CallClosed(call=CallId("c-1"), closing=Closing.WITHOUT_SUMMARY))
    (sample,) = samples(world, ALPHA, BRAVO)
    assert sample.occasion is Occasion.CALL
    assert sample.answered_at == START + timedelta(seconds=2)
    assert sample.passed_on_at == START + timedelta(seconds=4)
    world.pass_time(HOUR_S)
    assert len(samples(world, ALPHA, BRAVO)) == 1


def test_no_person_sends_a_test_in_the_nodes_name_and_no_node_a_warning() -> None:
    """MEC-053: whatever was alerted or unanswered, the only calls by node are tests."""
    world = World()
    world.sign()
    world.settle(ALPHA, roz())
    for step in range(4):
        world.sees(ALPHA, 6_000.0 - 600 * step)
        world.wait(10.0)
    world.pass_time(1_200.0)
    by_node = [
        one.placed.kind
        for one in world.state(ALPHA).own.calls.values()
        if one.placed_stamp.by is None
    ]
    assert set(by_node) == {CallKind.TEST}
    assert any(isinstance(e, DraftReady) for e in world.effects(ALPHA))


def alerted(world: World, north_m: float) -> Alert:
    """An alert of alpha's at bravo's zone, with the object so far north of its centre."""
    world.settle(BRAVO, roz("roz-b", ALPHA))
    for step in range(2):
        world.sees(ALPHA, north_m + 600.0 * (1 - step))
        world.wait(10.0 * (1 - step))
    (alert,) = world.alerts(ALPHA)
    return alert


def test_of_two_to_call_a_notifier_comes_after_a_party() -> None:
    """MEC-060: a notifier owes no duty, whatever its name; the alert names both."""

    def notified_by_bravo(known: Protocol) -> Protocol:
        parties = tuple(
            replace(one, standing=Standing.NOTIFIER) if one.id == BRAVO else one
            for one in known.parties
        )
        return replace(known, parties=parties)

    world = World(names=(ALPHA, BRAVO, CHARLIE), changed=notified_by_bravo)
    world.settle(ALPHA, roz("roz-a", CHARLIE))
    for step in range(2):
        world.sees(ALPHA, 40_000.0 + 600.0 * (1 - step))
        world.wait(10.0 * (1 - step))
    (alert,) = world.alerts(ALPHA)
    shown = alert_view(world.state(ALPHA), alert, world.now)
    assert shown is not None
    assert [line.party for line in shown.lines] == [CHARLIE, BRAVO]


def test_an_alert_is_shown_with_its_call_by_under_the_protocols_figures() -> None:
    """MEC-060: 290 s of chain; the object needs about 580 s to the edge; it ages by the second."""
    world = World()
    alert = alerted(world, 40_000.0)
    shown = alert_view(world.state(ALPHA), alert, world.now)
    assert shown is not None
    (line,) = shown.lines
    assert line.party == BRAVO
    assert {part.basis for part in line.call_by.chain.parts} == {Basis.PROTOCOL}
    assert line.call_by.chain.total_s == 290.0
    infringement_s = (line.call_by.infringement_at - world.now).total_seconds()
    assert abs(infringement_s - shown.alert.infringement_in_s) < 0.001
    assert shown.call_by == line.call_by.infringement_at - timedelta(seconds=290)
    assert shown.offers == (Offer.CALL,)
    later = alert_view(world.state(ALPHA), alert, world.now + timedelta(seconds=30))
    assert later is not None
    assert later.call_by == shown.call_by
    assert later.alert.infringement_in_s == shown.alert.infringement_in_s - 30.0


def test_calls_that_cross_about_one_notice_are_one_episode_at_both_nodes() -> None:
    """MEC-062: neither party had the other's call when it placed its own."""
    world = World()
    world.settle(ALPHA, roz("roz-1", BRAVO))
    about = (AboutNotice(notice=named("roz-1")),)
    world.act(ALPHA, call("a-1", about=about))
    world.act(BRAVO, call("b-1", ALPHA, about=about))
    world.deliver()
    world.settle(ALPHA, call("a-2"))
    seen_by = [episodes_of(world.state(party)) for party in (ALPHA, BRAVO)]
    assert seen_by[0] == seen_by[1]
    assert [len(episode.items) for episode in seen_by[0]] == [2, 1]


def test_stops_are_counted_for_both_sides_alike() -> None:
    """MEC-063."""
    world = World()
    for party, other, name in ((ALPHA, BRAVO, "a-1"), (BRAVO, ALPHA, "b-1"), (BRAVO, ALPHA, "b-2")):
        stop = call(
            name,
            other,
            kind=CallKind.STOP,
            content=CallContent(place=SEA, danger=Danger.COLLISION, act=RequestedAct.TURN_AWAY),
            expires_at=world.now + timedelta(minutes=10),
        )
        world.settle(party, stop)
    world.settle(BRAVO, StopLifted(call=CallId("b-2")))
    counts = [
        [(count.by, count.asked, count.stands, count.lifted) for count in found]
        for found in (stops_of(world.state(party), world.now) for party in (ALPHA, BRAVO))
    ]
    assert counts[0] == counts[1] == [(ALPHA, 1, 1, 0), (BRAVO, 2, 1, 1)]


def test_a_party_that_has_only_a_telephone_is_called_by_its_telephone() -> None:
    """MEC-060: the quickest line in use counts; one reported down, or never used, does not."""
    world = World()
    state = world.state(ALPHA)

    def line_of(medium: Medium, answer_s: float, *, down: bool = False) -> Line:
        key = LineKey(party=BRAVO, role=DUTY, medium=medium)
        held: Line | None = None
        for number in range(5):
            placed_at = START + timedelta(seconds=1_000 * number)
            sample = LineSample(
                line=key,
                occasion=Occasion.CALL,
                placed_at=placed_at,
                answered_at=placed_at + timedelta(seconds=answer_s),
            )
            after = advance(held, sample, STAMP)
            assert isinstance(after, Line)
            held = after
        assert held is not None
        return replace(held, state=LineState.REPORTED_DOWN) if down else held

    def with_lines(*lines: Line) -> State:
        held = {line.key: line for line in lines}
        return replace(state, journal=replace(state.journal, lines=held))

    assert chain_to(state, BRAVO).parts[0].basis is Basis.PROTOCOL
    phone = line_of(Medium.TELEPHONE, 12.0)
    assert chain_to(with_lines(phone), BRAVO).parts[0].took_s == 12.0
    radio = line_of(Medium.RADIO, 8.0)
    assert chain_to(with_lines(phone, radio), BRAVO).parts[0].took_s == 8.0
    dead = line_of(Medium.RADIO, 8.0, down=True)
    assert chain_to(with_lines(phone, dead), BRAVO).parts[0].took_s == 12.0


def test_a_height_above_ground_is_converted_by_the_areas_declared_bounds() -> None:
    """PRO-008: what the parties signed of the ground is used."""
    setting = World().parties[ALPHA].setting
    known = setting.conversions
    assert known.ground is not None
    assert known.ground.lower == setting.protocol.area.ground.lowest
    assert known.ground.upper == setting.protocol.area.ground.highest
    height = Altitude(value_m=100.0, datum=Datum.ABOVE_GROUND)
    converted, uncertainty_m = convert(height, to=Datum.MSL_EGM96, data=known)
    assert abs(converted.value_m - 100.0) <= uncertainty_m


def test_past_its_call_by_an_alert_offers_stop_and_broadcast_together() -> None:
    """MEC-060: at the moment itself the chain no longer beats the infringement."""
    world = World()
    alert = alerted(world, 40_000.0)
    first = alert_view(world.state(ALPHA), alert, world.now)
    assert first is not None
    assert first.call_by is not None
    past = alert_view(world.state(ALPHA), alert, first.call_by)
    assert past is not None
    assert past.offers == (Offer.STOP, Offer.BROADCAST)
    assert "bravo: Past call-by" in past.text[-1]
    before = alert_view(world.state(ALPHA), alert, first.call_by - timedelta(microseconds=1))
    assert before is not None
    assert before.offers == (Offer.CALL,)


def test_the_call_by_follows_what_this_line_has_shown() -> None:
    """MEC-060, MEC-052: after five calls received in 5 s the answer counts as 5 s, not 30."""
    world = World()
    for number in range(5):
        name = f"c-{number}"
        world.settle(ALPHA, call(name))
        world.wait(4.0)
        world.settle(BRAVO, received(name))
        world.settle(ALPHA, CallClosed(call=CallId(name), closing=Closing.WITHOUT_SUMMARY))
    chain = chain_to(world.state(ALPHA), BRAVO)
    assert (chain.parts[0].basis, chain.parts[0].took_s) == (Basis.MEASURED, 5.0)
    assert chain.total_s == 290.0 - 25.0
    assert chain_to(world.state(BRAVO), ALPHA).total_s == 290.0


def test_about_our_own_place_every_counterpart_can_be_called() -> None:
    """MEC-060: of several none is guessed; the soonest call-by stands first."""
    world = World(names=(ALPHA, BRAVO, CHARLIE), seed="three")
    world.settle(ALPHA, roz())
    for step in range(2):
        world.sees(ALPHA, 30_000.0 - 600.0 * step)
        world.wait(10.0)
    (alert,) = world.alerts(ALPHA)
    shown = alert_view(world.state(ALPHA), alert, world.now)
    assert shown is not None
    assert [line.party for line in shown.lines] == [BRAVO, CHARLIE]


def test_a_call_is_shown_from_both_feeds() -> None:
    """MEC-061: equal at both ends once both hold both."""
    world = World()
    world.settle(ALPHA, call())
    world.settle(BRAVO, received())
    world.settle(BRAVO, answered(AnswerKind.NOT_OURS))
    views = []
    for party in (ALPHA, BRAVO):
        held = world.state(party).feeds[ALPHA].calls[CallId("c-1")]
        views.append(call_view(world.state(party), held, world.now))
    assert views[0] == views[1]
    assert views[0].stage is Stage.RECEIVED
    assert views[0].clock.standing is AnswerStanding.ANSWERED
    assert "not clear to engage" in views[0].answers[0].label


def test_the_node_wakes_for_what_is_due_and_for_nothing_else() -> None:
    """MEC-008: a call of 60 s, the chief a minute later; between, nothing."""
    world = World()
    world.tick()
    world.settle(ALPHA, call())
    node = world.parties[ALPHA].node
    assert node.next_wake(world.now) == START + timedelta(seconds=61)
    size = world.state(ALPHA).journal.size
    world.wait(30.0)
    world.tick(ALPHA)
    assert world.state(ALPHA).journal.size == size
    world.wait(30.0)
    world.tick(ALPHA)
    assert [e.rung for e in world.effects(ALPHA) if isinstance(e, Ring)] == [0]
    assert node.next_wake(world.now) == START + timedelta(seconds=121)
