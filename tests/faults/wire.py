"""Two machines on one: network namespaces, and a cable between them that is in our hands.

Each host has an address, a loopback of its own and one end of a cable. The cable is this program:
it takes every Ethernet frame from one end and gives it to the other, loses, delays, doubles and so
reorders frames if told to, can be pulled, and keeps a copy of all that it was given. Needs root and
`ip` (Debian's iproute2); nothing else of the machine is touched.
"""

import contextlib
import ctypes
import fcntl
import heapq
import os
import random
import shutil
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

NAMESPACES = Path("/run/netns")
CLONE_NEWNET = 0x40000000
ETH_P_ALL = 0x0003
PACKET_OUTGOING = 4
SIOCETHTOOL = 0x8946
OFFLOADS = (0x17, 0x1F, 0x24, 0x2C)  # ETHTOOL_S(TXCSUM, TSO, GSO, GRO): whole frames on the cable
FRAME_MAX = 65_536
KEPT_MAX = 400 * 1024 * 1024  # bytes of frames that one cable keeps
LOOK_S = 0.2
PCAP_HEAD = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, FRAME_MAX, 1)

_libc = ctypes.CDLL(None, use_errno=True)


def missing() -> str | None:
    """What this machine lacks for it, or None."""
    if os.geteuid() != 0:
        return "network namespaces need root; run it as root, or in a container that may"
    if shutil.which("ip") is None:
        return "the command ip is missing; install Debian's iproute2"
    name = f"xt-probe-{os.getpid()}"
    made = subprocess.run(["ip", "netns", "add", name], capture_output=True, text=True, check=False)
    if made.returncode != 0:
        return f"this machine makes no network namespaces: {made.stderr.strip()}"
    subprocess.run(["ip", "netns", "del", name], check=False)
    return None


def socket_in(name: str, family: int, kind: int, number: int = 0) -> socket.socket:
    """A socket of that namespace: it stays there, whichever thread uses it."""
    found: list[socket.socket | OSError] = []

    def make() -> None:
        try:
            _go_to(name)
            found.append(socket.socket(family, kind, number))
        except OSError as fault:
            found.append(fault)

    thread = threading.Thread(target=make)
    thread.start()
    thread.join()
    (made,) = found
    if isinstance(made, OSError):
        raise made
    return made


def _go_to(name: str) -> None:
    """This thread is in that namespace from now on."""
    with (NAMESPACES / name).open("rb") as there:
        if _libc.setns(there.fileno(), CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), f"setns {name}")


@dataclass(frozen=True, slots=True)
class Host:
    """A namespace that is one party's machine: its name, its address on the cable."""

    name: str
    address: str

    @property
    def within(self) -> tuple[str, ...]:
        """What a command is begun with to run there."""
        return ("ip", "netns", "exec", self.name)

    def connect(self, port: int) -> socket.socket:
        """A connection to a port of that machine's own loopback."""
        found = socket_in(self.name, socket.AF_INET, socket.SOCK_STREAM)
        found.settimeout(5)
        try:
            found.connect(("127.0.0.1", port))
        except OSError:
            found.close()
            raise
        return found


@dataclass(slots=True)
class Frame:
    """What passed, when, from which end."""

    at_s: float
    end: int
    data: bytes


