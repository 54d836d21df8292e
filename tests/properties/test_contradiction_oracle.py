"""Two states of one object, judged by what shares no code with it.

- An object flown with geographiclib within its kind's bounds, measured by two sources with errors
  within what they state, never contradicts itself (CTR-002, CTR-003, CTR-010, CTR-012).
- The plain definition, by geographiclib alone, gives the verdicts of the exact pair (CTR-002).
- The exact pair gives those of the arrays, aimed at the limits too (CTR-032), and comparing every
  row with every other finds the pairs of one identity (CTR-031).
"""

import math
import random
from dataclasses import replace
from datetime import UTC, datetime
from itertools import combinations

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic
from sampling import examples, seeds

from crosstell.core.altitude import Altitude, Datum
from crosstell.core.detection.bulk.columns import TrackColumns
from crosstell.core.detection.identity.arrays import VERDICTS, contradictions, judge_pairs
from crosstell.core.detection.identity.groups import Identities, identities_of, pairs_of
from crosstell.core.detection.identity.screen import may_contradict
from crosstell.core.detection.pair.contradiction import (
    Allowance,
    Consistency,
    Told,
    contradiction,
)
from crosstell.core.geometry.motion import Motion, Velocity
from crosstell.core.geometry.position import Position
from crosstell.core.instant import later, seconds_between
from crosstell.core.picture.track import Hint, HintKind
from crosstell.core.picture.trust.kind import (
    AEROPLANE,
    SHIP,
    SMALL_DRONE_KIND,
    UNKNOWN_KIND,
    MotionLimits,
)

EARTH = Geodesic.WGS84
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
KINDS = (AEROPLANE, SMALL_DRONE_KIND, SHIP, UNKNOWN_KIND)
REGIONS = ((0.0, 10.0), (36.5, 40.7), (10.0, 179.999), (70.0, -180.0), (-60.0, 0.0))
STEP_S = 0.25


def flown(rng: random.Random, kind: MotionLimits, lasts_s: float) -> list[tuple[float, ...]]:
    """Time, latitude, longitude, course, speed, height, climb: within the kind's bounds."""
    lat, lon = rng.choice(REGIONS)
    track, height = rng.uniform(0, 360), 5_000.0
    speed = rng.uniform(0.1, 0.9) * kind.speed_mps_max
    climb = rng.uniform(-0.5, 0.5) * kind.climb_mps_max
    way: list[tuple[float, ...]] = [(0.0, lat, lon, track, speed, height, climb)]
    turn_deg = rng.uniform(0, 360)
    for number in range(1, int(lasts_s / STEP_S) + 1):
        end = EARTH.Direct(lat, lon, track, speed * STEP_S)
        lat, lon, track = end["lat2"], end["lon2"], end["azi2"]
        if rng.random() < 0.02:
            turn_deg = rng.uniform(0, 360)
        push = 0.95 * kind.acceleration_mps2_max * STEP_S
        east = speed * math.sin(math.radians(track)) + push * math.sin(math.radians(turn_deg))
        north = speed * math.cos(math.radians(track)) + push * math.cos(math.radians(turn_deg))
        if math.hypot(east, north) <= 0.95 * kind.speed_mps_max:
            track, speed = math.degrees(math.atan2(east, north)), math.hypot(east, north)
        height += climb * STEP_S
        way.append((number * STEP_S, lat, lon, track, speed, height, climb))
    return way


