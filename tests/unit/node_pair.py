"""Two or three parties' real nodes over stores in memory, and a line that the test holds.

Nothing moves by itself: a test acts, ticks, observes and delivers at a clock of its own. What a
node sends waits in `line` until `deliver` carries it, so a test may lose, repeat or turn it round.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from crosstell.codecs.protocol_file import digest_of, read_protocol
from crosstell.core.altitude import Unbounded
from crosstell.core.detection.alert import Alert, shown_alert
from crosstell.core.geometry.footprint import Circle
from crosstell.core.geometry.motion import Motion, Velocity
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.volume import Volume
from crosstell.core.ids import CallId, EntryRef, Named, NoticeId, PartyId, RoleId, TrackId
from crosstell.core.instant import Window
from crosstell.core.line.acknowledgement import CallReceived
from crosstell.core.line.answer import Answer, AnswerGiven, AnswerId, AnswerKind
from crosstell.core.line.content import CallContent, Danger, RequestedAct
from crosstell.core.line.content import Node as ByNode
from crosstell.core.line.escalation import Ladder, Matter
from crosstell.core.line.message import CallKind, CallPlaced, Precedence, Reality
from crosstell.core.mechanism.effects import Effect, Ring
from crosstell.core.mechanism.inputs import Act, Observed, Tick
from crosstell.core.picture.content import FieldType, OwnForceLocation, Zone
from crosstell.core.picture.notice import NoticeFiled
from crosstell.core.picture.party import Speaker, Standing
from crosstell.core.picture.track import Observation
from crosstell.core.protocol.adherence import ProtocolSigned
from crosstell.core.protocol.document import Protocol
from crosstell.core.protocol.rule import Rule
from crosstell.core.state.events import Event
from crosstell.core.state.setting import Setting
from crosstell.core.state.state import State
from crosstell.shell.node import Delivery, Message, NodeInput, Outcome
from crosstell.shell.store.contract import Store
from crosstell.shell.store.memory import MemoryStore
from crosstell.sim.party import Party, feed_name, introduce

START = datetime(2023, 6, 1, tzinfo=UTC)
ALPHA, BRAVO, CHARLIE = PartyId("alpha"), PartyId("bravo"), PartyId("charlie")
DUTY, CHIEF, DIRECTOR = RoleId("duty-officer"), RoleId("watch-chief"), RoleId("director")
SEA = Position(lat_deg=-36.5, lon_deg=-19.0)
CARRIED_MAX = 200  # parcels until the line is quiet; more means that two nodes feed each other


@cache
def protocol_of(*, parties: int) -> Protocol:
    """The test protocol; with three parties its notifier has become one."""
    found = read_protocol(Path(__file__).parent / "data" / "test-protocol.yaml")
    if parties == 2:
        return found
    full = tuple(replace(party, standing=Standing.PARTY) for party in found.parties)
    return replace(found, parties=full)


@dataclass
class World:
    """Parties, their line, and one clock."""

    names: tuple[PartyId, ...] = (ALPHA, BRAVO)
    rules: tuple[Rule, ...] = ()  # beside those of the test protocol
    changed: Callable[[Protocol], Protocol] = lambda protocol: protocol
    seed: str = "pair"
    store: Callable[[PartyId], Store] = lambda _party: MemoryStore()
    thin_s: float = 0.0
    now: datetime = START
    down: set[tuple[PartyId, PartyId]] = field(default_factory=set)
    line: list[tuple[PartyId, Message]] = field(default_factory=list)
    sent: list[tuple[PartyId, Message]] = field(default_factory=list)
    parties: dict[PartyId, Party] = field(default_factory=dict)
    outcomes: list[tuple[PartyId, Outcome]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Found every party and introduce them."""
        known = protocol_of(parties=len(self.names))
        protocol = self.changed(replace(known, rules=(*known.rules, *self.rules)))
        feeds = tuple((name, feed_name(self.seed, name, "feed")) for name in self.names)
        for name in self.names:
            setting = Setting(
                party=name,
                feeds=feeds,
                journal=feed_name(self.seed, name, "journal"),
                protocol=protocol,
                digest=digest_of(protocol),
                ring_limit=CHIEF,
                test_role=DUTY,
                reality=Reality.EXERCISE,
                thin_s=self.thin_s,
            )
            self.parties[name] = Party(setting=setting, seed=self.seed, store=self.store(name))
        introduce(self.parties, self.now)

    def state(self, party: PartyId) -> State:
        """What that party's node knows."""
        return self.parties[party].node.state

    def wait(self, after_s: float) -> None:
        """The clock goes on; nobody is told."""
        self.now += timedelta(seconds=after_s)

    def give(self, party: PartyId, given: NodeInput) -> Outcome:
        """The node handles this now; what it sends waits on the line. No node may degrade."""
        outcome = self.parties[party].node.handle(given, self.now)
        assert self.parties[party].node.degraded is None, self.parties[party].node.degraded
        self.outcomes.append((party, outcome))
        self.line += [(party, message) for message in outcome.messages]
        self.sent += [(party, message) for message in outcome.messages]
        return outcome

    def act(self, party: PartyId, body: Event, *, role: RoleId = DUTY, watch: str = "1") -> Outcome:
        """A person of that party asks for this, one second later."""
        self.wait(1.0)
        by = Speaker(party=party, role=role, watch=watch)
        return self.give(party, Act(by=by, body=body))

    def tick(self, *parties: PartyId) -> None:
        """Time has passed at these nodes, or at all."""
        for party in parties or self.names:
            self.give(party, Tick())

    def pass_time(self, until_s: float) -> None:
        """Every node is woken whenever it asked for it, until so many seconds from now."""
        end = self.now + timedelta(seconds=until_s)
        while True:
            wishes = [self.parties[name].node.next_wake(self.now) for name in self.names]
            due = min((wish for wish in wishes if wish is not None and wish <= end), default=None)
            if due is None:
                break
            self.now = due
            self.tick()
            self.deliver()
        self.now = end

    def deliver(self) -> None:
        """Everything on the line arrives, in order, until nobody has more to say."""
        for _ in range(CARRIED_MAX):
            if not self.line:
                return
            sender, message = self.line.pop(0)
            if (sender, message.to) not in self.down:
                self.give(message.to, Delivery(body=message.body))
        raise AssertionError(f"more than {CARRIED_MAX} parcels: two nodes feed each other")

    def settle(self, party: PartyId, body: Event, **how: Any) -> Outcome:  # noqa: ANN401
        """`act`, then `deliver`; the act must not have been refused."""
        outcome = self.act(party, body, **how)
        assert outcome.no is None, outcome.no
        self.deliver()
        return outcome

    def sign(self) -> None:
        """Every party signs the protocol; the tests of the line that follow are placed."""
        for name in self.names:
            self.settle(name, ProtocolSigned(protocol=self.parties[name].setting.digest))

    def observe(self, party: PartyId, *observations: Observation) -> Outcome:
        """The party's own sensors report."""
        return self.give(party, Observed(observations=observations))

    def sees(self, party: PartyId, north_m: float, *, track: str = "t1") -> Outcome:
        """One observation of an object so many metres north of SEA, flying south at 60 m/s."""
        return self.observe(party, seen(self.now, north_m, track=track))

    def rings(self, party: PartyId, matter: str = "") -> list[tuple[str, str, int]]:
        """Every ring at that party so far: matter, role, rung."""
        return [
            (effect.matter, effect.role, effect.rung)
            for effect in self.effects(party)
            if isinstance(effect, Ring) and effect.matter.startswith(matter)
        ]

    def effects(self, party: PartyId) -> list[Effect]:
        """Every effect at that party so far."""
        return [e for name, outcome in self.outcomes if name == party for e in outcome.effects]

    def alerts(self, party: PartyId) -> list[Alert]:
        """The alerts that are shown there."""
        return [alert for alert in self.state(party).journal.alerts.values() if shown_alert(alert)]

    def no_irregular(self) -> None:
        """Nothing that any node holds is irregular or unread for another reason than audience."""
        for name in self.names:
            state = self.state(name)
            for feed in state.feeds.values():
                assert feed.irregular == (), feed.irregular
            assert state.journal.irregular == ()
            assert state.journal.unread == ()
            assert state.own.unread == ()


