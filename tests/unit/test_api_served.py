"""The interface over a real port: a browser's requests, the stream, a client that takes nothing."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import httpx
import pytest
import uvicorn
from api_desk import BASE, OPERATOR, PASSWORD, PATIENT, Desk
from node_pair import ALPHA, BRAVO, DUTY, roz

from crosstell.codecs.plain import to_plain
from crosstell.core.mechanism.inputs import Act
from crosstell.core.picture.party import Speaker

SOON_S = 20.0
ENTRIES_MAX = 8_000  # more than the buffers of both ends hold


@contextmanager
def served(desk: Desk) -> Iterator[str]:
    """The desk's application behind a port of its own, and its address."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(desk.app, log_config=None, timeout_graceful_shutdown=5, ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    desk.sequencer.start()
    thread.start()
    try:
        host, port = listening.getsockname()
        yield f"http://{host}:{port}"
    finally:
        server.should_exit = True
        thread.join(SOON_S)
        desk.sequencer.stop()
        desk.access.close()
        assert not thread.is_alive()


def come_in(client: httpx.Client) -> dict[str, str]:
    found = client.post(f"{BASE}/session", json={"account": OPERATOR, "password": PASSWORD})
    assert found.status_code == 201, found.text
    return {"X-CSRF-Token": found.json()["csrf"]}


def test_api_050_over_a_port_a_stream_is_resumed_and_ends_when_the_node_stops() -> None:
    """API-050, API-057."""
    desk = Desk(limits=replace(PATIENT, keepalive_s=0.1))
    with served(desk) as address, httpx.Client(base_url=address, timeout=SOON_S) as client:
        headers = come_in(client)
        assert client.post(f"{BASE}/watch", json={}, headers=headers).status_code == 200
        with client.stream("GET", f"{BASE}/stream?after=0") as stream:
            assert stream.headers["Content-Type"].startswith("text/event-stream")
            assert stream.headers["Cache-Control"] == "no-store"
            lines = stream.iter_lines()
            numbers: list[int] = []
            while len(numbers) < 5:
                line = next(lines)
                if line.startswith("id: "):
                    numbers.append(int(line[4:]))
            assert numbers == [1, 2, 3, 4, 5]
            act = {"body": {"notice_filed": to_plain(roz("roz-1", BRAVO))}}
            found = client.post(
                f"{BASE}/acts", json=act, headers=headers | {"Idempotency-Key": "k"}
            )
            assert found.status_code == 201, found.text
            while '"notice_filed"' not in next(lines):
                pass
            desk.app.state.serving.hub.stop()
            rest = "\n".join(lines)
            assert "event: dropped" in rest


@pytest.mark.long
def test_api_054_over_a_port_a_client_that_takes_nothing_is_given_up() -> None:
    desk = Desk(limits=replace(PATIENT, keepalive_s=0.05, stalled_s=0.3))
    by = Speaker(party=ALPHA, role=DUTY, watch="1")
    with served(desk) as address, httpx.Client(base_url=address, timeout=SOON_S) as client:
        headers = come_in(client)
        assert client.post(f"{BASE}/watch", json={}, headers=headers).status_code == 200
        cookie = "; ".join(f"{k}={v}" for k, v in client.cookies.items())
        host, _, port = address.removeprefix("http://").partition(":")
        deaf = socket.socket()
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2_048)
        deaf.connect((host, int(port)))
        deaf.sendall(
            f"GET {BASE}/stream?after=0 HTTP/1.1\r\nHost: {host}:{port}\r\n"
            f"Cookie: {cookie}\r\n\r\n".encode()
        )
        hub = desk.app.state.serving.hub
        assert soon(lambda: len(hub.mailboxes) == 1)
        for number in range(ENTRIES_MAX):
            if not hub.mailboxes:
                break
            body = replace(roz(f"roz-{number}"), reason="x" * 400)
            desk.sequencer.really(Act(by=by, body=body))
        assert soon(lambda: hub.mailboxes == set()), "it is still fed"
        deaf.close()
        status = client.get(f"{BASE}/status", headers=headers)
        assert status.status_code == 200, "the node and its other clients go on"
        assert json.loads(status.text)["streams"] == 0


def soon(holds: Callable[[], bool]) -> bool:
    """Whether it holds before long."""
    for _ in range(400):
        if holds():
            return True
        time.sleep(0.05)
    return False
