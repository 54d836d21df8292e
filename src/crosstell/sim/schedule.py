"""Virtual time has one owner: this scheduler, shared by the simulator and the replay.

Time is aware UTC (core/instant.py) and only moves forward. Actions at one instant run in the
order in which they were asked for, so a run depends on its inputs and its seed and on nothing
else: not on hash order, not on the machine's clock. Implements REP-010 to REP-013.
"""

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from crosstell.core.errors import CallerError
from crosstell.core.instant import format_instant, later, require_utc

Action = Callable[[datetime], None]

ACTIONS_MAX = 1_000_000  # a world that asks for more in one run is feeding itself


@dataclass(frozen=True, slots=True, order=True)
class _Due:
    at: datetime
    sequence: int
    action: Action = field(compare=False)


class Scheduler:
    """A heap of (time, sequence, action); `now` is the time of the action that runs."""

    def __init__(self, start: datetime) -> None:
        """Begin at `start`, with nothing to do."""
        require_utc(start, what="scheduler start")
        self._now = start
        self._heap: list[_Due] = []
        self._sequence = count()
        self._done = 0

    @property
    def now(self) -> datetime:
        """The present virtual instant."""
        return self._now

    @property
    def next_at(self) -> datetime | None:
        """When the next action is due; None while none waits."""
        return self._heap[0].at if self._heap else None

    @property
    def pending(self) -> int:
        """How many actions wait."""
        return len(self._heap)

    def at(self, when: datetime, action: Action) -> None:
        """`action(when)` runs at `when`; the past is refused, never silently made now."""
        require_utc(when, what="scheduled time")
        if when < self._now:
            raise ValueError(
                f"cannot schedule at {format_instant(when)}: it is already "
                f"{format_instant(self._now)}; give a later time"
            )
        heapq.heappush(self._heap, _Due(at=when, sequence=next(self._sequence), action=action))

    def after(self, delay_s: float, action: Action) -> None:
        """`action` runs `delay_s` seconds from now."""
        self.at(later(self._now, by_s=delay_s), action)

    def run_until(self, end: datetime) -> None:
        """Everything due before `end` has run, and `now` is `end`. Half-open: not at `end`."""
        require_utc(end, what="end of the run")
        while self._heap and self._heap[0].at < end:
            due = heapq.heappop(self._heap)
            self._done += 1
            if self._done > ACTIONS_MAX:
                raise CallerError(
                    f"more than {ACTIONS_MAX} actions by {format_instant(due.at)}: something "
                    "asks for new work at every step; shorten the run or remove the loop"
                )
            self._now = due.at
            due.action(due.at)
        self._now = max(self._now, end)


def subsystem_random(seed: int, subsystem: str) -> random.Random:
    """A generator of its own for one subsystem, so a new draw in one does not shift another.

    Seeded with a string, which Python hashes by SHA-512 whatever PYTHONHASHSEED is.
    """
    return random.Random(f"{seed}:{subsystem}")
