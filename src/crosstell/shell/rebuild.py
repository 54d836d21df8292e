"""From the store to what a node knows: every entry verified again, then folded in.

Nothing is believed because we stored it: a damaged store shows here, before anything is signed
on top of it. What a snapshot of our own covers need not be verified twice, if the store still
holds, leaf for leaf, what it held then.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from crosstell.codecs import entry_body
from crosstell.codecs.shape import tag_of
from crosstell.core.errors import CallerError, Fatal, PartyError
from crosstell.core.ids import FeedId
from crosstell.core.instant import from_us, to_us
from crosstell.core.mechanism.releasing.sharing import may_cross, withheld_kinds
from crosstell.core.record.entry import check_body
from crosstell.core.record.feed import FeedHead
from crosstell.core.state.held import Held
from crosstell.core.state.state import State, fold
from crosstell.shell.exchange import Alarm, Exchange, Peer
from crosstell.shell.log import Log, body_of, empty_logs
from crosstell.shell.notes import Notes
from crosstell.shell.peers.alarms import unmarked_alarm
from crosstell.shell.signing import verifier_of
from crosstell.shell.snapshot import Begun, Restored, begin, restore
from crosstell.shell.store.contract import Put, Store, StoredEntry
from crosstell.shell.store.unmarked import first_unmarked

WITHHELD_KINDS = frozenset(tag_of(kind) for kind in withheld_kinds())
FOLDED_AT_ONCE = 1_000  # entries; each fold copies the maps that it changes, once
NO_MARKS: Mapping[FeedId, int] = {}
JOURNAL_PERIOD_S = 3_600  # the journal's root goes into the feed once in each full hour


@dataclass(slots=True)
class Rebuilt:
    """What a node knows in memory. It is thrown away whole when it may differ from the store.

    `read`: how many entries were verified and folded for it, beyond those of a snapshot.
    """

    state: State
    own: Log
    journal: Log
    exchange: Exchange
    notes: Notes
    alarms: tuple[Alarm, ...] = ()
    read: int = 0

    @property
    def void(self) -> "Void":
        """The entries of each party's feed that its author made void."""
        return _void(self.exchange.logs.values())

    def log(self, feed: FeedId) -> Log:
        """The log of that name, ours or another party's."""
        return self.journal if feed == self.journal.feed else self.exchange.logs[feed]

    def snapshot(self, alarms: tuple[Alarm, ...]) -> Begun:
        """A snapshot of it is begun."""
        logs = {**self.exchange.logs, self.journal.feed: self.journal}
        return begin(self.state, logs, (alarms, self.exchange.awaited))

    def withholds(self, kind: str, row: StoredEntry, now: datetime) -> bool:
        """Whether the body of this entry of ours may not leave any more: its share is over."""
        if kind not in WITHHELD_KINDS or row.body is None:
            return False
        return not may_cross(self.state, entry_body.decode(kind, row.body).body, now)

    def heads_of_others(self) -> tuple[FeedHead, ...]:
        """How far every other party's feed is verified here, by feed name."""
        logs = self.exchange.logs
        found = (logs[feed].head for feed in sorted(logs) if feed != self.own.feed)
        return tuple(head for head in found if head is not None)

    @property
    def signed(self) -> Mapping[FeedId, int]:
        """How far each log of ours was signed here: what came unmarked from others was not."""
        unmarked = self.exchange.unmarked
        own = self.own.size if unmarked is None else min(self.own.size, unmarked)
        return {self.own.feed: own, self.journal.feed: self.journal.size}

    def sign_own(self, rows: Iterable[StoredEntry]) -> tuple[Put, ...]:
        """Our checkpoint, if these rows lengthen our feed; none over what was not signed here."""
        grew = any(row.feed == self.own.feed for row in rows)
        return self.notes.sign_own() if grew and self.exchange.unmarked is None else ()

    def missing(self, marks: Mapping[FeedId, int]) -> str | None:
        """Why nothing may be signed: less is held than the `marks` tell, or more. NOD-540."""
        remedies = (
            (self.own, "its peers have given them back, or the party resumes in a new feed"),
            (self.journal, "the journal is restored whole, or a new one is founded"),
        )
        for log, remedy in remedies:
            mark = marks[log.feed]
            if log.size < mark:
                return (
                    f"{log.feed}: the store holds {log.size} entries, but {mark} were signed; the "
                    f"node signs nothing until {remedy} under its offline root"
                )
        unmarked = self.exchange.unmarked
        if unmarked is not None:
            return (
                f"{self.own.feed}: entry {unmarked} was signed with our key, and not by this node; "
                "the node signs nothing until its party has taken the keys back from that entry on "
                f"(crosstell node revoke FOLDER --root ROOT-FOLDER --from {unmarked}). If the marks"
                " are an old copy, stop it and mount the original ones"
            )
        hollow = self.exchange.hollow
        if hollow:
            return (
                f"{self.own.feed}: entry {min(hollow)} and {len(hollow) - 1} more of our own are "
                "held without what they said; the node signs nothing until those to whom it was "
                "said have given it back"
            )
        return None


