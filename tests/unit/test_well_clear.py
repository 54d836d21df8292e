"""Well-clear volumes, intervals of violation and alert levels, with figures worked by hand.

The worked volumes are chosen so that every root is a whole number. With D = 300 m, T = 8 s and a
closing speed of 100 m/s, h = 400 m and the front of the volume is 400 + sqrt(300^2 + 400^2) = 900 m
ahead.
"""

import math
from dataclasses import replace

import pytest

from crosstell.core.detection.pair.band import Span
from crosstell.core.detection.well_clear.alerting import Ties, assess, is_before
from crosstell.core.detection.well_clear.exact import (
    EnuState,
    time_to_violation,
    violates,
    violation,
)
from crosstell.core.detection.well_clear.hysteresis import Steadying, after
from crosstell.core.detection.well_clear.thresholds import (
    ALERT_SETS,
    NON_COOPERATIVE,
    PHASE_I,
    PHASE_II,
    Alert,
    AlertSet,
    Thresholds,
    WellClearLevel,
)
from crosstell.core.detection.well_clear.worst import level_worst
from crosstell.core.protocol.rules.traffic import WellClearVolume
from crosstell.core.protocol.rules.words import AlertLevel, Certainty

NONE, PREVENTIVE, CORRECTIVE, WARNING = WellClearLevel
STILL = EnuState(east_m=0.0, north_m=0.0, up_m=0.0, east_mps=0.0, north_mps=0.0, up_mps=0.0)
VOLUME = Thresholds(distance_m=300.0, height_m=161.0, tau_s=8.0, coaltitude_s=0.0)
FLAT = replace(VOLUME, tau_s=0.0)
HEAD_ON = replace(STILL, east_m=2_000.0, east_mps=-100.0)


def up_next(value: float) -> float:
    return math.nextafter(value, math.inf)


def test_the_sets_are_those_of_the_published_configuration() -> None:
    """WCL-002, WCL-003: figures in feet, nautical miles and seconds, converted exactly."""
    figures = {
        name: [
            (
                alert.volume.distance_m,
                alert.volume.height_m,
                alert.volume.tau_s,
                alert.volume.coaltitude_s,
                alert.alert_s,
                alert.early_s,
            )
            for alert in chosen.alerts
        ]
        for name, chosen in ALERT_SETS.items()
    }
    nm_066, ft_450, ft_700 = 0.66 * 1852.0, 450 * 0.3048, 700 * 0.3048
    assert figures[WellClearVolume.PHASE_I] == [
        (nm_066, ft_700, 35.0, 0.0, 55.0, 75.0),
        (nm_066, ft_450, 35.0, 0.0, 55.0, 75.0),
        (nm_066, ft_450, 35.0, 0.0, 25.0, 55.0),
    ]
    assert figures[WellClearVolume.PHASE_II] == [(1500 * 0.3048, ft_450, 0.0, 0.0, 45.0, 75.0)] * 3
    assert figures[WellClearVolume.NON_COOPERATIVE] == [
        (2200 * 0.3048, ft_450, 0.0, 0.0, 55.0, 110.0),
        (2200 * 0.3048, ft_450, 0.0, 0.0, 55.0, 110.0),
        (2200 * 0.3048, ft_450, 0.0, 0.0, 25.0, 90.0),
    ]


def test_every_set_states_its_source_and_that_the_standard_was_not_read() -> None:
    """WCL-004."""
    for name in WellClearVolume:
        assert "DO_365B_no_SUM.conf" in ALERT_SETS[name].source
        assert ALERT_SETS[name].certainty is Certainty.PRESS


def test_levels_are_our_three_alert_levels() -> None:
    """WCL-005."""
    assert [level.severity for level in WellClearLevel] == [
        None,
        AlertLevel.ADVISORY,
        AlertLevel.URGENT,
        AlertLevel.CRITICAL,
    ]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("distance_m", 0.0),
        ("distance_m", math.nan),
        ("height_m", -1.0),
        ("tau_s", -1.0),
        ("tau_s", math.inf),
        ("coaltitude_s", math.nan),
    ],
)
def test_a_volume_without_extent_is_refused_by_name(field: str, value: float) -> None:
    """WCL-001."""
    with pytest.raises(ValueError, match=field):
        replace(VOLUME, **{field: value})


