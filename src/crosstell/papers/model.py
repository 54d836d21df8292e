"""A paper to take along: sheets, their parts, and every line with the entries it is read from."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crosstell.core.ids import PartyId
from crosstell.core.state.state import State
from crosstell.papers.told import Aftermath, FeedVerified

HEADING_OF_RECORD = "from the record; times are their authors' claims"


class PaperKind(StrEnum):
    """What is printed."""

    PACK = "senior-call pack"
    READOUT = "readout draft"
    FILED = "readout, as filed"
    AGENDA = "agenda of the review meeting"


class LineKind(StrEnum):
    """What a line is: read from entries, somebody's statement, or a party's view."""

    RECORD = "record"
    CLAIM = "claim"
    VIEW = "view"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """An entry, as a reader names it, and its hash."""

    ref: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperLine:
    """One line. `times` counts those in the same words; `section` is where its forms are.

    `topic` and `voices` are of what is stated: whole topics are left out together.
    """

    text: str
    kind: LineKind
    section: str
    times: int
    entries: tuple[Cited, ...]
    topic: str = ""
    voices: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A heading with its lines, and what is said where there is none.

    `left_out` counts those that the draft, or the page, has no room for, `left_topics` names the
    topics of which nothing stands; `by_hand` counts those that a person left out.
    """

    heading: str
    lines: tuple[PaperLine, ...]
    empty: str
    left_out: int = 0
    by_hand: int = 0
    left_topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FileNamed:
    """The incident's file that a sheet is about. `marking` is the file's own."""

    paper: str
    kept_by: str
    marking: str
    title: str
    matters: tuple[str, ...]
    start: datetime
    end: datetime | None
    entry: Cited


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What one party holds, for one reader. `role` is empty where it is for no role.

    `markings` are those of all that it tells of, the incident's file's first.
    """

    held_by: str
    role: str
    file: FileNamed | None
    markings: tuple[str, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What papers are made from: what each party knows, and the record that this rests on.

    `map_digest` is the SHA-256 of the shipped reference map, `own_map` the title and SHA-256 of
    the operator's own that was shown over it, or empty. Nothing is computed from either.
    `checks` are the commands that recompute its hashes. `as_of` is when it was asked for, and
    `printed_at` the same where a node's clock said so: it stands beside a paper's text, not in it.
    """

    states: Mapping[PartyId, State]
    origin: str
    mode: str
    heading: str
    as_of: datetime
    keys: str
    record: tuple[FeedVerified, ...]
    record_digest: str
    protocol_digest: str
    warnings: tuple[str, ...]
    aftermath: tuple[Aftermath, ...]
    map_digest: str
    checks: tuple[str, ...] = ()
    own_map: str = ""
    printed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """The sheets, and what they rest on: feeds with their roots, and the digests.

    `head_digest` is one figure for all feeds, their sizes and roots: two papers of one head have
    the same. `record_digest` is of every entry, and empty where a live node did not read them all.

    `as_of` is the moment of the newest entry that it could be made from. `printed_at` and the maps
    are no part of the text that is hashed.
    `aftermath` is what its lines are told with; it is no part of the JSON.
    """

    kind: PaperKind
    origin: str
    mode: str
    heading: str
    as_of: datetime
    sheets: tuple[Sheet, ...]
    keys: str
    record: tuple[FeedVerified, ...]
    record_digest: str
    head_digest: str
    protocol_digest: str
    map_digest: str
    own_map: str
    warnings: tuple[str, ...]
    checks: tuple[str, ...]
    printed_at: datetime | None
    aftermath: tuple[Aftermath, ...]


def file_named(name: str) -> tuple[str | None, str]:
    """The keeper and the id in PARTY/ID, or None and the id: an id of its own has no stroke."""
    keeper, _, paper = name.rpartition("/")
    return keeper or None, paper


def head_digest(record: Iterable[FeedVerified]) -> str:
    """The SHA-256, in hex, of lines of feed, size and root, by feed. Implements REP-160."""
    lines = sorted(f"{one.feed} {one.entries} {one.root}\n" for one in record)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def cited_in(sheet: Sheet) -> tuple[Cited, ...]:
    """Every entry that the sheet names, once, the file's first."""
    first = () if sheet.file is None else (sheet.file.entry,)
    named = (one for part in sheet.parts for line in part.lines for one in line.entries)
    return tuple(dict.fromkeys((*first, *named)))
