"""Nodes as processes for the tests here: made, introduced and run by their commands."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
from click.testing import CliRunner, Result

from crosstell.cli import crosstell as commands
from crosstell.replay.live.desk import PLAIN
from crosstell.replay.live.ports import free_ports

ROOT = Path(__file__).parents[2]
PROTOCOL = ROOT / "scenarios" / "2023-10-05-hasakah" / "protocol.yaml"
PASSWORD = "a watch at three in the morning"  # noqa: S105 - of this test alone
WAIT_S = 40.0
LOOK_S = 0.05


def crosstell(*words: str | Path, given: str = "") -> Result:
    """What a command said and how it ended; here, as a process of it begins anew each time."""
    return CliRunner().invoke(commands, [str(word) for word in words], input=given)


def make(folder: Path, party: str, *, called: bool = True) -> tuple[int, int]:
    """A node of the party, made by the command; its two ports. Not `called`: it only calls."""
    api, line = free_ports(2)
    made = crosstell(
        "init",
        folder,
        *("--protocol", PROTOCOL, "--party", party, "--role", "duty-officer"),
        *("--reality", "exercise", "--api-port", str(api), "--line-port", str(line)),
        *(("--reach", f"127.0.0.1:{line}") if called else ()),
    )
    assert made.exit_code == 0, made.stderr
    return api, line


@contextlib.contextmanager
def running(folder: Path, files: int | None = None) -> Iterator["subprocess.Popen[str]"]:
    """The node's process, which may have so many files open."""
    limited = () if files is None else ("sh", "-c", f'ulimit -n {files}; exec "$@"', "sh")
    process = subprocess.Popen(
        [*limited, sys.executable, "-P", "-m", "crosstell", "node", "run", str(folder)],
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
    address = f"http://127.0.0.1:{port}/api/v1"
    client = httpx.Client(base_url=address, trust_env=False, verify=PLAIN)
    opened = client.post("/session", json={"account": "officer", "password": PASSWORD})
    assert opened.status_code == 201, opened.text
    headers = {"X-CSRF-Token": opened.json()["csrf"]}
    joined = "join" if opened.json().get("on_watch") else "take"
    assert client.post("/watch", json={"how": joined}, headers=headers).is_success
    return client, headers


def entries_of(client: httpx.Client, kind: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = client.get("/entries", params={"after": 0}).json()["entries"]
    return [entry for entry in found if entry["kind"] == kind]


def introduce(
    folder: Path, parties: tuple[str, ...], *, silent: tuple[str, ...] = ()
) -> dict[str, tuple[int, int]]:
    """A node for each party, known to the others, with an officer; their ports."""
    folders = {party: folder / party for party in parties}
    ports = {
        party: make(place, party, called=party not in silent) for party, place in folders.items()
    }
    heard = {
        party: crosstell("node", "card", place).stdout.partition(": ")[2].strip()
        for party, place in folders.items()
    }
    for party, place in folders.items():
        for other in parties:
            if other != party:
                card = folders[other] / "own.card"
                added = crosstell("node", "party", place, card, "--heard", heard[other])
                assert added.exit_code == 0, added.stderr
        made = crosstell(
            *("node", "account", place, "officer", "--kind", "operator"),
            *("--role", "duty-officer", "--password-stdin"),
            given=f"{PASSWORD}\n",
        )
        assert made.exit_code == 0, made.stderr
    return ports
