"""A start with a large record: `python benchmarks/large_record.py [ENTRIES [TRACKS [verify]]]`.

The record is one journal of observations, signed and folded as a node does, in one SQLite file; a
snapshot is taken, and a process of its own starts from the two, as after a restart of the machine
with the file in the page cache. Without arguments a million entries of 1,000 tracks, which takes
some minutes to write. With `verify` the whole record is then exported for own use, with every body,
and verified by `crosstell record verify`, in a process of its own: some minutes more.
"""

import re
import subprocess
import sys
import tempfile
import time
from contextlib import redirect_stdout
from datetime import timedelta
from io import StringIO
from pathlib import Path

from goals import at_most, measured
from live_node import BATCH, START, US, founded, reopened

from crosstell.cli import crosstell
from crosstell.codecs.archive.files import Purpose
from crosstell.core.altitude import Altitude, Datum
from crosstell.core.geometry.motion import Motion, Velocity
from crosstell.core.geometry.position import Position
from crosstell.core.ids import TrackId
from crosstell.core.mechanism.outgoing import Outgoing
from crosstell.core.mechanism.release import HOME
from crosstell.core.picture.track import Observation
from crosstell.core.state.state import fold
from crosstell.shell.archive.export import Bodies, Choice, export
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
    peak_mb = _peak_mb()
    print(
        f"start with {party.node.state.journal.size} entries: {took_s:.1f} s, {cpu_s:.1f} s of "
        f"processor, peak memory {peak_mb:.0f} MB"
    )
    many = f"{party.node.state.journal.size - 1:,} entries"
    at_most(f"start with {many} from a snapshot", took_s, 10, "s")
    measured(f"memory after a start with {many}, at its highest", peak_mb, "MB")


def verify(folder: Path) -> None:
    """What it takes to verify the whole record, as anyone would who was given it."""
    party, out = reopened(folder), folder / "export"
    began = time.perf_counter()
    choice = Choice(purpose=Purpose.OWN_USE, bodies=Bodies.HELD)
    done = export(party.store, out, choice, party.keys().online)
    party.store.close()
    entries = sum(size for _, size in done.sizes)
    print(f"export of {entries} entries written in {time.perf_counter() - began:.0f} s")
    _in_process("verified", out)


def verified(out: Path) -> None:
    """What the command takes, in a process of its own."""
    began, spent = time.perf_counter(), time.process_time()
    with redirect_stdout(StringIO()) as said:
        crosstell(["record", "verify", str(out)], standalone_mode=False)
    took_s, cpu_s = time.perf_counter() - began, time.process_time() - spent
    entries = sum(map(int, re.findall(r"Its checkpoint of size (\d+)", said.getvalue())))
    many = f"of a record of {entries:,} entries"
    measured(f"verification {many}, on the clock", took_s, "s")
    measured(f"verification {many}, in a second of one processor", entries / cpu_s, "entries")
    measured(f"memory of a verification {many}, at its highest", _peak_mb(), "MB")


def _peak_mb() -> float:
    """Of this process alone: what `getrusage` says may be its parent's."""
    (said,) = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text("ascii"))
    return int(said) / 1024


def _in_process(does: str, path: Path) -> None:
    sys.stdout.flush()
    subprocess.run([sys.executable, __file__, does, str(path)], check=True)  # noqa: S603 - ours


def main() -> None:
    """Fill, take the snapshot, start elsewhere; verify all of it, if asked to."""
    inside = {"start": start, "verified": verified}.get("".join(sys.argv[1:2]))
    if inside is not None:
        inside(Path(sys.argv[2]))
        return
    numbers = tuple(map(int, sys.argv[1:3]))
    entries, tracks = (*numbers, *(1_000_000, 1_000)[len(numbers) :])
    with tempfile.TemporaryDirectory() as name:
        party = founded(Path(name))
        spent = time.process_time()
        fill(party, entries, tracks)
        filled_s = time.process_time() - spent
        spent = time.process_time()
        assert party.node.begin_snapshot() is not None
        held_ms = (time.process_time() - spent) * 1e3
        what = f"the node is held to begin a snapshot of {entries:,} entries, processor"
        at_most(what, held_ms, 50, "ms")
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
        _in_process("start", Path(name))
        if sys.argv[3:4] == ["verify"]:
            verify(Path(name))


if __name__ == "__main__":
    main()
