"""Real incidents as published: every claim with its source, no side taken, nothing invented."""

import re

import pytest
from incident_values import check_as_before, held, judging, lines_of, played, told

from crosstell.replay.page import render_page
from crosstell.replay.result import Met, RunResult, Stage, Verdict
from crosstell.replay.text import print_text

SU_24 = "2015-11-24-su-24"
KUNDUZ = "2015-10-03-kunduz"
KHASHAM = "2018-02-07-khasham"
RQ_4 = "2019-06-19-rq-4"
BLACK_SEA = "2023-03-14-black-sea"
AFTER_HASAKAH = "2023-10-06-after-hasakah"
ALL = (SU_24, KUNDUZ, KHASHAM, RQ_4, BLACK_SEA, AFTER_HASAKAH)
UNREAD = "not read again"  # a widely known figure whose source was not looked up


def run_of(name: str, word: str = "") -> RunResult:
    return next(run for run in played(name).runs if run.name.endswith(word))


@pytest.mark.parametrize("name", ALL)
def test_it_says_what_it_said_before(name: str) -> None:
    check_as_before(name)


@pytest.mark.parametrize("name", ALL)
def test_every_claim_names_a_source_that_the_scenario_lists(name: str) -> None:
    """REP-073: nothing is stated that no source states; what is only recalled says so."""
    result = played(name)
    listed = {source.id: source for source in result.sources}
    assert all(source.title and source.address for source in listed.values())
    named: set[str] = set()
    for run in result.runs:
        for topic in held(run).topics:
            for claim in topic.claims:
                ids = set(re.findall(r"\[(\d+a?)\]", claim.text))
                assert ids or UNREAD in claim.text, claim.text
                named |= ids
    assert named <= set(listed)
    assert set(listed) - named <= _cited_elsewhere(name), "a source that nothing cites"


def _cited_elsewhere(name: str) -> set[str]:
    result = played(name)
    texts = [*(item.why + item.source for item in result.assumptions)]
    texts += [line for run in result.runs for line in lines_of(held(run))]
    points = {source for point in result.points for source in point.sources}
    return points | set(re.findall(r"\[(\d+a?)\]", " ".join(texts)))


@pytest.mark.parametrize("name", ALL)
def test_no_line_takes_a_side_and_nobody_is_said_to_have_failed(name: str) -> None:
    """REP-074, REP-077: what no source tells of a line or its people is held against nobody."""
    for run in played(name).runs:
        assert judging(lines_of(held(run))) == []
        assert judging([item.what for item in run.timeline if item.kind != "alert"]) == []
        assert Met.NOT_MET not in {row.met for row in run.adherence}
        assert all(feed.sound == "verified" for feed in run.record)
        assert not any("not recorded" in text for text in run.warnings), run.warnings


@pytest.mark.parametrize("name", ALL)
def test_no_lead_time_is_claimed(name: str) -> None:
    """REP-074: no call is placed, and where an alert is raised it helps nobody."""
    result = played(name)
    reached = {
        lead.stage for run in result.runs for lead in run.leads if lead.lead_minutes is not None
    }
    assert reached <= {Stage.ALERT}
    assert not any("could have been" in line for line in result.findings)


@pytest.mark.parametrize("name", ALL)
def test_the_page_shows_it(name: str) -> None:
    assert "Accounts and what follows, as held by" in render_page(played(name))


@pytest.mark.parametrize(
    ("word", "party", "others"),
    [("as-turkiye-states", "tr", "ru-2"), ("as-russia-states", "ru", "tr-1")],
)
def test_each_account_of_the_flight_is_found_as_its_side_states_it(
    word: str, party: str, others: str
) -> None:
    """REP-079: by the one a side is entered from without, by the other too; neither is a duty's."""
    run = run_of(SU_24, word)
    (alert,) = run.alerts
    assert (alert.party, alert.rule, alert.verdict) == (party, "the-line", Verdict.PRESENT)
    assert not any(track.track == others for track in run.tracks)
    assert alert.text == f"rule the-line under the reading of {party}: predicted"
    assert "  " not in alert.nearest
    drawn = [(shape.kind, shape.label) for shape in run.shapes]
    assert drawn == [("side", "side of tr"), ("side", "side of ru")]  # REP-088
    rows = [row for row in run.adherence if row.rule == "the-line"]
    assert {row.met for row in rows} == {Met.NOT_TESTABLE}
    assert {row.why for row in rows} == {
        "a side is drawn, not filed; the alerts stand, for a person"
    }


def test_accounts_that_two_runs_hold_alike_are_told_once() -> None:
    """REP-089."""
    text = print_text(played(SU_24))
    same = "accounts and what follows: line for line as in run flight/as-turkiye-states"
    assert text.count(same) == 1
    assert text.count("“US officials”: “the time and place of the sorties”") == 1
    assert len({run.aftermath for run in played(SU_24).runs}) == 1


def test_warnings_sent_are_not_set_against_warnings_received() -> None:
    """ACC-018: ten sent and none received may both be; none attempted and ten sent differ."""
    _, differences = told(run_of(SU_24), "warnings", "warnings: “the aircraft”")
    assert [line.partition(": ")[2].split(",")[0] for line in differences] == [
        "not testable",
        "differs: apart by 10",
    ]
    audible, _ = told(run_of(SU_24), "warnings", "warnings: “the coalition")
    assert audible[0].startswith("“US spokesman in Baghdad, Warren”: warnings that reached")
    (sent,) = run_of(SU_24).broadcasts
    assert (len(sent.sent_at), sent.frequency) == (10, "243.000 MHz")
    assert [one.source for one in sent.heard] == ["a US spokesman in Baghdad [183]"]


