"""The whole ledger of one world: every book is shown everything, and each judges its own rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from crosstell.core.ids import FeedId, PartyId
from crosstell.core.mechanism.effects import Effect
from crosstell.core.mechanism.inputs import Observed
from crosstell.core.protocol.document import Protocol
from crosstell.shell.node import Message, NodeInput, Outcome
from crosstell.sim.host import Host
from crosstell.sim.ledger.agreement import AgreementLedger, converged, evidenced
from crosstell.sim.ledger.levels import LevelLedger
from crosstell.sim.ledger.noted import demand
from crosstell.sim.ledger.oracle import DetectionOracle
from crosstell.sim.ledger.record import RecordLedger
from crosstell.sim.ledger.ringing import RingingLedger


@dataclass(slots=True)
class Ledger:
    """What was put in and what came out, in one world."""

    record: RecordLedger
    ringing: RingingLedger
    oracle: DetectionOracle
    levels: LevelLedger = field(default_factory=LevelLedger)
    agreement: AgreementLedger = field(default_factory=AgreementLedger)
    evidence_owed: set[PartyId] = field(default_factory=set)

    @classmethod
    def of(
        cls,
        protocol: Protocol,
        ring_limit: str,
        feeds: Mapping[FeedId, PartyId],
        journals: Mapping[FeedId, PartyId],
    ) -> Ledger:
        """A ledger of a world in which nothing has happened."""
        return cls(
            record=RecordLedger(feeds=feeds, journals=journals),
            ringing=RingingLedger(protocol=protocol, ring_limit=ring_limit),
            oracle=DetectionOracle(protocol=protocol, feeds=feeds),
        )

    def begin(self, host: Host) -> None:
        """The host's disk holds its foundings."""
        self.ringing.forget(host)
        self.oracle.forget(host)
        self.levels.forget(host)
        self._take_in(host)

    def mark(self, marker: str, audience: frozenset[PartyId]) -> None:
        """These words may be read by these parties alone."""
        self.record.markers[marker] = audience

    def _take_in(self, host: Host) -> None:
        news = self.record.news(host)
        self.ringing.bells[host.name].book.note(news)
        self.oracle.note(host, news)

    def before(self, host: Host, local: datetime) -> None:
        """An input is about to be given."""
        del local
        self.ringing.before(host)

    def after(self, host: Host, given: NodeInput, outcome: Outcome, local: datetime) -> None:
        """An input was handled."""
        del local
        node = host.party.node
        demand(node.degraded is None, f"{host.name} is degraded: {node.degraded}")
        news = self.record.news(host)
        self.record.handled(host, given, outcome, news)
        self.levels.after(host, given, outcome, news)
        self.oracle.after(host, given, outcome, news)
        self.ringing.after(host, given, outcome, news)

    def clock_set(self, host: Host) -> None:
        """What fell due within the step is due from the next input on."""
        self.ringing.bells[host.name].well_since_us = None

    def started(self, host: Host, effects: tuple[Effect, ...], local: datetime) -> None:
        """A node stands where its store left it."""
        del local
        self._take_in(host)
        self.ringing.started(host, effects)
        self.oracle.interrupted(host)
        if host.party.node.may_sign:
            self.record.all_kept(host)

    def disk_replaced(self, host: Host) -> None:
        """An older copy is in place of the disk: what is known of it begins anew."""
        self.record.forget(host)
        self.ringing.forget(host)
        self.oracle.forget(host)
        self.agreement.forget(host)
        self._take_in(host)

    def forks(self, party: PartyId) -> None:
        """This party has signed two entries at one number, and a counterpart will see both."""
        self.record.forked.add(party)
        self.evidence_owed.add(party)

    def leaves(self, host: Host, message: Message) -> None:
        """A parcel leaves its host."""
        self.record.leaves(host, message.to, message.body)

    def observed(self, host: Host, given: Observed) -> None:
        """A sensor's measurements reached a node."""

    def compare(self, hosts: list[Host]) -> None:
        """At any moment: rebuilt equals live, and both sides of a feed agree."""
        up = [host for host in hosts if host.up]
        for host in up:
            self.agreement.rebuilt_equals_live(host)
            self.agreement.stages_never_fall(host)
        for one in up:
            for other in up:
                if one.name < other.name and not self.record.forked & {one.name, other.name}:
                    self.agreement.same_feed_same_state(one, other)

    def at_the_end(self, hosts: list[Host]) -> None:
        """After healing, within the bound: everything has come about that must."""
        self.compare(hosts)
        for host in hosts:
            self.record.all_kept(host)
            self.ringing.at_the_end(host)
        feeds = dict(self.record.feeds)
        converged(hosts, feeds)
        for party in sorted(self.evidence_owed):
            feed = next(name for name, owner in feeds.items() if owner == party)
            for host in hosts:
                if host.name != party:
                    evidenced(host, feed)
