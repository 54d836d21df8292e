"""Scenes of two and of many tracks, and the brute-force oracle for them.

The oracle shares no code with detection: it follows each track by geographiclib's direct geodesic,
measures by the inverse one at many instants, and closes in on the lowest by golden section.
"""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from geographiclib.geodesic import Geodesic

from crosstell.core.altitude import Altitude, Datum
from crosstell.core.detection.finding import Criterion
from crosstell.core.geometry.motion import Motion, Velocity
from crosstell.core.geometry.position import Position
from crosstell.core.ids import RuleId

EARTH = Geodesic.WGS84
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
TIE_M = 0.000_5
SAMPLES = 40
GOLDEN = (math.sqrt(5) - 1) / 2
PLACES = ((0.0, 0.0), (10.0, 180.0), (90.0, 0.0), (-90.0, 0.0), (89.9, -179.9), (52.0, 4.0))


def criterion(
    lateral_m: float = 9_260.0, vertical_m: float = 304.8, horizon_s: float = 180.0
) -> Criterion:
    """A separation rule."""
    return Criterion(
        rule=RuleId("separation"),
        reading=None,
        lateral_m=lateral_m,
        vertical_m=vertical_m,
        horizon_s=horizon_s,
        unknown_accuracy_m=300.0,
        unknown_vertical_accuracy_m=120.0,
        unknown_speed_mps=40.0,
        stale_after_s=60.0,
    )


def place(rng: random.Random) -> tuple[float, float]:
    """Anywhere: at one of the hard places, or evenly over the globe."""
    if rng.random() < 0.5:
        lat, lon = rng.choice(PLACES)
        away = EARTH.Direct(lat, lon, rng.uniform(0, 360), rng.choice((0.0, 1e3, 5e4)))
        return away["lat2"], away["lon2"]
    return math.degrees(math.asin(rng.uniform(-1, 1))), rng.uniform(-180, 180)


def motion(
    lat: float,
    lon: float,
    *,
    track_deg: float = 0.0,
    speed_mps: float | None = 0.0,
    climb_mps: float | None = 0.0,
    altitude_m: float | None = 1_000.0,
    accuracy_m: float | None = 0.0,
    altitude_accuracy_m: float | None = 0.0,
    age_s: float = 0.0,
) -> Motion:
    """A motion seen `age_s` before NOW; speed None is no velocity."""
    velocity = None
    if speed_mps is not None:
        velocity = Velocity(track_deg=track_deg % 360, speed_mps=speed_mps, climb_mps=climb_mps)
    return Motion(
        position=Position(lat_deg=lat, lon_deg=lon),
        at=NOW - timedelta(seconds=age_s),
        altitude=None
        if altitude_m is None
        else Altitude(value_m=altitude_m, datum=Datum.MSL_EGM96),
        velocity=velocity,
        position_accuracy_m=accuracy_m,
        altitude_accuracy_m=altitude_accuracy_m,
    )


def bound_for(
    rng: random.Random, lat: float, lon: float, *, meet_s: float, height_m: float, known: float
) -> Motion:
    """A motion that would be at that place and height at `meet_s`; `known`: how much is stated."""
    track, speed = rng.uniform(0, 360), rng.choice((0.0, rng.uniform(0, 30), rng.uniform(50, 300)))
    age_s = rng.choice((0.0, rng.uniform(0, 20), rng.uniform(-5, 100)))
    climb = rng.choice((0.0, rng.uniform(-20, 20)))
    back = EARTH.Direct(lat, lon, track + 180, speed * (meet_s + age_s))
    course = back["azi2"] + 180

    def told(value: float) -> float | None:
        return value if rng.random() < known else None

    return motion(
        back["lat2"],
        back["lon2"],
        track_deg=course,
        speed_mps=told(speed),
        climb_mps=told(climb),
        altitude_m=told(min(max(height_m - climb * (meet_s + age_s), -1_000.0), 90_000.0)),
        accuracy_m=told(rng.choice((0.0, rng.uniform(0, 200)))),
        altitude_accuracy_m=told(rng.choice((0.0, rng.uniform(0, 50)))),
        age_s=age_s,
    )


def aimed(rng: random.Random, rule: Criterion, *, known: float = 0.9) -> tuple[Motion, Motion]:
    """Two motions that pass each other about at the limits, somewhere, some time."""
    lat, lon = place(rng)
    meet_s = rng.uniform(-0.2, 1.2) * rule.horizon_s
    share = rng.choice((0.0, rng.uniform(0, 1.5), 1.0, rng.gauss(1.0, 0.001)))
    there = EARTH.Direct(lat, lon, rng.uniform(0, 360), abs(share) * rule.lateral_m)
    apart = rng.choice((0.0, 1.0, rng.uniform(0, 1.5))) * min(rule.vertical_m, 2_000.0)
    height = rng.uniform(1_000, 8_000)
    one = bound_for(rng, lat, lon, meet_s=meet_s, height_m=height, known=known)
    other = bound_for(
        rng, there["lat2"], there["lon2"], meet_s=meet_s, height_m=height + apart, known=known
    )
    return (one, other) if rng.random() < 0.5 else (other, one)


