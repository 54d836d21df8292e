"""The peer port on the network: TLS, limits, and the caller's certificate in the scope.

Uvicorn's HTTP protocol serves the application, but it does not pass the certificate of the
connection on; a subclass does. Implements PEER-002, PEER-006, PEER-010 to PEER-013.
"""

import asyncio
import socket
from collections import Counter
from collections.abc import Callable, MutableMapping
from threading import Event, Thread
from typing import Any

from starlette.applications import Starlette
from uvicorn.config import Config
from uvicorn.server import ServerState

from crosstell.core.errors import CallerError
from crosstell.core.ids import PartyId
from crosstell.shell.peers.pins import Pins, digest_of
from crosstell.shell.peers.port import CERTIFICATE
from crosstell.shell.peers.refusals import Reason, Refusals
from crosstell.shell.ports.door import Door
from crosstell.shell.ports.watched import Patience, Watched

BACKLOG = 64
START_S_MAX = 30.0


class _Connection(Watched):
    """One connection of a party whose certificate is pinned, watched over by the listener."""

    listener: "Listener"

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """The caller is known, and has not too many connections; else this one ends."""
        self.digest, self.party = _caller(transport, self.listener.pins)
        self.refuse = self._refused
        super().connection_made(transport)
        open_now = self.listener.open
        open_now[self.party] += 1
        if self.party is None:
            self.cut(Reason.CERTIFICATE, "the certificate shown is pinned for nobody")
        elif open_now[self.party] > self.patience.connections_max:
            self.cut(Reason.CROWD, "too many connections at once")

    def connection_lost(self, exc: Exception | None) -> None:
        """It is counted no longer."""
        self.listener.open[self.party] -= 1
        super().connection_lost(exc)

    def is_known(self) -> bool:
        """A handshake shows who calls."""
        return self.party is not None

    def on_message_begin(self) -> None:
        """A request begins; its application will know who calls."""
        super().on_message_begin()
        scope: MutableMapping[str, Any] = self.scope  # type: ignore[assignment]
        scope[CERTIFICATE] = self.digest

    def _refused(self, reason: Reason, text: str) -> None:
        self.listener.refusals.add(self.party, reason, text)


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
        self._door = Door(self.patience, tls=pins.door, refuse=self._refused)
        self._app = app
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

    @property
    def fault(self) -> str | None:
        """Why nobody is let in any more. Implements RUN-535."""
        return self._door.fault

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

        def called() -> _Connection:
            made = _Connection(config, state, {})
            made.listener = self
            return made

        accepting = asyncio.create_task(self._door.accept(listener, called))
        ready.set()
        await over.wait()
        accepting.cancel()
        listener.close()
        for connection in list(state.connections):
            connection.transport.abort()
        if state.tasks:
            await asyncio.wait(state.tasks, timeout=self.patience.look_s)

    def _refused(self, reason: Reason, text: str) -> None:
        self.refusals.add(None, reason, text)
