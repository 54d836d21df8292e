"""Proof of hand-over: who was handed what, when, by which channel, and what that system answered.

One private SQLite file beside the node's store. Rows are only added: triggers refuse any change.
One thread owns the file; rows wait for it in memory, so a slow disk delays no ring. Where the file
cannot be written, the rings go out all the same, and the fault is shown.
Implements PEO-009, PEO-013, NOD-472.
"""

import os
import sqlite3
from collections import deque
from dataclasses import astuple, dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from threading import Condition, Thread

from crosstell.core.errors import CallerError, Unavailable
from crosstell.core.instant import format_instant, parse_instant

APPLICATION_ID = 0x43525050  # "CRPP"
UNSAVED_MAX = 10_000  # rows that wait for the disk; above it the oldest are lost, and that is shown
RETRY_WAIT_S = 1.0
_SCHEMA = """
CREATE TABLE hand_over (
  id INTEGER PRIMARY KEY, at TEXT NOT NULL, step TEXT NOT NULL, channel TEXT NOT NULL,
  kind TEXT NOT NULL, matter TEXT NOT NULL, role TEXT NOT NULL, rung INTEGER NOT NULL,
  attempt INTEGER NOT NULL, message TEXT NOT NULL, whom TEXT NOT NULL, text TEXT NOT NULL,
  answer TEXT NOT NULL) STRICT;
CREATE INDEX hand_over_matter ON hand_over (matter);
CREATE TRIGGER kept_as_written BEFORE UPDATE ON hand_over
  BEGIN SELECT RAISE(ABORT, 'proof of hand-over is only added to'); END;
CREATE TRIGGER kept_for_good BEFORE DELETE ON hand_over
  BEGIN SELECT RAISE(ABORT, 'proof of hand-over is only added to'); END;
"""


