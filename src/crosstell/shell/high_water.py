"""How far our own logs were ever signed, kept on a second path, so that a restore cannot fork.

A node whose store holds less than this mark has lost its end: it signs nothing until it has the
entries back from its peers, or until its party resumes in a new feed under the offline root.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from crosstell.core.errors import CallerError, Unavailable
from crosstell.core.ids import FeedId


class HighWater(Protocol):
    """The mark of each of our logs. `raise_to` is durable on return and never lowers it."""

    def read(self, feed: FeedId) -> int:
        """The largest size that was ever committed; 0 if none was."""
        ...

    def raise_to(self, feed: FeedId, size: int) -> None:
        """The mark is at least `size`. Unavailable if it cannot be written."""
        ...


@dataclass(slots=True)
class MemoryHighWater:
    """Marks that outlive a node's restart in a simulation, not the process."""

    marks: dict[FeedId, int] = field(default_factory=dict)

    def read(self, feed: FeedId) -> int:
        """The mark of `feed`."""
        return self.marks.get(feed, 0)

    def raise_to(self, feed: FeedId, size: int) -> None:
        """The mark is at least `size`."""
        self.marks[feed] = max(size, self.read(feed))


@dataclass(frozen=True, slots=True)
class FileHighWater:
    """One small file per log in a folder, which should lie on another medium than the store."""

    folder: Path

    def read(self, feed: FeedId) -> int:
        """The mark of `feed`; CallerError for a file that holds no size."""
        try:
            text = self._file(feed).read_text(encoding="ascii")
        except FileNotFoundError:
            return 0
        except (OSError, UnicodeDecodeError) as error:
            raise CallerError(f"{self._file(feed)}: cannot be read ({error}); repair it") from error
        if not text.strip().isascii() or not text.strip().isdigit():
            raise CallerError(
                f"{self._file(feed)}: holds no size; restore it, or compare with your peers how "
                "far your feed was signed before you write one by hand"
            )
        return int(text)

    def raise_to(self, feed: FeedId, size: int) -> None:
        """The mark is at least `size`, written beside and renamed over the old one."""
        if size <= self.read(feed):
            return
        target = self._file(feed)
        part = target.with_suffix(".part")
        try:
            with part.open("w", encoding="ascii") as file:
                file.write(f"{size}\n")
                file.flush()
                os.fsync(file.fileno())
            part.replace(target)
        except OSError as error:
            raise Unavailable(
                f"{target}: the mark cannot be written ({error.strerror}); free the disk or name "
                "another folder, then start the node again"
            ) from error

    def _file(self, feed: FeedId) -> Path:
        return self.folder / f"{feed}.high-water"