def measured(rng: random.Random, at: tuple[float, ...], kind: MotionLimits) -> Motion:
    """What one source tells of it: every error within what it states, or what is assumed."""
    time_s, lat, lon, track, speed, height, climb = at
    accuracy_m = rng.choice((None, 0.0, 30.0, 400.0))
    most_m = kind.position_slack_m if accuracy_m is None else 2.0 * accuracy_m
    off = EARTH.Direct(lat, lon, rng.uniform(0, 360), rng.uniform(0.9, 0.999) * most_m)
    high_m = rng.choice((None, 0.0, 50.0))
    tall_m = kind.altitude_slack_m if high_m is None else 2.0 * high_m
    wrong, way = rng.uniform(0, 0.9) * kind.velocity_slack_mps, math.radians(rng.uniform(0, 360))
    east = speed * math.sin(math.radians(track)) + wrong * math.sin(way)
    north = speed * math.cos(math.radians(track)) + wrong * math.cos(way)
    velocity = Velocity(
        track_deg=math.degrees(math.atan2(east, north)),
        speed_mps=math.hypot(east, north),
        climb_mps=None if rng.random() < 0.3 else climb,
    )
    late_s = rng.choice((-1.0, 1.0)) * rng.uniform(0.8, 0.999) * kind.time_slack_s
    return Motion(
        position=Position(lat_deg=off["lat2"], lon_deg=off["lon2"]),
        at=later(NOW, by_s=time_s + late_s),
        altitude=Altitude(
            value_m=min(max(height + rng.choice((-0.999, 0.999)) * tall_m, -900.0), 90_000.0),
            datum=Datum.MSL_EGM96,
        ),
        velocity=None if rng.random() < 0.2 else velocity,
        position_accuracy_m=accuracy_m,
        altitude_accuracy_m=high_m,
    )


def test_an_object_that_keeps_its_bounds_never_contradicts_itself() -> None:
    """CTR-002, CTR-003, CTR-010, CTR-012: whoever measures it, whenever, however badly."""
    for seed in range(examples(160)):
        rng = random.Random(f"kept:{seed}")
        kind = rng.choice(KINDS)
        way = flown(rng, kind, 30.0)
        allowed = Allowance(limits=kind)
        for _ in range(6):
            start = rng.randrange(len(way))
            end = min(len(way) - 1, start + rng.choice((0, 1, 8, 40, len(way))))
            first, second = (measured(rng, way[at], kind) for at in (start, end))
            found = contradiction(Told(motion=first), Told(motion=second), allowed)
            assert found.contradicts == (), (seed, first, second, found)


def plain_position(one: Motion, two: Motion, allowed: Allowance) -> Consistency | None:
    """CTR-002 to CTR-007 as they are written; None within 10 cm of a limit."""
    old, new = sorted((one, two), key=lambda each: each.at)
    kind, gap_s = allowed.limits, seconds_between(old.at, new.at)
    free_s = gap_s + 2 * kind.time_slack_s
    wide_m, is_stated = 0.0, True
    for each in (old, new):
        stated = each.position_accuracy_m
        is_stated = is_stated and stated is not None
        wide_m += kind.position_slack_m if stated is None else 2.0 * stated
    over_m = [apart_m(old.position, new.position) - wide_m - kind.speed_mps_max * free_s]
    for here, there, turn_deg in ((old, new, 0.0), (new, old, 180.0)):
        if here.velocity is None:
            continue
        speed = here.velocity.speed_mps
        led = EARTH.Direct(
            here.position.lat_deg,
            here.position.lon_deg,
            here.velocity.track_deg + turn_deg,
            speed * gap_s,
        )
        place = Position(lat_deg=led["lat2"], lon_deg=led["lon2"])
        allowed_m = speed * 2 * kind.time_slack_s + kind.velocity_slack_mps * free_s
        allowed_m += kind.acceleration_mps2_max * free_s**2 / 2
        over_m.append(apart_m(place, there.position) - wide_m - allowed_m)
    if abs(max(over_m)) < 0.1:
        return None
    if max(over_m) > 0:
        return Consistency.CONTRADICTS
    sure = is_stated and gap_s <= allowed.apart_s
    return Consistency.CONSISTENT if sure else Consistency.NOT_TESTABLE


def apart_m(one: Position, two: Position) -> float:
    line = EARTH.Inverse(one.lat_deg, one.lon_deg, two.lat_deg, two.lon_deg)
    return float(line["s12"])


