"""Seeds that failed once, each with a sentence on what it taught; and the smallest case of it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crosstell.codecs.protocol_file import read_protocol
from crosstell.shell.writer import in_grain
from crosstell.sim.run import run_world

PROTOCOL = Path(__file__).resolve().parents[1] / "unit" / "data" / "test-protocol.yaml"

TAUGHT = {
    0: "a call that arrives while nothing may be signed must still be delivered and ring later",
    3: "an alert raised between two milliseconds had a ladder that began before its own entry",
    17: "a cosignature whose parcel is lost must be said again",
    34: "a journal restored before its feed holds ladders about calls that are not there yet",
    197: "a stop renewed by a clock behind the other side's was recorded after it had expired",
}

QUICK = frozenset({17})  # the others are run in the long suite


@pytest.mark.parametrize(
    "seed",
    [pytest.param(n, marks=[pytest.mark.long] * (n not in QUICK)) for n in sorted(TAUGHT)],
    ids=lambda seed: f"seed-{seed}",
)
def test_what_a_world_taught_stays_learnt(seed: int) -> None:
    """SIM-042: the worlds that failed keep the rules now."""
    run_world(seed, read_protocol(PROTOCOL))


def test_a_node_decides_at_the_millisecond_that_it_signs() -> None:
    """SIM-042: never later than it was, never finer than an entry's time."""
    for microseconds in (0, 1, 999, 877_961, 999_999):
        now = datetime(2023, 6, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
        grain = in_grain(now)
        assert grain <= now < grain + timedelta(milliseconds=1)
        assert grain.microsecond % 1_000 == 0
