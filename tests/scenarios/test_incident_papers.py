"""The pack, the readout draft and the agenda as commands: tied to entries, and on no side."""

import html
import json
import re
import shutil
import subprocess
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from incident_values import AFTER as AFTER_NAME
from incident_values import SCENARIOS, judging
from incident_values import made as made_of
from node_pair import ALPHA, BRAVO, World, call
from sampling import thinned
from test_mechanism_papers import FILE, TEXT, filed, paper

from crosstell.cli import incident as commands
from crosstell.cli.incident import incident
from crosstell.cli.protocol import protocol
from crosstell.cli.record import record
from crosstell.codecs.protocol_file import read_protocol
from crosstell.core.errors import CallerError
from crosstell.core.ids import Named
from crosstell.core.incident.joint_text import JointTextSigned
from crosstell.core.incident.paper import FromRecord, Readout, View
from crosstell.papers.assemble import agenda_of, pack_of, readout_of
from crosstell.papers.fitting import SIZES_PT, fitted
from crosstell.papers.model import (
    Cited,
    LineKind,
    PaperKind,
    PaperLine,
    Papers,
    Part,
    Sheet,
    cited_in,
)
from crosstell.papers.page import render_papers
from crosstell.papers.speech.speech import text_speech
from crosstell.papers.spoken import left_out
from crosstell.papers.text import print_json, print_papers
from crosstell.replay.given.loading import Loaded
from crosstell.replay.recording import export_played
from crosstell.replay.report.assemble import Made, play_one, read_one, report_of
from crosstell.replay.report.page import render_report
from crosstell.replay.report.text import print_report

AFTER = SCENARIOS / AFTER_NAME
ROLES = ("minister", "chief-of-defence")


def made() -> Made:
    return made_of(AFTER_NAME)


