"""Parcels in one file that a person carries between sites without a line.

A tag line, a header in JCS-int on one line (from whom, for whom, when it was written), then each
parcel behind its length as in an answer, a length of zero, and the SHA-256 of everything before
it. The hash finds damage, not deceit: each parcel proves itself. No names of files, no paths, no
compression: nothing in it can point elsewhere or grow. Implements CARRY-001, CARRY-002.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from crosstell.codecs.parcel import SIZE_MAX
from crosstell.codecs.parcels.blocks import LENGTH_SIZE
from crosstell.core.errors import PartyError
from crosstell.core.ids import FeedId, check_id
from crosstell.core.record import canonical

TAG = b"crosstell-carried-1\n"
FILE_MAX = 2 * 1024 * 1024 * 1024  # bytes of one file
PARCELS_MAX = 20_000
HEADER_MAX = 1_024
HASH_SIZE = 32
_NAMES = ("v", "from", "to", "at_ms")


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """From whom and for whom a file is, by the names of their feeds, and when it was written."""

    sender: FeedId
    to: FeedId
    at_ms: int


def pieces(label: Label, parcels: Iterable[bytes]) -> Iterator[bytes]:
    """The file, piece by piece."""
    header = canonical.encode(
        {"v": 1, "from": label.sender, "to": label.to, "at_ms": label.at_ms}, what="label"
    )
    digest = hashlib.sha256()
    for piece in _hashed(header, parcels):
        digest.update(piece)
        yield piece
    yield digest.digest()


def _hashed(header: bytes, parcels: Iterable[bytes]) -> Iterator[bytes]:
    yield TAG + header + b"\n"
    for count, parcel in enumerate(parcels):
        if count == PARCELS_MAX or not 0 < len(parcel) <= SIZE_MAX:
            raise ValueError(f"parcel {count} of {len(parcel)} bytes; at most {PARCELS_MAX} fit")
        yield len(parcel).to_bytes(LENGTH_SIZE, "big") + parcel
    yield bytes(LENGTH_SIZE)


def read(file: BinaryIO) -> tuple[Label, Iterator[bytes]]:
    """The label, and the parcels one by one. PartyError for anything but such a file, to its end.

    What is not whole is only found at its end: read it once through before anything is done.
    """
    digest = hashlib.sha256()
    top = file.readline(len(TAG) + 1)
    line = file.readline(HEADER_MAX)
    if top != TAG or not line.endswith(b"\n"):
        raise PartyError("carried file: it does not begin as one; carry the file as it was written")
    digest.update(top + line)
    return _label(line[:-1]), _parcels(file, digest)


def _label(data: bytes) -> Label:
    found = canonical.fields(canonical.decode(data, what="label"), _NAMES, what="label")
    if found["v"] != 1:
        raise PartyError(f"carried file: version {found['v']!r}; this node reads 1, update it")
    sender, to = (
        canonical.string(found[name], what="label", length_max=64) for name in ("from", "to")
    )
    try:
        check_id(sender, what="label: from")
        check_id(to, what="label: to")
    except ValueError as fault:
        raise PartyError(f"carried file: {fault}") from None
    at_ms = canonical.integer(found["at_ms"], what="label: at_ms")
    return Label(sender=FeedId(sender), to=FeedId(to), at_ms=at_ms)


def _parcels(file: BinaryIO, digest: "hashlib._Hash") -> Iterator[bytes]:
    for count in range(PARCELS_MAX + 1):
        top = _exactly(file, LENGTH_SIZE)
        digest.update(top)
        length = int.from_bytes(top, "big")
        if length == 0:
            break
        if length > SIZE_MAX or count == PARCELS_MAX:
            raise PartyError(
                f"carried file: parcel {count} of {length} bytes; at most {PARCELS_MAX} of "
                f"{SIZE_MAX} bytes are read"
            )
        parcel = _exactly(file, length)
        digest.update(parcel)
        yield parcel
    if file.read(HASH_SIZE + 1) != digest.digest():
        raise PartyError("carried file: it was damaged on its way, or goes on; carry it again")


def _exactly(file: BinaryIO, size: int) -> bytes:
    data = file.read(size)
    if len(data) != size:
        raise PartyError("carried file: it ends too early; carry it again, whole")
    return data
