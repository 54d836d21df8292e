"""The port of operators, systems and the console, and what it bears of strangers.

A stranger is whoever has shown no session and no token that stands. Implements RUN-530, RUN-531.
"""

import asyncio
import math
import socket
from types import FrameType

from uvicorn import Config, Server

from crosstell.shell.peers.refusals import OPERATORS, Reason, Refusals
from crosstell.shell.ports.door import Door
from crosstell.shell.ports.watched import Patience, Watched

# A browser opens six connections: 512 are 64 pages with a stream each, and room for systems; 128
# strangers of one address are twenty pages that open at once behind one proxy.
BORNE = Patience(
    progress=256,
    part_s=60.0,
    receive_s=60.0,
    answer_s=math.inf,  # a stream goes on for as long as it is read, and so does a download
    unread_s=120.0,
    idle_s=10.0,
    strangers_max=512,
    strangers_of_one_max=128,
    callers_max=512,
)


class _Connection(Watched):
    """One connection of a browser or a program."""

    _was_known = False

    def is_known(self) -> bool:
        """Whether a request of it came with a session or token that stands."""
        if self.scope is not None:
            self._was_known |= bool(self.scope["state"].get("is_known", False))
        return self._was_known

    def on_message_begin(self) -> None:
        """What the last request showed counts for the next."""
        self.is_known()
        super().on_message_begin()


class OperatorsPort(Server):
    """Uvicorn's server, whose callers come in by a door."""

    def __init__(
        self,
        config: Config,
        listening: socket.socket,
        refusals: Refusals,
        patience: Patience = BORNE,
    ) -> None:
        """Nobody is let in yet."""
        super().__init__(config)

        def refuse(reason: Reason, text: str) -> None:
            refusals.add(None, reason, f"the operators' port: {text}", port=OPERATORS)

        self._listening = listening
        self._door = Door(patience, tls=lambda: config.ssl, refuse=refuse)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Whoever calls is let in, or not."""
        await super().startup(sockets or [])
        self._listening.settimeout(0.0)
        self._accepting = asyncio.create_task(self._door.accept(self._listening, self._made))

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Nobody new is let in; what is under way has its time."""
        self._accepting.cancel()
        await asyncio.wait({self._accepting})
        self._listening.close()
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """It ends in order, however often it is told to; it has a limit of time. RUN-554."""
        if not self.should_exit:
            super().handle_exit(sig, frame)

    async def on_tick(self, counter: int) -> bool:
        """Whether it is to end: nobody is let in any more, or as the server says."""
        return await super().on_tick(counter) or self.fault is not None

    @property
    def fault(self) -> str | None:
        """Why nobody is let in any more. Implements RUN-535."""
        return self._door.fault

    def _made(self) -> _Connection:
        return _Connection(self.config, self.server_state, self.lifespan.state)
