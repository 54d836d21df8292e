"""The two folders between the sides: each side writes frames into its own and reads the other's.

A frame is written beside its place and renamed when it is whole on disk, so that a reader never
sees half of one. Only its writer deletes it: once the other side says, in a frame of its own, that
it took it, or once it is stale or too many wait; the node sends again what was lost so. A reader
therefore never writes into the folder that it reads, which may be the far end of a one-way link.
Implements SPLIT-003 to SPLIT-006.
"""

import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from crosstell.codecs.parcels import frame as frames
from crosstell.codecs.parcels.frame import FRAME_MAX, Frame, LineTold
from crosstell.core.errors import PartyError, Unavailable
from crosstell.core.ids import PartyId
from crosstell.core.instant import to_us
from crosstell.core.record.canonical import INTEGER_LIMIT

FRAMES_MAX = 64  # that wait in one folder
LOOKED_AT_MAX = 1_000  # names in a folder; whoever fills it with others is not read to the end
STALE_MS = 60_000
_NAME = re.compile(r"(\d{16})\.frame")


@dataclass(slots=True)
class Outbox:
    """The folder that this side writes."""

    folder: Path
    now: Callable[[], datetime]
    dropped: int = field(init=False, default=0)
    _last: int = field(init=False, default=0)

    def write(
        self,
        parcels: Iterable[tuple[PartyId, bytes]],
        acks: tuple[int, ...],
        alarm: str = "",
        lines: tuple[LineTold, ...] = (),
    ) -> int:
        """One more frame is in the folder, whole; its number. Unavailable if it cannot be."""
        at_ms = to_us(self.now()) // 1_000
        waiting = self.waiting()
        number = max(at_ms, self._last + 1, max(waiting, default=0) + 1)
        frame = Frame(
            number=number,
            at_ms=at_ms,
            acks=acks,
            parcels=tuple(parcels),
            alarm=alarm,
            lines=lines,
        )
        try:
            self._make_room(waiting, at_ms)
            _write_whole(self.folder, _name(number), frames.encode(frame))
        except OSError as error:
            raise Unavailable(
                f"{self.folder}: a frame cannot be written ({error.strerror}); free the disk or "
                "mount the link again; what waits is sent again"
            ) from error
        self._last = number
        return number

    def waiting(self) -> tuple[int, ...]:
        """The numbers of the frames that the other side has not yet taken, as far as we know."""
        return tuple(sorted(_numbers(self.folder)))

    def taken(self, acks: Iterable[int]) -> None:
        """The other side has these. Unavailable if they cannot be deleted."""
        try:
            for number in acks:
                (self.folder / _name(number)).unlink(missing_ok=True)
        except OSError as error:
            raise Unavailable(
                f"{self.folder}: what was taken cannot be deleted ({error.strerror}); check the "
                "rights on the folder, or mount it again"
            ) from error

    def _make_room(self, waiting: tuple[int, ...], at_ms: int) -> None:
        """What is stale or too much goes; a clock that was set back makes nothing stale."""
        for place, number in enumerate(waiting):
            too_many = len(waiting) - place >= FRAMES_MAX
            if too_many or number < at_ms - STALE_MS:
                (self.folder / _name(number)).unlink(missing_ok=True)
                self.dropped += 1


@dataclass(slots=True)
class Inbox:
    """The folder that the other side writes. A frame is taken once for as long as it lies there.

    What was not handed on, or is no frame, is not said to be taken. Implements SPLIT-283.
    """

    folder: Path
    faults: int = field(init=False, default=0)
    _taken: set[int] = field(init=False, default_factory=set)
    _faulty: set[int] = field(init=False, default_factory=set)

    @property
    def trouble(self) -> str | None:
        """What a person must know of the folder: that the other side, or another, puts rubbish in.

        Nothing of it was taken; what it may have held is sent again.
        """
        if self.faults == 0:
            return None
        return (
            f"{self.folder}: files that are no whole frames of the other side: {self.faults}, left "
            "there; look who else writes to that folder, and whether its disk is sound"
        )

    def acks(self) -> tuple[int, ...]:
        """The numbers of the frames that lie there and were taken."""
        return tuple(sorted(self._taken)[-frames.ACKS_MAX :])

    def read(self) -> Iterator[Frame]:
        """The frames that were not taken before, in the order of their numbers, one at a time."""
        there = sorted(_numbers(self.folder))
        self._taken &= set(there)
        self._faulty &= set(there)
        for number in there[:FRAMES_MAX]:
            if number in self._taken | self._faulty:
                continue
            frame = self._frame(number)
            if frame is not None:
                yield frame
            else:
                self._faulty.add(number)

    def took(self, frame: Frame) -> None:
        """What it holds was handed on: the other side may delete it."""
        self._taken.add(frame.number)

    def _frame(self, number: int) -> Frame | None:
        """The frame; None, and counted, for a file that is none."""
        try:
            found = frames.decode(_read_plain(self.folder / _name(number)))
        except (OSError, PartyError):
            self.faults += 1
            return None
        if found.number != number:
            self.faults += 1
            return None
        return found


def _name(number: int) -> str:
    return f"{number:016}.frame"


def _numbers(folder: Path) -> list[int]:
    """The numbers of the frames in a folder; Unavailable if it cannot be read."""
    numbers: list[int] = []
    try:
        with os.scandir(folder) as entries:
            for count, entry in enumerate(entries):
                if count >= LOOKED_AT_MAX:
                    break
                match = _NAME.fullmatch(entry.name)
                if match is not None and int(match[1]) < INTEGER_LIMIT:
                    numbers.append(int(match[1]))
    except OSError as error:
        raise Unavailable(
            f"{folder}: the folder between the sides cannot be read ({error.strerror}); mount it "
            "again"
        ) from error
    return numbers


def _read_plain(path: Path) -> bytes:
    """The bytes of a regular file within the limit; PartyError for a link, a device, or more."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise PartyError("frame: it is no regular file")
    with os.fdopen(handle, "rb") as file:
        return file.read(FRAME_MAX + 1)


def _write_whole(folder: Path, name: str, data: bytes) -> None:
    """The file stands whole under its name, on disk."""
    part = folder / f".{name}.part"
    try:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.rename(folder / name)
    finally:
        part.unlink(missing_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