def test_a_third_party_is_said_to_have_been_told_and_says_that_it_was_not() -> None:
    claims, differences = told(run_of(SU_24), "sorties", "told")
    assert any("was told to “the United States”" in text for text in claims)
    assert any("was not told to “the United States”" in text for text in claims)
    assert differences[0].endswith("differs")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (SU_24, "stated distance over stated duration: 108.8 m/s"),
        (SU_24, "stated distance over stated duration: at least 50 m/s"),
        (
            RQ_4,
            "two voices of one party state two things that differ: 3 h 50 min 1 s",
        ),
        (AFTER_HASAKAH, "two times twelve hours apart"),
    ],
)
def test_a_second_look_asks(name: str, words: str) -> None:
    assert any(words in line for line in held(run_of(name)).questions)


def test_two_texts_of_the_press_are_two_voices_and_no_partys() -> None:
    """ACC-002."""
    claims, differences = told(run_of(SU_24), "before-the-entry", "duration: “the wait")
    assert [text.partition(":")[0] for text in claims] == [
        "“another Sputnik text”, entered by party ru",
        "“one Sputnik text”, entered by party ru",
    ]
    assert [line.partition(": ")[2] for line in differences] == ["differs: apart by 30 min"]


def test_each_side_says_where_the_f_16_was() -> None:
    run = run_of(SU_24)
    russian, _ = told(run, "the-f-16", "area: “the F-16”, “Syrian airspace”")
    turkish, _ = told(run, "the-f-16", "area: “the F-16”, “Turkish airspace”")
    assert russian[0].startswith("“Russia”: “the F-16”: was in “Syrian airspace”")
    assert turkish[0].startswith("“Türkiye”: “the F-16”: was in “Turkish airspace”")
    assert UNREAD in turkish[0]


def test_questions_in_the_same_words_are_one_line() -> None:
    """REP-078."""
    lines = held(run_of(AFTER_HASAKAH)).questions
    asked = [line for line in lines if "how it was measured" in line]
    assert len(asked) == 1
    assert asked[0].count("us feed #") == 5


def test_two_places_of_one_loss_stand_with_their_direction() -> None:
    claims, _ = told(run_of(RQ_4), "loss", "distance: “the position")
    assert "about 16,700 m from “the position that Iran gives”, “south-west”" in claims[0]
    _, differences = told(run_of(RQ_4), "loss", "time")
    assert sum("no difference found" in line for line in differences) == 1


def test_not_ours_stands_as_an_answer_with_the_words_beside_it() -> None:
    """REP-071."""
    (said,) = [item for item in run_of(KHASHAM).timeline if item.kind == "ownership"]
    assert said.party == "ru"
    assert "of the object of entry #" in said.what
    assert "says not ours" in said.what
    assert "not clear to engage" in said.what
    assert said.what.endswith("for liaison")
    (troops,) = [one for one in run_of(KHASHAM).timeline if one.what.startswith("claim us-troops")]
    number = troops.ref.rpartition("#")[2].split()[0]
    assert f"of the object of entry #{number} of us" in said.what


def test_counts_of_casualties_stand_each_by_its_voice_and_are_not_added() -> None:
    """REP-092: who was counted is not told alike, so no two are one topic and none "differs"."""
    topics = [one for one in held(run_of(KHASHAM)).topics if one.matter == "casualties"]
    assert [len(one.claims) for one in topics] == [1] * 5
    assert not any(one.differences for one in topics)
    assert not any("398" in claim.text for one in topics for claim in one.claims)


def test_a_list_says_who_received_it_and_of_whom_nothing_is_known() -> None:
    """REP-072: receipt by two components is none by the aircraft."""
    (site,) = run_of(KUNDUZ).notices
    assert "msf-hospital of msf, filed 29 Sep 08:00Z" in print_text(played(KUNDUZ))
    aircraft = next(line for line in site.statuses if line.startswith("us aircraft"))
    assert aircraft == "us aircraft: unanswered; silence is not consent"
    assert sum("received (receipt only, no acceptance)" in line for line in site.statuses) == 3
    claims, _ = told(run_of(KUNDUZ), "inquiry", "told: “updates")
    assert "was not received by “the aircraft”" in claims[0]
    sent, _ = told(run_of(KUNDUZ), "notification", "told: “the position”, “the US Army")
    assert "was received by" in sent[0]
    assert "was sent to" in sent[1]


def test_receipt_by_anothers_word_says_so_where_it_is_told() -> None:
    """REP-090."""
    said = [item for item in run_of(KUNDUZ).timeline if item.kind == "notice"][1:]
    assert len(said) == 2
    assert all("by the word of MSF [68]" in item.what for item in said)


@pytest.mark.parametrize(
    ("word", "standing"),
    [("nothing-stated", "unanswered; silence is not consent"), ("contested", "contested")],
)
def test_a_zone_that_one_side_declared_stands_as_the_other_left_it(
    word: str, standing: str
) -> None:
    """The status is open as published; that it is contested is the assumption of one run."""
    (zone,) = run_of(BLACK_SEA, word).notices
    assert standing in zone.statuses[0]
    claims, _ = told(run_of(BLACK_SEA, word), "loss", "zone status")
    assert len(claims) == 1
    _, differences = told(run_of(BLACK_SEA, word), "loss", "time")
    assert differences[0].endswith(
        "not testable, because one of the two is approximate: apart by about 26 min to 28 min"
    )
