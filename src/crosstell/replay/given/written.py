"""A value as the document tree that states it: what a person repeats of what lies before them."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from crosstell.codecs.shape import (
    Choice,
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
    shape_of,
    tag_of,
)
from crosstell.codecs.yaml_document import Listing, Mapping, Mark, Node, Scalar
from crosstell.core.instant import format_instant


def written(kind: object, value: object, mark: Mark) -> Node:
    """The tree from which the generic codec reads `value` back as `kind`. Implements REP-006."""
    return _node(shape_of(kind), value, mark)


def _node(shape: Shape, value: Any, mark: Mark) -> Node:  # noqa: ANN401 - any recorded value
    match shape:
        case Text() | Whole() | Scaled() | Time() | Choice():
            return _leaf(shape, value, mark)
        case Record():
            return _fields(value, mark)
        case OneOf():
            return _tagged(value, mark)
        case Many(item):
            return Listing(tuple(_node(item, each, mark) for each in value), mark)
        case Row(items):
            pairs = zip(items, value, strict=True)
            return Listing(tuple(_node(item, each, mark) for item, each in pairs), mark)


def _leaf(shape: Text | Whole | Scaled | Time | Choice, value: Any, mark: Mark) -> Scalar:  # noqa: ANN401
    match shape:
        case Text():
            return Scalar(value, plain=False, mark=mark)
        case Whole():
            return Scalar(str(value), plain=True, mark=mark)
        case Scaled(unit):
            digits = len(str(unit.scale)) - 1
            return Scalar(f"{value:.{digits}f}", plain=True, mark=mark)
        case Time():
            assert isinstance(value, datetime)
            return Scalar(format_instant(value), plain=True, mark=mark)
        case Choice():
            assert isinstance(value, StrEnum)
            return Scalar(value.value, plain=False, mark=mark)


def _tagged(value: object, mark: Mark) -> Node:
    tag = Scalar(tag_of(type(value)), plain=True, mark=mark)
    if not fields_of(type(value)):
        return tag
    return Mapping(((tag, _fields(value, mark)),), mark)


def _fields(value: object, mark: Mark) -> Mapping:
    found = []
    for field in fields_of(type(value)):
        item = getattr(value, field.name)
        if item is None:
            continue
        key = Scalar(field.name, plain=True, mark=mark)
        found.append((key, _node(field.shape, item, mark)))
    return Mapping(tuple(found), mark)
