"""The EGM96 grid that is shipped with the package: read, verified, unpacked.

A node that cannot load or verify it says so by name and has no undulation, never one of zero.
The file is made from the grid that PROJ ships (`data/README.md`): whole centimetres, each node
less its western and then less its southern neighbour, 16-bit little-endian, deflated.
Implements ALT-001 to ALT-004.
"""

import hashlib
import struct
import zlib
from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files

import numpy as np

from crosstell.core.errors import CallerError, Unavailable
from crosstell.core.geometry.geoid import CM, Geoid, NoGeoid

NAME = "egm96_15_cm.deflate"
DIGEST = "b25c0f373ee3a6491224e32dd6a148ca68567354f5afa6a46e07e1c97f9cdade"
ROWS, COLUMNS = 721, 1440
SIZE = ROWS * COLUMNS * 2
GTX_HEAD = struct.Struct(">4d2i")  # lower left latitude, longitude, their steps, rows, columns


def _shipped() -> bytes:
    """The file as it lies in the package."""
    return (files("crosstell") / "data" / NAME).read_bytes()


def load_geoid(read: Callable[[], bytes] = _shipped) -> Geoid:
    """The shipped grid, its bytes verified. Raises Unavailable by name, with what to do."""
    try:
        packed = read()
    except OSError as error:
        raise Unavailable(
            f"geoid grid {NAME}: cannot be read ({error}); no height above the ellipsoid is "
            "converted until the package is installed again"
        ) from error
    digest = hashlib.sha256(packed).hexdigest()
    if digest != DIGEST:
        raise Unavailable(
            f"geoid grid {NAME}: its SHA-256 is {digest}, not {DIGEST}; no height above the "
            "ellipsoid is converted until the package is installed again"
        )
    return Geoid(heights_cm=_unpacked(packed), digest=digest)


@lru_cache(maxsize=1)
def geoid_at_start() -> Geoid | NoGeoid:
    """The shipped grid, or the reason why there is none, to be shown; read once per process."""
    try:
        return load_geoid()
    except Unavailable as fault:
        return NoGeoid(why=str(fault))


def packed_from_gtx(gtx: bytes) -> bytes:
    """The shipped form of a GTX grid of the globe. CallerError for another extent or spacing."""
    if len(gtx) < GTX_HEAD.size or GTX_HEAD.unpack_from(gtx) != (
        (-90.0, -180.0, 0.25, 0.25, ROWS, COLUMNS)
    ):
        raise CallerError("geoid grid: not the 15' grid of the globe from 90 S 180 W; take that")
    heights = np.frombuffer(gtx, dtype=">f4", offset=GTX_HEAD.size)
    if heights.size != ROWS * COLUMNS:
        raise CallerError(f"geoid grid: {heights.size} heights, not {ROWS * COLUMNS}; it is cut")
    grid = np.rint(heights.astype(np.float64) * CM).astype("<i2").reshape(ROWS, COLUMNS)
    step = np.diff(np.diff(grid, axis=1, prepend=grid.dtype.type(0)), axis=0, prepend=0)
    return zlib.compress(step.astype("<i2").tobytes(), 9)


def _unpacked(packed: bytes) -> np.ndarray[tuple[int, ...], np.dtype[np.int16]]:
    steps = np.frombuffer(zlib.decompress(packed, bufsize=SIZE), dtype="<i2")
    grid = steps.reshape(ROWS, COLUMNS).cumsum(axis=0, dtype=np.int16)
    grid = grid.cumsum(axis=1, dtype=np.int16)
    grid.flags.writeable = False
    return grid
