"""What the mechanism asks the writer to record, and what it gives back from one step."""

from dataclasses import dataclass

from crosstell.core.errors import Duplicate, Refused
from crosstell.core.mechanism.effects import Effect
from crosstell.core.mechanism.release import Destination
from crosstell.core.picture.party import Speaker
from crosstell.core.state.events import Event
from crosstell.core.state.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """An event that is to be recorded: where, to whom, and on whose word (None: the node's)."""

    body: Event
    to: Destination
    by: Speaker | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one step gives: the state, what is to be recorded, and what the shell is to do.

    `no` is the tables' answer to a person who asked for what they forbid, or had already.
    """

    state: State
    events: tuple[Outgoing, ...] = ()
    effects: tuple[Effect, ...] = ()
    no: Refused | Duplicate | None = None
