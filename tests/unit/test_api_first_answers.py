"""An act that is asked twice is done once, whatever happened in between (docs/spec/api.md)."""

import asyncio
import json
from concurrent.futures import Future
from pathlib import Path

import pytest
from api_desk import BASE, DIRECTOR_ACCOUNT, OPERATOR, Desk, person
from node_pair import ALPHA, BRAVO, call, roz
from sampling import thinned
from test_api_two_persons import alone

from crosstell.codecs.plain import to_plain
from crosstell.codecs.shape import tag_of
from crosstell.core.errors import Unavailable
from crosstell.core.ids import ComponentId, Latest
from crosstell.core.picture.party import Scope
from crosstell.core.picture.status import StatedStatus, StatusStated
from crosstell.core.state.events import Event
from crosstell.shell.node import NodeInput, Outcome


def given(event: Event) -> dict[str, object]:
    return {"body": {tag_of(type(event)): to_plain(event)}}


def test_api_023_the_same_key_has_the_first_answer_and_for_another_act_is_refused() -> None:
    desk = Desk()
    with desk.running() as client:
        olga = person(client, OPERATOR, watch=True)
        first = olga.act(roz("roz-1", BRAVO), key="k")
        size = desk.world.state(ALPHA).own.size
        again = olga.ask(
            "POST",
            "/acts",
            content=json.dumps(given(roz("roz-1", BRAVO)), indent=3).encode(),
            headers={"Idempotency-Key": "k", "Content-Type": "application/json"},
        )
        assert (again.status_code, again.content) == (201, first.content)
        assert desk.world.state(ALPHA).own.size == size
        other = olga.act(roz("roz-2", BRAVO), key="k")
        assert other.status_code == 422
        assert "another act" in other.json()["detail"]
        no = olga.act(roz("roz-3", BRAVO, version=4), key="n")
        again = olga.act(roz("roz-3", BRAVO, version=4), key="n")
        assert (again.status_code, again.content) == (409, no.content)
        assert again.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("key", ["", "x" * 65, "confirm:1", "a\u00e9"])
def test_api_023_an_act_without_a_usable_key_is_refused(key: str) -> None:
    desk = Desk()
    with desk.running() as client:
        olga = person(client, OPERATOR, watch=True)
        headers = {"Idempotency-Key": key.encode("latin-1")} if key else {}
        found = olga.ask("POST", "/acts", json=given(roz()), headers=headers)
        assert found.status_code == 400
        assert "Idempotency-Key" in found.json()["detail"]


def test_api_023_asked_many_times_at_once_it_is_recorded_once() -> None:
    desk = Desk()
    with desk.running() as client:
        olga = person(client, OPERATOR, watch=True)
        headers = {
            "X-CSRF-Token": olga.csrf,
            "Idempotency-Key": "k",
            "Cookie": "; ".join(f"{k}={v}" for k, v in olga.cookies.items()),
        }

        async def at_once() -> list[bytes]:
            asked = [
                client.asked("POST", BASE + "/acts", json=given(roz()), headers=headers)
                for _ in range(8)
            ]
            found = await asyncio.gather(*asked)
            assert {one.status_code for one in found} == {201}
            return [one.content for one in found]

        answers = client.run(at_once())
        assert len(set(answers)) == 1
    assert len(desk.world.state(ALPHA).journal.notices) == 1


FORCES = Scope(
    speaks_for=(ComponentId("alpha-forces"),), cannot_speak_for=(ComponentId("alpha-agency"),)
)


class Lost(Exception):
    """The process ends here, as far as the one who asked can tell."""


def lose_answer(desk: Desk, *, after_recording: bool) -> None:
    """From now on the node's next answer is lost: before, or after, the act is durable."""

    def losing(asked: NodeInput) -> Future[Outcome]:
        if after_recording:
            desk.sequencer.really(asked)
        raise Lost

    desk.sequencer.instead = losing


ACTS = [
    roz("roz-1", BRAVO),
    roz("roz-1"),
    call("c-7"),
]


@pytest.mark.parametrize("body", thinned(ACTS, every=3), ids=["notice", "home-notice", "call"])
@pytest.mark.parametrize("recorded", [True, False], ids=["recorded", "not-recorded"])
def test_api_023_an_act_whose_answer_was_lost_is_found_in_the_record_after_a_restart(
    tmp_path: Path, body: Event, *, recorded: bool
) -> None:
    path = tmp_path / "access.sqlite"
    first = Desk(database=path)
    with first.running() as client:
        olga = person(client, OPERATOR, watch=True)
        lose_answer(first, after_recording=recorded)
        assert olga.act(body, key="k").status_code == 500
    second = Desk(database=path, world=first.world, signed=False)
    with second.running() as client:
        again = person(client, OPERATOR)
        sizes = second.world.state(ALPHA).own.size, second.world.state(ALPHA).journal.size
        found = again.act(body, key="k")
        assert found.status_code == 201, found.text
        state = second.world.state(ALPHA)
        assert (sizes == (state.own.size, state.journal.size)) is recorded
        assert again.act(body, key="k").content == found.content
        named = found.json()["recorded"][0]
        assert named["seq"] in (state.own.size - 1, state.journal.size - 1, *sizes) or recorded


