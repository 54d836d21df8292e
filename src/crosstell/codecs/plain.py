"""Values as plain JSON for readers: floats in the unit their name states, instants as RFC 3339.

This is the dialect of results and schemas, not of what is signed (`values`). Field names are
those of the class; None is absence; a union member is `{"class_name": {...}}` or the bare word.
Implements COD-040.
"""

from datetime import datetime
from typing import Any

from crosstell.codecs.shape import (
    Many,
    OneOf,
    Record,
    Row,
    Scaled,
    Shape,
    Time,
    fields_of,
    shape_of,
    tag_of,
)
from crosstell.core.instant import format_instant

Plain = str | int | float | list["Plain"] | dict[str, "Plain"]


def to_plain(value: object) -> Plain:
    """The plain form of one value of a recordable class, without a tag."""
    return _plain(shape_of(type(value)), value)


def _plain(shape: Shape, value: Any) -> Plain:  # noqa: ANN401
    match shape:
        case Record():
            return _fields(value)
        case OneOf():
            tag = tag_of(type(value))
            return {tag: _fields(value)} if fields_of(type(value)) else tag
        case Many(item):
            return [_plain(item, each) for each in value]
        case Row(items):
            return [_plain(item, each) for item, each in zip(items, value, strict=True)]
        case _:
            return _leaf(shape, value)


def _leaf(shape: Shape, value: Any) -> Plain:  # noqa: ANN401
    if isinstance(shape, Time):
        assert isinstance(value, datetime)
        return format_instant(value)
    if isinstance(shape, Scaled):
        return float(value)
    return value if type(value) is int else str(value)


def _fields(value: object) -> dict[str, Plain]:
    found: dict[str, Plain] = {}
    for field in fields_of(type(value)):
        held = getattr(value, field.name)
        if held is not None or not field.optional:
            found[field.name] = _plain(field.shape, held)
    return found
