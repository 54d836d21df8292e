#!/usr/bin/env python3
"""A dialler hook: makes a SIP telephone ring about a matter, and tells how that went.

    ring_by_sip.py --to sip:2001@192.0.2.10 --from sip:node@192.0.2.5 [--ring-s 30]

It reads a node's message on standard input, sends INVITE over UDP, and ends with exit code 0 once
somebody has picked up; it then hangs up, for it has nothing to say: the telephone's display shows
how urgent it is and by when, and the person goes to the console. Nobody, busy, refused, or no
answer from the exchange is exit code 1, so that the node tries again or turns to the next channel.
SIGTERM, which the node sends when the matter ends, takes the call back.

Standard library only. No password is used: let the exchange trust this machine's address. There is
no encryption either; keep it on a network of your own.
"""

import argparse
import json
import re
import secrets
import signal
import socket
import sys
from dataclasses import dataclass, field

INPUT_MAX = 64 * 1024
DATAGRAM_MAX = 65_535
WAIT_S = 0.5  # RFC 3261, T1: a request that nothing answers is sent again
SENDS_MAX = 7
_URI = re.compile(
    r"sips?:(?P<user>[A-Za-z0-9._+-]{1,64})@(?P<host>[A-Za-z0-9.-]+)(:(?P<port>\d{1,5}))?"
)


class TakenBack(Exception):
    """The node says that the matter has ended."""


@dataclass
class Call:
    """One INVITE and what belongs to it."""

    line: socket.socket
    to: str
    own: str
    shown: str
    branch: str = field(default_factory=lambda: f"z9hG4bK{secrets.token_hex(8)}")
    tag: str = field(default_factory=lambda: secrets.token_hex(6))
    name: str = field(default_factory=lambda: secrets.token_hex(12))

    def request(self, method: str, *, to_tag: str = "", is_apart: bool = False) -> None:
        """Send one request of this call; `is_apart`: a transaction of its own, not the INVITE's."""
        host, port = self.line.getsockname()[:2]
        branch = f"{self.branch}{method}" if is_apart else self.branch
        number = 2 if method == "BYE" else 1
        lines = [
            f"{method} {self.to} SIP/2.0",
            f"Via: SIP/2.0/UDP {host}:{port};branch={branch};rport",
            "Max-Forwards: 70",
            f'From: "{self.shown}" <{self.own}>;tag={self.tag}',
            f"To: <{self.to}>{to_tag}",
            f"Call-ID: {self.name}",
            f"CSeq: {number} {method}",
            f"Contact: <sip:node@{host}:{port}>",
            f"Subject: {self.shown}",
            "Content-Length: 0",
        ]
        self.line.send(("\r\n".join(lines) + "\r\n\r\n").encode())

    def answer(self) -> tuple[int, str, str] | None:
        """Status, reason and the other side's tag of the next answer to this call, if any."""
        try:
            text = self.line.recv(DATAGRAM_MAX).decode("utf-8", "replace")
        except (TimeoutError, ConnectionRefusedError):
            return None
        first = re.match(r"SIP/2\.0 (\d{3}) ([^\r\n]{0,80})", text)
        named = re.search(r"(?im)^Call-ID:\s*(\S+)", text)
        method = re.search(r"(?im)^CSeq:\s*\d+\s+(\w+)", text)
        if first is None or named is None or named[1] != self.name:
            return None
        if method is None or method[1] != "INVITE":
            return None
        tag = re.search(r"(?im)^To:[^\r\n]*?(;tag=[A-Za-z0-9.!%*_+`'~-]{1,128})", text)
        return int(first[1]), first[2], "" if tag is None else tag[1]


def ring(call: Call, ring_s: float) -> str:
    """What came of it once somebody picked up; SystemExit(1) says why nobody did."""
    heard = False
    for number in range(int(ring_s / WAIT_S)):
        if not heard:
            if number == SENDS_MAX:
                raise SystemExit("no answer from the exchange")
            call.request("INVITE")
        found = call.answer()
        while found is not None:
            status, reason, tag = found
            heard = True
            if status >= 200:
                call.request("ACK", to_tag=tag, is_apart=status < 300)
                if status >= 300:
                    raise SystemExit(f"refused: {status} {reason}")
                call.request("BYE", to_tag=tag, is_apart=True)
                return "picked up; by whom is not known"
            found = call.answer()
    call.request("CANCEL")
    raise SystemExit(f"rang for {ring_s:g} s; nobody picked up")


def heading_of(data: bytes) -> tuple[str, str]:
    """The message's kind, and its heading as a telephone may display it."""
    found = json.loads(data)
    plain = "".join(c if c.isascii() and c.isprintable() else " " for c in str(found["heading"]))
    return str(found["kind"]), re.sub(r'["\\<>]', " ", plain)[:100]


def _taken_back(_number: int, _frame: object) -> None:
    raise TakenBack


def main() -> int:
    """Ring once."""
    parser = argparse.ArgumentParser(description="Make a SIP telephone ring about a matter.")
    parser.add_argument("--to", required=True)
    parser.add_argument("--from", dest="own", required=True)
    parser.add_argument("--ring-s", type=float, default=30.0)
    given = parser.parse_args()
    to = _URI.fullmatch(given.to)
    if to is None or _URI.fullmatch(given.own) is None:
        raise SystemExit("write --to and --from as sip:NAME@HOST or sip:NAME@HOST:PORT")
    try:
        kind, shown = heading_of(sys.stdin.buffer.read(INPUT_MAX))
    except (ValueError, KeyError, TypeError):
        raise SystemExit("standard input holds no whole message; nobody was rung") from None
    if kind not in ("ring", "draft"):
        return 0  # an end or a change rings nobody
    signal.signal(signal.SIGTERM, _taken_back)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.settimeout(WAIT_S)
        line.connect((to["host"], int(to["port"] or 5060)))
        call = Call(line=line, to=given.to, own=given.own, shown=shown)
        try:
            sys.stdout.write(ring(call, given.ring_s) + "\n")
        except TakenBack:
            call.request("CANCEL")
            raise SystemExit("taken back: the matter has ended") from None
    return 0


if __name__ == "__main__":
    sys.exit(main())
