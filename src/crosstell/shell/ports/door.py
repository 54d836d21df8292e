"""Who is let in at a port: so many callers at once that nothing else lacks a file for them.

Connections are accepted here, so that a handshake has a limit too. Where there is no room, the
stranger that has been there longest gives way: none holds a place by saying nothing, and none
that has shown who it is loses one. Implements PEER-011, RUN-531, RUN-532.
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

    async def accept(self, listener: socket.socket, make: Callable[[], Watched]) -> None:
        """Whoever calls is greeted, until this is cancelled."""
        loop = asyncio.get_running_loop()
        async with asyncio.TaskGroup() as greetings:
            while True:
                try:
                    accepted, address = await loop.sock_accept(listener)
                except OSError:  # no file descriptor is left: others end, then there is one
                    await asyncio.sleep(ACCEPT_AGAIN_S)
                    continue
                if not self._has_room(address[0]):
                    accepted.close()
                    continue
                caller = Caller(address[0], cut=accepted.close, leave=lambda: None)
                caller.leave = partial(self._callers.pop, caller, None)
                self._callers[caller] = None
                greeting = greetings.create_task(self._greet(accepted, caller, make()))
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

    async def _greet(self, accepted: socket.socket, caller: Caller, made: Watched) -> None:
        """The handshake of one that called; a stranger's ends it."""
        made.caller, made.patience, made.refuse = caller, self.patience, self.refuse
        tls, patience = self._tls(), self.patience
        try:
            accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            await asyncio.get_running_loop().connect_accepted_socket(
                lambda: made,
                accepted,
                ssl=tls,
                ssl_handshake_timeout=None if tls is None else patience.greet_s,
                ssl_shutdown_timeout=None if tls is None else patience.part_s,
            )
        except (OSError, ssl.SSLError) as error:
            text = f"no handshake with {caller.host}: {getattr(error, 'reason', None) or error}"
            self.refuse(Reason.CERTIFICATE, text)
            accepted.close()
            caller.leave()
        except asyncio.CancelledError:
            accepted.close()
            caller.leave()
            raise
