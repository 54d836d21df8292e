"""KML (OGC 2.3) to places: points, polygons, lines as the axes of corridors; times and heights.

Units: degrees, longitude first; heights in metres. Programs differ in whether they draw an edge
straight in longitude and latitude or over the globe, and KML settles it for neither: an area or a
way here contains both. The text is read without entities or document types; nothing is fetched.
Implements PLC-060 to PLC-064.
"""

import re
import xml.etree.ElementTree as Tree
from collections.abc import Iterator
from datetime import UTC, datetime

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from crosstell.codecs.geo.places import (
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
from crosstell.core.instant import Window

DEPTH_MAX = 32
ELEMENTS_MAX = 100_000
DEVIATION_M_DOUBTED = 10.0

_CONTAINERS = ("kml", "Document", "Folder", "Placemark", "MultiGeometry")
_DRAWN = ("Point", "LineString", "LinearRing", "Polygon")
_NOT_READ = (
    "NetworkLink",
    "GroundOverlay",
    "ScreenOverlay",
    "PhotoOverlay",
    "Model",
    "Track",
    "MultiTrack",
)
_IN_PLACEMARK = (*_DRAWN, *_NOT_READ, "MultiGeometry")
_DATUMS = {"relativeToGround": Datum.ABOVE_GROUND, "absolute": Datum.MSL_EGM96}
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?(?P<zone>Z|[+-]\d{2}:\d{2})")
_POSITION = re.compile(
    r"(?P<lon>[-+]?[0-9]+(?:\.[0-9]*)?),(?P<lat>[-+]?[0-9]+(?:\.[0-9]*)?)"
    r"(?:,(?P<height>[-+]?[0-9]+(?:\.[0-9]*)?))?"
)
_Spot3 = tuple[LonLat, float | None]


class _Element(Tree.Element):
    """An element with its line."""

    line: int = 1


class _Builder(Tree.TreeBuilder):
    """A tree whose elements know their lines, within bounds."""

    def __init__(self) -> None:
        super().__init__(element_factory=_Element)
        self.parser: DefusedXMLParser | None = None
        self._depth = self._count = 0

    def start(self, tag: str, attrs: dict[str, str]) -> Tree.Element:
        found = super().start(tag, attrs)
        assert self.parser is not None
        line = self.parser.parser.CurrentLineNumber
        found.line = line  # type: ignore[attr-defined]
        self._depth += 1
        self._count += 1
        if self._depth > DEPTH_MAX:
            raise Unreadable(
                f"nested deeper than {DEPTH_MAX}; export it without folders", line=line
            )
        if self._count > ELEMENTS_MAX:
            raise Unreadable(f"over {ELEMENTS_MAX} elements; paste less", line=line)
        return found

    def end(self, tag: str) -> Tree.Element:
        self._depth -= 1
        return super().end(tag)


def read_kml(text: str, choices: Choices) -> tuple[list[Place], list[PlaceFault]]:
    """Every geometry in the text as a place, and every fault."""
    root = _tree(text)
    reading = Reading(choices)
    for element, placemark, timed in _walk(root, None, None):
        try:
            reading.places.append(_place(element, placemark, timed, reading))
        except Unreadable as refused:
            reading.faults.append(
                PlaceFault(
                    line=_line_of(element), text=refused.fault.text, needs=refused.fault.needs
                )
            )
    return reading.places, reading.faults


def _tree(text: str) -> Tree.Element:
    builder = _Builder()
    parser = DefusedXMLParser(target=builder, forbid_dtd=True)
    builder.parser = parser
    try:
        parser.feed(text)
        root: Tree.Element = parser.close()
    except DefusedXmlException as refused:
        raise Unreadable(
            "the text declares a document type or an entity; export it again"
        ) from refused
    except Tree.ParseError as fault:
        line, column = fault.position
        raise Unreadable(
            f"not XML at column {column + 1} ({str(fault).partition(':')[0]}); paste all of it",
            line=line,
        ) from fault
    except (ValueError, LookupError) as fault:
        if isinstance(fault, Unreadable):
            raise
        raise Unreadable(f"not XML that is read here: {fault}") from fault
    if _tag(root) not in (*_CONTAINERS, *_DRAWN):
        raise Unreadable(f"<{_tag(root)[:40]}> is no KML; paste the text of a .kml file")
    return root


def _tag(element: Tree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _line_of(element: Tree.Element) -> int:
    return getattr(element, "line", 1)


def _walk(
    element: Tree.Element, placemark: Tree.Element | None, timed: Tree.Element | None
) -> Iterator[tuple[Tree.Element, Tree.Element | None, Tree.Element | None]]:
    """Each geometry with its placemark and the nearest element that states a time."""
    tag = _tag(element)
    if tag in _DRAWN or tag in _NOT_READ:
        yield element, placemark, timed
    elif tag == "Placemark" and not any(_tag(child) in _IN_PLACEMARK for child in element):
        yield element, element, timed
    elif tag in _CONTAINERS:
        if _child(element, "TimeSpan") is not None or _child(element, "TimeStamp") is not None:
            timed = element
        for child in element:
            yield from _walk(child, element if tag == "Placemark" else placemark, timed)


def _child(element: Tree.Element | None, name: str) -> Tree.Element | None:
    return (
        next((one for one in element if _tag(one) == name), None) if element is not None else None
    )


def _text(element: Tree.Element | None, name: str) -> str:
    found = _child(element, name)
    return (found.text or "").strip() if found is not None else ""


def _place(
    element: Tree.Element,
    placemark: Tree.Element | None,
    timed: Tree.Element | None,
    reading: Reading,
) -> Place:
    tag = _tag(element)
    reading.need_place()
    if tag == "Placemark":
        raise Unreadable("a Placemark without geometry; leave it out or draw it")
    if tag in _NOT_READ:
        raise Unreadable(f"a {tag} is not read; leave it out, or draw it as point, line or polygon")
    figure, spots, doubts = _figure(tag, element, reading)
    heights, of_heights = _heights(element, spots)
    window, of_time = _window(timed, placemark)
    return Place(
        line=_line_of(element),
        form=Form.KML,
        text=tag,
        figure=figure,
        name=shortened(_text(placemark, "name")) or None,
        heights=heights,
        window=window,
        doubts=(*doubts, *of_heights, *of_time),
    )


def _figure(
    tag: str, element: Tree.Element, reading: Reading
) -> tuple[Spot | Area | Way, list[_Spot3], tuple[str, ...]]:
    if tag == "Polygon":
        return _polygon(element, reading)
    spots = _spots(element, reading)
    if tag == "Point":
        if len(spots) != 1:
            raise Unreadable(f"a Point with {len(spots)} positions; write one")
        (lon, lat), _ = spots[0]
        return Spot(position=Position(lat_deg=lat, lon_deg=wrapped(lon))), spots, ()
    if reading.choices.width_m is None:
        raise Unreadable("a line without width: state its whole width in metres", needs=Needs.WIDTH)
    way = way_of(tuple(_once(spots)), width_m=reading.choices.width_m, cuts=False)
    return way, spots, _both(way.widened_m)


def _polygon(element: Tree.Element, reading: Reading) -> tuple[Area, list[_Spot3], tuple[str, ...]]:
    outer = [one for one in element if _tag(one) == "outerBoundaryIs"]
    if len(outer) != 1:
        raise Unreadable("a Polygon has one outerBoundaryIs; draw it again")
    boundaries = outer + [one for one in element if _tag(one) == "innerBoundaryIs"]
    every: list[_Spot3] = []
    rings: list[tuple[LonLat, ...]] = []
    doubts: list[str] = []
    for number, ring in enumerate(
        ring for boundary in boundaries for ring in boundary if _tag(ring) == "LinearRing"
    ):
        spots = _spots(ring, reading)
        every += spots
        points = _once(spots)
        if len(points) > 1 and points[0] == points[-1]:
            points = points[:-1]
        else:
            name = "the ring" if number == 0 else f"hole {number}"
            doubts.append(f"{name} was not closed; its last corner is joined with the first")
        rings.append(tuple(points))
    if not rings:
        raise Unreadable("a Polygon without LinearRing; leave it out or draw it")
    area, more = area_of(tuple(rings), cuts=False)
    return area, every, (*doubts, *more, *_both(area.widened_m))


def _both(widened_m: float) -> tuple[str, ...]:
    if widened_m < DEVIATION_M_DOUBTED:
        return ()
    return (
        f"programs draw long edges differently; widened by up to {widened_m:.0f} m to hold both; "
        "put points on long edges to make it narrower",
    )


def _once(spots: list[_Spot3]) -> list[LonLat]:
    points: list[LonLat] = []
    for point, _ in spots:
        if not points or points[-1] != point:
            points.append(point)
    return points


def _spots(element: Tree.Element, reading: Reading) -> list[_Spot3]:
    """The positions in the coordinates of a geometry."""
    words = _text(element, "coordinates").split()
    if not words:
        raise Unreadable("no coordinates; leave it out or draw it")
    reading.count_points(len(words))
    return [_position(word) for word in words]


def _position(word: str) -> _Spot3:
    match = _POSITION.fullmatch(word) if len(word) <= 100 else None
    if match is None:
        raise Unreadable(
            f"{word[:60]!r} is no position; write longitude,latitude without blanks between"
        )
    lon, lat = float(match["lon"]), float(match["lat"])
    if not -90.0 <= lat <= 90.0:
        raise Unreadable(f"{word}: latitude {lat} is outside -90 to 90; KML has longitude first")
    if not -360.0 <= lon <= 360.0:
        raise Unreadable(f"{word}: longitude {lon} is outside -180 to 180")
    return (round(lon, 9), round(lat, 9)), (float(match["height"]) if match["height"] else None)


def _heights(element: Tree.Element, spots: list[_Spot3]) -> tuple[Heights | None, tuple[str, ...]]:
    """The heights with the datum of the altitude mode; none where the ground or sea floor holds."""
    mode = _text(element, "altitudeMode") or "clampToGround"
    if mode not in _DATUMS:
        if mode != "clampToGround":
            return None, (f"altitude mode {mode[:40]} is not read; the heights are left out",)
        if any(height_m for _, height_m in spots):
            return None, ("heights are left out, since the place is clamped to the ground",)
        return None, ()
    known = [height_m for _, height_m in spots if height_m is not None]
    if len(known) < len(spots):
        return None, ("some points have no height; the heights are left out",)
    try:
        low, high = (Altitude(value_m=one, datum=_DATUMS[mode]) for one in (min(known), max(known)))
    except ValueError as refused:
        raise Unreadable(str(refused)) from refused
    doubts = (
        ("it reaches down to the ground",) if _text(element, "extrude") in ("1", "true") else ()
    )
    return Heights(lowest=low, highest=high), doubts


def _window(
    timed: Tree.Element | None, placemark: Tree.Element | None
) -> tuple[Window | None, tuple[str, ...]]:
    """The window of a TimeSpan with both ends in a stated zone; else a doubt says why not."""
    if timed is None:
        return None, ()
    span = _child(timed, "TimeSpan")
    if span is None:
        return None, ("a TimeStamp is an instant and no window; it is left out",)
    begin, end = _text(span, "begin"), _text(span, "end")
    matches = [_TIME.fullmatch(word) for word in (begin, end)]
    if not all(matches):
        return None, (
            f"the time from {begin[:40] or 'open'} to {end[:40] or 'open'} is left out: both ends "
            "are needed as date and time with Z or an offset",
        )
    try:
        start, close = (datetime.fromisoformat(word).astimezone(UTC) for word in (begin, end))
        window = Window(start=start, end=close)
    except (ValueError, OverflowError) as refused:
        return None, (f"the time is left out: {refused}",)
    doubts = ["times with an offset are converted to UTC"] if not begin.endswith("Z") else []
    if timed is not placemark:
        doubts.append("the time is that of the folder around it")
    return window, tuple(doubts)
