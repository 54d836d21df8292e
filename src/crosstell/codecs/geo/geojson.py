"""GeoJSON (RFC 7946) to places: points, polygons with holes, lines as the axes of corridors.

Units: degrees, longitude first; heights are metres above the WGS-84 ellipsoid (RFC 7946, 3.1.1), in
which edges are straight in longitude and latitude too (`straight`). Implements PLC-050 to PLC-055.
"""

import math
from collections.abc import Iterator
from typing import Any

from crosstell.codecs.geo.json_lines import Numbered, read_json
from crosstell.codecs.geo.places import (
    PLACES_MAX,
    Area,
    Choices,
    Form,
    Heights,
    Needs,
    Place,
    PlaceFault,
    Reading,
    Spot,
    Unreadable,
    Way,
    shortened,
)
from crosstell.codecs.geo.straight import LonLat, area_of, way_of, wrapped
from crosstell.core.altitude import Altitude, Datum
from crosstell.core.geometry.position import Position

_WGS84 = ("crs84", "epsg::4326", "epsg:4326")
_NAMES = ("name", "title", "Name")
_WIDTH = "width_m"
_MANY = {"MultiPoint": "Point", "MultiLineString": "LineString", "MultiPolygon": "Polygon"}


def read_geojson(text: str, choices: Choices) -> tuple[list[Place], list[PlaceFault]]:
    """Every geometry in the text as a place, and every fault."""
    reading = Reading(choices)
    found = read_json(text)
    if not isinstance(found, Numbered):
        raise Unreadable("no object of GeoJSON; paste a Feature, FeatureCollection or geometry")
    _check_crs(found)
    for name, properties, geometry in _features(found):
        try:
            _geometry(geometry, name, properties, reading)
        except Unreadable as refused:
            reading.faults.append(refused.fault)
    return reading.places, reading.faults


def _check_crs(found: Numbered) -> None:
    """Refuse another reference than WGS-84, which the older GeoJSON allowed."""
    crs = found.get("crs")
    if crs is None:
        return
    said = str(crs.get("properties", "")) if isinstance(crs, Numbered) else str(crs)
    if not any(known in said.lower() for known in _WGS84):
        raise Unreadable(
            f"another reference system is named ({shortened(said)[:60]}); convert it to WGS-84 and "
            "leave crs out",
            line=crs.line if isinstance(crs, Numbered) else found.line,
        )


def _features(found: Numbered) -> Iterator[tuple[str | None, Numbered, Numbered]]:
    """Name, properties and geometry of each feature."""
    kind = found.get("type")
    if kind == "FeatureCollection":
        features = found.get("features")
        if not isinstance(features, list):
            raise Unreadable("a FeatureCollection without its list of features", line=found.line)
        if len(features) > PLACES_MAX:
            raise Unreadable(
                f"{len(features)} features; paste {PLACES_MAX} at most", line=found.line
            )
        for number, feature in enumerate(features, start=1):
            if not isinstance(feature, Numbered) or feature.get("type") != "Feature":
                raise Unreadable(f"feature {number} is no Feature; leave it out", line=found.line)
            yield _feature(feature)
    elif kind == "Feature":
        yield _feature(found)
    else:
        yield None, Numbered(), found


def _feature(feature: Numbered) -> tuple[str | None, Numbered, Numbered]:
    geometry = feature.get("geometry")
    if not isinstance(geometry, Numbered):
        raise Unreadable("a Feature without geometry; leave it out or draw it", line=feature.line)
    properties = feature.get("properties")
    if not isinstance(properties, Numbered):
        properties = Numbered()
    named = (properties.get(key) for key in _NAMES)
    name = next((word for word in named if isinstance(word, str) and word.strip()), None)
    return (shortened(name) if name else None), properties, geometry


def _geometry(geometry: Numbered, name: str | None, properties: Numbered, reading: Reading) -> None:
    """Append the places of one geometry."""
    kind = geometry.get("type")
    if kind == "GeometryCollection":
        parts = geometry.get("geometries")
        if not isinstance(parts, list) or not all(isinstance(part, Numbered) for part in parts):
            raise Unreadable("a GeometryCollection without its geometries", line=geometry.line)
        for part in parts:
            _geometry(part, name, properties, reading)
        return
    if not isinstance(kind, str) or kind not in (*_MANY, *_MANY.values()):
        raise Unreadable(
            f"type {kind!r:.40} is no geometry of GeoJSON (RFC 7946); check the text",
            line=geometry.line,
        )
    each = _each(kind, geometry)
    for number, one in enumerate(each, start=1):
        label = f"{name or kind} {number}" if len(each) > 1 else name
        try:
            figure, heights, doubts = _place(_MANY.get(kind, kind), one, properties, reading)
        except Unreadable as refused:
            text = f"{f'{label}: ' if label else ''}{refused}"
            needs = refused.fault.needs
            raise Unreadable(text, line=geometry.line, needs=needs) from refused
        place = Place(
            line=geometry.line,
            form=Form.GEOJSON,
            text=kind,
            figure=figure,
            name=label,
            heights=heights,
            doubts=doubts,
        )
        reading.places.append(place)


