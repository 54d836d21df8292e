"""Releases: what is held at home goes to named parties by a recorded act, and nothing else does."""

from dataclasses import replace
from datetime import timedelta

import pytest
from account_values import moment, stated
from node_pair import ALPHA, BRAVO, CHARLIE, DUTY, START, World, post, roz, seen
from picture_values import ref
from release_values import SECOND, WIDE, crossed, ours, release, released, share
from test_incident_paper import FILE, filed

from crosstell.core.assessment.account.content import Place
from crosstell.core.detection.about import notices_of
from crosstell.core.errors import RefusalCode
from crosstell.core.geometry.footprint import Circle
from crosstell.core.geometry.position import Position
from crosstell.core.ids import ClaimId, NoticeId, PaperId, PartyId
from crosstell.core.mechanism.inputs import Tick
from crosstell.core.mechanism.line.drafting import draft_for_alert
from crosstell.core.mechanism.release import HOME, Shared, destination
from crosstell.core.mechanism.releasing.giving import needs_second
from crosstell.core.mechanism.releasing.shown import released_as
from crosstell.core.picture.content import OwnForceLocation, Zone
from crosstell.core.picture.notice import NoticeWithdrawn
from crosstell.core.picture.releasing.coarse import Coarsening
from crosstell.core.picture.releasing.release import ItemKind, ReleaseId
from crosstell.core.record.entry import parse


def three() -> World:
    return World(names=(ALPHA, BRAVO, CHARLIE), seed="three")


def test_what_is_held_at_home_is_released_by_a_recorded_act() -> None:
    """REL-010, REL-011: the journal says who, which version, to whom, what for; the feed tells."""
    world = three()
    world.settle(ALPHA, roz("roz-1"))
    world.settle(ALPHA, roz("roz-1", version=2, hours=6.0))
    outcome = world.settle(ALPHA, release("roz-1", "roz-1-b"))
    held = world.state(ALPHA).journal.releases[ReleaseId("rel-roz-1-b")]
    home = world.state(ALPHA).journal.notices[NoticeId("roz-1")]
    assert held.event.item == home.versions[1].stamp.ref
    assert (held.event.purpose, held.event.to) == ("so that they keep clear", (BRAVO,))
    assert held.stamp.by is not None
    assert [found.feed for found in outcome.recorded][:2] == [
        world.parties[ALPHA].setting.journal,
        world.parties[ALPHA].setting.feed,
    ]
    told = released(world, BRAVO, "roz-1-b")
    assert (told.version, told.marking, told.coarsened) == (1, "TEST RELEASED", None)
    assert told.content == home.latest.event.content
    assert world.state(CHARLIE).feeds[ALPHA].notices == {}
    sent = crossed(world)
    assert b"so that they keep clear" not in sent, "the purpose is our own"
    world.no_irregular()


def test_a_later_version_follows_under_the_same_id_to_the_same_parties() -> None:
    """REL-015, MEC-026: and to others it goes under another."""
    world = three()
    world.settle(ALPHA, roz("roz-1"))
    world.settle(ALPHA, release("roz-1", "roz-1-b"))
    world.settle(ALPHA, roz("roz-1", version=2, hours=6.0))
    world.settle(ALPHA, release("roz-1", "roz-1-b", release=ReleaseId("rel-2")))
    assert released(world, BRAVO, "roz-1-b").version == 2
    again = release("roz-1", "roz-1-b", CHARLIE, release=ReleaseId("rel-3"))
    refused = world.act(ALPHA, again).refused
    assert refused is not None
    assert "releasable to other parties" in refused.text
    world.settle(ALPHA, release("roz-1", "roz-1-c", CHARLIE))
    assert released(world, CHARLIE, "roz-1-c").version == 1
    assert world.act(ALPHA, release("roz-1", "roz-1-c", CHARLIE)).recorded == ()
    world.no_irregular()


