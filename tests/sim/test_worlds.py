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
# A lively one that is soon run; test_world_options.py and test_taught_by_worlds.py run others, by
# the same rules.
FEW = (2,)
MANY = 3_000


@pytest.mark.parametrize("seed", FEW)
def test_worlds_keep_the_rules(seed: int) -> None:
    """SIM-001, SIM-010 to SIM-016, SIM-020 to SIM-029, SIM-030 to SIM-035."""
    run_world(seed, read_protocol(PROTOCOL))


@pytest.mark.long
@pytest.mark.parametrize("first", range(0, MANY, CHUNK))
def test_thousands_of_worlds_keep_the_rules(first: int) -> None:
    """SIM-001: as above, for whoever has the time."""
    protocol = read_protocol(PROTOCOL)
    for seed in range(first, first + CHUNK):
        run_world(seed, protocol)
