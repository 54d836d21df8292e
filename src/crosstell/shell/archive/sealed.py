"""An export taken file by file, each proved to be the one that its manifest names.

Opening compares the folder with the list: a file missing, added or of another size is refused
before any is read. Whose manifest it is, is checked once the feed's keys are known.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from crosstell.codecs.archive.files import (
    LISTING,
    MANIFEST,
    ArchivePath,
    Kind,
    Listed,
    parse_listing,
    parse_path,
    parse_seal,
    seal_of,
)
from crosstell.core.errors import PartyError
from crosstell.core.record.checkpoint import log_key
from crosstell.core.record.keys import FeedKeys
from crosstell.core.record.note import NOTE_SIZE_MAX, check_note, parse_note
from crosstell.core.record.signing import VerifierOf
from crosstell.shell.archive.far import Tell, untold
from crosstell.shell.archive.folder import BadFile, ExportFolder, fault


@contextmanager
def at_file(folder: ExportFolder, path: str) -> Iterator[None]:
    """Whatever a reader says inside becomes one message that names this file."""
    try:
        yield
    except BadFile:
        raise
    except (PartyError, ValueError) as error:
        raise fault(folder.path / path, str(error)) from error


class SealedFolder:
    """The listed files of an export, each to be taken once."""

    def __init__(
        self,
        folder: ExportFolder,
        tell: Tell = untold,
    ) -> None:
        """Read manifest and list, and compare the list with what lies in the folder.

        From then on `tell` is told how many files of how many were taken.
        """
        self.folder, self._tell = folder, tell
        names = folder.names()
        for name in (MANIFEST, LISTING):
            if name not in names:
                raise fault(folder.path, f"has no file {name!r}, so it is no export")
        with at_file(folder, MANIFEST):
            self._note = parse_note(folder.read(MANIFEST, NOTE_SIZE_MAX))
            self.seal = parse_seal(self._note.text)
        listing = folder.read(LISTING)
        with at_file(folder, LISTING):
            lines = parse_listing(listing)
        stated = seal_of(
            exporter=self.seal.exporter,
            purpose=self.seal.purpose,
            count=len(lines),
            listing=listing,
        )
        if stated != self.seal:
            raise fault(folder.path / LISTING, "is not the list that the manifest seals: changed")
        self.lines = {line.path: line for line in lines}
        self._left = dict(self.lines)
        self._compare(names)

    def _compare(self, names: dict[str, int]) -> None:
        """Every listed file lies here with its size, and no other."""
        for line in self.lines.values():
            if line.path not in names:
                raise fault(self.folder.path / line.path, "is missing; the manifest names it")
            self._check_size(line, names[line.path])
        extra = sorted(set(names) - set(self.lines) - {MANIFEST, LISTING})
        if extra:
            raise fault(self.folder.path / extra[0], "is not named by the manifest; it was added")

    def _check_size(self, line: Listed, size: int) -> None:
        """The file has the size stated."""
        if size != line.size:
            raise fault(
                self.folder.path / line.path, f"has {size} bytes, the manifest says {line.size}"
            )

    def paths(self, kind: Kind) -> tuple[ArchivePath, ...]:
        """The listed files of one kind, sorted by path."""
        found = (parse_path(path) for path in self.lines)
        return tuple(path for path in found if path.kind is kind)

    def take(self, path: str) -> bytes:
        """The content of a listed file; PartyError if it is not listed or was changed."""
        line = self._left.pop(path, None)
        if line is None:
            raise fault(self.folder.path / path, "belongs here and is not in the export: left out")
        self._tell(len(self.lines) - len(self._left), len(self.lines))
        return self.folder.read_listed(line)

    def again(self, path: str) -> bytes:
        """A file that was taken before; PartyError if it was changed since."""
        return self.folder.read_listed(self.lines[path])

    def take_if_listed(self, path: str) -> bytes | None:
        """As `take`, or None if the export has no such file."""
        return self.take(path) if path in self._left else None

    def check_all_taken(self) -> None:
        """Raise PartyError if a listed file is no part of what the export must hold."""
        for path in self._left:
            raise fault(self.folder.path / path, "belongs to no feed of this export as sealed")
        for folder in self.folder.empty:
            raise fault(folder, "is an empty folder; none belongs")

    def check_signature(self, keys: FeedKeys, size: int, verifier_of: VerifierOf) -> None:
        """Raise PartyError unless the exporter's key at its exported size signed the manifest."""
        key = log_key(keys.feed, keys.key_at(size))
        with at_file(self.folder, MANIFEST):
            check_note(self._note, (key,), verifier_of)
            if len(self._note.signatures) != 1:
                raise PartyError("carries a second signature; only the exporter's belongs")
