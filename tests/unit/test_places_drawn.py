"""GeoJSON and KML: what is read, with which heights and times, and what is refused, by line."""

import json

import pytest

from crosstell.codecs.geo.paste import parse_places
from crosstell.codecs.geo.places import (
    Area,
    Choices,
    Heights,
    Needs,
    Place,
    PlaceFault,
    Places,
    PlacesRefused,
    Spot,
    Way,
)
from crosstell.codecs.plain import to_plain
from crosstell.core.altitude import Altitude, Datum
from crosstell.core.geometry.position import Position
from crosstell.core.instant import Window, parse_instant

RING = [[40.0, 36.0], [40.1, 36.0], [40.1, 36.1], [40.0, 36.1], [40.0, 36.0]]
HOLE = [[40.04, 36.04], [40.06, 36.04], [40.06, 36.06], [40.04, 36.06], [40.04, 36.04]]
POLYGON = {"type": "Polygon", "coordinates": [RING, HOLE]}
LINE = {"type": "LineString", "coordinates": [[40.0, 36.0], [41.0, 36.0]]}


def read(given: object, choices: Choices | None = None) -> tuple[Place, ...]:
    text = given if isinstance(given, str) else json.dumps(given, indent=1)
    found = parse_places(text, choices or Choices())
    assert isinstance(found, Places), found
    return found.places


def refused(given: object, choices: Choices | None = None) -> PlaceFault:
    text = given if isinstance(given, str) else json.dumps(given)
    found = parse_places(text, choices or Choices())
    assert isinstance(found, PlacesRefused), found
    return found.faults[0]


def test_plc_050_051_a_point_with_its_height_above_the_ellipsoid() -> None:
    (place,) = read({"type": "Point", "coordinates": [40.75, 36.5, 300]})
    assert place.figure == Spot(position=Position(lat_deg=36.5, lon_deg=40.75))
    height = Altitude(value_m=300.0, datum=Datum.WGS84_ELLIPSOID)
    assert place.heights == Heights(lowest=height, highest=height)


def test_plc_050_features_with_names_holes_and_lines() -> None:
    feature = {"type": "Feature", "properties": {"name": "ROZ 4"}, "geometry": POLYGON}
    line = {"type": "Feature", "properties": {"width_m": 500}, "geometry": LINE}
    area, way = read({"type": "FeatureCollection", "features": [feature, line]})
    assert area.name == "ROZ 4"
    assert isinstance(area.figure, Area)
    assert len(area.figure.polygon.holes) == 1
    assert isinstance(way.figure, Way)
    assert way.figure.corridor.half_width_m == pytest.approx(250.0 + way.figure.widened_m)
    assert way.line > area.line > 1


def test_plc_050_many_geometries_are_many_places() -> None:
    parts = {
        "type": "GeometryCollection",
        "geometries": [
            {"type": "MultiPoint", "coordinates": [[40, 36], [41, 36]]},
            {"type": "MultiPolygon", "coordinates": [[RING], [[[x + 1, y] for x, y in RING]]]},
        ],
    }
    assert [place.name for place in read(parts)] == [
        "MultiPoint 1",
        "MultiPoint 2",
        "MultiPolygon 1",
        "MultiPolygon 2",
    ]


def test_plc_053_a_line_needs_a_width() -> None:
    assert refused(LINE).needs is Needs.WIDTH
    (way,) = read(LINE, Choices(width_m=1_000.0))
    assert isinstance(way.figure, Way)
    wide = {"type": "Feature", "properties": {"width_m": "wide"}, "geometry": LINE}
    assert "whole width in metres" in refused(wide).text


def test_plc_054_an_open_ring_and_a_point_twice_are_doubted() -> None:
    (place,) = read({"type": "Polygon", "coordinates": [[RING[0], *RING[:-1]]]})
    assert len(place.doubts) == 2


