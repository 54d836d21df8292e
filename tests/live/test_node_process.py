"""A node as a process, made, introduced and run by its commands: RUN-040 to RUN-043."""

import contextlib
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from crosstell.shell.config.node_file import read_installation
from crosstell.shell.live.running import Running

ROOT = Path(__file__).parents[2]
PROTOCOL = ROOT / "scenarios" / "2023-10-05-hasakah" / "protocol.yaml"
PASSWORD = "a watch at three in the morning"  # noqa: S105 - of this test alone
WAIT_S = 40.0
LOOK_S = 0.05


def crosstell(*words: str | Path, given: str = "") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-P", "-m", "crosstell", *map(str, words)],
        input=given,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port: int = held.getsockname()[1]
    return port


def make(folder: Path, party: str) -> tuple[int, int]:
    """A node of the party, made by the command; its two ports."""
    api, line = free_port(), free_port()
    made = crosstell(
        "init",
        folder,
        *("--protocol", PROTOCOL, "--party", party, "--role", "duty-officer"),
        *("--reality", "exercise", "--api-port", str(api), "--line-port", str(line)),
        *("--reach", f"127.0.0.1:{line}"),
    )
    assert made.returncode == 0, made.stderr
    return api, line


@contextlib.contextmanager
def running(folder: Path) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "crosstell", "node", "run", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def first_line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def come_in(port: int) -> tuple[httpx.Client, dict[str, str]]:
    client = httpx.Client(base_url=f"http://127.0.0.1:{port}/api/v1", trust_env=False)
    opened = client.post("/session", json={"account": "officer", "password": PASSWORD})
    assert opened.status_code == 201, opened.text
    headers = {"X-CSRF-Token": opened.json()["csrf"]}
    joined = "join" if opened.json().get("on_watch") else "take"
    assert client.post("/watch", json={"how": joined}, headers=headers).is_success
    return client, headers


def entries_of(client: httpx.Client, kind: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = client.get("/entries", params={"after": 0}).json()["entries"]
    return [entry for entry in found if entry["kind"] == kind]


def test_two_nodes_by_their_commands(tmp_path: Path) -> None:
    """RUN-040, RUN-042: introduced by what was read aloud; what one signs, the other holds."""
    folders = {party: tmp_path / party for party in ("us", "tr")}
    ports = {party: make(folder, party) for party, folder in folders.items()}
    heard = {}
    for party, folder in folders.items():
        heard[party] = crosstell("node", "card", folder).stdout.partition(": ")[2].strip()
    for own, other in (("us", "tr"), ("tr", "us")):
        card = folders[other] / "own.card"
        wrong = crosstell("node", "party", folders[own], card, "--heard", heard[own])
        assert wrong.returncode == 2
        assert "not what was heard" in wrong.stderr
        added = crosstell("node", "party", folders[own], card, "--heard", heard[other])
        assert added.returncode == 0, added.stderr
        made = crosstell(
            *("node", "account", folders[own], "officer", "--kind", "operator"),
            *("--role", "duty-officer", "--password-stdin"),
            given=f"{PASSWORD}\n",
        )
        assert made.returncode == 0, made.stderr
    with running(folders["us"]) as us, running(folders["tr"]) as tr:
        assert f"127.0.0.1:{ports['us'][0]}/" in first_line(us)
        assert "EXERCISE" in first_line(tr)
        client, headers = come_in(ports["us"][0])
        digest = client.get("/protocol").json()["digest"]
        signed = client.post(
            "/acts",
            json={"body": {"protocol_signed": {"protocol": digest}}},
            headers={**headers, "Idempotency-Key": "one"},
        )
        assert signed.status_code == 201, signed.text
        theirs, _ = come_in(ports["tr"][0])
        for _ in range(round(WAIT_S / LOOK_S)):
            if entries_of(theirs, "protocol_signed"):
                break
            time.sleep(LOOK_S)
        assert entries_of(theirs, "protocol_signed"), "the entry did not cross"
        us.send_signal(signal.SIGTERM)
        assert us.wait(20) == 0
        client.close()
        theirs.close()
    with running(folders["us"]) as us:
        first_line(us)
        client, _ = come_in(ports["us"][0])
        assert len(entries_of(client, "protocol_signed")) == 1
        client.close()


def test_what_is_wrong_is_told_before_anything_listens(tmp_path: Path) -> None:
    """RUN-041."""
    api, _ = make(tmp_path / "node", "us")
    with socket.create_server(("127.0.0.1", api)):
        taken = crosstell("node", "run", tmp_path / "node")
    assert taken.returncode == 2
    assert f"api 127.0.0.1:{api} cannot be listened at" in taken.stderr
    (tmp_path / "node" / "marks").rmdir()
    lost = crosstell("node", "run", tmp_path / "node")
    assert lost.returncode == 2
    assert "could fork our feed" in lost.stderr
    nowhere = crosstell("node", "run", tmp_path)
    assert nowhere.returncode == 2
    assert "no node is here" in nowhere.stderr


def test_a_fault_around_the_node_ends_its_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """RUN-043: with 3 and a message; what was signed stands."""
    make(tmp_path / "node", "us")
    node = Running(read_installation(tmp_path / "node"))

    def fail(*_given: object, **_more: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(node.post, "send", fail)
    said: list[str] = []
    assert node.serve(said.append) == 3
    assert "ended by a fault of ours: RuntimeError: a fault of ours" in said[-1]
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("cook", "--kind", "operator", "--role", "cook"), "the protocol's roles are"),
        (("officer", "--kind", "operator"), "needs the role"),
        (("officer", "--kind", "reader", "--password-stdin"), "password"),
    ],
)
def test_an_account_that_cannot_be_is_refused(
    tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    """RUN-041: by one message."""
    make(tmp_path / "node", "us")
    made = crosstell("node", "account", tmp_path / "node", *words, given="short\nshort\n")
    assert made.returncode == 2
    assert said in made.stderr