def test_alert_sets_out_of_order_are_refused() -> None:
    """WCL-002."""
    warning = PHASE_I.alerts[2]
    with pytest.raises(ValueError, match=r"levels \(3,\)"):
        replace(PHASE_I, alerts=(warning,))
    with pytest.raises(ValueError, match="levels"):
        replace(PHASE_I, alerts=())
    with pytest.raises(ValueError, match="early_s"):
        replace(warning, early_s=24.0)
    with pytest.raises(ValueError, match="level none"):
        replace(warning, level=NONE)
    with pytest.raises(ValueError, match="no level"):
        AlertSet(
            name=PHASE_I.name,
            alerts=PHASE_I.alerts[:1],
            source="test",
            certainty=Certainty.ASSUMED,
        ).alert(WARNING)


@pytest.mark.parametrize(
    ("state", "volume", "span"),
    [
        (HEAD_ON, VOLUME, Span(11.0, 23.0)),  # (2000 - 900) / 100, (2000 + 300) / 100
        (HEAD_ON, FLAT, Span(17.0, 23.0)),
        # D = 500, offset 300: half chord 400; T = 6: h = 300; front 300 + 500.
        (
            replace(HEAD_ON, east_m=1_800.0, north_m=300.0),
            replace(VOLUME, distance_m=500.0, tau_s=6.0),
            Span(10.0, 22.0),
        ),
        (replace(HEAD_ON, east_m=600.0), VOLUME, Span(0.0, 9.0)),  # inside already, by tau
        (replace(HEAD_ON, east_m=100.0), VOLUME, Span(0.0, 4.0)),  # inside already, by distance
        (replace(HEAD_ON, east_m=-100.0), VOLUME, Span(0.0, 2.0)),  # inside, going away
        (replace(HEAD_ON, east_m=-301.0), VOLUME, None),  # gone
        (replace(HEAD_ON, north_m=301.0), VOLUME, None),  # passes by
        (replace(STILL, east_m=299.0), VOLUME, Span(0.0, 60.0)),  # side by side, for ever
        (replace(STILL, east_m=301.0), VOLUME, None),
        (STILL, VOLUME, Span(0.0, 60.0)),  # the same place, the same motion
        (replace(HEAD_ON, up_m=162.0), VOLUME, None),  # level flight above
        (replace(HEAD_ON, up_m=261.0, up_mps=-5.0), VOLUME, Span(20.0, 23.0)),  # descends into it
        (replace(HEAD_ON, up_m=-261.0, up_mps=5.0), VOLUME, Span(20.0, 23.0)),  # climbs into it
        (replace(HEAD_ON, up_m=61.0, up_mps=5.0), VOLUME, Span(11.0, 20.0)),  # climbs out of it
        (replace(HEAD_ON, up_m=261.0, up_mps=5.0), VOLUME, None),  # climbs away
        (replace(HEAD_ON, up_m=1_000.0, up_mps=-5.0), VOLUME, None),  # descends too late
    ],
)
def test_intervals_worked_by_hand(state: EnuState, volume: Thresholds, span: Span | None) -> None:
    """WCL-012: exactly, since every step is a whole number."""
    assert violation(state, volume, end_s=60.0) == span
    assert violates(state, volume) == (span is not None and span.start_s == 0.0)
    expected = None if span is None else span.start_s
    assert time_to_violation(state, volume, end_s=60.0) == expected


def test_time_to_coaltitude_opens_the_volume_upwards() -> None:
    """WCL-011: C = 20 s at 20 m/s reaches 400 m before; the volume is left at Z beyond."""
    volume = replace(VOLUME, height_m=100.0, coaltitude_s=20.0)
    state = replace(STILL, up_m=500.0, up_mps=-20.0)
    assert violation(state, volume, end_s=60.0) == Span(5.0, 30.0)
    assert violates(replace(state, up_m=400.0), volume)
    assert not violates(replace(state, up_m=up_next(400.0)), volume)
    assert not violates(replace(state, up_m=400.0, up_mps=20.0), volume)


