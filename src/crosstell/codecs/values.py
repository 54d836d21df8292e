"""Value classes to and from signed data: JSON that holds integers, strings, lists and objects.

The unit token in a field's name says how a float becomes an integer: `lat_deg` -> `lat_e7`,
`radius_m` -> `radius_mm`, `wait_s` -> `wait_ms`, `speed_mps` -> `speed_mmps`; an instant `start`
becomes `start_us`, microseconds since 1970. A union member is `{"class_name": {...}}`, or the
bare word where the class has no fields; None is absence, and so is the default of a field whose
class says so. `from_signed` is strict: one value has
one form. Implements COD-001 to COD-012.
"""

import math
import re
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar, overload

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
    remembered,
    shape_of,
    tag_of,
)
from crosstell.core.instant import from_us, to_us

Signed = str | int | list["Signed"] | dict[str, "Signed"]
ValueT = TypeVar("ValueT")
_Code = Callable[[Any], Any]

_HALF_PAIR = re.compile("[\ud800-\udfff]")
WHOLE_MAX = 2**53 - 1  # RFC 8785 (JCS) and I-JSON: what every JSON reader holds exactly


class SignedFault(ValueError):
    """What is wrong with signed data, and where: the path from the top of the value."""

    def __init__(self, text: str, path: tuple[str, ...] = ()) -> None:
        """Keep the path apart, so that each level can put its own step before it."""
        self.text = text
        self.path = path
        where = "".join(path).lstrip(".")
        super().__init__(f"{where}: {text}" if where else text)

    def under(self, step: str) -> "SignedFault":
        """The same fault, seen from one level further up."""
        return SignedFault(self.text, (step, *self.path))


def to_signed(value: Any) -> dict[str, Signed]:  # noqa: ANN401
    """The signed form of one value of a recordable class, without a tag."""
    found: dict[str, Signed] = _encode_record(type(value))(value)
    return found


def to_signed_as(kind: object, value: object) -> Signed:
    """The signed form of `value` as `kind` declares it: tagged, where `kind` is a union."""
    found: Signed = _encoder(shape_of(kind))(value)
    return found


@overload
def from_signed(kind: type[ValueT], data: object) -> ValueT: ...
@overload
def from_signed(kind: object, data: object) -> Any: ...  # noqa: ANN401
def from_signed(kind: object, data: object) -> object:
    """The value that `data` states; SignedFault (a ValueError) names the path of the first fault.

    `kind` is a recordable class, or a union of them (then `data` is tagged).
    """
    return _decoder(shape_of(kind))(data)


@remembered
def _encoder(shape: Shape) -> _Code:
    match shape:
        case Record(kind):
            return _later(_encode_record, kind)
        case OneOf(kinds):
            return _union_encoder(kinds)
        case Many(item):
            return _many_code(_encoder(item), holder=tuple, made=list)
        case Row(items):
            return _row_code(tuple(map(_encoder, items)), holder=tuple, made=list)
        case _:
            return _leaf_encoder(shape)


def _leaf_encoder(shape: Text | Whole | Scaled | Time | Choice) -> _Code:
    match shape:
        case Text():
            return _encode_text
        case Whole():
            return _encode_whole
        case Scaled(unit):
            return _scaled_encoder(unit.scale)
        case Time():
            return _encode_time
        case Choice(kind):
            return _choice_encoder(kind)


@remembered
def _decoder(shape: Shape) -> _Code:
    match shape:
        case Record(kind):
            return _later(_decode_record, kind)
        case OneOf(kinds):
            return _union_decoder(kinds)
        case Many(item):
            return _many_code(_decoder(item), holder=list, made=tuple)
        case Row(items):
            return _row_code(tuple(map(_decoder, items)), holder=list, made=tuple)
        case _:
            return _leaf_decoder(shape)


