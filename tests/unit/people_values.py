"""For the tests of effects to people: a clock held by hand, channels that obey, servers."""

import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from crosstell.core.ids import RoleId
from crosstell.core.mechanism.effects import Ring
from crosstell.shell.people.config import Also, Dialler, People, RoleRoute, Tried
from crosstell.shell.people.handing import Handing, Kind, NotTaken, Said, Taken

START = datetime(2023, 10, 5, 4, 30, tzinfo=UTC)
DUTY, CHIEF = RoleId("duty-officer"), RoleId("watch-chief")
QUIET_S = 10.0  # until everything due is handed over; far more than it takes
ALERT = "alert-unacknowledged alert a-1"


class HeldClock:
    """Time that stands until a test moves it."""

    def __init__(self) -> None:
        self._now = START

    def now(self) -> datetime:
        return self._now

    def move(self, by_s: float) -> None:
        self._now += timedelta(seconds=by_s)


@dataclass
class ObedientChannel:
    """Takes what it is handed, or fails while told to; `gate` holds it up."""

    name: str
    fails: bool = False
    handed: list[Said] = field(default_factory=list)
    interrupted: list[str] = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)
    entered: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    def hand(self, said: Said) -> Taken:
        self.entered.set()
        assert self.gate.wait(QUIET_S)
        if self.fails:
            raise NotTaken("nobody there", to=self.name)
        self.handed.append(said)
        return Taken(to=self.name, answer="queued as 1")

    def interrupt(self, matter: str) -> None:
        self.interrupted.append(matter)

    def steps(self) -> list[tuple[Kind, str, int | None]]:
        return [(s.handing.kind, s.handing.matter, s.handing.rung) for s in self.handed]


def ring(
    matter: str = ALERT, *, rung: int = 0, role: RoleId = DUTY, text: str = "CRITICAL"
) -> Ring:
    return Ring(matter=matter, role=role, rung=rung, text=text)


def people(*names: str, tried: Tried = Tried.ALL, also: tuple[Also, ...] = (Also.ENDS,)) -> People:
    """Channels of these names, all for every role."""
    return People(
        channels=tuple(Dialler(name=name, command=("/bin/true",), also=also) for name in names),
        roles=(RoleRoute(role="*", channels=names, tried=tried),),
    )


def said(
    text: str = "CRITICAL: near zone z-1", *, kind: Kind = Kind.RING, at: datetime = START
) -> Said:
    handing = Handing(kind=kind, matter=ALERT, role=DUTY, rung=1, text=text, asked_at=START)
    return Said(handing=handing, at=at, party="us")


@dataclass
class HttpHeard:
    """What a loopback web server got, and what it is to answer."""

    url: str = ""
    status: int = 200
    answer: bytes = b"queued"
    stall_s: float = 0.0
    location: str | None = None
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    release: threading.Event = field(default_factory=threading.Event)


@contextmanager
def web_server() -> Iterator[HttpHeard]:
    """A web server on a free loopback port."""
    heard = HttpHeard()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = int(self.headers.get("Content-Length", "0"))
            body = self.rfile.read(size)
            heard.requests.append((self.path, dict(self.headers.items()), body))
            if heard.stall_s:
                heard.release.wait(heard.stall_s)
            self.send_response(heard.status)
            if heard.location is not None:
                self.send_header("Location", heard.location)
            self.send_header("Content-Length", str(len(heard.answer)))
            self.end_headers()
            try:
                self.wfile.write(heard.answer)
            except (BrokenPipeError, ConnectionResetError):
                return

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    heard.url = f"http://127.0.0.1:{server.server_address[1]}/ring"
    try:
        yield heard
    finally:
        heard.release.set()
        server.shutdown()
        server.server_close()
        thread.join(QUIET_S)


@dataclass
class MailHeard:
    """What a loopback mail server got, and how it is to answer."""

    port: int = 0
    lines: list[str] = field(default_factory=list)
    messages: list[bytes] = field(default_factory=list)
    refuses: set[str] = field(default_factory=set)
    offers_starttls: bool = True
    reply: str = "250 2.0.0 Ok: queued as 4ABC"


def make_certificate(folder: Path, host: str = "127.0.0.1") -> tuple[Path, Path]:
    """A self-signed certificate of this host, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "loopback")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2120, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = folder / f"{host}.pem", folder / f"{host}.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate, secret


@contextmanager
def mail_server(certificate: Path, key: Path, *, tls: bool) -> Iterator[MailHeard]:
    """A mail server on a free loopback port: TLS from the start, or by STARTTLS."""
    heard = MailHeard()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            try:
                connection = self.request
                if tls:
                    connection = context.wrap_socket(connection, server_side=True)
                _Talk(connection, heard, context, is_tls=tls).run()
            except (OSError, EOFError):
                return

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

    server = Server(("127.0.0.1", 0), Handler)
    heard.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield heard
    finally:
        server.shutdown()
        server.server_close()
        thread.join(QUIET_S)


class _Talk:
    """One conversation of the loopback mail server."""

    def __init__(
        self, connection: ssl.SSLSocket, heard: MailHeard, context: ssl.SSLContext, *, is_tls: bool
    ) -> None:
        self.connection, self.heard, self.context, self.is_tls = connection, heard, context, is_tls
        self.file = connection.makefile("rb")

    def say(self, line: str) -> None:
        self.connection.sendall(f"{line}\r\n".encode())

    def run(self) -> None:
        self.say("220 loopback ready")
        while line := self.file.readline().decode().strip():
            self.heard.lines.append(line)
            if line.upper().startswith("QUIT"):
                self.say("221 bye")
                self.connection.close()
                return
            self.answer(line)

    def answer(self, line: str) -> None:
        word = line.upper()
        if word.startswith("EHLO"):
            more = "" if self.is_tls or not self.heard.offers_starttls else "250-STARTTLS\r\n"
            self.say(f"250-loopback\r\n{more}250 AUTH PLAIN")
        elif word == "STARTTLS":
            self.say("220 go ahead")
            self.connection = self.context.wrap_socket(self.connection, server_side=True)
            self.file, self.is_tls = self.connection.makefile("rb"), True
        elif word.startswith("AUTH"):
            self.say("235 in")
        elif word.startswith("RCPT") and any(one in line for one in self.heard.refuses):
            self.say("550 no such person")
        elif word == "DATA":
            self.say("354 go on")
            body = b""
            while (line_read := self.file.readline()) not in (b".\r\n", b""):
                body += line_read
            self.heard.messages.append(body)
            self.say(self.heard.reply)
        else:
            self.say("250 fine")
