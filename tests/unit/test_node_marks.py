"""A node whose marks go away while it runs, and one that gave up an input."""

import errno
import os
from pathlib import Path

import pytest
from node_pair import ALPHA, BRAVO, World, roz

from crosstell.core.mechanism.inputs import Observed, Tick
from crosstell.shell.api.views.status import inside
from crosstell.shell.high_water import FileHighWater
from crosstell.shell.store.failing import RETRY_S


def over_marks(folder: Path) -> World:
    """Alpha's marks are in the folder, as of a disk that is mounted there."""
    world = World()
    alpha = world.parties[ALPHA]
    logs = (alpha.setting.feed, alpha.setting.journal)
    alpha.high_water = FileHighWater(folder)
    alpha.high_water.begin({log: alpha.store.size(log) for log in logs})
    alpha.start()
    return world


def shown(world: World) -> tuple[str | None, tuple[str, ...]]:
    """The fault that alpha shows, and its alarms."""
    alpha = world.parties[ALPHA]
    found = inside(alpha.node, alpha.store)
    return found.fault, found.alarms


def test_marks_that_go_away_stop_the_signing_and_nothing_is_made_anew(tmp_path: Path) -> None:
    """NOD-530, NOD-532: at most one entry is above them; with them the node goes on by itself."""
    world = over_marks(tmp_path)
    alpha = world.parties[ALPHA]
    world.settle(ALPHA, roz("roz-1", BRAVO))
    marks = tmp_path / "signed.high-water"
    away = marks.rename(tmp_path / "away")
    size = alpha.store.size(alpha.setting.feed)
    kept, refused = (world.act(ALPHA, roz(name, BRAVO)) for name in ("roz-2", "roz-3"))
    assert (kept.fault, len(kept.recorded)) == (None, 1)
    assert "are not there any more" in (refused.fault or "")
    assert alpha.store.size(alpha.setting.feed) == size + 1
    assert not marks.exists()
    assert "are not there any more" in (shown(world)[0] or "")
    world.deliver()
    assert "roz-2" not in world.state(BRAVO).feeds[ALPHA].notices
    away.rename(marks)
    world.pass_time(120.0)
    world.settle(ALPHA, roz("roz-4", BRAVO))
    assert shown(world) == (None, ())
    assert set(world.state(BRAVO).feeds[ALPHA].notices) == {"roz-1", "roz-2", "roz-4"}
    assert FileHighWater(tmp_path).read(alpha.setting.feed) == alpha.store.size(alpha.setting.feed)


def test_marks_that_take_no_writes_hold_back_what_is_recorded_and_nothing_follows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """NOD-535, NOD-536: who asked is told what is in the store; a start meanwhile changes nothing.

    Others' entries are taken and shown all the same.
    """
    world = over_marks(tmp_path)
    alpha = world.parties[ALPHA]
    world.settle(ALPHA, roz("roz-1", BRAVO))

    def fails(*_given: object) -> int:
        raise OSError(errno.EROFS, "Read-only file system")

    with monkeypatch.context() as patch:
        patch.setattr(os, "pwrite", fails)
        kept = world.act(ALPHA, roz("roz-2", BRAVO))
        assert (kept.fault, kept.kept, len(kept.recorded)) == (None, True, 1)
        assert kept.messages == ()
        size = alpha.store.size(alpha.setting.feed)
        for number in range(3):
            refused = world.act(ALPHA, roz("roz-3", BRAVO))
            assert "cannot be written (Read-only file system)" in (refused.fault or "")
            assert refused.recorded == ()
            assert "cannot be written" in (shown(world)[0] or "")
            if number == 1:
                alpha.start()
        assert alpha.store.size(alpha.setting.feed) == size
        world.settle(BRAVO, roz("roz-b", ALPHA))
        assert set(world.state(ALPHA).feeds[BRAVO].notices) == {"roz-b"}
        assert "roz-2" not in world.state(BRAVO).feeds[ALPHA].notices
        wake = alpha.node.next_wake(world.now)
        assert wake is not None
        assert (wake - world.now).total_seconds() <= RETRY_S
    world.pass_time(300.0)
    assert shown(world) == (None, ())
    assert set(world.state(BRAVO).feeds[ALPHA].notices) == {"roz-1", "roz-2"}
    assert FileHighWater(tmp_path).read(alpha.setting.feed) == alpha.store.size(alpha.setting.feed)


def test_an_input_that_was_given_up_hides_nothing_that_is_wrong_now(tmp_path: Path) -> None:
    """NOD-533."""
    world = over_marks(tmp_path)
    node = world.parties[ALPHA].node
    broken = Observed(observations=(None,))  # type: ignore[arg-type]
    node.handle(broken, world.now)
    fault, alarms = shown(world)
    assert "was abandoned at 2" in (fault or "")
    assert alarms == ()
    world.wait(1.0)
    node.handle(Tick(), world.now)
    assert shown(world) == (None, (fault,))
    (tmp_path / "signed.high-water").unlink()
    world.wait(1.0)
    node.handle(broken, world.now)
    world.wait(3_600.0)
    node.handle(Tick(), world.now)
    after, alarms = shown(world)
    assert "are not there any more" in (after or "")
    assert ["was abandoned at" in alarm for alarm in alarms] == [True]
