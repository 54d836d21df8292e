"""The access database: one SQLite file of its own, beside the record and never part of it.

Accounts, sessions, tokens, pending acts, first answers and the audit are in it. It is durable
before an answer leaves (WAL, full synchronisation), and only its owner can read it. Secrets are
kept as digests. A failed write raises Unavailable; nothing of it is then done.
"""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from crosstell.core.errors import CallerError, Fatal, Unavailable
from crosstell.core.instant import from_us

APPLICATION_ID: Final = 0x43525341  # "CRSA"
SCHEMA_VERSION: Final = 2
BUSY_WAIT_S: Final = 5.0

_GIVEN: Final = f"""
PRAGMA user_version = {SCHEMA_VERSION};
CREATE TABLE IF NOT EXISTS given (
  account TEXT PRIMARY KEY, giver TEXT NOT NULL, given_us INTEGER NOT NULL, owned_us INTEGER,
  voucher TEXT
) WITHOUT ROWID;
"""
_SCHEMA: Final = f"""
PRAGMA application_id = {APPLICATION_ID};
{_GIVEN}
CREATE TABLE account (
  name TEXT PRIMARY KEY, kind TEXT NOT NULL, role TEXT, created_us INTEGER NOT NULL,
  disabled_us INTEGER, password TEXT, secret TEXT, last_step INTEGER NOT NULL DEFAULT 0,
  component TEXT
) WITHOUT ROWID;
CREATE TABLE session (
  id INTEGER PRIMARY KEY, account TEXT NOT NULL, digest BLOB NOT NULL UNIQUE,
  before BLOB UNIQUE, turned_us INTEGER NOT NULL, csrf TEXT NOT NULL, watch TEXT,
  opened_us INTEGER NOT NULL, seen_us INTEGER NOT NULL, ended_us INTEGER, address TEXT NOT NULL
);
CREATE INDEX session_account ON session (account);
CREATE TABLE held_watch (
  account TEXT NOT NULL, role TEXT NOT NULL, watch TEXT NOT NULL,
  PRIMARY KEY (account, role)
) WITHOUT ROWID;
CREATE TABLE token (
  id TEXT PRIMARY KEY, account TEXT NOT NULL, digest BLOB NOT NULL UNIQUE,
  made_us INTEGER NOT NULL, expires_us INTEGER NOT NULL, revoked_us INTEGER
) WITHOUT ROWID;
CREATE TABLE failure (
  account TEXT NOT NULL, address TEXT NOT NULL, count INTEGER NOT NULL, last_us INTEGER NOT NULL,
  PRIMARY KEY (account, address)
) WITHOUT ROWID;
CREATE TABLE known (
  account TEXT NOT NULL, address TEXT NOT NULL, last_us INTEGER NOT NULL,
  PRIMARY KEY (account, address)
) WITHOUT ROWID;
CREATE TABLE pending (
  id TEXT PRIMARY KEY, account TEXT NOT NULL, role TEXT NOT NULL, watch TEXT NOT NULL,
  kind TEXT NOT NULL, body BLOB NOT NULL, asked_us INTEGER NOT NULL, expires_us INTEGER NOT NULL,
  state TEXT NOT NULL, second TEXT
) WITHOUT ROWID;
CREATE TABLE answer (
  account TEXT NOT NULL, key TEXT NOT NULL, digest BLOB NOT NULL, begun_us INTEGER NOT NULL,
  arrivals INTEGER NOT NULL, status INTEGER, body BLOB,
  PRIMARY KEY (account, key)
) WITHOUT ROWID;
CREATE TABLE audit (
  number INTEGER PRIMARY KEY, at_us INTEGER NOT NULL, account TEXT NOT NULL,
  address TEXT NOT NULL, deed TEXT NOT NULL, about TEXT NOT NULL, previous BLOB NOT NULL,
  hash BLOB NOT NULL
);
CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER audit_kept BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'append only'); END;
"""

Row = tuple[Any, ...]


