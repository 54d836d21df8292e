"""The result as JSON, and the published schema of it, both read from the result's own classes.

Keys are the field names, in their order; instants are RFC 3339 with Z; what was not reached is
null. The same result gives the same bytes. Implements REP-040, REP-041, REP-043.
"""

import json
import types
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from crosstell.core.instant import parse_instant
from crosstell.papers.told_json import Json, as_json
from crosstell.replay.result import ReplayResult

SCHEMA_ID = "https://crosstell.invalid/schemas/replay-result-1.json"


def print_result(result: ReplayResult) -> str:
    """The result as JSON text, ending in a newline."""
    return json.dumps(as_json(result), ensure_ascii=False, indent=1) + "\n"


def schema() -> dict[str, Json]:
    """The JSON Schema (2020-12) of a result, as published."""
    definitions: dict[str, Json] = {}
    root = _of(ReplayResult, definitions)
    assert isinstance(root, dict)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": "Result of a replay",
        **root,
        "$defs": dict(sorted(definitions.items())),
    }


def print_schema() -> str:
    """The schema as it is published."""
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


def _of(hint: Any, definitions: dict[str, Json]) -> Json:  # noqa: ANN401 - any annotation
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return {"anyOf": [_of(arg, definitions) for arg in get_args(hint)]}
    if origin is tuple:
        return _tuple(get_args(hint), definitions)
    simple: dict[Any, Json] = {
        type(None): {"type": "null"},
        str: {"type": "string"},
        int: {"type": "integer"},
        float: {"type": "number"},
        datetime: {"type": "string", "format": "date-time"},
    }
    if hint in simple:
        return simple[hint]
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return {"type": "string", "enum": [member.value for member in hint]}
    return _object(hint, definitions)


def _tuple(args: tuple[Any, ...], definitions: dict[str, Json]) -> Json:
    if len(args) == 2 and args[1] is Ellipsis:
        return {"type": "array", "items": _of(args[0], definitions)}
    items: list[Json] = [_of(arg, definitions) for arg in args]
    return {"type": "array", "prefixItems": items, "minItems": len(args), "maxItems": len(args)}


def _object(kind: type, definitions: dict[str, Json]) -> Json:
    name = kind.__name__
    if name not in definitions:
        definitions[name] = {}
        hints = get_type_hints(kind)
        names = [field.name for field in fields(kind)]
        definitions[name] = {
            "type": "object",
            "description": (kind.__doc__ or "").split("\n")[0],
            "properties": {field: _of(hints[field], definitions) for field in names},
            "required": list(names),
            "additionalProperties": False,
        }
    return {"$ref": f"#/$defs/{name}"}


def from_json(hint: Any, data: Json) -> Any:  # noqa: ANN401 - whatever the hint says
    """A part of a result from its JSON; ValueError, KeyError or TypeError if it is not one."""
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        if data is None:
            return None
        return from_json(next(a for a in get_args(hint) if a is not type(None)), data)
    if origin is tuple:
        args = get_args(hint)
        assert isinstance(data, list), "a tuple is a list in JSON"
        if len(args) == 2 and args[1] is Ellipsis:
            return tuple(from_json(args[0], item) for item in data)
        return tuple(from_json(arg, item) for arg, item in zip(args, data, strict=True))
    if hint is datetime:
        return parse_instant(str(data))
    if isinstance(hint, type) and is_dataclass(hint):
        assert isinstance(data, dict), "a value is an object in JSON"
        return hint(**{name: from_json(part, data[name]) for name, part in _hints(hint)})
    return hint(data)


@cache
def _hints(kind: Any) -> tuple[tuple[str, Any], ...]:  # noqa: ANN401
    hints = get_type_hints(kind)
    return tuple((field.name, hints[field.name]) for field in fields(kind))
