"""The folder of an export on disk: read as hostile input, written whole or not at all.

Reading follows no link, opens nothing but regular files below the folder, and has a cap on
every size and count. Writing goes to a hidden folder beside the target, which is renamed once
all is on disk. Implements ARC-010 to ARC-014.
"""

import hashlib
import os
import secrets
import shutil
import stat
from collections.abc import Callable, Iterable
from pathlib import Path

from crosstell.codecs.archive.files import (
    FILE_SIZE_MAX,
    FILES_MAX,
    LISTING,
    MANIFEST,
    Listed,
    listed,
    print_listing,
)
from crosstell.core.errors import CallerError, PartyError

_DEPTH_MAX = 10
REMEDY = "Keep this one, and ask whoever sent it for a fresh copy"


class BadFile(PartyError):
    """A file that does not hold; its message is complete and names the file."""


def fault(where: Path | str, what: str) -> BadFile:
    """The one message about a bad file: which file, what and where in it, what to do.

    Names in it may come from a hostile folder, so nothing in it can move a terminal's cursor.
    """
    message = f"{where}: {what}. {REMEDY}"
    return BadFile(
        "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in message)
    )


def read_file(path: Path, size_max: int) -> bytes:
    """The content of a regular file that the reader named; CallerError or PartyError if not."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise CallerError(
            f"{path}: cannot be read ({error.strerror}); name a file that is there"
        ) from error
    return _content(handle, path, size_max)


def _content(handle: int, where: Path | str, size_max: int) -> bytes:
    """What an open file holds, at most `size_max` bytes, if it is a regular file; closes it."""
    with os.fdopen(handle, "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise fault(where, "is not a regular file")
        if found.st_size > size_max:
            raise fault(where, f"has {found.st_size} bytes, more than the {size_max} allowed")
        content = file.read(size_max + 1)
    if len(content) > size_max:
        raise fault(where, f"grew past {size_max} bytes while it was read")
    return content


class ExportFolder:
    """An export on disk that somebody else may have made."""

    def __init__(self, path: Path) -> None:
        """Name the folder; nothing is read yet. `empty` fills with the empty ones inside."""
        self.path = path
        self.empty: list[Path] = []

    def names(self) -> dict[str, int]:
        """Every file below the folder with its size; PartyError for what is no file or folder."""
        found: dict[str, int] = {}
        waiting = [(self.path, "", 0)]
        while waiting:
            folder, prefix, depth = waiting.pop()
            items = self._items(folder)
            if not items:
                self.empty.append(folder)
            for item in items:
                name = prefix + item.name
                kind = item.stat(follow_symlinks=False).st_mode
                if stat.S_ISDIR(kind) and depth < _DEPTH_MAX:
                    waiting.append((Path(item.path), name + "/", depth + 1))
                elif stat.S_ISREG(kind):
                    found[name] = item.stat(follow_symlinks=False).st_size
                else:
                    raise fault(item.path, "is a link, a device or a folder too deep; none belongs")
                if len(found) + len(waiting) > FILES_MAX + 2:
                    raise fault(self.path, f"holds more than {FILES_MAX} files")
        return found

    def _items(self, folder: Path) -> list["os.DirEntry[str]"]:
        """What lies in one folder."""
        try:
            with os.scandir(folder) as items:
                return list(items)
        except OSError as error:
            raise CallerError(
                f"{folder}: cannot be read as a folder ({error.strerror}); name the folder of an "
                "export"
            ) from error

    def read(self, name: str, size_max: int = FILE_SIZE_MAX) -> bytes:
        """The content of a file of the folder; no part of its path may be a link."""
        *folders, last = name.split("/")
        where = self.path / name
        held = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC
        try:
            for part in folders:
                inner = os.open(part, flags | os.O_DIRECTORY, dir_fd=held)
                os.close(held)
                held = inner
            handle = os.open(last, flags | os.O_NONBLOCK, dir_fd=held)
        except OSError as error:
            raise fault(where, f"cannot be read ({error.strerror})") from error
        finally:
            os.close(held)
        return _content(handle, where, size_max)

    def read_listed(self, line: Listed) -> bytes:
        """The content of a listed file, proved to be the one the list names."""
        content = self.read(line.path)
        if len(content) != line.size:
            raise fault(
                self.path / line.path, f"has {len(content)} bytes, the manifest says {line.size}"
            )
        if hashlib.sha256(content).hexdigest() != line.sha256:
            raise fault(self.path / line.path, "is not the file that the manifest names: changed")
        return content


def write_folder(
    target: Path, files: Iterable[tuple[str, bytes]], seal: Callable[[int, bytes], bytes]
) -> None:
    """The export stands at `target`, whole and on disk; on any error nothing stands there.

    `files` gives paths with content, `seal` the manifest for the number of files and their list.
    """
    if target.exists() or target.is_symlink():
        raise CallerError(f"{target}: exists already; nothing was written. Name a new folder")
    part = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
    try:
        part.mkdir(mode=0o700)
        lines = [_write(part, path, content) for path, content in files]
        listing = print_listing(lines)
        _write(part, LISTING, listing)
        _write(part, MANIFEST, seal(len(lines), listing))
        for folder, _, _ in os.walk(part):
            _synchronise(Path(folder))
        part.rename(target)
        _synchronise(target.parent)
    except OSError as error:
        raise CallerError(
            f"{target}: cannot be written ({error.strerror}); nothing was left there. Name a "
            "folder on a medium with room that you may write to"
        ) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def write_file(target: Path, content: bytes) -> None:
    """`target` holds `content`, whole and on disk; never over a file that was there."""
    if target.exists() or target.is_symlink():
        raise CallerError(f"{target}: exists already; nothing was written. Name a new file")
    if not target.parent.is_dir():
        raise CallerError(f"{target.parent}: no such folder; nothing was left there. Make it first")
    part = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
    try:
        _write(part.parent, part.name, content)
        part.rename(target)
        _synchronise(target.parent)
    except OSError as error:
        raise CallerError(
            f"{target}: cannot be written ({error.strerror}); nothing was left there. Name a file "
            "in a folder that you may write to"
        ) from error
    finally:
        part.unlink(missing_ok=True)


def _write(folder: Path, path: str, content: bytes) -> Listed:
    """The file is on disk below `folder`; its line for the list."""
    target = folder / path
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return listed(path, content)


def _synchronise(folder: Path) -> None:
    """The folder's list of names is on disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
