"""Worlds by the hundred: whatever goes wrong, the rules hold; and after it, what must come does.

SIM-001 to SIM-009 (the world), SIM-010 to SIM-016 (the record), SIM-020 to SIM-029 (ringing and
detection), SIM-030 to SIM-035 (agreement): every world is judged by all of them.
"""

from pathlib import Path

import pytest

from crosstell.codecs.protocol_file import read_protocol
from crosstell.sim.run import run_world

PROTOCOL = Path(__file__).resolve().parents[1] / "unit" / "data" / "test-protocol.yaml"
CHUNK = 5
FEW = range(15, 20, CHUNK)  # test_world_options.py runs some of those below, by the same rules
MANY = 3_000


def _run(first: int) -> None:
    protocol = read_protocol(PROTOCOL)
    for seed in range(first, first + CHUNK):
        run_world(seed, protocol)


@pytest.mark.parametrize("first", FEW)
def test_worlds_keep_the_rules(first: int) -> None:
    """SIM-001, SIM-010 to SIM-016, SIM-020 to SIM-029, SIM-030 to SIM-035."""
    _run(first)


@pytest.mark.long
@pytest.mark.parametrize("first", [n for n in range(0, MANY, CHUNK) if n not in FEW])
def test_thousands_of_worlds_keep_the_rules(first: int) -> None:
    """SIM-001: as above, for whoever has the time."""
    _run(first)
