"""A map whose file was changed is not shown, and stands on no paper (docs/spec/console.md)."""

import hashlib
import os
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from api_desk import READER, Desk, person
from map_package import package

from crosstell.codecs.api.maps import MapShown
from crosstell.core.errors import CallerError, Unavailable
from crosstell.shell.console import maps
from crosstell.shell.console.map_checks import THREAD, MapChecks, Standing
from crosstell.shell.console.maps import add_map, tiles_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    given = tmp_path / "given.pmtiles"
    given.write_bytes(package())
    add_map(tmp_path / "maps", given, "our area")
    return tmp_path / "maps"


def spoilt(folder: Path, name: str) -> bytes:
    """One byte is another; the size is as it was. It gives the bytes that stood there."""
    file = tiles_of(folder, name)
    data = file.read_bytes()
    file.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    return data


def known(checks: MapChecks, name: str) -> Standing:
    """What a check comes to, once its thread has ended."""
    checks.standing(name)
    for thread in threading.enumerate():
        if thread.name == THREAD:
            thread.join(10.0)
    return checks.standing(name)


def test_con_342_a_package_is_checked_once_for_the_file_as_it_stands(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = next(folder.glob("*.json")).stem
    read: list[str] = []
    whole = maps.is_whole

    def counted(where: Path, one: MapShown) -> bool:
        read.append(one.id)
        return whole(where, one)

    monkeypatch.setattr("crosstell.shell.console.map_checks.is_whole", counted)
    checks = MapChecks(folder)
    assert known(checks, name) is Standing.SOUND
    assert checks.standing(name) is Standing.SOUND
    assert read == [name]
    data = spoilt(folder, name)
    assert known(checks, name) is Standing.CHANGED
    tiles_of(folder, name).write_bytes(data)
    assert known(checks, name) is Standing.SOUND, "the file that was added is back"
    assert len(read) == 3
    for gone in ("0123456789abcdef", "../../etc/passwd"):
        with pytest.raises(CallerError, match="no map has that id"):
            checks.standing(gone)
    tiles_of(folder, name).unlink()
    os.symlink("/etc/hostname", tiles_of(folder, name))
    with pytest.raises(CallerError, match="no map has that id"):
        checks.standing(name)


def test_con_342_what_was_changed_is_neither_served_nor_named_on_a_paper(folder: Path) -> None:
    name = next(folder.glob("*.json")).stem
    desk = Desk(maps=folder)
    with desk.running() as client:
        rita = person(client, READER)
        part = {"Range": "bytes=0-126"}
        served = rita.get(f"/maps/{name}/part", headers=part)
        assert (served.status_code, len(served.content)) == (206, 127)
        assert rita.get(f"/print/agenda?map={name}").status_code == 200
        spoilt(folder, name)
        for path in (f"/maps/{name}/part", f"/print/agenda?map={name}"):
            no = rita.get(path, headers=part)
            assert no.status_code == 404
            assert "its file is not the one that was added, by its hash" in no.json()["detail"]
        assert rita.get("/maps").json()["maps"][0]["id"] == name, (
            "it is listed, and says so when asked"
        )


def test_con_342_a_copy_that_a_disk_spoils_is_not_added(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = tmp_path / "given.pmtiles"
    given.write_bytes(package())
    other = hashlib.sha256(b"other").hexdigest()
    monkeypatch.setattr("crosstell.shell.console.maps._copied", lambda _from, to: _bad(to, other))
    with pytest.raises(Unavailable, match="its copy is not what was read"):
        add_map(tmp_path / "maps", given, "our area")
    assert list((tmp_path / "maps").iterdir()) == []


def _bad(to: Path, digest: str) -> str:
    to.write_bytes(b"spoilt")
    return digest


def test_con_430_one_thread_checks_however_often_a_file_changes(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = next(folder.glob("*.json")).stem
    begun, go_on = threading.Event(), threading.Event()
    read: list[str] = []

    def held(_where: Path, one: MapShown) -> bool:
        read.append(one.id)
        begun.set()
        return go_on.wait(10.0)

    monkeypatch.setattr("crosstell.shell.console.map_checks.is_whole", held)
    checks = MapChecks(folder)
    checks.standing(name)
    assert begun.wait(10.0)
    for n in range(1, 6):
        os.utime(tiles_of(folder, name), ns=(n, n))
        assert checks.standing(name) is Standing.CHECKING
    assert sum(one.name == THREAD for one in threading.enumerate()) == 1
    go_on.set()
    assert known(checks, name) is Standing.SOUND
    assert len(read) == 2, "what was under way, and the file as it stands"


def test_con_430_a_package_that_vanishes_meanwhile_hides_no_other(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = next(folder.glob("*.json")).stem
    (there,) = maps.maps_in(folder)
    gone = replace(there, id="0" * 16)
    monkeypatch.setattr("crosstell.shell.api.views.maps.maps_in", lambda _folder: (gone, there))
    with Desk(maps=folder).running() as client:
        listed = person(client, READER).get("/maps")
    assert listed.status_code == 200
    assert [one["id"] for one in listed.json()["maps"]] == [name]
