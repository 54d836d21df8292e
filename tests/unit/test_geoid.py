"""The shipped geoid: verified, refused by name if damaged, and right where others published it."""

import math
import struct

import numpy as np
import pytest
from altitude_values import conversions, grid

from crosstell.core.altitude import (
    NO_ALTITUDE_DATA,
    Altitude,
    AltitudeData,
    Datum,
    DatumDataMissing,
    GroundBounds,
    Shift,
    convert,
)
from crosstell.core.errors import CallerError, Unavailable
from crosstell.core.geometry.geoid import MODEL_M, SLOPE_MAX, Conversions, Geoid, Heights, NoGeoid
from crosstell.core.geometry.position import Position
from crosstell.shell.shipped import geoid as shipped
from crosstell.shell.shipped.geoid import geoid_at_start, load_geoid, packed_from_gtx

# NGA, README of the EGM96 interpolation program: OUTINTPT.DAT, interpolated by its spline from
# the same 15' grid. Ours is bilinear: equal within what it states for interpolation.
PUBLISHED = [
    (38.6281550, 269.7791550, -31.628),
    (-14.6212170, 305.0211140, -2.969),
    (46.8743190, 102.4487290, -43.575),
    (-23.6174460, 133.8747120, 15.871),
    (38.6254730, 359.9995000, 50.066),
    (-0.4667440, 0.0023000, 17.329),
]


def small(heights: list[list[int]]) -> Heights:
    table = np.array(heights, dtype=np.int16)
    table.flags.writeable = False
    return table


@pytest.mark.parametrize(("lat_deg", "lon_deg", "undulation_m"), PUBLISHED)
def test_the_published_values_of_nga_are_met(
    lat_deg: float, lon_deg: float, undulation_m: float
) -> None:
    """ALT-010: within the interpolation's own part of the uncertainty, the model's left out."""
    shift = grid().shift(Position(lat_deg=lat_deg, lon_deg=lon_deg))
    assert abs(shift.add_m - undulation_m) <= shift.uncertainty_m - MODEL_M
    assert abs(shift.add_m - undulation_m) < 0.06


def test_the_shift_that_a_library_silently_left_out() -> None:
    """ALT-010: at 52 N 4 E mean sea level and ellipsoid are 43.6 m apart."""
    data = conversions().at(Position(lat_deg=52.0, lon_deg=4.0))
    ellipsoid = Altitude(value_m=100.0, datum=Datum.WGS84_ELLIPSOID)
    above_sea, uncertainty_m = convert(ellipsoid, to=Datum.MSL_EGM96, data=data)
    assert above_sea.value_m == pytest.approx(56.40, abs=0.01)
    assert 1.0 <= uncertainty_m < 1.2


