"""The plot of `make bench-detect`: time over N, both logarithmic, one panel for each question."""

from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("Agg")
from matplotlib import pyplot as plt

PANELS = (
    ("tracks against each other (en route)", "en-route", ""),
    ("tracks against 10,000 zones (mixed)", "mixed", "zones: "),
    ("plans against each other", "theatre", "plans: "),
)
COLOURS = {
    "crosstell": "#0b6e4f",
    "crosstell plain": "#6ab187",
    "BlueSky compiled": "#b23a48",
    "BlueSky NumPy": "#e08e79",
    "shapely STRtree": "#3a5a98",
    "rtree": "#8d6a9f",
    "SQLite R*Tree": "#7a7a7a",
}
MARKS = dict(zip(COLOURS, "oosv^Dx", strict=True))  # a mark beside each colour


def draw(rows: list[dict[str, Any]], path: Path) -> None:
    """Write the plot to `path`."""
    figure, panels = plt.subplots(1, 3, figsize=(13, 4.2), dpi=80, layout="constrained")
    for panel, (title, kind, prefix) in zip(panels, PANELS, strict=True):
        for name, colour in COLOURS.items():
            points = [
                (row["count"], row["best_s"])
                for row in rows
                if row["method"] == prefix + name and row["kind"] == kind and "failed" not in row
            ]
            if points:
                x, y = zip(*points, strict=True)
                panel.loglog(x, y, color=colour, marker=MARKS[name], label=name)
        panel.set_title(title, fontsize=10)
        panel.set_xlabel("N")
        panel.set_ylabel("seconds, best")
        panel.grid(alpha=0.3, which="both")
        panel.legend(fontsize=8)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path)
