"""What is said to be agreed, the ledger of allegations, and precedents."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from account_values import BLUE, RED, after, stated
from picture_values import HERE, at, ref
from test_incident_paper import FILE, GREEN, SIGNED, TEXT, position

from crosstell.core.assessment.account.claim import (
    ClaimStated,
    Source,
    SourceKind,
    Voice,
)
from crosstell.core.assessment.account.content import Moment, Stated
from crosstell.core.assessment.account.side_by_side import HeldClaim
from crosstell.core.assessment.account.stance import AgreedThat, Alleged, Disputes
from crosstell.core.geometry.footprint import Circle
from crosstell.core.geometry.geodesic import destination
from crosstell.core.ids import EntryRef, PartyId, RuleId
from crosstell.core.incident.agreement import AgreedStanding, agreed_words, agreements
from crosstell.core.incident.joint_text import JointStanding, joint_standing
from crosstell.core.incident.ledger import ledger
from crosstell.core.incident.paper import IncidentFile
from crosstell.core.incident.precedent import Shared, precedents

WORDS = "The line is tested daily."
BOTH: JointStanding = joint_standing(TEXT, {BLUE: position(SIGNED), RED: position(SIGNED)})  # type: ignore[dict-item]
READ = Source(kind=SourceKind.READOUT, words="readout of 6 October")


def said(content: Stated, by: PartyId, seq: int, *, matter: str = "call") -> HeldClaim:
    event: ClaimStated = replace(stated(content, f"{by}-{seq}", by=by, matter=matter), source=READ)
    return HeldClaim(recorded_by=by, claim=after(event, seq=seq, feed=f"feed-{by}"))


def agreed(joint: EntryRef | None = None, text: str = WORDS) -> AgreedThat:
    return AgreedThat(text=text, parties=(BLUE, RED), joint=joint)


def test_signed_by_all_needs_the_very_words_and_every_signature() -> None:
    """INC-030."""
    claim = said(agreed(ref(9)), RED, 1)
    half = joint_standing(TEXT, {BLUE: position(SIGNED)})  # type: ignore[dict-item]
    for joint, standing in (
        ({ref(9): (TEXT, BOTH)}, AgreedStanding.SIGNED_BY_ALL),
        ({ref(9): (TEXT, half)}, AgreedStanding.STATED_BY_ONE),
        ({}, AgreedStanding.STATED_BY_ONE),
        ({ref(9): (replace(TEXT, sentences=("x",)), BOTH)}, AgreedStanding.STATED_BY_ONE),
    ):
        (found,) = agreements((claim,), joint)
        assert found.standing is standing
    other = said(agreed(ref(9), "The line is tested weekly."), RED, 1)
    (found,) = agreements((other,), {ref(9): (TEXT, BOTH)})
    assert found.standing is AgreedStanding.STATED_BY_ONE


def test_what_one_readout_states_and_another_leaves_out_is_stated_by_one() -> None:
    """INC-031, INC-033: as after the call of 6 October 2023."""
    own = said(agreed(), RED, 1)
    silent = said(Moment(earliest=at(0), latest=at(0), as_stated="x"), BLUE, 2)
    (found,) = agreements((own, silent), {})
    assert found.standing is AgreedStanding.STATED_BY_ONE
    assert found.stated_by == ("party red",)
    assert found.silent == ("party blue: “readout of 6 October”",)
    assert found.disputed_by == ()


def test_stated_by_several_is_not_signed_by_all() -> None:
    """INC-031."""
    (found,) = agreements((said(agreed(), RED, 1), said(agreed(), BLUE, 2)), {})
    assert found.standing is AgreedStanding.STATED_BY_SEVERAL
    assert "not signed by all" in agreed_words(found)[0]


def test_a_dispute_is_told_in_its_words_whatever_was_signed() -> None:
    """INC-031, INC-032."""
    own = said(agreed(ref(9)), RED, 1)
    no = said(Disputes(claim=own.entry, text="nothing was agreed"), BLUE, 2)
    (found,) = agreements((own, no), {})
    assert found.standing is AgreedStanding.CONTRADICTED
    (found,) = agreements((own, no), {ref(9): (TEXT, BOTH)})
    assert found.standing is AgreedStanding.SIGNED_BY_ALL
    assert found.disputed_by == (("party blue", "nothing was agreed"),)
    mine = said(Disputes(claim=own.entry, text="not so"), RED, 3)
    (found,) = agreements((own, mine), {})
    assert found.standing is AgreedStanding.STATED_BY_ONE


def test_joint_is_a_word_for_what_all_have_signed_only() -> None:
    """INC-034."""
    claim = said(agreed(ref(9)), RED, 1)
    (signed,) = agreements((claim,), {ref(9): (TEXT, BOTH)})
    assert "joint text of blue and red" in agreed_words(signed)[0]
    for standing in AgreedStanding:
        words = " ".join(agreed_words(replace(signed, standing=standing)))
        assert ("joint text" in words) == (standing is AgreedStanding.SIGNED_BY_ALL)


def test_what_one_enters_as_anothers_words_is_not_stated_by_several() -> None:
    """INC-031, ACC-009: and the other disputes it like any claim."""
    own = said(agreed(), BLUE, 1)
    put = said(agreed(), RED, 2)
    put = HeldClaim(recorded_by=BLUE, claim=put.claim)
    (found,) = agreements((own, put), {})
    assert found.standing is AgreedStanding.STATED_BY_ONE
    assert "party red, as entered by party blue" in found.stated_by
    no = said(Disputes(claim=put.entry, text="we said no such thing"), RED, 3)
    (found,) = agreements((own, put, no), {})
    assert found.standing is AgreedStanding.CONTRADICTED
    assert found.disputed_by == (("party red", "we said no such thing"),)


def test_what_the_press_tells_of_a_party_is_no_word_of_its_own() -> None:
    """ACC-009: nor is a voice that calls itself by a party's name."""
    told = said(agreed(), RED, 1).claim
    event = replace(told.stated, source=Source(kind=SourceKind.PRESS, words="a newspaper"))
    press = HeldClaim(recorded_by=RED, claim=after(event, seq=1, feed="feed-red"))
    assert press.voice == "party red, by press"
    assert press.own_word is None
    name = replace(told.stated, voice=Voice(words="party red"))
    spoof = HeldClaim(recorded_by=BLUE, claim=after(name, seq=1, feed="feed-blue"))
    assert spoof.voice == "“party red”, as entered by party blue"


