"""A batch: what waits in line, what of it goes together, and where the node stands after it."""

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime

from crosstell.codecs.api.running import SizeShown, StandingShown
from crosstell.core.mechanism.inputs import OBSERVATIONS_MAX, Observed
from crosstell.shell.node import Node, NodeInput


@dataclass(slots=True)
class Asked:
    """One thing in line: an input, or a look at the node."""

    given: NodeInput | None
    view: Callable[[Node, datetime], object] | None
    done: Future[object]
    taken_s: float = 0.0

    @property
    def observations(self) -> int:
        """How many it brings."""
        return len(self.given.observations) if isinstance(self.given, Observed) else 0


def grouped(asked: list[Asked]) -> Iterable[list[Asked]]:
    """What came in line, in its order; observations that follow each other go together."""
    group: list[Asked] = []
    size = 0
    for one in asked:
        count = one.observations
        if group and (not count or size + count > OBSERVATIONS_MAX):
            yield group
            group, size = [], 0
        group.append(one)
        size += count
        if not count:
            yield group
            group, size = [], 0
    if group:
        yield group


def together_of(group: list[Asked]) -> NodeInput:
    """One input made of the group's: of several, all are observations."""
    given = [one.given for one in group if one.given is not None]
    if len(given) == 1:
        return given[0]
    found = [one for one in given if isinstance(one, Observed)]
    assert len(found) == len(group), "only observations go together"
    return Observed(observations=tuple(each for one in found for each in one.observations))


def standing_of(
    node: Node, batches: int, at: datetime, arrivals: int, next_wake: datetime | None
) -> StandingShown:
    """How far the node has come; read in its owner's thread, and quickly.

    A peer of which nothing is known, as after a start, is not known to hold anything. RUN-520.
    """
    state = node.state
    feed, size = state.setting.feed, state.own.size
    peers = node.rebuilt.exchange.peers.values()
    return StandingShown(
        batches=batches,
        at=at,
        arrivals=arrivals,
        next_wake=next_wake,
        behind=tuple(sorted(peer.party for peer in peers if peer.has.get(feed, -1) < size)),
        feeds=tuple(
            SizeShown(feed=held.feed, size=held.size) for _, held in sorted(state.feeds.items())
        ),
    )
