"""A node's folder copied while the node is open, and what a node restored from it may do."""

import shutil
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner
from people_values import DUTY, START

from crosstell.cli import crosstell
from crosstell.core.errors import CallerError, Unavailable
from crosstell.core.ids import PartyId
from crosstell.core.instant import later
from crosstell.core.line.message import Reality
from crosstell.core.mechanism.inputs import Act
from crosstell.core.picture.party import Speaker
from crosstell.core.protocol.adherence import ProtocolSigned
from crosstell.shell.config import backup
from crosstell.shell.config.backup import back_up
from crosstell.shell.config.installing import Wanted, install
from crosstell.shell.config.node_file import Installation, read_installation
from crosstell.shell.live.opening import Opened, open_node

PROTOCOL = Path(__file__).parent / "data" / "test-protocol.yaml"
PARTY = PartyId("alpha")


@pytest.fixture
def installed(tmp_path: Path) -> Installation:
    """A node's folder as `crosstell init` makes it, with a secret beside."""
    wanted = Wanted(party=PARTY, protocol=PROTOCOL, reality=Reality.EXERCISE, test_role=DUTY)
    made = install(tmp_path / "node", wanted, START).installation
    (made.folder / "hook.secret").write_text("a secret of some length")
    (made.folder / "hook.secret").chmod(0o600)
    return made


def sign(opened: Opened, *, after_s: float) -> None:
    """A person's act grows the feed; taken twice, the second is a duplicate and is not recorded."""
    by = Speaker(party=PARTY, role=DUTY, watch="1")
    body = ProtocolSigned(protocol=opened.setting.digest)
    outcome = opened.node.handle(Act(by=by, body=body), later(START, by_s=after_s))
    assert outcome.fault is None, outcome.fault


def test_a_backup_is_whole_private_and_made_while_the_node_runs(
    installed: Installation, tmp_path: Path
) -> None:
    """RUN-060, RUN-061: the store at one commit; no mark, no root, nothing that others may read."""
    opened = open_node(installed)
    sign(opened, after_s=60.0)
    made = back_up(installed, tmp_path / "copy")
    names = {name for name, _ in made.files}
    assert {"node.yaml", "protocol.yaml", "own.card", "record.store", "hook.secret"} <= names
    assert {"keys/online.key", "line/key.pem"} <= names
    assert not [name for name in names if name.startswith(("marks", "offline-root"))]
    for path in made.folder.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path
    feeds = sqlite3.connect(made.folder / "record.store")
    rows = feeds.execute("SELECT count(*) FROM entry").fetchone()
    feeds.close()
    assert rows == (opened.store.last_arrival(),)
    opened.store.close()


