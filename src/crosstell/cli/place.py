"""`crosstell place`: places as the field writes them, read and shown in every form."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from crosstell.codecs.document import one_way
from crosstell.codecs.geo.grid import size_words
from crosstell.codecs.geo.paste import parse_places
from crosstell.codecs.geo.places import (
    TEXT_BYTES_MAX,
    Area,
    Choices,
    Figure,
    Needs,
    Order,
    Place,
    Places,
    PlacesRefused,
    Spot,
    Way,
)
from crosstell.codecs.geo.shown import show
from crosstell.codecs.plain import to_plain
from crosstell.core.altitude import Altitude
from crosstell.core.errors import CallerError
from crosstell.core.geometry.position import Position
from crosstell.core.instant import format_instant

_OPTIONS = {
    Needs.ORDER: "--order lat-lon or --order lon-lat",
    Needs.WIDTH: "--width-m METRES",
    Needs.FIGURE: "--as points, or --as way with --width-m METRES",
}


@click.group()
def place() -> None:
    """Read places as the field writes them; nothing is filed."""


def _metres(ctx: click.Context, param: click.Parameter, text: str | None) -> float | None:
    return None if text is None else float(click.FLOAT(one_way(text), param, ctx))


@place.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "--order",
    type=click.Choice([order.value for order in Order]),
    help="What comes first, where no letter says so.",
)
@click.option(
    "--width-m",
    callback=_metres,
    help="The whole width of a way, in metres.",
)
@click.option(
    "--as",
    "figure",
    type=click.Choice([figure.value for figure in Figure]),
    help="What several points are to be.",
)
@click.option("--json", "as_json", is_flag=True, help="The result for machines.")
def read(
    file: Path, *, order: str | None, width_m: float | None, figure: str | None, as_json: bool
) -> None:
    """Show what the text in FILE says (- is standard input), how exactly, and every doubt."""
    try:
        choices = Choices(
            order=Order(order) if order else None,
            width_m=width_m,
            figure=Figure(figure) if figure else None,
        )
    except ValueError as refused:
        raise CallerError(f"--width-m: {refused}") from refused
    found = parse_places(_text(file), choices)
    if as_json:
        click.echo(json.dumps(to_plain(found), indent=2, ensure_ascii=False))
    elif isinstance(found, Places):
        click.echo("\n".join(line for one in found.places for line in told(one)))
    if isinstance(found, PlacesRefused):
        raise CallerError("\n".join(_faults(str(file), found)))


def _text(file: Path) -> str:
    """The text, up to its bound; a byte more is left for `parse_places` to refuse."""
    try:
        if str(file) == "-":
            given = sys.stdin.buffer.read(TEXT_BYTES_MAX + 1)
        else:
            with file.open("rb") as opened:
                given = opened.read(TEXT_BYTES_MAX + 1)
    except OSError as fault:
        raise CallerError(f"{file}: {fault.strerror}; name a file that can be read") from fault
    try:
        return given.decode("utf-8")
    except UnicodeDecodeError as fault:
        if len(given) > TEXT_BYTES_MAX:
            return given.decode("utf-8", "replace")
        raise CallerError(
            f"{file}: byte {fault.start} is no UTF-8; save it as text in UTF-8"
        ) from fault


def _faults(file: str, refused: PlacesRefused) -> Iterator[str]:
    yield "nothing was read"
    for fault in refused.faults:
        option = f" ({_OPTIONS[fault.needs]})" if fault.needs is not None else ""
        yield f"{file}:{fault.line}: {fault.text}{option}"


def told(read_place: Place) -> Iterator[str]:
    """One place in lines for a person."""
    name = f" {read_place.name}" if read_place.name else ""
    yield f"line {read_place.line}{name}: {read_place.text} (as {read_place.form})"
    match read_place.figure:
        case Spot() as spot:
            yield from _spot(spot)
        case Area(polygon=polygon, widened_m=widened_m, accuracy_m=accuracy_m):
            holes = f" and {len(polygon.holes)} holes" if polygon.holes else ""
            yield f"  an area with {len(polygon.vertices)} corners{holes}"
            yield from _corners(polygon.vertices)
            yield from _widened(widened_m, accuracy_m)
        case Way(corridor=corridor, widened_m=widened_m, accuracy_m=accuracy_m):
            yield (
                f"  a way of {len(corridor.points)} points, {2 * corridor.half_width_m:.2f} m wide"
            )
            yield from _corners(corridor.points)
            yield from _widened(widened_m, accuracy_m)
    if read_place.heights is not None:
        low, high = read_place.heights.lowest, read_place.heights.highest
        yield f"  heights as written: {_height(low)} to {_height(high)}"
    if read_place.window is not None:
        start, end = read_place.window.start, read_place.window.end
        yield f"  time: from {format_instant(start)} until before {format_instant(end)}"
    for doubt in read_place.doubts:
        yield f"  doubt: {doubt}"


def _spot(spot: Spot) -> Iterator[str]:
    shown = show(spot.position)
    yield f"  a point, {_accuracy(spot.accuracy_m)}"
    if spot.side_m is not None:
        yield f"  the reference names a square of {size_words(spot.side_m)}; this is its middle"
    yield f"  {shown.mgrs}"
    yield f"  {shown.degrees_minutes_seconds}"
    yield f"  {shown.decimal_minutes}"
    yield f"  {shown.decimal_degrees}"


def _corners(positions: tuple[Position, ...]) -> Iterator[str]:
    """The first corners, for a check by eye."""
    for position in positions[:12]:
        yield f"    {show(position).decimal_degrees}"
    if len(positions) > 12:
        yield f"    and {len(positions) - 12} more"


def _widened(widened_m: float, accuracy_m: float | None) -> Iterator[str]:
    if widened_m:
        yield f"  it holds what was drawn and is wider by at most {widened_m:.2f} m"
    yield f"  its points {_accuracy(accuracy_m)}"


def _accuracy(accuracy_m: float | None) -> str:
    if accuracy_m is None:
        return "of unknown accuracy: the text does not say"
    return f"within {accuracy_m:.2f} m as written"


def _height(altitude: Altitude) -> str:
    return f"{altitude.value_m:g} m {altitude.datum}"
