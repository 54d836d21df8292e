"""Entries as they are shown: a page of them, and one with everything that proves it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from crosstell.codecs import entry_body
from crosstell.codecs.api import shown
from crosstell.codecs.api.traced import Traced
from crosstell.core.errors import PartyError
from crosstell.core.ids import EntryRef
from crosstell.core.instant import from_us
from crosstell.core.picture.party import Speaker
from crosstell.core.record.checkpoint import parse_checkpoint
from crosstell.core.record.entry import Entry, Header, check_body, parse
from crosstell.core.record.keys import KEY_TYPES
from crosstell.core.record.note import Note
from crosstell.core.state.events import Event
from crosstell.core.state.held import OfRecord, Unread, Unreadable
from crosstell.core.state.setting import Setting
from crosstell.shell.exchange import AT_MS_MAX
from crosstell.shell.log import Log, body_of
from crosstell.shell.rebuild import Void
from crosstell.shell.signing import verifier_of
from crosstell.shell.store.contract import StoredEntry

Said = tuple[Speaker | None, Event | Unreadable | OfRecord]


def page(
    setting: Setting, rows: Iterable[tuple[int, StoredEntry]], last: int, void: Void
) -> shown.EntriesShown:
    """These entries, decoded."""
    found = tuple(entry(setting, number, row, void) for number, row in rows)
    return shown.EntriesShown(entries=found, last=last)


def entry(setting: Setting, arrival: int | None, row: StoredEntry, void: Void) -> shown.EntryShown:
    """One stored entry, decoded. It was verified before it was stored.

    What its author made void is not shown as said; `whole` still has its bytes.
    """
    parsed = parse(row.leaf)
    header = parsed.header
    by, body = _said(header.type, row)
    if any(low <= row.seq < high for low, high in void.get(row.feed, ())):
        by, body = None, Unreadable(why=Unread.VOID, text=f"this {header.type} is void")
    parties = setting.parties
    return shown.EntryShown(
        arrival=arrival,
        entry=EntryRef(feed=row.feed, seq=row.seq, hash=parsed.hash.hex()),
        party=parties.get(row.feed),
        kind=header.type,
        entry_at=signed_at(header),
        audience=tuple(parties[feed] for feed in header.to if feed in parties),
        by=by,
        body=body,
    )


def signed_at(header: Header) -> datetime:
    """When it was signed, by its author's clock."""
    return from_us(min(header.hlc.ms, AT_MS_MAX) * 1_000)


def kind_of(row: StoredEntry) -> str:
    """The kind in its header."""
    return parse(row.leaf).header.type


def _said(kind: str, row: StoredEntry) -> Said:
    if kind in KEY_TYPES:
        return None, OfRecord()
    if row.body is None:
        text = f"the body of this {kind} is not held here"
        return None, Unreadable(why=Unread.NOT_HELD, text=text)
    said = entry_body.decode(kind, row.body)
    return said.by, said.body


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What was found beside an entry: its key, its proof, the order in which it stands."""

    key: bytes | None
    proof: shown.Proof | None
    traced: Traced


def whole(told: shown.EntryShown, row: StoredEntry, beside: Beside) -> shown.EntryWhole:
    """The entry with what proves it; signature and commitment are checked again."""
    parsed, key = parse(row.leaf), beside.key
    return shown.EntryWhole(
        shown=told,
        leaf=row.leaf.hex(),
        signature=_signature(parsed, key),
        commitment=_commitment(parsed, row),
        salt=None if row.salt is None else row.salt.hex(),
        content=None if row.body is None else row.body.hex(),
        key=None if key is None else key.hex(),
        proof=beside.proof,
        traced=beside.traced,
    )


def _signature(parsed: Entry, key: bytes | None) -> str:
    if key is None:
        return "not checked: the key of this entry is not held"
    try:
        parsed.check_signature(verifier_of(key))
    except PartyError as fault:
        return f"does not verify: {fault}"
    return "verifies under the key of its feed at this entry"


def _commitment(parsed: Entry, row: StoredEntry) -> str:
    body = body_of(row)
    if body is None:
        return "not checked: the body is not held"
    try:
        check_body(parsed, body)
    except PartyError as fault:
        return f"does not fit: {fault}"
    return "the body is the one that the signed header commits to"


def proof(seq: int, note: Note, log: Log) -> shown.Proof | None:
    """The proof that the entry is in that checkpoint, if the log holds the tree of its size."""
    checkpoint = parse_checkpoint(note.text)
    if not seq < checkpoint.size <= log.size or log.root_at(checkpoint.size) != checkpoint.root:
        return None
    return shown.Proof(
        size=checkpoint.size,
        root=checkpoint.root.hex(),
        path=tuple(one.hex() for one in log.proof(seq, checkpoint.size)),
        checkpoint=note.print().decode("utf-8"),
    )
