"""What became of an act whose confirmation was never answered: the record says it (api.md)."""

from concurrent.futures import Future
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from api_desk import DIRECTOR_ACCOUNT, OPERATOR, Desk, Person, person
from node_pair import ALPHA, BRAVO, post
from test_api_first_answers import lose_answer
from test_api_two_persons import alone

from crosstell.core.errors import Unavailable
from crosstell.core.ids import NoticeId
from crosstell.shell.access.audit import Deed
from crosstell.shell.node import Node, NodeInput, Outcome

LATER = timedelta(seconds=901)  # when it waits no longer


def begun(desk: Desk, *, recorded: bool) -> str:
    """An own-force location that dmitri confirmed, and whose answer nobody got."""
    with desk.running() as client:
        olga = person(client, OPERATOR, watch=True)
        dmitri = person(client, DIRECTOR_ACCOUNT, watch=True)
        name = str(olga.act(alone()).json()["pending"])
        lose_answer(desk, after_recording=recorded)
        assert dmitri.ask("POST", f"/acts/pending/{name}/confirm").status_code == 500
    return name


def after_a_kill(path: Path, *, recorded: bool) -> tuple[Desk, str]:
    """The node as it runs again."""
    first = Desk(database=path)
    name = begun(first, recorded=recorded)
    return Desk(database=path, world=first.world, signed=False), name


def settled(one: Person) -> list[tuple[str, int]]:
    """How each act of that person ended, and how many entries it made."""
    told: dict[str, Any] = one.get("/acts/pending").json()
    assert "pending" not in told or told["pending"] == []
    return [(each["how"], len(each.get("recorded", ()))) for each in told.get("settled", ())]


def deeds(desk: Desk, deed: Deed) -> list[str]:
    """By whom that was done."""
    return [line.account for line in desk.access.audit.lines() if line.deed is deed]


@pytest.mark.parametrize("account", [OPERATOR, DIRECTOR_ACCOUNT])
def test_api_482_what_is_on_record_is_neither_taken_back_nor_turned_down(
    tmp_path: Path, account: str
) -> None:
    desk, name = after_a_kill(tmp_path / "access.sqlite", recorded=True)
    assert NoticeId("post-1") in desk.world.state(ALPHA).own.notices
    with desk.running() as client:
        found = person(client, account).ask("DELETE", f"/acts/pending/{name}")
        seq, feed = desk.world.state(ALPHA).own.size - 1, desk.world.state(ALPHA).own.feed
        assert found.status_code == 410, found.text
        told = f"act {name} was confirmed and is on record as entry {seq} of feed {feed}"
        assert found.json()["detail"] == told
        assert settled(person(client, OPERATOR)) == [("confirmed", 1)]
        assert deeds(desk, Deed.TURNED_DOWN) == []
        assert deeds(desk, Deed.CONFIRMED) == [DIRECTOR_ACCOUNT]


def test_api_481_what_is_on_record_never_expired_and_is_still_confirmed_alike(
    tmp_path: Path,
) -> None:
    desk, name = after_a_kill(tmp_path / "access.sqlite", recorded=True)
    desk.wall += LATER
    with desk.running() as client:
        dmitri = person(client, DIRECTOR_ACCOUNT)
        found = dmitri.ask("POST", f"/acts/pending/{name}/confirm")
        assert found.status_code == 201, found.text
        assert found.json()["recorded"][0]["seq"] == desk.world.state(ALPHA).own.size - 1
        assert settled(person(client, OPERATOR)) == [("confirmed", 1)]
        assert deeds(desk, Deed.CONFIRMED) == [DIRECTOR_ACCOUNT]


def test_api_481_what_is_on_record_is_told_as_confirmed_though_nobody_asks_again(
    tmp_path: Path,
) -> None:
    desk, _ = after_a_kill(tmp_path / "access.sqlite", recorded=True)
    desk.wall += LATER
    with desk.running() as client:
        for _ in range(2):
            assert settled(person(client, OPERATOR)) == [("confirmed", 1)]
        assert deeds(desk, Deed.CONFIRMED) == [DIRECTOR_ACCOUNT], "once"


@pytest.mark.parametrize("how", ["taken-back", "expired"])
def test_api_481_what_is_not_on_record_is_dropped_and_expires_as_ever(
    tmp_path: Path, how: str
) -> None:
    desk, name = after_a_kill(tmp_path / "access.sqlite", recorded=False)
    with desk.running() as client:
        olga = person(client, OPERATOR)
        assert [one["id"] for one in olga.get("/acts/pending").json()["pending"]] == [name]
        if how == "expired":
            desk.wall += LATER
        else:
            assert olga.ask("DELETE", f"/acts/pending/{name}").json() == {"done": "taken back"}
        assert settled(olga) == [(how, 0)]
        assert desk.world.state(ALPHA).own.notices == {}
        assert deeds(desk, Deed.CONFIRMED) == []


def test_api_482_what_the_node_refused_is_told_as_refused() -> None:
    desk = Desk()
    with desk.running() as client:
        olga = person(client, OPERATOR, watch=True)
        dmitri = person(client, DIRECTOR_ACCOUNT, watch=True)
        name = str(olga.act(alone()).json()["pending"])
        desk.world.settle(ALPHA, replace(post(ALPHA, "post-1", BRAVO), marking="OTHER"))
        lose_answer(desk, after_recording=True)
        assert dmitri.ask("POST", f"/acts/pending/{name}/confirm").status_code == 500
        desk.sequencer.instead = None
        found = olga.ask("DELETE", f"/acts/pending/{name}")
        assert found.status_code == 410
        assert "the node refused it: " in found.json()["detail"]
        assert settled(olga) == [("refused", 0)]


def test_api_482_while_the_node_cannot_be_asked_nothing_is_dropped_nor_told_as_expired() -> None:
    desk = Desk()
    with desk.running() as client:
        olga = person(client, OPERATOR, watch=True)
        dmitri = person(client, DIRECTOR_ACCOUNT, watch=True)
        name = str(olga.act(alone()).json()["pending"])
        look = desk.sequencer.look

        def late(_asked: NodeInput) -> Future[Outcome]:
            raise Unavailable("the node did not answer within 30 s")

        def silent(_view: object) -> Future[Node]:
            raise Unavailable("the node did not answer within 30 s")

        desk.sequencer.instead = late
        assert dmitri.ask("POST", f"/acts/pending/{name}/confirm").status_code == 503
        desk.sequencer.look = silent  # type: ignore[method-assign, assignment]
        assert olga.ask("DELETE", f"/acts/pending/{name}").status_code == 503
        desk.wall += LATER
        assert settled(olga) == []
        desk.sequencer.look = look  # type: ignore[method-assign]
        assert settled(olga) == [("expired", 0)]
