"""PMTiles version 3: the header, the root directory and the metadata of a map package.

Units: offsets and lengths in bytes of the file, degrees WGS-84, zoom levels. The tiles themselves
are not read here: the page draws them, and nothing is computed from a map. The file is hostile
input: every offset lies within it, nothing is unpacked beyond a stated size, text is cut to plain
characters. ValueError says what is wrong. Implements CON-015.
"""

import json
import re
import struct
import zlib
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeVar

HEADER_SIZE = 127
ROOT_END_MAX = 16_384  # header and root directory lie in the first 16 KiB, by the format
METADATA_SIZE_MAX = 4_000_000  # unpacked; what is packed is less
DIRECTORY_SIZE_MAX = 2_000_000  # unpacked root directory
ENTRIES_MAX = 60_000  # of the root directory
ZOOM_MAX = 26
LAYERS_MAX = 64
TEXT_LENGTH_MAX = 300
E7 = 10_000_000
_MAGIC = b"PMTiles\x03"
_LAYOUT = struct.Struct("<8s11QBBBBBBiiiiBii")
_LAYER = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
_TAG = re.compile(r"<[^>]*>")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_VARINT_SHIFT_MAX = 63
CodeT = TypeVar("CodeT", bound=IntEnum)


class Packing(IntEnum):
    """How directories, metadata or tiles are packed; the page unpacks these and no others."""

    NONE = 1
    GZIP = 2


