"""The picture side of a split node: it has no line. What is released goes into a folder, on a beat.

It stands where the post stands in a node that is not split. One frame is written in each beat,
whether or not anything waits, so that neither the number of frames nor their times say what is
done at home. Nothing is written that the guard holds back.
How the line to a party stands is what the exchange side
tells of it, and shown as that. Implements SPLIT-020 to SPLIT-024, NOD-481, NOD-482,
NOD-495, NOD-561.
"""

from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event, Thread

from crosstell.codecs.parcel import sender_of
from crosstell.codecs.parcels.aging import FRESH_S
from crosstell.codecs.parcels.frame import PARCELS_MAX, Frame, LineTold
from crosstell.core.errors import PartyError, Unavailable
from crosstell.core.ids import PartyId
from crosstell.core.instant import format_instant, from_us, to_us
from crosstell.shell.node import Message
from crosstell.shell.peers.post import Correspondent, LineState, Tell
from crosstell.shell.peers.pusher import Pace, next_beat
from crosstell.shell.peers.refusals import Reason, Refusals
from crosstell.shell.peers.split.guard import Guard, Held
from crosstell.shell.peers.split.handed import Handed, Submit
from crosstell.shell.peers.split.spool import Inbox, Outbox
from crosstell.shell.peers.split.told import AND
from crosstell.shell.peers.waiting import Waiting

SILENT_S = 15.0  # or ten beats: an exchange side that tells nothing for so long is shown
SILENT_BEATS = 10
FRAME_BYTES = 1024 * 1024  # of parcels in one frame, to all; the first may be larger alone
LEFT = "more parcels than the node works off; what was left is asked for again"


@dataclass(slots=True)
class _Seen:
    """What was seen of the exchange side."""

    heard_at: datetime | None = None
    heard_s: float | None = None  # by the steady clock
    written_at: datetime | None = None
    told: str = ""  # by the exchange side
    held_back: str = ""  # by our own guard
    fault: str | None = None
    held: int = 0


