"""Acts over HTTP: who speaks, two persons, first answers (docs/spec/api.md)."""

from dataclasses import replace

from api_desk import DIRECTOR_ACCOUNT, OPERATOR, Desk, person
from node_pair import ALPHA, BRAVO, post, roz


def test_api_020_an_act_is_recorded_as_the_sessions_role_and_watch() -> None:
    desk = Desk()
    with desk.running() as client:
        olga = person(client, OPERATOR, watch=True)
        found = olga.act(roz("roz-1", BRAVO))
        assert found.status_code == 201, found.text
        first = found.json()["recorded"][0]
    notice = desk.world.state(ALPHA).own.notices["roz-1"]  # type: ignore[index]
    stamp = notice.versions[0].stamp
    assert (stamp.ref.feed, stamp.ref.seq, stamp.ref.hash) == tuple(first.values())
    assert stamp.by is not None
    assert (stamp.by.role, stamp.by.watch) == ("duty-officer", "1")


def test_two_persons() -> None:
    desk = Desk()
    with desk.running() as client:
        olga = person(client, OPERATOR, watch=True)
        body = replace(post(ALPHA, "post-1", BRAVO), second=None)
        found = olga.act(body)
        assert found.status_code == 202, found.text
        pending = found.json()["pending"]
        dmitri = person(client, DIRECTOR_ACCOUNT, watch=True)
        assert dmitri.get("/acts/pending").json()["pending"][0]["id"] == pending
        found = dmitri.ask("POST", f"/acts/pending/{pending}/confirm")
        assert found.status_code == 201, found.text
        again = dmitri.ask("POST", f"/acts/pending/{pending}/confirm")
        assert (again.status_code, again.json()) == (201, found.json())
        for path in (
            "/status",
            "/notices",
            "/alerts",
            "/calls",
            "/tracks",
            "/lines",
            "/protocol",
            "/papers",
            "/claims",
            "/entries",
            "/search?q=roz",
        ):
            got = olga.get(path)
            assert got.status_code == 200, (path, got.text)
        print(olga.get("/status").text)