def test_equal_to_a_threshold_violates() -> None:
    """WCL-013: exact ties of distance, tau, offset, height and time; the next number does not."""
    for tie, beyond in (
        (replace(STILL, east_m=300.0), replace(STILL, east_m=up_next(300.0))),
        (replace(HEAD_ON, east_m=900.0), replace(HEAD_ON, east_m=900.000_001)),
        (replace(STILL, up_m=161.0), replace(STILL, up_m=up_next(161.0))),
        (replace(STILL, up_m=-161.0), replace(STILL, up_m=-up_next(161.0))),
    ):
        assert violates(tie, VOLUME)
        assert not violates(beyond, VOLUME)
    leaving = replace(STILL, east_m=300.0, east_mps=50.0)
    assert violation(leaving, VOLUME, end_s=60.0) == Span(0.0, 0.0)
    grazing = replace(HEAD_ON, east_m=1_000.0, north_m=300.0)
    assert violation(grazing, FLAT, end_s=60.0) == Span(10.0, 10.0)
    assert violation(replace(grazing, north_m=300.000_001), FLAT, end_s=60.0) is None
    leaves_as_it_enters = replace(HEAD_ON, up_m=51.0, up_mps=10.0)
    assert violation(leaves_as_it_enters, VOLUME, end_s=60.0) == Span(11.0, 11.0)
    assert violation(HEAD_ON, VOLUME, end_s=11.0) == Span(11.0, 11.0)
    assert violation(HEAD_ON, VOLUME, end_s=up_next(0.0)) is None


@pytest.mark.parametrize("alerts", [PHASE_II, NON_COOPERATIVE])
@pytest.mark.parametrize("speed_mps", [5.0, 10.0, 100.0, 200.0])
def test_along_the_edge_is_a_touch(alerts: AlertSet, speed_mps: float) -> None:
    """WCL-013: abeam at DTHR, now or later, lasts no time, for all that 1500 ft is no float."""
    volume = alerts.alerts[0].volume
    abeam = EnuState.of((0.0, volume.distance_m, 0.0), (speed_mps, 0.0, 0.0))
    assert violation(abeam, volume, end_s=60.0) == Span(0.0, 0.0)
    assert assess(abeam, alerts).level is WARNING
    later = abeam.after(-25.0)
    assert assess(later, alerts, ties=Ties.OPEN).level is NONE
    found = violation(later, volume, end_s=60.0)
    assert found is None or (found.start_s, found.end_s) == pytest.approx((25.0, 25.0), abs=1e-9)


def test_who_hardly_moves_stays() -> None:
    """WCL-013: within DTHR at under 3.2e-7 m/s, and in height at under 1e-13 m/s."""
    for state, lasts_s in (
        (EnuState.of((300.0, 0.0, 0.0), (3.1e-7, 0.0, 0.0)), 60.0),
        (EnuState.of((300.0, 0.0, 0.0), (3.3e-7, 0.0, 0.0)), 0.0),
        (EnuState.of((0.0, 0.0, 161.0), (0.0, 0.0, 0.9e-13)), 60.0),
        (EnuState.of((0.0, 0.0, 161.0), (0.0, 0.0, 1e-13)), 0.0),
    ):
        assert violation(state, VOLUME, end_s=60.0) == Span(0.0, lasts_s)
    lingering = EnuState.of((300.0, 0.0, 0.0), (3.1e-7, 0.0, 0.0))
    assert level_worst(lingering, VOLUME, wide_m=0.0) == Span(0.0, math.inf)
    beyond = replace(STILL, east_m=up_next(300.0), east_mps=-1e-7)
    assert violation(beyond, replace(VOLUME, tau_s=0.0), end_s=60.0) is not None
    assert violation(replace(beyond, east_mps=-0.9e-13), VOLUME, end_s=60.0) is None


def test_an_interval_may_begin_later_than_now() -> None:
    """WCL-012: within the closed [start, end], counted from now."""
    assert violation(HEAD_ON, VOLUME, start_s=5.0, end_s=60.0) == Span(11.0, 23.0)
    assert violation(HEAD_ON, VOLUME, start_s=15.0, end_s=20.0) == Span(15.0, 20.0)
    assert violation(HEAD_ON, VOLUME, start_s=24.0, end_s=60.0) is None
    assert violation(HEAD_ON, VOLUME, start_s=23.0, end_s=23.0) == Span(23.0, 23.0)
    with pytest.raises(ValueError, match="in order"):
        violation(HEAD_ON, VOLUME, start_s=2.0, end_s=1.0)
    with pytest.raises(ValueError, match="finite"):
        violation(HEAD_ON, VOLUME, end_s=math.nan)


