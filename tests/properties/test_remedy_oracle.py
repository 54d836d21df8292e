"""Shifts against brute force: every second, every half metre, by an oracle written apart.

The oracle knows circles, bands and windows by themselves: distances by geographiclib, bands by
the worst that a stated conversion can do, stays by counting seconds.
"""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from geographiclib.geodesic import Geodesic
from hypothesis import given, settings
from hypothesis import strategies as st
from sampling import examples

from crosstell.core.altitude import (
    Altitude,
    AltitudeData,
    AltitudeLimit,
    Datum,
    GroundBounds,
    Shift,
    Unbounded,
)
from crosstell.core.detection.finding import Criterion
from crosstell.core.detection.remedy.obstacle import Obstacle, clears
from crosstell.core.detection.remedy.search import (
    TRAVEL_GRAIN_M,
    Bounds,
    Remedies,
    Way,
    remedies,
)
from crosstell.core.detection.remedy.shift import HeightShift, PlaceShift, TimeShift
from crosstell.core.geometry.footprint import Circle
from crosstell.core.geometry.geoid import Conversions, NoGeoid
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.volume import Volume
from crosstell.core.ids import RuleId
from crosstell.core.instant import Window

NOON = datetime(2023, 6, 1, 12, tzinfo=UTC)
REACH_S = 400
REACH_M = 500
VERTICAL_M = 100.0
LATERAL_M = 2_000.0
UNDULATION = Shift(add_m=30.5, uncertainty_m=1.25)
LOW, HIGH = (Altitude(value_m=value, datum=Datum.MSL_EGM96) for value in (0.0, 50.0))
KNOWN = AltitudeData(undulation=UNDULATION, ground=GroundBounds(lower=LOW, upper=HIGH))
CONVERSIONS = Conversions(geoid=NoGeoid(why="a test"), handed=KNOWN)
RULE = Criterion(
    rule=RuleId("apart"),
    reading=None,
    lateral_m=LATERAL_M,
    vertical_m=VERTICAL_M,
    horizon_s=600.0,
    unknown_accuracy_m=0.0,
    unknown_speed_mps=0.0,
    stale_after_s=60.0,
)


@dataclass(frozen=True)
class Box:
    """A circle at a place of a row, a band or none in one of three datums, and whole seconds."""

    place: int
    lower: int | None
    upper: int | None
    datum: Datum
    start: int
    end: int

    def volume(self) -> Volume:
        centre = Position(lat_deg=36.0 + 0.02 * self.place, lon_deg=40.0)
        return Volume(
            footprint=Circle(centre=centre, radius_m=1_000.0),
            lower=self._limit(self.lower),
            upper=self._limit(self.upper),
            window=Window(
                start=NOON + timedelta(seconds=self.start), end=NOON + timedelta(seconds=self.end)
            ),
        )

    def _limit(self, value: int | None) -> AltitudeLimit:
        return Unbounded() if value is None else Altitude(value_m=value, datum=self.datum)


@st.composite
def boxes(draw: st.DrawFn, *, of_plan: bool) -> Box:
    start = draw(st.integers(0, 120))
    lower = draw(st.integers(20, 60)) * 10
    datum = draw(st.sampled_from([Datum.MSL_EGM96, Datum.MSL_EGM96, Datum.WGS84_ELLIPSOID]))
    upper: int | None = lower + 10 * draw(st.integers(0, 10))
    if not of_plan:
        way = draw(st.integers(0, 9))
        upper = None if way == 0 else upper
        datum = Datum.STANDARD_PRESSURE if way == 1 else datum
    return Box(
        place=draw(st.integers(0, 4)),
        lower=lower,
        upper=upper,
        datum=datum,
        start=start,
        end=start + draw(st.integers(1, 60)),
    )


def gap_s(one: Box, other: Box, by: int) -> tuple[int, int]:
    """The seconds that both windows hold, `one` moved: from, to (empty if not from < to)."""
    return max(one.start + by, other.start), min(one.end + by, other.end)


def near(one: Box, other: Box) -> bool:
    first, second = (36.0 + 0.02 * box.place for box in (one, other))
    found = Geodesic.WGS84.Inverse(first, 40.0, second, 40.0)["s12"]
    return bool(found - 2_000.0 <= LATERAL_M)


def level(one: Box, other: Box, by: float) -> bool:
    """Whether the bands, `one` moved, may be within the limit of each other."""
    if one.datum is not other.datum and Datum.STANDARD_PRESSURE in (one.datum, other.datum):
        return True
    add_m, wide_m = 0.0, 0.0
    if one.datum is not other.datum:
        add_m = 30.5 if one.datum is Datum.MSL_EGM96 else -30.5
        wide_m = 1.25 + 0.002
    lower, upper = (_raised(value, by + add_m) for value in (one.lower, one.upper))
    over = lower - (math.inf if other.upper is None else other.upper)
    under = (-math.inf if other.lower is None else other.lower) - upper
    return max(over, under) - wide_m <= VERTICAL_M + 0.000_5


