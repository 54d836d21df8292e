"""One channel's thread: takes what is due, hands it over, says how it went.

The lock guards the queue and figures and is never held while something is handed over.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from threading import Condition, Thread

from crosstell.core.instant import seconds_between
from crosstell.shell.clock import Now
from crosstell.shell.people.handing import Channel, Handing, Kind, NotTaken, Said
from crosstell.shell.people.proof import Step
from crosstell.shell.people.saying import say as plainly
from crosstell.shell.people.waiting import Task, Waiting

LOOK_S = 0.25  # how often a worker that waits for a due time looks at the clock


class Standing(StrEnum):
    """How a channel stands, by its last attempt."""

    UNTRIED = "untried"
    WORKING = "working"
    FAILING = "failing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How one attempt ended."""

    step: Step
    at: datetime
    to: str = ""
    answer: str = ""
    trouble: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelStatus:
    """One channel for the operator's status. `in_hand_since`: when the attempt under way began."""

    name: str
    standing: Standing
    waiting: int
    taken: int
    failed: int
    given_up: int
    dropped: int
    since: datetime | None = None
    last_taken_at: datetime | None = None
    in_hand_since: datetime | None = None
    fault: str | None = None


@dataclass(slots=True)
class _Figures:
    standing: Standing = Standing.UNTRIED
    since: datetime | None = None
    last_taken_at: datetime | None = None
    fault: str | None = None
    taken: int = 0
    failed: int = 0
    given_up: int = 0


Say = Callable[[str, Handing, datetime], Said]
Done = Callable[[str, Task, Said, Result], None]


class Worker:
    """The thread of one channel."""

    def __init__(self, channel: Channel, clock: Now, *, say: Say, done: Done) -> None:
        """The thread waits for its first task."""
        self._channel, self._clock = channel, clock
        self._say, self._done = say, done
        self._waiting = Waiting()
        self._figures = _Figures()
        self._in_hand: tuple[Task, datetime] | None = None
        self._stopping = False
        self._changed = Condition()
        self._thread = Thread(target=self._run, name=f"to people by {channel.name}", daemon=True)
        self._thread.start()

    def put(self, task: Task) -> None:
        """The task waits."""
        with self._changed:
            self._waiting.put(task)
            self._changed.notify_all()

    def put_back(self, task: Task) -> None:
        """The task waits to be tried again, unless a newer one took its place."""
        with self._changed:
            self._waiting.put_back(task)
            self._changed.notify_all()

    def drop(self, matter: str) -> bool:
        """Nothing of this matter waits here; whether some of it was under way, now interrupted."""
        with self._changed:
            self._waiting.drop(matter)
            in_hand = self._in_hand
            self._changed.notify_all()
        if in_hand is None:
            return False
        delivery = in_hand[0].delivery
        if delivery.handing.matter != matter or delivery.handing.kind is Kind.END:
            return False
        if delivery.is_over:
            return False
        self._channel.interrupt(matter)
        return True

    def give_up(self) -> None:
        """One message used up its attempts."""
        with self._changed:
            self._figures.given_up += 1

    def status(self) -> ChannelStatus:
        """How the channel stands now."""
        with self._changed:
            figures = self._figures
            return ChannelStatus(
                name=self._channel.name,
                standing=figures.standing,
                waiting=len(self._waiting),
                taken=figures.taken,
                failed=figures.failed,
                given_up=figures.given_up,
                dropped=self._waiting.dropped,
                since=figures.since,
                last_taken_at=figures.last_taken_at,
                in_hand_since=None if self._in_hand is None else self._in_hand[1],
                fault=figures.fault,
            )

    def is_quiet(self, wait_s: float) -> bool:
        """Whether within this time nothing is in hand and nothing is due."""
        with self._changed:
            self._changed.notify_all()  # so that the clock is looked at now
            return self._changed.wait_for(self._is_idle, wait_s)

    def stop(self) -> None:
        """The thread ends after what it has in hand."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()

    def join(self, wait_s: float) -> None:
        """The thread has ended, or this time has passed."""
        self._thread.join(wait_s)

    def _is_idle(self) -> bool:
        due_at = self._waiting.next_due_at()
        return self._in_hand is None and (due_at is None or due_at > self._clock.now())

    def _run(self) -> None:
        while (task := self._next()) is not None:
            self._attempt(task)

    def _next(self) -> Task | None:
        """The next task that is due, in hand; None when the thread is to end."""
        with self._changed:
            while not self._stopping:
                now = self._clock.now()
                task = self._waiting.take(now)
                if task is not None:
                    self._in_hand = (task, now)
                    return task
                self._changed.notify_all()
                due_at = self._waiting.next_due_at()
                wait_s = None
                if due_at is not None:
                    wait_s = min(max(seconds_between(now, due_at), 0.0), LOOK_S) or LOOK_S
                self._changed.wait(wait_s)
        return None

    def _attempt(self, task: Task) -> None:
        now = self._clock.now()
        said = plainly(task.delivery.handing, None, now, positions=False)
        try:
            said = self._say(self._channel.name, task.delivery.handing, now)
            said = replace(said, attempt=task.attempt)
            result = Result(step=Step.NOT_NEEDED, at=now) if said.is_over else self._hand(said)
        except Exception as error:  # noqa: BLE001 - our own bug in one channel must not end it
            text = f"a fault of the program: {type(error).__name__}: {error}"
            result = Result(step=Step.FAILED, at=self._clock.now(), answer=text)
        self._figure(result)
        self._done(self._channel.name, task, said, result)
        with self._changed:
            self._in_hand = None
            self._changed.notify_all()

    def _hand(self, said: Said) -> Result:
        try:
            taken = self._channel.hand(said)
        except NotTaken as no:
            return Result(step=Step.FAILED, at=self._clock.now(), to=no.to, answer=str(no))
        return Result(
            step=Step.TAKEN,
            at=self._clock.now(),
            to=taken.to,
            answer=taken.answer,
            trouble=taken.trouble,
        )

    def _figure(self, result: Result) -> None:
        """The standing is that of the last attempt; `since` is when it became so."""
        if result.step is Step.NOT_NEEDED:
            return
        with self._changed:
            figures = self._figures
            is_taken = result.step is Step.TAKEN
            fault = result.trouble if is_taken else result.answer
            standing = Standing.WORKING if fault is None else Standing.FAILING
            figures.fault = fault
            if standing is not figures.standing:
                figures.standing, figures.since = standing, result.at
            if is_taken:
                figures.taken += 1
                figures.last_taken_at = result.at
            else:
                figures.failed += 1
