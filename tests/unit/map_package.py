"""A small PMTiles file, written by the format's own rules: one vector tile of the whole world."""

import gzip
import json
import struct
from collections.abc import Iterable
from typing import Any

_LAYOUT = struct.Struct("<8s11QBBBBBBiiiiBii")
EXTENT = 4_096


def varint(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    found.append(value)
    return bytes(found)


def field(number: int, data: bytes) -> bytes:
    """A protobuf field of bytes."""
    return varint(number << 3 | 2) + varint(len(data)) + data


def count(number: int, value: int) -> bytes:
    """A protobuf field that holds a number."""
    return varint(number << 3) + varint(value)


def zigzag(value: int) -> int:
    return value << 1 if value >= 0 else (-value << 1) - 1


def area(corners: Iterable[tuple[int, int]]) -> bytes:
    """A polygon feature."""
    points = list(corners)
    steps, at = [9], (0, 0)
    for number, (x, y) in enumerate(points):
        if number == 1:
            steps.append((len(points) - 1) << 3 | 2)
        steps += [zigzag(x - at[0]), zigzag(y - at[1])]
        at = (x, y)
    geometry = b"".join(map(varint, [*steps, 15]))
    return count(3, 3) + field(4, geometry)


def tile() -> bytes:
    """Water over a quarter of the world, and a named place."""
    water = area([(2_048, 1_024), (3_072, 1_024), (3_072, 2_048), (2_048, 2_048)])
    point = (
        field(2, varint(0) + varint(0))
        + count(3, 1)
        + field(4, b"".join(map(varint, [9, zigzag(2_510), zigzag(1_600)])))
    )
    places = field(2, point) + field(3, b"name") + field(4, field(1, b"Testville"))
    layers = [("water", field(2, water)), ("places", places)]
    return b"".join(
        field(3, field(1, name.encode()) + body + count(5, EXTENT) + count(15, 2))
        for name, body in layers
    )


METADATA: dict[str, Any] = {
    "name": "test map",
    "attribution": "<a href='https://example.org'>made for a test</a>",
    "vector_layers": [{"id": "water", "fields": {}}, {"id": "places", "fields": {"name": ""}}],
}


def package(*, metadata: object = METADATA, pad: int = 0, **changes: Any) -> bytes:  # noqa: ANN401
    """The file; `changes` are of the header's fields by name, `pad` is added to the tile."""
    data = gzip.compress(tile() + b"", mtime=0) + bytes(pad)
    root = gzip.compress(
        b"".join(map(varint, changes.pop("directory", [1, 0, 1, len(data), 1]))), mtime=0
    )
    said = gzip.compress(json.dumps(metadata).encode(), mtime=0)
    header: dict[str, Any] = {
        "magic": b"PMTiles\x03",
        "root_offset": 127,
        "root_length": len(root),
        "metadata_offset": 127 + len(root),
        "metadata_length": len(said),
        "leaves_offset": 0,
        "leaves_length": 0,
        "tiles_offset": 127 + len(root) + len(said),
        "tiles_length": len(data),
        "addressed": 1,
        "entries": 1,
        "contents": 1,
        "clustered": 1,
        "internal": 2,
        "packed": 2,
        "kind": 1,
        "zoom_min": 0,
        "zoom_max": 0,
        "west": -1_800_000_000,
        "south": -850_000_000,
        "east": 1_800_000_000,
        "north": 850_000_000,
        "centre_zoom": 0,
        "centre_lon": 0,
        "centre_lat": 0,
    }
    assert set(changes) <= set(header), changes
    return _LAYOUT.pack(*(header | changes).values()) + root + said + data
