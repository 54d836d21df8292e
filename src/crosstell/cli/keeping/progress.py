"""How far long work has come, for the person who waits at a terminal, and for nobody else."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from crosstell.shell.archive.far import Tell

ERASE = "\r\x1b[K"


@contextmanager
def progress(what: str) -> Iterator[Tell]:
    """What is told inside, how many of how many, stands in one line of standard error.

    The line is gone at the end. Where that is no terminal nothing is written. Implements RUN-442.
    """
    stream, shown = sys.stderr, -1
    is_seen = stream.isatty()

    def tell(done: int, of: int) -> None:
        nonlocal shown
        part = 100 * done // max(of, 1)
        if is_seen and part != shown:
            shown = part
            stream.write(f"{ERASE}{what}: {part} %")
            stream.flush()

    try:
        yield tell
    finally:
        if shown >= 0:
            stream.write(ERASE)
            stream.flush()
