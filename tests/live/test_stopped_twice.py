"""Who presses Ctrl-C again while a node stops, and what an exchange side at fault ends with."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from live_nodes import (
    LOOK_S,
    WAIT_S,
    come_in,
    crosstell,
    entries_of,
    first_line,
    introduce,
    running,
)

from crosstell.cli.keeping import serving
from crosstell.shell.peers.split import exchange_file


def test_run_554_a_node_told_to_end_again_while_it_ends_loses_nothing(tmp_path: Path) -> None:
    """Five times within the time that it takes, while somebody listens: in order all the same."""
    ports = introduce(tmp_path, ("us",))
    with running(tmp_path / "us") as node:
        first_line(node)
        client, headers = come_in(ports["us"][0])
        digest = client.get("/protocol").json()["digest"]
        body = {"protocol_signed": {"protocol": digest}}
        more = {**headers, "Idempotency-Key": "one"}
        with closing(client), client.stream("GET", "/stream", timeout=WAIT_S) as listened:
            next(listened.iter_lines())
            assert client.post("/acts", json={"body": body}, headers=more).status_code == 201
            for _ in range(5):
                if node.poll() is None:
                    node.send_signal(signal.SIGINT)
                    time.sleep(LOOK_S)
        assert node.wait(WAIT_S) == 0
        assert node.stdout is not None
        said = node.stdout.read()
        assert "The node has stopped; everything that it answered for is recorded." in said
        assert "Traceback" not in said
    with running(tmp_path / "us") as node:
        first_line(node)
        client, _ = come_in(ports["us"][0])
        with closing(client):
            assert len(entries_of(client, "protocol_signed")) == 1


class Side:
    """The parts of an exchange side, one of which may be at fault."""

    def __init__(self, fault: str | None, *, signals: int = 0) -> None:
        self.listener = SimpleNamespace(fault=fault)
        self.tell, self.signals, self.stopped = print, signals, 0

    def start(self, _host: str, port: int) -> int:
        for _ in range(self.signals):
            os.kill(os.getpid(), signal.SIGINT)
        return port

    def stop(self) -> None:
        self.stopped += 1
        if self.signals:
            os.kill(os.getpid(), signal.SIGINT)


@pytest.fixture
def handlers() -> Iterator[None]:
    """Signals are as they were, after the test."""
    before = {one: signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("handlers")
@pytest.mark.parametrize(("fault", "code"), [("OSError: no socket", 3), (None, 0)])
def test_run_555_an_exchange_side_ends_with_what_it_ended_by(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str | None, code: int
) -> None:
    """By a fault of ours at its port 3, so that what watches over it starts it; by signals 0."""
    side = Side(fault, signals=0 if fault else 2)
    file = SimpleNamespace(line=SimpleNamespace(host="127.0.0.1", port=1), beat_s=0.01)
    installed = SimpleNamespace(own=SimpleNamespace(party="us"), file=file)
    monkeypatch.setattr(serving, "read_exchange", lambda _folder: installed)
    monkeypatch.setattr(exchange_file, "courier_of", lambda _side: side)
    ended = crosstell("node", "exchange", tmp_path)
    assert ended.exit_code == code
    assert side.stopped == 1
    if fault:
        assert "The exchange side ended by a fault of ours: OSError: no socket." in ended.output
    else:
        assert "The exchange side has stopped; nodes send again" in ended.output
