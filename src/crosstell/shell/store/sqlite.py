"""The embedded default: one SQLite file, write-ahead log, full synchronisation, one writer.

Durability (measured in the design's storage notes): in WAL mode only `synchronous=FULL` makes an
acknowledged commit survive loss of power, so it is not an option here. Erased bodies are
overwritten (`secure_delete`) and the log that still holds them is emptied at once.
"""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Final, Self

from crosstell.core.errors import CallerError, CrosstellError, Fatal, Unavailable
from crosstell.core.ids import FeedId
from crosstell.shell.store.admission import Body, Row, admit
from crosstell.shell.store.contract import Batch, Outcome, Put, StoredEntry, write_failed
from crosstell.shell.store.sqlite_file import APPLICATION_ID, SCHEMA_VERSION, check_file

_BUSY_WAIT_S: Final = 5.0
_PAGE_OF_ENTRIES: Final = 1000
_PAGE_OF_LEAVES: Final = 10_000
_BEHIND_NAMES: Final = "\x7f"  # sorts behind every character that a name may have
_SCHEMA: Final = f"""
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {SCHEMA_VERSION};
CREATE TABLE entry (
  feed TEXT NOT NULL, seq INTEGER NOT NULL, leaf BLOB NOT NULL, salt BLOB, body BLOB,
  state TEXT NOT NULL CHECK (state IN ('absent', 'held', 'erased')),
  PRIMARY KEY (feed, seq)
);
CREATE TABLE named (name TEXT PRIMARY KEY, value BLOB NOT NULL);
"""


