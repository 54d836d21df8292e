"""The alert-load benchmark against the core: replay, bounds and truth, and a whole node.

`data/solent-ais.csv` is an excerpt of the Solent AIS recording of the Stone Soup demo data (MIT,
see `data/solent-ais.LICENSE`): three ships on 12 January 2016, renamed and thinned to 15 s.
"""

import math
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from benchmarks.alert_load.at_places import criterion_of, judged, possible
from benchmarks.alert_load.between_tracks import SEPARATION
from benchmarks.alert_load.between_tracks import judged as judged_between
from benchmarks.alert_load.columns import EPOCH, Columns, Stated
from benchmarks.alert_load.detect import Disagreement, agree, detected
from benchmarks.alert_load.judge import load_of
from benchmarks.alert_load.meetings import meetings
from benchmarks.alert_load.meetings import possible as possible_between
from benchmarks.alert_load.pair_truth import both_known, infringed_between
from benchmarks.alert_load.places import Place, places_in
from benchmarks.alert_load.policy import BEFORE, ENDED_AFTER_S, PRESENT
from benchmarks.alert_load.recordings import ships
from benchmarks.alert_load.story import Line, Showing, rank_of, replayed, told
from benchmarks.alert_load.sweep import AT_PRESENT
from benchmarks.alert_load.tested import tested as held_pair
from benchmarks.alert_load.truth import Spell, fine, infringed
from hypothesis import given, settings
from hypothesis import strategies as st
from node_pair import ALPHA, World, area, protocol_of, roz
from sampling import examples

from crosstell.core.detection.about import NoticeOf, OneTrack, TrackAtNotice
from crosstell.core.detection.finding import Assessed, Criterion, Finding
from crosstell.core.detection.m_of_n import RANK, AlertTerms, terms_of
from crosstell.core.detection.pair.zone import pairing
from crosstell.core.geometry.approach import signed_distance_m
from crosstell.core.geometry.footprint import Circle
from crosstell.core.geometry.geodesic import distance_m
from crosstell.core.geometry.position import Position
from crosstell.core.ids import NoticeId, RuleId, TrackId
from crosstell.core.picture.content import Zone
from crosstell.core.picture.notice import NoticeFiled
from crosstell.core.picture.track import Observation
from crosstell.core.protocol.rule import ZoneEntry
from crosstell.core.protocol.times import CriticalRaises

SHIPS = Path(__file__).parent / "data" / "solent-ais.csv"
STATED = Stated(position_m=10.0, altitude_m=0.0)
HORIZONS = PRESENT.horizons


@pytest.fixture(scope="module")
def solent() -> Columns:
    return ships(SHIPS, STATED)


@pytest.fixture(scope="module")
def places(solent: Columns) -> tuple[Place, ...]:
    return places_in(solent, seed="test", shrink=0.1)


def spell(start_s: float, end_s: float) -> Spell:
    return Spell(start_s=start_s, end_s=end_s)


def finding(assessed: Assessed, in_s: float = 0.0) -> Finding:
    clear = assessed is Assessed.CLEAR
    return Finding(
        rule=RuleId("zone"),
        reading=None,
        about=OneTrack(track=TrackId("t1")),
        versions=(),
        assessed=assessed,
        reasons=(),
        infringement_in_s=HORIZONS.advisory_s if clear else in_s,
        nominal_in_s=in_s if assessed is Assessed.INFRINGES else None,
        distance_m=0.0,
        margin_m=0.0,
    )


# --- The fast replay and the core ----------------------------------------------------------------

ANSWERS = st.sampled_from(
    [
        finding(Assessed.CLEAR),
        finding(Assessed.INFRINGES, 800.0),
        finding(Assessed.INFRINGES, 300.0),
        finding(Assessed.INFRINGES, 5.0),
        finding(Assessed.CANNOT_BE_RULED_OUT, 600.0),
        finding(Assessed.CANNOT_BE_RULED_OUT, 10.0),
    ]
)
GAPS_S = st.sampled_from([1.0, 5.0, 10.0, 60.0, 180.0, 181.0, 299.0, 301.0, 30_000.0])


