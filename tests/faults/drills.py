"""What may happen to nodes, one after the other if wanted; `Drill.judge` says what came of it.

After `hostile` the second party's node stays dead: its keys are in the wrong hands.
"""

import json
import os
import random
import resource
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx

from .drill import MORE, Drill
from .hostile import Hostile, failed
from .load import Asked, Client
from .site import Site, come_about
from .stepped import OFFSET

FULL = 4_096
FULL_SPARE = 40_000  # bytes that may still be written when the disk is full
STOPPED_EACH = 10
RUNS_S_MAX = 2.5  # a node that was killed runs at most so long under load before it is again
EARLY_SHARE = 0.125  # of restarts that are killed before they answer; they count apart
MEMORY_KB_MAX = 600_000
SLOWEST_S_MAX = 5.0  # an operator waits no longer than this for any answer
HOUR_S = 3_600.0


def kill_at_random(one: Drill, rounds: int) -> None:
    """Both nodes, each at moments of its own, so many times; what was asked meanwhile is all there.

    Neither waits for the other: either is killed while the other runs, starts or is dead. Every
    tenth time a node is asked to stop, under load too, which is not always done well either.
    """
    one.load()
    halves = (rounds - rounds // 2, rounds // 2)
    with ThreadPoolExecutor(len(one.sites)) as both:
        works = [both.submit(_kill, one, *of) for of in zip(one.sites, halves, strict=True)]
    for work in works:
        work.result()
    one.goes_on()
    one.rest()


def _kill(one: Drill, site: Site, rounds: int) -> None:
    """This node alone, so many times that it was up; some more times before it was."""
    rng = random.Random(f"{one.seed}:kill:{site.party}")
    for number in range(1, rounds + 1):
        time.sleep(rng.uniform(0.0, RUNS_S_MAX))
        one.kill(site, early_s=rng.uniform(0.0, site.start_s[-1]) * (rng.random() < EARLY_SHARE))
        if number % STOPPED_EACH == 0:
            one.stop(site)


def bad_lines(one: Drill, rounds: int) -> None:
    """Lines that are cut, slow, break within a message, and repeat; then whole again."""
    one.load()
    for _ in range(rounds):
        for line in one.lines:
            line.delay_s, line.break_share = one.rng.choice(((0.05, 0.0), (0.0, 0.3), (0.02, 0.1)))
        time.sleep(one.rng.uniform(0.3, 1.0))
        for line in one.lines:
            if one.rng.random() < 0.7:
                line.cut()
        time.sleep(one.rng.uniform(0.2, 1.0))
        for line in one.lines:
            line.heal()
    one.rest()
    for copyist in one.copyists:
        copyist.keep_share = 0.0
    one.figures.notes += [
        f"carried {line.carried} bytes, broken {line.broken} times" for line in one.lines
    ]
    one.figures.notes += [
        f"repeated {copyist.repeated} parcels, kept {copyist.kept_back} answers back"
        for copyist in one.copyists
    ]


def kills_and_bad_lines(one: Drill, rounds: int) -> None:
    """Both at once: a node is killed while its line is bad."""
    one.load()
    for number in range(rounds):
        line = one.rng.choice(one.lines)
        line.break_share = 0.2
        if number % 2:
            line.cut()
        time.sleep(one.rng.uniform(0.1, 0.6))
        one.kill(one.sites[number % 2])
        line.heal()
    one.goes_on()
    one.rest()


def full_disk(one: Drill, rounds: int) -> None:
    """No file of the node may grow any more; then they may again, and it goes on by itself."""
    site, client = one.sites[0], one.clients[0]
    assert site.process is not None
    for number in range(rounds):
        one.load()
        one.goes_on()
        client.slowest_s = 0.0  # how long an operator waits while the disk is full is a figure
        most = max(path.stat().st_size for path in site.folder.rglob("*.store*"))
        for limit in (most + FULL_SPARE, FULL):  # nearly full, then full
            resource.prlimit(
                site.process.pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY)
            )
            _asked_on(client)
        done = client.recorded
        shown = _shown_in_time(client)
        _asked_on(client)
        one.figures.notes.append(
            f"round {number + 1}, disk full: the node shows {shown}; "
            f"the slowest answer took {client.slowest_s:.2f} s"
        )
        if shown == "None":
            one.figures.faults.append("a node that cannot store does not show it")
        if client.recorded > done:
            one.figures.notes.append("acts were acknowledged while no file could grow")
        unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        resource.prlimit(site.process.pid, resource.RLIMIT_FSIZE, unlimited)
        _acts_again(one, client, f"full-{number}")
        one.rest()


