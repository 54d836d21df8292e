"""Two volumes: windows, bands, footprints, their edges and their reasons (PLN-001 to PLN-013)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from volume_scenes import ANYTIME, DATA, NOW, criterion

from crosstell.core.altitude import (
    NO_ALTITUDE_DATA,
    Altitude,
    AltitudeData,
    AltitudeLimit,
    Datum,
    Shift,
    Unbounded,
)
from crosstell.core.detection.finding import Assessed, Reason
from crosstell.core.detection.pair.plan import footprint_gap_m, pairing
from crosstell.core.geometry.footprint import Circle, Corridor, Footprint, Polygon, RadarArc
from crosstell.core.geometry.geodesic import destination, distance_m
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.volume import Volume
from crosstell.core.instant import Window

HERE = Position(lat_deg=36.5, lon_deg=40.7)
MSL, ELLIPSOID = Datum.MSL_EGM96, Datum.WGS84_ELLIPSOID


def away(travel_m: float, track_deg: float = 90.0) -> Position:
    return destination(HERE, track_deg=track_deg, travel_m=travel_m)


def circle(travel_m: float = 0.0, radius_m: float = 1_000.0) -> Circle:
    return Circle(centre=away(travel_m), radius_m=radius_m)


def square(travel_m: float, half_m: float) -> Polygon:
    middle = away(travel_m)
    turns = (45.0, 135.0, 225.0, 315.0)
    corners = (destination(middle, track_deg=t, travel_m=half_m * 2**0.5) for t in turns)
    return Polygon(vertices=tuple(corners))


def volume(
    footprint: Footprint | None = None,
    lower: AltitudeLimit = Unbounded(),  # noqa: B008 - a frozen value
    upper: AltitudeLimit = Unbounded(),  # noqa: B008
) -> Volume:
    shape = circle() if footprint is None else footprint
    return replace(ANYTIME, footprint=shape, lower=lower, upper=upper)


def at(value_m: float, datum: Datum = MSL) -> Altitude:
    return Altitude(value_m=value_m, datum=datum)


def minutes(start: int, end: int) -> Window:
    return Window(start=NOW + timedelta(minutes=start), end=NOW + timedelta(minutes=end))


def test_windows_that_only_touch_share_no_instant() -> None:
    """PLN-003: half-open; one microsecond more infringes, and the overlap is told."""
    first, second = (
        replace(volume(), window=minutes(0, 10)),
        replace(volume(), window=minutes(10, 20)),
    )
    touching = pairing(first, second, criterion())
    assert (touching.assessed, touching.window) == (Assessed.CLEAR, None)
    later = Window(start=first.window.start, end=first.window.end + timedelta(microseconds=1))
    shared = pairing(replace(first, window=later), second, criterion())
    assert shared.assessed is Assessed.INFRINGES
    assert shared.window == Window(start=second.window.start, end=later.end)


@pytest.mark.parametrize(("more_m", "assessed"), [(0.0, "infringes"), (0.002, "clear")])
def test_a_gap_equal_to_the_limit_infringes(more_m: float, assessed: str) -> None:
    """PLN-001, PLN-004: to the millimetre."""
    gap_m = distance_m(HERE, away(5_000.0)) - 2_000.0
    limit_m = round(gap_m, 3) - more_m
    found = pairing(volume(), volume(circle(5_000.0)), criterion(limit_m))
    assert found.assessed == assessed
    assert found.lateral_m == pytest.approx(gap_m, abs=0.001)


@pytest.mark.parametrize(
    ("first", "second", "gap_m"),
    [
        (circle(), circle(1_500.0), 0.0),
        (square(0.0, 1_000.0), square(1_500.0, 1_000.0), 0.0),
        (square(0.0, 1_000.0), square(0.0, 100.0), 0.0),
        (square(0.0, 5_000.0), circle(0.0, 10.0), 0.0),
        (square(0.0, 1_000.0), square(5_000.0, 1_000.0), 3_000.0),
        (square(0.0, 1_000.0), circle(5_000.0), 3_000.0),
        (Corridor(points=(HERE, away(9_000.0)), half_width_m=50.0), square(4_000.0, 300.0), 0.0),
        (
            Corridor(points=(away(2_000.0), away(9_000.0)), half_width_m=50.0),
            square(0.0, 1_000.0),
            950.0,
        ),
    ],
)
def test_the_gap_of_two_footprints(first: Footprint, second: Footprint, gap_m: float) -> None:
    """PLN-005: 0 where they cross or one holds the other; else the least distance. PLN-011."""
    assert footprint_gap_m(first, second) == pytest.approx(gap_m, abs=1.0)
    assert footprint_gap_m(first, second) == footprint_gap_m(second, first)


def test_a_footprint_in_the_hole_of_another_does_not_meet_it() -> None:
    """PLN-005: the gap is that to the edge of the hole."""
    ring = square(0.0, 5_000.0)
    holed = Polygon(vertices=ring.vertices, holes=(square(0.0, 2_000.0).vertices,))
    assert footprint_gap_m(holed, square(0.0, 500.0)) == pytest.approx(1_500.0, abs=1.0)
    assert footprint_gap_m(ring, square(0.0, 500.0)) == 0.0


def test_radar_arcs_are_measured_where_they_can_be() -> None:
    """PLN-002, PLN-005: against other shapes; two arcs that are near are not ruled out."""
    arc = RadarArc(
        centre=HERE,
        inner_radius_m=3_000.0,
        outer_radius_m=5_000.0,
        from_bearing_deg=60.0,
        to_bearing_deg=120.0,
    )
    assert footprint_gap_m(arc, square(7_000.0, 500.0)) == pytest.approx(1_500.0, abs=0.5)
    assert footprint_gap_m(arc, square(0.0, 500.0)) == pytest.approx(2_324.2, abs=0.5)
    assert footprint_gap_m(arc, square(4_000.0, 9_000.0)) == 0.0
    assert footprint_gap_m(arc, circle(0.0, 100.0)) == pytest.approx(2_900.0, abs=1e-3)
    other = replace(arc, centre=away(2_000.0))
    found = pairing(volume(arc), volume(other), criterion())
    assert found.assessed is Assessed.CANNOT_BE_RULED_OUT
    assert found.reasons == (Reason.SEARCH_BOUND,)
    far = replace(arc, centre=away(20_000.0))
    assert pairing(volume(arc), volume(far), criterion()).assessed is Assessed.CLEAR


@pytest.mark.parametrize(("vertical_m", "assessed"), [(50.0, "infringes"), (49.999, "clear")])
def test_a_vertical_gap_equal_to_the_limit_infringes(vertical_m: float, assessed: str) -> None:
    """PLN-006: closed, to the millimetre; the gap is told."""
    low, high = volume(lower=at(0.0), upper=at(100.0)), volume(lower=at(150.0), upper=at(200.0))
    found = pairing(low, high, criterion(0.0, vertical_m))
    assert (found.assessed, found.vertical_m) == (assessed, 50.0)


def test_a_volume_without_limits_meets_every_band() -> None:
    """PLN-007: one in a datum that nothing converts, and one that is upside down, too."""
    whole = volume()
    assert pairing(whole, volume(lower=at(9_000.0)), criterion()).assessed is Assessed.INFRINGES
    reversed_one = volume(lower=at(100.0), upper=at(50.0, ELLIPSOID))
    found = pairing(whole, reversed_one, criterion(), DATA)
    assert found.assessed is Assessed.INFRINGES


@pytest.mark.parametrize(
    ("upper_m", "assessed"),
    [(126.0, "cannot-be-ruled-out"), (124.0, "clear"), (130.0, "infringes")],
)
def test_a_conversion_widens_the_bands(upper_m: float, assessed: str) -> None:
    """PLN-008: 100 m above sea level is 128 m above the ellipsoid here, give or take 2 m."""
    data = AltitudeData(undulation=Shift(add_m=28.0, uncertainty_m=2.0))
    found = pairing(
        volume(lower=at(100.0)), volume(upper=at(upper_m, ELLIPSOID)), criterion(), data
    )
    assert found.assessed == assessed
    if found.assessed is Assessed.CANNOT_BE_RULED_OUT:
        assert found.reasons == (Reason.ALTITUDE_CONVERSION,)
        assert found.margin_m == pytest.approx(2.002)


def test_without_data_heights_in_two_datums_are_not_ruled_out() -> None:
    """PLN-009: and the reason is named."""
    found = pairing(
        volume(lower=at(100.0)), volume(upper=at(50.0, ELLIPSOID)), criterion(), NO_ALTITUDE_DATA
    )
    assert found.assessed is Assessed.CANNOT_BE_RULED_OUT
    assert (found.reasons, found.vertical_m) == ((Reason.ALTITUDE_DATUM,), None)


def test_limits_upside_down_are_not_ruled_out() -> None:
    """PLN-010: no height is, where limits in two datums hold none between them."""
    wrong = volume(lower=at(100.0), upper=at(50.0, ELLIPSOID))
    found = pairing(wrong, volume(lower=at(9_000.0), upper=at(9_500.0)), criterion(), DATA)
    assert found.assessed is Assessed.CANNOT_BE_RULED_OUT
    assert found.reasons == (Reason.ALTITUDE_LIMITS_REVERSED,)


def test_a_clear_pair_tells_a_lower_bound() -> None:
    """PLN-002, PLN-012: by the straight chord, which never exceeds the geodesic."""
    found = pairing(volume(square(0.0, 500.0)), volume(square(90_000.0, 500.0)), criterion())
    assert (found.assessed, found.reasons) == (Assessed.CLEAR, ())
    assert 80_000.0 < found.lateral_m < 89_001.0


@pytest.mark.parametrize(
    ("start", "end", "begin_s", "exit_s"),
    [(-20, -10, None, None), (-20, 10, 0.0, 600.0), (100, 110, 6_000.0, 6_600.0)],
)
def test_an_overlap_seen_from_an_instant(
    start: int, end: int, begin_s: float | None, exit_s: float | None
) -> None:
    """PLN-013: over, begun, and far beyond the horizon of 600 s."""
    shared = replace(volume(), window=minutes(start, end))
    found = pairing(replace(volume(), window=minutes(-500, 500)), shared, criterion())
    encounter = found.seen_from(NOW, criterion())
    assert (encounter.nominal_in_s, encounter.exit_in_s) == (begin_s, exit_s)
    is_clear = encounter.assessed is Assessed.CLEAR
    assert is_clear == (begin_s is None)
    assert encounter.infringement_in_s == (600.0 if begin_s is None else begin_s)
