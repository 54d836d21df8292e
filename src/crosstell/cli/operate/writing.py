"""From what a person types to the document of an act: options by field, with short forms.

    now, +10m, -90s        a time from now
    PARTY/ID               an object of a party, as its first entry declared it
    PARTY/ID/latest        its newest version
    FEED/SEQ/HASH          one entry
    whole-party, a,b       a scope
    37SFA4300021000        a place as `crosstell place` reads it; +2km behind it makes a circle
    any words              free text, in the language of --language
    { ... } or @FILE       YAML, where none of these fits

Times and places are so written in a form and behind --set too.

The codec of all documents then reads it, so a fault is told by its path. Implements OPE-002.
"""

import re
from collections.abc import Callable
from collections.abc import Mapping as Map
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from crosstell.codecs.document import one_way
from crosstell.codecs.geo.paste import parse_places
from crosstell.codecs.geo.places import PlacesRefused, Spot
from crosstell.codecs.shape import (
    Choice,
    Field,
    Many,
    OneOf,
    Record,
    Row,
    Scaled,
    Shape,
    Text,
    Time,
    Whole,
    fields_of,
    is_angle,
    other_names,
    tag_of,
)
from crosstell.codecs.yaml_document import (
    Listing,
    Mapping,
    Mark,
    Node,
    Scalar,
    parse_yaml,
    read_yaml,
)
from crosstell.core.errors import CallerError
from crosstell.core.geometry.footprint import Circle
from crosstell.core.geometry.position import Position
from crosstell.core.ids import EntryRef, Latest, Named
from crosstell.core.instant import format_instant, later
from crosstell.core.line.content import FreeText
from crosstell.core.picture.party import Scope
from crosstell.core.quantity import nautical_miles_to_m

