"""A party that breaks the protocol on purpose: it withholds, replays, sends rubbish, forks.

Its node is a real one; what leaves it is bent on the way out. What it signs twice is signed by
its own key, as a fork is. Implements SIM-009.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random

from crosstell.codecs import parcel as parcels
from crosstell.codecs.parcel import Parcel, Row
from crosstell.core.record.entry import SALT_SIZE, Body, HybridTime, parse, seal
from crosstell.shell.node import Message
from crosstell.sim.faults import Options
from crosstell.sim.host import Host
from crosstell.sim.ledger.ledger import Ledger
from crosstell.sim.schedule import Scheduler
from crosstell.sim.wire import Wire

KEPT_MAX = 30  # parcels remembered for replaying
WITHHELD_S = 240.0
HUGE = 5_000_000  # bytes; more than a node reads


@dataclass(slots=True)
class Rogue:
    """The bad intent of one host's party."""

    host: Host
    random: Random
    others: tuple[Host, ...]
    ledger: Ledger
    is_active: bool = True
    withheld_from: int | None = None
    kept: list[Message] = field(default_factory=list)

    def bend(self, message: Message) -> tuple[Message, ...]:
        """What really leaves, in place of this parcel."""
        if not self.is_active:
            return (message,)
        self.kept = [*self.kept, message][-KEPT_MAX:]
        if self.withheld_from is None:
            return (message,)
        parcel = parcels.decode(message.body)
        rows = tuple(row for row in parcel.rows if not self._is_withheld(row))
        return (replace(message, body=parcels.encode(replace(parcel, rows=rows))),)

    def _is_withheld(self, row: Row) -> bool:
        header = parse(row.leaf).header
        ours = header.feed == self.host.party.setting.feed
        return ours and self.withheld_from is not None and header.seq >= self.withheld_from

    def plan(self, scheduler: Scheduler, options: Options, span_s: float, wire: Wire) -> None:
        """Draw when it does what."""
        deeds: tuple[tuple[int, Callable[[Wire], None]], ...] = (
            (options.replays, self._replay),
            (options.garbage, self._rubbish),
            (options.withholdings, self._withhold),
            (options.forks, self._fork),
        )
        for count, deed in deeds:
            for _ in range(count):
                when_s = self.random.uniform(20.0, span_s * 0.9)
                scheduler.after(when_s, lambda _now, deed=deed: deed(wire))  # type: ignore[misc]

    def _replay(self, wire: Wire) -> None:
        if self.kept:
            wire.send(self.host.name, self.random.choice(self.kept))

    def _rubbish(self, wire: Wire) -> None:
        """Random bytes, a parcel cut short, one with a flipped bit, one that is far too large."""
        whole = self.kept[-1].body if self.kept else b"{}"
        place = self.random.randrange(len(whole))
        flipped = bytes([whole[place] ^ (1 << self.random.randrange(8))])
        body = (
            self.random.randbytes(200),
            whole[:place],
            whole[:place] + flipped + whole[place + 1 :],
            b"[" * HUGE,
        )[self.random.randrange(4)]
        wire.send(self.host.name, Message(to=self.random.choice(self.others).name, body=body))

    def _withhold(self, wire: Wire) -> None:
        feed = self.host.party.setting.feed
        self.withheld_from = self.host.disk.size(feed)
        self.host.around.note(f"{self.host.name} withholds from entry {self.withheld_from}")

        def give(_now: object) -> None:
            self.withheld_from = None

        wire.scheduler.after(WITHHELD_S, give)

    def _fork(self, wire: Wire) -> None:
        """Another entry at a number that some other party holds, sent to that party."""
        feed = self.host.party.setting.feed
        victims = [host for host in self.others if host.disk.size(feed) > 2]
        if not victims:
            return
        victim = self.random.choice(victims)
        seq = self.random.randrange(2, victim.disk.size(feed))
        row = next(self.host.disk.entries(feed, seq, 1))
        if next(victim.disk.entries(feed, seq, 1)).leaf != row.leaf:
            return
        header = parse(row.leaf).header
        body = Body(salt=self.random.randbytes(SALT_SIZE), content=b'{"said":{}}')
        time = HybridTime(ms=header.hlc.ms, counter=header.hlc.counter + 1)
        other = seal(
            replace(header, body=body.commitment(), hlc=time), self.host.party.keys().online
        )
        self.ledger.forks(self.host.name)
        parcel = Parcel(
            sender=feed,
            have=((feed, self.host.disk.size(feed)),),
            rows=(Row(leaf=other.leaf, salt=body.salt, body=body.content),),
        )
        self.host.around.note(f"{self.host.name} forks at {seq}, towards {victim.name}")
        # Carried by hand, so that the network cannot spare the others this sight.
        wire.deliver_surely(Message(to=victim.name, body=parcels.encode(parcel)))
