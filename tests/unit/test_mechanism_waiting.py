"""Who is rung, when, up to where, and when it stops: by the test's own clock, to the second."""

from datetime import timedelta

import pytest
from node_pair import (
    ALPHA,
    BRAVO,
    CHIEF,
    DUTY,
    START,
    World,
    answered,
    call,
    ladders,
    named,
    post,
    received,
    roz,
)

from crosstell.core.detection.about import notices_of
from crosstell.core.detection.alert import AlertAcknowledged, Attention, ClearedBecause
from crosstell.core.detection.alert_table import AlertState
from crosstell.core.ids import PartyId, TrackId
from crosstell.core.line.answer import Answer, AnswerCorrected, AnswerId, AnswerKind
from crosstell.core.line.escalation import LadderEnd, LadderEnded, LadderState
from crosstell.core.line.message import (
    CallClosed,
    CallDisregarded,
    CallKind,
    Closing,
    Precedence,
    StopLifted,
    StopRenewed,
)
from crosstell.core.line.watch.relief import WatchRelieved, WatchTaken
from crosstell.core.mechanism.effects import DraftReady, Ring, StopRinging
from crosstell.core.picture.notice import NoticeWithdrawn
from crosstell.core.picture.ownership import OwnershipAnswer, OwnershipStated, OwnTrack
from crosstell.core.picture.party import Scope
from crosstell.core.protocol.rule import AlertLevel

INCOMING, UNANSWERED = "call-not-received", "call-unanswered"
ALERT, STAND_BY, STOP = "alert-unacknowledged", "stand-by-expired", "stop-expiring"


def rung_at(world: World, party: PartyId, matter: str) -> list[tuple[float, str]]:
    """Seconds since START and role of every ring and draft of this kind, as recorded."""
    found = []
    for ladder in ladders(world, party).values():
        if ladder.opened.matter.kind == matter:
            for stamp, event in ladder.steps:
                if hasattr(event, "rung"):
                    role = ladder.opened.rungs[event.rung].role
                    found.append(((stamp.at - START).total_seconds(), str(role)))
    return sorted(found)


def ends(world: World, party: PartyId, matter: str) -> list[LadderEnd]:
    """How the ladders of this kind ended, in order."""
    return [
        event.end
        for ladder in ladders(world, party).values()
        if ladder.opened.matter.kind == matter
        for _, event in ladder.steps
        if isinstance(event, LadderEnded)
    ]


def test_an_incoming_call_climbs_the_rungs_at_their_times_and_drafts_above_the_limit() -> None:
    """MEC-040, MEC-045: 0 s duty officer, 60 s watch chief, 180 s a draft for the director."""
    world = World()
    world.settle(ALPHA, call(precedence=Precedence.ROUTINE))  # placed and delivered at 1 s
    world.pass_time(600.0)
    assert rung_at(world, BRAVO, INCOMING) == [
        (1.0, "duty-officer"),
        (61.0, "watch-chief"),
        (181.0, "director"),
    ]
    assert [ring[1:] for ring in world.rings(BRAVO, INCOMING)] == [(DUTY, 0), (CHIEF, 1)]
    drafts = [e for e in world.effects(BRAVO) if isinstance(e, DraftReady)]
    assert [draft.role for draft in drafts] == ["director"]
    assert world.rings(ALPHA) == []  # the answer time of a routine call is half an hour
    world.no_irregular()


def test_a_line_test_rings_the_first_rung_and_climbs_no_further() -> None:
    """MEC-046: not even where the line is down and its end is never heard of."""
    world = World()
    world.sign()
    assert [rung for _, _, rung in world.rings(BRAVO, "call-not-received")] == [0]
    world.down = {(ALPHA, BRAVO), (BRAVO, ALPHA)}
    world.pass_time(3_000.0)
    assert [rung for _, _, rung in world.rings(BRAVO, "call-not-received")] == [0]


