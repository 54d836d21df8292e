"""Track columns and pairs in bulk: what is refused, by name and row, and the plain cases."""

import math
import random
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import timedelta

import numpy as np
import pytest
from traffic_values import EARTH, NOW, criterion, crowd, motion

from crosstell.core.altitude import Altitude, AltitudeData, Datum, Shift
from crosstell.core.detection.bulk import traffic
from crosstell.core.detection.bulk.columns import TrackColumns
from crosstell.core.detection.bulk.kernel import KERNEL
from crosstell.core.detection.bulk.pairing.verdict import Verdict
from crosstell.core.detection.bulk.standing import Standing
from crosstell.core.detection.bulk.traffic import Path, encounters
from crosstell.core.detection.finding import Assessed
from crosstell.core.detection.pair.traffic import pairing
from crosstell.core.geometry.motion import Motion

PATHS = (Path.PLAIN, Path.FAST) if KERNEL is not None else (Path.PLAIN,)
RULE = criterion()


def columns(*motions: Motion, party: list[int] | None = None) -> TrackColumns:
    return TrackColumns.from_motions(motions, NOW, datum=Datum.MSL_EGM96, party=party)


def spoilt(name: str, row: int, value: float) -> Callable[[], TrackColumns]:
    """Three good rows, one value of which is not."""
    good = columns(*(motion(50.0, each, speed_mps=10.0) for each in (1.0, 2.0, 3.0)))
    values = {field.name: getattr(good, field.name) for field in fields(good)}
    column = values[name].astype(np.float64) if name != "party" else values[name].copy()
    column[row] = value
    return lambda: TrackColumns(**{**values, name: column})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("lat_deg", math.nan),
        ("lat_deg", 90.1),
        ("lon_deg", math.inf),
        ("lon_deg", -180.1),
        ("track_deg", 361.0),
        ("track_deg", math.nan),
        ("speed_mps", -0.1),
        ("speed_mps", math.nan),
        ("climb_mps", 1e5),
        ("altitude_m", -1_001.0),
        ("altitude_m", math.inf),
        ("position_accuracy_m", -1.0),
        ("altitude_accuracy_m", 1e7),
        ("age_s", math.nan),
        ("age_s", 1e8),
        ("conversion_m", math.nan),
        ("conversion_m", -0.5),
        ("party", -2),
    ],
)
def test_what_no_motion_may_be_is_refused_by_name_and_row(name: str, value: float) -> None:
    """BLK-010."""
    said = "track_deg" if name == "speed_mps" and math.isnan(value) else name
    with pytest.raises(ValueError, match=f"row 1: {said} is"):
        spoilt(name, 1, value)()


def test_columns_of_other_lengths_and_a_climb_without_speed_are_refused() -> None:
    """BLK-010."""
    good = columns(motion(50.0, 1.0), motion(50.0, 2.0))
    values = {field.name: getattr(good, field.name) for field in fields(good)}
    with pytest.raises(ValueError, match=r"age_s has shape \(1,\)"):
        TrackColumns(**{**values, "age_s": np.zeros(1)})
    with pytest.raises(ValueError, match=r"lon_deg has shape \(2, 1\)"):
        TrackColumns(**{**values, "lon_deg": np.zeros((2, 1))})
    with pytest.raises(ValueError, match="party is of float64"):
        TrackColumns(**{**values, "party": np.zeros(2)})
    unknown = np.array([np.nan, 0.0])
    with pytest.raises(ValueError, match=r"row 0: climb_mps is .* a climb needs a speed"):
        TrackColumns(**{**values, "speed_mps": unknown, "track_deg": unknown})


@pytest.mark.parametrize(
    "one",
    [
        motion(12.345_678_9, -179.999_999_96, track_deg=359.999_999_99, speed_mps=7.123_4),
        motion(-90.0, 0.0, speed_mps=None, altitude_m=None, accuracy_m=None, age_s=-3.25),
        motion(0.0, 180.0, climb_mps=None, altitude_accuracy_m=None, age_s=59.123_456),
    ],
)
def test_a_row_is_the_motion_it_came_from(one: Motion) -> None:
    """BLK-011: unknown stays unknown; the grain is that of a motion."""
    assert columns(one).row(0, NOW) == one


