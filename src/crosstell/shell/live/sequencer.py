"""One thread that owns the node: what is put to it waits in one line, and time comes in between.

Nothing else touches the node, so its inputs have one order. An answer is given when the batch is
durable and its effects and parcels have been handed on. The line is bounded: whoever comes when it
is full is told when to come again. Implements RUN-030 to RUN-036.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from threading import Thread
from typing import Protocol, TypeVar

from crosstell.core.errors import CrosstellError, Unavailable
from crosstell.core.ids import FeedId
from crosstell.core.mechanism.effects import Effect
from crosstell.core.mechanism.inputs import OBSERVATIONS_MAX, Observed, Tick
from crosstell.core.state.state import State
from crosstell.shell.clock import Clock, read_steady
from crosstell.shell.live.pressure import Pressure
from crosstell.shell.node import Message, Node, NodeInput, Outcome, Snapshot
from crosstell.shell.snapshot import ReadHeld, held_of
from crosstell.shell.store.contract import Store

WAITING_MAX = 4_096  # inputs in line
BATCH_MAX = 512  # inputs that may share one commit
AGAIN_S = 1  # what a caller is told when the line is full
SLEEP_S_MAX = 1.0  # a node looks at the clock at least so often, should the clock be set meanwhile
SNAPSHOT_S = 600.0  # how often what is known is kept for a quicker start; of the machine
SNAPSHOT_ENTRIES = 50_000  # or after so many entries: a start reads 4,500 in a processor second
SNAPSHOT_FEW = 2_000  # or after so many, where so little of the node's time goes into it:
SNAPSHOT_REST = 50.0  # times as long as the last took to make has passed since
SNAPSHOT_REST_S = 10.0  # and this: after a start there are other things to do first

Seen = TypeVar("Seen")


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """What one batch brought, told when it is durable.

    `arrivals` is the local number of the newest entry held then.
    """

    at: datetime
    outcome: Outcome
    arrivals: int


Listener = Callable[[Happened], None]


class Post(Protocol):
    """Takes parcels for other parties' nodes. It must not block."""

    def send(self, messages: tuple[Message, ...]) -> None:
        """The parcels are on their way, or are given up: the node sends again what is needed."""
        ...


class People(Protocol):
    """Takes what people must be told. It must not block."""

    def take(self, effects: Iterable[Effect]) -> None:
        """The effects are on their way to people."""
        ...

    def take_standing(self, effects: Iterable[Effect], *, is_restart: bool = False) -> None:
        """So are these, and they are all that stands: what is not among them has ended."""
        ...


@dataclass(slots=True)
class _Asked:
    """One thing in line: an input, or a look at the node."""

    given: NodeInput | None
    view: Callable[[Node, datetime], object] | None
    done: Future[object]
    taken_s: float = 0.0

    @property
    def observations(self) -> int:
        """How many it brings."""
        return len(self.given.observations) if isinstance(self.given, Observed) else 0