def two_states(rng: random.Random) -> tuple[Motion, Motion]:
    """One object, about as it flies, the second moved by some distance, also near the limits."""
    kind = rng.choice(KINDS)
    way = flown(rng, kind, 4.0)
    first = measured(rng, way[0], kind)
    second = measured(rng, way[rng.choice((0, -1))], kind)
    gap_s = rng.choice((0.0, 0.0, 3.0, 20.0, 59.9, 60.0, 75.0, 900.0))
    second = replace(second, at=later(first.at, by_s=gap_s))
    moved_m = rng.choice((0.0, 10.0 ** rng.uniform(2, 7)))
    end = EARTH.Direct(
        second.position.lat_deg, second.position.lon_deg, rng.uniform(0, 360), moved_m
    )
    second = replace(second, position=Position(lat_deg=end["lat2"], lon_deg=end["lon2"]))
    if rng.random() < 0.5 and second.altitude is not None:
        raised = second.altitude.value_m + rng.uniform(-4_000.0, 4_000.0)
        height = Altitude(value_m=max(raised, 0.0), datum=Datum.MSL_EGM96)
        second = replace(second, altitude=height)
    if rng.random() < 0.1:
        second = replace(second, altitude=None)
    return (first, second) if rng.random() < 0.5 else (second, first)


def test_the_plain_definition_gives_the_same_verdicts() -> None:
    """CTR-002 to CTR-007."""
    seen: dict[Consistency, int] = dict.fromkeys(Consistency, 0)
    for seed in range(examples(1_500)):
        rng = random.Random(f"plain:{seed}")
        first, second = two_states(rng)
        allowed = Allowance(limits=rng.choice(KINDS))
        expected = plain_position(first, second, allowed)
        found = contradiction(Told(motion=first), Told(motion=second), allowed).position
        assert expected in (None, found.verdict), (seed, first, second)
        seen[found.verdict] += 1
    assert min(seen.values()) > 50, seen


def aimed(rng: random.Random, allowed: Allowance) -> tuple[Motion, Motion]:
    """Two states where they just contradict, to some metres: where one leads, or by speed alone."""
    kind = allowed.limits
    first, second = (measured(rng, flown(rng, kind, 0.0)[0], kind) for _ in range(2))
    gap_s = rng.choice((0.0, 5.0, 60.0, 900.0))
    free_s, velocity = gap_s + 2 * kind.time_slack_s, first.velocity
    room_m, speed = kind.speed_mps_max * free_s, 0.0
    if gap_s == 900.0:
        velocity = None
    if velocity is not None:
        speed = velocity.speed_mps
        room_m = speed * 2 * kind.time_slack_s + kind.velocity_slack_mps * free_s
        room_m += kind.acceleration_mps2_max * free_s**2 / 2
    for each in (first, second):
        stated = each.position_accuracy_m
        room_m += kind.position_slack_m if stated is None else 2.0 * stated
    track = 0.0 if velocity is None else velocity.track_deg
    here = first.position
    led = EARTH.Direct(here.lat_deg, here.lon_deg, track, speed * gap_s)
    off_m = room_m + rng.choice((0.01, 0.3, 2.0, 500.0)) * rng.uniform(-1.0, 1.0)
    end = EARTH.Direct(led["lat2"], led["lon2"], rng.uniform(0, 360), off_m)
    place = Position(lat_deg=end["lat2"], lon_deg=end["lon2"])
    later_on = later(first.at, by_s=gap_s)
    return (
        replace(first, velocity=velocity),
        replace(second, velocity=None, position=place, at=later_on),
    )


@pytest.mark.parametrize("seed", seeds(12, few=4))
def test_arrays_give_the_verdicts_of_the_exact_pair(seed: int) -> None:
    """CTR-032: of every pair, those aimed at a limit too, in any order of the rows."""
    rng = random.Random(f"arrays:{seed}")
    allowed = Allowance(limits=KINDS[seed % len(KINDS)])
    motions: list[Motion] = []
    for _ in range(100):
        motions += aimed(rng, allowed) if rng.random() < 0.6 else two_states(rng)
    now = later(NOW, by_s=100.0)
    tracks = TrackColumns.from_motions(motions, now, datum=Datum.MSL_EGM96)
    wide_m = np.array([rng.choice((0.0, 40.0)) for _ in motions])
    tracks = replace(tracks, conversion_m=wide_m)
    evens = np.arange(0, len(motions), 2, dtype=np.int64)
    others = np.array([rng.randrange(len(motions)) for _ in evens], dtype=np.int64)
    first_rows = np.concatenate((evens, evens + 1, evens))
    second_rows = np.concatenate((evens + 1, evens, others))
    found = judge_pairs(tracks, first_rows, second_rows, allowed)
    for place, (one, two) in enumerate(zip(first_rows, second_rows, strict=True)):
        first, second = (
            Told(motion=tracks.row(int(row), now), conversion_m=float(wide_m[row]))
            for row in (one, two)
        )
        exact, told = contradiction(first, second, allowed), (seed, first, second)
        assert VERDICTS[found.position[place]] is exact.position.verdict, told
        assert VERDICTS[found.altitude[place]] is exact.altitude.verdict, told
        assert VERDICTS[found.velocity[place]] is exact.velocity.verdict, told


