"""The shape of a value class, read once from its annotations: what every codec here walks.

A recordable class is a frozen dataclass whose fields are text, whole numbers, floats with a
unit token in their name, instants, closed sets of words (StrEnum), other recordable classes,
closed unions of them, or tuples of any of these; a field may be optional, and then its default
is None. A field with the metadata `UNLESS_DEFAULT` is written only where it is not its default:
so a class may gain a field, and what was signed before stays as it was. No dict, set, bool or
bare float: signed data holds integers and strings only, and one value has one form.
Implements COD-001 to COD-006, COD-012.
"""

import re
import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, NewType, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from crosstell.core.quantity import (
    feet_to_m,
    knots_to_mps,
    nautical_miles_to_m,
    statute_miles_to_m,
)

SIGNED = "signed"  # the key of the metadata that is for us; a class writes it out, as it is pure
UNLESS_DEFAULT = "unless-default"

_MadeT = TypeVar("_MadeT", bound=Callable[..., Any])


def remembered(make: _MadeT) -> _MadeT:
    """`make`, run once per argument. `functools.cache`, typed so that a class may be the key."""
    return cast(_MadeT, cache(make))


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit token: how a float is held as an integer when it is signed."""

    token: str  # last word of the field's name, as in radius_m
    grain: str  # the token of the integer form, as in radius_mm
    scale: int  # grains per unit


UNITS = (
    Unit("deg", "e7", 10_000_000),
    Unit("m", "mm", 1_000),
    Unit("s", "ms", 1_000),
    Unit("mps", "mmps", 1_000),
)
_UNIT_BY_TOKEN = {unit.token: unit for unit in UNITS}
_UNIT_NAME = re.compile(r"(?P<stem>.+)_(?P<token>deg|mps|m|s)(?P<qualifier>_min|_max)?")

Convert = Callable[[float], float]


def _times(factor: float) -> Convert:
    return lambda value: value * factor


OTHER_UNITS: Mapping[str, Mapping[str, Convert]] = {
    "m": {
        "km": _times(1_000.0),
        "ft": feet_to_m,
        "nm": nautical_miles_to_m,
        "statute_miles": statute_miles_to_m,
    },
    "s": {"minutes": _times(60.0), "hours": _times(3_600.0), "days": _times(86_400.0)},
    "mps": {"kt": knots_to_mps},
    "deg": {},
}


def other_names(name: str) -> dict[str, Convert]:
    """The keys that a person may write for the field `name`, each with its conversion.

    The key says the unit, so nothing is guessed; `_min` is a minimum, never minutes.
    Implements COD-032.
    """
    match = _UNIT_NAME.fullmatch(name)
    if match is None:
        return {}
    stem, qualifier = match["stem"], match["qualifier"] or ""
    return {
        f"{stem}_{unit}{qualifier}": convert
        for unit, convert in OTHER_UNITS[match["token"]].items()
    }


def is_angle(name: str) -> bool:
    """Whether the name of a field says that it is in degrees."""
    match = _UNIT_NAME.fullmatch(name)
    return match is not None and _UNIT_BY_TOKEN[match["token"]].grain == "e7"


@dataclass(frozen=True, slots=True)
class Text:
    """A string."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number."""


@dataclass(frozen=True, slots=True)
class Scaled:
    """A float in the unit that the field's name states."""

    unit: Unit


@dataclass(frozen=True, slots=True)
class Time:
    """An aware UTC instant."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One word of a closed set."""

    kind: type[StrEnum]


@dataclass(frozen=True, slots=True)
class Record:
    """A value class; its fields are asked for by `fields_of`, so a class may hold itself."""

    kind: type[Any]


@dataclass(frozen=True, slots=True)
class OneOf:
    """A closed union of value classes, told apart by their tag."""

    kinds: tuple[type[Any], ...]


@dataclass(frozen=True, slots=True)
class Many:
    """A tuple of any length, all of one shape."""

    item: "Shape"


