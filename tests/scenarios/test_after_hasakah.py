"""The scenario of what was said after 5 October 2023: accounts kept apart, and nothing merged."""

from incident_values import SCENARIOS, held, judging, lines_of, played, told

from crosstell.replay.page.render import render_page
from crosstell.replay.result import Met, RunResult

NAME, DAY = "2023-10-06-after-hasakah", "2023-10-05-hasakah"


def only_run() -> RunResult:
    (run,) = played(NAME).runs
    return run


def test_both_parties_hold_the_same_since_all_of_it_is_public() -> None:
    """REP-073."""
    assert held(only_run()).held_by == ("tr", "us")


def test_what_one_component_disowns_and_the_loss_that_is_stated_stand_apart() -> None:
    """REP-073, ACC-026: for the armed forces; for whom the rest is said is not made up."""
    claims, differences = told(only_run(), "shoot-down", "ownership")
    assert any("was not an object of “Türkiye”, said for armed-forces" in text for text in claims)
    assert any("for whom it is said is not stated" in text for text in claims)
    assert [line.partition(": ")[2] for line in differences] == [
        "not testable, because one of the two does not say for whom it is said"
    ]
    lost, _ = told(only_run(), "shoot-down", "count")
    assert lost[0].startswith("“the foreign ministry”: “armed drones that Türkiye lost”: 1")
    assert not any("the whole party" in line for line in lines_of(held(only_run())))


def test_what_was_announced_is_no_open_action_of_anybody() -> None:
    """REP-073: no more is published than that measures are taken."""
    assert held(only_run()).actions == ()
    claims, _ = told(only_run(), "shoot-down", "in words")
    assert any("measures are being taken" in text for text in claims)


def test_both_sides_stand_on_the_near_misses() -> None:
    claims, _ = told(only_run(), "kobani-2019", "in words")
    for words in (
        "answered mortar fire",
        "did not fire close to the US unit",
        "every precaution",
        "grid",
    ):
        assert any(words in text for text in claims), words
    claims, _ = told(only_run(), "hasakah-2022", "in words")
    for words in (
        "first day”: “no US",
        "next day”: “there was a risk",
        "different building",
        "thought to have known",
    ):
        assert any(words in text for text in claims), words


def test_what_one_readout_calls_agreed_is_stated_by_one() -> None:
    """REP-073: the other readout, as entered, does not mention it."""
    (agreed,) = held(only_run()).agreed
    assert agreed.standing == "stated-by-one"
    assert "stated by one; not signed by all" in agreed.lines[0]
    assert agreed.lines[1:] == (
        "stated by party tr",
        "not mentioned, as entered here, in party us: “[16]”",
    )


def test_the_near_misses_stand_as_precedents_with_their_slips() -> None:
    """REP-073: nine o'clock in the morning or in the evening; they share parties and no rule."""
    assert any("AM and PM" in line for line in held(only_run()).questions)
    precedents = held(only_run()).precedents
    assert len([line for line in precedents if "5 October 2023" in line]) == 2
    assert not any("rule" in line for line in precedents)


def test_a_run_that_only_tells_says_nothing_of_an_operator() -> None:
    """REP-074."""
    run = only_run()
    assert run.told_only
    assert all(lead.lead_minutes is None for lead in run.leads)
    assert not any("operator" in line for line in (*run.conclusion, *played(NAME).findings))
    assert {row.met for row in run.adherence} == {Met.NOT_TESTABLE}
    assert judging(["the party is right"]), "the words that judge are looked for"
    assert lines_of(held(run))


def test_the_page_shows_it_and_no_empty_map() -> None:
    """REP-073."""
    page = render_page(played(NAME))
    assert "Accounts and what follows, as held by tr and us" in page
    assert "Map: who held what" not in page


def test_the_protocol_is_that_of_the_day() -> None:
    """The copy beside the scenario is the same to the byte."""
    assert (SCENARIOS / NAME / "protocol.yaml").read_bytes() == (
        SCENARIOS / DAY / "protocol.yaml"
    ).read_bytes()
