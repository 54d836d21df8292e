"""Two nodes on two machines, their cable pulled, their bytes read: what passed, and what did not.

`namespaces`: each node in a network namespace, so that nothing but the cable joins them. What is on
the cable must be the line's TLS and nothing else. `inside`: what the TLS holds is read by whoever
has both line keys: nothing is in it that was not released, and all that was.
"""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from crosstell.core.ids import PartyId

from .capture import Flow, found_in, not_tls, read
from .drill import Drill, begun
from .markers import Planted, plant
from .proxy import Line
from .site import Site, come_about, pair
from .wire import Cable, Host, socket_in, wired

BAD = ((0.0, 0.0, 0.0), (0.02, 0.0, 0.02), (0.0, 0.1, 0.005), (0.1, 0.02, 0.03))
CONTROL = "said in the open over the cable, so that this capture is known to find what there is"
CONTROL_PORT = 5_000
ACTS = 30  # of each client, while all that is said is kept
GO_PACKAGES = Path("/usr/share/gocode")
GO_SOURCE = Path(__file__).parents[1] / "outside" / "sumdb" / "main.go"


@dataclass(slots=True)
class Machines(Drill):
    """A drill whose nodes are on two machines."""

    cable: Cable | None = None
    planted: list[Planted] = field(default_factory=list)


@contextmanager
def two_machines(folder: Path, seed: int) -> Iterator[Machines]:
    """Two nodes on two machines; at the end all that passed is read."""
    with wired(seed) as (hosts, cable), ExitStack() as ending:
        sites = _sites(folder, hosts)
        pair((sites[0].line_port, sites[1].line_port), sites)
        for host, site in zip(hosts, sites, strict=True):  # only operators' ports are reached here
            door = Line(to=site.api_port, port=site.api_port, dial=host.connect)
            ending.callback(door.end)
        one = Machines(
            folder=folder,
            seed=seed,
            sites=sites,
            clients=begun(ending, sites, seed),
            outside=outside(folder),
            cable=cable,
        )
        one.planted = [plant(one.clients[0], "tr"), plant(one.clients[1], "us")]
        yield one
        _say_in_the_open(hosts)
        _examine(one, cable, hosts)


def _sites(folder: Path, hosts: tuple[Host, Host]) -> tuple[Site, Site]:
    us, tr = hosts
    return (
        Site(folder / "us", PartyId("us"), within=us.within, address=us.address),
        Site(folder / "tr", PartyId("tr"), within=tr.within, address=tr.address),
    )


def pulled_cables(one: Drill, rounds: int) -> None:
    """The cable is bad, is pulled, and nodes are killed meanwhile; then it is whole."""
    assert isinstance(one, Machines)
    cable = one.cable
    assert cable is not None
    one.load()
    for number in range(rounds):
        cable.loss, cable.twice, cable.delay_s = one.rng.choice(BAD)
        time.sleep(one.rng.uniform(0.5, 1.5))
        if number % 2:
            one.kill(one.rng.choice(one.sites))
        cable.pull()
        if number % 4 == 1:
            one.kill(one.rng.choice(one.sites))
        time.sleep(one.rng.uniform(0.5, 2.0))
        cable.plug()
    cable.whole()
    one.goes_on()
    one.rest()


def _say_in_the_open(hosts: tuple[Host, Host]) -> None:
    """The control: one text crosses as it is."""
    there = socket_in(hosts[1].name, socket.AF_INET, socket.SOCK_STREAM)
    here = socket_in(hosts[0].name, socket.AF_INET, socket.SOCK_STREAM)
    with there, here:
        there.bind((hosts[1].address, CONTROL_PORT))
        there.listen()
        here.settimeout(20)
        here.connect((hosts[1].address, CONTROL_PORT))
        here.sendall(CONTROL.encode())
        taken, _ = there.accept()
        with taken:
            taken.settimeout(20)
            heard = b""
            while len(heard) < len(CONTROL):
                heard += taken.recv(1_000)