@cache
def papers(kind: PaperKind) -> Papers:
    if kind is PaperKind.PACK:
        return pack_of(made().basis(), incident="hasakah-2023", roles=ROLES, party=None)
    if kind is PaperKind.READOUT:
        return readout_of(made().basis(), incident="hasakah-2023", party=None)
    return agenda_of(made().basis(), party=None)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The record of the scenario of what was said, as each party exports it."""
    out = tmp_path_factory.mktemp("record") / "run"
    export_played(made().played, out)
    return out


def asked(*words: str | Path) -> Result:
    return CliRunner().invoke(incident, [str(word) for word in words])


def play_once(loaded: Loaded, run: str | None) -> Made:
    """As a command plays a run, but for the one that is played already."""
    return made() if (loaded.folder, run) == (AFTER, None) else play_one(loaded, run)


def texts(told: Papers) -> list[str]:
    return [line.text for sheet in told.sheets for part in sheet.parts for line in part.lines]


def test_rep_140_a_pack_has_a_page_for_each_principal_of_each_party() -> None:
    told = papers(PaperKind.PACK)
    assert [(one.held_by, one.role) for one in told.sheets] == [
        (party, role) for party in ("tr", "us") for role in ROLES
    ]
    page = render_papers(told)
    assert page.count('<article class="sheet pack">') == 4
    assert "<script" not in page
    assert "default-src 'none'" in html.unescape(page)


@pytest.mark.parametrize("kind", PaperKind)
def test_inc_073_every_line_names_entries_or_is_marked_as_a_view(kind: PaperKind) -> None:
    for sheet in papers(kind).sheets:
        for part in sheet.parts:
            for line in part.lines:
                assert bool(line.entries) is (line.kind is not LineKind.VIEW), line
                assert all(re.fullmatch(r"[0-9a-f]{64}", one.hash) for one in line.entries)


@pytest.mark.parametrize("kind", PaperKind)
def test_rep_143_no_line_takes_a_side_or_calls_agreed_what_one_said(kind: PaperKind) -> None:
    told = papers(kind)
    assert judging(texts(told)) == []
    text = print_papers(told, "en")
    assert "joint text of" not in text, "none is signed in this run"
    for line in texts(told):
        if "agreed" in line:
            assert "stated by" in line or "an agreement of" in line, line


def test_rep_170_the_commands_shown_print_the_hashes_shown(exported: Path) -> None:
    """Run as they stand in the report and the papers, on the record of the same run."""
    told = papers(PaperKind.PACK)
    assert told.checks[0] == f"crosstell record replay {AFTER.name} --run as-published --out RECORD"
    assert all(check in print_papers(told, "en") for check in told.checks)
    assert all(check in html.unescape(render_papers(told, "tr")) for check in told.checks)
    report = report_of(made(), incident=None)
    assert all(check in print_report(report, "en") for check in told.checks)
    assert all(check in html.unescape(render_report(report)) for check in told.checks)
    assert told.checks[1:3] == tuple(
        f"crosstell record verify RECORD/{feed.party} --entries" for feed in told.record
    )
    done = CliRunner().invoke(record, ["verify", str(exported / "us"), "--entries"])
    assert done.exit_code == 0, done.output
    assert all(feed.root in done.stdout for feed in told.record)
    cited = {one.hash for sheet in told.sheets for one in cited_in(sheet)}
    assert cited, "a pack cites entries"
    assert all(one in done.stdout for one in cited)
    checked = CliRunner().invoke(protocol, ["check", str(AFTER / "protocol.yaml")])
    assert told.protocol_digest in "".join(checked.stdout.split())


@pytest.mark.parametrize("kind", PaperKind)
def test_rep_143_text_json_and_page_tell_the_hashes_they_rest_on(kind: PaperKind) -> None:
    told = papers(kind)
    for output in (print_papers(told, "en"), print_json(told), render_papers(told, "tr")):
        assert told.record_digest in output
        assert told.protocol_digest in output
        assert all(feed.root in output for feed in told.record)
    text = print_papers(told, "en")
    assert all(one.hash in text for sheet in told.sheets for one in cited_in(sheet))


def test_rep_142_the_agenda_lists_what_is_open_by_what_each_party_holds() -> None:
    told = papers(PaperKind.AGENDA)
    parts = {part.heading: part.lines for part in told.sheets[0].parts}
    assert [one.held_by for one in told.sheets] == ["tr", "us"]
    (line,) = parts["Stated to have been agreed, and not signed by all"]
    assert line.text.startswith("call-of-foreign-ministers: stated by party tr to have been")
    assert len(parts["Incidents with a file"]) == 3
    assert parts["Actions past their date"] == ()
    assert "None is held here." in print_papers(told, "en")


def test_rep_141_a_draft_says_that_it_is_one_and_tells_no_more_than_is_held() -> None:
    text = " ".join(print_papers(papers(PaperKind.READOUT), "en").split())
    assert "A draft for a person to shorten" in text
    assert "Nothing of the incident's time and parties is held that a draft could tell." in text


def test_rep_140_a_record_tells_its_keepers_page_as_the_run_told_it(exported: Path) -> None:
    protocol = read_protocol(AFTER / "protocol.yaml")
    told = pack_of(
        read_one(exported / "us", protocol).basis(),
        incident="hasakah-2023",
        roles=ROLES[:1],
        party=None,
    )
    played = papers(PaperKind.PACK)
    assert told.sheets == (played.sheets[2],)
    assert [one.root for one in told.record] != []
    done = asked(
        "agenda", exported / "us", "--protocol", AFTER / "protocol.yaml", "--json", "--lang", "en"
    )
    assert done.exit_code == 0, done.output
    plain: dict[str, Any] = json.loads(done.stdout)
    assert plain["sheets"][0]["held_by"] == "us"
    assert "aftermath" not in plain


def shown_left(part: Part) -> str:
    return left_out(text_speech("en"), part)


def test_rep_144_what_a_page_has_no_room_for_is_counted_by_whole_topics() -> None:
    cited = (Cited(ref="us feed #1", hash="0" * 64),)
    lines = tuple(
        PaperLine(
            text=f"voice {number % 2}: {'word ' * 40}",
            kind=LineKind.CLAIM,
            section="claims",
            times=1,
            entries=cited,
            topic=f"t-{number // 2:03}",
            voices=2 if number < 40 else 1,
        )
        for number in range(120)
    )
    part = Part(heading="h", lines=lines, empty="none")
    sheet = Sheet(held_by="us", role="minister", file=None, markings=(), parts=(part,))
    found = fitted(sheet, lambda line: line.text, shown_left)
    (kept,) = found.sheet.parts
    assert found.size_pt == SIZES_PT[-1]
    assert len(kept.lines) + kept.left_out == len(lines)
    gone = sorted({line.topic for line in lines} - {line.topic for line in kept.lines})
    assert sorted(kept.left_topics) == gone, "each topic of which nothing stands is named"
    assert all(topic in shown_left(kept) for topic in gone)
    topics = [line.topic for line in kept.lines]
    assert all(topics.count(topic) == 2 for topic in topics), "a topic stays or goes whole"
    assert {line.voices for line in kept.lines} in ({2}, {1, 2}), "lone voices go first"


@given(st.lists(st.integers(min_value=1, max_value=4000), max_size=40))
def test_rep_144_nothing_goes_without_being_counted(lengths: list[int]) -> None:
    lines = tuple(
        PaperLine(
            text="x" * length,
            kind=LineKind.RECORD,
            section="drafted",
            times=1,
            entries=(),
        )
        for length in lengths
    )
    part = Part(heading="h", lines=lines, empty="none")
    sheet = Sheet(
        held_by="us", role="minister", file=None, markings=(), parts=(part, replace(part, lines=()))
    )
    kept = fitted(sheet, lambda line: line.text, shown_left).sheet.parts[0]
    assert len(kept.lines) + kept.left_out == len(lines)
    assert kept.lines == lines[: len(kept.lines)]


def crowded(sheet: Sheet, words: int) -> Sheet:
    """The sheet with more of each part than a page holds, in lines of so many words."""
    lines = tuple(
        PaperLine(
            text=f"party {number % 2}: {'Maximilian ' * words}",
            kind=LineKind.RECORD,
            section="sides",
            times=1,
            entries=sheet.parts[1].lines[0].entries,
        )
        for number in range(60)
    )
    return replace(sheet, parts=tuple(replace(part, lines=lines) for part in sheet.parts))


@pytest.mark.parametrize("language", thinned(["en", "tr"], every=2))
def test_rep_144_each_principal_has_one_sheet_of_a4(language: str, tmp_path: Path) -> None:
    chromium = shutil.which("chromium-headless-shell")
    assert chromium is not None, "`make tests` installs it, or says what is missing"
    page, printed = tmp_path / "pack.html", tmp_path / "pack.pdf"
    told = papers(PaperKind.PACK)
    full = replace(told, sheets=(*told.sheets, *(crowded(told.sheets[0], n) for n in (6, 30, 90))))
    page.write_text(render_papers(full, language), encoding="utf-8")
    flags = ("--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'p'}")
    subprocess.run(
        [chromium, *flags, f"--print-to-pdf={printed}", page.as_uri()],
        check=True,
        capture_output=True,
        timeout=60,
    )
    # ISO 32000-1, 7.7.3.3: each page is an object of this type; /Pages is the tree above them.
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", printed.read_bytes())) == 7


@pytest.mark.parametrize(
    ("words", "said"),
    thinned(
        [
            (
                ["pack", AFTER, "--incident", "x", "--principal", "minister"],
                "there is: us/hasakah-2022",
            ),
            (["pack", AFTER, "--incident", "hasakah-2023", "--principal", "x"], "no such role"),
            (["readout", AFTER, "--incident", "x"], "no such file is held"),
            (["agenda", AFTER, "--party", "x"], "there is: tr, us"),
            (["agenda", AFTER, "--run", "x"], "no run 'x'"),
            (["agenda", AFTER / "none"], "is not there"),
            (["agenda", AFTER.parent], "--protocol"),
        ],
        every=3,
    ),
)
def test_rep_145_wrong_input_is_one_message_and_nothing_is_written(
    words: list[str | Path], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "play_one", play_once)
    page = tmp_path / "page.html"
    done = asked(*words, "--html", page)
    assert done.exit_code == 2
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_rep_145_a_page_of_ours_is_replaced_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "play_one", play_once)
    page = tmp_path / "page.html"
    for _ in range(2):
        done = asked("agenda", AFTER, "--html", page, "--lang", "tr")
        assert done.exit_code == 0, done.output
    assert '<html lang="tr">' in page.read_text(encoding="utf-8")
    page.write_text("mine", encoding="utf-8")
    assert asked("agenda", AFTER, "--html", page).exit_code == 2
    assert page.read_text(encoding="utf-8") == "mine"


def test_rep_140_a_role_or_party_that_is_not_there_is_named() -> None:
    with pytest.raises(CallerError, match="the protocol has no such role; it has: duty-officer"):
        pack_of(made().basis(), incident="hasakah-2023", roles=("king",), party=None)
    with pytest.raises(CallerError, match="holds nothing here; there is: tr, us"):
        readout_of(made().basis(), incident="hasakah-2023", party="aid")


def test_inc_071_calls_views_and_signed_text_stand_each_in_its_own_part() -> None:
    """Of nodes that called, signed and read out: what is signed is told so, a view is marked."""
    world = World()
    world.settle(ALPHA, filed(FILE, BRAVO, name="inc"))
    world.settle(ALPHA, filed(TEXT, BRAVO))
    world.settle(ALPHA, call())
    said = Readout(
        incident="inc",
        occasion="call of the ministers",
        language="en",
        sentences=(
            FromRecord(text="A call was placed.", entries=(Named(party=ALPHA, id="c-1"),)),
            View(text="It helped."),
        ),
    )
    world.settle(ALPHA, filed(said, BRAVO, name="r-1"))
    world.settle(ALPHA, JointTextSigned(paper=paper()))
    states = {party: world.state(party) for party in (ALPHA, BRAVO)}
    one = replace(made().basis(), states=states)

    def part(number: int) -> tuple[PaperLine, ...]:
        told = pack_of(one, incident="inc", roles=("duty-officer",), party="alpha")
        assert judging(texts(told)) == []
        return told.sheets[0].parts[number].lines

    assert part(0) == (), "one signature is no agreed text"
    assert [line.kind for line in part(2)] == [LineKind.CLAIM, LineKind.VIEW]
    assert any("placed" in line.text for line in part(3))
    drafts = readout_of(one, incident="inc", party=None)
    text = print_papers(drafts, "en")
    assert "alpha (its view): “It helped.” [a view, on no entry]" in text
    assert all(line.entries for sheet in drafts.sheets for line in sheet.parts[0].lines)
    assert drafts.sheets[1].parts[1].lines == (), "another's readout is not this party's own"
    world.settle(BRAVO, JointTextSigned(paper=paper()))
    states[ALPHA] = world.state(ALPHA)
    (agreed,) = part(0)
    assert "signed by all that it names" in agreed.text
    assert len(agreed.entries) == 3, "the text and both signatures"
