"""What the interface tells of a node that records nothing, and of what its author made void."""

from datetime import timedelta
from pathlib import Path

import pytest
from api_desk import OPERATOR, READER, Desk, person
from node_pair import ALPHA, BRAVO, roz
from test_api_observations import give, measured
from test_key_ceremony import Scene
from test_told_in_turkish import lacking

from crosstell.core.errors import Unavailable
from crosstell.core.ids import CallId, NoticeId
from crosstell.core.line.message import StopLifted
from crosstell.shell.access.sessions import Limits
from crosstell.shell.high_water import MemoryHighWater
from crosstell.shell.key_ceremony.rotating import revoke
from crosstell.shell.store.contract import Batch, Outcome, write_failed
from crosstell.shell.store.failing import FAILS_MIN, NOT_TRIED


def test_api_026_an_act_at_a_node_at_fault_is_told_what_is_wrong() -> None:
    """And is recorded once under its key when the node is mended: nothing was forgotten of it."""
    desk = Desk()
    node = desk.world.parties[ALPHA].node
    feed = node.state.setting.feed
    with desk.running() as client:
        olga = person(client, OPERATOR, watch=True)
        node._marked.sizes[feed] += 3  # as if more had been signed than is held
        wrong = olga.act(roz("roz-1", BRAVO), "one-key")
        told = wrong.json()
        assert wrong.status_code == 503
        assert told["title"] == "The node records nothing"
        assert told["type"].endswith("at-fault")
        assert "the node signs nothing until its peers have given them back" in told["detail"]
        watch = olga.ask("POST", "/watch", json={"watch": "9"})
        assert watch.json()["title"] == "The node records nothing"
        node._marked.sizes[feed] -= 3
        assert olga.act(roz("roz-1", BRAVO), "one-key").status_code == 201
    assert len(desk.world.state(ALPHA).own.notices) == 1


def test_nod_535_an_act_that_is_in_the_store_is_told_as_recorded_where_no_mark_can_be_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Who asks again, under another key too, does nothing twice."""
    desk = Desk()

    def fails(*_given: object) -> None:
        raise Unavailable("the marks cannot be written")

    with desk.running() as client:
        olga = person(client, OPERATOR, watch=True)
        with monkeypatch.context() as patch:
            patch.setattr(MemoryHighWater, "raise_all", fails)
            assert olga.act(roz("roz-1", BRAVO), "one-key").status_code == 201
            assert olga.get("/status").json()["fault"] == "the marks cannot be written"
            refused = olga.act(roz("roz-2", BRAVO), "two-keys")
            assert refused.status_code == 503
            assert refused.json()["title"] == "The node records nothing"
        assert olga.act(roz("roz-2", BRAVO), "three-keys").status_code == 201
    assert [*desk.world.state(ALPHA).own.notices] == ["roz-1", "roz-2"]


def test_api_026_a_refusal_at_a_node_at_fault_is_not_told_as_recorded() -> None:
    """It has no refusal's code, by which the command line says that the refusal is recorded."""
    desk = Desk()
    node = desk.world.parties[ALPHA].node
    feed = node.state.setting.feed
    lifted = StopLifted(call=CallId("c-none"))
    with desk.running() as client:
        olga = person(client, OPERATOR, watch=True)
        size = node.rebuilt.journal.size + node.rebuilt.own.size
        node._marked.sizes[feed] += 3
        wrong = olga.act(lifted, "one-key")
        told = wrong.json()
        assert wrong.status_code == 503
        assert told["type"].endswith("at-fault")
        assert not told.get("code")
        assert "and that is not recorded either: " in told["detail"]
        assert node.rebuilt.journal.size + node.rebuilt.own.size == size
        node._marked.sizes[feed] -= 3
        again = olga.act(lifted, "one-key")
        assert again.status_code == 409
        assert again.json()["code"] == "unknown-object"
        assert node.rebuilt.journal.size + node.rebuilt.own.size == size + 1


def test_api_470_what_a_session_s_use_cannot_be_noted_of_is_shown_all_the_same() -> None:
    """With a full disk the status is what a person needs; an act is refused, with why."""
    desk = Desk()
    with desk.running() as client:
        olga = person(client, OPERATOR, watch=True)
        desk.wall += timedelta(seconds=Limits().turn_s + 1.0)  # its use is to be noted, it turns
        query_only = desk.access.sessions._database._connection.execute
        query_only("PRAGMA query_only=ON")
        found = olga.get("/status")
        assert found.status_code == 200, found.text
        assert "set-cookie" not in found.headers
        no = olga.act(roz("roz-1", BRAVO), "one-key")
        assert no.status_code == 503
        assert "access database" in no.json()["detail"]
        query_only("PRAGMA query_only=OFF")
        assert olga.act(roz("roz-1", BRAVO), "one-key").status_code == 201
    assert len(desk.world.state(ALPHA).own.notices) == 1


