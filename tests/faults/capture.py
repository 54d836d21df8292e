"""What was on a cable, read without any of the product's code, and what must not be found in it."""

import base64
import struct
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from .wire import Frame

ETH_IPV4, ETH_ARP = 0x0800, 0x0806
ICMP, TCP = 1, 6
SYN = 0x02
HALF = 1 << 31
TLS_RECORDS = frozenset((0x14, 0x15, 0x16, 0x17))
TLS_HANDSHAKE, TLS_MAJOR = 0x16, 3


@dataclass(frozen=True, slots=True, order=True)
class Flow:
    """One direction of one connection; `first` tells two uses of one port apart."""

    source: str
    source_port: int
    target: str
    target_port: int
    first: int = 0


@dataclass(slots=True)
class Passed:
    """Everything that passed, put together again: the bytes of each flow, and what else there was.

    A flow ends at its first gap: what lay behind it was never put together by its receiver either.
    """

    flows: dict[Flow, bytes]
    strange: list[str]
    frames: int = 0
    size: int = 0


def read(frames: Iterable[Frame]) -> Passed:
    """The flows in the frames; what is neither ARP, ICMP nor TCP over IPv4 is strange."""
    pieces: dict[Flow, dict[int, bytes]] = defaultdict(dict)
    begun: dict[Flow, int] = {}
    found = Passed(flows={}, strange=[])
    for one in frames:
        found.frames += 1
        found.size += len(one.data)
        kind = struct.unpack("!H", one.data[12:14])[0]
        packet = one.data[14:]
        if kind == ETH_ARP or (kind == ETH_IPV4 and packet[9] == ICMP):
            continue
        if kind != ETH_IPV4 or packet[9] != TCP:
            found.strange.append(f"frame of type {kind:#06x}: {packet[:40].hex()}")
            continue
        ports, number, flags, data = _segment(packet)
        if flags & SYN:
            begun[ports] = (number + 1) % (1 << 32)
        first = begun.setdefault(ports, number)
        parts, place = pieces[replace(ports, first=first)], (number - first) % (1 << 32)
        parts[place] = max(parts.get(place, b""), data, key=len)
    found.flows = {flow: _joined(parts) for flow, parts in pieces.items()}
    return found


def _segment(packet: bytes) -> tuple[Flow, int, int, bytes]:
    head = (packet[0] & 0x0F) * 4
    size = struct.unpack("!H", packet[2:4])[0]
    source, target = (".".join(map(str, packet[at : at + 4])) for at in (12, 16))
    segment = packet[head:size]
    source_port, target_port, number = struct.unpack("!HHI", segment[:8])
    flow = Flow(source, source_port, target, target_port)
    return flow, number, segment[13], segment[(segment[12] >> 4) * 4 :]


def _joined(parts: dict[int, bytes]) -> bytes:
    found = bytearray()
    for at in sorted(place for place in parts if place < HALF):
        if at > len(found):
            break
        found[at:] = max(parts[at], bytes(found[at:]), key=len)
    return bytes(found)


def not_tls(flow: Flow, data: bytes) -> str | None:
    """What in this flow is no record of TLS, or None."""
    at = 0
    while at + 5 <= len(data):
        kind, major, size = data[at], data[at + 1], struct.unpack("!H", data[at + 3 : at + 5])[0]
        if kind not in TLS_RECORDS or major != TLS_MAJOR or (at == 0 and kind != TLS_HANDSHAKE):
            return f"{flow}: no TLS at byte {at}: {data[at : at + 24]!r}"
        at += 5 + size
    return None


def forms(marker: str) -> Iterator[bytes]:
    """How a text may stand in bytes: plain, wide, hexadecimal, in base64 at any place."""
    plain = marker.encode()
    yield from (
        plain,
        marker.encode("utf-16-le"),
        plain.hex().encode(),
        plain.hex().upper().encode(),
    )
    for shift in range(3):
        coded = base64.b64encode(b"\0" * shift + plain)
        yield coded[4 if shift else 0 : len(coded) // 4 * 4 - 4]


def found_in(data: bytes, markers: Iterable[str]) -> list[str]:
    """Those markers that stand in the bytes in any form."""
    return [one for one in markers if any(form in data for form in forms(one))]
