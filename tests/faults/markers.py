"""Texts that nothing else contains, put into a node where they must stay, and where they may go."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .load import Client, call_of

WINDOW = {"start": "2026-11-29T00:00:00Z", "end": "2036-11-29T00:00:00Z"}


@dataclass(frozen=True, slots=True)
class Planted:
    """What was put in at one node: what must stay there, and what was released to the other."""

    home: Mapping[str, str]
    released: Mapping[str, str]


def plant(client: Client, other: str) -> Planted:
    """A person and a sensor say things; only what is named released may leave this node."""
    home = {
        what: _marker()
        for what in ("notice", "text", "track", "source", "call sign", "waiting", "account")
    }
    released = {what: _marker() for what in ("notice", "text", "remarks")}
    _act(client, _notice(home["notice"], _general(home["text"]), ()), 201)
    _act(client, _notice(released["notice"], _general(released["text"]), (other,)), 201)
    call = call_of(_marker(), other, precedence="routine", text=released["remarks"])
    _act(client, call, 201)
    place = {"own_force_location": {"text": home["waiting"], "volume": _volume()}}
    _act(client, _notice(_marker(), place, (other,)), 202)  # waits for a second person
    answer = client.ask("/observations", _seen(home), None)
    assert answer.status_code == 202, answer.text
    wrong = client.post_plain("/session", {"account": home["account"], "password": _marker()})
    assert wrong.status_code in (401, 403), wrong.text
    return Planted(home=home, released=released)


def _marker() -> str:
    return f"m{secrets.token_hex(15)}"


def _act(client: Client, body: dict[str, Any], status: int) -> None:
    answer = client.ask("/acts", {"body": body}, _marker())
    assert answer.status_code == status, answer.text


def _general(text: str) -> dict[str, Any]:
    return {"general_notice": {"text": text, "source": "a drill"}}


def _volume() -> dict[str, Any]:
    circle = {"centre": {"lat_deg": 36.5, "lon_deg": 40.75}, "radius_m": 300}
    limits = {"lower": "unbounded", "upper": "unbounded"}
    return {"footprint": {"circle": circle}, **limits, "window": WINDOW}


def _notice(name: str, content: dict[str, Any], to: tuple[str, ...]) -> dict[str, Any]:
    filed = {"notice": name, "version": 1, "content": content, "marking": "EXERCISE"}
    return {"notice_filed": {**filed, "releasable_to": list(to)}}


def _seen(home: Mapping[str, str]) -> dict[str, Any]:
    position = {"lat_deg": 36.4, "lon_deg": 40.7}
    motion = {"position": position, "at": "2026-11-29T12:00:00Z", "position_accuracy_m": 50.0}
    hints = [{"kind": "call-sign", "value": home["call sign"]}]
    seen = {"track": home["track"], "source": home["source"], "motion": motion, "hints": hints}
    return {"observations": [seen]}
