"""Does a figure that was taken at equal intervals of a watch grow, or move about a level?"""

import statistics
from itertools import combinations

GROWTH_MAX = {"JSHeapUsedSize": 0.08, "Nodes": 0.03, "JSEventListeners": 0.03, "node_kb": 0.15}
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
    growth = {name: round(slope(rows, name), 4) for name in GROWTH_MAX}
    grows = [name for name, found in growth.items() if found > GROWTH_MAX[name]]
    return {"growth": growth, "may": GROWTH_MAX, "grows": grows, "screens": rows[-1]["screens"]}
