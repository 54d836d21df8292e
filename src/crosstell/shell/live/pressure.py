"""Whether an observation that comes now would be tested in time; if not it is refused at once.

What the last large batches took tells how many observations a second are worked off. What waits
already, at that rate, tells how long the next would wait. Where nothing is worked off at all it is
not the sources that send too much, and the alarm says that. Implements RUN-280 to RUN-282, RUN-370,
RUN-490, RUN-491.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from crosstell.core.errors import Unavailable

WAIT_S_MAX = 1.0  # what would wait longer is not taken
LATE_S = 2.0  # what would be tested later than that, by a stall nobody foresaw, is given back
WORK_S = 0.5  # so much is worked on together
FIRST_PER_S = 1_000.0  # until a large batch has told better
TELLING = 100  # observations in a batch that tells the rate, or as many as there is room for
AGAIN_S = 1
ALARM_S = 60.0  # a refusal is shown so long


@dataclass(slots=True)
class Pressure:
    """How many observations wait or are worked on, and how quickly they are worked off."""

    steady: Callable[[], float]
    per_s: float = FIRST_PER_S
    waiting: int = 0
    refused: int = 0
    _refused_at_s: float | None = None
    _stood_s: float = 0.0  # how long nothing had been worked off at the last refusal; 0: it was
    _went_on_s: float = 0.0  # when something was last begun or worked off, or there was nothing to
    _lock: Lock = field(default_factory=Lock)

    def take(self, count: int) -> float:
        """So many more wait from now on; the moment. Unavailable if they would wait too long.

        What comes while nothing waits is taken, however much it is.
        """
        now_s = self.steady()
        with self._lock:
            if not self.waiting:
                self._went_on_s = now_s
            wait_s = (self.waiting + count) / self.per_s
            if count and self.waiting and wait_s > WAIT_S_MAX:
                raise self._refusal(count, now_s, now_s - self._went_on_s)
            self.waiting += count
        return now_s

    def room(self) -> int:
        """How many may be worked on together."""
        return max(1, int(self.per_s * WORK_S))

    def late(self, count: int, taken_s: float, *, together: int) -> Unavailable | None:
        """That they would be tested too long after that moment, and are given back; else None.

        So many are worked on `together`, and all are told at the end of it. What is more than could
        be taken behind others came while nothing waited: it is worked on, however long it takes.
        """
        now_s = self.steady()
        work_s = min(together / self.per_s, WAIT_S_MAX)
        if not count or now_s + work_s - taken_s <= LATE_S:
            return None
        with self._lock:
            self.waiting -= count
            self._went_on_s = now_s
            return self._refusal(count, now_s, now_s - taken_s)

    def given_back(self, count: int) -> None:
        """So many were taken back by who sent them, or could not be recorded."""
        with self._lock:
            self.waiting -= count
            self._went_on_s = self.steady()

    def done(self, count: int, since_s: float) -> None:
        """So many were worked off, together, since that moment."""
        took_s = self.steady() - since_s
        with self._lock:
            self.waiting -= count
            self._went_on_s = since_s + took_s
            if count >= min(TELLING, self.room()) and took_s > 0.0:
                found = count / took_s
                self.per_s = min(found, (self.per_s + found) / 2.0)  # slower is believed at once

    def alarm(self) -> tuple[str, ...]:
        """What a person must know of it, while it is so."""
        at_s = self._refused_at_s
        if at_s is None or self.steady() - at_s > ALARM_S:
            return ()
        if self._stood_s:
            return (
                f"observations are refused: {self.refused} since the start, the last within "
                f"{ALARM_S:.0f} s. The node did not come to them for {self._stood_s:.0f} s, "
                "however few they were, so tracks are older than the sources know: look at the "
                "faults shown here, at the disk, and at what else runs on this machine",
            )
        return (
            f"observations are refused: {self.refused} since the start, the last within "
            f"{ALARM_S:.0f} s. Some {self.per_s:.0f} a second are tested and more are sent, so "
            "tracks are older than the sources know: have them send fewer, or each less often",
        )

    def _refusal(self, count: int, now_s: float, stood_s: float) -> Unavailable:
        """`stood_s`: how long nothing was worked off, or these waited for their turn."""
        self.refused += count
        self._refused_at_s = now_s
        self._stood_s = stood_s if stood_s > WAIT_S_MAX + WORK_S else 0.0
        if self._stood_s:
            return Unavailable(
                f"the node did not come to what it was sent for {stood_s:.0f} s; of these nothing "
                f"was taken. Send the newest of each track again in {AGAIN_S} s"
            )
        return Unavailable(
            f"{self.waiting} observations wait, and some {self.per_s:.0f} a second are tested; of "
            f"these nothing was taken. Send the newest of each track again in {AGAIN_S} s"
        )
