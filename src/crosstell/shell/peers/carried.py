"""Sites without a line: one file out, one file in, and a reply; two trips give a full receipt.

A file holds what its party is not known to hold: rows, checkpoints, cosignatures, evidence of
forks. It is made beside a running node, from its store alone. What it holds stays with whoever
carries it: so it never holds a body that is withheld in the end (a share of an own track). An
import reads the file through before anything is taken, and takes each parcel as if it came over a
line.
Implements CARRY-003 to CARRY-010.
"""

import itertools
import os
import secrets
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from crosstell.codecs import parcel as parcels
from crosstell.codecs.parcel import FORKS_MAX, ROWS_MAX, Parcel, Row, sender_of
from crosstell.codecs.parcels import carried
from crosstell.codecs.parcels.aging import aged
from crosstell.codecs.parcels.carried import Label
from crosstell.core.errors import CallerError, PartyError
from crosstell.core.ids import FeedId, PartyId
from crosstell.core.instant import to_us
from crosstell.core.record.checkpoint import parse_checkpoint
from crosstell.core.record.cosignature import COSIGNER_PREFIX
from crosstell.core.record.entry import parse
from crosstell.core.record.keys import KEY_TYPES
from crosstell.core.record.note import parse_note
from crosstell.shell.peers.split.guard import Guard, Held
from crosstell.shell.store.contract import Store, StoredEntry
from crosstell.shell.store.names import FORKS, checkpoint_name

BYTES_MAX = 500_000  # of leaves and bodies in one parcel, beyond the first entry
LOOKED_AT = 500  # entries at once, from the end


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Our own site: its store, our feed, and whose every feed of the protocol is.

    `former` are the feeds in which a party spoke before it resumed in another. Of our feed `signed`
    entries go out; None for all.
    """

    store: Store
    own: FeedId
    feeds: dict[FeedId, PartyId]
    former: dict[FeedId, PartyId] = field(default_factory=dict)
    signed: int | None = None

    def end_of(self, feed: FeedId) -> int:
        """How much of this feed goes out."""
        size = self.store.size(feed)
        return size if feed != self.own or self.signed is None else min(size, self.signed)

    def feed_of(self, party: PartyId) -> FeedId:
        """The feed of a counterpart; CallerError if it is none."""
        found = [feed for feed, name in self.feeds.items() if name == party and feed != self.own]
        if not found:
            names = ", ".join(sorted(set(self.feeds.values()) - {self.feeds[self.own]}))
            raise CallerError(f"{party}: no counterpart of this node; name one of {names}")
        return found[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a file holds: entries of ours from one number up to another, half-open."""

    path: Path
    to: PartyId
    first: int
    end: int
    parcels: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What an import took, and from whom. `fault`: the last that our own node told meanwhile.

    What was taken stands; after the fault is mended the file may be taken again.
    """

    sender: PartyId
    parcels: int
    fault: str | None = None


def confirmed(store: Store, own: FeedId, theirs: FeedId) -> int:
    """How much of our feed that party has signed to hold: in an entry's heads, or by cosigning."""
    size = 0
    held = store.blob(checkpoint_name(own))
    if held is not None:
        note = parse_note(held)
        if any(line.name == COSIGNER_PREFIX + theirs for line in note.signatures):
            size = parse_checkpoint(note.text).size
    end = store.size(theirs)
    while end > 0:
        start = max(0, end - LOOKED_AT)
        for row in reversed(list(store.entries(theirs, start, end - start))):
            for head in parse(row.leaf).header.heads:
                if head.feed == own:
                    return max(size, head.size)
        end = start
    return size


