"""The network of a virtual world: it loses, doubles, delays, reorders, and is cut in one direction.

Implements SIM-006.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from crosstell.core.ids import PartyId
from crosstell.core.instant import later
from crosstell.shell.node import Delivery, Message
from crosstell.sim.faults import Cuts, Options
from crosstell.sim.host import Host
from crosstell.sim.schedule import Scheduler

QUICK_S = 0.2  # what a healthy line takes
LATE_S = 45.0  # how late a parcel that is overtaken may come
CUT_S_MIN, CUT_S_MAX = 60.0, 600.0


@dataclass(slots=True)
class Wire:
    """Carries parcels between hosts, badly while `is_faulty`."""

    options: Options
    random: Random
    scheduler: Scheduler
    hosts: dict[PartyId, Host]
    note: Callable[[str], None]
    is_faulty: bool = False
    cuts: Cuts = field(default_factory=Cuts)

    def plan_cuts(self, end: datetime) -> None:
        """Draw when the line is cut, in both directions or in one."""
        names = sorted(self.hosts)
        start, span_s = self.scheduler.now, (end - self.scheduler.now).total_seconds()
        for number in range(self.options.partitions + self.options.one_way):
            a, b = self.random.sample(names, 2)
            begin = later(start, by_s=self.random.uniform(0.0, span_s))
            until = min(end, later(begin, by_s=self.random.uniform(CUT_S_MIN, CUT_S_MAX)))
            self.cuts.cut((a, b), begin, until)
            if number < self.options.partitions:
                self.cuts.cut((b, a), begin, until)

    def send(self, sender: PartyId, message: Message) -> None:
        """The parcel is on its way, if it is, and perhaps more than once."""
        if not self.is_faulty:
            self._deliver_after(QUICK_S, sender, message)
            return
        draw = self.random
        if self.cuts.holds(sender, message.to, self.scheduler.now):
            return
        copies = 2 if draw.random() < self.options.duplication else 1
        for _ in range(copies):
            if draw.random() < self.options.loss:
                self.note(f"a parcel {sender} > {message.to} is lost")
                continue
            delay_s = QUICK_S + draw.uniform(0.0, 1.0) * self.options.delay_s
            if draw.random() < self.options.reordering:
                delay_s += draw.uniform(0.0, LATE_S)
            self._deliver_after(delay_s, sender, message)

    def deliver_surely(self, message: Message) -> None:
        """The parcel arrives, whatever happens, once its receiver's node runs and can write."""

        def arrive(_now: datetime) -> None:
            outcome = self.hosts[message.to].give(Delivery(body=message.body))
            if outcome is None or outcome.fault is not None:
                self.scheduler.after(LATE_S, arrive)

        self.scheduler.after(QUICK_S, arrive)

    def _deliver_after(self, delay_s: float, sender: PartyId, message: Message) -> None:
        def arrive(now: datetime) -> None:
            if self.is_faulty and self.cuts.holds(sender, message.to, now):
                return
            self.hosts[message.to].give(Delivery(body=message.body))

        self.scheduler.after(delay_s, arrive)
