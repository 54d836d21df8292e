"""A virtual world from one seed: real nodes, bad luck, people; then healing, and what must follow.

The protocol is handed in. Faults last for the world's time, then everything is repaired and left
alone for `HEAL_S`; safety is judged at every step, liveness at the end. Implements SIM-001.
"""

from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime

from crosstell.core.ids import FeedId, PartyId, RoleId
from crosstell.core.instant import later
from crosstell.core.line.message import Reality
from crosstell.core.mechanism.effects import Effect
from crosstell.core.mechanism.inputs import Act, Observed
from crosstell.core.protocol.adherence import ProtocolSigned
from crosstell.core.protocol.digest import ProtocolDigest
from crosstell.core.protocol.document import Protocol
from crosstell.core.state.setting import Setting
from crosstell.shell.node import Message, NodeInput, Outcome
from crosstell.shell.shipped.geoid import geoid_at_start
from crosstell.shell.store.contract import Batch
from crosstell.shell.store.memory import MemoryStore
from crosstell.sim.actors.crew import Crew
from crosstell.sim.actors.rogue import Rogue
from crosstell.sim.actors.sensors import EVERY_S, Sensor
from crosstell.sim.faults import Options, clock_of, options_of
from crosstell.sim.host import Host, Surroundings, contents
from crosstell.sim.ledger.ledger import Ledger
from crosstell.sim.party import Party, feed_name, introduce
from crosstell.sim.schedule import Action, Scheduler, subsystem_random
from crosstell.sim.wire import Wire

START = datetime(2023, 6, 1, 0, 40, tzinfo=UTC)  # an hour turns in most worlds, none at their end
HEAL_S = 900.0  # longer than the last rung, the longest cut and the resending together
ACTS_MAX = 12  # what each crew begins
NAMES = ("alpha", "bravo", "charlie")
RING_LIMIT, TEST_ROLE = RoleId("watch-chief"), RoleId("duty-officer")
ACTIONS_KEPT = 40


