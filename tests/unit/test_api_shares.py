"""What another party shares of its tracks reaches a person, no longer than it counts."""

import re
from dataclasses import replace
from typing import Any

import pytest
from account_values import moment, revised, stated
from api_desk import OPERATOR, READER, Desk, person
from node_pair import ALPHA, BRAVO, START, World, roz, seen
from release_values import TOLD, WIDE, own_track, release, share
from test_incident_paper import FILE, filed

from crosstell.cli.operate.telling import VIEWS, search
from crosstell.core.ids import Latest, NoticeId, PaperId
from crosstell.core.incident.paper import PaperWithdrawn
from crosstell.core.mechanism.releasing.given import versions_given
from crosstell.core.picture.notice import NoticeWithdrawn
from crosstell.core.picture.releasing.copies import CopyMade
from crosstell.core.picture.releasing.release import ItemKind, Release, ReleaseId
from crosstell.shell.access.audit import Deed
from crosstell.shell.api.views import held
from crosstell.shell.archive.copies import recognised


def shared() -> World:
    """Alpha shares a track with bravo, for half an hour, and has told where it is."""
    world = World()
    world.sign()
    own_track(world)
    world.settle(ALPHA, share())
    for second in range(0, 120, 10):
        world.wait(10.0)
        world.observe(ALPHA, seen(world.now, 59_000.0 - 60.0 * second, track="t1"))
        world.deliver()
    return world


def test_api_405_a_share_reaches_a_person_at_the_other_party_and_is_no_track_there() -> None:
    """REL-034: in its words, with its area, and not among the tracks."""
    desk = Desk(world=shared(), party=BRAVO, signed=False)
    with desk.running() as client:
        rita = person(client, READER)
        found = rita.get("/shares").json()
        assert rita.get("/tracks").json()["tracks"] == []
    (one,) = found["shares"]
    assert (one["by"], one["called"], one["standing"]) == (ALPHA, "tanker one", "open")
    assert (
        "“tanker one”: shared by alpha for “refuelling beside your exercise” until" in one["text"]
    )
    assert "never a target" in one["text"]
    assert "circle" in one["volume"]["footprint"]
    told = list(VIEWS["shares"](found))
    assert told[0] == one["text"]
    assert told[1].startswith("  within ")


def test_api_450_a_share_has_its_terms_and_only_its_owner_sees_which_track_it_is_of() -> None:
    """REL-034: what stands at home alone is in no view of another party."""
    found = {}
    for party in (ALPHA, BRAVO):
        with Desk(world=shared(), party=party, signed=False).running() as client:
            (found[party],) = person(client, READER).get("/shares").json()["shares"]
    ours, theirs = found[ALPHA], found[BRAVO]
    assert (ours.pop("track"), "track" in theirs) == ("t1", False)
    assert ours == theirs
    assert (ours["share"], ours["terms"]["to"]) == ("sh-1", [BRAVO])
    assert ours["terms"]["purpose"] == "refuelling beside your exercise"
    assert ours["terms"]["coarsened"]["area_m"] == TOLD.area_m
    assert ours["granted"]["ref"]["feed"]
    assert ours["contains"] in ("stated-accuracy", "position-alone")


def given_world() -> World:
    """Alpha released a notice coarser, superseded and withdrew another, and made a copy."""
    world = World()
    world.sign()
    world.settle(BRAVO, roz("mine"))
    world.settle(BRAVO, release("mine", "kept-b", ALPHA, item=Latest(party=BRAVO, id="mine")))
    world.settle(ALPHA, roz("kept"))
    world.settle(ALPHA, release("kept", "kept-b", coarsened=WIDE))
    for version in (1, 2):
        world.settle(ALPHA, roz("roz-1", BRAVO, version=version))
    world.settle(ALPHA, NoticeWithdrawn(notice=NoticeId("roz-1"), version=2, reason="it is over"))
    filed = world.state(ALPHA).own.notices[NoticeId("roz-1")].versions[0].stamp.ref
    made = CopyMade(items=(filed,), recipient="the ministry", purpose="briefing", marking="TEST")
    world.settle(ALPHA, made)
    return world


def test_api_451_what_was_given_is_told_version_by_version_and_the_copies_with_it() -> None:
    """REL-010, REL-050: to whom, what for, how coarse, and whether it stands; the newest first."""
    with Desk(world=given_world(), signed=False).running() as client:
        found = person(client, READER).get("/given").json()
    rows = [
        (one["by"], one["item"], one["version"], one["standing"], one.get("purpose"))
        for one in found["versions"]
    ]
    assert rows == [
        (ALPHA, "roz-1", 2, "withdrawn", None),
        (ALPHA, "roz-1", 1, "superseded", None),
        (ALPHA, "kept-b", 1, "stands", "so that they keep clear"),
        (BRAVO, "kept-b", 1, "stands", None),
    ]
    released = found["versions"][2]
    assert (released["to"], released["marking"]) == ([BRAVO], "TEST RELEASED")
    assert released["coarsened"]["area_m"] == WIDE.area_m
    (copy,) = found["copies"]
    assert (copy["event"]["number"], copy["event"]["recipient"]) == (1, "the ministry")
    assert (found["versions_left_out"], found["copies_left_out"]) == (0, 0)
    told = list(VIEWS["given"](found))
    assert "alpha gave notice kept-b version 1 to bravo, “TEST RELEASED”, stands" in told[2]
    assert "copy 1 for “the ministry”, “TEST”: “briefing”" in told[4]


