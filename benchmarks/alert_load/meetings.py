"""Which two tracks a node would put before the exact pairing, and which cannot matter.

At each instant of the recording: the tracks seen then, against every other that is held and not
stale, of different operators. The bound is made of straight pieces between points on two great
circles, with a margin for the ellipsoid; it never loses (see `audited` in `between_tracks`).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from benchmarks.alert_load.at_places import unit_vectors
from benchmarks.alert_load.columns import Columns, Floats, Ints, Mask
from benchmarks.alert_load.policy import STALE_AFTER_S

from crosstell.core.detection.finding import Criterion
from crosstell.core.geometry.cartesian import RADIUS_M

PIECES = 15
SHARE, FIXED_M = 0.006, 500.0
CHUNK = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Meetings:
    """Pairs of rows to be judged at `time_s`; the lower track number first."""

    time_s: Floats
    first: Ints
    second: Ints

    def __len__(self) -> int:
        """How many there are."""
        return len(self.time_s)

    def taken(self, rows: Ints | Mask | slice) -> "Meetings":
        """These only."""
        return Meetings(time_s=self.time_s[rows], first=self.first[rows], second=self.second[rows])


def meetings(columns: Columns) -> Meetings:
    """Every pair that a node would judge, in time order."""
    parts = list(_at_instants(columns))
    if not parts:
        none = np.zeros(0, dtype=np.int64)
        return Meetings(time_s=np.zeros(0), first=none, second=none)
    time_s, first, second = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Meetings(time_s=time_s, first=first, second=second)


def _at_instants(columns: Columns) -> Iterator[tuple[Floats, Ints, Ints]]:
    operators = np.unique(np.array(columns.operators), return_inverse=True)[1]
    newest = np.full(len(columns.names), -1, dtype=np.int64)
    cuts = np.flatnonzero(np.diff(columns.time_s)) + 1
    for rows in np.split(np.arange(len(columns)), cuts):
        now_s = columns.time_s[rows[0]]
        seen = columns.track[rows]
        newest[seen] = rows
        held = newest[newest >= 0]
        held = held[now_s - columns.time_s[held] <= STALE_AFTER_S]
        a, b = np.repeat(rows, len(held)), np.tile(held, len(rows))
        one, other = columns.track[a], columns.track[b]
        was_seen = np.isin(other, seen)
        use = (operators[one] != operators[other]) & (~was_seen | (one < other))
        a, b = a[use], b[use]
        swap = columns.track[a] > columns.track[b]
        first, second = np.where(swap, b, a), np.where(swap, a, b)
        yield np.full(len(a), now_s), first, second


def possible(columns: Columns, pairs: Meetings, criterion: Criterion, *, late_s: float) -> Mask:
    """Which may come within the limits before the horizon: never too few.

    `late_s` 0: sideways and in height at one time. Above 0: in height before the horizon, and
    sideways at any time up to `late_s` after it (a volume that looks ahead of itself).
    """
    chunks = [
        _possible(columns, pairs.taken(slice(start, start + CHUNK)), criterion, late_s)
        for start in range(0, len(pairs), CHUNK)
    ]
    return np.concatenate(chunks) if chunks else np.zeros(0, dtype=np.bool_)


def _possible(columns: Columns, pairs: Meetings, criterion: Criterion, late_s: float) -> Mask:
    ages = [pairs.time_s - columns.time_s[rows] for rows in (pairs.first, pairs.second)]
    start_s, end_s = _while_level(columns, pairs, criterion, ages)
    found = start_s <= end_s
    level = np.flatnonzero(found)
    if late_s:
        start_s, end_s = np.zeros_like(start_s), np.full_like(end_s, criterion.horizon_s + late_s)
    spans = (start_s[level], end_s[level])
    found[level] = _near(
        columns, pairs.taken(level), criterion, [age[level] for age in ages], spans
    )
    return found


def _near(
    columns: Columns,
    pairs: Meetings,
    criterion: Criterion,
    ages: list[Floats],
    spans: tuple[Floats, Floats],
) -> Mask:
    """Which may come within the lateral limit in their span, or have no course."""
    rows = (pairs.first, pairs.second)
    wide_m = columns.stated.position_m
    limit_m = 2.0 * (criterion.unknown_accuracy_m if wide_m is None else wide_m)
    limit_m += criterion.lateral_m
    speeds = sum(columns.speed_mps[each] for each in rows)
    known = np.isfinite(speeds + sum(columns.course_deg[each] for each in rows))
    far_m = np.nan_to_num(speeds) * (spans[1] + STALE_AFTER_S)
    near_m = _nearest_m(columns, pairs, ages, spans)
    within: Mask = near_m <= limit_m + FIXED_M + SHARE * (far_m + limit_m)
    return within | ~known


def _nearest_m(
    columns: Columns, pairs: Meetings, ages: list[Floats], spans: tuple[Floats, Floats]
) -> Floats:
    """The least distance between the two, taken as straight between `PIECES` + 1 instants."""
    ways = [_way(columns, rows) for rows in (pairs.first, pairs.second)]
    start_s, end_s = spans
    best = np.full(len(pairs), np.inf)
    before: Floats | None = None
    for step in range(PIECES + 1):
        at_s = start_s + (end_s - start_s) * (step / PIECES)
        here, there = (_along(way, at_s + age) for way, age in zip(ways, ages, strict=True))
        apart = (here - there) * RADIUS_M
        if before is not None:
            best = np.minimum(best, _nearest_of_piece_m(before, apart))
        before = apart
    return best


def _nearest_of_piece_m(start: Floats, end: Floats) -> Floats:
    """The least length of a vector that goes straight from `start` to `end`."""
    change = end - start
    square = np.einsum("ij,ij->i", change, change)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = -np.einsum("ij,ij->i", start, change) / square
    share = np.clip(np.nan_to_num(share), 0.0, 1.0)
    found: Floats = np.linalg.norm(start + change * share[:, None], axis=-1)
    return found


def _way(columns: Columns, rows: Ints) -> tuple[Floats, Floats, Floats]:
    """Where each is, which way is ahead, and how fast it turns about the globe's centre."""
    lat, lon = columns.lat_deg[rows], columns.lon_deg[rows]
    course = np.radians(np.nan_to_num(columns.course_deg[rows]))
    phi, lam = np.radians(lat), np.radians(lon)
    north = np.stack([-np.sin(phi) * np.cos(lam), -np.sin(phi) * np.sin(lam), np.cos(phi)], axis=-1)
    east = np.stack([-np.sin(lam), np.cos(lam), np.zeros_like(lam)], axis=-1)
    ahead = north * np.cos(course)[:, None] + east * np.sin(course)[:, None]
    return unit_vectors(lat, lon), ahead, np.nan_to_num(columns.speed_mps[rows]) / RADIUS_M