def _each(kind: str, geometry: Numbered) -> list[object]:
    """The coordinates of each single geometry in this one."""
    coordinates = geometry.get("coordinates")
    if kind not in _MANY:
        return [coordinates]
    if not isinstance(coordinates, list) or not coordinates:
        raise Unreadable("a geometry without coordinates; leave it out", line=geometry.line)
    if len(coordinates) > PLACES_MAX:
        raise Unreadable(f"over {PLACES_MAX} places; paste fewer", line=geometry.line)
    return coordinates


_Read = tuple[Spot | Area | Way, Heights | None, tuple[str, ...]]


def _place(kind: str, coordinates: object, properties: Numbered, reading: Reading) -> _Read:
    reading.need_place()
    match kind:
        case "Point":
            (lon, lat), height_m = _point(coordinates, reading)
            spot = Spot(position=Position(lat_deg=lat, lon_deg=wrapped(lon)))
            return spot, _heights([height_m]), ()
        case "LineString":
            line, heights, doubts = _line(coordinates, "the line", reading)
            width_m = _width(properties, reading.choices)
            return way_of(tuple(line), width_m=width_m), _heights(heights), doubts
        case _:
            rings, heights, doubts = _rings(coordinates, reading)
            area, more = area_of(rings)
            return area, _heights(heights), (*doubts, *more)


def _width(properties: Numbered, choices: Choices) -> float:
    """The whole width of a way: as the feature says, else as was chosen."""
    given = properties.get(_WIDTH)
    if given is None:
        given = choices.width_m
    if given is None:
        raise Unreadable(
            f"a line without width: state its whole width in metres, or give the feature {_WIDTH}",
            needs=Needs.WIDTH,
        )
    if not _is_number(given):
        raise Unreadable(f"{_WIDTH} is {given!r:.40}; give the whole width in metres")
    try:
        return Choices(width_m=float(given)).width_m or 0.0
    except ValueError as refused:
        raise Unreadable(str(refused)) from refused


def _rings(
    coordinates: object, reading: Reading
) -> tuple[tuple[tuple[LonLat, ...], ...], list[float | None], tuple[str, ...]]:
    if not isinstance(coordinates, list) or not coordinates:
        raise Unreadable("a polygon without rings; leave it out or draw it")
    rings: list[tuple[LonLat, ...]] = []
    heights: list[float | None] = []
    doubts: list[str] = []
    for number, one in enumerate(coordinates):
        name = "the ring" if number == 0 else f"hole {number}"
        ring, high, repeats = _line(one, name, reading)
        heights += high
        doubts += repeats
        if len(ring) > 1 and ring[0] == ring[-1]:
            ring = ring[:-1]
        else:
            doubts.append(f"{name} was not closed; its last corner is joined with the first")
        rings.append(tuple(ring))
    return tuple(rings), heights, tuple(doubts)


def _line(
    coordinates: object, name: str, reading: Reading
) -> tuple[list[LonLat], list[float | None], tuple[str, ...]]:
    """The points of a line without repeats, their heights, and a doubt if there were repeats."""
    if not isinstance(coordinates, list):
        raise Unreadable(f"{name} has no list of positions")
    points: list[LonLat] = []
    heights: list[float | None] = []
    for one in coordinates:
        point, height_m = _point(one, reading)
        heights.append(height_m)
        if not points or points[-1] != point:
            points.append(point)
    left_out = len(coordinates) - len(points)
    return (
        points,
        heights,
        (f"{name} repeats {left_out} points; each is taken once",) * (left_out > 0),
    )


def _point(coordinates: object, reading: Reading) -> tuple[LonLat, float | None]:
    reading.count_points(1)
    if (
        not isinstance(coordinates, list)
        or len(coordinates) < 2
        or not all(_is_number(number) for number in coordinates)
    ):
        raise Unreadable(f"{coordinates!r:.60} is no position; write [longitude, latitude]")
    lon, lat = float(coordinates[0]), float(coordinates[1])
    if not -90.0 <= lat <= 90.0:
        raise Unreadable(
            f"[{lon}, {lat}]: latitude {lat} is outside -90 to 90; GeoJSON has longitude first"
        )
    if not -360.0 <= lon <= 360.0:
        raise Unreadable(f"[{lon}, {lat}]: longitude {lon} is outside -180 to 180")
    return (round(lon, 9), round(lat, 9)), (float(coordinates[2]) if len(coordinates) > 2 else None)


def _is_number(given: Any) -> bool:  # noqa: ANN401
    if isinstance(given, bool) or not isinstance(given, int | float):
        return False
    try:
        return math.isfinite(float(given))
    except OverflowError:
        return False


def _heights(written_m: list[float | None]) -> Heights | None:
    """Lowest and highest of the heights, above the ellipsoid; None if a point has none."""
    known = [height_m for height_m in written_m if height_m is not None]
    if not known or len(known) < len(written_m):
        return None
    try:
        low, high = (
            Altitude(value_m=value_m, datum=Datum.WGS84_ELLIPSOID)
            for value_m in (min(known), max(known))
        )
    except ValueError as refused:
        raise Unreadable(f"{refused} (the third number of a position)") from refused
    return Heights(lowest=low, highest=high)
