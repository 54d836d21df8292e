"""Run with `make alert-load`: everything from one seed; figures, plots and the document's tables.

`--ships FILE` adds ship reports (CSV: Time, MMSI, Latitude_degrees, Longitude_degrees, COG_degrees,
SOG_knots), with places a tenth as large. `--docs FOLDER` writes elsewhere than docs/.
"""

import argparse
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.alert_load import figures, known, report, spoofed, what_if
from benchmarks.alert_load.between_tracks import SEPARATION, WELL_CLEAR, Between
from benchmarks.alert_load.columns import Columns, Stated
from benchmarks.alert_load.detect import Detected, detected
from benchmarks.alert_load.detect_pairs import detected_between
from benchmarks.alert_load.judge import Load, Warned
from benchmarks.alert_load.places import PlaceRule, places_in
from benchmarks.alert_load.recordings import RECORDINGS, Recording, flown, rows_of, samples, ships
from benchmarks.alert_load.report import Size
from benchmarks.alert_load.sweep import AT_PRESENT, REPORTED, Point, load_under, swept
from benchmarks.alert_load.tested import Tested

SEED = "crosstell"
DOCS = Path(__file__).resolve().parents[2] / "docs"
RULES = (PlaceRule.ZONE, PlaceRule.STANDOFF, Between.SEPARATION, Between.WELL_CLEAR)
SWEPT = ("zone", "standoff", "separation")
LISTED = 8  # close pairs listed of each recording

# 92 of the 95 aircraft with a position in two snapshots of a receiver state NACp 8 or better:
# 92.6 m or less (RTCA DO-260B). The altitude is taken as good to 125 ft: an assumption, after the
# tolerance of altitude reporting.
STATED = Stated(position_m=92.6, altitude_m=38.1)


@dataclass(slots=True)
class Ran:
    """One recording, run."""

    found: Detected
    size: Size
    loads: dict[str, Load]
    reported: dict[str, Load]
    points: list[Point]
    close: list[known.ClosePair]


def say(text: str) -> None:
    """A line of progress, with the seconds since the start."""
    print(f"{time.perf_counter() - BEGAN:6.1f} s  {text}", flush=True)


BEGAN = time.perf_counter()


def recorded(args: argparse.Namespace) -> list[tuple[Columns, float]]:
    """The recordings, and how large places are in each."""
    folder = samples()
    held = [
        (used(flown(rows_of(folder / one.file), one.name, STATED), one), 1.0)
        for one in RECORDINGS
        if not args.only or one.name in args.only
    ]
    if args.ships:
        held.append((ships(args.ships, Stated(position_m=10.0, altitude_m=0.0)), 0.1))
    return held


def used(columns: Columns, recording: Recording) -> Columns:
    """The part of a recording that is run."""
    return columns.first_hours(recording.first_h).thinned(recording.thin_s).named()


def ran(columns: Columns, shrink: float, workers: int) -> Ran:
    """One recording through live detection, judged and swept."""
    places = places_in(columns, seed=SEED, shrink=shrink)
    found = detected(columns, places, seed=SEED, workers=workers)
    say(f"{columns.name}: {len(places)} places, {len(found.pairs)} pairs of track and place")
    if shrink == 1.0:
        for minima in (SEPARATION, WELL_CLEAR):
            pairs = detected_between(found, minima, seed=SEED, workers=workers)
            found.pairs += pairs
            say(f"{columns.name}: {minima.rule}, {len(pairs)} pairs of tracks")
    by_rule: dict[str, list[Tested]] = {str(rule): [] for rule in RULES}
    for pair in found.pairs:
        by_rule[pair.rule].append(pair)
    loads = {rule: load_under(pairs, AT_PRESENT) for rule, pairs in by_rule.items() if pairs}
    reported = {rule: load_under(pairs, REPORTED) for rule, pairs in by_rule.items() if pairs}
    points = swept([pair for pair in found.pairs if pair.rule in SWEPT], workers)
    close = known.close_pairs(columns, found.path, by_rule[Between.SEPARATION])
    say(f"{columns.name}: swept, {len(points)} choices")
    return Ran(
        found=found,
        size=size_of(found),
        loads=loads,
        reported=reported,
        points=points,
        close=close,
    )


