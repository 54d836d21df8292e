"""Does a figure that was taken at equal intervals of a watch grow, or move about a level?"""

import statistics
from itertools import combinations

GROWTH_MAX = {"JSHeapUsedSize": 0.08, "Nodes": 0.03, "JSEventListeners": 0.03}  # of the page
# Told and not judged: the process has two nodes, whose records grow with what is recorded, and the
# bench about them. What one node keeps is measured by `python -m benchmarks.console holding`.
TOLD = ("node_kb",)
Row = dict[str, float]


def slope(rows: list[Row], name: str) -> float:
    """By how much of its middle a figure grows in the whole watch, were it to go on so.

    The median of the slopes between any two rows after the first third: a single row that was taken
    at a bad moment moves it little.
    """
    found = rows[len(rows) // 3 :]
    slopes = [
        (b[name] - a[name]) / (b["screens"] - a["screens"])
        for a, b in combinations(found, 2)
        if b["screens"] > a["screens"]
    ]
    middle = statistics.median(row[name] for row in found)
    return statistics.median(slopes) * rows[-1]["screens"] / middle if slopes and middle else 0.0


def verdict(rows: list[Row]) -> dict[str, object]:
    """Each figure's growth over the watch, and those that grow more than they may."""
    growth = {name: round(slope(rows, name), 4) for name in (*GROWTH_MAX, *TOLD)}
    grows = [name for name, most in GROWTH_MAX.items() if growth[name] > most]
    return {"growth": growth, "may": GROWTH_MAX, "grows": grows, "screens": rows[-1]["screens"]}
