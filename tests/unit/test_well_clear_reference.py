"""Published outputs of the reference implementation, as facts to meet (WCL-041, WCL-042).

Source: github.com/nasa/daidalus, V-2.0.4: inputs of Scenarios/H1.daa and of the example program
DaidalusExample, outputs of Regression/gold/DaidalusBatch-no_sum.out, DaidalusExample-no_sum.out
and DaidalusExample-nom_b.out. Outputs are printed to six or two decimals.
"""

import math
import random
from dataclasses import replace

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic

from crosstell.core.detection.well_clear.alerting import Ties, assess
from crosstell.core.detection.well_clear.arrays import ROWS, Floats
from crosstell.core.detection.well_clear.exact import EnuState, violation
from crosstell.core.detection.well_clear.geodesic_frame import Placed, relative
from crosstell.core.detection.well_clear.hysteresis import Memory, read
from crosstell.core.detection.well_clear.orthographic import (
    GEODETIC_ROWS,
    SPHERE_M,
    GeodeticState,
    projected,
    relative_as_reference,
    relative_as_reference_all,
)
from crosstell.core.detection.well_clear.thresholds import (
    LOOKAHEAD_S,
    PHASE_I,
    Thresholds,
    WellClearLevel,
)
from crosstell.core.quantity import feet_to_m, knots_to_mps, nautical_miles_to_m

# Scenario H1: time, latitudes of ownship and intruder, begin and end of the corrective violation,
# alert level shown (None: not looked up).
H1 = (
    (0.0, 33.8149396, 34.55753661, 165.268871, 180.0, 0),
    (1.0, 33.81586718045908, 34.55475411854633, 164.267052, 180.0, 0),
    (2.0, 33.81679476078439, 34.55197162580233, 163.265234, 180.0, 0),
    (3.0, 33.8177223409759, 34.549189131768024, 162.263416, 180.0, 0),
    (109.0, 33.916045081960576, 34.25423745803959, 56.07366, 94.213646, 0),
    (110.0, 33.916972647823904, 34.25145482626217, 55.071887, 93.211873, 0),
    (111.0, 33.917900213553175, 34.2486721932003, 54.070114, 92.210099, 0),
    (112.0, 33.91882777914821, 34.24588955885424, 53.068342, 91.208326, 2),
    (114.0, 33.920682909936346, 34.24032428630991, 51.064797, 89.20478, 2),
    (115.0, 33.921610475129846, 34.2375416481116, 50.063025, 88.203007, 2),
    (116.0, 33.92253804018947, 34.23475900862914, 49.061253, 87.201234, 2),
    (139.0, 33.94387199957994, 34.170757946275096, 26.020517, 64.160482, 2),
    (140.0, 33.94479956142409, 34.16797527599334, 25.018746, 63.15871, 2),
    (141.0, 33.94572712313399, 34.16519260442895, 24.016975, 62.156939, 2),
    (142.0, 33.946654684709934, 34.162409931581756, 23.015205, 61.155167, 3),
    (201.0, 34.00138058051656, 33.99822996555865, 0.0, 2.050438, 3),
    (202.0, 34.00230813405184, 33.99544721586341, 0.0, 1.048656, 3),
)
PRINTED_S = 0.000_001

EXAMPLE_OWN = GeodeticState(
    lat_deg=33.95,
    lon_deg=-96.7,
    altitude_m=feet_to_m(8_700.0),
    track_deg=206.0,
    speed_mps=knots_to_mps(151.0),
    climb_mps=0.0,
)
EXAMPLE_INTRUDER = GeodeticState(
    lat_deg=33.86191658,
    lon_deg=-96.73272601,
    altitude_m=feet_to_m(9_000.0),
    track_deg=0.0,
    speed_mps=knots_to_mps(210.0),
    climb_mps=0.0,
)


def h1_state(own_lat: float, intruder_lat: float) -> EnuState:
    own = GeodeticState(
        lat_deg=own_lat,
        lon_deg=-117.0,
        altitude_m=feet_to_m(17_000.0),
        track_deg=0.0,
        speed_mps=knots_to_mps(200.0),
        climb_mps=0.0,
    )
    intruder = replace(
        own,
        lat_deg=intruder_lat,
        lon_deg=-117.00284125,
        track_deg=180.0,
        speed_mps=knots_to_mps(600.0),
    )
    return relative_as_reference(own, intruder)


