"""SQLite's own duties: files that are not ours, cut files, full disks, erased bytes.

Proves STO-001, STO-008, STO-011 and STO-030 to STO-035 where they concern files.
"""

import shutil
import sqlite3
import struct
from pathlib import Path

import pytest

from crosstell.core.errors import CallerError, CrosstellError, Fatal, Unavailable
from crosstell.core.ids import FeedId
from crosstell.shell.store import Batch, Erase, Put, SqliteStore, StoredEntry

ALPHA = FeedId("alpha")


def row(seq: int, *, body: bytes = b"{}") -> StoredEntry:
    return StoredEntry(feed=ALPHA, seq=seq, leaf=b"leaf %d" % seq, salt=b"s" * 16, body=body)


def filled(path: Path, count: int, *, size: int = 200) -> Path:
    """A closed store with `count` batches of one entry."""
    store = SqliteStore.open(path)
    for seq in range(count):
        store.commit(Batch(entries=(row(seq, body=bytes(size)),)))
    store.close()
    return path


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("text", b"this is a text file, long enough to be looked at\n" * 10, "not a Crosstell"),
        ("empty", b"", "not a Crosstell"),
        ("short", b"SQL", "cut off"),
    ],
)
def test_files_that_are_not_stores(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    """STO-030, STO-031."""
    path = tmp_path / name
    path.write_bytes(content)
    for open_it in (SqliteStore.open, SqliteStore.open_read_only):
        with pytest.raises(CrosstellError, match=said) as caught:
            open_it(path)
        assert str(path) in str(caught.value)
    assert path.read_bytes() == content
    assert [found.name for found in tmp_path.iterdir()] == [name]


def test_a_missing_file_is_not_made_by_a_reader(tmp_path: Path) -> None:
    """STO-030."""
    with pytest.raises(CallerError, match="no such file"):
        SqliteStore.open_read_only(tmp_path / "none.store")
    with pytest.raises(CallerError, match="no such folder"):
        SqliteStore.open(tmp_path / "none" / "none.store")
    with pytest.raises(CallerError, match="not a file"):
        SqliteStore.open(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_another_programs_file(tmp_path: Path) -> None:
    """STO-030."""
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE t (x)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(CallerError, match="another program"):
        SqliteStore.open(path)
    assert path.read_bytes() == before


def test_a_newer_schema(tmp_path: Path) -> None:
    """STO-030."""
    path = filled(tmp_path / "node.store", 1)
    content = bytearray(path.read_bytes())
    content[60:64] = struct.pack(">I", 2)
    path.write_bytes(content)
    with pytest.raises(CallerError, match="schema version 2, this program knows 1"):
        SqliteStore.open(path)
    assert path.read_bytes() == content


def test_a_file_cut_at_any_length(tmp_path: Path) -> None:
    """STO-031."""
    content = filled(tmp_path / "node.store", 30, size=2_000).read_bytes()
    cut = tmp_path / "cut.store"
    for length in range(0, len(content), 1_111):
        cut.write_bytes(content[:length])
        with pytest.raises(CrosstellError, match=r"cut off|not a Crosstell"):
            SqliteStore.open(cut)
    cut.write_bytes(content)
    store = SqliteStore.open(cut)
    assert store.size(ALPHA) == 30
    store.close()


def copy_live(path: Path, folder: Path, *, log_length: int | None = None) -> Path:
    """A copy of the files as a dead machine would leave them; the log cut to `log_length`."""
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    shutil.copy(path, folder / path.name)
    log = path.with_name(path.name + "-wal").read_bytes()
    (folder / f"{path.name}-wal").write_bytes(log if log_length is None else log[:log_length])
    return folder / path.name


def test_death_at_any_point_of_the_log(tmp_path: Path) -> None:
    """STO-001, STO-032: the log cut at every torn length holds whole batches, and never fewer."""
    path = tmp_path / "node.store"
    store = SqliteStore.open(path)
    sizes: list[int] = []
    log = path.with_name("node.store-wal")
    for seq in range(0, 12, 2):
        put = Put(name="high-water", value=str(seq + 2).encode())
        store.commit(Batch(entries=(row(seq, body=bytes(3_000)), row(seq + 1)), puts=(put,)))
        sizes.append(log.stat().st_size)
    seen = [0]
    for length in sorted({*range(0, sizes[-1] + 1, 777), *sizes, *(size - 1 for size in sizes)}):
        again = SqliteStore.open(copy_live(path, tmp_path / "copy", log_length=length))
        held = again.size(ALPHA)
        assert held == 2 * sum(size <= length for size in sizes), "acknowledged means durable"
        assert again.blob("high-water") == (str(held).encode() if held else None)
        assert [entry.seq for entry in again.entries(ALPHA)] == list(range(held))
        assert again.integrity() == ()
        assert held >= seen[-1]
        seen.append(held)
        again.close()
    assert set(seen) == {0, 2, 4, 6, 8, 10, 12}
    store.close()


def test_death_inside_a_commit(tmp_path: Path) -> None:
    """STO-002: files copied after the writes and before the end of the transaction hold nothing."""
    path = tmp_path / "node.store"
    store = SqliteStore.open(path)
    store.commit(Batch(entries=(row(0),)))
    copies: list[Path] = []

    def copy_at(statement: str) -> None:
        if statement == "COMMIT":
            copies.append(copy_live(path, tmp_path / "copy"))

    store._db.set_trace_callback(copy_at)
    store.commit(Batch(entries=tuple(row(seq, body=bytes(5_000)) for seq in range(1, 400))))
    store._db.set_trace_callback(None)
    again = SqliteStore.open(copies[0])
    assert (len(copies), again.size(ALPHA), store.size(ALPHA)) == (1, 1, 400)
    again.close()
    store.close()


def test_an_acknowledged_commit_was_synchronised(tmp_path: Path) -> None:
    """STO-001: no test can cut the power; in WAL mode only FULL (2) survives that."""
    store = SqliteStore.open(tmp_path / "node.store")
    assert store._db.execute("PRAGMA synchronous").fetchone() == (2,)
    assert store._db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    store.close()


def test_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    """STO-002, STO-011: SQLite's own error for a full disk, and the store works on."""
    store = SqliteStore.open(tmp_path / "node.store")
    store.commit(Batch(entries=(row(0),)))
    pages = store._db.execute("PRAGMA page_count").fetchone()[0]
    store._db.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(Unavailable, match=r"full.*nothing was written.*reads the store again"):
        store.commit(Batch(entries=(row(1), row(2, body=bytes(100_000)))))
    assert store.size(ALPHA) == 1
    store.commit(Batch(entries=(row(1),)))
    assert store.size(ALPHA) == 2
    store.close()


def test_erased_bytes_are_gone_from_the_files(tmp_path: Path) -> None:
    """STO-008."""
    path = tmp_path / "node.store"
    store = SqliteStore.open(path)
    secret = b"a position nobody may keep"
    store.commit(Batch(entries=(row(0, body=secret * 300), row(1, body=secret))))
    held = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert secret in held
    store.commit(Batch(erasures=(Erase(feed=ALPHA, seq=0), Erase(feed=ALPHA, seq=1))))
    held = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert secret not in held
    store.close()


def test_read_only_refuses_to_commit(tmp_path: Path) -> None:
    """STO-033."""
    reader = SqliteStore.open_read_only(filled(tmp_path / "node.store", 1))
    with pytest.raises(CallerError, match="read-only"):
        reader.commit(Batch(entries=(row(1),)))
    assert reader.size(ALPHA) == 1
    reader.close()


@pytest.mark.parametrize(
    "change", ["UPDATE named SET value = 'text'", "UPDATE named SET name = 'two words'"]
)
def test_a_named_value_of_another_shape_is_damage(tmp_path: Path, change: str) -> None:
    """STO-031."""
    path = filled(tmp_path / "node.store", 1)
    store = SqliteStore.open(path)
    store.commit(Batch(puts=(Put(name="kind/rest", value=b"bytes"),)))
    store.close()
    with sqlite3.connect(path) as raw:
        raw.execute(change)
    raw.close()
    with pytest.raises(Fatal, match="not what was written"):
        SqliteStore.open_read_only(path).blobs("")


def test_reading_leaves_nothing_beside_the_store(tmp_path: Path) -> None:
    """STO-033: a log or index made by a reader would need a folder that can be written to."""
    path = filled(tmp_path / "node.store", 3)
    before = {found.name: found.read_bytes() for found in tmp_path.iterdir()}
    reader = SqliteStore.open_read_only(path)
    assert len(list(reader.entries(reader.feeds()[0]))) > 0
    assert {found.name: found.read_bytes() for found in tmp_path.iterdir()} == before
    reader.close()
    assert {found.name: found.read_bytes() for found in tmp_path.iterdir()} == before


def test_a_reader_beside_a_writer_sees_what_the_writer_committed(tmp_path: Path) -> None:
    """STO-010: the log that the writer holds open is read too."""
    path = filled(tmp_path / "node.store", 1)
    writer = SqliteStore.open(path)
    feed = writer.feeds()[0]
    size = writer.size(feed)
    writer.commit(Batch(entries=(StoredEntry(feed=feed, seq=size, leaf=b"leaf"),)))
    reader = SqliteStore.open_read_only(path)
    assert reader.size(feed) == size + 1
    reader.close()
    writer.close()


def test_a_log_without_its_store(tmp_path: Path) -> None:
    """STO-034."""
    path = tmp_path / "node.store"
    log = tmp_path / "node.store-wal"
    log.write_bytes(b"the last hours of a record")
    with pytest.raises(Fatal, match="Restore the store beside its log"):
        SqliteStore.open(path)
    assert log.read_bytes() == b"the last hours of a record"
    assert not path.exists()


def test_a_store_is_for_its_owner_only(tmp_path: Path) -> None:
    assert filled(tmp_path / "node.store", 1).stat().st_mode & 0o777 == 0o600


def test_rows_changed_behind_our_back(tmp_path: Path) -> None:
    """STO-031, STO-035: a missing row and a row of another shape are Fatal, never skipped."""
    path = filled(tmp_path / "node.store", 5)
    with sqlite3.connect(path) as connection:
        connection.execute("DELETE FROM entry WHERE seq = 2")
    connection.close()
    store = SqliteStore.open(path)
    assert store.integrity() == ("feed alpha: 4 entries are held, the highest is 4",)
    with pytest.raises(Fatal, match="rows are missing"):
        list(store.entries(ALPHA))
    with pytest.raises(Fatal, match="rows are missing"):
        list(store.leaves(ALPHA))
    store._db.execute("UPDATE entry SET body = 'text' WHERE seq = 3")
    with pytest.raises(Fatal, match="not what was written"):
        list(store.entries(ALPHA, 3))
    store.close()


def test_damaged_pages_are_fatal(tmp_path: Path) -> None:
    """STO-035."""
    path = filled(tmp_path / "node.store", 40, size=3_000)
    content = bytearray(path.read_bytes())
    content[4096 * 2 :] = b"\xff" * (len(content) - 4096 * 2)
    path.write_bytes(content)
    with pytest.raises(Fatal, match="damaged"):
        _read_all(path)


def _read_all(path: Path) -> None:
    store = SqliteStore.open(path)
    try:
        list(store.entries(ALPHA))
        assert store.integrity() == ()
    finally:
        store.close()


class _FailingEnd:
    """A connection whose COMMIT fails, after or instead of its work; all else is passed on."""

    def __init__(self, real: sqlite3.Connection, *, persists: bool) -> None:
        self._real = real
        self._persists = persists

    def __getattr__(self, name: str) -> object:
        return getattr(self._real, name)

    def execute(self, statement: str, values: tuple[str | int, ...] = ()) -> object:
        if statement == "COMMIT":
            if self._persists:
                self._real.execute(statement)
            raise sqlite3.OperationalError("disk I/O error")
        return self._real.execute(statement, values)


@pytest.mark.parametrize("persists", [False, True])
def test_a_commit_that_fails_at_its_end_is_doubtful(tmp_path: Path, persists: bool) -> None:
    """STO-002, STO-003, STO-011: either way the caller reloads, commits again, and is right."""
    store = SqliteStore.open(tmp_path / "node.store")
    store.commit(Batch(entries=(row(0),)))
    real = store._db
    store._db = _FailingEnd(real, persists=persists)  # type: ignore[assignment]
    with pytest.raises(
        Unavailable,
        match=r"disk I/O error; all of that write is durable, or nothing.*reads the store again",
    ):
        store.commit(Batch(entries=(row(1),)))
    store._db = real
    assert store.size(ALPHA) == (2 if persists else 1)
    store.commit(Batch(entries=(row(1),)))
    assert store.size(ALPHA) == 2
    store.close()


def test_a_closed_store_says_so(tmp_path: Path) -> None:
    """STO-011: it is no damage."""
    store = SqliteStore.open(tmp_path / "node.store")
    store.close()
    store.close()
    with pytest.raises(Unavailable, match="cannot be read now"):
        store.size(ALPHA)
    with pytest.raises(Unavailable, match="closed; nothing was written"):
        store.commit(Batch())


def test_readers_of_a_folder_that_cannot_be_written_are_told(tmp_path: Path) -> None:
    """STO-030: a folder where no lock can be made is named."""
    path = filled(tmp_path / "node.store", 1)
    lock = tmp_path / "node.store.writer"
    lock.unlink()
    lock.mkdir()
    with pytest.raises(CallerError, match=r"node\.store\.writer: cannot be written"):
        SqliteStore.open(path)
