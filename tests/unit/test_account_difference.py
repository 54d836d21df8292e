"""Claims side by side: typed differences, and what is not testable."""

from dataclasses import replace
from itertools import permutations

import pytest
from account_values import BLUE, RED, after, depth, face, held, moment, place, revised, stated
from picture_values import ARMY, scope

from crosstell.core.altitude import Altitude, AltitudeData, Datum, Shift
from crosstell.core.assessment.account.claim import ClaimWithdrawn
from crosstell.core.assessment.account.consistency import queries
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
    Speed,
    Stated,
    Told,
    Transponder,
    ZoneStatus,
    ZoneWord,
)
from crosstell.core.assessment.account.difference import (
    GapUnit,
    Relation,
    Untestable,
    between,
)
from crosstell.core.assessment.account.side_by_side import (
    COMPARED_MAX,
    HeldClaim,
    from_reference,
    side_by_side,
)
from crosstell.core.assessment.account.topic import ClaimKind, topic_of
from crosstell.core.assessment.account.warned import WarningsReceived, WarningsSent
from crosstell.core.geometry.position import Position
from crosstell.core.ids import ClaimId
from crosstell.core.picture.track import HintKind

NO_DATA = AltitudeData()
GEOID = AltitudeData(undulation=Shift(add_m=21.4, uncertainty_m=1.0))


def height(low_m: float, high_m: float, datum: Datum) -> Height:
    return Height(
        of_what="it",
        lower=Altitude(value_m=low_m, datum=datum),
        upper=Altitude(value_m=high_m, datum=datum),
    )


def ours(is_so: Held, *components: str) -> Belongs:
    speaks = scope(*(ARMY for _ in components))
    return Belongs(of_what="it", whose="red", is_so=is_so, scope=speaks)


def told(is_so: Held) -> Told:
    return Told(of_what="the sorties", to_whom="the third party", is_so=is_so)


