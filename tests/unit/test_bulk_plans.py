"""Volumes as columns, and plans with plans over arrays: refusals, ties, room."""

import math
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from volume_scenes import ANYTIME, DATA, NOW, criterion

from crosstell.core.altitude import Altitude, Datum, Unbounded
from crosstell.core.detection.bulk import plans
from crosstell.core.detection.bulk import volumes as columns_of_volumes
from crosstell.core.detection.bulk.kernel import KERNEL, Kernel
from crosstell.core.detection.bulk.plans import overlaps
from crosstell.core.detection.bulk.volumes import (
    Kind,
    VolumeArrays,
    volume_columns,
    volume_columns_of,
)
from crosstell.core.detection.finding import Assessed
from crosstell.core.detection.pair.plan import pairing
from crosstell.core.geometry.footprint import Circle, Polygon
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.volume import Volume
from crosstell.core.instant import Window, to_us

PATHS = [None] if KERNEL is None else [None, KERNEL]
MSL = Datum.MSL_EGM96
NOW_US = to_us(NOW)
CORNERS = ((36.0, 40.0), (36.5, 40.0), (36.5, 40.01), (36.9, 40.01))


def arrays() -> VolumeArrays:
    """A circle and a triangle."""
    return VolumeArrays(
        corner_at=np.array([0, 1, 4]),
        corner_deg=np.array(CORNERS),
        radius_m=np.array([500.0, 0.0]),
        lower_m=np.array([-np.inf, 100.0]),
        upper_m=np.array([300.0, np.inf]),
        start_us=np.array([NOW_US, NOW_US]),
        end_us=np.array([NOW_US + 1, NOW_US + 60_000_000]),
        party=np.array([0, 1], np.int32),
        datum=MSL,
    )


def circle(lower_m: float, upper_m: float, start_s: float = 0.0, end_s: float = 600.0) -> Volume:
    return replace(
        ANYTIME,
        lower=Altitude(value_m=lower_m, datum=MSL),
        upper=Altitude(value_m=upper_m, datum=MSL),
        window=Window(start=NOW + timedelta(seconds=start_s), end=NOW + timedelta(seconds=end_s)),
    )


@pytest.mark.parametrize(
    ("name", "values", "words"),
    [
        ("radius_m", [np.nan, 0.0], "row 0: radius_m"),
        ("radius_m", [0.0, 0.0], "row 0: radius_m"),
        ("lower_m", [-np.inf, np.nan], "row 1: lower_m is not a number"),
        ("upper_m", [300.0, 99.0], "row 1: upper_m is below lower_m"),
        ("end_us", [NOW_US, NOW_US + 1], "row 0: end_us is not after start_us"),
        ("party", [0], "column party has shape"),
        ("corner_at", [0, 2, 4], "row 0: corner_at gives 0 or 2 corners"),
        ("corner_at", [0, 1, 3], "corner_at must lead from 0"),
        ("corner_deg", [*CORNERS[:3], (np.nan, 40.0)], "row 1: corner_deg"),
        ("corner_deg", [(91.0, 40.0), *CORNERS[1:]], "row 0: corner_deg"),
    ],
)
def test_arrays_are_refused_by_name_and_row(name: str, values: list[object], words: str) -> None:
    """BLV-003: what is no number, of another length, or reversed."""
    column = np.array(values, getattr(arrays(), name).dtype)
    with pytest.raises(ValueError, match=words):
        replace(arrays(), **{name: column})  # type: ignore[arg-type]


