"""How long a start takes with and without a snapshot: `python benchmarks/rebuild.py [ENTRIES]`."""

import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests" / "unit")]

from node_pair import ALPHA, BRAVO, World, roz, seen  # noqa: E402 - the paths come first

from crosstell.core.mechanism.inputs import Observed  # noqa: E402
from crosstell.shell.store.contract import Batch, Put  # noqa: E402
from crosstell.shell.store.names import SNAPSHOT  # noqa: E402

ENTRIES = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
BATCH = 100


def filled() -> World:
    """A node whose journal and feed hold that many entries, mostly observations."""
    world = World()
    world.sign()
    world.settle(ALPHA, roz("roz-1", BRAVO))
    start = datetime(2023, 6, 1, 1, tzinfo=UTC)
    number = 0
    while world.state(ALPHA).journal.size < ENTRIES:
        world.now = start + timedelta(seconds=2 * number)
        batch = tuple(seen(world.now, 100_000 + 10 * one, track=f"t{one}") for one in range(BATCH))
        world.give(ALPHA, Observed(observations=batch))
        number += 1
    return world


def timed_start(world: World) -> float:
    """Seconds of one start of alpha's node."""
    began = time.perf_counter()
    world.parties[ALPHA].start()
    return time.perf_counter() - began


def main() -> None:
    """Print both figures, and that both starts know the same."""
    world = filled()
    live = world.state(ALPHA)
    size = live.journal.size + live.own.size
    plain_s = min(timed_start(world) for _ in range(2))
    assert world.state(ALPHA) == live
    began = time.perf_counter()
    assert world.parties[ALPHA].node.keep_snapshot()
    taken_s = time.perf_counter() - began
    value = world.parties[ALPHA].store.blob(SNAPSHOT)
    assert value is not None
    kept_s = min(timed_start(world) for _ in range(2))
    assert world.state(ALPHA) == live
    world.parties[ALPHA].store.commit(Batch(puts=(Put(name=SNAPSHOT, value=b""),)))
    print(f"{size} entries: start {plain_s:.2f} s; with a snapshot {kept_s:.2f} s")
    print(f"the snapshot took {taken_s:.2f} s and has {len(value) / 1024:.0f} KiB")


if __name__ == "__main__":
    main()
