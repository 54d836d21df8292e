"""`python -m tests.faults [NAME ...]`: the drills, and their figures.

Exit code 1 if anything acknowledged is lost, recorded twice, or a record does not verify.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from .drill import Drill, Figures, Options, drill
from .drills import (
    bad_lines,
    clock_steps,
    full_disk,
    hostile,
    kill_at_random,
    kills_and_bad_lines,
)
from .stepped import OFFSET

STEPPED = ("-P", str(Path(__file__).with_name("stepped.py")))
DRILLS: dict[str, tuple[Callable[[Drill, int], Figures], Options, int]] = {
    "kill": (kill_at_random, Options(), 20),
    "lines": (bad_lines, Options(repeats=True), 10),
    "both": (kills_and_bad_lines, Options(), 10),
    "disk": (full_disk, Options(), 3),
    "clock": (clock_steps, Options(launcher=STEPPED), 2),
    "hostile": (hostile, Options(), 1),
}


def run(name: str, folder: Path, *, rounds: int | None = None, seed: int = 1) -> Figures:
    """One drill by its name."""
    does, options, usual = DRILLS[name]
    os.environ[OFFSET] = str(folder / "offset")
    (folder / "offset").write_text("0", encoding="ascii")
    with drill(folder, seed, options) as one:
        return does(one, rounds or usual)


def main() -> int:
    """Run the drills that were named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help=f"of {', '.join(DRILLS)}")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    bad = False
    for name in given.names or list(DRILLS):
        with tempfile.TemporaryDirectory() as folder:
            figures = run(name, Path(folder), rounds=given.rounds, seed=given.seed)
        print(f"\n{name}, seed {given.seed}")  # noqa: T201
        print("\n".join(figures.told()), flush=True)  # noqa: T201
        bad = bad or bool(figures.lost or figures.twice or figures.faults)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
