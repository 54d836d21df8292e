"""The reference map that is shipped with the console: for orientation, and nothing reads it.

Its digest stands in papers, so that a reader knows which map its author had before them.
"""

import json
from functools import cache
from importlib.resources import files


@cache
def reference_map_digest() -> str:
    """The SHA-256, in hex, that the map's manifest states of it. CON-011 has it tested."""
    manifest = files("crosstell.shell.console") / "static" / "map" / "reference" / "manifest.json"
    digest = json.loads(manifest.read_text(encoding="utf-8"))["sha256"]
    assert isinstance(digest, str), "the manifest of the shipped map names its digest"
    return digest
