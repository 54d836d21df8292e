"""The exchange side of a split node as a process. Implements RUN-052."""

import random
import signal
import threading
from collections.abc import Callable
from types import FrameType

from crosstell.core.ids import FeedId, PartyId
from crosstell.shell.clock import SystemClock, read_steady
from crosstell.shell.config.card import PartyCard
from crosstell.shell.config.exchange_file import ExchangeFolder
from crosstell.shell.peers.pins import Identity, Pins
from crosstell.shell.peers.post import Correspondent
from crosstell.shell.peers.pusher import Pace
from crosstell.shell.peers.refusals import Refusals
from crosstell.shell.peers.split.courier import Courier
from crosstell.shell.peers.split.guard import Guard
from crosstell.shell.peers.split.spool import Inbox, Outbox

PADDED = 4_096  # bytes of the least body on the wire; longer ones are doubled
TOLD_S = 5.0  # how soon a new alarm is said


def guard_of(own: PartyId, feed: FeedId, others: tuple[PartyCard, ...]) -> Guard:
    """The guard of this party's line: its own feed, and those of the cards."""
    feeds = {card.feed: card.party for card in others}
    return Guard(own=feed, feeds={feed: own, **feeds})


def exchange(side: ExchangeFolder, say: Callable[[str], None]) -> None:
    """The exchange side runs until a signal ends it; alarms are said."""
    over = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        over.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    courier = _courier(side)
    port = courier.start(side.file.line.host, side.file.line.port)
    say(f"The exchange side of {side.own.party} runs. Line: {side.file.line.host}:{port}")
    told = 0
    try:
        while not over.wait(TOLD_S):
            for alarm in courier.alarms[told:]:
                say(alarm)
            told = len(courier.alarms)
    finally:
        courier.stop()
    say("The exchange side has stopped; both nodes send again what was under way.")


def _courier(side: ExchangeFolder) -> Courier:
    clock = SystemClock()
    refusals = Refusals(now=clock.now)
    file = side.file
    return Courier(
        correspondents=tuple(
            Correspondent(party=card.party, feed=card.feed, reach=card.reach)
            for card in side.others
        ),
        guard=guard_of(side.own.party, side.own.feed, side.others),
        outbox=Outbox(folder=side.folder / file.outbox, now=clock.now),
        inbox=Inbox(folder=side.folder / file.inbox),
        pins=Pins(
            identity=Identity(certificate=side.certificate, key=side.key),
            digests={card.party: frozenset((card.certificate,)) for card in side.others},
        ),
        pace=Pace(
            now=clock.now,
            steady=read_steady,
            jitter=random.SystemRandom().random,
            padded=PADDED,
            beat_s=file.beat_s,
        ),
        refusals=refusals,
    )