@st.composite
def terms(draw: st.DrawFn) -> AlertTerms:
    window = draw(st.integers(1, 6))
    return replace(
        PRESENT,
        hits_window=window,
        hits_needed=draw(st.integers(1, window)),
        hold_s=draw(st.sampled_from([0.0, 20.0, 60.0])),
        clear_after_s=draw(st.sampled_from([0.0, 30.0, 180.0])),
        fall_after=draw(st.integers(1, 4)),
        clear_after=draw(st.integers(1, 4)),
        unknown_level_max=draw(st.sampled_from([None, PRESENT.unknown_level_max])),
        critical_raises=draw(st.sampled_from(CriticalRaises)),
    )


@settings(max_examples=examples(200), deadline=None)
@given(answers=st.lists(st.tuples(GAPS_S, ANSWERS), min_size=1, max_size=25), judged_by=terms())
def test_the_fast_replay_shows_what_the_core_shows(
    answers: list[tuple[float, Finding]], judged_by: AlertTerms
) -> None:
    line: list[Line] = []
    at_s = 1_000.0
    for gap_s, answer in answers:
        at_s += gap_s
        line.append((at_s, answer))
    held = held_pair("zone", "test", line, (), ())
    assert told(line, judged_by) == held.shown(judged_by)
    ranks = held.ranks(HORIZONS, unknown_alerts=judged_by.unknown_level_max is not None)
    assert ranks.tolist() == [rank_of(answer, judged_by) for _, answer in line]


def test_a_replay_that_differs_is_refused() -> None:
    line = [(0.0, finding(Assessed.INFRINGES, 5.0)), (10.0, finding(Assessed.INFRINGES, 5.0))]
    held = held_pair("zone", "test", line, (), ())
    agree(held, line, (PRESENT,))
    with pytest.raises(Disagreement):
        agree(held_pair("zone", "test", line[:1], (), ()), line, (BEFORE,))


def test_what_is_critical_at_once_waits_for_no_second_finding() -> None:
    line = [(0.0, finding(Assessed.INFRINGES, 5.0)), (60.0, finding(Assessed.CLEAR))]
    held = held_pair("zone", "test", line, (), ())
    assert [one.raised_s for one in held.shown(PRESENT)] == [0.0]
    assert held.shown(replace(PRESENT, critical_raises=CriticalRaises.AS_COUNTED)) == []
    assert held.shown(PRESENT, first_waits=True) == []
    unsure = [(0.0, finding(Assessed.CANNOT_BE_RULED_OUT, 5.0))]
    assert held_pair("zone", "test", unsure, (), ()).shown(PRESENT) == []


def test_an_alert_ends_with_its_track() -> None:
    (showing,) = replayed([0.0, 10.0], [3, 3], BEFORE)
    assert showing.ended
    assert showing.cleared_s == 10.0 + ENDED_AFTER_S


# --- Nothing is lost by the bounds, and the truth is the geodesic's ------------------------------


def test_the_bound_at_places_loses_nothing(solent: Columns, places: tuple[Place, ...]) -> None:
    found = 0
    for place in places:
        criterion = criterion_of(place)
        mask = possible(solent, place, criterion)
        for row in range(0, len(solent), 3):
            clear = judged(solent, row, place, criterion).assessed is Assessed.CLEAR
            assert clear or mask[row]
            found += not clear
    assert found > 50


def test_the_bound_between_tracks_loses_nothing(solent: Columns) -> None:
    near = replace(SEPARATION, lateral_m=300.0)
    met = meetings(solent)
    mask = possible_between(solent, met, near.criterion, late_s=0.0)
    found = 0
    for number in range(0, len(met), 2):
        answer = judged_between(solent, met, number, near).encounter
        clear = answer.assessed is Assessed.CLEAR
        assert clear or mask[number]
        found += not clear
    assert found > 10
    assert not mask.all()


def test_the_truth_at_places_is_that_of_the_geodesic(
    solent: Columns, places: tuple[Place, ...]
) -> None:
    path = fine(solent, step_s=5.0)
    inside = 0
    for place in places:
        truth = infringed(path, place)
        for row in range(0, len(path.time_s), 40):
            here = Position(lat_deg=float(path.lat_deg[row]), lon_deg=float(path.lon_deg[row]))
            gap_m = signed_distance_m(here, place.volume.footprint) - place.lateral_m
            if abs(gap_m) < 5.0:
                continue
            spells = truth.get(int(path.track[row]), ())
            at_s = path.time_s[row]
            if gap_m <= 0.0:
                inside += 1
                assert any(one.start_s <= at_s <= one.end_s for one in spells)
            else:
                assert not any(one.start_s == at_s == one.end_s for one in spells)
    assert inside > 10


