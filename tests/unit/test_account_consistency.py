"""What calls for a second look, by the incidents that taught it, and the words for it."""

import re
from collections.abc import Mapping
from dataclasses import replace

import pytest
from account_values import (
    BLUE,
    RED,
    after,
    depth,
    face,
    held,
    moment,
    place,
    revised,
    stated,
)
from picture_values import HERE, ref, volume
from test_account_claim import ONE_OF_EACH

from crosstell.core.altitude import AltitudeData
from crosstell.core.assessment.account.claim import ClaimWithdrawn, Voice
from crosstell.core.assessment.account.consistency import Finding, Query, queries
from crosstell.core.assessment.account.content import (
    Belongs,
    Duration,
    HeightWithoutDatum,
    Held,
    Identity,
    InArea,
    Measure,
    Moment,
    Speed,
    Stated,
    ZoneOfTime,
    ZoneStatus,
    ZoneWord,
)
from crosstell.core.assessment.account.difference import (
    Difference,
    Gap,
    GapUnit,
    Relation,
    Untestable,
)
from crosstell.core.assessment.account.ranges import Exactness
from crosstell.core.assessment.account.side_by_side import HeldClaim
from crosstell.core.assessment.account.stance import Disputes
from crosstell.core.assessment.account.topic import names_of
from crosstell.core.assessment.account.wording import (
    claim_words,
    content_words,
    difference_words,
    gap_words,
    query_words,
)
from crosstell.core.geometry.geodesic import destination
from crosstell.core.geometry.volume import Volume
from crosstell.core.ids import ClaimId, ComponentId, EntryRef, PartyId
from crosstell.core.picture.party import Scope
from crosstell.core.picture.track import HintKind

ZONE = {ref(7): (volume(),)}  # a circle of 5 km, from 04:00Z for an hour
STAY = Duration(of_what="the aircraft", at_least_s=17.0, at_most_s=17.0)
JUDGING = re.compile(r"\b(agreed|true|false|right|wrong|lie|lied|guilty|violat\w+)\b", re.I)


def found(
    *claims: HeldClaim, areas: Mapping[EntryRef, tuple[Volume, ...]] | None = None
) -> dict[Query, list[Finding]]:
    by_query: dict[Query, list[Finding]] = {}
    for finding in queries(claims, AltitudeData(), areas or {}):
        by_query.setdefault(finding.query, []).append(finding)
    return by_query


def figure(finding: Finding) -> tuple[float, float | None]:
    assert finding.figure is not None
    return finding.figure.at_least, finding.figure.at_most


def test_what_is_left_out_is_named() -> None:
    """ACC-030."""
    assumed = Moment(
        earliest=moment("08:40").earliest,
        latest=moment("08:40").latest,
        as_stated="11:40",
        zone=ZoneOfTime.ASSUMED,
    )
    bare = HeightWithoutDatum(of_what="x", at_least_m=1.0, at_most_m=None)
    all_of: tuple[Stated, ...] = (face("11:40"), assumed, bare, depth(1.0, 1.0, Measure.NOT_STATED))
    claims = [held(one, seq=seq, matter=f"m-{seq}") for seq, one in enumerate(all_of)]
    assert set(found(*claims)) == {
        Query.ZONE_NOT_STATED,
        Query.ZONE_ASSUMED,
        Query.DATUM_NOT_STATED,
        Query.MEASURE_NOT_STATED,
    }
    assert found(held(moment("08:40"))) == {}


@pytest.mark.parametrize(
    ("one", "other", "query"),
    [
        (moment("18:00"), moment("06:00"), Query.HALF_DAY_APART),  # 21:00 and 9 AM local, 2019
        (face("21:00"), face("09:00"), Query.HALF_DAY_APART),
        (moment("08:40"), moment("11:40"), Query.WHOLE_HOURS_APART),
        (moment("08:40"), moment("11:42"), None),
        (moment("06:03"), moment("06:30"), None),
        (moment("00:00", "20:00"), moment("06:30"), None),
        (moment("02:00"), moment("17:00"), None),  # 15 hours: further than any two zones
    ],
)
def test_slips_of_the_clock(one: Stated, other: Stated, query: Query | None) -> None:
    """ACC-031."""
    for pair in ((one, other), (other, one)):
        seen = found(held(pair[0], by=BLUE, seq=1), held(pair[1], by=RED, seq=2))
        slips = {Query.HALF_DAY_APART, Query.WHOLE_HOURS_APART} & set(seen)
        assert slips == (set() if query is None else {query})


