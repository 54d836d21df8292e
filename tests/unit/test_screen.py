"""The screen: everything a watch sees, made by real nodes."""

import json
import os
from dataclasses import replace
from pathlib import Path

import jsonschema_rs
from node_pair import (
    ALPHA,
    BRAVO,
    CHARLIE,
    CONTENT,
    DUTY,
    SEA,
    World,
    answered,
    call,
    named,
    post,
    received,
    roz,
    seen,
)
from screen_scenes import HOUR_S, item, shown, signed, the_alert, threatened

from crosstell.cli.operate.telling import lines as lines_told
from crosstell.codecs.plain import to_plain
from crosstell.codecs.schema import result_schema
from crosstell.core.detection.alert import AlertAcknowledged
from crosstell.core.geometry.motion import Motion
from crosstell.core.ids import CallId, PartyId, TrackId
from crosstell.core.instant import format_instant, seconds_between
from crosstell.core.line.acknowledgement import CallReadBack
from crosstell.core.line.answer import AnswerKind
from crosstell.core.line.chain import CallByStanding, Offer
from crosstell.core.line.content import FreeText, Radio
from crosstell.core.line.health import LineKey, LineReported, Medium, Report
from crosstell.core.line.message import CallClosed, CallKind, Closing, Precedence
from crosstell.core.line.view import AnswerStanding
from crosstell.core.line.watch.broadcast import BroadcastId, BroadcastSent
from crosstell.core.line.watch.relief import WatchRelieved, WatchTaken
from crosstell.core.mechanism.screen.calls import Act, Direction
from crosstell.core.mechanism.screen.ladders import Means, Reached
from crosstell.core.mechanism.screen.queue import ItemKind, Part
from crosstell.core.mechanism.screen.screen import Screen
from crosstell.core.picture.notice import NoticeWithdrawn
from crosstell.core.picture.party import Standing
from crosstell.core.picture.track import Observation
from crosstell.core.protocol.adherence import ProtocolSigned
from crosstell.core.protocol.document import Protocol
from crosstell.core.protocol.rule import AlertLevel
from crosstell.shell.api.views.held import Moment, each_line
from crosstell.shell.api.views.held import lines as lines_held

SCHEMA = Path(__file__).resolve().parents[2] / "docs" / "schemas" / "screen.json"


def test_scr_001_it_says_exercise_and_the_marking() -> None:
    header = shown(signed()).header
    assert (header.reality, header.marking) == ("exercise", "TEST ONLY")
    assert header.own.title == "Alpha"


def test_line_106_a_line_on_which_no_test_runs_says_so_and_names_no_time() -> None:
    world = World()
    world.settle(ALPHA, ProtocolSigned(protocol=world.state(ALPHA).setting.digest))
    (line,) = shown(world).header.counterparts[0].lines
    assert (line.standing, line.next_test_at) == ("untested", None)
    assert line.said.code == "line.no-test-yet"
    assert "not in force with bravo, not signed by bravo" in line.said.text
    (told,) = each_line(world.state(ALPHA), world.now)
    assert told.view.next_test_at is None
    world.settle(BRAVO, ProtocolSigned(protocol=world.state(BRAVO).setting.digest))
    telephone = LineKey(party=BRAVO, role=DUTY, medium=Medium.TELEPHONE)
    world.settle(ALPHA, LineReported(line=telephone, report=Report.UP, since=world.now))
    node, phone = shown(world).header.counterparts[0].lines
    assert node.said.code == "line.untested-yet"
    assert node.next_test_at is not None
    assert phone.next_test_at is None
    assert "tests go by node to duty-officer" in phone.said.text
    nobody = LineKey(party=CHARLIE, role=DUTY, medium=Medium.NODE)
    world.settle(ALPHA, LineReported(line=nobody, report=Report.UP, since=world.now))
    (last,) = [one for one in each_line(world.state(ALPHA), world.now) if one.line == nobody]
    assert "charlie has no node in this protocol" in last.view.why