def test_values_are_brought_to_the_grain_of_a_motion() -> None:
    """BLK-011."""
    values = {name: np.array([0.0]) for name in ("climb_mps", "altitude_m", "conversion_m")}
    tracks = TrackColumns(
        **values,
        lat_deg=np.array([1.234_567_84]),
        lon_deg=np.array([200.0]),
        track_deg=np.array([-90.0]),
        speed_mps=np.array([1.234_6]),
        position_accuracy_m=np.array([np.nan]),
        altitude_accuracy_m=np.array([0.000_4]),
        age_s=np.array([1.000_000_4]),
        party=np.array([3]),
        datum=Datum.MSL_EGM96,
    )
    told = [float(getattr(tracks, name)[0]) for name in ("lat_deg", "lon_deg", "track_deg")]
    assert told == [1.234_567_8, -160.0, 270.0]
    assert (tracks.speed_mps[0], tracks.age_s[0]) == (1.235, 1.0)
    assert tracks.altitude_accuracy_m[0] == 0.0
    assert len(tracks) == 1


def test_altitudes_are_brought_to_one_datum_with_their_uncertainty() -> None:
    """BLK-012: what cannot be converted is unknown."""
    one = motion(50.0, 4.0, altitude_m=100.0)
    other = replace(one, altitude=Altitude(value_m=144.0, datum=Datum.WGS84_ELLIPSOID))
    data = AltitudeData(undulation=Shift(add_m=44.0, uncertainty_m=1.5))
    tracks = TrackColumns.from_motions([one, other], NOW, datum=Datum.MSL_EGM96, data=data)
    assert tracks.altitude_m.tolist() == [100.0, 100.0]
    assert tracks.conversion_m.tolist() == [0.0, 1.502]
    each = TrackColumns.from_motions(
        [one, other], NOW, datum=Datum.MSL_EGM96, data=[AltitudeData(), AltitudeData()]
    )
    assert each.altitude_m[0] == 100.0
    assert math.isnan(each.altitude_m[1])


@pytest.mark.parametrize("path", PATHS)
def test_a_converted_altitude_decides_as_in_the_pairing(path: Path) -> None:
    """BLK-012, BLK-021: with the conversion's uncertainty, in both verdicts."""
    data = AltitudeData(undulation=Shift(add_m=44.0, uncertainty_m=2.0))
    one = motion(50.0, 4.0, altitude_m=1_000.0)
    for apart_m in (304.0, 304.8, 305.5, 306.7, 306.9):
        other = replace(
            motion(50.0, 4.01),
            altitude=Altitude(value_m=1_044.0 + apart_m, datum=Datum.WGS84_ELLIPSOID),
        )
        tracks = TrackColumns.from_motions([one, other], NOW, datum=Datum.MSL_EGM96, data=data)
        pairs = encounters(tracks, RULE, path=path)
        expected = pairing(one, other, RULE, NOW, data).assessed
        told = Assessed.CLEAR if not len(pairs) else ASSESSED[int(pairs.verdict[0])]
        assert told is expected, apart_m


ASSESSED = {int(code): assessed for assessed, code in traffic.VERDICTS.items()}


@pytest.mark.parametrize("path", PATHS)
def test_rows_of_one_party_are_not_paired(path: Path) -> None:
    """BLK-013: an unknown owner is paired with all, itself unknown or not."""
    tracks = columns(*(motion(50.0, 4.0) for _ in range(5)), party=[7, 7, 8, -1, -1])
    pairs = encounters(tracks, RULE, path=path)
    told = list(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True))
    assert told == [(0, 2), (0, 3), (0, 4), (1, 2), (1, 3), (1, 4), (2, 3), (2, 4), (3, 4)]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("count", [0, 1])
def test_no_tracks_and_one_track_have_no_pairs(path: Path, count: int) -> None:
    assert len(encounters(columns(*[motion(1.0, 2.0)] * count), RULE, path=path)) == 0


@pytest.mark.parametrize("path", PATHS)
def test_exact_ties_infringe(path: Path) -> None:
    """BLK-034: a gap of exactly 1000 ft, whichever is above; a millimetre more does not."""
    for apart_m, expected in ((304.8, 1), (304.801, 0), (-304.8, 1), (-304.801, 0)):
        tracks = columns(
            motion(50.0, 4.0, altitude_m=3_048.0),
            motion(50.0, 4.0, altitude_m=3_048.0 + apart_m),
        )
        assert len(encounters(tracks, RULE, path=path)) == expected


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(("limit_m", "apart"), [(304.8, 1), (304.799, 0), (609.6, 2)])
def test_flight_levels_need_no_exact_test(path: Path, limit_m: float, apart: int) -> None:
    """BLK-035: forty levels 1,000 ft apart in one place, the limit a whole number of them."""
    levels = [motion(50.0, 4.0, altitude_m=304.8 * level) for level in range(1, 41)]
    pairs = encounters(columns(*levels), criterion(vertical_m=limit_m), path=path)
    told = list(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True))
    assert told == [(i, j) for i in range(40) for j in range(i + 1, 40) if j - i <= apart]
    assert pairs.guarded == 0


