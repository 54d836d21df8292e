"""What is shown, and that it is what the published document says (docs/spec/api.md)."""

import io
import json
import os
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import jsonschema_rs
import pytest
from api_desk import ADMIN, BASE, OPERATOR, READER, Desk, Person, person
from asgi_inside import Inside
from node_pair import ALPHA, BRAVO, World, area, call, roz, seen

from crosstell import __version__
from crosstell.codecs.archive.files import LISTING, MANIFEST
from crosstell.codecs.plain import to_plain
from crosstell.codecs.plan_file import PlanFile
from crosstell.core.ids import TrackId
from crosstell.core.instant import format_instant, later
from crosstell.core.mechanism.screen.screen import screen
from crosstell.core.picture.content import Activity, ActivityKind
from crosstell.core.record.checkpoint import parse_checkpoint
from crosstell.core.record.note import parse_note
from crosstell.core.record.tree import check_inclusion, leaf_hash
from crosstell.core.state.state import State
from crosstell.shell.access.audit import Deed
from crosstell.shell.api.openapi import document
from crosstell.shell.api.table import ROUTES
from crosstell.shell.api.views import answering
from crosstell.shell.archive.export import Bodies, Choice, export

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED = ROOT / "docs" / "openapi.json"


@pytest.fixture(scope="module")
def published() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(PUBLISHED.read_bytes())
    return found


def test_api_040_the_published_document_is_current() -> None:
    command = "python -m crosstell.shell.api.openapi > docs/openapi.json"
    if os.environ.get("CROSSTELL_GOLDEN") == "rewrite":  # make golden
        PUBLISHED.write_bytes(document(__version__))
    assert PUBLISHED.read_bytes() == document(__version__), f"run: {command}"


def test_api_040_the_document_describes_every_route(published: dict[str, Any]) -> None:
    described = {
        (method.upper(), path) for path, methods in published["paths"].items() for method in methods
    }
    assert described == {(route.method, BASE + route.path) for route in ROUTES}
    text = json.dumps(published)
    names = set(published["components"]["schemas"])
    for ref in text.split('"#/components/schemas/')[1:]:
        assert ref.partition('"')[0] in names
    with Desk().running() as client:
        served = Person(client).get("/openapi.json").json()
        assert served["paths"] == published["paths"]
        assert served["info"]["version"] == "0-test"


def check(published: dict[str, Any], path: str, method: str, found: httpx.Response) -> None:
    """The answer is what the document says of it."""
    answers = published["paths"][BASE + path][method]["responses"]
    answer = answers[str(found.status_code)]
    if "$ref" in answer:
        answer = published["components"]["responses"]["Problem"]
    media = found.headers["Content-Type"].partition(";")[0]
    schema = answer["content"][media]["schema"]
    jsonschema_rs.Draft202012Validator({**schema, "components": published["components"]}).validate(
        found.json()
    )


@pytest.fixture
def busy() -> Iterator[tuple[Desk, Inside]]:
    """A node with something of everything, and the people at it."""
    desk = Desk()
    for number in range(4):
        desk.world.observe(ALPHA, seen(desk.world.now, 200.0 - number))
        desk.world.wait(5.0)
    desk.world.settle(ALPHA, roz("roz-1", BRAVO))
    desk.world.settle(BRAVO, roz("roz-2", ALPHA))
    desk.world.settle(ALPHA, call("c-1"))
    desk.world.sees(ALPHA, 100.0)
    desk.clock.at = desk.world.now
    with desk.running() as client:
        yield desk, client


VIEWS = (
    "notices",
    "alerts",
    "calls",
    "tracks",
    "shares",
    "given",
    "lines",
    "protocol",
    "papers",
    "claims",
)


