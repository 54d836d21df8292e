"""What waits to be handed to one channel. Not for several threads at once: its worker guards it.

Rules of this file
- A ring or draft is never dropped: a newer one of the same matter and role replaces the older, and
  where too many matters wait, further ones are told together, named and counted.
- A ring about a stop goes before all else, and is never one of many that are told together. That
  is so of a hundred at a time; further ones take their turn, else a flood of them hid the rest.
- Rings go first, then drafts, then ends, then what is merely shown; of a kind, the oldest first.
- What is merely shown may be dropped where too much waits, oldest first, and is counted.
Implements PEO-002, NOD-552.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count

from crosstell.shell.people.handing import NAMES_MAX, Handing, Kind

MATTERS_MAX = 1_000  # rings and drafts that wait one by one in one channel
STOPS_MAX = 100  # rings about stops that go before all else in one channel; an assumption
OTHERS_MAX = 1_000  # ends, and things to show, of each
_RANK = {Kind.RING: 0, Kind.DRAFT: 1, Kind.END: 2, Kind.SHOW: 3}
TOGETHER = "further matters"


@dataclass(slots=True)
class Delivery:
    """One step on its way to a role, perhaps by several channels. Shared by their tasks."""

    handing: Handing
    turn: tuple[str, ...]  # channels still to be tried, where they are tried in turn
    in_turn: bool
    is_over: bool = False  # taken in turn by another channel, or ended


@dataclass(slots=True)
class Task:
    """One delivery in one channel's queue. `attempt` counts from 1."""

    delivery: Delivery
    due_at: datetime
    attempt: int = 1
    order: int = 0
    goes_first: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        """What a newer task replaces."""
        handing = self.delivery.handing
        group = handing.kind if handing.kind in (Kind.END, Kind.SHOW) else Kind.RING
        return (group, *handing.key)


class Waiting:
    """One channel's queue."""

    def __init__(self) -> None:
        """Nothing waits."""
        self._tasks: dict[tuple[str, str, str], Task] = {}
        self._order = count()
        self.dropped = 0

    def __len__(self) -> int:
        """How many wait."""
        return len(self._tasks)

    def put(self, task: Task) -> None:
        """The task waits; one of the same matter and role that waited is replaced by it."""
        handing = task.delivery.handing
        task.goes_first = handing.is_stop and self._stops() < STOPS_MAX
        has_place = task.goes_first or handing.matter == TOGETHER  # however many wait
        if task.key not in self._tasks and not has_place and self._is_full(task.key[0]):
            if task.key[0] == Kind.RING:
                task = self._together(task)
            else:
                self._drop_oldest(task.key[0])
        task.order = next(self._order)
        self._tasks[task.key] = task

    def put_back(self, task: Task) -> bool:
        """The task waits to be tried again, unless a newer one has taken its place."""
        newer = self._tasks.get(task.key)
        if newer is not None:
            if task.delivery.handing.matter == TOGETHER:
                newer.delivery.handing = _both(task.delivery.handing, newer.delivery.handing)
            return False
        self.put(task)
        return True

    def take(self, now: datetime) -> Task | None:
        """The next task that is due, out of the queue. What is over by now is left out."""
        over = [key for key, task in self._tasks.items() if task.delivery.is_over]
        for key in over:
            del self._tasks[key]
        due = [task for task in self._tasks.values() if task.due_at <= now]
        if not due:
            return None
        found = min(due, key=_rank)
        return self._tasks.pop(found.key)

    def drop(self, matter: str) -> tuple[Task, ...]:
        """Rings and drafts of this matter that waited; they wait no more."""
        gone = [t for key, t in self._tasks.items() if key[:2] == (Kind.RING, matter)]
        for task in gone:
            del self._tasks[task.key]
        return tuple(gone)

    def next_due_at(self) -> datetime | None:
        """When the next one is due."""
        return min((task.due_at for task in self._tasks.values()), default=None)

    def _stops(self) -> int:
        return sum(1 for task in self._tasks.values() if task.goes_first)

    def _is_full(self, group: str) -> bool:
        limit = MATTERS_MAX if group == Kind.RING else OTHERS_MAX
        return sum(1 for key in self._tasks if key[0] == group) >= limit

    def _together(self, task: Task) -> Task:
        """The task as part of the one that tells of all further matters for its role."""
        handing = task.delivery.handing
        key = (str(Kind.RING), TOGETHER, handing.role or "")
        held = self._tasks.get(key)
        if held is None:
            first = replace(
                handing, kind=Kind.RING, matter=TOGETHER, rung=None, text="", more=(), more_total=0
            )
            held = Task(
                delivery=Delivery(
                    handing=first, turn=task.delivery.turn, in_turn=task.delivery.in_turn
                ),
                due_at=task.due_at,
            )
        one = replace(handing, matter=TOGETHER, more=(handing.matter,), more_total=1)
        held.delivery.handing = _both(held.delivery.handing, one)
        return held

    def _drop_oldest(self, group: str) -> None:
        oldest = min((t for k, t in self._tasks.items() if k[0] == group), key=lambda t: t.order)
        del self._tasks[oldest.key]
        self.dropped += 1


def _rank(task: Task) -> tuple[bool, int, int]:
    return not task.goes_first, _RANK[task.delivery.handing.kind], task.order


def _both(older: Handing, newer: Handing) -> Handing:
    """What either tells of further matters, in one."""
    named = tuple(dict.fromkeys((*older.more, *newer.more)))[:NAMES_MAX]
    return replace(older, more=named, more_total=older.more_total + newer.more_total)
