"""A dispute stands at its claim on papers and in reports (docs/spec/incident.md)."""

from dataclasses import replace

from node_pair import ALPHA, BRAVO, World, call
from test_api_aftermath import at, told
from test_mechanism_claims import revision, stated
from test_papers_in_turkish import basis

from crosstell.core.assessment.account.claim import ClaimWithdrawn
from crosstell.core.assessment.account.stance import Disputes
from crosstell.core.ids import ClaimId, Named
from crosstell.papers.afterwards import aftermath_of
from crosstell.papers.assemble import agenda_of, pack_of
from crosstell.papers.model import Papers, cited_in
from crosstell.papers.text import print_papers, whole_text
from crosstell.papers.told import FeedVerified

OTHERWISE = "it was \u201clater\u201d than that"


def disputed_world() -> World:
    """Bravo disputes the second version of alpha's claim, alpha the dispute; one is withdrawn."""
    world = World()
    told(world)
    first = Disputes(claim=Named(party=ALPHA, id="c-1"), text=OTHERWISE)
    world.settle(BRAVO, stated(first, ALPHA, by=BRAVO, name="d-1"))
    world.settle(ALPHA, revision(at(120.0), version=3))
    again = Disputes(claim=Named(party=ALPHA, id="c-1"), text="taken back")
    world.settle(BRAVO, stated(again, ALPHA, by=BRAVO, name="d-2"))
    world.settle(BRAVO, ClaimWithdrawn(claim=ClaimId("d-2"), reason="we read it anew"))
    back = Disputes(claim=Named(party=BRAVO, id="d-1"), text="it was not")
    world.settle(ALPHA, stated(back, BRAVO, name="d-3"))
    return world


def pack(world: World) -> Papers:
    asked = replace(basis(world), aftermath=aftermath_of(basis(world).states, world.now))
    return pack_of(asked, incident="inc", roles=("duty-officer",), party=ALPHA)


def test_inc_440_a_dispute_stands_behind_its_claim_and_is_no_topic_of_its_own_as_well() -> None:
    papers = pack(disputed_world())
    (sheet,) = papers.sheets
    stated_by_topic = sheet.parts[1].lines
    texts = [line.text for line in stated_by_topic]
    said = "\u201cit was \u2018later\u2019 than that\u201d"
    no = f"disputed in an earlier version by “spokesman of bravo”: {said}"
    (place,) = [number for number, text in enumerate(texts) if text == no]
    assert texts[place - 1].startswith("“spokesman of alpha”: 2023-06-01T00:02:00Z")
    assert stated_by_topic[place].topic == stated_by_topic[place - 1].topic
    assert sum("later" in text for text in texts) == 1, "at its claim, and nowhere else"
    assert not any("taken back" in text for text in texts), "it is withdrawn"
    back = next(text for text in texts if "it was not" in text)
    assert back.startswith("“spokesman of alpha”: "), "a dispute of a dispute has its own topic"
    english, turkish = (print_papers(papers, one) for one in ("en", "tr"))
    assert no in " ".join(english.split())
    assert "önceki sürümüne itiraz eden “spokesman of bravo”" in " ".join(turkish.split())


def test_inc_440_a_report_tells_every_dispute_with_its_entry_and_that_it_was_withdrawn() -> None:
    world = disputed_world()
    (held,) = [one for one in aftermath_of(basis(world).states, world.now) if ALPHA in one.held_by]
    claims = {
        one.ref.partition(" #")[0]: one.disputed
        for topic in held.topics
        for one in topic.claims
        if one.disputed
    }
    first, back = claims["alpha feed"], claims["bravo feed"]
    assert [one.text.partition(":")[0] for one in first] == [
        "disputed in an earlier version by “spokesman of bravo”",
        "disputed by “spokesman of bravo”",
    ]
    assert first[1].text.endswith("“taken back”; withdrawn since")
    assert all(one.ref.startswith("bravo feed #") for one in first)
    assert [one.text for one in back] == ["disputed by “spokesman of alpha”: “it was not”"]


def heads(world: World) -> tuple[FeedVerified, ...]:
    """Each feed as alpha's node holds it."""
    node = world.parties[ALPHA].node
    logs = {party: node.rebuilt.log(feed) for party, feed in node.state.setting.feeds}
    return tuple(
        FeedVerified(
            party=party,
            feed=party,
            entries=log.size,
            root=log.root.hex(),
            sound="verified",
            statements=(),
        )
        for party, log in sorted(logs.items())
    )


def test_inc_441_of_two_heads_papers_that_read_alike_differ_in_head_and_moment_alone() -> None:
    """What a paper says it holds nothing of rests on the whole record, so the heads are hashed."""
    world = World()
    told(world)
    before = agenda_of(replace(basis(world), record=heads(world)), party=ALPHA)
    world.wait(5.0)
    world.settle(BRAVO, call("c-b-9", ALPHA))  # nothing that an agenda tells of
    after = agenda_of(replace(basis(world), record=heads(world)), party=ALPHA)
    assert after.sheets == before.sheets
    assert cited_in(after.sheets[0]) == cited_in(before.sheets[0])
    one, other = (whole_text(papers, "en").splitlines() for papers in (before, after))
    differing = [a for a, b in zip(one, other, strict=True) if a != b]
    assert [line.partition(" at ")[0] for line in differing[:-1]] == ["As alpha holds it"]
    assert differing[-1].startswith("record head, of all feeds")
