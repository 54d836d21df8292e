"""One thread that owns the node: what is put to it waits in one line, and time comes in between.

Nothing else touches the node, so its inputs have one order. An answer is given when the batch is
durable and its effects and parcels have been handed on. The line is bounded: whoever comes when it
is full is told when to come again. Implements RUN-030 to RUN-036.
"""

import math
import threading
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from threading import Thread
from typing import Protocol, TypeVar

from crosstell.codecs.api.running import StandingShown
from crosstell.core.errors import CrosstellError, Unavailable
from crosstell.core.ids import FeedId
from crosstell.core.mechanism.effects import Effect
from crosstell.core.mechanism.inputs import Tick
from crosstell.core.state.state import State
from crosstell.shell.clock import Clock, read_steady
from crosstell.shell.live.batch import Asked, grouped, standing_of, together_of
from crosstell.shell.live.pressure import Pressure
from crosstell.shell.node import Message, Node, NodeInput, Outcome, Snapshot
from crosstell.shell.snapshot import ReadHeld, held_of
from crosstell.shell.store.contract import Store
from crosstell.shell.store.room import Room

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
    """What one input of a batch brought, told when the batch is durable.

    `arrivals` is the local number of the newest entry held then. The last of a batch has where the
    node stands after it.
    """

    outcome: Outcome
    arrivals: int
    standing: StandingShown | None


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
class Sequencer:
    """The owner of one node, and the line before it."""

    node: Node
    store: Store
    clock: Clock
    post: Post
    people: People
    pressure: Pressure = field(default_factory=lambda: Pressure(steady=read_steady))
    room: Room | None = None
    _line: deque[Asked] = field(default_factory=deque)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _listeners: list[Listener] = field(default_factory=list)
    _thread: Thread | None = None
    _making: Thread | None = None
    _ending: bool = False
    _due: datetime | None = None
    _kept_at_s: float = 0.0
    _signed: tuple[int, int] = (0, 0)  # of our logs at the start
    _arrivals: int = 0
    _kept_arrivals: int = 0
    _took_s: float = 0.0  # the last snapshot: to begin, make and keep it
    fault: str | None = None
    standing: StandingShown | None = None  # after the newest batch

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
        return self._put(Asked(given=given, view=None, done=Future()))  # type: ignore[return-value]

    def look(self, view: Callable[[Node, datetime], Seen]) -> Future[Seen]:
        """`view` is asked in the owner's thread, between two inputs."""
        return self._put(Asked(given=None, view=view, done=Future()))  # type: ignore[return-value]

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
        """What a person must know of the line and the disks now."""
        return (*self.pressure.alarm(), *(() if self.room is None else self.room.alarms()))

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

    def _put(self, asked: Asked) -> Future[object]:
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
            self._kept_at_s, self._signed = self.pressure.steady(), self._own_sizes()
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

    def _next(self) -> list[Asked] | None:
        """What is in line; empty when a tick is due instead; None at the end."""
        with self._changed:
            self._follow()
            while not self._line:
                if self._ending:
                    return None
                left_s = SLEEP_S_MAX if self._due is None else self.clock.wait_s(self._due)
                if left_s <= 0.0:
                    return []
                self._changed.wait(min(SLEEP_S_MAX, left_s))
                self._follow()
            asked = self._batch()
        # What was taken back while it waited is left; from here on nothing can be taken back.
        together = sum(one.observations for one in asked)
        return [one for one in asked if self._is_begun(one, together)]

    def _own_sizes(self) -> tuple[int, int]:
        return self.node.rebuilt.own.size, self.node.rebuilt.journal.size

    def _follow(self) -> None:
        """A step of the system's clock counts while nothing was signed since the start. RUN-533."""
        if self._own_sizes() == self._signed and self.clock.follow():
            self._due = self.clock.now()

    def _batch(self) -> list[Asked]:
        """The first of the line, as many as are worked on together."""
        room, found = self.pressure.room(), [self._line.popleft()]
        while self._line and len(found) < BATCH_MAX:
            room -= found[-1].observations
            if self._line[0].observations > room:
                break
            found.append(self._line.popleft())
        return found

    def _is_begun(self, asked: Asked, together: int) -> bool:
        """Whether it is worked on now: nobody took it back, and it will not be told too late."""
        count = asked.observations
        if not asked.done.set_running_or_notify_cancel():
            self.pressure.given_back(count)
            return False
        late = self.pressure.late(count, asked.taken_s, together=together)
        if late is not None:
            asked.done.set_exception(late)
        return late is None

    def _work(self, asked: list[Asked]) -> None:
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

    def _serve(self, asked: list[Asked]) -> None:
        """Looks one by one, the inputs between two of them as one batch; each asker is answered."""
        groups: list[list[Asked]] = []
        for group in grouped(asked):
            if group[0].view is None:
                groups.append(group)
                continue
            self._answer(groups)
            groups = []
            _look(group[0], self.node, self.clock.now())
        self._answer(groups)

    def _answer(self, groups: list[list[Asked]]) -> None:
        """Every input of the groups is done, and its askers know."""
        if not groups:
            return
        began_s = self.pressure.steady()
        outcomes = self._handle(tuple(together_of(group) for group in groups))
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
        self._due = self._next_due(inputs, now)
        # Kept before anyone is told: who comes too late to be told finds it.
        done = 1 if self.standing is None else self.standing.batches + 1
        self.standing = standing_of(self.node, done, now, self._arrivals, self._due)
        for place, outcome in enumerate(outcomes, start=1):
            self.post.send(outcome.messages)
            if outcome.fault is None:
                self.people.take(outcome.effects)
            else:
                self.people.take_standing(self.node.resume())
            standing = self.standing if place == len(outcomes) else None
            for listener in tuple(self._listeners):
                listener(Happened(outcome=outcome, arrivals=self._arrivals, standing=standing))
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
            began_in_s = self.pressure.steady() - now_s
            if make is not None:
                made = Thread(
                    target=self._made, args=(make, began_in_s), name="snapshot", daemon=True
                )
                made.start()
                self._making = made

    def _is_snapshot_due(self, since_s: float, came: int) -> bool:
        """Whether so many entries, so long after the last, are to be spared a start. NOD-524."""
        rest_s = max(SNAPSHOT_REST_S, SNAPSHOT_REST * self._took_s)
        is_cheap = came >= SNAPSHOT_FEW and since_s >= rest_s
        return is_cheap or since_s >= SNAPSHOT_S or came >= SNAPSHOT_ENTRIES

    def _made(self, make: Callable[[ReadHeld], Snapshot], began_in_s: float) -> None:
        """The snapshot is made, and in line to be kept."""
        with suppress(CrosstellError):  # too much waits, or the node is being stopped
            at_s = self.pressure.steady()
            made = make(self._held)
            made_in_s = began_in_s + self.pressure.steady() - at_s
            self.look(lambda node, _now: self._keep(node, made, made_in_s))

    def _keep(self, node: Node, made: Snapshot, made_in_s: float) -> None:
        """It is kept, and how long all of it took is known: without end where it cannot be."""
        at_s = self.pressure.steady()
        is_kept = node.put_snapshot(made)
        took_s = made_in_s + self.pressure.steady() - at_s
        self._took_s = took_s if is_kept else math.inf

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


def _look(asked: Asked, node: Node, now: datetime) -> None:
    """The asker has what the view gives, or its error."""
    assert asked.view is not None, "asked as a look"
    try:
        asked.done.set_result(asked.view(node, now))
    except Exception as error:  # noqa: BLE001 - a fault in a view is its asker's, not the node's
        asked.done.set_exception(error)
