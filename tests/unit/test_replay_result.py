"""What is given back: JSON, its schema, the text and the page, from a result built by hand."""

import base64
import hashlib
import html
import json
import os
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import jsonschema_rs
import pytest
from replay_example import RESULT, RUN, at

from crosstell.core.ids import ComponentId, PartyId, RoleId
from crosstell.core.instant import Window
from crosstell.replay import kept
from crosstell.replay.found.leads import leads_of, point_at
from crosstell.replay.found.words import conclusion_of, findings_of
from crosstell.replay.given.runs import Run
from crosstell.replay.given.scenario import (
    Assumption,
    Duration,
    Line,
    Mode,
    Point,
    RunSpec,
    Scenario,
    ScenarioParty,
    Watch,
)
from crosstell.replay.page import render_page
from crosstell.replay.result import (
    AS_PLAYED,
    HEADING,
    LeadRange,
    RangeEnd,
    ReplayResult,
    Stage,
)
from crosstell.replay.result_json import from_json, print_result, schema
from crosstell.replay.schemas import published
from crosstell.replay.text import print_text

PAGE = render_page(RESULT)


def scenario() -> Scenario:
    wait = Duration(value_s=300.0, low_s=60.0, high_s=600.0)
    return Scenario(
        title="t",
        about="a",
        mode=Mode.EXERCISE,
        parties=(
            ScenarioParty(id=PartyId("a"), title="A"),
            ScenarioParty(id=PartyId("b"), title="B", operator=ComponentId("operator")),
        ),
        watch=Watch(
            warner=PartyId("a"),
            warned=PartyId("b"),
            duty_role=RoleId("duty-officer"),
            counted_to="end",
        ),
        line=Line(delay="wait"),
        points=(
            Point(id="end", title="the end", at=at(8, 40), status="A"),
            Point(id="late", title="late", at=at(8, 40), status="A", counts_from=at(8, 0)),
            Point(id="early", title="early", at=at(8, 40), status="A", earlier_by="wait"),
            Point(id="first", title="first", at=at(4, 30), status="A"),
        ),
        assumptions=(Assumption(id="wait", title="w", quantity=wait, why="x"),),
        runs=(SPEC,),
    )


SPEC = RunSpec(
    name="r", title="r", about="r", window=Window(start=at(4, 0), end=at(9, 0)), rests_on=("wait",)
)
RUN_GIVEN = Run(name="r", spec=SPEC, values={a.id: a.quantity for a in scenario().assumptions})


def lead(point: str, stage: Stage) -> float | None:
    found = leads_of(scenario(), RUN_GIVEN, RUN.alerts, RUN.calls)
    return next(x.lead_minutes for x in found if (x.point, x.stage) == (point, stage))


def test_rep_031_a_lead_is_from_the_first_record_to_the_point() -> None:
    assert lead("end", Stage.ALERT) == 252.0
    assert lead("end", Stage.PLACED) == 250.0
    assert lead("end", Stage.IN_HANDS) == 235.0
    assert lead("end", Stage.ANSWERED) == 230.0
    assert lead("first", Stage.IN_HANDS) == -15.0


def test_rep_032_a_point_may_count_only_later_warnings() -> None:
    assert lead("late", Stage.PLACED) == 7.0
    assert lead("late", Stage.DELIVERED) is None
    assert lead("late", Stage.ALERT) is None


def test_rep_033_a_point_may_lie_earlier() -> None:
    early = scenario().points[2]
    assert point_at(early, RUN_GIVEN) == at(8, 35)
    assert lead("early", Stage.PLACED) == 245.0


def said(text: str) -> str:
    return re.sub(r"\s+", " ", text.lower())


