"""What a store's file must look like before SQLite is allowed to touch it.

Reads the 100-byte header that SQLite documents (https://www.sqlite.org/fileformat.html, 1.3),
so that a wrong file is refused with one clear message and not one byte of it changes.
"""

import struct
from pathlib import Path
from typing import Final

from crosstell.core.errors import CallerError, Fatal

APPLICATION_ID: Final = 0x43525354  # "CRST"
SCHEMA_VERSION: Final = 1
_HEADER_SIZE: Final = 100
_MAGIC: Final = b"SQLite format 3\x00"


def _header(path: Path) -> bytes:
    """The first 100 bytes of a regular file; CallerError if there is none."""
    try:
        if not path.is_file():
            there = "this is not a file" if path.exists() else "there is no such file"
            raise CallerError(f"{path}: {there}; name a store, or make one first")
        with path.open("rb") as file:
            return file.read(_HEADER_SIZE)
    except OSError as error:
        raise CallerError(
            f"{path}: cannot be read ({error.strerror}); check the rights on the file"
        ) from error


def check_file(path: Path) -> None:
    """`path` is a whole store of a version we know; otherwise one message says what it is."""
    header = _header(path)
    if header[:16] != _MAGIC[: len(header[:16])] or not header:
        raise CallerError(
            f"{path}: this is not a Crosstell store (it does not begin as one); name the right "
            "file. Nothing was changed"
        )
    if len(header) < _HEADER_SIZE:
        raise Fatal(
            f"{path}: the store is cut off inside its header ({len(header)} bytes). Keep it, and "
            "restore the newest copy beside it"
        )
    (version,) = struct.unpack(">I", header[60:64])
    (application,) = struct.unpack(">I", header[68:72])
    if application != APPLICATION_ID:
        raise CallerError(
            f"{path}: this is an SQLite file of another program; name the right file. Nothing was "
            "changed"
        )
    if version != SCHEMA_VERSION:
        raise CallerError(
            f"{path}: the store has schema version {version}, this program knows {SCHEMA_VERSION}; "
            "use the version of Crosstell that wrote it. Nothing was changed"
        )
    _check_length(path, header)


def _check_length(path: Path, header: bytes) -> None:
    """The file is as long as its header says; a log that is not yet merged may make up for it."""
    (page_size,) = struct.unpack(">H", header[16:18])
    (pages,) = struct.unpack(">I", header[28:32])
    wanted = (65_536 if page_size == 1 else page_size) * pages
    log = Path(f"{path}-wal")
    if log.exists() and log.stat().st_size > 0:
        return
    length = path.stat().st_size
    if length < wanted:
        raise Fatal(
            f"{path}: the store is cut off: {length} of {wanted} bytes. Keep it, restore the "
            "newest copy beside it, and fetch later entries from the other parties"
        )