class Step(StrEnum):
    """What happened to a hand-over. None of them says that a person read anything."""

    ASKED = "asked"  # the node asked for it
    TAKEN = "taken"  # the receiving system answered that it has it
    FAILED = "failed"  # this attempt did not
    GIVEN_UP = "given-up"  # the attempts are used up
    NOT_NEEDED = "not-needed"  # the matter ended before it was handed over
    NOBODY = "nobody"  # no channel is set for the role
    ENDED = "ended"  # the matter needs nobody any more
    RESUMED = "resumed"  # from here on the node goes on in a new feed: of no matter


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing that happened. `rung` counts from 0; -1 where there is none."""

    at: str
    step: str
    channel: str
    kind: str
    matter: str
    role: str
    rung: int
    attempt: int = 0
    message: str = ""
    whom: str = ""
    text: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """A matter that was asked for and not ended when the node last stopped."""

    matter: str
    rows: tuple[Row, ...]

    def taken(self) -> tuple[Row, ...]:
        """What some system took, oldest first."""
        return tuple(row for row in self.rows if row.step == Step.TAKEN)


@dataclass(slots=True, kw_only=True)
class Former:
    """A matter that was asked for before the last resume, and has not ended since.

    `first_at`: when some system first took it; None if none did. `told`: where it had not
    ended before the resume either (`stood`), which channels took it, and when last.
    """

    stood: bool = True
    first_at: str | None = None
    told: dict[str, str] = field(default_factory=dict)


_COLUMNS = ", ".join(one.name for one in fields(Row))
_ADD = f"INSERT INTO hand_over ({_COLUMNS}) VALUES ({', '.join('?' * len(fields(Row)))})"  # noqa: S608
_READ = f"SELECT {_COLUMNS} FROM hand_over "  # noqa: S608 - names of our own class


class Proof:
    """The file, and the thread that adds to it."""

    def __init__(self, path: Path) -> None:
        """The file at `path`, made if there is none. Raises CallerError for another file."""
        self.path = path
        self.fault: str | None = None
        self.lost = 0
        self._rows: deque[Row] = deque()
        self._busy = False
        self._closing = False
        self._changed = Condition()
        self._db = _opened(path)
        self.former = _former(self._db)
        self.open = _still_open(self._db)
        self._thread = Thread(target=self._run, name="proof of hand-over", daemon=True)
        self._thread.start()

    def add(self, row: Row) -> None:
        """The row will be on disk; does not block."""
        with self._changed:
            if len(self._rows) >= UNSAVED_MAX:
                self._rows.popleft()
                self.lost += 1
            self._rows.append(row)
            self._changed.notify_all()

    def flush(self, wait_s: float) -> bool:
        """Whether everything added so far is on disk within this time."""
        with self._changed:
            saved = self._changed.wait_for(
                lambda: self._closing or not (self._rows or self._busy), wait_s
            )
            return saved and not self._rows

    def close(self, wait_s: float) -> None:
        """What could be written is; the file is closed."""
        self.flush(wait_s)
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join(wait_s)

    def read(self, *, count: int = 1_000) -> tuple[Row, ...]:
        """The newest rows, oldest first, from a connection of their own."""
        return read_rows(self.path, count=count)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._rows or self._closing)
                if not self._rows:
                    break
                rows, self._busy = tuple(self._rows), True
            fault = self._write(rows)
            with self._changed:
                self._busy = False
                self.fault = fault
                if fault is None:
                    for row in rows:
                        if self._rows and self._rows[0] is row:
                            self._rows.popleft()
                elif self._closing:
                    break
                self._changed.notify_all()
                if fault is not None:
                    self._changed.wait_for(lambda: self._closing, RETRY_WAIT_S)
        self._db.close()

    def _write(self, rows: tuple[Row, ...]) -> str | None:
        """The fault, if the rows are not on disk."""
        try:
            with self._db:
                self._db.executemany(_ADD, [astuple(row) for row in rows])
        except sqlite3.Error as error:
            return (
                f"{self.path}: proof of hand-over cannot be written ({error}); rings go out "
                "without proof until it can. Free the disk"
            )
        return None


def _opened(path: Path) -> sqlite3.Connection:
    try:
        if not path.exists():
            _create(path)
        db = sqlite3.connect(path, check_same_thread=False)
        if db.execute("PRAGMA application_id").fetchone() != (APPLICATION_ID,):
            db.close()
            raise CallerError(f"{path}: this is no proof of hand-over; name another file in record")
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")
    except (OSError, sqlite3.Error) as error:
        raise CallerError(
            f"{path}: proof of hand-over cannot be kept here ({error}); name another file in record"
        ) from error
    return db


def _create(path: Path) -> None:
    """A file with our tables, made aside and renamed, for its owner alone."""
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    db = sqlite3.connect(part)
    try:
        db.executescript(_SCHEMA)
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    finally:
        db.close()
    part.replace(path)


def mark_resume(path: Path, at: datetime) -> None:
    """The file at `path` tells what was handed over before a resume; there may be none yet."""
    if not path.is_file():
        return
    row = Row(at=at_text(at), step=Step.RESUMED, channel="", kind="", matter="", role="", rung=-1)
    db = _opened(path)
    try:
        with db:
            db.execute(_ADD, astuple(row))
    finally:
        db.close()


def _resumed_at(db: sqlite3.Connection) -> int:
    """The row of the last resume; 0 where there was none."""
    asked = "SELECT coalesce(max(id), 0) FROM hand_over WHERE step = ?"
    (found,) = db.execute(asked, (Step.RESUMED,)).fetchone()
    return int(found)


def _former(db: sqlite3.Connection) -> dict[str, Former]:
    """By matter, what was asked for before the last resume and has not ended since it."""
    mark = _resumed_at(db)
    found: dict[str, Former] = {}
    for held in db.execute(f"{_READ} WHERE id < ? ORDER BY id", (mark,)):
        row = _row(held)
        if row.step == Step.ENDED and row.matter in found:
            found[row.matter].stood = False
            found[row.matter].told.clear()
        elif row.kind not in ("ring", "draft"):
            continue
        elif row.step == Step.ASKED:
            found.setdefault(row.matter, Former()).stood = True
        elif row.step == Step.TAKEN and row.matter in found:
            former = found[row.matter]
            former.first_at = former.first_at or row.at
            if former.stood:
                former.told[row.channel] = row.at
    ended = "SELECT matter FROM hand_over WHERE id > ? AND step = ?"
    for (matter,) in db.execute(ended, (mark, Step.ENDED)):
        found.pop(matter, None)
    return found


def _still_open(db: sqlite3.Connection) -> tuple[Open, ...]:
    """Matters that were asked for, since the last resume, and not ended since."""
    unended = (
        "LEFT JOIN (SELECT matter AS of, max(id) AS ended FROM hand_over WHERE step = ?"
        " GROUP BY matter) ON of = matter WHERE id > ? AND id > coalesce(ended, 0) ORDER BY id"
    )
    found: dict[str, list[Row]] = {}
    for held in db.execute(_READ + unended, (Step.ENDED, _resumed_at(db))):
        row = _row(held)
        is_asked = row.step in (Step.ASKED, Step.NOBODY)  # what ends late is of a matter that ended
        if row.kind in ("ring", "draft") and (is_asked or row.matter in found):
            found.setdefault(row.matter, []).append(row)
    return tuple(Open(matter=matter, rows=tuple(rows)) for matter, rows in found.items())


def read_rows(path: Path, *, count: int = 1_000) -> tuple[Row, ...]:
    """The newest rows of the file at `path`, oldest first."""
    try:
        db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        try:
            found = db.execute(f"{_READ} ORDER BY id DESC LIMIT ?", (count,)).fetchall()
        finally:
            db.close()
    except sqlite3.Error as error:
        raise Unavailable(f"{path}: cannot be read ({error}); try again") from error
    return tuple(_row(held) for held in reversed(found))


def _row(held: tuple[object, ...]) -> Row:
    names = [one.name for one in fields(Row)]
    return Row(**dict(zip(names, held, strict=True)))  # type: ignore[arg-type]


def at_text(at: datetime) -> str:
    """An instant as a row holds it."""
    return format_instant(at)


def at_value(text: str) -> datetime:
    """The instant of a row."""
    return parse_instant(text)
