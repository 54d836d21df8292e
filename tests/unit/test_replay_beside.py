"""A play while something else goes on (docs/spec/running.md)."""

import os
import threading

import pytest

from crosstell.core.errors import Fatal
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
