"""Every `crosstell ...` that a document shows is a command, and its options are options."""

import importlib
import importlib.util
import re

import click
import documents
import pytest
from documents import ROOT, Document

_SHOWN = re.compile(r"^(?:\.venv/bin/)?crosstell ([a-z].*)$")


def shown(document: Document) -> list[list[str]]:
    """Words after `crosstell`: `a|b` written out, the brackets of optional parts dropped."""
    lines = [_SHOWN.match(line.strip()) for line in [*document.spans, *document.commands]]
    found: list[list[str]] = []
    for words in (re.sub(r"[\[\]]", " ", line[1]).split() for line in lines if line is not None):
        ways = [words]
        for index, word in enumerate(words):
            ways = [
                [*way[:index], each, *way[index + 1 :]] for way in ways for each in word.split("|")
            ]
        found += ways
    return found


def faults(words: list[str], command: click.Command) -> list[str]:
    """What in `words` the command does not know: a subcommand, an option."""
    rest = list(words)
    while isinstance(command, click.Group) and rest:
        name = rest.pop(0)
        if name not in command.commands:
            return [f"{' '.join(words)}: no command {name}"]
        command = command.commands[name]
    known = {option for each in command.params for option in (*each.opts, *each.secondary_opts)}
    named = [word.partition("=")[0] for word in rest if word.startswith("--")]
    return [
        f"{' '.join(words)}: no option {word}" for word in named if word not in {*known, "--help"}
    ]


def _program() -> click.Command | None:
    """The group of all commands, which knows `replay`; None while there is none."""
    if importlib.util.find_spec("crosstell.cli") is None:
        return None
    groups = vars(importlib.import_module("crosstell.cli")).values()
    return next(
        (each for each in groups if isinstance(each, click.Group) and "replay" in each.commands),
        None,
    )


def test_every_command_in_the_documents_exists() -> None:
    program = _program()
    if program is None:
        pytest.skip("the commands are not joined into one program yet")
    lines = [words for document in documents.every() for words in shown(document)]
    assert len(lines) > 2, f"no commands found in the documents under {ROOT.name}"
    assert [fault for words in lines for fault in faults(words, program)] == []


def test_unknown_commands_and_options_are_caught() -> None:
    program = click.Group("crosstell")
    record = click.Group("record")
    record.add_command(click.Command("verify", params=[click.Option(["--json"])]))
    program.add_command(record)
    assert faults(["record", "verify", "x", "--json"], program) == []
    assert faults(["record", "burn"], program) == ["record burn: no command burn"]
    assert faults(["record", "verify", "--all"], program) == [
        "record verify --all: no option --all"
    ]


def test_alternatives_and_optional_parts_are_read() -> None:
    document = Document(
        path=ROOT / "README.md",
        prose="`crosstell record export|verify FILE [--json]` and `crosstell`",
        commands=(".venv/bin/crosstell replay X",),
    )
    assert shown(document) == [
        ["record", "export", "FILE", "--json"],
        ["record", "verify", "FILE", "--json"],
        ["replay", "X"],
    ]
