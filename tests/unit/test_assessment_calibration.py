"""Calibration of a pair of feeds: the law is found again, and stored with what it rests on."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from sampling import thinned

from crosstell.core.assessment.calibration import Calibration, NotCalibrated, calibrate
from crosstell.core.assessment.discrepancy.settings import Settings

TAKEN = datetime(2026, 6, 1, tzinfo=UTC)


def drawn(inflation: float, dof: float, count: int, seed: int) -> list[tuple[str, float]]:
    """Squared differences in two components under a t law, by NumPy."""
    draw = np.random.default_rng(seed)
    scale = draw.chisquare(dof, count) / dof
    squared = inflation * (draw.normal(size=(count, 2)) ** 2).sum(axis=1) / scale
    return [(f"object-{number % 40}", float(each)) for number, each in enumerate(squared)]


@pytest.mark.parametrize(
    ("inflation", "dof"), thinned([(4.0, 4.0), (1.0, 1_000.0), (0.5, 2.0), (9.0, 8.0)], every=4)
)
def test_dis_050_the_law_is_found_again(inflation: float, dof: float) -> None:
    found = calibrate(("radar", "ads-b"), drawn(inflation, dof, 4_000, 7), TAKEN)
    assert isinstance(found, Calibration)
    assert found.inflation == pytest.approx(inflation, rel=0.12)
    fresh = np.array([nees for _, nees in drawn(inflation, dof, 20_000, 8)])
    for share in (0.5, 0.1, 0.01):
        assert np.mean(fresh > found.gate(share)) == pytest.approx(share, rel=0.35)
        assert found.share_beyond(found.gate(share)) == pytest.approx(share)


def test_dis_050_it_says_what_it_rests_on_and_is_one_from_either_side() -> None:
    seen = drawn(4.0, 4.0, 200, 7)
    found = calibrate(("radar", "ads-b"), seen, TAKEN)
    assert found == calibrate(("ads-b", "radar"), seen[::-1], TAKEN)
    assert isinstance(found, Calibration)
    assert (found.pairs, found.objects, found.taken_at) == (200, 40, TAKEN)
    assert found.feeds == ("ads-b", "radar")
    assert found.mean_nees == pytest.approx(np.mean([nees for _, nees in seen]))


def test_dis_051_too_little_gives_none() -> None:
    few = calibrate(("a", "b"), drawn(4.0, 4.0, 49, 7), TAKEN)
    assert few == NotCalibrated(pairs=49, objects=40)
    one = [("object", nees) for _, nees in drawn(4.0, 4.0, 400, 7)]
    assert calibrate(("a", "b"), one, TAKEN) == NotCalibrated(pairs=400, objects=1)
    with pytest.raises(ValueError, match="not a number"):
        calibrate(("a", "b"), [("x", float("nan"))], TAKEN)


def test_dis_051_another_feed_or_an_old_one_is_not_used() -> None:
    found = calibrate(("b", "a"), drawn(4.0, 4.0, 200, 7), TAKEN)
    assert isinstance(found, Calibration)
    settings = Settings(calibration=found)
    assert settings.calibrated(("a", "b"), TAKEN) is found
    assert settings.calibrated(("b", "a"), TAKEN + timedelta(days=30)) is found
    assert settings.calibrated(("a", "c"), TAKEN) is None
    assert settings.calibrated(("a", "b"), TAKEN + timedelta(days=31)) is None
    with pytest.raises(ValueError, match="no such law"):
        replace(found, dof=0.0)
    with pytest.raises(ValueError, match="no time zone"):
        replace(found, taken_at=datetime(2026, 6, 1))  # noqa: DTZ001 - that is what is refused