def test_api_451_another_party_sees_what_it_was_given_and_neither_purpose_nor_copy() -> None:
    """Its own purpose says nothing of what alpha gave it under the same id."""
    with Desk(world=given_world(), party=BRAVO, signed=False).running() as client:
        found = person(client, READER).get("/given").json()
    told = [(one["by"], one["item"], one.get("purpose")) for one in found["versions"]]
    assert told == [
        (ALPHA, "roz-1", None),
        (ALPHA, "roz-1", None),
        (ALPHA, "kept-b", None),
        (BRAVO, "kept-b", "so that they keep clear"),
    ]
    assert found["copies"] == []


def test_api_451_claims_and_papers_are_told_like_notices_and_what_stays_at_home_is_not() -> None:
    world = World()
    world.settle(ALPHA, stated(moment("08:40"), name="c-home"))
    world.settle(ALPHA, replace(stated(moment("08:40"), name="c-1"), releasable_to=(BRAVO,)))
    world.settle(ALPHA, revised(moment("08:41"), name="c-1"))
    world.settle(ALPHA, replace(filed(replace(FILE, start=START), name="inc"), releasable_to=()))
    paper = release("inc", "inc-b", kind=ItemKind.PAPER, purpose="the review")
    world.settle(ALPHA, paper)
    world.settle(ALPHA, PaperWithdrawn(paper=PaperId("inc-b"), version=1, reason="it is over"))
    told = [
        (one.kind.value, one.item, one.version, one.standing.value, one.purpose)
        for one in versions_given(world.state(ALPHA), 200)[0]
    ]
    assert told == [
        ("paper", "inc-b", 1, "withdrawn", "the review"),
        ("claim", "c-1", 2, "stands", None),
        ("claim", "c-1", 1, "superseded", None),
    ]


def test_api_451_of_many_the_newest_are_told_and_how_many_more_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(held, "GIVEN_MAX", 2)
    with Desk(world=given_world(), signed=False).running() as client:
        found = person(client, READER).get("/given").json()
    assert [one["item"] for one in found["versions"]] == ["roz-1", "roz-1"]
    assert found["versions_left_out"] == 2
    assert list(VIEWS["given"](found))[-1] == "2 earlier versions are not shown"


class Counted(dict[ReleaseId, Release]):
    """Releases, and how often all of them were looked through."""

    looked = 0

    def values(self) -> Any:  # noqa: ANN401
        self.looked += 1
        return super().values()


def test_api_458_releases_are_looked_through_once_however_much_was_given() -> None:
    state = given_world().state(ALPHA)
    releases = Counted(state.journal.releases)
    told, left_out = versions_given(
        replace(state, journal=replace(state.journal, releases=releases)), 3
    )
    assert (len(told), left_out, releases.looked) == (3, 1, 1)
    assert [one.purpose for one in told] == [None, None, "so that they keep clear"]


def test_api_459_a_marking_cannot_go_on_as_a_sentence_of_the_node() -> None:
    """Nor in what a search finds, nor on the command line."""
    world = World()
    world.sign()
    world.settle(ALPHA, replace(roz("roz-1", BRAVO), marking="x”. Cleared to engage. “y"))
    with Desk(world=world, party=BRAVO, signed=False).running() as client:
        rita = person(client, READER)
        found = rita.get("/search", params={"q": "roz-1"}).json()
        listed = rita.get("/notices").json()
        given = rita.get("/given").json()
    told = [*search(found), *VIEWS["notices"](listed), *VIEWS["given"](given)]
    assert len(told) == 3
    for line in told:
        assert "Cleared" in line
        assert "Cleared" not in re.sub("“[^“”]*”", "", line), line


def test_api_452_a_recorded_copy_is_printed_to_the_byte_and_is_in_the_audit_before() -> None:
    """REL-054: by operators and approvers; what leaves is recognised by its bytes."""
    desk = Desk(world=given_world(), signed=False)
    with desk.running() as client:
        asked = [person(client, name).get("/print/copy/1") for name in (OPERATOR, READER)]
        lacking = person(client, OPERATOR).get("/print/copy/2")
        lines = desk.access.audit.lines(0, 1_000)
    assert [one.status_code for one in (*asked, lacking)] == [200, 403, 404]
    assert "record it first" in lacking.json()["detail"]
    state, store = desk.world.state(ALPHA), desk.world.parties[ALPHA].store
    assert recognised(state, store, asked[0].content) == 1
    told = [(one.account, one.about) for one in lines if one.deed is Deed.EXPORTED]
    assert told == [(OPERATOR, "printed: copy/1")]


def test_api_405_a_share_that_is_over_is_shown_without_its_area() -> None:
    """REL-034: the words stay, the position goes, on the command line too."""
    world = shared()
    world.pass_time(1_900.0)
    desk = Desk(world=world, party=BRAVO, signed=False)
    with desk.running() as client:
        found = person(client, READER).get("/shares").json()
    (one,) = found["shares"]
    assert (one["standing"], "volume" in one) == ("over", False)
    assert list(VIEWS["shares"](found)) == [one["text"]]
    assert "over, nothing of it is shown" in one["text"]
