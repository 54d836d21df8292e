"""Positions that a person wrote in lines: one, a list that is an area, or a way.

Units: metres. A blank line ends a list. The area's edges are geodesics between the points, as
Crosstell draws them, so nothing is widened. Implements PLC-030 to PLC-035.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from crosstell.codecs.geo.grid import Square, looks_like_grid, read_grid
from crosstell.codecs.geo.pair import HEMISPHERES, LENGTH_MAX, Pair, plain_signs, read_pair
from crosstell.codecs.geo.places import (
    LINE_LENGTH_MAX,
    LINES_MAX,
    POINTS_MAX,
    Choices,
    Figure,
    Form,
    Needs,
    Place,
    PlaceFault,
    Unreadable,
    shortened,
)
from crosstell.codecs.geo.places import Area as AreaRead
from crosstell.codecs.geo.places import Spot as SpotRead
from crosstell.codecs.geo.places import Way as WayRead
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.shape.corridor import Corridor
from crosstell.core.geometry.shape.polygon import Polygon

# A label with a digit needs a blank after its colon: "K 36:30N" is no label.
_LABEL = re.compile(
    r"\s*(?:(?P<number>[0-9]{1,3})(?:\)|[.:](?=\s))"
    r"|(?P<name>[^\W\d](?:[^\W\d]|[ .-]){0,40}[:=]|[^\W\d][\w .-]{0,40}:(?=\s))|[*•])\s*"
)
_NO_LABEL = re.compile(
    rf"(?:LAT|LATITUDE|LON|LONG|LONGITUDE)\s*[:=]|[{HEMISPHERES}]\s*[0-9]+:", re.IGNORECASE
)
# Between two positions in one line: a semicolon, an arrow or a dash, "to"; not within a position.
_BETWEEN = re.compile(r"\s*(?:;|→|->|\s-\s|(?<=[EWDB])\s*-\s*(?=[0-9NS])|\sTO\s)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Point:
    line: int
    text: str
    name: str | None
    position: Position
    accuracy_m: float
    form: Form
    doubts: tuple[str, ...]
    side_m: float | None


def read_written(text: str, choices: Choices) -> tuple[list[Place], list[PlaceFault]]:
    """Every list of positions in the text as a place, and every fault."""
    lines = text.splitlines()
    if len(lines) > LINES_MAX:
        raise Unreadable(f"{len(lines)} lines; paste {LINES_MAX} at most")
    faults: list[PlaceFault] = []
    places: list[Place] = []
    count = 0
    for block in _blocks(lines):
        points, wrong = _points(block, choices)
        faults += wrong
        count += len(points)
        if count > POINTS_MAX:
            raise Unreadable(f"over {POINTS_MAX} positions; paste fewer", line=block[0][0])
        if wrong:
            continue
        try:
            places += _figures(points, choices)
        except Unreadable as refused:
            faults.append(refused.fault)
    return places, faults


def _blocks(lines: list[str]) -> Iterator[list[tuple[int, str]]]:
    block: list[tuple[int, str]] = []
    for number, line in enumerate(lines, start=1):
        if line.strip() and not line.lstrip().startswith("#"):
            block.append((number, line))
        elif block and not line.strip():
            yield block
            block = []
    if block:
        yield block


def _points(
    block: list[tuple[int, str]], choices: Choices
) -> tuple[list[_Point], list[PlaceFault]]:
    points: list[_Point] = []
    faults: list[PlaceFault] = []
    for number, line in block:
        try:
            points += _line(number, line, choices, before=len(points) + len(faults))
        except Unreadable as refused:
            fault = refused.fault
            faults.append(PlaceFault(line=number, text=fault.text, needs=fault.needs))
    if not points and not faults:
        faults.append(PlaceFault(line=block[0][0], text="no position here; write one or leave it"))
    return points, faults


def _line(number: int, line: str, choices: Choices, *, before: int) -> Iterator[_Point]:
    if len(line) > LINE_LENGTH_MAX:
        raise Unreadable(f"{len(line)} characters in a line; {LINE_LENGTH_MAX} at most")
    name, rest = _label(line, before)
    for part in _BETWEEN.split(plain_signs(rest)):
        if not part.strip():
            continue
        yield _point(number, part.strip(" ,.;"), name, choices)
        name = None


def _label(line: str, before: int) -> tuple[str | None, str]:
    """The label in front of a position, if there is one, and the rest.

    "36. 30.2N" would be read as point 36; so a number with a point counts only in its turn.
    """
    match = _LABEL.match(line)
    if match is None or _NO_LABEL.fullmatch(match["name"] or ""):
        return None, line
    number = match["number"]
    if number and not match[0].rstrip().endswith(")") and int(number) != before + 1:
        return None, line
    label = number or (match["name"] or "")[:-1]
    return (shortened(label) or None), line[match.end() :]


def _point(number: int, text: str, name: str | None, choices: Choices) -> _Point:
    read: Pair | Square
    if len(text) <= LENGTH_MAX and looks_like_grid(text):
        read = read_grid(text)
    else:
        read = read_pair(text, choices.order)
    return _Point(
        line=number,
        text=shortened(text),
        name=name,
        position=read.position,
        accuracy_m=read.accuracy_m,
        form=read.form if isinstance(read, Pair) else Form.MGRS,
        doubts=read.doubts,
        side_m=read.side_m if isinstance(read, Square) else None,
    )


def _figures(points: list[_Point], choices: Choices) -> list[Place]:
    """The points as what was chosen; else one is a point, three or more are an area."""
    first = points[0]
    figure = choices.figure
    if figure is None and len(points) == 2 and choices.width_m is None:
        raise Unreadable(
            "two positions: say whether they are two points, or the ends of a way, with its width",
            line=first.line,
            needs=Needs.FIGURE,
        )
    if figure is Figure.POINTS or (figure is None and len(points) == 1):
        return [_spot(point) for point in points]
    is_way = figure is Figure.WAY or (figure is None and len(points) == 2)
    if is_way and choices.width_m is None:
        raise Unreadable(
            "a way without width: state its whole width in metres",
            line=first.line,
            needs=Needs.WIDTH,
        )
    shape: AreaRead | WayRead
    accuracy_m = max(point.accuracy_m for point in points)
    positions = [point.position for point in points]
    try:
        if is_way:
            assert choices.width_m is not None
            corridor = Corridor(points=tuple(positions), half_width_m=choices.width_m / 2)
            shape = WayRead(corridor=corridor, accuracy_m=accuracy_m)
        else:
            ring = (
                positions[:-1]
                if len(positions) > 3 and positions[0] == positions[-1]
                else positions
            )
            shape = AreaRead(polygon=Polygon(vertices=tuple(ring)), accuracy_m=accuracy_m)
    except ValueError as refused:
        raise Unreadable(
            f"{refused} (counted from line {first.line})", line=first.line
        ) from refused
    return [
        Place(
            line=first.line,
            form=first.form,
            text=shortened("; ".join(point.text for point in points)),
            figure=shape,
            doubts=tuple(_of_all(points)),
        )
    ]


def _spot(point: _Point) -> Place:
    return Place(
        line=point.line,
        form=point.form,
        text=point.text,
        figure=SpotRead(position=point.position, accuracy_m=point.accuracy_m, side_m=point.side_m),
        name=point.name,
        doubts=point.doubts,
    )


def _of_all(points: list[_Point]) -> Iterator[str]:
    """Doubts about points, each with its line, and one about points written in several forms."""
    for point in points:
        yield from (f"line {point.line}: {doubt}" for doubt in point.doubts)
    forms = sorted({point.form.value for point in points})
    if len(forms) > 1:
        yield f"the points are written in different forms: {', '.join(forms)}"
