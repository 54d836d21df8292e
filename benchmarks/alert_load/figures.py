"""The plots of `docs/alert-load.md`. They need matplotlib; nothing else here does."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")

import numpy as np
from benchmarks.alert_load.judge import Load, Worth
from benchmarks.alert_load.sweep import Point
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

COLOURS = {"switzerland": "#1b5e8c", "paris": "#b3541e", "calfire": "#2e7d32", "solent": "#6a1b9a"}
WORTHS = {Worth.VALID: "#2e7d32", Worth.NUISANCE: "#c62828", Worth.UNDECIDED: "#bdbdbd"}
DPI = 90
NAMED = ("1 of 1", "2 of 3", "3 of 5", "5 of 8", "8 of 10")

Sweeps = Mapping[str, Sequence[Point]]
Loads = Mapping[tuple[str, str], Load]  # by recording and rule


def save(folder: Path, name: str) -> None:
    """Write the figure; the same figures give the same bytes."""
    plt.savefig(folder / f"alert-load-{name}.png", dpi=DPI, metadata={"Software": None})
    plt.close()


def worths(loads: Loads, folder: Path) -> None:
    """What showings were worth, by recording, rule and level."""
    figure, axes = plt.subplots(1, 3, figsize=(11, 4.2), sharey=True, layout="constrained")
    names = [f"{recording}\n{rule}" for recording, rule in loads]
    for axis, level in zip(axes, ("advisory", "urgent", "critical"), strict=True):
        left = np.zeros(len(names))
        totals = [max(1, sum(load.by_level[level].values())) for load in loads.values()]
        for worth, colour in WORTHS.items():
            share = [load.by_level[level][worth] for load in loads.values()]
            width = np.array(share) / np.array(totals)
            axis.barh(names, width, left=left, color=colour, label=str(worth))
            left += width
        axis.set_title(level)
        axis.set_xlim(0, 1)
        axis.set_xlabel("share of showings that reached it")
        axis.invert_yaxis() if level == "advisory" else None
        axis.tick_params(labelsize=7)
    figure.legend(
        *axes[0].get_legend_handles_labels(), fontsize=8, loc="outside lower center", ncol=3
    )
    figure.suptitle("What an alert was worth, by the level that it reached (present figures)")
    save(folder, "worth")


def m_of_n(sweeps: Sweeps, folder: Path) -> None:
    """Nuisance against lost infringements, for every M of N, with and without critical at once."""
    _, axes = plt.subplots(1, len(sweeps), figsize=(11, 4), layout="constrained")
    for axis, (recording, points) in zip(np.atleast_1d(axes), sweeps.items(), strict=True):
        for family, marker, fill in (
            ("M of N", "o", "none"),
            ("M of N, critical at once", "s", COLOURS[recording]),
        ):
            chosen = [point for point in points if point.family == family]
            x = [100.0 * point.load.missed_share for point in chosen]
            y = [100.0 * point.load.nuisance_share for point in chosen]
            axis.plot(x, y, ":", color=COLOURS[recording], linewidth=0.7)
            axis.scatter(x, y, marker=marker, facecolors=fill, edgecolors=COLOURS[recording])
            for point, at_x, at_y in zip(chosen, x, y, strict=True):
                if point.label not in NAMED:
                    continue
                axis.annotate(
                    point.label, (at_x, at_y), fontsize=6, xytext=(4, 3), textcoords="offset points"
                )
            axis.plot(
                [],
                [],
                marker=marker,
                linestyle="",
                markerfacecolor=fill,
                markeredgecolor=COLOURS[recording],
                label=family,
            )
        _labelled(axis, recording, "late or missed, % of infringements", "nuisance, % of decided")
        axis.legend(fontsize=6)
    save(folder, "m-of-n")


def waits(sweeps: Sweeps, folder: Path) -> None:
    """What the hold and clear times change."""
    _, axes = plt.subplots(1, 3, figsize=(11, 3.8), layout="constrained")
    for recording, points in sweeps.items():
        colour = COLOURS[recording]
        clear = [point for point in points if point.family == "clear after (s)"]
        hold = [point for point in points if point.family == "hold (s)"]
        x = [float(point.label) for point in clear]
        axes[0].plot(
            x, [point.load.flapping for point in clear], "o-", color=colour, label=recording
        )
        axes[1].plot(
            x,
            [_relative(point, clear, "shown_s") for point in clear],
            "o-",
            color=colour,
            label=f"{recording}, shown",
        )
        axes[1].plot(
            x,
            [100.0 * point.load.nuisance_share for point in clear],
            "s:",
            color=colour,
            label=f"{recording}, nuisance",
        )
        axes[2].plot(
            [float(point.label) for point in hold],
            [_relative(point, hold, "rings") for point in hold],
            "o-",
            color=colour,
            label=recording,
        )
    _labelled(axes[0], "Returns per alert", "clear after (s)", "returns per alert")
    _labelled(axes[1], "Time shown and nuisance", "clear after (s)", "%; time shown, 0 s = 100")
    _labelled(axes[2], "Rings", "hold (s)", "rings, % of those at 0 s")
    for axis in axes:
        axis.legend(fontsize=6)
    save(folder, "waits")


def leads(loads: Loads, folder: Path) -> None:
    """How long before the infringement the alert was shown, beside how long there was."""
    rules = list(dict.fromkeys(rule for _, rule in loads))
    _, axes = plt.subplots(1, len(rules), figsize=(11, 3.6), sharey=True, layout="constrained")
    for axis, rule in zip(axes, rules, strict=True):
        for (recording, of_rule), load in loads.items():
            if of_rule != rule or not load.leads_s:
                continue
            share = np.linspace(0.0, 100.0, len(load.leads_s))
            axis.plot(
                np.sort(load.leads_s),
                share,
                color=COLOURS[recording],
                label=f"{recording} ({len(load.leads_s)})",
            )
            axis.plot(np.sort(load.rooms_s), share, ":", color=COLOURS[recording], linewidth=0.9)
        _labelled(axis, rule, "lead (s); dotted: what there was", "% of infringements, at most")
        axis.legend(fontsize=6)
    save(folder, "leads")


def _relative(point: Point, points: Sequence[Point], name: str) -> float:
    base = float(getattr(points[0].load, name)) or 1.0
    return 100.0 * float(getattr(point.load, name)) / base


def _labelled(axis: Axes, title: str, x: str, y: str) -> None:
    axis.set_title(title, fontsize=9)
    axis.set_xlabel(x, fontsize=8)
    axis.set_ylabel(y, fontsize=8)
    axis.tick_params(labelsize=7)
    axis.grid(visible=True, linewidth=0.3)
    axis.set_ylim(bottom=0)