def test_scr_002_a_line_says_how_it_stands_when_and_by_whom() -> None:
    world = signed()
    (bravo,) = shown(world).header.counterparts
    (line,) = bravo.lines
    assert (line.medium, line.standing, line.said.code) == (
        Medium.NODE,
        "untested",
        "line.untested-yet",
    )
    (test,) = [
        one
        for one in shown(world, BRAVO).calls
        if one.kind is CallKind.TEST and one.to_party == BRAVO
    ]
    (line,) = shown(world).header.counterparts[0].lines  # NOD-496
    assert (line.standing, line.test_answer_by) == ("untested", test.clock.due_at)
    (told,) = each_line(world.state(ALPHA), world.now)
    assert "a test waits for its answer until" in told.view.why
    (row,) = lines_told(
        to_plain(lines_held(Moment(state=world.state(ALPHA), at=world.now, arrivals=1)))
    )
    assert f"test sent {format_instant(line.test_sent_at or world.now)}, its answer is" in row
    world.settle(BRAVO, received(test.call))
    (line,) = shown(world).header.counterparts[0].lines
    assert line.test_answer_by is None, "taken"
    world.tick()
    world.deliver()
    (line,) = shown(world).header.counterparts[0].lines
    assert (line.standing, line.answered_by) == ("up", DUTY)
    assert line.last_answered_at is not None
    assert line.next_test_at is not None
    assert seconds_between(world.now, line.next_test_at) < HOUR_S
    world.settle(
        ALPHA,
        LineReported(
            line=LineKey(party=BRAVO, role=DUTY, medium=Medium.TELEPHONE),
            report=Report.DOWN,
            since=world.now,
        ),
    )
    lines = shown(world).header.counterparts[0].lines
    assert [(one.medium, one.standing) for one in lines] == [("node", "up"), ("telephone", "down")]
    assert lines[1].said.code == "line.reported-down"


def test_scr_003_a_component_for_which_nobody_speaks_is_shown() -> None:
    voices = shown(signed()).header.own.voices
    assert [one.text for one in voices] == [
        "alpha alpha-forces: no declared role speaks for it",
        "alpha alpha-agency: no declared role speaks for it",
    ]


def test_scr_004_feeds_and_sources_have_an_age() -> None:
    world = threatened()
    header = shown(world).header
    (source,) = header.sources
    assert (source.source, source.tracks, source.latest_at) == ("radar-1", 1, world.now)
    assert header.counterparts[0].who.feed.latest_at is not None
    assert header.own.feed.size == world.state(ALPHA).own.size


def test_scr_010_an_alert_has_its_times_and_the_call_by_with_its_chain() -> None:
    world = threatened()
    alert = the_alert(world)
    assert alert.level is AlertLevel.URGENT
    assert alert.infringement_at > world.now
    (by,) = alert.call_by
    assert (by.party, by.standing) == (BRAVO, CallByStanding.IN_TIME)
    assert seconds_between(by.at, by.infringement_at) == by.chain_s
    assert sum(part.took_s for part in by.parts) == by.chain_s


def test_scr_010_a_notifier_is_called_after_those_who_owe_duties() -> None:
    world = World(names=(ALPHA, BRAVO, CHARLIE), seed="notifier", changed=with_notifier)
    for name in (ALPHA, BRAVO):
        world.settle(name, ProtocolSigned(protocol=world.parties[name].setting.digest))
    world.settle(ALPHA, post(ALPHA))
    for step in range(3):
        world.wait(2.0)
        world.sees(ALPHA, 30_000.0 - 120.0 * step)
    assert [one.party for one in the_alert(world).call_by] == [BRAVO, CHARLIE]
    world = World(names=(ALPHA, BRAVO, CHARLIE), seed="notifier", changed=notifier_first)
    for name in (ALPHA, CHARLIE):
        world.settle(name, ProtocolSigned(protocol=world.parties[name].setting.digest))
    world.settle(ALPHA, post(ALPHA))
    for step in range(3):
        world.wait(2.0)
        world.sees(ALPHA, 30_000.0 - 120.0 * step)
    assert [one.party for one in the_alert(world).call_by] == [CHARLIE, BRAVO]


def standing(protocol: Protocol, notifier: PartyId) -> Protocol:
    """The protocol with that one party as a notifier, the others as parties."""
    parties = tuple(
        replace(one, standing=Standing.NOTIFIER if one.id == notifier else Standing.PARTY)
        for one in protocol.parties
    )
    return replace(protocol, parties=parties)


def with_notifier(protocol: Protocol) -> Protocol:
    return standing(protocol, CHARLIE)


