"""The only module that reads a clock. Every other is handed the time, or a `Clock`.

The wall clock is read once, at the start; from then on the time counts by a clock that never
steps (CLOCK_BOOTTIME, which also counts a suspended machine). So a correction of the system's
clock cannot move our times back or make two entries trade places. Small differences are followed,
at most `SLEW` of the time that passes; a difference above `STEP_S_MAX` is not followed at all but
told, since nobody can know from here which of the two is wrong. A node that has signed nothing yet
asks for it all the same (`follow`): the clock of a machine that has just started may be set late.
Implements RUN-001 to RUN-004, RUN-533.

An exercise may run at another pace: `ExerciseClock` reads the pace from a file, so that several
processes share it and a person can hold it. No node whose protocol runs as REAL is given one.
"""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from crosstell.core.errors import CallerError
from crosstell.core.instant import format_instant, later, parse_instant, seconds_between

SLEW = 0.05  # seconds of difference made good in each second that passes
STEP_S_MAX = 2.0  # a larger difference is no drift: somebody or something set a clock
HELD_S = 0.01  # how soon a clock that stands still is asked again
RATE_MAX = 1_000.0  # of an exercise; above this a node's own work would take minutes of its time
PACE_SIZE_MAX = 1_024  # bytes of a pace file


class Now(Protocol):
    """What time it is: all that is asked by whoever does not wait."""

    def now(self) -> datetime:
        """The time, aware, in UTC; never earlier than it was."""
        ...


class Clock(Now, Protocol):
    """What time it is, and how long to wait for another."""

    def wait_s(self, until: datetime) -> float:
        """How many seconds of a process's waiting are left until then; 0 if it has come."""
        ...

    def trouble(self) -> str | None:
        """What a person must know of this clock."""
        ...

    def follow(self) -> bool:
        """A step that was only told until now is followed, be it back in time; whether one was."""
        ...


def read_wall() -> datetime:
    """The system's wall clock."""
    return datetime.now(UTC)  # noqa: TID251 - here alone


def read_steady() -> float:
    """Seconds of a clock that nobody sets, one for all processes of this machine."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


@dataclass(slots=True)
class SystemClock:
    """The wall clock as it was at the start, carried on by the steady one. Any thread may ask."""

    wall: Callable[[], datetime] = read_wall
    steady: Callable[[], float] = read_steady
    _at: datetime = field(init=False)
    _mark: float = field(init=False)
    _off_s: float = field(init=False, default=0.0)
    _lock: threading.Lock = field(init=False, default_factory=threading.Lock)

    def __post_init__(self) -> None:
        """Take the time once."""
        self._at, self._mark = self.wall(), self.steady()

    def now(self) -> datetime:
        """Our time, a little nearer to the system's than before, never behind what it was."""
        with self._lock:  # what passed is counted once, whoever asks meanwhile
            mark = self.steady()
            passed_s = max(0.0, mark - self._mark)
            counted = later(self._at, by_s=passed_s)
            self._off_s = seconds_between(counted, self.wall())
            if abs(self._off_s) <= STEP_S_MAX:
                most_s = SLEW * passed_s
                counted = later(counted, by_s=min(most_s, max(-most_s, self._off_s)))
            self._at, self._mark = counted, mark
            return counted

    def wait_s(self, until: datetime) -> float:
        """Seconds until then."""
        return max(0.0, seconds_between(self.now(), until))

    def follow(self) -> bool:
        """The time is the system's, whatever it was, if the two are further apart than by drift."""
        self.now()
        with self._lock:
            if abs(self._off_s) <= STEP_S_MAX:
                return False
            self._at, self._mark, self._off_s = self.wall(), self.steady(), 0.0
            return True

    def trouble(self) -> str | None:
        """The difference, once it is too large to be drift."""
        if abs(self._off_s) <= STEP_S_MAX:
            return None
        side = "ahead of" if self._off_s > 0 else "behind"
        return (
            f"the system's clock is now {abs(self._off_s):.1f} s {side} this node's, which counts "
            f"on from {format_instant(self._at)}; find out which is right. If the system's is, "
            "start the node again; if not, set the system's clock"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """An exercise's time: `at` was the time at `mark` of the steady clock, and it runs at `rate`.

    A rate of 0 holds it.
    """

    at: datetime
    mark: float
    rate: float

    def now(self, mark: float) -> datetime:
        """The exercise's time at `mark`."""
        return later(self.at, by_s=max(0.0, mark - self.mark) * self.rate)

    def changed(self, *, rate: float, mark: float) -> "Pace":
        """The same time at `mark`, running at `rate` from there."""
        return Pace(at=self.now(mark), mark=mark, rate=rate)


def write_pace(path: Path, pace: Pace) -> None:
    """The file holds this pace, whole at every moment."""
    part = path.with_name(f".{path.name}.part")
    text = json.dumps({"at": format_instant(pace.at), "mark": pace.mark, "rate": pace.rate})
    part.write_text(text, encoding="ascii")
    part.replace(path)


def read_pace(path: Path) -> Pace:
    """The pace in a file; CallerError for a file that holds none."""
    try:
        with path.open("rb") as file:
            found = json.loads(file.read(PACE_SIZE_MAX))
        pace = Pace(
            at=parse_instant(found["at"]), mark=float(found["mark"]), rate=float(found["rate"])
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CallerError(
            f"{path}: no pace of an exercise can be read ({error}); write one again, as "
            '{"at": "2023-10-05T04:00:00Z", "mark": 0, "rate": 1}'
        ) from error
    if not 0.0 <= pace.rate <= RATE_MAX:
        raise CallerError(f"{path}: rate {pace.rate} is outside 0 to {RATE_MAX:g}; correct it")
    return pace


@dataclass(slots=True)
class ExerciseClock:
    """An exercise's time, from a file that whoever leads the exercise may rewrite at any moment.

    Any thread may ask.
    """

    path: Path
    steady: Callable[[], float] = read_steady
    _pace: Pace = field(init=False)
    _stamp: tuple[int, int] = field(init=False, default=(0, 0))
    _last: datetime = field(init=False)
    _lock: threading.Lock = field(init=False, default_factory=threading.Lock)

    def __post_init__(self) -> None:
        """Read the pace; a clock without one does not start."""
        self._pace = read_pace(self.path)
        self._last = self._pace.at
        self._look()

    def now(self) -> datetime:
        """The exercise's time; a pace that leads back holds it where it was."""
        with self._lock:
            self._look()
            self._last = max(self._last, self._pace.now(self.steady()))
            return self._last

    def wait_s(self, until: datetime) -> float:
        """Seconds of waiting until then, at most a moment: the pace may change meanwhile."""
        left_s = seconds_between(self.now(), until)
        if left_s <= 0.0:
            return 0.0
        return min(HELD_S, left_s / self._pace.rate) if self._pace.rate > 0.0 else HELD_S

    def trouble(self) -> str | None:
        """That this is no real time."""
        return f"EXERCISE TIME, at {self._pace.rate:g} times the pace of the day"

    def follow(self) -> bool:
        """Whoever leads the exercise sets its time, and nobody else."""
        return False

    def _look(self) -> None:
        """The pace as it is now; a file that cannot be read leaves the one before."""
        try:
            found = self.path.stat()
            stamp = (found.st_mtime_ns, found.st_ino)
            if stamp != self._stamp:
                self._pace, self._stamp = read_pace(self.path), stamp
        except (OSError, CallerError):
            return
