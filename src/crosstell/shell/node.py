"""A party's node: a synchronous object that takes an input and the time, and gives an outcome.

Store, keys, randomness and the second path are handed in; it reads no clock and opens no
socket. Each input is one batch: sealed, committed, and only then folded for good; effects and
messages leave after that. After a failed or doubtful commit the node discards what it believes
and rebuilds from what is durable. Implements NOD-001 to NOD-009, NOD-012.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from crosstell.codecs import entry_body
from crosstell.codecs import parcel as parcels
from crosstell.codecs.shape import tag_of
from crosstell.core.errors import (
    CrosstellError,
    Duplicate,
    Fatal,
    PartyError,
    Refused,
    Unavailable,
)
from crosstell.core.ids import EntryRef, FeedId, PartyId
from crosstell.core.instant import from_us, later, to_us
from crosstell.core.mechanism.effects import Effect
from crosstell.core.mechanism.inputs import Act, Input, Observed, Recorded, Tick
from crosstell.core.mechanism.outgoing import Outgoing
from crosstell.core.mechanism.react import again
from crosstell.core.mechanism.release import Home, Shared
from crosstell.core.mechanism.releasing.sharing import may_cross, withheld_kinds
from crosstell.core.mechanism.step import next_wake, step
from crosstell.core.state.events import JournalCommitted
from crosstell.core.state.held import Held
from crosstell.core.state.setting import Setting
from crosstell.core.state.state import State, initial
from crosstell.shell.exchange import Alarm, Arrival, Peer
from crosstell.shell.founding import Keys
from crosstell.shell.high_water import HighWater
from crosstell.shell.notes import Notes
from crosstell.shell.rebuild import journal_root_due, next_journal_root_at, rebuild
from crosstell.shell.snapshot import take
from crosstell.shell.store.contract import Batch, Put, Store, StoredEntry
from crosstell.shell.store.names import FORKS, OWN_FEED, OWN_JOURNAL
from crosstell.shell.writer import Draw, Writer

GRAIN_S = 0.001  # of an entry's time; what is decided and what is signed have one `now`
ROUNDS_MAX = 32  # rounds of consequences of one input; a longer chain is a bug
RETRY_S = 5.0  # after a fault the node asks to be woken again so soon
WITHHELD_KINDS = frozenset(tag_of(kind) for kind in withheld_kinds())
ALARMS_MAX = 1_000  # shown; whoever sends rubbish without end cannot fill the memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A parcel from another party's node."""

    body: bytes


NodeInput = Act | Observed | Tick | Delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A parcel to another party's node."""

    to: PartyId
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one input. `fault` says what the operator must know and do at once.

    With a fault the effects are everything that stands: what is not among them has ended.
    """

    no: Refused | Duplicate | None = None
    effects: tuple[Effect, ...] = ()
    messages: tuple[Message, ...] = ()
    recorded: tuple[EntryRef, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    fault: str | None = None

    @property
    def refused(self) -> Refused | None:
        """The refusal, if the tables refused what a person asked."""
        return self.no if isinstance(self.no, Refused) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What a node is handed: where it keeps, with what it signs, how it draws, what it marks."""

    store: Store
    keys: Keys
    draw: Draw
    high_water: HighWater


@dataclass(slots=True)
class _Work:
    """One batch in the making."""

    state: State
    rows: list[StoredEntry]
    puts: list[Put]
    effects: list[Effect]
    recorded: list[EntryRef]
    no: Refused | Duplicate | None = None
    fault: str | None = None


