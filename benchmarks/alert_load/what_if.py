"""What a figure outside the alert policy changes: stated accuracies, and a tie at 1,000 feet.

Each trial runs live detection again on part of the recordings, so it can be compared only with the
base beside it.
"""

from collections.abc import Sequence
from dataclasses import replace

from benchmarks.alert_load.between_tracks import SEPARATION
from benchmarks.alert_load.columns import Columns, Stated
from benchmarks.alert_load.detect import Detected, detected
from benchmarks.alert_load.detect_pairs import detected_between
from benchmarks.alert_load.judge import Load, Worth
from benchmarks.alert_load.places import places_in
from benchmarks.alert_load.policy import Choice
from benchmarks.alert_load.sweep import AT_PRESENT, REPORTED, load_under
from benchmarks.alert_load.tested import Tested
from benchmarks.alert_load.truth import fine

from crosstell.core.quantity import feet_to_m

CADENCE_S = 20.0
UNSTATED = Stated(position_m=None, altitude_m=None)
LESS_FT = 900.0


def table(held: Sequence[Columns], workers: int, *, seed: str) -> str:
    """The trials, one row each."""
    rows = [
        "| recording | trial | rule | alerts | valid / nuisance / undecided | "
        "infringements, lost % |",
        "|---|---|---|---:|---|---|",
    ]
    named = {columns.name: columns for columns in held}
    if "paris" in named:
        rows += _accuracies(named["paris"].thinned(CADENCE_S), workers, seed)
    if "switzerland" in named:
        rows += _ties(named["switzerland"], workers, seed)
    return "\n".join(rows)


def _accuracies(columns: Columns, workers: int, seed: str) -> list[str]:
    """Accuracies as stated, and none stated: the protocol's figures stand for them."""
    rows = []
    for label, stated in (("stated", columns.stated), ("not stated", UNSTATED)):
        part = replace(columns, stated=stated)
        places = places_in(columns, seed=seed)[::3]
        found = detected(part, places, seed=seed, workers=workers)
        rows.append(_row(columns.name, f"accuracy {label}", "zone, standoff", found.pairs))
        pairs = detected_between(found, SEPARATION, seed=seed, workers=workers)
        rows.append(_row(columns.name, f"accuracy {label}", "separation", pairs))
    return rows


def _ties(columns: Columns, workers: int, seed: str) -> list[str]:
    """At 1,000 ft, where a tie infringes, and at 900 ft; with heights as reported and not."""
    rows = []
    exact = replace(columns, stated=replace(columns.stated, altitude_m=0.0))
    less = replace(SEPARATION, vertical_m=feet_to_m(LESS_FT))
    pairs: list[Tested] = []
    label = ""
    for label, part, minima in (
        ("1,000 ft, altitude exact", exact, SEPARATION),
        ("900 ft, altitude exact", exact, less),
        ("900 ft, altitude to 125 ft", columns, less),
    ):
        found = Detected(columns=part, path=fine(part), rows=part.rows_of())
        pairs = detected_between(found, minima, seed=seed, workers=workers)
        rows.append(_row(columns.name, label, "separation", pairs))
    rows.append(_row(columns.name, f"{label}, as reported", "separation", pairs, REPORTED))
    return rows


def _row(
    name: str, trial: str, rule: str, pairs: Sequence[Tested], choice: Choice = AT_PRESENT
) -> str:
    load: Load = load_under(pairs, choice)
    counts = load.by_level["advisory"]
    worth = " / ".join(str(counts[one]) for one in Worth)
    return (
        f"| {name} | {trial} | {rule} | {load.alerts} | {worth} | "
        f"{sum(load.warned.values())}, {100.0 * load.missed_share:.1f} |"
    )
