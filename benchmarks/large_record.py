"""A start with a large record, its memory: `python benchmarks/large_record.py [ENTRIES [TRACKS]]`.

The record is one journal of observations, signed and folded as a node does, in one SQLite file; a
snapshot is taken, and a process of its own starts from the two, as after a restart of the machine
with the file in the page cache. Without arguments a million entries of 1,000 tracks, which takes
some minutes to write.
"""

import resource
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from goals import at_most, measured
from live_node import BATCH, START, US, founded, reopened

from crosstell.core.altitude import Altitude, Datum
from crosstell.core.geometry.motion import Motion, Velocity
from crosstell.core.geometry.position import Position
from crosstell.core.ids import TrackId
from crosstell.core.mechanism.outgoing import Outgoing
from crosstell.core.mechanism.release import HOME
from crosstell.core.picture.track import Observation
from crosstell.core.state.state import fold
from crosstell.shell.store.contract import Batch
from crosstell.shell.store.names import SNAPSHOT
from crosstell.shell.writer import Writer
from crosstell.sim.party import Party

NORTH = Velocity(track_deg=0.0, speed_mps=11.1, climb_mps=0.0)
LEVEL = Altitude(value_m=1_000.0, datum=Datum.MSL_EGM96)


def seen(track: int, second: int) -> Observation:
    """A ship that steams north, some metres each second."""
    at = START + timedelta(seconds=second)
    motion = Motion(
        position=Position(lat_deg=-50.0 + 0.0001 * second, lon_deg=-40.0 + 0.001 * track),
        at=at,
        altitude=LEVEL,
        velocity=NORTH,
        position_accuracy_m=50.0,
        altitude_accuracy_m=50.0,
    )
    return Observation(
        track=TrackId(f"t-{track:05}"), source="radar-1", motion=motion, received_at=at
    )


def fill(party: Party, entries: int, tracks: int) -> None:
    """The journal holds so many more entries, and the node knows them."""
    rebuilt = party.node._rebuilt
    writer = Writer(
        signer=party.keys().online,
        feeds=dict(party.setting.feeds),
        own=party.setting.feed,
        draw=party.draw,
    )
    for first in range(0, entries, BATCH):
        numbers = range(first, min(first + BATCH, entries))
        at = START + timedelta(seconds=first // tracks)
        outgoing = (Outgoing(body=seen(one % tracks, one // tracks), to=HOME) for one in numbers)
        sealed = [writer.seal(one, rebuilt.journal, (), at) for one in outgoing]
        rebuilt.state = fold(rebuilt.state, *(one.held for one in sealed))
        party.store.commit(Batch(entries=tuple(one.row for one in sealed)))


def start(folder: Path) -> None:
    """What a start from this folder takes, in a process of its own."""
    party = reopened(folder)
    began, spent = time.perf_counter(), time.process_time()
    party.start()
    took_s, cpu_s = time.perf_counter() - began, time.process_time() - spent
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"start with {party.node.state.journal.size} entries: {took_s:.1f} s, {cpu_s:.1f} s of "
        f"processor, peak memory {peak_mb:.0f} MB"
    )
    many = f"{party.node.state.journal.size - 1:,} entries"
    at_most(f"start with {many} from a snapshot", took_s, 10, "s")
    measured(f"memory after a start with {many}, at its highest", peak_mb, "MB")


def main() -> None:
    """Fill, take the snapshot, start elsewhere."""
    if sys.argv[1:2] == ["start"]:
        start(Path(sys.argv[2]))
        return
    entries, tracks = (*map(int, sys.argv[1:3]), *(1_000_000, 1_000)[len(sys.argv) - 1 :])
    with tempfile.TemporaryDirectory() as name:
        party = founded(Path(name))
        spent = time.process_time()
        fill(party, entries, tracks)
        filled_s = time.process_time() - spent
        spent = time.process_time()
        assert party.node.keep_snapshot()
        kept_s = time.process_time() - spent
        value = party.store.blob(SNAPSHOT)
        assert value is not None
        party.store.close()
        size_mb = (Path(name) / f"{US}.sqlite").stat().st_size / 1e6
        print(
            f"{entries} entries of {tracks} tracks written in {filled_s:.0f} s of processor, "
            f"{size_mb:.0f} MB; snapshot of {len(value) / 1e6:.1f} MB in {kept_s:.1f} s"
        )
        subprocess.run([sys.executable, __file__, "start", name], check=True)  # noqa: S603 - ours


if __name__ == "__main__":
    main()