def test_the_one_zone_that_fits_is_named() -> None:
    """ACC-032: a clock of 11:40 is 08:40Z in UTC+3, and in no other zone."""
    seen = found(held(face("11:40"), by=RED, seq=1), held(moment("08:40"), by=BLUE, seq=2))
    (finding,) = seen[Query.ONE_ZONE_FITS]
    assert figure(finding) == (3 * 3_600.0, 3 * 3_600.0)
    loose = held(moment("08:00", "09:00"), by=BLUE, seq=2)
    assert Query.ONE_ZONE_FITS not in found(held(face("11:40"), by=RED, seq=1), loose)
    odd = held(moment("08:47"), by=BLUE, seq=2)
    assert Query.ONE_ZONE_FITS not in found(held(face("11:40"), by=RED, seq=1), odd)


def test_acc_046_about_goes_into_a_speed_with_its_assumed_tolerance() -> None:
    """Two kilometres "about" in 40 s is no exact 50 m/s, and the assumption is told with it."""
    about = replace(depth(2_000.0, 2_000.0, Measure.ALONG_PATH), told=Exactness.ABOUT)
    stay = Duration(of_what="the aircraft", at_least_s=40.0, at_most_s=40.0)
    fast = Speed(of_what="the aircraft", at_least_mps=300.0, at_most_mps=300.0)
    seen = found(held(about), held(stay, seq=1), held(fast, seq=2))
    (implied,) = seen[Query.IMPLIED_SPEED]
    assumed = " (assumed: about is within a tenth either way)"
    words = f"stated distance over stated duration: about 45 to 55 m/s{assumed}"
    assert query_words(implied) == words
    (apart,) = seen[Query.SPEED_DIFFERS]
    assert query_words(apart).endswith(f": about 245 to 255 m/s{assumed}")
    near = Speed(of_what="the aircraft", at_least_mps=54.0, at_most_mps=54.0)
    assert Query.SPEED_DIFFERS not in found(held(about), held(stay, seq=1), held(near, seq=2))
    loose = Speed(of_what="the aircraft", at_least_mps=60.0, at_most_mps=60.0, told=Exactness.ABOUT)
    assert Query.SPEED_DIFFERS not in found(held(about), held(stay, seq=1), held(loose, seq=2))
    exact = replace(about, told=Exactness.EXACT)
    assert Query.SPEED_DIFFERS in found(held(exact), held(stay, seq=1), held(fast, seq=2))


def test_one_voice_with_two_accounts() -> None:
    """ACC-033, ACC-009: two times for which it loitered, of one state in its own words."""
    short, long = (
        Duration(of_what="the patrol", at_least_s=minutes * 60.0, at_most_s=minutes * 60.0)
        for minutes in (75, 105)
    )
    first = held(short, by=RED, seq=1)
    (finding,) = found(first, held(long, by=RED, seq=2))[Query.TWO_ACCOUNTS]
    assert figure(finding) == (1_800.0, 1_800.0)
    told = held(long, by=RED, seq=2, recorded_by=BLUE)
    assert Query.TWO_ACCOUNTS not in found(first, told)
    assert Query.TWO_ACCOUNTS not in found(first, held(long, by=BLUE, seq=2))


def test_acc_047_two_voices_of_one_party_are_named_as_two() -> None:
    """Two services, each with another code for the same zone; two cells, each for itself."""

    def by(words: str, content: Stated, seq: int) -> HeldClaim:
        one = held(content, seq=seq, recorded_by=BLUE)
        voice = Voice(words=words, party=BLUE)
        stated_so = replace(one.claim.stated, voice=voice)
        versions = (replace(one.claim.versions[0], event=stated_so),)
        return replace(one, claim=replace(one.claim, stated=stated_so, versions=versions))

    codes = [Identity(of_what="inside", kind=HintKind.SQUAWK, value=v) for v in ("42", "52")]
    army, air = by("the army", codes[0], 1), by("the air force", codes[1], 2)
    (finding,) = found(army, air)[Query.TWO_VOICES]
    assert query_words(finding) == "two voices of one party state two things that differ"
    whose = [
        Belongs(of_what="it", whose="a civil operator", is_so=so, scope=Scope(speaks_for=(cell,)))
        for so, cell in ((Held.YES, ComponentId("atc")), (Held.NO, ComponentId("defence")))
    ]
    assert Query.TWO_VOICES in found(by("control", whose[0], 1), by("defence", whose[1], 2))
    unsure = replace(whose[1], is_so=Held.NOT_KNOWN)
    assert Query.TWO_VOICES not in found(by("control", whose[0], 1), by("defence", unsure, 2))
    about = replace(moment("20:00"), told=Exactness.ABOUT)
    (apart,) = found(held(about, seq=1), held(moment("19:03"), seq=2))[Query.TWO_ACCOUNTS]
    assert query_words(apart).endswith(
        "differ: about 57 min (one of them told as about; not testable)"
    )


