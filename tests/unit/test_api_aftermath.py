"""Incidents, drafts and papers over HTTP (docs/spec/api.md): what is held, and no more."""

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from api_desk import READER, Desk, Person, own, person
from incident_words import judging
from map_package import package as map_package
from node_pair import ALPHA, BRAVO, CHARLIE, START, World, call, named, roz, seen
from test_api_views import check
from test_api_views import published as published
from test_mechanism_claims import revision, stated
from test_mechanism_papers import FILE, TEXT, action, filed, paper

from crosstell.codecs.archive.files import Purpose
from crosstell.core.assessment.account.claim import ClaimWithdrawn
from crosstell.core.assessment.account.content import Judgement, Moment
from crosstell.core.assessment.account.stance import AgreedThat, Disputes
from crosstell.core.ids import ClaimId, Named, PaperId
from crosstell.core.incident.corrective_action import ActionDone, ActionUndertaken
from crosstell.core.incident.joint_text import JointTextSigned
from crosstell.core.incident.paper import FromRecord, PaperWithdrawn, Readout, View
from crosstell.core.instant import later
from crosstell.core.state.events import Event
from crosstell.papers.assemble import agenda_of
from crosstell.papers.spoken import RULE
from crosstell.replay.report.assemble import read_one
from crosstell.shell.access.audit import Deed
from crosstell.shell.archive.export import Bodies, Choice, export
from crosstell.shell.console import __file__ as console
from crosstell.shell.console.maps import add_map

MANIFEST = Path(console).parent / "static" / "map" / "reference" / "manifest.json"
INC = "/incidents/alpha/inc"


def at(after_s: float) -> Moment:
    moment = later(START, by_s=after_s)
    return Moment(earliest=moment, latest=moment, as_stated="as the log has it")


def told(world: World) -> None:
    """An incident with claims of both, a call, a readout, a joint text and an action."""
    world.sign()
    for number in range(4):
        world.observe(ALPHA, seen(world.now, 200.0 - number))
        world.wait(5.0)
    world.settle(ALPHA, roz("roz-1", BRAVO))
    world.sees(ALPHA, 100.0)
    world.settle(ALPHA, call("c-1"))
    world.settle(ALPHA, filed(FILE, name="inc"))
    world.settle(ALPHA, stated(at(60.0), BRAVO))
    world.settle(ALPHA, revision(at(90.0)))
    world.settle(BRAVO, stated(at(600.0), ALPHA, by=BRAVO, name="c-b"))
    home = stated(
        Judgement(text="The line was slow.", reasons=("two calls waited",)), name="c-home"
    )
    world.settle(ALPHA, home)
    agreed = AgreedThat(text="Both use the established channels.", parties=(ALPHA, BRAVO))
    world.settle(BRAVO, stated(agreed, ALPHA, by=BRAVO, name="c-agreed"))
    said = Readout(
        incident="inc",
        occasion="call of the ministers",
        language="en",
        sentences=(
            FromRecord(text="A warning was placed.", entries=(named("c-1"),)),
            View(text="The line is worth keeping <open>."),
        ),
    )
    world.settle(ALPHA, filed(said, BRAVO, name="r-1"))
    world.settle(ALPHA, filed(TEXT, BRAVO, name="j-1"))
    world.settle(ALPHA, JointTextSigned(paper=paper("j-1")))
    world.settle(ALPHA, filed(action(BRAVO), BRAVO, name="a-1"))
    world.settle(BRAVO, ActionUndertaken(paper=paper("a-1"), due=later(START, by_s=9_000.0)))
    world.settle(BRAVO, ActionDone(paper=paper("a-1"), evidence="the roster"))


@pytest.fixture(scope="module")
def rita() -> Iterator[Person]:
    """Somebody who only looks, at alpha's node."""
    desk = Desk(signed=False)
    told(desk.world)
    desk.clock.at = later(desk.world.now, by_s=1.0)
    with desk.running() as client:
        yield person(client, READER)


