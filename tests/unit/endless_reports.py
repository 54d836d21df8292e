"""Reports that never end, in processes of their own: each start reads all that is imported here."""

import os
import time
from pathlib import Path

from crosstell.core.errors import CallerError
from crosstell.core.protocol.document import Protocol


def dawdling(store: Path, _protocol: Protocol, incident: str, _language: str) -> tuple[str, str]:
    """Stands for a report that takes long, or that cannot be made."""
    if incident == "none":
        raise CallerError("nothing is told of it")
    assert incident != "faulty"
    (store / incident).touch()
    time.sleep(600)
    raise AssertionError("nobody ended it")


def without_end(store: Path, _protocol: Protocol, incident: str, _language: str) -> tuple[str, str]:
    """A report that takes a core, and for ever; its process stands in a file."""
    part = store / "part"
    part.write_text(str(os.getpid()), encoding="utf-8")
    part.rename(store / incident)
    while True:
        sum(range(1_000))
