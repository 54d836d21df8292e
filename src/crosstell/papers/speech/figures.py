"""Figures as another language writes them: decimal comma, its units, its word for about.

A figure is put over only if every part of it is known; otherwise nothing of it is, so that no
reader meets half a figure.
"""

import re
from collections.abc import Mapping

_PART = re.compile(
    r"(?P<kept>\d{4}-\d{2}-\d{2}T?[\d:.]*Z?|\d{2}:\d{2}(?::\d{2})?Z?)"
    r"|(?P<number>[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[-+]?\d+(?:\.\d+)?)"
    r"|(?P<word>[^\W\d]+(?:/[^\W\d]+)?)"
    r"|(?P<other>\s+|[-,;()%])"
)


def figure_in(text: str, words: Mapping[str, str]) -> str | None:
    """The figure with its words put over; None if a part of it is not known."""
    for several in sorted((key for key in words if " " in key), key=len, reverse=True):
        text = text.replace(several, words[several].replace(" ", "\u00a0"))
    known = {value.replace(" ", "\u00a0") for value in words.values()}
    found: list[str] = []
    at = 0
    while at < len(text):
        whole = next((one for one in known if text.startswith(one, at)), None)
        if whole is not None and "\u00a0" in whole:
            found.append(whole)
            at += len(whole)
            continue
        part = _PART.match(text, at)
        said = None if part is None else _part(part, words)
        if part is None or said is None:
            return None
        found.append(said)
        at = part.end()
    return "".join(found).replace("\u00a0", " ")


def _part(part: re.Match[str], words: Mapping[str, str]) -> str | None:
    if part["number"] is not None:
        return number_in(part["number"])
    if part["word"] is not None:
        return words.get(part["word"])
    return part[0]


def number_in(number: str) -> str:
    """A number with a decimal comma, and points between thousands."""
    return number.translate(str.maketrans(",.", ".,"))


def counted(number: int, word: str) -> str:
    """A number with its word, as `1 call` or `2 calls`."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
