"""The example of a dialler hook rings a telephone: a SIP responder on loopback, run by the node."""

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Event, Thread

import pytest
from documents import ROOT

from crosstell.core.ids import RoleId
from crosstell.shell.people.config import Dialler
from crosstell.shell.people.dialler import DiallerChannel
from crosstell.shell.people.handing import Handing, Kind, NotTaken, Said

HOOK = ROOT / "docs" / "examples" / "ring_by_sip.py"
QUIET_S = 15.0


@dataclass
class Telephone:
    """A SIP telephone that answers each INVITE with these statuses, and what it heard."""

    statuses: tuple[str, ...]
    port: int = 0
    heard: list[str] = field(default_factory=list)
    invited: Event = field(default_factory=Event)
    shown: str = ""

    def take(self, line: socket.socket) -> bool:
        data, peer = line.recvfrom(65_535)
        text = data.decode()
        method = text.split(maxsplit=1)[0]
        self.heard.append(method)
        if method == "INVITE":
            found = re.search(r'^From: "([^"]*)"', text, re.MULTILINE)
            self.shown = "" if found is None else found[1]
            kept = "\r\n".join(
                row for row in text.split("\r\n") if row.startswith(("Via", "From", "Call", "CSeq"))
            )
            to = re.search(r"^To: .*$", text, re.MULTILINE)
            assert to is not None
            for status in self.statuses:
                answer = f"SIP/2.0 {status}\r\n{kept}\r\n{to[0].strip()};tag=t1\r\n\r\n"
                line.sendto(answer.encode(), peer)
            self.invited.set()
        return method != "END"


@contextmanager
def telephone(*statuses: str) -> Iterator[Telephone]:
    found = Telephone(statuses)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind(("127.0.0.1", 0))
        found.port = line.getsockname()[1]

        def listen() -> None:
            while found.take(line):
                pass

        thread = Thread(target=listen, daemon=True)
        thread.start()
        try:
            yield found
        finally:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as end:
                end.sendto(b"END", ("127.0.0.1", found.port))
            thread.join(QUIET_S)


def hook(port: int, ring_s: str = "10") -> DiallerChannel:
    command = (
        *(sys.executable, str(HOOK), "--to", f"sip:2001@127.0.0.1:{port}"),
        *("--from", "sip:node@127.0.0.1", "--ring-s", ring_s),
    )
    return DiallerChannel(Dialler(name="desk", command=command, wait_s_max=QUIET_S))


def said(kind: Kind = Kind.RING) -> Said:
    now = datetime(2023, 10, 5, tzinfo=UTC)
    role = RoleId("watch-chief")
    handing = Handing(kind=kind, matter="m", role=role, rung=1, text="x", asked_at=now)
    return Said(handing=handing, at=now, party="us", level="critical")


def test_a_telephone_that_is_picked_up_took_it() -> None:
    """PEO-023: a real child process, a real call, and the display says how urgent."""
    with telephone("100 Trying", "180 Ringing", "200 OK") as phone:
        taken = hook(phone.port).hand(said())
    assert taken.answer == "picked up; by whom is not known"
    assert phone.heard[:3] == ["INVITE", "ACK", "BYE"]
    assert phone.shown == "REALITY NOT STATED CRITICAL: ring watch-chief, rung 2"


@pytest.mark.parametrize(
    ("statuses", "ring_s", "told", "heard"),
    [
        (("486 Busy Here",), "10", "refused: 486 Busy Here", ["INVITE", "ACK"]),
        (("180 Ringing",), "1", "rang for 1 s; nobody picked up", ["INVITE", "CANCEL"]),
    ],
)
def test_a_telephone_that_nobody_picks_up_did_not(
    statuses: tuple[str, ...], ring_s: str, told: str, heard: list[str]
) -> None:
    """PEO-023: the node then tries again, or the next channel."""
    with (
        telephone(*statuses) as phone,
        pytest.raises(NotTaken, match=f"code 1: {told}"),
    ):
        hook(phone.port, ring_s).hand(said())
    assert phone.heard[:2] == heard


@pytest.mark.parametrize("given", [b"", b'{"kind": "ring", "head', b"[]", b'{"kind": "ring"}'])
def test_a_message_that_is_not_whole_rings_nobody(given: bytes) -> None:
    """PEO-023: what a node that died as it wrote leaves."""
    words = ("--to", "sip:2001@127.0.0.1:9", "--from", "sip:node@127.0.0.1")
    done = subprocess.run(
        [sys.executable, str(HOOK), *words], check=False, input=given, capture_output=True
    )
    assert done.returncode == 1
    assert done.stderr.decode().strip() == "standard input holds no whole message; nobody was rung"


def test_the_call_is_taken_back_when_the_matter_ends() -> None:
    """PEO-006: the telephone stops ringing."""
    told: list[str] = []
    with telephone("180 Ringing") as phone:
        channel = hook(phone.port)

        def hand() -> None:
            try:
                channel.hand(said())
            except NotTaken as no:
                told.append(str(no))

        thread = Thread(target=hand)
        thread.start()
        assert phone.invited.wait(QUIET_S)
        channel.interrupt("m")
        thread.join(QUIET_S)
        assert hook(phone.port).hand(said(Kind.END)).answer == "exit 0, nothing printed"
    assert told == ["ended with code 1: taken back: the matter has ended"]
    assert phone.heard[:2] == ["INVITE", "CANCEL"]
