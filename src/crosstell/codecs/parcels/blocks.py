"""Several parcels in one string of bytes, padded so that its size says little of them.

Each parcel stands behind its length, four bytes, the highest first. A length of zero ends them;
after it there are zero bytes alone. One parcel by itself is padded with zero bytes too: a parcel
never ends with one. Implements PEER-004, PEER-005.
"""

from collections.abc import Iterable

from crosstell.codecs.parcel import SIZE_MAX
from crosstell.core.errors import PartyError

PARCELS_MAX = 64  # in one answer
LENGTH_SIZE = 4


def bucket_of(size: int, least: int) -> int:
    """The smallest of `least`, twice `least` and so on that holds so many bytes; 0: no bucket."""
    if least <= 0:
        return size
    while least < size:
        least *= 2
    return least


def pad(parcel: bytes, least: int) -> bytes:
    """The parcel with zero bytes behind it, as long as its bucket, but never over the limit."""
    return parcel.ljust(min(bucket_of(len(parcel), least), SIZE_MAX), b"\0")


def unpad(data: bytes) -> bytes:
    """What was padded."""
    return data.rstrip(b"\0")


def pack(parcels: Iterable[bytes], least: int = 0) -> bytes:
    """The parcels as one string, as long as its bucket."""
    packed = b"".join(len(one).to_bytes(LENGTH_SIZE, "big") + one for one in parcels)
    return packed.ljust(bucket_of(len(packed), least), b"\0")


def unpack(data: bytes) -> tuple[bytes, ...]:
    """The parcels in the string; PartyError for one that is cut, too large or one too many."""
    found: list[bytes] = []
    place = 0
    while place < len(data):
        length = int.from_bytes(data[place : place + LENGTH_SIZE], "big")
        if length == 0:
            break
        start = place + LENGTH_SIZE
        place = start + length
        if length > SIZE_MAX or place > len(data) or len(found) == PARCELS_MAX:
            raise PartyError(
                f"answer: parcel {len(found)} claims {length} bytes of {len(data)}; at most "
                f"{PARCELS_MAX} parcels of {SIZE_MAX} bytes, whole, are read"
            )
        found.append(data[start:place])
    if data[place:].strip(b"\0"):
        raise PartyError(f"answer: bytes stand behind the end of {len(found)} parcels")
    return tuple(found)