def test_acc_048_a_dispute_names_what_it_disputes() -> None:
    said = Disputes(claim=ref(7), text="otherwise")
    feed = ref(7).feed[:8]
    assert content_words(said) == f"otherwise than entry 7 of feed {feed}: “otherwise”"
    assert names_of(said) == (f"entry 7 of feed {feed}",)


def test_a_changed_account_is_named_with_both_versions() -> None:
    """ACC-034."""
    claim = after(stated(moment("06:03")), revised(moment("06:30")))
    (finding,) = found(HeldClaim(recorded_by=BLUE, claim=claim))[Query.REVISED]
    assert finding.claims == (ref(0), ref(1))
    assert figure(finding) == (1_620.0, 1_620.0)
    surer = after(stated(moment("06:03")), revised(moment("06:03")))
    (finding,) = found(HeldClaim(recorded_by=BLUE, claim=surer))[Query.REVISED]
    assert finding.figure is None


@pytest.mark.parametrize(
    ("measure", "least", "most"),
    [
        (Measure.ALONG_PATH, 1_850 / 17, 1_850 / 17),
        (Measure.DEPTH, 1_850 / 17, None),
        (Measure.NOT_STATED, None, None),
        (Measure.STRAIGHT, None, None),
    ],
)
def test_distance_and_duration_come_to_a_speed(
    measure: Measure, least: float | None, most: float | None
) -> None:
    """ACC-035: 1.85 km in 17 s is 109 m/s as a path, and at least that as a depth."""
    far = held(depth(1_850.0, 1_850.0, measure), seq=1)
    seen = found(far, held(STAY, seq=2)).get(Query.IMPLIED_SPEED, [])
    assert [figure(one) for one in seen] == ([] if least is None else [(least, most)])
    assert Query.IMPLIED_SPEED not in found(far, held(STAY, by=RED, seq=2))


def test_a_stated_speed_that_does_not_fit_is_named() -> None:
    """ACC-036: whoever states it."""
    claims = (
        held(depth(1_850.0, 1_850.0, Measure.ALONG_PATH), seq=1),
        held(STAY, seq=2),
        held(Speed(of_what="the aircraft", at_least_mps=200.0, at_most_mps=None), by=RED, seq=3),
    )
    (finding,) = found(*claims)[Query.SPEED_DIFFERS]
    assert figure(finding)[0] == pytest.approx(200.0 - 1_850.0 / 17.0, abs=0.001)
    slow = held(Speed(of_what="the aircraft", at_least_mps=100.0, at_most_mps=None), seq=3)
    assert Query.SPEED_DIFFERS not in found(*claims[:2], slow)


@pytest.mark.parametrize(
    ("out_m", "within_m", "is_so", "beyond_m"),
    [
        (6_000.0, 200.0, Held.YES, 800.0),
        (6_000.0, 1_200.0, Held.YES, None),  # it may be inside
        (4_000.0, 200.0, Held.YES, None),
        (4_000.0, 200.0, Held.NO, 800.0),
        (6_000.0, 200.0, Held.NO, None),
        (6_000.0, 200.0, Held.NOT_KNOWN, None),
    ],
)
def test_a_place_and_the_area_that_it_is_said_to_be_in(
    out_m: float, within_m: float, is_so: Held, beyond_m: float | None
) -> None:
    """ACC-037: a circle of 5 km about HERE."""
    at = destination(HERE, track_deg=30.0, travel_m=out_m)
    claims = (
        held(InArea(of_what="the drone", area="zone", is_so=is_so, notice=ref(7)), seq=1),
        held(place(at.lat_deg, at.lon_deg, within_m), seq=2),
    )
    seen = found(*claims, areas=ZONE).get(Query.PLACE_AGAINST_AREA, [])
    expected = [] if beyond_m is None else [beyond_m]
    assert [figure(one)[0] for one in seen] == pytest.approx(expected, abs=0.05)
    assert Query.PLACE_AGAINST_AREA not in found(*claims)  # the area is not known here