def seen(
    at: datetime, north_m: float, *, track: str = "t1", speed_mps: float = 60.0
) -> Observation:
    """An object so many metres north of SEA, flying south."""
    motion = Motion(
        position=Position(lat_deg=SEA.lat_deg + north_m / 111_000.0, lon_deg=SEA.lon_deg),
        at=at,
        altitude=None,
        velocity=Velocity(track_deg=180.0, speed_mps=speed_mps, climb_mps=None),
        position_accuracy_m=50.0,
        altitude_accuracy_m=None,
    )
    return Observation(track=TrackId(track), source="radar-1", motion=motion, received_at=at)


def area(radius_m: float = 5_000.0, *, hours: float = 5.0) -> Volume:
    """A circle about SEA, at every height, from START on."""
    return Volume(
        footprint=Circle(centre=SEA, radius_m=radius_m),
        lower=Unbounded(),
        upper=Unbounded(),
        window=Window(start=START, end=START + timedelta(hours=hours)),
    )


def roz(
    name: str = "roz-1", *to: PartyId, version: int = 1, hours: float = 5.0, radius_m: float = 5e3
) -> NoticeFiled:
    """A ROZ about SEA, releasable to these."""
    zone = Zone(
        field_type=FieldType.ROZ,
        declaring_authority="alpha-forces",
        volume=area(radius_m, hours=hours),
        duty="keep out",
    )
    return NoticeFiled(
        notice=NoticeId(name), version=version, content=zone, marking="TEST", releasable_to=to
    )


