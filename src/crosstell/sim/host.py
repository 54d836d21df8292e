"""One party's machine in a virtual world: its node, its clock, its disk, and when it is off.

What a crash takes is the node's memory and whatever had not left; what it leaves is the store.
The host does what an adapter owes a node: a tick when it asked for one, one at once when its
clock was set, and one again soon after a fault. Implements SIM-004, SIM-005.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Protocol

from crosstell.core.ids import FeedId, PartyId
from crosstell.core.mechanism.effects import Effect
from crosstell.core.mechanism.inputs import Tick
from crosstell.shell.node import Message, NodeInput, Outcome
from crosstell.shell.store.contract import Batch, Store
from crosstell.shell.store.memory import MemoryStore
from crosstell.sim.faults import Clock, Options
from crosstell.sim.faulty_store import Fault, FaultyStore
from crosstell.sim.party import Party
from crosstell.sim.schedule import Scheduler

RETRY_S = 5.0  # after a fault the host ticks again
DOWN_S_MAX = 60.0  # the longest that a crashed node stays away
WAKE_S = 0.002  # a wake comes this long after the instant asked for


class Watcher(Protocol):
    """What the ledger is told of a host."""

    def before(self, host: "Host", local: datetime) -> None:
        """An input is about to be given."""

    def after(self, host: "Host", given: NodeInput, outcome: Outcome, local: datetime) -> None:
        """It was given, and this came of it. Nothing has left yet."""

    def clock_set(self, host: "Host") -> None:
        """Somebody has set the host's clock; its node is ticked next."""

    def started(self, host: "Host", effects: tuple[Effect, ...], local: datetime) -> None:
        """The node stands where its store left it and asks again for what stands."""


@dataclass(slots=True)
class Surroundings:
    """What a host acts upon: time, the ledger, the network, its people."""

    scheduler: Scheduler
    watcher: Watcher
    send: Callable[[PartyId, Message], None]
    notify: Callable[[PartyId, tuple[Effect, ...]], None]
    note: Callable[[str], None]


@dataclass(slots=True)
class Host:
    """One party's machine."""

    party: Party
    clock: Clock
    options: Options
    random: Random
    around: Surroundings
    disk: MemoryStore = field(default_factory=MemoryStore)
    up: bool = True
    is_faulty: bool = False
    wakes: list[datetime] = field(default_factory=list)
    lost_journal: Batch | None = None

    @property
    def name(self) -> PartyId:
        """Whose machine it is."""
        return self.party.setting.party

    @property
    def journal(self) -> FeedId:
        """The name of its private journal."""
        return self.party.setting.journal

    def local(self) -> datetime:
        """What its clock shows now."""
        return self.clock.at(self.around.scheduler.now)

    def put_in_disk(self, disk: MemoryStore) -> None:
        """This is its disk from now on, with writes that fail as drawn."""
        self.disk = disk
        self.party.store = FaultyStore(disk, self._plan)

    def _plan(self, _number: int) -> Fault | None:
        if not self.is_faulty:
            return None
        draw = self.random.random()
        if draw < self.options.write_fails:
            return Fault.FAILS
        if draw < self.options.write_fails + self.options.write_fails_but_persists:
            return Fault.FAILS_BUT_PERSISTS
        return None

    def give(self, given: NodeInput) -> Outcome | None:
        """What came of the input, as a person at this machine sees it; None if it is off."""
        if not self.up:
            return None
        local = self.local()
        self.around.watcher.before(self, local)
        outcome = self.party.node.handle(given, local)
        self.around.watcher.after(self, given, outcome, local)
        if self.is_faulty and self.random.random() < self.options.crash_before_send:
            self.around.note(f"{self.name} crashes before anything leaves")
            self.crash(self.random.uniform(0.5, DOWN_S_MAX))
            return None
        self._let_out(outcome)
        return outcome

    def _let_out(self, outcome: Outcome) -> None:
        self.around.notify(self.name, outcome.effects)
        for message in outcome.messages:
            self.around.send(self.name, message)
        if outcome.fault is not None:
            self._wake_after(RETRY_S)
        self.ask_to_be_woken()

    def tick(self, _now: datetime | None = None) -> None:
        """Time has passed."""
        self.give(Tick())

    def ask_to_be_woken(self) -> None:
        """The node is ticked at the instant it asks for, unless it will be before."""
        wake = self.party.node.next_wake(self.local())
        if wake is not None:
            self._wake_after(self.clock.true_delay_s(self.around.scheduler.now, wake) + WAKE_S)

    def _wake_after(self, delay_s: float) -> None:
        scheduler = self.around.scheduler
        at = self._true_after(delay_s)
        if any(scheduler.now < wake <= at for wake in self.wakes):
            return
        self.wakes.append(at)
        scheduler.at(at, self._woken)

    def _true_after(self, delay_s: float) -> datetime:
        return Clock(start=self.around.scheduler.now, offset_s=delay_s).at(
            self.around.scheduler.now
        )

    def _woken(self, now: datetime) -> None:
        self.wakes = [wake for wake in self.wakes if wake > now]
        self.tick()

    def crash(self, down_s: float) -> None:
        """The node's memory is gone; after `down_s` it starts again from its store."""
        if not self.up:
            return
        self.up = False
        self.around.scheduler.after(down_s, self.start)

    def start(self, _now: datetime | None = None) -> None:
        """A node of the same party stands where the store left the last one."""
        if self.up:
            return
        self.up = True
        self.party.start()
        effects = self.party.node.resume()
        self.around.watcher.started(self, effects, self.local())
        self.around.notify(self.name, effects)
        self.tick()

    def set_clock(self, by_s: float) -> None:
        """Somebody sets the clock; the node is ticked at once."""
        self.around.note(f"{self.name}'s clock is set by {by_s:+.1f} s")
        self.clock.stepped_s += by_s
        self.around.watcher.clock_set(self)
        self.tick()

    def restore(self, old: Batch, down_s: float) -> None:
        """The disk is lost and an old copy put in its place; the second path is intact."""
        now = contents(self.disk)
        rows = tuple(row for row in now.entries if row.feed == self.journal)
        self.lost_journal = Batch(entries=rows)
        self.up = False
        disk = MemoryStore()
        disk.commit(old)
        self.put_in_disk(disk)
        self.around.scheduler.after(down_s, self.start)

    def restore_journal(self) -> None:
        """The private journal, which no peer can give back, is restored whole."""
        if self.lost_journal is None:
            return
        self.up = False
        self.disk.commit(self.lost_journal)
        self.lost_journal = None
        self.start()


def contents(store: Store) -> Batch:
    """Everything that a store holds."""
    rows = tuple(row for feed in store.feeds() for row in store.entries(feed))
    return Batch(entries=rows, puts=store.blobs(""))