def test_api_042_each_view_is_of_one_state_and_as_published(
    busy: tuple[Desk, Inside], published: dict[str, Any]
) -> None:
    desk, client = busy
    rita = person(client, READER)
    last = desk.settings().store.last_arrival()
    for name in VIEWS:
        found = rita.get(f"/{name}")
        assert found.status_code == 200, found.text
        assert found.json()["arrivals"] == last
        check(published, f"/{name}", "get", found)
    assert [one["notice"]["notice"] for one in rita.get("/notices").json()["notices"]] == [
        "roz-1",
        "roz-2",
    ]
    assert len(rita.get("/alerts").json()["alerts"]) == 2, "of one track, at each zone"
    calls = rita.get("/calls").json()["calls"]
    assert "c-1" in [one["call"]["placed"]["call"] for one in calls]
    rules = rita.get("/protocol").json()["rules"]
    assert all(rule["source"] for rule in rules if rule["rule"].startswith("r"))
    told = rita.get("/status")
    check(published, "/status", "get", told)
    assert told.json()["feeds"][1]["behind"] == 1, "the last test's call is on its way"
    assert told.json()["thin_s"] == desk.world.state(ALPHA).setting.thin_s, "RUN-561"
    desk.clock.bad = "EXERCISE TIME"
    assert rita.get("/status").json()["clock"] == "EXERCISE TIME"


def test_api_040_sessions_accounts_and_acts_answer_as_published(
    busy: tuple[Desk, Inside], published: dict[str, Any]
) -> None:
    _, client = busy
    olga, adam = Person(client), person(client, ADMIN)
    check(published, "/session", "post", olga.come_in(OPERATOR))
    check(published, "/session", "get", olga.get("/session"))
    check(published, "/watch", "post", olga.ask("POST", "/watch", json={}))
    for body in (roz("a", BRAVO), roz("a", BRAVO), roz("b", version=3)):
        check(published, "/acts", "post", olga.act(body))
    check(published, "/acts/pending", "get", olga.get("/acts/pending"))
    made = {"name": "lidar", "kind": "system"}
    asked: tuple[tuple[str, str, str, object], ...] = (
        ("post", "/accounts", "/accounts", made),
        ("post", "/accounts", "/accounts", made),
        ("get", "/accounts", "/accounts", None),
        ("post", "/accounts/lidar/tokens", "/accounts/{name}/tokens", {"lasts_s": 60.0}),
        ("get", "/accounts/lidar/tokens", "/accounts/{name}/tokens", None),
        ("post", f"/accounts/{READER}/code", "/accounts/{name}/code", None),
        ("delete", f"/accounts/{READER}/code", "/accounts/{name}/code", None),
        ("post", "/accounts/lidar/password", "/accounts/{name}/password", {"password": "x"}),
        ("delete", "/accounts/lidar", "/accounts/{name}", None),
        ("get", "/audit", "/audit", None),
    )
    for method, path, template, given in asked:
        more = {} if given is None else {"json": given}
        check(published, template, method, adam.ask(method.upper(), path, **more))
    check(published, "/session", "delete", olga.ask("DELETE", "/session"))


def test_accounts_are_kept_over_http_and_noted() -> None:
    """ACS-010, ACS-012, ACS-050: what an administrator does, and an owner's own password."""
    desk = Desk()
    with desk.running() as client:
        adam, rita = person(client, ADMIN), person(client, READER)
        new = {"name": "ines", "kind": "operator", "role": "duty-officer", "password": "x" * 12}
        assert adam.ask("POST", "/accounts", json=new).status_code == 201
        wrong = new | {"name": "nora", "role": "emperor"}
        assert "no role" in adam.ask("POST", "/accounts", json=wrong).json()["detail"]
        assert adam.ask("DELETE", f"/accounts/{ADMIN}").status_code == 422
        fresh = {"password": "another four plain words"}
        path = f"/accounts/{READER}/password"
        assert rita.ask("POST", path, json=fresh).status_code == 403
        assert rita.ask("POST", f"/accounts/{ADMIN}/password", json=fresh).status_code == 403
        former = fresh | {"former": "four plain words here"}
        assert rita.ask("POST", path, json=former).status_code == 200
        assert rita.get("/session").status_code == 401
        assert adam.ask("POST", path, json=fresh).status_code == 200, "without the former one"
        assert adam.ask("POST", f"/accounts/{ADMIN}/password", json=fresh).status_code == 403
        token = adam.ask("POST", "/accounts/radar/tokens", json={"lasts_s": 60}).json()
        listed = adam.get("/accounts/radar/tokens").json()["tokens"]
        assert "token" not in listed[-1]
        gone = adam.ask("DELETE", f"/accounts/radar/tokens/{token['id']}")
        assert gone.status_code == 200
        deeds = [one["about"] for one in adam.get("/audit?count=1000").json()["lines"]]
        for said in ("made ines", f"password of {READER} set", f"revoked {token['id']}"):
            assert any(said in about for about in deeds)
        assert desk.access.audit.check().size == desk.access.audit.head().size


