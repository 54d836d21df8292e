"""The well-clear rule against geodesics alone: no violation is lost (WCL-040, WCL-050 to WCL-054).

The oracle never lays out a level frame. It samples the geodesic distance of the two true aircraft,
takes its rate by a central difference and the closest approach as the least distance to come. The
true aircraft lie within the stated accuracies of what was observed.
"""

import math
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import given, settings
from hypothesis import strategies as st
from sampling import examples

from crosstell.core.altitude import Altitude, Datum
from crosstell.core.detection.finding import Assessed, Criterion
from crosstell.core.detection.well_clear.geodesic_frame import Placed, bend_m, relative
from crosstell.core.detection.well_clear.pairing import pairing
from crosstell.core.detection.well_clear.thresholds import (
    NON_COOPERATIVE,
    PHASE_I,
    AlertSet,
    Thresholds,
)
from crosstell.core.geometry.motion import Motion, Velocity
from crosstell.core.geometry.position import Position
from crosstell.core.ids import RuleId

EARTH = Geodesic.WGS84
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
END_S = 180.0
STEP_S = 3.0
RATE_S = 0.05
CRITERION = Criterion(
    rule=RuleId("well-clear"),
    reading=None,
    lateral_m=0.0,
    vertical_m=0.0,
    horizon_s=END_S,
    unknown_accuracy_m=200.0,
    unknown_speed_mps=150.0,
    stale_after_s=30.0,
)
REGIONS = ((0.0, 10.0), (10.0, 179.95), (36.5, 40.7), (60.0, -60.0), (88.5, 20.0), (-89.995, 0.0))


@dataclass(frozen=True)
class Flight:
    """One aircraft as it truly flies: along a geodesic, climbing evenly."""

    lat: float
    lon: float
    track: float
    speed: float
    up: float
    climb: float

    def at(self, time_s: float) -> tuple[float, float]:
        end = EARTH.Direct(self.lat, self.lon, self.track, self.speed * time_s)
        return end["lat2"], end["lon2"]

    def displaced(self, bearing: float, by_m: float, up_m: float) -> "Flight":
        end = EARTH.Direct(self.lat, self.lon, bearing, by_m)
        turn = end["azi2"] - end["azi1"]  # carried along, not turned
        return replace(
            self,
            lat=end["lat2"],
            lon=end["lon2"],
            track=self.track + turn,
            up=self.up + up_m,
        )

    def observed(self, accuracy_m: float, altitude_accuracy_m: float) -> Motion:
        return Motion(
            position=Position(lat_deg=self.lat, lon_deg=self.lon),
            at=NOW,
            altitude=Altitude(value_m=self.up, datum=Datum.MSL_EGM96),
            velocity=Velocity(
                track_deg=self.track % 360.0, speed_mps=self.speed, climb_mps=self.climb
            ),
            position_accuracy_m=accuracy_m,
            altitude_accuracy_m=altitude_accuracy_m,
        )


def range_m(one: Flight, two: Flight, time_s: float) -> float:
    a, b = one.at(time_s), two.at(time_s)
    return float(EARTH.Inverse(*a, *b)["s12"])


def times_of_violation(one: Flight, two: Flight, volume: Thresholds) -> list[float]:
    """Sampled instants at which the two surely violate: thresholds narrowed by the doubt left."""
    dthr, tthr = volume.distance_m - 2.0, volume.tau_s * 0.999 - 0.05
    steps = round(END_S / STEP_S)
    ranges = [range_m(one, two, k * STEP_S) for k in range(2 * steps + 1)]
    lost = []
    for k in range(steps + 1):
        at_s = k * STEP_S
        if abs(one.up - two.up + (one.climb - two.climb) * at_s) > volume.height_m - 0.01:
            continue
        if ranges[k] <= dthr:
            lost.append(at_s)
            continue
        rate = range_m(one, two, at_s + RATE_S) - range_m(one, two, at_s - RATE_S)
        rate /= 2.0 * RATE_S
        if rate >= -0.01 or min(ranges[k:]) > dthr:
            continue
        if (ranges[k] ** 2 - dthr**2) / (ranges[k] * -rate) <= tthr:
            lost.append(at_s)
    return lost


@st.composite
def meetings(draw: st.DrawFn) -> tuple[Flight, Flight]:
    """Two aircraft that come near each other, somewhere on the globe, at some time."""
    lat, lon = draw(st.sampled_from(REGIONS))
    meet_s = draw(st.floats(0.0, END_S))
    found = []
    for _ in range(2):
        speed = draw(st.floats(1.0, 250.0))
        track = draw(st.floats(0.0, 360.0))
        off_m = draw(st.floats(0.0, 1_000.0))
        near = EARTH.Direct(lat, lon, draw(st.floats(0.0, 360.0)), off_m)
        start = EARTH.Direct(near["lat2"], near["lon2"], track + 180.0, speed * meet_s)
        climb = draw(st.floats(-10.0, 10.0))
        up = 3_000.0 + draw(st.floats(-150.0, 150.0)) - climb * meet_s
        found.append(
            Flight(
                lat=start["lat2"],
                lon=start["lon2"],
                track=start["azi2"] + 180.0,
                speed=speed,
                up=up,
                climb=climb,
            )
        )
    return found[0], found[1]


