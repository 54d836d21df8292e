"""A split node as two processes beside a node that is not split. Proves SPLIT-032 on real ports."""

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

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


@pytest.mark.long
def test_a_split_node_talks_like_any_other(tmp_path: Path) -> None:
    """SPLIT-032: what its officer signs, the other party's node holds."""
    ports = introduce(tmp_path, ("us", "tr"))
    split_off(tmp_path / "us", tmp_path / "exchange", ports["us"][1])
    courier = subprocess.Popen(
        [sys.executable, "-P", "-m", "crosstell", "node", "exchange", str(tmp_path / "exchange")],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        with running(tmp_path / "us") as us, running(tmp_path / "tr") as tr:
            assert "folders" in first_line(us)
            first_line(tr)
            client, headers = come_in(ports["us"][0])
            digest = client.get("/protocol").json()["digest"]
            body = {"body": {"protocol_signed": {"protocol": digest}}}
            headers |= {"Idempotency-Key": "one"}
            assert client.post("/acts", json=body, headers=headers).status_code == 201
            theirs, _ = come_in(ports["tr"][0])
            for _ in range(round(WAIT_S / LOOK_S)):
                if entries_of(theirs, "protocol_signed"):
                    break
                time.sleep(LOOK_S)
            assert entries_of(theirs, "protocol_signed"), "the entry did not cross"
            client.close()
            theirs.close()
        courier.send_signal(signal.SIGTERM)
        assert courier.wait(20) == 0
    finally:
        if courier.poll() is None:
            courier.kill()
        courier.wait()
        assert courier.stdout is not None
        courier.stdout.close()
    assert not list((tmp_path / "exchange").rglob("*.store"))
