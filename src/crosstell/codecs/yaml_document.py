"""A YAML file as a tree with line marks, from a safe subset.

One document in UTF-8, of mappings, lists and scalars. No anchors, aliases, tags, merge keys,
directives or second document; no key twice; at most 1 MiB and 32 levels. Nothing is typed here:
a scalar is the characters as written, and `document` reads them as the field asks. What is
outside the subset is refused with file, line, column and remedy. Implements COD-020 to COD-027.
"""

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from crosstell.core.errors import CallerError

SIZE_BYTES_MAX = 1_048_576
DEPTH_MAX = 32
FAULTS_SHOWN_MAX = 100

_QUOTED = ("'", '"', "|", ">")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml, where it was built


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a file; lines and columns count from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Scalar:
    """The characters of a scalar; `plain` if it was written without quotes."""

    text: str
    plain: bool
    mark: Mark


@dataclass(frozen=True, slots=True)
class Listing:
    """A list."""

    items: tuple["Node", ...]
    mark: Mark


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and values in the order written; no key is there twice."""

    entries: tuple[tuple[Scalar, "Node"], ...]
    mark: Mark


Node = Scalar | Listing | Mapping


@dataclass(frozen=True, slots=True)
class Document:
    """A file's name, as it is shown to people, and its tree."""

    name: str
    root: Node


@dataclass(frozen=True, slots=True)
class DocumentFault:
    """One fault of a file: where, what is wrong and what to write instead."""

    file: str
    mark: Mark
    path: str
    text: str

    def __str__(self) -> str:
        """`file:line:column: path: text`."""
        path = f"{self.path}: " if self.path else ""
        return f"{self.file}:{self.mark.line}:{self.mark.column}: {path}{self.text}"


class DocumentRefused(CallerError):
    """A file with faults; `faults` has all that were found, in the order of the file."""

    def __init__(self, faults: tuple[DocumentFault, ...]) -> None:
        """One line per fault; past a hundred, their number."""
        self.faults = tuple(sorted(faults, key=lambda f: (f.mark.line, f.mark.column)))
        lines = [str(fault) for fault in self.faults[:FAULTS_SHOWN_MAX]]
        if len(self.faults) > FAULTS_SHOWN_MAX:
            lines.append(f"... and {len(self.faults) - FAULTS_SHOWN_MAX} more faults")
        super().__init__("\n".join(lines))


def read_yaml(path: Path, *, size_bytes_max: int = SIZE_BYTES_MAX) -> Document:
    """The tree of a file; a file over the limit is refused before it is read."""
    name = str(path)
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise _refused(name, "is not a regular file; name a YAML file")
        if found.st_size > size_bytes_max:
            raise _too_large(name, found.st_size, size_bytes_max)
        with path.open("rb") as file:
            data = file.read(size_bytes_max + 1)
    except OSError as error:
        raise _refused(name, f"cannot be read ({error.strerror}); check its path") from error
    return parse_yaml(data, name=name, size_bytes_max=size_bytes_max)


def parse_yaml(data: bytes, *, name: str, size_bytes_max: int = SIZE_BYTES_MAX) -> Document:
    """The tree of YAML bytes; DocumentRefused names the place of what is outside the subset."""
    if len(data) > size_bytes_max:
        raise _too_large(name, len(data), size_bytes_max)
    text = _decoded(data, name)
    try:
        events = yaml.parse(text, Loader=_LOADER)
        root = _Builder(name).build(events)
    except yaml.YAMLError as error:
        raise DocumentRefused((_syntax_fault(name, error),)) from error
    except RecursionError as error:  # the pure Python parser, on flow nested past all reason
        raise _refused(name, f"is nested deeper than {DEPTH_MAX} levels; flatten it") from error
    return Document(name, root)


