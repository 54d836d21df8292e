"""The private audit: durable, append-only, chained (docs/spec/access.md)."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from api_desk import CHEAP, PASSWORD, WALL

from crosstell.core.errors import CallerError, Fatal, Unavailable
from crosstell.shell.access.access import Access, Given
from crosstell.shell.access.account import AccountKind
from crosstell.shell.access.audit import Deed, _hash
from crosstell.shell.access.database import Database


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "access.sqlite"


def filled(path: Path) -> Access:
    access = Access(path, passwords=CHEAP)
    access.make_account("olga", AccountKind.READER, password=PASSWORD, now=WALL)
    for password in (PASSWORD, "wrong wrong wrong", PASSWORD):
        given = Given(account="olga", password=password)
        access.come_in(given, address="192.0.2.1", now=WALL)
    return access


def spoilt(path: Path, *statements: str) -> Access:
    """The file after somebody with rights on it has been at it."""
    with sqlite3.connect(path) as raw:
        raw.execute("DROP TRIGGER audit_stays")
        raw.execute("DROP TRIGGER audit_kept")
        for statement in statements:
            raw.execute(statement)
    raw.close()
    return Access(path, passwords=CHEAP)


def test_acs_050_what_happened_is_there_and_holds_no_secret(path: Path) -> None:
    access = filled(path)
    lines = access.audit.lines()
    assert [(one.number, one.deed, one.account) for one in lines] == [
        (1, Deed.ACCOUNT_KEPT, "by-hand"),
        (2, Deed.LOGGED_IN, "olga"),
        (3, Deed.LOGIN_REFUSED, "-"),
        (4, Deed.LOGGED_IN, "olga"),
    ]
    assert "wrong" not in repr(lines)
    assert PASSWORD not in repr(lines)
    assert access.audit.lines(after=2, count=1) == lines[2:3]
    access.audit.note(WALL, Deed.REFUSED, by="x", address="y", about="a\x1b[2J\u202eb" + "c" * 900)
    told = access.audit.lines()[-1].about
    assert told.startswith("a?[2J?b")
    assert len(told) == 500
    access.close()


def test_acs_050_the_database_refuses_to_change_or_remove_a_line(path: Path) -> None:
    filled(path).close()
    database = Database(path)
    for statement in ("UPDATE audit SET about = 'x'", "DELETE FROM audit"):
        with pytest.raises(Fatal, match="append only"):
            database.write(statement)
    database.close()


@pytest.mark.parametrize(
    "spoil",
    [
        "UPDATE audit SET about = 'nothing' WHERE number = 2",
        "UPDATE audit SET account = 'rita' WHERE number = 4",
        "UPDATE audit SET at_us = at_us + 1 WHERE number = 1",
        "DELETE FROM audit WHERE number = 1",
        "DELETE FROM audit WHERE number = 3",
        "UPDATE audit SET hash = zeroblob(32) WHERE number = 4",
    ],
)
def test_acs_051_a_line_that_was_changed_or_taken_out_is_found(path: Path, spoil: str) -> None:
    access = filled(path)
    assert access.audit.check() == access.audit.head()
    access.close()
    access = spoilt(path, spoil)
    with pytest.raises(Fatal, match="does not follow"):
        access.audit.check()
    access.close()


def test_acs_051_a_line_that_was_changed_with_its_own_hash_is_found_by_the_next(path: Path) -> None:
    filled(path).close()
    access = spoilt(path)
    with access._database.writing():
        row = access._database.row("SELECT at_us, previous FROM audit WHERE number = 2")
        assert row is not None
        said = ("rita", "192.0.2.1", Deed.LOGGED_IN, "session 1")
        fresh = _hash(row[1], 2, row[0], said)
        access._database.write(
            "UPDATE audit SET account = ?, about = ?, hash = ? WHERE number = 2",
            *(said[0], said[3], fresh),
        )
        access._database.write("UPDATE audit SET previous = ? WHERE number = 3", fresh)
    with pytest.raises(Fatal, match="line 3 does not follow"):
        access.audit.check()
    access.close()


def test_acs_051_a_tail_that_was_cut_off_is_found_by_a_head_that_was_written_down(
    path: Path,
) -> None:
    access = filled(path)
    head = access.audit.head()
    assert head.size == 4
    assert access.audit.check(head) == head
    with pytest.raises(Fatal, match="lines are gone"):
        access.audit.check(replace(head, hash="00" * 32))
    access.close()
    access = spoilt(path, "DELETE FROM audit WHERE number = 4")
    assert access.audit.check().size == 3
    with pytest.raises(Fatal, match="lines are gone"):
        access.audit.check(head)
    access.close()


def test_a_file_that_is_no_access_database_is_refused_and_not_changed(path: Path) -> None:
    with sqlite3.connect(path) as raw:
        raw.execute("CREATE TABLE other (x)")
    raw.close()
    before = path.read_bytes()
    with pytest.raises(CallerError, match="no access database"):
        Access(path, passwords=CHEAP)
    path.with_suffix(".x").write_bytes(b"rubbish" * 200)
    with pytest.raises(CallerError, match="cannot be opened"):
        Access(path.with_suffix(".x"), passwords=CHEAP)
    assert path.read_bytes() == before


def test_a_write_that_fails_raises_and_leaves_nothing(path: Path) -> None:
    access = filled(path)
    size = access.audit.head().size
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    access._database._connection.execute("PRAGMA busy_timeout=10")
    with pytest.raises(Unavailable, match="nothing of it was done"):
        access.audit.note(WALL, Deed.ACTED, by="olga", address="-", about="x")
    other.execute("ROLLBACK")
    other.close()
    assert access.audit.head().size == size
    access.audit.note(WALL, Deed.ACTED, by="olga", address="-", about="x")
    access.close()