def test_a_backup_ends_beside_a_node_that_never_rests(
    installed: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """RUN-550: it commits after every page, and what it then wrote is not in the copy."""
    monkeypatch.setattr(backup, "PAGES", 1)
    opened = open_node(installed)
    sign(opened, after_s=60.0)
    before = opened.store.last_arrival()
    steps: list[tuple[int, int]] = []
    writer = sqlite3.connect(installed.folder / "record.store", isolation_level=None)
    writer.execute("CREATE TABLE busy (bytes BLOB)")

    def commit(done: int, of: int) -> None:
        steps.append((done, of))
        assert len(steps) <= 50, "it begins anew without end"
        writer.execute("INSERT INTO busy VALUES (randomblob(20000))")

    made = back_up(installed, tmp_path / "copy", commit)
    writer.close()
    opened.store.close()
    assert len(steps) >= 3
    assert [done for done, _ in steps] == sorted({done for done, _ in steps})
    copied = sqlite3.connect(made.folder / "record.store")
    assert copied.execute("SELECT count(*) FROM entry").fetchone() == (before,)
    assert copied.execute("SELECT count(*) FROM busy").fetchone() == (0,)
    copied.close()


def test_a_restored_node_goes_on_where_it_was(installed: Installation, tmp_path: Path) -> None:
    """RUN-062: beside its marks, and with nothing lost, it signs on."""
    opened = open_node(installed)
    sign(opened, after_s=60.0)
    copy = back_up(installed, tmp_path / "copy").folder
    opened.store.close()
    shutil.copytree(installed.marks, copy / "marks")
    restored = open_node(read_installation(copy))
    assert restored.node.may_sign
    assert restored.node.state.own.size == opened.node.state.own.size
    restored.store.close()


def test_an_old_copy_beside_its_marks_signs_nothing(
    installed: Installation, tmp_path: Path
) -> None:
    """RUN-062: else one number could be signed twice, and the feed would be forked."""
    copy = back_up(installed, tmp_path / "copy").folder
    opened = open_node(installed)
    sign(opened, after_s=60.0)
    opened.store.close()
    shutil.copytree(installed.marks, copy / "marks")
    restored = open_node(read_installation(copy))
    assert not restored.node.may_sign
    restored.store.close()


def test_an_old_copy_beside_an_empty_folder_for_marks_does_not_start(
    installed: Installation, tmp_path: Path
) -> None:
    """RUN-062: nothing was mounted there; a node that begins from nothing signs numbers anew."""
    copy = back_up(installed, tmp_path / "copy").folder
    opened = open_node(installed)
    sign(opened, after_s=60.0)
    opened.store.close()
    (copy / "marks").mkdir()
    with pytest.raises(CallerError, match="Mount the folder"):
        open_node(read_installation(copy))


def test_the_offline_root_is_left_out_wherever_it_lies(
    installed: Installation, tmp_path: Path
) -> None:
    """RUN-061: a person moved its folder, and left it beside the node."""
    (installed.folder / "offline-root").rename(installed.folder / "to-the-safe")
    copy = back_up(installed, tmp_path / "copy").folder
    assert [path.name for path in copy.rglob("*.key") if path.name == "root.key"] == []


@pytest.mark.parametrize("place", ["node", "node/keys/deep", "elsewhere", "linked"])
def test_nod_580_no_backup_is_made_in_what_the_next_would_copy(
    installed: Installation, tmp_path: Path, place: str
) -> None:
    """In the folder, in its keys, in marks that lie on another disk, and by a link to any."""
    folder = installed.folder
    marks = tmp_path / "elsewhere"
    installed.marks.rename(marks)
    installed.marks.symlink_to(marks)
    (tmp_path / "linked").symlink_to(folder)
    where = {"node": folder, "node/keys/deep": folder / "keys" / "deep"}.get(
        place, tmp_path / place
    )
    where.mkdir(exist_ok=True)
    before = sorted(folder.rglob("*")), sorted(marks.rglob("*"))
    with pytest.raises(CallerError, match="the next backup would copy this"):
        back_up(installed, where / "bk")
    assert (sorted(folder.rglob("*")), sorted(marks.rglob("*"))) == before


def test_nothing_is_written_over_and_no_part_is_left(
    installed: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """RUN-060: whole or not at all."""
    (tmp_path / "there").mkdir()
    with pytest.raises(CallerError, match="a new folder"):
        back_up(installed, tmp_path / "there")

    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("crosstell.shell.config.backup.shutil.copyfile", full)
    with pytest.raises(Unavailable, match="No space left"):
        back_up(installed, tmp_path / "copy")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["node", "there"]


def test_the_command_names_each_file(installed: Installation, tmp_path: Path) -> None:
    """RUN-060: and says that keys are among them."""
    words = ["node", "backup", str(installed.folder), "--out", str(tmp_path / "copy")]
    found = CliRunner().invoke(crosstell, words)
    assert found.exit_code == 0, found.output
    assert "record.store  " in found.stdout
    assert "It holds private keys" in found.stdout


def test_what_lies_outside_the_folder_is_named_and_not_passed_over(
    installed: Installation, tmp_path: Path
) -> None:
    """RUN-063: keys on another medium, and a secret elsewhere; what lies inside is not named."""
    away = tmp_path / "medium"
    away.mkdir()
    (installed.folder / "keys").rename(away / "keys")
    (away / "hook.secret").write_text("a secret of some length")
    channels = f"""\
people:
  channels:
    - webhook: {{name: one, url: "https://a.example/x", secret: {away}/hook.secret}}
    - webhook: {{name: two, url: "https://b.example/x", secret: hook.secret}}
"""
    file = installed.folder / "node.yaml"
    file.write_text(file.read_text().replace("keys: keys", f"keys: {away}/keys") + channels)
    words = ["node", "backup", str(installed.folder), "--out", str(tmp_path / "copy")]
    found = CliRunner().invoke(crosstell, words)
    assert found.exit_code == 0, found.output
    assert f"NOT IN IT: {away}/keys lies outside" in found.stdout
    assert f"NOT IN IT: {away}/hook.secret" in found.stdout
    assert found.stdout.count("NOT IN IT") == 2
    assert "whole but for that" in found.stdout
    (installed.folder / "keys").symlink_to(away / "keys")
    file.write_text(file.read_text().replace(f"keys: {away}/keys", "keys: keys"))
    words[-1] = str(tmp_path / "linked")
    assert "NOT IN IT: keys" in CliRunner().invoke(crosstell, words).stdout
