"""Effects on their way to people: never in the way, never lost, once for each step."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from people_values import (
    ALERT,
    CHIEF,
    DUTY,
    QUIET_S,
    START,
    HeldClock,
    ObedientChannel,
    people,
    ring,
)

from crosstell.core.errors import CallerError
from crosstell.core.ids import AlertId, CallId, PartyId, RoleId
from crosstell.core.mechanism.effects import DraftReady, Effect, ShowAlert, ShowCall, StopRinging
from crosstell.shell.people.config import Also, People, Tried
from crosstell.shell.people.handing import Kind
from crosstell.shell.people.message import message
from crosstell.shell.people.proof import Step
from crosstell.shell.people.to_people import AGAIN_S, BACKOFF_S, ToPeople
from crosstell.shell.people.worker import Standing


@contextmanager
def running(
    config: People, channels: dict[str, ObedientChannel], folder: Path, clock: HeldClock
) -> Iterator[ToPeople]:
    made = ToPeople(config, clock, folder=folder, make=lambda one, _folder: channels[one.name])
    try:
        yield made
    finally:
        made.close()


def channels_of(*names: str) -> dict[str, ObedientChannel]:
    return {name: ObedientChannel(name) for name in names}


def at(after_s: float) -> datetime:
    return START + timedelta(seconds=after_s)


def settle(to_people: ToPeople) -> None:
    assert to_people.is_quiet(QUIET_S)


def test_a_ring_is_handed_to_every_channel_of_the_role_once(tmp_path: Path) -> None:
    """PEO-003: the node may ask again, as after a late entry; a person is rung once."""
    channels, clock = channels_of("a", "b"), HeldClock()
    with running(people("a", "b"), channels, tmp_path, clock) as to_people:
        to_people.take([ring()])
        to_people.take([ring(), ring(text="the same step in other words")])
        settle(to_people)
        to_people.take([ring(rung=1, role=CHIEF)])
        settle(to_people)
    expected = [(Kind.RING, ALERT, 0), (Kind.RING, ALERT, 1)]
    assert channels["a"].steps() == channels["b"].steps() == expected


def test_taking_returns_while_every_channel_stands_still(tmp_path: Path) -> None:
    """PEO-001, PEO-012: a channel that hangs holds up nothing but itself, and is shown."""
    channels, clock = channels_of("hangs", "goes"), HeldClock()
    channels["hangs"].gate.clear()
    with running(people("hangs", "goes"), channels, tmp_path, clock) as to_people:
        done = threading.Event()

        def take() -> None:
            for number in range(50):
                to_people.take([ring(f"matter {number}")])
            done.set()

        threading.Thread(target=take, daemon=True).start()
        assert done.wait(QUIET_S)
        assert channels["hangs"].entered.wait(QUIET_S)
        status = {one.name: one for one in to_people.status().channels}
        assert status["hangs"].in_hand_since == clock.now()
        assert status["hangs"].waiting == 49
        channels["hangs"].gate.set()
        settle(to_people)
    assert len(channels["hangs"].handed) == len(channels["goes"].handed) == 50


def test_the_newest_of_a_matter_and_role_replaces_what_waits(tmp_path: Path) -> None:
    """PEO-002: a person gets the newest, and each role its own."""
    channels, clock = channels_of("a"), HeldClock()
    channels["a"].gate.clear()
    with running(people("a"), channels, tmp_path, clock) as to_people:
        to_people.take([ring("first")])
        assert channels["a"].entered.wait(QUIET_S)
        to_people.take([ring(rung=0), ring(rung=1, role=CHIEF), ring(rung=2, role=CHIEF)])
        channels["a"].gate.set()
        settle(to_people)
    assert channels["a"].steps()[1:] == [(Kind.RING, ALERT, 0), (Kind.RING, ALERT, 2)]


def test_a_ring_that_is_not_taken_is_tried_for_as_long_as_it_stands(tmp_path: Path) -> None:
    """PEO-004, PEO-012: waits double up to a minute; an hour's outage loses no ring."""
    channels, clock = channels_of("a"), HeldClock()
    channels["a"].fails = True
    with running(people("a"), channels, tmp_path, clock) as to_people:
        to_people.take([ring()])
        settle(to_people)
        (status,) = to_people.status().channels
        assert (status.standing, status.fault, status.waiting) == (
            Standing.FAILING,
            "nobody there",
            1,
        )
        waited_s = BACKOFF_S
        for _ in range(60):
            clock.move(waited_s - 0.001)
            settle(to_people)
            before = to_people.status().channels[0].failed
            clock.move(0.001)
            settle(to_people)
            assert to_people.status().channels[0].failed == before + 1
            waited_s = min(waited_s * 2, 60.0)
        (status,) = to_people.status().channels
        assert (status.given_up, status.waiting, status.failed) == (0, 1, 61)
        channels["a"].fails = False
        clock.move(60.0)
        settle(to_people)
    assert channels["a"].steps() == [(Kind.RING, ALERT, 0)]