def _leaf_decoder(shape: Text | Whole | Scaled | Time | Choice) -> _Code:
    match shape:
        case Text():
            return _encode_text
        case Whole():
            return _encode_whole
        case Scaled(unit):
            return _scaled_decoder(unit.scale)
        case Time():
            return _decode_time
        case Choice(kind):
            return _choice_decoder(kind)


def _later(make: Callable[[type[Any]], _Code], kind: type[Any]) -> _Code:
    """The code for `kind`, made at its first use, because a class may hold itself."""
    return lambda value: make(kind)(value)  # noqa: PLW0108 - made late on purpose


def _encode_text(value: object) -> str:
    if not isinstance(value, str) or isinstance(value, StrEnum):
        raise SignedFault(f"{value!r} is not text")
    if _HALF_PAIR.search(value):
        raise SignedFault("text holds half of a surrogate pair, which has no UTF-8 form")
    return value


def _encode_whole(value: object) -> int:
    if type(value) is not int:
        raise SignedFault(f"{value!r} is not a whole number")
    if not -WHOLE_MAX <= value <= WHOLE_MAX:
        raise SignedFault(f"{value} is outside -(2^53-1) to 2^53-1")
    return value


def _scaled_encoder(scale: int) -> _Code:
    def encode(value: object) -> int:
        if type(value) not in (float, int):
            raise SignedFault(f"{value!r} is not a number")
        if not math.isfinite(value):  # type: ignore[arg-type]
            raise SignedFault(f"{value!r} is not finite")
        grains = _encode_whole(round(value * scale))  # type: ignore[operator]
        if grains / scale != value:
            raise SignedFault(
                f"{value!r} is finer than 1/{scale}; the value's class rounds it in __post_init__"
            )
        return grains

    return encode


def _scaled_decoder(scale: int) -> _Code:
    return lambda data: _encode_whole(data) / scale


def _encode_time(value: object) -> int:
    if not isinstance(value, datetime):
        raise SignedFault(f"{value!r} is not an instant")
    try:
        return to_us(value)
    except ValueError as error:
        raise SignedFault(str(error)) from error


def _decode_time(data: object) -> datetime:
    try:
        return from_us(_encode_whole(data))
    except OverflowError as error:
        raise SignedFault(f"{data} microseconds is outside the years 1 to 9999") from error


def _choice_encoder(kind: type[StrEnum]) -> _Code:
    def encode(value: object) -> str:
        if type(value) is not kind:
            raise SignedFault(f"{value!r} is not a {kind.__name__}")
        return value.value

    return encode


def _choice_decoder(kind: type[StrEnum]) -> _Code:
    words = {member.value: member for member in kind}

    def decode(data: object) -> StrEnum:
        if not isinstance(data, str) or data not in words:
            raise SignedFault(f"{data!r} is not one of {', '.join(words)}")
        return words[data]

    return decode


def _many_code(code: _Code, *, holder: type[Any], made: type[Any]) -> _Code:
    def run(value: Any) -> Any:  # noqa: ANN401
        if type(value) is not holder:
            raise SignedFault(f"{value!r} is not a list")
        index = 0
        found = []
        try:
            for item in value:
                found.append(code(item))
                index += 1
        except SignedFault as fault:
            raise fault.under(f"[{index}]") from fault
        return made(found)

    return run


def _row_code(codes: tuple[_Code, ...], *, holder: type[Any], made: type[Any]) -> _Code:
    def run(value: Any) -> Any:  # noqa: ANN401
        if type(value) is not holder or len(value) != len(codes):
            raise SignedFault(f"{value!r} is not a list of {len(codes)}")
        found: list[Any] = []
        try:
            for code, item in zip(codes, value, strict=True):
                found.append(code(item))
        except SignedFault as fault:
            raise fault.under(f"[{len(found)}]") from fault
        return made(found)

    return run


