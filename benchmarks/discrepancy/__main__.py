"""All figures of docs/discrepancy.md: prints them, and writes them between the document's marks.

Run: make bench-discrepancy. It ends in an error if a wrong lock was accepted.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from benchmarks.alert_load.columns import Columns, Stated
from benchmarks.alert_load.recordings import RECORDINGS, flown, rows_of, samples
from benchmarks.alert_load.report import written
from benchmarks.discrepancy import locards
from benchmarks.discrepancy.accounts import accounts
from benchmarks.discrepancy.score import Score, plainly, scored
from benchmarks.discrepancy.swiss import Put, Scene, parted, pooled, scene, snapshots

from crosstell.core.assessment.calibration import Calibration, calibrate

DOCS = Path(__file__).resolve().parents[2] / "docs"
SNAPSHOTS = 300
SIZES = (100, 300, 1_000)
POOLS = 12
KEPT = 0.85  # of a pool, by drop-outs
GATE_99 = 9.21  # chi-square with two degrees of freedom
SHARES = (0.5, 0.1, 0.05, 0.01)


def recorded(columns: Columns, put: Put, count: int = SNAPSHOTS) -> Iterator[Scene]:
    """Pictures of the recording's own instants."""
    for number, (time_s, rows) in enumerate(snapshots(columns, count)):
        yield scene(columns, rows, time_s, put, number)


def crowded(columns: Columns, objects: int) -> Iterator[Scene]:
    """Pictures of many instants laid into one."""
    for number in range(POOLS):
        time_s, rows = pooled(columns, round(objects / KEPT), number)
        yield scene(columns, rows, time_s, Put(), number)


def scenes(columns: Columns) -> dict[str, Callable[[], Iterator[Scene]]]:
    """Every kind of scene by what is wrong in it."""
    usual = Put()

    def apart(shared: float) -> Callable[[], Iterator[Scene]]:
        return lambda: (
            parted(made, shared, number) for number, made in enumerate(recorded(columns, usual))
        )

    return {
        "nothing off": lambda: recorded(columns, Put(shift_m=0.0, turn_deg=0.0, late_s=0.0)),
        "900 m, 0.34 degrees, 3 s": lambda: recorded(columns, usual),
        "the same, 30 % of objects in both": apart(0.3),
        "the same, 10 % of objects in both": apart(0.1),
        "no object in both": apart(0.0),
        "6 km off (beyond the search)": lambda: recorded(columns, Put(shift_m=6_000.0)),
        "4 degrees off (beyond the search)": lambda: recorded(columns, Put(turn_deg=4.0)),
        "20 s late (beyond the search)": lambda: recorded(columns, Put(late_s=20.0)),
    }


def recall_table(scores: dict[str, Score], plain: float) -> str:
    """Recall, wrong pairs, refusals and wrong locks for every kind of scene."""
    rows = [
        "| second picture | scenes | tracks (median) | accepted | recall where accepted | "
        "wrong pairs | refused, why | wrong locks accepted |",
        "|---|---:|---:|---:|---:|---:|---|---:|",
    ]
    for name, score in scores.items():
        why = ", ".join(f"{reason} {count}" for reason, count in sorted(score.refusals.items()))
        accepted = score.scenes - score.refused
        recall = f"{score.right / score.common_accepted:.4f}" if accepted else "-"
        rows.append(
            f"| {name} | {score.scenes} | {np.median(score.tracks):.0f} | {accepted} | {recall} | "
            f"{score.paired - score.right} of {score.paired} | {why or '-'} | "
            f"{score.wrong_locks} |"
        )
    return "\n".join(
        [*rows, "", f"Plain assignment without an offset, in the second row's scenes: {plain:.3f}."]
    )


