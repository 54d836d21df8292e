"""The one configuration file of a node: `node.yaml` in the node's folder.

YAML's safe subset, as protocols are written; an unknown key is refused by line, with the nearest
known one. Every path in it is relative to the folder of the file. What it leaves out has a safe
default: nobody but this machine reaches the operators' port, and nothing is REAL unless it says so.
Implements RUN-010 to RUN-012.
"""

from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

from crosstell.codecs.document import from_document
from crosstell.codecs.yaml_document import read_yaml
from crosstell.core.errors import CallerError
from crosstell.core.ids import PartyId, RoleId, check_id
from crosstell.core.line.message import Reality
from crosstell.core.picture.wording import check_language
from crosstell.shell.people.config import People

NAME = "node.yaml"
SIZE_MAX = 64 * 1024
PORT_MAX = 65_535
FREE_MIB_MAX = 1_048_576  # a TiB
DEFAULT_LANGUAGE = "en"  # as `init` writes it
THIN_S_MAX = 5.0  # the longest at which the alert load was measured (docs/alert-load.md)
API_PORT, LINE_PORT = 8470, 8471  # the defaults; no registered service of either is in common use


def is_loopback(host: str) -> bool:
    """Whether only this machine is answered there."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """Where a port listens. Without a certificate it speaks plain HTTP, to this machine only.

    `certificate` and `key` are PEM files.
    """

    host: str = "127.0.0.1"
    port: int
    certificate: str | None = None
    key: str | None = None

    def __post_init__(self) -> None:
        """Refuse a port that is none, half a certificate, and plain HTTP to a network."""
        if not 0 <= self.port <= PORT_MAX:
            raise ValueError(f"port {self.port} is outside 0 to {PORT_MAX}")
        if (self.certificate is None) != (self.key is None):
            raise ValueError("a certificate needs its key: give both, or neither")
        if self.certificate is None and not is_loopback(self.host):
            raise ValueError(
                f"{self.host} is not this machine: other machines are answered over TLS alone; "
                "give certificate and key, or listen on 127.0.0.1"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePort:
    """The port for the other parties' nodes: TLS with both certificates, always.

    `reach` is what the card tells them: host and port as they see them; none where only files or
    our own calls carry entries.
    """

    host: str = "127.0.0.1"
    port: int = LINE_PORT
    reach: str | None = None
    every_s: float = 15.0

    def __post_init__(self) -> None:
        """Refuse a port that is none, and a beat that is no beat."""
        if not 0 <= self.port <= PORT_MAX:
            raise ValueError(f"port {self.port} is outside 0 to {PORT_MAX}")
        if not 1.0 <= self.every_s <= 3_600.0:
            raise ValueError("every_s: ask the others between once a second and once an hour")


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """The picture side of a split node: two folders in place of a line, and the beat.

    `outgoing` is written by this side, `incoming` by the exchange side (docs/spec/split.md).
    """

    outgoing: str
    incoming: str
    beat_s: float = 1.0

    def __post_init__(self) -> None:
        """Refuse one folder for both ways, and a beat that is none."""
        if self.outgoing == self.incoming:
            raise ValueError("outgoing and incoming are one folder; give each its own")
        if not 0.1 <= self.beat_s <= 60.0:
            raise ValueError("beat_s: a beat lasts between a tenth of a second and a minute")


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeFile:
    """What `node.yaml` says.

    `ring_limit` is the highest role that the node rings by itself; the protocol's, if left out.
    `test_role` places the line tests, in `language`. `thin_s`: the least time between two
    observations of one track that are recorded and judged; what lies between them raises nothing.
    `free_mib`: with less room on a disk than that status shows an alarm.
    """

    party: PartyId
    reality: Reality
    test_role: RoleId
    protocol: str = "protocol.yaml"
    ring_limit: RoleId | None = None
    language: str = DEFAULT_LANGUAGE
    thin_s: float = 1.0
    free_mib: int = 1_024  # an assumption: days of a busy record, and a snapshot beside it
    store: str = "record.store"
    marks: str = "marks"
    keys: str = "keys"
    access: str = "access.store"
    api: Listener = Listener(port=API_PORT)
    line: LinePort = LinePort()
    split: Split | None = None
    people: People = field(default_factory=People)

    def __post_init__(self) -> None:
        """Refuse names that are no ids, what is no language, and a node that hardly looks."""
        check_id(self.party, what="party")
        check_id(self.test_role, what="test_role")
        check_language(self.language, what="language")
        if not 0.0 <= self.thin_s <= THIN_S_MAX:
            raise ValueError(
                f"thin_s: {self.thin_s} is outside 0 to {THIN_S_MAX} s; what is thinned is not "
                "judged either, and raises no alert"
            )
        if not 0 <= self.free_mib <= FREE_MIB_MAX:
            raise ValueError(f"free_mib: from 0 (no alarm) to {FREE_MIB_MAX}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """A node's folder with what its file says, and where each thing lies."""

    folder: Path
    file: NodeFile

    @property
    def protocol(self) -> Path:
        """The protocol document."""
        return self.folder / self.file.protocol

    @property
    def store(self) -> Path:
        """The store of both logs."""
        return self.folder / self.file.store

    @property
    def marks(self) -> Path:
        """The second path, which should lie on another medium."""
        return self.folder / self.file.marks

    @property
    def keys(self) -> Path:
        """The private keys that a running node reads."""
        return self.folder / self.file.keys

    @property
    def access(self) -> Path:
        """Accounts and the audit of local access."""
        return self.folder / self.file.access

    @property
    def maps(self) -> Path:
        """The operator's own map packages."""
        return self.folder / "maps"

    @property
    def cards(self) -> Path:
        """The other parties' cards, each compared by two persons."""
        return self.folder / "parties"

    @property
    def left(self) -> Path:
        """What parties, we among them, had said in feeds that they left; of our side alone."""
        return self.folder / "left"

    @property
    def line_certificate(self) -> Path:
        """The certificate of our end of the line; its key lies beside it."""
        return self.folder / "line" / "certificate.pem"

    @property
    def line_key(self) -> Path:
        """The key of that certificate."""
        return self.folder / "line" / "key.pem"


def read_installation(folder: Path) -> Installation:
    """The node in `folder`. CallerError names every fault of its file by line and remedy."""
    file = folder / NAME
    if not file.is_file():
        raise CallerError(
            f"{folder}: no node is here ({NAME} is missing); make one with `crosstell init`, or "
            "name the folder of one"
        )
    found = from_document(NodeFile, read_yaml(file, size_bytes_max=SIZE_MAX))
    return Installation(folder=folder, file=found)
