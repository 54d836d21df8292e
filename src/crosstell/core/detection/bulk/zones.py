"""Every track that infringes a zone, or may: entry and exit of all tracks against all zones.

Units: metres; seconds after now. The verdicts are those of `pair/zone.pairing`, which decides
every pair that the fast test leaves open; a fast test's times are within SAME_S of the exact ones.
The kernel walks every track through a hashed grid of zones (native/zones.c); the plain path does
the same with NumPy (`entry/`), and leaves tracks without a course that holds to the exact pairing.
"""

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crosstell.core.detection.bulk import sweep
from crosstell.core.detection.bulk.columns import Floats, TrackColumns
from crosstell.core.detection.bulk.entry.entering import LAST_S, Told, judged
from crosstell.core.detection.bulk.entry.waiting import candidates, shares
from crosstell.core.detection.bulk.entry.within import Pairs
from crosstell.core.detection.bulk.kernel import ARRAY, COUNT, KERNEL, Kernel, address
from crosstell.core.detection.bulk.plans import CODES
from crosstell.core.detection.bulk.traffic import ONE_THREAD, Part, Threads
from crosstell.core.detection.bulk.volumes import VolumeColumns
from crosstell.core.detection.finding import Criterion
from crosstell.core.detection.pair.zone import pairing
from crosstell.core.geometry.motion import Motion
from crosstell.core.instant import to_us

LEVELS_MAX = 12
CELL_M_MIN = 50.0
PAD_M = 2.0
PIECES_MAX = 50_000  # judged in one go by the plain path: bounds its memory
BALL = 6  # numbers in native/glance.h: Ball
GLANCE_SHARE = 1e-5  # native/glance.h
SPARE_SAMPLE = 2_000
SPARE_QUANTILE = 0.95
SPARE_M_MAX = 5_000.0

ENTRY = np.dtype(
    [
        ("track", np.int32),
        ("zone", np.int32),
        ("assessed", np.int64),
        ("infringement_in_s", np.float64),
        ("nominal_in_s", np.float64),
        ("exit_in_s", np.float64),
    ]
)
Entries = NDArray[np.void]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ZoneEntries:
    """The pairs that are not clear, by rising (`track`, `zone`), rows of the two columns.

    `assessed` is 1 (infringes) or 2 (cannot be ruled out). NaN: there is none, as None in
    `Encounter`. `is_exact` says that the exact pairing decided; then the times are its own.
    """

    track: NDArray[np.int32]
    zone: NDArray[np.int32]
    assessed: NDArray[np.int8]
    infringement_in_s: Floats
    nominal_in_s: Floats
    exit_in_s: Floats
    is_exact: NDArray[np.bool_]

    def __len__(self) -> int:
        """The number of pairs."""
        return len(self.track)


class Zones(ctypes.Structure):
    """What the kernel reads of zones; the same order as in native/zones.h."""

    _fields_ = (
        ("count", COUNT),
        *[(name, ARRAY) for name in ("middle", "bound", "radius", "lower", "upper")],
        *[(name, ARRAY) for name in ("height_wide", "begin", "end", "pieces", "piece_at", "kind")],
    )


class Rule(ctypes.Structure):
    """What the kernel reads of the criterion; native/zones.h."""

    _fields_ = tuple(
        (name, ctypes.c_double) for name in ("lateral", "vertical", "horizon", "turn_horizon")
    )


