"""What is in a node's files, read from outside: SQLite and SHA-256, none of the product's code."""

import hashlib
import json
import sqlite3
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

FIRST = {
    "notice_filed": "notice",
    "broadcast_sent": "broadcast",
    "call_placed": "call",
    "observation": "track",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a log."""

    feed: str
    seq: int
    leaf: bytes
    body: bytes | None

    @property
    def hash(self) -> str:
        """The hash by which others name it: the RFC 6962 hash of a leaf."""
        return hashlib.sha256(b"\0" + self.leaf).hexdigest()


def rows(store: Path) -> list[Row]:
    """Every row of every log, in order, while a node may be writing."""
    with sqlite3.connect(f"file:{store}?mode=ro", uri=True, timeout=30) as read:
        found = read.execute("SELECT feed, seq, leaf, body FROM entry ORDER BY feed, seq")
        return [Row(*one) for one in found]


def named(held: list[Row]) -> Counter[str]:
    """How often each notice, broadcast and track is first recorded, by its name."""
    found: Counter[str] = Counter()
    for row in held:
        if row.body is None:
            continue
        for kind, key in FIRST.items():
            said = json.loads(row.body).get("said", {}).get(kind)
            if said is not None:
                found[said[key]] += 1
    return found


def times_ms(held: list[Row], feed: str) -> list[tuple[int, int]]:
    """The hybrid time that stands in each entry of the feed, behind its signature of 64 bytes."""
    found = [json.loads(row.leaf[64:])["hlc"] for row in held if row.feed == feed]
    return [(int(ms), int(counter)) for ms, counter in found]


def sizes(store: Path) -> dict[str, int]:
    """How many entries of each feed are held."""
    with sqlite3.connect(f"file:{store}?mode=ro", uri=True, timeout=30) as read:
        return dict(read.execute("SELECT feed, COUNT(*) FROM entry GROUP BY feed"))
