"""One party's people at their node's HTTP interface: sessions, acts, observations, the stream.

Everything a scenario's people and sensors do goes through the same interface as an operator's
console and a party's own systems.
"""

import queue
import secrets
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import httpx

from crosstell.codecs.plain import Plain, to_plain
from crosstell.codecs.shape import tag_of
from crosstell.core.errors import CallerError
from crosstell.core.ids import ComponentId, PartyId, RoleId
from crosstell.core.mechanism.inputs import Act, Observed
from crosstell.core.picture.party import Speaker

API = "/api/v1"
BATCHES = "Crosstell-Batches"  # of an answer: which of the standings that are told come after it
WAIT_S = 30.0
PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # trusts nobody: whatever is asked is plain HTTP
Desk = tuple[RoleId, ComponentId | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One event of the stream: an entry with its local number, what people are asked to do, or
    where the node stands.
    """

    kind: str
    number: int
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """An account of one role, perhaps beside a component, with its password."""

    account: str
    password: str
    role: RoleId
    component: ComponentId | None


@dataclass(slots=True)
class _Session:
    client: httpx.Client
    csrf: str


@dataclass(slots=True)
class PartyDesk:
    """Every session of one party at its node, and what the node's stream has told."""

    party: PartyId
    address: str
    logins: tuple[Login, ...]
    token: str
    heard: "queue.Queue[Heard]" = field(default_factory=queue.Queue)
    woken: threading.Event = field(default_factory=threading.Event)  # something was heard
    batches: int = 0  # of the node's work, that the newest answer came after
    fault: str | None = None
    _sessions: dict[Desk, _Session] = field(default_factory=dict)
    _sensors: httpx.Client = field(init=False)
    _follower: threading.Thread | None = None

    def open(self) -> None:
        """Everyone has come in and is on watch, and the stream is followed."""
        self._sensors = self._client({"Authorization": f"Bearer {self.token}"})
        for login in self.logins:
            self._sessions[login.role, login.component] = self._come_in(login)
        first = next(iter(self._sessions.values()))
        self._follower = threading.Thread(target=self._follow, args=(first,), daemon=True)
        self._follower.start()

    def close(self) -> None:
        """Nothing is asked any more."""
        for session in self._sessions.values():
            session.client.close()
        self._sensors.close()

    def ended(self) -> None:
        """The node has ended, and so has the thread that followed its stream. RUN-525."""
        if self._follower is not None:
            self._follower.join(WAIT_S)

    def act(self, asked: Act) -> str | None:
        """The act is recorded; else why it was refused. A second person confirms where needed."""
        session = self._of(asked.by)
        second: Speaker | None = getattr(asked.body, "second", None)
        body: Any = asked.body
        body = body if second is None else replace(body, second=None)
        answer = self._post(session, "/acts", {"body": {tag_of(type(body)): to_plain(body)}})
        if answer.status_code == httpx.codes.ACCEPTED:
            assert second is not None, "the scenario names a second person where one is needed"
            waiting = answer.json()["pending"]
            answer = self._post(self._of(second), f"/acts/pending/{waiting}/confirm", {})
        return None if answer.is_success else str(answer.json()["detail"])

    def observe(self, seen: Observed) -> None:
        """What the party's sensors saw is at the node."""
        told = [to_plain(one) for one in seen.observations]
        answer = self._sensors.post(f"{API}/observations", json={"observations": told})
        self._check(answer)
        self._note(answer)

    def _come_in(self, login: Login) -> _Session:
        client = self._client({})
        given = {"account": login.account, "password": login.password}
        opened = client.post(f"{API}/session", json=given)
        self._check(opened)
        session = _Session(client=client, csrf=opened.json()["csrf"])
        how = "take" if opened.json().get("on_watch") is None else "join"
        self._check(self._post(session, "/watch", {"how": how}))  # the node numbers it
        return session

    def _follow(self, session: _Session) -> None:
        """Every event of the stream, in a thread of its own, until the node ends it."""
        try:
            with self._client({"Last-Event-ID": "0"}) as client:
                client.cookies = session.client.cookies
                asked = {"events": "effect,standing"}
                with client.stream("GET", f"{API}/stream", params=asked, timeout=WAIT_S) as answer:
                    for heard in events_of(answer.iter_lines()):
                        self.heard.put(heard)
                        self.woken.set()
            self.fault = "the stream has ended"
        except httpx.HTTPError as error:
            self.fault = f"the stream has ended: {error}"
        self.woken.set()

    def _of(self, by: Speaker) -> _Session:
        found = self._sessions.get((by.role, by.component))
        if found is None:
            raise CallerError(f"{self.party}: nobody speaks as {by.role}; give it an account")
        return found

    def _post(self, session: _Session, path: str, body: Plain) -> httpx.Response:
        headers = {"X-CSRF-Token": session.csrf, "Idempotency-Key": secrets.token_hex(16)}
        answer = session.client.post(f"{API}{path}", json=body, headers=headers)
        self._note(answer)
        return answer

    def _note(self, answer: httpx.Response) -> None:
        """What the node has done is told of with a standing of that count, or a later one.

        An answer that tells of no work has no count: a stranger's, a fault's, a stop's.
        """
        self.batches = max(self.batches, int(answer.headers.get(BATCHES, 0)))

    def _check(self, answer: httpx.Response) -> None:
        if not answer.is_success:
            raise CallerError(f"{self.party}: {answer.request.url.path}: {answer.text[:400]}")

    def _client(self, headers: dict[str, str]) -> httpx.Client:
        return client_of(self.address, headers)


def client_of(address: str, headers: dict[str, str] | None = None) -> httpx.Client:
    """A client of a node that answers by plain HTTP: no list of authorities is read for it."""
    return httpx.Client(
        base_url=address,
        headers=headers,
        timeout=WAIT_S,
        trust_env=False,
        verify=PLAIN,
    )


def events_of(lines: Iterator[str]) -> Iterator[Heard]:
    """The events in the lines of a stream (WHATWG HTML, server-sent events)."""
    kind, number, data = "message", 0, ""
    for line in lines:
        if not line:
            if data:
                yield Heard(kind=kind, number=number, data=data.encode())
            kind, data = "message", ""
            continue
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        match name:
            case "event":
                kind = value
            case "id":
                number = int(value)
            case "data":
                data += value
            case _:
                continue
