"""The commands of the guide to protocols run in its order, and its YAML is read."""

import re
from pathlib import Path

import documents
import pytest
from click.testing import CliRunner
from documents import ROOT

from crosstell.cli import crosstell
from crosstell.codecs.protocol_file import digest_of, parse_protocol, read_protocol
from crosstell.shell.shipped.protocols import template_names, template_text

GUIDE = documents.read(ROOT / "docs" / "protocols.md")
TEXT = GUIDE.path.read_text(encoding="utf-8")
COMMANDS = [line.removeprefix(".venv/bin/crosstell ").split() for line in GUIDE.commands]
DRAFT, REVISED = Path("draft.yaml"), Path("revised.yaml")
ENDS = {"diff": 1, "verify": 1}  # another document; one signature of two


def finished(text: str) -> str:
    """The draft with its placeholders replaced, as its parties would."""
    for old, new in (
        ("lat_deg: 0, lon_deg: 0}, radius_m: 1000", "lat_deg: 38, lon_deg: 25}, radius_km: 200"),
        ("starts: 2100-01-01T00:00:00Z", "starts: 2030-01-01T00:00:00Z"),
        ("marking: TEMPLATE", "marking: EXERCISE, after a TEMPLATE"),
    ):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def prepare(name: str) -> None:
    """What people do between the commands: finish the draft, revise it."""
    if name == "diff":
        DRAFT.write_text(finished(DRAFT.read_text()))
        amends = f'version: "2"\namends: "{digest_of(read_protocol(DRAFT))}"'
        text = DRAFT.read_text().replace('version: "1"', amends)
        REVISED.write_text(text.replace("last: 09-01", "last: 09-15"))


def test_the_commands_of_the_guide_run_in_their_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PRO-124, PRO-134 to PRO-136, PRO-144, PRO-150, PRO-161."""
    monkeypatch.chdir(tmp_path)
    assert len(COMMANDS) > 9
    for words in COMMANDS:
        prepare(words[1])
        result = CliRunner().invoke(crosstell, words)
        assert result.exit_code == ENDS.get(words[1], 0), (words, result.output)
        if words[1] == "key":
            Path("north.key-line").write_text(result.stdout)


def test_the_reading_that_the_guide_shows_is_read() -> None:
    """PRO-126, PRO-105."""
    shown = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
    assert len(shown) == 1
    data = (ROOT / "tests" / "unit" / "data" / "test-protocol.yaml").read_text()
    rule = (
        "rules:\n  - maximum_duration:\n      id: no-long-blocking\n      text: Not for long.\n"
        "      source: written for tests\n      certainty: assumed\n      lasting: [activity]\n"
    )
    data = data.replace("rules:\n", rule).replace("alpha", "north") + shown[0]
    (reading,) = parse_protocol(data.encode(), name="p").understandings
    assert (reading.party, reading.rule) == ("north", "no-long-blocking")


def test_the_guide_names_every_template_s_agreement_as_not_its_text() -> None:
    assert "Nothing here is the text of an agreement." in TEXT
    assert "No native reader has reviewed it" in TEXT


_SITE = re.compile(r"\b(?:[a-z0-9-]+\.)+(?:com|org|int|ru|gr|pl|info|net|in)\b")


@pytest.mark.parametrize("name", template_names())
def test_every_site_that_a_template_names_has_its_page_in_the_guide(name: str) -> None:
    """PRO-160. In the row of that template, so that a reader can look it up."""
    rows = [line for line in TEXT.splitlines() if line.startswith(f"| `{name}` |")]
    assert len(rows) == 1
    found = parse_protocol(template_text(name).encode(), name=name)
    told = [rule.source for rule in found.rules]
    told += [lead.source for lead in found.lead_times if lead.source is not None]
    sites = {site for text in told for site in _SITE.findall(text)}
    assert sorted(site for site in sites if site not in rows[0]) == []
    assert sites
