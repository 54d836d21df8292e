"""A value as its leaves: every word and figure with the path to it, as a person would name it.

What explains or compares a document walks these, so that no field can be forgotten: a class that
gains one gains it here. A part of a list is named by its own id where it has one, else by its
place, from 1. Implements PRO-140.
"""

from collections.abc import Iterator
from dataclasses import dataclass
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

ORDER = "(order)"

# What names a part of a list, the first that tells all its parts apart.
_KEYS = (
    ("id",),
    ("code",),
    ("party", "rule"),
    ("notice",),
    ("part",),
    ("language",),
    ("precedence", "call"),
    ("between", "frequency_hz"),
    ("name",),
    ("role",),
    ("party",),
    ("date",),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One word or figure: the path to it, the field that holds it, its shape and its value.

    A step of the path is a field, the tag of a class, or `[name]` of a part of a list. A list of
    words is one leaf, its value a tuple. `shape` None is the order of the parts of a list, its
    value their names.
    """

    path: tuple[str, ...]
    field: str
    shape: Shape | None
    value: Any


def leaves(value: object) -> tuple[Leaf, ...]:
    """Every leaf of a value of a recordable class, in the order of its fields."""
    return tuple(_walk(shape_of(type(value)), value, (), ""))


def _walk(shape: Shape, value: Any, path: tuple[str, ...], field: str) -> Iterator[Leaf]:  # noqa: ANN401
    match shape:
        case Record(kind):
            yield from _fields(kind, value, path)
        case OneOf():
            kind = type(value)
            tag = tag_of(kind)
            if fields_of(kind):
                yield from _fields(kind, value, (*path, tag))
            else:
                yield Leaf(path=path, field=field, shape=Text(), value=tag)
        case Many(item) if _is_leaf(item):
            yield Leaf(path=path, field=field, shape=shape, value=tuple(value))
        case Many(item):
            yield from _listed(item, value, path, field)
        case Row(items):
            for place, (item, each) in enumerate(zip(items, value, strict=True), start=1):
                yield from _walk(item, each, (*path, f"[{place}]"), field)
        case _:
            yield Leaf(path=path, field=field, shape=shape, value=value)


def _fields(kind: type[Any], value: object, path: tuple[str, ...]) -> Iterator[Leaf]:
    for field in fields_of(kind):
        held = getattr(value, field.name)
        if held is not None:
            yield from _walk(field.shape, held, (*path, field.name), field.name)


def _listed(
    item: Shape, values: tuple[Any, ...], path: tuple[str, ...], field: str
) -> Iterator[Leaf]:
    names = part_names(values)
    if len(names) > 1 and names[0] != "1":
        yield Leaf(path=(*path, ORDER), field=field, shape=None, value=names)
    for name, each in zip(names, values, strict=True):
        yield from _walk(item, each, (*path, f"[{name}]"), field)


def part_names(values: tuple[Any, ...]) -> tuple[str, ...]:
    """What each part of a list is called: by its own id, or by its place if it has none."""
    for key in _KEYS:
        if not all(hasattr(each, word) for each in values for word in key):
            continue
        names = tuple(
            " ".join(str(held) for word in key if (held := getattr(each, word)) is not None)
            for each in values
        )
        if len(set(names)) == len(names) and all(names):
            return names
    return tuple(str(place) for place in range(1, len(values) + 1))


def _is_leaf(shape: Shape) -> bool:
    return isinstance(shape, Text | Whole | Scaled | Time | Choice)
