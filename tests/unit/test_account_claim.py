"""A claim over its life, and what it may state."""

import math
from dataclasses import replace
from itertools import product

import pytest
from account_values import (
    BLUE,
    BRIEFING,
    RED,
    after,
    depth,
    face,
    moment,
    place,
    revised,
    stated,
    time,
)
from picture_values import ARMY, by_node, ref, scope, stamp

from crosstell.codecs.values import from_signed, to_signed
from crosstell.core.altitude import Altitude, Datum
from crosstell.core.assessment.account.claim import (
    CLAIM_TABLE,
    ClaimRevised,
    ClaimState,
    ClaimStated,
    ClaimStep,
    ClaimWithdrawn,
    Source,
    SourceKind,
    Voice,
    advance,
)
from crosstell.core.assessment.account.content import (
    Belongs,
    Casualties,
    Count,
    Duration,
    Height,
    HeightWithoutDatum,
    Held,
    Identity,
    InArea,
    Judgement,
    Measure,
    Moment,
    Passage,
    Speed,
    Stated,
    Told,
    Transponder,
    ZoneStatus,
    ZoneWord,
)
from crosstell.core.assessment.account.ranges import Exactness
from crosstell.core.assessment.account.stance import AgreedThat, Alleged, Disputes
from crosstell.core.assessment.account.warned import WarningsReceived, WarningsSent
from crosstell.core.errors import Duplicate, RefusalCode, Refused
from crosstell.core.ids import ClaimId, RuleId
from crosstell.core.picture.track import HintKind
from crosstell.core.table import Verdict

GONE = ClaimWithdrawn(claim=ClaimId("c"), reason="entered by mistake")
ONE_OF_EACH: tuple[Stated, ...] = (
    moment("08:40"),
    face("11:40"),
    Duration(of_what="the stay", at_least_s=17.0, at_most_s=17.0),
    place(36.5, 40.75, 500.0),
    InArea(of_what="the drone", area="the ROZ", is_so=Held.YES, notice=ref(3)),
    depth(1_850.0, None, Measure.DEPTH),
    Height(
        of_what="the aircraft",
        lower=Altitude(value_m=6_000.0, datum=Datum.MSL_EGM96),
        upper=Altitude(value_m=6_000.0, datum=Datum.MSL_EGM96),
    ),
    HeightWithoutDatum(of_what="the aircraft", at_least_m=5_791.2, at_most_m=5_791.2),
    Speed(of_what="the aircraft", at_least_mps=None, at_most_mps=300.0),
    Count(of_what="calls", at_least=13, at_most=None),
    Identity(of_what="the drone", kind=HintKind.OBJECT_TYPE, value="TB2"),
    Belongs(of_what="the drone", whose="red", is_so=Held.NO, scope=scope(ARMY)),
    WarningsSent(addressed="the pilot", means="radio", at_least=10, at_most=10),
    WarningsReceived(addressed="the pilot", means="radio", at_least=0, at_most=0),
    Told(of_what="the sorties", to_whom="the third party", is_so=Held.NO),
    Transponder(of_what="the drone", was_on=Held.NOT_KNOWN),
    ZoneStatus(zone="the ROZ", word=ZoneWord.DECLARED),
    Casualties(among="civilians", killed_at_least=2, killed_at_most=2),
    Judgement(text="differing technical assessments", reasons=("the mechanism",)),
    AgreedThat(text="to keep the line staffed", parties=(BLUE, RED), joint=ref(9)),
    Disputes(claim=ref(2), text="no such text"),
    Alleged(
        rule=RuleId("apart"),
        against=RED,
        definition="a flight over a post",
        since=time("00:00"),
        until=time("12:00"),
        at_least=63,
        at_most=63,
    ),
)


@pytest.mark.parametrize("content", ONE_OF_EACH, ids=lambda one: type(one).__name__)
def test_every_kind_of_content_can_be_signed(content: Stated) -> None:
    """ACC-001, ACC-002, ACC-007: what is stated comes back from its signed form as it was."""
    event = stated(content, said_at=time("16:00"))
    assert from_signed(ClaimStated, to_signed(event)) == event
    assert event.voice.party == "blue"
    assert after(event).latest.stamp.at != event.said_at


def test_each_kind_stands_in_the_table_above() -> None:
    """ACC-001: so that a new kind is not forgotten."""
    assert {type(one) for one in ONE_OF_EACH} == set(Stated.__args__)


def test_a_person_states_it() -> None:
    """ACC-001."""
    answer = advance(None, stated(moment("08:40")), by_node())
    assert isinstance(answer, Refused)
    assert answer.code is RefusalCode.NOT_OWNER


def test_nobody_gets_it_unless_it_says_so() -> None:
    """ACC-003."""
    assert stated(moment("08:40")).releasable_to == ()
    with pytest.raises(ValueError, match="names a party twice"):
        ClaimStated(
            claim=ClaimId("c"),
            matter="m",
            content=moment("08:40"),
            voice=Voice(words="a spokesman"),
            source=BRIEFING,
            confidence=stated(moment("08:40")).confidence,
            marking="public",
            releasable_to=(RED, RED),
        )


def test_what_rests_on_the_record_names_its_entries() -> None:
    """ACC-004."""
    with pytest.raises(ValueError, match="names no entry"):
        Source(kind=SourceKind.OWN_RECORD, words="our record")
    assert Source(kind=SourceKind.OWN_RECORD, words="our record", entries=(ref(4),)).entries


def test_a_revision_keeps_every_version() -> None:
    """ACC-005."""
    claim = after(stated(moment("08:40")), revised(moment("08:42")), revised(moment("08:41"), 3))
    assert [one.content for one in claim.versions] == [
        moment("08:40"),
        moment("08:42"),
        moment("08:41"),
    ]
    assert claim.state is ClaimState.REVISED


