"""How fast one node takes what another recorded: `python benchmarks/replication.py [ENTRIES]`.

Two nodes in one process over SQLite files. One has filed activities released to the other while the
line was down; then parcels go to and fro until both fall silent: each entry is verified, stored,
folded and tested, its checkpoint cosigned, and all of it confirmed. Processor time of both nodes.
"""

import random
import sys
import tempfile
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from goals import measured
from live_node import FILER, START, TR, US, founded_pair, notice

from crosstell.core.mechanism.inputs import Act, Tick
from crosstell.core.picture.content import Activity
from crosstell.shell.node import Delivery, Message
from crosstell.sim.party import Party

ENTRIES = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
TOGETHER = 200


def file(party: Party) -> None:
    """That many activities, released to the other; nothing is delivered."""
    draw = random.Random("replicated")
    number, filed = 0, 0
    while filed < ENTRIES:
        acts = []
        while len(acts) < TOGETHER:
            body = notice(number, draw)
            number += 1
            if isinstance(body.content, Activity):
                acts.append(Act(by=FILER, body=replace(body, releasable_to=(TR,))))
        outcomes = party.node.handle_all(acts, START)
        assert all((one.fault, one.no) == (None, None) for one in outcomes)
        filed += len(acts)


def main() -> None:
    """Print entries a second, and how many parcels it took."""
    with tempfile.TemporaryDirectory() as name:
        parties = founded_pair(Path(name))
        file(parties[US])
        now = START + timedelta(seconds=300)
        size = parties[US].node.state.own.size
        began, spent = time.perf_counter(), time.process_time()
        line: list[Message] = list(parties[US].node.handle(Tick(), now).messages)
        parcels = sent = 0
        while line:
            message = line.pop(0)
            parcels, sent = parcels + 1, sent + len(message.body)
            outcome = parties[message.to].node.handle(Delivery(body=message.body), now)
            assert outcome.fault is None, outcome.fault
            line += outcome.messages
        took_s, cpu_s = time.perf_counter() - began, time.process_time() - spent
        held = parties[TR].node.state.feeds[US].size
        assert held >= size, (held, size)
        print(
            f"{held} entries in {parcels} parcels of {sent / parcels / 1e3:.0f} kB: "
            f"{held / took_s:.0f} entries/s, {held / cpu_s:.0f} per processor second of both"
        )
        what = "entries replicated, verified, tested and confirmed in a processor second of both"
        measured(what, held / cpu_s, "entries")


if __name__ == "__main__":
    main()
