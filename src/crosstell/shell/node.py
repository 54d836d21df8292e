"""A party's node: a synchronous object that takes inputs and the time, and gives their outcomes.

Store, keys, randomness and the second path are handed in; it reads no clock and opens no
socket. What our own side puts in at one instant is one batch, each delivery another: sealed,
committed, and only then folded for good; effects leave after that, messages once it is marked.
After a failed or doubtful commit the node discards what it believes and rebuilds from the store.
Implements NOD-001 to NOD-009, NOD-012, NOD-015, NOD-016, NOD-484, NOD-535.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import groupby

from crosstell.codecs import parcel as parcels
from crosstell.core.errors import (
    CrosstellError,
    Duplicate,
    Fatal,
    PartyError,
    Refused,
    Unavailable,
)
from crosstell.core.ids import EntryRef, PartyId
from crosstell.core.instant import later
from crosstell.core.mechanism.effects import Effect
from crosstell.core.mechanism.inputs import Act, Input, Observed, Recorded, Tick
from crosstell.core.mechanism.outgoing import Outgoing
from crosstell.core.mechanism.react import again
from crosstell.core.mechanism.release import Home, Shared
from crosstell.core.mechanism.step import next_wake, step
from crosstell.core.state.events import JournalCommitted
from crosstell.core.state.held import Held
from crosstell.core.state.setting import Setting
from crosstell.core.state.state import State, initial
from crosstell.shell.exchange import Alarm, Arrival, Peer, Unheard
from crosstell.shell.founding import Keys
from crosstell.shell.high_water import HighWater
from crosstell.shell.notes import Notes
from crosstell.shell.peers.alarms import Alarms, alarm_of, first_proofs
from crosstell.shell.peers.late import Late
from crosstell.shell.rebuild import Rebuilt, journal_root_due, next_journal_root_at, rebuild
from crosstell.shell.snapshot import ReadHeld, held_of
from crosstell.shell.store.contract import Batch, InDoubt, Put, Store
from crosstell.shell.store.failing import NOT_TRIED, Failing
from crosstell.shell.store.marked import Marked
from crosstell.shell.store.names import FORKS
from crosstell.shell.writer import GRAIN_S, Draw, Part, Work, Writer, in_grain

ROUNDS_MAX = 32  # rounds of consequences of one input; a longer chain is a bug


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A parcel from another party's node."""

    body: bytes