class Database:
    """The file, opened once; any thread may use it, one at a time."""

    def __init__(self, path: Path | None) -> None:
        """The file is open, made new if there is none. None: in memory, for tests."""
        self._lock = threading.RLock()
        self._inside = False
        self.is_log_empty = False  # of what was written before; an earlier process may have left it
        name = ":memory:" if path is None else str(path)
        if path is not None and not path.exists():
            _make_private(path)
        try:
            self._connection = sqlite3.connect(
                name, timeout=BUSY_WAIT_S, isolation_level=None, check_same_thread=False
            )
            self._begin(name)
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=FULL")
            self._connection.execute("PRAGMA secure_delete=ON")
        except sqlite3.Error as error:
            raise CallerError(
                f"{name}: cannot be opened as the access database ({error}); name the right file, "
                "or restore its newest copy"
            ) from error

    def _begin(self, name: str) -> None:
        (application,) = self._connection.execute("PRAGMA application_id").fetchone()
        (version,) = self._connection.execute("PRAGMA user_version").fetchone()
        (tables,) = self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if not tables:
            self._connection.executescript(f"BEGIN IMMEDIATE;{_SCHEMA}COMMIT;")
            return
        if (application, version) == (APPLICATION_ID, 1):  # made before passwords were told apart
            # Another process may take the file over at the same moment: the second changes nothing.
            self._connection.executescript(f"BEGIN IMMEDIATE;{_GIVEN}COMMIT;")
            return
        if (application, version) != (APPLICATION_ID, SCHEMA_VERSION):
            raise CallerError(
                f"{name}: this is no access database of version {SCHEMA_VERSION}; name the right "
                "file. Nothing was changed"
            )

    @contextmanager
    def writing(self) -> Iterator[None]:
        """All that is written inside is durable together, or nothing of it. May be nested."""
        with self._lock:
            if self._inside:
                yield
                return
            self._run("BEGIN IMMEDIATE", ())
            self._inside = True
            try:
                yield
                self._run("COMMIT", ())
            finally:
                self._inside = False
                if self._connection.in_transaction:
                    self._run("ROLLBACK", ())

    def write(self, statement: str, *values: object) -> int:
        """How many rows the statement changed; durable on return unless inside `writing`."""
        with self.writing():
            return self._run(statement, values).rowcount

    def row(self, statement: str, *values: object) -> Row | None:
        """The first row that the statement finds."""
        with self._lock:
            found: Row | None = self._run(statement, values).fetchone()
            return found

    def rows(self, statement: str, *values: object) -> list[Row]:
        """Every row that the statement finds; the statement bounds them."""
        with self._lock:
            return self._run(statement, values).fetchall()

    def empty_log(self) -> bool:
        """Whether the write-ahead log holds nothing of before: not while somebody reads the file.

        Nobody is waited for. Until it is done, `is_log_empty` says that it is to be tried again.
        """
        with self._lock:
            try:
                self._connection.execute("PRAGMA busy_timeout=0")
                (busy, _, _) = self._connection.execute(
                    "PRAGMA wal_checkpoint(TRUNCATE)"
                ).fetchone()
                self.is_log_empty = not busy
            except sqlite3.OperationalError:
                self.is_log_empty = False
            finally:
                self._connection.execute(f"PRAGMA busy_timeout={BUSY_WAIT_S * 1_000:.0f}")
            return self.is_log_empty

    def close(self) -> None:
        """The file is closed."""
        with self._lock:
            self._connection.close()

    def _run(self, statement: str, values: tuple[object, ...]) -> sqlite3.Cursor:
        try:
            return self._connection.execute(statement, values)
        except sqlite3.OperationalError as error:
            raise Unavailable(
                f"access database: {error}; nothing of it was done. Free the disk, then try again"
            ) from error
        except sqlite3.DatabaseError as error:
            raise Fatal(
                f"access database: {error}; restore its newest copy. The record is not concerned"
            ) from error


def _make_private(path: Path) -> None:
    """An empty file that only its owner can read."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        raise CallerError(
            f"{path}: cannot be made ({error.strerror}); check the folder and its rights"
        ) from error


def at_us(stored: int | None) -> datetime | None:
    """The stored instant."""
    return None if stored is None else from_us(stored)