def _union_encoder(kinds: tuple[type[Any], ...]) -> _Code:
    tags = {kind: tag_of(kind) for kind in kinds}

    def encode(value: object) -> Signed:
        tag = tags.get(type(value))
        if tag is None:
            raise SignedFault(f"{type(value).__name__} is not one of {', '.join(tags.values())}")
        if not fields_of(type(value)):
            return tag
        try:
            return {tag: _encode_record(type(value))(value)}
        except SignedFault as fault:
            raise fault.under(f".{tag}") from fault

    return encode


def _union_decoder(kinds: tuple[type[Any], ...]) -> _Code:
    by_tag = {tag_of(kind): kind for kind in kinds}

    def decode(data: object) -> object:
        if isinstance(data, str):
            if data in by_tag and not fields_of(by_tag[data]):
                return by_tag[data]()
            raise SignedFault(f"{data!r} is not one of {', '.join(by_tag)}")
        if type(data) is not dict or len(data) != 1:
            raise SignedFault(f"write one of {', '.join(by_tag)} as the only key")
        ((tag, body),) = data.items()
        if tag not in by_tag:
            raise SignedFault(f"{tag!r} is not one of {', '.join(by_tag)}")
        if not fields_of(by_tag[tag]):
            raise SignedFault(f"{tag} has no fields; write the bare word")
        try:
            return _decode_record(by_tag[tag])(body)
        except SignedFault as fault:
            raise fault.under(f".{tag}") from fault

    return decode


@remembered
def _encode_record(kind: type[Any]) -> _Code:
    plan = tuple((field.name, field.key, _encoder(field.shape)) for field in fields_of(kind))
    absent = _absent(kind)

    def encode(value: object) -> dict[str, Signed]:
        if type(value) is not kind:
            raise SignedFault(f"{type(value).__name__} is not a {kind.__name__}")
        found: dict[str, Signed] = {}
        key = ""
        try:
            for name, key, code in plan:
                item = getattr(value, name)
                if key in absent and item == absent[key]:
                    continue
                found[key] = code(item)
        except SignedFault as fault:
            raise fault.under(f".{key}") from fault
        return found

    return encode


def _absent(kind: type[Any]) -> dict[str, Any]:
    """What each key that may be absent stands for then: None, or the default of a field that says.

    Such a value is never written, so that it has one form.
    """
    return {
        field.key: field.unsaid[0] if field.unsaid else None
        for field in fields_of(kind)
        if field.optional or field.unsaid
    }


def _said(field: Field) -> _Code:
    """The code of a field that is there: it may not say what its absence says."""
    code = _decoder(field.shape)

    def decode(data: object) -> object:
        found = code(data)
        if (found,) == field.unsaid:
            raise SignedFault("is what its absence says; leave it out")
        return found

    return decode if field.unsaid else code


@remembered
def _decode_record(kind: type[Any]) -> _Code:
    plan = tuple((field.name, field.key, _said(field)) for field in fields_of(kind))
    absent = _absent(kind)
    keys = frozenset(field.key for field in fields_of(kind))
    needed = keys - absent.keys()

    def decode(data: Any) -> object:  # noqa: ANN401
        if type(data) is not dict or not needed <= data.keys() <= keys:
            raise _wrong_keys(data, kind)
        found: dict[str, Any] = {}
        key = ""
        try:
            for name, key, code in plan:
                found[name] = code(data[key]) if key in data else absent[key]
        except SignedFault as fault:
            raise fault.under(f".{key}") from fault
        try:
            return kind(**found)
        except ValueError as error:
            raise SignedFault(str(error)) from error

    return decode


def _wrong_keys(data: object, kind: type[Any]) -> SignedFault:
    if not isinstance(data, dict):
        return SignedFault(f"{data!r} is not an object with the fields of {kind.__name__}")
    known = [field.key for field in fields_of(kind)]
    absent = _absent(kind)
    missing = [key for key in known if key not in absent and key not in data]
    if missing:
        return SignedFault("is missing").under(f".{missing[0]}")
    extra = sorted(repr(key) for key in data.keys() - set(known))
    return SignedFault(f"unknown key {extra[0]}; it has {', '.join(known) or 'no keys at all'}")
