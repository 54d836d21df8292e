"""When the answers to callers leave the exchange side: half-way between two of its beats.

Where the work of the beat took less than half a beat it is over by then, and the moment at which
an answer leaves says neither what that work was nor when within the beat the caller's parcel was
on disk. Longer work moves the answer to a later such moment: how many beats late is not hidden.
Implements SPLIT-280.
"""

import asyncio
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

Rest = Callable[[float], Awaitable[None]]
"""So many seconds pass."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Departures:
    """The moments at which answers leave; the first is half a beat after `begun_s`."""

    steady: Callable[[], float]
    begun_s: float
    beat_s: float
    rest: Rest = asyncio.sleep

    def after(self, at_s: float) -> float:
        """The first of them after that moment."""
        passed = math.floor((at_s - self.begun_s) / self.beat_s - 0.5) + 1
        return self.begun_s + (passed + 0.5) * self.beat_s

    async def wait(self) -> None:
        """Until the next of them."""
        due_s = self.after(self.steady())
        while (left_s := due_s - self.steady()) > 0.0:
            await self.rest(left_s)
