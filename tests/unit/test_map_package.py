"""The operator's own maps: hostile files, manifests, and parts served to sessions alone."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from api_desk import READER, Desk, Person, person
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from map_package import METADATA, package

from crosstell.cli.keeping import maps as commands
from crosstell.codecs.geo.pmtiles import (
    HEADER_SIZE,
    METADATA_SIZE_MAX,
    check_root,
    read_header,
    read_metadata,
)
from crosstell.core.errors import CallerError
from crosstell.shell.console.maps import (
    add_map,
    is_whole,
    maps_in,
    missing_in,
    read_part,
    remove_map,
)


def added(folder: Path, data: bytes, title: str = "Own map 2026") -> Any:  # noqa: ANN401
    file = folder / "given.pmtiles"
    file.write_bytes(data)
    return add_map(folder / "maps", file, title)


def test_con_016_a_package_is_copied_whole_and_stays(tmp_path: Path) -> None:
    data = package()
    found = added(tmp_path, data)
    (tmp_path / "given.pmtiles").unlink()
    assert maps_in(tmp_path / "maps") == (found,), "read anew, as after a restart"
    assert (tmp_path / "maps" / f"{found.id}.pmtiles").read_bytes() == data
    assert (found.layers, found.attribution) == (("water", "places"), "made for a test")
    assert is_whole(tmp_path / "maps", found)
    held = tmp_path / "maps" / f"{found.id}.pmtiles"
    held.write_bytes(data[:-1] + b"\xff")
    assert not is_whole(tmp_path / "maps", found)
    held.write_bytes(data[:-1])
    assert maps_in(tmp_path / "maps") == (), "another size: it is not offered"
    assert missing_in(tmp_path / "maps") == (found,), "CON-445: and is named"
    held.write_bytes(data)
    assert missing_in(tmp_path / "maps") == ()
    assert remove_map(tmp_path / "maps", found.id[:6]) == found
    assert list((tmp_path / "maps").iterdir()) == []


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"magic": b"PMTiles\x02"}, "no PMTiles file of version 3"),
        ({"root_length": 0}, "first 16 KiB"),
        ({"root_offset": 16_000, "root_length": 400}, "outside the file"),
        ({"root_offset": 10}, "outside the file"),
        ({"metadata_length": 2**63}, "outside the file"),
        ({"tiles_offset": 2**62}, "outside the file"),
        ({"leaves_offset": 1, "leaves_length": 2}, "outside the file"),
        ({"internal": 3}, "directories are packed"),
        ({"packed": 4}, "tiles are packed"),
        ({"kind": 0}, "neither vector tiles"),
        ({"zoom_min": 9, "zoom_max": 3}, "zoom levels"),
        ({"zoom_max": 200}, "zoom levels"),
        ({"east": -1_800_000_001}, "no place on Earth"),
        ({"north": 2_000_000_000}, "no place on Earth"),
        ({"directory": [0]}, "0 entries"),
        ({"directory": [2**40]}, "entries"),
        ({"directory": [2, 5, 0, 1, 1, 4, 4, 1, 0]}, "names a tile twice"),
        ({"directory": [1, 0, 1, 2**50, 1]}, "lies outside the file"),
        ({"directory": [1, 0, 0, 5, 1]}, "lies outside the file"),
        ({"directory": [1, 0]}, "ends early"),
        ({"metadata": {"vector_layers": [{"id": "<b>"}, 7, {}]}}, "no vector layer"),
        ({"metadata": {"vector_layers": "all"}}, "no vector layer"),
        ({"metadata": [1]}, "no vector layer"),
    ],
)
def test_con_015_a_hostile_package_is_refused(
    tmp_path: Path, changes: dict[str, Any], why: str
) -> None:
    with pytest.raises(CallerError, match=why):
        added(tmp_path, package(**changes))
    assert maps_in(tmp_path / "maps") == ()
    assert not list(tmp_path.glob("maps/*"))


def test_con_015_nothing_is_unpacked_beyond_its_size(tmp_path: Path) -> None:
    """Four megabytes and more of one letter, packed into a few kilobytes."""
    with pytest.raises(CallerError, match="grows beyond"):
        added(tmp_path, package(metadata={"name": "x" * (METADATA_SIZE_MAX + 1)}))
    header = read_header(package(), size=len(package()))
    with pytest.raises(ValueError, match="cut off"):
        read_metadata(gzip.compress(json.dumps(METADATA).encode())[:-9], header)
    for name in ("there-is-none", "."):
        with pytest.raises(CallerError):
            add_map(tmp_path / "maps", tmp_path / name, "title")
    with pytest.raises(CallerError, match="--title"):
        add_map(tmp_path / "maps", tmp_path / "x", "<i></i>")


@given(data=st.binary(max_size=400), at=st.integers(0, HEADER_SIZE - 1))
def test_con_015_any_bytes_are_read_or_refused(data: bytes, at: int) -> None:
    """Whatever stands in the header: a value, or a ValueError."""
    whole = package()
    mixed = whole[:at] + data + whole[at + len(data) :]
    try:
        header = read_header(mixed, size=len(mixed))
        check_root(mixed[header.root.offset : header.root.end], header)
        read_metadata(mixed[header.metadata.offset : header.metadata.end], header)
    except ValueError:
        return
    assert header.tiles.end <= len(mixed)


def test_con_016_the_command_adds_lists_and_removes(tmp_path: Path) -> None:
    folder = tmp_path / "node"
    folder.mkdir()
    (folder / "node.yaml").write_text(
        "party: alpha\nreality: exercise\ntest_role: duty-officer\n", encoding="utf-8"
    )
    file = tmp_path / "given.pmtiles"
    file.write_bytes(package())
    run = CliRunner().invoke
    told = run(commands.map_group, ["add", str(folder), str(file), "--title", "Own map", "--json"])
    assert told.exit_code == 0, told.output
    one = json.loads(told.output)
    listed = run(commands.map_group, ["list", str(folder)])
    assert f"{one['id']}  Own map: as it was added" in listed.output
    (folder / "maps" / f"{one['id']}.pmtiles").write_bytes(package()[:-1] + b"\xff")
    changed = run(commands.map_group, ["list", str(folder)])
    assert changed.exit_code == 2
    assert "CHANGED" in changed.output
    (folder / "maps" / f"{one['id']}.pmtiles").unlink()
    gone = run(commands.map_group, ["list", str(folder)])
    assert gone.exit_code == 2
    assert f"{one['id']}  Own map: MISSING" in gone.output, "CON-445"
    assert run(commands.map_group, ["remove", str(folder), one["id"]]).exit_code == 0
    assert "no map but the reference" in run(commands.map_group, ["list", str(folder)]).output
    file.write_bytes(b"none")
    refused = run(commands.map_group, ["add", str(folder), str(file), "--title", "x"])
    assert (refused.exit_code, refused.output.count("\n")) == (2, 1)


def test_con_017_parts_are_served_by_range_to_sessions_alone(tmp_path: Path) -> None:
    data = package()
    found = added(tmp_path, data)
    with Desk(maps=tmp_path / "maps").running() as client:
        first = {"Range": "bytes=0-126"}
        nobody = Person(client)
        assert nobody.get("/maps").status_code == 401
        assert nobody.get(f"/maps/{found.id}/part", headers=first).status_code == 401
        rita = person(client, READER)
        (listed,) = rita.get("/maps").json()["maps"]
        assert (listed["sha256"], listed["title"]) == (found.sha256, "Own map 2026")
        part = rita.get(f"/maps/{found.id}/part", headers=first)
        assert (part.status_code, part.content) == (206, data[:127])
        assert part.headers["Content-Range"] == f"bytes 0-126/{len(data)}"
        rest = rita.get(f"/maps/{found.id}/part", headers={"Range": "bytes=100-16383"})
        assert rest.content == data[100:], "what there is of what was asked for"
        beyond = {"Range": f"bytes={len(data)}-{len(data) + 9}"}
        assert rita.get(f"/maps/{found.id}/part", headers=beyond).status_code == 416
        for asked in ({}, {"Range": "bytes=9-1"}, {"Range": "bytes=0-99999999999"}):
            assert rita.get(f"/maps/{found.id}/part", headers=asked).status_code == 400
        for name in ("0" * 16, "..%2fnode.yaml", found.id + ".json"):
            assert rita.get(f"/maps/{name}/part", headers=first).status_code == 404


def test_api_191_a_part_is_of_4_mib_at_most_and_of_a_file_of_the_folder(tmp_path: Path) -> None:
    """No name and no link leads out of the folder, also where no router stands before it."""
    found = added(tmp_path, package())
    folder = tmp_path / "maps"
    with Desk(maps=folder).running() as client:
        rita = person(client, READER)
        for last, status in ((4 * 2**20 - 1, 206), (4 * 2**20, 400)):
            asked = {"Range": f"bytes=0-{last}"}
            assert rita.get(f"/maps/{found.id}/part", headers=asked).status_code == status
    (tmp_path / "secret.pmtiles").write_bytes(b"not a map")
    (folder / ("0" * 16 + ".pmtiles")).symlink_to(tmp_path / "secret.pmtiles")
    for name in ("../secret", f"../maps/{found.id}", "0" * 16, f"{found.id}\n"):
        with pytest.raises(CallerError, match="no map has that id"):
            read_part(folder, name, 0, 9)
