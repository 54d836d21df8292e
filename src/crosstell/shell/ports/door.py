"""Who is let in at a port: so many callers at once that nothing else lacks a file for them.

Connections are accepted here, so that a handshake has a limit too. Where there is no room, the
stranger that has been there longest gives way: none holds a place by saying nothing, and none
that has shown who it is loses one. A fault of ours with one caller ends none other; one with the
door itself is in `fault`, for whoever ends the process. Implements PEER-011, RUN-531, RUN-532,
RUN-535.
"""

import asyncio
import resource
import socket
import ssl
from collections.abc import Callable
from functools import partial

from crosstell.shell.peers.refusals import Reason
from crosstell.shell.ports.watched import Caller, Patience, Watched

ACCEPT_AGAIN_S = 0.2
SHARE = 3  # one of so many parts of the files that the process may have open is for callers


class Door:
    """The callers of one port."""

    def __init__(
        self,
        patience: Patience,
        *,
        tls: Callable[[], ssl.SSLContext | None],
        refuse: Callable[[Reason, str], None],
    ) -> None:
        """Nobody has called yet. `refuse` is told of those that had to go."""
        self.patience, self.refuse, self._tls = patience, refuse, tls
        self._callers: dict[Caller, None] = {}
        self.fault: str | None = None  # why nobody is let in any more

    async def accept(self, listener: socket.socket, make: Callable[[], Watched]) -> None:
        """Whoever calls is greeted, until this is cancelled, or ends by a fault of ours."""
        try:
            async with asyncio.TaskGroup() as greetings:
                while True:
                    await self._let_in(listener, make, greetings)
        except* Exception as faults:  # noqa: BLE001 - it must be told, whatever it is
            first = faults.exceptions[0]
            self.fault = f"{type(first).__name__}: {first}"

    async def _let_in(
        self, listener: socket.socket, make: Callable[[], Watched], greetings: asyncio.TaskGroup
    ) -> None:
        """The next that calls, if there is room."""
        try:
            accepted, address = await asyncio.get_running_loop().sock_accept(listener)
        except OSError:  # no file descriptor is left: others end, then there is one
            await asyncio.sleep(ACCEPT_AGAIN_S)
            return
        if not self._has_room(address[0]):
            accepted.close()
            return
        caller = Caller(address[0], cut=accepted.close, leave=lambda: None)
        caller.leave = partial(self._callers.pop, caller, None)
        self._callers[caller] = None
        greeting = greetings.create_task(self._greet(accepted, caller, make))
        caller.cut = greeting.cancel
        await asyncio.sleep(0)  # it has begun, and will close what it was given

    def _most(self) -> int:
        """How many callers leave enough files to everything else."""
        files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        most = self.patience.callers_max
        return most if files == resource.RLIM_INFINITY else min(most, files // SHARE)

    def _has_room(self, host: str) -> bool:
        """Whether there is a place for one more of that address, if need be a stranger's."""
        strangers = [each for each in self._callers if not each.is_known()]
        of_it = [each for each in strangers if each.host == host]
        if len(of_it) >= self.patience.strangers_of_one_max:
            strangers = of_it
        elif len(strangers) < self.patience.strangers_max and len(self._callers) < self._most():
            return True
        self.refuse(Reason.CROWD, f"too many callers at once, last of {host}")
        if not strangers:
            return False
        strangers[0].leave()
        strangers[0].cut()
        return True

    async def _greet(
        self, accepted: socket.socket, caller: Caller, make: Callable[[], Watched]
    ) -> None:
        """The handshake of one that called; a stranger's ends it, and so does a fault of ours."""
        patience = self.patience
        try:
            made, tls = make(), self._tls()
            made.caller, made.patience, made.refuse = caller, patience, self.refuse
            accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            await asyncio.get_running_loop().connect_accepted_socket(
                lambda: made,
                accepted,
                ssl=tls,
                ssl_handshake_timeout=None if tls is None else patience.greet_s,
                ssl_shutdown_timeout=None if tls is None else patience.part_s,
            )
        except Exception as error:  # noqa: BLE001 - nobody else loses the port by it
            why = getattr(error, "reason", None) or f"{error}" or type(error).__name__
            self.refuse(Reason.CERTIFICATE, f"no handshake with {caller.host}: {why}")
            accepted.close()
            caller.leave()
        except asyncio.CancelledError:
            accepted.close()
            caller.leave()
            raise