def test_a_call_that_a_person_received_never_rings_again() -> None:
    """MEC-041."""
    world = World()
    world.settle(ALPHA, call(precedence=Precedence.ROUTINE))
    world.pass_time(30.0)
    world.settle(BRAVO, received())
    world.pass_time(1_200.0)
    assert len(world.rings(BRAVO, INCOMING)) == 1
    assert ends(world, BRAVO, INCOMING) == [LadderEnd.RECEIVED]
    assert sum(isinstance(e, StopRinging) for e in world.effects(BRAVO)) == 1
    world.no_irregular()


def test_a_matter_that_a_person_took_never_rings_again() -> None:
    """MEC-041: taken by a person of the own side, whoever it was."""
    world = World()
    world.settle(ALPHA, call(precedence=Precedence.ROUTINE))
    (matter,) = world.state(BRAVO).journal.ladders
    world.settle(BRAVO, LadderEnded(matter=matter, end=LadderEnd.ACKNOWLEDGED), role=CHIEF)
    world.pass_time(1_200.0)
    assert len(world.rings(BRAVO, INCOMING)) == 1
    assert ladders(world, BRAVO)[matter].state is LadderState.ENDED


def test_relief_of_the_watch_restarts_no_clock() -> None:
    """MEC-041: the chief is rung 60 s after the call was held, whoever came on watch."""
    world = World()
    world.settle(BRAVO, WatchTaken(role=DUTY, watch="1"))
    world.settle(ALPHA, call(precedence=Precedence.ROUTINE))
    world.pass_time(30.0)
    world.settle(BRAVO, WatchRelieved(role=DUTY, from_watch="1", to_watch="2"), watch="2")
    world.pass_time(300.0)
    assert [at for at, _ in rung_at(world, BRAVO, INCOMING)] == [2.0, 62.0, 182.0]


def test_an_unanswered_call_rings_its_own_side_from_the_answer_time_on() -> None:
    """MEC-042: a flash call is answered within 60 s; 'checking' is no answer."""
    world = World()
    world.settle(ALPHA, call())
    world.settle(BRAVO, answered(AnswerKind.CHECKING))
    world.pass_time(400.0)
    assert [at for at, _ in rung_at(world, ALPHA, UNANSWERED)] == [61.0, 121.0, 241.0]
    world.settle(BRAVO, answered(AnswerKind.WILL_COMPLY, answer_id="a-2"))
    assert ends(world, ALPHA, UNANSWERED) == [LadderEnd.ANSWERED]
    world.no_irregular()


def test_an_answer_that_is_taken_back_is_owed_again() -> None:
    """MEC-042: the call rings afresh from when the answer was taken back."""
    world = World()
    world.settle(ALPHA, call())
    world.settle(BRAVO, answered(AnswerKind.WILL_COMPLY))
    world.pass_time(600.0)
    assert world.rings(ALPHA) == []
    back = AnswerCorrected(
        call=named(),
        answer_id=AnswerId("a-2"),
        corrects=AnswerId("a-1"),
        answer=Answer(kind=AnswerKind.CHECKING),
    )
    world.settle(BRAVO, back)
    world.pass_time(100.0)
    assert [at for at, _ in rung_at(world, ALPHA, UNANSWERED)] == [603.0, 663.0]


def test_a_stand_by_that_runs_out_rings_the_caller() -> None:
    """MEC-042: until its time nothing rings, from its time on the ladder climbs."""
    world = World()
    world.settle(ALPHA, call())
    until = world.now + timedelta(seconds=201)
    world.settle(BRAVO, answered(AnswerKind.STAND_BY, until=until))
    world.pass_time(199.0)
    assert world.rings(ALPHA) == []
    world.pass_time(100.0)
    assert [at for at, _ in rung_at(world, ALPHA, STAND_BY)] == [202.0, 262.0]
    world.settle(BRAVO, answered(AnswerKind.NOTED, answer_id="a-2"))
    assert ends(world, ALPHA, STAND_BY) == [LadderEnd.ANSWERED]


