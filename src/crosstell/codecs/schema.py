"""JSON Schema (2020-12) of the same classes that the codecs read, so that the two cannot differ.

`document_schema` describes what a person writes (other units and left-out defaults included),
`result_schema` what `plain.to_plain` prints. Ranges and rules across fields are the classes'
own and are not in the schema: what is accepted validates, not the reverse.
Implements COD-041, COD-042.
"""

from itertools import combinations
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
    shape_of,
    tag_of,
)
from crosstell.codecs.values import WHOLE_MAX

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
INSTANT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?[Zz]$"


def document_schema(kind: object, *, title: str) -> Schema:
    """The schema of a document that `from_document(kind, ...)` reads."""
    return _Writer(document=True).write(kind, title)


def result_schema(kind: object, *, title: str) -> Schema:
    """The schema of what `to_plain` prints for a value of `kind`."""
    return _Writer(document=False).write(kind, title)


class _Writer:
    """Writes one schema; each class is described once, under its own name."""

    def __init__(self, *, document: bool) -> None:
        self.document = document
        self.classes: dict[str, type[Any]] = {}
        self.described: dict[str, Schema] = {}

    def write(self, kind: object, title: str) -> Schema:
        top = self._of(shape_of(kind))
        return {"$schema": DIALECT, "title": title, **top, "$defs": self._sorted()}

    def _sorted(self) -> Schema:
        return {name: self.described[name] for name in sorted(self.described)}

    def _of(self, shape: Shape) -> Schema:
        match shape:
            case Record(kind):
                return self._reference(kind)
            case OneOf(kinds):
                return {"oneOf": [self._member(kind) for kind in kinds]}
            case Many(item):
                return {"type": "array", "items": self._of(item)}
            case Row(items):
                count = len(items)
                return {
                    "type": "array",
                    "prefixItems": [self._of(item) for item in items],
                    "minItems": count,
                    "maxItems": count,
                }
            case _:
                return _leaf(shape)

    def _member(self, kind: type[Any]) -> Schema:
        tag = tag_of(kind)
        if not fields_of(kind):
            return {"const": tag}
        return {
            "type": "object",
            "properties": {tag: self._reference(kind)},
            "required": [tag],
            "additionalProperties": False,
        }

    def _reference(self, kind: type[Any]) -> Schema:
        name = kind.__name__
        known = self.classes.setdefault(name, kind)
        if known is not kind:
            raise TypeError(f"two classes are called {name}; a schema needs them told apart")
        if name not in self.described:
            self.described[name] = {}  # so that a class that holds itself ends here
            self.described[name] = self._object(kind)
        return {"$ref": f"#/$defs/{name}"}

    def _object(self, kind: type[Any]) -> Schema:
        properties: Schema = {}
        required: list[str] = []
        choices: list[Schema] = []
        taken = {field.name for field in fields_of(kind)}
        for field in fields_of(kind):
            properties[field.name] = self._of(field.shape)
            others = [name for name in self._other_names(field) if name not in taken]
            properties.update({name: {"type": "number"} for name in others})
            needed = field.required or not (self.document or field.optional)
            if others:
                choices.append(_one_of_names([field.name, *others], needed=needed))
            elif needed:
                required.append(field.name)
        found: Schema = {
            "type": "object",
            "description": (kind.__doc__ or "").split("\n\n")[0].strip(),
            "properties": properties,
            "additionalProperties": False,
        }
        if required:
            found["required"] = required
        if choices:
            found["allOf"] = choices
        return found

    def _other_names(self, field: Field) -> list[str]:
        if not self.document or not isinstance(field.shape, Scaled):
            return []
        return list(other_names(field.name))


def _one_of_names(names: list[str], *, needed: bool) -> Schema:
    """Exactly one of the names, or at most one."""
    if needed:
        return {"oneOf": [{"required": [name]} for name in names]}
    return {"not": {"anyOf": [{"required": list(pair)} for pair in combinations(names, 2)]}}


def _leaf(shape: Text | Whole | Scaled | Time | Choice) -> Schema:
    match shape:
        case Text():
            return {"type": "string"}
        case Whole():
            return {"type": "integer", "minimum": -WHOLE_MAX, "maximum": WHOLE_MAX}
        case Scaled():
            return {"type": "number"}
        case Time():
            return {"type": "string", "pattern": INSTANT}
        case Choice(kind):
            return {"enum": [member.value for member in kind]}