def _along(way: tuple[Floats, Floats, Floats], time_s: Floats) -> Floats:
    here, ahead, rate = way
    angle = (rate * time_s)[:, None]
    found: Floats = here * np.cos(angle) + ahead * np.sin(angle)
    return found


def _while_level(
    columns: Columns, pairs: Meetings, criterion: Criterion, ages: list[Floats]
) -> tuple[Floats, Floats]:
    """Between which times the vertical gap may be within its limit; empty if reversed."""
    wide_m = columns.stated.altitude_m
    room_m = 2.0 * (criterion.high_accuracy_m if wide_m is None else wide_m)
    room_m += criterion.vertical_m + 0.01
    rows = (pairs.first, pairs.second)
    climbs = [columns.climb_mps[each] for each in rows]
    heights = [
        columns.altitude_m[each] + climb * age
        for each, climb, age in zip(rows, climbs, ages, strict=True)
    ]
    gap, rate = heights[1] - heights[0], climbs[1] - climbs[0]
    known = np.isfinite(gap)
    with np.errstate(divide="ignore", invalid="ignore"):
        times = np.sort(np.stack([(-room_m - gap) / rate, (room_m - gap) / rate]), axis=0)
        level = (rate == 0.0) & (np.abs(gap) <= room_m)
        start = np.where(rate == 0.0, np.where(level, 0.0, np.inf), times[0] - 0.01)
        end = np.where(rate == 0.0, np.where(level, np.inf, -np.inf), times[1] + 0.01)
    start = np.where(known, np.maximum(0.0, start), 0.0)
    end = np.where(known, np.minimum(criterion.horizon_s, end), criterion.horizon_s)
    start = np.where(start > end, criterion.horizon_s + 1.0, start)
    return start, end
