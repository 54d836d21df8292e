"""The OpenAPI 3.1 document, from the table of routes and the types that it names.

Wire envelopes are described by msgspec, core values and documents by `codecs/schema.py`; so the
document cannot say what the code does not read. Implements API-040.
"""

import json
from collections.abc import Iterable
from functools import cache
from typing import Any

import msgspec

from crosstell.codecs.api.wire import Problem
from crosstell.codecs.schema import document_schema, result_schema
from crosstell.core.mechanism.screen.screen import Screen
from crosstell.shell.api.doing.second import FIELD, WITH_SECOND
from crosstell.shell.api.problems import MEDIA_TYPE
from crosstell.shell.api.routes import BASE, Media, Route
from crosstell.shell.api.table import ROUTES
from crosstell.shell.api.taking import CSRF_HEADER

_REF = "#/components/schemas/"
PROBLEMS = (400, 401, 403, 404, 408, 409, 410, 413, 415, 422, 429, 500, 503)
Json = dict[str, Any]


class _Schemas:
    """All schemas of the document, each under a name of its own."""

    def __init__(self) -> None:
        self.held: Json = {}

    def struct(self, kind: type[msgspec.Struct]) -> Json:
        """A reference to a wire envelope."""
        _, found = msgspec.json.schema_components([kind], ref_template=_REF + "{name}")
        self._put(found)
        return {"$ref": _REF + kind.__name__}

    def document(self, kind: object) -> Json:
        """A reference to, or the schema of, what a person writes."""
        return self._values(document_schema(kind, title=""), "given.", _name(kind))

    def result(self, kind: object) -> Json:
        """A reference to what is printed of a core value."""
        return self._values(result_schema(kind, title=""), "shown.", _name(kind))

    def add_numbers(self, name: str, *numbers: str) -> None:
        """Beside what it has, the class is shown with these: of how much it was made."""
        schema = self.held[name]
        added = {number: {"type": "integer"} for number in numbers}
        schema["properties"] = {**added, **schema["properties"]}
        schema["required"] = [*numbers, *schema["required"]]

    def leave_out(self, name: str, field: str) -> None:
        """The class has no such field in a request: it is the session's to say."""
        schema = self.held[name]
        del schema["properties"][field]
        if field in schema.get("required", []):
            schema["required"] = [one for one in schema["required"] if one != field]

    def _values(self, schema: Json, prefix: str, top: str) -> Json:
        """The schema, its classes held under their names; one that shares its name has `top` too.

        A class that holds one with another name differs itself, so this goes on until none does.
        """
        defined: Json = schema.pop("$defs", {})
        names = {name: prefix + name for name in defined}
        while True:
            held = {names[name]: _renamed(one, names) for name, one in defined.items()}
            clash = [
                name
                for name in names
                if self.held.get(names[name], held[names[name]]) != held[names[name]]
            ]
            if not clash:
                break
            names |= {name: f"{prefix}{top}.{name}" for name in clash}
        self._put(held)
        rest = {key: value for key, value in schema.items() if key not in ("$schema", "title")}
        return dict(_renamed(rest, names))

    def _put(self, found: Json) -> None:
        for name, schema in found.items():
            if self.held.setdefault(name, schema) != schema:
                raise TypeError(f"two types are called {name}; the document needs them told apart")


def _name(kind: object) -> str:
    return str(getattr(kind, "__name__", "value"))


def _renamed(schema: Any, names: dict[str, str]) -> Any:  # noqa: ANN401 - any JSON
    """The schema with every reference to a class under that class's name in the document."""
    if isinstance(schema, dict):
        return {
            key: _REF + names[value.removeprefix("#/$defs/")]
            if key == "$ref"
            else _renamed(value, names)
            for key, value in schema.items()
        }
    return [_renamed(one, names) for one in schema] if isinstance(schema, list) else schema


@cache
def document(version: str) -> bytes:
    """The document of this version, as JSON."""
    schemas = _Schemas()
    paths: dict[str, Json] = {}
    for route in ROUTES:
        paths.setdefault(BASE + route.path, {})[route.method.lower()] = _operation(route, schemas)
    problem = schemas.struct(Problem)
    schemas.add_numbers(f"shown.{Screen.__name__}", "arrivals", "reads")
    for kind in WITH_SECOND.values():
        schemas.leave_out(f"given.{kind.__name__}", FIELD)
    found: Json = {
        "openapi": "3.1.0",
        "info": {
            "title": "Crosstell, for a party's own operators and systems",
            "version": version,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {
            "schemas": {name: schemas.held[name] for name in sorted(schemas.held)},
            "responses": {
                "Problem": {
                    "description": "RFC 9457: what happened, to what, what to do",
                    "content": {MEDIA_TYPE: {"schema": problem}},
                }
            },
            "securitySchemes": {
                "session": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "crosstell-FEED",
                    "description": "FEED: how the name of this node's feed begins, by 12 letters; "
                    "over TLS the name is __Host-crosstell-FEED",
                },
                "token": {"type": "http", "scheme": "bearer"},
            },
        },
    }
    return json.dumps(found, indent=1, ensure_ascii=False).encode() + b"\n"


def _operation(route: Route, schemas: _Schemas) -> Json:
    found: Json = {
        "operationId": route.name,
        "summary": route.summary,
        "responses": {
            **{str(status): _answer(route, one, schemas) for status, one in route.answers.items()},
            **_problems(route),
        },
    }
    if route.right is None:
        found["security"] = []
    else:
        found["description"] = f"Needs the right to {route.right.replace('-', ' ')}."
        found["security"] = [{"token": []}] if route.is_large else [{"session": []}]
    if parameters := list(_parameters(route)):
        found["parameters"] = parameters
    if route.given is not None:
        is_wire = isinstance(route.given, type) and issubclass(route.given, msgspec.Struct)
        schema = schemas.struct(route.given) if is_wire else schemas.document(route.given)  # type: ignore[arg-type]
        found["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": schema}},
        }
    return found


def _answer(route: Route, answer: object, schemas: _Schemas) -> Json:
    content: Json
    if isinstance(answer, Media | tuple):
        media = (answer,) if isinstance(answer, Media) else answer
        content = {one.value: {"schema": {"type": "string"}} for one in media}
    elif isinstance(answer, type) and issubclass(answer, msgspec.Struct):
        content = {"application/json": {"schema": schemas.struct(answer)}}
    else:
        content = {"application/json": {"schema": schemas.result(answer)}}
    return {"description": route.summary, "content": content}


def _problems(route: Route) -> Json:
    told = {"$ref": "#/components/responses/Problem"}
    return {str(status): told for status in PROBLEMS if status not in route.answers}


def _parameters(route: Route) -> Iterable[Json]:
    for one in route.parameters:
        found: Json = {"name": one.name, "in": one.where, "schema": dict(one.schema)}
        if one.text:
            found["description"] = one.text
        if one.required:
            found["required"] = True
        yield found
    if not route.is_safe and route.right is not None and not route.is_large:
        yield {
            "name": CSRF_HEADER,
            "in": "header",
            "required": True,
            "description": "The session's `csrf`.",
            "schema": {"type": "string", "maxLength": 100},
        }


if __name__ == "__main__":
    import sys

    from crosstell import __version__

    sys.stdout.buffer.write(document(__version__))