def test_api_043_an_entry_comes_with_everything_that_proves_it(
    busy: tuple[Desk, Inside], published: dict[str, Any]
) -> None:
    desk, client = busy
    rita = person(client, READER)
    listed = rita.get("/entries?count=500")
    check(published, "/entries", "get", listed)
    assert listed.json()["last"] == desk.settings().store.last_arrival()
    entries = listed.json()["entries"]
    assert [one["arrival"] for one in entries] == list(range(1, len(entries) + 1))
    proved = 0
    for one in entries:
        ref = one["entry"]
        found = rita.get(f"/entries/{ref['feed']}/{ref['seq']}")
        check(published, "/entries/{feed}/{seq}", "get", found)
        told = found.json()
        assert told["shown"] | {"arrival": one["arrival"]} == one
        assert told["signature"].startswith("verifies")
        assert told["commitment"].startswith(("the body is the one", "not checked"))
        leaf = bytes.fromhex(told["leaf"])
        assert leaf_hash(leaf).hex() == ref["hash"]
        if "proof" in told:
            proved += 1
            checkpoint = parse_checkpoint(parse_note(told["proof"]["checkpoint"].encode()).text)
            check_inclusion(
                leaf=leaf_hash(leaf),
                proof=[bytes.fromhex(each) for each in told["proof"]["path"]],
                index=ref["seq"],
                size=told["proof"]["size"],
                root=checkpoint.root,
            )
    state = desk.world.state(ALPHA)
    assert proved >= state.own.size, "every entry of our own feed is under a checkpoint"
    assert rita.get(f"/entries/{state.own.feed}/999").status_code == 404


def test_api_044_a_plan_is_checked_against_what_the_node_holds(
    busy: tuple[Desk, Inside], published: dict[str, Any]
) -> None:
    desk, client = busy
    rita = person(client, READER)
    plan = PlanFile(
        party=ALPHA,
        at=desk.clock.at,
        plan=Activity(kind=ActivityKind.UNCREWED_FLIGHT, volumes=(area(3_000.0),)),
    )
    size = desk.world.state(ALPHA).own.size
    found = rita.ask("POST", "/plan/check", json=to_plain(plan))
    assert found.status_code == 200, found.text
    check(published, "/plan/check", "post", found)
    against = {one["against"] for one in found.json()["conflicts"]}
    assert "roz-2 of bravo, version 1" in against
    assert desk.world.state(ALPHA).own.size == size, "nothing is filed"
    strange = to_plain(replace(plan, party=TrackId("zulu")))  # type: ignore[arg-type]
    told = rita.ask("POST", "/plan/check", json=strange)
    assert told.status_code == 422
    assert "zulu" in told.json()["detail"]


def test_api_045_a_search_gives_what_holds_every_word(
    busy: tuple[Desk, Inside], published: dict[str, Any]
) -> None:
    _, client = busy
    rita = person(client, READER)
    found = rita.get("/search", params={"q": "BRAVO zone"})
    check(published, "/search", "get", found)
    hits = [(one["kind"], one["id"]) for one in found.json()["hits"]]
    assert hits[0] == ("notice", "roz-2")
    assert {kind for kind, _ in hits[1:]} == {"alert"}, "which say whose zone it is"
    assert rita.get("/search", params={"q": "bravo nothing-like-it"}).json()["hits"] == []
    kinds = {one["kind"] for one in rita.get("/search", params={"q": "a"}).json()["hits"]}
    assert kinds >= {"notice", "call", "alert", "track"}
    assert rita.get("/search", params={"q": "  "}).status_code == 400
    assert rita.get("/search", params={"q": "x" * 201}).status_code == 400


