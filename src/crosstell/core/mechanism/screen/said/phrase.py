"""A sentence for a person: a code with typed arguments, and the English words beside it.

Whoever shows it in another language takes the code and the arguments; the English text is there
for a reader of the value and for a code that a console does not know.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crosstell.core.instant import format_instant


class ArgKind(StrEnum):
    """How an argument is to be shown."""

    WORD = "word"  # of a closed set: has a translation of its own
    ID = "id"  # never translated, written from left to right
    INSTANT = "instant"  # RFC 3339 in UTC
    SPAN = "span"  # seconds
    LENGTH = "length"  # metres
    SPEED = "speed"  # metres per second
    NUMBER = "number"
    TEXT = "text"  # free text, in its writer's language


@dataclass(frozen=True, slots=True, kw_only=True)
class Arg:
    """One argument by its name, as text; the kind says what the text holds."""

    name: str
    kind: ArgKind
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedText:
    """A code of the catalogue, its arguments in order, and the sentence in English."""

    code: str
    args: tuple[Arg, ...]
    text: str


def phrase(code: str, text: str, *args: Arg | None) -> CodedText:
    """The phrase; an argument that is None (not known) is left out."""
    return CodedText(code=code, args=tuple(one for one in args if one is not None), text=text)


def word(name: str, value: str) -> Arg:
    """A word of a closed set."""
    return Arg(name=name, kind=ArgKind.WORD, value=value)


def named(name: str, value: str) -> Arg:
    """An id."""
    return Arg(name=name, kind=ArgKind.ID, value=value)


def instant(name: str, value: datetime | None) -> Arg | None:
    """An instant, where there is one."""
    if value is None:
        return None
    return Arg(name=name, kind=ArgKind.INSTANT, value=format_instant(value))


def figure(name: str, kind: ArgKind, value: float | None) -> Arg | None:
    """A number of this kind, where there is one."""
    return None if value is None else Arg(name=name, kind=kind, value=f"{value:g}")


def free(name: str, value: str | None) -> Arg | None:
    """Free text, where there is any."""
    return None if value is None else Arg(name=name, kind=ArgKind.TEXT, value=value)
