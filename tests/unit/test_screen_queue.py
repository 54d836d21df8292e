"""The queue in its three parts, and the time bar."""

from datetime import timedelta

from node_pair import (
    ALPHA,
    BRAVO,
    START,
    World,
    answered,
    call,
    received,
    roz,
)
from picture_values import by_node, ref, stamp
from screen_scenes import item, shown, signed, the_alert, threatened
from test_mechanism_voice import logged

from crosstell.cli.operate.telling import queue
from crosstell.codecs.plain import to_plain
from crosstell.core.detection.alert import AlertAcknowledged
from crosstell.core.errors import Duplicate, RefusalCode, Refused
from crosstell.core.ids import AlertId, CallId
from crosstell.core.instant import format_instant, later, seconds_between
from crosstell.core.line.answer import AnswerKind
from crosstell.core.line.content import AboutAlert
from crosstell.core.line.message import CallKind, CallPlaced, Precedence
from crosstell.core.line.watch.voice import Timed
from crosstell.core.mechanism.screen.alerts import ScreenAlert, Words
from crosstell.core.mechanism.screen.queue import DueOf, ItemKind, Part
from crosstell.core.protocol.adherence import (
    ProtocolResumed,
    ProtocolSuspended,
    SuspensionCame,
    UsedInPractice,
    came,
)
from crosstell.core.table import Stamp


def test_scr_080_every_open_matter_is_in_one_part() -> None:
    world = threatened()
    world.settle(ALPHA, roz("roz-2", BRAVO))
    world.settle(ALPHA, call())
    keys = [one.key for one in shown(world).queue]
    assert len(keys) == len(set(keys))
    parts = [one.part for one in shown(world).queue]
    assert parts == sorted(parts, key=list(Part).index)
    assert set(parts) == set(Part) - {Part.MONITORING}


def test_scr_081_082_an_acknowledged_alert_needs_us_until_a_call_is_out_and_waits_with_it() -> None:
    world = threatened()
    alert = the_alert(world)
    assert item(shown(world), ItemKind.ALERT).why.code == "queue.alert-ringing"
    world.settle(ALPHA, AlertAcknowledged(alert=alert.alert, level=alert.level))
    held = item(shown(world), ItemKind.ALERT)
    assert (held.part, held.why.code) == (Part.NEEDS_YOU, "queue.alert-uncalled")
    about = (AboutAlert(party=ALPHA, alert=AlertId(alert.alert)),)
    world.settle(ALPHA, call(about=about))
    held = item(shown(world), ItemKind.ALERT)
    assert (held.part, held.why.code) == (Part.WAITING, "queue.alert-waiting")
    assert the_alert(world).calls == ("c-1",)
    world.settle(BRAVO, received())
    world.settle(BRAVO, answered(AnswerKind.STAND_BY, until=later(world.now, by_s=60.0)))
    assert item(shown(world), ItemKind.ALERT).part is Part.WAITING, "stand by is no answer"
    world.settle(BRAVO, answered(answer_id="a-2"))
    held = item(shown(world), ItemKind.ALERT)
    assert (held.part, held.why.code) == (Part.MONITORING, "queue.alert-called")


def test_scr_360_what_a_sensor_loses_moves_no_acknowledged_alert() -> None:
    world = threatened()
    alert = the_alert(world)
    world.settle(ALPHA, AlertAcknowledged(alert=alert.alert, level=alert.level))
    parts = []
    for from_m in (29_000.0, 26_000.0):
        world.wait(60.0)
        world.tick(ALPHA)
        assert the_alert(world).words is Words.LAST_KNOWN
        parts.append(item(shown(world), ItemKind.ALERT).part)
        world.sees(ALPHA, from_m)
        assert the_alert(world).words is Words.CURRENT
        parts.append(item(shown(world), ItemKind.ALERT).part)
    assert parts == [Part.NEEDS_YOU] * 4
    world.settle(ALPHA, call(about=(AboutAlert(party=ALPHA, alert=AlertId(alert.alert)),)))
    world.wait(60.0)
    world.tick(ALPHA)
    held = item(shown(world), ItemKind.ALERT)
    assert (held.part, held.why.code) == (Part.WAITING, "queue.alert-waiting")


