"""A password that an administrator gave makes no second person: one cannot be both."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from api_desk import ADMIN, CHEAP, DIRECTOR_ACCOUNT, OPERATOR, PASSWORD, WALL, Desk, person
from node_pair import ALPHA
from test_api_two_persons import alone

from crosstell.core.errors import CallerError
from crosstell.core.ids import NoticeId
from crosstell.shell.access.access import BY_HAND, Access
from crosstell.shell.access.account import AccountKind
from crosstell.shell.access.given import REST_S

ANOTHER = "as its owner has it now"


def made(access: Access, name: str) -> None:
    """A second administrator, made by hand on the node's own machine."""
    access.make_account(name, AccountKind.ADMINISTRATOR, password=PASSWORD, now=WALL)


def test_acs_017_an_administrator_is_not_both_persons() -> None:
    """Two accounts given by one hand, or made by it, can ask and confirm nothing."""
    desk = Desk()
    with desk.running() as client:
        adam = person(client, ADMIN)
        for name in (OPERATOR, DIRECTOR_ACCOUNT):
            found = adam.ask("POST", f"/accounts/{name}/password", json={"password": ANOTHER})
            assert found.status_code == 200, found.text
        ghost = {"name": "ghost", "kind": "approver", "role": "director", "password": PASSWORD}
        said = adam.ask("POST", "/accounts", json=ghost).json()["given"]
        assert "given by adam" in said
        olga = person(client, OPERATOR, password=ANOTHER, watch=True)
        told = olga.get("/session").json()
        assert "given by adam" in told["given"]
        assert told["rests"], "ACS-260: before it is in the way"
        found = olga.act(alone())
        assert found.status_code == 403
        assert "before its owner has set another" in found.json()["detail"]
        own = {"password": PASSWORD, "former": ANOTHER}
        assert olga.ask("POST", f"/accounts/{OPERATOR}/password", json=own).status_code == 200
        olga = person(client, OPERATOR, watch=True)
        found = olga.act(alone())
        assert found.status_code == 403, "whoever was given it may have set it anew"
        assert "before it is 2026-01-02T" in found.json()["detail"]
        desk.wall += timedelta(seconds=REST_S)
        olga = person(client, OPERATOR, watch=True)
        assert "rests" not in olga.get("/session").json()
        waits = olga.act(alone())
        assert waits.status_code == 202, waits.text
        path = f"/acts/pending/{waits.json()['pending']}/confirm"
        for name, password in ((DIRECTOR_ACCOUNT, ANOTHER), ("ghost", PASSWORD)):
            other = person(client, name, password=password, watch=True)
            found = other.ask("POST", path)
            assert found.status_code == 403, "a day alone is not enough"
            assert "given by adam" in found.json()["detail"]
        (shown,) = olga.get("/acts/pending").json()["pending"]
        assert "set anew by who came in with it" in shown["given"], "the second sees it too"
    assert NoticeId("post-1") not in desk.world.state(ALPHA).own.notices


def test_acs_018_a_second_administrator_vouches_and_no_other() -> None:
    desk = Desk()
    with desk.running() as client:
        adam = person(client, ADMIN)
        other = {"name": "eve", "kind": "administrator", "password": PASSWORD}
        assert adam.ask("POST", "/accounts", json=other).status_code == 201
        adam.ask("POST", f"/accounts/{OPERATOR}/password", json={"password": ANOTHER})
        path = f"/accounts/{OPERATOR}/vouch"
        found = adam.ask("POST", path)
        assert "another administrator vouches" in found.json()["detail"]
        found = person(client, "eve").ask("POST", path)
        assert "eve cannot vouch yet" in found.json()["detail"], "adam made that account"
        olga = person(client, OPERATOR, password=ANOTHER, watch=True)
        assert olga.ask("POST", path).status_code == 403, "only who keeps the accounts"
        assert olga.act(alone()).status_code == 403
        made(desk.access, "vera")
        assert person(client, "vera").ask("POST", path).status_code == 200
        assert olga.act(alone()).status_code == 202
        listed = adam.get("/accounts").json()["accounts"]
        (said,) = [one["given"] for one in listed if one["name"] == OPERATOR]
        assert "vera has vouched" in said
        assert "nothing is to be" in person(client, "vera").ask("POST", path).json()["detail"]
        assert any("vouched for olga" in line.about for line in desk.access.audit.lines(0, 100))


def test_acs_017_what_is_set_by_hand_is_held_up_by_nothing() -> None:
    """Also where an administrator gave one before; given once more, it is held up again."""
    access = Access(None, passwords=CHEAP)
    made(access, "adam")
    access.make_account(
        "olga", AccountKind.OPERATOR, role="duty-officer", password=PASSWORD, by="adam", now=WALL
    )
    found = access.given.find("olga")
    assert found is not None
    assert found.rests(WALL)
    access.set_password("olga", ANOTHER, now=WALL)
    assert access.given.find("olga") is None
    access.set_password("olga", PASSWORD, by="adam", now=WALL)
    again = access.given.find("olga")
    assert again is not None
    assert again.rests(WALL)
    access.close()


def test_acs_017_a_file_of_before_is_taken_over(tmp_path: Path) -> None:
    """And no account is called as the audit calls the machine itself."""
    path = tmp_path / "access.store"
    access = Access(path, passwords=CHEAP)
    made(access, "adam")
    with pytest.raises(CallerError, match="calls the node's own machine"):
        made(access, BY_HAND)
    access.close()
    held = sqlite3.connect(path)
    held.executescript("DROP TABLE given; PRAGMA user_version = 1;")
    held.close()
    Access(path, passwords=CHEAP).close()
    held = sqlite3.connect(
        path
    )  # as it is for whoever read the version before another took it over
    held.execute("PRAGMA user_version = 1")
    held.close()
    again = Access(path, passwords=CHEAP)
    again.set_password("adam", ANOTHER, by="vera", now=WALL)
    found = again.given.find("adam")
    assert found is not None
    assert found.rests(WALL)
    again.close()
