"""Conformance against its rules written out plainly, volume by volume.

CNF-001 to CNF-008, CNF-010 to CNF-013.

The oracle knows no bounds and no order of search: it measures every volume by geographiclib, and
asks of each whether it is kept as reported, may be kept, and by how much it is off.
"""

import math
import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sampling import examples

from crosstell.core.altitude import Altitude, Datum, Unbounded
from crosstell.core.detection.finding import Criterion
from crosstell.core.detection.pair.conformance import Keeping, Terms, along_plan, conformance
from crosstell.core.geometry.footprint import Circle
from crosstell.core.geometry.motion import Motion, Velocity
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.volume import Volume
from crosstell.core.ids import RuleId
from crosstell.core.instant import Window, later
from crosstell.core.protocol.rules.traffic import Tolerance

EARTH = Geodesic.WGS84
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
REGIONS = ((0.0, 10.0), (36.5, 40.7), (10.0, 179.999), (70.0, -180.0), (89.99, -75.0))
RADII_M = (500.0, 2_000.0)
TICK = timedelta(microseconds=1)


def beyond(start: Position, track_deg: float, travel_m: float) -> Position:
    end = EARTH.Direct(start.lat_deg, start.lon_deg, track_deg, travel_m)
    return Position(lat_deg=end["lat2"], lon_deg=end["lon2"])


def between_m(here: Position, there: Position) -> float:
    line = EARTH.Inverse(here.lat_deg, here.lon_deg, there.lat_deg, there.lon_deg)
    return float(line["s12"])


def make_plan(rng: random.Random) -> tuple[Volume, ...]:
    """Places near one another, in windows that touch, overlap or leave gaps."""
    lat, lon = rng.choice(REGIONS)
    place, opens_s, found = Position(lat_deg=lat, lon_deg=lon), -120.0, []
    for _ in range(rng.randint(1, 6)):
        low = Altitude(value_m=rng.choice((0.0, 500.0)), datum=Datum.MSL_EGM96)
        high = Altitude(value_m=rng.choice((900.0, 1_000.0)), datum=Datum.MSL_EGM96)
        closes_s = opens_s + rng.choice((30.0, 60.0))
        window = Window(start=later(NOW, by_s=opens_s), end=later(NOW, by_s=closes_s))
        found.append(
            Volume(
                footprint=Circle(centre=place, radius_m=rng.choice(RADII_M)),
                lower=rng.choice((low, Unbounded())),
                upper=rng.choice((high, Unbounded())),
                window=window,
            )
        )
        place = beyond(place, rng.uniform(0, 360), rng.choice((0.0, 1_500.0, 6_000.0)))
        opens_s = closes_s + rng.choice((-20.0, 0.0, 0.0, 25.0))
    return tuple(found)


def make_motion(rng: random.Random, plan: tuple[Volume, ...]) -> Motion:
    """Near one of the places; often at the edge of a window, a band or a footprint."""
    volume = rng.choice(plan)
    footprint = volume.footprint
    assert isinstance(footprint, Circle)
    away_m = rng.choice((0.0, 0.5, 1.0, 1.1, 3.0)) * footprint.radius_m
    edges = [edge for each in plan for edge in (each.window.start, each.window.end)]
    near = rng.choice(edges)
    at = rng.choice((near, near - TICK, near + timedelta(seconds=rng.choice((-5, 3, 5, 20)))))
    value_m = rng.choice((None, 0.0, 480.0, 500.0, 990.0, 1_000.0, 1_050.0, 2_000.0))
    return Motion(
        position=beyond(footprint.centre, rng.uniform(0, 360), away_m),
        at=at,
        altitude=None if value_m is None else Altitude(value_m=value_m, datum=Datum.MSL_EGM96),
        velocity=Velocity(track_deg=0.0, speed_mps=rng.choice((0.0, 80.0)), climb_mps=None),
        position_accuracy_m=rng.choice((None, 0.0, 200.0)),
        altitude_accuracy_m=rng.choice((None, 0.0, 30.0)),
    )


