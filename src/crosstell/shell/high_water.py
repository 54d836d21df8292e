"""How far our own logs were ever signed, kept on a second path, so that a restore cannot fork.

A node whose store holds less than this mark has lost its end: it signs nothing until it has the
entries back from its peers, or until its party resumes in a new feed under the offline root.
Implements NOD-017, NOD-530 to NOD-532, NOD-545, NOD-546.
"""

import errno
import hashlib
import os
import weakref
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from crosstell.core.errors import CallerError, Unavailable
from crosstell.core.ids import FeedId

_FORMAT = "crosstell-high-water-1"
_SLOT_SIZE = 4_096  # bytes; there are two, written in turn, so that one is always whole


class HighWater(Protocol):
    """The mark of each of our logs. What is written is durable on return and lowers none."""

    def read(self, feed: FeedId) -> int:
        """The largest size that was ever committed; 0 if none was."""
        ...

    def begin(self, sizes: Mapping[FeedId, int]) -> None:
        """The first marks of new logs, beside those of others. Unavailable as below; CallerError
        for a file that is spoilt.
        """
        ...

    def raise_all(self, sizes: Mapping[FeedId, int]) -> None:
        """Each of these marks is at least so high. Unavailable if that cannot be written, or if
        there are no marks: only what begins a log makes any.
        """
        ...


@dataclass(slots=True)
class MemoryHighWater:
    """Marks that outlive a node's restart in a simulation, not the process."""

    marks: dict[FeedId, int] = field(default_factory=dict)

    def read(self, feed: FeedId) -> int:
        """The mark of `feed`."""
        return self.marks.get(feed, 0)

    def begin(self, sizes: Mapping[FeedId, int]) -> None:
        """The first marks of new logs."""
        self.raise_all(sizes)

    def raise_all(self, sizes: Mapping[FeedId, int]) -> None:
        """Each of these marks is at least so high."""
        self.marks = _raised(self.marks, sizes)


@dataclass(slots=True, weakref_slot=True)
class FileHighWater:
    """The marks of one node in a small file, whose folder should lie on another medium.

    The file is overwritten in place, one half after the other: that takes one synchronisation and
    no change of the folder, and a write that is cut off leaves the other half. Once read it stays
    open, so that a node that may open no more files still signs; what is wrong with it from then on
    is the world's fault, and nothing is signed before it is mended.
    """

    folder: Path
    _handle: int | None = field(init=False, default=None)
    _unwritable: str | None = field(init=False, default=None)

    def read(self, feed: FeedId) -> int:
        """The mark of `feed`; CallerError where there is no file, or one that holds no marks.

        A folder without the file is most likely one that nothing was mounted over: to begin from
        nothing there would be to sign numbers anew.
        """
        _, marks = self._held()
        return marks.get(feed, 0)

    def begin(self, sizes: Mapping[FeedId, int]) -> None:
        """The first marks of new logs; the file is made where there is none."""
        if self.path.exists():
            self._check_marks()
            self.raise_all(sizes)
            return
        try:
            self._create(_printed(1, _raised({}, sizes)))
        except OSError as error:
            raise self._not_written(error.strerror) from error

    def _check_marks(self) -> None:
        """No log begins in a file that is spoilt: a person is told how it begins. NOD-545."""
        try:
            self._held()
        except CallerError as error:
            raise CallerError(
                f"{self.path}: is there, and no marks can be read in it, so none are begun there; "
                "move it out of that folder, or name another folder for the marks, then do this "
                "again"
            ) from error

    def raise_all(self, sizes: Mapping[FeedId, int]) -> None:
        """Each of these marks is at least so high, on the disk."""
        try:
            number, held = self._held()
        except CallerError as error:
            raise Unavailable(str(error)) from error
        marks = _raised(held, sizes)
        if marks == held:
            return
        assert self._handle is not None, "it was read"
        if self._unwritable is not None:
            raise self._not_written(self._unwritable)
        slot = _printed(number + 1, marks)
        try:
            os.pwrite(self._handle, slot, (number + 1) % 2 * _SLOT_SIZE)
            os.fdatasync(self._handle)
        except OSError as error:
            raise self._not_written(error.strerror) from error

    @property
    def path(self) -> Path:
        """Where they are."""
        return self.folder / "signed.high-water"

    def _held(self) -> tuple[int, dict[FeedId, int]]:
        """The newest whole half: its number, and the marks."""
        if self._handle is None:
            return self._opened()
        try:
            is_same = os.path.samestat(os.fstat(self._handle), self.path.stat())
            found = _newest(self._handle) if is_same else None
        except FileNotFoundError:
            is_same, found = False, None
        except OSError as error:
            raise Unavailable(
                f"{self.path}: the marks cannot be read ({error.strerror}), and nothing is signed; "
                "repair the disk, then start the node again"
            ) from error
        if found is None and is_same:
            raise Unavailable(
                f"{self.path}: holds no marks any more, and nothing is signed; put its mirror "
                "there, never an old copy, then start the node again. If it is lost, resume in a "
                "new feed (crosstell node resume)"
            )
        if found is None:
            raise Unavailable(
                f"{self.path}: the marks that this node opened are not there any more, and nothing "
                "is signed. Mount their disk again, never an old copy, then start the node again"
            )
        return found

    def _opened(self) -> tuple[int, dict[FeedId, int]]:
        """The same, read for the first time."""
        try:
            handle, self._unwritable = _open(self.path)
            weakref.finalize(self, os.close, handle)
            found = _newest(handle)
        except FileNotFoundError as error:
            raise CallerError(
                f"{self.path}: is not there, and without the marks a restored store could fork our "
                "feed. Mount the folder, or its mirror, never an old copy; if it is lost for good,"
                " resume in a new feed (crosstell node resume)"
            ) from error
        except OSError as error:
            raise CallerError(
                f"{self.path}: cannot be read ({error.strerror}); repair it"
            ) from error
        if found is None:
            raise CallerError(
                f"{self.path}: holds no marks; put its mirror there, never an old copy. If it is "
                "lost, resume in a new feed (crosstell node resume)"
            )
        self._handle = handle
        return found

    def _not_written(self, why: str | None) -> Unavailable:
        return Unavailable(
            f"{self.path}: the marks cannot be written ({why}); free the disk or "
            "name another folder, then start the node again"
        )

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


def _open(path: Path) -> tuple[int, str | None]:
    """The file, and why it cannot be written: what is known can be shown all the same."""
    try:
        return os.open(path, os.O_RDWR | os.O_CLOEXEC), None
    except OSError as error:
        if error.errno not in (errno.EROFS, errno.EACCES):
            raise
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC), error.strerror


def _newest(handle: int) -> tuple[int, dict[FeedId, int]] | None:
    """The newest half of an open file that is whole."""
    content = os.pread(handle, 2 * _SLOT_SIZE, 0)
    return max(_parsed(content), key=lambda slot: slot[0], default=None)


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
