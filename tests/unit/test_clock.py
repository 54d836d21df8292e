"""The clock: RUN-001 to RUN-003."""

import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosstell.core.errors import CallerError
from crosstell.core.instant import later, seconds_between
from crosstell.shell.clock import (
    ExerciseClock,
    Pace,
    SystemClock,
    read_pace,
    write_pace,
)

START = datetime(2026, 3, 1, tzinfo=UTC)


@dataclass
class Machine:
    """A machine whose wall clock somebody may set."""

    passed_s: float = 0.0
    set_by_s: float = 0.0

    def wall(self) -> datetime:
        return later(START, by_s=self.passed_s + self.set_by_s)

    def steady(self) -> float:
        return 1_000.0 + self.passed_s


def clock_of(machine: Machine) -> SystemClock:
    return SystemClock(wall=machine.wall, steady=machine.steady)


def test_time_counts_on_by_the_steady_clock() -> None:
    """RUN-001."""
    machine = Machine()
    clock = clock_of(machine)
    machine.passed_s = 60.0
    assert clock.now() == START + timedelta(seconds=60)
    assert clock.trouble() is None


@pytest.mark.parametrize("set_by_s", [-7_200.0, 7_200.0])
def test_a_step_is_followed_where_that_is_asked(set_by_s: float) -> None:
    """RUN-533: forward and back, and a small difference is left to the slow way."""
    machine = Machine()
    clock = clock_of(machine)
    machine.set_by_s = 1.0
    assert not clock.follow()
    machine.set_by_s = set_by_s
    assert seconds_between(START, clock.now()) < 2.0
    assert clock.follow()
    assert clock.now() == machine.wall()
    assert clock.trouble() is None
    assert not clock.follow()


def test_a_small_difference_is_made_good_slowly() -> None:
    """RUN-001: a second of difference takes twenty."""
    machine = Machine()
    clock = clock_of(machine)
    machine.set_by_s = -1.0
    for second in range(1, 20):
        machine.passed_s = float(second)
        behind = seconds_between(machine.wall(), clock.now())
        assert behind == pytest.approx(1.0 - 0.05 * second)
    machine.passed_s = 40.0
    assert clock.now() == machine.wall()


def test_time_that_passed_is_counted_once_whoever_asks_meanwhile() -> None:
    """RUN-001: one thread has read the steady clock when another asks for the time."""
    passed_s, others = 0.0, list[threading.Thread]()

    def steady() -> float:
        read = passed_s
        if threading.current_thread() is threading.main_thread() and passed_s and not others:
            others.append(threading.Thread(target=ask_later))
            others[0].start()
            others[0].join(0.2)
        return read

    def ask_later() -> None:
        nonlocal passed_s
        passed_s += 1.0
        clock.now()

    clock = SystemClock(wall=lambda: later(START, by_s=passed_s), steady=steady)
    passed_s = 1.0
    clock.now()
    others[0].join(10)
    assert clock.now() == START + timedelta(seconds=2)


@pytest.mark.parametrize(
    ("step_s", "side"), [(3_600.0, "ahead of"), (-3_600.0, "behind"), (2.1, "ahead of")]
)
def test_a_step_is_told_and_not_followed(step_s: float, side: str) -> None:
    """RUN-002."""
    machine = Machine()
    clock = clock_of(machine)
    machine.set_by_s = step_s
    machine.passed_s = 10.0
    assert clock.now() == START + timedelta(seconds=10)
    said = clock.trouble()
    assert said is not None
    assert f"{abs(step_s):.1f} s {side} this node's" in said
    machine.set_by_s = 0.0
    clock.now()
    assert clock.trouble() is None


@given(
    st.lists(
        st.tuples(st.floats(0.0, 100.0), st.floats(-5.0, 5.0)),
        min_size=1,
        max_size=30,
    )
)
def test_time_never_runs_back(moves: list[tuple[float, float]]) -> None:
    """RUN-001: whatever is done to the wall clock."""
    machine = Machine()
    clock = clock_of(machine)
    before = clock.now()
    for passed_s, set_by_s in moves:
        machine.passed_s += passed_s
        machine.set_by_s += set_by_s
        now = clock.now()
        assert before <= now
        assert seconds_between(before, now) <= passed_s * 1.05 + 1e-5
        before = now


def test_an_exercise_runs_at_its_pace(tmp_path: Path) -> None:
    """RUN-003: faster, held, let go."""
    machine, file = Machine(), tmp_path / "pace.json"
    write_pace(file, Pace(at=START, mark=1_000.0, rate=60.0))
    clock = ExerciseClock(path=file, steady=machine.steady)
    machine.passed_s = 10.0
    assert clock.now() == START + timedelta(minutes=10)
    assert clock.wait_s(START + timedelta(minutes=10, seconds=0.3)) == pytest.approx(0.005)
    write_pace(file, read_pace(file).changed(rate=0.0, mark=machine.steady()))
    machine.passed_s = 100.0
    assert clock.now() == START + timedelta(minutes=10)
    assert clock.wait_s(START + timedelta(hours=1)) > 0.0
    write_pace(file, read_pace(file).changed(rate=1.0, mark=machine.steady()))
    machine.passed_s = 160.0
    assert clock.now() == START + timedelta(minutes=11)
    assert clock.wait_s(START) == 0.0
    assert "EXERCISE TIME" in (clock.trouble() or "")


def test_an_exercise_never_runs_back(tmp_path: Path) -> None:
    """RUN-003: neither by a pace that leads back nor by a file that is gone or spoilt."""
    machine, file = Machine(), tmp_path / "pace.json"
    write_pace(file, Pace(at=START, mark=1_000.0, rate=1.0))
    clock = ExerciseClock(path=file, steady=machine.steady)
    machine.passed_s = 50.0
    now = clock.now()
    write_pace(file, Pace(at=START, mark=machine.steady(), rate=1.0))
    assert clock.now() == now
    file.write_text("{", encoding="ascii")
    assert clock.now() == now
    file.unlink()
    machine.passed_s = 160.0
    assert clock.now() == START + timedelta(seconds=110)


@pytest.mark.parametrize(
    "text",
    ["", "[]", '{"at": "2023-10-05T04:00:00Z"}', '{"at": "x", "mark": 0, "rate": 1}', "1" * 2_000],
)
def test_what_is_no_pace_is_refused(tmp_path: Path, text: str) -> None:
    """RUN-003: with the file's name and an example."""
    file = tmp_path / "pace.json"
    file.write_text(text, encoding="ascii")
    with pytest.raises(CallerError, match="no pace of an exercise"):
        ExerciseClock(path=file)


def test_a_pace_past_reason_is_refused(tmp_path: Path) -> None:
    """RUN-003."""
    file = tmp_path / "pace.json"
    write_pace(file, Pace(at=START, mark=0.0, rate=1_001.0))
    with pytest.raises(CallerError, match="outside 0 to 1000"):
        read_pace(file)
