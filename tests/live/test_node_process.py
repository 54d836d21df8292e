"""A node as a process, made, introduced and run by its commands: RUN-040 to RUN-043."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest
from live_nodes import (
    LOOK_S,
    WAIT_S,
    come_in,
    crosstell,
    entries_of,
    first_line,
    introduce,
    make,
    running,
)
from sampling import thinned


def test_two_nodes_by_their_commands(tmp_path: Path) -> None:
    """RUN-040, RUN-042, RUN-440: introduced by what was read aloud; what one signs, the other
    holds; whoever listens is told of the end.
    """
    folders = {party: tmp_path / party for party in ("us", "tr")}
    ports = introduce(tmp_path, ("us", "tr"))
    own = crosstell("node", "card", folders["us"]).stdout.partition(": ")[2].strip()
    card = folders["tr"] / "own.card"
    wrong = crosstell("node", "party", folders["us"], card, "--heard", own)
    assert wrong.exit_code == 2
    assert "not what was heard" in wrong.stderr
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
        with client.stream("GET", "/stream", timeout=WAIT_S) as listened:
            lines = listened.iter_lines()
            next(lines)
            us.send_signal(signal.SIGTERM)
            told = list(lines)
        assert "event: dropped" in told
        assert "the node is being stopped" in told[told.index("event: dropped") + 1]
        assert us.wait(20) == 0
        client.close()
        theirs.close()
    with running(folders["us"]) as us:
        first_line(us)
        client, _ = come_in(ports["us"][0])
        assert len(entries_of(client, "protocol_signed")) == 1
        client.close()


@pytest.mark.long
def test_a_party_that_only_calls_is_taken(tmp_path: Path) -> None:
    """RUN-040: nobody can dial it; its card holds its certificate."""
    ports = introduce(tmp_path, ("us", "aid"), silent=("aid",))
    with running(tmp_path / "us") as us, running(tmp_path / "aid") as aid:
        first_line(us)
        first_line(aid)
        client, headers = come_in(ports["aid"][0])
        digest = client.get("/protocol").json()["digest"]
        body = {"body": {"protocol_signed": {"protocol": digest}}}
        headers |= {"Idempotency-Key": "one"}
        assert client.post("/acts", json=body, headers=headers).status_code == 201
        theirs, _ = come_in(ports["us"][0])
        for _ in range(round(WAIT_S / LOOK_S)):
            if entries_of(theirs, "protocol_signed"):
                break
            time.sleep(LOOK_S)
        assert entries_of(theirs, "protocol_signed"), "the entry did not cross"
        client.close()
        theirs.close()


FILES = 128  # that the node may have open, fewer than strangers who call


def is_cut(line: socket.socket) -> bool:
    """Whether the other end has ended it."""
    try:
        return line.recv(1) == b""
    except ConnectionError:
        return True


def test_strangers_without_end_stop_nothing(tmp_path: Path) -> None:
    """RUN-530, RUN-531, RUN-532: who is logged in goes on, others log in, the line answers."""
    api, line = introduce(tmp_path, ("us",))["us"]
    with running(tmp_path / "us", files=FILES) as us, ExitStack() as open_:
        first_line(us)
        client, headers = come_in(api)
        listened = open_.enter_context(client.stream("GET", "/stream", timeout=WAIT_S))
        lines = listened.iter_lines()
        next(lines)
        stranger = partial(socket.create_connection, timeout=WAIT_S)
        half = [open_.enter_context(stranger(("127.0.0.1", api))) for _ in range(2 * FILES)]
        for each in half:
            each.sendall(b"GET /api/v1/session HTTP/1.1\r\nHost: x\r\n")
        for each in half[: FILES + 1]:
            assert is_cut(each), "the oldest gives way"
        silent = [open_.enter_context(stranger(("127.0.0.1", line))) for _ in range(FILES)]
        assert is_cut(silent[0])
        digest = client.get("/protocol").json()["digest"]
        signed = client.post(
            "/acts",
            json={"body": {"protocol_signed": {"protocol": digest}}},
            headers={**headers, "Idempotency-Key": "one"},
        )
        assert signed.status_code == 201, signed.text
        other, _ = come_in(api)
        status = other.get("/status").json()
        refused = {row["reason"]: row["count"] for row in status["running"]["refused"]}
        assert refused["crowd"] > FILES
        assert not status.get("fault")
        assert is_cut(half[-1]), "half a request is waited for no longer than seconds"
        assert "event: entry" in (next(lines) for _ in range(1_000))
        other.close()
        open_.close()
        client.close()


def test_what_is_wrong_is_told_before_anything_listens(tmp_path: Path) -> None:
    """RUN-041."""
    api, _ = make(tmp_path / "node", "us")
    with socket.create_server(("127.0.0.1", api)), running(tmp_path / "node") as taken:
        assert f"api 127.0.0.1:{api} cannot be listened at" in first_line(taken)
        assert taken.wait(20) == 2
    shutil.rmtree(tmp_path / "node" / "marks")
    lost = crosstell("node", "run", tmp_path / "node")
    assert lost.exit_code == 2
    assert "could fork our feed" in lost.stderr
    nowhere = crosstell("node", "run", tmp_path)
    assert nowhere.exit_code == 2
    assert "no node is here" in nowhere.stderr


FAULTY = """
import sys
from pathlib import Path
from socket import create_connection
from crosstell.shell.config.node_file import read_installation
from threading import Thread
from time import sleep
from crosstell.shell.live.running import Running
from crosstell.shell.ports.door import Door
from dawdling import report

node = Running(read_installation(Path(sys.argv[1])), report=report)
begun = Path(sys.argv[1]) / "begun"

def fail(*_given, **_more):
    while not begun.exists():
        sleep(0.01)
    raise RuntimeError("a fault of ours")

if sys.argv[2] == "post":
    node.post.send = fail
else:
    Door._has_room = fail
Thread(target=node.reports.make, args=(str(begun), "en")).start()

def say(text):
    print(text)
    if "runs" in text and sys.argv[2] == "line":
        create_connection(("127.0.0.1", int(text.rpartition(":")[2])))

sys.exit(node.serve(say))
"""
DAWDLING = """
from pathlib import Path
from time import sleep

def report(store, protocol, incident, language):
    Path(incident).touch()
    sleep(600)
"""


@pytest.mark.parametrize("where", thinned(["line", "post"], every=2))
def test_a_fault_around_the_node_ends_its_process(tmp_path: Path, where: str) -> None:
    """RUN-043: with 3 and a message; what was signed stands. RUN-443: no report is waited for.

    RUN-535: at the door of a port too.
    """
    make(tmp_path / "node", "us")
    (tmp_path / "dawdling.py").write_text(DAWDLING)
    ended = subprocess.run(
        [sys.executable, "-P", "-c", FAULTY, str(tmp_path / "node"), where],
        capture_output=True,
        text=True,
        timeout=WAIT_S,
        check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join((str(tmp_path), *sys.path))},
    )
    assert ended.returncode == 3, ended.stderr
    assert "ended by a fault of ours: RuntimeError: a fault of ours" in ended.stdout


def test_an_account_that_cannot_be_is_refused(tmp_path: Path) -> None:
    """RUN-041: by one message."""
    make(tmp_path / "node", "us")
    for words, said in (
        (("cook", "--kind", "operator", "--role", "cook"), "the protocol's roles are"),
        (("officer", "--kind", "operator"), "needs the role"),
        (("officer", "--kind", "reader", "--password-stdin"), "password"),
    ):
        made = crosstell("node", "account", tmp_path / "node", *words, given="short\nshort\n")
        assert made.exit_code == 2
        assert said in made.stderr
