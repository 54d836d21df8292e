"""Over a million conflicting pairs of tracks, found by both paths, against geodesics over arrays.

The oracle (Vincenty's formulas, tests/unit/geodesic_arrays.py) measures every pair of a crowded
scene at many instants, drops those that cannot come near, and closes in on the others by golden
section. It shares no code with detection.
"""

import numpy as np
import pytest
from geodesic_arrays import Floats, direct, distance
from numpy.typing import NDArray
from traffic_values import TIE_M, criterion

from crosstell.core.altitude import Datum
from crosstell.core.detection.bulk.columns import TrackColumns
from crosstell.core.detection.bulk.kernel import KERNEL
from crosstell.core.detection.bulk.pairing.verdict import Verdict
from crosstell.core.detection.bulk.traffic import Path, encounters
from crosstell.core.detection.finding import Criterion

Ints = NDArray[np.int64]
PATHS = (Path.PLAIN, Path.FAST) if KERNEL is not None else (Path.PLAIN,)
RULES = (criterion(), criterion(lateral_m=1_222.32, vertical_m=137.16, horizon_s=120.0))
PLACES = ((0.0, 0.0), (10.0, 180.0), (90.0, 0.0), (-90.0, 7.0), (52.0, 4.0), (-33.0, -70.0))
STEPS = 16
ROUNDS = 30
SLACK_M = 0.003
GOLDEN = (np.sqrt(5) - 1) / 2


def scene(seed: int, rule: Criterion, count: int) -> TrackColumns:
    """A crowd round one of the hard places, some of it with something unknown, late or early."""
    rng = np.random.default_rng(seed)
    lat, lon = PLACES[seed % len(PLACES)]
    away = rng.uniform(0.0, 4.0, count) * rule.lateral_m
    start = np.full(count, np.radians(lat)), np.full(count, np.radians(lon))
    phi, lam = direct(*start, rng.uniform(0, 2 * np.pi, count), away)

    def told(values: Floats, share: float) -> Floats:
        return np.where(rng.random(count) < share, values, np.nan)

    speed = told(rng.uniform(0.0, 1.0, count) * rng.choice([20.0, 250.0], count), 0.97)
    climb = told(rng.uniform(-10, 10, count), 0.97)
    age = np.where(rng.random(count) < 0.9, rng.uniform(0, 20, count), rng.uniform(-5, 70, count))
    return TrackColumns(
        lat_deg=np.clip(np.degrees(phi), -90.0, 90.0),
        lon_deg=(np.degrees(lam) + 180.0) % 360.0 - 180.0,
        track_deg=np.where(np.isnan(speed), np.nan, rng.uniform(0, 360, count)),
        speed_mps=speed,
        climb_mps=np.where(np.isnan(speed), np.nan, climb),
        altitude_m=told(rng.uniform(2_000, 2_000 + 5 * rule.vertical_m, count), 0.98),
        position_accuracy_m=told(rng.uniform(0, 60, count) * (rng.random(count) < 0.3), 0.98),
        altitude_accuracy_m=told(rng.uniform(0, 20, count) * (rng.random(count) < 0.3), 0.98),
        age_s=age,
        conversion_m=rng.uniform(0, 2, count) * (rng.random(count) < 0.2),
        party=np.full(count, -1),
        datum=Datum.MSL_EGM96,
    )