NodeInput = Act | Observed | Tick | Delivery | Unheard
Snapshot = tuple[Rebuilt, Put | None]  # of what memory held then; nothing, if it is too large


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A parcel to another party's node."""

    to: PartyId
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one input. `fault` says what the operator must know and do at once.

    Where a fault ended the whole batch, the effects are everything that stands; where it kept one
    input from being signed, they are that input's. Whoever must know asks `Node.resume`.
    """

    no: Refused | Duplicate | None = None
    effects: tuple[Effect, ...] = ()
    messages: tuple[Message, ...] = ()
    recorded: tuple[EntryRef, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    fault: str | None = None
    kept: bool = True  # False: the store took nothing of it, so it may be put again
    in_doubt: bool = False  # whether the store took it is not known

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


class Node:
    """One party's node in one protocol."""

    def __init__(self, setting: Setting, tools: Tools, peers: Iterable[Peer]) -> None:
        """The node stands where its store left it. Raises Fatal for a store that does not verify.

        Both logs are founded (`founding.found`) before a node is made of them.
        """
        self._initial = initial(setting)
        self.degraded: str | None = None  # the last input that was abandoned, and when
        self.degraded_at: datetime | None = None
        self.unkept: str | None = None  # why the last that was to be signed or stored was not
        self._stale: str | None = None
        self.failing = Failing()
        self._late, self.reads = Late(), 0  # what came late; how often the whole record was read
        self._tools = tools
        self._peers, self._alarms = tuple(peers), Alarms()
        self._load()

    @property
    def state(self) -> State:
        """What is known: a function of what is recorded."""
        return self._rebuilt.state

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """Everything about the record that a person must see: forks first, then oldest first."""
        return self._alarms.every

    @property
    def rebuilt(self) -> Rebuilt:
        """What memory holds of the record: to look at, in the owner's thread alone."""
        return self._rebuilt

    @property
    def may_sign(self) -> bool:
        """Whether the node holds all that it ever signed. If not, its peers must give it back."""
        return not self.missing

    @property
    def missing(self) -> str | None:
        """Why nothing may be signed: no mark can be written, or the store holds less than they."""
        return self._marked.fault or self._rebuilt.missing(self._marked.sizes)

    def resume(self) -> tuple[Effect, ...]:
        """After a start: every ring and draft that still stands, asked for again."""
        return again(self.state)

    def take_keys(self, keys: Keys) -> tuple[Effect, ...]:
        """After a key ceremony: the node signs with these and knows its store; what stands."""
        self._tools = replace(self._tools, keys=keys)
        self._load()
        return again(self.state)

    def keep_snapshot(self) -> bool:
        """A snapshot of what is known is in the store, for a quicker start; False if none is kept.

        None is while our own entries are held without what they said, which is in memory alone,
        while what came late is not read, or while memory is not what the store holds.
        """
        make = self.begin_snapshot()
        return make is not None and self.put_snapshot(make(partial(held_of, self._tools.store)))

    def begin_snapshot(self) -> Callable[[ReadHeld], Snapshot] | None:
        """What makes it, in any thread, the store read in the owner's. NOD-046, NOD-280."""
        rebuilt, key = self._rebuilt, self._tools.keys.online
        if rebuilt.exchange.hollow or self._late.due_at is not None or self._stale is not None:
            return None  # of a commit that failed the logs may have grown, and what is known not
        begun = rebuilt.snapshot(self._alarms.others)
        return lambda read: (rebuilt, begun.made(key, read))

    def put_snapshot(self, made: Snapshot) -> bool:
        """It is in the store, unless more bodies are held than when it was begun."""
        rebuilt, put = made
        if put is None or rebuilt is not self._rebuilt or self._late.due_at is not None:
            return False
        self._tools.store.commit(Batch(puts=(put,)))
        return True

    def handle(self, given: NodeInput, now: datetime) -> Outcome:
        """What comes of `given` at `now`, durable before it is told."""
        return self.handle_all((given,), now)[0]

    def handle_all(self, inputs: Sequence[NodeInput], now: datetime) -> tuple[Outcome, ...]:
        """What comes of each input at `now`, in their order, as if each were handled by itself.

        Those between two deliveries are durable together or not at all. If that fails or is in
        doubt, each of them is told, and the effects, the same for each, are everything that stands.
        Messages are with the last of a batch. An input that a fault of ours hits is abandoned by
        itself.
        """
        outcomes: list[Outcome] = []
        for batch in _batches(inputs):
            outcomes += self._handle(batch, in_grain(now))
        faults = (self._marked.fault, *(one.fault for one in outcomes))
        self.failing.told(now, is_faulty=any(fault is not None for fault in faults))
        return tuple(outcomes)

    def next_wake(self, now: datetime) -> datetime | None:
        """The next instant after `now` at which a tick would do something. Implements NOD-014."""
        now = in_grain(now)
        shell = (self.failing.retry_at, self._late.due_at, self._rebuilt.exchange.resend_at())
        times = (*shell, next_wake(self.state, now), next_journal_root_at(now))
        due = min((time for time in times if time is not None and time > now), default=None)
        return None if due is None else in_grain(later(due, by_s=GRAIN_S - 1e-6))

    def _handle(self, batch: Sequence[NodeInput], now: datetime) -> tuple[Outcome, ...]:
        """The batch is durable and told, or its inputs are told the fault."""
        if self.failing.holds_off(batch, now):
            why = f"{NOT_TRIED}{self.unkept or self.degraded}"
            off = Outcome(effects=self.resume(), fault=why, alarms=self.alarms, kept=False)
            return (off,) * len(batch)
        work, in_doubt = None, False
        try:
            if self._stale is not None or self._late.is_due(self._rebuilt.exchange, now):
                self._load()
            self._marked.reach(self._rebuilt.signed)
            work = self._work(batch, now)
            return self._settle(work, now)
        except (Unavailable, Fatal) as error:
            fault, in_doubt = str(error), isinstance(error, InDoubt)
            self.unkept = fault
            if isinstance(error, Unavailable):
                self.failing.failed(self._rebuilt.read, now)
        except Exception as error:  # noqa: BLE001 - our own bug must not take the watch down
            self.degraded, self.degraded_at = f"{type(error).__name__}: {error}", now
            if work is None and len(batch) > 1:
                self._stale = self.degraded  # nothing was written: each again, by itself
                return tuple(one for each in batch for one in self._handle((each,), now))
            fault = (
                f"DEGRADED: this input was abandoned by a fault of ours ({self.degraded}); what "
                "is recorded stands. Go on by telephone and report it"
            )
        told, is_kept = self._afresh(fault), fault is not self.unkept
        return (replace(told, kept=is_kept, in_doubt=in_doubt),) * len(batch)

    def _work(self, batch: Sequence[NodeInput], now: datetime) -> Work:
        """All that the batch gives, in memory alone."""
        work = Work(state=self.state)
        for given in batch:
            work.parts.append(Part())
            if isinstance(given, Unheard):
                self._rebuilt.exchange.unheard(given)
            elif isinstance(given, Delivery):
                arrival = self._receive(given, now)
                work.rows += (*arrival.rows, *arrival.late)
                work.puts += arrival.puts
                work.late += arrival.late
                self._run(work, Recorded(entries=tuple(arrival.held)), now)
            else:
                self._run(work, given, now)
            if isinstance(given, Tick):
                self._commit_journal_root(work, now)
        return work

    def _settle(self, work: Work, now: datetime) -> tuple[Outcome, ...]:
        """The batch is durable; what is told of it."""
        self._commit(work)
        if work.late and self._late.came(work.late, self._rebuilt.exchange, now):
            return (self._afresh(None),)  # what they say belongs before what followed them
        messages = () if self._marked.fault else self._messages(now)
        last, alarms = work.parts[-1], self.alarms
        return tuple(
            Outcome(
                no=part.no,
                effects=tuple(part.effects),
                messages=messages if part is last else (),
                recorded=tuple(part.recorded),
                alarms=alarms,
                fault=part.fault,
            )
            for part in work.parts
        )

    def _run(self, work: Work, given: Input, now: datetime) -> None:
        """Step after step until nothing more follows; every event is sealed on the way."""
        following: Input = given
        for _ in range(ROUNDS_MAX):
            result = step(work.state, following, now)
            work.state = result.state
            work.part.effects += result.effects
            work.part.no = work.part.no or result.no
            if not result.events:
                return
            sealed = self._seal(work, result.events, now)
            if not sealed:
                return
            following = Recorded(entries=sealed)
        raise AssertionError(f"{ROUNDS_MAX} rounds of consequences of one input")

    def _seal(self, work: Work, events: tuple[Outgoing, ...], now: datetime) -> tuple[Held, ...]:
        """The events as entries; none, and a fault to show, where nothing may be signed."""
        missing = self.missing
        if missing:
            work.part.fault = missing
            return ()
        held = []
        others = self._rebuilt.heads_of_others()
        for outgoing in events:
            home = isinstance(outgoing.to, Home)
            log = self._rebuilt.journal if home else self._rebuilt.own
            try:
                sealed = self._writer.seal(outgoing, log, others, now)
            except Fatal as error:
                work.part.fault = self.unkept = str(error)
                break
            self.unkept = None
            work.rows.append(sealed.row)
            work.part.recorded.append(sealed.held.ref)
            held.append(sealed.held)
        return tuple(held)

    def _commit(self, work: Work) -> None:
        """The batch is durable, then it is what we know."""
        puts = [*work.puts, *self._rebuilt.sign_own(work.rows)]
        named = {put.name: put for put in puts}
        if work.rows or named:
            self._tools.store.commit(Batch(entries=tuple(work.rows), puts=tuple(named.values())))
            self._alarms.forked(named.values())
            self.failing.wrote()
        self._marked.reach(self._rebuilt.signed)
        self._rebuilt.state = work.state

    def _receive(self, given: Delivery, now: datetime) -> Arrival:
        try:
            parcel = parcels.decode(given.body)
            arrival = self._rebuilt.exchange.receive(parcel)
        except PartyError as error:
            self._alarms.add(alarm_of(self._rebuilt.own.feed, error))
            return Arrival()
        for note in parcel.notes:
            try:
                arrival.puts += self._rebuilt.notes.take(note, now)
            except PartyError as error:
                arrival.alarms.append(alarm_of(parcel.sender, error))
        arrival.puts = first_proofs(arrival.puts)
        if self._rebuilt.notes.is_asked(parcel.sender, parcel.notes):
            self._rebuilt.exchange.asked(parcel.sender, now)
        for alarm in arrival.alarms:
            self._alarms.add(alarm)
        return arrival

    def _messages(self, now: datetime) -> tuple[Message, ...]:
        forks = tuple(put.value for put in self._tools.store.blobs(FORKS))[: parcels.FORKS_MAX]
        exchange, notes = self._rebuilt.exchange, self._rebuilt.notes
        outgoing = exchange.parcels(now, lambda peer: notes.outgoing(peer.feed), forks)
        return tuple(Message(to=to, body=parcels.encode(parcel)) for to, parcel in outgoing)

    def _commit_journal_root(self, work: Work, now: datetime) -> None:
        """The journal's size and root go into the feed once in each hour, whatever happened."""
        if self.missing or not journal_root_due(work.state, now):
            return
        journal = self._rebuilt.journal
        committed = JournalCommitted(size=journal.size, root=journal.root.hex())
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

    def _load(self) -> None:
        """Memory is what the store holds, and nothing else."""
        setting = self._initial.setting
        notes = Notes(own=setting.feed, keys=self._tools.keys)
        marks = {log: self._tools.high_water.read(log) for log in (setting.feed, setting.journal)}
        self._rebuilt = rebuild(self._initial, notes, self._tools.store, self._peers, marks)
        self._marked, self._stale = Marked(self._tools.high_water, marks), None
        self.reads += 1
        for alarm in self._rebuilt.alarms:
            self._alarms.add(alarm)
        self._alarms.forked(self._tools.store.blobs(FORKS))
        self._writer = Writer(
            signer=self._tools.keys.online,
            feeds=dict(setting.feeds),
            own=setting.feed,
            draw=self._tools.draw,
        )


def _batches(inputs: Sequence[NodeInput]) -> Iterator[Sequence[NodeInput]]:
    """What is durable together: nothing that a peer sends can take with it what our people ask."""
    for is_theirs, group in groupby(inputs, lambda given: isinstance(given, Delivery)):
        found = tuple(group)
        yield from ((given,) for given in found) if is_theirs else (found,)