def _synchronise_folder(folder: Path) -> None:
    """The folder's list of names is on disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _take_writer_lock(path: Path) -> IO[bytes]:
    """An open lock file that only this process holds; the system frees it if we die."""
    lock = Path(f"{path}.writer")
    try:
        held = lock.open("ab")
    except OSError as error:
        raise CallerError(
            f"{lock}: cannot be written ({error.strerror}); a store that is written to needs a "
            "folder that is writable. To only read, open it read-only"
        ) from error
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        held.close()
        raise CallerError(
            f"{path}: another process writes to this store, the running node most likely; stop it "
            "first, and start it afterwards. Nothing was changed"
        ) from error
    return held


def _create(path: Path) -> None:
    """A new empty store stands at `path`, whole: it is built beside it and then renamed."""
    if Path(f"{path}-wal").exists():
        raise Fatal(
            f"{path}: the store is gone but its log {path.name}-wal is there; a new store would "
            "swallow it. Restore the store beside its log, or move the log away"
        )
    fresh = Path(f"{path}.new")
    fresh.unlink(missing_ok=True)
    connection = sqlite3.connect(fresh)
    try:
        connection.execute("PRAGMA synchronous=FULL")
        connection.executescript(_SCHEMA)
    finally:
        connection.close()
    fresh.chmod(0o600)
    fresh.rename(path)
    _synchronise_folder(path.parent)


class SqliteStore:
    """Logs and named values in one SQLite file. Implements the contract of contract.py.

    Used from one thread at a time. `open` makes one; the constructor is for `open` only.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection, lock: IO[bytes] | None) -> None:
        """Keep what `open` opened."""
        self.path = path
        self._db = connection
        self._lock = lock

    @classmethod
    def open(cls, path: Path) -> Self:
        """The store at `path`, for writing; made if there is no file. Checks before it touches."""
        if not path.parent.is_dir():
            raise CallerError(f"{path.parent}: no such folder; make it, then open the store again")
        if path.exists():
            check_file(path)
        lock = _take_writer_lock(path)
        try:
            if not path.exists():
                _create(path)
            connection = cls._connect(path, "rw")
        except BaseException:
            lock.close()
            raise
        return cls(path, connection, lock)

    @classmethod
    def open_read_only(cls, path: Path) -> Self:
        """The store at `path`, for reading beside the writer; commits are refused.

        Where no log lies beside it, no writer has it open: then nothing but the file itself is
        touched, so that a store can be read from a medium or folder that cannot be written to.
        """
        check_file(path)
        alone = not Path(f"{path}-wal").exists()
        return cls(path, cls._connect(path, "ro&immutable=1" if alone else "ro"), None)

    @staticmethod
    def _connect(path: Path, mode: str) -> sqlite3.Connection:
        """A connection with the settings that the contract rests on, proved by a first read."""
        connection: sqlite3.Connection | None = None
        try:
            connection = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode={mode}",
                uri=True,
                timeout=_BUSY_WAIT_S,
                isolation_level=None,
                check_same_thread=False,
            )
            if mode == "rw":
                connection.execute("PRAGMA journal_mode=WAL")
                connection.execute("PRAGMA synchronous=FULL")
                connection.execute("PRAGMA secure_delete=ON")
            connection.execute("SELECT count(*) FROM named").fetchone()
        except (sqlite3.Error, UnicodeDecodeError) as error:  # damage may reach SQLite's own words
            if connection is not None:
                connection.close()
            raise _read_failed(path, error) from error
        return connection

    def commit(self, batch: Batch) -> None:
        """The whole batch is on disk; see the contract for what is refused."""
        if self._lock is None:
            raise CallerError(f"{self.path}: opened read-only; open it for writing to commit")
        if self._lock.closed:
            raise write_failed(f"{self.path} is closed", Outcome.NOTHING)
        outcome = Outcome.NOTHING
        try:
            self._db.execute("BEGIN IMMEDIATE")
            self._write(batch)
            outcome = Outcome.DOUBTFUL
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            if not self._roll_back():
                outcome = Outcome.DOUBTFUL
            raise write_failed(f"{self.path}: {error}", outcome) from error
        except BaseException:
            self._roll_back()
            raise
        if batch.erasures:
            self._empty_log()

    def _write(self, batch: Batch) -> None:
        """Every change of `batch` is made inside the open transaction."""
        rows = admit(batch, self.size, self._row)
        self._db.executemany(
            "INSERT INTO entry (feed, seq, leaf, salt, body, state) VALUES (?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (feed, seq) DO UPDATE "
            "SET salt = excluded.salt, body = excluded.body, state = excluded.state",
            [
                (entry.feed, entry.seq, entry.leaf, entry.salt, entry.body, row.body.value)
                for row, entry in ((row, row.entry) for row in rows)
            ],
        )
        self._db.executemany(
            "INSERT INTO named (name, value) VALUES (?, ?) "
            "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            [(put.name, put.value) for put in batch.puts],
        )

    def _roll_back(self) -> bool:
        """Whether the open transaction, if any, is surely undone."""
        try:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
        except sqlite3.Error:
            with suppress(sqlite3.Error):
                self._db.close()
            with suppress(CrosstellError):
                self._db = self._connect(self.path, "rw")
            return False
        return True

    def _empty_log(self) -> None:
        """The write-ahead log holds no erased bytes; a busy reader delays this to the next time."""
        with suppress(sqlite3.OperationalError):
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

    def _read(self, query: str, values: tuple[str | int, ...]) -> list[tuple[object, ...]]:
        """All rows of a query; a damaged file is Fatal, a disk that fails is Unavailable."""
        try:
            return self._db.execute(query, values).fetchall()
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise _read_failed(self.path, error) from error

    def size(self, feed: FeedId) -> int:
        """How many entries of `feed` are held."""
        ((highest,),) = self._read("SELECT max(seq) FROM entry WHERE feed = ?", (feed,))
        assert highest is None or isinstance(highest, int)
        return 0 if highest is None else highest + 1

    def feeds(self) -> tuple[FeedId, ...]:
        """Every feed with at least one entry, sorted."""
        rows = self._read("SELECT DISTINCT feed FROM entry ORDER BY feed", ())
        return tuple(FeedId(str(feed)) for (feed,) in rows)

    def _rows(self, feed: FeedId, start: int, count: int) -> list[Row]:
        """Exactly `count` rows of `feed` from `start`, all known to be held; Fatal if not there."""
        found = self._read(
            "SELECT seq, leaf, salt, body, state FROM entry "
            "WHERE feed = ? AND seq >= ? ORDER BY seq LIMIT ?",
            (feed, start, count),
        )
        rows = [self._checked(feed, values) for values in found]
        if [row.entry.seq for row in rows] != list(range(start, start + count)):
            raise self._missing(feed, start, start + count)
        return rows

    def _missing(self, feed: FeedId, start: int, stop: int) -> Fatal:
        return Fatal(
            f"{self.path}: feed {feed}: rows are missing between entry {start} and entry "
            f"{stop - 1}. Keep the file and restore the newest copy beside it"
        )

    def _checked(self, feed: FeedId, values: tuple[object, ...]) -> Row:
        """A row from one line of the table; Fatal if it is not what was written."""
        try:
            return _row_of(feed, values)
        except (AssertionError, TypeError, ValueError) as error:
            raise Fatal(
                f"{self.path}: feed {feed}: the row of entry {str(values[0])[:20]} is not what was "
                f"written ({error}). Keep the file and restore the newest copy beside it"
            ) from error

    def _row(self, feed: FeedId, seq: int) -> Row:
        """The row at a number known to be held."""
        return self._rows(feed, seq, 1)[0]

    def entries(
        self, feed: FeedId, start: int = 0, count: int | None = None
    ) -> Iterator[StoredEntry]:
        """Entries in order from number `start`, at most `count`; read a page at a time."""
        size = self.size(feed)
        stop = size if count is None else min(size, start + count)
        while start < stop:
            page = self._rows(feed, start, min(_PAGE_OF_ENTRIES, stop - start))
            yield from (row.entry for row in page)
            start += len(page)

    def arrivals(
        self, after: int = 0, count: int | None = None
    ) -> Iterator[tuple[int, StoredEntry]]:
        """Entries of every feed in the order of their rows, read a page at a time.

        No row is ever deleted, so SQLite numbers the next one by one more than the last.
        """
        stop = self.last_arrival() if count is None else after + count
        while after < stop:
            page = self._read(
                "SELECT rowid, feed, seq, leaf, salt, body, state FROM entry "
                "WHERE rowid > ? ORDER BY rowid LIMIT ?",
                (after, min(_PAGE_OF_ENTRIES, stop - after)),
            )
            if not page:
                return
            for number, feed, *values in page:
                assert isinstance(number, int), "a row has a number"
                after = number
                yield number, self._checked(FeedId(str(feed)), tuple(values)).entry

    def last_arrival(self) -> int:
        """The local number of the newest entry."""
        ((highest,),) = self._read("SELECT max(rowid) FROM entry", ())
        assert highest is None or isinstance(highest, int)
        return highest or 0

    def leaves(
        self, feed: FeedId, start: int = 0, count: int | None = None
    ) -> Iterator[tuple[bytes, bool]]:
        """The leaf of each entry, and whether its body is held; bodies are not read."""
        size = self.size(feed)
        stop = size if count is None else min(size, start + count)
        while start < stop:
            page = self._read(
                "SELECT seq, leaf, body IS NOT NULL FROM entry "
                "WHERE feed = ? AND seq >= ? ORDER BY seq LIMIT ?",
                (feed, start, min(_PAGE_OF_LEAVES, stop - start)),
            )
            for seq, leaf, is_held in page:
                if seq != start or type(leaf) is not bytes:
                    raise self._missing(feed, start, stop)
                start += 1
                yield leaf, is_held == 1
            if not page:
                raise self._missing(feed, start, stop)

    def blob(self, name: str) -> bytes | None:
        """The value last put under `name`, or None."""
        rows = self._read("SELECT name, value FROM named WHERE name = ?", (name,))
        return self._put(rows[0]).value if rows else None

    def blobs(self, prefix: str, after: str = "", count: int | None = None) -> tuple[Put, ...]:
        """Named values whose name begins with `prefix` and is behind `after`, sorted by name."""
        rows = self._read(
            "SELECT name, value FROM named WHERE name >= ? AND name < ? AND name > ? "
            "ORDER BY name LIMIT ?",
            (prefix, prefix + _BEHIND_NAMES, after, -1 if count is None else count),
        )
        return tuple(self._put(row) for row in rows)

    def _put(self, row: tuple[object, ...]) -> Put:
        """A named value from one line of the table; Fatal if it was not written by us."""
        name, value = row
        try:
            return Put(name=str(name), value=_bytes(value))
        except (TypeError, ValueError) as error:
            raise Fatal(
                f"{self.path}: the value {str(name)[:80]!r} is not what was written ({error}). "
                "Keep the file and restore the newest copy beside it"
            ) from error

    def integrity(self) -> tuple[str, ...]:
        """What SQLite's full check and a count of every feed find wrong; empty when sound."""
        found = [str(said) for (said,) in self._read("PRAGMA integrity_check", ()) if said != "ok"]
        gaps = self._read(
            "SELECT feed, count(*), max(seq) FROM entry GROUP BY feed "
            "HAVING count(*) != max(seq) + 1 OR min(seq) != 0 ORDER BY feed",
            (),
        )
        found += [f"feed {f}: {n} entries are held, the highest is {top}" for f, n, top in gaps]
        return tuple(found)

    def close(self) -> None:
        """The file is closed and another writer may open it."""
        self._db.close()
        if self._lock is not None:
            self._lock.close()


