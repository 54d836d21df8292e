"""Acts over HTTP: who speaks, on which watch, and what a refusal is (docs/spec/api.md)."""

from api_desk import OPERATOR, PASSWORD, WALL, Desk, person
from node_pair import ALPHA, BRAVO, DUTY, post, roz

from crosstell.core.errors import RefusalCode, Refused
from crosstell.core.ids import NoticeId
from crosstell.core.line.watch.relief import WatchRelieved, WatchTaken
from crosstell.core.picture.party import Speaker
from crosstell.shell.access.account import AccountKind
from crosstell.shell.api.problems import REFUSALS, refused


def test_api_020_an_act_is_recorded_as_the_sessions_role_and_watch() -> None:
    desk = Desk()
    with desk.running() as client:
        olga = person(client, OPERATOR, watch=True)
        found = olga.act(roz("roz-1", BRAVO))
        assert found.status_code == 201, found.text
        first = found.json()["recorded"][0]
    stamp = desk.world.state(ALPHA).own.notices[NoticeId("roz-1")].versions[0].stamp
    assert first == {"feed": stamp.ref.feed, "seq": stamp.ref.seq, "hash": stamp.ref.hash}
    assert stamp.by == Speaker(party=ALPHA, role=DUTY, watch="1")


def test_api_020_a_body_that_names_its_own_speaker_is_refused() -> None:
    desk = Desk()
    with desk.running() as client:
        olga = person(client, OPERATOR, watch=True)
        found = olga.act(post(ALPHA, "post-1", BRAVO))
        assert found.status_code == 422
        assert "second" in found.json()["detail"]
        given = {"body": {"notice_withdrawn": {"notice": "x", "version": 1, "reason": "y"}}}
        for extra in ({"by": {"party": "bravo"}}, {"speaker": "x"}, {"at": "2023-01-01T00:00Z"}):
            got = olga.ask(
                "POST", "/acts", json=given | extra, headers={"Idempotency-Key": "another"}
            )
            assert (got.status_code, got.json()["faults"][0]["path"]) == (422, *extra)
        assert olga.act(WatchTaken(role=DUTY, watch="9")).status_code == 422


def test_api_020_without_the_watch_nothing_is_recorded() -> None:
    desk = Desk()
    with desk.running() as client:
        olga = person(client, OPERATOR)
        assert olga.act(roz()).status_code == 403
        assert olga.ask("POST", "/watch", json={"how": "join"}).status_code == 403
        assert olga.ask("POST", "/watch", json={}).json() == {"role": "duty-officer", "watch": "1"}
        assert olga.act(roz()).status_code == 201
        desk.access.make_account(
            "nils", AccountKind.OPERATOR, role="duty-officer", password=PASSWORD, now=WALL
        )
        nils = person(client, "nils")
        taken = nils.ask("POST", "/watch", json={"relieves": "1", "briefed": ["alert a-1"]})
        assert taken.json() == {"role": "duty-officer", "watch": "2", "relieved": "1"}
        told = olga.act(roz("roz-2"))
        assert told.status_code == 403
        assert "watch 2 has it" in told.json()["detail"]
        assert olga.ask("POST", "/watch", json={"how": "join"}).json()["watch"] == "2"
        assert olga.act(roz("roz-2")).status_code == 201


def test_api_024_the_watch_goes_on_when_the_account_comes_in_again() -> None:
    desk = Desk()
    with desk.running() as client:
        olga = person(client, OPERATOR, watch=True)
        cookie = dict(olga.cookies)
        assert olga.ask("POST", "/watch", json={}).json()["watch"] == "1", "asked twice: the same"
        assert olga.cookies != cookie, "the secret turned when the watch was taken"
        again = person(client, OPERATOR)
        told = again.get("/session").json()
        assert (told["watch"], told["on_watch"]) == ("1", "1")
        assert again.act(roz()).status_code == 201
        for number, former in (("night-7", "1"), ("1", "night-7")):
            named = {"watch": number, "relieves": former}
            assert again.ask("POST", "/watch", json=named).json()["relieved"] == former
        assert again.ask("POST", "/watch", json={"watch": "2 b"}).status_code == 422
    held = desk.world.state(ALPHA).journal.watches[DUTY]
    watches = [
        event.watch if isinstance(event, WatchTaken) else event.to_watch
        for _, event in held.reliefs
    ]
    assert watches == ["1", "night-7", "1"]


