"""Requests made from the published document: no 5xx, and every answer is as published. API-011.

Schemathesis makes the requests, from a copy of the document in which a field has one name: it does
not read the choice between the units that a field may be given in.
"""

import copy
import json
from collections.abc import Iterator
from typing import Any

import httpx
import jsonschema_rs
import pytest
import schemathesis
from api_desk import ADMIN, BASE, OPERATOR, Desk, Person, person
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from node_pair import ALPHA, BRAVO, World, call, post, roz, seen
from sampling import examples, thinned
from test_api_views import PUBLISHED

from crosstell.codecs.plain import to_plain
from crosstell.codecs.shape import tag_of
from crosstell.core.mechanism.screen.screen import screen
from crosstell.core.state.acts import ACTS
from crosstell.shell.access.account import Right
from crosstell.shell.api.routes import Media, Route
from crosstell.shell.api.table import ROUTES

Json = Any
DOCUMENT: Json = json.loads(PUBLISHED.read_bytes())
HOW: dict[str, Any] = {
    "database": None,
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "phases": [Phase.generate, Phase.explicit],
}
FEW = settings(max_examples=2, **HOW)
ONE = settings(max_examples=2, **HOW)
MANY = settings(max_examples=examples(100), **HOW)
ENDLESS = (Media.EVENTS, Media.ARCHIVE)
ASKED = [
    route for route in ROUTES if not any(answer in ENDLESS for answer in route.answers.values())
]


