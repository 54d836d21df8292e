"""What Python's collector of cycles goes through, so that it never stops a node for long.

What a node knows holds no cycles: it is given back as soon as nothing refers to it, without the
collector. But a full collection goes through all of it, and stops every thread meanwhile: with
10,000 tracks of 64 motions some 3 million objects, a second and more. So what a long one has been
through is set aside ("frozen"), and the next goes through what came since. What is set aside and
becomes a cycle that nothing refers to stays until everything is gone through once more, after so
many times. Implements NOD-521 to NOD-523.
"""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

LONG_S = 0.1  # a full collection that takes longer is not to be repeated over the same
ALL_EACH = 5_000  # of so many that were long one is followed by another over everything
FULL = 2  # the generation of a full collection


@contextmanager
def uncollected() -> Iterator[None]:
    """What is made within stays: it is not gone through while it is made, nor afterwards."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


@dataclass(slots=True)
class Collecting:
    """Watches full collections: `long` of them took long so far, `longest_s` the longest."""

    steady: Callable[[], float]
    long: int = 0
    longest_s: float = 0.0
    _began_s: float = 0.0

    def begin(self) -> None:
        """From now on."""
        gc.callbacks.append(self._told)

    def end(self) -> None:
        """No more."""
        gc.callbacks.remove(self._told)

    def _told(self, phase: str, info: dict[str, int]) -> None:
        if info["generation"] != FULL:
            return
        if phase == "start":
            self._began_s = self.steady()
            return
        took_s = self.steady() - self._began_s
        self.longest_s = max(self.longest_s, took_s)
        if took_s <= LONG_S:
            return
        self.long += 1
        if self.long % ALL_EACH:
            gc.freeze()
        else:
            gc.unfreeze()  # the next goes through everything, is long, and sets it aside again
