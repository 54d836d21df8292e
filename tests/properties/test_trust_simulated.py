"""Flights that keep their bounds are believed; those that break them are named (TRU-011).

The oracle flies with geographiclib: it changes its velocity within the kind's acceleration, and is
measured with errors within the accuracy that it states. Nothing here reads the code's arithmetic.
"""

import math
import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from geographiclib.geodesic import Geodesic
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sampling import examples

from crosstell.core.altitude import Altitude, Datum, Unbounded
from crosstell.core.detection.finding import Assessed, Criterion, Encounter
from crosstell.core.detection.pair.trust import Basis, encounter_of, judged
from crosstell.core.detection.pair.zone import pairing
from crosstell.core.geometry.footprint import Circle
from crosstell.core.geometry.motion import Motion, Velocity
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.volume import Volume
from crosstell.core.ids import RuleId
from crosstell.core.instant import Window, later
from crosstell.core.picture.trust.kind import (
    AEROPLANE,
    SHIP,
    SMALL_DRONE_KIND,
    UNKNOWN_KIND,
    MotionLimits,
)
from crosstell.core.picture.trust.moves import Implausible
from crosstell.core.picture.trust.standing import PATHS_MAX, Standing, Trust, advanced

EARTH = Geodesic.WGS84
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
KINDS = (AEROPLANE, SMALL_DRONE_KIND, SHIP, UNKNOWN_KIND)
REGIONS = ((0.0, 10.0), (36.5, 40.7), (10.0, 179.999), (70.0, -180.0), (89.99, -75.0))
ACCURACY_M = 30.0
STEPS = 5


class Flight:
    """A way that keeps the bounds of its kind, measured at irregular times."""

    def __init__(self, rng: random.Random, kind: MotionLimits) -> None:
        self.rng, self.kind = rng, kind
        self.lat, self.lon = rng.choice(REGIONS)
        self.track = rng.uniform(0, 360)
        self.speed = rng.uniform(0.3, 0.9) * kind.speed_mps_max
        self.height, self.at_s = 3_000.0, 0.0

    def on(self, gap_s: float) -> None:
        """Fly for `gap_s`, turning at some share of what the kind can."""
        step_s = gap_s / STEPS
        climb = self.rng.uniform(-0.9, 0.9) * self.kind.climb_mps_max
        for _ in range(STEPS):
            end = EARTH.Direct(self.lat, self.lon, self.track, self.speed * step_s)
            self.lat, self.lon, self.track = end["lat2"], end["lon2"], end["azi2"]
            push = self.rng.uniform(0, 0.9) * self.kind.acceleration_mps2_max * step_s
            way = math.radians(self.rng.uniform(0, 360))
            east = self.speed * math.sin(math.radians(self.track)) + push * math.sin(way)
            north = self.speed * math.cos(math.radians(self.track)) + push * math.cos(way)
            self.track = math.degrees(math.atan2(east, north))
            self.speed = min(math.hypot(east, north), self.kind.speed_mps_max)
            self.height = min(max(self.height + climb * step_s, 100.0), 8_000.0)
        self.at_s += gap_s

    def measured(self) -> Motion:
        """Off by no more than is stated."""
        off = EARTH.Direct(
            self.lat, self.lon, self.rng.uniform(0, 360), self.rng.uniform(0, ACCURACY_M)
        )
        velocity = Velocity(track_deg=self.track, speed_mps=self.speed, climb_mps=None)
        height_m = self.height + self.rng.uniform(-20, 20)
        return Motion(
            position=Position(lat_deg=off["lat2"], lon_deg=off["lon2"]),
            at=later(NOW, by_s=self.at_s),
            altitude=Altitude(value_m=height_m, datum=Datum.MSL_EGM96),
            velocity=velocity if self.rng.random() < 0.9 else None,
            position_accuracy_m=ACCURACY_M + 0.02,
            altitude_accuracy_m=20.01,
        )


def motions_of(rng: random.Random, kind: MotionLimits, count: int) -> list[Motion]:
    flight = Flight(rng, kind)
    found = []
    for _ in range(count):
        found.append(flight.measured())
        flight.on(rng.choice((0.5, 1.0, 4.0, 12.0, 40.0)))
    return found


def trust_of(motions: Iterable[Motion], limits: MotionLimits) -> Trust:
    """The trust after these, in order of arrival."""
    trust: Trust | None = None
    for motion in motions:
        trust = advanced(trust, motion, limits)
    assert trust is not None
    return trust


