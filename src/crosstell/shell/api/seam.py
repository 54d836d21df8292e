"""What the interface asks of the running node, and of nothing else.

One thread owns the node. What is asked of it is a future; its last durable state is immutable
and may be read from any thread.
"""

from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from typing import Protocol, TypeVar

from crosstell.codecs.api.running import StandingShown
from crosstell.core.state.state import State
from crosstell.shell.node import Node, NodeInput, Outcome

T = TypeVar("T")


class Happened(Protocol):
    """What came of one input, and the local number of the newest entry after its batch."""

    @property
    def outcome(self) -> Outcome:
        """What came of it."""
        ...

    @property
    def arrivals(self) -> int:
        """The local sequence after it."""
        ...

    @property
    def standing(self) -> StandingShown | None:
        """Where the node stands after the batch, with the last of it."""
        ...


class Sequencer(Protocol):
    """The one thread that owns the node."""

    def submit(self, given: NodeInput) -> "Future[Outcome]":
        """Done when the batch is durable. Raises Unavailable while too much waits."""
        ...

    def state(self) -> State:
        """The last durable state."""
        ...

    def alarms(self) -> tuple[str, ...]:
        """What a person must know of it now: that it turns observations away."""
        ...

    @property
    def standing(self) -> StandingShown | None:
        """Where the node stood after the newest batch; None before the first."""
        ...

    def look(self, view: Callable[[Node, datetime], T]) -> "Future[T]":
        """What `view` gives, run in the owner's thread, for what the state does not hold."""
        ...

    def watch(self, listener: Callable[..., None]) -> Callable[[], None]:
        """`listener` is called in the owner's thread with what happened, after each batch.

        It must not block. Calling what is returned ends it.
        """
        ...