@pytest.mark.parametrize("path", PATHS)
def test_a_lateral_tie_goes_to_the_exact_test(path: Path) -> None:
    """BLK-030, BLK-034: 100 m along the equator, to the grain of a position."""
    gap_m = EARTH.Inverse(0.0, 10.0, 0.0, 10.000_898_3)["s12"]
    for limit_m, expected in ((gap_m, 1), (gap_m - 0.002, 0), (gap_m + 0.002, 1)):
        rule = criterion(lateral_m=limit_m)
        still = columns(motion(0.0, 10.0), motion(0.0, 10.000_898_3))
        pairs = encounters(still, rule, path=path)
        assert len(pairs) == expected
        if abs(limit_m - gap_m) < 0.001:
            assert pairs.guarded == 1
    together = columns(
        motion(0.0, 10.0, speed_mps=200.0, track_deg=90.0),
        motion(0.0, 10.000_898_3, speed_mps=200.0, track_deg=90.0),
    )
    pairs = encounters(together, criterion(lateral_m=gap_m + 0.1), path=path)
    assert pairs.verdict.tolist() == [Verdict.INFRINGES]
    assert math.isnan(pairs.exit_in_s[0])


@pytest.mark.parametrize("path", PATHS)
def test_a_head_on_pair_is_told_when_where_and_until_when(path: Path) -> None:
    """BLK-033: 30 km apart, closing at 400 m/s: within 10 km from 50 s to 100 s."""
    lon = 4.0 + math.degrees(30_000.0 / 6_378_137.0)
    tracks = columns(
        motion(0.0, 4.0, speed_mps=200.0, track_deg=90.0),
        motion(0.0, lon, speed_mps=200.0, track_deg=270.0),
    )
    pairs = encounters(tracks, criterion(lateral_m=10_000.0), path=path)
    told = [
        float(column[0])
        for column in (
            pairs.infringement_in_s,
            pairs.nominal_in_s,
            pairs.exit_in_s,
            pairs.nearest_in_s,
            pairs.nearest_m,
        )
    ]
    assert told == pytest.approx([50.0, 50.0, 100.0, 75.0, 0.0], abs=0.001)


@pytest.mark.parametrize("path", PATHS)
def test_a_track_without_velocity_or_too_old_is_a_growing_circle(path: Path) -> None:
    """BLK-021: nothing as reported for what is stale, only now for what has no velocity."""
    near = motion(0.0, 4.0)
    lost = motion(0.0, 4.12, speed_mps=None)
    stale = motion(0.0, 4.05, speed_mps=10.0, age_s=61.0)
    for other, expected in ((lost, 2), (stale, 2), (motion(0.0, 4.05, speed_mps=None), 1)):
        pairs = encounters(columns(near, other), RULE, path=path)
        assert pairs.verdict.tolist() == [expected]
        assert math.isnan(pairs.exit_in_s[0])
        assert math.isnan(pairs.nearest_m[0])
        answer = pairing(near, other, RULE, NOW)
        assert pairs.infringement_in_s[0] == pytest.approx(answer.infringement_in_s, abs=0.01)


@pytest.mark.parametrize("path", PATHS)
def test_a_track_that_may_not_move_counts_as_reported_only_now(path: Path) -> None:
    """BLK-021: an assumed speed of 0 leaves nothing uncertain, and still no course."""
    rule = replace(RULE, unknown_speed_mps=0.0)
    lost = motion(0.0, 4.0, speed_mps=None)
    for lon, expected in ((4.05, 1), (4.12, 2)):
        coming = motion(0.0, lon, speed_mps=100.0, track_deg=270.0)
        pairs = encounters(columns(lost, coming), rule, path=path)
        answer = pairing(lost, coming, rule, NOW)
        assert pairs.verdict.tolist() == [expected] == [traffic.VERDICTS[answer.assessed]]