def moved(motion: Motion, rng: random.Random, travel_m: float) -> Motion:
    here = motion.position
    end = EARTH.Direct(here.lat_deg, here.lon_deg, rng.uniform(0, 360), travel_m)
    return replace(motion, position=Position(lat_deg=end["lat2"], lon_deg=end["lon2"]))


@settings(max_examples=examples(80), deadline=None, derandomize=True)
@given(st.integers(0, 2**32), st.sampled_from(KINDS))
@example(0, AEROPLANE)
def test_what_keeps_its_bounds_is_believed(seed: int, kind: MotionLimits) -> None:
    """TRU-011: no false verdict, anywhere on the globe, however irregular the fixes."""
    strict = replace(kind, time_slack_s=0.0, velocity_slack_mps=0.5, aloft_mps_min=0.0)
    trust = trust_of(motions_of(random.Random(seed), kind, 25), strict)
    assert trust.standing is Standing.TRUSTWORTHY, f"seed {seed}: {trust.because}"


@settings(max_examples=examples(60), deadline=None, derandomize=True)
@given(st.integers(0, 2**32), st.sampled_from(KINDS))
def test_what_is_too_far_is_named(seed: int, kind: MotionLimits) -> None:
    """TRU-002, TRU-011: 5 % beyond what the greatest speed allows; never judged as reported."""
    rng = random.Random(seed)
    motions = motions_of(rng, kind, 6)
    last = motions[-1]
    gap_s = rng.choice((1.0, 10.0, 100.0))
    beyond_m = kind.speed_mps_max * (gap_s + kind.time_slack_s) + 2 * ACCURACY_M + 0.04
    jump = moved(last, rng, 1.05 * beyond_m)
    motions.append(replace(jump, at=later(last.at, by_s=gap_s)))
    trust = trust_of(motions, kind)
    assert trust.standing is Standing.NOT_TRUSTWORTHY
    assert Implausible.SPEED in trust.because
    bases = {each.basis for each in judged(trust, kind, motions[-1].at)}
    assert bases == {Basis.CLAIMED, Basis.LAST_TRUSTED}


RULE = Criterion(
    rule=RuleId("r"),
    reading=None,
    lateral_m=500.0,
    vertical_m=300.0,
    horizon_s=60.0,
    unknown_accuracy_m=500.0,
    unknown_speed_mps=50.0,
    stale_after_s=60.0,
)


@settings(max_examples=examples(60), deadline=None, derandomize=True)
@given(st.integers(0, 2**32), st.integers(1, 6), st.booleans())
def test_no_claim_raises_an_infringement_nor_silences_one(
    seed: int, jumps: int, at_last: bool
) -> None:
    """TRU-024 to TRU-026: random jumps; a zone about the last trusted or about a claimed place."""
    rng = random.Random(seed)
    motions = motions_of(rng, AEROPLANE, 4)
    last_trusted = motions[-1]
    for number in range(jumps):
        jump = moved(last_trusted, rng, rng.uniform(50_000.0, 400_000.0))
        motions.append(replace(jump, at=later(last_trusted.at, by_s=1.0 + number)))
    now = motions[-1].at
    centre = (last_trusted if at_last else rng.choice(motions[-min(jumps, PATHS_MAX) :])).position
    zone = Volume(
        footprint=Circle(centre=centre, radius_m=2_000.0),
        lower=Unbounded(),
        upper=Unbounded(),
        window=Window(start=NOW, end=later(NOW, by_s=86_400.0)),
    )

    def pair(motion: Motion, rule: Criterion) -> Encounter:
        return pairing(motion, zone, rule, now)

    trust = trust_of(motions, AEROPLANE)
    assert trust.last_trusted == last_trusted
    found = encounter_of(judged(trust, AEROPLANE, now), RULE, pair)
    assert found.assessed is Assessed.CANNOT_BE_RULED_OUT
    assert found.nominal_in_s is None
    assert len(trust.paths) <= PATHS_MAX


@settings(max_examples=examples(30), deadline=None, derandomize=True)
@given(st.integers(0, 2**32), st.integers(1, 30))
def test_trust_holds_no_more_for_a_longer_track(seed: int, cut: int) -> None:
    """TRU-001, TRU-015: no more ways than stated, and the same verdict a day later."""
    rng = random.Random(seed)
    motions = motions_of(rng, AEROPLANE, 30)
    for number in range(0, 30, 7):
        motions[number] = moved(motions[number], rng, 80_000.0)
    whole = trust_of(motions, AEROPLANE)
    shifted = [replace(each, at=later(each.at, by_s=86_400.0)) for each in motions]
    assert trust_of(shifted, AEROPLANE).because == whole.because
    assert len(trust_of(motions[:cut], AEROPLANE).paths) <= PATHS_MAX
