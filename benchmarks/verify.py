"""How many entries one processor verifies in a second: `python benchmarks/verify.py [ENTRIES]`.

The entries are a node's own journal as it lies in its store: signature, form, order, time, tree,
and the body against its commitment. Best of five, in processor time; beside it the signature alone.
"""

import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests" / "unit")]

from goals import at_least  # noqa: E402 - the paths come first
from node_pair import ALPHA, START, World, seen  # noqa: E402 - the paths come first

from crosstell.core.mechanism.inputs import Observed  # noqa: E402
from crosstell.core.record.entry import check_body, parse  # noqa: E402
from crosstell.shell.log import Log, body_of  # noqa: E402
from crosstell.shell.signing import verifier_of  # noqa: E402

ENTRIES = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
BATCH = 100
RUNS = 5


def best_s(run: Callable[[], object]) -> float:
    """The least processor time of some runs."""
    took = []
    for _ in range(RUNS):
        began = time.process_time()
        run()
        took.append(time.process_time() - began)
    return min(took)


def main() -> None:
    """Print what all of it takes, and the signature alone."""
    world = World()
    while world.state(ALPHA).journal.size < ENTRIES:
        world.now = START + timedelta(seconds=2 * world.state(ALPHA).journal.size // BATCH)
        batch = tuple(seen(world.now, 100_000 + 10 * one, track=f"t{one}") for one in range(BATCH))
        world.give(ALPHA, Observed(observations=batch))
    party = world.parties[ALPHA]
    rows = list(party.store.entries(party.setting.journal))
    entries = [parse(row.leaf) for row in rows]
    key = verifier_of(party.keys().online.public_key())

    def everything() -> None:
        log = Log(feed=party.setting.journal, is_named=False)
        for row in rows:
            entry = log.verify(row, verifier_of)
            if (body := body_of(row)) is not None:
                check_body(entry, body)

    def signatures() -> None:
        for entry in entries:
            entry.check_signature(key)

    whole_s, alone_s = best_s(everything), best_s(signatures)
    print(
        f"{len(rows)} entries: {len(rows) / whole_s:.0f} verified per processor second, "
        f"{whole_s / len(rows) * 1e6:.1f} us each; the signature alone "
        f"{alone_s / len(rows) * 1e6:.1f} us"
    )
    what = "entries verified whole in a second of one processor"
    at_least(what, len(rows) / whole_s, 7_000, "entries")


if __name__ == "__main__":
    main()
