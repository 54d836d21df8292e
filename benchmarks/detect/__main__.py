"""`make bench-detect`: every method on the same inputs, one after the other, in one run.

Prints a table with N, seconds, memory and what was found, the growth exponents and the ratios,
and draws `docs/pictures/bench-detect.png`. `--quick` leaves the large inputs out.
"""

import json
import math
import os
import platform
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.detect.plot import draw

ROOT = Path(__file__).parents[2]
TIMEOUT_S = 300.0
PAGE = ROOT / "docs" / "bench-detect.md"
HEAD = """# Detection beside what a user would pick instead

Written by `make bench-detect`, in one run on one machine. Every method gets the same inputs,
each in a process of its own; wall time and the processor's time of all threads are the best of
several, targets and ratios are of wall time, the memory the highest of that
process, inputs included (never under 65 MB, which the starting process has). Columns and
projected coordinates are made beforehand and not counted, which favours the planar methods; "from
objects" counts for ours what one object for each track, zone or plan costs on top. "Exactly" is how
many of the pairs found the arrays left to the exact test of one pair. How busy the machine was
stands at the head and at the end: above the number of its cores wall time is too long by about as
many times, and the processor's time is nearer to what a quiet machine takes.
What each finds differs: BlueSky computes on a flat earth, shapely on a plane and with circles
of 64 corners, rtree and SQLite compare boxes only. Ours is exact on the ellipsoid.

Sizes differ where a method cannot go further in the time or the memory (14 GB) that it is given.
The scenes are in `benchmarks/detect/scenes.py`: traffic over 3000 km square, 180 s ahead; 10,000
zones; plans of 40 parties over 600 km and 24 hours. "Levels" is clustered traffic with every height
on a flight level and the limit of 1000 ft met exactly; "adjoining" is a square of plan cells that
share their edges, each of another party.

![Time over N](pictures/bench-detect.png)

```text
"""
BOXES_ONLY = ("plans: rtree", "plans: SQLite R*Tree")
CASES: tuple[tuple[str, str, tuple[int, ...]], ...] = (
    ("crosstell", "en-route", (1_000, 2_000, 5_000, 10_000, 100_000, 1_000_000)),
    ("crosstell plain", "en-route", (1_000, 2_000, 5_000, 10_000, 100_000)),
    ("crosstell from objects", "en-route", (10_000,)),
    ("BlueSky compiled", "en-route", (1_000, 2_000, 5_000, 10_000)),
    ("BlueSky NumPy", "en-route", (1_000, 2_000)),
    ("shapely STRtree", "en-route", (1_000, 2_000, 5_000, 10_000, 100_000)),
    ("crosstell", "mixed", (10_000, 100_000)),
    ("shapely STRtree", "mixed", (10_000, 100_000)),
    ("crosstell", "clustered", (10_000, 100_000)),
    ("crosstell", "levels", (10_000, 100_000)),
    ("zones: crosstell", "mixed", (10_000, 100_000)),
    ("zones: crosstell plain", "mixed", (10_000, 100_000)),
    ("zones: shapely STRtree", "mixed", (10_000, 100_000)),
    ("zones: crosstell", "en-route", (10_000, 100_000)),
    ("zones: crosstell 2 threads", "en-route", (100_000,)),
    ("zones: crosstell plain", "en-route", (10_000, 100_000)),
    ("zones: crosstell from objects", "en-route", (10_000,)),
    ("zones: shapely STRtree", "en-route", (10_000, 100_000)),
    ("plans: crosstell", "theatre", (10_000, 100_000, 1_000_000)),
    ("plans: crosstell plain", "theatre", (10_000, 100_000)),
    ("plans: crosstell from objects", "theatre", (10_000,)),
    ("plans: crosstell", "adjoining", (10_000, 90_000)),
    ("plans: shapely STRtree", "theatre", (10_000, 100_000)),
    ("plans: rtree", "theatre", (10_000, 100_000)),
    ("plans: SQLite R*Tree", "theatre", (10_000, 100_000)),
    ("well clear: crosstell", "pairs", (1_000_000,)),
    ("well clear: crosstell plain", "pairs", (1_000_000,)),
    ("one observation: crosstell", "en-route", (100_000,)),
)
QUICK_MAX = 10_000
TARGETS_S = {
    ("crosstell", "en-route", 10_000): 0.016,
    ("crosstell", "en-route", 100_000): 0.15,
    ("crosstell", "mixed", 100_000): 0.15,
    ("crosstell", "clustered", 100_000): 1.5,
    ("zones: crosstell", "mixed", 100_000): 0.05,
    ("zones: crosstell 2 threads", "en-route", 100_000): 0.05,
    ("zones: crosstell plain", "en-route", 100_000): 0.5,
    ("plans: crosstell", "theatre", 100_000): 0.15,
    ("plans: crosstell", "theatre", 1_000_000): 2.0,
    ("well clear: crosstell", "pairs", 1_000_000): 0.2,
    ("one observation: crosstell", "en-route", 100_000): 0.001,
}