def rebuild(
    initial: State,
    notes: Notes,
    store: Store,
    peers: Iterable[Peer],
    marks: Mapping[FeedId, int] = NO_MARKS,
) -> Rebuilt:
    """Everything from the store. Fatal if it does not verify, CallerError if it is unfounded.

    `marks` are looked at again whenever something comes: whoever raises them does so in place.
    """
    peers = tuple(peers)
    kept = restore(initial, store, notes.keys.online.public_key())
    known = {} if kept is None else _void(kept.logs.values())
    rebuilt = _rebuilt(initial, notes, store, peers, (kept, known))
    found = _void((*rebuilt.exchange.logs.values(), rebuilt.journal))
    if found != known:  # entries that were read before the one that makes them void
        rebuilt = _rebuilt(initial, notes, store, peers, (None, found))
    exchange, own, head = rebuilt.exchange, rebuilt.own.feed, rebuilt.own.head
    assert head is not None, "a node's own feed is founded"
    exchange.marks, exchange.unmarked = marks, first_unmarked(store, head.keys, marks)
    if exchange.unmarked is not None:
        rebuilt.alarms += (unmarked_alarm(own, exchange.unmarked),)
    return rebuilt


Void = Mapping[FeedId, tuple[tuple[int, int], ...]]


def _void(logs: Iterable[Log]) -> Void:
    """The entries of each log that a later one made void, where there are any."""
    heads = (log.head for log in logs)
    return {head.feed: head.keys.void for head in heads if head is not None and head.keys.void}


def _rebuilt(
    initial: State,
    notes: Notes,
    store: Store,
    peers: tuple[Peer, ...],
    known: tuple[Restored | None, Void],
) -> Rebuilt:
    """Everything from the store, of which the snapshot, and what is void, are known already."""
    setting, (kept, void) = initial.setting, known
    every = empty_logs(setting) if kept is None else kept.logs
    journal = every[setting.journal]
    logs = {feed: every[feed] for _, feed in setting.feeds}
    exchange = Exchange(
        own=setting.feed,
        logs=logs,
        peers={peer.feed: peer for peer in (fresh(peer) for peer in peers)},
        store=store,
        parties=setting.parties,
        void=void,
        awaited={} if kept is None else kept.awaited,
    )
    state = initial if kept is None else kept.state
    alarms: list[Alarm] = [] if kept is None else list(kept.alarms)
    covered = sum(log.size for log in every.values())
    for log in (*logs.values(), journal):
        state = _replay(state, log, exchange, store, alarms)
    for log in (logs[setting.feed], journal):
        if log.head is None:
            raise CallerError(f"store: log {log.feed} is not founded; found it first")
    exchange.uncosigned, exchange.cosigned = notes.lacks, notes.cosigned_by
    notes.logs = logs
    alarms += notes.load(store)
    rebuilt = Rebuilt(
        state=state,
        own=logs[setting.feed],
        journal=journal,
        exchange=exchange,
        notes=notes,
        alarms=tuple(alarms),
        read=sum(log.size for log in every.values()) - covered,
    )
    exchange.withholds = rebuilt.withholds
    return rebuilt


def fresh(peer: Peer) -> Peer:
    """The peer with nothing known of what it holds: it will be asked."""
    return Peer(party=peer.party, feed=peer.feed, founding=peer.founding)


def _replay(state: State, log: Log, exchange: Exchange, store: Store, alarms: list[Alarm]) -> State:
    """The state with the whole of one log in it, and what its heads say against what is held."""
    read: list[Held] = []
    for row in store.entries(log.feed, log.size):
        try:
            entry = log.verify(row, verifier_of)
            if (body := body_of(row)) is not None:
                check_body(entry, body)
        except PartyError as error:
            raise Fatal(
                f"store: entry {row.seq} of {log.feed} does not verify: {error}; restore the "
                "store from its copy, and do not sign before that"
            ) from error
        alarms += exchange.compare_heads(log, entry)
        read.append(exchange.held(row, entry))
        if len(read) == FOLDED_AT_ONCE:
            state, read = fold(state, *read), []
    return fold(state, *read)


def journal_root_due(state: State, now: datetime) -> bool:
    """Whether this hour's root of the journal is not yet in the feed."""
    latest = state.own.journal_committed_at
    return latest is None or _period(latest) < _period(now)


def next_journal_root_at(now: datetime) -> datetime:
    """The beginning of the next full hour."""
    return from_us((_period(now) + 1) * JOURNAL_PERIOD_S * 1_000_000)


def _period(at: datetime) -> int:
    return to_us(at) // (JOURNAL_PERIOD_S * 1_000_000)
