"""5 October 2023 through two real nodes: what the record, the text and the JSON say of it.

One process reads the folder once and plays a few runs once, and every test reads them; the whole
replay is a long test.
"""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import jsonschema_rs
import pytest
from sampling import thinned

from crosstell.core.detection.alert import Attention
from crosstell.core.ids import PartyId
from crosstell.core.mechanism.screen.screen import screen
from crosstell.replay.found.assemble import result_of
from crosstell.replay.given.loading import Loaded, load
from crosstell.replay.given.runs import runs_of
from crosstell.replay.page import render_page
from crosstell.replay.played.world import given_to, play
from crosstell.replay.replaying import assembled, replay
from crosstell.replay.result import Met, ReplayResult, RunResult, Stage
from crosstell.replay.result_json import print_result, schema
from crosstell.replay.text import print_text
from crosstell.replay.told_in import ToldElsewhere, told_elsewhere

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "scenarios" / "2023-10-05-hasakah"
SMALL = Path(__file__).parent / "small"


@cache
def loaded() -> Loaded:
    return load(FOLDER)


@cache
def told() -> ToldElsewhere:
    return told_elsewhere(loaded(), 1)


@cache
def played(name: str, seed: int = 1) -> ReplayResult:
    """What `replay` gives of one run; the command is compared with it below."""
    (run,) = runs_of(loaded().scenario, name)
    found = result_of(loaded(), run, play(given_to(loaded(), run), seed))
    return assembled(loaded(), (found,), (), seed, told())


def run_of(name: str) -> RunResult:
    (found,) = played(name).runs
    return found


def lead(run: RunResult, point: str, stage: Stage) -> float | None:
    return next(x.lead_minutes for x in run.leads if (x.point, x.stage) == (point, stage))


def test_the_first_strike_comes_before_any_alert_where_no_track_was_held() -> None:
    alert = lead(run_of("as-reported/unable"), "first-strike", Stage.ALERT)
    assert alert is not None
    assert -3 < alert <= 0, "the lead to the first strike is nil"


@pytest.mark.parametrize(
    ("recipient", "answer"), thinned([("unable", "unable"), ("unwilling", "will-not")], every=2)
)
def test_an_aware_operator_has_the_warning_after_the_relay(recipient: str, answer: str) -> None:
    run = run_of(f"as-reported/{recipient}")
    in_hands = lead(run, "shoot-down", Stage.IN_HANDS)
    received = lead(run, "shoot-down", Stage.RECEIVED)
    assert in_hands is not None
    assert received is not None
    assert received - in_hands == pytest.approx(20.5, abs=0.2), "read-back, then 20 min of relay"
    assert {a.answer for call in run.calls for a in call.answers if a.speaks_for} == {answer}


def test_rep_035_an_unaware_operator_has_no_help() -> None:
    run = run_of("as-reported/unaware")
    for point in ("first-strike", "shoot-down", "shoot-down-last-drone"):
        assert lead(run, point, Stage.IN_HANDS) is None
        assert lead(run, point, Stage.ANSWERED) is None
    assert sum("No help." in line for line in run.conclusion) == 5


def test_rep_030_each_side_holds_its_own_alerts_with_their_entries() -> None:
    run = run_of("zone-to-all/unable")
    assert {alert.party for alert in run.alerts} == {"us", "tr"}
    assert {alert.subject for alert in run.alerts if alert.party == "tr"} == {
        "tr-own-1",
        "tr-own-2",
    }
    raised = [item for item in run.timeline if item.kind == "alert" and "raised" in item.what]
    assert raised
    assert all(item.ref.startswith(f"{item.party} journal #") for item in raised)
    assert all(alert.call_by is not None for alert in run.alerts)


def test_the_operators_own_node_is_first_where_its_component_is_on_the_line() -> None:
    run = run_of("zone-to-all/unable")
    in_hands = lead(run, "first-strike", Stage.IN_HANDS)
    assert in_hands is not None
    assert in_hands > 5


def test_rep_019_nothing_passes_once_the_line_is_down() -> None:
    run = run_of("line-down/unable")
    late = [call for call in run.calls if call.kind == "warn" and call.placed.hour >= 5]
    assert late
    assert all(call.delivered is None for call in late)
    before = next(call for call in run.calls if call.call == "us-warn-1")
    assert before.delivered is not None
    assert any(item.kind == "broadcast" for item in run.timeline)
    assert any("lost while the line was down" in text for text in run.warnings)


def test_rep_036_adherence_is_told_per_duty_and_never_scored() -> None:
    run = run_of("as-reported/unable")
    rows = {(row.rule, row.party): row for row in run.adherence}
    assert rows["use-the-channel", "tr"].met is Met.NOT_TESTABLE
    assert rows["answer-time", "tr"].met is Met.NOT_MET
    assert rows["answer-time", "tr"].ref.startswith("us #")
    zone = rows["declared-zone", "tr"]
    assert zone.met is Met.NOT_TESTABLE, "whose object it was is not settled by the other's alert"
    own = {(r.rule, r.party): r for r in run_of("zone-to-all/unable").adherence}
    row = own["declared-zone", "tr"]
    assert row.met is Met.NOT_TESTABLE, "its node saw the object; nobody stated whose it is"
    assert "stated of no observed object that it is its own" in row.why
    assert row.ref


def test_rep_037_the_real_verifier_speaks_for_every_run() -> None:
    for name in ("as-reported/unable", "zone-to-all/unable", "line-down/unable"):
        for feed in run_of(name).record:
            assert feed.sound == "verified"
            assert any(
                "are whole: each signed by the key valid there" in x for x in feed.statements
            )
            assert len(feed.root) == 64


