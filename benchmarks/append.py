"""Durable appends with signature through a real node: `python benchmarks/append.py [SECONDS]`.

Half of what is put in are acts of persons, half single observations of 1,000 tracks, each an input
of its own, evenly spaced, however busy the node is (`offered.py`). The node's thread takes whatever
waits and tells it once the batch is on the disk: entries in SQLite, synchronised, and the marks on
the second path. How long each waited is from when it was due to be put in.
Then the same as if every synchronisation took 4 ms longer: of a disk that holds its promise, which
a virtual one may not.
"""

import gc
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from goals import at_least, at_most
from live_node import BATCH, FILER, START, Traffic, founded, held, scene
from offered import Passing, Waited, offer, running

from crosstell.core.ids import FeedId, TrackId
from crosstell.core.mechanism.inputs import Act, Observed
from crosstell.core.picture.ownership import OwnershipAnswer, OwnershipStated, OwnTrack
from crosstell.core.picture.party import Scope
from crosstell.shell.high_water import FileHighWater
from crosstell.shell.node import NodeInput, Outcome
from crosstell.shell.store.contract import Batch, Store
from crosstell.sim.party import Party

SECONDS = float(sys.argv[1]) if len(sys.argv) > 1 else 4.0
RATE = 1_000
TOGETHER_MAX = 256
SLOW_S = 0.004
FoundT = TypeVar("FoundT")


@dataclass(frozen=True)
class SlowStore:
    """A store whose every commit takes so much longer."""

    inner: Store
    wait_s: float

    def commit(self, batch: Batch) -> None:
        """Commit, then wait as for the disk."""
        self.inner.commit(batch)
        time.sleep(self.wait_s)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any part of a store
        """As the wrapped store."""
        return getattr(self.inner, name)


@dataclass(frozen=True)
class SlowMarks:
    """Marks whose every raise takes so much longer."""

    inner: FileHighWater
    wait_s: float

    def read(self, feed: FeedId) -> int:
        """As the wrapped marks."""
        return self.inner.read(feed)

    def raise_all(self, sizes: Mapping[FeedId, int]) -> None:
        """Raise, then wait as for the disk."""
        self.inner.raise_all(sizes)
        time.sleep(self.wait_s)


def inputs(traffic: Traffic) -> Iterator[NodeInput]:
    """Acts and observations in turn, without end."""
    number = 0
    while True:
        track = OwnTrack(track=TrackId(f"told-{number:07}"))
        yield Act(
            by=FILER,
            body=OwnershipStated(subject=track, answer=OwnershipAnswer.OURS, scope=Scope()),
        )
        at = START + timedelta(seconds=1 + number // BATCH)
        yield Observed(observations=(traffic.seen(number % BATCH, at),))
        number += 1


def took(party: Party, given: list[NodeInput], at_s: float) -> int:
    """Entries recorded of these; nothing may fail."""
    outcomes: tuple[Outcome, ...] = party.node.handle_all(given, START + timedelta(seconds=at_s))
    assert all((one.fault, one.no) == (None, None) for one in outcomes), outcomes
    return sum(len(one.recorded) for one in outcomes)


def at_rate(party: Party, source: Iterator[NodeInput], rate: int) -> Waited:
    """Offered to the node's thread at this rate; how long each input waited for its word."""
    with running(party, Passing(START + timedelta(seconds=1))) as line:
        found = offer(line, source, rate, SECONDS)
    assert not found.turned_away, f"{found.turned_away} turned away"
    print(
        f"  {rate}/s: {found.entries / found.lasted_s:.0f} entries/s durable, "
        f"median {found.part_ms(0.5):.1f} ms, p99 {found.part_ms(0.99):.1f} ms, "
        f"worst {found.part_ms(1.0):.0f} ms; {found.processors:.2f} processors of the node, "
        f"{found.offering_s / found.lasted_s:.2f} of who offers"
    )
    return found


def as_fast(party: Party, source: Iterator[NodeInput], many: int) -> float:
    """As many entries a second as can be, so many inputs together."""
    entries = done = 0
    began = time.perf_counter()
    while time.perf_counter() - began < SECONDS / 4:
        entries += took(party, [next(source) for _ in range(many)], 1.0 + done / 2 / BATCH)
        done += many
    found = entries / (time.perf_counter() - began)
    print(f"  {many} together, without pause: {found:.0f} entries/s")
    return found


def measured(wait_s: float, does: Callable[[Party, Iterator[NodeInput]], FoundT]) -> FoundT:
    """What is found of a fresh node over a disk that takes so much longer."""
    traffic = Traffic(BATCH, random.Random("traffic"))
    with tempfile.TemporaryDirectory() as name:
        party = founded(Path(name))
        party.high_water = FileHighWater(Path(name))
        party.high_water.begin({party.setting.feed: 1, party.setting.journal: 1})
        held(scene(traffic, 100, 1), party)
        party.store = SlowStore(party.store, wait_s)
        party.high_water = SlowMarks(party.high_water, wait_s)
        party.start()
        gc.collect()
        gc.freeze()
        return does(party, inputs(traffic))


def main() -> None:
    """This disk, then a slow one."""
    for wait_s in (0.0, SLOW_S):
        disk = f"each synchronisation {wait_s * 1e3:.0f} ms longer" if wait_s else "this disk"
        print(f"{disk}:")
        waited = measured(wait_s, partial(at_rate, rate=RATE))
        measured(wait_s, partial(as_fast, many=1))
        fast = measured(wait_s, partial(as_fast, many=TOGETHER_MAX))
        if not wait_s:
            at_least("durable appends with signature, on two cores", fast, 1_000, "in a second")
        what = f"p99 of {RATE:,} appends a second, {disk}"
        at_most(what, waited.part_ms(0.99), 50, "ms")


if __name__ == "__main__":
    main()