def check(one: Flight, two: Flight, first: Motion, second: Motion, alerts: AlertSet) -> int:
    """Assert that every sampled violation was foreseen; how many levels had one."""
    found = pairing(first, second, alerts, CRITERION, NOW)
    had = 0
    for alert, answer in zip(alerts.alerts, found.encounters, strict=True):
        lost = times_of_violation(one, two, alert.volume)
        if not lost:
            continue
        had += 1
        assert answer.assessed is not Assessed.CLEAR
        assert answer.infringement_in_s <= lost[0] + 0.001
        if lost[0] <= alert.alert_s - 0.01:
            assert found.possible >= alert.level
        assert found.possible >= found.reported
    return had


@settings(max_examples=examples(25))
@given(meetings(), st.sampled_from([PHASE_I, NON_COOPERATIVE]))
def test_no_violation_is_lost(pair: tuple[Flight, Flight], alerts: AlertSet) -> None:
    one, two = pair
    check(one, two, one.observed(0.0, 0.0), two.observed(0.0, 0.0), alerts)


@settings(max_examples=examples(25))
@given(
    meetings(),
    st.sampled_from([PHASE_I, NON_COOPERATIVE]),
    st.floats(0.0, 1_500.0),
    st.floats(0.0, 300.0),
    st.floats(0.0, 360.0),
)
def test_no_violation_within_the_stated_accuracy_is_lost(
    pair: tuple[Flight, Flight], alerts: AlertSet, wide_m: float, wide_up_m: float, bearing: float
) -> None:
    """The first is truly elsewhere, by all that its accuracy allows."""
    one, two = pair
    true = one.displaced(
        bearing, max(0.0, wide_m - 0.02), math.copysign(wide_up_m, bearing - 180.0)
    )
    check(true, two, one.observed(wide_m, wide_up_m + 0.001), two.observed(0.0, 0.0), alerts)


@settings(max_examples=examples(30))
@given(meetings(), st.sampled_from([PHASE_I, NON_COOPERATIVE]))
def test_what_is_reported_is_so(pair: tuple[Flight, Flight], alerts: AlertSet) -> None:
    """Where the entry is sharp, the distance then is that of the definition, to metres."""
    one, two = pair
    found = pairing(one.observed(0.0, 0.0), two.observed(0.0, 0.0), alerts, CRITERION, NOW)
    for alert, answer in zip(alerts.alerts, found.encounters, strict=True):
        in_s = answer.nominal_in_s
        if in_s is None:
            continue
        volume = alert.volume
        gap_m = abs(one.up - two.up + (one.climb - two.climb) * in_s)
        assert gap_m <= volume.height_m + 0.05 + 0.001 * in_s  # climbs are held to 1 mm/s
        now_m = range_m(one, two, in_s)
        if now_m > volume.distance_m + 3.0:
            rate = range_m(one, two, in_s + RATE_S) - range_m(one, two, in_s - RATE_S)
            rate /= 2.0 * RATE_S
            tau_s = (now_m**2 - volume.distance_m**2) / (now_m * -rate)
            assert 0.0 < tau_s <= volume.tau_s * 1.001 + 0.1


@settings(max_examples=examples(100))
@given(
    st.sampled_from([*REGIONS, (89.9, 0.0), (-45.0, 179.99)]),
    st.floats(0.0, 150_000.0),
    st.floats(0.0, 360.0),
    st.tuples(st.floats(0.0, 360.0), st.floats(0.0, 360.0)),
    st.tuples(st.floats(0.0, 700.0), st.floats(0.0, 700.0)),
)
def test_the_level_frame_is_within_its_bound(
    place: tuple[float, float],
    apart_m: float,
    azimuth: float,
    tracks: tuple[float, float],
    speeds: tuple[float, float],
) -> None:
    """WCL-040: of the distance, at any time of a long horizon."""
    there = EARTH.Direct(*place, azimuth, apart_m)
    at = (place, (there["lat2"], there["lon2"]))
    one, two = (
        Placed(lat_deg=lat, lon_deg=lon, track_deg=track, speed_mps=speed)
        for (lat, lon), track, speed in zip(at, tracks, speeds, strict=True)
    )
    state, now_m = relative(one, two)
    assert now_m == pytest.approx(apart_m, abs=1e-6)
    for time_s in (0.0, 60.0, 300.0, 600.0):
        a = EARTH.Direct(one.lat_deg, one.lon_deg, one.track_deg, one.speed_mps * time_s)
        b = EARTH.Direct(two.lat_deg, two.lon_deg, two.track_deg, two.speed_mps * time_s)
        true_m = EARTH.Inverse(a["lat2"], a["lon2"], b["lat2"], b["lon2"])["s12"]
        then = state.after(time_s)
        bound_m = bend_m(now_m, max(speeds) * time_s)
        assert abs(math.hypot(then.east_m, then.north_m) - true_m) <= bound_m + 1e-6


def test_the_scenes_hold_violations_of_both_kinds() -> None:
    """The properties above are not empty: a crossing at tau, and one inside the cylinder."""
    lat, lon = 36.5, 40.7
    found = []
    for track in (0.0, 90.0):
        start = EARTH.Direct(lat, lon, track + 180.0, 200.0 * 100.0)
        found.append(
            Flight(
                lat=start["lat2"],
                lon=start["lon2"],
                track=start["azi2"] + 180.0,
                speed=200.0,
                up=3_000.0,
                climb=0.0,
            )
        )
    one, two = found
    first, second = one.observed(0.0, 0.0), two.observed(0.0, 0.0)
    assert check(one, two, first, second, PHASE_I) == 3
    assert check(one, two, first, second, NON_COOPERATIVE) == 3
    # V = 200 sqrt 2, h = 35 V / 2, front h + sqrt(D^2 + h^2), from 100 V away: 63.0 s.
    assert times_of_violation(one, two, PHASE_I.alerts[0].volume)[0] == 66.0