MSL, HAE = Datum.MSL_EGM96, Datum.WGS84_ELLIPSOID
SENT = WarningsSent(addressed="the pilot", means="radio", at_least=10, at_most=10)
NONE = WarningsReceived(addressed="the pilot", means="radio", at_least=0, at_most=0)
TWELVE = WarningsReceived(addressed="the pilot", means="radio", at_least=12, at_most=12)
NONE_SENT = WarningsSent(addressed="the pilot", means="radio", at_least=0, at_most=0)
DIFFERENT: list[tuple[Stated, Stated, Relation, Untestable | None, float | None, float | None]] = [
    # ACC-011, ACC-012: the Black Sea case, 06:03Z against about 06:30Z
    (moment("06:03"), moment("06:30"), Relation.DIFFERS, None, 1620.0, 1620.0),
    (moment("06:03", "06:31"), moment("06:30"), Relation.NO_DIFFERENCE_FOUND, None, 0.0, 1620.0),
    (moment("06:03"), face("09:30"), Relation.NOT_TESTABLE, Untestable.ZONE_NOT_STATED, None, None),
    (face("09:30"), face("09:30"), Relation.NOT_TESTABLE, Untestable.ZONE_NOT_STATED, None, None),
    # ACC-018: what was sent need not have been received, but no more than was sent
    (SENT, NONE, Relation.NOT_TESTABLE, Untestable.SENT_AND_RECEIVED, 10.0, 10.0),
    (SENT, replace(TWELVE, at_least=8), Relation.NO_DIFFERENCE_FOUND, None, 0.0, 2.0),
    (SENT, TWELVE, Relation.DIFFERS, None, 2.0, 2.0),
    (SENT, NONE_SENT, Relation.DIFFERS, None, 10.0, 10.0),
    (told(Held.YES), told(Held.NO), Relation.DIFFERS, None, None, None),
    (told(Held.YES), told(Held.NOT_KNOWN), Relation.NOT_TESTABLE, Untestable.NOT_KNOWN, None, None),
    (
        Count(of_what="calls", at_least=13, at_most=None),
        Count(of_what="calls", at_least=None, at_most=3),
        Relation.DIFFERS,
        None,
        10.0,
        None,
    ),
    (
        Duration(of_what="it", at_least_s=17.0, at_most_s=17.0),
        Duration(of_what="it", at_least_s=40.0, at_most_s=45.0),
        Relation.DIFFERS,
        None,
        23.0,
        28.0,
    ),
    (
        Speed(of_what="it", at_least_mps=None, at_most_mps=130.0),
        Speed(of_what="it", at_least_mps=200.0, at_most_mps=None),
        Relation.DIFFERS,
        None,
        70.0,
        None,
    ),
    (
        depth(1_850.0, 1_850.0, Measure.ALONG_PATH),
        depth(2_190.0, 2_190.0, Measure.DEPTH),
        Relation.NOT_TESTABLE,
        Untestable.MEASURES_DIFFER,
        340.0,
        340.0,
    ),
    (
        depth(300.0, 300.0, Measure.NOT_STATED),
        depth(500.0, 500.0, Measure.NOT_STATED),
        Relation.NOT_TESTABLE,
        Untestable.MEASURES_DIFFER,
        200.0,
        200.0,
    ),
    (height(0, 10, MSL), height(30, 40, MSL), Relation.DIFFERS, None, 20.0, 40.0),
    (
        HeightWithoutDatum(of_what="it", at_least_m=1.0, at_most_m=1.0),
        height(0, 10, MSL),
        Relation.NOT_TESTABLE,
        Untestable.DATUM_NOT_STATED,
        None,
        None,
    ),
    (
        Identity(of_what="it", kind=HintKind.OBJECT_TYPE, value="TB2"),
        Identity(of_what="it", kind=HintKind.OBJECT_TYPE, value="Anka-S"),
        Relation.DIFFERS,
        None,
        None,
        None,
    ),
    (
        Identity(of_what="it", kind=HintKind.OBJECT_TYPE, value="TB2"),
        Identity(of_what="it", kind=HintKind.OBJECT_TYPE, value=" tb2"),
        Relation.NO_DIFFERENCE_FOUND,
        None,
        None,
        None,
    ),
    (ours(Held.YES), ours(Held.NO), Relation.DIFFERS, None, None, None),
    (
        ours(Held.YES),
        ours(Held.NO, "army"),
        Relation.NOT_TESTABLE,
        Untestable.SCOPES_DIFFER,
        None,
        None,
    ),
    (
        ours(Held.YES),
        ours(Held.NOT_KNOWN),
        Relation.NOT_TESTABLE,
        Untestable.NOT_KNOWN,
        None,
        None,
    ),
    (
        InArea(of_what="it", area="the ROZ", is_so=Held.YES),
        InArea(of_what="it", area="the ROZ", is_so=Held.NO),
        Relation.DIFFERS,
        None,
        None,
        None,
    ),
    (
        Transponder(of_what="it", was_on=Held.NO),
        Transponder(of_what="it", was_on=Held.NOT_KNOWN),
        Relation.NOT_TESTABLE,
        Untestable.NOT_KNOWN,
        None,
        None,
    ),
    (
        ZoneStatus(zone="it", word=ZoneWord.DECLARED),
        ZoneStatus(zone="it", word=ZoneWord.CONTESTED),
        Relation.DIFFERS,
        None,
        None,
        None,
    ),
    (
        ZoneStatus(zone="it", word=ZoneWord.DECLARED),
        ZoneStatus(zone="it", word=ZoneWord.NOT_KNOWN),
        Relation.NOT_TESTABLE,
        Untestable.NOT_KNOWN,
        None,
        None,
    ),
    (
        Casualties(among="all", killed_at_least=100, killed_at_most=100),
        Casualties(among="all", killed_at_least=200, killed_at_most=300, injured_at_least=5),
        Relation.DIFFERS,
        None,
        100.0,
        200.0,
    ),
    (
        Casualties(among="all", killed_at_least=100, killed_at_most=100),
        Casualties(among="all", killed_at_least=None, killed_at_most=None, injured_at_least=5),
        Relation.NOT_TESTABLE,
        Untestable.NOT_KNOWN,
        None,
        None,
    ),
    (
        Judgement(text="one"),
        Judgement(text="one"),
        Relation.NOT_TESTABLE,
        Untestable.JUDGEMENT,
        None,
        None,
    ),
]


