"""No simulated way comes sooner than the bound says (TRU-040).

The oracle flies: every quarter of a second it moves along a geodesic, then changes its velocity
by no more than the acceleration allows, and looks whether it is within the limits. It begins to
turn when it is observed, steers for the place, or wanders, and climbs or sinks as it likes.
"""

import math
import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from geographiclib.geodesic import Geodesic
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sampling import examples

from crosstell.core.altitude import Altitude, Datum
from crosstell.core.detection.finding import Assessed, Criterion, Manoeuvre
from crosstell.core.detection.pair.reach import earliest_by_manoeuvre_s
from crosstell.core.detection.pair.zone import pairing
from crosstell.core.geometry.approach import signed_distance_m
from crosstell.core.geometry.footprint import Circle, Footprint, Polygon
from crosstell.core.geometry.motion import Motion, Velocity
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.volume import Volume
from crosstell.core.ids import RuleId
from crosstell.core.instant import Window, later

EARTH = Geodesic.WGS84
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
STEP_S = 0.25
REGIONS = ((0.0, 10.0), (36.5, 40.7), (10.0, 179.999), (70.0, -180.0), (89.99, -75.0))


@dataclass(frozen=True)
class Scene:
    """One object, its bounds, one place."""

    motion: Motion
    volume: Volume
    rule: Criterion
    aim: Position


def beyond(start: Position, track_deg: float, travel_m: float) -> Position:
    end = EARTH.Direct(start.lat_deg, start.lon_deg, track_deg, travel_m)
    return Position(lat_deg=end["lat2"], lon_deg=end["lon2"])


def make_scene(rng: random.Random) -> Scene:
    speed_mps = rng.choice((0.0, 10.0, 40.0, 120.0))
    manoeuvre = Manoeuvre(
        horizon_s=rng.choice((10.0, 30.0)),
        speed_mps_max=rng.choice((20.0, 45.0, 150.0)),
        acceleration_mps2_max=rng.choice((0.5, 4.0, 10.0, 60.0)),
        climb_mps_max=rng.choice((2.0, 15.0)),
    )
    lat, lon = rng.choice(REGIONS)
    start = Position(lat_deg=lat, lon_deg=lon)
    top_mps = max(speed_mps, manoeuvre.speed_mps_max)
    away_m = rng.uniform(0.0, 1.1) * top_mps * manoeuvre.horizon_s
    aim = beyond(start, rng.uniform(0, 360), away_m)
    size_m = rng.choice((30.0, 300.0, 3_000.0))
    footprint: Footprint = Circle(centre=aim, radius_m=size_m)
    if rng.random() < 0.3:
        first = rng.uniform(0, 120)
        footprint = Polygon(
            vertices=tuple(beyond(aim, first + 120.0 * k, size_m) for k in range(3))
        )
    opens_s = rng.choice((-100.0, -100.0, 5.0, 12.0))
    window = Window(start=later(NOW, by_s=opens_s), end=later(NOW, by_s=rng.choice((14.0, 99.0))))
    low = Altitude(value_m=rng.choice((0.0, 1_050.0)), datum=Datum.MSL_EGM96)
    high = Altitude(value_m=rng.choice((1_100.0, 2_000.0)), datum=Datum.MSL_EGM96)
    motion = Motion(
        position=start,
        at=NOW - timedelta(seconds=rng.choice((0, 0, 2, 10))),
        altitude=Altitude(value_m=1_000.0, datum=Datum.MSL_EGM96),
        velocity=Velocity(
            track_deg=rng.uniform(0, 360), speed_mps=speed_mps, climb_mps=rng.choice((0.0, -3.0))
        ),
        position_accuracy_m=0.0,
        altitude_accuracy_m=0.0,
    )
    rule = Criterion(
        rule=RuleId("r"),
        reading=None,
        lateral_m=rng.choice((0.0, 100.0)),
        vertical_m=rng.choice((0.0, 60.0)),
        horizon_s=120.0,
        unknown_accuracy_m=0.0,
        unknown_speed_mps=0.0,
        stale_after_s=60.0,
        manoeuvre=manoeuvre,
    )
    return Scene(
        motion, Volume(footprint=footprint, lower=low, upper=high, window=window), rule, aim
    )


def wish(scene: Scene, rng: random.Random, here: Position, habit: str) -> float:
    """The course that the pilot would like."""
    if habit == "wander":
        return rng.uniform(0, 360)
    way = EARTH.Inverse(here.lat_deg, here.lon_deg, scene.aim.lat_deg, scene.aim.lon_deg)
    return float(way["azi1"]) + (rng.uniform(-40, 40) if habit == "roughly" else 0.0)


