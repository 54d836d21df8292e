"""A JSON text as the tree that `document` reads, so that what an API takes is what a file holds.

RFC 8259 in UTF-8. No key twice, no half of a surrogate pair, at most 32 levels; a string is
quoted text, a number is the digits as written. Marks have no meaning in a request: faults name
their path. Implements API-030, API-031.
"""

import json
from typing import Any, TypeVar, overload

from crosstell.codecs.document import from_document
from crosstell.codecs.yaml_document import (
    DEPTH_MAX,
    Document,
    DocumentFault,
    DocumentRefused,
    Listing,
    Mapping,
    Mark,
    Node,
    Scalar,
)

ValueT = TypeVar("ValueT")

NAME = "body"
NESTING_MAX = DEPTH_MAX
_HERE = Mark(1, 1)


class _Pairs(list[tuple[str, Any]]):
    """An object as it was written, doubled keys and all."""


@overload
def from_json(kind: type[ValueT], data: bytes) -> ValueT: ...
@overload
def from_json(kind: object, data: bytes) -> Any: ...  # noqa: ANN401
def from_json(kind: object, data: bytes) -> object:
    """The value that the JSON text states, or DocumentRefused with every fault found."""
    return from_document(kind, parse_json(data))


def parse_json(data: bytes) -> Document:
    """The tree of a JSON text; DocumentRefused says why there is none."""
    try:
        found = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_Pairs,
            parse_int=_number,
            parse_float=_number,
            parse_constant=_number,
        )
        root = _node(found, 0)
    except RecursionError:
        raise _refused(f"is nested deeper than {NESTING_MAX} levels; flatten it") from None
    except UnicodeDecodeError as fault:
        raise _refused(f"is not UTF-8 at byte {fault.start}; send UTF-8") from fault
    except json.JSONDecodeError as fault:
        raise _refused(f"is not JSON at character {fault.pos}: {fault.msg}; correct it") from fault
    return Document(NAME, root)


def _number(text: str) -> Scalar:
    return Scalar(text, plain=True, mark=_HERE)


def _node(value: object, depth: int) -> Node:
    if depth > NESTING_MAX:
        raise RecursionError
    match value:
        case Scalar():
            return value
        case str():
            return Scalar(_whole(value), plain=False, mark=_HERE)
        case _Pairs():
            return _mapping(value, depth)
        case list():
            return Listing(tuple(_node(one, depth + 1) for one in value), _HERE)
        case None:
            return Scalar("null", plain=True, mark=_HERE)
        case _:
            return Scalar("true" if value else "false", plain=True, mark=_HERE)


def _mapping(pairs: _Pairs, depth: int) -> Mapping:
    entries: dict[str, tuple[Scalar, Node]] = {}
    for key, value in pairs:
        if key in entries:
            raise _refused(f"key {key!r} is there twice; keep one")
        entries[key] = (Scalar(_whole(key), plain=False, mark=_HERE), _node(value, depth + 1))
    return Mapping(tuple(entries.values()), _HERE)


def _whole(text: str) -> str:
    """The text, if another program could write it out again."""
    if not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text):
        raise _refused("holds half of a surrogate pair; send whole characters")
    return text


def _refused(text: str) -> DocumentRefused:
    return DocumentRefused((DocumentFault(NAME, _HERE, "", text),))
