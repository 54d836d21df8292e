"""The peer port on the network: TLS, limits, and the caller's certificate in the scope.

Uvicorn's HTTP protocol serves the application, but it does not pass the certificate of the
connection on, nor end a slow sender; a subclass does both. Connections are accepted here, so
that a handshake has a limit too. Implements PEER-002, PEER-006, PEER-010 to PEER-013.
"""

import asyncio
import socket
import ssl
from collections import Counter
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from threading import Event, Thread
from typing import Any

from starlette.applications import Starlette
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from crosstell.core.errors import CallerError
from crosstell.core.ids import PartyId
from crosstell.shell.peers.pins import Pins, digest_of
from crosstell.shell.peers.port import CERTIFICATE
from crosstell.shell.peers.refusals import Reason, Refusals

BACKLOG = 64
START_S_MAX = 30.0
ACCEPT_AGAIN_S = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long and how much a connection may take.

    A sender must give `progress` bytes in each `look_s` and the whole body in `receive_s`; one that
    does not read its answer is cut after `answer_s`, one that says nothing after `idle_s`.
    """

    greet_s: float = 8.0  # for the TLS handshake
    look_s: float = 5.0
    progress: int = 1_024
    receive_s: float = 600.0
    answer_s: float = 60.0
    idle_s: float = 90.0
    head_max: int = 16 * 1_024  # bytes before a body begins
    greetings_max: int = 32  # handshakes at once, and of one address:
    greetings_of_one_max: int = 8
    connections_max: int = 4  # of one party


class _Connection(HttpToolsProtocol):
    """One connection of a party whose certificate is pinned, watched over by the listener."""

    listener: "Listener"

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """The caller is known, and has not too many connections; else this one ends."""
        super().connection_made(transport)
        self.digest, self.party = _caller(transport, self.listener.pins)
        self.heard = self.heard_before = self.head = 0
        self.phase, self.since_s = "idle", 0.0
        self.watch: asyncio.TimerHandle | None = None
        open_now = self.listener.open
        open_now[self.party] += 1
        if self.party is None:
            self.cut(Reason.CERTIFICATE, "the certificate shown is pinned for nobody")
        elif open_now[self.party] > self.listener.patience.connections_max:
            self.cut(Reason.CROWD, "too many connections at once")
        else:
            self.watch = self.loop.call_later(self.listener.patience.look_s, self.look)

    def connection_lost(self, exc: Exception | None) -> None:
        """It is counted no longer."""
        if self.watch is not None:
            self.watch.cancel()
        self.listener.open[self.party] -= 1
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """The bytes are counted; a head without end ends the connection."""
        if self.transport.is_closing():
            return
        self.heard += len(data)
        if self.phase in ("idle", "head"):
            self.head += len(data)
        super().data_received(data)
        if self.phase in ("idle", "head") and self.head > self.listener.patience.head_max:
            self.cut(Reason.SIZE, "the head of a request is too large")

    def on_message_begin(self) -> None:
        """A request begins; its application will know who calls."""
        if self.phase == "answer":
            self.cut(Reason.RUBBISH, "requests in a pipeline")
        super().on_message_begin()
        self.enter("head")
        scope: MutableMapping[str, Any] = self.scope  # type: ignore[assignment]
        scope[CERTIFICATE] = self.digest

    def on_headers_complete(self) -> None:
        """The body begins."""
        if not self.transport.is_closing():
            self.enter("body")
            super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The answer is due."""
        self.enter("answer")
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Nothing is due until the next request."""
        self.head = 0
        self.enter("idle")
        super().on_response_complete()

    def enter(self, phase: str) -> None:
        """What the connection does now, and since when."""
        self.phase, self.since_s, self.heard_before = phase, 0.0, -1

    def look(self) -> None:
        """Once in a while: is the caller still worth waiting for?"""
        patience = self.listener.patience
        self.since_s += patience.look_s
        receiving = self.phase in ("head", "body")
        limit_s = {"idle": patience.idle_s, "answer": patience.answer_s}.get(
            self.phase, patience.receive_s
        )
        gained = self.heard - self.heard_before
        slow = receiving and self.heard_before >= 0 and gained < patience.progress
        if slow or self.since_s > limit_s:
            reason = "" if self.phase == "idle" else f"too slow ({self.phase})"
            self.cut(Reason.SLOW if reason else None, reason)
            return
        self.heard_before = self.heard
        self.watch = self.loop.call_later(patience.look_s, self.look)

    def cut(self, reason: Reason | None, text: str) -> None:
        """The connection ends at once."""
        if reason is not None:
            self.listener.refusals.add(self.party, reason, text)
        self.transport.abort()


def _caller(transport: asyncio.Transport, pins: Pins) -> tuple[str, PartyId | None]:
    tls = transport.get_extra_info("ssl_object")
    shown = None if tls is None else tls.getpeercert(binary_form=True)
    digest = "" if shown is None else digest_of(shown)
    return digest, pins.party_of(digest)


class Listener:
    """The peer port, served in a thread of its own from `start` until `stop`."""

    def __init__(
        self, app: Starlette, pins: Pins, refusals: Refusals, patience: Patience | None = None
    ) -> None:
        """Nothing listens yet."""
        self.pins, self.refusals = pins, refusals
        self.patience = patience or Patience()
        self.open: Counter[PartyId | None] = Counter()
        self._app = app
        self._greeted: Counter[str] = Counter()
        self._thread: Thread | None = None
        self._end: Callable[[], None] = lambda: None

    def start(self, host: str, port: int) -> int:
        """The port that is listened at (given 0: a free one). CallerError if it cannot be had."""
        try:
            listener = socket.create_server((host, port), backlog=BACKLOG)
        except OSError as error:
            raise CallerError(
                f"line {host}:{port} cannot be listened at ({error.strerror}); name another "
                "address or port in the configuration, or end what uses it"
            ) from error
        listener.settimeout(0.0)
        bound: int = listener.getsockname()[1]
        ready = Event()
        self._thread = Thread(
            target=lambda: asyncio.run(self._serve(listener, ready)), name="peer port", daemon=True
        )
        self._thread.start()
        ready.wait(START_S_MAX)
        return bound

    def stop(self) -> None:
        """Nothing listens any more, and every connection is ended: whatever broke comes again."""
        if self._thread is not None:
            self._end()
            self._thread.join()
            self._thread = None

    async def _serve(self, listener: socket.socket, ready: Event) -> None:
        loop = asyncio.get_running_loop()
        over = asyncio.Event()
        self._end = lambda: loop.call_soon_threadsafe(over.set)  # type: ignore[assignment]
        config = Config(
            self._app,
            http=_Connection,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=int(self.patience.idle_s),
        )
        config.load()
        state = ServerState()
        accepting = asyncio.create_task(self._accept(listener, config, state))
        ready.set()
        await over.wait()
        accepting.cancel()
        listener.close()
        for connection in list(state.connections):
            connection.transport.abort()
        if state.tasks:
            await asyncio.wait(state.tasks, timeout=self.patience.look_s)

    async def _accept(self, listener: socket.socket, config: Config, state: ServerState) -> None:
        loop = asyncio.get_running_loop()

        def connection() -> _Connection:
            made = _Connection(config, state, {})
            made.listener = self
            return made

        async with asyncio.TaskGroup() as greetings:
            while True:
                try:
                    accepted, address = await loop.sock_accept(listener)
                except OSError:  # no file descriptor is left: others end, then there is one
                    await asyncio.sleep(ACCEPT_AGAIN_S)
                    continue
                if self._is_crowded(address[0]):
                    accepted.close()
                    continue
                accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._greeted[address[0]] += 1
                greetings.create_task(self._greet(accepted, address[0], connection))

    def _is_crowded(self, host: str) -> bool:
        crowded = (
            self._greeted.total() >= self.patience.greetings_max
            or self._greeted[host] >= self.patience.greetings_of_one_max
        )
        if crowded:
            self.refusals.add(None, Reason.CROWD, f"too many handshakes at once, last of {host}")
        return crowded

    async def _greet(
        self, accepted: socket.socket, host: str, connection: Callable[[], Any]
    ) -> None:
        """The handshake of one that called; a stranger's ends it."""
        try:
            await asyncio.get_running_loop().connect_accepted_socket(
                connection,
                accepted,
                ssl=self.pins.door(),
                ssl_handshake_timeout=self.patience.greet_s,
                ssl_shutdown_timeout=self.patience.look_s,
            )
        except (OSError, ssl.SSLError) as error:
            text = f"no handshake with {host}: {getattr(error, 'reason', None) or error}"
            self.refusals.add(None, Reason.CERTIFICATE, text)
            accepted.close()
        finally:
            self._greeted[host] -= 1
            if not self._greeted[host]:
                del self._greeted[host]
