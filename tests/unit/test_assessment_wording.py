"""Findings in plain English, neutral from both sides; magnitude, interval, since when."""

import math
import re
from dataclasses import replace

import pytest
from picture_scenes import AT, HERE, Seen, picture, spread
from watched_scenes import GEOID_30, SETTINGS, shifted_north, watch_over

from crosstell.core.altitude import Datum
from crosstell.core.assessment.discrepancy.compare import compare
from crosstell.core.assessment.discrepancy.measured import Measure
from crosstell.core.assessment.discrepancy.sequence import State
from crosstell.core.assessment.discrepancy.still import Frozen
from crosstell.core.assessment.discrepancy.watch import Finding, Watch, findings
from crosstell.core.assessment.discrepancy.wording import (
    REFUSED,
    datum_sentence,
    frozen_sentence,
    refusal_sentence,
    sentence,
    suspicion_sentence,
    zone_sentence,
)
from crosstell.core.assessment.discrepancy.zone import ZoneDifference, ZonePart, ZoneUntested
from crosstell.core.assessment.registration.register import Refusal
from crosstell.core.assessment.stated import Coverage, NotTestable, Source, SourceKind
from crosstell.core.geometry.footprint import Circle
from crosstell.core.geometry.position import Position
from crosstell.core.picture.track import Hint, HintKind

TRUTH = spread(40, 11)
ADS_B = (Source(kind=SourceKind.ADS_B, station="x"),)
SEES = Coverage(
    circles=(Circle(centre=Position(lat_deg=HERE[0], lon_deg=HERE[1]), radius_m=400_000.0),),
    held_share=0.9,
)
HINTS: dict[int, tuple[Hint, ...]] = {
    n: (Hint(kind=HintKind.ICAO_ADDRESS, value=f"4b00{n:02d}"),) for n in range(40)
}
A = Seen(name="a", sources=ADS_B, hints=HINTS, without=frozenset({5}))
B = Seen(
    name="b",
    shift_m=(600.0, 300.0),
    turn_deg=0.3,
    late_s=2.0,
    height_m=45.0,
    sources=ADS_B,
    coverage=SEES,
    without=frozenset({9}),
    hints={**HINTS, 3: (Hint(kind=HintKind.ICAO_ADDRESS, value="4bffff"),)},
)


@pytest.fixture(scope="module")
def watch() -> Watch:
    return watch_over(TRUTH, (A, B), change=lambda held, _: shifted_north(held, "b00007", 0.0054))


def said(watch: Watch, one: str, *states: State) -> list[str]:
    return [sentence(found) for found in findings(watch, one, *states)]


def test_dis_070_discrepancies_in_words(watch: Watch) -> None:
    words = "\n".join(said(watch, "a", State.DISCREPANCY))
    for pattern in (
        r"b's feed is [12]\.\d\d s late relative to a's \(± 0\.\d\d s\), since 2026-06-01T12:",
        r"b states places [5-8]\d\d m towards 0\d\d degrees relative to a",
        r"b is turned 0\.\d\d degrees clockwise relative to a",
        r"b states heights \+4\d m relative to a",
        r"position of b's b00007 relative to a's a00007: [+-]\d+ m along its course",
        r"identity of b's b00003 relative to a's a00003: they state two identities",
        r"a holds a00009, b does not, where b says that it sees",
    ):
        assert re.search(pattern, words), pattern


def test_dis_066_070_the_same_is_told_from_the_other_side(watch: Watch) -> None:
    words = "\n".join(said(watch, "b", State.DISCREPANCY))
    assert re.search(r"a's feed is [12]\.\d\d s early relative to b's", words)
    assert re.search(r"a states places [5-8]\d\d m towards 2\d\d degrees relative to b", words)
    assert re.search(r"a is turned 0\.\d\d degrees counter-clockwise relative to b", words)
    assert "a holds a00009, b does not" in words
    assert len(said(watch, "a")) == len(said(watch, "b"))


def test_dis_066_a_finding_has_magnitude_interval_and_since(watch: Watch) -> None:
    for found in findings(watch, "a", State.DISCREPANCY):
        assert found.since is not None
        assert found.since >= AT
        assert len(found.values) == len(found.half_widths)
        if found.subject.measure not in (Measure.PRESENCE, Measure.IDENTITY):
            assert all(wide > 0.0 for wide in found.half_widths)


