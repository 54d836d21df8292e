"""How far our own logs were ever signed, kept on a second path, so that a restore cannot fork.

A node whose store holds less than this mark has lost its end: it signs nothing until it has the
entries back from its peers, or until its party resumes in a new feed under the offline root.
Implements NOD-017.
"""

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from crosstell.core.errors import CallerError, Unavailable
from crosstell.core.ids import FeedId

_FORMAT = "crosstell-high-water-1"
_SLOT_SIZE = 4_096  # bytes; there are two, written in turn, so that one is always whole


class HighWater(Protocol):
    """The mark of each of our logs. `raise_all` is durable on return and lowers none."""

    def read(self, feed: FeedId) -> int:
        """The largest size that was ever committed; 0 if none was."""
        ...

    def raise_all(self, sizes: Mapping[FeedId, int]) -> None:
        """Each of these marks is at least so high. Unavailable if that cannot be written."""
        ...


@dataclass(slots=True)
class MemoryHighWater:
    """Marks that outlive a node's restart in a simulation, not the process."""

    marks: dict[FeedId, int] = field(default_factory=dict)

    def read(self, feed: FeedId) -> int:
        """The mark of `feed`."""
        return self.marks.get(feed, 0)

    def raise_all(self, sizes: Mapping[FeedId, int]) -> None:
        """Each of these marks is at least so high."""
        self.marks = _raised(self.marks, sizes)


@dataclass(frozen=True, slots=True)
class FileHighWater:
    """The marks of one node in a small file, whose folder should lie on another medium.

    The file is overwritten in place, one half after the other: that takes one synchronisation and
    no change of the folder, and a write that is cut off leaves the other half.
    """

    folder: Path

    def read(self, feed: FeedId) -> int:
        """The mark of `feed`; CallerError where there is no file, or one that holds no marks.

        A folder without the file is most likely one that nothing was mounted over: to begin from
        nothing there would be to sign numbers anew.
        """
        number, marks = self._held()
        if number == 0:
            raise CallerError(
                f"{self.path}: is not there, and without the marks a restored store could fork our "
                "feed. Mount the folder, or its mirror, never an old copy; if it is lost for good,"
                " resume in a new feed (crosstell node resume)"
            )
        return marks.get(feed, 0)

    def raise_all(self, sizes: Mapping[FeedId, int]) -> None:
        """Each of these marks is at least so high, on the disk."""
        number, held = self._held()
        marks = _raised(held, sizes)
        if marks == held:
            return
        slot = _printed(number + 1, marks)
        try:
            if number == 0:
                self._create(slot)
            else:
                _overwrite(self.path, slot, (number + 1) % 2 * _SLOT_SIZE)
        except OSError as error:
            raise Unavailable(
                f"{self.path}: the marks cannot be written ({error.strerror}); free the disk or "
                "name another folder, then start the node again"
            ) from error

    @property
    def path(self) -> Path:
        """Where they are."""
        return self.folder / "signed.high-water"

    def _held(self) -> tuple[int, dict[FeedId, int]]:
        """The newest whole half: its number, and the marks; number 0 where there is no file."""
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return 0, {}
        except OSError as error:
            raise CallerError(
                f"{self.path}: cannot be read ({error.strerror}); repair it"
            ) from error
        found = max(_parsed(content), key=lambda slot: slot[0], default=None)
        if found is None:
            raise CallerError(
                f"{self.path}: holds no marks; put its mirror there, never an old copy. If it is "
                "lost, resume in a new feed (crosstell node resume)"
            )
        return found

    def _create(self, slot: bytes) -> None:
        """The file is there whole, its second half in `slot`, or not there."""
        part = self.path.with_suffix(".part")
        with part.open("wb") as file:
            file.write(bytes(_SLOT_SIZE) + slot)
            file.flush()
            os.fsync(file.fileno())
        part.replace(self.path)
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _overwrite(path: Path, slot: bytes, offset: int) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.pwrite(handle, slot, offset)
        os.fdatasync(handle)
    finally:
        os.close(handle)


def _raised(held: Mapping[FeedId, int], sizes: Mapping[FeedId, int]) -> dict[FeedId, int]:
    return {feed: max(held.get(feed, 0), sizes.get(feed, 0)) for feed in sorted({*held, *sizes})}


def _printed(number: int, marks: Mapping[FeedId, int]) -> bytes:
    """One half of the file: format, number, marks, and a digest of these lines."""
    lines = [_FORMAT, f"{number}", *(f"{feed} {size}" for feed, size in marks.items()), ""]
    text = "\n".join(lines).encode("ascii")
    slot = text + hashlib.sha256(text).hexdigest().encode("ascii") + b"\n"
    assert len(slot) <= _SLOT_SIZE, "a node has two logs"
    return slot.ljust(_SLOT_SIZE, b"\n")


def _parsed(content: bytes) -> Iterator[tuple[int, dict[FeedId, int]]]:
    """Each half that is whole: its number and its marks."""
    for offset in (0, _SLOT_SIZE):
        slot = content[offset : offset + _SLOT_SIZE]
        text, _, digest = slot.rstrip(b"\n").rpartition(b"\n")
        text += b"\n"
        if hashlib.sha256(text).hexdigest().encode("ascii") != digest:
            continue
        form, number, *lines = text.decode("ascii").splitlines()
        if form == _FORMAT:
            pairs = (line.split(" ") for line in lines)
            yield int(number), {FeedId(feed): int(size) for feed, size in pairs}