@pytest.mark.parametrize(("own", "intruder", "begin_s", "end_s"), [row[1:5] for row in H1])
def test_interval_of_violation_of_scenario_h1(
    own: float, intruder: float, begin_s: float, end_s: float
) -> None:
    """WCL-042: to the sixth decimal, that is all that is printed."""
    corrective = PHASE_I.alert(WellClearLevel.CORRECTIVE).volume
    found = violation(h1_state(own, intruder), corrective, end_s=LOOKAHEAD_S)
    assert found is not None
    assert found.start_s == pytest.approx(begin_s, abs=PRINTED_S)
    assert found.end_s == pytest.approx(end_s, abs=PRINTED_S)


@pytest.mark.parametrize(("first", "last"), [(0.0, 3.0), (109.0, 112.0), (139.0, 142.0)])
def test_alert_levels_of_scenario_h1_over_time(first: float, last: float) -> None:
    """WCL-023, WCL-042: steadied, second after second, from a fresh memory."""
    memory: Memory | None = None
    for at_s, own, intruder, _, _, level in H1:
        if first <= at_s <= last:
            memory, _ = read(memory, h1_state(own, intruder), PHASE_I, at_s=at_s)
            assert memory.shown == level, f"at {at_s} s"


def test_raw_alert_levels_of_scenario_h1() -> None:
    """WCL-042: without memory the level rises two readings sooner at most, never later."""
    raw = {
        row[0]: int(assess(h1_state(row[1], row[2]), PHASE_I, ties=Ties.OPEN).level) for row in H1
    }
    assert raw[109.0] == raw[110.0] == 0  # 55.07 s is not within 55 s
    assert raw[111.0] == raw[112.0] == raw[140.0] == 2  # 25.02 s is not within 25 s
    assert raw[141.0] == raw[142.0] == raw[201.0] == raw[202.0] == 3


def test_the_example_program_without_sensor_uncertainty() -> None:
    """WCL-042: 21.02 s to each of the three volumes, alert level 3."""
    found = assess(relative_as_reference(EXAMPLE_OWN, EXAMPLE_INTRUDER), PHASE_I, ties=Ties.OPEN)
    assert found.level is WellClearLevel.WARNING
    assert [round(span.start_s, 2) for span in found.violations if span] == [21.02] * 3


def test_the_example_program_with_buffered_volumes() -> None:
    """WCL-042: 1 NM, 450 and 750 ft, tau 35 s, co-altitude 20 s: 19.42 s."""
    state = relative_as_reference(EXAMPLE_OWN, EXAMPLE_INTRUDER)
    for height_ft in (450.0, 750.0):
        buffered = Thresholds(
            distance_m=nautical_miles_to_m(1.0),
            height_m=feet_to_m(height_ft),
            tau_s=35.0,
            coaltitude_s=20.0,
        )
        found = violation(state, buffered, end_s=LOOKAHEAD_S)
        assert found is not None
        assert round(found.start_s, 2) == 19.42


def test_the_projection_is_orthographic_on_the_nautical_sphere() -> None:
    """WCL-041: a minute of arc is a nautical mile; east, north and up are as named."""
    assert pytest.approx(6_366_707.019_493_707) == SPHERE_M
    here = replace(EXAMPLE_OWN, track_deg=90.0, climb_mps=2.0)
    state = projected(here, lat_deg=here.lat_deg, lon_deg=here.lon_deg)
    assert (state.east_m, state.north_m, state.up_m) == (0.0, 0.0, here.altitude_m)
    assert state.east_mps == pytest.approx(here.speed_mps, rel=1e-6)
    assert state.north_mps == pytest.approx(0.0, abs=0.01)
    assert state.up_mps == 2.0
    minute = replace(here, lat_deg=here.lat_deg + 1.0 / 60.0)
    north = projected(minute, lat_deg=here.lat_deg, lon_deg=here.lon_deg)
    assert north.north_m == pytest.approx(1_852.0, abs=0.001)


