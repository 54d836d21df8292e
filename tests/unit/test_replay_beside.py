"""A play while something else goes on (docs/spec/running.md)."""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from crosstell.cli.live import _ended_by_a_signal
from crosstell.core.errors import Fatal, Unavailable
from crosstell.replay import spread
from crosstell.replay.spread import beside


def test_run_524_it_is_done_meanwhile_in_a_process_that_gives_way() -> None:
    with beside(lambda: (os.getpid(), os.nice(0))) as found:
        answer = found()
    pid, nice = answer
    assert pid != os.getpid()
    assert nice >= os.nice(0) + min(spread.BESIDE_NICE, 19 - os.nice(0))
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_run_524_what_went_wrong_there_is_told_here() -> None:
    def work() -> int:
        raise Fatal("no play")

    with beside(work) as found, pytest.raises(Fatal, match="no play"):
        found()


def test_run_524_where_a_system_cannot_fork_it_is_done_when_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(spread, "_can_fork", lambda: False)
    done: list[int] = []
    with beside(lambda: done.append(threading.get_ident())) as found:
        assert done == []
        found()
    assert done == [threading.get_ident()]


def test_run_525_nothing_waits_for_it_at_the_end(tmp_path: Path) -> None:
    """After a fault it is ended; the command goes on to its own end."""
    done = tmp_path / "done"

    def work() -> None:
        time.sleep(20.0)
        done.write_text("too late")

    with pytest.raises(Fatal, match="meanwhile"), beside(work):
        raise Fatal("a fault meanwhile")
    assert not done.exists()
    assert multiprocessing.active_children() == []


def test_run_525_it_ends_by_itself_and_no_thread_serves_it() -> None:
    """What the command does when it is told to end is not its; what is forked later is safe."""
    before = signal.signal(signal.SIGTERM, lambda _number, _frame: None)
    threads = threading.active_count()
    try:
        with beside(lambda: signal.getsignal(signal.SIGTERM)) as found:
            assert threading.active_count() == threads
            assert found() == signal.SIG_DFL
    finally:
        signal.signal(signal.SIGTERM, before)


def test_run_525_a_process_that_was_killed_is_told_of() -> None:
    with (
        beside(lambda: os.kill(os.getpid(), signal.SIGKILL)) as found,
        pytest.raises(Unavailable, match="has ended"),
    ):
        found()


def test_run_525_a_command_that_is_told_to_end_twice_still_stops_its_nodes() -> None:
    before, stopped = signal.getsignal(signal.SIGTERM), []

    @contextmanager
    def nodes() -> Iterator[None]:
        try:
            yield
        finally:
            os.kill(os.getpid(), signal.SIGTERM)
            stopped.append("all of them")

    with pytest.raises(SystemExit) as ended, _ended_by_a_signal(), nodes():
        os.kill(os.getpid(), signal.SIGTERM)
    assert stopped == ["all of them"]
    assert ended.value.code == 128 + signal.SIGTERM
    assert signal.getsignal(signal.SIGTERM) == before