@dataclass(slots=True)
class Cable:
    """Carries frames between two ends; `loss`, `twice` (shares) and `delay_s` may change always."""

    ends: tuple[socket.socket, socket.socket]
    interfaces: tuple[str, str]
    namespace: str
    seed: int
    loss: float = 0.0
    twice: float = 0.0
    delay_s: float = 0.0  # each frame waits up to twice that long, so that they overtake each other
    frames: list[Frame] = field(default_factory=list)
    lost: int = 0
    doubled: int = 0
    pulls: int = 0
    overtaken: int = 0
    _bytes: int = 0
    _waiting: list[tuple[float, int, int, bytes]] = field(default_factory=list)
    _number: int = 0
    _newest: list[int] = field(default_factory=lambda: [0, 0])
    _some: threading.Condition = field(default_factory=threading.Condition)
    _over: bool = False
    _threads: list[threading.Thread] = field(default_factory=list)
    _rng: random.Random = field(init=False)

    def __post_init__(self) -> None:
        """Both directions are carried from now on."""
        self._rng = random.Random(f"{self.seed}:cable")
        works = [lambda end=end: self._take(end) for end in (0, 1)] + [self._give]
        self._threads = [threading.Thread(target=work, daemon=True) for work in works]
        for thread in self._threads:
            thread.start()

    def pull(self) -> None:
        """The cable is out: no carrier at either machine, and what was on its way is lost."""
        self.pulls += 1
        self._set("down")

    def plug(self) -> None:
        """The cable is in again."""
        self._set("up")

    def whole(self) -> None:
        """It is in, and loses, delays and doubles nothing."""
        self.loss = self.twice = self.delay_s = 0.0
        self.plug()

    def end(self) -> None:
        """Nothing is carried any more."""
        self._over = True
        with self._some:
            self._some.notify_all()
        for thread in self._threads:
            thread.join(5)
        for end in self.ends:
            end.close()

    def write(self, path: Path) -> None:
        """Everything that it was given, in the form of pcap, for other people's tools."""
        with path.open("wb") as out:
            out.write(PCAP_HEAD)
            for one in self.frames:
                second, part = int(one.at_s), int(one.at_s % 1 * 1e6)
                out.write(struct.pack("<IIII", second, part, len(one.data), len(one.data)))
                out.write(one.data)

    def _set(self, how: str) -> None:
        for interface in self.interfaces:
            _ip("-n", self.namespace, "link", "set", interface, how)

    def _take(self, end: int) -> None:
        self.ends[end].settimeout(LOOK_S)
        while not self._over:
            try:
                data, (_, _, kind, *_) = self.ends[end].recvfrom(FRAME_MAX)
            except OSError:  # nothing came, or the cable is out
                continue
            if kind == PACKET_OUTGOING:
                continue
            with self._some:
                self._keep(end, data)
                self._some.notify()

    def _keep(self, end: int, data: bytes) -> None:
        now_s = time.time()  # noqa: TID251 - a capture has the time of the machine
        self._bytes += len(data)
        assert self._bytes < KEPT_MAX, "the cable carried more than it may keep"
        self.frames.append(Frame(now_s, end, data))
        times = 1
        if self._rng.random() < self.loss:
            self.lost, times = self.lost + 1, 0
        elif self._rng.random() < self.twice:
            self.doubled, times = self.doubled + 1, 2
        for _ in range(times):
            wait_s = self._rng.uniform(0.0, 2 * self.delay_s)
            self._number += 1
            heapq.heappush(self._waiting, (now_s + wait_s, self._number, 1 - end, data))

    def _give(self) -> None:
        while not self._over:
            with self._some:
                now_s = time.time()  # noqa: TID251
                if not self._waiting or self._waiting[0][0] > now_s:
                    until_s = self._waiting[0][0] - now_s if self._waiting else LOOK_S
                    self._some.wait(min(until_s, LOOK_S))
                    continue
                _, number, end, data = heapq.heappop(self._waiting)
                self.overtaken += number < self._newest[end]
                self._newest[end] = max(number, self._newest[end])
            with contextlib.suppress(OSError):  # the cable is out
                self.ends[end].send(data)


@contextlib.contextmanager
def wired(seed: int) -> Iterator[tuple[tuple[Host, Host], Cable]]:
    """Two machines and their cable; at the end none of it is left."""
    tag = f"xt{os.getpid() % 100_000}"
    middle = f"{tag}-cable"
    hosts = (Host(f"{tag}-us", "198.18.0.1"), Host(f"{tag}-tr", "198.18.0.2"))
    with contextlib.ExitStack() as ending:
        for name in (middle, *(host.name for host in hosts)):
            _ip("netns", "add", name)
            ending.callback(_ip, "netns", "del", name)
        sockets = []
        for number, host in enumerate(hosts):
            near, far = f"{tag}n{number}", f"{tag}f{number}"
            _ip(
                "link",
                "add",
                near,
                "netns",
                host.name,
                "type",
                "veth",
                "peer",
                far,
                "netns",
                middle,
            )
            _quiet(host.name)
            _ip("-n", host.name, "link", "set", "lo", "up")
            _ip("-n", host.name, "address", "add", f"{host.address}/30", "dev", near)
            for where, what in ((host.name, near), (middle, far)):
                _no_offloads(where, what)
                _ip("-n", where, "link", "set", what, "up")
            listening = socket_in(
                middle, socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL)
            )
            listening.bind((far, ETH_P_ALL))
            sockets.append(listening)
        _quiet(middle)
        cable = Cable((sockets[0], sockets[1]), (f"{tag}f0", f"{tag}f1"), middle, seed)
        ending.callback(cable.end)
        yield hosts, cable


def _ip(*words: str) -> None:
    done = subprocess.run(["ip", *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"ip {' '.join(words)}: {done.stderr.strip()}"


def _quiet(name: str) -> None:
    """The kernel there says nothing by itself over IPv6."""
    text = "echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6 2>/dev/null || true"
    subprocess.run(["ip", "netns", "exec", name, "sh", "-c", text], check=True)


def _no_offloads(name: str, interface: str) -> None:
    """What passes there are whole frames with their checksums, as on a real cable."""
    asked = socket_in(name, socket.AF_INET, socket.SOCK_DGRAM)
    try:
        for command in OFFLOADS:
            value = ctypes.create_string_buffer(struct.pack("II", command, 0))
            request = struct.pack("16sP8x", interface.encode(), ctypes.addressof(value))
            fcntl.ioctl(asked, SIOCETHTOOL, request)
    finally:
        asked.close()
