"""What holds of every command: it is completed, and gives its result to machines."""

import io
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.shell_completion import ShellComplete
from two_party_store import TwoParties, exported

from crosstell.cli import crosstell
from crosstell.cli.keeping.progress import ERASE, progress
from crosstell.shell.archive.verify import verify

Words = tuple[str, ...]
DOCUMENTS = {  # they print or write one document of its own form
    ("incident", "report"),
    ("protocol", "check"),
    ("protocol", "digest"),
    ("protocol", "explain"),
    ("protocol", "key"),
    ("protocol", "new"),
    ("protocol", "phrases"),
    ("protocol", "sign"),
    ("protocol", "verify"),
    ("record", "replay"),
}
UNTIL_A_SIGNAL = {("node", "exchange"), ("node", "run")}


def commands(words: Words = (), command: click.Command = crosstell) -> Iterator[Words]:
    if not isinstance(command, click.Group):
        yield words
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        found = command.get_command(context, name)
        assert found is not None
        yield from commands((*words, name), found)


def command_of(words: Words) -> click.Command:
    command: click.Command = crosstell
    for word in words:
        assert isinstance(command, click.Group)
        found = command.get_command(click.Context(command), word)
        assert found is not None
        command = found
    return command


EVERY = tuple(commands())


def test_api_443_every_command_gives_its_result_to_machines() -> None:
    without = {
        words
        for words in EVERY
        if not any("--json" in param.opts for param in command_of(words).params)
    }
    assert len(EVERY) > 100
    assert without == DOCUMENTS | UNTIL_A_SIGNAL


def test_ope_023_every_command_and_each_of_its_options_is_completed() -> None:
    """OPE-023: by click, from the same commands; none is left out of the walk."""
    shell = ShellComplete(crosstell, {}, "crosstell", "_CROSSTELL_COMPLETE")

    def completed(words: Words, begun: str) -> set[str]:
        return {one.value for one in shell.get_completions(list(words), begun)}

    for words in EVERY:
        assert words[-1] in completed(words[:-1], words[-1][:2]), words
        named = [
            param.opts[0]
            for param in command_of(words).params
            if isinstance(param, click.Option) and not param.hidden
        ]
        assert set(named) <= completed(words, "--"), words


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("stream", [Terminal(), io.StringIO()], ids=["terminal", "pipe"])
def test_run_442_a_terminal_sees_how_far_a_verification_has_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stream: io.StringIO
) -> None:
    folder = exported(TwoParties().talk(3), tmp_path / "out")
    monkeypatch.setattr("sys.stderr", stream)
    with progress("verified") as tell:
        verify(folder, tell=tell)
    parts = [int(one.split()[-2]) for one in stream.getvalue().split(ERASE) if one]
    assert bool(parts) is stream.isatty()
    assert parts == sorted(set(parts))
    assert parts[-1:] in ([100], [])
    assert stream.getvalue().endswith(ERASE if parts else "")


def test_run_442_what_is_told_is_never_more_than_there_is(tmp_path: Path) -> None:
    """Of an export's verification, its export and a replay; each ends with all of it."""
    told: list[tuple[int, int]] = []
    verify(exported(TwoParties().talk(3), tmp_path / "out"), tell=lambda *one: told.append(one))
    assert told[-1][0] == told[-1][1]
    assert all(0 < done <= of for done, of in told)
