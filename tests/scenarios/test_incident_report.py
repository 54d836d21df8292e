"""The incident report, of a run and of a record: in its parts, its order and its words."""

import html
import re
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner
from incident_values import AFTER, DAY, SCENARIOS, judging, made

from crosstell.cli.incident import incident
from crosstell.codecs.protocol_file import read_protocol
from crosstell.core.errors import CallerError, PartyError
from crosstell.core.ids import PartyId
from crosstell.replay.given.loading import load
from crosstell.replay.recording import export_played
from crosstell.replay.report.assemble import report_of, report_of_record
from crosstell.replay.report.model import IncidentReport, held_in
from crosstell.replay.report.page import render_report
from crosstell.replay.report.summary import LINES_MAX
from crosstell.replay.report.text import print_report
from crosstell.shell.store import SqliteStore
from crosstell.shell.store.contract import Batch

KHASHAM = "2018-02-07-khasham"


@cache
def of(name: str, run: str | None = None) -> IncidentReport:
    return report_of(made(name, run), incident=None)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The record of the scenario of what was said, as each party exports it."""
    out = tmp_path_factory.mktemp("record") / "run"
    export_played(made(AFTER).played, out)
    return out


def test_rep_171_the_sources_whose_numbers_stand_are_listed() -> None:
    """In the text too: a number in brackets leads a reader to what was published."""
    report = of(AFTER)
    text = print_report(report, "en")
    listed = text.partition("SOURCES ---")[2]
    cited = set(re.findall(r"\[(\d+a?)\]", text.partition("SOURCES ---")[0]))
    assert len(cited) > 20
    assert all(f"[{one}] " in listed for one in cited)
    assert "shoot-down; by the word of US [1][2]" in text


def test_rep_174_each_call_and_notice_has_its_entry_and_no_words_stand_twice() -> None:
    """And what is played is told as played, beside the rows that say met or not met."""
    report = of(DAY, "as-reported/unable")
    text = " ".join(print_report(report, "en").split())
    assert all(f"[{call.ref}]" in text for call in report.run.calls if call.kind != "test")
    assert all(f"[{one.ref}]" in text for one in report.run.notices)
    assert text.count("US troops are there") == 1 + sum(
        "US troops are there" in item.what for item in report.run.timeline
    )
    assert "the same words as in us-warn-1" in text
    assert "no row tells what anybody did on the day" in text
    page = render_report(report)
    assert "the same words as in us-warn-1" in page
    assert "no row tells what anybody did on the day" in page
    claims = page.partition('<table class="claims">')[2].partition("</thead>")[0]
    assert "notifier" not in claims, "who states nothing has no column"
    assert "latest moment for the decision to engage; an assumption" in text
    assert re.search(r"\d pairs of voices: not testable, because words are for a person", text)


def test_rep_100_a_report_has_its_parts_in_order() -> None:
    page = render_report(of(DAY, "as-reported/unable"))
    heads = re.findall(r"<h2>([^<]*)</h2>", page)
    assert heads == [
        "Summary",
        "Points of interest",
        "Map: who held what",
        "Time axis",
        "Calls, stage by stage",
        "Lead times, stage by stage",
        "Alerts",
        "Claims side by side, as held by party tr and party us",
        "Two pictures of one traffic",
        "Adherence, for a person to read",
        "Assumptions",
        heads[11],
        "Verification",
        "Sources",
    ]
    assert heads[11].startswith("Timeline, ")


@pytest.mark.parametrize(
    ("name", "run"), [(DAY, "as-reported/unable"), (AFTER, None), (KHASHAM, None)]
)
def test_rep_101_the_summary_is_short_and_begins_with_what_it_rests_on(
    name: str, run: str | None
) -> None:
    summary = of(name, run).summary
    assert len(summary) <= LINES_MAX
    assert re.match(r"Under \d+ named assumptions, all listed below", summary[0])
    assert judging(list(summary)) == []


def test_rep_101_figures_of_the_summary_stand_below() -> None:
    report = of(DAY, "as-reported/unable")
    calls = [call for call in report.run.calls if call.kind != "test"]
    (line,) = [line for line in report.summary if line.startswith("Calls recorded")]
    assert f"line tests apart: {len(calls)};" in line
    claims = sum(len(topic.claims) for held in held_in(report) for topic in held.topics)
    assert any(line.startswith(f"{claims} claims on ") for line in report.summary)


def test_rep_102_the_page_has_no_script_and_loads_nothing() -> None:
    page = render_report(of(AFTER))
    assert "<script" not in page
    assert "default-src 'none'" in html.unescape(page)
    assert not re.search(r'(?:src|href)="(?!#)', page)


def test_rep_103_the_text_has_what_the_page_has() -> None:
    report = of(DAY, "as-reported/unable")
    text = print_report(report, "en")
    for part in ("SUMMARY", "CALLS, STAGE", "ALERTS", "Claims side by side", "VERIFICATION"):
        assert part in text
    assert all(f"    root {feed.root}" in text for feed in report.run.record)
    assert all(call.call in text for call in report.run.calls if call.kind != "test")


def test_rep_097_the_day_shows_the_claims_of_the_scenario_beside_it() -> None:
    report = of(DAY, "as-reported/unable")
    assert report.result.told_in == AFTER
    assert held_in(report)[0].topics == of(AFTER).run.aftermath[0].topics
    assert {source.id for source in report.result.sources} >= {"16", "24", "190"}


def test_rep_094_a_record_tells_what_its_run_told(exported: Path) -> None:
    protocol = read_protocol(SCENARIOS / AFTER / "protocol.yaml")
    told = report_of_record(exported / "us", protocol, incident=None)
    (held,) = told.run.aftermath
    (played,) = of(AFTER).run.aftermath
    assert held.held_by == ("us",)
    assert held.topics == played.topics
    assert held.agreed == played.agreed
    assert {feed.root for feed in told.run.record} == {feed.root for feed in of(AFTER).run.record}


def test_rep_094_a_changed_record_is_refused(exported: Path, tmp_path: Path) -> None:
    protocol = read_protocol(SCENARIOS / AFTER / "protocol.yaml")
    copy = tmp_path / "copy"
    copy.mkdir()
    for path in sorted((exported / "tr").rglob("*")):
        target = copy / path.relative_to(exported / "tr")
        if path.is_dir():
            target.mkdir()
        else:
            target.write_bytes(path.read_bytes())
    bundle = next(
        path for path in sorted(copy.rglob("*")) if path.is_file() and "entries" in str(path)
    )
    data = bytearray(bundle.read_bytes())
    data[100] ^= 1
    bundle.write_bytes(bytes(data))
    with pytest.raises(PartyError):
        report_of_record(copy, protocol, incident=None)


@pytest.mark.long
def test_rep_094_a_nodes_own_store_tells_its_journal_too(tmp_path: Path) -> None:
    """What a node keeps at home, its alerts, is in its store and in no export of its feeds."""
    loaded = load(SCENARIOS / DAY)
    desk = made(DAY, "as-reported/unable").played.desks[PartyId("us")]
    path = tmp_path / "us.db"
    store = SqliteStore.open(path)
    for feed in desk.store.feeds():
        rows = tuple(desk.store.entries(feed))
        for start in range(0, len(rows), 100):
            store.commit(Batch(entries=rows[start : start + 100]))
    store.commit(Batch(puts=desk.store.blobs("own/")))
    store.close()
    told = report_of_record(path, loaded.protocol, incident=None)
    played = of(DAY, "as-reported/unable").run
    assert told.result.title == "The record as party us holds it, from a store"
    own = [(one.alert, one.first_raised) for one in played.alerts if one.party == "us"]
    assert [(one.alert, one.first_raised) for one in told.run.alerts] == own
    placed = [call.call for call in played.calls if call.kind != "test"]
    assert [call.call for call in told.run.calls if call.kind != "test"] == placed
    assert render_report(told, "tr")


def test_rep_095_by_when_another_held_it_is_read_from_what_it_signed(exported: Path) -> None:
    protocol = read_protocol(SCENARIOS / AFTER / "protocol.yaml")
    told = report_of_record(exported / "us", protocol, incident=None)
    held = [item for item in told.run.timeline if item.held_by and item.party == "us"]
    assert held
    assert all(one.at >= item.at for item in held for one in item.held_by)


def test_rep_096_a_record_claims_no_lead_time_and_names_no_assumption(exported: Path) -> None:
    protocol = read_protocol(SCENARIOS / AFTER / "protocol.yaml")
    told = report_of_record(exported / "us", protocol, incident=None)
    assert told.run.leads == ()
    assert told.summary[0].startswith("No assumption: what stands here is read from the record")


def test_one_incident_keeps_to_its_matters() -> None:
    report = report_of(made(AFTER), incident="kobani-2019")
    (held,) = held_in(report)
    assert {topic.matter for topic in held.topics} == {"kobani-2019"}
    assert any("AM and PM" in line for line in held.questions)
    assert all(line.startswith("fire near an observation post") for line in held.precedents)
    other = report_of(made(AFTER), incident="hasakah-2022")
    assert not any("AM and PM" in line for line in held_in(other)[0].questions)
    with pytest.raises(
        CallerError, match="there is: us/hasakah-2022, us/hasakah-2023, us/kobani-2019"
    ):
        report_of(made(AFTER), incident="other")


def test_the_command_writes_the_page_and_says_what_it_lacks(exported: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    done = CliRunner().invoke(
        incident, ["report", str(SCENARIOS / KHASHAM), "--html", str(page), "--lang", "tr"]
    )
    assert done.exit_code == 0, done.output
    assert '<html lang="tr">' in page.read_text(encoding="utf-8")
    again = CliRunner().invoke(incident, ["report", str(SCENARIOS / KHASHAM), "--html", str(page)])
    assert again.exit_code == 0, "a page of ours is replaced"
    lacking = CliRunner().invoke(incident, ["report", str(exported / "us")])
    assert lacking.exit_code == 2
    assert "--protocol" in lacking.output
    nowhere = CliRunner().invoke(incident, ["report", str(tmp_path / "none")])
    assert nowhere.exit_code == 2
