"""Positions that cannot be trusted: the spoofed recording, and false verdicts on the others.

Each recording is judged observation by observation as a node would (`core/detection/pair/trust`),
under the bounds of an aeroplane and under those of an object of unknown kind.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.alert_load.columns import Columns, Ints, Stated, instant
from benchmarks.alert_load.recordings import columns, flies, rows_of
from crosstell.core.detection.pair.kind import AEROPLANE, UNKNOWN_KIND, MotionLimits
from crosstell.core.detection.pair.trust import Standing, Trust, advanced, begun
from crosstell.core.geometry.geodesic import distance_m
from crosstell.core.geometry.position import Position

SPOOFED = "noisy/noisy_spoofing.json.gz"
KINDS: Mapping[str, MotionLimits] = {"aeroplane": AEROPLANE, "unknown kind": UNKNOWN_KIND}
UNKNOWN = Stated(position_m=None, altitude_m=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """One spell in which a track was not trusted; `end_s` None: until the recording ended."""

    track: str
    start_s: float
    end_s: float | None
    because: tuple[str, ...]
    observations: int
    worst_jump_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubts:
    """What was doubted in one recording."""

    name: str
    tracks: int
    observations: int
    hours: float
    doubts: tuple[Doubt, ...]

    @property
    def tracks_doubted(self) -> int:
        """How many tracks were doubted at all."""
        return len({doubt.track for doubt in self.doubts})

    @property
    def observations_doubted(self) -> int:
        """How many observations were not trusted."""
        return sum(doubt.observations for doubt in self.doubts)


def doubts_in(held: Columns, limits: MotionLimits) -> Doubts:
    """Every spell of doubt in a recording."""
    found: list[Doubt] = []
    flown_s = 0.0
    for track, rows in enumerate(held.rows_of()):
        found += _of_track(held, track, rows, limits)
        flown_s += float(held.time_s[rows[-1]] - held.time_s[rows[0]])
    return Doubts(
        name=held.name,
        tracks=len(held.names),
        observations=len(held),
        hours=flown_s / 3_600.0,
        doubts=tuple(found),
    )


def _of_track(held: Columns, track: int, rows: Ints, limits: MotionLimits) -> list[Doubt]:
    found: list[Doubt] = []
    trust: Trust | None = None
    since: float | None = None
    count, jump_m = 0, 0.0
    because: dict[str, None] = {}
    before: Position | None = None
    for row in rows.tolist():
        motion = held.motion(row)
        trust = begun(motion) if trust is None else advanced(trust, motion, limits)
        time_s = float(held.time_s[row])
        if trust.standing is Standing.NOT_TRUSTWORTHY:
            since = time_s if since is None else since
            count += 1
            because |= dict.fromkeys(str(one) for one in trust.because)
            jump_m = max(jump_m, 0.0 if before is None else distance_m(before, motion.position))
        elif since is not None:
            found.append(_doubt(held.names[track], (since, time_s), because, count, jump_m))
            since, count, jump_m, because = None, 0, 0.0, {}
        before = motion.position
    if since is not None:
        found.append(_doubt(held.names[track], (since, None), because, count, jump_m))
    return found


def _doubt(
    track: str, span: tuple[float, float | None], because: dict[str, None], count: int, jump_m: float
) -> Doubt:
    return Doubt(
        track=track,
        start_s=span[0],
        end_s=span[1],
        because=tuple(because),
        observations=count,
        worst_jump_m=jump_m,
    )


def single(path: Path, name: str) -> Columns:
    """A recording of single aircraft, as it lies."""
    return columns(rows_of(path), name, UNKNOWN, keep=flies)


def told(doubt: Doubt) -> str:
    """One spell in words."""
    end = "the end" if doubt.end_s is None else f"{instant(doubt.end_s):%H:%M:%S}"
    return (
        f"{doubt.track} {instant(doubt.start_s):%Y-%m-%d %H:%M:%S} to {end}: "
        f"{', '.join(doubt.because)}; {doubt.observations} observations, greatest jump "
        f"{doubt.worst_jump_m / 1_000.0:.1f} km"
    )