class Cells(ctypes.Structure):
    """The grid; native/zones.c."""

    _fields_ = (
        ("levels", COUNT),
        ("mask", COUNT),
        ("spare", ctypes.c_double),
        ("horizon", ctypes.c_double),
        ("cell", ctypes.c_double * 16),
        ("reach", ctypes.c_double * 16),
        *[(name, ARRAY) for name in ("level", "buckets", "zone", "by_level", "level_at", "ball")],
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tuning:
    """What changes the time that an answer takes, and not the answer.

    `kernel` None takes the plain path; `cell_m` is the width of the smallest cells, `capacity`
    the room for pairs at first; `threads` share the kernel's walks.
    """

    kernel: Kernel | None = KERNEL
    cell_m: float | None = None
    capacity: int | None = None
    threads: Threads = ONE_THREAD


BEST = Tuning()


@dataclass(frozen=True, slots=True, eq=False)
class Handed:
    """A structure for the kernel, and the arrays that must outlive it."""

    what: ctypes.Structure
    arrays: tuple[NDArray[Any], ...]

    @property
    def address(self) -> int:
        """Where it lies."""
        return ctypes.addressof(self.what)


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """Tracks ready for the test: states (native/sweep.h), how far a turn leads, what is sure."""

    states: Floats
    turn_m: Floats
    is_sure: NDArray[np.bool_]


def entries(
    tracks: TrackColumns,
    volumes: VolumeColumns,
    criterion: Criterion,
    now: datetime,
    *,
    motions: Sequence[Motion] = (),
    tuning: Tuning = BEST,
) -> ZoneEntries:
    """Every pair of a track and a volume that is not clear, judged as the exact pairing does.

    `motions` are those the columns were made of; without them the columns' own rows are judged,
    a converted altitude widened by its conversion. Implements BLV-020 to BLV-026.
    """
    if tracks.datum is not volumes.datum:
        raise ValueError(
            f"tracks in {tracks.datum} and volumes in {volumes.datum}; make both columns in one"
        )
    kernel = tuning.kernel
    ready = prepared(tracks, criterion, kernel=kernel)
    if kernel is None:
        found = _plain(ready, volumes, criterion, now)
    else:
        zones = handed_zones(volumes, now)
        cells = indexed(
            volumes, criterion, zones, tuning, spare_m=spare_of(ready, criterion.horizon_s)
        )
        found = walked(ready, zones, cells, criterion, tuning)
    found["assessed"][~ready.is_sure[found["track"]]] = Told.OPEN
    found = found[np.lexsort((found["zone"], found["track"]))]
    return _decided(found, tracks, volumes, criterion, now, motions)


def prepared(tracks: TrackColumns, criterion: Criterion, *, kernel: Kernel | None) -> Prepared:
    """The tracks' states under this criterion."""
    is_fast = kernel is not None and KERNEL is not None
    states = sweep.states_of(tracks, criterion, is_fast=is_fast)
    turn_m = np.zeros(len(tracks))
    manoeuvre = criterion.manoeuvre
    if manoeuvre is not None:
        speed_mps = np.fmax(tracks.speed_mps, manoeuvre.speed_mps_max)
        since_s = manoeuvre.horizon_s + 3.0 * np.abs(tracks.age_s)
        turn_s = manoeuvre.acceleration_mps2_max * np.maximum(0.0, -tracks.age_s)
        turn_m = states[:, sweep.WIDE] + (speed_mps + turn_s) * since_s + PAD_M
    return Prepared(states, np.ascontiguousarray(turn_m), tracks.conversion_m == 0.0)


def spare_of(ready: Prepared, horizon_s: float) -> float:
    """How far most tracks may be from their chord; the others are looked up in more cells."""
    step = max(1, len(ready.states) // SPARE_SAMPLE)
    states, turn_m = ready.states[::step], ready.turn_m[::step]
    if not len(states):
        return 0.0
    bow_m = (states[:, sweep.SPEED] * horizon_s) ** 2 / (8.0 * sweep.BENT_M)
    rim_m = states[:, sweep.WIDE] + states[:, sweep.DRIFT] * horizon_s + states[:, sweep.ERROR]
    wide_m = np.maximum(rim_m + bow_m, turn_m) * (1.0 + 2.0 * GLANCE_SHARE)
    return min(SPARE_M_MAX, float(np.quantile(wide_m, SPARE_QUANTILE)))


def handed_zones(volumes: VolumeColumns, now: datetime) -> Handed:
    """The kernel's view of the volumes at `now`."""
    now_us = to_us(now)
    arrays: dict[str, NDArray[Any]] = {
        "middle": volumes.middle_m,
        "bound": volumes.bound_m,
        "radius": volumes.radius_m,
        "lower": volumes.lower_m,
        "upper": volumes.upper_m,
        "height_wide": volumes.height_wide_m,
        "begin": (volumes.start_us - now_us) / 1e6,
        "end": (volumes.end_us - now_us) / 1e6 - LAST_S,
        "pieces": volumes.pieces,
        "piece_at": volumes.piece_at,
        "kind": volumes.kind,
    }
    zones = Zones(count=len(volumes))
    for name, array in arrays.items():
        setattr(zones, name, address(array, array.dtype))
    return Handed(zones, tuple(arrays.values()))


def indexed(
    volumes: VolumeColumns,
    criterion: Criterion,
    zones: Handed,
    tuning: Tuning,
    *,
    spare_m: float,
) -> Handed:
    """The hashed grid of these zones, for tracks that are about as uncertain as `spare_m`."""
    kernel, cell_m = tuning.kernel, tuning.cell_m
    assert kernel is not None, "the plain path needs no grid"
    reach_m = volumes.bound_m + criterion.lateral_m + spare_m
    if cell_m is None:
        cell_m = 2.0 * float(np.quantile(reach_m, 0.75)) if len(volumes) else CELL_M_MIN
    widest_m = float(reach_m.max(initial=0.0))
    cell_m = max(cell_m, CELL_M_MIN, widest_m / 4.0 ** (LEVELS_MAX - 1))
    cells_m = cell_m * 4.0 ** np.arange(LEVELS_MAX)
    level = np.searchsorted(2.0 * cells_m, reach_m).astype(np.int8)
    used = int(level.max(initial=0)) + 1
    mask = (1 << max(6, (4 * len(volumes)).bit_length())) - 1
    buckets = np.empty(mask + 2, np.int32)
    by_level = np.argsort(level, kind="stable").astype(np.int32)
    level_at = np.searchsorted(level[by_level], np.arange(used + 1)).astype(np.int64)
    cells = Cells(levels=used, mask=mask, spare=spare_m, horizon=criterion.horizon_s)
    for number in range(used):
        cells.cell[number] = cells_m[number]
        cells.reach[number] = criterion.lateral_m + spare_m + 0.51 * cells_m[number] + PAD_M
    cells.level, cells.buckets = address(level, np.int8), address(buckets, np.int32)
    cells.by_level, cells.level_at = address(by_level, np.int32), address(level_at, np.int64)
    count = kernel.function("crosstell_zone_count", (ARRAY, ARRAY), COUNT)
    fill = kernel.function("crosstell_zone_fill", (ARRAY, ARRAY, ARRAY), None)
    where = (zones.address, ctypes.addressof(cells))
    row, ball = np.empty(count(*where), np.int32), np.empty((len(volumes), BALL), np.float32)
    cells.zone, cells.ball = address(row, np.int32), address(ball, np.float32)
    rule = rule_of(criterion)
    fill(*where, ctypes.addressof(rule))
    return Handed(cells, (level, buckets, by_level, level_at, row, ball))


def rule_of(criterion: Criterion) -> Rule:
    """The criterion for the kernel."""
    turn_s = criterion.manoeuvre.horizon_s if criterion.manoeuvre is not None else -1.0
    return Rule(criterion.lateral_m, criterion.vertical_m, criterion.horizon_s, turn_s)


def walked(
    ready: Prepared, zones: Handed, cells: Handed, criterion: Criterion, tuning: Tuning
) -> Entries:
    """The kernel's pairs, each share of the tracks by a thread."""
    rule, count = rule_of(criterion), tuning.threads.count
    cuts = [len(ready.states) * part // count for part in range(count + 1)]

    def work(part: Part) -> Entries:
        return _walked(ready, zones, cells, rule, part, tuning)

    return np.concatenate(list(tuning.threads.run(work, pairwise(cuts))))


def _walked(
    ready: Prepared, zones: Handed, cells: Handed, rule: Rule, part: Part, tuning: Tuning
) -> Entries:
    """The pairs of some tracks; asked again with the room they need where it is too small."""
    kernel, (begin, end) = tuning.kernel, part
    assert kernel is not None, "the plain path does not walk"
    search = kernel.function(
        "crosstell_zone_entries",
        (ARRAY, ARRAY, ARRAY, COUNT, ARRAY, ARRAY, ARRAY, ARRAY, COUNT),
        COUNT,
    )
    where = (zones.address, cells.address, ctypes.addressof(rule), end - begin)
    given = (
        address(ready.states[begin:end], np.float64),
        address(ready.turn_m[begin:end], np.float64),
    )
    room = (end - begin) // 4 + 1024 if tuning.capacity is None else tuning.capacity
    while True:
        seen = np.full(zones.what.count, -1, np.int32)
        out = np.empty(room, ENTRY)
        found = search(*where, *given, address(seen, np.int32), address(out, ENTRY), room)
        if found <= room:
            out["track"][:found] += begin
            return out[:found]
        room = found


def _plain(ready: Prepared, volumes: VolumeColumns, criterion: Criterion, now: datetime) -> Entries:
    """The same pairs without the kernel."""
    now_us, found = to_us(now), [np.zeros(0, ENTRY)]
    for track, zone in candidates(ready.states, ready.turn_m, volumes, criterion, now_us):
        for some in shares(volumes.piece_at[zone + 1] - volumes.piece_at[zone] + 1, PIECES_MAX):
            pairs = Pairs(ready.states[track[some]], zone[some], volumes)
            answer = judged(pairs, ready.turn_m[track[some]], criterion, now_us)
            kept = answer.told != Told.CLEAR
            part = np.empty(int(kept.sum()), ENTRY)
            part["track"], part["zone"] = track[some][kept], zone[some][kept]
            part["assessed"] = answer.told[kept]
            for name in ("infringement_in_s", "nominal_in_s", "exit_in_s"):
                part[name] = getattr(answer, name)[kept]
            found.append(part)
    return np.concatenate(found)


def _decided(
    found: Entries,
    tracks: TrackColumns,
    volumes: VolumeColumns,
    criterion: Criterion,
    now: datetime,
    motions: Sequence[Motion],
) -> ZoneEntries:
    """The pairs with their verdicts: what the fast test leaves open is decided exactly."""
    is_exact = found["assessed"] == Told.OPEN
    for pair in np.flatnonzero(is_exact):
        row = int(found["track"][pair])
        motion = motions[row] if motions else motion_of(tracks, row, now)
        volume = volumes.volume_at(int(found["zone"][pair]))
        told = pairing(motion, volume, criterion, now, volumes.data)
        found["assessed"][pair] = CODES[told.assessed]
        found["infringement_in_s"][pair] = told.infringement_in_s
        found["nominal_in_s"][pair] = np.nan if told.nominal_in_s is None else told.nominal_in_s
        found["exit_in_s"][pair] = np.nan if told.exit_in_s is None else told.exit_in_s
    keep = found["assessed"] > 0
    found, is_exact = found[keep], is_exact[keep]
    return ZoneEntries(
        track=found["track"],
        zone=found["zone"],
        assessed=found["assessed"].astype(np.int8),
        infringement_in_s=found["infringement_in_s"],
        nominal_in_s=found["nominal_in_s"],
        exit_in_s=found["exit_in_s"],
        is_exact=is_exact,
    )


def motion_of(tracks: TrackColumns, row: int, now: datetime) -> Motion:
    """The motion of a row, its altitude widened by what its conversion left uncertain."""
    motion = tracks.row(row, now)
    wide_m = float(tracks.conversion_m[row])
    if wide_m == 0.0 or motion.altitude_accuracy_m is None:
        return motion
    return replace(motion, altitude_accuracy_m=motion.altitude_accuracy_m + wide_m)