class Pairs:
    """Some pairs of a scene, and how far each is outside its limits at given instants."""

    def __init__(self, tracks: TrackColumns, rule: Criterion, i: Ints, j: Ints) -> None:
        self.tracks, self.rule, self.rows = tracks, rule, (i, j)
        still = np.isnan(tracks.speed_mps)
        self.stale = np.abs(tracks.age_s) > rule.stale_after_s
        self.loose = still | self.stale
        self.speed = np.where(self.loose, 0.0, np.nan_to_num(tracks.speed_mps))
        self.drift = np.where(self.loose, np.fmax(rule.unknown_speed_mps, tracks.speed_mps), 0.0)
        level = np.isnan(tracks.climb_mps)
        self.steep = np.where(level | self.stale, 0.0, np.nan_to_num(tracks.climb_mps))
        self.drift_up = np.where(
            level | self.stale, np.fmax(rule.unknown_speed_mps, np.abs(tracks.climb_mps)), 0.0
        )

    def some(self, where: NDArray[np.bool_]) -> "Pairs":
        return Pairs(self.tracks, self.rule, self.rows[0][where], self.rows[1][where])

    def place(self, k: Ints, t: Floats) -> tuple[Floats, Floats]:
        here = np.radians(self.tracks.lat_deg[k]), np.radians(self.tracks.lon_deg[k])
        track = np.radians(np.nan_to_num(self.tracks.track_deg[k]))
        moved = direct(*here, track, self.speed[k] * (self.tracks.age_s[k] + t))
        still = self.speed[k] == 0.0
        return np.where(still, here[0], moved[0]), np.where(still, here[1], moved[1])

    def wide(self, k: Ints, t: Floats) -> tuple[Floats, Floats]:
        """Uncertainty sideways and in height."""
        rule, tracks = self.rule, self.tracks
        side = np.nan_to_num(tracks.position_accuracy_m[k], nan=rule.unknown_accuracy_m)
        up = np.nan_to_num(tracks.altitude_accuracy_m[k], nan=rule.high_accuracy_m)
        age = tracks.age_s[k]
        early = np.maximum(0.0, -age)
        side = side + self.speed[k] * early + self.drift[k] * (np.abs(age) + t)
        up = up + 2 * np.abs(self.steep[k]) * early + self.drift_up[k] * (np.abs(age) + t)
        return side, up + tracks.conversion_m[k]

    def over(self, t: Floats, *, worst: bool) -> Floats:
        """Metres outside the limits; 0 or less is an infringement."""
        i, j = self.rows
        side = distance(*self.place(i, t), *self.place(j, t)) - self.rule.lateral_m - TIE_M
        heights = [
            self.tracks.altitude_m[k] + self.steep[k] * (self.tracks.age_s[k] + t) for k in (i, j)
        ]
        up = np.abs(heights[1] - heights[0]) - self.rule.vertical_m - TIE_M
        if worst:
            (side_i, up_i), (side_j, up_j) = self.wide(i, t), self.wide(j, t)
            side, up = side - side_i - side_j, up - up_i - up_j
        return np.fmax(side, up)  # an unknown height is no limit

    def pace(self) -> Floats:
        """By how much a second `over` may change."""
        side = self.speed + self.drift
        up = np.abs(self.steep) + self.drift_up
        side, up = (each[self.rows[0]] + each[self.rows[1]] for each in (side, up))
        return np.asarray(np.maximum(side, up))

    def least(self, *, worst: bool) -> Floats:
        """The least `over` within the horizon."""
        count, step = len(self.rows[0]), self.rule.horizon_s / STEPS
        values = np.array(
            [self.over(np.full(count, k * step), worst=worst) for k in range(STEPS + 1)]
        )
        best, at = values.min(axis=0), values.argmin(axis=0) * step
        near = (best > -SLACK_M) & (best < self.pace() * step)
        best[near] = np.minimum(best[near], self.some(near)._closed_in(at[near], step, worst=worst))
        return np.asarray(best)

    def _closed_in(self, at: Floats, step: float, *, worst: bool) -> Floats:
        """Golden section round the lowest sample."""
        low, high = np.maximum(at - step, 0.0), np.minimum(at + step, self.rule.horizon_s)
        best = np.full(len(at), np.inf)
        for _ in range(ROUNDS):
            c, d = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
            at_c, at_d = self.over(c, worst=worst), self.over(d, worst=worst)
            best = np.minimum(best, np.minimum(at_c, at_d))
            low, high = np.where(at_c < at_d, low, c), np.where(at_c < at_d, d, high)
        return best

    def reported(self) -> Floats:
        """The least `over` by the values as reported; infinity where they say nothing."""
        i, j = self.rows
        unsure = np.isnan(self.tracks.altitude_m)
        nothing = self.stale | unsure
        still = np.isnan(self.tracks.speed_mps)
        only_now = still[i] | still[j]
        least = np.empty(len(i))
        least[only_now] = self.some(only_now).over(np.zeros(int(only_now.sum())), worst=False)
        least[~only_now] = self.some(~only_now).least(worst=False)
        return np.where(nothing[i] | nothing[j], np.inf, least)


def compare(seed: int, count: int) -> int:
    """Both paths against the oracle over every pair of one scene; returns the conflicts."""
    rule = RULES[seed % len(RULES)]
    tracks = scene(seed, rule, count)
    i, j = np.triu_indices(count, 1)
    pairs = Pairs(tracks, rule, i, j)
    worst = pairs.least(worst=True)
    reported = np.full(len(i), np.inf)
    close = worst < SLACK_M
    reported[close] = pairs.some(close).reported()
    for path in PATHS:
        found = encounters(tracks, rule, path=path)
        verdict = np.zeros((count, count), dtype=np.int8)
        verdict[found.first, found.second] = found.verdict
        told = verdict[i, j]
        missed = (worst < -SLACK_M) & (told == Verdict.CLEAR)
        invented = (worst > SLACK_M) & (told != Verdict.CLEAR)
        weaker = (reported < -SLACK_M) & (told != Verdict.INFRINGES)
        stronger = (reported > SLACK_M) & (told == Verdict.INFRINGES)
        assert [int(each.sum()) for each in (missed, invented, weaker, stronger)] == [0, 0, 0, 0]
    return int((worst <= -SLACK_M).sum())


@pytest.mark.parametrize("seed", range(2))
def test_a_crowd_is_decided_as_the_oracle_does(seed: int) -> None:
    """BLK-020, BLK-021, BLK-030."""
    assert compare(seed, 60) > 100


@pytest.mark.long
@pytest.mark.parametrize("seed", range(155))
def test_no_conflicting_pair_is_missed(seed: int) -> None:
    """BLK-020, ORA-001: 155 scenes of at least 6,500 conflicting pairs make over a million."""
    assert compare(1_000 + seed, 420) > 6_500
