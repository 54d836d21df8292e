"""One connection that a caller cannot hold by saying nothing, too little, or by not reading.

Uvicorn's HTTP protocol ends no slow sender, and none that does not read its answer; a subclass
does. Implements PEER-010, RUN-530.
"""

import asyncio
import fcntl
import struct
import termios
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from crosstell.shell.peers.refusals import Reason

_COUNT = struct.Struct("i")


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long and how much a connection may take; without more, at the port of the line.

    A sender must give `progress` bytes in each `look_s` and the whole body in `receive_s`; one that
    does not read its answer is cut once nothing of it has left for `unread_s`, or in any case after
    `answer_s`; one that says nothing after `idle_s`. Strangers have not shown yet who they are.
    """

    greet_s: float = 8.0  # for the TLS handshake
    part_s: float = 5.0  # and for the end of it, what is still to be sent included
    look_s: float = 5.0
    progress: int = 1_024
    receive_s: float = 600.0
    answer_s: float = 60.0
    unread_s: float = 60.0
    idle_s: float = 90.0
    head_max: int = 16 * 1_024  # bytes before a body begins
    strangers_max: int = 32  # at once, and of one address:
    strangers_of_one_max: int = 8
    callers_max: int = 512  # at once, strangers or not
    connections_max: int = 4  # of one party


@dataclass(eq=False, slots=True)
class Caller:
    """One that called, from its first packet until it is gone."""

    host: str
    cut: Callable[[], object]
    leave: Callable[[], object]
    is_known: Callable[[], bool] = lambda: False


class Watched(HttpToolsProtocol, ABC):
    """One connection, looked at once in a while."""

    patience: Patience
    caller: Caller
    refuse: Callable[[Reason, str], None]

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """It is looked at from now on."""
        super().connection_made(transport)
        self.heard = self.heard_before = self.head = 0
        self.phase, self.since_s = "idle", 0.0
        self.is_whole = self.is_answered = True
        self.unsent, self.unread_s = 0, 0.0
        self.caller.cut, self.caller.is_known = transport.abort, self.is_known
        self.watch = self.loop.call_later(self.patience.look_s, self.look)

    def connection_lost(self, exc: Exception | None) -> None:
        """It is counted no longer."""
        self.watch.cancel()
        self.caller.leave()
        super().connection_lost(exc)

    @abstractmethod
    def is_known(self) -> bool:
        """Whether the caller has shown who it is."""

    def data_received(self, data: bytes) -> None:
        """The bytes are counted; a head without end ends the connection."""
        if self.transport.is_closing():
            return
        self.heard += len(data)
        if self.phase in ("idle", "head"):
            self.head += len(data)
        super().data_received(data)
        if self.phase in ("idle", "head") and self.head > self.patience.head_max:
            self.cut(Reason.SIZE, "the head of a request is too large")

    def on_message_begin(self) -> None:
        """A request begins."""
        if self.phase == "answer":
            self.cut(Reason.RUBBISH, "requests in a pipeline")
        super().on_message_begin()
        self.is_whole = self.is_answered = False
        self.enter("head")

    def on_headers_complete(self) -> None:
        """The body begins."""
        if not self.transport.is_closing():
            self.enter("body")
            super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The answer is due, unless it was given before the end of the body."""
        self.is_whole = True
        self.enter("idle" if self.is_answered else "answer")
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Nothing is due until the next request, but for the rest of a body."""
        self.is_answered = True
        if self.is_whole:
            self.enter("idle")
        super().on_response_complete()

    def enter(self, phase: str) -> None:
        """What the connection does now, and since when."""
        self.phase, self.since_s, self.heard_before = phase, 0.0, -1
        self.head = 0 if phase == "idle" else self.head

    def look(self) -> None:
        """Once in a while: is the caller still worth waiting for?"""
        self.since_s += self.patience.look_s
        fault = self._fault()
        if fault is not None:
            self.cut(Reason.SLOW if fault else None, fault)
            return
        self.heard_before = self.heard
        self.watch = self.loop.call_later(self.patience.look_s, self.look)

    def cut(self, reason: Reason | None, text: str) -> None:
        """The connection ends at once."""
        if reason is not None:
            self.refuse(reason, text)
        self.transport.abort()

    def _fault(self) -> str | None:
        """Why it is waited for no longer; nothing to blame it for if it is merely idle."""
        patience, phase = self.patience, self.phase
        if self._is_unread():
            return "the answer is not read"
        if phase == "idle":
            if self.unsent:
                self.since_s = 0.0  # the end of an answer is on its way
            return "" if self.since_s > patience.idle_s else None
        limit_s = patience.answer_s if phase == "answer" else patience.receive_s
        slow = phase != "answer" and self._is_due() and self._gained() < patience.progress
        return f"too slow ({phase})" if slow or self.since_s > limit_s else None

    def _gained(self) -> float:
        """How many bytes came since the last look; enough, where the phase was new then."""
        return self.heard - self.heard_before if self.heard_before >= 0 else float("inf")

    def _is_due(self) -> bool:
        """Whether it is for the caller to go on, and not for us to read."""
        waits = self.phase == "body" and self.cycle.waiting_for_100_continue
        return not (waits or self.flow.read_paused)

    def _is_unread(self) -> bool:
        """Whether nothing of what is to be sent has been taken for too long."""
        before, self.unsent = self.unsent, self._unsent()
        stands = self.unsent > 0 and self.unsent == before
        self.unread_s = self.unread_s + self.patience.look_s if stands else 0.0
        return self.unread_s > self.patience.unread_s

    def _unsent(self) -> int:
        """How many bytes the kernel holds that the caller has not confirmed.

        Whatever the transports above it hold, over TLS too, waits behind these.
        """
        place = self.transport.get_extra_info("socket").fileno()
        if place < 0:
            return 0
        held: int = _COUNT.unpack(fcntl.ioctl(place, termios.TIOCOUTQ, bytes(_COUNT.size)))[0]
        return held
