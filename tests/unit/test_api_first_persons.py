"""Who asked for an act that waits, at the moment at which another confirms it (access.md)."""

import sqlite3
from pathlib import Path

import pytest
from api_desk import ADMIN, DIRECTOR_ACCOUNT, OPERATOR, PASSWORD, WALL, Desk, person
from node_pair import ALPHA, DUTY
from test_api_lost_confirmations import LATER, after_a_kill
from test_api_two_persons import alone

from crosstell.cli.operate import pending as command
from crosstell.core.ids import NoticeId
from crosstell.core.picture.party import Speaker
from crosstell.shell.access.access import Access
from crosstell.shell.access.account import AccountKind
from crosstell.shell.access.audit import Deed
from crosstell.shell.access.database import BUSY_WAIT_S
from crosstell.shell.clock import read_steady

ANOTHER = "as nobody but the administrator has it"
POST = NoticeId("post-1")


def test_acs_280_with_a_disabled_account_go_its_acts_that_wait() -> None:
    desk = Desk()
    with desk.running() as client:
        olga = person(client, OPERATOR, watch=True)
        dmitri = person(client, DIRECTOR_ACCOUNT, watch=True)
        name = olga.act(alone()).json()["pending"]
        desk.access.make_account(
            "nils", AccountKind.OPERATOR, role="duty-officer", password=PASSWORD, now=WALL
        )
        nils = person(client, "nils")
        nils.ask("POST", "/watch", json={"how": "join"})
        kept = nils.act(alone("post-2")).json()["pending"]
        assert person(client, ADMIN).ask("DELETE", f"/accounts/{OPERATOR}").status_code == 200
        assert [one["id"] for one in dmitri.get("/acts/pending").json()["pending"]] == [kept]
        assert dmitri.ask("POST", f"/acts/pending/{name}/confirm").status_code == 410
        (line,) = [one for one in desk.access.audit.lines() if one.deed is Deed.TURNED_DOWN]
        assert (line.account, name in line.about, OPERATOR in line.about) == (ADMIN, True, True)
    assert POST not in desk.world.state(ALPHA).own.notices


def test_acs_280_one_that_may_be_on_record_is_left_until_the_record_says(tmp_path: Path) -> None:
    desk, name = after_a_kill(tmp_path / "access.sqlite", recorded=True)
    desk.access.disable(OPERATOR, by=ADMIN, now=WALL)
    with desk.running() as client:
        found = person(client, DIRECTOR_ACCOUNT).ask("POST", f"/acts/pending/{name}/confirm")
        assert found.status_code == 201, found.text
        assert Deed.TURNED_DOWN not in {one.deed for one in desk.access.audit.lines()}


@pytest.mark.parametrize(("how", "why"), [("disabled", "is disabled"), ("rests", "no person of")])
def test_acs_281_the_first_person_is_fit_when_the_second_confirms(
    tmp_path: Path, how: str, why: str
) -> None:
    """A disabled account's act waits again where its confirmation, once begun, came to nothing."""
    desk, name = after_a_kill(tmp_path / "access.sqlite", recorded=False)
    if how == "disabled":
        desk.access.disable(OPERATOR, by=ADMIN, now=WALL)
    else:
        desk.access.set_password(OPERATOR, ANOTHER, by=ADMIN, now=WALL)
    with desk.running() as client:
        dmitri = person(client, DIRECTOR_ACCOUNT)
        (told,) = dmitri.get("/acts/pending").json()["pending"]
        assert why in told["no"]
        for _ in range(2):
            found = dmitri.ask("POST", f"/acts/pending/{name}/confirm")
            assert (found.status_code, why in found.json()["detail"]) == (403, True), found.text
    assert POST not in desk.world.state(ALPHA).own.notices


def test_acs_282_a_relieved_watch_is_recorded_as_who_asked_and_the_second_reads_it() -> None:
    desk = Desk()
    with desk.running() as client:
        olga = person(client, OPERATOR, watch=True)
        dmitri = person(client, DIRECTOR_ACCOUNT, watch=True)
        name = olga.act(alone()).json()["pending"]
        (told,) = dmitri.get("/acts/pending").json()["pending"]
        assert "relieved_by" not in told
        beside = person(client, OPERATOR)
        assert beside.ask("POST", "/watch", json={"relieves": "1"}).status_code == 200
        listed = dmitri.get("/acts/pending").json()
        assert listed["pending"][0]["relieved_by"] == "2"
        assert dmitri.ask("POST", f"/acts/pending/{name}/confirm").status_code == 201
    stamp = desk.world.state(ALPHA).own.notices[POST].versions[0].stamp
    assert stamp.by == Speaker(party=ALPHA, role=DUTY, watch="1")
    assert "    duty-officer 1 was relieved since, by watch 2" in command._lines(listed)


def said(path: Path) -> bytes:
    """All bytes of the access database and its log."""
    return b"".join(one.read_bytes() for one in path.parent.glob(f"{path.name}*"))


@pytest.mark.parametrize("how", ["confirmed", "dropped", "expired", "restarted"])
def test_acs_283_what_no_longer_waits_says_nothing_any_more(tmp_path: Path, how: str) -> None:
    desk = Desk(database=tmp_path / "access.sqlite")
    with desk.running() as client:
        olga = person(client, OPERATOR, watch=True)
        dmitri = person(client, DIRECTOR_ACCOUNT, watch=True)
        name = olga.act(alone("post-secret")).json()["pending"]
        assert b"post-secret" in said(tmp_path / "access.sqlite")
        path = f"/acts/pending/{name}"
        if how == "confirmed":
            done = dmitri.ask("POST", f"{path}/confirm")
            assert done.status_code == 201
            assert dmitri.ask("POST", f"{path}/confirm").json() == done.json()
        elif how == "dropped":
            assert dmitri.ask("DELETE", path).status_code == 200
        else:
            desk.wall += LATER
        if how == "expired":
            assert olga.get("/acts/pending").json()["settled"][0]["how"] == "expired"
        if how != "restarted":
            assert b"post-secret" not in said(tmp_path / "access.sqlite")
    if how == "restarted":
        again = Desk(
            database=tmp_path / "access.sqlite", world=desk.world, signed=False, wall=desk.wall
        )
        with again.running():
            assert b"post-secret" not in said(tmp_path / "access.sqlite")


@pytest.mark.parametrize("after", ["a look", "a start"])
def test_acs_285_what_a_reader_kept_in_the_log_goes_after_it(tmp_path: Path, after: str) -> None:
    """Nor is anybody kept waiting for the reader."""
    path = tmp_path / "access.sqlite"
    desk = Desk(database=path)
    with desk.running() as client:
        olga = person(client, OPERATOR, watch=True)
        name = olga.act(alone("post-secret")).json()["pending"]
        reader = sqlite3.connect(path, isolation_level=None)
        reader.execute("BEGIN").execute("SELECT body FROM pending").fetchall()
        began_s = read_steady()
        assert olga.ask("DELETE", f"/acts/pending/{name}").status_code == 200
        assert read_steady() - began_s < BUSY_WAIT_S
        assert b"post-secret" in said(path), "the reader holds it"
        reader.close()
        assert b"post-secret" in said(path), "nobody looked yet"
        if after == "a look":
            olga.get("/acts/pending")
        else:
            Access(path).begin_anew(desk.wall)
        assert b"post-secret" not in said(path)