class TileKind(IntEnum):
    """What a tile holds."""

    VECTOR = 1
    PNG = 2
    JPEG = 3
    WEBP = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A part of the file."""

    offset: int
    length: int

    @property
    def end(self) -> int:
        """The first byte behind it."""
        return self.offset + self.length


@dataclass(frozen=True, slots=True, kw_only=True)
class PmtilesHeader:
    """What the first 127 bytes say. `bounds`: west, south, east, north."""

    root: Span
    metadata: Span
    leaves: Span
    tiles: Span
    internal: Packing
    kind: TileKind
    zooms: tuple[int, int]
    bounds: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class PmtilesMetadata:
    """What the package says of itself, as plain text, and the names of its vector layers."""

    attribution: str
    layers: tuple[str, ...]


def read_header(data: bytes, *, size: int) -> PmtilesHeader:
    """The header of a file of that size, every part of it within the file."""
    if len(data) < HEADER_SIZE or size < HEADER_SIZE:
        raise ValueError(f"{size} bytes are too few for a map package; export it again")
    magic, *numbers = _LAYOUT.unpack(data[:HEADER_SIZE])
    if magic != _MAGIC:
        raise ValueError("it is no PMTiles file of version 3; convert it, e.g. with `pmtiles`")
    offsets, (_clustered, internal, packed, kind, low, high) = numbers[:11], numbers[11:17]
    root, metadata, leaves, tiles = _parts(offsets, size)
    if packed not in (0, *Packing):
        raise ValueError("its tiles are packed as no browser unpacks them; export with gzip")
    if not low <= high <= ZOOM_MAX:
        raise ValueError(f"its zoom levels {low} to {high} are none; export it again")
    return PmtilesHeader(
        root=root,
        metadata=metadata,
        leaves=leaves,
        tiles=tiles,
        internal=_one_of(Packing, internal, "its directories are packed; export with gzip or none"),
        kind=_one_of(TileKind, kind, "its tiles are neither vector tiles nor PNG, JPEG or WebP"),
        zooms=(low, high),
        bounds=_bounds(numbers[17:21]),
    )


def _parts(offsets: list[int], size: int) -> tuple[Span, ...]:
    """The four parts of the file, each within it and no larger than is read."""
    spans = tuple(Span(offset=offsets[at], length=offsets[at + 1]) for at in (0, 2, 4, 6))
    names = ("root directory", "metadata", "leaf directories", "tiles")
    for name, span in zip(names, spans, strict=True):
        if span.end > size or (span.length and span.offset < HEADER_SIZE):
            raise ValueError(f"its {name} lie outside the file; it was cut off or is damaged")
    root, metadata = spans[:2]
    if root.length == 0 or root.end > ROOT_END_MAX:
        raise ValueError("its root directory is not in the first 16 KiB, as the format wants it")
    if metadata.length > METADATA_SIZE_MAX:
        raise ValueError(f"its metadata have {metadata.length} bytes; at most {METADATA_SIZE_MAX}")
    return spans


def _one_of(kind: type[CodeT], value: int, why: str) -> CodeT:
    try:
        return kind(value)
    except ValueError:
        raise ValueError(f"{why} (code {value})") from None


def _bounds(stated: list[int]) -> tuple[float, float, float, float]:
    west, south, east, north = (value / E7 for value in stated)
    inside = -180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90
    if not (inside and west < east):
        raise ValueError(f"its bounds {west}, {south}, {east}, {north} are no place on Earth")
    return west, south, east, north


def unpack(data: bytes, packing: Packing, *, most: int) -> bytes:
    """The bytes, unpacked; never more than `most` of them are made."""
    if packing is Packing.NONE:
        if len(data) > most:
            raise ValueError(f"a part of it has {len(data)} bytes; at most {most}")
        return data
    unpacking = zlib.decompressobj(wbits=31)
    try:
        found = unpacking.decompress(data, most + 1)
    except zlib.error as fault:
        raise ValueError(f"a packed part of it is damaged: {fault}") from fault
    if len(found) > most:
        raise ValueError(f"a packed part of it grows beyond {most} bytes")
    if not unpacking.eof:
        raise ValueError("a packed part of it is cut off")
    return found


def check_root(packed: bytes, header: PmtilesHeader) -> int:
    """How many entries the root directory has, each in order and within the file."""
    data = unpack(packed, header.internal, most=DIRECTORY_SIZE_MAX)
    numbers = _Varints(data)
    count = numbers.next()
    if not 0 < count <= ENTRIES_MAX:
        raise ValueError(f"its root directory has {count} entries; 1 to {ENTRIES_MAX}")
    ids = [numbers.next() for _ in range(count)]
    if any(step == 0 for step in ids[1:]):
        raise ValueError("its root directory names a tile twice")
    runs = [numbers.next() for _ in range(count)]
    lengths = [numbers.next() for _ in range(count)]
    end = 0
    for run, length in zip(runs, lengths, strict=True):
        stated = numbers.next()
        offset = end if stated == 0 else stated - 1
        end = offset + length
        within = header.leaves if run == 0 else header.tiles
        if not length or end > within.length:
            raise ValueError("an entry of its root directory lies outside the file")
    return count


class _Varints:
    """Little-endian base-128 numbers, one after another."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def next(self) -> int:
        value = shift = 0
        while True:
            if self._at >= len(self._data) or shift > _VARINT_SHIFT_MAX:
                raise ValueError("its root directory ends early or holds a number that is none")
            byte = self._data[self._at]
            self._at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value


def read_metadata(packed: bytes, header: PmtilesHeader) -> PmtilesMetadata:
    """What the package says of itself. A package without metadata says nothing."""
    if not packed:
        return PmtilesMetadata(attribution="", layers=())
    data = unpack(packed, header.internal, most=METADATA_SIZE_MAX)
    try:
        said = json.loads(data)
    except (ValueError, RecursionError) as fault:
        raise ValueError(f"its metadata are no JSON: {fault}") from None
    said = said if isinstance(said, dict) else {}
    listed = said.get("vector_layers")
    listed = listed if isinstance(listed, list) else []
    ids = [one.get("id") for one in listed if isinstance(one, dict)]
    layers = [one for one in ids if isinstance(one, str) and _LAYER.fullmatch(one)]
    if header.kind is TileKind.VECTOR and not layers:
        raise ValueError("its metadata name no vector layer that could be drawn; export it again")
    return PmtilesMetadata(
        attribution=plain_text(said.get("attribution")),
        layers=tuple(dict.fromkeys(layers))[:LAYERS_MAX],
    )


def plain_text(value: object) -> str:
    """Text as it may stand on a page: no tags, no control characters, no longer than a line."""
    text = _TAG.sub("", value) if isinstance(value, str) else ""
    return " ".join(_CONTROL.sub(" ", text).split())[:TEXT_LENGTH_MAX]
