"""That a disk fills up is told before it is full. RUN-552, RUN-553, RUN-567, RUN-568."""

import os
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from types import SimpleNamespace
from typing import Any

import pytest
from api_desk import OPERATOR, READER, Desk, person
from node_pair import ALPHA, DUTY
from test_node_folder import made_in, rewrite
from test_split_installed import closed

from crosstell.core.line.message import Reality
from crosstell.shell.api.serving import ASIDE_MAX
from crosstell.shell.config.node_file import FREE_MIB_MAX, NodeFile, read_installation
from crosstell.shell.live.running import Running
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


@pytest.mark.parametrize("short", ["node", "marks"])
def test_run_552_a_node_looks_after_its_store_and_its_marks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, short: str
) -> None:
    """By the figure of its file."""
    made_in(tmp_path / "node")
    rewrite(tmp_path / "node", "thin_s: 1.0", "thin_s: 1.0\nfree_mib: 3000")

    def room(folder: Path) -> object:
        free = 2_999 if folder.name == short else 3_000
        return SimpleNamespace(f_bavail=free, f_blocks=100_000, f_frsize=MIB)

    node = Running(read_installation(tmp_path / "node"))
    try:
        monkeypatch.setattr(os, "statvfs", room)
        (alarm,) = node.sequencer.alarms()
        assert f"{short} has 2999 MiB free, less than 3000" in alarm
    finally:
        closed(node)


def test_run_567_run_568_a_disk_that_does_not_answer_holds_up_one_who_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, mended, waited_for = Event(), Event(), []

    def silent(_folder: Path) -> object:
        asked.set()
        waited_for.append(mended.wait(20.0))
        return SimpleNamespace(f_bavail=5, f_blocks=100_000, f_frsize=MIB)

    desk = Desk()
    with desk.running() as client:
        rita, olga = person(client, READER), person(client, OPERATOR, watch=True)
        room = desk.sequencer.room = Room(folders=(tmp_path,), free_mib_min=1_024)
        monkeypatch.setattr(os, "statvfs", silent)
        first = Thread(target=rita.get, args=("/status",))
        first.start()
        assert asked.wait(20.0)
        assert olga.get("/acts/pending").status_code == 200
        for _ in range(ASIDE_MAX + 1):
            assert olga.get("/status").json()["alarms"] == []
        assert waited_for == [], "all were answered while the disk was silent"
        mended.set()
        first.join(20.0)
        assert waited_for == [True]
        assert "has 5 MiB free" in room.alarms()[0]
