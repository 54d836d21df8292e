"""Close pairs of different operators that are in the recordings, and whether each was alerted.

Close: within 5 NM and under 1,000 ft by at least one step of the recorded altitude (25 ft) at one
instant of the path (see `truth`). The nearest instant is found on the path; its distance is the
geodesic, by geographiclib. Every such pair counts; the nearest are listed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from benchmarks.alert_load.between_tracks import SEPARATION
from benchmarks.alert_load.columns import Columns, Ints, instant
from benchmarks.alert_load.judge import Warned, announced, seen_since
from benchmarks.alert_load.policy import PRESENT
from benchmarks.alert_load.story import Showing
from benchmarks.alert_load.tested import Tested
from benchmarks.alert_load.truth import Fine, arc_m

from crosstell.core.geometry.geodesic import distance_m
from crosstell.core.geometry.position import Position
from crosstell.core.quantity import FOOT_M, feet_to_m

STEP_FT = 25.0
UNDER_M = SEPARATION.vertical_m - feet_to_m(STEP_FT) + 0.001


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosePair:
    """Two aircraft of different operators at their nearest, and what live detection said.

    `warned` is about the beginning of the infringement; `before_s` says how long before the nearest
    instant the alert that stands then was raised (None: none stands); `seen_s` since when both are
    seen without a break.
    """

    recording: str
    tracks: tuple[str, str]
    operators: tuple[str, str]
    time_s: float
    distance_m: float
    vertical_m: float
    warned: Warned
    before_s: float | None
    seen_s: float

    def words(self) -> str:
        """A row of the table in the document."""
        told = "born inside" if self.warned is Warned.BORN_INSIDE else str(self.warned)
        before = "not shown" if self.before_s is None else f"{self.before_s:.0f} s"
        names = " and ".join(
            name if name == operator else f"{name} ({operator})"
            for name, operator in zip(self.tracks, self.operators, strict=True)
        )
        return (
            f"| {self.recording} | {instant(self.time_s):%Y-%m-%d %H:%M:%S} | {names} | "
            f"{self.distance_m:.0f} | {self.vertical_m / FOOT_M:.0f} | {told} | {before} |"
        )


def close_pairs(columns: Columns, path: Fine, pairs: Sequence[Tested]) -> list[ClosePair]:
    """All of them, the nearest first."""
    numbers = {name: number for number, name in enumerate(columns.names)}
    starts = np.searchsorted(path.track, np.arange(len(columns.names) + 1))
    found = []
    for pair in pairs:
        if not pair.infringed:
            continue
        one, other = (numbers[name] for name in pair.name.split())
        near = _nearest(path, _rows(starts, one), _rows(starts, other))
        if near is not None:
            found.append(_close(columns, path, pair, near))
    return sorted(found, key=lambda close: close.distance_m)


def _rows(starts: Ints, track: int) -> Ints:
    return np.arange(starts[track], starts[track + 1])


def _nearest(path: Fine, first: Ints, second: Ints) -> tuple[int, int] | None:
    """The rows of the nearest instant at which the heights are close; None if there is none."""
    _, a, b = np.intersect1d(path.time_s[first], path.time_s[second], return_indices=True)
    one, other = first[a], second[b]
    level = np.abs(path.altitude_m[one] - path.altitude_m[other]) <= UNDER_M
    one, other = one[level], other[level]
    apart = arc_m(np.linalg.norm(path.point[one] - path.point[other], axis=-1))
    within = apart <= SEPARATION.lateral_m
    if not within.any():
        return None
    best = int(np.argmin(apart))
    return int(one[best]), int(other[best])


def _close(columns: Columns, path: Fine, pair: Tested, near: tuple[int, int]) -> ClosePair:
    one, other = near
    tracks = (int(path.track[one]), int(path.track[other]))
    time_s = float(path.time_s[one])
    judged = pair.pair(PRESENT)
    spell = next(each for each in pair.infringed if each.start_s <= time_s <= each.end_s)
    told = announced(judged, spell, PRESENT.horizons)
    return ClosePair(
        recording=columns.name,
        tracks=(columns.names[tracks[0]], columns.names[tracks[1]]),
        operators=(columns.operators[tracks[0]], columns.operators[tracks[1]]),
        time_s=time_s,
        distance_m=distance_m(_place(path, one), _place(path, other)),
        vertical_m=float(abs(path.altitude_m[one] - path.altitude_m[other])),
        warned=told.warned,
        before_s=_before_s(judged.showings, time_s),
        seen_s=time_s - seen_since(pair.known, time_s),
    )


def _before_s(showings: Sequence[Showing], time_s: float) -> float | None:
    """How long before `time_s` the alert shown then was raised."""
    for showing in showings:
        if showing.raised_s <= time_s and not (
            showing.cleared_s is not None and showing.cleared_s <= time_s
        ):
            return time_s - showing.raised_s
    return None


def _place(path: Fine, row: int) -> Position:
    return Position(lat_deg=float(path.lat_deg[row]), lon_deg=float(path.lon_deg[row]))
