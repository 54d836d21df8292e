"""What was seen of one run from outside its nodes: entries as each node came to hold them.

A trace is read from the nodes' stores, after each input; it never asks the mechanism what it
believes. Two nodes that hold one entry give two sights of it, each with its own time.
"""

from dataclasses import dataclass, field
from datetime import datetime

from crosstell.codecs import entry_body
from crosstell.core.ids import AlertId, EntryRef, FeedId, PartyId
from crosstell.core.picture.party import Speaker
from crosstell.core.record.entry import parse
from crosstell.core.record.keys import KEY_TYPES
from crosstell.core.record.signing import Signer
from crosstell.core.state.state import State
from crosstell.shell.store.contract import Store, StoredEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """An entry that a node came to hold. `body` is None for keys and for what it cannot read.

    `of` is the party whose log it is; `home` says that the log is that party's journal.
    """

    at: datetime
    held_by: PartyId
    of: PartyId
    home: str
    ref: EntryRef
    kind: str
    by: Speaker | None
    body: object | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidNo:
    """An act that a node did not record, and why."""

    at: datetime
    party: PartyId
    text: str


@dataclass(slots=True)
class Trace:
    """Everything seen of one run, in the order in which it happened."""

    sights: list[Sight] = field(default_factory=list)
    refused: list[SaidNo] = field(default_factory=list)
    faults: list[SaidNo] = field(default_factory=list)
    call_by: dict[tuple[PartyId, AlertId], datetime | None] = field(default_factory=dict)
    lost: int = 0
    sent: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What one party holds at the end of a run, and with what it signs an export.

    `root` is the fingerprint of its root key, as persons would compare it out of band; `feeds`
    has every party's shared feed.
    """

    store: Store
    signer: Signer
    root: str
    feeds: tuple[tuple[PartyId, FeedId], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """A run that was played: its trace, and what each party holds and knows at its end.

    What a party knows is for views of what it holds; the trace itself never asks for it.
    """

    trace: Trace
    desks: dict[PartyId, Desk]
    states: dict[PartyId, State]


Decoded = tuple[str, Speaker | None, object | None, EntryRef]


class Reader:
    """Decodes entries once, however many nodes hold them."""

    def __init__(self) -> None:
        """Nothing is decoded yet."""
        self._known: dict[tuple[bytes, bool], Decoded] = {}

    def read(self, row: StoredEntry) -> Decoded:
        """The entry's kind, speaker, body and reference."""
        key = (row.leaf, row.body is None)
        if key not in self._known:
            entry = parse(row.leaf)
            kind = entry.header.type
            by, body = None, None
            if row.body is not None and kind not in KEY_TYPES:
                said = entry_body.decode(kind, row.body)
                by, body = said.by, said.body
            self._known[key] = (kind, by, body, entry.ref)
        return self._known[key]
