"""Every request: rate, caller, right, forgery, size, in this order (docs/spec/api.md)."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import httpx
import pytest
from api_desk import ADMIN, BASE, OPERATOR, PASSWORD, PATIENT, RADAR, READER, Desk, Person, person
from node_pair import World, roz

from crosstell.shell.access.account import AccountKind, Right
from crosstell.shell.access.audit import Deed
from crosstell.shell.api.problems import TITLES
from crosstell.shell.api.settings import Bucket
from crosstell.shell.api.table import ROUTES
from crosstell.shell.api.taking import CSRF_HEADER


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A screen with nothing on it."""

    at: datetime


def is_problem(found: httpx.Response, status: int) -> bool:
    told = found.json()
    assert found.status_code == status, found.text
    assert found.headers["Content-Type"] == "application/problem+json"
    assert told["status"] == status
    assert told["type"].startswith("urn:crosstell:problem:")
    return bool(told["title"] and told["detail"])


def filled(path: str) -> str:
    for name, value in (("{id}", "x"), ("{name}", "x"), ("{token}", "x"), ("{feed}", "ab")):
        path = path.replace(name, value)
    return path.replace("{seq}", "0")


def test_api_010_every_path_but_the_open_ones_asks_for_a_session() -> None:
    desk = Desk()
    with desk.running() as client:
        nobody = Person(client)
        for route in ROUTES:
            if route.right is not None:
                assert is_problem(nobody.ask(route.method, filled(route.path)), 401), route.path
        assert nobody.get("/openapi.json").status_code == 200
        for cookie in ("x", "x" * 5_000):
            nobody.cookies = {desk.cookie: cookie}
            assert nobody.get("/status").status_code == 401
        nobody.cookies = {}
        for bearer in ("xst_no", "xst_" + "x" * 5_000, ""):
            found = nobody.get("/status", headers={"Authorization": f"Bearer {bearer}"})
            assert found.status_code == 401


def test_api_013_each_kind_may_do_what_its_rights_say_and_a_refusal_is_noted() -> None:
    desk = Desk()
    with desk.running() as client:
        people = {
            AccountKind.OPERATOR: person(client, OPERATOR),
            AccountKind.READER: person(client, READER),
            AccountKind.ADMINISTRATOR: person(client, ADMIN),
        }
        system = {"Authorization": f"Bearer {desk.token}"}
        asked = 0
        for route in ROUTES:
            if route.right is None or route.right in (Right.SEE, Right.HAVE_SESSION):
                continue
            for kind, one in people.items():
                found = one.ask(route.method, filled(route.path), json={})
                refused = found.status_code == 403 and "may not" in found.json()["detail"]
                allowed = {
                    AccountKind.OPERATOR: (Right.ACT, Right.CONFIRM, Right.EXPORT),
                    AccountKind.READER: (),
                    AccountKind.ADMINISTRATOR: (Right.KEEP_ACCOUNTS,),
                }[kind]
                assert refused is (route.right not in allowed), (kind, route.path, found.text)
                asked += refused
        for path in ("/status", "/screen", "/acts/pending", "/session", "/accounts"):
            assert is_problem(Person(client).get(path, headers=system), 403)
        assert is_problem(people[AccountKind.ADMINISTRATOR].get("/notices"), 403)
        noted = [one for one in desk.access.audit.lines() if one.deed is Deed.REFUSED]
        assert len(noted) == asked + 6
        assert {one.account for one in noted} == {OPERATOR, READER, ADMIN, RADAR}


def test_api_011_every_no_is_a_problem_that_says_what_to_do() -> None:
    with Desk().running() as client:
        olga = person(client, OPERATOR, watch=True)
        for method, path, status in (
            ("GET", "/nothing", 404),
            ("GET", "/entries/ab/x", 404),
            ("PUT", "/acts", 405),
            ("GET", "/entries?count=501", 400),
            ("GET", "/entries?after=-1", 400),
            ("GET", "/search", 400),
            ("GET", "/entries/ab/0", 404),
            ("DELETE", "/acts/pending/none", 404),
        ):
            assert is_problem(olga.ask(method, path), status), path
        assert client.request("GET", "/nowhere").json()["status"] == 404
    statuses = [row.status for row in TITLES.values()]
    assert all(400 <= status < 600 for status in statuses)