def clock_steps(one: Drill, rounds: int) -> None:
    """The system's clock is set forwards and back under load, and before a start."""
    one.load()
    site, client = one.sites[0], one.clients[0]
    for number in range(rounds):
        for off_s in (HOUR_S, -2 * HOUR_S, 0.0):
            _set_clock(off_s)
            _asked_on(client)
            one.figures.notes.append(
                f"round {number + 1}, clock {off_s:+.0f} s: {_status(client).get('clock')}"
            )
    one.rest()
    _set_clock(-HOUR_S)  # a start with a clock an hour behind what was recorded
    one.kill(site)
    behind = Asked(name="us-behind")
    answer = client.once(behind)
    shown = _fault_shown(client)
    one.figures.notes.append(f"an hour behind: an act is answered {answer}; shown: {shown}")
    if shown == "None":
        one.figures.faults.append("a node that may not sign does not show it")
    if answer in (200, 201):
        one.figures.faults.append("a node an hour behind its own record signed an act")
    _set_clock(0.0)
    one.kill(site)
    _acts_again(one, client, "clock-right")


def hostile(one: Drill, rounds: int) -> None:
    """A peer with stolen keys and strangers, while an operator works."""
    target, client = one.sites[0], one.clients[0]
    one.clients[1].act("tr-first")
    one.converged()
    enemy = Hostile(stolen=one.sites[1], target=target, seed=one.seed)
    one.sites[1].kill()
    client.slowest_s = 0.0  # of what came before nothing is asked here
    client.begin()
    try:
        for _ in range(rounds):
            enemy.go()
            _asked_on(client)
        slowest = client.slowest_s
        memory = _memory_kb(target.process.pid if target.process else os.getpid())
        status = _status(client)
    finally:
        enemy.let_go()
    client.end()
    figures = one.figures
    figures.notes += [f"{name}: {answers[0]}" for name, answers in enemy.answers.items()]
    figures.notes += [f"slowest answer {slowest:.2f} s, memory {memory} kB"]
    figures.notes += [f"alarm: {alarm[:200]}" for alarm in status.get("alarms", [])[:5]]
    if not any("signed two different entries" in alarm for alarm in status.get("alarms", [])):
        figures.faults.append(f"a fork is not shown: {status.get('alarms')}")
    figures.faults += [
        f"{name}: a fault of ours: {answer}" for name, answer in failed(enemy.answers)
    ]
    if slowest > SLOWEST_S_MAX:
        figures.faults.append(f"an operator waited {slowest:.1f} s, more than {SLOWEST_S_MAX} s")
    if memory > MEMORY_KB_MAX:
        figures.faults.append(f"the node takes {memory} kB")
    if status.get("fault"):
        figures.faults.append(f"the node shows a fault: {status['fault']}")


def _asked_on(client: Client) -> None:
    """The client has asked some more, whatever it was answered."""
    wanted = client.tries + MORE
    come_about(lambda: client.tries >= wanted, "the client goes on asking")


def _shown_in_time(client: Client) -> str:
    """The fault that the node shows, once it does; None if it never does."""
    with suppress(AssertionError):
        come_about(lambda: _fault_shown(client) not in ("None", ""), "the fault is shown")
    return _fault_shown(client)


def _set_clock(off_s: float) -> None:
    path = Path(os.environ[OFFSET])
    part = path.with_suffix(".part")
    part.write_text(str(off_s), encoding="ascii")
    part.replace(path)


def _status(client: Client) -> dict[str, Any]:
    """What the node says of itself; empty if it says nothing now."""
    try:
        found = client.get("/status")
        return dict(json.loads(found.text)) if found.status_code == 200 else {}
    except (httpx.HTTPError, ValueError):
        return {}


def _fault_shown(client: Client) -> str:
    return str(_status(client).get("fault"))[:200]


def _acts_again(one: Drill, client: Client, name: str) -> None:
    """An act is recorded, within a client's patience."""
    asked = client.act(name)
    if asked.entry is None:
        one.figures.faults.append(f"{name} was not recorded: {asked.refused}")


def _memory_kb(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0