def notifier_first(protocol: Protocol) -> Protocol:
    return standing(protocol, BRAVO)


def test_scr_011_past_the_call_by_stop_and_broadcast_are_offered_together() -> None:
    world = threatened()
    alert = the_alert(world)
    assert alert.offers == (Offer.CALL,)
    assert alert.draft is not None
    assert (alert.draft.to_party, alert.draft.kind) == (BRAVO, CallKind.WARN)
    assert {one.placed.kind for one in world.state(ALPHA).own.calls.values()} == {CallKind.TEST}
    world.wait(seconds_between(world.now, alert.call_by[0].at))
    assert the_alert(world).offers == (Offer.STOP, Offer.BROADCAST)


def test_scr_012_each_reason_is_a_sentence_with_its_figures() -> None:
    world = signed()
    world.settle(ALPHA, post(ALPHA))
    for step in range(3):
        world.wait(2.0)
        held = seen(world.now, 30_000.0 - 120.0 * step)
        motion = Motion(
            position=held.motion.position,
            at=held.motion.at,
            altitude=None,
            velocity=None,
            position_accuracy_m=None,
            altitude_accuracy_m=None,
        )
        world.observe(
            ALPHA,
            Observation(
                track=TrackId("t1"), source="radar-1", motion=motion, received_at=world.now
            ),
        )
    (alert,) = shown(world).alerts
    assert alert.assessed == "cannot-be-ruled-out"
    assert [one.code for one in alert.why] == [f"why.{reason}" for reason in alert.reasons]
    told = {one.code: {arg.name: arg.value for arg in one.args} for one in alert.why}
    assert told["why.position-accuracy-unknown"]["assumed"] == "500"
    assert told["why.velocity-unknown"]["assumed"] == "128.611"
    assert all(one.text.endswith(".") for one in alert.why)


def test_scr_013_a_cleared_alert_that_nobody_saw_stays() -> None:
    world = threatened()
    world.settle(ALPHA, NoticeWithdrawn(notice=post(ALPHA).notice, version=1, reason="over"))
    world.tick()
    world.wait(3 * HOUR_S)
    alert = the_alert(world)
    assert (alert.words, alert.attention) == ("cleared", "unacknowledged")
    assert item(shown(world), ItemKind.ALERT).part is Part.NEEDS_YOU
    world.settle(ALPHA, AlertAcknowledged(alert=alert.alert, level=alert.level))
    assert shown(world).alerts == ()


def test_scr_014_a_predicted_place_needs_a_course() -> None:
    alert = the_alert(threatened())
    (place,) = alert.places
    assert (place.track, place.at) == ("t1", alert.nominal_at)
    assert place.position.lat_deg < SEA.lat_deg + 30_000.0 / 111_000.0


def test_scr_020_calls_come_in_the_order_in_which_they_go() -> None:
    world = signed()
    world.settle(ALPHA, call("c-1", precedence=Precedence.ROUTINE))
    world.settle(ALPHA, call("c-2"))
    stop = call(
        "c-3",
        kind=CallKind.STOP,
        precedence=Precedence.IMMEDIATE,
        expires_at=world.now.replace(hour=1),
    )
    world.settle(ALPHA, stop)
    at_bravo = shown(world, BRAVO)
    mine = [one for one in at_bravo.calls if one.kind is not CallKind.TEST]
    assert [one.call for one in mine] == ["c-3", "c-2", "c-1"]
    assert {one.direction for one in mine} == {Direction.TAKEN}
    assert Act.RECEIVE in mine[0].acts
    world.settle(BRAVO, received("c-2"))
    world.settle(BRAVO, answered(AnswerKind.NOTED, "c-2"))
    one = next(each for each in shown(world).calls if each.call == "c-2")
    assert (one.direction, one.stage, one.clock.standing) == (
        Direction.PLACED,
        "received",
        AnswerStanding.ANSWERED,
    )
    assert one.answers[0].label == "noted; no undertaking (for the whole party)"
    assert one.in_force == ("a-1",)
    assert Act.CLOSE in one.acts
    world.settle(ALPHA, CallClosed(call=CallId("c-2"), closing=Closing.WITHOUT_SUMMARY))
    assert shown(world).calls[-1].call == "c-2"
    world.wait(25 * HOUR_S)
    assert "c-2" not in {each.call for each in shown(world).calls}


