"""From an observation to its alert, in a node: `python benchmarks/alert_latency.py [SECONDS]`.

The scene is that of live_node.py. Observations come evenly spaced, of the tracks in turn, however
busy the node is; it takes all that waits as one input and tells it once it is on the disk. How long
each waited is from when it came until it was told; an alert is told with the observations of its
input. A node that cannot keep up says so by what still waits at the end.
"""

import gc
import random
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from live_node import START, Traffic, founded, held, scene

from crosstell.core.mechanism.effects import ShowAlert
from crosstell.core.mechanism.inputs import OBSERVATIONS_MAX, Observed

SECONDS = float(sys.argv[1]) if len(sys.argv) > 1 else 6.0
RATES = (100, 1_000, 5_000)
SCENES = ((1_000, 1_000), (10_000, 10_000))


def measure(tracks: int, notices: int, rate: int) -> None:
    """Print how long observations and alerts waited at this rate."""
    traffic = Traffic(tracks, random.Random("traffic"))
    with tempfile.TemporaryDirectory() as name:
        party = founded(Path(name))
        held(scene(traffic, notices, 8), party)
        first = tuple(traffic.seen(number, START) for number in range(min(1_000, tracks)))
        party.node.handle(Observed(observations=first), START)  # the index is filled
        gc.collect()
        gc.freeze()
        waited_ms: list[float] = []
        alerts_ms: list[float] = []
        taken, used, began, spent = 0, 0, time.perf_counter(), time.process_time()
        while (now_s := time.perf_counter() - began) < SECONDS:
            due = min(int(now_s * rate) + 1 - taken, OBSERVATIONS_MAX)
            if due <= 0:
                time.sleep(max(0.0, taken / rate - now_s))
                continue
            at = START + timedelta(seconds=2.0 + now_s)
            came = range(taken, taken + due)
            batch = tuple(
                traffic.seen(one % tracks, START + timedelta(seconds=2.0 + one / rate))
                for one in came
            )
            outcome = party.node.handle(Observed(observations=batch), at)
            assert outcome.fault is None, outcome.fault
            done_s = time.perf_counter() - began
            waited = [(done_s - one / rate) * 1e3 for one in came]
            waited_ms += waited
            alerts_ms += [waited[0]] * sum(isinstance(one, ShowAlert) for one in outcome.effects)
            used += len(outcome.recorded)
            taken += due
        lasted_s = time.perf_counter() - began
        busy = (time.process_time() - spent) / lasted_s
    waited_ms.sort()
    middle_ms, late_ms = (waited_ms[len(waited_ms) * part // 100] for part in (50, 99))
    print(
        f"{tracks} tracks, {notices} notices, {rate}/s: waited median {middle_ms:.0f} ms, "
        f"p99 {late_ms:.0f} ms; "
        f"{len(alerts_ms)} alerts told, the slowest within {max(alerts_ms, default=0.0):.0f} ms; "
        f"{used / lasted_s:.0f} entries/s, {busy:.2f} processors, "
        f"{max(0, int(lasted_s * rate) - taken)} still wait"
    )


def main() -> None:
    """Each scene at each rate."""
    for tracks, notices in SCENES:
        for rate in RATES:
            measure(tracks, notices, rate)


if __name__ == "__main__":
    main()
