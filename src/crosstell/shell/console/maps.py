"""The operator's own map packages: files in the node's folder, each with a manifest beside it.

A package is copied in whole and checked, and named by its SHA-256; a manifest is written last, so
that half a copy is never shown. For the eye alone: nothing is computed from a map.
Implements CON-015, CON-016.
"""

import hashlib
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from crosstell.codecs.api.json_document import from_json
from crosstell.codecs.api.maps import MapKind, MapShown
from crosstell.codecs.geo.pmtiles import (
    ROOT_END_MAX,
    PmtilesHeader,
    PmtilesMetadata,
    TileKind,
    check_root,
    plain_text,
    read_header,
    read_metadata,
)
from crosstell.codecs.plain import to_plain
from crosstell.codecs.yaml_document import DocumentRefused
from crosstell.core.errors import CallerError, Unavailable

SIZE_MAX = 32 * 2**30  # bytes of one package
MAPS_MAX = 16
TITLE_LENGTH_MAX = 60
MANIFEST_SIZE_MAX = 64 * 1024
COPIED_AT_ONCE = 4 * 2**20
ID = re.compile(r"[0-9a-f]{16}")


def add_map(folder: Path, file: Path, title: str) -> MapShown:
    """The package is in the folder, whole, checked and named; a running node shows it at once."""
    said = plain_text(title)
    if not 0 < len(said) <= TITLE_LENGTH_MAX:
        raise CallerError(f"--title: give 1 to {TITLE_LENGTH_MAX} characters; it stands on the map")
    if len(maps_in(folder)) >= MAPS_MAX:
        raise CallerError(f"{folder}: holds {MAPS_MAX} maps; remove one first")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = folder / ".part"
    try:
        with _regular(file) as (source, size):
            header, metadata = _checked(source, size, file)
            digest = _copied(source, part)
        if _digest_of(part) != digest:
            raise Unavailable(f"{file}: its copy is not what was read; the disk is at fault")
        found = _described(header, metadata, said, digest, size)
        part.rename(tiles_of(folder, found.id))
        _write(folder / f"{found.id}.json", msgspec.json.encode(to_plain(found)))
    except OSError as fault:
        raise Unavailable(
            f"{file}: the map is not added ({fault.strerror}); free the disk"
        ) from fault
    finally:
        part.unlink(missing_ok=True)
    return found


@contextmanager
def _regular(file: Path) -> Iterator[tuple[int, int]]:
    """The file, open, with its size; CallerError for what is none."""
    try:
        opened = os.open(file, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as fault:
        raise CallerError(f"{file}: {fault.strerror}; name a PMTiles file") from fault
    try:
        status = os.fstat(opened)
        if not stat.S_ISREG(status.st_mode) or status.st_size > SIZE_MAX:
            raise CallerError(f"{file}: is no regular file of at most {SIZE_MAX} bytes")
        yield opened, status.st_size
    finally:
        os.close(opened)


def _checked(source: int, size: int, file: Path) -> tuple[PmtilesHeader, PmtilesMetadata]:
    try:
        head = os.pread(source, ROOT_END_MAX, 0)
        header = read_header(head, size=size)
        check_root(head[header.root.offset : header.root.end], header)
        packed = os.pread(source, header.metadata.length, header.metadata.offset)
        return header, read_metadata(packed, header)
    except ValueError as fault:
        raise CallerError(f"{file}: {fault}") from fault


def _copied(source: int, part: Path) -> str:
    """The SHA-256 of the file, which is durable under its first name."""
    digest = hashlib.sha256()
    part.unlink(missing_ok=True)
    target = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    try:
        at = 0
        while chunk := os.pread(source, COPIED_AT_ONCE, at):
            digest.update(chunk)
            at += len(chunk)
            rest = memoryview(chunk)
            while rest:
                rest = rest[os.write(target, rest) :]
        os.fsync(target)
    finally:
        os.close(target)
    return digest.hexdigest()


def _described(
    header: PmtilesHeader, metadata: PmtilesMetadata, title: str, digest: str, size: int
) -> MapShown:
    west, south, east, north = header.bounds
    return MapShown(
        id=digest[:16],
        title=title,
        attribution=metadata.attribution,
        sha256=digest,
        size=size,
        kind=MapKind.VECTOR if header.kind is TileKind.VECTOR else MapKind.RASTER,
        layers=metadata.layers,
        zoom_min=header.zooms[0],
        zoom_max=header.zooms[1],
        west_deg=west,
        south_deg=south,
        east_deg=east,
        north_deg=north,
    )


def _write(path: Path, data: bytes) -> None:
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)


def tiles_of(folder: Path, name: str) -> Path:
    """Where the file of that package is."""
    return folder / f"{name}.pmtiles"


def maps_in(folder: Path) -> tuple[MapShown, ...]:
    """The packages of the folder by title: those whose file is there with the size it had."""
    return tuple(one for one in _manifests(folder) if _is_there(folder, one))[:MAPS_MAX]


def missing_in(folder: Path) -> tuple[MapShown, ...]:
    """The packages by title whose file is gone, or has another size. Implements CON-445."""
    return tuple(one for one in _manifests(folder) if not _is_there(folder, one))[:MAPS_MAX]


def _manifests(folder: Path) -> list[MapShown]:
    names = sorted(folder.glob("*.json"))[: 2 * MAPS_MAX] if folder.is_dir() else []
    found = [one for one in map(_read, names) if one is not None]
    return sorted(found, key=lambda one: (one.title, one.id))


def _is_there(folder: Path, one: MapShown) -> bool:
    return _size(tiles_of(folder, one.id)) == one.size


def map_in(folder: Path, name: str) -> MapShown | None:
    """The package of that id, as its manifest has it; None for no such."""
    return _read(folder / f"{name}.json") if ID.fullmatch(name) else None


def _read(path: Path) -> MapShown | None:
    """The manifest, or None for a file that is none."""
    try:
        if path.stat().st_size > MANIFEST_SIZE_MAX or not ID.fullmatch(path.stem):
            return None
        found = from_json(MapShown, path.read_bytes())
    except (OSError, DocumentRefused):
        return None
    return found if found.id == path.stem and found.sha256.startswith(found.id) else None


def _size(path: Path) -> int | None:
    try:
        status = path.lstat()
    except OSError:
        return None
    return status.st_size if stat.S_ISREG(status.st_mode) else None


def read_part(folder: Path, name: str, first: int, count: int) -> tuple[bytes, int]:
    """So many bytes of that package from `first` on, and its whole size. CallerError for none."""
    if not ID.fullmatch(name):
        raise CallerError(f"{name[:32]}: no map has that id")
    try:
        opened = os.open(tiles_of(folder, name), os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        raise CallerError(f"{name}: no map has that id") from None
    try:
        return os.pread(opened, count, first), os.fstat(opened).st_size
    finally:
        os.close(opened)


def is_whole(folder: Path, one: MapShown) -> bool:
    """Whether the file is still the one that was added, byte for byte."""
    return _digest_of(tiles_of(folder, one.id)) == one.sha256


def _digest_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(COPIED_AT_ONCE):
            digest.update(chunk)
    return digest.hexdigest()


def remove_map(folder: Path, name: str) -> MapShown:
    """The package whose id begins so is gone: its manifest first."""
    found = [one for one in _manifests(folder) if one.id.startswith(name)]
    if len(found) != 1 or not name:
        raise CallerError(f"{name}: {len(found)} maps have an id that begins so; name one")
    (folder / f"{found[0].id}.json").unlink()
    tiles_of(folder, found[0].id).unlink(missing_ok=True)
    return found[0]
