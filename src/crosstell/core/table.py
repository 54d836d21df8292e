"""One table per state machine, in which every pair of state and event is decided.

Three answers for a pair: a next state, refused (the rules forbid it), or ignored as a duplicate
(delivery repeats). A table that leaves a pair open cannot be built, so adding a state breaks the
program until someone decides. Documents' diagrams are drawn from these tables.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from crosstell.core.ids import EntryRef
from crosstell.core.picture.party import Speaker

StateT = TypeVar("StateT", bound=StrEnum)
EventT = TypeVar("EventT", bound=StrEnum)


class Verdict(StrEnum):
    """The two answers that change nothing."""

    REFUSED = "refused"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """Where and when something was recorded: the entry, its author's time, its speaker.

    `at` is the author's claim of time, not a proof; `by` is None for what a node wrote itself.
    """

    ref: EntryRef
    at: datetime
    by: Speaker | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Generic[StateT, EventT]):
    """A complete state machine over `states` and `events`; `rows` holds one answer per pair."""

    name: str
    states: type[StateT]
    events: type[EventT]
    rows: Mapping[tuple[StateT, EventT], StateT | Verdict]

    def __post_init__(self) -> None:
        """Refuse to exist with an undecided pair."""
        product = {(state, event) for state in self.states for event in self.events}
        undecided = sorted(f"{s}/{e}" for s, e in product - set(self.rows))
        assert not undecided, f"table {self.name}: undecided pairs {undecided}"
        assert len(self.rows) == len(product), f"table {self.name}: rows outside its states"

    def next(self, state: StateT, event: EventT) -> StateT | Verdict:
        """The answer for this pair."""
        return self.rows[state, event]
