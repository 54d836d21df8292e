"""Two parties' real nodes, each behind its own interface on a loopback port, as consoles see them.

The nodes are those of `node_pair`; here each has its owner's thread, its accounts and a server, and
what one sends the other takes at once. The clock runs, and a test may set it forward.
"""

import asyncio
import dataclasses
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from api_desk import CHEAP, PASSWORD, PATIENT
from node_pair import ALPHA, BRAVO, DUTY, World
from uvicorn import Config, Server

from crosstell.codecs.api.running import RunningShown
from crosstell.core.altitude import Altitude, AltitudeLimit, Datum, Unbounded
from crosstell.core.geometry.footprint import Circle, Footprint, Polygon
from crosstell.core.geometry.geodesic import destination
from crosstell.core.geometry.motion import Motion, Velocity
from crosstell.core.geometry.position import Position
from crosstell.core.geometry.volume import Volume
from crosstell.core.ids import CallId, NoticeId, PartyId, RoleId, TrackId
from crosstell.core.instant import Window, seconds_between
from crosstell.core.line.call import Call
from crosstell.core.mechanism.effects import Effect
from crosstell.core.mechanism.inputs import Act, Observed
from crosstell.core.mechanism.screen.screen import screen
from crosstell.core.picture.content import FieldType, Zone
from crosstell.core.picture.notice import NoticeFiled
from crosstell.core.picture.party import Speaker
from crosstell.core.picture.track import Hint, HintKind, Observation
from crosstell.core.picture.trust.kind import ObjectKind
from crosstell.core.protocol.adherence import ProtocolSigned
from crosstell.core.protocol.document import Protocol
from crosstell.core.state.events import Event
from crosstell.core.state.state import State
from crosstell.replay.report.beside import report_page
from crosstell.shell.access.access import Access
from crosstell.shell.access.account import AccountKind
from crosstell.shell.api.application import application
from crosstell.shell.api.settings import ApiLimits, Settings
from crosstell.shell.live.recalling import Recall
from crosstell.shell.live.running import STATIC
from crosstell.shell.live.sequencer import Sequencer
from crosstell.shell.node import Delivery, Message, NodeInput, Outcome
from crosstell.shell.store.contract import Store
from crosstell.shell.store.memory import MemoryStore
from crosstell.shell.store.sqlite import SqliteStore

CENTRE = Position(lat_deg=36.50, lon_deg=40.75)  # where the scenes play; nothing real is there
OFFICER, SECOND, READER = "olga", "dmitri", "rita"
WALL = datetime(2026, 1, 1, tzinfo=UTC)
ANSWER_S = 20.0
NOTHING_AROUND = RunningShown(
    waiting=0, next_wake=None, links=(), refused=(), channels=(), unrouted=()
)


class RunningClock:
    """The node's time: it runs with the machine's, from where the world stands, and can be set on.

    The tests' only reader of a clock: a browser waits in real time.
    """

    def __init__(self, at: datetime) -> None:
        self._at, self._began = at, time.monotonic()  # noqa: TID251
        self._skipped = timedelta()
        self.bad: str | None = None

    def ran(self) -> timedelta:
        """How long it has run, without what it was set on by."""
        return timedelta(milliseconds=int((time.monotonic() - self._began) * 1000))  # noqa: TID251

    def now(self) -> datetime:
        return self._at + self.ran() + self._skipped

    def skip(self, by_s: float) -> None:
        self._skipped += timedelta(seconds=by_s)

    def wait_s(self, until: datetime) -> float:
        return max(0.0, min(0.2, seconds_between(self.now(), until)))

    def trouble(self) -> str | None:
        return self.bad

    def follow(self) -> bool:
        return False


def north_east(protocol: Protocol) -> Protocol:
    """The test protocol over land, so that a picture shows a map."""
    corners = ((37.2, 39.4), (37.2, 42.1), (35.7, 42.1), (35.7, 39.4))
    shape = Polygon(vertices=tuple(Position(lat_deg=a, lon_deg=o) for a, o in corners))
    return dataclasses.replace(
        protocol, area=dataclasses.replace(protocol.area, footprint=shape), title="Test protocol"
    )


