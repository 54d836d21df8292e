"""The local offset of pressure altitude: who counts, how sure it is, when it says nothing."""

from dataclasses import replace
from statistics import median

import pytest
from altitude_values import (
    HERE,
    NOW,
    SNAPSHOTS,
    conversions,
    motion,
    recorded,
    track,
    undulation_at,
)

from crosstell.core.altitude import NO_ALTITUDE_DATA, Altitude, Datum
from crosstell.core.detection.pressure import (
    AGE_S_MAX,
    Asked,
    PressureSample,
    pressure_offset,
    samples_of,
)
from crosstell.core.geometry.geodesic import destination
from crosstell.core.geometry.geoid import Conversions, NoGeoid
from crosstell.core.geometry.motion import Motion
from crosstell.core.ids import TrackId
from crosstell.core.instant import later

ASKED = Asked(position=HERE, pressure_altitude_m=3_000.0, at=NOW)


def sample(
    number: int,
    offset_m: float,
    *,
    away_m: float = 0.0,
    age_s: float = 0.0,
    height_m: float = 3_000.0,
    name: str | None = None,
) -> PressureSample:
    return PressureSample(
        object=name or f"o{number}",
        source="receiver",
        track=TrackId(f"t-{number}"),
        position=destination(HERE, track_deg=90.0 * number, travel_m=away_m),
        at=later(NOW, by_s=-age_s),
        pressure_altitude_m=height_m,
        offset_m=offset_m,
        conversion_m=1.0,
    )


def three(offset_m: float = 100.0, **where: float) -> list[PressureSample]:
    return [sample(number, offset_m, **where) for number in range(3)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("samples", "asked", "uncertainty_m"),
    [
        (three(), ASKED, 26.0),  # altimeters 25 m, undulation 1 m
        (three(away_m=100_000.0), ASKED, 126.0),  # 1 m in a kilometre
        (three(age_s=1_000.0), ASKED, 41.0),  # 15 mm a second
        (three(height_m=2_000.0), ASKED, 126.0),  # 0.1 of the height
        (three(height_m=4_000.0), ASKED, 126.0),
        (three(), replace(ASKED, reach_m=40_000.0), 66.0),
        (three(), replace(ASKED, climb_m=500.0), 76.0),
        (three(), replace(ASKED, ahead_s=600.0), 35.0),
        (three(away_m=50_000.0), replace(ASKED, climb_m=500.0), 126.0),
        ([*three(), sample(3, 100.0, away_m=90_000.0)], ASKED, 26.0),
        ([sample(0, 100.0), *three(away_m=60_000.0)[1:]], ASKED, 86.0),
    ],
)
def test_the_uncertainty_grows_with_distance_age_and_height(
    samples: list[PressureSample], asked: Asked, uncertainty_m: float
) -> None:
    """ALT-033, ALT-034: the rates stand in the specification."""
    offset = pressure_offset(samples, asked)
    assert offset is not None
    assert offset.shift.add_m == 100.0
    assert offset.shift.uncertainty_m == pytest.approx(uncertainty_m, abs=0.05)


def test_scatter_beyond_the_bound_is_the_uncertainty() -> None:
    """ALT-035: weather steeper than assumed shows in the aircraft themselves."""
    offsets_m = (0.0, 60.0, 100.0, 140.0, 200.0)
    offset = pressure_offset([sample(n, value) for n, value in enumerate(offsets_m)], ASKED)
    assert offset is not None
    assert offset.shift.add_m == 100.0
    assert offset.scatter_m == pytest.approx(3 * 1.4826 * 40.0)
    assert offset.shift.uncertainty_m == pytest.approx(3 * 1.4826 * 40.0 + 1.0, abs=0.01)


@pytest.mark.parametrize("wrong_m", [0.0, 5_000.0, -9_000.0])
def test_one_of_three_may_be_wrong_by_any_amount_and_is_named(wrong_m: float) -> None:
    """ALT-035."""
    offset = pressure_offset([sample(0, 300.0), sample(1, 310.0), sample(2, wrong_m)], ASKED)
    assert offset is not None
    assert 300.0 <= offset.shift.add_m <= 310.0
    assert offset.odd == ("o2",)


