"""Where a node stands after a batch of inputs, for whoever follows it."""

from datetime import datetime

from crosstell.codecs.api.running import SizeShown, StandingShown
from crosstell.shell.node import Node


def standing_of(
    node: Node, batches: int, at: datetime, arrivals: int, next_wake: datetime | None
) -> StandingShown:
    """How far the node has come; read in its owner's thread, and quickly."""
    state = node.state
    feed, size = state.setting.feed, state.own.size
    peers = node.rebuilt.exchange.peers.values()
    return StandingShown(
        batches=batches,
        at=at,
        arrivals=arrivals,
        next_wake=next_wake,
        behind=tuple(sorted(peer.party for peer in peers if peer.has.get(feed, size) < size)),
        feeds=tuple(
            SizeShown(feed=held.feed, size=held.size) for _, held in sorted(state.feeds.items())
        ),
    )
