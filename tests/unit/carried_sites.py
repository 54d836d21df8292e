"""Two sites that carry files to each other, and the commands that a person gives there."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from node_pair import ALPHA, BRAVO, roz
from people_values import DUTY

from crosstell.cli import crosstell
from crosstell.core.ids import PartyId
from crosstell.core.line.message import Reality
from crosstell.core.mechanism.inputs import Act
from crosstell.core.picture.party import Speaker
from crosstell.core.state.events import Event
from crosstell.core.state.state import State
from crosstell.shell.clock import SystemClock
from crosstell.shell.config.card import read_card
from crosstell.shell.config.installing import CARD, Wanted, add_party, install
from crosstell.shell.config.node_file import read_installation
from crosstell.shell.config.resumed import PROOF
from crosstell.shell.live.opening import open_node

PROTOCOL = Path(__file__).parent / "data" / "test-protocol.yaml"
PASSWORD = "a watch at three in the morning"  # noqa: S105 - of this test alone
Sites = dict[PartyId, Path]


@pytest.fixture
def sites(tmp_path: Path) -> Sites:
    """Two nodes' folders, their cards compared; no line between them."""
    found = {party: tmp_path / party for party in (ALPHA, BRAVO)}
    for party, folder in found.items():
        wanted = Wanted(party=party, protocol=PROTOCOL, reality=Reality.EXERCISE, test_role=DUTY)
        install(folder, wanted, SystemClock().now())
    for party, folder in found.items():
        other = read_card(found[BRAVO if party == ALPHA else ALPHA] / CARD)
        add_party(read_installation(folder), other, other.spoken)
    return found


def run(*words: object, given: str = "") -> Result:
    return CliRunner().invoke(crosstell, [*map(str, words)], input=given)


def done(*words: object, given: str = "") -> str:
    found = run(*words, given=given)
    assert found.exit_code == 0, found.output
    return found.stdout


def refused(*words: object, given: str = "") -> str:
    """The one message of a command that changes nothing."""
    found = run(*words, given=given)
    assert found.exit_code == 2, found.output
    assert found.stdout == ""
    return found.stderr


def act(folder: Path, *bodies: Event) -> None:
    """A person of that site acts; then its node stands still again."""
    opened = open_node(read_installation(folder))
    by = Speaker(party=opened.setting.party, role=DUTY, watch="1")
    for body in bodies:
        outcome = opened.node.handle(Act(by=by, body=body), SystemClock().now())
        assert outcome.no is None, outcome.no
        assert outcome.fault is None, outcome.fault
    opened.store.close()


def state_of(folder: Path) -> State:
    opened = open_node(read_installation(folder))
    opened.store.close()
    assert opened.node.may_sign
    assert opened.node.alarms == ()
    return opened.node.state


def carry(sites: Sites, sender: PartyId, to: PartyId, *, name: str) -> None:
    """A file from one site to the other."""
    file = sites[sender].parent / name
    done("node", "write-file", sites[sender], to, "--out", file)
    done("node", "take-file", sites[to], file)


def resumed(sites: Sites) -> Path:
    """Alpha goes on in a new folder, once bravo holds what alpha stands by."""
    act(sites[ALPHA], roz("roz-1", BRAVO))
    act(sites[BRAVO], roz("roz-b", ALPHA))
    carry(sites, ALPHA, BRAVO, name="one")
    carry(sites, BRAVO, ALPHA, name="two")
    carry(sites, ALPHA, BRAVO, name="three")
    new = sites[ALPHA].parent / "alpha-again"
    said = json.loads(
        done(
            *("node", "resume", sites[ALPHA], "--root", sites[ALPHA] / "offline-root"),
            *("--out", new, "--json"),
        )
    )
    assert said["resumes"]["feed"] == read_card(sites[ALPHA] / CARD).feed
    return new


def heard(new: Path, folder: Path) -> None:
    """Another party follows what goes on in the new folder, once it heard the card."""
    words = ("node", "party", folder, new / CARD, "--heard", read_card(new / CARD).spoken)
    done(*words, "--resumed", new / PROOF)