def test_api_011_a_fault_of_ours_is_500_and_tells_its_kind_alone() -> None:
    def broken(*_: object) -> object:
        raise ZeroDivisionError("with a secret in it")

    with Desk(screen=broken).running() as client:
        found = person(client, OPERATOR).get("/screen")
        assert is_problem(found, 500)
        assert "ZeroDivisionError" in found.text
        assert "secret" not in found.text


def test_api_012_above_the_rate_the_answer_is_429_with_when_to_come_again() -> None:
    few = Bucket(rate=0.5, burst=3)
    desk = Desk(limits=replace(PATIENT, account=few))
    with desk.running() as client:
        olga, rita = person(client, OPERATOR), person(client, READER)
        assert [olga.get("/session").status_code for _ in range(3)] == [200, 200, 200]
        found = olga.get("/session")
        assert is_problem(found, 429)
        assert found.headers["Retry-After"] == "2"
        assert rita.get("/session").status_code == 200, "another account has its own"
        desk.wall += timedelta(seconds=2)
        assert olga.get("/session").status_code == 200
        assert olga.get("/session").status_code == 429


def test_api_012_addresses_tokens_and_logins_are_counted_too() -> None:
    few = Bucket(rate=0.001, burst=2)
    desk = Desk(limits=replace(PATIENT, token=few))
    with desk.running() as client:
        headers = {"Authorization": f"Bearer {desk.token}"}
        codes = [
            Person(client).ask("POST", "/observations", json={}, headers=headers).status_code
            for _ in range(3)
        ]
        assert codes == [422, 422, 429]
    with Desk(limits=replace(PATIENT, address=few)).running() as client:
        asked = [
            client.request("GET", BASE + "/status", address=address).status_code
            for address in ("a", "a", "a", "b")
        ]
        assert asked == [401, 401, 429, 401]
    with Desk(limits=replace(PATIENT, logins=few)).running() as client:
        assert [Person(client).come_in(READER).status_code for _ in range(3)] == [201, 201, 429]


def test_api_260_without_a_session_every_request_counts_by_address() -> None:
    """Parts of maps with no cookie, with a wrong one, with a wrong token; the document."""
    few = Bucket(rate=0.001, burst=3)
    part = BASE + "/maps/0123456789abcdef/part"
    headers = {"Range": "bytes=0-9"}
    desk = Desk(limits=replace(PATIENT, address=few))
    strangers = [
        {},
        {"Cookie": f"{desk.cookie}={'x' * 43}"},
        {"Authorization": "Bearer xst_" + "x" * 43},
        {},
    ]
    with desk.running() as client:
        codes = [
            client.request("GET", part, address="a", headers=headers | more).status_code
            for more in strangers
        ]
        assert codes == [401, 401, 401, 429]
        codes = [
            client.request("GET", BASE + "/openapi.json", address="b").status_code for _ in range(4)
        ]
        assert codes == [200, 200, 200, 429]


def test_api_260_parts_of_maps_that_a_session_asks_for_are_counted_apart() -> None:
    few = Bucket(rate=0.001, burst=5)
    desk = Desk(limits=replace(PATIENT, address=few, tiles=Bucket(rate=0.001, burst=20)))
    with desk.running() as client:
        olga = person(client, OPERATOR)
        path = "/maps/0123456789abcdef/part"
        codes = [olga.get(path, headers={"Range": "bytes=0-9"}).status_code for _ in range(22)]
        assert codes == [404] * 20 + [429] * 2
        assert olga.get("/session").status_code == 200, "they took nothing of the others"


