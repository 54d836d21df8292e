"""An erasure by its command, with the node stopped: docs/spec/keys.md, docs/spec/access.md."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from carried_sites import PASSWORD, Sites, act, done, refused, run, state_of
from carried_sites import sites as sites
from node_pair import ALPHA, BRAVO, roz
from people_values import DUTY
from test_ceremony_commands import feed_of

from crosstell.core.instant import later
from crosstell.shell.access.access import Access, CameIn, Given
from crosstell.shell.access.account import AccountKind
from crosstell.shell.access.audit import AuditLine, Deed
from crosstell.shell.access.pending import Pending, PendingState
from crosstell.shell.clock import read_wall
from crosstell.shell.live import ceremonies


def waiting(state: PendingState, now: datetime) -> Pending:
    """An act that waits or waited, and names what is to be erased."""
    return Pending(
        id=state.value,
        account="officer",
        role=DUTY,
        watch="7",
        kind="notice_filed",
        body=b'{"notice": "roz-secret"}',
        asked_at=now,
        expires_at=later(now, by_s=900.0),
        state=state,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """An operator at a stopped node, whose record says what is to be erased."""

    folder: Path
    access: Access
    feed: str
    seq: int

    def words(self, seq: int | None = None) -> tuple[object, ...]:
        """The command of an erasure."""
        entry = f"{self.feed}/{self.seq if seq is None else seq}"
        asked = ("record", "erase", self.folder, "--reason", "a name in it", "--password-stdin")
        return (*asked, "--account", "officer", "--entry", entry)

    def puts(self, *states: PendingState) -> None:
        """An act in each of these states."""
        for state in states:
            self.access.pending.put(waiting(state, read_wall()), read_wall())

    def acts(self) -> tuple[Pending | None, ...]:
        """What is kept of each."""
        return tuple(self.access.pending.find(state.value) for state in PendingState)

    def audit(self) -> list[AuditLine]:
        """The lines of acts that wait no longer."""
        return [line for line in self.access.audit.lines() if line.deed is Deed.TURNED_DOWN]


@pytest.fixture
def officer(sites: Sites) -> Iterator[Officer]:
    """One who took the watch, before the node was stopped."""
    folder = sites[ALPHA]
    access, kind = Access(folder / "access.store"), AccountKind.OPERATOR
    access.make_account("officer", kind, role=DUTY, password=PASSWORD, now=read_wall())
    act(folder, roz("roz-secret", BRAVO))
    given = Given(account="officer", password=PASSWORD)
    came = access.come_in(given, address="test", now=read_wall())
    assert isinstance(came, CameIn)
    access.sessions.take_watch(came.session, role=DUTY, watch="7")
    seq = state_of(folder).own.size - 1
    yield Officer(folder=folder, access=access, feed=feed_of(folder), seq=seq)
    access.close()


def where_it_stands(folder: Path) -> list[Path]:
    """The files that say it, in the node's folder."""
    files = filter(Path.is_file, folder.rglob("*"))
    return [path for path in files if b"roz-secret" in path.read_bytes()]