def export(site: Site, to: PartyId, path: Path, now: datetime, *, whole: bool = False) -> Written:
    """A file for that party stands at `path`. CallerError, and nothing stands there, if it cannot.

    `whole`: everything since the founding, and of their own feed what they said to us, for a party
    that lost its store.
    """
    theirs = site.feed_of(to)
    first = 0 if whole else confirmed(site.store, site.own, theirs)
    label = Label(sender=site.own, to=theirs, at_ms=to_us(now) // 1_000)
    guard = Guard(own=site.own, feeds=site.feeds, former=site.former)
    count = 0

    def checked() -> Iterator[bytes]:
        nonlocal count
        for parcel in _parcels_for(site, theirs, first, whole=whole):
            body = aged(parcels.encode(parcel))
            guard.check(to, body)
            count += 1
            yield body

    try:
        _write_new(path, carried.pieces(label, checked()))
    except Held as why:
        raise CallerError(
            f"{path}: not written, since a parcel may not leave for {to}: {why}. Report this as a "
            "fault of ours"
        ) from why
    end = max(first, site.end_of(site.own))
    return Written(path=path, to=to, first=first, end=end, parcels=count)


def take(site: Site, path: Path, deliver: Callable[[bytes], str | None]) -> Taken:
    """Every parcel of the file has been handed to `deliver`, which answers with a fault or None.

    CallerError for a file that is not for us, or not whole: then nothing of it was taken.
    """
    with _open(path) as file:
        sender, count = _check(site, path, file)
        file.seek(0)
        _, found = carried.read(file)
        faults = [fault for parcel in found if (fault := deliver(parcel)) is not None]
    return Taken(sender=sender, parcels=count, fault=faults[-1] if faults else None)


def _check(site: Site, path: Path, file: BinaryIO) -> tuple[PartyId, int]:
    """The file is whole, for us, and of one counterpart: who, and how many parcels."""
    try:
        label, found = carried.read(file)
        senders = [sender_of(parcel) for parcel in found]
    except PartyError as fault:
        raise CallerError(f"{path}: {fault}; nothing of it was taken") from fault
    sender = site.feeds.get(label.sender)
    wrong = None
    if sender is None or label.sender == site.own:
        wrong = f"it is of feed {label.sender}, which is no counterpart's"
    elif label.to != site.own:
        to = site.feeds.get(label.to)
        whose = "nobody whose card lies here" if to is None else f"party {to}"
        wrong = f"it is for {whose}, and this node is of {site.feeds[site.own]}"
    elif any(one != label.sender for one in senders):
        wrong = f"it holds a parcel of another than {sender}"
    if sender is None or wrong is not None:
        raise CallerError(f"{path}: {wrong}; nothing of it was taken")
    return sender, len(senders)


def _parcels_for(site: Site, theirs: FeedId, first: int, *, whole: bool) -> Iterator[Parcel]:
    """One parcel after the other, at least one: it carries the notes and the evidence."""
    store = site.store
    have = tuple((feed, store.size(feed)) for feed in sorted(site.feeds))
    blobs = (store.blob(checkpoint_name(feed)) for feed in (site.own, theirs))
    notes = tuple(note for note in blobs if note is not None)
    forks = tuple(put.value for put in store.blobs(FORKS))[:FORKS_MAX]
    starts = [(site.own, first), *([(theirs, 0)] if whole else [])]
    batches = (batch for feed, start in starts for batch in _batches(site, feed, start, theirs))
    for rows in itertools.chain([next(batches, ())], batches):
        yield Parcel(sender=site.own, have=have, rows=rows, notes=notes, forks=forks)


def _batches(site: Site, feed: FeedId, start: int, theirs: FeedId) -> Iterator[tuple[Row, ...]]:
    rows: list[Row] = []
    room = BYTES_MAX
    for stored in site.store.entries(feed, start, max(0, site.end_of(feed) - start)):
        row = _row(site, stored, theirs)
        room -= len(row.leaf) + len(row.body or b"")
        if rows and (room < 0 or len(rows) == ROWS_MAX):
            yield tuple(rows)
            rows, room = [], BYTES_MAX
        rows.append(row)
    if rows:
        yield tuple(rows)


def _row(site: Site, stored: StoredEntry, theirs: FeedId) -> Row:
    """The row, with its body only if that party is in the audience, or wrote it."""
    header, party = parse(stored.leaf).header, site.feeds[theirs]
    public = header.type in KEY_TYPES or not header.to
    is_said = any((site.feeds | site.former).get(feed) == party for feed in header.to)
    if public or is_said or stored.feed == theirs:
        return Row(leaf=stored.leaf, salt=stored.salt, body=stored.body)
    return Row(leaf=stored.leaf)


def _open(path: Path) -> BinaryIO:
    """The file, if it is a plain one of bearable size."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise CallerError(
            f"{path}: cannot be read ({error.strerror}); name a file, not a link"
        ) from error
    found = os.fstat(handle)
    if not stat.S_ISREG(found.st_mode) or found.st_size > carried.FILE_MAX:
        os.close(handle)
        raise CallerError(f"{path}: no plain file of at most {carried.FILE_MAX} bytes; not read")
    return os.fdopen(handle, "rb")


def _write_new(path: Path, pieces: Iterator[bytes]) -> None:
    """The file stands whole at `path`, on disk, where nothing stood."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(6)}.part")
    try:
        with part.open("xb") as file:
            part.chmod(0o600)
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        os.link(part, path)
    except FileExistsError:
        raise CallerError(
            f"{path}: stands there already and was not touched; name another"
        ) from None
    except OSError as error:
        raise CallerError(
            f"{path}: cannot be written ({error.strerror}); name another place"
        ) from error
    finally:
        part.unlink(missing_ok=True)
