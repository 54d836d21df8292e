"""Two real nodes follow what one of them does with its keys and record, by its commands alone."""

import json
import secrets
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner
from live_nodes import LOOK_S, PASSWORD, PROTOCOL, come_in, first_line, running

from crosstell.cli import crosstell
from crosstell.replay.live.ports import free_ports
from crosstell.shell.store import SqliteStore
from crosstell.shell.store.names import OWN_JOURNAL

WAIT_S = 60.0


def run(*words: str | Path, given: str = "") -> tuple[int, str, str]:
    found = CliRunner().invoke(crosstell, [str(word) for word in words], input=given)
    return found.exit_code, found.stdout, found.stderr


def done(*words: str | Path, given: str = "") -> str:
    code, out, fault = run(*words, given=given)
    assert code == 0, (words, out, fault)
    return out


def told(*words: str | Path, given: str = "") -> Any:  # noqa: ANN401 - JSON
    """What a command answered for machines."""
    return json.loads(done(*words, "--json", given=given))


def refused(*words: str | Path) -> str:
    code, out, fault = run(*words)
    assert (code, out) == (2, ""), (words, out, fault)
    return fault


def until(holds: Callable[[], bool], what: str) -> None:
    last = time.monotonic() + WAIT_S  # noqa: TID251 - of this test alone
    while not holds():
        assert time.monotonic() < last, what  # noqa: TID251
        time.sleep(LOOK_S)


def made(folder: Path) -> dict[str, int]:
    """A node of each party, introduced, with an officer; the operators' ports."""
    ports: dict[str, int] = {}
    for party in ("us", "tr"):
        place = folder / party
        line, ports[party] = free_ports(2)
        done(
            *("init", place, "--protocol", PROTOCOL, "--party", party, "--role", "duty-officer"),
            *("--reality", "exercise", "--api-port", str(ports[party])),
            *("--line-port", str(line), "--reach", f"127.0.0.1:{line}"),
        )
        done(
            *("node", "account", place, "officer", "--kind", "operator"),
            *("--role", "duty-officer", "--password-stdin"),
            given=f"{PASSWORD}\n",
        )
    for party, other in (("us", "tr"), ("tr", "us")):
        heard = told("node", "card", folder / other)["fingerprint"]
        done("node", "party", folder / party, folder / other / "own.card", "--heard", heard)
    return ports


@dataclass
class Pair:
    """Both nodes as processes, one person at each."""

    clients: dict[str, tuple[httpx.Client, dict[str, str]]] = field(default_factory=dict)

    def act(self, tag: str, **body: str) -> tuple[str, int]:
        """What us records: feed and number."""
        client, headers = self.clients["us"]
        headers = {**headers, "Idempotency-Key": secrets.token_hex(16)}
        found = client.post("/acts", json={"body": {tag: body}}, headers=headers)
        assert found.status_code == 201, found.text
        first = found.json()["recorded"][0]
        return str(first["feed"]), int(first["seq"])

    def held(self, entry: tuple[str, int]) -> dict[str, Any] | None:
        """The entry as tr holds it."""
        feed, seq = entry
        found = self.clients["tr"][0].get(f"/entries/{feed}/{seq}")
        shown: dict[str, Any] = found.json()
        return shown if found.is_success else None

    def agreed(self) -> str:
        """What tr shows of the protocol."""
        return self.clients["tr"][0].get("/protocol").text


@contextmanager
def both(ports: dict[str, int], **folders: Path) -> Iterator[Pair]:
    """They run, and are stopped in order; whatever happens, nothing is left running."""
    pair = Pair()
    with ExitStack() as ends:
        processes = [ends.enter_context(running(folder)) for folder in folders.values()]
        for party, process in zip(folders, processes, strict=True):
            line = first_line(process)
            assert "runs" in line, line
            pair.clients[party] = come_in(ports[party])
            ends.callback(pair.clients[party][0].close)
        yield pair
        for process in processes:
            process.send_signal(signal.SIGTERM)
        assert [process.wait(30) for process in processes] == [0, 0]