def _examine(one: Machines, cable: Cable, hosts: tuple[Host, Host]) -> None:
    """On the cable were the two lines and nothing else, and no text in any form."""
    cable.write(one.folder / "cable.pcap")
    passed = read(tuple(cable.frames))
    one.figures.faults += passed.strange
    lines = {(host.address, site.line_port) for host, site in zip(hosts, one.sites, strict=True)}
    control = (hosts[1].address, CONTROL_PORT)
    planted = [
        text for each in one.planted for text in (*each.home.values(), *each.released.values())
    ]
    heard = False
    wrong: list[str] = []
    for flow, data in passed.flows.items():
        if control in _ends(flow):
            heard = heard or CONTROL.encode() in data
            continue
        if not lines & _ends(flow):
            wrong.append(f"{flow}: neither end is a line")
        wrong += [fault] if (fault := not_tls(flow, data)) else []
        wrong += [f"{flow}: {text} stands in it" for text in found_in(data, planted)]
    if not heard:
        wrong.append("the capture lacks what was said in the open: it proves nothing")
    one.figures.faults += wrong
    one.figures.notes += [
        f"cable pulled {cable.pulls} times; frames {passed.frames}, {passed.size} bytes; lost "
        f"{cable.lost}, doubled {cable.doubled}, overtaken {cable.overtaken}",
        f"connections {len(passed.flows) // 2}, one of them the control; texts planted "
        f"{len(planted)}; what is wrong on the cable: {len(wrong)}",
    ]


def _ends(flow: Flow) -> set[tuple[str, int]]:
    return {(flow.source, flow.source_port), (flow.target, flow.target_port)}


def nothing_slips(one: Drill, _rounds: int) -> None:
    """Whoever holds both line keys reads all that both nodes say: the released, and no more."""
    planted = [plant(one.clients[0], "tr"), plant(one.clients[1], "us")]
    one.load()
    come_about(
        lambda: all(len(client.ledger.acts) >= ACTS for client in one.clients), "there is load"
    )
    one.rest()
    one.converged()
    said = b"\n".join(piece for copyist in one.copyists for piece in copyist.said)
    homes = [item for each in planted for item in each.home.items()]
    released = [item for each in planted for item in each.released.items()]
    slipped = [what for what, text in homes if found_in(said, [text])]
    unsaid = [what for what, text in released if not found_in(said, [text])]
    one.figures.faults += [f"the {what} that stays at home was said" for what in slipped]
    one.figures.faults += [
        f"the released {what} was not said: the search proves nothing" for what in unsaid
    ]
    for copyist in one.copyists:
        copyist.keep_share = 0.0
    one.figures.notes.append(
        f"{len(said)} bytes were read inside the TLS: of {len(homes)} texts kept at home "
        f"{len(slipped)}, of {len(released)} released {len(released) - len(unsaid)}"
    )


@dataclass(frozen=True, slots=True)
class Go:
    """Go's own packages for transparency logs, which know nothing of Crosstell."""

    program: Path

    def __call__(self, export: Path) -> str:
        """What it verified of every feed that has a cosigned checkpoint; AssertionError else."""
        keys = [line.split() for line in (export / "keys").read_text(encoding="utf-8").splitlines()]
        logs = {words[1]: words[-1] for words in keys if words[0] == "log"}
        cosigners = [words[-1] for words in keys if words[0] == "cosigner"]
        said = []
        for name, key in sorted(logs.items()):
            feed = export / "feeds" / name
            tries = [
                self._run(feed, key, cosigner, int(earlier.name))
                for earlier in sorted((feed / "checkpoints").glob("*"))[-1:]
                for cosigner in cosigners
            ]
            if tries:
                good = [one.stdout.strip() for one in tries if one.returncode == 0]
                assert good, [one.stderr for one in tries]
                said.append(good[0])
        assert said, f"{export}: no feed with a checkpoint"
        return f"Go verified {'; '.join(said)}"

    def _run(
        self, feed: Path, key: str, cosigner: str, earlier: int
    ) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [self.program, feed, key, cosigner, str(earlier)],
            capture_output=True,
            text=True,
            check=False,
        )


def outside(folder: Path) -> Go | None:
    """The outside verifier, built, where Go and Debian's golang-golang-x-mod-dev are installed."""
    go = shutil.which("go")
    if go is None or not (GO_PACKAGES / "src/golang.org/x/mod/sumdb/tlog").is_dir():
        return None
    environment = {
        **os.environ,
        "GOPATH": str(GO_PACKAGES),
        "GO111MODULE": "off",
        "GOFLAGS": "",
        "GOCACHE": str(folder / "go-cache"),
        "GOTOOLCHAIN": "local",
    }
    program = folder / "verifier"
    subprocess.run([go, "build", "-o", program, GO_SOURCE], check=True, env=environment)
    return Go(program)