def test_a_channel_that_comes_back_takes_what_waited(tmp_path: Path) -> None:
    """PEO-012: the standing is that of the last attempt."""
    channels, clock = channels_of("a"), HeldClock()
    channels["a"].fails = True
    with running(people("a"), channels, tmp_path, clock) as to_people:
        to_people.take([ring()])
        settle(to_people)
        channels["a"].fails = False
        clock.move(BACKOFF_S)
        settle(to_people)
        (status,) = to_people.status().channels
        assert (status.standing, status.fault, status.taken) == (Standing.WORKING, None, 1)
        assert status.last_taken_at == status.since == clock.now()


def test_a_further_attempt_says_which_it_is(tmp_path: Path) -> None:
    """NOD-440: what was not taken in time may have arrived; a first attempt and a rung say none."""
    channels, clock = channels_of("a"), HeldClock()
    with running(people("a"), channels, tmp_path, clock) as to_people:
        channels["a"].fails = True
        to_people.take([ring()])
        settle(to_people)
        channels["a"].fails = False
        clock.move(BACKOFF_S)
        settle(to_people)
        to_people.take([ring(rung=1, role=CHIEF)])
        settle(to_people)
    second, higher = (json.loads(message(said)) for said in channels["a"].handed)
    assert (second["attempt"], second["rung"]) == (2, 1)
    assert "attempt" not in higher


def test_in_turn_the_next_is_tried_at_once_and_one_hand_over_is_enough(tmp_path: Path) -> None:
    """PEO-005: no time passes before the next channel; what one took, no other is handed."""
    channels, clock = channels_of("a", "b", "c"), HeldClock()
    channels["a"].fails = channels["b"].fails = True
    config = people("a", "b", "c", tried=Tried.IN_TURN)
    with running(config, channels, tmp_path, clock) as to_people:
        to_people.take([ring()])
        settle(to_people)
        settle(to_people)
        assert channels["c"].steps() == [(Kind.RING, ALERT, 0)]
        channels["a"].fails = channels["b"].fails = False
        clock.move(3_600.0)
        settle(to_people)
        assert channels["a"].handed == channels["b"].handed == []
        assert [one.waiting for one in to_people.status().channels] == [0, 0, 0]


def test_in_turn_all_are_tried_again_until_one_takes_it(tmp_path: Path) -> None:
    """PEO-005: that the last one failed too ends nothing."""
    channels, clock = channels_of("a", "b"), HeldClock()
    channels["a"].fails = channels["b"].fails = True
    with running(people("a", "b", tried=Tried.IN_TURN), channels, tmp_path, clock) as to_people:
        to_people.take([ring()])
        settle(to_people)
        settle(to_people)
        channels["a"].fails = False
        clock.move(BACKOFF_S)
        settle(to_people)
        settle(to_people)
        assert channels["a"].steps() == [(Kind.RING, ALERT, 0)]


def test_an_end_stops_what_waits_and_is_told_to_who_took_it(tmp_path: Path) -> None:
    """PEO-006: the failing channel never had it, so it is told nothing and rings no more."""
    channels, clock = channels_of("took", "fails", "silent"), HeldClock()
    channels["fails"].fails = True
    config = people("took", "fails", "silent")
    with running(config, channels, tmp_path, clock) as to_people:
        to_people.take([ring()])
        settle(to_people)
        to_people.take([StopRinging(matter=ALERT, text="ended: acknowledged")])
        channels["fails"].fails = False
        clock.move(3_600.0)
        settle(to_people)
        assert channels["took"].steps() == [(Kind.RING, ALERT, 0), (Kind.END, ALERT, None)]
        assert channels["fails"].handed == []