@pytest.mark.parametrize(
    "samples",
    [
        [],
        three()[:2],
        [sample(number, 100.0, name="one") for number in range(9)],
        three(away_m=151_000.0),
        three(height_m=4_501.0),
        three(age_s=AGE_S_MAX + 1.0),
        [*three(), *(sample(n, n * 3_000.0) for n in range(3, 7))],
        [*(sample(n, 100.0) for n in range(4)), *(sample(n, 900.0) for n in range(4, 7))],
    ],
)
def test_too_little_or_too_much_at_odds_is_no_answer(samples: list[PressureSample]) -> None:
    """ALT-032, ALT-035, ALT-037: never a guess, never zero."""
    assert pressure_offset(samples, ASKED) is None


def test_a_question_that_is_too_wide_has_no_answer() -> None:
    """ALT-037."""
    assert pressure_offset(three(), replace(ASKED, climb_m=4_900.0)) is not None
    assert pressure_offset(three(), replace(ASKED, climb_m=5_100.0)) is None


def test_an_object_may_be_left_out() -> None:
    """ALT-036."""
    samples = [*three(), sample(3, 400.0)]
    one = pressure_offset(samples, replace(ASKED, without="o3"))
    assert one is not None
    assert one == pressure_offset(three(), ASKED)
    assert pressure_offset(three(), replace(ASKED, without="o1")) is None


def test_samples_come_from_observations_that_give_both_altitudes() -> None:
    """ALT-030, ALT-031."""
    n_m = undulation_at(HERE)
    ellipsoid = Altitude(value_m=3_300.0 + n_m, datum=Datum.WGS84_ELLIPSOID)
    above_sea = Altitude(value_m=3_300.0, datum=Datum.MSL_EGM96)
    above_ground = Altitude(value_m=3_300.0, datum=Datum.ABOVE_GROUND)
    given = [
        track("both", motion(ellipsoid, 3_000.0), address="abc"),
        track("sea", motion(above_sea, 3_000.0), motion(above_sea, 3_010.0, age_s=5.0)),
        track("one", motion(ellipsoid)),
        track("ground", motion(above_ground, 3_000.0)),
        track("none", motion(None, 3_000.0)),
        track("old", motion(above_sea, 3_000.0, age_s=AGE_S_MAX + 1)),
        track("ahead", motion(above_sea, 3_000.0, age_s=-60.0)),
    ]
    found = samples_of(given, conversions(), at=NOW)
    assert [(one.object, round(one.offset_m, 2)) for one in found] == [
        ("icao-address:abc", 300.0),
        ("track:sea", 300.0),
        ("track:sea", 290.0),
    ]
    assert found[0].conversion_m > 1.0
    assert found[1].conversion_m == 0.0
    blind = Conversions(geoid=NoGeoid(why="no grid"), handed=NO_ALTITUDE_DATA)
    assert {one.object for one in samples_of(given, blind, at=NOW)} == {"track:sea"}


def test_a_motion_keeps_the_pressure_altitude_to_the_millimetre() -> None:
    """ALT-030."""
    above_sea = Altitude(value_m=3_300.0, datum=Datum.MSL_EGM96)
    assert motion(above_sea, 3_000.000_4).pressure_altitude_m == 3_000.0
    assert motion(above_sea).pressure_altitude_m is None
    with pytest.raises(ValueError, match="altitude nan"):
        motion(above_sea, float("nan"))
    assert Motion.__dataclass_fields__["pressure_altitude_m"].default is None


@pytest.mark.parametrize("snapshot", SNAPSHOTS)
def test_on_real_aircraft_each_is_predicted_by_the_others(snapshot: int) -> None:
    """ALT-033, ALT-038: leaving each one out; the figures stand in the specification."""
    samples = samples_of(recorded(snapshot), conversions(), at=NOW)
    misses_m, outside = [], 0
    for one in samples:
        asked = Asked(position=one.position, pressure_altitude_m=one.pressure_altitude_m, at=one.at)
        others = [other for other in samples if other.object != one.object]
        offset = pressure_offset(others, asked)
        if offset is None:
            continue
        miss_m = abs(offset.shift.add_m - one.offset_m)
        misses_m.append(miss_m)
        outside += miss_m > offset.shift.uncertainty_m
    assert len(misses_m) >= 0.6 * len(samples)
    assert median(misses_m) < 20.0
    assert outside <= 1  # one aircraft of the first snapshot is 200 m off its neighbours
