"""`crosstell people`: the channels of a node's folder tried by hand, and the proof read."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from people_values import DUTY, QUIET_S, HeldClock, ring

from crosstell.cli import crosstell
from crosstell.core.ids import PartyId
from crosstell.core.line.message import Reality
from crosstell.shell.config.installing import Wanted, install
from crosstell.shell.config.node_file import read_installation
from crosstell.shell.people.dialler import DiallerChannel
from crosstell.shell.people.handing import Said, Taken
from crosstell.shell.people.to_people import ToPeople

PROTOCOL = Path(__file__).parent / "data" / "test-protocol.yaml"
CHANNELS = """\
people:
  channels:
    - dialler: {name: desk, command: [/bin/sh, "-c", "grep -q 'a test of' && echo rang"]}
    - dialler: {name: broken, command: [/bin/false]}
  roles:
    - {role: duty-officer, channels: [desk]}
    - {role: watch-chief, channels: [broken, desk], tried: in-turn}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A node's folder with two channels, one of them broken."""
    found = tmp_path / "node"
    wanted = Wanted(
        party=PartyId("alpha"), protocol=PROTOCOL, reality=Reality.EXERCISE, test_role=DUTY
    )
    install(found, wanted, HeldClock().now())
    with (found / "node.yaml").open("a") as file:
        file.write(CHANNELS)
    return found


def run(*words: str) -> Result:
    return CliRunner().invoke(crosstell, ["people", *words])


def test_each_channel_is_tried_and_what_failed_is_told(folder: Path) -> None:
    """OPE-024: before the first night, not in it."""
    found = run("ring", str(folder), "--role", "duty-officer")
    assert found.exit_code == 0, found.output
    assert "desk: taken by /bin/sh" in found.stdout
    assert "answered: rang" in found.stdout
    found = run("ring", str(folder))
    assert found.exit_code == 2
    assert "broken: NOT TAKEN by /bin/false: ended with code 1" in found.stdout
    assert "Not taken: broken" in found.stderr
    assert "no channel rings it" in run("ring", str(folder), "--role", "minister").stderr


def test_run_496_a_test_is_headed_as_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []

    def hand(_channel: DiallerChannel, said: Said) -> Taken:
        told.append(said.heading)
        return Taken(to="desk", answer="rang")

    monkeypatch.setattr(DiallerChannel, "hand", hand)
    assert run("ring", str(folder), "--role", "duty-officer").exit_code == 0
    assert told == ["EXERCISE TEST: ring duty-officer"]


def test_run_560_each_test_is_told_from_the_one_before(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    def hand(_channel: DiallerChannel, said: Said) -> Taken:
        told.append(said.id)
        return Taken(to="desk", answer="rang")

    monkeypatch.setattr(DiallerChannel, "hand", hand)
    for _ in range(2):
        assert run("ring", str(folder)).exit_code == 0
    assert len(told) == len(set(told)) > 2


def test_what_was_handed_over_is_read(folder: Path) -> None:
    """OPE-024: also while the node runs, without its help."""
    assert "nothing was handed over yet" in run("handed", str(folder)).stderr
    config = read_installation(folder).file.people
    to_people = ToPeople(config, HeldClock(), folder=folder)
    to_people.take([ring("m-1", text="a test of the channels")])
    assert to_people.is_quiet(QUIET_S)
    found = run("handed", str(folder))
    to_people.close()
    assert "2023-10-05T04:30:00Z  taken: ring duty-officer rung 1 about m-1 by desk" in found.stdout
    rows = json.loads(run("handed", str(folder), "--json").stdout)
    assert [row["step"] for row in rows] == ["asked", "taken"]
    again = ToPeople(config, HeldClock(), folder=folder)
    again.take_standing([ring("m-1", text="a test of the channels")], is_restart=True)
    again.close()
    told = run("handed", str(folder)).stdout
    assert "asked: ring again duty-officer rung 1 about m-1 by desk" in told
