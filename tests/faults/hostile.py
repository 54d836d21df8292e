"""A peer whose line key and signing key are in the wrong hands, and strangers at both ports.

Everything is sent to a node that works: forks, old and foreign parcels, bad signatures, rubbish,
bodies too large or without end, callers too slow or too many, a certificate of nobody.
"""

import random
import re
import resource
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from http.client import HTTPException, HTTPSConnection

from crosstell.codecs.parcel import SIZE_MAX, Parcel, Row, encode
from crosstell.core.ids import FeedId, PartyId
from crosstell.core.record.entry import Entry, HybridTime, parse, seal
from crosstell.core.record.signing import Signer
from crosstell.shell.config.certificate import make_certificate
from crosstell.shell.keys import ONLINE, KeyFolder

from .copyist import context_of
from .record import rows
from .site import Site

PATH = "/peer/v1/parcels"
WAIT_S = 15
PIECE = b"x" * 65_536
ENDLESS_MAX = 400  # pieces, 26 MB: a node that takes them all has no bound
SLOW = 40
FILES = 160  # that the target may have open while it is tried
STRANGERS = 2 * FILES  # half a request of each, at the operators' port
_OWN_FAULT = re.compile(rb"HTTP/\d\.\d 5\d\d")


def failed(answers: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """By the name of the way, each answer in which the node says that the fault is its own."""
    for name, given in answers.items():
        yield from ((name, answer) for answer in _each(given) if _is_own_fault(answer))


def _is_own_fault(answer: object) -> bool:
    """Whether it is a status from 500 on, as a number or at the head of an answer's bytes."""
    if isinstance(answer, bytes):
        return _OWN_FAULT.match(answer) is not None
    return isinstance(answer, int) and 500 <= answer < 600


def _each(given: object) -> Iterator[object]:
    """Every answer of a list, however deep it stands."""
    if isinstance(given, list):
        for one in given:
            yield from _each(one)
    else:
        yield given


@dataclass(slots=True)
class Hostile:
    """Has all that `stolen` has, and sends it to `target`."""

    stolen: Site
    target: Site
    seed: int = 1
    answers: dict[str, list[object]] = field(default_factory=dict)
    _held: list[socket.socket] = field(default_factory=list)

    def all(self) -> Iterator[tuple[str, Callable[[], object]]]:
        """Every way, by name, in an order in which none spoils the next."""
        yield "rubbish", self.rubbish
        yield "deep", lambda: self.post(b'{"v":1,"from":' + b"[" * 200_000)
        yield "too large", lambda: self.post(b"x" * (SIZE_MAX + 1))
        yield "endless", self.endless
        yield "of nobody", self.stranger
        yield "of another feed", lambda: self.post(encode(Parcel(sender=FeedId("f" * 32), have=())))
        yield "bad signature", self.flipped
        yield "says it holds all", self.boastful
        yield "again and again", self.replayed
        yield "from the future", lambda: self.next_entry(later_ms=10**10)
        yield "of no known kind", lambda: self.next_entry(kind="no-such-kind")
        yield "fork", self.fork
        yield "slow", self.slow
        yield "no TLS", lambda: self.raw(self.target.line_port, b"POST / HTTP/1.1\r\n\r\n")
        yield "at the operators' port", self.at_the_other_port

    def go(self) -> None:
        """Each of them, once. There are more callers than files that the target may have open."""
        if self.target.process is not None:
            resource.prlimit(self.target.process.pid, resource.RLIMIT_NOFILE, (FILES, FILES))
        for name, way in self.all():
            self.answers.setdefault(name, []).append(way())

    def let_go(self) -> None:
        """What was held open is closed."""
        for one in self._held:
            one.close()

    def post(self, body: bytes, context: ssl.SSLContext | None = None) -> int | str:
        """The status of the answer to this body, or what happened instead."""
        context = context or context_of(self.stolen, ssl.PROTOCOL_TLS_CLIENT)
        port = self.target.line_port
        line = HTTPSConnection("127.0.0.1", port, timeout=WAIT_S, context=context)
        try:
            line.request("POST", PATH, body)
            found = line.getresponse()
            found.read()
        except (OSError, HTTPException) as fault:
            return type(fault).__name__
        finally:
            line.close()
        return found.status

    def rubbish(self) -> object:
        rng = random.Random(self.seed)
        return [self.post(rng.randbytes(rng.randrange(1, 5_000))) for _ in range(10)]

    def endless(self) -> object:
        """A body in pieces that never ends; how many of them were taken."""
        context = context_of(self.stolen, ssl.PROTOCOL_TLS_CLIENT)
        sent = 0
        with (
            suppress(OSError),
            socket.create_connection(("127.0.0.1", self.target.line_port), timeout=WAIT_S) as plain,
            context.wrap_socket(plain) as line,
        ):
            head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
            line.sendall(head.encode())
            while sent < ENDLESS_MAX:
                line.sendall(b"%x\r\n%s\r\n" % (len(PIECE), PIECE))
                sent += 1
        return sent

    def stranger(self) -> object:
        """With a certificate that nobody pinned."""
        folder = self.stolen.folder.parent / "stranger"
        folder.mkdir(exist_ok=True)
        files = (folder / "certificate.pem", folder / "key.pem")
        if not files[0].exists():
            now = datetime.now(UTC)  # noqa: TID251 - a certificate is made in real time
            make_certificate(PartyId("x"), *files, now)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.load_cert_chain(*files)
        return self.post(self._parcel(()), context)

    def flipped(self) -> object:
        """Entries whose signature, or text, has one bit turned."""
        leaf = self._newest().leaf
        bad = [bytes([leaf[0] ^ 1]) + leaf[1:], leaf[:-10] + bytes([leaf[-10] ^ 1]) + leaf[-9:]]
        return [self.post(self._parcel((Row(leaf=one),))) for one in bad]

    def boastful(self) -> object:
        have = tuple((FeedId(f"feed-{n}"), 2**52) for n in range(60))
        return self.post(encode(Parcel(sender=self._feed(), have=have)))

    def replayed(self) -> object:
        """One old parcel, faster than any peer needs."""
        parcel = self._parcel(tuple(Row(leaf=leaf) for leaf in self._leaves()[:50]))
        return [self.post(parcel) for _ in range(30)]

    def next_entry(self, *, later_ms: int = 1, kind: str | None = None) -> object:
        """An entry that follows the newest, signed with the stolen key."""
        last = self._newest()
        header = replace(
            last.header,
            seq=last.header.seq + 1,
            prev=sha256(b"\0" + last.leaf).hexdigest(),
            hlc=HybridTime(ms=last.header.hlc.ms + later_ms),
            type=kind or last.header.type,
            body="0" * 64,
        )
        return self.post(self._parcel((Row(leaf=seal(header, self._key()).leaf),)))

    def fork(self) -> object:
        """Another entry at a number that the target holds."""
        held = self._newest()
        other = seal(replace(held.header, body="1" * 64), self._key())
        return self.post(self._parcel((Row(leaf=other.leaf),)))

    def slow(self) -> object:
        """Many callers, of whom none says all of what it has to say; they stay."""
        context = context_of(self.stolen, ssl.PROTOCOL_TLS_CLIENT)
        for number in range(SLOW):
            with suppress(OSError):
                plain = socket.create_connection(("127.0.0.1", self.target.line_port), timeout=5)
                self._held.append(plain)
                if number % 2:
                    line = context.wrap_socket(plain)
                    self._held.append(line)
                    line.sendall(b"POST /peer/v1/parcels HTTP/1.1\r\nContent-Length: 100\r\n\r\nx")
        return len(self._held)

    def raw(self, port: int, data: bytes) -> object:
        """Bytes that are not what the port speaks."""
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5) as line:
            line.sendall(data)
            return line.recv(100)[:20]
        return "cut"

    def at_the_other_port(self) -> object:
        """Rubbish, a body without end, and slow callers for the operators."""
        port = self.target.api_port
        for _ in range(STRANGERS):
            with suppress(OSError):
                line = socket.create_connection(("127.0.0.1", port), timeout=5)
                line.sendall(b"POST /api/v1/acts HTTP/1.1\r\nHost: x\r\nX-A: ")
                self._held.append(line)
        return [
            self.raw(port, b"\0" * 100_000),
            self.raw(port, b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 1_000_000),
            self.raw(port, b"POST /api/v1/session HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n"),
        ]

    def _parcel(self, given: tuple[Row, ...]) -> bytes:
        return encode(Parcel(sender=self._feed(), have=((self._feed(), 1),), rows=given))

    def _key(self) -> Signer:
        return KeyFolder(path=self.stolen.folder / "keys").load(ONLINE)

    def _feed(self) -> FeedId:
        return self.stolen.feed

    def _leaves(self) -> list[bytes]:
        feed = self._feed()
        return [row.leaf for row in rows(self.target.store) if row.feed == feed]

    def _newest(self) -> Entry:
        return parse(self._leaves()[-1])