HERE = Mark(1, 1)
WHOLE_PARTY = "whole-party"
FORWARD = {"s": 1.0, "m": 60.0, "h": 3_600.0, "d": 86_400.0}
_FROM_NOW = re.compile(r"(?P<sign>[+-])(?P<count>\d{1,6})(?P<unit>[smhd])")
_ENTRY = re.compile(r"(?P<feed>[0-9a-f]{1,64})/(?P<seq>\d{1,16})/(?P<hash>[0-9a-f]{64})")
_ABOUT = re.compile(r"(?P<place>.+?)\s*\+(?P<radius>\d{1,7}(\.\d{1,3})?)(?P<unit>km|nm|m)")
_METRES = {"m": 1.0, "km": 1_000.0, "nm": nautical_miles_to_m(1.0)}
_OBJECT = re.compile(r"(?P<party>[^/]+)/(?P<id>[^/]+?)(?P<latest>/latest)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Typing:
    """What the short forms need: the node's time now, and the language of free text."""

    now: Callable[[], datetime]
    language: str


def scalar(text: str, *, plain: bool = False) -> Scalar:
    """One value of a document."""
    return Scalar(text, plain=plain, mark=HERE)


def mapping(entries: Map[str, Node]) -> Mapping:
    """Keys with their values."""
    return Mapping(tuple((scalar(key), value) for key, value in entries.items()), HERE)


def written(shape: Shape, text: str, how: Typing) -> Node:
    """What one option says, as a node of the document; faults are left to its reader."""
    match shape:
        case Text() | Choice():
            return scalar(text)
        case Scaled(unit) if unit.grain != "e7":  # of degrees three decimals are usual
            return scalar(one_way(text), plain=True)
        case Whole() | Scaled():
            return scalar(text, plain=True)
        case Time():
            return scalar(_time(text, how))
        case Record(kind):
            return _record(kind, text, how)
        case OneOf(kinds):
            return _one_of(kinds, text)
        case Many() | Row():
            return _yaml(text)


def written_all(shape: Shape, texts: tuple[str, ...], how: Typing) -> Node:
    """A list, one item for each time that the option was given."""
    if isinstance(shape, Many):
        items = tuple(written(shape.item, text, how) for text in texts)
        if len(items) == 1 and isinstance(items[0], Listing):
            return items[0]
        return Listing(items, HERE)
    return written(shape, texts[-1], how)


def in_full(shape: Shape, node: Node, how: Typing) -> Node:
    """A document, as from a form, with the short times and places in it written out."""
    match shape, node:
        case Time(), Scalar():
            return Scalar(_time(node.text, how), plain=node.plain, mark=node.mark)
        case OneOf(kinds), Scalar() if Circle in kinds and node.text:
            return node if node.text in map(tag_of, kinds) else _place(kinds, node.text)
        case OneOf(kinds), Mapping():
            tagged = {tag_of(kind): Record(kind) for kind in kinds}
            return _each_in_full(tagged, node, how)
        case Record(kind), Mapping():
            return _each_in_full({one.name: one.shape for one in fields_of(kind)}, node, how)
        case Many(item), Listing():
            items = tuple(in_full(item, one, how) for one in node.items)
            return Listing(items, node.mark)
        case _:
            return node


def _each_in_full(shapes: Map[str, Shape], node: Mapping, how: Typing) -> Mapping:
    entries = (
        (key, in_full(shapes[key.text], held, how) if key.text in shapes else held)
        for key, held in node.entries
    )
    return Mapping(tuple(entries), node.mark)


def _time(text: str, how: Typing) -> str:
    """An instant; one that is said from now is worked out."""
    if text == "now":
        return format_instant(how.now())
    match = _FROM_NOW.fullmatch(text)
    if match is None:
        return text
    seconds = int(match["count"]) * FORWARD[match["unit"]]
    return format_instant(later(how.now(), by_s=seconds if match["sign"] == "+" else -seconds))


def _record(kind: type[Any], text: str, how: Typing) -> Node:
    if kind is Scope and not text.startswith(("{", "@")):
        if text == WHOLE_PARTY:
            return mapping({})
        names = tuple(scalar(name.strip()) for name in text.split(","))
        return mapping({"speaks_for": Listing(names, HERE)})
    if kind is FreeText and not text.startswith(("{", "@")):
        return mapping({"text": scalar(text), "language": scalar(how.language)})
    return _yaml(text)


def _one_of(kinds: tuple[type[Any], ...], text: str) -> Node:
    if text.startswith(("{", "@")):
        return _yaml(text)
    if Circle in kinds and text not in map(tag_of, kinds):
        return _place(kinds, text)
    found = _reference(text) if {Named, EntryRef} <= set(kinds) else None
    return _yaml(text) if found is None else found


def _place(kinds: tuple[type[Any], ...], text: str) -> Node:
    """A point, or a circle about it that holds all that the point may be. Doubts are told."""
    match = _ABOUT.fullmatch(text)
    read = parse_places(text if match is None else match["place"])
    if isinstance(read, PlacesRefused):
        raise CallerError("\n".join(f"{text}: {fault.text}" for fault in read.faults))
    (place, *more) = read.places
    if more or not isinstance(place.figure, Spot):
        raise CallerError(f"{text}: is no single point; write an area as YAML, or @FILE")
    spot, slack_m = place.figure, place.figure.accuracy_m or 0.0
    for doubt in place.doubts:
        click.echo(f"{text}: {doubt}", err=True)
    degrees = {"lat_deg": spot.position.lat_deg, "lon_deg": spot.position.lon_deg}
    point = mapping({key: scalar(f"{value:.7f}", plain=True) for key, value in degrees.items()})
    if match is None:
        if Position not in kinds:
            raise CallerError(f"{text}: say how far it reaches, as in {text} +2km")
        return mapping({tag_of(Position): point})
    said_m = float(one_way(match["radius"])) * _METRES[match["unit"]]
    if not said_m:
        raise CallerError(f"{text}: a radius of 0 reaches nowhere; leave it out, or write more")
    radius_m = said_m + slack_m
    if slack_m:
        click.echo(f"{text}: radius {radius_m:.0f} m, {slack_m:.0f} m wider than said", err=True)
    radius = scalar(f"{radius_m:.3f}", plain=True)
    return mapping({tag_of(Circle): mapping({"centre": point, "radius_m": radius})})


def _reference(text: str) -> Node | None:
    entry, named = _ENTRY.fullmatch(text), _OBJECT.fullmatch(text)
    if entry is not None:
        seq = scalar(entry["seq"], plain=True)
        parts = {"feed": scalar(entry["feed"]), "seq": seq, "hash": scalar(entry["hash"])}
        return mapping({tag_of(EntryRef): mapping(parts)})
    if named is None:
        return None
    kind = Latest if named["latest"] else Named
    parts = {"party": scalar(named["party"]), "id": scalar(named["id"])}
    return mapping({tag_of(kind): mapping(parts)})


def _yaml(text: str) -> Node:
    """YAML as written, or in the file that is named after @."""
    if text.startswith("@"):
        return read_yaml(Path(text[1:])).root
    return typed_yaml(text, name="option")


def typed_yaml(text: str, *, name: str, key: str = "") -> Node:
    """YAML as typed, to stand at `key`: no figure in it may be meant as thousands. CON-830."""
    root = parse_yaml(text.encode(), name=name).root
    _each_one_way(root, key)
    return root


def _each_one_way(node: Node, key: str) -> None:
    match node:
        case Scalar():
            if node.plain and not is_angle(key):
                one_way(node.text)
        case Listing():
            for item in node.items:
                _each_one_way(item, key)
        case Mapping():
            for name, held in node.entries:
                _each_one_way(held, name.text)


def option_names(field: Field, taken: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The keys that a person may write for a field: its name, and those of other units."""
    if not isinstance(field.shape, Scaled):
        return (field.name,)
    return (field.name, *(name for name in other_names(field.name) if name not in taken))


def is_short(shape: Shape) -> bool:
    """Whether one word on a command line can hold it."""
    match shape:
        case Record(kind):
            return kind in (Scope, FreeText)
        case Many(item):
            return is_short(item)
        case OneOf(kinds):
            said = {Named, EntryRef} <= set(kinds) or Circle in kinds
            return said or not any(fields_of(kind) for kind in kinds)
        case Row():
            return False
        case _:
            return True


def with_path(node: Node, path: str, value: Node) -> Node:
    """The document with `value` at a path of keys and list places, as in content.subjects.0."""
    head, _, rest = path.partition(".")
    if isinstance(node, Listing):
        if not head.isdigit() or int(head) > len(node.items):
            raise CallerError(f"--set {path}: write a place from 0 to {len(node.items)}")
        items = list(node.items)
        at = int(head)
        below = items[at] if at < len(items) else mapping({})
        items[at : at + 1] = [with_path(below, rest, value) if rest else value]
        return Listing(tuple(items), HERE)
    entries = {key.text: held for key, held in node.entries} if isinstance(node, Mapping) else {}
    below = entries.get(head, mapping({}))
    return mapping({**entries, head: with_path(below, rest, value) if rest else value})