def turned(scene: Scene, east: float, north: float, wanted_deg: float) -> tuple[float, float]:
    """The velocity after one step towards the wanted course at full speed."""
    manoeuvre, velocity = scene.rule.manoeuvre, scene.motion.velocity
    assert manoeuvre is not None
    assert velocity is not None
    top_mps = max(manoeuvre.speed_mps_max, velocity.speed_mps)
    angle = math.radians(wanted_deg)
    gap_e, gap_n = top_mps * math.sin(angle) - east, top_mps * math.cos(angle) - north
    size = math.hypot(gap_e, gap_n)
    share = min(1.0, manoeuvre.acceleration_mps2_max * STEP_S / size) if size > 0.0 else 0.0
    return east + share * gap_e, north + share * gap_n


def flown_s(scene: Scene, rng: random.Random) -> float | None:
    """Seconds after NOW at which this flight is first within the limits; None: it never is."""
    manoeuvre, velocity = scene.rule.manoeuvre, scene.motion.velocity
    assert manoeuvre is not None
    assert velocity is not None
    assert scene.motion.altitude is not None
    lower, upper = scene.volume.lower, scene.volume.upper
    assert isinstance(lower, Altitude)
    assert isinstance(upper, Altitude)
    here, track, speed = scene.motion.position, velocity.track_deg, velocity.speed_mps
    height_m = scene.motion.altitude.value_m
    habit = rng.choice(("straight", "straight", "roughly", "wander"))
    middle_m = (lower.value_m + upper.value_m) / 2
    climb_max_mps = max(manoeuvre.climb_mps_max, abs(velocity.climb_mps or 0.0))
    at_s = (scene.motion.at - NOW) / timedelta(seconds=1)
    while at_s <= manoeuvre.horizon_s:
        in_band = (
            lower.value_m - scene.rule.vertical_m
            <= height_m
            <= upper.value_m + scene.rule.vertical_m
        )
        in_time = at_s >= 0.0 and scene.volume.window.holds(later(NOW, by_s=at_s))
        if in_band and in_time:
            gap_m = signed_distance_m(here, scene.volume.footprint)
            if gap_m <= scene.rule.lateral_m:
                return at_s
        end = EARTH.Direct(here.lat_deg, here.lon_deg, track, speed * STEP_S)
        here, track = Position(lat_deg=end["lat2"], lon_deg=end["lon2"]), float(end["azi2"])
        east, north = speed * math.sin(math.radians(track)), speed * math.cos(math.radians(track))
        east, north = turned(scene, east, north, wish(scene, rng, here, habit))
        track, speed = math.degrees(math.atan2(east, north)), math.hypot(east, north)
        height_m += math.copysign(climb_max_mps, middle_m - height_m) * STEP_S
        at_s += STEP_S
    return None


def check(seed: int) -> bool:
    rng = random.Random(seed)
    scene = make_scene(rng)
    bound = earliest_by_manoeuvre_s(scene.motion, scene.volume, scene.rule, NOW)
    found = pairing(scene.motion, scene.volume, scene.rule, NOW)
    flown = [way for _ in range(3) if (way := flown_s(scene, rng)) is not None]
    if not flown:
        return False
    assert bound is not None, f"seed {seed}: flown in {min(flown)}, excluded"
    assert bound <= min(flown) + 1e-6, f"seed {seed}: flown in {min(flown)}, bound {bound}"
    assert found.assessed is not Assessed.CLEAR
    assert found.infringement_in_s <= scene.rule.horizon_s
    return True


@settings(max_examples=examples(60), deadline=None, derandomize=True)
@given(st.integers(0, 2**32))
@example(0)
def test_no_feasible_way_is_sooner_than_the_bound(seed: int) -> None:
    """TRU-040: everywhere on the globe, windows and bands included."""
    check(seed)


def test_the_flights_do_arrive() -> None:
    """TRU-040: a control: a share of the flights is within the limits, so the check can fail."""
    assert sum(check(seed) for seed in range(40)) > 12


@settings(max_examples=examples(60), deadline=None, derandomize=True)
@given(st.integers(0, 2**32), st.sampled_from([1.0, 1.5, 4.0]))
def test_wider_bounds_are_never_later(seed: int, factor: float) -> None:
    """TRU-043: a wider limit or more climb never makes it later, nor loses it."""
    scene = make_scene(random.Random(seed))
    manoeuvre = scene.rule.manoeuvre
    assert manoeuvre is not None
    before = earliest_by_manoeuvre_s(scene.motion, scene.volume, scene.rule, NOW)
    if before is None:
        return
    wider = (
        replace(scene.rule, lateral_m=scene.rule.lateral_m * factor + 1.0),
        replace(scene.rule, vertical_m=scene.rule.vertical_m * factor + 1.0),
        replace(
            scene.rule,
            manoeuvre=replace(manoeuvre, climb_mps_max=manoeuvre.climb_mps_max * factor),
        ),
    )
    for rule in wider:
        after = earliest_by_manoeuvre_s(scene.motion, scene.volume, rule, NOW)
        assert after is not None
        assert after <= before + 0.01
