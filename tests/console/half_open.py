"""A line to a node that can be held: what is open then carries nothing, what is new passes."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

CHUNK = 65_536


@dataclass
class Line:
    """A port in front of another one."""

    to: int
    ear: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    ends: list[socket.socket] = field(default_factory=list)
    held: set[socket.socket] = field(default_factory=set)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.ear.getsockname()[1]}"

    def hold(self) -> int:
        """From now on nothing goes either way over what is open; how much that is."""
        self.held.update(self.ends)
        return len(self.held) // 2

    def listen(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self.ear.accept()
                far = socket.create_connection(("127.0.0.1", self.to))
                self.ends += (near, far)
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self.carry, args=(one, other), daemon=True).start()

    def carry(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while chunk := one.recv(CHUNK):
                if one in self.held:
                    continue  # taken, so that it is not noticed, and carried nowhere
                other.sendall(chunk)
        if one not in self.held:
            with suppress(OSError):
                other.shutdown(socket.SHUT_RDWR)


@contextmanager
def line_to(address: str) -> Iterator[Line]:
    """In front of that node, until it is left."""
    line = Line(to=int(address.rsplit(":", 1)[1]))
    threading.Thread(target=line.listen, daemon=True).start()
    try:
        yield line
    finally:
        for one in (line.ear, *line.ends):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
