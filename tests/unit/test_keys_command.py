"""What a party does with its keys, by commands, the node stopped."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from people_values import DUTY

from crosstell.cli import crosstell
from crosstell.core.ids import PartyId
from crosstell.core.line.message import Reality
from crosstell.core.mechanism.inputs import Act
from crosstell.core.picture.party import Speaker
from crosstell.core.protocol.adherence import ProtocolResumed, ProtocolSigned, ProtocolSuspended
from crosstell.core.protocol.digest import ProtocolDigest
from crosstell.core.state.events import Event
from crosstell.shell.clock import SystemClock
from crosstell.shell.config.card import read_card
from crosstell.shell.config.installing import CARD, Wanted, install
from crosstell.shell.config.node_file import read_installation
from crosstell.shell.live.opening import open_node

PROTOCOL = Path(__file__).parent / "data" / "test-protocol.yaml"
PARTY = PartyId("alpha")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A node's folder; its offline root was carried to another."""
    wanted = Wanted(party=PARTY, protocol=PROTOCOL, reality=Reality.EXERCISE, test_role=DUTY)
    install(tmp_path / "node", wanted, SystemClock().now())
    shutil.move(tmp_path / "node" / "offline-root", tmp_path / "root")
    return tmp_path / "node"


def run(*words: object, given: str | None = None) -> Result:
    return CliRunner().invoke(crosstell, ["keys", *map(str, words)], input=given)


def signed(digest: ProtocolDigest) -> Event:
    return ProtocolSigned(protocol=digest)


def suspended(digest: ProtocolDigest) -> Event:
    return ProtocolSuspended(protocol=digest, text="words")


def resumed(digest: ProtocolDigest) -> Event:
    return ProtocolResumed(protocol=digest, text="words")


def act(folder: Path, body: Callable[[ProtocolDigest], Event]) -> int:
    """A person of the party acts at the node, which is then stopped; the size of its feed."""
    opened = open_node(read_installation(folder))
    by = Speaker(party=PARTY, role=DUTY, watch="1")
    outcome = opened.node.handle(Act(by=by, body=body(opened.setting.digest)), SystemClock().now())
    assert outcome.no is None, outcome.no
    assert outcome.fault is None, outcome.fault
    size = opened.node.state.own.size
    opened.store.close()
    return size


def test_a_rotated_node_signs_on(folder: Path) -> None:
    """KEY-030: the old key file is gone, the next act is signed by the new key."""
    size = act(folder, signed)
    before = (folder / "keys" / "online.key").read_text()
    found = run("rotate", folder)
    assert found.exit_code == 0, found.output
    assert "The online key is now" in found.stdout
    assert (folder / "keys" / "online.key").read_text() != before
    assert act(folder, suspended) == size + 2


def test_what_a_thief_signed_is_void_and_the_party_goes_on(folder: Path, tmp_path: Path) -> None:
    """KEY-031: under the root alone, and after a question."""
    stolen = act(folder, signed)
    unsure = run(
        "revoke", folder, "--root", tmp_path / "root", "--from-entry", stolen - 1, given="n\n"
    )
    assert unsure.exit_code == 1
    assert act(folder, suspended) == stolen + 1
    found = run("revoke", folder, "--root", tmp_path / "root", "--from-entry", stolen, given="y\n")
    assert found.exit_code == 0, found.output
    opened = open_node(read_installation(folder))
    (adherence,) = opened.node.state.own.adherence.values()
    assert "suspended" not in str(adherence.state)
    opened.store.close()
    act(folder, suspended)


def test_a_node_that_lost_its_journal_is_resumed(folder: Path, tmp_path: Path) -> None:
    """KEY-032: a new folder with a card that can be compared; the old one is as it was."""
    act(folder, signed)
    old = read_card(folder / CARD)
    out = tmp_path / "resumed"
    found = run("resume", folder, "--root", tmp_path / "root", "--out", out)
    assert found.exit_code == 0, found.output
    card = read_card(out / CARD)
    assert card.feed != old.feed
    assert (card.party, card.root, card.certificate) == (old.party, old.root, old.certificate)
    assert card.spoken in found.stdout
    assert f"resumes {old.feed}" in found.stdout
    assert act(out, signed) == 2
    assert act(folder, suspended) > 0


def test_what_cannot_be_is_refused_and_leaves_nothing(folder: Path, tmp_path: Path) -> None:
    """KEY-033: a node that runs, a wrong root, no marks."""
    act(folder, signed)
    opened = open_node(read_installation(folder))
    assert "stop it first" in run("rotate", folder).stderr
    opened.store.close()
    other = tmp_path / "other"
    wanted = Wanted(party=PARTY, protocol=PROTOCOL, reality=Reality.EXERCISE, test_role=DUTY)
    install(other, wanted, SystemClock().now())
    out = tmp_path / "out"
    found = run("resume", folder, "--root", other / "offline-root", "--out", out)
    assert found.exit_code == 2
    assert "did not found feed" in found.stderr
    assert not out.exists()
    shutil.move(folder / "marks", tmp_path / "away")
    assert "mount the marks first" in run("rotate", folder).stderr
    shutil.move(tmp_path / "away", folder / "marks")
    act(folder, suspended)
    act(folder, resumed)


def test_what_an_entry_said_is_erased(folder: Path) -> None:
    """KEY-020: its leaf stays, the node starts, and the journal says by whom and why."""
    act(folder, signed)
    size = act(folder, suspended)
    feed = read_card(folder / CARD).feed
    why = ("--role", DUTY, "--watch", "1", "--reason", "ordered by a court")
    found = run("erase", folder, f"{feed}/{size - 1}", *why)
    assert found.exit_code == 0, found.output
    assert "is erased here" in found.stdout
    opened = open_node(read_installation(folder))
    assert opened.node.state.own.size == size
    opened.store.close()
    assert "not held" in run("erase", folder, f"{feed}/{size - 1}", *why).stderr
