"""A line's end that was taken over: it has both parties' line keys, and repeats what it carries.

It stands between two nodes as TLS to each, so it can do what no cut of bytes does: hand a parcel
over twice, hand over an old one again, and keep an answer back that was given.
"""

import random
import ssl
import threading
from collections import deque
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .site import Site

OLD_MAX = 200
BODY_MAX = 8 * 1024 * 1024


def context_of(site: Site, purpose: int) -> ssl.SSLContext:
    """TLS with that site's line certificate; whoever is there is taken."""
    context = ssl.SSLContext(purpose)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    if purpose == ssl.PROTOCOL_TLS_CLIENT:
        context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.load_cert_chain(
        site.folder / "line" / "certificate.pem", site.folder / "line" / "key.pem"
    )
    return context


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_given: object) -> None:
        """A line that was cut in the midst of something is no news here."""


@dataclass(slots=True)
class Copyist:
    """Answers as `target` does, and speaks to it as `caller`; `port` is where it listens."""

    caller: Site
    target: Site
    seed: int
    repeat_share: float = 0.3
    keep_share: float = 0.1
    repeated: int = field(init=False, default=0)
    kept_back: int = field(init=False, default=0)
    said: list[bytes] = field(init=False, default_factory=list)  # all that it carried, both ways
    _old: deque[bytes] = field(init=False, default_factory=lambda: deque(maxlen=OLD_MAX))
    _rng: random.Random = field(init=False)
    _server: ThreadingHTTPServer = field(init=False)

    def __post_init__(self) -> None:
        self._rng = random.Random(f"{self.seed}:copyist")
        self._server = _Server(("127.0.0.1", 0), _handler(self))

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def start(self) -> None:
        """It listens. Both sites must be made."""
        context = context_of(self.target, ssl.PROTOCOL_TLS_SERVER)
        self._server.socket = context.wrap_socket(
            self._server.socket, server_side=True, do_handshake_on_connect=False
        )
        threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True).start()

    def end(self) -> None:
        """It listens no more."""
        self._server.shutdown()
        self._server.server_close()

    def carry(self, path: str, body: bytes) -> tuple[int, bytes] | None:
        """What the target answers; None if that is kept back. OSError if it cannot be reached."""
        if body:
            self._old.append(body)
        answer = self._post(path, body)
        self.said += [path.encode(), body, answer[1]]
        while self._old and self._rng.random() < self.repeat_share:
            self._post(path, self._rng.choice((body or self._old[-1], self._old[0])))
            self.repeated += 1
        if self._rng.random() < self.keep_share:
            self.kept_back += 1
            return None
        return answer

    def _post(self, path: str, body: bytes) -> tuple[int, bytes]:
        line = HTTPSConnection(
            "127.0.0.1",
            self.target.line_port,
            timeout=20,
            context=context_of(self.caller, ssl.PROTOCOL_TLS_CLIENT),
        )
        try:
            line.request("POST", path, body)
            found = line.getresponse()
            return found.status, found.read()
        finally:
            line.close()


def _handler(copyist: Copyist) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 60

        def do_POST(self) -> None:
            length = min(BODY_MAX, int(self.headers.get("Content-Length", "0")))
            try:
                answer = copyist.carry(self.path, self.rfile.read(length))
            except (OSError, HTTPException):
                answer = None
            if answer is None:
                self.close_connection = True
                return
            self.send_response(answer[0])
            self.send_header("Content-Length", str(len(answer[1])))
            self.end_headers()
            self.wfile.write(answer[1])

        def log_message(self, *_given: object) -> None:
            return

    return Handler