def test_rep_034_no_word_of_prevention_and_no_figure_without_assumptions() -> None:
    leads = leads_of(scenario(), RUN_GIVEN, RUN.alerts, RUN.calls)
    run = replace(RUN, leads=leads)
    lines = [*conclusion_of(scenario(), run), *findings_of(scenario(), (run,), ())]
    assert any(
        "a warning could have been in the operator's hands 235.0 minutes before" in x for x in lines
    )
    for line in lines:
        if re.search(r"\d\.\d minutes", line):
            assert "assumptions A1" in line, line
    for text in (*lines, PAGE, print_text(RESULT)):
        for word in ("would have prevented", "would have saved", "could have prevented"):
            assert word not in said(text)


def test_rep_035_no_help_is_said() -> None:
    run = replace(RUN, calls=(), leads=leads_of(scenario(), RUN_GIVEN, RUN.alerts, ()))
    lines = conclusion_of(scenario(), run)
    assert (
        lines[0]
        == "Before the end (08:40Z): no warning is recorded in the operator's hands. No help."
    )
    assert "Nobody answered for the operator. Silence is not consent." in lines
    assert "No help" in findings_of(scenario(), (run,), ())[0]


def ends(*minutes: float | None) -> LeadRange:
    return LeadRange(
        run="r",
        point="end",
        stage=Stage.IN_HANDS,
        varied="A1 w",
        ends=tuple(RangeEnd(value=f"{n} s", lead_minutes=x) for n, x in enumerate(minutes)),
    )


def finding(*rows: LeadRange, runs: int = 1, reached: bool = True) -> str:
    """The sentence on the first point: the first run reached it at 235.0 min, the others never."""
    some = replace(RUN, leads=leads_of(scenario(), RUN_GIVEN, RUN.alerts, RUN.calls))
    none = replace(RUN, leads=leads_of(scenario(), RUN_GIVEN, RUN.alerts, ()))
    made = (some if reached else none, *[none] * (runs - 1))
    return findings_of(scenario(), made, rows)[0]


IN_HANDS = "Under assumptions A1 a warning could have been in the operator's hands "


def test_rep_063_the_bad_ends_stand_with_the_good() -> None:
    assert finding(ends(54.0, -11.0), ends(10.0, -23.0)) == (
        IN_HANDS + "between 235.0 minutes before and 23.0 minutes after the end (08:40Z); before "
        "it in the run that was played; at 2 of 4 ends of ranges not before it."
    )
    assert finding(ends(54.0, None), ends(10.0, -23.0), reached=False) == (
        IN_HANDS + "between 54.0 minutes before and 23.0 minutes after the end (08:40Z); not "
        "before it in the run; at 2 of 4 ends of ranges not before it (at 1 never)."
    )
    assert finding(ends(54.0, 240.0)) == (
        IN_HANDS + "between 54.0 and 240.0 minutes before the end (08:40Z); before it in the run "
        "that was played; before it at each of 2 ends of ranges."
    )


@pytest.mark.parametrize(
    ("runs", "said"),
    [
        (1, "235.0 minutes before the end (08:40Z); before it in the run that was played."),
        (2, "the end (08:40Z); before it in 1 of 2 runs; in the other one: no help."),
        (3, "the end (08:40Z); before it in 1 of 3 runs; in the other 2: no help."),
    ],
)
def test_rep_063_one_run_and_one_value_are_said_as_one(runs: int, said: str) -> None:
    assert finding(runs=runs).endswith(said)
    assert "between" not in finding(runs=runs)
    assert "end of" not in finding(runs=runs)


def test_rep_063_a_range_that_was_not_played_is_not_mentioned() -> None:
    none = finding(reached=False)
    assert none == "Before the end (08:40Z): not in the run that was played. No help."
    both = finding(ends(-1.0, None), reached=False, runs=4)
    assert (
        both
        == "Before the end (08:40Z): in none of 4 runs, and at none of 2 ends of ranges. No help."
    )


def test_rep_064_no_sum_is_made_of_adherence() -> None:
    quiet = replace(RUN, false_alarms=0)
    last = findings_of(scenario(), (quiet, quiet), ())[-1]
    assert "Adherence" in last
    assert not re.search(r"\d", last)