@dataclass
class Carrier:
    """Takes what a node sends and hands it to the others; what it asks of people is left."""

    room: "Room"
    of: PartyId

    def send(self, messages: tuple[Message, ...]) -> None:
        for message in messages:
            if self.room.line_up and message.to in self.room.consoles:
                self.room.consoles[message.to].sequencer.submit(Delivery(body=message.body))

    def take(self, effects: Iterable[Effect]) -> None:
        pass

    def take_standing(self, effects: Iterable[Effect], *, is_restart: bool = False) -> None:
        pass


@dataclass
class Console:
    """One party's node with its interface, and where a browser finds it."""

    party: PartyId
    sequencer: Sequencer
    access: Access
    address: str
    server: Server
    thread: threading.Thread


@dataclass
class Room:
    """Both nodes at work."""

    changed: Callable[[Protocol], Protocol] = north_east
    names: tuple[PartyId, ...] = (ALPHA, BRAVO)
    seed: str = "room"
    line_up: bool = True
    folder: Path | None = None  # where the nodes keep their records; else in memory, without a past
    maps: Path | None = None
    around: RunningShown | None = None  # what a process around a node would show
    limits: ApiLimits = PATIENT
    lived: Callable[[], World] | None = None  # a world in which things have happened already
    world: World = field(init=False)
    clock: RunningClock = field(init=False)
    waited: timedelta = timedelta()  # real time that went by with nobody at a console
    consoles: dict[PartyId, Console] = field(default_factory=dict)

    @contextmanager
    def open(self, *, signed: bool = True) -> Iterator["Room"]:
        """The nodes run and their ports answer; at the end all is stopped."""
        self.world = self._world()
        self.clock = RunningClock(self.world.now + timedelta(seconds=1))
        try:
            for name in self.names:
                self.consoles[name] = self._console(name)
            if signed:
                for name in self.names:
                    digest = self.world.parties[name].setting.digest
                    self.act(name, ProtocolSigned(protocol=digest))
            yield self
        finally:
            for one in self.consoles.values():
                one.server.should_exit = True
            for one in self.consoles.values():
                one.thread.join(ANSWER_S)
                one.sequencer.stop()
                one.access.close()
                self.world.parties[one.party].store.close()

    def _world(self) -> World:
        if self.lived is not None:
            return self.lived()
        return World(changed=self.changed, seed=self.seed, names=self.names, store=self._store)

    def _kept(self, name: PartyId) -> Path | None:
        return None if self.folder is None else self.folder / f"{name}.store"

    def _store(self, name: PartyId) -> Store:
        kept = self._kept(name)
        return MemoryStore() if kept is None else SqliteStore.open(kept)

    def _past(self, name: PartyId, moment: datetime) -> tuple[State, int]:
        """What was known there then; of a record in memory, what is known now."""
        kept = self._kept(name)
        if kept is None:
            return self.consoles[name].sequencer.state(), 0
        found = Recall(store=kept, setting=self.world.parties[name].setting).at(moment)
        return found.state, found.arrivals

    def _report(self, name: PartyId, incident: str, language: str) -> tuple[str, str]:
        """The report beside that node; only of a record that is kept in a folder."""
        kept = self._kept(name)
        assert kept is not None, "open the room with a folder"
        return report_page(kept, self.world.parties[name].setting.protocol, incident, language)

    def _console(self, name: PartyId) -> Console:
        party = self.world.parties[name]
        carrier = Carrier(self, name)
        sequencer = Sequencer(party.node, party.store, self.clock, carrier, carrier)
        access = Access(None, passwords=CHEAP)
        for account, kind, role in (
            (OFFICER, AccountKind.OPERATOR, "duty-officer"),
            (SECOND, AccountKind.APPROVER, "director"),
            (READER, AccountKind.READER, None),
        ):
            access.make_account(account, kind, role=role, password=PASSWORD, now=WALL)
        settings = Settings(
            clock=self.clock,
            wall=lambda: WALL + self.clock.ran() + self.waited,
            store=party.store,
            version="0-test",
            static=STATIC,
            maps=self.maps,
            screen=screen,
            recall=lambda moment: self._past(name, moment),
            report=lambda incident, language: self._report(name, incident, language),
            running=lambda: self.around or NOTHING_AROUND,
            secure=False,
            limits=self.limits,
        )
        sequencer.start()
        listening = socket.create_server(("127.0.0.1", 0))
        server = Server(
            Config(application(sequencer, access, settings), log_config=None, ws="none")
        )
        thread = threading.Thread(
            target=lambda: asyncio.run(server.serve(sockets=[listening])), daemon=True
        )
        thread.start()
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        return Console(name, sequencer, access, address, server, thread)

    def give(self, party: PartyId, given: NodeInput) -> Outcome:
        return self.consoles[party].sequencer.submit(given).result(ANSWER_S)

    def act(self, party: PartyId, body: Event, *, role: RoleId = DUTY, watch: str = "1") -> Outcome:
        """A person of that party records this, apart from any console."""
        by = Speaker(party=party, role=role, watch=watch)
        outcome = self.give(party, Act(by=by, body=body))
        assert outcome.no is None, outcome.no
        return outcome

    def observe(self, party: PartyId, *observations: Observation) -> Outcome:
        outcome = self.give(party, Observed(observations=observations))
        assert outcome.fault is None, outcome.fault
        return outcome

    def state(self, party: PartyId) -> State:
        return self.consoles[party].sequencer.state()

    def wait(self, what: Callable[[], Any], *, s: float = ANSWER_S) -> Any:  # noqa: ANN401
        """What it gives, once that is true."""
        end = time.monotonic() + s  # noqa: TID251
        while time.monotonic() < end:  # noqa: TID251
            found = what()
            if found:
                return found
            time.sleep(0.03)
        raise AssertionError(f"not within {s} s")

    def placed_since(self, party: PartyId, before: Iterable[CallId]) -> Call:
        """The one call of that party that was not there before, once it is on record."""
        new = self.wait(lambda: self.state(party).own.calls.keys() - set(before))
        (name,) = new
        return self.state(party).own.calls[name]

    def flies(
        self, party: PartyId, track: str, *, to: Position, from_m: float, bearing_deg: float = 0.0
    ) -> None:
        """An object towards a place, seen three times, two seconds apart."""
        for step in range(3):
            self.observe(
                party,
                flying(
                    self.clock.now(),
                    track,
                    to=to,
                    from_m=from_m - 140.0 * step,
                    bearing_deg=bearing_deg,
                ),
            )
            self.clock.skip(2.0)