def size_of(found: Detected) -> Size:
    """How much was recorded."""
    spans = (spell.end_s - spell.start_s for spells in found.path.known for spell in spells)
    return Size(
        hours=found.columns.hours,
        aircraft_hours=sum(spans) / 3_600.0,
        tracks=len(found.columns.names),
        observations=len(found.columns),
    )


def tables(runs: dict[str, Ran], doubted: dict[str, str], trials: str) -> dict[str, str]:
    """Every table of the document."""
    sizes = {name: run.size for name, run in runs.items()}
    loads = {(name, rule): load for name, run in runs.items() for rule, load in run.loads.items()}
    sweeps = {name: run.points for name, run in runs.items()}
    unknown = {
        (name, rule): (run.loads[rule], load)
        for name, run in runs.items()
        for rule, load in run.reported.items()
    }
    return {
        "sizes": report.sizes_table(sizes),
        "load": report.load_table(loads, sizes),
        "worth": report.worth_table(loads),
        "m-of-n": report.sweep_table(sweeps, sizes, ["M of N", "M of N, critical at once"]),
        "waits": report.sweep_table(
            sweeps,
            sizes,
            [
                "fall after (findings)",
                "hold (s)",
                "clear after (findings)",
                "clear after (s)",
                "advisory horizon (s)",
            ],
        ),
        "cadence": report.sweep_table(sweeps, sizes, ["cadence"]),
        "whole": report.sweep_table(sweeps, sizes, ["whole"]),
        "unknown": report.unknown_table(unknown, sizes),
        "close": close_table([run.close for run in runs.values()]),
        "what-if": trials,
        **doubted,
    }


def close_table(closes: Sequence[list[known.ClosePair]]) -> str:
    """How all close pairs were announced, and the nearest of each recording."""
    every = [close for one in closes for close in one]
    unseen_s = [close.seen_s for close in every if close.before_s is None]
    shown = (
        f"of {len(every) - len(unseen_s)}. The others had been seen together for at most "
        f"{max(unseen_s):.0f} s by then."
        if unseen_s
        else "of each."
    )
    told = {kind: sum(close.warned is kind for close in every) for kind in Warned}
    rows = [
        f"{len(every)} close pairs: {told[Warned.IN_TIME]} alerted in time, {told[Warned.LATE]} "
        f"late, {told[Warned.MISSED]} missed, {told[Warned.BORN_INSIDE]} born inside. At the "
        f"nearest instant an alert was shown {shown}",
        "",
        "| recording | time (UTC) | aircraft (operator) | m apart | ft apart | alert | "
        "shown before the nearest instant |",
        "|---|---|---|---:|---:|---|---:|",
    ]
    return "\n".join([*rows, *(close.words() for one in closes for close in one[:LISTED])])


def drawn(runs: dict[str, Ran], folder: Path) -> None:
    """The plots."""
    folder.mkdir(parents=True, exist_ok=True)
    loads = {(name, rule): load for name, run in runs.items() for rule, load in run.loads.items()}
    sweeps = {name: run.points for name, run in runs.items()}
    figures.worths(loads, folder)
    figures.leads(loads, folder)
    figures.m_of_n(sweeps, folder)
    figures.waits(sweeps, folder)


def main() -> None:
    """Everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ships", type=Path)
    parser.add_argument("--docs", type=Path, default=DOCS)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--workers", type=int, default=min(2, os.cpu_count() or 1))
    args = parser.parse_args()
    runs: dict[str, Ran] = {}
    for columns, shrink in recorded(args):
        say(f"{columns.name}: {len(columns)} observations of {len(columns.names)} tracks")
        runs[columns.name] = ran(columns, shrink, args.workers)
    doubted = spoofed.tables(samples(), [run.found.columns for run in runs.values()])
    say("trust judged")
    trials = what_if.table([run.found.columns for run in runs.values()], args.workers, seed=SEED)
    say("what-ifs run")
    drawn(runs, args.docs / "pictures")
    page = args.docs / "alert-load.md"
    text = page.read_text(encoding="utf-8")
    page.write_text(report.written(text, tables(runs, doubted, trials)), encoding="utf-8")
    examined = sum(run.found.examined for run in runs.values())
    say(f"{examined:,} pairs judged exactly; wrote {page.name} and its plots")


if __name__ == "__main__":
    main()