def test_an_erasure_by_its_command(sites: Sites) -> None:
    """KEY-036, ACS-284: by a person who proves who they are; what was said is in no file."""
    access = Access(sites[ALPHA] / "access.store")
    access.make_account(
        "officer", AccountKind.OPERATOR, role=DUTY, password=PASSWORD, now=read_wall()
    )
    access.make_account("reader", AccountKind.READER, password=PASSWORD, now=read_wall())
    act(sites[ALPHA], roz("roz-secret", BRAVO))
    feed, seq = feed_of(sites[ALPHA]), state_of(sites[ALPHA]).own.size - 1
    words = ("record", "erase", sites[ALPHA], "--reason", "a name in it", "--password-stdin")
    entry, officer = ("--entry", f"{feed}/{seq}"), ("--account", "officer")
    assert "was on no watch" in refused(*words, *entry, *officer, given=PASSWORD)
    came = access.come_in(
        given=Given(account="officer", password=PASSWORD), address="test", now=read_wall()
    )
    access.sessions.take_watch(came.session, role=DUTY, watch="7")  # type: ignore[union-attr]
    assert "only an operator" in refused(*words, *entry, "--account", "reader", given=PASSWORD)
    assert "nobody comes in" in refused(*words, *entry, *officer, given="a guess of twelve")
    assert "is not held here" in refused(*words, "--entry", "nofeed/1", *officer, given=PASSWORD)
    assert "states keys" in refused(*words, "--entry", f"{feed}/0", *officer, given=PASSWORD)
    for state in PendingState:
        access.pending.put(waiting(state, read_wall()), read_wall())
    access.close()
    done(*words, *entry, *officer, given=PASSWORD)
    assert "roz-secret" not in state_of(sites[ALPHA]).own.notices
    for path in filter(Path.is_file, sites[ALPHA].parent.rglob("*")):
        is_other = sites[ALPHA] not in path.parents  # another party's, which was told of it
        assert is_other or b"roz-secret" not in path.read_bytes(), path
    assert "is not held" in refused(*words, *entry, *officer, given=PASSWORD)


@pytest.mark.parametrize(("seq", "why"), [(9_999, "is not held"), (0, "states keys")])
def test_acs_286_a_refused_erasure_leaves_every_act_as_it_was(
    officer: Officer, seq: int, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ceremonies, "forget_left", lambda *_asked: pytest.fail("forgotten"))
    officer.puts(*PendingState)
    before = officer.acts()
    assert None not in before
    assert why in refused(*officer.words(seq), given=PASSWORD)
    assert (officer.acts(), officer.audit()) == (before, [])


@pytest.mark.parametrize("state", [PendingState.WAITING, PendingState.CONFIRMING])
def test_acs_287_nor_is_one_taken_out_whose_confirmation_was_begun(
    officer: Officer, state: PendingState
) -> None:
    officer.puts(state)
    key = f"confirm:{state.value}"
    begun = {"asked": b"", "arrivals": 0, "now": read_wall()}
    officer.access.pending.begin("officer", key, **begun)  # type: ignore[arg-type]
    assert "what became of it is not known" in refused(*officer.words(), given=PASSWORD)
    kept = officer.access.pending.find(state.value)
    assert kept is not None
    assert b"roz-secret" in kept.body
    assert "roz-secret" in state_of(officer.folder).own.notices
    officer.access.pending.answered("officer", key, 201, b"{}")  # as a look at the list finds it
    done(*officer.words(), given=PASSWORD)


def test_acs_288_the_audit_names_each_act_that_went_with_an_erasure(officer: Officer) -> None:
    officer.puts(PendingState.WAITING, PendingState.CONFIRMED, PendingState.DROPPED)
    done(*officer.words(), given=PASSWORD)
    (line,) = officer.audit()
    entry = f"{officer.feed}/{officer.seq}"
    about = f"notice_filed waiting of officer, with the erasure of {entry}"
    assert (line.account, line.address, line.about) == ("officer", "this machine", about)


def test_acs_285_an_erasure_is_not_told_as_done_while_the_log_says_it(officer: Officer) -> None:
    officer.puts(PendingState.WAITING)
    reader = sqlite3.connect(officer.folder / "access.store", isolation_level=None)
    reader.execute("BEGIN").execute("SELECT body FROM pending").fetchall()
    found = run(*officer.words(), given=PASSWORD)
    assert (found.exit_code != 0, "somebody reads it" in found.stderr) == (True, True)
    assert officer.folder / "access.store-wal" in where_it_stands(officer.folder)
    assert "roz-secret" in state_of(officer.folder).own.notices
    reader.close()
    done(*officer.words(), given=PASSWORD)
    assert where_it_stands(officer.folder) == []
