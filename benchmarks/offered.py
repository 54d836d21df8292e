"""Inputs offered to a node's own thread at a rate, however busy it is, and how long each waited.

The thread, its line and its batches are those of a running node (`shell/live/sequencer.py`); only
the ports before it and people behind it are left out. Whoever offers is a thread of the same
process, so what it takes of the processor is taken from the node.
"""

import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from live_node import START

from crosstell.core.errors import Unavailable
from crosstell.core.mechanism.effects import Effect, ShowAlert
from crosstell.shell.live.sequencer import Happened, Sequencer
from crosstell.shell.node import Message, NodeInput, Outcome
from crosstell.sim.party import Party

LATE_S = 120.0  # how long the last answers are waited for


@dataclass(slots=True)
class Passing:
    """Time that passes from `start` on."""

    start: datetime = START
    began: float = field(default_factory=time.perf_counter)

    def now(self) -> datetime:
        """The instant."""
        return self.start + timedelta(seconds=time.perf_counter() - self.began)

    def wait_s(self, until: datetime) -> float:
        """Seconds until then."""
        return (until - self.now()).total_seconds()

    def trouble(self) -> str | None:
        """Nothing is wrong with it."""
        return None

    def follow(self) -> bool:
        """Nobody sets it."""
        return False


class Nobody:
    """Takes parcels and effects, and counts alerts."""

    def __init__(self) -> None:
        """No alert yet."""
        self.alerts = 0

    def send(self, messages: tuple[Message, ...]) -> None:
        """They go nowhere."""

    def take(self, effects: Iterable[Effect]) -> None:
        """Alerts are counted."""
        self.alerts += sum(isinstance(one, ShowAlert) for one in effects)

    def take_standing(self, effects: Iterable[Effect], *, is_restart: bool = False) -> None:
        """What stands is known."""


@dataclass(slots=True)
class Waited:
    """How long inputs waited for their word, and what the node did meanwhile."""

    waited_ms: list[float] = field(default_factory=list)
    alerts_ms: dict[int, float] = field(default_factory=dict)
    entries: int = 0
    batches: int = 0
    lasted_s: float = 0.0
    cpu_s: float = 0.0
    offering_s: float = 0.0
    behind: int = 0
    turned_away: int = 0

    def part_ms(self, share: float) -> float:
        """So large a share of the inputs waited no longer."""
        return part(self.waited_ms, share)

    @property
    def processors(self) -> float:
        """Processor time of the node's side in each second."""
        return (self.cpu_s - self.offering_s) / self.lasted_s


def part(values: list[float], share: float) -> float:
    """So large a share of the values is no larger; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


@contextmanager
def running(party: Party, clock: Passing) -> Iterator[Sequencer]:
    """The party's node in a thread of its own."""
    nobody = Nobody()
    line = Sequencer(node=party.node, store=party.store, clock=clock, post=nobody, people=nobody)
    line.start()
    try:
        yield line
    finally:
        line.stop()
        assert line.fault is None, line.fault


def offer(line: Sequencer, given: Iterator[NodeInput], rate: int, seconds: float) -> Waited:
    """So many inputs in each second, evenly spaced. None that is taken may fail.

    `alerts_ms` has, for each outcome that shows an alert, how long the first of its inputs waited:
    what follows each other is handled as one, and no alert waited longer.
    """
    found = Waited()
    open_ones: list[Future[Outcome]] = []
    count, offered = int(rate * seconds), 0
    end = line.watch(lambda happened: _count(found, happened))
    began, spent, mine = time.perf_counter(), time.process_time(), time.thread_time()
    while offered < count:
        now_s = time.perf_counter() - began
        due = min(count, int(now_s * rate) + 1) - offered
        if due <= 0:
            time.sleep(max(0.0, offered / rate - now_s))
            continue
        for _ in range(due):
            came, one = began + offered / rate, next(given)
            offered += 1
            try:
                open_ones.append(line.submit(one))
            except Unavailable:  # too many wait
                found.turned_away += 1
            else:
                open_ones[-1].add_done_callback(_Told(found, came))
    found.behind = sum(not one.done() for one in open_ones)
    found.offering_s = time.thread_time() - mine
    for one in open_ones:
        if isinstance(one.exception(LATE_S), Unavailable):  # it waited too long
            found.turned_away += 1
        else:
            one.result()
    found.lasted_s, found.cpu_s = time.perf_counter() - began, time.process_time() - spent
    end()
    return found


@dataclass(frozen=True, slots=True)
class _Told:
    """Notes when an input was told."""

    found: Waited
    came: float

    def __call__(self, asked: "Future[Outcome]") -> None:
        """It was told now."""
        if isinstance(asked.exception(), Unavailable):
            return
        outcome = asked.result()
        assert (outcome.fault, outcome.no) == (None, None), outcome
        waited_ms = (time.perf_counter() - self.came) * 1e3
        self.found.waited_ms.append(waited_ms)
        if any(isinstance(one, ShowAlert) for one in outcome.effects):
            longest_ms = self.found.alerts_ms.get(id(outcome), 0.0)  # held by its future
            self.found.alerts_ms[id(outcome)] = max(longest_ms, waited_ms)


def _count(found: Waited, happened: Happened) -> None:
    found.entries += len(happened.outcome.recorded)
    found.batches += 1
