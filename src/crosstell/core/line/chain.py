"""How long this line's chain takes, and by when one must call.

The chain runs from placing a call to the act: answer, authenticate, interpret, read back, find
the owner, pass on, act. Each step is the 90th percentile of its last 20 samples on this line.

Percentile, exactly: nearest rank. Of n values in rising order it is number ceil(9 n / 10)
(from 1). A call that nobody answered counts as the protocol's answer time, or as the slowest
answer if that is longer; where the percentile falls among such calls, it says so. Under five
samples the protocol's figure stands. The protocol caps the whole chain, and the cap is shown:
a line that is slower than the protocol says gives an earlier call-by, up to the cap.

Units: seconds. A chain is complete: every step has a figure.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import inf, isfinite

from crosstell.core.instant import format_instant, later, require_utc, seconds_between
from crosstell.core.line.health import ChainStep, Line

SAMPLES_MIN = 5
STEP_S_MAX = 7 * 86_400.0


class Basis(StrEnum):
    """What a step's time rests on."""

    MEASURED = "measured"
    SILENT = "silent"  # too many were never answered: the true time is longer than this
    PROTOCOL = "protocol"  # too few samples


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFigure:
    """The protocol's figure for one step; for the answer it is the answer time."""

    step: ChainStep
    figure_s: float

    def __post_init__(self) -> None:
        """Refuse what is no duration; quantise to the millisecond."""
        if not isfinite(self.figure_s) or not 0.0 <= self.figure_s <= STEP_S_MAX:
            raise ValueError(f"step {self.step}: {self.figure_s} s is outside 0 to {STEP_S_MAX} s")
        object.__setattr__(self, "figure_s", round(self.figure_s * 1_000) / 1_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainPart:
    """One step: the time that counts, what it rests on, and how many samples there were."""

    step: ChainStep
    took_s: float
    basis: Basis
    samples: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """Every step of one line's chain, in order. As a whole it counts `cap_s` at the most."""

    parts: tuple[ChainPart, ...]
    cap_s: float

    def __post_init__(self) -> None:
        """Refuse a chain that leaves a step out."""
        if tuple(part.step for part in self.parts) != tuple(ChainStep):
            raise ValueError("chain: name every step once, in order; a missing step is not zero")

    @property
    def total_s(self) -> float:
        """What the chain counts: the sum of the steps, at most the cap, to the millisecond."""
        return min(self.steps_s, self.cap_s)

    @property
    def steps_s(self) -> float:
        """The sum of the steps, to the millisecond."""
        return round(sum(part.took_s for part in self.parts), 3)

    @property
    def cap_holds(self) -> str | None:
        """The words that show the cap, where it holds."""
        if self.steps_s <= self.cap_s:
            return None
        return f"capped by the protocol at {self.cap_s:g} s; this line takes {self.steps_s:g} s"


def percentile_90(values: tuple[float, ...]) -> float:
    """The nearest-rank 90th percentile: of n in rising order, number ceil(9 n / 10)."""
    assert values, "a percentile needs a value"
    return sorted(values)[(9 * len(values) + 9) // 10 - 1]


def measure(line: Line | None, figures: tuple[StepFigure, ...], *, cap_s: float) -> Chain:
    """The chain of this line under the protocol's figures and cap. LINE-111 to LINE-113.

    Raises ValueError unless `figures` names every step exactly once.
    """
    by_step = {figure.step: figure.figure_s for figure in figures}
    if set(by_step) != set(ChainStep) or len(figures) != len(by_step):
        raise ValueError("chain: the protocol gives a figure for every step, once")
    parts = tuple(_part(line, step, by_step[step]) for step in ChainStep)
    return Chain(parts=parts, cap_s=cap_s)


def _part(line: Line | None, step: ChainStep, figure_s: float) -> ChainPart:
    """One step, from its samples and its figure."""
    took = tuple(t.took_s for t in (line.times if line else ()) if t.step is step)
    if len(took) < SAMPLES_MIN:
        return ChainPart(step=step, took_s=figure_s, basis=Basis.PROTOCOL, samples=len(took))
    censored_s = max([figure_s, *(t for t in took if t is not None)])
    took_s = percentile_90(tuple(censored_s if t is None else t for t in took))
    # Unanswered, the true time is unknown and longer: taken as endless to see whether it decides.
    silent = percentile_90(tuple(inf if t is None else t for t in took)) == inf
    basis = Basis.SILENT if silent else Basis.MEASURED
    return ChainPart(step=step, took_s=took_s, basis=basis, samples=len(took))


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBy:
    """The latest moment to call so that the chain still beats the infringement."""

    at: datetime
    infringement_at: datetime
    chain: Chain


def call_by(*, infringement_at: datetime, chain: Chain) -> CallBy:
    """The call-by for an infringement, with its parts. Implements LINE-114."""
    require_utc(infringement_at, what="infringement")
    at = later(infringement_at, by_s=-chain.total_s)
    return CallBy(at=at, infringement_at=infringement_at, chain=chain)


class Offer(StrEnum):
    """What a person is offered to do."""

    CALL = "call"
    STOP = "stop"
    BROADCAST = "broadcast"


class CallByStanding(StrEnum):
    """Whether the chain can still close."""

    IN_TIME = "in-time"
    PAST = "past"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallByView:
    """A call-by at one moment: what to say and what to offer. `left_s` is negative when past."""

    standing: CallByStanding
    left_s: float
    text: str
    offers: tuple[Offer, ...]


def view(value: CallBy, *, now: datetime) -> CallByView:
    """What a person sees of a call-by at `now`.

    A call placed at the call-by itself ends with the infringement and does not beat it, so the
    moment itself is past. Implements LINE-115.
    """
    left_s = seconds_between(now, value.at)
    silent = any(part.basis is Basis.SILENT for part in value.chain.parts)
    words = (value.chain.cap_holds, "calls on this line went unanswered" if silent else None)
    cap = "".join(f" {word[0].upper()}{word[1:]}." for word in words if word)
    until = format_instant(value.infringement_at)
    if left_s > 0:
        return CallByView(
            standing=CallByStanding.IN_TIME,
            left_s=left_s,
            text=f"Call by {format_instant(value.at)}, {left_s:g} s from now.{cap}",
            offers=(Offer.CALL,),
        )
    return CallByView(
        standing=CallByStanding.PAST,
        left_s=left_s,
        text=f"Past call-by: the chain of {value.chain.total_s:g} s can no longer close before "
        f"{until}. Stop and broadcast together.{cap}",
        offers=(Offer.STOP, Offer.BROADCAST),
    )