def _decoded(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = error.start - (before.rfind(b"\n") + 1) + 1
        fault = DocumentFault(
            name, Mark(line, column), "", "is not UTF-8 at this byte; save the file as UTF-8"
        )
        raise DocumentRefused((fault,)) from error


class _Builder:
    """Builds the tree from parser events without recursion, refusing what is outside."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.faults: list[DocumentFault] = []

    def build(self, events: Iterator[Any]) -> Node:
        root: Node | None = None
        documents = 0
        open_: list[tuple[Any, list[Node]]] = []
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                self._check_document(event, documents)
            finished = self._take(event, open_)
            if finished is not None and not open_:
                root = root or finished
            elif finished is not None:
                open_[-1][1].append(finished)
            if len(self.faults) > FAULTS_SHOWN_MAX:
                break
        if root is None and not self.faults:
            self._fault(Mark(1, 1), "is empty; write the document")
        if self.faults or root is None:
            raise DocumentRefused(tuple(self.faults))
        return root

    def _take(self, event: Any, open_: list[tuple[Any, list[Node]]]) -> Node | None:  # noqa: ANN401
        match event:
            case yaml.AliasEvent():
                self._fault(_mark(event), f"alias {event.anchor!r}; write the value out")
                return Scalar("", plain=False, mark=_mark(event))
            case yaml.ScalarEvent():
                self._check_node(event)
                return Scalar(event.value, plain=event.style not in _QUOTED, mark=_mark(event))
            case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                self._check_node(event)
                if len(open_) >= DEPTH_MAX:
                    self._fault(
                        _mark(event), f"is nested deeper than {DEPTH_MAX} levels; flatten it"
                    )
                    raise DocumentRefused(tuple(self.faults))
                open_.append((event, []))
                return None
            case yaml.SequenceEndEvent():
                start, items = open_.pop()
                return Listing(tuple(items), _mark(start))
            case yaml.MappingEndEvent():
                start, items = open_.pop()
                return self._mapping(items, _mark(start))
            case _:
                return None

    def _mapping(self, items: list[Node], mark: Mark) -> Mapping:
        entries: dict[str, tuple[Scalar, Node]] = {}
        for key, value in zip(items[::2], items[1::2], strict=True):
            if not isinstance(key, Scalar):
                self._fault(key.mark, "a key is a list or mapping; write a word")
            elif key.plain and key.text == "<<":
                self._fault(key.mark, "merge key <<; write the keys out")
            elif key.text in entries:
                first = entries[key.text][0].mark.line
                self._fault(key.mark, f"key {key.text!r} is already on line {first}; keep one")
            else:
                entries[key.text] = (key, value)
        return Mapping(tuple(entries.values()), mark)

    def _check_document(self, event: Any, documents: int) -> None:  # noqa: ANN401
        if documents > 1:
            self._fault(_mark(event), "a second document begins; keep one document per file")
            raise DocumentRefused(tuple(self.faults))
        if event.version or event.tags:
            self._fault(_mark(event), "a % directive; leave it out")

    def _check_node(self, event: Any) -> None:  # noqa: ANN401
        if event.anchor is not None:
            self._fault(_mark(event), f"anchor {event.anchor!r}; leave it out")
        if event.tag is not None:
            self._fault(_mark(event), f"tag {event.tag!r}; leave it out")

    def _fault(self, mark: Mark, text: str) -> None:
        self.faults.append(DocumentFault(self.name, mark, "", text))


def _mark(event: Any) -> Mark:  # noqa: ANN401
    return Mark(event.start_mark.line + 1, event.start_mark.column + 1)


def _syntax_fault(name: str, error: yaml.YAMLError) -> DocumentFault:
    place = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    mark = Mark(place.line + 1, place.column + 1) if place else Mark(1, 1)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None)
    problem = problem or str(error).splitlines()[0]
    return DocumentFault(name, mark, "", f"is not YAML: {problem}; correct it here or just above")


def _too_large(name: str, size: int, size_bytes_max: int) -> DocumentRefused:
    return _refused(name, f"is {size} bytes, over the limit of {size_bytes_max}; split or trim it")


def _refused(name: str, text: str) -> DocumentRefused:
    return DocumentRefused((DocumentFault(name, Mark(1, 1), "", text),))
