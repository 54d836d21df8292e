"""A scenario written from the documents alone: no operator, no people, unknown height and speed.

What holds for it holds for whatever others write.
"""

import json
from functools import cache
from pathlib import Path

import jsonschema_rs
import pytest
from click.testing import CliRunner

from crosstell.cli.record import record
from crosstell.core.errors import CallerError
from crosstell.replay.page import render_page
from crosstell.replay.recording import export_run
from crosstell.replay.replaying import replay
from crosstell.replay.result import Met, ReplayResult, Stage
from crosstell.replay.result_json import print_result, schema

FOLDER = Path(__file__).parent / "small"


@cache
def result() -> ReplayResult:
    return replay(FOLDER, again=True)


def test_it_runs_and_its_json_validates() -> None:
    jsonschema_rs.validate(schema(), json.loads(print_result(result())))
    assert len(result().runs) == 1
    assert all(feed.sound == "verified" for feed in result().runs[0].record)


def test_nobody_answers_without_people() -> None:
    (run,) = result().runs
    call = next(call for call in run.calls if call.call == "b-1")
    assert call.copied is not None, "the node has an entry"
    assert call.delivered is None, "a call by radio is not delivered to a node"
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


def test_rep_055_the_record_of_a_run_can_be_taken_away_and_verified(tmp_path: Path) -> None:
    name = result().runs[0].name
    out = tmp_path / "record"
    made = CliRunner().invoke(
        record, ["replay", str(FOLDER), "--run", name, "--out", str(out)], catch_exceptions=False
    )
    assert made.exit_code == 0
    assert sorted(path.name for path in out.iterdir()) == ["a", "b"]
    for party in ("a", "b"):
        seen = CliRunner().invoke(record, ["verify", str(out / party)])
        assert seen.exit_code == 0
        assert "this export verifies" in seen.output
    again = CliRunner().invoke(record, ["replay", str(FOLDER), "--run", name, "--out", str(out)])
    assert again.exit_code == 2
    assert "name a new folder" in again.output


def test_rep_055_nothing_is_left_of_a_record_that_cannot_be_made(tmp_path: Path) -> None:
    with pytest.raises(CallerError, match="there is no run 'nope'"):
        export_run(FOLDER, run="nope", seed=1, out=tmp_path / "record")
    with pytest.raises(CallerError, match="inside one that exists"):
        export_run(FOLDER, run="nope", seed=1, out=tmp_path / "no" / "record")
    assert list(tmp_path.iterdir()) == []


def test_rep_049_a_result_shown_again_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    said: list[str] = []
    first = replay(FOLDER, say=said.append)
    assert said == []
    assert replay(FOLDER, say=said.append) == first
    assert len(said) == 1
    assert "last replay" in said[0]