@pytest.mark.parametrize(
    ("when", "outside_s"),
    [
        (moment("03:50"), 600.0),
        (moment("03:50", "04:00"), None),
        (moment("04:30"), None),
        (moment("05:00"), 1e-6),  # half-open: its end is outside
        (moment("05:10"), 600.0),
    ],
)
def test_a_time_and_the_windows_that_were_notified(when: Moment, outside_s: float | None) -> None:
    """ACC-038."""
    named = ZoneStatus(zone="zone", word=ZoneWord.DECLARED, notice=ref(7))
    claims = (held(named, seq=1), held(when, by=RED, seq=2))
    seen = found(*claims, areas=ZONE).get(Query.OUTSIDE_NOTIFIED_TIME, [])
    assert [figure(one)[0] for one in seen] == ([] if outside_s is None else [outside_s])
    elsewhere = held(when, by=RED, seq=2, matter="other")
    assert found(claims[0], elsewhere, areas=ZONE) == {}


def test_what_is_withdrawn_raises_no_question() -> None:
    """ACC-039."""
    gone = ClaimWithdrawn(claim=ClaimId("c"), reason="entered by mistake")
    claim = after(stated(face("11:40")), gone)
    assert found(HeldClaim(recorded_by=BLUE, claim=claim)) == {}


def test_a_claim_is_told_by_who_states_it_and_where() -> None:
    """ACC-040."""
    told = claim_words(held(moment("08:40"), by=PartyId("red")))
    assert told.startswith("“spokesman of red”: 2023-10-05T08:40:00Z")
    assert "stated as fact" in told
    assert "own statement: “briefing of 5 October”" in told
    claim = after(stated(moment("06:03")), revised(moment("06:30")))
    assert "version 2" in claim_words(HeldClaim(recorded_by=BLUE, claim=claim))


def test_no_difference_is_no_agreement() -> None:
    """ACC-041."""
    same = difference_words(Difference(relation=Relation.NO_DIFFERENCE_FOUND))
    assert same == "no difference found (this is no agreement)"
    told = difference_words(
        Difference(relation=Relation.NOT_TESTABLE, because=Untestable.SCOPES_DIFFER)
    )
    assert told == "not testable, because the two speak for different components"


@pytest.mark.parametrize(
    ("span_s", "words"),
    [
        (17.0, "17 s"),
        (119.0, "119 s"),
        (120.0, "2 min"),
        (1_620.0, "27 min"),
        (43_141.0, "11 h 59 min 1 s"),
        (43_259.0, "12 h 0 min 59 s"),
        (7_200.0, "2 h"),
        (-19_800.0, "-5 h 30 min"),
        (59.96 + 120.0, "3 min"),
    ],
)
def test_a_span_of_time_is_told_as_people_say_it(span_s: float, words: str) -> None:
    """ACC-043."""
    assert gap_words(Gap(unit=GapUnit.SECONDS, at_least=span_s, at_most=span_s)) == words


def test_a_direction_stands_in_the_words_of_a_distance() -> None:
    """ACC-015."""
    far = replace(depth(16_668.0, 16_668.0, Measure.STRAIGHT), direction="south-west")
    assert content_words(far).endswith("16,668 m from “the border”, “south-west” (straight)")


@pytest.mark.parametrize("content", ONE_OF_EACH, ids=lambda one: type(one).__name__)
def test_every_content_has_words_that_judge_nothing(content: Stated) -> None:
    """ACC-042."""
    words = content_words(content)
    assert len(words) > 5
    assert JUDGING.search(words) is None
    assert " None" not in words


def test_every_question_and_reason_has_words_that_judge_nothing() -> None:
    """ACC-042."""
    told = [query_words(Finding(query=query, claims=())) for query in Query]
    told += [
        difference_words(Difference(relation=Relation.NOT_TESTABLE, because=because))
        for because in Untestable
    ]
    assert len(set(told)) == len(Query) + len(Untestable)
    assert [one for one in told if JUDGING.search(one)] == []
