"""What can be put to the mechanism. Whatever could differ between two runs arrives in here.

Times, ids and salts are decided at the edge; the core only judges them.
"""

from dataclasses import dataclass

from crosstell.core.picture.party import Speaker
from crosstell.core.picture.track import Observation, ObservationFaulty
from crosstell.core.state.events import Event
from crosstell.core.state.held import Held

OBSERVATIONS_MAX = 10_000
ENTRIES_MAX = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A person of our own party asks that this be recorded. The body may name objects by id."""

    by: Speaker
    body: Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ActOnce(Act):
    """An act that may be asked again: a refusal of it is recorded with the name of the asking."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """Measurements from our own sensors and feeds, in the order they arrived.

    A measurement that cannot be used comes as `ObservationFaulty`: it is kept, not dropped.
    """

    observations: tuple[Observation | ObservationFaulty, ...]

    def __post_init__(self) -> None:
        """Refuse more than one step may carry."""
        if len(self.observations) > OBSERVATIONS_MAX:
            raise ValueError(
                f"{len(self.observations)} observations in one input; send at most "
                f"{OBSERVATIONS_MAX} at a time"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """Entries that are in the record: our own as sealed, another party's as verified."""

    entries: tuple[Held, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """Time has passed; whatever is due becomes an event like any other."""


Input = Act | Observed | Recorded | Tick
