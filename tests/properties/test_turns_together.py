"""No simulated ways of two objects bring them together sooner than the bound says (TRU-047).

The oracle flies both: every quarter of a second each moves along a geodesic, then changes its
velocity by no more than the acceleration allows, and it is looked whether they are within the
limits. Each begins to turn when it is observed, steers for the other, for where it will be, or
wanders, and climbs or sinks as brings it nearer. It shares no code with the bound.
"""

import itertools
import math
import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sampling import examples, seeds

from crosstell.core.altitude import Altitude, Datum
from crosstell.core.detection.bulk.columns import TrackColumns
from crosstell.core.detection.bulk.index.tracks import TrackIndex
from crosstell.core.detection.bulk.kernel import KERNEL
from crosstell.core.detection.bulk.standing import Standing
from crosstell.core.detection.bulk.traffic import VERDICTS, Path, encounters
from crosstell.core.detection.finding import Assessed, Criterion, Manoeuvre, Reason
from crosstell.core.detection.pair.traffic import pairing
from crosstell.core.geometry.motion import Motion, Velocity
from crosstell.core.geometry.position import Position
from crosstell.core.ids import RuleId

EARTH = Geodesic.WGS84
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
STEP_S = 0.25
REGIONS = ((0.0, 10.0), (36.5, 40.7), (10.0, 179.999), (70.0, -180.0), (89.99, -75.0))
PATHS = (Path.PLAIN, Path.FAST) if KERNEL is not None else (Path.PLAIN,)


@dataclass
class Flown:
    """One object on its way: where, how fast east and north, how high."""

    lat: float
    lon: float
    east: float
    north: float
    height_m: float

    def move(self) -> None:
        speed = math.hypot(self.east, self.north)
        track = math.degrees(math.atan2(self.east, self.north))
        end = EARTH.Direct(self.lat, self.lon, track, speed * STEP_S)
        self.lat, self.lon = end["lat2"], end["lon2"]
        turned = math.radians(end["azi2"])
        self.east, self.north = speed * math.sin(turned), speed * math.cos(turned)

    def steer(self, wanted_deg: float, top_mps: float, most_mps: float) -> None:
        angle = math.radians(wanted_deg)
        gap = top_mps * math.sin(angle) - self.east, top_mps * math.cos(angle) - self.north
        size = math.hypot(*gap)
        share = min(1.0, most_mps / size) if size > 0.0 else 0.0
        self.east += share * gap[0]
        self.north += share * gap[1]


@dataclass(frozen=True)
class Scene:
    """Two objects under one rule."""

    motions: tuple[Motion, Motion]
    rule: Criterion


def make_rule(rng: random.Random) -> Criterion:
    manoeuvre = Manoeuvre(
        horizon_s=rng.choice((10.0, 30.0)),
        speed_mps_max=rng.choice((20.0, 45.0, 150.0)),
        acceleration_mps2_max=rng.choice((0.5, 4.0, 10.0, 60.0)),
        climb_mps_max=rng.choice((2.0, 15.0)),
    )
    return Criterion(
        rule=RuleId("separation"),
        reading=None,
        lateral_m=rng.choice((50.0, 500.0)),
        vertical_m=rng.choice((30.0, 150.0)),
        horizon_s=120.0,
        unknown_accuracy_m=100.0,
        unknown_vertical_accuracy_m=40.0,
        unknown_speed_mps=30.0,
        stale_after_s=60.0,
        manoeuvre=manoeuvre,
    )


def make_motion(rng: random.Random, lat: float, lon: float) -> Motion:
    return Motion(
        position=Position(lat_deg=lat, lon_deg=lon),
        at=NOW - timedelta(seconds=rng.choice((0, 0, 2, 10))),
        altitude=Altitude(value_m=1_000.0 + rng.choice((0.0, 0.0, 200.0)), datum=Datum.MSL_EGM96),
        velocity=Velocity(
            track_deg=rng.uniform(0, 360),
            speed_mps=rng.choice((0.0, 10.0, 40.0, 120.0)),
            climb_mps=rng.choice((0.0, -3.0)),
        ),
        position_accuracy_m=0.0,
        altitude_accuracy_m=0.0,
    )