def test_an_end_is_not_told_to_a_channel_that_is_not_set_to_be(tmp_path: Path) -> None:
    """PEO-006: mail, say, gets one message for each ring step."""
    channels, clock = channels_of("a"), HeldClock()
    with running(people("a", also=()), channels, tmp_path, clock) as to_people:
        to_people.take([ring()])
        settle(to_people)
        to_people.take([StopRinging(matter=ALERT, text="ended")])
        settle(to_people)
        assert channels["a"].steps() == [(Kind.RING, ALERT, 0)]


def test_an_end_interrupts_what_is_under_way(tmp_path: Path) -> None:
    """PEO-006: a telephone that is being dialled about it is told to stop, and then of the end."""
    channels, clock = channels_of("a"), HeldClock()
    channels["a"].gate.clear()
    with running(people("a"), channels, tmp_path, clock) as to_people:
        to_people.take([ring()])
        assert channels["a"].entered.wait(QUIET_S)
        to_people.take([StopRinging(matter=ALERT, text="ended")])
        to_people.take([StopRinging(matter=ALERT, text="ended")])
        assert channels["a"].interrupted == [ALERT]
        channels["a"].gate.set()
        settle(to_people)
        assert channels["a"].steps()[-1] == (Kind.END, ALERT, None)


def test_an_attempt_that_fails_after_the_end_is_the_last(tmp_path: Path) -> None:
    """PEO-006: what was under way when the matter ended is not tried again."""
    channels, clock = channels_of("a"), HeldClock()
    channels["a"].gate.clear()
    channels["a"].fails = True
    with running(people("a", also=()), channels, tmp_path, clock) as to_people:
        to_people.take([ring()])
        assert channels["a"].entered.wait(QUIET_S)
        to_people.take([StopRinging(matter=ALERT, text="ended")])
        channels["a"].gate.set()
        settle(to_people)
        channels["a"].fails = False
        clock.move(3_600.0)
        settle(to_people)
        assert channels["a"].handed == []
        assert to_people.status().channels[0].waiting == 0


def test_after_a_restart_what_stands_is_rung_again_and_says_so(tmp_path: Path) -> None:
    """PEO-007, PEO-008: and what no longer stands is told to have ended."""
    channels, clock = channels_of("a"), HeldClock()
    config = people("a")
    with running(config, channels, tmp_path, clock) as to_people:
        to_people.take([ring("stands"), ring("goes")])
        settle(to_people)
    clock.move(5.0)
    with running(config, channels, tmp_path, clock) as to_people:
        to_people.take_standing([ring("stands"), ring("new", rung=1)], is_restart=True)
        settle(to_people)
        new = channels["a"].handed[2:]
        assert [(s.handing.kind, s.handing.matter) for s in new] == [
            (Kind.RING, "new"),
            (Kind.END, "goes"),
        ]
        assert "not handed over before" in new[0].handing.words
        clock.move(AGAIN_S)
        settle(to_people)
        last = channels["a"].handed[-1]
        assert last.handing.matter == "stands"
        assert (
            "Rung again after a restart of the node (first handed over 2023-10-05T04:30:00Z)"
            in (last.handing.words)
        )
        assert last.id != channels["a"].handed[0].id


def test_a_node_that_crashes_and_starts_does_not_ring_without_end(tmp_path: Path) -> None:
    """PEO-007: thirty seconds lie between two hand-overs of one step."""
    channels, clock = channels_of("a"), HeldClock()
    for _ in range(10):
        with running(people("a"), channels, tmp_path, clock) as to_people:
            to_people.take_standing([ring()], is_restart=True)
            settle(to_people)
            clock.move(6.0)
            settle(to_people)
    assert [one.at for one in channels["a"].handed] == [at(0.0), at(30.0), at(60.0)]


def test_after_a_fault_only_what_was_not_rung_is_rung(tmp_path: Path) -> None:
    """PEO-008: a store that fails every five seconds makes nobody's telephone ring each time."""
    channels, clock = channels_of("a"), HeldClock()
    with running(people("a"), channels, tmp_path, clock) as to_people:
        to_people.take([ring("stands"), ring("goes")])
        for _ in range(3):
            to_people.take_standing([ring("stands"), ring("new")])
            settle(to_people)
        kinds = [(one[0], one[1]) for one in channels["a"].steps()]
        assert kinds.count((Kind.RING, "stands")) == kinds.count((Kind.RING, "new")) == 1
        assert (Kind.END, "goes") in kinds or (Kind.RING, "goes") not in kinds