@dataclass(slots=True)
class PictureSide:
    """What is on its way to and from the exchange side."""

    correspondents: tuple[Correspondent, ...]
    guard: Guard
    outbox: Outbox
    inbox: Inbox
    submit: Submit
    pace: Pace
    refusals: Refusals
    unheard: Tell = lambda _party: None  # told whose answer the exchange side may have lost
    seen: _Seen = field(init=False, default_factory=_Seen)
    _waiting: dict[PartyId, Waiting] = field(init=False)
    _came_at: dict[PartyId, datetime] = field(init=False, default_factory=dict)
    _handed: Handed = field(init=False, default_factory=Handed)
    _told: dict[PartyId, LineTold] = field(init=False, default_factory=dict)
    _begun_s: float = field(init=False)
    _turn: int = field(init=False, default=0)  # which party comes first in the next frame
    _over: Event = field(init=False, default_factory=Event)
    _thread: Thread | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        """Nothing is written or read before `start`."""
        if self.pace.beat_s <= 0.0:
            raise ValueError("the picture side needs a beat; give beat_s above 0")
        self._begun_s = self.pace.steady()
        fresh_s = FRESH_S + self.pace.beat_s
        self._waiting = {
            each.party: Waiting(now=self.pace.now, fresh_s=fresh_s) for each in self.correspondents
        }

    def start(self) -> None:
        """Frames are written and read from now on."""
        self._thread = Thread(target=self._run, name="exchange side", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """They are no longer."""
        self._over.set()
        if self._thread is not None:
            self._thread.join()

    def send(self, messages: Iterable[Message]) -> None:
        """These wait for the next beats. It never blocks and never fails."""
        for message in messages:
            waiting = self._waiting.get(message.to)
            if waiting is not None:
                waiting.put(message.body)

    def beat(self) -> None:
        """What came is handed to the node; one frame is written, whatever it holds."""
        try:
            for party in self._handed.lacking():
                with suppress(Unavailable):  # its line is full: at the next beat
                    self.unheard(party)
                    self._handed.asked(party)
            for frame in self.inbox.read():
                self._take(frame)
            self.outbox.write(self._released(), self.inbox.acks())
            self.seen.written_at, self.seen.fault = self.pace.now(), None
        except Unavailable as fault:
            self.seen.fault = str(fault)

    def lines(self) -> tuple[LineState, ...]:
        """Every line as the exchange side tells of it; nothing of it is measured here."""
        return tuple(self._line(each) for each in self.correspondents)

    def _run(self) -> None:
        due_s = self.pace.steady()
        while not self._over.is_set():
            self.beat()
            due_s = next_beat(due_s, self.pace)
            self._over.wait(max(0.0, due_s - self.pace.steady()))

    def _take(self, frame: Frame) -> None:
        self.seen.heard_at, self.seen.heard_s = self.pace.now(), self.pace.steady()
        self.seen.told = frame.alarm or self.seen.told
        feeds = {each.party: each.feed for each in self.correspondents}
        for line in frame.lines:
            if line.party in feeds:
                self._hear(line)
        for party, parcel in frame.parcels:
            if party not in feeds or sender_of(parcel) != feeds[party]:
                known = party if party in feeds else None
                self.refusals.add(known, Reason.SENDER, "a frame holds another's parcel")
                continue
            self._came_at[party] = self.pace.now()
            try:
                if not self._handed.give(party, parcel, self.submit):
                    self.refusals.add(party, Reason.RATE, LEFT)
            except (Unavailable, PartyError) as fault:
                self.seen.fault = str(fault)  # its author sends it again
        self.inbox.took(frame)
        self.outbox.taken(frame.acks)

    def _hear(self, line: LineTold) -> None:
        """How a line stands; once for each time that an answer may have been lost, the node says
        what it has. A frame that is lost tells it again: the moment stands in all that follow.
        """
        before = self._told.get(line.party)
        self._told[line.party] = line
        if line.unheard_ms and (before is None or before.unheard_ms != line.unheard_ms):
            with suppress(Unavailable):  # its line is full: the peer's patience ends by itself
                self.unheard(line.party)

    def _released(self) -> list[tuple[PartyId, bytes]]:
        """What goes with this beat: nothing that the guard holds back.

        What has no room waits; each party in its turn comes first. Implements SPLIT-282.
        """
        found: list[tuple[PartyId, bytes]] = []
        share = max(1, PARCELS_MAX // max(1, len(self._waiting)))
        room, left = PARCELS_MAX, FRAME_BYTES
        turns = deque(self._waiting.items())
        turns.rotate(-self._turn)
        self._turn = (self._turn + 1) % max(1, len(turns))
        for party, waiting in turns:
            least = 1 if left == FRAME_BYTES else 0
            taken = waiting.take(parcels_max=min(share, room), bytes_max=left, least=least)
            room, left = room - len(taken), left - sum(map(len, taken))
            for parcel in taken:
                try:
                    self.guard.check(party, parcel)
                except Held as why:
                    self.seen.held += 1
                    text = f"the guard on this side held back a parcel to {party}: {why}"
                    self.seen.held_back = text
                else:
                    found.append((party, parcel))
        return found

    def _line(self, each: Correspondent) -> LineState:
        backlog, size, since = self._waiting[each.party].backlog()
        frames = self.outbox.waiting()
        oldest = from_us(frames[0] * 1_000) if frames else None
        told = self._told.get(each.party, LineTold(party=each.party))
        heard = (self._came_at.get(each.party), self._at(told.heard_ms))
        return LineState(
            party=each.party,
            reach="exchange side",
            taken=True,
            reached_at=self._at(told.answered_ms),
            heard_at=max((at for at in heard if at is not None), default=None),
            round_s=None,
            backlog=backlog + max(0, len(frames) - 1),
            backlog_bytes=size,
            since=min((at for at in (since, oldest) if at is not None), default=None),
            dropped=self._waiting[each.party].dropped + self.outbox.dropped,
            fails=self.seen.held,
            fault=self._faults(told.fault),
        )

    def _at(self, told_ms: int) -> datetime | None:
        """A moment that the exchange side told; one that is ahead of our clock counts as now."""
        now = self.pace.now()
        return from_us(1_000 * min(told_ms, to_us(now) // 1_000)) if told_ms else None

    def _silence(self) -> str | None:
        """That the exchange side has told nothing for too long. Implements NOD-482."""
        since_s = self._begun_s if self.seen.heard_s is None else self.seen.heard_s
        if self.pace.steady() - since_s <= max(SILENT_S, SILENT_BEATS * self.pace.beat_s):
            return None
        at = self.seen.heard_at
        when = "yet" if at is None else f"since {format_instant(at)}"
        return (
            f"the exchange side has told nothing {when}: look whether it runs, and whether the "
            "folders between the sides are mounted"
        )

    def _faults(self, told: str) -> str | None:
        """Everything that is wrong, the guards first: none of it takes another's place."""
        seen = self.seen
        line = told if told not in seen.told else ""
        found = (seen.held_back, self._silence(), seen.told, line, seen.fault, self.inbox.trouble)
        return AND.join(dict.fromkeys(one for one in found if one)) or None
