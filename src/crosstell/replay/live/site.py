"""The nodes of an exercise as real processes: folders made, cards exchanged, accounts given.

Everything is done as a party would do it: `crosstell init`, cards read aloud to each other, an
account for each role, `crosstell node run`. Passwords are drawn anew each time and kept in memory.
"""

import contextlib
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crosstell.core.errors import Unavailable
from crosstell.core.ids import ComponentId, PartyId, RoleId
from crosstell.core.line.message import Reality
from crosstell.core.state.setting import Setting
from crosstell.replay.live.desk import Login
from crosstell.replay.live.ports import LOOPBACK, free_ports
from crosstell.shell.access.access import Access
from crosstell.shell.access.account import AccountKind
from crosstell.shell.clock import read_wall
from crosstell.shell.config.card import PartyCard
from crosstell.shell.config.installing import Made, Wanted, add_party, install
from crosstell.shell.config.node_file import Installation, read_installation
from crosstell.shell.live.opening import open_node

STOP_S_MAX = 20.0
SENSORS = "sensors"
TOKEN_LASTS_S = 86_400.0


@dataclass(slots=True)
class Site:
    """One party's node: its folder, who may come in, and its process while it runs."""

    installation: Installation
    card: PartyCard
    setting: Setting
    logins: tuple[Login, ...]
    token: str
    api_port: int
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def address(self) -> str:
        """Where operators and systems reach it."""
        return f"http://{LOOPBACK}:{self.api_port}"

    @property
    def messages(self) -> Path:
        """What the process says."""
        return self.installation.folder / "messages.txt"

    def start(self, pace: Path) -> None:
        """The process is being started; it says in `messages` what keeps it from it."""
        command = [sys.executable, "-P", "-m", "crosstell", "node", "run"]
        with self.messages.open("ab") as out:
            self.process = subprocess.Popen(  # noqa: S603 - our own command, our own arguments
                [*command, str(self.installation.folder), "--pace", str(pace)],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
            )

    def end(self) -> None:
        """The process, if there is one, has been told to end."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(signal.SIGTERM)

    def ended(self) -> int | None:
        """The process that was told to end has, by itself if it can; its exit code."""
        if self.process is None:
            return None
        try:
            return self.process.wait(STOP_S_MAX)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()

    def check_running(self) -> None:
        """Unavailable, with what it said last, if the process has ended."""
        if self.process is not None and self.process.poll() is not None:
            said = self.messages.read_text(encoding="utf-8", errors="replace")[-2_000:]
            raise Unavailable(f"the node of {self.card.party} has ended: {said.strip()}")


def stop_all(sites: Mapping[PartyId, Site]) -> dict[PartyId, int | None]:
    """Every process has ended; its exit code. All are told before any is waited for."""
    for site in sites.values():
        site.end()
    return {party: site.ended() for party, site in sites.items()}


Speakers = Mapping[PartyId, Iterable[tuple[RoleId, ComponentId | None]]]


def make_sites(
    folder: Path, protocol: Path, speakers: Speakers, test_role: RoleId, now: datetime
) -> dict[PartyId, Site]:
    """A node for each party, introduced to all others; none runs yet."""
    ports = iter(free_ports(2 * len(speakers)))
    made = {}
    api_ports = {}
    for party in sorted(speakers):
        api_ports[party], line_port = next(ports), next(ports)
        wanted = Wanted(
            party=party,
            protocol=protocol,
            reality=Reality.EXERCISE,
            test_role=test_role,
            api_port=api_ports[party],
            line_port=line_port,
            reach=f"{LOOPBACK}:{line_port}",
        )
        made[party] = install(folder / party, wanted, now)
    for one in made.values():
        for other in made.values():
            if other is not one:
                add_party(one.installation, other.card, other.card.spoken)
    return {party: _site(made[party], tuple(speakers[party]), api_ports[party]) for party in made}


def _site(made: Made, speakers: tuple[tuple[RoleId, ComponentId | None], ...], port: int) -> Site:
    """The party's node with an account for each who speaks, and one for its sensors."""
    installation = read_installation(made.installation.folder)
    opened = open_node(installation)
    opened.store.close()
    now = read_wall()
    access = Access(installation.access)
    try:
        logins = []
        for role, component in speakers:
            name = role if component is None else f"{role}.{component}"
            password = secrets.token_urlsafe(24)
            access.make_account(
                name,
                AccountKind.OPERATOR,
                role=role,
                component=component,
                password=password,
                now=now,
            )
            logins.append(Login(account=name, password=password, role=role, component=component))
        access.make_account(SENSORS, AccountKind.SYSTEM, now=now)
        token, _ = access.make_token(SENSORS, lasts_s=TOKEN_LASTS_S, now=now)
    finally:
        access.close()
    return Site(
        installation=installation,
        card=made.card,
        setting=opened.setting,
        logins=tuple(logins),
        token=token,
        api_port=port,
    )