Row = dict[str, Any]


def measured(method: str, kind: str, count: int) -> Row:
    """One case in its own process; a case that fails or is too slow says so."""
    command = [sys.executable, "-m", "benchmarks.detect.measure", method, kind, str(count)]
    case: Row = {"method": method, "kind": kind, "count": count}
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            command, cwd=ROOT, capture_output=True, text=True, timeout=TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired:
        return {**case, "failed": f"over {TIMEOUT_S:.0f} s"}
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines()
        return {**case, "failed": lines[-1] if lines else f"exit {done.returncode}"}
    row: Row = json.loads(done.stdout.splitlines()[-1])
    return row


def told(row: Row) -> str:
    """One line of the table."""
    head = f"{row['method']:29} {row['kind']:10} {row['count']:>9,}"
    if "failed" in row:
        return f"{head}  {row['failed']}"
    target_s = TARGETS_S.get((row["method"], row["kind"], row["count"]))
    aim = ""
    if target_s is not None:
        aim = f"  target {target_s * 1e3:g} ms: {'met' if row['best_s'] <= target_s else 'MISSED'}"
    exactly = f", {row['exactly']:,} exactly" if row["exactly"] else ""
    boxes = " (boxes only)" if row["method"] in BOXES_ONLY else ""
    return (
        f"{head} {row['best_s'] * 1e3:12,.2f} ms {row['busy_s'] * 1e3:12,.2f} ms of processor "
        f"{row['peak_mb']:8,.0f} MB "
        f"{row['found']:>9,} found{exactly}{boxes}{aim}"
    )


def growth(rows: list[Row], method: str, kind: str) -> float | None:
    """The exponent of time over N, by least squares on the logarithms; None under two sizes."""
    points = [
        (math.log(row["count"]), math.log(row["best_s"]))
        for row in rows
        if row["method"] == method and row["kind"] == kind and "failed" not in row
    ]
    if len(points) < 2:
        return None
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    across = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / across


def first_result_s() -> float:
    """Wall seconds from the start of a process to its first result, with 1,000 tracks."""
    code = (
        "from benchmarks.detect import ours, scenes;ours.tracks(scenes.tracks('en-route', 1000))()"
    )
    begun_s = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)  # noqa: S603
    return time.perf_counter() - begun_s


def load() -> str:
    """How busy the machine is."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


def main() -> None:
    """Print the table, the exponents and the ratios; write them and the plot to the documents."""
    most = QUICK_MAX if "--quick" in sys.argv[1:] else 10**9
    lines = [f"Python {platform.python_version()}, {platform.machine()}; best of several; {load()}"]
    print(lines[0])
    rows: list[Row] = []
    for method, kind, counts in CASES:
        for count in counts:
            if count > most:
                continue
            rows.append(measured(method, kind, count))
            lines.append(told(rows[-1]))
            print(lines[-1], flush=True)
    soonest_s = min(first_result_s() for _ in range(3))
    after = [
        "",
        "growth of time with N (1 is linear, 2 is every pair)",
        *(
            f"{method:29} {kind:10} {exponent:5.2f}"
            for method, kind, _ in CASES
            if (exponent := growth(rows, method, kind)) is not None
        ),
        "",
        f"first result after the start of a process: {soonest_s:.2f} s; {load()} at the end",
        *ratios(rows),
    ]
    print("\n".join(after))
    if most < 10**9:
        return
    PAGE.write_text(HEAD + "\n".join([*lines, *after]) + "\n```\n", encoding="utf-8")
    draw(rows, ROOT / "docs" / "pictures" / "bench-detect.png")


def ratios(rows: list[Row]) -> list[str]:
    """How many times faster than each peer, at each N that both were given."""
    mine = {
        (row["method"], row["kind"], row["count"]): row["best_s"]
        for row in rows
        if "failed" not in row and row["method"].endswith("crosstell")
    }
    found = []
    for row in rows:
        *question, name = row["method"].split(": ")
        ours = ": ".join((*question, "crosstell"))
        best_s = mine.get((ours, row["kind"], row["count"]))
        if best_s is not None and "crosstell" not in name and "failed" not in row:
            ratio = row["best_s"] / best_s
            found.append(
                f"{ratio:8,.1f} times {row['method']}, {row['kind']}, N = {row['count']:,}"
            )
    return ["", "crosstell is faster by", *found]


if __name__ == "__main__":
    main()