def test_every_step_is_kept_and_no_row_can_be_changed(tmp_path: Path) -> None:
    """PEO-009: asked, failed, taken with the answer, ended; and only ever added to."""
    channels, clock = channels_of("a"), HeldClock()
    channels["a"].fails = True
    with running(people("a"), channels, tmp_path, clock) as to_people:
        to_people.take([ring()])
        settle(to_people)
        channels["a"].fails = False
        clock.move(BACKOFF_S)
        settle(to_people)
        to_people.take([StopRinging(matter=ALERT, text="ended: acknowledged")])
        settle(to_people)
        rows = [row for row in to_people.handed_over() if row.kind == "ring"]
        ends = [row.step for row in to_people.handed_over() if row.kind == "end"]
    assert [row.step for row in rows] == [Step.ASKED, Step.FAILED, Step.TAKEN]
    taken = rows[-1]
    assert (taken.whom, taken.answer, taken.attempt) == ("a", "queued as 1", 2)
    assert taken.at == "2023-10-05T04:30:02Z"
    assert taken.message == channels["a"].handed[0].id
    assert sorted(ends) == [Step.ENDED, Step.TAKEN]
    db = sqlite3.connect(tmp_path / "people.store")
    for change in ("UPDATE hand_over SET answer = 'read'", "DELETE FROM hand_over"):
        with pytest.raises(sqlite3.IntegrityError, match="only added to"):
            db.execute(change)
    db.close()
    assert (tmp_path / "people.store").stat().st_mode & 0o077 == 0


def test_no_word_says_that_a_person_read_it(tmp_path: Path) -> None:
    """PEO-010: what is said of a hand-over is what a machine knows."""
    words = {*Step, *Standing, *Kind}
    for word in ("read", "heard", "seen", "received", "acknowledged", "delivered"):
        assert word not in words
    other = tmp_path / "other"
    sqlite3.connect(other).close()
    with pytest.raises(CallerError, match="no proof of hand-over"):
        ToPeople(People(record="other"), HeldClock(), folder=tmp_path)


def test_a_role_that_nothing_rings_is_shown(tmp_path: Path) -> None:
    """PEO-011: the operator sees that this ring went nowhere."""
    channels, clock = channels_of("a"), HeldClock()
    config = People(channels=people("a").channels)
    with running(config, channels, tmp_path, clock) as to_people:
        to_people.take([ring(), DraftReady(matter=ALERT, role=RoleId("minister"), text="brief")])
        settle(to_people)
        assert to_people.status().unrouted == ("duty-officer", "minister")
        assert {row.step for row in to_people.handed_over()} == {Step.NOBODY}


def test_rings_go_out_without_proof_where_it_cannot_be_written(tmp_path: Path) -> None:
    """PEO-013: a full disk silences no telephone; the operator sees that proof is missing."""
    channels, clock = channels_of("a"), HeldClock()
    with running(people("a"), channels, tmp_path, clock) as to_people:
        holder = sqlite3.connect(tmp_path / "people.store", isolation_level=None)
        holder.execute("DROP TABLE hand_over")  # the next row cannot be written
        to_people.take([ring()])
        assert not to_people.is_quiet(0.5)
        assert channels["a"].steps() == [(Kind.RING, ALERT, 0)]
        fault = to_people.status().proof_fault
        assert fault is not None
        assert "cannot be written" in fault
        holder.close()
        to_people.close(0.1)


def test_what_is_shown_goes_to_channels_that_show_alone(tmp_path: Path) -> None:
    """PEO-001: a system that shows gets every change; a telephone none."""
    channels, clock = channels_of("a"), HeldClock()
    shows: list[Effect] = [
        ShowAlert(alert=AlertId("a-1"), text="URGENT"),
        ShowCall(party=PartyId("tr"), call=CallId("c-1"), text="STOP, interrupts: call placed"),
    ]
    with running(people("a", also=(Also.SHOWS,)), channels, tmp_path, clock) as to_people:
        to_people.take(shows)
        settle(to_people)
        assert [one[1] for one in channels["a"].steps()] == ["alert a-1", "call tr/c-1"]
        assert DUTY not in {one.handing.role for one in channels["a"].handed}
    other = channels_of("b")
    (tmp_path / "other").mkdir()
    with running(people("b"), other, tmp_path / "other", clock) as to_people:
        to_people.take(shows)
        settle(to_people)
        assert other["b"].handed == []
