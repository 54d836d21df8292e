"""Load, and a ledger of its own: what was asked, what was acknowledged, and by which entry.

The ledger never asks the node what it believes. An act is asked again under the same key until it
is answered; that is what a careful client does, and it must never give two acts.
"""

import random
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import httpx

from crosstell.replay.live.desk import PLAIN

from .site import OPERATOR, PASSWORD, Site

AGAIN_S = 0.1
PAUSE_S = 0.05  # between two acts of one client: a record that grows slows every start
GIVE_UP_S = 600.0
CALL_EACH = 10  # of so many acts one is a call, which rings there: few, for every start rings them


@dataclass(slots=True)
class Asked:
    """One act or batch of observations, by the name that is found again in the record."""

    name: str
    tries: int = 0
    entry: tuple[str, int, str] | None = None  # feed, number and hash, as acknowledged
    taken: bool = False
    rings: bool = False
    refused: str | None = None


@dataclass(slots=True)
class Ledger:
    """Everything that was asked of one node."""

    acts: list[Asked] = field(default_factory=list)
    tracks: list[Asked] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def count(self, status: int) -> None:
        self.statuses[status] = self.statuses.get(status, 0) + 1
        if status >= 500 and status != 503:
            self.faults.append(f"status {status}")


class Client:
    """An operator with a session and a system with a token, who do not give up."""

    def __init__(self, site: Site, seed: int) -> None:
        self.site, self.ledger = site, Ledger()
        self._seed = seed
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []
        self._operator = httpx.Client(base_url=site.url, timeout=30, verify=PLAIN)
        self._system = httpx.Client(base_url=site.url, timeout=30, verify=PLAIN)
        self._csrf = ""
        self.slowest_s = 0.0
        self._asked: set[int] = set()  # the threads that wait for an answer

    def come_in(self) -> None:
        """A session, and the watch."""
        found = self._operator.post("/session", json={"account": OPERATOR, "password": PASSWORD})
        assert found.status_code == 201, found.text
        self._csrf = found.json()["csrf"]
        taken = self._operator.post("/watch", json={}, headers={"X-CSRF-Token": self._csrf})
        assert taken.status_code == 200, taken.text

    def begin(self) -> None:
        """Two threads load the node."""
        self._over.clear()
        works = (self._act_on, self._observe_on)
        self._threads = [threading.Thread(target=work, daemon=True) for work in works]
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """What was begun is answered, and nothing more is asked."""
        self._over.set()
        for thread in self._threads:
            thread.join(GIVE_UP_S + 10)
            assert not thread.is_alive(), "a request hangs"

    @property
    def tries(self) -> int:
        """How often anything was asked so far, answered or not."""
        return sum(asked.tries for asked in (*self.ledger.acts, *self.ledger.tracks))

    @property
    def waits(self) -> bool:
        """Whether an answer is waited for at this moment."""
        return bool(self._asked)

    @property
    def calls(self) -> list[tuple[str, int, str]]:
        """The entries of the calls that were acknowledged."""
        return [one.entry for one in self.ledger.acts if one.rings and one.entry is not None]

    @property
    def recorded(self) -> int:
        """How many acts are recorded, as far as it was told."""
        return sum(asked.entry is not None for asked in self.ledger.acts)

    def close(self) -> None:
        """Its connections are closed."""
        self._over.set()
        self._operator.close()
        self._system.close()

    def get(self, path: str) -> httpx.Response:
        """What the operator sees."""
        return self._operator.get(path)

    def post_plain(self, path: str, body: dict[str, Any]) -> httpx.Response:
        """What somebody who has not come in asks."""
        return httpx.post(f"{self.site.url}{path}", json=body, timeout=30)

    def once(self, asked: Asked) -> int | str:
        """The status of an act that is asked once; what happened, if there was no answer."""
        asked.tries += 1
        body = {"body": _notice(asked.name, self._other)}
        try:
            return self.ask("/acts", body, f"key-{asked.name}").status_code
        except httpx.HTTPError as fault:
            return type(fault).__name__

    def act(self, name: str, *, rings: bool = False) -> Asked:
        """One act, asked until it is answered. The node must be up in the end."""
        asked = Asked(name=name, rings=rings)
        self.ledger.acts.append(asked)
        rng = random.Random(f"{self._seed}:{name}")
        if rings:
            made = call_of(name, self._other, precedence="flash", text=f"Text of {name}")
        else:
            made = rng.choice((_notice, _broadcast))(name, self._other)
        body = {"body": made}
        answer = self._until_answered(asked, "/acts", body, key=f"key-{name}")
        if answer is None:
            return asked
        if answer.status_code in (200, 201):
            first = (answer.json()["recorded"] or [{"feed": "", "seq": -1, "hash": ""}])[0]
            asked.entry = (first["feed"], first["seq"], first["hash"])
        else:
            asked.refused = f"{answer.status_code} {answer.text[:300]}"
        return asked

    def observe(self, name: str) -> Asked:
        """One observation of a track that nobody else has, asked until it is answered."""
        asked = Asked(name=name)
        self.ledger.tracks.append(asked)
        answer = self._until_answered(asked, "/observations", _observation(name), key=None)
        if answer is not None and answer.status_code == 202:
            asked.taken = answer.json()["taken"] == 1
        elif answer is not None:
            asked.refused = f"{answer.status_code} {answer.text[:300]}"
        return asked

    @property
    def _other(self) -> str:
        return "tr" if self.site.party == "us" else "us"

    def _act_on(self) -> None:
        number = len(self.ledger.acts)
        while not self._over.is_set():
            self.act(f"{self.site.party}-act-{number}", rings=number % CALL_EACH == 0)
            number += 1
            self._over.wait(PAUSE_S)

    def _observe_on(self) -> None:
        number = len(self.ledger.tracks)
        while not self._over.is_set():
            self.observe(f"{self.site.party}-track-{number}")
            number += 1
            self._over.wait(PAUSE_S)

    def _until_answered(
        self, asked: Asked, path: str, body: dict[str, Any], *, key: str | None
    ) -> httpx.Response | None:
        begun_s = time.monotonic()  # noqa: TID251 - a client's patience
        while time.monotonic() - begun_s < GIVE_UP_S:  # noqa: TID251
            asked.tries += 1
            asked_s = time.monotonic()  # noqa: TID251
            try:
                found = self.ask(path, body, key)
            except httpx.HTTPError:
                time.sleep(AGAIN_S)
                continue
            finally:  # one that was waited for in vain is no quicker
                self.slowest_s = max(self.slowest_s, time.monotonic() - asked_s)  # noqa: TID251
            self.ledger.count(found.status_code)
            if found.status_code in (429, 500, 502, 503, 504):
                time.sleep(min(1.0, float(found.headers.get("Retry-After", AGAIN_S))))
                continue
            return found
        self.ledger.faults.append(f"{asked.name}: no answer in {GIVE_UP_S:.0f} s")
        return None

    def ask(self, path: str, body: dict[str, Any], key: str | None) -> httpx.Response:
        """One request: the operator's under that key, or the system's without one."""
        by, headers = self._operator, {"X-CSRF-Token": self._csrf, "Idempotency-Key": key or ""}
        if key is None:
            by, headers = self._system, {"Authorization": f"Bearer {self.site.token}"}
        asker = threading.get_ident()
        self._asked.add(asker)
        try:
            return by.post(path, json=body, headers=headers)
        finally:
            self._asked.discard(asker)


