"""Quoted words of a sentence, taken out whole before any form is held against the rest.

In their place stands one letter that no form has, so that no part of what somebody said can be
read as a form, as a slot's end or as what stands between two semicolons. Implements REP-430.
"""

import re
from collections.abc import Iterator

QUOTED_MAX = 1024  # in one sentence; a sentence with more is not put over
_FIRST = 0xF0000  # of Unicode's private use: no catalogue has one, and none is left in what is told
_QUOTED = re.compile("“[^“”]*”")
_LETTER = re.compile(f"[{chr(_FIRST)}-{chr(_FIRST + QUOTED_MAX - 1)}]")
_OTHER = "\ufffd"


def taken_out(sentence: str, held: list[str]) -> str:
    """The sentence with a letter for each of its quotations, which are now the last of `held`."""

    def kept(quoted: re.Match[str]) -> str:
        if len(held) >= QUOTED_MAX:
            return quoted[0]
        held.append(quoted[0])
        return chr(_FIRST + len(held) - 1)

    return _QUOTED.sub(kept, _LETTER.sub(_OTHER, sentence))


def is_taken_out(sentence: str) -> bool:
    """Whether every quotation of the sentence has found a letter."""
    return _QUOTED.search(sentence) is None


def put_back(words: str, held: list[str]) -> str:
    """The words with each quotation where it stood."""
    return "".join(text for text, _ in pieces(words, held))


def pieces(words: str, held: list[str]) -> Iterator[tuple[str, bool]]:
    """The words, piece by piece, each with whether it is a quotation."""
    at = 0
    for letter in _LETTER.finditer(words):
        number = ord(letter[0]) - _FIRST
        if number >= len(held):
            continue
        if at < letter.start():
            yield words[at : letter.start()], False
        yield held[number], True
        at = letter.end()
    if at < len(words) or not words:
        yield words[at:], False
