"""What comes from the other parties' nodes and what goes to them.

Entries are verified before they are believed and stored before they are acted on. Whatever an
honest node sends may arrive twice, late or never; a peer that forks, replays or withholds is
shown and its evidence kept. Nothing that arrives here stops our own half from working.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from crosstell.codecs import entry_body
from crosstell.codecs.parcel import ROWS_MAX, Parcel, Row
from crosstell.core.errors import PartyError
from crosstell.core.ids import FeedId, PartyId
from crosstell.core.instant import from_us, seconds_between
from crosstell.core.picture.party import Speaker
from crosstell.core.record.entry import Body, Entry, check_body, parse
from crosstell.core.record.feed import Rule, RuleBroken
from crosstell.core.record.fork import check_fork, entries_fork
from crosstell.core.record.keys import KEY_TYPES, REVOKE
from crosstell.core.record.signing import fingerprint
from crosstell.core.state.events import Event
from crosstell.core.state.held import Held, OfRecord, Unread, Unreadable
from crosstell.shell.log import Log, body_of
from crosstell.shell.peers.alarms import Alarm as Alarm
from crosstell.shell.peers.alarms import AlarmKind, alarm_of, unmarked_alarm
from crosstell.shell.peers.known import RESEND_S as RESEND_S
from crosstell.shell.peers.known import RESEND_S_MAX as RESEND_S_MAX
from crosstell.shell.peers.known import Peer as Peer
from crosstell.shell.peers.withheld import Cosigned, withheld
from crosstell.shell.signing import verifier_of
from crosstell.shell.store.contract import Put, Store, StoredEntry
from crosstell.shell.store.names import erased_name, fork_name
from crosstell.shell.store.unmarked import note_of

BYTES_MAX = 500_000  # of leaves and bodies in one parcel; one entry alone may be larger
AT_MS_MAX = (
    2**53 // 1_000
)  # year 2255: an author may sign any time; what follows must be signed too


Awaited = dict[tuple[FeedId, int], list[tuple[str, str]]]
"""Of a feed at a size that is not yet held: who named which root of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unheard:
    """An answer of that party's node may have been lost on its way to us."""

    party: PartyId


@dataclass(slots=True)
class Arrival:
    """What one parcel brought: rows to store, entries to fold in, evidence, and alarms.

    `late` holds bodies of entries that were held without; what they say is in no state yet.
    """

    rows: list[StoredEntry] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    late: list[StoredEntry] = field(default_factory=list)
    puts: list[Put] = field(default_factory=list)
    alarms: list[Alarm] = field(default_factory=list)


