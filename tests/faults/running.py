"""Drills by name, alone or one after the other on one pair of nodes."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from .drill import Drill, Figures, Options, drill
from .drills import (
    bad_lines,
    clock_steps,
    full_disk,
    hostile,
    kill_at_random,
    kills_and_bad_lines,
)
from .machines import nothing_slips, pulled_cables, two_machines
from .stepped import OFFSET

STEPPED = ("-P", str(Path(__file__).with_name("stepped.py")))


@dataclass(frozen=True, slots=True)
class Known:
    """One drill, how often it goes round by itself, and whose record is judged after it."""

    does: Callable[[Drill, int], None]
    rounds: int
    is_stepped: bool = False
    repeats: bool = False
    is_wired: bool = False  # on two machines with a cable between them
    of: tuple[int, ...] = (0, 1)


DRILLS = {
    "kill": Known(kill_at_random, 20),
    "lines": Known(bad_lines, 10, repeats=True),
    "both": Known(kills_and_bad_lines, 10, repeats=True),
    "inside": Known(nothing_slips, 1, repeats=True),
    "namespaces": Known(pulled_cables, 8, is_wired=True),
    "disk": Known(full_disk, 3),
    "clock": Known(clock_steps, 2, is_stepped=True),
    "hostile": Known(hostile, 1, of=(0,)),
}


def run(names: Sequence[str], folder: Path, *, rounds: int | None = None, seed: int = 1) -> Figures:
    """These drills in turn on one pair of nodes in `folder`, and what came of them."""
    known = [DRILLS[name] for name in names]
    os.environ[OFFSET] = str(folder / "offset")
    (folder / "offset").write_text("0", encoding="ascii")
    options = Options(repeats=any(one.repeats for one in known))
    if any(one.is_stepped for one in known):
        options = Options(launcher=STEPPED, repeats=options.repeats)
    wired = any(one.is_wired for one in known)
    with two_machines(folder, seed) if wired else drill(folder, seed, options) as one:
        for each in known:
            each.does(one, rounds or each.rounds)
        return one.judge(of=known[-1].of)
