"""Two sites without a line, by the commands alone: a file, its reply, and the receipt."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from node_pair import ALPHA, BRAVO, call
from people_values import DUTY

from crosstell.cli import crosstell
from crosstell.core.ids import PartyId
from crosstell.core.line.acknowledgement import Stage
from crosstell.core.line.message import Reality
from crosstell.core.mechanism.inputs import Act
from crosstell.core.mechanism.react import again
from crosstell.core.picture.party import Speaker
from crosstell.core.protocol.adherence import ProtocolSigned
from crosstell.core.state.events import Event
from crosstell.shell.clock import SystemClock
from crosstell.shell.config.card import read_card
from crosstell.shell.config.installing import CARD, Wanted, add_party, install
from crosstell.shell.config.node_file import read_installation
from crosstell.shell.live.opening import open_node

PROTOCOL = Path(__file__).parent / "data" / "test-protocol.yaml"


@pytest.fixture
def sites(tmp_path: Path) -> dict[PartyId, Path]:
    """Two nodes' folders, their cards compared; no line between them."""
    found = {party: tmp_path / party for party in (ALPHA, BRAVO)}
    for party, folder in found.items():
        wanted = Wanted(party=party, protocol=PROTOCOL, reality=Reality.EXERCISE, test_role=DUTY)
        install(folder, wanted, SystemClock().now())
    for party, folder in found.items():
        other = read_card(found[BRAVO if party == ALPHA else ALPHA] / CARD)
        add_party(read_installation(folder), other, other.spoken)
    return found


def run(*words: object) -> Result:
    return CliRunner().invoke(crosstell, ["node", *map(str, words)])


def act(folder: Path, *bodies: Event) -> None:
    """A person of that site acts; then its node stands still again."""
    opened = open_node(read_installation(folder))
    by = Speaker(party=opened.setting.party, role=DUTY, watch="1")
    for body in bodies:
        outcome = opened.node.handle(Act(by=by, body=body), SystemClock().now())
        assert outcome.no is None, outcome.no
    opened.store.close()


def test_a_file_and_its_reply_are_a_receipt(sites: dict[PartyId, Path], tmp_path: Path) -> None:
    """CARRY-011, CARRY-012: the caller then holds the other's word that its node has the call."""
    alpha, bravo = sites[ALPHA], sites[BRAVO]
    opened = open_node(read_installation(alpha))
    digest = opened.setting.digest
    opened.store.close()
    act(bravo, ProtocolSigned(protocol=digest))
    act(alpha, ProtocolSigned(protocol=digest), replace(call("c-1"), to_party=BRAVO))
    out, back = tmp_path / "to-bravo", tmp_path / "to-alpha"
    written = run("write-file", alpha, BRAVO, "--out", out)
    assert written.exit_code == 0, written.output
    assert "for bravo, our entries 0 to" in written.stdout
    taken = run("take-file", bravo, out)
    assert taken.exit_code == 0, taken.output
    assert "taken from alpha, parcels: " in taken.stdout
    opened = open_node(read_installation(bravo))
    assert any("c-1" in effect.text for effect in again(opened.node.state))
    opened.store.close()
    assert run("write-file", bravo, ALPHA, "--out", back).exit_code == 0
    assert run("take-file", alpha, back).exit_code == 0
    opened = open_node(read_installation(alpha))
    state = opened.node.state
    (placed,) = [one for one in state.own.calls.values() if one.placed.call == "c-1"]
    assert state.feeds[BRAVO].acknowledgements[placed.placed_stamp.ref].stage is Stage.DELIVERED
    opened.store.close()


def test_what_cannot_be_taken_is_refused_and_changes_nothing(
    sites: dict[PartyId, Path], tmp_path: Path
) -> None:
    """CARRY-011: one message, exit code 2; a node that runs keeps its store to itself."""
    out = tmp_path / "file"
    assert run("write-file", sites[ALPHA], BRAVO, "--out", out).exit_code == 0
    again_there = run("write-file", sites[ALPHA], BRAVO, "--out", out)
    assert again_there.exit_code == 2
    assert "stands there already" in again_there.stderr
    assert "name one of bravo" in run("write-file", sites[ALPHA], "zulu", "--out", "x").stderr
    damaged = tmp_path / "damaged"
    shutil.copyfile(out, damaged)
    data = bytearray(damaged.read_bytes())
    data[len(data) // 2] ^= 1
    damaged.write_bytes(bytes(data))
    assert "nothing of it was taken" in run("take-file", sites[BRAVO], damaged).stderr
    opened = open_node(read_installation(sites[BRAVO]))
    refused = run("take-file", sites[BRAVO], out)
    assert refused.exit_code == 2
    assert run("write-file", sites[BRAVO], ALPHA, "--out", tmp_path / "y").exit_code == 0
    opened.store.close()
    assert run("take-file", sites[BRAVO], out).exit_code == 0