def test_api_078_what_is_void_is_not_shown_as_said(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    scene.world.settle(ALPHA, roz("roz-1", BRAVO))
    desk = Desk(world=scene.world, signed=False)
    with desk.running() as client:
        rita = person(client, READER)
        path = f"/entries/{scene.feed}/1"
        assert "notice_filed" in rita.get(path).json()["shown"]["body"]
    revoke(scene.desk, scene.root, from_seq=1, now=scene.world.now)
    scene.take_keys()
    desk = Desk(world=scene.world, signed=False)
    with desk.running() as client:
        rita = person(client, READER)
        whole = rita.get(path).json()
        listed = [
            one
            for one in rita.get("/entries?count=500").json()["entries"]
            if (one["entry"]["feed"], one["entry"]["seq"]) == (scene.feed, 1)
        ]
        for one in (whole["shown"], *listed):
            assert "roz-1" not in str(one["body"])
            assert "is void" in str(one["body"])
        assert len(listed) == 1
        assert b"roz-1" in bytes.fromhex(whole["content"]), "its bytes are kept, and proved"
        assert whole["signature"].startswith("verifies")
    assert NoticeId("roz-1") not in scene.world.state(ALPHA).own.notices


@pytest.mark.parametrize("is_durable", [True, False])
def test_run_551_what_is_in_doubt_is_not_told_as_not_recorded(
    monkeypatch: pytest.MonkeyPatch, *, is_durable: bool
) -> None:
    """Sent again under its key it is on record once, whichever it was."""
    desk = Desk()
    store = desk.world.parties[ALPHA].store
    whole = store.commit

    def doubted(batch: Batch) -> None:
        if is_durable:
            whole(batch)
        raise write_failed("record.store: disk I/O error", Outcome.DOUBTFUL)

    with desk.running() as client:
        olga = person(client, OPERATOR, watch=True)
        with monkeypatch.context() as patch:
            patch.setattr(store, "commit", doubted)
            told = olga.act(roz("roz-1", BRAVO), "one-key")
        assert told.status_code == 503
        assert told.json()["title"] == "It is not known whether this was recorded"
        assert told.json()["type"].endswith("in-doubt")
        assert "send it again as it was, under the same key" in told.json()["detail"]
        assert "nothing was written" not in told.json()["detail"]
        assert lacking(iter([("refusals", told.json()["detail"])])) == []
        assert olga.act(roz("roz-1", BRAVO), "one-key").status_code in (200, 201)
    assert len(desk.world.state(ALPHA).own.notices) == 1
    assert len(desk.world.state(ALPHA).own.notices[NoticeId("roz-1")].versions) == 1


def test_api_484_what_to_do_under_a_key_is_told_to_who_has_one_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Who looks at status sent nothing; a watch and observations have no key."""
    desk = Desk()

    def doubted(_batch: Batch) -> None:
        raise write_failed("record.store: disk I/O error", Outcome.DOUBTFUL)

    with desk.running() as client:
        olga = person(client, OPERATOR, watch=True)
        monkeypatch.setattr(desk.world.parties[ALPHA].store, "commit", doubted)
        seen = give(desk, client, measured())
        act = olga.act(roz("roz-1", BRAVO), "one-key")
        watch = olga.ask("POST", "/watch", json={"watch": "9"})
        assert all(one.json()["type"].endswith("in-doubt") for one in (seen, act, watch))
        assert "under the same key" in act.json()["detail"]
        for said in (seen.json()["detail"], watch.json()["detail"], olga.get("/status").json()):
            assert "under the same key" not in str(said)
            assert "all of that write is durable, or nothing" in str(said)


def test_api_485_what_is_held_off_is_told_as_not_tried_and_not_as_in_doubt(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = Desk()
    tried = []

    def doubted(batch: Batch) -> None:
        tried.append(batch)
        raise write_failed("record.store: disk I/O error", Outcome.DOUBTFUL)

    with desk.running() as client:
        monkeypatch.setattr(desk.world.parties[ALPHA].store, "commit", doubted)
        told = [give(desk, client, measured()).json() for _ in range(FAILS_MIN + 1)]
        assert len(tried) == FAILS_MIN
    assert [one["type"].rpartition(":")[2] for one in told[:-1]] == ["in-doubt"] * FAILS_MIN
    assert told[-1]["type"].endswith("at-fault")
    assert told[-1]["detail"].startswith(NOT_TRIED)
    assert "disk I/O error" in told[-1]["detail"]
