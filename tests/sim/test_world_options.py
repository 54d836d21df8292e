"""What a world is made of: its seed decides everything, and its faults really happen."""

import os
import subprocess
import sys
from collections import Counter
from dataclasses import fields
from functools import cache
from pathlib import Path

import pytest

from crosstell.codecs.protocol_file import read_protocol
from crosstell.sim.actors.sensors import FLYING
from crosstell.sim.faults import options_of
from crosstell.sim.run import digest_of_entries, main, report, run_world
from crosstell.sim.world import World

ROOT = Path(__file__).resolve().parents[2]
PROTOCOL = ROOT / "tests" / "unit" / "data" / "test-protocol.yaml"
LIVELY = (2, 3, 4, 9)  # in these much happens, and each is soon run
SOON = 47  # of the first sixty among the soonest run
_ONE_WORLD = """
from pathlib import Path
from crosstell.codecs.protocol_file import read_protocol
from crosstell.sim.run import digest_of_entries, run_world
print(digest_of_entries(run_world({seed}, read_protocol(Path({path!r})))))
"""


@cache
def world(seed: int) -> World:
    return run_world(seed, read_protocol(PROTOCOL))


def test_a_seed_is_a_world_whatever_the_hash_order() -> None:
    """SIM-002, SIM-041: the same bytes on every disk in a process with another hash seed, and other
    bytes from another seed.
    """
    seed, other = LIVELY[2], SOON
    hashing = os.environ.get("PYTHONHASHSEED", "random")
    environment = {
        **os.environ,
        "PYTHONHASHSEED": "2" if hashing == "1" else "1",
        "PYTHONPATH": str(ROOT / "src"),
    }
    done = subprocess.run(
        [sys.executable, "-P", "-c", _ONE_WORLD.format(seed=seed, path=str(PROTOCOL))],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == str(digest_of_entries(world(seed)))
    assert digest_of_entries(world(seed)) != digest_of_entries(world(other))


def test_each_fault_is_off_in_about_a_third_of_the_worlds() -> None:
    """SIM-003: and on in others; faults of which only some worlds have any are rarer."""
    rare = {"old_copies", "withholdings", "forks", "replays", "garbage"}
    names = [one.name for one in fields(options_of(0)) if one.name not in ("parties", "minutes")]
    off = Counter(
        name for seed in range(600) for name in names if not getattr(options_of(seed), name)
    )
    for name in names:
        least, most = (300, 540) if name in rare else (140, 260)
        assert least <= off[name] <= most, name


def test_a_failing_world_says_how_to_run_it_again() -> None:
    """SIM-040: seed, faults, the last actions and the command."""
    text = report(world(4))
    assert text.startswith("seed 4: ")
    assert f"duplication={world(4).options.duplication:.2g}" in text
    assert text.splitlines()[1:-1] == list(world(4).actions) != []
    assert text.endswith("again: python -m crosstell.sim.run 4 4")


def test_the_command_counts_worlds(capsys: pytest.CaptureFixture[str]) -> None:
    """SIM-040: a line for each world if asked, and the sum."""
    assert main([str(SOON), str(SOON), "--verbose", "--protocol", str(PROTOCOL)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split(" ")[0] == str(SOON)
    assert lines[-1] == "1 of 1 worlds kept the rules"


@pytest.mark.long
def test_the_oracle_the_forks_and_the_wrong_kinds_are_not_idle() -> None:
    """SIM-028, SIM-060, SIM-061, SIM-009, SIM-008: in a few worlds alerts are owed, at once too,
    fall and clear, feeds are forked and evidenced, kinds are doubted.
    """
    found = [world(seed) for seed in LIVELY]
    assert sum(one.ledger.oracle.judged for one in found) > 20
    assert sum(one.ledger.oracle.judged_at_once for one in found) > 20
    assert sum(one.ledger.levels.judged for one in found) > 5
    assert any(one.ledger.evidence_owed for one in found)
    assert any(bell.rung for one in found for bell in one.ledger.ringing.bells.values())
    hosts = [host for one in found for host in one.hosts.values()]
    tracks = [one for host in hosts for one in host.party.node.state.journal.tracks.values()]
    trusts = [track.trust for track in tracks if track.trust is not None]
    assert {trust.kind for trust in trusts} - set(FLYING)
    assert any(trust.as_kind in trust.doubted() for trust in trusts)
