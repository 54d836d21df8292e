"""Who was rung about what and when, held against what the plain rules say had to be.

A rung is due `after_s` after its matter began to wait, on the host's own clock. A host that was
off, cut from its disk or not allowed to sign is judged from the moment when it was well again.
Implements SIM-020 to SIM-027.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from crosstell.core.ids import PartyId
from crosstell.core.mechanism.effects import DraftReady, Effect, Ring
from crosstell.core.mechanism.inputs import Tick
from crosstell.core.protocol.document import Protocol
from crosstell.shell.node import NodeInput, Outcome
from crosstell.sim.host import Host
from crosstell.sim.ledger.matters import SECOND_US, MattersBook, Place, Waiting
from crosstell.sim.ledger.noted import Noted, clock_us, demand, words_of
from crosstell.sim.ledger.record import afresh

LATE_US = SECOND_US // 2  # a rung later than this is late
EARLY_US = 2_000  # entries state their time to the millisecond
Rung = tuple[str, int]


@dataclass(slots=True)
class Bell:
    """What one host rang, and since when it has been well."""

    book: MattersBook
    well_since_us: int | None = None
    handled: int = 0
    open: dict[str, int] = field(default_factory=dict)
    closed: dict[str, int] = field(default_factory=dict)
    rung: dict[Rung, int] = field(default_factory=dict)
    undelivered: set[Place] = field(default_factory=set)


@dataclass(slots=True)
class RingingLedger:
    """The bells of all hosts."""

    protocol: Protocol
    ring_limit: str
    bells: dict[PartyId, Bell] = field(default_factory=dict)

    def forget(self, host: Host) -> None:
        """The disk was replaced or the node restarted: nothing that was due is held against it."""
        setting = host.party.setting
        feeds = {feed: party for party, feed in setting.feeds}
        book = MattersBook(
            party=host.name, protocol=self.protocol, feeds=feeds, journal=host.journal
        )
        self.bells[host.name] = Bell(book=book)

    def before(self, host: Host) -> None:
        """Whatever was due before this input has been rung, if the host was well."""
        bell, now_us = self.bells[host.name], clock_us(host)
        if bell.well_since_us is None:
            return
        for one in bell.book.waiting(now_us):
            known_us = bell.open.get(one.key)
            if known_us is not None or one.since_us < now_us - LATE_US:
                self._all_rung(host, bell, one, known_us or 0)
        for book in bell.book.undelivered():
            demand(
                book.place not in bell.undelivered,
                f"{host.name} holds call {book.call} and never said that it was delivered",
            )

    def _all_rung(self, host: Host, bell: Bell, one: Waiting, known_us: int) -> None:
        now_us = clock_us(host)
        assert bell.well_since_us is not None
        for number, rung in enumerate(self.protocol.escalation.rungs[: one.rungs]):
            due_us = one.since_us + round(rung.after_s * SECOND_US)
            held_us = max(due_us, known_us, bell.well_since_us)
            if now_us > held_us + LATE_US:
                demand(
                    (one.key, number) in bell.rung,
                    f"{host.name}: rung {number} of {one.key} was due {words_of(due_us)} and is "
                    f"not rung at {words_of(now_us)}",
                )

    def after(self, host: Host, given: NodeInput, outcome: Outcome, news: Iterable[Noted]) -> None:
        """An input was handled: take in what it recorded, then judge what it rang."""
        bell, now_us = self.bells[host.name], clock_us(host)
        bell.handled += 1
        waited = {one.key for one in bell.book.waiting(now_us)}
        bell.book.note(news)
        waits = {one.key: one for one in bell.book.waiting(now_us)}
        for key in waits:
            bell.open.setdefault(key, now_us)
        for key in [key for key in bell.open if key not in waits]:
            bell.open.pop(key)
            bell.closed[key] = bell.handled
        if outcome.fault is not None or not host.party.node.may_sign:
            bell.well_since_us = None
            self._repeated(bell, outcome.effects, now_us)
            return
        if afresh(given, outcome):
            self._repeated(bell, outcome.effects, now_us)
            return
        for effect in outcome.effects:
            if isinstance(effect, Ring | DraftReady):
                self._rings(host, bell, effect, waits, waited)
        if bell.well_since_us is None and isinstance(given, Tick):
            bell.well_since_us = now_us  # a tick brings up all that is due; a repeated act does not
        bell.undelivered = {book.place for book in bell.book.undelivered()}

    def _rings(
        self,
        host: Host,
        bell: Bell,
        effect: Ring | DraftReady,
        waits: dict[str, Waiting],
        waited: set[str],
    ) -> None:
        now_us, key = clock_us(host), effect.matter
        number = self._within_limit(host, effect)
        where = f"{host.name} at {words_of(now_us)}: rung {number} of {key}"
        demand((key, number) not in bell.rung, f"{where} is rung twice")
        gone = bell.well_since_us is not None and key not in waits and key not in waited
        demand(not gone, f"{where} is rung, and the matter does not wait")
        demand(key not in bell.closed or key in waits, f"{where} is rung after it ended")
        if key in waits:
            after_us = round(self.protocol.escalation.rungs[number].after_s * SECOND_US)
            due_us = waits[key].since_us + after_us
            demand(now_us >= due_us - EARLY_US, f"{where} is due only {words_of(due_us)}")
            demand(number < waits[key].rungs, f"{where}: a test climbs no further than its first")
        bell.rung[key, number] = now_us

    def _within_limit(self, host: Host, effect: Ring | DraftReady) -> int:
        roles = [str(rung.role) for rung in self.protocol.escalation.rungs]
        number, limit = roles.index(effect.role), roles.index(self.ring_limit)
        if isinstance(effect, Ring):
            demand(number == effect.rung, f"{host.name} rings {effect.role} at rung {effect.rung}")
            demand(number <= limit, f"{host.name} rang {effect.role}, above its ring limit")
        else:
            demand(number > limit, f"{host.name} only drafts for {effect.role}, whom it must ring")
        return number

    def started(self, host: Host, effects: Iterable[Effect]) -> None:
        """What a node that was restarted asks for again."""
        bell = self.bells[host.name]
        bell.well_since_us = None
        self._repeated(bell, effects, clock_us(host))

    def _repeated(self, bell: Bell, effects: Iterable[Effect], now_us: int) -> None:
        """A repeated rung shows that all rungs below it were reached before."""
        roles = [rung.role for rung in self.protocol.escalation.rungs]
        for effect in effects:
            if isinstance(effect, Ring | DraftReady) and effect.role in roles:
                for number in range(roles.index(effect.role) + 1):
                    bell.rung.setdefault((effect.matter, number), now_us)

    def at_the_end(self, host: Host) -> None:
        """Every matter that still waits has been rung up to its last rung."""
        bell, now_us = self.bells[host.name], clock_us(host)
        demand(bell.well_since_us is not None, f"{host.name} is not well after healing")
        top_us = round(self.protocol.escalation.rungs[-1].after_s * SECOND_US)
        for one in bell.book.waiting(now_us):
            if one.since_us + top_us + LATE_US < now_us:
                for number in range(one.rungs):
                    text = f"{host.name}: {one.key} was never rung at rung {number}"
                    demand((one.key, number) in bell.rung, text)
