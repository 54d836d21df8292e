"""A record as a trace: each entry at its author's time, and by when each other party held it.

Times are their authors' claims. By when another party held an entry is read from what it signed:
the first entry of its own that names the other feed far enough. It may have held it earlier, and
says nothing where it signed no such entry. A party that went on in a new feed is one party in
both; what is void, since its author took the key back, says nothing. Implements REP-095, REP-098.
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
from crosstell.replay.recorded.opened import TOLD_EACH, Opened, Row
from crosstell.shell.archive.far import Tell, untold
from crosstell.shell.exchange import AT_MS_MAX

NO_JOURNAL = FeedId("no-journal-in-this-record")
FOLDED_EACH = 1_000
PARTS_MAX = 20


def time_of(row: Row) -> datetime:
    """The entry's time, as its author claims it."""
    return from_us(min(row.entry.header.hlc.ms, AT_MS_MAX) * 1_000)


def state_of(opened: Opened, protocol: Protocol, tell: Tell = untold) -> State:
    """What the record's keeper knows: every entry folded in, as its node would.

    Meanwhile `tell` is told how many are. Implements NOD-497.
    """
    feeds, parties = _feeds(opened), _parties(opened)
    setting = Setting(
        party=opened.party,
        feeds=tuple((party, feed) for feed, party in feeds.items()),
        former=tuple((party, feed) for feed, party in parties.items() if feed not in feeds),
        journal=opened.journal or NO_JOURNAL,
        protocol=protocol,
        digest=digest_of(protocol),
        ring_limit=protocol.escalation.ring_limit,
        test_role=RoleId("duty-officer"),
        reality=Reality.REAL,
    )
    state = initial(setting)
    logs = [opened.logs[feed] for feed in (*feeds, *([opened.journal] if opened.journal else ()))]
    done, of = 0, sum(map(len, logs))
    part = max(FOLDED_EACH, of // PARTS_MAX)  # a fold copies what it has: not too many of them
    for log in logs:
        for start in range(0, len(log), part):
            rows = log[start : start + part]
            state = fold(state, *(_held(opened, row, parties) for row in rows))
            done += len(rows)
            tell(done, of)
    return state


def _parties(opened: Opened) -> dict[FeedId, PartyId]:
    """Whose each shared feed is, those in which a party spoke before among them."""
    return {feed: party for feed, party in opened.owners.items() if feed != opened.journal}


def _feeds(opened: Opened) -> dict[FeedId, PartyId]:
    """Each party's shared feed, the last one; CallerError where two do not resume each other."""
    left = {branch.feed for branch in opened.branches.values()}
    feeds = {feed: party for feed, party in _parties(opened).items() if feed not in left}
    if len(set(feeds.values())) < len(feeds):
        raise CallerError(
            "the record holds two feeds in which one party speaks, and neither resumes the other; "
            "name a record of one protocol, with the party's key entries in it"
        )
    return feeds


def _held(opened: Opened, row: Row, feeds: dict[FeedId, PartyId]) -> Held:
    header = row.entry.header
    body: object
    by = None
    if header.type in KEY_TYPES:
        body = OfRecord()
    elif is_void(opened, row):
        body = Unreadable(why=Unread.VOID, text=f"this {header.type} is void")
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


def trace_of(opened: Opened, tell: Tell = untold) -> Trace:
    """Every entry as its author recorded it, and by when each other party held it at the latest.

    Meanwhile `tell` is told how many were looked at. Implements NOD-497.
    """
    parties = _parties(opened)
    sights: list[Sight] = []
    done, of = 0, sum(len(opened.logs[feed]) for feed in opened.owners)
    for feed, party in opened.owners.items():
        home = "journal" if feed == opened.journal else ""
        for held in opened.logs[feed]:
            done += 1
            if done % TOLD_EACH == 0 or done == of:
                tell(done, of)
            row = Row(entry=held.entry, body=None) if is_void(opened, held) else held
            own = _sight(row, of=party, home=home)
            sights.append(own)
            if home:
                continue
            told = {parties.get(name) for name in row.entry.header.to} or set(parties.values())
            for holder in sorted({one for one in told if one is not None} - {party}):
                at = _held_by(opened, [name for name in parties if parties[name] == holder], row)
                if at is not None:
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


def is_void(opened: Opened, row: Row) -> bool:
    """Whether its author made the entry void by taking a key back."""
    header = row.entry.header
    return opened.keys[header.feed].is_void(header.seq)


def _held_by(opened: Opened, others: list[FeedId], row: Row) -> datetime | None:
    """The time of the other's first entry, in any feed of its own, that says it held this one."""
    header = row.entry.header
    times = []
    for other in others:
        for later in opened.logs[other]:
            if any(h.feed == header.feed and h.size > header.seq for h in later.entry.header.heads):
                times.append(time_of(later))
                break
    return min(times, default=None)
