"""What goes wrong in one virtual world: drawn once from its seed, a third of it off.

Units: seconds; probabilities from 0 to 1. A world whose faults are all off is the quiet day.
Implements SIM-002, SIM-003.
"""

from dataclasses import dataclass, field, fields
from datetime import datetime
from random import Random

from crosstell.core.instant import later, seconds_between
from crosstell.sim.schedule import subsystem_random

OFF = 1 / 3  # each fault is off in about this share of the worlds


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """One world's faults. Counts are per world, probabilities per occasion."""

    parties: int
    minutes: float
    # the network
    loss: float = 0.0
    duplication: float = 0.0
    delay_s: float = 0.0
    reordering: float = 0.0
    partitions: int = 0
    one_way: int = 0
    # the nodes
    crash_before_send: float = 0.0
    restarts: int = 0
    write_fails: float = 0.0
    write_fails_but_persists: float = 0.0
    old_copies: int = 0
    # the clocks
    clock_offset_s: float = 0.0
    clock_drift: float = 0.0
    clock_steps: int = 0
    # one peer
    withholdings: int = 0
    forks: int = 0
    replays: int = 0
    garbage: int = 0
    # the people
    silence: float = 0.0
    wrong_call: float = 0.0
    misreading: float = 0.0
    reliefs: int = 0
    # the sensors
    sensor_drop: float = 0.0
    sensor_lag: float = 0.0
    sensor_swap: float = 0.0
    sensor_datum: float = 0.0
    sensor_nan: float = 0.0
    sensor_kind: float = 0.0

    @property
    def has_rogue(self) -> bool:
        """Whether the last party breaks the protocol on purpose."""
        return any((self.withholdings, self.forks, self.replays, self.garbage))

    def words(self) -> str:
        """The faults that are on, for a person who looks at a failing seed."""
        on = [(one.name, getattr(self, one.name)) for one in fields(self)]
        return ", ".join(f"{name}={value:.3g}" for name, value in on if value)


def options_of(seed: int) -> Options:
    """The faults of the world of this seed."""
    random = subsystem_random(seed, "options")

    def share(most: float) -> float:
        chosen, off = random.uniform(most / 10, most), random.random() < OFF
        return 0.0 if off else chosen

    def count(most: int) -> int:
        chosen, off = random.randint(1, most), random.random() < OFF
        return 0 if off else chosen

    parties = 3 if random.random() < 0.2 else 2
    return Options(
        parties=parties,
        minutes=random.uniform(6.0, 20.0),
        loss=share(0.4),
        duplication=share(0.4),
        delay_s=share(20.0),
        reordering=share(0.4),
        partitions=count(2),
        one_way=count(2),
        crash_before_send=share(0.03),
        restarts=count(2),
        write_fails=share(0.03),
        write_fails_but_persists=share(0.03),
        old_copies=count(1) if random.random() < 0.5 and parties == 2 else 0,
        clock_offset_s=share(25.0),
        clock_drift=share(2e-4),
        clock_steps=count(2),
        withholdings=count(2) if random.random() < 0.5 else 0,
        forks=count(1) if random.random() < 0.4 else 0,
        replays=count(5) if random.random() < 0.5 else 0,
        garbage=count(4) if random.random() < 0.5 else 0,
        silence=share(0.8),
        wrong_call=share(0.5),
        misreading=share(0.6),
        reliefs=count(3),
        sensor_drop=share(0.4),
        sensor_lag=share(0.3),
        sensor_swap=share(0.1),
        sensor_datum=share(0.2),
        sensor_nan=share(0.2),
        sensor_kind=share(0.3),
    )


@dataclass(slots=True)
class Clock:
    """A node's wall clock: true time, wrong by an offset, a drift and steps."""

    start: datetime
    offset_s: float = 0.0
    drift: float = 0.0
    stepped_s: float = 0.0

    def at(self, true: datetime) -> datetime:
        """What this clock shows at that true time."""
        gone_s = seconds_between(self.start, true)
        return later(true, by_s=self.offset_s + self.drift * gone_s + self.stepped_s)

    def true_delay_s(self, now: datetime, shown: datetime) -> float:
        """How long from the true `now` until the clock shows that time, if it does not step."""
        return max(0.0, seconds_between(self.at(now), shown) / (1.0 + self.drift))


def clock_of(options: Options, random: Random, start: datetime) -> Clock:
    """A clock as wrong as the options say."""
    return Clock(
        start=start,
        offset_s=random.uniform(-1.0, 1.0) * options.clock_offset_s,
        drift=random.uniform(-1.0, 1.0) * options.clock_drift,
    )


@dataclass(slots=True)
class Cuts:
    """Which directions are cut, and until when."""

    windows: list[tuple[str, str, datetime, datetime]] = field(default_factory=list)

    def cut(self, pair: tuple[str, str], start: datetime, end: datetime) -> None:
        """Nothing goes from the first of the pair to the second in `[start, end)`."""
        self.windows.append((*pair, start, end))

    def holds(self, sender: str, to: str, now: datetime) -> bool:
        """Whether that direction is cut at `now`."""
        return any(a == sender and b == to and s <= now < e for a, b, s, e in self.windows)
