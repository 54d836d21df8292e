"""`make bench`: every measurement, each in a process of its own, one after the other.

Prints what each says and then the goals, and writes `docs/bench.md`. Names of files after it
(`python -m benchmarks append verify`) measure those alone and write nothing. How busy the machine
was stands at the head and the end of each: the processor's time tells more than the clock then.
"""

import os
import platform
import resource
import subprocess
import sys
import threading
import time
from pathlib import Path

from benchmarks.goals import MARK

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "bench.md"
TIMEOUT_S = 1_800.0  # of one file; on a quiet machine all of them take some seven minutes
FILES = (
    "append",
    "over_http",
    "verify",
    "replication",
    "alert_latency",
    "live_node",
    "large_record",
    "rebuild",
    "traffic_paths",
    "zone_paths",
    "plan_paths",
    "detection_zone",
    "well_clear",
    "contradictions",
)
HEAD = """# What a node does in a second

Written by `make bench`, in one run on one machine, each measurement in a process of its own. Each
file in `benchmarks/` says at its head what it measures, how the scene was made, and how to ask for
more; run alone (`python benchmarks/append.py 30`) it takes longer or larger inputs. The load stands
at the start and at the end of each: where it is above the number of cores, waits and rates are
those of a machine that did other work too, and the processor's time is nearer to what a quiet one
takes.

A synchronisation of a virtual disk may return sooner than a real one: `append.py` measures too how
it would be if each took 4 ms longer. What is offered to a node comes from a thread in the node's
own process, so it takes part of what two cores can do.

To verify the whole record of a million entries takes longer than the rest together, and is asked
for by itself: `python benchmarks/large_record.py 1000000 1000 verify`.

## Goals

```text
"""


def main() -> int:
    """Measure, print, write."""
    names = tuple(sys.argv[1:])
    began = time.perf_counter()
    text, goals, is_good = [_machine()], [], True
    print(text[0], flush=True)
    for name in names or FILES:
        said, code = _run(name)
        is_good = is_good and code == 0
        goals += [line.removeprefix(MARK) for line in said if line.startswith(MARK)]
        text += [line for line in said if not line.startswith(MARK)]
    took = f"{time.perf_counter() - began:.0f} s in all"
    print("\n".join(("", *goals, took)))
    if is_good and not names:
        shown = "\n".join(text)
        body = "\n".join((*goals, "```", "", "## Everything measured", "", "```text", shown, took))
        PAGE.write_text(f"{HEAD}{body}\n```\n", encoding="utf-8")
    return 0 if is_good else 1


def _machine() -> str:
    memory_gb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return (
        f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores, "
        f"{memory_gb:.0f} GB, {platform.system()} {platform.release().split('-')[0]}"
    )


def _run(name: str) -> tuple[list[str], int]:
    """What one file printed, with its times, and how it ended."""
    began, spent, load = time.perf_counter(), _children_s(), os.getloadavg()[0]
    command = [sys.executable, str(ROOT / "benchmarks" / f"{name}.py")]
    said = [f"--- {name}.py"]
    print(said[0], flush=True)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:  # noqa: S603
        assert running.stdout is not None
        limit = threading.Timer(TIMEOUT_S, running.kill)
        limit.start()
        for line in running.stdout:
            said.append(line.rstrip("\n"))
            print(said[-1], flush=True)
        limit.cancel()
    took = (
        f"    {time.perf_counter() - began:.0f} s, {_children_s() - spent:.0f} s of processor, "
        f"load {load:.1f} to {os.getloadavg()[0]:.1f}"
    )
    said.append(took if running.returncode == 0 else f"{took}; it FAILED ({running.returncode})")
    print(said[-1], flush=True)
    return said, running.returncode


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    raise SystemExit(main())
