"""A record as a trace: each entry at its author's time, and by when each other party held it.

Times are their authors' claims. By when another party held an entry is read from what it signed:
the first entry of its own that names the other feed far enough. It may have held it earlier, and
says nothing where it signed no such entry. Implements REP-095.
"""

from datetime import datetime

from crosstell.codecs import entry_body
from crosstell.codecs.protocol_file import digest_of
from crosstell.core.errors import CallerError
from crosstell.core.ids import FeedId, PartyId, RoleId
from crosstell.core.instant import from_us
from crosstell.core.line.message import Reality
from crosstell.core.protocol.document import Protocol
from crosstell.core.record.keys import KEY_TYPES
from crosstell.core.state.held import Held, OfRecord, Unread, Unreadable
from crosstell.core.state.setting import Setting
from crosstell.core.state.state import State, fold, initial
from crosstell.replay.played.trace import Sight, Trace
from crosstell.replay.recorded.opened import Opened, Row

NO_JOURNAL = FeedId("no-journal-in-this-record")
AT_MS_MAX = 253_402_300_799_000  # the end of the year 9999


def time_of(row: Row) -> datetime:
    """The entry's time, as its author claims it."""
    return from_us(min(row.entry.header.hlc.ms, AT_MS_MAX) * 1_000)


def state_of(opened: Opened, protocol: Protocol) -> State:
    """What the record's keeper knows: every entry folded in, as its node would."""
    feeds = _feeds(opened)
    setting = Setting(
        party=opened.party,
        feeds=tuple((party, feed) for feed, party in feeds.items()),
        journal=opened.journal or NO_JOURNAL,
        protocol=protocol,
        digest=digest_of(protocol),
        ring_limit=protocol.escalation.ring_limit,
        test_role=RoleId("duty-officer"),
        reality=Reality.REAL,
    )
    state = initial(setting)
    for feed in (*feeds, *([opened.journal] if opened.journal else ())):
        state = fold(state, *(_held(row, feeds) for row in opened.logs[feed]))
    return state


def _feeds(opened: Opened) -> dict[FeedId, PartyId]:
    """Each party's shared feed; CallerError where a party has two."""
    feeds = {feed: party for feed, party in opened.owners.items() if feed != opened.journal}
    if len(set(feeds.values())) < len(feeds):
        raise CallerError(
            "the record holds two feeds in which one party speaks; a resumed feed is not read yet"
        )
    return feeds


def _held(row: Row, feeds: dict[FeedId, PartyId]) -> Held:
    header = row.entry.header
    body: object
    by = None
    if header.type in KEY_TYPES:
        body = OfRecord()
    elif row.body is None:
        text = f"the body of this {header.type} is not held here"
        body = Unreadable(why=Unread.NOT_HELD, text=text)
    else:
        said = entry_body.decode(header.type, row.body.content)
        by, body = said.by, said.body
    return Held(
        ref=row.entry.ref,
        kind=header.type,
        at=time_of(row),
        audience=tuple(feeds[feed] for feed in header.to if feed in feeds),
        by=by,
        body=body,
        seen=tuple((head.feed, head.size) for head in header.heads),
    )


def trace_of(opened: Opened) -> Trace:
    """Every entry as its author recorded it, and by when each other party held it at the latest."""
    feeds = _feeds(opened)
    sights: list[Sight] = []
    for feed, party in opened.owners.items():
        home = "journal" if feed == opened.journal else ""
        for row in opened.logs[feed]:
            own = _sight(row, of=party, home=home)
            sights.append(own)
            if home:
                continue
            for other, holder in feeds.items():
                at = None if other == feed else _held_by(opened, other, row)
                if at is not None and (not row.entry.header.to or other in row.entry.header.to):
                    sights.append(_sight(row, of=party, home="", held_by=holder, at=at))
    sights.sort(key=lambda sight: sight.at)
    return Trace(sights=sights)


def _sight(
    row: Row,
    *,
    of: PartyId,
    home: str,
    held_by: PartyId | None = None,
    at: datetime | None = None,
) -> Sight:
    kind = row.entry.header.type
    by, body = None, None
    if row.body is not None and kind not in KEY_TYPES:
        said = entry_body.decode(kind, row.body.content)
        by, body = said.by, said.body
    return Sight(
        at=at or time_of(row),
        held_by=held_by or of,
        of=of,
        home=home,
        ref=row.entry.ref,
        kind=kind,
        by=by,
        body=body,
    )


def _held_by(opened: Opened, other: FeedId, row: Row) -> datetime | None:
    """The time of the other's first entry that says it held this one."""
    header = row.entry.header
    for later in opened.logs[other]:
        if any(h.feed == header.feed and h.size > header.seq for h in later.entry.header.heads):
            return time_of(later)
    return None
