"""Parties' nodes that talk over real mutual TLS on the loopback interface.

A `Site` is one party's node in a thread of its own, its post and its port. The node's clock is the
test's: it goes on by a millisecond at each input, so that nothing here waits for patience.
"""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from types import MappingProxyType

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from node_pair import World

from crosstell.core.ids import PartyId
from crosstell.replay.live.ports import free_ports
from crosstell.shell.node import Delivery, NodeInput, Outcome
from crosstell.shell.peers.listening import Listener
from crosstell.shell.peers.pins import Identity, Pins, digest_of
from crosstell.shell.peers.port import PortSettings, peer_app
from crosstell.shell.peers.post import Correspondent, Post
from crosstell.shell.peers.pusher import Pace
from crosstell.shell.peers.refusals import Refusals
from crosstell.shell.ports.watched import Patience

OPENED = datetime(2020, 1, 1, tzinfo=UTC)
BRIEF = Patience(greet_s=10.0, look_s=0.1, progress=100, receive_s=30.0, answer_s=30.0, idle_s=30.0)
TRIES = 2_400  # a minute: a machine with other work stands still for seconds
TRY_S = 0.025


@cache
def certificate(name: str, *, ends: datetime = OPENED + timedelta(days=36_500)) -> bytes:
    """A self-signed certificate and its key, in PEM; the same one for the same name."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(OPENED)
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return made.public_bytes(Encoding.PEM) + secret


def der_of(pem: bytes) -> bytes:
    return x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER)


def identity(folder: Path, name: str, pem: bytes | None = None) -> Identity:
    """That certificate as a file."""
    path = folder / f"{name}.pem"
    path.write_bytes(pem or certificate(name))
    path.chmod(0o600)
    return Identity(certificate=path, key=path)


def until(true: Callable[[], bool]) -> None:
    """Wait until this holds; fail if it does not within some seconds."""
    never = Event()
    for _ in range(TRIES):
        if true():
            return
        never.wait(TRY_S)
    raise AssertionError("it did not come about")


@dataclass
class Hand:
    """A steady clock that the test moves."""

    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


@dataclass
class Site:
    """One party's node, reached over the loopback interface."""

    world: World
    party: PartyId
    pins: Pins
    patience: Patience = BRIEF
    padded: int = 0
    hand: Hand = field(default_factory=Hand)
    port: int = 0
    outcomes: list[Outcome] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.refusals = Refusals(now=lambda: self.world.now)
        self._owner = ThreadPoolExecutor(1, thread_name_prefix=f"node of {self.party}")
        self.pace = Pace(
            now=lambda: self.world.now,
            steady=self.hand,
            jitter=lambda: 0.5,
            poll_s=0.2,
            again_s_min=0.05,
            again_s_max=0.2,
            connect_s=10.0,
            silent_s=30.0,
            padded=self.padded,
        )

    def submit(self, given: bytes | NodeInput) -> Future[Outcome]:
        """The node handles this in its own thread; what it says to others is handed on."""
        return self._owner.submit(self._handle, given)

    def _handle(self, given: bytes | NodeInput) -> Outcome:
        self.world.now += timedelta(milliseconds=1)
        node = self.world.parties[self.party].node
        one = Delivery(body=given) if isinstance(given, bytes) else given
        outcome = node.handle(one, self.world.now)
        self.outcomes.append(outcome)
        self.post.send(outcome.messages)
        return outcome

    def meet(self, reaches: dict[PartyId, str]) -> None:
        """The post and the port's application are made, for these others."""
        feeds = dict(self.world.parties[self.party].setting.feeds)
        others = [
            Correspondent(party=party, feed=feeds[party], reach=reach)
            for party, reach in reaches.items()
        ]
        self.post = Post(others, self.pins, self.submit, self.pace, self.refusals)
        settings = PortSettings(
            callers=self.post.callers(),
            refusals=self.refusals,
            steady=self.hand,
            padded=self.padded,
        )
        app = peer_app(self.post, settings)
        self.listener = Listener(app, self.pins, self.refusals, self.patience)

    def listen(self) -> int:
        self.port = self.listener.start("127.0.0.1", self.port)
        return self.port

    def close(self) -> None:
        self.post.stop()
        self.listener.stop()
        self._owner.shutdown()

    def refused(self) -> dict[str, int]:
        return {f"{row.party or '-'}/{row.reason}": row.count for row in self.refusals.rows()}


@contextmanager
def sites(
    world: World,
    *,
    known: bool = True,
    reach: str = "",
    certificates: Mapping[PartyId, bytes] = MappingProxyType({}),
    **more: object,
) -> Iterator[dict[PartyId, Site]]:
    """Every party of the world may listen and dial every other; ended at the end.

    `known`: the certificates were handed over; else they are learned. `reach`: where each party
    believes all others to be.
    """
    with TemporaryDirectory() as name:
        folder = Path(name)
        pems = {party: certificates.get(party, certificate(party)) for party in world.names}
        ders = {party: der_of(pem) for party, pem in pems.items()}
        ports = dict(zip(world.names, free_ports(len(world.names)), strict=True))
        made = {}
        for party in world.names:
            others = [other for other in world.names if other != party]
            pins = Pins(
                identity=identity(folder, party, pems[party]),
                digests={other: frozenset({digest_of(ders[other])}) for other in others},
            )
            if known:
                pins.know(ders[other] for other in others)
            site = Site(world=world, party=party, pins=pins, port=ports[party], **more)  # type: ignore[arg-type]
            site.meet({other: reach or f"127.0.0.1:{ports[other]}" for other in others})
            made[party] = site
        try:
            yield made
        finally:
            for site in made.values():
                site.close()