@pytest.mark.parametrize(("one", "other", "relation", "because", "least", "most"), DIFFERENT)
def test_how_two_statements_differ(
    one: Stated,
    other: Stated,
    relation: Relation,
    because: Untestable | None,
    least: float | None,
    most: float | None,
) -> None:
    """ACC-011 to ACC-019: by how much, or why not; the same seen from either side."""
    for difference in (between(one, other, NO_DATA), between(other, one, NO_DATA)):
        assert difference.relation is relation
        assert difference.because is because
        gap = difference.gap
        assert (None if gap is None else gap.at_least) == least
        assert (None if gap is None else gap.at_most) == most


def test_places_are_as_far_apart_as_the_geodesic_and_their_accuracies_say() -> None:
    """ACC-013: a minute of latitude at the equator is 1842.9 m on this ellipsoid."""
    near, far = place(0.0, 0.0, 100.0), place(1 / 60, 0.0, 50.0)
    gap = between(near, far, NO_DATA).gap
    assert gap is not None
    assert gap.unit is GapUnit.METRES
    assert gap.at_least == pytest.approx(1842.9 - 150.0, abs=0.1)
    assert gap.at_most == pytest.approx(1842.9 + 150.0, abs=0.1)
    unsure = between(near, place(1 / 60, 0.0), NO_DATA)
    assert unsure.because is Untestable.ACCURACY_NOT_STATED
    assert unsure.gap is not None
    assert unsure.gap.at_least == pytest.approx(1842.9, abs=0.1)


@pytest.mark.parametrize(
    ("here", "there", "relation"),
    [
        ("south-west", "South-West", Relation.DIFFERS),
        ("south-west", "north-east", Relation.NOT_TESTABLE),
        ("south-west", None, Relation.DIFFERS),
    ],
)
def test_two_distances_that_state_two_directions_are_not_tested(
    here: str, there: str | None, relation: Relation
) -> None:
    """ACC-015: as far to one side as to the other is not one place."""
    first = replace(depth(9_000.0, 9_000.0, Measure.STRAIGHT), direction=here)
    second = replace(depth(8_000.0, 8_000.0, Measure.STRAIGHT), direction=there)
    for one, other in ((first, second), (second, first)):
        found = between(one, other, AltitudeData())
        assert (found.relation, found.gap and found.gap.at_least) == (relation, 1_000.0)


def test_two_datums_are_compared_with_their_uncertainty_or_not_at_all() -> None:
    """ACC-014: 100 m above the sea is 121.4 m above the ellipsoid there, give or take a metre."""
    sea, ellipsoid = height(100, 100, MSL), height(121, 121, HAE)
    assert between(sea, ellipsoid, NO_DATA).because is Untestable.DATUM_NOT_CONVERTED
    for pair in ((sea, ellipsoid), (ellipsoid, sea)):
        assert between(*pair, GEOID).relation is Relation.NO_DIFFERENCE_FOUND
    for pair in ((sea, height(100, 100, HAE)), (height(100, 100, HAE), sea)):
        gap = between(*pair, GEOID).gap
        assert gap is not None
        assert gap.at_least == pytest.approx(20.4)
        assert gap.at_most == pytest.approx(22.4)


def test_a_topic_is_one_matter_and_one_thing_in_the_same_words() -> None:
    """ACC-010."""
    here = topic_of("shoot-down", Count(of_what="The  Calls", at_least=1, at_most=1))
    assert here == topic_of("shoot-down", Count(of_what="the calls", at_least=2, at_most=2))
    assert here != topic_of("shoot-down", Count(of_what="the strikes", at_least=2, at_most=2))
    assert here != topic_of("strike", Count(of_what="the calls", at_least=2, at_most=2))
    assert topic_of("m", SENT) == topic_of("m", NONE)
    assert topic_of("m", SENT).kind is ClaimKind.WARNINGS


