"""What comes of one scene and of many: right and wrong pairs, refusals, wrong locks, time.

A wrong lock is a registration that was accepted although more than one in ten of its pairs are of
two objects. Time is of the process, so other work on the machine does not count.
"""

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from benchmarks.discrepancy.swiss import Scene

from crosstell.core.assessment.discrepancy.compare import compare
from crosstell.core.assessment.discrepancy.settings import Settings
from crosstell.core.assessment.registration.aligned import align
from crosstell.core.assessment.registration.assignment import assign
from crosstell.core.assessment.registration.candidates import Search, candidates
from crosstell.core.assessment.registration.register import GATE, Refused, register
from crosstell.core.assessment.stated import Noise

WRONG_SHARE = 0.1


@dataclass(slots=True)
class Score:
    """Sums over many scenes."""

    scenes: int = 0
    common: int = 0
    common_accepted: int = 0
    paired: int = 0
    right: int = 0
    doubtful: int = 0
    wrong_locks: int = 0
    refusals: Counter[str] = field(default_factory=Counter)
    tracks: list[int] = field(default_factory=list)
    register_s: list[float] = field(default_factory=list)
    compare_s: list[float] = field(default_factory=list)

    @property
    def refused(self) -> int:
        """How many scenes were refused."""
        return sum(self.refusals.values())


def scored(scenes: Iterable[Scene], *, whole: bool = False) -> Score:
    """All scenes through alignment and registration; `whole` times every test of it, too."""
    score = Score()
    for made in scenes:
        start = time.process_time()
        sides, _ = align((made.one, made.other), made.at, Noise())
        found = register(sides[0], sides[1], Search())
        score.register_s.append(time.process_time() - start)
        if whole:
            start = time.process_time()
            compare(made.one, made.other, made.at, Settings())
            score.compare_s.append(time.process_time() - start)
        score.scenes += 1
        score.common += len(made.common)
        score.tracks.append(min(len(made.one.tracks), len(made.other.tracks)))
        if isinstance(found, Refused):
            score.refusals[str(found.reason)] += 1
            continue
        right = sum(
            sides[0].tracks[i].track[1:] == sides[1].tracks[j].track[1:]
            for i, j in zip(found.pairs.one.tolist(), found.pairs.other.tolist(), strict=True)
        )
        score.common_accepted += len(made.common)
        score.paired += len(found.pairs)
        score.right += right
        score.doubtful += sum(found.doubtful)
        score.wrong_locks += right < (1.0 - WRONG_SHARE) * len(found.pairs)
    return score


def plainly(scenes: Iterable[Scene]) -> float:
    """Recall of an assignment by distances alone, as if nothing were off."""
    right = common = 0
    for made in scenes:
        sides, _ = align((made.one, made.other), made.at, Noise())
        pairs = candidates(sides[0], sides[1], Search(), heights=True)
        cost = ((pairs.there_m - pairs.here_m) ** 2).sum(axis=1) / pairs.variance_m2
        cost += (pairs.apart_mps**2).sum(axis=1) / pairs.velocity_variance
        rows = assign(pairs.one, pairs.other, np.asarray(cost), limit=GATE)
        right += sum(
            sides[0].tracks[int(pairs.one[row])].track[1:]
            == sides[1].tracks[int(pairs.other[row])].track[1:]
            for row in rows.tolist()
        )
        common += len(made.common)
    return right / common
