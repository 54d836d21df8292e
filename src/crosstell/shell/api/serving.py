"""What every handler needs, and how it asks the node and the access database without blocking."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from typing import ParamSpec, TypeVar

import anyio.to_thread
import msgspec
from starlette.requests import Request
from starlette.responses import Response

from crosstell.codecs.plain import to_plain
from crosstell.core.errors import Unavailable
from crosstell.core.state.state import State
from crosstell.shell.access.access import Access
from crosstell.shell.access.account import Account
from crosstell.shell.access.sessions import Session
from crosstell.shell.api.rates import Rates
from crosstell.shell.api.seam import Sequencer
from crosstell.shell.api.settings import Settings
from crosstell.shell.api.stream.hub import Hub
from crosstell.shell.console.map_checks import MapChecks
from crosstell.shell.node import Node, NodeInput, Outcome

T = TypeVar("T")
P = ParamSpec("P")

FEED_IN_COOKIE = 12  # letters of the feed's name in the cookie's
REPORTS_AT_ONCE = 1  # each is a process with a core and 200 MB of its own
ASIDE_MAX = 4  # threads for what blocks or takes long; the node's own thread keeps its share


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks: an account, by a session or, where there is none, by a token."""

    account: Account
    session: Session | None = None
    rate: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request that may be answered: who asks, from where, when, with what body."""

    request: Request
    address: str
    at: datetime
    body: bytes = b""
    caller: Caller | None = None

    @property
    def account(self) -> Account:
        """Whose request it is; only what needs no session is asked by nobody."""
        assert self.caller is not None, "a route without a right asks for nobody's account"
        return self.caller.account

    @property
    def session(self) -> Session:
        """The session; systems, who have none, have no right that needs it."""
        assert self.caller is not None, "a route without a right asks for nobody's session"
        assert self.caller.session is not None, "a system has no right that needs a session"
        return self.caller.session


@dataclass(slots=True)
class Serving:
    """The interface at work."""

    sequencer: Sequencer
    access: Access
    settings: Settings
    addresses: Rates = field(init=False)
    accounts: Rates = field(init=False)
    tokens: Rates = field(init=False)
    tiles: Rates = field(init=False)
    logins: Rates = field(init=False)
    at_once: asyncio.Semaphore = field(init=False)
    heavy: asyncio.Semaphore = field(init=False)
    reports: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(REPORTS_AT_ONCE))
    reporting: set[str] = field(default_factory=set)  # accounts whose report is made, or waits
    hub: Hub = field(init=False)
    open_asks: dict[tuple[str, str], "asyncio.Future[None]"] = field(default_factory=dict)
    maps: MapChecks | None = field(init=False)
    waiting_logins: int = 0
    _threads: anyio.CapacityLimiter | None = None

    @property
    def cookie(self) -> str:
        """The name of the session's cookie, no other node's on this host. Implements ACS-275."""
        return f"{self.settings.cookie}-{self.state.own.feed[:FEED_IN_COOKIE]}"

    def __post_init__(self) -> None:
        """Fill the buckets."""
        limits = self.settings.limits
        self.addresses, self.accounts = Rates(limits.address), Rates(limits.account)
        self.tokens, self.logins = Rates(limits.token), Rates(limits.logins)
        self.tiles = Rates(limits.tiles)
        self.hub = Hub(sequencer=self.sequencer)
        folder = self.settings.maps
        self.maps = None if folder is None else MapChecks(folder)
        self.at_once = asyncio.Semaphore(limits.logins_at_once)
        self.heavy = asyncio.Semaphore(limits.heavy_at_once)

    @property
    def state(self) -> State:
        """The node's last durable state."""
        return self.sequencer.state()

    def now(self) -> datetime:
        """The node's time, for what is shown."""
        return self.settings.clock.now()

    async def aside(self, what: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `what` gives, worked out in a thread of its own."""
        if self._threads is None:
            self._threads = anyio.CapacityLimiter(ASIDE_MAX)
        return await anyio.to_thread.run_sync(lambda: what(*args, **kwargs), limiter=self._threads)

    async def submit(self, given: NodeInput) -> Outcome:
        """What the node made of it, durable. Raises Unavailable when it does not answer."""
        return await self._await(self.sequencer.submit(given))

    async def look(self, view: Callable[[Node, datetime], T]) -> T:
        """What the node shows in its own thread."""
        return await self._await(self.sequencer.look(view))

    async def _await(self, future: "Future[T]") -> T:
        """The future's result; it goes on even where nobody waits any more."""
        try:
            async with asyncio.timeout(self.settings.limits.answer_s):
                return await asyncio.shield(asyncio.wrap_future(future))
        except TimeoutError as late:
            raise Unavailable(
                f"the node did not answer within {self.settings.limits.answer_s:.0f} s; whether "
                "it will is not known. Ask again with the same Idempotency-Key"
            ) from late


def json_response(body: bytes, status: int = 200) -> Response:
    """JSON bytes as a response."""
    return Response(body, status, media_type="application/json")


def wire_response(told: msgspec.Struct, status: int = 200) -> Response:
    """An envelope as a response."""
    return json_response(msgspec.json.encode(told), status)


def plain_bytes(value: object) -> bytes:
    """A recordable value as JSON, without a tag."""
    return msgspec.json.encode(to_plain(value))