def test_api_070_incidents_are_listed_and_one_is_shown_whole(
    rita: Person, published: dict[str, Any]
) -> None:
    found = rita.get("/incidents")
    check(published, "/incidents", "get", found)
    (row,) = found.json()["incidents"]
    assert (row["kept_by"], row["incident"], row["version"]) == ("alpha", "inc", 1)
    assert (row["topics"], row["readouts"], row["open_actions"]) == (3, 1, 0)
    whole = rita.get(INC)
    check(published, "/incidents/{party}/{id}", "get", whole)
    told = whole.json()
    kinds = [one["kind"] for one in told["timeline"]]
    assert {"record", "alert", "claim", "paper", "action"} == set(kinds)
    assert all(one["entries"] for one in told["timeline"]), "each row has its entries"
    assert sorted(one["at"] for one in told["timeline"]) == [one["at"] for one in told["timeline"]]
    (done,) = told["actions"]
    assert (done["state"], done["timeliness"], len(done["said"])) == ("done", "in-time", 2)
    (joint,) = told["joint_texts"]
    assert (joint["signed"], joint["unanswered"]) == (["alpha"], ["bravo"])


def test_api_071_accounts_stand_side_by_side_with_every_version(rita: Person) -> None:
    told = rita.get(INC).json()
    times = next(one for one in told["topics"] if one["kind"] == "time")
    assert [one["column"] for one in times["claims"]] == ["alpha", "bravo"]
    assert [len(one["versions"]) for one in times["claims"]] == [2, 1]
    assert times["claims"][0]["versions"][1]["reason"] == "the log was read again"
    (difference,) = times["differences"]
    assert difference["relation"] == "differs"
    (agreed,) = told["agreed"]
    assert agreed["standing"] == "stated-by-one"
    texts = [*agreed["lines"], difference["text"], *(one["text"] for one in told["timeline"])]
    assert judging(texts) == []


def test_api_340_a_dispute_stands_at_the_claim_that_it_disputes() -> None:
    """Of an earlier version too, and one that was withdrawn since."""
    desk = Desk(signed=False)
    told(desk.world)
    first = Disputes(claim=Named(party=ALPHA, id="c-1"), text="it was later")
    desk.world.settle(BRAVO, stated(first, ALPHA, by=BRAVO, name="d-1"))
    desk.world.settle(ALPHA, revision(at(120.0), version=3))
    again = Disputes(claim=Named(party=ALPHA, id="c-1"), text="later still")
    desk.world.settle(BRAVO, stated(again, ALPHA, by=BRAVO, name="d-2"))
    gone = ClaimWithdrawn(claim=ClaimId("d-2"), reason="we read it anew")
    desk.world.settle(BRAVO, gone)
    with desk.running() as client:
        topics = person(client, READER).get(INC).json()["topics"]
    claims = {one["claim"]: one for topic in topics for one in topic["claims"]}
    entries = [one["entry"] for one in claims["c-1"]["versions"]]
    shown = [
        (one["text"], entries.index(one["disputes"]), one.get("withdrawn"))
        for one in claims["c-1"]["disputed"]
    ]
    assert shown == [("it was later", 1, None), ("later still", 2, "we read it anew")]
    assert all(one["words"] == "“spokesman of bravo”" for one in claims["c-1"]["disputed"])
    assert claims["c-b"]["disputed"] == []


def test_api_072_who_holds_no_file_is_told_so_and_what_stays_home_stays() -> None:
    world = World(names=(ALPHA, BRAVO, CHARLIE), seed="aftermath")
    told(world)
    desk = Desk(signed=False, world=world, party=BRAVO)
    with desk.running() as client:
        rita = person(client, READER)
        assert rita.get("/incidents").json()["incidents"] == []
        for path in (INC, f"{INC}/draft", "/print/draft/alpha/inc"):
            found = rita.get(path)
            assert found.status_code == 404, found.text
            assert "is held here" in found.json()["detail"]
        world.settle(ALPHA, replace(filed(FILE, BRAVO, name="inc-2")))
        other = rita.get("/incidents/alpha/inc-2").json()
        everything = json.dumps(other)
        assert "c-b" in everything
        assert "The line was slow." not in everything, "it was never released"


def test_api_073_a_draft_ties_each_sentence_and_the_agenda_each_point(
    rita: Person, published: dict[str, Any]
) -> None:
    found = rita.get(f"{INC}/draft")
    check(published, "/incidents/{party}/{id}/draft", "get", found)
    assert all(one["entries"] for one in found.json()["sentences"])
    assert [one["kind"] for one in found.json()["own"]] == ["from-record", "view"]
    agenda = rita.get("/agenda")
    check(published, "/agenda", "get", agenda)
    assert all(one["entries"] for one in agenda.json()["points"])


PRINTED = (
    f"/print/pack{INC.removeprefix('/incidents')}?principal=duty-officer",
    f"/print/draft{INC.removeprefix('/incidents')}?",
    "/print/readout/alpha/r-1?",
    "/print/agenda?",
)


