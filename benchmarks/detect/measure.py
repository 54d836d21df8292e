"""One method on one input, in a process of its own: seconds, memory and how many it found.

`python -m benchmarks.detect.measure METHOD KIND COUNT` prints one line of JSON. Wall time and
processor time, of all threads, each the best of several runs; the memory is the highest of the
process, inputs included.
"""

import json
import resource
import sys
import time
from collections.abc import Callable

from benchmarks.detect.methods import METHODS, PER
from benchmarks.detect.scenes import Found

REPEAT_S = 1.5  # repeat until this much is spent, at most RUNS_MAX times
RUNS_MAX = 20
LIMIT_BYTES = 14 * 1024**3  # a method that wants more than this machine has is stopped by it


def timed(run: Callable[[], int | Found]) -> tuple[float, float, int, Found]:
    """Best wall and best processor seconds, runs made, and what was found."""
    best_s, busy_s, spent_s, runs = float("inf"), float("inf"), 0.0, 0
    found: int | Found = 0
    while runs == 0 or (spent_s < REPEAT_S and runs < RUNS_MAX):
        begun_s, worked_s = time.perf_counter(), time.process_time()
        found = run()
        took_s = time.perf_counter() - begun_s
        busy_s = min(busy_s, time.process_time() - worked_s)
        best_s, spent_s, runs = min(best_s, took_s), spent_s + took_s, runs + 1
    return best_s, busy_s, runs, found if isinstance(found, Found) else Found(found, 0)


def main() -> None:
    """Measure what the arguments name."""
    method, kind, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    resource.setrlimit(resource.RLIMIT_AS, (LIMIT_BYTES, LIMIT_BYTES))
    begun_s = time.perf_counter()
    run = METHODS[method](kind, count)
    ready_s = time.perf_counter() - begun_s
    best_s, busy_s, runs, found = timed(run)
    best_s, busy_s = best_s / PER.get(method, 1), busy_s / PER.get(method, 1)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        json.dumps(
            {
                "method": method,
                "kind": kind,
                "count": count,
                "best_s": best_s,
                "busy_s": busy_s,
                "runs": runs,
                "found": found.pairs,
                "exactly": found.exactly,
                "ready_s": ready_s,
                "peak_mb": peak_mb,
            }
        )
    )


if __name__ == "__main__":
    main()
