"""Tracks by key, asked which may come near one motion."""

from dataclasses import replace
from datetime import datetime
from typing import Generic

import numpy as np
from numpy.typing import NDArray

from crosstell.core.detection.bulk.columns import Floats
from crosstell.core.detection.bulk.index.way import (
    PAD_M,
    RADIUS_M_MIN,
    KeyT,
    Way,
    grown,
    square,
    way_of,
)
from crosstell.core.detection.finding import Criterion
from crosstell.core.geometry.cartesian import Vector, ecef, heading
from crosstell.core.geometry.motion import Motion
from crosstell.core.instant import seconds_between, to_us

AHEAD_S = 30.0
GLANCE_M = 4.0  # single precision is half a metre at the Earth's radius


class TrackIndex(Generic[KeyT]):
    """Tracks by key, each with a ball about its last place that holds it, for now, to the horizon.

    The balls are made anew for all at once, every AHEAD_S. Implements BLV-033 to BLV-035.
    """

    def __init__(self, criterion: Criterion) -> None:
        """Without a track. `criterion` has the widest limits that are asked about.

        Where it states a manoeuvre, a turn is looked at, as in `pair/traffic.pairing`.
        """
        self._criterion, self._may = criterion, criterion.manoeuvre
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
        if self._may is not None:
            free_mps = max(free_mps, self._may.speed_mps_max)
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
        reach_m += float(self._hurried_m(np.array(age_s)))
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
        way = way_of(motion, rule, now)
        reach_m = way.reach_m + rule.lateral_m + GLANCE_M
        reaches_m = self._ball_m[3] + np.float32(reach_m)
        place = way.place
        (rows,) = (np.abs(self._ball_m[0] - np.float32(place[0])) <= reaches_m).nonzero()
        for axis in (1, 2):
            away_m = np.abs(self._ball_m[axis].take(rows) - np.float32(place[axis]))
            rows = rows[away_m <= reaches_m.take(rows)]
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
        near = square(self._place_m[rows] - here) <= limit_m**2
        found: NDArray[np.int64] = rows[near]
        return found

    def _may_meet(
        self, rows: NDArray[np.int64], motion: Motion, way: Way, now_s: float
    ) -> NDArray[np.bool_]:
        """Whether the two ways come near each other at one time, or either may go anywhere."""
        rule, end_s = self._criterion, self._criterion.horizon_s
        at_s, wide_m, speed_mps, free_mps = self._numbers.take(rows, 0).T
        age_s = now_s - at_s
        old_s = np.abs(age_s)
        unknown = np.isnan(speed_mps)
        loose = unknown | (old_s > rule.stale_after_s)
        if way.is_anywhere:
            loose[:] = True
        out = self._place_m.take(rows, 0) - np.array(way.place)
        velocity_mps = self._velocity_mps.take(rows, 0)
        limit_m = way.reach_m + rule.lateral_m + PAD_M
        free_m = free_mps * (np.maximum(age_s, -3.0 * age_s) + end_s) + wide_m
        apart_2 = square(out)
        near = apart_2 <= (free_m + self._hurried_m(age_s) + limit_m) ** 2
        speed_mps = np.where(unknown, 0.0, speed_mps)
        if self._may is not None:
            about_m = np.maximum(speed_mps, self._may.speed_mps_max)
            about_m = about_m * (self._may.horizon_s + 3.0 * old_s) + wide_m
            about_m += self._hurried_m(age_s) + way.about_m + rule.lateral_m + PAD_M
            loose |= apart_2 <= about_m**2
        far_m = speed_mps * (old_s + end_s)
        wide_m = wide_m + far_m * far_m / (2.0 * RADIUS_M_MIN) + rule.lateral_m + PAD_M
        wide_m += speed_mps * np.maximum(0.0, -age_s) + way.around_m
        own_mps = 0.0 if motion.velocity is None else motion.velocity.speed_mps
        ahead = np.array(way.ahead)
        out = out + velocity_mps * age_s[:, None] - ahead * way.from_m
        drift = velocity_mps - ahead * own_mps
        drift_2 = square(drift)
        nearest_s = -np.einsum("ij,ij->i", out, drift) / np.where(drift_2 > 0.0, drift_2, 1.0)
        out = out + drift * np.minimum(np.maximum(nearest_s, 0.0), end_s)[:, None]
        kept: NDArray[np.bool_] = near & (loose | (square(out) <= wide_m**2))
        return kept

    def _hurried_m(self, age_s: Floats) -> Floats:
        """How much further a turn may lead one whose clock is ahead: it may be faster by then."""
        if self._may is None:
            return np.zeros_like(age_s)
        ahead_s = np.maximum(0.0, -age_s)
        gain_mps = self._may.acceleration_mps2_max * ahead_s
        found: Floats = gain_mps * (self._may.horizon_s + 3.0 * ahead_s)
        return found

    def _make_balls(self, now_us: int) -> None:
        """Balls that hold from `now_us` on for AHEAD_S."""
        self._made_us, self._held_us = now_us, now_us + round(AHEAD_S * 1e6)
        at_s, wide_m, _, free_mps = self._numbers.T
        age_s = now_us / 1e6 - at_s
        spread_s = np.maximum(age_s + AHEAD_S, -3.0 * age_s)
        reach_m = free_mps * (spread_s + self._criterion.horizon_s) + wide_m + GLANCE_M
        reach_m += self._hurried_m(age_s)
        self._ball_m[3] = np.where(free_mps > 0.0, reach_m, self._ball_m[3])

    def _new_row(self) -> int:
        """A row at the end; room doubles when it is used up."""
        row = len(self._key)
        self._key.append(None)
        if row == len(self._place_m):
            room = max(64, 2 * row)
            self._place_m = grown(self._place_m, room)
            self._velocity_mps = grown(self._velocity_mps, room)
            self._numbers = grown(self._numbers, room)
            self._adrift = grown(self._adrift, room)
            ball_m = np.full((4, room), -np.inf, np.float32)
            ball_m[:, :row] = self._ball_m
            self._ball_m = ball_m
        return row