def make_scene(rng: random.Random) -> Scene:
    rule = make_rule(rng)
    assert rule.manoeuvre is not None
    first = make_motion(rng, *rng.choice(REGIONS))
    travel_m = 2.0 * rule.manoeuvre.speed_mps_max * rule.manoeuvre.horizon_s
    here = first.position
    away = EARTH.Direct(
        here.lat_deg, here.lon_deg, rng.uniform(0, 360), rule.lateral_m + rng.uniform(0, travel_m)
    )
    return Scene((first, make_motion(rng, away["lat2"], away["lon2"])), rule)


def flown_s(scene: Scene, rng: random.Random) -> float | None:
    """Seconds after NOW at which these flights are first within both limits; None: never."""
    rule, manoeuvre = scene.rule, scene.rule.manoeuvre
    assert manoeuvre is not None
    ages_s = [(NOW - one.at) / timedelta(seconds=1) for one in scene.motions]
    flown, tops, climbs = [], [], []
    for one in scene.motions:
        velocity, altitude = one.velocity, one.altitude
        assert velocity is not None
        assert altitude is not None
        angle = math.radians(velocity.track_deg)
        east, north = (
            velocity.speed_mps * math.sin(angle),
            velocity.speed_mps * math.cos(angle),
        )
        here = one.position
        flown.append(Flown(here.lat_deg, here.lon_deg, east, north, altitude.value_m))
        tops.append(max(manoeuvre.speed_mps_max, velocity.speed_mps))
        climbs.append(max(manoeuvre.climb_mps_max, abs(velocity.climb_mps or 0.0)))
    habits = [rng.choice(("chase", "chase", "roughly", "wander")) for _ in flown]
    most_mps = manoeuvre.acceleration_mps2_max * STEP_S
    at_s = -max(ages_s)
    first, second = flown
    while at_s <= manoeuvre.horizon_s:
        there = EARTH.Inverse(first.lat, first.lon, second.lat, second.lon)
        level = abs(first.height_m - second.height_m) <= rule.vertical_m
        if at_s >= 0.0 and level and there["s12"] <= rule.lateral_m:
            return at_s
        towards = (float(there["azi1"]), float(there["azi2"]) + 180.0)
        rise = math.copysign(1.0, second.height_m - first.height_m)
        for number, each in enumerate(flown):
            if at_s < -ages_s[number]:
                continue  # not observed yet: where it was before does not matter
            wish = towards[number]
            if habits[number] != "chase":
                wish = (
                    wish + rng.uniform(-40, 40)
                    if habits[number] == "roughly"
                    else 360 * rng.random()
                )
            each.move()
            each.steer(wish, tops[number], most_mps)
            each.height_m += (rise, -rise)[number] * climbs[number] * STEP_S
        at_s += STEP_S
    return None


def check(seed: int) -> bool:
    rng = random.Random(seed)
    scene = make_scene(rng)
    found = pairing(*scene.motions, scene.rule, NOW)
    assert pairing(scene.motions[1], scene.motions[0], scene.rule, NOW) == found
    flown = [way for _ in range(3) if (way := flown_s(scene, rng)) is not None]
    if not flown:
        return False
    assert found.assessed is not Assessed.CLEAR, f"seed {seed}: flown in {min(flown)}, excluded"
    manoeuvre = scene.rule.manoeuvre
    assert manoeuvre is not None
    if Reason.MANOEUVRE in found.reasons:  # else its course said something within the horizon
        assert found.infringement_in_s <= min(flown) + 1e-6, f"seed {seed}: {min(flown)}"
    else:
        assert found.infringement_in_s <= manoeuvre.horizon_s
    return True


@settings(max_examples=examples(60), deadline=None, derandomize=True)
@given(st.integers(0, 2**32))
@example(0)
def test_no_ways_of_two_are_sooner_than_the_bound(seed: int) -> None:
    """TRU-047: everywhere on the globe, with heights, ages, and both turning."""
    check(seed)


def test_the_flights_do_meet() -> None:
    """TRU-047: a control: a share of the flights meets, so the check can fail."""
    count = examples(112)
    assert sum(check(seed) for seed in range(count)) > 0.25 * count


@settings(max_examples=examples(60), deadline=None, derandomize=True)
@given(st.integers(0, 2**32))
def test_a_turn_of_both_is_never_later_than_that_of_one(seed: int) -> None:
    """TRU-047: one that cannot turn or speed up is an object that could: it only adds."""
    scene = make_scene(random.Random(seed))
    found = pairing(*scene.motions, scene.rule, NOW)
    manoeuvre = scene.rule.manoeuvre
    assert manoeuvre is not None
    less = replace(manoeuvre, speed_mps_max=0.0, acceleration_mps2_max=0.0, climb_mps_max=0.0)
    still = pairing(*scene.motions, replace(scene.rule, manoeuvre=less), NOW)
    if still.assessed is not Assessed.CLEAR:
        assert found.assessed is not Assessed.CLEAR
        assert found.infringement_in_s <= still.infringement_in_s + 0.01