def make_terms(rng: random.Random) -> Terms:
    return Terms(
        tolerance=Tolerance(
            lateral_m=rng.choice((0.0, 100.0)),
            early_s=rng.choice((0.0, 5.0)),
            late_s=rng.choice((0.0, 3.0)),
            vertical_m=rng.choice((None, 0.0, 50.0)),
        ),
        unknown_accuracy_m=rng.choice((0.0, 400.0)),
        unknown_vertical_accuracy_m=rng.choice((0.0, 90.0)),
        stale_after_s=600.0,
    )


@dataclass(frozen=True)
class Plain:
    """One volume, measured plainly. Reported, may be: whether place and height are kept."""

    on_time: bool
    shift_s: float
    sideways_m: float
    height_m: float
    reported: bool
    may_be: bool


def plainly(motion: Motion, volume: Volume, terms: Terms) -> Plain:
    footprint, allowed = volume.footprint, terms.tolerance
    assert isinstance(footprint, Circle)
    opens = volume.window.start - timedelta(seconds=allowed.early_s)
    closes = volume.window.end + timedelta(seconds=allowed.late_s)
    on_time = opens <= motion.at and (
        motion.at <= closes if allowed.late_s > 0 else motion.at < closes
    )
    shift_s = 0.0
    if motion.at < volume.window.start:
        shift_s = (volume.window.start - motion.at).total_seconds()
    if motion.at >= volume.window.end:
        shift_s = (motion.at - volume.window.end + TICK).total_seconds()
    sideways_m = max(0.0, between_m(motion.position, footprint.centre) - footprint.radius_m)
    wide_m = motion.position_accuracy_m
    wide_m = terms.unknown_accuracy_m if wide_m is None else wide_m
    beside, may_be = (
        sideways_m <= allowed.lateral_m + 5e-4,
        (sideways_m <= allowed.lateral_m + wide_m + 5e-4),
    )
    height_m, in_band, may_band = 0.0, True, True
    if allowed.vertical_m is not None:
        for limit, sign in ((volume.lower, -1), (volume.upper, 1)):
            if not isinstance(limit, Altitude):
                continue
            if motion.altitude is None:
                in_band = False
                continue
            over_m = sign * (motion.altitude.value_m - limit.value_m)
            up_m = motion.altitude_accuracy_m
            up_m = terms.unknown_vertical_accuracy_m if up_m is None else up_m
            assert up_m is not None
            in_band = in_band and over_m <= allowed.vertical_m + 5e-4
            may_band = may_band and over_m <= allowed.vertical_m + up_m + 5e-4
            height_m = max(height_m, over_m)
    return Plain(on_time, shift_s, sideways_m, height_m, beside and in_band, may_be and may_band)


def expected(motion: Motion, plan: tuple[Volume, ...], terms: Terms) -> tuple[Keeping, list[Plain]]:
    seen = [plainly(motion, volume, terms) for volume in plan]
    if any(each.on_time and each.reported for each in seen):
        return Keeping.INSIDE, seen
    if any(each.on_time and each.may_be for each in seen):
        return Keeping.NOT_TESTABLE, seen
    return Keeping.OUTSIDE, seen


def told(seen: list[Plain]) -> int:
    """Which volume an outside motion is told by: at its place, else in its time, else soonest."""
    order = range(len(seen))
    for there in ([k for k in order if seen[k].reported], [k for k in order if seen[k].may_be]):
        if there:
            return min(there, key=lambda k: (seen[k].shift_s, k))
    timely = [k for k in order if seen[k].on_time]
    if timely:
        return min(timely, key=lambda k: (math.hypot(seen[k].sideways_m, seen[k].height_m), k))
    return min(order, key=lambda k: (seen[k].shift_s, k))


