"""Real nodes under load, killed, cut off, full and attacked: nothing acknowledged is ever lost."""

from pathlib import Path

import pytest

from .drill import Figures
from .running import run


def held(figures: Figures) -> None:
    """RUN-050 to RUN-053: what was acknowledged is there, once, and verifies."""
    assert figures.lost == 0, figures.faults
    assert figures.twice == 0, figures.faults
    assert figures.faults == []
    assert figures.acknowledged > 10, list(figures.told())


def test_killed_while_the_line_is_bad_and_repeats(tmp_path: Path) -> None:
    """RUN-050 to RUN-053."""
    figures = run(("both",), tmp_path, rounds=3)
    held(figures)
    assert figures.kills == 3


@pytest.mark.long
def test_a_full_disk_and_then_a_hostile_peer(tmp_path: Path) -> None:
    """RUN-054, RUN-056."""
    held(run(("disk", "hostile"), tmp_path, rounds=1))


@pytest.mark.long
def test_clock_steps(tmp_path: Path) -> None:
    """RUN-055."""
    held(run(("clock",), tmp_path))


@pytest.mark.long
def test_lines_that_do_everything_wrong(tmp_path: Path) -> None:
    """RUN-051, RUN-052."""
    held(run(("lines",), tmp_path, rounds=30))


@pytest.mark.long
@pytest.mark.parametrize("seed", range(20))
def test_a_thousand_kills(seed: int, tmp_path: Path) -> None:
    """RUN-050: fifty for each of twenty pairs."""
    figures = run(("kill",), tmp_path, rounds=50, seed=seed)
    held(figures)
    assert figures.kills == 50
