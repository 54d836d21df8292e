"""Acts that wait for a second person, who confirms in a session of their own (docs/spec/api.md)."""

from dataclasses import replace
from datetime import timedelta

from api_desk import DIRECTOR_ACCOUNT, OPERATOR, PASSWORD, WALL, Desk, person
from node_pair import ALPHA, BRAVO, DIRECTOR, DUTY, SEA, post

from crosstell.core.ids import NoticeId, PaperId
from crosstell.core.incident.paper import IncidentFile, PaperFiled
from crosstell.core.picture.notice import NoticeFiled
from crosstell.core.picture.party import Speaker
from crosstell.shell.access.account import AccountKind
from crosstell.shell.api.doing.acting import needs_second


def alone(name: str = "post-1") -> NoticeFiled:
    """An own-force location that names no second person."""
    return replace(post(ALPHA, name, BRAVO), second=None)


def test_api_022_an_own_force_location_waits_for_another_person() -> None:
    desk = Desk()
    with desk.running() as client:
        olga = person(client, OPERATOR, watch=True)
        found = olga.act(alone())
        assert found.status_code == 202, found.text
        name = found.json()["pending"]
        path = f"/acts/pending/{name}/confirm"
        assert desk.world.state(ALPHA).own.notices == {}, "nothing is recorded yet"
        listed = olga.get("/acts/pending").json()["pending"]
        assert [(one["id"], one["kind"], one["own"]) for one in listed] == [
            (name, "notice_filed", True)
        ]
        assert olga.ask("POST", path).status_code == 403, "nobody is their own second"
        beside = person(client, OPERATOR)
        assert beside.ask("POST", path).status_code == 403, "nor in another session"
        dmitri = person(client, DIRECTOR_ACCOUNT)
        assert dmitri.ask("POST", path).status_code == 403, "who confirms stands on a watch"
        dmitri.ask("POST", "/watch", json={})
        read = dmitri.get("/acts/pending").json()["pending"][0]
        assert read["body"]["notice_filed"]["notice"] == "post-1"
        assert (read["role"], read["watch"], read["own"]) == ("duty-officer", "1", False)
        done = dmitri.ask("POST", path)
        assert done.status_code == 201, done.text
        again = dmitri.ask("POST", path)
        assert (again.status_code, again.json()) == (201, done.json())
        assert dmitri.ask("DELETE", f"/acts/pending/{name}").status_code == 410
        assert olga.get("/acts/pending").json() == {"pending": []}
    filed = desk.world.state(ALPHA).own.notices[NoticeId("post-1")].versions[0]
    assert filed.stamp.by == Speaker(party=ALPHA, role=DUTY, watch="1")
    assert filed.event.second == Speaker(party=ALPHA, role=DIRECTOR, watch="1")


def test_api_022_one_of_the_same_role_and_watch_is_no_second_person() -> None:
    desk = Desk()
    with desk.running() as client:
        olga = person(client, OPERATOR, watch=True)
        name = olga.act(alone()).json()["pending"]
        desk.access.make_account(
            "nils", AccountKind.OPERATOR, role="duty-officer", password=PASSWORD, now=WALL
        )
        nils = person(client, "nils")
        nils.ask("POST", "/watch", json={"how": "join"})
        found = nils.ask("POST", f"/acts/pending/{name}/confirm")
        assert found.status_code == 403
        assert "another role or watch" in found.json()["detail"]
        assert nils.ask("POST", "/watch", json={"how": "take"}).json()["watch"] == "1", "its own"
        assert nils.ask("POST", "/watch", json={"watch": "2"}).status_code == 200
        assert nils.ask("POST", f"/acts/pending/{name}/confirm").status_code == 201


def test_api_022_a_pending_act_expires_and_can_be_turned_down_or_taken_back() -> None:
    desk = Desk()
    with desk.running() as client:
        olga = person(client, OPERATOR, watch=True)
        dmitri = person(client, DIRECTOR_ACCOUNT, watch=True)
        first, second, third = (olga.act(alone(f"post-{n}")).json()["pending"] for n in range(3))
        assert dmitri.ask("DELETE", f"/acts/pending/{first}").json() == {"done": "turned down"}
        assert olga.ask("DELETE", f"/acts/pending/{second}").json() == {"done": "taken back"}
        desk.wall += timedelta(seconds=901)
        assert dmitri.get("/acts/pending").json() == {"pending": []}
        for name in (first, second, third):
            assert dmitri.ask("POST", f"/acts/pending/{name}/confirm").status_code == 410
        assert dmitri.ask("POST", "/acts/pending/nowhere/confirm").status_code == 404
    assert desk.world.state(ALPHA).own.notices == {}


def test_api_022_a_released_paper_with_a_position_needs_two_and_one_at_home_does_not() -> None:
    desk = Desk()
    state = desk.world.state(ALPHA)
    incident = IncidentFile(
        title="x", parties=(ALPHA,), matters=("m",), start=desk.clock.at, reference=None
    )
    placed = replace(incident, reference=SEA)
    for content, to, expected in (
        (incident, (BRAVO,), False),
        (placed, (BRAVO,), True),
        (placed, (), False),
    ):
        body = PaperFiled(
            paper=PaperId("p-1"), version=1, content=content, marking="TEST", releasable_to=to
        )
        assert needs_second(state, body) is expected