def place(north_km: float, east_km: float) -> Position:
    """A place so many kilometres from the middle of the scenes."""
    return Position(
        lat_deg=CENTRE.lat_deg + north_km / 111.2, lon_deg=CENTRE.lon_deg + east_km / 89.4
    )


def flying(
    at: datetime,
    track: str,
    *,
    to: Position,
    from_m: float,
    bearing_deg: float = 0.0,
    speed_mps: float = 70.0,
    known: bool = True,
    call_sign: str | None = None,
    kind: ObjectKind | None = ObjectKind.SMALL_DRONE,
    height_m: float = 900.0,
) -> Observation:
    """An object so far from a place, flying towards it; of an unknown course unless `known`."""
    position = destination(to, track_deg=bearing_deg, travel_m=from_m)
    velocity = Velocity(track_deg=(bearing_deg + 180.0) % 360.0, speed_mps=speed_mps, climb_mps=0.0)
    motion = Motion(
        position=position,
        at=at,
        altitude=Altitude(value_m=height_m, datum=Datum.MSL_EGM96),
        velocity=velocity if known else None,
        position_accuracy_m=60.0 if known else None,
        altitude_accuracy_m=40.0,
    )
    hints = () if call_sign is None else (Hint(kind=HintKind.CALL_SIGN, value=call_sign),)
    return Observation(
        track=TrackId(track),
        source="radar-1",
        motion=motion,
        received_at=at,
        hints=hints,
        kind=kind,
    )


def volume(
    now: datetime,
    shape: Footprint,
    *,
    hours: float = 3.0,
    begins_h: float = -0.5,
    lower: AltitudeLimit | None = None,
    upper: AltitudeLimit | None = None,
) -> Volume:
    start = now + timedelta(hours=begins_h)
    return Volume(
        footprint=shape,
        lower=lower or Unbounded(),
        upper=upper or Altitude(value_m=3_657.6, datum=Datum.MSL_EGM96),
        window=Window(start=start, end=start + timedelta(hours=hours)),
    )


def zone(name: str, of: Volume, *to: PartyId, duty: str = "keep out") -> NoticeFiled:
    content = Zone(
        field_type=FieldType.ROZ, declaring_authority="alpha-forces", volume=of, duty=duty
    )
    return NoticeFiled(
        notice=NoticeId(name), version=1, content=content, marking="TEST", releasable_to=to
    )


def circle(at: Position, radius_m: float = 5_000.0) -> Circle:
    return Circle(centre=at, radius_m=radius_m)
