"""The exchange side of a split node: the lines to the parties, and nothing that was not released.

It has no store, no journal and no signing key: the line's own key, the cards, and in its memory
what waits for each party. What comes from a party is written into its folder before the party is
told that it was taken; what comes from the picture side is checked by the guard before it waits.
What it loses when it ends is sent again, from either side. Implements SPLIT-025 to SPLIT-029,
SPLIT-280, NOD-481, NOD-495.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event, Lock, Thread

from starlette.applications import Starlette

from crosstell.codecs.parcel import sender_of
from crosstell.codecs.parcels.aging import aged
from crosstell.codecs.parcels.frame import LINES_MAX, Frame, LineTold
from crosstell.core.errors import Unavailable
from crosstell.core.ids import PartyId
from crosstell.core.instant import to_us
from crosstell.shell.node import Message
from crosstell.shell.peers.listening import Listener
from crosstell.shell.peers.pins import Pins
from crosstell.shell.peers.port import PortSettings, peer_app
from crosstell.shell.peers.post import Correspondent, LineState, Post
from crosstell.shell.peers.pusher import Pace, next_beat
from crosstell.shell.peers.refusals import Refusals
from crosstell.shell.peers.split.departing import Departures, Rest
from crosstell.shell.peers.split.guard import Guard, Held
from crosstell.shell.peers.split.spool import FRAMES_MAX, Inbox, Outbox
from crosstell.shell.peers.split.told import Told, ToldKind
from crosstell.shell.ports.watched import Patience

QUOTA = FRAMES_MAX // 4  # frames of one party that the picture side has not taken
LATE_MS = (
    5_000  # and a beat: a frame that took longer goes on without what might be withheld by now
)
SAY_BEATS = 30  # how often what was told is said again: a frame may be lost


@dataclass(slots=True)
class Courier:
    """The exchange side's process."""

    correspondents: tuple[Correspondent, ...]
    guard: Guard
    outbox: Outbox
    inbox: Inbox
    pins: Pins
    pace: Pace
    refusals: Refusals
    patience: Patience | None = None
    tell: Callable[[str], None] = lambda _alarm: None
    rest: Rest = asyncio.sleep
    told: Told = field(init=False, default_factory=Told)
    post: Post = field(init=False)
    app: Starlette = field(init=False)
    listener: Listener = field(init=False)
    _lock: Lock = field(init=False, default_factory=Lock)
    _over: Event = field(init=False, default_factory=Event)
    _thread: Thread | None = field(init=False, default=None)
    _of: dict[int, PartyId] = field(init=False, default_factory=dict)
    _foreign: dict[PartyId, str] = field(init=False, default_factory=dict)
    _began: datetime = field(init=False)
    _unheard: dict[PartyId, datetime] = field(init=False, default_factory=dict)
    _unsaid: int = field(init=False, default=0)
    _lines_said: int = field(init=False, default=0)
    _begun_s: float = field(init=False)

    def __post_init__(self) -> None:
        """Nothing listens or is dialled before `start`."""
        self.post = Post(self.correspondents, self.pins, self._bring, self.pace, self.refusals)
        self.post.unheard = self._may_lack
        self._began = self.pace.now()  # what was on its way when the last process ended may be lost
        self._begun_s = self.pace.steady()
        departures = Departures(
            steady=self.pace.steady,
            begun_s=self._begun_s,
            beat_s=self.pace.beat_s,
            rest=self.rest,
        )
        settings = PortSettings(
            callers=self.post.callers(),
            refusals=self.refusals,
            steady=self.pace.steady,
            padded=self.pace.padded,
            leave=departures.wait,
        )
        self.app = peer_app(self.post, settings)
        self.listener = Listener(self.app, self.pins, self.refusals, self.patience)

    def start(self, host: str, port: int) -> int:
        """It runs; the port that it listens at."""
        bound = self.listener.start(host, port)
        self.post.start()
        self._thread = Thread(target=self._run, name="picture side", daemon=True)
        self._thread.start()
        return bound

    def stop(self) -> None:
        """It has ended."""
        self._over.set()
        self.listener.stop()
        self.post.stop()
        if self._thread is not None:
            self._thread.join()

    def beat(self) -> None:
        """What the picture side released waits for the line; what was taken is said."""
        try:
            faults = self.inbox.faults
            for frame in self.inbox.read():
                self._pass_on(frame)
            for each in self.correspondents:
                foreign = self.post.foreign(each.party)
                if foreign is not None and foreign != self._foreign.get(each.party):
                    self._foreign[each.party] = foreign
                    self._keep(ToldKind.LINE, foreign)
            if self.inbox.faults > faults and self.inbox.trouble is not None:
                self._keep(ToldKind.FOLDER, self.inbox.trouble)
            with self._lock:
                self.outbox.write((), self.inbox.acks(), self._alarm(), self._lines())
        except Unavailable as fault:
            self._keep(ToldKind.FOLDER, str(fault))

    def _run(self) -> None:
        due_s = next_beat(self._begun_s, self.pace)
        self._over.wait(max(0.0, due_s - self.pace.steady()))
        while not self._over.is_set():
            self.beat()
            due_s = next_beat(due_s, self.pace)
            self._over.wait(max(0.0, due_s - self.pace.steady()))

    def _pass_on(self, frame: Frame) -> None:
        late_ms = LATE_MS + 1_000 * self.pace.beat_s
        is_late = to_us(self.pace.now()) // 1_000 - frame.at_ms > late_ms
        for party, parcel in frame.parcels:
            try:
                self.guard.check(party, parcel)
            except Held as why:
                text = f"the guard on the exchange side held back a parcel to {party}: {why}"
                self._keep(ToldKind.GUARD, text)
            else:
                body = aged(parcel) if is_late else parcel
                self.post.send((Message(to=party, body=body),))
        self.inbox.took(frame)
        self.outbox.taken(frame.acks)

    def _bring(self, parcel: bytes) -> Future[None]:
        """The parcel of a party is in our folder, on disk, before it is told so."""
        party = self._party_of(parcel)
        done: Future[None] = Future()
        with self._lock:
            there = set(self.outbox.waiting())
            self._of = {number: of for number, of in self._of.items() if number in there}
            if sum(of == party for of in self._of.values()) >= QUOTA:
                raise Unavailable("the picture side has yet to take what came; send it again")
            number = self.outbox.write(((party, parcel),), self.inbox.acks())
            self._of[number] = party
        done.set_result(None)
        return done

    def _party_of(self, parcel: bytes) -> PartyId:
        """Whose it is; the port and the pusher have compared that with the certificate."""
        sender = sender_of(parcel)
        return next(each.party for each in self.correspondents if each.feed == sender)

    def _keep(self, kind: ToldKind, alarm: str) -> None:
        if self.told.add(kind, alarm):
            self.tell(alarm)
        self._unsaid = 0

    def _lines(self) -> tuple[LineTold, ...]:
        """How the lines stand; where a frame has no room for all, the next so many of them."""
        every = self.post.lines()
        if len(every) > LINES_MAX:
            begin = self._lines_said % len(every)
            self._lines_said += LINES_MAX
            every = (*every[begin:], *every[:begin])[:LINES_MAX]
        return tuple(_told(line, self._unheard.get(line.party, self._began)) for line in every)

    def _may_lack(self, party: PartyId) -> None:
        """The picture side is told with the next beats: the node there then says what it has."""
        self._unheard[party] = self.pace.now()

    def _alarm(self) -> str:
        """What was told of each kind, said now and then for as long as this process runs."""
        said = self.told.text() if self._unsaid % SAY_BEATS == 0 else ""
        self._unsaid += 1
        return said


def _told(line: LineState, unheard_at: datetime) -> LineTold:
    return LineTold(
        party=line.party,
        answered_ms=_ms(line.reached_at),
        heard_ms=_ms(line.heard_at),
        unheard_ms=_ms(unheard_at),
        fault=line.fault or "",
    )


def _ms(at: datetime | None) -> int:
    return 0 if at is None else to_us(at) // 1_000