@dataclass(slots=True)
class World:
    """One run."""

    seed: int
    protocol: Protocol
    digest: ProtocolDigest
    options: Options = field(init=False)
    scheduler: Scheduler = field(init=False)
    hosts: dict[PartyId, Host] = field(default_factory=dict)
    crews: dict[PartyId, Crew] = field(default_factory=dict)
    sensors: list[Sensor] = field(default_factory=list)
    wire: Wire = field(init=False)
    ledger: Ledger = field(init=False)
    rogue: Rogue | None = None
    actions: deque[str] = field(default_factory=lambda: deque(maxlen=ACTIONS_KEPT))

    def __post_init__(self) -> None:
        """Everything is founded, introduced and started; nothing has gone wrong yet."""
        self.options = options_of(self.seed)
        self.scheduler = Scheduler(START)
        names = [PartyId(name) for name in NAMES[: self.options.parties]]
        seed = str(self.seed)
        feeds = tuple((name, feed_name(seed, name, "feed")) for name in names)
        self.wire = Wire(
            options=self.options,
            random=subsystem_random(self.seed, "wire"),
            scheduler=self.scheduler,
            hosts=self.hosts,
            note=self.note,
        )
        journals = {feed_name(seed, name, "journal"): name for name in names}
        self.ledger = Ledger.of(
            self.protocol, str(RING_LIMIT), {feed: name for name, feed in feeds}, journals
        )
        for name in names:
            self._settle(name, feeds)
        introduce({name: host.party for name, host in self.hosts.items()}, START)
        for host in self.hosts.values():
            self.ledger.begin(host)
        if self.options.has_rogue:
            self.rogue = Rogue(
                host=self.hosts[names[-1]],
                random=subsystem_random(self.seed, "rogue"),
                others=tuple(self.hosts[name] for name in names[:-1]),
                ledger=self.ledger,
            )

    def _settle(self, name: PartyId, feeds: tuple[tuple[PartyId, FeedId], ...]) -> None:
        setting = Setting(
            party=name,
            feeds=feeds,
            journal=feed_name(str(self.seed), name, "journal"),
            protocol=self.protocol,
            digest=self.digest,
            ring_limit=RING_LIMIT,
            test_role=TEST_ROLE,
            reality=Reality.EXERCISE,
            geoid=geoid_at_start(),
        )
        disk = MemoryStore()
        host = Host(
            party=Party(setting=setting, seed=str(self.seed), store=disk),
            clock=clock_of(self.options, subsystem_random(self.seed, f"clock:{name}"), START),
            options=self.options,
            random=subsystem_random(self.seed, f"host:{name}"),
            around=Surroundings(
                scheduler=self.scheduler,
                watcher=self,
                send=self.send,
                notify=self.notify,
                note=self.note,
            ),
        )
        host.put_in_disk(disk)
        self.hosts[name] = host
        self.crews[name] = Crew(
            host=host,
            random=subsystem_random(self.seed, f"crew:{name}"),
            counterparts=tuple(other for other, _ in feeds if other != name),
            mark=self.ledger.mark,
        )
        sensor = Sensor(
            host=host,
            random=subsystem_random(self.seed, f"sensor:{name}"),
            kinds=subsystem_random(self.seed, f"kind:{name}"),
            heard=lambda given: self.ledger.observed(host, given),
        )
        self.ledger.mark(sensor.source, frozenset({name}))
        self.sensors.append(sensor)

    def note(self, text: str) -> None:
        """One line of what happened, for whoever looks at a failing seed."""
        self.actions.append(f"{self.scheduler.now:%H:%M:%S.%f} {text}")

    # What hosts report and send.

    def before(self, host: Host, local: datetime) -> None:
        """An input is about to be given to a node."""
        self.ledger.before(host, local)

    def after(self, host: Host, given: NodeInput, outcome: Outcome, local: datetime) -> None:
        """A node has answered an input."""
        self.note(f"{host.name} {_words(given, outcome)}")
        self.ledger.after(host, given, outcome, local)

    def clock_set(self, host: Host) -> None:
        """A clock was set."""
        self.ledger.clock_set(host)

    def started(self, host: Host, effects: tuple[Effect, ...], local: datetime) -> None:
        """A node stands again."""
        self.note(f"{host.name} starts from its store")
        self.ledger.started(host, effects, local)

    def send(self, sender: PartyId, message: Message) -> None:
        """A parcel leaves: inspected, bent if its sender is a rogue, and carried."""
        self.ledger.leaves(self.hosts[sender], message)
        if self.rogue is not None and self.rogue.host.name == sender:
            for bent in self.rogue.bend(message):
                self.wire.send(sender, bent)
        else:
            self.wire.send(sender, message)

    def notify(self, party: PartyId, effects: tuple[Effect, ...]) -> None:
        """People notice what their node does."""
        self.crews[party].notice(effects)

    # The run.

    def run(self) -> "World":
        """The whole world has passed; Violation if a rule was broken on the way."""
        end = later(START, by_s=60.0 * self.options.minutes)
        self._plan(end)
        self.scheduler.run_until(end)
        self._heal()
        self.scheduler.run_until(later(end, by_s=HEAL_S))
        self.ledger.at_the_end(list(self.hosts.values()))
        return self

    def _plan(self, end: datetime) -> None:
        self.wire.is_faulty = True
        self.wire.plan_cuts(end)
        for host in self.hosts.values():
            host.is_faulty = True
            self.scheduler.after(1.0, self._sign(self.crews[host.name]))
            self.scheduler.after(2.0, host.tick)
            self._plan_people(host)
            self._plan_troubles(host)
        for sensor in self.sensors:
            sensor.begin(START)
            for number in range(1, int(60 * self.options.minutes / EVERY_S)):
                self.scheduler.after(number * EVERY_S, sensor.look)
        if self.rogue is not None:
            self.rogue.plan(self.scheduler, self.options, self._span_s(), self.wire)

    def _sign(self, crew: Crew) -> Action:
        return lambda _now: crew.do(ProtocolSigned(protocol=self.digest))

    def _span_s(self) -> float:
        return 60.0 * self.options.minutes

    def _plan_people(self, host: Host) -> None:
        crew = self.crews[host.name]
        self.scheduler.after(crew.random.uniform(5.0, 40.0), lambda _now: crew.desk.file())
        for _ in range(crew.random.randint(3, ACTS_MAX)):
            when_s = crew.random.uniform(5.0, self._span_s())
            self.scheduler.after(when_s, lambda _now, crew=crew: crew.desk.begin())  # type: ignore[misc]
        for _ in range(self.options.reliefs):
            when_s = crew.random.uniform(5.0, self._span_s())
            self.scheduler.after(when_s, lambda _now, crew=crew: crew.desk.relieve())  # type: ignore[misc]

    def _plan_troubles(self, host: Host) -> None:
        random = subsystem_random(self.seed, f"troubles:{host.name}")
        for _ in range(self.options.restarts):
            when_s, down_s = random.uniform(5.0, self._span_s()), random.uniform(1.0, 120.0)
            self.scheduler.after(when_s, lambda _now, down_s=down_s: host.crash(down_s))  # type: ignore[misc]
        for _ in range(self.options.clock_steps):
            by_s = random.choice((3.0, -3.0, 8.0, -20.0)) * random.random()
            when_s = random.uniform(5.0, self._span_s())
            self.scheduler.after(when_s, lambda _now, by_s=by_s: host.set_clock(by_s))  # type: ignore[misc]
        for _ in range(self.options.old_copies):
            when_s = random.uniform(60.0, self._span_s() / 2)
            wait_s = random.uniform(10.0, self._span_s() / 3)
            self.scheduler.after(when_s, lambda _now, wait_s=wait_s: self._copy(host, wait_s))  # type: ignore[misc]
        for _ in range(1):
            self.scheduler.after(random.uniform(5.0, self._span_s()), self._compare)

    def _copy(self, host: Host, wait_s: float) -> None:
        old = contents(host.disk)
        self.scheduler.after(wait_s, lambda _now: self._lose_disk(host, old))

    def _lose_disk(self, host: Host, old: Batch) -> None:
        """The disk is lost where the peers can give back every entry of the shared feed."""
        feed = host.party.setting.feed
        size = host.disk.size(feed)
        if not host.up or host.lost_journal is not None:
            return
        if all(other.disk.size(feed) < size for other in self.hosts.values() if other != host):
            return
        self.note(f"{host.name} loses its disk; a copy of {len(old.entries)} entries is restored")
        host.restore(old, 20.0)
        self.ledger.disk_replaced(host)
        self.scheduler.after(240.0, lambda _now: self._journal_back(host))

    def _journal_back(self, host: Host) -> None:
        if host.lost_journal is not None:
            self.note(f"{host.name}'s journal is restored whole")
            host.restore_journal()

    def _compare(self, _now: datetime) -> None:
        self.ledger.compare(list(self.hosts.values()))

    def _heal(self) -> None:
        """Nothing goes wrong any more, everything runs, and nobody begins anything."""
        self.note("everything is repaired")
        self.wire.is_faulty = False
        self.wire.cuts.windows.clear()
        if self.rogue is not None:
            self.rogue.is_active = False
            self.rogue.withheld_from = None
        for crew in self.crews.values():
            crew.is_awake = False
        for host in self.hosts.values():
            host.is_faulty = False
            self._journal_back(host)
            host.crash(1.0)

    def held(self) -> list[tuple[PartyId, FeedId, int]]:
        """How many entries each host holds of each log."""
        return [
            (name, feed, host.disk.size(feed))
            for name, host in sorted(self.hosts.items())
            for feed in host.disk.feeds()
        ]


def _words(given: NodeInput, outcome: Outcome) -> str:
    what = type(given).__name__
    if isinstance(given, Observed):
        what = f"Observed({len(given.observations)})"
    elif isinstance(given, Act):
        what = f"Act({type(given.body).__name__})"
    rung = [f"{type(one).__name__}" for one in outcome.effects]
    fault = f" FAULT {outcome.fault[:100]}" if outcome.fault else ""
    return f"{what} > {len(outcome.recorded)} recorded {' '.join(rung)}{fault}"
