"""Values from a document that a person writes: named units, UTC instants, words.

The tree comes from `yaml_document`; the class says what each place must hold. Every fault of
the document is collected, each with file, line, column, path and remedy. What spans several
parts is checked once the parts themselves are sound. Text that another YAML reader would take
for a number, a truth value or nothing must be quoted, so that all readers agree.
Implements COD-030 to COD-037.
"""

import difflib
import math
import re
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar, overload

from crosstell.codecs.shape import (
    Choice,
    Convert,
    Field,
    Many,
    OneOf,
    Record,
    Row,
    Scaled,
    Shape,
    Text,
    Time,
    Whole,
    fields_of,
    other_names,
    shape_of,
    tag_of,
)
from crosstell.codecs.values import WHOLE_MAX
from crosstell.codecs.yaml_document import (
    Document,
    DocumentFault,
    DocumentRefused,
    Listing,
    Mapping,
    Mark,
    Node,
    Scalar,
)
from crosstell.core.errors import CallerError
from crosstell.core.instant import parse_instant
from crosstell.core.protocol.fault import Misfit, Step

ValueT = TypeVar("ValueT")

NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
NUMBER_LENGTH_MAX = 40
_TWO_WAYS = re.compile(r"[+-]?(?!0+\.)[0-9]{1,3}\.[0-9]{3}")
_WHOLE = re.compile(r"-?(0|[1-9][0-9]*)")
# What YAML 1.1 or 1.2 readers take for something other than text when it has no quotes.
_NOT_TEXT = re.compile(
    r"|~|null|true|false|yes|no|on|off|y|n|[-+]?(\.inf|\.nan)|[-+]?[0-9][0-9_,:]*"
    r"|[-+]?([0-9][0-9_]*)?\.[0-9_]+|[-+]?[0-9][0-9_]*(\.[0-9_]*)?([eE][-+]?[0-9]+)?"
    r"|[-+]?0[xob][0-9a-f_]+|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?",
    re.IGNORECASE,
)


class _Bad:
    """The answer for a place that has a fault; its fault is already in the list."""


_BAD = _Bad()


@overload
def from_document(kind: type[ValueT], document: Document) -> ValueT: ...
@overload
def from_document(kind: object, document: Document) -> Any: ...  # noqa: ANN401
def from_document(kind: object, document: Document) -> object:
    """The value that the document states, or DocumentRefused with every fault found."""
    reader = _Reader(document.name)
    value = reader.read(shape_of(kind), document.root, "")
    if reader.faults:
        raise DocumentRefused(tuple(reader.faults))
    return value


def one_way(text: str) -> str:
    """The number as a person typed it, refused where its point may part thousands.

    A file has the numbers of its form; what is typed at a command may be meant as 12,000.
    Implements CON-784.
    """
    if _TWO_WAYS.fullmatch(text.strip()):
        text = text.strip()
        raise CallerError(
            f"{text}: can be read as {text}0 or as {text.replace('.', '')}; write one of these"
        )
    return text


def reads_as_text(node: Scalar) -> bool:
    """Whether every YAML reader takes this scalar for text."""
    return not node.plain or _NOT_TEXT.fullmatch(node.text) is None


class _Given:
    """The keys of one mapping as written."""

    def __init__(self, node: Mapping) -> None:
        self.mark = node.mark
        self.entries = {key.text: (key, value) for key, value in node.entries}