def plainer(schema: Json) -> Json:
    """The schema with one name for each field: that which the code itself uses."""
    if isinstance(schema, list):
        return [plainer(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: plainer(value) for key, value in schema.items()}
    if "properties" not in found:
        return found
    for choice in found.pop("allOf", []):
        pairs = choice["oneOf"] if "oneOf" in choice else choice["not"]["anyOf"]
        names = list(dict.fromkeys(name for one in pairs for name in one["required"]))
        for other in names[1:]:
            del found["properties"][other]
        if "oneOf" in choice:
            found["required"] = [*found.get("required", []), names[0]]
    return found


def cases(body: Json, parameters: Json, components: Json) -> st.SearchStrategy[Any]:
    """Requests with such a body and such parameters."""
    operation: Json = {"responses": {"200": {"description": ""}}, "parameters": parameters}
    if body is not None:
        content = {"application/json": {"schema": body}}
        operation["requestBody"] = {"required": True, "content": content}
    in_path = [f"{{{one['name']}}}" for one in parameters if one["in"] == "path"]
    document = {
        "openapi": "3.1.0",
        "info": {"title": "", "version": "1"},
        "paths": {"/" + "/".join(in_path): {"post": operation}},
        "components": components,
    }
    made: Any = schemathesis.openapi.from_dict(document)
    found: st.SearchStrategy[Any] = next(iter(made.get_all_operations())).ok().as_strategy()
    return found


PLAINER = {"schemas": plainer(DOCUMENT["components"]["schemas"])}


def as_published(route: Route, found: httpx.Response) -> None:
    """No fault of ours, and what the document says of such an answer."""
    assert found.status_code < 500, f"{route.name}: {found.text}"
    responses = DOCUMENT["paths"][BASE + route.path][route.method.lower()]["responses"]
    answer = responses[str(found.status_code)]
    if "$ref" in answer:
        answer = DOCUMENT["components"]["responses"]["Problem"]
    media = found.headers["Content-Type"].partition(";")[0]
    schema = answer["content"][media]["schema"]
    whole = {**schema, "components": DOCUMENT["components"]}
    jsonschema_rs.Draft202012Validator(whole).validate(
        found.json() if "json" in media else found.text
    )


@pytest.fixture(scope="module")
def people() -> Iterator[dict[str, Person]]:
    """One node with something in it, and whoever may ask for each thing."""
    desk = Desk(
        screen=screen,
        recall=lambda _moment: (World().state(ALPHA), 0),
        report=lambda _incident, _language: ("<!doctype html>", "default-src 'none'"),
    )
    for number in range(4):
        desk.world.observe(ALPHA, seen(desk.world.now, 200.0 - number))
        desk.world.wait(5.0)
    desk.world.settle(ALPHA, roz("roz-1", BRAVO))
    desk.world.settle(BRAVO, roz("roz-2", ALPHA))
    desk.world.settle(ALPHA, call("c-1"))
    desk.clock.at = desk.world.now
    with desk.running() as client:
        yield {
            "client": Person(client),
            "olga": person(client, OPERATOR, watch=True),
            "adam": person(client, ADMIN),
            "token": Person(client, csrf=desk.token),
        }
        assert desk.sequencer.runs, desk.sequencer.fault
        assert desk.world.parties[ALPHA].node.degraded is None
        desk.access.audit.check()


def whoever(route: Route, people: dict[str, Person]) -> Person:
    if route.right is None:
        return people["client"]
    if route.name == "go_out":
        return person(people["client"].client, OPERATOR)
    return people["adam" if route.right is Right.KEEP_ACCOUNTS else "olga"]


def ask(route: Route, case: Any, people: dict[str, Person]) -> None:  # noqa: ANN401
    path = route.path
    for name, value in (case.path_parameters or {}).items():
        path = path.replace(f"{{{name}}}", str(value))
    headers = {
        name: str(value).encode("utf-8", "surrogatepass")
        for name, value in (case.headers or {}).items()
        if name != "X-CSRF-Token"
    }
    more: Json = {"params": dict(case.query or {})}
    if route.given is not None:
        more["content"] = json.dumps(case.body).encode()
        headers["Content-Type"] = b"application/json"
    if route.is_large:
        headers["Authorization"] = f"Bearer {people['token'].csrf}".encode()
        found = people["client"].ask(route.method, path, headers=headers, **more)
    else:
        found = whoever(route, people).ask(route.method, path, headers=headers, **more)
    as_published(route, found)


def fuzzed(route: Route, people: dict[str, Person], how: settings) -> None:
    operation = DOCUMENT["paths"][BASE + route.path][route.method.lower()]
    body = None
    if route.given is not None and route.name != "act":
        body = plainer(operation["requestBody"]["content"]["application/json"]["schema"])
    parameters = copy.deepcopy(operation.get("parameters", []))

    @how
    @given(case=cases(body, parameters, PLAINER))
    def asked(case: Any) -> None:  # noqa: ANN401
        ask(route, case, people)

    asked()


ACT = next(route for route in ROUTES if route.name == "act")
OTHERS = [route for route in ASKED if route is not ACT]


@pytest.mark.parametrize("route", OTHERS, ids=[route.name for route in OTHERS])
def test_api_011_no_request_made_from_the_document_is_a_fault_of_ours(
    route: Route, people: dict[str, Person]
) -> None:
    fuzzed(route, people, FEW)


@pytest.mark.long
@pytest.mark.parametrize("route", OTHERS, ids=[route.name for route in OTHERS])
def test_api_011_nor_is_any_of_many_more(route: Route, people: dict[str, Person]) -> None:
    fuzzed(route, people, MANY)


def fuzz_act(kind: type[Any], people: dict[str, Person], how: settings) -> None:
    schema = {"$ref": f"#/components/schemas/given.{kind.__name__}"}
    keys = st.integers(0, 10**9).map("fuzz-{}".format)

    @how
    @given(case=cases(schema, [], PLAINER), key=keys)
    def asked(case: Any, key: str) -> None:  # noqa: ANN401
        body = {"body": {tag_of(kind): case.body}}
        headers = {"Idempotency-Key": f"{kind.__name__[:20]}-{key}"}
        as_published(ACT, people["olga"].ask("POST", "/acts", json=body, headers=headers))

    asked()


@pytest.mark.parametrize("kind", thinned(ACTS, every=3), ids=[kind.__name__ for kind in ACTS])
def test_api_011_no_act_made_from_the_document_is_a_fault_of_ours(
    kind: type[Any], people: dict[str, Person]
) -> None:
    fuzz_act(kind, people, ONE)


@pytest.mark.long
@pytest.mark.parametrize("kind", ACTS, ids=[kind.__name__ for kind in ACTS])
def test_api_011_nor_is_any_act_of_many_more(kind: type[Any], people: dict[str, Person]) -> None:
    fuzz_act(kind, people, MANY)


SOUND = [roz("m-1", BRAVO), post(ALPHA, "m-2", BRAVO), call("m-3"), roz("m-4")]
STRANGE: tuple[Json, ...] = (None, True, "", " ", "x" * 5_000, "\u202e", "\x00", [], {})
STRANGE += (0, -1, 10**30, 1e308, 1e-320, -0.0, 2**53, "alpha", "bravo")
STRANGE += ("9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "2023-06-01T00:00:00Z")
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
ODD = st.sampled_from(STRANGE) | NUMBERS | st.text(max_size=20)


def places(tree: Json, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in the tree."""
    yield path
    items = (
        tree.items()
        if isinstance(tree, dict)
        else enumerate(tree)
        if isinstance(tree, list)
        else ()
    )
    for key, value in items:
        yield from places(value, (*path, key))


def put(tree: Json, path: tuple[Any, ...], value: Json) -> Json:
    """The tree with another value there."""
    if not path:
        return value
    found = copy.copy(tree)
    found[path[0]] = put(tree[path[0]], path[1:], value)
    return found


@given(st.data())
def test_api_011_no_sound_act_with_one_odd_value_is_a_fault_of_ours(
    people: dict[str, Person], data: st.DataObject
) -> None:
    sound = data.draw(st.sampled_from(SOUND))
    tree = to_plain(sound)
    assert isinstance(tree, dict)
    tree.pop("second", None)
    where = data.draw(st.sampled_from(list(places(tree))))
    body = {"body": {tag_of(type(sound)): put(tree, where, data.draw(ODD))}}
    headers = {"Idempotency-Key": f"odd-{data.draw(st.integers(0, 10**12))}"}
    found = people["olga"].ask(
        "POST",
        "/acts",
        content=json.dumps(body).encode(),
        headers=headers | {"Content-Type": "application/json"},
    )
    as_published(ACT, found)
