"""Words and figures of a document for a person: SI first, the field's units beside it.

Turkish writes the decimal comma and no mark between thousands, so that no figure can be read
as another. Implements PRO-152.
"""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from crosstell.cli.protocols.turkish import LABELS
from crosstell.cli.protocols.wording import Language, label, say, word
from crosstell.codecs.protocols.leaves import Leaf, leaves
from crosstell.codecs.shape import Choice, Many, Scaled, Shape, Time, Whole
from crosstell.core.instant import format_instant
from crosstell.core.protocol.understanding import Understanding
from crosstell.core.quantity import KNOT_MPS, m_to_feet, m_to_nautical_miles

DAY_S, HOUR_S, MINUTE_S = 86_400, 3_600, 60
_HERTZ = "frequency_hz"
_OWN_LINE = frozenset(("id", "text", "source", "certainty"))
_NAMES = frozenset(("code", "date", "language", "name", "party"))
_NARROWING = ("activities", "zones")  # an empty list of these means every one


def number(value: float, language: Language, *, digits: int = 3) -> str:
    """A number to at most so many decimals."""
    text = f"{value:,.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    if language is Language.EN:
        return text
    return text.replace(",", "").replace(".", ",")


def shown(leaf: Leaf, language: Language) -> str:
    """The value of a leaf, with its unit."""
    if leaf.shape is None:
        return ", ".join(leaf.value)
    return _shown(leaf.shape, leaf.value, leaf.field, language)


def _shown(shape: Shape, value: Any, field: str, language: Language) -> str:  # noqa: ANN401
    match shape:
        case Many(item):
            each = (_shown(item, one, field, language) for one in value)
            empty = "not_narrowed" if field in _NARROWING else "none"
            return ", ".join(each) or say(language, empty)
        case Scaled(unit):
            return scaled(value, unit.token, language)
        case Choice():
            return word(language, value.value)
        case Time():
            return format_instant(value)
        case Whole():
            return _whole(value, field, language)
        case _:
            return str(value)


def _whole(value: int, field: str, language: Language) -> str:
    if field == _HERTZ:
        plain = number(value, language)
        return f"{plain} Hz ({number(value / 1_000_000, language, digits=4)} MHz)"
    return number(value, language)


def scaled(value: float, unit: str, language: Language) -> str:
    """A quantity in its own unit, then in those in which the field speaks."""
    plain = number(value, language, digits=7 if unit == "deg" else 3)
    match unit:
        case "m":
            feet = number(m_to_feet(value), language, digits=0)
            miles = number(m_to_nautical_miles(value), language, digits=2)
            return f"{plain} m ({feet} ft, {miles} NM)"
        case "s":
            return f"{plain} s{_times(value, language)}"
        case "mps":
            return f"{plain} m/s ({number(value / KNOT_MPS, language, digits=1)} kt)"
        case _:
            return f"{plain}°"


def _times(value: float, language: Language) -> str:
    """The time in the largest unit of which it is a whole number."""
    names = {DAY_S: ("d", "gün"), HOUR_S: ("h", "sa"), MINUTE_S: ("min", "dk")}
    for size, (english, turkish) in names.items():
        if value and value % size == 0:
            name = english if language is Language.EN else turkish
            return f" ({number(value / size, language)} {name})"
    return ""


def figures_of(rule: object, language: Language) -> Iterator[str]:
    """Each word and figure of a rule or lead time but those that have a line of their own.

    A part of a list is one line: `levels duty line: channel: telephone; answer: 300 s (5 min)`.
    """
    told = [leaf for leaf in leaves(rule) if leaf.shape is not None and not _is_apart(leaf)]
    for row, group in groupby(told, key=_row):
        if not row:
            yield from (_told(leaf, language, under=0) for leaf in group)
            continue
        own = [leaf for leaf in group if not _is_name(leaf, row)]
        words = "; ".join(_told(leaf, language, under=len(row)) for leaf in own)
        yield f"{_steps(row, language)}: {words}"


def _is_apart(leaf: Leaf) -> bool:
    return (len(leaf.path) == 1 and leaf.field in _OWN_LINE) or says_nothing(leaf)


def _row(leaf: Leaf) -> tuple[str, ...]:
    """The innermost part of a list that a leaf is in; nothing if it is in none."""
    places = [place for place, step in enumerate(leaf.path, start=1) if step.startswith("[")]
    return leaf.path[: places[-1]] if places else ()


def _is_name(leaf: Leaf, row: tuple[str, ...]) -> bool:
    """Whether the leaf is what its row is called by, and so was said."""
    direct = leaf.path[:-1] == row and leaf.field in _NAMES
    return direct and f"[{leaf.value}]" == row[-1]


def _told(leaf: Leaf, language: Language, *, under: int) -> str:
    return f"{named(leaf, language, under=under)}: {flat(shown(leaf, language))}"


def reading_of(stated: Understanding, language: Language) -> Iterator[str]:
    """Each word and figure of a reading; nothing for one in words only."""
    for leaf in leaves(stated):
        if leaf.path[0] in ("minima", "figure") and leaf.shape is not None:
            under = 1 if leaf.path[0] == "figure" else 0  # below it stands its kind
            yield f"{named(leaf, language, under=under)}: {shown(leaf, language)}"


def flat(text: str) -> str:
    """The words on one line: no text of a document can look like a line of ours."""
    return " ".join(text.split())


def says_nothing(leaf: Leaf) -> bool:
    """Whether the leaf is an empty list that means what its absence would."""
    return leaf.value == () and leaf.field not in _NARROWING


def named(leaf: Leaf, language: Language, *, under: int) -> str:
    """What a leaf is called below the part it is in: `minima, lateral`."""
    return _steps(leaf.path[under:], language) or label(language, leaf.field)


def _steps(path: tuple[str, ...], language: Language) -> str:
    text = ""
    for step in path:
        if step.startswith("["):  # the name of a part, as the document has it
            text += f" {step[1:-1]}"
        else:
            text += f", {_step(step, language)}"
    return flat(text.removeprefix(", "))


def _step(step: str, language: Language) -> str:
    """A field in the language, the tag of a class as it is."""
    known = language is Language.EN or step in LABELS
    return label(language, step) if known else step.replace("_", " ")