def stop(world: World, lasts_s: float = 600.0) -> None:
    until = world.now + timedelta(seconds=1.0 + lasts_s)
    world.settle(ALPHA, call("s-1", kind=CallKind.STOP, expires_at=until))
    world.settle(BRAVO, received("s-1"))
    world.settle(BRAVO, answered(AnswerKind.WILL_COMPLY, "s-1"))


def test_the_caller_is_told_two_minutes_before_a_stop_expires() -> None:
    """MEC-043: and the ringing ends when it has expired."""
    world = World()
    stop(world)  # stands from 1 s to 601 s
    world.pass_time(700.0)
    assert [at for at, _ in rung_at(world, ALPHA, STOP)] == [481.0, 541.0]
    assert ends(world, ALPHA, STOP) == [LadderEnd.STOP_ENDED]
    (ladder,) = ladders(world, ALPHA).values()
    assert (ladder.steps[-1][0].at - START).total_seconds() == 601.0


def test_a_renewed_stop_rings_before_its_new_end() -> None:
    """MEC-043."""
    world = World()
    stop(world)
    world.pass_time(500.0)
    until = START + timedelta(seconds=1_201)
    world.settle(ALPHA, StopRenewed(call=call("s-1").call, expires_at=until))
    assert ends(world, ALPHA, STOP) == [LadderEnd.STOP_ENDED]
    world.pass_time(640.0)
    assert [at for at, _ in rung_at(world, ALPHA, STOP)] == [481.0, 1_081.0, 1_141.0]


def test_a_lifted_stop_rings_no_more() -> None:
    """MEC-043."""
    world = World()
    stop(world)
    world.pass_time(485.0)
    world.settle(ALPHA, StopLifted(call=call("s-1").call))
    world.pass_time(500.0)
    assert len(rung_at(world, ALPHA, STOP)) == 1
    assert ends(world, ALPHA, STOP) == [LadderEnd.STOP_ENDED]


@pytest.mark.parametrize(
    "end",
    [
        CallClosed(call=call().call, closing=Closing.WITHOUT_SUMMARY),
        CallDisregarded(call=call().call),
    ],
)
def test_a_call_that_its_caller_ends_rings_neither_side(end: CallClosed | CallDisregarded) -> None:
    """MEC-041: closed or sent in error, at both ends."""
    world = World()
    world.settle(ALPHA, call())
    world.pass_time(80.0)
    world.settle(ALPHA, end)
    before = len(world.rings(ALPHA)) + len(world.rings(BRAVO))
    world.pass_time(1_000.0)
    assert len(world.rings(ALPHA)) + len(world.rings(BRAVO)) == before == 3
    assert ends(world, ALPHA, UNANSWERED) == [LadderEnd.CALL_ENDED]
    assert ends(world, BRAVO, INCOMING) == [LadderEnd.CALL_ENDED]


def approaching(world: World, north_m: float, *, times: int = 3) -> float:
    """So many observations, 10 s apart, of one that flies south at 60 m/s; where it is then."""
    for _ in range(times):
        world.sees(ALPHA, north_m)
        world.wait(10.0)
        north_m -= 600.0
    return north_m


