"""When a node whose writes fail tries again: not with every input, while nobody asks for it.

After a write that failed the whole record may have to be read again. A disk that is full would
have a node do that with every parcel and every observation, and whoever looks at it, or acts,
would wait behind them all. Implements NOD-484, API-485.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crosstell.core.instant import later
from crosstell.core.mechanism.inputs import Act

RETRY_S = 5.0  # after a fault the node asks to be woken again so soon
PAUSE_S_PER_ENTRY = 0.005  # about twenty times what reading one again takes
PAUSE_S_MAX = 60.0
FAILS_MIN = 2  # one write that fails may be nothing; the next input tries at once
NOT_TRIED = "not tried, since writes failed just before, and nothing of it is recorded: "


@dataclass(slots=True)
class Failing:
    """How writes went lately, by the node's time."""

    retry_at: datetime | None = None  # when the node asks to be woken
    _fails: int = 0
    _until: datetime | None = None

    def holds_off(self, batch: Sequence[object], now: datetime) -> bool:
        """Whether nothing of this is tried now. What a person asks always is."""
        if self._until is None or any(isinstance(given, Act) for given in batch):
            return False
        return now < self._until <= later(now, by_s=PAUSE_S_MAX)  # else the clock was set back

    def failed(self, read: int, now: datetime) -> None:
        """A write failed, and so many entries were read again for it."""
        self._fails += 1
        if self._fails >= FAILS_MIN:
            pause_s = min(PAUSE_S_MAX, max(RETRY_S, PAUSE_S_PER_ENTRY * read))
            self._until = later(now, by_s=pause_s)

    def wrote(self) -> None:
        """Something is durable: everything is tried again."""
        self._fails, self._until = 0, None

    def told(self, now: datetime, *, is_faulty: bool) -> None:
        """The inputs of this instant are done, and whether one of them met a fault."""
        soon = later(now, by_s=RETRY_S)
        self.retry_at = max(self._until or soon, soon) if is_faulty else None  # never in the past
