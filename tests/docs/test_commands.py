"""Every `crosstell ...` that a document shows is a command, and its options are options."""

import re

import click
import documents
from documents import ROOT, Document

from crosstell.cli import crosstell

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
        found = command.get_command(click.Context(command), name)
        if found is None:
            return [f"{' '.join(words)}: no command {name}"]
        command = found
    known = {option for each in command.params for option in (*each.opts, *each.secondary_opts)}
    named = [word.partition("=")[0] for word in rest if word.startswith("--")]
    return [
        f"{' '.join(words)}: no option {word}" for word in named if word not in {*known, "--help"}
    ]


def test_every_command_in_the_documents_exists() -> None:
    lines = [words for document in documents.every() for words in shown(document)]
    assert len(lines) > 10, f"too few commands found in the documents under {ROOT.name}"
    assert [fault for words in lines for fault in faults(words, crosstell)] == []


GUIDES = ("README.md", "docs/operations.md")
MADE_FROM_EVENTS = ("act",)  # a command for each event; the group itself stands for them


def test_every_command_is_in_a_guide() -> None:
    """What the program can do and neither README nor operations guide shows is lost."""
    readme = {
        " ".join(words[:2]) for guide in GUIDES for words in shown(documents.read(ROOT / guide))
    }
    context = click.Context(crosstell)
    missing = []
    for name in crosstell.list_commands(context):
        command = crosstell.get_command(context, name)
        assert command is not None
        below = [""]
        if isinstance(command, click.Group) and name not in MADE_FROM_EVENTS:
            below = sorted(command.commands)
        ways = [f"{name} {each}".strip() for each in below]
        missing += [
            way for way in ways if not any(f"{line} ".startswith(f"{way} ") for line in readme)
        ]
    assert missing == []


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