def two(
    apart_m: float, speed_mps: float | None = 40.0, climb_m: float = 0.0
) -> tuple[Motion, Motion]:
    """Side by side, both northwards: by their courses never nearer."""
    there = EARTH.Direct(52.0, 4.0, 90.0, apart_m)
    places = ((52.0, 4.0), (there["lat2"], there["lon2"]))
    velocity = None
    if speed_mps is not None:
        velocity = Velocity(track_deg=0.0, speed_mps=speed_mps, climb_mps=0.0)
    first, second = (
        Motion(
            position=Position(lat_deg=lat, lon_deg=lon),
            at=NOW,
            altitude=Altitude(value_m=1_000.0 + number * climb_m, datum=Datum.MSL_EGM96),
            velocity=velocity,
            position_accuracy_m=0.0,
            altitude_accuracy_m=0.0,
        )
        for number, (lat, lon) in enumerate(places)
    )
    return first, second


TURNS = Manoeuvre(
    horizon_s=30.0, speed_mps_max=40.0, acceleration_mps2_max=10.0, climb_mps_max=10.0
)
RULE = Criterion(
    rule=RuleId("separation"),
    reading=None,
    lateral_m=500.0,
    vertical_m=100.0,
    horizon_s=300.0,
    unknown_accuracy_m=0.0,
    unknown_speed_mps=40.0,
    stale_after_s=60.0,
    manoeuvre=TURNS,
)


def test_what_only_a_turn_does_cannot_be_ruled_out() -> None:
    """TRU-045, TRF-015: 1,500 m apart, 1,000 m to lose at 80 m/s: not before 12.5 s."""
    found = pairing(*two(1_500.0), RULE, NOW)
    assert (found.assessed, found.reasons) == (
        Assessed.CANNOT_BE_RULED_OUT,
        (Reason.MANOEUVRE,),
    )
    assert 12.49 <= found.infringement_in_s <= 18.0
    assert found.nominal_in_s is None
    assert found.nearest_m == pytest.approx(1_500.0, abs=5.0)
    assert pairing(*two(1_500.0), replace(RULE, manoeuvre=None), NOW).assessed is Assessed.CLEAR


def test_both_may_turn_but_no_further_than_their_speeds() -> None:
    """TRF-015: 80 m/s together for 30 s; one alone would need 25 s for what both do in 12.5."""
    assert pairing(*two(2_800.0), RULE, NOW).assessed is Assessed.CANNOT_BE_RULED_OUT
    assert pairing(*two(3_000.0), RULE, NOW).assessed is Assessed.CLEAR
    late = replace(RULE, lateral_m=0.0, manoeuvre=replace(TURNS, horizon_s=20.0))
    assert pairing(*two(1_400.0), late, NOW).assessed is Assessed.CANNOT_BE_RULED_OUT


def test_heights_that_no_climb_closes_stay_clear() -> None:
    """TRF-015: 100 m of limit and two times 300 m of climb."""
    assert pairing(*two(1_500.0, climb_m=690.0), RULE, NOW).assessed is not Assessed.CLEAR
    assert pairing(*two(1_500.0, climb_m=710.0), RULE, NOW).assessed is Assessed.CLEAR


def test_where_the_course_says_enough_a_turn_adds_nothing() -> None:
    """TRU-045: within the limits now, and no other reason; later, the time as reported stays."""
    now_there = pairing(*two(400.0), RULE, NOW)
    assert (now_there.assessed, now_there.reasons) == (Assessed.INFRINGES, ())
    southwards = Velocity(track_deg=180.0, speed_mps=40.0, climb_mps=0.0)
    there = Position(lat_deg=52.05, lon_deg=4.0)
    met = pairing(two(0.0)[0], replace(two(0.0)[1], position=there, velocity=southwards), RULE, NOW)
    assert met.assessed is Assessed.INFRINGES
    assert met.nominal_in_s is not None
    assert met.nominal_in_s > TURNS.horizon_s
    assert Reason.MANOEUVRE not in met.reasons  # 5 km: no turn brings them nearer in 30 s


