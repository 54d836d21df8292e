"""A scenario written from the documents alone: no operator, no people, unknown height and speed.

What holds for it holds for whatever others write.
"""

import json
from functools import cache
from pathlib import Path

import jsonschema

from crosstell.replay.page import render_page
from crosstell.replay.replaying import replay
from crosstell.replay.result import Met, ReplayResult, Stage
from crosstell.replay.result_json import print_result, schema

FOLDER = Path(__file__).parent / "small"


@cache
def result() -> ReplayResult:
    return replay(FOLDER, again=True)


def test_it_runs_and_its_json_validates() -> None:
    jsonschema.validate(json.loads(print_result(result())), schema())
    assert len(result().runs) == 1
    assert all(feed.sound == "verified" for feed in result().runs[0].record)


def test_nobody_answers_without_people() -> None:
    (run,) = result().runs
    call = next(call for call in run.calls if call.call == "b-1")
    assert call.delivered is not None, "the node has it"
    assert call.received is None, "no person has"
    reached = {lead.stage: lead.lead_minutes for lead in run.leads}
    assert reached[Stage.PLACED] == 15.0
    assert reached[Stage.RECEIVED] is None


def test_rep_030_a_voice_log_is_its_own_sides_claim() -> None:
    (run,) = result().runs
    voice = next(call for call in run.calls if call.call == "b-v1")
    assert (voice.claimed_by, voice.carriage, voice.caller, voice.to) == ("b", "radio", "b", "a")
    assert voice.received is None


def test_what_is_unknown_is_held_as_unknown() -> None:
    (run,) = result().runs
    assert {fix.height for track in run.tracks for fix in track.fixes} == {"height unknown"}


def test_the_page_has_it_too() -> None:
    assert "A small scenario" in render_page(result())


def test_rep_036_a_late_notice_is_not_met() -> None:
    (run,) = result().runs
    rows = {row.rule: row for row in run.adherence}
    assert rows["lead-time zone"].met is Met.NOT_MET
    assert rows["lead-time zone"].party == "b"
