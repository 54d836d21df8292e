"""A split node as two processes beside a node that is not split: RUN-050 to RUN-052."""

import os
import signal
import subprocess
import sys
import time
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
    running,
)

SPLIT = """
split:
  outbox: {folder}/from-picture
  inbox: {folder}/to-picture
  beat_s: 0.2
"""


def split_off(node: Path, exchange: Path) -> None:
    file = node / "node.yaml"
    file.write_text(
        file.read_text(encoding="utf-8") + SPLIT.format(folder=exchange), encoding="utf-8"
    )
    made = crosstell("node", "split", node, "--out", exchange)
    assert made.returncode == 0, made.stderr


def test_a_split_node_talks_like_any_other(tmp_path: Path) -> None:
    """RUN-052: with the key of the line on the exchange side alone."""
    ports = introduce(tmp_path, ("us", "tr"))
    exchange = tmp_path / "exchange"
    split_off(tmp_path / "us", exchange)
    (tmp_path / "us" / "line" / "key.pem").unlink()
    courier = subprocess.Popen(
        [sys.executable, "-P", "-m", "crosstell", "exchange", "run", str(exchange)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        with running(tmp_path / "us") as us, running(tmp_path / "tr") as tr:
            assert "by folders" in first_line(us)
            first_line(tr)
            assert "exchange side of us runs" in first_line(courier)
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


def test_an_exchange_side_holds_no_more_than_its_line(tmp_path: Path) -> None:
    """RUN-050, RUN-051."""
    introduce(tmp_path, ("us", "tr"))
    early = crosstell("node", "split", tmp_path / "us", "--out", tmp_path / "early")
    assert early.returncode == 2
    assert "has no part `split`" in early.stderr
    assert not (tmp_path / "early").exists()
    split_off(tmp_path / "us", tmp_path / "exchange")
    held = sorted(
        str(path.relative_to(tmp_path / "exchange"))
        for path in (tmp_path / "exchange").rglob("*")
        if path.is_file()
    )
    expected = ["exchange.yaml", "line/certificate.pem", "line/key.pem", "own.card"]
    assert held == [*expected, "parties/tr.card"]
    again = crosstell("node", "split", tmp_path / "us", "--out", tmp_path / "exchange")
    assert again.returncode == 2
    assert sorted(os.listdir(tmp_path)) == ["exchange", "tr", "us"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("beat_s: 0.2", "beat_s: 0", "between every 0.1 s and every minute"),
        ("/to-picture", "/from-picture", "are one folder"),
        ("beat_s: 0.2", "beat: 0.2", "beat"),
    ],
)
def test_a_fault_of_the_split_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    """RUN-051."""
    introduce(tmp_path, ("us",))
    file = tmp_path / "us" / "node.yaml"
    text = file.read_text(encoding="utf-8") + SPLIT.format(folder=tmp_path / "exchange")
    file.write_text(text.replace(old, new), encoding="utf-8")
    refused = crosstell("node", "split", tmp_path / "us", "--out", tmp_path / "exchange")
    assert refused.returncode == 2
    assert said in refused.stderr