def _read_failed(path: Path, error: sqlite3.Error | UnicodeDecodeError) -> CrosstellError:
    """Whose fault a failed read is: the disk's for now, or the file's for good."""
    passing = (sqlite3.OperationalError, sqlite3.ProgrammingError, sqlite3.InterfaceError)
    if isinstance(error, passing):
        return Unavailable(
            f"{path}: cannot be read now ({error}); nothing was changed. Open it again; if it "
            "repeats, check the disk and the rights on the file and its folder"
        )
    return Fatal(
        f"{path}: the file is damaged ({error}). Keep it, restore the newest copy beside it, and "
        "fetch later entries from the other parties"
    )


def _bytes(value: object) -> bytes:
    """`value`, which the schema promises is bytes."""
    if not isinstance(value, bytes):
        raise TypeError("a column that holds bytes holds something else")
    return value


def _row_of(feed: FeedId, values: tuple[object, ...]) -> Row:
    """A row from one line of the table; TypeError or ValueError if it was not written by us."""
    seq, leaf, salt, body, state = values
    if not isinstance(seq, int):
        raise TypeError("an entry number is not a number")
    entry = StoredEntry(
        feed=feed,
        seq=seq,
        leaf=_bytes(leaf),
        salt=None if salt is None else _bytes(salt),
        body=None if body is None else _bytes(body),
    )
    return Row(entry=entry, body=Body(str(state)))