class _Reader:
    """Reads one document and keeps every fault."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[DocumentFault] = []

    def _bad(self, mark: Mark, path: str, text: str) -> _Bad:
        self.faults.append(DocumentFault(self.file, mark, path.lstrip("."), text))
        return _BAD

    def read(self, shape: Shape, node: Node, path: str) -> object:
        match shape:
            case Record(kind):
                return self._record(kind, node, path)
            case OneOf(kinds):
                return self._one_of(kinds, node, path)
            case Many(item):
                return self._many(item, node, path)
            case Row(items):
                return self._row(items, node, path)
            case _:
                return self._leaf(shape, node, path)

    def _leaf(self, shape: Text | Whole | Scaled | Time | Choice, node: Node, path: str) -> object:
        if not isinstance(node, Scalar):
            return self._bad(node.mark, path, f"is a {_named(node)}; write {_wanted(shape)}")
        match shape:
            case Text():
                return self._text(node, path)
            case Whole():
                return self._whole(node, path)
            case Scaled(unit):
                return self._number(node, path, scale=unit.scale)
            case Time():
                return self._time(node, path)
            case Choice(kind):
                return self._choice(kind, node, path)

    def _text(self, node: Scalar, path: str) -> object:
        if not reads_as_text(node):
            return self._bad(
                node.mark, path, f"{node.text!r} may be read as no text; write it in quotes"
            )
        return node.text

    def _whole(self, node: Scalar, path: str) -> object:
        sound = node.plain and len(node.text) <= NUMBER_LENGTH_MAX
        if not sound or _WHOLE.fullmatch(node.text) is None:
            return self._bad(node.mark, path, f"{_short(node)} is not a whole number; write 3")
        value = int(node.text)
        if abs(value) > WHOLE_MAX:
            return self._bad(node.mark, path, f"{value} is outside -(2^53-1) to 2^53-1; check it")
        return value

    def _number(
        self, node: Scalar, path: str, *, scale: int, convert: Convert | None = None
    ) -> object:
        sound = node.plain and len(node.text) <= NUMBER_LENGTH_MAX
        if not sound or NUMBER.fullmatch(node.text) is None:
            return self._bad(
                node.mark,
                path,
                f"{_short(node)} is not a number; write digits without quotes or unit, like 36.5",
            )
        value = float(node.text)
        value = convert(value) if convert else value
        if not math.isfinite(value) or abs(value) * scale > WHOLE_MAX:
            return self._bad(node.mark, path, f"{node.text} is too large; check it and its unit")
        return round(value * scale) / scale

    def _time(self, node: Scalar, path: str) -> datetime | _Bad:
        try:
            return parse_instant(node.text)
        except ValueError as error:
            return self._bad(node.mark, path, str(error))

    def _choice(self, kind: type[StrEnum], node: Scalar, path: str) -> object:
        words = {member.value: member for member in kind}
        if node.text not in words:
            return self._bad(
                node.mark, path, f"{_short(node)} is not known; write {_offer(node.text, words)}"
            )
        return words[node.text]

    def _many(self, item: Shape, node: Node, path: str) -> object:
        if not isinstance(node, Listing):
            return self._bad(node.mark, path, f"is a {_named(node)}; write a list")
        found = [
            self.read(item, entry, f"{path}[{index}]") for index, entry in enumerate(node.items)
        ]
        return _BAD if _BAD in found else tuple(found)

    def _row(self, items: tuple[Shape, ...], node: Node, path: str) -> object:
        if not isinstance(node, Listing) or len(node.items) != len(items):
            return self._bad(node.mark, path, f"is not a list of {len(items)}; write all of them")
        found = [
            self.read(item, entry, f"{path}[{index}]")
            for index, (item, entry) in enumerate(zip(items, node.items, strict=True))
        ]
        return _BAD if _BAD in found else tuple(found)

    def _one_of(self, kinds: tuple[type[Any], ...], node: Node, path: str) -> object:
        by_tag = {tag_of(kind): kind for kind in kinds}
        if isinstance(node, Scalar):
            kind = by_tag.get(node.text)
            if kind is not None and not fields_of(kind):
                return kind()
            told = f"{node.text} needs its fields; write {node.text}: and the fields under it"
            untold = f"{_short(node)} is not known; write {_offer(node.text, by_tag)}"
            return self._bad(node.mark, path, told if kind else untold)
        if isinstance(node, Listing) or len(node.entries) != 1:
            return self._bad(
                node.mark, path, f"does not say which; write exactly one of {', '.join(by_tag)}"
            )
        ((tag, body),) = node.entries
        if tag.text not in by_tag:
            return self._bad(
                tag.mark, path, f"{_short(tag)} is not known; write {_offer(tag.text, by_tag)}"
            )
        if not fields_of(by_tag[tag.text]):
            return self._bad(tag.mark, path, f"{tag.text} has no fields; write the bare word")
        return self._record(by_tag[tag.text], body, f"{path}.{tag.text}")

    def _record(self, kind: type[Any], node: Node, path: str) -> object:
        if not isinstance(node, Mapping):
            names = ", ".join(field.name for field in fields_of(kind))
            return self._bad(node.mark, path, f"is a {_named(node)}; write the keys {names}")
        given = _Given(node)
        found: dict[str, object] = {}
        known: set[str] = set()
        for field in fields_of(kind):
            others = _others(field, kind)
            known |= {field.name, *others}
            value = self._field(field, others, given, path)
            if value is not None or field.optional:
                found[field.name] = value
        for name, (key, _) in given.entries.items():
            if name not in known:
                own = [field.name for field in fields_of(kind)]
                text = f"unknown key; it has {_offer(name, own)}"
                here = f"{path}.{name if name.isprintable() else repr(name)}"
                found[name] = self._bad(key.mark, here, text)
        return _BAD if _BAD in found.values() else self._made(kind, found, node, path)

    def _field(
        self, field: Field, others: dict[str, Convert], given: "_Given", path: str
    ) -> object | None:
        """What the mapping says of one field; None if it is rightly left out."""
        names = [name for name in (field.name, *others) if name in given.entries]
        if not names:
            if not field.required:
                return None
            also = f" (or {', '.join(others)})" if others else ""
            text = f"is missing; write {_wanted(field.shape)}{also}"
            return self._bad(given.mark, f"{path}.{field.name}", text)
        key, node = given.entries[names[0]]
        here = f"{path}.{names[0]}"
        if len(names) > 1:
            marks = [given.entries[name][0].mark for name in names]
            again = max(marks, key=lambda mark: (mark.line, mark.column))
            return self._bad(again, here, f"is given as {' and '.join(names)}; keep one")
        if _is_nothing(node):
            return self._bad(key.mark, here, "is empty; write a value or leave the key out")
        convert = others.get(names[0])
        if convert and isinstance(field.shape, Scaled) and isinstance(node, Scalar):
            return self._number(node, here, scale=field.shape.unit.scale, convert=convert)
        return self.read(field.shape, node, here)

    def _made(self, kind: type[Any], found: dict[str, object], node: Node, path: str) -> object:
        try:
            return kind(**found)
        except Misfit as misfit:
            for fault in misfit.faults:
                steps = "".join(f"[{s}]" if isinstance(s, int) else f".{s}" for s in fault.path)
                self._bad(_locate(node, fault.path), f"{path}{steps}", fault.text)
        except ValueError as error:
            first_word = re.split(r"[\s:.,]", str(error), maxsplit=1)[0]
            self._bad(_locate(node, (first_word,)), path, str(error))
        return _BAD


def _others(field: Field, kind: type[Any]) -> dict[str, Convert]:
    """Other units for a field, unless one of their names is a field of its own."""
    if not isinstance(field.shape, Scaled):
        return {}
    taken = {other.name for other in fields_of(kind)}
    return {name: code for name, code in other_names(field.name).items() if name not in taken}


def _locate(node: Node, path: tuple[Step, ...]) -> Mark:
    """The place in the file of a path of field names and list places; the nearest there is."""
    mark = node.mark
    for step in path:
        if isinstance(node, Mapping) and len(node.entries) == 1 and isinstance(step, str):
            ((tag, body),) = node.entries
            node = body if tag.text != step and isinstance(body, Mapping) else node
        if isinstance(step, int):
            if not isinstance(node, Listing) or step >= len(node.items):
                return mark
            node = node.items[step]
            mark = node.mark
            continue
        names = (step, *other_names(step))
        entry = None
        if isinstance(node, Mapping):
            entry = next((e for e in node.entries if e[0].text in names), None)
        if entry is None:
            return mark
        mark, node = entry[0].mark, entry[1]
    return mark


def _is_nothing(node: Node) -> bool:
    return isinstance(node, Scalar) and node.plain and node.text.lower() in ("", "~", "null")


def _short(node: Scalar) -> str:
    return repr(node.text if len(node.text) <= 60 else f"{node.text[:57]}...")


def _named(node: Node) -> str:
    match node:
        case Scalar():
            return "single value"
        case Listing():
            return "list"
        case Mapping():
            return "mapping"


def _wanted(shape: Shape) -> str:
    match shape:
        case Text():
            return "text"
        case Whole() | Scaled():
            return "a number"
        case Time():
            return "a UTC time like 2023-10-05T08:40:00Z"
        case Choice(kind):
            return f"one of {', '.join(kind)}"
        case Record(kind):
            return f"its keys: {', '.join(f.name for f in fields_of(kind)) or 'none'}"
        case OneOf(kinds):
            return f"one of {', '.join(map(tag_of, kinds))}"
        case Many() | Row():
            return "a list"


def _offer(word: str, known: Iterable[str]) -> str:
    words = list(known)
    close = difflib.get_close_matches(word, words, n=1, cutoff=0.75) if len(word) < 100 else []
    listed = ", ".join(words) or "nothing"
    return f"{listed} (did you mean {close[0]}?)" if close else listed
