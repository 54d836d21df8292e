"""The tables of `docs/alert-load.md`, written between their marks; the words around them stay."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from benchmarks.alert_load.judge import RANKS, Load, Warned, Worth
from benchmarks.alert_load.sweep import Point

WATCH_H = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much was recorded."""

    hours: float
    aircraft_hours: float
    tracks: int
    observations: int

    @property
    def in_picture(self) -> float:
        """How many aircraft there are at a time, on average."""
        return self.aircraft_hours / self.hours


def written(text: str, tables: Mapping[str, str]) -> str:
    """The document with each table between `<!-- NAME -->` and `<!-- end -->`."""
    for name, table in tables.items():
        mark = re.compile(rf"<!-- {re.escape(name)} -->\n.*?<!-- end -->", re.DOTALL)
        found = mark.search(text)
        if found is None:
            raise ValueError(f"the document has no mark for {name}; write <!-- {name} -->")
        filled = f"<!-- {name} -->\n\n{table}\n\n<!-- end -->"
        text = text[: found.start()] + filled + text[found.end() :]
    return text


def sizes_table(sizes: Mapping[str, Size]) -> str:
    """What was recorded."""
    rows = [
        "| recording | hours | tracks | observations | aircraft at a time |",
        "|---|---:|---:|---:|---:|",
    ]
    rows += [
        f"| {name} | {size.hours:.1f} | {size.tracks} | {size.observations:,} | "
        f"{size.in_picture:.1f} |"
        for name, size in sizes.items()
    ]
    return "\n".join(rows)


def load_table(loads: Mapping[tuple[str, str], Load], sizes: Mapping[str, Size]) -> str:
    """Alerts per watch."""
    rows = [
        "| recording | rule | alerts | of these at most advisory / urgent / critical | rings | "
        "shown at a time | alerts per 100 aircraft hours | returns per alert |",
        "|---|---|---:|---|---:|---:|---:|---:|",
    ]
    for (name, rule), load in loads.items():
        size = sizes[name]
        watch = WATCH_H / size.hours
        showings = max(1, sum(load.highest.values()))
        levels = " / ".join(
            f"{load.highest[level] * load.alerts * watch / showings:.0f}"
            for level in RANKS.values()
        )
        rows.append(
            f"| {name} | {rule} | {load.alerts * watch:.0f} | {levels} | "
            f"{load.rings * watch:.0f} | {load.shown_s / 3_600.0 / size.hours:.1f} | "
            f"{100.0 * load.alerts / size.aircraft_hours:.1f} | {load.flapping:.2f} |"
        )
    return "\n".join(rows)


def worth_table(loads: Mapping[tuple[str, str], Load]) -> str:
    """Nuisance, missed, lead."""
    rows = [
        "| recording | rule | nuisance at advisory / urgent / critical, % of decided | "
        "undecided, % | infringements | in time / late / missed (born inside) | "
        "lead, shortest tenth / half / longest tenth |",
        "|---|---|---|---:|---:|---|---|",
    ]
    for (name, rule), load in loads.items():
        shares = " / ".join(_share(load, level) for level in RANKS.values())
        counts = load.by_level["advisory"]
        undecided = 100.0 * counts[Worth.UNDECIDED] / max(1, sum(counts.values()))
        warned = load.warned
        told = (
            f"{warned[Warned.IN_TIME]} / {warned[Warned.LATE]} / {warned[Warned.MISSED]} "
            f"({warned[Warned.BORN_INSIDE]})"
        )
        rows.append(
            f"| {name} | {rule} | {shares} | {undecided:.0f} | {sum(warned.values())} | {told} | "
            f"{leads_words(load.leads_s)} |"
        )
    return "\n".join(rows)


def _share(load: Load, level: str) -> str:
    counts = load.by_level[level]
    decided = counts[Worth.VALID] + counts[Worth.NUISANCE]
    return f"{100.0 * counts[Worth.NUISANCE] / decided:.0f}" if decided else "none"


def leads_words(leads_s: Sequence[float]) -> str:
    """At least so long before, in nine of ten, half and one of ten."""
    if not leads_s:
        return "none"
    low, middle, high = np.quantile(leads_s, [0.1, 0.5, 0.9])
    return f"{low:.0f} / {middle:.0f} / {high:.0f} s"


def unknown_table(
    loads: Mapping[tuple[str, str], tuple[Load, Load]], sizes: Mapping[str, Size]
) -> str:
    """What alerts too where an infringement only cannot be ruled out, and what is lost without."""
    rows = [
        "| recording | rule | alerts a watch; nuisance %; lost % | the same, only as reported |",
        "|---|---|---|---|",
    ]
    for (name, rule), both in loads.items():
        cells = [
            f"{load.alerts * WATCH_H / sizes[name].hours:.0f}; {_share(load, 'advisory')}; "
            f"{100.0 * load.missed_share:.1f}"
            for load in both
        ]
        rows.append(f"| {name} | {rule} | {cells[0]} | {cells[1]} |")
    return "\n".join(rows)


def sweep_table(
    sweeps: Mapping[str, Sequence[Point]], sizes: Mapping[str, Size], families: Sequence[str]
) -> str:
    """The choices of some families, one row each, the recordings side by side."""
    names = list(sweeps)
    rows = [
        "| choice | "
        + " | ".join(f"{name}: alerts, rings a watch; nuisance %; lost %; lead" for name in names)
        + " |",
        "|---|" + "---|" * len(names),
    ]
    for family in families:
        chosen = {name: [p for p in sweeps[name] if p.family == family] for name in names}
        for number, point in enumerate(chosen[names[0]]):
            cells = [_cell(chosen[name][number].load, sizes[name]) for name in names]
            rows.append(f"| {family}: {point.label} | " + " | ".join(cells) + " |")
    return "\n".join(rows)


def _cell(load: Load, size: Size) -> str:
    watch = WATCH_H / size.hours
    lead_s = float(np.median(load.leads_s)) if load.leads_s else 0.0
    return (
        f"{load.alerts * watch:.0f}, {load.rings * watch:.0f}; "
        f"{100.0 * load.nuisance_share:.1f}; {100.0 * load.missed_share:.2f}; {lead_s:.0f} s"
    )