def test_a_coarser_form_goes_and_the_exact_one_stays() -> None:
    """REL-002, REL-020 to REL-024: it says that it is coarser; the exact place is in no parcel."""
    world = three()
    exact = Circle(centre=Position(lat_deg=-36.1234567, lon_deg=-19.7654321), radius_m=777.0)
    at_home = post(ALPHA, "post-1")
    assert isinstance(at_home.content, OwnForceLocation)
    volume = replace(at_home.content.volume, footprint=exact)
    content = OwnForceLocation(volume=volume, text="tents beside the well")
    world.settle(ALPHA, replace(at_home, content=content))
    world.settle(ALPHA, release("post-1", "post-b", coarsened=WIDE, second=SECOND))
    told = released(world, BRAVO, "post-b")
    assert told.coarsened == WIDE
    assert isinstance(told.content, OwnForceLocation)
    assert told.content.text is None
    footprint = told.content.volume.footprint
    assert isinstance(footprint, Circle)
    assert footprint.radius_m in (5_000.0, 10_000.0)
    assert (told.marking, told.releasable_to) == ("TEST RELEASED", (BRAVO,))
    sent = crossed(world)
    for secret in (b"361234567", b"197654321", b"tents", b'"post-1"'):
        assert secret not in sent
    assert b"post-b" in sent
    home = world.state(ALPHA).journal.notices[NoticeId("post-1")]
    assert home.latest.event.content == content
    assert released_as(world.state(ALPHA), NoticeId("post-1"), BRAVO) == "post-b"
    assert released_as(world.state(ALPHA), NoticeId("post-1"), CHARLIE) is None


