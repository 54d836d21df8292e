"""An entry's order and bracket, and all that is on record of one matter (docs/spec/api.md)."""

from collections.abc import Iterator
from typing import Any

import pytest
from api_desk import READER, Desk, Person, person
from node_pair import ALPHA, BRAVO, answered, call, received, roz, seen

from crosstell.core.detection.alert import AlertAcknowledged
from crosstell.core.ids import EntryRef
from crosstell.core.picture.party import Scope
from crosstell.core.picture.status import StatedStatus, StatusStated


@pytest.fixture(scope="module")
def told() -> Iterator[tuple[Desk, Person]]:
    """An alert that was seen by a person, a notice in two versions, a call that was answered."""
    desk = Desk()
    world = desk.world
    for number in range(4):
        world.observe(ALPHA, seen(world.now, 200.0 - number))
        world.wait(5.0)
    world.settle(ALPHA, roz("roz-1", BRAVO))
    held = world.settle(ALPHA, roz("roz-1", BRAVO, version=2)).recorded[0]
    world.settle(BRAVO, status(held))
    world.settle(ALPHA, call("c-1"))
    world.settle(BRAVO, received("c-1"))
    world.settle(BRAVO, answered(name="c-1"))
    world.sees(ALPHA, 100.0)
    (alert,) = [one for one in world.alerts(ALPHA) if one.shown is not None]
    assert alert.shown is not None
    seen_at = AlertAcknowledged(alert=alert.shown.alert, level=alert.shown.level)
    world.settle(ALPHA, seen_at)
    world.sees(ALPHA, 90.0)
    world.pass_time(3_700.0)
    desk.clock.at = world.now
    with desk.running() as client:
        yield desk, person(client, READER)


def status(of: EntryRef) -> StatusStated:
    return StatusStated(notice=of, status=StatedStatus.RECEIVED, scope=Scope())


def found(rita: Person, path: str) -> Any:  # noqa: ANN401
    answer = rita.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_api_048_the_order_in_which_the_other_party_held_a_warning_is_told(
    told: tuple[Desk, Person],
) -> None:
    desk, rita = told
    state = desk.world.state(ALPHA)
    warning = state.own.calls["c-1"].placed_stamp  # type: ignore[index]
    traced = found(rita, f"/entries/{warning.ref.feed}/{warning.ref.seq}")["traced"]
    by_entry = [one for one in traced["held_by"] if "entry" in one]
    (taken, _) = state.feeds[BRAVO].acknowledgements[warning.ref].marks[0]  # its node's own word
    assert [(one["party"], one["entry"]["seq"]) for one in by_entry] == [("bravo", taken.ref.seq)]
    assert by_entry[0]["size"] == warning.ref.seq + 1, "it commits to the warning and no more"
    signed = [one for one in traced["held_by"] if "entry" not in one]
    assert [one["party"] for one in signed] == ["bravo"], "its cosignature is the other bound"
    after = traced["made_after"]
    assert [one["party"] for one in after] == ["bravo"]
    assert after[0]["entry"]["seq"] < taken.ref.seq
    answer = found(rita, f"/entries/{taken.ref.feed}/{taken.ref.seq}")["traced"]
    assert [one["entry"]["seq"] for one in answer["made_after"]] == [warning.ref.seq]


def test_api_048_what_nobody_answered_to_is_held_by_nobody_as_far_as_shown(
    told: tuple[Desk, Person],
) -> None:
    desk, rita = told
    desk.world.down |= {(ALPHA, BRAVO), (BRAVO, ALPHA)}
    ref = desk.world.act(ALPHA, roz("roz-late", BRAVO)).recorded[0]
    traced = found(rita, f"/entries/{ref.feed}/{ref.seq}")["traced"]
    assert traced["held_by"] == []
    assert [one["party"] for one in traced["made_after"]] == ["bravo"]


def test_api_048_an_entry_of_the_journal_shows_where_its_root_was_committed(
    told: tuple[Desk, Person],
) -> None:
    desk, rita = told
    setting = desk.world.state(ALPHA).setting
    traced = found(rita, f"/entries/{setting.journal}/0")["traced"]
    committed = traced["committed"]
    assert committed["party"] == "alpha"
    assert committed["entry"]["feed"] == setting.feed
    entry = found(rita, f"/entries/{setting.feed}/{committed['entry']['seq']}")
    assert entry["shown"]["body"]["journal_committed"]["size"] == committed["size"]


def kinds(rita: Person, path: str) -> list[str]:
    told = found(rita, path)
    assert told["left_out"] == 0
    for one in told["entries"]:
        whole = found(rita, f"/entries/{one['entry']['feed']}/{one['entry']['seq']}")
        assert whole["signature"].startswith("verifies")
        assert whole["commitment"].startswith("the body is the one")
    return [one["kind"] for one in told["entries"]]


def test_api_049_an_alert_opens_down_to_the_entries_of_the_journal(
    told: tuple[Desk, Person],
) -> None:
    desk, rita = told
    (alert,) = [one for one in desk.world.alerts(ALPHA) if one.shown is not None]
    assert alert.shown is not None
    steps = kinds(rita, f"/history/alert/alpha/{alert.shown.alert}")
    assert steps[0] == "alert_raised"
    assert "alert_acknowledged" in steps
    assert steps.count("alert_held") <= 1, "of the findings that changed nothing the newest alone"
    last = alert.shown.trail[-1]
    assert last.at >= alert.shown.finding_at
    assert rita.get("/history/alert/bravo/" + alert.shown.alert).status_code == 404


def test_api_049_a_call_and_a_notice_open_down_to_what_both_sides_signed(
    told: tuple[Desk, Person],
) -> None:
    _, rita = told
    assert kinds(rita, "/history/call/alpha/c-1") == [
        "call_placed",
        "call_delivered",
        "call_received",
        "answer_given",
    ]
    assert kinds(rita, "/history/notice/alpha/roz-1") == [
        "notice_filed",
        "notice_filed",
        "status_stated",
    ]
    for missing in ("call/alpha/c-9", "notice/bravo/roz-1", "zone/alpha/roz-1"):
        assert rita.get(f"/history/{missing}").status_code == 404
