"""Acts that wait for a second person, who confirms in a session of their own (docs/spec/api.md)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from api_desk import ADMIN, DIRECTOR_ACCOUNT, OPERATOR, PASSWORD, WALL, Desk, Person, person
from node_pair import ALPHA, BRAVO, DIRECTOR, DUTY, SEA, area, post
from release_values import WIDE, own_track, release, share, terms
from test_mechanism_claims import revision, stated

from crosstell.codecs.plain import to_plain
from crosstell.core.assessment.account.content import Place
from crosstell.core.errors import CallerError
from crosstell.core.ids import NoticeId, PaperId
from crosstell.core.incident.paper import IncidentFile, PaperFiled
from crosstell.core.mechanism.inputs import Act
from crosstell.core.picture.content import GeneralNotice, OwnForceLocation
from crosstell.core.picture.notice import NoticeFiled, NoticeWithdrawn
from crosstell.core.picture.party import Speaker
from crosstell.core.picture.releasing.coarse import coarse_content
from crosstell.core.picture.releasing.release import ItemKind
from crosstell.core.picture.releasing.share import ShareId
from crosstell.shell.access.account import AccountKind
from crosstell.shell.api.doing.second import WITH_SECOND, needs_second

WHERE = Place(of_what="the object", position=SEA, within_m=200.0)


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
        assert beside.ask("POST", "/watch", json={"relieves": "1"}).status_code == 200
        found = beside.ask("POST", path)
        assert found.status_code == 403, "nor on another watch"
        assert "cannot be its second" in found.json()["detail"]
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
        assert olga.get("/acts/pending").json()["pending"] == []
    filed = desk.world.state(ALPHA).own.notices[NoticeId("post-1")].versions[0]
    assert filed.stamp.by == Speaker(party=ALPHA, role=DUTY, watch="1")
    assert filed.event.second == Speaker(party=ALPHA, role=DIRECTOR, watch="1")


def test_api_022_what_waits_is_shown_as_the_node_read_it() -> None:
    """In one unit, whoever wrote it in which, and with what was left out: to nobody, if so."""
    desk = Desk()
    body: Any = {"notice_filed": to_plain(alone())}
    volume = body["notice_filed"]["content"]["own_force_location"]["volume"]
    circle = volume["footprint"]["circle"]
    circle["radius_km"] = circle.pop("radius_m") / 1_000
    del body["notice_filed"]["releasable_to"]
    with desk.running() as client:
        olga = person(client, OPERATOR, watch=True)
        asked = olga.ask("POST", "/acts", json={"body": body}, headers={"Idempotency-Key": "units"})
        assert asked.status_code == 202, asked.text
        (read,) = olga.get("/acts/pending").json()["pending"]
    whole = replace(alone(), releasable_to=())
    assert read["body"] == {"notice_filed": to_plain(whole)}


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
        assert nils.ask("POST", "/watch", json={"relieves": "1"}).status_code == 200
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


def test_con_497_whoever_asked_reads_what_became_of_it_and_nobody_else_does() -> None:
    """Confirmed with its entry, confirmed and refused, turned down, taken back, waited too long."""
    desk = Desk()
    with desk.running() as client:
        olga = person(client, OPERATOR, watch=True)
        dmitri = person(client, DIRECTOR_ACCOUNT, watch=True)
        names = [olga.act(alone(f"post-{n}")).json()["pending"] for n in (1, 2, 3, 4)]
        twice = olga.act(replace(alone("post-1"), marking="ANOTHER")).json()["pending"]
        assert "settled" not in olga.get("/acts/pending").json()
        done = dmitri.ask("POST", f"/acts/pending/{names[0]}/confirm").json()["recorded"]
        no = dmitri.ask("POST", f"/acts/pending/{twice}/confirm")
        assert no.status_code == 409, no.text
        dmitri.ask("DELETE", f"/acts/pending/{names[1]}")
        olga.ask("DELETE", f"/acts/pending/{names[2]}")
        assert "settled" not in dmitri.get("/acts/pending").json()
        desk.wall += timedelta(seconds=901)
        told = {one["id"]: one for one in olga.get("/acts/pending").json()["settled"]}
        assert {name: told[name]["how"] for name in told} == {
            **dict(zip(names, ("confirmed", "turned-down", "taken-back", "expired"), strict=True)),
            twice: "refused",
        }
        assert told[names[0]]["recorded"] == done
        assert told[twice]["why"] == no.json()["detail"]
        desk.wall += timedelta(seconds=901)
        assert olga.get("/acts/pending").json() == {"pending": []}


def test_api_022_a_released_paper_with_a_position_needs_two_and_one_at_home_does_not() -> None:
    desk = Desk()
    by = Speaker(party=ALPHA, role=DUTY, watch="1")
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
        asked = Act(by=by, body=body)
        assert needs_second(desk.world.state(ALPHA), asked, desk.clock.at) is expected


def test_api_022_no_kind_of_act_may_name_its_second_person_in_the_body() -> None:
    desk = Desk()
    with desk.running() as client:
        olga = person(client, OPERATOR, watch=True)
        for tag in WITH_SECOND:
            forged = {"party": "alpha", "role": "director", "watch": "1"}
            body = {"body": {tag: {"second": forged}}}
            found = olga.ask("POST", "/acts", json=body, headers={"Idempotency-Key": tag})
            assert found.status_code == 422, tag
            assert "leave `second` out" in found.json()["detail"]
    assert {"notice_filed", "claim_stated", "paper_filed", "item_released"} <= set(WITH_SECOND)


def test_api_022_a_share_always_waits_and_what_is_refused_anyway_is_refused_at_once() -> None:
    desk = Desk()
    own_track(desk.world)
    desk.clock.at = desk.world.now
    plain = to_plain(share())
    assert isinstance(plain, dict)
    del plain["second"]
    with desk.running() as client:
        olga = person(client, OPERATOR, watch=True)
        dmitri = person(client, DIRECTOR_ACCOUNT, watch=True)

        def ask(body: object, key: str) -> httpx.Response:
            given = {"body": {"track_shared": body}}
            return olga.ask("POST", "/acts", json=given, headers={"Idempotency-Key": key})

        found = ask(plain | {"track": "nowhere"}, "k-1")
        assert found.status_code == 409, "no such track is held: nobody need confirm that"
        assert olga.act(replace(alone(), version=7)).status_code == 409
        found = ask(plain, "k-2")
        assert found.status_code == 202, found.text
        done = dmitri.ask("POST", f"/acts/pending/{found.json()['pending']}/confirm")
        assert done.status_code == 201, done.text
    granted = desk.world.state(ALPHA).own.shares[ShareId("sh-1")].granted
    assert granted.second == Speaker(party=ALPHA, role=DIRECTOR, watch="1")


def test_rel_016_a_release_of_a_position_and_a_share_wait_for_another_person() -> None:
    """What leaves with a position waits, and is recorded twice: at home and as it left."""
    desk = Desk()
    desk.world.settle(ALPHA, post(ALPHA, "post-home"))
    own_track(desk.world)
    asked = release("post-home", "post-out", coarsened=WIDE)
    until = desk.world.now + timedelta(hours=1)
    sharing = replace(share(), terms=replace(terms(), until=until), second=None)
    with desk.running() as client:
        olga, dmitri = person(client, OPERATOR, watch=True), person(client, DIRECTOR_ACCOUNT)
        dmitri.ask("POST", "/watch", json={})
        for body in (asked, sharing):
            found = olga.act(body)
            assert found.status_code == 202, found.text
            own = desk.world.state(ALPHA).own
            assert (NoticeId("post-out") in own.notices, own.shares) == (body is sharing, {})
            done = dmitri.ask("POST", f"/acts/pending/{found.json()['pending']}/confirm")
            assert done.status_code == 201, done.text
            assert len(done.json()["recorded"]) >= 2, "at home and in the feed"
    told = desk.world.state(ALPHA).own.notices[NoticeId("post-out")].latest.event
    assert told.second == Speaker(party=ALPHA, role=DIRECTOR, watch="1")
    assert set(desk.world.state(ALPHA).own.shares) == {ShareId("sh-1")}


def listed(one: Person) -> list[dict[str, Any]]:
    """What that person is shown to wait."""
    found: list[dict[str, Any]] = one.get("/acts/pending").json()["pending"]
    return found


def test_api_447_what_waits_is_told_with_what_would_go_out_of_it() -> None:
    desk = Desk()
    world = desk.world
    world.settle(ALPHA, post(ALPHA, "post-home"))
    world.settle(ALPHA, stated(WHERE, name="c-1"))
    moved = replace(WHERE, position=replace(SEA, lat_deg=35.5))
    world.settle(ALPHA, revision(moved))
    with desk.running() as client:
        olga = person(client, OPERATOR, watch=True)
        olga.act(alone("post-plain"))
        olga.act(release("post-home", "post-out", coarsened=WIDE))
        olga.act(release("c-1", "c-out", kind=ItemKind.CLAIM))
        by_under = {one["body"].get("item_released", {}).get("under"): one for one in listed(olga)}
        plain, coarse, claim = (by_under[one] for one in (None, "post-out", "c-out"))
        assert "lets_out" not in plain, "it is all that is recorded"
        ((tag, notice),) = coarse["lets_out"][0].items()
        content = coarse_content(post(ALPHA, "post-home").content, WIDE)
        assert (tag, notice["notice"], notice["marking"]) == (
            *("notice_filed", "post-out"),
            "TEST RELEASED",
        )
        assert notice["content"]["own_force_location"] == to_plain(content)
        ((tag, said),) = claim["lets_out"][0].items()
        assert (tag, said["claim"], said["matter"]) == ("claim_stated", "c-out", "meeting")
        assert said["voice"] == to_plain(stated(WHERE).voice)
        assert said["content"] == {"place": to_plain(moved)}
        assert not {"reason", "second"} & set(said), "neither goes out as yet"
        world.settle(ALPHA, NoticeWithdrawn(notice=NoticeId("post-home"), version=1, reason="gone"))
        (coarse,) = (one for one in listed(olga) if one["id"] == coarse["id"])
        assert "lets_out" not in coarse
        assert "is withdrawn" in coarse["no"]


def test_api_448_what_waits_is_of_the_version_that_stood_when_it_was_asked() -> None:
    desk = Desk()
    first = post(ALPHA, "post-home")
    desk.world.settle(ALPHA, first)
    with desk.running() as client:
        olga = person(client, OPERATOR, watch=True)
        dmitri = person(client, DIRECTOR_ACCOUNT, watch=True)
        name = olga.act(release("post-home", "post-out")).json()["pending"]
        (shown,) = listed(dmitri)
        wider = OwnForceLocation(volume=area(9_000.0))
        newer = replace(first, version=2, content=wider, reason="it was larger")
        desk.world.settle(ALPHA, newer)
        assert listed(dmitri) == [shown]
        assert dmitri.ask("POST", f"/acts/pending/{name}/confirm").status_code == 201
    out = desk.world.state(ALPHA).own.notices[NoticeId("post-out")].latest.event
    assert out.content == first.content


def test_acs_016_a_component_speaks_as_itself_with_and_without_a_second_person() -> None:
    desk = Desk()
    component = str(desk.world.parties[ALPHA].setting.protocol.parties[0].components[0].id)
    name = "liaison"
    desk.access.make_account(
        name,
        AccountKind.OPERATOR,
        role=DUTY,
        component=component,
        password=PASSWORD,
        now=desk.wall,
    )
    with desk.running() as client:
        liaison = person(client, name, watch=True)
        dmitri = person(client, DIRECTOR_ACCOUNT, watch=True)
        alone_act = liaison.act(
            NoticeFiled(
                notice=NoticeId("said-by-it"),
                version=1,
                marking="TEST",
                content=GeneralNotice(text="a statement", source="a test"),
            )
        )
        assert alone_act.status_code == 201, alone_act.text
        found = liaison.act(alone())
        assert found.status_code == 202, found.text
        done = dmitri.ask("POST", f"/acts/pending/{found.json()['pending']}/confirm")
        assert done.status_code == 201, done.text
    state = desk.world.state(ALPHA)
    for held in (state.journal.notices[NoticeId("said-by-it")], state.own.notices[alone().notice]):
        by = held.latest.stamp.by
        assert by is not None
        assert by.component == component


def test_acs_016_a_component_that_is_none_is_refused() -> None:
    desk = Desk()
    with desk.running() as client:
        adam = person(client, ADMIN)
        body = {"name": "x", "kind": "operator", "role": DUTY, "component": "nobody"}
        found = adam.ask("POST", "/accounts", json=body | {"password": PASSWORD})
        assert found.status_code == 422
        assert "no component of ours" in found.json()["detail"]
    with pytest.raises(CallerError, match="speaks in a role"):
        desk.access.make_account(
            "y", AccountKind.READER, component="cell", password=PASSWORD, now=desk.wall
        )