def test_api_446_the_watch_that_was_named_is_relieved_and_no_other() -> None:
    """By who stands on it too, once; not by who read of a watch that was relieved since."""
    desk = Desk()
    with desk.running() as client:
        olga = person(client, OPERATOR, watch=True)
        desk.access.make_account(
            "nils", AccountKind.OPERATOR, role="duty-officer", password=PASSWORD, now=WALL
        )
        nils = person(client, "nils")
        first = {"relieves": "1", "briefed": ["alert a-1"]}
        told = olga.ask("POST", "/watch", json=first).json()
        assert told == {"role": "duty-officer", "watch": "2", "relieved": "1"}
        assert olga.ask("POST", "/watch", json=first).json()["watch"] == "2", "asked twice: once"
        late = nils.ask("POST", "/watch", json=first)
        assert late.status_code == 409
        assert "held by watch 2, not 1" in late.json()["detail"]
        assert nils.ask("POST", "/watch", json={"relieves": "2"}).json()["watch"] == "3"
    held = desk.world.state(ALPHA).journal.watches[DUTY]
    reliefs = [event for _, event in held.reliefs if isinstance(event, WatchRelieved)]
    assert [(one.from_watch, one.to_watch) for one in reliefs] == [("1", "2"), ("2", "3")]
    assert [one.briefed for one in reliefs] == [("alert a-1",), ()], "nothing holds a relief up"


def test_api_456_what_was_vacant_is_not_taken_from_whoever_holds_it_since() -> None:
    desk = Desk()
    with desk.running() as client:
        olga = person(client, OPERATOR)
        assert olga.get("/session").json().get("on_watch") is None
        desk.access.make_account(
            "nils", AccountKind.OPERATOR, role="duty-officer", password=PASSWORD, now=WALL
        )
        nils = person(client, "nils", watch=True)
        for late in ({"how": "take"}, {"watch": "7"}):
            found = olga.ask("POST", "/watch", json=late)
            assert (found.status_code, found.json()["code"]) == (409, "wrong-state"), found.text
            assert "watch 1 holds it; relieve that one" in found.json()["detail"]
        assert olga.get("/session").json().get("watch") is None
        assert nils.act(roz()).status_code == 201, "the watch is still theirs"
        assert olga.ask("POST", "/watch", json={"relieves": "1"}).json()["relieved"] == "1"


def test_api_021_a_refusal_by_the_tables_is_409_and_is_recorded() -> None:
    desk = Desk()
    with desk.running() as client:
        olga = person(client, OPERATOR, watch=True)
        before = desk.world.state(ALPHA).journal.size
        found = olga.act(roz("roz-1", BRAVO, version=2))
        assert found.status_code == 409
        assert found.headers["Content-Type"] == "application/problem+json"
        told = found.json()
        assert told["type"] == f"urn:crosstell:problem:refused:{told['code']}"
        assert told["code"] in list(RefusalCode)
        assert desk.world.state(ALPHA).journal.size == before + 1
        assert olga.act(roz("roz-1", BRAVO)).status_code == 201
        again = olga.act(roz("roz-1", BRAVO))
        assert again.status_code == 200
        assert again.json()["recorded"] == []
        assert "already" in again.json()["already"]


def test_api_021_every_code_of_refusal_has_a_row() -> None:
    assert set(REFUSALS) == set(RefusalCode)
    for code in RefusalCode:
        told = refused(Refused(code=code, text="why", refs=("x",)))
        assert (told.status, told.code, told.detail, told.refs) == (409, code, "why", ("x",))
    assert len({row.title for row in REFUSALS.values()}) == len(RefusalCode)
