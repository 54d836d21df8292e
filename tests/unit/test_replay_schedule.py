"""The scheduler, which the replay and the simulator share."""

from datetime import UTC, datetime, timedelta

import pytest

from crosstell.core.errors import CallerError
from crosstell.sim import schedule
from crosstell.sim.schedule import Scheduler, subsystem_random

START = datetime(2023, 10, 5, 4, 0, tzinfo=UTC)


def minute(number: int) -> datetime:
    return START + timedelta(minutes=number)


def test_rep_010_time_only_moves_forward() -> None:
    scheduler = Scheduler(START)
    seen: list[datetime] = []
    scheduler.at(minute(5), seen.append)
    scheduler.at(minute(2), seen.append)
    scheduler.run_until(minute(10))
    assert seen == [minute(2), minute(5)]
    assert scheduler.now == minute(10)
    with pytest.raises(ValueError, match="already 2023-10-05T04:10:00Z; give a later time"):
        scheduler.at(minute(9), seen.append)


def test_rep_010_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        Scheduler(datetime(2023, 10, 5))  # noqa: DTZ001 - what is refused here


def test_rep_010_the_end_is_not_in_the_run() -> None:
    scheduler = Scheduler(START)
    seen: list[datetime] = []
    scheduler.at(minute(1), seen.append)
    scheduler.run_until(minute(1))
    assert seen == []
    assert scheduler.pending == 1


def test_rep_011_one_instant_runs_in_the_order_asked_for() -> None:
    scheduler = Scheduler(START)
    seen: list[str] = []
    for name in "dacb":
        scheduler.at(minute(1), lambda _, n=name: seen.append(n))  # type: ignore[misc]
    scheduler.run_until(minute(2))
    assert seen == list("dacb")


def test_rep_011_what_an_action_asks_for_now_runs_after_what_waits() -> None:
    scheduler = Scheduler(START)
    seen: list[str] = []
    scheduler.at(minute(1), lambda now: scheduler.at(now, lambda _: seen.append("asked")))
    scheduler.at(minute(1), lambda _: seen.append("waiting"))
    scheduler.run_until(minute(2))
    assert seen == ["waiting", "asked"]


def test_rep_012_a_draw_in_one_subsystem_does_not_shift_another() -> None:
    alone = subsystem_random(7, "people").random()
    line = subsystem_random(7, "line")
    line.random()
    assert subsystem_random(7, "people").random() == alone
    assert subsystem_random(8, "people").random() != alone
    assert subsystem_random(7, "line").random() != alone


def test_rep_013_a_run_that_feeds_itself_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "ACTIONS_MAX", 50)
    scheduler = Scheduler(START)

    def again(now: datetime) -> None:
        scheduler.at(now, again)

    scheduler.at(START, again)
    with pytest.raises(CallerError, match="more than 50 actions by 2023-10-05T04:00:00Z"):
        scheduler.run_until(minute(1))
