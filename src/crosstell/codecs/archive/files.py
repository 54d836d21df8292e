"""The files of an export: their names, their list, the seal over the list, the shown bodies.

An export is a folder. Every path in it is one of a closed set (`Kind`); each feed's part is a
C2SP tlog-tiles log, so that public tools read it. `files` lists every other file with size and
SHA-256; `manifest` is a signed note over `files`. All bytes follow from the content alone.
Implements ARC-001 to ARC-006.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from crosstell.core.errors import PartyError
from crosstell.core.ids import FeedId, check_id
from crosstell.core.record.entry import SALT_SIZE, Body
from crosstell.core.record.tree import ENTRIES, Tile, parse_tile_path

MANIFEST = "manifest"  # the signed note
LISTING = "files"  # the list that the note seals
KEYS = "keys"  # the founding fingerprints and public keys, as the exporter states them
FILE_SIZE_MAX = 64 * 1024 * 1024  # bytes; an honest bundle of 256 largest bodies is smaller
FILES_MAX = 200_000
TOTAL_SIZE_MAX = 8 * 1024**3
BODY_SIZE_MAX = 250_000

_HEADING = "crosstell/export/v1"
_LISTING_LINE = re.compile(r"([0-9a-f]{64}) (0|[1-9][0-9]{0,11}) (\S{1,250})")
_SEAL_LINE = re.compile(r"files (0|[1-9][0-9]{0,7}) (0|[1-9][0-9]{0,11}) ([0-9a-f]{64})")
_PATH = re.compile(r"feeds/([A-Za-z0-9._:-]+)/(.+)")
_SIZE_NAME = re.compile(r"checkpoints/([0-9]{16})")
_DIGEST_NAME = re.compile(r"forks/([0-9a-f]{64})")


class Purpose(StrEnum):
    """For whom an export was made; part of what is signed."""

    SHARED = "shared"  # the feeds only
    OWN_USE = "own-use"  # with the private journal: must not leave the party


class Kind(StrEnum):
    """What a file of an export is."""

    KEYS = "keys"
    CHECKPOINT = "checkpoint"
    EARLIER_CHECKPOINT = "earlier-checkpoint"
    TILE = "tile"  # hashes
    BUNDLE = "bundle"  # entries
    BODIES = "bodies"
    FORK = "fork"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivePath:
    """A path taken apart: what the file is, of which feed, and its tile, size or digest."""

    kind: Kind
    feed: FeedId | None = None
    tile: Tile | None = None
    name: str = ""

    def print(self) -> str:
        """The path, with `/` between its parts, relative to the export's folder."""
        if self.feed is None:
            return KEYS
        return f"feeds/{self.feed}/{self._inside()}"

    def _inside(self) -> str:
        """The path below the feed's folder."""
        if self.tile is not None:
            path = self.tile.path()
            return path.replace("tile/entries", "bodies") if self.kind is Kind.BODIES else path
        folders = {Kind.EARLIER_CHECKPOINT: "checkpoints/", Kind.FORK: "forks/"}
        return folders.get(self.kind, "checkpoint") + self.name


def checkpoint_path(feed: FeedId) -> str:
    """The path of a feed's newest checkpoint."""
    return ArchivePath(kind=Kind.CHECKPOINT, feed=feed).print()


def earlier_checkpoint_path(feed: FeedId, size: int) -> str:
    """The path of an earlier checkpoint at `size`."""
    return ArchivePath(kind=Kind.EARLIER_CHECKPOINT, feed=feed, name=f"{size:016d}").print()


def tile_path(feed: FeedId, tile: Tile) -> str:
    """The path of a hash tile or entry bundle."""
    return f"feeds/{feed}/{tile.path()}"


def bodies_path(feed: FeedId, bundle: Tile) -> str:
    """The path of the bodies shown beside an entry bundle."""
    return ArchivePath(kind=Kind.BODIES, feed=feed, tile=bundle).print()


def fork_path(feed: FeedId, evidence: bytes) -> str:
    """The path of a piece of fork evidence, named by its SHA-256."""
    digest = hashlib.sha256(evidence).hexdigest()
    return ArchivePath(kind=Kind.FORK, feed=feed, name=digest).print()


def parse_path(path: str) -> ArchivePath:
    """What the file at `path` is. Raises PartyError for a path that no export has."""
    if path == KEYS:
        return ArchivePath(kind=Kind.KEYS)
    match = _PATH.fullmatch(path)
    if match is None:
        raise PartyError(f"{path[:120]!r} is no file of an export")
    try:
        check_id(match[1], what="feed")
        found = _parse_inside(FeedId(match[1]), match[2])
    except ValueError as fault:
        raise PartyError(f"{path[:120]!r} is no file of an export: {fault}") from None
    assert found.print() == path, "a path was read that prints otherwise"
    return found


def _parse_inside(feed: FeedId, inside: str) -> ArchivePath:
    """What a path below a feed's folder is; ValueError for anything else."""
    if inside == "checkpoint":
        return ArchivePath(kind=Kind.CHECKPOINT, feed=feed)
    if earlier := _SIZE_NAME.fullmatch(inside):
        return ArchivePath(kind=Kind.EARLIER_CHECKPOINT, feed=feed, name=earlier[1])
    if fork := _DIGEST_NAME.fullmatch(inside):
        return ArchivePath(kind=Kind.FORK, feed=feed, name=fork[1])
    if inside.startswith("bodies/"):
        tile = parse_tile_path(inside.replace("bodies/", "tile/entries/", 1))
        return ArchivePath(kind=Kind.BODIES, feed=feed, tile=tile)
    tile = parse_tile_path(inside)
    kind = Kind.BUNDLE if tile.level == ENTRIES else Kind.TILE
    return ArchivePath(kind=kind, feed=feed, tile=tile)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One line of the list: a file's path, its size in bytes and its SHA-256 in hex."""

    path: str
    size: int
    sha256: str

    def print(self) -> str:
        """The line, with its newline."""
        return f"{self.sha256} {self.size} {self.path}\n"