def check(seed: int) -> Keeping:
    rng = random.Random(seed)
    plan = make_plan(rng)
    motion, terms = make_motion(rng, plan), make_terms(rng)
    found = conformance(motion, plan, terms, motion.at)
    keeping, seen = expected(motion, plan, terms)
    assert found.keeping is keeping, f"seed {seed}"
    assert found.volume is not None
    plain = seen[found.volume]
    assert found.early_s + found.late_s == pytest.approx(plain.shift_s, abs=2e-6)
    assert found.early_s == 0.0 or found.late_s == 0.0
    assert found.sideways_m == pytest.approx(plain.sideways_m, abs=1e-4)
    if found.height_m is not None:
        assert abs(found.height_m) == pytest.approx(plain.height_m, abs=1e-6)
    if keeping is Keeping.OUTSIDE:
        wanted = told(seen)
        twin = seen[wanted]
        assert found.volume == wanted or (
            twin.shift_s == plain.shift_s
            and twin.sideways_m == pytest.approx(plain.sideways_m, abs=1e-4)
        ), f"seed {seed}"
    else:
        assert plain.on_time
        assert plain.may_be
        assert plain.reported == (keeping is Keeping.INSIDE)
    return keeping


@settings(max_examples=examples(300), deadline=None, derandomize=True)
@given(st.integers(0, 2**32))
@example(0)
def test_conformance_equals_its_plain_definition(seed: int) -> None:
    """CNF-001 to CNF-008, CNF-010 and CNF-011: verdict, volume and every figure."""
    check(seed)


def test_the_cases_hold_every_verdict() -> None:
    """CNF-001: a control: each verdict occurs, so each can be wrong."""
    found = [check(seed) for seed in range(400)]
    for keeping in Keeping:
        assert found.count(keeping) >= 10


@settings(max_examples=examples(60), deadline=None, derandomize=True)
@given(st.integers(0, 2**32), st.floats(-1e7, 1e7))
def test_it_does_not_depend_on_the_date_or_the_order(seed: int, shift_s: float) -> None:
    """CNF-013: shifted in time, or with the volumes in another order, the figures are equal."""
    rng = random.Random(seed)
    plan = make_plan(rng)
    motion, terms = make_motion(rng, plan), make_terms(rng)
    by = timedelta(seconds=round(shift_s))
    moved = tuple(
        replace(each, window=Window(start=each.window.start + by, end=each.window.end + by))
        for each in plan
    )
    later_on = replace(motion, at=motion.at + by)
    before = conformance(motion, plan, terms, motion.at)
    assert conformance(later_on, moved, terms, later_on.at) == before
    turned = conformance(motion, plan[::-1], terms, motion.at)
    assert turned.keeping is before.keeping


@settings(max_examples=examples(60), deadline=None, derandomize=True)
@given(st.integers(0, 2**32), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_a_conforming_object_is_in_one_of_the_places_ahead(
    seed: int, share: float, within: float
) -> None:
    """CNF-020 to CNF-022: wherever it goes, in bounds and in its activity, the plan names it."""
    rng = random.Random(seed)
    plan = make_plan(rng)
    motion = replace(make_motion(rng, plan), at=NOW, position_accuracy_m=0.0)
    criterion = Criterion(
        rule=RuleId("plan"),
        reading=None,
        lateral_m=0.0,
        vertical_m=0.0,
        horizon_s=120.0,
        unknown_accuracy_m=0.0,
        unknown_speed_mps=60.0,
        stale_after_s=60.0,
    )
    places = along_plan(motion, plan, criterion, NOW)
    assert [each.window.start for each in places] == sorted(
        each.window.start for each in places
    ) or len(places) > 1
    velocity = motion.velocity
    assert velocity is not None
    after_s = share * criterion.horizon_s
    reach_m = within * max(velocity.speed_mps, 60.0) * after_s
    there, then = beyond(motion.position, rng.uniform(0, 360), reach_m), later(NOW, by_s=after_s)
    for number, volume in enumerate(plan):
        footprint = volume.footprint
        assert isinstance(footprint, Circle)
        inside = between_m(there, footprint.centre) <= footprint.radius_m
        if inside and volume.window.holds(then):
            assert any(
                each.footprint == footprint and each.window.holds(then) for each in places
            ), f"seed {seed}: volume {number}"
