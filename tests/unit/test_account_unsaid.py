"""What a source leaves open: how far "about" goes, for whom it speaks, which end of telling."""

from dataclasses import replace

import pytest
from account_values import depth, moment
from picture_values import ARMY, scope

from crosstell.core.altitude import AltitudeData
from crosstell.core.assessment.account.content import (
    Belongs,
    Casualties,
    Count,
    Distance,
    Duration,
    HeightWithoutDatum,
    Held,
    Measure,
    Moment,
    Passage,
    Stated,
    Told,
)
from crosstell.core.assessment.account.difference import (
    Gap,
    GapUnit,
    Relation,
    Untestable,
    between,
)
from crosstell.core.assessment.account.ranges import Exactness
from crosstell.core.assessment.account.stance import AgreedThat
from crosstell.core.assessment.account.topic import topic_of
from crosstell.core.assessment.account.warned import WarningsSent
from crosstell.core.assessment.account.wording import content_words, difference_words, gap_words
from crosstell.core.ids import PartyId
from crosstell.core.picture.party import Scope

Figures = Moment | Duration | Distance | HeightWithoutDatum | Count | WarningsSent | Casualties
NO_DATA = AltitudeData()
SENT = WarningsSent(addressed="the pilot", means="radio", at_least=10, at_most=10)
HUNDRED = Count(of_what="it", at_least=100, at_most=100)
FIVE = Casualties(among="them", killed_at_least=5, killed_at_most=5)
OURS = Belongs(of_what="it", whose="red", is_so=Held.YES)


def about(stated: Stated) -> Stated:
    assert isinstance(stated, Figures)
    return replace(stated, told=Exactness.ABOUT)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (moment("06:30"), moment("06:03")),
        (HUNDRED, replace(HUNDRED, at_least=9, at_most=9)),
        (SENT, replace(SENT, at_least=12, at_most=12)),
        (FIVE, replace(FIVE, killed_at_least=9, killed_at_most=9)),
    ],
)
def test_what_is_told_as_about_is_not_exactly_apart(one: Stated, other: Stated) -> None:
    """ACC-025: on either side; the gap is told, as about."""
    exact = between(one, other, NO_DATA)
    assert exact.relation is Relation.DIFFERS
    assert exact.gap is not None
    for first, second in ((about(one), other), (other, about(one)), (about(one), about(other))):
        found = between(first, second, NO_DATA)
        assert (found.relation, found.because) == (Relation.NOT_TESTABLE, Untestable.APPROXIMATE)
        assert found.gap == replace(exact.gap, told=Exactness.ABOUT)
        assert "one of the two is approximate: apart by about " in difference_words(found)


def test_what_shares_a_value_shares_it_about_too() -> None:
    """ACC-025: no difference is found, and it is no agreement."""
    found = between(about(HUNDRED), HUNDRED, NO_DATA)
    assert found.relation is Relation.NO_DIFFERENCE_FOUND


def test_another_reason_stays_and_its_gap_is_about() -> None:
    """ACC-025."""
    near, far = (depth(m, m, Measure.NOT_STATED) for m in (300.0, 500.0))
    found = between(about(near), far, NO_DATA)
    assert found.because is Untestable.MEASURES_DIFFER
    assert found.gap is not None
    assert found.gap.told is Exactness.ABOUT


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (moment("08:40"), "about 2023-10-05T08:40:00Z, given as “08:40”"),
        (moment("08:40", "08:50"), "about 2023-10-05T08:40:00Z to 2023-10-05T08:50:00Z, given as"),
        (
            depth(16_668.0, 16_668.0, Measure.STRAIGHT),
            "about 16,700 m from “the border” (straight)",
        ),
        (depth(365.76, 438.912, Measure.STRAIGHT), "about 366 to 439 m from “the border”"),
        (depth(1_850.0, None, Measure.DEPTH), "at least about 1,850 m from “the border” (deep)"),
        (Count(of_what="calls", at_least=None, at_most=12), "“calls”: at most about 12"),
        (
            Duration(of_what="it", at_least_s=14_400.0, at_most_s=14_400.0),
            "“it”: duration about 4 h",
        ),
        (
            HeightWithoutDatum(of_what="it", at_least_m=6_000.0, at_most_m=6_000.0),
            "“it”: about 6,000 m, above what is not stated",
        ),
    ],
)
def test_what_is_told_as_about_is_printed_so(
    content: Moment | Distance | Count | Duration | HeightWithoutDatum, words: str
) -> None:
    """ACC-025: with three figures at most."""
    assert words in content_words(about(content))
    assert "about" not in content_words(content)


@pytest.mark.parametrize("other", [None, scope(), scope(ARMY)])
def test_for_whom_nobody_says_is_set_against_nobody(other: Scope | None) -> None:
    """ACC-026: and it is not read as the whole party."""
    for is_so in (Held.YES, Held.NO):
        said = replace(OURS, scope=other, is_so=is_so)
        for first, second in ((OURS, said), (said, OURS)):
            assert between(first, second, NO_DATA).because is Untestable.SCOPE_NOT_STATED
    assert content_words(OURS).endswith("for whom it is said is not stated")


def test_what_was_sent_need_not_have_been_received() -> None:
    """ACC-027."""
    told = Told(of_what="the list", to_whom="the crew", is_so=Held.NO, passage=Passage.RECEIVED)
    sent = replace(told, is_so=Held.YES, passage=Passage.SENT)
    assert topic_of("m", told) == topic_of("m", sent)
    assert between(told, sent, NO_DATA).because is Untestable.SENT_AND_RECEIVED
    assert between(sent, told, NO_DATA).because is Untestable.SENT_AND_RECEIVED
    assert between(told, replace(told, is_so=Held.YES), NO_DATA).relation is Relation.DIFFERS
    assert content_words(told) == "“the list”: was not received by “the crew”"
    assert content_words(sent) == "“the list”: was sent to “the crew”"
    unsaid = replace(told, passage=Passage.NOT_STATED)
    assert content_words(unsaid) == "“the list”: was not told to “the crew”"


@pytest.mark.parametrize(
    ("gap", "words"),
    [
        (Gap(unit=GapUnit.METRES_PER_SECOND, at_least=0.04, at_most=0.04), "0.04 m/s"),
        (Gap(unit=GapUnit.METRES, at_least=1e-9, at_most=None), "at least less than 0.001 m"),
        (Gap(unit=GapUnit.METRES, at_least=0.0, at_most=0.05), "0 to 0.1 m"),
        (
            Gap(unit=GapUnit.SECONDS, at_least=1_561.0, at_most=1_679.0, told=Exactness.ABOUT),
            "about 26 min to 28 min",
        ),
    ],
)
def test_a_gap_is_told_with_the_figures_that_it_has(gap: Gap, words: str) -> None:
    """ACC-044: none that is there is told as 0, and none of "about" to the second."""
    assert gap_words(gap) == words


def test_a_paraphrase_stands_in_no_quotation_marks() -> None:
    """ACC-045."""
    agreed = AgreedThat(text="to keep the line staffed", parties=(PartyId("blue"), PartyId("red")))
    for content in (moment("08:40"), agreed):
        assert not {"'", '"'} & set(content_words(content))
