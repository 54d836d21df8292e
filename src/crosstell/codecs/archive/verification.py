"""What a verification found, as text for a person and as JSON for a machine.

A statement never stands without what it rests on; what could not be seen is said beside it.
The JSON has the fields of `Verification`; its `schema` names the version. Implements ARC-030.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from crosstell.core.ids import FeedId
from crosstell.core.record.cosignature import Bracket
from crosstell.core.record.entry import utc

SCHEMA = "crosstell/verification/v1"


class Subject(StrEnum):
    """What was verified."""

    EXPORT = "export"
    RECEIPT = "receipt"
    FORK = "fork"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One thing that holds, about a feed or the whole, with all that it rests on."""

    about: str
    text: str
    rests_on: tuple[str, ...]

    def __post_init__(self) -> None:
        """A statement that rests on nothing is not made."""
        assert self.rests_on, "a statement must name what it rests on"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryTime:
    """One entry: number, hash, kind, its author's time (POSIX milliseconds), what bounds it."""

    feed: FeedId
    number: int
    hash: str
    kind: str
    ms: int
    limits: Bracket


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What holds in a file or folder, and what this verification could not see.

    `entries` is empty unless the reader asked for the entries one by one.
    """

    subject: Subject
    file: str
    statements: tuple[Statement, ...]
    cannot_see: tuple[str, ...]
    entries: tuple[EntryTime, ...] = ()


def print_json(found: Verification) -> str:
    """The verification as JSON, the same text for the same findings."""
    document: dict[str, object] = {
        "schema": SCHEMA,
        "subject": found.subject.value,
        "file": found.file,
        "statements": [
            {"about": said.about, "text": said.text, "rests_on": list(said.rests_on)}
            for said in found.statements
        ],
        "cannot_see": list(found.cannot_see),
    }
    if found.entries:
        document["entries"] = [_entry_json(entry) for entry in found.entries]
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _entry_json(entry: EntryTime) -> dict[str, object]:
    """One entry; a bound that nothing gives is left out."""
    row: dict[str, object] = {
        "feed": entry.feed,
        "number": entry.number,
        "hash": entry.hash,
        "kind": entry.kind,
        "authors_time": utc(entry.ms),
    }
    limits = entry.limits
    if limits.lower_s is not None:
        row["not_before"] = {"time": utc(1000 * limits.lower_s), "by": list(limits.lower_by)}
    if limits.upper_s is not None:
        row["not_after"] = {"time": utc(1000 * limits.upper_s), "by": list(limits.upper_by)}
    return row


def print_text(found: Verification) -> str:
    """The verification for a person: what holds, what each rests on, what is not seen."""
    lines = [f"{found.file}: this {found.subject.value} verifies.", "", "WHAT IT SHOWS"]
    about = ""
    for said in found.statements:
        if said.about != about:
            about = said.about
            lines += ["", about]
        lines.append(f"- {said.text}")
        lines.append(f"    rests on: {'; '.join(said.rests_on)}")
    lines += _entry_lines(found.entries)
    lines += ["", "WHAT CANNOT BE SEEN FROM IT", *(f"- {text}" for text in found.cannot_see)]
    return "\n".join(lines) + "\n"


def _entry_lines(entries: Sequence[EntryTime]) -> list[str]:
    """The entries one by one, each with the clocks that bound it."""
    lines: list[str] = []
    feed = ""
    for entry in entries:
        if entry.feed != feed:
            feed = entry.feed
            lines += ["", f"Entries of feed {feed}: number, hash, kind, its author's time, bounds"]
            lines += ["(feed X and crosstell-cosigner/X have one owner, and so one clock)"]
        named = f"{entry.number}  {entry.hash}  {entry.kind}"
        lines.append(f"- {named}  {utc(entry.ms)}  {bounds(entry.limits)}")
    return lines


def bounds(limits: Bracket) -> str:
    """The two sides of a bracket in words, or that there is none."""
    sides = []
    if limits.lower_s is not None:
        sides.append(f"after {utc(1000 * limits.lower_s)} (clock of {', '.join(limits.lower_by)})")
    if limits.upper_s is not None:
        upper = ", ".join(limits.upper_by)
        sides.append(f"not after {utc(1000 * limits.upper_s)} (clock of {upper})")
    if limits.lower_s is not None and limits.upper_s is not None:
        crossed = limits.lower_s > limits.upper_s
        sides += ["THE TWO CLOCKS CONTRADICT EACH OTHER"] if crossed else []
    return "; ".join(sides) or "nobody else bounds it"
