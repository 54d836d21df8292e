"""People who answer, or do not: habits that turn what a node shows into what a person does next.

A habit says who acts, on what, after how long, and how often. It never reads a node's state or
its deadlines: a person knows what rang, what lies before them and what they were told. Delays
may be spread by a generator of this person's own, so one person more does not shift the others.
Implements REP-014 to REP-018.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from random import Random

from crosstell.core.ids import PartyId, RoleId, check_id
from crosstell.core.instant import seconds_between
from crosstell.core.protocol.rule import AlertLevel

TIMES_MAX = 1_000


class Again(StrEnum):
    """How often a habit answers one and the same matter."""

    ONCE_PER_MATTER = "once-per-matter"
    EACH_TIME = "each-time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """Our own node rings this role; `matter` is how the matter's name begins ("" for any)."""

    role: RoleId
    matter: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertOnScreen:
    """An alert of at least this level is on our screen."""

    level: AlertLevel


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftOnScreen:
    """Our node prepared a brief and a draft for this role, and a person decides."""

    role: RoleId


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBeforeUs:
    """A call of another party to one of our roles lies before us; empty means any."""

    kinds: tuple[str, ...] = ()
    to_role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryHeld:
    """Our node holds an entry of this party and kind (its class name in snake case)."""

    of: PartyId
    kind: str


Trigger = Rung | AlertOnScreen | DraftOnScreen | CallBeforeUs | EntryHeld


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """One thing that people of a party do. `not_within_s`: not again so soon after the last."""

    id: str
    party: PartyId
    on: Trigger
    again: Again = Again.ONCE_PER_MATTER
    times_max: int = TIMES_MAX
    not_within_s: float = 0.0
    not_before: datetime | None = None
    not_after: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse a habit without a name or an end."""
        check_id(self.id, what="habit")
        if not 1 <= self.times_max <= TIMES_MAX:
            raise ValueError(f"times_max is {self.times_max}; write 1 to {TIMES_MAX}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """What a person of `party` notices: what it is (`what`), and the matter that it is about."""

    party: PartyId
    what: Trigger
    matter: str


@dataclass(slots=True)
class _Memory:
    """What one habit has already done."""

    matters: set[str] = field(default_factory=set)
    times: int = 0
    last: datetime | None = None


class People:
    """The people of all parties in one run."""

    def __init__(self, habits: tuple[Habit, ...]) -> None:
        """Nobody has noticed anything yet."""
        self._habits = habits
        self._memory = {habit.id: _Memory() for habit in habits}
        twice = [name for name, count in Counter(h.id for h in habits).items() if count > 1]
        if twice:
            raise ValueError(f"habit {twice[0]!r} is there twice; give each its own id")

    def notice(self, happening: Happening, now: datetime) -> tuple[tuple[Habit, int], ...]:
        """The habits that answer now, each with how often it has (from 1)."""
        found = []
        for habit in self._habits:
            memory = self._memory[habit.id]
            if self._answers(habit, memory, happening, now):
                memory.matters.add(happening.matter)
                memory.times += 1
                memory.last = now
                found.append((habit, memory.times))
        return tuple(found)

    @staticmethod
    def _answers(habit: Habit, memory: _Memory, happening: Happening, now: datetime) -> bool:
        if habit.party != happening.party or not matches(habit.on, happening.what):
            return False
        if memory.times >= habit.times_max or not _in_hours(habit, now):
            return False
        if memory.last is not None and seconds_between(memory.last, now) < habit.not_within_s:
            return False
        return habit.again is Again.EACH_TIME or happening.matter not in memory.matters


def _in_hours(habit: Habit, now: datetime) -> bool:
    early = habit.not_before is not None and now < habit.not_before
    late = habit.not_after is not None and now >= habit.not_after
    return not (early or late)


def matches(wanted: Trigger, found: Trigger) -> bool:
    """Whether what happened is what the habit waits for."""
    match wanted, found:
        case Rung(), Rung():
            return wanted.role == found.role and found.matter.startswith(wanted.matter)
        case AlertOnScreen(), AlertOnScreen():
            return found.level.rank >= wanted.level.rank
        case DraftOnScreen(), DraftOnScreen():
            return wanted.role == found.role
        case CallBeforeUs(), CallBeforeUs():
            kind = not wanted.kinds or set(found.kinds) <= set(wanted.kinds)
            return kind and wanted.to_role in ("", found.to_role)
        case EntryHeld(), EntryHeld():
            return wanted == found
        case _:
            return False


def drawn_delay_s(after_s: float, spread_s: float, random: Random) -> float:
    """`after_s`, and up to `spread_s` more, to the millisecond."""
    return round(after_s + (random.uniform(0.0, spread_s) if spread_s else 0.0), 3)
