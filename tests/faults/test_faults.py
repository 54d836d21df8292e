"""Real nodes under load, killed, cut off, full and attacked: nothing acknowledged is ever lost."""

import base64
import json
import socket
import subprocess
import threading
from pathlib import Path

import pytest

from .capture import found_in, not_tls, read
from .drill import Figures
from .effects import bell, never, rung, unmarked_twice
from .hostile import failed
from .running import run
from .wire import missing, socket_in, wired

MARKER = "a text of its own that nothing else holds"


def held(figures: Figures) -> None:
    """RUN-050 to RUN-053, NOD-411: what was acknowledged is there, once, rang, and verifies."""
    assert figures.lost == 0, figures.faults
    assert figures.twice == 0, figures.faults
    assert figures.effects_twice == 0, figures.faults
    assert figures.unrung == 0, figures.faults
    assert figures.faults == []
    assert figures.effects > 0, "nothing rang: it proves nothing"
    assert figures.acknowledged > 10, list(figures.told())


def test_killed_while_the_line_is_bad_and_repeats(tmp_path: Path) -> None:
    """RUN-050 to RUN-053."""
    figures = run(("both",), tmp_path, rounds=1)
    held(figures)
    assert figures.kills == 1


def test_nod_411_a_ring_twice_as_if_new_is_found() -> None:
    """The control of the drills: a planted double is found, a repetition that says so is none."""
    ring = {"matter": "call entry f/7/abc", "kind": "ring", "role": "duty-officer", "rung": 1}
    higher, again = {**ring, "rung": 2, "role": "watch-chief"}, {**ring, "again": True}
    late = {**ring, "attempt": 2}  # NOD-440: taken, and ended before the dialler had told
    assert list(unmarked_twice([ring, higher, again, again, late])) == []
    ((step, times),) = unmarked_twice([ring, higher, again, ring])
    assert (step.matter, step.rung, times) == (ring["matter"], 1, 2)


def test_peo_023_the_bell_keeps_a_message_and_never_nothing(tmp_path: Path) -> None:
    """A node that is killed between the start of a dialler and its message leaves it none."""
    ring = b'{"kind": "ring", "matter": "call entry f/7/abc"}'
    assert subprocess.run(bell(tmp_path), input=b"", check=False).returncode != 0
    assert rung(tmp_path) == []
    assert subprocess.run(bell(tmp_path), input=ring, check=False).returncode == 0
    assert rung(tmp_path) == [json.loads(ring)]


def test_nod_411_a_call_that_rang_not_is_found() -> None:
    """The control: told by the whole of its name, never by a part."""
    rang = [{"matter": f"incoming entry ef/7/{'a' * 16}"}]
    assert never(rang, [("ef", 7, "a" * 64)]) == []
    silent = [("ef", 7, "b" * 64), ("ef", 77, "a" * 64), ("f", 7, "a" * 64)]
    assert len(never(rang, silent)) == len(silent)


def need_namespaces() -> None:
    """Skipped, with what is missing, where this machine makes no other machines."""
    lacking = missing()
    if lacking is not None:
        pytest.skip(lacking)


def test_run_057_a_bad_cable_gives_all_and_a_capture_sees_it() -> None:
    """The control of the two below: what is said in the open is found, whole, whatever was lost."""
    need_namespaces()
    said = f"{MARKER}{'x' * 40_000}".encode()
    with wired(1) as (hosts, cable):
        cable.loss, cable.twice, cable.delay_s = 0.05, 0.1, 0.002
        there = socket_in(hosts[1].name, socket.AF_INET, socket.SOCK_STREAM)
        here = socket_in(hosts[0].name, socket.AF_INET, socket.SOCK_STREAM)
        with there, here:
            there.bind((hosts[1].address, 5_000))
            there.listen()
            here.settimeout(30)
            here.connect((hosts[1].address, 5_000))
            taken, _ = there.accept()
            threading.Thread(target=here.sendall, args=(said,), daemon=True).start()
            with taken:
                taken.settimeout(30)
                heard = b""
                while len(heard) < len(said):
                    heard += taken.recv(65_536)
        assert heard == said
    passed = read(cable.frames)
    assert passed.strange == []
    (flow, data), *_ = ((flow, data) for flow, data in passed.flows.items() if data)
    assert data == said
    assert found_in(data, [MARKER, "not said"]) == [MARKER]
    assert not_tls(flow, data) is not None


@pytest.mark.long
def test_run_057_two_machines_and_a_cable(tmp_path: Path) -> None:
    """Also RUN-050 to RUN-053."""
    need_namespaces()
    figures = run(("namespaces",), tmp_path, rounds=4)
    held(figures)
    assert figures.kills == 3


@pytest.mark.long
def test_run_058_nothing_that_was_not_released_is_said(tmp_path: Path) -> None:
    held(run(("inside",), tmp_path))


def test_run_058_a_marker_is_found_in_every_form() -> None:
    """The control of the search: as text, wide, hexadecimal, base64 at each of three places."""
    plain = MARKER.encode()
    for before in (b"", b"a", b"ab"):
        for data in (
            before + plain,
            before + MARKER.encode("utf-16-le"),
            plain.hex().encode(),
            base64.b64encode(before + plain + b"after"),
        ):
            assert found_in(data, [MARKER]) == [MARKER]
            assert found_in(data[:20], [MARKER]) == []


def test_run_056_an_answer_that_is_our_own_fault_is_found() -> None:
    """The control of the hostile drill: in a list, and as bytes; a refusal is none."""
    good = {"rubbish": [[400, 429]], "slow": [60], "raw": [[b"HTTP/1.1 400 Bad Re", "cut"]]}
    assert list(failed(good)) == []
    bad = {"rubbish": [[400, 500]], "fork": [503], "raw": [[b"HTTP/1.1 500 Intern"]]}
    assert [name for name, _ in failed(bad)] == ["rubbish", "fork", "raw"]


@pytest.mark.long
def test_a_full_disk_and_then_a_hostile_peer(tmp_path: Path) -> None:
    """RUN-054, RUN-056."""
    held(run(("disk", "hostile"), tmp_path, rounds=1))


@pytest.mark.long
def test_clock_steps(tmp_path: Path) -> None:
    """RUN-055."""
    held(run(("clock",), tmp_path))


@pytest.mark.long
def test_lines_that_do_everything_wrong(tmp_path: Path) -> None:
    """RUN-051, RUN-052."""
    held(run(("lines",), tmp_path, rounds=30))


@pytest.mark.long
@pytest.mark.parametrize("seed", range(20))
def test_a_thousand_kills(seed: int, tmp_path: Path) -> None:
    """RUN-050, RUN-504: fifty for each of twenty pairs, and some more during a start."""
    figures = run(("kill",), tmp_path, rounds=50, seed=seed)
    held(figures)
    assert figures.kills == 50