@pytest.mark.parametrize("path", PRINTED)
def test_api_074_what_is_printed_tells_the_hashes_that_it_rests_on(rita: Person, path: str) -> None:
    """REP-160, and REP-161 of the readout."""
    page = rita.get(path)
    assert page.status_code == 200, page.text
    text = rita.get(f"{path}&form=text").text
    whole, _, _ = text.partition("\nVERIFICATION ")
    digest = hashlib.sha256((whole.rstrip("\n") + "\n").encode()).hexdigest()
    shipped = json.loads(MANIFEST.read_text("utf-8"))["sha256"]
    feeds = [one for one in rita.get("/status").json()["feeds"] if one.get("party")]
    for output in (page.text, text):
        assert digest in output
        assert shipped in output
        assert all(one["feed"] in output for one in feeds)
    lines = sorted(
        f"{feed} {size} {root}\n"
        for size, feed, root in re.findall(
            r"(\d+) entries, verified\n    feed (\w+)\n    root (\w+)", text
        )
    )
    assert len(lines) == 2
    assert hashlib.sha256("".join(lines).encode()).hexdigest() in page.text
    assert judging(" ".join(whole.split()).replace(RULE, "").split(". ")) == []


@pytest.mark.parametrize("path", PRINTED)
def test_api_075_a_printed_page_runs_nothing_and_loads_nothing(rita: Person, path: str) -> None:
    page = rita.get(path)
    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; base-uri 'none'; form-action 'none'; style-src '")
    assert policy.endswith("; frame-ancestors 'self'")
    assert page.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "unsafe" not in policy
    assert "<script" not in page.text
    assert "src=" not in page.text
    (style,) = re.findall(r"<style>(.*?)</style>", page.text, re.DOTALL)
    assert hashlib.sha256(style.encode()).digest() == digest_in(policy)
    assert "<open>" not in page.text


def digest_in(policy: str) -> bytes:
    found = re.search(r"'sha256-([^']+)'", policy)
    assert found is not None
    return base64.b64decode(found[1])


def test_api_076_a_pack_is_shortened_by_hand_and_says_so(
    rita: Person, published: dict[str, Any]
) -> None:
    """REP-162."""
    found = rita.get(f"{INC}/pack?principal=duty-officer")
    check(published, "/incidents/{party}/{id}/pack", "get", found)
    (part,) = [one for one in found.json()["parts"] if one["heading"].startswith("What each")]
    gone = part["lines"][0]
    path = f"{PRINTED[0]}&without={gone['id']}&note=Ask+about+the+line."
    text = rita.get(f"{path}&form=text").text
    assert "Left out here by hand: 1." in text
    assert " ".join(gone["text"].split()) not in " ".join(text.split())
    assert "Ask about the line. [a view, on no entry]" in text
    assert "Ask about the line." in rita.get(path).text
    assert "elle" in rita.get(f"{path}&lang=tr").text


def test_rep_191_a_pack_and_a_draft_carry_the_marking_of_the_file() -> None:
    desk = Desk(signed=False)
    told(desk.world)
    held = own(desk.world).journal.papers[PaperId("inc")].latest.event
    revised = replace(filed(FILE, name="inc", version=2), marking="XQ-ONLY", reason="marked anew")
    assert held.marking != revised.marking
    desk.world.settle(ALPHA, revised)
    with desk.running() as client:
        rita = person(client, READER)
        for paper_of in ("pack/alpha/inc?principal=duty-officer", "draft/alpha/inc?"):
            for how, words in (("", ", marked XQ-ONLY;"), ("&lang=tr", "işareti XQ-ONLY;")):
                for form in ("page", "text"):
                    shown = rita.get(f"/print/{paper_of}{how}&form={form}").text
                    assert words in shown, (paper_of, how, form)


def test_api_190_who_printed_what_is_in_the_audit() -> None:
    """By name and paper, and without what a person noted on it; what failed was not printed."""
    desk = Desk(signed=False)
    told(desk.world)
    with desk.running() as client:
        rita = person(client, READER)
        assert rita.get("/print/pack/alpha/none?principal=duty-officer").status_code == 404
        asked = "/print/pack/alpha/inc?principal=duty-officer&note=secret-word"
        assert rita.get(asked).status_code == 200
        assert rita.get("/print/agenda?form=text").status_code == 200
        noted = desk.access.audit.lines(0, 100)
    lines = [one for one in noted if one.about.startswith("printed")]
    assert [one.about for one in lines] == ["printed: pack/alpha/inc", "printed: agenda"]
    assert {(one.account, one.deed) for one in lines} == {(READER, Deed.EXPORTED)}


