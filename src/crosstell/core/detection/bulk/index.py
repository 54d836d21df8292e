"""The live index of one node: which few of many volumes or tracks one change may concern.

Units: metres, Earth-centred; seconds. An index accelerates and decides nothing: what it leaves out
is surely clear, what it names the exact pairing decides. Heights are not looked at, since each pair
may have conversions of its own.

A course leaves its tangent by at most s^2 / 2 R in s metres (R the least radius of curvature), so
it is followed as a straight stretch, widened by as much.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from crosstell.core.detection.bulk.columns import Floats
from crosstell.core.detection.finding import Criterion
from crosstell.core.geometry.cartesian import Vector, ecef, heading
from crosstell.core.geometry.motion import Motion
from crosstell.core.geometry.volume import Volume
from crosstell.core.instant import seconds_between, to_us

RADIUS_M_MIN = 6_335_000.0
PAD_M = 2.0
KEPT_MAX = 8
NEVER_US = -(2**62)
AHEAD_S = 30.0
GLANCE_M = 4.0  # single precision is half a metre at the Earth's radius


class _Key(Protocol):
    """What an index names things by: it can be looked up, and put in order."""

    def __hash__(self) -> int: ...
    def __lt__(self, other: Any, /) -> bool: ...  # noqa: ANN401 - another key of its kind


KeyT = TypeVar("KeyT", bound=_Key)


@dataclass(frozen=True, slots=True)
class _Way:
    """Where a motion may be from now to the horizon: a stretch along `ahead`, so far around it.

    It leads from `from_m` to `to_m` along `ahead` from `place`; `around_m` holds for the whole
    stretch, `about_m` for the place alone (what any direction, or a manoeuvre, may reach).
    """

    place: Vector
    ahead: Vector
    from_m: float
    to_m: float
    around_m: float
    about_m: float

    @property
    def reach_m(self) -> float:
        """How far from the place it may be at all."""
        return max(max(abs(self.from_m), abs(self.to_m)) + self.around_m, self.about_m)


def _way(motion: Motion, criterion: Criterion, now: datetime) -> _Way:
    """The way of this motion; a velocity that is unknown or stale leads everywhere."""
    age_s = seconds_between(motion.at, now)
    wide_m = motion.position_accuracy_m
    wide_m = (criterion.unknown_accuracy_m if wide_m is None else wide_m) + PAD_M
    velocity, end_s = motion.velocity, criterion.horizon_s
    speed_mps = velocity.speed_mps if velocity is not None else 0.0
    lat_deg, lon_deg = motion.position.lat_deg, motion.position.lon_deg
    place = ecef(lat_deg, lon_deg)
    if velocity is None or abs(age_s) > criterion.stale_after_s:
        speed_mps = max(speed_mps, criterion.unknown_speed_mps)
        about_m = wide_m + speed_mps * (abs(age_s) + end_s)
        return _Way(place, (0.0, 0.0, 0.0), 0.0, 0.0, about_m, about_m)
    about_m, manoeuvre = 0.0, criterion.manoeuvre
    if manoeuvre is not None:
        free_mps = max(speed_mps, manoeuvre.speed_mps_max)
        free_mps += manoeuvre.acceleration_mps2_max * max(0.0, -age_s)
        about_m = wide_m + free_mps * (manoeuvre.horizon_s + 3.0 * abs(age_s))
    from_m, to_m = speed_mps * age_s, speed_mps * (age_s + end_s)
    bow_m = max(from_m * from_m, to_m * to_m) / (2.0 * RADIUS_M_MIN)
    around_m = wide_m + speed_mps * max(0.0, -age_s) + bow_m
    ahead = heading(lat_deg, lon_deg, velocity.track_deg)
    return _Way(place, ahead, from_m, to_m, around_m, about_m)


def _dot(rows: Floats, vector: Vector) -> Floats:
    """Each row with the vector; not `@`, which may wake a pool of threads for so little."""
    found: Floats = rows[:, 0] * vector[0] + rows[:, 1] * vector[1] + rows[:, 2] * vector[2]
    return found


def _square(rows: Floats) -> Floats:
    """The squared length of each row."""
    found: Floats = np.einsum("ij,ij->i", rows, rows)
    return found


def _near_way(way: _Way, middle_m: Floats, reach_m: Floats) -> NDArray[np.bool_]:
    """Whether each ball is touched by the way."""
    out = middle_m - np.array(way.place)
    ahead = np.array(way.ahead)
    along = np.clip(_dot(out, way.ahead), way.from_m, way.to_m)
    near: NDArray[np.bool_] = _square(out - along[:, None] * ahead) <= (reach_m + way.around_m) ** 2
    if way.about_m > 0.0:
        near |= _square(out) <= (reach_m + way.about_m) ** 2
    return near


class ZoneIndex(Generic[KeyT]):
    """Volumes by key (a notice), added, replaced and removed one key at a time.

    Implements BLV-030, BLV-031.
    """

    def __init__(self) -> None:
        """Without a volume."""
        self._rows: dict[KeyT, tuple[int, ...]] = {}
        self._owner: list[tuple[KeyT, int] | None] = []
        self._free: list[int] = []
        self._middle_m = np.zeros((3, 0))
        self._bound_m = np.zeros(0)
        self._start_us = np.zeros(0, np.int64)
        self._end_us = np.zeros(0, np.int64)

    def __len__(self) -> int:
        """The number of volumes."""
        return sum(map(len, self._rows.values()))

    def put(self, key: KeyT, volumes: Iterable[Volume]) -> None:
        """The volumes of `key` are these, and no others."""
        self.remove(key)
        rows = []
        for number, volume in enumerate(volumes):
            row = self._free.pop() if self._free else self._new_row()
            rows.append(row)
            self._owner[row] = (key, number)
            self._middle_m[:, row] = volume.footprint.middle
            self._bound_m[row] = volume.footprint.bound_m
            self._start_us[row] = to_us(volume.window.start)
            self._end_us[row] = to_us(volume.window.end)
        self._rows[key] = tuple(rows)

    def remove(self, key: KeyT) -> None:
        """`key` has no volume; one that is not held is not missed."""
        for row in self._rows.pop(key, ()):
            self._owner[row] = None
            self._end_us[row] = NEVER_US
            self._free.append(row)

    def of_motion(
        self, motion: Motion, criterion: Criterion, now: datetime
    ) -> tuple[tuple[KeyT, int], ...]:
        """Keys and numbers of the volumes that may not be clear of this motion, in order."""
        way = _way(motion, criterion, now)
        rows = self._about(way.place, way.reach_m + criterion.lateral_m)
        begin_us, end_us = to_us(now), to_us(now) + round(criterion.horizon_s * 1e6)
        rows = rows[(self._end_us[rows] > begin_us) & (self._start_us[rows] <= end_us)]
        reach_m = self._bound_m[rows] + criterion.lateral_m
        return self._named(rows[_near_way(way, self._middle_m[:, rows].T, reach_m)])

    def of_volume(self, volume: Volume, criterion: Criterion) -> tuple[tuple[KeyT, int], ...]:
        """Keys and numbers of the volumes that may not be clear of this one, in order."""
        footprint = volume.footprint
        rows = self._about(footprint.middle, footprint.bound_m + criterion.lateral_m + PAD_M)
        begin_us, end_us = to_us(volume.window.start), to_us(volume.window.end)
        rows = rows[(self._end_us[rows] > begin_us) & (self._start_us[rows] < end_us)]
        out = self._middle_m[:, rows].T - np.array(footprint.middle)
        reach_m = self._bound_m[rows] + (footprint.bound_m + criterion.lateral_m + PAD_M)
        return self._named(rows[_square(out) <= reach_m**2])

    def of_ball(self, middle: Vector, reach_m: float) -> tuple[tuple[KeyT, int], ...]:
        """Keys and numbers of the volumes that may come as near, at any time, in order."""
        return self._named(self._about(middle, reach_m + PAD_M))

    def _about(self, place: Vector, reach_m: float) -> NDArray[np.int64]:
        """Rows whose ball may come within `reach_m` of the place along every axis."""
        reaches_m = self._bound_m + reach_m
        rows = np.flatnonzero(np.abs(self._middle_m[0] - place[0]) <= reaches_m)
        for axis in (1, 2):
            away_m = np.abs(self._middle_m[axis, rows] - place[axis])
            rows = rows[away_m <= reaches_m[rows]]
        return rows

    def _named(self, rows: NDArray[np.int64]) -> tuple[tuple[KeyT, int], ...]:
        owners = (self._owner[row] for row in rows[rows < len(self._owner)])
        return tuple(sorted(owner for owner in owners if owner is not None))

    def _new_row(self) -> int:
        """A row at the end; room doubles when it is used up."""
        row = len(self._owner)
        self._owner.append(None)
        if row == len(self._bound_m):
            room = max(64, 2 * row)
            self._middle_m = np.ascontiguousarray(_grown(self._middle_m.T, room).T)
            self._bound_m = _grown(self._bound_m, room)
            self._start_us = _grown(self._start_us, room)
            self._end_us = _grown(self._end_us, room)
        return row


def _grown(array: NDArray[Any], room: int) -> NDArray[Any]:
    """The same values with room for `room` rows, the new ones zero."""
    larger = np.zeros((room, *array.shape[1:]), array.dtype)
    larger[: len(array)] = array
    return larger


_KEPT: list[tuple[tuple[Volume, ...], ZoneIndex[str]]] = []  # the last used last


def candidates(
    motion: Motion, volumes: tuple[Volume, ...], criterion: Criterion, now: datetime
) -> tuple[int, ...]:
    """The places in `volumes` of those that may not be clear of this motion, rising.

    What is worked out of a tuple is kept by the tuple's identity, for the last KEPT_MAX of them:
    hand in the same tuple for as long as the volumes are the same. Implements BLV-032.
    """
    place = next((place for place, (held, _) in enumerate(_KEPT) if held is volumes), None)
    if place is None:
        index = ZoneIndex[str]()
        index.put("", volumes)
        del _KEPT[: max(0, len(_KEPT) + 1 - KEPT_MAX)]
    else:
        index = _KEPT.pop(place)[1]
    _KEPT.append((volumes, index))
    return tuple(number for _, number in index.of_motion(motion, criterion, now))


class TrackIndex(Generic[KeyT]):
    """Tracks by key, each with a ball about its last place that holds it, for now, to the horizon.

    The balls are made anew for all at once, every AHEAD_S. Implements BLV-033 to BLV-035.
    """

    def __init__(self, criterion: Criterion) -> None:
        """Without a track. `criterion` has the widest limits that are asked about.

        A manoeuvre is not looked at, as in `pair/traffic.pairing`.
        """
        self._criterion = replace(criterion, manoeuvre=None)
        self._row: dict[KeyT, int] = {}
        self._key: list[KeyT | None] = []
        self._free: list[int] = []
        self._place_m = np.zeros((0, 3))
        self._velocity_mps = np.zeros((0, 3))
        self._numbers = np.zeros((0, 4))
        self._adrift = np.zeros(0, np.bool_)
        self._ball_m = np.zeros((4, 0), np.float32)  # middle and reach, for the first glance
        self._made_us, self._held_us = 0, 0

    def __len__(self) -> int:
        """The number of tracks."""
        return len(self._row)

    def put(self, key: KeyT, motion: Motion, *, is_adrift: bool = False) -> None:
        """The track `key` was last seen as `motion`; adrift, it may have gone anywhere since."""
        row = self._row.get(key)
        if row is None:
            row = self._free.pop() if self._free else self._new_row()
            self._row[key], self._key[row] = row, key
        velocity, rule = motion.velocity, self._criterion
        lat_deg, lon_deg = motion.position.lat_deg, motion.position.lon_deg
        place: Vector = ecef(lat_deg, lon_deg)
        speed_mps, ahead = 0.0, (0.0, 0.0, 0.0)
        if velocity is not None:
            speed_mps, ahead = velocity.speed_mps, heading(lat_deg, lon_deg, velocity.track_deg)
        wide_m = motion.position_accuracy_m
        wide_m = (rule.unknown_accuracy_m if wide_m is None else wide_m) + PAD_M
        free_mps = max(speed_mps, rule.unknown_speed_mps)
        at_us = to_us(motion.at)
        self._place_m[row] = place
        self._velocity_mps[row] = [speed_mps * part for part in ahead]
        self._numbers[row] = (
            at_us / 1e6,
            wide_m,
            np.nan if velocity is None or is_adrift else speed_mps,
            free_mps,
        )
        self._adrift[row] = is_adrift
        age_s = (self._made_us - at_us) / 1e6
        held_s = (self._held_us - at_us) / 1e6
        spread_s = max(held_s, -3.0 * age_s, -3.0 * held_s)
        reach_m = free_mps * (spread_s + rule.horizon_s) + wide_m + GLANCE_M
        self._ball_m[:, row] = (*place, reach_m)

    def remove(self, key: KeyT) -> None:
        """There is no track `key`; one that is not held is not missed."""
        row = self._row.pop(key, None)
        if row is not None:
            self._key[row] = None
            self._numbers[row, 3], self._ball_m[3, row] = 0.0, -np.inf
            self._adrift[row] = False
            self._free.append(row)

    def of_motion(
        self, motion: Motion, now: datetime, *, but: KeyT | None = None, is_adrift: bool = False
    ) -> tuple[KeyT, ...]:
        """Keys of the tracks that may come within the limits of `motion`, in order; not `but`."""
        now_us = to_us(now)
        if not self._made_us <= now_us <= self._held_us:
            self._make_balls(now_us)
        rule = self._criterion
        if is_adrift and motion.velocity is not None:
            free_mps = max(motion.velocity.speed_mps, rule.unknown_speed_mps)
            rule, motion = replace(rule, unknown_speed_mps=free_mps), replace(motion, velocity=None)
        way = _way(motion, rule, now)
        reach_m = way.reach_m + rule.lateral_m + GLANCE_M
        reaches_m = self._ball_m[3] + np.float32(reach_m)
        place = way.place
        rows = np.flatnonzero(np.abs(self._ball_m[0] - np.float32(place[0])) <= reaches_m)
        for axis in (1, 2):
            away_m = np.abs(self._ball_m[axis, rows] - np.float32(place[axis]))
            rows = rows[away_m <= reaches_m[rows]]
        rows = rows[self._may_meet(rows, motion, way, now_us / 1e6)]
        if way.about_m > 0.0:
            rows = np.union1d(rows, self._both_adrift(motion, rule, now, is_adrift=is_adrift))
        keys = (self._key[row] for row in rows if row < len(self._key))
        return tuple(sorted(key for key in keys if key is not None and key != but))

    def _both_adrift(
        self, motion: Motion, rule: Criterion, now: datetime, *, is_adrift: bool
    ) -> NDArray[np.int64]:
        """Rows whose ball may meet that of `motion`, where no course holds of either.

        What is adrift may be faster than what the rule assumes, and the pairing assumes as much of
        the other then (`trust.encounter_of`).
        """
        at_s, wide_m, speed_mps, free_mps = self._numbers.T
        age_s = to_us(now) / 1e6 - at_s
        loose = np.isnan(speed_mps) | (np.abs(age_s) > rule.stale_after_s)
        rows = np.flatnonzero(loose if is_adrift else self._adrift)
        own_mps = 0.0 if motion.velocity is None else motion.velocity.speed_mps
        fast_mps = np.maximum(free_mps[rows], max(rule.unknown_speed_mps, own_mps))
        age_s = age_s[rows]
        free_m = fast_mps * (np.maximum(age_s, -3.0 * age_s) + rule.horizon_s) + wide_m[rows]
        own_s = 3.0 * abs(seconds_between(motion.at, now)) + rule.horizon_s
        own_m = motion.position_accuracy_m
        own_m = rule.unknown_accuracy_m if own_m is None else own_m
        limit_m = free_m + fast_mps * own_s + (own_m + rule.lateral_m + 2.0 * PAD_M)
        here = np.array(ecef(motion.position.lat_deg, motion.position.lon_deg))
        near = _square(self._place_m[rows] - here) <= limit_m**2
        found: NDArray[np.int64] = rows[near]
        return found

    def _may_meet(
        self, rows: NDArray[np.int64], motion: Motion, way: _Way, now_s: float
    ) -> NDArray[np.bool_]:
        """Whether the two ways come near each other at one time, or either may go anywhere."""
        rule, end_s = self._criterion, self._criterion.horizon_s
        at_s, wide_m, speed_mps, free_mps = self._numbers[rows].T
        age_s = now_s - at_s
        loose = np.isnan(speed_mps) | (np.abs(age_s) > rule.stale_after_s)
        if way.about_m > 0.0:
            loose[:] = True
        out = self._place_m[rows] - np.array(way.place)
        limit_m = way.reach_m + rule.lateral_m + PAD_M
        free_m = free_mps * (np.maximum(age_s, -3.0 * age_s) + end_s) + wide_m
        near = _square(out) <= (free_m + limit_m) ** 2
        speed_mps = np.nan_to_num(speed_mps)
        far_m = speed_mps * (np.abs(age_s) + end_s)
        wide_m = wide_m + far_m * far_m / (2.0 * RADIUS_M_MIN) + rule.lateral_m + PAD_M
        wide_m += speed_mps * np.maximum(0.0, -age_s) + way.around_m
        own_mps = 0.0 if motion.velocity is None else motion.velocity.speed_mps
        ahead = np.array(way.ahead)
        out = out + self._velocity_mps[rows] * age_s[:, None] - ahead * way.from_m
        drift = self._velocity_mps[rows] - ahead * own_mps
        drift_2 = _square(drift)
        nearest_s = -np.einsum("ij,ij->i", out, drift) / np.where(drift_2 > 0.0, drift_2, 1.0)
        out = out + drift * np.clip(nearest_s, 0.0, end_s)[:, None]
        kept: NDArray[np.bool_] = near & (loose | (_square(out) <= wide_m**2))
        return kept

    def _make_balls(self, now_us: int) -> None:
        """Balls that hold from `now_us` on for AHEAD_S."""
        self._made_us, self._held_us = now_us, now_us + round(AHEAD_S * 1e6)
        at_s, wide_m, _, free_mps = self._numbers.T
        age_s = now_us / 1e6 - at_s
        spread_s = np.maximum(age_s + AHEAD_S, -3.0 * age_s)
        reach_m = free_mps * (spread_s + self._criterion.horizon_s) + wide_m + GLANCE_M
        self._ball_m[3] = np.where(free_mps > 0.0, reach_m, self._ball_m[3])

    def _new_row(self) -> int:
        """A row at the end; room doubles when it is used up."""
        row = len(self._key)
        self._key.append(None)
        if row == len(self._place_m):
            room = max(64, 2 * row)
            self._place_m = _grown(self._place_m, room)
            self._velocity_mps = _grown(self._velocity_mps, room)
            self._numbers = _grown(self._numbers, room)
            self._adrift = _grown(self._adrift, room)
            ball_m = np.full((4, room), -np.inf, np.float32)
            ball_m[:, :row] = self._ball_m
            self._ball_m = ball_m
        return row
