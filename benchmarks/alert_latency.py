"""From an observation to its alert: `python benchmarks/alert_latency.py [SECONDS [TRACKS]]`.

The scene is that of live_node.py. Observations come evenly spaced, of the tracks in turn, however
busy the node is (`offered.py`), in at most 100 requests a second, as the interface takes them from
one source. The node's thread takes all that waits as one input and tells it once it is on the disk:
alerts, rings and drafts with it. Five times a second an object that was not seen before turns up in
a zone, so that alerts fall due at every rate. How long a request waited is from when it was due to
come until it was told. A node that cannot keep up says so by what waits at the end, or was turned
away.
"""

import gc
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from goals import at_most
from live_node import START, Traffic, founded, held, notice, reopened, scene
from offered import Passing, Waited, offer, part, running

from crosstell.core.altitude import Altitude, Datum
from crosstell.core.geometry.footprint import Circle
from crosstell.core.geometry.motion import Motion, Velocity
from crosstell.core.geometry.position import Position
from crosstell.core.ids import TrackId
from crosstell.core.mechanism.inputs import Observed
from crosstell.core.picture.content import Zone
from crosstell.core.picture.track import Observation
from crosstell.sim.party import Party

SECONDS = float(sys.argv[1]) if len(sys.argv) > 1 else 4.0
RATES = (100, 1_000, 5_000)
SCENES = (int(sys.argv[2]),) if len(sys.argv) > 2 else (1_000, 10_000)
FIRST_S = 2.0  # when the first observations were made
REQUESTS = 100  # in a second, at most
COME = 5  # new objects in zones in a second: more than any watch could carry


def zones(notices: int) -> list[Position]:
    """The middle of each zone of the scene."""
    draw = random.Random("notices")
    filed = [notice(number, draw).content for number in range(notices)]
    footprints = [one.volume.footprint for one in filed if isinstance(one, Zone)]
    return [one.centre for one in footprints if isinstance(one, Circle)]


def newcomer(number: int, at: datetime, middles: list[Position]) -> Observation:
    """An object that nobody saw before, in a zone, at rest."""
    motion = Motion(
        position=middles[number % len(middles)],
        at=at,
        altitude=Altitude(value_m=500.0, datum=Datum.MSL_EGM96),
        velocity=Velocity(track_deg=0.0, speed_mps=0.0, climb_mps=0.0),
        position_accuracy_m=50.0,
        altitude_accuracy_m=50.0,
    )
    name = TrackId(f"new-{number:05}")
    return Observation(track=name, source="radar-1", motion=motion, received_at=at)


def sightings(traffic: Traffic, rate: int) -> Iterator[Observed]:
    """Of each object in turn, some together, without end; and of those that turn up."""
    number, come, tracks, many = 0, 0, len(traffic.first), rate // REQUESTS
    middles = zones(tracks)
    while True:
        at = START + timedelta(seconds=FIRST_S + number / rate)
        seen = [traffic.seen(one % tracks, at) for one in range(number, number + many)]
        if number * COME >= come * rate:
            seen[0] = newcomer(come, at, middles)
            come += 1
        yield Observed(observations=tuple(seen))
        number += many


def measure(party: Party, traffic: Traffic, rate: int) -> Waited:
    """What observations and alerts waited at this rate."""
    first = tuple(traffic.seen(number, START) for number in range(min(1_000, len(traffic.first))))
    party.node.handle(Observed(observations=first), START)  # the index is filled
    gc.collect()
    gc.freeze()
    with running(party, Passing(START + timedelta(seconds=FIRST_S))) as line:
        return offer(line, sightings(traffic, rate), REQUESTS, SECONDS)


def told(found: Waited) -> str:
    """The figures in words."""
    alerts_ms = list(found.alerts_ms.values())
    return (
        f"waited median {found.part_ms(0.5):.0f} ms, p99 {found.part_ms(0.99):.0f} ms; "
        f"{len(alerts_ms)} times alerts were told, median {part(alerts_ms, 0.5):.0f} ms, the "
        f"slowest within {part(alerts_ms, 1.0):.0f} ms; "
        f"{found.entries / found.lasted_s:.0f} entries/s, {found.processors:.2f} processors of the "
        f"node, {found.behind} requests still waited at the end, {found.turned_away} turned away"
    )


def main() -> None:
    """Each scene, made once, at each rate."""
    for tracks in SCENES:
        traffic = Traffic(tracks, random.Random("traffic"))
        with tempfile.TemporaryDirectory() as made:
            party = founded(Path(made))
            held(scene(traffic, tracks, 8), party)
            assert party.node.keep_snapshot()
            party.store.close()
            for rate in RATES:
                with tempfile.TemporaryDirectory() as name:
                    shutil.copytree(made, name, dirs_exist_ok=True)
                    party = reopened(Path(name))
                    party.start()
                    found = measure(party, traffic, rate)
                print(f"{tracks} tracks, {tracks} notices, {rate}/s: {told(found)}", flush=True)
                assert found.alerts_ms, "objects turned up in zones, and no alert fell due"
                what = f"slowest alert at {rate:,}/s of {tracks:,} tracks, from its observation"
                at_most(what, max(found.alerts_ms.values()), 1_000, "ms")


if __name__ == "__main__":
    main()