@pytest.mark.parametrize(
    ("first", "later", "is_same"),
    [
        (face("11:40"), moment("08:40"), True),
        (
            HeightWithoutDatum(of_what="x", at_least_m=1.0, at_most_m=1.0),
            Height(
                of_what="X",
                lower=Altitude(value_m=1.0, datum=Datum.MSL_EGM96),
                upper=Altitude(value_m=1.0, datum=Datum.MSL_EGM96),
            ),
            True,
        ),
        (moment("08:40"), place(0.0, 0.0), False),
        (
            Count(of_what="calls", at_least=1, at_most=1),
            Count(of_what="strikes", at_least=1, at_most=1),
            False,
        ),
        (
            WarningsSent(addressed="a", means="radio", at_least=1, at_most=1),
            WarningsReceived(addressed="a", means="radio", at_least=1, at_most=1),
            False,
        ),
    ],
)
def test_a_revision_keeps_what_it_is_about(first: Stated, later: Stated, is_same: bool) -> None:
    """ACC-005."""
    answer = advance(after(stated(first)), revised(later), stamp(1))
    assert isinstance(answer, Refused) != is_same


def test_a_revision_comes_in_turn() -> None:
    """ACC-005."""
    claim = after(stated(moment("08:40")))
    assert isinstance(advance(claim, revised(moment("08:41"), 3), stamp(1)), Refused)
    with pytest.raises(ValueError, match="begin at 2"):
        revised(moment("08:41"), 1)


def test_a_repeated_event_changes_nothing() -> None:
    """ACC-005: delivery repeats."""
    claim = after(stated(moment("08:40")), revised(moment("08:41")))
    assert isinstance(advance(claim, revised(moment("08:41")), stamp(2)), Duplicate)
    assert isinstance(advance(claim, stated(moment("08:40")), stamp(2)), Duplicate)


def test_withdrawn_is_final_and_still_there() -> None:
    """ACC-006."""
    claim = after(stated(moment("08:40")), GONE)
    assert claim.latest.content == moment("08:40")
    assert isinstance(advance(claim, revised(moment("08:41")), stamp(2)), Refused)
    again = ClaimWithdrawn(claim=ClaimId("c"), reason="again")
    assert isinstance(advance(claim, again, stamp(2)), Duplicate)


def test_the_refused_pairs_by_name() -> None:
    """ACC-001, ACC-005, ACC-006: all else is allowed, or ignored as a duplicate."""
    refused = {
        pair
        for pair in product(ClaimState, ClaimStep)
        if CLAIM_TABLE.next(*pair) is Verdict.REFUSED
    }
    assert refused == {
        (ClaimState.ABSENT, ClaimStep.REVISE),
        (ClaimState.ABSENT, ClaimStep.WITHDRAW),
        (ClaimState.STATED, ClaimStep.STATE),
        (ClaimState.REVISED, ClaimStep.STATE),
        (ClaimState.WITHDRAWN, ClaimStep.STATE),
        (ClaimState.WITHDRAWN, ClaimStep.REVISE),
    }


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (None, None, "neither at least nor at most"),
        (2.0, 1.0, "swap"),
        (-1.0, None, "no figure"),
        (math.nan, None, "no figure"),
        (None, math.inf, "no figure"),
    ],
)
def test_a_range_that_is_none_is_refused(low: float | None, high: float | None, words: str) -> None:
    """ACC-007."""
    for make in (
        lambda: Duration(of_what="x", at_least_s=low, at_most_s=high),
        lambda: Speed(of_what="x", at_least_mps=low, at_most_mps=high),
        lambda: depth(low, high, Measure.DEPTH),  # type: ignore[arg-type]
    ):
        with pytest.raises(ValueError, match=words):
            make()


def test_what_is_not_stated_is_not_made_up() -> None:
    """ACC-008: no class turns a local time into an instant or a bare height into an altitude."""
    with pytest.raises(ValueError, match="no time zone"):
        Moment(
            earliest=time("08:40").replace(tzinfo=None),
            latest=time("08:40"),
            as_stated="11:40",
        )
    with pytest.raises(ValueError, match="one datum"):
        Height(
            of_what="x",
            lower=Altitude(value_m=1.0, datum=Datum.MSL_EGM96),
            upper=Altitude(value_m=2.0, datum=Datum.WGS84_ELLIPSOID),
        )
    assert depth(1.0, None, Measure.NOT_STATED).measure is Measure.NOT_STATED


def test_a_figure_is_held_to_the_grain_of_what_is_signed() -> None:
    """ACC-007."""
    assert Duration(of_what="x", at_least_s=1.00049, at_most_s=None).at_least_s == 1.0
    assert isinstance(revised(moment("08:40")), ClaimRevised)


def test_a_word_that_is_not_needed_is_not_signed() -> None:
    """ACC-025, ACC-026, ACC-027: what was signed before these words were is read as it was."""
    plain = Told(of_what="it", to_whom="them", is_so=Held.YES)
    for bare, key in ((moment("08:40"), "told"), (plain, "passage")):
        assert key not in str(to_signed(stated(bare)))
    about = replace(moment("08:40"), told=Exactness.ABOUT)
    received = replace(plain, passage=Passage.RECEIVED)
    nobody = Belongs(of_what="the drone", whose="red", is_so=Held.YES)
    for content in (about, received, nobody):
        assert from_signed(ClaimStated, to_signed(stated(content))).content == content
    assert "scope" not in str(to_signed(stated(nobody)))
