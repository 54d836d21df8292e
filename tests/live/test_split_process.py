"""A split node as two processes beside a node that is not split. Proves SPLIT-032 on real ports."""

import base64
import contextlib
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from live_nodes import LOOK_S, WAIT_S, come_in, entries_of, first_line, introduce, running

PICTURE = """
split:
  outgoing: {folder}/released
  incoming: {folder}/received
  beat_s: 0.2
"""
EXCHANGE = """
outgoing: released
incoming: received
beat_s: 0.2
line:
  port: {port}
"""


def split_off(node: Path, exchange: Path, line_port: int) -> None:
    """As docs/operations.md says: the key of the line moves, the store stays."""
    exchange.mkdir()
    for name in ("released", "received"):
        (exchange / name).mkdir()
    shutil.copyfile(node / "own.card", exchange / "own.card")
    shutil.copytree(node / "parties", exchange / "parties")
    shutil.move(node / "line", exchange / "line")
    (exchange / "exchange.yaml").write_text(EXCHANGE.format(port=line_port), encoding="utf-8")
    file = node / "node.yaml"
    text = file.read_text(encoding="utf-8") + PICTURE.format(folder=exchange)
    file.write_text(text, encoding="utf-8")


HOME, RELEASED = "a text that stays at home", "a text that was released"


def notice(name: str, text: str, *to: str) -> dict[str, Any]:
    content = {"general_notice": {"text": text, "source": "a test"}}
    filed = {"notice": name, "version": 1, "content": content, "marking": "EXERCISE"}
    return {"notice_filed": {**filed, "releasable_to": list(to)}}


def act(client: httpx.Client, headers: dict[str, str], body: dict[str, Any]) -> None:
    more = headers | {"Idempotency-Key": secrets.token_hex(8)}
    assert client.post("/acts", json={"body": body}, headers=more).status_code == 201


def forms(text: str) -> Iterator[bytes]:
    yield text.encode()
    for shift in range(3):
        yield base64.b64encode(b" " * shift + text.encode())[4:-4]


def texts_in(folder: Path) -> set[str]:
    """Which of the two stand in any file there, as they are or in base64."""
    found = set()
    for file in folder.rglob("*"):
        if file.is_file():
            data = file.read_bytes()
            found |= {one for one in (HOME, RELEASED) if any(form in data for form in forms(one))}
    return found


@contextlib.contextmanager
def courier(exchange: Path) -> Iterator[None]:
    """The exchange side runs, and ends in order."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "crosstell", "node", "exchange", str(exchange)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def until(what: Callable[[], Any], text: str) -> None:
    for _ in range(round(WAIT_S / LOOK_S)):
        if what():
            return
        time.sleep(LOOK_S)
    raise AssertionError(text)


@pytest.mark.long
def test_a_split_node_talks_like_any_other(tmp_path: Path) -> None:
    """SPLIT-032: what its officer signs, the other holds; what stays at home is in no file."""
    ports = introduce(tmp_path, ("us", "tr"))
    exchange = tmp_path / "exchange"
    split_off(tmp_path / "us", exchange, ports["us"][1])
    with running(tmp_path / "us") as us, running(tmp_path / "tr") as tr:
        assert "folders" in first_line(us)
        first_line(tr)
        client, headers = come_in(ports["us"][0])
        digest = client.get("/protocol").json()["digest"]
        act(client, headers, {"protocol_signed": {"protocol": digest}})
        act(client, headers, notice("stays", HOME))
        act(client, headers, notice("goes", RELEASED, "tr"))
        until(lambda: texts_in(exchange) == {RELEASED}, "not given to be carried")
        theirs, _ = come_in(ports["tr"][0])
        with courier(exchange):
            until(lambda: entries_of(theirs, "notice_filed"), "the entry did not cross")
        assert entries_of(theirs, "protocol_signed")
        (filed,) = entries_of(theirs, "notice_filed")
        assert RELEASED in str(filed)
        client.close()
        theirs.close()
    assert HOME not in texts_in(exchange)
    assert not list(exchange.rglob("*.store"))