def test_rep_161_a_readout_that_was_withdrawn_says_so_on_paper() -> None:
    desk = Desk(signed=False)
    told(desk.world)
    desk.world.settle(
        ALPHA, PaperWithdrawn(paper=PaperId("r-1"), version=1, reason="one sentence was not ours")
    )
    with desk.running() as client:
        text = person(client, READER).get("/print/readout/alpha/r-1?form=text").text
    assert "alpha withdrew r-1: “one sentence was not ours”" in text


def test_rep_193_a_readout_as_filed_has_one_hash_until_it_is_changed() -> None:
    """Later, and with more on record, its text is the same; a draft's is of the record's heads."""

    def printed(*then: Event) -> list[str]:
        desk = Desk(signed=False)
        told(desk.world)
        for body in then:
            desk.world.wait(600.0)
            desk.world.settle(ALPHA, body)
        desk.clock.at = desk.world.now
        with desk.running() as client:
            rita = person(client, READER)
            texts = [rita.get(f"{path}&form=text").text for path in PRINTED[1:3]]
        return [one.partition("\nVERIFICATION ")[0] for one in texts]

    gone = PaperWithdrawn(paper=PaperId("r-1"), version=1, reason="one sentence was not ours")
    (draft, first), (later_draft, again), (_, withdrawn) = (
        printed(),
        printed(call("c-9")),
        printed(call("c-9"), gone),
    )
    assert again == first
    assert later_draft != draft
    assert withdrawn != first


def test_api_077_what_is_not_there_is_named(rita: Person) -> None:
    for path, status, said in (
        ("/incidents/alpha/none", 404, "no file none of party alpha"),
        ("/print/readout/alpha/inc", 404, "no readout inc"),
        (f"{INC}/pack?principal=king", 400, "name 1 to 12 of: duty-officer"),
        ("/print/pack/alpha/inc?principal=king", 400, "name 1 to 12"),
        (f"{PRINTED[3]}&lang=xx", 400, "lang: there is en, tr"),
        (f"{PRINTED[3]}&form=pdf", 400, "form: there is text and page"),
        (f"{PRINTED[0]}&note={'x' * 501}", 400, "at most 500"),
    ):
        found = rita.get(path)
        assert found.status_code == status, (path, found.text)
        assert said in found.json()["detail"]
    stranger = Person(rita.client)
    for path in ("/incidents", *PRINTED):
        assert stranger.get(path).status_code == 401


def test_inc_074_a_claim_of_another_stands_with_who_entered_it(rita: Person) -> None:
    rows = [one["text"] for one in rita.get(INC).json()["timeline"] if one["kind"] == "claim"]
    assert any(one.startswith("“spokesman of bravo”: ") for one in rows)
    assert any("version 2 of c-1, reason: “the log was read again”" in one for one in rows)


def test_api_074_the_operators_own_map_stands_on_the_paper_by_its_hash(tmp_path: Path) -> None:
    area = tmp_path / "area.pmtiles"
    area.write_bytes(map_package())
    added = add_map(tmp_path / "maps", area, "our area")
    desk = Desk(maps=tmp_path / "maps")
    with desk.running() as client:
        rita = person(client, READER)
        assert f"our area {added.sha256}" in rita.get(f"/print/agenda?map={added.id}").text
        unknown = rita.get("/print/agenda?map=0123456789abcdef")
        assert (unknown.status_code, "no such map" in unknown.text) == (400, True)


def test_rep_160_a_record_written_out_has_the_head_that_a_paper_tells(tmp_path: Path) -> None:
    """Made again by `crosstell incident` from an export, the paper names the same roots."""
    desk = Desk(signed=False)
    told(desk.world)
    party = desk.world.parties[ALPHA]
    with desk.running() as client:
        text = person(client, READER).get("/print/agenda?form=text").text
    choice = Choice(purpose=Purpose.SHARED, bodies=Bodies.HELD)
    export(party.store, tmp_path / "out", choice, party.keys().online)
    again = agenda_of(read_one(tmp_path / "out", party.setting.protocol).basis(), party=None)
    found = {(one.feed, one.entries, one.root) for one in again.record}
    named = set(re.findall(r"(\d+) entries, verified\n    feed (\w+)\n    root (\w+)", text))
    assert found == {(feed, int(size), root) for size, feed, root in named}
    assert again.head_digest in text