def _notice(name: str, other: str) -> dict[str, Any]:
    content = {"general_notice": {"text": f"Text of {name}", "source": "a drill"}}
    return {
        "notice_filed": {
            "notice": name,
            "version": 1,
            "content": content,
            "marking": "EXERCISE",
            "releasable_to": [other],
        }
    }


def _broadcast(name: str, _other: str) -> dict[str, Any]:
    return {
        "broadcast_sent": {
            "broadcast": name,
            "reality": "exercise",
            "radio": {"frequency_hz": 121_500_000},
            "addressed": "all stations",
            "text": {"text": f"Text of {name}", "language": "en"},
            "sent_at": ["2026-11-29T12:00:00Z"],
        }
    }


def call_of(name: str, other: str, *, precedence: str, text: str) -> dict[str, Any]:
    """A call by node, to the other party's desk."""
    return {
        "call_placed": {
            "call": name,
            "kind": "inform",
            "precedence": precedence,
            "reality": "exercise",
            "from_role": "duty-officer",
            "to_party": other,
            "to_role": "duty-officer",
            "carriage": "node",
            "language": "en",
            "content": {"remarks": {"text": text, "language": "en"}},
        }
    }


def _observation(name: str) -> dict[str, Any]:
    position = {"lat_deg": 36.5, "lon_deg": 40.75}
    motion = {"position": position, "at": "2026-11-29T12:00:00Z", "position_accuracy_m": 50.0}
    return {"observations": [{"track": name, "source": "radar", "motion": motion}]}