def test_rep_065_a_range_without_effect_is_said() -> None:
    result = replace(RESULT, ranges=(ends(54.0, 54.0), ends(None, None)))
    assert print_text(result).count("no effect in this run") == 2
    assert "no effect in this run" in render_page(result)
    assert "no effect" not in print_text(replace(RESULT, ranges=(ends(54.0, 53.0),)))


def test_rep_190_no_duty_on_the_page_is_told_as_of_the_day() -> None:
    """A run is played: each table says so above its rows, and so does the overview's column."""
    assert RESULT.runs
    assert PAGE.count(AS_PLAYED) == len(RESULT.runs)
    for table in PAGE.split(AS_PLAYED)[1:]:
        assert '<th scope="col">Duty</th>' in table[:200]
    assert "adherence in the run as played, for a person to judge" in PAGE
    turkish = render_page(RESULT, "tr")
    assert turkish.count("oynandığı gibi") == len(RESULT.runs)
    assert "oynanan koşudaki uyum" in turkish


def test_rep_068_points_in_one_minute_are_told_apart() -> None:
    entry = replace(RESULT.points[0], id="entry", title="entry", at=at(7, 24, 5))
    end = replace(RESULT.points[1], at=at(7, 24, 22))
    result = replace(RESULT, points=(entry, end))
    text = print_text(result)
    assert "min to 07:24:05Z min to 07:24:22Z" in said(text).replace("z", "Z")
    assert re.search(r"05 04:28:00Z\s+176\.08\s+176\.37\s+a\s", text)
    page = render_page(result)
    assert "<b>07:24:05Z</b>" in page
    assert "<b>07:24:22Z</b>" in page
    assert "<b>08:40Z</b>" in PAGE, "where minutes are enough, minutes are shown"


def test_rep_040_the_json_validates() -> None:
    jsonschema_rs.meta.validate(schema())
    data = json.loads(print_result(RESULT))
    jsonschema_rs.validate(schema(), data)
    assert data["runs"][0]["leads"][0]["lead_minutes"] == 235.0
    assert data["runs"][0]["leads"][2]["lead_minutes"] is None
    del data["runs"][0]["leads"]
    with pytest.raises(jsonschema_rs.ValidationError, match='"leads" is a required property'):
        jsonschema_rs.validate(schema(), data)


@pytest.mark.parametrize("name", sorted(published()))
def test_rep_042_the_published_schemas_are_fresh(name: str) -> None:
    path = Path(__file__).parents[2] / "docs" / "schemas" / name
    if os.environ.get("CROSSTELL_GOLDEN") == "rewrite":  # make golden
        path.write_text(published()[name], encoding="utf-8")
    assert path.read_text(encoding="utf-8") == published()[name], f"{name} is stale"


def test_rep_043_the_json_reads_back() -> None:
    assert from_json(ReplayResult, json.loads(print_result(RESULT))) == RESULT


def test_rep_045_each_item_has_utc_and_minutes_to_both_points() -> None:
    line = next(x for x in print_text(RESULT).splitlines() if "ADVISORY trk-1" in x)
    assert re.search(r"05 04:28:00Z\s+2\.0\s+252\.0\s+a\s", line)


def test_rep_091_the_minutes_to_one_point_are_one_column() -> None:
    main = next(point for point in RESULT.points if point.id == RESULT.main_point)
    text = print_text(replace(RESULT, points=(main,)))
    heads = [x for x in text.splitlines() if "min to" in x]
    assert heads
    assert all(head.count("min to") == 1 for head in heads)
    line = next(x for x in text.splitlines() if "ADVISORY trk-1" in x)
    assert re.search(r"05 04:28:00Z\s+252\.0\s+a\s", line)


def test_rep_091_a_matter_with_the_name_of_its_kind_is_headed_once() -> None:
    (run, *_), (held, *_) = RESULT.runs, RESULT.runs[0].aftermath
    topic = replace(held.topics[0], matter="warnings", topic="warnings: the crew")
    alike = replace(run, aftermath=(replace(held, topics=(topic,)),))
    text = print_text(replace(RESULT, runs=(alike,)))
    assert "  warnings: the crew" in text
    assert "warnings, warnings" not in text