@dataclass(frozen=True)
class Brute:
    """How far two motions are outside the limits, measured the slow way."""

    motions: tuple[Motion, Motion]
    rule: Criterion
    is_worst: bool

    def place(self, one: Motion, time_s: float) -> tuple[float, float]:
        age_s = (NOW - one.at).total_seconds()
        if one.velocity is None or abs(age_s) > self.rule.stale_after_s:
            return one.position.lat_deg, one.position.lon_deg
        end = EARTH.Direct(
            one.position.lat_deg,
            one.position.lon_deg,
            one.velocity.track_deg,
            one.velocity.speed_mps * (age_s + time_s),
        )
        return end["lat2"], end["lon2"]

    def wide(self, one: Motion, time_s: float) -> float:
        age_s = (NOW - one.at).total_seconds()
        wide_m = one.position_accuracy_m
        if wide_m is None:
            wide_m = self.rule.unknown_accuracy_m
        speed = one.velocity.speed_mps if one.velocity else 0.0
        if one.velocity is None or abs(age_s) > self.rule.stale_after_s:
            return wide_m + max(speed, self.rule.unknown_speed_mps) * (abs(age_s) + time_s)
        return wide_m + speed * max(0.0, -age_s)

    def height(self, one: Motion, time_s: float) -> tuple[float, float]:
        age_s = (NOW - one.at).total_seconds()
        assert one.altitude is not None
        wide_m = one.altitude_accuracy_m
        if wide_m is None:
            assert self.rule.unknown_vertical_accuracy_m is not None
            wide_m = self.rule.unknown_vertical_accuracy_m
        climb = one.velocity.climb_mps if one.velocity else None
        if climb is None or abs(age_s) > self.rule.stale_after_s:
            rate = max(self.rule.unknown_speed_mps, abs(climb or 0.0))
            return one.altitude.value_m, wide_m + rate * (abs(age_s) + time_s)
        height_m = one.altitude.value_m + climb * (age_s + time_s)
        return height_m, wide_m + 2 * abs(climb) * max(0.0, -age_s)

    def distance_m(self, time_s: float) -> float:
        (lat, lon), (there_lat, there_lon) = (self.place(one, time_s) for one in self.motions)
        return float(EARTH.Inverse(lat, lon, there_lat, there_lon)["s12"])

    def over_m(self, time_s: float) -> float:
        """Metres outside the limits, sideways or in height; 0 or less is an infringement."""
        over = self.distance_m(time_s) - self.rule.lateral_m - TIE_M
        if self.is_worst:
            over -= sum(self.wide(one, time_s) for one in self.motions)
        if any(one.altitude is None for one in self.motions):
            return over
        (low, wide), (high, wider) = (self.height(one, time_s) for one in self.motions)
        up = abs(high - low) - self.rule.vertical_m - TIE_M
        if self.is_worst:
            up -= wide + wider
        return max(over, up)

    def instants(self) -> tuple[float, ...]:
        """When the values say anything at all."""
        ages = [abs((NOW - one.at).total_seconds()) for one in self.motions]
        if self.is_worst:
            return spread(self.rule.horizon_s)
        if max(ages) > self.rule.stale_after_s or any(one.altitude is None for one in self.motions):
            return ()
        if any(one.velocity is None for one in self.motions):
            return (0.0,)
        return spread(self.rule.horizon_s)

    def first(self) -> tuple[float, float | None]:
        """The least `over_m`, and when it first is 0 or less."""
        times = self.instants()
        if not times:
            return math.inf, None
        values = [self.over_m(each) for each in times]
        best = min(values)
        entry = next((k for k, value in enumerate(values) if value <= 0), None)
        for k in sorted(range(len(times)), key=values.__getitem__)[:3]:
            low, high = times[max(k - 1, 0)], times[min(k + 1, len(times) - 1)]
            at, value = lowest(self.over_m, low, high)
            best = min(best, value)
            if value <= 0 and (entry is None or at < times[entry]):
                return best, bisect(self.over_m, max(0.0, low), at)
        if entry is None:
            return best, None
        start = times[entry - 1] if entry else 0.0
        return best, bisect(self.over_m, start, times[entry])


def spread(end_s: float) -> tuple[float, ...]:
    return tuple(end_s * k / SAMPLES for k in range(SAMPLES + 1))


def lowest(value: Callable[[float], float], low: float, high: float) -> tuple[float, float]:
    """Golden section."""
    c, d = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
    at_c, at_d = value(c), value(d)
    for _ in range(45):
        if at_c < at_d:
            high, d, at_d = d, c, at_c
            c = high - GOLDEN * (high - low)
            at_c = value(c)
        else:
            low, c, at_c = c, d, at_d
            d = low + GOLDEN * (high - low)
            at_d = value(d)
    return (c, at_c) if at_c < at_d else (d, at_d)


def bisect(value: Callable[[float], float], low: float, high: float) -> float:
    """Where `value` falls to 0 between `low` and `high`."""
    if value(low) <= 0:
        return low
    for _ in range(45):
        middle = (low + high) / 2
        low, high = (low, middle) if value(middle) <= 0 else (middle, high)
    return high


def crowd(rng: random.Random, rule: Criterion, count: int, *, known: float = 0.9) -> list[Motion]:
    """About `count` motions round a few places, most of them aimed at another one."""
    motions: list[Motion] = []
    while len(motions) < count:
        motions += aimed(rng, rule, known=known)
        if rng.random() < 0.3:  # one more towards one that is there: ties, and the same place
            motions.append(rng.choice(motions))
    lat, lon = place(rng)
    for _ in range(count // 4):
        away = EARTH.Direct(lat, lon, rng.uniform(0, 360), rng.uniform(0, 6 * rule.lateral_m))
        motions.append(
            motion(
                away["lat2"],
                away["lon2"],
                track_deg=rng.uniform(0, 360),
                speed_mps=rng.uniform(0, 250),
                climb_mps=rng.uniform(-10, 10),
                altitude_m=rng.uniform(1_000, 1_000 + 6 * min(rule.vertical_m, 1_000.0)),
                age_s=rng.uniform(0, 10),
            )
        )
    rng.shuffle(motions)
    return motions