def alleged(by: PartyId, seq: int, definition: str, at_least: int) -> HeldClaim:
    count = Alleged(
        rule=RuleId("apart"),
        against=RED if by == BLUE else BLUE,
        definition=definition,
        since=at(0),
        until=at(86_400),
        at_least=at_least,
        at_most=at_least,
    )
    return said(count, by, seq, matter="air")


def test_the_ledger_adds_nothing_up() -> None:
    """INC-040: 63 flights by one definition and 18 by another on one day are two rows."""
    rows = ledger((alleged(BLUE, 1, "a flight over a post", 63), alleged(RED, 2, "a sortie", 18)))
    assert [(row.definition, row.at_least, row.voice) for row in rows] == [
        ("a flight over a post", 63, "party blue"),
        ("a sortie", 18, "party red"),
    ]
    assert rows[0].source == READ.words
    assert not hasattr(rows[0], "total")


def incident(start: datetime, **changes: Any) -> IncidentFile:  # noqa: ANN401
    return replace(FILE, start=start, **changes)


def test_precedents_are_earlier_and_say_what_they_share() -> None:
    """INC-050."""
    place = Circle(centre=HERE, radius_m=5_000.0)
    near = replace(place, centre=destination(HERE, track_deg=90.0, travel_m=9_999.0))
    far = replace(place, centre=destination(HERE, track_deg=90.0, travel_m=10_100.0))
    now = incident(at(1_000), place=place, rules=(RuleId("roz"),), precedents=(ref(6),))
    others = (
        (ref(1), incident(at(10), parties=(BLUE, RED, GREEN))),
        (ref(2), incident(at(20), parties=(BLUE, GREEN), rules=(RuleId("roz"),))),
        (ref(3), incident(at(30), parties=(BLUE, GREEN), place=near)),
        (ref(4), incident(at(40), parties=(BLUE, GREEN), place=far)),
        (ref(5), incident(at(2_000))),
        (ref(6), incident(at(3_000), parties=(GREEN,))),
    )
    found = precedents(now, tuple(((ref(90 + ref_.seq), ref_), one) for ref_, one in others))
    assert [(one.incident, one.shares, one.is_named) for one in found] == [
        (ref(6), (), True),
        (ref(3), (Shared.PLACE,), False),
        (ref(2), (Shared.RULE,), False),
        (ref(1), (Shared.PARTIES,), False),
    ]