def test_scr_081_a_call_needs_us_until_it_is_answered() -> None:
    world = signed()
    world.settle(ALPHA, call())
    ref = world.state(ALPHA).own.calls[CallId("c-1")].placed_stamp.ref
    held = item(shown(world, BRAVO), ItemKind.CALL, call=ref)
    assert (held.part, held.due_of) == (Part.NEEDS_YOU, DueOf.RECEIVE_BY)
    world.settle(BRAVO, received())
    held = item(shown(world, BRAVO), ItemKind.CALL, call=ref)
    assert (held.part, held.due_of, held.why.code) == (
        Part.NEEDS_YOU,
        DueOf.ANSWER_BY,
        "queue.answer-owed",
    )
    until = world.now.replace(minute=3)
    world.settle(BRAVO, answered(AnswerKind.STAND_BY, until=until))
    held = item(shown(world, BRAVO), ItemKind.CALL, call=ref)
    assert (held.part, held.due_of, held.due_at) == (Part.NEEDS_YOU, DueOf.STAND_BY_ENDS, until)
    assert item(shown(world), ItemKind.CALL, call=ref).part is Part.WAITING
    world.settle(BRAVO, answered(answer_id="a-2"))
    assert item(shown(world, BRAVO), ItemKind.CALL, call=ref).part is Part.MONITORING
    assert item(shown(world), ItemKind.CALL, call=ref).part is Part.MONITORING


def test_scr_082_a_call_whose_time_is_over_needs_us() -> None:
    world = signed()
    world.settle(ALPHA, call())
    ref = world.state(ALPHA).own.calls[CallId("c-1")].placed_stamp.ref
    assert item(shown(world), ItemKind.CALL, call=ref).part is Part.WAITING
    world.wait(60.0)
    late = item(shown(world), ItemKind.CALL, call=ref)
    assert (late.part, late.why.code) == (Part.NEEDS_YOU, "queue.own-owed-late")


def test_scr_083_an_alerts_clock_goes_on_to_the_infringement() -> None:
    world = threatened()
    alert = the_alert(world)
    held = item(shown(world), ItemKind.ALERT)
    assert (held.due_of, held.due_at) == (DueOf.CALL_BY, alert.call_by[0].at)
    world.wait(seconds_between(world.now, alert.call_by[0].at))
    held = item(shown(world), ItemKind.ALERT)
    assert (held.due_of, held.due_at) == (DueOf.INFRINGEMENT, alert.infringement_at)


def test_scr_084_the_most_urgent_goes_first() -> None:
    world = threatened()

    def stop(name: str) -> CallPlaced:
        ends = world.now.replace(minute=30)
        return call(
            name, ALPHA, kind=CallKind.STOP, precedence=Precedence.IMMEDIATE, expires_at=ends
        )

    world.settle(BRAVO, call("c-9", ALPHA, precedence=Precedence.ROUTINE))
    world.settle(BRAVO, stop("c-8"))
    order = [one.key for one in shown(world).queue if one.part is Part.NEEDS_YOU]
    assert order[0] == "call bravo/c-8"
    assert order[1].startswith("alert ")
    assert "call bravo/c-9" in order[-2:]


def test_scr_090_the_time_bar_has_spans_and_predictions() -> None:
    world = threatened()
    world.settle(ALPHA, roz("roz-2", BRAVO))
    world.settle(ALPHA, call())
    bar = shown(world).bar
    zone = next(one for one in bar if one.label == "roz-2")
    assert (zone.lane, zone.start) == ("zones", START)
    (conflict, *_) = [one for one in bar if one.lane == "conflicts"]
    assert conflict.ahead_at == the_first_alert(world).infringement_at
    assert any(one.key == "call alpha/c-1" for one in bar)


def the_first_alert(world: World) -> ScreenAlert:
    lowest = min(shown(world).bar, key=lambda one: (one.lane != "conflicts", one.start, one.key))
    return next(one for one in shown(world).alerts if one.alert == lowest.label)


