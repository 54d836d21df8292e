"""What the command line does with a fault of its own. Proves REP-083."""

import sys

import pytest

from crosstell import cli
from crosstell.cli import replay as command


def broken(*_args: object, **_kwargs: object) -> None:
    raise KeyError("no such thing\nin two lines")


@pytest.fixture
def _with_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "replayed", broken)
    monkeypatch.setattr(sys, "argv", ["crosstell", "replay", "somewhere"])
    monkeypatch.delenv("CROSSTELL_DEBUG", raising=False)


@pytest.mark.usefixtures("_with_fault")
def test_rep_083_a_fault_of_ours_is_one_line_and_exit_3(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main() == 3
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "a fault of the program" in said
    assert "KeyError" in said
    assert "test_command_faults.py:" in said
    assert "Report this line" in said
    assert "Traceback" not in said


@pytest.mark.usefixtures("_with_fault")
def test_rep_083_the_trace_is_there_when_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROSSTELL_DEBUG", "1")
    with pytest.raises(KeyError):
        cli.main()
