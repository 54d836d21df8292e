"""`crosstell`, but the system's clock is as far off as a file says: a node whose clock is set.

The one thing that is put in is what the wall shows. Everything from there on is the product's.
"""

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import crosstell.shell.clock as clocks
from crosstell.cli import main
from crosstell.shell.live import opening

OFFSET = "CROSSTELL_TEST_OFFSET"


def read_stepped() -> datetime:
    """The system's wall clock and the offset in the file, in seconds."""
    off_s = float(Path(os.environ[OFFSET]).read_text(encoding="ascii") or "0")
    return datetime.now(UTC) + timedelta(seconds=off_s)  # noqa: TID251 - it stands for the clock


def run() -> int:
    """The command line, with that wall."""

    class Stepped(clocks.SystemClock):
        __slots__ = ()

        def __init__(self) -> None:
            super().__init__(wall=read_stepped)

    vars(opening)["SystemClock"] = Stepped
    sys.argv[0] = "crosstell"
    return main()


if __name__ == "__main__":
    sys.exit(run())
