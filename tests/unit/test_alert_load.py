"""The pure parts of the alert-load benchmark: what its figures mean, on a small recording.

`data/solent-ais.csv` is an excerpt of the Solent AIS recording of the Stone Soup demo data (MIT,
see `data/solent-ais.LICENSE`): three ships on 12 January 2016, renamed and thinned to 15 s.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from benchmarks.alert_load.columns import Columns, Stated
from benchmarks.alert_load.judge import Pair, Warned, Worth, announced, load_of, worth
from benchmarks.alert_load.places import Place, places_in
from benchmarks.alert_load.policy import PRESENT
from benchmarks.alert_load.recordings import columns, operator, ships
from benchmarks.alert_load.report import written
from benchmarks.alert_load.spoofed import doubts_in
from benchmarks.alert_load.story import Showing
from benchmarks.alert_load.truth import Spell

from crosstell.core.picture.trust.kind import ObjectKind

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


def shown(raised_s: float, cleared_s: float | None, *levels: int, ended: bool = False) -> Showing:
    held = [(raised_s + 10.0 * number, rank) for number, rank in enumerate(levels or (1,))]
    return Showing(raised_s, 0, held, cleared_s, ended)


def pair(
    showings: tuple[Showing, ...] = (),
    infringed: tuple[Spell, ...] = (),
    known: tuple[Spell, ...] = (spell(0.0, 10_000.0),),
) -> Pair:
    return Pair(showings=showings, infringed=infringed, known=known)


# --- Reading -------------------------------------------------------------------------------------


def test_ship_reports_are_read_in_time_order(solent: Columns) -> None:
    assert solent.names == ("ship-a", "ship-b", "ship-c")
    assert (np.diff(solent.time_s) >= 0.0).all()
    assert len(solent) == 312
    motion = solent.motion(0)
    assert motion.altitude is not None
    assert motion.altitude.value_m == 0.0
    assert motion.position_accuracy_m == 10.0


def test_thinning_keeps_the_first_and_no_two_nearer_than_asked(solent: Columns) -> None:
    thinned = solent.thinned(60.0)
    for rows, all_rows in zip(thinned.rows_of(), solent.rows_of(), strict=True):
        times = thinned.time_s[rows]
        assert times[0] == solent.time_s[all_rows[0]]
        assert (np.diff(times) >= 60.0).all()
        for left_out in np.setdiff1d(solent.time_s[all_rows], times):
            assert left_out - times[times < left_out].max() < 60.0


def test_a_repeated_position_of_what_moves_is_no_observation() -> None:
    row = {"icao24": "4b0001", "latitude": 47.0, "longitude": 8.0, "altitude": 1_000.0}
    rows = [row | {"timestamp": second * 1_000, "groundspeed": 200.0} for second in range(3)]
    rows += [row | {"timestamp": 9_000, "groundspeed": 200.0, "latitude": 47.01}]
    held = columns(rows, "test", STATED, keep=lambda _row: True)
    assert held.time_s.tolist() == [0.0, 9.0]
    still = [each | {"groundspeed": 0.0} for each in rows[:3]]
    assert len(columns(still, "test", STATED, keep=lambda _row: True)) == 3


def test_an_observation_is_as_old_as_its_position() -> None:
    row = {"icao24": "a", "latitude": 47.0, "longitude": 8.0, "timestamp": 60_000}
    held = columns([row | {"last_position": 48_500}], "test", STATED, keep=lambda _row: True)
    assert held.time_s.tolist() == [48.5]
    assert held.motion(0).velocity is None
    assert held.motion(0).altitude is None


@pytest.mark.parametrize(
    ("call_sign", "expected"),
    [("SWR137H", "SWR"), ("HBKRA", "4b0001"), ("C106", "4b0001"), ("", "4b0001"), (None, "4b0001")],
)
def test_the_operator_is_the_airline_or_the_aircraft_itself(
    call_sign: str | None, expected: str
) -> None:
    assert operator(call_sign, "4b0001") == expected


def test_places_are_the_same_for_the_same_seed(solent: Columns, places: tuple[Place, ...]) -> None:
    assert places_in(solent, seed="test", shrink=0.1) == places
    assert places_in(solent, seed="another", shrink=0.1) != places
    assert len({place.name for place in places}) == 26


# --- What was an alert worth? --------------------------------------------------------------------


def test_an_alert_is_valid_if_it_happens_within_the_horizon_of_its_level() -> None:
    one = pair((shown(100.0, 2_000.0),), (spell(1_000.0, 1_010.0),))
    assert worth(one, one.showings[0], 1, HORIZONS) is Worth.VALID
    late = pair((shown(100.0, 2_000.0),), (spell(1_000.1, 1_010.0),))
    assert worth(late, late.showings[0], 1, HORIZONS) is Worth.NUISANCE
    now = pair((shown(100.0, 2_000.0),), (spell(50.0, 100.0),))
    assert worth(now, now.showings[0], 1, HORIZONS) is Worth.VALID


def test_each_level_is_judged_by_its_own_horizon_from_when_it_was_reached() -> None:
    one = pair((shown(100.0, 2_000.0, 1, 3),), (spell(400.0, 410.0),))
    assert worth(one, one.showings[0], 1, HORIZONS) is Worth.VALID
    assert worth(one, one.showings[0], 2, HORIZONS) is Worth.VALID
    assert worth(one, one.showings[0], 3, HORIZONS) is Worth.NUISANCE
    calm = pair((shown(100.0, 2_000.0, 1),))
    assert worth(calm, calm.showings[0], 2, HORIZONS) is None


def test_what_the_recording_does_not_show_is_undecided() -> None:
    short = (spell(0.0, 500.0),)
    gone = pair((shown(100.0, 800.0, ended=True),), known=short)
    assert worth(gone, gone.showings[0], 1, HORIZONS) is Worth.UNDECIDED
    withdrawn = pair((shown(100.0, 400.0),), known=short)
    assert worth(withdrawn, withdrawn.showings[0], 1, HORIZONS) is Worth.NUISANCE
    long = pair((shown(100.0, 800.0, ended=True),), known=(spell(0.0, 1_000.0),))
    assert worth(long, long.showings[0], 1, HORIZONS) is Worth.NUISANCE


def test_an_infringement_is_announced_in_time_late_or_not() -> None:
    at = spell(1_000.0, 1_100.0)
    told = announced(pair((shown(700.0, None),), (at,)), at, HORIZONS)
    assert (told.warned, told.lead_s, told.room_s) == (Warned.IN_TIME, 300.0, 900.0)
    late = announced(pair((shown(1_050.0, None),), (at,)), at, HORIZONS)
    assert (late.warned, late.lead_s) == (Warned.LATE, None)
    cleared = announced(pair((shown(100.0, 999.0),), (at,)), at, HORIZONS)
    assert cleared.warned is Warned.MISSED
    born = announced(pair(infringed=(at,), known=(spell(980.0, 2_000.0),)), at, HORIZONS)
    assert born.warned is Warned.BORN_INSIDE


def test_a_lead_is_no_longer_than_there_was_room() -> None:
    at = spell(2_000.0, 2_100.0)
    told = announced(pair((shown(100.0, None),), (at,)), at, HORIZONS)
    assert told.lead_s == HORIZONS.advisory_s
    seen = announced(pair((shown(100.0, None),), (at,), (spell(1_900.0, 3_000.0),)), at, HORIZONS)
    assert seen.lead_s == 100.0


def test_the_load_counts_alerts_returns_and_rings() -> None:
    back = replace_returns(shown(5_000.0, 5_100.0, 2), 1)
    one = pair((shown(100.0, 700.0, 1, 2, 1, 3), back), (spell(300.0, 310.0),))
    load = load_of([one], HORIZONS)
    assert (load.alerts, load.returns, load.rings, load.flapping) == (1, 1, 4, 1.0)
    assert load.shown_s == 700.0
    assert load.by_level["advisory"] == {"valid": 1, "nuisance": 1, "undecided": 0}
    assert load.nuisance_share == 0.5
    assert load.warned[Warned.IN_TIME] == 1
    assert load.leads_s == (200.0,)


def replace_returns(showing: Showing, returns: int) -> Showing:
    return Showing(showing.raised_s, returns, showing.levels, showing.cleared_s, showing.ended)


# --- The document --------------------------------------------------------------------------------


def test_tables_are_written_between_their_marks() -> None:
    text = "before\n<!-- load -->\nold | row\n<!-- end -->\nafter\n"
    after = written(text, {"load": "| new |"})
    assert after == "before\n<!-- load -->\n\n| new |\n\n<!-- end -->\nafter\n"
    assert written(after, {"load": "| new |"}) == after
    with pytest.raises(ValueError, match="no mark for other"):
        written(text, {"other": ""})


# --- Positions that cannot be trusted ------------------------------------------------------------


@pytest.mark.parametrize("kind", [None, ObjectKind.SHIP])
def test_a_node_doubts_what_the_folded_track_doubts(
    solent: Columns, kind: ObjectKind | None
) -> None:
    """Forty true reports of a ship with six of the middle moved 2 km or 200 km north."""
    rows = solent.rows_of()[0][:40]
    for north_deg, is_seen in ((0.02, kind is not None), (2.0, True)):
        lat_deg = solent.lat_deg.copy()
        lat_deg[rows[20:26]] += north_deg
        moved = replace(solent, lat_deg=lat_deg).taken(rows).named()
        live = doubts_in(moved, kind, live=True)
        assert live == doubts_in(moved, kind)
        assert bool(live.doubts) == is_seen
        if is_seen:
            assert live.doubts[0].start_s == moved.time_s[20]
            assert live.observations_doubted >= 6