@pytest.mark.long
def test_two_nodes_follow_each_ceremony(tmp_path: Path) -> None:
    """KEY-030, KEY-031, KEY-033 to KEY-035, REL-055, REL-063: by commands, node to node."""
    us, tr, new = tmp_path / "us", tmp_path / "tr", tmp_path / "new"
    root = tmp_path / "root"
    ports = made(tmp_path)
    (us / "offline-root").rename(root)

    with both(ports, us=us, tr=tr) as pair:
        digest = pair.clients["us"][0].get("/protocol").json()["digest"]
        signed = pair.act("protocol_signed", protocol=digest)
        until(lambda: pair.held(signed) is not None, "the entry did not cross")
        copy_by_command(tmp_path, us, f"{signed[0]}/{signed[1]}", ports["us"])
        for ceremony in ("rotate", "certificate"):
            assert "another process writes to this store" in refused("node", ceremony, us)

    assert len(told("node", "rotate", us)["recorded"]) == 2
    heard = told("node", "certificate", us)["fingerprint"]
    done("node", "party", tr, us / "own.card", "--heard", heard)
    with both(ports, us=us, tr=tr) as pair:
        doubted = pair.act("protocol_suspended", protocol=digest, text="drill")
        until(lambda: "drill" in pair.agreed(), "new key or certificate: not followed")

    words = ("node", "revoke", us, "--root", root, "--yes", "--from", str(doubted[1]))
    assert told(*words)["void"]["from"] == doubted[1]
    with both(ports, us=us, tr=tr) as pair:
        until(lambda: "drill" not in pair.agreed(), "the revocation was not followed")
        assert pair.held(doubted) is not None, "what is void is kept"

    card = told("node", "resume", us, "--root", root, "--out", new)
    taken = ("node", "party", tr, new / "own.card", "--heard", card["fingerprint"])
    assert "--resumed" in refused(*taken)
    assert told(*taken, "--resumed", new / "own.resumed")["resumes"]["feed"] == signed[0]
    with both(ports, us=new, tr=tr) as pair:
        again = pair.act("protocol_signed", protocol=digest)
        assert again[0] == card["feed"] != signed[0]
        until(lambda: pair.held(again) is not None, "the new feed was not followed")
        for client, _ in pair.clients.values():
            assert client.get("/status").json()["alarms"] == []


def copy_by_command(folder: Path, us: Path, entry: str, port: int) -> None:
    """Recorded by the node that runs, made, recognised; for what is refused nothing is recorded."""
    session = ("--session", folder / "session.json")
    where = ("--node", f"http://127.0.0.1:{port}", *session)
    done("login", *where, "--account", "officer", "--password-file", "-", given=PASSWORD)
    call = ("--call", "c-1", "--kind", "test", "--precedence", "routine", "--content", "{}")
    done("act", "place-call", *call, "--to-party", "tr", "--to-role", "duty-officer", *session)
    words = (
        *("record", "copy", us, "--for", "the mission's liaison", "--purpose", "briefing"),
        *("--marking", "TEST COPY", *session),
    )
    file = folder / "copy"
    assert told(*words, "--entry", entry, "--out", file)["number"] == 1
    text = file.read_text(encoding="utf-8")
    assert text.count("--- copy 1 for the mission's liaison, made ") == 3
    other = folder / "other"
    for wrong, why in (
        (("--entry", entry, "--out", file), "exists already"),
        (("--entry", entry, "--out", folder / "no" / "x"), "no such folder"),
        (("--entry", "nofeed/1", "--out", other), "is not held here"),
        (("--entry", "x", "--out", other), "write it as alpha/17"),
        (("--out", other), "a new copy needs --entry"),
        (("--number", "1", "--out", other), "give --out alone"),
    ):
        assert why in refused(*words, *wrong)
    assert "copy 2 is not recorded" in refused(*words[:3], "--number", "2", "--out", other)
    assert [one["number"] for one in told("record", "copies", us)] == [1]
    done("record", "copy", us, "--number", "1", "--out", folder / "again")
    assert (folder / "again").read_bytes() == file.read_bytes()
    assert told("record", "copies", us, "--found", file)[0]["recipient"] == "the mission's liaison"
    assert "the bytes of no copy" in refused("record", "copies", us, "--found", us / "own.card")

    by_two_persons(folder, us, port, words)

    def named() -> bool:
        held = [one for one in told("record", "holdings", us) if one["item"] == "call c-1"]
        return [one["party"] for one in held if one["held_by"] is not None] == ["tr"]

    until(named, "nothing shows that the call is held")
    now = told("record", "holdings", us, "--item", "call c-1", "--at", "2200-01-01T00:00:00Z")
    assert [one["party"] for one in now] == ["tr"]
    early = ("--item", "call c-1", "--at", "2020-01-01T00:00:00Z")
    assert told("record", "holdings", us, *early) == []
    assert "there is call c-1" in refused("record", "holdings", us, "--item", "call c-9")
    assert "name the object too" in refused("record", "holdings", us, "--at", "now")


def by_two_persons(folder: Path, us: Path, port: int, words: tuple[str | Path, ...]) -> None:
    """A copy of what never left waits for a second person, and is made after that by its number."""
    store = SqliteStore.open_read_only(us / "record.store")
    journal = (store.blob(OWN_JOURNAL) or b"").decode("ascii")
    store.close()
    file = folder / "by-two"
    waits = told(*words, "--entry", f"{journal}/1", "--out", file)
    assert not file.exists()
    done(
        *("node", "account", us, "director", "--kind", "approver"),
        *("--role", "operations-director", "--password-stdin"),
        given=f"{PASSWORD}\n",
    )
    session = ("--session", folder / "director.json")
    where = ("--node", f"http://127.0.0.1:{port}", *session)
    done("login", *where, "--account", "director", "--password-file", "-", given=PASSWORD)
    done("watch", "take", *session)
    done("pending", "confirm", waits["pending"], "--yes", *session)
    assert [one["number"] for one in told("record", "copies", us)] == [1, 2]
    done("record", "copy", us, "--number", "2", "--out", file, "--form", "data")
    assert "checked by us/operations-director" in json.loads(file.read_bytes())["made_by"]