def test_one_without_a_course_goes_anywhere_and_the_other_may_turn() -> None:
    """TRU-042, TRF-015: a circle that grows at the assumed speed, met by a turn."""
    rule = replace(RULE, horizon_s=30.0, unknown_speed_mps=10.0)
    moving, lost = two(1_800.0)[0], two(1_800.0, speed_mps=None)[1]
    found = pairing(moving, lost, rule, NOW)
    assert found.assessed is Assessed.CANNOT_BE_RULED_OUT
    assert Reason.MANOEUVRE in found.reasons
    assert found.infringement_in_s >= 1_300.0 / 50.0 - 0.1
    both_lost = two(1_800.0, speed_mps=None)
    assert pairing(*both_lost, rule, NOW).assessed is Assessed.CLEAR


def crowd(seed: int) -> tuple[list[Motion], Criterion]:
    """Some thirty objects round one place, some of them without what a source may leave out."""
    rng = random.Random(f"turns:{seed}")
    rule = replace(make_rule(rng), lateral_m=rng.choice((50.0, 500.0, 3_000.0)))
    lat, lon = rng.choice(REGIONS)
    motions = []
    for _ in range(30):
        away = EARTH.Direct(lat, lon, rng.uniform(0, 360), rng.uniform(0, 12_000))
        one = make_motion(rng, away["lat2"], away["lon2"])
        assert one.velocity is not None
        left_out = rng.choice(
            (
                {},
                {},
                {},
                {"velocity": None},
                {"velocity": replace(one.velocity, climb_mps=None)},
                {"altitude": None, "altitude_accuracy_m": None},
                {"position_accuracy_m": None},
                {"altitude_accuracy_m": None},
                {"at": NOW + timedelta(seconds=3)},
                {"at": NOW - timedelta(seconds=70)},
            )
        )
        motions.append(replace(one, **left_out))
    return motions, rule


def exactly(motions: list[Motion], rule: Criterion) -> dict[tuple[int, int], int]:
    """Every pair, one by one, by the exact function."""
    told = {
        (i, j): pairing(motions[i], motions[j], rule, NOW).assessed
        for i, j in itertools.combinations(range(len(motions)), 2)
    }
    return {pair: int(VERDICTS[answer]) for pair, answer in told.items() if answer != "clear"}


@pytest.mark.parametrize("seed", seeds(12, few=1))
def test_arrays_decide_turns_as_the_exact_pairing_does(seed: int) -> None:
    """BLK-027: both paths, all at once and one that changed; verdicts, and times of turns."""
    motions, rule = crowd(seed)
    tracks = TrackColumns.from_motions(motions, NOW, datum=Datum.MSL_EGM96)
    expected = exactly(motions, rule)
    assert len(expected) > len(exactly(motions, replace(rule, manoeuvre=None)))
    for path in PATHS:
        pairs = encounters(tracks, rule, path=path)
        keys = list(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True))
        assert dict(zip(keys, pairs.verdict.tolist(), strict=True)) == expected
        assert keys == sorted(expected)
        for (i, j), early_s in zip(keys, pairs.infringement_in_s.tolist(), strict=True):
            answer = pairing(motions[i], motions[j], rule, NOW)
            if Reason.MANOEUVRE in answer.reasons:
                assert early_s == pytest.approx(answer.infringement_in_s, abs=0.001)
        standing = Standing.of(tracks, rule, path=path)
        one = TrackColumns.from_motions(motions[:1], NOW, datum=Datum.MSL_EGM96)
        against = standing.against(one, in_place_of=0)
        told = dict(zip(against.first.tolist(), against.verdict.tolist(), strict=True))
        assert told == {j: verdict for (i, j), verdict in expected.items() if i == 0}


@pytest.mark.parametrize("seed", seeds(12, few=1))
def test_what_the_index_of_tracks_leaves_out_no_turn_brings_near(seed: int) -> None:
    """BLV-033: and some are left out."""
    motions, rule = crowd(seed)
    index = TrackIndex[str](rule)
    for number, one in enumerate(motions):
        index.put(str(number), one)
    left_out = 0
    for number, one in enumerate(motions):
        named = set(index.of_motion(one, NOW, but=str(number)))
        for other in set(map(str, range(len(motions)))) - named - {str(number)}:
            left_out += 1
            found = pairing(one, motions[int(other)], rule, NOW)
            assert found.assessed is Assessed.CLEAR
    assert left_out > 0
