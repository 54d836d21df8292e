"""What is shown is read back within its accuracy; the grid against an oracle; text of any kind."""

import json
import math

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from crosstell.codecs.geo.grid import read_grid, write_grid
from crosstell.codecs.geo.paste import parse_places
from crosstell.codecs.geo.places import Choices, Figure, Order, Places, PlacesRefused, Spot
from crosstell.codecs.geo.shown import show
from crosstell.codecs.plain import to_plain
from crosstell.core.geometry.geodesic import distance_m
from crosstell.core.geometry.position import Position

# UTM: Krueger's series to n^3 (EPSG guidance note 7-2, 3.5.3.1), written apart from the library.
_N = 1 / 298.257223563 / (2 - 1 / 298.257223563)
_B = 6_378_137.0 / (1 + _N) * (1 + _N**2 / 4 + _N**4 / 64)
_H = (
    _N / 2 - 2 / 3 * _N**2 + 5 / 16 * _N**3,
    13 / 48 * _N**2 - 3 / 5 * _N**3,
    61 / 240 * _N**3,
)


def utm(position: Position, zone: int) -> tuple[float, float]:
    """Easting and northing of the northern grid."""
    e = math.sqrt(2 / 298.257223563 - 1 / 298.257223563**2)
    lat, lon = math.radians(position.lat_deg), math.radians(position.lon_deg - (6 * zone - 183))
    q = math.asinh(math.tan(lat)) - e * math.atanh(e * math.sin(lat))
    beta = math.atan(math.sinh(q))
    eta = math.atanh(math.cos(beta) * math.sin(lon))
    xi = math.asin(math.sin(beta) * math.cosh(eta))
    north = xi + sum(
        h * math.sin(2 * k * xi) * math.cosh(2 * k * eta) for k, h in enumerate(_H, start=1)
    )
    east = eta + sum(
        h * math.cos(2 * k * xi) * math.sinh(2 * k * eta) for k, h in enumerate(_H, start=1)
    )
    return 500_000.0 + 0.9996 * _B * east, 0.9996 * _B * north


positions = st.builds(
    lambda lat, lon: Position(lat_deg=lat / 1e7, lon_deg=lon / 1e7),
    st.integers(-900_000_000, 900_000_000),
    st.integers(-1_800_000_000, 1_799_999_999),
)
inland = st.builds(
    lambda lat, lon: Position(lat_deg=lat / 1e7, lon_deg=lon / 1e7),
    st.integers(10_000_000, 830_000_000),
    st.integers(390_000_000, 419_999_999),  # zone 37, north; the exceptions are farther west
)


@given(positions)
@example(Position(lat_deg=0.0, lon_deg=0.0))
@example(Position(lat_deg=90.0, lon_deg=0.0))
@example(Position(lat_deg=-90.0, lon_deg=0.0))
@example(Position(lat_deg=36.9999999, lon_deg=179.9999999))
@example(Position(lat_deg=-0.0000001, lon_deg=-0.0000001))
@example(Position(lat_deg=72.0, lon_deg=9.0))
def test_plc_070_071_every_form_is_read_back_within_its_accuracy(position: Position) -> None:
    shown = show(position)
    for text in (
        shown.mgrs,
        shown.degrees_minutes_seconds,
        shown.decimal_minutes,
        shown.decimal_degrees,
    ):
        found = parse_places(text)
        assert isinstance(found, Places), text
        figure = found.places[0].figure
        assert isinstance(figure, Spot)
        assert figure.accuracy_m is not None
        assert distance_m(position, figure.position) <= figure.accuracy_m, text
        assert figure.accuracy_m <= 4.0


@given(inland, st.sampled_from([1.0, 10.0, 100.0, 1_000.0, 10_000.0]))
def test_plc_010_the_square_holds_the_position_by_an_oracle(
    position: Position, side_m: float
) -> None:
    square = read_grid(write_grid(position, side_m=side_m))
    east, north = utm(square.position, 37)
    assert (east - side_m / 2) % side_m == pytest.approx(0.0, abs=0.02) or (
        side_m - (east - side_m / 2) % side_m <= 0.02
    )
    at_east, at_north = utm(position, 37)
    assert abs(at_east - east) <= side_m / 2 + 0.03
    assert abs(at_north - north) <= side_m / 2 + 0.03
    assert distance_m(position, square.position) <= square.accuracy_m


@pytest.mark.parametrize("side_m", [0.0, 2.0, 1e6, -1.0])
def test_plc_010_no_square_of_another_size_is_written(side_m: float) -> None:
    with pytest.raises(ValueError, match=r"side|domain"):
        write_grid(Position(lat_deg=36.5, lon_deg=40.75), side_m=side_m)


_PIECES = st.sampled_from(
    [
        *"0123456789NSEWKGDB°'\".,:-+;/ \n\t()#=",
        "36", "040", "37S FV ", "LAT ", " TO ", "1) ", "\u00a0", "\N{PRIME}", "٣", "№",
        "{", "}", "[", "]", '"type":', '"Point"', '"coordinates":', "1e999", "<kml>", "</kml>",
        "<Point>", "<coordinates>", "40,36", "<!DOCTYPE a>", "&", "\x00", "\ud800", "\ufeff",
    ]
)  # fmt: skip
_CHOICES = st.builds(
    Choices,
    order=st.sampled_from([None, *Order]),
    width_m=st.sampled_from([None, 100.0]),
    figure=st.sampled_from([None, *Figure]),
)


@given(st.lists(_PIECES, max_size=40).map("".join) | st.text(max_size=60), _CHOICES)
def test_plc_003_any_text_is_read_or_refused(text: str, choices: Choices) -> None:
    found = parse_places(text, choices)
    assert isinstance(found, Places | PlacesRefused)
    if isinstance(found, PlacesRefused):
        assert found.faults
        assert all(fault.line >= 1 and fault.text for fault in found.faults)
    to_plain(found)


_NUMBERS = st.floats(allow_nan=True) | st.integers(-400, 400) | st.just(10**400)
_COORDINATES = st.recursive(
    _NUMBERS | st.none() | st.booleans() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=5),
    max_leaves=20,
)
_GEOMETRY = st.fixed_dictionaries(
    {
        "type": st.sampled_from(
            ["Point", "LineString", "Polygon", "MultiPoint", "MultiPolygon", "MultiLineString", 4]
        ),
        "coordinates": _COORDINATES
        | st.lists(st.lists(st.lists(st.floats(-200, 200), min_size=2, max_size=3), max_size=6)),
    }
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(_GEOMETRY, _CHOICES)
def test_plc_003_any_geometry_is_read_or_refused(
    geometry: dict[str, object], choices: Choices
) -> None:
    found = parse_places(json.dumps(geometry), choices)
    assert isinstance(found, Places | PlacesRefused)
    to_plain(found)


@given(st.binary(max_size=60), st.integers(0, 200), st.integers(0, 200))
def test_plc_064_any_damage_to_kml_is_read_or_refused(junk: bytes, start: int, length: int) -> None:
    whole = (
        '<kml xmlns="http://www.opengis.net/kml/2.3"><Placemark><name>a</name><Polygon>'
        "<altitudeMode>absolute</altitudeMode><outerBoundaryIs><LinearRing><coordinates>"
        "40,36,1 41,36,1 41,37,1 40,36,1</coordinates></LinearRing></outerBoundaryIs></Polygon>"
        "</Placemark></kml>"
    )
    text = whole[:start] + junk.decode("latin-1") + whole[start + length :]
    assert isinstance(parse_places(text), Places | PlacesRefused)
