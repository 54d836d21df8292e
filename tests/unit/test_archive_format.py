"""The files of an export: paths, list, seal, bodies, keys; and the folder as hostile input.

Proves ARC-001, ARC-003, ARC-004, ARC-006, ARC-007 and ARC-010 to ARC-014.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from crosstell.codecs.archive import files as archive
from crosstell.codecs.archive.files import Kind, Purpose, listed, parse_path, print_listing
from crosstell.core.errors import CallerError, PartyError
from crosstell.core.ids import FeedId
from crosstell.core.record.entry import Body
from crosstell.core.record.tree import ENTRIES, Tile
from crosstell.shell.archive.folder import ExportFolder, write_file, write_folder

ALPHA = FeedId("alpha")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("keys", Kind.KEYS),
        ("feeds/alpha/checkpoint", Kind.CHECKPOINT),
        ("feeds/alpha/checkpoints/0000000000000004", Kind.EARLIER_CHECKPOINT),
        ("feeds/alpha/tile/0/x001/234", Kind.TILE),
        ("feeds/alpha/tile/entries/000.p/17", Kind.BUNDLE),
        ("feeds/alpha/bodies/000.p/17", Kind.BODIES),
        (f"feeds/alpha/forks/{'0a' * 32}", Kind.FORK),
    ],
)
def test_paths_of_an_export(path: str, kind: Kind) -> None:
    """ARC-001."""
    found = parse_path(path)
    assert (found.kind, found.print()) == (kind, path)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "manifest",
        "files",
        "/etc/passwd",
        "../keys",
        "feeds/../keys",
        "feeds/./checkpoint",
        "feeds//checkpoint",
        "feeds/alpha/../beta/checkpoint",
        "feeds/alpha/checkpoint/",
        "feeds/alpha/checkpoints/4",
        "feeds/alpha/checkpoints/000000000000000a",
        "feeds/alpha/tile/0/1",
        "feeds/alpha/tile/00/000",
        "feeds/alpha/tile/0/000.p/256",
        "feeds/alpha/tile/0/x000/001",
        "feeds/alpha/forks/short",
        "feeds/alpha/bodies/../../../keys",
        "feeds/alpha/notes",
        "feeds/-alpha/checkpoint",
        "keys\n",
    ],
)
def test_every_other_path_is_refused(path: str) -> None:
    """ARC-001."""
    with pytest.raises(PartyError, match="no file of an export"):
        parse_path(path)


KEYS_LINE = listed("keys", b"k\n").print()
GOOD = listed("feeds/alpha/checkpoint", b"c").print() + KEYS_LINE


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "cut off"),
        (GOOD[:-1], "cut off"),
        (KEYS_LINE + GOOD, "line 2: .* out of order"),
        (KEYS_LINE * 2, "line 2: .* named twice"),
        (GOOD.replace(" 1 ", " 01 "), "line 1: is not"),
        (GOOD.replace(" 1 ", " 67108865 "), "line 1: 67108865 bytes, more than"),
        (GOOD.replace(" keys", " keys/../x"), "line 2: .* no file of an export"),
        (GOOD.replace("keys", "k\u00e9ys"), "not ASCII"),
        (GOOD.upper(), "line 1: is not"),
        ("\n", "line 1: is not"),
        (KEYS_LINE * 200_001, "more than the 200000"),
    ],
)
def test_lists_that_are_refused(text: str, said: str) -> None:
    """ARC-003."""
    with pytest.raises(PartyError, match=said):
        archive.parse_listing(text.encode())


def test_a_list_of_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    """ARC-003."""
    monkeypatch.setattr(archive, "TOTAL_SIZE_MAX", 2)
    with pytest.raises(PartyError, match="3 bytes in all"):
        archive.parse_listing(GOOD.encode())


def test_a_list_is_sorted_by_path() -> None:
    """ARC-003."""
    lines = [listed("keys", b"k\n"), listed("feeds/alpha/checkpoint", b"c")]
    assert print_listing(lines) == GOOD.encode()
    assert archive.parse_listing(GOOD.encode()) == tuple(reversed(lines))


def test_a_seal_reads_as_it_prints() -> None:
    """ARC-004."""
    seal = archive.seal_of(exporter=ALPHA, purpose=Purpose.OWN_USE, count=2, listing=GOOD.encode())
    assert archive.parse_seal(seal.text()) == seal
    assert seal.text().startswith("crosstell/export/v1\nalpha\nown-use\nfiles 2 ")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("crosstell/export/v1", "crosstell/export/v2"),
        ("alpha", "-"),
        ("shared", "public"),
        ("files 2", "files 02"),
        ("files 2", "file 2"),
        ("\n", "\n\n"),
    ],
)
def test_seals_that_are_refused(old: str, new: str) -> None:
    """ARC-004."""
    text = archive.seal_of(exporter=ALPHA, purpose=Purpose.SHARED, count=2, listing=b"").text()
    with pytest.raises(PartyError, match="manifest"):
        archive.parse_seal(text.replace(old, new, 1))


BODIES = (None, Body(salt=b"s" * 16, content=b"{}"), Body(salt=b"t" * 16, content=b""), None)


def test_bodies_read_as_they_print() -> None:
    """ARC-006."""
    data = archive.print_bodies(BODIES)
    assert data.hex() == (
        "00" + "01" + "73" * 16 + "00000002" + "7b7d" + "01" + "74" * 16 + "00000000" + "00"
    )
    assert archive.parse_bodies(4, data) == BODIES


def test_bodies_cut_or_padded_are_refused() -> None:
    """ARC-006."""
    data = archive.print_bodies(BODIES)
    for length in range(len(data)):
        with pytest.raises(PartyError, match=r"body . of the bundle"):
            archive.parse_bodies(4, data[:length])
    with pytest.raises(PartyError, match="1 bytes too many"):
        archive.parse_bodies(4, data + b"\x00")
    with pytest.raises(PartyError, match="body 0"):
        archive.parse_bodies(1, b"\x02")
    with pytest.raises(PartyError, match="body 0"):
        archive.parse_bodies(1, b"\x01" + bytes(16) + (250_001).to_bytes(4, "big") + bytes(250_001))


def test_bodies_stand_beside_their_bundle() -> None:
    """ARC-001."""
    bundle = Tile(level=ENTRIES, index=1234, width=3)
    assert archive.tile_path(ALPHA, bundle) == "feeds/alpha/tile/entries/x001/234.p/3"
    assert archive.bodies_path(ALPHA, bundle) == "feeds/alpha/bodies/x001/234.p/3"


def seal(count: int, listing: bytes) -> bytes:
    return b"%d files in %d bytes\n" % (count, len(listing))


def test_a_folder_is_written_whole(tmp_path: Path) -> None:
    """ARC-010."""
    write_folder(tmp_path / "out", [("keys", b"k\n"), ("feeds/alpha/checkpoint", b"c")], seal)
    assert (tmp_path / "out" / "files").read_bytes() == GOOD.encode()
    assert (tmp_path / "out" / "manifest").read_bytes() == seal(2, GOOD.encode())
    assert os.listdir(tmp_path) == ["out"]
    assert (tmp_path / "out").stat().st_mode & 0o077 == 0


def test_an_error_half_way_leaves_nothing(tmp_path: Path) -> None:
    """ARC-010: as seen by anyone who looks, before and after."""

    def files() -> Iterator[tuple[str, bytes]]:
        yield "keys", b"k\n"
        assert not (tmp_path / "out").exists()
        raise PartyError("the second file is bad")

    with pytest.raises(PartyError, match="second file"):
        write_folder(tmp_path / "out", files(), seal)
    with pytest.raises(CallerError, match="nothing was left"):
        write_folder(tmp_path / "no" / "out", [("keys", b"")], seal)
    with pytest.raises(CallerError, match="nothing was left"):
        write_file(tmp_path / "no" / "out", b"")
    assert os.listdir(tmp_path) == []


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """ARC-011: not even an empty folder, or a link to nowhere."""
    (tmp_path / "out").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for name in ("out", "link"):
        with pytest.raises(CallerError, match="exists already"):
            write_folder(tmp_path / name, [], seal)
        with pytest.raises(CallerError, match="exists already"):
            write_file(tmp_path / name, b"")
    assert os.listdir(tmp_path / "out") == []


def test_links_and_devices_are_refused(tmp_path: Path) -> None:
    """ARC-012."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "keys").write_bytes(b"secret")
    inside = tmp_path / "in"
    (inside / "feeds").mkdir(parents=True)
    folder = ExportFolder(inside)
    for name, make in (
        ("keys", lambda path: path.symlink_to(outside / "keys")),
        ("feeds/alpha", lambda path: path.symlink_to(outside)),
        ("pipe", os.mkfifo),
    ):
        make(inside / name)
        with pytest.raises(PartyError, match="a link, a device"):
            folder.names()
        with pytest.raises(PartyError, match=r"cannot be read|not a regular file"):
            folder.read("feeds/alpha/keys" if "alpha" in name else name)
        (inside / name).unlink()
    assert folder.names() == {}


def test_a_folder_too_deep_is_refused(tmp_path: Path) -> None:
    """ARC-012."""
    deep = tmp_path.joinpath(*"abcdefghijkl")
    deep.mkdir(parents=True)
    with pytest.raises(PartyError, match="too deep"):
        ExportFolder(tmp_path).names()


def test_large_files_are_refused_unread(tmp_path: Path) -> None:
    """ARC-013: 200 MB that take no room."""
    with (tmp_path / "keys").open("wb") as file:
        file.truncate(200_000_000)
    with pytest.raises(PartyError, match=r"keys: has 200000000 bytes, more than the 67108864"):
        ExportFolder(tmp_path).read("keys")