def test_the_truth_between_tracks_is_that_of_the_geodesic(solent: Columns) -> None:
    near = replace(SEPARATION, lateral_m=1_500.0)
    path = fine(solent, step_s=5.0)
    truth = infringed_between(path, solent, near)
    assert truth
    for (one, other), spells in truth.items():
        at_s = spells[0].start_s
        rows = [
            np.flatnonzero((path.track == each) & (path.time_s == at_s))[0] for each in (one, other)
        ]
        here, there = (
            Position(lat_deg=float(path.lat_deg[row]), lon_deg=float(path.lon_deg[row]))
            for row in rows
        )
        assert distance_m(here, there) <= 1_500.0 + 1.0


def test_two_are_known_where_both_are() -> None:
    first, second = (spell(0.0, 10.0), spell(20.0, 40.0)), (spell(5.0, 25.0),)
    assert both_known(first, second) == (spell(5.0, 10.0), spell(20.0, 25.0))


def test_a_small_recording_runs_whole(solent: Columns, places: tuple[Place, ...]) -> None:
    found = detected(solent, places[:6], seed="test", workers=1)
    present = AT_PRESENT
    load = load_of((one.pair(present.terms) for one in found.pairs), HORIZONS)
    assert load.alerts > 0
    assert sum(load.warned.values()) > 0
    assert all(
        0.0 <= lead_s <= room_s for lead_s, room_s in zip(load.leads_s, load.rooms_s, strict=True)
    )
    assert math.isfinite(load.shown_s)


# --- The node ------------------------------------------------------------------------------------


def test_the_showings_are_those_of_a_node(solent: Columns) -> None:
    """A ship past a zone, through a whole node: at each observation it shows what `told` says."""
    rows = solent.rows_of()[solent.names.index("ship-b")].tolist()
    middle = solent.motion(rows[len(rows) // 2]).position
    volume = replace(area(), footprint=Circle(centre=middle, radius_m=600.0))
    world = World()
    world.sign()
    world.settle(ALPHA, replace(roz(), content=replace(zone_of(roz()), volume=volume)))
    base, first_s = world.now + timedelta(seconds=60.0), float(solent.time_s[rows[0]])
    criterion, judged_by = zone_rule()
    about = TrackAtNotice(
        track=TrackId("ship-b"), notice=NoticeOf(party=ALPHA, notice=NoticeId("roz-1"))
    )
    of_node, line = [], []
    for row in rows:
        at = base + timedelta(seconds=float(solent.time_s[row]) - first_s)
        world.pass_time((at - world.now).total_seconds())
        world.now = at
        motion = replace(solent.motion(row), at=at)
        world.observe(
            ALPHA,
            Observation(track=TrackId("ship-b"), source="ais", motion=motion, received_at=at),
        )
        shown_now = [alert.shown for alert in world.alerts(ALPHA) if alert.shown is not None]
        of_node.append(max((RANK[one.level] for one in shown_now), default=0))
        encounter = pairing(motion, volume, criterion, at)
        found = encounter.finding(criterion, about=about, versions=(1,))
        line.append(((at - EPOCH).total_seconds(), found))
    showings = told(line, judged_by)
    assert of_node == [rank_at(showings, at_s) for at_s, _ in line]
    assert {0, 1, 2} == set(of_node)


def zone_of(filed: NoticeFiled) -> Zone:
    assert isinstance(filed.content, Zone)
    return filed.content


def zone_rule() -> tuple[Criterion, AlertTerms]:
    protocol = protocol_of(parties=2)
    policy = protocol.alerts
    rule = next(each for each in protocol.rules if isinstance(each, ZoneEntry))
    criterion = Criterion(
        rule=rule.id,
        reading=None,
        lateral_m=0.0,
        vertical_m=0.0,
        horizon_s=policy.horizons.advisory_s,
        unknown_accuracy_m=policy.assumed.accuracy_m,
        unknown_vertical_accuracy_m=policy.assumed.vertical_accuracy_m,
        unknown_speed_mps=policy.assumed.speed_mps,
        stale_after_s=policy.stale_after_s,
    )
    return criterion, terms_of(policy, rule)


def rank_at(showings: list[Showing], at_s: float) -> int:
    """The rank that is shown just after `at_s`."""
    for one in showings:
        if one.raised_s <= at_s and (one.cleared_s is None or one.cleared_s > at_s):
            return [rank for since_s, rank in one.levels if since_s <= at_s][-1]
    return 0
