"""Alpha's node split in two, with every byte kept that its exchange side holds or sends.

Nothing moves by itself: a test acts, then `beat` moves frames, and `carry` the line.
"""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from line_sites import Hand, certificate, der_of, identity
from node_pair import ALPHA, World

from crosstell.codecs import parcel as parcels
from crosstell.core.ids import PartyId
from crosstell.core.record.entry import parse
from crosstell.shell.node import Delivery, Message
from crosstell.shell.peers.pins import Pins, digest_of
from crosstell.shell.peers.post import Correspondent
from crosstell.shell.peers.pusher import Pace
from crosstell.shell.peers.refusals import Refusals
from crosstell.shell.peers.split.courier import Courier
from crosstell.shell.peers.split.guard import Guard
from crosstell.shell.peers.split.picture import PictureSide
from crosstell.shell.peers.split.spool import Inbox, Outbox

BEAT_S = 1.0


@dataclass
class Split:
    """A world whose alpha is split; the other parties are not."""

    folder: Path
    world: World = field(default_factory=World)
    hand: Hand = field(default_factory=Hand)
    disk: list[bytes] = field(default_factory=list)
    wire: list[tuple[PartyId, bytes]] = field(default_factory=list)
    sizes: list[tuple[int, ...]] = field(default_factory=list)
    meanwhile: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        for name in ("out", "in"):
            (self.folder / name).mkdir()
        feeds = dict(self.world.parties[ALPHA].setting.feeds)
        self.others = tuple(
            Correspondent(party=party, feed=feed) for party, feed in feeds.items() if party != ALPHA
        )
        pins = Pins(
            identity=identity(self.folder, "alpha"),
            digests={
                each.party: frozenset({digest_of(der_of(certificate(each.party)))})
                for each in self.others
            },
        )
        self.refusals = Refusals(now=self.now)
        pace = Pace(
            now=self.now, steady=self.hand, jitter=lambda: 0.5, beat_s=BEAT_S, padded=16_384
        )
        guard = Guard(own=feeds[ALPHA], feeds={feed: party for party, feed in feeds.items()})
        self.picture = PictureSide(
            correspondents=self.others,
            guard=guard,
            outbox=Outbox(folder=self.folder / "out", now=self.now),
            inbox=Inbox(folder=self.folder / "in"),
            submit=self.submit,
            pace=pace,
            refusals=self.refusals,
        )
        self.courier = Courier(
            correspondents=self.others,
            guard=guard,
            outbox=Outbox(folder=self.folder / "in", now=self.now),
            inbox=Inbox(folder=self.folder / "out"),
            pins=pins,
            pace=pace,
            refusals=self.refusals,
            rest=self.rest,
        )

    async def rest(self, left_s: float) -> None:
        """So many seconds pass on the steady clock."""
        self.hand.seconds += left_s
        self.meanwhile()

    def now(self) -> Any:  # noqa: ANN401
        return self.world.now

    def submit(self, parcel: bytes) -> Future[Any]:
        """What came from the exchange side goes into alpha's node."""
        self.world.give(ALPHA, Delivery(body=parcel))
        done: Future[Any] = Future()
        done.set_result(None)
        return done

    def hand_over(self) -> None:
        """What the nodes have said goes to alpha's picture side, to its courier, or straight."""
        for sender, message in [*self.world.line]:
            self.world.line.remove((sender, message))
            if sender == ALPHA:
                self.picture.send((message,))
            elif message.to == ALPHA:
                self.courier._bring(message.body)
            else:
                self.world.give(message.to, Delivery(body=message.body))

    def beat(self) -> None:
        """One beat of each side; every byte on the exchange side's disk and wire is kept."""
        self.hand_over()
        self.world.now += timedelta(seconds=BEAT_S)
        self.picture.beat()
        files = sorted((self.folder / "out").iterdir())
        self.sizes.append(tuple(file.stat().st_size for file in files))
        self.courier.beat()
        for name in ("out", "in"):
            self.disk += [file.read_bytes() for file in (self.folder / name).iterdir()]
        for each in self.others:
            waiting = self.courier.post._pushers[each.party].waiting
            for body in waiting.take(parcels_max=64, bytes_max=10**8):
                self.wire.append((each.party, body))
                self.world.give(each.party, Delivery(body=body))

    def beats(self, count: int) -> None:
        for _ in range(count):
            self.beat()

    def send(self, to: PartyId, body: bytes) -> None:
        """A message past the node: what a fault of ours might hand on."""
        self.picture.send((Message(to=to, body=body),))


def opened(body: bytes) -> bytes:
    """Everything in a parcel as it is before base64, one after the other."""
    parcel = parcels.decode(body)
    pieces = [body, *parcel.notes, *parcel.forks]
    for row in parcel.rows:
        pieces += [row.leaf, parse(row.leaf).header.encode(), row.salt or b"", row.body or b""]
    return b"\n".join(pieces)
