"""The published schemas: what a scenario's files hold, and what a replay gives back.

`docs/schemas/` has them under these names; a test says when they are stale. A file as its author
writes it, with forms in it, is described by the schema of its name; inputs, legs and habits are
described again as they are once their forms are replaced. Implements REP-042, REP-087.
"""

import json
from typing import Any

from crosstell.codecs.schema import DIALECT, Schema, document_schema
from crosstell.core.mechanism.inputs import Act
from crosstell.core.protocol.document import Protocol
from crosstell.replay.given.habits import Delay
from crosstell.replay.given.scenario import Condition, Scenario
from crosstell.replay.given.timed import Leg, Repeat, TimedInput
from crosstell.replay.result_json import print_schema
from crosstell.sim.people import Habit

_NUMBER: Schema = {"anyOf": [{"type": "number"}, {"$ref": "#/$defs/Form"}]}
_SHIFT = dict.fromkeys(("plus_s", "plus_minutes", "minus_s", "minus_minutes"), _NUMBER)
_FORMS: dict[str, Schema] = {
    "assumed": {},
    "at_point": _SHIFT,
    "at_place": {"bearing_deg": _NUMBER, "distance_m": _NUMBER},
    "the": _SHIFT,
    "numbered": {},
}


def published() -> dict[str, str]:
    """Each schema's file name and its text."""
    documents = {
        "replay-scenario.json": document_schema(Scenario, title="scenario.yaml of a scenario"),
        "replay-protocol.json": document_schema(Protocol, title="protocol.yaml of a scenario"),
        "replay-inputs-file.json": _inputs_file(),
        "replay-people-file.json": _people_file(),
        "replay-input.json": document_schema(TimedInput, title="one input, its forms replaced"),
        "replay-leg.json": document_schema(Leg, title="one leg, its forms replaced"),
        "replay-habit.json": document_schema(Habit, title="one habit, its forms replaced"),
    }
    texts = {
        name: json.dumps(schema, ensure_ascii=False, indent=1) + "\n"
        for name, schema in documents.items()
    }
    return {**texts, "replay-result.json": print_schema()}


def _inputs_file() -> Schema:
    """`inputs.yaml` as written: inputs with `when` and `repeat`, claims entered together, legs."""
    known = _described(TimedInput, Leg, Repeat, Condition)
    known["TimedInput"]["properties"] |= {"when": _list("Condition"), "repeat": _one("Repeat")}
    known["Leg"]["properties"] |= {"when": _list("Condition")}
    part = {name: rule for name, rule in known["ClaimStated"].items() if name != "required"}
    known["ClaimPart"] = {**part, "description": "A claim; what it leaves out stands in all."}
    known["ClaimsTogether"] = {
        "type": "object",
        "properties": {
            "at": known["TimedInput"]["properties"]["at"],
            "by": known["Act"]["properties"]["by"],
            "when": _list("Condition"),
            "all": _one("ClaimPart"),
            "each": _list("ClaimPart"),
        },
        "required": ["at", "by", "each"],
        "additionalProperties": False,
    }
    lists = {
        "inputs": _list("TimedInput"),
        "claims": _list("ClaimsTogether"),
        "legs": _list("Leg"),
    }
    return _file("inputs.yaml of a party, as written", lists, known)


def _people_file() -> Schema:
    """`people.yaml` as written: habits with their acts, each with its delay."""
    known = _described(Habit, Act, Delay, Condition)
    known["Delay"]["properties"] |= {"when": _list("Condition"), "act": _one("Act")}
    known["Delay"]["required"] = [*known["Delay"].get("required", ()), "act"]
    known["HabitWithActs"] = {
        "type": "object",
        "properties": {
            "when": _list("Condition"),
            "habit": _one("Habit"),
            "acts": {**_list("Delay"), "minItems": 1},
        },
        "required": ["habit", "acts"],
        "additionalProperties": False,
    }
    found = _file(
        "people.yaml of a scenario, as written", {"habits": _list("HabitWithActs")}, known
    )
    return {**found, "required": ["habits"]}


def _described(*kinds: type[Any]) -> dict[str, Any]:
    """Every class that these are made of, with a form allowed in place of each value."""
    found: dict[str, Any] = {}
    for kind in kinds:
        found |= _apart(document_schema(kind, title="")["$defs"], found, kind.__name__)
    return {name: _with_forms(schema) for name, schema in found.items()}


def _apart(schemas: dict[str, Any], found: dict[str, Any], owner: str) -> dict[str, Any]:
    """The schemas, those with another class's name in `found` under their owner's name too."""
    twice = [name for name in schemas if name in found and found[name] != schemas[name]]
    text = json.dumps(schemas)
    for name in twice:
        text = text.replace(f'"#/$defs/{name}"', f'"#/$defs/{owner}{name}"')
    changed: dict[str, Any] = json.loads(text)
    return {f"{owner}{name}" if name in twice else name: changed[name] for name in changed}


def _with_forms(schema: Schema) -> Schema:
    """The schema of a class, each value of which may be a form instead."""
    fields = schema.get("properties", {})
    return {**schema, "properties": {name: _or_form(value) for name, value in fields.items()}}


def _or_form(schema: Schema) -> Schema:
    inner = dict(schema)
    if "items" in inner:
        inner["items"] = _or_form(inner["items"])
    if "oneOf" in inner:
        inner["oneOf"] = [_with_forms(m) if "properties" in m else m for m in inner["oneOf"]]
    return {"anyOf": [inner, _one("Form")]}


def _one(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _list(name: str) -> Schema:
    return {"type": "array", "items": _one(name)}


def _file(title: str, lists: Schema, known: dict[str, Any]) -> Schema:
    forms = [
        {
            "type": "object",
            "properties": {name: {"type": "string"}, **beside},
            "required": [name],
            "additionalProperties": False,
        }
        for name, beside in _FORMS.items()
    ]
    known["Form"] = {"description": "A form in place of a value.", "oneOf": forms}
    return {
        "$schema": DIALECT,
        "title": title,
        "type": "object",
        "properties": lists,
        "additionalProperties": False,
        "$defs": {name: known[name] for name in sorted(known)},
    }