def test_dis_070_what_nothing_was_found_in_says_what_that_is_worth(watch: Watch) -> None:
    places = [x for x in said(watch, "a", State.NONE_FOUND) if "position of b's" in x]
    assert len(places) > 30
    assert all("both repeat one source, so this confirms nothing" in each for each in places)


def test_dis_070_not_testable_is_never_agreement(watch: Watch) -> None:
    words = said(watch, "a", State.NOT_TESTABLE)
    assert words
    assert all(each.startswith("Not testable (") for each in words)
    assert any("coverage unknown" in each for each in words)
    assert not any("agree" in each for each in [*words, *said(watch, "a")])


def test_dis_070_a_refusal_says_why() -> None:
    refused = compare(picture(TRUTH, A, 1), picture(spread(40, 77), B, 1), AT, SETTINGS)
    assert refusal_sentence(refused) == (
        "Not testable: b against a: too few tracks fit each other under any common offset "
        f"({refused.offset.matches} matches of 39 and 39 tracks). This is not agreement."  # type: ignore[union-attr]
    )
    assert set(REFUSED) == set(Refusal)
    fine = compare(picture(TRUTH, A, 1), picture(TRUTH, B, 1), AT, SETTINGS)
    assert refusal_sentence(fine) == ""
    assert datum_sentence(fine) == ""


def test_dis_070_datums_and_labels_in_words() -> None:
    here = replace(A, datum=Datum.WGS84_ELLIPSOID)
    level = compare(picture(TRUTH, here, 1), picture(TRUTH, B, 1), AT, SETTINGS)
    assert datum_sentence(level) == (
        "b reports flight level (pressure altitude), a ellipsoid height; they are compared only "
        "through what converts them."
    )
    wrong = replace(B, datum=Datum.WGS84_ELLIPSOID, height_m=-30.0)
    settings = replace(SETTINGS, conversions=GEOID_30)
    found = compare(picture(TRUTH, here, 1), picture(TRUTH, wrong, 1), AT, settings)
    words = [suspicion_sentence(each) for each in found.suspicions if each.source == "b"]
    assert len(words) == 1
    assert words[0].startswith(
        "b seems to state heights above mean sea level labelled as ellipsoid heights, set against a"
    )


def test_dis_070_frozen_in_words() -> None:
    frozen = Frozen(
        picture="a",
        track="a00007",
        partner="b00007",
        since=AT,
        for_s=480.0,
        moved_m=96_000.4,
        restated=True,
    )
    assert frozen_sentence(frozen) == (
        "a's track a00007 is frozen for 8 minutes (restated at one place), while its partner "
        "b00007 moved 96000 m."
    )
    short = replace(frozen, for_s=45.0, restated=False)
    assert "frozen for 45 seconds (not stated anew)" in frozen_sentence(short)


@pytest.mark.parametrize(
    ("part", "apart", "words"),
    [
        (
            ZonePart.OUTLINE,
            1_107.4,
            "outline of the zone as b holds it, relative to a: up to 1107 m apart",
        ),
        (
            ZonePart.UPPER_LIMIT,
            -300.0,
            "upper limit of the zone as b holds it, relative to a: -300 m",
        ),
        (ZonePart.LOWER_LIMIT, math.inf, "relative to a: bounded by one of them only"),
        (ZonePart.START, 1_800.0, "start of the zone as b holds it, relative to a: +1800 s"),
    ],
)
def test_dis_070_zones_in_words(part: ZonePart, apart: float, words: str) -> None:
    differs = ZoneDifference(part=part, apart=apart, differs=True)
    assert zone_sentence(differs, "a", "b").endswith(f"{words}.")
    same = ZoneDifference(part=part, apart=0.0, differs=False)
    assert zone_sentence(same, "a", "b").startswith("No discrepancy found: ")
    untested = ZoneUntested(part=part, reason=NotTestable.ALTITUDE_DATUM)
    assert zone_sentence(untested, "a", "b").startswith("Not testable (altitude datum): ")


def test_every_finding_has_a_sentence(watch: Watch) -> None:
    for found in findings(watch, "a"):
        assert isinstance(found, Finding)
        assert sentence(found).endswith(".")
