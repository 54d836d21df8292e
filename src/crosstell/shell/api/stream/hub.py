"""One listener at the node, and a bounded mailbox for each client that follows it.

Entries are not queued: each client reads them from the store by their local number, so none is
ever skipped and a slow client costs no memory. Only effects are queued, and a client whose queue
is full is dropped with a reason; when it comes again it is told all effects that stand.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from crosstell.codecs.api.running import StandingShown
from crosstell.core.instant import seconds_between
from crosstell.core.mechanism.effects import DraftReady, Effect, Ring, ShowAlert, ShowCall
from crosstell.shell.api.seam import Happened, Sequencer
from crosstell.shell.rebuild import Void

CACHED_MAX = 2_000  # encoded entries, shared by the clients that follow at the same pace
URGENT = (Ring, DraftReady, ShowAlert, ShowCall)


@dataclass(slots=True, eq=False)
class Mailbox:
    """What waits for one client."""

    account: str
    waiting_max: int
    effects: deque[Effect] = field(default_factory=deque)
    rang: bool = False  # an effect came since the last screen: the next is due at once
    overflowed: bool = False
    woken: asyncio.Event = field(default_factory=asyncio.Event)

    def put(self, effects: tuple[Effect, ...]) -> None:
        """The effects wait, if there is room for all of them."""
        if len(self.effects) + len(effects) > self.waiting_max:
            self.overflowed = True
        else:
            self.effects.extend(effects)
        self.rang = self.rang or any(isinstance(effect, URGENT) for effect in effects)
        self.woken.set()


@dataclass(slots=True)
class Hub:
    """All mailboxes. Everything but `heard` runs in the event loop."""

    sequencer: Sequencer
    arrivals: int = 0
    batches: int = 0
    standing: StandingShown | None = None  # after the newest of them
    mailboxes: set[Mailbox] = field(default_factory=set)
    cache: OrderedDict[int, tuple[str, bytes]] = field(default_factory=OrderedDict)
    void: Void = field(default_factory=dict)  # as the cache was encoded
    closing: bool = False
    _screen: tuple[int, datetime, bytes] | None = None
    _drawing: asyncio.Lock = field(default_factory=asyncio.Lock)
    _loop: asyncio.AbstractEventLoop | None = None
    _end: Callable[[], None] | None = None

    def start(self) -> None:
        """The node is listened to from now on."""
        self._loop = asyncio.get_running_loop()
        self._end = self.sequencer.watch(self.heard)
        self.standing = self.sequencer.standing

    def stop(self) -> None:
        """Nothing is listened to, and every client is told to come again."""
        self.closing = True
        if self._end is not None:
            self._end()
        for mailbox in self.mailboxes:
            mailbox.woken.set()

    @property
    def told(self) -> int:
        """How many batches the clients have been told of, or are about to be."""
        return 0 if self.standing is None else self.standing.batches

    def heard(self, happened: Happened) -> None:
        """Called in the node's own thread: the loop is told, and nothing waits."""
        assert self._loop is not None, "started before anything is heard"
        with suppress(RuntimeError):  # the loop may end at any moment of the node's thread
            self._loop.call_soon_threadsafe(self._spread, happened)

    def _spread(self, happened: Happened) -> None:
        self.arrivals = max(self.arrivals, happened.arrivals)
        if happened.standing is not None:
            self.standing = happened.standing
            self.batches += 1
        for mailbox in self.mailboxes:
            mailbox.put(happened.outcome.effects)

    async def screen(
        self, make: Callable[[], Awaitable[bytes]], *, now: datetime, good_s: float
    ) -> bytes:
        """The screen, drawn once for all who ask for it at about the same time."""
        async with self._drawing:
            held = self._screen
            if held is not None:
                batches, at, drawn = held
                if batches == self.batches and 0.0 <= seconds_between(at, now) < good_s:
                    return drawn
            batches = self.batches
            drawn = await make()
            self._screen = (batches, now, drawn)
            return drawn

    def keep(self, number: int, kind: str, encoded: bytes) -> None:
        """The entry is encoded once for all who follow closely."""
        self.cache[number] = (kind, encoded)
        while len(self.cache) > CACHED_MAX:
            self.cache.popitem(last=False)