def test_claims_stand_side_by_side_whatever_the_order_of_arrival() -> None:
    """ACC-020, ACC-022: every claim is shown; only those that stand, of two voices, compared."""
    gone = ClaimWithdrawn(claim=ClaimId("red-9"), reason="wrong day")
    withdrawn = after(stated(moment("07:00"), "red-9", by=RED), gone, seq=9, feed="feed-red")
    claims = (
        held(moment("06:03"), by=BLUE, seq=1),
        held(moment("06:30"), by=RED, seq=2),
        held(moment("06:31"), by=RED, seq=3),
        HeldClaim(recorded_by=RED, claim=withdrawn),
        held(place(43.0, 33.0), by=BLUE, seq=5),
    )
    sides = {side_by_side(order, NO_DATA) for order in permutations(claims)}
    assert len(sides) == 1
    place_side, time_side = sides.pop()
    assert time_side.topic.kind is ClaimKind.TIME
    assert len(time_side.claims) == 4
    assert len(time_side.compared) == 2
    assert [one.difference.gap.at_least for one in time_side.compared if one.difference.gap] == [
        1620.0,
        1680.0,
    ]
    assert time_side.voices == ("party blue", "party red")
    assert place_side.voices == ("party blue",)  # ACC-021: stated by one
    assert place_side.compared == ()


def test_what_another_writes_down_is_a_voice_of_its_own() -> None:
    """ACC-009, ACC-020: what blue notes of red's readout is set beside red's own word."""
    own, read = held(moment("06:30"), by=RED), held(moment("06:31"), by=RED, recorded_by=BLUE)
    (side,) = side_by_side((own, read), NO_DATA)
    assert side.voices == ("party red", "party red, as entered by party blue")
    assert len(side.compared) == 1
    assert {one.recorded_by for one in side.claims} == {BLUE, RED}


def test_the_latest_version_is_compared() -> None:
    """ACC-020."""
    claim = after(stated(moment("06:03")), revised(moment("06:30")))
    (side,) = side_by_side(
        (HeldClaim(recorded_by=BLUE, claim=claim), held(moment("06:30"), by=RED)), NO_DATA
    )
    assert side.compared[0].difference.relation is Relation.NO_DIFFERENCE_FOUND


def test_each_side_is_measured_to_one_point() -> None:
    """ACC-023: two sides that measured to points of their own are read by one measure."""
    point = Position(lat_deg=0.0, lon_deg=0.0)
    claims = (
        held(place(1 / 60, 0.0, 10.0), by=RED, seq=2),
        held(place(0.0, 0.0), by=BLUE, seq=1),
        held(moment("06:30"), by=RED, seq=3),
    )
    blue, red = from_reference(point, claims)
    assert (blue.gap.at_least, blue.gap.at_most, blue.accuracy_stated) == (0.0, 0.0, False)
    assert red.gap.at_least == pytest.approx(1832.9, abs=0.1)
    assert red.accuracy_stated


def test_acc_610_what_repeats_another_claim_is_measured_to_no_point() -> None:
    point = Position(lat_deg=0.0, lon_deg=0.0)
    said = held(place(1 / 60, 0.0, 10.0), by=BLUE, seq=1)
    again = replace(held(place(1 / 60, 0.0, 10.0), by=BLUE, seq=2), repeats=said.entry)
    (one,) = from_reference(point, (again, said))
    assert one.claim == said


def test_many_claims_of_one_topic_are_all_shown_and_the_newest_compared() -> None:
    """ACC-024: whoever states a thing a thousand times cannot keep the screen from a person."""
    claims = tuple(
        held(moment("06:30"), by=RED if seq % 2 else BLUE, seq=seq) for seq in range(200)
    )
    (side,) = side_by_side(claims, NO_DATA)
    assert len(side.claims) == 200
    assert side.not_compared == 200 - COMPARED_MAX
    assert len(side.compared) == (COMPARED_MAX // 2) ** 2
    newest_entries = {one.entry for one in claims[-COMPARED_MAX:]}
    assert {ref for one in side.compared for ref in (one.first, one.second)} == newest_entries
    assert queries(claims, NO_DATA, {}) == ()