def test_plc_055_the_accuracy_of_what_is_drawn_is_not_known() -> None:
    (place,) = read(POLYGON)
    assert isinstance(place.figure, Area)
    assert place.figure.accuracy_m is None
    assert "accuracy_m" not in json.dumps(to_plain(place))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"type": "Point", "coordinates": [36.5, 100.75]}, "longitude first"),
        ({"type": "Point", "coordinates": [400, 36]}, "longitude 400"),
        ({"type": "Point", "coordinates": ["40", 36]}, "no position"),
        ({"type": "Point", "coordinates": [True, 36]}, "no position"),
        ({"type": "Point", "coordinates": None}, "no position"),
        ({"type": ["Point"], "coordinates": [40, 36]}, "no geometry"),
        ({"type": "Circle", "coordinates": [40, 36]}, "no geometry"),
        ({"type": "Feature", "geometry": None}, "without geometry"),
        ({"type": "FeatureCollection"}, "without its list"),
        ({"type": "FeatureCollection", "features": [4]}, "no Feature"),
        ({"type": "MultiPoint", "coordinates": []}, "without coordinates"),
        ({"type": "GeometryCollection", "geometries": [4]}, "without its geometries"),
        ({"type": "Polygon", "coordinates": []}, "without rings"),
        ({"type": "Polygon", "coordinates": [[[40, 36], [41, 36], [40, 36]]]}, "3 or more"),
        ({"type": "LineString", "coordinates": [[40, 36], [40, 36]]}, "state its whole width"),
        ({"type": "Polygon", "coordinates": [[[40, 36], [41, 37], [41, 36], [40, 37]]]}, "crosses"),
        ({**POLYGON, "crs": {"properties": {"name": "EPSG:3857"}}}, "WGS-84"),
        ("[1, 2]", "no object"),
        ('{"type": "Point",\n "type": "Point"}', "twice"),
        ('{"type": NaN}', "no number"),
        ('{"type": "Point", "coordinates": [1' + "0" * 6_000 + ", 2]}", "not JSON"),
        ('{"type":\n"Poi', "not JSON"),
        ("[" * 100, "deeper"),
    ],
)
def test_plc_050_051_052_055_refused_with_a_remedy(given: object, said: str) -> None:
    assert said in refused(given).text


def test_plc_050_a_fault_names_the_line_of_its_geometry() -> None:
    text = '{"type": "FeatureCollection",\n "features": [\n  {"type": "Feature", "geometry":\n'
    text += '   {"type": "Point", "coordinates": [40, 136]}}]}'
    assert refused(text).line == 4
    assert refused('{\n\n"type": }').line == 3
    assert refused('{"a":\n{"b": 1,\n"b": 2}}').line == 2


def test_con_791_an_area_that_crosses_itself_names_the_corners_as_they_were_written() -> None:
    """Not the points that are put between: of a GeoJSON, of a KML, and of a hole."""
    crossed = [[40.0, 36.0], [41.0, 37.0], [41.0, 36.0], [40.0, 37.0], [40.0, 36.0]]
    said = (
        "the edge from corner 1 to corner 2 crosses the one from corner 3 to corner 4; write the "
        "corners in their order around the area"
    )
    assert refused({"type": "Polygon", "coordinates": [crossed]}).text == said
    whole = [[39.0, 35.0], [42.0, 35.0], [42.0, 38.0], [39.0, 38.0], [39.0, 35.0]]
    of_hole = refused({"type": "Polygon", "coordinates": [whole, crossed]}).text
    assert "to corner 2 of hole 1 crosses" in of_hole
    last = [[40.0, 36.0], [41.0, 36.0], [40.0, 37.0], [41.0, 37.0], [40.0, 36.0]]
    assert "corner 2 to corner 3 crosses the one from corner 4 to corner 1" in (
        refused({"type": "Polygon", "coordinates": [last]}).text
    )
    drawn = " ".join(f"{lon},{lat}" for lon, lat in last)
    text = kml(
        "<Polygon><outerBoundaryIs><LinearRing><coordinates>"
        f"{drawn}</coordinates></LinearRing></outerBoundaryIs></Polygon>"
    )
    found = parse_places(text)
    assert isinstance(found, PlacesRefused)
    assert "corner 4 to corner 1" in found.faults[0].text


def kml(inside: str, placemark: str = "") -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.3">\n'
        f"<Document><Folder><Placemark><name>Zone 4</name>{placemark}\n{inside}\n"
        "</Placemark></Folder></Document></kml>"
    )


def ring(mode: str, *, extrude: int = 0) -> str:
    points = " ".join(f"{x},{y},{100 + 10 * n}" for n, (x, y) in enumerate(RING[:-1]))
    return (
        f"<Polygon><extrude>{extrude}</extrude><altitudeMode>{mode}</altitudeMode>"
        f"<outerBoundaryIs><LinearRing><coordinates>{points} 40.0,36.0,100</coordinates>"
        "</LinearRing></outerBoundaryIs></Polygon>"
    )