def test_rep_046_the_text_ends_with_what_was_found() -> None:
    end = print_text(RESULT).split("WHAT THE REPLAY FOUND")[1]
    assert "Under assumptions A1 and A2" in end


def test_rep_050_the_page_asks_for_nothing() -> None:
    policy = html.unescape(re.findall(r'Security-Policy" content="([^"]*)"', PAGE)[0])
    assert policy.startswith("default-src 'none'; base-uri 'none'; form-action 'none'; ")
    parts = {"style": r"<style>(.*?)</style>", "script": r"<script>(.*?)</script>"}
    for name, pattern in parts.items():
        (inside,) = re.findall(pattern, PAGE, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy
    assert re.findall(r"(?:src|href)\s*=\s*\"(?!#)[^\"]*\"", PAGE) == []
    assert re.findall(r"url\((?!#)", PAGE) == []
    assert "@import" not in PAGE
    assert re.findall(r"\sstyle=", PAGE) == [], "the policy allows no inline style"
    assert re.findall(r"\son[a-z]+=", PAGE) == [], "the policy allows no inline handler"


def test_rep_051_what_comes_from_a_scenario_is_escaped() -> None:
    assert "<b>the line was down</b>" not in PAGE
    assert "&lt;b&gt;the line was down&lt;/b&gt;" in PAGE


def test_rep_052_every_run_is_in_the_page() -> None:
    assert PAGE.count('<article class="run"') == len(RESULT.runs)
    assert "hidden" not in re.findall(r"<article[^>]*>", PAGE)[0]


def test_rep_053_the_page_is_marked_and_headed() -> None:
    banner = re.search(r'<div class="banner">([^<]*)</div>', PAGE)
    assert banner is not None
    assert banner[1] == f"Replay · exercise · {HEADING}"


def test_rep_054_both_accounts_stand_side_by_side() -> None:
    row = PAGE.split('<th scope="row">Track</th>')[1].split("</tr>")[0]
    assert "re-entered 08:30Z" in row
    assert '<span class="none">not stated</span>' in row


def test_the_page_is_the_same_each_time() -> None:
    assert render_page(RESULT) == PAGE


def test_rep_049_a_result_is_kept_and_a_damaged_one_is_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert kept.read_kept("k") is None
    kept.keep("k", RESULT)
    assert kept.read_kept("k") == RESULT
    path = tmp_path / "crosstell" / "replay" / "k.json"
    path.write_text(path.read_text().replace("235.0", "935.0"))
    assert kept.read_kept("k") is None


def test_rep_049_one_byte_of_a_scenario_is_another_key(tmp_path: Path) -> None:
    (tmp_path / "scenario.yaml").write_text("a: 1\n")
    first = kept.key_of(tmp_path, None, 1)
    assert kept.key_of(tmp_path, None, 1) == first
    assert kept.key_of(tmp_path, None, 2) != first
    assert kept.key_of(tmp_path, "r", 1) != first
    renamed = tmp_path.with_name(f"{tmp_path.name}-other")
    tmp_path.rename(renamed)
    assert kept.key_of(renamed, None, 1) != first, "the result says the folder's name"
    renamed.rename(tmp_path)
    (tmp_path / "scenario.yaml").write_text("a: 2\n")
    assert kept.key_of(tmp_path, None, 1) != first


def test_a_long_ago_notice_is_held_to_the_edge_of_the_axis() -> None:
    assert "zone-1 · filed 04 Oct 09:00Z" in PAGE
    assert datetime(2023, 10, 4, 9, 0, tzinfo=UTC) == RUN.notices[0].filed


def test_rep_343_the_text_says_that_adherence_is_of_the_run_as_played() -> None:
    """And of a record, which nobody played, it does not."""
    assert f"for a person to judge\n  {AS_PLAYED}\n" in print_text(RESULT)
    assert AS_PLAYED not in print_text(replace(RESULT, scenario=""))
