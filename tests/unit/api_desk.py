"""A party's node behind its own HTTP interface, in one process: real node, real owner's thread.

The clock is the test's; accounts exist for each kind; nothing is bound to a port.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from argon2 import PasswordHasher
from asgi_inside import Inside
from node_pair import ALPHA, START, World
from starlette.applications import Starlette

from crosstell.codecs.plain import to_plain
from crosstell.codecs.shape import tag_of
from crosstell.core.ids import PartyId
from crosstell.core.instant import seconds_between
from crosstell.core.mechanism.effects import Effect
from crosstell.core.state.events import Event
from crosstell.core.state.state import State
from crosstell.shell.access.access import Access
from crosstell.shell.access.account import AccountKind
from crosstell.shell.access.secret import Passwords
from crosstell.shell.access.sessions import Limits
from crosstell.shell.api.application import application
from crosstell.shell.api.settings import ApiLimits, Bucket, Settings
from crosstell.shell.live.sequencer import Sequencer
from crosstell.shell.node import Message, NodeInput, Outcome

BASE = "/api/v1"
PASSWORD = "four plain words here"  # noqa: S105 - of accounts that live for one test
WALL = datetime(2026, 1, 1, tzinfo=UTC)
OPERATOR, DIRECTOR_ACCOUNT, READER, ADMIN, RADAR = "olga", "dmitri", "rita", "adam", "radar"
CHEAP = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
WIDE = Bucket(rate=1e6, burst=1e6)
PATIENT = ApiLimits(address=WIDE, account=WIDE, token=WIDE, logins=WIDE)


@dataclass
class TestClock:
    """The time is what the test says."""

    __test__ = False
    at: datetime = START
    bad: str | None = None

    def now(self) -> datetime:
        return self.at

    def wait_s(self, until: datetime) -> float:
        return max(0.0, seconds_between(self.at, until))

    def trouble(self) -> str | None:
        return self.bad

    def follow(self) -> bool:
        return False


@dataclass
class Sink:
    """Takes parcels and effects, and keeps them."""

    messages: list[Message] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    restarts: int = 0

    def send(self, messages: tuple[Message, ...]) -> None:
        self.messages += messages

    def take(self, effects: Iterable[Effect]) -> None:
        self.effects += effects

    def take_standing(self, effects: Iterable[Effect], *, is_restart: bool = False) -> None:
        self.restarts += is_restart
        self.take(effects)


class Line(Sequencer):
    """The owner's thread, and what a test has happen instead when something is submitted."""

    instead: Callable[[NodeInput], "Future[Outcome]"] | None = None

    def submit(self, given: NodeInput) -> "Future[Outcome]":
        return super().submit(given) if self.instead is None else self.instead(given)

    def really(self, given: NodeInput) -> Outcome:
        """What the node makes of it."""
        return super().submit(given).result(10)


@dataclass
class Desk:
    """The interface of alpha's node, with its accounts."""

    limits: ApiLimits = PATIENT
    sessions: Limits = field(default_factory=Limits)
    static: Path | None = None
    maps: Path | None = None
    database: Path | None = None
    screen: Callable[[State, datetime], object] | None = None
    export: Callable[..., object] | None = None
    recall: Callable[[datetime], tuple[State, int]] | None = None
    report: Callable[[str, str], tuple[str, str]] | None = None
    secure: bool = False
    signed: bool = True
    party: PartyId = ALPHA
    world: World = field(default_factory=World)
    clock: TestClock = field(default_factory=TestClock)
    wall: datetime = WALL
    sink: Sink = field(default_factory=Sink)
    access: Access = field(init=False)
    sequencer: Line = field(init=False)
    app: Starlette = field(init=False)
    token: str = field(init=False)

    def __post_init__(self) -> None:
        if self.signed:
            self.world.sign()
        self.clock.at = self.world.now + timedelta(seconds=1)
        party = self.world.parties[self.party]
        self.sequencer = Line(party.node, party.store, self.clock, self.sink, self.sink)
        self.access = Access(self.database, limits=self.sessions, passwords=CHEAP)
        self.app = application(self.sequencer, self.access, self.settings())
        if not self.access.accounts.all():
            self.make_accounts()

    @property
    def cookie(self) -> str:
        """The name of a session's cookie here (ACS-275)."""
        feed = self.sequencer.state().own.feed
        return f"{self.settings().cookie}-{feed[:12]}"

    def settings(self) -> Settings:
        return Settings(
            clock=self.clock,
            wall=lambda: self.wall,
            store=self.world.parties[self.party].store,
            version="0-test",
            static=self.static,
            maps=self.maps,
            screen=self.screen,
            export=self.export,
            recall=self.recall,
            report=self.report,
            secure=self.secure,
            limits=self.limits,
        )

    def make_accounts(self) -> None:
        make, now = self.access.make_account, self.wall
        make(OPERATOR, AccountKind.OPERATOR, role="duty-officer", password=PASSWORD, now=now)
        make(DIRECTOR_ACCOUNT, AccountKind.APPROVER, role="director", password=PASSWORD, now=now)
        make(READER, AccountKind.READER, password=PASSWORD, now=now)
        make(ADMIN, AccountKind.ADMINISTRATOR, password=PASSWORD, now=now)
        make(RADAR, AccountKind.SYSTEM, now=now)
        self.token, _ = self.access.make_token(RADAR, lasts_s=86_400.0, now=now)

    @contextmanager
    def running(self) -> Iterator[Inside]:
        """The node's thread runs, the application is started, and both are stopped."""
        self.sequencer.start()
        inside = Inside(self.app, scheme="https" if self.secure else "http")
        inside.start()
        try:
            yield inside
        finally:
            inside.stop()
            self.sequencer.stop()
            self.access.close()


@dataclass
class Person:
    """Somebody at a browser: a cookie jar of their own, and the session's CSRF value."""

    client: Inside
    csrf: str = ""
    keys: int = 0
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:  # noqa: ANN401
        headers = {"X-CSRF-Token": self.csrf} | more.pop("headers", {})
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        found = self.client.request(method, BASE + path, headers=headers, **more)
        self.cookies |= dict(found.cookies.items())
        return found

    def get(self, path: str, **more: Any) -> httpx.Response:  # noqa: ANN401
        return self.ask("GET", path, **more)

    def come_in(self, account: str, password: str = PASSWORD, **more: Any) -> httpx.Response:  # noqa: ANN401
        found = self.ask("POST", "/session", json={"account": account, "password": password} | more)
        self.csrf = found.json().get("csrf", "")
        return found

    def act(self, body: Event, key: str | None = None) -> httpx.Response:
        self.keys += 1
        given = {"body": {tag_of(type(body)): to_plain(body)}}
        return self.ask(
            "POST", "/acts", json=given, headers={"Idempotency-Key": key or f"key-{self.keys}"}
        )


def person(
    client: Inside, account: str, *, watch: bool = False, password: str = PASSWORD
) -> Person:
    """Somebody who came in, and took the watch if wanted, or joined the one that stands."""
    found = Person(client)
    assert found.come_in(account, password).status_code == 201
    if watch:
        held = found.get("/session").json().get("on_watch")
        taken = found.ask("POST", "/watch", json={"how": "join"} if held else {})
        assert taken.status_code == 200, taken.text
    return found


def own(world: World, party: PartyId = ALPHA) -> State:
    """What the party knows."""
    return world.state(party)