@pytest.mark.parametrize(
    ("mode", "datum"),
    [("absolute", Datum.MSL_EGM96), ("relativeToGround", Datum.ABOVE_GROUND)],
)
def test_plc_060_062_a_polygon_with_heights_in_their_datum(mode: str, datum: Datum) -> None:
    (place,) = read(kml(ring(mode, extrude=1)))
    assert place.name == "Zone 4"
    assert isinstance(place.figure, Area)
    assert place.heights == Heights(
        lowest=Altitude(value_m=100.0, datum=datum), highest=Altitude(value_m=130.0, datum=datum)
    )
    assert "it reaches down to the ground" in place.doubts


def test_plc_062_clamped_to_the_ground_there_is_no_height() -> None:
    (place,) = read(kml(ring("clampToGround")))
    assert place.heights is None
    assert any("clamped" in doubt for doubt in place.doubts)
    (place,) = read(kml(ring("clampToSeaFloor")))
    assert place.heights is None


@pytest.mark.parametrize(
    ("span", "window"),
    [
        ("2023-10-05T08:00:00Z/2023-10-05T12:00:00Z", ("08:00", "12:00")),
        ("2023-10-05T11:00:00+03:00/2023-10-05T12:00:00Z", ("08:00", "12:00")),
        ("2023-10-05/2023-10-06", None),
        ("2023-10-05T08:00:00Z/", None),
        ("2023-10-05T08:00:00/2023-10-05T12:00:00", None),
        ("2023-10-05T12:00:00Z/2023-10-05T08:00:00Z", None),
        ("2023-13-45T12:00:00Z/2023-10-05T08:00:00Z", None),
    ],
)
def test_plc_063_a_time_span(span: str, window: tuple[str, str] | None) -> None:
    begin, end = span.split("/")
    timed = f"<TimeSpan><begin>{begin}</begin><end>{end}</end></TimeSpan>"
    (place,) = read(kml("<Point><coordinates>40.75,36.5</coordinates></Point>", timed))
    if window is None:
        assert place.window is None
        assert place.doubts
    else:
        start, close = (parse_instant(f"2023-10-05T{at}:00Z") for at in window)
        assert place.window == Window(start=start, end=close)


def test_plc_060_a_line_needs_a_width() -> None:
    line = kml("<LineString><coordinates>40,36 40.1,36.1</coordinates></LineString>")
    assert refused(line).needs is Needs.WIDTH
    assert refused(line).line == 4
    (way,) = read(line, Choices(width_m=100.0))
    assert isinstance(way.figure, Way)


def test_plc_061_long_edges_hold_both_ways_of_drawing() -> None:
    long = "<Polygon><outerBoundaryIs><LinearRing><coordinates>40,36 41,36 41,37 40,37"
    long += "</coordinates></LinearRing></outerBoundaryIs></Polygon>"
    (place,) = read(kml(long))
    assert isinstance(place.figure, Area)
    assert 100.0 < place.figure.widened_m < 500.0
    assert any("hold both" in doubt for doubt in place.doubts)
    assert "put points on it" in refused(kml(long.replace("41,", "49,"))).text


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ("<Point><coordinates>36.5,100.75</coordinates></Point>", "longitude first"),
        ("<Point><coordinates>40, 36</coordinates></Point>", "without blanks"),
        ("<Point><coordinates/></Point>", "no coordinates"),
        ("<Point><coordinates>40,36 41,36</coordinates></Point>", "write one"),
        ("<Polygon/>", "one outerBoundaryIs"),
        ("<Model/>", "not read"),
        ("<description>words</description>", "without geometry"),
        ("<Point>", "not XML"),
        ("<Folder>" * 40, "deeper"),
        ("&amp;&bad;", "not XML"),
    ],
)
def test_plc_060_064_refused_with_a_remedy(inside: str, said: str) -> None:
    assert said in refused(kml(inside)).text


def test_plc_064_no_document_type_and_no_entity() -> None:
    bomb = '<!DOCTYPE kml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><kml>&b;</kml>'
    assert "document type" in refused(bomb).text
    fetched = '<!DOCTYPE kml SYSTEM "file:///etc/hostname"><kml/>'
    assert "document type" in refused(fetched).text
    assert "no KML" in refused("<html></html>").text