def test_what_the_screen_leaves_out_does_not_contradict() -> None:
    """CTR-045: and it leaves out most of what does not; two datums are always asked."""
    for seed in range(8):
        rng = random.Random(f"screen:{seed}")
        allowed = Allowance(limits=KINDS[seed % len(KINDS)])
        pairs = [aimed(rng, allowed) if rng.random() < 0.5 else two_states(rng) for _ in range(80)]
        pairs.append((pairs[0][0], replace(pairs[0][1], at=later(NOW, by_s=2e7))))
        mixed = Altitude(value_m=1.0, datum=Datum.WGS84_ELLIPSOID)
        pairs.append((replace(pairs[0][0], altitude=mixed), replace(pairs[0][1], altitude=None)))
        full = replace(pairs[0][1], altitude=Altitude(value_m=1.0, datum=Datum.MSL_EGM96))
        pairs.append((replace(pairs[0][0], altitude=mixed), full))
        may = may_contradict(pairs, allowed)
        assert may[-1]
        for (one, two), is_possible in zip(pairs[:-1], may, strict=False):
            found = contradiction(Told(motion=one), Told(motion=two), allowed).contradicts
            assert is_possible or found == ()
            assert not is_possible or found != () or two.at >= later(one.at, by_s=1e7)
    assert len(may_contradict([], Allowance(limits=SHIP))) == 0


def test_every_pair_of_one_identity_is_told_once_by_its_first() -> None:
    """CTR-030, CTR-031: whatever the block, as comparing each with each finds it."""
    for seed in range(40):
        rng = random.Random(f"pairs:{seed}")
        rows = [
            tuple(
                Hint(kind=kind, value=f"{kind}-{rng.randrange(5)}")
                for kind in (HintKind.ICAO_ADDRESS, HintKind.MMSI, HintKind.SERIAL_NUMBER)
                if rng.random() < 0.6
            )
            for _ in range(rng.randrange(40))
        ]
        identities = identities_of(rows)
        expected = {}
        for one, two in combinations(range(len(rows)), 2):
            both = {(hint.kind, hint.value) for hint in rows[one]}
            both &= {(hint.kind, hint.value) for hint in rows[two]}
            if both:
                expected[one, two] = {
                    (kind, value.casefold().replace("-", "")) for kind, value in both
                }
        told = [
            (int(one), int(two), identities.names[code])
            for block in pairs_of(identities, rng.choice((1, 7, 1_000)))
            for one, two, code in zip(*block, strict=True)
        ]
        assert len({(one, two) for one, two, _ in told}) == len(told)
        assert {(one, two) for one, two, _ in told} == expected.keys()
        assert all(name in expected[one, two] for one, two, name in told)


def test_blocks_change_nothing_and_every_pair_is_counted() -> None:
    """CTR-033: the same pairs whatever the size of a block; one identity of all included."""
    rng = random.Random("blocks")
    motions = [motion for _ in range(30) for motion in two_states(rng)]
    tracks = TrackColumns.from_motions(motions, NOW, datum=Datum.MSL_EGM96)
    identities = Identities(codes=np.zeros((60, 1), dtype=np.int64), names=())
    allowed = Allowance(limits=AEROPLANE)
    found = []
    for size in (1, 100, 10_000):
        blocks = list(contradictions(tracks, identities, allowed, size))
        assert sum(int(block.counts.sum()) for block in blocks) == 3 * 60 * 59 // 2
        rows = [(block.first.tolist(), block.second.tolist()) for block in blocks]
        found.append({pair for one, two in rows for pair in zip(one, two, strict=True)})
    assert found[0] == found[1] == found[2] != set()
    with pytest.raises(ValueError, match="one row for each track"):
        list(contradictions(tracks, identities_of([()]), allowed))
