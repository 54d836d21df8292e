"""One party's node as a real process over a folder: made, started, killed, stopped, asked."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx

from crosstell.core.ids import FeedId, PartyId, RoleId
from crosstell.core.line.message import Reality
from crosstell.replay.live.desk import PLAIN
from crosstell.replay.live.ports import free_ports
from crosstell.shell.access.access import Access
from crosstell.shell.access.account import AccountKind
from crosstell.shell.config.card import read_card
from crosstell.shell.config.installing import CARD, Wanted, add_party, install
from crosstell.shell.config.node_file import read_installation

from .effects import people

ROOT = Path(__file__).resolve().parents[2]
PROTOCOL = ROOT / "scenarios" / "2023-10-05-hasakah" / "protocol.yaml"
PASSWORD = "four words told slowly"  # noqa: S105 - of accounts that live for one test
OPERATOR, SYSTEM = "olga", "radar"
WAIT_S_MAX = 60.0  # for what must come about under load
READY_S_MAX = 600.0  # a start reads the record, on a machine that others use too
STOP_S_MAX = 60.0
ASK_S = 0.02

_CLI = "import sys; from crosstell.cli import main; sys.argv[0] = 'crosstell'; sys.exit(main())"
LAUNCHER = ("-P", "-c", _CLI)


def crosstell(*given: str | Path) -> str:
    """What the command says; AssertionError with its message if it fails."""
    done = subprocess.run(
        [sys.executable, *LAUNCHER, *map(str, given)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"{given}: exit {done.returncode}: {done.stderr[-2_000:]}"
    return done.stdout


def come_about(true: Callable[[], bool], what: str, wait_s_max: float = WAIT_S_MAX) -> None:
    """Wait until this holds; fail, and say what was waited for, if it does not in time."""
    begun_s = time.monotonic()  # noqa: TID251 - processes are waited for
    while not true():
        assert time.monotonic() - begun_s < wait_s_max, f"in {wait_s_max} s not: {what}"  # noqa: TID251
        time.sleep(ASK_S)


@dataclass(slots=True)
class Site:
    """The node of `party` in `folder`.

    `within` is what its commands begin with where it runs on a machine of its own, whose address is
    `address`; `url` reaches its operators' port from here all the same.
    """

    folder: Path
    party: PartyId
    launcher: tuple[str, ...] = LAUNCHER
    within: tuple[str, ...] = ()
    address: str = "127.0.0.1"
    line_port: int = field(default_factory=lambda: free_ports(1)[0])
    api_port: int = field(default_factory=lambda: free_ports(1)[0])
    token: str = field(init=False, default="")
    process: subprocess.Popen[bytes] | None = field(init=False, default=None)
    starts: int = field(init=False, default=0)
    start_s: list[float] = field(init=False, default_factory=list)
    _started_s: float = field(init=False, default=0.0)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.api_port}/api/v1"

    @property
    def log(self) -> Path:
        return self.folder.with_suffix(".log")

    @property
    def feed(self) -> FeedId:
        """The name of its feed, as its card tells it."""
        return read_card(self.folder / CARD).feed

    @property
    def store(self) -> Path:
        return self.folder / "record.store"

    @property
    def bell(self) -> Path:
        """The folder with what rang."""
        return self.folder.with_name(f"{self.folder.name}-rung")

    def make(self, *, reach: int) -> None:
        """The folder stands, with an operator's account and a system's token.

        `reach` is the port at which the other party's node reaches its line.
        """
        now = datetime.now(UTC)  # noqa: TID251 - a node of a test is made in real time
        wanted = Wanted(
            party=self.party,
            protocol=PROTOCOL,
            reality=Reality.EXERCISE,
            test_role=RoleId("duty-officer"),
            api_port=self.api_port,
            line_host=self.address,
            line_port=self.line_port,
            reach=f"{self.address}:{reach}",
        )
        install(self.folder, wanted, now)
        settings = self.folder / "node.yaml"
        text = settings.read_text(encoding="utf-8")
        self.bell.mkdir()
        text = text.replace("every_s: 15", "every_s: 1") + people(self.bell)
        settings.write_text(text, encoding="utf-8")
        access = Access(self.folder / "access.store")
        try:
            access.make_account(
                OPERATOR, AccountKind.OPERATOR, role="duty-officer", password=PASSWORD, now=now
            )
            access.make_account(SYSTEM, AccountKind.SYSTEM, now=now)
            self.token, _ = access.make_token(SYSTEM, lasts_s=86_400.0, now=now)
        finally:
            access.close()

    def meet(self, other: "Site") -> None:
        """The other party's card was compared and is held."""
        card = read_card(other.folder / CARD)
        add_party(read_installation(self.folder), card, card.spoken)

    def start(self) -> None:
        """The process runs; whether it is ready is another question."""
        assert self.process is None, "stop it first"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*self.within, sys.executable, *self.launcher, "node", "run", str(self.folder)],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                env=_environment(),
            )
        self.starts += 1
        self._started_s = time.monotonic()  # noqa: TID251 - how long a start takes is a figure

    def ready(self, within_s: float = READY_S_MAX) -> bool:
        """It answers its operators' port; False if not so long after its start."""
        with httpx.Client(base_url=self.url, timeout=2, verify=PLAIN) as asking:
            while not (self._listens() and _answers(asking)):
                assert self.process is not None
                code = self.process.poll()
                assert code is None, f"{self.party} ended with {code}: {self.said()}"
                waited_s = time.monotonic() - self._started_s  # noqa: TID251
                if waited_s >= within_s:
                    assert within_s < READY_S_MAX, f"{self.party} is not ready: {self.said()}"
                    return False
                time.sleep(ASK_S)
        self.start_s.append(time.monotonic() - self._started_s)  # noqa: TID251
        return True

    def _listens(self) -> bool:
        """Whether its port is open: a question that costs nothing while it is not."""
        with socket.socket() as door:
            return door.connect_ex(("127.0.0.1", self.api_port)) == 0

    def kill(self) -> None:
        """The process is gone, with whatever it was doing."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)
        self.process = None

    def stop(self) -> int:
        """The process ended itself, in order."""
        if self.process is None:
            return 0
        self.process.terminate()
        try:
            code = self.process.wait(STOP_S_MAX)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"{self.party} does not stop: {self.said()}") from None
        self.process = None
        return code

    def end(self) -> None:
        """No process is left."""
        if self.process is not None:
            self.kill()

    def said(self) -> str:
        """The end of what it wrote."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-3_000:]


def _answers(asking: httpx.Client) -> bool:
    """Whether anything speaks HTTP at that port."""
    try:
        return asking.get("/status").status_code == 401
    except httpx.HTTPError:
        return False


def _environment() -> dict[str, str]:
    """What a node is started with: its modules are compiled once, as where it is installed."""
    found = {**os.environ, "CROSSTELL_DEBUG": "1"}
    found.pop("PYTHONDONTWRITEBYTECODE", None)
    return found


def pair(reach: tuple[int, int], sites: tuple[Site, Site]) -> None:
    """Two nodes that know each other; each is reached at its own of the two ports."""
    for site, port in zip(sites, reach, strict=True):
        site.make(reach=port)
    sites[0].meet(sites[1])
    sites[1].meet(sites[0])
