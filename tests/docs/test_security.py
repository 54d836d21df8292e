"""What a reader of SECURITY.md is told is there, is; nothing that is there is told as lacking."""

import re

import documents
from documents import ROOT
from test_commands import shown

SAYS_WHAT_IS_NOT_SECRET = ("SECURITY.md", "docs/threat-model.md")
CEREMONIES = {"node revoke", "node resume", "node backup", "record erase"}
LACKING = re.compile(
    r"not (yet )?built|not (yet )?implemented|no command|\byet\b|typed in, not logged in",
    re.IGNORECASE,
)


def test_the_commands_that_answer_a_threat_are_named() -> None:
    """That each is a command is held in test_commands.py."""
    named = {" ".join(words[:2]) for words in shown(documents.read(ROOT / "SECURITY.md"))}
    assert named >= CEREMONIES


def test_nothing_is_told_as_coming() -> None:
    """What is lacking today is built tomorrow, and the sentence stays: say what remains instead."""
    found = {
        name: LACKING.findall((ROOT / name).read_text(encoding="utf-8"))
        for name in SAYS_WHAT_IS_NOT_SECRET
    }
    assert found == {name: [] for name in SAYS_WHAT_IS_NOT_SECRET}


def test_the_rule_finds_what_stood_there() -> None:
    """Control."""
    for sentence in (
        "The channel between nodes is not built",
        "The node has no command yet that changes its own key",
        "no command does it yet",
        "Roles and watches are typed in, not logged in",
    ):
        assert LACKING.search(sentence)
