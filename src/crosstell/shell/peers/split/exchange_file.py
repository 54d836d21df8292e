"""The exchange side in a folder of its own: what `exchange.yaml` says, and its process.

Beside it lie the cards (`parties/`), our own card (`own.card`), and the line's certificate and key
(`line/`), moved here from the picture side: the exchange side alone needs that key.
Implements SPLIT-032.
"""

import random
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from crosstell.codecs.document import from_document
from crosstell.codecs.yaml_document import read_yaml
from crosstell.core.errors import CallerError
from crosstell.core.ids import FeedId, PartyId
from crosstell.shell.clock import SystemClock, read_steady
from crosstell.shell.config.card import PartyCard, read_card, read_cards, read_former
from crosstell.shell.config.node_file import LinePort
from crosstell.shell.peers.pins import Identity, Pins
from crosstell.shell.peers.post import Correspondent
from crosstell.shell.peers.pusher import Pace
from crosstell.shell.peers.refusals import Refusals
from crosstell.shell.peers.split.courier import Courier
from crosstell.shell.peers.split.guard import Guard
from crosstell.shell.peers.split.spool import Inbox, Outbox

NAME = "exchange.yaml"
SIZE_MAX = 64 * 1024
BEAT_S_MAX = 20.0  # callers are answered on the beat, and wait for no more than 30 s
BODY_MIN = 16 * 1024  # bytes of each body on the line, doubled some times


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeFile:
    """The two folders, the port, and the beat. Relative paths lie in the folder of the file.

    `outgoing` is written by the picture side, `incoming` by this one.
    """

    outgoing: str
    incoming: str
    line: LinePort = field(default_factory=LinePort)
    beat_s: float = 1.0

    def __post_init__(self) -> None:
        """Refuse one folder for both ways, and a beat that is none."""
        if self.outgoing == self.incoming:
            raise ValueError("outgoing and incoming are one folder; give each its own")
        if not 0.1 <= self.beat_s <= BEAT_S_MAX:
            raise ValueError(
                f"beat_s: a beat lasts between a tenth of a second and {BEAT_S_MAX:.0f} s"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeSide:
    """The folder with what its file and its cards say."""

    folder: Path
    file: ExchangeFile
    own: PartyCard
    cards: tuple[PartyCard, ...]
    former: tuple[tuple[FeedId, PartyId], ...]


def read_exchange(folder: Path) -> ExchangeSide:
    """The exchange side in `folder`. CallerError names every fault by file and remedy."""
    if not (folder / NAME).is_file():
        raise CallerError(
            f"{folder}: no exchange side is here ({NAME} is missing); write it as "
            "docs/spec/split.md says, or name the folder of one"
        )
    file = from_document(ExchangeFile, read_yaml(folder / NAME, size_bytes_max=SIZE_MAX))
    own, cards = read_card(folder / "own.card"), read_cards(folder / "parties")
    for card in cards:
        if card.protocol != own.protocol:
            raise CallerError(
                f"{folder}: the card of {card.party} is of another protocol than our own; one "
                "exchange side serves one protocol"
            )
    before = (*read_former(folder, (own,)), *read_former(folder / "parties", cards))
    former = tuple((feed, party) for party, feed in before)
    return ExchangeSide(folder=folder, file=file, own=own, cards=cards, former=former)


def courier_of(side: ExchangeSide) -> Courier:
    """The process's parts, not yet running."""
    file, clock = side.file, SystemClock()
    refusals = Refusals(now=clock.now)
    pins = Pins(
        identity=Identity(
            certificate=side.folder / "line" / "certificate.pem",
            key=side.folder / "line" / "key.pem",
        ),
        digests={card.party: frozenset((card.pin,)) for card in side.cards},
    )
    pins.know(card.der for card in side.cards)
    feeds = {card.feed: card.party for card in (side.own, *side.cards)}
    return Courier(
        correspondents=tuple(
            Correspondent(party=card.party, feed=card.feed, reach=card.reach) for card in side.cards
        ),
        guard=Guard(own=side.own.feed, feeds=feeds, former=dict(side.former)),
        outbox=Outbox(folder=side.folder / file.incoming, now=clock.now),
        inbox=Inbox(folder=side.folder / file.outgoing),
        pins=pins,
        pace=Pace(
            now=clock.now,
            steady=read_steady,
            jitter=random.SystemRandom().random,
            beat_s=file.beat_s,
            padded=BODY_MIN,
        ),
        refusals=refusals,
    )


def serve(side: ExchangeSide, say: Callable[[str], None]) -> int:
    """The exchange side runs until a signal ends it, or a fault of ours at its port: 0, or 3."""
    over = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        over.set()

    courier = courier_of(side)
    courier.tell = lambda alarm: say(f"ALARM: {alarm}")
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    port = courier.start(side.file.line.host, side.file.line.port)
    try:
        say(f"The exchange side of {side.own.party} runs. Line: {side.file.line.host}:{port}")
        while courier.listener.fault is None and not over.wait(side.file.beat_s):
            pass
    finally:
        courier.stop()
    fault = courier.listener.fault
    if fault is not None:
        say(
            f"The exchange side ended by a fault of ours: {fault}. Nodes send again what was on "
            "its way; go on by telephone, start it again and report this"
        )
        return 3
    say("The exchange side has stopped; nodes send again what was on its way.")
    return 0