def test_scr_020_what_was_read_back_is_shown_beside_what_was_said() -> None:
    world = signed()
    world.settle(ALPHA, call())
    world.settle(BRAVO, received())
    wrong = replace(CONTENT, danger=None)
    content = world.state(BRAVO).feeds[ALPHA].calls[CallId("c-1")].versions[-1].ref
    world.settle(BRAVO, CallReadBack(call=named(), content=content, read_back=wrong))
    one = next(each for each in shown(world).calls if each.call == "c-1")
    assert one.read_back_content == wrong
    assert one.read_back.differing == ("danger",)
    assert one.acts[0] is Act.CHECK_READ_BACK


def test_scr_022_a_broadcast_has_no_acknowledgement() -> None:
    world = signed()
    sent = BroadcastSent(
        broadcast=BroadcastId("b-1"),
        reality=call().reality,
        radio=Radio(frequency_hz=121_500_000),
        addressed="all stations",
        text=FreeText(text="Unknown aircraft, turn away.", language="en"),
        sent_at=(world.now,),
    )
    world.settle(ALPHA, sent)
    (one,) = shown(world, BRAVO).broadcasts
    assert (one.party, one.sent, one.heard) == (ALPHA, sent, ())


def test_scr_030_a_ladder_shows_every_rung_and_the_draft_that_was_prepared() -> None:
    world = threatened()
    world.tick()
    (ladder,) = [one for one in shown(world).ladders if one.alert is not None]
    assert [(one.role, one.means) for one in ladder.rungs] == [
        ("duty-officer", Means.RING),
        ("watch-chief", Means.RING),
        ("director", Means.DRAFT),
    ]
    assert ladder.rungs[0].reached is Reached.REACHED
    assert ladder.rungs[1].reached is Reached.NEXT
    assert ladder.next_due_at == ladder.rungs[1].due_at
    for _ in range(20):
        world.wait(10.0)
        world.tick(ALPHA)
    (ladder,) = [one for one in shown(world).ladders if one.alert is not None]
    (draft,) = ladder.drafts
    assert (draft.role, draft.to_party, draft.to_role) == ("director", BRAVO, "director")


def test_scr_031_the_watch_and_what_it_was_told() -> None:
    world = signed()
    world.settle(ALPHA, WatchTaken(role=DUTY, watch="1"))
    taken_at = world.now
    (watch,) = shown(world).watches
    assert (watch.role, watch.watch, watch.since, watch.briefed) == (DUTY, "1", taken_at, ())
    told = ("alert a-1",)
    world.settle(
        ALPHA, WatchRelieved(role=DUTY, from_watch="1", to_watch="2", briefed=told), watch="2"
    )
    (watch,) = shown(world).watches
    assert (watch.watch, watch.briefed) == ("2", told)


def test_scr_100_the_published_schema_is_fresh_and_describes_every_screen() -> None:
    text = (
        json.dumps(result_schema(Screen, title="the screen"), ensure_ascii=False, indent=1) + "\n"
    )
    if os.environ.get("CROSSTELL_GOLDEN") == "rewrite":
        SCHEMA.write_text(text, encoding="utf-8")
    assert SCHEMA.read_text(encoding="utf-8") == text, "docs/schemas/screen.json is stale"
    validator = jsonschema_rs.Draft202012Validator(json.loads(text))
    world = threatened()
    world.settle(ALPHA, roz("roz-2", BRAVO))
    world.settle(ALPHA, call())
    world.settle(BRAVO, received())
    world.settle(BRAVO, answered())
    for party in (ALPHA, BRAVO):
        before = world.state(party)
        printed = to_plain(shown(world, party))
        assert list(validator.iter_errors(printed)) == []
        assert printed == to_plain(shown(world, party))
        assert world.state(party) is before


def test_scr_101_sentences_are_codes_with_arguments() -> None:
    world = threatened()
    alert = the_alert(world)
    verdict = alert.said[0]
    assert verdict.code == "alert.infringes"
    assert {one.name: one.kind for one in verdict.args}["at"] == "instant"
    assert verdict.text == alert.text[0]
    assert [one.code for one in alert.said] == [
        "alert.infringes",
        "alert.rule",
        "alert.standing.current",
    ]
