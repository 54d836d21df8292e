"""Two parties' nodes over real mutual TLS: what one records is at the other."""

import pytest
from line_sites import Site, sites, until
from node_pair import ALPHA, BRAVO, CHARLIE, DUTY, World, call, received, roz

from crosstell.core.ids import CallId, NoticeId, PartyId
from crosstell.core.mechanism.inputs import Act
from crosstell.core.picture.party import Speaker
from crosstell.core.state.events import Event


def act(site: Site, body: Event) -> None:
    """A person at that site asks for this."""
    by = Speaker(party=site.party, role=DUTY, watch="1")
    outcome = site.submit(Act(by=by, body=body)).result(5)
    assert outcome.no is None, outcome.no


def holds_call(site: Site, party: PartyId, name: str = "c-1") -> bool:
    return CallId(name) in site.world.state(site.party).feeds[party].calls


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("padded", [1_024, 0])
def test_what_one_records_is_at_the_other(known: bool, padded: int) -> None:
    """PEER-001, PEER-003, PEER-005: certificates handed over, or learned by dialling."""
    world = World()
    with sites(world, known=known, padded=padded) as both:
        for site in both.values():
            site.listen()
        for site in both.values():
            site.post.start()
        act(both[ALPHA], call())
        act(both[BRAVO], roz("roz-b", ALPHA))
        until(lambda: holds_call(both[BRAVO], ALPHA))
        until(lambda: NoticeId("roz-b") in world.state(ALPHA).feeds[BRAVO].notices)
        act(both[BRAVO], received())
        until(lambda: len(world.state(ALPHA).feeds[BRAVO].acknowledgements) == 1)
        until(lambda: both[ALPHA].post.lines()[0].fault is None)
        until(lambda: both[ALPHA].post.lines()[0].reached_at is not None)
        line = both[ALPHA].post.lines()[0]
        assert (line.party, line.taken, line.fault) == (BRAVO, True, None)
        assert line.heard_at is not None


def test_one_that_can_only_call_is_answered() -> None:
    """PEER-027: alpha cannot be dialled; its questions bring what bravo has for it."""
    world = World(names=(ALPHA, BRAVO))
    with sites(world) as both:
        both[BRAVO].listen()
        both[ALPHA].post.start()
        act(both[BRAVO], call("c-b", ALPHA))
        until(lambda: holds_call(both[ALPHA], BRAVO, "c-b"))
        act(both[ALPHA], call("c-a", BRAVO))
        until(lambda: holds_call(both[BRAVO], ALPHA, "c-a"))


def test_three_parties() -> None:
    world = World(names=(ALPHA, BRAVO, CHARLIE), seed="three")
    with sites(world) as every:
        for site in every.values():
            site.listen()
            site.post.start()
        act(every[ALPHA], roz("roz-1", BRAVO, CHARLIE))
        for name in (BRAVO, CHARLIE):
            until(lambda name=name: "roz-1" in world.state(name).feeds[ALPHA].notices)  # type: ignore[misc]