def test_a_damaged_grid_is_refused_by_name() -> None:
    """ALT-001: one bit, anywhere."""
    whole = shipped._shipped()
    assert load_geoid(lambda: whole) == grid()
    for at in (0, len(whole) // 2, len(whole) - 1):
        damaged = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
        with pytest.raises(Unavailable, match=shipped.NAME):
            load_geoid(lambda damaged=damaged: damaged)  # type: ignore[misc]
    with pytest.raises(Unavailable, match="SHA-256"):
        load_geoid(lambda: b"")


def test_a_missing_grid_is_refused_by_name() -> None:
    """ALT-001."""

    def away() -> bytes:
        raise FileNotFoundError(shipped.NAME)

    with pytest.raises(Unavailable, match=r"egm96.*installed again"):
        load_geoid(away)


def test_without_the_grid_there_is_no_undulation_and_the_reason_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """ALT-002: never an undulation of zero."""
    monkeypatch.setattr(shipped, "DIGEST", "0" * 64)
    geoid_at_start.cache_clear()
    try:
        none = geoid_at_start()
    finally:
        geoid_at_start.cache_clear()
    assert isinstance(none, NoGeoid)
    assert "SHA-256" in none.why
    data = Conversions(geoid=none, handed=NO_ALTITUDE_DATA).at(Position(lat_deg=0.0, lon_deg=0.0))
    assert data.undulation is None
    with pytest.raises(DatumDataMissing, match="undulation"):
        convert(Altitude(value_m=1.0, datum=Datum.MSL_EGM96), to=Datum.WGS84_ELLIPSOID, data=data)


def test_at_start_the_shipped_grid_is_there() -> None:
    """ALT-001."""
    assert geoid_at_start() == grid()


def test_the_shipped_form_keeps_every_node_to_half_a_centimetre() -> None:
    """ALT-003: packed from a grid in PROJ's form, extremes and both poles included."""
    rng = np.random.default_rng(96)
    heights = rng.uniform(-107.0, 86.0, (721, 1440)).astype(">f4")
    heights[0], heights[-1] = -29.53, 13.61
    head = struct.pack(">4d2i", -90.0, -180.0, 0.25, 0.25, 721, 1440)
    unpacked = shipped._unpacked(packed_from_gtx(head + heights.tobytes()))
    assert np.abs(unpacked / 100.0 - heights).max() <= 0.005_01
    with pytest.raises(CallerError, match="cut"):
        packed_from_gtx(head + heights.tobytes()[:-4])
    with pytest.raises(CallerError, match="15'"):
        packed_from_gtx(struct.pack(">4d2i", 0.0, 0.0, 0.5, 0.5, 361, 720))


@pytest.mark.parametrize(
    ("heights", "match"),
    [
        ([[1, 1], [2, 3], [4, 4]], "evenly"),
        ([[1, 1, 1, 2], [1, 2, 3, 4], [5, 5, 5, 5]], "pole"),
        ([[1, 1, 1, 1], [1, 2, 3, 4], [5, 5, 6, 5]], "pole"),
    ],
)
def test_a_table_that_is_no_globe_is_refused(heights: list[list[int]], match: str) -> None:
    """ALT-004."""
    with pytest.raises(ValueError, match=match):
        Geoid(heights_cm=small(heights), digest="x")


def test_a_table_that_could_change_is_refused() -> None:
    """ALT-004."""
    with pytest.raises(ValueError, match="read-only"):
        Geoid(heights_cm=np.zeros((3, 4), dtype=np.int16), digest="x")


def test_nodes_poles_and_the_antimeridian_by_hand() -> None:
    """ALT-011: three rows and four columns, worked out on paper."""
    table = Geoid(heights_cm=small([[100] * 4, [0, 400, 800, 1200], [-500] * 4]), digest="by hand")
    for lon_deg, middle_m in ((-180, 0.0), (-90, 4.0), (0, 8.0), (90, 12.0), (135, 6.0), (180, 0)):
        assert table.undulation_m(0.0, lon_deg) == middle_m
        assert table.undulation_m(-90.0, lon_deg) == 1.0
        assert table.undulation_m(90.0, lon_deg) == -5.0
        assert table.undulation_m(45.0, lon_deg) == (middle_m - 5.0) / 2
    assert table.undulation_m(0.0, 179.999_999_9) == pytest.approx(0.0, abs=1e-6)
    assert table.undulation_m(0.0, 450.0) == 12.0


@pytest.mark.parametrize("place", [(math.nan, 0.0), (0.0, math.inf), (90.1, 0.0), (-91.0, 0.0)])
def test_what_is_no_place_has_no_undulation(place: tuple[float, float]) -> None:
    """ALT-012."""
    lat_deg, lon_deg = place
    with pytest.raises(ValueError, match="not a finite number"):
        grid().undulation_m(lat_deg, lon_deg)
    with pytest.raises(ValueError, match="not a finite number"):
        grid().undulations_m(np.array([0.0, lat_deg]), np.array([0.0, lon_deg]))


def test_the_steepest_slope_is_below_its_bound() -> None:
    """ALT-014: over every cell of the grid, on the ellipsoid's least radii."""
    heights_m = grid().heights_cm / 100.0
    step = math.radians(0.25)
    lat = np.linspace(-90.0, 90.0, 721)
    north = np.abs(np.diff(heights_m, axis=0)) / (step * 6_335_439.0)
    north = np.maximum(north, np.roll(north, -1, axis=1))
    inner = slice(1, -1)
    across_m = step * 6_378_137.0 * np.cos(np.radians(lat[inner]))
    east = np.abs(np.roll(heights_m[inner], -1, axis=1) - heights_m[inner]) / across_m[:, None]
    east = np.vstack([east[:1], east, east[-1:]])
    slope = np.hypot(north, np.maximum(east[:-1], east[1:]))
    assert 0.000_3 < slope.max() < SLOPE_MAX


def test_a_reach_over_the_antimeridian_sees_what_lies_beyond() -> None:
    """ALT-014: one high node at 180 W, asked for from either side."""
    heights = np.zeros((721, 1440), dtype=np.int16)
    heights[360, 0] = 5_000
    heights.flags.writeable = False
    table = Geoid(heights_cm=heights, digest="one peak")
    for lon_deg in (179.6, -179.6):
        here = Position(lat_deg=0.1, lon_deg=lon_deg)
        assert table.shift(here).add_m == 0.0
        assert table.shift(here, reach_m=50_000.0).uncertainty_m > 50.0
        assert table.shift(here, reach_m=10_000.0).uncertainty_m < 50.0


def test_a_value_that_a_person_stated_goes_before_the_grid() -> None:
    """ALT-021."""
    stated = AltitudeData(undulation=Shift(add_m=40.0, uncertainty_m=3.0))
    both = Conversions(geoid=grid(), handed=stated)
    assert both.at(Position(lat_deg=52.0, lon_deg=4.0)).undulation == stated.undulation


def test_ground_bounds_of_a_notice_go_before_those_of_the_area() -> None:
    """ALT-022."""

    def bounds(low_m: float, high_m: float) -> GroundBounds:
        return GroundBounds(
            lower=Altitude(value_m=low_m, datum=Datum.MSL_EGM96),
            upper=Altitude(value_m=high_m, datum=Datum.MSL_EGM96),
        )

    area, notice = bounds(0.0, 900.0), bounds(300.0, 320.0)
    both = Conversions(geoid=grid(), handed=AltitudeData(ground=area))
    here = Position(lat_deg=52.0, lon_deg=4.0)
    assert both.at(here).ground == area
    assert both.at(here, ground=notice).ground == notice


@pytest.mark.parametrize(
    ("observed", "expected"),
    [
        (Shift(add_m=130.0, uncertainty_m=20.0), Shift(add_m=130.0, uncertainty_m=20.0)),
        (Shift(add_m=130.0, uncertainty_m=90.0), Shift(add_m=100.0, uncertainty_m=60.0)),
        (Shift(add_m=300.0, uncertainty_m=40.0), Shift(add_m=190.0, uncertainty_m=150.001)),
    ],
)
def test_a_stated_and_an_observed_pressure_offset(observed: Shift, expected: Shift) -> None:
    """ALT-023: the surer one, or both if they contradict each other."""
    stated = AltitudeData(pressure=Shift(add_m=100.0, uncertainty_m=60.0))
    here = Position(lat_deg=52.0, lon_deg=4.0)
    asked = Conversions(geoid=grid(), handed=stated)
    assert asked.at(here, pressure=observed).pressure == expected
    assert asked.at(here).pressure == stated.pressure
    none_stated = Conversions(geoid=grid(), handed=NO_ALTITUDE_DATA)
    assert none_stated.at(here, pressure=observed).pressure == observed
    assert none_stated.at(here).pressure is None