def test_positions_are_released_by_two_persons() -> None:
    """REL-012: own forces, a position in a claim, an incident's place; a zone by one."""
    world = three()
    world.settle(ALPHA, post(ALPHA, "post-1"))
    place = Place(of_what="our post", position=Position(lat_deg=-36, lon_deg=-19), within_m=50.0)
    claim = replace(stated(place), releasable_to=())
    world.settle(ALPHA, claim)
    where = Circle(centre=place.position, radius_m=50.0)
    world.settle(ALPHA, filed(replace(FILE, start=START, place=where)))
    world.settle(ALPHA, roz("roz-1"))
    for name, kind in (
        ("post-1", ItemKind.NOTICE),
        (str(claim.claim), ItemKind.CLAIM),
        (str(filed(FILE).paper), ItemKind.PAPER),
    ):
        alone = release(name, f"{name}-b", kind=kind)
        refused = world.act(ALPHA, alone).refused
        assert refused is not None, name
        assert refused.code is RefusalCode.NOT_RELEASED
        first = world.act(ALPHA, replace(alone, second=replace(SECOND, role=DUTY)))
        assert first.refused is not None, "the first person again"
        world.settle(ALPHA, replace(alone, second=SECOND))
    world.settle(ALPHA, release("roz-1", "roz-1-b"))
    bravo = world.state(BRAVO).feeds[ALPHA]
    assert set(bravo.notices) == {NoticeId("post-1-b"), NoticeId("roz-1-b")}
    assert set(bravo.claims) == {ClaimId(f"{claim.claim}-b")}
    assert set(bravo.papers) == {PaperId(f"{filed(FILE).paper}-b")}
    assert world.state(CHARLIE).feeds[ALPHA].claims == {}
    world.no_irregular()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"to": (PartyId("delta"),)}, "delta has no node here"),
        ({"to": (ALPHA,)}, "alpha has no node here"),
        ({"item": ref(3)}, "is no version of a notice of ours"),
        ({"kind": ItemKind.PAPER}, "is no version of a paper of ours"),
        ({"under": "roz-0"}, "roz-0 is another notice of ours"),
        ({"under": "roz-1"}, "roz-1 is another notice of ours"),
        ({"coarsened": Coarsening(area_m=200_000.0, time_s=60.0)}, "split the area"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_release_that_cannot_be_is_refused_and_tells_nothing(
    changes: dict[str, object], words: str
) -> None:
    """REL-013: nothing is recorded but the refusal, and nothing of it is sent."""
    world = three()
    world.settle(ALPHA, roz("roz-0", BRAVO))
    radius_m = 900_000.0 if "coarsened" in changes else 5_000.0
    world.settle(ALPHA, roz("roz-1", radius_m=radius_m))
    before = len(world.sent)
    outcome = world.act(ALPHA, replace(release("roz-1", "roz-1-b"), **changes))  # type: ignore[arg-type]
    assert outcome.refused is not None
    assert words in outcome.refused.text
    assert len(outcome.recorded) == 1
    assert len(world.sent) == before
    assert world.state(ALPHA).journal.releases == {}


def test_what_is_withdrawn_is_released_to_nobody() -> None:
    """REL-013."""
    world = three()
    world.settle(ALPHA, roz("roz-1"))
    gone = NoticeWithdrawn(notice=NoticeId("roz-1"), version=1, reason="over")
    world.settle(ALPHA, gone)
    refused = world.act(ALPHA, release("roz-1", "roz-1-b")).refused
    assert refused is not None
    assert "is withdrawn" in refused.text


def test_a_claim_has_no_coarser_form() -> None:
    """REL-013: a claim that says less is another claim."""
    world = three()
    claim = replace(stated(moment("08:40")), releasable_to=())
    world.settle(ALPHA, claim)
    asked = release(str(claim.claim), "c-b", kind=ItemKind.CLAIM, coarsened=WIDE)
    refused = world.act(ALPHA, asked).refused
    assert refused is not None
    assert "state one that says less" in refused.text


def test_of_two_forms_of_one_notice_one_counts_at_home() -> None:
    """REL-014: one object at one place is one alert; the draft to bravo names what bravo holds."""
    for coarsened, expected in ((None, {"roz-b"}), (WIDE, {"roz-1"})):
        world = World(seed="two-forms")
        world.settle(ALPHA, roz("roz-1"))
        world.settle(ALPHA, release("roz-1", "roz-b", coarsened=coarsened))
        for step in range(6):
            world.sees(ALPHA, 4_000.0 - 60.0 * step)
            world.wait(1.0)
        alerts = world.alerts(ALPHA)
        assert {
            place.notice for alert in alerts for place in notices_of(alert.key.about)
        } == expected
        draft = draft_for_alert(world.state(ALPHA), alerts[0], DUTY)
        assert draft is not None
        assert draft.content.subjects[0].label == "object near roz-b"
        told = released(world, BRAVO, "roz-b").content
        assert isinstance(told, Zone)
        assert draft.content.place == told.volume.footprint


def test_of_whatever_is_recorded_it_is_settled_where_it_goes() -> None:
    """REL-001: by default nowhere."""
    world = three()
    state = world.state(ALPHA)
    assert destination(state, roz("roz-1")) == HOME
    assert destination(state, roz("roz-1", BRAVO, CHARLIE)) == Shared(audience=(BRAVO, CHARLIE))
    assert destination(state, seen(START, 0.0)) == HOME
    assert destination(state, ours()) == HOME


def test_a_release_is_the_same_after_a_rebuild() -> None:
    """REL-010, NOD-003: from the two logs alone."""
    world = three()
    world.settle(ALPHA, roz("roz-1"))
    world.settle(ALPHA, release("roz-1", "roz-b", coarsened=WIDE))
    before = world.state(ALPHA)
    world.parties[ALPHA].start()
    assert world.state(ALPHA) == before
    world.give(ALPHA, Tick())
    kinds = [
        parse(row.leaf).header.type
        for row in world.parties[ALPHA].store.entries(world.parties[ALPHA].setting.journal)
    ]
    assert kinds.count("item_released") == 1
    assert world.now - START < timedelta(hours=1)


def test_it_can_be_asked_before_whether_a_second_person_is_needed() -> None:
    """REL-016: by name, as a person asks; of what is not held the refusal says it."""
    world = World()
    world.settle(ALPHA, post(ALPHA, "post-1"))
    world.settle(ALPHA, roz("roz-1"))
    state = world.state(ALPHA)
    assert needs_second(state, release("post-1", "p-b"))
    assert not needs_second(state, release("roz-1", "r-b"))
    assert not needs_second(state, release("nothing", "n-b"))
    assert needs_second(state, share())
    refused = world.act(ALPHA, replace(share(), second=None)).refused
    assert refused is not None
