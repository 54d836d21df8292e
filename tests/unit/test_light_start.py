"""What a command loads: a start is quick because little is loaded, on whatever machine."""

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.shell_completion import ShellComplete

from crosstell.cli import crosstell
from crosstell.cli.commands import Commands
from crosstell.cli.operate.session import Kept, write

# Commands in turn, each with its environment: what one loads is there for the next, so that
# nothing which any of them loads is missed.
TELL = """
import json, os, sys, time
from crosstell.cli import main
told = []
time.sleep = lambda _s: None  # before one that does not answer is asked again
for words, given in json.loads(sys.argv[1]):
    sys.argv[1:] = words.split()
    os.environ.update(given)
    try:
        code = main()
    except SystemExit as ended:
        code = ended.code or 0
    told.append([code, sorted(sys.modules)])
with open("told", "w", encoding="utf-8") as file:
    json.dump(told, file)
"""
HEAVY = (
    "asyncio",
    "cryptography",
    "crosstell.core.detection.bulk",
    "crosstell.core.detection.pair",
    "crosstell.core.mechanism",
    "crosstell.replay",
    "crosstell.shell.access",
    "crosstell.shell.api",
    "crosstell.shell.keys",
    "crosstell.shell.live",
    "crosstell.shell.node",
    "crosstell.shell.store",
    "numpy",
    "sqlite3",
    "starlette",
    "uvicorn",
)
REPORTS = ["crosstell.replay", "crosstell.replay.report", "crosstell.replay.report.beside"]
NO_ANSWER = 2
ASKING = (
    "act withdraw-notice --notice zone-1 --version 1 --reason gone",
    "account list",
    "pending list",
    "show queue",
    "show status",
    "watch take",
    "whoami",
)
TOLD = (
    "--help",
    "act --help",
    "act file-notice --form",
    "node --help",
    "pending --help",
    "record --help",
    "show --help",
)
COMPLETED = ("", "act file-notice --", "act ", "node ", "record ", "show ")


Asked = list[tuple[str, dict[str, str]]]
Light = list[tuple[int, list[str]]]


def loaded(folder: Path, asked: Asked) -> Light:
    """The exit code of each command, and every module that its process had loaded at its end."""
    quiet = {name: text for name, text in os.environ.items() if not name.startswith("COVERAGE")}
    subprocess.run(
        [sys.executable, "-c", TELL, json.dumps(asked)],
        cwd=folder,
        env={**quiet, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        check=True,
        timeout=120,
    )
    told = json.loads((folder / "told").read_text(encoding="utf-8"))
    assert len(told) == len(asked) > 0
    return [(code, modules) for code, modules in told]


def heavy_in(modules: list[str]) -> list[str]:
    return [name for name in HEAVY if any(f"{one}.".startswith(f"{name}.") for one in modules)]


def test_run_450_a_heavy_command_is_seen_to_be_heavy(tmp_path: Path) -> None:
    """The control: everything that is looked for is loaded by the node itself. RUN-500: of what
    makes its reports it loads no more than where to find it.
    """
    ((_, modules),) = loaded(tmp_path, [("node run --help", {})])
    assert heavy_in(modules) == list(HEAVY)
    above = [one for one in modules if one.startswith(("crosstell.replay", "crosstell.sim"))]
    assert above == REPORTS


def completing(begun: str) -> dict[str, str]:
    """What a shell asks of a command that is being typed."""
    line = f"crosstell {begun}"
    count = len(line.split()) - (0 if line.endswith(" ") else 1)
    return {
        "_CROSSTELL_COMPLETE": "bash_complete",
        "COMP_WORDS": line,
        "COMP_CWORD": str(count),
    }


@pytest.fixture(scope="module")
def light(tmp_path_factory: pytest.TempPathFactory) -> Light:
    """What help loads, then completion, then who asks a node; nothing listens at port 1."""
    folder = tmp_path_factory.mktemp("light")
    session = folder / "session.json"
    write(session, Kept(node="http://127.0.0.1:1", role="duty-officer"))
    asked: Asked = [(words, {}) for words in TOLD]
    asked += [("", completing(begun)) for begun in COMPLETED]
    quiet = {"_CROSSTELL_COMPLETE": "", "CROSSTELL_SESSION": str(session)}
    asked += [(words, quiet) for words in ASKING]
    return loaded(folder, asked)


def test_run_450_help_loads_little(light: Light) -> None:
    for words, (code, modules) in zip(TOLD, light[: len(TOLD)], strict=True):
        assert (words, code, heavy_in(modules)) == (words, 0, [])
        assert "crosstell.cli.commands" in modules


def test_run_450_who_only_asks_a_node_loads_no_node(light: Light) -> None:
    """Whole: up to the node that does not answer."""
    for words, (code, modules) in zip(ASKING, light[-len(ASKING) :], strict=True):
        assert (words, code, heavy_in(modules)) == (words, NO_ANSWER, [])
        assert "httpx" in modules, "it asked"


def test_run_450_completion_loads_little(light: Light) -> None:
    completed = light[len(TOLD) : -len(ASKING)]
    for begun, (code, modules) in zip(COMPLETED, completed, strict=True):
        assert (begun, code, heavy_in(modules)) == (begun, 0, [])
        assert "click.shell_completion" in modules


def groups(words: tuple[str, ...], command: click.Command) -> list[tuple[str, Commands]]:
    if not isinstance(command, Commands):
        return []
    found = [(" ".join(words), command)]
    for name in command.list_commands(click.Context(command)):
        inner = command.get_command(click.Context(command), name)
        assert inner is not None
        found += groups((*words, name), inner)
    return found


def first_of(text: str) -> str:
    """The first sentence of a command's help."""
    return " ".join(text.split()).split(". ")[0].rstrip(".") + "."


@pytest.mark.parametrize(
    ("words", "group"), groups(("crosstell",), crosstell)[1:], ids=lambda one: str(one)[:20]
)
def test_run_450_what_a_group_says_of_a_command_is_what_the_command_says(
    words: str, group: Commands
) -> None:
    context = click.Context(group)
    for name, held in group.held.items():
        command = group.get_command(context, name)
        assert command is not None, f"{words} {name}"
        assert held.says == first_of(command.help or ""), f"{words} {name}"
        assert name in group.get_help(context)


def test_run_450_a_group_completes_its_own_options_too() -> None:
    shell = ShellComplete(crosstell, {}, "crosstell", "_CROSSTELL_COMPLETE")
    assert {one.value for one in shell.get_completions([], "--")} == {"--help", "--version"}
    assert {one.value for one in shell.get_completions(["node"], "ca")} == {"card"}
