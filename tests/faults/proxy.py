"""A loopback line that misbehaves: it carries bytes between two ports, or cuts, delays, truncates.

It knows nothing of what it carries. Every connection has two threads; ending the line ends them.
"""

import contextlib
import random
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

PIECE = 16_384
ACCEPT_S = 0.1


@dataclass(slots=True)
class Line:
    """Listens at `port` and carries to `to`; its faults may be changed at any moment.

    `dial` makes the connection to `to`, where that is a port of another machine.
    """

    to: int
    seed: int = 0
    port: int = 0
    dial: Callable[[int], socket.socket] = lambda port: socket.create_connection(
        ("127.0.0.1", port), timeout=5
    )
    is_cut: bool = field(init=False, default=False)
    delay_s: float = field(init=False, default=0.0)
    break_share: float = field(init=False, default=0.0)  # of pieces after which both ends are cut
    carried: int = field(init=False, default=0)
    broken: int = field(init=False, default=0)
    _listening: socket.socket = field(init=False)
    _open: set[socket.socket] = field(init=False, default_factory=set)
    _lock: threading.Lock = field(init=False, default_factory=threading.Lock)
    _rng: random.Random = field(init=False)
    _over: bool = field(init=False, default=False)
    _thread: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        self._rng = random.Random(self.seed)
        self._listening = socket.create_server(("127.0.0.1", self.port))
        self._listening.settimeout(ACCEPT_S)
        self.port = int(self._listening.getsockname()[1])
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def cut(self) -> None:
        """Nothing passes, and what was open is reset."""
        self.is_cut = True
        with self._lock:
            for end in tuple(self._open):
                _reset(end)

    def heal(self) -> None:
        """Everything passes again, at once and whole."""
        self.is_cut, self.delay_s, self.break_share = False, 0.0, 0.0

    def end(self) -> None:
        """Nothing listens any more."""
        self._over = True
        self.cut()
        self._listening.close()
        self._thread.join(5)

    def _accept(self) -> None:
        while not self._over:
            try:
                near, _ = self._listening.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            if self.is_cut:
                near.close()
                continue
            threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        try:
            far = self.dial(self.to)
        except OSError:
            near.close()
            return
        with self._lock:
            self._open |= {near, far}
        back = threading.Thread(target=self._pump, args=(far, near), daemon=True)
        back.start()
        self._pump(near, far)
        back.join()
        with self._lock:
            self._open -= {near, far}
        for end in (near, far):
            with contextlib.suppress(OSError):
                end.close()

    def _pump(self, start: socket.socket, to: socket.socket) -> None:
        """One direction, until an end closes or the line breaks in the midst of a piece."""
        start.settimeout(60)
        try:
            while piece := start.recv(PIECE):
                if self.delay_s:
                    time.sleep(self._rng.uniform(0, 2 * self.delay_s))
                if self.break_share and self._rng.random() < self.break_share:
                    to.sendall(piece[: self._rng.randrange(len(piece))])
                    self.broken += 1
                    break
                to.sendall(piece)
                self.carried += len(piece)
        except OSError:
            pass
        finally:
            for end in (start, to):
                _reset(end)


def _reset(end: socket.socket) -> None:
    """The connection is over for both sides at once."""
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
