"""What a world is made of: its seed decides everything, and its faults really happen."""

import os
import subprocess
import sys
from collections import Counter
from dataclasses import fields
from pathlib import Path

import pytest

from crosstell.codecs.protocol_file import digest_of, read_protocol
from crosstell.sim.actors.sensors import FLYING
from crosstell.sim.faults import options_of
from crosstell.sim.run import digest_of_entries, main, report, run_world
from crosstell.sim.world import World

ROOT = Path(__file__).resolve().parents[2]
PROTOCOL = ROOT / "tests" / "unit" / "data" / "test-protocol.yaml"
SEED = 7
LIVELY = (2, 3, 4, 6, 9)  # in these much happens, and each is soon run
_ONE_WORLD = """
from pathlib import Path
from crosstell.codecs.protocol_file import read_protocol
from crosstell.sim.run import digest_of_entries, run_world
print(digest_of_entries(run_world({seed}, read_protocol(Path({path!r})))))
"""


def test_hash_order_reaches_no_entry() -> None:
    """SIM-041: one world, two hash seeds, the same bytes on every disk."""
    found = set()
    for hash_seed in ("0", "1"):
        code = _ONE_WORLD.format(seed=SEED, path=str(PROTOCOL))
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT / "src")}
        done = subprocess.run(
            [sys.executable, "-P", "-c", code],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        found.add(done.stdout)
    assert len(found) == 1


def test_a_seed_is_a_world() -> None:
    """SIM-002: the same seed gives the same bytes, another seed others."""
    protocol = read_protocol(PROTOCOL)
    digests = [digest_of_entries(run_world(seed, protocol)) for seed in (3, 3, 4)]
    assert digests[0] == digests[1] != digests[2]


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
    protocol = read_protocol(PROTOCOL)
    world = World(seed=SEED, protocol=protocol, digest=digest_of(protocol))
    world.run()
    text = report(world)
    assert "seed 7" in text
    assert "loss=" in text
    assert len(text.splitlines()) == 42
    assert text.endswith("again: python -m crosstell.sim.run 7 7")


def test_the_command_counts_worlds(capsys: pytest.CaptureFixture[str]) -> None:
    """SIM-040: a line for each world if asked, and the sum."""
    assert main(["1", "2", "--verbose", "--protocol", str(PROTOCOL)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(" ")[0] for line in lines[:2]] == ["1", "2"]
    assert lines[-1] == "2 of 2 worlds kept the rules"


def test_the_oracle_the_forks_and_the_wrong_kinds_are_not_idle() -> None:
    """SIM-028, SIM-060, SIM-061, SIM-009, SIM-008: in a few worlds alerts are owed, at once too,
    fall and clear, feeds are forked and evidenced, kinds are doubted.
    """
    protocol = read_protocol(PROTOCOL)
    worlds = [run_world(seed, protocol) for seed in LIVELY]
    assert sum(world.ledger.oracle.judged for world in worlds) > 20
    assert sum(world.ledger.oracle.judged_at_once for world in worlds) > 20
    assert sum(world.ledger.levels.judged for world in worlds) > 5
    assert any(world.ledger.evidence_owed for world in worlds)
    assert any(bell.rung for world in worlds for bell in world.ledger.ringing.bells.values())
    hosts = [host for world in worlds for host in world.hosts.values()]
    tracks = [one for host in hosts for one in host.party.node.state.journal.tracks.values()]
    trusts = [track.trust for track in tracks if track.trust is not None]
    assert {trust.kind for trust in trusts} - set(FLYING)
    assert any(trust.as_kind in trust.doubted() for trust in trusts)