@pytest.mark.parametrize("share", [1, 50_000])
def test_every_row_gives_its_exact_volume(share: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """BLV-001: from objects the same object, from arrays an equal one; and equal columns."""
    monkeypatch.setattr(columns_of_volumes, "SHARE", share)
    made = volume_columns_of(arrays())
    volumes = [made.volume_at(row) for row in range(2)]
    assert volumes[0].footprint == Circle(
        centre=Position(lat_deg=36.0, lon_deg=40.0), radius_m=500.0
    )
    assert (volumes[0].lower, volumes[1].upper) == (Unbounded(), Unbounded())
    again = volume_columns(volumes, parties=[0, 1])
    assert [again.volume_at(row) for row in range(2)] == volumes
    assert made.kind.tolist() == [Kind.CIRCLE, Kind.RING]
    for name in ("middle_m", "bound_m", "radius_m", "lower_m", "upper_m", "start_us", "end_us"):
        np.testing.assert_allclose(getattr(made, name), getattr(again, name), rtol=1e-12)
    assert len(made.pieces) == len(again.pieces) > 3, "edges of 44 km are cut into pieces"
    np.testing.assert_allclose(made.pieces, again.pieces, rtol=1e-9, atol=1e-9)
    with pytest.raises(ValueError, match="3 party codes for 2 volumes"):
        volume_columns(volumes, parties=[0, 1, 2])


def test_short_rings_give_the_same_pieces_as_their_outlines() -> None:
    """BLV-001: the pieces that arrays make are those of the polygons."""
    ring = Polygon(
        vertices=tuple(
            Position(lat_deg=lat, lon_deg=lon)
            for lat, lon in ((-52.0, 179.99), (-52.1, -179.95), (-51.95, -179.9))
        )
    )
    corners = np.array([(vertex.lat_deg, vertex.lon_deg) for vertex in ring.vertices])
    one = replace(
        arrays(), corner_at=np.array([0, 1, 4]), corner_deg=np.concatenate((corners[:1], corners))
    )
    made, exact = volume_columns_of(one), volume_columns([replace(ANYTIME, footprint=ring)])
    np.testing.assert_allclose(made.pieces, exact.pieces, rtol=1e-9, atol=1e-9)
    assert made.bound_m[1] == pytest.approx(exact.bound_m[0], rel=1e-9)


def test_limits_come_to_one_datum_with_their_uncertainty() -> None:
    """BLV-002: converted, without data, and upside down."""
    ellipsoid, pressure = Datum.WGS84_ELLIPSOID, Datum.STANDARD_PRESSURE
    converted = replace(ANYTIME, lower=Altitude(value_m=100.0, datum=ellipsoid))
    unknown = replace(ANYTIME, lower=Altitude(value_m=100.0, datum=pressure))
    wrong = replace(converted, upper=Altitude(value_m=50.0, datum=MSL))
    made = volume_columns([converted, unknown, wrong], data=DATA)
    assert made.lower_m.tolist() == [75.0, -np.inf, -np.inf]
    assert made.height_wide_m.tolist() == [2.002, np.inf, np.inf]


@pytest.mark.parametrize("kernel", PATHS)
def test_windows_and_bands_that_touch(kernel: Kernel | None) -> None:
    """BLV-015: windows half-open, bands closed; with a limit of 0 bands that touch infringe."""
    volumes = [
        circle(0.0, 100.0),
        circle(100.0, 200.0),
        circle(100.001, 200.0),
        circle(0.0, 100.0, 600.0, 700.0),
        circle(0.0, 100.0, 599.999999, 700.0),
    ]
    found = overlaps(volume_columns(volumes), criterion(), kernel=kernel)
    pairs = set(zip(found.first.tolist(), found.second.tolist(), strict=True))
    assert pairs == {(0, 1), (1, 2), (0, 4), (1, 4), (3, 4)}
    assert not found.is_exact.any(), "windows and bands need no exact pairing"
    row = list(zip(found.first.tolist(), found.second.tolist(), strict=True)).index((0, 4))
    assert found.end_us[row] - found.start_us[row] == 1


@pytest.mark.parametrize("kernel", PATHS)
def test_rows_of_one_party_are_not_paired(kernel: Kernel | None) -> None:
    """BLV-011: and -1 is nobody's own."""
    volumes = [circle(0.0, 100.0)] * 4
    found = overlaps(volume_columns(volumes, parties=[3, 3, -1, -1]), criterion(), kernel=kernel)
    pairs = set(zip(found.first.tolist(), found.second.tolist(), strict=True))
    assert pairs == {(0, 2), (0, 3), (1, 2), (1, 3), (2, 3)}


@pytest.mark.parametrize("kernel", PATHS)
@pytest.mark.parametrize("volumes", [[], [circle(0.0, 100.0)]])
def test_none_and_one_have_no_pair(kernel: Kernel | None, volumes: list[Volume]) -> None:
    """BLV-010: an empty answer, not a fault."""
    assert len(overlaps(volume_columns(volumes), criterion(), kernel=kernel)) == 0


@pytest.mark.parametrize("kernel", PATHS)
def test_many_in_one_place_lose_no_pair(
    kernel: Kernel | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """BLV-012: every one of 300 with every other, with room for one, in shares of a few pairs."""
    monkeypatch.setattr(plans, "CHUNK", 1_000)
    found = overlaps(
        volume_columns([circle(0.0, 100.0)] * 300), criterion(), kernel=kernel, capacity=1
    )
    assert len(found) == 300 * 299 // 2
    assert (found.assessed == 1).all()


def cells(lat_deg: float, lon_deg: float, step_deg: float) -> list[Volume]:
    """Nine cells of three rows that share their edges, and one of them once more."""
    east = [(lon_deg + k * step_deg + 180.0) % 360.0 - 180.0 for k in range(4)]
    north = [lat_deg + k * step_deg for k in range(4)]
    made = [
        replace(
            ANYTIME,
            footprint=Polygon(
                vertices=tuple(
                    Position(lat_deg=north[i + a], lon_deg=east[j + b])
                    for a, b in ((0, 0), (1, 0), (1, 1), (0, 1))
                )
            ),
        )
        for i in range(3)
        for j in range(3)
    ]
    return [*made, made[4]]


@pytest.mark.parametrize("kernel", PATHS)
@pytest.mark.parametrize(
    ("lat_deg", "lon_deg", "step_deg"),
    [(36.0, 40.0, 0.05), (0.0, 179.95, 0.05), (-89.5, 20.0, 0.125), (60.1, -0.3, 0.7)],
)
def test_cells_that_adjoin_need_no_exact_test(
    kernel: Kernel | None, lat_deg: float, lon_deg: float, step_deg: float
) -> None:
    """BLV-017: what shares a corner touches, as the exact pairing says; the others do not."""
    volumes = cells(lat_deg, lon_deg, step_deg)
    found = overlaps(volume_columns(volumes), criterion(0.0), kernel=kernel)
    told = list(zip(found.first.tolist(), found.second.tolist(), strict=True))
    assert told == [
        (i, j)
        for i in range(10)
        for j in range(i + 1, 10)
        if pairing(volumes[i], volumes[j], criterion(0.0)).assessed is Assessed.INFRINGES
    ]
    assert not found.is_exact.any()


@pytest.mark.parametrize("kernel", PATHS)
@pytest.mark.parametrize("shift_m", [-3.0, -0.5, -0.01, 0.01, 0.5, 3.0])
def test_rings_that_nearly_touch_are_judged_as_one_by_one(
    kernel: Kernel | None, shift_m: float
) -> None:
    """BLV-016, BLV-017: a cell beside half an edge of another, overlapping it or not."""
    one = cells(36.0, 40.0, 0.05)[0]
    assert isinstance(one.footprint, Polygon)
    east_deg = 0.05 + shift_m / (111_320.0 * math.cos(math.radians(36.0)))
    moved = Polygon(
        vertices=tuple(
            Position(lat_deg=corner.lat_deg + 0.02, lon_deg=corner.lon_deg + east_deg)
            for corner in one.footprint.vertices
        )
    )
    other = replace(one, footprint=moved)
    found = overlaps(volume_columns([one, other]), criterion(0.0), kernel=kernel)
    exact = pairing(one, other, criterion(0.0))
    assert len(found) == (exact.assessed is not Assessed.CLEAR) == (shift_m < 0.0)
    assert found.is_exact.tolist() == [shift_m > -2.0] * len(found)