@dataclass(frozen=True, slots=True)
class Row:
    """A tuple of fixed length, each place with its own shape."""

    items: tuple["Shape", ...]


Shape = Text | Whole | Scaled | Time | Choice | Record | OneOf | Many | Row


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name in code and in documents, its key in signed data, and its shape."""

    name: str
    key: str
    shape: Shape
    optional: bool  # None is allowed and is written as absence
    required: bool  # neither has a default nor may be left out as unknown
    unsaid: tuple[object, ...] = ()  # the default that absence stands for, if it does


@remembered
def tag_of(kind: type[Any]) -> str:
    """The word that names a class in a union: its name in snake case."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", kind.__name__).lower()


@remembered
def fields_of(kind: type[Any]) -> tuple[Field, ...]:
    """The fields of a value class in order; TypeError names what could not be recorded."""
    if not is_dataclass(kind):
        raise TypeError(f"{kind!r} is not a dataclass; recorded values are frozen dataclasses")
    hints = get_type_hints(kind)
    found = tuple(
        _field(
            f"{kind.__name__}.{field.name}",
            hints[field.name],
            default=None if field.default is MISSING else field,
            required=field.default is MISSING and field.default_factory is MISSING,
            unsaid=_unsaid(f"{kind.__name__}.{field.name}", field),
        )
        for field in fields(kind)
    )
    keys = [field.key for field in found]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise TypeError(
            f"{kind.__name__}: two fields share the signed key {twice[0]!r}; rename one"
        )
    return found


def _unsaid(where: str, field: Any) -> tuple[object, ...]:  # noqa: ANN401 - any field
    """The default that absence stands for, by the field's metadata; nothing for most fields."""
    word = field.metadata.get(SIGNED)
    if word is None:
        return ()
    if word != UNLESS_DEFAULT or field.default in (MISSING, None):
        raise TypeError(f"{where}: {SIGNED} is {word!r}; write {UNLESS_DEFAULT!r}, and a default")
    return (field.default,)


def _field(
    where: str,
    hint: object,
    *,
    default: Any,  # noqa: ANN401
    required: bool,
    unsaid: tuple[object, ...],
) -> Field:
    name = where.rpartition(".")[2]
    bare, optional = _without_none(hint)
    if optional and default is not None and default.default is not None:
        raise TypeError(f"{where}: an optional field has the default None, so that absence is None")
    match = _UNIT_NAME.fullmatch(name)
    unit = _UNIT_BY_TOKEN[match["token"]] if match else None
    shape = _shape(where, bare, unit)
    key = name
    if _holds(shape, Scaled) and match and unit:
        key = f"{match['stem']}_{unit.grain}{match['qualifier'] or ''}"
    elif _holds(shape, Time):
        key = f"{name}_us"
    return Field(name, key, shape, optional, required and not optional, unsaid)


def _without_none(hint: object) -> tuple[object, bool]:
    if get_origin(hint) not in (Union, types.UnionType):
        return hint, False
    kept = tuple(arg for arg in get_args(hint) if arg is not type(None))
    if len(kept) == len(get_args(hint)):
        return hint, False
    return (kept[0] if len(kept) == 1 else Union[kept]), True  # noqa: UP007 - built at run time


def shape_of(kind: object, *, where: str = "value") -> Shape:
    """The shape of a class or union of classes, for the top of a document or a signed body."""
    return _shape(where, kind, None)


def _shape(where: str, hint: object, unit: Unit | None) -> Shape:
    while isinstance(hint, NewType):
        hint = hint.__supertype__
    origin = get_origin(hint)
    if origin is tuple:
        return _tuple_shape(where, get_args(hint), unit)
    if origin in (Union, types.UnionType):
        return _union_shape(where, get_args(hint))
    if hint is float and unit is None:
        raise TypeError(
            f"{where}: a float needs a unit token (_deg, _m, _s or _mps, then _min or _max)"
        )
    found = _plain_shape(hint, unit)
    if found is None:
        raise TypeError(
            f"{where}: {hint!r} cannot be recorded; use str, int, a float with a unit, datetime, "
            "StrEnum, tuple, or a dataclass of these"
        )
    return found


