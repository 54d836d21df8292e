"""Entries as the ledger reads them: the bytes' own JSON, without the mechanism's codecs.

Times are microseconds since 1970, as they stand in the record.
"""

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from crosstell.core.ids import FeedId
from crosstell.core.instant import from_us, to_us
from crosstell.shell.store.contract import StoredEntry
from crosstell.sim.host import Host

SIGNATURE_SIZE = 64
Json = dict[str, Any]


class Violation(AssertionError):
    """Something happened that the rules forbid, or did not happen that they demand."""


def demand(holds: object, text: str) -> None:
    """Raise Violation unless it holds."""
    if not holds:
        raise Violation(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """One entry, read from its bytes. `said` is empty where the body is not held."""

    feed: FeedId
    seq: int
    hash: str
    kind: str
    at_us: int
    to: tuple[str, ...]
    said: Json
    by: Json | None
    text: str

    @property
    def is_read(self) -> bool:
        """Whether the body is here."""
        return bool(self.said)


def noted(row: StoredEntry) -> Noted:
    """The entry in a row of a store."""
    return read(row.leaf, row.body)


def read(leaf: bytes, body: bytes | None) -> Noted:
    """The entry in these bytes."""
    header = json.loads(leaf[SIGNATURE_SIZE:])
    document = json.loads(body) if body is not None else {}
    said = document.get("said", {}).get(header["type"], {}) if isinstance(document, dict) else {}
    return Noted(
        feed=FeedId(header["feed"]),
        seq=header["seq"],
        hash=hashlib.sha256(b"\x00" + leaf).hexdigest(),
        kind=header["type"],
        at_us=header["hlc"][0] * 1_000,
        to=tuple(header["to"]),
        said=said if isinstance(said, dict) else {},
        by=document.get("by") if isinstance(document, dict) else None,
        text=body.decode("utf-8", "replace") if body is not None else "",
    )


def parcel_rows(parcel: bytes) -> list[tuple[bytes, bytes | None]]:
    """Leaf and body of every row in a parcel's bytes."""
    return [
        (
            base64.b64decode(row["leaf"]),
            base64.b64decode(row["body"]) if "body" in row else None,
        )
        for row in json.loads(parcel)["rows"]
    ]


def place_of(entry: Noted) -> str:
    """The words by which a violation names an entry."""
    return f"entry {entry.seq} ({entry.kind}) of feed {entry.feed[:8]}"


def clock_us(host: Host) -> int:
    """What the host's clock shows, in microseconds."""
    return to_us(host.local())


def words_of(at_us: int) -> str:
    """A time for a message."""
    return from_us(at_us).strftime("%H:%M:%S.%f")[:-3]