@pytest.mark.parametrize("field", EnuState.__slots__)
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e300])
def test_what_is_not_a_number_is_refused_by_name(field: str, value: float) -> None:
    """WCL-014."""
    with pytest.raises(ValueError, match=field):
        replace(STILL, **{field: value})


def test_two_vectors_make_a_state() -> None:
    """WCL-017: east, north, up; nothing is taken as known that was not given."""
    state = EnuState.of((1.0, 2.0, 3.0), [4, 5, 6])
    assert [getattr(state, name) for name in EnuState.__slots__] == [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
    with pytest.raises(ValueError, match="velocity_mps has 2 numbers"):
        EnuState.of((1.0, 2.0, 3.0), (4.0, 5.0))
    with pytest.raises(ValueError, match="place_m has 4 numbers"):
        EnuState.of((1.0, 2.0, 3.0, 4.0), (4.0, 5.0, 6.0))
    with pytest.raises(ValueError, match="up_mps is nan"):
        EnuState.of((1.0, 2.0, 3.0), (4.0, 5.0, math.nan))


def test_two_absolute_states_give_their_difference() -> None:
    """WCL-010."""
    own = EnuState(east_m=5.0, north_m=4.0, up_m=3.0, east_mps=2.0, north_mps=1.0, up_mps=0.5)
    other = EnuState(east_m=1.0, north_m=1.0, up_m=1.0, east_mps=1.0, north_mps=1.0, up_mps=1.0)
    assert own.less(other) == EnuState(
        east_m=4.0, north_m=3.0, up_m=2.0, east_mps=1.0, north_mps=0.0, up_mps=-0.5
    )


@pytest.mark.parametrize(
    ("away_m", "up_m", "level"),
    [
        # Front of Phase I at 200 m/s: 3500 + sqrt(0.66 NM ^2 + 3500^2) = 7207.30 m.
        (7_207.2 + 200.0 * 25.0, 0.0, WARNING),
        (7_207.4 + 200.0 * 25.0, 0.0, CORRECTIVE),
        (7_207.2 + 200.0 * 55.0, 0.0, CORRECTIVE),
        (7_207.4 + 200.0 * 55.0, 0.0, NONE),
        (7_207.2 + 200.0 * 55.0, 137.17, PREVENTIVE),  # 450 ft is 137.16 m
        (7_207.2 + 200.0 * 55.0, 213.37, NONE),  # 700 ft is 213.36 m
        (0.0, 0.0, WARNING),
    ],
)
def test_the_loudest_level_in_time_holds(away_m: float, up_m: float, level: WellClearLevel) -> None:
    """WCL-020: each level by its own volume and time."""
    state = replace(STILL, east_m=away_m, up_m=up_m, east_mps=-200.0)
    assert assess(state, PHASE_I).level is level
    assert assess(replace(state, east_m=-away_m, east_mps=200.0), PHASE_I).level is level


def test_each_level_tells_its_times() -> None:
    """WCL-021: also of levels that do not alert yet."""
    state = replace(STILL, east_m=25_000.0, up_m=200.0, east_mps=-200.0)
    found = assess(state, PHASE_I)
    preventive = found.of(PREVENTIVE)
    assert found.level is NONE
    assert preventive is not None
    front_m = 3_500.0 + math.hypot(0.66 * 1852.0, 3_500.0)
    assert preventive.start_s == pytest.approx((25_000.0 - front_m) / 200.0, abs=1e-9)
    assert preventive.end_s == pytest.approx((25_000.0 + 0.66 * 1852.0) / 200.0, abs=1e-9)
    assert found.of(CORRECTIVE) is None
    assert assess(state, PHASE_I, horizon_s=80.0).of(PREVENTIVE) is None


def test_phase_two_and_non_cooperative_are_cylinders() -> None:
    """WCL-003: tau 0, one time for all three levels of Phase II."""
    state = replace(STILL, east_m=457.2 + 100.0 * 44.9, east_mps=-100.0)
    assert assess(state, PHASE_II).level is WARNING
    assert assess(replace(state, east_m=457.2 + 100.0 * 45.1), PHASE_II).level is NONE
    state = replace(state, east_m=670.56 + 100.0 * 54.9)
    assert assess(state, NON_COOPERATIVE).level is CORRECTIVE
    assert assess(replace(state, east_m=670.56 + 100.0 * 24.9), NON_COOPERATIVE).level is WARNING


def test_ties_are_closed_unless_the_reference_is_asked_for() -> None:
    """WCL-022: at the alerting time, and of a touch."""
    alert = Alert(level=PREVENTIVE, volume=VOLUME, alert_s=11.0, early_s=12.0)
    alerts = replace(PHASE_I, alerts=(alert,))
    assert assess(HEAD_ON, alerts).level is PREVENTIVE
    assert assess(HEAD_ON, alerts, ties=Ties.OPEN).level is NONE
    assert assess(HEAD_ON, alerts, ties=Ties.OPEN, held=PREVENTIVE).level is PREVENTIVE
    touching = replace(STILL, east_m=300.0, east_mps=50.0)
    assert assess(touching, alerts).level is PREVENTIVE
    assert assess(touching, alerts, ties=Ties.OPEN).of(PREVENTIVE) is None
    inside_now = replace(alerts, alerts=(replace(alert, alert_s=0.0),))
    assert assess(STILL, inside_now, ties=Ties.OPEN).level is PREVENTIVE


def test_open_ties_hold_within_rounding() -> None:
    """WCL-022: what differs by no more than the reference implementation's tolerance is equal."""
    assert is_before(0.0, 1e-13)
    assert not is_before(0.0, 0.99e-13)
    assert not is_before(0.0, -0.0)
    assert not is_before(1.0, 1.0)
    assert not is_before(2.0, 1.0)
    alike = 55.0 - 16_348 * math.ulp(54.0)
    assert not is_before(alike, 55.0)
    assert is_before(math.nextafter(alike, 0.0), 55.0)
    # By rounding alone it begins before the alerting time of 55 s.
    nearly = EnuState.of((-6_036.448, 402.336, 0.0), (100.0, 0.0, 0.0))
    assert assess(nearly, NON_COOPERATIVE).level is CORRECTIVE
    assert assess(nearly, NON_COOPERATIVE, ties=Ties.OPEN).level is NONE


def test_each_level_tells_whether_it_is_violated_and_in_how_long() -> None:
    """WCL-021: for those who compare flag and time."""
    found = assess(replace(HEAD_ON, up_m=200.0), PHASE_I)
    assert (found.time_to_s(PREVENTIVE), found.is_violated(PREVENTIVE)) == (0.0, True)
    assert (found.time_to_s(CORRECTIVE), found.is_violated(CORRECTIVE)) == (math.inf, False)
    far = assess(replace(HEAD_ON, east_m=457.2 + 1_000.0), PHASE_II)
    assert far.time_to_s(WARNING) == pytest.approx(10.0)
    assert not far.is_violated(WARNING)


def test_steadying_as_the_reference_does_it() -> None:
    """WCL-023: two of four, persistence of 4 s after a rise, all forgotten after 5 s."""
    memory = after(None, NONE, at_s=0.0)
    shown = []
    raws = [WARNING, NONE, WARNING, NONE, NONE, NONE, NONE, NONE, NONE]
    for at_s, raw in enumerate(raws, start=1):
        memory = after(memory, raw, at_s=float(at_s))
        shown.append(int(memory.shown))
    # Two of four at 3 s; persists until 7 s, by when no reading of the last four is loud.
    assert shown == [0, 0, 3, 3, 3, 3, 0, 0, 0]
    anew = after(memory, CORRECTIVE, at_s=20.0)
    assert anew.shown is CORRECTIVE  # after a long gap the first reading counts at once
    assert after(anew, NONE, at_s=20.0).shown is NONE  # out of order: begins anew
    with pytest.raises(ValueError, match="M <= N"):
        Steadying(needed=5)
    with pytest.raises(ValueError, match="finite"):
        after(None, NONE, at_s=math.nan)
    with pytest.raises(ValueError, match="persistence_s"):
        Steadying(persistence_s=-1.0)