def test_api_014_what_changes_something_needs_the_sessions_own_value() -> None:
    with Desk().running() as client:
        olga, rita = person(client, OPERATOR, watch=True), person(client, READER)
        for wrong in ("", rita.csrf, olga.csrf + "x", "\udcff"):
            forged = {CSRF_HEADER: wrong.encode("utf-8", "surrogatepass")}
            found = olga.ask("POST", "/watch", json={}, headers=forged)
            assert is_problem(found, 403), wrong
        for headers in (
            {"Origin": "https://elsewhere.test"},
            {"Origin": "null"},
            {"Origin": "http://[bad"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
        ):
            assert is_problem(olga.ask("POST", "/watch", json={}, headers=headers), 403)
            assert is_problem(
                Person(client).ask(
                    "POST",
                    "/session",
                    json={"account": OPERATOR, "password": PASSWORD},
                    headers=headers,
                ),
                403,
            )
        own = {"Origin": "http://node.test", "Sec-Fetch-Site": "same-origin"}
        assert olga.ask("POST", "/watch", json={}, headers=own).status_code == 200


def test_api_015_a_body_is_refused_by_its_length_before_it_is_read() -> None:
    desk = Desk(limits=replace(PATIENT, body_bytes=1_000, observations_bytes=2_000, body_s=0.2))
    with desk.running() as client:
        olga = person(client, OPERATOR, watch=True)

        async def endless() -> AsyncIterator[bytes]:
            for _ in range(10_000):
                yield b"x" * 100

        async def never() -> AsyncIterator[bytes]:
            yield b"{"
            await asyncio.sleep(5)

        json_type = {"Content-Type": "application/json", "Idempotency-Key": "k"}
        stated = {"Content-Length": "1001"} | json_type
        assert is_problem(olga.ask("POST", "/acts", content=endless(), headers=stated), 413)
        assert is_problem(olga.ask("POST", "/acts", content=endless(), headers=json_type), 413)
        assert is_problem(olga.ask("POST", "/acts", content=b"x" * 1_001, headers=json_type), 413)
        huge = {"Content-Length": "9" * 400} | json_type
        assert is_problem(olga.ask("POST", "/acts", content=endless(), headers=huge), 413)
        assert is_problem(olga.ask("POST", "/acts", content=never(), headers=json_type), 408)
        for media in ("text/plain", "", "application/x-www-form-urlencoded"):
            headers = {"Content-Type": media, "Idempotency-Key": "k"}
            assert is_problem(olga.ask("POST", "/acts", content=b"{}", headers=headers), 415)
        assert olga.act(roz()).status_code == 201


@pytest.mark.parametrize("secure", [True, False])
def test_api_016_the_cookie_is_out_of_reach_of_scripts_and_other_sites(*, secure: bool) -> None:
    desk = Desk(secure=secure)
    with desk.running() as client:
        olga = Person(client)
        cookie = olga.come_in(OPERATOR).headers["Set-Cookie"]
        parts = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert {"httponly", "samesite=strict", "path=/"} <= parts
        assert ("secure" in parts) is secure
        name = cookie.partition("=")[0]
        assert name == desk.cookie
        assert name.startswith("__Host-crosstell-" if secure else "crosstell-")
        assert not any(part.startswith("domain") for part in parts)
        assert olga.get("/session").status_code == 200
        gone = olga.ask("DELETE", "/session")
        assert f'{name}=""' in gone.headers["Set-Cookie"]
        olga.cookies = {cookie.partition("=")[0]: cookie.partition("=")[2].partition(";")[0]}
        assert olga.get("/session").status_code == 401


def test_api_017_every_answer_says_what_a_browser_may_do_with_it() -> None:
    with Desk(secure=True).running() as client:
        for path in ("/openapi.json", "/status", "/nothing"):
            headers = Person(client).get(path).headers
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["X-Frame-Options"] == "DENY"
            assert headers["Referrer-Policy"] == "no-referrer"
            assert headers["Cache-Control"] == "no-store"
            assert headers["Content-Security-Policy"].startswith("default-src 'none'")
            assert headers["Strict-Transport-Security"] == "max-age=31536000"


def test_acs_022_an_idle_session_looks_but_does_not_act() -> None:
    desk = Desk(screen=lambda _state, now: Shown(at=now))
    with desk.running() as client:
        olga = person(client, OPERATOR, watch=True)
        desk.wall += timedelta(seconds=3_600)
        assert is_problem(olga.act(roz()), 401)
        assert is_problem(olga.get("/notices"), 401)
        for path in ("/status", "/screen", "/session"):
            assert olga.get(path).status_code == 200, path
        desk.wall += timedelta(seconds=3_600 * 11)
        assert is_problem(olga.get("/status"), 401)


def test_acs_270_what_ran_out_is_told_from_what_was_ended() -> None:
    desk = Desk()
    with desk.running() as client:
        olga, again = person(client, OPERATOR), person(client, OPERATOR)
        assert again.ask("DELETE", "/session").status_code == 200
        desk.wall += timedelta(seconds=43_200)
        ran_out, ended = olga.get("/session"), again.get("/session")
        assert is_problem(ran_out, 401)
        assert is_problem(ended, 401)
        assert ran_out.json()["type"] == "urn:crosstell:problem:lapsed"
        assert ended.json()["type"] == "urn:crosstell:problem:no-session"
        desk.access.set_password(OPERATOR, PASSWORD + " anew", now=desk.wall)
        assert olga.get("/session").json()["type"] == "urn:crosstell:problem:no-session"


def test_acs_270_a_secret_that_was_lost_on_the_way_ran_out_too() -> None:
    desk = Desk()
    with desk.running() as client:
        olga = person(client, OPERATOR)
        before = dict(olga.cookies)
        desk.wall += timedelta(seconds=900)
        assert olga.get("/session").status_code == 200  # the answer with the new one is lost
        desk.wall += timedelta(seconds=61)
        found = Person(client, cookies=before).get("/session")
        assert found.json()["type"] == "urn:crosstell:problem:lapsed"


def test_acs_271_what_a_page_asks_by_itself_is_no_use() -> None:
    desk = Desk(screen=lambda _state, now: Shown(at=now))
    with desk.running() as client:
        olga = person(client, OPERATOR, watch=True)
        desk.wall += timedelta(seconds=1_800)
        by_itself = {"Crosstell-Attended": "no"}
        assert olga.get("/acts/pending", headers=by_itself).status_code == 200
        assert olga.get("/session").json()["idles_in_s"] == 1_800
        desk.wall += timedelta(seconds=1_800)
        found = olga.get("/acts/pending", headers=by_itself)
        assert is_problem(found, 401)
        assert found.json()["type"] == "urn:crosstell:problem:idle"


def test_acs_272_273_that_a_person_is_there_is_use_until_the_session_is_idle() -> None:
    desk = Desk()
    with desk.running() as client:
        olga = person(client, OPERATOR)
        desk.wall += timedelta(seconds=3_599)
        assert olga.ask("POST", "/session/use", headers={"X-CSRF-Token": ""}).status_code == 403
        told = olga.get("/session").json()
        assert (told["idles_in_s"], told["ends_in_s"]) == (1, 39_601)
        told = olga.ask("POST", "/session/use").json()
        assert (told["idles_in_s"], told["ends_in_s"]) == (3_600, 39_601)
        desk.wall += timedelta(seconds=3_600)
        assert is_problem(olga.ask("POST", "/session/use"), 401)
        told = olga.get("/session").json()
        assert (told["idles_in_s"], told["ends_in_s"]) == (0, 36_001)


def test_acs_275_consoles_on_one_host_end_no_session_of_each_other() -> None:
    """One browser at two nodes, as at an exercise beside the real one, of one party too."""
    with Desk().running() as real, Desk(world=World(seed="exercise")).running() as exercise:
        olga = person(real, OPERATOR, watch=True)
        beside = Person(exercise, cookies=olga.cookies)
        assert beside.come_in(OPERATOR).status_code == 201
        assert beside.get("/session").status_code == 200
        olga.cookies = dict(beside.cookies)
        assert len(olga.cookies) == 2
        assert olga.get("/session").status_code == 200
        assert beside.ask("DELETE", "/session").status_code == 200
        assert olga.act(roz()).status_code == 201


def test_acs_023_the_cookie_turns_while_requests_cross() -> None:
    desk = Desk()
    with desk.running() as client:
        olga = person(client, OPERATOR)
        before = dict(olga.cookies)
        desk.wall += timedelta(seconds=900)
        assert olga.get("/session").status_code == 200
        assert olga.cookies != before
        beside = Person(client, cookies=before)
        assert beside.get("/session").status_code == 200
        assert beside.cookies == before, "the request that crossed turns nothing"
        desk.wall += timedelta(seconds=60)
        assert beside.get("/session").status_code == 401
        assert olga.get("/session").status_code == 200


def test_acs_024_coming_in_again_ends_the_session_that_the_browser_had() -> None:
    desk = Desk()
    with desk.running() as client:
        olga = person(client, OPERATOR)
        before = Person(client, cookies=dict(olga.cookies))
        olga.csrf = "lost with the page"
        assert olga.come_in(OPERATOR).status_code == 201
        assert before.get("/session").status_code == 401
        beside = person(client, OPERATOR)
        assert beside.get("/session").status_code == 200
        assert olga.get("/session").status_code == 200, "in another browser it goes on"
        assert olga.come_in(READER).status_code == 201
        assert beside.get("/session").status_code == 200
