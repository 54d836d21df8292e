"""`python -m tests.faults [NAME ...]`: the drills, and their figures.

Exit code 1 if anything acknowledged is lost, recorded twice or silent, if anybody is rung twice as
if it were new, or a record does not verify.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from .drill import Figures
from .running import DRILLS, run


def main() -> int:
    """Run the drills that were named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help=f"of {', '.join(DRILLS)}")
    parser.add_argument("--rounds", type=int, help="of each drill; a round has one kill")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seeds", type=int, default=1, help="how many, each with new nodes")
    given = parser.parse_args()
    bad = False
    for name in given.names or list(DRILLS):
        figures = Figures()
        for seed in range(given.seed, given.seed + given.seeds):
            with tempfile.TemporaryDirectory() as folder:
                one = run((name,), Path(folder), rounds=given.rounds, seed=seed)
            figures.add(one)
            print(f"{name}, seed {seed}: {one.in_short()}", flush=True)  # noqa: T201
        print(f"\n{name}, {given.seeds} pairs of nodes from seed {given.seed}")  # noqa: T201
        print("\n".join(figures.told()), flush=True)  # noqa: T201
        bad = bad or bool(figures.lost or figures.twice or figures.effects_twice or figures.faults)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
