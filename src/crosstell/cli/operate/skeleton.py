"""A form of an act to fill in: YAML with every key, what each holds, and what may be left out.

`crosstell act NAME --form > FILE`, fill in, `crosstell act NAME --file FILE`. Implements OPE-003.
"""

from collections.abc import Iterator
from typing import Any

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
    other_names,
    tag_of,
)
from crosstell.core.geometry.footprint import Circle

DEPTH_MAX = 8
STEP = "  "
_LEAVES: dict[type[Shape], str] = {
    Text: "text",
    Whole: "a whole number",
    Scaled: "a number",
    Time: "a UTC time, as 2023-10-05T08:40:00Z, or +10m from now",
}


def form(kind: type[Any]) -> str:
    """The form of one class; lines that begin with # may be left out."""
    head = (kind.__doc__ or "").split("\n\n")[0].strip().replace("\n", " ")
    lines = [f"# {' '.join(head.split())}", *_fields(kind, 0, ())]
    return "\n".join(lines) + "\n"


def hint(shape: Shape) -> str:
    """What a place holds, in a few words."""
    match shape:
        case Text() | Whole() | Scaled() | Time():
            return _LEAVES[type(shape)]
        case Choice(kind):
            return " | ".join(kind)
        case Record(kind):
            return ", ".join(field.name for field in fields_of(kind)) or "{}"
        case OneOf(kinds):
            return " | ".join(map(tag_of, kinds))
        case Many(item):
            return f"a list: {hint(item)}"
        case Row(items):
            return f"a list of {len(items)}"


def _fields(kind: type[Any], depth: int, above: tuple[type[Any], ...]) -> Iterator[str]:
    for field in fields_of(kind):
        yield from _field(field, depth, (*above, kind))


def _field(field: Field, depth: int, above: tuple[type[Any], ...]) -> Iterator[str]:
    indent = STEP * depth
    if not field.required:
        yield f"{indent}# {field.name}: {hint(field.shape)}"
        return
    inner = list(_inside(field.shape, depth + 1, above))
    units = ""
    if isinstance(field.shape, Scaled) and other_names(field.name):
        units = f"  (or {', '.join(other_names(field.name))})"
    if not inner:
        yield f"{indent}{field.name}:  # {hint(field.shape)}{units}"
        return
    also = f"  # one of {hint(field.shape)}" if isinstance(field.shape, OneOf) else ""
    if isinstance(field.shape, OneOf) and Circle in field.shape.kinds:
        also += '; or behind the colon a place with its radius, as "37SFA4351 +2km"'
    yield f"{indent}{field.name}:{also}"
    yield from inner


def _inside(shape: Shape, depth: int, above: tuple[type[Any], ...]) -> Iterator[str]:
    """The lines below a key; none for what is written behind it."""
    if depth > DEPTH_MAX:
        return
    match shape:
        case Record(kind) if kind not in above and fields_of(kind):
            yield from _fields(kind, depth, above)
        case OneOf(kinds):
            first = kinds[0]
            if fields_of(first) and first not in above:
                yield f"{STEP * depth}{tag_of(first)}:"
                yield from _fields(first, depth + 1, above)
        case Many(item):
            yield f"{STEP * depth}-  # {hint(item)}"
        case _:
            return