@dataclass(slots=True)
class Exchange:
    """The logs of every party as verified here, and the peers' state.

    `hollow` numbers our own entries that came back to us without what they said to others: a peer
    gives back the leaves of all of them, but the bodies only of those that were said to it.
    `void` has the entries that a later one made void. `withholds` says which bodies of ours may not
    leave any more, though they were said to a peer. `marks` say at any time how far our logs were
    signed here; `unmarked` is the first entry of our feed that came and that they do not cover.
    """

    own: FeedId
    logs: dict[FeedId, Log]
    peers: dict[FeedId, Peer]
    store: Store
    parties: Mapping[FeedId, PartyId]
    awaited: Awaited = field(default_factory=dict)
    hollow: set[int] = field(default_factory=set)
    marks: Mapping[FeedId, int] = field(default_factory=dict)
    unmarked: int | None = None
    uncosigned: Callable[[FeedId], bool] = lambda _feed: False
    cosigned: Callable[[FeedId], Cosigned | None] = lambda _feed: None
    void: Mapping[FeedId, tuple[tuple[int, int], ...]] = field(default_factory=dict)
    withholds: Callable[[str, StoredEntry, datetime], bool] = lambda _kind, _row, _now: False

    def receive(self, parcel: Parcel) -> Arrival:
        """What the parcel brings, verified. PartyError if it is of no counterpart of ours."""
        peer = self.peers.get(parcel.sender)
        if peer is None:
            raise PartyError(
                f"parcel of feed {parcel.sender}, which is no counterpart's; compare its founding "
                "out of band before its node is answered"
            )
        arrival = Arrival()
        for evidence in parcel.forks:
            self._learn_fork(evidence, arrival)
        for row in parcel.rows:
            if not self._take(row, arrival):
                break
        # A word of thanks answers entries alone: two nodes never go on thanking each other.
        have = (one for one in parcel.have if one[0] in self.logs)
        peer.heard(have, owed=bool(parcel.rows))
        return arrival

    def asked(self, feed: FeedId, now: datetime) -> None:
        """The peer lacks our word on its checkpoint: it is told, but not over and over.

        An honest peer asks again only after its patience; one that asks all the time is answered
        as seldom, so that two nodes never go on talking of nothing.
        """
        peer = self.peers[feed]
        at = peer.sent_at
        if at is None or not 0.0 <= seconds_between(at, now) < RESEND_S / 2:
            peer.owed = True

    def unheard(self, given: Unheard) -> None:
        """That party is told what we hold: what its answer had brought shows as a gap. NOD-451."""
        for peer in self.peers.values():
            peer.owed = peer.owed or peer.party == given.party

    def _take(self, row: Row, arrival: Arrival) -> bool:
        """Whether the parcel's next row may be looked at; False ends it."""
        try:
            entry = parse(row.leaf)
        except PartyError as fault:
            arrival.alarms.append(Alarm(feed=self.own, text=f"an unreadable entry came: {fault}"))
            return False
        log = self.logs.get(entry.header.feed)
        if log is None:
            return False
        if entry.header.seq < log.size:
            return self._compare(log, entry, row, arrival)
        if entry.header.seq > log.size:
            return False
        return self._extend(log, entry, row, arrival)

    def _extend(self, log: Log, entry: Entry, row: Row, arrival: Arrival) -> bool:
        try:
            stored = StoredEntry(
                feed=log.feed, seq=entry.header.seq, leaf=row.leaf, salt=row.salt, body=row.body
            )
            if (body := body_of(stored)) is not None:
                check_body(entry, body)
            if entry.header.seq == 0:
                self._check_founding(entry)
            log.verify(stored, verifier_of)
        except RuleBroken as fault:
            self._refuse(log, entry, row, fault, arrival)
            return False
        except (PartyError, ValueError) as fault:
            arrival.alarms.append(alarm_of(log.feed, fault))
            return False
        arrival.alarms += self.compare_heads(log, entry)
        arrival.alarms += self._kept_back(log, entry)
        arrival.rows.append(stored)
        if log.feed == self.own and entry.header.seq >= self.marks.get(self.own, 0):
            self._not_signed_here(stored, arrival)
        if entry.header.type == REVOKE:
            arrival.late.append(stored)  # what was read before may be void: all is read again
        arrival.held.append(self.held(stored, entry))
        return True

    def _not_signed_here(self, row: StoredEntry, arrival: Arrival) -> None:
        """It is kept, so that a revocation can follow it; until then nothing is signed over it."""
        if self.unmarked is None:
            self.unmarked = row.seq
            arrival.puts.append(note_of(row.feed, row.seq))
            arrival.alarms.append(unmarked_alarm(row.feed, row.seq))

    def compare_heads(self, log: Log, entry: Entry) -> list[Alarm]:
        """What the entry's author says to hold of other feeds, against what we hold of them.

        Heads beyond what is held are compared once as much is held. A difference is shown and
        stops nothing: who forked his feed must not cut the line between two others. NOD-025.
        """
        alarms = []
        for head in entry.header.heads:
            other = self.logs.get(head.feed)
            if other is None:
                continue
            if other.size < head.size:
                self.awaited.setdefault((head.feed, head.size), []).append((entry.place, head.root))
            elif (other.root_at(head.size) or b"").hex() != head.root:
                alarms.append(_differs(other.feed, head.size, entry.place))
        for named_by, root in self.awaited.pop((log.feed, log.size), []):
            if log.root.hex() != root:
                alarms.append(_differs(log.feed, log.size, named_by))
        return alarms

    def _kept_back(self, log: Log, entry: Entry) -> list[Alarm]:
        """Whether the peer's entry names less of our feed than the peer signed to hold before."""
        if log.head is None or entry.header.type in KEY_TYPES:
            return []
        named = next((head.size for head in log.head.heads if head.feed == self.own), 0)
        text = withheld(entry.header, named, self.cosigned(log.feed))
        kind = AlarmKind.RECORD
        return [] if text is None else [Alarm(feed=log.feed, text=text, kind=kind)]

    def _check_founding(self, entry: Entry) -> None:
        """Raise PartyError unless entry 0 is the one that two persons compared."""
        peer = self.peers.get(entry.header.feed)
        if peer is not None and peer.founding != entry.hash.hex():
            raise PartyError(
                f"feed {entry.header.feed} begins with another founding than was compared out of "
                f"band ({peer.founding[:16]}...); do not go on before persons have compared again",
                evidence=entry.leaf,
            )

    def _compare(self, log: Log, entry: Entry, row: Row, arrival: Arrival) -> bool:
        """An entry at a number we hold: the same again, or the other branch of a fork."""
        ours = next(self.store.entries(log.feed, entry.header.seq, 1), None)
        if ours is None or ours.leaf == row.leaf:
            return ours is None or self._late_body(ours, entry, row, arrival)
        self._fork(log, parse(ours.leaf), entry, arrival)
        return False

    def _late_body(self, ours: StoredEntry, entry: Entry, row: Row, arrival: Arrival) -> bool:
        """The body of an entry that we hold without one, if this is it."""
        if ours.body is not None or row.salt is None or row.body is None or self._is_erased(ours):
            return True
        late = StoredEntry(
            feed=ours.feed, seq=ours.seq, leaf=ours.leaf, salt=row.salt, body=row.body
        )
        try:
            check_body(entry, Body(salt=row.salt, content=row.body))
        except PartyError as fault:
            arrival.alarms.append(alarm_of(ours.feed, fault))
            return False
        arrival.late.append(late)
        return True

    def _refuse(
        self, log: Log, entry: Entry, row: Row, fault: RuleBroken, arrival: Arrival
    ) -> None:
        """An entry that breaks a rule is kept as evidence; the feed stops before it."""
        name = f"broken/{log.feed}/{entry.header.seq}/{fault.rule}"
        if self.store.blob(name) is None:
            arrival.puts.append(Put(name=name, value=row.leaf))
        arrival.alarms.append(alarm_of(log.feed, fault))
        if fault.rule is Rule.PREVIOUS and log.size > 0:
            text = "its next entry does not follow what we hold of it"
            arrival.alarms.append(Alarm(feed=log.feed, text=text, kind=AlarmKind.RECORD))

    def _fork(self, log: Log, ours: Entry, theirs: Entry, arrival: Arrival) -> None:
        assert log.head is not None, "an entry is held"
        key = log.head.keys.key_at(ours.header.seq)
        evidence = entries_fork(ours, theirs, key)
        try:
            fork = check_fork(evidence, verifier_of)
        except PartyError as fault:
            arrival.alarms.append(Alarm(feed=log.feed, text=f"a forged entry came: {fault}"))
            return
        self._keep_fork(fork.feed, evidence, arrival)

    def _learn_fork(self, evidence: bytes, arrival: Arrival) -> None:
        """Evidence that a peer spreads: believed only as far as it proves itself."""
        try:
            fork = check_fork(evidence, verifier_of)
        except PartyError as fault:
            arrival.alarms.append(Alarm(feed=self.own, text=f"false fork evidence: {fault}"))
            return
        log = self.logs.get(fork.feed)
        if log is None or log.head is None:
            return
        keys = {fingerprint(period.key) for period in log.head.keys.periods}
        if fork.fingerprint in keys:
            self._keep_fork(fork.feed, evidence, arrival)

    def _keep_fork(self, feed: FeedId, evidence: bytes, arrival: Arrival) -> None:
        if any(self.store.blobs(fork_name(feed, ""))):
            return  # a feed is forked or it is not: the first evidence stands for it
        digest = fingerprint(evidence)
        arrival.puts.append(Put(name=fork_name(feed, digest), value=evidence))
        for peer in self.peers.values():
            peer.owed = True  # evidence spreads at once, to everybody

    def held(self, row: StoredEntry, entry: Entry) -> Held:
        """The verified entry as the core sees it."""
        header = entry.header
        by, body = self._said(header.type, row)
        void = any(low <= header.seq < high for low, high in self.void.get(header.feed, ()))
        if void:
            by, body = None, Unreadable(why=Unread.VOID, text=f"this {header.type} is void")
        is_ours = header.feed == self.own and header.to != (self.own,)
        if is_ours and not void and row.body is None and not self._is_erased(row):
            self.hollow.add(header.seq)
        return Held(
            ref=entry.ref,
            kind=header.type,
            at=from_us(min(header.hlc.ms, AT_MS_MAX) * 1_000),
            audience=tuple(self.parties[feed] for feed in header.to if feed in self.parties),
            by=by,
            body=body,
            seen=tuple((head.feed, head.size) for head in header.heads),
        )

    def _is_erased(self, row: StoredEntry) -> bool:
        """Whether a person had the body of this row erased here: nobody is to give it back."""
        return self.store.blob(erased_name(row.feed, row.seq)) is not None

    @staticmethod
    def _said(kind: str, row: StoredEntry) -> tuple[Speaker | None, Event | Unreadable | OfRecord]:
        if kind in KEY_TYPES:
            return None, OfRecord()
        if row.body is None:
            text = f"the body of this {kind} is not held here"
            return None, Unreadable(why=Unread.NOT_HELD, text=text)
        said = entry_body.decode(kind, row.body)
        return said.by, said.body

    def parcels(
        self, now: datetime, notes: Callable[[Peer], tuple[bytes, ...]], forks: tuple[bytes, ...]
    ) -> tuple[tuple[PartyId, Parcel], ...]:
        """What is to be sent now: to each peer what it lacks, or a word that it is owed."""
        found = []
        for feed in sorted(self.peers):
            peer = self.peers[feed]
            peer.look(now, unconfirmed=self._unconfirmed(peer))
            after = peer.lacks()
            rows = self._rows_for(peer, now)
            if rows or peer.owed:
                found.append((peer.party, self._parcel(rows, notes(peer), forks)))
                peer.was_sent(now, after=after)
        return tuple(found)

    def resend_at(self) -> datetime | None:
        """When something unconfirmed is to be sent again."""
        due = [p.patience_ends_at() for p in self.peers.values() if self._unconfirmed(p)]
        return min((at for at in due if at is not None), default=None)

    def _parcel(
        self, rows: tuple[Row, ...], notes: tuple[bytes, ...], forks: tuple[bytes, ...]
    ) -> Parcel:
        have = tuple(sorted(self._sizes().items()))
        return Parcel(sender=self.own, have=have, rows=rows, notes=notes, forks=forks)

    def _sizes(self) -> dict[FeedId, int]:
        """How much we hold of each feed; of our own only as far as it is whole."""
        sizes = {feed: log.size for feed, log in self.logs.items()}
        return sizes | {self.own: min([sizes[self.own], *self.hollow])}

    def _unconfirmed(self, peer: Peer) -> bool:
        """Whether the peer, as far as we know, lacks what we can give it, or we its word."""
        return self.uncosigned(peer.feed) or any(
            peer.has.get(feed, -1) < size for feed, size in self._sent_to(peer).items()
        )

    def _sent_to(self, peer: Peer) -> dict[FeedId, int]:
        """What a peer has from us: our feed as far as we signed it, and its own. NOD-543."""
        signed = self.logs[self.own].size if self.unmarked is None else self.unmarked
        return {self.own: signed, peer.feed: self.logs[peer.feed].size}

    def _rows_for(self, peer: Peer, now: datetime) -> tuple[Row, ...]:
        rows: list[Row] = []
        room = BYTES_MAX
        for feed, end in self._sent_to(peer).items():
            start = max(peer.sent.get(feed, 0), self._held_by(peer, feed))
            if start >= end:
                continue
            for stored in self.store.entries(feed, start, min(end - start, ROWS_MAX - len(rows))):
                row = self._as_sent(stored, peer, now)
                room -= len(row.leaf) + len(row.body or b"")
                if rows and room < 0:
                    break
                rows.append(row)
                peer.sent[feed] = stored.seq + 1
        return tuple(rows)

    def _as_sent(self, stored: StoredEntry, peer: Peer, now: datetime) -> Row:
        """The row, with its body only if the peer wrote it, or it was said to it and may go."""
        header = parse(stored.leaf).header
        public = header.type in KEY_TYPES or not header.to
        named = {self.parties.get(feed) for feed in header.to}  # by a feed of before, too
        is_said = peer.party in named and not self.withholds(header.type, stored, now)
        if public or is_said or peer.feed == stored.feed:
            return Row(leaf=stored.leaf, salt=stored.salt, body=stored.body)
        return Row(leaf=stored.leaf)

    def _held_by(self, peer: Peer, feed: FeedId) -> int:
        """How much of the feed the peer holds; unknown, all but the end: its answer will tell."""
        return peer.has.get(feed, max(0, self.logs[feed].size - 1))


def _differs(feed: FeedId, size: int, named_by: str) -> Alarm:
    text = (
        f"{named_by} names another root of {feed} at size {size} than we hold; compare the "
        "two branches of that feed for a fork"
    )
    return Alarm(feed=feed, text=text, kind=AlarmKind.RECORD)
