"""`crosstell protocol check` and `digest`: PRO-044, PRO-041."""

from pathlib import Path

from click.testing import CliRunner, Result

from crosstell.cli.protocol import protocol
from crosstell.codecs.protocol_file import digest_of, read_protocol
from crosstell.core.protocol.digest import read_aloud

FILE = Path(__file__).with_name("data") / "test-protocol.yaml"


def run(*words: str) -> Result:
    return CliRunner().invoke(protocol, words)


def test_a_sound_protocol_is_shown_with_its_digest() -> None:
    """PRO-044, PRO-041, PRO-010, PRO-027."""
    result = run("check", str(FILE))
    assert (result.exit_code, result.stderr) == (0, "")
    for line in (
        "Test protocol between alpha and bravo  [TEST ONLY]",
        "  alpha: Alpha (party; en)",
        "    duty-officer speaks for alpha-forces, not for alpha-agency",
        "    assumed; source: written for tests",
        "    own-force-location: within 5,556 m (3.00 NM) of its edge and within 914 m (3,000 ft) "
        "vertically; tracks of-others; where unknown: alert; at most critical",
        "    ROZ: inside, between its limits of height; tracks of-others; where unknown: alert; "
        "at most urgent",
        "    judged by a person",
        "  after 2 of 3 assessments",
        "  critical as reported: after one",
        "  a level is held 30 s, and the alert cleared 1 min after its last hit",
        "  immediate, stop: received in 15 s, answered in 30 s",
        "  after 1 min: watch-chief  (the node rings by itself up to here)",
        "  chain from call to act: 290 s",
    ):
        assert line in result.stdout.splitlines()
    spoken = "".join(result.stdout.splitlines()[-2:]).replace(" ", "")
    assert spoken == digest_of(read_protocol(FILE))


def test_every_fault_is_told_and_the_end_is_two(tmp_path: Path) -> None:
    """PRO-044."""
    path = tmp_path / "p.yaml"
    path.write_text(FILE.read_text().replace("level: 2", "level: two").replace("[en]", "[x]"))
    for command in ("check", "digest"):
        result = run(command, str(path))
        assert (result.exit_code, result.stdout) == (2, "")
        places = [line.split(": ")[0] for line in result.stderr.splitlines()]
        assert places == [f"{path}:15:55", f"{path}:26:69"]
    assert sorted(tmp_path.iterdir()) == [path]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """PRO-044."""
    result = run("check", str(tmp_path / "gone.yaml"))
    assert result.exit_code == 2
    assert "gone.yaml:1:1: cannot be read (No such file or directory); check its path" in (
        result.stderr
    )


def test_the_digest_alone_is_one_line() -> None:
    """PRO-040, PRO-041."""
    result = run("digest", str(FILE))
    assert (result.exit_code, result.stdout) == (0, f"{digest_of(read_protocol(FILE))}\n")
    assert result.stderr == f"{read_aloud(digest_of(read_protocol(FILE)))}\n"  # RUN-495


def test_every_kind_of_rule_is_told_back_in_words() -> None:
    """PRO-044, PRO-070 to PRO-077, PRO-080 to PRO-086, PRO-089 to PRO-092, PRO-097."""
    result = run("check", str(FILE.with_name("all-rules.yaml")))
    assert (result.exit_code, result.stderr) == (0, "")
    told = result.stdout.splitlines()
    unknown = "where unknown: alert; at most"
    for line in (
        "    own-force-location, avoidance-place: within 5,556 m (3.00 NM) of its edge and within "
        f"914 m (3,000 ft) vertically; tracks and activities of-others; {unknown} critical",
        "    danger-area: inside, between its limits of height; inside at most 2 min at a stretch; "
        f"tracks of-others; {unknown} critical",
        "    between tracks of different parties: keep 5,556 m (3.00 NM) laterally or 914 m "
        f"(3,000 ft) vertically; inside at most 3 min at a stretch; {unknown} critical",
        "    between activities (crewed-flight, uncrewed-flight) of different parties: keep 5,556 "
        f"m (3.00 NM) laterally or 914 m (3,000 ft) vertically; {unknown} urgent",
        "    between tracks of different parties: well clear, non-cooperative (RTCA DO-365B); "
        "where unknown: show; at most critical",
        "    over own-force-location, zone (danger-area): within 1,609 m (0.87 NM) of its edge, "
        f"up to 3,048 m (10,000 ft) above the ground; tracks of-others; {unknown} critical",
        "    tested: an activity (exercise, live-fire) in the area while closed; "
        f"{unknown} advisory",
        "    days of UTC+03:00",
        "    closed each year from 07-01 to 09-01, both included",
        "    closed on 2023-10-29 (Republic day)",
        "    closed each friday, from 11:30 to before 14:00",
        f"    tested: an activity (of any kind) in a circle while closed; {unknown} critical",
        "    activity, zone: no figure in the text, only what parties understand; "
        f"{unknown} critical",
        f"    stay (danger-area): at most 10 min; tracks of-others; {unknown} critical",
        "    the side of bravo as it draws it: circle",
        "    own tracks of own activities (of any kind): off by at most 500 m (0.27 NM), 91 m (300 "
        "ft) vertically, early by 5 min, late by 10 min; at the filer's own desk; "
        f"{unknown} advisory",
        "  activity: 42 calendar days ahead, days of UTC+01:00, as-a-rule",
        "  zone: 3 days ahead, binding",
    ):
        assert line in told


def test_other_words_for_other_figures(tmp_path: Path) -> None:
    """PRO-044, PRO-072, PRO-074, PRO-085."""
    text = FILE.with_name("all-rules.yaml").read_text()
    for old, new in (
        ("{altitude: {value_ft: 10000, datum: above-ground}}", "unbounded"),
        ("margin_statute_miles: 1, ", ""),
        ("zones: [danger-area]\n      overhead", "zones: [danger-aera]\n      overhead"),
        ("vertical_ft: 3000, dwell_minutes: 3", "dwell_minutes: 3"),
        ("      between: activities", "      between: both"),
        ("utc_offset_hours: 3", "utc_offset_minutes: -210"),
        ("lasting: [activity, zone]", "lasting: [activity]\n      activities: [exercise]"),
    ):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path = tmp_path / "p.yaml"
    path.write_text(text)
    result = run("check", str(path))
    assert (result.exit_code, result.stderr) == (0, "")
    for words in (
        "over own-force-location, zone (danger-aera): inside its edge, at any height; tracks",
        "    no zone can be filed with the field type 'danger-aera'; correct it",
        "keep 5,556 m (3.00 NM) laterally, at any height; inside at most 3 min at a stretch;",
        "between tracks and activities (crewed-flight, uncrewed-flight) of different parties",
        "    days of UTC-03:30\n",
        "activity; activities exercise: no figure in the text",
    ):
        assert words in result.stdout


def test_a_document_s_words_stay_on_their_line(tmp_path: Path) -> None:
    """PRO-044, PRO-009. A line end in a text cannot make a line that looks like ours."""
    text = FILE.read_text()
    title = next(line for line in text.splitlines() if line.startswith("title: "))
    path = tmp_path / "p.yaml"
    path.write_text(text.replace(title, 'title: "Ours\\nDigest (SHA-256), to be read aloud"'))
    result = run("check", str(path))
    assert result.exit_code == 0
    assert result.stdout.splitlines().count("Digest (SHA-256), to be read aloud") == 1
