"""Recordings: LocaRDS against multilateration, and real ships put off.

LocaRDS lies in `benchmarks/discrepancy/data/` under CC-BY-SA-4.0 (see ATTRIBUTION.md there); the
ships are an excerpt of the Solent AIS recording (MIT, see `data/solent-ais.LICENSE`).
"""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from benchmarks.alert_load.columns import Columns, Stated
from benchmarks.alert_load.recordings import ships
from benchmarks.discrepancy.accounts import accounts
from benchmarks.discrepancy.locards import Located, fitted_offset, located
from benchmarks.discrepancy.score import scored
from benchmarks.discrepancy.swiss import Put, parted, pooled, scene

from crosstell.core.assessment.calibration import Calibration, calibrate

TAKEN = datetime(2021, 8, 17, tzinfo=UTC)
SHIPS = Path(__file__).parent / "data" / "solent-ais.csv"


@pytest.fixture(scope="module")
def messages() -> list[Located]:
    return located()


@pytest.fixture(scope="module")
def solent() -> Columns:
    return ships(SHIPS, Stated(position_m=10.0, altitude_m=0.0))


@pytest.mark.long
def test_dis_080_multilateration_finds_the_aircraft(messages: list[Located]) -> None:
    apart_m = [float(np.hypot(*one.apart_m)) for one in messages]
    assert len(messages) == 1_147
    assert np.median(apart_m) < 50.0
    assert max(apart_m) < 1_500.0


@pytest.mark.long
def test_dis_080_the_time_offset_is_found(messages: list[Located]) -> None:
    offset, count = fitted_offset(messages)
    assert count > 900
    assert offset.time_s == pytest.approx(0.13, abs=0.01)
    assert abs(offset.east_m) < 10.0
    assert abs(offset.north_m) < 10.0


@pytest.mark.long
def test_dis_080_calibrated_gates_hold_on_what_was_held_out(messages: list[Located]) -> None:
    law = calibrate(
        ("claimed", "mlat"), [(one.aircraft, one.nees) for one in messages if one.set <= 2], TAKEN
    )
    assert isinstance(law, Calibration)
    held_out = np.array([one.nees for one in messages if one.set > 2])
    assert np.mean(held_out > 9.21) > 0.2  # as stated, 1 % should be
    for share, least, most in ((0.5, 0.40, 0.60), (0.1, 0.06, 0.15), (0.01, 0.0, 0.02)):
        assert least <= np.mean(held_out > law.gate(share)) <= most


@pytest.mark.long
@pytest.mark.parametrize("put", [Put(shift_m=0.0, turn_deg=0.0, late_s=0.0), Put()])
def test_dis_081_two_accounts_of_real_aircraft_are_registered(
    messages: list[Located], put: Put
) -> None:
    """Real errors with heavy tails, accuracies that are not true: fewer pairs, none wrong."""
    score = scored(accounts(messages, put, seed) for seed in range(4))
    assert score.refused == score.wrong_locks == 0
    assert score.right == score.paired
    assert score.right > 0.8 * score.common


def test_dis_081_ships_in_a_narrow_water_are_refused_rather_than_guessed(solent: Columns) -> None:
    """Three ships at many instants laid into one: few directions, slow, all in one spot."""
    draws = [pooled(solent, 60, seed) for seed in range(6)]
    score = scored(
        scene(solent, rows, time_s, Put(shift_m=300.0), seed)
        for seed, (time_s, rows) in enumerate(draws)
    )
    assert score.wrong_locks == 0
    assert set(score.refusals) <= {"one-spot", "parallel-tracks"}
    assert score.refused == score.scenes
    apart = scored(
        parted(scene(solent, rows, time_s, Put(), seed), 0.0, seed)
        for seed, (time_s, rows) in enumerate(draws)
    )
    assert apart.refused == apart.scenes
