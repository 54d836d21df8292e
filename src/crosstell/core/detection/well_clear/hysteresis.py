"""How the reference implementation steadies an alert over time: M of N, persistence, early time.

Units: seconds on one clock. For comparison with it, reading after reading; our own alerts are
steadied by `m_of_n` and `decision`. Source: the documentation and release notes of NASA DAIDALUS
V-2.0.x and its published regression outputs (tests).
"""

import math
from dataclasses import dataclass

from crosstell.core.detection.well_clear.alerting import Alerting, Ties, assess
from crosstell.core.detection.well_clear.exact import EnuState
from crosstell.core.detection.well_clear.thresholds import (
    AlertSet,
    WellClearLevel,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Steadying:
    """M of the last N readings, persistence after a rise, and the gap that forgets all.

    The defaults are those of DO_365B_no_SUM.conf (alerting_m, alerting_n, persistence_time,
    hysteresis_time); certainty as in `thresholds`.
    """

    needed: int = 2
    window: int = 4
    persistence_s: float = 4.0
    forget_after_s: float = 5.0

    def __post_init__(self) -> None:
        """Refuse a window that is smaller than what is needed of it."""
        if not 1 <= self.needed <= self.window:
            raise ValueError(f"{self.needed} of {self.window} readings: give 1 <= M <= N")
        for name in ("persistence_s", "forget_after_s"):
            value = getattr(self, name)
            if not math.isfinite(value) or value < 0.0:
                raise ValueError(f"steadying: {name} is {value}; give a number from 0 up")


DO_365B = Steadying()


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What is remembered of one pair: N raw levels (None: no reading), when, what is shown."""

    recent: tuple[WellClearLevel | None, ...]
    read_s: float
    shown: WellClearLevel
    risen_s: float | None


def read(
    memory: Memory | None,
    relative: EnuState,
    alerts: AlertSet,
    *,
    at_s: float,
    steadying: Steadying = DO_365B,
) -> tuple[Memory, Alerting]:
    """The memory after this reading, with the level it shows, and the raw alerting it made.

    The level shown so far is looked for by its early time. Implements WCL-023.
    """
    known = memory is not None and memory.read_s < at_s
    held = memory.shown if memory is not None and known else WellClearLevel.NONE
    raw = assess(relative, alerts, ties=Ties.OPEN, held=held)
    return after(memory, raw.level, at_s=at_s, steadying=steadying), raw


def after(
    memory: Memory | None, raw: WellClearLevel, *, at_s: float, steadying: Steadying = DO_365B
) -> Memory:
    """The memory after the raw level `raw` at `at_s`.

    A first reading, one out of order and one after a long gap begin anew: it then counts M times
    at once. The level shown is the greatest that M of the last N readings reach; after a rise it
    does not fall before the persistence time is over.
    """
    if not math.isfinite(at_s):
        raise ValueError(f"reading at {at_s} s: give a finite time")
    if memory is None or not 0.0 < at_s - memory.read_s <= steadying.forget_after_s:
        blank = (None,) * (steadying.window - steadying.needed)
        recent = ((raw,) * (steadying.needed - 1)) + blank + (raw,)
        memory = Memory(recent=recent, read_s=at_s, shown=WellClearLevel.NONE, risen_s=None)
    else:
        recent = (*memory.recent[1:], raw)
    level = _reached(recent, steadying.needed)
    risen_s = memory.risen_s
    if risen_s is not None and at_s - risen_s < steadying.persistence_s:
        level = max(level, memory.shown)
    if level > memory.shown:
        risen_s = at_s
    return Memory(recent=recent, read_s=at_s, shown=level, risen_s=risen_s)


def _reached(recent: tuple[WellClearLevel | None, ...], needed: int) -> WellClearLevel:
    """The greatest level that `needed` of the readings reach."""
    for level in reversed(WellClearLevel):
        if sum(1 for seen in recent if seen is not None and seen >= level) >= needed:
            return level
    return WellClearLevel.NONE