def _plain_shape(hint: object, unit: Unit | None) -> Shape | None:
    if hint is float and unit is not None:
        return Scaled(unit)
    for leaf, shape in ((str, Text()), (int, Whole()), (datetime, Time())):
        if hint is leaf:
            return cast(Shape, shape)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return Choice(hint)
    if isinstance(hint, type) and is_dataclass(hint):
        return Record(hint)
    return None


def _tuple_shape(where: str, args: tuple[object, ...], unit: Unit | None) -> Shape:
    if len(args) == 2 and args[1] is Ellipsis:
        return Many(_shape(f"{where}[]", args[0], unit))
    if not args:
        raise TypeError(f"{where}: a tuple states what it holds, as in tuple[str, ...]")
    return Row(tuple(_shape(f"{where}[{i}]", arg, unit) for i, arg in enumerate(args)))


def _union_shape(where: str, args: tuple[object, ...]) -> Shape:
    kinds = tuple(arg for arg in args if isinstance(arg, type) and is_dataclass(arg))
    if len(kinds) != len(args):
        raise TypeError(f"{where}: a union holds dataclasses only (and None, in a field)")
    tags = {tag_of(kind) for kind in kinds}
    if len(tags) != len(kinds):
        raise TypeError(f"{where}: two classes of the union have the same tag; rename one")
    return OneOf(kinds)


def _holds(shape: Shape, leaf: type[Scaled] | type[Time]) -> bool:
    match shape:
        case Many(item):
            return _holds(item, leaf)
        case Row(items):
            return all(_holds(item, leaf) for item in items)
        case _:
            return isinstance(shape, leaf)


def check_recordable(kind: object) -> None:
    """Raise TypeError, naming the field, unless `kind` and all that it holds can be recorded."""
    seen: set[type[Any]] = set()
    waiting = list(_classes(shape_of(kind)))
    while waiting:
        found = waiting.pop()
        if found in seen:
            continue
        seen.add(found)
        for field in fields_of(found):
            waiting.extend(_classes(field.shape))


def _classes(shape: Shape) -> Iterator[type[Any]]:
    match shape:
        case Record(kind):
            yield kind
        case OneOf(kinds):
            yield from kinds
        case Many(item):
            yield from _classes(item)
        case Row(items):
            for item in items:
                yield from _classes(item)
        case _:
            return


def described(kind: object) -> str:
    """Everything that decides how values of `kind` are written, down to the last field.

    Two versions of a class that are written alike have one description.
    """
    seen: set[type[Any]] = set()
    return _described(shape_of(kind), seen)


def _described(shape: Shape, seen: set[type[Any]]) -> str:
    match shape:
        case Record(kind):
            return _described_class(kind, seen)
        case OneOf(kinds):
            return " | ".join(_described_class(kind, seen) for kind in kinds)
        case Many(item):
            return f"[{_described(item, seen)}]"
        case Row(items):
            return f"({', '.join(_described(item, seen) for item in items)})"
        case Choice(kind):
            return f"{kind.__name__}{[word.value for word in kind]}"
        case Scaled(unit):
            return unit.grain
        case Text() | Whole() | Time():
            return type(shape).__name__


def _described_class(kind: type[Any], seen: set[type[Any]]) -> str:
    if kind in seen:
        return kind.__name__
    seen.add(kind)
    inner = (
        f"{field.key}{'?' * field.optional}{_left_out(field)}: {_described(field.shape, seen)}"
        for field in fields_of(kind)
    )
    return f"{kind.__name__}{{{'; '.join(inner)}}}"


def _left_out(field: Field) -> str:
    return f"={field.unsaid[0]!r}" if field.unsaid else ""
