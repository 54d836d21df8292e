"""Claims through real nodes: what stays at home, what crosses, and both accounts side by side."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from account_values import BRIEFING
from node_pair import ALPHA, BRAVO, CHARLIE, CHIEF, START, World, call, named, roz
from release_values import release

from crosstell.core.assessment.account.claim import (
    ClaimRevised,
    ClaimStated,
    ClaimWithdrawn,
    Confidence,
    Source,
    SourceKind,
    Voice,
)
from crosstell.core.assessment.account.consistency import Query
from crosstell.core.assessment.account.content import (
    ClockReading,
    Held,
    InArea,
    Moment,
    Place,
    Stated,
    ZoneStatus,
    ZoneWord,
)
from crosstell.core.assessment.account.difference import Relation
from crosstell.core.errors import RefusalCode
from crosstell.core.geometry.position import Position
from crosstell.core.ids import ClaimId, EntryRef, Named, PartyId
from crosstell.core.instant import later
from crosstell.core.mechanism.after.accounts import accounts_of, claims_of, queries_of
from crosstell.core.picture.party import Speaker
from crosstell.core.picture.releasing.release import ItemKind


def stated(content: Stated, *to: PartyId, name: str = "c-1", by: PartyId = ALPHA) -> ClaimStated:
    return ClaimStated(
        claim=ClaimId(name),
        matter="meeting",
        content=content,
        voice=Voice(words=f"spokesman of {by}", party=by),
        source=BRIEFING,
        confidence=Confidence.AS_FACT,
        marking="TEST",
        releasable_to=to,
    )


def moment(after_s: float) -> Moment:
    at: datetime = later(START, by_s=after_s)
    return Moment(earliest=at, latest=at, as_stated="as the log has it")


def revision(content: Stated, version: int = 2) -> ClaimRevised:
    return ClaimRevised(
        claim=ClaimId("c-1"),
        version=version,
        content=content,
        source=BRIEFING,
        confidence=Confidence.ESTIMATE,
        reason="the log was read again",
    )


def test_a_claim_stays_at_home_until_it_is_released() -> None:
    """ACC-003, MEC-110: with its revision; and what is released goes on to the same parties."""
    world = World(names=(ALPHA, BRAVO, CHARLIE), seed="claims")
    world.settle(ALPHA, stated(moment(1.0)))
    world.settle(ALPHA, revision(moment(2.0)))
    world.settle(ALPHA, stated(moment(3.0), BRAVO, name="c-2"))
    world.settle(ALPHA, replace(revision(moment(4.0)), claim=ClaimId("c-2")))
    names = {
        party: [one.claim.stated.claim for one in claims_of(world.state(party))]
        for party in (ALPHA, BRAVO, CHARLIE)
    }
    assert names == {ALPHA: ["c-2", "c-1"], BRAVO: ["c-2"], CHARLIE: []}
    (seen,) = claims_of(world.state(BRAVO))
    assert seen.latest.content == moment(4.0)
    assert len(seen.claim.versions) == 2
    world.settle(ALPHA, ClaimWithdrawn(claim=ClaimId("c-2"), reason="not ours to say"))
    (seen,) = claims_of(world.state(BRAVO))
    assert not seen.stands
    world.no_irregular()


def test_one_id_is_one_claim_and_goes_to_parties_of_the_protocol() -> None:
    """ACC-003."""
    world = World()
    world.settle(ALPHA, stated(moment(1.0)))
    refused = world.act(ALPHA, stated(moment(1.0), BRAVO)).refused
    assert refused is not None
    assert refused.code is RefusalCode.NOT_RELEASED
    refused = world.act(ALPHA, stated(moment(1.0), PartyId("delta"), name="c-9")).refused
    assert refused is not None
    assert "no party here" in refused.text


def test_both_accounts_stand_side_by_side_at_both_nodes() -> None:
    """MEC-110, ACC-020: the same view where both were released, whoever looks."""
    world = World()
    world.settle(ALPHA, stated(moment(0.0), BRAVO))
    world.settle(BRAVO, stated(moment(1_620.0), ALPHA, name="c-7", by=BRAVO))
    sides = {party: accounts_of(world.state(party)) for party in (ALPHA, BRAVO)}
    assert sides[ALPHA] == sides[BRAVO]
    (side,) = sides[ALPHA]
    (compared,) = side.compared
    assert compared.difference.relation is Relation.DIFFERS
    assert compared.difference.gap is not None
    assert compared.difference.gap.at_least == pytest.approx(1_620.0)


def test_a_claim_names_the_entries_that_it_rests_on() -> None:
    """ACC-004: a call by its id becomes the entry that placed it."""
    world = World()
    world.settle(ALPHA, call())
    source = Source(kind=SourceKind.OWN_RECORD, words="our record", entries=(named(),))
    world.settle(ALPHA, replace(stated(moment(1.0), BRAVO), source=source))
    (seen,) = claims_of(world.state(BRAVO))
    placed = world.state(ALPHA).own.calls[call().call].placed_stamp.ref
    assert seen.latest.event.source.entries == (placed,)
    unheld = Source(kind=SourceKind.OWN_RECORD, words="x", entries=(Named(party=ALPHA, id="c-0"),))
    assert world.act(ALPHA, replace(stated(moment(1.0), name="c-3"), source=unheld)).refused


def test_an_earlier_claim_is_named_by_its_entry() -> None:
    """ACC-004: a later claim may rest on it."""
    world = World()
    world.settle(ALPHA, stated(moment(1.0), BRAVO))
    source = Source(
        kind=SourceKind.OWN_RECORD, words="their claim", entries=(Named(party=ALPHA, id="c-1"),)
    )
    answer = stated(moment(9.0), ALPHA, name="c-2", by=BRAVO)
    world.settle(BRAVO, replace(answer, source=source))
    first = world.state(ALPHA).own.claims[ClaimId("c-1")].first_entry
    assert world.state(ALPHA).feeds[BRAVO].claims[ClaimId("c-2")].stated.source.entries == (first,)


def test_a_second_look_takes_the_notice_that_a_claim_names() -> None:
    """ACC-037, ACC-038, MEC-110: the ROZ is 5 km about SEA, for five hours from START."""
    world = World()
    world.settle(ALPHA, roz("roz-1", BRAVO))
    zone: Any = Named(party=ALPHA, id="roz-1")
    far = Place(of_what="it", position=Position(lat_deg=-36.4, lon_deg=-19.0), within_m=10.0)
    inside = InArea(of_what="it", area="roz-1", is_so=Held.YES, notice=zone)
    declared = ZoneStatus(zone="roz-1", word=ZoneWord.DECLARED, notice=zone)
    contents: tuple[Stated, ...] = (inside, far, declared, moment(6 * 3_600.0))
    for number, content in enumerate(contents):
        claim = stated(content, BRAVO, name=f"c-{number}")
        second = Speaker(party=ALPHA, role=CHIEF, watch="1")
        world.settle(ALPHA, replace(claim, second=second))
    for party in (ALPHA, BRAVO):
        found = {one.query: one for one in queries_of(world.state(party))}
        assert set(found) == {Query.PLACE_AGAINST_AREA, Query.OUTSIDE_NOTIFIED_TIME}
        assert all(isinstance(ref, EntryRef) for one in found.values() for ref in one.claims)
        late, out = found[Query.OUTSIDE_NOTIFIED_TIME], found[Query.PLACE_AGAINST_AREA]
        assert late.figure is not None
        assert late.figure.at_least == pytest.approx(3_600.0)
        assert out.figure is not None
        assert out.figure.at_least == pytest.approx(11_095.0 - 5_000.0 - 10.0, abs=5.0)


def test_acc_610_a_claim_and_what_was_released_of_it_count_once() -> None:
    """At home and as released, to one party or to two; each by itself once one is revised."""
    world = World(names=(ALPHA, BRAVO, CHARLIE), seed="claims")
    at = moment(0.0)
    face = ClockReading(face=at.earliest, as_stated="by the clock on the wall")
    world.settle(ALPHA, stated(face))
    world.settle(BRAVO, stated(moment(1_620.0), ALPHA, name="c-7", by=BRAVO))
    world.settle(ALPHA, release("c-1", "c-b", BRAVO, kind=ItemKind.CLAIM))
    world.settle(ALPHA, release("c-1", "c-c", CHARLIE, kind=ItemKind.CLAIM))

    def compared() -> list[set[str]]:
        (side,) = accounts_of(world.state(ALPHA))
        names = {one.entry: str(one.claim.stated.claim) for one in side.claims}
        assert set(names.values()) == {"c-1", "c-b", "c-c", "c-7"}, "every claim is shown"
        assert side.not_compared == 0
        return [{names[one.first], names[one.second]} for one in side.compared]

    def asked(query: Query) -> int:
        return sum(one.query is query for one in queries_of(world.state(ALPHA)))

    assert compared() == [{"c-b", "c-7"}]
    assert asked(Query.ZONE_NOT_STATED) == 1
    world.settle(ALPHA, replace(revision(at), claim=ClaimId("c-1")))
    assert sorted(map(sorted, compared())) == [["c-1", "c-7"], ["c-7", "c-b"]]
    assert asked(Query.ZONE_NOT_STATED) == 1
    world.settle(ALPHA, release("c-1", "c-d", BRAVO, kind=ItemKind.CLAIM))
    assert asked(Query.REVISED) == 1, "by the versions of the one at home"
    assert {one.claim.stated.claim for one in claims_of(world.state(ALPHA)) if one.counts} == {
        "c-b",
        "c-d",
        "c-7",
    }
    for name in ("c-b", "c-d"):
        world.settle(ALPHA, ClaimWithdrawn(claim=ClaimId(name), reason="not to be told"))
    counted = [one.claim.stated.claim for one in claims_of(world.state(ALPHA)) if one.counts]
    assert counted == ["c-c", "c-7", "c-1"]
