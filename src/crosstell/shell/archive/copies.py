"""A copy of chosen entries for one recipient: to print, or as data; marked in every part of it.

Everything in it follows from the record: the journal's entry of the copy, and the entries that it
names. So the same copy can be made again to the byte, and one that turns up can be recognised by
its bytes, or by any one of its marks. A mark on paper can be cut off; the record of who was given
which copy stays. Implements REL-052 to REL-054,
REL-057, REL-580.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from crosstell.codecs import entry_body
from crosstell.codecs.plain import to_plain
from crosstell.codecs.rows import rows_of
from crosstell.core.errors import CallerError
from crosstell.core.ids import EntryRef
from crosstell.core.instant import format_instant, from_us
from crosstell.core.picture.party import Speaker
from crosstell.core.picture.releasing.copies import Copy
from crosstell.core.record.entry import parse
from crosstell.core.state.held import Unreadable
from crosstell.core.state.state import State
from crosstell.shell.archive.folder import write_file
from crosstell.shell.store.contract import Store, StoredEntry

_BREAKS = {code: f"\\u{code:04x}" for code in (0x2028, 0x2029)}  # line ends that JSON lets stand
NOT_HELD = "what it said is not held here"


class Form(StrEnum):
    """What a copy is written as."""

    PRINT = "print"  # a paper: lines to read, and what was signed
    DATA = "data"  # JSON


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiedItem:
    """One entry of a copy, with what it said as plain data; None where that is not held here.

    `signed` is its body in the form that the entry's signature commits to, in lines.
    """

    entry: EntryRef
    kind: str
    version: int | None
    signed_at: str
    by: str
    marking: str
    said: Any
    signed: str | None


def copy_of(state: State, store: Store, number: int, form: Form) -> bytes:
    """The bytes of copy `number`, the same each time. CallerError if none was recorded."""
    copy = state.journal.copies.get(number)
    if copy is None:
        raise CallerError(f"copy {number} is not recorded; record it first, then it is made")
    items = tuple(_items(store, copy))
    return _printed(state, copy, items) if form is Form.PRINT else _data(state, copy, items)


def write_copy(state: State, store: Store, number: int, form: Form, target: Path) -> None:
    """The copy stands in that file, whole; never over one that was there."""
    write_file(target, copy_of(state, store, number, form))


def recognised(state: State, store: Store, data: bytes) -> int | None:
    """The number of the copy that has exactly these bytes, if any has. Implements REL-054."""
    for number in sorted(state.journal.copies):
        if any(copy_of(state, store, number, form) == data for form in Form):
            return number
    return None


def mark_of(copy: Copy) -> str:
    """The line that stands in every part of a copy. Implements REL-052."""
    made = copy.event
    return (
        f"copy {made.number} for {made.recipient}, made {format_instant(copy.stamp.at)}, "
        f"{made.marking}"
    )


def _items(store: Store, copy: Copy) -> Iterator[CopiedItem]:
    for ref in copy.event.items:
        assert isinstance(ref, EntryRef), "recorded by entry"
        row = next(iter(store.entries(ref.feed, ref.seq, 1)), None)
        if row is None or parse(row.leaf).hash.hex() != ref.hash:
            raise CallerError(
                f"copy {copy.event.number}: entry {ref.seq} of feed {ref.feed} is not held here as "
                "it was recorded; fetch it from the party, then make the copy"
            )
        yield _item(row, ref)


def _item(row: StoredEntry, ref: EntryRef) -> CopiedItem:
    header = parse(row.leaf).header
    said = None if row.body is None else entry_body.decode(header.type, row.body)
    readable = said is not None and not isinstance(said.body, Unreadable)
    body: Any = said.body if said is not None and readable else None
    return CopiedItem(
        entry=ref,
        kind=header.type,
        version=getattr(body, "version", None),
        signed_at=format_instant(from_us(header.hlc.ms * 1_000)),
        by="its node" if said is None or said.by is None else _named(said.by),
        marking=getattr(body, "marking", None) or "unmarked",
        said=None if body is None else to_plain(body),
        signed=None if row.body is None else _in_lines(row.body),
    )


def _in_lines(body: bytes) -> str:
    """A body in lines; in its canonical form it is again what was signed. REL-057, REL-580."""
    try:
        document = json.loads(body)
    except ValueError:
        return f"no JSON; in hex: {body.hex()}"
    text = json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True)
    return text.translate(_BREAKS)


def _printed(state: State, copy: Copy, items: tuple[CopiedItem, ...]) -> bytes:
    """A paper: what each entry says in rows, then each as it is signed; all between marks."""
    made, mark, many = copy.event, mark_of(copy), len(items)
    lines = [
        made.marking,
        f"Copy {made.number} from the record of {state.setting.party}",
        f"For: {made.recipient}",
        f"Purpose: {made.purpose}",
        f"Made: {format_instant(copy.stamp.at)} by {_two(copy)}",
        f"Reality: {state.setting.reality}",
    ]
    for place, item in enumerate(items, start=1):
        lines += [f"--- {mark}; {place} of {many}", *_paragraph(item)]
    for place, item in enumerate(items, start=1):
        named = f"entry {item.entry.seq} of feed {item.entry.feed}"
        lines += [
            f"--- {mark}; annex, {place} of {many}: {named}, as signed",
            NOT_HELD if item.signed is None else item.signed,
        ]
    lines.append(f"--- {mark}; end")
    return ("\n".join(lines) + "\n").encode("utf-8")


def _paragraph(item: CopiedItem) -> Iterator[str]:
    """What one entry says, to be read. Implements REL-057."""
    version = "" if item.version is None else f", version {item.version}"
    yield f"{item.kind.replace('_', ' ').capitalize()}{version}; {item.marking}"
    yield f"signed {item.signed_at} (its author's time) by {item.by}"
    yield f"entry {item.entry.seq} of feed {item.entry.feed}, {item.entry.hash}"
    if item.said is not None:
        yield from rows_of(item.said, "  ")
    else:
        yield NOT_HELD if item.signed is None else "what it said is not understood here; see annex"


def _data(state: State, copy: Copy, items: tuple[CopiedItem, ...]) -> bytes:
    """JSON in which the whole, and each item, carries the mark."""
    made = copy.event
    document = {
        "copy": made.number,
        "from": state.setting.party,
        "recipient": made.recipient,
        "purpose": made.purpose,
        "marking": made.marking,
        "made_at": format_instant(copy.stamp.at),
        "made_by": _two(copy),
        "reality": str(state.setting.reality),
        "items": [
            {
                "mark": mark_of(copy),
                "feed": item.entry.feed,
                "number": item.entry.seq,
                "hash": item.entry.hash,
                "kind": item.kind,
                "version": item.version,
                "marking": item.marking,
                "signed_at": item.signed_at,
                "by": item.by,
                "said": item.said,
            }
            for item in items
        ],
    }
    return (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode("utf-8")


def _two(copy: Copy) -> str:
    assert copy.stamp.by is not None, "a copy is made by a person"
    second = copy.event.second
    checked = "" if second is None else f", checked by {_named(second)}"
    return f"{_named(copy.stamp.by)}{checked}"


def _named(speaker: Speaker) -> str:
    return f"{speaker.party}/{speaker.role}, watch {speaker.watch}"
