"""The application of the peer port: one parcel in, the caller's waiting parcels out.

`POST /peer/v1/parcels`. The body is one encoded parcel (codecs/parcel.py), perhaps with zero
bytes behind it, or nothing: then the caller only asks. 200 answers with the parcels that wait for
the caller (codecs/parcels/blocks.py). Who calls is said by the certificate of its connection, and
the parcel must be that party's. Everything else is a problem after RFC 9457.
Implements PEER-004 to PEER-006, PEER-008, PEER-009, PEER-013, PEER-017, NOD-451.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from crosstell.codecs.parcel import SIZE_MAX, sender_of
from crosstell.codecs.parcels.blocks import pack, unpad
from crosstell.core.errors import PartyError, Unavailable
from crosstell.core.ids import FeedId, PartyId
from crosstell.shell.peers.refusals import Reason, Refusals

PATH = "/peer/v1/parcels"
CERTIFICATE = "crosstell.certificate"  # of the scope: the SHA-256 of the caller's certificate
CONTENT_TYPE = "application/vnd.crosstell.parcels"
ROUNDING = 1e-6  # of a parcel: whoever waited as long as it was told may come
PER_S, BURST = 50.0, 200.0  # parcels of one party that are taken, in a second and at once


class Counter(Protocol):
    """Where a caller hands in and is handed; it is known by its certificate's digest."""

    async def deliver(self, parcel: bytes, digest: str) -> None:
        """The parcel (empty: none) is durable here; Unavailable if it is not."""
        ...

    def collect(self, digest: str) -> tuple[bytes, ...]:
        """What waits for the caller; it waits no longer."""
        ...


async def at_once() -> None:
    """An answer leaves as soon as it is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """The party behind a certificate, and the one feed whose parcels it may send."""

    party: PartyId
    feed: FeedId


@dataclass(frozen=True, slots=True, kw_only=True)
class PortSettings:
    """Who may call, by the digest of the certificate, and how much each may ask of us.

    `per_s` parcels a second are taken of each caller, `burst` at once. Answers are as
    long as `padded`, doubled some times; 0: as they are. Each, a refusal too, waits for `leave`.
    """

    callers: Mapping[str, Caller]
    refusals: Refusals
    steady: Callable[[], float]
    body_max: int = SIZE_MAX
    per_s: float = PER_S
    burst: float = BURST
    padded: int = 0
    leave: Callable[[], Awaitable[None]] = at_once


@dataclass(slots=True)
class Allowance:
    """How many more parcels of a party may be taken now: `burst`, filled by `per_s` a second."""

    per_s: float
    burst: float
    at_s: float
    left: float = field(init=False)

    def __post_init__(self) -> None:
        """It begins full."""
        self.left = self.burst

    def take(self, now_s: float) -> float:
        """0.0 if one more may be taken now, else the seconds until it may."""
        self.left = min(self.burst, self.left + (now_s - self.at_s) * self.per_s)
        self.at_s = now_s
        if self.left < 1.0 - ROUNDING:
            return (1.0 - self.left) / self.per_s
        self.left -= 1.0
        return 0.0


class _Refused(Exception):
    """The request ends here."""

    def __init__(self, status: int, reason: Reason, text: str, wait_s: float = 0.0) -> None:
        super().__init__(text)
        self.status, self.reason, self.text, self.wait_s = status, reason, text, wait_s


@dataclass(slots=True)
class _Port:
    counter: Counter
    settings: PortSettings
    allowances: dict[str, Allowance] = field(default_factory=dict)

    async def parcels(self, request: Request) -> Response:
        """The answer to one parcel. What it holds is looked for when it leaves."""
        digest = str(request.scope.get(CERTIFICATE, ""))
        refusal = await self._refusal(request, digest)
        await self.settings.leave()
        if refusal is not None:
            return refusal
        # A caller that died meanwhile takes nothing with it: its successor asks for the same.
        waiting = () if await request.is_disconnected() else self.counter.collect(digest)
        return Response(pack(waiting, self.settings.padded), media_type=CONTENT_TYPE)

    async def _refusal(self, request: Request, digest: str) -> Response | None:
        """None once the parcel is durable here; else why it is not."""
        caller = self.settings.callers.get(digest)
        if caller is None:
            return problem(403, Reason.CERTIFICATE, "the certificate is of no counterpart")
        party = caller.party
        try:
            self._allow(digest)
            body = unpad(await self._body(request))
            _check_sender(body, caller)
            await self.counter.deliver(body, digest)
        except _Refused as fault:
            self.settings.refusals.add(party, fault.reason, fault.text)
            return problem(fault.status, fault.reason, fault.text, fault.wait_s)
        except PartyError as fault:
            self.settings.refusals.add(party, Reason.RUBBISH, str(fault))
            return problem(400, Reason.RUBBISH, "the parcel could not be read")
        except Unavailable:  # why is ours to know: it would tell how busy this party is
            return problem(503, "busy", "not taken now; send it again", 1.0)
        return None

    def _allow(self, digest: str) -> None:
        settings, now_s = self.settings, self.settings.steady()
        allowance = self.allowances.setdefault(
            digest, Allowance(per_s=settings.per_s, burst=settings.burst, at_s=now_s)
        )
        wait_s = allowance.take(now_s)
        if wait_s > 0.0:
            raise _Refused(429, Reason.RATE, "too many parcels in a second; send fewer", wait_s)

    async def _body(self, request: Request) -> bytes:
        """The body, never more of it than may be."""
        most = self.settings.body_max
        too_large = _Refused(413, Reason.SIZE, f"the body has more than {most} bytes")
        said = request.headers.get("content-length", "")
        if said.isascii() and said.isdigit() and int(said[:20]) > most:
            raise too_large
        body = bytearray()
        try:
            async for piece in request.stream():
                body += piece
                if len(body) > most:
                    raise too_large
        except ClientDisconnect:
            raise Unavailable("the body broke off; send it again") from None
        return bytes(body)


def foreign(party: PartyId, sender: FeedId | None) -> str:
    """What a person is told of a parcel over that party's line that is not of its feed."""
    if sender is None:
        return f"over the line of {party} came what is no parcel"
    return (
        f"over the line of {party} came a parcel of feed {sender}, and its card here names another "
        "feed: if it goes on in a new one, take its new card (crosstell node party --resumed); "
        "if it does not, call it: somebody has its line's key"
    )


def _check_sender(body: bytes, caller: Caller) -> None:
    """Refuse a parcel that is not of the caller; no body at all asks and sends nothing."""
    if not body:
        return
    sender = sender_of(body)
    if sender is None:
        raise _Refused(400, Reason.RUBBISH, "the body is no parcel")
    if sender != caller.feed:
        raise _Refused(403, Reason.SENDER, foreign(caller.party, sender))


def problem(status: int, kind: str, text: str, wait_s: float = 0.0) -> Response:
    """A problem after RFC 9457."""
    document = {"type": f"urn:crosstell:peer:{kind}", "status": status, "detail": text}
    headers = {"retry-after": str(max(1, round(wait_s)))} if wait_s > 0.0 else {}
    return Response(
        json.dumps(document),
        status_code=status,
        media_type="application/problem+json",
        headers={"connection": "close"} | headers if status != 429 else headers,
    )


def peer_app(counter: Counter, settings: PortSettings) -> Starlette:
    """The application. It is to be served where the certificate reaches its scope (listening)."""
    port = _Port(counter=counter, settings=settings)
    return Starlette(routes=[Route(PATH, port.parcels, methods=["POST"])])