@dataclass(slots=True)
class Sequencer:
    """The owner of one node, and the line before it."""

    node: Node
    store: Store
    clock: Clock
    post: Post
    people: People
    pressure: Pressure = field(default_factory=lambda: Pressure(steady=read_steady))
    _line: deque[_Asked] = field(default_factory=deque)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _listeners: list[Listener] = field(default_factory=list)
    _thread: Thread | None = None
    _making: Thread | None = None
    _ending: bool = False
    _due: datetime | None = None
    _kept_at_s: float = 0.0
    _arrivals: int = 0
    _kept_arrivals: int = 0
    _made_in_s: float = 0.0
    fault: str | None = None

    def start(self) -> None:
        """The thread runs; what still stands is rung again, and a first tick is given."""
        self._thread = Thread(target=self._run, name="sequencer", daemon=True)
        self._thread.start()

    def stop(self, wait_s: float = 30.0) -> None:
        """What is in line has been done, a snapshot is kept, and the thread has ended."""
        with self._changed:
            self._ending = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(wait_s)

    def submit(self, given: NodeInput) -> Future[Outcome]:
        """The input is in line. Unavailable, at once, if the line is full or has ended, or if it
        brings observations that would wait too long.
        """
        return self._put(_Asked(given=given, view=None, done=Future()))  # type: ignore[return-value]

    def look(self, view: Callable[[Node, datetime], Seen]) -> Future[Seen]:
        """`view` is asked in the owner's thread, between two inputs."""
        return self._put(_Asked(given=None, view=view, done=Future()))  # type: ignore[return-value]

    def state(self) -> State:
        """What was last known: a value that never changes, to be read from any thread."""
        return self.node.state

    def watch(self, listener: Listener) -> Callable[[], None]:
        """`listener` is told of every batch, in the owner's thread; the answer ends that."""
        with self._changed:
            self._listeners.append(listener)

        def end() -> None:
            with self._changed:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return end

    def alarms(self) -> tuple[str, ...]:
        """What a person must know of the line now."""
        return self.pressure.alarm()

    @property
    def runs(self) -> bool:
        """Whether the thread is there to answer."""
        return self._thread is not None and self._thread.is_alive()

    @property
    def due(self) -> datetime | None:
        """When time will next make something due."""
        return self._due

    @property
    def waiting(self) -> int:
        """How many inputs are in line."""
        return len(self._line)

    def _put(self, asked: _Asked) -> Future[object]:
        with self._changed:
            if self._ending:
                raise Unavailable("the node is being stopped; try again when it runs")
            if len(self._line) >= WAITING_MAX:
                raise Unavailable(
                    f"{len(self._line)} inputs wait before this one; nothing was taken. Try again "
                    f"in {AGAIN_S} s"
                )
            asked.taken_s = self.pressure.take(asked.observations)
            self._line.append(asked)
            self._changed.notify()
        return asked.done

    def _run(self) -> None:
        """The thread. A fault of ours around the node ends it, is kept, and is told."""
        try:
            self._kept_at_s = self.pressure.steady()
            self._kept_arrivals = self.store.last_arrival() - self.node.rebuilt.read
            self.people.take_standing(self.node.resume(), is_restart=True)
            self._handle((Tick(),))
            self.people.take_standing(self.node.resume())  # what a resume carried is over, or rung
            while (asked := self._next()) is not None:
                self._work(asked)
                if self._due is not None and self.clock.wait_s(self._due) <= 0.0:
                    self._handle((Tick(),))
                self._begin_snapshot()
            with suppress(CrosstellError):  # without it the next start is only slower
                self.node.keep_snapshot()
        except Exception as error:  # noqa: BLE001 - the process must end loudly, not hang
            self.fault = f"{type(error).__name__}: {error}"
        finally:
            self._turn_away()

    def _next(self) -> list[_Asked] | None:
        """What is in line; empty when a tick is due instead; None at the end."""
        with self._changed:
            while not self._line:
                if self._ending:
                    return None
                left_s = SLEEP_S_MAX if self._due is None else self.clock.wait_s(self._due)
                if left_s <= 0.0:
                    return []
                self._changed.wait(min(SLEEP_S_MAX, left_s))
            asked = self._batch()
        # What was taken back while it waited is left; from here on nothing can be taken back.
        together = sum(one.observations for one in asked)
        return [one for one in asked if self._is_begun(one, together)]

    def _batch(self) -> list[_Asked]:
        """The first of the line, as many as are worked on together."""
        room, found = self.pressure.room(), [self._line.popleft()]
        while self._line and len(found) < BATCH_MAX:
            room -= found[-1].observations
            if self._line[0].observations > room:
                break
            found.append(self._line.popleft())
        return found

    def _is_begun(self, asked: _Asked, together: int) -> bool:
        """Whether it is worked on now: nobody took it back, and it will not be told too late."""
        count = asked.observations
        if not asked.done.set_running_or_notify_cancel():
            self.pressure.given_back(count)
            return False
        late = self.pressure.late(count, asked.taken_s, together=together)
        if late is not None:
            asked.done.set_exception(late)
        return late is None

    def _work(self, asked: list[_Asked]) -> None:
        """They are done; where a fault of ours comes between, nobody is left without an answer."""
        try:
            self._serve(asked)
        except Exception:
            for one in asked:
                if not one.done.done():
                    one.done.set_exception(
                        Unavailable(
                            "the node ended by a fault of ours while it worked on this; whether "
                            "it is recorded is seen when the node runs again"
                        )
                    )
            raise

    def _serve(self, asked: list[_Asked]) -> None:
        """Looks one by one, the inputs between two of them as one batch; each asker is answered."""
        groups: list[list[_Asked]] = []
        for group in _grouped(asked):
            if group[0].view is None:
                groups.append(group)
                continue
            self._answer(groups)
            groups = []
            _look(group[0], self.node, self.clock.now())
        self._answer(groups)

    def _answer(self, groups: list[list[_Asked]]) -> None:
        """Every input of the groups is done, and its askers know."""
        if not groups:
            return
        began_s = self.pressure.steady()
        outcomes = self._handle(tuple(_together(group) for group in groups))
        worked_off = 0
        for group, outcome in zip(groups, outcomes, strict=True):
            count = sum(one.observations for one in group)
            if outcome.fault is None:
                worked_off += count
            else:  # a disk that is full tells nothing of how many can be tested
                self.pressure.given_back(count)
        self.pressure.done(worked_off, began_s)
        for group, outcome in zip(groups, outcomes, strict=True):
            for asked in group:
                asked.done.set_result(outcome)

    def _handle(self, inputs: tuple[NodeInput, ...]) -> tuple[Outcome, ...]:
        """The node has handled them, and everyone who must know does."""
        now = self.clock.now()
        outcomes = self.node.handle_all(inputs, now)
        with suppress(CrosstellError):  # a store that cannot be read is told by the node's fault
            self._arrivals = self.store.last_arrival()
        for outcome in outcomes:
            self.post.send(outcome.messages)
            if outcome.fault is None:
                self.people.take(outcome.effects)
            else:
                self.people.take_standing(self.node.resume())
            for listener in tuple(self._listeners):
                listener(Happened(at=now, outcome=outcome, arrivals=self._arrivals))
        self._due = self._next_due(inputs, now)
        return outcomes

    def _next_due(self, inputs: tuple[NodeInput, ...], now: datetime) -> datetime | None:
        """When a tick is due: only a tick does what was due before `now`."""
        following = self.node.next_wake(now)
        if isinstance(inputs[-1], Tick) or self._due is None:
            return following
        return self._due if following is None else min(self._due, following)

    def _begin_snapshot(self) -> None:
        """What is known is kept for a quicker start, in a while. Implements RUN-036, NOD-410.

        It spares a start work of the machine, so it is the machine's time that counts (NOD-450): an
        exercise's hours pass in seconds. To make it takes seconds where many tracks are held, so a
        thread of its own does; one at a time. The store is read in this thread, page by page
        between two inputs.
        """
        if self._making is not None and self._making.is_alive():
            return
        now_s, came = self.pressure.steady(), self._arrivals - self._kept_arrivals
        if not self._is_snapshot_due(now_s - self._kept_at_s, came):
            return
        self._kept_at_s, self._kept_arrivals = now_s, self._arrivals
        with suppress(CrosstellError):  # the next one may be kept
            make = self.node.begin_snapshot()
            if make is not None:
                made = Thread(target=self._made, args=(make,), name="snapshot", daemon=True)
                made.start()
                self._making = made

    def _is_snapshot_due(self, since_s: float, came: int) -> bool:
        """Whether so many entries, so long after the last, are to be spared a start. NOD-524."""
        if since_s >= SNAPSHOT_S or came >= SNAPSHOT_ENTRIES:
            return True
        return came >= SNAPSHOT_FEW and since_s >= max(
            SNAPSHOT_REST_S, SNAPSHOT_REST * self._made_in_s
        )

    def _made(self, make: Callable[[ReadHeld], Snapshot]) -> None:
        """The snapshot is made, and in line to be kept."""
        with suppress(CrosstellError):  # too much waits, or the node is being stopped
            began_s = self.pressure.steady()
            made = make(self._held)
            self._made_in_s = self.pressure.steady() - began_s
            self.look(lambda node, _now: node.put_snapshot(made))

    def _held(self, feed: FeedId, start: int, count: int) -> bytes:
        """A page of which bodies are held, read in the owner's thread."""
        return self.look(lambda _node, _now: held_of(self.store, feed, start, count)).result()

    def _turn_away(self) -> None:
        """Whoever still waits is told that nothing was done."""
        with self._changed:
            self._ending = True
            left = list(self._line)
            self._line.clear()
        for asked in left:
            if asked.done.set_running_or_notify_cancel():
                asked.done.set_exception(Unavailable("the node has stopped; nothing was taken"))


def _grouped(asked: list[_Asked]) -> Iterable[list[_Asked]]:
    """What came in line, in its order; observations that follow each other go together."""
    group: list[_Asked] = []
    size = 0
    for one in asked:
        count = one.observations
        if group and (not count or size + count > OBSERVATIONS_MAX):
            yield group
            group, size = [], 0
        group.append(one)
        size += count
        if not count:
            yield group
            group, size = [], 0
    if group:
        yield group


def _together(group: list[_Asked]) -> NodeInput:
    """One input made of the group's: of several, all are observations."""
    given = [one.given for one in group if one.given is not None]
    if len(given) == 1:
        return given[0]
    found = [one for one in given if isinstance(one, Observed)]
    assert len(found) == len(group), "only observations go together"
    return Observed(observations=tuple(each for one in found for each in one.observations))


def _look(asked: _Asked, node: Node, now: datetime) -> None:
    """The asker has what the view gives, or its error."""
    assert asked.view is not None, "asked as a look"
    try:
        asked.done.set_result(asked.view(node, now))
    except Exception as error:  # noqa: BLE001 - a fault in a view is its asker's, not the node's
        asked.done.set_exception(error)
