"""The scenario of what was said after 5 October 2023: accounts kept apart, and nothing merged."""

import os
import re
from functools import cache
from pathlib import Path

from crosstell.replay.claims import Aftermath
from crosstell.replay.page.render import render_page
from crosstell.replay.replaying import replay
from crosstell.replay.result import Met, ReplayResult
from crosstell.replay.text import print_text

FOLDER = Path(__file__).parents[2] / "scenarios" / "2023-10-06-after-hasakah"
DAY = FOLDER.parent / "2023-10-05-hasakah"
EXPECTED = FOLDER / "expected.txt"
JUDGING = re.compile(r"\b(violated|guilty|lied|true|false|right|wrong|clear to engage)\b", re.I)


@cache
def result() -> ReplayResult:
    return replay(FOLDER, again=True)


def held() -> Aftermath:
    (run,) = result().runs
    (alike,) = run.aftermath
    return alike


def told(matter: str, topic: str) -> tuple[list[str], tuple[str, ...]]:
    found = next(t for t in held().topics if (t.matter, t.topic.split(":")[0]) == (matter, topic))
    return [one.text for one in found.claims], found.differences


def test_both_parties_hold_the_same_since_all_of_it_is_public() -> None:
    """REP-073."""
    assert held().held_by == ("tr", "us")


def test_a_loss_first_disowned_and_then_acknowledged_stands_as_both() -> None:
    """REP-073: for the armed forces, then for the whole party; neither replaces the other."""
    claims, differences = told("shoot-down", "ownership")
    assert any("was not an object of tr, said for armed-forces" in text for text in claims)
    assert any(text.startswith("the foreign ministry states: the drone: was an") for text in claims)
    assert any("speak for different components" in line for line in differences)
    assert any("this is no agreement" in line for line in differences)


def test_what_one_readout_calls_agreed_is_stated_by_one() -> None:
    """REP-073: the other readout, as entered, does not mention it."""
    (agreed,) = held().agreed
    assert agreed.standing == "stated-by-one"
    assert "stated by one; not signed by all" in agreed.lines[0]
    assert agreed.lines[1:] == (
        "stated by party tr",
        "not mentioned, as entered here, in party us: [16]",
    )


def test_the_near_misses_stand_as_precedents_with_their_slips() -> None:
    """REP-073: nine o'clock in the morning or in the evening; an account revised the next day."""
    assert any("AM and PM" in line for line in held().questions)
    assert any("revised" in line for line in held().questions)
    claims, _ = told("hasakah-2022", "judgement")
    assert "there was a risk to US troops" in claims[0]
    assert "stated before: no US personnel were at that base" in claims[0]
    assert len([line for line in held().precedents if "5 October 2023" in line]) == 2


def test_no_line_takes_a_side_and_no_lead_time_is_claimed() -> None:
    """REP-074."""
    texts = [
        *(one.text for topic in held().topics for one in topic.claims),
        *(line for topic in held().topics for line in topic.differences),
        *held().questions,
        *held().actions,
        *held().precedents,
        *(line for one in held().agreed for line in one.lines),
    ]
    assert [text for text in texts if JUDGING.search(text)] == []
    (run,) = result().runs
    assert run.told_only
    assert all(lead.lead_minutes is None for lead in run.leads)
    assert not any("operator" in line for line in (*run.conclusion, *result().findings))
    assert {row.met for row in run.adherence} == {Met.NOT_TESTABLE}


def test_every_claim_names_a_source_that_the_scenario_lists() -> None:
    """REP-073: nothing is stated that no source states."""
    known = {source.id for source in result().sources}
    for topic in held().topics:
        for claim in topic.claims:
            named = re.findall(r"\[(\d+a?)\]", claim.text)
            assert named, claim.text
            assert set(named) <= known, claim.text


def test_the_page_shows_it_and_no_empty_map() -> None:
    """REP-073."""
    page = render_page(result())
    assert "Accounts and what follows, as held by tr and us" in page
    assert "Map: who held what" not in page


def test_the_protocol_is_that_of_the_day() -> None:
    """The copy beside the scenario is the same to the byte."""
    assert (FOLDER / "protocol.yaml").read_bytes() == (DAY / "protocol.yaml").read_bytes()


def test_it_says_what_it_said_before() -> None:
    """Golden; rewritten by CROSSTELL_GOLDEN=rewrite, and a difference is read by a person."""
    text = print_text(result())
    start = text.index("  accounts and what follows")
    found = text[start : text.index("  record of us")]
    if os.environ.get("CROSSTELL_GOLDEN") == "rewrite":
        EXPECTED.write_text(found, encoding="utf-8")
    assert found == EXPECTED.read_text(encoding="utf-8")
