"""`crosstell protocol diff`: PRO-142 to PRO-144."""

import json
from pathlib import Path

from click.testing import CliRunner, Result

from crosstell.cli.protocol import protocol as command
from crosstell.codecs.protocol_file import digest_of, read_protocol

FILE = Path(__file__).with_name("data") / "whole.yaml"
TEXT = FILE.read_text(encoding="utf-8")


def compared(tmp_path: Path, *pairs: tuple[str, str], json_: bool = False) -> Result:
    text = TEXT
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path = tmp_path / "after.yaml"
    path.write_text(text, encoding="utf-8")
    words = ["diff", str(FILE), str(path), *(["--json"] if json_ else [])]
    return CliRunner().invoke(command, words)


def test_the_same_document_in_other_clothes_is_the_same(tmp_path: Path) -> None:
    """PRO-144, PRO-042."""
    result = compared(
        tmp_path, ("{notice: zone, ahead_days: 3,", "{notice: zone, ahead_hours: 72,")
    )
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"The same document: {digest_of(read_protocol(FILE))}\n"


def test_a_figure_is_told_from_and_to(tmp_path: Path) -> None:
    """PRO-142, PRO-143."""
    result = compared(
        tmp_path,
        ("vertical_ft: 3000, dwell_minutes: 3", "vertical_ft: 2000, dwell_minutes: 3"),
        ("ahead_hours: 48", "ahead_hours: 72"),
        ("receive_s: 60,", "receive_s: 90,"),
        ("minima: {lateral_m: 5000", "minima: {lateral_m: 6000"),
    )
    assert (result.exit_code, result.stderr) == (1, "")
    lines = result.stdout.splitlines()
    for part, line in (
        (
            "rule rule-of-threes (separation): changed",
            "  minima, vertical: 914.4 m (3,000 ft, 0.49 NM) -> 609.6 m (2,000 ft, 0.33 NM)",
        ),
        (
            "lead-time-notified-movement: changed",
            "  ahead: 172,800 s (2 d) -> 259,200 s (3 d)",
        ),
        ("answer time priority: changed", "  receive: 60 s (1 min) -> 90 s"),
        (
            "understanding bravo rule-of-threes: changed",
            "  minima, lateral: 5,000 m (16,404 ft, 2.7 NM) -> 6,000 m (19,685 ft, 3.24 NM)",
        ),
    ):
        assert lines[lines.index(part) + 1] == line
    after = digest_of(read_protocol(tmp_path / "after.yaml"))
    assert f"digest: {digest_of(read_protocol(FILE))} -> {after}" in lines


def test_a_rule_is_told_as_added_and_removed(tmp_path: Path) -> None:
    """PRO-142, PRO-143."""
    result = compared(tmp_path, ("id: as-filed", "id: as-planned"))
    lines = result.stdout.splitlines()
    assert "rule as-planned (conformance): added" in lines
    assert "rule as-filed (conformance): removed" in lines
    assert "  tolerance, lateral: 500 m (1,640 ft, 0.27 NM) (removed)" in lines


def test_parts_in_another_order_are_told_as_moved(tmp_path: Path) -> None:
    """PRO-142."""
    first = "  - {part: area, source: written for tests, certainty: assumed}\n"
    second = "  - {part: chain, source: measured in tests, certainty: recalled}\n"
    result = compared(tmp_path, (first + second, second + first))
    assert (result.exit_code, result.stdout.splitlines()[:2]) == (
        1,
        ["order of sources: changed", "  sources: area, chain -> chain, area"],
    )


def test_a_rule_that_becomes_another_kind_is_told_with_both(tmp_path: Path) -> None:
    """PRO-142."""
    old = "  - standoff:\n      id: keep-away"
    new = "  - duty: {id: keep-away, text: Keep away., source: written, certainty: assumed}\n"
    rest = TEXT[TEXT.index(old) : TEXT.index("  - zone_entry:")]
    result = compared(tmp_path, (rest, new))
    assert "rule keep-away (duty, standoff): changed" in result.stdout.splitlines()


def test_a_program_gets_the_same(tmp_path: Path) -> None:
    """PRO-144."""
    result = compared(tmp_path, ("ahead_hours: 48", "ahead_hours: 72"), json_=True)
    found = json.loads(result.stdout)
    assert result.exit_code == 1
    assert (found["same"], found["before"]) == (False, digest_of(read_protocol(FILE)))
    assert found["changes"] == [
        {
            "part": "lead_times/[lead-time-notified-movement]",
            "path": ["lead_times", "[lead-time-notified-movement]", "ahead_s"],
            "how": "changed",
            "before": "172,800 s (2 d)",
            "after": "259,200 s (3 d)",
        }
    ]
    same = json.loads(CliRunner().invoke(command, ("diff", str(FILE), str(FILE), "--json")).stdout)
    assert (same["same"], same["changes"]) == (True, [])


def test_a_file_with_faults_ends_with_two(tmp_path: Path) -> None:
    """PRO-144."""
    path = tmp_path / "bad.yaml"
    path.write_text(TEXT.replace("level: 2", "level: two"))
    for words in (("diff", str(FILE), str(path)), ("diff", str(path), str(FILE))):
        result = CliRunner().invoke(command, words)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith(f"{path}:")


def test_no_id_is_taken_for_the_order_of_a_list(tmp_path: Path) -> None:
    """PRO-143. A rule called order is a rule."""
    result = compared(tmp_path, ("id: as-filed", "id: order"))
    assert "rule order (conformance): added" in result.stdout.splitlines()