@pytest.mark.skipif(KERNEL is None, reason="the plain path has no buffer to fill")
def test_a_buffer_that_is_too_small_loses_no_pair(monkeypatch: pytest.MonkeyPatch) -> None:
    """BLK-024: 200 tracks in one place are 19,900 pairs; and a circle as wide as the globe."""
    monkeypatch.setattr(traffic, "ROOM", 0)
    tracks = columns(*(motion(50.0, 4.0) for _ in range(200)))
    assert len(encounters(tracks, RULE, path=Path.FAST)) == 200 * 199 // 2
    lost = [motion(20.0, 4.0, speed_mps=None, age_s=20_000.0, altitude_m=None) for _ in range(2)]
    rule = criterion()
    wide = columns(*lost, *(motion(50.0, 4.0 + k, altitude_m=9_000.0 * k) for k in range(9)))
    for path in PATHS:
        pairs = encounters(wide, rule, path=path)
        told = zip(pairs.first.tolist(), pairs.second.tolist(), strict=True)
        expected = [
            (i, j)
            for i in range(11)
            for j in range(i + 1, 11)
            if traffic.exact(wide, i, j, rule).assessed is not Assessed.CLEAR
        ]
        assert list(told) == expected


def test_a_fast_path_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """BLK-003: asked for by name it is refused, otherwise the plain path serves."""
    monkeypatch.setattr(traffic, "KERNEL", None)
    tracks = columns(motion(50.0, 4.0), motion(50.0, 4.0))
    with pytest.raises(LookupError, match="kernel"):
        encounters(tracks, RULE, path=Path.FAST)
    assert len(encounters(tracks, RULE)) == 1


def test_a_missile_goes_to_the_exact_test() -> None:
    """BLK-031: beyond 1000 km of travel the circle is not asked."""
    fast = motion(0.0, 4.0, speed_mps=7_000.0, track_deg=90.0, altitude_m=50_000.0)
    there = EARTH.Direct(0.0, 4.0, 90.0, 1_100_000.0)
    tracks = columns(fast, motion(there["lat2"], there["lon2"], altitude_m=50_000.0))
    for path in PATHS:
        pairs = encounters(tracks, RULE, path=path)
        assert (pairs.guarded, pairs.verdict.tolist()) == (1, [Verdict.INFRINGES])


def test_the_age_counts_from_now() -> None:
    later = TrackColumns.from_motions(
        [motion(1.0, 2.0)], NOW + timedelta(seconds=1.5), datum=Datum.MSL_EGM96
    )
    assert later.age_s.tolist() == [1.5]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("seed", range(3))
def test_one_changed_observation_is_paired_as_if_all_were(path: Path, seed: int) -> None:
    """BLK-040: row 5 seen again; in its place, and as a further track."""
    rng = random.Random(f"standing:{seed}")
    motions = crowd(rng, RULE, 40)
    again = rng.choice(motions)
    party = [k % 3 - 1 for k in range(len(motions))]
    stands = Standing.of(columns(*motions, party=party), RULE, path=path)
    one = columns(again, party=[party[5]])
    changed = [*motions[:5], again, *motions[6:]]
    pairs = encounters(columns(*changed, party=party), RULE, path=path)
    expected = {
        (i + j - 5, int(verdict))
        for i, j, verdict in zip(pairs.first, pairs.second, pairs.verdict, strict=True)
        if 5 in (i, j)
    }
    found = stands.against(one, in_place_of=5)
    assert set(zip(found.first.tolist(), found.verdict.tolist(), strict=True)) == expected
    assert found.first.tolist() == sorted(found.first.tolist())
    whole = encounters(columns(*motions, again, party=[*party, party[5]]), RULE, path=path)
    mine = whole.second == len(motions)
    further = stands.against(one)
    assert further.first.tolist() == whole.first[mine].tolist()
    assert further.verdict.tolist() == whole.verdict[mine].tolist()


def test_an_observation_that_does_not_fit_is_refused() -> None:
    """BLK-041."""
    stands = Standing.of(columns(motion(50.0, 4.0)), RULE)
    with pytest.raises(ValueError, match="2 rows in msl-egm96"):
        stands.against(columns(motion(1.0, 2.0), motion(1.0, 2.0)))
    other = TrackColumns.from_motions([motion(1.0, 2.0)], NOW, datum=Datum.WGS84_ELLIPSOID)
    with pytest.raises(ValueError, match="1 rows in wgs84-ellipsoid"):
        stands.against(other)


@pytest.mark.parametrize("path", PATHS)
def test_an_observation_with_more_pairs_than_room_loses_none(path: Path) -> None:
    """BLK-024, BLK-040."""
    stands = Standing.of(columns(*(motion(50.0, 4.0) for _ in range(700))), RULE, path=path)
    assert len(stands.against(columns(motion(50.0, 4.0)))) == 700