def post(party: PartyId, name: str = "post-1", *to: PartyId) -> NoticeFiled:
    """A place of own forces at SEA, filed by two persons."""
    second = Speaker(party=party, role=DIRECTOR, watch="1")
    content = OwnForceLocation(volume=area(500.0))
    return NoticeFiled(
        notice=NoticeId(name),
        version=1,
        content=content,
        marking="TEST",
        releasable_to=to,
        second=second,
    )


CONTENT = CallContent(
    place=Circle(centre=SEA, radius_m=2_000.0), danger=Danger.ZONE_ENTERED, act=RequestedAct.LEAVE
)


def call(name: str = "c-1", to: PartyId = BRAVO, **changes: Any) -> CallPlaced:  # noqa: ANN401
    """A flash warning by node from duty officer to duty officer."""
    fields: dict[str, Any] = {
        "call": CallId(name),
        "kind": CallKind.WARN,
        "precedence": Precedence.FLASH,
        "reality": Reality.EXERCISE,
        "from_role": DUTY,
        "to_party": to,
        "to_role": DUTY,
        "carriage": ByNode(),
        "content": CONTENT,
        "language": "en",
    }
    return CallPlaced(**(fields | changes))


def named(name: str = "c-1", party: PartyId = ALPHA) -> Named:
    return Named(party=party, id=name)


def received(name: str = "c-1", party: PartyId = ALPHA) -> CallReceived:
    return CallReceived(call=named(name, party))


def answered(
    kind: AnswerKind = AnswerKind.NOTED,
    name: str = "c-1",
    *,
    answer_id: str = "a-1",
    **more: Any,  # noqa: ANN401
) -> AnswerGiven:
    answer = Answer(kind=kind, **more)
    return AnswerGiven(call=named(name), answer_id=AnswerId(answer_id), answer=answer)


def ladders(world: World, party: PartyId) -> dict[Matter, Ladder]:
    """The ladders that a party's node has in full: those that ended last, those that run."""
    journal = world.state(party).journal
    return {**journal.ended_lately, **journal.ladders}


def refs(outcomes: Iterable[Outcome]) -> list[EntryRef]:
    """Every entry recorded by these."""
    return [ref for outcome in outcomes for ref in outcome.recorded]