def test_api_046_pasted_text_is_read_as_places_or_not_at_all(
    busy: tuple[Desk, Inside], published: dict[str, Any]
) -> None:
    _, client = busy
    rita = person(client, READER)
    found = rita.ask("POST", "/places/parse", json={"text": "37S FA 30592 62810"})
    check(published, "/places/parse", "post", found)
    (place,) = found.json()["places"]
    assert (place["form"], round(place["figure"]["spot"]["position"]["lat_deg"])) == ("mgrs", 37)
    told = rita.ask("POST", "/places/parse", json={"text": "37S FA 30592 62810\nnowhere"})
    assert (told.status_code, told.json()["faults"][0]["path"]) == (422, "line 2")
    wide = rita.ask("POST", "/places/parse", json={"text": "37S FA 30592 62810", "width_m": 1e9})
    assert wide.status_code == 422


def test_api_041_an_export_is_noted_before_it_is_made() -> None:
    found: list[Desk] = []

    def made(target: Path, choice: Choice) -> object:
        desk = found[0]
        party = desk.world.parties[ALPHA]
        noted = desk.access.audit.lines()[-1]
        assert (noted.deed, noted.account) == (Deed.EXPORTED, OPERATOR)
        assert "without bodies" in noted.about
        assert choice.bodies is Bodies.NONE
        return export(party.store, target, choice, party.keys().online)

    found.append(Desk(export=made))
    with found[0].running() as client:
        olga = person(client, OPERATOR)
        got = olga.get("/record/export?bodies=held")
        assert got.status_code == 200, got.text
        with tarfile.open(fileobj=io.BytesIO(got.content)) as tar:
            names = set(tar.getnames())
            assert all(member.uname == "" for member in tar.getmembers())
        assert {f"record/{LISTING}", f"record/{MANIFEST}"} <= names
        assert person(client, READER).get("/record/export").status_code == 403
    with Desk().running() as client:
        assert person(client, OPERATOR).get("/record/export").status_code == 503


def test_api_043_a_page_of_entries_is_bounded_in_bytes_but_always_holds_one() -> None:
    desk = Desk()
    for number in range(12):
        desk.world.settle(ALPHA, replace(roz(f"roz-{number}", BRAVO), reason="x" * 2_000))
    with desk.running() as client:
        rita = person(client, READER)
        whole = rita.get("/entries?count=500").json()["entries"]
        answering.PAGE_BYTES_MAX, before = 8_000, answering.PAGE_BYTES_MAX
        try:
            found: list[Any] = []
            while page := rita.get(f"/entries?count=500&after={len(found)}").json()["entries"]:
                assert len(page) < len(whole)
                found += page
            answering.PAGE_BYTES_MAX = 1
            assert len(rita.get("/entries?count=500").json()["entries"]) == 1
        finally:
            answering.PAGE_BYTES_MAX = before
        assert found == whole


def test_api_047_the_screen_of_an_earlier_moment_or_a_refusal() -> None:
    earlier = World().state(ALPHA)
    asked: list[datetime] = []

    def recall(moment: datetime) -> tuple[State, int]:
        asked.append(moment)
        return earlier, 7

    desk = Desk(screen=screen, recall=recall)
    with desk.running() as client:
        rita = person(client, READER)
        at = later(desk.clock.now(), by_s=-60.0)
        found = rita.get(f"/screen?at={format_instant(at)}")
        assert found.status_code == 200, found.text
        assert (found.json()["arrivals"], found.json()["at"]) == (7, format_instant(at))
        assert asked == [at]
        ahead = format_instant(later(desk.clock.now(), by_s=60.0))
        for text, said in ((ahead, "has not come"), ("yesterday", "is not a UTC time")):
            refused = rita.get(f"/screen?at={text}")
            assert refused.status_code == 400
            assert said in refused.json()["detail"]
    bare = Desk(screen=screen)
    with bare.running() as client:
        rita = person(client, READER)
        at = later(bare.clock.now(), by_s=-60.0)
        assert rita.get(f"/screen?at={format_instant(at)}").status_code == 503
