"""What of the aftermath may leave home: nothing that names the journal, no position by one."""

from dataclasses import replace

from node_pair import ALPHA, BRAVO, CHIEF, DUTY, SEA, World
from test_mechanism_claims import moment, revision, stated
from test_mechanism_papers import FILE, WORDS, filed, paper

from crosstell.core.assessment.account.claim import Source, SourceKind
from crosstell.core.assessment.account.content import Place
from crosstell.core.assessment.account.stance import AgreedThat, Disputes
from crosstell.core.errors import RefusalCode
from crosstell.core.geometry.footprint import Circle
from crosstell.core.ids import Named, PaperId
from crosstell.core.mechanism.after.papers import HeldPaper
from crosstell.core.mechanism.after.review import senior_page
from crosstell.core.picture.party import Speaker


def test_nothing_that_is_released_names_the_journal() -> None:
    """MEC-114: neither by its name nor by its entry, in a paper or in a claim."""
    world = World()
    world.settle(ALPHA, filed(FILE, name="secret"))
    world.settle(ALPHA, stated(moment(1.0), name="c-home"))
    home = world.state(ALPHA).journal.papers[PaperId("secret")].latest.stamp.ref
    agreed = AgreedThat(text=WORDS, parties=(ALPHA, BRAVO), joint=paper("secret"))
    source = Source(kind=SourceKind.OWN_RECORD, words="ours", entries=(home,))
    for body in (
        filed(replace(FILE, precedents=(paper("secret"),)), BRAVO, name="inc"),
        filed(replace(FILE, entries=(home,)), BRAVO, name="inc"),
        stated(agreed, BRAVO, name="c-1"),
        replace(stated(moment(1.0), BRAVO, name="c-1"), source=source),
        stated(Disputes(claim=Named(party=ALPHA, id="c-home"), text="no"), BRAVO, name="c-1"),
    ):
        refused = world.act(ALPHA, body).refused
        assert refused is not None
        assert refused.code is RefusalCode.NOT_RELEASED
    world.settle(ALPHA, filed(replace(FILE, precedents=(paper("secret"),)), name="inc"))


def test_a_position_is_released_by_two_persons() -> None:
    """MEC-115: in a claim, in a revision of it, in an incident's file; at home one is enough."""
    world = World()
    post = Place(of_what="our post", position=SEA, within_m=10.0)
    place = Circle(centre=SEA, radius_m=100.0)
    second = Speaker(party=ALPHA, role=CHIEF, watch="1")
    world.settle(ALPHA, stated(post, name="c-home"))
    for body in (
        stated(post, BRAVO),
        filed(replace(FILE, place=place), BRAVO, name="inc"),
        filed(replace(FILE, reference=SEA), BRAVO, name="inc"),
    ):
        for other in (
            None,
            Speaker(party=ALPHA, role=DUTY, watch="1"),
            Speaker(party=BRAVO, role=CHIEF, watch="1"),
        ):
            refused = world.act(ALPHA, replace(body, second=other)).refused
            assert refused is not None
            assert "second person" in refused.text
    world.settle(ALPHA, replace(stated(post, BRAVO), second=second))
    again = replace(revision(replace(post, within_m=5.0)), second=None)
    assert world.act(ALPHA, again).refused is not None
    world.settle(ALPHA, replace(again, second=second))
    world.settle(
        ALPHA, replace(filed(replace(FILE, reference=SEA), BRAVO, name="inc"), second=second)
    )
    incident = HeldPaper(of=ALPHA, paper=world.state(ALPHA).own.papers[PaperId("inc")])
    page = senior_page(world.state(ALPHA), incident)
    assert [one.text for one in page.from_reference] == [
        "party alpha: 0 to 5 m from the point that the file names",
        "party alpha: 0 to 10 m from the point that the file names",
    ]