def test_con_552_a_suspension_is_a_matter_until_we_have_spoken_and_stands_while_it_lasts() -> None:
    world = signed()
    digest = world.parties[BRAVO].setting.digest
    world.wait(60.0)
    world.settle(BRAVO, ProtocolSuspended(protocol=digest, text="after the strike"))
    found = item(shown(world), ItemKind.SUSPENSION)
    assert (found.part, found.party) == (Part.NEEDS_YOU, BRAVO)
    assert found.why.code == "queue.protocol-suspended"
    assert any(f"suspension {BRAVO}: Do not count" in one for one in queue(to_plain(shown(world))))
    assert item(shown(world, BRAVO), ItemKind.SUSPENSION).part is Part.MONITORING
    world.wait(60.0)
    world.settle(ALPHA, call("c-test", kind=CallKind.TEST))
    assert item(shown(world), ItemKind.SUSPENSION).part is Part.NEEDS_YOU
    world.settle(ALPHA, call("c-ask", kind=CallKind.QUERY))
    told = item(shown(world), ItemKind.SUSPENSION)
    assert (told.part, told.why.code) == (Part.MONITORING, "queue.protocol-suspended-spoken")
    world.wait(60.0)
    world.settle(BRAVO, ProtocolResumed(protocol=digest, text="as before"))
    assert [one for one in shown(world).queue if one.kind is ItemKind.SUSPENSION] == []


def test_con_588_a_voice_call_from_before_the_suspension_is_no_word_since() -> None:
    world = signed()
    digest = world.parties[BRAVO].setting.digest
    world.wait(60.0)
    world.settle(BRAVO, ProtocolSuspended(protocol=digest, text="after the strike"))
    world.wait(30.0)
    world.settle(ALPHA, logged(world, begun_s=-90.0, ended_s=-45.0, timed=Timed.STATED_LATER))
    assert item(shown(world), ItemKind.SUSPENSION).part is Part.NEEDS_YOU


def test_con_588_a_call_counts_though_their_clock_is_ahead() -> None:
    world = signed()
    digest = world.parties[BRAVO].setting.digest
    world.wait(60.0)
    world.settle(BRAVO, ProtocolSuspended(protocol=digest, text="after the strike"))
    world.now -= timedelta(seconds=5.0)
    world.settle(ALPHA, call("c-ask", kind=CallKind.QUERY))
    assert item(shown(world), ItemKind.SUSPENSION).part is Part.MONITORING


def test_con_610_what_was_said_before_a_suspension_came_is_no_word_since() -> None:
    """The line was down: by its author's time we had called since, and knew nothing of it."""
    world = signed()
    digest = world.parties[BRAVO].setting.digest
    world.wait(60.0)
    world.down.add((BRAVO, ALPHA))
    world.settle(BRAVO, ProtocolSuspended(protocol=digest, text="after the strike"))
    suspended_at = world.now
    world.wait(60.0)
    world.settle(ALPHA, call("c-other", kind=CallKind.WARN))
    world.settle(ALPHA, logged(world, begun_s=-30.0, ended_s=-5.0, timed=None))
    world.down.clear()
    world.pass_time(60.0)
    found = item(shown(world), ItemKind.SUSPENSION)
    assert found.part is Part.NEEDS_YOU
    assert [one.value for one in found.why.args if one.name == "at"] == [
        format_instant(suspended_at)
    ]
    assert len(world.state(ALPHA).journal.suspensions) == 1
    world.settle(ALPHA, call("c-ask", kind=CallKind.QUERY))
    assert item(shown(world), ItemKind.SUSPENSION).part is Part.MONITORING
    world.no_irregular()


def test_con_610_that_a_suspension_came_is_noted_once_and_by_the_node_alone() -> None:
    event = SuspensionCame(suspension=ref(3))
    noted = came(None, event, by_node())
    assert isinstance(noted, Stamp)
    assert isinstance(came(noted, event, by_node()), Duplicate)
    refused = came(None, event, stamp())
    assert isinstance(refused, Refused)
    assert refused.code is RefusalCode.NOT_OWNER


def test_con_552_a_call_by_voice_or_a_word_of_ours_on_it_counts_as_well() -> None:
    for body in (
        lambda world: logged(world, begun_s=-30.0, ended_s=-5.0, timed=None),
        lambda world: UsedInPractice(protocol=world.parties[ALPHA].setting.digest, text="on"),
    ):
        world = signed()
        world.settle(ALPHA, call("c-before"))
        world.wait(1.0)
        digest = world.parties[BRAVO].setting.digest
        world.settle(BRAVO, ProtocolSuspended(protocol=digest, text="after the strike"))
        assert item(shown(world), ItemKind.SUSPENSION).part is Part.NEEDS_YOU
        world.wait(60.0)
        world.settle(ALPHA, body(world))
        assert item(shown(world), ItemKind.SUSPENSION).part is Part.MONITORING
