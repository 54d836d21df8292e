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


def test_a_loss_first_disowned_and_then_acknowledged_stands_as_both() -> None:
    """REP-073: for the armed forces, then for the whole party; neither replaces the other."""
    claims, differences = told(only_run(), "shoot-down", "ownership")
    assert any("was not an object of tr, said for armed-forces" in text for text in claims)
    assert any(text.startswith("the foreign ministry states: the drone: was an") for text in claims)
    assert any("speak for different components" in line for line in differences)
    assert any("this is no agreement" in line for line in differences)


def test_what_one_readout_calls_agreed_is_stated_by_one() -> None:
    """REP-073: the other readout, as entered, does not mention it."""
    (agreed,) = held(only_run()).agreed
    assert agreed.standing == "stated-by-one"
    assert "stated by one; not signed by all" in agreed.lines[0]
    assert agreed.lines[1:] == (
        "stated by party tr",
        "not mentioned, as entered here, in party us: [16]",
    )


def test_the_near_misses_stand_as_precedents_with_their_slips() -> None:
    """REP-073: nine o'clock in the morning or in the evening; an account revised the next day."""
    assert any("AM and PM" in line for line in held(only_run()).questions)
    assert any("revised" in line for line in held(only_run()).questions)
    claims, _ = told(only_run(), "hasakah-2022", "in words")
    assert "there was a risk to US troops" in claims[0]
    assert "stated before: no US personnel were at that base" in claims[0]
    assert len([line for line in held(only_run()).precedents if "5 October 2023" in line]) == 2


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