def test_rep_039_false_alarms_are_counted_on_the_quiet_day() -> None:
    run = run_of("quiet-day")
    raised = sum(len(alert.raised) for alert in run.alerts if alert.party == "us")
    assert run.false_alarms == raised
    assert run.conclusion[0].startswith(f"Control: {raised} false alarm")


def test_rep_008_nothing_is_put_outside_the_window() -> None:
    run = run_of("as-reported/unable")
    assert all(run.starts <= item.at < run.ends for item in run.timeline)
    assert {c.call for c in run.calls if c.call.startswith("us-again")} == {
        f"us-again-{n}" for n in range(1, 13)
    }, "more than a dozen calls with the first"


def test_rep_017_the_acts_of_a_habit_follow_one_another() -> None:
    call = next(c for c in run_of("as-reported/unable").calls if c.call == "us-warn-1")
    assert call.delivered is not None
    assert call.received is not None
    assert call.read_back is not None
    took = (call.received - call.delivered).total_seconds()
    assert 60.0 <= took <= 70.0
    assert (call.read_back - call.received).total_seconds() == pytest.approx(30.0, abs=0.01)


def test_rep_136_the_alerts_about_the_drone_that_is_called_about_show_that_a_call_is_out() -> None:
    (run,) = runs_of(loaded().scenario, "as-reported/unable")
    at = datetime(2023, 10, 5, 4, 32, tzinfo=UTC)
    state = play(given_to(loaded(), run), 1, until=at).states[PartyId("us")]
    alerts = screen(state, at).alerts
    assert {one.attention for one in alerts} == {Attention.ACKNOWLEDGED}
    assert [one.calls for one in alerts] == [("us-warn-1",)] * 2, "the zone's and the forces'"


def test_no_node_reported_a_fault() -> None:
    for name in ("as-reported/unable", "zone-to-all/unable", "line-down/unable", "quiet-day"):
        assert not [x for x in run_of(name).warnings if "its node reported" in x]


def test_rep_040_the_json_of_a_real_run_validates() -> None:
    jsonschema_rs.validate(schema(), json.loads(print_result(played("as-reported/unable"))))


def test_rep_045_the_text_shows_the_call_and_its_stages() -> None:
    text = print_text(played("as-reported/unable"))
    for word in ("us-warn-1", "passed to operator", "call by", "held by tr", "not the real text"):
        assert word in text


def test_the_page_of_a_real_run_holds_its_drawings() -> None:
    page = render_page(played("zone-to-all/unable"))
    assert page.count("<svg") >= 3
    assert "tr-own-1" in page
    assert "places and shapes as entered; not a real map" in page


def printed_elsewhere(tmp_path: Path, folder: Path, *words: str) -> bytes:
    """What the command prints in a process with another hash seed."""
    hash_seed = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "XDG_CACHE_HOME": str(tmp_path)}
    environment["PYTHONPATH"] = str(ROOT / "src")
    start = "from crosstell.cli import main; raise SystemExit(main())"
    command = [sys.executable, "-c", start, "replay", str(folder), "--again", "--json"]
    done = subprocess.run([*command, *words], env=environment, check=True, capture_output=True)
    return done.stdout


@pytest.mark.long
def test_rep_041_the_bytes_do_not_depend_on_the_hash_seed(tmp_path: Path) -> None:
    found = printed_elsewhere(tmp_path, FOLDER, "--run", "zone-to-all/unable")
    assert found == print_result(played("zone-to-all/unable")).encode()


def test_rep_041_nor_do_those_of_a_small_scenario(tmp_path: Path) -> None:
    assert printed_elsewhere(tmp_path, SMALL) == print_result(replay(SMALL, again=True)).encode()


def test_rep_041_another_seed_gives_another_record() -> None:
    (other,) = played("quiet-day", seed=2).runs
    assert other.record_digest != run_of("quiet-day").record_digest
    assert other.false_alarms == run_of("quiet-day").false_alarms


@pytest.mark.long
def test_rep_038_the_whole_replay_has_every_run_and_both_ends_of_each_range() -> None:
    result = replay(FOLDER, again=True)
    assert len(result.runs) == 17
    assert len(result.ranges) == 17
    assert all(len(row.ends) >= 2 for row in result.ranges)
    relay = next(
        row for row in result.ranges if row.point == "shoot-down" and "relay" in row.varied
    )
    short, long = (end.lead_minutes for end in relay.ends)
    assert short is not None
    assert long is not None
    assert short > long, "a longer relay leaves less time"
    assert all(feed.sound == "verified" for run in result.runs for feed in run.record)


EXPECTED = FOLDER / "expected.txt"
GOLDEN_RUNS = (
    "as-reported/unaware",
    "as-reported/unable",
    "zone-to-all/unable",
    "line-down/unable",
    "quiet-day",
)


def test_the_runs_say_what_they_said_before() -> None:
    """Golden; rewritten by CROSSTELL_GOLDEN=rewrite, and a difference is read by a person."""
    lines = []
    for name in GOLDEN_RUNS:
        run = run_of(name)
        lines += [f"RUN {name}: {run.title}", *(f"  {line}" for line in run.conclusion)]
        for alert in run.alerts:
            level = f"{alert.first_level}, highest {alert.highest_level}"
            about = f"{alert.subject} and {alert.against}"
            lines.append(f"  {alert.first_raised:%H:%M:%SZ} {alert.party} {level}: {about}")
    text = "\n".join(lines) + "\n"
    if os.environ.get("CROSSTELL_GOLDEN") == "rewrite":
        EXPECTED.write_text(text, encoding="utf-8")
    assert EXPECTED.read_text(encoding="utf-8") == text