def test_how_far_the_geodesic_frame_is_from_that_of_the_reference() -> None:
    """WCL-040, WCL-041: half a percent in distance and 1.5 s in time at most, within 30 km."""
    draw = random.Random("two frames")
    apart, later_s = [], []
    for _ in range(1_500):
        own, intruder = meeting(draw)
        as_reference = relative_as_reference(own, intruder)
        ours, distance_m = relative(*(placed_as(state) for state in (own, intruder)))
        flat_m = math.hypot(as_reference.east_m, as_reference.north_m)
        apart.append(abs(flat_m / distance_m - 1.0))
        times = [
            assess(replace(state, up_m=0.0, up_mps=0.0), PHASE_I).time_to_s(WellClearLevel.WARNING)
            for state in (ours, as_reference)
        ]
        if math.isfinite(sum(times)):
            later_s.append(abs(times[0] - times[1]))
    assert 0.004 < max(apart) < 0.0055
    assert len(later_s) > 300
    assert 0.2 < max(later_s) < 1.5


def meeting(draw: random.Random) -> tuple[GeodeticState, GeodeticState]:
    """An intruder within 30 km that flies at the own aircraft, more or less."""
    lat, lon = draw.uniform(-80.0, 80.0), draw.uniform(-180.0, 180.0)
    bearing, away_m = draw.uniform(0.0, 360.0), draw.uniform(3_000.0, 30_000.0)
    there = Geodesic.WGS84.Direct(lat, lon, bearing, away_m)
    own = GeodeticState(
        lat_deg=lat,
        lon_deg=lon,
        altitude_m=3_000.0,
        track_deg=bearing + draw.uniform(-10.0, 10.0),
        speed_mps=draw.uniform(60.0, 300.0),
        climb_mps=0.0,
    )
    intruder = replace(
        own,
        lat_deg=there["lat2"],
        lon_deg=there["lon2"],
        track_deg=bearing + 180.0 + draw.uniform(-10.0, 10.0),
        speed_mps=draw.uniform(60.0, 300.0),
    )
    return own, intruder


def placed_as(state: GeodeticState) -> Placed:
    return Placed(
        lat_deg=state.lat_deg,
        lon_deg=state.lon_deg,
        track_deg=state.track_deg,
        speed_mps=state.speed_mps,
    )


def test_what_cannot_be_projected_is_refused() -> None:
    """WCL-014, WCL-041."""
    with pytest.raises(ValueError, match="beyond the horizon"):
        projected(EXAMPLE_OWN, lat_deg=-33.95, lon_deg=83.3)
    with pytest.raises(ValueError, match="lon_deg is nan"):
        replace(EXAMPLE_OWN, lon_deg=float("nan"))
    with pytest.raises(ValueError, match="lat_deg is 91"):
        replace(EXAMPLE_OWN, lat_deg=91.0)


def test_many_are_projected_as_one_is() -> None:
    """WCL-043: to a micrometre a second; one own aircraft may stand for all."""
    draw = np.random.default_rng(41)
    count = 300
    own = np.empty((6, count))
    own[0], own[1] = draw.uniform(-89.0, 89.0, count), draw.uniform(-180.0, 180.0, count)
    own[2], own[5] = draw.uniform(0.0, 12_000.0, count), draw.uniform(-15.0, 15.0, count)
    own[3], own[4] = draw.uniform(0.0, 360.0, count), draw.uniform(0.0, 300.0, count)
    intruder = own[:, ::-1].copy()
    intruder[:2] = own[:2] + draw.uniform(-0.5, 0.5, (2, count))
    for single in (own, own[:, :1]):
        other = intruder if single is own else intruder * 0.0 + own[:, :1] + 0.01
        many = relative_as_reference_all(single, other).rows
        for pair in range(0, count, 7):
            one = relative_as_reference(
                state_of(single[:, pair if single is own else 0]), state_of(other[:, pair])
            )
            expected = [getattr(one, name) for name in ROWS]
            assert many[:, pair].tolist() == pytest.approx(expected, abs=1e-6)


def state_of(column: Floats) -> GeodeticState:
    return GeodeticState(**dict(zip(GEODETIC_ROWS, map(float, column), strict=True)))


def test_what_cannot_be_projected_among_many_is_named() -> None:
    """WCL-032, WCL-043."""
    own = np.zeros((6, 3))
    for row, value, words in (
        (1, np.nan, "own 2: lon_deg is nan"),
        (0, 90.5, "own 2: lat_deg is 90.5"),
        (4, np.inf, "own 2: speed_mps is inf"),
        (1, 91.0, "pair 2: beyond the horizon"),
    ):
        faulty = own.copy()
        faulty[row, 2] = value
        with pytest.raises(ValueError, match=words):
            relative_as_reference_all(faulty, own)
    with pytest.raises(ValueError, match="6 rows"):
        relative_as_reference_all(own, own[:5])