def test_an_alert_above_advisory_rings_until_it_is_acknowledged_and_a_rise_rings_again() -> None:
    """MEC-044: the level is that of standoff in the test protocol, up to critical."""
    world = World()
    world.settle(ALPHA, roz("roz-1", BRAVO, radius_m=2_000.0))
    approaching(world, 60_000.0)
    assert world.rings(ALPHA) == []
    assert [alert.shown.level for alert in world.alerts(ALPHA) if alert.shown] == []
    world.wait(303.0)  # it flies on, unobserved
    approaching(world, 40_000.0, times=4)
    (alert,) = world.alerts(ALPHA)
    assert alert.shown is not None
    assert alert.shown.level is AlertLevel.ADVISORY
    assert world.rings(ALPHA) == []  # an advisory is shown and does not ring
    world.wait(293.0)
    approaching(world, 20_000.0, times=4)
    (alert,) = world.alerts(ALPHA)
    assert alert.shown is not None
    assert alert.shown.level is AlertLevel.URGENT
    assert len(world.rings(ALPHA, ALERT)) == 1
    said = AlertAcknowledged(alert=alert.shown.alert, level=AlertLevel.URGENT)
    world.settle(ALPHA, said)
    assert ends(world, ALPHA, ALERT) == [LadderEnd.ALERT_ACKNOWLEDGED]
    assert world.alerts(ALPHA)[0].attention is Attention.ACKNOWLEDGED
    world.pass_time(30.0)
    assert len(world.rings(ALPHA, ALERT)) == 1
    assert any(isinstance(e, Ring) for e in world.effects(ALPHA))
    world.no_irregular()


def test_an_acknowledged_alert_that_rises_rings_again() -> None:
    """MEC-044: acknowledged while urgent, rung again as critical."""
    world = World()
    world.settle(ALPHA, post(ALPHA))
    approaching(world, 33_000.0)
    (alert,) = world.alerts(ALPHA)
    assert alert.shown is not None
    assert alert.shown.level is AlertLevel.URGENT
    world.settle(ALPHA, AlertAcknowledged(alert=alert.shown.alert, level=AlertLevel.URGENT))
    approaching(world, 14_000.0)
    (alert,) = world.alerts(ALPHA)
    assert alert.shown is not None
    assert alert.shown.level is AlertLevel.CRITICAL
    assert alert.attention is Attention.RINGING
    assert [rung for _, _, rung in world.rings(ALPHA, ALERT)] == [0, 0]
    (matter,) = world.state(ALPHA).journal.ladders
    taken = LadderEnded(matter=matter, end=LadderEnd.ACKNOWLEDGED)
    refused = world.act(ALPHA, taken).refused
    assert refused is not None
    assert "acknowledge the alert itself" in refused.text


def test_an_alert_whose_track_is_stated_as_our_own_clears() -> None:
    """MEC-015: the rule is about tracks of others; not of a stated own one at our own place."""
    world = World()
    world.settle(ALPHA, post(ALPHA))
    approaching(world, 14_000.0)
    assert len(world.alerts(ALPHA)) == 1
    own = OwnershipStated(
        subject=OwnTrack(track=TrackId("t1")), answer=OwnershipAnswer.OURS, scope=Scope()
    )
    assert world.act(ALPHA, own).refused is not None  # this role speaks for the forces only
    world.settle(ALPHA, own, role=CHIEF)
    assert world.alerts(ALPHA) == []
    (alert,) = world.state(ALPHA).journal.alerts.values()
    assert alert.shown is not None
    assert alert.shown.cleared_because is ClearedBecause.NOT_CONCERNED


def test_a_stale_track_leaves_one_last_known_item_and_a_withdrawn_notice_none() -> None:
    """MEC-015: and the node wakes for the one, and clears at once for the other."""
    world = World()
    world.settle(ALPHA, roz())
    approaching(world, 14_000.0)
    world.pass_time(120.0)
    (alert,) = world.alerts(ALPHA)
    assert alert.state is AlertState.LAST_KNOWN
    world.settle(ALPHA, NoticeWithdrawn(notice=roz().notice, version=1, reason="over"))
    assert world.alerts(ALPHA) == []


def test_a_notice_that_arrives_is_tested_at_once_against_every_track() -> None:
    """MEC-014: bravo's zone alerts alpha's track without another observation of it."""
    world = World()
    approaching(world, 9_000.0)
    world.settle(BRAVO, roz("roz-b", ALPHA))
    keys = {notices_of(key.about)[0].notice for key in world.state(ALPHA).journal.alerts}
    assert keys == {"roz-b"}
