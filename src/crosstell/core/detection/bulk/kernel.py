"""The compiled kernel: loaded where a library for this machine is in the package, else None.

The libraries in `native/` are built by `make kernel` from the C files beside them, for Linux on
x86-64 and on 64-bit ARM. Each carries the SHA-256 of the sources it was built from; one that does
not carry `native/digest.py`'s is not used. Without a library every bulk function takes its plain
path (NumPy), which decides alike. Implements BLK-001 to BLK-003.

To bind a function of the kernel:

    _near = KERNEL.function("crosstell_near", (COUNT, ARRAY, METRES), COUNT) if KERNEL else None
    _near(len(a), address(a, np.float64), 50.0)
"""

import ctypes
import platform
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from crosstell.core.detection.bulk.native.digest import DIGEST

ARRAY = ctypes.c_void_p
COUNT = ctypes.c_int64
METRES = ctypes.c_double
BITS = ctypes.c_uint32


@dataclass(frozen=True, slots=True)
class Kernel:
    """A loaded library whose sources are those of this package."""

    name: str
    library: ctypes.CDLL

    def function(
        self, name: str, arguments: tuple[type[Any], ...], result: type[Any] | None
    ) -> Callable[..., Any]:
        """The library's function `name`, typed. It runs without the interpreter's lock."""
        found = self.library[name]
        found.argtypes = arguments
        found.restype = result
        return found


def address(array: NDArray[Any], kind: DTypeLike) -> int:
    """Where the array's values lie; the array must stay alive during the call.

    Asserts the type and the layout that the kernel reads.
    """
    assert array.dtype == kind, f"the kernel reads {np.dtype(kind)}, not {array.dtype}"
    assert array.flags.c_contiguous, "the kernel reads contiguous arrays"
    return int(array.ctypes.data)


def library_name() -> str:
    """What the library for this machine is called."""
    return f"crosstell-{platform.system()}-{platform.machine()}.so".lower()


def load(path: Path, digest: str) -> Kernel | None:
    """The kernel in the library at `path`; None if it cannot be loaded or is of other sources."""
    try:
        library = ctypes.CDLL(str(path))
        said = library["crosstell_digest"]
    except (OSError, AttributeError):
        return None
    said.argtypes = ()
    said.restype = ctypes.c_char_p
    if said() != digest.encode():
        return None
    return Kernel(path.name, library)


KERNEL = load(Path(__file__).parent / "native" / library_name(), DIGEST)