class Node:
    """One party's node in one protocol."""

    def __init__(self, setting: Setting, tools: Tools, peers: Iterable[Peer]) -> None:
        """The node stands where its store left it. Raises Fatal for a store that does not verify.

        Both logs are founded (`founding.found`) before a node is made of them.
        """
        self._initial = initial(setting)
        self.degraded: str | None = None
        self._stale: str | None = None
        self._retry_at: datetime | None = None
        self._tools = tools
        self._peers = tuple(peers)
        self._alarms: dict[Alarm, None] = {}
        self._load()

    @property
    def state(self) -> State:
        """What is known: a function of what is recorded."""
        return self._rebuilt.state

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """Everything about the record that a person must see, oldest first."""
        return tuple(self._alarms)

    @property
    def may_sign(self) -> bool:
        """Whether the node holds all that it ever signed. If not, its peers must give it back."""
        return not self._missing()

    def resume(self) -> tuple[Effect, ...]:
        """After a start: every ring and draft that still stands, asked for again."""
        return again(self.state)

    def keep_snapshot(self) -> bool:
        """A snapshot of what is known is in the store, for a quicker start; False if none is kept.

        None is while another party's entry names more of a feed than we hold, or while our own
        entries are held without what they said: what is still to come is in memory alone.
        """
        rebuilt = self._rebuilt
        if rebuilt.exchange.awaited or rebuilt.exchange.hollow:
            return False
        logs = {**rebuilt.exchange.logs, rebuilt.journal.feed: rebuilt.journal}
        put = take(rebuilt.state, logs, self.alarms, self._tools.store, self._tools.keys.online)
        if put is None:
            return False
        self._tools.store.commit(Batch(puts=(put,)))
        return True

    def handle(self, given: NodeInput, now: datetime) -> Outcome:
        """What comes of `given` at `now`, durable before it is told."""
        try:
            outcome = self._handle(given, in_grain(now))
        except (Unavailable, Fatal) as error:
            outcome = self._afresh(str(error))
        except Exception as error:  # noqa: BLE001 - our own bug must not take the watch down
            self.degraded = f"{type(error).__name__}: {error}"
            outcome = self._afresh(
                f"DEGRADED: this input was abandoned by a fault of ours ({self.degraded}); what "
                "is recorded stands. Go on by telephone and report it"
            )
        self._retry_at = None if outcome.fault is None else later(now, by_s=RETRY_S)
        return outcome

    def next_wake(self, now: datetime) -> datetime | None:
        """The next instant after `now` at which a tick would do something. Implements NOD-014."""
        now = in_grain(now)
        times = [
            self._retry_at,
            next_wake(self.state, now),
            next_journal_root_at(now),
            self._rebuilt.exchange.resend_at(),
        ]
        due = min((time for time in times if time is not None and time > now), default=None)
        return None if due is None else in_grain(later(due, by_s=GRAIN_S - 1e-6))

    def _handle(self, given: NodeInput, now: datetime) -> Outcome:
        if self._stale is not None:
            self._load()
        work = _Work(state=self.state, rows=[], puts=[], effects=[], recorded=[])
        late = False
        if isinstance(given, Delivery):
            arrival = self._receive(given, now)
            work.rows += (*arrival.rows, *arrival.late)
            work.puts += arrival.puts
            late = bool(arrival.late)
            self._run(work, Recorded(entries=tuple(arrival.held)), now)
        else:
            self._run(work, given, now)
        if isinstance(given, Tick):
            self._commit_journal_root(work, now)
        self._commit(work)
        if late:
            return self._afresh(None)  # what they say belongs before what followed them
        return Outcome(
            no=work.no,
            effects=tuple(work.effects),
            messages=self._messages(now),
            recorded=tuple(work.recorded),
            alarms=self.alarms,
            fault=work.fault,
        )

    def _run(self, work: _Work, given: Input, now: datetime) -> None:
        """Step after step until nothing more follows; every event is sealed on the way."""
        following: Input = given
        for _ in range(ROUNDS_MAX):
            result = step(work.state, following, now)
            work.state = result.state
            work.effects += result.effects
            work.no = work.no or result.no
            if not result.events:
                return
            sealed = self._seal(work, result.events, now)
            if not sealed:
                return
            following = Recorded(entries=sealed)
        raise AssertionError(f"{ROUNDS_MAX} rounds of consequences of one input")

    def _seal(self, work: _Work, events: tuple[Outgoing, ...], now: datetime) -> tuple[Held, ...]:
        """The events as entries; none, and a fault to show, where nothing may be signed."""
        missing = self._missing()
        if missing:
            work.fault = missing
            return ()
        held = []
        others = self._rebuilt.heads_of_others()
        for outgoing in events:
            home = isinstance(outgoing.to, Home)
            log = self._rebuilt.journal if home else self._rebuilt.own
            try:
                sealed = self._writer.seal(outgoing, log, others, now)
            except Fatal as error:
                work.fault = str(error)
                break
            work.rows.append(sealed.row)
            work.recorded.append(sealed.held.ref)
            held.append(sealed.held)
        return tuple(held)

    def _commit(self, work: _Work) -> None:
        """The batch is durable, then it is what we know."""
        own_grew = any(row.feed == self._rebuilt.own.feed for row in work.rows)
        puts = [*work.puts, *(self._rebuilt.notes.sign_own() if own_grew else ())]
        named = {put.name: put for put in puts}
        if work.rows or named:
            self._tools.store.commit(Batch(entries=tuple(work.rows), puts=tuple(named.values())))
        for log in (self._rebuilt.own, self._rebuilt.journal):
            if log.size > self._marks[log.feed]:
                self._tools.high_water.raise_to(log.feed, log.size)
                self._marks[log.feed] = log.size
        self._rebuilt.state = work.state

    def _receive(self, given: Delivery, now: datetime) -> Arrival:
        try:
            parcel = parcels.decode(given.body)
            arrival = self._rebuilt.exchange.receive(parcel)
        except PartyError as error:
            self._alarm(Alarm(feed=self._rebuilt.own.feed, text=str(error)))
            return Arrival()
        for note in parcel.notes:
            try:
                arrival.puts += self._rebuilt.notes.take(note, now)
            except PartyError as error:
                arrival.alarms.append(Alarm(feed=parcel.sender, text=str(error)))
        if self._rebuilt.notes.is_asked(parcel.sender, parcel.notes):
            self._rebuilt.exchange.asked(parcel.sender, now)
        for alarm in arrival.alarms:
            self._alarm(alarm)
        return arrival

    def _messages(self, now: datetime) -> tuple[Message, ...]:
        forks = tuple(put.value for put in self._tools.store.blobs(FORKS))[: parcels.FORKS_MAX]
        exchange, notes = self._rebuilt.exchange, self._rebuilt.notes
        outgoing = exchange.parcels(now, lambda peer: notes.outgoing(peer.feed), forks)
        return tuple(Message(to=to, body=parcels.encode(parcel)) for to, parcel in outgoing)

    def _withholds(self, kind: str, row: StoredEntry, now: datetime) -> bool:
        """Whether the body of this entry of ours may not leave any more: its share is over."""
        if kind not in WITHHELD_KINDS or row.body is None:
            return False
        return not may_cross(self.state, entry_body.decode(kind, row.body).body, now)

    def _commit_journal_root(self, work: _Work, now: datetime) -> None:
        """The journal's size and root go into the feed once in each hour, whatever happened."""
        if self._missing() or not journal_root_due(work.state, now):
            return
        journal = self._rebuilt.journal
        committed = JournalCommitted(size=journal.size, root=journal.roots[-1].hex())
        event = Outgoing(body=committed, to=Shared(audience=()))
        self._run(work, Recorded(entries=self._seal(work, (event,), now)), now)

    def _afresh(self, fault: str | None) -> Outcome:
        """Memory is thrown away and made again from what is durable; what stands rings again.

        Where the store cannot even be read, what was known last stays on the screen, and nothing
        is done before it can be. Implements NOD-012.
        """
        try:
            self._load()
        except CrosstellError as error:
            self._stale = str(error)
            return Outcome(fault=f"{fault or 'afresh'}. And: {error}", alarms=self.alarms)
        return Outcome(effects=again(self.state), fault=fault, alarms=self.alarms)

    def _missing(self) -> str | None:
        """Why nothing may be signed, if the store holds less than was ever signed."""
        own, journal = self._rebuilt.own, self._rebuilt.journal
        remedies = (
            (own, "its peers have given them back, or the party resumes in a new feed"),
            (journal, "the journal is restored whole, or a new one is founded"),
        )
        for log, remedy in remedies:
            mark = self._marks[log.feed]
            if log.size < mark:
                return (
                    f"{log.feed}: the store holds {log.size} entries, but {mark} were signed; the "
                    f"node signs nothing until {remedy} under its offline root"
                )
        hollow = self._rebuilt.exchange.hollow
        if hollow:
            return (
                f"{own.feed}: entry {min(hollow)} and {len(hollow) - 1} more of our own are held "
                "without what they said; the node signs nothing until those to whom it was said "
                "have given it back"
            )
        return None

    def _alarm(self, alarm: Alarm) -> None:
        self._alarms.setdefault(alarm)
        if len(self._alarms) > ALARMS_MAX:
            del self._alarms[next(iter(self._alarms))]

    def _load(self) -> None:
        """Memory is what the store holds, and nothing else."""
        setting = self._initial.setting
        notes = Notes(own=setting.feed, keys=self._tools.keys)
        marks = {log: self._tools.high_water.read(log) for log in (setting.feed, setting.journal)}
        self._rebuilt = rebuild(self._initial, notes, self._tools.store, self._peers)
        self._marks, self._stale = marks, None
        for alarm in self._rebuilt.alarms:
            self._alarm(alarm)
        self._rebuilt.exchange.withholds = self._withholds
        self._writer = Writer(
            signer=self._tools.keys.online,
            feeds=dict(setting.feeds),
            own=setting.feed,
            draw=self._tools.draw,
        )


def in_grain(now: datetime) -> datetime:
    """`now` to the millisecond of the entries that are signed at it, never later than it was.

    Were it finer, an entry would be signed before the instant that it is due at.
    """
    return from_us(to_us(now) // 1_000 * 1_000)


def name_logs(own: FeedId, journal: FeedId) -> tuple[Put, ...]:
    """The names by which tools find our own logs in the store."""
    return (
        Put(name=OWN_FEED, value=own.encode("ascii")),
        Put(name=OWN_JOURNAL, value=journal.encode("ascii")),
    )
