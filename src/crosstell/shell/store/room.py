"""Whether the disks under a node have room left, told before an act fails for want of it.

Asked whenever somebody looks: it costs two calls of the system. Of a disk that does not answer one
who looks waits, and no more. Implements RUN-552, RUN-553, RUN-568.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

MIB = 1024 * 1024
PART = 10  # of a small medium, as one for the marks alone may be, a tenth is room enough


@dataclass(slots=True, kw_only=True)
class Room:
    """The folders whose filesystems a node writes to, and how much of each is to stay free."""

    folders: tuple[Path, ...]
    free_mib_min: int
    _asking: Lock = field(default_factory=Lock)
    _told: tuple[str, ...] = ()

    def alarms(self) -> tuple[str, ...]:
        """One for each filesystem that is short of room; while another asks, as last known."""
        if self._asking.acquire(blocking=False):
            try:
                self._told = self._found()
            finally:
                self._asking.release()
        return self._told

    def _found(self) -> tuple[str, ...]:
        found: dict[int, str] = {}
        for folder in self.folders:
            try:
                device, told = folder.stat().st_dev, self._alarm(folder)
            except OSError:
                continue  # a disk that is gone has its own faults, and they say more
            if told is not None:
                found.setdefault(device, told)
        return tuple(found.values())

    def _alarm(self, folder: Path) -> str | None:
        on_it = os.statvfs(folder)
        free, size = on_it.f_bavail * on_it.f_frsize, on_it.f_blocks * on_it.f_frsize
        floor = min(self.free_mib_min * MIB, size // PART)
        if free >= floor:
            return None
        return (
            f"the disk of {folder} has {free // MIB} MiB free, less than {-(-floor // MIB)}: make "
            "room before it is full. On a full disk the node records nothing, neither an answer "
            "nor a stop, until there is room"
        )
