"""That a disk fills up is told before it is full. RUN-552, RUN-553."""

import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from api_desk import READER, Desk, person
from node_pair import ALPHA, DUTY

from crosstell.core.line.message import Reality
from crosstell.shell.config.node_file import FREE_MIB_MAX, NodeFile
from crosstell.shell.store.room import MIB, Room

Disk = Callable[[int, int], None]


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    """Every filesystem has so many MiB, and so many of them free."""

    def has(free_mib: int, size_mib: int) -> None:
        on_it = SimpleNamespace(f_bavail=free_mib, f_blocks=size_mib, f_frsize=MIB)
        monkeypatch.setattr(os, "statvfs", lambda _folder: on_it)

    return has


def test_run_552_status_shows_that_a_disk_fills_up_and_that_it_no_longer_does(
    tmp_path: Path, disk: Disk
) -> None:
    desk = Desk()
    with desk.running() as client:
        rita = person(client, READER)
        desk.sequencer.room = Room(folders=(tmp_path,), free_mib_min=1_024)
        for free_mib, is_told in ((1_024, False), (1_023, True), (2_000, False)):
            disk(free_mib, 100_000)
            alarms = rita.get("/status").json()["alarms"]
            assert alarms == (
                [
                    f"the disk of {tmp_path} has 1023 MiB free, less than 1024: make room before "
                    "it is full. On a full disk the node records nothing, neither an answer nor a "
                    "stop, until there is room"
                ]
                if is_told
                else []
            )


def test_run_552_of_a_small_medium_a_tenth_is_room_enough(tmp_path: Path, disk: Disk) -> None:
    room = Room(folders=(tmp_path,), free_mib_min=1_024)
    disk(7, 64)
    assert room.alarms() == ()
    disk(5, 64)
    assert "has 5 MiB free, less than 7" in room.alarms()[0]
    disk(0, 64)
    assert Room(folders=(tmp_path,), free_mib_min=0).alarms() == ()


def test_run_553_one_filesystem_is_told_once_and_one_that_is_gone_not_at_all(
    tmp_path: Path, disk: Disk
) -> None:
    disk(0, 64)
    gone = tmp_path / "gone"
    assert len(Room(folders=(tmp_path, tmp_path, gone), free_mib_min=1_024).alarms()) == 1
    assert Room(folders=(gone,), free_mib_min=1_024).alarms() == ()


@pytest.mark.parametrize("wrong", [-1, FREE_MIB_MAX + 1])
def test_run_552_how_much_is_to_stay_free_is_said_in_the_nodes_file(wrong: int) -> None:
    said: dict[str, Any] = {"party": ALPHA, "reality": Reality.EXERCISE, "test_role": DUTY}
    assert NodeFile(**said).free_mib == 1_024
    with pytest.raises(ValueError, match="free_mib: from 0"):
        NodeFile(**said, free_mib=wrong)