def _raised(value: int | None, by: float) -> float:
    assert value is not None, "plans of the test are bounded"
    return value + by


def free(plan: list[Box], others: list[Box], dwell_s: int, *, s: int = 0, m: float = 0.0) -> bool:
    """By counting seconds: no stay in all the others together is longer than allowed."""
    held: set[int] = set()
    for one in plan:
        for other in others:
            if near(one, other) and level(one, other, m):
                held.update(range(*gap_s(one, other, s)))
    run = longest = 0
    for second in range(min(held, default=0), max(held, default=-1) + 1):
        run = run + 1 if second in held else 0
        longest = max(longest, run)
    return longest <= dwell_s


def found_for(plan: list[Box], others: list[Box], dwell_s: int) -> Remedies:
    parts = tuple(box.volume() for box in plan)
    obstacles = tuple(
        Obstacle(
            what="all",
            volume=box.volume(),
            criterion=RULE,
            conversions=CONVERSIONS,
            dwell_s=dwell_s,
        )
        for box in others
    )
    bounds = Bounds(
        earliest=NOON - timedelta(days=1),
        conversions=CONVERSIONS,
        shift_s_max=REACH_S,
        height_m_max=REACH_M,
        travel_m_max=20_000.0,
    )
    assert clears(parts, obstacles) == free(plan, others, dwell_s)
    found = remedies(parts, obstacles, bounds)
    for shift in found.shifts:
        assert clears(shift.applied(parts), obstacles)
    assert found.unfinished == ()
    return found


PLANS = st.lists(boxes(of_plan=True), min_size=1, max_size=3)
OTHERS = st.lists(boxes(of_plan=False), min_size=1, max_size=4)


@settings(max_examples=examples(80), deadline=None)
@given(plan=PLANS, others=OTHERS, dwell_s=st.sampled_from([0, 0, 15]))
def test_the_time_shift_is_the_smallest_of_every_second(
    plan: list[Box], others: list[Box], dwell_s: int
) -> None:
    """RMD-001, RMD-003, RMD-008: windows are whole seconds here, so the smallest is one too."""
    found = found_for(plan, others, dwell_s)
    if free(plan, others, dwell_s):
        assert found.shifts == ()
        return
    times = [one.by // timedelta(seconds=1) for one in found.shifts if isinstance(one, TimeShift)]
    for sign in (1, -1):
        brute = next(
            (sign * s for s in range(REACH_S + 1) if free(plan, others, dwell_s, s=sign * s)), None
        )
        offered = next((s for s in times if s * sign > 0), None)
        if dwell_s == 0 or len(plan) == 1:
            assert offered == brute
        elif offered is not None:
            assert brute is not None
            assert abs(offered) >= abs(brute)


@settings(max_examples=examples(15), deadline=None)
@given(plan=PLANS, others=OTHERS)
def test_the_height_shift_is_the_smallest_of_every_half_metre(
    plan: list[Box], others: list[Box]
) -> None:
    """RMD-004, RMD-005: datums with an uncertain conversion, none at all, and no limit."""
    found = found_for(plan, others, 0)
    if free(plan, others, 0):
        return
    heights = [one.by_m for one in found.shifts if isinstance(one, HeightShift)]
    ground_m = {Datum.MSL_EGM96: 50.0, Datum.WGS84_ELLIPSOID: 50.0 + 30.5 + 1.25 + 0.002}
    room_m = min((box.lower or 0) - ground_m[box.datum] for box in plan)
    for sign in (1, -1):
        steps = [sign * 0.5 * step for step in range(2 * REACH_M + 1)]
        brute = next((by for by in steps if free(plan, others, 0, m=by)), None)
        offered = next((by for by in heights if by * sign > 0), None)
        if offered is None:
            assert brute is None or abs(brute) > REACH_M - 1 or (sign < 0 and -brute > room_m - 1)
        else:
            assert free(plan, others, 0, m=offered)
            smaller = [by for by in steps if abs(by) <= abs(offered) - 1.0]
            assert not any(free(plan, others, 0, m=by) for by in smaller)
            assert sign > 0 or -offered <= room_m


@settings(max_examples=examples(25), deadline=None)
@given(plan=PLANS, others=OTHERS)
def test_a_place_shift_is_free_and_the_step_before_it_is_not(
    plan: list[Box], others: list[Box]
) -> None:
    """RMD-006: each is the end of a stretch that is barred on its bearing."""
    found = found_for(plan, others, 0)
    parts = tuple(box.volume() for box in plan)
    obstacles = tuple(
        Obstacle(what="all", volume=box.volume(), criterion=RULE, conversions=CONVERSIONS)
        for box in others
    )
    places = [one for one in found.shifts if isinstance(one, PlaceShift)]
    assert free(plan, others, 0) or places
    assert Way.PLACE not in found.unfinished
    for one in places:
        before = PlaceShift(track_deg=one.track_deg, travel_m=one.travel_m - TRAVEL_GRAIN_M)
        assert not clears(before.applied(parts), obstacles)
