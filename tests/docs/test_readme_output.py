"""What the README shows of a run is what the program prints, and its record commands work."""

import re
import shlex
from pathlib import Path

import documents
import pytest
from click.testing import CliRunner
from documents import ROOT

from crosstell.cli import crosstell

README = ROOT / "README.md"
SCENARIO = ROOT / "scenarios" / "2023-10-05-hasakah"
SHOWN_RUN = "as-reported/unable"
_OUTPUT = re.compile(r"begin -->\n\n```text\n(.*?)```\n\n<!-- [^\n]*end -->", re.S)


def _printed(*words: str) -> str:
    done = CliRunner().invoke(crosstell, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of its own: nothing that was kept earlier is shown."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


@pytest.mark.usefixtures("cache")
def test_the_timeline_shown_is_that_of_the_run() -> None:
    shown = _OUTPUT.search(README.read_text(encoding="utf-8"))
    assert shown is not None, "README.md: the output between its two marks is gone"
    timeline = shown[1].partition("WHAT THE REPLAY FOUND")[0].splitlines()
    rows = [line for line in timeline if line.strip() != "..."]
    printed = {
        line.rstrip() for line in _printed("replay", str(SCENARIO), "--run", SHOWN_RUN).splitlines()
    }
    assert len(rows) > 8
    assert [line for line in rows if line not in printed] == []


@pytest.mark.usefixtures("cache")
def test_the_record_commands_work_as_shown(tmp_path: Path) -> None:
    """Typed one after the other, with `out/` elsewhere, they end well; then a byte is changed."""
    shown = [
        shlex.split(line)[1:]
        for line in documents.read(README).commands
        if line.startswith(".venv/bin/crosstell record ")
    ]
    assert [words[1] for words in shown] == ["replay", "verify", "verify", "receipt", "verify"]
    printed = [
        _printed(
            *(str(ROOT / w) if w.startswith("scenarios/") else _moved(w, tmp_path) for w in words)
        )
        for words in shown
    ]
    assert "call_placed" in printed[2]
    assert "of kind 'call_placed'" in printed[4]
    victim = tmp_path / "record" / "us" / "keys"
    victim.write_bytes(victim.read_bytes()[:-1])
    refused = CliRunner().invoke(crosstell, ["record", "verify", str(tmp_path / "record" / "us")])
    assert refused.exit_code == 2
    assert str(victim) in refused.stderr


def _moved(word: str, folder: Path) -> str:
    """The word, with the place where `make run` writes replaced by `folder`."""
    return str(folder / word.removeprefix("out/")) if word.startswith("out/") else word