def size_table(scores: dict[int, Score]) -> str:
    """Recall and time by size."""
    rows = [
        "| tracks on a side | scenes | recall | wrong pairs | marked doubtful | refused | "
        "wrong locks | align and register, ms (median, most) | all tests of one comparison, ms |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for size, score in scores.items():
        times = np.array(score.register_s) * 1e3
        rows.append(
            f"| {size} | {score.scenes} | {score.right / score.common:.4f} | "
            f"{score.paired - score.right} of {score.paired} | {score.doubtful} | "
            f"{score.refused} | {score.wrong_locks} | "
            f"{np.median(times):.0f}, {times.max():.0f} | "
            f"{np.median(score.compare_s) * 1e3:.0f} |"
        )
    return "\n".join(rows)


def accounts_table(scores: dict[str, Score]) -> str:
    """How the two accounts are registered, identities withheld."""
    rows = [
        "| own claims beside multilateration | scenes | tracks | recall | wrong pairs | refused | "
        "wrong locks |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    rows += [
        f"| {name} | {score.scenes} | {np.median(score.tracks):.0f} | "
        f"{score.right / score.common:.3f} | {score.paired - score.right} of {score.paired} | "
        f"{score.refused} | {score.wrong_locks} |"
        for name, score in scores.items()
    ]
    return "\n".join(rows)


def locards_table(found: list[locards.Located]) -> str:
    """What two independent accounts of the same aircraft show, and what calibration makes of it."""
    taken = datetime(2021, 8, 17, tzinfo=UTC)  # when the data were published
    fitted_on = [one for one in found if one.set in (1, 2)]
    held_out = [one for one in found if one.set in (3, 4)]
    law = calibrate(
        ("claimed", "multilateration"), [(one.aircraft, one.nees) for one in fitted_on], taken
    )
    assert isinstance(law, Calibration)
    apart_m = [float(np.hypot(*one.apart_m)) for one in found]
    offset, pairs = locards.fitted_offset(found)
    nees = np.array([one.nees for one in held_out])
    gates = [
        f"| {share:.0%} | {(nees > -2.0 * np.log(share)).mean():.1%} | "
        f"{(nees > law.gate(share)).mean():.1%} |"
        for share in SHARES
    ]
    middle, most, worst = np.percentile(apart_m, [50, 90, 99])
    sigmas = offset.sigmas()
    return "\n".join(
        [
            f"{len(found)} positions of {len({one.aircraft for one in found})} aircraft: "
            f"{middle:.0f} m apart in the median, {most:.0f} m at 90 %, {worst:.0f} m at 99 %.",
            f"Offset over {pairs} of them with a velocity: the aircraft's own places are "
            f"{offset.time_s:.3f} s late (± {1.96 * sigmas[3]:.3f} s), "
            f"{offset.east_m:.1f} m east and {offset.north_m:.1f} m north "
            f"(± {1.96 * sigmas[0]:.1f} m).",
            f"NEES over its two components, sets 3 and 4, as stated: {nees.mean() / 2:.1f} in the "
            f"mean, {np.median(nees) / (2 * np.log(2)):.2f} by the median; "
            f"{(nees > GATE_99).mean():.1%} beyond the 99 % gate.",
            f"Calibrated on sets 1 and 2 ({law.pairs} positions of {law.objects} aircraft): "
            f"inflation {law.inflation:.2f}, tails of {law.dof:g} degrees of freedom; by the "
            f"median then {np.median(nees) / law.gate(0.5):.2f}.",
            "",
            "| share that should be beyond | as stated | calibrated |",
            "|---:|---:|---:|",
            *gates,
        ]
    )


def main() -> int:
    """Everything; the exit code is 1 if a wrong lock was accepted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--docs", type=Path, default=DOCS)
    args = parser.parse_args()
    recording = next(each for each in RECORDINGS if each.name == "switzerland")
    stated = Stated(position_m=None, altitude_m=None)
    columns = flown(rows_of(samples() / recording.file), recording.name, stated)
    kinds = scenes(columns)
    scores = {name: scored(make()) for name, make in kinds.items()}
    plain = plainly(kinds["900 m, 0.34 degrees, 3 s"]())
    sizes = {size: scored(crowded(columns, size), whole=True) for size in SIZES}
    found = locards.located()
    told = {
        name: scored(accounts(found, put, seed) for seed in range(POOLS))
        for name, put in (
            ("as they are", Put(shift_m=0.0, turn_deg=0.0, late_s=0.0)),
            ("put 900 m, 0.34 degrees, 3 s off", Put()),
        )
    }
    tables = {
        "recall": recall_table(scores, plain),
        "sizes": size_table(sizes),
        "locards": locards_table(found),
        "accounts": accounts_table(told),
    }
    for name, table in tables.items():
        print(f"{name}\n{table}\n")
    page = args.docs / "discrepancy.md"
    page.write_text(written(page.read_text(encoding="utf-8"), tables), encoding="utf-8")
    wrong = sum(score.wrong_locks for score in (*scores.values(), *sizes.values(), *told.values()))
    print(f"wrong locks accepted: {wrong}; wrote {page.name}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