def listed(path: str, content: bytes) -> Listed:
    """The line of a file with this content."""
    return Listed(path=path, size=len(content), sha256=hashlib.sha256(content).hexdigest())


def print_listing(lines: Iterable[Listed]) -> bytes:
    """The bytes of `files`, sorted by path."""
    return "".join(line.print() for line in sorted(lines, key=lambda line: line.path)).encode()


def parse_listing(data: bytes) -> tuple[Listed, ...]:
    """The lines of `files`. Raises PartyError, naming the line, for anything an export lacks."""
    try:
        text = data.decode("ascii")
    except UnicodeDecodeError as fault:
        raise PartyError(f"{LISTING}: byte {fault.start} is not ASCII") from None
    if not text.endswith("\n"):
        raise PartyError(f"{LISTING}: is cut off: it does not end in a newline")
    rows = text[:-1].split("\n")
    if len(rows) > FILES_MAX:
        raise PartyError(f"{LISTING}: names {len(rows)} files, more than the {FILES_MAX} allowed")
    found: list[Listed] = []
    total = 0
    for number, row in enumerate(rows, 1):
        match = _LISTING_LINE.fullmatch(row)
        if match is None:
            raise PartyError(f"{LISTING}, line {number}: is not `sha256 size path`")
        line = Listed(path=match[3], size=int(match[2]), sha256=match[1])
        _check_line(line, number=number, before=found[-1].path if found else "")
        total += line.size
        found.append(line)
    if total > TOTAL_SIZE_MAX:
        raise PartyError(f"{LISTING}: {total} bytes in all, more than the {TOTAL_SIZE_MAX} allowed")
    return tuple(found)


def _check_line(line: Listed, *, number: int, before: str) -> None:
    """Raise PartyError unless the line names a possible file behind the one before."""
    if line.path <= before:
        raise PartyError(f"{LISTING}, line {number}: {line.path!r} is out of order or named twice")
    if line.size > FILE_SIZE_MAX:
        raise PartyError(
            f"{LISTING}, line {number}: {line.size} bytes, more than the {FILE_SIZE_MAX} allowed"
        )
    try:
        parse_path(line.path)
    except PartyError as fault:
        raise PartyError(f"{LISTING}, line {number}: {fault}") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """What the manifest states: who exported, for whom, and the list of files it covers."""

    exporter: FeedId
    purpose: Purpose
    count: int
    size: int
    sha256: str

    def text(self) -> str:
        """The text of the note, signed by the exporter's feed key."""
        files = f"files {self.count} {self.size} {self.sha256}"
        return f"{_HEADING}\n{self.exporter}\n{self.purpose.value}\n{files}\n"


def seal_of(*, exporter: FeedId, purpose: Purpose, count: int, listing: bytes) -> Seal:
    """The seal over a list of `count` lines."""
    digest = hashlib.sha256(listing).hexdigest()
    return Seal(exporter=exporter, purpose=purpose, count=count, size=len(listing), sha256=digest)


def parse_seal(text: str) -> Seal:
    """The seal in the text of a note. Raises PartyError for any other text."""
    rows = text.split("\n")
    if len(rows) != 5 or rows[4] or rows[0] != _HEADING:
        raise PartyError(f"{MANIFEST}: is not the manifest of an export ({_HEADING}, four lines)")
    match = _SEAL_LINE.fullmatch(rows[3])
    if match is None:
        raise PartyError(f"{MANIFEST}: line 4 is not `files count size sha256`")
    try:
        check_id(rows[1], what="exporter")
        purpose = Purpose(rows[2])
    except ValueError as fault:
        raise PartyError(f"{MANIFEST}: {fault}") from None
    return Seal(
        exporter=FeedId(rows[1]),
        purpose=purpose,
        count=int(match[1]),
        size=int(match[2]),
        sha256=match[3],
    )


def print_bodies(bodies: Sequence[Body | None]) -> bytes:
    """The bodies of one bundle in its order: 0x00 for one not shown, else 0x01, salt, length, body.

    The length is a big-endian uint32.
    """
    return b"".join(
        b"\x00"
        if body is None
        else b"\x01" + body.salt + len(body.content).to_bytes(4, "big") + body.content
        for body in bodies
    )


def parse_bodies(width: int, data: bytes) -> tuple[Body | None, ...]:
    """The bodies of a bundle of `width` entries. Raises PartyError for any other bytes."""
    found: list[Body | None] = []
    at = 0
    for number in range(width):
        mark = data[at : at + 1]
        if mark == b"\x00":
            found.append(None)
            at += 1
            continue
        start = at + 1 + SALT_SIZE + 4
        length = int.from_bytes(data[start - 4 : start], "big")
        if mark != b"\x01" or start + length > len(data) or length > BODY_SIZE_MAX:
            raise PartyError(f"body {number} of the bundle (at byte {at}) is cut or damaged")
        salt = data[at + 1 : at + 1 + SALT_SIZE]
        found.append(Body(salt=salt, content=data[start : start + length]))
        at = start + length
    if at != len(data):
        raise PartyError(f"{len(data) - at} bytes too many behind its {width} bodies")
    return tuple(found)