@pytest.mark.parametrize("recorded", [True, False], ids=["recorded", "not-recorded"])
def test_api_442_a_refusal_whose_answer_was_lost_is_told_again(
    tmp_path: Path, *, recorded: bool
) -> None:
    """Recorded once, though the act would be taken by now: that key was refused."""
    path = tmp_path / "access.sqlite"
    body = roz("roz-1", BRAVO, version=2)
    first = Desk(database=path)
    with first.running() as client:
        olga = person(client, OPERATOR, watch=True)
        lose_answer(first, after_recording=recorded)
        assert olga.act(body, key="k").status_code == 500
        first.sequencer.instead = None
        if recorded:
            assert olga.act(roz("roz-1", BRAVO), key="l").status_code == 201
    second = Desk(database=path, world=first.world, signed=False)
    with second.running() as client:
        again = person(client, OPERATOR)
        size = second.world.state(ALPHA).journal.size
        found = again.act(body, key="k")
        assert (found.status_code, found.json()["code"]) == (409, "bad-content"), found.text
        assert second.world.state(ALPHA).journal.size == size + (not recorded)
        assert again.act(body, key="k").content == found.content
        assert second.world.state(ALPHA).journal.size == size + (not recorded)


def test_api_282_an_act_that_names_the_newest_version_is_not_done_again_on_a_newer_one(
    tmp_path: Path,
) -> None:
    """The person saw version 1 and nothing else; asked again, the name meant version 2."""
    path = tmp_path / "access.sqlite"
    first = Desk(database=path)
    first.world.settle(BRAVO, roz("roz-b", ALPHA))
    body = StatusStated(
        notice=Latest(party=BRAVO, id="roz-b"), status=StatedStatus.RECEIVED, scope=FORCES
    )
    with first.running() as client:
        olga = person(client, OPERATOR, watch=True)
        lose_answer(first, after_recording=True)
        assert olga.act(body, key="k").status_code == 500
    first.world.settle(BRAVO, roz("roz-b", ALPHA, version=2))
    second = Desk(database=path, world=first.world, signed=False)
    with second.running() as client:
        again = person(client, OPERATOR)
        size = second.world.state(ALPHA).own.size
        found = again.act(body, key="k")
        assert found.status_code == 201, found.text
        assert second.world.state(ALPHA).own.size == size
        assert again.act(body, key="l").status_code == 201, "another key is another act"
        assert second.world.state(ALPHA).own.size == size + 1


def test_api_023_a_confirmation_whose_answer_was_lost_is_found_too(tmp_path: Path) -> None:
    path = tmp_path / "access.sqlite"
    first = Desk(database=path)
    with first.running() as client:
        olga = person(client, OPERATOR, watch=True)
        dmitri = person(client, DIRECTOR_ACCOUNT, watch=True)
        name = olga.act(alone()).json()["pending"]
        lose_answer(first, after_recording=True)
        assert dmitri.ask("POST", f"/acts/pending/{name}/confirm").status_code == 500
    second = Desk(database=path, world=first.world, signed=False)
    with second.running() as client:
        again = person(client, DIRECTOR_ACCOUNT)
        size = second.world.state(ALPHA).own.size
        found = again.ask("POST", f"/acts/pending/{name}/confirm")
        assert found.status_code == 201, found.text
        assert second.world.state(ALPHA).own.size == size
        assert found.json()["recorded"][0]["seq"] == size - 1


def test_api_025_a_node_that_cannot_take_it_says_when_to_come_again() -> None:
    desk = Desk()
    with desk.running() as client:
        olga = person(client, OPERATOR, watch=True)

        def full(_asked: NodeInput) -> Future[Outcome]:
            raise Unavailable("4096 inputs wait before this one; try again in 1 s")

        desk.sequencer.instead = full
        found = olga.act(roz(), key="k")
        assert (found.status_code, found.headers["Retry-After"]) == (503, "1")
        assert "try again" in found.json()["detail"]
        desk.sequencer.instead = None
        assert olga.act(roz(), key="k").status_code == 201


def test_api_025_an_act_that_could_not_be_noted_says_that_it_stands() -> None:
    desk = Desk()
    with desk.running() as client:
        olga = person(client, OPERATOR, watch=True)
        note = desk.access.audit.note

        def full(*_: object, **__: object) -> None:
            raise Unavailable("access database: disk full")

        desk.access.audit.note = full  # type: ignore[method-assign]
        found = olga.act(roz(), key="k")
        assert found.status_code == 503
        assert "that stands" in found.json()["detail"]
        desk.access.audit.note = note  # type: ignore[method-assign]
        size = desk.world.state(ALPHA).journal.size
        assert olga.act(roz(), key="k").status_code == 201
        assert desk.world.state(ALPHA).journal.size == size
